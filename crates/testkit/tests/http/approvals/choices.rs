//! Who decides, chosen by the requester before he hands in: in every way of handing in, also one that waited on a phone.

use super::*;

fn chosen_flow() -> Value {
    let mut one = step("pick", json!({ "by": "chosen", "most": 2 }));
    one["name"] = json!("项目负责人");
    json!({ "v": 1, "nodes": [one] })
}

async fn choose(client: &Client, record: Uuid, people: &[Uuid]) -> Reply {
    client.put(&format!("/api/v1/approval-choices/{record}"), json!({ "chosen": { "pick": people } })).await
}

/// Who is asked about a record, and how it stands.
async fn asked(client: &Client, record: Uuid) -> (Vec<Uuid>, String) {
    let mine = client.get("/api/v1/approvals?box=mine").await.json;
    let row = mine["items"].as_array().unwrap().iter().find(|r| id(&r["record_id"]) == record).cloned();
    let row = row.unwrap_or_else(|| panic!("no case of {record}: {mine}"));
    let people = row["asked"].as_array().unwrap().iter().map(|p| id(&p["id"])).collect();
    (people, row["status"].as_str().unwrap().to_owned())
}

testkit::both!(the_requester_chooses_before_he_hands_in, |app| async move {
    let d = Desk::open(&app, chosen_flow()).await;
    let s = &d.s;
    let admin = &s.company.admin;
    // What is left to the requester is said beforehand, in the office and on the phone.
    let all = s.rep.get("/api/v1/approval-choices").await.json;
    assert_eq!(all["items"][0]["kind"], "form");
    assert_eq!(all["items"][0]["steps"], json!([{ "node": "pick", "name": "项目负责人", "most": 2 }]));
    assert_eq!(s.stranger.get("/api/v1/approval-choices").await.json["items"], json!([]));
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["choices"], all["items"]);

    // A form at a step: the choice goes before it, in the same batch.
    let record = Uuid::now_v7();
    let value = json!({ "record_id": record, "answers": { "amount": 10 } });
    let first = item(
        "approval.choose",
        minute(74),
        json!({ "record_id": record, "chosen": { "pick": [d.sibling_id] } }),
    );
    let then = item(
        "visit.step",
        minute(75),
        json!({ "visit_id": d.visit, "step_id": d.steps[0]["id"], "status": "done", "photo_ids": [], "value": value }),
    );
    s.taken(&[first.clone(), then]).await;
    assert_eq!(asked(&s.rep, record).await, (vec![d.sibling_id], "running".to_owned()));
    // Sent again it changes nothing.
    assert_eq!(s.sync(&[first]).await[0]["status"], "duplicate");
    // Nobody chosen: it comes back, as before.
    let bare = d.fill(1, 10).await;
    assert_eq!(asked(&s.rep, bare).await.1, "returned");
    // Somebody else's choice for a record is nothing to it.
    let record = Uuid::now_v7();
    assert_eq!(choose(&s.manager, record, &[d.head_id]).await.status, 204);
    let value = json!({ "record_id": record, "answers": { "amount": 10 } });
    s.taken(&[item("visit.step", minute(77), json!({ "visit_id": d.visit, "step_id": d.steps[2]["id"], "status": "done", "photo_ids": [], "value": value }))]).await;
    assert_eq!(asked(&s.rep, record).await.1, "returned");
    // Corrected and handed in with a choice.
    assert_eq!(choose(&s.rep, record, &[d.head_id]).await.status, 204);
    let path = format!("/api/v1/form-records/{record}");
    let seen = s.rep.get(&path).await.json;
    let again = json!({ "answers": { "amount": 20 } });
    let done = versioned(&s.rep, Method::POST, &format!("{path}/resubmit"), &seen["version"], again).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(asked(&s.rep, record).await, (vec![d.head_id], "running".to_owned()));

    // A record of an object, at the desk.
    let object = crate::objects::filled(&app, s).await.0;
    flow_of(admin, "object", &json!({ "id": object }), chosen_flow()).await;
    let record = Uuid::now_v7();
    assert_eq!(choose(&s.rep, record, &[d.sibling_id, d.head_id]).await.status, 204);
    let new = json!({ "id": record, "answers": { "name": "春节" } });
    let made = s.rep.post("/api/v1/objects/promo/records", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let mut people = asked(&s.rep, record).await.0;
    people.sort();
    let mut wanted = vec![d.sibling_id, d.head_id];
    wanted.sort();
    assert_eq!(people, wanted);

    // Leave, and a skipped visit that needs approval.
    flow_of(admin, "overtime", &json!({ "id": Uuid::nil() }), chosen_flow()).await;
    let record = Uuid::now_v7();
    let request = json!({ "id": record, "kind": "overtime", "from_day": "2026-11-21", "from_minute": 1080, "to_minute": 1200, "reason": "盘点" });
    s.taken(&[
        item(
            "approval.choose",
            minute(78),
            json!({ "record_id": record, "chosen": { "pick": [d.sibling_id] } }),
        ),
        item("attendance.request", minute(78), request),
    ])
    .await;
    assert_eq!(asked(&s.rep, record).await, (vec![d.sibling_id], "running".to_owned()));

    // Hostile: too much, no case of its own, oneself.
    let many: Vec<Uuid> = (0..21).map(|_| Uuid::now_v7()).collect();
    assert_eq!(choose(&s.rep, Uuid::now_v7(), &many).await.status, 422);
    let record = Uuid::now_v7();
    assert_eq!(choose(&s.rep, record, &[s.rep_id]).await.status, 204);
    let new = json!({ "id": record, "answers": { "name": "自己" } });
    assert_eq!(s.rep.post("/api/v1/objects/promo/records", new).await.status, 201);
    let (people, _) = asked(&s.rep, record).await;
    assert!(!people.contains(&s.rep_id), "nobody names himself");
});
