//! What an article is found by: pairs of characters and beginnings of words. Pure.
//!
//! Chinese has no spaces, and a dictionary never knows the newest product: so every two neighbouring characters of which
//! one is Chinese are a term, as is every single Chinese character. A Latin word is a term with each of its beginnings. Two
//! texts that differ in case or width have the same terms.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

/// Most terms of a question; what stands behind them does not narrow it further.
pub const MOST: usize = 12;
/// Longest beginning of a word that is a term. A longer word is found by it, in a text as in a question.
const PREFIX: usize = 12;
/// How much a term weighs in the title, in a tag, and each time in the text, there at most `OFTEN` times.
const TITLE: i64 = 100;
const TAG: i64 = 30;
const OFTEN: i64 = 10;
/// Characters of an excerpt, and how many of them stand before what was found.
const EXCERPT: usize = 80;
const BEFORE: usize = 24;

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// One character for one, so that places in the folded text are places in the text.
fn fold(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    narrow.to_lowercase().next().unwrap_or(narrow)
}

/// Letters and digits that stand together, folded.
fn runs(text: &str) -> Vec<Vec<char>> {
    let folded: Vec<char> = text.chars().map(fold).collect();
    folded.split(|c| !c.is_alphanumeric()).filter(|run| !run.is_empty()).map(<[char]>::to_vec).collect()
}

/// The Latin words of a run.
fn words(run: &[char]) -> impl Iterator<Item = &[char]> {
    run.split(|c| is_ideograph(*c)).filter(|word| !word.is_empty())
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(2).filter(|pair| pair.iter().any(|c| is_ideograph(*c))).map(|pair| pair.iter().collect())
}

/// Every term of a text with how often it is there.
fn counted(text: &str) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    let mut add = |term: String| *all.entry(term).or_insert(0) += 1;
    for run in runs(text) {
        pairs(&run).for_each(&mut add);
        run.iter().filter(|c| is_ideograph(**c)).for_each(|c| add(c.to_string()));
        for word in words(&run) {
            (word.len().min(2)..=word.len().min(PREFIX)).for_each(|n| add(word[..n].iter().collect()));
        }
    }
    all
}

/// The terms of an article with what they weigh: title before tags before text.
pub fn of_article(title: &str, tags: &[String], text: &str) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    let mut add = |term: String, weight: i64| *all.entry(term).or_insert(0) += weight;
    counted(title).into_keys().for_each(|term| add(term, TITLE));
    let of_tags: BTreeSet<String> = tags.iter().flat_map(|tag| counted(tag).into_keys()).collect();
    of_tags.into_iter().for_each(|term| add(term, TAG));
    counted(text).into_iter().for_each(|(term, times)| add(term, times.min(OFTEN)));
    all
}

/// The terms that a question asks for, all of which an article must have. Empty when it asks nothing.
pub fn of_question(question: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    for run in runs(question) {
        if let [only] = run[..] {
            all.push(only.to_string());
            continue;
        }
        all.extend(pairs(&run));
        // A single letter beside a Chinese character may be the end of a word; the pair says more.
        for word in words(&run).filter(|word| word.len() > 1) {
            all.push(word[..word.len().min(PREFIX)].iter().collect());
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|term| seen.insert(term.clone()));
    all.truncate(MOST);
    all
}

/// A piece of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    pub text: String,
    /// It is what was asked for.
    pub mark: bool,
}

/// Where a needle stands in folded text.
fn places(text: &[char], needle: &[char]) -> Vec<usize> {
    if needle.is_empty() {
        return vec![];
    }
    text.windows(needle.len()).enumerate().filter(|(_, w)| *w == needle).map(|(at, _)| at).collect()
}

/// The part of a text around what was asked for, with marks; the beginning when it is not in it.
pub fn excerpt(text: &str, question: &str) -> Vec<Snippet> {
    let chars: Vec<char> = text.chars().collect();
    let folded: Vec<char> = chars.iter().copied().map(fold).collect();
    let whole = runs(question);
    let terms: Vec<Vec<char>> = of_question(question).iter().map(|t| t.chars().collect()).collect();
    // Whole words first; single pairs only where no word stands as a whole.
    let mut found: Vec<(usize, usize)> = vec![];
    for needles in [&whole, &terms] {
        found = needles
            .iter()
            .flat_map(|n| places(&folded, n).into_iter().map(move |at| (at, at + n.len())))
            .collect();
        if !found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    let from = found.first().map_or(0, |(at, _)| at.saturating_sub(BEFORE));
    let to = (from + EXCERPT).min(chars.len());
    let marked = |at: usize| found.iter().any(|(a, b)| (*a..*b).contains(&at));
    let mut parts: Vec<Snippet> = vec![];
    for (at, c) in chars.iter().enumerate().take(to).skip(from) {
        match parts.last_mut().filter(|p| p.mark == marked(at)) {
            Some(part) => part.text.push(*c),
            None => parts.push(Snippet { text: c.to_string(), mark: marked(at) }),
        }
    }
    if from > 0
        && let Some(first) = parts.first_mut()
    {
        first.text.insert(0, '…');
    }
    if to < chars.len() {
        parts.push(Snippet { text: "…".into(), mark: false });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(text: &str, question: &str) -> bool {
        let terms = of_article("", &[], text);
        let asked = of_question(question);
        !asked.is_empty() && asked.iter().all(|t| terms.contains_key(t))
    }

    #[test]
    fn words_are_found_by_their_beginning_whatever_their_case_or_width() {
        assert!(finds("椰汁 Coconut 1L", "ｃｏＣＯ"));
        assert!(finds("冰柜清洁", "柜清"));
        assert!(finds("A店陈列", "a店"));
        assert!(!finds("冰柜清洁", "冰清"));
        assert!(finds("antidisestablishmentarianism", "antidisestablishmentarianism"));
        assert!(finds("antidisestablishmentarianism", "antidisestabl"));
        assert!(of_question(" ，。").is_empty());
    }

    #[test]
    fn a_title_outweighs_a_tag_and_a_tag_the_text() {
        let weight = |title: &str, tags: &[String], text: &str| {
            of_article(title, tags, text).get("椰汁").copied().unwrap_or(0)
        };
        let often = "椰汁，".repeat(50);
        assert!(weight("椰汁", &[], "") > weight("", &["椰汁".into()], ""));
        assert!(weight("", &["椰汁".into()], "") > weight("", &[], &often));
    }

    #[test]
    fn an_excerpt_marks_what_was_asked_for() {
        let parts = excerpt("先问冷藏，再说椰汁的保质期。", "椰汁");
        let marked: Vec<&str> = parts.iter().filter(|p| p.mark).map(|p| p.text.as_str()).collect();
        assert_eq!(marked, ["椰汁"]);
        assert_eq!(excerpt("没有", "椰汁")[0], Snippet { text: "没有".into(), mark: false });
    }

    proptest! {
        /// Whatever the text: any two neighbouring characters with a Chinese one find it.
        #[test]
        fn any_two_characters_find_the_text(text in "[一-龥，。 a-zA-Z0-9Ａ-Ｚ]{2,60}", at in 0_usize..60) {
            let chars: Vec<char> = text.chars().collect();
            let at = at % (chars.len() - 1);
            let pair: String = chars[at..at + 2].iter().collect();
            if pair.chars().any(is_ideograph) {
                prop_assert!(finds(&text, &pair), "{pair} in {text}");
            }
        }

        #[test]
        fn any_part_of_chinese_finds_the_text(text in "[一-龥]{2,60}", at in 0_usize..60, long in 1_usize..14) {
            let chars: Vec<char> = text.chars().collect();
            let at = at % chars.len();
            let part: String = chars[at..(at + long).min(chars.len())].iter().collect();
            prop_assert!(finds(&text, &part));
        }

        #[test]
        fn an_excerpt_is_a_part_of_the_text(text in "\\PC{0,200}", question in "\\PC{0,6}") {
            let whole: String = excerpt(&text, &question).into_iter().map(|p| p.text).collect();
            prop_assert!(text.contains(whole.trim_matches('…')) || text.contains('…'));
        }
    }
}
