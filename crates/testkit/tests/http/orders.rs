//! Work orders from the desk to the signature, as the desk, the phone and the customer see them.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, minute, place, sha256};

/// What a service desk has before the first order.
pub struct Desk {
    pub kind: Value,
    pub equipment: Value,
    pub part: Uuid,
    pub store: Uuid,
}

async fn made(client: &Client, path: &str, body: Value) -> Value {
    let reply = client.post(path, body).await;
    assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.json);
    reply.json
}

/// Changes the first version of something.
async fn put(client: &Client, path: &str, body: Value) -> testkit::Reply {
    client.send(client.request(reqwest::Method::PUT, path).header("if-match", "\"1\"").json(&body)).await
}

/// The type all these orders are of: an inspection of two steps, one of which can fail.
pub async fn desk(s: &Scene) -> Desk {
    let steps = json!([
        { "title": "制冷", "kind": "choice", "options": ["合格", "不合格"] },
        { "title": "清洁", "kind": "choice", "options": ["合格", "不合格"] },
    ]);
    let template = made(
        &s.manager,
        "/api/v1/task-templates",
        json!({ "name": "检修", "kind": "repair", "steps": steps }),
    )
    .await;
    let terms = json!({
        "name": "上门维修", "template_id": template["id"], "answer_minutes": 15, "response_minutes": 120, "finish_minutes": 240,
        "service_minutes": 60, "signature": true, "parts": true, "pauses": [{ "reason": "等待备件", "stops": true }], "fails": ["不合格"], "active": true
    });
    let kind = made(&s.manager, "/api/v1/order-types", json!({ "terms": terms })).await;
    let new = json!({ "name": "立式冰柜", "model": "SC-320", "serial": "SN1", "customer_id": s.customers[0], "warranty_until": "2027-01-01" });
    let equipment = made(&s.manager, "/api/v1/equipment", new).await;
    let part = made(
        &s.manager,
        "/api/v1/parts",
        json!({ "code": "FAN-1", "name": "风扇", "unit": "个", "price_minor": 4500, "active": true }),
    )
    .await;
    let store = made(&s.manager, "/api/v1/stocks", json!({ "name": "总仓" })).await;
    Desk { kind, equipment, part: id(&part["id"]), store: id(&store["id"]) }
}

fn new_order(s: &Scene, d: &Desk) -> Value {
    json!({ "id": Uuid::now_v7(), "type_id": d.kind["id"], "customer_id": s.customers[0], "equipment_id": d.equipment["id"],
        "title": "冰柜不制冷", "detail": "压缩机不转", "priority": 2, "contact_name": "王店长", "contact_phone": "13812342207" })
}

/// An order that was taken in, for other tests.
pub async fn taken(s: &Scene, d: &Desk) -> Value {
    made(&s.manager, "/api/v1/orders", new_order(s, d)).await
}

async fn order(s: &Scene, order: &Value) -> Value {
    let reply =
        s.manager.get(&format!("/api/v1/orders/{}", order["order"]["id"].as_str().expect("id"))).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

async fn assign(s: &Scene, o: &Value) -> Value {
    let path = format!("/api/v1/orders/{}/assign", o["order"]["id"].as_str().expect("id"));
    made(&s.manager, &path, json!({ "id": Uuid::now_v7(), "employee_id": s.rep_id })).await
}

fn moves(o: &Value) -> Vec<String> {
    let events = o["events"].as_array().expect("events");
    events.iter().map(|e| e["move"].as_str().expect("move").to_owned()).collect()
}

fn of(o: &Value) -> Value {
    o["order"]["id"].clone()
}

/// The clock of a test runs on: a moment without its seconds.
fn to_minute(at: &Value) -> &str {
    at.as_str().and_then(|t| t.get(..16)).unwrap_or("")
}

fn strokes() -> Value {
    json!([
        [[100, 100], [200, 300], [300, 100], [400, 300], [500, 100]],
        [[600, 200], [700, 210], [800, 190], [900, 200]]
    ])
}

fn in_van(stocks: &Value, van: Uuid, part: Uuid) -> i64 {
    let items = stocks["items"].as_array().expect("stocks");
    let van = items.iter().find(|x| x["id"] == json!(van)).expect("van");
    let line = van["lines"].as_array().expect("lines").iter().find(|l| l["part"]["id"] == json!(part));
    line.map_or(0, |l| l["quantity"].as_i64().expect("quantity"))
}

async fn receipts_of(s: &Scene, items: &[Value]) -> Vec<(String, String)> {
    let text = |r: &Value, k: &str| r[k].as_str().unwrap_or("").to_owned();
    s.sync(items).await.iter().map(|r| (text(r, "status"), text(r, "code"))).collect()
}

testkit::both!(an_order_from_the_desk_to_the_signature, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    // Numbers have no gaps, also when a request is refused in between.
    let first = taken(&s, &d).await;
    assert_eq!(first["order"]["number"], "WO-202611-0001");
    let bad = s.manager.post("/api/v1/orders", json!({ "type_id": d.kind["id"], "customer_id": s.customers[1], "equipment_id": d.equipment["id"], "title": "x", "priority": 1 })).await;
    assert_eq!((bad.status, bad.json["code"].as_str()), (422, Some("order.equipment")), "{}", bad.json);
    let again = new_order(&s, &d);
    let once = made(&s.manager, "/api/v1/orders", again.clone()).await;
    assert_eq!(once["order"]["number"], "WO-202611-0002");
    assert_eq!(made(&s.manager, "/api/v1/orders", again).await["order"]["id"], once["order"]["id"]);
    // 9:30 on a Friday: two working hours from then, and four.
    assert_eq!(to_minute(&first["order"]["response"]["due"]), "2026-11-20T03:30");
    assert_eq!(to_minute(&first["order"]["finish"]["due"]), "2026-11-20T05:30");

    // Two fans into the van: three received, two handed over.
    let move_of = |kind: &str, from: Option<Uuid>, to: Option<Uuid>, quantity: i64| json!({ "id": Uuid::now_v7(), "kind": kind, "part_id": d.part, "from_id": from, "to_id": to, "quantity": quantity });
    made(&s.manager, "/api/v1/stocks", json!({ "van_of": s.rep_id })).await;
    made(&s.manager, "/api/v1/stock-moves", move_of("receive", None, Some(d.store), 3)).await;
    let short =
        s.manager.post("/api/v1/stock-moves", move_of("transfer", Some(d.store), Some(s.rep_id), 4)).await;
    assert_eq!((short.status, short.json["code"].as_str()), (409, Some("stock.short")), "{}", short.json);
    let transfer = move_of("transfer", Some(d.store), Some(s.rep_id), 2);
    let stocks = made(&s.manager, "/api/v1/stock-moves", transfer.clone()).await;
    assert_eq!((in_van(&stocks, s.rep_id, d.part), in_van(&stocks, d.store, d.part)), (2, 1));
    let stocks = made(&s.manager, "/api/v1/stock-moves", transfer).await;
    assert_eq!(in_van(&stocks, s.rep_id, d.part), 2, "the same move again is the same move");

    let given = assign(&s, &first).await;
    assert_eq!(given["order"]["status"], "assigned");
    assert_eq!(to_minute(&given["order"]["expires_at"]), "2026-11-20T01:45");
    let snapshot = s.snapshot().await;
    let carried = &snapshot["orders"][0];
    assert_eq!(
        (&carried["order"]["number"], &carried["equipment_card"]["model"]),
        (&json!("WO-202611-0001"), &json!("SC-320"))
    );
    assert_eq!(carried["history"].as_array().map(Vec::len), Some(1), "the other order of the same equipment");
    assert_eq!(snapshot["van"]["lines"][0]["quantity"], 2);
    let task = snapshot["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .find(|t| t["id"] == given["order"]["task_id"])
        .expect("the task")
        .clone();

    // The whole of it without a network, sent at once; the phone's clock is an hour behind.
    let visit = Uuid::now_v7();
    let oid = of(&first);
    let at = |m: i64| minute(m - 60);
    let step = |k: usize, value: &str| json!({ "visit_id": visit, "step_id": task["steps"][k]["id"], "status": "done", "value": value });
    let used = json!({ "move_id": Uuid::now_v7(), "order_id": oid, "part_id": d.part, "quantity": 2 });
    let items = vec![
        item("order.accept", at(92), json!({ "order_id": oid })),
        item("task.on_the_way", at(95), json!({ "task_id": task["id"] })),
        item(
            "visit.check_in",
            at(110),
            json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": fix(place(0), 9.0, at(110)), "offline": true }),
        ),
        item("visit.step", at(115), step(0, "合格")),
        item("visit.step", at(116), step(1, "不合格")),
        item("order.part", at(120), used.clone()),
        item(
            "order.request",
            at(121),
            json!({ "request_id": Uuid::now_v7(), "order_id": oid, "part_id": d.part, "quantity": 1, "note": "备用" }),
        ),
        item("order.finish", at(130), json!({ "order_id": oid, "result": "更换风扇", "labour_minutes": 45 })),
        item("order.sign", at(132), json!({ "order_id": oid, "signer": "王店长", "strokes": strokes() })),
    ];
    app.clock.set(minute(100));
    s.taken(&items).await;
    // A lost answer: everything again changes nothing.
    assert!(s.sync(&items).await.iter().all(|r| r["status"] == "duplicate"));

    let done = order(&s, &first).await;
    assert_eq!(done["order"]["status"], "closed");
    assert_eq!(moves(&done), ["take", "assign", "accept", "set_out", "arrive", "finish", "sign"]);
    // Nothing is back-dated: every move lies between the one before and its receipt.
    let times: Vec<&str> =
        done["events"].as_array().expect("events").iter().map(|e| e["at"].as_str().expect("at")).collect();
    assert!(times.windows(2).all(|w| w[0] <= w[1]), "{times:?}");
    assert!(times.iter().all(|t| *t >= "2026-11-20T01:30"), "{times:?}");
    assert_eq!(
        done["events"][2]["claimed_at"], "2026-11-20T00:32:00Z",
        "what the phone said is kept beside it"
    );
    assert_eq!(
        (&done["parts"][0]["quantity"], &done["parts_minor"], &done["parts"][0]["short"]),
        (&json!(2), &json!(9000), &json!(0))
    );
    assert_eq!(done["requests"].as_array().map(Vec::len), Some(1));
    let stocks = s.manager.get("/api/v1/stocks").await.json;
    assert_eq!(in_van(&stocks, s.rep_id, d.part), 0, "the van holds two fewer");
    // The failed item is an order of its own.
    let failed = &done["follow_ups"][0];
    let failed =
        s.manager.get(&format!("/api/v1/orders/{}", failed["id"].as_str().expect("a follow-up"))).await.json;
    assert_eq!(
        (&failed["order"]["title"], &failed["order"]["source"], &failed["order"]["status"]),
        (&json!("清洁：不合格"), &json!("check"), &json!("new"))
    );

    // The request is fulfilled by a transfer.
    let asked = s.manager.get("/api/v1/part-requests").await.json;
    let request = asked["items"][0]["id"].as_str().expect("a request").to_owned();
    let path = format!("/api/v1/part-requests/{request}/fulfil");
    assert_eq!(made(&s.manager, &path, json!({ "from_id": d.store })).await["items"], json!([]));
    let stocks = s.manager.get("/api/v1/stocks").await.json;
    assert_eq!((in_van(&stocks, s.rep_id, d.part), in_van(&stocks, d.store, d.part)), (1, 0));

    // The document: fixed, the same bytes for everybody, and in the log under its hash.
    let path = format!("/api/v1/orders/{}/report.pdf", oid.as_str().expect("id"));
    let pdf = s.manager.get(&path).await;
    assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF"), "{}", pdf.status);
    if let Ok(folder) = std::env::var("SHOTS") {
        std::fs::write(format!("{folder}/service-report.pdf"), &pdf.bytes).expect("a folder");
    }
    let report = order(&s, &first).await["report"].clone();
    assert_eq!(report["pdf_sha256"], json!(sha256(&pdf.bytes)));
    assert_eq!((&report["signer"], report["code"].as_str().map(str::len)), (&json!("王店长"), Some(19)));
    let bundle = s.manager.get(&format!("/api/v1/ledger/bundles/visits/{}", oid.as_str().expect("id"))).await;
    assert_eq!(bundle.status, 200, "{}", bundle.json);
    let checked = proof::bundle::verify(&bundle.bytes, None);
    assert!(checked.is_ok(), "{:?}", checked.err());

    // The customer's page: how it stands, the same document, one rating.
    let token = done["token"].as_str().expect("token").to_owned();
    let nobody = app.stranger();
    let page = nobody.get(&format!("/api/v1/public/orders/{token}")).await;
    assert_eq!((page.status, page.json["status"].as_str()), (200, Some("closed")), "{}", page.json);
    assert!(!page.json.to_string().contains("张伟"), "who went is not told: {}", page.json);
    assert_eq!(nobody.get(&format!("/api/v1/public/orders/{token}/report.pdf")).await.bytes, pdf.bytes);
    let rating = format!("/api/v1/public/orders/{token}/rating");
    assert_eq!(nobody.post(&rating, json!({ "stars": 6 })).await.status, 422);
    assert_eq!(made(&nobody, &rating, json!({ "stars": 5, "words": "很快" })).await["report"]["stars"], 5);
    assert_eq!(nobody.post(&rating, json!({ "stars": 1 })).await.json["code"], "report.rated");
    assert_eq!(nobody.get("/api/v1/public/orders/unknown").await.status, 404);

    // Others see nothing of it.
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&format!("/api/v1/orders/{}", oid.as_str().expect("id"))).await.status, 404);
        assert_eq!(other.get("/api/v1/orders").await.json["items"], json!([]));
        assert_eq!(other.get("/api/v1/equipment").await.json["items"], json!([]));
    }
});

testkit::both!(who_does_not_answer_or_refuses_gives_it_back, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let o = taken(&s, &d).await;
    assign(&s, &o).await;
    let twice = s
        .manager
        .post(
            &format!("/api/v1/orders/{}/assign", of(&o).as_str().expect("id")),
            json!({ "employee_id": s.rep_id }),
        )
        .await;
    assert_eq!((twice.status, twice.json["code"].as_str()), (409, Some("order.not_now")), "{}", twice.json);
    // Sixteen minutes later the answer is too late, whenever the phone says it was given.
    app.clock.set(minute(106));
    assert_eq!(
        receipts_of(&s, &[item("order.accept", minute(91), json!({ "order_id": of(&o) }))]).await,
        [("rejected".into(), "order.over".into())]
    );
    for _ in 0..100 {
        if order(&s, &o).await["order"]["status"] == "new" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let back = order(&s, &o).await;
    assert_eq!(
        (moves(&back), &back["order"]["employee"]),
        (vec!["take".into(), "assign".into(), "expire".into()], &Value::Null)
    );
    let tasks = s.manager.get(&format!("/api/v1/tasks?day_from={DAY}")).await.json;
    assert_eq!(tasks["items"][0]["status"], "cancelled", "the task goes with it: {tasks}");

    assign(&s, &o).await;
    assert_eq!(
        receipts_of(&s, &[item("order.refuse", minute(107), json!({ "order_id": of(&o), "reason": "" }))])
            .await[0]
            .1,
        "input.invalid"
    );
    s.taken(&[item("order.refuse", minute(107), json!({ "order_id": of(&o), "reason": "车坏了" }))]).await;
    let refused = order(&s, &o).await;
    assert_eq!(
        (&refused["order"]["status"], &refused["events"][4]["note"]),
        (&json!("new"), &json!("车坏了"))
    );
    // It is his no more.
    assert_eq!(
        receipts_of(&s, &[item("order.accept", minute(108), json!({ "order_id": of(&o) }))]).await[0].1,
        "order.over"
    );
    let told = s.manager.get("/api/v1/notices").await.json;
    let kinds: Vec<&str> =
        told["items"].as_array().expect("notices").iter().filter_map(|n| n["kind"].as_str()).collect();
    assert!(kinds.contains(&"order.expired") && kinds.contains(&"order.refused"), "{kinds:?}");
    let path = format!("/api/v1/orders/{}/cancel", of(&o).as_str().expect("id"));
    assert_eq!(
        made(&s.manager, &path, json!({ "reason": "客户自行修好" })).await["order"]["status"],
        "cancelled"
    );
});

testkit::both!(a_pause_stops_the_clock_and_a_use_without_stock_is_kept, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let o = taken(&s, &d).await;
    let given = assign(&s, &o).await;
    let visit = Uuid::now_v7();
    let oid = of(&o);
    let check_in = json!({ "visit_id": visit, "task_id": given["order"]["task_id"], "customer_id": s.customers[0], "fix": fix(place(0), 9.0, minute(100)), "offline": false });
    app.clock.set(minute(100));
    // A visit that happened wins: no acceptance before it.
    s.taken(&[item("visit.check_in", minute(100), check_in)]).await;
    assert_eq!(order(&s, &o).await["order"]["status"], "on_site");
    let pause = |reason: &str| item("order.pause", minute(110), json!({ "order_id": oid, "reason": reason }));
    app.clock.set(minute(110));
    assert_eq!(receipts_of(&s, &[pause("喝茶")]).await[0].1, "order.pause");
    s.taken(&[pause("等待备件")]).await;
    app.clock.set(minute(140));
    let paused = order(&s, &o).await;
    assert_eq!(
        (&paused["order"]["finish"]["stopped"], &paused["order"]["pause_reason"]),
        (&json!(true), &json!("等待备件"))
    );
    s.taken(&[item("order.resume", minute(140), json!({ "order_id": oid }))]).await;
    // Thirty minutes later than it was.
    let resumed = order(&s, &o).await;
    let due = to_minute(&resumed["order"]["finish"]["due"]);
    // Whole minutes count, and the clock of the test runs on between the two.
    assert!(matches!(due, "2026-11-20T05:59" | "2026-11-20T06:00"), "{due}");

    let finish = |m: i64| {
        item("order.finish", minute(m), json!({ "order_id": oid, "result": "好了", "labour_minutes": 20 }))
    };
    assert_eq!(receipts_of(&s, &[finish(141)]).await[0].1, "order.parts_missing");
    // Nothing is in the van, but the fan is built in: kept, and short.
    let used = json!({ "move_id": Uuid::now_v7(), "order_id": oid, "part_id": d.part, "quantity": 1 });
    s.taken(&[item("order.part", minute(142), used)]).await;
    let short = order(&s, &o).await;
    assert_eq!((&short["parts"][0]["quantity"], &short["parts"][0]["short"]), (&json!(1), &json!(1)));
    // Too late is late, and the desk hears of it once.
    app.clock.set(minute(400));
    for _ in 0..100 {
        let told = s.manager.get("/api/v1/notices").await.json;
        if told.to_string().contains("order.late") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(s.manager.get("/api/v1/notices").await.json.to_string().contains("order.late"));
    assert_eq!(s.manager.get("/api/v1/orders?late=true&count=true").await.json["total"], 1);
    s.taken(&[finish(400)]).await;
    let sign = |signer: &str, strokes: Value| {
        item("order.sign", minute(400), json!({ "order_id": oid, "signer": signer, "strokes": strokes }))
    };
    assert_eq!(receipts_of(&s, &[sign("", strokes())]).await[0].1, "order.signature");
    assert_eq!(receipts_of(&s, &[sign("王店长", json!([[[1, 1]]]))]).await[0].1, "order.signature");
    // The customer is gone: the desk closes it and says why.
    let path = format!("/api/v1/orders/{}/close", oid.as_str().expect("id"));
    let closed = made(&s.manager, &path, json!({ "reason": "店长不在" })).await;
    assert_eq!((&closed["order"]["status"], &closed["report"]["signer"]), (&json!("closed"), &Value::Null));
    assert_eq!(closed["order"]["finish"]["late"], true);
});

fn check_in(s: &Scene, visit: Uuid, task: &Value, at: i64) -> Value {
    let body = json!({ "visit_id": visit, "task_id": task, "customer_id": s.customers[0], "fix": fix(place(0), 9.0, minute(at)), "offline": true });
    item("visit.check_in", minute(at), body)
}

fn part_used(o: &Value, d: &Desk, at: i64, more: Value) -> Value {
    let mut body = json!({ "move_id": Uuid::now_v7(), "order_id": of(o), "part_id": d.part, "quantity": 1 });
    for (key, value) in more.as_object().expect("an object") {
        body[key] = value.clone();
    }
    item("order.part", minute(at), body)
}

fn finished(o: &Value, at: i64) -> Value {
    item("order.finish", minute(at), json!({ "order_id": of(o), "result": "更换风扇", "labour_minutes": 30 }))
}

fn signed(o: &Value, at: i64) -> Value {
    item("order.sign", minute(at), json!({ "order_id": of(o), "signer": "王店长", "strokes": strokes() }))
}

/// Waits until the watching has moved an order on.
async fn until(s: &Scene, o: &Value, is: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..100 {
        let now = order(s, o).await;
        if is(&now) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it stays as it is: {}", order(s, o).await["order"]);
}

testkit::both!(work_without_a_network_outlives_what_the_desk_did_meanwhile, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let (expired, returned) = (taken(&s, &d).await, taken(&s, &d).await);
    let tasks =
        [assign(&s, &expired).await, assign(&s, &returned).await].map(|o| o["order"]["task_id"].clone());
    let path = format!("/api/v1/orders/{}/return", of(&returned).as_str().expect("id"));
    made(&s.manager, &path, json!({ "reason": "换人" })).await;
    app.clock.set(minute(106));
    until(&s, &expired, |o| o["order"]["status"] == "new").await;
    app.clock.set(minute(200));
    for (o, task) in [(&expired, &tasks[0]), (&returned, &tasks[1])] {
        let said = receipts_of(
            &s,
            &[
                item("order.accept", minute(92), json!({ "order_id": of(o) })),
                check_in(&s, Uuid::now_v7(), task, 110),
                part_used(o, &d, 120, json!({})),
                item("order.request", minute(121), json!({ "request_id": Uuid::now_v7(), "order_id": of(o), "part_id": d.part, "quantity": 1 })),
                finished(o, 130),
                signed(o, 131),
            ],
        )
        .await;
        assert_eq!(said[0], ("rejected".into(), "order.over".into()));
        assert!(said[1..].iter().all(|r| r.0 == "accepted"), "{said:?}");
        let done = order(&s, o).await;
        assert_eq!(
            (&done["order"]["status"], &done["order"]["employee"]["id"], &done["report"]["signer"]),
            (&json!("closed"), &json!(s.rep_id), &json!("王店长"))
        );
        assert_eq!(
            (&done["parts"][0]["quantity"], done["requests"].as_array().map(Vec::len)),
            (&json!(1), Some(1))
        );
    }
    // What is told after the customer signed is kept and marked; the desk changes nothing of it.
    s.taken(&[part_used(&expired, &d, 140, json!({}))]).await;
    let moves = s.manager.get("/api/v1/stock-moves").await.json;
    assert!(
        moves["items"][0]["reason"].as_str().is_some_and(|r| r.contains("after the order had ended")),
        "{moves}"
    );
    let back = json!({ "id": Uuid::now_v7(), "kind": "return", "part_id": d.part, "to_id": d.store, "quantity": 1, "order_id": of(&expired) });
    let refused = s.manager.post("/api/v1/stock-moves", back).await;
    assert_eq!(
        (refused.status, refused.json["code"].as_str()),
        (409, Some("order.not_now")),
        "{}",
        refused.json
    );
});

testkit::both!(who_reported_a_fault_sees_how_it_stands_and_no_more, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let nobody = app.stranger();
    let faults = format!("/api/v1/public/equipment/{}/faults", d.equipment["label"].as_str().expect("label"));
    let fault = json!({ "id": Uuid::now_v7(), "text": "不制冷", "name": "路人", "phone": "13812342207" });
    let word = made(&nobody, &faults, fault.clone()).await["token"].as_str().expect("token").to_owned();
    let o = json!({ "order": { "id": fault["id"] } });
    let task = assign(&s, &o).await["order"]["task_id"].clone();
    app.clock.set(minute(140));
    let items = [
        check_in(&s, Uuid::now_v7(), &task, 100),
        part_used(&o, &d, 110, json!({})),
        finished(&o, 120),
        signed(&o, 121),
    ];
    s.taken(&items).await;
    let done = until(&s, &o, |o| o["report"]["pdf_sha256"].is_string()).await;
    let page = nobody.get(&format!("/api/v1/public/orders/{word}")).await;
    assert_eq!(
        (page.status, &page.json["status"], &page.json["report"]),
        (200, &json!("closed"), &Value::Null),
        "{}",
        page.json
    );
    assert!(!page.json.to_string().contains("王店长"), "{}", page.json);
    assert_eq!(nobody.get(&format!("/api/v1/public/orders/{word}/report.pdf")).await.status, 404);
    assert_eq!(
        nobody.post(&format!("/api/v1/public/orders/{word}/rating"), json!({ "stars": 1 })).await.status,
        404
    );
    // The customer's own page is the desk's to give out.
    let token = done["token"].as_str().expect("token");
    assert_ne!(token, word);
    assert_eq!(nobody.get(&format!("/api/v1/public/orders/{token}/report.pdf")).await.status, 200);
});

testkit::both!(an_order_follows_its_task_to_another_person, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    let (second, _) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let path = format!("/api/v1/employees/{second}");
    let version = s.company.admin.get(&path).await.json["version"].as_i64().expect("version");
    let placed = s.company.admin.patch(&path, version, json!({ "start_at": place(4) })).await;
    assert_eq!(placed.status, 200, "{}", placed.json);
    app.clock.set(minute(90));
    let o = taken(&s, &d).await;
    let task = assign(&s, &o).await["order"]["task_id"].clone();
    s.taken(&[item("order.accept", minute(91), json!({ "order_id": of(&o) }))]).await;
    let row = json!({ "employee_id": second, "plan_id": null, "version": null, "tasks": [task], "objective": "distance", "keep_order": true });
    let moved =
        s.manager.post("/api/v1/planning/publish", json!({ "day": DAY, "rows": [row], "moved": [] })).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    let now = until(&s, &o, |o| o["order"]["employee"]["id"] == json!(second)).await;
    assert_eq!((&now["order"]["status"], &now["order"]["task_id"]), (&json!("assigned"), &task));
    assert_eq!(moves(&now), ["take", "assign", "accept", "return", "assign"]);
    assert!(
        s.rep.get("/api/v1/notices").await.json.to_string().contains("order.returned"),
        "who had it hears"
    );
    // A day that went by without him: it is the desk's again.
    app.clock.set(minute(92));
    let other = taken(&s, &d).await;
    assign(&s, &other).await;
    s.taken(&[item("order.accept", minute(92), json!({ "order_id": of(&other) }))]).await;
    app.clock.set(minute(24 * 60 + 90));
    until(&s, &other, |o| o["order"]["status"] == "new").await;
});

testkit::both!(what_stands_in_the_way_of_a_step_is_put_aside, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let o = taken(&s, &d).await;
    // Typed ahead of the counter: the next number is another one.
    let piece = |code: Option<&str>| json!({ "name": "冷柜", "customer_id": s.customers[0], "code": code });
    made(&s.manager, "/api/v1/equipment", piece(Some("SB-000002"))).await;
    assert_eq!(made(&s.manager, "/api/v1/equipment", piece(None)).await["code"], "SB-000003");
    // The same assignment twice at once is one.
    let path = format!("/api/v1/orders/{}/assign", of(&o).as_str().expect("id"));
    let body = json!({ "id": Uuid::now_v7(), "employee_id": s.rep_id });
    let (one, other) = tokio::join!(s.manager.post(&path, body.clone()), s.manager.post(&path, body.clone()));
    assert!(one.status < 300 && other.status < 300, "{} {}", one.json, other.json);
    let given = order(&s, &o).await;
    assert_eq!((&given["order"]["status"], &given["order"]["task_id"]), (&json!("assigned"), &body["id"]));
    let snapshot = s.snapshot().await;
    let all = snapshot["tasks"].as_array().expect("tasks");
    let task = all.iter().find(|t| t["id"] == body["id"]).expect("the task stands").clone();
    let scrapped = json!({ "name": "立式冰柜", "customer_id": s.customers[0], "status": "scrapped" });
    let path = format!("/api/v1/equipment/{}", d.equipment["id"].as_str().expect("id"));
    assert_eq!(put(&s.manager, &path, scrapped).await.status, 200);
    let visit = Uuid::now_v7();
    app.clock.set(minute(140));
    let step =
        json!({ "visit_id": visit, "step_id": task["steps"][0]["id"], "status": "done", "value": "不合格" });
    s.taken(&[check_in(&s, visit, &body["id"], 100), item("visit.step", minute(101), step)]).await;
    let follow = json!({ "order": { "id": order(&s, &o).await["follow_ups"][0]["id"] } });
    assert_eq!(order(&s, &follow).await["order"]["equipment"], Value::Null);
    // He left and tells afterwards that it is done; what came back is paid back at the price it was built in for.
    s.taken(&[
        part_used(&o, &d, 105, json!({ "quantity": 3, "price_minor": 4000 })),
        part_used(&o, &d, 106, json!({ "back": true })),
        item("visit.check_out", minute(110), json!({ "visit_id": visit, "fix": null })),
        finished(&o, 111),
    ])
    .await;
    let done = order(&s, &o).await;
    assert_eq!((&done["order"]["status"], &done["parts_minor"]), (&json!("finished"), &json!(8000)));
});

testkit::both!(a_label_reports_a_fault_without_a_sign_in, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    let nobody = app.stranger();
    let label = format!("/api/v1/public/equipment/{}", d.equipment["label"].as_str().expect("label"));
    let seen = nobody.get(&label).await;
    assert_eq!(seen.json, json!({ "company": "甲", "equipment": "立式冰柜" }), "nothing else is told");
    assert_eq!(nobody.get("/api/v1/public/equipment/nothing").await.status, 404);
    let faults = format!("{label}/faults");
    let fault =
        |text: &str| json!({ "id": Uuid::now_v7(), "text": text, "name": "王店长", "phone": "13812342207" });
    assert_eq!(
        nobody.post(&faults, json!({ "id": Uuid::now_v7(), "text": "x", "phone": "1" })).await.status,
        422
    );
    let first = fault("不制冷\n早上开始的");
    let taken = made(&nobody, &faults, first.clone()).await;
    assert_eq!(
        made(&nobody, &faults, first).await["token"],
        taken["token"],
        "the same again is the same report"
    );
    let listed = s.manager.get("/api/v1/orders?status=new").await.json;
    assert_eq!(
        (&listed["items"][0]["title"], &listed["items"][0]["source"]),
        (&json!("不制冷"), &json!("portal"))
    );
    made(&nobody, &faults, fault("二")).await;
    made(&nobody, &faults, fault("三")).await;
    let fourth = nobody.post(&faults, fault("四")).await;
    assert_eq!(
        (fourth.status, fourth.json["code"].as_str()),
        (429, Some("portal.enough")),
        "{}",
        fourth.json
    );
    let page =
        nobody.get(&format!("/api/v1/public/orders/{}", taken["token"].as_str().expect("token"))).await.json;
    assert_eq!((&page["status"], &page["number"]), (&json!("new"), &taken["number"]));
});

testkit::both!(equipment_is_a_tree_without_circles, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    let path = |e: &Value| format!("/api/v1/equipment/{}", e["id"].as_str().expect("id"));
    let child = json!({ "name": "压缩机", "customer_id": s.customers[0], "parent_id": d.equipment["id"] });
    let child = made(&s.manager, "/api/v1/equipment", child).await;
    assert_eq!(child["code"], "SB-000002");
    let page = s.manager.get(&path(&d.equipment)).await.json;
    assert_eq!(page["children"][0]["name"], "压缩机");
    let below = |parent: &Value, customer: Uuid| json!({ "name": "立式冰柜", "customer_id": customer, "parent_id": parent["id"] });
    let circle = put(&s.manager, &path(&d.equipment), below(&child, s.customers[0])).await;
    assert_eq!(
        (circle.status, circle.json["code"].as_str()),
        (422, Some("equipment.parent")),
        "{}",
        circle.json
    );
    let elsewhere = put(&s.manager, &path(&child), below(&d.equipment, s.customers[1])).await;
    assert_eq!(elsewhere.json["code"], "equipment.parent", "a parent at another customer");
    let taken = json!({ "code": "SB-000002", "name": "别的", "customer_id": s.customers[0] });
    assert_eq!(s.manager.post("/api/v1/equipment", taken).await.json["code"], "service.code_taken");
    let label =
        s.rep.get(&format!("/api/v1/equipment/labels/{}", child["label"].as_str().expect("label"))).await;
    assert_eq!(label.json["equipment"]["id"], child["id"]);

    let sheet = "设备名称,客户,编号,安装日期\n展示柜,客户 2,E-7,2025-03-01\n坏行,没有这家,E-8,2025-03-01\n"
        .as_bytes()
        .to_vec();
    let import = s.manager.post_bytes("/api/v1/imports?kind=equipment&filename=e.csv", sheet).await;
    assert!(import.status < 300, "{}", import.json);

    // A column that is not there changes nothing; what cannot be taken over is told with its row before.
    let upload = |text: &str| {
        s.manager.post_bytes("/api/v1/imports?kind=equipment&filename=e.csv", text.as_bytes().to_vec())
    };
    let import = upload("设备名称,客户,编号\n展示冰柜,客户 1,SB-000001\n").await.json;
    let commit = format!("/api/v1/imports/{}/commit", import["id"].as_str().expect("id"));
    let done = s.manager.post(&commit, json!({ "skip_errors": true })).await;
    assert!(done.status < 300, "{}", done.json);
    let kept = s.manager.get(&path(&d.equipment)).await.json;
    let text = kept.to_string();
    assert!(text.contains("展示冰柜") && text.contains("SC-320") && text.contains("2027-01-01"), "{text}");
    let import = upload("设备名称,客户,编号\n展示冰柜,客户 2,SB-000001\n").await.json;
    assert!(import.to_string().contains("equipment.parent"), "{import}");
});
