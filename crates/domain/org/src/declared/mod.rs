//! What differs from the calendar for one person: leave, declared overtime, private trips. Together with the calendar it says
//! when a person is on duty, and when nothing may be recorded of him although he is.
//!
//! * Leave takes working time away. Overtime adds some; what was refused before it was declared stays refused.
//! * A private trip is declared by the person alone. It stays working time, but nothing of it is recorded. One that
//!   is not ended ends with its day.
//! * An entry is never deleted: it is revoked, and says so.

mod http;
mod sql;

pub(crate) use http::routes;
pub use sql::{Entry, between, find as declared, swept, unswept};

use std::collections::BTreeMap;

use base::{LocalDay, Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Duty, Ref, roster::Book};

/// What is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    Leave,
    Overtime,
    Private,
}

impl DutyKind {
    pub fn key(self) -> &'static str {
        match self {
            DutyKind::Leave => "leave",
            DutyKind::Overtime => "overtime",
            DutyKind::Private => "private",
        }
    }

    fn from_key(key: &str) -> DutyKind {
        match key {
            "leave" => DutyKind::Leave,
            "overtime" => DutyKind::Overtime,
            _ => DutyKind::Private,
        }
    }
}

/// One declaration.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DutyEntry {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub kind: DutyKind,
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    /// Absent for a private trip that goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Micros>,
    pub note: Option<String>,
    pub created_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Micros>,
}

/// When a person works on a day, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DutyDay {
    /// Calendar and overtime without leave: working time.
    pub working: Vec<Duty>,
    /// Leave, as far as it takes working time away.
    pub leave: Vec<Duty>,
    /// Private trips.
    pub private: Vec<Duty>,
    /// The latest change of a declaration that touches the day.
    pub changed_at: Option<Micros>,
}

/// Working time and declarations of a person for each day of a range.
pub async fn duty_days(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<BTreeMap<LocalDay, DutyDay>> {
    let zone = crate::zone(q).await?;
    let book = Book::read(q, Some(employee), from, to).await?;
    let entries = sql::of_person(q, employee, from, to).await?;
    let mut days = BTreeMap::new();
    let mut day = from;
    while day <= to {
        days.insert(day, day_of(book.within(employee, day, &zone), &entries, day, &zone));
        day = day.plus_days(1);
    }
    Ok(days)
}

/// The same for one day.
pub async fn duty_day(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<DutyDay> {
    Ok(duty_days(q, employee, day, day).await?.remove(&day).unwrap_or_default())
}

/// May a place of these moments be kept of a person: in working time, on no private trip in between, and by a policy that
/// records at all? Moments of two days are never.
pub async fn may_keep_places(q: &mut impl Query, employee: Uuid, from: Micros, to: Micros) -> Result<bool> {
    let zone = crate::zone(q).await?;
    let day = from.local_day(&zone);
    if to < from || day != to.local_day(&zone) {
        return Ok(false);
    }
    if crate::policy_of(q, employee).await?.is_none_or(|p| p.mode == "off") {
        return Ok(false);
    }
    let told = duty_day(q, employee, day).await?;
    let at_work = |t: Micros| told.working.iter().any(|d| d.from <= t && t <= d.to);
    let private = told.private.iter().any(|d| d.from <= to && from <= d.to);
    Ok(at_work(from) && at_work(to) && !private)
}

/// People for whom something was declared that touches a day, with the latest change of it.
pub async fn declared_changes(q: &mut impl Query, day: LocalDay) -> Result<BTreeMap<Uuid, Micros>> {
    sql::changes_on(q, day).await
}

/// Calendar and declarations of one day. Pure.
fn day_of(planned: Vec<Duty>, entries: &[sql::EntryRow], day: LocalDay, zone: &TimeZone) -> DutyDay {
    let (begin, end) = day.bounds(zone);
    let within = |e: &sql::EntryRow| Duty { from: e.from_at.max(begin), to: e.to_at.unwrap_or(end).min(end) };
    let touching = || entries.iter().filter(|e| e.from_at < end && e.to_at.is_none_or(|to| to > begin));
    let of = |kind: DutyKind| -> Vec<Duty> {
        touching().filter(|e| e.revoked_at.is_none() && e.kind == kind.key()).map(&within).collect()
    };
    // an open trip belongs to the day it began on
    let private = entries
        .iter()
        .filter(|e| e.revoked_at.is_none() && e.kind == "private" && (e.to_at.is_some() || e.from_day == day))
        .filter(|e| e.from_at < end && e.to_at.is_none_or(|to| to > begin))
        .map(&within);
    let planned = join([planned, of(DutyKind::Overtime)].concat());
    let away = join(of(DutyKind::Leave));
    DutyDay {
        working: without(&planned, &away),
        leave: common(&planned, &away),
        private: join(private.collect()),
        changed_at: entries
            .iter()
            .filter(|e| (e.from_day..=e.to_day).contains(&day))
            .map(|e| e.changed_at)
            .max(),
    }
}

/// In order, without empty ones, overlapping and touching ones joined.
fn join(mut parts: Vec<Duty>) -> Vec<Duty> {
    parts.retain(|p| p.from < p.to);
    parts.sort_unstable_by_key(|p| (p.from, p.to));
    let mut joined: Vec<Duty> = vec![];
    for part in parts {
        match joined.last_mut() {
            Some(last) if part.from <= last.to => last.to = last.to.max(part.to),
            _ => joined.push(part),
        }
    }
    joined
}

/// What is in both of two joined lists.
fn common(a: &[Duty], b: &[Duty]) -> Vec<Duty> {
    let pairs =
        a.iter().flat_map(|x| b.iter().map(move |y| Duty { from: x.from.max(y.from), to: x.to.min(y.to) }));
    join(pairs.collect())
}

/// What is in the first of two joined lists and not in the second.
fn without(a: &[Duty], b: &[Duty]) -> Vec<Duty> {
    let mut rest = a.to_vec();
    for cut in b {
        rest = rest
            .into_iter()
            .flat_map(|p| {
                [Duty { from: p.from, to: p.to.min(cut.from) }, Duty { from: p.from.max(cut.to), to: p.to }]
            })
            .filter(|p| p.from < p.to)
            .collect();
    }
    join(rest)
}

/// A declaration to be made.
#[derive(Debug, Clone)]
pub struct NewEntry {
    pub id: Option<Uuid>,
    pub employee: Uuid,
    pub kind: DutyKind,
    pub from: Micros,
    pub to: Option<Micros>,
    pub note: Option<String>,
}

/// How far back a private trip may begin when it is declared: a phone may have been without a network.
pub const PRIVATE_BACK: i64 = 7 * Micros::DAY;
/// Longest leave or overtime of one entry.
const LONGEST: i64 = 400 * Micros::DAY;

/// Declares. The same id with the same content is the same declaration.
///
/// # Errors
/// `not_found` when the person lies out of reach, `sync.conflict` for other content under a known id, `duty.*` and
/// `input.invalid` for times that cannot be.
pub async fn declare(tx: &mut Tx, new: NewEntry) -> Result<DutyEntry> {
    let now = tx.now();
    crate::person(tx, new.employee).await?;
    let id = new.id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::one(tx, id).await? {
        let same = known.employee_id == new.employee
            && known.kind == new.kind.key()
            && known.from_at == new.from
            // a trip may have been ended since
            && (new.to.is_none() || known.to_at == new.to);
        return if same { known.shown(tx).await } else { Err(Problem::new(problem::CONFLICT)) };
    }
    check(&new, now)?;
    if new.kind == DutyKind::Private && new.to.is_none() {
        end_open(tx, new.employee, new.from).await?;
    }
    let zone = crate::zone(tx).await?;
    let to_day = new.to.map_or(new.from, |to| to.plus(-1)).local_day(&zone);
    sql::insert(tx, id, &new, new.from.local_day(&zone), to_day).await?;
    let changes = json!({ "employee": new.employee, "kind": new.kind, "from": new.from, "to": new.to, "note": new.note });
    tx.audit("duty.declare", "duty_entry", id, changes).await?;
    declared_one(tx, id).await
}

fn check(new: &NewEntry, now: Micros) -> Result<()> {
    let mut checks = api::Checks::new();
    checks
        .that("from", new.from.is_plausible())
        .that(
            "to",
            new.to.is_none_or(|to| to > new.from && to.is_plausible() && to.0 - new.from.0 <= LONGEST),
        )
        .that("note", new.note.as_ref().is_none_or(|n| n.chars().count() <= 200));
    checks.done()?;
    match new.kind {
        DutyKind::Private if new.from > now.plus(Micros::MINUTE) => Err(Problem::new(PRIVATE_AHEAD)),
        DutyKind::Private if now.0 - new.from.0 > PRIVATE_BACK => Err(Problem::new(PRIVATE_TOO_OLD)),
        DutyKind::Private => Ok(()),
        _ => {
            checks.that("to", new.to.is_some());
            checks.done()
        }
    }
}

/// Ends a trip at an instant; one that has ended before stays as it is.
///
/// # Errors
/// `sync.prerequisite` when the trip is not known yet: the phone offers the end again.
pub async fn end_private(tx: &mut Tx, id: Uuid, at: Micros) -> Result<DutyEntry> {
    let me = tx.scope_actor();
    let Some(entry) = sql::one(tx, id).await?.filter(|e| e.employee_id == me && e.kind == "private") else {
        return Err(Problem::new(NOT_DECLARED));
    };
    if entry.to_at.is_none() {
        // within its day, and never before it began
        let zone = crate::zone(tx).await?;
        let (_, end) = entry.from_at.local_day(&zone).bounds(&zone);
        let at = at.min(tx.now().plus(Micros::MINUTE)).min(end).max(entry.from_at.plus(Micros::SECOND));
        sql::end(tx, id, at).await?;
        tx.audit("duty.end", "duty_entry", id, json!({ "employee": me, "to": at })).await?;
    }
    declared_one(tx, id).await
}

/// A new trip ends the one that is still open.
async fn end_open(tx: &mut Tx, employee: Uuid, at: Micros) -> Result<()> {
    for open in sql::open(tx, employee).await? {
        if open.from_at < at {
            sql::end(tx, open.id, at).await?;
            tx.audit("duty.end", "duty_entry", open.id, json!({ "employee": employee, "to": at })).await?;
        }
    }
    Ok(())
}

/// Declares leave or overtime of somebody, as it was decided: whoever decides need not have the person in his reach.
///
/// # Errors
/// When the store cannot be written.
pub async fn declare_decided(tx: &mut Tx, id: Uuid, new: NewEntry) -> Result<()> {
    if sql::one(tx, id).await?.is_some() {
        return Ok(());
    }
    let zone = crate::zone(tx).await?;
    let to_day = new.to.map_or(new.from, |to| to.plus(-1)).local_day(&zone);
    sql::insert(tx, id, &new, new.from.local_day(&zone), to_day).await?;
    let changes = json!({ "employee": new.employee, "kind": new.kind, "from": new.from, "to": new.to, "note": new.note });
    tx.audit("duty.declare", "duty_entry", id, changes).await
}

/// Takes back what was declared by a decision.
///
/// # Errors
/// When the store cannot be written.
pub async fn revoke_decided(tx: &mut Tx, id: Uuid) -> Result<()> {
    let Some(entry) = sql::one(tx, id).await?.filter(|e| e.revoked_at.is_none()) else { return Ok(()) };
    sql::revoke(tx, id).await?;
    let changes = json!({ "employee": entry.employee_id, "kind": entry.kind });
    tx.audit("duty.revoke", "duty_entry", id, changes).await
}

/// Takes a declaration back. What was removed because of it does not come back.
///
/// # Errors
/// `not_found` when it lies out of reach. A private trip is taken back by its owner alone.
pub async fn revoke(tx: &mut Tx, id: Uuid) -> Result<DutyEntry> {
    let Some(entry) = sql::one(tx, id).await? else { return Err(Problem::new(problem::NOT_FOUND)) };
    crate::person(tx, entry.employee_id).await?;
    if entry.kind == "private" && entry.employee_id != tx.scope_actor() {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    if entry.revoked_at.is_none() {
        sql::revoke(tx, id).await?;
        tx.audit(
            "duty.revoke",
            "duty_entry",
            id,
            json!({ "employee": entry.employee_id, "kind": entry.kind }),
        )
        .await?;
    }
    declared_one(tx, id).await
}

async fn declared_one(tx: &mut Tx, id: Uuid) -> Result<DutyEntry> {
    match sql::one(tx, id).await? {
        Some(row) => row.shown(tx).await,
        None => Err(Problem::new(problem::NOT_FOUND)),
    }
}

base::problems! {
    PRIVATE_AHEAD = 422 "duty.private_ahead",
        zh "私人行程不能从将来开始" / "到时再打开开关；开关打开后立即停止记录。",
        en "A private trip cannot begin in the future" / "Switch it on when you set out; recording stops at once.";
    PRIVATE_TOO_OLD = 422 "duty.private_too_old",
        zh "补报太晚" / "私人行程最多可补报 7 天内的。",
        en "Declared too late" / "A private trip can be declared up to 7 days back.";
    /// The end of a trip arrived before its beginning.
    NOT_DECLARED = 409 "sync.trip_unknown",
        zh "私人行程还没有到达" / "它的开始记录还没有到达，手机会自动重发。",
        en "Trip not known yet" / "Its beginning has not arrived yet; the phone sends this again by itself.";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: DutyKind, from: i64, to: Option<i64>) -> sql::EntryRow {
        let day = LocalDay::new(2026, 11, 20).unwrap();
        sql::EntryRow {
            id: Uuid::nil(),
            employee_id: Uuid::nil(),
            kind: kind.key().into(),
            from_at: at(from),
            to_at: to.map(at),
            from_day: day,
            to_day: day,
            note: None,
            created_by: Uuid::nil(),
            created_at: Micros(0),
            changed_at: Micros(7),
            revoked_at: None,
        }
    }

    /// A minute of 2026-11-20 in UTC.
    fn at(minute: i64) -> Micros {
        LocalDay::new(2026, 11, 20).unwrap().at_minute(0, &TimeZone::UTC).plus(minute * Micros::MINUTE)
    }

    fn minutes(parts: &[Duty]) -> Vec<(i64, i64)> {
        let minute = |t: Micros| (t.0 - at(0).0) / Micros::MINUTE;
        parts.iter().map(|p| (minute(p.from), minute(p.to))).collect()
    }

    #[test]
    fn leave_takes_away_and_overtime_adds() {
        let planned = vec![Duty { from: at(540), to: at(720) }, Duty { from: at(780), to: at(1020) }];
        let entries = [
            entry(DutyKind::Leave, 600, Some(840)),
            entry(DutyKind::Overtime, 1020, Some(1140)),
            entry(DutyKind::Private, 900, Some(930)),
            entry(DutyKind::Private, 1100, None),
            sql::EntryRow { revoked_at: Some(at(0)), ..entry(DutyKind::Leave, 0, Some(1440)) },
        ];
        let day = day_of(planned, &entries, LocalDay::new(2026, 11, 20).unwrap(), &TimeZone::UTC);
        assert_eq!(minutes(&day.working), [(540, 600), (840, 1140)]);
        assert_eq!(minutes(&day.leave), [(600, 720), (780, 840)]);
        assert_eq!(minutes(&day.private), [(900, 930), (1100, 1440)]);
        assert_eq!(day.changed_at, Some(Micros(7)));
    }

    #[test]
    fn an_open_trip_ends_with_its_day() {
        let next = LocalDay::new(2026, 11, 21).unwrap();
        let planned = vec![Duty { from: at(1440 + 540), to: at(1440 + 1020) }];
        let day = day_of(planned, &[entry(DutyKind::Private, 1100, None)], next, &TimeZone::UTC);
        assert!(day.private.is_empty(), "{:?}", day.private);
        assert_eq!(minutes(&day.working), [(1980, 2460)]);
    }
}
