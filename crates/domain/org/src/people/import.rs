//! Employees from a sheet. Known by their number (编号) or login, they are left as they are.

use std::collections::{BTreeMap, HashMap, HashSet};

use api::{PasswordCost, TravelMode};
use base::problem;
use custom::{Fields, Noun};
use db::{BoxFuture, Permission, Query, Result, Tx, global_sql};
use serde_json::Map;

use super::{NewEmployee, service, sql};
use crate::{
    EmployeeDay, Ref, auth, department,
    import::{Checked, Committed, Field, ImportKind, Sheet},
    role, skills,
};

const FIELDS: &[Field] = &[
    Field {
        key: "name",
        zh: "姓名",
        en: "Name",
        required: true,
        also: &["员工姓名", "员工"],
        example: "张伟",
    },
    Field {
        key: "department",
        zh: "部门",
        en: "Department",
        required: true,
        also: &["所属部门"],
        example: "南京一区",
    },
    Field {
        key: "code",
        zh: "编号",
        en: "Employee no.",
        required: false,
        also: &["工号", "员工编号"],
        example: "NJ-0012",
    },
    Field {
        key: "login",
        zh: "登录名",
        en: "Login",
        required: false,
        also: &["账号", "用户名"],
        example: "zhangwei",
    },
    Field {
        key: "password",
        zh: "初始密码",
        en: "First password",
        required: false,
        also: &["密码"],
        example: "",
    },
    Field {
        key: "phone",
        zh: "手机",
        en: "Phone",
        required: false,
        also: &["手机号", "电话"],
        example: "13800000000",
    },
    Field { key: "role", zh: "角色", en: "Role", required: false, also: &[], example: "外勤" },
    Field {
        key: "post", zh: "岗位", en: "Post", required: false, also: &["职位"], example: "业务代表"
    },
    Field {
        key: "skills",
        zh: "技能",
        en: "Skills",
        required: false,
        also: &["技能标签", "资质", "skill"],
        example: "冷柜维修、叉车",
    },
    Field {
        key: "travel",
        zh: "出行方式",
        en: "Travels by",
        required: false,
        also: &["交通方式", "交通工具", "travel"],
        example: "电动车",
    },
];

inventory::submit! { ImportKind { key: "employees", permission: Permission::OrgWrite, fields: FIELDS, own: Some(Noun::Employee), check, prepare: Some(prepare), commit } }

/// A cell as a way of getting about.
fn travel_in(cell: &str) -> Option<TravelMode> {
    match cell.trim() {
        "汽车" | "开车" | "驾车" | "小车" => Some(TravelMode::Car),
        "电动车" | "电瓶车" | "摩托车" | "骑行" | "自行车" => Some(TravelMode::Ebike),
        "步行" | "走路" => Some(TravelMode::Foot),
        word => TravelMode::from_word(&word.to_lowercase()),
    }
}

db::row! { struct Known { id: uuid::Uuid, name: String, code: Option<String> } }
db::row! { struct Taken { login: String } }

fn check<'a>(tx: &'a mut Tx, sheet: &'a Sheet) -> BoxFuture<'a, Result<Checked>> {
    Box::pin(async move {
        let departments: HashSet<String> =
            department::departments(tx).await?.into_iter().map(|d| d.name).collect();
        let roles: HashSet<String> =
            role::roles(tx).await?.into_iter().flat_map(|r| [r.name, r.key]).collect();
        let known: HashMap<String, Known> = known(tx).await?;
        let taken: HashSet<String> = tx
            .global_all::<Taken>(global_sql!("SELECT login FROM credential"), vec![])
            .await?
            .into_iter()
            .map(|t| t.login)
            .collect();
        let fields = Fields::in_force(tx, Noun::Employee).await?;
        let today = service::today(tx).await?;
        let mut checked = Checked::default();
        let (mut codes, mut logins) = (HashSet::new(), HashSet::new());
        for row in 0..sheet.rows.len() {
            let department = sheet.cell(row, "department");
            if !department.is_empty() && !departments.contains(department) {
                checked.fault(row, "department", db::REFERENCE);
            }
            if sheet.cell(row, "name").chars().count() > 40 {
                checked.fault(row, "name", problem::TOO_LONG);
            }
            if sheet.text(row, "role").is_some_and(|r| !roles.contains(r)) {
                checked.fault(row, "role", db::REFERENCE);
            }
            if let Some(code) = sheet.text(row, "code") {
                if let Some(person) = known.get(code) {
                    checked.duplicates.push((row, Ref { id: person.id, name: person.name.clone() }));
                    continue;
                }
                if code.chars().count() > 40 {
                    checked.fault(row, "code", problem::TOO_LONG);
                } else if !codes.insert(code.to_owned()) {
                    checked.fault(row, "code", problem::DUPLICATE_VALUE);
                }
            }
            if !fields.is_empty() {
                let given = fields.answers_in(|key| sheet.own(row, key));
                if let Err(refused) = fields.accept(&Map::new(), &given, &today, true) {
                    checked.refused(row, refused);
                }
            }
            if !skills::sound_skills(&skills::skills_in(sheet.cell(row, "skills"))) {
                checked.fault(row, "skills", problem::TOO_LONG);
            }
            if sheet.text(row, "travel").is_some_and(|t| travel_in(t).is_none()) {
                checked.fault(row, "travel", problem::BAD_VALUE);
            }
            if let Some(phone) = sheet.text(row, "phone")
                && (phone.len() > 32 || !phone.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c)))
            {
                checked.fault(row, "phone", problem::BAD_VALUE);
            }
            if let Some(login) = sheet.text(row, "login") {
                let login = auth::normal_login(login);
                if !auth::valid_login(&login) {
                    checked.fault(row, "login", problem::BAD_VALUE);
                } else if taken.contains(&login) || !logins.insert(login.clone()) {
                    checked.fault(row, "login", crate::LOGIN_TAKEN);
                }
                if sheet.text(row, "password").is_some_and(|p| !auth::strong_enough(p, &login)) {
                    checked.fault(row, "password", crate::WEAK_PASSWORD);
                }
            }
        }
        Ok(checked)
    })
}

async fn known(tx: &mut Tx) -> Result<HashMap<String, Known>> {
    let rows: Vec<Known> = tx
        .all(
            db::sql!("SELECT id, name, code FROM employee WHERE tenant_id = $1 AND code IS NOT NULL"),
            vec![],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|k| Some((k.code.clone()?, k))).collect())
}

/// Hashes the first passwords, as many at a time as there are cores. A login without one gets none that fits:
/// the administrator makes it later.
fn prepare<'a>(sheet: &'a Sheet, rows: &'a [usize]) -> BoxFuture<'a, Result<BTreeMap<usize, String>>> {
    Box::pin(async move {
        let todo = rows.iter().filter(|r| sheet.text(**r, "login").is_some());
        let hashes = todo.map(|row| async move {
            match sheet.text(*row, "password") {
                Some(password) => {
                    Ok((*row, auth::hash_password(password.to_owned(), PasswordCost::Full).await?))
                }
                None => Ok((*row, auth::NOBODY.to_owned())),
            }
        });
        futures::future::try_join_all(hashes).await.map(|pairs| pairs.into_iter().collect())
    })
}

fn commit<'a>(tx: &'a mut Tx, sheet: &'a Sheet, ready: Vec<usize>) -> BoxFuture<'a, Result<Committed>> {
    Box::pin(async move {
        let departments: HashMap<String, uuid::Uuid> =
            department::departments(tx).await?.into_iter().map(|d| (d.name, d.id)).collect();
        let roles = role::roles(tx).await?;
        let rep = roles.iter().find(|r| r.key == "rep").map(|r| r.id);
        let known = known(tx).await?;
        let fields = Fields::in_force(tx, Noun::Employee).await?;
        let mut done = Committed::default();
        for row in ready {
            if sheet.text(row, "code").is_some_and(|c| known.contains_key(c)) {
                done.skipped += 1;
                continue;
            }
            let role = sheet
                .text(row, "role")
                .and_then(|n| roles.iter().find(|r| r.name == n || r.key == n))
                .map(|r| r.id)
                .or(rep);
            let (Some(role_id), Some(department_id)) =
                (role, departments.get(sheet.cell(row, "department")).copied())
            else {
                done.skipped += 1;
                continue;
            };
            let owned = |field| sheet.text(row, field).map(str::to_owned);
            let login = owned("login");
            let hash = sheet.prepared.get(&row).cloned();
            let new = NewEmployee {
                id: None,
                name: sheet.cell(row, "name").to_owned(),
                login,
                password: None,
                phone: owned("phone"),
                code: owned("code"),
                department_id,
                role_id,
                post: owned("post"),
                calendar_id: None,
                policy_id: None,
                start_at: None,
                skills: skills::skills_in(sheet.cell(row, "skills")),
                day: EmployeeDay {
                    travel: sheet.text(row, "travel").and_then(travel_in),
                    ..EmployeeDay::default()
                },
                custom: fields.answers_in(|key| sheet.own(row, key)),
            };
            service::add(tx, new, hash.as_deref(), true).await?;
            done.created += 1;
        }
        sql::rebuild_reach(tx).await?;
        Ok(done)
    })
}
