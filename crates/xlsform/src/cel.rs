//! The formulas of `forms`, as a tree: read to be written as XPath, and built from XPath to be written.

use crate::{
    fault::Fault,
    xpath::{MAX_WORDS, Op},
};

const MAX_CHARS: usize = 1000;
const MAX_DEPTH: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub enum Cel {
    Number(f64),
    Text(String),
    True,
    False,
    Null,
    /// `form.a`, `row.a`, `today`, or a walk's own name
    Name(String),
    /// `x.member`
    Member(Box<Cel>, String),
    /// `ff.sum(…)`, `size(…)`
    Call(String, Vec<Cel>),
    /// `x.contains(…)`, `x.map(…)`
    Method(Box<Cel>, String, Vec<Cel>),
    List(Vec<Cel>),
    Index(Box<Cel>, Box<Cel>),
    Not(Box<Cel>),
    Negative(Box<Cel>),
    Two(Op, Box<Cel>, Box<Cel>),
    In(Box<Cel>, Box<Cel>),
    If(Box<Cel>, Box<Cel>, Box<Cel>),
}

impl Cel {
    pub fn two(op: Op, a: Cel, b: Cel) -> Cel {
        Cel::Two(op, Box::new(a), Box::new(b))
    }

    pub fn call(name: &str, args: Vec<Cel>) -> Cel {
        Cel::Call(name.to_owned(), args)
    }

    pub fn method(self, name: &str, args: Vec<Cel>) -> Cel {
        Cel::Method(Box::new(self), name.to_owned(), args)
    }

    pub fn empty(self) -> Cel {
        Cel::call("ff.empty", vec![self])
    }

    pub fn filled(self) -> Cel {
        Cel::Not(Box::new(self.empty()))
    }

    pub fn within(self, list: Cel) -> Cel {
        Cel::In(Box::new(self), Box::new(list))
    }

    pub fn joined(&self, by: Op) -> Vec<&Cel> {
        match self {
            Cel::Two(op, a, b) if *op == by => {
                let mut all = a.joined(by);
                all.extend(b.joined(by));
                all
            }
            other => vec![other],
        }
    }

    pub fn join(by: Op, parts: impl IntoIterator<Item = Cel>) -> Option<Cel> {
        parts.into_iter().reduce(|a, b| Cel::two(by, a, b))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 22] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "+", "-", "*", "/", ".", ",", "(", ")", "[",
    "]", "%",
];

/// Reads a formula that [`forms::publish`] has found good; what it did not is a fault too.
///
/// # Errors
/// `too_long`, `too_deep`, `syntax`.
pub fn parse(source: &str) -> Result<Cel, Fault> {
    let chars: Vec<char> = source.chars().collect();
    if chars.len() > MAX_CHARS {
        return Err(Fault::of("too_long", MAX_CHARS));
    }
    let words = words(&chars)?;
    if words.len() > MAX_WORDS {
        return Err(Fault::of("too_long", MAX_WORDS));
    }
    let mut words = Words { words, at: 0, depth: 0 };
    let cel = words.condition()?;
    if words.at == words.words.len() { Ok(cel) } else { Err(words.syntax()) }
}

fn words(chars: &[char]) -> Result<Vec<Word>, Fault> {
    let mut found = vec![];
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
        } else if c.is_ascii_alphabetic() || c == '_' {
            let end = run(chars, at, |c| c.is_ascii_alphanumeric() || c == '_');
            found.push(Word::Name(chars[at..end].iter().collect()));
            at = end;
        } else if c.is_ascii_digit() {
            let mut end = run(chars, at, |c| c.is_ascii_digit());
            if chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
                end = run(chars, end + 1, |c| c.is_ascii_digit());
            }
            let text: String = chars[at..end].iter().collect();
            found.push(Word::Number(text.parse().map_err(|_| Fault::new(at, "number", text))?));
            at = end;
        } else if c == '\'' || c == '"' {
            let mut text = String::new();
            at += 1;
            loop {
                match chars.get(at) {
                    None => return Err(Fault::new(at, "text_open", c)),
                    Some(q) if *q == c => break,
                    Some('\\') => {
                        at += 1;
                        text.push(match chars.get(at) {
                            Some('n') => '\n',
                            Some('t') => '\t',
                            Some(other) => *other,
                            None => return Err(Fault::new(at, "text_open", c)),
                        });
                    }
                    Some(other) => text.push(*other),
                }
                at += 1;
            }
            at += 1;
            found.push(Word::Text(text));
        } else {
            let rest: String = chars[at..chars.len().min(at + 2)].iter().collect();
            let sign = SIGNS.iter().find(|s| rest.starts_with(**s));
            let sign = sign.ok_or_else(|| Fault::new(at, "character", c))?;
            found.push(Word::Sign(sign));
            at += sign.len();
        }
    }
    Ok(found)
}

fn run(chars: &[char], at: usize, holds: impl Fn(char) -> bool) -> usize {
    chars[at..].iter().position(|c| !holds(*c)).map_or(chars.len(), |n| at + n)
}

struct Words {
    words: Vec<Word>,
    at: usize,
    depth: usize,
}

fn operator(word: Option<&Word>) -> Option<(u8, Option<Op>)> {
    Some(match word? {
        Word::Sign("||") => (1, Some(Op::Or)),
        Word::Sign("&&") => (2, Some(Op::And)),
        Word::Sign("==") => (3, Some(Op::Eq)),
        Word::Sign("!=") => (3, Some(Op::Ne)),
        Word::Sign("<") => (3, Some(Op::Lt)),
        Word::Sign("<=") => (3, Some(Op::Le)),
        Word::Sign(">") => (3, Some(Op::Gt)),
        Word::Sign(">=") => (3, Some(Op::Ge)),
        Word::Name(n) if n == "in" => (3, None),
        Word::Sign("+") => (4, Some(Op::Add)),
        Word::Sign("-") => (4, Some(Op::Sub)),
        Word::Sign("*") => (5, Some(Op::Mul)),
        Word::Sign("/") => (5, Some(Op::Div)),
        _ => return None,
    })
}

impl Words {
    fn syntax(&self) -> Fault {
        Fault::of("syntax", "")
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Word::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn must(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) { Ok(()) } else { Err(self.syntax()) }
    }

    fn condition(&mut self) -> Result<Cel, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::of("too_deep", MAX_DEPTH));
        }
        let first = self.expr(1)?;
        let read = if self.take("?") {
            let then = self.condition()?;
            self.must(":")?;
            let other = self.condition()?;
            Cel::If(Box::new(first), Box::new(then), Box::new(other))
        } else {
            first
        };
        self.depth -= 1;
        Ok(read)
    }

    fn expr(&mut self, least: u8) -> Result<Cel, Fault> {
        let mut left = self.signed()?;
        while let Some((tightness, op)) = operator(self.words.get(self.at)) {
            if tightness < least {
                break;
            }
            self.at += 1;
            let right = self.expr(tightness + 1)?;
            left = match op {
                Some(op) => Cel::two(op, left, right),
                None => left.within(right),
            };
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Cel, Fault> {
        if self.take("!") {
            let inner = self.signed_again()?;
            return Ok(Cel::Not(Box::new(inner)));
        }
        if self.take("-") {
            return Ok(match self.signed_again()? {
                Cel::Number(n) => Cel::Number(-n),
                other => Cel::Negative(Box::new(other)),
            });
        }
        let mut value = self.value()?;
        loop {
            if self.take(".") {
                let Some(Word::Name(name)) = self.words.get(self.at).cloned() else {
                    return Err(self.syntax());
                };
                self.at += 1;
                if self.take("(") {
                    let args = self.list(")")?;
                    value = match value {
                        Cel::Name(ff) if ff == "ff" => Cel::Call(format!("ff.{name}"), args),
                        other => Cel::Method(Box::new(other), name, args),
                    };
                } else {
                    value = match value {
                        Cel::Name(root) if root == "form" || root == "row" => {
                            Cel::Name(format!("{root}.{name}"))
                        }
                        other => Cel::Member(Box::new(other), name),
                    };
                }
            } else if self.take("[") {
                let place = self.condition()?;
                self.must("]")?;
                value = Cel::Index(Box::new(value), Box::new(place));
            } else {
                return Ok(value);
            }
        }
    }

    fn signed_again(&mut self) -> Result<Cel, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::of("too_deep", MAX_DEPTH));
        }
        let inner = self.signed()?;
        self.depth -= 1;
        Ok(inner)
    }

    fn value(&mut self) -> Result<Cel, Fault> {
        let word = self.words.get(self.at).cloned().ok_or_else(|| self.syntax())?;
        self.at += 1;
        match word {
            Word::Number(n) => Ok(Cel::Number(n)),
            Word::Text(t) => Ok(Cel::Text(t)),
            Word::Name(name) => Ok(match name.as_str() {
                "true" => Cel::True,
                "false" => Cel::False,
                "null" => Cel::Null,
                _ if self.take("(") => Cel::Call(name, self.list(")")?),
                _ => Cel::Name(name),
            }),
            Word::Sign("(") => {
                let inner = self.condition()?;
                self.must(")")?;
                Ok(inner)
            }
            Word::Sign("[") => Ok(Cel::List(self.list("]")?)),
            Word::Sign(_) => Err(self.syntax()),
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Cel>, Fault> {
        let mut items = vec![];
        while !self.take(end) {
            if !items.is_empty() {
                self.must(",")?;
            }
            items.push(self.condition()?);
        }
        Ok(items)
    }
}

pub fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t");
    format!("'{escaped}'")
}

/// Writes a formula, with brackets where they are needed.
pub fn written(cel: &Cel) -> String {
    write(cel, 0)
}

fn write(cel: &Cel, around: u8) -> String {
    let list = |items: &[Cel]| items.iter().map(written).collect::<Vec<_>>().join(", ");
    let (own, text) = match cel {
        Cel::Number(n) => (if *n < 0.0 { 6 } else { 9 }, crate::xpath::number(*n)),
        Cel::Text(t) => (9, quoted(t)),
        Cel::True => (9, "true".into()),
        Cel::False => (9, "false".into()),
        Cel::Null => (9, "null".into()),
        Cel::Name(name) => (9, name.clone()),
        Cel::Member(of, name) => (9, format!("{}.{name}", write(of, 8))),
        Cel::Call(name, args) => (9, format!("{name}({})", list(args))),
        Cel::Method(of, name, args) => (9, format!("{}.{name}({})", write(of, 8), list(args))),
        Cel::List(items) => (9, format!("[{}]", list(items))),
        Cel::Index(of, place) => (9, format!("{}[{}]", write(of, 8), written(place))),
        Cel::Not(inner) => (7, format!("!{}", write(inner, 7))),
        Cel::Negative(inner) => (7, format!("-{}", write(inner, 7))),
        Cel::In(a, b) => (3, format!("{} in {}", write(a, 4), write(b, 4))),
        Cel::If(c, a, b) => (0, format!("{} ? {} : {}", write(c, 1), write(a, 1), write(b, 0))),
        Cel::Two(op, a, b) => {
            let (own, sign) = match op {
                Op::Or => (1, "||"),
                Op::And => (2, "&&"),
                Op::Eq => (3, "=="),
                Op::Ne => (3, "!="),
                Op::Lt => (3, "<"),
                Op::Le => (3, "<="),
                Op::Gt => (3, ">"),
                Op::Ge => (3, ">="),
                Op::Add => (4, "+"),
                Op::Sub => (4, "-"),
                Op::Mul => (5, "*"),
                Op::Div | Op::Mod => (5, "/"),
            };
            (own, format!("{} {sign} {}", write(a, own), write(b, own + 1)))
        }
    };
    if own < around { format!("({text})") } else { text }
}
