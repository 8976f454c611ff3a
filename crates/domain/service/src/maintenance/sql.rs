use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{
    MaintenanceBlock, MaintenancePlan, MaintenanceTerms, MaintenanceTurn,
    rules::{Cycle, Known, Terms, Unit, days_between},
};
use crate::orders::OrderStatus;

db::row! { pub struct PlanRow {
    id: Uuid, name: String, type_id: Uuid, type_name: String, equipment_id: Option<Uuid>, equipment_name: Option<String>,
    model: Option<String>, every: Option<i64>, unit: Option<String>, start_on: LocalDay, from_done: bool, meter: Option<String>,
    meter_every: Option<i64>, lead_days: i64, detail: Option<String>, paused: bool, department_id: Uuid, department_name: String,
    content_sha256: String, created_at: Micros, version: i64, meter_at: Micros, type_active: bool, equipment_type_id: Option<Uuid>,
    equipment_type_name: Option<String>
} }

macro_rules! plans {
    ($tail:expr) => {
        concat!(
            "SELECT p.id, p.name, p.type_id, y.name AS type_name, p.equipment_id, q.name AS equipment_name, p.model, p.every, p.unit, \
             p.start_on, p.from_done, p.meter, p.meter_every, p.lead_days, p.detail, p.paused, p.department_id, d.name AS department_name, \
             p.content_sha256, p.created_at, p.version, p.meter_at, y.active AS type_active, p.equipment_type_id, k.name AS equipment_type_name FROM maintenance_plan p \
             JOIN order_type y ON y.tenant_id = p.tenant_id AND y.id = p.type_id \
             JOIN department d ON d.tenant_id = p.tenant_id AND d.id = p.department_id \
             LEFT JOIN equipment q ON q.tenant_id = p.tenant_id AND q.id = p.equipment_id \
             LEFT JOIN equipment_type k ON k.tenant_id = p.tenant_id AND k.id = p.equipment_type_id \
             WHERE p.tenant_id = $1 ",
            $tail
        )
    };
}

impl PlanRow {
    /// By what it comes round.
    pub fn rule(&self) -> Terms {
        let unit = self.unit.as_deref().map_or(Unit::Month, Unit::from_key);
        Terms {
            cycle: self.every.map(|every| Cycle { start: self.start_on, every, unit }),
            from_done: self.from_done,
            meter_every: self.meter_every,
        }
    }
}

impl From<PlanRow> for MaintenancePlan {
    fn from(r: PlanRow) -> MaintenancePlan {
        MaintenancePlan {
            id: r.id,
            terms: MaintenanceTerms {
                name: r.name,
                type_id: r.type_id,
                equipment_id: r.equipment_id,
                model: r.model,
                equipment_type_id: r.equipment_type_id,
                every: r.every,
                unit: r.unit.as_deref().map(Unit::from_key),
                start_on: r.start_on,
                from_done: r.from_done,
                meter: r.meter,
                meter_every: r.meter_every,
                lead_days: r.lead_days,
                detail: r.detail,
                paused: r.paused,
            },
            kind: Ref { id: r.type_id, name: r.type_name },
            equipment: r.equipment_id.zip(r.equipment_name).map(|(id, name)| Ref { id, name }),
            equipment_type: r.equipment_type_id.zip(r.equipment_type_name).map(|(id, name)| Ref { id, name }),
            department: Ref { id: r.department_id, name: r.department_name },
            blocked: (!r.type_active).then_some(MaintenanceBlock::TypeRetired),
            created_at: r.created_at,
            version: r.version,
        }
    }
}

/// Plans in reach, newest first.
pub async fn list(q: &mut impl Query, before: Option<Uuid>, limit: i64) -> Result<Vec<PlanRow>> {
    q.all(
        sql!(plans!("AND {reach:p} AND ($3 IS NULL OR p.id < $3) ORDER BY p.id DESC LIMIT $4")),
        args![before, limit],
    )
    .await
}

/// A plan in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<PlanRow> {
    q.must(sql!(plans!("AND {reach:p} AND p.id = $3")), args![id]).await
}

/// A plan of the company.
pub async fn of_company(q: &mut impl Query, id: Uuid) -> Result<Option<PlanRow>> {
    q.one(sql!(plans!("AND p.id = $3")), args![id]).await
}

/// Plans that work.
pub async fn working(q: &mut impl Query) -> Result<Vec<PlanRow>> {
    q.all(sql!(plans!("AND p.paused = 0 ORDER BY p.id")), vec![]).await
}

/// Plans that may cover a piece.
pub async fn of_equipment(q: &mut impl Query, equipment: Uuid) -> Result<Vec<PlanRow>> {
    q.all(
        sql!(plans!(
            "AND (p.equipment_id = $3 OR p.model = (SELECT e.model FROM equipment e WHERE e.tenant_id = $1 AND e.id = $3) \
             OR p.equipment_type_id = (SELECT e.type_id FROM equipment e WHERE e.tenant_id = $1 AND e.id = $3)) ORDER BY p.id"
        )),
        args![equipment],
    )
    .await
}

/// False when the id is taken.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    t: &MaintenanceTerms,
    department: Uuid,
    sha256: &str,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO maintenance_plan (tenant_id, id, name, type_id, equipment_id, model, every, unit, start_on, from_done, meter, \
                 meter_every, meter_at, lead_days, detail, paused, employee_id, department_id, content_sha256, created_at, equipment_type_id, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $19, $14, $15, $16, $2, $17, $18, $19, $20, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                id, t.name.trim(), t.type_id, t.equipment_id, tidy(&t.model), t.every, t.unit.map(Unit::key), t.start_on, t.from_done,
                tidy(&t.meter), t.meter_every, t.lead_days, tidy(&t.detail), t.paused, department, sha256, now, t.equipment_type_id
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    t: &MaintenanceTerms,
    department: Uuid,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE maintenance_plan SET name = $5, type_id = $6, equipment_id = $7, model = $8, every = $9, unit = $10, start_on = $11, \
                 from_done = $12, meter_at = CASE WHEN COALESCE(meter, '') = COALESCE($13, '') THEN meter_at ELSE $19 END, meter = $13, meter_every = $14, lead_days = $15, detail = $16, paused = $17, department_id = $18, equipment_type_id = $20, \
                 version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![
                id, version, t.name.trim(), t.type_id, t.equipment_id, tidy(&t.model), t.every, t.unit.map(Unit::key), t.start_on,
                t.from_done, tidy(&t.meter), t.meter_every, t.lead_days, tidy(&t.detail), t.paused, department, now, t.equipment_type_id
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Holds a plan as it was read until the transaction ends. False when it was changed or rests.
pub async fn hold(tx: &mut Tx, id: Uuid, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE maintenance_plan SET version = version WHERE tenant_id = $1 AND id = $3 AND version = $4 AND paused = 0"),
            args![id, version],
        )
        .await?;
    Ok(rows == 1)
}

fn tidy(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

db::row! { pub struct PieceRow {
    equipment_id: Uuid, code: String, equipment_name: String, customer_id: Uuid, customer_name: String, last_on: Option<LocalDay>,
    last_total: Option<i64>, done_at: Option<Micros>, order_id: Option<Uuid>, meter_unit: Option<String>, total: Option<i64>,
    read_at: Option<Micros>, base: Option<i64>, old_total: Option<i64>, old_at: Option<Micros>, meter_id: Option<Uuid>,
    skipped_on: Option<LocalDay>, created_at: Micros, archived: bool
} }

impl PieceRow {
    /// What the rules need to know.
    pub fn known(&self, day_of: impl Fn(Micros) -> LocalDay) -> Known {
        let pace = match (self.total.zip(self.read_at), self.old_total.zip(self.old_at)) {
            (Some((now, at)), Some((old, then))) if at > then => {
                let days = days_between(day_of(then), day_of(at)).max(1);
                (now - old).max(0).saturating_mul(1000) / days
            }
            _ => 0,
        };
        Known {
            last_on: self.last_on,
            last_total: self.last_total,
            left_out_on: if self.order_id.is_some() { self.last_on } else { self.skipped_on },
            since: Some(day_of(self.created_at)),
            done_on: self.done_at.map(day_of),
            base: self.base,
            total: self.total,
            pace,
        }
    }
}

/// The equipment in use that a plan covers, in reach, with what is known of each; `since`: readings the pace is taken of.
pub async fn pieces(
    q: &mut impl Query,
    plan: Uuid,
    equipment: Option<Uuid>,
    since: Micros,
    limit: i64,
) -> Result<Vec<PieceRow>> {
    q.all(
        sql!(
            "SELECT q.id AS equipment_id, q.code, q.name AS equipment_name, q.customer_id, c.name AS customer_name, \
             (SELECT MAX(t.due_on) FROM maintenance_turn t WHERE t.tenant_id = q.tenant_id AND t.plan_id = p.id AND t.equipment_id = q.id \
             AND t.kind = 'date') AS last_on, \
             (SELECT MAX(t.due_total) FROM maintenance_turn t WHERE t.tenant_id = q.tenant_id AND t.plan_id = p.id AND t.equipment_id = q.id \
             AND t.kind = 'meter' AND t.meter_id = m.id AND t.at >= p.meter_at) AS last_total, \
             (SELECT MAX(t.due_on) FROM maintenance_turn t LEFT JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id \
             WHERE t.tenant_id = q.tenant_id AND t.plan_id = p.id AND t.equipment_id = q.id AND t.kind = 'date' \
             AND (t.order_id IS NULL OR w.status = 'cancelled')) AS skipped_on, q.created_at, \
             CAST(CASE WHEN c.status = 'archived' THEN 1 ELSE 0 END AS BIGINT) AS archived, m.id AS meter_id, \
             (SELECT MAX(w.finished_at) FROM maintenance_turn t JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id \
             WHERE t.tenant_id = q.tenant_id AND t.plan_id = p.id AND t.equipment_id = q.id) AS done_at, \
             (SELECT w.id FROM maintenance_turn t JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id \
             WHERE t.tenant_id = q.tenant_id AND t.plan_id = p.id AND t.equipment_id = q.id \
             AND w.status NOT IN ('finished', 'closed', 'cancelled') ORDER BY t.at DESC LIMIT 1) AS order_id, \
             m.unit AS meter_unit, \
             (SELECT r.total FROM meter_reading r WHERE r.tenant_id = q.tenant_id AND r.meter_id = m.id \
             AND r.withdrawn_at IS NULL ORDER BY r.at DESC, r.id DESC LIMIT 1) AS total, \
             (SELECT MAX(r.at) FROM meter_reading r WHERE r.tenant_id = q.tenant_id AND r.meter_id = m.id AND r.withdrawn_at IS NULL) \
             AS read_at, \
             COALESCE((SELECT r.total FROM meter_reading r WHERE r.tenant_id = q.tenant_id AND r.meter_id = m.id AND r.at <= p.meter_at \
             AND r.withdrawn_at IS NULL ORDER BY r.at DESC, r.id DESC LIMIT 1), (SELECT r.total FROM meter_reading r WHERE r.tenant_id = q.tenant_id \
             AND r.meter_id = m.id AND r.withdrawn_at IS NULL ORDER BY r.at, r.id LIMIT 1)) AS base, \
             (SELECT r.total FROM meter_reading r WHERE r.tenant_id = q.tenant_id AND r.meter_id = m.id AND r.at >= $5 \
             AND r.withdrawn_at IS NULL ORDER BY r.at, r.id LIMIT 1) AS old_total, \
             (SELECT MIN(r.at) FROM meter_reading r WHERE r.tenant_id = q.tenant_id AND r.meter_id = m.id AND r.at >= $5 \
             AND r.withdrawn_at IS NULL) AS old_at \
             FROM maintenance_plan p JOIN equipment q ON q.tenant_id = p.tenant_id \
             JOIN customer c ON c.tenant_id = q.tenant_id AND c.id = q.customer_id \
             LEFT JOIN meter m ON m.tenant_id = q.tenant_id AND m.equipment_id = q.id AND m.name = p.meter \
             WHERE p.tenant_id = $1 AND p.id = $3 AND {reach:c} AND q.status = 'in_use' AND ($4 IS NULL OR q.id = $4) \
             AND (q.id = p.equipment_id OR ((q.model = p.model OR q.type_id = p.equipment_type_id) AND c.department_id IN (SELECT d.descendant_id FROM department_closure d \
             WHERE d.tenant_id = p.tenant_id AND d.ancestor_id = p.department_id))) ORDER BY q.code LIMIT $6"
        ),
        args![plan, equipment, since, limit],
    )
    .await
}

/// What is written of a turn.
pub struct NewTurn<'a> {
    pub id: Uuid,
    pub plan: Uuid,
    pub equipment: Uuid,
    pub kind: &'static str,
    pub due_on: LocalDay,
    pub due_total: Option<i64>,
    pub meter: Option<Uuid>,
    pub order: Option<Uuid>,
    pub reason: Option<&'a str>,
    pub by: Option<Uuid>,
}

/// False when that turn was dealt with already.
pub async fn insert_turn(tx: &mut Tx, t: &NewTurn<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO maintenance_turn (tenant_id, id, plan_id, equipment_id, kind, due_on, due_total, order_id, reason, employee_id, at, meter_id) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![t.id, t.plan, t.equipment, t.kind, t.due_on, t.due_total, t.order, t.reason, t.by, now, t.meter],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct VoidRow { id: Uuid } }

/// Turns that a meter has not come to after all, since a reading was withdrawn, count no more: when it does come to them, they
/// come round. Answers how many there were.
pub async fn void_turns(tx: &mut Tx, meter: Uuid, total: i64) -> Result<usize> {
    let rows: Vec<VoidRow> = tx
        .all(
            sql!(
                "SELECT t.id FROM maintenance_turn t WHERE t.tenant_id = $1 AND t.meter_id = $3 AND t.kind = 'meter' AND t.order_id IS NOT NULL \
                 AND t.due_total > $4"
            ),
            args![meter, total],
        )
        .await?;
    for row in &rows {
        // The id says what was due: it is free for the turn that is to come.
        tx.exec(
            sql!("UPDATE maintenance_turn SET id = $4, kind = 'void' WHERE tenant_id = $1 AND id = $3"),
            args![row.id, base::id::new_v7()],
        )
        .await?;
    }
    Ok(rows.len())
}

db::row! { struct TurnRow {
    id: Uuid, equipment_id: Uuid, equipment_name: String, kind: String, due_on: LocalDay, due_total: Option<i64>, order_id: Option<Uuid>,
    number: Option<String>, status: Option<String>, reason: Option<String>, employee_id: Option<Uuid>, employee_name: Option<String>, at: Micros
} }

/// What was made of a plan, for equipment in reach, newest first.
pub async fn turns(q: &mut impl Query, plan: Uuid, limit: i64) -> Result<Vec<MaintenanceTurn>> {
    let rows: Vec<TurnRow> = q
        .all(
            sql!(
                "SELECT t.id, t.equipment_id, q.name AS equipment_name, t.kind, t.due_on, t.due_total, t.order_id, w.number, w.status, \
                 t.reason, t.employee_id, e.name AS employee_name, t.at FROM maintenance_turn t \
                 JOIN equipment q ON q.tenant_id = t.tenant_id AND q.id = t.equipment_id \
                 JOIN customer c ON c.tenant_id = q.tenant_id AND c.id = q.customer_id \
                 LEFT JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id \
                 LEFT JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
                 WHERE t.tenant_id = $1 AND t.plan_id = $3 AND {reach:c} ORDER BY t.at DESC, t.id DESC LIMIT $4"
            ),
            args![plan, limit],
        )
        .await?;
    let shown = |r: TurnRow| MaintenanceTurn {
        id: r.id,
        equipment: Ref { id: r.equipment_id, name: r.equipment_name },
        kind: r.kind,
        due_on: r.due_on,
        due_total: r.due_total,
        order: r.order_id.zip(r.number).map(|(id, name)| Ref { id, name }),
        order_status: r.status.as_deref().map(OrderStatus::from_key),
        reason: r.reason,
        by: r.employee_id.zip(r.employee_name).map(|(id, name)| Ref { id, name }),
        at: r.at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

db::row! { pub struct OpenOrder { number: String, status: String, due_on: LocalDay } }

/// The number and state of an order and the day its turn was due. The caller has checked the piece.
pub async fn order_of_turn(q: &mut impl Query, plan: Uuid, order: Uuid) -> Result<Option<OpenOrder>> {
    q.one(
        sql!(
            "SELECT w.number, w.status, t.due_on FROM maintenance_turn t JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id \
             WHERE t.tenant_id = $1 AND t.plan_id = $3 AND t.order_id = $4"
        ),
        args![plan, order],
    )
    .await
}

/// What an erased person said of turns that were dealt with.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE maintenance_turn SET reason = '—' WHERE tenant_id = $1 AND employee_id = $3 AND reason IS NOT NULL"),
        args![person],
    )
    .await
}
