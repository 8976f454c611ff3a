use base::{LocalDay, Micros};
use custom::{Condition, filter};
use db::{Query, Result, Tx, Val, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{Equipment, EquipmentOrder, EquipmentStatus};
use crate::orders::OrderStatus;

db::row! { pub struct EquipmentRow {
    id: Uuid, code: String, name: String, model: Option<String>, serial: Option<String>, customer_id: Uuid, customer_name: String,
    parent_id: Option<Uuid>, parent_name: Option<String>, place: Option<String>, installed_on: Option<LocalDay>,
    warranty_until: Option<LocalDay>, status: String, note: Option<String>, label: String, open_orders: i64, type_id: Option<Uuid>,
    type_name: Option<String>, custom: Option<String>, content_sha256: String, version: i64
} }

/// A select of [`EquipmentRow`]s with this tail. Reach is the customer's: `{reach:c}`.
macro_rules! equipment {
    ($tail:expr) => {
        concat!(
            "SELECT q.id, q.code, q.name, q.model, q.serial, q.customer_id, c.name AS customer_name, q.parent_id, p.name AS parent_name, \
             q.place, q.installed_on, q.warranty_until, q.status, q.note, q.label, (SELECT CAST(COUNT(*) AS BIGINT) FROM work_order w \
             WHERE w.tenant_id = q.tenant_id AND w.equipment_id = q.id AND w.status NOT IN ('closed', 'cancelled')) AS open_orders, \
             q.content_sha256, q.version, q.type_id, k.name AS type_name, ",
            custom::answers!("q", "equipment"),
            " FROM equipment q JOIN customer c ON c.tenant_id = q.tenant_id AND c.id = q.customer_id \
             LEFT JOIN equipment_type k ON k.tenant_id = q.tenant_id AND k.id = q.type_id \
             LEFT JOIN equipment p ON p.tenant_id = q.tenant_id AND p.id = q.parent_id ",
            $tail
        )
    };
}

impl From<EquipmentRow> for Equipment {
    fn from(r: EquipmentRow) -> Equipment {
        Equipment {
            id: r.id,
            code: r.code,
            name: r.name,
            model: r.model,
            serial: r.serial,
            customer: Ref { id: r.customer_id, name: r.customer_name },
            parent: r.parent_id.zip(r.parent_name).map(|(id, name)| Ref { id, name }),
            place: r.place,
            installed_on: r.installed_on,
            warranty_until: r.warranty_until,
            status: EquipmentStatus::from_key(&r.status),
            note: r.note,
            label: r.label,
            open_orders: r.open_orders,
            kind: r.type_id.zip(r.type_name).map(|(id, name)| Ref { id, name }),
            custom: r.custom.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default(),
            version: r.version,
        }
    }
}

/// What the list is narrowed by.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub q: Option<String>,
    pub customer_id: Option<Uuid>,
    pub status: Option<&'static str>,
    pub type_id: Option<Uuid>,
    /// On the company's own fields.
    pub custom: Vec<Condition>,
}

impl Filter {
    fn args(&self) -> Vec<Val> {
        let like =
            self.q.as_deref().map(|q| format!("%{}%", q.trim().to_lowercase().replace(['%', '_'], "")));
        let mut all = args![like, self.customer_id, self.status, self.type_id];
        all.extend(filter::slots(&self.custom));
        all
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE q.tenant_id = $1 AND {reach:c} AND ($3 IS NULL OR q.search LIKE $3 OR c.search LIKE $3 OR ",
            custom::found!("q", "equipment", "$3"),
            ") AND ($4 IS NULL OR q.customer_id = $4) AND ($5 IS NULL OR q.status = $5) AND ($6 IS NULL OR q.type_id = $6) ",
            custom::condition!("custom_value", "q.id AND v.noun = 'equipment'", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14"),
            custom::condition!("custom_value", "q.id AND v.noun = 'equipment'", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22"),
            custom::condition!("custom_value", "q.id AND v.noun = 'equipment'", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30"),
            custom::condition!("custom_value", "q.id AND v.noun = 'equipment'", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38"),
            $tail
        )
    };
}

/// Equipment in reach, by number.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<EquipmentRow>> {
    let mut all = f.args();
    all.extend(args![after, limit]);
    q.all(sql!(equipment!(filtered!("AND ($39 IS NULL OR q.code > $39) ORDER BY q.code LIMIT $40"))), all)
        .await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, f: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(concat!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM equipment q JOIN customer c ON c.tenant_id = q.tenant_id AND c.id = q.customer_id ",
                filtered!("")
            )),
            f.args(),
        )
        .await?;
    Ok(row.n)
}

/// A piece in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<EquipmentRow> {
    q.must(sql!(equipment!("WHERE q.tenant_id = $1 AND q.id = $3 AND {reach:c}")), args![id]).await
}

/// A piece of the company. The caller has checked that it is his to know of.
pub async fn of_company(q: &mut impl Query, id: Uuid) -> Result<Option<EquipmentRow>> {
    q.one(sql!(equipment!("WHERE q.tenant_id = $1 AND q.id = $3")), args![id]).await
}

/// By the word of its label.
pub async fn labelled(q: &mut impl Query, label: &str) -> Result<EquipmentRow> {
    q.must(sql!(equipment!("WHERE q.tenant_id = $1 AND q.label = $3 AND {reach:c}")), args![label]).await
}

/// All equipment of a customer that is not scrapped. The caller has checked the customer.
pub async fn of_customer(q: &mut impl Query, customer: Uuid) -> Result<Vec<EquipmentRow>> {
    q.all(
        sql!(equipment!(
            "WHERE q.tenant_id = $1 AND q.customer_id = $3 AND q.status <> 'scrapped' ORDER BY q.code LIMIT 100"
        )),
        args![customer],
    )
    .await
}

/// What is directly below a piece. The caller has checked that one.
pub async fn children(q: &mut impl Query, parent: Uuid) -> Result<Vec<EquipmentRow>> {
    q.all(
        sql!(equipment!("WHERE q.tenant_id = $1 AND q.parent_id = $3 ORDER BY q.code LIMIT 200")),
        args![parent],
    )
    .await
}

pub async fn with_code(q: &mut impl Query, code: &str) -> Result<Option<EquipmentRow>> {
    q.one(sql!(equipment!("WHERE q.tenant_id = $1 AND q.code = $3")), args![code]).await
}

/// What is written of a piece.
pub struct Written<'a> {
    pub id: Uuid,
    pub code: &'a str,
    pub name: &'a str,
    pub model: Option<&'a str>,
    pub serial: Option<&'a str>,
    pub customer: Uuid,
    pub parent: Option<Uuid>,
    pub place: Option<&'a str>,
    pub installed_on: Option<LocalDay>,
    pub warranty_until: Option<LocalDay>,
    pub status: &'a str,
    pub note: Option<&'a str>,
    pub kind: Option<Uuid>,
    pub search: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, w: &Written<'_>, label: &str, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO equipment (tenant_id, id, code, name, model, serial, customer_id, parent_id, place, installed_on, warranty_until, \
                 status, note, search, label, content_sha256, created_at, type_id, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                w.id, w.code, w.name, w.model, w.serial, w.customer, w.parent, w.place, w.installed_on, w.warranty_until, w.status,
                w.note, w.search, label, sha256, now, w.kind
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, w: &Written<'_>, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE equipment SET code = $4, name = $5, model = $6, serial = $7, customer_id = $8, parent_id = $9, place = $10, \
                 installed_on = $11, warranty_until = $12, status = $13, note = $14, search = $15, type_id = $17, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $16"
            ),
            args![
                w.id, w.code, w.name, w.model, w.serial, w.customer, w.parent, w.place, w.installed_on, w.warranty_until, w.status,
                w.note, w.search, version, w.kind
            ],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct HistoryRow {
    id: Uuid, number: String, kind: String, title: String, status: String, employee: Option<String>, result: Option<String>,
    created_at: Micros, finished_at: Option<Micros>
} }

/// Orders of a piece, newest first. The caller has checked the piece.
pub async fn history(q: &mut impl Query, equipment: Uuid, limit: i64) -> Result<Vec<EquipmentOrder>> {
    let rows: Vec<HistoryRow> = q
        .all(
            sql!(
                "SELECT w.id, w.number, y.name AS kind, w.title, w.status, e.name AS employee, w.result, w.created_at, w.finished_at \
                 FROM work_order w JOIN order_type y ON y.tenant_id = w.tenant_id AND y.id = w.type_id \
                 LEFT JOIN employee e ON e.tenant_id = w.tenant_id AND e.id = w.employee_id \
                 WHERE w.tenant_id = $1 AND w.equipment_id = $3 ORDER BY w.created_at DESC, w.id DESC LIMIT $4"
            ),
            args![equipment, limit],
        )
        .await?;
    let shown = |r: HistoryRow| EquipmentOrder {
        id: r.id,
        number: r.number,
        kind: r.kind,
        title: r.title,
        status: OrderStatus::from_key(&r.status),
        employee: r.employee,
        result: r.result,
        created_at: r.created_at,
        finished_at: r.finished_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

db::row! { pub struct CustomerKey { id: Uuid, code: Option<String>, name: String } }

/// Customers in reach by number and name, for sheets.
pub async fn customer_keys(q: &mut impl Query) -> Result<Vec<CustomerKey>> {
    q.all(
        sql!("SELECT c.id, c.code, c.name FROM customer c WHERE c.tenant_id = $1 AND {reach:c} AND c.status <> 'archived'"),
        vec![],
    )
    .await
}

db::row! { pub struct KindRow { id: Uuid, name: String, manuals: String, active: bool, version: i64 } }

macro_rules! kinds {
    ($tail:literal) => {
        concat!(
            "SELECT k.id, k.name, k.manuals, k.active, k.version FROM equipment_type k WHERE k.tenant_id = $1 ",
            $tail
        )
    };
}

/// All types, by name, retired ones last.
pub async fn kinds(q: &mut impl Query) -> Result<Vec<KindRow>> {
    q.all(sql!(kinds!("ORDER BY k.active DESC, k.name, k.id")), vec![]).await
}

/// One type.
pub async fn kind(q: &mut impl Query, id: Uuid) -> Result<KindRow> {
    q.must(sql!(kinds!("AND k.id = $3")), args![id]).await
}

/// How many pieces in reach are of each type, or of this one; scrapped ones are not counted.
pub async fn pieces(q: &mut impl Query, kind: Option<Uuid>) -> Result<Vec<(Uuid, i64)>> {
    q.all(
        sql!(
            "SELECT q.type_id AS id, CAST(COUNT(*) AS BIGINT) AS pieces FROM equipment q \
             JOIN customer c ON c.tenant_id = q.tenant_id AND c.id = q.customer_id \
             WHERE q.tenant_id = $1 AND q.type_id IS NOT NULL AND ($3 IS NULL OR q.type_id = $3) AND q.status <> 'scrapped' AND {reach:c} \
             GROUP BY q.type_id"
        ),
        args![kind],
    )
    .await
}

/// False when the id is taken.
pub async fn insert_kind(tx: &mut Tx, id: Uuid, name: &str, manuals: &str, active: bool) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO equipment_type (tenant_id, id, name, manuals, active, created_at, version) VALUES ($1, $3, $4, $5, $6, $7, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, name, manuals, active, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update_kind(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    name: &str,
    manuals: &str,
    active: bool,
) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE equipment_type SET name = $5, manuals = $6, active = $7, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, name, manuals, active],
        )
        .await?;
    Ok(rows == 1)
}
