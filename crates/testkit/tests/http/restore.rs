//! A backup taken while people write, brought back on another folder: what was answered before it is there, and a phone
//! that hears of the new epoch offers the rest again.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use testkit::{App, Client, On};
use uuid::Uuid;

use crate::scene::{Recorded, Scene, id, minute, place, receipts, record, sha256};

/// Sends a photo in one piece.
async fn upload(phone: &Client, r: &Recorded) {
    let new =
        json!({ "id": r.photo, "size": r.bytes.len(), "sha256": sha256(&r.bytes), "mime": "image/jpeg" });
    let opened = phone.post("/api/v1/uploads", new).await;
    assert_eq!(opened.status, 200, "{}", opened.json);
    if opened.json["complete"] == true {
        return;
    }
    let offset = opened.json["offset"].as_u64().expect("offset");
    let piece = phone
        .request(reqwest::Method::PATCH, &format!("/api/v1/uploads/{}", r.photo))
        .header("content-type", "application/octet-stream")
        .header("upload-offset", offset.to_string())
        .body(r.bytes[offset as usize..].to_vec());
    let done = phone.send(piece).await;
    assert_eq!(done.json["complete"], true, "{}", done.json);
}

/// Adds customers until told to stop; notes each id after its answer.
async fn keep_adding(admin: Client, answered: Arc<Mutex<Vec<Uuid>>>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::SeqCst) {
        let id = Uuid::now_v7();
        let made = admin.post("/api/v1/customers", json!({ "id": id, "name": format!("新客户 {id}") })).await;
        assert_eq!(made.status, 201, "{}", made.json);
        answered.lock().expect("lock").push(id);
    }
}

async fn every_customer(admin: &Client) -> HashSet<Uuid> {
    let (mut all, mut cursor) = (HashSet::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/v1/customers?limit=200{cursor}")).await.json;
        all.extend(page["items"].as_array().expect("items").iter().map(|c| id(&c["id"])));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

async fn sync(phone: &Client, epoch: &Value, items: &[Value]) -> Vec<String> {
    let sent = json!({ "device_id": "phone-1", "epoch": epoch, "items": items });
    let receipts = receipts(phone.post("/api/v1/field/sync", sent).await);
    receipts.iter().map(|r| r["status"].as_str().expect("status").to_owned()).collect()
}

testkit::both!(what_a_backup_forgot_comes_back_from_the_phone, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].clone();
    let old_epoch = s.snapshot().await["epoch"].clone();
    app.clock.set(minute(105));
    let before = record(&tasks[0], place(0), 60, 100);
    s.taken(&before.items).await;
    upload(&s.rep, &before).await;

    let (answered, stop) = (Arc::new(Mutex::new(vec![])), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..4)
        .map(|_| tokio::spawn(keep_adding(s.company.admin.clone(), answered.clone(), stop.clone())))
        .collect();
    while answered.lock().expect("lock").len() < 40 {
        tokio::task::yield_now().await;
    }
    let shelf = tempfile::tempdir().expect("folder");
    // A backup may be over between two answers; then another one is made.
    let (mut backup, mut certain, mut during) = (shelf.path().to_owned(), vec![], 0);
    for n in 0..50 {
        backup = shelf.path().join(format!("backup-{n}"));
        certain = answered.lock().expect("lock").clone();
        app.back_up(&backup).await.expect("backup while writing");
        during = answered.lock().expect("lock").len();
        if during > certain.len() {
            break;
        }
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert!(during > certain.len(), "people wrote while the backup was made");

    // After the backup: another visit, answered and therefore safe in the phone's eyes.
    app.clock.set(minute(165));
    let after = record(&tasks[1], place(1), 110, 160);
    s.taken(&after.items).await;
    upload(&s.rep, &after).await;

    // The server is lost; another one begins on the backup.
    damaged_is_refused(&app, &backup).await;
    let (on, clock) = (app.on, app.clock.clone());
    drop(app);
    let app = App::bring_back(on, &backup, clock).await.expect("restore");
    let at = |client: &Client| Client::new(&app.base, client.token.as_deref());
    let (admin, phone, manager) = (at(&s.company.admin), at(&s.rep), at(&s.manager));
    let kept = every_customer(&admin).await;
    let sent: HashSet<Uuid> =
        answered.lock().expect("lock").iter().copied().chain(s.customers.clone()).collect();
    assert!(certain.iter().all(|id| kept.contains(id)), "what was answered before the backup is in it");
    assert!(kept.is_subset(&sent), "and nothing that nobody sent");

    // The phone hears the new epoch and offers what it still holds: all of both visits.
    let epoch = phone.get("/api/v1/field/snapshot").await.json["epoch"].clone();
    assert_ne!(epoch, old_epoch);
    let again = sync(&phone, &epoch, &before.items).await;
    assert!(again.iter().all(|r| r == "duplicate"), "{again:?}");
    let offered = sync(&phone, &epoch, &after.items).await;
    assert!(offered.iter().all(|r| r == "accepted"), "{offered:?}");
    for r in [&before, &after] {
        upload(&phone, r).await;
        let original = manager.get(&format!("/api/v1/photos/{}/original", r.photo)).await;
        assert!(original.status == 200 && original.bytes == r.bytes, "{}", original.json);
    }
    let visits = manager.get("/api/v1/visits?count=true").await.json;
    assert_eq!(visits["total"], 2, "each visit once: {visits}");
    assert!(visits["items"].as_array().expect("visits").iter().all(|v| v["effective"] == true), "{visits}");
    // Numbers given by the store go on behind the last one, and each company still sees its own only.
    assert_eq!(admin.post("/api/v1/customers", json!({ "name": "恢复之后" })).await.status, 201);
    let stranger = at(&s.stranger);
    assert_eq!(stranger.get("/api/v1/customers?count=true").await.json["total"], 0);
});

/// A backup with one altered byte, or a file missing, is not brought back; nor is one of the other engine.
async fn damaged_is_refused(app: &App, backup: &Path) {
    let manifest: Value =
        serde_json::from_slice(&fs::read(backup.join("manifest.json")).expect("manifest")).expect("JSON");
    let object = manifest
        .as_array()
        .expect("files")
        .iter()
        .find_map(|f| f["path"].as_str().filter(|p| p.starts_with("files/")));
    let object = backup.join(object.expect("the photo is in the backup"));
    let sound = fs::read(&object).expect("object");
    let mut altered = sound.clone();
    altered[0] ^= 1;
    let refused = async |on: On| match App::bring_back(on, backup, app.clock.clone()).await {
        Ok(_) => panic!("it was brought back"),
        Err(problem) => problem.source.unwrap_or_default(),
    };
    fs::write(&object, altered).expect("write");
    assert!(refused(app.on).await.contains("differs"), "an altered file");
    fs::remove_file(&object).expect("remove");
    assert!(refused(app.on).await.contains("missing"), "a missing file");
    fs::write(&object, sound).expect("write");
    let other = if app.on == On::Sqlite { On::Postgres } else { On::Sqlite };
    assert!(refused(other).await.starts_with("this is a backup of"), "the other engine's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_holds_tables_is_left_alone() {
    let app = App::start(On::Postgres).await;
    let s = Scene::begin(&app).await;
    let shelf = tempfile::tempdir().expect("folder");
    let backup = shelf.path().join("backup");
    app.back_up(&backup).await.expect("backup");
    let url = app.database_url().expect("PostgreSQL");
    let refused = db::restore_postgres(url, &backup, &shelf.path().join("new")).await.expect_err("tables");
    assert!(refused.source.is_some_and(|s| s.contains("holds tables already")));
    assert_eq!(every_customer(&s.company.admin).await.len(), 5, "nothing was touched");
}
