//! Notices to those who must read.

use base::LocalDay;
use db::{Result, Tx};
use serde_json::json;
use uuid::Uuid;

use super::sql;
use crate::articles::sql as articles;

/// Why people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// It was published, or must be read from now on.
    Asked,
    /// Somebody reminds them.
    Reminded,
}

/// Tells whoever must read an article and has not. Answers how many were told.
pub(crate) async fn tell(tx: &mut Tx, article: Uuid, why: Telling) -> Result<i64> {
    let row = articles::one(tx, article).await?;
    let me = tx.scope_actor();
    let by = org::by_ids(tx, &[me]).await?.into_iter().next().map(|p| p.name).unwrap_or_default();
    let waiting = match why {
        Telling::Asked => sql::waiting(tx, article).await?,
        // Whoever reminds reaches only his own people.
        Telling::Reminded => sql::readers(tx, article).await?.into_iter().filter(|r| !r.done).collect(),
    };
    let mut told = 0;
    for reader in waiting.into_iter().filter(|r| r.id != me) {
        let kind = kind(why, row.due_day);
        let params = json!({ "title": row.title, "by": by, "day": row.due_day });
        let notice = notify::New { kind, params, link: Some(format!("/knowledge/{article}")) };
        notify::send(tx, reader.id, reader.department_id, notice).await?;
        told += 1;
    }
    Ok(told)
}

fn kind(why: Telling, due: Option<LocalDay>) -> &'static str {
    match (why, due.is_some()) {
        (Telling::Asked, true) => "knowledge.asked_until",
        (Telling::Asked, false) => "knowledge.asked",
        (Telling::Reminded, true) => "knowledge.reminded_until",
        (Telling::Reminded, false) => "knowledge.reminded",
    }
}
