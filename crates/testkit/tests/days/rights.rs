//! What a person may demand: all that is stored about him, and that it is gone.

use base::Micros;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;

use crate::{
    report::{item, sync},
    tracking::{at, rep},
};

const PHONE: &str = "13912345678";
const LNG: f64 = 118.712_345_6;
/// How the longitude stands in the store.
const LNG_E7: &str = "1187123456";

/// An object whose records have a place, and one of them by this person.
pub async fn object_with_a_place(admin: &Client, client: &Client, at: [f64; 2]) -> Value {
    let spec = json!({ "title": { "en": "Promotion" }, "fields": [
        { "key": "name", "type": "text", "label": { "en": "Name" } }, { "key": "spot", "type": "place", "label": { "en": "Place" } } ] });
    let new = json!({ "key": "promo", "name": { "en": "Promotion" }, "icon": "tag", "spec": spec });
    let made = admin.post("/api/v1/object-definitions", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let publish = format!("/api/v1/forms/{}/publish", made.json["id"].as_str().unwrap());
    let request = admin.request(Method::POST, &publish).header("if-match", "\"1\"");
    assert_eq!(admin.send(request.json(&json!({ "note": null }))).await.status, 200);
    let answers = json!({ "name": "堆头", "spot": { "lng": at[0], "lat": at[1] } });
    let made = client.post("/api/v1/objects/promo/records", json!({ "answers": answers })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

testkit::both!(a_person_gets_everything_and_can_be_erased, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "欧阳无忌", "ouyang", company.root_department).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", company.root_department).await;
    let (other, _) = rep(&app, &company, "李娜", "lina", company.root_department).await;
    let seen = company.admin.get(&format!("/api/v1/employees/{id}")).await.json;
    let named = json!({ "phone": PHONE, "post": "高级代表", "start_at": [LNG, 32.04] });
    let changed = company
        .admin
        .patch(&format!("/api/v1/employees/{id}"), seen["version"].as_i64().unwrap(), named)
        .await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let shop = json!({ "name": "苏福便利", "grade": "A", "at": [118.9, 32.3], "owner_id": id });
    let shop = company.admin.post("/api/v1/customers", shop).await.json["id"].clone();
    company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": id, "name": "手机", "kind": "traccar" }))
        .await;
    app.clock.set(at(10, 30));
    let fixes: Vec<Value> = (0..40)
        .map(|k| json!({ "t": at(10, 0).plus(k * 30 * Micros::SECOND), "at": [LNG, 32.04], "accuracy_m": 5.0 }))
        .collect();
    let sent = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
    assert_eq!(sent.json["accepted"], 40);
    let visit = Uuid::now_v7();
    let fix = json!({ "at": [LNG, 32.04], "accuracy_m": 5.0, "t": at(10, 20) });
    let check_in =
        json!({ "visit_id": visit, "task_id": null, "customer_id": shop, "fix": fix, "offline": false });
    let out = json!({ "visit_id": visit, "fix": fix });
    let text = json!({ "visit_id": visit, "text": "冰柜已补货" });
    sync(
        &client,
        vec![
            item("visit.check_in", at(10, 20), check_in),
            item("visit.summary", at(10, 28), text),
            item("visit.check_out", at(10, 29), out),
        ],
    )
    .await;
    assert_eq!(boss.get(&format!("/api/v1/tracks/{id}/2026-11-20")).await.status, 200);
    // the shop is elsewhere: a finding, and what he says about it
    let finding = client.get("/api/v1/me/findings").await.json["items"][0].clone();
    assert_eq!(finding["code"], "OUT_OF_RANGE", "{finding}");
    let said = json!({ "reason_code": "other", "text": "无忌饭店在路对面" });
    let path = format!("/api/v1/me/findings/{}/answer", finding["id"].as_str().unwrap());
    assert_eq!(client.post(&path, said).await.status, 200);
    // an urgent request he was asked for, because of where he was, and did not take
    let now = json!({ "t": at(10, 30), "at": [LNG, 32.04], "accuracy_m": 5.0 });
    client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [now] })).await;
    let skills = json!({ "skills": ["无忌饭店的冰柜"] });
    let put = company.admin.put(&format!("/api/v1/dispatch/skills/{id}"), skills).await;
    assert_eq!(put.status, 200, "{}", put.json);
    let urgent = json!({ "customer_id": shop, "title": "急修", "priority": 2, "service_minutes": 30 });
    let urgent = boss.post("/api/v1/dispatch/requests", urgent).await.json["id"].clone();
    let path = format!("/api/v1/dispatch/requests/{}/offers", urgent.as_str().unwrap());
    let offer = json!({ "id": Uuid::now_v7(), "employee_id": id });
    assert_eq!(boss.post(&path, offer.clone()).await.status, 200);
    let refused = json!({ "offer_id": offer["id"], "reason": "人在无忌饭店" });
    sync(&client, vec![item("urgent.refuse", at(10, 30), refused)]).await;
    // a record of the company's own object, where he was, and what it said before
    let record = object_with_a_place(&company.admin, &client, [LNG, 32.04]).await;
    let path = format!("/api/v1/objects/promo/records/{}", record["id"].as_str().unwrap());
    let moved = json!({ "name": "海报", "spot": { "lng": LNG, "lat": 32.05 } });
    let changed = client.patch(&path, 1, json!({ "answers": moved, "reason": "换了位置" })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);

    // access: the person himself, and whoever runs the company; written down
    let own = client.get("/api/v1/me/everything").await;
    assert_eq!((own.status, own.json["format"].as_str()), (200, Some("tashi-person-1")));
    assert_eq!(own.json["days"][0]["positions"].as_array().unwrap().len(), 41);
    assert_eq!(own.json["days"][0]["positions"][0]["at"], json!([LNG, 32.04]));
    for (table, rows) in [
        ("employee", 1),
        ("visit", 1),
        ("tracker", 1),
        ("location_read", 2),
        ("day_summary", 1),
        ("finding", 1),
        ("finding_event", 1),
        ("employee_skill", 1),
        ("urgent_offer", 1),
        ("object_record", 1),
        ("object_edit", 1),
    ] {
        assert_eq!(own.json["rows"][table].as_array().unwrap().len(), rows, "{table}");
    }
    assert_eq!(own.json["rows"]["employee"][0]["phone"], PHONE);
    let text = String::from_utf8(own.bytes).unwrap();
    assert!(!text.contains("password") && !text.contains("token_hash"), "no secrets in it");
    assert_eq!(boss.get(&format!("/api/v1/employees/{id}/everything")).await.status, 403);
    let by_admin = company.admin.get(&format!("/api/v1/employees/{id}/everything")).await;
    assert_eq!(by_admin.json["days"], own.json["days"]);
    let ledger = client.get("/api/v1/me/ledger").await.json;
    assert!(ledger["items"].as_array().unwrap().iter().any(|l| l["what"] == "everything"), "{ledger}");
    let stranger = app.company("乙").await;
    assert_eq!(stranger.admin.get(&format!("/api/v1/employees/{id}/everything")).await.status, 404);

    // erasure: only after leaving, only with the name typed, only by whoever runs the company
    app.clock.set(at(18, 0));
    let before = company.admin.get("/api/v1/reports/daily?day=2026-11-20").await.json;
    let figures = |report: &Value| {
        let row = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["employee"]["id"] == json!(id))
            .unwrap()
            .clone();
        (row["visits"].clone(), row["counted_m"].clone(), row["effective"].clone())
    };
    let url = format!("/api/v1/employees/{id}/erase");
    let erase = json!({ "name": "欧阳无忌", "photos": true });
    assert_eq!(company.admin.post(&url, erase.clone()).await.code(), "person.still_active");
    assert_eq!(company.admin.post(&format!("/api/v1/employees/{id}/leave"), json!({})).await.status, 204);
    assert_eq!(boss.post(&url, erase.clone()).await.status, 403);
    assert_eq!(stranger.admin.post(&url, erase.clone()).await.status, 404);
    let wrong = json!({ "name": "欧阳", "photos": true });
    assert_eq!(company.admin.post(&url, wrong).await.code(), "person.name_differs");
    assert_eq!(company.admin.post(&url, erase.clone()).await.status, 204);

    // what is left of him knows neither his name nor where he was
    let mut reader = app.kit.db.read(&db::Scope::job("test", company.id)).await.unwrap();
    let rows = reader.rows_of_person(id).await.unwrap();
    for gone in [
        "fix_batch",
        "fix_segment",
        "fix_refused",
        "location_read",
        "tracker",
        "notice",
        "photo",
        "upload",
        "employee_skill",
        "object_edit",
    ] {
        assert_eq!(rows[gone].len(), 0, "{gone}");
    }
    assert_eq!((rows["visit"].len(), rows["day_summary"].len()), (1, 1), "work records stay");
    let kept = rows["object_record"][0].to_string();
    assert!(kept.contains("海报") && !kept.contains("118.7"), "the record stays, the place goes: {kept}");
    assert_eq!(
        (rows["finding"].len(), rows["finding_event"].len()),
        (1, 1),
        "that a rule spoke stays, for the rule's record"
    );
    assert_eq!(rows["finding"][0]["numbers"], json!([]), "what it measured does not");
    assert_eq!(
        (&rows["urgent_offer"][0]["status"], &rows["urgent_offer"][0]["factors"]),
        (&json!("refused"), &json!({}))
    );
    for (table, rows) in rows.iter().filter(|(table, _)| *table != "audit") {
        let text = serde_json::to_string(rows).unwrap();
        for trace in ["欧阳无忌", PHONE, LNG_E7, "高级代表", "ouyang", "无忌饭店"] {
            assert!(!text.contains(trace), "{trace} is left in {table}: {text}");
        }
    }
    // another person's things are untouched
    assert_eq!(reader.rows_of_person(other).await.unwrap()["employee"][0]["name"], "李娜");
    drop(reader);
    assert_eq!(client.get("/api/v1/me").await.status, 401);
    let again = app
        .stranger()
        .post("/api/v1/auth/login", json!({ "login": "ouyang", "password": testkit::PASSWORD }))
        .await;
    assert_eq!(again.code(), "auth.bad_login");
    let after = company.admin.get("/api/v1/reports/daily?day=2026-11-20").await.json;
    assert_eq!(figures(&after), figures(&before), "figures stay");
    assert!(!after.to_string().contains("欧阳无忌"));
    let played = company.admin.get(&format!("/api/v1/tracks/{id}/2026-11-20")).await;
    assert_eq!(played.json["points"], json!([]));
    let trail = company.admin.get("/api/v1/audit?limit=10").await.json;
    assert!(trail["items"].as_array().unwrap().iter().any(|l| l["action"] == "person.erased"), "{trail}");
    // a second time there is nobody of that name
    assert_eq!(company.admin.post(&url, erase).await.code(), "person.name_differs");
});
