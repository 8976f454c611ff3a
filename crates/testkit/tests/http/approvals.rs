//! Approvals: flows drawn and published, records that run through them, decided once, by whoever is asked.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, minute, place};

/// One step: the heads of the requester's department.
pub fn small_flow() -> Value {
    json!({ "v": 1, "nodes": [{ "id": "a", "kind": "approve", "who": { "by": "heads", "level": 1 }, "how": "any", "empty": "admin" }] })
}

fn step(id: &str, who: Value) -> Value {
    json!({ "id": id, "kind": "approve", "who": who, "how": "any", "empty": "admin" })
}

fn heads(level: u8) -> Value {
    json!({ "by": "heads", "level": level })
}

/// The head, and above 1000 the head above him.
fn two_levels() -> Value {
    let lanes = json!([{ "name": "大额", "when": "form.amount > 1000", "nodes": [step("b", heads(2))] }, { "nodes": [] }]);
    json!({ "v": 1, "nodes": [step("a", heads(1)), { "id": "x", "kind": "branch", "lanes": lanes }] })
}

fn claim_form() -> Value {
    json!({ "title": { "zh-CN": "促销申请", "en": "Promotion" }, "fields": [
        { "key": "amount", "type": "number", "label": { "zh-CN": "金额", "en": "Amount" }, "unit": { "zh-CN": "元", "en": "CNY" }, "required": "true" },
        { "key": "spot", "type": "place", "label": { "zh-CN": "位置", "en": "Place" } },
    ] })
}

async fn versioned(client: &Client, method: Method, path: &str, version: &Value, body: Value) -> Reply {
    let request = client.request(method, path).header("if-match", format!("\"{version}\""));
    client.send(request.json(&body)).await
}

/// Makes, publishes and puts to use a flow for a form; answers its page.
async fn flow_for(admin: &Client, form: &Value, doc: Value) -> Value {
    flow_of(admin, "form", form, doc).await
}

async fn flow_of(admin: &Client, kind: &str, subject: &Value, doc: Value) -> Value {
    let new = json!({ "name": "促销审批", "subject": { "kind": kind, "id": subject["id"] }, "draft": doc });
    let made = admin.post("/api/v1/flows", new).await;
    assert_eq!((made.status, &made.json["faults"]), (201, &json!([])), "{}", made.json);
    let path = format!("/api/v1/flows/{}", made.json["id"].as_str().unwrap());
    let done = versioned(
        admin,
        Method::POST,
        &format!("{path}/publish"),
        &made.json["version"],
        json!({ "note": "首版" }),
    )
    .await;
    assert_eq!((done.status, &done.json["published"]), (200, &json!(1)), "{}", done.json);
    let used = admin.put(&format!("{path}/use"), json!({ "on": true })).await;
    assert_eq!((used.status, &used.json["bound"]), (200, &json!(true)), "{}", used.json);
    used.json
}

/// A flow in use for something of a kind, which asks the administrators.
pub async fn bound_to(admin: &Client, kind: &str, subject: &Value) {
    flow_of(admin, kind, subject, small_flow()).await;
}

/// A flow in use for a form, which asks the administrators.
pub async fn bound(admin: &Client, form: &Value) {
    flow_for(admin, form, small_flow()).await;
}

/// A company whose rep fills forms in that are approved by the head of his region and the head of the company.
struct Desk {
    s: Scene,
    boss: Client,
    head_id: Uuid,
    sibling_id: Uuid,
    form: Value,
    flow: Value,
    visit: Uuid,
    steps: Vec<Value>,
}

async fn me(client: &Client) -> Uuid {
    id(&client.get("/api/v1/me").await.json["employee"]["id"])
}

impl Desk {
    async fn open(app: &App, doc: Value) -> Desk {
        let s = Scene::begin(app).await;
        let (boss_id, boss) =
            app.person(&s.company, "赵总", "zhaozong", "manager", s.company.root_department).await;
        let (head_id, sibling_id) = (me(&s.manager).await, me(&s.sibling).await);
        for (department, head) in [(s.region, head_id), (s.company.root_department, boss_id)] {
            let all = s.company.admin.get("/api/v1/departments").await.json;
            let row =
                all["items"].as_array().unwrap().iter().find(|d| id(&d["id"]) == department).unwrap().clone();
            let body = json!({ "manager_ids": [head] });
            let path = format!("/api/v1/departments/{department}");
            let done = s.company.admin.patch(&path, row["version"].as_i64().unwrap(), body).await;
            assert_eq!(done.status, 200, "{}", done.json);
        }
        let form = crate::forms::published(&s.company.admin, "claim", claim_form()).await;
        let flow = flow_for(&s.company.admin, &form, doc).await;
        let steps: Vec<Value> = (1..=6)
            .map(|k| json!({ "title": format!("申请 {k}"), "kind": "form", "form_id": form["id"] }))
            .collect();
        let new = json!({
            "employee_id": s.rep_id, "customer_id": s.customers[0], "day": DAY,
            "window": { "from_minute": 540, "to_minute": 1020 }, "steps": steps,
        });
        let task = s.manager.post("/api/v1/tasks", new).await;
        assert_eq!(task.status, 201, "{}", task.json);
        app.clock.set(minute(100));
        let visit = Uuid::now_v7();
        let here = fix(place(0), 9.0, minute(70));
        let body = json!({ "visit_id": visit, "task_id": task.json["id"], "customer_id": s.customers[0], "fix": here, "offline": true });
        s.taken(&[item("visit.check_in", minute(70), body)]).await;
        let steps = task.json["steps"].as_array().unwrap().clone();
        Desk { s, boss, head_id, sibling_id, form, flow, visit, steps }
    }

    /// Fills the k-th step in; answers the record.
    async fn fill(&self, k: usize, amount: i64) -> Uuid {
        let record = Uuid::now_v7();
        let value = json!({ "record_id": record, "answers": { "amount": amount, "spot": { "lng": 118.7123456, "lat": 32.0123457 } } });
        let body = json!({ "visit_id": self.visit, "step_id": self.steps[k]["id"], "status": "done", "photo_ids": [], "value": value });
        self.s.taken(&[item("visit.step", minute(75 + k as i64), body)]).await;
        record
    }

    /// The case of a record, as its requester sees it.
    async fn case(&self, record: Uuid) -> Value {
        let mine = self.s.rep.get("/api/v1/approvals?box=mine").await.json;
        let row = mine["items"].as_array().unwrap().iter().find(|r| id(&r["record_id"]) == record).cloned();
        row.unwrap_or_else(|| panic!("no case of {record}: {mine}"))
    }

    async fn handed_in(&self, k: usize, amount: i64) -> Value {
        let record = self.fill(k, amount).await;
        self.case(record).await
    }
}

async fn todo(client: &Client) -> Vec<Value> {
    client.get("/api/v1/approvals").await.json["items"].as_array().unwrap().clone()
}

fn path(case: &Value) -> String {
    format!("/api/v1/approvals/{}", case["id"].as_str().unwrap())
}

/// The body of an action on a case as `client` sees it now.
async fn body(client: &Client, case: &Value, action: &str, more: Value) -> Value {
    let page = client.get(&path(case)).await.json;
    let mut body = json!({ "id": Uuid::now_v7(), "action": action, "version": page["version"], "ask": page["asks"][0]["ask"] });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn act(client: &Client, case: &Value, action: &str, more: Value) -> Reply {
    let body = body(client, case, action, more).await;
    client.post(&format!("{}/actions", path(case)), body).await
}

async fn approve(client: &Client, case: &Value) -> Value {
    let done = act(client, case, "approve", json!({})).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

fn trail(page: &Value) -> Vec<&str> {
    page["trail"].as_array().unwrap().iter().map(|l| l["what"].as_str().unwrap()).collect()
}

async fn kinds(client: &Client) -> Vec<String> {
    let all = client.get("/api/v1/notices?limit=100").await.json;
    all["items"].as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap().to_owned()).collect()
}

testkit::both!(a_record_is_approved_at_two_levels_and_seen_by_nobody_else, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let s = &d.s;
    let case = d.handed_in(0, 5000).await;
    assert_eq!(case["title"]["zh-CN"], "促销申请 · 客户 1");
    assert_eq!(case["summary"][0]["value"]["en"], "5000 CNY", "{case}");
    assert_eq!((case["asked"][0]["name"].as_str(), case["status"].as_str()), (Some("陈静"), Some("running")));
    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (1, 0));
    assert_eq!(s.manager.get("/api/v1/approvals/counts").await.json["todo"], 1);
    assert!(kinds(&s.manager).await.contains(&"approval.asked".to_owned()));
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!(
        page["content"]["answers"]["spot"],
        json!({ "hidden": true }),
        "whoever decides is shown no position"
    );
    assert_eq!(page["content"]["spec"]["fields"][0]["key"], "amount");

    // Nobody else sees it, nobody else decides it.
    for client in [&s.sibling, &s.stranger] {
        assert_eq!(client.get(&path(&case)).await.status, 404);
        assert_eq!(act(client, &case, "approve", json!({ "version": 1, "ask": 1 })).await.status, 404);
        assert_eq!(client.get("/api/v1/approvals?box=mine").await.json["items"], json!([]));
    }
    assert_eq!(s.sibling.get("/api/v1/approvals?box=all").await.json["items"], json!([]));
    assert_eq!(
        s.company.admin.get("/api/v1/approvals?box=all").await.json["items"].as_array().unwrap().len(),
        1
    );
    let own = act(&s.rep, &case, "approve", json!({ "ask": 1 })).await;
    assert_eq!((own.status, own.code()), (409, "approval.not_asked"));
    let reader = act(&s.company.admin, &case, "approve", json!({ "ask": 1 })).await;
    assert_eq!((reader.status, reader.code()), (409, "approval.not_asked"));

    // The same decision sent twice counts once; the same id for something else is refused.
    let decision = body(&s.manager, &case, "approve", json!({ "comment": "同意" })).await;
    let actions = format!("{}/actions", path(&case));
    let first = s.manager.post(&actions, decision.clone()).await;
    assert_eq!(first.status, 200, "{}", first.json);
    let again = s.manager.post(&actions, decision.clone()).await;
    assert_eq!((again.status, &again.json["version"]), (200, &first.json["version"]));
    let mut other = decision.clone();
    other["comment"] = json!("不同意");
    assert_eq!(s.manager.post(&actions, other).await.code(), "sync.conflict");
    let mut second = decision;
    second["id"] = json!(Uuid::now_v7());
    assert_eq!(s.manager.post(&actions, second).await.code(), "version.conflict");

    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (0, 1));
    let done = approve(&d.boss, &case).await;
    assert_eq!(done["status"], "approved");
    assert_eq!(
        trail(&done),
        ["submitted", "asked", "approved", "took_lane", "asked", "approved", "completed"]
    );
    assert_eq!((&done["trail"][2]["comment"], &done["trail"][3]["lane"]), (&json!("同意"), &json!(0)));
    assert!(kinds(&s.rep).await.contains(&"approval.approved".to_owned()));
    let record =
        s.manager.get(&format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap())).await.json;
    assert_eq!(record["approval"]["status"], "approved", "{record}");
    let decided = s.manager.get("/api/v1/approvals?box=decided&status=approved").await.json;
    assert_eq!(decided["items"].as_array().unwrap().len(), 1);
    // A small one needs no second level.
    let small = d.handed_in(1, 10).await;
    assert_eq!(approve(&s.manager, &small).await["status"], "approved");
    let log = s.company.admin.get("/api/v1/ledger/entries?limit=200").await.json;
    assert!(log["items"].as_array().unwrap().iter().any(|l| l["kind"] == "approval.completed"), "{log}");
});

testkit::both!(sent_back_corrected_and_handed_in_again, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let s = &d.s;
    let case = d.handed_in(0, 20000).await;
    let mute = act(&s.manager, &case, "return", json!({})).await;
    assert_eq!((mute.status, mute.code()), (422, "approval.reason"));
    let back = act(&s.manager, &case, "return", json!({ "comment": "金额写错了" })).await;
    assert_eq!((back.status, &back.json["status"]), (200, &json!("returned")), "{}", back.json);
    assert_eq!(s.rep.get("/api/v1/approvals/counts").await.json["returned"], 1);
    let record = format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap());
    let seen = s.rep.get(&record).await.json;
    let again = json!({ "answers": { "amount": 200 }, "reason": "少写一个零" });
    let foreign =
        versioned(&s.manager, Method::POST, &format!("{record}/resubmit"), &seen["version"], again.clone())
            .await;
    assert_eq!(foreign.status, 404, "only its author corrects it");
    let wrong = versioned(
        &s.rep,
        Method::POST,
        &format!("{record}/resubmit"),
        &seen["version"],
        json!({ "answers": {} }),
    )
    .await;
    assert_eq!((wrong.status, wrong.code()), (422, "form.answers"));
    let done =
        versioned(&s.rep, Method::POST, &format!("{record}/resubmit"), &seen["version"], again.clone()).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(
        (&done.json["answers"]["amount"], &done.json["approval"]["status"]),
        (&json!(200), &json!("running"))
    );
    let late =
        versioned(&s.rep, Method::POST, &format!("{record}/resubmit"), &done.json["version"], again).await;
    assert_eq!(late.status, 404, "a running case is not corrected");
    let page = approve(&s.manager, &case).await;
    assert_eq!(page["status"], "approved", "200 needs no second level: the new answers count");
    assert_eq!(trail(&page)[2..5], ["returned", "submitted", "asked"]);
    // A correction by the office while it runs begins it anew.
    let other = d.handed_in(1, 3000).await;
    approve(&s.manager, &other).await;
    let record = format!("/api/v1/form-records/{}", other["record_id"].as_str().unwrap());
    let seen = s.manager.get(&record).await.json;
    let fixed = s
        .manager
        .patch(
            &record,
            seen["version"].as_i64().unwrap(),
            json!({ "answers": { "amount": 4000 }, "reason": "核对后更正" }),
        )
        .await;
    assert_eq!(fixed.status, 200, "{}", fixed.json);
    assert_eq!((todo(&s.manager).await.len(), todo(&d.boss).await.len()), (1, 0));
});

testkit::both!(taken_back_while_it_is_decided, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let case = d.handed_in(0, 10).await;
    let decision = body(&s.manager, &case, "approve", json!({})).await;
    assert_eq!(act(&s.manager, &case, "withdraw", json!({})).await.code(), "approval.not_requester");
    assert_eq!(act(&s.rep, &case, "urge", json!({})).await.status, 200);
    assert_eq!(act(&s.rep, &case, "urge", json!({})).await.code(), "approval.too_soon");
    let back = act(&s.rep, &case, "withdraw", json!({})).await;
    assert_eq!((back.status, &back.json["status"]), (200, &json!("withdrawn")));
    let actions = format!("{}/actions", path(&case));
    assert_eq!(s.manager.post(&actions, decision.clone()).await.code(), "version.conflict");
    assert_eq!(
        act(&s.manager, &case, "approve", json!({ "ask": decision["ask"] })).await.code(),
        "approval.not_running"
    );
    assert!(kinds(&s.manager).await.contains(&"approval.withdrawn".to_owned()));
    // The other way round: decided first.
    let case = d.handed_in(1, 10).await;
    let back = body(&s.rep, &case, "withdraw", json!({})).await;
    approve(&s.manager, &case).await;
    let late = s.rep.post(&format!("{}/actions", path(&case)), back).await;
    assert_eq!(late.code(), "version.conflict");
    let said = act(&s.rep, &case, "comment", json!({ "comment": "谢谢" })).await;
    assert_eq!((said.status, trail(&said.json).last()), (200, Some(&"commented")));
});

testkit::both!(time_reminds_and_decides, |app| async move {
    let mut doc = small_flow();
    doc["nodes"][0]["limit"] = json!({ "minutes": 60, "remind": 30, "then": "escalate" });
    let mut last = step("z", heads(1));
    last["limit"] = json!({ "minutes": 10, "then": "approve" });
    doc["nodes"].as_array_mut().unwrap().push(last);
    let d = Desk::open(&app, doc).await;
    let case = d.handed_in(0, 10).await;
    let after = async |m: i64| {
        app.clock.set(minute(100 + m));
        ::approvals::settle(&app.kit, d.s.company.id).await.unwrap();
        d.s.rep.get(&path(&case)).await.json
    };
    assert_eq!(trail(&after(29).await).len(), 2);
    assert_eq!(trail(&after(31).await).last(), Some(&"reminded"));
    assert!(kinds(&d.s.manager).await.contains(&"approval.reminded".to_owned()));
    let page = after(61).await;
    assert_eq!(
        (trail(&page)[3..].to_vec(), &page["asked"][0]["name"]),
        (vec!["escalated", "asked"], &json!("赵总")),
        "{page}"
    );
    approve(&d.boss, &case).await;
    let page = after(90).await;
    assert_eq!(
        (&page["status"], trail(&page)[6..].to_vec()),
        (&json!("approved"), vec!["asked", "approved_by_time", "completed"])
    );
    assert_eq!(trail(&after(500).await).len(), 9, "nothing happens to what is over");
});

testkit::both!(the_absent_and_those_who_left_are_stood_in_for, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let waiting = d.handed_in(0, 10).await;
    let away = |deputy: Uuid, from: i64, until: i64| json!({ "deputy_id": deputy, "from_at": minute(from), "until_at": minute(until) });
    for wrong in [
        away(d.head_id, 100, 200),
        away(d.sibling_id, 200, 100),
        away(d.sibling_id, 10, 20),
        away(Uuid::now_v7(), 100, 200),
    ] {
        assert_eq!(s.manager.post("/api/v1/me/delegations", wrong).await.code(), "approval.absence");
    }
    let set = s.manager.post("/api/v1/me/delegations", away(d.sibling_id, 110, 300)).await;
    assert_eq!((set.status, &set.json["items"][0]["deputy"]["name"]), (201, &json!("何静")), "{}", set.json);
    app.clock.set(minute(111));
    ::approvals::settle(&app.kit, s.company.id).await.unwrap();
    assert_eq!(
        (todo(&s.manager).await.len(), todo(&s.sibling).await.len()),
        (0, 1),
        "what waited is handed on"
    );
    let new = d.handed_in(1, 10).await;
    assert_eq!(new["asked"][0]["name"], "何静");
    let done = approve(&s.sibling, &new).await;
    assert_eq!(
        done["trail"].as_array().unwrap().iter().find(|l| l["what"] == "approved").unwrap()["instead_of"]["name"],
        "陈静"
    );
    let end = s
        .manager
        .delete(&format!("/api/v1/me/delegations/{}", set.json["items"][0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(end.status, 204);
    assert_eq!(d.handed_in(2, 10).await["asked"][0]["name"], "陈静");
    approve(&s.sibling, &waiting).await;
    // The requester never decides his own: a deputy who is the requester is passed over.
    s.manager.post("/api/v1/me/delegations", away(s.rep_id, 111, 300)).await;
    assert_eq!(d.handed_in(3, 10).await["asked"][0]["name"], "陈静");
    let left = s.company.admin.post(&format!("/api/v1/employees/{}/leave", d.head_id), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    ::approvals::settle(&app.kit, s.company.id).await.unwrap();
    assert_eq!(todo(&d.boss).await.len(), 2, "the head above decides for who left");
});

testkit::both!(a_running_case_keeps_its_version, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let (s, admin) = (&d.s, &d.s.company.admin);
    let old = d.handed_in(0, 10).await;
    let flow = format!("/api/v1/flows/{}", d.flow["id"].as_str().unwrap());
    let doc = json!({ "v": 1, "nodes": [step("a", heads(2))] });
    let redrawn = versioned(admin, Method::PATCH, &flow, &d.flow["version"], json!({ "draft": doc })).await;
    assert_eq!((redrawn.status, &redrawn.json["changed"]), (200, &json!(true)), "{}", redrawn.json);
    assert_eq!(
        versioned(admin, Method::PATCH, &flow, &d.flow["version"], json!({ "name": "别的" })).await.code(),
        "version.conflict"
    );
    let difference = admin.get(&format!("{flow}/difference?from=1")).await.json;
    assert_eq!(
        (&difference["changes"][0]["node"], &difference["changes"][0]["parts"]),
        (&json!("a"), &json!(["who"]))
    );
    let later = json!({ "from_at": minute(200) });
    let published =
        versioned(admin, Method::POST, &format!("{flow}/publish"), &redrawn.json["version"], later).await;
    assert_eq!((published.status, &published.json["published"]), (200, &json!(2)), "{}", published.json);
    assert_eq!(d.handed_in(1, 10).await["asked"][0]["name"], "陈静", "the new version has not begun");
    app.clock.set(minute(201));
    assert_eq!(d.handed_in(2, 10).await["asked"][0]["name"], "赵总");
    let page = approve(&s.manager, &old).await;
    assert_eq!((&page["status"], &page["flow_number"]), (&json!("approved"), &json!(1)));
    // Out of use, nothing new needs approval; what runs goes on.
    assert_eq!(admin.put(&format!("{flow}/use"), json!({ "on": false })).await.json["bound"], false);
    let record = d.fill(3, 10).await;
    let mine = s.rep.get("/api/v1/approvals?box=mine").await.json;
    assert!(!mine.to_string().contains(&record.to_string()));
    assert_eq!(todo(&d.boss).await.len(), 1);
});

testkit::both!(flows_are_checked_tried_and_guarded, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let (s, admin) = (&d.s, &d.s.company.admin);
    let subject = json!({ "kind": "form", "id": d.form["id"] });
    let bad = json!({ "v": 1, "nodes": [
        { "id": "x", "kind": "branch", "lanes": [{ "when": "form.amout > 1", "nodes": [step("a", json!({ "by": "named", "people": [] }))] }, { "when": "true", "nodes": [] }] },
    ] });
    let found = admin.post("/api/v1/flows/check", json!({ "subject": subject, "doc": bad })).await.json;
    let codes: Vec<(&str, &str)> = found["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["node"].as_str().unwrap(), f["code"].as_str().unwrap()))
        .collect();
    assert!(
        codes.contains(&("x", "no_else"))
            && codes.contains(&("x", "unknown_field"))
            && codes.contains(&("a", "missing")),
        "{found}"
    );
    let made =
        admin.post("/api/v1/flows", json!({ "name": "坏的", "subject": subject, "draft": bad })).await.json;
    let path = format!("/api/v1/flows/{}", made["id"].as_str().unwrap());
    let refused =
        versioned(admin, Method::POST, &format!("{path}/publish"), &made["version"], json!({})).await;
    assert_eq!((refused.status, refused.code()), (422, "flow.faults"));
    assert_eq!(admin.put(&format!("{path}/use"), json!({ "on": true })).await.code(), "flow.not_usable");
    assert_eq!(
        admin.post("/api/v1/flows", json!({ "name": "x", "draft": { "nodes": 3 } })).await.status,
        422
    );
    let nowhere =
        json!({ "name": "x", "subject": { "kind": "form", "id": Uuid::now_v7() }, "draft": small_flow() });
    assert_eq!(admin.post("/api/v1/flows", nowhere).await.code(), "flow.no_subject");

    let ask = |amount: i64| json!({ "subject": subject, "doc": two_levels(), "requester_id": s.rep_id, "values": { "amount": amount } });
    let who = async |amount: i64| {
        let seen = admin.post("/api/v1/flows/simulate", ask(amount)).await.json;
        let steps = seen["steps"].as_array().unwrap_or_else(|| panic!("{seen}")).clone();
        steps
            .iter()
            .filter(|x| x["what"] == "asked")
            .map(|x| x["person"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (who(10).await, who(5000).await),
        (vec!["陈静".to_owned()], vec!["陈静".to_owned(), "赵总".to_owned()])
    );
    assert!(
        d.s.rep.get("/api/v1/approvals?box=mine").await.json["items"].as_array().unwrap().is_empty(),
        "a trial stores nothing"
    );
    for client in [&s.manager, &s.rep] {
        assert_eq!(client.get("/api/v1/flows").await.status, 403);
        assert_eq!(client.post("/api/v1/flows/simulate", ask(1)).await.status, 403);
    }
    assert_eq!(s.stranger.get(&path).await.status, 404);
    assert_eq!(s.rep.get("/api/v1/approvals?box=nonsense").await.status, 422);
});

testkit::both!(many_at_once_and_handed_over, |app| async move {
    let mut doc = small_flow();
    doc["nodes"].as_array_mut().unwrap().push(json!({ "id": "k", "kind": "copy", "who": heads(2) }));
    let d = Desk::open(&app, doc).await;
    let s = &d.s;
    for k in 0..3 {
        d.fill(k, 10 + k as i64).await;
    }
    let rows = todo(&s.manager).await;
    assert_eq!(rows.len(), 3);
    let mut items: Vec<Value> = rows
        .iter()
        .map(|r| json!({ "id": Uuid::now_v7(), "approval_id": r["id"], "ask": r["asks"][0]["ask"], "version": r["version"] }))
        .collect();
    items[1]["version"] = json!(77);
    let decision = json!({ "action": "approve", "comment": "一起通过", "items": items });
    let done = s.manager.post("/api/v1/approvals/decisions", decision.clone()).await.json;
    let status = |k: usize| done["receipts"][k]["status"].as_str().unwrap().to_owned();
    assert_eq!((status(0), status(1), status(2)), ("done".into(), "refused".into(), "done".into()), "{done}");
    assert_eq!(done["receipts"][1]["code"], "version.conflict");
    let again = s.manager.post("/api/v1/approvals/decisions", decision).await.json;
    assert_eq!(again["receipts"][0]["status"], "duplicate", "{again}");
    assert_eq!(d.boss.get("/api/v1/approvals?box=copied").await.json["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        s.manager
            .post("/api/v1/approvals/decisions", json!({ "action": "transfer", "items": [] }))
            .await
            .status,
        422
    );

    // The one that is left: handed over, with a signer before and after.
    let case = rows[1].clone();
    let found = s.manager.get("/api/v1/approvals/colleagues?q=hej").await.json;
    assert_eq!(found["items"][0]["name"], "何静", "{found}");
    assert_eq!(act(&s.manager, &case, "transfer", json!({})).await.status, 422);
    assert_eq!(
        act(&s.manager, &case, "transfer", json!({ "to": s.rep_id })).await.code(),
        "approval.not_fit"
    );
    let to = json!({ "to": d.sibling_id, "comment": "你更清楚" });
    assert_eq!(act(&s.manager, &case, "signer_before", to).await.status, 200);
    assert_eq!((todo(&s.manager).await.len(), todo(&s.sibling).await.len()), (0, 1));
    approve(&s.sibling, &case).await;
    let boss = me(&d.boss).await;
    assert_eq!(act(&s.manager, &case, "transfer", json!({ "to": boss })).await.status, 200);
    assert_eq!(approve(&d.boss, &case).await["status"], "approved");
});

/// The office corrects the record of a case.
async fn corrected(d: &Desk, case: &Value, amount: i64) {
    let record = format!("/api/v1/form-records/{}", case["record_id"].as_str().unwrap());
    let seen = d.s.manager.get(&record).await.json;
    let body = json!({ "answers": { "amount": amount }, "reason": "核对后更正" });
    let fixed = d.s.manager.patch(&record, seen["version"].as_i64().unwrap(), body).await;
    assert_eq!(fixed.status, 200, "{}", fixed.json);
}

testkit::both!(what_was_decided_stays_as_it_was_decided, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    let amount = |page: &Value| page["content"]["answers"]["amount"].as_f64();
    // Approved, then changed: it is asked again, about what it says now.
    let case = d.handed_in(0, 10).await;
    approve(&s.manager, &case).await;
    corrected(&d, &case, 4000).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("running"), Some(4000.0)), "{page}");
    assert_eq!(trail(&page)[3..], ["completed", "changed", "asked"]);
    assert_eq!(approve(&s.manager, &case).await["status"], "approved");
    // Rejected, then changed: what was rejected stays to be seen.
    let case = d.handed_in(1, 20).await;
    let no = act(&s.manager, &case, "reject", json!({ "comment": "不批" })).await;
    assert_eq!((no.status, &no.json["status"]), (200, &json!("rejected")), "{}", no.json);
    corrected(&d, &case, 5000).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("rejected"), Some(20.0)), "{page}");
    assert_eq!(page["summary"], case["summary"]);
    assert_eq!(trail(&page).last(), Some(&"changed"));
    // Sent back: the office may correct it as well, and it is handed in again.
    let case = d.handed_in(2, 30).await;
    let back = act(&s.manager, &case, "return", json!({ "comment": "金额写错了" })).await;
    assert_eq!(back.json["status"], "returned", "{}", back.json);
    corrected(&d, &case, 300).await;
    let page = s.manager.get(&path(&case)).await.json;
    assert_eq!((&page["status"], amount(&page)), (&json!("running"), Some(300.0)), "{page}");
});

testkit::both!(a_flow_is_used_for_nothing_it_was_not_checked_against, |app| async move {
    let d = Desk::open(&app, two_levels()).await;
    let admin = &d.s.company.admin;
    let plain = crate::forms::published(admin, "plain", crate::forms::small_spec()).await;
    let flow = format!("/api/v1/flows/{}", d.flow["id"].as_str().unwrap());
    let other = json!({ "subject": { "kind": "form", "id": plain["id"] } });
    let moved = versioned(admin, Method::PATCH, &flow, &d.flow["version"], other).await;
    assert_eq!((moved.status, &moved.json["bound"]), (200, &json!(false)), "{}", moved.json);
    let refused = admin.put(&format!("{flow}/use"), json!({ "on": true })).await;
    assert_eq!((refused.status, refused.code()), (422, "flow.faults"), "{}", refused.json);
    assert_eq!(admin.get(&flow).await.json["bound"], false);
});

testkit::both!(nobody_waits_for_two_who_stand_in_for_each_other_or_for_who_was_erased, |app| async move {
    let d = Desk::open(&app, small_flow()).await;
    let s = &d.s;
    for (client, deputy) in [(&s.manager, d.sibling_id), (&s.sibling, d.head_id)] {
        let away = json!({ "deputy_id": deputy, "from_at": minute(100), "until_at": minute(300) });
        assert_eq!(client.post("/api/v1/me/delegations", away).await.status, 201);
    }
    assert_eq!(d.handed_in(0, 10).await["asked"][0]["name"], "陈静");
    // Erased before anything was handed on by itself.
    let head = format!("/api/v1/employees/{}", d.head_id);
    let left = s.company.admin.post(&format!("{head}/leave"), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    let gone =
        s.company.admin.post(&format!("{head}/erase"), json!({ "name": "陈静", "photos": false })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    assert_eq!((todo(&d.boss).await.len(), todo(&s.sibling).await.len()), (1, 0), "the head above decides");
});
