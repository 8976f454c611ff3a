//! XLSForm into a form specification.

mod choices;
mod field;
mod kinds;

pub(crate) use field::phone_pattern;

use std::collections::{BTreeMap, BTreeSet};

use forms::{Field, FieldKind, FormSpec, Section, Text};

use crate::{
    book::{Book, Row, language},
    loss::Loss,
    names::{Known, Names},
    xpath::{self, Expr},
};

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Nothing when something was refused.
    pub spec: Option<FormSpec>,
    /// The form's id as a key.
    pub key: String,
    pub losses: Vec<Loss>,
}

/// A question, with where it stands.
pub(crate) struct Item<'a> {
    row: &'a Row,
    /// The first word of its type, in lower case, and the rest.
    kind: String,
    rest: String,
    name: String,
    key: String,
    table: Option<String>,
    /// Conditions of the groups around it, from the outermost.
    around: Vec<Expr>,
    /// Place in the list of sections.
    section: usize,
}

/// Makes a specification, and lists what it could not keep. The specification may still have faults that
/// [`forms::publish`] finds.
pub fn read(book: &Book) -> Reading {
    let mut losses = vec![];
    let unnamed = main_language(book);
    let settings = book.settings.read("settings", &unnamed, &mut losses);
    let survey = book.survey.read("survey", &unnamed, &mut losses);
    let choices = book.choices.read("choices", &unnamed, &mut losses);
    for name in &book.others {
        losses.push(Loss::new(name, 0, "", "sheet", name));
    }
    if survey.iter().all(|r| r.get("type").is_empty()) {
        losses.push(Loss::new("survey", 0, "", "survey", "").refused());
        return Reading { losses, ..Reading::default() };
    }
    let settings = settings.into_iter().next().unwrap_or_default();
    look_at_settings(&settings, &mut losses);
    let mut walk = Walk::new(&mut losses);
    for row in survey.iter().filter(|r| !matches!(r.get("disabled"), "yes" | "true" | "TRUE")) {
        walk.row(row);
    }
    walk.end();
    let Walk { items, sections, .. } = walk;
    let mut lists = choices::read(&choices, &mut losses);
    let mut names = names(&items, &lists, &mut losses);
    kinds::infer(&items, &mut names);
    let mut building = field::Building { names: &names, lists: &mut lists, losses: &mut losses };
    let fields = build(&items, &mut building);
    let used = used_lists(&fields);
    let lists = lists.into_kept(&used, &mut losses);
    let id = settings.get("form_id");
    let mut title = settings.text("form_title");
    if title.is_empty() {
        title = Text::from([(unnamed, if id.is_empty() { "XLSForm".into() } else { id.to_owned() })]);
    }
    let spec = FormSpec { title, sections: sectioned(&items, sections), fields, lists };
    let refused = losses.iter().any(|l| l.refused);
    Reading { spec: (!refused).then_some(spec), key: key_of(if id.is_empty() { "form" } else { id }), losses }
}

/// The language of columns that name none: the form's own, else what its letters look like.
fn main_language(book: &Book) -> String {
    let mut rows = book.settings.rows.iter();
    let heads = rows.next().map(|(_, h)| h.clone()).unwrap_or_default();
    let place = heads.iter().position(|h| h.trim().eq_ignore_ascii_case("default_language"));
    let said = place.and_then(|n| rows.next().and_then(|(_, cells)| cells.get(n))).map(|s| s.trim());
    match said {
        Some(name) if !name.is_empty() && name != "default" => language(name),
        _ => {
            let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            let chinese = book.survey.text().any(|t| t.chars().any(han));
            if chinese { "zh-CN" } else { "en" }.into()
        }
    }
}

fn look_at_settings(settings: &Row, losses: &mut Vec<Loss>) {
    for (column, value) in settings.cells() {
        match column {
            "form_title" | "form_id" | "version" | "default_language" => {}
            "public_key" => {
                losses.push(Loss::new("settings", settings.number, column, "encrypted", "").refused());
            }
            _ => losses.push(Loss::new("settings", settings.number, column, "setting", value)),
        }
    }
}

/// A name as a key: lower-case letters, digits and underscores, a letter first, at most 40.
pub(crate) fn key_of(name: &str) -> String {
    let mut key: String = name
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' })
        .take(40)
        .collect();
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        key = format!("q{key}").chars().take(40).collect();
    }
    key
}

/// Most groups within each other.
const MOST_OPEN: usize = 16;

/// A group or repeat that is open.
struct Open {
    repeat: Option<String>,
    condition: Option<Expr>,
    title: Text,
}

struct Walk<'a, 'l> {
    losses: &'l mut Vec<Loss>,
    open: Vec<Open>,
    items: Vec<Item<'a>>,
    sections: Vec<Text>,
    names: BTreeSet<String>,
    keys: BTreeSet<(Option<String>, String)>,
    /// The next question begins a section.
    turned: bool,
    last_row: u32,
}

impl<'a, 'l> Walk<'a, 'l> {
    fn new(losses: &'l mut Vec<Loss>) -> Walk<'a, 'l> {
        Walk {
            losses,
            open: vec![],
            items: vec![],
            sections: vec![],
            names: BTreeSet::new(),
            keys: BTreeSet::new(),
            turned: true,
            last_row: 0,
        }
    }

    fn table(&self) -> Option<String> {
        self.open.iter().find_map(|o| o.repeat.clone())
    }

    fn row(&mut self, row: &'a Row) {
        self.last_row = row.number;
        let typed =
            row.get("type").replace("select one", "select_one").replace("select multiple", "select_multiple");
        let typed = typed.replace("add select_", "select_");
        let mut words = typed.split_whitespace();
        let (mut kind, mut rest) =
            (words.next().unwrap_or_default().to_lowercase(), words.collect::<Vec<_>>());
        if matches!(kind.as_str(), "begin" | "end") && !rest.is_empty() {
            kind = format!("{kind}_{}", rest.remove(0).to_lowercase());
        }
        match kind.as_str() {
            "" => {
                if row.cells().any(|(c, _)| c != "notes") {
                    self.losses.push(Loss::new("survey", row.number, "type", "type", "").refused());
                }
            }
            "begin_group" | "begin_repeat" => self.begin(row, kind == "begin_repeat"),
            "end_group" | "end_repeat" => match self.open.pop() {
                Some(o) if o.repeat.is_some() == (kind == "end_repeat") => self.turned |= o.repeat.is_none(),
                _ => self.losses.push(Loss::new("survey", row.number, "type", "unbalanced", kind).refused()),
            },
            "start" | "end" | "deviceid" | "phonenumber" | "username" | "email" | "audit" | "simserial"
            | "subscriberid" | "imei" => {
                self.losses.push(Loss::new("survey", row.number, "type", "meta", kind));
            }
            "start-geopoint" | "background-geopoint" | "background-audio" => {
                self.losses.push(Loss::new("survey", row.number, "type", "position", kind));
            }
            _ => self.item(row, kind, rest.join(" ")),
        }
    }

    fn item(&mut self, row: &'a Row, kind: String, rest: String) {
        let name = row.get("name").to_owned();
        let table = self.table();
        if name.is_empty() || !self.names.insert(name.clone()) {
            self.losses.push(Loss::new("survey", row.number, "name", "name", &name).refused());
            return;
        }
        let key = self.key(row, &name, table.as_ref());
        // inside a repeat only the groups within it matter: those around it are the table's own condition
        let from = match (&table, kind.as_str()) {
            (Some(_), _) => self.open.iter().position(|o| o.repeat.is_some()).map_or(0, |n| n + 1),
            _ => 0,
        };
        let around = self.open[from..].iter().filter_map(|o| o.condition.clone()).collect();
        let section = self.section(table.is_some());
        self.items.push(Item { row, kind, rest, name, key, table, around, section });
    }

    fn key(&mut self, row: &Row, name: &str, table: Option<&String>) -> String {
        let plain = key_of(name);
        let mut key = plain.clone();
        let mut n = 2;
        while !self.keys.insert((table.cloned(), key.clone())) {
            key = format!("{}_{n}", plain.chars().take(36).collect::<String>());
            n += 1;
        }
        if key != name {
            self.losses.push(Loss::new("survey", row.number, "name", "renamed", format!("{name} → {key}")));
        }
        key
    }

    /// The section of the next question.
    fn section(&mut self, in_table: bool) -> usize {
        if self.turned && !in_table {
            let titles: Vec<&Text> = self.open.iter().map(|o| &o.title).filter(|t| !t.is_empty()).collect();
            let mut title = Text::new();
            for language in titles.iter().flat_map(|t| t.keys()).collect::<BTreeSet<_>>() {
                let parts: Vec<&str> =
                    titles.iter().filter_map(|t| t.get(language)).map(String::as_str).collect();
                title.insert(language.clone(), parts.join(" · "));
            }
            self.sections.push(title);
            self.turned = false;
        }
        self.sections.len().saturating_sub(1)
    }

    fn begin(&mut self, row: &'a Row, repeat: bool) {
        if self.open.len() == MOST_OPEN {
            self.losses.push(Loss::new("survey", row.number, "type", "too_deep", MOST_OPEN).refused());
        }
        if self.open.len() >= MOST_OPEN {
            // still counted, so that the ends find their beginnings
            self.open.push(Open { repeat: None, condition: None, title: Text::new() });
            return;
        }
        let condition = match row.get("relevant") {
            "" => None,
            source => match xpath::parse(source) {
                Ok(expr) => Some(expr),
                Err(f) => {
                    self.losses.push(Loss::new("survey", row.number, "relevant", f.code, f.name).refused());
                    None
                }
            },
        };
        let inside = self.table().is_some();
        if repeat && inside {
            self.losses
                .push(Loss::new("survey", row.number, "type", "nested_repeat", row.get("name")).refused());
        }
        let look = row.get("appearance");
        if !matches!(look, "" | "field-list") {
            self.losses.push(Loss::new("survey", row.number, "appearance", "appearance", look));
        }
        if repeat {
            let (at, count) = (self.open.len(), self.items.len());
            self.item(row, "begin_repeat".into(), String::new());
            let made = self.items.get_mut(count);
            let key = made.as_ref().map_or_else(|| format!("repeat_{at}"), |i| i.key.clone());
            if let (Some(item), Some(condition)) = (made, condition) {
                item.around.push(condition);
            }
            self.open.push(Open { repeat: Some(key), condition: None, title: Text::new() });
            return;
        }
        let title = row.text("label");
        if inside && !title.is_empty() {
            self.losses.push(Loss::new("survey", row.number, "label", "row_group", row.get("name")));
        }
        self.turned |= !inside;
        self.open.push(Open { repeat: None, condition, title });
    }

    fn end(&mut self) {
        if !self.open.is_empty() {
            self.losses.push(Loss::new("survey", self.last_row, "type", "unbalanced", "").refused());
        }
    }
}

fn names(items: &[Item<'_>], lists: &choices::Lists, losses: &mut Vec<Loss>) -> Names {
    let mut names = BTreeMap::new();
    for item in items {
        match kinds::kind_of(item) {
            Some(kind) => {
                let options = lists.values(item.rest.split_whitespace().next().unwrap_or_default());
                let known = Known { key: item.key.clone(), kind, table: item.table.clone(), options };
                names.insert(item.name.clone(), known);
            }
            None => {
                losses.push(Loss::new("survey", item.row.number, "type", "type", &item.kind).refused());
            }
        }
    }
    names
}

/// All fields, those of a repeat inside their table.
fn build(items: &[Item<'_>], building: &mut field::Building<'_>) -> Vec<Field> {
    let mut fields: Vec<Field> = vec![];
    for item in items {
        // pictures beyond the first are one question here
        if item.row.get("tashi_type").split_whitespace().any(|w| w == "more") {
            let level = level_of(&mut fields, item.table.as_deref());
            if let Some(Field { kind: FieldKind::Photo { max: Some(max), .. }, .. }) =
                level.and_then(|l| l.last_mut())
            {
                *max += 1;
            }
            continue;
        }
        let made = building.fields(item);
        if let Some(level) = level_of(&mut fields, item.table.as_deref()) {
            level.extend(made);
        }
    }
    fields
}

fn level_of<'f>(fields: &'f mut Vec<Field>, table: Option<&str>) -> Option<&'f mut Vec<Field>> {
    let Some(table) = table else { return Some(fields) };
    match &mut fields.iter_mut().find(|f| f.key == table)?.kind {
        FieldKind::Table { fields, .. } => Some(fields),
        _ => None,
    }
}

fn used_lists(fields: &[Field]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for field in fields {
        match &field.kind {
            FieldKind::Choice { from } | FieldKind::Choices { from, .. } => used.extend(from.list.clone()),
            FieldKind::Table { fields, .. } => used.extend(used_lists(fields)),
            _ => {}
        }
    }
    used
}

/// The sections, when any has a heading.
fn sectioned(items: &[Item<'_>], titles: Vec<Text>) -> Vec<Section> {
    if titles.iter().all(Text::is_empty) {
        return vec![];
    }
    let fields = |n: usize| {
        let own = items.iter().filter(|i| i.section == n && i.table.is_none());
        let own = own.filter(|i| !i.row.get("tashi_type").split_whitespace().any(|w| w == "more"));
        own.flat_map(|i| {
            let other = i.rest.split_whitespace().any(|w| w == "or_other");
            std::iter::once(i.key.clone()).chain(other.then(|| field::other_key(&i.key)))
        })
        .collect()
    };
    titles
        .into_iter()
        .enumerate()
        .map(|(n, title)| Section { title, fields: fields(n) })
        .filter(|s| !s.fields.is_empty())
        .collect()
}
