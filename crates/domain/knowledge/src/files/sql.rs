use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::{articles::sql::may_read, model::ArticleFile};

db::row! { pub struct FileRow {
    id: Uuid, article_id: Uuid, name: String, mime: String, size: i64, sha256: String, sent_sha256: String, width: Option<i64>, height: Option<i64>
} }

impl FileRow {
    pub fn shown(self) -> ArticleFile {
        ArticleFile {
            id: self.id,
            name: self.name,
            mime: self.mime,
            size: self.size,
            sha256: self.sha256,
            width: self.width,
            height: self.height,
        }
    }
}

macro_rules! files {
    ($tail:expr) => {
        concat!(
            "SELECT f.id, f.article_id, f.name, f.mime, f.size, f.sha256, f.sent_sha256, f.width, f.height FROM article_file f ",
            $tail
        )
    };
}

/// A file, whosesoever.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<FileRow>> {
    q.one(sql!(files!("WHERE f.tenant_id = $1 AND f.id = $3")), args![id]).await
}

pub async fn of_article(q: &mut impl Query, article: Uuid) -> Result<Vec<ArticleFile>> {
    let rows: Vec<FileRow> = q
        .all(
            sql!(files!("WHERE f.tenant_id = $1 AND f.article_id = $3 ORDER BY f.created_at, f.id")),
            args![article],
        )
        .await?;
    Ok(rows.into_iter().map(FileRow::shown).collect())
}

/// A file of an article the acting person may change.
pub async fn in_reach(q: &mut impl Query, id: Uuid) -> Result<Option<FileRow>> {
    q.one(
        sql!(files!(
            "JOIN article a ON a.tenant_id = f.tenant_id AND a.id = f.article_id WHERE f.tenant_id = $1 AND f.id = $3 AND {reach:a}"
        )),
        args![id],
    )
    .await
}

db::row! { struct Named { body: String } }

/// A file that the published text of an article names which the acting person may read.
pub async fn readable(q: &mut impl Query, id: Uuid) -> Result<Option<FileRow>> {
    let said: Option<Named> = q
        .one(
            sql!(concat!(
                "SELECT v.body FROM article_file f JOIN article a ON a.tenant_id = f.tenant_id AND a.id = f.article_id \
                 JOIN article_version v ON v.tenant_id = a.tenant_id AND v.article_id = a.id AND v.number = a.published \
                 JOIN person me ON me.tenant_id = a.tenant_id AND me.id = $2 WHERE f.tenant_id = $1 AND f.id = $3 AND ",
                may_read!()
            )),
            args![id],
        )
        .await?;
    match said {
        Some(said) if crate::markdown::files(&said.body).contains(&id) => any(q, id).await,
        _ => Ok(None),
    }
}

pub async fn insert(tx: &mut Tx, f: &FileRow) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO article_file (tenant_id, id, article_id, name, mime, size, sha256, sent_sha256, width, height, created_by, created_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, $12)"
        ),
        args![f.id, f.article_id, &f.name, &f.mime, f.size, &f.sha256, &f.sent_sha256, f.width, f.height, now],
    )
    .await
}
