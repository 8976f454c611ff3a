//! Which formulas are allowed, and how they are handed to the expression engine.
//!
//! Tashi's formulas are CEL (<https://github.com/google/cel-spec>) with less in it: every number is one kind of
//! number (a double), so `form.boxes * form.price * 0.9` needs no casts; names are `form`, `row`, `customer`,
//! `user`, `task` and `today`; work is bounded because a list is walked once, never inside another walk.

use std::collections::HashSet;

use crate::{
    fault::Fault,
    pattern,
    token::{Kind, Token, tokens, unquoted},
};

/// Names a formula may start from.
pub const ROOTS: [&str; 6] = ["form", "row", "customer", "user", "task", "today"];
const WORDS: [&str; 4] = ["true", "false", "null", "in"];
const METHODS: [&str; 4] = ["contains", "startsWith", "endsWith", "matches"];
const WALKS: [&str; 5] = ["filter", "map", "exists", "all", "exists_one"];
/// Our own functions; see [`crate::functions`].
pub const FUNCTIONS: [&str; 18] = [
    "sum",
    "avg",
    "min",
    "max",
    "count",
    "round",
    "mod",
    "abs",
    "days_between",
    "weekday",
    "coalesce",
    "join",
    "text",
    "distance_m",
    "empty",
    "number",
    "whole",
    "sub",
];

/// Fields a formula may name: those of the form and, inside a table, those of its row.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub form: HashSet<String>,
    pub row: HashSet<String>,
}

/// A formula found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The text for the expression engine, a word a line, so that its faults name the word.
    pub cel: String,
    /// Where each word starts in the formula as written, in characters.
    pub places: Vec<usize>,
    /// Fields of the form it reads.
    pub reads: Vec<String>,
    /// Fields of the same table row it reads.
    pub reads_row: Vec<String>,
}

/// Checks a formula against the profile. Whether brackets and operators stand right is the engine's own judgement.
pub fn check(source: &str, fields: &Fields) -> Result<Checked, Fault> {
    let words = tokens(source)?;
    let bound = bound_names(&words);
    let mut checked = Checked {
        cel: String::with_capacity(source.len() + 16),
        places: words.iter().map(|w| w.at).collect(),
        reads: vec![],
        reads_row: vec![],
    };
    let mut walks = Walks::default();
    for (i, word) in words.iter().enumerate() {
        walks.step(&words, i)?;
        match word.kind {
            Kind::Name => name(&words, i, &bound, fields, &mut checked)?,
            Kind::Number if !is_index(&words, i) && !word.text.contains('.') => {
                checked.cel.push_str(&word.text);
                checked.cel.push_str(".0");
            }
            Kind::Text if is_pattern(&words, i) => checked.cel.push_str(&quoted(&pattern_of(&words, i - 2)?)),
            _ => checked.cel.push_str(&word.text),
        }
        checked.cel.push('\n');
    }
    if let Some(open) = walks.open.first() {
        return Err(Fault::new(words[*open].at, "bracket", words[*open].text.clone()));
    }
    Ok(checked)
}

fn before(words: &[Token], i: usize, n: usize) -> Option<&Token> {
    i.checked_sub(n).map(|k| &words[k])
}

fn follows(words: &[Token], i: usize, sign: &str) -> bool {
    before(words, i, 1).is_some_and(|w| w.is(sign))
}

fn leads(words: &[Token], i: usize, sign: &str) -> bool {
    words.get(i + 1).is_some_and(|w| w.is(sign))
}

/// `form.items[0]`: the number counts places, so it stays whole.
fn is_index(words: &[Token], i: usize) -> bool {
    follows(words, i, "[")
        && leads(words, i, "]")
        && before(words, i, 2).is_some_and(|w| w.kind == Kind::Name || w.is(")") || w.is("]"))
}

/// Names given by a walk: `x` in `form.items.map(x, …)`.
fn bound_names(words: &[Token]) -> HashSet<&str> {
    words
        .windows(4)
        .filter(|w| {
            WALKS.contains(&w[0].text.as_str()) && w[1].is("(") && w[2].kind == Kind::Name && w[3].is(",")
        })
        .map(|w| w[2].text.as_str())
        .filter(|name| !ROOTS.contains(name) && !WORDS.contains(name) && *name != "ff")
        .collect()
}

fn name(
    words: &[Token],
    i: usize,
    bound: &HashSet<&str>,
    fields: &Fields,
    checked: &mut Checked,
) -> Result<(), Fault> {
    let word = &words[i];
    let text = word.text.as_str();
    let (member, called) = (follows(words, i, "."), leads(words, i, "("));
    let unknown = |code| Err(Fault::new(word.at, code, text));
    match (member, called) {
        (false, true) if text == "has" => {}
        (false, true) if text == "size" => {
            checked.cel.push_str("ff.count");
            return Ok(());
        }
        (false, true) if text == "in" => {}
        (false, true) => return unknown("unknown_function"),
        (true, true) => {
            let ours = before(words, i, 2).is_some_and(|w| w.text == "ff")
                && !before(words, i, 3).is_some_and(|w| w.is("."));
            if ours && !FUNCTIONS.contains(&text) {
                return unknown("unknown_function");
            }
            if !ours && !METHODS.contains(&text) && !WALKS.contains(&text) {
                return unknown("unknown_function");
            }
            if !ours && text == "matches" {
                pattern_of(words, i)?;
                checked.cel.push_str("like");
                return Ok(());
            }
        }
        (false, false) => {
            let function_house = text == "ff" && leads(words, i, ".");
            if !function_house && !ROOTS.contains(&text) && !WORDS.contains(&text) && !bound.contains(text) {
                return unknown("unknown_name");
            }
        }
        (true, false) => {
            let root = before(words, i, 2).map(|w| w.text.as_str());
            let is_root = !before(words, i, 3).is_some_and(|w| w.is("."));
            match root {
                Some("ff") if is_root => return unknown("unknown_function"),
                Some("form") if is_root => read(text, &fields.form, &mut checked.reads, word)?,
                Some("row") if is_root => read(text, &fields.row, &mut checked.reads_row, word)?,
                _ => {}
            }
        }
    }
    checked.cel.push_str(text);
    Ok(())
}

fn read(key: &str, known: &HashSet<String>, reads: &mut Vec<String>, word: &Token) -> Result<(), Fault> {
    if !known.contains(key) {
        return Err(Fault::new(word.at, "unknown_field", key));
    }
    if !reads.iter().any(|r| r == key) {
        reads.push(key.to_owned());
    }
    Ok(())
}

/// The pattern of `x.matches('…')` at the name's place. It is written out in the formula, so that its cost is
/// known before it runs.
fn pattern_of(words: &[Token], i: usize) -> Result<String, Fault> {
    match (words.get(i + 2), words.get(i + 3)) {
        (Some(text), Some(close)) if text.kind == Kind::Text && close.is(")") => {
            let value = unquoted(&text.text);
            pattern::written_out(&value).ok_or_else(|| Fault::new(text.at, "pattern", value))
        }
        _ => Err(Fault::new(words[i].at, "pattern", "matches")),
    }
}

fn is_pattern(words: &[Token], i: usize) -> bool {
    follows(words, i, "(")
        && before(words, i, 2).is_some_and(|w| w.text == "matches")
        && before(words, i, 3).is_some_and(|w| w.is("."))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t"))
}

/// Finds a walk inside a walk, and brackets without a partner.
#[derive(Default)]
struct Walks {
    /// Places of the brackets still open.
    open: Vec<usize>,
    /// How many were open when the running walk began.
    since: Option<usize>,
}

impl Walks {
    fn step(&mut self, words: &[Token], i: usize) -> Result<(), Fault> {
        let word = &words[i];
        if word.is("(") || word.is("[") {
            let walk = word.is("(")
                && before(words, i, 1).is_some_and(|w| WALKS.contains(&w.text.as_str()))
                && before(words, i, 2).is_some_and(|w| w.is("."));
            if walk && self.since.is_some() {
                return Err(Fault::new(words[i - 1].at, "nested_list", words[i - 1].text.clone()));
            }
            if walk {
                self.since = Some(self.open.len());
            }
            self.open.push(i);
        } else if word.is(")") || word.is("]") {
            let partner = if word.is(")") { "(" } else { "[" };
            if !self.open.pop().is_some_and(|open| words[open].is(partner)) {
                return Err(Fault::new(word.at, "bracket", word.text.clone()));
            }
            if self.since == Some(self.open.len()) {
                self.since = None;
            }
        }
        Ok(())
    }
}
