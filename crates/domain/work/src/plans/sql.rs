use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::Plan;
use crate::{
    Task,
    changes::PlanChange,
    model::{Window, from_json},
};

db::row! { pub struct PlanRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, day: LocalDay, from_minute: i64, to_minute: i64,
    template_id: Option<Uuid>, template_name: Option<String>, steps: String, min_stay_s: Option<i64>, title: String, objective: String,
    keep_order: bool, note: Option<String>, status: String, route: String, delivered_at: Option<Micros>, read_at: Option<Micros>,
    content_sha256: String, created_by: Uuid, created_by_name: Option<String>, created_at: Micros, version: i64
} }

macro_rules! plans {
    ($tail:expr) => {
        concat!(
            "SELECT p.id, p.employee_id, e.name AS employee_name, p.department_id, p.day, p.from_minute, p.to_minute, p.template_id, \
             m.name AS template_name, p.steps, p.min_stay_s, p.title, p.objective, p.keep_order, p.note, p.status, p.route, p.delivered_at, \
             p.read_at, p.content_sha256, p.created_by, b.name AS created_by_name, p.created_at, p.version FROM plan p \
             JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.employee_id \
             LEFT JOIN employee b ON b.tenant_id = p.tenant_id AND b.id = p.created_by \
             LEFT JOIN task_template m ON m.tenant_id = p.tenant_id AND m.id = p.template_id ",
            $tail
        )
    };
}

impl PlanRow {
    pub fn window(&self) -> Window {
        Window::new(self.from_minute, self.to_minute)
    }

    pub fn shown(&self, tasks: Vec<Task>, changes: Vec<PlanChange>) -> Result<Plan> {
        Ok(Plan {
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.employee_name.clone() },
            day: self.day,
            window: self.window(),
            template: self.template_id.zip(self.template_name.clone()).map(|(id, name)| Ref { id, name }),
            tasks,
            route: from_json(&self.route)?,
            note: self.note.clone(),
            changes,
            status: self.status.clone(),
            delivered_at: self.delivered_at,
            read_at: self.read_at,
            created_by: Ref { id: self.created_by, name: self.created_by_name.clone().unwrap_or_default() },
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// Filters of the list.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
    pub employee_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        args![self.day_from, self.day_to, self.employee_id, self.department_id]
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE p.tenant_id = $1 AND {reach:p} AND ($3 IS NULL OR p.day >= $3) AND ($4 IS NULL OR p.day <= $4) \
             AND ($5 IS NULL OR p.employee_id = $5) \
             AND ($6 IS NULL OR p.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $6)) ",
            $tail
        )
    };
}

pub async fn list(
    q: &mut impl Query,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<PlanRow>> {
    let (day, id) = after.unzip();
    let mut all = filter.args();
    all.extend(args![day, id, limit]);
    q.all(
        sql!(plans!(filtered!("AND ($7 IS NULL OR p.day < $7 OR (p.day = $7 AND p.id < $8)) ORDER BY p.day DESC, p.id DESC LIMIT $9"))),
        all,
    )
    .await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, filter: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM plan p ", filtered!(""))),
            filter.args(),
        )
        .await?;
    Ok(row.n)
}

/// A plan in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<PlanRow>> {
    q.one(sql!(plans!("WHERE p.tenant_id = $1 AND p.id = $3 AND {reach:p}")), args![id]).await
}

/// A plan of anybody's. The caller knows that it is his, or decides in his name.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<PlanRow>> {
    q.one(sql!(plans!("WHERE p.tenant_id = $1 AND p.id = $3")), args![id]).await
}

/// The plan that holds for a person's day. The caller has checked the person.
pub async fn planned(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Option<PlanRow>> {
    q.one(
        sql!(plans!("WHERE p.tenant_id = $1 AND p.employee_id = $3 AND p.day = $4 AND p.status = 'planned'")),
        args![employee, day],
    )
    .await
}

/// Plans that hold for a person's days, in reach.
pub async fn of_person(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<PlanRow>> {
    q.all(
        sql!(plans!("WHERE p.tenant_id = $1 AND p.employee_id = $3 AND p.day >= $4 AND p.day <= $5 AND p.status = 'planned' AND {reach:p} ORDER BY p.day")),
        args![employee, from, to],
    )
    .await
}

db::row! { struct Id { id: Uuid } }

/// Plans of a day whose order is prescribed, in reach.
///
/// # Errors
/// When the store cannot be read.
pub async fn kept_orders(q: &mut impl Query, day: LocalDay) -> Result<std::collections::HashSet<Uuid>> {
    let rows: Vec<Id> = q
        .all(
            sql!(
                "SELECT p.id FROM plan p WHERE p.tenant_id = $1 AND p.day = $3 AND p.keep_order = 1 AND p.status = 'planned' AND {reach:p}"
            ),
            args![day],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// What a plan is made of.
pub struct NewRow<'a> {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub day: LocalDay,
    pub window: Window,
    pub template_id: Option<Uuid>,
    pub steps_version: Option<i64>,
    pub steps: &'a str,
    pub min_stay_s: Option<i64>,
    pub title: &'a str,
    pub objective: &'a str,
    pub keep_order: bool,
    pub note: Option<&'a str>,
    pub route: &'a str,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, p: NewRow<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO plan (tenant_id, id, employee_id, department_id, day, from_minute, to_minute, template_id, steps_version, steps, \
                 min_stay_s, title, objective, keep_order, note, status, route, content_sha256, created_by, created_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'planned', $17, $18, $2, $19, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                p.id, p.employee_id, p.department_id, p.day, p.window.from_minute, p.window.to_minute, p.template_id, p.steps_version,
                p.steps, p.min_stay_s, p.title, p.objective, p.keep_order, p.note, p.route, p.content_sha256, now
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Stores a new way through the day. False when somebody else changed the plan since `version`.
pub async fn set_route(tx: &mut Tx, id: Uuid, version: i64, route: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE plan SET route = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $5 AND status = 'planned'"),
            args![id, route, version],
        )
        .await?;
    Ok(rows == 1)
}

/// Holds a plan to the order it has.
pub async fn set_keep_order(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE plan SET keep_order = 1 WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

pub async fn set_terms(
    tx: &mut Tx,
    id: Uuid,
    window: Window,
    keep_order: bool,
    note: Option<&str>,
) -> Result<u64> {
    tx.exec(
        sql!("UPDATE plan SET from_minute = $4, to_minute = $5, keep_order = $6, note = $7 WHERE tenant_id = $1 AND id = $3"),
        args![id, window.from_minute, window.to_minute, keep_order, note],
    )
    .await
}

/// False when it is cancelled already.
pub async fn cancel(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE plan SET status = 'cancelled', version = version + 1 WHERE tenant_id = $1 AND id = $3 AND status = 'planned'"),
            args![id],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct Waiting { id: Uuid, department_id: Uuid, day: LocalDay } }

/// Plans of the acting person's days that have not reached a phone yet.
pub async fn undelivered(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<Vec<Waiting>> {
    q.all(
        sql!(
            "SELECT p.id, p.department_id, p.day FROM plan p WHERE p.tenant_id = $1 AND p.employee_id = $2 AND p.day >= $3 AND p.day <= $4 \
             AND p.status = 'planned' AND p.delivered_at IS NULL"
        ),
        args![from, to],
    )
    .await
}

pub async fn set_delivered(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE plan SET delivered_at = COALESCE(delivered_at, $4) WHERE tenant_id = $1 AND id = $3"),
        args![id, at],
    )
    .await
}

/// Marks one of the acting person's plans as read; 0 rows when there is none such.
pub async fn set_read(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE plan SET read_at = COALESCE(read_at, $4), delivered_at = COALESCE(delivered_at, $4) \
             WHERE tenant_id = $1 AND id = $3 AND employee_id = $2"
        ),
        args![id, at],
    )
    .await
}
