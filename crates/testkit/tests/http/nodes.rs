//! Two servers on one PostgreSQL that hear each other over NATS, also when NATS fails.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testkit::{App, Client, Heard, Nats};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, minute, place, record, start};

/// What must be seen at the other node within two seconds, as it is promised.
const SOON: Duration = Duration::from_secs(2);

/// Waits until something holds.
async fn until(what: &str, seconds: u64, holds: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    while !holds().await {
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Two nodes that hear each other.
async fn two(nats: &Nats) -> (App, App) {
    let a = App::first_node(&nats.url()).await;
    let b = a.another_node().await;
    for node in [&a, &b] {
        until("both nodes hear each other", 10, async || {
            let s = node.kit.db.standing();
            (s.nodes, s.line, s.whole) == (2, Some(true), true)
        })
        .await;
    }
    (a, b)
}

/// The same person at another node.
fn at(node: &App, person: &Client) -> Client {
    Client::new(&node.base, person.token.as_deref())
}

async fn accept_policy(rep: &Client) {
    let version = rep.get("/api/v1/me/policy").await.json["text_version"].clone();
    let accepted = rep.post("/api/v1/me/policy/accept", json!({ "text_version": version })).await;
    assert_eq!(accepted.status, 204, "{}", accepted.json);
}

/// Reports a position, `meters` east of the start; answers how many were accepted and known already.
async fn report(rep: &Client, t: base::Micros, meters: f64) -> (i64, i64) {
    let to = geo::destination(start(), 90.0, meters);
    let sent = rep.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [fix(to, 6.0, t)] })).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    (sent.json["accepted"].as_i64().unwrap(), sent.json["duplicate"].as_i64().unwrap())
}

/// Reads on until the live map shows a person's fix of this time.
async fn shows(stream: &mut Heard, time: Duration, rep: Uuid, t: base::Micros) -> bool {
    let wanted = (json!(rep), json!(t));
    let seen = stream.until(time, |event| {
        let people = event.data["people"].as_array();
        event.kind == "live"
            && people.is_some_and(|all| {
                all.iter().any(|p| (p["employee"]["id"].clone(), p["fix_at"].clone()) == wanted)
            })
    });
    seen.await.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_takes_the_other_shows() {
    let Some(nats) = Nats::start() else { return };
    let (a, b) = two(&nats).await;
    let s = Scene::begin(&a).await;
    accept_policy(&s.rep).await;
    let manager = at(&b, &s.manager);
    let mut watching = manager.stream().await;
    let (mut sibling, mut stranger) = (at(&b, &s.sibling).stream().await, at(&b, &s.stranger).stream().await);

    // a position
    a.clock.set(minute(121));
    assert_eq!(report(&s.rep, minute(120), 100.0).await, (1, 0));
    assert!(shows(&mut watching, SOON, s.rep_id, minute(120)).await, "a position");
    let board = manager.get("/api/v1/live").await.json;
    let shown = board["people"].as_array().unwrap().iter().find(|p| p["employee"]["id"] == json!(s.rep_id));
    assert_eq!(shown.unwrap()["fix_at"], json!(minute(120)), "{board}");

    // the same position at the other node is known there, a new one is shown at the first
    let rep = at(&b, &s.rep);
    assert_eq!(report(&rep, minute(120), 100.0).await, (0, 1), "stored by the other node");
    let mut here = s.manager.stream().await;
    assert_eq!(report(&rep, minute(121), 150.0).await, (1, 0));
    assert!(shows(&mut here, SOON, s.rep_id, minute(121)).await, "the other way round");

    // tasks and visits
    s.plan().await;
    let heard = watching.until(SOON, |e| e.kind == "plan").await;
    assert!(heard.is_some_and(|e| e.id.is_some()), "a plan, with its place in the outbox");
    let urgent = json!({ "id": Uuid::now_v7(), "employee_id": s.rep_id, "customer_id": s.customers[2], "day": DAY,
        "window": { "from_minute": 540, "to_minute": 1020 }, "note": "送样", "steps": [{ "title": "签收照", "kind": "photo" }] });
    let made = s.manager.post("/api/v1/tasks", urgent).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let heard = watching.until(SOON, |e| e.kind == "task").await;
    assert!(heard.is_some_and(|e| e.id.is_some()), "a task");
    let task = s.snapshot().await["tasks"][0].clone();
    let visit = record(&task, place(0), 70, 100);
    s.taken(&visit.items[..1]).await;
    assert!(watching.until(SOON, |e| e.kind == "visit").await.is_some(), "a visit");
    // the other node shows the work it has just heard of, not what it remembered
    until("the visit stands on the other node's map", 3, async || {
        let board = manager.get("/api/v1/live").await.json;
        let people = board["people"].as_array().unwrap();
        people.iter().any(|p| p["employee"]["id"] == json!(s.rep_id) && p["state"] == "visit")
    })
    .await;

    // nobody out of reach has heard of any of it
    for (who, stream) in [("sibling", &mut sibling), ("stranger", &mut stranger)] {
        let heard = stream.during(Duration::from_millis(1500)).await;
        let told: Vec<_> =
            heard.iter().filter(|e| e.data.to_string().contains(&s.rep_id.to_string())).collect();
        assert!(told.is_empty(), "{who}: {told:?}");
    }
    // whoever was shown the position stands in the ledger, whichever node showed it
    let ledger = s.rep.get("/api/v1/me/ledger").await.json;
    let readers: HashSet<&str> =
        ledger["items"].as_array().unwrap().iter().filter_map(|l| l["reader"]["name"].as_str()).collect();
    assert_eq!(readers, HashSet::from(["陈静"]), "{ledger}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_at_one_node_holds_at_the_other() {
    let Some(nats) = Nats::start() else { return };
    let (a, b) = two(&nats).await;
    let s = Scene::begin(&a).await;
    accept_policy(&s.rep).await;

    // a sign-in
    let second = a.sign_in("zhangwei", testkit::PASSWORD).await;
    let there = at(&b, &second);
    assert_eq!(there.get("/api/v1/me").await.status, 200, "remembered at the other node from here on");
    assert_eq!(second.post("/api/v1/auth/logout", json!({})).await.status, 204);
    until("a sign-in that was ended at one node is refused at the other", 1, async || {
        there.get("/api/v1/me").await.status == 401
    })
    .await;

    // a tracker
    let made = s
        .company
        .admin
        .post("/api/v1/trackers", json!({ "employee_id": s.rep_id, "name": "手机", "kind": "traccar" }))
        .await;
    let secret = made.json["secret"].as_str().unwrap();
    let point = |t: base::Micros| {
        format!("/t/{secret}?id=x&lat=32.04&lon=118.78&timestamp={}&accuracy=5", t.0 / 1_000_000)
    };
    a.clock.set(minute(125));
    let phone = b.stranger();
    assert_eq!(phone.get(&point(minute(120))).await.status, 200);
    let tracker = made.json["id"].as_str().unwrap();
    let revoked = s.company.admin.post(&format!("/api/v1/trackers/{tracker}/revoke"), json!({})).await;
    assert_eq!(revoked.status, 200, "{}", revoked.json);
    until("a revoked tracker is refused at the other node", 1, async || {
        phone.get(&point(minute(121))).await.status >= 400
    })
    .await;

    // the duty gate: a private trip declared at one node closes it at the other, and what was stored is gone there too
    let rep = at(&b, &s.rep);
    assert_eq!(report(&rep, minute(122), 50.0).await, (1, 0));
    let manager = at(&b, &s.manager);
    let position = async || {
        let board = manager.get("/api/v1/live").await.json;
        let people = board["people"].as_array().unwrap();
        people.iter().find(|p| p["employee"]["id"] == json!(s.rep_id)).map(|p| p["fix_at"].clone())
    };
    assert_eq!(position().await, Some(json!(minute(122))));
    let private = json!({ "from": minute(121), "to": minute(123) });
    let declared = s.rep.post("/api/v1/me/private-trips", private).await;
    assert_eq!(declared.status, 201, "{}", declared.json);
    until("the other node refuses what is private now", 1, async || {
        report(&rep, minute(122).plus(base::Micros::SECOND), 60.0).await == (0, 0)
    })
    .await;
    until("a position that was removed is shown by no node", 2, async || {
        position().await != Some(json!(minute(122)))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_nats_the_store_is_asked_and_nothing_is_lost() {
    let Some(mut nats) = Nats::start() else { return };
    let (a, b) = two(&nats).await;
    let s = Scene::begin(&a).await;
    accept_policy(&s.rep).await;
    let manager = at(&b, &s.manager);
    let mut watching = manager.stream().await;
    a.clock.set(minute(121));
    assert_eq!(report(&s.rep, minute(119), 100.0).await, (1, 0));
    assert!(shows(&mut watching, SOON, s.rep_id, minute(119)).await);
    let ready = async |node: &App| {
        let reply = node.stranger().get("/readyz").await;
        (reply.status, String::from_utf8_lossy(&reply.bytes).into_owned())
    };
    assert_eq!(ready(&b).await, (200, "ready\nnodes: 2\nnats: connected\nnews of other nodes: live".into()));

    nats.kill();
    until("the loss is noticed", 6, async || !b.kit.db.standing().whole && !a.kit.db.standing().whole).await;
    assert_eq!(
        ready(&b).await,
        (200, "ready\nnodes: 2\nnats: lost\nnews of other nodes: from the store".into())
    );
    let told = watching.until(SOON, |e| e.kind == "hello" && e.data["reload"] == true).await;
    assert!(told.is_some(), "viewers load anew what they may have missed");

    // taken and durable as ever; the other node shows it from the store
    assert_eq!(report(&s.rep, minute(120), 200.0).await, (1, 0));
    assert!(shows(&mut watching, Duration::from_secs(8), s.rep_id, minute(120)).await, "from the store");
    assert_eq!(report(&at(&b, &s.rep), minute(120), 200.0).await.0, 0, "known there as stored");
    s.plan().await;
    let plan = watching.until(Duration::from_secs(5), |e| e.kind == "plan").await.expect("a plan");
    let task = s.snapshot().await["tasks"][0].clone();
    let visit = record(&task, place(0), 70, 100);
    s.taken(&visit.items[..1]).await;
    let rest = watching.during(Duration::from_secs(4)).await;
    assert!(rest.iter().any(|e| e.kind == "visit"), "a visit: {rest:?}");
    let told: Vec<String> = rest.iter().chain([&plan]).filter_map(|e| e.id.clone()).collect();
    assert_eq!(told.iter().collect::<HashSet<_>>().len(), told.len(), "told once: {told:?}");
    let last = rest.iter().rev().find_map(|e| e.id.clone()).expect("a place in the outbox");
    // a sign-in that is ended is refused at the other node even now
    let second = a.sign_in("zhangwei", testkit::PASSWORD).await;
    let there = at(&b, &second);
    assert_eq!(there.get("/api/v1/me").await.status, 200);
    assert_eq!(second.post("/api/v1/auth/logout", json!({})).await.status, 204);
    until("refused without NATS", 2, async || there.get("/api/v1/me").await.status == 401).await;

    // written while the viewer is away; he misses nothing when he comes back, at either node
    drop(watching);
    s.taken(&visit.items[1..]).await;
    let mut back = s.manager.stream_after(Some(&last)).await;
    assert!(back.until(SOON, |e| e.kind == "visit").await.is_some(), "resumed at the other node");

    nats.begin();
    until("live again by itself", 10, async || b.kit.db.standing().whole && a.kit.db.standing().whole).await;
    let mut watching = manager.stream().await;
    assert_eq!(report(&s.rep, minute(121), 300.0).await, (1, 0));
    assert!(shows(&mut watching, SOON, s.rep_id, minute(121)).await, "live again");
    assert!(ready(&b).await.1.contains("nats: connected"));

    // all of it is in the store, once
    let mut reader = b.kit.db.read(&db::Scope::job("test", s.company.id)).await.unwrap();
    let day = DAY.parse().unwrap();
    let kept = tracking::readings(&mut reader, s.rep_id, day).await.unwrap();
    assert_eq!(kept.len(), 3, "{kept:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_once_is_done_by_one_node() {
    let Some(nats) = Nats::start() else { return };
    let (a, b) = two(&nats).await;
    let s = Scene::begin(&a).await;
    accept_policy(&s.rep).await;
    let classes = s.company.admin.get("/api/v1/customer-classes").await.json;
    let class = classes["items"][0]["id"].as_str().unwrap();
    let tell = json!({ "enter": ["leader"], "exit": [], "dwell": [] });
    let set = s.company.admin.put(&format!("/api/v1/fence-classes/{class}"), tell).await;
    assert_eq!(set.status, 200, "{}", set.json);

    // one company, one node; many companies, both
    let (mut by_a, mut by_b) = (0, 0);
    for _ in 0..40 {
        let tenant = Uuid::now_v7();
        let (one, two) = (a.kit.db.turn(tenant).await.unwrap(), b.kit.db.turn(tenant).await.unwrap());
        assert!(one.is_some() != two.is_some(), "one of both");
        by_a += i32::from(one.is_some());
        by_b += i32::from(two.is_some());
    }
    assert!(by_a >= 8 && by_b >= 8, "spread: {by_a} and {by_b}");

    // The phone comes in by both nodes at once, as through a balancer. He comes from the west and stays.
    a.clock.set(minute(140));
    let shop = place(0);
    let (one, two) = (s.rep.clone(), at(&b, &s.rep));
    let send = |k: i64| {
        let by = if k % 2 == 0 { &one } else { &two };
        async move {
            let to = if k < 20 { geo::destination(shop, 270.0, 100.0 * (20 - k) as f64) } else { shop };
            let seen = fix(to, 8.0, minute(120).plus(k * 10 * base::Micros::SECOND));
            let sent = by.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": [seen] })).await;
            assert_eq!(sent.json["accepted"], 1, "{}", sent.json);
        }
    };
    futures::future::join_all((0..60).map(send)).await;
    let events = async || -> Vec<Value> {
        let page = s.manager.get(&format!("/api/v1/fence-events?day={DAY}")).await.json;
        page["items"].as_array().unwrap().iter().filter(|e| e["kind"] == "enter").cloned().collect()
    };
    until("he is seen to arrive", 20, async || !events().await.is_empty()).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(events().await.len(), 1, "found once");
    let notices = s.manager.get("/api/v1/notices").await.json;
    assert_eq!(notices["items"].as_array().unwrap().len(), 1, "told once: {notices}");

    // the node that has the turn ends: the other takes over at once, and what came in meanwhile is looked at
    let company = s.company.id;
    let a_has = a.kit.db.turn(company).await.unwrap().is_some();
    let (ends, stays) = if a_has { (a, b) } else { (b, a) };
    ends.stop().await;
    until("the turn goes over", 5, async || stays.kit.db.turn(company).await.unwrap().is_some()).await;
    until("the other is known to have ended", 5, async || {
        let s = stays.kit.db.standing();
        s.nodes == 1 && s.whole
    })
    .await;
}
