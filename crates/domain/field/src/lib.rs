//! What a phone carries along, and what it brings back.
//!
//! Nouns: Snapshot (a person's day and the week ahead, in one answer), SyncItem (one record made on a phone),
//! Receipt (the server's word that it holds the item durably), Nonce (a random word handed to a phone; what
//! carries it was made later).
//!
//! Invariants
//! * An item is taken exactly once: same id and content again is a duplicate with the same answer, other content
//!   under a known id is refused.
//! * Every item is decided by itself. One that is refused leaves nothing behind and stops no other.
//! * A refusal is not remembered: the same item may be taken later, when what it needs has arrived.
//! * A phone acts for its person alone, with his own rows, whatever else his role could see.

mod choices;
mod guides;
mod model;
mod rules;
mod snapshot;
mod sql;
mod sync;

pub use model::{FieldSnapshot, SyncAnswer, SyncInput, SyncItem, SyncReceipt};

mod http;

use std::sync::Arc;

use api::{Kit, Routes, axum::Extension};
use base::LocalDay;
use db::{BoxFuture, Result, Scope};
use dispatch::Dispatch;
use evidence::Darkroom;
use service::Service;
use tracking::Tracking;

/// The figures of a person's own day, from the floor above this one.
pub trait OwnDay: Send + Sync + 'static {
    /// The day's `DaySummary`, or `None` when there is nothing to tell.
    fn figures<'a>(
        &'a self,
        scope: &'a Scope,
        day: LocalDay,
    ) -> BoxFuture<'a, Result<Option<serde_json::Value>>>;
}

/// All routes of this floor.
pub fn routes(
    kit: &Kit,
    tracking: &Tracking,
    dispatch: &Dispatch,
    service: &Service,
    darkroom: &Arc<Darkroom>,
    own_day: Arc<dyn OwnDay>,
) -> Routes {
    let (tracking, dispatch, darkroom) = (tracking.clone(), dispatch.clone(), darkroom.clone());
    let service = service.clone();
    http::routes(kit).map(move |r| {
        r.layer(Extension(tracking))
            .layer(Extension(dispatch))
            .layer(Extension(service))
            .layer(Extension(darkroom))
            .layer(Extension(own_day))
    })
}

base::problems! {
    /// A phone of another version sends what this server does not know.
    UNKNOWN_KIND = 422 "sync.unknown_kind",
        zh "不认识的记录类型" / "服务器版本可能较旧，请联系管理员升级后重试。",
        en "Unknown kind of record" / "The server may be older than the app; ask your administrator to update it and try again.";
}
