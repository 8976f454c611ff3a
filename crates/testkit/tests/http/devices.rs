//! Phones with keys: the first is accepted, a change is decided; what is signed holds, what does not is said and never lost.

use std::sync::Arc;

use base::Micros;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Query;
use proof::seal::{NOTHING_BEFORE, digest};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{Recorded, Scene, item, minute, place, record};

/// A phone app as it signs.
struct Phone {
    pair: Arc<EcdsaKeyPair>,
    rng: SystemRandom,
    device: &'static str,
    id: Uuid,
    owner: Uuid,
    seq: i64,
    prev: String,
    /// Its clock that nobody can set, ms, at eight.
    booted: i64,
    /// How far its other clock is off, ms.
    off: i64,
    heard: Value,
}

impl Phone {
    fn new(owner: Uuid, device: &'static str) -> Phone {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &rng).unwrap();
        Phone {
            pair: Arc::new(pair),
            rng,
            device,
            id: Uuid::now_v7(),
            owner,
            seq: 0,
            prev: NOTHING_BEFORE.into(),
            booted: 100_000,
            off: 0,
            heard: Value::Null,
        }
    }

    fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    async fn enrol(&self, client: &Client) -> Reply {
        let new = json!({ "id": self.id, "public_key": self.public(), "device_id": self.device, "name": "Android Chrome" });
        client.post("/api/v1/me/device-keys", new).await
    }

    fn mono(&self, m: i64) -> i64 {
        self.booted + m * 60_000
    }

    /// Hears a random word of the server at a minute after eight.
    async fn hear(&mut self, client: &Client, m: i64) {
        let nonce = client.get("/api/v1/field/snapshot").await.json["nonce"].clone();
        self.heard = json!({ "nonce": nonce, "wall": minute(m).0 / 1000 + self.off, "mono": self.mono(m) });
    }

    fn sign(&self, text: &str) -> Value {
        let signature = self.pair.sign(&self.rng, text.as_bytes()).unwrap();
        json!({ "statement": text, "signature": URL_SAFE_NO_PAD.encode(signature) })
    }

    /// Seals records at a minute after eight.
    fn seal(&mut self, items: &[Value], m: i64) -> Value {
        let named: Vec<Value> = items
            .iter()
            .map(|i| {
                let made = self.booted + (micros(&i["at"]).0 - minute(0).0) / 1000;
                json!({ "id": i["id"], "sha256": digest(i.to_string().as_bytes()), "mono": made })
            })
            .collect();
        let text = json!({
            "v": 1, "key": digest(self.pair.public_key().as_ref()), "owner": self.owner, "seq": self.seq, "prev": self.prev,
            "wall": minute(m).0 / 1000 + self.off, "mono": self.mono(m), "origin": "a1", "heard": self.heard, "items": named
        })
        .to_string();
        self.seq += 1;
        self.prev = digest(text.as_bytes());
        self.sign(&text)
    }

    async fn send(&self, client: &Client, items: &[Value], seals: &[Value], m: i64) -> Reply {
        let chain = json!({ "key_id": self.id, "origin": "a1", "mono_ms": self.mono(m), "seals": seals });
        let body = json!({ "device_id": self.device, "items": items, "chain": chain });
        let reply = client.post("/api/v1/field/sync", body).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply
    }
}

fn micros(v: &Value) -> Micros {
    serde_json::from_value(v.clone()).unwrap()
}

/// Both ends lie within seconds after a minute: the server's clock goes on while a test runs.
fn about(between: &Value, m: i64) {
    for end in [&between[0], &between[1]] {
        let off = micros(end).0 - minute(m).0;
        assert!((0..20 * Micros::SECOND).contains(&off), "{between} is not minute {m}");
    }
}

fn all(reply: &Reply, status: &str) {
    for receipt in reply.json["receipts"].as_array().unwrap() {
        assert_eq!(receipt["status"], status, "{receipt}");
    }
}

/// A planned day, at nine, its tasks, and the rep's enrolled phone that has heard the server at nine.
async fn begin(app: &App) -> (Scene, Vec<Value>, Phone) {
    let s = Scene::begin(app).await;
    s.plan().await;
    app.clock.set(minute(60));
    let mut phone = Phone::new(s.rep_id, "phone-1");
    let made = phone.enrol(&s.rep).await;
    assert_eq!((made.status, made.json["status"].as_str()), (200, Some("accepted")), "{}", made.json);
    let tasks = s.snapshot().await["tasks"].as_array().cloned().unwrap();
    phone.hear(&s.rep, 60).await;
    (s, tasks, phone)
}

async fn card(s: &Scene, r: &Recorded) -> Value {
    let manager = s.manager.get(&format!("/api/v1/truth/visits/{}", r.visit)).await;
    let own = s.rep.get(&format!("/api/v1/me/visits/{}/truth", r.visit)).await;
    assert_eq!((manager.status, own.status), (200, 200), "{} {}", manager.json, own.json);
    assert_eq!(own.json["seals"], manager.json["seals"], "both sides see the same");
    manager.json
}

fn codes(card: &Value) -> Vec<&str> {
    card["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect()
}

testkit::both!(a_change_of_phone_is_decided_by_somebody_else, |app| async move {
    let (s, _, first) = begin(&app).await;
    assert_eq!(first.enrol(&s.rep).await.json["id"], json!(first.id), "the same again is the same");
    let second = Phone::new(s.rep_id, "phone-2");
    assert_eq!(second.enrol(&s.rep).await.json["status"], "waiting");
    let told = s.manager.get("/api/v1/notices").await.json;
    assert!(told["items"].as_array().unwrap().iter().any(|n| n["kind"] == "device.waiting"), "{told}");
    let decision = format!("/api/v1/device-keys/{}/decision", second.id);
    for stranger in [&s.sibling, &s.stranger] {
        assert_eq!(stranger.post(&decision, json!({ "accept": true })).await.status, 404);
        assert_eq!(stranger.get("/api/v1/device-keys").await.json["items"], json!([]));
    }
    assert_eq!(s.rep.post(&decision, json!({ "accept": true })).await.status, 403);
    let listed = s.manager.get("/api/v1/device-keys?status=waiting").await.json;
    assert_eq!(listed["items"][0]["id"], json!(second.id));
    let refused = s.manager.post(&decision, json!({ "accept": false, "reason": "不是他的手机" })).await;
    assert_eq!((refused.status, refused.json["status"].as_str()), (200, Some("refused")), "{}", refused.json);
    let told = s.rep.get("/api/v1/notices").await.json;
    assert!(told["items"].as_array().unwrap().iter().any(|n| n["kind"] == "device.refused"), "{told}");
    assert_eq!(s.manager.post(&decision, json!({ "accept": true })).await.json["status"], "accepted");
    assert_eq!(s.rep.delete(&format!("/api/v1/me/device-keys/{}", second.id)).await.status, 204);
    let mine = s.rep.get("/api/v1/me/device-keys").await.json;
    assert_eq!(mine["items"][0]["status"], "revoked", "{mine}");
    // What is no key, and a key in somebody else's place.
    let bad = json!({ "id": Uuid::now_v7(), "public_key": "AAAA", "device_id": "x", "name": "x" });
    let bad = s.rep.post("/api/v1/me/device-keys", bad).await;
    assert_eq!((bad.status, bad.json["code"].as_str()), (422, Some("device.bad_key")), "{}", bad.json);
    let (_, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let taken = json!({ "id": first.id, "public_key": Phone::new(s.rep_id, "x").public(), "device_id": "x", "name": "x" });
    assert_eq!(mate.post("/api/v1/me/device-keys", taken).await.status, 409);
});

testkit::both!(what_a_phone_signed_offline_lies_between_its_clocks, |app| async move {
    let (s, tasks, mut phone) = begin(&app).await;
    let r = record(&tasks[0], place(0), 70, 100);
    // Sealed as they are made, without a network until eleven.
    let seals =
        vec![phone.seal(&r.items[..1], 70), phone.seal(&r.items[1..3], 73), phone.seal(&r.items[3..], 100)];
    app.clock.set(minute(180));
    let reply = phone.send(&s.rep, &r.items, &seals, 180).await;
    all(&reply, "accepted");
    assert_eq!(reply.json["chain"], "held");
    let signed = card(&s, &r).await;
    assert_eq!((signed["band"].as_str(), codes(&signed)), (Some("green"), vec![]), "{signed}");
    assert_eq!(signed["seals"]["sealed"], 6, "{signed}");
    about(&signed["taken_between"], 70);
    about(&signed["photos"][0]["taken_between"], 72);
    assert!(signed["speaks_for"].to_string().contains("签名"), "{signed}");
    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    about(&visit["photos"][0]["taken_between"], 72);
    // A retry sends the same bytes and changes nothing.
    let again = phone.send(&s.rep, &r.items, &seals, 181).await;
    all(&again, "duplicate");
    assert_eq!(card(&s, &r).await["seals"], signed["seals"]);
    let key = s.rep.get("/api/v1/me/device-keys").await.json;
    assert_eq!(key["items"][0]["seals"], 3);
});

testkit::both!(what_does_not_hold_is_said_and_nothing_is_lost, |app| async move {
    let (s, tasks, mut phone) = begin(&app).await;
    app.clock.set(minute(300));
    // Another content than was sealed.
    let mut altered = record(&tasks[0], place(0), 70, 100);
    let seal = phone.seal(&altered.items, 100);
    altered.items[4]["body"]["text"] = json!("另写的小结");
    all(&phone.send(&s.rep, &altered.items, &[seal], 300).await, "accepted");
    let said = card(&s, &altered).await;
    assert_eq!((said["band"].as_str(), codes(&said)), (Some("amber"), vec!["DEVICE_SIGNATURE"]), "{said}");
    assert_eq!(said["visit"]["effective"], true, "it asks, and takes nothing away");
    // A signature that is not the phone's; then a number left out.
    let forged = record(&tasks[1], place(1), 110, 140);
    let mut seal = phone.seal(&forged.items, 140);
    seal["signature"] =
        Phone::new(s.rep_id, "x").sign(seal["statement"].as_str().unwrap())["signature"].clone();
    all(&phone.send(&s.rep, &forged.items, &[seal], 300).await, "accepted");
    assert_eq!(codes(&card(&s, &forged).await), vec!["DEVICE_SIGNATURE"]);
    let after_gap = record(&tasks[2], place(2), 150, 180);
    let seal = phone.seal(&after_gap.items, 180);
    all(&phone.send(&s.rep, &after_gap.items, &[seal], 300).await, "accepted");
    let gap = card(&s, &after_gap).await;
    assert_eq!(codes(&gap), vec!["CHAIN_GAP"], "{gap}");
    assert!(gap["findings"][0]["text"].as_str().unwrap().contains("缺 1 个编号"), "{gap}");
    // The same number once more with other records: two chains of one key.
    let fork = record(&tasks[3], place(3), 190, 220);
    phone.seq -= 1;
    let seal = phone.seal(&fork.items, 220);
    all(&phone.send(&s.rep, &fork.items, &[seal], 300).await, "accepted");
    assert!(codes(&card(&s, &fork).await).contains(&"CHAIN_FORK"));
    // No signature at all from a phone that signs; an older app without a key is only grey.
    let bare = record(&tasks[4], place(4), 230, 260);
    s.taken(&bare.items).await;
    assert_eq!(codes(&card(&s, &bare).await), vec!["DEVICE_UNSIGNED"]);
});

testkit::both!(an_app_without_a_key_works_as_ever, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    s.taken(&r.items).await;
    let grey = card(&s, &r).await;
    assert_eq!((grey["band"].as_str(), codes(&grey)), (Some("green"), vec![]));
    assert_eq!((&grey["seals"]["unsigned"], &grey["seals"]["sealed"]), (&json!(6), &json!(0)));
    // A server restored from before the enrolment says so, and takes the records.
    let mut phone = Phone::new(s.rep_id, "phone-9");
    let notice = item("notice.read", minute(100), json!({ "notice_id": Uuid::now_v7() }));
    let seal = phone.seal(std::slice::from_ref(&notice), 100);
    let reply = phone.send(&s.rep, &[notice], &[seal], 100).await;
    all(&reply, "accepted");
    assert_eq!(reply.json["chain"], "unknown_key");
});

testkit::both!(two_people_on_one_phone, |app| async move {
    let (s, tasks, mut phone) = begin(&app).await;
    // A colleague signs in on the same phone under another name of the device: the key cannot be lent.
    let (mate_id, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    app.clock.set(minute(65));
    let mut hers = Phone { pair: phone.pair.clone(), ..Phone::new(mate_id, "another-name") };
    let enrolled = hers.enrol(&mate).await;
    assert_eq!((&enrolled.json["status"], &enrolled.json["others"]), (&json!("accepted"), &json!(1)));
    let notice = item("notice.read", minute(65), json!({ "notice_id": Uuid::now_v7() }));
    let seal = hers.seal(std::slice::from_ref(&notice), 65);
    all(&hers.send(&mate, &[notice], &[seal], 65).await, "accepted");
    let r = record(&tasks[0], place(0), 70, 100);
    app.clock.set(minute(71));
    let seal = phone.seal(&r.items[..1], 70);
    all(&phone.send(&s.rep, &r.items[..1], &[seal], 71).await, "accepted");
    let both = card(&s, &r).await;
    assert_eq!(codes(&both), vec!["DEVICE_SECOND_PERSON"], "{both}");
});

testkit::both!(a_second_phone_at_once_waits_and_may_be_blocked, |app| async move {
    let (s, tasks, mut first) = begin(&app).await;
    let mut second = Phone::new(s.rep_id, "tablet");
    second.heard = first.heard.clone();
    assert_eq!(second.enrol(&s.rep).await.json["status"], "waiting");
    let a = record(&tasks[0], place(0), 70, 100);
    app.clock.set(minute(71));
    let seal = first.seal(&a.items[..1], 70);
    all(&first.send(&s.rep, &a.items[..1], &[seal], 71).await, "accepted");
    // The tablet closes the visit four minutes later.
    let out = item("visit.check_out", minute(75), json!({ "visit_id": a.visit, "fix": null }));
    app.clock.set(minute(76));
    let seal = second.seal(std::slice::from_ref(&out), 75);
    all(&second.send(&s.rep, &[out], &[seal], 76).await, "accepted");
    let at_once = card(&s, &a).await;
    let found = codes(&at_once);
    assert!(found.contains(&"DEVICE_PARALLEL") && found.contains(&"DEVICE_UNKNOWN"), "{at_once}");
    assert_ne!(at_once["band"], "red", "{at_once}");
    // The clock of the first one was set forward by an hour since it heard the server.
    let b = record(&tasks[1], place(1), 130, 160);
    first.off = 3_600_000;
    app.clock.set(minute(131));
    let seal = first.seal(&b.items[..1], 130);
    all(&first.send(&s.rep, &b.items[..1], &[seal], 131).await, "accepted");
    let moved = card(&s, &b).await;
    assert_eq!(codes(&moved), vec!["CLOCK_MOVED"], "{moved}");
    // Where only approved phones may record, nothing of the tablet's is left.
    let mut rules = s.company.admin.get("/api/v1/truth/rules").await.json["rules"].clone();
    rules["unknown_device"] = json!("block");
    let request = s.company.admin.request(reqwest::Method::PUT, "/api/v1/truth/rules");
    assert_eq!(s.company.admin.send(request.header("if-match", "\"0\"").json(&rules)).await.status, 200);
    let out = item("visit.check_out", minute(135), json!({ "visit_id": b.visit, "fix": null }));
    all(&first.send(&s.rep, std::slice::from_ref(&out), &[], 136).await, "accepted");
    let c = record(&tasks[2], place(2), 140, 170);
    app.clock.set(minute(141));
    let seal = second.seal(&c.items[..1], 140);
    let reply = second.send(&s.rep, &c.items[..1], &[seal], 141).await;
    let receipt = &reply.json["receipts"][0];
    assert_eq!(
        (&receipt["status"], &receipt["code"]),
        (&json!("rejected"), &json!("truth.blocked")),
        "{receipt}"
    );
    assert_eq!(s.manager.get(&format!("/api/v1/visits/{}", c.visit)).await.status, 404);
});

fn status_of(card: &Value, code: &str) -> Value {
    let findings = card["findings"].as_array().unwrap();
    findings.iter().find(|f| f["code"] == code).map_or(Value::Null, |f| f["status"].clone())
}

testkit::both!(approving_a_phone_clears_what_it_recorded, |app| async move {
    let (s, tasks, mut first) = begin(&app).await;
    let mut second = Phone::new(s.rep_id, "tablet");
    second.heard = first.heard.clone();
    second.enrol(&s.rep).await;
    let a = record(&tasks[0], place(0), 70, 100);
    let b = record(&tasks[1], place(1), 130, 160);
    app.clock.set(minute(180));
    let seals = [second.seal(&a.items, 100)];
    all(&second.send(&s.rep, &a.items, &seals, 180).await, "accepted");
    let seals = [first.seal(&b.items[..5], 160)];
    all(&first.send(&s.rep, &b.items[..5], &seals, 180).await, "accepted");
    assert_eq!(status_of(&card(&s, &a).await, "DEVICE_UNKNOWN"), "open");
    let decision = format!("/api/v1/device-keys/{}/decision", second.id);
    let decided = s.manager.post(&decision, json!({ "accept": true, "reason": "新平板" })).await;
    assert_eq!((decided.status, &decided.json["status"]), (200, &json!("accepted")), "{}", decided.json);
    let healed = card(&s, &a).await;
    assert_eq!((&healed["band"], status_of(&healed, "DEVICE_UNKNOWN")), (&json!("green"), json!("cleared")));
    let last = healed["events"].as_array().unwrap().last().cloned().unwrap();
    assert_eq!(
        (&last["actor"]["name"], &last["outcome"], &last["reason_code"], &last["text"]),
        (&json!("陈静"), &json!("cleared"), &json!("phone_approved"), &json!("新平板"))
    );
    // Given up later: what it recorded before stays what it was, also when the visit is looked at again.
    assert_eq!(s.rep.delete(&format!("/api/v1/me/device-keys/{}", first.id)).await.status, 204);
    let seals = [second.seal(&b.items[5..], 165)];
    all(&second.send(&s.rep, &b.items[5..], &seals, 181).await, "accepted");
    assert_eq!(status_of(&card(&s, &b).await, "DEVICE_UNKNOWN"), Value::Null);
});

testkit::both!(a_seal_that_comes_later_still_counts, |app| async move {
    let (s, tasks, mut phone) = begin(&app).await;
    // The phone of a shift: a colleague signs on it too.
    let mut rules = s.company.admin.get("/api/v1/truth/rules").await.json["rules"].clone();
    rules["shared_devices"] = json!(["phone-1"]);
    let request = s.company.admin.request(reqwest::Method::PUT, "/api/v1/truth/rules");
    assert_eq!(s.company.admin.send(request.header("if-match", "\"0\"").json(&rules)).await.status, 200);
    let (mate_id, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    app.clock.set(minute(65));
    let mut hers = Phone { pair: phone.pair.clone(), ..Phone::new(mate_id, "another-name") };
    hers.enrol(&mate).await;
    let notice = item("notice.read", minute(65), json!({ "notice_id": Uuid::now_v7() }));
    let seal = hers.seal(std::slice::from_ref(&notice), 65);
    all(&hers.send(&mate, &[notice], &[seal], 65).await, "accepted");
    let r = record(&tasks[0], place(0), 70, 100);
    app.clock.set(minute(71));
    all(&phone.send(&s.rep, &r.items[..1], &[], 71).await, "accepted");
    assert_eq!(status_of(&card(&s, &r).await, "DEVICE_UNSIGNED"), "open");
    // The seal names the record by its text; one of another text says nothing of it.
    let mut other = r.items[..1].to_vec();
    other[0]["body"]["offline"] = json!(false);
    let foreign = phone.seal(&other, 72);
    all(&phone.send(&s.rep, &[], &[foreign], 72).await, "accepted");
    assert_eq!(status_of(&card(&s, &r).await, "DEVICE_UNSIGNED"), "open");
    let seal = phone.seal(&r.items[..1], 73);
    all(&phone.send(&s.rep, &[], &[seal], 73).await, "accepted");
    let healed = card(&s, &r).await;
    assert_eq!(status_of(&healed, "DEVICE_UNSIGNED"), "cleared", "{healed}");
    assert_eq!(codes(&healed), vec!["DEVICE_UNSIGNED"], "the shift's phone stays the shift's: {healed}");
    assert_eq!((&healed["seals"]["sealed"], &healed["seals"]["failed"]), (&json!(1), &json!(0)));
});

testkit::both!(a_clock_put_right_and_a_phone_of_unknown_time, |app| async move {
    let (s, tasks, mut phone) = begin(&app).await;
    // Half an hour slow when the day was fetched, put right before the visit.
    phone.off = -1_800_000;
    phone.hear(&s.rep, 60).await;
    phone.off = 0;
    let r = record(&tasks[0], place(0), 130, 160);
    app.clock.set(minute(131));
    let seal = phone.seal(&r.items[..1], 130);
    all(&phone.send(&s.rep, &r.items[..1], &[seal], 131).await, "accepted");
    assert_eq!(codes(&card(&s, &r).await), Vec::<&str>::new());
    // What another phone brings says nothing of when it was made: nobody used two at once.
    let mut second = Phone::new(s.rep_id, "tablet");
    second.enrol(&s.rep).await;
    let out = item("visit.check_out", minute(134), json!({ "visit_id": r.visit, "fix": null }));
    app.clock.set(minute(135));
    let seal = second.seal(std::slice::from_ref(&out), 134);
    all(&second.send(&s.rep, &[out], &[seal], 135).await, "accepted");
    assert_eq!(codes(&card(&s, &r).await), vec!["DEVICE_UNKNOWN"]);
});

testkit::both!(a_phone_waits_for_whoever_manages_its_person_now, |app| async move {
    let (s, _, _) = begin(&app).await;
    let mut second = Phone::new(s.rep_id, "tablet");
    second.enrol(&s.rep).await;
    let all_departments = s.company.admin.get("/api/v1/departments").await.json;
    let items = all_departments["items"].as_array().unwrap();
    let other = items.iter().find(|d| d["name"] == "二区").unwrap()["id"].clone();
    let path = format!("/api/v1/employees/{}", s.rep_id);
    let version = s.company.admin.get(&path).await.json["version"].as_i64().unwrap();
    let moved = s.company.admin.patch(&path, version, json!({ "department_id": other })).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    let notice = item("notice.read", minute(61), json!({ "notice_id": Uuid::now_v7() }));
    let seal = second.seal(std::slice::from_ref(&notice), 61);
    all(&second.send(&s.rep, &[notice], &[seal], 62).await, "accepted");
    let waiting = s.sibling.get("/api/v1/device-keys?status=waiting").await.json;
    assert_eq!(waiting["items"][0]["id"], json!(second.id), "{waiting}");
    let decision = format!("/api/v1/device-keys/{}/decision", second.id);
    assert_eq!(s.sibling.post(&decision, json!({ "accept": true })).await.status, 200);
});

db::row! { struct Kept { seals: i64, records: i64 } }

/// Seals and sealed records of a company.
async fn kept(app: &App, company: Uuid) -> (i64, i64) {
    let mut reader = app.kit.db.read(&db::Scope::job("test", company)).await.unwrap();
    let row: Kept = reader
        .must(
            db::sql!(
                "SELECT CAST((SELECT COUNT(*) FROM device_seal WHERE tenant_id = $1) AS BIGINT) AS seals, \
                 CAST((SELECT COUNT(*) FROM sealed_record WHERE tenant_id = $1 AND state = 'sealed') AS BIGINT) AS records"
            ),
            vec![],
        )
        .await
        .unwrap();
    (row.seals, row.records)
}

fn marks_of_reading(m: i64) -> Value {
    item("notice.read", minute(m), json!({ "notice_id": Uuid::now_v7() }))
}

testkit::both!(seals_of_nothing_that_is_kept_go_with_the_positions, |app| async move {
    let (mut s, tasks, mut phone) = begin(&app).await;
    let neighbour = app.company("丙").await;
    let (other, of_neighbour) =
        app.person(&neighbour, "王芳", "wangfang", "rep", neighbour.root_department).await;
    let mut elsewhere = Phone::new(other, "phone-9");
    elsewhere.enrol(&of_neighbour).await;
    let r = record(&tasks[0], place(0), 70, 100);
    let visit = vec![phone.seal(&r.items[..1], 70), phone.seal(&r.items[1..], 100)];
    app.clock.set(minute(110));
    all(&phone.send(&s.rep, &r.items, &visit, 110).await, "accepted");
    // What tells only when he looked at his phone; one of them came two days later.
    for m in [120, 130, 2 * 1440 + 130] {
        app.clock.set(minute(m));
        for (phone, client) in [(&mut phone, &s.rep), (&mut elsewhere, &of_neighbour)] {
            let seen = marks_of_reading(m);
            let seal = phone.seal(std::slice::from_ref(&seen), m);
            all(&phone.send(client, &[seen], &[seal], m).await, "accepted");
        }
    }
    let company = s.company.id;
    assert_eq!((kept(&app, company).await, kept(&app, neighbour.id).await), ((5, 6), (3, 0)));
    let purge = async |company| devices::retention::purge(&app.kit.db, company).await.unwrap();

    let day = |n: i64| minute(n * 1440 + 60);
    app.clock.set(day(200));
    assert_eq!(purge(company).await, 0, "nothing goes before somebody has decided");
    s.company.admin = app.sign_in("admin@甲", testkit::PASSWORD).await;
    let decided = s.company.admin.put("/api/v1/company/retention", json!({ "positions_days": 199 })).await;
    assert_eq!(decided.status, 200, "{}", decided.json);
    assert_eq!(purge(company).await, 2, "two are of the day that is gone");
    assert_eq!(kept(&app, company).await, (3, 6));
    assert_eq!(purge(company).await, 0, "once");
    app.clock.set(day(202));
    assert_eq!(purge(company).await, 1, "the third went two days later");
    assert_eq!((kept(&app, company).await, kept(&app, neighbour.id).await), ((2, 6), (3, 0)));
    let trail = s.company.admin.get("/api/v1/audit?limit=20").await.json;
    let told = |l: &&Value| l["action"] == "retention.seals";
    assert_eq!(trail["items"].as_array().unwrap().iter().filter(told).count(), 2, "{trail}");

    // The visit says what it said, and the chain goes on where it stood.
    (s.manager, s.rep) =
        (app.sign_in("chenjing", testkit::PASSWORD).await, app.sign_in("zhangwei", testkit::PASSWORD).await);
    let visit = card(&s, &r).await;
    assert_eq!((&visit["seals"]["sealed"], codes(&visit)), (&json!(6), vec![]), "{visit}");
    let m = 202 * 1440 + 70;
    let seen = marks_of_reading(m);
    let seal = phone.seal(std::slice::from_ref(&seen), m);
    app.clock.set(minute(m));
    let reply = phone.send(&s.rep, &[seen], &[seal], m).await;
    assert_eq!(reply.json["chain"], "held", "{}", reply.json);
    assert_eq!(link_of_newest(&app, company).await, "next");
});

db::row! { struct Linked { link: String } }

/// How the newest seal of a company goes on from the one before.
async fn link_of_newest(app: &App, company: Uuid) -> String {
    let mut reader = app.kit.db.read(&db::Scope::job("test", company)).await.unwrap();
    let row: Linked = reader
        .must(
            db::sql!("SELECT s.link FROM device_seal s WHERE s.tenant_id = $1 ORDER BY s.seq DESC LIMIT 1"),
            vec![],
        )
        .await
        .unwrap();
    row.link
}
