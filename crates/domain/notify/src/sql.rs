use base::{Micros, problem::Lang};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::{New, http::Notice, texts};

pub async fn insert(tx: &mut Tx, id: Uuid, to: Uuid, notice: &New, now: Micros) -> Result<u64> {
    tx.exec(
        sql!("INSERT INTO notice (tenant_id, id, employee_id, kind, params, link, created_at) VALUES ($1, $3, $4, $5, $6, $7, $8)"),
        args![id, to, notice.kind, notice.params.to_string(), &notice.link, now],
    )
    .await
}

db::row! { struct NoticeRow { id: Uuid, kind: String, params: String, link: Option<String>, created_at: Micros, read_at: Option<Micros> } }

/// The acting person's notices, newest first, from before `before` (time and id of the last one shown).
pub async fn notices(
    q: &mut impl Query,
    before: Option<(i64, Uuid)>,
    limit: i64,
    lang: Lang,
) -> Result<Vec<Notice>> {
    let (at, id) = before.unzip();
    let rows: Vec<NoticeRow> = q
        .all(
            sql!(
                "SELECT id, kind, params, link, created_at, read_at FROM notice WHERE tenant_id = $1 AND employee_id = $2 \
                 AND ($3 IS NULL OR created_at < $3 OR (created_at = $3 AND id < $4)) ORDER BY created_at DESC, id DESC LIMIT $5"
            ),
            args![at, id, limit],
        )
        .await?;
    let notice = |r: NoticeRow| {
        let (title, body) = texts::render(&r.kind, &r.params, lang);
        Notice {
            id: r.id,
            kind: r.kind,
            title,
            body,
            link: r.link,
            created_at: r.created_at,
            read_at: r.read_at,
        }
    };
    Ok(rows.into_iter().map(notice).collect())
}

/// Marks one of the acting person's notices as read; reading it again changes nothing.
pub async fn mark_read(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE notice SET read_at = COALESCE(read_at, $4) WHERE tenant_id = $1 AND employee_id = $2 AND id = $3"),
        args![id, at],
    )
    .await
}

/// Deletes what a person was told.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM notice WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}
