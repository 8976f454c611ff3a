use std::collections::{BTreeMap, BTreeSet};

use api::{
    Access, Answer, Caller, Checks, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, Problem};
use db::{Permission, Reader, Result};
use forms::{FieldKind, FormSpec, Target};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    FormEdit, FormRecord, FormRecordRow, RecordApproval, RecordChecks, RecordForm, export, sql, submit,
    without_places,
};
use crate::store;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::VisitRead), routes!(list))
        .at(Access::May(Permission::VisitRead), routes!(one))
        .at(Access::May(Permission::TaskWrite), routes!(change))
        .at(Access::SignedIn, routes!(resubmit))
        .at(Access::May(Permission::VisitRead), routes!(export::sheet))
        .at(Access::May(Permission::VisitRead), routes!(export::text))
}

pub(super) fn parsed(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// As it is stored, places and all.
pub(super) fn whole(r: sql::Light) -> Result<FormRecordRow> {
    Ok(FormRecordRow {
        id: r.id,
        form: RecordForm {
            id: r.form_id,
            key: r.form_key,
            title: serde_json::from_str(&r.form_title).map_err(Problem::internal)?,
            number: r.number,
        },
        employee: Ref { id: r.employee_id, name: r.employee_name },
        customer: r.customer_id.zip(r.customer_name).map(|(id, name)| Ref { id, name }),
        visit_id: r.visit_id,
        day: r.day,
        filled_at: r.filled_at,
        received_at: r.received_at,
        score: r.score,
        checks: r.passed.zip(r.applicable).map(|(passed, applicable)| RecordChecks {
            passed,
            applicable,
            failed: r.failed.unwrap_or(0),
        }),
        edits: r.edits,
        approval: r.approval_id.zip(r.approval_status).map(|(id, status)| RecordApproval { id, status }),
        answers: parsed(&r.answers)?,
        version: r.version,
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RecordQuery {
    form_id: Option<Uuid>,
    /// Version of the form.
    number: Option<i64>,
    employee_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
    visit_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

/// What was filled in, newest first.
#[utoipa::path(get, path = "/form-records", tag = "forms", params(RecordQuery), responses((status = 200, body = Page<FormRecordRow>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<RecordQuery>,
) -> Answer<Page<FormRecordRow>> {
    let limit = PageQuery::rows(q.limit);
    let after = api::cursor_decode(&q.cursor)?;
    let filter = sql::Filter {
        form_id: q.form_id,
        number: q.number,
        employee_id: q.employee_id,
        customer_id: q.customer_id,
        department_id: q.department_id,
        visit_id: q.visit_id,
        day_from: q.day_from,
        day_to: q.day_to,
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let rows = rows.into_iter().map(shown).collect::<Result<Vec<FormRecordRow>>>()?;
    let mut page = Page::from_rows(rows, limit, |v: &FormRecordRow| (v.filled_at.0, v.id));
    if q.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// As a row of a list: without coordinates.
fn shown(row: sql::Light) -> Result<FormRecordRow> {
    let mut row = whole(row)?;
    without_places(&mut row.answers);
    Ok(row)
}

/// One record with its form, its pictures by id, and what it said before. Shows where a person was, so it goes to his
/// ledger.
#[utoipa::path(get, path = "/form-records/{id}", tag = "forms", params(("id" = Uuid, Path)), responses((status = 200, body = FormRecord), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<FormRecord> {
    record(&kit, &caller, id).await
}

async fn record(kit: &Kit, caller: &Caller, id: Uuid) -> Answer<FormRecord> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = whole(sql::one(&mut r, id).await?)?;
    let spec = store::spec_of(&mut r, row.form.id, row.form.number).await?;
    let edits = sql::edits(&mut r, id).await?;
    let names = names(&mut r, &spec.0, &row.answers).await?;
    drop(r);
    if row.employee.id != caller.scope.actor() {
        kit.watch.visit_shown(&caller.scope, row.employee.id, row.day).await?;
    }
    let history = edits.into_iter().map(|e| {
        let before = parsed(&e.before)?;
        Ok(FormEdit { by: Ref { id: e.by_id, name: e.by_name }, at: e.at, reason: e.reason, before })
    });
    ok(FormRecord { spec: spec.value()?, names, history: history.collect::<Result<_>>()?, row })
}

/// Names of customers and people in reach that answers refer to.
async fn names(
    r: &mut Reader,
    spec: &FormSpec,
    answers: &Map<String, Value>,
) -> Result<BTreeMap<String, String>> {
    let (customers, people) = named(spec, answers);
    let mut names = BTreeMap::new();
    for place in customers::places(r, &customers).await? {
        names.insert(place.id.to_string(), place.name);
    }
    for id in people {
        if let Ok(person) = org::person(r, id).await {
            names.insert(id.to_string(), person.name);
        }
    }
    Ok(names)
}

/// Customers and people the answers refer to.
pub(crate) fn named(spec: &FormSpec, answers: &Map<String, Value>) -> (Vec<Uuid>, Vec<Uuid>) {
    let (mut customers, mut people) = (BTreeSet::new(), BTreeSet::new());
    for (fields, row) in levels(spec, answers) {
        for field in fields {
            let id = row.get(&field.key).and_then(Value::as_str).and_then(|s| s.parse::<Uuid>().ok());
            match (&field.kind, id) {
                (FieldKind::Reference { to: Target::Customer }, Some(id)) => drop(customers.insert(id)),
                (FieldKind::Reference { to: Target::Employee }, Some(id)) => drop(people.insert(id)),
                _ => {}
            }
        }
    }
    (customers.into_iter().collect(), people.into_iter().collect())
}

/// The form with its answers, and each row of each table with the table's fields.
pub fn levels<'a>(
    spec: &'a FormSpec,
    answers: &'a Map<String, Value>,
) -> Vec<(&'a [forms::Field], &'a Map<String, Value>)> {
    let mut all: Vec<(&[forms::Field], &Map<String, Value>)> = vec![(&spec.fields, answers)];
    for field in &spec.fields {
        if let FieldKind::Table { fields, .. } = &field.kind {
            let rows = answers.get(&field.key).and_then(Value::as_array).into_iter().flatten();
            all.extend(rows.filter_map(Value::as_object).map(|row| (fields.as_slice(), row)));
        }
    }
    all
}

/// A correction.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchRecord {
    /// All answers as they are to be.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    #[schema(max_length = 200)]
    reason: String,
}

/// Corrects a record; what it said before is kept with who, when and why. Pictures can only be taken out.
#[utoipa::path(patch, path = "/form-records/{id}", tag = "forms", request_body = PatchRecord, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FormRecord), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<PatchRecord>,
) -> Answer<FormRecord> {
    Checks::new().text("reason", &patch.reason, 200).done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(
                async move { submit::correct(tx, id, version, patch.answers, patch.reason.trim()).await },
            )
        })
        .await?;
    record(&kit, &caller, id).await
}

/// Answers corrected by their author.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resubmission {
    /// All answers as they are to be.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// What was changed, for the people who decide.
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// Corrects one's own record that an approval was sent back for, and hands it in again.
#[utoipa::path(post, path = "/form-records/{id}/resubmit", tag = "forms", request_body = Resubmission, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FormRecord), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn resubmit(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(again): Json<Resubmission>,
) -> Answer<FormRecord> {
    Checks::new().at_most("reason", again.reason.as_deref(), 200).done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if !approvals::may_hand_in_again(tx, crate::approval::KIND, id).await? {
                    return Err(Problem::new(base::problem::NOT_FOUND));
                }
                let reason = again.reason.as_deref().map(str::trim).unwrap_or_default();
                submit::correct(tx, id, version, again.answers, reason).await
            })
        })
        .await?;
    record(&kit, &caller, id).await
}
