//! Patterns for `matches`: the part of regular expressions that means the same, and ends as quickly, in Rust and
//! in a browser.

/// Longest pattern, in characters.
const MAX_CHARS: usize = 200;
/// Most unlimited repetitions: the browser's engine tries combinations of them.
const MAX_UNLIMITED: usize = 2;
/// Most ways the limited repetitions can be read together, `a?` being two and `a{1,4}` four; two beside as many
/// unlimited ones as there may be.
const MAX_WAYS: usize = 16;
/// Longest text a pattern is held against, in characters: it bounds what the browser may have to try.
pub const MAX_TEXT: usize = 200;

/// The pattern as both engines get it, or nothing when it is not allowed.
///
/// Plain characters, `.`, classes, groups without repetition inside a repetition, `|`, `^`, `$`, `\d \w \s \.` and
/// other escaped punctuation, `? * + {n,m}`. No look-around, back references, named groups or flags. `\d \w \s` mean
/// ASCII and are written out, because Rust would read them as Unicode and a browser would not.
pub fn written_out(pattern: &str) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    if chars.len() > MAX_CHARS || regex::Regex::new(pattern).is_err() {
        return None;
    }
    let (mut unlimited, mut ways, mut in_class) = (0, 1_usize, false);
    let mut plain = String::with_capacity(pattern.len());
    let mut i = 0;
    while i < chars.len() {
        let next = chars.get(i + 1).copied();
        match chars[i] {
            '\\' => {
                match (next?, in_class) {
                    ('d', true) => plain.push_str("0-9"),
                    ('w', true) => plain.push_str("A-Za-z0-9_"),
                    ('s', true) => plain.push_str(" \\t\\r\\n"),
                    ('d', false) => plain.push_str("[0-9]"),
                    ('w', false) => plain.push_str("[A-Za-z0-9_]"),
                    ('s', false) => plain.push_str("[ \\t\\r\\n]"),
                    (c, _) if "^$\\.*+?()[]{}|/-".contains(c) => plain.extend(['\\', c]),
                    _ => return None,
                }
                i += 2;
                continue;
            }
            '[' if in_class => return None,
            '[' => {
                in_class = true;
                if next == Some('^') {
                    plain.push('[');
                    i += 1;
                }
                if matches!(chars.get(i + 1), Some(']' | '&' | '~' | '-')) {
                    return None;
                }
            }
            '&' | '~' | '-' if in_class && next == Some(chars[i]) => return None,
            ']' if in_class => in_class = false,
            _ if in_class => {}
            ']' | '}' => return None,
            '(' if next == Some('?') => return None,
            // a repeated group may hold a repetition: its cost would multiply
            ')' if matches!(next, Some('*' | '+' | '{')) => return None,
            '*' | '+' => {
                unlimited += 1;
                if matches!(next, Some('*' | '+' | '?' | '{')) {
                    return None;
                }
            }
            '?' if matches!(next, Some('*' | '+' | '?' | '{')) => return None,
            '?' => ways = ways.saturating_mul(2),
            '{' => match limit(&chars[i..]) {
                Some((length, spread)) => {
                    unlimited += usize::from(spread.is_none());
                    ways = ways.saturating_mul(spread.unwrap_or(1));
                    plain.extend(&chars[i..i + length]);
                    i += length;
                    if matches!(chars.get(i + 1), Some('*' | '+' | '?' | '{')) {
                        return None;
                    }
                }
                None => return None,
            },
            _ => {}
        }
        plain.push(chars[i]);
        i += 1;
    }
    let most = if unlimited < MAX_UNLIMITED { MAX_WAYS } else { 2 };
    (unlimited <= MAX_UNLIMITED && ways <= most).then_some(plain)
}

/// `{n}`, `{n,}` or `{n,m}` with n ≤ m ≤ 99: places to its end, and how many lengths it allows if limited.
fn limit(chars: &[char]) -> Option<(usize, Option<usize>)> {
    let end = chars.iter().position(|c| *c == '}')?;
    let inner: String = chars[1..end].iter().collect();
    let number = |s: &str| -> Option<usize> {
        (!s.is_empty() && s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())?
    };
    match inner.split_once(',') {
        None => number(&inner).map(|_| (end, Some(1))),
        Some((from, "")) => number(from).map(|_| (end, None)),
        Some((from, to)) => Some((end, Some(number(to)?.checked_sub(number(from)?)? + 1))),
    }
}
