//! Approvals: flows drawn and published, records that run through them, decided once, by whoever is asked.

mod choices;
mod decided;
mod files;
mod flows;
mod time;

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
