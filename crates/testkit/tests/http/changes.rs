//! A rep changes his own day: another order, a visit left out; freely, with approval, or not at all; and what the manager sees.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{DAY, Scene, id, item, minute, place, record};

async fn set_rule(s: &Scene, reorder: &str, skip: &str) {
    let body = json!({ "reorder": reorder, "skip": skip });
    let seen = s.company.admin.get(RULE).await.json["version"].as_i64().unwrap();
    let done = put_rule(&s.company.admin, seen, body).await;
    let kept = json!({ "reorder": reorder, "skip": skip, "outside": "reason", "identity": "none", "version": seen + 1 });
    assert_eq!((done.status, &done.json), (200, &kept), "{}", done.json);
}

const RULE: &str = "/api/v1/plan-changes/rule";

/// Sets the rule of which `version` was seen.
pub(crate) async fn put_rule(client: &Client, version: i64, body: Value) -> Reply {
    let request = client.request(Method::PUT, RULE);
    client.send(request.header("if-match", format!("\"{version}\"")).json(&body)).await
}

/// The manager leads the rep's region.
async fn lead(s: &Scene) {
    let head = id(&s.manager.get("/api/v1/me").await.json["employee"]["id"]);
    let all = s.company.admin.get("/api/v1/departments").await.json;
    let row = all["items"].as_array().unwrap().iter().find(|d| id(&d["id"]) == s.region).unwrap().clone();
    let path = format!("/api/v1/departments/{}", s.region);
    let done = s
        .company
        .admin
        .patch(&path, row["version"].as_i64().unwrap(), json!({ "manager_ids": [head] }))
        .await;
    assert_eq!(done.status, 200, "{}", done.json);
}

/// A planned day at nine, and its tasks in order.
async fn begin(app: &App) -> (Scene, Value) {
    let s = Scene::begin(app).await;
    let plan = s.plan().await;
    app.clock.set(minute(60));
    (s, plan)
}

fn tasks(plan: &Value) -> Vec<Uuid> {
    plan["tasks"].as_array().unwrap().iter().map(|t| id(&t["id"])).collect()
}

fn wish(plan: &Value, order: &[Uuid]) -> Value {
    item(
        "plan.reorder",
        minute(60),
        json!({ "plan_id": plan["id"], "base_version": plan["version"], "order": order, "code": "customer_time", "words": "三店要先去" }),
    )
}

fn skip(task: Uuid) -> Value {
    item("task.skip", minute(61), json!({ "task_id": task, "code": "closed", "reason": "门口贴了告示" }))
}

async fn now(s: &Scene, plan: &Value) -> Value {
    s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json
}

async fn notices(client: &Client) -> Vec<Value> {
    client.get("/api/v1/notices?limit=100").await.json["items"].as_array().unwrap().clone()
}

async fn told(client: &Client, kind: &str) -> Option<Value> {
    notices(client).await.into_iter().find(|n| n["kind"] == kind)
}

async fn act(client: &Client, case: &Value, action: &str, comment: Option<&str>) -> Value {
    let path = format!("/api/v1/approvals/{}", case["id"].as_str().unwrap());
    let page = client.get(&path).await.json;
    let mut body = json!({ "id": Uuid::now_v7(), "action": action, "version": page["version"], "ask": page["asks"][0]["ask"] });
    if let Some(comment) = comment {
        body["comment"] = json!(comment);
    }
    let done = client.post(&format!("{path}/actions"), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

async fn todo(client: &Client) -> Vec<Value> {
    client.get("/api/v1/approvals").await.json["items"].as_array().unwrap().clone()
}

testkit::both!(an_order_freely_changed_is_applied_once_and_seen, |app| async move {
    let (s, plan) = begin(&app).await;
    let t = tasks(&plan);
    let snapshot = s.snapshot().await;
    assert_eq!(
        snapshot["plan_rule"],
        json!({ "reorder": "free", "skip": "free", "outside": "reason", "identity": "none" })
    );
    assert_eq!(snapshot["ways"]["tasks"].as_array().unwrap().len(), 5);
    assert_eq!(snapshot["ways"]["seconds"].as_array().unwrap().len(), 36, "the start and five stops");
    let order = [t[2], t[0], t[1], t[3], t[4]];
    let sent = wish(&plan, &order);
    s.taken(std::slice::from_ref(&sent)).await;
    assert_eq!(s.sync(&[sent]).await[0]["status"], "duplicate");
    let after = now(&s, &plan).await;
    assert_eq!(tasks(&after), order);
    let begins: Vec<&str> =
        after["tasks"].as_array().unwrap().iter().map(|t| t["eta"].as_str().unwrap()).collect();
    assert!(begins.is_sorted(), "{begins:?}");
    assert!(after["route"]["meters"].as_i64() > plan["route"]["meters"].as_i64(), "to and fro is longer");
    assert_eq!(after["route"]["legs"].as_array().unwrap().len(), 5);
    let change = &after["changes"][0];
    assert_eq!(
        (
            change["kind"].as_str(),
            change["status"].as_str(),
            change["moved"].as_i64(),
            change["code"].as_str()
        ),
        (Some("reorder"), Some("applied"), Some(1), Some("customer_time")),
        "{change}"
    );
    assert_eq!(change["after"]["meters"], after["route"]["meters"], "what was said is what was stored");
    assert_eq!(change["before"]["meters"], plan["route"]["meters"]);
    let notice = told(&s.manager, "plan.reordered").await.expect("the planner is told");
    assert!(notice["body"].as_str().unwrap().contains("客户改时间：三店要先去"), "{notice}");
    let list = s.manager.get(&format!("/api/v1/plan-changes?day_from={DAY}&day_to={DAY}")).await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let board = s.manager.get(&format!("/api/v1/planning/board?day={DAY}")).await.json;
    let row = board["people"].as_array().unwrap().iter().find(|p| id(&p["id"]) == s.rep_id).unwrap();
    assert_eq!(row["plan"]["changes"][0]["id"], change["id"]);
    let audit = s.company.admin.get("/api/v1/audit?limit=50").await.json;
    assert!(audit["items"].as_array().unwrap().iter().any(|l| l["action"] == "plan.reorder"), "{audit}");
    // Nobody else sees it, and it is no business of others.
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get("/api/v1/plan-changes").await.json["items"], json!([]));
    }
    // The next edit of the plan keeps what he said.
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let version = after["version"].as_i64().unwrap();
    let edited = s.manager.patch(&path, version, json!({ "note": "带样品" })).await;
    assert_eq!((edited.status, tasks(&edited.json)), (200, order.to_vec()), "{}", edited.json);
    // The same id with another order is refused.
    let mut other = wish(&after, &t);
    other["id"] = change["id"].clone();
    assert_eq!(s.sync(&[other]).await[0]["code"], "sync.conflict");
});

testkit::both!(an_order_that_does_not_fit_is_refused_and_nothing_is_lost, |app| async move {
    let (s, plan) = begin(&app).await;
    let t = tasks(&plan);
    let refused = async |sent: Value| s.sync(&[sent]).await[0]["code"].as_str().unwrap_or("").to_owned();
    assert_eq!(refused(wish(&plan, &t[..4])).await, "plan.wish_stale", "one is not named");
    assert_eq!(refused(wish(&plan, &[t[0], t[0], t[1], t[2], t[3]])).await, "plan.wish_stale");
    let mut nameless = wish(&plan, &t);
    nameless["body"]["code"] = json!("because");
    assert_eq!(refused(nameless).await, "input.invalid");
    let mut wordless = wish(&plan, &t);
    wordless["body"]["code"] = json!("other");
    wordless["body"]["words"] = Value::Null;
    assert_eq!(refused(wordless).await, "input.invalid", "another reason needs words");
    // Somebody else's plan is as missing as none.
    let other = app.person(&s.company, "李娜", "lina", "rep", s.region).await.1;
    let reply =
        other.post("/api/v1/field/sync", json!({ "device_id": "p", "items": [wish(&plan, &t)] })).await;
    assert_eq!(reply.json["receipts"][0]["code"], "not_found");
    let mut none = wish(&plan, &t);
    none["body"]["plan_id"] = json!(Uuid::now_v7());
    assert_eq!(refused(none).await, "not_found");
    // A locked stop keeps its place among the locked ones; others pass it.
    for k in [1, 3] {
        let locked = s.manager.post(&format!("/api/v1/tasks/{}/lock", t[k]), json!({ "locked": true })).await;
        assert_eq!(locked.status, 200, "{}", locked.json);
    }
    assert_eq!(refused(wish(&plan, &[t[0], t[3], t[2], t[1], t[4]])).await, "board.locked");
    let passed = [t[2], t[1], t[0], t[3], t[4]];
    s.taken(&[wish(&plan, &passed)]).await;
    let after = now(&s, &plan).await;
    assert_eq!(tasks(&after), passed);
    // The dispatcher turned the plan meanwhile, with the same stops: the wish holds.
    let customers = |order: &[Uuid]| -> Vec<Value> {
        let all = plan["tasks"].as_array().unwrap();
        order
            .iter()
            .map(|o| all.iter().find(|t| id(&t["id"]) == *o).unwrap()["customer"]["id"].clone())
            .collect()
    };
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let turned = [t[0], t[1], t[2], t[3], t[4]];
    let body = json!({ "customer_ids": customers(&turned), "keep_order": true });
    let done = s.manager.patch(&path, after["version"].as_i64().unwrap(), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
    s.taken(&[wish(&after, &[t[4], t[1], t[0], t[3], t[2]])]).await;
    // He took one out: the wish is refused with the code the phone knows.
    let after = now(&s, &plan).await;
    let body = json!({ "customer_ids": customers(&[t[4], t[1], t[0], t[3]]), "keep_order": true });
    let done = s.manager.patch(&path, after["version"].as_i64().unwrap(), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(refused(wish(&after, &[t[2], t[4], t[1], t[0], t[3]])).await, "plan.wish_stale");
    assert_eq!(
        now(&s, &plan).await["changes"].as_array().unwrap().len(),
        2,
        "refused ones leave nothing behind"
    );
});

testkit::both!(what_has_begun_keeps_its_place, |app| async move {
    let (s, plan) = begin(&app).await;
    let t = tasks(&plan);
    let first = record(&plan["tasks"][0], place(0), 62, 90);
    app.clock.set(minute(91));
    // Said before the visit, arriving with it: the visit drops out of the wish.
    let mut items = first.items.clone();
    items.push(wish(&plan, &[t[4], t[0], t[3], t[2], t[1]]));
    s.taken(&items).await;
    let after = now(&s, &plan).await;
    let order = tasks(&after);
    assert_eq!(after["tasks"].as_array().unwrap().iter().filter(|t| t["status"] == "done").count(), 1);
    // One that is done is not moved by a later wish.
    s.taken(&[wish(&after, &[t[1], t[2], t[0], t[3], t[4]])]).await;
    let again = now(&s, &plan).await;
    assert_eq!(tasks(&again), [t[0], t[1], t[2], t[3], t[4]], "{order:?}");
    // After the working day nothing is changed any more; nor on another day.
    app.clock.set(minute(11 * 60));
    let mut late = wish(&again, &[t[4], t[3], t[2], t[1]]);
    late["at"] = json!(minute(11 * 60));
    assert_eq!(s.sync(&[late]).await[0]["code"], "plan.off_duty");
    app.clock.set(minute(24 * 60));
    assert_eq!(s.sync(&[wish(&again, &[t[4], t[3], t[2], t[1]])]).await[0]["code"], "plan.not_today");
});

testkit::both!(a_rule_that_allows_nothing_is_said_before_and_held, |app| async move {
    let (s, plan) = begin(&app).await;
    let t = tasks(&plan);
    set_rule(&s, "no", "no").await;
    assert_eq!(
        s.snapshot().await["plan_rule"],
        json!({ "reorder": "no", "skip": "no", "outside": "reason", "identity": "none" })
    );
    assert_eq!(
        s.sync(&[wish(&plan, &[t[1], t[0], t[2], t[3], t[4]])]).await[0]["code"],
        "plan.reorder_not_allowed"
    );
    assert_eq!(s.sync(&[skip(t[0])]).await[0]["code"], "plan.skip_not_allowed");
    assert_eq!(tasks(&now(&s, &plan).await), t);
    let free = json!({ "reorder": "free", "skip": "free" });
    assert_eq!(put_rule(&s.manager, 1, free.clone()).await.status, 403);
    let wrong = put_rule(&s.company.admin, 1, json!({ "reorder": "maybe", "skip": "free" })).await;
    assert_eq!(wrong.status, 422);
    let blind = s.company.admin.put(RULE, free.clone()).await;
    assert!(blind.status >= 400, "a rule nobody looked at is not changed: {}", blind.json);
    let stale = put_rule(&s.company.admin, 0, free).await;
    assert_eq!((stale.status, stale.json["code"].as_str()), (409, Some("version.conflict")));
    assert_eq!(s.company.admin.get(RULE).await.json["reorder"], "no");
    set_rule(&s, "free", "free").await;
    s.taken(&[skip(t[0])]).await;
    let task = s.manager.get(&format!("/api/v1/tasks/{}", t[0])).await.json;
    assert_eq!(
        (task["status"].as_str(), task["reason_code"].as_str(), task["reason"].as_str()),
        (Some("skipped"), Some("closed"), Some("门口贴了告示"))
    );
    let notice = told(&s.manager, "task.skipped").await.unwrap();
    assert!(notice["body"].as_str().unwrap().contains("店关门了：门口贴了告示"), "{notice}");
});

testkit::both!(an_approved_order_is_applied_and_a_rejected_one_is_not, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    set_rule(&s, "approval", "approval").await;
    let order = [t[2], t[0], t[1], t[3], t[4]];
    s.taken(&[wish(&plan, &order)]).await;
    // The flow that stands in where none is in use puts none out of use.
    let flows = s.company.admin.get("/api/v1/flows").await.json;
    assert_eq!(
        (&flows["items"][0]["subject"]["kind"], &flows["items"][0]["bound"]),
        (&json!("plan_change"), &json!(false))
    );
    let page = s
        .company
        .admin
        .get(&format!("/api/v1/flows/{}", flows["items"][0]["id"].as_str().unwrap()))
        .await
        .json;
    let fields: Vec<&str> =
        page["fields"].as_array().unwrap().iter().map(|f| f["key"].as_str().unwrap()).collect();
    assert_eq!(fields, ["kind", "extra_km", "extra_minutes", "moved", "grade", "reason", "department"]);
    assert_eq!(tasks(&now(&s, &plan).await), t, "the day stays as it is until somebody decides");
    let change = now(&s, &plan).await["changes"][0].clone();
    assert_eq!(change["status"], "waiting");
    let case = todo(&s.manager).await.remove(0);
    assert_eq!((&case["id"], &case["kind"]), (&change["case_id"], &json!("plan_change")));
    assert_eq!(case["summary"][0]["value"]["en"], "The customer asked for another time: 三店要先去");
    let page = s.manager.get(&format!("/api/v1/approvals/{}", case["id"].as_str().unwrap())).await.json;
    let shown = &page["content"]["plan_change"];
    assert_eq!(shown["before"]["stops"][0]["customer"], "客户 1");
    assert_eq!(shown["after"]["stops"][0]["customer"], "客户 3");
    // The first visit is made while the case waits: it drops out, and the rest is applied.
    let first = record(&plan["tasks"][0], place(0), 62, 90);
    app.clock.set(minute(91));
    s.taken(&first.items).await;
    let done = act(&s.manager, &case, "approve", None).await;
    assert_eq!(
        (&done["status"], &done["content"]["outcome"]["status"]),
        (&json!("approved"), &json!("applied"))
    );
    let after = now(&s, &plan).await;
    assert_eq!(tasks(&after), [t[0], t[2], t[1], t[3], t[4]]);
    assert_eq!(after["changes"][0]["status"], "applied");
    assert!(told(&s.rep, "approval.approved").await.is_some());
    assert!(told(&s.manager, "plan.reordered").await.is_none(), "he planned it and he approved it");
    // Another one is rejected.
    s.taken(&[wish(&after, &[t[4], t[3], t[2], t[1]])]).await;
    let case = todo(&s.manager).await.remove(0);
    act(&s.manager, &case, "reject", Some("客户已约好")).await;
    let rejected = now(&s, &plan).await;
    assert_eq!(tasks(&rejected), [t[0], t[2], t[1], t[3], t[4]]);
    assert_eq!(rejected["changes"][1]["status"], "rejected");
    assert!(
        told(&s.rep, "approval.rejected").await.unwrap()["body"].as_str().unwrap().contains("客户已约好")
    );
    // A skip is applied the same way.
    s.taken(&[skip(t[3])]).await;
    let path = format!("/api/v1/tasks/{}", t[3]);
    assert_eq!(s.manager.get(&path).await.json["status"], "new");
    s.taken(&[skip(t[3])]).await;
    assert_eq!(todo(&s.manager).await.len(), 1, "asked once, however often it is wished");
    let case = todo(&s.manager).await.remove(0);
    act(&s.manager, &case, "approve", None).await;
    let task = s.manager.get(&path).await.json;
    assert_eq!((task["status"].as_str(), task["reason_code"].as_str()), (Some("skipped"), Some("closed")));
});

testkit::both!(an_approval_that_comes_too_late_says_why, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    set_rule(&s, "approval", "free").await;
    s.taken(&[wish(&plan, &[t[2], t[0], t[1], t[3], t[4]])]).await;
    // A newer wish takes the place of the one that waits.
    s.taken(&[wish(&plan, &[t[4], t[0], t[1], t[3], t[2]])]).await;
    let open = todo(&s.manager).await;
    assert_eq!(open.len(), 1);
    let changes = now(&s, &plan).await["changes"].clone();
    assert_eq!((&changes[0]["status"], &changes[1]["status"]), (&json!("withdrawn"), &json!("waiting")));
    let cancelled =
        s.manager.post(&format!("/api/v1/tasks/{}/cancel", t[1]), json!({ "reason": "客户关店" })).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.json);
    let done = act(&s.manager, &open[0], "approve", None).await;
    assert_eq!(done["content"]["outcome"], json!({ "status": "unfit", "code": "plan.wish_stale" }));
    let after = now(&s, &plan).await;
    assert_eq!(
        (&after["changes"][1]["status"], &after["changes"][1]["unfit"]),
        (&json!("unfit"), &json!("plan.wish_stale"))
    );
    assert_eq!(after["tasks"][0]["id"], json!(t[0]));
    assert!(told(&s.rep, "plan.change_unfit").await.is_some());
});

testkit::both!(a_skip_that_was_sent_back_is_asked_again, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    set_rule(&s, "approval", "approval").await;
    let stands = async |k: usize| now(&s, &plan).await["changes"][k]["status"].as_str().unwrap().to_owned();
    s.taken(&[skip(t[3])]).await;
    let case = todo(&s.manager).await.remove(0);
    act(&s.manager, &case, "return", Some("请写清楚")).await;
    assert_eq!(stands(0).await, "returned");
    // Handed in again as it is, it waits again.
    act(&s.rep, &case, "submit", None).await;
    assert_eq!(stands(0).await, "waiting");
    assert_eq!(todo(&s.manager).await.len(), 1);
    act(&s.manager, &case, "return", Some("请写清楚")).await;
    // Skipped again with better words: somebody is asked about those.
    let mut better = skip(t[3]);
    better["body"]["reason"] = json!("停业装修到月底");
    s.taken(&[better]).await;
    assert_eq!((stands(0).await, stands(1).await), ("withdrawn".to_owned(), "waiting".to_owned()));
    let asked = todo(&s.manager).await;
    assert_eq!(asked.len(), 1);
    assert!(asked[0].to_string().contains("停业装修到月底"), "{}", asked[0]);
    // Freed meanwhile, nothing is left in the inbox.
    set_rule(&s, "free", "free").await;
    s.taken(&[skip(t[3])]).await;
    assert_eq!(todo(&s.manager).await.len(), 0);
    assert_eq!((stands(1).await, stands(2).await), ("withdrawn".to_owned(), "applied".to_owned()));
});

testkit::both!(a_skip_belongs_to_its_day_and_its_hours, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    let at = |minutes: i64| {
        let mut sent = skip(t[3]);
        sent["at"] = json!(minute(minutes));
        sent
    };
    app.clock.set(minute(11 * 60));
    assert_eq!(s.sync(&[at(11 * 60)]).await[0]["code"], "plan.off_duty");
    // Said in time and sent late it holds.
    set_rule(&s, "free", "approval").await;
    s.taken(&[at(61)]).await;
    let case = todo(&s.manager).await.remove(0);
    app.clock.set(minute(24 * 60));
    assert_eq!(s.sync(&[at(24 * 60)]).await[0]["code"], "plan.not_today");
    assert_eq!(s.sync(&[at(62)]).await[0]["code"], "plan.not_today", "nobody can approve it in time");
    // Approved when the day is over, the visit stays missed.
    let done = act(&s.manager, &case, "approve", None).await;
    assert_eq!(done["content"]["outcome"], json!({ "status": "unfit", "code": "plan.not_today" }));
    let task = s.manager.get(&format!("/api/v1/tasks/{}", t[3])).await.json;
    assert_ne!(task["status"], "skipped");
});

testkit::both!(a_flow_that_begins_tomorrow_stays_in_use, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    let admin = &s.company.admin;
    let nodes = json!([{ "id": "boss", "kind": "approve", "who": { "by": "heads", "level": 1 }, "how": "any", "empty": "admin" }]);
    let flow = json!({ "id": Uuid::now_v7(), "name": "两级", "subject": { "kind": "plan_change", "id": Uuid::nil() }, "draft": { "v": 1, "nodes": nodes } });
    let made = admin.post("/api/v1/flows", flow).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let path = format!("/api/v1/flows/{}", made.json["id"].as_str().unwrap());
    let publish = admin.request(Method::POST, &format!("{path}/publish")).header("if-match", "\"1\"");
    let published = admin.send(publish.json(&json!({ "from_at": minute(24 * 60) }))).await;
    assert_eq!(published.status, 200, "{}", published.json);
    let bound = admin.put(&format!("{path}/use"), json!({ "on": true })).await;
    assert!(bound.status < 300, "{}", bound.json);
    set_rule(&s, "approval", "free").await;
    s.taken(&[wish(&plan, &[t[2], t[0], t[1], t[3], t[4]])]).await;
    assert_eq!(todo(&s.manager).await.len(), 1, "until then the head decides");
    let kept = admin.get(&path).await.json;
    assert_eq!(kept["bound"], true, "{kept}");
});

testkit::both!(an_erased_person_leaves_no_words, |app| async move {
    let (s, plan) = begin(&app).await;
    lead(&s).await;
    let t = tasks(&plan);
    set_rule(&s, "approval", "free").await;
    s.taken(&[wish(&plan, &[t[2], t[0], t[1], t[3], t[4]])]).await;
    let case = todo(&s.manager).await.remove(0);
    act(&s.manager, &case, "approve", None).await;
    let person = format!("/api/v1/employees/{}", s.rep_id);
    assert_eq!(s.company.admin.post(&format!("{person}/leave"), json!({})).await.status, 204);
    let gone =
        s.company.admin.post(&format!("{person}/erase"), json!({ "name": "张伟", "photos": false })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    let page = s.manager.get(&format!("/api/v1/approvals/{}", case["id"].as_str().unwrap())).await.json;
    assert_eq!(
        page["content"]["plan_change"]["code"], "customer_time",
        "why he did it stays, his words do not"
    );
    let text = page.to_string();
    assert!(!text.contains("三店要先去") && !text.contains("张伟"), "{text}");
    assert_eq!(now(&s, &plan).await["changes"][0]["words"], Value::Null);
});
