//! Visits stay as the company's records; where exactly their person stood does not.

use db::{Result, Tx, args, sql};
use uuid::Uuid;

/// Takes the coordinates of a person out of his visits, steps and photos. Verdicts and distances, which the visits were
/// judged by, stay. Answers how many visits.
pub async fn erase_places(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE visit_step SET lng = NULL, lat = NULL WHERE tenant_id = $1 AND visit_id IN \
             (SELECT v.id FROM visit v WHERE v.tenant_id = $1 AND v.employee_id = $3)"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE visit_photo SET lng = NULL, lat = NULL, accuracy_m = NULL WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE visit SET in_lng = NULL, in_lat = NULL, in_accuracy_m = NULL, in_fix_at = NULL, out_lng = NULL, out_lat = NULL, \
             out_accuracy_m = NULL, out_fix_at = NULL, outside_words = NULL WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await
}
