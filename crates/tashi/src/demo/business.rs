//! What a company works with besides visits: fridges and their repair, articles, a form, promotions with their approval,
//! attendance, visits by frequency; and what waits for a decision tomorrow. All of it through the API.

use anyhow::{Context, Result};
use api::axum::Router;
use base::{Micros, time::LocalDay};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    caller::Caller,
    company::{Company, Rep, id},
    day,
};

const PART_STOCK: [(&str, &str, &str, i64, i64); 4] = [
    ("BX-001", "门封条", "根", 4_500, 60),
    ("BX-002", "温控器", "个", 12_800, 25),
    ("BX-003", "压缩机启动器", "个", 8_600, 12),
    ("BX-004", "展示灯管", "支", 2_200, 80),
];

/// Equipment is at every so many customers.
const EQUIPPED: usize = 12;

const ARTICLES: [(&str, &str, &str, &[&str], bool); 3] = [
    (
        "产品话术",
        "椰汁 1L 怎么讲",
        "## 三句话讲清楚\n\n1. **真椰子榨的**，配料表前三位就能看到。\n2. 开盖冷藏三天内喝完，适合家庭装陈列在冷柜第二层。\n3. 一箱 12 盒，进五送一到月底。\n\n| 老板常问 | 这样回答 |\n|---|---|\n| 卖不动怎么办 | 三个月内临期可换 |\n| 隔壁更便宜 | 看净含量和椰子含量 |\n",
        &["椰汁", "话术"],
        false,
    ),
    (
        "制度",
        "冷柜使用与报修规定",
        "## 谁负责\n\n冷柜随客户走，业务代表每次拜访看一眼温度和灯管。\n\n## 坏了怎么办\n\n- 扫柜门上的二维码报修，或在手机“新建”里登记；\n- 四个工作小时内到场；\n- 换下的配件带回仓库。\n\n> 不自己拆压缩机。\n",
        &["冷柜", "报修"],
        true,
    ),
    (
        "制度",
        "门头照怎么拍",
        "## 一张好照片\n\n- 正对门头，招牌完整；\n- 白天顺光，夜里开闪光灯；\n- 不拍到顾客的脸。\n",
        &["拍照"],
        false,
    ),
];

/// Sets up the company's own ways of working, the first morning.
///
/// # Errors
/// When the API refuses: a fault of ours.
pub async fn furnish(company: &mut Company, first: LocalDay) -> Result<()> {
    company.audit = Some(audit(&company.manager).await?);
    let admin = &company.manager;
    articles(admin).await?;
    promotions(admin).await?;
    let library = admin.get("/api/v1/forms/library").await?;
    let check = library["items"].as_array().into_iter().flatten().find(|f| f["key"] == "store_check");
    let check = check.context("the library's check of a shop")?;
    publish(
        admin,
        "forms",
        &admin.post("/api/v1/forms", json!({ "key": check["key"], "spec": check["spec"] })).await?,
    )
    .await?;
    let punching = json!({ "must_from": first, "within": "anywhere", "outside": "record", "visit_counts": true, "window_minutes": 60 });
    admin.call("PUT", "/api/v1/punch-rules", Some(punching)).await?;
    for (name, grade, times) in [("A 类每周两次", "A", 2), ("B 类每周一次", "B", 1)] {
        let terms = json!({ "grades": [grade], "tags": [], "every": "week", "times": times, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30 });
        admin
            .post(
                "/api/v1/frequency/rules",
                json!({ "name": name, "terms": terms, "template_id": company.everyday }),
            )
            .await?;
    }
    equipment(company, first).await
}

/// What is open today and waits for tomorrow's planner.
///
/// # Errors
/// When the API refuses: a fault of ours.
pub async fn open(
    router: &Router,
    company: &Company,
    today: LocalDay,
    zone: &TimeZone,
    now: Micros,
) -> Result<()> {
    let admin = &company.manager;
    orders(admin).await?;
    kept_up(company, today).await?;
    asked_for(router, company, today).await?;
    // The last two of every team have nothing yet.
    for (n, rep) in company.reps.iter().enumerate() {
        if n % 6 != 5 {
            day::make_plan(company, rep, today.plus_days(1), day::Detail::Past).await?;
        }
    }
    let shops: Vec<_> = company.reps.iter().filter_map(|r| r.customers.get(3)).collect();
    for (n, title) in [
        "冰柜结冰，要看一下",
        "新品铺货，送样品",
        "对账，老板下午在",
        "堆头要重新搭",
        "退换临期品",
        "门头灯箱不亮",
    ]
    .iter()
    .enumerate()
    {
        let Some(shop) = shops.get(n * 4) else { continue };
        // The coming end of an afternoon: a request may not look further ahead than a day.
        let evening = today.at_minute(17 * 60, zone);
        let soon = evening.0 > now.plus(Micros::HOUR).0;
        let next = today.plus_days(1).at_minute(17 * 60, zone).min(now.plus(23 * Micros::HOUR));
        let latest = if soon { evening } else { next };
        let priority = if n == 0 && latest.0 > now.0 { 2 } else { 1 };
        let wanted = json!({ "title": title, "priority": priority, "service_minutes": 20 + 10 * (n % 3), "customer_id": shop.id, "latest_at": latest });
        admin.post("/api/v1/dispatch/requests", wanted).await?;
    }
    Ok(())
}

async fn publish(admin: &Caller, what: &str, made: &Value) -> Result<Value> {
    let id = id(&made["id"])?;
    admin.change("POST", &format!("/api/v1/{what}/{id}/publish"), &made["version"], json!({})).await
}

/// A monthly look at the fridge: a form of checked items as the step of a visit.
async fn audit(admin: &Caller) -> Result<Uuid> {
    let label = |zh: &str, en: &str| json!({ "zh-CN": zh, "en": en });
    let fields = json!([
        { "key": "cold", "type": "check", "label": label("冷柜温度", "Fridge temperature"), "required": "true", "measure": { "places": 1, "min": 2, "max": 8 }, "weight": 3 },
        { "key": "clean", "type": "check", "label": label("柜内整洁", "Clean inside"), "required": "true", "weight": 2 },
        { "key": "own", "type": "check", "label": label("只放本品", "Only our products"), "required": "true" },
        { "key": "lamp", "type": "check", "label": label("灯管完好", "Lamp works"), "required": "true" },
    ]);
    let spec = json!({ "title": label("冷柜月检", "Monthly fridge check"), "fields": fields });
    let form = admin.post("/api/v1/forms", json!({ "key": "fridge_check", "spec": spec })).await?;
    publish(admin, "forms", &form).await?;
    let steps = json!([{ "title": "冷柜月检", "title_en": "Monthly fridge check", "kind": "form", "mandatory": true, "form_id": form["id"] }]);
    let template = json!({ "name": "冷柜月检", "kind": "visit", "steps": steps, "min_stay_s": 300 });
    id(&admin.post("/api/v1/task-templates", template).await?["id"])
}

async fn articles(admin: &Caller) -> Result<()> {
    let mut categories = std::collections::HashMap::new();
    for (category, title, body, tags, must) in ARTICLES {
        if !categories.contains_key(category) {
            let made = admin.post("/api/v1/article-categories", json!({ "name": category })).await?;
            categories.insert(category, made["id"].clone());
        }
        let draft =
            json!({ "title": title, "category_id": categories[category], "tags": tags, "body": body });
        let mut made = admin.post("/api/v1/articles", draft).await?;
        if must {
            let path = format!("/api/v1/articles/{}", id(&made["id"])?);
            made = admin.change("PATCH", &path, &made["version"], json!({ "must_read": true })).await?;
        }
        publish(admin, "articles", &made).await?;
    }
    Ok(())
}

/// An object of the company's own whose records are approved: above a budget at two levels.
async fn promotions(admin: &Caller) -> Result<()> {
    let label = |zh: &str, en: &str| json!({ "zh-CN": zh, "en": en });
    let option = |value: &str, zh: &str, en: &str| json!({ "value": value, "label": label(zh, en) });
    let fields = json!([
        { "key": "name", "type": "text", "label": label("活动名称", "Name"), "required": "true" },
        { "key": "shop", "type": "reference", "to": "customer", "label": label("门店", "Shop"), "required": "true" },
        { "key": "kind", "type": "choice", "label": label("形式", "Kind"), "options": [option("pile", "堆头", "Display"), option("poster", "海报", "Poster"), option("taste", "试饮", "Tasting")] },
        { "key": "budget", "type": "number", "label": label("预算", "Budget"), "unit": label("元", "yuan") },
        { "key": "start", "type": "date", "label": label("开始日期", "Start") },
    ]);
    let name = label("促销活动", "Promotion");
    let wanted = json!({ "key": "promotion", "name": name, "icon": "tag", "spec": { "title": name, "fields": fields } });
    let made = admin.post("/api/v1/object-definitions", wanted).await?;
    publish(admin, "forms", &made).await?;
    let step = |id: &str, level: i64| json!({ "id": id, "kind": "approve", "who": { "by": "heads", "level": level }, "how": "any", "empty": "admin" });
    let nodes = json!([
        step("a", 1),
        { "id": "b", "kind": "branch", "lanes": [{ "when": "form.budget > 1000.0", "nodes": [step("c", 2)] }, { "nodes": [] }] },
    ]);
    let flow = json!({ "name": "促销审批", "subject": { "kind": "object", "id": made["id"] }, "draft": { "v": 1, "nodes": nodes } });
    let flow = admin.post("/api/v1/flows", flow).await?;
    publish(admin, "flows", &flow).await?;
    let path = format!("/api/v1/flows/{}/use", id(&flow["id"])?);
    admin.call("PUT", &path, Some(json!({ "on": true }))).await?;
    Ok(())
}

/// Reps ask for promotions; nobody has answered yet.
async fn asked_for(router: &Router, company: &Company, today: LocalDay) -> Result<()> {
    let wanted = [
        ("国庆后补货堆头", "pile", 800),
        ("椰汁试饮", "taste", 1_600),
        ("新店开业海报", "poster", 300),
        ("周末买赠堆头", "pile", 2_400),
    ];
    for (n, (name, kind, budget)) in wanted.into_iter().enumerate() {
        let Some(rep) = company.reps.get(n * 3) else { continue };
        let Some(shop) = rep.customers.first() else { continue };
        let answers = json!({ "name": name, "shop": shop.id, "kind": kind, "budget": budget, "start": today.plus_days(3 + n as i32) });
        rep.phone(router)
            .await?
            .post("/api/v1/objects/promotion/records", json!({ "answers": answers }))
            .await?;
    }
    Ok(())
}

async fn equipment(company: &Company, first: LocalDay) -> Result<()> {
    let admin = &company.manager;
    let store = admin.post("/api/v1/stocks", json!({ "name": "南京中心仓" })).await?;
    for (code, name, unit, price, quantity) in PART_STOCK {
        let part = json!({ "code": code, "name": name, "unit": unit, "price_minor": price, "active": true });
        let part = admin.post("/api/v1/parts", part).await?;
        let received =
            json!({ "kind": "receive", "part_id": part["id"], "quantity": quantity, "to_id": store["id"] });
        admin.post("/api/v1/stock-moves", received).await?;
    }
    let shops = company.reps.iter().flat_map(|r: &Rep| &r.customers).step_by(EQUIPPED);
    for (n, shop) in shops.enumerate() {
        let (name, model) = if n % 3 == 0 { ("双门冷柜", "SC-680") } else { ("单门冷柜", "SC-360") };
        let bought = first.plus_days(-((n as i32 * 53) % 900 + 30));
        let piece = json!({
            "name": name, "customer_id": shop.id, "model": model, "serial": format!("HM{:05}", 20_417 + n * 37), "place": if n % 2 == 0 { "进门左手" } else { "收银台旁" },
            "installed_on": bought, "warranty_until": bought.plus_days(730),
        });
        admin.post("/api/v1/equipment", piece).await?;
    }
    Ok(())
}

/// Faults of the last hours: some new, some given to somebody.
async fn orders(admin: &Caller) -> Result<()> {
    let types = admin.get("/api/v1/order-types").await?;
    let repair: Uuid = id(&types["items"][0]["id"])?;
    let fridges = admin.get("/api/v1/equipment?limit=40").await?;
    let all = fridges["items"].as_array().cloned().unwrap_or_default();
    for (n, title) in ["不制冷", "柜门关不严", "灯管不亮", "漏水", "噪音大"].iter().enumerate()
    {
        let Some(fridge) = all.get(n * 7) else { continue };
        let wanted = json!({
            "type_id": repair, "customer_id": fridge["customer"]["id"], "equipment_id": fridge["id"], "title": format!("{}{title}", fridge["name"].as_str().unwrap_or_default()),
            "priority": 1 + (n as i64 + 1) % 3,
        });
        admin.post("/api/v1/orders", wanted).await?;
    }
    Ok(())
}

/// Fridges are serviced by the quarter, and the warehouse district is walked every working morning.
async fn kept_up(company: &Company, today: LocalDay) -> Result<()> {
    let admin = &company.manager;
    let types = admin.get("/api/v1/order-types").await?;
    let terms = json!({
        "name": "双门冷柜季度保养", "type_id": types["items"][0]["id"], "model": "SC-680", "every": 3, "unit": "month", "start_on": today.plus_days(5),
        "lead_days": 7, "detail": "清洁冷凝器，查门封条",
    });
    admin.post("/api/v1/maintenance-plans", json!({ "terms": terms })).await?;
    let Some(rep) = company.reps.first() else { return Ok(()) };
    let points: Vec<Value> = (rep.customers.iter().take(4).enumerate())
        .map(|(n, shop)| {
            let from = rep.shift.0 + 20 + 30 * n as i32;
            json!({ "customer_id": shop.id, "title": "冷柜温度与灯管", "from_minute": from, "to_minute": from + 60 })
        })
        .collect();
    let people = json!([{ "employee_id": rep.id, "weekdays": [1, 2, 3, 4, 5] }]);
    let terms = json!({ "name": "早班冷柜巡检", "active": true, "people": people, "points": points });
    admin.post("/api/v1/inspection-plans", json!({ "terms": terms })).await?;
    Ok(())
}
