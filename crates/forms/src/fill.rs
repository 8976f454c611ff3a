//! What a set of answers means: which questions show, what is computed, what is wrong, what it scores.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{
    answer,
    formula::{Formula, Names, whole},
    functions::round_to,
    publish::{Form, Rules},
    spec::{Field, FieldKind, FormSpec, Item, MAX_ROWS, Text},
};

/// What formulas may look at beside the form. `today` is the person's local day, `2027-11-19`.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub customer: Json,
    pub user: Json,
    pub task: Json,
    pub today: String,
}

/// Something wrong with one answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// `phone`, or `items[2].qty` (rows from 0).
    pub path: String,
    /// One of: `required type too_long min max places choice count rows constraint unknown_field`.
    pub code: &'static str,
    /// The limit that was passed, as text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub limit: String,
    /// The form's own sentence, for `constraint`.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub message: Text,
}

/// A form filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filled {
    /// Answers of the fields that show, computed ones among them; nothing of hidden fields.
    pub answers: Map<String, Json>,
    /// Paths of the fields that show, notes among them, in the order of the form.
    pub shown: Vec<String>,
    pub problems: Vec<Problem>,
    /// Points, when any field scores.
    pub score: Option<f64>,
    /// What the checked items bring, when there are any that show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Checks>,
}

/// Checked items summed: those that do not apply, or were not answered, count nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Checks {
    /// Weights of those that passed.
    pub passed: f64,
    /// Weights of those that passed or failed.
    pub applicable: f64,
    pub failed: u32,
}

/// Judges `given` answers against a form.
pub fn fill(form: &Form, given: &Map<String, Json>, around: &Surroundings) -> Filled {
    let mut names = Names::default();
    names.set("customer", &around.customer);
    names.set("user", &around.user);
    names.set("task", &around.task);
    names.set("today", &Json::String(around.today.clone()));
    let mut sheet = Sheet { spec: &form.spec, names, filled: Filled::default() };
    let values = sheet.level("", "form", &form.spec.fields, &form.rules, &form.order, given);
    sheet.filled.answers = answered(values);
    let place = |problem: &Problem| {
        let key = problem.path.split(['[', '.']).next().unwrap_or_default();
        form.spec.fields.iter().position(|f| f.key == key).unwrap_or(usize::MAX)
    };
    sheet.filled.problems.sort_by_key(place);
    sheet.filled
}

fn answered(values: Map<String, Json>) -> Map<String, Json> {
    values.into_iter().filter(|(_, v)| !answer::is_none(v)).collect()
}

struct Sheet<'a> {
    spec: &'a FormSpec,
    names: Names,
    filled: Filled,
}

impl Sheet<'_> {
    /// One level: the form itself (`root` is `form`) or a row of a table (`row`).
    fn level(
        &mut self,
        parent: &str,
        root: &str,
        fields: &[Field],
        rules: &[Rules],
        order: &[usize],
        given: &Map<String, Json>,
    ) -> Map<String, Json> {
        let mut values: Map<String, Json> = fields.iter().map(|f| (f.key.clone(), nothing(f))).collect();
        let mut shows = vec![false; fields.len()];
        // what the formulas see is renewed only before one runs
        let mut stale = true;
        for i in order.iter().copied() {
            let (field, rule) = (&fields[i], &rules[i]);
            let runs = rule.visible.is_some() || rule.calc.is_some() || !rule.row.is_empty();
            if runs && stale {
                self.names.set(root, &Json::Object(values.clone()));
                stale = false;
            }
            shows[i] = rule.visible.as_ref().is_none_or(|f| f.holds(&self.names));
            if !shows[i] {
                continue;
            }
            let path = path_of(parent, &field.key);
            let value = match (&rule.calc, given.get(&field.key)) {
                (Some(calc), _) => computed(&field.kind, calc, &self.names),
                (None, answer) => self.answer(&path, field, rule, answer.unwrap_or(&Json::Null), &values),
            };
            stale |= !value.is_null();
            values.insert(field.key.clone(), value);
        }
        self.names.set(root, &Json::Object(values.clone()));
        for (i, field) in fields.iter().enumerate() {
            let path = path_of(parent, &field.key);
            if shows[i] {
                self.judge(&path, field, &rules[i], &values[&field.key]);
            }
        }
        for key in given.keys().filter(|k| fields.iter().all(|f| f.key != **k)) {
            self.say(path_of(parent, key), "unknown_field", String::new());
        }
        values
    }

    /// An answer as it is kept; null when there is none or it cannot be used.
    fn answer(
        &mut self,
        path: &str,
        field: &Field,
        rules: &Rules,
        given: &Json,
        values: &Map<String, Json>,
    ) -> Json {
        if answer::is_none(given) {
            return nothing(field);
        }
        if let FieldKind::Table { max, fields, .. } = &field.kind {
            return self.rows(path, fields, rules, given, max.unwrap_or(MAX_ROWS));
        }
        match answer::accept(self.spec, &field.kind, given, values) {
            Ok(value) => value,
            Err((code, limit)) => {
                self.say(path.to_owned(), code, limit);
                nothing(field)
            }
        }
    }

    fn rows(&mut self, path: &str, fields: &[Field], rules: &Rules, given: &Json, max: u32) -> Json {
        let Some(rows) = given.as_array() else {
            self.say(path.to_owned(), "type", String::new());
            return Json::Array(vec![]);
        };
        if rows.len() > max as usize {
            self.say(path.to_owned(), "rows", max.to_string());
            return Json::Array(vec![]);
        }
        let mut kept = vec![];
        for (n, row) in rows.iter().enumerate() {
            let place = format!("{path}[{n}]");
            match row.as_object() {
                Some(row) => {
                    let values = self.level(&place, "row", fields, &rules.row, &rules.row_order, row);
                    // formulas over the table see every field, answered or not
                    kept.push(Json::Object(values));
                }
                None => self.say(place, "type", String::new()),
            }
        }
        self.names.set("row", &Json::Null);
        Json::Array(kept)
    }

    fn judge(&mut self, path: &str, field: &Field, rules: &Rules, value: &Json) {
        self.filled.shown.push(path.to_owned());
        if matches!(field.kind, FieldKind::Note) {
            return;
        }
        if let FieldKind::Check(item) = &field.kind {
            self.check(path, item, value);
        }
        let wrong = self.filled.problems.iter().any(|p| p.path == path);
        let few = match &field.kind {
            FieldKind::Table { min, .. } => min.map(|min| ("rows", min)),
            FieldKind::Photo { min, .. } | FieldKind::Choices { min, .. } => min.map(|min| ("count", min)),
            _ => None,
        };
        let needed = rules.required.as_ref().is_some_and(|f| f.holds(&self.names));
        let length = value.as_array().map_or(0, Vec::len);
        if answer::is_none(value) && !wrong {
            if needed {
                self.say(path.to_owned(), "required", String::new());
            }
        } else if let Some((code, min)) = few.filter(|(_, min)| length < *min as usize && !wrong) {
            self.say(path.to_owned(), code, min.to_string());
        }
        if let Some(formula) = rules.constraint.as_ref().filter(|_| !answer::is_none(value))
            && !formula.holds(&self.names)
        {
            let message = field.constraint.as_ref().map(|c| c.message.clone()).unwrap_or_default();
            let limit = String::new();
            self.filled.problems.push(Problem { path: path.to_owned(), code: "constraint", limit, message });
        }
        if let Some(points) = rules.score.as_ref().and_then(|f| f.run(&self.names)).and_then(|v| v.as_f64()) {
            self.filled.score = Some(round_to(self.filled.score.unwrap_or(0.0) + points, 6));
        } else if rules.score.is_some() {
            self.filled.score.get_or_insert(0.0);
        }
    }

    /// What an item lacks, and what it brings.
    fn check(&mut self, path: &str, item: &Item, value: &Json) {
        let mut sum = self.filled.checks.unwrap_or_default();
        let part = |name: &str| value.get(name).filter(|v| !answer::is_none(v));
        let result = part("result").and_then(Json::as_str);
        match result {
            Some("pass") => {
                sum.passed = round_to(sum.passed + item.weight, 6);
                sum.applicable = round_to(sum.applicable + item.weight, 6);
            }
            Some("fail") => {
                sum.applicable = round_to(sum.applicable + item.weight, 6);
                sum.failed += 1;
            }
            _ => {}
        }
        self.filled.checks = Some(sum);
        if value.is_object() && result.is_none() {
            self.say(path.to_owned(), "required", String::new());
        }
        if item.measure.is_some() && matches!(result, Some("pass" | "fail")) && part("value").is_none() {
            self.say(format!("{path}.value"), "required", String::new());
        }
        if result == Some("fail") {
            if item.remark && part("remark").and_then(Json::as_str).is_none_or(|r| r.trim().is_empty()) {
                self.say(format!("{path}.remark"), "required", String::new());
            }
            let photos = part("photos").and_then(Json::as_array).map_or(0, Vec::len);
            if photos < item.photos as usize {
                self.say(format!("{path}.photos"), "count", item.photos.to_string());
            }
        }
    }

    fn say(&mut self, path: String, code: &'static str, limit: String) {
        self.filled.problems.push(Problem { path, code, limit, message: Text::new() });
    }
}

/// What an unanswered field is to formulas: an empty list where the answer is a list, so that they can count and
/// walk it.
fn nothing(field: &Field) -> Json {
    match field.kind {
        FieldKind::Table { .. }
        | FieldKind::Choices { .. }
        | FieldKind::Photo { .. }
        | FieldKind::File { .. } => Json::Array(vec![]),
        _ => Json::Null,
    }
}

fn path_of(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

/// The value of a computed field, rounded as the field says; nothing when it is not of the field's kind.
fn computed(kind: &FieldKind, calc: &Formula, names: &Names) -> Json {
    let value = calc.run(names).unwrap_or(Json::Null);
    match (kind, &value) {
        (FieldKind::Number { places, .. }, Json::Number(n)) => {
            n.as_f64().map_or(Json::Null, |n| whole(round_to(n, u32::from(*places))))
        }
        (FieldKind::Text { .. } | FieldKind::Date, Json::String(_)) | (FieldKind::YesNo, Json::Bool(_)) => {
            value
        }
        _ => Json::Null,
    }
}
