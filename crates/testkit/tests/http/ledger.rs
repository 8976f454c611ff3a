//! The company's log: what is taken is logged in the same transaction, bundles verify offline, and a change in the
//! store is named, also one by somebody with all rights.

use base::Micros;
use db::{Query, Scope, Val, args, sql};
use proof::{Hash, Leaf, Note, Trust, VerifierKey, commitment, leaf_hash, verify};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{DAY, Recorded, Scene, minute, place, record, sha256};

/// A finished visit with its photo, one edit before it and one after it.
async fn worked(app: &App, s: &Scene) -> Recorded {
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    s.taken(&r.items).await;
    let opened =
        json!({ "id": r.photo, "size": r.bytes.len(), "sha256": sha256(&r.bytes), "mime": "image/jpeg" });
    assert_eq!(s.rep.post("/api/v1/uploads", opened).await.status, 200);
    let request =
        s.rep.request(Method::PATCH, &format!("/api/v1/uploads/{}", r.photo)).header("upload-offset", "0");
    let sent =
        s.rep.send(request.header("content-type", "application/octet-stream").body(r.bytes.clone())).await;
    assert_eq!(sent.json["complete"], true, "{}", sent.json);
    r
}

async fn note(client: &Client) -> String {
    let signed = client.post("/api/v1/ledger/checkpoints", json!({})).await;
    assert_eq!(signed.status, 200, "{}", signed.json);
    signed.json["note"].as_str().unwrap().to_owned()
}

testkit::both!(what_is_taken_can_be_proven_to_outsiders, |app| async move {
    let s = Scene::begin(&app).await;
    let before = note(&s.company.admin).await;
    let r = worked(&app, &s).await;

    let path = format!("/api/v1/ledger/bundles/visits/{}", r.visit);
    let bundle = s.manager.get(&path).await;
    assert_eq!((bundle.status, bundle.headers["content-type"].to_str().unwrap()), (200, "application/zip"));
    let alone = verify(&bundle.bytes, None).unwrap();
    assert_eq!((alone.trust, alone.originals), (Trust::SelfConsistent, 1));
    assert!(alone.open > r.items.len(), "every item and the arrival of the photo: {}", alone.open);
    let kept = verify(&bundle.bytes, Some(before.as_bytes())).unwrap();
    assert!(matches!(kept.trust, Trust::Outside { size } if size > 0));

    assert_eq!(s.rep.get(&path).await.status, 200, "it is his own");
    for (who, client) in [("sibling", &s.sibling), ("stranger", &s.stranger)] {
        assert_eq!(client.get(&path).await.status, 404, "{who}");
    }
    assert_eq!(s.manager.get("/api/v1/ledger").await.status, 403, "the whole log is for auditors");

    let state = s.company.admin.get("/api/v1/ledger").await.json;
    assert_eq!(state["key"], alone.key.to_string());
    assert_eq!(state["today"], state["size"]);
    let public = state["checkpoint_url"].as_str().unwrap().strip_prefix(&app.base).unwrap();
    let anybody = app.stranger().get(public).await;
    assert_eq!(anybody.status, 200);
    verify(&bundle.bytes, Some(&anybody.bytes)).unwrap();
    let other = s.stranger.get("/api/v1/ledger").await.json;
    assert_ne!(other["origin"], state["origin"], "each company has a log of its own");

    let log = s.company.admin.get("/api/v1/ledger/bundles/log").await;
    let whole = verify(&log.bytes, Some(before.as_bytes())).unwrap();
    assert_eq!((whole.open, whole.manifest.entries.len() as u64), (0, whole.checkpoint.size));
    verify(&bundle.bytes, Some(&log.bytes)).unwrap();
    let day = s.rep.get(&format!("/api/v1/ledger/bundles/day?day={DAY}")).await;
    assert!(
        verify(&day.bytes, Some(before.as_bytes())).unwrap().open >= alone.open,
        "the day holds the visit"
    );
    let nothing =
        s.sibling.get(&format!("/api/v1/ledger/bundles/day?day={DAY}&employee_id={}", s.rep_id)).await;
    assert_eq!(nothing.status, 404);
    let looked = s.rep.get("/api/v1/me/ledger").await.json;
    assert_eq!(looked["items"][0]["what"], "visit", "taking the bundle of a visit is a look at it");
});

testkit::both!(a_rep_holds_signed_receipts, |app| async move {
    let s = Scene::begin(&app).await;
    worked(&app, &s).await;
    let state = s.company.admin.get("/api/v1/ledger").await.json;
    let key = VerifierKey::parse(state["key"].as_str().unwrap()).unwrap();
    let receipts = s.rep.get("/api/v1/me/receipts").await.json;
    let items = receipts["items"].as_array().unwrap();
    assert!(
        items.iter().any(|i| i["kind"] == "visit.check_in")
            && items.iter().any(|i| i["kind"] == "photo.stored")
    );
    for item in items {
        let (leaf, record) = (item["leaf"].as_str().unwrap(), item["record"].as_str().unwrap());
        let text = Note::parse(item["note"].as_str().unwrap()).unwrap().open(&key).unwrap();
        assert!(text.contains(&format!(
            "index {}\nleaf {}\n",
            item["index"],
            leaf_hash(leaf.as_bytes()).base64()
        )));
        let salt = Hash::from_hex(item["salt"].as_str().unwrap()).unwrap();
        assert_eq!(Leaf::parse(leaf).unwrap().commitment, commitment(&salt.0, record).hex());
        assert!(record.contains(&s.rep_id.to_string()));
    }
    assert_eq!(s.sibling.get("/api/v1/me/receipts").await.json["items"], json!([]));
});

testkit::both!(a_refused_record_leaves_no_entry, |app| async move {
    let s = Scene::begin(&app).await;
    let size = |v: Value| v["size"].as_i64().unwrap();
    let before = size(s.company.admin.get("/api/v1/ledger").await.json);
    let item = json!({ "id": Uuid::now_v7(), "kind": "visit.summary", "at": "2026-11-20T01:00:00Z", "body": { "visit_id": Uuid::now_v7(), "text": "x" } });
    assert_eq!(s.sync(&[item]).await[0]["status"], "rejected");
    assert_eq!(size(s.company.admin.get("/api/v1/ledger").await.json), before);
});

db::row! { struct Stored { idx: i64, at: Micros, kind: String, leaf: String, leaf_hash: Vec<u8>, salt: Option<Vec<u8>>, record: Option<String> } }

/// Somebody with all rights on the database.
struct Intruder<'a> {
    app: &'a App,
    scope: Scope,
}

impl Intruder<'_> {
    async fn run(&self, statement: &'static db::Statement, args: Vec<Val>) {
        let done = self
            .app
            .kit
            .db
            .write(&self.scope, move |tx| Box::pin(async move { tx.exec(statement, args).await }))
            .await;
        assert!(done.unwrap() > 0, "nothing was changed");
    }

    async fn entry(&self, index: i64) -> Stored {
        let mut r = self.app.kit.db.read(&self.scope).await.unwrap();
        r.must(
            sql!("SELECT idx, at, kind, leaf, leaf_hash, salt, record FROM log_entry WHERE tenant_id = $1 AND idx = $3"),
            args![index],
        )
        .await
        .unwrap()
    }

    async fn put(&self, e: &Stored) {
        self.run(
            sql!("UPDATE log_entry SET leaf = $4, leaf_hash = $5, salt = $6, record = $7 WHERE tenant_id = $1 AND idx = $3"),
            args![e.idx, &e.leaf, e.leaf_hash.as_slice(), e.salt.clone(), &e.record],
        )
        .await;
    }

    async fn head(&self, size: i64) {
        self.run(sql!("UPDATE log_head SET size = $3 WHERE tenant_id = $1"), args![size]).await;
    }

    /// The same entry with another record, everything about it computed anew.
    async fn forged(&self, index: i64) -> Stored {
        let old = self.entry(index).await;
        let record = old.record.clone().unwrap().replace("\"by\":\"", "\"by\":\"f");
        let salt: [u8; 32] = old.salt.clone().unwrap().try_into().unwrap();
        let leaf = Leaf::new(index as u64, old.at.to_string(), &old.kind, commitment(&salt, &record)).text();
        let leaf_hash = leaf_hash(leaf.as_bytes()).0.to_vec();
        Stored { leaf, leaf_hash, record: Some(record), ..old }
    }
}

async fn found(client: &Client) -> (Option<String>, Option<String>) {
    let reply = client.post("/api/v1/ledger/inspections", json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    let word = |name: &str| reply.json[name].as_str().map(str::to_owned);
    (word("item"), word("what"))
}

fn named(item: &str, what: &str) -> (Option<String>, Option<String>) {
    (Some(item.into()), Some(what.into()))
}

testkit::both!(a_change_in_the_store_is_named, |app| async move {
    let s = Scene::begin(&app).await;
    worked(&app, &s).await;
    note(&s.company.admin).await;
    let kept_log = s.company.admin.get("/api/v1/ledger/bundles/log").await.bytes;
    let size = s.company.admin.get("/api/v1/ledger").await.json["size"].as_i64().unwrap();
    let intruder = Intruder { app: &app, scope: Scope::job("intruder", s.company.id) };
    let admin = &s.company.admin;
    assert_eq!(found(admin).await, (None, None));

    let fifth = intruder.entry(5).await;
    intruder.put(&Stored { record: fifth.record.clone().map(|r| format!("{r} ")), ..fifth.clone() }).await;
    assert_eq!(found(admin).await, named("entry 5", "commitment"));
    intruder.put(&Stored { leaf: fifth.leaf.replace("\"v\":1", "\"v\": 1"), ..fifth.clone() }).await;
    assert_eq!(found(admin).await, named("entry 5", "hash"));
    let sixth = intruder.entry(6).await;
    intruder.put(&Stored { idx: 5, ..sixth.clone() }).await;
    assert_eq!(found(admin).await, named("entry 5", "order"));
    intruder.put(&fifth).await;
    assert_eq!(found(admin).await, (None, None), "put back as it was");

    // Erasing what an entry says about a person leaves the log whole.
    intruder.put(&Stored { salt: None, record: None, ..sixth.clone() }).await;
    assert_eq!(found(admin).await, (None, None));
    intruder.put(&sixth).await;

    // Cut at the end, once with the number of entries left as it was, once with it.
    let last = intruder.entry(size - 1).await;
    intruder.run(sql!("DELETE FROM log_entry WHERE tenant_id = $1 AND idx = $3"), args![size - 1]).await;
    assert_eq!(found(admin).await, named(&format!("entry {}", size - 1), "missing"));
    intruder.head(size - 1).await;
    assert_eq!(
        found(admin).await,
        named(&format!("entry {}", size - 1), "missing"),
        "a checkpoint counts it"
    );
    intruder.head(size).await;
    let nobody = Uuid::nil();
    intruder
        .run(
            sql!(
                "INSERT INTO log_entry (tenant_id, idx, at, kind, subject_id, employee_id, department_id, leaf, leaf_hash, salt, record) \
                 VALUES ($1, $3, $4, $5, $6, $6, $6, $7, $8, $9, $10)"
            ),
            args![last.idx, last.at, &last.kind, nobody, &last.leaf, last.leaf_hash.as_slice(), last.salt.clone(), &last.record],
        )
        .await;
    assert_eq!(found(admin).await, (None, None));

    // Everything about an entry computed anew: the signed checkpoints tell.
    let forged = intruder.forged(5).await;
    intruder.put(&forged).await;
    let (item, what) = found(admin).await;
    assert!(item.unwrap().starts_with("entries 0-") && what.unwrap() == "root");
    let scope = intruder.scope.clone();
    let app = app.restart().await;
    let admin = &app.sign_in("admin@甲", testkit::PASSWORD).await;
    let refused = admin.post("/api/v1/ledger/checkpoints", json!({})).await;
    assert_eq!((refused.status, refused.code()), (409, "ledger.rewritten"), "and nothing more is signed");

    // The checkpoints thrown away as well, and signed anew with the company's key: inside nothing can tell any more,
    // outside everything does.
    let intruder = Intruder { app: &app, scope };
    intruder.run(sql!("DELETE FROM log_checkpoint WHERE tenant_id = $1"), args![]).await;
    assert_eq!(found(admin).await, (None, None));
    let log = admin.get("/api/v1/ledger/bundles/log").await.bytes;
    assert_eq!(verify(&log, None).unwrap().trust, Trust::SelfConsistent);
    let fault = verify(&log, Some(&kept_log)).unwrap_err();
    assert_eq!((fault.item.as_str(), fault.what.key()), ("entry 5", "rewritten"));
});

testkit::both!(entries_have_no_gaps_when_many_write_at_once, |app| async move {
    let company = app.company("甲").await;
    let one = |k: usize| {
        let admin = company.admin.clone();
        async move {
            let made = admin
                .post("/api/v1/customers", json!({ "name": format!("客户 {k}"), "at": [118.78, 32.04] }))
                .await;
            assert_eq!(made.status, 201, "{}", made.json);
        }
    };
    let tasks: Vec<_> = (0..40).map(|k| tokio::spawn(one(k))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(found(&company.admin).await, (None, None));
    let log = company.admin.get("/api/v1/ledger/bundles/log").await.bytes;
    assert!(verify(&log, None).unwrap().checkpoint.size >= 40);
});

testkit::both!(the_verifier_is_there_for_anybody, |app| async move {
    let page = app.stranger().get("/verify").await;
    assert_eq!(page.status, 200);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("connect-src"));
    assert_eq!(app.stranger().get("/verify/verify.py").await.status, 200);
});
