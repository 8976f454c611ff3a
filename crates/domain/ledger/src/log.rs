//! Keys, trees and checkpoints.

use std::{collections::HashMap, sync::Arc};

use api::Kit;
use base::{Problem, problem};
use db::{Result, Scope};
use parking_lot::Mutex;
use proof::{Checkpoint, Hash, Note, SigningKey, Tree};
use rand::RngCore;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::{Inspection, REWRITTEN, sql};

/// Leaves read at once.
const PAGE: i64 = 20_000;

type Shared = Arc<tokio::sync::Mutex<Tree>>;

/// Signs for the companies' logs. Keeps each company's tree in memory (64 bytes an entry) once it was asked for.
pub struct Ledger {
    pub(crate) kit: Kit,
    trees: Mutex<HashMap<Uuid, Shared>>,
    /// The last walk over each company's log since the start.
    pub(crate) inspections: Mutex<HashMap<Uuid, Inspection>>,
}

/// Name of a company's log. Stays the same whatever address the server has.
pub(crate) fn origin(tenant: Uuid) -> String {
    format!("tashi/{}", tenant.simple())
}

impl Ledger {
    pub(crate) fn new(kit: &Kit) -> Ledger {
        Ledger { kit: kit.clone(), trees: Mutex::default(), inspections: Mutex::default() }
    }

    /// The company's key; made when first needed.
    pub(crate) async fn key(&self, tenant: Uuid) -> Result<SigningKey> {
        let scope = Scope::job("ledger", tenant);
        let known = sql::key(&mut self.kit.db.read(&scope).await?).await?;
        let seed = match known {
            Some(row) => row.seed,
            None => {
                let mut seed = [0_u8; 32];
                rand::rng().fill_bytes(&mut seed);
                self.kit
                    .db
                    .write(&scope, move |tx| {
                        Box::pin(async move {
                            sql::insert_key(tx, &seed).await?;
                            // Somebody else may have been first.
                            let kept = sql::key(tx).await?;
                            kept.map(|k| k.seed).ok_or_else(|| Problem::internal("no key of the log"))
                        })
                    })
                    .await?
            }
        };
        let seed: [u8; 32] = seed.try_into().map_err(|_| Problem::internal("a log key of another length"))?;
        SigningKey::from_seed(&origin(tenant), &seed).ok_or_else(|| Problem::internal("name of a log"))
    }

    /// The company's tree with everything that is committed by now.
    pub(crate) async fn tree(&self, tenant: Uuid) -> Result<OwnedMutexGuard<Tree>> {
        let shared = self.trees.lock().entry(tenant).or_default().clone();
        let mut tree = shared.lock_owned().await;
        self.grow(&mut tree, tenant).await?;
        Ok(tree)
    }

    /// Reads leaves into a tree until there are no more.
    pub(crate) async fn grow(&self, tree: &mut Tree, tenant: Uuid) -> Result<()> {
        let mut r = self.kit.db.read(&Scope::job("ledger", tenant)).await?;
        loop {
            let from = i64::try_from(tree.size()).map_err(Problem::internal)?;
            let rows = sql::leaf_hashes(&mut r, from, PAGE).await?;
            let last = (rows.len() as i64) < PAGE;
            for row in rows {
                tree.push(
                    Hash::from_slice(&row.leaf_hash).ok_or_else(|| Problem::internal("length of a hash"))?,
                );
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Signs the log as it stands, if it still begins with what was signed last. The same size is not signed twice.
    ///
    /// # Errors
    /// `ledger.rewritten` when it does not.
    pub async fn sign(&self, tenant: Uuid, reason: &'static str) -> Result<sql::CheckpointRow> {
        let key = self.key(tenant).await?;
        let tree = self.tree(tenant).await?;
        self.sign_tree(tenant, &key, &tree, reason).await
    }

    pub(crate) async fn sign_tree(
        &self,
        tenant: Uuid,
        key: &SigningKey,
        tree: &Tree,
        reason: &'static str,
    ) -> Result<sql::CheckpointRow> {
        let scope = Scope::job("ledger", tenant);
        let last = sql::checkpoints(&mut self.kit.db.read(&scope).await?, None, 1).await?.into_iter().next();
        if let Some(last) = &last {
            continues(last, key, tree)?;
            // One of its own every day, even if nothing happened since somebody asked for one.
            if u64::try_from(last.size) == Ok(tree.size()) {
                return Ok(last.clone());
            }
        }
        let root = tree.root(tree.size()).ok_or_else(|| Problem::internal("no root"))?;
        let checkpoint = Checkpoint { origin: key.public().name().to_owned(), size: tree.size(), root };
        let (note, size) = (checkpoint.sign(key), i64::try_from(tree.size()).map_err(Problem::internal)?);
        let written = note.clone();
        self.kit
            .db
            .write(&scope, move |tx| {
                Box::pin(async move { sql::insert_checkpoint(tx, size, reason, &written).await })
            })
            .await?;
        sql::checkpoint(&mut self.kit.db.read(&scope).await?, size)
            .await?
            .ok_or_else(|| Problem::new(problem::NOT_FOUND))
    }
}

/// Does the tree begin with what the last checkpoint was signed for?
fn continues(last: &sql::CheckpointRow, key: &SigningKey, tree: &Tree) -> Result<()> {
    let signed =
        Note::parse(&last.note).ok().and_then(|n| n.open(key.public()).ok().and_then(Checkpoint::parse));
    match signed {
        Some(c) if i64::try_from(c.size) == Ok(last.size) && tree.root(c.size) == Some(c.root) => Ok(()),
        _ => Err(Problem::new(REWRITTEN).with("from", 0).with("to", (last.size - 1).max(0))),
    }
}
