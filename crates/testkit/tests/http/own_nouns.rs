//! The company's own fields of tasks and equipment, its list of equipment types, and rules that ask for answers of customers.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Reply};
use uuid::Uuid;

use crate::{
    custom::{names, patched, published},
    forms,
    orders::desk,
    scene::{DAY, Scene, id, minute},
};

async fn put_at(client: &Client, path: &str, version: i64, body: Value) -> Reply {
    let request = client.request(Method::PUT, path).header("if-match", format!("\"{version}\""));
    client.send(request.json(&body)).await
}

fn of_tasks() -> Value {
    json!({ "title": { "zh-CN": "任务的自定义字段" }, "fields": [
        { "key": "contract_no", "type": "text", "label": { "zh-CN": "合同号", "en": "Contract" } },
        { "key": "budget", "type": "number", "min": 0, "max": 9000, "label": { "zh-CN": "预算", "en": "Budget" } },
        { "key": "urgent", "type": "yes_no", "label": { "zh-CN": "加急", "en": "Urgent" }, "required": "true" } ] })
}

fn task(s: &Scene, customer: usize, custom: Value) -> Value {
    json!({ "employee_id": s.rep_id, "customer_id": s.customers[customer], "day": DAY,
        "window": { "from_minute": 540, "to_minute": 1020 }, "title": format!("任务 {customer}"), "custom": custom })
}

testkit::both!(own_fields_of_tasks, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    // "title" is ours in formulas.
    let taken = json!({ "title": { "zh-CN": "x" }, "fields": [{ "key": "title", "type": "text", "label": { "zh-CN": "x" } }] });
    let page = admin.put("/api/v1/custom-fields/task", json!({})).await.json;
    let draft = admin
        .patch(&format!("/api/v1/forms/{}", page["id"].as_str().unwrap()), 1, json!({ "spec": taken }))
        .await;
    assert_eq!(draft.json["faults"][0]["code"], "reserved", "{}", draft.json);
    published(admin, "task", of_tasks()).await;

    // Made by hand it owes what is required; the wrong one names its field, and nothing is made.
    let owed = s.manager.post("/api/v1/tasks", task(&s, 0, json!({ "budget": 5 }))).await;
    assert_eq!(
        (owed.status, &owed.json["errors"][0]["field"]),
        (422, &json!("custom.urgent")),
        "{}",
        owed.json
    );
    let wide = s.manager.post("/api/v1/tasks", task(&s, 0, json!({ "budget": 9001, "urgent": true }))).await;
    assert_eq!((wide.status, wide.code()), (422, "form.answers"));
    let mut new = task(&s, 0, json!({ "contract_no": "HT-2026", "budget": 500, "urgent": true }));
    new["id"] = json!(Uuid::now_v7());
    let first = s.manager.post("/api/v1/tasks", new.clone()).await;
    assert_eq!(first.status, 201, "{}", first.json);
    assert_eq!(first.json["custom"], json!({ "contract_no": "HT-2026", "budget": 500, "urgent": true }));
    // Sent again it is the same one; with another answer another one.
    assert_eq!(s.manager.post("/api/v1/tasks", new.clone()).await.json["id"], first.json["id"]);
    new["custom"]["budget"] = json!(6);
    assert_eq!(s.manager.post("/api/v1/tasks", new).await.status, 409);
    let second = s.manager.post("/api/v1/tasks", task(&s, 1, json!({ "urgent": false }))).await.json;
    // What a plan makes asks nobody.
    s.plan().await;

    let found = async |custom: Value| -> Vec<String> {
        let text = custom.to_string();
        let request = s
            .manager
            .request(Method::GET, "/api/v1/tasks")
            .query(&[("custom", text.as_str()), ("count", "true")]);
        let reply = s.manager.send(request).await;
        assert_eq!(reply.status, 200, "{custom} {}", reply.json);
        let rows = reply.json["items"].as_array().unwrap().clone();
        assert_eq!(reply.json["total"], rows.len());
        rows.iter().map(|r| r["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(json!([{ "field": "budget", "from": 100 }])).await, ["任务 0"]);
    assert_eq!(found(json!([{ "field": "urgent", "one_of": ["false"] }])).await, ["任务 1"]);
    assert_eq!(
        found(
            json!([{ "field": "contract_no", "contains": "ht" }, { "field": "urgent", "one_of": ["true"] }])
        )
        .await,
        ["任务 0"]
    );
    assert_eq!(s.manager.get("/api/v1/tasks?q=HT-20&count=true").await.json["total"], 1);
    assert_eq!(s.manager.get("/api/v1/tasks?custom=x").await.status, 422);
    assert_eq!(s.sibling.get("/api/v1/tasks?q=HT-20&count=true").await.json["total"], 0);

    // Changed later, taken out by null; the trail says what was.
    let path = format!("/api/v1/tasks/{}/custom", second["id"].as_str().unwrap());
    let changed = s.manager.put(&path, json!({ "custom": { "budget": 20, "contract_no": "HT-1" } })).await;
    assert_eq!(
        changed.json["custom"],
        json!({ "budget": 20, "contract_no": "HT-1", "urgent": false }),
        "{}",
        changed.json
    );
    let changed = s.manager.put(&path, json!({ "custom": { "contract_no": null } })).await;
    assert_eq!(changed.json["custom"], json!({ "budget": 20, "urgent": false }));
    assert_eq!(s.manager.put(&path, json!({ "custom": { "urgent": null } })).await.status, 422);
    assert_eq!(s.sibling.put(&path, json!({ "custom": {} })).await.status, 404);
    assert_eq!(s.stranger.put(&path, json!({ "custom": {} })).await.status, 404);
    assert_eq!(s.rep.put(&path, json!({ "custom": {} })).await.status, 403);
    let trail = admin.get("/api/v1/audit?limit=100").await.json.to_string();
    assert!(trail.contains("task.custom") && trail.contains(r#"\"budget\":20"#), "{trail}");

    // On the board, where a desk narrows what waits; a customer's beside them, for whoever may see him.
    let shelf = json!({ "title": { "zh-CN": "客户" }, "fields": [{ "key": "cold", "type": "yes_no", "label": { "zh-CN": "冷链" } }] });
    published(admin, "customer", shelf).await;
    let customer = format!("/api/v1/customers/{}", s.customers[0]);
    assert_eq!(patched(admin, &customer, json!({ "cold": true })).await.status, 200);
    let board = s.manager.get(&format!("/api/v1/planning/board?day={DAY}")).await.json;
    let on_board =
        |id: &Value| board["tasks"].as_array().unwrap().iter().find(|t| t["id"] == *id).unwrap().clone();
    let (one, other) = (on_board(&first.json["id"]), on_board(&second["id"]));
    assert_eq!((&one["custom"]["budget"], &one["customer_custom"]), (&json!(500), &json!({ "cold": true })));
    assert_eq!((&other["custom"]["budget"], &other["customer_custom"]), (&json!(20), &json!({})));

    // In the file, and on the phone.
    let file = String::from_utf8(s.manager.get("/api/v1/tasks.csv").await.bytes).unwrap();
    assert!(file.lines().next().unwrap().ends_with("合同号,预算,加急"), "{file}");
    assert!(file.contains(",HT-2026,500,是"), "{file}");
    // The spreadsheet tells on its second sheet what was asked for.
    let asked = s.manager.request(Method::GET, "/api/v1/tasks.xlsx").query(&[
        ("custom", r#"[{"field":"budget","from":100}]"#),
        ("status", "new,overdue"),
        ("q", "任务"),
    ]);
    let book = s.manager.send(asked).await;
    let sheets = org::sheet::read_book(&book.bytes, &["说明"]).expect("a workbook");
    let about: Vec<&str> = sheets[1].1.iter().flatten().map(|(_, line)| line[1].as_str()).collect();
    assert_eq!(
        (about[..2].to_vec(), about[4], &about[6..]),
        (vec!["甲", "任务"], "1", &["待接受、已逾期", "任务", "从 100 起"][..]),
        "{about:?}"
    );
    assert!(!String::from_utf8(s.sibling.get("/api/v1/tasks.csv").await.bytes).unwrap().contains("HT-2026"));
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["task_fields"]["fields"][0]["key"], "contract_no");
    let carried =
        snapshot["tasks"].as_array().unwrap().iter().find(|t| t["id"] == first.json["id"]).unwrap().clone();
    assert_eq!(carried["custom"]["budget"], 500);

    // Who helps is asked what the one he helps is, as it was answered: no matter that a field was withdrawn since.
    let mut fewer = of_tasks();
    fewer["fields"].as_array_mut().unwrap().remove(0);
    published(admin, "task", fewer).await;
    let (helper, _) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let path = format!("/api/v1/tasks/{}/helpers", first.json["id"].as_str().unwrap());
    let helped = s.manager.post(&path, json!({ "employee_id": helper })).await;
    assert_eq!((helped.status, &helped.json["custom"]), (201, &first.json["custom"]), "{}", helped.json);
    assert_eq!(found(json!([{ "field": "urgent", "one_of": ["true"] }])).await, ["任务 0", "任务 0"]);
});

testkit::both!(formulas_know_own_fields_of_tasks, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let mut fields = of_tasks();
    fields["fields"][2].as_object_mut().unwrap().remove("required");
    published(admin, "task", fields).await;
    let form = json!({ "title": { "zh-CN": "陈列" }, "fields": [
        { "key": "ok", "type": "yes_no", "label": { "zh-CN": "整齐" } },
        { "key": "why", "type": "text", "label": { "zh-CN": "说明" }, "required": "task.budget > 100" } ] });
    let form = forms::published(admin, "display", form).await;
    for (k, budget, good) in [(0usize, 500, false), (1, 50, true)] {
        let made = forms::task(&s, &form, k).await;
        let path = format!("/api/v1/tasks/{}/custom", made["id"].as_str().unwrap());
        assert_eq!(s.manager.put(&path, json!({ "custom": { "budget": budget } })).await.status, 200);
        let at = 50 + 30 * k as i64;
        app.clock.set(minute(at + 10));
        let v = forms::arrive(&s, &made, k, at).await;
        let record = Uuid::now_v7();
        let sent = forms::filled_in(&v, record, at + 5, json!({ "ok": true }), &[]);
        let receipt = s.sync(&[sent]).await[0].clone();
        assert_eq!(receipt["status"] == "accepted", good, "{k} {receipt}");
        if good {
            // The budget grew since: the record is corrected by what it was judged with.
            assert_eq!(s.manager.put(&path, json!({ "custom": { "budget": 900 } })).await.status, 200);
            let path = format!("/api/v1/form-records/{record}");
            let body = json!({ "answers": { "ok": false }, "reason": "看错了" });
            let corrected = s.manager.patch(&path, 1, body).await;
            assert_eq!(corrected.status, 200, "{}", corrected.json);
        }
    }
});

fn of_equipment() -> Value {
    json!({ "title": { "zh-CN": "设备的自定义字段" }, "fields": [
        { "key": "power_kw", "type": "number", "places": 1, "min": 0, "max": 90, "label": { "zh-CN": "功率", "en": "Power" } },
        { "key": "rented", "type": "yes_no", "label": { "zh-CN": "租赁", "en": "Rented" } },
        { "key": "asset", "type": "text", "label": { "zh-CN": "资产号", "en": "Asset" } } ] })
}

testkit::both!(own_fields_and_types_of_equipment, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let service = desk(&s).await;
    published(admin, "equipment", of_equipment()).await;
    // Types: named once, kept in reach of the company, retired but kept where they are.
    let kind = async |name: &str| {
        s.manager.post("/api/v1/equipment-types", json!({ "terms": { "name": name } })).await
    };
    let fridge = kind("冷柜").await.json;
    let till = kind("收银机").await.json;
    let twice = kind(" 冷柜 ").await;
    assert_eq!((twice.status, twice.code()), (409, "service.name_taken"), "{}", twice.json);
    assert_eq!(kind("").await.status, 422);
    let same = json!({ "id": Uuid::now_v7(), "terms": { "name": " 秤 " } });
    for _ in 0..2 {
        let scales = s.manager.post("/api/v1/equipment-types", same.clone()).await;
        assert_eq!((scales.status, &scales.json["name"]), (201, &json!("秤")), "{}", scales.json);
    }
    assert_eq!(s.rep.post("/api/v1/equipment-types", json!({ "terms": { "name": "x" } })).await.status, 403);
    assert_eq!(s.stranger.get("/api/v1/equipment-types").await.json["items"], json!([]));
    let unknown = json!({ "terms": { "name": "带说明书", "manual_ids": [Uuid::now_v7()] } });
    assert_eq!(s.manager.post("/api/v1/equipment-types", unknown).await.code(), "knowledge.not_usable");

    // A piece with both.
    let new = json!({ "name": "立式冷柜", "code": "LG-1", "customer_id": s.customers[0], "type_id": fridge["id"], "custom": { "power_kw": 2.5, "rented": true } });
    let made = s.manager.post("/api/v1/equipment", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(
        (&made.json["kind"]["name"], &made.json["custom"]),
        (&json!("冷柜"), &json!({ "power_kw": 2.5, "rented": true }))
    );
    let path = format!("/api/v1/equipment/{}", made.json["id"].as_str().unwrap());
    let whole = json!({ "name": "立式冷柜", "customer_id": s.customers[0], "type_id": fridge["id"] });
    let with = |more: Value| {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let wrong = put_at(&s.manager, &path, 1, with(json!({ "custom": { "power_kw": 91 } }))).await;
    assert_eq!((wrong.status, &wrong.json["errors"][0]["field"]), (422, &json!("custom.power_kw")));
    let changed =
        put_at(&s.manager, &path, 1, with(json!({ "custom": { "asset": "ZC-77", "rented": null } }))).await;
    assert_eq!(changed.json["custom"], json!({ "power_kw": 2.5, "asset": "ZC-77" }), "{}", changed.json);
    let nowhere = put_at(&s.manager, &path, 2, with(json!({ "type_id": Uuid::now_v7() }))).await;
    assert_eq!((nowhere.status, &nowhere.json["errors"][0]["field"]), (422, &json!("type_id")));
    let retired = put_at(
        &s.manager,
        &format!("/api/v1/equipment-types/{}", till["id"].as_str().unwrap()),
        1,
        json!({ "name": "收银机", "active": false }),
    )
    .await;
    assert_eq!(retired.status, 200, "{}", retired.json);
    let late = put_at(&s.manager, &path, 2, with(json!({ "type_id": till["id"] }))).await;
    assert_eq!((late.status, late.code()), (422, "equipment.type_retired"));
    // A page that knows of no types leaves the type; null takes it out.
    let mut silent = whole.clone();
    silent.as_object_mut().unwrap().remove("type_id");
    let kept = put_at(&s.manager, &path, 2, silent).await;
    assert_eq!(kept.json["kind"]["name"], "冷柜", "{}", kept.json);
    let none = put_at(&s.manager, &path, 3, with(json!({ "type_id": null }))).await;
    assert_eq!((none.status, &none.json["kind"]), (200, &Value::Null), "{}", none.json);
    let again = put_at(&s.manager, &path, 4, whole.clone()).await;
    assert_eq!(again.json["kind"]["name"], "冷柜", "{}", again.json);
    // Renamed, its equipment goes along.
    let renamed = put_at(
        &s.manager,
        &format!("/api/v1/equipment-types/{}", fridge["id"].as_str().unwrap()),
        1,
        json!({ "name": "展示冷柜" }),
    )
    .await;
    assert_eq!(
        (&renamed.json["pieces"], &renamed.json["version"]),
        (&json!(1), &json!(2)),
        "{}",
        renamed.json
    );
    assert_eq!(s.manager.get(&path).await.json["equipment"]["kind"]["name"], "展示冷柜");

    // Found by type, by field, by words; nothing of it by a sibling.
    let of = |filter: &str| format!("/api/v1/equipment?count=true&{filter}");
    let kind_id = fridge["id"].as_str().unwrap();
    assert_eq!(s.manager.get(&of(&format!("type_id={kind_id}"))).await.json["total"], 1);
    assert_eq!(s.manager.get(&of("q=zc-7")).await.json["items"][0]["code"], "LG-1");
    assert_eq!(
        names(&s.manager, "/api/v1/equipment", &json!([{ "field": "power_kw", "from": 2 }])).await,
        ["立式冷柜"]
    );
    assert_eq!(
        names(&s.sibling, "/api/v1/equipment", &json!([{ "field": "power_kw", "from": 2 }])).await,
        Vec::<String>::new()
    );
    assert_eq!(s.manager.get(&of("custom=[]x")).await.status, 422);

    // A sheet: judged against what stands at the preview already, taken over, and out again as it came.
    let upload = async |sheet: &str| {
        admin
            .post_bytes("/api/v1/imports?kind=equipment&filename=a.csv", sheet.as_bytes().to_vec())
            .await
            .json
    };
    let sheet = "设备名称,客户,设备编号,设备类型,功率,租赁\n立式冷柜,客户 1,LG-1,展示冷柜,3,否\n新冷柜,客户 2,LG-2,展示冷柜,4.5,是\n坏的,客户 2,LG-3,没有的类型,宽,\n";
    let preview = upload(sheet).await;
    assert_eq!((&preview["ready"], &preview["error_rows"]), (&json!(2), &json!(1)), "{preview}");
    let columns: Vec<&str> =
        preview["errors"].as_array().unwrap().iter().map(|e| e["column"].as_str().unwrap()).collect();
    assert_eq!(columns, ["设备类型", "功率"], "{preview}");
    let commit = format!("/api/v1/imports/{}/commit", preview["id"].as_str().unwrap());
    let done = admin.post(&commit, json!({ "skip_errors": true })).await.json;
    assert_eq!((&done["created"], &done["updated"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(
        s.manager.get(&path).await.json["equipment"]["custom"],
        json!({ "power_kw": 3, "asset": "ZC-77", "rented": false })
    );
    let file = String::from_utf8(s.manager.get("/api/v1/equipment.csv").await.bytes).unwrap();
    assert!(file.lines().next().unwrap().ends_with("功率,租赁,资产号"), "{file}");
    assert!(file.contains("LG-2,新冷柜,展示冷柜,客户 2"), "{file}");
    let back = upload(&file).await;
    assert_eq!(back["error_rows"], 0, "{back}");
    // A retired type stays with what is of it in a sheet, and is given to nothing more.
    let of_fridges = format!("/api/v1/equipment-types/{kind_id}");
    let closed =
        put_at(&s.manager, &of_fridges, 2, json!({ "name": "展示冷柜", "active": false })).await.json;
    assert_eq!((&closed["active"], &closed["pieces"]), (&json!(false), &json!(2)), "{closed}");
    let stays = upload(&file).await;
    assert_eq!(stays["error_rows"], 0, "{stays}");
    let given = upload("设备名称,客户,设备编号,设备类型\n旧冷柜,客户 1,LG-9,展示冷柜\n").await;
    assert_eq!(
        (&given["error_rows"], &given["errors"][0]["code"]),
        (&json!(1), &json!("equipment.type_retired")),
        "{given}"
    );
    let open = put_at(&s.manager, &of_fridges, 3, json!({ "name": "展示冷柜" })).await;
    assert_eq!((open.status, &open.json["active"]), (200, &json!(true)), "{}", open.json);
    // A narrower limit: what stood may stay in a sheet that says nothing of it.
    let mut narrow = of_equipment();
    narrow["fields"][0]["max"] = json!(2);
    published(admin, "equipment", narrow).await;
    let kept = upload("设备名称,客户,设备编号,资产号\n立式冷柜,客户 1,LG-1,ZC-78\n").await;
    assert_eq!(kept["error_rows"], 0, "{kept}");
    let worse = upload("设备名称,客户,设备编号,功率\n立式冷柜,客户 1,LG-1,5\n").await;
    assert_eq!(worse["error_rows"], 1, "{worse}");

    // A plan for all of a type.
    let terms = json!({ "name": "冷柜保养", "type_id": service.kind["id"], "equipment_type_id": fridge["id"], "every": 3, "unit": "month", "start_on": "2026-11-30", "lead_days": 7 });
    let plan = s.manager.post("/api/v1/maintenance-plans", json!({ "terms": terms })).await;
    assert_eq!(
        (plan.status, &plan.json["equipment_type"]["name"]),
        (201, &json!("展示冷柜")),
        "{}",
        plan.json
    );
    let covered =
        s.manager.get(&format!("/api/v1/maintenance-plans/{}", plan.json["id"].as_str().unwrap())).await.json;
    let mut codes: Vec<&str> =
        covered["pieces"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["LG-1", "LG-2"], "{covered}");
    let mut both = terms.clone();
    both["model"] = json!("SC-320");
    assert_eq!(s.manager.post("/api/v1/maintenance-plans", json!({ "terms": both })).await.status, 422);

    // On the phone, with the fields.
    s.plan().await;
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["equipment_fields"]["fields"][0]["key"], "power_kw");
    let card = snapshot["equipment"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["equipment"]["code"] == "LG-1")
        .unwrap()
        .clone();
    assert_eq!((&card["equipment"]["custom"]["asset"], &card["manuals"]), (&json!("ZC-77"), &json!([])));
});

testkit::both!(manuals_come_with_the_type, |app| async move {
    let s = Scene::begin(&app).await;
    let (article, _) = crate::knowledge::filled(&app, &s).await;
    let kind = s
        .manager
        .post("/api/v1/equipment-types", json!({ "terms": { "name": "冷柜", "manual_ids": [article] } }))
        .await;
    assert_eq!(kind.status, 201, "{}", kind.json);
    assert_eq!(id(&kind.json["manuals"][0]["id"]), article);
    let new = json!({ "name": "立式冷柜", "customer_id": s.customers[0], "type_id": kind.json["id"] });
    let made = s.manager.post("/api/v1/equipment", new).await.json;
    let piece = format!("/api/v1/equipment/{}", made["id"].as_str().unwrap());
    let page = s.manager.get(&piece).await.json;
    assert_eq!(id(&page["manuals"][0]["id"]), article, "{page}");
    let listed = async |who: &Client| who.get("/api/v1/equipment-types").await.json["items"][0].clone();
    assert_eq!(listed(&s.rep).await["manual_ids"], json!([article]));

    // For another department alone: its title is told to those who may read it, and the type keeps it.
    let admin = &s.company.admin;
    let other = app.department(&s.company, "三区", s.company.root_department).await;
    let of_article = format!("/api/v1/articles/{article}");
    let version = admin.get(&of_article).await.json["version"].as_i64().unwrap();
    let narrow = json!({ "audience": { "departments": [other], "roles": [] } });
    assert_eq!(admin.patch(&of_article, version, narrow).await.status, 200);
    assert_eq!(id(&admin.get(&piece).await.json["manuals"][0]["id"]), article);
    assert_eq!(s.manager.get(&piece).await.json["manuals"], json!([]));
    let (edited, read) = (listed(&s.manager).await, listed(&s.rep).await);
    assert_eq!((&edited["manual_ids"], &edited["manuals"]), (&json!([article]), &json!([])));
    assert_eq!((&read["manual_ids"], &read["manuals"]), (&json!([]), &json!([])));
    let path = format!("/api/v1/equipment-types/{}", kind.json["id"].as_str().unwrap());
    let kept = put_at(&s.manager, &path, 1, json!({ "name": "展示冷柜", "manual_ids": [article] })).await;
    assert_eq!((kept.status, &kept.json["manual_ids"]), (200, &json!([article])), "{}", kept.json);
});

testkit::both!(rules_ask_for_answers_of_customers, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let fields = json!({ "title": { "zh-CN": "客户的自定义字段" }, "fields": [
        { "key": "fridge", "type": "yes_no", "label": { "zh-CN": "冷柜", "en": "Fridge" } },
        { "key": "metres", "type": "number", "label": { "zh-CN": "米数" } } ] });
    let rule = json!({ "name": "A 类有冷柜", "terms": { "grades": ["A"], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5],
        "visit_minutes": 30, "fields": [{ "field": "fridge", "one_of": ["true"] }, { "field": "metres", "from": 3.5 }] } });
    // Nothing of the kind before it is published.
    let refused = admin.post("/api/v1/frequency/rules", rule.clone()).await;
    assert_eq!(
        (refused.status, &refused.json["errors"][0]["field"]),
        (422, &json!("terms.fields")),
        "{}",
        refused.json
    );
    published(admin, "customer", fields).await;
    for (k, answers) in [
        (0, json!({ "fridge": true, "metres": 4 })),
        (1, json!({ "fridge": true, "metres": 2 })),
        (2, json!({ "fridge": false, "metres": 9 })),
    ] {
        let path = format!("/api/v1/customers/{}", s.customers[k]);
        assert_eq!(patched(admin, &path, answers).await.status, 200);
    }
    let made = admin.post("/api/v1/frequency/rules", rule.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(made.json["terms"]["fields"], rule["terms"]["fields"]);
    let weeks = json!({ "from": "2026-11-23", "weeks": 1 });
    let seen = s.manager.post("/api/v1/frequency/preview", weeks.clone()).await.json;
    assert_eq!((&seen["fresh"], &seen["without_rule"]), (&json!(1), &json!(4)), "{seen}");
    // A second shop gets one, and is planned with the first.
    patched(admin, &format!("/api/v1/customers/{}", s.customers[1]), json!({ "metres": 4 })).await;
    let done = s.manager.post("/api/v1/frequency/generate", weeks).await.json;
    assert_eq!(done["tasks"], 2, "{done}");
    // Bad conditions, and more than four.
    for bad in [
        json!([{ "field": "nope" }]),
        json!([{ "field": "metres", "from": "a" }]),
        json!([{ "field": "metres" }, { "field": "metres" }, { "field": "metres" }, { "field": "metres" }, { "field": "metres" }]),
    ] {
        let mut wrong = rule.clone();
        wrong["terms"]["fields"] = bad.clone();
        let refused = admin.post("/api/v1/frequency/rules", wrong).await;
        assert_eq!(
            (refused.status, &refused.json["errors"][0]["field"]),
            (422, &json!("terms.fields")),
            "{bad}"
        );
    }
});
