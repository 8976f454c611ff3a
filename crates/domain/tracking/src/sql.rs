//! Statements about readings. Those about trackers and the ledger stand beside them.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct Standing { department_id: Uuid, status: String } }

/// What the gate asks of a person.
pub async fn standing(q: &mut impl Query, employee: Uuid) -> Result<Standing> {
    q.must(
        sql!("SELECT department_id, status FROM employee WHERE tenant_id = $1 AND id = $3"),
        args![employee],
    )
    .await
}

/// Packed readings of one person and day, ready to be kept.
#[derive(Debug, Clone)]
pub struct Batch {
    pub employee: Uuid,
    pub day: LocalDay,
    pub fixes: Vec<u8>,
}

/// Appends batches, many to a statement: the cost of a row is mostly the cost of its statement.
pub async fn append(tx: &mut Tx, batches: Vec<Batch>) -> Result<()> {
    let now = tx.now();
    let mut rest = batches.into_iter();
    while rest.len() > 0 {
        let (rows, statement) = match rest.len() {
            64.. => (64, sql!(insert::ROWS_64)),
            8.. => (8, sql!(insert::ROWS_8)),
            _ => (1, sql!(insert::ROWS_1)),
        };
        let mut all = Vec::with_capacity(1 + 3 * rows);
        all.extend(args![now]);
        for b in rest.by_ref().take(rows) {
            all.extend(args![b.employee, b.day, b.fixes]);
        }
        tx.exec(statement, all).await?;
    }
    Ok(())
}

/// Texts of the INSERT of several batches at once, written out at compile time.
mod insert {
    pub const ROWS_64: &str = text(&BYTES_64);
    pub const ROWS_8: &str = text(&BYTES_8);
    pub const ROWS_1: &str = text(&BYTES_1);

    const BYTES_64: [u8; 2048] = written(64);
    const BYTES_8: [u8; 512] = written(8);
    const BYTES_1: [u8; 128] = written(1);

    const HEAD: &str = "INSERT INTO fix_batch (tenant_id, employee_id, day, received_at, fixes) VALUES ";

    const fn text(bytes: &'static [u8]) -> &'static str {
        match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => panic!("written from ASCII"),
        }
    }

    /// `($1, $4, $5, $3, $6), ($1, $7, $8, $3, $9), …` and blanks; $3 is the time of receipt.
    const fn written<const N: usize>(rows: usize) -> [u8; N] {
        let (mut bytes, mut at) = put([b' '; N], 0, HEAD);
        let mut row = 0;
        while row < rows {
            let first = 4 + 3 * row;
            (bytes, at) = put(bytes, at, if row == 0 { "($1, $" } else { ", ($1, $" });
            (bytes, at) = put_number(bytes, at, first);
            (bytes, at) = put(bytes, at, ", $");
            (bytes, at) = put_number(bytes, at, first + 1);
            (bytes, at) = put(bytes, at, ", $3, $");
            (bytes, at) = put_number(bytes, at, first + 2);
            (bytes, at) = put(bytes, at, ")");
            row += 1;
        }
        bytes
    }

    const fn put<const N: usize>(mut bytes: [u8; N], at: usize, text: &str) -> ([u8; N], usize) {
        let mut i = 0;
        while i < text.len() {
            bytes[at + i] = text.as_bytes()[i];
            i += 1;
        }
        (bytes, at + text.len())
    }

    /// At most three digits.
    const fn put_number<const N: usize>(
        mut bytes: [u8; N],
        mut at: usize,
        number: usize,
    ) -> ([u8; N], usize) {
        let mut unit = if number >= 100 {
            100
        } else if number >= 10 {
            10
        } else {
            1
        };
        while unit > 0 {
            bytes[at] = b'0' + (number / unit % 10) as u8;
            at += 1;
            unit /= 10;
        }
        (bytes, at)
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn every_row_has_its_own_places() {
            assert!(super::ROWS_1.trim_end().ends_with("VALUES ($1, $4, $5, $3, $6)"));
            assert!(super::ROWS_8.trim_end().ends_with("($1, $25, $26, $3, $27)"));
            assert!(super::ROWS_64.trim_end().ends_with("($1, $193, $194, $3, $195)"));
            assert!(super::ROWS_64.contains("($1, $97, $98, $3, $99), ($1, $100, $101, $3, $102)"));
        }
    }
}

db::row! { pub struct Packed { fixes: Vec<u8>, received_at: Micros } }

/// Batches of a person's day that are not sealed yet.
pub async fn batches(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<Packed>> {
    q.all(
        sql!(
            "SELECT fixes, received_at FROM fix_batch WHERE tenant_id = $1 AND employee_id = $3 AND day = $4 ORDER BY seq"
        ),
        args![employee, day],
    )
    .await
}

/// Takes a person's unsealed batches of a day away, to be sealed in the same transaction.
pub async fn take_batches(tx: &mut Tx, employee: Uuid, day: LocalDay) -> Result<Vec<Packed>> {
    tx.all(
        sql!(
            "DELETE FROM fix_batch WHERE tenant_id = $1 AND employee_id = $3 AND day = $4 RETURNING fixes, received_at"
        ),
        args![employee, day],
    )
    .await
}

db::row! { pub struct Segment { fixes: Vec<u8>, revision: i64, received_to: Micros } }

pub async fn segment(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Option<Segment>> {
    q.one(
        sql!(
            "SELECT fixes, revision, received_to FROM fix_segment WHERE tenant_id = $1 AND employee_id = $3 AND day = $4"
        ),
        args![employee, day],
    )
    .await
}

pub async fn put_segment(
    tx: &mut Tx,
    employee: Uuid,
    day: LocalDay,
    received_to: Micros,
    fixes: Vec<u8>,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO fix_segment (tenant_id, employee_id, day, revision, sealed_at, received_to, fixes) \
             VALUES ($1, $3, $4, 1, $5, $6, $7) ON CONFLICT (tenant_id, day, employee_id) DO UPDATE SET \
             revision = fix_segment.revision + 1, sealed_at = excluded.sealed_at, \
             received_to = excluded.received_to, fixes = excluded.fixes"
        ),
        args![employee, day, tx.now(), received_to, fixes],
    )
    .await
}

/// Counts refused readings; their content is not passed to the store at all.
pub async fn count_refused(
    tx: &mut Tx,
    employee: Uuid,
    day: LocalDay,
    reason: &str,
    count: i64,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO fix_refused (tenant_id, employee_id, day, reason, count) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, day, employee_id, reason) DO UPDATE SET count = fix_refused.count + excluded.count"
        ),
        args![employee, day, reason, count],
    )
    .await
}

/// Counts readings removed after they had been stored.
pub async fn count_removed(
    tx: &mut Tx,
    employee: Uuid,
    day: LocalDay,
    reason: &str,
    count: i64,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO fix_removed (tenant_id, employee_id, day, reason, count) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, day, employee_id, reason) DO UPDATE SET count = fix_removed.count + excluded.count"
        ),
        args![employee, day, reason, count],
    )
    .await
}

db::row! { pub struct CountRow { day: LocalDay, reason: String, count: i64 } }

/// Refused readings of a person's days by reason.
pub async fn refused_of(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<CountRow>> {
    q.all(
        sql!(
            "SELECT day, reason, count FROM fix_refused \
             WHERE tenant_id = $1 AND employee_id = $3 AND day >= $4 AND day <= $5 ORDER BY day, reason"
        ),
        args![employee, from, to],
    )
    .await
}

/// Removed readings of a person's days by reason.
pub async fn removed_of(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<CountRow>> {
    q.all(
        sql!(
            "SELECT day, reason, count FROM fix_removed \
             WHERE tenant_id = $1 AND employee_id = $3 AND day >= $4 AND day <= $5 ORDER BY day, reason"
        ),
        args![employee, from, to],
    )
    .await
}

db::row! { pub struct RefusedRow { employee_id: Uuid, count: i64 } }

/// Refused readings of a day by person: all reasons but impossible times.
pub async fn refused_on(q: &mut impl Query, day: LocalDay) -> Result<Vec<RefusedRow>> {
    q.all(
        sql!(
            "SELECT employee_id, CAST(SUM(count) AS BIGINT) AS count FROM fix_refused \
             WHERE tenant_id = $1 AND day = $3 AND reason <> 'bad_time' GROUP BY employee_id"
        ),
        args![day],
    )
    .await
}

db::row! { pub struct ReasonRow { employee_id: Uuid, reason: String, count: i64 } }

/// Refused readings of a day by person and reason.
pub async fn refused_by_reason(q: &mut impl Query, day: LocalDay) -> Result<Vec<ReasonRow>> {
    q.all(
        sql!(
            "SELECT employee_id, reason, count FROM fix_refused WHERE tenant_id = $1 AND day = $3 ORDER BY employee_id, reason"
        ),
        args![day],
    )
    .await
}

db::row! { pub struct MarkRow { employee_id: Uuid, revision: i64, batches: i64, last: i64 } }

/// What is stored of a day by person, as numbers that change whenever the readings do.
pub async fn marks(q: &mut impl Query, day: LocalDay, employee: Option<Uuid>) -> Result<Vec<MarkRow>> {
    q.all(
        sql!(
            "SELECT m.employee_id, CAST(SUM(m.revision) AS BIGINT) AS revision, CAST(SUM(m.batches) AS BIGINT) AS batches, \
             CAST(MAX(m.last) AS BIGINT) AS last FROM ( \
               SELECT employee_id, 0 AS revision, COUNT(*) AS batches, MAX(seq) AS last FROM fix_batch \
               WHERE tenant_id = $1 AND day = $3 AND ($4 IS NULL OR employee_id = $4) GROUP BY employee_id \
               UNION ALL \
               SELECT employee_id, revision, 0 AS batches, 0 AS last FROM fix_segment \
               WHERE tenant_id = $1 AND day = $3 AND ($4 IS NULL OR employee_id = $4) \
             ) m GROUP BY m.employee_id"
        ),
        args![day, employee],
    )
    .await
}

db::row! { pub struct Unsealed { employee_id: Uuid, day: LocalDay, batches: i64, received_to: Micros } }

/// Person-days with unsealed batches.
pub async fn unsealed(q: &mut impl Query) -> Result<Vec<Unsealed>> {
    q.all(
        sql!(
            "SELECT employee_id, day, CAST(COUNT(*) AS BIGINT) AS batches, CAST(MAX(received_at) AS BIGINT) AS received_to \
             FROM fix_batch WHERE tenant_id = $1 GROUP BY day, employee_id"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct Newest { employee_id: Uuid } }

/// People with readings of a day.
pub async fn people_with_readings(q: &mut impl Query, day: LocalDay) -> Result<Vec<Newest>> {
    q.all(
        sql!(
            "SELECT employee_id FROM fix_batch WHERE tenant_id = $1 AND day = $3 \
             UNION SELECT employee_id FROM fix_segment WHERE tenant_id = $1 AND day = $3"
        ),
        args![day],
    )
    .await
}
