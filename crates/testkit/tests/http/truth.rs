//! The day of truth: an honest visit is green, each listed attack gives its finding and reason on both sides, and one
//! wrong flag is contested and cleared.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{Recorded, Scene, fix, item, minute, place, record, sha256};

/// A planned day, at nine, and its tasks.
async fn begin(app: &App) -> (Scene, Vec<Value>) {
    let s = Scene::begin(app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().cloned().unwrap();
    (s, tasks)
}

async fn sync_as(client: &Client, device: &str, items: &[Value]) -> Vec<Value> {
    let reply = client.post("/api/v1/field/sync", json!({ "device_id": device, "items": items })).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json["receipts"].as_array().cloned().unwrap()
}

/// The card as the manager and as the person sees it: the same findings.
async fn card(s: &Scene, visit: Uuid) -> Value {
    let manager = s.manager.get(&format!("/api/v1/truth/visits/{visit}")).await;
    assert_eq!(manager.status, 200, "{}", manager.json);
    let own = s.rep.get(&format!("/api/v1/me/visits/{visit}/truth")).await;
    assert_eq!(own.status, 200, "{}", own.json);
    assert_eq!(own.json["findings"], manager.json["findings"], "both sides see the same");
    assert_eq!(own.json["band"], manager.json["band"]);
    manager.json
}

fn codes(card: &Value) -> Vec<&str> {
    card["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect()
}

/// Records of a visit brought at its end.
async fn bring(app: &App, s: &Scene, r: &Recorded, to: i64) {
    app.clock.set(minute(to + 1));
    s.taken(&r.items).await;
}

testkit::both!(an_honest_day_is_green, |app| async move {
    let (s, tasks) = begin(&app).await;
    for (k, task) in tasks.iter().enumerate().take(3) {
        let (from, to) = (70 + 60 * k as i64, 100 + 60 * k as i64);
        let r = record(task, place(k), from, to);
        bring(&app, &s, &r, to).await;
        let card = card(&s, r.visit).await;
        assert_eq!((card["band"].as_str(), codes(&card).len()), (Some("green"), 0), "{card}");
        assert_eq!(card["grade"], "C", "a photo was taken live");
        assert!(card["speaks_for"].as_array().unwrap().len() >= 2, "{card}");
        assert_eq!(card["visit"]["effective"], true);
    }
    let list = s.manager.get("/api/v1/truth/findings").await.json;
    assert_eq!(list["items"], json!([]), "nothing is held against anybody");
    assert_eq!(s.rep.get("/api/v1/me/findings").await.json["items"], json!([]));
});

testkit::both!(nine_hundred_metres_away, |app| async move {
    let (s, tasks) = begin(&app).await;
    let r = record(&tasks[0], geo::destination(place(0), 0.0, 900.0), 70, 100);
    bring(&app, &s, &r, 100).await;
    let card = card(&s, r.visit).await;
    assert_eq!((card["band"].as_str(), codes(&card)), (Some("red"), vec!["OUT_OF_RANGE"]));
    let finding = &card["findings"][0];
    assert!(finding["text"].as_str().unwrap().contains("900 米"), "{finding}");
    assert!(!finding["causes"].as_array().unwrap().is_empty());
    assert_eq!(finding["rule_version"], trust::VERSION);
    assert!(card["visit"]["ineffective_reasons"].as_array().unwrap().contains(&json!("finding_open")));
    // Both were told in the same moment: the person, and the manager with the way to the evidence.
    let told = s.rep.get("/api/v1/notices").await.json;
    assert!(told["items"].as_array().unwrap().iter().any(|n| n["kind"] == "truth.found"), "{told}");
    let alerts = s.manager.get("/api/v1/notices").await.json;
    let alert = alerts["items"].as_array().unwrap().iter().find(|n| n["kind"] == "truth.alert").unwrap();
    assert_eq!(alert["link"], format!("/truth?finding={}", finding["id"].as_str().unwrap()));
    assert!(alert["title"].as_str().unwrap().contains("张伟"));
    // Entries of the company's log, with a receipt for the person; opening it stands in his ledger.
    let receipts = s.rep.get("/api/v1/me/receipts?limit=200").await.json;
    let of_finding = |x: &&Value| x["subject_id"] == json!(r.visit) && x["kind"] == "finding.found";
    let receipt = receipts["items"].as_array().unwrap().iter().find(of_finding).unwrap();
    assert!(receipt["record"].as_str().unwrap().contains("OUT_OF_RANGE"), "{receipt}");
    let looks = |ledger: &Value| {
        let of_finding = ledger["items"].as_array().unwrap().iter().filter(|l| l["what"] == "finding");
        of_finding.map(|l| l["count"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!(looks(&s.rep.get("/api/v1/me/ledger?limit=200").await.json), 0);
    let opened = s.manager.get(&format!("/api/v1/truth/findings/{}", finding["id"].as_str().unwrap())).await;
    assert_eq!(opened.status, 200);
    assert_eq!(looks(&s.rep.get("/api/v1/me/ledger?limit=200").await.json), 1);
    // Nobody of another department or company sees it.
    let id = finding["id"].as_str().unwrap();
    for stranger in [&s.sibling, &s.stranger] {
        assert_eq!(stranger.get(&format!("/api/v1/truth/findings/{id}")).await.status, 404);
        assert_eq!(stranger.get(&format!("/api/v1/truth/visits/{}", r.visit)).await.status, 404);
        let decide = json!({ "outcome": "cleared", "reason": "x" });
        assert_eq!(stranger.post(&format!("/api/v1/truth/findings/{id}/decision"), decide).await.status, 404);
    }
});

testkit::both!(a_photo_used_before, |app| async move {
    let (s, tasks) = begin(&app).await;
    let first = record(&tasks[0], place(0), 70, 100);
    bring(&app, &s, &first, 100).await;
    let mut second = record(&tasks[1], place(1), 130, 160);
    second.items[1]["body"]["sha256"] = json!(sha256(&first.bytes));
    second.items[1]["body"]["size"] = json!(first.bytes.len());
    bring(&app, &s, &second, 160).await;
    let card = card(&s, second.visit).await;
    assert_eq!((card["band"].as_str(), codes(&card)), (Some("red"), vec!["PHOTO_DUP"]));
    let pair = &card["findings"][0]["photos"][0];
    assert_eq!(pair["photo_id"], json!(second.photo));
    assert_eq!(pair["earlier_photo_id"], json!(first.photo));
    let before = s.manager.get(&format!("/api/v1/truth/visits/{}", first.visit)).await.json;
    assert_eq!(before["band"], "green", "the first use is no reuse");
});

testkit::both!(a_second_person_on_one_phone, |app| async move {
    let (s, tasks) = begin(&app).await;
    let (_, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    app.clock.set(minute(60));
    let notice = Uuid::now_v7();
    sync_as(&mate, "phone-1", &[item("notice.read", minute(60), json!({ "notice_id": notice }))]).await;
    let r = record(&tasks[0], place(0), 70, 100);
    app.clock.set(minute(71));
    s.taken(&r.items[..1]).await;
    let now = card(&s, r.visit).await;
    assert_eq!((now["band"].as_str(), codes(&now)), (Some("red"), vec!["DEVICE_SECOND_PERSON"]), "at once");
    assert!(now["findings"][0]["text"].as_str().unwrap().contains("11 分钟"), "{now}");
    app.clock.set(minute(101));
    s.taken(&r.items[1..]).await;
    let whole = card(&s, r.visit).await;
    assert_eq!(whole["visit"]["effective"], true, "a shared phone alone takes nothing away: {whole}");
});

testkit::both!(a_clock_that_was_moved, |app| async move {
    let (s, tasks) = begin(&app).await;
    // The phone says 10:30, the server's clock is at 09:50.
    let r = record(&tasks[0], place(0), 150, 180);
    app.clock.set(minute(110));
    s.taken(&r.items[..1]).await;
    let ahead = card(&s, r.visit).await;
    assert_eq!((ahead["band"].as_str(), codes(&ahead)), (Some("red"), vec!["CLOCK_MOVED"]));
    assert!(ahead["findings"][0]["text"].as_str().unwrap().contains("2400 秒"), "{ahead}");
    // Set back: the record carries a word that was handed out later than it says it was made.
    app.clock.set(minute(200));
    let nonce = s.snapshot().await["nonce"].clone();
    let mut back = record(&tasks[1], place(1), 140, 170);
    back.items[0]["body"]["nonce"] = nonce;
    app.clock.set(minute(202));
    s.taken(&back.items[..1]).await;
    let behind = card(&s, back.visit).await;
    assert_eq!(codes(&behind), vec!["CLOCK_MOVED"], "{behind}");
});

testkit::both!(a_customer_moved_to_fit, |app| async move {
    let (s, tasks) = begin(&app).await;
    let permissions = ["customer.read", "customer.write", "task.read", "visit.read", "field.work"];
    let role = json!({ "name": "外勤（可改客户）", "permissions": permissions, "reach": "own" });
    let role = s.company.admin.post("/api/v1/roles", role).await;
    assert_eq!(role.status, 201, "{}", role.json);
    let path = format!("/api/v1/employees/{}", s.rep_id);
    let version = s.company.admin.get(&path).await.json["version"].as_i64().unwrap();
    let changed = s.company.admin.patch(&path, version, json!({ "role_id": role.json["id"] })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let rep = app.sign_in("zhangwei", testkit::PASSWORD).await;
    let to = geo::destination(place(0), 90.0, 1_500.0);
    let customer = format!("/api/v1/customers/{}", s.customers[0]);
    let version = rep.get(&customer).await.json["version"].as_i64().unwrap();
    app.clock.set(minute(65));
    let moved = rep.patch(&customer, version, json!({ "at": to })).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    let r = record(&tasks[0], to, 90, 120);
    app.clock.set(minute(121));
    for receipt in sync_as(&rep, "phone-1", &r.items).await {
        assert_eq!(receipt["status"], "accepted", "{receipt}");
    }
    let card = s.manager.get(&format!("/api/v1/truth/visits/{}", r.visit)).await.json;
    assert_eq!((card["band"].as_str(), codes(&card)), (Some("red"), vec!["CUSTOMER_MOVED"]), "{card}");
});

testkit::both!(steps_in_a_hurry, |app| async move {
    let (s, tasks) = begin(&app).await;
    let mut r = record(&tasks[0], place(0), 70, 100);
    let second = |n: i64| minute(70).plus(n * base::Micros::SECOND);
    for (k, n) in [(1, 2), (2, 3), (3, 5)] {
        r.items[k]["at"] = json!(second(n));
    }
    r.items[1]["body"]["taken_at"] = json!(second(2));
    r.items[2]["body"]["started_at"] = json!(second(1));
    bring(&app, &s, &r, 100).await;
    let card = card(&s, r.visit).await;
    assert_eq!((card["band"].as_str(), codes(&card)), (Some("amber"), vec!["STEPS_HURRIED"]), "{card}");
    assert_eq!(card["visit"]["effective"], true, "amber asks; it takes nothing away");
});

/// A tracker of the rep that has agreed to be tracked.
async fn tracker(s: &Scene) -> String {
    let version = s.rep.get("/api/v1/me/policy").await.json["text_version"].clone();
    let accepted = s.rep.post("/api/v1/me/policy/accept", json!({ "text_version": version })).await;
    assert_eq!(accepted.status, 204, "{}", accepted.json);
    let new = json!({ "employee_id": s.rep_id, "name": "手机", "kind": "traccar" });
    let made = s.company.admin.post("/api/v1/trackers", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json["secret"].as_str().unwrap().to_owned()
}

async fn report(app: &App, secret: &str, m: i64, at: geo::LngLat, mock: bool) {
    let query = format!(
        "/t/{secret}?id=x&lat={}&lon={}&timestamp={}&accuracy=8{}",
        at.lat(),
        at.lng(),
        minute(m).0 / 1_000_000,
        if mock { "&mock=1" } else { "" }
    );
    let reply = app.stranger().get(&query).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
}

testkit::both!(the_system_s_own_mock_flag, |app| async move {
    let (s, tasks) = begin(&app).await;
    let secret = tracker(&s).await;
    app.clock.set(minute(80));
    for m in 66..78 {
        report(&app, &secret, m, place(0), true).await;
    }
    let r = record(&tasks[0], place(0), 70, 100);
    s.taken(&r.items[..1]).await;
    let flagged = card(&s, r.visit).await;
    assert_eq!(flagged["band"], "red", "{flagged}");
    assert!(codes(&flagged).contains(&"MOCK"), "{flagged}");
    assert_eq!(flagged["grade"], "B", "a tracker app sends the system's flags");

    // The company knows this receiver: nothing more is said of the next visit.
    let trackers = s.company.admin.get("/api/v1/trackers").await.json;
    let kept = s.company.admin.get("/api/v1/truth/rules").await.json;
    let mut rules = kept["rules"].clone();
    rules["trusted_trackers"] = json!((1..16).collect::<Vec<i64>>());
    let put = |rules: Value, version: i64| {
        let request = s.company.admin.request(reqwest::Method::PUT, "/api/v1/truth/rules");
        s.company.admin.send(request.header("if-match", format!("\"{version}\"")).json(&rules))
    };
    let written = put(rules.clone(), 0).await;
    assert_eq!(written.status, 200, "{} {trackers}", written.json);
    assert_eq!(put(rules, 0).await.status, 409, "somebody changed them meanwhile");
    app.clock.set(minute(140));
    for m in 126..138 {
        report(&app, &secret, m, place(1), true).await;
    }
    let next = record(&tasks[1], place(1), 130, 160);
    s.taken(&next.items[..1]).await;
    assert!(!codes(&card(&s, next.visit).await).contains(&"MOCK"));
});

testkit::both!(the_company_may_block, |app| async move {
    let (s, tasks) = begin(&app).await;
    let mut rules = s.company.admin.get("/api/v1/truth/rules").await.json["rules"].clone();
    rules["out_of_range"] = json!("block");
    let request = s.company.admin.request(reqwest::Method::PUT, "/api/v1/truth/rules");
    let put = s.company.admin.send(request.header("if-match", "\"0\"").json(&rules)).await;
    assert_eq!(put.status, 200, "{}", put.json);
    let r = record(&tasks[0], geo::destination(place(0), 0.0, 900.0), 70, 100);
    app.clock.set(minute(71));
    let receipt = s.sync(&r.items[..1]).await.remove(0);
    assert_eq!(
        (receipt["status"].as_str(), receipt["code"].as_str()),
        (Some("rejected"), Some("truth.blocked"))
    );
    assert!(receipt["detail"].as_str().unwrap().contains("900 米"), "{receipt}");
    let gone = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await;
    assert_eq!(gone.status, 404, "nothing is left behind");
    // A manager may read the rules but not change them.
    let request = s.manager.request(reqwest::Method::PUT, "/api/v1/truth/rules");
    assert_eq!(s.manager.send(request.header("if-match", "\"1\"").json(&rules)).await.status, 403);
});

testkit::both!(a_wrong_flag_is_contested_and_cleared, |app| async move {
    let (s, tasks) = begin(&app).await;
    let r = record(&tasks[0], geo::destination(place(0), 0.0, 900.0), 70, 100);
    bring(&app, &s, &r, 100).await;
    let before = card(&s, r.visit).await;
    let id = before["findings"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(before["visit"]["effective"], false);

    let answer = format!("/api/v1/me/findings/{id}/answer");
    let empty = s.rep.post(&answer, json!({ "reason_code": "other", "text": " " })).await;
    assert_eq!(empty.status, 422, "another reason needs words: {}", empty.json);
    assert_eq!(
        s.manager.post(&answer, json!({ "reason_code": "metro" })).await.status,
        404,
        "only he himself"
    );
    let said = json!({ "reason_code": "map_pin_wrong", "text": "店搬到了马路对面", "photo_ids": [r.photo] });
    let answered = s.rep.post(&answer, said).await;
    assert_eq!(
        (answered.status, answered.json["finding"]["status"].as_str()),
        (200, Some("answered")),
        "{}",
        answered.json
    );
    let heard = s.manager.get("/api/v1/notices").await.json;
    assert!(heard["items"].as_array().unwrap().iter().any(|n| n["kind"] == "truth.answered"));

    let decision = format!("/api/v1/truth/findings/{id}/decision");
    let own = s.rep.post(&decision, json!({ "outcome": "cleared", "reason": "我自己" })).await;
    assert_eq!(own.status, 403, "nobody decides about himself");
    let no_reason = s.manager.post(&decision, json!({ "outcome": "cleared", "reason": "" })).await;
    assert_eq!(no_reason.status, 422);
    let cleared =
        s.manager.post(&decision, json!({ "outcome": "cleared", "reason": "已核实店铺搬迁" })).await;
    assert_eq!(
        (cleared.status, cleared.json["finding"]["status"].as_str()),
        (200, Some("cleared")),
        "{}",
        cleared.json
    );
    assert_eq!(cleared.json["events"].as_array().unwrap().len(), 2, "what was said is kept");
    let again = s.manager.post(&decision, json!({ "outcome": "upheld", "reason": "改主意" })).await;
    assert_eq!((again.status, again.code()), (409, "truth.closed"));

    let after = card(&s, r.visit).await;
    assert_eq!(after["band"], "green", "{after}");
    let reasons = after["visit"]["ineffective_reasons"].as_array().unwrap().clone();
    assert!(!reasons.contains(&json!("finding_open")), "the fence is still the fence: {reasons:?}");
    let told = s.rep.get("/api/v1/notices").await.json;
    assert!(told["items"].as_array().unwrap().iter().any(|n| n["kind"] == "truth.cleared"));
    let statistics = s.manager.get("/api/v1/truth/statistics").await.json;
    let rule = &statistics["rules"][0];
    assert_eq!(
        (rule["code"].as_str(), rule["decided"].as_i64(), rule["cleared"].as_i64()),
        (Some("OUT_OF_RANGE"), Some(1), Some(1))
    );
    assert_eq!(rule["fallen_back"], false, "one case says nothing yet");
    assert!(!statistics.to_string().contains("张伟"), "no people in statistics");
});

testkit::both!(pay_needs_a_second_person, |app| async move {
    let (s, tasks) = begin(&app).await;
    let r = record(&tasks[0], geo::destination(place(0), 0.0, 900.0), 70, 100);
    bring(&app, &s, &r, 100).await;
    let id = card(&s, r.visit).await["findings"][0]["id"].as_str().unwrap().to_owned();
    let decision = json!({ "outcome": "upheld", "reason": "连续三天同样位置", "affects_pay": true });
    let path = format!("/api/v1/truth/findings/{id}/decision");
    let unheard = s.manager.post(&path, decision.clone()).await;
    assert_eq!((unheard.status, unheard.code()), (409, "truth.too_early"), "nobody is judged unheard");
    // Friday; the third working day after it is Wednesday.
    assert!(unheard.json["detail"].as_str().unwrap().contains("2026-11-25"), "{}", unheard.json);
    app.clock.set(minute(0).plus(5 * base::Micros::DAY + 20 * base::Micros::HOUR));
    let first = s.manager.post(&format!("/api/v1/truth/findings/{id}/decision"), decision.clone()).await;
    assert_eq!(first.json["finding"]["status"], "second", "{}", first.json);
    let second = format!("/api/v1/truth/findings/{id}/second");
    let same = s.manager.post(&second, decision.clone()).await;
    assert_eq!((same.status, same.code()), (403, "truth.not_impartial"), "the first cannot be the second");
    let other = s.company.admin.post(&second, decision).await;
    assert_eq!(
        (other.status, other.json["finding"]["status"].as_str()),
        (200, Some("upheld")),
        "{}",
        other.json
    );
});

testkit::both!(findings_come_once_however_often_records_come, |app| async move {
    let (s, tasks) = begin(&app).await;
    let r = record(&tasks[0], geo::destination(place(0), 0.0, 900.0), 70, 100);
    app.clock.set(minute(101));
    s.taken(&r.items[..1]).await;
    for part in r.items[1..].chunks(2) {
        s.taken(part).await;
    }
    let leaving = item(
        "visit.check_out",
        minute(100),
        json!({ "visit_id": r.visit, "fix": fix(place(0), 12.0, minute(100)) }),
    );
    s.sync(&[leaving]).await;
    let list = s.manager.get("/api/v1/truth/findings?status=pending").await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    let found = s.rep.get("/api/v1/notices").await.json;
    let told = found["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "truth.found").count();
    assert_eq!(told, 1, "told once");
});
