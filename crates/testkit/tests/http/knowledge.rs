//! Articles: written with files, published in versions, read by their audience alone, found by two characters, pinned to
//! steps as guides; and practice, which counts nowhere.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{Scene, fix, id, item, jpeg, minute, place};

async fn write(client: &Client, title: &str, body: &str) -> Value {
    let made =
        client.post("/api/v1/articles", json!({ "title": title, "tags": ["椰汁 1L"], "body": body })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

fn path(article: &Value, tail: &str) -> String {
    format!("/api/v1/articles/{}{tail}", article["id"].as_str().expect("article"))
}

async fn change(client: &Client, article: &Value, body: Value) -> Reply {
    let newest = client.get(&path(article, "")).await.json;
    client.patch(&path(article, ""), newest["version"].as_i64().unwrap_or(0), body).await
}

async fn publish(client: &Client, article: &Value, body: Value) -> Value {
    let newest = client.get(&path(article, "")).await.json;
    let request = client.request(Method::POST, &path(article, "/publish"));
    let request = request.header("if-match", format!("\"{}\"", newest["version"]));
    let done = client.send(request.json(&body)).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

async fn send_file(client: &Client, article: &Value, name: &str, bytes: Vec<u8>) -> Reply {
    client.post_bytes(&format!("{}?name={name}", path(article, "/files")), bytes).await
}

async fn found(client: &Client, q: &str) -> Vec<String> {
    let request = client.request(Method::GET, "/api/v1/knowledge/search").query(&[("q", q)]);
    let reply = client.send(request).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    let items = reply.json["items"].as_array().expect("items");
    items.iter().map(|a| a["title"].as_str().unwrap_or("").to_owned()).collect()
}

/// A published article of the administrator with a picture, for tests that need one of each.
pub async fn filled(app: &App, s: &Scene) -> (Uuid, Uuid) {
    let admin = &s.company.admin;
    app.clock.set(minute(127));
    let article = write(admin, "椰汁话术", "先问冷藏").await;
    let file = send_file(admin, &article, "a.jpg", jpeg(64, 64, 3)).await;
    assert_eq!(file.status, 201, "{}", file.json);
    let body = format!("![图](file:{})", file.json["id"].as_str().expect("file"));
    assert_eq!(change(admin, &article, json!({ "body": body, "must_read": true })).await.status, 200);
    publish(admin, &article, json!({})).await;
    (id(&article["id"]), id(&file.json["id"]))
}

/// A practice of the rep.
pub async fn practised(s: &Scene) -> Uuid {
    let practice = Uuid::now_v7();
    let body = json!({ "practice_id": practice, "template_id": s.template["id"], "steps_version": 1, "started_at": minute(60), "done": 2, "skipped": 1, "total": 3 });
    s.taken(&[item("practice.done", minute(70), body)]).await;
    practice
}

testkit::both!(an_article_is_read_by_its_audience_and_receipted_once, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    app.clock.set(minute(10));
    let article = write(admin, "椰汁 1L 进店话术", "# 开场\n先问**冷藏**，再说保质期 Coconut").await;
    // A draft is nobody's to read; whoever leads another department cannot even change it.
    assert_eq!(s.rep.get("/api/v1/knowledge").await.json["items"], json!([]));
    assert_eq!(s.sibling.get(&path(&article, "")).await.status, 404);
    assert_eq!(s.rep.get(&path(&article, "")).await.status, 403);
    let bad = json!({ "audience": { "departments": [], "roles": ["nobody"] } });
    assert_eq!(change(admin, &article, bad).await.json["code"], "knowledge.audience");
    let rules = json!({ "audience": { "departments": [s.region], "roles": ["rep"] }, "must_read": true, "due_day": "2026-11-25" });
    assert_eq!(change(admin, &article, rules).await.status, 200);
    let page = publish(admin, &article, json!({ "note": "第一版" })).await;
    assert_eq!((&page["published"], &page["changed"]), (&json!(1), &json!(false)));
    assert_eq!(page["duty"], json!({ "due_day": "2026-11-25", "since": 1, "asked": 1, "read": 0 }));

    // His day brings it; his manager sees it without having to read it; nobody else does.
    let snapshot = s.snapshot().await;
    assert_eq!(
        (&snapshot["must_reads"][0]["id"], &snapshot["must_reads"][0]["unread"]),
        (&article["id"], &json!(true))
    );
    assert_eq!(snapshot["notices"][0]["kind"], "knowledge.asked_until");
    let open = format!("/api/v1/knowledge/{}", article["id"].as_str().expect("id"));
    assert_eq!(s.manager.get(&open).await.json["must_read"], false);
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&open).await.status, 404);
        assert_eq!(other.post(&format!("{open}/read"), json!({ "number": 1 })).await.status, 404);
        assert!(found(other, "冷藏").await.is_empty());
    }

    // Read on the phone without a network, exactly once.
    app.clock.set(minute(60));
    let read = json!({ "article_id": article["id"], "number": 1, "opened_at": minute(40) });
    let sent = item("article.read", minute(45), read.clone());
    s.taken(std::slice::from_ref(&sent)).await;
    assert_eq!(s.sync(std::slice::from_ref(&sent)).await[0]["status"], "duplicate");
    s.taken(&[item("article.read", minute(50), read)]).await;
    let unknown = json!({ "article_id": article["id"], "number": 9, "opened_at": minute(40) });
    assert_eq!(s.sync(&[item("article.read", minute(50), unknown)]).await[0]["code"], "not_found");
    let readers = admin.get(&path(&article, "/readers")).await.json;
    assert_eq!(readers["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&readers["items"][0]["done"], &readers["items"][0]["read_at"]),
        (&json!(true), &json!(minute(45)))
    );
    assert_eq!(s.snapshot().await["must_reads"], json!([]));

    // A new version asks anew only when it says so, and only those who lag behind are reminded.
    change(admin, &article, json!({ "body": "改了" })).await;
    let page = publish(admin, &article, json!({ "read_again": false })).await;
    assert_eq!((&page["duty"]["since"], &page["duty"]["read"]), (&json!(1), &json!(1)));
    change(admin, &article, json!({ "body": "又改了" })).await;
    let page = publish(admin, &article, json!({ "read_again": true })).await;
    assert_eq!((&page["duty"]["since"], &page["duty"]["read"]), (&json!(3), &json!(0)));
    assert_eq!(admin.post(&path(&article, "/remind"), json!({})).await.json["told"], 1);
    let old = admin.get(&path(&article, "/versions/1")).await.json;
    assert_eq!(old["body"], "# 开场\n先问**冷藏**，再说保质期 Coconut");
    let sheet = admin.get(&path(&article, "/readers.xlsx")).await;
    assert_eq!(sheet.status, 200);

    // Whatever changes of an article, the phone hears of it.
    let stamp = |snapshot: Value| snapshot["knowledge_stamp"].as_str().unwrap_or("").to_owned();
    let before = stamp(s.snapshot().await);
    assert_eq!(before, stamp(s.snapshot().await));
    change(admin, &article, json!({ "due_day": "2026-11-26" })).await;
    assert_ne!(before, stamp(s.snapshot().await));

    // Retired, and for others only: gone for readers. What was read before without a network counts all the same.
    let others = json!({ "retired": true, "audience": { "departments": [], "roles": ["admin"] } });
    assert_eq!(change(admin, &article, others).await.status, 200);
    let late = json!({ "article_id": article["id"], "number": 3, "opened_at": minute(52) });
    s.taken(&[item("article.read", minute(55), late)]).await;
    assert_eq!(s.rep.post(&format!("{open}/read"), json!({ "number": 3 })).await.status, 404);
    assert_eq!(s.rep.get(&open).await.status, 404);
    assert!(found(&s.rep, "又改").await.is_empty());
});

testkit::both!(two_characters_find_an_article_and_the_title_comes_first, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    app.clock.set(minute(10));
    for (title, body) in [
        ("冰柜清洁步骤", "断电后擦拭"),
        ("陈列标准", "冰柜放在门口，ＣＯＣＯ 居中"),
        ("椰汁话术", "先问冷藏"),
    ] {
        let article = write(admin, title, body).await;
        publish(admin, &article, json!({})).await;
    }
    let hidden = write(&s.sibling, "二区冰柜价格", "保密").await;
    publish(&s.sibling, &hidden, json!({})).await;
    assert_eq!(found(&s.rep, "冰柜").await, ["冰柜清洁步骤", "陈列标准"]);
    assert_eq!(found(&s.rep, "coc").await, ["陈列标准"]);
    assert_eq!(found(&s.rep, "冰柜 擦拭").await, ["冰柜清洁步骤"]);
    assert_eq!(found(&s.rep, "汁").await.len(), 3);
    assert!(found(&s.rep, "，%_").await.is_empty());
    assert!(found(&s.rep, "柜冰").await.is_empty());
    assert_eq!(found(&s.sibling, "冰柜").await.len(), 3);
    let request = s.rep.request(Method::GET, "/api/v1/knowledge/search").query(&[("q", "擦拭")]);
    let excerpt = s.rep.send(request).await.json["items"][0]["excerpt"].clone();
    assert_eq!(excerpt[1], json!({ "text": "擦拭", "mark": true }));
    // A leader of a department writes for his own people alone.
    let everybody = json!({ "title": "x", "audience": { "departments": [], "roles": [] } });
    assert_eq!(s.sibling.post("/api/v1/articles", everybody).await.json["code"], "knowledge.audience");
    // What the office made for everybody is not his to rewrite any more, though he wrote it first.
    let wide = write(&s.sibling, "二区试饮", "").await;
    assert_eq!(change(&s.sibling, &wide, json!({ "body": "a" })).await.status, 200);
    let all = json!({ "audience": { "departments": [], "roles": [] } });
    assert_eq!(change(admin, &wide, all).await.status, 200);
    let own = wide["department"]["id"].clone();
    let narrowed = json!({ "audience": { "departments": [own], "roles": [] } });
    for mine in [json!({ "body": "b" }), json!({ "retired": true }), narrowed] {
        assert_eq!(change(&s.sibling, &wide, mine).await.json["code"], "knowledge.audience");
    }
    let newest = s.sibling.get(&path(&wide, "")).await.json["version"].clone();
    let request = s.sibling.request(Method::POST, &path(&wide, "/publish"));
    let request = request.header("if-match", format!("\"{newest}\"")).json(&json!({}));
    assert_eq!(s.sibling.send(request).await.json["code"], "knowledge.audience");
    // A long text is found by every part of it as soon as it is published.
    let signs = (0..3_000_u32).filter_map(|k| char::from_u32(0x4E00 + k));
    let long = write(admin, "长文", &signs.collect::<String>()).await;
    publish(admin, &long, json!({})).await;
    assert_eq!(found(&s.rep, "\u{4E00}\u{4E01}").await, ["长文"]);
    assert_eq!(found(&s.rep, "\u{59B6}\u{59B7}").await, ["长文"]);
    // The list of those who write finds drafts too.
    write(admin, "草稿冰柜", "").await;
    let request = admin.request(Method::GET, "/api/v1/articles").query(&[("q", "冰柜"), ("state", "draft")]);
    let drafts = admin.send(request).await.json;
    assert_eq!(drafts["items"][0]["title"], "草稿冰柜");
    // Categories: two levels, and none that is in use goes.
    let top = admin.post("/api/v1/article-categories", json!({ "name": "话术" })).await.json;
    let under = admin
        .post("/api/v1/article-categories", json!({ "name": "饮料", "parent_id": top["id"] }))
        .await
        .json;
    let third = json!({ "name": "x", "parent_id": under["id"] });
    assert_eq!(admin.post("/api/v1/article-categories", third).await.json["code"], "knowledge.category");
    let top = format!("/api/v1/article-categories/{}", top["id"].as_str().expect("id"));
    assert_eq!(admin.delete(&top).await.json["code"], "knowledge.category_in_use");
});

testkit::both!(a_file_is_what_its_bytes_say_and_goes_only_to_readers, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    app.clock.set(minute(10));
    let article = write(admin, "陈列", "").await;
    let audience = json!({ "audience": { "departments": [s.region], "roles": [] } });
    change(admin, &article, audience).await;
    for bad in [
        b"<html><script>alert(1)</script>".to_vec(),
        b"MZ\x90".to_vec(),
        b"\0\0\0\x14ftypqt  ....".to_vec(),
        vec![],
    ] {
        assert_eq!(send_file(admin, &article, "a.png", bad).await.json["code"], "knowledge.file_kind");
    }
    let picture = send_file(admin, &article, "..%2Fa%20b.exe", jpeg(800, 600, 1)).await.json;
    assert_eq!(
        (&picture["mime"], &picture["name"], &picture["width"]),
        (&json!("image/jpeg"), &json!("a b.jpg"), &json!(800))
    );
    let pdf = send_file(admin, &article, "%E6%89%8B%E5%86%8C.pdf", b"%PDF-1.7 x".to_vec()).await.json;
    let once = format!("/api/v1/article-files/{}", picture["id"].as_str().expect("file"));
    // Not named by what is published: the writer's alone.
    assert_eq!((admin.get(&once).await.status, s.rep.get(&once).await.status), (200, 404));
    let missing = json!({ "body": format!("![x](file:{})", Uuid::now_v7()) });
    assert_eq!(change(admin, &article, missing).await.json["code"], "knowledge.file_unknown");
    let body = format!(
        "![x](file:{}) [手册](file:{})",
        picture["id"].as_str().unwrap_or(""),
        pdf["id"].as_str().unwrap_or("")
    );
    assert_eq!(change(admin, &article, json!({ "body": body })).await.status, 200);
    publish(admin, &article, json!({})).await;
    let given = s.rep.send(s.rep.request(Method::GET, &once)).await;
    assert_eq!(given.status, 200);
    assert_eq!((s.sibling.get(&once).await.status, s.stranger.get(&once).await.status), (404, 404));
    let part = s.rep.send(s.rep.request(Method::GET, &once).header("range", "bytes=0-1")).await;
    assert_eq!(part.status, 206);
    let open = s.rep.get(&format!("/api/v1/knowledge/{}", article["id"].as_str().unwrap_or(""))).await.json;
    assert_eq!(open["files"].as_array().map(Vec::len), Some(2));
});

testkit::both!(a_guide_travels_with_the_plan_and_locks_its_step, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    app.clock.set(minute(-30));
    let guide = write(admin, "门头照怎么拍", "招牌和门都拍进框里").await;
    let picture = send_file(admin, &guide, "a.jpg", jpeg(64, 64, 5)).await.json;
    let file = picture["id"].as_str().expect("file").to_owned();
    // Only the other region may read it: whoever gets the work gets its guide all the same.
    let other = s.company.admin.get("/api/v1/departments").await.json["items"]
        .as_array()
        .and_then(|all| all.iter().find(|d| d["name"] == "二区"))
        .map(|d| d["id"].clone());
    change(admin, &guide, json!({ "body": format!("看图 ![x](file:{file})"), "audience": { "departments": [other], "roles": [] } })).await;
    let steps = |guide: Option<&Value>| json!([{ "title": "问候", "kind": "yes_no", "guide_id": guide.map(|g| g["id"].clone()), "guide_required": guide.is_some() }]);
    let template = |guide: Option<&Value>| json!({ "name": "带指南", "kind": "visit", "min_stay_s": 300, "steps": steps(guide) });
    // Nothing is published of it yet.
    let refused = admin.post("/api/v1/task-templates", template(Some(&guide))).await;
    assert_eq!((refused.status, &refused.json["errors"][0]["code"]), (422, &json!("knowledge.not_usable")));
    publish(admin, &guide, json!({})).await;
    let made = admin.post("/api/v1/task-templates", template(Some(&guide))).await;
    assert_eq!(made.status, 201, "{}", made.json);
    // Who only practises it gets neither the guide nor its files.
    let practised = s.rep.get("/api/v1/field/practice").await.json;
    let offered = practised["templates"].as_array().expect("templates").iter();
    let step = offered.filter(|t| t["id"] == made.json["id"]).map(|t| &t["steps"][0]).next().expect("step");
    assert_eq!((&step["guide_id"], &step["guide_required"]), (&Value::Null, &json!(false)));
    assert_eq!(practised["guides"], json!([]));
    assert_eq!(s.rep.get(&format!("/api/v1/field/guide-files/{file}")).await.status, 404);
    // Steps of a plan or task name only what the planner may read, and what is there.
    for bad in [guide["id"].clone(), json!(Uuid::now_v7())] {
        let step = json!([{ "title": "问候", "kind": "yes_no", "guide_id": bad }]);
        let mut plan = s.new_plan();
        let task = json!({ "employee_id": plan["employee_id"], "customer_id": plan["customer_ids"][0], "day": plan["day"], "window": plan["window"], "steps": step });
        plan["steps"] = step;
        for (path, body) in [("/api/v1/plans", plan), ("/api/v1/tasks", task)] {
            let refused = s.manager.post(path, body).await;
            assert_eq!(refused.json["errors"][0]["code"], "knowledge.not_usable", "{}", refused.json);
            assert_eq!(refused.json["errors"][0]["field"], "steps[0].guide_id");
        }
    }
    let mut plan = s.new_plan();
    plan["template_id"] = made.json["id"].clone();
    assert_eq!(s.manager.post("/api/v1/plans", plan).await.status, 201);
    // What is published later does not change what was planned.
    change(admin, &guide, json!({ "body": "新版" })).await;
    publish(admin, &guide, json!({})).await;
    change(admin, &guide, json!({ "retired": true })).await;
    let snapshot = s.snapshot().await;
    let task = snapshot["tasks"][0].clone();
    assert_eq!(
        (&task["steps"][0]["guide_version"], &snapshot["guides"][0]["version"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(s.rep.get(&format!("/api/v1/field/guide-files/{file}")).await.status, 200);
    assert_eq!(s.rep.get(&format!("/api/v1/article-files/{file}")).await.status, 404);
    assert_eq!(s.sibling.get(&format!("/api/v1/field/guide-files/{file}")).await.status, 403);

    // Locked until it was opened.
    app.clock.set(minute(60));
    let visit = Uuid::now_v7();
    let here = fix(place(0), 9.0, minute(50));
    let check_in = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": here, "offline": true });
    s.taken(&[item("visit.check_in", minute(50), check_in)]).await;
    let mut done =
        json!({ "visit_id": visit, "step_id": task["steps"][0]["id"], "status": "done", "value": true });
    assert_eq!(
        s.sync(&[item("visit.step", minute(53), done.clone())]).await[0]["code"],
        "visit.guide_unopened"
    );
    done["guide_opened_at"] = json!(minute(52));
    s.taken(&[item("visit.step", minute(53), done)]).await;
    let kept = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!(kept["steps"][0]["guide_opened_at"], json!(minute(52)));
});

testkit::both!(practice_is_noted_and_counts_nowhere, |app| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(90));
    let offered = s.rep.get("/api/v1/field/practice").await.json;
    let names: Vec<&str> = offered["templates"]
        .as_array()
        .expect("templates")
        .iter()
        .filter_map(|t| t["name"].as_str())
        .collect();
    assert!(names.contains(&"门店拜访"));
    // A guide for him is practised with.
    let guide = write(&s.company.admin, "问候", "您好").await;
    publish(&s.company.admin, &guide, json!({})).await;
    let steps =
        json!([{ "title": "问候", "kind": "yes_no", "guide_id": guide["id"], "guide_required": true }]);
    let guided = json!({ "name": "带指南", "kind": "visit", "steps": steps });
    assert_eq!(s.company.admin.post("/api/v1/task-templates", guided).await.status, 201);
    assert_eq!(s.rep.get("/api/v1/field/practice").await.json["guides"][0]["id"], guide["id"]);
    let practice = practised(&s).await;
    let again = json!({ "practice_id": practice, "template_id": s.template["id"], "steps_version": 1, "started_at": minute(60), "done": 3, "skipped": 0, "total": 3 });
    assert_eq!(s.sync(&[item("practice.done", minute(70), again.clone())]).await[0]["code"], "sync.conflict");
    let mut wrong = again.clone();
    wrong["practice_id"] = json!(Uuid::now_v7());
    wrong["steps_version"] = json!(7);
    assert_eq!(s.sync(&[item("practice.done", minute(70), wrong)]).await[0]["code"], "not_found");
    let mut wrong = again;
    wrong["practice_id"] = json!(Uuid::now_v7());
    wrong["skipped"] = json!(2);
    assert_eq!(s.sync(&[item("practice.done", minute(70), wrong)]).await[0]["code"], "input.invalid");
    let seen = s.manager.get("/api/v1/practices").await.json;
    assert_eq!((&seen["items"][0]["id"], &seen["items"][0]["done"]), (&json!(practice), &json!(2)));
    assert_eq!(s.sibling.get("/api/v1/practices").await.json["items"], json!([]));
    // No visit, no figure.
    assert_eq!(s.manager.get("/api/v1/visits").await.json["items"], json!([]));
    let day = s.manager.get("/api/v1/reports/day?day=2026-11-20").await;
    assert!(!day.json.to_string().contains("\"visits\":1"), "{}", day.json);
    let one = format!("/api/v1/practices/{practice}");
    assert_eq!((s.sibling.delete(&one).await.status, s.manager.delete(&one).await.status), (404, 204));
});

testkit::both!(what_is_due_today_is_said_once_in_the_morning, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let article = write(admin, "安全须知", "# 开场\n先看一遍").await;
    let rules = json!({ "audience": { "departments": [s.region], "roles": ["rep"] }, "must_read": true, "due_day": crate::scene::DAY });
    assert_eq!(change(admin, &article, rules).await.status, 200);
    publish(admin, &article, json!({ "note": "第一版" })).await;
    let told = async || {
        ::knowledge::settle(&app.kit, s.company.id).await.unwrap();
        let notices = s.rep.get("/api/v1/notices").await.json;
        notices["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "knowledge.due_today").count()
    };
    app.clock.set(minute(-61));
    assert_eq!(told().await, 0, "nobody is woken");
    app.clock.set(minute(10));
    assert_eq!((told().await, told().await), (1, 1), "once");
    // Whoever has read it hears nothing.
    let other = write(admin, "第二篇", "# 第二\n再看一遍").await;
    let rules = json!({ "audience": { "departments": [s.region], "roles": ["rep"] }, "must_read": true, "due_day": crate::scene::DAY });
    change(admin, &other, rules).await;
    publish(admin, &other, json!({ "note": "第一版" })).await;
    let read = json!({ "article_id": other["id"], "number": 1, "opened_at": minute(9) });
    s.taken(&[item("article.read", minute(9), read)]).await;
    assert_eq!(told().await, 1);
});
