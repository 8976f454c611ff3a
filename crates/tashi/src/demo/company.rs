//! Founding the two companies and filling them through the API.

use anyhow::{Context, Result};
use api::{Kit, axum::Router};
use city::{City, Shop};
use futures::{StreamExt, TryStreamExt, stream};
use geo::LngLat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Account, Accounts, Caller, TenantAccounts, centre, city, streets};

/// The company the phones work for.
pub struct Company {
    pub accounts: TenantAccounts,
    pub manager: Caller,
    pub reps: Vec<Rep>,
    pub everyday: Uuid,
    pub check: Uuid,
    /// A visit with a form of checked items; of the past only.
    pub audit: Option<Uuid>,
}

/// A rep with his customers.
pub struct Rep {
    pub id: Uuid,
    pub login: String,
    pub password: String,
    pub home: LngLat,
    /// Working time, minutes after local midnight.
    pub shift: (i32, i32),
    pub customers: Vec<Customer>,
    phone: tokio::sync::OnceCell<Caller>,
}

impl Rep {
    /// The rep's phone, which signs in once; the rep reads what is recorded and agrees.
    pub async fn phone(&self, router: &Router) -> Result<Caller> {
        let first = || async {
            let phone = Caller::sign_in(router, &self.login, &self.password).await?;
            let policy = phone.get("/api/v1/me/policy").await?;
            if policy["accepted_at"].is_null() {
                let version = json!({ "text_version": policy["text_version"] });
                phone.post("/api/v1/me/policy/accept", version).await?;
            }
            Ok(phone)
        };
        self.phone.get_or_try_init(first).await.cloned()
    }
}

#[derive(Clone)]
pub struct Customer {
    pub id: Uuid,
    pub at: LngLat,
    pub shop: Option<Shop>,
}

/// A team and the shifts its people take in turn.
struct Team {
    name: &'static str,
    size: usize,
    shifts: &'static [(i32, i32)],
}

/// Two sibling regions by day, one crew by night, so that at any hour somebody is at work.
const TEAMS: [Team; 3] = [
    Team { name: "南京一区", size: 13, shifts: &[DAY] },
    Team { name: "南京二区", size: 11, shifts: &[DAY] },
    Team { name: "夜间补货组", size: 6, shifts: &[EVENING, NIGHT] },
];
const DAY: (i32, i32) = (540, 1020);
const EVENING: (i32, i32) = (1020, 1440);
const NIGHT: (i32, i32) = (0, 540);
const SHOPS_PER_REP: usize = 20;

pub(super) fn id(value: &Value) -> Result<Uuid> {
    value.as_str().and_then(|s| s.parse().ok()).context("an id")
}

fn password() -> String {
    format!("tashi-{}", &Uuid::now_v7().simple().to_string()[24..])
}

async fn founded(
    router: &Router,
    kit: &Kit,
    name: &str,
    admin: &str,
    login: &str,
) -> Result<(Caller, TenantAccounts)> {
    let password = password();
    let new = org::NewCompany {
        company: name.into(),
        time_zone: "Asia/Shanghai".into(),
        admin_name: admin.into(),
        login: login.into(),
        password: password.clone(),
        goal: "truth".into(),
    };
    let founded = org::create_company(&kit.db, new, kit.config.passwords, true, false)
        .await
        .map_err(crate::cli::explain)?;
    let caller = Caller::sign_in(router, login, &password).await?;
    let account = Account {
        role: "admin".into(),
        name: admin.into(),
        login: login.into(),
        password,
        employee_id: founded.admin,
        department: name.into(),
    };
    Ok((caller, TenantAccounts { id: founded.tenant, name: name.into(), accounts: vec![account] }))
}

struct Staff<'a> {
    admin: &'a Caller,
    roles: Value,
    accounts: &'a mut TenantAccounts,
}

impl Staff<'_> {
    fn role(&self, key: &str) -> Value {
        let roles = self.roles["items"].as_array().into_iter().flatten();
        roles.into_iter().find(|r| r["key"] == key).map_or(Value::Null, |r| r["id"].clone())
    }

    async fn add(
        &mut self,
        name: &str,
        login: &str,
        role: &str,
        department: (Uuid, &str),
        more: Value,
    ) -> Result<Uuid> {
        let password = password();
        let mut body = json!({
            "name": name, "login": login, "password": password, "role_id": self.role(role), "department_id": department.0,
            "post": if role == "manager" { "区域经理" } else { "业务代表" },
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        let made = self.admin.post("/api/v1/employees", body).await?;
        let employee_id = id(&made["employee"]["id"])?;
        self.accounts.accounts.push(Account {
            role: role.into(),
            name: name.into(),
            login: login.into(),
            password,
            employee_id,
            department: department.1.into(),
        });
        Ok(employee_id)
    }
}

/// Makes both companies.
pub async fn found(router: &Router, kit: &Kit) -> Result<(Company, TenantAccounts)> {
    let city = city();
    let (admin, mut accounts) = founded(router, kit, "惠民饮品·南京大区", "周敏", "admin@huimin").await?;
    let basemap = json!({
        "kind": "generated", "url": null, "crs": "wgs84", "attribution": "演示城市 · 由踏实生成", "min_zoom": 9, "max_zoom": 18,
        "centre": centre(), "zoom": 12.3,
    });
    admin.call("PUT", "/api/v1/basemap", Some(basemap)).await?;
    streets::lay(kit, &admin).await?;
    let mut calendars = vec![];
    for (name, shift) in
        [("白班 09:00–17:00（每天）", DAY), ("晚班 17:00–24:00", EVENING), ("夜班 00:00–09:00", NIGHT)]
    {
        calendars.push((shift, every_day(&admin, name, shift).await?));
    }
    let root = admin.get("/api/v1/departments").await?["items"][0].clone();
    let root_id = id(&root["id"])?;
    let root_name = accounts.name.clone();
    let mut staff =
        Staff { roles: admin.get("/api/v1/roles").await?, admin: &admin, accounts: &mut accounts };
    staff.add("陈立", "chenli", "manager", (root_id, &root_name), json!({})).await?;
    let people = city::people(city, 40, super::SEED);
    let mut shops =
        territories(city.shops(TEAMS.iter().map(|t| t.size).sum::<usize>() * SHOPS_PER_REP, super::SEED))
            .into_iter();
    let mut pool = people.iter().filter(|p| !p.manager);
    let mut leaders = people.iter().filter(|p| p.manager);
    let mut reps = vec![];
    for Team { name: team, size, shifts } in TEAMS {
        let made = admin.post("/api/v1/departments", json!({ "name": team, "parent_id": root_id })).await?;
        let department = (id(&made["id"])?, team);
        let leader = leaders.next().context("a manager")?;
        let login = format!("{}@huimin", leader.pinyin.split_whitespace().collect::<String>());
        staff.add(&leader.name, &login, "manager", department, json!({})).await?;
        for n in 0..size {
            let shift = shifts[n % shifts.len()];
            let calendar = calendars.iter().find(|c| c.0 == shift).map(|c| c.1);
            let person = pool.next().context("a rep")?;
            let login = format!(
                "{}{}",
                person.pinyin.split_whitespace().collect::<String>().to_lowercase(),
                reps.len() + 1
            );
            let more = json!({ "phone": person.phone, "start_at": person.home, "calendar_id": calendar });
            let employee = staff.add(&person.name, &login, "rep", department, more).await?;
            let password = staff.accounts.accounts.last().map(|a| a.password.clone()).unwrap_or_default();
            let own: Vec<Shop> = shops.next().context("shops")?;
            reps.push((
                Rep {
                    id: employee,
                    login,
                    password,
                    home: person.home,
                    shift,
                    customers: vec![],
                    phone: Default::default(),
                },
                own,
            ));
        }
    }
    let mut finished = vec![];
    for (mut rep, own) in reps {
        let adding = own.into_iter().map(|shop| add_shop(&admin, shop, rep.id));
        rep.customers = stream::iter(adding).buffered(16).try_collect().await?;
        finished.push(rep);
    }
    let everyday = template(&admin, "例行拜访", false).await?;
    let check = template(&admin, "门店检查", true).await?;
    let company = Company { manager: admin.clone(), reps: finished, everyday, check, audit: None, accounts };
    Ok((company, second(router, kit, city).await?))
}

/// A small second company in the same city, which must see nothing of the first.
async fn second(router: &Router, kit: &Kit, city: &City) -> Result<TenantAccounts> {
    let (admin, mut accounts) = founded(router, kit, "江北食品", "方岚", "admin@jiangbei").await?;
    let root_id = id(&admin.get("/api/v1/departments").await?["items"][0]["id"])?;
    let mut staff =
        Staff { roles: admin.get("/api/v1/roles").await?, admin: &admin, accounts: &mut accounts };
    let mut shops = city.shops(20, 77).into_iter();
    for (team, manager, login, rep, rep_login) in [
        ("城北", "许宁", "xuning@jiangbei", "郑浩", "zhenghao@jiangbei"),
        ("城南", "唐雪", "tangxue@jiangbei", "曹磊", "caolei@jiangbei"),
    ] {
        let made = admin.post("/api/v1/departments", json!({ "name": team, "parent_id": root_id })).await?;
        let department = (id(&made["id"])?, team);
        staff.add(manager, login, "manager", department, json!({})).await?;
        let rep = staff.add(rep, rep_login, "rep", department, json!({ "start_at": centre() })).await?;
        for shop in shops.by_ref().take(10) {
            add_shop(&admin, shop, rep).await?;
        }
    }
    Ok(accounts)
}

async fn every_day(admin: &Caller, name: &str, (from, to): (i32, i32)) -> Result<Uuid> {
    let shifts: Vec<Value> =
        (1..=7).map(|weekday| json!({ "weekday": weekday, "from_minute": from, "to_minute": to })).collect();
    id(&admin.post("/api/v1/calendars", json!({ "name": name, "shifts": shifts })).await?["id"])
}

/// The working time of the calendar with this id.
fn shift_of(calendars: &Value, calendar: &Value) -> (i32, i32) {
    let all = calendars["items"].as_array().into_iter().flatten();
    let first = all.into_iter().find(|c| c["id"] == *calendar).map(|c| &c["shifts"][0]);
    let minute = |key: &str| first.and_then(|s| i32::try_from(s[key].as_i64()?).ok());
    minute("from_minute").zip(minute("to_minute")).unwrap_or(DAY)
}

/// Shops in bundles that lie together: columns from west to east, each cut from south to north.
fn territories(mut shops: Vec<Shop>) -> Vec<Vec<Shop>> {
    shops.sort_by(|a, b| a.at.lng().total_cmp(&b.at.lng()));
    let column = SHOPS_PER_REP * 5;
    let mut bundles = vec![];
    for part in shops.chunks(column) {
        let mut part = part.to_vec();
        part.sort_by(|a, b| a.at.lat().total_cmp(&b.at.lat()));
        bundles.extend(part.chunks(SHOPS_PER_REP).map(<[Shop]>::to_vec));
    }
    bundles
}

async fn add_shop(admin: &Caller, shop: Shop, owner: Uuid) -> Result<Customer> {
    let grade = format!("{:?}", shop.grade);
    let body = json!({
        "name": shop.name, "grade": grade, "address": shop.address, "at": shop.at, "tags": shop.tags, "owner_id": owner,
        "contact": { "name": shop.contact, "title": shop.contact_post, "phone": shop.phone },
    });
    let made = admin.post("/api/v1/customers", body).await?;
    Ok(Customer { id: id(&made["id"])?, at: shop.at, shop: Some(shop) })
}

async fn template(admin: &Caller, name: &str, photo: bool) -> Result<Uuid> {
    let mut steps = vec![];
    if photo {
        steps.push(json!({ "title": "门头照", "title_en": "Shop-front photo", "kind": "photo", "mandatory": true, "min": 1, "max": 3, "hint": "正对门头，招牌完整" }));
    }
    steps.push(json!({ "title": "陈列检查", "title_en": "Display check", "kind": "choice", "mandatory": true, "options": ["合格", "缺货", "需整改"] }));
    steps.push(json!({ "title": "库存（箱）", "title_en": "Stock (cases)", "kind": "number", "mandatory": false, "min": 0, "max": 9999 }));
    steps.push(json!({ "title": "初步采购意向", "title_en": "First purchase intent", "kind": "choice", "mandatory": true, "options": ["高", "中", "低", "暂无"] }));
    id(&admin
        .post(
            "/api/v1/task-templates",
            json!({ "name": name, "kind": "visit", "steps": steps, "min_stay_s": 300 }),
        )
        .await?["id"])
}

/// The first company again, after a restart.
pub async fn reopen(router: &Router, accounts: &Accounts) -> Result<Company> {
    let accounts = accounts.tenants.first().context("a company")?.clone();
    let first = accounts.accounts.iter().find(|a| a.role == "admin").context("an admin")?;
    let admin = Caller::sign_in(router, &first.login, &first.password).await?;
    let calendars = admin.get("/api/v1/calendars").await?;
    let templates = admin.get("/api/v1/task-templates").await?;
    let template = |name: &str| {
        let all = templates["items"].as_array().into_iter().flatten();
        all.into_iter().find(|t| t["name"] == name).and_then(|t| id(&t["id"]).ok()).context("a template")
    };
    let mut shops: std::collections::HashMap<String, Shop> = city()
        .shops(TEAMS.iter().map(|t| t.size).sum::<usize>() * SHOPS_PER_REP, super::SEED)
        .into_iter()
        .map(|s| (s.name.clone(), s))
        .collect();
    let mut reps = vec![];
    for account in accounts.accounts.iter().filter(|a| a.role == "rep") {
        let person = admin.get(&format!("/api/v1/employees/{}", account.employee_id)).await?;
        let owned =
            admin.get(&format!("/api/v1/customers?owner_id={}&limit=200", account.employee_id)).await?;
        let at = |v: &Value| serde_json::from_value::<LngLat>(v.clone()).ok();
        let customers = owned["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|c| {
                Some(Customer {
                    id: id(&c["id"]).ok()?,
                    at: at(&c["at"])?,
                    shop: shops.remove(c["name"].as_str()?),
                })
            })
            .collect();
        reps.push(Rep {
            id: account.employee_id,
            login: account.login.clone(),
            password: account.password.clone(),
            home: at(&person["start_at"]).unwrap_or_else(centre),
            shift: shift_of(&calendars, &person["calendar_id"]),
            customers,
            phone: Default::default(),
        });
    }
    Ok(Company {
        manager: admin.clone(),
        reps,
        audit: None,
        everyday: template("例行拜访")?,
        check: template("门店检查")?,
        accounts,
    })
}
