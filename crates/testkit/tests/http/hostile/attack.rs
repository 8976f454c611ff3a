//! From an operation of the document to the requests that try it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, On};
use uuid::Uuid;

use super::{
    example::{Examples, places, with, without},
    values::{RAW_WORDS, bodies, cursors, escaped, json_texts, words},
};
use crate::scene::{DAY, Scene, item, minute, place, record};

/// One hostile request.
pub struct Attack {
    /// What is wrong with it.
    pub what: String,
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Option<Vec<u8>>,
}

impl Attack {
    pub fn plain(method: Method, path: String) -> Attack {
        Attack { what: String::new(), method, path, headers: vec![], body: None }
    }
}

/// A parameter of an operation.
pub struct Parameter {
    pub name: String,
    place: String,
}

/// An operation of the document.
pub struct Operation {
    pub method: Method,
    /// With placeholders.
    pub path: String,
    /// With ids of things that are there.
    pub address: String,
    pub parameters: Vec<Parameter>,
    /// Its body's content type and schema.
    pub body: Option<(String, Value)>,
    /// Changes a row of which a version is to be named.
    pub versioned: bool,
    /// Which of the texts come first: another on each engine.
    turn: usize,
}

/// All operations; those that take something away come last.
pub fn operations(app: &App, objects: &BTreeMap<String, Uuid>, s: &Scene) -> Vec<Operation> {
    let engine = match app.on {
        On::Sqlite => 0,
        On::Postgres => SHARE / 2,
    };
    let mut all = vec![];
    for (path, item) in app.document["paths"].as_object().expect("paths") {
        for (verb, operation) in item.as_object().expect("item") {
            let Ok(method) = verb.to_uppercase().parse::<Method>() else { continue };
            let listed = operation["parameters"].as_array().cloned().unwrap_or_default();
            let parameters: Vec<Parameter> = listed
                .iter()
                .map(|p| Parameter {
                    name: p["name"].as_str().expect("name").into(),
                    place: p["in"].as_str().expect("in").into(),
                })
                .collect();
            let content = operation["requestBody"]["content"].as_object();
            let body =
                content.and_then(|c| c.iter().next()).map(|(kind, c)| (kind.clone(), c["schema"].clone()));
            let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
            let object = objects.get(noun).copied().unwrap_or_else(Uuid::now_v7);
            let address = path.replace("{id}", &object.to_string());
            let address = address.replace("{employee_id}", &s.rep_id.to_string()).replace("{day}", DAY);
            let address = address.replace("{key}", "promo").replace("{noun}", "customer");
            let versioned = parameters.iter().any(|p| p.name == "If-Match");
            let turn = path.len() + engine;
            all.push(Operation { method, path: path.clone(), address, parameters, body, versioned, turn });
        }
    }
    let last = |o: &Operation| {
        let ends = [
            "/leave",
            "/cancel",
            "/delete",
            "/revoke",
            "/close",
            "/commit",
            "/logout",
            "/password",
            "/totp",
            "/reset",
        ];
        o.method == Method::DELETE || ends.iter().any(|end| o.path.contains(end))
    };
    all.sort_by_key(last);
    all
}

impl Operation {
    pub async fn attacks(&self, client: &Client, examples: &Examples<'_>) -> Vec<Attack> {
        let mut all = vec![];
        self.on_the_path(examples, &mut all);
        self.on_the_query(client, examples, &mut all).await;
        self.on_the_headers(examples, &mut all);
        if let Some((kind, schema)) = &self.body {
            match kind.as_str() {
                "application/json" => self.on_the_body(schema, examples, &mut all),
                _ => self.with_any_bytes(kind, &mut all),
            }
        }
        all
    }

    /// Requests with nothing wrong about them.
    pub fn good_ones(&self, examples: &Examples<'_>) -> Vec<Attack> {
        if self.path.ends_with("/field/sync") {
            let of = |body: Value| Attack {
                body: Some(body.to_string().into_bytes()),
                ..self.good(examples, String::new(), self.address.clone())
            };
            return records(examples.scene).into_iter().map(of).collect();
        }
        let kind = if self.path.contains("/imports") { "?kind=customers" } else { "" };
        vec![self.good(examples, String::new(), format!("{}{kind}", self.address))]
    }

    /// A request in which only what follows will be wrong.
    fn good(&self, examples: &Examples<'_>, what: String, path: String) -> Attack {
        let mut attack = Attack { what, ..Attack::plain(self.method.clone(), path) };
        if let Some((kind, schema)) = &self.body {
            attack.headers.push(("content-type", kind.clone().into_bytes()));
            attack.body = Some(match kind.as_str() {
                "application/json" => examples.body(schema).to_string().into_bytes(),
                _ => b"some bytes".to_vec(),
            });
        }
        attack
    }

    fn on_the_path(&self, examples: &Examples<'_>, all: &mut Vec<Attack>) {
        let mut turn = self.turn;
        for parameter in self.parameters.iter().filter(|p| p.place == "path") {
            let hole = format!("{{{}}}", parameter.name);
            let mut tried: Vec<String> = words().iter().map(|w| escaped(w)).collect();
            tried.extend(RAW_WORDS.map(str::to_owned));
            for word in some(tried, &mut turn).iter().map(String::as_str) {
                // An empty word is another address.
                if word.is_empty() {
                    continue;
                }
                let path = self.path.replace(&hole, word);
                let path = path.replace("{id}", &Uuid::now_v7().to_string());
                let path =
                    path.replace("{employee_id}", &examples.scene.rep_id.to_string()).replace("{day}", DAY);
                let what = format!("{} = {}", parameter.name, shortened(word));
                all.push(self.good(examples, what, path));
            }
        }
    }

    async fn on_the_query(&self, client: &Client, examples: &Examples<'_>, all: &mut Vec<Attack>) {
        let mut turn = self.turn;
        for parameter in self.parameters.iter().filter(|p| p.place == "query") {
            let name = &parameter.name;
            let mut tried: Vec<String> = words().iter().map(|w| escaped(w)).collect();
            tried.extend(RAW_WORDS.map(str::to_owned));
            let mut tried = some(tried, &mut turn);
            if name == "cursor" {
                let page = client.get(&format!("{}?limit=1", self.address)).await.json;
                tried.extend(cursors(page["next_cursor"].as_str()).iter().map(|c| escaped(c)));
            }
            for word in tried {
                // What is required beside it.
                let kind =
                    if self.path.contains("/imports") && name != "kind" { "kind=customers&" } else { "" };
                let path = format!("{}?{kind}{name}={word}", self.address);
                all.push(self.good(examples, format!("?{name}={}", shortened(&word)), path));
            }
        }
        for query in ["unknown=1", "limit=1&limit=2", "&&&=&=", "%ff=%fe", "limit"] {
            all.push(self.good(examples, query.into(), format!("{}?{query}", self.address)));
        }
    }

    fn on_the_headers(&self, examples: &Examples<'_>, all: &mut Vec<Attack>) {
        let wrong: [(&'static str, &[u8]); 22] = [
            ("if-match", b""),
            ("if-match", b"x"),
            ("if-match", b"\"-1\""),
            ("if-match", b"W/\"1\""),
            ("if-match", b"\"9223372036854775808\""),
            ("if-match", b"\"1e999\""),
            ("if-match", b"\xff\xfe"),
            ("upload-offset", b"x"),
            ("upload-offset", b"-1"),
            ("upload-offset", b"9223372036854775807"),
            ("upload-offset", b"9223372036854775808"),
            ("content-type", b""),
            ("content-type", b"text/plain"),
            ("content-type", b"multipart/form-data"),
            ("content-type", b"application/json; charset=utf-16"),
            ("content-type", b"\xff"),
            ("content-encoding", b"gzip"),
            ("accept", b"image/png"),
            ("accept-language", b"\xff\xff"),
            ("accept-encoding", b"zstd;q=9999999999"),
            ("last-event-id", b"9223372036854775808"),
            ("range", b"bytes=18446744073709551615-0"),
        ];
        for (name, value) in wrong {
            let what = format!("{name}: {}", String::from_utf8_lossy(value));
            let mut attack = self.good(examples, what, self.address.clone());
            attack.headers.retain(|(n, _)| *n != name);
            attack.headers.push((name, value.to_vec()));
            all.push(attack);
        }
    }

    fn on_the_body(&self, schema: &Value, examples: &Examples<'_>, all: &mut Vec<Attack>) {
        all.push(self.good(examples, "as it should be".into(), self.address.clone()));
        let said = |what: String, body: Vec<u8>| Attack {
            body: Some(body),
            what,
            ..self.good(examples, String::new(), self.address.clone())
        };
        for body in bodies() {
            all.push(said(format!("body {}", shortened(&String::from_utf8_lossy(&body))), body));
        }
        let mut goods: Vec<Value> = vec![examples.body(schema)];
        if self.path.ends_with("/field/sync") {
            goods = records(examples.scene);
        }
        let mut turn = self.turn;
        for (k, good) in goods.into_iter().enumerate() {
            let mut unknown = good.clone();
            unknown["unheard_of"] = json!(1);
            all.push(said("an unknown member".into(), unknown.to_string().into_bytes()));
            // What all records have in common is tried with the first.
            for at in places(&good).into_iter().filter(|at| k == 0 || at.starts_with("/items/0/body")) {
                let again = || match self.path.ends_with("/field/sync") {
                    true => fresh_id(&good),
                    false => examples.body(schema),
                };
                for text in some(json_texts(), &mut turn) {
                    let body = with(&again(), &at, &text).into_bytes();
                    all.push(said(format!("{at} = {}", shortened(&text)), body));
                }
                all.push(said(format!("{at} left out"), without(&again(), &at).into_bytes()));
                if let Some(Value::Array(list)) = good.pointer(&at)
                    && let Some(first) = list.first()
                {
                    let many = json!(vec![first; 5_000]).to_string();
                    all.push(said(
                        format!("{at} five thousand times"),
                        with(&again(), &at, &many).into_bytes(),
                    ));
                }
            }
        }
    }

    fn with_any_bytes(&self, kind: &str, all: &mut Vec<Attack>) {
        let kind_asked = if self.path.contains("/imports") { "?kind=customers" } else { "" };
        for body in bodies() {
            let mut attack = Attack {
                what: format!("bytes {}", shortened(&String::from_utf8_lossy(&body))),
                body: Some(body),
                ..Attack::plain(self.method.clone(), format!("{}{kind_asked}", self.address))
            };
            attack.headers.push(("content-type", kind.as_bytes().to_vec()));
            attack.headers.push(("upload-offset", b"0".to_vec()));
            all.push(attack);
        }
    }
}

/// One body for each kind of record a phone sends.
fn records(s: &Scene) -> Vec<Value> {
    let batch = |item: Value| json!({ "device_id": "phone-1", "epoch": null, "items": [item] });
    let task = json!({ "id": Uuid::now_v7(), "seq": 1, "customer": { "id": s.customers[0] }, "steps": [{ "id": Uuid::now_v7() }, { "id": Uuid::now_v7() }] });
    let mut items = record(&task, place(0), 60, 100).items;
    let of = |name: &str| json!({ name: Uuid::now_v7() });
    items.push(item("task.accept", minute(60), of("task_id")));
    items.push(item("task.on_the_way", minute(60), of("task_id")));
    items.push(item("task.skip", minute(60), json!({ "task_id": Uuid::now_v7(), "reason": "停业" })));
    items.push(item("notice.read", minute(60), of("notice_id")));
    items.push(item("plan.read", minute(60), of("plan_id")));
    let problem = json!({ "customer_id": s.customers[0], "problem_id": Uuid::now_v7(), "text": "灯不亮" });
    items.push(item("problem.open", minute(60), problem));
    items.push(item("consent", minute(60), json!({ "policy_text_version": "2026-11" })));
    items.into_iter().map(batch).collect()
}

/// The same record as another one.
fn fresh_id(good: &Value) -> Value {
    let mut fresh = good.clone();
    fresh["items"][0]["id"] = json!(Uuid::now_v7());
    fresh
}

/// One text of so many is tried at a place.
const SHARE: usize = 6;

/// The next share of the texts.
fn some(texts: Vec<String>, turn: &mut usize) -> Vec<String> {
    if std::env::var("HOSTILE").is_ok_and(|all| all == "all") {
        return texts;
    }
    *turn += 1;
    texts.into_iter().enumerate().filter(|(k, _)| k % SHARE == *turn % SHARE).map(|(_, text)| text).collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
