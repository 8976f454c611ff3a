//! Backup while the server writes, and restore. A backup is a folder: the database as one consistent file,
//! the objects it names, and a manifest with the SHA-256 of each.

use std::{fs, io::Read, path::Path};

use base::{Problem, id};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{Result, tx::problem_of};

/// One file of a backup.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    path: String,
    size: u64,
    sha256: String,
}

/// Writes a backup of the embedded store in `data` to the new folder `target`. Objects are immutable and
/// named by rows, so copying them after the database gives a consistent whole.
///
/// # Errors
/// When `target` exists already or anything cannot be read or written.
pub async fn backup(data: &Path, target: &Path) -> Result<usize> {
    if target.exists() {
        return Err(Problem::internal(format!("{} exists already; name a new folder", target.display())));
    }
    fs::create_dir_all(target).map_err(Problem::internal)?;
    let options = SqliteConnectOptions::new().filename(data.join("tashi.db"));
    let mut c = SqliteConnection::connect_with(&options).await.map_err(|e| problem_of(e, "backup"))?;
    let file = target.join("tashi.db");
    sqlx::query("VACUUM INTO $1")
        .bind(file.to_string_lossy().into_owned())
        .execute(&mut c)
        .await
        .map_err(|e| problem_of(e, "backup"))?;
    c.close().await.map_err(|e| problem_of(e, "backup"))?;
    let mut entries = vec![];
    let objects = data.join("files");
    let mut folders = if objects.exists() { vec![objects] } else { vec![] };
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).map_err(Problem::internal)? {
            let path = item.map_err(Problem::internal)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let relative = path.strip_prefix(data).map_err(Problem::internal)?.to_owned();
            let copy = target.join(&relative);
            fs::create_dir_all(copy.parent().unwrap_or(target)).map_err(Problem::internal)?;
            match fs::copy(&path, &copy) {
                Ok(_) => entries.push(entry(target, &copy)?),
                // Half-written pieces come and go while we copy; they belong to no row yet.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && !path.exists() => {}
                Err(e) => return Err(Problem::internal(format!("copying {}: {e}", path.display()))),
            }
        }
    }
    entries.push(entry(target, &file)?);
    let manifest = serde_json::to_vec_pretty(&entries).map_err(Problem::internal)?;
    fs::write(target.join("manifest.json"), manifest).map_err(Problem::internal)?;
    Ok(entries.len())
}

/// Checks a backup against its manifest and writes it to the new data folder `data`. The restored store gets
/// a new epoch, so that phones offer again what they sent after the backup.
///
/// # Errors
/// Names the first file that is missing or altered.
pub async fn restore(source: &Path, data: &Path) -> Result<usize> {
    if data.join("tashi.db").exists() {
        return Err(Problem::internal(format!(
            "{} holds a store already; name an empty folder",
            data.display()
        )));
    }
    let manifest = fs::read(source.join("manifest.json")).map_err(Problem::internal)?;
    let entries: Vec<Entry> = serde_json::from_slice(&manifest).map_err(Problem::internal)?;
    for listed in &entries {
        let path = source.join(&listed.path);
        let found =
            entry(source, &path).map_err(|_| Problem::internal(format!("{} is missing", listed.path)))?;
        if found.sha256 != listed.sha256 {
            return Err(Problem::internal(format!("{} differs from the manifest", listed.path)));
        }
    }
    for listed in &entries {
        let to = data.join(&listed.path);
        fs::create_dir_all(to.parent().unwrap_or(data)).map_err(Problem::internal)?;
        fs::copy(source.join(&listed.path), &to).map_err(Problem::internal)?;
        fs::File::open(&to).and_then(|f| f.sync_all()).map_err(Problem::internal)?;
    }
    let options = SqliteConnectOptions::new().filename(data.join("tashi.db"));
    let fail = |e| problem_of(e, "restore");
    let mut c = SqliteConnection::connect_with(&options).await.map_err(fail)?;
    sqlx::query("UPDATE meta SET value = $1 WHERE key = 'epoch'")
        .bind(id::new_v7().to_string())
        .execute(&mut c)
        .await
        .map_err(fail)?;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut c).await.map_err(fail)?;
    if sound != "ok" {
        return Err(Problem::internal(format!("integrity check: {sound}")));
    }
    c.close().await.map_err(fail)?;
    Ok(entries.len())
}

fn entry(root: &Path, path: &Path) -> Result<Entry> {
    let mut file = fs::File::open(path).map_err(Problem::internal)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut buffer).map_err(Problem::internal)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        size += n as u64;
    }
    let relative = path.strip_prefix(root).map_err(Problem::internal)?;
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Entry { path: relative.to_string_lossy().into_owned(), size, sha256 })
}
