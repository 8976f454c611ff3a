//! A round as it stands: read from its visits.

use base::{LocalDay, Micros};
use db::{Query, Result};
use jiff::tz::TimeZone;
use org::Ref;
use uuid::Uuid;

use super::{
    InspectionFailure, InspectionPointResult, InspectionRound,
    rules::{self, PointState, Seen, nights},
    sql::{self, PointRow, RoundRow},
};
use crate::report::code_of;

/// Rounds are over so long after their day: a phone without a network may still bring what was done.
pub(super) const GRACE_DAYS: i32 = 2;

/// Is nothing more to come of these points?
pub(super) fn over(points: &[PointRow], day: LocalDay, today: LocalDay) -> bool {
    let settled = |p: &PointRow| {
        p.status.is_some()
            || p.cannot.is_some()
            || p.visit_status.as_deref() == Some("done")
            || matches!(p.task_status.as_deref(), Some("skipped" | "cancelled"))
    };
    today > last_day(points, day).plus_days(GRACE_DAYS)
        || points.iter().all(|p| settled(p) && p.visit_status.as_deref() != Some("open"))
}

/// The last day somebody has points of a round on: the board may have moved them.
fn last_day(points: &[PointRow], day: LocalDay) -> LocalDay {
    points.iter().filter_map(|p| p.task_day).fold(day, LocalDay::max)
}

/// A round with its points. The caller has checked it.
pub(super) async fn shown(q: &mut impl Query, row: &RoundRow, now: Micros) -> Result<InspectionRound> {
    let zone = org::zone(q).await?;
    let rows = sql::points(q, row.id).await?;
    // After its day a round is judged as it is; its report waits for phones that were offline.
    let today = now.local_day(&zone);
    let over = over(&rows, row.day, today) || today > last_day(&rows, row.day);
    // Moved to another day, a point is due there.
    let seen: Vec<Seen> = rows.iter().map(|p| seen(p, due_day(p, row.day), &zone)).collect();
    let judged = rules::judge(&seen, over, now);
    let mut points = vec![];
    for ((p, s), j) in rows.into_iter().zip(&seen).zip(judged) {
        let failures = match p.record_id {
            Some(record) => failures(q, record).await?,
            None => vec![],
        };
        points.push(InspectionPointResult {
            seq: p.seq,
            title: p.title,
            customer: Ref { id: p.customer_id, name: p.customer_name },
            equipment: p.equipment_id.zip(p.equipment_name).map(|(id, name)| Ref { id, name }),
            due_from: s.from,
            due_to: s.to,
            state: j.state,
            done_at: s.done_at,
            off_minutes: j.off_minutes,
            out_of_order: j.out_of_order,
            label: p.label,
            scanned: p.scanned,
            cannot: p.cannot.is_some(),
            reason: p.reason.or(p.cannot).or(p.task_reason.filter(|_| s.left_out)),
            by: p
                .walker_id
                .filter(|id| *id != row.employee_id)
                .zip(p.walker_name)
                .map(|(id, name)| Ref { id, name }),
            moved_to: p.task_day.filter(|d| *d != row.day.plus_days(nights(minute(p.from_minute)))),
            visit_id: p.visit_id,
            record_id: p.record_id,
            failures,
        });
    }
    let count = |f: fn(&InspectionPointResult) -> bool| points.iter().filter(|p| f(p)).count() as i64;
    Ok(InspectionRound {
        id: row.id,
        plan_id: row.plan_id,
        name: row.name.clone(),
        employee: Ref { id: row.employee_id, name: row.employee_name.clone() },
        day: row.day,
        planned: points.len() as i64,
        done: count(|p| p.done_at.is_some()),
        missed: count(|p| p.state == PointState::Missed),
        late: count(|p| p.state == PointState::Late),
        out_of_order: count(|p| p.out_of_order),
        failed: points.iter().map(|p| p.failures.len() as i64).sum(),
        points,
        code: row.content_sha256.as_deref().map(code_of),
        pdf_sha256: row.pdf_sha256.clone(),
    })
}

fn minute(m: Option<i64>) -> Option<i32> {
    m.and_then(|m| i32::try_from(m).ok())
}

/// The day a point's minutes count from: the round's, or as many days later as its task was moved.
fn due_day(p: &PointRow, day: LocalDay) -> LocalDay {
    p.task_day.map_or(day, |d| d.plus_days(-nights(minute(p.from_minute))))
}

fn seen(p: &PointRow, day: LocalDay, zone: &TimeZone) -> Seen {
    let at = |m: Option<i64>| minute(m).map(|m| day.at_minute(m, zone));
    let task_over = matches!(p.task_status.as_deref(), Some("skipped" | "cancelled"));
    Seen {
        from: at(p.from_minute),
        to: at(p.to_minute),
        done_at: p.ended_at.filter(|_| p.status.as_deref() == Some("done")),
        left_out: p.cannot.is_some()
            || p.status.as_deref() == Some("skipped")
            || (p.status.is_none() && (task_over || p.visit_status.as_deref() == Some("done"))),
    }
}

async fn failures(q: &mut impl Query, record: Uuid) -> Result<Vec<InspectionFailure>> {
    let rows = sql::failures(q, record).await?;
    let name = |text: &str| {
        let text: std::collections::BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        text.get("zh-CN").or_else(|| text.values().next()).cloned().unwrap_or_default()
    };
    let shown = |r: sql::FailureRow| InspectionFailure {
        label: name(&r.label),
        remark: r.remark,
        opened: r.opened,
        opened_id: r.opened_id,
        number: r.number,
    };
    Ok(rows.into_iter().map(shown).collect())
}
