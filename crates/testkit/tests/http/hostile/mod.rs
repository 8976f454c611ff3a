//! Every operation of the OpenAPI document under hostile input: wrong types, numbers nobody can hold,
//! impossible times, texts of megabytes, broken encodings, unknown ids, deep nesting, wrong content types, cursors
//! nobody was given. Each must be answered in bounded time with a problem document or a legitimate 2xx, and
//! what was taken must not spoil any later reading. A new operation is covered without a line here.
//! Each place is tried with a sixth of the texts, another sixth on the other engine, the next ones at the next place;
//! `HOSTILE=all` tries all.

mod attack;
mod example;
mod files;
mod intruders;
mod trackers;
mod values;

use std::{collections::BTreeMap, time::Duration};

use api::Config;
use futures::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tashi::proxy::Proxies;
use testkit::{App, Client, On, Reply};
use uuid::Uuid;

use crate::scene::{DAY, Scene, id, minute, record};
use attack::{Attack, Operation, operations};
use example::{Examples, POINT};

/// Longest an answer may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(30);
/// Requests under way at once.
const AT_ONCE: usize = 6;

/// An answer, or why there is none.
pub async fn send(client: &Client, attack: &Attack) -> Result<Reply, String> {
    // A server may close a connection that has been idle in the very moment it is used again.
    match once(client, attack).await {
        Err(reason) if reason.contains("IncompleteMessage") => once(client, attack).await,
        answer => answer,
    }
}

async fn once(client: &Client, attack: &Attack) -> Result<Reply, String> {
    let mut request = client.request(attack.method.clone(), &attack.path);
    for (name, value) in &attack.headers {
        request = request.header(*name, value.as_slice());
    }
    if let Some(body) = &attack.body {
        request = request.body(body.clone());
    }
    let answer = async {
        let response = request.send().await.map_err(|e| format!("no answer: {e:?}"))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // A live stream does not end; its head is the answer.
        let live =
            headers.get("content-type").is_some_and(|v| v.as_bytes().starts_with(b"text/event-stream"));
        let bytes = match live {
            true => vec![],
            false => response.bytes().await.map_err(|e| format!("no body: {e}"))?.to_vec(),
        };
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Reply { status, headers, bytes, json })
    };
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err("no answer in time".into()))
}

/// What is wrong with an answer.
pub fn complaint(reply: &Result<Reply, String>) -> Option<String> {
    let reply = match reply {
        Ok(reply) => reply,
        Err(reason) => return Some(reason.clone()),
    };
    let text = String::from_utf8_lossy(&reply.bytes[..reply.bytes.len().min(400)]).into_owned();
    let kind = reply.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("");
    match reply.status {
        200..300 if kind.starts_with("text/html") => Some("a page instead of an answer".into()),
        // A receipt of one item among many may carry the trouble.
        200..300 if text.contains("server.internal") => Some(format!("a fault of ours inside: {text}")),
        200..300 => None,
        400..500 => {
            let said = |name: &str| reply.json[name].as_str().is_some_and(|t| !t.is_empty());
            let fits = kind == "application/problem+json" && reply.json["status"] == reply.status;
            (!fits || !said("code") || !said("title")).then(|| format!("{} {kind} {text}", reply.status))
        }
        status => Some(format!("{status} {text}")),
    }
}

/// Ids of what is there, by the noun of the path.
async fn objects(app: &App, s: &Scene, examples: &Examples<'_>) -> BTreeMap<String, Uuid> {
    let admin = &s.company.admin;
    let made = async |path: &str, body: Value| {
        let reply = admin.post(path, body).await;
        assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.json);
        reply.json
    };
    let plan = s.plan().await;
    let first = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(120));
    let recorded = record(&first, crate::scene::place(0), 70, 110);
    s.taken(&recorded.items).await;
    let sheet = "客户名称,详细地址\n苏福便利,中山路 1 号\n".as_bytes().to_vec();
    let import = admin.post_bytes("/api/v1/imports?kind=customers&filename=a.csv", sheet).await;
    let (leaver, _) = app.person(&s.company, "赵敏", "zhaomin", "rep", s.region).await;
    let customer = format!("/api/v1/customers/{}", s.customers[4]);
    let contact =
        made(&format!("{customer}/contacts"), json!({ "name": "王店长", "phone": "13812342207" })).await;
    let problem = made(&format!("{customer}/problems"), json!({ "text": "冰柜灯不亮" })).await;
    let tracker = json!({ "employee_id": leaver, "name": "t", "kind": "traccar" });
    let circle = json!({ "circle": { "at": [118.78, 32.04], "radius_m": 100 } });
    let fence = json!({ "name": "后院", "customer_id": s.customers[4], "shape": circle, "dwell_s": 300 });
    let terms = json!({ "grades": ["A"], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3], "visit_minutes": 30 });
    let rule = json!({ "name": "A 类", "terms": terms });
    let point = json!({ "customer_id": s.customers[4], "from_minute": 570, "to_minute": 590 });
    let patrol = json!({ "name": "早巡", "employee_id": s.rep_id, "weekdays": [5], "points": [point] });
    let upload =
        json!({ "id": Uuid::now_v7(), "size": 1000, "sha256": "cd".repeat(32), "mime": "image/jpeg" });
    let upload = s.rep.post("/api/v1/uploads", upload).await.json;
    let task = json!({ "employee_id": s.rep_id, "customer_id": s.customers[4], "day": "2026-11-21", "window": { "from_minute": 600, "to_minute": 660 } });
    let corners = [[118.77, 32.03], [118.8, 32.03], [118.8, 32.06]];
    let territory = json!({ "name": "城东", "department_id": s.region, "polygon": corners });
    let (form, form_record) = crate::forms::filled(app, s).await;
    let first_of = async |path: &str| id(&admin.get(path).await.json["items"][0]["id"]);
    let away = json!({ "deputy_id": s.rep_id, "from_at": "2026-12-01T01:30:00Z", "until_at": "2026-12-02T01:30:00Z" });
    let away = made("/api/v1/me/delegations", away).await;
    let (object, object_record) = crate::objects::filled(app, s).await;
    let (article, article_file) = crate::knowledge::filled(app, s).await;
    let category = json!({ "name": "话术", "place": 1 });
    let service = crate::orders::desk(s).await;
    let order = crate::orders::taken(s, &service).await;
    let walked = crate::inspections::walked(s, &service).await;
    let view = json!({ "list": "customers", "name": "A 类", "search": { "grade": "A" } });
    let attendance = crate::attendance::furnished(s).await;
    let phone = json!({ "id": Uuid::now_v7(), "public_key": POINT, "device_id": "phone-7", "name": "手机" });
    let mut all = BTreeMap::from([
        ("device-keys".into(), id(&made("/api/v1/me/device-keys", phone).await["id"])),
        ("articles".into(), article),
        ("knowledge".into(), article),
        ("article-files".into(), article_file),
        ("article-categories".into(), id(&made("/api/v1/article-categories", category).await["id"])),
        ("practices".into(), crate::knowledge::practised(s).await),
        ("approvals".into(), first_of("/api/v1/approvals").await),
        ("delegations".into(), id(&away["items"][0]["id"])),
        ("flows".into(), first_of("/api/v1/flows").await),
        ("calendars".into(), id(&examples.calendar)),
        ("customer-classes".into(), id(&examples.class)),
        ("fence-classes".into(), id(&examples.class)),
        ("fences".into(), id(&made("/api/v1/fences", fence).await["id"])),
        ("form-files".into(), crate::files::sent(s).await),
        ("form-records".into(), form_record),
        ("forms".into(), form),
        ("frequency".into(), id(&made("/api/v1/frequency/rules", rule).await["id"])),
        ("object-definitions".into(), object),
        ("objects".into(), object_record),
        ("equipment".into(), id(&service.equipment["id"])),
        (
            "equipment-types".into(),
            id(&made("/api/v1/equipment-types", json!({ "terms": { "name": "冷柜" } })).await["id"]),
        ),
        ("maintenance-plans".into(), crate::maintenance::planned(s, &service).await),
        ("meter-readings".into(), crate::maintenance::misread(s, &examples.meter).await),
        ("inspection-plans".into(), walked.0),
        ("inspection-rounds".into(), walked.1),
        ("orders".into(), id(&order["order"]["id"])),
        ("order-types".into(), id(&service.kind["id"])),
        ("parts".into(), service.part),
        ("patrols".into(), id(&made("/api/v1/patrols", patrol).await["id"])),
        ("policies".into(), id(&examples.policy)),
        ("customers".into(), s.customers[4]),
        ("contacts".into(), id(&contact["id"])),
        ("problems".into(), id(&problem["id"])),
        ("departments".into(), s.region),
        ("employees".into(), leaver),
        ("imports".into(), id(&import.json["id"])),
        ("photos".into(), recorded.photo),
        ("recordings".into(), crate::proofs::recorded(s, recorded.visit, minute(100)).await),
        (
            "customer-codes".into(),
            id(&made(&format!("{customer}/codes"), json!({ "kind": "printed" })).await["id"]),
        ),
        ("plans".into(), id(&plan["id"])),
        ("roles".into(), s.company.roles["rep"]),
        ("task-templates".into(), id(&s.template["id"])),
        ("tasks".into(), id(&made("/api/v1/tasks", task).await["id"])),
        ("territories".into(), id(&made("/api/v1/territories", territory).await["id"])),
        ("trackers".into(), id(&made("/api/v1/trackers", tracker).await["id"])),
        ("uploads".into(), id(&upload["id"])),
        ("views".into(), id(&made("/api/v1/views", view).await["id"])),
        ("visits".into(), recorded.visit),
    ]);
    all.extend(attendance);
    all
}

/// How an operation fared.
#[derive(Default)]
struct Tally {
    sent: usize,
    taken: usize,
    complaints: Vec<String>,
}

impl Tally {
    fn note(&mut self, what: &str, reply: &Result<Reply, String>) {
        self.sent += 1;
        self.taken += usize::from(reply.as_ref().is_ok_and(|r| r.status < 300));
        if let Some(complaint) = complaint(reply) {
            self.complaints.push(format!("{what}: {complaint}"));
        }
    }
}

/// Sends all attacks on an operation. Those on one row go one after another, each with the version it has by then.
async fn storm(client: &Client, operation: &Operation, attacks: Vec<Attack>) -> Tally {
    let mut tally = Tally::default();
    if operation.versioned {
        let mut version = version_of(client, operation).await;
        for mut attack in attacks {
            if !attack.headers.iter().any(|(name, _)| *name == "if-match") {
                attack.headers.push(("if-match", format!("\"{version}\"").into_bytes()));
            }
            let reply = send(client, &attack).await;
            if let Ok(Reply { status: 200..300, json, .. }) = &reply {
                version = json["version"].as_i64().unwrap_or(version + 1);
            }
            tally.note(&attack.what, &reply);
        }
        return tally;
    }
    let replies =
        stream::iter(attacks).map(async |a| (send(client, &a).await, a.what)).buffer_unordered(AT_ONCE);
    let replies = std::pin::pin!(replies);
    replies
        .for_each(|(reply, what)| {
            tally.note(&what, &reply);
            std::future::ready(())
        })
        .await;
    tally
}

/// The version a row has now: from the row itself, else from the list it stands in.
async fn version_of(client: &Client, operation: &Operation) -> i64 {
    let row = client.get(&operation.address).await;
    if let Some(version) = row.json["version"].as_i64() {
        return version;
    }
    let (list, id) = operation.address.rsplit_once('/').expect("an address");
    let list = client.get(&format!("{list}?limit=200")).await.json;
    let row = list["items"].as_array().and_then(|rows| rows.iter().find(|r| r["id"] == id).cloned());
    row.and_then(|r| r["version"].as_i64()).unwrap_or(1)
}

testkit::both!(every_operation_answers_hostile_input, |app| async move {
    let s = Scene::begin(&app).await;
    let examples = Examples::of(&app.document, &s).await;
    let objects = objects(&app, &s, &examples).await;
    let all = operations(&app, &objects, &s);
    let (mut complaints, mut sent, mut accepted, mut wanted) = (vec![], 0, 0, 0);
    for operation in &all {
        let client = asking(&app, &s, operation).await;
        let attacks = operation.attacks(&client, &examples).await;
        let tally = storm(&client, operation, attacks).await;
        let name = format!("{} {}", operation.method, operation.path);
        if operation.body.is_some() {
            wanted += 1;
            accepted += usize::from(tally.taken > 0);
            if tally.taken == 0 {
                eprintln!("{name}: {} sent, none taken", tally.sent);
            }
        }
        sent += tally.sent;
        complaints.extend(tally.complaints.into_iter().map(|c| format!("{name} · {c}")));
    }
    // The attacks reach beyond the first check: most operations with a body take some of the few texts they get.
    assert!(accepted * 10 >= wanted * 7, "only {accepted} of {wanted} operations took anything at all");
    complaints.extend(spoilt(&s, &all).await);
    let shown: Vec<&String> = complaints.iter().take(60).collect();
    assert!(complaints.is_empty(), "{} of {sent} answers are wrong:\n{shown:#?}", complaints.len());
    assert!(sent > 5_000, "{sent} requests");
});

/// With a single connection, whoever holds one and asks for another waits for himself, and under load everybody does.
async fn on_one_connection(on: On) {
    let app = {
        let narrow = Config { connections: Some(1), ..Config::default() };
        App::start_with(on, narrow, Proxies::default()).await
    };
    let s = Scene::begin(&app).await;
    let examples = Examples::of(&app.document, &s).await;
    let objects = objects(&app, &s, &examples).await;
    for operation in operations(&app, &objects, &s) {
        let client = asking(&app, &s, &operation).await;
        let version = if operation.versioned { version_of(&client, &operation).await } else { 1 };
        for mut attack in operation.good_ones(&examples) {
            attack.headers.push(("if-match", format!("\"{version}\"").into_bytes()));
            let reply = send(&client, &attack).await;
            assert_eq!(complaint(&reply), None, "{} {}", operation.method, operation.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_himself_sqlite() {
    on_one_connection(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_himself_postgres() {
    on_one_connection(On::Postgres).await;
}

/// Who calls an operation. Those that end a sign-in get one of their own.
async fn asking(app: &App, s: &Scene, operation: &Operation) -> Client {
    match operation.path.as_str() {
        "/api/v1/auth/logout" | "/api/v1/me/password" => app.sign_in("hejing", testkit::PASSWORD).await,
        path if path.contains("/field/") || path.contains("/uploads") || path.contains("/photos") => {
            s.rep.clone()
        }
        path if path.contains("/totp") => s.sibling.clone(),
        _ => s.company.admin.clone(),
    }
}

/// Reads everything that is left behind; answers what cannot be read any more.
async fn spoilt(s: &Scene, all: &[Operation]) -> Vec<String> {
    let mut complaints = vec![];
    let days = [DAY, "1970-01-01", "2199-12-31"];
    for (who, client) in [("admin", &s.company.admin), ("manager", &s.manager), ("rep", &s.rep)] {
        for operation in all.iter().filter(|o| o.method == Method::GET) {
            let mut paths = vec![];
            if !operation.path.contains('{') {
                paths.push(operation.path.clone());
                if operation.parameters.iter().any(|p| p.name == "day") {
                    paths.extend(days.map(|day| format!("{}?day={day}", operation.path)));
                }
            } else if operation.path.contains("{day}") {
                let of = operation.path.replace("{employee_id}", &s.rep_id.to_string());
                paths.extend(days.map(|day| of.replace("{day}", day)));
            } else if let Some((list, _)) = operation.path.split_once("/{id}") {
                let rows = client.get(&format!("{list}?limit=200")).await.json;
                let rows = rows["items"].as_array().cloned().unwrap_or_default();
                let ids = rows.iter().filter_map(|r| r["id"].as_str());
                paths.extend(ids.take(40).map(|id| operation.path.replace("{id}", id)));
            }
            for path in paths {
                let reply = send(client, &Attack::plain(Method::GET, path.clone())).await;
                complaints.extend(complaint(&reply).map(|c| format!("afterwards, {who} reads {path}: {c}")));
            }
        }
    }
    complaints
}
