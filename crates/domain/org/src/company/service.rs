use api::{Checks, Kit, PasswordCost};
use base::{Problem, id};
use db::{Database, Permission, Reach, Result, Scope};
use serde_json::json;

use super::{CompanyHook, Founded, NewCompany, known_goal, known_zone, sql};
use crate::{EmployeeDay, auth, calendar, department, people, policy, role};

base::problems! {
    /// The wizard was run already.
    SETUP_DONE = 409 "setup.done",
        zh "企业已创建" / "首次设置只能进行一次，请直接登录。",
        en "Already set up" / "The first-run wizard can be used once; please sign in.";
}

pub(super) fn check(new: &NewCompany) -> Result<()> {
    let mut checks = Checks::new();
    checks
        .text("company", &new.company, 80)
        .text("admin_name", &new.admin_name, 40)
        .text("login", &new.login, 64)
        .that("time_zone", known_zone(&new.time_zone))
        .that("goal", known_goal(&new.goal));
    if !auth::strong_enough(&new.password, &new.login) {
        checks.fault("password", crate::WEAK_PASSWORD);
    }
    checks.done()
}

/// Founds a company: roles, calendar, policies, one department, one administrator, and what upper floors add.
///
/// # Errors
/// `setup.done` when `first_only` and there is a company already; `org.login_taken`.
pub async fn create(
    db: &Database,
    new: NewCompany,
    passwords: PasswordCost,
    demo: bool,
    first_only: bool,
) -> Result<Founded> {
    check(&new)?;
    let hash = auth::hash_password(new.password.clone(), passwords).await?;
    let tenant = id::new_v7();
    db.write(&Scope::job("setup", tenant), move |tx| {
        Box::pin(async move {
            if first_only && sql::companies_in(tx).await? > 0 {
                return Err(Problem::new(SETUP_DONE));
            }
            sql::insert(tx, new.company.trim(), &new.time_zone, &new.goal, demo, tx.now()).await?;
            let admin_role =
                role::insert(tx, "admin", "管理员", Permission::ALL, Reach::Company, true).await?;
            role::insert(tx, "manager", "经理", MANAGER, Reach::Departments, true).await?;
            role::insert(tx, "rep", "外勤", REP, Reach::Own, true).await?;
            calendar::insert_default(tx).await?;
            policy::insert_defaults(tx).await?;
            let root = department::insert(tx, None, new.company.trim(), None).await?;
            let indoors = policy::by_mode(tx, "off").await?;
            let admin = people::insert(
                tx,
                people::NewEmployee {
                    custom: serde_json::Map::new(),
                    id: None,
                    name: new.admin_name.trim().to_owned(),
                    login: Some(new.login.clone()),
                    password: None,
                    phone: None,
                    code: None,
                    department_id: root,
                    role_id: admin_role,
                    post: None,
                    calendar_id: None,
                    policy_id: indoors,
                    start_at: None,
                    skills: vec![],
                    day: EmployeeDay::default(),
                },
            )
            .await?;
            auth::insert_credential(tx, &new.login, admin, &hash, false).await?;
            for hook in inventory::iter::<CompanyHook> {
                (hook.0)(tx).await?;
            }
            people::rebuild_reach(tx).await?;
            tx.audit("company.create", "company", tenant, json!({ "name": new.company, "demo": demo }))
                .await?;
            Ok(Founded { tenant, admin, at: tx.now() })
        })
    })
    .await
}

const MANAGER: &[Permission] = &[
    Permission::OrgRead,
    Permission::CustomerRead,
    Permission::CustomerWrite,
    Permission::TaskRead,
    Permission::TaskWrite,
    Permission::VisitRead,
    Permission::LiveRead,
    Permission::TrackRead,
    Permission::ReportRead,
    Permission::KnowledgeWrite,
    Permission::OrderRead,
    Permission::OrderWrite,
    Permission::StockWrite,
    Permission::AudioPlay,
];

const REP: &[Permission] = &[
    Permission::CustomerRead,
    Permission::TaskRead,
    Permission::VisitRead,
    Permission::FieldWork,
    Permission::OrderRead,
];

/// Removes every invented company with everything it has, whole or half made: before a demo is made anew.
///
/// # Errors
/// Internal, when a table cannot be emptied; nothing of that company is removed then.
pub async fn erase_demos(kit: &Kit) -> Result<()> {
    let demos = sql::demos(&mut kit.db.global_read().await?).await?;
    for tenant in demos {
        kit.db.erase_tenant(tenant).await?;
        kit.files.delete_tenant(tenant).await?;
    }
    Ok(())
}
