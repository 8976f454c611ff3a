use base::LocalDay;
use db::{Query, Result, args, sql};
use uuid::Uuid;

db::row! { pub struct CustomerRow {
    id: Uuid, grade: Option<String>, tags: String, territory_id: Option<Uuid>, territory: Option<String>, mine: bool
} }

/// Active customers in reach, and whoever else has visits or tasks in reach in the period.
pub async fn customers(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    department: Option<Uuid>,
) -> Result<Vec<CustomerRow>> {
    q.all(
        sql!(
            "SELECT c.id, c.grade, c.tags, c.territory_id, y.name AS territory, \
             CAST(CASE WHEN c.status = 'active' AND {reach:c} AND ($5 IS NULL OR c.department_id IN \
               (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5)) THEN 1 ELSE 0 END AS BIGINT) AS mine \
             FROM customer c LEFT JOIN territory y ON y.tenant_id = c.tenant_id AND y.id = c.territory_id WHERE c.tenant_id = $1 AND ( \
             (c.status = 'active' AND {reach:c} AND ($5 IS NULL OR c.department_id IN \
               (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5))) \
             OR EXISTS (SELECT 1 FROM visit v WHERE v.tenant_id = $1 AND v.customer_id = c.id AND v.day >= $3 AND v.day <= $4 AND {reach:v} \
               AND ($5 IS NULL OR v.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5))) \
             OR EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = $1 AND t.customer_id = c.id AND t.day >= $3 AND t.day <= $4 AND {reach:t} \
               AND t.status <> 'cancelled' \
               AND ($5 IS NULL OR t.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5))))"
        ),
        args![from, to, department],
    )
    .await
}

db::row! { pub struct VisitsRow { customer_id: Uuid, visits: i64, effective: i64, stay_s: i64 } }

/// Visits in reach in the period, by customer. Time with a customer as the day report counts it: presence inside the fence, at most
/// the stay.
pub async fn visits(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    department: Option<Uuid>,
) -> Result<Vec<VisitsRow>> {
    q.all(
        sql!(
            "SELECT v.customer_id, CAST(COUNT(*) AS BIGINT) AS visits, CAST(SUM(CASE WHEN v.effective = 1 THEN 1 ELSE 0 END) AS BIGINT) AS effective, \
             CAST(SUM(CASE WHEN v.presence_s IS NULL THEN COALESCE(v.stay_s, 0) WHEN v.stay_s < v.presence_s THEN v.stay_s ELSE v.presence_s END) AS BIGINT) AS stay_s \
             FROM visit v WHERE v.tenant_id = $1 AND v.day >= $3 AND v.day <= $4 AND {reach:v} \
             AND ($5 IS NULL OR v.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5)) \
             GROUP BY v.customer_id"
        ),
        args![from, to, department],
    )
    .await
}

db::row! { pub struct TasksRow { customer_id: Uuid, planned: i64 } }

/// Tasks in reach in the period that were not called off, by customer.
pub async fn tasks(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    department: Option<Uuid>,
) -> Result<Vec<TasksRow>> {
    q.all(
        sql!(
            "SELECT t.customer_id, CAST(COUNT(*) AS BIGINT) AS planned FROM task t \
             WHERE t.tenant_id = $1 AND t.day >= $3 AND t.day <= $4 AND {reach:t} AND t.status <> 'cancelled' \
             AND ($5 IS NULL OR t.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $5)) \
             GROUP BY t.customer_id"
        ),
        args![from, to, department],
    )
    .await
}
