//! Statements on shifts and who works them.

use std::collections::HashMap;

use base::{LocalDay, Micros, Problem};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::{
    WorkShift,
    book::{Pattern, Post},
};

db::row! { struct ShiftRow {
    id: Uuid, name: String, short: String, pairs: String, grace_minutes: i64, flex_minutes: i64, each_pair: bool, retired: bool, version: i64
} }

pub async fn shifts(q: &mut impl Query) -> Result<Vec<WorkShift>> {
    let rows: Vec<ShiftRow> = q
        .all(
            sql!(
                "SELECT s.id, s.name, s.short, s.pairs, s.grace_minutes, s.flex_minutes, s.each_pair, s.retired, s.version \
                 FROM work_shift s WHERE s.tenant_id = $1 ORDER BY s.retired, s.id"
            ),
            vec![],
        )
        .await?;
    let shift = |r: ShiftRow| WorkShift {
        id: r.id,
        name: r.name,
        short: r.short,
        pairs: serde_json::from_str(&r.pairs).unwrap_or_default(),
        grace_minutes: r.grace_minutes,
        flex_minutes: r.flex_minutes,
        each_pair: r.each_pair,
        retired: r.retired,
        version: r.version,
    };
    Ok(rows.into_iter().map(shift).collect())
}

/// False when the id is taken.
pub async fn insert_shift(tx: &mut Tx, s: &WorkShift, pairs: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO work_shift (tenant_id, id, name, short, pairs, grace_minutes, flex_minutes, each_pair, retired, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, 0, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![s.id, &s.name, &s.short, pairs, s.grace_minutes, s.flex_minutes, s.each_pair],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since.
pub async fn update_shift(tx: &mut Tx, s: &WorkShift, pairs: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE work_shift SET name = $4, short = $5, pairs = $6, grace_minutes = $7, flex_minutes = $8, each_pair = $9, retired = $10, \
                 version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $11"
            ),
            args![s.id, &s.name, &s.short, pairs, s.grace_minutes, s.flex_minutes, s.each_pair, s.retired, s.version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct PatternRow {
    id: Uuid, employee_id: Option<Uuid>, department_id: Option<Uuid>, from_day: LocalDay, week: Option<String>, employee: Option<String>,
    department: Option<String>
} }

/// Patterns with the names of whom they are for, oldest first.
pub async fn pattern_rows(q: &mut impl Query) -> Result<Vec<PatternRow>> {
    q.all(
        sql!(
            "SELECT r.id, r.employee_id, r.department_id, r.from_day, r.week, e.name AS employee, d.name AS department FROM shift_rule r \
             LEFT JOIN employee e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
             LEFT JOIN department d ON d.tenant_id = r.tenant_id AND d.id = r.department_id \
             WHERE r.tenant_id = $1 ORDER BY r.from_day, r.created_at, r.id"
        ),
        vec![],
    )
    .await
}

pub fn week(text: Option<&str>) -> Result<Option<Vec<Option<Uuid>>>> {
    text.map(|t| serde_json::from_str(t).map_err(Problem::internal)).transpose()
}

pub(super) async fn patterns(q: &mut impl Query) -> Result<Vec<Pattern>> {
    let rows = pattern_rows(q).await?;
    let pattern = |r: PatternRow| {
        Ok(Pattern {
            employee: r.employee_id,
            department: r.department_id,
            from: r.from_day,
            week: week(r.week.as_deref())?,
        })
    };
    rows.into_iter().map(pattern).collect()
}

/// What is written of a pattern.
pub struct NewPattern<'a> {
    pub id: Uuid,
    pub employee: Option<Uuid>,
    pub department: Option<Uuid>,
    pub from: LocalDay,
    pub week: Option<&'a str>,
}

/// False when the id is taken.
pub async fn insert_pattern(tx: &mut Tx, p: &NewPattern<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO shift_rule (tenant_id, id, employee_id, department_id, from_day, week, created_by, created_at) \
                 VALUES ($1, $3, $4, $5, $6, $7, $2, $8) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![p.id, p.employee, p.department, p.from, p.week, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Takes away another pattern of the same person or department that begins on the same day.
pub async fn replace_pattern(tx: &mut Tx, p: &NewPattern<'_>) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM shift_rule WHERE tenant_id = $1 AND id <> $3 AND from_day = $6 AND (employee_id = $4 OR department_id = $5)"
        ),
        args![p.id, p.employee, p.department, p.from],
    )
    .await
}

pub async fn delete_pattern(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let rows = tx.exec(sql!("DELETE FROM shift_rule WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
    Ok(rows == 1)
}

db::row! { struct ParentRow { id: Uuid, parent_id: Option<Uuid> } }

pub async fn parents(q: &mut impl Query) -> Result<HashMap<Uuid, Option<Uuid>>> {
    let rows: Vec<ParentRow> =
        q.all(sql!("SELECT d.id, d.parent_id FROM department d WHERE d.tenant_id = $1"), vec![]).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.parent_id)).collect())
}

db::row! { struct PostRow { id: Uuid, department_id: Uuid, calendar_id: Option<Uuid>, created_at: Micros, left_at: Option<Micros> } }

pub(super) async fn posts(q: &mut impl Query, person: Option<Uuid>) -> Result<HashMap<Uuid, Post>> {
    let rows: Vec<PostRow> = q
        .all(
            sql!(
                "SELECT e.id, e.department_id, e.calendar_id, e.created_at, e.left_at FROM employee e WHERE e.tenant_id = $1 AND ($3 IS NULL OR e.id = $3)"
            ),
            args![person],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            (
                r.id,
                Post {
                    department: r.department_id,
                    calendar: r.calendar_id,
                    since: r.created_at,
                    left: r.left_at,
                },
            )
        })
        .collect())
}

db::row! { struct DayRow { employee_id: Uuid, day: LocalDay, shift_id: Option<Uuid> } }

/// The duty table of a range.
pub async fn days(
    q: &mut impl Query,
    person: Option<Uuid>,
    from: LocalDay,
    to: LocalDay,
) -> Result<HashMap<(Uuid, LocalDay), Option<Uuid>>> {
    let rows: Vec<DayRow> = q
        .all(
            sql!(
                "SELECT r.employee_id, r.day, r.shift_id FROM roster_day r WHERE r.tenant_id = $1 AND r.day >= $4 AND r.day <= $5 \
                 AND ($3 IS NULL OR r.employee_id = $3)"
            ),
            args![person, from, to],
        )
        .await?;
    Ok(rows.into_iter().map(|r| ((r.employee_id, r.day), r.shift_id)).collect())
}

pub async fn set_day(
    tx: &mut Tx,
    person: Uuid,
    day: LocalDay,
    shift: Option<Uuid>,
    now: Micros,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO roster_day (tenant_id, employee_id, day, shift_id, changed_by, changed_at) VALUES ($1, $3, $4, $5, $2, $6) \
             ON CONFLICT (tenant_id, employee_id, day) DO UPDATE SET shift_id = EXCLUDED.shift_id, changed_by = EXCLUDED.changed_by, \
             changed_at = EXCLUDED.changed_at"
        ),
        args![person, day, shift, now],
    )
    .await
}

pub async fn clear_day(tx: &mut Tx, person: Uuid, day: LocalDay) -> Result<u64> {
    tx.exec(
        sql!("DELETE FROM roster_day WHERE tenant_id = $1 AND employee_id = $3 AND day = $4"),
        args![person, day],
    )
    .await
}
