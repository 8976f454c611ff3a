//! A walk over the stored log: every leaf, record and checkpoint as they lie in the store, without trusting anything
//! that was computed before. Names the first that does not hold.

use base::{Micros, Problem};
use db::{Result, Scope};
use proof::{Checkpoint, Hash, Leaf, Tree, VerifierKey, bundle::What, commitment, leaf_hash};
use uuid::Uuid;

use crate::{
    Inspection, Ledger,
    sql::{self, CheckpointRow, EntryRow},
};

const PAGE: i64 = 5_000;

type Fault = (String, What);

impl Ledger {
    /// Walks over a company's log.
    ///
    /// # Errors
    /// When the store cannot be read; what does not hold is the answer, no error.
    pub async fn inspect(&self, tenant: Uuid) -> Result<Inspection> {
        let key = self.key(tenant).await?;
        let mut r = self.kit.db.read(&Scope::job("ledger", tenant)).await?;
        let (size, signed) = (sql::size(&mut r).await?, sql::all_checkpoints(&mut r).await?);
        let mut tree = Tree::default();
        let mut fault = None;
        while fault.is_none() {
            let from = i64::try_from(tree.size()).map_err(Problem::internal)?;
            // What came in after the size was read is left for the next walk.
            let rows = sql::entries_from(&mut r, from, PAGE.min(size - from)).await?;
            if rows.is_empty() {
                break;
            }
            for (row, index) in rows.iter().zip(from..) {
                if let Some(what) = entry_fault(row, index) {
                    fault = Some((format!("entry {index}"), what));
                    break;
                }
                tree.push(leaf_hash(row.leaf.as_bytes()));
            }
        }
        let walked = tree.size();
        let fault = fault.or_else(|| {
            let missing = u64::try_from(size).is_ok_and(|size| walked < size);
            let stretch = signed_fault(&signed, &tree, key.public());
            // A cut log shows in the checkpoints too; the entry that is missing says more.
            missing.then(|| (format!("entry {walked}"), What::Missing)).or(stretch)
        });
        let found = inspection(self.kit.now(), walked, signed.len(), fault)?;
        if let Some(item) = &found.item {
            tracing::error!(%tenant, %item, what = found.what.as_deref(), "the log does not hold");
        }
        self.inspections.lock().insert(tenant, found.clone());
        Ok(found)
    }
}

fn inspection(at: Micros, walked: u64, checkpoints: usize, fault: Option<Fault>) -> Result<Inspection> {
    let (item, what) = fault.map(|(item, what)| (item, what.key().to_owned())).unzip();
    let size = i64::try_from(walked).map_err(Problem::internal)?;
    Ok(Inspection { at, size, checkpoints: checkpoints as i64, item, what })
}

/// What is wrong with a row that should be entry `index`.
fn entry_fault(row: &EntryRow, index: i64) -> Option<What> {
    if row.idx != index {
        return Some(What::Missing);
    }
    let Some(leaf) = Leaf::parse(&row.leaf) else { return Some(What::Form) };
    if i64::try_from(leaf.index) != Ok(index) {
        return Some(What::Order);
    }
    let same = Hash::from_slice(&row.leaf_hash) == Some(leaf_hash(row.leaf.as_bytes()));
    if !same || leaf.kind != row.kind || leaf.at != row.at.to_string() {
        return Some(What::Hash);
    }
    match (&row.salt, &row.record) {
        (None, None) => None,
        (Some(salt), Some(record)) => {
            let salt: Option<&[u8; 32]> = salt.as_slice().try_into().ok();
            let holds = salt.is_some_and(|salt| commitment(salt, record).hex() == leaf.commitment);
            (!holds).then_some(What::Commitment)
        }
        _ => Some(What::Commitment),
    }
}

/// The first checkpoint that is not what was signed, or the stretch of leaves that does not give its root.
fn signed_fault(signed: &[CheckpointRow], tree: &Tree, key: &VerifierKey) -> Option<Fault> {
    let mut from = 0;
    for row in signed {
        let opened = Checkpoint::open(&row.note, key).ok().filter(|c| i64::try_from(c.size) == Ok(row.size));
        let Some(checkpoint) = opened else {
            return Some((format!("checkpoint {}", row.size), What::Signature));
        };
        match tree.root(checkpoint.size) {
            None => return Some((format!("entry {}", tree.size()), What::Missing)),
            Some(root) if root != checkpoint.root => {
                return Some((format!("entries {from}-{}", row.size - 1), What::Root));
            }
            Some(_) => from = row.size,
        }
    }
    None
}
