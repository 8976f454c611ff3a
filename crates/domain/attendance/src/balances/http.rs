use api::{
    Access, Answer, Caller, Checks, Created, Json, Kit, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{LocalDay, Problem, id, problem};
use db::{Permission, Result};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{LeaveBalance, balances, sql};
use crate::{
    requests::{self, year_of},
    settings::{self, LeaveType},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(grant))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BalanceQuery {
    /// This year when left out.
    year: Option<i64>,
    department_id: Option<Uuid>,
}

/// The balances of a person.
#[derive(Serialize, ToSchema)]
struct BalanceRow {
    employee: Ref,
    department: Ref,
    balances: Vec<LeaveBalance>,
}

#[derive(Serialize, ToSchema)]
struct Balances {
    year: i64,
    types: Vec<LeaveType>,
    rows: Vec<BalanceRow>,
}

async fn of_year(q: &mut impl db::Query, year: i64, department: Option<Uuid>) -> Result<Balances> {
    let types = settings::leave_types(q).await?;
    let granted = sql::granted(q, None, year).await?;
    let used = requests::used(q, None, year).await?;
    let people = match LocalDay::new(i16::try_from(year).unwrap_or_default(), 1, 1) {
        Some(first) => {
            let since = first.at_minute(0, &org::zone(q).await?);
            org::people_since(q, department, since).await?
        }
        None => org::people_of_department(q, department).await?,
    };
    let row = |p: org::Person| BalanceRow {
        balances: balances(&types, p.id, &granted, &used),
        employee: Ref { id: p.id, name: p.name },
        department: Ref { id: p.department_id, name: p.department_name },
    };
    let rows = people.into_iter().map(row).collect();
    Ok(Balances { year, types, rows })
}

/// Leave of people in reach: granted, taken, waiting and left.
#[utoipa::path(get, path = "/leave-balances", tag = "attendance", params(BalanceQuery), responses((status = 200, body = Balances), (status = 422, body = api::ProblemDocument)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(f): Query<BalanceQuery>) -> Answer<Balances> {
    Checks::new().that("year", f.year.is_none_or(|y| (1970..2200).contains(&y))).done()?;
    let mut r = kit.db.read(&caller.scope).await?;
    let now = kit.now().local_day(&org::zone(&mut r).await?);
    ok(of_year(&mut r, f.year.unwrap_or_else(|| year_of(now)), f.department_id).await?)
}

/// Leave to be given to people; less than nothing takes some away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewGrants {
    /// Made by the client: the same id counts once.
    id: Uuid,
    #[schema(max_items = 1000)]
    employee_ids: Vec<Uuid>,
    leave_type_id: Uuid,
    #[schema(minimum = 1970, maximum = 2199)]
    year: i64,
    /// Thousandths of a day.
    #[schema(minimum = -366000, maximum = 366000)]
    milli: i64,
    #[schema(max_length = 200)]
    reason: String,
}

/// Gives people leave for a year, all of them or none.
#[utoipa::path(post, path = "/leave-grants", tag = "attendance", request_body = NewGrants, responses((status = 201, body = Balances), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn grant(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewGrants>) -> Created<Balances> {
    let mut checks = Checks::new();
    checks
        .that("employee_ids", (1..=1000).contains(&new.employee_ids.len()))
        .that("year", (1970..2200).contains(&new.year))
        .that("milli", new.milli != 0 && (-366_000..=366_000).contains(&new.milli))
        .text("reason", &new.reason, 200);
    checks.done()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let known = settings::leave_types(tx).await?.iter().any(|t| t.id == new.leave_type_id);
                if !known {
                    return Err(Problem::new(problem::INVALID)
                        .with("reason", "leave_type_id")
                        .field("leave_type_id", problem::BAD_VALUE));
                }
                let now = tx.now();
                for person in &new.employee_ids {
                    org::person(tx, *person).await?;
                    let grant = sql::NewGrant {
                        id: id::derived(new.id, &person.to_string()),
                        person: *person,
                        leave_type: new.leave_type_id,
                        year: new.year,
                        milli: new.milli,
                        reason: new.reason.trim(),
                    };
                    if sql::insert(tx, &grant, now).await? {
                        let said = json!({ "employee": person, "leave_type": new.leave_type_id, "year": new.year, "milli": new.milli, "reason": new.reason });
                        tx.audit("leave.grant", "leave_grant", grant.id, said).await?;
                    }
                }
                of_year(tx, new.year, None).await
            })
        })
        .await?;
    created(made)
}
