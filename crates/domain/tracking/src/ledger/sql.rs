use base::{LocalDay, Micros, id};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::book::Line;

db::row! { struct Added { count: i64 } }

/// Adds to a line; true when that begins it.
pub async fn add(tx: &mut Tx, line: &Line, read_on: LocalDay, count: i64) -> Result<bool> {
    let row: Added = tx
        .must(
        sql!(
            "INSERT INTO location_read (tenant_id, id, employee_id, reader_id, what, hour, read_on, day, first_at, last_at, count) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) \
             ON CONFLICT (tenant_id, employee_id, hour, reader_id, what, day) DO UPDATE SET \
             count = location_read.count + excluded.count, last_at = excluded.last_at RETURNING count"
        ),
        args![
            id::new_v7(),
            line.employee,
            line.reader,
            line.what.key(),
            line.hour,
            read_on,
            line.day,
            tx.now(),
            count
        ],
    )
    .await?;
    Ok(row.count == count)
}

db::row! { pub struct LineRow {
    id: Uuid, last_at: Micros, reader_id: Uuid, reader_name: Option<String>, department_name: Option<String>, what: String,
    day: Option<LocalDay>, count: i64
} }

/// Lines about the acting person, newest first.
pub async fn own(q: &mut impl Query, before: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<LineRow>> {
    let (before_at, before_id) = before.unzip();
    q.all(
        sql!(
            "SELECT l.id, l.last_at, l.reader_id, p.name AS reader_name, p.department_name, l.what, l.day, l.count \
             FROM location_read l LEFT JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.reader_id \
             WHERE l.tenant_id = $1 AND l.employee_id = $2 \
             AND ($3 IS NULL OR l.last_at < $3 OR (l.last_at = $3 AND l.id < $4)) \
             ORDER BY l.last_at DESC, l.id DESC LIMIT $5"
        ),
        args![before_at, before_id, limit],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// How many others looked at a person's positions on a day.
pub async fn viewers_today(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(DISTINCT reader_id) AS BIGINT) AS n FROM location_read \
                 WHERE tenant_id = $1 AND employee_id = $3 AND read_on = $4"
            ),
            args![employee, day],
        )
        .await?;
    Ok(row.n)
}
