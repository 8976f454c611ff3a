//! Months of sealed positions in PostgreSQL: `fix_segment` is a partitioned table there, with one part for each month of days
//! and one for the rest. A month that retention has emptied is dropped whole, and the rows of today lie together.
//!
//! A part is made before its month begins; what arrives for a month without one goes into the rest and moves when the part is
//! made. SQLite keeps one table.

use base::LocalDay;
use sqlx::{Executor, PgConnection, PgPool, Row};

use crate::{Result, migrate::row_security, tx::problem_of};

const TABLE: &str = "fix_segment";
/// How many months ahead of today have a part.
const AHEAD: i32 = 2;
/// A part younger than this is kept though it is empty.
const KEPT: i32 = 2;

/// A month of days as the table counts them (yyyymmdd).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    year: i32,
    /// 1 to 12.
    month: i32,
}

impl Month {
    fn of(day: LocalDay) -> Month {
        let n = i32::try_from(day.as_int()).unwrap_or(0);
        Month { year: n / 10_000, month: n / 100 % 100 }
    }

    fn plus(self, months: i32) -> Month {
        let n = self.year * 12 + self.month - 1 + months;
        Month { year: n.div_euclid(12), month: n.rem_euclid(12) + 1 }
    }

    fn first_day(self) -> i32 {
        self.year * 10_000 + self.month * 100 + 1
    }

    fn part(self) -> String {
        format!("{TABLE}_{:04}_{:02}", self.year, self.month)
    }

    fn of_part(name: &str) -> Option<Month> {
        let (year, month) = name.strip_prefix(TABLE)?.strip_prefix('_')?.split_once('_')?;
        Some(Month { year: year.parse().ok()?, month: month.parse().ok()? })
    }
}

async fn run(c: &mut PgConnection, text: String) -> Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(text))
        .execute(c)
        .await
        .map(|_| ())
        .map_err(|e| problem_of(e, "partition"))
}

/// Makes the plain table of the migrations a partitioned one, with all it holds; also gives the hot buffer a key led by the
/// tenant, so that both can be spread over machines by company. Done once.
pub(crate) async fn convert(c: &mut PgConnection) -> Result<()> {
    let kind: String =
        sqlx::query_scalar("SELECT relkind::text FROM pg_class WHERE oid = 'fix_segment'::regclass")
            .fetch_one(&mut *c)
            .await
            .map_err(|e| problem_of(e, "partition"))?;
    if kind == "p" {
        return Ok(());
    }
    run(
        c,
        format!(
            "ALTER TABLE fix_batch DROP CONSTRAINT fix_batch_pkey; ALTER TABLE fix_batch ADD PRIMARY KEY (tenant_id, seq); \
             ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY; \
             ALTER TABLE {TABLE} RENAME TO {TABLE}_plain; \
             ALTER TABLE {TABLE}_plain RENAME CONSTRAINT {TABLE}_pkey TO {TABLE}_plain_pkey; \
             CREATE TABLE {TABLE} (LIKE {TABLE}_plain, PRIMARY KEY (tenant_id, day, employee_id)) PARTITION BY RANGE (day); \
             CREATE TABLE {TABLE}_rest PARTITION OF {TABLE} DEFAULT; \
             INSERT INTO {TABLE} SELECT * FROM {TABLE}_plain; DROP TABLE {TABLE}_plain"
        ),
    )
    .await?;
    run(c, row_security(TABLE)).await?;
    run(c, row_security(&format!("{TABLE}_rest"))).await
}

/// Makes the parts around today and drops old ones that hold nothing.
pub(crate) async fn keep(pool: &PgPool, today: LocalDay) -> Result<()> {
    let fail = |e| problem_of(e, "partition");
    let now = Month::of(today);
    let due = |there: &[Part]| {
        let missing: Vec<Month> =
            (-1..=AHEAD).map(|n| now.plus(n)).filter(|m| there.iter().all(|p| p.month != *m)).collect();
        let spent: Vec<Month> =
            there.iter().filter(|p| p.empty && p.month < now.plus(-KEPT)).map(|p| p.month).collect();
        (missing, spent)
    };
    let (missing, spent) = due(&parts(&mut *pool.acquire().await.map_err(fail)?).await?);
    if missing.is_empty() && spent.is_empty() {
        return Ok(());
    }
    let mut tx = pool.begin().await.map_err(fail)?;
    // Several programs may come to this at once, and nothing may be written into a part while it is looked at.
    run(&mut tx, format!("LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")).await?;
    let (missing, spent) = due(&parts(&mut tx).await?);
    for month in missing {
        make(&mut tx, month).await?;
    }
    for month in spent {
        run(&mut tx, format!("DROP TABLE {}", month.part())).await?;
    }
    tx.commit().await.map_err(fail)
}

/// Names of the parts that hold one month each.
pub(crate) async fn names(c: &mut PgConnection) -> Result<Vec<String>> {
    Ok(parts(c).await?.iter().map(|p| p.month.part()).collect())
}

/// Makes parts by their names, for the rows of a backup.
pub(crate) async fn remake(c: &mut PgConnection, names: &[String]) -> Result<()> {
    for month in names.iter().filter_map(|name| Month::of_part(name)) {
        make(c, month).await?;
    }
    Ok(())
}

/// A part that is there.
struct Part {
    month: Month,
    /// It has no page on disk: all its rows were deleted, and the store has cleaned up since.
    empty: bool,
}

async fn parts(c: &mut PgConnection) -> Result<Vec<Part>> {
    let rows = c
        .fetch_all(
            "SELECT c.relname::text, pg_relation_size(c.oid) = 0 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
             WHERE i.inhparent = 'fix_segment'::regclass",
        )
        .await
        .map_err(|e| problem_of(e, "partition"))?;
    let part = |r: &sqlx::postgres::PgRow| {
        Some(Part { month: Month::of_part(&r.try_get::<String, _>(0).ok()?)?, empty: r.try_get(1).ok()? })
    };
    Ok(rows.iter().filter_map(part).collect())
}

/// A part of its own, filled with what lies in the rest, then put in its place: nobody ever sees a row missing or twice.
async fn make(c: &mut PgConnection, month: Month) -> Result<()> {
    let (part, from, to) = (month.part(), month.first_day(), month.plus(1).first_day());
    run(
        c,
        format!(
            "CREATE TABLE {part} (LIKE {TABLE} INCLUDING ALL, CHECK (day >= {from} AND day < {to})); \
             ALTER TABLE {TABLE}_rest NO FORCE ROW LEVEL SECURITY; \
             WITH moved AS (DELETE FROM {TABLE}_rest WHERE day >= {from} AND day < {to} RETURNING *) INSERT INTO {part} SELECT * FROM moved; \
             ALTER TABLE {TABLE}_rest FORCE ROW LEVEL SECURITY; \
             ALTER TABLE {TABLE} ATTACH PARTITION {part} FOR VALUES FROM ({from}) TO ({to})"
        ),
    )
    .await?;
    // No statement of the product names a part, and it would still show nothing of others.
    run(c, row_security(&part)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = Month::of(LocalDay::new(2026, 12, 31).unwrap());
        assert_eq!(december.part(), "fix_segment_2026_12");
        assert_eq!(december.plus(1).first_day(), 20_270_101);
        assert_eq!(december.plus(-12).first_day(), 20_251_201);
        assert_eq!(Month::of_part(&december.part()), Some(december));
        assert_eq!(Month::of_part("fix_segment_rest"), None);
    }
}
