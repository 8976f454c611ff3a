//! Working time. One calendar says when a person is on duty; everything that depends on duty asks here.

mod http;

pub(crate) use http::routes;

use base::{LocalDay, Micros, id};
use db::{Query, Result, Tx, args, sql};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A weekly pattern with exceptions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Calendar {
    pub id: Uuid,
    pub name: String,
    pub shifts: Vec<Shift>,
    pub exceptions: Vec<Exception>,
    pub is_default: bool,
    pub version: i64,
}

/// Duty on one weekday, in minutes after local midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// 1 = Monday … 7 = Sunday.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: u8,
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: i32,
}

/// A stretch of a day in minutes after local midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: i32,
}

/// A day that differs from the weekly pattern: a holiday (no shifts) or a make-up day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    #[schema(max_length = 40)]
    pub name: String,
    pub shifts: Vec<Minutes>,
}

/// A stretch of duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Duty {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
}

db::row! { struct CalendarRow { id: Uuid, name: String, shifts: String, exceptions: String, is_default: bool, version: i64 } }

impl From<CalendarRow> for Calendar {
    fn from(r: CalendarRow) -> Calendar {
        Calendar {
            id: r.id,
            name: r.name,
            shifts: serde_json::from_str(&r.shifts).unwrap_or_default(),
            exceptions: serde_json::from_str(&r.exceptions).unwrap_or_default(),
            is_default: r.is_default,
            version: r.version,
        }
    }
}

impl Calendar {
    /// Duty of a day in minutes after local midnight, in order and without overlap.
    pub fn minutes(&self, day: LocalDay) -> Vec<(i32, i32)> {
        let mut shifts: Vec<(i32, i32)> = match self.exceptions.iter().find(|e| e.day == day) {
            Some(exception) => exception.shifts.iter().map(|s| (s.from_minute, s.to_minute)).collect(),
            None => self
                .shifts
                .iter()
                .filter(|s| s.weekday == day.weekday())
                .map(|s| (s.from_minute, s.to_minute))
                .collect(),
        };
        shifts.sort_unstable();
        let mut merged: Vec<(i32, i32)> = vec![];
        for (from, to) in shifts {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        merged
    }

    /// Duty of a day as instants.
    pub fn duty(&self, day: LocalDay, zone: &TimeZone) -> Vec<Duty> {
        let at = |minute| day.at_minute(minute, zone);
        self.minutes(day).into_iter().map(|(from, to)| Duty { from: at(from), to: at(to) }).collect()
    }
}

/// Monday to Friday, nine to five.
pub(crate) async fn insert_default(tx: &mut Tx) -> Result<Uuid> {
    let shifts: Vec<Shift> =
        (1..=5).map(|weekday| Shift { weekday, from_minute: 540, to_minute: 1020 }).collect();
    insert(tx, None, "标准班 09:00–17:00", &shifts, &[], true).await
}

async fn insert(
    tx: &mut Tx,
    id: Option<Uuid>,
    name: &str,
    shifts: &[Shift],
    exceptions: &[Exception],
    default: bool,
) -> Result<Uuid> {
    let id = id.unwrap_or_else(id::new_v7);
    tx.exec(
        sql!(
            "INSERT INTO calendar (tenant_id, id, name, shifts, exceptions, is_default, version) \
             VALUES ($1, $3, $4, $5, $6, $7, 1)"
        ),
        args![id, name, json(shifts)?, json(exceptions)?, default],
    )
    .await?;
    Ok(id)
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(base::Problem::internal)
}

pub(crate) async fn calendars(q: &mut impl Query) -> Result<Vec<Calendar>> {
    let rows: Vec<CalendarRow> = q
        .all(
            sql!("SELECT id, name, shifts, exceptions, is_default, version FROM calendar WHERE tenant_id = $1 ORDER BY is_default DESC, id"),
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(Calendar::from).collect())
}

/// The company's own calendar: its default.
///
/// # Errors
/// When the store cannot be read.
pub async fn company_calendar(q: &mut impl Query) -> Result<Option<Calendar>> {
    Ok(calendars(q).await?.into_iter().find(|c| c.is_default))
}

/// The calendar that holds for a person: his own, else the company's default.
pub async fn calendar_of(q: &mut impl Query, employee_id: Uuid) -> Result<Option<Calendar>> {
    let row: Option<CalendarRow> = q
        .one(
            sql!(
                "SELECT c.id, c.name, c.shifts, c.exceptions, c.is_default, c.version FROM calendar c \
                 JOIN employee e ON e.tenant_id = c.tenant_id AND e.id = $3 \
                 WHERE c.tenant_id = $1 AND (c.id = e.calendar_id OR (e.calendar_id IS NULL AND c.is_default = 1))"
            ),
            args![employee_id],
        )
        .await?;
    Ok(row.map(Calendar::from))
}

/// When a person is on duty on a day, in his company's zone: his calendar with declared overtime, without leave.
pub async fn duty(q: &mut impl Query, employee_id: Uuid, day: LocalDay) -> Result<Vec<Duty>> {
    Ok(crate::duty_day(q, employee_id, day).await?.working)
}

/// The same in minutes after local midnight.
pub async fn duty_minutes(q: &mut impl Query, employee_id: Uuid, day: LocalDay) -> Result<Vec<(i32, i32)>> {
    let zone = crate::zone(q).await?;
    let minute = |t: Micros| if t.local_day(&zone) > day { 1440 } else { t.local_minute(&zone) };
    Ok(duty(q, employee_id, day).await?.iter().map(|d| (minute(d.from), minute(d.to))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        let holiday = LocalDay::new(2026, 10, 1).unwrap();
        let make_up = LocalDay::new(2026, 10, 10).unwrap();
        Calendar {
            id: Uuid::nil(),
            name: String::new(),
            shifts: (1..=5).map(|weekday| Shift { weekday, from_minute: 540, to_minute: 1020 }).collect(),
            exceptions: vec![
                Exception { day: holiday, name: "国庆".into(), shifts: vec![] },
                Exception {
                    day: make_up,
                    name: "调休".into(),
                    shifts: vec![Minutes { from_minute: 540, to_minute: 720 }],
                },
            ],
            is_default: true,
            version: 1,
        }
    }

    #[test]
    fn exceptions_win_over_the_week() {
        let c = calendar();
        assert_eq!(c.minutes(LocalDay::new(2026, 11, 20).unwrap()), [(540, 1020)]);
        assert!(c.minutes(LocalDay::new(2026, 11, 21).unwrap()).is_empty(), "Saturday");
        assert!(c.minutes(LocalDay::new(2026, 10, 1).unwrap()).is_empty(), "holiday on a Thursday");
        assert_eq!(c.minutes(LocalDay::new(2026, 10, 10).unwrap()), [(540, 720)], "make-up Saturday");
    }

    #[test]
    fn overlapping_shifts_count_once() {
        let mut c = calendar();
        c.shifts = vec![
            Shift { weekday: 5, from_minute: 780, to_minute: 1020 },
            Shift { weekday: 5, from_minute: 540, to_minute: 800 },
        ];
        assert_eq!(c.minutes(LocalDay::new(2026, 11, 20).unwrap()), [(540, 1020)]);
    }
}
