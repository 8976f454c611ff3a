use base::{LocalDay, Micros};
use db::{Query, Result, Tx, Val, args, sql};
use geo::LngLat;
use org::Ref;
use uuid::Uuid;

use super::{
    model::{OrderCustomer, OrderEquipment, OrderEvent, Target, WorkOrder},
    rules::{Move, OrderStatus},
};

db::row! { pub struct OrderRow {
    id: Uuid, number: String, type_id: Uuid, type_name: String, template_id: Option<Uuid>, answer_minutes: i64, finish_minutes: Option<i64>,
    service_minutes: i64, signature: bool, parts: bool, pauses: String, fails: String, customer_id: Uuid, customer_name: String,
    grade: Option<String>, lng: Option<i64>, lat: Option<i64>, address: Option<String>, owner_id: Option<Uuid>,
    equipment_id: Option<Uuid>, equipment_code: Option<String>, equipment_name: Option<String>, department_id: Uuid,
    employee_id: Option<Uuid>, employee_name: Option<String>, title: String, detail: Option<String>, priority: i64, skills: String,
    contact_name: Option<String>, contact_phone: Option<String>, source: String, from_id: Option<Uuid>, from_number: Option<String>,
    status: String, task_id: Option<Uuid>, visit_id: Option<Uuid>, expires_at: Option<Micros>, response_due: Option<Micros>,
    finish_due: Option<Micros>, paused_at: Option<Micros>, pause_reason: Option<String>, pause_stops: bool, stopped_minutes: i64,
    moved_at: Micros, arrived_at: Option<Micros>, finished_at: Option<Micros>, closed_at: Option<Micros>, result: Option<String>,
    labour_minutes: Option<i64>, told_late: bool, told_response: bool, created_by: Option<Uuid>, maker: Option<String>, created_at: Micros, token: String,
    content_sha256: String, version: i64
} }

/// A select of [`OrderRow`]s with this tail.
macro_rules! orders {
    ($tail:expr) => {
        concat!(
            "SELECT w.id, w.number, w.type_id, y.name AS type_name, y.template_id, y.answer_minutes, y.finish_minutes, y.service_minutes, \
             y.signature, y.parts, y.pauses, y.fails, w.customer_id, c.name AS customer_name, c.grade, c.lng, c.lat, c.address, \
             c.employee_id AS owner_id, w.equipment_id, q.code AS equipment_code, q.name AS equipment_name, w.department_id, w.employee_id, \
             e.name AS employee_name, w.title, w.detail, w.priority, w.skills, w.contact_name, w.contact_phone, w.source, w.from_id, \
             f.number AS from_number, w.status, w.task_id, w.visit_id, w.expires_at, w.response_due, w.finish_due, w.paused_at, \
             w.pause_reason, w.pause_stops, w.stopped_minutes, w.moved_at, w.arrived_at, w.finished_at, w.closed_at, w.result, \
             w.labour_minutes, w.told_late, w.told_response, w.created_by, m.name AS maker, w.created_at, w.token, w.content_sha256, w.version \
             FROM work_order w JOIN order_type y ON y.tenant_id = w.tenant_id AND y.id = w.type_id \
             JOIN customer c ON c.tenant_id = w.tenant_id AND c.id = w.customer_id \
             LEFT JOIN equipment q ON q.tenant_id = w.tenant_id AND q.id = w.equipment_id \
             LEFT JOIN employee e ON e.tenant_id = w.tenant_id AND e.id = w.employee_id \
             LEFT JOIN employee m ON m.tenant_id = w.tenant_id AND m.id = w.created_by \
             LEFT JOIN work_order f ON f.tenant_id = w.tenant_id AND f.id = w.from_id ",
            $tail
        )
    };
}

impl OrderRow {
    pub fn kept(&self) -> OrderStatus {
        OrderStatus::from_key(&self.status)
    }

    pub fn at(&self) -> Option<LngLat> {
        LngLat::from_e7(self.lng?, self.lat?).ok()
    }

    pub fn skills(&self) -> Vec<String> {
        serde_json::from_str(&self.skills).unwrap_or_default()
    }

    pub fn pauses(&self) -> Vec<crate::types::Pause> {
        serde_json::from_str(&self.pauses).unwrap_or_default()
    }

    fn target(
        &self,
        due: Option<Micros>,
        met_at: Option<Micros>,
        stopped: bool,
        now: Micros,
    ) -> Option<Target> {
        let due = due?;
        let over = self.kept() == OrderStatus::Cancelled;
        Some(Target { due, met_at, late: !over && !stopped && met_at.unwrap_or(now) > due, stopped })
    }

    /// As shown at `now`.
    pub fn shown(&self, now: Micros) -> WorkOrder {
        let person = |id: Option<Uuid>, name: &Option<String>| {
            id.map(|id| Ref { id, name: name.clone().unwrap_or_default() })
        };
        let paused = self.kept() == OrderStatus::Paused && self.pause_stops;
        WorkOrder {
            id: self.id,
            number: self.number.clone(),
            kind: Ref { id: self.type_id, name: self.type_name.clone() },
            customer: OrderCustomer {
                id: self.customer_id,
                name: self.customer_name.clone(),
                grade: self.grade.clone(),
                at: self.at(),
                address: self.address.clone(),
            },
            equipment: self.equipment_id.map(|id| OrderEquipment {
                id,
                code: self.equipment_code.clone().unwrap_or_default(),
                name: self.equipment_name.clone().unwrap_or_default(),
            }),
            title: self.title.clone(),
            detail: self.detail.clone(),
            priority: self.priority,
            skills: self.skills(),
            contact_name: self.contact_name.clone(),
            contact_phone: self.contact_phone.clone(),
            source: self.source.clone(),
            from: person(self.from_id, &self.from_number),
            status: self.kept(),
            employee: person(self.employee_id, &self.employee_name),
            task_id: self.task_id,
            visit_id: self.visit_id,
            expires_at: self.expires_at,
            response: self.target(self.response_due, self.arrived_at, false, now),
            finish: self.target(self.finish_due, self.finished_at, paused, now),
            pause_reason: self.pause_reason.clone(),
            finished_at: self.finished_at,
            result: self.result.clone(),
            labour_minutes: self.labour_minutes,
            signature: self.signature,
            needs_parts: self.parts,
            pauses: self.pauses(),
            created_by: person(self.created_by, &self.maker),
            created_at: self.created_at,
            version: self.version,
        }
    }
}

/// What the list is narrowed by.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    /// Keys between commas.
    pub status: Option<String>,
    pub q: Option<String>,
    pub customer_id: Option<Uuid>,
    pub equipment_id: Option<Uuid>,
    pub employee_id: Option<Uuid>,
    pub type_id: Option<Uuid>,
    /// Only those that miss a target at this moment.
    pub late_at: Option<Micros>,
}

impl Filter {
    fn args(&self) -> Vec<Val> {
        let like =
            self.q.as_deref().map(|q| format!("%{}%", q.trim().to_lowercase().replace(['%', '_'], "")));
        args![
            self.status.clone(),
            like,
            self.customer_id,
            self.equipment_id,
            self.employee_id,
            self.type_id,
            self.late_at
        ]
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE w.tenant_id = $1 AND {reach:w} AND ($3 IS NULL OR (',' || CAST($3 AS TEXT) || ',') LIKE ('%,' || w.status || ',%')) \
             AND ($4 IS NULL OR lower(w.number) LIKE $4 OR lower(w.title) LIKE $4 OR c.search LIKE $4 OR q.search LIKE $4) \
             AND ($5 IS NULL OR w.customer_id = $5) AND ($6 IS NULL OR w.equipment_id = $6) AND ($7 IS NULL OR w.employee_id = $7) \
             AND ($8 IS NULL OR w.type_id = $8) AND ($9 IS NULL OR (w.status NOT IN ('finished', 'closed', 'cancelled') \
             AND ((w.arrived_at IS NULL AND w.response_due < $9) OR (w.finish_due < $9 AND NOT (w.status = 'paused' AND w.pause_stops = 1))))) ",
            $tail
        )
    };
}

/// Orders in reach, newest first.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let (at, id) = before.unzip();
    let mut all = f.args();
    all.extend(args![at, id, limit]);
    q.all(
        sql!(orders!(filtered!(
            "AND ($10 IS NULL OR w.created_at < $10 OR (w.created_at = $10 AND w.id < $11)) \
             ORDER BY w.created_at DESC, w.id DESC LIMIT $12"
        ))),
        all,
    )
    .await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, f: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(concat!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM work_order w JOIN customer c ON c.tenant_id = w.tenant_id AND c.id = w.customer_id \
                 LEFT JOIN equipment q ON q.tenant_id = w.tenant_id AND q.id = w.equipment_id ",
                filtered!("")
            )),
            f.args(),
        )
        .await?;
    Ok(row.n)
}

/// An order in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<OrderRow> {
    q.must(sql!(orders!("WHERE w.tenant_id = $1 AND w.id = $3 AND {reach:w}")), args![id]).await
}

/// An order of the company. The caller has checked that it is his to know of.
pub async fn of_company(q: &mut impl Query, id: Uuid) -> Result<Option<OrderRow>> {
    q.one(sql!(orders!("WHERE w.tenant_id = $1 AND w.id = $3")), args![id]).await
}

/// The order that a task of the acting person was made for, also when it has gone back to the desk since and waits there.
pub async fn of_my_task(q: &mut impl Query, task: Uuid) -> Result<Option<OrderRow>> {
    let has = q
        .one(sql!(orders!("WHERE w.tenant_id = $1 AND w.task_id = $3 AND w.employee_id = $2")), args![task])
        .await?;
    if has.is_some() {
        return Ok(has);
    }
    q.one(
        sql!(orders!(
            "WHERE w.tenant_id = $1 AND w.status = 'new' AND w.id IN (SELECT v.order_id FROM work_order_event v \
             JOIN task t ON t.tenant_id = v.tenant_id AND t.id = v.task_id \
             WHERE v.tenant_id = $1 AND v.task_id = $3 AND t.employee_id = $2)"
        )),
        args![task],
    )
    .await
}

/// Is a visit of the acting person the one of this order, or was it made for one of its tasks?
pub async fn was_there(q: &mut impl Query, order: Uuid) -> Result<bool> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM visit x WHERE x.tenant_id = $1 AND x.employee_id = $2 AND x.task_id IN \
                 (SELECT v.task_id FROM work_order_event v WHERE v.tenant_id = $1 AND v.order_id = $3 AND v.task_id IS NOT NULL)"
            ),
            args![order],
        )
        .await?;
    Ok(row.n > 0)
}

/// Holds an order until the transaction ends, so that what is summed up of it changes under nobody.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE work_order SET version = version WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

/// The order a task belongs to, while it is this person's.
pub async fn of_task(q: &mut impl Query, task: Uuid, employee: Uuid) -> Result<Option<OrderRow>> {
    q.one(
        sql!(orders!("WHERE w.tenant_id = $1 AND w.task_id = $3 AND w.employee_id = $4")),
        args![task, employee],
    )
    .await
}

/// Orders of the acting person: those that are not over, and those that ended after an instant.
pub async fn mine(q: &mut impl Query, since: Micros) -> Result<Vec<OrderRow>> {
    q.all(
        sql!(orders!(
            "WHERE w.tenant_id = $1 AND w.employee_id = $2 AND (w.status NOT IN ('closed', 'cancelled') OR w.moved_at > $3) \
             ORDER BY w.priority DESC, w.created_at LIMIT 100"
        )),
        args![since],
    )
    .await
}

/// Orders whose person has not answered in time.
pub async fn unanswered(q: &mut impl Query, now: Micros) -> Result<Vec<OrderRow>> {
    q.all(
        sql!(orders!("WHERE w.tenant_id = $1 AND w.status = 'assigned' AND w.expires_at <= $3")),
        args![now],
    )
    .await
}

/// Orders on their way whose task was cancelled or left out by somebody else, or whose day is over.
pub async fn orphaned(q: &mut impl Query, day: LocalDay) -> Result<Vec<OrderRow>> {
    q.all(
        sql!(orders!(
            "JOIN task t ON t.tenant_id = w.tenant_id AND t.id = w.task_id \
             WHERE w.tenant_id = $1 AND w.status IN ('assigned', 'accepted', 'on_the_way') AND (t.status IN ('cancelled', 'skipped') \
             OR (t.employee_id = w.employee_id AND t.status IN ('new', 'accepted', 'on_the_way') AND t.day < $3))"
        )),
        args![day],
    )
    .await
}

/// Orders whose task was moved to another person's day.
pub async fn handed_on(q: &mut impl Query) -> Result<Vec<OrderRow>> {
    q.all(
        sql!(orders!(
            "JOIN task t ON t.tenant_id = w.tenant_id AND t.id = w.task_id \
             WHERE w.tenant_id = $1 AND w.status IN ('assigned', 'accepted', 'on_the_way') \
             AND t.status NOT IN ('cancelled', 'skipped') AND t.employee_id <> w.employee_id"
        )),
        vec![],
    )
    .await
}

db::row! { struct HolderRow { employee_id: Uuid } }

/// Whose a task is now.
pub async fn holder(q: &mut impl Query, task: Uuid) -> Result<Option<Uuid>> {
    let row: Option<HolderRow> = q
        .one(sql!("SELECT t.employee_id FROM task t WHERE t.tenant_id = $1 AND t.id = $3"), args![task])
        .await?;
    Ok(row.map(|r| r.employee_id))
}

/// Orders that miss a target and of which nobody was told.
pub async fn late(q: &mut impl Query, now: Micros) -> Result<Vec<OrderRow>> {
    q.all(
        sql!(orders!(
            "WHERE w.tenant_id = $1 AND w.status NOT IN ('finished', 'closed', 'cancelled') \
             AND ((w.told_response = 0 AND w.arrived_at IS NULL AND w.response_due < $3) \
             OR (w.told_late = 0 AND w.finish_due < $3 AND NOT (w.status = 'paused' AND w.pause_stops = 1))) \
             ORDER BY w.created_at LIMIT 200"
        )),
        args![now],
    )
    .await
}

/// Remembers which missed targets somebody was told of.
pub async fn set_told(tx: &mut Tx, id: Uuid, response: bool, finish: bool) -> Result<u64> {
    tx.exec(
        sql!("UPDATE work_order SET told_response = $4, told_late = $5 WHERE tenant_id = $1 AND id = $3"),
        args![id, response, finish],
    )
    .await
}

db::row! { struct FollowRow { id: Uuid, number: String } }

/// Orders that came of one. The caller has checked that one.
pub async fn follow_ups(q: &mut impl Query, id: Uuid) -> Result<Vec<Ref>> {
    let rows: Vec<FollowRow> = q
        .all(
            sql!("SELECT w.id, w.number FROM work_order w WHERE w.tenant_id = $1 AND w.from_id = $3 ORDER BY w.created_at, w.id"),
            args![id],
        )
        .await?;
    Ok(rows.into_iter().map(|r| Ref { id: r.id, name: r.number }).collect())
}

/// Reports from labels of a piece that are not looked after yet.
pub async fn reported(q: &mut impl Query, equipment: Uuid) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM work_order w WHERE w.tenant_id = $1 AND w.equipment_id = $3 \
                 AND w.source = 'portal' AND w.status NOT IN ('finished', 'closed', 'cancelled')"
            ),
            args![equipment],
        )
        .await?;
    Ok(row.n)
}

pub struct NewOrder<'a> {
    pub id: Uuid,
    pub number: &'a str,
    pub type_id: Uuid,
    pub customer_id: Uuid,
    pub equipment_id: Option<Uuid>,
    pub department_id: Uuid,
    pub title: &'a str,
    pub detail: Option<&'a str>,
    pub priority: i64,
    pub skills: &'a [String],
    pub contact: (Option<&'a str>, Option<&'a str>),
    pub source: &'a str,
    pub from_id: Option<Uuid>,
    pub due: (Option<Micros>, Option<Micros>),
    pub created_by: Option<Uuid>,
    pub token: &'a str,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, o: &NewOrder<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO work_order (tenant_id, id, number, type_id, customer_id, equipment_id, department_id, title, detail, priority, \
                 skills, contact_name, contact_phone, source, from_id, status, response_due, finish_due, pause_stops, stopped_minutes, \
                 moved_at, told_late, created_by, created_at, changed_at, token, content_sha256, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'new', $17, $18, 0, 0, $19, 0, $20, $19, $19, \
                 $21, $22, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                o.id, o.number, o.type_id, o.customer_id, o.equipment_id, o.department_id, o.title, o.detail, o.priority,
                serde_json::json!(o.skills).to_string(), o.contact.0, o.contact.1, o.source, o.from_id, o.due.0, o.due.1, now,
                o.created_by, o.token, o.content_sha256
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Everything a move may change. False when the order has moved on since it was read.
pub async fn update(tx: &mut Tx, o: &OrderRow) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE work_order SET status = $4, employee_id = $5, task_id = $6, visit_id = $7, expires_at = $8, finish_due = $9, \
                 paused_at = $10, pause_reason = $11, pause_stops = $12, stopped_minutes = $13, moved_at = $14, arrived_at = $15, \
                 finished_at = $16, closed_at = $17, result = $18, labour_minutes = $19, changed_at = $20, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $21"
            ),
            args![
                o.id, &o.status, o.employee_id, o.task_id, o.visit_id, o.expires_at, o.finish_due, o.paused_at, &o.pause_reason,
                o.pause_stops, o.stopped_minutes, o.moved_at, o.arrived_at, o.finished_at, o.closed_at, &o.result, o.labour_minutes, now,
                o.version
            ],
        )
        .await?;
    Ok(rows == 1)
}

pub struct NewEvent<'a> {
    pub order: Uuid,
    pub seq: i64,
    pub mv: Move,
    pub status: OrderStatus,
    pub by: Option<Uuid>,
    pub claimed_at: Option<Micros>,
    pub at: Micros,
    pub note: Option<&'a str>,
    /// Of an assignment.
    pub task: Option<Uuid>,
}

pub async fn insert_event(tx: &mut Tx, e: &NewEvent<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO work_order_event (tenant_id, order_id, seq, move, status, employee_id, claimed_at, received_at, at, note, task_id) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![e.order, e.seq, e.mv.key(), e.status.key(), e.by, e.claimed_at, now, e.at, e.note, e.task],
    )
    .await
}

db::row! { struct EventRow {
    seq: i64, move_key: String, status: String, employee_id: Option<Uuid>, name: Option<String>, claimed_at: Option<Micros>,
    received_at: Micros, at: Micros, note: Option<String>
} }

/// The moves of an order in order. The caller has checked the order.
pub async fn events(q: &mut impl Query, order: Uuid) -> Result<Vec<OrderEvent>> {
    let rows: Vec<EventRow> = q
        .all(
            sql!(
                "SELECT v.seq, v.move AS move_key, v.status, v.employee_id, e.name, v.claimed_at, v.received_at, v.at, v.note \
                 FROM work_order_event v LEFT JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
                 WHERE v.tenant_id = $1 AND v.order_id = $3 ORDER BY v.seq"
            ),
            args![order],
        )
        .await?;
    let shown = |r: EventRow| OrderEvent {
        seq: r.seq,
        mv: Move::from_key(&r.move_key),
        status: OrderStatus::from_key(&r.status),
        by: r.employee_id.map(|id| Ref { id, name: r.name.unwrap_or_default() }),
        at: r.at,
        claimed_at: r.claimed_at,
        received_at: r.received_at,
        note: r.note,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// The order that a visit of the acting person belongs to.
pub async fn of_visit(q: &mut impl Query, visit: Uuid) -> Result<Option<OrderRow>> {
    q.one(sql!(orders!("WHERE w.tenant_id = $1 AND w.visit_id = $3 AND w.employee_id = $2")), args![visit])
        .await
}

/// What an erased person said of moves, and what others did of what was his; answers how many he had said something about.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE work_order_event SET note = NULL WHERE tenant_id = $1 AND task_id IN \
             (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.employee_id = $3)"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE work_order_event SET note = NULL WHERE tenant_id = $1 AND employee_id = $3 AND note IS NOT NULL"),
        args![person],
    )
    .await
}
