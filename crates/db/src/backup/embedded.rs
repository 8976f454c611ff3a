//! The embedded store: one file.

use std::path::Path;

use base::{Clock, Problem, id, time::SystemClock};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{MADE_AT, NEW_EPOCH, begin, checked, copy_objects, entry, finish, lay};
use crate::{Result, tx::problem_of};

const FILE: &str = "tashi.db";

async fn connect(file: &Path, what: &'static str) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.map_err(|e| problem_of(e, what))
}

/// Writes a backup of the embedded store in `data` to the new folder `target`; answers the number of files.
///
/// # Errors
/// When `target` exists already or anything cannot be read or written.
pub async fn backup(data: &Path, target: &Path) -> Result<usize> {
    begin(target)?;
    let fail = |e| problem_of(e, "backup");
    let mut c = connect(&data.join(FILE), "backup").await?;
    let file = target.join(FILE);
    sqlx::query("VACUUM INTO $1")
        .bind(file.to_string_lossy().into_owned())
        .execute(&mut c)
        .await
        .map_err(fail)?;
    let mut entries = copy_objects(data, target)?;
    entries.push(entry(target, &file)?);
    let files = finish(target, &entries)?;
    sqlx::query(MADE_AT).bind(SystemClock.now().0.to_string()).execute(&mut c).await.map_err(fail)?;
    c.close().await.map_err(fail)?;
    Ok(files)
}

/// Checks a backup against its manifest and writes it to the new data folder `data`. The restored store gets
/// a new epoch, so that phones offer again what they sent after the backup.
///
/// # Errors
/// Names the first file that is missing or altered.
pub async fn restore(source: &Path, data: &Path) -> Result<usize> {
    if data.join(FILE).exists() {
        return Err(Problem::internal(format!(
            "{} holds a store already; name an empty folder",
            data.display()
        )));
    }
    let entries = checked(source)?;
    if entries.iter().all(|e| e.path != FILE) {
        return Err(Problem::internal(
            "this is a backup of PostgreSQL: name an empty one with --database-url",
        ));
    }
    lay(source, entries.iter(), data)?;
    let fail = |e| problem_of(e, "restore");
    let mut c = connect(&data.join(FILE), "restore").await?;
    sqlx::query(NEW_EPOCH).bind(id::new_v7().to_string()).execute(&mut c).await.map_err(fail)?;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut c).await.map_err(fail)?;
    if sound != "ok" {
        return Err(Problem::internal(format!("integrity check: {sound}")));
    }
    c.close().await.map_err(fail)?;
    Ok(entries.len())
}
