//! The live map: what is shown of a person's day.

use serde_json::{Value, json};

use crate::scene::{Scene, minute, place, record};

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
