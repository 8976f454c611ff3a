//! Statements on articles as guides.

use db::{Query, Result, Val, args, sql};
use uuid::Uuid;

use crate::articles::sql::may_read;

/// May the acting person read this article as it stands in the library?
pub async fn readable(q: &mut impl Query, article: Uuid) -> Result<bool> {
    let row: Option<(Uuid,)> = q
        .one(
            sql!(concat!(
                "SELECT a.id FROM article a JOIN person me ON me.tenant_id = a.tenant_id AND me.id = $2 \
                 WHERE a.tenant_id = $1 AND a.id = $3 AND ",
                may_read!()
            )),
            args![article],
        )
        .await?;
    Ok(row.is_some())
}

/// Articles that one statement names.
pub const NAMED: usize = 10;

/// The titles of those that the acting person may read; at most [`NAMED`] at once.
pub async fn titles(q: &mut impl Query, articles: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let slots = (0..NAMED).map(|k| Val::from(articles.get(k).copied())).collect();
    q.all(
        sql!(concat!(
            "SELECT a.id, v.title FROM article a JOIN person me ON me.tenant_id = a.tenant_id AND me.id = $2 \
             JOIN article_version v ON v.tenant_id = a.tenant_id AND v.article_id = a.id AND v.number = a.published \
             WHERE a.tenant_id = $1 AND a.id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AND ",
            may_read!()
        )),
        slots,
    )
    .await
}

db::row! { struct Newest { published: Option<i64> } }

/// The newest version, also of one that was retired since.
pub async fn newest(q: &mut impl Query, article: Uuid) -> Result<Option<i64>> {
    let row: Option<Newest> = q
        .one(sql!("SELECT a.published FROM article a WHERE a.tenant_id = $1 AND a.id = $3"), args![article])
        .await?;
    Ok(row.and_then(|r| r.published))
}
