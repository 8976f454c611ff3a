//! Visits that are due: who is told, when, and how often.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Client;

use crate::scene::{DAY, Scene, minute};

async fn told(client: &Client, kind: &str) -> Vec<Value> {
    let all = client.get("/api/v1/notices?limit=100").await.json["items"].clone();
    all.as_array().unwrap().iter().filter(|n| n["kind"] == kind).cloned().collect()
}

async fn set(client: &Client, version: i64, rule: Value) -> testkit::Reply {
    let request = client.request(Method::PUT, "/api/v1/task-reminders");
    client.send(request.header("if-match", format!("\"{version}\"")).json(&rule)).await
}

testkit::both!(who_has_not_set_out_is_reminded_once_and_then_the_planner_is, |app| async move {
    let s = Scene::begin(&app).await;
    let task = async |k: usize, from: i64, to: i64| {
        let new = json!({ "employee_id": s.rep_id, "customer_id": s.customers[k], "day": DAY, "window": { "from_minute": from, "to_minute": to } });
        let made = s.manager.post("/api/v1/tasks", new).await;
        assert_eq!(made.status, 201, "{}", made.json);
        made.json
    };
    // Two until ten, one until eleven, one until midnight.
    for (k, to) in [(0, 600), (1, 600), (2, 660), (3, 1440)] {
        task(k, 540, to).await;
    }
    let look = async |m: i64| {
        app.clock.set(minute(m));
        ::work::remind(&app.kit, s.company.id).await.unwrap();
    };
    look(89).await;
    assert_eq!(told(&s.rep, "task.soon").await.len(), 0, "half an hour before, not sooner");
    look(91).await;
    look(95).await;
    let soon = told(&s.rep, "task.soon").await;
    assert_eq!(soon.len(), 1, "one for both, once: {soon:?}");
    let body = soon[0]["body"].as_str().unwrap();
    assert!(body.contains("10:00") && body.contains("客户 1、客户 2") && !body.contains("客户 3"), "{body}");
    assert_eq!(told(&s.manager, "task.overdue").await.len(), 0);
    look(121).await;
    look(125).await;
    let late = told(&s.manager.clone().in_english(), "task.overdue").await;
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0]["body"].as_str().unwrap().contains("客户 1, 客户 2"), "{late:?}");
    assert_eq!(told(&s.rep, "task.overdue").await.len(), 0);
    // Another window is another reminder; half past eleven at night is nobody's working time.
    look(155).await;
    assert_eq!(told(&s.rep, "task.soon").await.len(), 2);
    look(15 * 60 + 45).await;
    assert_eq!(told(&s.rep, "task.soon").await.len(), 2);
    // Other people hear nothing.
    assert_eq!(told(&s.sibling, "task.overdue").await.len(), 0);
});

testkit::both!(the_company_says_when, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let kept = s.manager.get("/api/v1/task-reminders").await.json;
    assert_eq!(kept, json!({ "soon_minutes": 30, "overdue": true, "version": 0 }));
    let off = json!({ "soon_minutes": 0, "overdue": false });
    assert_eq!(set(&s.manager, 0, off.clone()).await.status, 403);
    assert_eq!(set(admin, 0, json!({ "soon_minutes": 241, "overdue": true })).await.status, 422);
    let done = set(admin, 0, off).await;
    assert_eq!((done.status, &done.json["version"]), (200, &json!(1)), "{}", done.json);
    assert_eq!(set(admin, 0, json!({ "soon_minutes": 5, "overdue": true })).await.code(), "version.conflict");
    let new = json!({ "employee_id": s.rep_id, "customer_id": s.customers[0], "day": DAY, "window": { "from_minute": 540, "to_minute": 600 } });
    assert_eq!(s.manager.post("/api/v1/tasks", new).await.status, 201);
    for m in [100, 130] {
        app.clock.set(minute(m));
        ::work::remind(&app.kit, s.company.id).await.unwrap();
    }
    assert_eq!((told(&s.rep, "task.soon").await.len(), told(&s.manager, "task.overdue").await.len()), (0, 0));
    let done = set(admin, 1, json!({ "soon_minutes": 0, "overdue": true })).await;
    assert_eq!(done.status, 200);
    ::work::remind(&app.kit, s.company.id).await.unwrap();
    assert_eq!(told(&s.manager, "task.overdue").await.len(), 1);
    let elsewhere = s.stranger.get("/api/v1/task-reminders").await.json;
    assert_eq!(elsewhere["version"], 0);
});
