//! A form specification as an XLSForm.
//!
//! What XLSForm has no word for stands in columns of our own (`tashi_…`), which other programs pass over: read here
//! again, the form is the same.

mod choices;
mod kind;
mod sheets;

use std::collections::BTreeSet;

use forms::{Choice, Field, FieldKind, FormSpec};

pub(crate) use sheets::Line;

use crate::{
    book::Book,
    cel,
    loss::Loss,
    names::{Kind, Known, Names, Scope},
    to_xpath,
    xpath::{self, Expr, number},
};

/// A form as sheets, and what other programs will not know of it.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    pub book: Book,
    pub losses: Vec<Loss>,
    /// All questions, for expressions.
    pub names: Names,
    pub(crate) lines: Vec<Line>,
    pub(crate) choices: Vec<(String, Choice)>,
    pub(crate) languages: Vec<String>,
}

struct Writer<'s> {
    spec: &'s FormSpec,
    names: Names,
    survey: Vec<Line>,
    choices: Vec<(String, Choice)>,
    lists: BTreeSet<String>,
    losses: Vec<Loss>,
    languages: BTreeSet<String>,
}

/// Writes a form whose id is `key`. Losses marked as refused: the file would mean something else.
pub fn write(spec: &FormSpec, key: &str, version: &str) -> Writing {
    let mut names = Names::new();
    known(&spec.fields, None, spec, &mut names);
    let lists = spec.lists.keys().cloned().collect();
    let mut writer = Writer {
        spec,
        names,
        survey: vec![],
        choices: vec![],
        lists,
        losses: vec![],
        languages: spec.title.keys().cloned().collect(),
    };
    for (name, choices) in &spec.lists {
        writer.choices.extend(choices.iter().map(|c| (name.clone(), c.clone())));
    }
    writer.levels();
    writer.finish(key, version)
}

/// Keys are unique within a level, names within a form: a column takes the name of its table before its own when the
/// key is taken.
fn known(fields: &[Field], table: Option<&str>, spec: &FormSpec, names: &mut Names) {
    for field in fields {
        let kind = kind_of(&field.kind);
        let options = match &field.kind {
            FieldKind::Choice { from } | FieldKind::Choices { from, .. } => {
                spec.choices(from).iter().map(|c| c.value.clone()).collect()
            }
            _ => vec![],
        };
        let mut name = field.key.clone();
        while names.contains_key(&name) {
            name = format!("{}_{name}", table.unwrap_or("form"));
        }
        names.insert(name, Known { key: field.key.clone(), kind, table: table.map(str::to_owned), options });
    }
    for field in fields {
        if let FieldKind::Table { fields, .. } = &field.kind {
            known(fields, Some(&field.key), spec, names);
        }
    }
}

fn kind_of(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::Text { .. }
        | FieldKind::Phone
        | FieldKind::Barcode
        | FieldKind::Reference { .. }
        | FieldKind::Audio
        | FieldKind::Signature => Kind::Text,
        FieldKind::Number { .. } | FieldKind::Rating { .. } => Kind::Number,
        FieldKind::YesNo => Kind::YesNo,
        FieldKind::Choice { .. } => Kind::Choice,
        FieldKind::Choices { .. } => Kind::Choices,
        FieldKind::Date => Kind::Date,
        FieldKind::DateTime => Kind::DateTime,
        FieldKind::Time => Kind::Time,
        FieldKind::Place => Kind::Place,
        FieldKind::Photo { .. } | FieldKind::File { .. } => Kind::Files,
        FieldKind::Table { .. } => Kind::Table,
        // Nothing of XLSForm holds an item; the form is refused before anybody looks at this.
        FieldKind::Check(_) => Kind::Choice,
        FieldKind::Note => Kind::Note,
    }
}

impl Writer<'_> {
    fn levels(&mut self) {
        if self.spec.sections.is_empty() {
            for field in &self.spec.fields {
                self.field(field, None);
            }
            return;
        }
        for (n, section) in self.spec.sections.iter().enumerate() {
            let titled = section.title.values().any(|t| !t.trim().is_empty());
            let fields: Vec<&Field> =
                section.fields.iter().filter_map(|k| self.spec.fields.iter().find(|f| f.key == *k)).collect();
            if titled {
                let mut line = Line::new("begin_group", format!("section_{}", n + 1));
                line.texts.insert("label", section.title.clone());
                // one screen; Collect shows no repeats on one
                if !fields.iter().any(|f| matches!(f.kind, FieldKind::Table { .. })) {
                    line.set("appearance", "field-list");
                }
                self.survey.push(line);
            }
            for field in fields {
                self.field(field, None);
            }
            if titled {
                self.survey.push(Line::new("end_group", ""));
            }
        }
    }

    fn lose(&mut self, column: &str, code: &'static str, name: impl ToString) {
        // the row it is about comes next, below the headings
        let row = self.survey.len() as u32 + 2;
        self.losses.push(Loss::new("survey", row, column, code, name));
    }

    fn refuse(&mut self, column: &str, code: &'static str, name: impl ToString) {
        let row = self.survey.len() as u32 + 2;
        self.losses.push(Loss::new("survey", row, column, code, name).refused());
    }

    fn name(&self, key: &str, table: Option<&str>) -> String {
        let found = self.names.iter().find(|(_, k)| k.key == key && k.table.as_deref() == table);
        found.map_or_else(|| key.to_owned(), |(name, _)| name.clone())
    }

    /// A formula as an expression; nothing when it cannot be said, which is then refused.
    fn said(
        &mut self,
        column: &str,
        source: &str,
        table: Option<&str>,
        own: Option<&str>,
        condition: bool,
    ) -> Option<Expr> {
        let scope = Scope { names: &self.names, table, own };
        let made = cel::parse(source).and_then(|cel| match condition {
            true => to_xpath::condition(&cel, scope),
            false => to_xpath::value(&cel, scope),
        });
        match made {
            Ok(expr) => Some(expr),
            Err(f) => {
                let what = if f.name.is_empty() { source.to_owned() } else { f.name };
                self.refuse(column, "formula", what);
                None
            }
        }
    }

    fn field(&mut self, field: &Field, table: Option<&str>) {
        let name = self.name(&field.key, table);
        let mut line = Line::new("", &name);
        let mut own: Vec<String> = vec![];
        line.texts.insert("label", field.label.clone());
        line.texts.insert("hint", field.hint.clone());
        self.languages.extend(field.label.keys().cloned());
        if let Some(visible) = &field.visible
            && let Some(expr) = self.said("relevant", visible, table, None, true)
        {
            line.set("relevant", xpath::written(&expr));
        }
        let is_table = matches!(field.kind, FieldKind::Table { .. });
        if !is_table && let Some(required) = &field.required {
            let said = match required.trim() {
                "true" => Some("yes".to_owned()),
                other => self.said("required", other, table, None, true).map(|e| xpath::written(&e)),
            };
            line.set("required", said.unwrap_or_default());
        }
        if let Some(default) = &field.default
            && let Some(expr) = self.said("default", default, table, None, false)
        {
            line.set("default", plain(&expr));
        }
        if let Some(score) = &field.score {
            self.lose("tashi_score", "own", &name);
            line.set("tashi_score", score);
        }
        let mut limits: Vec<Expr> = vec![];
        let kind = self.kind(field, &name, table, &mut line, &mut own, &mut limits);
        line.set("type", kind);
        self.constraint(field, &name, table, &mut line, limits);
        if let Some(calc) = &field.calc {
            self.calc(field, &name, calc, table, &mut line, &mut own);
        }
        line.set("tashi_type", own.join(" "));
        self.survey.push(line.clone());
        match &field.kind {
            FieldKind::Photo { max, .. } => {
                self.further_photos(&line, &name, field, max.unwrap_or(choices::MOST_PHOTOS))
            }
            FieldKind::Table { fields, .. } => {
                for inner in fields {
                    self.field(inner, Some(&field.key));
                }
                self.survey.push(Line::new("end_repeat", ""));
            }
            _ => {}
        }
    }
}

/// A default as it is written: a plain value plainly.
fn plain(expr: &Expr) -> String {
    match expr {
        Expr::Text(t) if !t.contains(['(', '$', '\'', '"']) => t.clone(),
        Expr::Number(n) => number(*n),
        other => xpath::written(other),
    }
}
