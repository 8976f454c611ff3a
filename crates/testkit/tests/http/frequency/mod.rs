//! Frequency plans: rules, the weeks ahead, what was missed, and a rep's calendar.

mod rolling;
mod who;

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::{
    custom::published,
    scene::{DAY, Scene, id, item, minute, place, record},
};

/// The Monday after the scene's Friday.
const MONDAY: &str = "2026-11-23";

fn rule(name: &str, grade: &str, every: &str, times: i64, weekdays: &[i64]) -> Value {
    json!({ "name": name, "terms": { "grades": [grade], "tags": [], "every": every, "times": times, "weekdays": weekdays, "visit_minutes": 30 } })
}

async fn add_rule(admin: &Client, rule: Value) -> Value {
    let made = admin.post("/api/v1/frequency/rules", rule).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

/// Customers of a grade for the scene's rep.
async fn add_customers(s: &Scene, grade: &str, count: usize, far: usize) -> Vec<Uuid> {
    let mut made = vec![];
    for k in 0..count {
        let new = json!({ "name": format!("{grade}{k}"), "grade": grade, "at": place((far + k) % 9), "owner_id": s.rep_id });
        let reply = s.company.admin.post("/api/v1/customers", new).await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        made.push(id(&reply.json["id"]));
    }
    made
}

fn weeks(from: &str, weeks: i64) -> Value {
    json!({ "from": from, "weeks": weeks })
}

async fn generate(client: &Client, ask: Value) -> Value {
    let done = client.post("/api/v1/frequency/generate", ask).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

/// Days of every customer's tasks between two days, cancelled ones left out.
async fn days_of(s: &Scene, from: &str, to: &str) -> BTreeMap<String, Vec<String>> {
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let path = format!("/api/v1/tasks?day_from={from}&day_to={to}&limit=200");
    let list = s.manager.get(&path).await.json;
    assert!(list["next_cursor"].is_null(), "one page");
    for task in list["items"].as_array().unwrap().iter().filter(|t| t["status"] != "cancelled") {
        let of = days.entry(task["customer"]["id"].as_str().unwrap().to_owned()).or_default();
        of.push(task["day"].as_str().unwrap().to_owned());
    }
    days.values_mut().for_each(|d| d.sort());
    days
}

fn day_of_month(day: &str) -> i64 {
    day[8..].parse().unwrap()
}

testkit::both!(ten_a_and_twenty_b_make_forty_tasks_and_no_more, |app| async move {
    let s = Scene::begin(&app).await;
    add_customers(&s, "A", 5, 5).await;
    let b = add_customers(&s, "B", 20, 0).await;
    let admin = &s.company.admin;
    let mut twice = rule("A 类每周两次", "A", "week", 2, &[1, 2, 3, 4, 5]);
    twice["template_id"] = s.template["id"].clone();
    add_rule(admin, twice).await;
    add_rule(admin, rule("B 类每周一次", "B", "week", 1, &[1, 2, 3, 4, 5])).await;

    let preview = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await;
    assert_eq!(preview.status, 200, "{}", preview.json);
    let seen = &preview.json;
    assert_eq!((&seen["fresh"], &seen["standing"], &seen["unmet"]), (&json!(40), &json!(0), &json!([])));
    assert_eq!((&seen["to"], &seen["without_rule"]), (&json!("2026-11-29"), &json!(0)));
    assert_eq!(seen["people"].as_array().unwrap().len(), 1);
    for day in seen["people"][0]["days"].as_array().unwrap() {
        let rest = ["2026-11-28", "2026-11-29"].contains(&day["day"].as_str().unwrap());
        assert_eq!(day["works"], !rest, "{day}");
        let count = day["visits"].as_array().unwrap().len();
        // Forty over five days, as even as it goes.
        assert!(if rest { count == 0 } else { (6..=10).contains(&count) }, "{count} on {}", day["day"]);
        assert!(day["work_minutes"].as_i64() <= day["holds_minutes"].as_i64(), "{day}");
    }
    assert_eq!(s.manager.get(&format!("/api/v1/tasks?day_from={MONDAY}&count=true")).await.json["total"], 0);

    let done = generate(&s.manager, weeks(MONDAY, 1)).await;
    assert_eq!(done, json!({ "tasks": 40, "days": 5, "failed": [] }));
    let days = days_of(&s, MONDAY, "2026-11-29").await;
    assert_eq!(days.values().map(Vec::len).sum::<usize>(), 40);
    for (customer, days) in &days {
        let once = b.iter().any(|b| b.to_string() == *customer);
        assert_eq!(days.len(), if once { 1 } else { 2 }, "{customer}: {days:?}");
        assert!(days.iter().all(|d| (23..=27).contains(&day_of_month(d))), "no rest day: {days:?}");
        assert!(once || day_of_month(&days[1]) - day_of_month(&days[0]) >= 2, "{days:?}");
    }
    // What was shown is what was made.
    let shown: usize = seen["people"][0]["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["visits"].as_array().unwrap().len())
        .sum();
    assert_eq!(shown, 40);
    for day in seen["people"][0]["days"].as_array().unwrap() {
        for visit in day["visits"].as_array().unwrap() {
            let of = &days[visit["customer"]["id"].as_str().unwrap()];
            assert!(of.contains(&day["day"].as_str().unwrap().to_owned()), "{visit} {of:?}");
        }
    }

    let again = generate(&s.manager, weeks(MONDAY, 1)).await;
    assert_eq!(again, json!({ "tasks": 0, "days": 0, "failed": [] }));
    assert_eq!(days_of(&s, MONDAY, "2026-11-29").await, days);
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 1)).await.json;
    assert_eq!((&seen["fresh"], &seen["standing"]), (&json!(0), &json!(40)));

    // One notice for all of it, steps of the rule's template, ways of the company's travel times.
    let notices = s.rep.get("/api/v1/notices").await.json;
    let kinds: Vec<&str> =
        notices["items"].as_array().unwrap().iter().filter_map(|n| n["kind"].as_str()).collect();
    assert_eq!(kinds, ["frequency.generated"]);
    assert!(notices["items"][0]["body"].as_str().unwrap().contains("40 次拜访"), "{notices}");
    let plans = s.rep.get(&format!("/api/v1/plans?day_from={MONDAY}&day_to=2026-11-29")).await.json;
    let plans = plans["items"].as_array().unwrap();
    assert_eq!(plans.len(), 5);
    assert!(
        plans.iter().all(|p| p["route"]["proven_optimal"] == true && p["route"]["unserved"] == json!([]))
    );
    let steps = |grade: &str| {
        let of = plans
            .iter()
            .flat_map(|p| p["tasks"].as_array().unwrap())
            .filter(|t| t["customer"]["grade"] == grade);
        of.map(|t| t["steps"].as_array().unwrap().len()).collect::<Vec<_>>()
    };
    assert!(
        steps("A").iter().all(|n| *n == 3) && steps("B").iter().all(|n| *n == 0),
        "each with its rule's steps"
    );

    // A customer added later is added alone.
    add_customers(&s, "B", 1, 4).await;
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 1);
    let notices = s.rep.get("/api/v1/notices").await.json;
    let kinds: Vec<&str> =
        notices["items"].as_array().unwrap().iter().filter_map(|n| n["kind"].as_str()).collect();
    assert_eq!(kinds, ["frequency.generated"; 2], "one notice a run");

    // What is called off is planned for another day of its week, once.
    let path = format!("/api/v1/tasks?day_from={MONDAY}&day_to={MONDAY}");
    let all = s.manager.get(&path).await.json;
    let of_b = |t: &&Value| t["customer"]["grade"] == "B";
    let task = all["items"].as_array().unwrap().iter().find(of_b).unwrap().clone();
    let off = format!("/api/v1/tasks/{}/cancel", task["id"].as_str().unwrap());
    let cancelled = s.manager.post(&off, json!({ "reason": "店铺盘点" })).await;
    assert!(cancelled.status < 300, "{}", cancelled.json);
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 1);
    let days = days_of(&s, MONDAY, "2026-11-29").await;
    let again = &days[task["customer"]["id"].as_str().unwrap()];
    assert!(again.len() == 1 && again[0] != MONDAY, "{again:?}");
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 0);
});

testkit::both!(holidays_make_up_days_and_leave, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    // Wednesday the 25th is a holiday, Saturday the 28th makes up for it.
    let calendar = admin.get("/api/v1/calendars").await.json["items"][0].clone();
    let shift = json!({ "from_minute": 540, "to_minute": 1020 });
    let new = json!({ "name": calendar["name"], "shifts": calendar["shifts"], "exceptions": [
        { "day": "2026-11-25", "name": "放假", "shifts": [] }, { "day": "2026-11-28", "name": "调休", "shifts": [shift] } ] });
    let path = format!("/api/v1/calendars/{}", calendar["id"].as_str().unwrap());
    assert_eq!(admin.patch(&path, calendar["version"].as_i64().unwrap(), new).await.status, 200);
    let c = add_customers(&s, "C", 2, 2).await;
    add_rule(admin, rule("C 类每周三", "C", "week", 1, &[3])).await;
    add_rule(admin, rule("A 类每周两次", "A", "week", 2, &[1, 2, 3, 4, 5])).await;
    let done = generate(&s.manager, weeks(MONDAY, 2)).await;
    assert_eq!(done, json!({ "tasks": 2 * 2 + 5 * 4, "days": done["days"], "failed": [] }));
    let days = days_of(&s, MONDAY, "2026-12-06").await;
    for customer in c {
        assert_eq!(
            days[&customer.to_string()],
            ["2026-11-28", "2026-12-02"],
            "the make-up day does Wednesday's work"
        );
    }
    assert!(days.values().flatten().all(|d| d != "2026-11-25" && d != "2026-11-29"), "{days:?}");

    // The third week he is on leave until Thursday: both visits of an A do not fit, and the reason is named.
    let leave = json!({ "kind": "leave", "from": "2026-12-06T16:00:00Z", "to": "2026-12-10T16:00:00Z", "note": "年假" });
    let entry = s.manager.post(&format!("/api/v1/employees/{}/duty-entries", s.rep_id), leave).await;
    assert_eq!(entry.status, 201, "{}", entry.json);
    let seen = s.manager.post("/api/v1/frequency/preview", weeks("2026-12-07", 1)).await.json;
    for day in seen["people"][0]["days"].as_array().unwrap() {
        let friday = day["day"] == "2026-12-11";
        assert_eq!(
            (day["works"].as_bool(), !day["visits"].as_array().unwrap().is_empty()),
            (Some(friday), friday),
            "{day}"
        );
    }
    let reasons = seen["unmet"].as_array().unwrap();
    assert_eq!(reasons.len(), 7, "{reasons:?}");
    assert!(reasons.iter().all(|u| u["reason"] == "too_few_days" && u["from"] == "2026-12-07"));
});

testkit::both!(missed_visits_are_offered_again, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    assert_eq!(
        s.manager.get("/api/v1/frequency/missed").await.json["items"],
        json!([]),
        "nothing is over yet"
    );
    let tasks = s.manager.get(&format!("/api/v1/tasks?day_from={DAY}&day_to={DAY}")).await.json;
    let tasks = tasks["items"].as_array().unwrap();
    let asks = format!("/api/v1/tasks/{}/skills", tasks[1]["id"].as_str().unwrap());
    assert_eq!(s.manager.put(&asks, json!({ "skills": ["冷链"] })).await.status, 200);
    let fields = json!({ "title": { "zh-CN": "任务" }, "fields": [{ "key": "contract_no", "type": "text", "label": { "zh-CN": "合同号" } }] });
    published(&s.company.admin, "task", fields).await;
    let own = format!("/api/v1/tasks/{}/custom", tasks[1]["id"].as_str().unwrap());
    let said = s.manager.put(&own, json!({ "custom": { "contract_no": "HT-2026" } })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    // The first is visited, the second skipped, the others forgotten.
    app.clock.set(minute(600));
    s.taken(&record(&tasks[0], place(0), 70, 100).items).await;
    s.taken(&[item("task.skip", minute(120), json!({ "task_id": tasks[1]["id"], "reason": "店铺装修" }))])
        .await;
    let missed = s.manager.get("/api/v1/frequency/missed").await.json;
    let missed = missed["items"].as_array().unwrap();
    assert_eq!(missed.len(), 4, "{missed:?}");
    let of = |k: usize| missed.iter().find(|m| m["customer"]["id"] == json!(s.customers[k]));
    assert!(of(0).is_none());
    let skipped = of(1).unwrap();
    assert_eq!((&skipped["status"], &skipped["reason"]), (&json!("skipped"), &json!("店铺装修")));
    assert_eq!(of(2).unwrap()["status"], "overdue");
    let suggested: Vec<&str> = missed.iter().filter_map(|m| m["suggested"].as_str()).collect();
    assert_eq!(suggested.len(), 4);
    assert!(suggested.iter().all(|d| (23..=27).contains(&day_of_month(d))), "working days: {suggested:?}");
    let mut spread = suggested.clone();
    spread.sort();
    spread.dedup();
    assert_eq!(spread.len(), 4, "not all on one day");

    let path = format!("/api/v1/frequency/missed/{}/again", skipped["task_id"].as_str().unwrap());
    assert_eq!(s.sibling.post(&path, json!({ "day": MONDAY })).await.status, 404);
    assert_eq!(s.rep.post(&path, json!({ "day": MONDAY })).await.status, 403);
    assert_eq!(s.manager.post(&path, json!({ "day": "2026-11-19" })).await.status, 422);
    let made = s.manager.post(&path, json!({ "day": MONDAY })).await;
    assert_eq!((made.status, &made.json["day"]), (200, &json!(MONDAY)), "{}", made.json);
    assert_eq!(made.json["note"], "补访：原定 2026-11-20");
    assert_eq!(made.json["steps"].as_array().unwrap().len(), 3, "the same steps as before");
    assert_eq!(made.json["skills"], json!(["冷链"]), "and the same skills");
    assert_eq!(made.json["custom"], json!({ "contract_no": "HT-2026" }), "and the same answers");
    assert_eq!(s.manager.post(&path, json!({ "day": MONDAY })).await.code(), "frequency.not_missed");
    assert_eq!(s.manager.get("/api/v1/frequency/missed").await.json["items"].as_array().unwrap().len(), 3);
    assert_eq!(s.sibling.get("/api/v1/frequency/missed").await.json["items"], json!([]));
});

testkit::both!(rules_are_the_companys, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    assert_eq!(s.manager.post("/api/v1/frequency/rules", rule("A", "A", "week", 2, &[1])).await.status, 403);
    let made = add_rule(admin, rule("A", "A", "month", 2, &[1, 2, 3])).await;
    assert_eq!((&made["since"], &made["place"], &made["active"]), (&json!(DAY), &json!(0), &json!(true)));
    for (field, value) in [
        ("times", json!(29)),
        ("weekdays", json!([])),
        ("weekdays", json!([8])),
        ("grades", json!(["Z"])),
        ("visit_minutes", json!(0)),
    ] {
        let mut bad = rule("x", "A", "month", 2, &[1]);
        bad["terms"][field] = value;
        let reply = admin.post("/api/v1/frequency/rules", bad).await;
        assert_eq!(reply.status, 422, "{field}");
        assert_eq!(reply.json["errors"][0]["field"], format!("terms.{field}"), "{}", reply.json);
    }
    let mut odd = rule("x", "A", "week", 1, &[1]);
    odd["template_id"] = json!(Uuid::now_v7());
    assert_eq!(admin.post("/api/v1/frequency/rules", odd).await.status, 422);

    let path = format!("/api/v1/frequency/rules/{}", made["id"].as_str().unwrap());
    let put = async |version: i64, body: Value| {
        admin
            .send(admin.request(Method::PUT, &path).header("if-match", format!("\"{version}\"")).json(&body))
            .await
    };
    let mut off = rule("A 停用", "A", "month", 2, &[1, 2, 3]);
    off["active"] = json!(false);
    let changed = put(1, off.clone()).await;
    assert_eq!(
        (changed.status, &changed.json["version"], &changed.json["name"]),
        (200, &json!(2), &json!("A 停用"))
    );
    assert_eq!(put(1, off).await.code(), "version.conflict");
    let seen = s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 4)).await.json;
    assert_eq!(
        (&seen["fresh"], &seen["without_rule"]),
        (&json!(0), &json!(5)),
        "a rule that is off asks for nothing"
    );
    assert_eq!(s.stranger.get("/api/v1/frequency/rules").await.json["items"], json!([]));
    assert_eq!(s.stranger.delete(&path).await.status, 404);
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(s.manager.get("/api/v1/frequency/rules").await.json["items"], json!([]));

    assert_eq!(s.rep.post("/api/v1/frequency/generate", weeks(MONDAY, 1)).await.status, 403);
    assert_eq!(
        s.manager.post("/api/v1/frequency/preview", weeks("2026-11-19", 1)).await.status,
        422,
        "the past"
    );
    assert_eq!(s.manager.post("/api/v1/frequency/preview", weeks(MONDAY, 9)).await.status, 422);
    // A sibling plans his own people only.
    add_rule(admin, rule("A", "A", "week", 1, &[1, 2, 3, 4, 5])).await;
    assert_eq!(generate(&s.sibling, weeks(MONDAY, 1)).await["tasks"], 0);
    assert_eq!(generate(&s.manager, weeks(MONDAY, 1)).await["tasks"], 5);
});

testkit::both!(a_month_is_the_month_whenever_it_is_planned, |app| async move {
    let s = Scene::begin(&app).await;
    add_rule(&s.company.admin, rule("A 类每月两次", "A", "month", 2, &[1, 2, 3, 4, 5])).await;
    // Planned week by week over December, as often as somebody likes: two each, and none too many.
    for from in ["2026-11-30", "2026-12-07", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"] {
        generate(&s.manager, weeks(from, 1)).await;
    }
    let days = days_of(&s, "2026-12-01", "2026-12-31").await;
    assert_eq!(days.len(), 5);
    assert!(days.values().all(|d| d.len() == 2), "{days:?}");
    assert!(days.values().all(|d| day_of_month(&d[1]) - day_of_month(&d[0]) >= 7), "{days:?}");
});

testkit::both!(a_calendar_opens_by_its_secret_only, |app: App| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    assert_eq!(s.rep.get("/api/v1/me/calendar").await.json, json!({ "open": false, "since": null }));
    let opened = s.rep.post("/api/v1/me/calendar", json!({})).await;
    assert_eq!(opened.status, 201, "{}", opened.json);
    let url = opened.json["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&app.kit.config.public_url).unwrap().to_owned();
    let feed = app.stranger().get(&format!("{path}.ics")).await;
    assert_eq!(feed.status, 200);
    let text = String::from_utf8(feed.bytes.to_vec()).unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 5);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("SUMMARY:客户 1\r\n"), "{text}");
    assert!(text.contains("DTSTART:20261120T010323Z"), "at the expected arrival: {text}");
    assert!(text.contains(&format!("UID:{}@tashi", plan["tasks"][0]["id"].as_str().unwrap())));
    assert!(!text.contains("138"), "no telephone numbers");
    assert!(s.rep.get("/api/v1/me/calendar").await.json["open"] == true);

    // Opened anew the old address ends; closed the new one does, too.
    let second = s.rep.post("/api/v1/me/calendar", json!({})).await.json["url"].as_str().unwrap().to_owned();
    assert_ne!(second, url);
    assert_eq!(app.stranger().get(&path).await.status, 404);
    let path = second.strip_prefix(&app.kit.config.public_url).unwrap().to_owned();
    assert_eq!(app.stranger().get(&path).await.status, 200);
    assert_eq!(s.rep.delete("/api/v1/me/calendar").await.status, 204);
    assert_eq!(app.stranger().get(&path).await.status, 404);

    // Who has left shows nothing any more.
    let third = s.rep.post("/api/v1/me/calendar", json!({})).await.json["url"].as_str().unwrap().to_owned();
    let path = third.strip_prefix(&app.kit.config.public_url).unwrap().to_owned();
    assert_eq!(app.stranger().get(&path).await.status, 200);
    let left = s.company.admin.post(&format!("/api/v1/employees/{}/leave", s.rep_id), json!({})).await;
    assert!(left.status < 300, "{} {}", left.status, left.json);
    assert_eq!(app.stranger().get(&path).await.status, 404);
});
