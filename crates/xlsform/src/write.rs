//! A form specification as an XLSForm.
//!
//! What XLSForm has no word for stands in columns of our own (`tashi_…`), which other programs pass over: read here
//! again, the form is the same.

use std::collections::{BTreeMap, BTreeSet};

use forms::{Choice, Field, FieldKind, FormSpec, Options, Target, Text};

use crate::{
    book::{Book, Sheet, language_heading},
    cel::{self, Cel},
    loss::Loss,
    names::{Kind, Known, Names, Scope},
    read::phone_pattern,
    to_xpath,
    xpath::{self, Expr, Op, number},
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

/// Most pictures of one question: each is a row of its own.
const MOST_PHOTOS: u32 = 9;

/// A row by column; texts by column and language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    cells: BTreeMap<&'static str, String>,
    texts: BTreeMap<&'static str, Text>,
}

impl Line {
    fn new(kind: impl Into<String>, name: impl Into<String>) -> Line {
        Line { cells: BTreeMap::from([("type", kind.into()), ("name", name.into())]), ..Line::default() }
    }

    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub(crate) fn text(&self, column: &str) -> &Text {
        static NONE: Text = Text::new();
        self.texts.get(column).unwrap_or(&NONE)
    }

    fn set(&mut self, column: &'static str, cell: impl Into<String>) {
        let cell = cell.into();
        if !cell.is_empty() {
            self.cells.insert(column, cell);
        }
    }
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
                self.further_photos(&line, &name, field, max.unwrap_or(MOST_PHOTOS))
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

    /// The type's word; beside it what the type says of limits, and what only we know.
    fn kind(
        &mut self,
        field: &Field,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
        limits: &mut Vec<Expr>,
    ) -> String {
        let mut limit = |op: Op, of: Expr, n: Option<f64>| {
            limits.extend(n.map(|n| Expr::two(op, of, Expr::Number(n))));
        };
        let counted = |name: &str| Expr::call(name, vec![Expr::Own]);
        let whole = |n: &Option<u32>| n.map(f64::from);
        match &field.kind {
            FieldKind::Text { max, lines } => {
                limit(Op::Le, counted("string-length"), whole(max));
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                line.set("appearance", if *lines { "multiline" } else { "" });
                "text".into()
            }
            FieldKind::Number { places, min, max, unit } => {
                limit(Op::Ge, Expr::Own, *min);
                limit(Op::Le, Expr::Own, *max);
                line.set("tashi_min", min.map(number).unwrap_or_default());
                line.set("tashi_max", max.map(number).unwrap_or_default());
                if unit.values().any(|u| !u.is_empty()) {
                    line.texts.insert("tashi_unit", unit.clone());
                    self.lose("tashi_unit", "own", name);
                }
                if *places > 0 {
                    line.set("tashi_places", places.to_string());
                }
                if *places == 0 { "integer" } else { "decimal" }.into()
            }
            FieldKind::YesNo => {
                own.push("yes_no".into());
                self.yes_no_list();
                "select_one tashi_yes_no".into()
            }
            FieldKind::Choice { from } => {
                format!("select_one {}", self.options(from, name, table, line, own))
            }
            FieldKind::Choices { from, min, max } => {
                limit(Op::Ge, counted("count-selected"), whole(min));
                limit(Op::Le, counted("count-selected"), whole(max));
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                format!("select_multiple {}", self.options(from, name, table, line, own))
            }
            FieldKind::Rating { max } => {
                line.set("parameters", format!("start=1 end={max} step=1"));
                line.set("appearance", "rating");
                "range".into()
            }
            FieldKind::Date => "date".into(),
            FieldKind::Time => "time".into(),
            FieldKind::DateTime => "dateTime".into(),
            FieldKind::Phone => {
                own.push("phone".into());
                limits.push(phone_pattern());
                line.set("appearance", "numbers");
                "text".into()
            }
            FieldKind::Barcode => "barcode".into(),
            FieldKind::Place => "geopoint".into(),
            FieldKind::Reference { to } => {
                let to = match to {
                    Target::Customer => "customer",
                    Target::Contact => "contact",
                    Target::Employee => "employee",
                    Target::Product => "product",
                    Target::Equipment => "equipment",
                };
                own.push(format!("reference {to}"));
                self.lose("type", "reference", name);
                "text".into()
            }
            FieldKind::Photo { min, gallery, .. } => {
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("appearance", if *gallery { "" } else { "new" });
                "image".into()
            }
            FieldKind::Signature => {
                line.set("appearance", "signature");
                "image".into()
            }
            FieldKind::Audio => "audio".into(),
            FieldKind::File { max } => {
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                "file".into()
            }
            FieldKind::Note => "note".into(),
            FieldKind::Check(_) => {
                self.refuse("type", "check", name);
                "note".into()
            }
            FieldKind::Table { min, max, .. } => {
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                self.repetitions(field, name, *min, *max, line);
                "begin_repeat".into()
            }
        }
    }

    fn repetitions(
        &mut self,
        field: &Field,
        name: &str,
        min: Option<u32>,
        max: Option<u32>,
        line: &mut Line,
    ) {
        let required = field.required.as_deref().unwrap_or_default();
        let formula = field.constraint.as_ref().map_or("", |c| c.formula.as_str());
        if let (Some(n), true, "", "true") = (min, min == max, formula, required) {
            line.set("repeat_count", n.to_string());
            return;
        }
        // as many rows as another answer says
        let counted = cel::parse(formula).ok().and_then(|cel| match cel {
            Cel::Two(Op::Eq, size, count) => {
                let own = Cel::call("size", vec![Cel::Name(format!("form.{}", field.key))]);
                let needed = cel::written(&Cel::two(Op::Gt, (*count).clone(), Cel::Number(0.0)));
                (*size == own && needed == required).then_some(*count)
            }
            _ => None,
        });
        if let Some(count) = counted
            && let Some(expr) = self.said("repeat_count", &cel::written(&count), None, None, false)
        {
            line.set("repeat_count", xpath::written(&expr));
            return;
        }
        if !required.is_empty() || !formula.is_empty() {
            line.set("tashi_rule", format!("{required} ;; {formula}"));
            if let Some(constraint) = &field.constraint {
                line.texts.insert("constraint_message", constraint.message.clone());
            }
        }
        if min.is_some() || max.is_some() || !required.is_empty() || !formula.is_empty() {
            self.lose("tashi_rule", "own", name);
        }
    }

    fn constraint(
        &mut self,
        field: &Field,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        mut limits: Vec<Expr>,
    ) {
        if matches!(field.kind, FieldKind::Table { .. }) {
            return;
        }
        if let Some(constraint) = &field.constraint {
            if let Some(expr) = self.said("constraint", &constraint.formula, table, Some(name), true) {
                limits.push(expr);
            }
            line.texts.insert("constraint_message", constraint.message.clone());
        }
        let expr = Expr::join(Op::And, limits);
        line.set("constraint", expr.map(|e| xpath::written(&e)).unwrap_or_default());
    }

    fn calc(
        &mut self,
        field: &Field,
        name: &str,
        calc: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
    ) {
        let word = match &field.kind {
            FieldKind::Number { .. } => "number",
            FieldKind::Date => "date",
            FieldKind::YesNo => "yes_no",
            _ => "text",
        };
        if let FieldKind::Number { places, .. } = &field.kind {
            line.set("tashi_places", places.to_string());
        }
        own.retain(|w| w != word);
        own.insert(0, word.into());
        self.lose("type", "hidden_calc", name);
        if let Some(expr) = self.said("calculation", calc, table, None, false) {
            line.set("type", "calculate");
            line.set("calculation", xpath::written(&expr));
        }
        line.cells.remove("required");
        line.cells.remove("default");
    }

    fn options(
        &mut self,
        from: &Options,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
    ) -> String {
        let all = self.spec.choices(from).to_vec();
        let list = match &from.list {
            Some(list) => list.clone(),
            None => {
                let mut list = name.to_owned();
                while !self.lists.insert(list.clone()) {
                    list.push_str("_options");
                }
                self.choices.extend(all.iter().map(|c| (list.clone(), c.clone())));
                own.push("inline".into());
                list
            }
        };
        if let Some(parent) = &from.parent {
            let parent = self.name(parent, table);
            let under = Expr::two(Op::Eq, Expr::Column("under".into()), Expr::Field(parent));
            let filter = if all.iter().any(|c| c.under.is_none()) {
                let open = Expr::two(Op::Eq, Expr::Column("under".into()), Expr::Text(String::new()));
                Expr::two(Op::Or, under, open)
            } else {
                under
            };
            line.set("choice_filter", xpath::written(&filter));
        }
        list
    }

    fn yes_no_list(&mut self) {
        if self.lists.insert("tashi_yes_no".into()) {
            for (value, zh, en) in [("yes", "是", "Yes"), ("no", "否", "No")] {
                let label = [("zh-CN", zh), ("en", en)].map(|(l, t)| (l.to_owned(), t.to_owned())).into();
                let choice = Choice { value: value.into(), label, under: None };
                self.choices.push(("tashi_yes_no".into(), choice));
            }
        }
    }

    /// Each picture beyond the first: asked for once the one before it is there.
    fn further_photos(&mut self, first: &Line, name: &str, field: &Field, max: u32) {
        let mut before = name.to_owned();
        let least = match field.kind {
            FieldKind::Photo { min, .. } => min.unwrap_or(1),
            _ => 1,
        };
        for n in 2..=max.min(MOST_PHOTOS) {
            let next = format!("{name}_photo_{n}");
            let mut line = Line::new("image", &next);
            let text = field.label.iter().map(|(l, t)| (l.clone(), format!("{t} ({n})"))).collect();
            line.texts.insert("label", text);
            let there = Expr::two(Op::Ne, Expr::Field(before), Expr::Text(String::new()));
            line.set("relevant", xpath::written(&there));
            line.set("required", if n <= least { "yes" } else { "" });
            line.set("appearance", first.cells.get("appearance").cloned().unwrap_or_default());
            line.set("tashi_type", "more");
            self.survey.push(line);
            before = next;
        }
    }

    fn finish(mut self, key: &str, version: &str) -> Writing {
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

/// A default as it is written: a plain value plainly.
fn plain(expr: &Expr) -> String {
    match expr {
        Expr::Text(t) if !t.contains(['(', '$', '\'', '"']) => t.clone(),
        Expr::Number(n) => number(*n),
        other => xpath::written(other),
    }
}

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
