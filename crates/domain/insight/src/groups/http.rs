use api::{
    Access, Answer, Caller, Checks, Failure, Kit, Query, Routes,
    axum::{self, extract::State, response::Response},
    ok, routes,
};
use base::{LocalDay, problem::Lang};
use custom::{
    cells::Cell,
    listing::{Ending, Listing},
};
use db::{Permission, Result};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Asked, By, GroupFigures, Report, report};

/// Most days of one report.
const MOST_DAYS: i32 = 400;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(read))
        .at(Access::May(Permission::ReportRead), routes!(sheet))
        .at(Access::May(Permission::ReportRead), routes!(text))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct GroupQuery {
    /// territory, grade or tag.
    by: By,
    #[param(value_type = String, format = Date)]
    day_from: LocalDay,
    #[param(value_type = String, format = Date)]
    day_to: LocalDay,
    department_id: Option<Uuid>,
}

impl GroupQuery {
    fn asked(&self) -> Result<Asked> {
        let (from, to) = (self.day_from, self.day_to);
        Checks::new().that("day_to", from <= to && to <= from.plus_days(MOST_DAYS)).done()?;
        Ok(Asked { by: self.by, from, to, department: self.department_id })
    }
}

/// Visits, plans and coverage over a period, by territory, grade or tag of the customers.
#[utoipa::path(get, path = "/reports/groups", tag = "report", params(GroupQuery), responses((status = 200, body = Report), (status = 422, body = api::ProblemDocument)))]
async fn read(State(kit): State<Kit>, caller: Caller, Query(q): Query<GroupQuery>) -> Answer<Report> {
    let asked = q.asked()?;
    ok(report(&mut kit.db.read(&caller.scope).await?, asked).await?)
}

/// The same as a spreadsheet.
#[utoipa::path(get, path = "/reports/groups.xlsx", tag = "report", params(GroupQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<GroupQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Xlsx).await?)
}

/// The same as text.
#[utoipa::path(get, path = "/reports/groups.csv", tag = "report", params(GroupQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 422, body = api::ProblemDocument)))]
async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<GroupQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Csv).await?)
}

async fn file(kit: &Kit, caller: &Caller, q: &GroupQuery, ending: Ending) -> Result<Response> {
    let asked = q.asked()?;
    let zh = caller.lang == Lang::Zh;
    let word = |a: &'static str, b: &'static str| if zh { a } else { b };
    let mut r = kit.db.read(&caller.scope).await?;
    let found = report(&mut r, asked).await?;
    let about = org::about(&mut r, caller, kit.now(), asked.department).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    drop(r);
    let about = about.of("日期从", "From day", Some(asked.from.to_string())).of(
        "日期到",
        "To day",
        Some(asked.to.to_string()),
    );
    let said = json!({ "by": asked.by, "format": ending.key(), "rows": found.rows.len(), "day_from": asked.from, "day_to": asked.to, "department": asked.department });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let company = tx.tenant();
                tx.audit("report.export", "company", company, said).await
            })
        })
        .await?;
    let (first, none) = match asked.by {
        By::Territory => (word("区域", "Territory"), word("不属于任何区域", "No territory")),
        By::Grade => (word("客户等级", "Grade"), word("没有等级", "No grade")),
        By::Tag => (word("客户标签", "Tag"), word("没有标签", "No tag")),
    };
    let heads = [
        (first, 24.0),
        (word("客户数", "Customers"), 10.0),
        (word("已覆盖", "Covered"), 10.0),
        (word("计划", "Planned"), 10.0),
        (word("拜访", "Visits"), 10.0),
        (word("有效", "Effective"), 10.0),
        (word("在店时长 分", "Time with customers min"), 14.0),
    ];
    let lines = found.rows.iter().map(|g| line(g.name.as_deref().unwrap_or(none), g.figures));
    let last =
        line(word("合计（每次拜访、每家客户只算一次）", "Total (each visit and customer once)"), found.total);
    let listing = Listing {
        title: word("按客户分组", "By group of customers"),
        heads: heads.into_iter().map(|(name, width)| (name.to_owned(), width)).collect(),
        rows: lines.chain([last]).collect(),
    };
    listing.answer_about(about, "groups", today, ending).await
}

fn line(name: &str, f: GroupFigures) -> Vec<Cell> {
    let numbers = [f.customers, f.covered, f.planned, f.visits, f.effective, f.stay_s / 60];
    std::iter::once(Cell::Text(name.to_owned())).chain(numbers.map(|n| Cell::Number(n as f64))).collect()
}
