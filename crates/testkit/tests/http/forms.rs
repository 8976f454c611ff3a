//! Forms: designed, published, pinned to what is planned, filled in on a phone exactly once, read, corrected, exported.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, jpeg, minute, place, sha256};

/// One question.
pub fn small_spec() -> Value {
    json!({ "title": { "zh-CN": "小表", "en": "Small form" }, "fields": [
        { "key": "ok", "type": "yes_no", "label": { "zh-CN": "合格", "en": "OK" }, "required": "true" },
    ] })
}

/// A bit of everything: hidden answers, a rule, a calculation, pictures, a table, a place, a look at the customer.
fn spec() -> Value {
    json!({
        "title": { "zh-CN": "陈列检查", "en": "Display check" },
        "fields": [
            { "key": "ok", "type": "yes_no", "label": { "zh-CN": "合格", "en": "OK" }, "required": "true", "score": "form.ok ? 10 : 0" },
            { "key": "why", "type": "text", "label": { "zh-CN": "原因", "en": "Why" }, "visible": "form.ok == false", "required": "form.ok == false" },
            { "key": "boxes", "type": "number", "min": 0, "max": 100, "label": { "zh-CN": "箱数", "en": "Boxes" },
              "constraint": { "formula": "form.boxes != 13", "message": { "zh-CN": "不能是 13 箱", "en": "Not thirteen" } } },
            { "key": "twice", "type": "number", "label": { "zh-CN": "两倍", "en": "Twice" }, "calc": "form.boxes * 2" },
            { "key": "kind", "type": "choice", "label": { "zh-CN": "位置", "en": "Where" }, "options": [
                { "value": "main", "label": { "zh-CN": "主货架", "en": "Main shelf" } }, { "value": "end", "label": { "zh-CN": "端架", "en": "End" } }] },
            { "key": "front", "type": "photo", "max": 2, "label": { "zh-CN": "照片", "en": "Picture" } },
            { "key": "spot", "type": "place", "label": { "zh-CN": "位置", "en": "Place" } },
            { "key": "grade_a", "type": "yes_no", "label": { "zh-CN": "A 级", "en": "Grade A" }, "calc": "customer.grade == 'A'" },
            { "key": "rows", "type": "table", "label": { "zh-CN": "明细", "en": "Rows" }, "fields": [
                { "key": "sku", "type": "text", "label": { "zh-CN": "商品", "en": "Product" }, "required": "true" },
                { "key": "n", "type": "number", "label": { "zh-CN": "数量", "en": "Number" } }] },
        ]
    })
}

/// Makes and publishes a form; answers its page.
pub async fn published(client: &Client, key: &str, spec: Value) -> Value {
    let made = client.post("/api/v1/forms", json!({ "key": key, "spec": spec })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let done = publish(client, &made.json).await;
    assert_eq!((done.status, &done.json["published"]), (200, &json!(1)), "{}", done.json);
    done.json
}

async fn publish(client: &Client, form: &Value) -> Reply {
    let path = format!("/api/v1/forms/{}/publish", form["id"].as_str().unwrap());
    let request = client.request(Method::POST, &path).header("if-match", format!("\"{}\"", form["version"]));
    client.send(request.json(&json!({ "note": "首版" }))).await
}

async fn redraft(client: &Client, form: &Value, spec: Value) -> Reply {
    let path = format!("/api/v1/forms/{}", form["id"].as_str().unwrap());
    client.patch(&path, form["version"].as_i64().unwrap(), json!({ "spec": spec })).await
}

/// A task with nothing but the form, for one of the rep's customers.
pub async fn task(s: &Scene, form: &Value, customer: usize) -> Value {
    let steps = json!([{ "title": "陈列检查", "kind": "form", "form_id": form["id"] }]);
    let new = json!({
        "employee_id": s.rep_id, "customer_id": s.customers[customer], "day": DAY,
        "window": { "from_minute": 540, "to_minute": 1020 }, "steps": steps,
    });
    let made = s.manager.post("/api/v1/tasks", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

pub struct Visited {
    pub visit: Uuid,
    pub step: Value,
}

/// The rep checks in for a task.
pub async fn arrive(s: &Scene, task: &Value, customer: usize, at: i64) -> Visited {
    let visit = Uuid::now_v7();
    let here = fix(place(customer), 9.0, minute(at));
    let body = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": s.customers[customer], "fix": here, "offline": true });
    s.taken(&[item("visit.check_in", minute(at), body)]).await;
    Visited { visit, step: task["steps"][0]["id"].clone() }
}

/// The step with the form's answers, as the phone sends it.
pub fn filled_in(v: &Visited, record: Uuid, at: i64, answers: Value, photos: &[Uuid]) -> Value {
    item(
        "visit.step",
        minute(at),
        json!({ "visit_id": v.visit, "step_id": v.step, "status": "done", "photo_ids": photos, "value": { "record_id": record, "answers": answers } }),
    )
}

/// A published form and a record of it, which waits for approval, for tests that need one of each.
pub async fn filled(app: &App, s: &Scene) -> (Uuid, Uuid) {
    let form = published(&s.company.admin, "small", small_spec()).await;
    crate::approvals::bound(&s.company.admin, &form).await;
    let task = task(s, &form, 3).await;
    app.clock.set(minute(125));
    let v = arrive(s, &task, 3, 121).await;
    let record = Uuid::now_v7();
    s.taken(&[filled_in(&v, record, 123, json!({ "ok": true }), &[])]).await;
    (id(&form["id"]), record)
}

testkit::both!(a_form_is_filled_in_offline_once_and_read, |app| async move {
    let s = Scene::begin(&app).await;
    let form = published(&s.company.admin, "display", spec()).await;
    let task = task(&s, &form, 0).await;
    assert_eq!(task["steps"][0]["form_version"], 1, "{task}");
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["forms"][0]["id"], form["id"]);
    assert_eq!(
        (&snapshot["forms"][0]["version"], &snapshot["forms"][0]["spec"]["fields"][0]["key"]),
        (&json!(1), &json!("ok"))
    );

    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let (photo, record, bytes) = (Uuid::now_v7(), Uuid::now_v7(), jpeg(64, 48, 3));
    let here = fix(place(0), 9.0, minute(72));
    let shot = item(
        "visit.photo",
        minute(72),
        json!({ "visit_id": v.visit, "step_id": v.step, "photo_id": photo, "sha256": sha256(&bytes), "size": bytes.len(), "mime": "image/jpeg",
            "width": 64, "height": 48, "taken_at": minute(72), "fix": here, "live": true }),
    );
    let answers = json!({
        "ok": true, "why": "an old answer", "boxes": 7, "kind": "main", "front": [photo], "spot": { "lng": 118.7123456, "lat": 32.0123457 },
        "rows": [{ "sku": "A", "n": 2 }, { "sku": "=cmd|'/c calc'!A1" }],
    });
    let done = filled_in(&v, record, 75, answers, &[photo]);
    // The form arrives before its picture: it waits, nothing is stored.
    let early = s.sync(std::slice::from_ref(&done)).await;
    assert_eq!(early[0]["code"], "sync.prerequisite", "{early:?}");
    s.taken(&[shot, done.clone()]).await;
    assert_eq!(s.sync(std::slice::from_ref(&done)).await[0]["status"], "duplicate");
    let mut twin = done.clone();
    twin["id"] = json!(Uuid::now_v7());
    s.taken(&[twin]).await;

    let list = s
        .manager
        .get(&format!("/api/v1/form-records?form_id={}&count=true", form["id"].as_str().unwrap()))
        .await
        .json;
    assert_eq!(list["total"], 1, "{list}");
    let row = &list["items"][0];
    assert_eq!(
        (&row["id"], &row["score"], &row["edits"]),
        (&json!(record), &json!(10.0), &json!(0)),
        "{row}"
    );
    assert_eq!(row["answers"]["spot"], json!({ "hidden": true }), "a list shows no position");
    let looks = async || {
        let page = s.rep.get("/api/v1/me/ledger?limit=200").await.json;
        page["items"].as_array().unwrap().iter().map(|l| l["count"].as_i64().unwrap()).sum::<i64>()
    };
    let before = looks().await;
    let one = s.manager.get(&format!("/api/v1/form-records/{record}")).await.json;
    assert!(looks().await > before, "whoever reads a place stands in the ledger");
    let kept = &one["answers"];
    assert_eq!(kept.get("why"), None, "hidden answers are not kept: {kept}");
    assert_eq!((&kept["twice"], &kept["grade_a"]), (&json!(14), &json!(true)));
    assert_eq!((&kept["front"], &kept["rows"][0]["sku"]), (&json!([photo]), &json!("A")));
    assert_eq!((&one["visit_id"], one["history"].as_array().unwrap().len()), (&json!(v.visit), 0));
    assert_eq!(one["spec"]["fields"][0]["key"], "ok");

    let visit = s.manager.get(&format!("/api/v1/visits/{}", v.visit)).await.json;
    assert_eq!(
        (&visit["steps"][0]["status"], &visit["steps"][0]["value"]),
        (&json!("done"), &json!({ "record_id": record }))
    );
    // Nobody else sees it.
    let path = format!("/api/v1/form-records/{record}");
    assert_eq!(s.sibling.get(&path).await.status, 404);
    assert_eq!(s.stranger.get(&path).await.status, 404);
    assert_eq!(s.sibling.get("/api/v1/form-records?count=true").await.json["total"], 0);
    assert_eq!(s.stranger.get(&format!("/api/v1/forms/{}", form["id"].as_str().unwrap())).await.status, 404);
    assert_eq!(s.rep.get(&path).await.status, 200);
    let forms = s.manager.get("/api/v1/forms").await.json;
    assert_eq!((&forms["items"][0]["records"], &forms["items"][0]["key"]), (&json!(1), &json!("display")));
    assert_eq!(
        s.sibling.get("/api/v1/forms").await.json["items"][0]["records"],
        0,
        "counts keep to the reach"
    );

    // The file: labels for values, formulas disarmed, the table on a sheet of its own.
    let before = looks().await;
    let asked = format!("form_id={}", form["id"].as_str().unwrap());
    let text = s.manager.get(&format!("/api/v1/form-records.csv?{asked}")).await;
    assert_eq!(text.status, 200, "{}", text.json);
    assert!(looks().await > before, "a file with places is a look");
    let text = String::from_utf8(text.bytes).unwrap();
    assert!(
        text.contains("主货架") && text.contains("118.7123456,32.0123457") && text.contains("两倍"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 2);
    let english = s.manager.clone().in_english().get(&format!("/api/v1/form-records.xlsx?{asked}")).await;
    let rows = testkit::sheet(&english.bytes);
    assert_eq!(rows[0][0], "Record");
    assert!(rows[0].contains(&"Twice".to_owned()) && rows[1].contains(&"Main shelf".to_owned()), "{rows:?}");
    assert_eq!(
        s.sibling
            .get(&format!("/api/v1/form-records.csv?{asked}"))
            .await
            .bytes
            .iter()
            .filter(|b| **b == b'\n')
            .count(),
        1
    );
});

testkit::both!(answers_that_do_not_hold_are_refused_field_by_field, |app| async move {
    let s = Scene::begin(&app).await;
    let form = published(&s.company.admin, "display", spec()).await;
    let task = task(&s, &form, 0).await;
    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let record = Uuid::now_v7();
    for (answers, told) in [
        (json!({}), "ok: 此项必填"),
        (json!({ "ok": false }), "why: 此项必填"),
        (json!({ "ok": true, "boxes": 13 }), "boxes: 不能是 13 箱"),
        (json!({ "ok": true, "boxes": 101 }), "boxes: 此项超出表单规定的范围（100）"),
        (json!({ "ok": true, "kind": "nowhere" }), "kind: "),
        (json!({ "ok": "yes" }), "ok: "),
        (json!({ "ok": true, "what": 1 }), "what: "),
        (json!({ "ok": true, "rows": [{ "n": 1 }] }), "rows[0].sku: 此项必填"),
    ] {
        let receipt = s.sync(&[filled_in(&v, record, 75, answers.clone(), &[])]).await.remove(0);
        assert_eq!(
            (&receipt["status"], &receipt["code"]),
            (&json!("rejected"), &json!("form.answers")),
            "{answers} {receipt}"
        );
        assert!(receipt["detail"].as_str().unwrap().contains(told), "{answers} {receipt}");
    }
    let foreign = filled_in(&v, record, 75, json!({ "ok": true, "front": [Uuid::now_v7()] }), &[]);
    assert_eq!(s.sync(&[foreign]).await[0]["code"], "form.picture");
    for value in [
        json!(null),
        json!("x"),
        json!({ "record_id": "x", "answers": {} }),
        json!({ "record_id": record }),
        json!({ "record_id": record, "answers": [] }),
    ] {
        let mut bad = filled_in(&v, record, 75, json!({}), &[]);
        bad["body"]["value"] = value;
        assert_eq!(s.sync(&[bad]).await[0]["code"], "visit.step_incomplete");
    }
    assert_eq!(
        s.manager.get("/api/v1/form-records?count=true").await.json["total"],
        0,
        "nothing of it is stored"
    );

    // Answered again: the same record, with what it said before; one recorded earlier changes nothing.
    s.taken(&[filled_in(&v, record, 76, json!({ "ok": true, "boxes": 1 }), &[])]).await;
    s.taken(&[filled_in(&v, Uuid::now_v7(), 78, json!({ "ok": true, "boxes": 2 }), &[])]).await;
    s.taken(&[filled_in(&v, record, 77, json!({ "ok": true, "boxes": 3 }), &[])]).await;
    let one = s.manager.get(&format!("/api/v1/form-records/{record}")).await.json;
    assert_eq!((&one["answers"]["boxes"], &one["edits"]), (&json!(2), &json!(1)), "{one}");
    assert_eq!(
        (&one["history"][0]["before"]["boxes"], &one["history"][0]["by"]["id"]),
        (&json!(1), &json!(s.rep_id))
    );

    // The office corrects it: by version, with a reason, by the same rules.
    let path = format!("/api/v1/form-records/{record}");
    let version = one["version"].as_i64().unwrap();
    let right = json!({ "answers": { "ok": true, "boxes": 4 }, "reason": "现场电话核实" });
    assert_eq!(
        s.manager.patch(&path, version, json!({ "answers": { "ok": true }, "reason": " " })).await.status,
        422
    );
    let wrong = s.manager.patch(&path, version, json!({ "answers": { "boxes": 13 }, "reason": "x" })).await;
    assert_eq!(
        (wrong.code(), wrong.json["errors"].as_array().unwrap().len()),
        ("form.answers", 2),
        "{}",
        wrong.json
    );
    assert_eq!(s.sibling.patch(&path, version, right.clone()).await.status, 404);
    assert_eq!(s.rep.patch(&path, version, right.clone()).await.status, 403);
    let done = s.manager.patch(&path, version, right.clone()).await;
    assert_eq!((done.status, &done.json["answers"]["boxes"]), (200, &json!(4)), "{}", done.json);
    assert_eq!(
        (&done.json["history"][0]["reason"], &done.json["history"][0]["before"]["boxes"]),
        (&json!("现场电话核实"), &json!(2))
    );
    assert_eq!(s.manager.patch(&path, version, right).await.code(), "version.conflict");
});

testkit::both!(what_is_planned_keeps_its_version, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let form = published(admin, "display", small_spec()).await;
    let template = json!({ "name": "检查", "kind": "inspection", "steps": [{ "title": "表单", "kind": "form", "form_id": form["id"] }] });
    let template = s.manager.post("/api/v1/task-templates", template).await;
    assert_eq!(
        (template.status, &template.json["steps"][0]["form_version"]),
        (201, &Value::Null),
        "{}",
        template.json
    );
    let new = |customer: usize| json!({ "employee_id": s.rep_id, "customer_id": s.customers[customer], "day": DAY, "template_id": template.json["id"], "window": { "from_minute": 540, "to_minute": 1020 } });
    let first = s.manager.post("/api/v1/tasks", new(0)).await.json;
    // The next version asks one thing more.
    let mut more = small_spec();
    more["fields"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "key": "why", "type": "text", "label": { "zh-CN": "说明" }, "required": "true" }));
    let drafted = redraft(admin, &form, more.clone()).await.json;
    assert_eq!((&drafted["changed"], &drafted["published"]), (&json!(true), &json!(1)));
    let changes =
        admin.get(&format!("/api/v1/forms/{}/difference?from=1", form["id"].as_str().unwrap())).await.json;
    assert_eq!(
        changes["changes"],
        json!([{ "path": "why", "change": "added", "label": { "zh-CN": "说明" }, "parts": [] }])
    );
    let second = publish(admin, &drafted).await.json;
    assert_eq!(
        (&second["published"], &second["changed"], second["versions"].as_array().unwrap().len()),
        (&json!(2), &json!(false), 2)
    );
    assert_eq!(publish(admin, &second).await.json["published"], 2, "the same again is no new version");
    let later = s.manager.post("/api/v1/tasks", new(1)).await.json;
    assert_eq!(
        (&first["steps"][0]["form_version"], &later["steps"][0]["form_version"]),
        (&json!(1), &json!(2))
    );
    let mut carried: Vec<i64> = s.snapshot().await["forms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["version"].as_i64().unwrap())
        .collect();
    carried.sort_unstable();
    assert_eq!(carried, [1, 2]);
    app.clock.set(minute(100));
    let v = arrive(&s, &first, 0, 70).await;
    s.taken(&[filled_in(&v, Uuid::now_v7(), 72, json!({ "ok": true }), &[])]).await;
    let list = s.manager.get("/api/v1/form-records?number=1&count=true").await.json;
    assert_eq!((&list["total"], &list["items"][0]["form"]["number"]), (&json!(1), &json!(1)));

    // Back to the first: its spec published anew.
    let old = admin.get(&format!("/api/v1/forms/{}/versions/1", form["id"].as_str().unwrap())).await.json;
    let back = redraft(admin, &second, old["spec"].clone()).await.json;
    let third = publish(admin, &back).await.json;
    assert_eq!((&third["published"], &third["draft"]), (&json!(3), &old["spec"]));
    // Retired: not for new use, where it is used it stays.
    let path = format!("/api/v1/forms/{}", form["id"].as_str().unwrap());
    let retired =
        admin.patch(&path, third["version"].as_i64().unwrap(), json!({ "retired": true })).await.json;
    assert_eq!(retired["retired"], true);
    let refused = s.manager.post("/api/v1/task-templates", json!({ "name": "新", "kind": "visit", "steps": [{ "title": "表单", "kind": "form", "form_id": form["id"] }] })).await;
    assert_eq!(
        (refused.status, &refused.json["errors"][0]["code"]),
        (422, &json!("form.not_usable")),
        "{}",
        refused.json
    );
    assert_eq!(s.manager.post("/api/v1/tasks", new(2)).await.json["steps"][0]["form_version"], 3);
    let audit = admin.get("/api/v1/audit?limit=200").await.json.to_string();
    assert!(audit.contains("form.publish") && audit.contains("form.create"));
});

testkit::both!(drafts_are_checked_and_kept_apart, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let make =
        async |key: &str, spec: Value| admin.post("/api/v1/forms", json!({ "key": key, "spec": spec })).await;
    assert_eq!(make("Bad Key", small_spec()).await.status, 422);
    for bad in [
        json!(null),
        json!("x"),
        json!([]),
        json!({ "title": {} }),
        json!({ "title": { "en": "x" }, "fields": [{ "key": "a", "type": "hologram", "label": {} }] }),
    ] {
        let refused = make("bad", bad.clone()).await;
        assert_eq!(
            (refused.status, &refused.json["errors"][0]["field"]),
            (422, &json!("spec")),
            "{bad} {}",
            refused.json
        );
    }
    assert_eq!(
        s.manager.post("/api/v1/forms", json!({ "key": "k", "spec": small_spec() })).await.status,
        403
    );
    assert_eq!(s.rep.post("/api/v1/forms", json!({ "key": "k", "spec": small_spec() })).await.status, 403);
    let given = Uuid::now_v7();
    let new = json!({ "id": given, "key": "mine", "spec": small_spec() });
    assert_eq!(admin.post("/api/v1/forms", new.clone()).await.status, 201);
    assert_eq!(admin.post("/api/v1/forms", new).await.status, 201, "the same again");
    assert_eq!(make("mine", small_spec()).await.code(), "form.key_taken");
    assert_eq!(
        s.stranger.post("/api/v1/forms", json!({ "key": "mine", "spec": small_spec() })).await.status,
        201
    );

    // A draft may have faults; it is only not published, and each fault says where it is.
    let mut broken = small_spec();
    broken["fields"] = json!([
        { "key": "a", "type": "number", "label": { "en": "A" }, "calc": "form.b + 1" },
        { "key": "b", "type": "number", "label": { "en": "B" }, "calc": "form.a + 1" },
        { "key": "c", "type": "text", "label": { "en": "C" }, "visible": "form.nobody == 1" },
    ]);
    let page = admin.get(&format!("/api/v1/forms/{given}")).await.json;
    let drafted = redraft(admin, &page, broken.clone()).await;
    assert_eq!(drafted.status, 200, "{}", drafted.json);
    let faults = drafted.json["faults"].to_string();
    for code in ["circle", "unknown_field"] {
        assert!(faults.contains(code), "{code}: {faults}");
    }
    assert_eq!(
        admin.post("/api/v1/forms/check", json!({ "spec": broken })).await.json["faults"],
        drafted.json["faults"]
    );
    let refused = publish(&admin.clone().in_english(), &drafted.json).await;
    assert_eq!((refused.status, refused.code()), (422, "form.faults"));
    let told = refused.json["errors"].to_string();
    assert!(told.contains("c.visible") && told.contains("unknown_field nobody"), "{told}");
    assert_eq!(redraft(admin, &page, small_spec()).await.code(), "version.conflict", "a stale draft");
    assert_eq!(publish(admin, &page).await.code(), "version.conflict");

    // Hostile formulas are answered in bounded time with a fault at the field.
    for formula in [
        "(".repeat(900),
        "1+".repeat(499),
        "[".repeat(500),
        "form.ok.".repeat(120),
        "((((((((((((((form.ok))))))))))))))".into(),
        "'".into(),
        "form.ok.map(a, form.ok.map(b, b))".into(),
        "x".repeat(5000),
    ] {
        let mut spec = small_spec();
        spec["fields"][0]["visible"] = json!(formula);
        let began = std::time::Instant::now();
        let reply = admin.post("/api/v1/forms/check", json!({ "spec": spec })).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        assert_eq!(reply.json["faults"][0]["part"], "visible", "{}", reply.json);
        assert!(began.elapsed().as_secs() < 5, "{formula}");
    }
    let nested = json!({ "key": "t", "type": "table", "label": { "en": "T" }, "fields": [{ "key": "t", "type": "table", "label": { "en": "T" }, "fields": [{ "key": "t", "type": "text", "label": { "en": "T" } }] }] });
    assert_eq!(make("deep", json!({ "title": { "en": "x" }, "fields": [nested] })).await.status, 422);
    let many: Vec<Value> =
        (0..301).map(|k| json!({ "key": format!("f{k}"), "type": "text", "label": { "en": "x" } })).collect();
    assert_eq!(make("many", json!({ "title": { "en": "x" }, "fields": many })).await.status, 422);
    // A step names a form exactly when it is one.
    for step in [
        json!({ "title": "x", "kind": "form" }),
        json!({ "title": "x", "kind": "text", "form_id": given }),
        json!({ "title": "x", "kind": "form", "form_id": given }),
        json!({ "title": "x", "kind": "form", "form_id": Uuid::now_v7() }),
    ] {
        let template = json!({ "name": "x", "kind": "visit", "steps": [step] });
        assert_eq!(s.manager.post("/api/v1/task-templates", template).await.status, 422, "{step}");
    }
    let library = s.manager.get("/api/v1/forms/library").await.json;
    let ready = library["items"].as_array().unwrap();
    assert_eq!(ready.len(), 6);
    for form in ready {
        let page = published(admin, form["key"].as_str().unwrap(), form["spec"].clone()).await;
        assert_eq!(page["faults"], json!([]));
    }
});

testkit::both!(an_erased_person_leaves_no_place, |app| async move {
    let s = Scene::begin(&app).await;
    let form = published(&s.company.admin, "display", spec()).await;
    let task = task(&s, &form, 0).await;
    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let record = Uuid::now_v7();
    let answers =
        |n: i64| json!({ "ok": true, "boxes": n, "spot": { "lng": 118.7123456, "lat": 32.0123457 } });
    s.taken(&[filled_in(&v, record, 72, answers(1), &[])]).await;
    s.taken(&[filled_in(&v, record, 73, answers(2), &[])]).await;
    let mine = s.rep.get("/api/v1/me/everything").await;
    let mine = String::from_utf8(mine.bytes).unwrap();
    assert!(mine.contains("form_record") && mine.contains("118.7123456"), "his own rows are his to have");
    let person = format!("/api/v1/employees/{}", s.rep_id);
    let left = s.company.admin.post(&format!("{person}/leave"), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    let gone =
        s.company.admin.post(&format!("{person}/erase"), json!({ "name": "张伟", "photos": true })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    let one = s.company.admin.get(&format!("/api/v1/form-records/{record}")).await.json;
    assert_eq!(
        (&one["answers"]["boxes"], &one["answers"]["spot"], one["history"].as_array().unwrap().len()),
        (&json!(2), &json!({ "hidden": true }), 0),
        "{one}"
    );
    assert!(!one.to_string().contains("张伟"), "{one}");
});

testkit::both!(records_are_found_by_their_answers_and_summed_up, |app| async move {
    let s = Scene::begin(&app).await;
    let spec = json!({ "title": { "zh-CN": "陈列", "en": "Shelf" }, "fields": [
        { "key": "spot", "type": "choice", "label": { "zh-CN": "位置", "en": "Where" }, "options": [
            { "value": "main", "label": { "zh-CN": "主货架", "en": "Main" } }, { "value": "end", "label": { "zh-CN": "端架", "en": "End" } }] },
        { "key": "boxes", "type": "number", "label": { "zh-CN": "箱数", "en": "Boxes" } },
        { "key": "ok", "type": "yes_no", "label": { "zh-CN": "合格", "en": "OK" } } ] });
    let form = published(&s.company.admin, "shelf", spec).await;
    let all = [
        json!({ "spot": "main", "boxes": 2, "ok": true }),
        json!({ "spot": "end", "boxes": 8, "ok": false }),
        json!({ "spot": "main", "boxes": 5 }),
    ];
    for (k, answers) in all.into_iter().enumerate() {
        let task = task(&s, &form, k).await;
        let at = 50 + 30 * k as i64;
        app.clock.set(minute(at + 10));
        let v = arrive(&s, &task, k, at).await;
        s.taken(&[filled_in(&v, Uuid::now_v7(), at + 5, answers, &[])]).await;
    }
    let ask = async |client: &Client, path: &str, more: &[(&str, &str)]| {
        let form = form["id"].as_str().unwrap();
        client.send(client.request(Method::GET, path).query(&[("form_id", form)]).query(more)).await
    };
    let boxes = async |filter: Value| -> Vec<i64> {
        let text = filter.to_string();
        let reply =
            ask(&s.manager, "/api/v1/form-records", &[("filter", text.as_str()), ("count", "true")]).await;
        assert_eq!(reply.status, 200, "{filter} {}", reply.json);
        let rows = reply.json["items"].as_array().unwrap().clone();
        assert_eq!(reply.json["total"], rows.len(), "{filter}");
        rows.iter().map(|r| r["answers"]["boxes"].as_i64().unwrap()).collect()
    };
    assert_eq!(boxes(json!([])).await, [5, 8, 2]);
    assert_eq!(boxes(json!([{ "field": "spot", "one_of": ["main"] }])).await, [5, 2]);
    assert_eq!(boxes(json!([{ "field": "boxes", "from": 3 }])).await, [5, 8]);
    assert_eq!(
        boxes(json!([{ "field": "spot", "one_of": ["main"] }, { "field": "boxes", "to": 3 }])).await,
        [2]
    );
    assert_eq!(boxes(json!([{ "field": "ok", "empty": true }])).await, [5]);
    // Page by page, as far as they go.
    let main = r#"[{"field":"spot","one_of":["main"]}]"#;
    let first = ask(&s.manager, "/api/v1/form-records", &[("filter", main), ("limit", "1")]).await.json;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest =
        ask(&s.manager, "/api/v1/form-records", &[("filter", main), ("limit", "1"), ("cursor", cursor)])
            .await
            .json;
    assert_eq!(
        (&rest["items"][0]["answers"]["boxes"], &rest["next_cursor"]),
        (&json!(2), &Value::Null),
        "{rest}"
    );
    let file = ask(&s.manager, "/api/v1/form-records.csv", &[("filter", main)]).await;
    assert_eq!(String::from_utf8(file.bytes).unwrap().lines().count(), 3);

    let summary = async |client: &Client, filter: &str| {
        ask(client, "/api/v1/form-records/summary", &[("filter", filter)]).await.json
    };
    let whole = summary(&s.manager, "[]").await;
    let question = |of: &Value, key: &str| {
        of["questions"].as_array().unwrap().iter().find(|q| q["key"] == key).unwrap().clone()
    };
    let counts = |of: &Value, key: &str| {
        let given = question(of, key)["given"].as_array().unwrap().clone();
        given
            .iter()
            .map(|g| (g["value"].as_str().unwrap().to_owned(), g["count"].as_i64().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(whole["records"], 3);
    assert_eq!(counts(&whole, "spot"), [("main".to_owned(), 2), ("end".to_owned(), 1)]);
    assert_eq!(
        (counts(&whole, "ok"), &question(&whole, "ok")["answered"]),
        (vec![("true".to_owned(), 1), ("false".to_owned(), 1)], &json!(2))
    );
    let number = question(&whole, "boxes");
    assert_eq!((&number["min"], &number["mean"], &number["max"]), (&json!(2.0), &json!(5.0), &json!(8.0)));
    assert_eq!(summary(&s.manager, main).await["records"], 2);
    // Another department sees none of them, another company not even the form.
    assert_eq!(summary(&s.sibling, "[]").await["records"], 0);
    assert_eq!(ask(&s.stranger, "/api/v1/form-records/summary", &[]).await.status, 404);
    assert_eq!(s.manager.get("/api/v1/form-records/summary").await.status, 422);
    for bad in ["x", r#"[{"field":"nope","from":1}]"#, r#"[{"field":"boxes","from":"a"}]"#] {
        for path in ["/api/v1/form-records", "/api/v1/form-records/summary", "/api/v1/form-records.csv"] {
            assert_eq!(ask(&s.manager, path, &[("filter", bad)]).await.status, 422, "{path} {bad}");
        }
    }
});
