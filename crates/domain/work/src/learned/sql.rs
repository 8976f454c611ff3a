use base::{LocalDay, Micros};
use db::{Query, Result, args, sql};
use uuid::Uuid;

use super::VISITS;

db::row! { pub struct VisitRow {
    employee_id: Uuid, day: LocalDay, check_in_at: Micros, check_out_at: Micros, stay_s: Option<i64>, lng: Option<i64>, lat: Option<i64>,
    grade: Option<String>, name: String
} }

/// The newest finished visits of the company, whatever the caller's reach: only medians are made of them.
pub async fn visits(q: &mut impl Query, since: LocalDay) -> Result<Vec<VisitRow>> {
    q.all(
        sql!(
            "SELECT v.employee_id, v.day, v.check_in_at, v.check_out_at, v.stay_s, v.customer_lng AS lng, v.customer_lat AS lat, c.grade, c.name \
             FROM visit v JOIN customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id \
             WHERE v.tenant_id = $1 AND v.day >= $3 AND v.check_out_at IS NOT NULL ORDER BY v.check_in_at DESC LIMIT $4"
        ),
        args![since, VISITS],
    )
    .await
}
