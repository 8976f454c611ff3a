//! Positions in: trackers, the duty gate, receipts, the ledger.

use base::{LocalDay, Micros};
use db::Query;
use serde_json::{Value, json};
use testkit::{App, Client, Company, FRIDAY_EIGHT};
use uuid::Uuid;

/// Friday 2026-11-20 at a time of day in Shanghai.
pub fn at(hour: i64, minute: i64) -> Micros {
    FRIDAY_EIGHT.plus((hour - 8) * Micros::HOUR + minute * Micros::MINUTE)
}

/// A representative who has agreed to be tracked.
pub async fn rep(app: &App, company: &Company, name: &str, login: &str, department: Uuid) -> (Uuid, Client) {
    let (id, client) = app.person(company, name, login, "rep", department).await;
    let version = client.get("/api/v1/me/policy").await.json["text_version"].clone();
    let accepted = client.post("/api/v1/me/policy/accept", json!({ "text_version": version })).await;
    assert_eq!(accepted.status, 204, "{}", accepted.json);
    (id, client)
}

/// Makes a tracker; answers its secret.
async fn tracker(company: &Company, employee: Uuid) -> String {
    let made = company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": employee, "name": "手机", "kind": "traccar" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json["secret"].as_str().unwrap().to_owned()
}

async fn playback(company: &Company, employee: Uuid) -> Value {
    let reply = company.admin.get(&format!("/api/v1/tracks/{employee}/2026-11-20")).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

db::row! { struct Count { n: i64 } }

/// Rows of readings in the store, sealed or not.
async fn stored_rows(app: &App, company: &Company) -> i64 {
    let mut reader = app.kit.db.read(&db::Scope::job("test", company.id)).await.unwrap();
    let row: Count = reader
        .must(
            db::sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT seq FROM fix_batch WHERE tenant_id = $1 \
                 UNION ALL SELECT revision FROM fix_segment WHERE tenant_id = $1) b"
            ),
            vec![],
        )
        .await
        .unwrap();
    row.n
}

fn feature(t: Micros, lng: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lng, 32.04] },
        "properties": { "timestamp": t, "horizontal_accuracy": 8, "speed": -1, "motion": ["driving"] } })
}

testkit::both!(a_tracker_speaks_every_dialect, |app| async move {
    let company = app.company("甲").await;
    let (id, _) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let made = company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": id, "name": "手机", "kind": "overland" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.json);
    let (secret, url) = (made.json["secret"].as_str().unwrap(), made.json["url"].as_str().unwrap());
    assert_eq!(url, format!("{}/t/{secret}", app.base));
    let setup = made.json["setup"].as_array().unwrap();
    assert_eq!((setup.len(), setup[0]["kind"].as_str()), (4, Some("overland")));
    assert!(setup.iter().all(|s| s["qr_svg"].as_str().unwrap().contains("<svg")));

    app.clock.set(at(10, 30));
    let phone = app.stranger();
    let seconds = |h, m| at(h, m).0 / 1_000_000;
    let query = format!(
        "/t/{secret}?id=x&lat=32.04&lon=118.78&timestamp={}&speed=10&accuracy=5&batt=80",
        seconds(10, 0)
    );
    let got = phone.get(&query).await;
    assert_eq!((got.status, got.bytes.len()), (200, 0));
    let form = format!("id={secret}&lat=32.04&lon=118.781&timestamp={}", seconds(10, 1));
    let sent = phone.send(
        phone
            .request(reqwest::Method::POST, "/t")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form),
    );
    assert_eq!(sent.await.status, 200);
    let batch =
        phone.post(&format!("/t/{secret}"), json!({ "locations": [feature(at(10, 2), 118.782)] })).await;
    assert_eq!((batch.status, &batch.json), (200, &json!({ "result": "ok" })));
    let owntracks = json!({ "_type": "location", "lat": 32.04, "lon": 118.783, "tst": seconds(10, 3), "acc": 9, "vel": 36, "tid": "zw" });
    let kept = phone.post(&format!("/t/{secret}"), owntracks).await;
    assert_eq!((kept.status, &kept.json), (200, &json!([])));
    let nine = json!({ "device_id": "x", "location": { "timestamp": at(10, 4), "mock": true, "coords": { "latitude": 32.04, "longitude": 118.784, "accuracy": 5 } } });
    assert_eq!(phone.post(&format!("/t/{secret}"), nine).await.status, 200);

    for (path, status) in [
        ("/t/nobody-knows-this?lat=1&lon=1", 404),
        ("/t?id=nobody&lat=1&lon=1", 404),
        ("/t?lat=1&lon=1", 400),
        ("/t", 400),
        (&*format!("/t/{secret}?lat=north&lon=1"), 400),
    ] {
        assert_eq!(phone.get(path).await.status, status, "{path}");
    }
    let day = playback(&company, id).await;
    let points = day["points"].as_array().unwrap();
    assert!(points.len() >= 2, "{day}");
    let listed = company.admin.get(&format!("/api/v1/trackers?employee_id={id}")).await.json;
    assert!(listed["items"][0]["last_seen_at"].is_string());
    let tracker = made.json["id"].as_str().unwrap();
    assert_eq!(
        company.admin.post(&format!("/api/v1/trackers/{tracker}/revoke"), json!({})).await.status,
        200
    );
    assert_eq!(phone.get(&query).await.status, 404, "a revoked secret is an unknown one");
});

testkit::both!(one_envelope_of_several_phones, |app| async move {
    let company = app.company("甲").await;
    let (a, _) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (b, _) = rep(&app, &company, "李娜", "lina", company.root_department).await;
    let (one, two) = (tracker(&company, a).await, tracker(&company, b).await);
    app.clock.set(at(10, 30));
    let seconds = at(10, 0).0 / 1_000_000;
    let flat = |id: &str, k: i64| json!({ "id": id, "lat": 32.04, "lon": 118.78 + 0.001 * k as f64, "timestamp": seconds + 10 * k, "accuracy": 5 });
    let phone = app.stranger();
    // an address that belongs to one takes no others, and then nothing
    let mixed = json!([flat("x", 0), flat("y", 1)]);
    let refused = phone.post(&format!("/t/{one}"), mixed).await;
    assert_eq!((refused.status, refused.json["code"].as_str()), (422, Some("tracker.several_devices")));
    // one unknown among them: nothing of it is taken
    let unknown = phone.post("/t", json!([flat(&one, 0), flat("nobody", 1)])).await;
    assert_eq!(unknown.status, 404);
    for id in [a, b] {
        assert_eq!(playback(&company, id).await["points"], json!([]));
    }
    // each report to its own
    let sent = phone
        .post(
            "/t",
            json!([flat(&one, 0), flat(&two, 1), flat(&one, 2), flat(&one, 3), flat(&two, 4), flat(&two, 5)]),
        )
        .await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    assert_eq!(playback(&company, a).await["points"].as_array().unwrap().len(), 3);
    assert_eq!(playback(&company, b).await["points"].as_array().unwrap().len(), 3);
});

testkit::both!(a_file_is_back_fill_and_a_compact_batch_is_a_batch, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let secret = tracker(&company, id).await;
    app.clock.set(at(12, 30));
    let send = async |path: &str, kind: &str, body: Vec<u8>| {
        client.send(client.request(reqwest::Method::POST, path).header("content-type", kind).body(body)).await
    };
    // half an hour of driving from a file, a good part of it before work begins
    let point = |k: i64| {
        format!(
            "<trkpt lat='32.04' lon='{}'><time>{}</time></trkpt>",
            118.70 + 0.001 * k as f64,
            at(8, 50).plus(k * 10 * Micros::SECOND)
        )
    };
    let points: String = (0..180).map(point).collect();
    let file = format!("<?xml version='1.0'?><gpx><trk><trkseg>{points}</trkseg></trk></gpx>");
    let taken = send("/api/v1/field/gpx", "application/gpx+xml", file.clone().into_bytes()).await;
    assert_eq!(taken.status, 200, "{}", taken.json);
    assert_eq!((&taken.json["accepted"], &taken.json["refused_off_duty"]), (&json!(120), &json!(60)));
    let again = send("/api/v1/field/gpx", "application/gpx+xml", file.into_bytes()).await;
    assert_eq!((&again.json["accepted"], &again.json["duplicate"]), (&json!(0), &json!(120)));
    assert_eq!(send("/api/v1/field/gpx", "application/gpx+xml", b"no file".to_vec()).await.status, 400);
    let day = playback(&company, id).await;
    assert_eq!(day["summary"]["counted_m"], 0, "{}", day["summary"]);
    assert!(day["summary"]["excluded_m"].as_i64().unwrap() > 9_000, "{}", day["summary"]);
    assert_eq!(day["backfill"].as_array().unwrap().len(), 1);
    assert_eq!(day["backfill"][0]["from"], json!(at(9, 0)));
    assert!(day["trips"].as_array().unwrap().iter().all(|t| t["counted"] == false));

    // the compact batch: through the app and through the address of a tracker
    let bytes = |minute: i64| {
        let mut out = b"TSF\x01\x05phone".to_vec();
        let mut number = |v: u64| {
            let mut v = v;
            while v >= 0x80 {
                out.push(v as u8 | 0x80);
                v >>= 7;
            }
            out.push(v as u8);
        };
        number(1);
        number(1 | 2);
        for v in [at(11, minute).0 / 1000, 1_187_800_000, 320_400_000] {
            number((v as u64) << 1);
        }
        number(60);
        out
    };
    let taken = send("/api/v1/field/fixes.bin", "application/vnd.tashi.fixes", bytes(0)).await;
    assert_eq!((taken.status, &taken.json["accepted"]), (200, &json!(1)), "{}", taken.json);
    let known = client
        .post("/api/v1/field/fixes", json!({ "device_id": "phone", "fixes": [{ "t": at(11, 0), "at": [118.78, 32.04], "accuracy_m": 6.0 }] }))
        .await;
    assert_eq!(known.json["duplicate"], 1, "the same in JSON is the same");
    let address = format!("/t/{secret}");
    assert_eq!(send(&address, "application/vnd.tashi.fixes", bytes(1)).await.status, 200);
    assert_eq!(send(&address, "application/vnd.tashi.fixes", bytes(1)[..20].to_vec()).await.status, 400);
});

testkit::both!(too_much_beside_a_position_is_left_out_and_said, |app| async move {
    let company = app.company("甲").await;
    let (id, _) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let secret = tracker(&company, id).await;
    app.clock.set(at(10, 30));
    let report = json!({ "_type": "location", "lat": 32.04, "lon": 118.78, "tst": at(10, 0).0 / 1_000_000, "image": "x".repeat(9000), "tid": "zw" });
    let phone = app.stranger();
    let sent =
        phone.request(reqwest::Method::POST, &format!("/t/{secret}")).json(&report).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    assert_eq!(sent.headers().get("x-tashi-trimmed").and_then(|v| v.to_str().ok()), Some("1"));
    // Overland: the same batch with another position beside it is the same batch
    let current = |t| json!({ "locations": [feature(at(10, 5), 118.79)], "current": feature(t, 118.8), "trip": { "mode": "car" } });
    for t in [at(10, 6), at(10, 7), at(17, 30)] {
        assert_eq!(phone.post(&format!("/t/{secret}"), current(t)).await.json, json!({ "result": "ok" }));
    }
    assert_eq!(playback(&company, id).await["points"].as_array().unwrap().len(), 2);
});

testkit::both!(nothing_is_kept_after_work, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let secret = tracker(&company, id).await;
    app.clock.set(at(23, 0));
    // 17:00:00 and later: ten thousand fixes of a drive home
    for batch in 0..10 {
        let features: Vec<Value> = (0..1000)
            .map(|i| feature(at(17, 0).plus((batch * 1000 + i) * Micros::SECOND), 118.78 + 0.0001 * i as f64))
            .collect();
        let sent = app.stranger().post(&format!("/t/{secret}"), json!({ "locations": features })).await;
        assert_eq!(sent.status, 200, "the phone may delete them");
    }
    assert_eq!(stored_rows(&app, &company).await, 0);
    let day = playback(&company, id).await;
    assert_eq!(day["points"], json!([]));
    assert_eq!(day["summary"]["refused_off_duty"], 10_000);
    assert_eq!(day["summary"]["stored_off_duty"], 0);
    // the last second of duty is kept, the app says what became of the rest
    let fix = |t: Micros| json!({ "t": t, "at": [118.78, 32.04], "accuracy_m": 8.0 });
    let fixes = [at(16, 59), at(17, 0).plus(-1_000_000), at(17, 0), at(8, 59), at(23, 40), at(16, 59)];
    let sent = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes.map(fix) })).await;
    let expected = json!({ "accepted": 2, "duplicate": 1, "refused_off_duty": 2, "refused_invalid": 1 });
    assert_eq!(sent.json, expected);
    assert_eq!(playback(&company, id).await["summary"]["refused_off_duty"], 10_002);
});

testkit::both!(with_the_policy_off_nothing_is_kept, |app| async move {
    let company = app.company("甲").await;
    let policies = company.admin.get("/api/v1/policies").await.json;
    let off =
        policies["items"].as_array().unwrap().iter().find(|p| p["mode"] == "off").unwrap()["id"].clone();
    let (id, desk) = rep(&app, &company, "钱琳", "qianlin", company.root_department).await;
    app.clock.set(at(11, 0));
    let fix = |minute| json!({ "device_id": "d", "fixes": [{ "t": at(10, minute), "at": [118.78, 32.04] }] });
    assert_eq!(desk.post("/api/v1/field/fixes", fix(0)).await.json["accepted"], 1);
    let seen = company.admin.get(&format!("/api/v1/employees/{id}")).await.json;
    let changed = company
        .admin
        .patch(
            &format!("/api/v1/employees/{id}"),
            seen["version"].as_i64().unwrap(),
            json!({ "policy_id": off }),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let refused = json!({ "accepted": 0, "duplicate": 0, "refused_off_duty": 1, "refused_invalid": 0 });
    assert_eq!(
        desk.post("/api/v1/field/fixes", fix(1)).await.json,
        refused,
        "from the moment it was switched off"
    );
    assert_eq!(stored_rows(&app, &company).await, 1);
});

testkit::both!(the_policy_of_a_post_holds_for_who_has_none_of_his_own, |app| async move {
    let company = app.company("甲").await;
    let policies = company.admin.get("/api/v1/policies").await.json["items"].clone();
    let of = |mode: &str| policies.as_array().unwrap().iter().find(|p| p["mode"] == mode).unwrap().clone();
    let (off, precise) = (of("off"), of("precise"));
    let (id, phone) = rep(&app, &company, "钱琳", "qianlin", company.root_department).await;
    let set = async |policy: &Value, posts: Value| {
        let path = format!("/api/v1/policies/{}", policy["id"].as_str().unwrap());
        let mut body = policy.clone();
        let version = company.admin.get("/api/v1/policies").await.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["id"] == policy["id"])
            .unwrap()["version"]
            .as_i64()
            .unwrap();
        for left in ["id", "version"] {
            body.as_object_mut().unwrap().remove(left);
        }
        body["posts"] = posts;
        company.admin.patch(&path, version, body).await
    };
    let change = async |body: Value| {
        let seen = company.admin.get(&format!("/api/v1/employees/{id}")).await.json;
        let path = format!("/api/v1/employees/{id}");
        assert_eq!(company.admin.patch(&path, seen["version"].as_i64().unwrap(), body).await.status, 200);
    };
    app.clock.set(at(11, 0));
    let taken = async |minute: i64| {
        let fixes = json!({ "device_id": "d", "fixes": [{ "t": at(10, minute), "at": [118.78, 32.04] }] });
        phone.post("/api/v1/field/fixes", fixes).await.json["accepted"].as_i64().unwrap()
    };
    assert_eq!(set(&off, json!(["库管", "  "])).await.status, 422);
    assert_eq!(set(&off, json!(["库管", "内勤"])).await.json["posts"], json!(["内勤", "库管"]));
    assert_eq!(taken(0).await, 1, "another post");
    change(json!({ "post": "库管" })).await;
    assert_eq!(taken(1).await, 0, "his post is not located");
    // the post moves to another policy, and leaves the one it had
    assert_eq!(set(&precise, json!(["库管"])).await.status, 200);
    let now = company.admin.get("/api/v1/policies").await.json["items"].clone();
    let posts = |policy: &Value| {
        now.as_array().unwrap().iter().find(|p| p["id"] == policy["id"]).unwrap()["posts"].clone()
    };
    assert_eq!((posts(&off), posts(&precise)), (json!(["内勤"]), json!(["库管"])));
    assert_eq!(taken(2).await, 1);
    // what is his own goes before
    change(json!({ "policy_id": off["id"] })).await;
    assert_eq!(taken(3).await, 0);
});

testkit::both!(order_copies_and_a_restart_change_nothing, |app| async move {
    let company = app.company("甲").await;
    let (a, straight) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (b, shuffled) = rep(&app, &company, "李娜", "lina", company.root_department).await;
    app.clock.set(at(17, 30));
    let fix = |i: i64| {
        let lng = 118.70 + 0.0012 * i as f64;
        json!({ "t": at(10, 0).plus(i * 10 * Micros::SECOND), "at": [lng, 32.04], "accuracy_m": 6.0, "speed_mps": 11.3, "bearing_deg": 90.0 })
    };
    let send = async |client: &Client, order: Vec<i64>| {
        let mut sums = [0, 0];
        for part in order.chunks(100) {
            let fixes: Vec<Value> = part.iter().map(|i| fix(*i)).collect();
            let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
            assert_eq!(reply.status, 200, "{}", reply.json);
            sums[0] += reply.json["accepted"].as_i64().unwrap();
            sums[1] += reply.json["duplicate"].as_i64().unwrap();
        }
        sums
    };
    assert_eq!(send(&straight, (0..300).collect()).await, [300, 0]);
    // the same in strides, each twice
    let strides: Vec<i64> = (0..7).flat_map(|s| (0..300).filter(move |i| i % 7 == s)).collect();
    let twice: Vec<i64> = strides.iter().chain(strides.iter().rev()).copied().collect();
    assert_eq!(send(&shuffled, twice).await, [300, 300]);
    let (one, two) = (playback(&company, a).await, playback(&company, b).await);
    assert_eq!(one["points"], two["points"]);
    for figure in ["counted_m", "raw_m", "excluded_m", "estimated_m", "gap_s", "input_sha256"] {
        assert_eq!(one["summary"][figure], two["summary"][figure], "{figure}");
    }
    let meters = one["summary"]["counted_m"].as_i64().unwrap();
    let truth = 299.0
        * geo::distance_m(
            geo::LngLat::new(118.70, 32.04).unwrap(),
            geo::LngLat::new(118.7012, 32.04).unwrap(),
        );
    assert!((meters as f64 - truth).abs() < truth * 0.01, "{meters} m, truth {truth}");
    // sealed, and after a restart: the same day, and the same fixes are still known
    app.clock.set(at(24 + 9, 0));
    let sealer = tracking::Tracking::start(&app.kit.db);
    assert_eq!(sealer.seal_due(company.id).await.unwrap(), 2);
    drop(sealer);
    assert_eq!(stored_rows(&app, &company).await, 2);
    let app = app.restart().await;
    let admin = Client::new(&app.base, company.admin.token.as_deref());
    let again = admin.get(&format!("/api/v1/tracks/{a}/2026-11-20")).await.json;
    assert_eq!(again["points"], one["points"]);
    assert_eq!(again["summary"]["input_sha256"], one["summary"]["input_sha256"]);
    let straight = Client::new(&app.base, straight.token.as_deref());
    assert_eq!(send(&straight, (0..300).collect()).await, [0, 300]);
});

testkit::both!(every_look_is_in_the_ledger, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let (_, sibling) = app.person(&company, "周强", "zhouqiang", "manager", south).await;
    let stranger = app.company("乙").await;
    app.clock.set(at(10, 1));
    let fixes = json!({ "device_id": "d", "fixes": [{ "t": at(10, 0), "at": [118.78, 32.04], "accuracy_m": 6.0, "battery": 78 }] });
    assert_eq!(client.post("/api/v1/field/fixes", fixes).await.json["accepted"], 1);
    let empty = client.get("/api/v1/me/ledger").await.json;
    assert_eq!(empty["items"], json!([]));
    assert_eq!(client.get("/api/v1/me/days/2026-11-20").await.status, 200);
    assert_eq!(client.get("/api/v1/me/ledger").await.json["items"], json!([]), "one's own look is no look");

    let live = boss.get("/api/v1/live").await;
    let person = &live.json["people"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["employee"]["id"] == json!(id))
        .unwrap()
        .clone();
    assert_eq!((person["state"].as_str(), person["battery"].as_i64()), (Some("idle"), Some(78)));
    assert_eq!(person["at"], json!([118.78, 32.04]));
    let track = format!("/api/v1/tracks/{id}/2026-11-20");
    for path in [
        &*track,
        &*track,
        "/api/v1/reports/daily?day=2026-11-20",
        "/api/v1/reports/daily.xlsx?day=2026-11-20",
    ] {
        assert_eq!(boss.get(path).await.status, 200, "{path}");
    }
    assert_eq!(boss.get(&format!("/api/v1/reports/daily/{id}/2026-11-20")).await.status, 200);
    assert_eq!(boss.get("/api/v1/home").await.status, 200);
    for other in [&sibling, &stranger.admin] {
        assert_eq!(other.get(&track).await.status, 404);
        assert_eq!(other.get(&format!("/api/v1/reports/daily/{id}/2026-11-20")).await.status, 404);
        let people = other.get("/api/v1/live").await.json["people"].clone();
        assert!(!people.to_string().contains(&id.to_string()), "{people}");
        let rows = other.get("/api/v1/reports/daily?day=2026-11-20").await.json["rows"].clone();
        assert!(!rows.to_string().contains(&id.to_string()), "{rows}");
    }
    assert_eq!(client.get(&track).await.status, 403, "a rep uses /me/days");

    let ledger = client.get("/api/v1/me/ledger").await.json;
    let count = |what: &str| -> i64 {
        let lines = ledger["items"].as_array().unwrap().iter().filter(|l| l["what"] == what);
        lines.map(|l| l["count"].as_i64().unwrap()).sum()
    };
    assert_eq!(["live", "playback", "report", "export"].map(count), [2, 2, 2, 1], "{ledger}");
    let line = &ledger["items"][0];
    assert_eq!((&line["reader"]["name"], &line["reader"]["department"]), (&json!("陈静"), &json!("一区")));
    assert_eq!(client.get("/api/v1/me/ledger?limit=2").await.json["items"].as_array().unwrap().len(), 2);
    assert_eq!(boss.get("/api/v1/me/ledger").await.json["items"], json!([]));
});

testkit::both!(the_stream_shows_who_moves_and_writes_it_down, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    app.clock.set(at(10, 1));
    let mut stream = company.admin.request(reqwest::Method::GET, "/api/v1/stream").send().await.unwrap();
    let mut heard = String::new();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut sent = false;
    while !heard.contains("event: live") {
        assert!(tokio::time::Instant::now() < deadline, "nothing heard: {heard}");
        if let Ok(Ok(Some(chunk))) =
            tokio::time::timeout(std::time::Duration::from_secs(2), stream.chunk()).await
        {
            heard.push_str(&String::from_utf8_lossy(&chunk));
        }
        if !sent && heard.contains("event: hello") {
            let fix = json!({ "t": at(10, 0), "at": [118.78, 32.04], "accuracy_m": 6.0, "speed_mps": 9.0 });
            let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [fix] })).await;
            assert_eq!(reply.json["accepted"], 1);
            sent = true;
        }
    }
    assert!(heard.contains(&id.to_string()) && heard.contains("\"state\":\"moving\""), "{heard}");
    let ledger = client.get("/api/v1/me/ledger").await.json;
    assert_eq!((&ledger["items"][0]["what"], ledger["items"].as_array().unwrap().len()), (&json!("live"), 1));
});

testkit::both!(an_open_stream_follows_what_its_viewer_may_see, |app| async move {
    let company = app.company("甲").await;
    let one = app.department(&company, "一区", company.root_department).await;
    let two = app.department(&company, "二区", company.root_department).await;
    let (_, client) = rep(&app, &company, "张伟", "zhangwei", one).await;
    let (boss_id, boss) = app.person(&company, "陈静", "chenjing", "manager", one).await;
    app.clock.set(at(10, 30));
    let mut sent = 0;
    let mut moves = async || {
        sent += 1;
        let t = at(10, 0).plus(sent * 20 * Micros::SECOND);
        let fix = json!({ "t": t, "at": [118.78, 32.04], "accuracy_m": 6.0, "speed_mps": 9.0 });
        let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [fix] })).await;
        assert_eq!(reply.json["accepted"], 1, "{}", reply.json);
    };
    let mut stream = boss.stream().await;
    moves().await;
    let window = std::time::Duration::from_secs(3);
    assert!(stream.until(window * 3, |e| e.kind == "live").await.is_some(), "his own people");

    let seen = company.admin.get(&format!("/api/v1/employees/{boss_id}")).await.json;
    let version = seen["version"].as_i64().unwrap();
    let path = format!("/api/v1/employees/{boss_id}");
    let moved = company.admin.patch(&path, version, json!({ "department_id": two })).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    let mut silent = false;
    for _ in 0..6 {
        moves().await;
        silent = stream.until(window, |e| e.kind == "live").await.is_none();
        if silent {
            break;
        }
    }
    assert!(silent, "the people he had are not shown to him any more");

    let back = company.admin.patch(&path, version + 1, json!({ "department_id": one })).await;
    assert_eq!(back.status, 200, "{}", back.json);
    let mut heard = false;
    for _ in 0..6 {
        moves().await;
        heard = stream.until(window, |e| e.kind == "live").await.is_some();
        if heard {
            break;
        }
    }
    assert!(heard, "the same stream shows them again when they are his");
});

/// The day all of these tests live in.
#[test]
fn the_clock_shows_friday() {
    let shanghai = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    assert_eq!(at(9, 0).local_day(&shanghai), LocalDay::new(2026, 11, 20).unwrap());
    assert_eq!(at(9, 0).local_minute(&shanghai), 540);
}
