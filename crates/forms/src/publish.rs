//! Is this form fit for the phones? Every fault of it, each with its place, before anybody fills it in.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::{
    fault::Fault,
    formula::Formula,
    profile::Fields,
    spec::{Field, FieldKind, FormSpec, Options, Text, Whom},
};

const MAX_FIELDS: usize = 300;
const MAX_ROW_FIELDS: usize = 40;
const MAX_CHOICES: usize = 5000;

/// A fault of a form: the field's path (`items.qty`), the property (`visible`, `key`, …), and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormFault {
    pub path: String,
    pub part: &'static str,
    #[serde(flatten)]
    pub fault: Fault,
}

/// A form ready to be filled in: its formulas compiled and ordered.
#[derive(Debug)]
pub struct Form {
    pub spec: FormSpec,
    pub(crate) rules: Vec<Rules>,
    /// Places in `spec.fields`, each after those it depends on.
    pub(crate) order: Vec<usize>,
}

/// The compiled formulas of one field, and those of its rows when it is a table.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub visible: Option<Formula>,
    pub required: Option<Formula>,
    pub constraint: Option<Formula>,
    pub default: Option<Formula>,
    pub calc: Option<Formula>,
    pub score: Option<Formula>,
    pub row: Vec<Rules>,
    pub row_order: Vec<usize>,
}

/// Compiles a form, or lists its faults.
///
/// # Errors
/// Every [`FormFault`] found: keys missing, repeated or not `[a-z][a-z0-9_]*`; empty titles; limits the wrong way
/// round; unknown lists, parents or sections; formulas with faults; fields that wait for each other.
pub fn publish(spec: FormSpec) -> Result<Form, Vec<FormFault>> {
    let mut faults = vec![];
    if spec.title.values().all(|t| t.trim().is_empty()) {
        say(&mut faults, "", "title", "missing", "");
    }
    if spec.fields.is_empty() {
        say(&mut faults, "", "fields", "missing", "");
    }
    if spec.fields.len() > MAX_FIELDS {
        say(&mut faults, "", "fields", "too_many", &MAX_FIELDS.to_string());
    }
    for (name, choices) in &spec.lists {
        check_choices(choices.iter().map(|c| (&c.value, &c.label)), name, &mut faults);
    }
    let keys = keys_of(&spec.fields, "", &mut faults);
    let names = Fields { form: keys.clone(), row: HashSet::new() };
    let mut rules = vec![];
    for field in &spec.fields {
        rules.push(check_field(&spec, field, "", &names, &mut faults));
    }
    let mut shown = HashSet::new();
    for key in spec.sections.iter().flat_map(|s| &s.fields) {
        if !keys.contains(key) {
            say(&mut faults, key, "section", "unknown_field", key);
        } else if !shown.insert(key.as_str()) {
            say(&mut faults, key, "section", "twice", key);
        }
    }
    if !spec.sections.is_empty() {
        for key in spec.fields.iter().map(|f| &f.key).filter(|k| !shown.contains(k.as_str())) {
            say(&mut faults, key, "section", "missing", key);
        }
    }
    let order = ordered(&spec.fields, &rules, "", &mut faults);
    if faults.is_empty() { Ok(Form { spec, rules, order }) } else { Err(faults) }
}

fn say(faults: &mut Vec<FormFault>, path: &str, part: &'static str, code: &'static str, name: &str) {
    faults.push(FormFault { path: path.to_owned(), part, fault: Fault::new(0, code, name) });
}

fn path_of(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

fn keys_of(fields: &[Field], parent: &str, faults: &mut Vec<FormFault>) -> HashSet<String> {
    let mut keys = HashSet::new();
    for field in fields {
        let path = path_of(parent, &field.key);
        let mut chars = field.key.chars();
        let good = chars.next().is_some_and(|c| c.is_ascii_lowercase())
            && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && field.key.len() <= 40;
        if !good {
            say(faults, &path, "key", "key", &field.key);
        }
        if !keys.insert(field.key.clone()) {
            say(faults, &path, "key", "twice", &field.key);
        }
    }
    keys
}

fn check_choices<'a>(
    choices: impl Iterator<Item = (&'a String, &'a Text)>,
    path: &str,
    faults: &mut Vec<FormFault>,
) {
    let mut values = HashSet::new();
    let mut count = 0;
    for (value, label) in choices {
        count += 1;
        if value.is_empty() || value.chars().count() > 100 {
            say(faults, path, "options", "missing", value);
        }
        if label.values().all(|t| t.trim().is_empty()) {
            say(faults, path, "options", "label", value);
        }
        if !values.insert(value) {
            say(faults, path, "options", "twice", value);
        }
    }
    if count == 0 {
        say(faults, path, "options", "missing", "");
    }
    if count > MAX_CHOICES {
        say(faults, path, "options", "too_many", &MAX_CHOICES.to_string());
    }
}

fn check_field(
    spec: &FormSpec,
    field: &Field,
    parent: &str,
    names: &Fields,
    faults: &mut Vec<FormFault>,
) -> Rules {
    let path = path_of(parent, &field.key);
    if field.label.values().all(|t| t.trim().is_empty()) {
        say(faults, &path, "label", "missing", "");
    }
    let limits = |min: Option<f64>, max: Option<f64>, faults: &mut Vec<FormFault>| {
        if min.zip(max).is_some_and(|(a, b)| a > b) || min.or(max).is_some_and(|n| !n.is_finite()) {
            say(faults, &path, "min", "limits", "");
        }
    };
    let count = |n: &Option<u32>| n.map(f64::from);
    let mut rules = Rules::default();
    match &field.kind {
        FieldKind::Number { places, min, max, .. } => {
            limits(*min, *max, faults);
            if *places > 6 {
                say(faults, &path, "places", "limits", "6");
            }
        }
        FieldKind::Choice { from } => check_options(spec, from, &path, names, parent.is_empty(), faults),
        FieldKind::Choices { from, min, max } => {
            limits(count(min), count(max), faults);
            check_options(spec, from, &path, names, parent.is_empty(), faults);
        }
        FieldKind::Check(item) => {
            if !parent.is_empty() {
                say(faults, &path, "type", "nested_check", "");
            }
            if let Some(measure) = &item.measure {
                limits(measure.min, measure.max, faults);
                if measure.places > 6 {
                    say(faults, &path, "places", "limits", "6");
                }
            }
            if !(0.0..=1000.0).contains(&item.weight) {
                say(faults, &path, "weight", "limits", "1000");
            }
            if item.photos > 9 {
                say(faults, &path, "photos", "limits", "9");
            }
            if let Some(follow) = &item.follow {
                if follow.days > 365 {
                    say(faults, &path, "follow", "limits", "365");
                }
                if follow.open == crate::spec::Opens::Task
                    && follow.who == Whom::Named
                    && follow.person.as_deref().is_none_or(str::is_empty)
                {
                    say(faults, &path, "follow", "missing", "");
                }
            }
        }
        FieldKind::Rating { max } if !(2..=10).contains(max) => say(faults, &path, "max", "limits", "10"),
        FieldKind::Photo { min, max, .. } => limits(count(min), count(max), faults),
        FieldKind::Table { min, max, fields } => {
            limits(count(min), count(max).or(Some(crate::spec::MAX_ROWS.into())), faults);
            if max.is_some_and(|m| m > crate::spec::MAX_ROWS) {
                say(faults, &path, "max", "limits", &crate::spec::MAX_ROWS.to_string());
            }
            if !parent.is_empty() {
                say(faults, &path, "type", "nested_table", "");
            } else if fields.is_empty() || fields.len() > MAX_ROW_FIELDS {
                say(faults, &path, "fields", "too_many", &MAX_ROW_FIELDS.to_string());
            } else {
                let row = Fields { form: names.form.clone(), row: keys_of(fields, &path, faults) };
                for inner in fields {
                    rules.row.push(check_field(spec, inner, &path, &row, faults));
                }
                rules.row_order = ordered(fields, &rules.row, &path, faults);
            }
        }
        _ => {}
    }
    let mut compile = |source: &Option<String>, part| {
        let source = source.as_deref()?;
        match Formula::compile(source, names) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                faults.push(FormFault { path: path.clone(), part, fault });
                None
            }
        }
    };
    rules.visible = compile(&field.visible, "visible");
    rules.required = compile(&field.required, "required");
    rules.constraint = compile(&field.constraint.as_ref().map(|c| c.formula.clone()), "constraint");
    rules.default = compile(&field.default, "default");
    rules.calc = compile(&field.calc, "calc");
    rules.score = compile(&field.score, "score");
    if field.calc.is_some()
        && !matches!(
            field.kind,
            FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::YesNo | FieldKind::Date
        )
    {
        say(faults, &path, "calc", "type", "");
    }
    rules
}

fn check_options(
    spec: &FormSpec,
    from: &Options,
    path: &str,
    names: &Fields,
    top: bool,
    faults: &mut Vec<FormFault>,
) {
    match &from.list {
        Some(list) if !spec.lists.contains_key(list) => say(faults, path, "list", "unknown_list", list),
        Some(_) => {}
        None => check_choices(from.options.iter().map(|c| (&c.value, &c.label)), path, faults),
    }
    let known = if top { &names.form } else { &names.row };
    if let Some(parent) = from.parent.as_ref().filter(|p| !known.contains(*p)) {
        say(faults, path, "parent", "unknown_field", parent);
    }
}

/// Fields in an order in which each comes after those it reads, by formula or as parent of its choices.
///
/// A constraint or score may read anything: it is judged when all values are known.
fn ordered(fields: &[Field], rules: &[Rules], path: &str, faults: &mut Vec<FormFault>) -> Vec<usize> {
    let index: HashMap<&str, usize> = fields.iter().enumerate().map(|(i, f)| (f.key.as_str(), i)).collect();
    let row = !path.is_empty();
    let needs: Vec<Vec<usize>> = fields
        .iter()
        .zip(rules)
        .map(|(field, rules)| {
            let formulas = [&rules.visible, &rules.calc];
            let read =
                formulas.into_iter().flatten().flat_map(|f| if row { f.reads_row() } else { f.reads() });
            let inner =
                rules.row.iter().flat_map(|r| [&r.visible, &r.calc]).flatten().flat_map(Formula::reads);
            let parent = match &field.kind {
                FieldKind::Choice { from } | FieldKind::Choices { from, .. } => from.parent.as_ref(),
                _ => None,
            };
            read.chain(inner).chain(parent).filter_map(|key| index.get(key.as_str()).copied()).collect()
        })
        .collect();
    let (mut order, mut placed) = (vec![], vec![false; fields.len()]);
    loop {
        let ready: Vec<usize> =
            (0..fields.len()).filter(|i| !placed[*i] && needs[*i].iter().all(|n| placed[*n])).collect();
        if ready.is_empty() {
            break;
        }
        for i in ready {
            placed[i] = true;
            order.push(i);
        }
    }
    for (i, field) in fields.iter().enumerate().filter(|(i, _)| !placed[*i]) {
        let part = if rules[i].calc.is_some() { "calc" } else { "visible" };
        say(faults, &path_of(path, &field.key), part, "circle", &field.key);
    }
    order
}
