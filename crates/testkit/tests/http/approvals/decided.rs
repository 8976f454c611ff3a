//! Cases decided: at two levels, sent back, taken back, in bulk, handed over, and what stays of them.

use super::*;

testkit::both!(a_record_is_approved_at_two_levels_and_seen_by_nobody_else, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let s = &d.s;
    let case = d.handed_in(0, 5000).await;
    assert_eq!(case["title"]["zh-CN"], "促销申请 · 客户 1");
    assert_eq!(case["summary"][0]["value"]["en"], "5000 CNY", "{case}");
    assert_eq!((case["asked"][0]["name"].as_str(), case["status"].as_str()), (Some("陈静"), Some("running")));
    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (1, 0));
    assert_eq!(s.manager.get("/api/v1/approvals/counts").await.json["todo"], 1);
    assert!(kinds(&s.manager).await.contains(&"approval.asked".to_owned()));
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!(
        page["content"]["answers"]["spot"],
        json!({ "hidden": true }),
        "whoever decides is shown no position"
    );
    assert_eq!(page["content"]["spec"]["fields"][0]["key"], "amount");

    // Nobody else sees it, nobody else decides it.
    for client in [&s.sibling, &s.stranger] {
        assert_eq!(client.get(&path(&case)).await.status, 404);
        assert_eq!(act(client, &case, "approve", json!({ "version": 1, "ask": 1 })).await.status, 404);
        assert_eq!(client.get("/api/v1/approvals?box=mine").await.json["items"], json!([]));
    }
    assert_eq!(s.sibling.get("/api/v1/approvals?box=all").await.json["items"], json!([]));
    assert_eq!(
        s.company.admin.get("/api/v1/approvals?box=all").await.json["items"].as_array().unwrap().len(),
        1
    );
    let own = act(&s.rep, &case, "approve", json!({ "ask": 1 })).await;
    assert_eq!((own.status, own.code()), (409, "approval.not_asked"));
    let reader = act(&s.company.admin, &case, "approve", json!({ "ask": 1 })).await;
    assert_eq!((reader.status, reader.code()), (409, "approval.not_asked"));

    // The same decision sent twice counts once; the same id for something else is refused.
    let decision = body(&s.manager, &case, "approve", json!({ "comment": "同意" })).await;
    let actions = format!("{}/actions", path(&case));
    let first = s.manager.post(&actions, decision.clone()).await;
    assert_eq!(first.status, 200, "{}", first.json);
    let again = s.manager.post(&actions, decision.clone()).await;
    assert_eq!((again.status, &again.json["version"]), (200, &first.json["version"]));
    let mut other = decision.clone();
    other["comment"] = json!("不同意");
    assert_eq!(s.manager.post(&actions, other).await.code(), "sync.conflict");
    let mut second = decision;
    second["id"] = json!(Uuid::now_v7());
    assert_eq!(s.manager.post(&actions, second).await.code(), "version.conflict");

    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (0, 1));
    let done = approve(&d.boss, &case).await;
    assert_eq!(done["status"], "approved");
    assert_eq!(
        trail(&done),
        ["submitted", "asked", "approved", "took_lane", "asked", "approved", "completed"]
    );
    assert_eq!((&done["trail"][2]["comment"], &done["trail"][3]["lane"]), (&json!("同意"), &json!(0)));
    assert!(kinds(&s.rep).await.contains(&"approval.approved".to_owned()));
    let record =
        s.manager.get(&format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap())).await.json;
    assert_eq!(record["approval"]["status"], "approved", "{record}");
    let decided = s.manager.get("/api/v1/approvals?box=decided&status=approved").await.json;
    assert_eq!(decided["items"].as_array().unwrap().len(), 1);
    // A small one needs no second level.
    let small = d.handed_in(1, 10).await;
    assert_eq!(approve(&s.manager, &small).await["status"], "approved");
    let log = s.company.admin.get("/api/v1/ledger/entries?limit=200").await.json;
    assert!(log["items"].as_array().unwrap().iter().any(|l| l["kind"] == "approval.completed"), "{log}");
});

testkit::both!(sent_back_corrected_and_handed_in_again, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let s = &d.s;
    let case = d.handed_in(0, 20000).await;
    let mute = act(&s.manager, &case, "return", json!({})).await;
    assert_eq!((mute.status, mute.code()), (422, "approval.reason"));
    let back = act(&s.manager, &case, "return", json!({ "comment": "金额写错了" })).await;
    assert_eq!((back.status, &back.json["status"]), (200, &json!("returned")), "{}", back.json);
    assert_eq!(s.rep.get("/api/v1/approvals/counts").await.json["returned"], 1);
    let record = format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap());
    let seen = s.rep.get(&record).await.json;
    let again = json!({ "answers": { "amount": 200 }, "reason": "少写一个零" });
    let foreign =
        versioned(&s.manager, Method::POST, &format!("{record}/resubmit"), &seen["version"], again.clone())
            .await;
    assert_eq!(foreign.status, 404, "only its author corrects it");
    let wrong = versioned(
        &s.rep,
        Method::POST,
        &format!("{record}/resubmit"),
        &seen["version"],
        json!({ "answers": {} }),
    )
    .await;
    assert_eq!((wrong.status, wrong.code()), (422, "form.answers"));
    let done =
        versioned(&s.rep, Method::POST, &format!("{record}/resubmit"), &seen["version"], again.clone()).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(
        (&done.json["answers"]["amount"], &done.json["approval"]["status"]),
        (&json!(200), &json!("running"))
    );
    let late =
        versioned(&s.rep, Method::POST, &format!("{record}/resubmit"), &done.json["version"], again).await;
    assert_eq!(late.status, 404, "a running case is not corrected");
    let page = approve(&s.manager, &case).await;
    assert_eq!(page["status"], "approved", "200 needs no second level: the new answers count");
    assert_eq!(trail(&page)[2..5], ["returned", "submitted", "asked"]);
    // A correction by the office while it runs begins it anew.
    let other = d.handed_in(1, 3000).await;
    approve(&s.manager, &other).await;
    let record = format!("/api/v1/form-records/{}", other["record_id"].as_str().unwrap());
    let seen = s.manager.get(&record).await.json;
    let fixed = s
        .manager
        .patch(
            &record,
            seen["version"].as_i64().unwrap(),
            json!({ "answers": { "amount": 4000 }, "reason": "核对后更正" }),
        )
        .await;
    assert_eq!(fixed.status, 200, "{}", fixed.json);
    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (1, 0));
});

testkit::both!(taken_back_while_it_is_decided, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let case = d.handed_in(0, 10).await;
    let decision = body(&s.manager, &case, "approve", json!({})).await;
    assert_eq!(act(&s.manager, &case, "withdraw", json!({})).await.code(), "approval.not_requester");
    assert_eq!(act(&s.rep, &case, "urge", json!({})).await.status, 200);
    assert_eq!(act(&s.rep, &case, "urge", json!({})).await.code(), "approval.too_soon");
    let back = act(&s.rep, &case, "withdraw", json!({})).await;
    assert_eq!((back.status, &back.json["status"]), (200, &json!("withdrawn")));
    let actions = format!("{}/actions", path(&case));
    assert_eq!(s.manager.post(&actions, decision.clone()).await.code(), "version.conflict");
    assert_eq!(
        act(&s.manager, &case, "approve", json!({ "ask": decision["ask"] })).await.code(),
        "approval.not_running"
    );
    assert!(kinds(&s.manager).await.contains(&"approval.withdrawn".to_owned()));
    // The other way round: decided first.
    let case = d.handed_in(1, 10).await;
    let back = body(&s.rep, &case, "withdraw", json!({})).await;
    approve(&s.manager, &case).await;
    let late = s.rep.post(&format!("{}/actions", path(&case)), back).await;
    assert_eq!(late.code(), "version.conflict");
    let said = act(&s.rep, &case, "comment", json!({ "comment": "谢谢" })).await;
    assert_eq!((said.status, trail(&said.json).last()), (200, Some(&"commented")));
});

testkit::both!(many_at_once_and_handed_over, |app| async move {
    let mut doc = small_flow();
    doc["nodes"].as_array_mut().unwrap().push(json!({ "id": "k", "kind": "copy", "who": heads(2) }));
    let d = Desk::open(&app, doc).await;
    let s = &d.s;
    for k in 0..3 {
        d.fill(k, 10 + k as i64).await;
    }
    let rows = todo(&s.manager).await;
    assert_eq!(rows.len(), 3);
    let mut items: Vec<Value> = rows
        .iter()
        .map(|r| json!({ "id": Uuid::now_v7(), "approval_id": r["id"], "ask": r["asks"][0]["ask"], "version": r["version"] }))
        .collect();
    items[1]["version"] = json!(77);
    let decision = json!({ "action": "approve", "comment": "一起通过", "items": items });
    let done = s.manager.post("/api/v1/approvals/decisions", decision.clone()).await.json;
    let status = |k: usize| done["receipts"][k]["status"].as_str().unwrap().to_owned();
    assert_eq!((status(0), status(1), status(2)), ("done".into(), "refused".into(), "done".into()), "{done}");
    assert_eq!(done["receipts"][1]["code"], "version.conflict");
    let again = s.manager.post("/api/v1/approvals/decisions", decision).await.json;
    assert_eq!(again["receipts"][0]["status"], "duplicate", "{again}");
    assert_eq!(d.boss.get("/api/v1/approvals?box=copied").await.json["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        s.manager
            .post("/api/v1/approvals/decisions", json!({ "action": "transfer", "items": [] }))
            .await
            .status,
        422
    );

    // The one that is left: handed over, with a signer before and after.
    let case = rows[1].clone();
    let found = s.manager.get("/api/v1/approvals/colleagues?q=hej").await.json;
    assert_eq!(found["items"][0]["name"], "何静", "{found}");
    assert_eq!(act(&s.manager, &case, "transfer", json!({})).await.status, 422);
    assert_eq!(
        act(&s.manager, &case, "transfer", json!({ "to": s.rep_id })).await.code(),
        "approval.not_fit"
    );
    let to = json!({ "to": d.sibling_id, "comment": "你更清楚" });
    assert_eq!(act(&s.manager, &case, "signer_before", to).await.status, 200);
    assert_eq!((todo(&s.manager).await.len(), todo(&s.sibling).await.len()), (0, 1));
    approve(&s.sibling, &case).await;
    let boss = me(&d.boss).await;
    assert_eq!(act(&s.manager, &case, "transfer", json!({ "to": boss })).await.status, 200);
    assert_eq!(approve(&d.boss, &case).await["status"], "approved");
});

/// The office corrects the record of a case.
async fn corrected(d: &Desk, case: &Value, amount: i64) {
    let record = format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap());
    let seen = d.s.manager.get(&record).await.json;
    let body = json!({ "answers": { "amount": amount }, "reason": "核对后更正" });
    let fixed = d.s.manager.patch(&record, seen["version"].as_i64().unwrap(), body).await;
    assert_eq!(fixed.status, 200, "{}", fixed.json);
}

testkit::both!(what_was_decided_stays_as_it_was_decided, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let amount = |page: &Value| page["content"]["answers"]["amount"].as_f64();
    // Approved, then changed: it is asked again, about what it says now.
    let case = d.handed_in(0, 10).await;
    approve(&s.manager, &case).await;
    corrected(&d, &case, 4000).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("running"), Some(4000.0)), "{page}");
    assert_eq!(trail(&page)[3..], ["completed", "changed", "asked"]);
    assert_eq!(approve(&s.manager, &case).await["status"], "approved");
    // Rejected, then changed: what was rejected stays to be seen.
    let case = d.handed_in(1, 20).await;
    let no = act(&s.manager, &case, "reject", json!({ "comment": "不批" })).await;
    assert_eq!((no.status, &no.json["status"]), (200, &json!("rejected")), "{}", no.json);
    corrected(&d, &case, 5000).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("rejected"), Some(20.0)), "{page}");
    assert_eq!(page["summary"], case["summary"]);
    assert_eq!(trail(&page).last(), Some(&"changed"));
    // Sent back: the office may correct it as well, and it is handed in again.
    let case = d.handed_in(2, 30).await;
    let back = act(&s.manager, &case, "return", json!({ "comment": "金额写错了" })).await;
    assert_eq!(back.json["status"], "returned", "{}", back.json);
    corrected(&d, &case, 300).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("running"), Some(300.0)), "{page}");
});
