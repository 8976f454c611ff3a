//! Bytes of photos and files, in a folder. Keys are made by the server, never taken from input. A file is
//! durable (its bytes and its directory entry are synced) before [`Files::put`] answers, so that a row may
//! name it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use base::Problem;
use uuid::Uuid;

use crate::Result;

/// A folder of immutable objects, `<tenant>/<2 hex>/<id>.<kind>`.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(root: &Path) -> Result<Files> {
        fs::create_dir_all(root).map_err(Problem::internal)?;
        Ok(Files { root: root.to_owned() })
    }

    fn path(&self, tenant: Uuid, id: Uuid, kind: &'static str) -> PathBuf {
        let name = id.simple().to_string();
        // The random tail of a version 7 id spreads evenly; its head is a time.
        let shard = &name[name.len() - 2..];
        self.root.join(tenant.simple().to_string()).join(shard).join(format!("{name}.{kind}"))
    }

    /// Stores bytes under a key; storing the same key again replaces it as a whole.
    pub async fn put(&self, tenant: Uuid, id: Uuid, kind: &'static str, bytes: Vec<u8>) -> Result<()> {
        let path = self.path(tenant, id, kind);
        blocking(move || {
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let half = path.with_extension(format!("{}.part", Uuid::now_v7().simple()));
            let mut file = fs::File::create(&half)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&half, &path)?;
            fs::File::open(folder)?.sync_all()
        })
        .await
    }

    /// Writes `bytes` at `offset` of a file that grows in pieces, and syncs it. Answers its new length.
    pub async fn append(
        &self,
        tenant: Uuid,
        id: Uuid,
        kind: &'static str,
        offset: u64,
        bytes: Vec<u8>,
    ) -> Result<u64> {
        let path = self.path(tenant, id, kind);
        blocking(move || {
            use std::os::unix::fs::FileExt;
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let file = fs::OpenOptions::new().create(true).write(true).truncate(false).open(&path)?;
            file.set_len(offset)?;
            file.write_all_at(&bytes, offset)?;
            file.sync_all()?;
            fs::File::open(folder)?.sync_all()?;
            Ok(offset + bytes.len() as u64)
        })
        .await
    }

    /// The bytes, or `None` when there is no such object.
    pub async fn get(&self, tenant: Uuid, id: Uuid, kind: &'static str) -> Result<Option<Vec<u8>>> {
        let path = self.path(tenant, id, kind);
        blocking(move || match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        })
        .await
    }

    /// `len` bytes from `from` on, or `None` when there is no such object or it ends before.
    pub async fn part(
        &self,
        tenant: Uuid,
        id: Uuid,
        kind: &'static str,
        from: u64,
        len: usize,
    ) -> Result<Option<Vec<u8>>> {
        let path = self.path(tenant, id, kind);
        blocking(move || {
            use std::io::ErrorKind::{NotFound, UnexpectedEof};
            use std::os::unix::fs::FileExt;
            let mut bytes = vec![0; len];
            match fs::File::open(&path).and_then(|file| file.read_exact_at(&mut bytes, from)) {
                Ok(()) => Ok(Some(bytes)),
                Err(e) if matches!(e.kind(), NotFound | UnexpectedEof) => Ok(None),
                Err(e) => Err(e),
            }
        })
        .await
    }

    /// Removes an object; it is no error when there is none.
    pub async fn delete(&self, tenant: Uuid, id: Uuid, kind: &'static str) -> Result<()> {
        let path = self.path(tenant, id, kind);
        blocking(move || match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        })
        .await
    }

    /// Removes everything of one company (a demo that is reset).
    pub async fn delete_tenant(&self, tenant: Uuid) -> Result<()> {
        let path = self.root.join(tenant.simple().to_string());
        blocking(move || match fs::remove_dir_all(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(f).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(e))
            if matches!(
                e.kind(),
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            let mut problem = Problem::new(base::problem::BUSY).retry_after(30);
            problem.source = Some(e.to_string());
            Err(problem)
        }
        Ok(Err(e)) => Err(Problem::internal(e)),
        Err(e) => Err(Problem::internal(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_become_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let (tenant, id) = (Uuid::now_v7(), Uuid::now_v7());
        assert_eq!(files.append(tenant, id, "part", 0, b"hello ".to_vec()).await.unwrap(), 6);
        files.append(tenant, id, "part", 6, b"wrong".to_vec()).await.unwrap();
        assert_eq!(files.append(tenant, id, "part", 6, b"world".to_vec()).await.unwrap(), 11);
        assert_eq!(files.get(tenant, id, "part").await.unwrap().unwrap(), b"hello world");
        assert_eq!(files.part(tenant, id, "part", 4, 3).await.unwrap().unwrap(), b"o w");
        assert!(files.part(tenant, id, "part", 9, 3).await.unwrap().is_none());
        files.delete(tenant, id, "part").await.unwrap();
        assert!(files.get(tenant, id, "part").await.unwrap().is_none());
    }
}
