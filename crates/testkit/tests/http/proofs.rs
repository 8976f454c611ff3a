//! What a step asks for beside its answer: recordings, the code at the customer, a place, pictures of other kinds.

use base::Micros;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proof::{passkey, rotating};
use reqwest::Method;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{Client, Reply};
use uuid::Uuid;

use crate::{
    changes::put_rule,
    scene::{Scene, fix, id, item, jpeg, minute, place, sha256},
};

/// The head of what Chrome records, and some sound.
fn webm(seed: u8) -> Vec<u8> {
    let mut all = b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm\x18\x53\x80\x67\x16\x54\xAE\x6B\x86A_OPUS\x1F\x43\xB6\x75".to_vec();
    all.extend((0..3000u32).map(|n| (n as u8).wrapping_mul(31).wrapping_add(seed)));
    all
}

async fn upload(client: &Client, id: Uuid, bytes: &[u8], mime: &str) -> Reply {
    let new = json!({ "id": id, "size": bytes.len(), "sha256": sha256(bytes), "mime": mime });
    let opened = client.post("/api/v1/uploads", new).await;
    if opened.status != 200 {
        return opened;
    }
    let request =
        client.request(Method::PATCH, &format!("/api/v1/uploads/{id}")).header("upload-offset", "0");
    client.send(request.header("content-type", "application/octet-stream").body(bytes.to_vec())).await
}

/// A recording as a phone tells of it.
fn audio(visit: Uuid, step: &Value, id: Uuid, bytes: &[u8], at: Micros) -> Value {
    let body = json!({
        "visit_id": visit, "step_id": step, "audio_id": id, "sha256": sha256(bytes), "size": bytes.len(), "mime": "audio/webm",
        "duration_ms": 42_000, "started_at": at, "notice": true
    });
    item("visit.audio", at, body)
}

/// For the tests of all operations: a recording that is here, at a step of a visit that is over by then.
pub async fn recorded(s: &Scene, visit: Uuid, at: Micros) -> Uuid {
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    let (sound, bytes) = (Uuid::now_v7(), webm(9));
    s.taken(&[audio(visit, &shown["steps"][0]["step"]["id"], sound, &bytes, at)]).await;
    assert_eq!(upload(&s.rep, sound, &bytes, "audio/webm").await.status, 200);
    sound
}

/// A task at one of the rep's customers whose steps are these.
async fn task(s: &Scene, k: usize, steps: Value) -> Value {
    let new = json!({ "name": format!("凭证 {}", Uuid::now_v7().simple()), "kind": "visit", "min_stay_s": 60, "steps": steps });
    let template = s.manager.post("/api/v1/task-templates", new).await;
    assert_eq!(template.status, 201, "{}", template.json);
    let new = json!({
        "employee_id": s.rep_id, "customer_id": s.customers[k], "template_id": template.json["id"], "day": crate::scene::DAY,
        "window": { "from_minute": 540, "to_minute": 1020 }
    });
    let made = s.manager.post("/api/v1/tasks", new).await;
    assert!(made.status < 300, "{}", made.json);
    made.json
}

fn check_in(visit: Uuid, task: &Value, k: usize, at: Micros) -> Value {
    let body = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": fix(place(k), 8.0, at), "offline": false });
    item("visit.check_in", at, body)
}

fn check_out(visit: Uuid, k: usize, at: Micros) -> Value {
    item("visit.check_out", at, json!({ "visit_id": visit, "fix": fix(place(k), 8.0, at) }))
}

fn done(visit: Uuid, step: &Value, at: Micros, more: Value) -> Value {
    let mut body = json!({ "visit_id": visit, "step_id": step, "status": "done", "started_at": at });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    item("visit.step", at, body)
}

async fn one(s: &Scene, item: Value) -> Value {
    s.sync(&[item]).await.remove(0)
}

async fn visit(s: &Scene, id: Uuid) -> Value {
    let reply = s.manager.get(&format!("/api/v1/visits/{id}")).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

async fn ledger(client: &Client) -> Vec<Value> {
    client.get("/api/v1/me/ledger").await.json["items"].as_array().cloned().unwrap()
}

testkit::both!(sound_of_a_step_is_played_by_those_who_may_and_he_sees_it, |app| async move {
    let s = Scene::begin(&app).await;
    let steps = json!([{ "title": "访谈", "kind": "confirm", "proofs": ["audio"], "audio_max_s": 60 }]);
    let task = task(&s, 0, steps).await;
    let step = &task["steps"][0]["id"];
    app.clock.set(minute(70));
    let (v, sound, bytes) = (Uuid::now_v7(), Uuid::now_v7(), webm(1));
    s.taken(&[check_in(v, &task, 0, minute(70))]).await;
    let missing = one(&s, done(v, step, minute(71), json!({}))).await;
    assert_eq!(missing["code"], "visit.proof_missing", "{missing}");
    assert!(missing["detail"].as_str().unwrap().contains("录音"), "{missing}");
    // The bytes come first, the record after them: any order does.
    assert_eq!(upload(&s.rep, sound, &bytes, "audio/webm").await.json["complete"], true);
    let told = audio(v, step, sound, &bytes, minute(71));
    for (field, wrong) in
        [("notice", json!(false)), ("duration_ms", json!(600_000)), ("mime", json!("video/webm"))]
    {
        let mut bad = told.clone();
        bad["id"] = json!(Uuid::now_v7());
        bad["body"][field] = wrong;
        let refused = one(&s, bad).await;
        assert_eq!(refused["code"], "input.invalid", "{field}: {refused}");
    }
    s.taken(std::slice::from_ref(&told)).await;
    assert_eq!(one(&s, told.clone()).await["status"], "duplicate", "exactly once");
    s.taken(&[done(v, step, minute(72), json!({ "audio_ids": [sound] }))]).await;
    app.clock.set(minute(80));
    s.taken(&[check_out(v, 0, minute(80))]).await;
    let shown = visit(&s, v).await;
    assert_eq!(shown["effective"], true, "{shown}");
    let kept = &shown["steps"][0]["audio"][0];
    assert_eq!((kept["status"].as_str(), kept["duration_ms"].as_i64()), (Some("stored"), Some(42_000)));
    assert_eq!(shown["steps"][0]["proofs"], json!([{ "proof": "audio", "state": "held" }]));
    // The file has a column for each kind of proof, and the way to the record.
    let file = String::from_utf8(s.manager.get("/api/v1/visits.csv").await.bytes).unwrap();
    let heads: Vec<&str> = file.lines().next().unwrap().split(',').collect();
    let at = heads.iter().position(|h| *h == "凭证·录音").unwrap();
    assert!(file.lines().any(|l| l.split(',').nth(at) == Some("成立")), "{file}");

    let address = format!("/api/v1/recordings/{sound}");
    let before = ledger(&s.rep).await.iter().filter(|l| l["what"] == "recording").count();
    let heard = s.manager.get(&address).await;
    assert!(heard.status == 200 && heard.bytes == bytes, "not a byte is changed");
    assert_eq!(heard.headers["content-type"], "audio/webm");
    assert_eq!(heard.headers["cache-control"], "no-store");
    s.manager.get(&address).await;
    let lines: Vec<Value> = ledger(&s.rep).await.into_iter().filter(|l| l["what"] == "recording").collect();
    assert_eq!((before, lines.len(), lines[0]["count"].as_i64()), (0, 1, Some(2)), "each playing counts");
    assert_eq!(lines[0]["reader"]["name"], "陈静");
    assert!(s.rep.get(&address).await.bytes == bytes, "one's own");
    assert_eq!(ledger(&s.rep).await.iter().filter(|l| l["what"] == "recording").count(), 1);
    // Who may see the visit need not be allowed to hear it.
    let deaf = json!({ "name": "只看", "permissions": ["visit.read", "customer.read"], "reach": "company" });
    let deaf = id(&s.company.admin.post("/api/v1/roles", deaf).await.json["id"]);
    let new = json!({ "name": "周看", "login": "zhoukan", "password": testkit::PASSWORD, "role_id": deaf, "department_id": s.region });
    assert!(s.company.admin.post("/api/v1/employees", new).await.status < 300);
    let deaf = app.sign_in("zhoukan", testkit::PASSWORD).await;
    assert_eq!(deaf.get(&format!("/api/v1/visits/{v}")).await.status, 200);
    for client in [&deaf, &s.sibling, &s.stranger] {
        assert_eq!(client.get(&address).await.status, 404);
    }
    // The log says that it came, and holds its hash; a bundle for outsiders does not hold the voice.
    let bundle = s.manager.get(&format!("/api/v1/ledger/bundles/visits/{v}")).await;
    assert_eq!(bundle.status, 200);
    assert!(!bundle.bytes.windows(200).any(|w| w == &bytes[..200]), "no voice in a bundle");
});

testkit::both!(what_is_no_sound_is_refused, |app| async move {
    let s = Scene::begin(&app).await;
    let film = [&webm(1)[..31], b"V_VP8", &webm(2)[..]].concat();
    let wrong: [(&[u8], &str); 5] = [
        (&jpeg(64, 48, 1), "audio/webm"),
        (b"<html><script>alert(1)</script></html>", "audio/ogg"),
        (&webm(3), "audio/mp4"),
        (&film[..60], "audio/webm"),
        (b"\x1A\x45\xDF\xA3", "audio/webm"),
    ];
    for (bytes, mime) in wrong {
        let reply = upload(&s.rep, Uuid::now_v7(), bytes, mime).await;
        assert_eq!((reply.status, reply.code()), (422, "upload.not_sound"), "{mime} {}", reply.json);
    }
    let reply = upload(&s.rep, Uuid::now_v7(), &webm(4), "audio/wav").await;
    assert_eq!((reply.status, reply.code()), (422, "input.invalid"));
    // Another person's bytes under the id of a recording.
    let task = task(&s, 0, json!([{ "title": "访谈", "kind": "confirm", "proofs": ["audio"] }])).await;
    app.clock.set(minute(70));
    let (v, sound, bytes) = (Uuid::now_v7(), Uuid::now_v7(), webm(5));
    s.taken(&[
        check_in(v, &task, 0, minute(70)),
        audio(v, &task["steps"][0]["id"], sound, &bytes, minute(71)),
    ])
    .await;
    let (_, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    assert_eq!(upload(&mate, sound, &bytes, "audio/webm").await.code(), "sync.conflict");
    assert_eq!(upload(&s.rep, sound, &webm(6), "audio/webm").await.code(), "sync.conflict");
    assert_eq!(s.manager.get(&format!("/api/v1/recordings/{sound}")).await.status, 404, "not here yet");
    assert_eq!(upload(&s.rep, sound, &bytes, "audio/webm").await.status, 200);
    // Gone with the person, on demand.
    let left = s.company.admin.post(&format!("/api/v1/employees/{}/leave", s.rep_id), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    let erased = json!({ "name": "张伟", "photos": true });
    let erased = s.company.admin.post(&format!("/api/v1/employees/{}/erase", s.rep_id), erased).await;
    assert!(erased.status < 300, "{}", erased.json);
    assert_eq!(s.manager.get(&format!("/api/v1/recordings/{sound}")).await.status, 404);
    assert_eq!(visit(&s, v).await["steps"][0]["audio"][0]["status"], "erased");
});

/// The secret of a code, as its screen gets it.
async fn secret(s: &Scene, code: &Value) -> (String, Vec<u8>) {
    let sheet = s
        .manager
        .post(&format!("/api/v1/customer-codes/{}/sheet", code["id"].as_str().unwrap()), json!({}))
        .await;
    assert_eq!(sheet.status, 200, "{}", sheet.json);
    let text = sheet.json["text"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = text.split_once('#').map_or(vec![], |(_, rest)| rest.split('.').collect());
    (parts[0].to_owned(), URL_SAFE_NO_PAD.decode(parts[1]).unwrap())
}

fn shown_at(secret: &(String, Vec<u8>), at: Micros) -> String {
    format!(
        "tashi-code:{}:{}",
        secret.0,
        rotating::digits(&secret.1, rotating::turn_at(at.0 / Micros::SECOND))
    )
}

async fn make(s: &Scene, k: usize, kind: &str) -> Value {
    let made =
        s.manager.post(&format!("/api/v1/customers/{}/codes", s.customers[k]), json!({ "kind": kind })).await;
    assert_eq!(made.status, 200, "{}", made.json);
    assert!(made.json.get("secret").is_none());
    made.json
}

testkit::both!(the_code_of_the_customer_is_judged_by_when_it_was_read, |app| async move {
    let s = Scene::begin(&app).await;
    let code = make(&s, 0, "rotating").await;
    let other = make(&s, 1, "rotating").await;
    let (here, there) = (secret(&s, &code).await, secret(&s, &other).await);
    // Neither the rep nor anybody who may not plan gets at a secret; other departments do not see that there is one.
    for (client, status) in [(&s.rep, 403), (&s.sibling, 404), (&s.stranger, 404)] {
        assert_eq!(client.get(&format!("/api/v1/customers/{}/codes", s.customers[0])).await.status, status);
        let sheet = format!("/api/v1/customer-codes/{}/sheet", code["id"].as_str().unwrap());
        assert_eq!(client.post(&sheet, json!({})).await.status, status);
    }
    let task = task(&s, 0, json!([{ "title": "到店扫码", "kind": "confirm", "proofs": ["code"] }])).await;
    let step = &task["steps"][0]["id"];
    app.clock.set(minute(70));
    let v = Uuid::now_v7();
    s.taken(&[check_in(v, &task, 0, minute(70))]).await;
    let missing = one(&s, done(v, step, minute(71), json!({}))).await;
    assert_eq!(missing["code"], "visit.proof_missing", "{missing}");
    let judged = async |text: String, m: i64| {
        app.clock.set(minute(m));
        s.taken(&[done(v, step, minute(m), json!({ "code": { "text": text, "at": minute(m) } }))]).await;
        visit(&s, v).await["steps"][0]["proofs"][0].clone()
    };
    let state =
        |p: &Value| (p["state"].as_str().unwrap().to_owned(), p["detail"].as_str().unwrap().to_owned());
    let expect = |p: &Value, a: &str, b: &str| assert_eq!(state(p), (a.to_owned(), b.to_owned()), "{p}");
    expect(&judged(shown_at(&here, minute(72)), 72).await, "held", "rotating");
    // A picture of it that is an hour old, the code of the shop next door, one that nobody made, and dice.
    expect(&judged(shown_at(&here, minute(12)), 73).await, "failed", "wrong_time");
    expect(&judged(shown_at(&there, minute(74)), 74).await, "failed", "other_customer");
    let unknown = format!("tashi-code:{}:12345678", Uuid::now_v7());
    expect(&judged(unknown, 75).await, "failed", "unknown");
    let digits = rotating::digits(&here.1, rotating::turn_at(minute(76).0 / Micros::SECOND));
    expect(&judged(digits, 76).await, "held", "rotating");
    // Typed from a sheet it counts, and says less.
    let printed = make(&s, 0, "printed").await;
    let sheet = format!("/api/v1/customer-codes/{}/sheet", printed["id"].as_str().unwrap());
    let sheet = s.manager.post(&sheet, json!({})).await.json;
    assert!(sheet["qr_svg"].as_str().unwrap().contains("<svg"), "{sheet}");
    expect(&judged(sheet["text"].as_str().unwrap().to_owned(), 77).await, "weak", "printed");
    expect(&judged(sheet["word"].as_str().unwrap().to_owned(), 78).await, "weak", "printed");
    // Renewed: what the old screen shows from now on is worth nothing.
    let renewed = make(&s, 0, "rotating").await;
    expect(&judged(shown_at(&here, minute(83)), 83).await, "failed", "withdrawn");
    let list = s.manager.get(&format!("/api/v1/customers/{}/codes", s.customers[0])).await.json;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.iter().filter(|c| c["withdrawn_at"].is_null()).count(), 2, "{list}");
    assert_eq!(
        s.manager.delete(&format!("/api/v1/customer-codes/{}", renewed["id"].as_str().unwrap())).await.status,
        204
    );
    // The visit with a failed proof does not count, and says why; the card asks.
    app.clock.set(minute(90));
    s.taken(&[check_out(v, 0, minute(90))]).await;
    let shown = visit(&s, v).await;
    assert_eq!(
        (&shown["effective"], &shown["ineffective_reasons"][0]),
        (&json!(false), &json!("proofs_missing")),
        "{shown}"
    );
    let card = s.manager.get(&format!("/api/v1/truth/visits/{v}")).await.json;
    assert!(card["findings"].to_string().contains("PROOF_FAILED"), "{card}");
});

testkit::both!(one_code_in_two_visits_is_seen, |app| async move {
    let s = Scene::begin(&app).await;
    let code = secret(&s, &make(&s, 0, "rotating").await).await;
    let steps = json!([{ "title": "到店扫码", "kind": "confirm", "proofs": ["code"] }]);
    let first = task(&s, 0, steps.clone()).await;
    let (mate_id, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let template = s
        .manager
        .post("/api/v1/task-templates", json!({ "name": "共用", "kind": "visit", "steps": steps }))
        .await
        .json;
    let new = json!({ "employee_id": mate_id, "customer_id": s.customers[0], "template_id": template["id"], "day": crate::scene::DAY, "window": { "from_minute": 540, "to_minute": 1020 } });
    let second = s.manager.post("/api/v1/tasks", new).await.json;
    app.clock.set(minute(75));
    let read = json!({ "code": { "text": shown_at(&code, minute(72)), "at": minute(72) } });
    let (v, w) = (Uuid::now_v7(), Uuid::now_v7());
    s.taken(&[
        check_in(v, &first, 0, minute(70)),
        done(v, &first["steps"][0]["id"], minute(72), read.clone()),
    ])
    .await;
    let items = [check_in(w, &second, 0, minute(70)), done(w, &second["steps"][0]["id"], minute(72), read)];
    let reply = mate.post("/api/v1/field/sync", json!({ "device_id": "phone-2", "items": items })).await;
    assert_eq!(reply.json["receipts"][1]["status"], "accepted", "{}", reply.json);
    for id in [v, w] {
        // The earlier visit is looked at again a moment later.
        let mut card = Value::Null;
        for _ in 0..100 {
            card = s.manager.get(&format!("/api/v1/truth/visits/{id}")).await.json;
            if card["findings"].to_string().contains("CODE_SHARED") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(card["findings"].to_string().contains("CODE_SHARED"), "{id}: {card}");
        assert!(card["speaks_for"].to_string().contains("动态码"), "{card}");
    }
});

testkit::both!(a_place_a_signature_and_a_group_photo_are_asked_for_in_order, |app| async move {
    let s = Scene::begin(&app).await;
    let proofs = json!(["place", "group_photo", "signature"]);
    let task = task(&s, 0, json!([{ "title": "培训", "kind": "text", "proofs": proofs }])).await;
    let step = &task["steps"][0]["id"];
    assert_eq!(task["steps"][0]["proofs"], proofs);
    app.clock.set(minute(70));
    let v = Uuid::now_v7();
    s.taken(&[check_in(v, &task, 0, minute(70))]).await;
    let (group, sign, plain) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let shot = |id: Uuid, purpose: Option<&str>, seed: u8| {
        let bytes = jpeg(320, 240, seed);
        let mut body = json!({
            "visit_id": v, "step_id": step, "photo_id": id, "sha256": sha256(&bytes), "size": bytes.len(), "mime": "image/jpeg", "width": 320,
            "height": 240, "taken_at": minute(71), "live": true
        });
        if let Some(purpose) = purpose {
            body["purpose"] = json!(purpose);
        }
        item("visit.photo", minute(71), body)
    };
    s.taken(&[shot(group, Some("group_photo"), 1), shot(sign, Some("signature"), 2), shot(plain, None, 3)])
        .await;
    app.clock.set(minute(73));
    let with = |photos: &[Uuid], at: Option<geo::LngLat>| {
        let mut more = json!({ "value": "讲了新品", "photo_ids": photos });
        if let Some(at) = at {
            more["fix"] = fix(at, 8.0, minute(72));
        }
        done(v, step, minute(72), more)
    };
    // What is missing is named; a plain photo is no signature.
    for (record, word) in [
        (with(&[group, sign], None), "定位"),
        (with(&[sign], Some(place(0))), "合影"),
        (with(&[group, plain], Some(place(0))), "签名"),
    ] {
        let refused = one(&s, record).await;
        assert_eq!(refused["code"], "visit.proof_missing", "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains(word), "{word}: {refused}");
    }
    s.taken(&[with(&[group, sign], Some(place(0)))]).await;
    let shown = visit(&s, v).await;
    let states: Vec<&str> = shown["steps"][0]["proofs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["held", "held", "held"], "{shown}");
    assert!(shown["photos"].as_array().unwrap().iter().any(|p| p["purpose"] == "group_photo"), "{shown}");
    // Done again 900 m away: kept, said, and the visit does not count for it.
    let away = geo::destination(place(0), 0.0, 900.0);
    app.clock.set(minute(75));
    let again = done(
        v,
        step,
        minute(74),
        json!({ "value": "讲了新品", "photo_ids": [group, sign], "fix": fix(away, 8.0, minute(74)) }),
    );
    s.taken(&[again]).await;
    let shown = visit(&s, v).await;
    assert_eq!(
        shown["steps"][0]["proofs"][0],
        json!({ "proof": "place", "state": "failed", "detail": "outside" })
    );
});

testkit::both!(a_form_may_ask_for_a_recording, |app| async move {
    let s = Scene::begin(&app).await;
    let spec = json!({ "title": { "zh-CN": "访谈" }, "fields": [{ "key": "talk", "type": "audio", "label": { "zh-CN": "谈话" }, "required": "true" }] });
    let admin = &s.company.admin;
    let form = id(&crate::forms::published(admin, "talk", spec).await["id"]);
    let task = task(&s, 0, json!([{ "title": "访谈", "kind": "form", "form_id": form }])).await;
    let step = &task["steps"][0]["id"];
    app.clock.set(minute(70));
    let (v, sound, bytes) = (Uuid::now_v7(), Uuid::now_v7(), webm(7));
    s.taken(&[check_in(v, &task, 0, minute(70)), audio(v, step, sound, &bytes, minute(71))]).await;
    let filled = |named: Value| {
        let value = json!({ "record_id": Uuid::now_v7(), "answers": { "talk": sound } });
        done(v, step, minute(72), json!({ "value": value, "audio_ids": named }))
    };
    app.clock.set(minute(73));
    assert_eq!(one(&s, filled(json!([]))).await["code"], "form.picture");
    assert_eq!(one(&s, filled(json!([Uuid::now_v7()]))).await["code"], "sync.prerequisite");
    s.taken(&[filled(json!([sound]))]).await;
    let record = visit(&s, v).await["steps"][0]["value"]["record_id"].clone();
    let record = s.manager.get(&format!("/api/v1/form-records/{}", record.as_str().unwrap())).await.json;
    assert_eq!(record["answers"]["talk"], json!(sound), "{record}");
});

/// A person's device with a passkey in it.
struct Authenticator {
    pair: EcdsaKeyPair,
    origin: String,
    rp_id: String,
    counter: u32,
}

const CREDENTIAL: &[u8] = b"a passkey of a test";

impl Authenticator {
    fn new(origin: &str) -> Authenticator {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &rng).unwrap();
        let rp_id = proof_host(origin);
        Authenticator { pair, origin: origin.into(), rp_id, counter: 0 }
    }

    fn client(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        json!({ "type": kind, "challenge": URL_SAFE_NO_PAD.encode(challenge), "origin": self.origin })
            .to_string()
            .into_bytes()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let mut all = Sha256::digest(&self.rp_id).to_vec();
        all.push(flags);
        all.extend(self.counter.to_be_bytes());
        all
    }

    fn enrolment(&self, nonce: &str, person: Uuid) -> Value {
        let challenge = passkey::challenge("enrol", nonce, &person.to_string());
        let mut data = self.head(0x45);
        data.extend([0; 16]);
        data.extend((CREDENTIAL.len() as u16).to_be_bytes());
        data.extend(CREDENTIAL);
        let point = self.pair.public_key().as_ref();
        data.extend([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        json!({
            "id": Uuid::now_v7(), "name": "测试手机", "nonce": nonce, "client_data": URL_SAFE_NO_PAD.encode(self.client("webauthn.create", &challenge)),
            "authenticator_data": URL_SAFE_NO_PAD.encode(data)
        })
    }

    fn confirm(&mut self, nonce: &str, subject: &str, flags: u8) -> Value {
        self.counter += 1;
        let client = self.client("webauthn.get", &passkey::challenge("step", nonce, subject));
        let data = self.head(flags);
        let message = [&data[..], &Sha256::digest(&client)[..]].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        json!({ "passkey": {
            "credential_id": URL_SAFE_NO_PAD.encode(CREDENTIAL), "client_data": URL_SAFE_NO_PAD.encode(client), "nonce": nonce,
            "authenticator_data": URL_SAFE_NO_PAD.encode(data), "signature": URL_SAFE_NO_PAD.encode(signature)
        } })
    }
}

fn proof_host(origin: &str) -> String {
    let rest = origin.split_once("://").unwrap().1;
    rest.split(':').next().unwrap().to_owned()
}

async fn nonce(client: &Client) -> String {
    client.get("/api/v1/field/snapshot").await.json["nonce"].as_str().unwrap().to_owned()
}

testkit::both!(a_passkey_says_that_it_was_he_at_this_step_and_at_no_other, |app| async move {
    let s = Scene::begin(&app).await;
    let origin = app.base.trim_end_matches('/').to_owned();
    let mut mine = Authenticator::new(&origin);
    assert_eq!(s.rep.get("/api/v1/me/passkeys").await.json, json!({ "rp_id": mine.rp_id, "items": [] }));
    app.clock.set(minute(60));
    let word = nonce(&s.rep).await;
    // A word of somebody else, another page, and what is no passkey.
    let (_, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let foreign = nonce(&mate).await;
    let elsewhere = Authenticator::new("https://evil.example").enrolment(&word, s.rep_id);
    let mut broken = mine.enrolment(&word, s.rep_id);
    broken["authenticator_data"] = json!("AAAA");
    for bad in
        [mine.enrolment(&foreign, s.rep_id), elsewhere, broken, mine.enrolment("never issued", s.rep_id)]
    {
        let refused = s.rep.post("/api/v1/me/passkeys", bad).await;
        assert_eq!((refused.status, refused.code()), (422, "passkey.bad"), "{}", refused.json);
    }
    let new = mine.enrolment(&word, s.rep_id);
    let made = s.rep.post("/api/v1/me/passkeys", new.clone()).await;
    assert_eq!((made.status, made.json["name"].as_str()), (200, Some("测试手机")), "{}", made.json);
    assert_eq!(s.rep.post("/api/v1/me/passkeys", new).await.json["id"], made.json["id"], "the same again");
    assert_eq!(s.manager.get("/api/v1/passkeys").await.json["items"][0]["employee"]["name"], "张伟");
    for stranger in [&s.sibling, &s.stranger] {
        assert_eq!(stranger.get("/api/v1/passkeys").await.json["items"], json!([]));
    }

    let task = task(&s, 0, json!([{ "title": "本人确认", "kind": "confirm", "proofs": ["passkey"] }])).await;
    let (v, step) = (Uuid::now_v7(), task["steps"][0]["id"].clone());
    let subject = format!("{v}/{}", step.as_str().unwrap());
    app.clock.set(minute(70));
    s.taken(&[check_in(v, &task, 0, minute(70))]).await;
    assert_eq!(one(&s, done(v, &step, minute(71), json!({}))).await["code"], "visit.proof_missing");
    let judged = async |given: Value, m: i64| {
        app.clock.set(minute(m));
        s.taken(&[done(v, &step, minute(m), given)]).await;
        let given = visit(&s, v).await["steps"][0]["proofs"][0].clone();
        format!("{} {}", given["state"].as_str().unwrap(), given["detail"].as_str().unwrap())
    };
    let word = nonce(&s.rep).await;
    let good = mine.confirm(&word, &subject, 5);
    assert_eq!(judged(good.clone(), 72).await, "held verified");
    // Used again it has counted before; for another visit it was not made; without his finger it says nothing.
    assert_eq!(judged(good.clone(), 73).await, "weak passkey_copied");
    let other = mine.confirm(&word, &format!("{}/{step}", Uuid::now_v7()), 5);
    assert_eq!(judged(other, 74).await, "failed passkey_broken");
    let touched = mine.confirm(&word, &subject, 1);
    assert_eq!(judged(touched, 75).await, "failed passkey_broken");
    let mut changed = mine.confirm(&word, &subject, 5);
    changed["passkey"]["signature"] = good["passkey"]["signature"].clone();
    assert_eq!(judged(changed, 76).await, "failed passkey_broken");
    let foreign = mine.confirm(&foreign, &subject, 5);
    assert_eq!(judged(foreign, 77).await, "failed passkey_stale");
    // Brought an hour later: the phone had no network.
    let offline = mine.confirm(&word, &subject, 5);
    assert_eq!(judged(offline, 140).await, "held verified_offline");
    let card = s.manager.get(&format!("/api/v1/truth/visits/{v}")).await.json;
    assert!(card["speaks_for"].to_string().contains("本人"), "{card}");
    // Withdrawn by the office: from then on it says nothing.
    let address = format!("/api/v1/passkeys/{}", made.json["id"].as_str().unwrap());
    assert_eq!(s.manager.delete(&address).await.status, 403);
    assert_eq!(s.stranger.delete(&address).await.status, 404);
    assert_eq!(s.company.admin.delete(&address).await.status, 204);
    let late = mine.confirm(&word, &subject, 5);
    assert_eq!(judged(late, 145).await, "failed passkey_unknown");
});

testkit::both!(a_company_may_ask_who_checks_in, |app| async move {
    let s = Scene::begin(&app).await;
    let mut mine = Authenticator::new(app.base.trim_end_matches('/'));
    app.clock.set(minute(60));
    let old_word = nonce(&s.rep).await;
    let new = mine.enrolment(&old_word, s.rep_id);
    assert_eq!(s.rep.post("/api/v1/me/passkeys", new).await.status, 200);
    let arrived = |visit: Uuid, k: usize, at: Micros, more: Value| {
        let mut body = json!({ "visit_id": visit, "task_id": null, "customer_id": s.customers[k], "fix": fix(place(k), 8.0, at), "offline": false });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        item("visit.check_in", at, body)
    };
    // Nobody asks: nothing is said of who it was.
    let unasked = Uuid::now_v7();
    app.clock.set(minute(63));
    s.taken(&[
        arrived(unasked, 0, minute(61), json!({ "nonce": old_word })),
        check_out(unasked, 0, minute(62)),
    ])
    .await;
    assert_eq!(visit(&s, unasked).await["identity"], Value::Null);

    app.clock.set(minute(65));
    let ask = |identity: &str| json!({ "reorder": "free", "skip": "free", "identity": identity });
    let bad = put_rule(&s.company.admin, 0, ask("face")).await;
    assert_eq!(bad.status, 422, "{}", bad.json);
    assert_eq!(put_rule(&s.manager, 0, ask("passkey")).await.status, 403);
    let set = put_rule(&s.company.admin, 0, ask("passkey")).await;
    assert_eq!((set.status, &set.json["identity"]), (200, &json!("passkey")), "{}", set.json);
    assert_eq!(s.snapshot().await["plan_rule"]["identity"], "passkey");

    // Whoever stands there is told.
    app.clock.set(minute(70));
    let word = nonce(&s.rep).await;
    let (v, w) = (Uuid::now_v7(), Uuid::now_v7());
    let bare = one(&s, arrived(v, 1, minute(70), json!({ "nonce": word }))).await;
    assert_eq!(
        (&bare["status"], &bare["code"]),
        (&json!("rejected"), &json!("visit.identity_missing")),
        "{bare}"
    );
    let mut confirmed = mine.confirm(&word, &format!("{v}/check-in"), 5);
    confirmed["nonce"] = json!(word);
    s.taken(&[arrived(v, 1, minute(70), confirmed.clone())]).await;
    let held = json!({ "proof": "passkey", "state": "held", "detail": "verified" });
    assert_eq!(visit(&s, v).await["identity"], held);
    let again = one(&s, arrived(v, 1, minute(70), confirmed.clone())).await;
    assert_ne!(again["status"], "rejected", "the same again: {again}");
    app.clock.set(minute(76));
    s.taken(&[check_out(v, 1, minute(76))]).await;
    let shown = visit(&s, v).await;
    assert!(!shown["ineffective_reasons"].to_string().contains("proofs_missing"), "{shown}");
    let card = s.manager.get(&format!("/api/v1/truth/visits/{v}")).await.json;
    assert!(card["speaks_for"].to_string().contains("本人"), "{card}");

    // Made for one visit it says nothing in another: kept, said, and no effective visit.
    app.clock.set(minute(90));
    s.taken(&[arrived(w, 2, minute(80), confirmed), check_out(w, 2, minute(90))]).await;
    let shown = visit(&s, w).await;
    assert_eq!(
        shown["identity"],
        json!({ "proof": "passkey", "state": "failed", "detail": "passkey_broken" })
    );
    assert!(shown["ineffective_reasons"].to_string().contains("proofs_missing"), "{shown}");

    // Without a network nobody could be told. A phone whose word is from before the rule could not know of it.
    app.clock.set(minute(130));
    let (knew, could_not) = (Uuid::now_v7(), Uuid::now_v7());
    s.taken(&[
        arrived(knew, 3, minute(100), json!({ "nonce": word, "offline": true })),
        check_out(knew, 3, minute(110)),
        arrived(could_not, 4, minute(112), json!({ "nonce": old_word, "offline": true })),
        check_out(could_not, 4, minute(120)),
    ])
    .await;
    let unbrought = json!({ "proof": "passkey", "state": "failed", "detail": "not_brought" });
    assert_eq!(visit(&s, knew).await["identity"], unbrought);
    assert_eq!(visit(&s, could_not).await["identity"], Value::Null);
});
