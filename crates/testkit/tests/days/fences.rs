//! Watched places: events from positions, who is told, rounds, and the search for who was near.

use base::Micros;
use geo::{LngLat, destination};
use serde_json::{Value, json};
use testkit::{Client, Company};
use uuid::Uuid;

use crate::tracking::{at, rep};

fn shop() -> LngLat {
    LngLat::new(118.78, 32.04).unwrap()
}

/// A customer at a place, of somebody.
async fn customer(company: &Company, name: &str, at: LngLat, owner: Uuid) -> Uuid {
    let made =
        company.admin.post("/api/v1/customers", json!({ "name": name, "at": at, "owner_id": owner })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json["id"].as_str().unwrap().parse().unwrap()
}

/// Sends positions every ten seconds from a minute of the day on: `where_to(i)` for the i-th.
async fn send(client: &Client, from: Micros, n: i64, where_to: impl Fn(i64) -> LngLat) {
    let fixes: Vec<Value> = (0..n)
        .map(|i| json!({ "t": from.plus(i * 10 * Micros::SECOND), "at": where_to(i), "accuracy_m": 8.0 }))
        .collect();
    let sent = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
    assert_eq!((sent.status, &sent.json["accepted"]), (200, &json!(n)), "{}", sent.json);
}

/// Comes from the west, stays for `minutes` and goes on to the north.
async fn visit(client: &Client, at: LngLat, from: Micros, minutes: i64) {
    let stay = minutes * 6;
    send(client, from, 20 + stay + 40, |i| match i {
        0..20 => destination(at, 270.0, 100.0 * (20 - i) as f64),
        i if i < 20 + stay => destination(at, (i * 40 % 360) as f64, 12.0),
        i => destination(at, 0.0, 100.0 * (i - 20 - stay) as f64),
    })
    .await;
}

/// Events of the day as the reader sees them, oldest first, once as many are there as wanted.
async fn events(reader: &Client, want: usize) -> Vec<Value> {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(25);
    loop {
        let page = reader.get("/api/v1/fence-events?day=2026-11-20").await;
        assert_eq!(page.status, 200, "{}", page.json);
        let mut items = page.json["items"].as_array().unwrap().clone();
        items.reverse();
        if items.len() >= want || tokio::time::Instant::now() > deadline {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|e| e["kind"].as_str().unwrap()).collect()
}

testkit::both!(who_comes_and_goes_is_seen_told_and_written_down, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let (_, sibling) = app.person(&company, "周强", "zhouqiang", "manager", south).await;
    let stranger = app.company("乙").await;
    let shop_id = customer(&company, "苏福便利", shop(), id).await;
    let classes = company.admin.get("/api/v1/customer-classes").await.json;
    let class = classes["items"][0]["id"].as_str().unwrap();
    let tell = json!({ "enter": ["leader"], "exit": [], "dwell": ["person", "leader"] });
    let set = company.admin.put(&format!("/api/v1/fence-classes/{class}"), tell).await;
    assert_eq!(set.status, 200, "{}", set.json);
    let nothing = json!({});
    assert_eq!(
        company.admin.put(&format!("/api/v1/fence-classes/{}", Uuid::now_v7()), nothing).await.status,
        404
    );

    app.clock.set(at(10, 20));
    visit(&client, shop(), at(10, 0), 8).await;
    let seen = events(&boss, 3).await;
    assert_eq!(kinds(&seen), ["enter", "dwell", "exit"], "{seen:?}");
    let entered = &seen[0];
    assert_eq!((&entered["name"], &entered["fence_id"]), (&json!("苏福便利"), &json!(shop_id)));
    assert_eq!(entered["accuracy_m"], 8.0);
    assert!(entered["probability"].as_f64().unwrap() >= 0.8);
    let came: Micros = serde_json::from_value(entered["at"].clone()).unwrap();
    assert!((came.0 - at(10, 3).0).abs() <= 30 * Micros::SECOND, "{entered}");

    // told once, to those who are to hear it, and written down
    let notices = async |who: &Client| -> Vec<String> {
        let list = who.get("/api/v1/notices").await.json;
        list["items"].as_array().unwrap().iter().map(|n| n["title"].as_str().unwrap().to_owned()).collect()
    };
    let boss_heard = notices(&boss).await;
    assert_eq!(boss_heard.len(), 2, "{boss_heard:?}");
    assert!(boss_heard.contains(&"张伟 到达 苏福便利".to_owned()), "{boss_heard:?}");
    assert_eq!(notices(&client).await, ["张伟 在 苏福便利 已停留 5 分钟"]);
    assert!(notices(&sibling).await.is_empty());
    let ledger = client.get("/api/v1/me/ledger").await.json;
    let lines: Vec<&Value> =
        ledger["items"].as_array().unwrap().iter().filter(|l| l["what"] == "fence").collect();
    assert!(lines.len() == 1 && lines[0]["reader"]["name"] == "陈静", "{ledger}");
    assert!(lines[0]["count"].as_i64().unwrap() >= 3, "two notices and one look: {ledger}");

    // the same again, and late ones in between, change nothing
    visit(&client, shop(), at(9, 10), 0).await;
    let seen = events(&boss, 4).await;
    assert_eq!(kinds(&seen), ["pass", "enter", "dwell", "exit"], "driving through is a pass: {seen:?}");
    assert_eq!(notices(&boss).await.len(), 2, "nobody is told again");

    // nobody else's business
    assert!(events(&sibling, 0).await.is_empty());
    assert!(events(&stranger.admin, 0).await.is_empty());
    assert_eq!(client.get("/api/v1/fence-events?day=2026-11-20").await.status, 403);
});

testkit::both!(a_drawn_fence_takes_the_place_of_the_circle, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let shop_id = customer(&company, "苏福便利", shop(), id).await;
    // a yard two hundred metres to the east of the sign
    let yard = destination(shop(), 90.0, 300.0);
    let corners: Vec<LngLat> = [0.0, 90.0, 180.0, 270.0].map(|b| destination(yard, b, 110.0)).into();
    let fence =
        |shape: Value| json!({ "name": "后院", "customer_id": shop_id, "shape": shape, "dwell_s": 300 });
    let made = company.admin.post("/api/v1/fences", fence(json!({ "polygon": corners }))).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let bow = [corners[0], corners[2], corners[1], corners[3]];
    for bad in [
        json!({ "polygon": bow }),
        json!({ "polygon": corners[..2] }),
        json!({}),
        json!({ "circle": { "at": shop(), "radius_m": 5.0 } }),
        json!({ "circle": { "at": shop(), "radius_m": 50.0 }, "polygon": corners }),
    ] {
        let refused = company.admin.post("/api/v1/fences", fence(bad.clone())).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (422, Some("fence.shape")), "{bad}");
    }
    let list = company.admin.get(&format!("/api/v1/fences?customer_id={shop_id}")).await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let expected = company.admin.get("/api/v1/fences/expectation?radius_m=150").await.json;
    let rows = expected["items"].as_array().unwrap();
    assert!(rows[0]["missed"].as_f64() < rows[4]["missed"].as_f64(), "{expected}");
    assert_eq!(company.admin.get("/api/v1/fences/expectation?radius_m=5").await.status, 422);

    app.clock.set(at(11, 0));
    visit(&client, shop(), at(10, 0), 5).await;
    visit(&client, yard, at(10, 30), 7).await;
    let seen = events(&company.admin, 3).await;
    assert_eq!(kinds(&seen), ["enter", "dwell", "exit"], "{seen:?}");
    assert_eq!((&seen[0]["name"], &seen[0]["customer_id"]), (&json!("后院"), &json!(shop_id)));

    // no longer watched
    let (fence_id, version) = (made.json["id"].as_str().unwrap(), made.json["version"].as_i64().unwrap());
    let mut end = fence(json!({ "polygon": corners }));
    end["active"] = json!(false);
    let path = format!("/api/v1/fences/{fence_id}");
    assert_eq!(company.admin.patch(&path, version + 7, end.clone()).await.status, 409);
    assert_eq!(company.admin.patch(&path, version, end).await.status, 200);
    let list = company.admin.get(&format!("/api/v1/fences?customer_id={shop_id}")).await.json;
    assert_eq!(list["items"], json!([]));
});

testkit::both!(own_tracks_is_told_the_places_of_the_day, |app| async move {
    let company = app.company("甲").await;
    let (id, _) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let shop_id = customer(&company, "苏福便利", shop(), id).await;
    let tracker = company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": id, "name": "手机", "kind": "owntracks" }))
        .await
        .json;
    let secret = tracker["secret"].as_str().unwrap().to_owned();
    app.clock.set(at(10, 0));
    let template = company
        .admin
        .post("/api/v1/task-templates", json!({ "name": "拜访", "kind": "visit", "min_stay_s": 300, "steps": [{ "title": "备注", "kind": "text" }] }))
        .await
        .json;
    let plan = json!({ "employee_id": id, "day": "2026-11-20", "window": { "from_minute": 540, "to_minute": 1020 }, "template_id": template["id"], "customer_ids": [shop_id], "objective": "distance" });
    let planned = company.admin.post("/api/v1/plans", plan).await;
    assert_eq!(planned.status, 201, "{}", planned.json);
    let report = json!({ "_type": "location", "lat": 32.0, "lon": 118.7, "tst": at(9, 59).0 / 1_000_000, "tid": "zw" });
    let phone = app.stranger();
    let answer = phone.post(&format!("/t/{secret}"), report.clone()).await.json;
    let command = &answer[0];
    assert_eq!((&command["_type"], &command["action"]), (&json!("cmd"), &json!("setWaypoints")), "{answer}");
    let places = command["waypoints"]["waypoints"].as_array().unwrap();
    assert_eq!(places.len(), 1);
    assert_eq!((&places[0]["desc"], &places[0]["rad"]), (&json!("苏福便利"), &json!(150)));
    assert_eq!((&places[0]["lat"], &places[0]["lon"]), (&json!(32.04), &json!(118.78)));
    let again = phone.post(&format!("/t/{secret}"), report).await.json;
    assert_eq!(again, json!([]), "told once");
});

testkit::both!(a_round_in_order_and_in_time, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let stranger = app.company("乙").await;
    let place = |k: usize| destination(shop(), 90.0, 1500.0 * k as f64);
    let mut shops = vec![];
    for k in 0..4 {
        shops.push(customer(&company, &format!("点 {}", k + 1), place(k), id).await);
    }
    let point =
        |k: usize, from: i32| json!({ "customer_id": shops[k], "from_minute": from, "to_minute": from + 20 });
    let round = json!({ "name": "早巡", "employee_id": id, "weekdays": [1, 5], "points": [point(0, 570), point(1, 600), point(2, 630), point(3, 660)], "grace_s": 3600 });
    let made = company.admin.post("/api/v1/patrols", round.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let mut twice = round.clone();
    twice["points"] = json!([point(0, 570), point(0, 600)]);
    let refused = company.admin.post("/api/v1/patrols", twice).await;
    assert_eq!((refused.status, refused.json["code"].as_str()), (422, Some("patrol.points")));
    assert_eq!(stranger.admin.post("/api/v1/patrols", round.clone()).await.status, 404);

    // first in time, second skipped, fourth before third, third too late
    app.clock.set(at(13, 0));
    for (k, from) in [(0, at(9, 32)), (3, at(11, 2)), (2, at(11, 30))] {
        visit(&client, place(k), from, 5).await;
    }
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(25);
    let day = loop {
        let day = company.admin.get("/api/v1/patrol-days?day=2026-11-20").await.json;
        if day["items"][0]["reached"] == 3 || tokio::time::Instant::now() > deadline {
            break day;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    };
    let points = day["items"][0]["points"].as_array().unwrap();
    let states: Vec<&str> = points.iter().map(|p| p["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["in_time", "missed", "late", "in_time"], "{day}");
    let moved: Vec<bool> = points.iter().map(|p| p["out_of_order"].as_bool().unwrap()).collect();
    assert_eq!(moved.iter().filter(|m| **m).count(), 1, "{day}");
    assert_eq!((&day["items"][0]["reached"], &day["items"][0]["missed"]), (&json!(3), &json!(1)));
    assert_eq!(points[0]["checked_in"], false, "by its fence");
    let own = client.get("/api/v1/me/patrols/2026-11-20").await.json;
    assert_eq!(own["items"][0]["points"], day["items"][0]["points"]);
    assert_eq!(client.get("/api/v1/me/patrols/2026-11-21").await.json["items"], json!([]), "no Saturday");
    assert_eq!(stranger.admin.get("/api/v1/patrol-days?day=2026-11-20").await.json["items"], json!([]));
    let mut end = round;
    end["active"] = json!(false);
    let path = format!("/api/v1/patrols/{}", made.json["id"].as_str().unwrap());
    assert_eq!(company.admin.patch(&path, 1, end).await.status, 200);
    assert_eq!(company.admin.get("/api/v1/patrols").await.json["items"], json!([]));
});

testkit::both!(who_was_near_is_found_and_learns_of_it, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let (a, near) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (_, far) = rep(&app, &company, "李娜", "lina", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    app.clock.set(at(11, 0));
    visit(&near, shop(), at(10, 0), 8).await;
    visit(&far, destination(shop(), 90.0, 4000.0), at(10, 0), 8).await;
    let search = |reason: &str| json!({ "at": shop(), "radius_m": 300, "from": at(10, 5), "to": at(10, 30), "reason": reason });
    assert_eq!(boss.post("/api/v1/tracks/near", search("事故核查")).await.status, 403, "a right of its own");
    assert_eq!(company.admin.post("/api/v1/tracks/near", search("")).await.status, 422);
    let mut long = search("事故核查");
    long["to"] = json!(at(10 + 30, 0));
    assert_eq!(company.admin.post("/api/v1/tracks/near", long).await.status, 422);
    let found = company.admin.post("/api/v1/tracks/near", search("事故核查")).await.json;
    let people = found["people"].as_array().unwrap();
    assert_eq!((people.len(), &found["searched"]), (1, &json!(2)), "{found}");
    assert_eq!(people[0]["employee"]["id"], json!(a));
    assert!(people[0]["spans"][0]["closest_m"].as_i64().unwrap() <= 15, "{found}");
    let ledger = near.get("/api/v1/me/ledger").await.json;
    assert_eq!((&ledger["items"][0]["what"], &ledger["items"][0]["count"]), (&json!("search"), &json!(1)));
    assert_eq!(far.get("/api/v1/me/ledger").await.json["items"], json!([]));
    let audit = company.admin.get("/api/v1/audit").await.json;
    let line = audit["items"].as_array().unwrap().iter().find(|l| l["action"] == "track.search");
    assert!(line.is_some_and(|l| l.to_string().contains("事故核查")), "{audit}");
});
