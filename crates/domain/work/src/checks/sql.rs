use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::http::CheckLast;

db::row! { struct HeadRow { employee_id: Uuid } }

/// The nearest head above a person who is not himself: of his department, else of those above it.
pub async fn head_of(tx: &mut Tx, person: Uuid) -> Result<Option<Uuid>> {
    let row: Option<HeadRow> = tx
        .one(
            sql!(
                "SELECT m.employee_id FROM employee e \
                 JOIN department_closure k ON k.tenant_id = e.tenant_id AND k.descendant_id = e.department_id \
                 JOIN department_manager m ON m.tenant_id = e.tenant_id AND m.department_id = k.ancestor_id \
                 JOIN employee h ON h.tenant_id = m.tenant_id AND h.id = m.employee_id AND h.status = 'active' \
                 WHERE e.tenant_id = $1 AND e.id = $3 AND m.employee_id <> $3 ORDER BY k.depth, h.created_at, h.id LIMIT 1"
            ),
            args![person],
        )
        .await?;
    Ok(row.map(|r| r.employee_id))
}

/// What a report of checks is about.
#[derive(Debug, Clone)]
pub struct Filter {
    pub day_from: LocalDay,
    pub day_to: LocalDay,
    pub form_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        args![self.day_from, self.day_to, self.form_id, self.customer_id, self.department_id]
    }
}

db::row! { pub struct ScoreRow {
    id: Option<Uuid>, name: Option<String>, records: i64, passed: f64, applicable: f64, failed: i64, last_day: LocalDay
} }

macro_rules! within {
    ($r:literal, $tail:expr) => {
        concat!(
            "WHERE ", $r, ".tenant_id = $1 AND {reach:", $r, "} AND ", $r, ".day >= $3 AND ", $r, ".day <= $4 \
             AND ($5 IS NULL OR ", $r, ".form_id = $5) AND ($6 IS NULL OR ", $r, ".customer_id = $6) \
             AND ($7 IS NULL OR ", $r, ".department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $7)) ",
            $tail
        )
    };
}

const MOST: i64 = 1000;

/// By customer, the worst first.
pub async fn by_customer(q: &mut impl Query, f: &Filter) -> Result<Vec<ScoreRow>> {
    let mut all = f.args();
    all.extend(args![MOST]);
    q.all(
        sql!(concat!(
            "SELECT r.customer_id AS id, c.name, CAST(COUNT(*) AS BIGINT) AS records, SUM(r.passed) AS passed, SUM(r.applicable) AS applicable, \
             CAST(SUM(r.failed) AS BIGINT) AS failed, MAX(r.day) AS last_day FROM form_record r \
             LEFT JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id ",
            within!("r", "AND r.applicable > 0 GROUP BY r.customer_id, c.name ORDER BY SUM(r.passed) / SUM(r.applicable), r.customer_id LIMIT $8")
        )),
        all,
    )
    .await
}

/// By territory of the customer, the worst first; those of none together.
pub async fn by_territory(q: &mut impl Query, f: &Filter) -> Result<Vec<ScoreRow>> {
    let mut all = f.args();
    all.extend(args![MOST]);
    q.all(
        sql!(concat!(
            "SELECT c.territory_id AS id, y.name, CAST(COUNT(*) AS BIGINT) AS records, SUM(r.passed) AS passed, SUM(r.applicable) AS applicable, \
             CAST(SUM(r.failed) AS BIGINT) AS failed, MAX(r.day) AS last_day FROM form_record r \
             LEFT JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id \
             LEFT JOIN territory y ON y.tenant_id = c.tenant_id AND y.id = c.territory_id ",
            within!("r", "AND r.applicable > 0 GROUP BY c.territory_id, y.name ORDER BY SUM(r.passed) / SUM(r.applicable), c.territory_id LIMIT $8")
        )),
        all,
    )
    .await
}

/// By department of whoever filled the form in, the worst first.
pub async fn by_department(q: &mut impl Query, f: &Filter) -> Result<Vec<ScoreRow>> {
    let mut all = f.args();
    all.extend(args![MOST]);
    q.all(
        sql!(concat!(
            "SELECT r.department_id AS id, g.name, CAST(COUNT(*) AS BIGINT) AS records, SUM(r.passed) AS passed, SUM(r.applicable) AS applicable, \
             CAST(SUM(r.failed) AS BIGINT) AS failed, MAX(r.day) AS last_day FROM form_record r \
             JOIN department g ON g.tenant_id = r.tenant_id AND g.id = r.department_id ",
            within!("r", "AND r.applicable > 0 GROUP BY r.department_id, g.name ORDER BY SUM(r.passed) / SUM(r.applicable), r.department_id LIMIT $8")
        )),
        all,
    )
    .await
}

db::row! { pub struct FailureRow {
    record_id: Uuid, field: String, label: String, remark: Option<String>, value: Option<f64>, stands: bool, day: LocalDay, employee_id: Uuid,
    employee_name: String, customer_id: Option<Uuid>, customer_name: Option<String>, form_id: Uuid, form_title: String, opened: Option<String>,
    opened_id: Option<Uuid>, task_status: Option<String>, task_person: Option<String>, task_day: Option<LocalDay>, task_due_at: Option<Micros>
} }

/// Items that failed, newest first, with how their follow-up stands.
pub async fn failures(
    q: &mut impl Query,
    f: &Filter,
    after: Option<(i64, Uuid, String)>,
    limit: i64,
) -> Result<Vec<FailureRow>> {
    let (day, record, field) = match after {
        Some((day, record, field)) => (Some(day), Some(record), Some(field)),
        None => (None, None, None),
    };
    let mut all = f.args();
    all.extend(args![day, record, field, limit]);
    q.all(
        sql!(concat!(
            "SELECT x.record_id, x.field, x.label, x.remark, x.value, x.stands, x.day, x.employee_id, e.name AS employee_name, x.customer_id, \
             c.name AS customer_name, x.form_id, b.title AS form_title, x.opened, x.opened_id, t.status AS task_status, w.name AS task_person, \
             t.day AS task_day, t.due_at AS task_due_at FROM form_failure x \
             JOIN employee e ON e.tenant_id = x.tenant_id AND e.id = x.employee_id \
             JOIN form b ON b.tenant_id = x.tenant_id AND b.id = x.form_id \
             LEFT JOIN customer c ON c.tenant_id = x.tenant_id AND c.id = x.customer_id \
             LEFT JOIN task t ON t.tenant_id = x.tenant_id AND t.id = x.opened_id AND x.opened = 'task' \
             LEFT JOIN employee w ON w.tenant_id = t.tenant_id AND w.id = t.employee_id ",
            within!(
                "x",
                "AND ($8 IS NULL OR x.day < $8 OR (x.day = $8 AND (x.record_id < $9 OR (x.record_id = $9 AND x.field > $10)))) \
                 ORDER BY x.day DESC, x.record_id DESC, x.field LIMIT $11"
            )
        )),
        all,
    )
    .await
}

db::row! { struct LastRow { customer_id: Uuid, day: LocalDay, form_title: String, passed: f64, applicable: f64, failed: i64 } }

/// The last checked record of each of these customers, whoever made it: what a store scored is no secret to whoever visits
/// it.
///
/// # Errors
/// When the store cannot be read.
pub async fn last_of(q: &mut impl Query, customers: &[Uuid]) -> Result<Vec<CheckLast>> {
    let mut found = vec![];
    for customer in customers {
        let row: Option<LastRow> = q
            .one(
                sql!(
                    "SELECT r.customer_id, r.day, f.title AS form_title, r.passed, r.applicable, r.failed FROM form_record r \
                     JOIN form f ON f.tenant_id = r.tenant_id AND f.id = r.form_id \
                     WHERE r.tenant_id = $1 AND r.customer_id = $3 AND r.applicable > 0 ORDER BY r.day DESC, r.filled_at DESC LIMIT 1"
                ),
                args![*customer],
            )
            .await?;
        if let Some(row) = row {
            found.push(CheckLast {
                customer_id: row.customer_id,
                day: row.day,
                form: crate::model::from_json(&row.form_title)?,
                passed: row.passed,
                applicable: row.applicable,
                failed: row.failed,
            });
        }
    }
    Ok(found)
}
