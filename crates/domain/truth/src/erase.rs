//! Erasing a person: what was measured and said about him goes, that a rule spoke and how it ended stays, so that the rule's
//! record stays true.

use base::Problem;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::card::Payload;

db::row! { struct Said { id: Uuid, payload: String } }

/// Takes numbers, comparisons, reasons and words out of a person's findings. Answers how many findings.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM truth_day WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    let said: Vec<Said> = tx
        .all(
            sql!("SELECT id, payload FROM finding_event WHERE tenant_id = $1 AND employee_id = $3"),
            args![person],
        )
        .await?;
    for one in said {
        let kept: Payload = serde_json::from_str(&one.payload).unwrap_or_default();
        let kept = Payload { outcome: kept.outcome, affects_pay: kept.affects_pay, ..Payload::default() };
        let text = serde_json::to_string(&kept).map_err(Problem::internal)?;
        let update = sql!("UPDATE finding_event SET payload = $4 WHERE tenant_id = $1 AND id = $3");
        tx.exec(update, args![one.id, text]).await?;
    }
    tx.exec(
        sql!("UPDATE finding SET numbers = '[]', compared = '[]' WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await
}
