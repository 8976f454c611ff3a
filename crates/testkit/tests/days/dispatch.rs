//! Urgent requests: who could go, who is asked, what he says, and what becomes of his day.

use std::time::Duration;

use base::Micros;
use geo::{LngLat, destination};
use serde_json::{Value, json};
use testkit::{App, Client, Company, On};
use uuid::Uuid;

use crate::{
    report::item,
    tracking::{at, rep},
};

fn centre() -> LngLat {
    LngLat::new(118.78, 32.04).unwrap()
}

fn east(km: f64) -> LngLat {
    destination(centre(), 90.0, km * 1000.0)
}

/// Somebody in the field.
struct Out {
    id: Uuid,
    client: Client,
}

impl Out {
    async fn stands(&self, place: LngLat, t: Micros) {
        let fix = json!({ "t": t, "at": place, "accuracy_m": 6.0, "speed_mps": 0.0 });
        let sent = self.client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [fix] })).await;
        assert_eq!(sent.json["accepted"], 1, "{}", sent.json);
    }

    /// The answer to an offer, as the phone gives it.
    async fn says(&self, kind: &str, t: Micros, body: Value) -> Value {
        let sent = json!({ "device_id": "d", "items": [item(kind, t, body)] });
        let reply = self.client.post("/api/v1/field/sync", sent).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json["receipts"][0].clone()
    }

    async fn snapshot(&self) -> Value {
        self.client.get("/api/v1/field/snapshot").await.json
    }

    async fn notices(&self) -> Vec<String> {
        kinds(&self.client).await
    }
}

async fn kinds(client: &Client) -> Vec<String> {
    let page = client.get("/api/v1/notices").await.json;
    page["items"].as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap().to_owned()).collect()
}

/// A region with its manager and people at 1, 3 and 6 km from the centre; another region with somebody at the centre.
struct Field {
    company: Company,
    region: Uuid,
    manager: Client,
    sibling: Client,
    near: Out,
    middle: Out,
    far: Out,
    other: Out,
    shop: Value,
}

impl Field {
    async fn begin(app: &App) -> Field {
        let company = app.company("甲").await;
        let region = app.department(&company, "一区", company.root_department).await;
        let second = app.department(&company, "二区", company.root_department).await;
        let (_, manager) = app.person(&company, "陈静", "chenjing", "manager", region).await;
        let (_, sibling) = app.person(&company, "何静", "hejing", "manager", second).await;
        let person = async |name: &str, login: &str, department| {
            let (id, client) = rep(app, &company, name, login, department).await;
            Out { id, client }
        };
        let near = person("张伟", "zhangwei", region).await;
        let middle = person("李娜", "lina", region).await;
        let far = person("王芳", "wangfang", region).await;
        let other = person("赵强", "zhaoqiang", second).await;
        let shop = json!({ "name": "苏福便利", "grade": "B", "at": centre(), "department_id": region, "address": "中山路 88 号" });
        let shop = manager.post("/api/v1/customers", shop).await.json["id"].clone();
        let field = Field { company, region, manager, sibling, near, middle, far, other, shop };
        app.clock.set(at(10, 0));
        field.stand(at(9, 59)).await;
        field
    }

    async fn stand(&self, t: Micros) {
        self.near.stands(east(1.0), t).await;
        self.middle.stands(east(3.0), t).await;
        self.far.stands(east(6.0), t).await;
        self.other.stands(centre(), t).await;
    }

    fn new_request(&self) -> Value {
        json!({ "id": Uuid::now_v7(), "customer_id": self.shop, "title": "冰柜不制冷", "priority": 3, "service_minutes": 40 })
    }

    async fn request(&self, new: Value) -> String {
        let made = self.manager.post("/api/v1/dispatch/requests", new).await;
        assert_eq!(made.status, 201, "{}", made.json);
        assert_eq!(made.json["status"], "open");
        made.json["id"].as_str().unwrap().to_owned()
    }

    async fn candidates(&self, request: &str) -> Value {
        let reply = self.manager.get(&format!("/api/v1/dispatch/requests/{request}/candidates")).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json
    }

    /// Asks a person; answers the offer's id.
    async fn send(&self, request: &str, person: &Out) -> String {
        let id = Uuid::now_v7().to_string();
        let offer = json!({ "id": id, "employee_id": person.id });
        let sent = self.manager.post(&format!("/api/v1/dispatch/requests/{request}/offers"), offer).await;
        assert_eq!(sent.status, 200, "{}", sent.json);
        assert_eq!(sent.json["request"]["status"], "offered");
        id
    }

    async fn detail(&self, request: &str) -> Value {
        self.manager.get(&format!("/api/v1/dispatch/requests/{request}")).await.json
    }

    /// Waits until the server has moved a request to a state by itself.
    async fn becomes(&self, request: &str, status: &str) -> Value {
        for _ in 0..100 {
            let seen = self.detail(request).await;
            if seen["request"]["status"] == status {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("never {status}: {}", self.detail(request).await);
    }
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|c| c["employee"]["name"].as_str().unwrap()).collect()
}

async fn looks(client: &Client) -> i64 {
    let page = client.get("/api/v1/me/ledger?limit=200").await.json;
    page["items"].as_array().unwrap().iter().map(|l| l["count"].as_i64().unwrap()).sum()
}

testkit::both!(a_request_goes_from_the_desk_to_a_visit, |app| async move {
    let f = Field::begin(&app).await;
    let new = f.new_request();
    let request = f.request(new.clone()).await;
    let again = f.manager.post("/api/v1/dispatch/requests", new.clone()).await;
    assert_eq!((again.status, again.json["id"].as_str()), (201, Some(&*request)), "the same is the same");
    let mut other = new;
    other["title"] = json!("别的");
    assert_eq!(f.manager.post("/api/v1/dispatch/requests", other).await.code(), "sync.conflict");

    // who could go: of the own region, the nearest first, with reasons
    let (before, stranger) = (looks(&f.near.client).await, looks(&f.other.client).await);
    let found = f.candidates(&request).await;
    assert_eq!(names(&found["people"]), ["张伟", "李娜", "王芳"], "{found}");
    assert_eq!(found["people"][0]["recommended"], true);
    assert_eq!(found["people"][0]["idle"], true);
    let factors = &found["people"][0]["factors"];
    // 1 km × 1.35 at 24 km/h
    assert!((200..=206).contains(&factors["drive_s"].as_i64().unwrap()), "{factors}");
    assert_eq!((&factors["lateness_s"], &factors["moved"]), (&json!(0), &json!([])));
    assert!(looks(&f.near.client).await > before, "who is ranked by his position is told");
    assert_eq!(looks(&f.other.client).await, stranger, "who is no candidate was not looked at");

    // beyond the viewer's reach it does not exist
    for path in ["", "/candidates"] {
        let seen = f.sibling.get(&format!("/api/v1/dispatch/requests/{request}{path}")).await;
        assert_eq!(seen.status, 404, "{path}");
    }
    assert_eq!(f.sibling.get("/api/v1/dispatch/requests").await.json["items"], json!([]));
    let beyond = json!({ "employee_id": f.other.id });
    let path = format!("/api/v1/dispatch/requests/{request}/offers");
    assert_eq!(f.manager.post(&path, beyond).await.status, 404);
    assert_eq!(f.near.client.post(&path, json!({ "employee_id": f.near.id })).await.status, 403);

    // the first refuses with a reason
    let offer = f.send(&request, &f.near).await;
    let same = f.manager.post(&path, json!({ "id": offer, "employee_id": f.near.id })).await;
    assert_eq!(same.status, 200, "sent once: {}", same.json);
    assert_eq!(
        f.manager.post(&path, json!({ "employee_id": f.middle.id })).await.code(),
        "dispatch.not_open"
    );
    let call = f.near.snapshot().await["urgent"][0].clone();
    assert_eq!((call["id"].as_str(), call["title"].as_str()), (Some(&*offer), Some("冰柜不制冷")), "{call}");
    assert_eq!(call["by"], "陈静");
    assert!(f.middle.snapshot().await["urgent"].as_array().unwrap().is_empty());
    let refusal = json!({ "offer_id": offer, "reason": "车坏了" });
    let strange = f.middle.says("urgent.refuse", at(10, 1), refusal.clone()).await;
    assert_eq!(strange["status"], "rejected", "another person's offer: {strange}");
    assert_eq!(f.near.says("urgent.refuse", at(10, 1), refusal).await["status"], "accepted");
    let seen = f.detail(&request).await;
    assert_eq!(
        (&seen["request"]["status"], &seen["offers"][0]["reason"]),
        (&json!("open"), &json!("车坏了"))
    );
    assert_eq!(kinds(&f.manager).await, ["urgent.refused"]);
    let found = f.candidates(&request).await;
    assert_eq!(found["people"][0]["asked"], "refused");
    assert_eq!(found["people"][1]["recommended"], true, "the next is recommended: {found}");

    // the second goes: the request is in his day, and the dispatcher knows
    let offer = f.send(&request, &f.middle).await;
    let receipt = f.middle.says("urgent.accept", at(10, 2), json!({ "offer_id": offer })).await;
    assert_eq!(receipt["status"], "accepted", "{receipt}");
    let seen = f.detail(&request).await;
    assert_eq!(seen["request"]["status"], "accepted");
    let task = &seen["request"]["task"];
    assert_eq!((&task["status"], &task["employee"]["name"]), (&json!("accepted"), &json!("李娜")), "{seen}");
    let day = f.middle.snapshot().await;
    assert_eq!(day["tasks"][0]["id"], task["id"]);
    assert_eq!(day["tasks"][0]["title"], "冰柜不制冷");
    assert!(
        day["customers"].as_array().unwrap().iter().any(|c| c["id"] == f.shop),
        "he can open the customer"
    );
    assert_eq!(f.middle.notices().await, ["urgent.placed", "urgent.offered"]);
    assert_eq!(kinds(&f.manager).await[0], "urgent.accepted");

    // the visit closes it; both are in the trail and in the log
    let visit = Uuid::now_v7();
    let fix = json!({ "at": centre(), "accuracy_m": 8.0, "t": at(10, 20) });
    let check_in = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": f.shop, "fix": fix, "offline": false });
    app.clock.set(at(10, 50));
    assert_eq!(f.middle.says("visit.check_in", at(10, 20), check_in).await["status"], "accepted");
    let out = json!({ "visit_id": visit, "fix": null });
    assert_eq!(f.middle.says("visit.check_out", at(10, 45), out).await["status"], "accepted");
    f.becomes(&request, "done").await;
    let trail = f.company.admin.get("/api/v1/audit?limit=100").await.json;
    for action in ["urgent.take", "urgent.offer", "task.squeeze"] {
        assert!(
            trail["items"].as_array().unwrap().iter().any(|l| l["action"] == action),
            "{action}: {trail}"
        );
    }
    let cancel = f
        .manager
        .post(&format!("/api/v1/dispatch/requests/{request}/cancel"), json!({ "reason": "晚了" }))
        .await;
    assert_eq!(cancel.code(), "dispatch.not_open");
});

testkit::both!(the_desk_is_told_that_the_customer_is_closed, |app| async move {
    let f = Field::begin(&app).await;
    let request = f.request(f.new_request()).await;
    let found = f.candidates(&request).await;
    assert_eq!((&found["open"], &found["people"][0]["factors"]["closed"]), (&Value::Null, &json!(false)));
    let path = format!("/api/v1/customers/{}", f.shop.as_str().unwrap());
    let span = |from: i64, to: i64| -> Vec<Value> {
        (1..8).map(|d| json!({ "weekday": d, "from_minute": from, "to_minute": to })).collect()
    };
    // It is ten o'clock.
    for (version, (from, to), closed) in [(1, (810, 1080), true), (2, (540, 720), false)] {
        let kept = f.manager.patch(&path, version, json!({ "hours": { "weekly": span(from, to) } })).await;
        assert_eq!(kept.status, 200, "{}", kept.json);
        let found = f.candidates(&request).await;
        assert_eq!(found["open"], json!([{ "from_minute": from, "to_minute": to }]));
        assert_eq!(found["people"][0]["factors"]["closed"], closed, "{found}");
    }
});

testkit::both!(nobody_answers_and_it_goes_back, |app| async move {
    let f = Field::begin(&app).await;
    let request = f.request(f.new_request()).await;
    let offer = f.send(&request, &f.near).await;
    app.clock.set(at(10, 6));
    f.becomes(&request, "open").await;
    let late = f.near.says("urgent.accept", at(10, 1), json!({ "offer_id": offer })).await;
    assert_eq!(late["code"], "dispatch.over", "said in time by his phone, but it came too late: {late}");
    assert!(late["detail"].as_str().unwrap().contains("退回调度员"), "{late}");
    assert_eq!(kinds(&f.manager).await, ["urgent.expired"]);
    assert_eq!(f.near.notices().await[0], "urgent.missed");
    assert!(f.near.snapshot().await["tasks"].as_array().unwrap().is_empty());

    // the dispatcher takes one back
    f.stand(at(10, 5)).await;
    let offer = f.send(&request, &f.near).await;
    let back = f.manager.post(&format!("/api/v1/dispatch/requests/{request}/withdraw"), json!({})).await;
    assert_eq!((back.status, &back.json["request"]["status"]), (200, &json!("open")));
    let late = f.near.says("urgent.accept", at(10, 6), json!({ "offer_id": offer })).await;
    assert_eq!(late["code"], "dispatch.over");
    let cancel = json!({ "reason": "客户自己修好了" });
    let gone = f.manager.post(&format!("/api/v1/dispatch/requests/{request}/cancel"), cancel).await;
    assert_eq!(gone.json["request"]["status"], "cancelled", "{}", gone.json);
});

/// Plans customers for a person, each with a window; answers the tasks in their order.
async fn plan(f: &Field, who: &Out, stops: &[(f64, i64)]) -> Vec<Value> {
    let mut tasks = vec![];
    for (k, (km, until)) in stops.iter().enumerate() {
        let new = json!({ "name": format!("店 {k}"), "grade": "C", "at": east(*km), "owner_id": who.id });
        let shop = f.manager.post("/api/v1/customers", new).await.json["id"].clone();
        tasks.push((shop, *until));
    }
    let ids: Vec<&Value> = tasks.iter().map(|t| &t.0).collect();
    let new = json!({ "employee_id": who.id, "day": "2026-11-20", "window": { "from_minute": 540, "to_minute": 1020 },
        "customer_ids": ids, "objective": "distance" });
    let plan = f.manager.post("/api/v1/plans", new).await;
    assert_eq!(plan.status, 201, "{}", plan.json);
    plan.json["tasks"].as_array().unwrap().clone()
}

async fn order(who: &Out) -> Vec<(String, i64)> {
    let day = who.snapshot().await;
    let mut tasks = day["tasks"].as_array().unwrap().clone();
    tasks.sort_by_key(|t| t["seq"].as_i64());
    let open = tasks.iter().filter(|t| t["status"] != "cancelled");
    open.map(|t| (t["customer"]["name"].as_str().unwrap().to_owned(), t["seq"].as_i64().unwrap())).collect()
}

testkit::both!(what_has_begun_is_locked_or_prescribed_does_not_move, |app| async move {
    let f = Field::begin(&app).await;
    let tasks = plan(&f, &f.near, &[(2.0, 0), (3.0, 0), (4.0, 0), (5.0, 0)]).await;
    let locked = tasks[1]["id"].as_str().unwrap();
    let lock = f.manager.post(&format!("/api/v1/tasks/{locked}/lock"), json!({ "locked": true })).await;
    assert_eq!((lock.status, &lock.json["locked"]), (200, &json!(true)), "{}", lock.json);
    let set_out = json!({ "task_id": tasks[0]["id"] });
    assert_eq!(f.near.says("task.on_the_way", at(10, 0), set_out).await["status"], "accepted");
    let request = f.request(f.new_request()).await;
    let found = f.candidates(&request).await;
    let near = found["people"].as_array().unwrap().iter().find(|c| c["employee"]["name"] == "张伟").unwrap();
    assert_eq!(near["factors"]["before"], 1, "he is on the way to the first: {near}");
    let offer = f.send(&request, &f.near).await;
    assert_eq!(
        f.near.says("urgent.accept", at(10, 1), json!({ "offer_id": offer })).await["status"],
        "accepted"
    );
    let names: Vec<String> = order(&f.near).await.into_iter().map(|t| t.0).collect();
    assert_eq!(names, ["店 0", "苏福便利", "店 1", "店 2", "店 3"]);
    let plan = &f.near.snapshot().await["plans"][0];
    assert_eq!(
        plan["route"]["order"].as_array().unwrap().len(),
        5,
        "the way of the day is the new one: {plan}"
    );
    let seqs: Vec<i64> = order(&f.near).await.into_iter().map(|t| t.1).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
});

testkit::both!(a_full_day_gives_at_most_two_visits_up_and_they_are_not_forgotten, |app| async move {
    let f = Field::begin(&app).await;
    // Two hours of work before the shift ends at five; an hour more does not fit.
    app.clock.set(at(14, 30));
    let tasks = plan(&f, &f.near, &[(1.0, 0), (1.2, 0), (1.4, 0), (1.6, 0)]).await;
    assert_eq!(tasks.len(), 4);
    // What they ask of whoever makes them goes with them.
    let skilled = json!({ "skills": ["冷链"] });
    let path = format!("/api/v1/dispatch/skills/{}", f.near.id);
    assert_eq!(f.company.admin.put(&path, skilled.clone()).await.status, 200);
    for task in &tasks {
        let path = format!("/api/v1/tasks/{}/skills", task["id"].as_str().unwrap());
        let asks = f.manager.put(&path, skilled.clone()).await;
        assert_eq!(asks.status, 200, "{}", asks.json);
    }
    f.near.stands(east(1.0), at(14, 29)).await;
    let request = f
        .request(json!({ "customer_id": f.shop, "title": "停电", "priority": 3, "service_minutes": 60 }))
        .await;
    let found = f.candidates(&request).await;
    let near = found["people"].as_array().unwrap().iter().find(|c| c["employee"]["name"] == "张伟");
    let Some(near) = near else { panic!("he can go when others make room: {found}") };
    let moved = near["factors"]["moved"].as_array().unwrap();
    assert!(!moved.is_empty() && moved.len() <= 2, "{near}");
    let out: Vec<&Value> = moved.iter().filter(|m| m["handed_over"] == true).collect();
    assert!(!out.is_empty(), "the shift is over too soon for all of it: {near}");
    let offer = f.send(&request, &f.near).await;
    assert_eq!(
        f.near.says("urgent.accept", at(14, 31), json!({ "offer_id": offer })).await["status"],
        "accepted"
    );
    let left: Vec<String> = order(&f.near).await.into_iter().map(|t| t.0).collect();
    assert_eq!(left.len(), 5 - out.len(), "{left:?}");
    assert_eq!(left[0], "苏福便利");
    let open = f.manager.get("/api/v1/dispatch/requests?status=open").await.json;
    let again = open["items"].as_array().unwrap();
    assert_eq!(again.len(), out.len(), "{open}");
    assert!(again.iter().all(|r| r["made_room"] == true && r["skills"] == json!(["冷链"])), "{open}");
    let names: Vec<&str> = again.iter().map(|r| r["customer"]["name"].as_str().unwrap()).collect();
    assert!(out.iter().all(|m| names.contains(&m["customer"].as_str().unwrap())), "{names:?}");
    let said = f.near.client.get("/api/v1/notices").await.json;
    assert!(said["items"][0]["body"].as_str().unwrap().contains("让给别人"), "{said}");
    let said = f.near.client.clone().in_english().get("/api/v1/notices").await.json;
    assert!(said["items"][0]["body"].as_str().unwrap().contains("goes to somebody else"), "{said}");
});

testkit::both!(skills_hours_and_silence_are_reasons, |app| async move {
    let f = Field::begin(&app).await;
    let path = |who: &Out| format!("/api/v1/dispatch/skills/{}", who.id);
    assert_eq!(f.manager.put(&path(&f.far), json!({ "skills": ["电工"] })).await.status, 403);
    let put = f.company.admin.put(&path(&f.far), json!({ "skills": [" 电工 ", "冷链", "电工"] })).await;
    assert_eq!(put.status, 200, "{}", put.json);
    let known = f.manager.get("/api/v1/dispatch/skills").await.json;
    let far = known["items"].as_array().unwrap().iter().find(|p| p["employee"]["name"] == "王芳").unwrap();
    assert_eq!(far["skills"], json!(["冷链", "电工"]));
    assert!(!known.to_string().contains("赵强"), "people beyond the reach are not named");
    let mut new = f.new_request();
    new["skills"] = json!(["电工"]);
    let request = f.request(new).await;
    let found = f.candidates(&request).await;
    assert_eq!(names(&found["people"]), ["王芳"], "{found}");
    assert_eq!(found["people"][0]["factors"]["skills"], json!(["电工"]));
    assert!(
        found["unable"]
            .as_array()
            .unwrap()
            .iter()
            .all(|u| u["reason"] == "skill" && u["lacks"] == json!(["电工"]))
    );
    let asked = json!({ "employee_id": f.near.id });
    let refused = f.manager.post(&format!("/api/v1/dispatch/requests/{request}/offers"), asked).await;
    assert_eq!(refused.code(), "dispatch.unable");
    assert!(refused.json["detail"].as_str().unwrap().contains("技能"), "{}", refused.json);

    // nobody can be there in one minute; who is asked all the same is asked knowingly
    let mut new = f.new_request();
    new["latest_at"] = json!(at(10, 1));
    let soon = f.request(new).await;
    let found = f.candidates(&soon).await;
    assert_eq!(found["people"], json!([]));
    assert_eq!(found["unable"][0]["reason"], "too_late", "{found}");
    assert_eq!(found["unable"][0]["employee"]["name"], "张伟", "the soonest first");
    let path = format!("/api/v1/dispatch/requests/{soon}/offers");
    assert_eq!(f.manager.post(&path, json!({ "employee_id": f.near.id })).await.code(), "dispatch.unable");
    let asked = f.manager.post(&path, json!({ "employee_id": f.near.id, "late": true })).await;
    assert_eq!(asked.status, 200, "{}", asked.json);

    // eleven minutes without a position
    app.clock.set(at(10, 11));
    let found = f.candidates(&request).await;
    assert_eq!(found["people"], json!([]), "{found}");
    assert!(found["unable"].as_array().unwrap().iter().all(|u| u["reason"] == "silent"));
    // the evening
    app.clock.set(at(20, 0));
    let found = f.candidates(&request).await;
    assert!(found["unable"].as_array().unwrap().iter().all(|u| u["reason"] == "off_duty"), "{found}");
});

testkit::both!(the_rule_asks_by_itself_only_when_it_is_on, |app| async move {
    let f = Field::begin(&app).await;
    let kept = f.manager.get("/api/v1/dispatch/rules").await.json;
    assert_eq!((&kept["rules"]["auto"], &kept["version"]), (&json!(false), &json!(0)), "off as delivered");
    let first = f.request(f.new_request()).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(f.detail(&first).await["request"]["status"], "open");
    let put = async |rules: Value, version: i64| {
        let request = f.company.admin.request(reqwest::Method::PUT, "/api/v1/dispatch/rules");
        f.company.admin.send(request.header("if-match", format!("\"{version}\"")).json(&rules)).await
    };
    let rules = |minutes: i64| json!({ "answer_minutes": minutes, "auto": true, "auto_priority": 3, "auto_within_minutes": 60, "auto_tries": 2 });
    assert_eq!(put(rules(0), 0).await.status, 422);
    let on = put(rules(3), 0).await;
    assert_eq!((on.status, &on.json["version"]), (200, &json!(1)), "{}", on.json);
    assert_eq!(put(rules(4), 0).await.code(), "version.conflict");
    let seen = f.becomes(&first, "offered").await;
    assert_eq!(
        (&seen["offers"][0]["employee"]["name"], &seen["offers"][0]["auto"]),
        (&json!("张伟"), &json!(true)),
        "{seen}"
    );
    assert!(f.near.snapshot().await["urgent"][0]["by"].is_null(), "nobody asked in person");
    let refusal = json!({ "offer_id": seen["offers"][0]["id"], "reason": "走不开" });
    assert_eq!(f.near.says("urgent.refuse", at(10, 0), refusal).await["status"], "accepted");
    let seen = f.becomes(&first, "offered").await;
    assert_eq!(seen["offers"][0]["employee"]["name"], "李娜", "the next, in the dispatcher's reach");
    app.clock.set(at(10, 4));
    f.becomes(&first, "open").await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let seen = f.detail(&first).await;
    assert_eq!(seen["offers"].as_array().unwrap().len(), 2, "two tries, then it is the dispatcher's: {seen}");
    // below the priority nobody is asked
    let mut new = f.new_request();
    new["priority"] = json!(2);
    let second = f.request(new).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(f.detail(&second).await["request"]["status"], "open");
});

testkit::both!(a_free_place_and_bad_input, |app| async move {
    let f = Field::begin(&app).await;
    let place = json!({ "name": "路边王先生", "address": "建邺路 5 号", "at": [118.79, 32.05] });
    let new = json!({ "place": place, "title": "取样", "priority": 1, "service_minutes": 15 });
    let request = f.request(new.clone()).await;
    let seen = f.detail(&request).await;
    assert_eq!(seen["request"]["customer"]["name"], "路边王先生");
    let customer = seen["request"]["customer"]["id"].as_str().unwrap();
    let kept = f.manager.get(&format!("/api/v1/customers/{customer}")).await.json;
    assert_eq!(
        (&kept["status"], &kept["department"]["id"]),
        (&json!("prospect"), &json!(f.region)),
        "{kept}"
    );
    for (change, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "priority": 4 }), "priority"),
        (json!({ "service_minutes": 0 }), "service_minutes"),
        (json!({ "latest_at": at(9, 0) }), "latest_at"),
        (json!({ "skills": [""] }), "skills"),
        (json!({ "customer_id": f.shop }), "customer_id"),
        (json!({ "place": null }), "customer_id"),
        (json!({ "place": { "name": "", "at": [118.79, 32.05] } }), "place.name"),
        (json!({ "place": { "name": "x", "at": [118.79, 32.05], "datum": "mars" } }), "place.at"),
    ] {
        let mut bad = new.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = f.manager.post("/api/v1/dispatch/requests", bad).await;
        assert_eq!(refused.status, 422, "{change}: {}", refused.json);
        assert!(refused.json["errors"].to_string().contains(field), "{change}: {}", refused.json);
    }
    let nowhere = f.manager.post("/api/v1/customers", json!({ "name": "没有位置" })).await.json["id"].clone();
    let bad = json!({ "customer_id": nowhere, "title": "取样", "priority": 1, "service_minutes": 15 });
    assert_eq!(f.manager.post("/api/v1/dispatch/requests", bad).await.code(), "dispatch.no_place");
    let no_reason =
        f.manager.post(&format!("/api/v1/dispatch/requests/{request}/cancel"), json!({ "reason": "" })).await;
    assert_eq!(no_reason.status, 422);
});

/// A busy person is asked after the visit he is at, from the customer's place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_at_a_customer_is_free_later() {
    let app = App::start(On::Sqlite).await;
    let f = Field::begin(&app).await;
    let tasks = plan(&f, &f.near, &[(1.0, 0)]).await;
    let fix = json!({ "at": east(1.0), "accuracy_m": 8.0, "t": at(9, 55) });
    let visit = json!({ "visit_id": Uuid::now_v7(), "task_id": tasks[0]["id"], "customer_id": tasks[0]["customer"]["id"], "fix": fix, "offline": false });
    assert_eq!(f.near.says("visit.check_in", at(9, 55), visit).await["status"], "accepted");
    let request = f.request(f.new_request()).await;
    let found = f.candidates(&request).await;
    assert_eq!(names(&found["people"]), ["李娜", "王芳", "张伟"], "idle ones first: {found}");
    let busy = &found["people"][2];
    assert_eq!(busy["idle"], false);
    let free: Micros = serde_json::from_value(busy["factors"]["free_at"].clone()).unwrap();
    assert!((at(10, 24)..=at(10, 30)).contains(&free), "half an hour from check-in: {busy}");
}

testkit::both!(whom_the_customer_prefers_comes_first_and_who_is_barred_never, |app| async move {
    let f = Field::begin(&app).await;
    let request = f.request(f.new_request()).await;
    let say = async |whom: Value| {
        let path = format!("/api/v1/customers/{}", f.shop.as_str().unwrap());
        let version = f.manager.get(&path).await.json["version"].as_i64().unwrap();
        let said = f.manager.patch(&path, version, json!({ "whom": whom })).await;
        assert_eq!(said.status, 200, "{}", said.json);
    };
    let recommended = |found: &Value| -> String {
        let all = found["people"].as_array().unwrap();
        let one = all.iter().find(|c| c["recommended"] == true).unwrap();
        one["employee"]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(recommended(&f.candidates(&request).await), "张伟");
    say(json!({ "preferred_id": f.middle.id })).await;
    let found = f.candidates(&request).await;
    assert_eq!(recommended(&found), "李娜", "two kilometres further, and wanted");
    let of = |name: &str| {
        found["people"].as_array().unwrap().iter().find(|c| c["employee"]["name"] == name).unwrap()
    };
    let wanted = |name: &str| of(name)["factors"]["preferred"].clone();
    assert_eq!((wanted("李娜"), wanted("张伟")), (json!(true), json!(false)));

    say(json!({ "barred_ids": [f.near.id] })).await;
    let found = f.candidates(&request).await;
    assert_eq!(names(&found["people"]), ["李娜", "王芳"], "{found}");
    let barred =
        found["unable"].as_array().unwrap().iter().find(|u| u["employee"]["name"] == "张伟").unwrap();
    assert_eq!(barred["reason"], "barred", "{found}");
    let path = format!("/api/v1/dispatch/requests/{request}/offers");
    let refused = f.manager.post(&path, json!({ "employee_id": f.near.id })).await;
    assert_eq!(refused.code(), "dispatch.unable", "{}", refused.json);
    assert!(refused.json["detail"].as_str().unwrap().contains("不派"), "{}", refused.json);
});

testkit::both!(whose_day_it_is_too_much_for_comes_after_the_others, |app| async move {
    let f = Field::begin(&app).await;
    let say = async |who: Uuid, change: Value| {
        let path = format!("/api/v1/employees/{who}");
        let version = f.company.admin.get(&path).await.json["version"].as_i64().unwrap();
        let said = f.company.admin.patch(&path, version, change).await;
        assert_eq!(said.status, 200, "{}", said.json);
    };
    plan(&f, &f.near, &[(2.0, 0)]).await;
    say(f.near.id, json!({ "day": { "most_visits": 1 } })).await;
    // 150 km × 1.35 at 24 km/h are more than eight hours.
    say(f.middle.id, json!({ "start_at": east(150.0), "day": { "end": "home" } })).await;
    let request = f.request(f.new_request()).await;
    let found = f.candidates(&request).await;
    let people = found["people"].as_array().unwrap();
    assert_eq!((people.len(), &people[0]["employee"]["name"]), (3, &json!("王芳")), "{found}");
    assert!(people.iter().all(|p| p["recommended"] == (p["employee"]["name"] == "王芳")), "{found}");
    let of = |name: &str| people.iter().find(|p| p["employee"]["name"] == name).unwrap()["factors"].clone();
    let (near, middle, far) = (of("张伟"), of("李娜"), of("王芳"));
    assert_eq!((&near["too_many"], &near["home_late"]), (&json!({ "is": 2, "most": 1 }), &Value::Null));
    assert!(middle["home_late"].is_string() && middle["too_many"].is_null(), "{middle}");
    assert!(["too_many", "too_far", "home_late"].iter().all(|k| far[*k].is_null()), "{far}");
    // Sent he can be all the same, and what was known then stands with it.
    f.send(&request, &f.near).await;
    let asked = f.detail(&request).await["offers"][0]["factors"].clone();
    assert_eq!(asked["too_many"]["is"], 2, "{asked}");
});

testkit::both!(a_second_person_is_sent_to_help, |app| async move {
    let f = Field::begin(&app).await;
    let request = f.request(f.new_request()).await;
    let path = format!("/api/v1/dispatch/requests/{request}/helpers");
    let helper = |who: Uuid| json!({ "id": Uuid::now_v7(), "employee_id": who });
    let early = f.manager.post(&path, helper(f.middle.id)).await;
    assert_eq!(early.code(), "dispatch.not_open", "nobody goes yet: {}", early.json);
    let offer = f.send(&request, &f.near).await;
    let receipt = f.near.says("urgent.accept", at(10, 1), json!({ "offer_id": offer })).await;
    assert_eq!(receipt["status"], "accepted", "{receipt}");

    assert_eq!(f.sibling.post(&path, helper(f.other.id)).await.status, 404);
    assert_eq!(f.manager.post(&path, helper(f.other.id)).await.status, 404, "not his to send");
    assert_eq!(f.near.client.post(&path, helper(f.middle.id)).await.status, 403);
    assert_eq!(f.manager.post(&path, helper(f.near.id)).await.code(), "task.crew_has");
    let body = helper(f.middle.id);
    let helped = f.manager.post(&path, body.clone()).await;
    assert_eq!(
        (helped.status, &helped.json["helpers"][0]["employee"]["name"]),
        (200, &json!("李娜")),
        "{}",
        helped.json
    );
    assert_eq!(f.manager.post(&path, body).await.json["helpers"].as_array().unwrap().len(), 1, "sent once");

    // Both have it on their phones, and each knows of the other.
    let (near, middle) = (f.near.snapshot().await, f.middle.snapshot().await);
    assert_eq!(near["tasks"][0]["crew"][0]["employee"]["name"], "李娜");
    let hers = &middle["tasks"][0];
    assert_eq!(
        (&hers["title"], &hers["crew"][0]["employee"]["name"]),
        (&json!("冰柜不制冷"), &json!("张伟"))
    );
    assert_eq!(f.middle.notices().await, ["task.together"]);
    // Who leads both regions sends somebody of the other too.
    let far = f.company.admin.post(&path, helper(f.other.id)).await;
    assert_eq!(far.status, 200, "{}", far.json);

    // Called off, nobody goes.
    let cancel = format!("/api/v1/dispatch/requests/{request}/cancel");
    let gone = f.manager.post(&cancel, json!({ "reason": "客户自己修好了" })).await;
    assert_eq!(gone.status, 200, "{}", gone.json);
    for who in [&f.near, &f.middle, &f.other] {
        assert_eq!(who.snapshot().await["tasks"][0]["status"], "cancelled");
    }
});

testkit::both!(a_tag_of_the_customer_that_names_a_skill_is_a_reason, |app| async move {
    let f = Field::begin(&app).await;
    let request = f.request(f.new_request()).await;
    let detail = f.detail(&request).await;
    let customer = format!("/api/v1/customers/{}", detail["request"]["customer"]["id"].as_str().unwrap());
    let version = f.company.admin.get(&customer).await.json["version"].as_i64().unwrap();
    let tagged = f.company.admin.patch(&customer, version, json!({ "tags": ["冷链", "连锁"] })).await;
    assert_eq!(tagged.status, 200, "{}", tagged.json);
    let path = format!("/api/v1/dispatch/skills/{}", f.near.id);
    let can = f.company.admin.put(&path, json!({ "skills": ["冷链", "电工"] })).await;
    assert!(can.status < 300, "{}", can.json);
    let found = f.candidates(&request).await;
    let of = |name: &str| {
        let people = found["people"].as_array().unwrap();
        people.iter().find(|c| c["employee"]["name"] == name).unwrap()["factors"]["tags"].clone()
    };
    assert_eq!((of("张伟"), of("李娜")), (json!(["冷链"]), json!([])), "{found}");
});
