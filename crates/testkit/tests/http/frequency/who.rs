//! Who makes the visits of a rule: the owner, whom a customer wants, anybody of a department; and how much a day may hold.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::App;
use uuid::Uuid;

use super::{MONDAY, add_customers, add_rule, generate, rule, weeks};
use crate::scene::{Scene, id, place};

/// Who has how many visits of an outlook, by name.
fn shares(outlook: &Value) -> BTreeMap<String, usize> {
    let of =
        |p: &Value| p["days"].as_array().unwrap().iter().map(|d| d["visits"].as_array().unwrap().len()).sum();
    let people = outlook["people"].as_array().unwrap().iter();
    people.map(|p| (p["employee"]["name"].as_str().unwrap().to_owned(), of(p))).collect()
}

/// By customer: on which days, and by whom.
async fn made_by(s: &Scene, from: &str, to: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let list = s.manager.get(&format!("/api/v1/tasks?day_from={from}&day_to={to}&limit=200")).await.json;
    let mut made: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    for t in list["items"].as_array().unwrap().iter().filter(|t| t["status"] != "cancelled") {
        let of = made.entry(text(&t["customer"]["name"])).or_default();
        of.push((text(&t["day"]), text(&t["employee"]["name"])));
    }
    made.values_mut().for_each(|v| v.sort());
    made
}

/// Somebody of the scene's region who begins where its rep does.
async fn second(s: &Scene, app: &App, name: &str, login: &str) -> Uuid {
    let (person, _) = app.person(&s.company, name, login, "rep", s.region).await;
    let path = format!("/api/v1/employees/{person}");
    let version = s.company.admin.get(&path).await.json["version"].as_i64().unwrap();
    let placed = s.company.admin.patch(&path, version, json!({ "start_at": place(2) })).await;
    assert_eq!(placed.status, 200, "{}", placed.json);
    person
}

fn anybody(department: Uuid, name: &str, grade: &str, times: i64) -> Value {
    let mut rule = rule(name, grade, "week", times, &[1, 2, 3, 4, 5]);
    rule["terms"]["anybody_of"] = json!(department);
    rule
}

testkit::both!(rules_send_whom_a_customer_wants_and_nobody_who_is_barred, |app: App| async move {
    use crate::board::people::say;
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let li = second(&s, &app, "李强", "liqiang").await;
    let made = add_rule(admin, anybody(s.region, "A 类每周一次", "A", 1)).await;
    say(admin, s.customers[0], json!({ "preferred_id": li })).await;
    say(admin, s.customers[1], json!({ "barred_ids": [li] })).await;
    let whose = |seen: &Value, customer: Uuid| -> Vec<String> {
        let people = seen["people"].as_array().unwrap().iter();
        let has = |p: &&Value| {
            let days = p["days"].as_array().unwrap().iter();
            days.flat_map(|d| d["visits"].as_array().unwrap()).any(|v| id(&v["customer"]["id"]) == customer)
        };
        people.filter(has).map(|p| p["employee"]["name"].as_str().unwrap().to_owned()).collect()
    };
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 2)).await.json;
    assert_eq!((&seen["fresh"], &seen["unmet"]), (&json!(10), &json!([])));
    assert_eq!(whose(&seen, s.customers[0]), ["李强"]);
    assert_eq!(whose(&seen, s.customers[1]), ["张伟"]);
    // Of those who have the skill all are barred: it is said, and the others are planned.
    let skills = json!({ "skills": ["冷链"] });
    assert_eq!(admin.put(&format!("/api/v1/dispatch/skills/{li}"), skills).await.status, 200);
    let mut terms = made["terms"].clone();
    terms["skills"] = json!(["冷链"]);
    let path = format!("/api/v1/frequency/rules/{}", made["id"].as_str().unwrap());
    let body = json!({ "name": "A", "place": 0, "terms": terms, "template_id": null, "active": true });
    let changed = admin.send(admin.request(Method::PUT, &path).header("if-match", "\"1\"").json(&body)).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    let unmet = seen["unmet"].as_array().unwrap();
    assert_eq!((&seen["fresh"], unmet.len()), (&json!(4), 1), "{unmet:?}");
    assert_eq!((&unmet[0]["reason"], id(&unmet[0]["customer"]["id"])), (&json!("barred"), s.customers[1]));
});

testkit::both!(rules_for_owners_send_whom_a_customer_wants, |app: App| async move {
    use crate::board::people::say;
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let li = second(&s, &app, "李强", "liqiang").await;
    let mut asks = rule("A 类每周一次", "A", "week", 1, &[1, 2, 3, 4, 5]);
    asks["terms"]["skills"] = json!([]);
    add_rule(admin, asks).await;
    let boss = app.person(&s.company, "周总", "zhouzong", "manager", s.region).await.0;
    say(admin, s.customers[0], json!({ "preferred_id": li })).await;
    say(admin, s.customers[1], json!({ "preferred_id": boss })).await;
    let whose = |seen: &Value, customer: Uuid| -> Vec<String> {
        let people = seen["people"].as_array().unwrap().iter();
        let has = |p: &&Value| {
            let days = p["days"].as_array().unwrap().iter();
            days.flat_map(|d| d["visits"].as_array().unwrap()).any(|v| id(&v["customer"]["id"]) == customer)
        };
        people.filter(has).map(|p| p["employee"]["name"].as_str().unwrap().to_owned()).collect()
    };
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    assert_eq!((&seen["fresh"], &seen["unmet"]), (&json!(5), &json!([])));
    assert_eq!(whose(&seen, s.customers[0]), ["李强"], "{seen}");
    assert_eq!(whose(&seen, s.customers[1]), ["张伟"], "a desk is not sent: {seen}");
    let told = seen["passed_over"].as_array().unwrap();
    assert_eq!(
        (told.len(), &told[0]["person"]["name"], &told[0]["reason"]),
        (1, &json!("周总"), &json!("gone")),
        "{told:?}"
    );
    // What is due says the same on the board, and a run makes it so.
    let board = s.manager.get(&format!("/api/v1/planning/board?day={MONDAY}")).await.json;
    let due = |customer: Uuid| {
        let all = board["tasks"].as_array().unwrap();
        all.iter().find(|t| id(&t["id"]) == customer).unwrap()["employee"]["name"].clone()
    };
    assert_eq!((due(s.customers[0]), due(s.customers[1])), (json!("李强"), json!("张伟")));
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 5);
    let made = made_by(&s, MONDAY, "2026-11-29").await;
    assert_eq!(made["客户 1"][0].1, "李强", "{made:?}");
});

testkit::both!(anybody_of_a_department_goes_and_work_is_even, |app: App| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let li = second(&s, &app, "李强", "liqiang").await;
    add_customers(&s, "B", 20, 0).await;
    let mut cold = rule("A 类每周两次", "A", "week", 2, &[1, 2, 3, 4, 5]);
    cold["terms"]["skills"] = json!(["冷链"]);
    let cold = add_rule(admin, cold).await;
    add_rule(admin, anybody(s.region, "B 类每周一次", "B", 1)).await;

    // Who lacks what the visits ask is not sent, whoever owns the customer.
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    assert_eq!(seen["fresh"], 20);
    assert!(seen["unmet"].as_array().unwrap().iter().all(|u| u["reason"] == "skill"), "{}", seen["unmet"]);
    let skills = json!({ "skills": ["冷链"] });
    let path = format!("/api/v1/dispatch/skills/{}", s.rep_id);
    assert_eq!(admin.put(&path, skills.clone()).await.status, 200);

    // All customers are 张伟's; the ten visits only he can make leave the others to 李强.
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    assert_eq!((&seen["fresh"], &seen["unmet"]), (&json!(30), &json!([])));
    let shared = shares(&seen);
    assert_eq!(shared.len(), 2, "nobody of the other region: {shared:?}");
    assert!((12..=18).contains(&shared["李强"]), "{shared:?}");
    assert!(seen["person_range_permille"].as_i64().unwrap() <= 150, "{}", seen["person_range_permille"]);
    for person in seen["people"].as_array().unwrap() {
        let (before, after) = (&person["before"], &person["after"]);
        assert_eq!((&before["visits"], &before["minutes"]), (&json!(0), &json!(0)));
        assert_eq!(after["visits"], shared[person["employee"]["name"].as_str().unwrap()]);
        assert!(after["minutes"].as_i64() > Some(300) && after["meters"].as_i64() > Some(5_000), "{after}");
        let own = person["employee"]["name"] == "张伟";
        for visit in person["days"].as_array().unwrap().iter().flat_map(|d| d["visits"].as_array().unwrap()) {
            let instead = if own { Value::Null } else { json!("张伟") };
            assert_eq!(visit["instead_of"]["name"], instead, "{visit}");
        }
    }
    let done = generate(&s.manager, weeks(MONDAY, 1)).await;
    assert_eq!((&done["tasks"], &done["failed"]), (&json!(30), &json!([])));
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 0, "run again it adds nothing");
    let first = made_by(&s, MONDAY, "2026-11-29").await;
    let trail = admin.get("/api/v1/audit?limit=200").await.json;
    let later = trail["items"].as_array().unwrap().iter().filter(|l| l["action"] == "task.skills").count();
    assert_eq!(later, 0, "what a visit asks for is said when it is made");
    let tasks =
        s.manager.get(&format!("/api/v1/tasks?day_from={MONDAY}&day_to={MONDAY}&limit=200")).await.json;
    for task in tasks["items"].as_array().unwrap() {
        let asked = if task["customer"]["grade"] == "A" { json!(["冷链"]) } else { json!([]) };
        assert_eq!(task["skills"], asked, "{task}");
    }

    // The week after, the same people come; on the same weekdays as far as days stay even.
    assert_eq!(generate(&s.manager, weeks("2026-11-30", 1)).await["tasks"], 30);
    let second = made_by(&s, "2026-11-30", "2026-12-06").await;
    let same = |k: fn(&(String, String)) -> String| {
        let alike = |(name, days): &(&String, &Vec<(String, String)>)| {
            days.iter().map(k).collect::<Vec<_>>() == first[*name].iter().map(k).collect::<Vec<_>>()
        };
        second.iter().filter(alike).count()
    };
    assert!(same(|v| v.1.clone()) >= 22, "{} of 25 by the same", same(|v| v.1.clone()));
    let weekday = |v: &(String, String)| v.0.parse::<base::LocalDay>().unwrap().weekday().to_string();
    assert!(same(weekday) >= 18, "{} of 25 on the same weekday", same(weekday));

    // While 李强 is on leave, 张伟 stands in for him; after it his customers are his again.
    let leave = json!({ "kind": "leave", "from": "2026-12-06T16:00:00Z", "to": "2026-12-11T16:00:00Z", "note": "年假" });
    assert_eq!(s.manager.post(&format!("/api/v1/employees/{li}/duty-entries"), leave).await.status, 201);
    assert_eq!(generate(&s.manager, weeks("2026-12-07", 1)).await["tasks"], 30);
    let third = made_by(&s, "2026-12-07", "2026-12-13").await;
    assert!(third.values().flatten().all(|v| v.1 == "张伟"), "{third:?}");
    assert_eq!(generate(&s.manager, weeks("2026-12-14", 1)).await["tasks"], 30);
    let fourth = made_by(&s, "2026-12-14", "2026-12-20").await;
    let by = |visits: &[(String, String)]| visits.iter().map(|v| v.1.clone()).collect::<Vec<_>>();
    let back = fourth.iter().filter(|(name, v)| by(v) == by(&second[*name])).count();
    assert!(back >= 18, "{back} of 25 by the same as before the leave");

    // Who may go can be said anew without the rule beginning anew.
    let path = format!("/api/v1/frequency/rules/{}", cold["id"].as_str().unwrap());
    let mut body = rule("A 类每周两次", "A", "week", 2, &[1, 2, 3, 4, 5]);
    body["terms"]["anybody_of"] = json!(Uuid::now_v7());
    let put = async |body: &Value| {
        admin.send(admin.request(Method::PUT, &path).header("if-match", "\"1\"").json(body)).await
    };
    let odd = put(&body).await;
    assert_eq!(
        (odd.status, &odd.json["errors"][0]["field"]),
        (422, &json!("terms.anybody_of")),
        "{}",
        odd.json
    );
    body["terms"]["anybody_of"] = json!(s.region);
    body["terms"]["skills"] = json!(["x".repeat(21)]);
    assert_eq!(put(&body).await.json["errors"][0]["field"], "terms.skills");
    body["terms"]["skills"] = json!([" 冷链 ", "冷链"]);
    let changed = put(&body).await;
    assert_eq!(
        (changed.status, &changed.json["terms"]["skills"]),
        (200, &json!(["冷链"])),
        "{}",
        changed.json
    );
    assert_eq!(changed.json["since"], cold["since"]);
    // A manager of another region plans nobody of this one.
    assert_eq!(
        s.sibling.post("/api/v1/frequency/preview", weeks("2026-12-14", 1)).await.json["people"],
        json!([])
    );
});

testkit::both!(what_a_day_may_hold_is_kept_by_the_weeks, |app: App| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let li = second(&s, &app, "李强", "liqiang").await;
    add_rule(admin, anybody(s.region, "A 类每周两次", "A", 2)).await;
    add_customers(&s, "A", 7, 0).await;
    let path = |person: Uuid| format!("/api/v1/employees/{person}");
    let say = async |person: Uuid, day: Value| {
        let version = admin.get(&path(person)).await.json["version"].as_i64().unwrap();
        admin.patch(&path(person), version, json!({ "day": day })).await.status
    };
    assert_eq!(say(s.rep_id, json!({ "most_visits": 1 })).await, 200);
    assert_eq!(say(li, json!({ "most_km": 2, "travel": "ebike" })).await, 200);
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    let full: Vec<&Value> =
        seen["unmet"].as_array().unwrap().iter().filter(|u| u["reason"] == "full").collect();
    assert_eq!(seen["fresh"].as_i64().unwrap() + full.len() as i64, 24, "{seen}");
    assert!(shares(&seen)["张伟"] <= 5 && !full.is_empty(), "{:?} {}", shares(&seen), full.len());
    assert!(full.iter().all(|u| u["from"].as_str() >= Some(MONDAY)));
    for person in seen["people"].as_array().unwrap() {
        let li = person["employee"]["name"] == "李强";
        assert_eq!((person["most_visits"].is_null(), person["most_m"].is_null()), (li, !li));
        for day in person["days"].as_array().unwrap() {
            let count = day["visits"].as_array().unwrap().len();
            let within = if li { day["meters"].as_i64() <= Some(2_000) } else { count <= 1 };
            assert!(within && day["work_minutes"].as_i64() <= day["holds_minutes"].as_i64(), "{day}");
        }
    }
    let done = generate(&s.manager, weeks(MONDAY, 1)).await;
    assert_eq!((&done["tasks"], &done["failed"]), (&seen["fresh"], &json!([])));
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 0);
});

testkit::both!(what_another_department_does_counts_for_the_rule, |app: App| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let third = app.department(&s.company, "三区", s.company.root_department).await;
    let (far, _) = app.person(&s.company, "李强", "liqiang", "rep", third).await;
    let either = anybody(s.company.root_department, "A 类每周一次", "A", 1);
    let either = add_rule(admin, either).await;
    // Somebody whom 一区's manager does not see goes to one of his customers.
    let task = json!({ "employee_id": far, "customer_id": s.customers[0], "day": "2026-11-24",
        "window": { "from_minute": 540, "to_minute": 1080 } });
    let made = admin.post("/api/v1/tasks", task).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let board = s.manager.get("/api/v1/planning/board?day=2026-11-26").await.json;
    let due: Vec<&Value> =
        board["tasks"].as_array().unwrap().iter().filter(|t| t["place"] == "due").collect();
    assert_eq!(due.len(), 4, "{due:?}");
    assert!(due.iter().all(|t| id(&t["customer"]["id"]) != s.customers[0]));

    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    assert_eq!((&seen["fresh"], &seen["standing"]), (&json!(4), &json!(1)), "{seen}");
    assert_eq!(seen["people"].as_array().unwrap().len(), 1, "{}", seen["people"]);
    assert_eq!(seen["people"][0]["before"]["visits"], 0, "nobody else's day holds it");
    assert_eq!((&seen["people"][0]["before"]["minutes"], &seen["unmet"]), (&json!(0), &json!([])));
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 4);
    let path = format!("/api/v1/tasks?day_from={MONDAY}&customer_id={}", s.customers[0]);
    assert_eq!(admin.get(&path).await.json["items"].as_array().unwrap().len(), 1);

    // A rule whose department is gone can still be changed, but none can be given one that is gone.
    let gone = app.department(&s.company, "四区", s.company.root_department).await;
    let put = async |version: i64, body: &Value| {
        let path = format!("/api/v1/frequency/rules/{}", either["id"].as_str().unwrap());
        let version = format!("\"{version}\"");
        admin.send(admin.request(Method::PUT, &path).header("if-match", version).json(body)).await
    };
    let mut body = anybody(gone, "A 类每周一次", "A", 1);
    assert_eq!(put(1, &body).await.status, 200);
    assert_eq!(admin.delete(&format!("/api/v1/departments/{gone}")).await.status, 204);
    body["active"] = json!(false);
    let off = put(2, &body).await;
    assert_eq!((off.status, &off.json["active"]), (200, &json!(false)), "{}", off.json);
    let refused = admin.post("/api/v1/frequency/rules", body).await;
    assert_eq!(refused.json["errors"][0]["field"], "terms.anybody_of", "{}", refused.json);
});
