//! Cases as time goes on: reminders, time limits, absence, people who leave.

use super::*;

testkit::both!(time_reminds_and_decides, |app| async move {
    let mut doc = small_flow();
    doc["nodes"][0]["limit"] = json!({ "minutes": 60, "remind": 30, "then": "escalate" });
    let mut last = step("z", heads(1));
    last["limit"] = json!({ "minutes": 10, "then": "approve" });
    doc["nodes"].as_array_mut().unwrap().push(last);
    let d = Desk::open(&app, doc).await;
    let case = d.handed_in(0, 10).await;
    let after = async |m: i64| {
        app.clock.set(minute(100 + m));
        ::approvals::settle(&app.kit, d.s.company.id).await.unwrap();
        d.s.rep.get(&path(&case)).await.json
    };
    assert_eq!(trail(&after(29).await).len(), 2);
    assert_eq!(trail(&after(31).await).last(), Some(&"reminded"));
    assert!(kinds(&d.s.manager).await.contains(&"approval.reminded".to_owned()));
    let page = after(61).await;
    assert_eq!(
        (trail(&page)[3..].to_vec(), &page["asked"][0]["name"]),
        (vec!["escalated", "asked"], &json!("赵总")),
        "{page}"
    );
    approve(&d.boss, &case).await;
    let page = after(90).await;
    assert_eq!(
        (&page["status"], trail(&page)[6..].to_vec()),
        (&json!("approved"), vec!["asked", "approved_by_time", "completed"])
    );
    assert_eq!(trail(&after(500).await).len(), 9, "nothing happens to what is over");
});

testkit::both!(the_absent_and_those_who_left_are_stood_in_for, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let waiting = d.handed_in(0, 10).await;
    let away = |deputy: Uuid, from: i64, until: i64| json!({ "deputy_id": deputy, "from_at": minute(from), "until_at": minute(until) });
    for wrong in [
        away(d.head_id, 100, 200),
        away(d.sibling_id, 200, 100),
        away(d.sibling_id, 10, 20),
        away(Uuid::now_v7(), 100, 200),
    ] {
        assert_eq!(s.manager.post("/api/v1/me/delegations", wrong).await.code(), "approval.absence");
    }
    let set = s.manager.post("/api/v1/me/delegations", away(d.sibling_id, 110, 300)).await;
    assert_eq!((set.status, &set.json["items"][0]["deputy"]["name"]), (201, &json!("何静")), "{}", set.json);
    app.clock.set(minute(111));
    ::approvals::settle(&app.kit, s.company.id).await.unwrap();
    assert_eq!(
        (todo(&s.manager).await.len(), todo(&s.sibling).await.len()),
        (0, 1),
        "what waited is handed on"
    );
    let new = d.handed_in(1, 10).await;
    assert_eq!(new["asked"][0]["name"], "何静");
    let done = approve(&s.sibling, &new).await;
    assert_eq!(
        done["trail"].as_array().unwrap().iter().find(|l| l["what"] == "approved").unwrap()["instead_of"]["name"],
        "陈静"
    );
    let end = s
        .manager
        .delete(&format!("/api/v1/me/delegations/{}", set.json["items"][0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(end.status, 204);
    assert_eq!(d.handed_in(2, 10).await["asked"][0]["name"], "陈静");
    approve(&s.sibling, &waiting).await;
    // The requester never decides his own: a deputy who is the requester is passed over.
    s.manager.post("/api/v1/me/delegations", away(s.rep_id, 111, 300)).await;
    assert_eq!(d.handed_in(3, 10).await["asked"][0]["name"], "陈静");
    let left = s.company.admin.post(&format!("/api/v1/employees/{}/leave", d.head_id), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    ::approvals::settle(&app.kit, s.company.id).await.unwrap();
    assert_eq!(todo(&d.boss).await.len(), 2, "the head above decides for who left");
});

testkit::both!(nobody_waits_for_two_who_stand_in_for_each_other_or_for_who_was_erased, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    for (client, deputy) in [(&s.manager, d.sibling_id), (&s.sibling, d.head_id)] {
        let away = json!({ "deputy_id": deputy, "from_at": minute(100), "until_at": minute(300) });
        assert_eq!(client.post("/api/v1/me/delegations", away).await.status, 201);
    }
    assert_eq!(d.handed_in(0, 10).await["asked"][0]["name"], "陈静");
    // Erased before anything was handed on by itself.
    let head = format!("/api/v1/employees/{}", d.head_id);
    let left = s.company.admin.post(&format!("{head}/leave"), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    let gone =
        s.company.admin.post(&format!("{head}/erase"), json!({ "name": "陈静", "photos": false })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    assert_eq!((todo(&d.boss).await.len(), todo(&s.sibling).await.len()), (1, 0), "the head above decides");
});
