//! Use cases on requests: asked, taken back, decided.

use api::Checks;
use base::{LocalDay, Micros, Problem, problem};
use db::{Query, Result, Tx};
use jiff::tz::TimeZone;
use org::{
    Duty, DutyKind, Person, Ref,
    declared::{NewEntry, declare_decided, revoke_decided},
    roster::Book,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    AttendanceRequest, DayPart, NewRequest, RequestKind,
    rules::{self, in_days},
    sql::{self, RequestRow, Written},
};
use crate::{
    ACROSS_YEARS, AHEAD, IN_SHIFT, NO_BALANCE, NOT_APPROVED, NOT_OPEN, OVERLAPS, TOO_LATE, approval,
    balances,
    day::{self, PunchKind},
    months,
    settings::{self, LeaveType},
};

/// Requests reach so far back.
const BACK_DAYS: i32 = 60;
/// And so far ahead.
const AHEAD_DAYS: i32 = 400;
/// Longest leave or trip.
const MOST_DAYS: i32 = 200;
/// Longest overtime at once, minutes.
const MOST_OVERTIME: i32 = 16 * 60;

/// What a request comes to.
struct Asked {
    span: Duty,
    days: (LocalDay, LocalDay),
    part: DayPart,
    amount: i64,
    leave: Option<LeaveType>,
    /// Thousandths left of that leave.
    left: Option<i64>,
}

/// Asks for something in the acting person's own name; it goes to whoever decides. The same id with the same content
/// counts once.
///
/// # Errors
/// `input.invalid`, and what `attendance.*` says of days, kinds and balances; `sync.conflict` for an id that is another one's.
pub async fn hand_in(tx: &mut Tx, new: NewRequest) -> Result<Uuid> {
    let me = tx.scope_actor();
    let said = json!({ "by": me, "request": new });
    let sha256 = hex::encode(Sha256::digest(said.to_string()));
    sql::queue_up(tx, me).await?;
    if let Some(known) = sql::one(tx, new.id).await? {
        return if known.sha256 == sha256 { Ok(new.id) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    check(&new)?;
    let person = org::person(tx, me).await?;
    let zone = org::zone(tx).await?;
    let today = tx.now().local_day(&zone);
    let ended = match new.cancels_id {
        Some(id) => Some(to_be_ended(tx, id, me).await?),
        None => None,
    };
    let kind = ended.as_ref().map_or(new.kind, |row| RequestKind::from_key(&row.kind));
    let asked = match &ended {
        Some(row) => Asked {
            span: Duty { from: row.from_at, to: row.to_at },
            days: (row.from_day, row.to_day),
            part: DayPart::Day,
            amount: row.amount,
            leave: None,
            left: None,
        },
        None => asked(tx, &new, &person, &zone, today).await?,
    };
    months::check_open(tx, asked.days.0, asked.days.1).await?;
    let written = Written {
        id: new.id,
        kind: kind.key(),
        person: me,
        department: person.department_id,
        from_at: asked.span.from,
        to_at: asked.span.to,
        from_day: asked.days.0,
        to_day: asked.days.1,
        part: asked.part.key(),
        leave_type: ended.as_ref().map_or(new.leave_type_id, |row| row.leave_type_id),
        amount: asked.amount,
        place: new.place.as_deref().map(str::trim).filter(|p| !p.is_empty()),
        punch_kind: match &ended {
            Some(row) => row.punch_kind.as_deref(),
            None => new.punch_kind.map(PunchKind::key),
        },
        reason: new.reason.trim(),
        cancels: new.cancels_id,
        sha256: &sha256,
    };
    if !sql::insert(tx, &written).await? {
        let same = sql::one(tx, new.id).await?.is_some_and(|known| known.sha256 == sha256);
        return if same { Ok(new.id) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let facts = json!({ "employee": me, "kind": kind, "from": asked.days.0, "to": asked.days.1, "amount": asked.amount, "cancels": new.cancels_id });
    tx.audit("attendance_request.create", "attendance_request", new.id, facts).await?;
    let row = sql::one(tx, new.id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    approval::hand_in(tx, &row, &zone, &today.to_string(), asked.left).await?;
    Ok(new.id)
}

fn check(new: &NewRequest) -> Result<()> {
    let ended = new.cancels_id.is_some();
    let to = new.to_day.unwrap_or(new.from_day);
    let minutes = |least: i32, most: i32| {
        let (from, to) = (new.from_minute.unwrap_or(-1), new.to_minute.unwrap_or(-1));
        (0..=1440).contains(&from) && from < to && to <= 2880 && (least..=most).contains(&(to - from))
    };
    let part = new.part.unwrap_or(DayPart::Day);
    let mut checks = Checks::new();
    checks
        .text("reason", &new.reason, 300)
        .at_most("place", new.place.as_deref(), 100)
        .that("to_day", ended || to >= new.from_day && to <= new.from_day.plus_days(MOST_DAYS));
    if !ended {
        match new.kind {
            RequestKind::Leave => {
                checks
                    .that("leave_type_id", new.leave_type_id.is_some())
                    .that("part", part == DayPart::Day || to == new.from_day)
                    .that("to_minute", part != DayPart::Hours || minutes(1, 1440));
            }
            RequestKind::Overtime => {
                checks.that("to_minute", minutes(10, MOST_OVERTIME));
            }
            RequestKind::Trip => {
                checks.text("place", new.place.as_deref().unwrap_or_default(), 100);
            }
            RequestKind::Correction => {
                checks
                    .that("from_minute", new.from_minute.is_some_and(|m| (0..=2880).contains(&m)))
                    .that("punch_kind", new.punch_kind.is_some());
            }
        }
    }
    checks.done()
}

/// The approved request that is to be ended.
async fn to_be_ended(tx: &mut Tx, id: Uuid, me: Uuid) -> Result<RequestRow> {
    let row = sql::one(tx, id).await?.filter(|r| r.employee_id == me);
    let row = row.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if row.status != "approved" || row.cancels_id.is_some() {
        return Err(Problem::new(NOT_APPROVED));
    }
    match sql::being_cancelled(tx, id).await? {
        Some(other) => Err(overlaps(&other)),
        None => Ok(row),
    }
}

fn overlaps(other: &sql::Overlapping) -> Problem {
    Problem::new(OVERLAPS).with("from", other.from_day).with("to", other.to_day)
}

/// Reads what is asked against shifts, other requests and balances.
async fn asked(
    tx: &mut Tx,
    new: &NewRequest,
    person: &Person,
    zone: &TimeZone,
    today: LocalDay,
) -> Result<Asked> {
    let (from, to) = (new.from_day, new.to_day.unwrap_or(new.from_day));
    if from < today.plus_days(-BACK_DAYS) {
        return Err(Problem::new(TOO_LATE).field("from_day", TOO_LATE));
    }
    Checks::new().that("to_day", to <= today.plus_days(AHEAD_DAYS)).done()?;
    let minutes = (new.from_minute.unwrap_or(0), new.to_minute.unwrap_or(0));
    let book = Book::read(tx, Some(person.id), from.plus_days(-1), to.plus_days(1)).await?;
    let mut asked = Asked {
        span: rules::days(&book, person.id, from, to, zone),
        days: (from, to),
        part: DayPart::Day,
        amount: 0,
        leave: None,
        left: None,
    };
    match new.kind {
        RequestKind::Leave => {
            let part = new.part.unwrap_or(DayPart::Day);
            let kinds = settings::leave_types(tx).await?;
            let kind = kinds.into_iter().find(|t| Some(t.id) == new.leave_type_id && !t.retired);
            let kind = kind.ok_or_else(|| {
                Problem::new(problem::INVALID)
                    .with("reason", "leave_type_id")
                    .field("leave_type_id", problem::BAD_VALUE)
            })?;
            rules::fits(kind.unit, part)?;
            if kind.balanced && year_of(from) != year_of(to) {
                return Err(Problem::new(ACROSS_YEARS).field("to_day", ACROSS_YEARS));
            }
            let covered = rules::leave(&book, person.id, (from, to), part, minutes, zone)?;
            asked = Asked { span: covered.span, amount: covered.milli, part, ..asked };
            asked.left = balances::left(tx, person.id, &kind, from).await?;
            if let Some(left) = asked.left.filter(|left| *left < covered.milli) {
                return Err(Problem::new(NO_BALANCE)
                    .with("name", &kind.name)
                    .with("left", in_days(left))
                    .with("wanted", in_days(covered.milli)));
            }
            asked.leave = Some(kind);
        }
        RequestKind::Trip => {
            asked.amount = 1000 * (1 + (to.date() - from.date()).get_days() as i64);
        }
        RequestKind::Overtime => {
            asked.span = Duty { from: from.at_minute(minutes.0, zone), to: from.at_minute(minutes.1, zone) };
            asked.part = DayPart::Hours;
            let mut shifts = book.stretches(person.id, from.plus_days(-1), zone);
            shifts.extend(book.stretches(person.id, from, zone));
            shifts.extend(book.stretches(person.id, from.plus_days(1), zone));
            asked.amount = day::length(&day::without(&[asked.span], &shifts)) / Micros::MINUTE;
            if asked.amount == 0 {
                return Err(Problem::new(IN_SHIFT).field("to_minute", IN_SHIFT));
            }
        }
        RequestKind::Correction => {
            let at = from.at_minute(minutes.0, zone);
            if at > tx.now() {
                return Err(Problem::new(AHEAD).field("from_minute", AHEAD));
            }
            asked.span = Duty { from: at, to: at };
            asked.part = DayPart::Hours;
        }
    }
    let others = match new.kind {
        RequestKind::Leave | RequestKind::Trip => Some(("leave", "trip")),
        RequestKind::Overtime => Some(("overtime", "overtime")),
        RequestKind::Correction => None,
    };
    if let Some(kinds) = others
        && let Some(other) = sql::overlapping(tx, person.id, kinds, asked.span.from, asked.span.to).await?
    {
        return Err(overlaps(&other));
    }
    Ok(asked)
}

/// The acting person takes back what is not decided.
///
/// # Errors
/// `not_found`, `attendance.not_open`.
pub async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<()> {
    let me = tx.scope_actor();
    let row = sql::one(tx, id).await?.filter(|r| r.employee_id == me);
    let row = row.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    match row.status.as_str() {
        "withdrawn" => Ok(()),
        "running" | "returned" => approvals::withdraw(tx, RequestKind::from_key(&row.kind).key(), id).await,
        _ => Err(Problem::new(NOT_OPEN)),
    }
}

/// What follows when a request comes to stand otherwise: what is granted is declared, what is ended is revoked.
pub(crate) async fn decided(tx: &mut Tx, id: Uuid, status: &str) -> Result<()> {
    let Some(row) = sql::one(tx, id).await? else { return Ok(()) };
    let now = tx.now();
    let over = !matches!(status, "running" | "returned");
    sql::set_status(tx, id, status, over.then_some(now)).await?;
    if status != "approved" {
        return Ok(());
    }
    months::check_open(tx, row.from_day, row.to_day).await?;
    if let Some(ended) = row.cancels_id {
        sql::set_status(tx, ended, "cancelled", Some(now)).await?;
        return revoke_decided(tx, ended).await;
    }
    let kind = match RequestKind::from_key(&row.kind) {
        RequestKind::Leave => DutyKind::Leave,
        RequestKind::Overtime => DutyKind::Overtime,
        RequestKind::Trip | RequestKind::Correction => return Ok(()),
    };
    let entry = NewEntry {
        id: Some(id),
        employee: row.employee_id,
        kind,
        from: row.from_at,
        to: Some(row.to_at),
        note: row.leave_type,
    };
    declare_decided(tx, id, entry).await
}

/// Rows as they are shown, each with its case.
pub(crate) async fn shown(q: &mut impl Query, rows: Vec<RequestRow>) -> Result<Vec<AttendanceRequest>> {
    let mut all = vec![];
    for row in rows {
        let kind = RequestKind::from_key(&row.kind);
        let case = approvals::standing(q, kind.key(), row.id).await?;
        all.push(AttendanceRequest {
            id: row.id,
            kind,
            employee: Ref { id: row.employee_id, name: row.employee },
            department: Ref { id: row.department_id, name: row.department },
            from: row.from_at,
            to: row.to_at,
            from_day: row.from_day,
            to_day: row.to_day,
            part: row.part,
            leave_type: row.leave_type_id.map(|id| Ref { id, name: row.leave_type.unwrap_or_default() }),
            amount: row.amount,
            place: row.place,
            punch_kind: row.punch_kind.as_deref().map(PunchKind::from_key),
            reason: row.reason,
            cancels_id: row.cancels_id,
            status: row.status,
            approval_id: case.map(|c| c.id),
            created_at: row.created_at,
            decided_at: row.decided_at,
        });
    }
    Ok(all)
}

/// The year leave is counted in.
pub(crate) fn year_of(day: LocalDay) -> i64 {
    day.as_int() / 10_000
}

/// The wall clock of a moment: 11-20 09:05.
pub(crate) fn clock(at: Micros, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string()
}
