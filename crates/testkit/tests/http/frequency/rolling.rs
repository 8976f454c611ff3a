//! The weeks ahead planned by themselves.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};

use super::{MONDAY, add_customers, add_rule, day_of_month, days_of, rule, weeks};
use crate::scene::{Scene, id, item, minute, place, record};

/// Four in the morning, so many days after the scene's Friday.
fn four(days: i64) -> base::Micros {
    minute(days * 24 * 60 - 4 * 60)
}

async fn kept(client: &Client) -> Value {
    let reply = client.get("/api/v1/frequency/rolling").await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

async fn set(client: &Client, version: i64, rule: Value) -> Reply {
    let request = client.request(Method::PUT, "/api/v1/frequency/rolling");
    client.send(request.header("if-match", format!("\"{version}\"")).json(&rule)).await
}

async fn roll(app: &App, s: &Scene) {
    ::work::roll(&app.kit, s.company.id).await.unwrap();
}

async fn notices(client: &Client, kind: &str) -> Vec<Value> {
    let all = client.get("/api/v1/notices?limit=100").await.json["items"].clone();
    all.as_array().unwrap().iter().filter(|n| n["kind"] == kind).cloned().collect()
}

testkit::both!(the_weeks_ahead_are_planned_every_morning_and_nothing_twice, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let off = kept(&s.manager).await;
    assert_eq!((&off["weeks"], &off["version"], &off["next"]), (&json!(0), &json!(0), &Value::Null));
    add_rule(admin, rule("A 类每周一次", "A", "week", 1, &[1, 2, 3, 4, 5])).await;
    // The first rule switches it on, for two weeks, from the next morning on.
    let on = kept(&s.manager).await;
    assert_eq!((&on["weeks"], &on["again"], &on["last"]), (&json!(2), &json!(true), &Value::Null), "{on}");
    assert_eq!(
        on["next"],
        json!({ "at": "2026-11-20T20:00:00Z", "from": "2026-11-22", "to": "2026-12-06" }),
        "{on}"
    );
    roll(&app, &s).await;
    app.clock.set(minute(19 * 60));
    roll(&app, &s).await;
    assert_eq!(
        days_of(&s, MONDAY, "2026-12-06").await.len(),
        0,
        "not on the day it was switched on, nor before four"
    );

    app.clock.set(four(1));
    roll(&app, &s).await;
    let days = days_of(&s, "2026-11-21", "2026-12-20").await;
    assert_eq!(days.len(), 5);
    for of in days.values() {
        assert!(of.len() == 2 && of[0].as_str() < "2026-11-28" && of[1].as_str() > "2026-11-29", "{of:?}");
        assert!(of.iter().all(|d| d.as_str() <= "2026-12-04"), "two weeks, working days: {of:?}");
    }
    let ran = kept(&s.manager).await;
    assert_eq!((&ran["last"]["tasks"], &ran["last"]["to"]), (&json!(10), &json!("2026-12-06")), "{ran}");
    assert!(ran["last"]["at"].as_str().unwrap().starts_with("2026-11-20T20:0"), "{ran}");
    assert_eq!(ran["next"]["at"], "2026-11-21T20:00:00Z");
    // Who goes, who looks after him, and who switched it on hear of it once; the other region does not.
    for (who, kind) in
        [(&s.rep, "frequency.rolled"), (&s.manager, "frequency.ahead"), (admin, "frequency.ahead")]
    {
        let told = notices(who, kind).await;
        assert_eq!(told.len(), 1, "{kind}");
        assert!(told[0]["body"].as_str().unwrap().contains("10 次"), "{told:?}");
    }
    assert_eq!(notices(&s.sibling, "frequency.ahead").await.len(), 0);

    // The same day again, and the next ones, add nothing and tell nobody.
    roll(&app, &s).await;
    app.clock.set(four(2));
    roll(&app, &s).await;
    assert_eq!(days_of(&s, "2026-11-21", "2026-12-20").await, days);
    assert_eq!(kept(&s.manager).await["last"]["tasks"], 0);
    assert_eq!(notices(&s.manager, "frequency.ahead").await.len(), 1);

    // In the new week the third one is planned; what somebody called off or moved stays as he left it.
    let path = format!("/api/v1/tasks?day_from={MONDAY}&day_to=2026-11-29&limit=200");
    let this_week = s.manager.get(&path).await.json["items"].as_array().unwrap().clone();
    let task = this_week.last().unwrap();
    let cancel = format!("/api/v1/tasks/{}/cancel", task["id"].as_str().unwrap());
    let gone = s.manager.post(&cancel, json!({ "reason": "店铺盘点" })).await;
    assert!(gone.status < 300, "{}", gone.json);
    app.clock.set(four(3));
    roll(&app, &s).await;
    let now = days_of(&s, "2026-11-21", "2026-12-20").await;
    let of = &now[task["customer"]["id"].as_str().unwrap()];
    assert_eq!(of.len(), 2, "called off this week, planned in the two after it: {of:?}");
    assert!(of.iter().all(|d| d.as_str() > "2026-11-29"), "{of:?}");
    let others = now.iter().filter(|(c, _)| **c != task["customer"]["id"].as_str().unwrap());
    assert!(others.clone().all(|(c, of)| of[..2] == days[c][..] && of.len() == 3), "{now:?}");
    assert_eq!(kept(&s.manager).await["last"]["tasks"], 5);
});

testkit::both!(what_fell_through_is_planned_anew_in_the_same_run, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    // The rule is about others; these were planned by hand.
    let extra = add_customers(&s, "B", 1, 5).await;
    add_rule(admin, rule("B", "B", "week", 1, &[1, 2, 3, 4, 5])).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(8 * 60));
    s.taken(&record(&tasks[0], place(0), 70, 100).items).await;
    let skip = |task: &Value, code: &str| {
        item("task.skip", minute(120), json!({ "task_id": task["id"], "code": code, "reason": "店里没人" }))
    };
    s.taken(&[skip(&tasks[1], "absent"), skip(&tasks[2], "cancelled")]).await;
    app.clock.set(four(1));
    roll(&app, &s).await;
    let last = kept(&s.manager).await["last"].clone();
    assert_eq!((&last["tasks"], &last["again"]), (&json!(2), &json!(2)), "{last}");
    let days = days_of(&s, MONDAY, "2026-12-06").await;
    let of = |k: usize| days.get(&s.customers[k].to_string()).map_or(0, Vec::len);
    assert_eq!(
        [of(0), of(1), of(2), of(3), of(4)],
        [0, 0, 0, 1, 1],
        "made; skipped; called off by the customer; forgotten"
    );
    assert!(days.values().flatten().all(|d| day_of_month(d) >= 23 || d.as_str() > "2026-11-30"));
    assert_eq!(days[&extra[0].to_string()].len(), 2);
    let left = s.manager.get("/api/v1/frequency/missed").await.json;
    assert_eq!(left["items"].as_array().unwrap().len(), 2, "what somebody decided is left to people: {left}");
    let told = notices(&s.rep.clone().in_english(), "frequency.again").await;
    assert_eq!(told.len(), 1, "one for all of them");
    assert!(told[0]["body"].as_str().unwrap().contains("客户 4"), "{told:?}");
    assert_eq!(notices(&s.rep, "task.assigned").await.len(), 0);
    app.clock.set(four(2));
    roll(&app, &s).await;
    assert_eq!(kept(&s.manager).await["last"]["again"], 0, "once");
});

testkit::both!(how_far_is_the_companys, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let three = json!({ "weeks": 3, "again": false });
    assert_eq!(set(&s.manager, 0, three.clone()).await.status, 403);
    assert_eq!(set(&s.rep, 0, three.clone()).await.status, 403);
    for bad in [json!({ "weeks": 9, "again": true }), json!({ "weeks": -1, "again": true })] {
        let refused = set(admin, 0, bad).await;
        assert_eq!(
            (refused.status, &refused.json["errors"][0]["field"]),
            (422, &json!("weeks")),
            "{}",
            refused.json
        );
    }
    let made = set(admin, 0, three.clone()).await;
    assert_eq!(
        (made.status, &made.json["version"], &made.json["next"]),
        (200, &json!(1), &Value::Null),
        "no rule yet"
    );
    assert_eq!(set(admin, 0, three).await.code(), "version.conflict");
    // What was said before stands when the first rule is made.
    add_rule(admin, rule("A", "A", "week", 1, &[1, 2, 3, 4, 5])).await;
    assert_eq!(kept(&s.manager).await["weeks"], 3);
    assert_eq!(kept(&s.stranger).await["version"], 0, "another company's is its own");
    let off = set(admin, 1, json!({ "weeks": 0, "again": false })).await;
    assert_eq!((off.status, &off.json["next"]), (200, &Value::Null));
    app.clock.set(four(1));
    roll(&app, &s).await;
    assert_eq!(days_of(&s, MONDAY, "2026-12-20").await.len(), 0, "off");
    // Nobody who could go: said as not placed, once.
    set(admin, 2, json!({ "weeks": 1, "again": false })).await;
    let new = json!({ "name": "无人", "grade": "A", "at": place(3) });
    let made = admin.post("/api/v1/customers", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let alone = id(&made.json["id"]);
    let owner = made.json["owner"].clone();
    for day in [2, 3] {
        app.clock.set(four(day));
        roll(&app, &s).await;
    }
    if owner.is_null() {
        assert_eq!(kept(&s.manager).await["last"]["unplaced"], 1, "{alone}");
    }
    assert_eq!(s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.status, 200);
});
