//! Plans, tasks and templates.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::scene::{DAY, Scene, id, item, minute, place, record};

fn customers_of(plan: &Value) -> Vec<Uuid> {
    let tasks = plan["tasks"].as_array().unwrap().iter();
    tasks.filter(|t| t["status"] != "cancelled").map(|t| id(&t["customer"]["id"])).collect()
}

testkit::both!(a_day_is_planned_once, |app| async move {
    let s = Scene::begin(&app).await;
    let ask = json!({ "employee_id": s.rep_id, "day": DAY, "customer_ids": [s.customers[4], s.customers[0], s.customers[2]],
        "window": { "from_minute": 540, "to_minute": 1020 }, "objective": "distance" });
    let preview = s.manager.post("/api/v1/routes/preview", ask).await;
    assert_eq!(preview.status, 200, "{}", preview.json);
    assert_eq!(preview.json["order"], json!([s.customers[0], s.customers[2], s.customers[4]]));
    assert_eq!(preview.json["proven_optimal"], true);
    assert_eq!(preview.json["source"]["provider"], "straight_line");

    let mut new = s.new_plan();
    new["customer_ids"] =
        json!([s.customers[3], s.customers[1], s.customers[4], s.customers[0], s.customers[2]]);
    let made = s.manager.post("/api/v1/plans", new.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let plan = made.json;
    assert_eq!(customers_of(&plan), s.customers, "from the nearest to the farthest");
    let meters = plan["route"]["meters"].as_i64().unwrap();
    assert!((6_740..6_780).contains(&meters), "5 km × 1.35: {meters}");
    assert_eq!(plan["tasks"][0]["seq"], 1);
    assert_eq!(plan["tasks"][0]["min_stay_s"], 300);
    assert_eq!(plan["tasks"][0]["steps"].as_array().unwrap().len(), 3);
    // He leaves at nine: 1 km × 1.35 at 24 km/h are 203 s.
    assert_eq!(plan["tasks"][0]["eta"], "2026-11-20T01:03:23Z");
    assert_eq!(plan["created_by"]["name"], "陈静");

    let again = s.manager.post("/api/v1/plans", new.clone()).await;
    assert_eq!(
        (again.status, id(&again.json["id"])),
        (201, id(&plan["id"])),
        "the same again is the same plan"
    );
    new["note"] = json!("别的");
    assert_eq!(s.manager.post("/api/v1/plans", new).await.code(), "sync.conflict");
    let second = s.manager.post("/api/v1/plans", s.new_plan()).await;
    assert_eq!((second.status, second.code()), (409, "plan.day_taken"));
    assert_eq!(second.json["plan_id"], plan["id"]);

    let notices = s.rep.get("/api/v1/notices").await.json;
    assert_eq!(notices["items"][0]["kind"], "plan.assigned");
    assert!(notices["items"][0]["body"].as_str().unwrap().contains("5 家客户"), "{}", notices["items"][0]);
    let list = s.rep.get(&format!("/api/v1/plans?day_from={DAY}&day_to={DAY}&count=true")).await.json;
    assert_eq!(list["total"], 1);
    let tasks = s.manager.get("/api/v1/tasks?status=new&limit=2&count=true").await.json;
    assert_eq!((tasks["total"].as_i64(), tasks["items"].as_array().unwrap().len()), (Some(5), 2));
});

testkit::both!(pages_of_tasks_meet, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let (mut seen, mut cursor) = (vec![], String::new());
    loop {
        let page = s.manager.get(&format!("/api/v1/tasks?limit=2{cursor}")).await.json;
        seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["seq"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    for (q, n) in [("客户 3", 1), ("kehu", 5), ("张伟", 5), ("没有", 0)] {
        let found = s.manager.get(&format!("/api/v1/tasks?q={q}&count=true")).await.json;
        assert_eq!(found["total"], n, "search {q}");
    }
});

testkit::both!(a_plan_is_changed_by_version, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let turned: Vec<Uuid> = s.customers.iter().rev().copied().collect();
    let bare = s.manager.request(reqwest::Method::PATCH, &path).json(&json!({ "keep_order": true }));
    assert_eq!(s.manager.send(bare).await.code(), "version.required");
    let kept = s.manager.patch(&path, 1, json!({ "customer_ids": turned, "keep_order": true })).await;
    assert_eq!(kept.status, 200, "{}", kept.json);
    assert_eq!(customers_of(&kept.json), turned);
    assert_eq!(kept.json["version"], 2);
    let meters = kept.json["route"]["meters"].as_i64().unwrap();
    assert!((12_100..12_200).contains(&meters), "5 km out, 4 km back: {meters}");
    assert_eq!(s.manager.patch(&path, 1, json!({ "note": "x" })).await.code(), "version.conflict");

    let fewer = s
        .manager
        .patch(&path, 2, json!({ "customer_ids": s.customers[..3], "keep_order": false, "note": "先近后远" }))
        .await;
    assert_eq!(customers_of(&fewer.json), s.customers[..3], "{}", fewer.json);
    assert_eq!(fewer.json["note"], "先近后远");
    let cancelled = s.manager.get("/api/v1/tasks?status=cancelled&count=true").await.json;
    assert_eq!(cancelled["total"], 2);
    let back = s.manager.patch(&path, 3, json!({ "customer_ids": s.customers })).await;
    assert_eq!(customers_of(&back.json), s.customers);

    let off = s.manager.post(&format!("{path}/cancel"), json!({ "reason": "下雨" })).await;
    assert_eq!((off.status, off.json["status"].as_str()), (200, Some("cancelled")), "{}", off.json);
    assert!(off.json["tasks"].as_array().unwrap().iter().all(|t| t["status"] == "cancelled"));
    assert_eq!(s.manager.patch(&path, 5, json!({ "note": "x" })).await.code(), "plan.cancelled");
    let anew = s.manager.post("/api/v1/plans", s.new_plan()).await;
    assert_eq!(anew.status, 201, "a cancelled plan gives the day free: {}", anew.json);
});

testkit::both!(a_task_in_between_joins_the_plan, |app| async move {
    let s = Scene::begin(&app).await;
    let mut new = s.new_plan();
    new["customer_ids"] = json!([s.customers[0], s.customers[4]]);
    let plan = s.manager.post("/api/v1/plans", new).await.json;
    let urgent = json!({ "id": Uuid::now_v7(), "employee_id": s.rep_id, "customer_id": s.customers[2], "day": DAY,
        "window": { "from_minute": 540, "to_minute": 1020 }, "note": "送样", "steps": [{ "title": "签收照", "kind": "photo" }] });
    let made = s.manager.post("/api/v1/tasks", urgent.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(made.json["plan_id"], plan["id"]);
    assert_eq!(made.json["seq"], 2, "between the near one and the far one");
    assert_eq!(s.manager.post("/api/v1/tasks", urgent.clone()).await.json["id"], made.json["id"]);
    let mut other = urgent;
    other["note"] = json!("别的");
    assert_eq!(s.manager.post("/api/v1/tasks", other).await.code(), "sync.conflict");
    let plan = s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json;
    assert_eq!(customers_of(&plan), [s.customers[0], s.customers[2], s.customers[4]]);
    assert_eq!(plan["version"], 2);
    assert_eq!(plan["route"]["order"].as_array().unwrap().len(), 3);
    let off = s
        .manager
        .post(
            &format!("/api/v1/tasks/{}/cancel", made.json["id"].as_str().unwrap()),
            json!({ "reason": "客户改期" }),
        )
        .await;
    assert_eq!(
        (off.status, off.json["status"].as_str(), off.json["reason"].as_str()),
        (200, Some("cancelled"), Some("客户改期"))
    );
});

testkit::both!(a_task_without_a_plan_is_taken_into_the_next_one, |app| async move {
    let s = Scene::begin(&app).await;
    let loose = json!({ "employee_id": s.rep_id, "customer_id": s.customers[3], "day": DAY, "window": { "from_minute": 600, "to_minute": 720 } });
    let task = s.manager.post("/api/v1/tasks", loose).await.json;
    assert_eq!(task["plan_id"], Value::Null, "{task}");
    let mut new = s.new_plan();
    new["customer_ids"] = json!([s.customers[0], s.customers[1]]);
    let plan = s.manager.post("/api/v1/plans", new).await.json;
    let customers = customers_of(&plan);
    assert_eq!(customers.len(), 3, "{plan}");
    let joined = s.manager.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json;
    assert_eq!(joined["plan_id"], plan["id"]);
    assert!(
        joined["eta"].as_str().unwrap() <= "2026-11-20T04:00:00Z",
        "before its window closes at noon: {joined}"
    );
});

testkit::both!(what_has_begun_is_not_taken_away, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let task = plan["tasks"][0].clone();
    let r = record(&task, place(0), 70, 100);
    app.clock.set(minute(71));
    s.taken(&r.items[..1]).await;
    let without = s.manager.patch(&path, 1, json!({ "customer_ids": s.customers[1..] })).await;
    assert_eq!((without.status, without.code()), (409, "plan.task_started"));
    let task_path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    assert_eq!(
        s.manager.post(&format!("{task_path}/cancel"), json!({ "reason": "x" })).await.code(),
        "task.not_open"
    );
    let off = s.manager.post(&format!("{path}/cancel"), json!({ "reason": "下雨" })).await;
    assert_eq!(off.status, 200, "{}", off.json);
    assert_eq!(
        s.manager.get(&task_path).await.json["status"],
        "on_site",
        "he is there, whatever the plan says"
    );
    app.clock.set(minute(101));
    s.taken(&r.items[1..]).await;
    assert_eq!(s.manager.get(&task_path).await.json["status"], "done");
});

testkit::both!(work_of_another_region_does_not_exist, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    let (plan_id, task_id) = (plan["id"].as_str().unwrap(), plan["tasks"][0]["id"].as_str().unwrap());
    for (who, client) in [("sibling", &s.sibling), ("stranger", &s.stranger)] {
        for path in [format!("/api/v1/plans/{plan_id}"), format!("/api/v1/tasks/{task_id}")] {
            assert_eq!(client.get(&path).await.status, 404, "{who} {path}");
        }
        assert_eq!(
            client.patch(&format!("/api/v1/plans/{plan_id}"), 1, json!({ "note": "x" })).await.status,
            404,
            "{who}"
        );
        for path in [format!("/api/v1/plans/{plan_id}/cancel"), format!("/api/v1/tasks/{task_id}/cancel")] {
            assert_eq!(client.post(&path, json!({ "reason": "x" })).await.status, 404, "{who} {path}");
        }
        for path in ["plans", "tasks", "visits"] {
            let list = client.get(&format!("/api/v1/{path}?count=true")).await.json;
            assert_eq!(list["total"], 0, "{who} {path}");
        }
        assert_eq!(
            client.post("/api/v1/plans", s.new_plan()).await.status,
            404,
            "{who} plans for a person of the other region"
        );
        let ask = json!({ "employee_id": s.rep_id, "day": DAY, "customer_ids": s.customers, "window": { "from_minute": 540, "to_minute": 1020 }, "objective": "time" });
        assert_eq!(client.post("/api/v1/routes/preview", ask).await.status, 404, "{who}");
    }
    assert_eq!(s.rep.post("/api/v1/plans", s.new_plan()).await.status, 403, "a rep does not plan");
});

testkit::both!(faults_of_a_plan_name_their_field, |app| async move {
    let s = Scene::begin(&app).await;
    let cases = [
        ("customer_ids", json!([])),
        ("customer_ids", json!([s.customers[0], s.customers[0]])),
        ("window", json!({ "from_minute": 600, "to_minute": 600 })),
        ("objective", json!("beauty")),
        ("template_id", json!(Uuid::now_v7())),
    ];
    for (field, value) in cases {
        let mut new = s.new_plan();
        new[field] = value.clone();
        let reply = s.manager.post("/api/v1/plans", new).await;
        assert_eq!(reply.status, 422, "{field} {value}: {}", reply.json);
        let named = reply.json["errors"][0]["field"].as_str().unwrap_or_default();
        assert!(named.starts_with(field), "{field} {value}: {}", reply.json);
    }
    let mut new = s.new_plan();
    new["customer_ids"] = json!([s.customers[0], Uuid::now_v7()]);
    assert_eq!(s.manager.post("/api/v1/plans", new).await.status, 404);
    assert_eq!(
        s.manager.get("/api/v1/plans?count=true").await.json["total"],
        0,
        "nothing was made of any of it"
    );
});

testkit::both!(templates_keep_their_versions, |app| async move {
    let s = Scene::begin(&app).await;
    let path = format!("/api/v1/task-templates/{}", s.template["id"].as_str().unwrap());
    let plan = s.plan().await;
    let mut steps = s.template["steps"].clone();
    steps.as_array_mut().unwrap().push(json!({ "title": "竞品照", "kind": "photo" }));
    let changed = s.manager.patch(&path, 1, json!({ "steps": steps })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    assert_eq!(changed.json["version"], 2);
    assert_eq!(changed.json["steps"][0]["id"], s.template["steps"][0]["id"], "a step keeps its id");
    let old = s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json;
    assert_eq!(old["tasks"][0]["steps"].as_array().unwrap().len(), 3, "what is planned keeps its steps");
    assert_eq!(s.manager.patch(&path, 1, json!({ "active": false })).await.code(), "version.conflict");
    let retired = s.manager.patch(&path, 2, json!({ "active": false, "min_stay_s": null })).await;
    assert_eq!((retired.json["active"].as_bool(), retired.json["min_stay_s"].is_null()), (Some(false), true));
    assert_eq!(
        s.stranger.get("/api/v1/task-templates").await.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|t| t["id"] == s.template["id"])
            .count(),
        0
    );
    assert_eq!(s.stranger.patch(&path, 3, json!({ "active": true })).await.status, 404);
});

testkit::both!(a_task_goes_to_somebody_else_or_to_another_day, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    let (peer, _) = app.person(&s.company, "李强", "liqiang", "rep", s.region).await;
    let first = plan["tasks"][0].clone();
    let path = |task: &Value| format!("/api/v1/tasks/{}/move", task["id"].as_str().unwrap());
    let spot = |who: Uuid, day: &str| json!({ "employee_id": who, "day": day });
    let to_peer = json!({ "to": spot(peer, DAY), "was": spot(s.rep_id, DAY) });
    assert_eq!(s.sibling.post(&path(&first), to_peer.clone()).await.status, 404);
    assert_eq!(s.rep.post(&path(&first), to_peer.clone()).await.status, 403);
    let moved = s.manager.post(&path(&first), to_peer.clone()).await;
    assert_eq!((moved.status, &moved.json["employee"]["id"]), (200, &json!(peer)), "{}", moved.json);
    assert_eq!(moved.json["id"], first["id"], "it is the same task");
    let left = s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json;
    assert_eq!(left["tasks"].as_array().unwrap().len(), 4, "{left}");
    // Sent again because the answer was lost it is there already; from where it no longer is it goes nowhere.
    let again = s.manager.post(&path(&first), to_peer).await;
    assert_eq!((again.status, &again.json["version"]), (200, &moved.json["version"]));
    let stale = json!({ "to": spot(s.rep_id, "2026-11-23"), "was": spot(s.rep_id, DAY) });
    assert_eq!(s.manager.post(&path(&first), stale).await.code(), "version.conflict");
    let never = json!({ "to": spot(peer, "9999-01-01"), "was": spot(peer, DAY) });
    assert_eq!(s.manager.post(&path(&first), never).await.status, 422);
    let cancel = format!("/api/v1/tasks/{}/cancel", first["id"].as_str().unwrap());
    let as_it_was = json!({ "reason": "不去了", "was": spot(s.rep_id, DAY) });
    assert_eq!(
        s.manager.post(&cancel, as_it_was).await.code(),
        "version.conflict",
        "it is somebody else's now"
    );
    // Another day, and back again by the same operation.
    let monday = json!({ "to": spot(s.rep_id, "2026-11-23"), "was": spot(peer, DAY) });
    let later = s.manager.post(&path(&first), monday).await;
    assert_eq!((later.status, &later.json["day"]), (200, &json!("2026-11-23")), "{}", later.json);
    assert!(later.json["plan_id"].is_string(), "it stands in that day's plan: {}", later.json);
    let back = json!({ "to": spot(s.rep_id, DAY), "was": spot(s.rep_id, "2026-11-23") });
    assert_eq!(s.manager.post(&path(&first), back).await.json["plan_id"], plan["id"]);
    // What is over, promised or under way stays.
    let second = plan["tasks"][1].clone();
    let past = json!({ "to": spot(peer, "2026-11-19"), "was": spot(s.rep_id, DAY) });
    assert_eq!(s.manager.post(&path(&second), past).await.status, 422);
    let nobody = json!({ "to": spot(Uuid::now_v7(), DAY), "was": spot(s.rep_id, DAY) });
    assert_eq!(s.manager.post(&path(&second), nobody).await.status, 404);
    let lock = format!("/api/v1/tasks/{}/lock", second["id"].as_str().unwrap());
    assert_eq!(s.manager.post(&lock, json!({ "locked": true })).await.status, 200);
    let off = |who: Uuid| json!({ "to": spot(who, DAY), "was": spot(s.rep_id, DAY) });
    assert_eq!(s.manager.post(&path(&second), off(peer)).await.code(), "board.locked");
    let third = plan["tasks"][2].clone();
    s.taken(&[item("task.on_the_way", minute(0), json!({ "task_id": third["id"] }))]).await;
    assert_eq!(s.manager.post(&path(&third), off(peer)).await.code(), "task.not_open");
});
