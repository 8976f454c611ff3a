use base::{LocalDay, Micros};
use db::{Query, Result, args, sql};
use uuid::Uuid;

db::row! { pub struct PictureRow {
    id: Uuid, employee_id: Uuid, employee_name: String, customer_id: Option<Uuid>, customer_name: Option<String>, visit_id: Option<Uuid>,
    day: LocalDay, taken_at: Micros, live: bool, record_id: Option<Uuid>, form_id: Option<Uuid>, form_title: Option<String>,
    number: Option<i64>, answers: Option<String>
} }

/// What the pictures are narrowed by.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub customer_id: Option<Uuid>,
    pub employee_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub form_id: Option<Uuid>,
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
}

/// Stored pictures in reach, newest first, after the one with this time and id.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<PictureRow>> {
    let (at, id) = after.unzip();
    q.all(
        sql!(
            "SELECT x.id, x.employee_id, e.name AS employee_name, x.customer_id, c.name AS customer_name, x.visit_id, x.day, x.taken_at, x.live, \
             r.id AS record_id, r.form_id, m.title AS form_title, r.number, r.answers FROM ( \
             SELECT p.tenant_id, p.id, p.employee_id, v.customer_id, p.visit_id, v.day, n.taken_at, n.live, \
             (SELECT o.id FROM form_record o WHERE o.tenant_id = n.tenant_id AND o.visit_id = n.visit_id AND o.step_id = n.step_id) AS record_id \
             FROM photo p JOIN visit_photo n ON n.tenant_id = p.tenant_id AND n.id = p.id \
             JOIN visit v ON v.tenant_id = p.tenant_id AND v.id = p.visit_id \
             WHERE p.tenant_id = $1 AND {reach:p} AND ($3 IS NULL OR v.customer_id = $3) AND ($4 IS NULL OR p.employee_id = $4) \
             AND ($5 IS NULL OR p.department_id IN (SELECT k.descendant_id FROM department_closure k WHERE k.tenant_id = $1 AND k.ancestor_id = $5)) \
             AND ($7 IS NULL OR v.day >= $7) AND ($8 IS NULL OR v.day <= $8) \
             UNION ALL SELECT g.tenant_id, g.id, g.employee_id, o.customer_id, o.visit_id, o.day, o.filled_at AS taken_at, 0 AS live, o.id AS record_id \
             FROM form_picture g JOIN form_record o ON o.tenant_id = g.tenant_id AND o.id = g.record_id \
             WHERE g.tenant_id = $1 AND {reach:g} AND ($3 IS NULL OR o.customer_id = $3) AND ($4 IS NULL OR g.employee_id = $4) \
             AND ($5 IS NULL OR g.department_id IN (SELECT k.descendant_id FROM department_closure k WHERE k.tenant_id = $1 AND k.ancestor_id = $5)) \
             AND ($7 IS NULL OR o.day >= $7) AND ($8 IS NULL OR o.day <= $8)) x \
             JOIN employee e ON e.tenant_id = x.tenant_id AND e.id = x.employee_id \
             LEFT JOIN customer c ON c.tenant_id = x.tenant_id AND c.id = x.customer_id \
             LEFT JOIN form_record r ON r.tenant_id = x.tenant_id AND r.id = x.record_id \
             LEFT JOIN form m ON m.tenant_id = r.tenant_id AND m.id = r.form_id \
             WHERE ($6 IS NULL OR r.form_id = $6) AND ($9 IS NULL OR x.taken_at < $9 OR (x.taken_at = $9 AND x.id < $10)) \
             ORDER BY x.taken_at DESC, x.id DESC LIMIT $11"
        ),
        args![f.customer_id, f.employee_id, f.department_id, f.form_id, f.day_from, f.day_to, at, id, limit],
    )
    .await
}
