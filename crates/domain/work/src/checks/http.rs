use std::collections::BTreeMap;

use api::{
    Access, Answer, Caller, Checks, Kit, Page, PageQuery, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, Micros};
use db::{Permission, Result};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sql;
use crate::{TaskStatus, is_open, model::from_json};

/// Texts by language.
type Text = BTreeMap<String, String>;

/// Most days of one report.
const MOST_DAYS: i32 = 400;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(scores))
        .at(Access::May(Permission::VisitRead), routes!(failures))
}

/// The last checked record of a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckLast {
    pub customer_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Title of the form, by language.
    pub form: Text,
    /// Weights passed, of those that applied.
    pub passed: f64,
    pub applicable: f64,
    pub failed: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ScoreQuery {
    #[param(value_type = String, format = Date)]
    day_from: LocalDay,
    #[param(value_type = String, format = Date)]
    day_to: LocalDay,
    /// customer, territory or department.
    by: String,
    form_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
}

/// What checked items brought at one place over a period.
#[derive(Serialize, ToSchema)]
struct CheckScore {
    /// Absent for customers of no territory, and records of no customer.
    id: Option<Uuid>,
    name: Option<String>,
    records: i64,
    /// Weights passed, of those that applied.
    passed: f64,
    applicable: f64,
    failed: i64,
    #[schema(value_type = String, format = Date)]
    last_day: LocalDay,
}

/// The worst first, at most 1,000.
#[derive(Serialize, ToSchema)]
struct CheckScores {
    items: Vec<CheckScore>,
}

fn period(from: LocalDay, to: LocalDay) -> Result<()> {
    Checks::new().that("day_to", from <= to && to <= from.plus_days(MOST_DAYS)).done()
}

/// Scores of checked items over a period: sums of weights passed and of those that applied.
#[utoipa::path(get, path = "/checks/scores", tag = "forms", params(ScoreQuery), responses((status = 200, body = CheckScores), (status = 422, body = api::ProblemDocument)))]
async fn scores(State(kit): State<Kit>, caller: Caller, Query(q): Query<ScoreQuery>) -> Answer<CheckScores> {
    period(q.day_from, q.day_to)?;
    Checks::new().that("by", matches!(q.by.as_str(), "customer" | "territory" | "department")).done()?;
    let filter = sql::Filter {
        day_from: q.day_from,
        day_to: q.day_to,
        form_id: q.form_id,
        customer_id: q.customer_id,
        department_id: q.department_id,
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = match q.by.as_str() {
        "customer" => sql::by_customer(&mut r, &filter).await?,
        "territory" => sql::by_territory(&mut r, &filter).await?,
        _ => sql::by_department(&mut r, &filter).await?,
    };
    let shown = |r: sql::ScoreRow| CheckScore {
        id: r.id,
        name: r.name,
        records: r.records,
        passed: r.passed,
        applicable: r.applicable,
        failed: r.failed,
        last_day: r.last_day,
    };
    ok(CheckScores { items: rows.into_iter().map(shown).collect() })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FailureQuery {
    #[param(value_type = String, format = Date)]
    day_from: LocalDay,
    #[param(value_type = String, format = Date)]
    day_to: LocalDay,
    form_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// An item that failed.
#[derive(Serialize, ToSchema)]
struct CheckFailure {
    record_id: Uuid,
    /// Key of the item.
    field: String,
    label: Text,
    remark: Option<String>,
    value: Option<f64>,
    /// False: the record was corrected, and it does not fail any more.
    stands: bool,
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    employee: Ref,
    customer: Option<Ref>,
    form_id: Uuid,
    form: Text,
    follow_up: Option<FollowUp>,
}

/// What was opened for a failed item.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckFollowUp)]
struct FollowUp {
    /// task or work_order.
    kind: String,
    id: Uuid,
    status: Option<TaskStatus>,
    person: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<LocalDay>,
}

/// Items that failed, newest first, with how their follow-up stands.
#[utoipa::path(get, path = "/checks/failures", tag = "forms", params(FailureQuery), responses((status = 200, body = Page<CheckFailure>), (status = 422, body = api::ProblemDocument)))]
async fn failures(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<FailureQuery>,
) -> Answer<Page<CheckFailure>> {
    period(q.day_from, q.day_to)?;
    let (limit, now) = (PageQuery::rows(q.limit), kit.now());
    let after = api::cursor_decode(&q.cursor)?;
    let filter = sql::Filter {
        day_from: q.day_from,
        day_to: q.day_to,
        form_id: q.form_id,
        customer_id: q.customer_id,
        department_id: q.department_id,
    };
    let rows = sql::failures(&mut kit.db.read(&caller.scope).await?, &filter, after, limit + 1).await?;
    let items = rows.into_iter().map(|r| shown(r, now)).collect::<Result<Vec<_>>>()?;
    ok(Page::from_rows(items, limit, |f: &CheckFailure| (f.day.as_int(), f.record_id, f.field.clone())))
}

fn shown(r: sql::FailureRow, now: Micros) -> Result<CheckFailure> {
    let late =
        |s: TaskStatus| is_open(s) && s != TaskStatus::OnSite && r.task_due_at.is_some_and(|due| due < now);
    let status = r.task_status.as_deref().map(TaskStatus::from_key);
    let status = status.map(|s| if late(s) { TaskStatus::Overdue } else { s });
    Ok(CheckFailure {
        record_id: r.record_id,
        field: r.field,
        label: from_json(&r.label)?,
        remark: r.remark,
        value: r.value,
        stands: r.stands,
        day: r.day,
        employee: Ref { id: r.employee_id, name: r.employee_name },
        customer: r.customer_id.zip(r.customer_name).map(|(id, name)| Ref { id, name }),
        form_id: r.form_id,
        form: from_json(&r.form_title)?,
        follow_up: r.opened.zip(r.opened_id).map(|(kind, id)| FollowUp {
            kind,
            id,
            status,
            person: r.task_person,
            day: r.task_day,
        }),
    })
}
