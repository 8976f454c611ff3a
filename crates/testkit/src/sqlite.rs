//! An embedded store that has its tables already, copied for each test.

use std::path::Path;

use base::time::ShiftedClock;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::OnceCell;

use crate::FRIDAY_EIGHT;

const FILE: &str = "tashi.db";

/// Lays the file of a store into a new folder.
pub async fn lay(folder: &Path) {
    static LAID: OnceCell<Vec<u8>> = OnceCell::const_new();
    let laid = LAID
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("temporary folder");
            let clock = ShiftedClock::showing(FRIDAY_EIGHT);
            let store = db::Database::open_sqlite(folder.path(), clock, 1).await.expect("tables");
            // The store has part of itself in its log; a copy is whole.
            let whole = folder.path().join("whole.db");
            let options = SqliteConnectOptions::new().filename(folder.path().join(FILE));
            let mut c = SqliteConnection::connect_with(&options).await.expect("the store");
            sqlx::query("VACUUM INTO $1")
                .bind(whole.to_string_lossy())
                .execute(&mut c)
                .await
                .expect("a copy");
            let _ = c.close().await;
            store.close().await;
            std::fs::read(whole).expect("the copy")
        })
        .await;
    std::fs::write(folder.join(FILE), laid).expect("room for a store");
}
