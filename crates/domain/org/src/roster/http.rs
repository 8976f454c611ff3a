//! Shifts, patterns and the duty table.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Query, Routes, axum, created, ok,
    routes,
};
use axum::extract::State;
use base::{LocalDay, Problem, id, problem};
use db::{Permission, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Book, ROSTER_TARGET, SHIFT_PAIRS, SHIFT_RETIRED, ShiftPair, Source, WorkShift, sound,
    sql::{self, NewPattern},
};
use crate::Ref;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(shifts))
        .at(Access::May(Permission::OrgWrite), routes!(create_shift))
        .at(Access::May(Permission::OrgWrite), routes!(change_shift))
        .at(Access::May(Permission::OrgRead), routes!(patterns))
        .at(Access::May(Permission::OrgWrite), routes!(create_pattern))
        .at(Access::May(Permission::OrgWrite), routes!(delete_pattern))
        .at(Access::May(Permission::OrgRead), routes!(table))
        .at(Access::May(Permission::TaskWrite), routes!(paint))
}

#[derive(Serialize, ToSchema)]
struct WorkShifts {
    items: Vec<WorkShift>,
}

/// A shift to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWorkShift {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: String,
    /// One to four characters for tables.
    #[schema(max_length = 4)]
    short: String,
    #[schema(max_items = 4)]
    pairs: Vec<ShiftPair>,
    #[schema(minimum = 0, maximum = 120)]
    grace_minutes: i64,
    #[schema(minimum = 0, maximum = 240)]
    flex_minutes: i64,
    each_pair: bool,
    retired: Option<bool>,
}

impl NewWorkShift {
    fn check(&self) -> Result<()> {
        let mut checks = Checks::new();
        checks
            .text("name", &self.name, 40)
            .text("short", &self.short, 4)
            .that("grace_minutes", (0..=120).contains(&self.grace_minutes))
            .that("flex_minutes", (0..=240).contains(&self.flex_minutes));
        checks.done()?;
        match sound(&self.pairs) {
            true => Ok(()),
            false => Err(Problem::new(SHIFT_PAIRS).field("pairs", problem::BAD_VALUE)),
        }
    }

    fn shift(self, id: Uuid, version: i64) -> WorkShift {
        WorkShift {
            id,
            name: self.name.trim().to_owned(),
            short: self.short.trim().to_owned(),
            pairs: self.pairs,
            grace_minutes: self.grace_minutes,
            flex_minutes: self.flex_minutes,
            each_pair: self.each_pair,
            retired: self.retired.unwrap_or(false),
            version,
        }
    }
}

/// Shifts of the company, retired ones last.
#[utoipa::path(get, path = "/shifts", tag = "org", responses((status = 200, body = WorkShifts)))]
async fn shifts(State(kit): State<Kit>, caller: Caller) -> Answer<WorkShifts> {
    ok(WorkShifts { items: sql::shifts(&mut kit.db.read(&caller.scope).await?).await? })
}

async fn one(q: &mut impl db::Query, id: Uuid) -> Result<WorkShift> {
    let found = sql::shifts(q).await?.into_iter().find(|s| s.id == id);
    found.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

fn text<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Problem::internal)
}

/// Makes a shift. The same id with the same content answers as before.
#[utoipa::path(post, path = "/shifts", tag = "org", request_body = NewWorkShift, responses((status = 201, body = WorkShift), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create_shift(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewWorkShift>,
) -> Created<WorkShift> {
    new.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let shift = new.id.unwrap_or_else(id::new_v7);
                let wanted = WorkShift { retired: false, ..new.shift(shift, 1) };
                if !sql::insert_shift(tx, &wanted, &text(&wanted.pairs)?).await? {
                    let known = one(tx, shift).await?;
                    return if known == wanted { Ok(known) } else { Err(Problem::new(problem::CONFLICT)) };
                }
                tx.audit("shift.create", "work_shift", shift, json!({ "after": wanted })).await?;
                one(tx, shift).await
            })
        })
        .await?;
    created(made)
}

/// Changes a shift, for days to come and for days of months that are not closed.
#[utoipa::path(patch, path = "/shifts/{id}", tag = "org", request_body = NewWorkShift, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = WorkShift), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change_shift(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewWorkShift>,
) -> Answer<WorkShift> {
    new.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = one(tx, id).await?;
                let after = new.shift(id, version);
                if !sql::update_shift(tx, &after, &text(&after.pairs)?).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                tx.audit("shift.change", "work_shift", id, json!({ "before": before, "after": after }))
                    .await?;
                one(tx, id).await
            })
        })
        .await?;
    ok(changed)
}

/// A weekly pattern of shifts.
#[derive(Serialize, ToSchema)]
struct ShiftPattern {
    id: Uuid,
    employee: Option<Ref>,
    department: Option<Ref>,
    #[schema(value_type = String, format = Date)]
    from: LocalDay,
    /// Seven shifts or rests (null), Monday first; absent: the calendar holds again.
    week: Option<Vec<Option<Uuid>>>,
}

#[derive(Serialize, ToSchema)]
struct ShiftPatterns {
    items: Vec<ShiftPattern>,
}

async fn all_patterns(q: &mut impl db::Query) -> Result<ShiftPatterns> {
    let named =
        |id: Option<Uuid>, name: Option<String>| id.map(|id| Ref { id, name: name.unwrap_or_default() });
    let rows = sql::pattern_rows(q).await?.into_iter().map(|r| {
        Ok(ShiftPattern {
            id: r.id,
            employee: named(r.employee_id, r.employee),
            department: named(r.department_id, r.department),
            from: r.from_day,
            week: sql::week(r.week.as_deref())?,
        })
    });
    Ok(ShiftPatterns { items: rows.collect::<Result<_>>()? })
}

/// Those of departments and people in reach.
async fn patterns_in_reach(q: &mut impl db::Query) -> Result<ShiftPatterns> {
    let seen: std::collections::HashSet<Uuid> = crate::people(q).await?.into_iter().map(|p| p.id).collect();
    let mut items = vec![];
    for one in all_patterns(q).await?.items {
        let shown = match (&one.employee, &one.department) {
            (Some(e), _) => seen.contains(&e.id),
            (None, Some(d)) => crate::department_in_reach(q, d.id).await?,
            (None, None) => false,
        };
        if shown {
            items.push(one);
        }
    }
    Ok(ShiftPatterns { items })
}

/// Weekly patterns of departments, and of people in reach.
#[utoipa::path(get, path = "/shift-patterns", tag = "org", responses((status = 200, body = ShiftPatterns)))]
async fn patterns(State(kit): State<Kit>, caller: Caller) -> Answer<ShiftPatterns> {
    ok(patterns_in_reach(&mut kit.db.read(&caller.scope).await?).await?)
}

/// A pattern to be made: for one department or one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewShiftPattern {
    id: Option<Uuid>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    #[schema(value_type = String, format = Date)]
    from: LocalDay,
    /// Seven shifts or rests (null), Monday first; left out: the calendar holds again.
    week: Option<Vec<Option<Uuid>>>,
}

async fn check_shifts(tx: &mut Tx, used: impl Iterator<Item = Uuid>) -> Result<()> {
    let shifts = sql::shifts(tx).await?;
    for id in used {
        match shifts.iter().find(|s| s.id == id) {
            Some(s) if s.retired => return Err(Problem::new(SHIFT_RETIRED)),
            Some(_) => {}
            None => {
                return Err(Problem::new(problem::INVALID)
                    .with("reason", "shift_id")
                    .field("shift_id", problem::BAD_VALUE));
            }
        }
    }
    Ok(())
}

/// Gives a department or a person a weekly pattern from a day on; one that began on the same day is replaced.
#[utoipa::path(post, path = "/shift-patterns", tag = "org", request_body = NewShiftPattern, responses((status = 201, body = ShiftPatterns), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create_pattern(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewShiftPattern>,
) -> Created<ShiftPatterns> {
    if new.employee_id.is_some() == new.department_id.is_some() {
        return Err(Problem::new(ROSTER_TARGET).into());
    }
    Checks::new().that("week", new.week.as_ref().is_none_or(|w| w.len() == 7)).done()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                match (new.employee_id, new.department_id) {
                    (Some(person), _) => drop(crate::person(tx, person).await?),
                    (_, Some(d)) if crate::department_in_reach(tx, d).await? => {}
                    _ => return Err(Problem::new(problem::NOT_FOUND)),
                }
                check_shifts(tx, new.week.iter().flatten().flatten().copied()).await?;
                let week = new.week.as_ref().map(text).transpose()?;
                let wanted = NewPattern {
                    id: new.id.unwrap_or_else(id::new_v7),
                    employee: new.employee_id,
                    department: new.department_id,
                    from: new.from,
                    week: week.as_deref(),
                };
                if sql::insert_pattern(tx, &wanted).await? {
                    sql::replace_pattern(tx, &wanted).await?;
                    let said = json!({ "employee": new.employee_id, "department": new.department_id, "from": new.from, "week": new.week });
                    tx.audit("shift_rule.create", "roster", wanted.id, said).await?;
                } else {
                    let known = sql::pattern_rows(tx).await?.into_iter().find(|r| r.id == wanted.id);
                    let same = known.is_some_and(|k| {
                        k.employee_id == wanted.employee
                            && k.department_id == wanted.department
                            && k.from_day == wanted.from
                            && k.week.as_deref() == wanted.week
                    });
                    if !same {
                        return Err(Problem::new(problem::CONFLICT));
                    }
                }
                patterns_in_reach(tx).await
            })
        })
        .await?;
    created(made)
}

/// Takes a pattern away: what held before it holds again.
#[utoipa::path(delete, path = "/shift-patterns/{id}", tag = "org", params(("id" = Uuid, Path)), responses((status = 200, body = ShiftPatterns), (status = 404, body = api::ProblemDocument)))]
async fn delete_pattern(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<ShiftPatterns> {
    let left = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let known = patterns_in_reach(tx).await?.items.iter().any(|p| p.id == id);
                if !known || !sql::delete_pattern(tx, id).await? {
                    return Err(Problem::new(problem::NOT_FOUND));
                }
                tx.audit("shift_rule.delete", "roster", id, json!({})).await?;
                patterns_in_reach(tx).await
            })
        })
        .await?;
    ok(left)
}

/// Most days of the table.
const MOST_DAYS: i32 = 62;
/// Most cells of one change.
const MOST_CELLS: usize = 3000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RosterQuery {
    #[param(value_type = String, format = Date)]
    from: LocalDay,
    /// At most 62 days after `from`.
    #[param(value_type = String, format = Date)]
    to: LocalDay,
    department_id: Option<Uuid>,
}

/// One day of one person.
#[derive(Serialize, ToSchema)]
struct RosterCell {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    /// The shift; absent: the hours of the calendar, or rest.
    shift_id: Option<Uuid>,
    /// Working hours; none: rest.
    hours: Vec<ShiftPair>,
    source: Source,
    /// Name of the day in the calendar.
    special: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct RosterRow {
    employee: Ref,
    department: Ref,
    cells: Vec<RosterCell>,
}

#[derive(Serialize, ToSchema)]
struct Roster {
    shifts: Vec<WorkShift>,
    rows: Vec<RosterRow>,
}

async fn roster(q: &mut impl db::Query, f: &RosterQuery) -> Result<Roster> {
    if f.to < f.from || f.to > f.from.plus_days(MOST_DAYS) {
        return Err(Problem::new(problem::INVALID).with("reason", "to").field("to", problem::BAD_VALUE));
    }
    let people = crate::people_of_department(q, f.department_id).await?;
    let book = Book::read(q, None, f.from, f.to).await?;
    let cells = |person: Uuid| {
        let mut cells = vec![];
        let mut day = f.from;
        while day <= f.to {
            let p = book.planned(person, day);
            let pair = |(from_minute, to_minute)| ShiftPair { from_minute, to_minute };
            let hours = p.minutes.into_iter().map(pair).collect();
            cells.push(RosterCell { day, shift_id: p.shift, hours, source: p.source, special: p.special });
            day = day.plus_days(1);
        }
        cells
    };
    let row = |p: crate::Person| RosterRow {
        cells: cells(p.id),
        employee: Ref { id: p.id, name: p.name },
        department: Ref { id: p.department_id, name: p.department_name },
    };
    Ok(Roster { shifts: sql::shifts(q).await?, rows: people.into_iter().map(row).collect() })
}

/// Who works which shift: people in reach, day by day.
#[utoipa::path(get, path = "/roster", tag = "org", params(RosterQuery), responses((status = 200, body = Roster), (status = 422, body = api::ProblemDocument)))]
async fn table(State(kit): State<Kit>, caller: Caller, Query(f): Query<RosterQuery>) -> Answer<Roster> {
    ok(roster(&mut kit.db.read(&caller.scope).await?, &f).await?)
}

/// What is to stand in a cell.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RosterChange {
    employee_id: Uuid,
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    /// A shift; null: rest.
    shift_id: Option<Uuid>,
    /// True: nothing of its own, so that the pattern or the calendar holds.
    #[serde(default)]
    clear: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RosterChanges {
    #[schema(max_items = 3000)]
    cells: Vec<RosterChange>,
}

/// How many cells were changed.
#[derive(Serialize, ToSchema)]
struct RosterChanged {
    changed: usize,
}

/// Sets cells of the duty table; all of them or none.
#[utoipa::path(put, path = "/roster", tag = "org", request_body = RosterChanges, responses((status = 200, body = RosterChanged), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn paint(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<RosterChanges>,
) -> Answer<RosterChanged> {
    Checks::new().that("cells", (1..=MOST_CELLS).contains(&input.cells.len())).done()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (cells, now) = (input.cells, tx.now());
                check_shifts(tx, cells.iter().filter(|c| !c.clear).filter_map(|c| c.shift_id)).await?;
                let mut people: Vec<Uuid> = cells.iter().map(|c| c.employee_id).collect();
                people.sort_unstable();
                people.dedup();
                for person in &people {
                    crate::person(tx, *person).await?;
                }
                for c in &cells {
                    if c.clear {
                        sql::clear_day(tx, c.employee_id, c.day).await?;
                    } else {
                        sql::set_day(tx, c.employee_id, c.day, c.shift_id, now).await?;
                    }
                }
                for person in people {
                    let own: Vec<_> = cells.iter().filter(|c| c.employee_id == person).collect();
                    let said: Vec<_> = own.iter().map(|c| json!([c.day, c.shift_id, c.clear])).collect();
                    tx.audit("roster.change", "roster", person, json!({ "employee": person, "days": said }))
                        .await?;
                }
                Ok(cells.len())
            })
        })
        .await?;
    ok(RosterChanged { changed })
}
