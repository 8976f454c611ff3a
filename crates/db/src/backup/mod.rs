//! Backup while the server writes, and restore. A backup is a folder: the database as of one moment (the embedded store as one
//! file, PostgreSQL table by table), the objects it names, and a manifest with the SHA-256 of each.
//!
//! Objects are immutable and named by rows, so copying them after the database gives a consistent whole.

mod embedded;
mod postgres;

pub use embedded::{backup, restore};
pub use postgres::{backup_postgres, restore_postgres};

use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use base::{Micros, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Database, Result, args, global_sql};

/// When the last backup was made, in microseconds: a line of `meta`, so that the console can tell how old it is.
const MADE_AT: &str = "INSERT INTO meta (key, value) VALUES ('backup_at', $1) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value";
const NEW_EPOCH: &str = "UPDATE meta SET value = $1 WHERE key = 'epoch'";
const MANIFEST: &str = "manifest.json";

/// One file of a backup.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    path: String,
    size: u64,
    sha256: String,
}

crate::row! { struct MadeAt { value: String } }

impl Database {
    /// When the last backup of this store was made, where one was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_backup(&self) -> Result<Option<Micros>> {
        let mut global = self.global_read().await?;
        let row: Option<MadeAt> =
            global.one(global_sql!("SELECT value FROM meta WHERE key = 'backup_at'"), args![]).await?;
        Ok(row.and_then(|r| r.value.parse().ok()).map(Micros))
    }
}

/// Makes the folder of a backup.
fn begin(target: &Path) -> Result<()> {
    if target.exists() {
        return Err(Problem::internal(format!("{} exists already; name a new folder", target.display())));
    }
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    // It holds what the server keeps of people: for nobody but its owner.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(target).map_err(Problem::internal)
}

/// Copies the objects of a data folder.
fn copy_objects(data: &Path, target: &Path) -> Result<Vec<Entry>> {
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
            let copy = target.join(path.strip_prefix(data).map_err(Problem::internal)?);
            fs::create_dir_all(copy.parent().unwrap_or(target)).map_err(Problem::internal)?;
            match fs::copy(&path, &copy) {
                Ok(_) => entries.push(entry(target, &copy)?),
                // Half-written pieces come and go while we copy; they belong to no row yet.
                Err(e) if e.kind() == ErrorKind::NotFound && !path.exists() => {}
                Err(e) => return Err(Problem::internal(format!("copying {}: {e}", path.display()))),
            }
        }
    }
    Ok(entries)
}

/// Writes the manifest: only now the folder is a backup.
fn finish(target: &Path, entries: &[Entry]) -> Result<usize> {
    let manifest = serde_json::to_vec_pretty(entries).map_err(Problem::internal)?;
    fs::write(target.join(MANIFEST), manifest).map_err(Problem::internal)?;
    Ok(entries.len())
}

/// The files of a backup, each checked against the manifest.
fn checked(source: &Path) -> Result<Vec<Entry>> {
    let manifest = fs::read(source.join(MANIFEST)).map_err(|e| {
        Problem::internal(format!("{} is no backup: {MANIFEST} cannot be read ({e})", source.display()))
    })?;
    let entries: Vec<Entry> = serde_json::from_slice(&manifest).map_err(Problem::internal)?;
    for listed in &entries {
        let found = entry(source, &source.join(&listed.path))
            .map_err(|_| Problem::internal(format!("{} is missing", listed.path)))?;
        if found.sha256 != listed.sha256 {
            return Err(Problem::internal(format!("{} differs from the manifest", listed.path)));
        }
    }
    Ok(entries)
}

/// Writes files of a backup to a data folder, durably.
fn lay<'a>(source: &Path, entries: impl Iterator<Item = &'a Entry>, data: &Path) -> Result<()> {
    for listed in entries {
        let to: PathBuf = data.join(&listed.path);
        fs::create_dir_all(to.parent().unwrap_or(data)).map_err(Problem::internal)?;
        fs::copy(source.join(&listed.path), &to).map_err(Problem::internal)?;
        fs::File::open(&to).and_then(|f| f.sync_all()).map_err(Problem::internal)?;
    }
    Ok(())
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
