//! Closing a month: what it says then stays, until somebody opens it again and says why.

mod http;
mod sql;

use std::collections::BTreeMap;

use base::{LocalDay, Micros, Problem, problem};
use db::{Query, Result, Tx};
use org::Ref;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use http::routes;

use crate::{
    MONTH_CLOSED, MONTH_OPEN, MONTH_RUNS, MONTH_WAITS,
    day::{self, Outcome},
    load::Loaded,
    requests,
};

/// A month: 2026-11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub first: LocalDay,
    pub last: LocalDay,
}

impl Month {
    /// From `yyyy-mm`.
    pub fn parse(text: &str) -> Result<Month> {
        let wrong =
            || Problem::new(problem::INVALID).with("reason", "month").field("month", problem::BAD_VALUE);
        if text.len() != 7 {
            return Err(wrong());
        }
        let first: LocalDay = format!("{text}-01").parse().map_err(|_| wrong())?;
        Ok(Month::of(first))
    }

    pub fn of(day: LocalDay) -> Month {
        let date = day.date();
        Month {
            first: LocalDay::from_date(date.first_of_month()),
            last: LocalDay::from_date(date.last_of_month()),
        }
    }

    /// The stored form, yyyymm.
    pub fn number(self) -> i64 {
        self.first.as_int() / 100
    }

    pub fn text(self) -> String {
        self.first.to_string().chars().take(7).collect()
    }

    pub fn days(self) -> Vec<LocalDay> {
        let mut days = vec![self.first];
        while let Some(last) = days.last().copied().filter(|d| *d < self.last) {
            days.push(last.plus_days(1));
        }
        days
    }
}

/// How a month stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttendanceMonth {
    /// yyyy-mm
    pub month: String,
    pub closed: bool,
    pub closed_by: Option<Ref>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Micros>,
    pub reopened_by: Option<Ref>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reopened_at: Option<Micros>,
    /// Why it was opened again.
    pub reason: Option<String>,
}

/// How a month stands.
pub async fn standing(q: &mut impl Query, month: Month) -> Result<AttendanceMonth> {
    let row = sql::row(q, month.number()).await?;
    let ids: Vec<Uuid> = row.iter().flat_map(|r| [Some(r.closed_by), r.reopened_by]).flatten().collect();
    let people = org::by_ids(q, &ids).await?;
    let named = |id: Uuid| Ref {
        id,
        name: people.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap_or_default(),
    };
    Ok(AttendanceMonth {
        month: month.text(),
        closed: row.as_ref().is_some_and(|r| r.reopened_at.is_none()),
        closed_by: row.as_ref().map(|r| named(r.closed_by)),
        closed_at: row.as_ref().map(|r| r.closed_at),
        reopened_by: row.as_ref().and_then(|r| r.reopened_by).map(named),
        reopened_at: row.as_ref().and_then(|r| r.reopened_at),
        reason: row.and_then(|r| r.reason),
    })
}

/// # Errors
/// `attendance.month_closed` when one of these days lies in a closed month.
pub async fn check_open(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<()> {
    let mut month = Month::of(from);
    while month.first <= to {
        if sql::row(q, month.number()).await?.is_some_and(|r| r.reopened_at.is_none()) {
            return Err(Problem::new(MONTH_CLOSED).with("month", month.text()));
        }
        month = Month::of(month.last.plus_days(1));
    }
    Ok(())
}

/// What a closed month said, by person in reach.
pub async fn kept(q: &mut impl Query, month: Month) -> Result<BTreeMap<Uuid, BTreeMap<LocalDay, Outcome>>> {
    let days = |text: &str| -> Result<BTreeMap<LocalDay, Outcome>> {
        let listed: Vec<(LocalDay, Outcome)> = serde_json::from_str(text).map_err(Problem::internal)?;
        Ok(listed.into_iter().collect())
    };
    let rows = sql::kept(q, month.number()).await?;
    rows.into_iter().map(|r| Ok((r.employee_id, days(&r.days)?))).collect()
}

fn id_of(tx: &Tx, month: Month) -> Uuid {
    base::id::derived(tx.scope().tenant(), &month.text())
}

/// Keeps a month that is over as it is now, for everybody.
///
/// # Errors
/// `attendance.month_runs`, `attendance.month_closed`, and `attendance.month_waits` while requests of it are not decided.
pub async fn close(tx: &mut Tx, month: Month) -> Result<AttendanceMonth> {
    let now = tx.now();
    let zone = org::zone(tx).await?;
    if now.local_day(&zone) <= month.last {
        return Err(Problem::new(MONTH_RUNS));
    }
    check_open(tx, month.first, month.first).await?;
    let waiting = requests::waiting(tx, month.first, month.last).await?;
    if waiting > 0 {
        return Err(Problem::new(MONTH_WAITS).with("count", waiting).with("month", month.text()));
    }
    let since = month.first.at_minute(0, &zone);
    let people: Vec<Uuid> = org::people_since(tx, None, since).await?.into_iter().map(|p| p.id).collect();
    let loaded = Loaded::read(tx, None, month.first, month.last, now).await?;
    if !sql::close(tx, month.number()).await? {
        return Err(Problem::new(MONTH_CLOSED).with("month", month.text()));
    }
    for person in people {
        let days: Vec<(LocalDay, Outcome)> =
            month.days().into_iter().map(|d| (d, loaded.outcome(person, d))).collect();
        let text = serde_json::to_string(&days).map_err(Problem::internal)?;
        sql::keep(tx, month.number(), person, day::VERSION, &text).await?;
    }
    tx.audit("attendance.close", "attendance_month", id_of(tx, month), json!({ "month": month.text() }))
        .await?;
    standing(tx, month).await
}

/// Opens a closed month again: it is computed anew.
///
/// # Errors
/// `attendance.month_open`.
pub async fn reopen(tx: &mut Tx, month: Month, reason: &str) -> Result<AttendanceMonth> {
    if !sql::reopen(tx, month.number(), reason).await? {
        return Err(Problem::new(MONTH_OPEN));
    }
    let said = json!({ "month": month.text(), "reason": reason });
    tx.audit("attendance.reopen", "attendance_month", id_of(tx, month), said).await?;
    standing(tx, month).await
}
