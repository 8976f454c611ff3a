//! The mileage statement as the outside sees it, and what keeps its kilometres honest: private trips, leave, overtime.

use base::{Micros, problem::Lang};
use serde_json::{Value, json};
use testkit::{App, Client};
use track::statement::{Export, csv, statement};
use uuid::Uuid;

use crate::{
    report::{Day, drive, item, plan, send, sync},
    tracking::{at, rep},
};

const MONTH: &str = "2026-11";

/// The story day, worked and sent.
async fn worked(app: &App, company: &testkit::Company, id: Uuid, client: &Client) -> Day {
    let day = plan(app, &company.admin, id).await;
    app.clock.set(at(21, 0));
    send(client, &day.points).await;
    for k in 0..5 {
        sync(client, vec![day.check_in(k)]).await;
        sync(client, day.check_out(k)).await;
    }
    day
}

async fn json(client: &Client, path: &str) -> Value {
    let reply = client.get(path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.json);
    reply.json
}

testkit::both!(a_statement_is_made_again_from_its_export, |app| async move {
    let company = app.company("惠民饮品").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let (_, sibling) = app.person(&company, "周强", "zhouqiang", "manager", south).await;
    worked(&app, &company, id, &client).await;
    let base = format!("/api/v1/reports/mileage/{id}/{MONTH}");

    let sent = boss.get(&base).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    let made = sent.json.clone();
    let driven = made["totals"]["counted_m"].as_i64().unwrap();
    assert!((driven - 38_000).abs() < 190, "38 km within half a per cent: {driven}");
    let day = made["days"].as_array().unwrap().iter().find(|d| d["day"] == "2026-11-20").unwrap();
    assert_eq!(day["refused"], json!({ "off_duty": 100 }), "the drive home is a number and no more");
    let withheld: Vec<&str> =
        day["withheld"].as_array().unwrap().iter().map(|w| w["reason"].as_str().unwrap()).collect();
    assert_eq!(withheld, ["off_duty", "off_duty"]);
    assert_eq!(day["trips"][0]["to_place"], "客户 1");

    // the same figures as in the day report, from the same input
    let report = json(&boss, "/api/v1/reports/daily?day=2026-11-20").await;
    let row = report["rows"].as_array().unwrap().iter().find(|r| r["employee"]["id"] == json!(id)).unwrap();
    for figure in ["counted_m", "raw_m", "excluded_m", "estimated_m", "gap_s", "input_sha256"] {
        assert_eq!(day[figure], row[figure], "{figure}");
    }
    let team = json(&boss, "/api/v1/reports/mileage?month=2026-11").await;
    let of_him = team["rows"].as_array().unwrap().iter().find(|r| r["employee"]["id"] == json!(id)).unwrap();
    for figure in ["counted_m", "raw_m", "excluded_m", "estimated_m", "gap_s", "refused"] {
        assert_eq!(of_him[figure], made["totals"][figure], "{figure}");
    }

    // anybody who holds the export makes the same bytes
    let export = boss.get(&format!("{base}/export.json")).await;
    assert_eq!(export.status, 200);
    assert_eq!(
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&export.bytes)),
        made["input_sha256"].as_str().unwrap()
    );
    let mine = statement(Export::from_json(&export.bytes).unwrap()).unwrap();
    assert_eq!(mine.json(), sent.bytes);
    for (client, lang) in [(boss.clone(), Lang::Zh), (boss.clone().in_english(), Lang::En)] {
        let table = client.get(&format!("{base}/statement.csv")).await;
        assert_eq!(csv(&mine, lang), table.bytes);
        let pdf = client.get(&format!("{base}/statement.pdf")).await;
        assert_eq!(paper::statement(&mine, lang).unwrap(), pdf.bytes);
        assert_eq!(pdf.headers["content-type"], "application/pdf");
    }
    // the person has the same, and nobody else has any of it
    assert_eq!(client.get(&format!("/api/v1/me/mileage/{MONTH}")).await.bytes, sent.bytes);
    assert_eq!(client.get(&format!("/api/v1/me/mileage/{MONTH}/export.json")).await.bytes, export.bytes);
    assert!(
        client.get(&format!("/api/v1/me/mileage/{MONTH}/statement.pdf")).await.bytes.starts_with(b"%PDF")
    );
    // as a bundle it can be checked by outsiders, and the log names it once however often it is asked for
    let mut entered = vec![];
    for (client, path) in [
        (&boss, format!("{base}/bundle.zip")),
        (&boss, format!("{base}/bundle.zip")),
        (&client, format!("/api/v1/me/mileage/{MONTH}/bundle.zip")),
    ] {
        let handed = client.get(&path).await;
        assert_eq!(
            (handed.status, &handed.headers["content-type"]),
            (200, &"application/zip".parse().unwrap())
        );
        let found = proof::verify(&handed.bytes, None).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        assert_eq!((found.manifest.kind.as_str(), found.originals, found.open), ("statement", 2, 1));
        let archive = proof::Archive::from_bytes(&handed.bytes).unwrap();
        for original in [&sent.bytes, &export.bytes] {
            let name = format!("files/{}.json", ledger::issued_id(original).simple());
            assert_eq!(archive.get(&name), Some(&original[..]), "{name}");
        }
        assert!(archive.get("statement.pdf").unwrap().starts_with(b"%PDF"));
        entered.push(found.manifest.entries);
    }
    assert!(entered.windows(2).all(|w| w[0] == w[1]), "{entered:?}");
    let stranger = app.company("乙").await;
    for ending in ["", "/export.json", "/statement.csv", "/statement.pdf", "/bundle.zip"] {
        for other in [&sibling, &stranger.admin] {
            assert_eq!(other.get(&format!("{base}{ending}")).await.status, 404, "{ending}");
        }
        assert_eq!(client.get(&format!("{base}{ending}")).await.status, 403, "{ending}");
    }
    let rows = json(&sibling, "/api/v1/reports/mileage?month=2026-11").await["rows"].clone();
    assert!(!rows.to_string().contains(&id.to_string()));
    assert_eq!(boss.get("/api/v1/reports/mileage?month=2026-13").await.code(), "input.invalid");
    assert_eq!(boss.get(&format!("/api/v1/reports/mileage/{id}/2026-1")).await.status, 404);

    // every look stands in his ledger: 1 list, 1 statement, 1 export, 2 tables, 2 documents, 2 bundles
    let ledger = json(&client, "/api/v1/me/ledger").await;
    let looks: i64 = ledger["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|l| l["what"] == "mileage")
        .map(|l| l["count"].as_i64().unwrap())
        .sum();
    assert_eq!(looks, 9, "{ledger}");
});

// Shuffled, doubled and in other portions: another person who sent the same has the same days.
testkit::both!(order_and_copies_do_not_show_in_a_statement, |app| async move {
    let company = app.company("甲").await;
    let (a, straight) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (b, shuffled) = rep(&app, &company, "李娜", "lina", company.root_department).await;
    let (points, _) = drive();
    app.clock.set(at(21, 0));
    send(&straight, &points).await;
    let mut strides: Vec<_> = (0..13).flat_map(|s| points.iter().skip(s).step_by(13)).copied().collect();
    send(&shuffled, &strides).await;
    strides.reverse();
    send(&shuffled, &strides).await;
    let days = async |id: Uuid| -> Value {
        json(&company.admin, &format!("/api/v1/reports/mileage/{id}/{MONTH}")).await["days"].clone()
    };
    let (mut one, mut two) = (days(a).await, days(b).await);
    // what was refused is counted as often as it was sent
    for day in one.as_array_mut().unwrap().iter_mut().chain(two.as_array_mut().unwrap()) {
        day["refused"] = Value::Null;
    }
    assert_eq!(one, two);
});

testkit::both!(a_private_trip_leaves_nothing, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (points, _) = drive();
    let before = |t: Micros| points.iter().take_while(|p| p.t < t).count();
    let one = |t: Micros| json!({ "device_id": "d", "fixes": [{ "t": t, "at": [118.78, 32.04], "accuracy_m": 6.0 }] });

    // switched on with a network: the next fix is refused, although the gate had let one in a moment ago
    app.clock.set(at(10, 0));
    send(&client, &points[..before(at(10, 0))]).await;
    let begun = client.post("/api/v1/me/private-trips", json!({ "from": at(10, 0) })).await;
    assert_eq!(begun.status, 201, "{}", begun.json);
    let trip = begun.json["id"].as_str().unwrap().to_owned();
    app.clock.set(at(10, 1));
    assert_eq!(
        client.post("/api/v1/field/fixes", one(at(10, 0).plus(Micros::SECOND))).await.json["refused_off_duty"],
        1
    );
    let live = json(&company.admin, "/api/v1/live").await;
    let person =
        live["people"].as_array().unwrap().iter().find(|p| p["employee"]["id"] == json!(id)).unwrap();
    assert_eq!(person["state"], "off_duty", "a private trip shows as a break");
    let snapshot = json(&client, "/api/v1/field/snapshot").await;
    assert_eq!(
        (&snapshot["private_today"][0]["id"], &snapshot["private_today"][0]["to"]),
        (&json!(trip), &json!(null))
    );
    app.clock.set(at(10, 20));
    assert_eq!(client.post(&format!("/api/v1/me/private-trips/{trip}/end"), json!({})).await.status, 200);
    app.clock.set(at(10, 21));
    assert_eq!(
        client.post("/api/v1/field/fixes", one(at(10, 20).plus(45 * Micros::SECOND))).await.json["accepted"],
        1
    );

    // declared without a network: the tracker went on sending, then the phone tells of 13:00 to 14:00
    app.clock.set(at(16, 0));
    send(&client, &points[..before(at(16, 0))]).await;
    let stored = |day: &Value| day["positions"].as_i64().unwrap();
    let url = format!("/api/v1/me/mileage/{MONTH}");
    let day_of = async || {
        json(&client, &url).await["days"]
            .as_array()
            .unwrap()
            .iter()
            .find(|d| d["day"] == "2026-11-20")
            .unwrap()
            .clone()
    };
    let earlier = day_of().await;
    let offline = Uuid::now_v7();
    let end = item("private.end", at(14, 0), json!({ "trip_id": offline }));
    let start = item("private.start", at(13, 0), json!({ "trip_id": offline }));
    // the end came first, and both come twice
    sync(&client, vec![end.clone(), start.clone()]).await;
    let again =
        client.post("/api/v1/field/sync", json!({ "device_id": "d", "items": [start, end] })).await.json;
    assert!(again["receipts"].as_array().unwrap().iter().all(|r| r["status"] == "duplicate"), "{again}");
    let inside = |t: Micros| (at(13, 0)..at(14, 0)).contains(&t);
    let removed = points.iter().filter(|p| inside(p.t)).count() as i64;
    assert!(removed >= 60, "{removed}");
    let later = day_of().await;
    assert_eq!(later["removed"], removed);
    assert_eq!(stored(&earlier) - stored(&later), removed);
    let withheld = later["withheld"].to_string();
    assert!(withheld.contains("private"), "{withheld}");
    let played = json(&company.admin, &format!("/api/v1/tracks/{id}/2026-11-20")).await;
    for p in played["points"].as_array().unwrap() {
        let t = Micros(p[0].as_i64().unwrap() * 1000);
        assert!(!inside(t) && !(at(10, 0)..at(10, 20)).contains(&t), "{p}");
    }
    assert_eq!(played["summary"]["stored_off_duty"], 0);

    // a closed and sealed day, told two days later
    app.clock.set(at(48 + 9, 0));
    let sealer = tracking::Tracking::start(&app.kit.db);
    // removing positions may have sealed the day already
    sealer.seal_due(company.id).await.unwrap();
    drop(sealer);
    let sealed = day_of().await;
    let late = json!({ "from": at(15, 0), "to": at(15, 30) });
    assert_eq!(client.post("/api/v1/me/private-trips", late).await.status, 201);
    let last = day_of().await;
    let more = points.iter().filter(|p| (at(15, 0)..at(15, 30)).contains(&p.t)).count() as i64;
    assert!(more > 20);
    assert_eq!(last["removed"], removed + more);
    assert_eq!(stored(&sealed) - stored(&last), more);
    // sent again by a tracker that does not know: refused by its reason
    let known = last["refused"]["private"].as_i64().unwrap();
    let again = send(&client, &points[before(at(15, 0))..before(at(15, 30))]).await;
    assert_eq!(again, more);
    assert_eq!(day_of().await["refused"]["private"], known + more);
    let report = json(&company.admin, "/api/v1/reports/daily?day=2026-11-20").await;
    let row =
        report["rows"].as_array().unwrap().iter().find(|r| r["employee"]["id"] == json!(id)).unwrap().clone();
    assert_eq!((&row["counted_m"], &row["input_sha256"]), (&last["counted_m"], &last["input_sha256"]));

    // what cannot be
    let refused = async |body: Value| client.post("/api/v1/me/private-trips", body).await.code().to_owned();
    assert_eq!(refused(json!({ "from": at(72 + 9, 0) })).await, "duty.private_ahead");
    assert_eq!(refused(json!({ "from": at(-9 * 24, 0) })).await, "duty.private_too_old");
    assert_eq!(refused(json!({ "from": at(15, 0), "to": at(14, 0) })).await, "input.invalid");
    let unknown = client.post(&format!("/api/v1/me/private-trips/{}/end", Uuid::now_v7()), json!({})).await;
    assert_eq!(unknown.code(), "sync.trip_unknown");
    // nobody declares one for somebody else, nor ends or takes it back
    let forced = json!({ "kind": "private", "from": at(9, 0), "to": at(10, 0) });
    assert_eq!(
        company.admin.post(&format!("/api/v1/employees/{id}/duty-entries"), forced).await.code(),
        "input.invalid"
    );
    let other = company.admin.post(&format!("/api/v1/duty-entries/{trip}/revoke"), json!({})).await;
    assert_eq!(other.status, 404);
});

testkit::both!(leave_and_overtime_move_the_gate, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let (_, sibling) = app.person(&company, "周强", "zhouqiang", "manager", south).await;
    let (points, _) = drive();
    app.clock.set(at(16, 0));
    send(&client, &points[..points.iter().take_while(|p| p.t < at(16, 0)).count()]).await;
    let entry = |kind: &str, from: Micros, to: Micros| json!({ "kind": kind, "from": from, "to": to, "note": "调休" });
    let url = format!("/api/v1/employees/{id}/duty-entries");
    let calendar = format!("/api/v1/employees/{id}/duty");
    assert_eq!(sibling.post(&url, entry("leave", at(12, 0), at(17, 0))).await.status, 404);
    assert_eq!(client.post(&url, entry("leave", at(12, 0), at(17, 0))).await.status, 403);

    let leave = boss.post(&url, entry("leave", at(12, 0), at(17, 0))).await;
    assert_eq!(leave.status, 201, "{}", leave.json);
    let overtime = boss.post(&url, entry("overtime", at(18, 0), at(20, 0))).await;
    assert_eq!(overtime.status, 201, "{}", overtime.json);
    let day = json(&client, "/api/v1/me/duty?from=2026-11-20&to=2026-11-21").await;
    assert_eq!(
        day["days"][0]["working"],
        json!([{ "from": at(9, 0), "to": at(12, 0) }, { "from": at(18, 0), "to": at(20, 0) }])
    );
    assert_eq!(day["days"][0]["leave"], json!([{ "from": at(12, 0), "to": at(17, 0) }]));
    assert_eq!((day["days"][1]["working"].clone(), day["entries"].as_array().unwrap().len()), (json!([]), 2));
    assert_eq!(json(&boss, &format!("{calendar}?from=2026-11-20")).await["days"][0], day["days"][0]);
    assert_eq!(sibling.get(&calendar).await.status, 404);
    let gone = points.iter().filter(|p| (at(12, 0)..at(16, 0)).contains(&p.t)).count() as i64;
    let told = json(&boss, &format!("/api/v1/reports/mileage/{id}/{MONTH}")).await["days"][0].clone();
    assert_eq!((&told["removed"], &told["duty_s"]), (&json!(gone), &json!(3 * 3600)));

    app.clock.set(at(21, 0));
    let one = |t: Micros| json!({ "device_id": "d", "fixes": [{ "t": t, "at": [118.78, 32.04], "accuracy_m": 6.0 }] });
    let sent = async |t: Micros| client.post("/api/v1/field/fixes", one(t)).await.json["accepted"].clone();
    assert_eq!(sent(at(13, 0)).await, 0);
    assert_eq!(sent(at(17, 30)).await, 0);
    assert_eq!(sent(at(18, 30)).await, 1);
    assert_eq!(sent(at(20, 0)).await, 0);
    let told = json(&boss, &format!("/api/v1/reports/mileage/{id}/{MONTH}")).await["days"][0].clone();
    assert_eq!(told["refused"], json!({ "leave": 1, "off_duty": 2 }));
    // taken back: from now on the afternoon is work again
    let entry = leave.json["id"].as_str().unwrap();
    assert_eq!(boss.post(&format!("/api/v1/duty-entries/{entry}/revoke"), json!({})).await.status, 200);
    assert_eq!(sent(at(13, 1)).await, 1);
    // nonsense
    for (from, to) in [(at(12, 0), at(12, 0)), (at(12, 0), at(11, 0)), (at(0, 0), at(24 * 500, 0))] {
        let body = json!({ "kind": "leave", "from": from, "to": to, "note": null });
        assert_eq!(boss.post(&url, body).await.code(), "input.invalid");
    }
});

testkit::both!(ten_thousand_at_all_hours, |app| async move {
    let company = app.company("甲").await;
    let (_, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    // a rogue client: ten thousand fixes spread over Saturday, when nobody works
    app.clock.set(at(48 + 8, 0));
    let (mut sent, mut accepted, mut refused) = (0_i64, 0_i64, 0_i64);
    for part in 0..20 {
        let fixes: Vec<Value> = (0..500_i64)
            .map(|k| {
                let t = at(24, 0).plus((part * 500 + k) * 8 * Micros::SECOND);
                sent += 1;
                json!({ "t": t, "at": [118.7 + 0.00001 * k as f64, 32.04], "accuracy_m": 5.0 })
            })
            .collect();
        let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        accepted += reply.json["accepted"].as_i64().unwrap();
        refused += reply.json["refused_off_duty"].as_i64().unwrap();
    }
    assert_eq!((sent, accepted, refused), (10_000, 0, 10_000));
    let mut reader = app.kit.db.read(&db::Scope::job("test", company.id)).await.unwrap();
    let saturday: base::LocalDay = "2026-11-21".parse().unwrap();
    assert_eq!(tracking::count_readings(&mut reader, saturday).await.unwrap(), 0);
    drop(reader);
    // the receipt of the day: what he is shown equals what the store holds
    let own = json(&client, "/api/v1/me/days/2026-11-21").await;
    let receipt = (&own["summary"]["stored_off_duty"], &own["summary"]["refused_off_duty"]);
    assert_eq!(receipt, (&json!(0), &json!(10_000)));
    let month = json(&client, &format!("/api/v1/me/mileage/{MONTH}")).await;
    assert_eq!((&month["totals"]["refused"], &month["totals"]["counted_m"]), (&json!(10_000), &json!(0)));
});
