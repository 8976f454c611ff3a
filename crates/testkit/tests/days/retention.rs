//! Positions older than the company keeps them are gone from the store, and their going is on record.

use db::Query;
use serde_json::{Value, json};
use testkit::{App, Company};

use crate::{
    report::{drive, send},
    tracking::{at, rep},
};

db::row! { struct Rows { batches: i64, segments: i64 } }

/// Rows that hold positions.
async fn rows(app: &App, company: &Company) -> (i64, i64) {
    let mut reader = app.kit.db.read(&db::Scope::job("test", company.id)).await.unwrap();
    let row: Rows = reader
        .must(
            db::sql!(
                "SELECT CAST((SELECT COUNT(*) FROM fix_batch WHERE tenant_id = $1) AS BIGINT) AS batches, \
                 CAST((SELECT COUNT(*) FROM fix_segment WHERE tenant_id = $1) AS BIGINT) AS segments"
            ),
            vec![],
        )
        .await
        .unwrap();
    (row.batches, row.segments)
}

testkit::both!(what_is_too_old_is_gone_and_on_record, |app| async move {
    let mut company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (_, other) = rep(&app, &company, "李娜", "lina", company.root_department).await;
    let neighbour = app.company("乙").await;
    let (_, of_neighbour) = rep(&app, &neighbour, "王芳", "wangfang", neighbour.root_department).await;
    let (points, _) = drive();
    app.clock.set(at(21, 0));
    send(&client, &points).await;
    send(&of_neighbour, &points).await;
    let day = company.admin.get(&format!("/api/v1/reports/daily/{id}/2026-11-20")).await.json;
    let tracking = tracking::Tracking::start(&app.kit.db);
    app.clock.set(at(24 + 9, 0));
    assert!(tracking.seal_due(company.id).await.unwrap() >= 1);
    // another's day stays unsealed, and a third day is young enough
    app.clock.set(at(24 + 10, 0));
    send(&other, &points[..200]).await;
    app.clock.set(at(24 * 60 + 21, 0));
    // after two months of silence one signs in again
    company.admin = app.sign_in("admin@甲", testkit::PASSWORD).await;
    let client = app.sign_in("zhangwei", testkit::PASSWORD).await;
    let young: Vec<Value> = (0..10)
        .map(|k| json!({ "t": at(24 * 59 + 10, k), "at": [118.78, 32.04], "accuracy_m": 6.0 }))
        .collect();
    let sent = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": young })).await.json;
    assert_eq!(sent["accepted"], 10, "{sent}");
    let (batches, segments) = rows(&app, &company).await;
    assert!(batches >= 2 && segments == 1, "{batches} {segments}");

    // nothing goes before somebody has decided
    assert_eq!(tracking.purge_due(company.id).await.unwrap(), tracking::Purged::default());
    assert_eq!(
        company.admin.put("/api/v1/company/retention", json!({ "positions_days": 5 })).await.code(),
        "input.invalid"
    );
    assert_eq!(client.put("/api/v1/company/retention", json!({ "positions_days": 62 })).await.status, 403);
    let decided = company.admin.put("/api/v1/company/retention", json!({ "positions_days": 62 })).await;
    assert_eq!((decided.status, &decided.json["positions_days"]), (200, &json!(62)));
    assert_eq!(tracking.purge_due(company.id).await.unwrap(), tracking::Purged::default(), "60 days old");

    app.clock.set(at(24 * 63 + 9, 0));
    let purged = tracking.purge_due(company.id).await.unwrap();
    assert_eq!((purged.days, purged.segments), (1, 1));
    assert!(purged.batches >= 1);
    assert_eq!(rows(&app, &company).await, (1, 0), "the young day is left");
    assert!(rows(&app, &neighbour).await.0 > 0, "another company has decided nothing");
    assert_eq!(tracking.purge_due(company.id).await.unwrap(), tracking::Purged::default(), "once");
    let trail = company.admin.get("/api/v1/audit?limit=20").await.json;
    let line = trail["items"].as_array().unwrap().iter().find(|l| l["action"] == "retention.purge");
    assert!(line.is_some_and(|l| l["summary"].to_string().contains("2026-11-21")), "{trail}");

    // figures stay, positions do not come back, and nobody is told a statement of nothing
    let kept = company.admin.get(&format!("/api/v1/reports/daily/{id}/2026-11-20")).await.json;
    assert_eq!((&kept["counted_m"], &kept["input_sha256"]), (&day["counted_m"], &day["input_sha256"]));
    assert!(kept["counted_m"].as_i64().unwrap() > 30_000);
    let month = company.admin.get("/api/v1/reports/mileage?month=2026-11").await.json;
    let row = month["rows"].as_array().unwrap().iter().find(|r| r["employee"]["id"] == json!(id)).unwrap();
    assert_eq!(row["counted_m"], day["counted_m"]);
    let played = company.admin.get(&format!("/api/v1/tracks/{id}/2026-11-20")).await.json;
    assert_eq!((&played["points"], &played["summary"]["counted_m"]), (&json!([]), &day["counted_m"]));
    let expired = company.admin.get(&format!("/api/v1/reports/mileage/{id}/2026-11")).await;
    assert_eq!((expired.status, expired.code()), (410, "mileage.expired"));
    let again = send(&client, &points[..50]).await;
    assert_eq!(again, 50, "refused: a tracker that was away for two months");
    assert_eq!(rows(&app, &company).await, (1, 0));
});
