//! Every operation of the document that shows where somebody was writes it into his ledger first. Generated: a new
//! operation is covered without a line here. A position nobody else has is planted; whichever answer it is found in must have
//! added to the ledger of its person.

use base::Micros;
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;

use crate::{
    report::{item, sync},
    tracking::{at, rep},
};

/// Where he was, and nobody else: in degrees as answers write them, and in the units of an export.
const LNG: f64 = 118.712_345_6;
const LAT: f64 = 32.012_345_7;

/// Does an answer tell where he was?
fn tells(bytes: &[u8]) -> bool {
    let text = match bytes.starts_with(b"PAR1") {
        true => json!(testkit::parquet_rows(bytes).0).to_string(),
        false => String::from_utf8_lossy(bytes).into_owned(),
    };
    ["118.7123", "32.0123", "1187123456", "320123457"].iter().any(|canary| text.contains(canary))
}

/// Sum of all looks in his ledger.
async fn looks(client: &Client) -> i64 {
    let page = client.get("/api/v1/me/ledger?limit=200").await.json;
    page["items"].as_array().unwrap().iter().map(|l| l["count"].as_i64().unwrap()).sum()
}

/// Reading operations, with whatever stands in braces filled in.
fn readings(document: &Value, fill: &dyn Fn(&str, &str) -> Vec<String>) -> Vec<(String, String)> {
    let mut all = vec![];
    for (path, operations) in document["paths"].as_object().unwrap() {
        // the drawn city is the same for everybody; some corner of it may carry the canary's digits
        let drawn = path.starts_with("/api/v1/basemap/");
        if operations.get("get").is_none() || path.ends_with("/stream") || drawn {
            continue;
        }
        let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        let mut filled = vec![path.clone()];
        while let Some(at) = filled[0].find('{') {
            let name = filled[0][at + 1..].split('}').next().unwrap().to_owned();
            let values = fill(noun, &name);
            filled = filled
                .iter()
                .flat_map(|p| values.iter().map(|v| p.replacen(&format!("{{{name}}}"), v, 1)))
                .collect();
        }
        all.extend(filled.into_iter().map(|asked| (path.clone(), asked)));
    }
    all
}

testkit::both!(whoever_is_shown_a_position_stands_in_the_ledger, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", company.root_department).await;
    let shop = json!({ "name": "苏福便利", "grade": "A", "at": [118.9, 32.3], "owner_id": id });
    let shop = company.admin.post("/api/v1/customers", shop).await.json["id"].clone();

    // he was there, and checked in there although the shop is elsewhere
    app.clock.set(at(10, 30));
    let fixes: Vec<Value> = (0..40)
        .map(|k| json!({ "t": at(10, 0).plus(k * 30 * Micros::SECOND), "at": [LNG, LAT], "accuracy_m": 5.0, "speed_mps": 0.0 }))
        .collect();
    let sent = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
    assert_eq!(sent.json["accepted"], 40);
    let visit = Uuid::now_v7();
    let fix = json!({ "at": [LNG, LAT], "accuracy_m": 5.0, "t": at(10, 20) });
    let check_in =
        json!({ "visit_id": visit, "task_id": null, "customer_id": shop, "fix": fix, "offline": false });
    sync(&client, vec![item("visit.check_in", at(10, 20), check_in)]).await;
    let now = json!({ "t": at(10, 29), "at": [LNG, LAT], "accuracy_m": 5.0, "speed_mps": 0.0 });
    client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [now] })).await;
    let urgent = json!({ "customer_id": shop, "title": "急修", "priority": 3, "service_minutes": 30 });
    let urgent = boss.post("/api/v1/dispatch/requests", urgent).await.json["id"].as_str().unwrap().to_owned();
    let record = crate::rights::object_with_a_place(&company.admin, &client, [LNG, LAT]).await;
    assert_eq!(looks(&client).await, 0);

    let fill = |noun: &str, name: &str| -> Vec<String> {
        let own = match (noun, name) {
            ("visits", "id") => visit.to_string(),
            ("dispatch", "id") => urgent.clone(),
            ("objects", "key") => "promo".to_owned(),
            ("objects", "id") => record["id"].as_str().unwrap().to_owned(),
            ("customers", "id") => shop.as_str().unwrap().to_owned(),
            (_, "employee_id") | ("employees" | "people", "id") => id.to_string(),
            (_, "day") => "2026-11-20".to_owned(),
            (_, "month") => "2026-11".to_owned(),
            _ => Uuid::now_v7().to_string(),
        };
        // a parameter of an unknown kind may be any of the known things
        if Uuid::parse_str(&own).is_ok()
            && own != urgent
            && ![id, visit].contains(&own.parse().unwrap())
            && own != shop.as_str().unwrap()
        {
            return vec![id.to_string(), visit.to_string(), shop.as_str().unwrap().to_owned(), own];
        }
        vec![own]
    };
    let mut shown = vec![];
    for who in [&company.admin, &boss] {
        for (path, asked) in readings(&app.document, &fill) {
            for query in ["", "?day=2026-11-20", "?from=2026-11-20&to=2026-11-20"] {
                let reply = who.get(&format!("{asked}{query}")).await;
                assert!(reply.status < 500, "{asked}{query}: {} {}", reply.status, reply.json);
                if !(200..300).contains(&reply.status) || !tells(&reply.bytes) {
                    continue;
                }
                // Few answers tell; only these are asked for again between two counts.
                let before = looks(&client).await;
                who.get(&format!("{asked}{query}")).await;
                let after = looks(&client).await;
                assert!(after > before, "{asked}{query} shows where he was and does not say so");
                shown.push(path.clone());
            }
        }
    }
    shown.sort();
    shown.dedup();
    // the ways there are today; fewer means the canary was not found where it must be
    for known in [
        "/api/v1/live",
        "/api/v1/tracks/{employee_id}/{day}",
        "/api/v1/reports/mileage/{employee_id}/{month}/export.json",
        "/api/v1/reports/mileage/{employee_id}/{month}/bundle.zip",
        "/api/v1/employees/{id}/everything",
        "/api/v1/truth/visits/{id}",
        "/api/v1/tracks/positions.parquet",
        "/api/v1/dispatch/requests/{id}/candidates",
        "/api/v1/objects/{key}/records/{id}",
        "/api/v1/objects/{key}/records.csv",
    ] {
        assert!(shown.iter().any(|p| p == known), "{known} shows no position: {shown:?}");
    }
    // figures made of positions stand there too, although no position is in them
    for figures in [
        format!("/api/v1/reports/daily/{id}/2026-11-20"),
        format!("/api/v1/reports/mileage/{id}/2026-11"),
        format!("/api/v1/reports/mileage/{id}/2026-11/statement.pdf"),
        format!("/api/v1/reports/mileage/{id}/2026-11/statement.csv"),
        "/api/v1/reports/mileage?month=2026-11".to_owned(),
        "/api/v1/reports/daily?day=2026-11-20".to_owned(),
        "/api/v1/reports/daily.xlsx?day=2026-11-20".to_owned(),
    ] {
        let before = looks(&client).await;
        assert_eq!(boss.get(&figures).await.status, 200, "{figures}");
        assert!(looks(&client).await > before, "{figures}");
    }
});
