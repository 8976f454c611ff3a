//! The lists of choices, and the filters that narrow them.

use std::collections::{BTreeMap, BTreeSet};

use forms::{Choice, Options, Text};

use super::Item;
use crate::{
    book::Row,
    loss::Loss,
    names::{Kind, Scope},
    xpath::{self, Expr, Op},
};

/// A choice with what stands in the columns that filters look at.
struct Line {
    choice: Choice,
    columns: BTreeMap<String, String>,
}

/// All lists by name.
pub struct Lists {
    lists: BTreeMap<String, Vec<Line>>,
    /// Lists narrowed by a column, ready to be kept.
    narrowed: BTreeMap<String, Vec<Choice>>,
    /// Which column narrows a list, by the list's name.
    by: BTreeMap<String, String>,
    /// Columns some filter looks at.
    looked: BTreeSet<String>,
    /// Columns with something in them.
    filled: BTreeMap<String, u32>,
}

const OWN: [&str; 10] =
    ["list_name", "name", "value", "label", "under", "image", "audio", "video", "big-image", "order"];

pub fn read(rows: &[Row], losses: &mut Vec<Loss>) -> Lists {
    let mut lists: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    let mut filled = BTreeMap::new();
    for row in rows {
        let (list, value) = (row.get("list_name"), [row.get("name"), row.get("value")]);
        let value = value.into_iter().find(|v| !v.is_empty()).unwrap_or_default();
        let lines = lists.entry(list.to_owned()).or_default();
        if list.is_empty() || value.is_empty() || lines.iter().any(|l| l.choice.value == value) {
            losses.push(Loss::new("choices", row.number, "name", "choice", value).refused());
            continue;
        }
        let mut label = row.text("label");
        if label.is_empty() {
            losses.push(Loss::new("choices", row.number, "label", "label", value));
            label = Text::from([("en".to_owned(), value.to_owned())]);
        }
        for media in ["image", "audio", "video", "big-image"].iter().filter(|m| !row.get(m).is_empty()) {
            losses.push(Loss::new("choices", row.number, media, "media", row.get(media)));
        }
        let columns: BTreeMap<String, String> = row
            .cells()
            .filter(|(c, _)| !OWN.contains(c) || *c == "under")
            .map(|(c, v)| (c.to_owned(), v.to_owned()))
            .collect();
        for column in columns.keys() {
            filled.entry(column.clone()).or_insert(row.number);
        }
        let under = columns.get("under").cloned();
        lines.push(Line { choice: Choice { value: value.to_owned(), label, under }, columns });
    }
    Lists {
        lists,
        filled,
        narrowed: BTreeMap::new(),
        by: BTreeMap::new(),
        looked: BTreeSet::from(["under".into()]),
    }
}

impl Lists {
    pub fn values(&self, list: &str) -> Vec<String> {
        self.lists.get(list).into_iter().flatten().map(|l| l.choice.value.clone()).collect()
    }

    /// The options of a select, with the answer that narrows them.
    pub fn options(&mut self, item: &Item<'_>, scope: Scope<'_>, losses: &mut Vec<Loss>) -> Options {
        let number = item.row.number;
        let mut words = item.rest.split_whitespace();
        let list = words.next().unwrap_or_default().to_owned();
        let other = words.any(|w| w == "or_other");
        if !self.lists.contains_key(&list) {
            let code = if item.kind.contains("file") || item.kind.contains("external") {
                "external"
            } else {
                "list"
            };
            losses.push(Loss::new("survey", number, "type", code, &list).refused());
            return Options::default();
        }
        let filter = item.row.get("choice_filter");
        let mut options = Options { list: Some(list.clone()), ..Options::default() };
        if !filter.is_empty() {
            match self.narrowed_by(&list, filter, item, scope) {
                Ok((name, parent, gaps)) => {
                    if gaps {
                        losses.push(
                            Loss::new("survey", number, "choice_filter", "filter_gap", filter).refused(),
                        );
                    }
                    options = Options { list: Some(name), parent: Some(parent), ..Options::default() };
                }
                Err(()) => {
                    losses.push(Loss::new("survey", number, "choice_filter", "filter", filter).refused());
                }
            }
        }
        if other {
            options.list = Some(self.with_other(options.list.as_deref().unwrap_or(&list)));
        }
        if item.row.get("tashi_type").split_whitespace().any(|w| w == "inline")
            && let Some(name) = options.list.take()
        {
            options.options = self.kept(&name);
        }
        options
    }

    fn kept(&self, name: &str) -> Vec<Choice> {
        match self.narrowed.get(name) {
            Some(all) => all.clone(),
            None => self.lists.get(name).into_iter().flatten().map(|l| l.choice.clone()).collect(),
        }
    }

    /// The list with one more choice, as `or_other` adds it.
    fn with_other(&mut self, list: &str) -> String {
        let mut all = self.kept(list);
        if all.iter().any(|c| c.value == "other") {
            return list.to_owned();
        }
        let said = |l: &str| if l == "zh-CN" { "其他" } else { "Other" };
        let languages: BTreeSet<String> = all.iter().flat_map(|c| c.label.keys().cloned()).collect();
        let label = languages.into_iter().map(|l| (l.clone(), said(&l).to_owned())).collect();
        all.push(Choice { value: "other".into(), label, under: None });
        let name = format!("{list}_or_other");
        self.narrowed.insert(name.clone(), all);
        name
    }

    /// Reads `column = ${parent}`, also with `or column = ''`, and with conditions the parent already implies.
    fn narrowed_by(
        &mut self,
        list: &str,
        filter: &str,
        item: &Item<'_>,
        scope: Scope<'_>,
    ) -> Result<(String, String, bool), ()> {
        let expr = xpath::parse(filter).map_err(drop)?;
        let alternatives = expr.joined(Op::Or);
        let open = match alternatives.as_slice() {
            [_] => None,
            [_, Expr::Two(Op::Eq, column, nothing)] if nothing.is_empty_text() => match &**column {
                Expr::Column(name) => Some(name.clone()),
                _ => return Err(()),
            },
            _ => return Err(()),
        };
        let mut conditions = vec![];
        for part in alternatives[0].joined(Op::And) {
            conditions.push(column_is(part).ok_or(())?);
        }
        let (column, parent) = conditions.pop().ok_or(())?;
        if open.as_ref().is_some_and(|o| *o != column) {
            return Err(());
        }
        let known = scope.known(&parent).map_err(drop)?;
        let level = known.table.as_deref() == item.table.as_deref();
        if !matches!(known.kind, Kind::Choice) || !level {
            return Err(());
        }
        for (other, _) in &conditions {
            if !self.implied(list, &column, other) {
                return Err(());
            }
            self.looked.insert(other.clone());
        }
        self.looked.insert(column.clone());
        let key = known.key.clone();
        let lines = self.lists.get(list).ok_or(())?;
        let all: Vec<Choice> = lines
            .iter()
            .map(|l| Choice { under: l.columns.get(&column).cloned(), ..l.choice.clone() })
            .collect();
        let gaps = open.is_none() && all.iter().any(|c| c.under.is_none());
        let name = match self.by.get(list) {
            Some(by) if *by != column => format!("{list}_by_{column}"),
            _ => list.to_owned(),
        };
        self.by.entry(list.to_owned()).or_insert(column);
        self.narrowed.insert(name.clone(), all);
        Ok((name, key, gaps))
    }

    /// Does the value of one column fix that of the other, so that a condition on the first is enough?
    fn implied(&self, list: &str, column: &str, other: &str) -> bool {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        self.lists.get(list).into_iter().flatten().all(|line| {
            match (line.columns.get(column), line.columns.get(other)) {
                (Some(own), Some(wider)) => *seen.entry(own).or_insert(wider) == wider,
                _ => false,
            }
        })
    }

    /// The lists that are used, as the specification keeps them.
    pub fn into_kept(self, used: &BTreeSet<String>, losses: &mut Vec<Loss>) -> BTreeMap<String, Vec<Choice>> {
        for (column, row) in self.filled.iter().filter(|(c, _)| !self.looked.contains(*c)) {
            losses.push(Loss::new("choices", *row, column, "columns", column));
        }
        used.iter().map(|name| (name.clone(), self.kept(name))).collect()
    }
}

/// `column = ${parent}`, either way round.
fn column_is(expr: &Expr) -> Option<(String, String)> {
    let Expr::Two(Op::Eq, a, b) = expr else { return None };
    match (&**a, &**b) {
        (Expr::Column(column), Expr::Field(parent)) | (Expr::Field(parent), Expr::Column(column)) => {
            Some((column.to_lowercase().clone(), parent.clone()))
        }
        _ => None,
    }
}
