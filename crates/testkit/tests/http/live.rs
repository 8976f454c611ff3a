//! The live map: what is shown of a person's day.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::scene::{Scene, fix, item, minute, place, record};

testkit::both!(a_stop_leads_to_its_visit, |app| async move {
    let s = Scene::begin(&app).await;
    let plan = s.plan().await;
    let of = |all: &Value, k: usize| {
        let found = all.as_array().unwrap().iter().find(|one| one["customer"]["id"] == json!(s.customers[k]));
        found.unwrap().clone()
    };
    let done = record(&of(&plan["tasks"], 0), place(0), 70, 100);
    let open = record(&of(&plan["tasks"], 1), place(1), 110, 140);
    app.clock.set(minute(115));
    s.taken(&done.items).await;
    s.taken(&open.items[..1]).await;
    let board = s.manager.get(&format!("/api/v1/live?employee_id={}", s.rep_id)).await;
    assert_eq!(board.status, 200, "{}", board.json);
    let stops = &board.json["people"][0]["stops"];
    let visits = [0, 1, 2].map(|k| of(stops, k)["visit_id"].clone());
    assert_eq!(visits, [json!(done.visit), json!(open.visit), Value::Null], "{stops}");
    let visit = s.manager.get(&format!("/api/v1/visits/{}", done.visit)).await;
    assert_eq!(visit.status, 200, "{}", visit.json);
    assert_eq!(visit.json["customer"]["id"], json!(s.customers[0]));
});

/// Entries of the company's log about looking at where people are.
async fn looks(s: &Scene) -> Vec<Value> {
    let page = s.company.admin.get("/api/v1/ledger/entries?kind=location.read&limit=200").await;
    assert_eq!(page.status, 200, "{}", page.json);
    page.json["items"].as_array().unwrap().clone()
}

testkit::both!(a_map_that_asks_all_the_time_is_one_entry_an_hour, |app| async move {
    let s = Scene::begin(&app).await;
    let (peer_id, peer) = app.person(&s.company, "李强", "liqiang", "rep", s.region).await;
    let shop = json!({ "name": "李强的店", "at": place(6), "owner_id": peer_id });
    let shop = s.company.admin.post("/api/v1/customers", shop).await.json["id"].clone();
    app.clock.set(minute(70));
    let arrived = |customer: Value, at: usize| {
        let body = json!({ "visit_id": Uuid::now_v7(), "task_id": null, "customer_id": customer, "fix": fix(place(at), 9.0, minute(69)), "offline": false });
        json!({ "device_id": "phone", "items": [item("visit.check_in", minute(69), body)] })
    };
    for (who, customer, at) in [(&s.rep, json!(s.customers[0]), 0), (&peer, shop, 6)] {
        let sent = who.post("/api/v1/field/sync", arrived(customer, at)).await;
        assert_eq!(sent.json["receipts"][0]["status"], "accepted", "{}", sent.json);
    }
    assert_eq!(looks(&s).await, Vec::<Value>::new());
    for _ in 0..5 {
        let board = s.manager.get("/api/v1/live").await.json;
        let there = board["people"].as_array().unwrap().iter().filter(|p| !p["visit"].is_null()).count();
        assert_eq!(there, 2, "{board}");
    }
    // One for both people; how often is counted in the line each of them reads.
    assert_eq!(looks(&s).await.len(), 1);
    for who in [&s.rep, &peer] {
        let lines = who.get("/api/v1/me/ledger").await.json;
        let live = lines["items"].as_array().unwrap().iter().find(|l| l["what"] == "live").unwrap().clone();
        assert_eq!((&live["count"], &live["reader"]["name"]), (&json!(5), &json!("陈静")), "{lines}");
    }
    app.clock.set(minute(130));
    s.manager.get("/api/v1/live").await;
    assert_eq!(looks(&s).await.len(), 2, "the next hour begins another");
    let manager = s.manager.get("/api/v1/me").await.json["employee"]["id"].clone();
    assert!(looks(&s).await.iter().all(|l| l["subject_id"] == manager));
});
