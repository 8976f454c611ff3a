use std::sync::Arc;

use api::{Access, Answer, Caller, Failure, Kit, Path, Query, Routes, axum, ok, routes};
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{Problem, problem, problem::Lang};
use db::{Permission, Result, Scope};
use ledger::{Issued, Ledger, issued_id};
use serde::Deserialize;
use track::statement::{Export, Statement, csv};
use tracking::Looked;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{MileageMonth, Month, month, service};
use crate::Insight;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(team))
        .at(Access::May(Permission::ReportRead), routes!(one))
        .at(Access::May(Permission::ReportRead), routes!(one_csv))
        .at(Access::May(Permission::ReportRead), routes!(one_pdf))
        .at(Access::May(Permission::TrackRead), routes!(one_export))
        .at(Access::May(Permission::TrackRead), routes!(one_bundle))
        .at(Access::SignedIn, routes!(own))
        .at(Access::SignedIn, routes!(own_csv))
        .at(Access::SignedIn, routes!(own_pdf))
        .at(Access::SignedIn, routes!(own_export))
        .at(Access::SignedIn, routes!(own_bundle))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MonthFilter {
    /// `yyyy-mm`; this month when left out.
    month: Option<String>,
    department_id: Option<Uuid>,
}

/// A month in an address; one that is no month answers like an unknown address.
fn month_of(text: &str) -> Result<Month> {
    Month::parse(text).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Counted kilometres of everybody in reach in a month. Reading is written into each person's ledger.
#[utoipa::path(get, path = "/reports/mileage", tag = "report", params(MonthFilter), responses((status = 200, body = MileageMonth), (status = 422, body = api::ProblemDocument)))]
async fn team(
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<MonthFilter>,
) -> Answer<MileageMonth> {
    let wanted = match &f.month {
        Some(text) => Month::parse(text).ok_or_else(|| {
            Problem::new(problem::INVALID).with("reason", "month").field("month", problem::BAD_VALUE)
        })?,
        None => {
            let zone = insight.tracking().zone(caller.scope.tenant()).await?;
            Month::of(insight.db().now().local_day(&zone))
        }
    };
    let made = month::month(&insight, &caller.scope, wanted, f.department_id).await?;
    let people = made.rows.iter().map(|r| r.employee.id);
    insight.tracking().look(&caller.scope, Looked::Mileage, people, wanted.first).await?;
    ok(made)
}

/// The export of somebody in reach; written into his ledger first.
async fn looked_at(insight: &Insight, kit: &Kit, caller: &Caller, of: (Uuid, String)) -> Result<Export> {
    let month = month_of(&of.1)?;
    let person = org::person(&mut kit.db.read(&caller.scope).await?, of.0).await?;
    insight.tracking().look(&caller.scope, Looked::Mileage, [person.id], month.first).await?;
    service::export(insight, caller.scope.tenant(), &person, month).await
}

/// One's own export.
async fn of_own(insight: &Insight, kit: &Kit, scope: &Scope, month: &str) -> Result<Export> {
    let (month, scope) = (month_of(month)?, scope.own());
    let person = org::person(&mut kit.db.read(&scope).await?, scope.actor()).await?;
    service::export(insight, scope.tenant(), &person, month).await
}

fn json(statement: &Statement) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], statement.json()).into_response()
}

/// A file to be saved under a name made of person and month.
fn file(bytes: Vec<u8>, kind: &'static str, name: &str, ending: &str) -> Response {
    let name = format!("attachment; filename=\"tashi-mileage-{name}.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

/// Short name of a statement in a file name: letters of a person's name need not be possible in one.
fn short(statement: &Statement) -> String {
    let id = statement.person.id.simple().to_string();
    format!("{}-{}", statement.month, &id[id.len() - 8..])
}

fn as_csv(statement: &Statement, caller: &Caller) -> Response {
    file(csv(statement, caller.lang), "text/csv; charset=utf-8", &short(statement), "csv")
}

async fn printed(statement: Statement, lang: Lang) -> Result<Vec<u8>> {
    let bytes = tokio::task::spawn_blocking(move || paper::statement(&statement, lang)).await;
    bytes.map_err(Problem::internal)?.map_err(Problem::internal)
}

async fn as_pdf(statement: Statement, caller: &Caller) -> Result<Response> {
    let name = short(&statement);
    Ok(file(printed(statement, caller.lang).await?, "application/pdf", &name, "pdf"))
}

/// Statement and export as files of a bundle that the company's log names.
async fn as_bundle(
    ledger: &Ledger,
    kit: &Kit,
    scope: &Scope,
    lang: Lang,
    export: Export,
) -> Result<Response> {
    let person = org::person(&mut kit.db.read(scope).await?, export.person.id).await?;
    let input = export.json();
    let statement = service::statement(export).await?;
    let (name, made) = (short(&statement), statement.json());
    let record = serde_json::json!({
        "month": statement.month, "counted_m": statement.totals.counted_m, "statement": issued_id(&made), "export": issued_id(&input),
    });
    let issued = Issued {
        kind: "statement",
        subject: format!("{} {}", person.id, statement.month),
        employee: person.id,
        department: person.department_id,
        record,
        originals: vec![("json", made), ("json", input)],
        renditions: vec![("statement.pdf".to_owned(), printed(statement, lang).await?)],
    };
    Ok(file(ledger.issue(scope, issued).await?, "application/zip", &name, "zip"))
}

fn as_export(export: &Export) -> Response {
    let id = export.person.id.simple().to_string();
    let name = format!("{}-{}", export.month, &id[id.len() - 8..]);
    file(export.json(), "application/json", &name, "json")
}

type Of = Path<(Uuid, String)>;
type Sent = std::result::Result<Response, Failure>;

/// A person's mileage statement of a month (`yyyy-mm`). Reading is written into the person's ledger.
#[utoipa::path(get, path = "/reports/mileage/{employee_id}/{month}", tag = "report", params(("employee_id" = Uuid, Path), ("month" = String, Path)), responses((status = 200, body = Statement), (status = 404, body = api::ProblemDocument)))]
async fn one(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(of): Of,
) -> Sent {
    let export = looked_at(&insight, &kit, &caller, of).await?;
    Ok(json(&service::statement(export).await?))
}

/// The statement as a table. Reading is written into the person's ledger.
#[utoipa::path(get, path = "/reports/mileage/{employee_id}/{month}/statement.csv", tag = "report", params(("employee_id" = Uuid, Path), ("month" = String, Path)), responses((status = 200, description = "Table", content_type = "text/csv"), (status = 404, body = api::ProblemDocument)))]
async fn one_csv(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(of): Of,
) -> Sent {
    let export = looked_at(&insight, &kit, &caller, of).await?;
    Ok(as_csv(&service::statement(export).await?, &caller))
}

/// The statement on paper. Reading is written into the person's ledger.
#[utoipa::path(get, path = "/reports/mileage/{employee_id}/{month}/statement.pdf", tag = "report", params(("employee_id" = Uuid, Path), ("month" = String, Path)), responses((status = 200, description = "Document", content_type = "application/pdf"), (status = 404, body = api::ProblemDocument)))]
async fn one_pdf(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(of): Of,
) -> Sent {
    let export = looked_at(&insight, &kit, &caller, of).await?;
    Ok(as_pdf(service::statement(export).await?, &caller).await?)
}

/// Everything the statement is made from, positions included: `tashi track statement` makes it again from this file.
/// Reading is written into the person's ledger.
#[utoipa::path(get, path = "/reports/mileage/{employee_id}/{month}/export.json", tag = "report", params(("employee_id" = Uuid, Path), ("month" = String, Path)), responses((status = 200, description = "Export", content_type = "application/json"), (status = 404, body = api::ProblemDocument)))]
async fn one_export(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(of): Of,
) -> Sent {
    Ok(as_export(&looked_at(&insight, &kit, &caller, of).await?))
}

/// Statement and export as a bundle that outsiders can check: the log names both from then on. Reading is written into the
/// person's ledger.
#[utoipa::path(get, path = "/reports/mileage/{employee_id}/{month}/bundle.zip", tag = "report", params(("employee_id" = Uuid, Path), ("month" = String, Path)), responses((status = 200, description = "The bundle", content_type = "application/zip"), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn one_bundle(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    Extension(ledger): Extension<Arc<Ledger>>,
    caller: Caller,
    Path(of): Of,
) -> Sent {
    let export = looked_at(&insight, &kit, &caller, of).await?;
    Ok(as_bundle(&ledger, &kit, &caller.scope, caller.lang, export).await?)
}

/// My own mileage statement of a month (`yyyy-mm`): the same as my manager sees.
#[utoipa::path(get, path = "/me/mileage/{month}", tag = "me", params(("month" = String, Path)), responses((status = 200, body = Statement), (status = 404, body = api::ProblemDocument)))]
async fn own(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(month): Path<String>,
) -> Sent {
    let export = of_own(&insight, &kit, &caller.scope, &month).await?;
    Ok(json(&service::statement(export).await?))
}

/// My own statement as a table.
#[utoipa::path(get, path = "/me/mileage/{month}/statement.csv", tag = "me", params(("month" = String, Path)), responses((status = 200, description = "Table", content_type = "text/csv"), (status = 404, body = api::ProblemDocument)))]
async fn own_csv(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(month): Path<String>,
) -> Sent {
    let export = of_own(&insight, &kit, &caller.scope, &month).await?;
    Ok(as_csv(&service::statement(export).await?, &caller))
}

/// My own statement on paper.
#[utoipa::path(get, path = "/me/mileage/{month}/statement.pdf", tag = "me", params(("month" = String, Path)), responses((status = 200, description = "Document", content_type = "application/pdf"), (status = 404, body = api::ProblemDocument)))]
async fn own_pdf(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(month): Path<String>,
) -> Sent {
    let export = of_own(&insight, &kit, &caller.scope, &month).await?;
    Ok(as_pdf(service::statement(export).await?, &caller).await?)
}

/// Everything my statement is made from.
#[utoipa::path(get, path = "/me/mileage/{month}/export.json", tag = "me", params(("month" = String, Path)), responses((status = 200, description = "Export", content_type = "application/json"), (status = 404, body = api::ProblemDocument)))]
async fn own_export(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(month): Path<String>,
) -> Sent {
    Ok(as_export(&of_own(&insight, &kit, &caller.scope, &month).await?))
}

/// My own statement and export as a bundle that outsiders can check.
#[utoipa::path(get, path = "/me/mileage/{month}/bundle.zip", tag = "me", params(("month" = String, Path)), responses((status = 200, description = "The bundle", content_type = "application/zip"), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn own_bundle(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    Extension(ledger): Extension<Arc<Ledger>>,
    caller: Caller,
    Path(month): Path<String>,
) -> Sent {
    let export = of_own(&insight, &kit, &caller.scope, &month).await?;
    Ok(as_bundle(&ledger, &kit, &caller.scope.own(), caller.lang, export).await?)
}
