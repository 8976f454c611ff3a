//! Rows as sheets: which columns there are, in which languages.

use std::collections::BTreeMap;

use forms::Text;

use super::{Writer, Writing};
use crate::{
    book::{Book, Sheet, language_heading},
    loss::Loss,
};

/// A row by column; texts by column and language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub(super) cells: BTreeMap<&'static str, String>,
    pub(super) texts: BTreeMap<&'static str, Text>,
}

impl Line {
    pub(super) fn new(kind: impl Into<String>, name: impl Into<String>) -> Line {
        Line { cells: BTreeMap::from([("type", kind.into()), ("name", name.into())]), ..Line::default() }
    }

    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub(crate) fn text(&self, column: &str) -> &Text {
        static NONE: Text = Text::new();
        self.texts.get(column).unwrap_or(&NONE)
    }

    pub(super) fn set(&mut self, column: &'static str, cell: impl Into<String>) {
        let cell = cell.into();
        if !cell.is_empty() {
            self.cells.insert(column, cell);
        }
    }
}

impl Writer<'_> {
    pub(super) fn finish(mut self, key: &str, version: &str) -> Writing {
        // the language read first is the one shown first
        let mut languages: Vec<String> = self.languages.iter().cloned().collect();
        languages.sort_by_key(|l| (l != "zh-CN", l != "en", l.clone()));
        let choice_lines = self.choices.iter().map(|(list, c)| {
            let mut line = Line::default();
            line.set("list_name", list);
            line.set("name", &c.value);
            line.set("under", c.under.clone().unwrap_or_default());
            line.texts.insert("label", c.label.clone());
            line
        });
        let choices: Vec<Line> = choice_lines.collect();
        let mut settings = Line::default();
        let title = languages.iter().find_map(|l| self.spec.title.get(l)).cloned().unwrap_or_default();
        settings.set("form_title", title);
        settings.set("form_id", key);
        settings.set("version", version);
        settings.set("default_language", languages.first().map(|l| language_heading(l)).unwrap_or_default());
        settings.texts.insert("form_title", self.spec.title.clone());
        if self.spec.title.len() > 1 {
            self.losses.push(Loss::new("settings", 2, "form_title", "own", "form_title"));
        }
        let book = Book {
            survey: sheet(&self.survey, &languages, &SURVEY),
            choices: sheet(&choices, &languages, &["list_name", "name", "label", "under"]),
            settings: settings_sheet(&settings),
            others: vec![],
        };
        Writing {
            book,
            losses: self.losses,
            names: self.names,
            lines: self.survey,
            choices: self.choices,
            languages,
        }
    }
}

/// Columns of the survey in their order; those without a cell are left out.
const SURVEY: [&str; 20] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "appearance",
    "choice_filter",
    "repeat_count",
    "parameters",
    "tashi_type",
    "tashi_places",
    "tashi_min",
    "tashi_max",
    "tashi_unit",
    "tashi_score",
];

fn sheet(lines: &[Line], languages: &[String], order: &[&'static str]) -> Sheet {
    let mut heads: Vec<String> = vec![];
    let mut columns: Vec<(&'static str, Option<&String>)> = vec![];
    let rule = if order.len() == SURVEY.len() { &["tashi_rule"][..] } else { &[] };
    for column in order.iter().chain(rule) {
        for language in languages.iter().filter(|l| lines.iter().any(|line| has(line, column, l))) {
            heads.push(match *column {
                "tashi_unit" => format!("tashi_unit_{language}"),
                column => format!("{column}::{}", language_heading(language)),
            });
            columns.push((column, Some(language)));
        }
        if lines.iter().any(|l| l.cells.contains_key(column)) || *column == "type" {
            heads.push((*column).to_owned());
            columns.push((column, None));
        }
    }
    let mut rows = vec![(1, heads)];
    for (n, line) in (2_u32..).zip(lines) {
        let cell = |(column, language): &(&'static str, Option<&String>)| match language {
            Some(l) => line.texts.get(column).and_then(|t| t.get(*l)).cloned().unwrap_or_default(),
            None => line.cells.get(column).cloned().unwrap_or_default(),
        };
        rows.push((n, columns.iter().map(cell).collect()));
    }
    Sheet { rows }
}

fn has(line: &Line, column: &str, language: &str) -> bool {
    line.texts.get(column).and_then(|t| t.get(language)).is_some_and(|t| !t.is_empty())
}

/// The settings: the title also in each further language, which others pass over.
fn settings_sheet(line: &Line) -> Sheet {
    let mut heads: Vec<String> = vec![];
    let mut cells: Vec<String> = vec![];
    for (column, cell) in &line.cells {
        heads.push((*column).to_owned());
        cells.push(cell.clone());
    }
    for (language, text) in line.texts.get("form_title").into_iter().flatten() {
        heads.push(format!("tashi_title_{language}"));
        cells.push(text.clone());
    }
    Sheet { rows: vec![(1, heads), (2, cells)] }
}
