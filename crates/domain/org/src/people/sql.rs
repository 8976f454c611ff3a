use std::collections::BTreeSet;

use base::Micros;
use custom::{Condition, filter};
use db::{Permission, Query, Result, Tx, args, global_sql, sql};
use geo::LngLat;
use uuid::Uuid;

use super::{Employee, NewEmployee, Person};
use crate::{EmployeeDay, Ref};

db::row! { pub struct PersonRow {
    id: Uuid, name: String, department_id: Uuid, department_name: String, post: Option<String>, status: String,
    phone: Option<String>, role_key: String, role_reach: String, calendar_id: Option<Uuid>, policy_id: Option<Uuid>,
    start_lng: Option<i64>, start_lat: Option<i64>
} }

impl From<PersonRow> for Person {
    fn from(r: PersonRow) -> Person {
        Person {
            id: r.id,
            name: r.name,
            department_id: r.department_id,
            department_name: r.department_name,
            post: r.post,
            status: r.status,
            phone: r.phone,
            role_key: r.role_key,
            role_reach: r.role_reach,
            calendar_id: r.calendar_id,
            policy_id: r.policy_id,
            start_at: point(r.start_lng, r.start_lat),
        }
    }
}

fn point(lng: Option<i64>, lat: Option<i64>) -> Option<LngLat> {
    LngLat::from_e7(lng?, lat?).ok()
}

/// One person in reach.
///
/// # Errors
/// `not_found` when there is none such, or he lies outside the caller's reach.
pub async fn person(q: &mut impl Query, id: Uuid) -> Result<Person> {
    let row: PersonRow = q
        .must(
            sql!(
                "SELECT e.id, e.name, e.department_id, e.department_name, e.post, e.status, e.phone, e.role_key, e.role_reach, \
                 e.calendar_id, e.policy_id, e.start_lng, e.start_lat FROM person e WHERE e.tenant_id = $1 AND e.id = $3 AND {reach:e}"
            ),
            args![id],
        )
        .await?;
    Ok(row.into())
}

/// All active people in reach, by pinyin.
pub async fn people(q: &mut impl Query) -> Result<Vec<Person>> {
    people_of_department(q, None).await
}

/// Active people in reach of a department and all below it.
pub async fn people_of_department(q: &mut impl Query, department: Option<Uuid>) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = q
        .all(
            sql!(
                "SELECT e.id, e.name, e.department_id, e.department_name, e.post, e.status, e.phone, e.role_key, e.role_reach, \
                 e.calendar_id, e.policy_id, e.start_lng, e.start_lat FROM person e \
                 WHERE e.tenant_id = $1 AND {reach:e} AND e.status = 'active' AND ($3 IS NULL OR e.department_id IN \
                   (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $3)) \
                 ORDER BY e.pinyin, e.id"
            ),
            args![department],
        )
        .await?;
    Ok(rows.into_iter().map(Person::from).collect())
}

/// People in reach of a department and all below it who are active or were so after a moment.
pub async fn people_since(
    q: &mut impl Query,
    department: Option<Uuid>,
    since: Micros,
) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = q
        .all(
            sql!(
                "SELECT e.id, e.name, e.department_id, e.department_name, e.post, e.status, e.phone, e.role_key, e.role_reach, \
                 e.calendar_id, e.policy_id, e.start_lng, e.start_lat FROM person e \
                 JOIN employee h ON h.tenant_id = e.tenant_id AND h.id = e.id \
                 WHERE e.tenant_id = $1 AND {reach:e} AND (e.status = 'active' OR h.left_at >= $4) AND ($3 IS NULL OR e.department_id IN \
                   (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $3)) \
                 ORDER BY e.pinyin, e.id"
            ),
            args![department, since],
        )
        .await?;
    Ok(rows.into_iter().map(Person::from).collect())
}

/// Active people of somebody's department, by pinyin, whatever the reach: colleagues know each other by name.
pub async fn colleagues(q: &mut impl Query, person: Uuid) -> Result<Vec<Ref>> {
    let rows: Vec<(Uuid, String)> = q
        .all(
            sql!(
                "SELECT e.id, e.name FROM person e JOIN employee m ON m.tenant_id = e.tenant_id AND m.department_id = e.department_id \
                 WHERE e.tenant_id = $1 AND m.id = $3 AND e.status = 'active' ORDER BY e.pinyin, e.id"
            ),
            args![person],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name)| Ref { id, name }).collect())
}

db::row! { struct Id { id: Uuid } }

/// Active people in reach whose role does field work. An administrator may everything, and is not meant.
///
/// # Errors
/// When the store cannot be read.
pub async fn field_workers(q: &mut impl Query) -> Result<BTreeSet<Uuid>> {
    let rows: Vec<Id> = q
        .all(
            sql!(
                "SELECT e.id FROM person e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
                 WHERE e.tenant_id = $1 AND {reach:e} AND e.status = 'active' AND r.permissions LIKE $3 AND r.key <> 'admin'"
            ),
            args![format!("%\"{}\"%", Permission::FieldWork.key())],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Names of people by id, also those who left; unknown ids are left out.
pub async fn by_ids(q: &mut impl Query, ids: &[Uuid]) -> Result<Vec<Person>> {
    let mut found = vec![];
    for id in ids {
        let row: Option<PersonRow> = q
            .one(
                sql!(
                    "SELECT e.id, e.name, e.department_id, e.department_name, e.post, e.status, e.phone, e.role_key, e.role_reach, \
                     e.calendar_id, e.policy_id, e.start_lng, e.start_lat FROM person e WHERE e.tenant_id = $1 AND e.id = $3"
                ),
                args![*id],
            )
            .await?;
        found.extend(row.map(Person::from));
    }
    Ok(found)
}

db::row! { pub struct EmployeeRow {
    id: Uuid, name: String, pinyin: String, code: Option<String>, phone: Option<String>, department_id: Uuid, department_name: String,
    post: Option<String>, role_id: Uuid, role_name: String, calendar_id: Option<Uuid>, policy_id: Option<Uuid>, status: String,
    start_lng: Option<i64>, start_lat: Option<i64>, custom: Option<String>, version: i64
} }

impl EmployeeRow {
    pub fn shown(self, login: Option<String>, skills: Vec<String>, day: EmployeeDay) -> Employee {
        Employee {
            color_seed: (self.id.as_u128() % 997) as i64,
            id: self.id,
            name: self.name,
            pinyin: self.pinyin,
            code: self.code,
            login,
            phone: self.phone,
            department: Ref { id: self.department_id, name: self.department_name },
            post: self.post,
            role: Ref { id: self.role_id, name: self.role_name },
            calendar_id: self.calendar_id,
            policy_id: self.policy_id,
            status: self.status,
            start_at: point(self.start_lng, self.start_lat),
            skills,
            day,
            custom: self.custom.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default(),
            version: self.version,
        }
    }
}

/// Filters of the list. `q` matches name, pinyin, phone and code.
#[derive(Default)]
pub struct Filter {
    pub q: Option<String>,
    pub department: Option<Uuid>,
    pub status: Option<String>,
    pub role: Option<Uuid>,
    /// On the company's own fields.
    pub custom: Vec<Condition>,
    pub after: Option<(String, Uuid)>,
    pub limit: i64,
}

macro_rules! filtered {
    ($rest:literal) => {
        concat!(
            "FROM person e WHERE e.tenant_id = $1 AND {reach:e} \
             AND ($3 IS NULL OR lower(e.name) LIKE $3 OR e.pinyin LIKE $3 OR e.phone LIKE $3 OR lower(e.code) LIKE $3 OR ",
            custom::found!("e", "employee", "$3"),
            ") AND ($4 IS NULL OR e.department_id IN (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $4)) \
             AND ($5 IS NULL OR e.status = $5) AND ($6 IS NULL OR e.role_id = $6) ",
            custom::condition!("custom_value", "e.id AND v.noun = 'employee'", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14"),
            custom::condition!("custom_value", "e.id AND v.noun = 'employee'", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22"),
            custom::condition!("custom_value", "e.id AND v.noun = 'employee'", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30"),
            custom::condition!("custom_value", "e.id AND v.noun = 'employee'", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38"),
            $rest
        )
    };
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        let like = self.q.as_ref().map(|q| format!("%{}%", q.to_lowercase().replace(['%', '_'], "")));
        let mut all = args![like, self.department, self.status.clone(), self.role];
        all.extend(filter::slots(&self.custom));
        all
    }
}

pub async fn list(q: &mut impl Query, f: &Filter) -> Result<Vec<EmployeeRow>> {
    let (after_pinyin, after_id) = f.after.clone().unzip();
    let mut all = f.args();
    all.extend(args![after_pinyin, after_id, f.limit + 1]);
    q.all(
        sql!(concat!(
            "SELECT e.id, e.name, e.pinyin, e.code, e.phone, e.department_id, e.department_name, e.post, e.role_id, e.role_name, \
             e.calendar_id, e.policy_id, e.status, e.start_lng, e.start_lat, e.version, ",
            custom::answers!("e", "employee"),
            " ",
            filtered!(
                "AND ($39 IS NULL OR e.pinyin > $39 OR (e.pinyin = $39 AND e.id > $40)) ORDER BY e.pinyin, e.id LIMIT $41"
            )
        )),
        all,
    )
    .await
}

/// How many people a filter finds.
pub async fn count(q: &mut impl Query, f: &Filter) -> Result<i64> {
    let row: Counted =
        q.must(sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n ", filtered!(""))), f.args()).await?;
    Ok(row.n)
}

pub async fn employee(q: &mut impl Query, id: Uuid) -> Result<EmployeeRow> {
    q.must(
        sql!(concat!(
            "SELECT e.id, e.name, e.pinyin, e.code, e.phone, e.department_id, e.department_name, e.post, e.role_id, e.role_name, \
             e.calendar_id, e.policy_id, e.status, e.start_lng, e.start_lat, e.version, ",
            custom::answers!("e", "employee"),
            " FROM person e WHERE e.tenant_id = $1 AND e.id = $3 AND {reach:e}"
        )),
        args![id],
    )
    .await
}

db::row! { pub struct LoginRow { login: String, employee_id: Uuid } }

/// Logins of a company. Sign-in data lives outside the tenants' tables, so the tenant is named here.
pub async fn logins(global: &mut db::Global, tenant: Uuid) -> Result<Vec<LoginRow>> {
    global
        .all(global_sql!("SELECT login, employee_id FROM credential WHERE tenant_id = $1"), args![tenant])
        .await
}

pub async fn insert(tx: &mut Tx, id: Uuid, new: &NewEmployee, pinyin: &str, now: Micros) -> Result<u64> {
    let (lng, lat) = new.start_at.map(LngLat::e7).unzip();
    tx.exec(
        sql!(
            "INSERT INTO employee (tenant_id, id, name, pinyin, code, phone, department_id, post, role_id, calendar_id, policy_id, \
             status, start_lng, start_lat, created_at, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'active', $13, $14, $15, 1) \
             ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![
            id, new.name.trim(), pinyin, &new.code, &new.phone, new.department_id, &new.post, new.role_id, new.calendar_id,
            new.policy_id, lng, lat, now
        ],
    )
    .await
}

/// What may be changed of a person; absent fields stay.
pub struct Change {
    pub name: Option<String>,
    pub pinyin: Option<String>,
    pub phone: Option<String>,
    pub code: Option<String>,
    pub department_id: Option<Uuid>,
    pub role_id: Option<Uuid>,
    pub post: Option<String>,
    pub calendar_id: Option<Uuid>,
    pub policy_id: Option<Uuid>,
    pub start_at: Option<LngLat>,
}

pub async fn update(tx: &mut Tx, id: Uuid, c: Change, version: i64) -> Result<u64> {
    let (lng, lat) = c.start_at.map(LngLat::e7).unzip();
    tx.exec(
        sql!(
            "UPDATE employee SET name = COALESCE($4, name), pinyin = COALESCE($5, pinyin), phone = COALESCE($6, phone), \
             code = COALESCE($7, code), department_id = COALESCE($8, department_id), role_id = COALESCE($9, role_id), \
             post = COALESCE($10, post), calendar_id = COALESCE($11, calendar_id), policy_id = COALESCE($12, policy_id), \
             start_lng = COALESCE($13, start_lng), start_lat = COALESCE($14, start_lat), version = version + 1 \
             WHERE tenant_id = $1 AND id = $3 AND version = $15"
        ),
        args![
            id, c.name, c.pinyin, c.phone, c.code, c.department_id, c.role_id, c.post, c.calendar_id, c.policy_id, lng, lat, version
        ],
    )
    .await
}

pub async fn leave(tx: &mut Tx, id: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE employee SET status = 'left', left_at = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND status = 'active'"),
        args![id, now],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// Active people who may manage the company and can sign in.
pub async fn admins(q: &mut impl Query) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM person e WHERE e.tenant_id = $1 AND e.status = 'active' AND e.role_key = 'admin'"
            ),
            vec![],
        )
        .await?;
    Ok(row.n)
}

/// Works out anew which departments each person's reach covers: for roles that reach departments, his own
/// with all below it, and those he manages with all below them.
pub async fn rebuild_reach(tx: &mut Tx) -> Result<()> {
    tx.exec(sql!("DELETE FROM department_reach WHERE tenant_id = $1"), vec![]).await?;
    tx.exec(
        sql!(
            "INSERT INTO department_reach (tenant_id, employee_id, department_id) \
             SELECT c.tenant_id, e.id, c.descendant_id FROM employee e \
             JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             JOIN department_closure c ON c.tenant_id = e.tenant_id AND c.ancestor_id = e.department_id \
             WHERE e.tenant_id = $1 AND e.status = 'active' AND r.reach = 'departments' \
             UNION \
             SELECT c.tenant_id, m.employee_id, c.descendant_id FROM department_manager m \
             JOIN department_closure c ON c.tenant_id = m.tenant_id AND c.ancestor_id = m.department_id \
             WHERE m.tenant_id = $1"
        ),
        vec![],
    )
    .await?;
    Ok(())
}

db::row! {
    /// Somebody to be told.
    pub struct Boss { id: Uuid, department_id: Uuid }
}

/// Who manages a department or one above it and reads visits, other than one person.
pub async fn managers_over(q: &mut impl Query, department: Uuid, not: Uuid) -> Result<Vec<Boss>> {
    q.all(
        sql!(
            "SELECT e.id, e.department_id FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             WHERE e.tenant_id = $1 AND e.status = 'active' AND e.id <> $4 AND r.reach = 'departments' AND r.permissions LIKE '%\"visit.read\"%' \
             AND EXISTS (SELECT 1 FROM department_reach d WHERE d.tenant_id = e.tenant_id AND d.employee_id = e.id AND d.department_id = $3) \
             ORDER BY e.id"
        ),
        args![department, not],
    )
    .await
}

/// Who sees the whole company and reads visits, other than one person.
pub async fn over_all(q: &mut impl Query, not: Uuid) -> Result<Vec<Boss>> {
    q.all(
        sql!(
            "SELECT e.id, e.department_id FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             WHERE e.tenant_id = $1 AND e.status = 'active' AND e.id <> $3 AND r.reach = 'all' AND r.permissions LIKE '%\"visit.read\"%' \
             ORDER BY e.id"
        ),
        args![not],
    )
    .await
}
