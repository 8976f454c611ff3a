//! What a company asks of a noun of ours, and one answer sheet to it.

use base::{Problem, problem::Lang};
use db::{Query, Result};
use forms::{Field, Form, FormSpec, Surroundings};
use serde_json::{Map, Value};

use crate::{
    cells::{Cell, cell, said},
    filter::{self, Condition},
    judge::{compiled, refused},
    noun::Noun,
    sheet, sql,
    values::{Item, items, search_text},
};

/// The fields of a noun in force; none while nothing was published, or when they are retired.
#[derive(Debug, Default)]
pub struct Fields {
    form: Option<Form>,
    none: FormSpec,
}

/// Answers as they are stored and found.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// By field key, also those to fields that are not in force.
    pub answers: Map<String, Value>,
    /// What searching looks through.
    pub(crate) words: String,
    pub(crate) items: Vec<Item>,
}

impl Fields {
    /// # Errors
    /// When the store cannot be read.
    pub async fn in_force(q: &mut impl Query, noun: Noun) -> Result<Fields> {
        Ok(match sql::newest(q, noun.key()).await? {
            Some(row) => Fields::of(serde_json::from_str(&row.spec).map_err(Problem::internal)?)?,
            None => Fields::default(),
        })
    }

    /// # Errors
    /// For a spec that was never published.
    pub fn of(spec: FormSpec) -> Result<Fields> {
        Ok(Fields { form: Some(compiled(spec)?), none: FormSpec::default() })
    }

    pub fn spec(&self) -> &FormSpec {
        self.form.as_ref().map_or(&self.none, |f| &f.spec)
    }

    /// As JSON.
    ///
    /// # Errors
    /// Internal only.
    pub fn value(&self) -> Result<Value> {
        serde_json::to_value(self.spec()).map_err(Problem::internal)
    }

    pub fn is_empty(&self) -> bool {
        self.form.is_none()
    }

    /// The fields a sheet may say: those that are not worked out.
    pub fn asked(&self) -> impl Iterator<Item = &Field> {
        self.spec().fields.iter().filter(|f| f.calc.is_none())
    }

    /// Answers with some given anew; null takes one out. `fresh`: of something that is made just now, which owes all
    /// that is required. `today` is the company's day.
    ///
    /// # Errors
    /// `form.answers`, its fields under `custom.`.
    pub fn accept(
        &self,
        before: &Map<String, Value>,
        given: &Map<String, Value>,
        today: &str,
        fresh: bool,
    ) -> Result<Kept> {
        let around = Surroundings { today: today.to_owned(), ..Surroundings::default() };
        let Some(form) = &self.form else {
            return match given.keys().next() {
                None => Ok(self.kept(before.clone())),
                Some(key) => Err(unknown(key)),
            };
        };
        let known = |key: &String| form.spec.fields.iter().any(|f| f.key == *key);
        let stood: Map<String, Value> =
            before.iter().filter(|(k, _)| known(k)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let mut next = stood.clone();
        for (key, value) in given {
            if value.is_null() && known(key) {
                next.remove(key);
            } else {
                next.insert(key.clone(), value.clone());
            }
        }
        let was = if fresh { vec![] } else { forms::fill(form, &stood, &around).problems };
        let mut filled = forms::fill(form, &next, &around);
        let key_of = |p: &forms::Problem| p.path.split(['[', '.']).next().unwrap_or_default().to_owned();
        let stays = |p: &forms::Problem| {
            let key = key_of(p);
            next.get(&key) == stood.get(&key) && was.iter().any(|w| w.path == p.path && w.code == p.code)
        };
        let (tolerated, wrong): (Vec<_>, Vec<_>) = filled.problems.drain(..).partition(stays);
        if !wrong.is_empty() {
            let mut problem = refused(&form.spec, &wrong);
            problem.fields.iter_mut().for_each(|f| f.field = format!("custom.{}", f.field));
            return Err(problem);
        }
        let mut answers: Map<String, Value> =
            before.iter().filter(|(k, _)| !known(k)).map(|(k, v)| (k.clone(), v.clone())).collect();
        answers.extend(filled.answers);
        for key in tolerated.iter().map(key_of) {
            if let Some(value) = stood.get(&key) {
                answers.insert(key, value.clone());
            }
        }
        Ok(self.kept(answers))
    }

    /// Answers out of the cells of a row. `cell` gives the text under a field's key.
    pub fn answers_in<'a>(&self, cell: impl Fn(&str) -> Option<&'a str>) -> Map<String, Value> {
        let spec = self.spec();
        let said = self.asked().filter_map(|f| Some((f, cell(&f.key)?)));
        said.map(|(f, text)| (f.key.clone(), sheet::answer(spec, f, text))).collect()
    }

    /// The headings of their columns in a file.
    pub fn heads(&self, lang: Lang) -> impl Iterator<Item = String> + '_ {
        self.spec().fields.iter().map(move |f| said(&f.label, lang))
    }

    /// Answers as they stand in those columns.
    pub fn cells<'a>(
        &'a self,
        answers: &'a Map<String, Value>,
        lang: Lang,
    ) -> impl Iterator<Item = Cell> + 'a {
        let spec = self.spec();
        spec.fields.iter().map(move |f| cell(spec, f, answers.get(&f.key), &Default::default(), lang))
    }

    /// # Errors
    /// `input.invalid` at `custom` for what are no conditions on these fields.
    pub fn conditions(&self, text: Option<&str>) -> Result<Vec<Condition>> {
        filter::read("custom", text, self.spec())
    }

    fn kept(&self, answers: Map<String, Value>) -> Kept {
        let spec = self.spec();
        let (mut words, mut found) = (search_text(spec, &answers, ""), items(spec, &answers));
        // A field that is withdrawn may come back, and finds its answers then as it left them.
        for (key, value) in answers.iter().filter(|(k, _)| spec.fields.iter().all(|f| f.key != **k)) {
            found.extend(withdrawn(key, value));
            if let Some(text) = value.as_str() {
                words.push(' ');
                words.push_str(&text.to_lowercase());
            }
        }
        Kept { words, items: found, answers }
    }
}

/// The values of a field that is not in force, by what they are.
fn withdrawn(key: &str, value: &Value) -> Vec<Item> {
    let values = match value {
        Value::Array(several) => several.iter().collect(),
        one => vec![one],
    };
    let item = |(place, value): (usize, &Value)| {
        let text = match value {
            Value::String(text) => Some(text.chars().take(200).collect()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        };
        let number = value.as_f64();
        let known = text.is_some() || number.is_some();
        known.then(|| Item { field: key.to_owned(), place: place as i64, text, number, target: None })
    };
    values.into_iter().enumerate().filter_map(item).collect()
}

fn unknown(key: &str) -> Problem {
    let told = forms::Problem {
        path: key.to_owned(),
        code: "unknown_field",
        limit: String::new(),
        message: crate::Text::new(),
    };
    let mut problem = refused(&FormSpec::default(), &[told]);
    problem.fields.iter_mut().for_each(|f| f.field = format!("custom.{}", f.field));
    problem
}

/// Keys whose answers differ. Of people the trail tells these and not the answers: it outlives a person's wish to be gone.
pub fn changed(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter(|k| before.get(*k) != after.get(*k)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(spec: Value) -> Fields {
        Fields::of(serde_json::from_value(spec).unwrap()).unwrap()
    }

    fn first() -> Fields {
        fields(json!({ "title": { "en": "t" }, "fields": [
            { "key": "metres", "type": "number", "places": 1, "min": 0.0, "max": 99.0, "label": { "en": "m" } },
            { "key": "kind", "type": "choice", "label": { "en": "k" }, "options": [{ "value": "a", "label": { "zh-CN": "甲" } }, { "value": "b", "label": { "zh-CN": "乙" } }] },
            { "key": "memo", "type": "text", "label": { "en": "n" } }] }))
    }

    /// `memo` withdrawn, the choice `a` gone, `year` new and required.
    fn second() -> Fields {
        fields(json!({ "title": { "en": "t" }, "fields": [
            { "key": "metres", "type": "number", "places": 1, "min": 0.0, "max": 9.0, "label": { "en": "m" } },
            { "key": "kind", "type": "choice", "label": { "en": "k" }, "options": [{ "value": "b", "label": { "zh-CN": "乙" } }] },
            { "key": "year", "type": "number", "label": { "en": "y" }, "required": "true" }] }))
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn told(problem: Problem) -> Vec<String> {
        problem.fields.into_iter().map(|f| f.field).collect()
    }

    #[test]
    fn old_answers_stay_when_fields_change() {
        let none = Map::new();
        let begun = map(json!({ "metres": 40, "kind": "a", "memo": "角落" }));
        let old = first().accept(&none, &begun, "2027-03-08", true).unwrap().answers;
        assert_eq!(old, begun);
        // Something else is changed: what does not fit any more stays, and so does what was withdrawn.
        let kept = second().accept(&old, &map(json!({ "year": 2020 })), "2027-03-08", false).unwrap();
        assert_eq!(
            Value::Object(kept.answers.clone()),
            json!({ "memo": "角落", "metres": 40, "kind": "a", "year": 2020 })
        );
        // What is given anew has to fit.
        let refused = second().accept(&old, &map(json!({ "metres": 41 })), "2027-03-08", false).unwrap_err();
        assert_eq!(told(refused), ["custom.metres"]);
        // Nothing given: nothing is asked, though the year is missing.
        assert_eq!(second().accept(&old, &none, "2027-03-08", false).unwrap().answers, old);
        // Made just now, it owes the year.
        assert_eq!(told(second().accept(&none, &none, "2027-03-08", true).unwrap_err()), ["custom.year"]);
        // Taken out.
        let kept =
            second().accept(&kept.answers, &map(json!({ "metres": null })), "2027-03-08", false).unwrap();
        assert_eq!(kept.answers.get("metres"), None);
        // It is found under the version without it, for the day it comes back.
        assert!(kept.items.iter().any(|i| i.field == "memo" && i.text.as_deref() == Some("角落")));
        // Back to the first version: the withdrawn answer is found again.
        let back = first().accept(&kept.answers, &none, "2027-03-08", false).unwrap();
        assert!(back.words.contains("角落"), "{}", back.words);
    }

    #[test]
    fn fields_that_are_none_are_refused() {
        let given = map(json!({ "nope": 1 }));
        assert_eq!(
            told(first().accept(&Map::new(), &given, "2027-03-08", false).unwrap_err()),
            ["custom.nope"]
        );
        assert_eq!(
            told(Fields::default().accept(&Map::new(), &given, "2027-03-08", false).unwrap_err()),
            ["custom.nope"]
        );
        assert_eq!(
            told(
                first().accept(&Map::new(), &map(json!({ "nope": null })), "2027-03-08", false).unwrap_err()
            ),
            ["custom.nope"]
        );
    }

    #[test]
    fn cells_are_read_by_label() {
        let cells = |key: &str| match key {
            "metres" => Some("3.5"),
            "kind" => Some("乙"),
            _ => None,
        };
        assert_eq!(Value::Object(first().answers_in(cells)), json!({ "metres": 3.5, "kind": "b" }));
    }
}
