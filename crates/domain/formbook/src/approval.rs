//! Records as something to be approved.

use std::collections::BTreeMap;

use approvals::{Line, Matter, SubjectField, SubjectLine, SubjectOption, Subjects};
use base::Problem;
use db::{BoxFuture, Reader, Result, Tx};
use forms::{Field, FieldKind, FormSpec, Surroundings};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Named,
    model::{Spec, Text},
    records, sql, store,
};

/// The kind of cases records are.
pub(crate) const KIND: &str = "form";
/// Answers shown in lists of cases.
const MOST_LINES: usize = 4;

/// Tells flows which forms there are.
pub struct FormSubjects;

impl Subjects for FormSubjects {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn all<'a>(&'a self, r: &'a mut Reader) -> BoxFuture<'a, Result<Vec<SubjectLine>>> {
        Box::pin(async move {
            let usable = sql::all(r).await?.into_iter().filter(|f| f.published.is_some() && !f.retired);
            let line = |f: sql::FormRow| {
                let title: Text = serde_json::from_str(&f.title).map_err(Problem::internal)?;
                Ok(SubjectLine { kind: KIND.into(), id: f.id, title })
            };
            usable.map(line).collect()
        })
    }

    fn fields<'a>(&'a self, r: &'a mut Reader, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<SubjectField>>>> {
        Box::pin(subject_fields(r, id))
    }
}

/// Fields of the newest version of a form, whatever it is for.
///
/// # Errors
/// When the store cannot be read.
pub async fn subject_fields(r: &mut Reader, form: Uuid) -> Result<Option<Vec<SubjectField>>> {
    let Some(newest) = store::newest(r, form).await? else { return Ok(None) };
    let spec = store::spec_of(r, form, newest).await?;
    let asked = spec.0.fields.iter().filter(|f| !matches!(f.kind, FieldKind::Note));
    Ok(Some(asked.map(|field| subject_field(&spec.0, field)).collect()))
}

fn subject_field(spec: &FormSpec, field: &Field) -> SubjectField {
    let kind = match &field.kind {
        FieldKind::Reference { to: forms::Target::Employee } => "employee".into(),
        kind => {
            match serde_json::to_value(kind).ok().as_ref().and_then(|v| v.get("type")).and_then(Value::as_str)
            {
                Some(kind) => kind.to_owned(),
                None => String::new(),
            }
        }
    };
    let options = match &field.kind {
        FieldKind::Choice { from } | FieldKind::Choices { from, .. } => spec.choices(from),
        _ => &[],
    };
    let option = |c: &forms::Choice| SubjectOption { value: c.value.clone(), label: c.label.clone() };
    SubjectField {
        key: field.key.clone(),
        label: field.label.clone(),
        kind,
        options: options.iter().map(option).collect(),
    }
}

/// Something filled in, to be approved.
#[derive(Debug)]
pub struct FilledIn<'a> {
    pub kind: &'static str,
    pub form: Uuid,
    /// Version of the form.
    pub number: i64,
    pub record: Uuid,
    pub title: Text,
    pub requester: Uuid,
    pub answers: &'a str,
    /// Shown with the answers, under names of its own.
    pub beside: Map<String, Value>,
}

/// Hands in what was filled in, as it stands in the store. `around` is what its own formulas looked at.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn hand_in(tx: &mut Tx, f: FilledIn<'_>, around: &Surroundings) -> Result<()> {
    let spec = store::spec_of(tx, f.form, f.number).await?;
    let mut shown: Map<String, Value> = serde_json::from_str(f.answers).map_err(Problem::internal)?;
    // Where somebody stood stays with the record alone.
    records::without_places(&mut shown);
    let mut content = f.beside;
    content.insert("names".into(), json!(names(tx, &spec.0, &shown).await?));
    content.insert("spec".into(), spec.value()?);
    content.insert("answers".into(), Value::Object(shown.clone()));
    let matter = Matter {
        kind: f.kind,
        subject: f.form,
        record: f.record,
        title: f.title,
        requester: f.requester,
        customer: around.customer.clone(),
        task: around.task.clone(),
        today: around.today.clone(),
        summary: summary(&spec.0, &shown),
        // Formulas know every field, answered or not.
        form: every(&spec, shown),
        content: Value::Object(content),
    };
    approvals::hand_in(tx, matter).await.map(drop)
}

/// Hands a record in.
pub(crate) async fn hand_in_record(tx: &mut Tx, record: Uuid, around: &Surroundings) -> Result<()> {
    let row = records::any(tx, record).await?;
    let title: Text = serde_json::from_str(&row.form_title).map_err(Problem::internal)?;
    let customer = row.customer_name.as_deref();
    let filled = FilledIn {
        kind: KIND,
        form: row.form_id,
        number: row.number,
        record,
        title: title.into_iter().map(|(lang, t)| (lang, headed(t, customer))).collect(),
        requester: row.employee_id,
        answers: &row.answers,
        beside: Map::from_iter([("customer".to_owned(), json!(customer))]),
    };
    hand_in(tx, filled, around).await
}

/// What was filled in outside visits has no customer.
fn headed(title: String, customer: Option<&str>) -> String {
    match customer {
        Some(customer) => format!("{title} · {customer}"),
        None => title,
    }
}

fn every(spec: &Spec, answers: Map<String, Value>) -> Map<String, Value> {
    let mut all: Map<String, Value> = spec.0.fields.iter().map(|f| (f.key.clone(), Value::Null)).collect();
    all.extend(answers);
    all
}

/// Names of what the answers refer to: whoever decides need not know the customers.
async fn names(
    tx: &mut Tx,
    spec: &FormSpec,
    answers: &Map<String, Value>,
) -> Result<BTreeMap<String, String>> {
    let mut named = Named::default();
    named.add(spec, answers);
    named.all(tx).await
}

/// The first answers that fit on a line.
fn summary(spec: &FormSpec, answers: &Map<String, Value>) -> Vec<Line> {
    let lines = spec.fields.iter().filter_map(|field| {
        let value = answers.get(&field.key)?;
        Some(Line { label: field.label.clone(), value: said(spec, field, value)? })
    });
    lines.take(MOST_LINES).collect()
}

fn said(spec: &FormSpec, field: &Field, value: &Value) -> Option<Text> {
    let both = |zh: &str, en: &str| {
        Text::from([("zh-CN".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())])
    };
    let plain = |text: String| Some(Text::from([("zh-CN".to_owned(), text)]));
    match &field.kind {
        FieldKind::Check(_) => Some(match value["result"].as_str()? {
            "pass" => both("合格", "Pass"),
            "fail" => both("不合格", "Fail"),
            _ => both("不适用", "Does not apply"),
        }),
        FieldKind::YesNo => Some(if value.as_bool()? { both("是", "Yes") } else { both("否", "No") }),
        FieldKind::Number { unit, .. } if !unit.is_empty() => {
            Some(unit.iter().map(|(lang, unit)| (lang.clone(), format!("{value} {unit}"))).collect())
        }
        FieldKind::Number { .. } | FieldKind::Rating { .. } => plain(value.to_string()),
        FieldKind::Choice { from } => {
            let chosen = value.as_str()?;
            spec.choices(from).iter().find(|c| c.value == chosen).map(|c| c.label.clone())
        }
        FieldKind::Text { .. } => plain(value.as_str()?.chars().take(60).collect()),
        FieldKind::Date | FieldKind::Time | FieldKind::DateTime => plain(value.as_str()?.to_owned()),
        _ => None,
    }
}
