//! The phone's side: the snapshot, and records taken exactly once.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, minute, place, receipts, record};

testkit::both!(the_day_of_a_visit, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    assert_eq!(plan["delivered_at"], Value::Null);
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["plans"][0]["id"], plan["id"]);
    assert_ne!(snapshot["plans"][0]["delivered_at"], Value::Null);
    assert_eq!(snapshot["tasks"].as_array().unwrap().len(), 5);
    assert_eq!(snapshot["customers"].as_array().unwrap().len(), 5);
    assert_eq!(snapshot["day"], DAY);
    assert_eq!(snapshot["calendar_today"], json!([{ "from_minute": 540, "to_minute": 1020 }]));
    let task = snapshot["tasks"][0].clone();

    app.clock.set(minute(60));
    s.taken(&[
        item("plan.read", minute(60), json!({ "plan_id": plan["id"] })),
        item("task.accept", minute(60), json!({ "task_id": task["id"] })),
        item("task.on_the_way", minute(60), json!({ "task_id": task["id"] })),
    ])
    .await;
    let now = s.manager.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json;
    assert_eq!(now["status"], "on_the_way");
    let read = s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json;
    assert_ne!(read["read_at"], Value::Null);

    let mut r = record(&task, place(0), 70, 100);
    r.items[0]["body"]["nonce"] = snapshot["nonce"].clone();
    app.clock.set(minute(71));
    s.taken(&r.items[..1]).await;
    let open = s.snapshot().await;
    assert_eq!(open["open_visit"]["id"], json!(r.visit));
    assert_eq!(open["open_visit"]["steps"][0]["status"], "todo");
    assert_eq!(open["tasks"][0]["status"], "on_site");
    app.clock.set(minute(101));
    s.taken(&r.items[1..]).await;

    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["status"], "done");
    assert_eq!(visit["check_in"]["verdict"], "in");
    assert_eq!(visit["check_in"]["distance_m"], 0);
    assert_eq!((visit["stay_s"].as_i64(), visit["effective"].as_bool()), (Some(1800), Some(true)), "{visit}");
    assert_eq!(visit["ineffective_reasons"], json!([]));
    assert_eq!(
        (visit["steps_done"].as_i64(), visit["steps_total"].as_i64(), visit["photo_count"].as_i64()),
        (Some(2), Some(3), Some(1))
    );
    assert_eq!(visit["steps"][0]["photos"][0]["id"], json!(r.photo));
    assert_eq!(visit["photos"][0]["status"], "awaiting");
    assert_eq!(visit["steps"][1]["value"], "高");
    assert_eq!(visit["steps"][2]["status"], "todo");
    assert_eq!(visit["summary"], "首单意向 20 箱");
    // Certain: after the random word was handed out, before it was received.
    assert_eq!(
        visit["taken_between"][0].as_str().unwrap().get(..13),
        Some("2026-11-20T00"),
        "{}",
        visit["taken_between"]
    );
    assert!(
        visit["taken_between"][1].as_str().unwrap().starts_with("2026-11-20T01:11"),
        "{}",
        visit["taken_between"]
    );
    let done = s.manager.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json;
    assert_eq!((done["status"].as_str(), &done["visit_id"]), (Some("done"), &json!(r.visit)));
    let customer = s.manager.get(&format!("/api/v1/customers/{}/360", s.customers[0])).await.json;
    assert_eq!(customer["customer"]["last_visit_day"], DAY, "{customer}");
    assert_eq!(
        (customer["stats"]["effective_30d"].as_i64(), customer["stats"]["avg_stay_s"].as_i64()),
        (Some(1), Some(1800))
    );
    for (filter, n) in [
        ("effective=true", 1),
        ("effective=false", 0),
        ("verdict=in", 1),
        ("verdict=out", 0),
        ("verdict=cannot_tell,in", 1),
        ("verdict=cannot_tell,out", 0),
        ("status=open", 0),
    ] {
        let list = s.manager.get(&format!("/api/v1/visits?{filter}&count=true")).await.json;
        assert_eq!(
            (list["total"].as_i64(), list["items"].as_array().unwrap().len()),
            (Some(n), n as usize),
            "{filter}"
        );
    }
    assert_eq!(s.manager.get("/api/v1/visits?verdict=in,near").await.status, 422);
    let known = s.snapshot().await;
    assert_eq!(known["visits"][s.customers[0].to_string()][0]["id"], json!(r.visit));
});

testkit::both!(five_visits_five_effective, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(9 * 60));
    // The whole day comes in at its end, from a phone that was offline.
    let mut items = vec![];
    for (k, task) in tasks.iter().enumerate() {
        items.extend(record(task, place(k), 70 + 80 * k as i64, 100 + 80 * k as i64).items);
    }
    s.taken(&items).await;
    let visits = s.manager.get(&format!("/api/v1/visits?day_from={DAY}&day_to={DAY}&count=true")).await.json;
    assert_eq!(visits["total"], 5);
    let all = visits["items"].as_array().unwrap();
    assert!(all.iter().all(|v| v["effective"] == true && v["offline"] == true), "{all:?}");
    assert_eq!(all.iter().map(|v| v["stay_s"].as_i64().unwrap()).sum::<i64>(), 9_000, "2.5 h");
    let open = s.manager.get("/api/v1/tasks?status=done&count=true").await.json;
    assert_eq!(open["total"], 5);
});

testkit::both!(an_item_is_taken_once, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    let first = s.sync(&r.items).await;
    assert!(first.iter().all(|x| x["status"] == "accepted"), "{first:?}");
    let again = s.sync(&r.items).await;
    assert!(again.iter().all(|x| x["status"] == "duplicate"), "{again:?}");
    assert_eq!(
        first.iter().map(|x| &x["received_at"]).collect::<Vec<_>>(),
        again.iter().map(|x| &x["received_at"]).collect::<Vec<_>>()
    );
    let version = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json["version"].clone();

    // Sent five times at once, as from a phone that does not hear the answers.
    let more = [item("visit.summary", minute(99), json!({ "visit_id": r.visit, "text": "改为 30 箱" }))];
    let all = futures::future::join_all((0..5).map(|_| s.sync(&more))).await;
    let accepted = all.iter().filter(|x| x[0]["status"] == "accepted").count();
    let duplicate = all.iter().filter(|x| x[0]["status"] == "duplicate").count();
    assert_eq!((accepted, duplicate), (1, 4), "{all:?}");
    let after = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(after["version"].as_i64().unwrap(), version.as_i64().unwrap() + 1);

    let mut other = r.items[4].clone();
    other["body"]["text"] = json!("别的内容");
    let refused = s.sync(&[other]).await;
    assert_eq!(
        (refused[0]["status"].as_str(), refused[0]["code"].as_str()),
        (Some("rejected"), Some("sync.conflict"))
    );
    let mut twin = r.items[0].clone();
    twin["id"] = json!(Uuid::now_v7());
    assert_eq!(
        s.sync(&[twin.clone()]).await[0]["status"],
        "accepted",
        "the same check-in under another item is the same visit"
    );
    twin["id"] = json!(Uuid::now_v7());
    twin["body"]["customer_id"] = json!(s.customers[1]);
    assert_eq!(s.sync(&[twin]).await[0]["code"], "sync.conflict");
    assert_eq!(s.manager.get("/api/v1/visits?count=true").await.json["total"], 1);
});

testkit::both!(any_order_of_arrival_gives_the_same_visit, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(9 * 60));
    let mut turned = record(&tasks[0], place(0), 70, 100);
    turned.items.reverse();
    s.taken(&turned.items).await;
    // One by one, the last first: what has nothing to build on waits until it is sent again.
    let single = record(&tasks[1], place(1), 150, 180);
    let mut left: Vec<Value> = single.items.iter().rev().cloned().collect();
    let mut rounds = 0;
    while !left.is_empty() {
        let mut still = vec![];
        for one in &left {
            let receipt = s.sync(std::slice::from_ref(one)).await.remove(0);
            if receipt["status"] == "rejected" {
                let code = receipt["code"].as_str().unwrap();
                assert!(matches!(code, "sync.prerequisite" | "visit.step_locked"), "{receipt}");
                still.push(one.clone());
            }
        }
        assert!(still.len() < left.len(), "nothing moves: {still:?}");
        left = still;
        rounds += 1;
    }
    assert!((2..=5).contains(&rounds), "{rounds} rounds");
    for visit in [turned.visit, single.visit] {
        let visit = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
        assert_eq!(
            (visit["effective"].as_bool(), visit["stay_s"].as_i64(), visit["steps_done"].as_i64()),
            (Some(true), Some(1800), Some(2)),
            "{visit}"
        );
    }
});

testkit::both!(one_bad_item_sinks_nothing, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    let mut items = r.items.clone();
    items.insert(1, item("visit.dance", minute(71), json!({})));
    items.insert(3, item("visit.step", minute(71), json!({ "visit_id": "no id" })));
    items.push(item("task.accept", minute(71), json!({ "task_id": Uuid::now_v7() })));
    items.push(item("visit.summary", minute(72), json!({ "visit_id": Uuid::now_v7(), "text": "x" })));
    items.push(item("consent", minute(72), json!({ "policy_text_version": "2026-11" })));
    let receipts = s.sync(&items).await;
    let of: Vec<&str> =
        receipts.iter().map(|x| x["code"].as_str().unwrap_or(x["status"].as_str().unwrap())).collect();
    let a = "accepted";
    assert_eq!(
        of,
        [a, "sync.unknown_kind", a, "input.invalid", a, a, a, a, "not_found", "sync.prerequisite", a]
    );
    assert!(
        receipts
            .iter()
            .filter(|x| x["status"] == "rejected")
            .all(|x| !x["title"].as_str().unwrap().is_empty())
    );
    assert_eq!(
        receipts.iter().map(|x| id(&x["id"])).collect::<Vec<_>>(),
        items.iter().map(|x| id(&x["id"])).collect::<Vec<_>>(),
        "in the order sent"
    );
    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["effective"], true);
});

testkit::both!(steps_unlock_in_order, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    s.taken(&r.items[..1]).await;
    let locked = s.sync(&r.items[3..4]).await;
    assert_eq!(locked[0]["code"], "visit.step_locked");
    assert!(locked[0]["detail"].as_str().unwrap().contains("门头照"), "{}", locked[0]);
    let step = |k: usize| task["steps"][k]["id"].clone();
    let silent = item(
        "visit.step",
        minute(73),
        json!({ "visit_id": r.visit, "step_id": step(0), "status": "skipped" }),
    );
    assert_eq!(s.sync(&[silent]).await[0]["code"], "visit.reason_required");
    let without =
        item("visit.step", minute(73), json!({ "visit_id": r.visit, "step_id": step(0), "status": "done" }));
    assert_eq!(s.sync(&[without]).await[0]["code"], "visit.step_incomplete");
    let foreign = item(
        "visit.step",
        minute(73),
        json!({ "visit_id": r.visit, "step_id": Uuid::now_v7(), "status": "done" }),
    );
    assert_eq!(s.sync(&[foreign]).await[0]["code"], "visit.unknown_step");
    let skipped = item(
        "visit.step",
        minute(73),
        json!({ "visit_id": r.visit, "step_id": step(0), "status": "skipped", "reason": "店主不许拍照" }),
    );
    s.taken(&[skipped]).await;
    let nonsense = item(
        "visit.step",
        minute(74),
        json!({ "visit_id": r.visit, "step_id": step(1), "status": "done", "value": "很高" }),
    );
    assert_eq!(s.sync(&[nonsense]).await[0]["code"], "visit.step_incomplete");
    s.taken(&r.items[3..]).await;
    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["effective"], false);
    assert_eq!(visit["ineffective_reasons"], json!(["steps_missing"]));
    assert_eq!(visit["steps"][0]["reason"], "店主不许拍照");
    let late = item("visit.summary", minute(120), json!({ "visit_id": r.visit, "text": "补写" }));
    app.clock.set(minute(125));
    assert_eq!(s.sync(&[late]).await[0]["code"], "visit.closed");
});

testkit::both!(the_fence_says_in_out_or_cannot_tell, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(9 * 60));
    let cases = [
        (
            geo::destination(place(0), 0.0, 900.0),
            15.0,
            "out",
            json!(false),
            json!(["outside_fence", "finding_open"]),
        ),
        (geo::destination(place(1), 0.0, 120.0), 600.0, "cannot_tell", json!(null), json!([])),
        (place(2), 9.0, "in", json!(true), json!([])),
    ];
    for (k, (at, accuracy, verdict, effective, reasons)) in cases.into_iter().enumerate() {
        let mut r = record(&tasks[k], place(k), 70 + 80 * k as i64, 100 + 80 * k as i64);
        r.items[0]["body"]["fix"] = fix(at, accuracy, minute(70 + 80 * k as i64));
        r.items[5]["body"]["fix"] = Value::Null;
        s.taken(&r.items).await;
        let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
        assert_eq!(visit["verdict"], verdict, "{visit}");
        assert_eq!((&visit["effective"], &visit["ineffective_reasons"]), (&effective, &reasons), "{verdict}");
        assert_eq!(visit["check_out"]["verdict"], "cannot_tell");
    }
    let mut short = record(&tasks[3], place(3), 400, 402);
    short.items[3]["at"] = json!(minute(402));
    short.items[2]["at"] = json!(minute(402));
    s.taken(&short.items).await;
    let visit = s.manager.get(&format!("/api/v1/visits/{}", short.visit)).await.json;
    assert_eq!((visit["stay_s"].as_i64(), &visit["ineffective_reasons"]), (Some(120), &json!(["too_short"])));
});

testkit::both!(a_wrong_clock_proves_nothing, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let snapshot = s.snapshot().await;
    let tasks = snapshot["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(101));
    let year = 365 * 24 * 60;
    for (k, shift) in [(0, 10 * year), (1, -10 * year)] {
        let mut r = record(&tasks[k], place(k), 70 + shift, 90 + shift);
        r.items[0]["body"]["nonce"] = snapshot["nonce"].clone();
        s.taken(&r.items).await;
        let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
        assert_eq!(visit["day"], DAY, "{shift}");
        let (a, b) = (&visit["taken_between"][0], &visit["taken_between"][1]);
        let at = visit["check_in_at"].as_str().unwrap();
        assert!(a.as_str().unwrap() <= at && at <= b.as_str().unwrap(), "{a} {at} {b}");
        assert_eq!(visit["stay_s"], 20 * 60, "a difference on one clock is right all the same");
    }
});

testkit::both!(a_clock_set_back_during_a_visit_does_not_keep_it_open, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    let mut r = record(&task, place(0), 70, 100);
    // An hour ahead at check-in, which came in at once; put right before the check-out.
    r.items[0]["at"] = json!(minute(130));
    app.clock.set(minute(71));
    s.taken(&r.items[..1]).await;
    app.clock.set(minute(101));
    s.taken(&r.items[1..]).await;
    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["status"], "done");
    let stay = visit["stay_s"].as_i64().unwrap();
    assert!((28 * 60..=30 * 60).contains(&stay), "from receipt to check-out: {stay}");
});

testkit::both!(pieces_of_one_visit_at_once_are_all_counted, |app| async move {
    let s = Scene::begin(&app).await;
    let steps: Vec<Value> = (0..6)
        .map(|k| json!({ "title": format!("检查 {k}"), "kind": "yes_no", "mandatory": false }))
        .collect();
    let mut new = s.new_plan();
    new["template_id"] = Value::Null;
    new["steps"] = json!(steps);
    assert_eq!(s.manager.post("/api/v1/plans", new).await.status, 201);
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let visit = Uuid::now_v7();
    let check_in = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": fix(place(0), 9.0, minute(70)), "offline": false });
    // The same check-in under two items at once is one visit.
    let twins = [
        [item("visit.check_in", minute(70), check_in.clone())],
        [item("visit.check_in", minute(70), check_in)],
    ];
    for receipts in futures::future::join_all(twins.iter().map(|t| s.sync(t))).await {
        assert_eq!(receipts[0]["status"], "accepted", "{receipts:?}");
    }
    let pieces: Vec<[Value; 1]> = (0..6)
        .map(|k| [item("visit.step", minute(72), json!({ "visit_id": visit, "step_id": task["steps"][k]["id"], "status": "done", "value": true }))])
        .collect();
    for receipts in futures::future::join_all(pieces.iter().map(|p| s.sync(p))).await {
        assert_eq!(receipts[0]["status"], "accepted", "{receipts:?}");
    }
    let visit = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!((visit["steps_done"].as_i64(), visit["steps_total"].as_i64()), (Some(6), Some(6)), "{visit}");
});

testkit::both!(an_unplanned_visit_is_a_visit, |app| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(101));
    let visit = Uuid::now_v7();
    let to = |customer: Uuid| json!({ "visit_id": visit, "task_id": null, "customer_id": customer, "fix": fix(place(2), 8.0, minute(70)), "offline": false });
    let foreign = s.company.admin.post("/api/v1/customers", json!({ "name": "别人的客户" })).await.json;
    let refused = s.sync(&[item("visit.check_in", minute(70), to(id(&foreign["id"])))]).await;
    assert_eq!(refused[0]["code"], "not_found");
    s.taken(&[
        item("visit.check_in", minute(70), to(s.customers[2])),
        item("visit.check_out", minute(80), json!({ "visit_id": visit, "fix": null })),
        item(
            "problem.open",
            minute(75),
            json!({ "customer_id": s.customers[2], "problem_id": Uuid::now_v7(), "text": "冰柜灯不亮" }),
        ),
    ])
    .await;
    let visit = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!(
        (visit["effective"].as_bool(), visit["steps_total"].as_i64()),
        (Some(true), Some(0)),
        "{visit}"
    );
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["problems"][s.customers[2].to_string()][0]["text"], "冰柜灯不亮");
});

testkit::both!(a_skipped_task_says_why, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][4].clone();
    app.clock.set(minute(101));
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    s.taken(&[item("task.skip", minute(100), json!({ "task_id": task["id"], "reason": "店铺装修" }))]).await;
    let skipped = s.manager.get(&path).await.json;
    assert_eq!((skipped["status"].as_str(), skipped["reason"].as_str()), (Some("skipped"), Some("店铺装修")));
    assert_eq!(s.manager.get("/api/v1/notices").await.json["items"][0]["kind"], "task.skipped");
    // He went there after all: that wins.
    let r = record(&task, place(4), 110, 140);
    app.clock.set(minute(141));
    s.taken(&r.items).await;
    assert_eq!(s.manager.get(&path).await.json["status"], "done");
    let late =
        s.sync(&[item("task.skip", minute(141), json!({ "task_id": task["id"], "reason": "x" }))]).await;
    assert_eq!(late[0]["code"], "task.not_open");
    app.clock.set(minute(9 * 60 + 1));
    let overdue = s.manager.get("/api/v1/tasks?status=overdue&count=true").await.json;
    assert_eq!(overdue["total"], 4, "open at the end of their window");
    assert_eq!(overdue["items"][0]["status"], "overdue");
    let several = s.manager.get("/api/v1/tasks?status=done,overdue&count=true").await.json;
    assert_eq!(several["total"], 5);
});

testkit::both!(visits_are_seen_by_those_in_charge_alone, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    s.taken(&r.items).await;
    let path = format!("/api/v1/visits/{}", r.visit);
    assert_eq!(s.rep.get(&path).await.status, 200);
    assert_eq!(s.manager.get(&path).await.status, 200);
    for client in [&s.sibling, &s.stranger] {
        assert_eq!(client.get(&path).await.status, 404);
        assert_eq!(client.get("/api/v1/visits?count=true").await.json["total"], 0);
    }
    // Another rep cannot add to it, nor use its ids.
    let (_, other) = app.person(&s.company, "吴婷", "wuting", "rep", s.region).await;
    let send = |items: Vec<Value>| {
        other.post("/api/v1/field/sync", json!({ "device_id": "phone-2", "items": items }))
    };
    let theirs = item("visit.summary", minute(99), json!({ "visit_id": r.visit, "text": "改写" }));
    assert_eq!(receipts(send(vec![theirs]).await)[0]["code"], "sync.prerequisite");
    assert_eq!(receipts(send(vec![r.items[4].clone()]).await)[0]["code"], "sync.conflict");
    let mut stolen = r.items[0].clone();
    stolen["id"] = json!(Uuid::now_v7());
    assert_eq!(receipts(send(vec![stolen]).await)[0]["code"], "sync.conflict");
    assert_eq!(s.manager.get(&path).await.json["summary"], "首单意向 20 箱");
    // His own ledger says who looked.
    let ledger = s.rep.get("/api/v1/me/ledger").await.json;
    assert!(
        ledger["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|l| l["what"] == "visit" && l["reader"]["name"] == "陈静"),
        "{ledger}"
    );
});

testkit::both!(malformed_batches_are_refused_whole, |app| async move {
    let s = Scene::begin(&app).await;
    let many: Vec<Value> =
        (0..101).map(|_| item("consent", minute(0), json!({ "policy_text_version": "2026-11" }))).collect();
    assert_eq!(s.sync_raw(&many).await.status, 422);
    let mut extra = item("consent", minute(0), json!({ "policy_text_version": "2026-11" }));
    extra["surprise"] = json!(1);
    assert_eq!(s.sync_raw(&[extra]).await.status, 422);
    assert_eq!(s.sync(&many[..100]).await.len(), 100);
    assert_eq!(
        s.manager.post("/api/v1/field/sync", json!({ "device_id": "x", "items": [] })).await.status,
        403
    );
});
