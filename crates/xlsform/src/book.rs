//! The three sheets of an XLSForm as texts, and what their columns are called.

use std::collections::BTreeMap;

use forms::Text;

use crate::loss::Loss;

/// Rows of one sheet. The first row holds the headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Each row with its number in the spreadsheet, from 1; empty rows may be left out.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// An XLSForm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    pub survey: Sheet,
    pub choices: Sheet,
    pub settings: Sheet,
    /// Names of further sheets.
    pub others: Vec<String>,
}

/// Most rows, columns and characters that are read of a sheet.
const MAX_ROWS: usize = 6000;
const MAX_COLUMNS: usize = 120;
const MAX_CELL: usize = 4000;

/// A row by heading. Texts in several languages lie under `label`, `hint`, …, by language.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub number: u32,
    cells: BTreeMap<String, String>,
    texts: BTreeMap<String, Text>,
}

impl Row {
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub fn text(&self, column: &str) -> Text {
        self.texts.get(column).cloned().unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// Columns whose cells are texts in several languages.
const TEXTS: [&str; 11] = [
    "label",
    "hint",
    "constraint_message",
    "required_message",
    "guidance_hint",
    "image",
    "audio",
    "video",
    "big-image",
    "tashi_unit",
    "form_title",
];

/// The heading as the reference calls it: `Constraint Message` is `constraint_message`, `bind::relevant` is `relevant`.
fn heading(raw: &str) -> (String, Option<String>) {
    // our own texts name their language without the colons that others would make levels of
    for own in ["tashi_unit", "form_title"] {
        let own_heading = own.replace("form_", "tashi_");
        if let Some(language) =
            raw.trim().strip_prefix(own_heading.as_str()).and_then(|l| l.strip_prefix('_'))
        {
            return (own.to_owned(), Some(language.to_owned()));
        }
    }
    let mut parts = raw.split("::").map(str::trim).filter(|p| !p.is_empty());
    let mut base = parts.next().unwrap_or_default().to_lowercase().replace(' ', "_");
    let mut rest: Vec<&str> = parts.collect();
    // before `::` a single colon stood between column and language
    if rest.is_empty()
        && let Some((first, language)) = raw.split_once(':')
        && TEXTS.contains(&first.trim().to_lowercase().as_str())
    {
        base = first.trim().to_lowercase();
        rest = vec![language.trim()];
    }
    if matches!(base.as_str(), "bind" | "body" | "control" | "media") && !rest.is_empty() {
        base = rest.remove(0).to_lowercase();
    }
    let plain = match base.as_str() {
        "relevance" => "relevant",
        "readonly" | "read-only" => "read_only",
        "calculate" => "calculation",
        "caption" => "label",
        "jr:constraintmsg" | "constraint-message" => "constraint_message",
        "jr:requiredmsg" => "required_message",
        "jr:count" | "jr_count" | "count" => "repeat_count",
        "command" => "type",
        "listname" => "list_name",
        "title" => "form_title",
        other => other,
    };
    (plain.to_owned(), rest.first().map(|l| (*l).to_owned()))
}

/// `中文 (zh)` is `zh-CN`; `English (en)` is `en`; a language without a code is known by its name.
pub fn language(name: &str) -> String {
    let code = name.rsplit_once('(').map_or(name, |(_, c)| c).trim_end_matches(')').trim();
    match code.to_lowercase().as_str() {
        "zh" | "zh-cn" | "zh-hans" | "zh_cn" | "cn" | "中文" | "简体中文" | "chinese" => "zh-CN".into(),
        "en" | "english" | "en-us" | "en-gb" => "en".into(),
        other => other.chars().take(20).collect(),
    }
}

/// How a heading names a language.
pub fn language_heading(code: &str) -> String {
    match code {
        "zh-CN" => "中文 (zh)".into(),
        "en" => "English (en)".into(),
        other => format!("{other} ({other})"),
    }
}

impl Sheet {
    /// The rows below the headings. `unnamed` is the language of columns that name none.
    pub fn read(&self, sheet: &str, unnamed: &str, losses: &mut Vec<Loss>) -> Vec<Row> {
        let Some((first, headings)) = self.rows.first() else { return vec![] };
        if headings.len() > MAX_COLUMNS || self.rows.len() > MAX_ROWS {
            losses.push(Loss::new(sheet, 0, "", "too_long", MAX_ROWS).refused());
            return vec![];
        }
        let headings: Vec<(String, Option<String>)> = headings.iter().map(|h| heading(h)).collect();
        let mut seen: Vec<(String, String)> = vec![];
        let mut taken = vec![true; headings.len()];
        // the title stands once for others and once in each language for us
        let titled = headings.iter().any(|(base, named)| base == "form_title" && named.is_some());
        for (n, (base, named)) in headings.iter().enumerate() {
            if TEXTS.contains(&base.as_str()) {
                let key = (base.clone(), language(named.as_deref().unwrap_or(unnamed)));
                let plain_title = titled && base == "form_title" && named.is_none();
                taken[n] = !seen.contains(&key) && !plain_title;
                if plain_title {
                    continue;
                }
                if !taken[n] {
                    losses.push(Loss::new(sheet, *first, base, "language", &key.1));
                }
                seen.push(key);
            }
        }
        let mut all = vec![];
        for (number, cells) in self.rows.iter().skip(1) {
            let mut row = Row { number: *number, ..Row::default() };
            for (n, (base, named)) in headings.iter().enumerate().filter(|(n, _)| taken[*n]) {
                let cell: String = cells.get(n).map_or("", |c| c.trim()).chars().take(MAX_CELL).collect();
                if cell.is_empty() || base.is_empty() {
                    continue;
                }
                if TEXTS.contains(&base.as_str()) {
                    let text = row.texts.entry(base.clone()).or_default();
                    text.insert(language(named.as_deref().unwrap_or(unnamed)), cell.clone());
                }
                row.cells.entry(base.clone()).or_insert(cell);
            }
            if !row.cells.is_empty() {
                all.push(row);
            }
        }
        all
    }

    /// Every cell, for a look at the language.
    pub fn text(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|(_, cells)| cells).map(String::as_str)
    }
}
