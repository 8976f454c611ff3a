//! Opening hours of customers: on the board, in the planner of one day, in the rhythm of weeks.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, MONDAY, board, ids, kinds};
use crate::scene::{DAY, Scene, id};

/// Friday, the day of the board.
fn friday(from_minute: i64, to_minute: i64) -> Value {
    json!({ "weekday": 5, "from_minute": from_minute, "to_minute": to_minute })
}

async fn open(s: &Scene, customer: Uuid, hours: Value) -> Value {
    let path = format!("/api/v1/customers/{customer}");
    let version = s.manager.get(&path).await.json["version"].as_i64().unwrap();
    let kept = s.manager.patch(&path, version, json!({ "hours": hours })).await;
    assert_eq!(kept.status, 200, "{}", kept.json);
    kept.json["hours"].clone()
}

testkit::both!(nobody_is_sent_to_a_closed_door, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let c = &d.s.customers;
    let kept = open(&d.s, c[0], json!({ "weekly": [friday(810, 1080)] })).await;
    assert_eq!(kept, json!({ "weekly": [friday(810, 1080)], "closed": [] }));
    open(&d.s, c[1], json!({ "closed": [DAY] })).await;
    open(&d.s, c[2], json!({ "weekly": [friday(480, 540)] })).await;
    let zhang = d.s.rep_id;
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": [t[0], t[1], t[2]] }])).await;
    assert_eq!(rows[0]["stops"][0]["begin_s"], 810 * 60, "he waits until it opens: {rows}");
    assert_eq!(kinds(&rows[0])[..2], [("closed".to_owned(), t[1]), ("closed".to_owned(), t[2])]);
    let words = |k: usize| rows[0]["violations"][k]["words"].clone();
    assert_eq!((words(0), words(1)), (json!([]), json!(["08:00-09:00"])), "{rows}");

    let made = d.optimise(json!([{ "employee_id": zhang, "tasks": [] }]), &t, "distance").await;
    assert_eq!(ids(&made["rows"][0]["tasks"]).len(), 3, "{made}");
    let mut left: Vec<(Uuid, &str)> = made["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (id(&l["task_id"]), l["reason"].as_str().unwrap()))
        .collect();
    left.sort_unstable();
    let mut closed = vec![(t[1], "closed"), (t[2], "closed")];
    closed.sort_unstable();
    assert_eq!(left, closed);
    let rows = d.evaluate(json!([made["rows"][0]])).await;
    assert_eq!(kinds(&rows[0]), [], "{rows}");

    // The planner of one day says the same.
    let ask = json!({ "employee_id": zhang, "day": DAY, "customer_ids": c, "objective": "distance",
        "window": { "from_minute": 540, "to_minute": 1020 } });
    let route = d.s.manager.post("/api/v1/routes/preview", ask).await.json;
    // The least way waits at the first door.
    assert_eq!(route["order"], json!([c[0], c[3], c[4]]), "{route}");
    let mut left = route["unserved"].as_array().unwrap().clone();
    left.sort_by_key(|u| u["customer_id"].to_string());
    assert!(left.len() == 2 && left.iter().all(|u| u["reason"] == "closed"), "{left:?}");
});

testkit::both!(no_rule_sends_anybody_on_a_closed_day, |app| async move {
    let d = Desk::begin(&app).await;
    let c = &d.s.customers;
    open(&d.s, c[0], json!({ "weekly": [{ "weekday": 3, "from_minute": 600, "to_minute": 720 }] })).await;
    // Open only before anybody works.
    open(&d.s, c[1], json!({ "weekly": [{ "weekday": 2, "from_minute": 360, "to_minute": 480 }, { "weekday": 4, "from_minute": 600, "to_minute": 720 }] }))
        .await;
    let rule = json!({ "name": "每周一次", "terms": { "grades": ["A"], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30 } });
    assert_eq!(d.s.company.admin.post("/api/v1/frequency/rules", rule).await.status, 201);
    let ask = json!({ "from": MONDAY, "weeks": 1 });
    let seen = d.s.manager.post("/api/v1/frequency/preview", ask).await.json;
    let day_of = |customer: &Uuid| -> Vec<String> {
        let days = seen["people"][0]["days"].as_array().unwrap().iter();
        let has = |d: &&Value| {
            d["visits"].as_array().unwrap().iter().any(|v| id(&v["customer"]["id"]) == *customer)
        };
        days.filter(has).map(|d| d["day"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(day_of(&c[0]), ["2026-11-25"], "Wednesday: {seen}");
    assert_eq!(day_of(&c[1]), ["2026-11-26"], "Thursday: {seen}");
    // On the board of the Monday they are not offered as due; the others are.
    let due: Vec<Uuid> = board(&d.s.manager, MONDAY).await["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|t| t["place"] == "due")
        .map(|t| id(&t["customer"]["id"]))
        .collect();
    assert!(!due.contains(&c[0]) && !due.contains(&c[1]) && due.len() == 3, "{due:?}");
});

testkit::both!(impossible_hours_are_refused, |app| async move {
    let s = Scene::begin(&app).await;
    let path = format!("/api/v1/customers/{}", s.customers[0]);
    let span = |weekday: i64, from: i64, to: i64| json!({ "weekday": weekday, "from_minute": from, "to_minute": to });
    for weekly in [
        json!([span(8, 540, 600)]),
        json!([span(1, 600, 540)]),
        json!([span(1, 540, 720), span(1, 700, 800)]),
        json!([span(1, 0, 60), span(1, 90, 120), span(1, 150, 180), span(1, 200, 260)]),
        json!([span(1, -5, 60)]),
        json!([span(1, 1380, 1500)]),
    ] {
        let bad = s.manager.patch(&path, 1, json!({ "hours": { "weekly": weekly } })).await;
        assert_eq!((bad.status, bad.code()), (422, "input.invalid"), "{}", bad.json);
        assert_eq!(bad.json["errors"][0]["code"], "customer.hours", "{}", bad.json);
    }
    let new = json!({ "name": "店", "hours": { "weekly": [span(1, 600, 540)] } });
    assert_eq!(s.manager.post("/api/v1/customers", new).await.status, 422);
    // A change of something else leaves them; an empty list is always.
    let hours = json!({ "weekly": [span(1, 540, 720)], "closed": ["2026-12-01"] });
    let kept = s.manager.patch(&path, 1, json!({ "hours": hours })).await.json;
    let named = s.manager.patch(&path, 2, json!({ "note": "后门进" })).await.json;
    assert_eq!((named["hours"].clone(), named["hours"].clone()), (kept["hours"].clone(), hours));
    let always = s.manager.patch(&path, 3, json!({ "hours": {} })).await.json;
    assert_eq!(always["hours"], json!({ "weekly": [], "closed": [] }));
});
