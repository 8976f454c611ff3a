use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::articles::sql::asked;

db::row! { pub struct ReaderRow {
    id: Uuid, name: String, department_id: Uuid, department_name: String, number: Option<i64>, read_at: Option<Micros>, done: bool
} }

/// People of the audience of an article somebody must read, as far as the asking person reaches: those who have not
/// read it first.
pub async fn readers(q: &mut impl Query, article: Uuid) -> Result<Vec<ReaderRow>> {
    q.all(
        sql!(concat!(
            "SELECT e.id, e.name, e.department_id, e.department_name, x.number, x.read_at, \
             CAST(CASE WHEN x.number >= a.required THEN 1 ELSE 0 END AS BIGINT) AS done \
             FROM article a JOIN person e ON e.tenant_id = a.tenant_id AND e.status = 'active' \
             LEFT JOIN article_receipt x ON x.tenant_id = a.tenant_id AND x.article_id = a.id AND x.employee_id = e.id \
               AND x.number = (SELECT MAX(y.number) FROM article_receipt y WHERE y.tenant_id = $1 AND y.article_id = a.id AND y.employee_id = e.id) \
             WHERE a.tenant_id = $1 AND a.id = $3 AND a.required IS NOT NULL AND {reach:e} AND ",
            asked!("e"),
            " ORDER BY done, e.pinyin, e.id"
        )),
        args![article],
    )
    .await
}

/// The same whatever the reach: those who have not read it yet.
pub async fn waiting(q: &mut impl Query, article: Uuid) -> Result<Vec<ReaderRow>> {
    q.all(
        sql!(concat!(
            "SELECT e.id, e.name, e.department_id, e.department_name, NULL AS number, NULL AS read_at, CAST(0 AS BIGINT) AS done \
             FROM article a JOIN person e ON e.tenant_id = a.tenant_id AND e.status = 'active' \
             WHERE a.tenant_id = $1 AND a.id = $3 AND a.published IS NOT NULL AND a.retired = 0 AND a.required IS NOT NULL AND ",
            asked!("e"),
            " AND NOT EXISTS (SELECT 1 FROM article_receipt x WHERE x.tenant_id = $1 AND x.article_id = a.id AND x.employee_id = e.id \
               AND x.number >= a.required) ORDER BY e.id"
        )),
        args![article],
    )
    .await
}

db::row! { pub struct DueRow { id: Uuid, title: String } }

/// Articles that must be read by the end of this day and of which nobody was told today.
pub async fn due(q: &mut impl Query, day: LocalDay) -> Result<Vec<DueRow>> {
    q.all(
        sql!(
            "SELECT a.id, a.title FROM article a WHERE a.tenant_id = $1 AND a.due_day = $3 AND a.required IS NOT NULL \
             AND a.published IS NOT NULL AND a.retired = 0 AND COALESCE(a.told_due, 0) <> $3 ORDER BY a.id"
        ),
        args![day],
    )
    .await
}

/// Remembers that people were told; false when they were before.
pub async fn set_told_due(tx: &mut Tx, article: Uuid, day: LocalDay) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE article SET told_due = $4 WHERE tenant_id = $1 AND id = $3 AND COALESCE(told_due, 0) <> $4"),
            args![article, day],
        )
        .await?;
    Ok(rows == 1)
}

/// How many must read an article, and how many have.
pub(crate) async fn counts(q: &mut impl Query, article: Uuid) -> Result<(i64, i64)> {
    let row: (i64, i64) = q
        .must(
            sql!(concat!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS asked, CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM article_receipt x \
                   WHERE x.tenant_id = $1 AND x.article_id = a.id AND x.employee_id = e.id AND x.number >= a.required) THEN 1 ELSE 0 END), 0) \
                 AS BIGINT) AS done FROM article a JOIN person e ON e.tenant_id = a.tenant_id AND e.status = 'active' \
                 WHERE a.tenant_id = $1 AND a.id = $3 AND a.required IS NOT NULL AND {reach:e} AND ",
                asked!("e")
            )),
            args![article],
        )
        .await?;
    Ok(row)
}

/// Erasing a person: what he has read is forgotten. Answers how many receipts there were.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM article_receipt WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await
}
