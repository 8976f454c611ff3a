use base::{LocalDay, Micros};
use custom::{Condition, filter};
use customers::{OpeningHours, Whom};
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Task, TaskCustomer, TaskStatus, is_open};
use crate::{
    group::{CustomerGroup, of_group},
    model::{Window, from_json, point},
};

db::row! { pub struct TaskRow {
    id: Uuid, plan_id: Option<Uuid>, employee_id: Uuid, employee_name: String, department_id: Uuid, customer_id: Uuid, template_id: Option<Uuid>,
    customer_name: String, owner_id: Option<Uuid>, grade: Option<String>, lng: Option<i64>, lat: Option<i64>, address: Option<String>, radius_m: i64,
    day: LocalDay, seq: i64, from_minute: i64, to_minute: i64, due_at: Micros, title: String, note: Option<String>, steps: String,
    skills: String, min_stay_s: i64, service_s: Option<i64>, status: String, eta: Option<Micros>, locked: bool, promised_at: Option<Micros>, visit_id: Option<Uuid>, reason: Option<String>, reason_code: Option<String>, content_sha256: String,
    opening_hours: Option<String>, whom: Option<String>, crew_id: Option<Uuid>, custom: Option<String>, created_at: Micros, version: i64
} }

/// A select of [`TaskRow`]s with this tail.
macro_rules! tasks {
    ($tail:expr) => {
        concat!(
            "SELECT t.id, t.plan_id, t.employee_id, e.name AS employee_name, t.department_id, t.customer_id, t.template_id, c.name AS customer_name, \
             c.employee_id AS owner_id, c.grade, c.lng, c.lat, c.address, COALESCE(c.radius_m, k.radius_m) AS radius_m, t.day, t.seq, t.from_minute, t.to_minute, \
             t.due_at, t.title, t.note, t.steps, t.skills, t.min_stay_s, t.service_s, t.status, t.eta, t.locked, t.promised_at, t.visit_id, t.reason, t.reason_code, t.content_sha256, c.opening_hours, c.whom, t.crew_id, t.created_at, \
             t.version, ",
            custom::answers!("t", "task"),
            " FROM task t \
             JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id \
             JOIN customer_class k ON k.tenant_id = c.tenant_id AND k.id = c.class_id ",
            $tail
        )
    };
}

db::row! { pub struct PlannedTask {
    id: Uuid, employee_id: Uuid, employee_name: String, customer_id: Uuid, day: LocalDay, status: String, locked: bool, version: i64
} }

/// Tasks in reach from a day on that have not begun, by day.
///
/// # Errors
/// When the store cannot be read.
pub async fn planned_from(q: &mut impl Query, day: LocalDay) -> Result<Vec<PlannedTask>> {
    q.all(
        sql!(
            "SELECT t.id, t.employee_id, e.name AS employee_name, t.customer_id, t.day, t.status, t.locked, t.version FROM task t \
             JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             WHERE t.tenant_id = $1 AND {reach:t} AND t.day >= $3 AND t.status IN ('new', 'accepted', 'on_the_way') \
             ORDER BY t.day, e.name, t.seq, t.id"
        ),
        args![day],
    )
    .await
}

impl TaskRow {
    /// As kept, without `overdue`.
    pub fn kept(&self) -> TaskStatus {
        TaskStatus::from_key(&self.status)
    }

    /// When the customer can be visited.
    pub fn hours(&self) -> OpeningHours {
        OpeningHours::of_kept(self.opening_hours.as_deref())
    }

    /// Who is to visit the customer, and who never.
    pub fn whom(&self) -> Whom {
        Whom::of_kept(self.whom.as_deref())
    }

    /// Answers to the company's own fields.
    pub fn custom(&self) -> Result<Map<String, Value>> {
        self.custom.as_deref().map_or_else(|| Ok(Map::new()), from_json)
    }

    /// As shown at `now`, without who comes along; [`crate::tasks::crew::shown`] tells that.
    pub fn shown(&self, now: Micros) -> Result<Task> {
        let kept = self.kept();
        let late = is_open(kept) && kept != TaskStatus::OnSite && self.due_at < now;
        Ok(Task {
            id: self.id,
            plan_id: self.plan_id,
            employee: Ref { id: self.employee_id, name: self.employee_name.clone() },
            customer: TaskCustomer {
                id: self.customer_id,
                name: self.customer_name.clone(),
                grade: self.grade.clone(),
                at: point(self.lng, self.lat),
                address: self.address.clone(),
                radius_m: self.radius_m,
                hours: self.hours(),
            },
            day: self.day,
            seq: self.seq,
            window: Window::new(self.from_minute, self.to_minute),
            title: self.title.clone(),
            note: self.note.clone(),
            skills: from_json(&self.skills)?,
            steps: from_json(&self.steps)?,
            min_stay_s: self.min_stay_s,
            service_s: self.service_s,
            status: if late { TaskStatus::Overdue } else { kept },
            eta: self.eta,
            crew: vec![],
            locked: self.locked,
            visit_id: self.visit_id,
            reason: self.reason.clone(),
            reason_code: self.reason_code.clone().filter(|_| kept == TaskStatus::Skipped),
            custom: self.custom()?,
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
    pub customer_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    /// As shown: `overdue` counts as a state of its own. Keys separated by commas.
    pub status: Option<String>,
    pub q: Option<String>,
    /// On the company's own fields.
    pub custom: Vec<Condition>,
    pub group: Option<CustomerGroup>,
    pub now: Micros,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        let like =
            self.q.as_deref().map(|q| format!("%{}%", q.trim().to_lowercase().replace(['%', '_'], "")));
        let mut all = args![
            self.day_from,
            self.day_to,
            self.employee_id,
            self.customer_id,
            self.department_id,
            self.status.clone(),
            like,
            self.now
        ];
        all.extend(filter::slots(&self.custom));
        all.extend(CustomerGroup::args(self.group.as_ref()));
        all
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE t.tenant_id = $1 AND {reach:t} AND ($3 IS NULL OR t.day >= $3) AND ($4 IS NULL OR t.day <= $4) \
             AND ($5 IS NULL OR t.employee_id = $5) AND ($6 IS NULL OR t.customer_id = $6) \
             AND ($7 IS NULL OR t.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $7)) \
             AND ($8 IS NULL OR (',' || CAST($8 AS TEXT) || ',') LIKE ('%,' || CASE WHEN t.status IN ('new', 'accepted', 'on_the_way') AND t.due_at < $10 THEN 'overdue' ELSE t.status END || ',%')) \
             AND ($9 IS NULL OR lower(t.title) LIKE $9 OR c.search LIKE $9 OR lower(e.name) LIKE $9 OR e.pinyin LIKE $9 OR ",
            custom::found!("t", "task", "$9"),
            ") ",
            custom::condition!("custom_value", "t.id AND v.noun = 'task'", "$11", "$12", "$13", "$14", "$15", "$16", "$17", "$18"),
            custom::condition!("custom_value", "t.id AND v.noun = 'task'", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26"),
            custom::condition!("custom_value", "t.id AND v.noun = 'task'", "$27", "$28", "$29", "$30", "$31", "$32", "$33", "$34"),
            custom::condition!("custom_value", "t.id AND v.noun = 'task'", "$35", "$36", "$37", "$38", "$39", "$40", "$41", "$42"),
            of_group!("t", "$43", "$44", "$45"),
            $tail
        )
    };
}

/// Sort key of the list: newest day first, then person by person in the order of the day.
pub type Key = (i64, Uuid, i64, Uuid);

pub async fn list(
    q: &mut impl Query,
    filter: &Filter,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<TaskRow>> {
    let (day, employee, seq, id) = match after {
        Some((day, employee, seq, id)) => (Some(day), Some(employee), Some(seq), Some(id)),
        None => (None, None, None, None),
    };
    let mut all = filter.args();
    all.extend(args![day, employee, seq, id, limit]);
    q.all(
        sql!(tasks!(filtered!(
            "AND ($46 IS NULL OR t.day < $46 OR (t.day = $46 AND (t.employee_id > $47 OR (t.employee_id = $47 AND \
             (t.seq > $48 OR (t.seq = $48 AND t.id > $49)))))) \
             ORDER BY t.day DESC, t.employee_id, t.seq, t.id LIMIT $50"
        ))),
        all,
    )
    .await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, filter: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(concat!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM task t \
                 JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
                 JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id ",
                filtered!("")
            )),
            filter.args(),
        )
        .await?;
    Ok(row.n)
}

/// A task in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<TaskRow> {
    q.must(sql!(tasks!("WHERE t.tenant_id = $1 AND t.id = $3 AND {reach:t}")), args![id]).await
}

/// A task of anybody's. The caller decides in the name of its person.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<TaskRow>> {
    q.one(sql!(tasks!("WHERE t.tenant_id = $1 AND t.id = $3")), args![id]).await
}

/// A task of the acting person.
pub async fn mine(q: &mut impl Query, id: Uuid) -> Result<Option<TaskRow>> {
    q.one(sql!(tasks!("WHERE t.tenant_id = $1 AND t.id = $3 AND t.employee_id = $2")), args![id]).await
}

/// Tasks of a plan in order. The caller has checked the plan.
pub async fn of_plan(q: &mut impl Query, plan: Uuid) -> Result<Vec<TaskRow>> {
    q.all(sql!(tasks!("WHERE t.tenant_id = $1 AND t.plan_id = $3 ORDER BY t.seq, t.id")), args![plan]).await
}

/// Tasks of a person's days in reach, in order.
pub async fn of_person(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<TaskRow>> {
    q.all(
        sql!(tasks!("WHERE t.tenant_id = $1 AND t.employee_id = $3 AND t.day >= $4 AND t.day <= $5 AND {reach:t} ORDER BY t.day, t.seq, t.id")),
        args![employee, from, to],
    )
    .await
}

/// All tasks in reach of a day.
pub async fn of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<TaskRow>> {
    q.all(
        sql!(tasks!(
            "WHERE t.tenant_id = $1 AND t.day = $3 AND {reach:t} ORDER BY t.employee_id, t.seq, t.id"
        )),
        args![day],
    )
    .await
}

/// Open tasks of a person's day that belong to no plan yet.
pub async fn without_plan(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<TaskRow>> {
    q.all(
        sql!(tasks!(
            "WHERE t.tenant_id = $1 AND t.employee_id = $3 AND t.day = $4 AND t.plan_id IS NULL AND t.status NOT IN ('skipped', 'cancelled') \
             ORDER BY t.seq, t.id"
        )),
        args![employee, day],
    )
    .await
}

/// What a task is made of.
pub struct NewRow<'a> {
    pub id: Uuid,
    pub plan_id: Option<Uuid>,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub customer_id: Uuid,
    pub template_id: Option<Uuid>,
    pub day: LocalDay,
    pub seq: i64,
    pub window: Window,
    pub due_at: Micros,
    pub title: &'a str,
    pub note: Option<&'a str>,
    pub steps: &'a str,
    /// What it asks of whoever makes it, JSON list.
    pub skills: &'a str,
    pub min_stay_s: i64,
    /// Expected length, where whoever asked for it said so.
    pub service_s: Option<i64>,
    pub eta: Option<Micros>,
    /// Of work that several people make.
    pub crew_id: Option<Uuid>,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, t: NewRow<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO task (tenant_id, id, plan_id, employee_id, department_id, customer_id, template_id, day, seq, from_minute, \
                 to_minute, due_at, title, note, steps, skills, min_stay_s, service_s, status, eta, content_sha256, created_by, created_at, crew_id, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'new', $20, $21, $2, $22, $23, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                t.id, t.plan_id, t.employee_id, t.department_id, t.customer_id, t.template_id, t.day, t.seq, t.window.from_minute,
                t.window.to_minute, t.due_at, t.title, t.note, t.steps, t.skills, t.min_stay_s, t.service_s, t.eta, t.content_sha256, now, t.crew_id
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Gives a task its place in the day.
pub async fn set_place(
    tx: &mut Tx,
    id: Uuid,
    plan: Option<Uuid>,
    seq: i64,
    eta: Option<Micros>,
) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE task SET plan_id = $4, seq = $5, eta = $6, version = version + 1 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, plan, seq, eta],
    )
    .await
}

pub async fn set_window(tx: &mut Tx, id: Uuid, window: Window, due_at: Micros) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE task SET from_minute = $4, to_minute = $5, due_at = $6, version = version + 1 WHERE tenant_id = $1 AND id = $3 \
             AND (from_minute <> $4 OR to_minute <> $5)"
        ),
        args![id, window.from_minute, window.to_minute, due_at],
    )
    .await
}

pub async fn set_status(
    tx: &mut Tx,
    id: Uuid,
    status: TaskStatus,
    reason: Option<&str>,
    visit: Option<Uuid>,
) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE task SET status = $4, reason = $5, visit_id = COALESCE($6, visit_id), version = version + 1 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, status.key(), reason, visit],
    )
    .await
}

/// Leaves an open task out, for one of the known reasons and in words; false when it has begun or ended meanwhile.
pub async fn skip_open(tx: &mut Tx, id: Uuid, code: Option<&str>, reason: Option<&str>) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET status = 'skipped', reason_code = $4, reason = $5, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND status IN ('new', 'accepted', 'on_the_way')"
            ),
            args![id, code, reason],
        )
        .await?;
    Ok(rows == 1)
}

/// Tells readers of a task that something beside it has changed.
pub async fn touch(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE task SET version = version + 1 WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

pub async fn set_locked(tx: &mut Tx, id: Uuid, locked: bool) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET locked = $4, promised_at = CASE WHEN $4 = 1 THEN eta ELSE NULL END, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND locked <> $4 \
                 AND status IN ('new', 'accepted', 'on_the_way')"
            ),
            args![id, locked],
        )
        .await?;
    Ok(rows == 1)
}

/// Says what a task asks of whoever makes it; false when nobody is to make it any more.
pub async fn set_skills(tx: &mut Tx, id: Uuid, skills: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET skills = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3 \
                 AND status IN ('new', 'accepted', 'on_the_way', 'skipped')"
            ),
            args![id, skills],
        )
        .await?;
    Ok(rows == 1)
}

/// Cancels a task that has not begun; false when it has, or is over. One statement, so that a check-in that
/// comes in meanwhile is never overwritten.
pub async fn cancel_open(tx: &mut Tx, id: Uuid, reason: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET status = 'cancelled', reason = $4, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND status IN ('new', 'accepted', 'on_the_way')"
            ),
            args![id, reason],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct By { created_by: Uuid } }

pub async fn created_by(q: &mut impl Query, id: Uuid) -> Result<Uuid> {
    let row: By =
        q.must(sql!("SELECT created_by FROM task WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
    Ok(row.created_by)
}

/// Does the acting person have, or did he have, work at this customer?
pub async fn has_customer(q: &mut impl Query, customer: Uuid) -> Result<bool> {
    let row: Counted = q
        .must(
            sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM task WHERE tenant_id = $1 AND employee_id = $2 AND customer_id = $3"),
            args![customer],
        )
        .await?;
    Ok(row.n > 0)
}
