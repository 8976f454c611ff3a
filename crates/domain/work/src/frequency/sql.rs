use base::{LocalDay, Micros};
use db::{Global, Query, Result, Tx, args, global_sql, sql};
use uuid::Uuid;

use super::rule::FrequencyRule;
use crate::model::{from_json, to_json};

db::row! { struct RuleRow {
    id: Uuid, name: String, place: i64, terms: String, template_id: Option<Uuid>, active: bool, since: LocalDay, version: i64
} }

impl RuleRow {
    fn shown(self) -> Result<FrequencyRule> {
        Ok(FrequencyRule {
            id: self.id,
            name: self.name,
            place: self.place,
            terms: from_json(&self.terms)?,
            template_id: self.template_id,
            active: self.active,
            since: self.since,
            version: self.version,
        })
    }
}

/// All rules of the company in their order.
pub async fn rules(q: &mut impl Query) -> Result<Vec<FrequencyRule>> {
    let rows: Vec<RuleRow> = q
        .all(
            sql!("SELECT id, name, place, terms, template_id, active, since, version FROM frequency_rule WHERE tenant_id = $1 ORDER BY place, id"),
            vec![],
        )
        .await?;
    rows.into_iter().map(RuleRow::shown).collect()
}

pub async fn rule(q: &mut impl Query, id: Uuid) -> Result<Option<FrequencyRule>> {
    let row: Option<RuleRow> = q
        .one(
            sql!("SELECT id, name, place, terms, template_id, active, since, version FROM frequency_rule WHERE tenant_id = $1 AND id = $3"),
            args![id],
        )
        .await?;
    row.map(RuleRow::shown).transpose()
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, r: &FrequencyRule) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO frequency_rule (tenant_id, id, name, place, terms, template_id, active, since, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![r.id, &r.name, r.place, to_json(&r.terms)?, r.template_id, r.active, r.since],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, r: &FrequencyRule, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE frequency_rule SET name = $4, place = $5, terms = $6, template_id = $7, active = $8, since = $9, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $10"
            ),
            args![r.id, &r.name, r.place, to_json(&r.terms)?, r.template_id, r.active, r.since, version],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM frequency_rule WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

db::row! { pub struct Standing {
    task_id: Uuid, employee_id: Uuid, customer_id: Uuid, day: LocalDay, status: String, due_at: Micros
} }

/// Tasks between two days that are in reach, or at customers in reach: whoever makes a visit there, it counts for the
/// customer's rule.
pub async fn tasks(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<Vec<Standing>> {
    tasks_of(q, from, to, None).await
}

/// The same, of one customer or of all.
pub async fn tasks_of(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    customer: Option<Uuid>,
) -> Result<Vec<Standing>> {
    q.all(
        sql!(
            "SELECT t.id AS task_id, t.employee_id, t.customer_id, t.day, t.status, t.due_at FROM task t \
             WHERE t.tenant_id = $1 AND t.day >= $3 AND t.day <= $4 AND ($5 IS NULL OR t.customer_id = $5) \
             AND ({reach:t} OR t.customer_id IN (SELECT c.id FROM customer c WHERE c.tenant_id = $1 AND {reach:c})) ORDER BY t.day, t.seq, t.id"
        ),
        args![from, to, customer],
    )
    .await
}

db::row! { pub struct Made { employee_id: Uuid, customer_id: Uuid, day: LocalDay } }

/// Visits that nobody had planned, between two days: those in reach, or at customers in reach.
pub async fn unplanned_visits(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<Vec<Made>> {
    unplanned_visits_of(q, from, to, None).await
}

/// The same, at one customer or at all.
pub async fn unplanned_visits_of(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    customer: Option<Uuid>,
) -> Result<Vec<Made>> {
    q.all(
        sql!(
            "SELECT v.employee_id, v.customer_id, v.day FROM visit v \
             WHERE v.tenant_id = $1 AND v.day >= $3 AND v.day <= $4 AND v.task_id IS NULL AND ($5 IS NULL OR v.customer_id = $5) \
             AND ({reach:v} OR v.customer_id IN (SELECT c.id FROM customer c WHERE c.tenant_id = $1 AND {reach:c})) ORDER BY v.day, v.id"
        ),
        args![from, to, customer],
    )
    .await
}

db::row! { pub struct MissedRow {
    id: Uuid, employee_id: Uuid, employee_name: String, customer_id: Uuid, customer_name: String, grade: Option<String>, day: LocalDay,
    status: String, reason: Option<String>, reason_code: Option<String>, from_minute: i64, to_minute: i64, template_id: Option<Uuid>
} }

/// Tasks in reach since a day that were skipped or forgotten, and for whose customer nothing is planned or done
/// after them; the newest of each customer.
pub async fn missed(
    q: &mut impl Query,
    since: LocalDay,
    now: Micros,
    only: Option<Uuid>,
) -> Result<Vec<MissedRow>> {
    q.all(
        sql!(
            "SELECT t.id, t.employee_id, e.name AS employee_name, t.customer_id, c.name AS customer_name, c.grade, t.day, t.status, t.reason, t.reason_code, \
             t.from_minute, t.to_minute, t.template_id FROM task t \
             JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id AND e.status = 'active' \
             JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id AND c.status = 'active' \
             WHERE t.tenant_id = $1 AND {reach:t} AND t.day >= $3 \
             AND (t.status = 'skipped' OR (t.status IN ('new', 'accepted', 'on_the_way') AND t.due_at < $4)) \
             AND ($5 IS NULL OR t.id = $5) \
             AND NOT EXISTS (SELECT 1 FROM task l WHERE l.tenant_id = t.tenant_id AND l.customer_id = t.customer_id AND l.id <> t.id \
               AND (l.day > t.day OR (l.day = t.day AND l.id > t.id)) AND l.status <> 'cancelled') \
             AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.tenant_id = t.tenant_id AND v.customer_id = t.customer_id AND v.day >= t.day) \
             ORDER BY t.day, c.name, t.id"
        ),
        args![since, now, only],
    )
    .await
}

db::row! { pub struct KeyRow { tenant_id: Uuid, employee_id: Uuid } }

/// Whose calendar a secret opens.
pub async fn by_hash(global: &mut Global, hash: &[u8]) -> Result<Option<KeyRow>> {
    global
        .one(
            global_sql!("SELECT tenant_id, employee_id FROM calendar_key WHERE secret_hash = $1"),
            args![hash],
        )
        .await
}

db::row! { pub struct Since { created_at: Micros } }

/// When the calendar of a person was opened.
pub async fn key_of(global: &mut Global, tenant: Uuid, person: Uuid) -> Result<Option<Since>> {
    global
        .one(
            global_sql!("SELECT created_at FROM calendar_key WHERE tenant_id = $1 AND employee_id = $2"),
            args![tenant, person],
        )
        .await
}

pub async fn insert_key(tx: &mut Tx, hash: &[u8], person: Uuid) -> Result<u64> {
    let (tenant, now) = (tx.tenant(), tx.now());
    tx.global_exec(
        global_sql!(
            "INSERT INTO calendar_key (secret_hash, tenant_id, employee_id, created_at) VALUES ($1, $2, $3, $4)"
        ),
        args![hash, tenant, person, now],
    )
    .await
}

pub async fn delete_key(tx: &mut Tx, person: Uuid) -> Result<u64> {
    let tenant = tx.tenant();
    tx.global_exec(
        global_sql!("DELETE FROM calendar_key WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, person],
    )
    .await
}
