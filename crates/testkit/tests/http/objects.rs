//! Objects a company defines: published, filled in exactly once, numbered without gaps, seen by grant, changed, exported.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{Scene, id, item, minute};

/// Something of every kind that is compared, a relation, a place, and a table.
fn spec() -> Value {
    json!({ "title": { "zh-CN": "促销活动", "en": "Promotion" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "活动名称", "en": "Name" }, "required": "true" },
        { "key": "budget", "type": "number", "places": 2, "min": 0, "label": { "zh-CN": "预算", "en": "Budget" } },
        { "key": "kind", "type": "choice", "label": { "zh-CN": "形式", "en": "Kind" }, "options": [
            { "value": "in_store", "label": { "zh-CN": "堆头", "en": "Display" } }, { "value": "instore", "label": { "zh-CN": "海报", "en": "Poster" } }] },
        { "key": "start", "type": "date", "label": { "zh-CN": "开始", "en": "Start" } },
        { "key": "shop", "type": "reference", "to": "customer", "label": { "zh-CN": "门店", "en": "Shop" } },
        { "key": "spot", "type": "place", "label": { "zh-CN": "位置", "en": "Place" } },
        { "key": "double", "type": "number", "label": { "zh-CN": "两倍", "en": "Double" }, "calc": "form.budget * 2" },
    ] })
}

/// One text: what the hostile tests send.
pub fn small_spec() -> Value {
    json!({ "title": { "zh-CN": "小对象", "en": "Small" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "名称", "en": "Name" }, "required": "true" } ] })
}

pub async fn make(client: &Client, key: &str, spec: Value) -> Value {
    let name = json!({ "zh-CN": "促销活动", "en": "Promotion" });
    let new =
        json!({ "key": key, "name": name, "icon": "gift", "numbering": "CX-{yyyy}{mm}-{000}", "spec": spec });
    let made = client.post("/api/v1/object-definitions", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

pub async fn publish(client: &Client, object: &Value) -> Value {
    let path = format!("/api/v1/forms/{}", object["id"].as_str().unwrap());
    let form = client.get(&path).await.json;
    let request = client.request(Method::POST, &format!("{path}/publish"));
    let request = request.header("if-match", format!("\"{}\"", form["version"]));
    let done = client.send(request.json(&json!({ "note": null }))).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

/// A published object.
pub async fn published(client: &Client, key: &str, spec: Value) -> Value {
    let object = make(client, key, spec).await;
    publish(client, &object).await;
    object
}

/// A published object with a record of the administrator, for tests that need one of each.
pub async fn filled(app: &App, s: &Scene) -> (Uuid, Uuid) {
    let admin = &s.company.admin;
    let object = make(admin, "promo", small_spec()).await;
    publish(admin, &object).await;
    app.clock.set(minute(126));
    let made = admin.post("/api/v1/objects/promo/records", json!({ "answers": { "name": "中秋" } })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    (id(&object["id"]), id(&made.json["id"]))
}

const RECORDS: &str = "/api/v1/objects/promo/records";

async fn delete(client: &Client, record: &Value, reason: &str) -> Reply {
    let path = format!("{RECORDS}/{}/delete", record["id"].as_str().unwrap());
    let request =
        client.request(Method::POST, &path).header("if-match", format!("\"{}\"", record["version"]));
    client.send(request.json(&json!({ "reason": reason }))).await
}

async fn patch(client: &Client, record: &Value, body: Value) -> Reply {
    let path = format!("{RECORDS}/{}", record["id"].as_str().unwrap());
    client.patch(&path, record["version"].as_i64().unwrap(), body).await
}

async fn found(client: &Client, query: &[(&str, &str)]) -> Vec<String> {
    let request = client.request(Method::GET, RECORDS).query(query).query(&[("count", "true")]);
    let reply = client.send(request).await;
    assert_eq!(reply.status, 200, "{query:?} {}", reply.json);
    let rows = reply.json["items"].as_array().unwrap().clone();
    assert_eq!(reply.json["total"], rows.len(), "{query:?}");
    rows.iter().map(|r| r["title"].as_str().unwrap().to_owned()).collect()
}

testkit::both!(an_object_is_published_filled_in_once_and_seen_by_grant, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", spec()).await;
    assert_eq!(object["next_code"], "CX-202611-001");
    let twin = json!({ "key": "promo", "name": { "zh-CN": "别的" }, "icon": "gift", "spec": small_spec() });
    assert_eq!(admin.post("/api/v1/object-definitions", twin).await.json["code"], "object.key_taken");
    assert_eq!(s.rep.post("/api/v1/object-definitions", json!({})).await.status, 403);
    // Its fields are a form, and no step of a visit.
    assert_eq!(admin.get("/api/v1/forms").await.json["items"], json!([]));
    let steps = json!([{ "title": "x", "kind": "form", "form_id": object["id"] }]);
    let step = json!({ "name": "t", "kind": "visit", "min_stay_s": 300, "steps": steps });
    assert_eq!(s.manager.post("/api/v1/task-templates", step).await.status, 422);
    // Nobody sees it before it is published; then those with a grant do.
    assert_eq!(s.rep.get("/api/v1/objects").await.json["items"], json!([]));
    assert_eq!(admin.get("/api/v1/objects/promo").await.status, 404);
    publish(admin, &object).await;
    let mine = s.rep.get("/api/v1/objects").await.json["items"][0].clone();
    assert_eq!(
        (&mine["key"], &mine["may"]),
        (&json!("promo"), &json!({ "create": true, "read": "own", "change": "own", "delete": "none" }))
    );
    assert_eq!(s.stranger.get("/api/v1/objects").await.json["items"], json!([]));
    assert_eq!(s.stranger.get(RECORDS).await.status, 404);

    // On the phone: with its fields, filled in without a network, taken once.
    let carried = s.snapshot().await["objects"][0].clone();
    assert_eq!((&carried["number"], &carried["spec"]["fields"][0]["key"]), (&json!(1), &json!("name")));
    app.clock.set(minute(80));
    let record = Uuid::now_v7();
    let answers = json!({ "name": "中秋堆头", "budget": 800.5, "kind": "in_store", "start": "2026-11-21", "shop": s.customers[0],
        "spot": { "lng": 118.7123456, "lat": 32.0123457 } });
    let sent = item(
        "object.create",
        minute(70),
        json!({ "record_id": record, "object_key": "promo", "number": 1, "answers": answers }),
    );
    s.taken(std::slice::from_ref(&sent)).await;
    assert_eq!(s.sync(std::slice::from_ref(&sent)).await[0]["status"], "duplicate");
    let mut again = sent.clone();
    again["id"] = json!(Uuid::now_v7());
    s.taken(&[again.clone()]).await;
    again["id"] = json!(Uuid::now_v7());
    again["body"]["answers"]["name"] = json!("另一个");
    assert_eq!(s.sync(&[again]).await[0]["code"], "sync.conflict");
    for (answers, code) in
        [(json!({}), "form.answers"), (json!({ "name": "x", "kind": "nope" }), "form.answers")]
    {
        let bad =
            json!({ "record_id": Uuid::now_v7(), "object_key": "promo", "number": 1, "answers": answers });
        assert_eq!(s.sync(&[item("object.create", minute(71), bad)]).await[0]["code"], code);
    }
    let unknown = json!({ "record_id": Uuid::now_v7(), "object_key": "nope", "number": 1, "answers": {} });
    assert_eq!(s.sync(&[item("object.create", minute(71), unknown)]).await[0]["code"], "not_found");

    // Once, with one number, at his manager's and nobody else's.
    let list = s.manager.get(&format!("{RECORDS}?count=true")).await.json;
    let row = &list["items"][0];
    assert_eq!(
        (&list["total"], &row["code"], &row["title"]),
        (&json!(1), &json!("CX-202611-001"), &json!("中秋堆头"))
    );
    assert_eq!(
        (&row["answers"]["double"], &row["answers"]["spot"]),
        (&json!(1601), &json!({ "hidden": true }))
    );
    assert_eq!(row["names"][s.customers[0].to_string()], "客户 1");
    assert_eq!(s.sibling.get(&format!("{RECORDS}?count=true")).await.json["total"], 0);
    let path = format!("{RECORDS}/{record}");
    assert_eq!((s.sibling.get(&path).await.status, s.stranger.get(&path).await.status), (404, 404));
    let links = format!("/api/v1/object-links?to={}", s.customers[0]);
    assert_eq!(s.manager.get(&links).await.json["items"][0]["id"], json!(record));
    assert_eq!(s.sibling.get(&links).await.json["items"], json!([]));

    // Whoever reads where he was stands in his ledger; the list is no look.
    let looks = async || {
        let page = s.rep.get("/api/v1/me/ledger?limit=200").await.json;
        page["items"].as_array().unwrap().iter().map(|l| l["count"].as_i64().unwrap()).sum::<i64>()
    };
    let before = looks().await;
    let one = s.manager.get(&path).await.json;
    assert_eq!(one["answers"]["spot"]["lng"], 118.712_345_6);
    assert!(looks().await > before);
    let before = looks().await;
    let text = s.manager.get(&format!("{RECORDS}.csv")).await;
    assert!(looks().await > before);
    let text = String::from_utf8(text.bytes).unwrap();
    assert!(text.contains("CX-202611-001") && text.contains("堆头") && text.contains("客户 1"), "{text}");
    let english = s.manager.clone().in_english().get(&format!("{RECORDS}.xlsx")).await;
    let rows = testkit::sheet(&english.bytes);
    assert!(rows[0].contains(&"Budget".to_owned()) && rows[1].contains(&"Display".to_owned()), "{rows:?}");
    let sibling = s.sibling.get(&format!("{RECORDS}.csv")).await;
    assert_eq!(sibling.bytes.iter().filter(|b| **b == b'\n').count(), 1);

    // Changed with a reason; what it said stays; stale and unfounded changes are refused.
    let better = json!({ "name": "中秋大堆头", "budget": 900, "shop": s.customers[1] });
    assert_eq!(patch(&s.manager, &one, json!({ "answers": better, "reason": " " })).await.status, 422);
    let changed = patch(&s.manager, &one, json!({ "answers": better, "reason": "店方改期" })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    assert_eq!(
        (&changed.json["title"], &changed.json["code"]),
        (&json!("中秋大堆头"), &json!("CX-202611-001"))
    );
    let edit = &changed.json["history"][0];
    assert_eq!((&edit["reason"], &edit["before"]["name"]), (&json!("店方改期"), &json!("中秋堆头")));
    let stale = patch(&s.manager, &one, json!({ "answers": better, "reason": "再改" })).await;
    assert_eq!(stale.json["code"], "version.conflict");
    assert_eq!(s.manager.get(&links).await.json["items"], json!([]), "the relation moved along");
    assert_eq!(patch(&s.sibling, &changed.json, json!({ "reason": "x" })).await.status, 404);
    assert_eq!(delete(&s.rep, &changed.json, "不要了").await.json["code"], "auth.forbidden");
    let admin_id = admin.get("/api/v1/me").await.json["employee"]["id"].clone();
    let handed = patch(admin, &changed.json, json!({ "owner_id": admin_id, "reason": "转交" })).await;
    assert_eq!(
        (handed.status, &handed.json["history"][0]["kind"]),
        (200, &json!("owner")),
        "{}",
        handed.json
    );
    assert_eq!(s.rep.get(&path).await.status, 404, "it is no longer his");
    let gone = delete(admin, &handed.json, "录错").await;
    assert_eq!((gone.status, admin.get(&path).await.status), (204, 404));
    assert_eq!(admin.get(&format!("{RECORDS}?count=true")).await.json["total"], 0);
    let trail = admin.get("/api/v1/audit?object_kind=object_record").await.json.to_string();
    assert!(trail.contains("object_record.delete") && trail.contains("录错"), "{trail}");
});

testkit::both!(a_list_is_filtered_and_sorted_by_any_field, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", spec()).await;
    publish(admin, &object).await;
    for (name, budget, kind, start) in [
        ("甲", json!(10), json!("in_store"), json!("2026-11-01")),
        ("乙 50%", json!(9.5), json!("instore"), json!("2026-11-30")),
        ("丙", Value::Null, Value::Null, Value::Null),
    ] {
        let answers = json!({ "name": name, "budget": budget, "kind": kind, "start": start });
        let made = s.rep.post(RECORDS, json!({ "answers": answers })).await;
        assert_eq!(made.status, 201, "{}", made.json);
    }
    let all = async |query: &[(&str, &str)]| found(&s.manager, query).await.join(",");
    assert_eq!(all(&[]).await, "丙,乙 50%,甲", "newest first");
    assert_eq!(all(&[("sort", "budget")]).await, "丙,乙 50%,甲");
    assert_eq!(all(&[("sort", "-budget")]).await, "甲,乙 50%,丙");
    assert_eq!(all(&[("sort", "code")]).await, "甲,乙 50%,丙");
    assert_eq!(all(&[("sort", "-start")]).await, "乙 50%,甲,丙");
    assert_eq!(all(&[("q", "50%")]).await, "乙 50%");
    assert_eq!(all(&[("q", "cx-202611-003")]).await, "丙");
    let by = async |filter: Value| all(&[("filter", filter.to_string().as_str()), ("sort", "code")]).await;
    assert_eq!(by(json!([{ "field": "budget", "from": 9.5, "to": 9.6 }])).await, "乙 50%");
    // `_` in a word is a sign and no wildcard.
    assert_eq!(by(json!([{ "field": "kind", "one_of": ["in_store"] }])).await, "甲");
    assert_eq!(by(json!([{ "field": "kind", "one_of": ["instore", "in_store"] }])).await, "甲,乙 50%");
    assert_eq!(by(json!([{ "field": "kind", "empty": true }])).await, "丙");
    assert_eq!(
        by(json!([{ "field": "start", "from": "2026-11-02" }, { "field": "budget", "to": 10 }])).await,
        "乙 50%"
    );
    assert_eq!(by(json!([{ "field": "name", "contains": "甲" }])).await, "甲");
    // Page by page, in the order of a field.
    let mut seen = vec![];
    let mut cursor = String::new();
    loop {
        let reply = s.manager.get(&format!("{RECORDS}?sort=-budget&limit=1{cursor}")).await.json;
        seen.extend(
            reply["items"].as_array().unwrap().iter().map(|r| r["title"].as_str().unwrap().to_owned()),
        );
        let Some(next) = reply["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["甲", "乙 50%", "丙"]);
    for bad in [
        "filter=x",
        "filter=[{\"field\":\"nope\"}]",
        "filter=[{\"field\":\"spot\",\"empty\":true}]",
        "sort=nope",
        "sort=spot",
        "cursor=x",
        "what=1",
    ] {
        assert_eq!(s.manager.get(&format!("{RECORDS}?{bad}")).await.status, 422, "{bad}");
    }
});

testkit::both!(numbers_have_no_gaps_and_start_anew_by_the_month, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", small_spec()).await;
    publish(admin, &object).await;
    // Ten at once, three of them refused, and one sent by two lines at the same time.
    let twin = Uuid::now_v7();
    let bodies = (0..12).map(|k| match k {
        0..3 => json!({ "answers": {} }),
        3 | 4 => json!({ "id": twin, "answers": { "name": "双胞胎" } }),
        _ => json!({ "answers": { "name": format!("第 {k} 条") } }),
    });
    let replies = futures::future::join_all(bodies.map(|b| s.rep.post(RECORDS, b))).await;
    let statuses: Vec<u16> = replies.iter().map(|r| r.status).collect();
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 9, "{statuses:?}");
    let page = admin.get(&format!("{RECORDS}?sort=code&limit=100")).await.json;
    let codes: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    let wanted: Vec<String> = (1..=8).map(|n| format!("CX-202611-{n:03}")).collect();
    assert_eq!(codes, wanted, "no gap, nothing twice");
    app.clock.set(minute(60 * 24 * 11));
    let december = s.rep.post(RECORDS, json!({ "answers": { "name": "圣诞" } })).await.json;
    assert_eq!(december["code"], "CX-202612-001");
    // Another pattern holds at once; one that would meet a number given already goes past it.
    let path = format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap());
    let seen = admin.get(&path).await.json;
    assert_eq!(seen["next_code"], "CX-202612-002");
    let version = seen["version"].as_i64().unwrap();
    for bad in ["CX", "{0}{0}", "{year}{0}"] {
        assert_eq!(admin.patch(&path, version, json!({ "numbering": bad })).await.status, 422, "{bad}");
    }
    let other = admin.patch(&path, version, json!({ "numbering": "CX-2026{mm}-00{0}" })).await;
    assert_eq!(other.status, 200, "{}", other.json);
    let next = s.rep.post(RECORDS, json!({ "answers": { "name": "元旦" } })).await.json;
    assert_eq!(next["code"], "CX-202612-002");
    assert_eq!(admin.patch(&path, version, json!({ "icon": "tag" })).await.json["code"], "version.conflict");
});

testkit::both!(old_records_keep_their_fields_when_the_object_changes, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", spec()).await;
    publish(admin, &object).await;
    let old = s.rep.post(RECORDS, json!({ "answers": { "name": "旧", "kind": "in_store" } })).await.json;
    let form = format!("/api/v1/forms/{}", object["id"].as_str().unwrap());
    let drafted = json!({ "title": { "zh-CN": "促销活动" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "活动名称" }, "required": "true" },
        { "key": "leader", "type": "text", "label": { "zh-CN": "带队人" }, "required": "true" } ] });
    let seen = admin.get(&form).await.json;
    let redrawn = admin.patch(&form, seen["version"].as_i64().unwrap(), json!({ "spec": drafted })).await;
    assert_eq!(redrawn.status, 200, "{}", redrawn.json);
    assert_eq!(s.rep.get("/api/v1/objects/promo").await.json["number"], 1, "a draft changes nothing");
    publish(admin, &object).await;
    // The record is read by its own version; a phone that knows the old one may still send.
    let path = format!("{RECORDS}/{}", old["id"].as_str().unwrap());
    let read = s.rep.get(&path).await.json;
    assert_eq!((&read["number"], &read["spec"]["fields"][2]["key"]), (&json!(1), &json!("kind")));
    let late =
        s.rep.post(RECORDS, json!({ "number": 1, "answers": { "name": "迟到", "kind": "in_store" } })).await;
    assert_eq!((late.status, &late.json["number"]), (201, &json!(1)), "{}", late.json);
    assert_eq!(
        s.rep.post(RECORDS, json!({ "number": 9, "answers": {} })).await.json["code"],
        "object.no_version"
    );
    assert_eq!(
        s.rep.post(RECORDS, json!({ "answers": { "name": "新" } })).await.json["code"],
        "form.answers"
    );
    // A change is judged by the newest: what it asks now must be answered, what it dropped goes into the history.
    let same = json!({ "name": "旧", "kind": "in_store" });
    assert_eq!(
        patch(&s.rep, &read, json!({ "answers": same, "reason": "补" })).await.json["code"],
        "form.answers"
    );
    let full = json!({ "name": "旧", "kind": "in_store", "leader": "李娜" });
    let moved = patch(&s.rep, &read, json!({ "answers": full, "reason": "补带队人" })).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    assert_eq!(
        (&moved.json["number"], &moved.json["answers"]),
        (&json!(2), &json!({ "name": "旧", "leader": "李娜" }))
    );
    assert_eq!(moved.json["history"][0]["before"]["kind"], "in_store");
    // Filters follow the newest version; the file has the columns of both.
    assert_eq!(s.rep.get(&format!("{RECORDS}?sort=kind")).await.status, 422);
    let text = String::from_utf8(s.rep.get(&format!("{RECORDS}.csv")).await.bytes).unwrap();
    assert!(text.contains("带队人") && text.contains("形式"), "{text}");

    // Items are checked at visits: an object that asks for one is not published.
    let check = json!({ "title": { "zh-CN": "促销活动" }, "fields": [{ "key": "item", "type": "check", "label": { "zh-CN": "检查" } }] });
    let seen = admin.get(&form).await.json;
    let drafted = admin.patch(&form, seen["version"].as_i64().unwrap(), json!({ "spec": check })).await.json;
    assert_eq!(drafted["faults"][0]["code"], "not_yet", "{drafted}");
    // A retired object takes nothing new and keeps what it has.
    let path = format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap());
    let version = admin.get(&path).await.json["version"].as_i64().unwrap();
    assert_eq!(admin.patch(&path, version, json!({ "retired": true })).await.json["retired"], true);
    assert_eq!(
        s.rep.post(RECORDS, json!({ "answers": { "name": "x", "leader": "y" } })).await.json["code"],
        "object.retired"
    );
    assert_eq!(s.rep.get(&format!("{RECORDS}?count=true")).await.json["total"], 2);
    assert_eq!(s.snapshot().await["objects"], json!([]));
});

testkit::both!(a_role_may_what_it_was_granted, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", small_spec()).await;
    publish(admin, &object).await;
    let path = format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap());
    let grant = async |grants: Value| {
        let version = admin.get(&path).await.json["version"].as_i64().unwrap();
        let done = admin.patch(&path, version, json!({ "grants": grants })).await;
        assert_eq!(done.status, 200, "{}", done.json);
    };
    let made = s.rep.post(RECORDS, json!({ "answers": { "name": "甲" } })).await.json;
    // Only to be filled in: he hears the number and sees no list.
    grant(json!({ "rep": { "create": true, "read": "none", "change": "none", "delete": "none" },
        "manager": { "create": false, "read": "company", "change": "none", "delete": "seen" } }))
    .await;
    let blind = s.rep.post(RECORDS, json!({ "answers": { "name": "乙" } })).await;
    assert_eq!((blind.status, &blind.json["code"]), (201, &json!("CX-202611-002")), "{}", blind.json);
    assert_eq!(s.rep.get(RECORDS).await.json["items"], json!([]));
    assert_eq!(s.rep.get(&format!("{RECORDS}/{}", made["id"].as_str().unwrap())).await.status, 404);
    // A manager of another region was granted the whole company, and to delete, but not to make or change.
    assert_eq!(s.sibling.get(&format!("{RECORDS}?count=true")).await.json["total"], 2);
    assert_eq!(
        s.sibling.post(RECORDS, json!({ "answers": { "name": "丙" } })).await.json["code"],
        "auth.forbidden"
    );
    assert_eq!(patch(&s.sibling, &made, json!({ "reason": "x" })).await.json["code"], "auth.forbidden");
    assert_eq!(delete(&s.sibling, &made, "清理").await.status, 204);
    // Of his department and all below it, also for a role whose own reach is himself.
    grant(json!({ "rep": { "create": true, "read": "departments", "change": "own", "delete": "none" } }))
        .await;
    let (_, mate) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    let theirs = mate.get(&format!("{RECORDS}?count=true")).await.json;
    assert_eq!(theirs["total"], 1, "{theirs}");
    assert_eq!(
        patch(&mate, &theirs["items"][0], json!({ "reason": "x" })).await.json["code"],
        "auth.forbidden"
    );
    let admin_id = admin.get("/api/v1/me").await.json["employee"]["id"].clone();
    let given = json!({ "answers": { "name": "丁" }, "owner_id": admin_id });
    assert_eq!(mate.post(RECORDS, given).await.json["errors"][0]["field"], "owner_id");
    assert_eq!(s.manager.get("/api/v1/objects").await.json["items"], json!([]), "nothing was granted");
    for bad in [
        json!({ "grants": { "rep": { "create": true } } }),
        json!({ "grants": { "rep": { "create": true, "read": "all", "change": "own", "delete": "none" } } }),
        json!({ "columns": ["a", "a"] }),
        json!({ "title_field": "Not a key" }),
        json!({ "name": {} }),
    ] {
        let version = admin.get(&path).await.json["version"].as_i64().unwrap();
        assert_eq!(admin.patch(&path, version, bad.clone()).await.status, 422, "{bad}");
    }
});

testkit::both!(a_sheet_is_looked_at_line_by_line_and_taken_over_whole, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", spec()).await;
    publish(admin, &object).await;
    let upload = async |client: &Client, kind: &str, text: &str| {
        client
            .post_bytes(&format!("/api/v1/imports?kind={kind}&filename=a.csv"), text.as_bytes().to_vec())
            .await
    };
    let sheet = "活动名称,预算,形式,开始,门店,负责人\n\
        中秋,\"1,200.5\",堆头,2026/11/21,客户 1,张伟\n\
        ,1,堆头,,,\n\
        国庆,很多,橱窗,昨天,没有这家,没有这人\n\
        元旦,,instore,2026-12-31,,\n";
    let read = upload(&s.manager, "object:promo", sheet).await;
    assert_eq!(read.status, 201, "{}", read.json);
    assert_eq!((&read.json["ready"], &read.json["error_rows"]), (&json!(2), &json!(2)), "{}", read.json);
    let told: Vec<(i64, String)> = read.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["row"].as_i64().unwrap(), e["column"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(told[0], (3, "活动名称".to_owned()));
    for column in ["预算", "形式", "开始", "门店", "负责人"] {
        assert!(told.contains(&(4, column.to_owned())), "{column} {told:?}");
    }
    let commit = format!("/api/v1/imports/{}/commit", read.json["id"].as_str().unwrap());
    assert_eq!(s.manager.post(&commit, json!({})).await.json["code"], "import.has_errors");
    assert_eq!(s.manager.get(&format!("{RECORDS}?count=true")).await.json["total"], 0, "all or nothing");
    let done = s.manager.post(&commit, json!({ "skip_errors": true })).await;
    assert_eq!((done.status, &done.json["created"]), (200, &json!(2)), "{}", done.json);
    let rows = s.manager.get(&format!("{RECORDS}?sort=code")).await.json["items"].clone();
    assert_eq!(
        (&rows[0]["code"], &rows[0]["owner"]["name"]),
        (&json!("CX-202611-001"), &json!("张伟")),
        "{rows}"
    );
    let answers = &rows[0]["answers"];
    assert_eq!((&answers["budget"], &answers["kind"]), (&json!(1200.5), &json!("in_store")));
    assert_eq!((&answers["shop"], &answers["double"]), (&json!(s.customers[0]), &json!(2401)));
    assert_eq!((&rows[1]["title"], &rows[1]["answers"]["start"]), (&json!("元旦"), &json!("2026-12-31")));
    // What was exported comes back as it went.
    let file = s.manager.get(&format!("{RECORDS}.csv")).await.bytes;
    let back = upload(&s.manager, "object:promo", std::str::from_utf8(&file).unwrap()).await;
    assert_eq!((&back.json["ready"], &back.json["error_rows"]), (&json!(2), &json!(0)), "{}", back.json);
    let template = s.manager.get("/api/v1/imports/template?kind=object:promo").await;
    assert!(testkit::sheet(&template.bytes)[0].contains(&"活动名称 *".to_owned()));
    // Nobody imports what he may not make.
    assert_eq!(upload(&s.stranger, "object:promo", sheet).await.status, 404);
    assert_eq!(upload(&s.manager, "object:nope", sheet).await.status, 404);
    assert_eq!(upload(&s.manager, "nope:promo", sheet).await.status, 422);
    let path = format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap());
    let grants =
        json!({ "manager": { "create": false, "read": "company", "change": "none", "delete": "none" } });
    assert_eq!(admin.patch(&path, 1, json!({ "grants": grants })).await.status, 200);
    assert_eq!(upload(&s.manager, "object:promo", sheet).await.json["code"], "auth.forbidden");
});

testkit::both!(a_record_goes_through_the_flow_of_its_object, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let object = make(admin, "promo", spec()).await;
    publish(admin, &object).await;
    // Whoever makes records may not change them: only what was sent back.
    let object =
        admin.get(&format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap())).await.json;
    let mut grants = object["grants"].clone();
    grants["rep"]["change"] = json!("none");
    let path = format!("/api/v1/object-definitions/{}", object["id"].as_str().unwrap());
    let kept = admin.patch(&path, object["version"].as_i64().unwrap(), json!({ "grants": grants })).await;
    assert_eq!(kept.status, 200, "{}", kept.json);
    let subjects = admin.get("/api/v1/flows/subjects").await.json;
    let named = subjects["items"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["kind"] == "object" && one["id"] == object["id"]);
    assert!(named, "{subjects}");
    crate::approvals::bound_to(admin, "object", &object).await;

    let new = json!({ "answers": { "name": "中秋", "budget": 800, "spot": { "lng": 118.7123456, "lat": 32.0123457 } } });
    let made = s.rep.post(RECORDS, new).await;
    assert_eq!((made.status, &made.json["approval"]["status"]), (201, &json!("running")), "{}", made.json);
    let again = patch(&s.rep, &made.json, json!({ "answers": { "name": "国庆" }, "reason": "改名" })).await;
    assert_eq!(again.code(), "auth.forbidden");
    let gone = delete(admin, &made.json, "重复").await;
    assert_eq!((gone.status, gone.code()), (409, "object.in_approval"));
    let case = made.json["approval"]["id"].as_str().unwrap().to_owned();
    let page = admin.get(&format!("/api/v1/approvals/{case}")).await.json;
    assert!(page["title"]["zh-CN"].as_str().unwrap().contains("CX-202611-001 中秋"), "{page}");
    assert!(!page.to_string().contains("118.71"), "no place leaves the record");
    let act = |action: &str, page: &Value| {
        let body = json!({ "id": Uuid::now_v7(), "action": action, "version": page["version"], "ask": page["asks"][0]["ask"], "comment": "预算写错" });
        let (client, path) = (admin, format!("/api/v1/approvals/{case}/actions"));
        async move { client.post(&path, body).await }
    };
    let sent_back = act("return", &page).await;
    assert_eq!(
        (sent_back.status, &sent_back.json["status"]),
        (200, &json!("returned")),
        "{}",
        sent_back.json
    );
    let record = format!("{RECORDS}/{}", made.json["id"].as_str().unwrap());
    let mut now = s.rep.get(&record).await.json;
    let mended =
        patch(&s.rep, &now, json!({ "answers": { "name": "中秋", "budget": 900 }, "reason": "按意见改" }))
            .await;
    assert_eq!(
        (mended.status, &mended.json["approval"]["status"]),
        (200, &json!("running")),
        "{}",
        mended.json
    );
    let page = admin.get(&format!("/api/v1/approvals/{case}")).await.json;
    assert_eq!(page["content"]["answers"]["budget"], 900.0, "{}", page["content"]);
    assert_eq!(act("approve", &page).await.json["status"], "approved");
    now = s.rep.get(&record).await.json;
    assert_eq!(now["approval"]["status"], "approved");
    let text = String::from_utf8(admin.get(&format!("{RECORDS}.csv")).await.bytes).unwrap();
    assert!(text.contains("已通过") && text.contains("900"), "{text}");
    assert_eq!(delete(admin, &now, "重复").await.status, 204, "what is decided can be deleted");

    // Outside working time a place is not kept; that there was one is.
    app.clock.set(minute(14 * 60));
    let spot = json!({ "lng": 118.7123456, "lat": 32.0123457 });
    let evening = s.rep.post(RECORDS, json!({ "answers": { "name": "晚上", "spot": spot } })).await;
    assert_eq!(
        (evening.status, &evening.json["answers"]["spot"]),
        (201, &json!({ "hidden": true })),
        "{}",
        evening.json
    );
    // Sent back it can be corrected though the place is gone.
    let case = evening.json["approval"]["id"].as_str().unwrap().to_owned();
    let page = admin.get(&format!("/api/v1/approvals/{case}")).await.json;
    let body = json!({ "id": Uuid::now_v7(), "action": "return", "version": page["version"], "ask": page["asks"][0]["ask"], "comment": "改名" });
    assert_eq!(
        admin.post(&format!("/api/v1/approvals/{case}/actions"), body).await.json["status"],
        "returned"
    );
    let record = format!("{RECORDS}/{}", evening.json["id"].as_str().unwrap());
    let now = s.rep.get(&record).await.json;
    let answers = json!({ "name": "夜里", "spot": { "hidden": true } });
    let mended = patch(&s.rep, &now, json!({ "answers": answers, "reason": "按意见改" })).await;
    assert_eq!(
        (mended.status, &mended.json["answers"]["spot"]),
        (200, &json!({ "hidden": true })),
        "{}",
        mended.json
    );
    let forged =
        s.rep.post(RECORDS, json!({ "answers": { "name": "假", "spot": { "hidden": true } } })).await;
    assert_eq!(forged.status, 422, "a new place is a place: {}", forged.json);
});
