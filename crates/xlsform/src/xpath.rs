//! The expressions of XLSForm: XPath 1.0 with ODK's functions and `${field}`
//! (<https://getodk.github.io/xforms-spec/#xpath-functions>), read into a tree and written again.

use crate::fault::Fault;

/// Longest expression, in characters, and deepest nesting that is read.
pub const MAX_CHARS: usize = 2000;
pub const MAX_DEPTH: usize = 24;
/// Most words: a chain of operators is as deep as it is long.
pub const MAX_WORDS: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

impl Op {
    /// How tightly it binds; `or` least.
    pub fn tightness(self) -> u8 {
        match self {
            Op::Or => 1,
            Op::And => 2,
            Op::Eq | Op::Ne => 3,
            Op::Lt | Op::Le | Op::Gt | Op::Ge => 4,
            Op::Add | Op::Sub => 5,
            Op::Mul | Op::Div | Op::Mod => 6,
        }
    }

    fn written(self) -> &'static str {
        match self {
            Op::Or => "or",
            Op::And => "and",
            Op::Eq => "=",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "div",
            Op::Mod => "mod",
        }
    }

    /// The comparison that holds when this one does not, both sides being answered.
    pub fn opposite(self) -> Op {
        match self {
            Op::Eq => Op::Ne,
            Op::Ne => Op::Eq,
            Op::Lt => Op::Ge,
            Op::Ge => Op::Lt,
            Op::Gt => Op::Le,
            Op::Le => Op::Gt,
            other => other,
        }
    }

    pub fn compares(self) -> bool {
        matches!(self, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(f64),
    Text(String),
    /// `${name}`
    Field(String),
    /// `.`, the answer itself
    Own,
    /// A bare name: a column of the choices in a choice filter.
    Column(String),
    Call(String, Vec<Expr>),
    Negative(Box<Expr>),
    Two(Op, Box<Expr>, Box<Expr>),
}

impl Expr {
    pub fn two(op: Op, a: Expr, b: Expr) -> Expr {
        Expr::Two(op, Box::new(a), Box::new(b))
    }

    pub fn call(name: &str, args: Vec<Expr>) -> Expr {
        Expr::Call(name.to_owned(), args)
    }

    pub fn is_empty_text(&self) -> bool {
        matches!(self, Expr::Text(t) if t.is_empty())
    }

    /// The parts that `and` (or `or`) joins, from left to right.
    pub fn joined(&self, by: Op) -> Vec<&Expr> {
        match self {
            Expr::Two(op, a, b) if *op == by => {
                let mut all = a.joined(by);
                all.extend(b.joined(by));
                all
            }
            other => vec![other],
        }
    }

    /// Parts joined by `and` or `or`; nothing when there are none.
    pub fn join(by: Op, parts: impl IntoIterator<Item = Expr>) -> Option<Expr> {
        parts.into_iter().reduce(|a, b| Expr::two(by, a, b))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Number(f64),
    Text(String),
    Field(String),
    Name(String),
    Op(Op),
    Open,
    Close,
    Comma,
    Dot,
    DotDot,
}

struct Words {
    words: Vec<(usize, Word)>,
    at: usize,
    end: usize,
    depth: usize,
}

/// Reads an expression.
///
/// # Errors
/// `too_long`, `too_deep`, `syntax`, `text_open`, `path` for node paths other than `${…}` and `.`.
pub fn parse(source: &str) -> Result<Expr, Fault> {
    let chars: Vec<char> = source.chars().collect();
    if chars.len() > MAX_CHARS {
        return Err(Fault::new(MAX_CHARS, "too_long", MAX_CHARS.to_string()));
    }
    let mut words = Words { words: words(&chars)?, at: 0, end: chars.len(), depth: 0 };
    let expr = words.expr(1)?;
    match words.words.get(words.at) {
        Some((at, _)) => Err(Fault::new(*at, "syntax", "")),
        None => Ok(expr),
    }
}

fn words(chars: &[char]) -> Result<Vec<(usize, Word)>, Fault> {
    let mut found: Vec<(usize, Word)> = vec![];
    let mut at = 0;
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        // after a value a name is an operator, and a star multiplies
        let value = matches!(
            found.last().map(|(_, w)| w),
            Some(Word::Number(_) | Word::Text(_) | Word::Field(_) | Word::Name(_) | Word::Close | Word::Dot)
        );
        let (word, end) = match (chars[at], next) {
            (c, _) if c.is_whitespace() => {
                at += 1;
                continue;
            }
            ('$', Some('{')) => {
                let end = chars[at..].iter().position(|c| *c == '}').map(|n| at + n);
                let end = end.ok_or_else(|| Fault::new(at, "syntax", "${"))?;
                let name: String = chars[at + 2..end].iter().collect();
                (Word::Field(name.trim().to_owned()), end + 1)
            }
            // typographic quotes are what spreadsheets make of plain ones
            (quote @ ('\'' | '"' | '‘' | '’' | '“' | '”'), _) => {
                let closes = |c: char| match quote {
                    '‘' | '’' => matches!(c, '‘' | '’'),
                    '“' | '”' => matches!(c, '“' | '”'),
                    plain => c == plain,
                };
                let length = chars[at + 1..].iter().position(|c| closes(*c));
                let end = at + 1 + length.ok_or_else(|| Fault::new(at, "text_open", quote))?;
                (Word::Text(chars[at + 1..end].iter().collect()), end + 1)
            }
            (c, n) if c.is_ascii_digit() || (c == '.' && n.is_some_and(|n| n.is_ascii_digit())) => {
                let mut end = at;
                while chars.get(end).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
                    end += 1;
                }
                let text: String = chars[at..end].iter().collect();
                let number = text.parse().map_err(|_| Fault::new(at, "number", text))?;
                (Word::Number(number), end)
            }
            ('.', Some('.')) => (Word::DotDot, at + 2),
            ('.', _) => (Word::Dot, at + 1),
            ('(', _) => (Word::Open, at + 1),
            (')', _) => (Word::Close, at + 1),
            (',', _) => (Word::Comma, at + 1),
            ('!', Some('=')) => (Word::Op(Op::Ne), at + 2),
            ('<', Some('=')) => (Word::Op(Op::Le), at + 2),
            ('>', Some('=')) => (Word::Op(Op::Ge), at + 2),
            ('<', _) => (Word::Op(Op::Lt), at + 1),
            ('>', _) => (Word::Op(Op::Gt), at + 1),
            ('=', _) => (Word::Op(Op::Eq), at + 1),
            ('+', _) => (Word::Op(Op::Add), at + 1),
            ('-' | '–', _) => (Word::Op(Op::Sub), at + 1),
            ('*', _) if value => (Word::Op(Op::Mul), at + 1),
            (c, _) if c.is_alphabetic() || c == '_' => {
                let mut end = at;
                while chars.get(end).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':')) {
                    end += 1;
                }
                let name: String = chars[at..end].iter().collect();
                let word = match name.as_str() {
                    "and" if value => Word::Op(Op::And),
                    "or" if value => Word::Op(Op::Or),
                    "div" if value => Word::Op(Op::Div),
                    "mod" if value => Word::Op(Op::Mod),
                    _ => Word::Name(name),
                };
                (word, end)
            }
            ('/' | '[' | ']' | '@' | '*' | '|', _) => return Err(Fault::new(at, "path", chars[at])),
            (c, _) => return Err(Fault::new(at, "character", c)),
        };
        if found.len() == MAX_WORDS {
            return Err(Fault::new(at, "too_long", MAX_WORDS.to_string()));
        }
        found.push((at, word));
        at = end;
    }
    Ok(found)
}

impl Words {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at).map(|(_, w)| w)
    }

    fn here(&self) -> usize {
        self.words.get(self.at).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self, word: &Word) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn deeper(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::new(self.here(), "too_deep", MAX_DEPTH.to_string()));
        }
        Ok(())
    }

    /// Operators from `least` tightness on, those of equal tightness from left to right.
    fn expr(&mut self, least: u8) -> Result<Expr, Fault> {
        self.deeper()?;
        let mut left = self.signed()?;
        while let Some(Word::Op(op)) = self.peek().cloned() {
            if op.tightness() < least {
                break;
            }
            self.at += 1;
            let right = self.expr(op.tightness() + 1)?;
            left = Expr::two(op, left, right);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn signed(&mut self) -> Result<Expr, Fault> {
        if !self.take(&Word::Op(Op::Sub)) {
            return self.value();
        }
        self.deeper()?;
        let inner = self.signed()?;
        self.depth -= 1;
        Ok(match inner {
            Expr::Number(n) => Expr::Number(-n),
            other => Expr::Negative(Box::new(other)),
        })
    }

    fn value(&mut self) -> Result<Expr, Fault> {
        let at = self.here();
        let word = self.peek().cloned().ok_or_else(|| Fault::new(at, "syntax", ""))?;
        self.at += 1;
        match word {
            Word::Number(n) => Ok(Expr::Number(n)),
            Word::Text(t) => Ok(Expr::Text(t)),
            Word::Field(name) if !name.is_empty() => Ok(Expr::Field(name)),
            Word::Dot => Ok(Expr::Own),
            Word::DotDot => Err(Fault::new(at, "path", "..")),
            Word::Open => {
                let inner = self.expr(1)?;
                if self.take(&Word::Close) { Ok(inner) } else { Err(Fault::new(self.here(), "bracket", "(")) }
            }
            Word::Name(name) if self.take(&Word::Open) => {
                let mut args = vec![];
                while !self.take(&Word::Close) {
                    if !args.is_empty() && !self.take(&Word::Comma) {
                        return Err(Fault::new(self.here(), "bracket", name));
                    }
                    args.push(self.expr(1)?);
                }
                Ok(Expr::Call(name, args))
            }
            Word::Name(name) => Ok(Expr::Column(name)),
            _ => Err(Fault::new(at, "syntax", "")),
        }
    }
}

/// A number as XPath reads it: no exponent.
pub fn number(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 9e15 { format!("{n:.0}") } else { format!("{n}") }
}

/// A text literal. XPath has no escape: a text with both quotes is joined from parts.
fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('\'').map(|p| format!("'{p}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

/// Writes an expression, with brackets where they are needed.
pub fn written(expr: &Expr) -> String {
    written_with(expr, &|name| format!("${{{name}}}"))
}

/// Writes an expression that calls its fields as `name` says.
pub fn written_with(expr: &Expr, name: &dyn Fn(&str) -> String) -> String {
    write(expr, 0, name)
}

fn write(expr: &Expr, around: u8, named: &dyn Fn(&str) -> String) -> String {
    match expr {
        Expr::Number(n) => number(*n),
        Expr::Text(t) => quoted(t),
        Expr::Field(name) => named(name),
        Expr::Own => ".".into(),
        Expr::Column(name) => name.clone(),
        Expr::Call(name, args) => {
            let args: Vec<String> = args.iter().map(|a| written_with(a, named)).collect();
            format!("{name}({})", args.join(", "))
        }
        Expr::Negative(inner) => format!("-{}", write(inner, 7, named)),
        Expr::Two(op, a, b) => {
            let own = op.tightness();
            let text = format!("{} {} {}", write(a, own, named), op.written(), write(b, own + 1, named));
            if own < around { format!("({text})") } else { text }
        }
    }
}
