//! Bytes on their way from a phone: opened with size and hash, sent in pieces, resumed wherever they stopped.

mod http;
mod service;
pub(crate) mod sql;

pub(crate) use http::routes;

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Largest piece: 256 KiB.
pub(crate) const PIECE: usize = 256 * 1024;
/// Kinds of stored objects.
pub(crate) const PART: &str = "part";
pub(crate) const ORIGINAL: &str = "original";

/// How far an upload is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct UploadState {
    pub id: Uuid,
    /// Bytes held durably; the next piece begins here.
    pub offset: i64,
    /// The whole file is here and its hash was right.
    pub complete: bool,
}

/// Lets one piece of a file be written at a time.
#[derive(Default)]
pub(crate) struct Desk(Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>);

impl Desk {
    /// Waits for the turn of this file.
    pub async fn turn(&self, id: Uuid) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut all = self.0.lock();
            all.retain(|k, l| *k == id || Arc::strong_count(l) > 1);
            all.entry(id).or_default().clone()
        };
        lock.lock_owned().await
    }
}
