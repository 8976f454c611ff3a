use std::collections::BTreeSet;

use api::{
    Access, Answer, Caller, Checks, Failure, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State, http::HeaderMap, response::Response},
    ok, routes,
};
use base::{LocalDay, Problem, problem};
use db::{Permission, Reader, Result};
use forms::{FieldKind, FormSpec};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    FormEdit, FormRecord, FormRecordRow, RecordApproval, RecordChecks, RecordForm, export, found, sql,
    submit,
    summary::{self, FormSummary},
    without_places,
};
use crate::{Named, files, model::Purpose, store};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::VisitRead), routes!(list))
        .at(Access::May(Permission::VisitRead), routes!(summary))
        .at(Access::May(Permission::VisitRead), routes!(one))
        .at(Access::May(Permission::VisitRead), routes!(file))
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
    /// Conditions on answers, with `form_id`: a list of `FieldCondition` as JSON, all of which hold.
    filter: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

impl RecordQuery {
    fn filter(&self) -> sql::Filter {
        sql::Filter {
            form_id: self.form_id,
            number: self.number,
            employee_id: self.employee_id,
            customer_id: self.customer_id,
            department_id: self.department_id,
            visit_id: self.visit_id,
            day_from: self.day_from,
            day_to: self.day_to,
        }
    }
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
    let filter = q.filter();
    let mut r = kit.db.read(&caller.scope).await?;
    let conditions = found::conditions(&mut r, q.form_id, q.filter.as_deref()).await?;
    let rows = found::some(&mut r, &filter, &conditions, after, limit as usize + 1).await?;
    let mut page = Page::from_rows(rows, limit, |v: &FormRecordRow| (v.filled_at.0, v.id));
    for row in &mut page.items {
        without_places(&mut row.answers);
    }
    if q.count == Some(true) {
        page.total = Some(match conditions.is_empty() {
            true => sql::count(&mut r, &filter).await?,
            false => found::all(&mut r, &filter, &conditions).await?.len() as i64,
        });
    }
    ok(page)
}

/// What the answers of the records come to, question by question of the form's newest version; at most 20,000 records.
#[utoipa::path(get, path = "/form-records/summary", tag = "forms", params(RecordQuery), responses((status = 200, body = FormSummary), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn summary(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<RecordQuery>,
) -> Answer<FormSummary> {
    Checks::new().that("form_id", q.form_id.is_some()).done()?;
    let mut r = kit.db.read(&caller.scope).await?;
    let form = q.form_id.unwrap_or_default();
    let newest = store::newest(&mut r, form).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let spec = store::spec_of(&mut r, form, newest).await?.0;
    let conditions = found::conditions(&mut r, q.form_id, q.filter.as_deref()).await?;
    let rows = found::all(&mut r, &q.filter(), &conditions).await?;
    let questions = summary::summed(&spec, rows.iter().map(|row| &row.answers));
    ok(FormSummary { records: rows.len() as i64, questions })
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
    let history = history(&mut r, id).await?;
    let mut named = Named::default();
    named.add(&spec.0, &row.answers);
    let names = named.seen(&mut r).await?;
    let files = files_of(&mut r, &spec.0, &row, &history).await?;
    drop(r);
    if row.employee.id != caller.scope.actor() {
        kit.watch.visit_shown(&caller.scope, row.employee.id, row.day).await?;
    }
    ok(FormRecord { spec: spec.value()?, names, files, history, row })
}

async fn history(r: &mut Reader, record: Uuid) -> Result<Vec<FormEdit>> {
    let edits = sql::edits(r, record).await?.into_iter().map(|e| {
        let before = parsed(&e.before)?;
        Ok(FormEdit { by: Ref { id: e.by_id, name: e.by_name }, at: e.at, reason: e.reason, before })
    });
    edits.collect()
}

/// The files of a record, also those it named before: sent by its author or whoever corrected it.
async fn files_of(
    r: &mut Reader,
    spec: &FormSpec,
    row: &FormRecordRow,
    history: &[FormEdit],
) -> Result<Vec<files::FormFile>> {
    let mut ids = files::named(spec, Purpose::Step, &row.answers);
    let mut people = BTreeSet::from([row.employee.id]);
    for edit in history {
        ids.extend(files::named(spec, Purpose::Step, &edit.before));
        people.insert(edit.by.id);
    }
    files::of_record(r, &ids, &people).await
}

/// A file of a record.
#[utoipa::path(get, path = "/form-records/{id}/files/{file_id}", tag = "forms", params(("id" = Uuid, Path), ("file_id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn file(
    State(kit): State<Kit>,
    caller: Caller,
    Path((id, file_id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> std::result::Result<Response, Failure> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = whole(sql::one(&mut r, id).await?)?;
    let spec = store::spec_of(&mut r, row.form.id, row.form.number).await?;
    let history = history(&mut r, id).await?;
    let known = files_of(&mut r, &spec.0, &row, &history).await?;
    drop(r);
    let file = known.into_iter().find(|f| f.id == file_id);
    let file = file.ok_or_else(|| Problem::new(base::problem::NOT_FOUND))?;
    Ok(files::give(&kit, caller.scope.tenant(), &file, &headers).await?)
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
