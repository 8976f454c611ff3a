//! A day's positions as a Parquet file: all that is stored, of those in reach, written down.

use clap::Parser;
use serde_json::{Value, json};
use testkit::{App, Client, parquet_rows};
use uuid::Uuid;

use crate::tracking::{at, rep};

const PATH: &str = "/api/v1/tracks/positions.parquet?day=2026-11-20";

async fn export(reader: &Client) -> Vec<u8> {
    let reply = reader.get(PATH).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    assert_eq!(reply.headers["content-type"], "application/vnd.apache.parquet");
    assert!(!reply.headers.contains_key("content-encoding"), "packed once");
    reply.bytes
}

/// Lines about a person's positions in files: who, how often.
async fn lines(person: &Client) -> Vec<(String, i64)> {
    let ledger = person.get("/api/v1/me/ledger").await.json;
    let all = ledger["items"].as_array().unwrap().iter().filter(|l| l["what"] == "positions");
    all.map(|l| {
        assert_eq!((&l["day"], &l["purpose"]), (&json!("2026-11-20"), &json!("导出全天定位点")), "{l}");
        (l["reader"]["name"].as_str().unwrap().to_owned(), l["count"].as_i64().unwrap())
    })
    .collect()
}

/// A number as the file writes it.
fn decimal(v: &Value, digits: usize) -> Value {
    v.as_f64().map_or(Value::Null, |v| json!(format!("{v:.digits$}")))
}

/// What the API says of a person's stored positions, in the words of the file.
async fn by_api(company: &Client, person: Uuid) -> Vec<Value> {
    let all = company.get(&format!("/api/v1/employees/{person}/everything")).await.json;
    let day = all["days"].as_array().unwrap().iter().find(|d| d["day"] == "2026-11-20").unwrap();
    let positions = day["positions"].as_array().unwrap().iter().map(|p| {
        let t: base::Micros = serde_json::from_value(p["t"].clone()).unwrap();
        json!({
            "employee_id": person.simple().to_string(), "time": t.0 / 1000,
            "lat": decimal(&p["at"][1], 7), "lon": decimal(&p["at"][0], 7), "accuracy_m": decimal(&p["accuracy_m"], 1),
            "speed_mps": decimal(&p["speed_mps"], 2), "bearing_deg": decimal(&p["bearing_deg"], 1),
            "battery": p["battery"], "mock": p["mock"], "source": p["source"],
        })
    });
    positions.collect()
}

/// The part of a row that the API tells too.
fn told_too(row: &Value) -> Value {
    let mut row = row.clone();
    for more in ["altitude_m", "activity", "charging", "backfill", "extra"] {
        row.as_object_mut().unwrap().remove(more).unwrap_or_else(|| panic!("no column {more}"));
    }
    row
}

/// Runs the command as on the server's machine.
async fn command(app: &App, company: &str, out: &std::path::Path) -> anyhow::Result<()> {
    let (data, out) = (app.data().display().to_string(), out.display().to_string());
    let store = match app.database_url() {
        Some(url) => ["--database-url", url],
        None => ["--data", &data],
    };
    let mut line =
        vec!["tashi", "export", "parquet", "--company", company, "--day", "2026-11-20", "--out", &out];
    line.extend(store);
    let cli = tashi::cli::Cli::try_parse_from(line)?;
    tokio::task::spawn_blocking(move || cli.run(tashi::web::Pages::NONE)).await?.map(drop)
}

testkit::both!(a_day_is_exported_as_it_is_stored, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (zhang, phone) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (li, other) = rep(&app, &company, "李娜", "lina", south).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let stranger = app.company("乙").await.admin;
    app.clock.set(at(11, 0));
    let fixes: Vec<Value> = (0..300)
        .map(|k| {
            json!({
                "t": at(10, 0).plus(k * 5 * base::Micros::SECOND), "at": [118.78 + 0.000_123_4 * k as f64, 32.04 - 0.000_000_1 * k as f64],
                "accuracy_m": 3.4 + (k % 7) as f64, "speed_mps": 0.25 * (k % 40) as f64, "bearing_deg": (k * 7 % 360) as f64,
                "battery": 100 - k / 10,
            })
        })
        .collect();
    let sent = phone.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
    assert_eq!(sent.json["accepted"], 300, "{}", sent.json);
    let made = company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": li, "name": "手机", "kind": "overland" }))
        .await;
    let secret = made.json["secret"].as_str().unwrap();
    let feature = |m: i64, lng: f64| {
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lng, -32.04] },
            "properties": { "timestamp": at(10, m), "horizontal_accuracy": 8, "altitude": -3.5, "motion": ["driving"], "wifi": "office" } })
    };
    let batch = json!({ "locations": [feature(1, -118.5), feature(2, -118.6)] });
    assert_eq!(app.stranger().post(&format!("/t/{secret}"), batch).await.status, 200);

    // everything, in order, as the API tells it
    let bytes = export(&company.admin).await;
    let (rows, notes) = parquet_rows(&bytes);
    let mut expected = vec![];
    let mut people = [zhang, li];
    people.sort_unstable();
    for person in people {
        expected.extend(by_api(&company.admin, person).await);
    }
    assert_eq!(rows.iter().map(told_too).collect::<Vec<_>>(), expected);
    assert_eq!(rows.len(), 302);
    let by_tracker = rows.iter().find(|r| r["lon"] == "-118.5000000").unwrap();
    assert_eq!(
        (&by_tracker["altitude_m"], &by_tracker["activity"], &by_tracker["lat"]),
        (&json!("-3.5"), &json!("driving"), &json!("-32.0400000"))
    );
    assert!(by_tracker["extra"].as_str().unwrap().contains("office"), "{by_tracker}");
    assert_ne!(by_tracker["source"], json!(0));
    for (key, value) in [
        ("tashi.datum", "WGS-84"),
        ("tashi.day", "2026-11-20"),
        ("tashi.zone", "Asia/Shanghai"),
        ("tashi.columns", "1"),
    ] {
        assert_eq!(notes[key], value);
    }
    assert_eq!(notes["tashi.company"], json!(company.id));
    assert_eq!(lines(&phone).await, [("管理员".to_owned(), 1)]);
    assert_eq!(lines(&other).await, [("管理员".to_owned(), 1)]);
    let trail = company.admin.get("/api/v1/audit?limit=5").await.json;
    let line = trail["items"].as_array().unwrap().iter().find(|l| l["action"] == "positions.exported");
    assert!(line.unwrap()["summary"].as_str().unwrap().contains("\"people\":2"), "{trail}");

    // a manager gets his own region, and the other region's ledger stays as it is
    let (rows, _) = parquet_rows(&export(&boss).await);
    assert!(rows.len() == 300 && rows.iter().all(|r| r["employee_id"] == json!(zhang.simple().to_string())));
    assert_eq!(lines(&other).await.len(), 1);
    assert_eq!(lines(&phone).await.len(), 2);

    // nobody else's business
    assert!(parquet_rows(&export(&stranger).await).0.is_empty());
    assert_eq!(phone.get(PATH).await.status, 403);
    assert_eq!(company.admin.get("/api/v1/tracks/positions.parquet").await.status, 422);
    assert_eq!(company.admin.get("/api/v1/tracks/positions.parquet?day=2026-13-40").await.status, 422);

    // sealed, it is the same file; so it is from the command line, where the server's operator stands in the ledgers
    app.clock.set(at(33, 0));
    let sealed = tracking::Tracking::start(&app.kit.db).seal_due(company.id).await;
    assert_eq!(sealed.unwrap(), 2);
    assert_eq!(export(&company.admin).await, bytes, "sealing changes nothing");
    let out = app.data().join("day.parquet");
    command(&app, "甲", &out).await.unwrap();
    assert_eq!(std::fs::read(&out).unwrap(), bytes, "the same from the command line");
    assert!(lines(&phone).await.contains(&("服务器管理员（命令行）".to_owned(), 1)));
    command(&app, &company.id.to_string(), &out).await.unwrap();
    assert!(command(&app, "丙", &app.data().join("none.parquet")).await.is_err());
    assert!(!app.data().join("none.parquet").exists());
});
