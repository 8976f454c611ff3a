//! Whom a customer wants to come, and who is never sent.

use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;

use super::{Desk, ids, kinds, row, task_of};
use crate::scene::id;

/// What is said of who comes to a customer.
pub(crate) async fn say(client: &Client, customer: Uuid, whom: Value) -> testkit::Reply {
    let path = format!("/api/v1/customers/{customer}");
    let version = client.get(&path).await.json["version"].as_i64().unwrap_or(1);
    client.patch(&path, version, json!({ "whom": whom })).await
}

testkit::both!(who_may_be_named_is_checked, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li, shop) = (d.s.rep_id, d.second_id, d.s.customers[0]);
    let (far, _) = app.person(&d.s.company, "周远", "zhouyuan", "rep", d.s.company.root_department).await;
    let faults = async |whom: Value| {
        let reply = say(&d.s.manager, shop, whom).await;
        assert_eq!(reply.status, 422, "{}", reply.json);
        let first = &reply.json["errors"][0];
        (first["field"].as_str().unwrap().to_owned(), first["code"].as_str().unwrap().to_owned())
    };
    let said = |field: &str, code: &str| (format!("whom.{field}"), code.to_owned());
    assert_eq!(
        faults(json!({ "barred_ids": [zhang] })).await,
        said("barred_ids", "customer.barred"),
        "the owner"
    );
    let both = json!({ "preferred_id": li, "barred_ids": [li] });
    assert_eq!(faults(both).await, said("barred_ids", "customer.barred"));
    assert_eq!(faults(json!({ "barred_ids": [li, li] })).await, said("barred_ids", "input.duplicate"));
    assert_eq!(
        faults(json!({ "preferred_id": Uuid::now_v7() })).await,
        said("preferred_id", "customer.owner")
    );
    assert_eq!(
        faults(json!({ "barred_ids": [far] })).await,
        said("barred_ids", "customer.owner"),
        "out of reach"
    );
    // Whoever sees more may name him, and then he stays for those who see less.
    let named = say(&d.s.company.admin, shop, json!({ "preferred_id": li, "barred_ids": [far] })).await;
    assert_eq!(
        (named.status, &named.json["whom"]["barred"][0]["name"]),
        (200, &json!("周远")),
        "{}",
        named.json
    );
    let kept = say(&d.s.manager, shop, json!({ "preferred_id": null, "barred_ids": [far] })).await;
    assert_eq!((kept.status, &kept.json["whom"]["preferred"]), (200, &Value::Null), "{}", kept.json);
    // A barred one does not become the owner.
    let path = format!("/api/v1/customers/{shop}");
    let version = kept.json["version"].as_i64().unwrap();
    let owner = d.s.company.admin.patch(&path, version, json!({ "owner_id": far })).await;
    assert_eq!((owner.status, &owner.json["errors"][0]["code"]), (422, &json!("customer.barred")));
    // Other changes leave it, and phones are not told.
    let note = d.s.manager.patch(&path, version, json!({ "note": "后门进" })).await;
    assert_eq!(note.json["whom"]["barred"][0]["name"], "周远", "{}", note.json);
    let phone = d.s.snapshot().await;
    let all = phone["customers"].as_array().unwrap();
    assert!(all.iter().all(|c| c["whom"] == json!({ "preferred": null, "barred": [] })), "{all:?}");
    assert_eq!(
        say(&d.s.sibling, shop, json!({})).await.status,
        404,
        "another region's customer is not there"
    );
});

testkit::both!(the_board_prefers_whom_a_customer_wants_and_never_sends_who_is_barred, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let two = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [] }]);
    // 李娜 begins beside the last one, and would have it; the second one wants her, three kilometres away.
    let any = d.optimise(two.clone(), &t, "time").await;
    assert!(ids(&any["rows"][1]["tasks"]).contains(&t[4]), "{any}");
    assert!(ids(&any["rows"][0]["tasks"]).contains(&t[1]), "{any}");
    say(&d.s.manager, d.s.customers[1], json!({ "preferred_id": li })).await;
    say(&d.s.manager, d.s.customers[4], json!({ "barred_ids": [li] })).await;
    for owners in ["any", "prefer"] {
        let made = d.optimise_by(two.clone(), &t, "time", owners).await;
        assert!(ids(&made["rows"][1]["tasks"]).contains(&t[1]), "{owners}: {made}");
        assert!(ids(&made["rows"][0]["tasks"]).contains(&t[4]), "{owners}: {made}");
    }
    // What was given to a barred one by hand goes to another; with nobody else it waits, and says why.
    let by_hand = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [t[4]] }]);
    let made = d.optimise(by_hand, &[], "time").await;
    assert_eq!((ids(&made["rows"][0]["tasks"]), &made["rows"][1]["tasks"]), (vec![t[4]], &json!([])));
    let alone = d.optimise(json!([{ "employee_id": li, "tasks": [] }]), &[t[4]], "time").await;
    assert_eq!(alone["left_out"][0]["reason"], "barred", "{alone}");

    // Said on the board, at the row, and where a place is sought; it stops nobody.
    let b = d.board().await;
    assert_eq!(task_of(&b, t[4]).unwrap()["whom"]["barred"][0]["name"], "李娜");
    assert_eq!(task_of(&b, t[1]).unwrap()["whom"]["preferred"]["name"], "李娜");
    let rows = d.evaluate(json!([{ "employee_id": li, "tasks": [t[4], t[1]] }])).await;
    assert_eq!(kinds(&rows[0]), [("barred".to_owned(), t[4])], "{rows}");
    let ask = json!({ "day": crate::scene::DAY, "rows": two, "task_id": t[4] });
    let places = d.s.manager.post("/api/v1/planning/places", ask).await.json["places"].clone();
    let of = |who: Uuid| places.as_array().unwrap().iter().find(|p| id(&p["employee_id"]) == who).unwrap();
    assert_eq!((&of(zhang)["violations"], &of(li)["violations"]), (&json!(0), &json!(1)), "{places}");
    let published = d.publish(json!([row(&b, li, &[t[4]])])).await;
    assert_eq!(published.status, 200, "{}", published.json);
});
