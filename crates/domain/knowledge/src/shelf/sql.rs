use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::ShelfLine;
use crate::articles::{
    sql::{asked, asked_terms, may_read, slots},
    tags_of,
};

db::row! { pub struct ShelfRow {
    id: Uuid, number: i64, title: String, category_id: Option<Uuid>, tags: String, published_at: Micros, must_read: bool, due_day: Option<LocalDay>,
    unread: bool, read_number: Option<i64>, read_at: Option<Micros>
} }

impl ShelfRow {
    pub fn shown(self) -> Result<ShelfLine> {
        Ok(ShelfLine {
            id: self.id,
            number: self.number,
            title: self.title,
            category_id: self.category_id,
            tags: tags_of(&self.tags)?,
            published_at: self.published_at,
            must_read: self.must_read,
            due_day: self.due_day.filter(|_| self.must_read),
            unread: self.unread,
            read_number: self.read_number,
            read_at: self.read_at,
        })
    }
}

/// Articles `a` the acting person may read, with what he has read of them.
macro_rules! shelf {
    ($with:expr, $from:literal, $tail:literal) => {
        concat!(
            $with,
            "SELECT a.id, v.number, v.title, a.category_id, v.tags, v.published_at, a.due_day, x.number AS read_number, x.read_at, \
             CAST(CASE WHEN a.required IS NOT NULL AND ", asked!("me"), " THEN 1 ELSE 0 END AS BIGINT) AS must_read, \
             CAST(CASE WHEN a.required IS NOT NULL AND COALESCE(x.number, 0) < a.required AND ", asked!("me"), " THEN 1 ELSE 0 END AS BIGINT) AS unread \
             FROM ", $from, " JOIN article_version v ON v.tenant_id = a.tenant_id AND v.article_id = a.id AND v.number = a.published \
             JOIN person me ON me.tenant_id = a.tenant_id AND me.id = $2 \
             LEFT JOIN article_receipt x ON x.tenant_id = a.tenant_id AND x.article_id = a.id AND x.employee_id = me.id AND x.number = \
               (SELECT MAX(y.number) FROM article_receipt y WHERE y.tenant_id = $1 AND y.article_id = a.id AND y.employee_id = me.id) \
             WHERE a.tenant_id = $1 AND ", may_read!(), " ",
            $tail
        )
    };
}

fn shown(rows: Vec<ShelfRow>) -> Result<Vec<ShelfLine>> {
    rows.into_iter().map(ShelfRow::shown).collect()
}

/// All articles the acting person may read, the newest first.
pub async fn all(q: &mut impl Query, most: i64) -> Result<Vec<ShelfLine>> {
    let rows = q
        .all(sql!(shelf!("", "article a", "ORDER BY v.published_at DESC, a.id DESC LIMIT $3")), args![most])
        .await?;
    shown(rows)
}

/// One of them.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<ShelfLine>> {
    let row: Option<ShelfRow> = q.one(sql!(shelf!("", "article a", "AND a.id = $3")), args![id]).await?;
    row.map(ShelfRow::shown).transpose()
}

/// Those the acting person must read and has not, the most urgent first.
///
/// # Errors
/// When the store cannot be read.
pub async fn unread(q: &mut impl Query) -> Result<Vec<ShelfLine>> {
    let rows: Vec<ShelfRow> = q
        .all(
            sql!(shelf!(
                "",
                "article a",
                "AND a.required IS NOT NULL AND COALESCE(x.number, 0) < a.required ORDER BY COALESCE(a.due_day, 99991231), v.published_at, a.id"
            )),
            vec![],
        )
        .await?;
    shown(rows.into_iter().filter(|r| r.unread).collect())
}

/// Those that have all these terms, the best first.
pub async fn with_terms(q: &mut impl Query, terms: &[String], limit: i64) -> Result<Vec<ShelfLine>> {
    let mut args = slots(terms);
    args.extend(args![terms.len() as i64, limit]);
    let rows: Vec<ShelfRow> = q
        .all(
            sql!(shelf!(
                concat!("WITH ", asked_terms!()),
                "hit h CROSS JOIN article a",
                "AND a.id = h.article_id ORDER BY h.score DESC, v.published_at DESC, a.id DESC LIMIT $16"
            )),
            args,
        )
        .await?;
    shown(rows)
}

db::row! { struct Stamp { articles: i64, versions: i64, department_id: Uuid, role_key: String, person_version: i64 } }

/// A word that changes whenever an article of the company does, or the person moves: a phone then looks what is new.
///
/// # Errors
/// When the store cannot be read.
pub async fn stamp(q: &mut impl Query) -> Result<String> {
    let row: Option<Stamp> = q
        .one(
            sql!(
                "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM article a WHERE a.tenant_id = $1) AS articles, \
                 (SELECT CAST(COALESCE(SUM(a.version), 0) AS BIGINT) FROM article a WHERE a.tenant_id = $1) AS versions, \
                 me.department_id, me.role_key, me.version AS person_version \
                 FROM person me WHERE me.tenant_id = $1 AND me.id = $2"
            ),
            vec![],
        )
        .await?;
    let Some(row) = row else { return Ok(String::new()) };
    let Stamp { articles, versions, department_id, role_key, person_version } = row;
    Ok(format!("{articles}-{versions}-{department_id}-{role_key}-{person_version}"))
}

/// Stores a reading, once for each version.
pub async fn insert_receipt(
    tx: &mut Tx,
    article: Uuid,
    number: i64,
    opened_at: Micros,
    read_at: Micros,
) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO article_receipt (tenant_id, article_id, employee_id, number, opened_at, read_at, received_at) \
             VALUES ($1, $3, $2, $4, $5, $6, $7) ON CONFLICT (tenant_id, article_id, employee_id, number) DO NOTHING"
        ),
        args![article, number, opened_at, read_at, now],
    )
    .await
}
