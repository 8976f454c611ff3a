//! The inbox: what people are told, and whether they have read it.
//!
//! Noun: Notice. A notice is stored as kind and parameters; its text is made when it is read, in the reader's
//! language. Sending is part of the transaction of what it tells about, so nobody hears of what did not
//! happen. News topic: `notice`, heard by its addressee alone.

mod http;
mod sql;
mod texts;

pub use http::{Notice, routes};
pub use sql::{erase, mark_read, notices};

use base::id;
use db::{News, Result, Tx};
use serde_json::Value;
use uuid::Uuid;

/// A notice to be sent.
pub struct New {
    /// One of the kinds in `texts.rs`.
    pub kind: &'static str,
    /// Values for the text: `{ "day": "2026-11-20", "count": 5 }`.
    pub params: Value,
    /// Path in the console or the phone app that shows what it is about.
    pub link: Option<String>,
}

/// Tells a person something, after this transaction is durable.
pub async fn send(tx: &mut Tx, to: Uuid, department: Uuid, notice: New) -> Result<Uuid> {
    let id = id::new_v7();
    let now = tx.now();
    sql::insert(tx, id, to, &notice, now).await?;
    let payload = serde_json::json!({ "id": id, "kind": notice.kind, "params": notice.params, "link": notice.link, "created_at": now });
    tx.emit(News { topic: "notice", employee_id: to, department_id: department, payload }).await?;
    Ok(id)
}
