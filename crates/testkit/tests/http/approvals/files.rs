//! Files beside comments: sent once, carried by one action, seen with the case and by nobody else.

use super::*;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

async fn sent(client: &Client, case: &Value, name: &str, bytes: &[u8]) -> Reply {
    let path = format!("{}/files?name={name}&file_id={}", path(case), Uuid::now_v7());
    client.post_bytes(&path, bytes.to_vec()).await
}

testkit::both!(files_go_with_a_word_and_are_seen_with_the_case, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let s = &d.s;
    let case = d.handed_in(0, 5000).await;
    // Whoever does not see the case sends nothing to it.
    for client in [&s.sibling, &s.stranger] {
        assert_eq!(sent(client, &case, "a.pdf", PDF).await.status, 404);
    }
    let bad = sent(&s.manager, &case, "a.pdf", b"<html><script>").await;
    assert_eq!((bad.status, bad.code()), (422, "approval.file_kind"), "{}", bad.json);
    // Sent twice it is one file; the same id for another one is refused.
    let file_id = Uuid::now_v7();
    let to = format!("{}/files?name=quote.pdf&file_id={file_id}", path(&case));
    let quote = s.manager.post_bytes(&to, PDF.to_vec()).await;
    assert_eq!(
        (quote.status, &quote.json["name"], &quote.json["mime"]),
        (201, &json!("quote.pdf"), &json!("application/pdf")),
        "{}",
        quote.json
    );
    assert_eq!(s.manager.post_bytes(&to, PDF.to_vec()).await.json, quote.json);
    assert_eq!(s.manager.post_bytes(&to, b"%PDF-1.4 other".to_vec()).await.code(), "sync.conflict");
    // Until an action carries it, it is its sender's alone.
    let one = format!("/api/v1/approval-files/{file_id}");
    assert_eq!(s.manager.get(&one).await.status, 200);
    assert_eq!(s.rep.get(&one).await.status, 404);
    let stolen = act(&s.rep, &case, "comment", json!({ "comment": "我的", "file_ids": [file_id] })).await;
    assert_eq!((stolen.status, stolen.code()), (422, "approval.file"), "{}", stolen.json);
    let none = act(&s.rep, &case, "comment", json!({ "file_ids": [] })).await;
    assert_eq!(none.status, 422, "a comment says something or carries a file");

    // With a word, and with a decision; twice is once.
    let word =
        body(&s.manager, &case, "comment", json!({ "comment": "报价单", "file_ids": [file_id] })).await;
    let actions = format!("{}/actions", path(&case));
    let said = s.manager.post(&actions, word.clone()).await;
    assert_eq!(said.status, 200, "{}", said.json);
    assert_eq!(s.manager.post(&actions, word).await.status, 200);
    let again = act(&s.manager, &case, "comment", json!({ "file_ids": [file_id] })).await;
    assert_eq!(again.code(), "approval.file", "a file goes with one thing done");
    let page = s.rep.get(&path(&case)).await.json;
    let line = page["trail"].as_array().unwrap().iter().find(|l| l["what"] == "commented").unwrap().clone();
    assert_eq!((&line["comment"], &line["files"][0]["id"]), (&json!("报价单"), &json!(file_id)), "{line}");
    let read = s.rep.get(&one).await;
    assert_eq!((read.status, read.bytes.as_slice()), (200, PDF));
    assert_eq!(
        read.headers["content-disposition"].to_str().unwrap(),
        "attachment; filename*=UTF-8''quote.pdf"
    );
    for client in [&s.sibling, &s.stranger] {
        assert_eq!(client.get(&one).await.status, 404);
    }
    let plan = sent(&s.manager, &case, "plan.pdf", PDF).await.json["id"].clone();
    let done = act(&s.manager, &case, "approve", json!({ "file_ids": [plan] })).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let line =
        done.json["trail"].as_array().unwrap().iter().find(|l| l["what"] == "approved").unwrap().clone();
    assert_eq!(line["files"][0]["id"], plan);
    // Too many, and what nothing carries is removed.
    let many: Vec<Uuid> = (0..6).map(|_| Uuid::now_v7()).collect();
    assert_eq!(act(&s.manager, &case, "comment", json!({ "file_ids": many })).await.status, 422);
    let loose = sent(&d.boss, &case, "loose.pdf", PDF).await.json["id"].as_str().unwrap().to_owned();
    let loose = format!("/api/v1/approval-files/{loose}");
    assert_eq!(d.boss.get(&loose).await.status, 200);
    app.clock.set(minute(100 + 50 * 60));
    ::approvals::settle(&app.kit, s.company.id).await.unwrap();
    assert_eq!(d.boss.get(&loose).await.status, 404);
    assert_eq!(d.boss.get(&one).await.status, 200);
});
