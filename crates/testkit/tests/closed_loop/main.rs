//! The story day through the API: plan, phone, tracker, report. Five visits, all effective, two and a half
//! hours in shops, 38 km; and a drive home that does not exist in the data.

use base::{LocalDay, Micros};
use serde_json::{Value, json};
use testkit::{App, Client, FRIDAY_EIGHT};
use uuid::Uuid;

fn day() -> LocalDay {
    LocalDay::new(2026, 11, 20).unwrap()
}

fn at(value: &Value) -> Micros {
    serde_json::from_value(value.clone()).unwrap()
}

/// The smallest picture a camera of tests takes: another one for every number.
fn picture(n: u8) -> Vec<u8> {
    use std::io::Cursor;
    let image = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([n, (x * 3) as u8, (y * 5) as u8]));
    let mut out = Cursor::new(vec![]);
    image::DynamicImage::ImageRgb8(image).write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

async fn sync(rep: &Client, items: Vec<Value>) -> Vec<Value> {
    let reply =
        rep.post("/api/v1/field/sync", json!({ "device_id": Uuid::from_u128(7), "items": items })).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json["receipts"].as_array().unwrap().clone()
}

fn item(at: Micros, kind: &str, body: Value) -> Value {
    json!({ "id": Uuid::now_v7(), "kind": kind, "at": at, "body": body })
}

fn all_accepted(receipts: &[Value]) {
    for r in receipts {
        assert_eq!(r["status"], "accepted", "{r}");
    }
}

/// Sends what the tracker app saw between two instants, in the OsmAnd way: query and form in turn.
async fn track(app: &App, tracker: &Value, fixes: &[Value], from: Micros, to: Micros) -> usize {
    let secret = tracker["secret"].as_str().unwrap();
    let client = app.stranger();
    let mut sent = 0;
    for fix in fixes.iter().filter(|f| (from..to).contains(&at(&f["t"]))) {
        let seconds = at(&fix["t"]).0 as f64 / 1e6;
        let knots = fix["speed_mps"].as_f64().unwrap() / 0.514444;
        let mut query = format!(
            "id={secret}&timestamp={seconds:.0}&lat={}&lon={}&accuracy={:.1}&speed={knots:.2}&altitude=12&batt=78",
            fix["at"][1],
            fix["at"][0],
            fix["accuracy_m"].as_f64().unwrap()
        );
        if let Some(bearing) = fix["bearing_deg"].as_f64() {
            query.push_str(&format!("&bearing={bearing:.1}"));
        }
        let request = if sent % 2 == 0 {
            client.request(reqwest::Method::GET, &format!("/t?{query}"))
        } else {
            client
                .request(reqwest::Method::POST, "/t")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(query)
        };
        let reply = client.send(request).await;
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.bytes));
        sent += 1;
    }
    sent
}

testkit::both!(five_visits_and_thirty_eight_kilometres, |app| async move {
    let story = tashi::demo::story(day()).unwrap();
    let fixes = story["fixes"].as_array().unwrap().clone();
    let company = app.company("惠民饮品").await;
    let one = app.department(&company, "一区", company.root_department).await;
    let two = app.department(&company, "二区", company.root_department).await;
    let (_, manager) = app.person(&company, "陈静", "chenjing", "manager", one).await;
    let (_, sibling) = app.person(&company, "何文", "hewen", "manager", two).await;
    let (wei, rep) = app.person(&company, "张伟", "zhangwei", "rep", one).await;
    let other = app.company("江北食品").await;

    // The evening before: the manager plans.
    let mut customers = vec![];
    for c in story["customers"].as_array().unwrap() {
        let made = manager.post("/api/v1/customers", json!({ "name": c["name"], "grade": c["grade"], "address": c["address"], "at": c["at"], "owner_id": wei,
            "contact": { "name": c["contact"], "phone": c["phone"] } })).await;
        assert_eq!(made.status, 201, "{}", made.json);
        customers.push(made.json["id"].as_str().unwrap().to_owned());
    }
    // Handed over in another order: the exact route finds the story's.
    let shuffled: Vec<&String> = [3, 0, 4, 2, 1].iter().map(|i| &customers[*i]).collect();
    company.admin.patch(&format!("/api/v1/employees/{wei}"), 1, json!({ "start_at": story["office"] })).await;
    let plan = manager.post("/api/v1/plans", json!({ "employee_id": wei, "day": day(), "window": { "from_minute": 540, "to_minute": 1020 },
        "customer_ids": shuffled, "objective": "distance", "steps": [
            { "title": "门头照", "kind": "photo", "mandatory": true, "min": 1 },
            { "title": "初步采购意向", "kind": "choice", "mandatory": true, "options": ["高", "中", "低"] }] })).await;
    assert_eq!(plan.status, 201, "{}", plan.json);
    assert_eq!(plan.json["route"]["proven_optimal"], true);
    let order: Vec<&str> = plan.json["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["customer"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(order, customers, "the shortest order");
    assert!(plan.json["delivered_at"].is_null());
    let snapshot = rep.get("/api/v1/field/snapshot").await;
    assert_eq!(snapshot.status, 200, "{}", snapshot.json);
    assert_eq!(snapshot.json["tasks"].as_array().unwrap().len(), 5);
    let plan_id = plan.json["id"].as_str().unwrap().to_owned();
    all_accepted(&sync(&rep, vec![item(FRIDAY_EIGHT, "plan.read", json!({ "plan_id": plan_id }))]).await);
    let seen = manager.get(&format!("/api/v1/plans/{plan_id}")).await.json;
    assert!(seen["delivered_at"].is_string() && seen["read_at"].is_string(), "{seen}");
    let tracker = company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": wei, "name": "张伟的手机", "kind": "traccar" }))
        .await;
    assert_eq!(tracker.status, 201, "{}", tracker.json);

    // Before nine the phone moves and nothing is stored.
    let nine = at(&story["duty_from"]);
    let five = at(&story["duty_to"]);
    app.clock.set(nine.plus(-Micros::MINUTE));
    let early = track(&app, &tracker.json, &fixes, Micros(0), nine).await;
    assert!(early > 0, "the way to the office");

    // The day.
    let tasks = snapshot.json["tasks"].as_array().unwrap().clone();
    let mut sent_until = nine;
    for (n, c) in story["customers"].as_array().unwrap().iter().enumerate() {
        let (arrive, leave) = (at(&c["check_in"]), at(&c["check_out"]));
        app.clock.set(arrive.plus(2 * Micros::SECOND));
        track(&app, &tracker.json, &fixes, sent_until, arrive).await;
        sent_until = arrive;
        let task = tasks.iter().find(|t| t["customer"]["id"] == json!(customers[n])).unwrap();
        let (visit, photo, bytes) = (Uuid::now_v7(), Uuid::now_v7(), picture(n as u8));
        let fix = json!({ "at": c["at"], "accuracy_m": 12, "t": arrive });
        let steps = task["steps"].as_array().unwrap();
        let check_in = item(
            arrive,
            "visit.check_in",
            json!({ "visit_id": visit, "task_id": task["id"], "customer_id": customers[n], "fix": fix, "offline": n == 2 }),
        );
        let early_choice = item(
            arrive,
            "visit.step",
            json!({ "visit_id": visit, "step_id": steps[1]["id"], "status": "done", "value": "高" }),
        );
        if n != 2 {
            all_accepted(&sync(&rep, vec![check_in.clone()]).await);
            let locked = sync(&rep, vec![early_choice]).await;
            assert_eq!(
                (locked[0]["status"].as_str(), locked[0]["code"].as_str()),
                (Some("rejected"), Some("visit.step_locked"))
            );
        }
        if n == 1 {
            let board = manager.get("/api/v1/live").await.json;
            let person = board["people"]
                .as_array()
                .unwrap()
                .iter()
                .find(|p| p["employee"]["id"] == json!(wei))
                .unwrap();
            assert_eq!(
                (person["state"].as_str(), person["done"].as_i64(), person["total"].as_i64()),
                (Some("visit"), Some(1), Some(5)),
                "{person}"
            );
        }
        let facts = json!({ "visit_id": visit, "step_id": steps[0]["id"], "photo_id": photo, "sha256": sha256(&bytes), "size": bytes.len(),
            "mime": "image/jpeg", "width": 64, "height": 48, "taken_at": arrive.plus(Micros::MINUTE), "fix": fix, "live": true });
        let rest = vec![
            item(arrive.plus(Micros::MINUTE), "visit.photo", facts),
            item(
                arrive.plus(Micros::MINUTE),
                "visit.step",
                json!({ "visit_id": visit, "step_id": steps[0]["id"], "status": "done", "photo_ids": [photo] }),
            ),
            item(
                arrive.plus(2 * Micros::MINUTE),
                "visit.step",
                json!({ "visit_id": visit, "step_id": steps[1]["id"], "status": "done", "value": "高" }),
            ),
            item(leave, "visit.summary", json!({ "visit_id": visit, "text": "店长同意加一个堆头" })),
            item(
                leave,
                "visit.check_out",
                json!({ "visit_id": visit, "fix": { "at": c["at"], "accuracy_m": 12, "t": leave } }),
            ),
        ];
        app.clock.set(leave.plus(2 * Micros::SECOND));
        track(&app, &tracker.json, &fixes, sent_until, leave).await;
        sent_until = leave;
        // The basement: everything waits, comes at once, in the wrong order, and then once more.
        let mut items = rest;
        if n == 2 {
            items.push(check_in);
            items.reverse();
            all_accepted(&sync(&rep, items.clone()).await);
            for r in sync(&rep, items.clone()).await {
                assert_eq!(r["status"], "duplicate", "{r}");
            }
            let mut forged = items[0].clone();
            forged["body"]["offline"] = json!(false);
            assert_eq!(sync(&rep, vec![forged]).await[0]["code"], "sync.conflict");
        } else {
            all_accepted(&sync(&rep, items).await);
        }
        let begun = rep
            .post(
                "/api/v1/uploads",
                json!({ "id": photo, "size": bytes.len(), "sha256": sha256(&bytes), "mime": "image/jpeg" }),
            )
            .await;
        assert_eq!(begun.status, 200, "{}", begun.json);
        let request = rep
            .request(reqwest::Method::PATCH, &format!("/api/v1/uploads/{photo}"))
            .header("upload-offset", "0")
            .body(bytes.clone());
        let done = rep.send(request.header("content-type", "application/octet-stream")).await;
        assert_eq!(done.json["complete"], true, "{}", done.json);
        let original = manager.get(&format!("/api/v1/photos/{photo}/original")).await;
        assert_eq!(original.bytes, bytes, "the original is untouched");
        for (who, client) in [("sibling", &sibling), ("stranger", &other.admin)] {
            for url in [
                format!("/api/v1/photos/{photo}/original"),
                format!("/api/v1/visits/{visit}"),
                format!("/api/v1/tracks/{wei}/{}", day()),
            ] {
                assert_eq!(client.get(&url).await.status, 404, "{who} {url}");
            }
        }
    }

    // The evening: the rest of the day, the drive home, the report.
    app.clock.set(five.plus(50 * Micros::MINUTE));
    track(&app, &tracker.json, &fixes, sent_until, five).await;
    let home = track(&app, &tracker.json, &fixes, five, Micros(i64::MAX)).await;
    assert!(home > 30, "the drive home was offered: {home}");
    let report = manager.get(&format!("/api/v1/reports/daily?day={}", day())).await.json;
    let row = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["employee"]["id"] == json!(wei))
        .unwrap_or_else(|| panic!("{report}"));
    assert_eq!(
        (row["planned"].as_i64(), row["visits"].as_i64(), row["effective"].as_i64()),
        (Some(5), Some(5), Some(5)),
        "{row}"
    );
    assert_eq!(row["stay_s"], 150 * 60, "2.5 h");
    let km = row["counted_m"].as_f64().unwrap() / 1000.0;
    assert!((km - 38.0).abs() < 0.38, "{km} km");
    assert_eq!(
        row["refused_off_duty"].as_i64().unwrap() as usize,
        early + home,
        "all refused fixes are counted"
    );
    assert_eq!(row["stored_off_duty"], 0);
    let playback = manager.get(&format!("/api/v1/tracks/{wei}/{}", day())).await.json;
    let times: Vec<i64> =
        playback["points"].as_array().unwrap().iter().map(|p| p[0].as_i64().unwrap()).collect();
    assert!(times.iter().all(|t| (nine.0 / 1000..=five.0 / 1000).contains(t)), "no point outside duty");
    assert_eq!(playback["visits"].as_array().unwrap().len(), 5);
    // Whoever looked is written down, and the rep can read it.
    let ledger = rep.get("/api/v1/me/ledger").await.json;
    let readers: Vec<&str> =
        ledger["items"].as_array().unwrap().iter().map(|l| l["reader"]["name"].as_str().unwrap()).collect();
    assert!(readers.contains(&"陈静") && !readers.contains(&"何文"), "{ledger}");
    for (who, client) in [("sibling", &sibling), ("stranger", &other.admin)] {
        for path in [
            "/api/v1/live".to_owned(),
            format!("/api/v1/reports/daily?day={}", day()),
            format!("/api/v1/visits?day_from={}", day()),
            format!("/api/v1/plans?day_from={}", day()),
            "/api/v1/home".to_owned(),
        ] {
            let reply = client.get(&path).await;
            assert!(!String::from_utf8_lossy(&reply.bytes).contains("张伟"), "{who} {path}");
        }
    }
    let sheet = manager.get(&format!("/api/v1/reports/daily.xlsx?day={}", day())).await;
    let lines = testkit::sheet(&sheet.bytes);
    let line = lines.iter().find(|l| l[0] == "张伟").expect("the line of the person");
    assert_eq!(line[2..5], ["5", "5", "5"], "{line:?}");
    let own = rep.get(&format!("/api/v1/me/days/{}", day())).await;
    assert_eq!(own.status, 200);
    assert_eq!(own.json["summary"]["stored_off_duty"], 0);
    // The figures survive a restart.
    let app = app.restart().await;
    let manager = app.sign_in("chenjing", testkit::PASSWORD).await;
    let again = manager.get(&format!("/api/v1/reports/daily?day={}", day())).await.json;
    assert_eq!(again["totals"], report["totals"]);
});
