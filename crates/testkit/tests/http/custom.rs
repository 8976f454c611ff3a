//! Fields a company adds to customers and people: published, answered, found, exported and read back, carried by phones,
//! known to formulas, and kept when they change.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Reply};

use crate::scene::{Scene, id, item, minute};

fn spec() -> Value {
    json!({ "title": { "zh-CN": "客户的自定义字段", "en": "Fields of customers" }, "fields": [
        { "key": "shelf_metres", "type": "number", "places": 1, "min": 0, "max": 500, "label": { "zh-CN": "货架米数", "en": "Shelf metres" }, "unit": { "zh-CN": "米", "en": "m" } },
        { "key": "chain", "type": "choice", "label": { "zh-CN": "连锁", "en": "Chain" }, "options": [
            { "value": "own", "label": { "zh-CN": "直营", "en": "Own" } }, { "value": "franchise", "label": { "zh-CN": "加盟", "en": "Franchise" } }] },
        { "key": "manager", "type": "text", "label": { "zh-CN": "采购负责人", "en": "Buyer" } },
        { "key": "until", "type": "date", "label": { "zh-CN": "合同到期", "en": "Contract ends" } },
    ] })
}

/// Opens the fields of a noun, writes a draft and publishes it.
pub async fn published(admin: &Client, noun: &str, spec: Value) -> Value {
    let request = admin.request(Method::PUT, &format!("/api/v1/custom-fields/{noun}"));
    let page = admin.send(request.json(&json!({}))).await;
    assert_eq!(page.status, 200, "{}", page.json);
    let path = format!("/api/v1/forms/{}", page.json["id"].as_str().unwrap());
    let version = page.json["version"].as_i64().unwrap();
    let draft = admin.patch(&path, version, json!({ "spec": spec })).await;
    assert_eq!(draft.status, 200, "{}", draft.json);
    assert_eq!(draft.json["faults"], json!([]), "{}", draft.json);
    publish(admin, &draft.json).await.json
}

async fn publish(admin: &Client, form: &Value) -> Reply {
    let path = format!("/api/v1/forms/{}/publish", form["id"].as_str().unwrap());
    let request = admin.request(Method::POST, &path).header("if-match", format!("\"{}\"", form["version"]));
    admin.send(request.json(&json!({ "note": null }))).await
}

pub async fn patched(client: &Client, path: &str, custom: Value) -> Reply {
    let version = client.get(path).await.json["version"].as_i64().unwrap();
    client.patch(path, version, json!({ "custom": custom })).await
}

pub async fn names(client: &Client, path: &str, custom: &Value) -> Vec<String> {
    let text = custom.to_string();
    let request = client.request(Method::GET, path).query(&[("custom", text.as_str()), ("count", "true")]);
    let reply = client.send(request).await;
    assert_eq!(reply.status, 200, "{custom} {}", reply.json);
    let rows = reply.json["items"].as_array().unwrap().clone();
    assert_eq!(reply.json["total"], rows.len(), "{custom}");
    rows.iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect()
}

testkit::both!(own_fields_of_customers_are_answered_found_and_kept, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let path = |k: usize| format!("/api/v1/customers/{}", s.customers[k]);
    // Before anything is published there is no such field.
    assert_eq!(admin.get("/api/v1/custom-fields").await.json["items"], json!([]));
    let refused = patched(admin, &path(0), json!({ "shelf_metres": 3 })).await;
    assert_eq!((refused.status, refused.code()), (422, "form.answers"), "{}", refused.json);
    assert_eq!(refused.json["errors"][0]["field"], "custom.shelf_metres", "{}", refused.json);
    // Who may not design may not open them.
    let request = s.rep.request(Method::PUT, "/api/v1/custom-fields/customer").json(&json!({}));
    assert_eq!(s.rep.send(request).await.status, 403);
    let request = admin.request(Method::PUT, "/api/v1/custom-fields/nothing").json(&json!({}));
    assert_eq!(admin.send(request).await.status, 404);
    published(admin, "customer", spec()).await;
    let fields = s.rep.get("/api/v1/custom-fields").await.json["items"][0].clone();
    assert_eq!((&fields["noun"], &fields["number"]), (&json!("customer"), &json!(1)));
    assert_eq!(s.stranger.get("/api/v1/custom-fields").await.json["items"], json!([]));
    // They are no form of visits.
    assert_eq!(admin.get("/api/v1/forms").await.json["items"], json!([]));

    // Made with them, changed one by one, taken out by null.
    let new = json!({ "name": "旗舰店", "owner_id": s.rep_id, "custom": { "shelf_metres": 12.5, "chain": "own", "manager": "钱塘江", "until": "2027-03-08" } });
    let made = admin.post("/api/v1/customers", new).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(made.json["custom"]["shelf_metres"], 12.5);
    let flagship = format!("/api/v1/customers/{}", made.json["id"].as_str().unwrap());
    let changed = patched(&s.manager, &path(0), json!({ "shelf_metres": 3, "chain": "franchise" })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let changed = patched(&s.manager, &path(0), json!({ "chain": null, "manager": "王芳" })).await;
    assert_eq!(changed.json["custom"], json!({ "shelf_metres": 3, "manager": "王芳" }));
    // A change of something else leaves them.
    let version = changed.json["version"].as_i64().unwrap();
    let other = s.manager.patch(&path(0), version, json!({ "note": "靠窗" })).await;
    assert_eq!(other.json["custom"], json!({ "shelf_metres": 3, "manager": "王芳" }));
    // Bad answers name their field, and nothing is kept of them.
    for (bad, code) in [
        (json!({ "shelf_metres": "wide" }), "form.answer_kind"),
        (json!({ "shelf_metres": 501 }), "form.answer_limit"),
        (json!({ "chain": "none" }), "form.answer_kind"),
        (json!({ "until": "soon" }), "form.answer_kind"),
        (json!({ "nope": 1 }), "form.answer_kind"),
    ] {
        let refused = patched(&s.manager, &path(0), bad.clone()).await;
        assert_eq!(
            (refused.status, &refused.json["errors"][0]["code"]),
            (422, &json!(code)),
            "{bad} {}",
            refused.json
        );
    }
    assert_eq!(s.manager.get(&path(0)).await.json["custom"], json!({ "shelf_metres": 3, "manager": "王芳" }));
    // Reach is the customer's own.
    assert_eq!(s.sibling.patch(&path(0), 4, json!({ "custom": { "shelf_metres": 9 } })).await.status, 404);
    assert_eq!(s.stranger.get(&path(0)).await.status, 404);

    // Filters and search; in the list, on the map and in the file alike.
    let list = "/api/v1/customers";
    assert_eq!(
        names(admin, list, &json!([{ "field": "shelf_metres", "from": 3 }])).await,
        ["客户 1", "旗舰店"]
    );
    assert_eq!(
        names(
            admin,
            list,
            &json!([{ "field": "shelf_metres", "from": 4 }, { "field": "chain", "one_of": ["own"] }])
        )
        .await,
        ["旗舰店"]
    );
    assert_eq!(names(admin, list, &json!([{ "field": "manager", "contains": "王" }])).await, ["客户 1"]);
    assert_eq!(
        names(admin, list, &json!([{ "field": "until", "from": "2027-03-01", "to": "2027-03-08" }])).await,
        ["旗舰店"]
    );
    assert_eq!(names(admin, list, &json!([{ "field": "manager", "empty": true }])).await.len(), 4);
    assert_eq!(
        names(&s.sibling, list, &json!([{ "field": "shelf_metres", "from": 3 }])).await,
        Vec::<String>::new()
    );
    for bad in ["x", r#"[{"field":"nope"}]"#, r#"[{"field":"shelf_metres","from":"a"}]"#] {
        let request = admin.request(Method::GET, list).query(&[("custom", bad)]);
        let reply = admin.send(request).await;
        assert_eq!((reply.status, &reply.json["errors"][0]["field"]), (422, &json!("custom")), "{bad}");
    }
    assert_eq!(admin.get("/api/v1/customers?q=钱塘&count=true").await.json["total"], 1);
    let request = admin
        .request(Method::GET, "/api/v1/customers/points")
        .query(&[("custom", r#"[{"field":"shelf_metres","from":3}]"#)]);
    assert_eq!(
        admin.send(request).await.json["items"].as_array().unwrap().len(),
        1,
        "the flagship has no place"
    );

    // What was before and after stands in the trail.
    let trail = admin.get("/api/v1/audit?limit=100").await.json.to_string();
    assert!(trail.contains(r#"\"manager\":\"王芳\""#), "{trail}");

    // On the phone, with the fields, for the customer page.
    let snapshot = s.snapshot().await;
    assert_eq!(snapshot["customer_fields"]["fields"][0]["key"], "shelf_metres");
    let carried =
        snapshot["customers"].as_array().unwrap().iter().find(|c| c["name"] == "旗舰店").cloned().unwrap();
    assert_eq!(carried["custom"]["manager"], "钱塘江");

    // The fields change: the manager goes, the choice 直营 goes, metres have a lower limit. What was answered stays.
    let mut second = spec();
    second["fields"] = json!([
        { "key": "shelf_metres", "type": "number", "places": 1, "min": 0, "max": 10, "label": { "zh-CN": "货架米数", "en": "Shelf metres" } },
        { "key": "chain", "type": "choice", "label": { "zh-CN": "连锁", "en": "Chain" }, "options": [{ "value": "franchise", "label": { "zh-CN": "加盟", "en": "Franchise" } }] },
        { "key": "until", "type": "date", "label": { "zh-CN": "合同到期", "en": "Contract ends" }, "required": "true" },
    ]);
    published(admin, "customer", second).await;
    let after = patched(admin, &flagship, json!({ "until": "2028-01-01" })).await;
    assert_eq!(after.status, 200, "{}", after.json);
    assert_eq!(
        after.json["custom"],
        json!({ "shelf_metres": 12.5, "chain": "own", "manager": "钱塘江", "until": "2028-01-01" })
    );
    let refused = patched(admin, &flagship, json!({ "shelf_metres": 12 })).await;
    assert_eq!(refused.json["errors"][0]["code"], "form.answer_limit");
    let owed = admin.post("/api/v1/customers", json!({ "name": "新店" })).await;
    assert_eq!(
        (owed.status, &owed.json["errors"][0]["field"]),
        (422, &json!("custom.until")),
        "{}",
        owed.json
    );
    // Back to what was: the withdrawn answer is found again.
    published(admin, "customer", spec()).await;
    assert_eq!(names(admin, list, &json!([{ "field": "manager", "contains": "钱塘" }])).await, ["旗舰店"]);
});

testkit::both!(own_fields_go_out_and_come_back, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    published(admin, "customer", spec()).await;
    let upload = async |kind: &str, sheet: String| {
        let path = format!("/api/v1/imports?kind={kind}&filename=a.csv");
        admin.post_bytes(&path, sheet.into_bytes()).await.json
    };
    let take = async |preview: &Value| {
        let path = format!("/api/v1/imports/{}/commit", preview["id"].as_str().unwrap());
        admin.post(&path, json!({ "skip_errors": true })).await.json
    };
    let preview = upload("customers", "客户名称,客户编号,货架米数,连锁,合同到期\n甲店,K1,\"1,250.5\",加盟,\n乙店,K2,3.5,直营,2027/03/08\n丙店,K3,宽,连锁店,\n".into()).await;
    assert_eq!((&preview["ready"], &preview["error_rows"]), (&json!(1), &json!(2)), "{preview}");
    let faults: Vec<(i64, String)> = preview["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["row"].as_i64().unwrap(), e["column"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(
        faults,
        [(2, "货架米数".to_owned()), (4, "货架米数".to_owned()), (4, "连锁".to_owned())],
        "{preview}"
    );
    assert_eq!(take(&preview).await["created"], 1);
    let of = async |code: &str| {
        let list = admin.get("/api/v1/customers").await.json;
        list["items"].as_array().unwrap().iter().find(|c| c["code"] == code).map(|c| c["custom"].clone())
    };
    let kept = of("K2").await.unwrap();
    assert_eq!(kept, json!({ "shelf_metres": 3.5, "chain": "own", "until": "2027-03-08" }));
    // The file has them by label, and comes back; a sheet without them leaves them.
    let file = String::from_utf8(admin.get("/api/v1/customers.csv").await.bytes).unwrap();
    assert!(file.lines().next().unwrap().ends_with("货架米数,连锁,采购负责人,合同到期"), "{file}");
    assert!(file.contains(",3.5,直营,,2027-03-08"), "{file}");
    let back = upload("customers", file).await;
    assert_eq!(back["error_rows"], 0, "{back}");
    assert_eq!(take(&back).await["updated"], 1);
    take(&upload("customers", "客户名称,客户编号\n乙店,K2\n".into()).await).await;
    assert_eq!(of("K2").await.unwrap(), kept);
    let template = admin.get("/api/v1/imports/template?kind=customers").await;
    assert_eq!(template.status, 200);

    // People: the same fields, list, sheet and trail.
    let people = json!({ "title": { "zh-CN": "人员的自定义字段", "en": "Fields of people" }, "fields": [
        { "key": "shoe_size", "type": "number", "label": { "zh-CN": "鞋码", "en": "Shoe size" } },
        { "key": "licence", "type": "choices", "label": { "zh-CN": "驾照", "en": "Licence" }, "options": [{ "value": "c1", "label": { "zh-CN": "C1" } }, { "value": "b2", "label": { "zh-CN": "B2" } }] } ] });
    published(admin, "employee", people).await;
    let path = format!("/api/v1/employees/{}", s.rep_id);
    let changed = patched(admin, &path, json!({ "shoe_size": 43, "licence": ["c1", "b2"] })).await;
    assert_eq!(
        changed.json["custom"],
        json!({ "shoe_size": 43, "licence": ["c1", "b2"] }),
        "{}",
        changed.json
    );
    assert_eq!(patched(admin, &path, json!({ "licence": ["d"] })).await.status, 422);
    assert_eq!(
        names(admin, "/api/v1/employees", &json!([{ "field": "licence", "one_of": ["b2"] }])).await,
        ["张伟"]
    );
    assert_eq!(
        names(admin, "/api/v1/employees", &json!([{ "field": "shoe_size", "to": 42 }])).await,
        Vec::<String>::new()
    );
    let preview =
        upload("employees", "姓名,部门,编号,鞋码,驾照\n孙丽,一区,E1,38,C1、B2\n李雷,一区,E2,大,\n".into())
            .await;
    assert_eq!(
        (&preview["ready"], &preview["errors"][0]["column"]),
        (&json!(1), &json!("鞋码")),
        "{preview}"
    );
    assert_eq!(take(&preview).await["created"], 1);
    assert_eq!(
        names(admin, "/api/v1/employees", &json!([{ "field": "shoe_size", "to": 42 }])).await,
        ["孙丽"]
    );
    let trail = admin.get("/api/v1/audit?limit=100").await.json.to_string();
    // Which fields of a person were answered, not what: it outlives his wish to be gone.
    assert!(trail.contains(r#"\"custom\":[\"licence\",\"shoe_size\"]"#), "{trail}");
    assert!(!trail.contains(r#"\"b2\""#), "{trail}");
});

testkit::both!(forms_and_drafts_know_own_fields, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    published(admin, "customer", spec()).await;
    patched(admin, &format!("/api/v1/customers/{}", s.customers[0]), json!({ "shelf_metres": 8 })).await;
    // A form asks for more where the shelf is long.
    let form = json!({ "title": { "zh-CN": "陈列" }, "fields": [
        { "key": "ok", "type": "yes_no", "label": { "zh-CN": "整齐" } },
        { "key": "why", "type": "text", "label": { "zh-CN": "说明" }, "required": "customer.shelf_metres > 3" } ] });
    let form = crate::forms::published(admin, "display", form).await;
    for (k, good) in [(0, false), (1, true)] {
        let task = crate::forms::task(&s, &form, k).await;
        app.clock.set(minute(60 + 30 * k as i64));
        let v = crate::forms::arrive(&s, &task, k, 50 + 30 * k as i64).await;
        let step = item(
            "visit.step",
            minute(55 + 30 * k as i64),
            json!({ "visit_id": v.visit, "step_id": v.step, "status": "done", "photo_ids": [],
                "value": { "record_id": uuid::Uuid::now_v7(), "answers": { "ok": true } } }),
        );
        let receipt = s.sync(&[step]).await[0].clone();
        assert_eq!(receipt["status"] == "accepted", good, "{k} {receipt}");
    }
    // Keys of ours and kinds with homes of their own are faults of the draft.
    let request = admin.request(Method::PUT, "/api/v1/custom-fields/customer").json(&json!({}));
    let page = admin.send(request).await.json;
    let path = format!("/api/v1/forms/{}", id(&page["id"]));
    let bad = json!({ "title": { "zh-CN": "x" }, "fields": [
        { "key": "grade", "type": "text", "label": { "zh-CN": "等级" } }, { "key": "pic", "type": "photo", "label": { "zh-CN": "照片" } } ] });
    let draft = admin.patch(&path, page["version"].as_i64().unwrap(), json!({ "spec": bad })).await.json;
    let faults: Vec<&str> =
        draft["faults"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert_eq!(faults, ["reserved", "not_here"], "{draft}");
    assert_eq!(publish(admin, &draft).await.code(), "form.faults");
});

testkit::both!(a_customer_and_a_person_of_one_id_have_answers_of_their_own, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let text = |zh: &str| json!({ "title": { "zh-CN": zh }, "fields": [{ "key": "note", "type": "text", "label": { "zh-CN": zh } }] });
    published(admin, "customer", text("客户备注")).await;
    published(admin, "employee", text("人事备注")).await;
    let person = format!("/api/v1/employees/{}", s.rep_id);
    let said = patched(admin, &person, json!({ "note": "工号 7" })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    // Whoever makes a customer chooses its id.
    let shop = json!({ "id": s.rep_id, "name": "同号门店" });
    assert_eq!(s.manager.post("/api/v1/customers", shop).await.status, 201);
    let shop = format!("/api/v1/customers/{}", s.rep_id);
    assert_eq!(s.manager.get(&shop).await.json["custom"], json!({}));
    assert_eq!(admin.get(&person).await.json["custom"], json!({ "note": "工号 7" }));
    assert_eq!(patched(&s.manager, &shop, json!({ "note": "二楼" })).await.status, 200);
    assert_eq!(admin.get(&person).await.json["custom"], json!({ "note": "工号 7" }));
    // The trail of a person names the field, not what was said.
    let trail = admin.get(&format!("/api/v1/audit?object_id={}&limit=50", s.rep_id)).await.json.to_string();
    assert!(trail.contains("note") && !trail.contains("工号"), "{trail}");
});
