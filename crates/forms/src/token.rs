//! The words of a formula. The browser has the same reader (`web/shared/src/forms/token.ts`); both are held
//! to `vectors/formulas.json`.

use crate::fault::Fault;

/// Longest formula, in characters. With [`MAX_TOKENS`] and [`MAX_DEPTH`] it bounds the work of every reader.
pub const MAX_CHARS: usize = 1000;
/// Most words of one formula.
pub const MAX_TOKENS: usize = 300;
/// Deepest nesting of brackets, conditions and signs.
pub const MAX_DEPTH: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Name,
    Number,
    Text,
    Sign,
}

/// One word: its kind, where it starts (in characters) and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub at: usize,
    pub text: String,
}

impl Token {
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

const LONG_SIGNS: [&str; 6] = ["==", "!=", "<=", ">=", "&&", "||"];
const SIGNS: &str = "<>!?:+-*/.,()[]";

/// Cuts a formula into words and bounds its size.
pub fn tokens(source: &str) -> Result<Vec<Token>, Fault> {
    let chars: Vec<char> = source.chars().collect();
    if chars.len() > MAX_CHARS {
        return Err(Fault::new(MAX_CHARS, "too_long", MAX_CHARS.to_string()));
    }
    let mut found: Vec<Token> = vec![];
    let mut at = 0;
    while at < chars.len() {
        if matches!(chars[at], ' ' | '\t' | '\n' | '\r') {
            at += 1;
            continue;
        }
        if found.len() == MAX_TOKENS {
            return Err(Fault::new(at, "too_long", MAX_TOKENS.to_string()));
        }
        let (kind, end) = word(&chars, at)?;
        found.push(Token { kind, at, text: chars[at..end].iter().collect() });
        at = end;
    }
    if found.is_empty() {
        return Err(Fault::new(0, "empty", ""));
    }
    depth(&found)?;
    Ok(found)
}

fn word(chars: &[char], at: usize) -> Result<(Kind, usize), Fault> {
    let first = chars[at];
    if first.is_ascii_alphabetic() || first == '_' {
        let end = run(chars, at, |c| c.is_ascii_alphanumeric() || c == '_');
        return match chars.get(end) {
            // r'…' and b'…' are texts with other rules of escape
            Some('\'' | '"') => Err(Fault::new(at, "character", chars[at..=end].iter().collect::<String>())),
            _ => Ok((Kind::Name, end)),
        };
    }
    if first.is_ascii_digit() {
        return number(chars, at);
    }
    if first == '\'' || first == '"' {
        return text(chars, at);
    }
    let two: String = chars[at..chars.len().min(at + 2)].iter().collect();
    if LONG_SIGNS.contains(&two.as_str()) {
        return Ok((Kind::Sign, at + 2));
    }
    if SIGNS.contains(first) {
        return Ok((Kind::Sign, at + 1));
    }
    Err(Fault::new(at, "character", first.to_string()))
}

fn run(chars: &[char], at: usize, holds: impl Fn(char) -> bool) -> usize {
    chars[at..].iter().position(|c| !holds(*c)).map_or(chars.len(), |n| at + n)
}

/// Digits with at most one decimal point between them; no signs, exponents, hexadecimal or unsigned forms.
fn number(chars: &[char], at: usize) -> Result<(Kind, usize), Fault> {
    let digit = |c: char| c.is_ascii_digit();
    let mut end = run(chars, at, digit);
    if chars.get(end) == Some(&'.') && chars.get(end + 1).copied().is_some_and(digit) {
        end = run(chars, end + 1, digit);
    }
    let glued = chars.get(end).is_some_and(|c| c.is_alphanumeric() || *c == '_');
    if glued || end - at > 15 {
        return Err(Fault::new(at, "number", chars[at..chars.len().min(end + 1)].iter().collect::<String>()));
    }
    Ok((Kind::Number, end))
}

/// `'…'` or `"…"` on one line; a backslash may stand before a quote, a backslash, n or t.
fn text(chars: &[char], at: usize) -> Result<(Kind, usize), Fault> {
    let quote = chars[at];
    let mut end = at + 1;
    loop {
        match chars.get(end) {
            Some(c) if *c == quote => return Ok((Kind::Text, end + 1)),
            Some('\\') if matches!(chars.get(end + 1), Some('\'' | '"' | '\\' | 'n' | 't')) => end += 2,
            Some('\\') => return Err(Fault::new(end, "escape", "\\")),
            Some('\n' | '\r') | None => return Err(Fault::new(at, "text_open", quote.to_string())),
            Some(_) => end += 1,
        }
    }
}

/// Bounds what a reader must remember: open brackets, conditions, and signs in a row.
fn depth(tokens: &[Token]) -> Result<(), Fault> {
    let (mut open, mut conditions, mut signs) = (0_usize, 0, 0);
    for token in tokens {
        match token.text.as_str() {
            _ if token.kind != Kind::Sign => {}
            "(" | "[" => open += 1,
            ")" | "]" => open = open.saturating_sub(1),
            "?" => conditions += 1,
            _ => {}
        }
        signs = if token.is("!") || token.is("-") { signs + 1 } else { 0 };
        if open > MAX_DEPTH || conditions > MAX_DEPTH || signs > 2 {
            return Err(Fault::new(token.at, "too_deep", MAX_DEPTH.to_string()));
        }
    }
    Ok(())
}

/// The value of a text word.
pub fn unquoted(word: &str) -> String {
    let inner = &word[1..word.len() - 1];
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => '\\',
            }),
            other => value.push(other),
        }
    }
    value
}
