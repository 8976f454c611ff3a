use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes, axum, created, ok, routes,
};
use axum::extract::State;
use base::{Problem, problem};
use db::{Permission, Query, Result, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Calendar, Exception, Shift, calendars, insert, json as to_json};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct Calendars {
    items: Vec<Calendar>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCalendar {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: String,
    shifts: Vec<Shift>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

fn check(new: &NewCalendar) -> Result<()> {
    let fits = |from: i32, to: i32| 0 <= from && from < to && to <= 1440;
    let mut checks = Checks::new();
    checks.text("name", &new.name, 40);
    checks.that("shifts", new.shifts.len() <= 28);
    checks.that("exceptions", new.exceptions.len() <= 400);
    for (i, s) in new.shifts.iter().enumerate() {
        checks
            .that(&format!("shifts[{i}]"), (1..=7).contains(&s.weekday) && fits(s.from_minute, s.to_minute));
    }
    for (i, e) in new.exceptions.iter().enumerate() {
        let good = e.shifts.len() <= 4 && e.shifts.iter().all(|s| fits(s.from_minute, s.to_minute));
        checks.that(&format!("exceptions[{i}]"), good && e.name.chars().count() <= 40);
    }
    checks.done()
}

#[utoipa::path(get, path = "/calendars", tag = "org", responses((status = 200, body = Calendars)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Calendars> {
    ok(Calendars { items: calendars(&mut kit.db.read(&caller.scope).await?).await? })
}

async fn calendar(q: &mut impl Query, id: Uuid) -> Result<Calendar> {
    calendars(q).await?.into_iter().find(|c| c.id == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

#[utoipa::path(post, path = "/calendars", tag = "org", request_body = NewCalendar, responses((status = 201, body = Calendar), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewCalendar>) -> Created<Calendar> {
    check(&new)?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = insert(tx, new.id, new.name.trim(), &new.shifts, &new.exceptions, false).await?;
                tx.audit(
                    "calendar.create",
                    "calendar",
                    id,
                    json!({ "name": new.name, "shifts": new.shifts }),
                )
                .await?;
                calendar(tx, id).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/calendars/{id}", tag = "org", request_body = NewCalendar, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Calendar), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewCalendar>,
) -> Answer<Calendar> {
    check(&new)?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = calendar(tx, id).await?;
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE calendar SET name = $4, shifts = $5, exceptions = $6, version = version + 1 \
                             WHERE tenant_id = $1 AND id = $3 AND version = $7"
                        ),
                        args![id, new.name.trim(), to_json(&new.shifts)?, to_json(&new.exceptions)?, version],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                let changes = json!({ "before": { "shifts": before.shifts, "exceptions": before.exceptions }, "after": { "shifts": new.shifts, "exceptions": new.exceptions } });
                tx.audit("calendar.change", "calendar", id, changes).await?;
                calendar(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
