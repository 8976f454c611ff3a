use base::{Problem, problem};
use db::{LogEntry, Result, Tx};
use serde_json::json;
use uuid::Uuid;

use crate::upload;

/// Refuses an upload that says other than the recording's record, which came first.
pub(crate) async fn check_record(tx: &mut Tx, id: Uuid, me: Uuid, sha256: &str) -> Result<()> {
    match work::visits::audio_record(tx, id).await? {
        Some(record) if record.employee_id != me || record.sha256 != sha256 => {
            Err(Problem::new(problem::CONFLICT))
        }
        _ => Ok(()),
    }
}

/// Joins bytes and record of a recording when both are here.
///
/// # Errors
/// `sync.conflict` when they do not belong together.
pub(crate) async fn link(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (Some(upload), Some(record)) =
        (upload::sql::any(tx, id).await?, work::visits::audio_record(tx, id).await?)
    else {
        return Ok(());
    };
    let same = (upload.employee_id, &upload.sha256, &upload.mime)
        == (record.employee_id, &record.sha256, &record.mime);
    if !same {
        return Err(Problem::new(problem::CONFLICT));
    }
    let Some(at) = upload.completed_at else { return Ok(()) };
    if work::visits::audio_stored(tx, id, at).await? {
        // Its hash, not its bytes: a bundle for outsiders must not carry anybody's voice.
        tx.log(LogEntry {
            kind: "audio.stored".into(),
            subject: record.visit_id,
            employee: record.employee_id,
            department: record.department_id,
            record: json!({
                "recording": id, "mime": upload.mime, "size": record.size, "sha256": record.sha256, "duration_ms": record.duration_ms,
            }),
            files: vec![],
        });
    }
    Ok(())
}
