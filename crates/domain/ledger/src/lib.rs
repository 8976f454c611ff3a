//! The company's log as others may check it.
//!
//! Nouns: Entry (one line of the log, written by [`db::Tx::log`] in the transaction of what it tells), Checkpoint (size
//! and root of the log, signed), Receipt (a signed word to a person that his record is entry n), Bundle (what is handed
//! out, verifiable offline: `docs/proof.md`), Inspection (a walk over the stored log that names the first bad entry).
//!
//! Invariants
//! * A checkpoint is signed only if the log still begins with the last one signed. A log that was rewritten in the
//!   store can therefore not be signed on as if nothing had happened.
//! * A checkpoint is signed every day by itself, kept, and can be fetched by anybody who knows the log's address.
//! * Records are handed only to those in whose reach their owner is; whole logs go out without records.
//!
//! Events: none.

mod bundle;
mod http;
mod inspect;
mod jobs;
mod log;
mod model;
mod sql;

pub use bundle::{Issued, issued_id};
pub use log::Ledger;
pub use model::{CheckpointInfo, Inspection, LedgerState, LogLine, Receipt};

use std::sync::Arc;

use api::{Kit, Routes, axum::Extension};

/// All routes of this floor; the daily signing runs as long as the answered handle lives.
pub fn routes(kit: &Kit) -> (Routes, Arc<Ledger>) {
    let ledger = Arc::new(Ledger::new(kit));
    tokio::spawn(jobs::run(Arc::downgrade(&ledger)));
    let shared = ledger.clone();
    (http::routes(kit).map(move |r| r.layer(Extension(shared))), ledger)
}

base::problems! {
    /// The stored log no longer begins with what was signed.
    REWRITTEN = 409 "ledger.rewritten",
        zh "存证日志与已签名的检查点不符" / "第 {from} 到 {to} 条之间有内容被改动，已停止签名。请保留现场，运行完整性检查并联系管理员。",
        en "The log differs from what was signed" / "Something between entries {from} and {to} was changed; nothing more is signed. Leave the store as it is, run the check and call your administrator.";
}
