//! Flows: checked, tried, published, put to use; a running case keeps its version.

use super::*;

testkit::both!(a_running_case_keeps_its_version, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let (s, admin) = (&d.s, &d.s.company.admin);
    let old = d.handed_in(0, 10).await;
    let flow = format!("/api/v1/flows/{}", d.flow["id"].as_str().unwrap());
    let doc = json!({ "v": 1, "nodes": [step("a", heads(2))] });
    let redrawn = versioned(admin, Method::PATCH, &flow, &d.flow["version"], json!({ "draft": doc })).await;
    assert_eq!((redrawn.status, &redrawn.json["changed"]), (200, &json!(true)), "{}", redrawn.json);
    assert_eq!(
        versioned(admin, Method::PATCH, &flow, &d.flow["version"], json!({ "name": "别的" })).await.code(),
        "version.conflict"
    );
    let difference = admin.get(&format!("{flow}/difference?from=1")).await.json;
    assert_eq!(
        (&difference["changes"][0]["node"], &difference["changes"][0]["parts"]),
        (&json!("a"), &json!(["who"]))
    );
    let later = json!({ "from_at": minute(200) });
    let published =
        versioned(admin, Method::POST, &format!("{flow}/publish"), &redrawn.json["version"], later).await;
    assert_eq!((published.status, &published.json["published"]), (200, &json!(2)), "{}", published.json);
    assert_eq!(d.handed_in(1, 10).await["asked"][0]["name"], "陈静", "the new version has not begun");
    app.clock.set(minute(201));
    assert_eq!(d.handed_in(2, 10).await["asked"][0]["name"], "赵总");
    let page = approve(&s.manager, &old).await;
    assert_eq!((&page["status"], &page["flow_number"]), (&json!("approved"), &json!(1)));
    // Out of use, nothing new needs approval; what runs goes on.
    assert_eq!(admin.put(&format!("{flow}/use"), json!({ "on": false })).await.json["bound"], false);
    let record = d.fill(3, 10).await;
    let mine = s.rep.get("/api/v1/approvals?box=mine").await.json;
    assert!(!mine.to_string().contains(&record.to_string()));
    assert_eq!(todo(&d.boss).await.len(), 1);
});

testkit::both!(flows_are_checked_tried_and_guarded, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let (s, admin) = (&d.s, &d.s.company.admin);
    let subject = json!({ "kind": "form", "id": d.form["id"] });
    let bad = json!({ "v": 1, "nodes": [
        { "id": "x", "kind": "branch", "lanes": [{ "when": "form.amout > 1", "nodes": [step("a", json!({ "by": "named", "people": [] }))] }, { "when": "true", "nodes": [] }] },
    ] });
    let found = admin.post("/api/v1/flows/check", json!({ "subject": subject, "doc": bad })).await.json;
    let codes: Vec<(&str, &str)> = found["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["node"].as_str().unwrap(), f["code"].as_str().unwrap()))
        .collect();
    assert!(
        codes.contains(&("x", "no_else"))
            && codes.contains(&("x", "unknown_field"))
            && codes.contains(&("a", "missing")),
        "{found}"
    );
    let made =
        admin.post("/api/v1/flows", json!({ "name": "坏的", "subject": subject, "draft": bad })).await.json;
    let path = format!("/api/v1/flows/{}", made["id"].as_str().unwrap());
    let refused =
        versioned(admin, Method::POST, &format!("{path}/publish"), &made["version"], json!({})).await;
    assert_eq!((refused.status, refused.code()), (422, "flow.faults"));
    assert_eq!(admin.put(&format!("{path}/use"), json!({ "on": true })).await.code(), "flow.not_usable");
    assert_eq!(
        admin.post("/api/v1/flows", json!({ "name": "x", "draft": { "nodes": 3 } })).await.status,
        422
    );
    let nowhere =
        json!({ "name": "x", "subject": { "kind": "form", "id": Uuid::now_v7() }, "draft": small_flow() });
    assert_eq!(admin.post("/api/v1/flows", nowhere).await.code(), "flow.no_subject");

    let ask = |amount: i64| json!({ "subject": subject, "doc": two_levels(), "requester_id": s.rep_id, "values": { "amount": amount } });
    let who = async |amount: i64| {
        let seen = admin.post("/api/v1/flows/simulate", ask(amount)).await.json;
        let steps = seen["steps"].as_array().unwrap_or_else(|| panic!("{seen}")).clone();
        steps
            .iter()
            .filter(|x| x["what"] == "asked")
            .map(|x| x["person"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (who(10).await, who(5000).await),
        (vec!["陈静".to_owned()], vec!["陈静".to_owned(), "赵总".to_owned()])
    );
    assert!(
        d.s.rep.get("/api/v1/approvals?box=mine").await.json["items"].as_array().unwrap().is_empty(),
        "a trial stores nothing"
    );
    for client in [&s.manager, &s.rep] {
        assert_eq!(client.get("/api/v1/flows").await.status, 403);
        assert_eq!(client.post("/api/v1/flows/simulate", ask(1)).await.status, 403);
    }
    assert_eq!(s.stranger.get(&path).await.status, 404);
    assert_eq!(s.rep.get("/api/v1/approvals?box=nonsense").await.status, 422);
});

testkit::both!(a_flow_is_used_for_nothing_it_was_not_checked_against, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let admin = &d.s.company.admin;
    let plain = crate::forms::published(admin, "plain", crate::forms::small_spec()).await;
    let flow = format!("/api/v1/flows/{}", d.flow["id"].as_str().unwrap());
    let other = json!({ "subject": { "kind": "form", "id": plain["id"] } });
    let moved = versioned(admin, Method::PATCH, &flow, &d.flow["version"], other).await;
    assert_eq!((moved.status, &moved.json["bound"]), (200, &json!(false)), "{}", moved.json);
    let refused = admin.put(&format!("{flow}/use"), json!({ "on": true })).await;
    assert_eq!((refused.status, refused.code()), (422, "flow.faults"), "{}", refused.json);
    assert_eq!(admin.get(&flow).await.json["bound"], false);
});
