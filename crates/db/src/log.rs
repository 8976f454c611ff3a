//! The company's append-only log: entries are gathered while a transaction runs and written as its very last
//! step, so that they are durable with the change itself, and the lock on the log's head (which numbers them
//! without gaps, in the order of commits) can never be part of a circle of waiting transactions.

use base::{Micros, Problem};
use rand::RngCore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Query, Result, Tx, args, sql};

/// What is to be logged.
#[derive(Debug, Clone)]
pub struct LogEntry {
    /// `visit.check_in`, `audit.customer.change`, …
    pub kind: String,
    /// What it belongs to: a visit, or the thing that was changed.
    pub subject: Uuid,
    /// Whose it is and his department at the time: they decide who may see it. Nil when nobody's.
    pub employee: Uuid,
    pub department: Uuid,
    /// What happened. Goes into the log as a salted commitment, so it may speak of people.
    pub record: Value,
    /// Originals it names, by id and SHA-256.
    pub files: Vec<(Uuid, String)>,
}

impl Tx {
    /// Adds an entry to the company's log, in this transaction.
    pub fn log(&mut self, entry: LogEntry) {
        self.entries.push(entry);
    }

    /// Writes what was gathered; the last statements before the commit.
    pub(crate) async fn write_log(&mut self) -> Result<()> {
        let entries = std::mem::take(&mut self.entries);
        if entries.is_empty() || self.tenant().is_nil() {
            return Ok(());
        }
        let count = i64::try_from(entries.len()).map_err(Problem::internal)?;
        let head: Option<(i64,)> = self
            .one(
                sql!(
                    "INSERT INTO log_head (tenant_id, size) VALUES ($1, $3) \
                     ON CONFLICT (tenant_id) DO UPDATE SET size = log_head.size + excluded.size RETURNING size"
                ),
                args![count],
            )
            .await?;
        let size = head.ok_or_else(|| Problem::internal("no head of the log"))?.0;
        for (entry, index) in entries.into_iter().zip(size - count..) {
            self.write_entry(entry, index).await?;
        }
        Ok(())
    }

    async fn write_entry(&mut self, entry: LogEntry, index: i64) -> Result<()> {
        let now: Micros = self.now();
        let files: Vec<Value> = entry
            .files
            .iter()
            .map(|(id, sha256)| json!({ "id": id.simple().to_string(), "sha256": sha256 }))
            .collect();
        let record = json!({
            "by": self.scope.actor(),
            "job": self.scope.job_name(),
            "subject": entry.subject,
            "employee": entry.employee,
            "files": files,
            "record": entry.record,
        })
        .to_string();
        let mut salt = [0_u8; 32];
        rand::rng().fill_bytes(&mut salt);
        let at = now.to_string();
        let number = u64::try_from(index).map_err(Problem::internal)?;
        let leaf = proof::Leaf::new(number, at, &entry.kind, proof::commitment(&salt, &record)).text();
        let hash = proof::leaf_hash(leaf.as_bytes());
        self.exec(
            sql!(
                "INSERT INTO log_entry (tenant_id, idx, at, kind, subject_id, employee_id, department_id, leaf, leaf_hash, salt, record) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            ),
            args![
                index,
                now,
                entry.kind,
                entry.subject,
                entry.employee,
                entry.department,
                leaf,
                hash.0.as_slice(),
                salt.as_slice(),
                record
            ],
        )
        .await?;
        Ok(())
    }
}
