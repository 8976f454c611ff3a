//! The company: who works here, in which department, with which rights, when, and how he signs in.
//!
//! Nouns: Company (tenant), Department, Employee, Role, Calendar, WorkShift, LocationPolicy, Session.
//!
//! Invariants
//! * There is no default password and no default account; a new company begins with the wizard.
//! * A login is unique in the whole server, so that sign-in needs nothing but login and password.
//! * Only [`auth`] builds a [`db::Scope`] for a person; tokens are kept as SHA-256 only.
//! * `department_reach` always equals what the tree, the managers and the roles say: every change of one of
//!   them rebuilds it in the same transaction.
//! * Working time has one source, [`duty`]: lateness, tracking and mileage all ask it. It is the shifts of the [`roster`], where
//!   there are none the calendar, with what was [`declared`]: leave, overtime, private trips.
//!
//! Upper floors add their own defaults to a new company by registering a [`CompanyHook`].

mod about;
pub mod audit;
pub mod auth;
mod calendar;
mod company;
mod day;
pub mod declared;
mod department;
pub mod import;
mod people;
mod policy;
mod role;
pub mod roster;
pub mod sheet;
mod skills;
mod view;

pub use about::about;
pub use auth::{Sessions, consents};
pub use calendar::{Calendar, Duty, Exception, Shift, calendar_of, company_calendar, duty, duty_minutes};
pub use company::{
    Company, CompanyHook, NewCompany, Retention, basemap_addresses, company, create as create_company,
    erase_demos, has_basemap, retention, set_purged, zone,
};
pub use day::{DayEnd, DayPolicy, DayRules, DayStart, DayTerms, EmployeeDay};
pub use declared::{DutyDay, DutyEntry, DutyKind, duty_day, duty_days, may_keep_places};
pub use department::{department_in_reach, managers_of};
pub use people::{
    Boss, Employee, NewEmployee, Person, add as add_employee, by_ids, colleagues, erase_person,
    field_workers, people, people_of_department, people_since, person, pinyin_of, responsible,
};
pub use policy::{LocationPolicy, policy_of};
pub use skills::{check_skills, set_skills, skills, sound_skills, tidy_skills};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A thing by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ref {
    pub id: Uuid,
    pub name: String,
}

/// All routes of this floor.
pub fn routes(kit: &api::Kit, sessions: &std::sync::Arc<Sessions>) -> api::Routes {
    api::Routes::new(kit)
        .merge(auth::routes(kit, sessions))
        .merge(company::routes(kit))
        .merge(day::routes(kit))
        .merge(department::routes(kit))
        .merge(people::routes(kit, sessions))
        .merge(role::routes(kit))
        .merge(calendar::routes(kit))
        .merge(declared::routes(kit))
        .merge(roster::routes(kit))
        .merge(policy::routes(kit))
        .merge(audit::routes(kit))
        .merge(import::routes(kit))
        .merge(view::routes(kit))
}

base::problems! {
    /// Removing or moving would leave people without a department.
    DEPARTMENT_IN_USE = 422 "org.department_in_use",
        zh "部门不能删除" / "部门下还有人员或下级部门，请先移走。",
        en "Department in use" / "Move its people and sub-departments first.";
    DEPARTMENT_CIRCLE = 422 "org.department_circle",
        zh "部门层级成环" / "不能把部门移到它自己的下级。",
        en "Circular departments" / "A department cannot move below itself.";
    LAST_ADMIN = 422 "org.last_admin",
        zh "至少保留一名管理员" / "这是最后一名能管理企业的人员，请先指定另一名。",
        en "Last administrator" / "Appoint another administrator first.";
    LOGIN_TAKEN = 422 "org.login_taken",
        zh "登录名已被使用" / "请换一个登录名。",
        en "Login taken" / "Choose another login.";
    NO_LOGIN = 422 "org.no_login",
        zh "还没有登录名" / "请先为此人设置登录名，再生成初始密码。",
        en "No login yet" / "Give this person a login first, then make a first password.";
    WEAK_PASSWORD = 422 "org.weak_password",
        zh "密码太弱" / "至少 8 位，且不能与登录名相同或是常见密码。",
        en "Weak password" / "Use at least 8 characters, not the login itself and not a common password.";
    BUILT_IN = 422 "org.built_in",
        zh "内置角色不能修改" / "请复制为新角色后再改。",
        en "Built-in role" / "Copy it to a new role and change that.";
}
