//! Statements on records and their edits.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, Val, args, sql};
use forms::Checks;
use serde_json::json;
use uuid::Uuid;

use super::TaskFacts;

db::row! { pub struct Light {
    id: Uuid, form_id: Uuid, form_key: String, form_title: String, number: i64, employee_id: Uuid, employee_name: String, department_id: Uuid, department_name: String, task_title: Option<String>, customer_id: Option<Uuid>,
    customer_name: Option<String>, visit_id: Option<Uuid>, day: LocalDay, filled_at: Micros, received_at: Micros, score: Option<f64>, passed: Option<f64>, applicable: Option<f64>, failed: Option<i64>, edits: i64,
    answers: String, version: i64, approval_id: Option<Uuid>, approval_status: Option<String>
} }

macro_rules! records {
    ($tail:expr) => {
        concat!(
            "SELECT r.id, r.form_id, f.key AS form_key, f.title AS form_title, r.number, r.employee_id, e.name AS employee_name, r.department_id, d.name AS department_name, r.task_title, r.customer_id, \
             c.name AS customer_name, r.visit_id, r.day, r.filled_at, r.received_at, r.score, r.passed, r.applicable, r.failed, r.edits, r.answers, r.version, \
             ap.id AS approval_id, ap.status AS approval_status \
             FROM form_record r JOIN form f ON f.tenant_id = r.tenant_id AND f.id = r.form_id \
             JOIN employee e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
             JOIN department d ON d.tenant_id = r.tenant_id AND d.id = r.department_id \
             LEFT JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id \
             LEFT JOIN approval ap ON ap.tenant_id = r.tenant_id AND ap.subject_kind = 'form' AND ap.record_id = r.id ",
            $tail
        )
    };
}

/// Filters of the list.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub form_id: Option<Uuid>,
    pub number: Option<i64>,
    pub employee_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub visit_id: Option<Uuid>,
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
}

impl Filter {
    fn args(&self) -> Vec<Val> {
        args![
            self.form_id,
            self.number,
            self.employee_id,
            self.customer_id,
            self.department_id,
            self.visit_id,
            self.day_from,
            self.day_to
        ]
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE r.tenant_id = $1 AND {reach:r} AND ($3 IS NULL OR r.form_id = $3) AND ($4 IS NULL OR r.number = $4) \
             AND ($5 IS NULL OR r.employee_id = $5) AND ($6 IS NULL OR r.customer_id = $6) \
             AND ($7 IS NULL OR r.department_id IN (SELECT k.descendant_id FROM department_closure k WHERE k.tenant_id = $1 AND k.ancestor_id = $7)) \
             AND ($8 IS NULL OR r.visit_id = $8) AND ($9 IS NULL OR r.day >= $9) AND ($10 IS NULL OR r.day <= $10) ",
            $tail
        )
    };
}

/// Records in reach, newest first.
pub async fn list(
    q: &mut impl Query,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<Light>> {
    let (at, id) = after.unzip();
    let mut all = filter.args();
    all.extend(args![at, id, limit]);
    q.all(
        sql!(records!(filtered!(
            "AND ($11 IS NULL OR r.filled_at < $11 OR (r.filled_at = $11 AND r.id < $12)) ORDER BY r.filled_at DESC, r.id DESC LIMIT $13"
        ))),
        all,
    )
    .await
}

pub async fn count(q: &mut impl Query, filter: &Filter) -> Result<i64> {
    let row: (i64,) = q
        .must(
            sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM form_record r ", filtered!(""))),
            filter.args(),
        )
        .await?;
    Ok(row.0)
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Light> {
    q.must(sql!(records!("WHERE r.tenant_id = $1 AND r.id = $3 AND {reach:r}")), args![id]).await
}

/// A record whatever the reach, for handing it in.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Light> {
    q.must(sql!(records!("WHERE r.tenant_id = $1 AND r.id = $3")), args![id]).await
}

db::row! {
    /// What an edit is made from.
    pub struct Known { id: Uuid, employee_id: Uuid, answers: String, device_at: Micros, task_facts: Option<String> }
}

/// The record of a step, whatever the reach: the floor above has checked the visit.
pub async fn at_step(q: &mut impl Query, visit: Uuid, step: Uuid) -> Result<Option<Known>> {
    q.one(
        sql!(
            "SELECT r.id, r.employee_id, r.answers, r.device_at, r.task_facts FROM form_record r \
             WHERE r.tenant_id = $1 AND r.visit_id = $3 AND r.step_id = $4"
        ),
        args![visit, step],
    )
    .await
}

/// Whose record has this id.
pub async fn with_id(q: &mut impl Query, id: Uuid) -> Result<Option<Uuid>> {
    let row: Option<(Uuid,)> = q
        .one(sql!("SELECT r.employee_id FROM form_record r WHERE r.tenant_id = $1 AND r.id = $3"), args![id])
        .await?;
    Ok(row.map(|r| r.0))
}

pub async fn known(q: &mut impl Query, id: Uuid) -> Result<Known> {
    q.must(
        sql!(
            "SELECT r.id, r.employee_id, r.answers, r.device_at, r.task_facts FROM form_record r WHERE r.tenant_id = $1 AND r.id = $3 AND {reach:r}"
        ),
        args![id],
    )
    .await
}

/// What is written of a new record.
pub struct NewRecord<'a> {
    pub id: Uuid,
    pub form: Uuid,
    pub number: i64,
    pub employee: Uuid,
    pub department: Uuid,
    /// None of the three for what was filled in outside visits.
    pub customer: Option<Uuid>,
    pub visit: Option<Uuid>,
    pub step: Option<Uuid>,
    pub day: LocalDay,
    pub task: Option<&'a TaskFacts>,
    pub answers: &'a str,
    pub score: Option<f64>,
    pub checks: Option<Checks>,
    pub device_at: Micros,
    pub filled_at: Micros,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, r: &NewRecord<'_>) -> Result<bool> {
    let now = tx.now();
    let facts = r.task.filter(|t| !t.custom.is_empty()).map(|t| json!(t.custom).to_string());
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO form_record (tenant_id, id, form_id, number, employee_id, department_id, customer_id, visit_id, step_id, day, \
                 task_title, answers, score, device_at, filled_at, received_at, passed, applicable, failed, task_facts, edits, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                r.id, r.form, r.number, r.employee, r.department, r.customer, r.visit, r.step, r.day, r.task.map(|t| t.title.as_str()), r.answers, r.score, r.device_at,
                r.filled_at, now, r.checks.map(|c| c.passed), r.checks.map(|c| c.applicable), r.checks.map(|c| i64::from(c.failed)), facts
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// The author answers again.
pub async fn answer_again(
    tx: &mut Tx,
    id: Uuid,
    number: i64,
    answers: &str,
    (score, checks): (Option<f64>, Option<Checks>),
    device_at: Micros,
    filled_at: Micros,
) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE form_record SET number = $4, answers = $5, score = $6, device_at = $7, filled_at = $8, passed = $9, applicable = $10, failed = $11, edits = edits + 1, \
             version = version + 1 WHERE tenant_id = $1 AND id = $3"
        ),
        args![
            id, number, answers, score, device_at, filled_at, checks.map(|c| c.passed), checks.map(|c| c.applicable),
            checks.map(|c| i64::from(c.failed))
        ],
    )
    .await
}

/// False when somebody else changed it since `version`.
pub async fn correct(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    answers: &str,
    (score, checks): (Option<f64>, Option<Checks>),
) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE form_record SET answers = $5, score = $6, passed = $7, applicable = $8, failed = $9, edits = edits + 1, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![
                id, version, answers, score, checks.map(|c| c.passed), checks.map(|c| c.applicable),
                checks.map(|c| i64::from(c.failed))
            ],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_edit(tx: &mut Tx, id: Uuid, known: &Known, reason: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO form_edit (tenant_id, id, record_id, employee_id, by_id, at, reason, before) VALUES ($1, $3, $4, $5, $2, $6, $7, $8)"
        ),
        args![id, known.id, known.employee_id, now, reason, &known.answers],
    )
    .await
}

db::row! { pub struct EditRow { by_id: Uuid, by_name: String, at: Micros, reason: String, before: String } }

/// Changes of a record, newest first. The caller has checked the record.
pub async fn edits(q: &mut impl Query, record: Uuid) -> Result<Vec<EditRow>> {
    q.all(
        sql!(
            "SELECT x.by_id, e.name AS by_name, x.at, x.reason, x.before FROM form_edit x \
             JOIN employee e ON e.tenant_id = x.tenant_id AND e.id = x.by_id WHERE x.tenant_id = $1 AND x.record_id = $3 \
             ORDER BY x.at DESC, x.id DESC"
        ),
        args![record],
    )
    .await
}

db::row! { pub struct Erasable { id: Uuid, answers: String } }

/// Answers of a person's records, to take his places out.
pub async fn erasable(q: &mut impl Query, person: Uuid) -> Result<Vec<Erasable>> {
    q.all(
        sql!("SELECT r.id, r.answers FROM form_record r WHERE r.tenant_id = $1 AND r.employee_id = $3"),
        args![person],
    )
    .await
}

pub async fn erase_answers(tx: &mut Tx, id: Uuid, answers: &str) -> Result<u64> {
    tx.exec(
        sql!("UPDATE form_record SET answers = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3"),
        args![id, answers],
    )
    .await
}

/// What his records said before goes whole.
pub async fn erase_edits(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM form_edit WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}
