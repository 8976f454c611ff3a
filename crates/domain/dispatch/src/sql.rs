use base::Micros;
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use uuid::Uuid;
use work::TaskStatus;

use crate::candidates::Wanted;
use crate::model::{Factors, Offer, OfferStatus, Status, UrgentPlace, UrgentRequest, UrgentTask};

db::row! { pub struct RequestRow {
    id: Uuid, employee_id: Uuid, maker: Option<String>, department_id: Uuid, customer_id: Uuid, customer_name: String,
    grade: Option<String>, lng: Option<i64>, lat: Option<i64>, address: Option<String>, owner_id: Option<Uuid>,
    owner_name: Option<String>, title: String, note: Option<String>, priority: i64, skills: String, service_s: i64,
    latest_at: Option<Micros>, template_id: Option<Uuid>, from_task_id: Option<Uuid>, status: String, task_id: Option<Uuid>,
    task_status: Option<String>, task_eta: Option<Micros>, task_employee: Option<Uuid>, task_name: Option<String>,
    reason: Option<String>, content_sha256: String, created_at: Micros, changed_at: Micros, version: i64
} }

/// A select of [`RequestRow`]s with this tail.
macro_rules! requests {
    ($tail:expr) => {
        concat!(
            "SELECT r.id, r.employee_id, m.name AS maker, r.department_id, r.customer_id, c.name AS customer_name, c.grade, c.lng, c.lat, \
             c.address, c.employee_id AS owner_id, w.name AS owner_name, r.title, r.note, r.priority, r.skills, r.service_s, r.latest_at, \
             r.template_id, r.from_task_id, r.status, r.task_id, t.status AS task_status, t.eta AS task_eta, t.employee_id AS task_employee, \
             p.name AS task_name, r.reason, r.content_sha256, r.created_at, r.changed_at, r.version FROM urgent_request r \
             JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id \
             LEFT JOIN employee m ON m.tenant_id = r.tenant_id AND m.id = r.employee_id \
             LEFT JOIN employee w ON w.tenant_id = c.tenant_id AND w.id = c.employee_id \
             LEFT JOIN task t ON t.tenant_id = r.tenant_id AND t.id = r.task_id \
             LEFT JOIN employee p ON p.tenant_id = t.tenant_id AND p.id = t.employee_id ",
            $tail
        )
    };
}

impl RequestRow {
    pub fn kept(&self) -> Status {
        Status::from_key(&self.status)
    }

    pub fn at(&self) -> Option<LngLat> {
        LngLat::from_e7(self.lng?, self.lat?).ok()
    }

    pub fn skills(&self) -> Vec<String> {
        serde_json::from_str(&self.skills).unwrap_or_default()
    }

    pub fn wanted(&self) -> Wanted {
        Wanted {
            customer_id: self.customer_id,
            at: self.at(),
            service_s: self.service_s,
            skills: self.skills(),
            latest_at: self.latest_at,
            grade: self.grade.clone(),
            owner_id: self.owner_id,
        }
    }

    pub fn place(&self) -> UrgentPlace {
        UrgentPlace {
            id: self.customer_id,
            name: self.customer_name.clone(),
            grade: self.grade.clone(),
            at: self.at(),
            address: self.address.clone(),
            owner: self.owner_id.zip(self.owner_name.clone()).map(|(id, name)| Ref { id, name }),
        }
    }

    pub fn shown(&self, offer: Option<Offer>) -> UrgentRequest {
        let task = self.task_id.zip(self.task_employee).zip(self.task_name.clone());
        UrgentRequest {
            id: self.id,
            customer: self.place(),
            title: self.title.clone(),
            note: self.note.clone(),
            priority: self.priority,
            skills: self.skills(),
            service_minutes: self.service_s / 60,
            latest_at: self.latest_at,
            status: self.kept(),
            offer,
            task: task.map(|((id, employee), name)| UrgentTask {
                id,
                employee: Ref { id: employee, name },
                status: TaskStatus::from_key(self.task_status.as_deref().unwrap_or("")),
                eta: self.task_eta,
            }),
            made_room: self.from_task_id.is_some(),
            reason: self.reason.clone(),
            created_by: Ref { id: self.employee_id, name: self.maker.clone().unwrap_or_default() },
            created_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        }
    }
}

/// Requests in reach, newest first, of these states (keys between commas; all when absent).
pub async fn list(
    q: &mut impl Query,
    status: Option<String>,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<RequestRow>> {
    let (at, id) = before.unzip();
    q.all(
        sql!(requests!(
            "WHERE r.tenant_id = $1 AND {reach:r} AND ($3 IS NULL OR (',' || CAST($3 AS TEXT) || ',') LIKE ('%,' || r.status || ',%')) \
             AND ($4 IS NULL OR r.created_at < $4 OR (r.created_at = $4 AND r.id < $5)) ORDER BY r.created_at DESC, r.id DESC LIMIT $6"
        )),
        args![status, at, id, limit],
    )
    .await
}

/// A request in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<RequestRow> {
    q.must(sql!(requests!("WHERE r.tenant_id = $1 AND r.id = $3 AND {reach:r}")), args![id]).await
}

/// A request of the company. The caller has checked that it is his to know of.
pub async fn of_company(q: &mut impl Query, id: Uuid) -> Result<RequestRow> {
    q.must(sql!(requests!("WHERE r.tenant_id = $1 AND r.id = $3")), args![id]).await
}

/// Requests that are not over. For the watching.
pub async fn living(q: &mut impl Query) -> Result<Vec<RequestRow>> {
    q.all(
        sql!(requests!(
            "WHERE r.tenant_id = $1 AND r.status IN ('open', 'offered', 'accepted') ORDER BY r.priority DESC, r.created_at"
        )),
        vec![],
    )
    .await
}

pub struct NewRequest<'a> {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub customer_id: Uuid,
    pub title: &'a str,
    pub note: Option<&'a str>,
    pub priority: i64,
    pub skills: &'a [String],
    pub service_s: i64,
    pub latest_at: Option<Micros>,
    pub template_id: Option<Uuid>,
    pub from_task_id: Option<Uuid>,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, r: NewRequest<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO urgent_request (tenant_id, id, employee_id, department_id, customer_id, title, note, priority, skills, \
                 service_s, latest_at, template_id, from_task_id, status, content_sha256, created_at, changed_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open', $15, $16, $16, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                r.id, r.employee_id, r.department_id, r.customer_id, r.title, r.note, r.priority,
                serde_json::json!(r.skills).to_string(), r.service_s, r.latest_at, r.template_id, r.from_task_id, r.content_sha256, now
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Moves a request on, if it still stands as it was read.
pub async fn set_status(
    tx: &mut Tx,
    row: &RequestRow,
    status: Status,
    task: Option<Uuid>,
    reason: Option<&str>,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE urgent_request SET status = $4, task_id = $5, reason = $6, changed_at = $7, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $8"
            ),
            args![row.id, status.key(), task, reason, now, row.version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct OfferRow {
    id: Uuid, request_id: Uuid, employee_id: Uuid, name: Option<String>, department_id: Uuid, status: String, factors: String,
    offered_at: Micros, expires_at: Micros, answered_at: Option<Micros>, reason: Option<String>, auto: bool
} }

macro_rules! offers {
    ($tail:expr) => {
        concat!(
            "SELECT o.id, o.request_id, o.employee_id, e.name, o.department_id, o.status, o.factors, o.offered_at, o.expires_at, \
             o.answered_at, o.reason, o.auto FROM urgent_offer o \
             JOIN employee e ON e.tenant_id = o.tenant_id AND e.id = o.employee_id ",
            $tail
        )
    };
}

impl OfferRow {
    pub fn kept(&self) -> OfferStatus {
        OfferStatus::from_key(&self.status)
    }

    pub fn factors(&self) -> Option<Factors> {
        serde_json::from_str(&self.factors).ok()
    }

    pub fn shown(&self, with_factors: bool) -> Offer {
        Offer {
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.name.clone().unwrap_or_default() },
            status: self.kept(),
            factors: if with_factors { self.factors() } else { None },
            offered_at: self.offered_at,
            expires_at: self.expires_at,
            answered_at: self.answered_at,
            reason: self.reason.clone(),
            auto: self.auto,
        }
    }
}

/// Offers of a request whose receiver is in reach, the last first.
pub async fn offers(q: &mut impl Query, request: Uuid) -> Result<Vec<OfferRow>> {
    q.all(
        sql!(offers!(
            "WHERE o.tenant_id = $1 AND o.request_id = $3 AND {reach:o} ORDER BY o.offered_at DESC, o.id DESC"
        )),
        args![request],
    )
    .await
}

/// All offers of a request, the last first.
pub async fn all_offers(q: &mut impl Query, request: Uuid) -> Result<Vec<OfferRow>> {
    q.all(
        sql!(offers!("WHERE o.tenant_id = $1 AND o.request_id = $3 ORDER BY o.offered_at DESC, o.id DESC")),
        args![request],
    )
    .await
}

/// The last offer of each request that is not over, receivers in reach.
pub async fn last_offers(q: &mut impl Query) -> Result<Vec<OfferRow>> {
    q.all(
        sql!(offers!(
            "JOIN urgent_request r ON r.tenant_id = o.tenant_id AND r.id = o.request_id \
             WHERE o.tenant_id = $1 AND r.status IN ('open', 'offered', 'accepted') AND {reach:o} ORDER BY o.offered_at, o.id"
        )),
        vec![],
    )
    .await
}

/// Offers of the acting person that wait for his answer.
pub async fn my_offers(q: &mut impl Query, now: Micros) -> Result<Vec<OfferRow>> {
    q.all(
        sql!(offers!(
            "WHERE o.tenant_id = $1 AND o.employee_id = $2 AND o.status = 'waiting' AND o.expires_at > $3 ORDER BY o.offered_at"
        )),
        args![now],
    )
    .await
}

/// An offer to the acting person.
pub async fn my_offer(q: &mut impl Query, id: Uuid) -> Result<Option<OfferRow>> {
    q.one(sql!(offers!("WHERE o.tenant_id = $1 AND o.id = $3 AND o.employee_id = $2")), args![id]).await
}

pub async fn offer(q: &mut impl Query, id: Uuid) -> Result<Option<OfferRow>> {
    q.one(sql!(offers!("WHERE o.tenant_id = $1 AND o.id = $3")), args![id]).await
}

pub struct NewOffer<'a> {
    pub id: Uuid,
    pub request: Uuid,
    /// Employee and department.
    pub person: (Uuid, Uuid),
    pub factors: &'a str,
    pub expires_at: Micros,
    pub auto: bool,
}

pub async fn insert_offer(tx: &mut Tx, o: NewOffer<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO urgent_offer (tenant_id, id, request_id, employee_id, department_id, status, factors, offered_at, expires_at, auto) \
             VALUES ($1, $3, $4, $5, $6, 'waiting', $7, $8, $9, $10)"
        ),
        args![o.id, o.request, o.person.0, o.person.1, o.factors, now, o.expires_at, o.auto],
    )
    .await
}

/// Answers a waiting offer; false when it waits no more. One statement, so that an answer and the end of the time
/// cannot both win.
pub async fn answer(tx: &mut Tx, id: Uuid, status: &str, reason: Option<&str>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE urgent_offer SET status = $4, answered_at = $5, reason = $6 WHERE tenant_id = $1 AND id = $3 AND status = 'waiting'"
            ),
            args![id, status, now, reason],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct RulesRow { rules: String, version: i64 } }

pub async fn rules(q: &mut impl Query) -> Result<Option<RulesRow>> {
    q.one(sql!("SELECT rules, version FROM dispatch_rules WHERE tenant_id = $1"), vec![]).await
}

/// False when somebody else changed them since `version` (0: never set).
pub async fn put_rules(tx: &mut Tx, rules: &str, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO dispatch_rules (tenant_id, rules, version) VALUES ($1, $3, $4 + 1) \
                 ON CONFLICT (tenant_id) DO UPDATE SET rules = excluded.rules, version = excluded.version WHERE dispatch_rules.version = $4"
            ),
            args![rules, version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct Covered { department_id: Uuid } }

/// Departments a person's reach covers.
pub async fn reach_of(q: &mut impl Query, employee: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<Covered> = q
        .all(
            sql!("SELECT department_id FROM department_reach WHERE tenant_id = $1 AND employee_id = $3"),
            args![employee],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.department_id).collect())
}
