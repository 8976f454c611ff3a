//! A row of a draft as the browser draws it.

use api::{Kit, TravelSource};
use db::{Result, Scope};
use geo::LngLat;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    meet::Worked,
    sheet::{Row, Sheet},
    timetable::Broken,
};
use crate::{opening, plans};

/// A visit of a row. Seconds count from local midnight; they are absent for what has begun or cannot be reached.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardStop {
    pub task_id: Uuid,
    /// Begun or done: it stays in front.
    pub fixed: bool,
    pub arrive_s: Option<i64>,
    pub begin_s: Option<i64>,
    pub leave_s: Option<i64>,
    /// The drive to it.
    pub drive_s: i64,
    pub drive_m: i64,
}

/// A rule a row breaks: `late` (begins `seconds` after its window), `over_shift` (ends `seconds` after the shift), `leave`
/// or `rest` (nobody works on this day), `promise` (locked, and begins `seconds` away from what was promised; negative:
/// before), `locked` (locked for another person or day, or its order among the locked has changed), `skill` (`words` are
/// missing), `barred` (the customer is never to be visited by this person), `twice` (the customer is on the board a second time, with `words`), `no_location`, `no_way`,
/// `crew` (several people make it together: this one begins `seconds` later than another expects him, waits so long for them in the
/// middle of his day when negative, or, without seconds, the other goes on another day; `words`: who, and the day),
/// `closed` (the customer is: `words` are his hours of that day, none when he is closed all of it), `end_late` (is where the
/// day ends `seconds` after the shift), `most_visits` (more than a day may hold; `words`: how many, and the most), `most_km` (the
/// way is longer than a day's may be; `words`: kilometres, and the most).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardViolation {
    pub task_id: Uuid,
    pub kind: String,
    pub seconds: Option<i64>,
    pub words: Vec<String>,
}

/// A row worked out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardRow {
    pub employee_id: Uuid,
    pub stops: Vec<BoardStop>,
    pub meters: i64,
    pub seconds: i64,
    /// When the last visit ends, seconds after local midnight.
    pub finish_s: Option<i64>,
    /// When the person is home or at the office, if the day ends there.
    pub back_s: Option<i64>,
    pub violations: Vec<BoardViolation>,
    /// The way from where the day begins over every stop that has a place; only where it was asked for.
    #[schema(value_type = Vec<Vec<Vec<f64>>>)]
    pub lines: Vec<Vec<LngLat>>,
    pub source: TravelSource,
}

/// Works every row of a draft out. `lines`: with the ways along the streets.
pub(super) async fn rows(kit: &Kit, scope: &Scope, sheet: &Sheet, lines: bool) -> Result<Vec<BoardRow>> {
    let mut all = vec![];
    for (row, Worked { table, source, points }) in sheet.rows.iter().zip(sheet.timetables(kit, scope).await) {
        let ids: Vec<Uuid> = row.fixed.iter().chain(&row.tasks).copied().collect();
        let stops = ids.iter().zip(&table.times).map(|(id, times)| BoardStop {
            task_id: *id,
            fixed: row.fixed.contains(id),
            arrive_s: times.map(|t| t.arrive),
            begin_s: times.map(|t| t.begin),
            leave_s: times.map(|t| t.leave),
            drive_s: times.map_or(0, |t| t.drive_s),
            drive_m: times.map_or(0, |t| t.drive_m),
        });
        let mut violations: Vec<BoardViolation> = table
            .broken
            .iter()
            .filter_map(|(k, broken)| ids.get(*k).map(|id| of_time(sheet, *id, *broken, row, table.meters)))
            .collect();
        violations.extend(of_people(sheet, row));
        violations.extend(sheet.apart(row, &table));
        all.push(BoardRow {
            employee_id: row.person.id,
            stops: stops.collect(),
            meters: table.meters,
            seconds: table.seconds,
            finish_s: table.finish,
            back_s: table.back,
            violations,
            lines: if lines { kit.travel.lines(scope, row.terms.travel, points).await } else { vec![] },
            source,
        });
    }
    Ok(all)
}

fn of_time(sheet: &Sheet, task_id: Uuid, broken: Broken, row: &Row, meters: i64) -> BoardViolation {
    let (kind, seconds) = match broken {
        Broken::Late(s) => ("late", Some(s)),
        Broken::OverShift(s) => ("over_shift", Some(s)),
        Broken::Off => (row.hours.off().unwrap_or("rest"), None),
        Broken::Promise(s) => ("promise", Some(s)),
        Broken::NoPlace => ("no_location", None),
        Broken::NoWay => ("no_way", None),
        Broken::Closed => ("closed", None),
        Broken::EndLate(s) => ("end_late", Some(s)),
        // Who waits is there earlier than the others.
        Broken::Waits(s) => ("crew", Some(-s)),
        Broken::TooMany(_) => ("most_visits", None),
        Broken::TooFar(_) => ("most_km", None),
    };
    let words = match broken {
        Broken::Closed => {
            sheet.task(task_id).map(|t| opening::words(&opening::open_on(&t.hours(), sheet.day)))
        }
        Broken::Waits(_) => Some(sheet.mate_names(task_id)),
        Broken::TooMany(count) => row.terms.most_visits.map(|most| vec![count.to_string(), most.to_string()]),
        Broken::TooFar(_) => row.terms.most_m.map(|most| vec![plans::km(meters), (most / 1_000).to_string()]),
        _ => None,
    };
    BoardViolation { task_id, kind: kind.into(), seconds, words: words.unwrap_or_default() }
}

/// What has nothing to do with time: skills, who is barred, locks, a customer visited twice.
pub(super) fn of_people(sheet: &Sheet, row: &Row) -> Vec<BoardViolation> {
    let mut found = vec![];
    let mut say = |task_id: Uuid, kind: &str, words: Vec<String>| {
        found.push(BoardViolation { task_id, kind: kind.into(), seconds: None, words });
    };
    let mut locked_before = 0;
    for (k, id) in row.tasks.iter().enumerate() {
        let Some(task) = sheet.task(*id) else { continue };
        let lacking = sheet.lacking(row, task);
        if !lacking.is_empty() {
            say(*id, "skill", lacking);
        }
        if sheet.barred(row, task) {
            say(*id, "barred", vec![]);
        }
        if task.locked {
            let elsewhere = task.employee_id != row.person.id || task.day != sheet.day;
            if elsewhere || task.seq < locked_before {
                say(*id, "locked", if elsewhere { vec![task.employee_name.clone()] } else { vec![] });
            }
            locked_before = locked_before.max(task.seq);
        }
        let same = |other: &Uuid| {
            other != id && sheet.task(*other).is_some_and(|o| o.customer_id == task.customer_id)
        };
        let before = row.fixed.iter().chain(&row.tasks[..k]).any(same);
        let with = sheet.rows.iter().filter(|r| r.person.id != row.person.id);
        // Who comes along with this one is meant to be there.
        let alone =
            |other: &Uuid| same(other) && sheet.task(*other).is_some_and(|o| !sheet.together(o, task));
        let others: Vec<String> = with
            .filter(|r| r.fixed.iter().chain(&r.tasks).any(alone))
            .map(|r| r.person.name.clone())
            .collect();
        if before || !others.is_empty() {
            say(*id, "twice", if others.is_empty() { vec![row.person.name.clone()] } else { others });
        }
    }
    found
}
