//! All statements.

use std::collections::HashMap;

use base::{LocalDay, Micros, id};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct FindingRow {
    id: Uuid, subject: String, revision: i64, employee_id: Uuid, employee_name: String, department_id: Uuid, visit_id: Option<Uuid>,
    day: LocalDay, code: String, rule_version: String, weight: i64, from_at: Micros, to_at: Micros, numbers: String, compared: String,
    found_at: Micros, answer_by: Micros, status: String
} }

macro_rules! findings {
    ($tail:expr) => {
        concat!(
            "SELECT f.id, f.subject, f.revision, f.employee_id, e.name AS employee_name, f.department_id, f.visit_id, f.day, f.code, \
             f.rule_version, f.weight, f.from_at, f.to_at, f.numbers, f.compared, f.found_at, f.answer_by, s.status \
             FROM finding f JOIN finding_state s ON s.tenant_id = f.tenant_id AND s.finding_id = f.id \
             JOIN employee e ON e.tenant_id = f.tenant_id AND e.id = f.employee_id ",
            $tail
        )
    };
}

/// Filters of the inbox.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub status: Option<String>,
    pub code: Option<String>,
    pub employee_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
    pub visit_id: Option<Uuid>,
    /// Thousandths.
    pub min_weight: Option<i64>,
}

pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<FindingRow>> {
    let (at, id) = before.unzip();
    q.all(
        sql!(findings!(
            "WHERE f.tenant_id = $1 AND {reach:f} AND s.status <> 'replaced' \
             AND ($3 IS NULL OR s.status = $3 OR ($3 = 'pending' AND s.status IN ('open', 'answered', 'second'))) \
             AND ($4 IS NULL OR f.code = $4) AND ($5 IS NULL OR f.employee_id = $5) \
             AND ($6 IS NULL OR f.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $6)) \
             AND ($7 IS NULL OR f.day >= $7) AND ($8 IS NULL OR f.day <= $8) AND ($9 IS NULL OR f.visit_id = $9) \
             AND ($10 IS NULL OR f.weight >= $10) \
             AND ($11 IS NULL OR f.found_at < $11 OR (f.found_at = $11 AND f.id < $12)) ORDER BY f.found_at DESC, f.id DESC LIMIT $13"
        )),
        args![
            f.status.clone(),
            f.code.clone(),
            f.employee_id,
            f.department_id,
            f.day_from,
            f.day_to,
            f.visit_id,
            f.min_weight,
            at,
            id,
            limit
        ],
    )
    .await
}

/// A finding in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<FindingRow> {
    q.must(sql!(findings!("WHERE f.tenant_id = $1 AND f.id = $3 AND {reach:f}")), args![id]).await
}

/// Findings of a visit as they stand, whatever the reach: the caller has checked the visit.
pub async fn of_visit(q: &mut impl Query, visit: Uuid) -> Result<Vec<FindingRow>> {
    q.all(
        sql!(findings!(
            "WHERE f.tenant_id = $1 AND f.visit_id = $3 AND s.status <> 'replaced' ORDER BY f.weight DESC, f.id"
        )),
        args![visit],
    )
    .await
}

/// The newest revision of a subject.
pub async fn newest(q: &mut impl Query, subject: &str) -> Result<Option<FindingRow>> {
    q.one(
        sql!(findings!("WHERE f.tenant_id = $1 AND f.subject = $3 ORDER BY f.revision DESC LIMIT 1")),
        args![subject],
    )
    .await
}

/// A finding to be kept.
pub struct NewFinding<'a> {
    pub id: Uuid,
    pub subject: &'a str,
    pub revision: i64,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub visit_id: Option<Uuid>,
    pub day: LocalDay,
    pub code: &'a str,
    pub rule_version: &'a str,
    pub weight: i64,
    pub from_at: Micros,
    pub to_at: Micros,
    pub numbers: &'a str,
    pub compared: &'a str,
    pub answer_by: Micros,
}

/// False when this revision is known.
pub async fn insert(tx: &mut Tx, f: &NewFinding<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO finding (tenant_id, id, subject, revision, employee_id, department_id, visit_id, day, code, rule_version, \
                 weight, from_at, to_at, numbers, compared, found_at, answer_by) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
                 ON CONFLICT (tenant_id, subject, revision) DO NOTHING"
            ),
            args![
                f.id, f.subject, f.revision, f.employee_id, f.department_id, f.visit_id, f.day, f.code, f.rule_version, f.weight,
                f.from_at, f.to_at, f.numbers, f.compared, now, f.answer_by
            ],
        )
        .await?;
    if rows == 1 {
        set_status(tx, f.id, "open").await?;
    }
    Ok(rows == 1)
}

pub async fn set_status(tx: &mut Tx, finding: Uuid, status: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO finding_state (tenant_id, finding_id, status, updated_at) VALUES ($1, $3, $4, $5) \
             ON CONFLICT (tenant_id, finding_id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at"
        ),
        args![finding, status, now],
    )
    .await
}

db::row! { pub struct EventRow {
    id: Uuid, finding_id: Uuid, kind: String, actor_id: Uuid, actor_name: Option<String>, at: Micros, payload: String
} }

pub async fn events(q: &mut impl Query, finding: Uuid) -> Result<Vec<EventRow>> {
    q.all(
        sql!(
            "SELECT v.id, v.finding_id, v.kind, v.actor_id, e.name AS actor_name, v.at, v.payload FROM finding_event v \
             LEFT JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.actor_id \
             WHERE v.tenant_id = $1 AND v.finding_id = $3 ORDER BY v.at, v.id"
        ),
        args![finding],
    )
    .await
}

pub async fn add_event(tx: &mut Tx, f: &FindingRow, kind: &str, payload: &str) -> Result<Uuid> {
    let (id, now) = (id::new_v7(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO finding_event (tenant_id, id, finding_id, employee_id, department_id, kind, actor_id, at, payload) \
             VALUES ($1, $3, $4, $5, $6, $7, $2, $8, $9)"
        ),
        args![id, f.id, f.employee_id, f.department_id, kind, now, payload],
    )
    .await?;
    Ok(id)
}

db::row! { pub struct RuleCount { code: String, decided: i64, cleared: i64, pending: i64, made: i64 } }

/// What has become of findings, by rule, over the whole company: statistics show no people.
pub async fn counts(q: &mut impl Query) -> Result<Vec<RuleCount>> {
    q.all(
        sql!(
            "SELECT f.code, CAST(SUM(CASE WHEN s.status IN ('upheld', 'cleared') THEN 1 ELSE 0 END) AS BIGINT) AS decided, \
             CAST(SUM(CASE WHEN s.status = 'cleared' THEN 1 ELSE 0 END) AS BIGINT) AS cleared, \
             CAST(SUM(CASE WHEN s.status IN ('open', 'answered', 'second') THEN 1 ELSE 0 END) AS BIGINT) AS pending, \
             CAST(COUNT(*) AS BIGINT) AS made \
             FROM finding f JOIN finding_state s ON s.tenant_id = f.tenant_id AND s.finding_id = f.id \
             WHERE f.tenant_id = $1 AND s.status <> 'replaced' GROUP BY f.code ORDER BY f.code"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct DayCount { day: LocalDay, made: i64, cleared: i64 } }

/// Findings by day in reach, for the trend.
pub async fn trend(q: &mut impl Query, from: LocalDay) -> Result<Vec<DayCount>> {
    q.all(
        sql!(
            "SELECT f.day, CAST(COUNT(*) AS BIGINT) AS made, CAST(SUM(CASE WHEN s.status = 'cleared' THEN 1 ELSE 0 END) AS BIGINT) AS cleared \
             FROM finding f JOIN finding_state s ON s.tenant_id = f.tenant_id AND s.finding_id = f.id \
             WHERE f.tenant_id = $1 AND {reach:f} AND s.status <> 'replaced' AND f.day >= $3 GROUP BY f.day ORDER BY f.day"
        ),
        args![from],
    )
    .await
}

db::row! { pub struct RulesRow { rules: String, version: i64 } }

pub async fn rules(q: &mut impl Query) -> Result<Option<RulesRow>> {
    q.one(sql!("SELECT rules, version FROM truth_rules WHERE tenant_id = $1"), vec![]).await
}

/// False when somebody else changed them first.
pub async fn put_rules(tx: &mut Tx, rules: &str, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO truth_rules (tenant_id, rules, version) VALUES ($1, $3, $4 + 1) \
                 ON CONFLICT (tenant_id) DO UPDATE SET rules = excluded.rules, version = excluded.version WHERE truth_rules.version = $4"
            ),
            args![rules, version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct Pair { photo_id: Uuid, earlier_id: Uuid, earlier_visit: Uuid, earlier_at: Micros } }

/// Photos of a visit whose bytes were used in another visit before, by anybody in the company.
pub async fn duplicates(q: &mut impl Query, visit: Uuid) -> Result<Vec<Pair>> {
    q.all(
        sql!(
            "SELECT p.id AS photo_id, o.id AS earlier_id, o.visit_id AS earlier_visit, o.taken_at AS earlier_at FROM visit_photo p \
             JOIN visit_photo o ON o.tenant_id = p.tenant_id AND o.sha256 = p.sha256 AND o.visit_id <> p.visit_id \
               AND (o.noted_at < p.noted_at OR (o.noted_at = p.noted_at AND o.id < p.id)) \
             WHERE p.tenant_id = $1 AND p.visit_id = $3 ORDER BY o.noted_at, o.id LIMIT 20"
        ),
        args![visit],
    )
    .await
}

db::row! { pub struct LastUse { received_at: Micros } }

/// When a device last brought records of somebody else than a person.
pub async fn used_by_another(
    q: &mut impl Query,
    device: &str,
    person: Uuid,
    since: Micros,
) -> Result<Option<Micros>> {
    let row: Option<LastUse> = q
        .one(
            sql!(
                "SELECT r.received_at FROM receipt r WHERE r.tenant_id = $1 AND r.device_id = $3 AND r.employee_id <> $4 \
                 AND r.received_at >= $5 ORDER BY r.received_at DESC LIMIT 1"
            ),
            args![device, person, since],
        )
        .await?;
    Ok(row.map(|r| r.received_at))
}

db::row! { pub struct EditRow { at: Micros, actor_id: Uuid, changes: String } }

/// Changes of a customer by a person since an instant.
pub async fn edits(q: &mut impl Query, customer: Uuid, actor: Uuid, since: Micros) -> Result<Vec<EditRow>> {
    q.all(
        sql!(
            "SELECT a.at, a.actor_id, a.changes FROM audit a WHERE a.tenant_id = $1 AND a.object_kind = 'customer' AND a.object_id = $3 \
             AND a.action = 'customer.change' AND a.actor_id = $4 AND a.at >= $5 ORDER BY a.at"
        ),
        args![customer, actor, since],
    )
    .await
}

db::row! { pub struct Earlier { at: Micros, lng: Option<i64>, lat: Option<i64> } }

/// Where earlier visits at a customer were checked in, newest first.
pub async fn earlier_check_ins(q: &mut impl Query, customer: Uuid, before: Micros) -> Result<Vec<Earlier>> {
    q.all(
        sql!(
            "SELECT v.check_in_at AS at, v.in_lng AS lng, v.in_lat AS lat FROM visit v WHERE v.tenant_id = $1 AND v.customer_id = $3 \
             AND v.check_in_at < $4 ORDER BY v.check_in_at DESC LIMIT 20"
        ),
        args![customer, before],
    )
    .await
}

db::row! { struct Word { issued_at: Micros } }

/// Was this word handed to the acting person?
pub async fn nonce_known(q: &mut impl Query, nonce: &str) -> Result<bool> {
    let row: Option<Word> = q
        .one(
            sql!("SELECT issued_at FROM nonce WHERE tenant_id = $1 AND nonce = $3 AND employee_id = $2"),
            args![nonce],
        )
        .await?;
    Ok(row.is_some_and(|w| w.issued_at.0 > 0))
}

db::row! { struct Examined { employee_id: Uuid, mark: String } }

/// Which people's day was examined in full, and what was stored of it then.
pub async fn examined(q: &mut impl Query, day: LocalDay) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<Examined> = q
        .all(sql!("SELECT employee_id, mark FROM truth_day WHERE tenant_id = $1 AND day = $3"), args![day])
        .await?;
    Ok(rows.into_iter().map(|r| (r.employee_id, r.mark)).collect())
}

pub async fn set_examined(tx: &mut Tx, person: Uuid, day: LocalDay, mark: &str) -> Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO truth_day (tenant_id, employee_id, day, mark) VALUES ($1, $3, $4, $5) \
             ON CONFLICT (tenant_id, employee_id, day) DO UPDATE SET mark = excluded.mark"
        ),
        args![person, day, mark],
    )
    .await?;
    Ok(())
}

db::row! { pub struct DueRow { visit_id: Uuid, device: String, nonce: bool, track: bool, mark: Uuid } }

/// Asks for an examination of a visit, beside whatever was asked of it before.
pub async fn ask(tx: &mut Tx, visit: Uuid, device: &str, nonce: bool, track: bool) -> Result<u64> {
    let (mark, now) = (id::new_v7(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO truth_due (tenant_id, visit_id, device, nonce, track, mark, asked_at) VALUES ($1, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (tenant_id, visit_id) DO UPDATE SET device = CASE WHEN excluded.device = '' THEN truth_due.device \
             ELSE excluded.device END, nonce = CASE WHEN excluded.nonce = 1 THEN 1 ELSE truth_due.nonce END, \
             track = CASE WHEN excluded.track = 1 THEN 1 ELSE truth_due.track END, mark = excluded.mark"
        ),
        args![visit, device, nonce, track, mark, now],
    )
    .await
}

/// What is asked about a visit.
pub async fn due_of(q: &mut impl Query, visit: Uuid) -> Result<Option<DueRow>> {
    q.one(
        sql!(
            "SELECT visit_id, device, nonce, track, mark FROM truth_due WHERE tenant_id = $1 AND visit_id = $3"
        ),
        args![visit],
    )
    .await
}

db::row! { struct DueVisit { visit_id: Uuid } }

/// Visits that wait to be examined, longest first.
pub async fn due(q: &mut impl Query, asked_before: Micros, limit: i64) -> Result<Vec<Uuid>> {
    let rows: Vec<DueVisit> = q
        .all(
            sql!(
                "SELECT visit_id FROM truth_due WHERE tenant_id = $1 AND asked_at <= $3 ORDER BY asked_at, visit_id LIMIT $4"
            ),
            args![asked_before, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.visit_id).collect())
}

/// Lets a visit that could not be examined wait behind the others.
pub async fn put_off(tx: &mut Tx, visit: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE truth_due SET asked_at = $4 WHERE tenant_id = $1 AND visit_id = $3"),
        args![visit, now],
    )
    .await
}

/// Examined, unless more came in meanwhile.
pub async fn done(tx: &mut Tx, visit: Uuid, mark: Uuid) -> Result<u64> {
    tx.exec(
        sql!("DELETE FROM truth_due WHERE tenant_id = $1 AND visit_id = $3 AND mark = $4"),
        args![visit, mark],
    )
    .await
}
