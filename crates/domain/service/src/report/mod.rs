//! What the customer signed: fixed when it was. The document is made of the fixed content alone, right after, and kept.

mod compose;
mod http;
pub(crate) mod sql;

pub(crate) use compose::fix;
pub(crate) use http::{routes, sent};
pub(crate) use sql::of_order;

use api::Checks;
use base::{Micros, Problem, problem::Lang};
use db::{LogEntry, Result, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Inner, SIGNATURE};

/// Kind under which the document lies among the files: an original, so that bundles of the log bring it along.
pub(crate) const DOCUMENT: &str = "original";
/// Most points of a signature.
const MOST_POINTS: usize = 4_000;

/// A report as shown beside its order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ServiceReportRef)]
pub struct ReportRef {
    pub id: Uuid,
    /// Printed on the document: the beginning of the SHA-256 of its content.
    pub code: String,
    /// Absent when it was closed without a signature.
    pub signer: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Micros,
    /// Of the document; absent for the moment until it is made.
    pub pdf_sha256: Option<String>,
    pub pdf_size: Option<i64>,
    /// What the customer thought: 1 to 5.
    pub stars: Option<i64>,
    pub words: Option<String>,
}

/// `8F3A-22C1-90DE-417B`
pub(crate) fn code_of(content_sha256: &str) -> String {
    let letters: Vec<char> = content_sha256.to_uppercase().chars().take(16).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Body of `order.sign`: strokes on a sheet of 1000 by 400.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub order_id: Uuid,
    pub signer: String,
    pub strokes: Vec<Vec<[i32; 2]>>,
}

/// A signature that holds.
pub(crate) struct Signature {
    pub signer: String,
    pub strokes: Vec<Vec<[i32; 2]>>,
}

impl Signed {
    /// # Errors
    /// `order.signature`, `input.invalid`.
    pub(crate) fn checked(&self) -> Result<Signature> {
        Checks::new().at_most("signer", Some(&self.signer), 40).done()?;
        let points: usize = self.strokes.iter().map(Vec::len).sum();
        let inside = |p: &[i32; 2]| (0..=1000).contains(&p[0]) && (0..=400).contains(&p[1]);
        let drawn = (8..=MOST_POINTS).contains(&points) && self.strokes.iter().flatten().all(inside);
        if self.signer.trim().is_empty() || !drawn {
            return Err(Problem::new(SIGNATURE).field(if drawn { "signer" } else { "strokes" }, SIGNATURE));
        }
        Ok(Signature { signer: self.signer.trim().to_owned(), strokes: self.strokes.clone() })
    }
}

/// Makes the documents of a company that are not made yet. The same content makes the same bytes, whoever makes them.
pub(crate) async fn make_documents(inner: &Inner, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("service", tenant);
    let unmade = sql::unmade(&mut inner.kit.db.read(&scope).await?).await?;
    for row in unmade {
        let content: paper::ServiceReport = serde_json::from_str(&row.content).map_err(Problem::internal)?;
        let code = code_of(&row.content_sha256);
        let made = tokio::task::spawn_blocking(move || paper::service_report(&content, &code, Lang::Zh));
        let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        let (sha256, size) = (hex::encode(Sha256::digest(&bytes)), bytes.len() as i64);
        inner.kit.files.put(tenant, row.id, DOCUMENT, bytes).await?;
        inner
            .kit
            .db
            .write(&scope, move |tx| {
                Box::pin(async move {
                    if !sql::set_document(tx, row.id, &sha256, size).await? {
                        return Ok(());
                    }
                    tx.log(LogEntry {
                        kind: "order.report".into(),
                        subject: row.order_id,
                        employee: row.employee_id.unwrap_or_default(),
                        department: row.department_id,
                        record: json!({ "order": row.number, "code": code_of(&row.content_sha256), "content_sha256": row.content_sha256 }),
                        files: vec![(row.id, sha256)],
                    });
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}
