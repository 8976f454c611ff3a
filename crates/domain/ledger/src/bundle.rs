//! Putting bundles together from the store.

use base::{LocalDay, Problem, problem};
use db::{LogEntry, Reader, Result, Scope};
use proof::{Bundle, Entry, Hash, Tree, bundle::LOG};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    Ledger,
    sql::{self, EntryRow},
};

/// Earlier checkpoints that go along; whoever kept one of them can compare.
const CHECKPOINTS: i64 = 400;
/// Entries read at once for a whole log.
const PAGE: i64 = 10_000;
/// Kind under which originals lie among the files, as `evidence` keeps them.
const ORIGINAL: &str = "original";
const STAMPED: &str = "stamped";

const README: &str = "踏实外勤存证包 · Tashi evidence bundle\n\
\n\
核验（离线，无需账号）：\n\
  tashi proof verify 本文件 [--checkpoint 自己留存的检查点]\n\
  python3 verify.py 本文件 [--checkpoint 自己留存的检查点]\n\
  或在浏览器中打开保存好的 verifier.html，把本文件拖进去。\n\
entries.jsonl 每行一条日志；files/ 为原件（原图、里程单），逐字节未改；stamped/ 为服务器绘制的水印副本。\n\
不用检查点时只能说明自洽；请把检查点保存在公司之外。\n\
\n\
To verify (offline, no account): one of the three above. Get the verifier from somebody you trust, not from the\n\
sender of this file. entries.jsonl holds one log entry a line; files/ the originals, byte for byte; stamped/ copies drawn\n\
by the server. Without a checkpoint of your own only self-consistency is shown.\n";

/// Files of a record, as [`db::Tx::log`] writes them.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    files: Vec<NamedFile>,
}

#[derive(Deserialize)]
struct NamedFile {
    id: Uuid,
}

/// A paper made from the store that is handed out: the log names it from then on.
pub struct Issued {
    /// Of the bundle; the entry is `KIND.issued`.
    pub kind: &'static str,
    /// Which one, in words without line ends.
    pub subject: String,
    /// Whose it is.
    pub employee: Uuid,
    pub department: Uuid,
    pub record: serde_json::Value,
    /// What must not be changed: ending and bytes. The record may name them by [`issued_id`].
    pub originals: Vec<(&'static str, Vec<u8>)>,
    /// The same for people to read: name and bytes.
    pub renditions: Vec<(String, Vec<u8>)>,
}

/// The id under which a paper's file lies in a bundle: the same bytes, the same id.
pub fn issued_id(bytes: &[u8]) -> Uuid {
    let mut head = [0_u8; 16];
    head.copy_from_slice(&Hash::of(bytes).0[..16]);
    uuid::Builder::from_custom_bytes(head).into_uuid()
}

/// What goes into a bundle besides the proofs.
struct Content {
    kind: &'static str,
    subject: String,
    entries: Vec<(u64, Entry)>,
    originals: Vec<(String, Vec<u8>)>,
    others: Vec<(String, Vec<u8>)>,
}

fn entry(row: EntryRow) -> Result<(u64, Entry)> {
    let salt: Option<[u8; 32]> = row.salt.and_then(|s| s.try_into().ok());
    let index = u64::try_from(row.idx).map_err(Problem::internal)?;
    Ok((index, Entry { leaf: row.leaf, open: salt.zip(row.record) }))
}

impl Ledger {
    /// Everything logged of a visit (or another thing) in reach, with its photos.
    ///
    /// # Errors
    /// `not_found` when nothing of it is in reach.
    pub(crate) async fn visit_bundle(&self, scope: &Scope, subject: Uuid) -> Result<Vec<u8>> {
        let rows = sql::entries_of(&mut self.kit.db.read(scope).await?, subject).await?;
        if rows.is_empty() {
            return Err(Problem::new(problem::NOT_FOUND));
        }
        let mut photos: Vec<Uuid> = vec![];
        for record in rows.iter().filter_map(|r| r.record.as_deref()) {
            let named: Named = serde_json::from_str(record).map_err(Problem::internal)?;
            photos.extend(named.files.iter().map(|f| f.id));
        }
        photos.sort_unstable();
        photos.dedup();
        let (mut originals, mut others) = (vec![], vec![]);
        for id in photos {
            let name = id.simple();
            if let Some(bytes) = self.kit.files.get(scope.tenant(), id, ORIGINAL).await? {
                originals.push((format!("{name}.{}", extension(&bytes)), bytes));
            }
            if let Some(bytes) = self.kit.files.get(scope.tenant(), id, STAMPED).await? {
                others.push((format!("stamped/{name}.jpg"), bytes));
            }
        }
        let entries = rows.into_iter().map(entry).collect::<Result<_>>()?;
        let content = Content { kind: "visit", subject: subject.to_string(), entries, originals, others };
        self.sealed(scope.tenant(), content).await
    }

    /// Everything logged of what a person did on a day, without photos (their SHA-256 stand in the records).
    ///
    /// # Errors
    /// `not_found` when nothing is in reach.
    pub(crate) async fn day_bundle(&self, scope: &Scope, employee: Uuid, day: LocalDay) -> Result<Vec<u8>> {
        let mut r: Reader = self.kit.db.read(scope).await?;
        let (from, to) = day.bounds(&org::zone(&mut r).await?);
        let rows = sql::entries_between(&mut r, employee, from, to).await?;
        drop(r);
        if rows.is_empty() {
            return Err(Problem::new(problem::NOT_FOUND));
        }
        let entries = rows.into_iter().map(entry).collect::<Result<_>>()?;
        let subject = format!("{employee} {day}");
        let content = Content { kind: "day", subject, entries, originals: vec![], others: vec![] };
        self.sealed(scope.tenant(), content).await
    }

    /// Enters a paper into the log, once however often it is asked for, and hands it out with the proof of that.
    ///
    /// # Errors
    /// When the store cannot be written, or the log is not what was signed.
    pub async fn issue(&self, scope: &Scope, issued: Issued) -> Result<Vec<u8>> {
        let Issued { kind, subject, employee, department, record, originals, renditions } = issued;
        let all: Vec<u8> = originals.iter().flat_map(|(_, bytes)| Hash::of(bytes).0).collect();
        let id = issued_id(&all);
        let files: Vec<(Uuid, String)> =
            originals.iter().map(|(_, bytes)| (issued_id(bytes), Hash::of(bytes).hex())).collect();
        let mut rows = sql::entries_of(&mut self.kit.db.read(scope).await?, id).await?;
        if rows.is_empty() {
            let kind = format!("{kind}.issued");
            let entry = LogEntry { kind, subject: id, employee, department, record, files };
            self.kit
                .db
                .write(scope, move |tx| {
                    Box::pin(async move {
                        tx.log(entry);
                        Ok(())
                    })
                })
                .await?;
            rows = sql::entries_of(&mut self.kit.db.read(scope).await?, id).await?;
        }
        let entries = rows.into_iter().map(entry).collect::<Result<_>>()?;
        let named =
            |(ending, bytes): (&str, Vec<u8>)| (format!("{}.{ending}", issued_id(&bytes).simple()), bytes);
        let originals = originals.into_iter().map(named).collect();
        self.sealed(scope.tenant(), Content { kind, subject, entries, originals, others: renditions }).await
    }

    /// Every leaf, no records: nothing in it is about a person.
    pub(crate) async fn log_bundle(&self, tenant: Uuid) -> Result<Vec<u8>> {
        let mut r = self.kit.db.read(&Scope::job("ledger", tenant)).await?;
        let mut entries: Vec<(u64, Entry)> = vec![];
        loop {
            let rows = sql::entries_from(&mut r, entries.len() as i64, PAGE).await?;
            let last = (rows.len() as i64) < PAGE;
            for row in rows {
                let (index, full) = entry(row)?;
                entries.push((index, Entry { open: None, ..full }));
            }
            if last {
                break;
            }
        }
        drop(r);
        let content = Content { kind: LOG, subject: "-".into(), entries, originals: vec![], others: vec![] };
        self.sealed(tenant, content).await
    }

    /// Signs the log as it stands and seals the content with proofs that lead there.
    async fn sealed(&self, tenant: Uuid, content: Content) -> Result<Vec<u8>> {
        let key = self.key(tenant).await?;
        let tree: Tree = self.tree(tenant).await?.clone();
        let signed = self.sign_tree(tenant, &key, &tree, "export").await?;
        let size = u64::try_from(signed.size).map_err(Problem::internal)?;
        let mut r = self.kit.db.read(&Scope::job("ledger", tenant)).await?;
        let mut earlier = sql::checkpoints(&mut r, Some(signed.size), CHECKPOINTS).await?;
        drop(r);
        earlier.reverse();
        let checkpoints: Vec<(u64, String)> =
            earlier.into_iter().filter_map(|c| Some((u64::try_from(c.size).ok()?, c.note))).collect();
        let made = self.kit.now().to_string();
        let Content { kind, subject, mut entries, originals, mut others } = content;
        // What was committed after the entries were read belongs to the next whole log.
        entries.retain(|(index, _)| *index < size);
        others.push(("README.txt".into(), README.as_bytes().to_vec()));
        let whole = kind == LOG && entries.len() as u64 != size;
        if whole {
            return Err(Problem::new(problem::BUSY).retry_after(1));
        }
        tokio::task::spawn_blocking(move || {
            Bundle {
                key: &key,
                tree: &tree,
                size,
                checkpoints: &checkpoints,
                kind,
                subject: &subject,
                made: &made,
                entries: &entries,
                originals: &originals,
                others: &others,
            }
            .archive()
            .and_then(|archive| archive.to_bytes().ok())
            .ok_or_else(|| Problem::internal("a bundle cannot be put together"))
        })
        .await
        .map_err(Problem::internal)?
    }
}

/// By the file's first bytes.
fn extension(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [b'%', b'P', b'D', b'F', ..] => "pdf",
        [b'R', b'I', b'F', b'F', ..] => "webp",
        _ => "jpg",
    }
}
