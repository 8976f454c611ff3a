//! Maintenance plans by date and by meter: made once each, left out, resting, read on phones and from sheets.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::{
    orders::{Desk, desk},
    scene::{Scene, id, item, minute},
};

async fn made(client: &Client, path: &str, body: Value) -> Value {
    let reply = client.post(path, body).await;
    assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.json);
    reply.json
}

fn monthly(d: &Desk) -> Value {
    json!({ "name": "季度保养", "type_id": d.kind["id"], "equipment_id": d.equipment["id"], "every": 3, "unit": "month", "start_on": "2026-11-30",
        "lead_days": 7, "detail": "清洁冷凝器" })
}

/// A plan for other tests.
pub async fn planned(s: &Scene, d: &Desk) -> Uuid {
    id(&made(&s.manager, "/api/v1/maintenance-plans", json!({ "terms": monthly(d) })).await["id"])
}

/// A meter on a piece of its own, for other tests.
pub async fn metered(s: &Scene) -> Value {
    let piece = made(
        &s.company.admin,
        "/api/v1/equipment",
        json!({ "name": "空压机", "customer_id": s.customers[0] }),
    )
    .await;
    let path = format!("/api/v1/equipment/{}/meters", piece["id"].as_str().expect("id"));
    made(&s.company.admin, &path, json!({ "name": "运行小时", "unit": "h" })).await["id"].clone()
}

async fn page(s: &Scene, plan: Uuid) -> Value {
    let reply = s.manager.get(&format!("/api/v1/maintenance-plans/{plan}")).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

async fn orders(s: &Scene) -> Vec<Value> {
    let all = s.manager.get("/api/v1/orders?limit=100").await;
    assert_eq!(all.status, 200, "{}", all.json);
    let all = all.json;
    let planned = |o: &&Value| o["source"] == "plan";
    all["items"].as_array().expect("orders").iter().filter(planned).cloned().collect()
}

async fn put(client: &Client, path: &str, version: i64, body: Value) -> testkit::Reply {
    let request = client.request(reqwest::Method::PUT, path).header("if-match", format!("\"{version}\""));
    client.send(request.json(&body)).await
}

testkit::both!(a_plan_by_date_makes_each_order_once, |app: App| async move {
    let mut s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    let new = json!({ "id": Uuid::now_v7(), "terms": monthly(&d) });
    let plan = made(&s.manager, "/api/v1/maintenance-plans", new.clone()).await;
    assert_eq!(
        made(&s.manager, "/api/v1/maintenance-plans", new).await["id"],
        plan["id"],
        "sent twice is one plan"
    );
    let plan_id = id(&plan["id"]);
    let today = page(&s, plan_id).await;
    assert_eq!(today["pieces"][0]["due_on"], "2026-11-30");
    let ahead: Vec<&str> =
        today["ahead"].as_array().unwrap().iter().map(|a| a["on"].as_str().unwrap()).collect();
    assert_eq!(
        ahead,
        ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"],
        "the last of a month comes back"
    );
    assert!(orders(&s).await.is_empty(), "ten days ahead is too early");

    // A week ahead, in the night: one order, however often it is looked at.
    app.clock.set(minute(60 + 4 * 1440));
    let terms = monthly(&d);
    let path = format!("/api/v1/maintenance-plans/{plan_id}");
    for version in 1..=3 {
        let done = put(&s.manager, &path, version, terms.clone()).await;
        assert_eq!(done.status, 200, "{}", done.json);
    }
    let all = orders(&s).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((&all[0]["title"], &all[0]["equipment"]["id"]), (&json!("季度保养"), &d.equipment["id"]));
    let standing = page(&s, plan_id).await;
    assert_eq!(
        (&standing["pieces"][0]["order"]["name"], &standing["pieces"][0]["overdue"]),
        (&all[0]["number"], &json!(false))
    );
    assert_eq!(
        (&standing["turns"][0]["due_on"], &standing["pieces"][0]["due_on"]),
        (&json!("2026-11-30"), &json!("2027-02-28"))
    );

    // Its day passes: overdue, on the list and on the equipment.
    app.clock.set(minute(60 + 11 * 1440));
    let overdue = s.manager.get("/api/v1/maintenance-dues?overdue=true").await.json;
    assert_eq!(overdue["items"].as_array().unwrap().len(), 1, "{overdue}");
    let of_piece = format!("/api/v1/maintenance-dues?equipment_id={}", d.equipment["id"].as_str().unwrap());
    assert_eq!(s.manager.get(&of_piece).await.json["items"][0]["plan"]["name"], "季度保养");
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&of_piece).await.status, 404);
        assert_eq!(other.get("/api/v1/maintenance-dues").await.json["items"], json!([]));
        assert_eq!(put(other, &path, 4, terms.clone()).await.status, 404);
    }

    // Called off, the next turn is left out with a reason, once; another one at the same moment is refused.
    let cancel = format!("/api/v1/orders/{}/cancel", all[0]["id"].as_str().unwrap());
    made(&s.manager, &cancel, json!({ "reason": "客户停业" })).await;
    let skip = |due: &str| json!({ "equipment_id": d.equipment["id"], "due_on": due, "reason": "客户停业" });
    let wrong = s.manager.post(&format!("{path}/skip"), skip("2027-05-30")).await;
    assert_eq!((wrong.status, &wrong.json["code"]), (409, &json!("maintenance.moved_on")), "{}", wrong.json);
    for _ in 0..2 {
        let left_out = made(&s.manager, &format!("{path}/skip"), skip("2027-02-28")).await;
        assert_eq!(left_out["pieces"][0]["due_on"], "2027-05-30");
        assert_eq!(
            (&left_out["turns"][0]["reason"], left_out["turns"].as_array().unwrap().len()),
            (&json!("客户停业"), 2)
        );
    }

    // Resting, nothing is made; going on, what was missed together is one.
    let resting = json!({ "paused": true });
    let mut rests = terms.clone();
    rests["paused"] = resting["paused"].clone();
    assert_eq!(put(&s.manager, &path, 4, rests).await.status, 200);
    app.clock.set(minute(60 + 400 * 1440));
    // Nobody is signed in for a year.
    s.manager = app.sign_in("chenjing", testkit::PASSWORD).await;
    assert_eq!(page(&s, plan_id).await["ahead"], json!([]));
    assert_eq!(put(&s.manager, &path, 5, terms.clone()).await.status, 200);
    let all = orders(&s).await;
    assert_eq!(all.iter().filter(|o| o["status"] == "new").count(), 1, "{all:?}");
    let page = page(&s, plan_id).await;
    assert_eq!(page["turns"][0]["due_on"], "2027-11-30", "the newest of those that were missed");

    let bad = s.manager.post("/api/v1/maintenance-plans", json!({ "terms": { "name": "", "type_id": d.kind["id"], "start_on": "2026-11-30", "lead_days": 91 } })).await;
    let fields: Vec<&str> =
        bad.json["errors"].as_array().into_iter().flatten().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(bad.status, 422, "{}", bad.json);
    assert!(
        ["name", "equipment_id", "every", "lead_days"].iter().all(|f| fields.contains(f)),
        "{}",
        bad.json
    );
});

testkit::both!(a_meter_counts_on_through_its_replacement, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    let piece = d.equipment["id"].as_str().unwrap().to_owned();
    let meters = format!("/api/v1/equipment/{piece}/meters");
    let meter = made(&s.manager, &meters, json!({ "name": "运行小时", "unit": "h" })).await;
    let twice = s.manager.post(&meters, json!({ "name": "运行小时", "unit": "h" })).await;
    assert_eq!((twice.status, &twice.json["code"]), (409, &json!("service.code_taken")));
    let reading = |value: i64, replaced: bool| json!({ "id": Uuid::now_v7(), "meter_id": meter["id"], "value": value, "replaced": replaced });
    made(&s.manager, "/api/v1/meter-readings", reading(10_000, false)).await;

    // All pieces of the model, every 500 hours from where it stands.
    let terms = json!({ "name": "500 小时保养", "type_id": d.kind["id"], "model": "SC-320", "start_on": "2026-11-20", "lead_days": 0, "meter": "运行小时", "meter_every": 500 });
    let plan = id(&made(&s.manager, "/api/v1/maintenance-plans", json!({ "terms": terms })).await["id"]);
    assert_eq!(page(&s, plan).await["pieces"][0]["due_total"], 10_500);
    app.clock.set(minute(60 + 10 * 1440));
    made(&s.manager, "/api/v1/meter-readings", reading(10_400, false)).await;
    let now = page(&s, plan).await;
    assert_eq!(
        (&now["pieces"][0]["expected_on"], now["ahead"].as_array().unwrap().len() > 10),
        (&json!("2026-12-03"), true),
        "40 hours a day"
    );
    assert!(orders(&s).await.is_empty());

    // Below the last: asked about; said to be another meter it counts on.
    let lower = s.manager.post("/api/v1/meter-readings", reading(50, false)).await;
    assert_eq!((lower.status, &lower.json["code"]), (409, &json!("meter.lower")), "{}", lower.json);
    assert!(lower.json["detail"].as_str().unwrap().contains("10400"), "{}", lower.json);
    let replaced = made(&s.manager, "/api/v1/meter-readings", reading(0, true)).await;
    assert_eq!((&replaced["value"], &replaced["total"]), (&json!(0), &json!(10_400)));

    // On the phone, at an order of his: the same reading twice is one, and what is due by it becomes an order.
    let order = crate::orders::taken(&s, &d).await;
    made(
        &s.manager,
        &format!("/api/v1/orders/{}/assign", order["order"]["id"].as_str().unwrap()),
        json!({ "employee_id": s.rep_id }),
    )
    .await;
    let carried = s.snapshot().await["orders"][0]["meters"].clone();
    assert_eq!((&carried[0]["name"], &carried[0]["value"]), (&json!("运行小时"), &json!(0)));
    let at = minute(61 + 10 * 1440);
    app.clock.set(minute(62 + 10 * 1440));
    let body = |value: i64| json!({ "reading_id": Uuid::now_v7(), "order_id": order["order"]["id"], "meter_id": meter["id"], "value": value });
    let read = item("order.reading", at, body(1_720));
    let first = s.sync(std::slice::from_ref(&read)).await;
    assert_eq!(first[0]["status"], "accepted", "{first:?}");
    assert_eq!(s.sync(&[read]).await[0]["status"], "duplicate");
    let low = s.sync(&[item("order.reading", minute(62 + 10 * 1440), body(5))]).await;
    assert_eq!(low[0]["code"], "meter.lower", "{low:?}");
    // The watching looks by itself within a minute; a change of the plan does at once.
    let touched = put(&s.manager, &format!("/api/v1/maintenance-plans/{plan}"), 1, terms).await;
    assert_eq!(touched.status, 200, "{}", touched.json);
    let all = orders(&s).await;
    assert_eq!(all.len(), 1, "{all:?}");
    let turn = page(&s, plan).await["turns"][0].clone();
    assert_eq!(
        (&turn["kind"], &turn["due_total"]),
        (&json!("meter"), &json!(12_000)),
        "10400 and 1720: those passed together are one"
    );

    // From a sheet: the oldest first, faulty lines are told.
    let code = d.equipment["code"].as_str().unwrap();
    app.clock.set(minute(60 + 20 * 1440));
    let sheet = format!(
        "设备编号,仪表,读数,抄表日期,换表\n{code},运行小时,1900,2026-12-08,\n{code},运行小时,1800,2026-12-05,\n{code},运行小时,7,2026-12-09,\n{code},没有,1,,\n"
    );
    let import =
        s.manager.post_bytes("/api/v1/imports?kind=meter-readings&filename=m.csv", sheet.into_bytes()).await;
    assert_eq!(
        (import.status, &import.json["ready"], &import.json["error_rows"]),
        (201, &json!(2), &json!(2)),
        "{}",
        import.json
    );
    let commit = format!("/api/v1/imports/{}/commit", import.json["id"].as_str().unwrap());
    let done = s.manager.post(&commit, json!({ "skip_errors": true })).await;
    assert!(done.status < 300, "{}", done.json);
    let all = s.manager.get(&meters).await.json;
    assert_eq!((&all["items"][0]["value"], &all["items"][0]["total"]), (&json!(1900), &json!(12_300)));
    assert_eq!(s.sibling.get(&meters).await.status, 404);
    assert_eq!(s.sibling.post("/api/v1/meter-readings", reading(9_999, false)).await.status, 404);
});

/// A reading of a meter, for other tests.
pub async fn misread(s: &Scene, meter: &Value) -> Uuid {
    let reading = Uuid::now_v7();
    let body = json!({ "id": reading, "meter_id": meter, "value": 0 });
    made(&s.company.admin, "/api/v1/meter-readings", body).await;
    reading
}

async fn call_off(s: &Scene, order: &Value) {
    let path = format!("/api/v1/orders/{}/cancel", order["id"].as_str().expect("id"));
    made(&s.manager, &path, json!({ "reason": "不需要" })).await;
}

testkit::both!(a_plan_whose_meter_changes_counts_anew, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    let meters = format!("/api/v1/equipment/{}/meters", d.equipment["id"].as_str().unwrap());
    let hours = made(&s.manager, &meters, json!({ "name": "运行小时", "unit": "h" })).await["id"].clone();
    let starts = made(&s.manager, &meters, json!({ "name": "启动次数", "unit": "次" })).await["id"].clone();
    let read = async |meter: &Value, value: i64| {
        made(&s.manager, "/api/v1/meter-readings", json!({ "meter_id": meter, "value": value })).await
    };
    read(&hours, 10_000).await;
    read(&starts, 40).await;
    let terms = |meter: &str, every: i64| json!({ "name": "换油", "type_id": d.kind["id"], "model": "SC-320", "start_on": "2026-11-20", "lead_days": 0, "meter": meter, "meter_every": every });
    let plan =
        id(&made(&s.manager, "/api/v1/maintenance-plans", json!({ "terms": terms("运行小时", 500) })).await
            ["id"]);
    let path = format!("/api/v1/maintenance-plans/{plan}");
    app.clock.set(minute(70));
    read(&hours, 10_600).await;
    assert_eq!(orders(&s).await.len(), 1);
    call_off(&s, &orders(&s).await[0]).await;

    // By another meter: from what that one says now, not from what the first was due at.
    app.clock.set(minute(80));
    assert_eq!(put(&s.manager, &path, 1, terms("启动次数", 100)).await.status, 200);
    assert_eq!(page(&s, plan).await["pieces"][0]["due_total"], 140);
    app.clock.set(minute(90));
    read(&starts, 145).await;
    let all = orders(&s).await;
    assert_eq!(all.len(), 2, "{all:?}");
    call_off(&s, all.iter().find(|o| o["status"] == "new").expect("the new one")).await;

    // Back again: from what the first one says by now.
    app.clock.set(minute(100));
    assert_eq!(put(&s.manager, &path, 2, terms("运行小时", 500)).await.status, 200);
    assert_eq!(page(&s, plan).await["pieces"][0]["due_total"], 11_100);
});

testkit::both!(a_wrong_reading_is_withdrawn_and_a_late_one_adds_up, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    let meters = format!("/api/v1/equipment/{}/meters", d.equipment["id"].as_str().unwrap());
    let meter = made(&s.manager, &meters, json!({ "name": "运行小时", "unit": "h" })).await["id"].clone();
    let reading = |value: i64, more: Value| {
        let mut body = json!({ "id": Uuid::now_v7(), "meter_id": meter, "value": value });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let now = async || s.manager.get(&meters).await.json["items"][0].clone();
    made(&s.manager, "/api/v1/meter-readings", reading(10_000, json!({}))).await;
    let terms = json!({ "name": "换油", "type_id": d.kind["id"], "model": "SC-320", "start_on": "2026-11-20", "lead_days": 0, "meter": "运行小时", "meter_every": 500 });
    let plan = id(&made(&s.manager, "/api/v1/maintenance-plans", json!({ "terms": terms })).await["id"]);

    // A digit too many: the plan would be silent for years.
    app.clock.set(minute(70));
    let wrong = reading(100_400, json!({}));
    made(&s.manager, "/api/v1/meter-readings", wrong.clone()).await;
    assert_eq!(page(&s, plan).await["turns"][0]["due_total"], 100_000);
    let withdraw = format!("/api/v1/meter-readings/{}/withdraw", wrong["id"].as_str().unwrap());
    assert_eq!(s.manager.post(&withdraw, json!({ "reason": " " })).await.status, 422);
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.post(&withdraw, json!({ "reason": "抄错" })).await.status, 404);
    }
    assert_eq!(s.rep.post(&withdraw, json!({ "reason": "抄错" })).await.status, 403);
    for _ in 0..2 {
        let back = made(&s.manager, &withdraw, json!({ "reason": "多抄一位" })).await;
        assert_eq!((&back["value"], &back["total"]), (&json!(10_000), &json!(10_000)));
    }
    let standing = page(&s, plan).await;
    assert_eq!(
        (&standing["turns"][0]["kind"], &standing["pieces"][0]["due_total"]),
        (&json!("void"), &json!(10_500))
    );
    let kept = now().await["readings"].clone();
    assert_eq!(
        (kept.as_array().unwrap().len(), &kept[0]["withdrawn_reason"], &kept[0]["withdrawn_by"]["name"]),
        (2, &json!("多抄一位"), &json!("陈静"))
    );
    call_off(&s, &orders(&s).await[0]).await;

    // The right one is no lower than the last that counts, and makes the turn it comes to.
    app.clock.set(minute(200));
    made(&s.manager, "/api/v1/meter-readings", reading(10_600, json!({}))).await;
    assert_eq!(page(&s, plan).await["turns"][0]["due_total"], 10_500);
    assert_eq!(orders(&s).await.iter().filter(|o| o["status"] == "new").count(), 1);

    // Late, and above the one after it: refused. Late and between them: taken.
    let at = |m: i64| minute(m).timestamp().to_string();
    let high = reading(10_700, json!({ "at": at(100) }));
    let high = s.manager.post("/api/v1/meter-readings", high).await;
    assert_eq!((high.status, high.code()), (409, "meter.higher"), "{}", high.json);
    made(&s.manager, "/api/v1/meter-readings", reading(10_300, json!({ "at": at(100) }))).await;
    assert_eq!(now().await["total"], 10_600);
    // Another meter in between: what came after it is added up anew, and again when that was wrong.
    let replaced = reading(5, json!({ "at": at(120), "replaced": true }));
    made(&s.manager, "/api/v1/meter-readings", replaced.clone()).await;
    assert_eq!((&now().await["value"], &now().await["total"]), (&json!(10_600), &json!(10_300 + 10_600)));
    let withdraw = format!("/api/v1/meter-readings/{}/withdraw", replaced["id"].as_str().unwrap());
    let back = made(&s.manager, &withdraw, json!({ "reason": "没有换表" })).await;
    assert_eq!((&back["value"], &back["total"]), (&json!(10_600), &json!(10_600)));
});

testkit::both!(a_plan_asks_no_past_work_and_says_why_it_makes_none, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    // Monthly since January; the piece is of today.
    let terms = json!({ "name": "月度保养", "type_id": d.kind["id"], "model": "SC-320", "every": 1, "unit": "month", "start_on": "2026-01-10", "lead_days": 0 });
    let plan = id(&made(&s.manager, "/api/v1/maintenance-plans", json!({ "terms": terms })).await["id"]);
    let path = format!("/api/v1/maintenance-plans/{plan}");
    assert_eq!(page(&s, plan).await["pieces"][0]["due_on"], "2026-12-10");
    assert!(orders(&s).await.is_empty(), "nothing of the time before it");

    let customer = format!("/api/v1/customers/{}", s.customers[0]);
    let set = async |status: &str| {
        let version = s.company.admin.get(&customer).await.json["version"].as_i64().unwrap();
        let done = s.company.admin.patch(&customer, version, json!({ "status": status })).await;
        assert_eq!(done.status, 200, "{}", done.json);
    };
    set("archived").await;
    app.clock.set(minute(60 + 20 * 1440));
    assert_eq!(put(&s.manager, &path, 1, terms.clone()).await.status, 200);
    let standing = page(&s, plan).await;
    assert_eq!(
        (&standing["pieces"][0]["blocked"], &standing["pieces"][0]["overdue"]),
        (&json!("customer_archived"), &json!(false))
    );
    assert!(orders(&s).await.is_empty(), "nobody goes to an archived customer");
    set("active").await;

    let kind = format!("/api/v1/order-types/{}", d.kind["id"].as_str().unwrap());
    let mut retired = d.kind.clone();
    for own in ["id", "version", "template"] {
        retired.as_object_mut().unwrap().remove(own);
    }
    retired["active"] = json!(false);
    let done = put(&s.manager, &kind, 1, retired.clone()).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(put(&s.manager, &path, 2, terms.clone()).await.status, 200);
    let standing = page(&s, plan).await;
    assert_eq!(
        (&standing["plan"]["blocked"], &standing["pieces"][0]["blocked"]),
        (&json!("type_retired"), &json!("type_retired"))
    );
    assert!(orders(&s).await.is_empty());
    retired["active"] = json!(true);
    assert_eq!(put(&s.manager, &kind, 2, retired).await.status, 200);
    assert_eq!(put(&s.manager, &path, 3, terms).await.status, 200);
    assert_eq!(orders(&s).await.len(), 1);
    assert_eq!(page(&s, plan).await["plan"]["blocked"], Value::Null);
});
