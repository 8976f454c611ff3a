//! Records of an object summed up: how many there are of each group, and what a number of theirs comes to. The same
//! filters, the same reach as the list; on the screen and as a file.

use std::collections::BTreeMap;

use api::{
    Answer, Caller, Failure, Kit, Path, Query,
    axum::{
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
    ok,
};
use base::{Problem, problem, problem::Lang};
use custom::{
    cells::{harmless, said},
    filter,
    values::{Compared, compared},
};
use db::{Reader, Result};
use forms::{Field, FieldKind, FormSpec};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sql::{self, Filter};
use crate::definition;

/// Most groups of one report.
const MOST: i64 = 500;

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportQuery {
    /// owner, department, month, approval, or the key of a field of words, days or references.
    group: String,
    /// Key of a field of numbers that is summed; absent: records are only counted.
    sum: Option<String>,
    q: Option<String>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<base::LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<base::LocalDay>,
    /// Conditions on fields, as for the list.
    filter: Option<String>,
}

/// A group of records.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReportGroup {
    /// The value of the field, an id, or a month (`2027-03`); empty: not answered.
    key: String,
    /// As people read it.
    label: String,
    /// A record with several values of the field counts in each of them.
    count: i64,
    /// Of the records that answered; null when none did, or nothing is summed.
    sum: Option<f64>,
    /// How many of them answered.
    answered: i64,
}

/// Records summed up by group, largest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectReport {
    groups: Vec<ReportGroup>,
    /// There are more groups than are shown.
    truncated: bool,
    /// Records the filters find; each counts once.
    records: i64,
}

const OURS: [&str; 4] = ["owner", "department", "month", "approval"];

/// What is asked, held against the fields.
struct Asked<'a> {
    group: &'a str,
    of: Option<&'a Field>,
    sum: Option<&'a str>,
    filter: Filter,
}

impl ReportQuery {
    fn read<'a>(&'a self, spec: &'a FormSpec) -> Result<Asked<'a>> {
        let bad = |at: &str| Problem::new(problem::INVALID).with("reason", at).field(at, problem::BAD_VALUE);
        let named = |key: &str| spec.fields.iter().find(|f| f.key == key);
        // Every number would be a group of its own.
        let words = |f: &&Field| matches!(compared(&f.kind), Some(Compared::Text | Compared::Word));
        let of = named(&self.group).filter(words);
        if of.is_none() && !OURS.contains(&self.group.as_str()) {
            return Err(bad("group"));
        }
        let number = |f: &&Field| compared(&f.kind) == Some(Compared::Number);
        if self.sum.as_deref().is_some_and(|key| named(key).filter(number).is_none()) {
            return Err(bad("sum"));
        }
        let filter = Filter {
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            employee_id: self.employee_id,
            department_id: self.department_id,
            day_from: self.day_from,
            day_to: self.day_to,
            conditions: filter::read("filter", self.filter.as_deref(), spec)?,
        };
        Ok(Asked { group: &self.group, of, sum: self.sum.as_deref(), filter })
    }
}

async fn made(kit: &Kit, caller: &Caller, key: &str, asked: &ReportQuery) -> Result<(ObjectReport, String)> {
    let mut r = kit.db.read(&caller.scope).await?;
    let used = definition::used(&mut r, key).await?;
    let spec = formbook::spec_of(&mut r, used.row.id, used.number).await?.0;
    let a = asked.read(&spec)?;
    let by = if a.of.is_some() { "field" } else { a.group };
    let of = sql::Grouping { by, field: a.of.map(|f| f.key.as_str()), sum: a.sum };
    let mut rows = sql::groups(&mut r, used.row.id, used.may.read, &a.filter, &of, MOST + 1).await?;
    let truncated = rows.len() as i64 > MOST;
    rows.truncate(MOST as usize);
    let names = names(&mut r, a.of, &rows).await?;
    let records = sql::count(&mut r, used.row.id, used.may.read, &a.filter).await?;
    let lang = caller.lang;
    let group = |row: sql::GroupRow| ReportGroup {
        label: label(&spec, a.of, a.group, &row, &names, lang),
        key: key_of(a.group, row.gid, &row.word),
        count: row.n,
        sum: row.total.filter(|_| a.sum.is_some() && row.answered > 0),
        answered: if a.sum.is_some() { row.answered } else { 0 },
    };
    let head = a.of.map_or_else(|| ours(a.group, lang).to_owned(), |f| said(&f.label, lang));
    Ok((ObjectReport { groups: rows.into_iter().map(group).collect(), truncated, records }, head))
}

/// Names of what a field of references groups by, as far as the reader may see them.
async fn names(
    r: &mut Reader,
    of: Option<&Field>,
    rows: &[sql::GroupRow],
) -> Result<BTreeMap<String, String>> {
    let Some(FieldKind::Reference { to }) = of.map(|f| &f.kind) else { return Ok(BTreeMap::new()) };
    let mut named = formbook::Named::default();
    rows.iter().filter_map(|row| row.word.parse().ok()).for_each(|id| named.insert(*to, id));
    named.seen(r).await
}

/// An id, a month as `2027-03`, or the value itself.
fn key_of(group: &str, id: Option<Uuid>, word: &str) -> String {
    match (id, word.split_at_checked(4)) {
        (Some(id), _) => id.to_string(),
        (None, Some((year, month))) if group == "month" => format!("{year}-{month}"),
        _ => word.to_owned(),
    }
}

fn ours(group: &str, lang: Lang) -> &'static str {
    let (zh, en) = match group {
        "owner" => ("负责人", "Owner"),
        "department" => ("部门", "Department"),
        "month" => ("月份", "Month"),
        _ => ("审批", "Approval"),
    };
    if lang == Lang::Zh { zh } else { en }
}

fn label(
    spec: &FormSpec,
    of: Option<&Field>,
    group: &str,
    row: &sql::GroupRow,
    names: &BTreeMap<String, String>,
    lang: Lang,
) -> String {
    let word = |zh: &str, en: &str| if lang == Lang::Zh { zh } else { en }.to_owned();
    if row.word.is_empty() {
        return word("未填写", "Not answered");
    }
    match (of.map(|f| &f.kind), row.word.as_str()) {
        (Some(FieldKind::Choice { from } | FieldKind::Choices { from, .. }), key) => {
            let known = spec.choices(from).iter().find(|c| c.value == key);
            known.map_or_else(|| key.to_owned(), |c| said(&c.label, lang))
        }
        (Some(FieldKind::YesNo), "true") => word("是", "Yes"),
        (Some(FieldKind::YesNo), _) => word("否", "No"),
        (Some(FieldKind::Reference { .. }), key) => {
            names.get(key).cloned().unwrap_or_else(|| word("看不到的记录", "Out of sight"))
        }
        (None, key) if group == "approval" => super::export::standing(key, lang).to_owned(),
        (None, _) if group == "month" => key_of(group, None, &row.word),
        _ => row.word.clone(),
    }
}

/// Records of an object by group: counted, and a number of theirs summed.
#[utoipa::path(get, path = "/objects/{key}/report", tag = "objects", params(("key" = String, Path), ReportQuery), responses((status = 200, body = ObjectReport), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn report(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<ReportQuery>,
) -> Answer<ObjectReport> {
    ok(made(&kit, &caller, &key, &asked).await?.0)
}

/// The same as text, in UTF-8 with the mark by which Excel knows it. Every export stands in the trail.
#[utoipa::path(get, path = "/objects/{key}/report.csv", tag = "objects", params(("key" = String, Path), ReportQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<ReportQuery>,
) -> std::result::Result<Response, Failure> {
    let (report, head) = made(&kit, &caller, &key, &asked).await?;
    let bytes = table(&report, &head, asked.sum.is_some(), caller.lang).map_err(Problem::internal)?;
    let facts = json!({ "object": key, "format": "csv", "rows": report.groups.len(), "report": asked });
    let object = key.clone();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = definition::used(tx, &object).await?.row.id;
                tx.audit("object_record.export", "object", id, facts).await
            })
        })
        .await?;
    let name = format!("attachment; filename=\"tashi-{key}-report.csv\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        bytes,
    )
        .into_response())
}

fn table(
    report: &ObjectReport,
    head: &str,
    summed: bool,
    lang: Lang,
) -> std::result::Result<Vec<u8>, csv::Error> {
    let word = |zh: &str, en: &str| if lang == Lang::Zh { zh } else { en }.to_owned();
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let mut heads = vec![harmless(head), word("记录数", "Records")];
    if summed {
        heads.extend([word("合计", "Sum"), word("平均", "Mean")]);
    }
    writer.write_record(heads)?;
    for g in &report.groups {
        let mut cells = vec![harmless(&g.label), g.count.to_string()];
        if summed {
            let mean = g.sum.map(|s| s / g.answered as f64);
            cells.extend(
                [g.sum, mean].map(|n| n.map(|n| format!("{:.6}", n)).map(trimmed).unwrap_or_default()),
            );
        }
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

/// Without noughts at the end.
fn trimmed(number: String) -> String {
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}
