use api::{Access, Answer, Caller, Failure, Kit, Path, Query, Routes, axum, ok, routes};
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{LocalDay, Micros, Problem, problem};
use db::{Permission, Result};
use serde::Deserialize;
use tracking::Looked;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{DailyReport, DailyTotals, DayDetail, sheet};
use crate::{Insight, day, http::day_of, playback::trips};

/// Provisional figures on a report may be this old.
const MAX_AGE: i64 = 5 * Micros::SECOND;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(daily))
        .at(Access::May(Permission::ReportRead), routes!(daily_sheet))
        .at(Access::May(Permission::ReportRead), routes!(one))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DailyFilter {
    /// `yyyy-mm-dd`; today when left out.
    day: Option<String>,
    department_id: Option<Uuid>,
}

async fn report(insight: &Insight, caller: &Caller, f: &DailyFilter, what: Looked) -> Result<DailyReport> {
    let tenant = caller.scope.tenant();
    let day: LocalDay = match &f.day {
        Some(text) => text.parse().map_err(|_| {
            Problem::new(problem::INVALID).with("reason", "day").field("day", problem::BAD_VALUE)
        })?,
        None => insight.db().now().local_day(&insight.tracking().zone(tenant).await?),
    };
    let stored = day::of_people(insight, &caller.scope, f.department_id, day, MAX_AGE).await?;
    let rows: Vec<_> = stored.into_iter().map(|s| s.summary).collect();
    insight.tracking().look(&caller.scope, what, rows.iter().map(|r| r.figures.employee.id), day).await?;
    Ok(DailyReport { day, totals: DailyTotals::of(&rows), rows })
}

/// Figures of everybody in reach on a day. Reading is written into each person's ledger.
#[utoipa::path(get, path = "/reports/daily", tag = "report", params(DailyFilter), responses((status = 200, body = DailyReport), (status = 422, body = api::ProblemDocument)))]
async fn daily(
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<DailyFilter>,
) -> Answer<DailyReport> {
    ok(report(&insight, &caller, &f, Looked::Report).await?)
}

/// The same as a spreadsheet, with its filter, author and time in the head.
#[utoipa::path(get, path = "/reports/daily.xlsx", tag = "report", params(DailyFilter), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
async fn daily_sheet(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<DailyFilter>,
) -> std::result::Result<Response, Failure> {
    let report = report(&insight, &caller, &f, Looked::Export).await?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let author = org::by_ids(&mut reader, &[caller.scope.actor()]).await?.pop();
    let department = match f.department_id {
        Some(id) => department_name(&mut reader, id).await?,
        None => None,
    };
    let head = sheet::Head {
        company: org::company(&mut reader).await?.name,
        department,
        author: author.map(|p| p.name).unwrap_or_default(),
        at: kit.now(),
        zone: org::zone(&mut reader).await?,
    };
    drop(reader);
    let name = format!("attachment; filename=\"tashi-daily-{}.xlsx\"", report.day);
    let bytes = sheet::workbook(&report, &head, caller.lang)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

db::row! { struct Named { name: String } }

async fn department_name(q: &mut impl db::Query, id: Uuid) -> Result<Option<String>> {
    let row: Option<Named> = q
        .one(db::sql!("SELECT name FROM department WHERE tenant_id = $1 AND id = $3"), db::args![id])
        .await?;
    Ok(row.map(|r| r.name))
}

/// One person's figures with the rows they sum. Reading is written into the person's ledger.
#[utoipa::path(get, path = "/reports/daily/{employee_id}/{day}", tag = "report", params(("employee_id" = Uuid, Path), ("day" = String, Path)), responses((status = 200, body = DayDetail), (status = 404, body = api::ProblemDocument)))]
async fn one(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path((employee, day)): Path<(Uuid, String)>,
) -> Answer<DayDetail> {
    let day = day_of(&day)?;
    let person = org::person(&mut kit.db.read(&caller.scope).await?, employee).await?;
    insight.tracking().look(&caller.scope, Looked::Report, [person.id], day).await?;
    let computed = day::compute(&insight, caller.scope.tenant(), &person, day).await?;
    ok(DayDetail {
        trips: trips(&computed.track.day),
        visits: computed.work.visits,
        figures: computed.stored.summary.figures,
    })
}
