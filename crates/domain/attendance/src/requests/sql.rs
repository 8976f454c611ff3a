//! Statements on requests.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

/// What is written of a request.
pub struct Written<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub person: Uuid,
    pub department: Uuid,
    pub from_at: Micros,
    pub to_at: Micros,
    pub from_day: LocalDay,
    pub to_day: LocalDay,
    pub part: &'a str,
    pub leave_type: Option<Uuid>,
    pub amount: i64,
    pub place: Option<&'a str>,
    pub punch_kind: Option<&'a str>,
    pub reason: &'a str,
    pub cancels: Option<Uuid>,
    pub sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO attendance_request (tenant_id, id, kind, employee_id, department_id, from_at, to_at, from_day, to_day, part, \
                 leave_type_id, amount, place, punch_kind, reason, cancels_id, status, sha256, created_at) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'running', $18, $19) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                w.id, w.kind, w.person, w.department, w.from_at, w.to_at, w.from_day, w.to_day, w.part, w.leave_type, w.amount, w.place,
                w.punch_kind, w.reason, w.cancels, w.sha256, now
            ],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct RequestRow {
    id: Uuid, kind: String, employee_id: Uuid, employee: String, department_id: Uuid, department: String, from_at: Micros, to_at: Micros,
    from_day: LocalDay, to_day: LocalDay, part: String, leave_type_id: Option<Uuid>, leave_type: Option<String>, amount: i64,
    place: Option<String>, punch_kind: Option<String>, reason: String, cancels_id: Option<Uuid>, status: String, sha256: String,
    created_at: Micros, decided_at: Option<Micros>
} }

macro_rules! requests {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, r.kind, r.employee_id, e.name AS employee, r.department_id, e.department_name AS department, r.from_at, r.to_at, \
             r.from_day, r.to_day, r.part, r.leave_type_id, t.name AS leave_type, r.amount, r.place, r.punch_kind, r.reason, r.cancels_id, \
             r.status, r.sha256, r.created_at, r.decided_at FROM attendance_request r \
             JOIN person e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
             LEFT JOIN leave_type t ON t.tenant_id = r.tenant_id AND t.id = r.leave_type_id WHERE r.tenant_id = $1 ",
            $tail
        )
    };
}

/// Whatever the reach: the caller has checked.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<RequestRow>> {
    q.one(sql!(requests!("AND r.id = $3")), args![id]).await
}

/// The newest of a person, whatever the reach.
pub async fn of_person(q: &mut impl Query, person: Uuid, limit: i64) -> Result<Vec<RequestRow>> {
    q.all(
        sql!(requests!("AND r.employee_id = $3 ORDER BY r.created_at DESC, r.id DESC LIMIT $4")),
        args![person, limit],
    )
    .await
}

/// Of a person's day, whatever the reach.
pub async fn touching(q: &mut impl Query, person: Uuid, day: LocalDay) -> Result<Vec<RequestRow>> {
    q.all(
        sql!(requests!(
            "AND r.employee_id = $3 AND r.from_day <= $4 AND r.to_day >= $4 ORDER BY r.created_at, r.id"
        )),
        args![person, day],
    )
    .await
}

/// What a list shows.
pub struct Filter {
    pub status: Option<String>,
    pub kind: Option<String>,
    pub person: Option<Uuid>,
    pub department: Option<Uuid>,
}

/// Of people in reach, newest first.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<RequestRow>> {
    let (at, id) = after.unzip();
    q.all(
        sql!(requests!(
            "AND {reach:e} AND ($3 IS NULL OR r.status = $3) AND ($4 IS NULL OR r.kind = $4) AND ($5 IS NULL OR r.employee_id = $5) \
             AND ($6 IS NULL OR e.department_id IN (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $6)) \
             AND ($7 IS NULL OR r.created_at < $7 OR (r.created_at = $7 AND r.id < $8)) ORDER BY r.created_at DESC, r.id DESC LIMIT $9"
        )),
        args![&f.status, &f.kind, f.person, f.department, at, id, limit],
    )
    .await
}

db::row! { pub struct Overlapping { from_day: LocalDay, to_day: LocalDay } }

/// An open or approved request of these kinds that shares time with a stretch.
pub async fn overlapping(
    q: &mut impl Query,
    person: Uuid,
    kinds: (&str, &str),
    from: Micros,
    to: Micros,
) -> Result<Option<Overlapping>> {
    q.one(
        sql!(
            "SELECT r.from_day, r.to_day FROM attendance_request r WHERE r.tenant_id = $1 AND r.employee_id = $3 AND r.kind IN ($4, $5) \
             AND r.from_at < $7 AND r.to_at > $6 AND r.cancels_id IS NULL AND r.status IN ('running', 'returned', 'approved') \
             ORDER BY r.from_at LIMIT 1"
        ),
        args![person, kinds.0, kinds.1, from, to],
    )
    .await
}

/// Is an end of this request being asked for?
pub async fn being_cancelled(q: &mut impl Query, id: Uuid) -> Result<Option<Overlapping>> {
    q.one(
        sql!(
            "SELECT r.from_day, r.to_day FROM attendance_request r WHERE r.tenant_id = $1 AND r.cancels_id = $3 \
             AND r.status IN ('running', 'returned', 'approved') ORDER BY r.id LIMIT 1"
        ),
        args![id],
    )
    .await
}

pub async fn set_status(tx: &mut Tx, id: Uuid, status: &str, decided: Option<Micros>) -> Result<u64> {
    tx.exec(
        sql!("UPDATE attendance_request SET status = $4, decided_at = $5 WHERE tenant_id = $1 AND id = $3"),
        args![id, status, decided],
    )
    .await
}

db::row! { pub struct Forced {
    id: Uuid, kind: String, employee_id: Uuid, from_at: Micros, to_at: Micros, part: String, leave_type_id: Option<Uuid>,
    punch_kind: Option<String>, decided_at: Option<Micros>
} }

/// Approved requests that touch a range of days: of one person whatever the reach, or of everybody in reach. In the order they
/// were decided.
pub async fn in_force(
    q: &mut impl Query,
    person: Option<Uuid>,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<Forced>> {
    match person {
        Some(id) => {
            q.all(
                sql!(
                    "SELECT r.id, r.kind, r.employee_id, r.from_at, r.to_at, r.part, r.leave_type_id, r.punch_kind, r.decided_at FROM attendance_request r \
                     WHERE r.tenant_id = $1 AND r.employee_id = $3 AND r.to_day >= $4 AND r.from_day <= $5 AND r.status = 'approved' \
                     AND r.cancels_id IS NULL ORDER BY r.decided_at, r.id"
                ),
                args![id, from, to],
            )
            .await
        }
        None => {
            q.all(
                sql!(
                    "SELECT r.id, r.kind, r.employee_id, r.from_at, r.to_at, r.part, r.leave_type_id, r.punch_kind, r.decided_at FROM attendance_request r \
                     JOIN person e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
                     WHERE r.tenant_id = $1 AND {reach:e} AND r.to_day >= $3 AND r.from_day <= $4 AND r.status = 'approved' \
                     AND r.cancels_id IS NULL ORDER BY r.decided_at, r.id"
                ),
                args![from, to],
            )
            .await
        }
    }
}

db::row! { struct Counted { n: i64 } }

/// Requests of the whole company that touch these days and are not decided.
pub async fn waiting(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<i64> {
    let row: Option<Counted> = q
        .one(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM attendance_request r WHERE r.tenant_id = $1 AND r.to_day >= $3 AND r.from_day <= $4 \
                 AND r.status IN ('running', 'returned')"
            ),
            args![from, to],
        )
        .await?;
    Ok(row.map_or(0, |r| r.n))
}

/// One after the other for a person: what is asked is checked against what was asked before.
pub async fn queue_up(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE employee SET version = version WHERE tenant_id = $1 AND id = $3"), args![person])
        .await
}

db::row! { pub struct Used { employee_id: Uuid, leave_type_id: Uuid, taken: i64, waiting: i64 } }

/// Leave of a year by person and kind: approved and still waiting. Of one person whatever the reach, or of everybody in reach.
pub async fn used(q: &mut impl Query, person: Option<Uuid>, year: i64) -> Result<Vec<Used>> {
    let (first, last) = (year * 10_000, year * 10_000 + 9_999);
    match person {
        Some(id) => {
            q.all(
                sql!(
                    "SELECT r.employee_id, r.leave_type_id, CAST(SUM(CASE WHEN r.status = 'approved' THEN r.amount ELSE 0 END) AS BIGINT) AS taken, \
                     CAST(SUM(CASE WHEN r.status <> 'approved' THEN r.amount ELSE 0 END) AS BIGINT) AS waiting FROM attendance_request r \
                     WHERE r.tenant_id = $1 AND r.employee_id = $3 AND r.kind = 'leave' AND r.leave_type_id IS NOT NULL AND r.cancels_id IS NULL \
                     AND r.status IN ('running', 'returned', 'approved') AND r.from_day >= $4 AND r.from_day <= $5 \
                     GROUP BY r.employee_id, r.leave_type_id"
                ),
                args![id, first, last],
            )
            .await
        }
        None => {
            q.all(
                sql!(
                    "SELECT r.employee_id, r.leave_type_id, CAST(SUM(CASE WHEN r.status = 'approved' THEN r.amount ELSE 0 END) AS BIGINT) AS taken, \
                     CAST(SUM(CASE WHEN r.status <> 'approved' THEN r.amount ELSE 0 END) AS BIGINT) AS waiting FROM attendance_request r \
                     JOIN person e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
                     WHERE r.tenant_id = $1 AND {reach:e} AND r.kind = 'leave' AND r.leave_type_id IS NOT NULL AND r.cancels_id IS NULL \
                     AND r.status IN ('running', 'returned', 'approved') AND r.from_day >= $3 AND r.from_day <= $4 \
                     GROUP BY r.employee_id, r.leave_type_id"
                ),
                args![first, last],
            )
            .await
        }
    }
}

/// Takes what a person wrote out of his requests.
pub async fn erase_reasons(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE attendance_request SET reason = '', place = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await
}
