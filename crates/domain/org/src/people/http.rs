use std::{collections::HashMap, sync::Arc};

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum,
    created, ok, routes,
};
use axum::{Extension, extract::State, http::StatusCode};
use base::{Problem, problem};
use custom::{Fields, Noun};
use db::Permission;
use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Employee, NewEmployee, check, pinyin_of, service, sql};
use crate::{DayRules, EmployeeDay, Sessions, auth, day, skills};

pub(crate) fn routes(kit: &Kit, sessions: &Arc<Sessions>) -> Routes {
    let sessions = sessions.clone();
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgRead), routes!(read))
        .at(Access::May(Permission::OrgWrite), routes!(change))
        .at(Access::May(Permission::OrgWrite), routes!(leave))
        .at(Access::May(Permission::OrgWrite), routes!(reset_password))
        .map(|r| r.layer(Extension(sessions)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EmployeeFilter {
    /// Name, pinyin, initials, phone or code.
    q: Option<String>,
    department_id: Option<Uuid>,
    status: Option<String>,
    role_id: Option<Uuid>,
    /// Conditions on the company's own fields, at most 4, as a JSON list: `[{"field":"shoe_size","from":40}]`; also
    /// `one_of`, `contains`, `to` and `empty`.
    custom: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
    /// Also tell how many there are in all.
    count: Option<bool>,
}

#[utoipa::path(get, path = "/employees", tag = "org", params(EmployeeFilter), responses((status = 200, body = Page<Employee>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<EmployeeFilter>,
) -> Answer<Page<Employee>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let fields = Fields::in_force(&mut reader, Noun::Employee).await?;
    let filter = sql::Filter {
        q: f.q.filter(|q| !q.trim().is_empty()),
        department: f.department_id,
        status: f.status,
        role: f.role_id,
        custom: fields.conditions(f.custom.as_deref())?,
        after,
        limit,
    };
    let rows = sql::list(&mut reader, &filter).await?;
    let total = match f.count {
        Some(true) => Some(sql::count(&mut reader, &filter).await?),
        _ => None,
    };
    let mut can = skills::skills(&mut reader).await?;
    let days = DayRules::read(&mut reader).await?;
    drop(reader);
    let mut global = kit.db.global_read().await?;
    let mut logins: HashMap<Uuid, String> = sql::logins(&mut global, caller.scope.tenant())
        .await?
        .into_iter()
        .map(|l| (l.employee_id, l.login))
        .collect();
    let items = rows
        .into_iter()
        .map(|r| {
            let login = logins.remove(&r.id);
            let skills = can.remove(&r.id).unwrap_or_default().into_iter().collect();
            let day = days.own(r.id);
            r.shown(login, skills, day)
        })
        .collect();
    let page = Page::from_rows(items, limit, |e: &Employee| (e.pinyin.clone(), e.id));
    ok(Page { total, ..page })
}

async fn shown(kit: &Kit, caller: &Caller, id: Uuid) -> db::Result<Employee> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let row = sql::employee(&mut reader, id).await?;
    let can = skills::skills_of(&mut reader, id).await?;
    let day = DayRules::read(&mut reader).await?.own(id);
    drop(reader);
    let login = service::login_of(kit, caller.scope.tenant(), id).await?;
    Ok(row.shown(login, can, day))
}

/// A new person, with his first password when one was made for him. It is shown this once.
#[derive(Serialize, ToSchema)]
struct EmployeeCreated {
    employee: Employee,
    initial_password: Option<String>,
}

#[utoipa::path(post, path = "/employees", tag = "org", request_body = NewEmployee, responses((status = 201, body = EmployeeCreated), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(mut new): Json<NewEmployee>,
) -> Created<EmployeeCreated> {
    check(&new)?;
    let made =
        if new.login.is_some() && new.password.is_none() { Some(auth::readable_password()) } else { None };
    let password = new.password.take().or_else(|| made.clone());
    let hash = match password {
        Some(password) if new.login.is_some() => {
            Some(auth::hash_password(password, kit.config.passwords).await?)
        }
        _ => None,
    };
    let must_change = made.is_some();
    let id = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = service::add(tx, new, hash.as_deref(), must_change).await?;
                sql::rebuild_reach(tx).await?;
                Ok(id)
            })
        })
        .await?;
    created(EmployeeCreated { employee: shown(&kit, &caller, id).await?, initial_password: made })
}

#[utoipa::path(get, path = "/employees/{id}", tag = "org", params(("id" = Uuid, Path)), responses((status = 200, body = Employee), (status = 404, body = api::ProblemDocument)))]
async fn read(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Employee> {
    ok(shown(&kit, &caller, id).await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EmployeePatch {
    name: Option<String>,
    /// What he signs in with from now on; the password stays. Who had none gets his first password by `/password`.
    #[schema(max_length = 64)]
    login: Option<String>,
    phone: Option<String>,
    code: Option<String>,
    department_id: Option<Uuid>,
    role_id: Option<Uuid>,
    post: Option<String>,
    calendar_id: Option<Uuid>,
    policy_id: Option<Uuid>,
    #[schema(value_type = Option<Vec<f64>>)]
    start_at: Option<LngLat>,
    /// All he can do from now on.
    #[schema(max_items = 20)]
    skills: Option<Vec<String>>,
    /// All that is said of his days from now on.
    day: Option<EmployeeDay>,
    /// Answers to the company's own fields, by key; what is absent stays, null takes an answer out.
    #[serde(default)]
    #[schema(value_type = Object)]
    custom: Map<String, Value>,
}

#[utoipa::path(patch, path = "/employees/{id}", tag = "org", request_body = EmployeePatch, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Employee), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<EmployeePatch>,
) -> Answer<Employee> {
    let mut checks = Checks::new();
    if let Some(name) = &patch.name {
        checks.text("name", name, 40);
    }
    if let Some(can) = &patch.skills {
        skills::check_skills(&mut checks, can);
    }
    if let Some(day) = &patch.day {
        day.check(&mut checks, "day.");
    }
    checks
        .at_most("phone", patch.phone.as_deref(), 32)
        .at_most("code", patch.code.as_deref(), 40)
        .at_most("post", patch.post.as_deref(), 40)
        .that("login", patch.login.as_deref().is_none_or(auth::valid_login))
        .done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                sql::employee(tx, id).await?;
                let stood = custom::of(tx, Noun::Employee, id).await?;
                let fields = Fields::in_force(tx, Noun::Employee).await?;
                let kept = fields.accept(&stood, &patch.custom, &service::today(tx).await?, false)?;
                let own_changed = kept.answers != stood;
                let told = custom::changed(&stood, &kept.answers);
                let mut changes = json!({
                    "name": patch.name, "department_id": patch.department_id, "role_id": patch.role_id, "post": patch.post,
                    "calendar_id": patch.calendar_id, "policy_id": patch.policy_id, "phone": patch.phone.is_some(),
                    "login": patch.login, "skills": patch.skills.as_deref().map(skills::tidy_skills), "day": patch.day,
                });
                if own_changed {
                    changes["custom"] = json!(told);
                }
                let (login, can, own) = (patch.login.clone(), patch.skills, patch.day);
                let change = sql::Change {
                    pinyin: patch.name.as_deref().map(pinyin_of),
                    name: patch.name,
                    phone: patch.phone,
                    code: patch.code,
                    department_id: patch.department_id,
                    role_id: patch.role_id,
                    post: patch.post,
                    calendar_id: patch.calendar_id,
                    policy_id: patch.policy_id,
                    start_at: patch.start_at,
                };
                if sql::update(tx, id, change, version).await? == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                if own_changed {
                    custom::keep(tx, Noun::Employee, id, &kept).await?;
                }
                if let Some(login) = login {
                    auth::set_login(tx, id, &login).await?;
                }
                if let Some(can) = can {
                    skills::set_skills(tx, id, &can).await?;
                }
                if let Some(own) = own {
                    day::set(tx, id, own).await?;
                }
                service::keeps_an_admin(tx).await?;
                sql::rebuild_reach(tx).await?;
                tx.audit("employee.change", "employee", id, changes).await
            })
        })
        .await?;
    sessions.forget_person(id);
    ok(shown(&kit, &caller, id).await?)
}

/// Ends employment: sign-in stops at once, records stay.
#[utoipa::path(post, path = "/employees/{id}/leave", tag = "org", params(("id" = Uuid, Path)), responses((status = 204), (status = 422, body = api::ProblemDocument)))]
async fn leave(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, api::Failure> {
    kit.db.write(&caller.scope, move |tx| Box::pin(service::leave(tx, id))).await?;
    sessions.forget_person(id);
    Ok(StatusCode::NO_CONTENT)
}

/// The new first password; shown this once.
#[derive(Serialize, ToSchema)]
struct NewPassword {
    initial_password: String,
}

#[utoipa::path(post, path = "/employees/{id}/password", tag = "org", params(("id" = Uuid, Path)), responses((status = 200, body = NewPassword), (status = 404, body = api::ProblemDocument)))]
async fn reset_password(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<NewPassword> {
    let password = auth::readable_password();
    let hash = auth::hash_password(password.clone(), kit.config.passwords).await?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                sql::employee(tx, id).await?;
                auth::set_password(tx, id, &hash, true).await?;
                auth::end_all(tx, id).await?;
                tx.audit("employee.reset_password", "employee", id, json!({})).await
            })
        })
        .await?;
    sessions.forget_person(id);
    ok(NewPassword { initial_password: password })
}
