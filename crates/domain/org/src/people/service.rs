use api::Checks;
use base::{Problem, id, problem};
use custom::{Fields, Noun};
use db::{Result, Tx};
use serde_json::{Map, json};
use uuid::Uuid;

use super::{NewEmployee, pinyin_of, sql};
use crate::{auth, day, policy, role, skills};

/// # Errors
/// `input.invalid` naming every field that is wrong.
pub fn check(new: &NewEmployee) -> Result<()> {
    let mut checks = Checks::new();
    checks
        .text("name", &new.name, 40)
        .at_most("login", new.login.as_deref(), 64)
        .at_most("phone", new.phone.as_deref(), 32)
        .at_most("code", new.code.as_deref(), 40)
        .at_most("post", new.post.as_deref(), 40)
        .that("login", new.login.as_deref().is_none_or(auth::valid_login));
    skills::check_skills(&mut checks, &new.skills);
    new.day.check(&mut checks, "day.");
    if let (Some(password), Some(login)) = (&new.password, &new.login)
        && !auth::strong_enough(password, login)
    {
        checks.fault("password", crate::WEAK_PASSWORD);
    }
    checks.done()
}

/// The company's day, for formulas of its own fields.
pub(super) async fn today(tx: &mut Tx) -> Result<String> {
    Ok(tx.now().local_day(&crate::zone(tx).await?).to_string())
}

/// Puts a person on record, without sign-in.
pub(crate) async fn insert(tx: &mut Tx, new: NewEmployee) -> Result<Uuid> {
    let id = new.id.unwrap_or_else(id::new_v7);
    let now = tx.now();
    if sql::insert(tx, id, &new, &pinyin_of(&new.name), now).await? == 0 {
        return Err(Problem::new(problem::CONFLICT));
    }
    Ok(id)
}

/// Adds a person with his sign-in; `hash` is that of his first password. Reach is rebuilt by the caller once
/// at the end of a batch.
///
/// # Errors
/// `org.login_taken`, `sync.conflict` for an id in use, `input.reference` for an unknown department or role.
pub async fn add(tx: &mut Tx, new: NewEmployee, hash: Option<&str>, must_change: bool) -> Result<Uuid> {
    // A manager adds people only where he can see them.
    crate::department::departments(tx).await?.iter().find(|d| d.id == new.department_id).ok_or_else(
        || {
            Problem::new(problem::INVALID)
                .with("reason", "department_id")
                .field("department_id", db::REFERENCE)
        },
    )?;
    let mut new = new;
    if new.policy_id.is_none() && !role::works_outside(tx, new.role_id).await? {
        // Whoever does no field work is not tracked unless somebody decides so.
        new.policy_id = policy::by_mode(tx, "off").await?;
    }
    let fields = Fields::in_force(tx, Noun::Employee).await?;
    let kept = fields.accept(&Map::new(), &new.custom, &today(tx).await?, true)?;
    let (login, name) = (new.login.clone(), new.name.clone());
    let (can, own) = (skills::tidy_skills(&new.skills), new.day);
    let id = insert(tx, new).await?;
    if !can.is_empty() {
        skills::set_skills(tx, id, &can).await?;
    }
    day::set(tx, id, own).await?;
    custom::keep(tx, Noun::Employee, id, &kept).await?;
    if let (Some(login), Some(hash)) = (login, hash) {
        auth::insert_credential(tx, &login, id, hash, must_change).await?;
    }
    let mut told = json!({ "name": name });
    if !can.is_empty() {
        told["skills"] = json!(can);
    }
    if !kept.answers.is_empty() {
        told["custom"] = json!(custom::changed(&Map::new(), &kept.answers));
    }
    tx.audit("employee.create", "employee", id, told).await?;
    Ok(id)
}

/// Ends a person's employment: he cannot sign in from now on, his records stay.
pub(super) async fn leave(tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = sql::employee(tx, id).await?;
    let person = sql::person(tx, id).await?;
    if person.role_key == "admin" && sql::admins(tx).await? <= 1 {
        return Err(Problem::new(crate::LAST_ADMIN));
    }
    sql::leave(tx, id).await?;
    auth::end_all(tx, id).await?;
    sql::rebuild_reach(tx).await?;
    tx.audit("employee.leave", "employee", id, json!({ "name": row.name })).await
}

/// Refuses a change that would leave the company without an administrator.
pub(super) async fn keeps_an_admin(tx: &mut Tx) -> Result<()> {
    if sql::admins(tx).await? == 0 { Err(Problem::new(crate::LAST_ADMIN)) } else { Ok(()) }
}

/// A person's login, for showing.
pub(super) async fn login_of(kit: &api::Kit, tenant: Uuid, id: Uuid) -> Result<Option<String>> {
    let mut global = kit.db.global_read().await?;
    Ok(sql::logins(&mut global, tenant).await?.into_iter().find(|l| l.employee_id == id).map(|l| l.login))
}
