//! Territories: drawn, divided evenly, taken over at once, with history; nobody divides beyond his reach.

use geo::LngLat;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{DAY, Scene, id, place, start};

/// A net of 5 × 8 customers 700 m apart round the scene's start, all with the scene's rep; answers their ids.
async fn net(s: &Scene) -> Vec<Uuid> {
    let mut made = vec![];
    for k in 0..40 {
        let at = geo::destination(start(), 0.0, 700.0 * f64::from(k / 8) + 700.0);
        let at = geo::destination(at, 90.0, 700.0 * f64::from(k % 8));
        let new = json!({ "name": format!("网点 {k:02}"), "grade": "B", "at": at, "owner_id": s.rep_id });
        let reply = s.company.admin.post("/api/v1/customers", new).await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        made.push(id(&reply.json["id"]));
    }
    made
}

async fn second_rep(app: &App, s: &Scene) -> (Uuid, Client) {
    app.person(&s.company, "李娜", "lina", "rep", s.region).await
}

fn question(people: &[Uuid], keep: i64) -> Value {
    let people: Vec<Value> = people.iter().map(|id| json!({ "employee_id": id })).collect();
    json!({ "by": "work", "people": people, "keep": keep })
}

async fn divide(client: &Client, question: Value) -> Value {
    let made = client.post("/api/v1/territory-divisions", question).await;
    assert_eq!(made.status, 201, "{}", made.json);
    made.json
}

async fn take(client: &Client, division: &Value, reason: &str) -> testkit::Reply {
    let path = format!("/api/v1/territory-divisions/{}/take-over", division["id"].as_str().unwrap());
    let version = division["version"].as_i64().unwrap();
    let request = client.request(Method::POST, &path).header("if-match", format!("\"{version}\""));
    client.send(request.json(&json!({ "reason": reason }))).await
}

async fn owner_of(client: &Client, customer: Uuid) -> String {
    let json = client.get(&format!("/api/v1/customers/{customer}")).await.json;
    json["owner"]["id"].as_str().unwrap_or_default().to_owned()
}

/// A box of corners round a place.
fn square(at: LngLat, half_m: f64) -> Value {
    let corner = |bearing: f64| geo::destination(at, bearing, half_m * 2.0_f64.sqrt());
    json!([corner(225.0), corner(135.0), corner(45.0), corner(315.0)])
}

testkit::both!(a_division_is_shown_then_taken_over_at_once, |app| async move {
    let s = Scene::begin(&app).await;
    let all = net(&s).await;
    let (li, li_client) = second_rep(&app, &s).await;
    s.plan().await;

    let seen = divide(&s.manager, question(&[s.rep_id, li], 50)).await;
    assert_eq!((&seen["status"], &seen["hindrance"]), (&json!("draft"), &Value::Null));
    assert!(seen["deviation_permille"].as_i64().unwrap() <= 50, "{}", seen["deviation_permille"]);
    let people = seen["people"].as_array().unwrap();
    assert_eq!((people.len(), &people[0]["before"]["customers"]), (2, &json!(45)));
    // No rule: half an hour a month each.
    assert_eq!((&people[0]["before"]["minutes"], &seen["without_rule"]), (&json!(45 * 30), &json!(45)));
    let after: Vec<i64> = people.iter().map(|p| p["after"]["customers"].as_i64().unwrap()).collect();
    assert_eq!(after.iter().sum::<i64>(), 45);
    assert!(after.iter().all(|n| (22..=23).contains(n)), "{after:?}");
    assert!(people[0]["after"]["km"].as_i64().unwrap() < people[0]["before"]["km"].as_i64().unwrap());
    let moves = seen["moves"].as_array().unwrap();
    assert_eq!(moves.len() as i64, after[1], "only what the second gets changes hands");
    assert_eq!((&people[1]["gained"], &people[0]["lost"]), (&json!(moves.len()), &json!(moves.len())));
    assert_eq!(seen["points"].as_array().unwrap().len(), 45);
    // What is planned for those who move is told.
    let planned = seen["planned"].as_array().unwrap();
    assert!(
        planned
            .iter()
            .all(|p| p["day"] == DAY && p["employee"]["name"] == "张伟" && p["to"]["name"] == "李娜")
    );
    let moved_planned =
        s.customers.iter().filter(|c| moves.iter().any(|m| m["customer"]["id"] == json!(c))).count();
    assert_eq!(planned.len(), moved_planned);

    // Nothing has changed yet; the same question has the same answer.
    for customer in &all {
        assert_eq!(owner_of(&s.manager, *customer).await, s.rep_id.to_string());
    }
    let again = divide(&s.manager, question(&[s.rep_id, li], 50)).await;
    assert_eq!(again["moves"], seen["moves"]);
    let gone = s.manager.get(&format!("/api/v1/territory-divisions/{}", seen["id"].as_str().unwrap())).await;
    assert_eq!(gone.status, 404, "an older proposal of the same person is dropped");

    let empty = take(&s.manager, &again, " ").await;
    assert_eq!(empty.status, 422, "a reason is needed: {}", empty.json);
    let done = take(&s.manager, &again, "李娜入职，平衡工作量").await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!((&done.json["status"], &done.json["taken_by"]["name"]), (&json!("taken"), &json!("陈静")));
    let twice = take(&s.manager, &done.json, "再来一次").await;
    assert_eq!((twice.status, twice.code()), (409, "territory.taken"), "{}", twice.json);
    for m in moves {
        assert_eq!(owner_of(&s.manager, id(&m["customer"]["id"])).await, li.to_string());
    }
    let mine = li_client.get("/api/v1/customers?count=true").await.json;
    assert_eq!(mine["total"].as_i64().unwrap(), after[1]);

    // Who had him, until when, why and by whom.
    let moved = id(&moves[0]["customer"]["id"]);
    let owners = s.manager.get(&format!("/api/v1/customers/{moved}/owners")).await.json;
    let owners = owners["items"].as_array().unwrap();
    assert_eq!(owners.len(), 2, "{owners:?}");
    assert_eq!(
        (&owners[0]["owner"]["name"], &owners[0]["cause"], &owners[0]["reason"], &owners[0]["by"]["name"]),
        (&json!("李娜"), &json!("territory"), &json!("李娜入职，平衡工作量"), &json!("陈静"))
    );
    assert_eq!(
        (&owners[1]["owner"]["name"], &owners[1]["cause"], &owners[1]["to"]),
        (&json!("张伟"), &json!("created"), &owners[0]["from"])
    );
    assert!(owners[0]["to"].is_null());

    // The territories stand, with what they hold; customers can be asked for by them.
    let list = s.manager.get("/api/v1/territories").await.json;
    let items = list["items"].as_array().unwrap();
    assert_eq!((items.len(), &list["without"]), (2, &json!(0)));
    assert!(items.iter().all(|t| t["elsewhere"] == 0 && t["outline"].as_array().unwrap().len() >= 3));
    assert_ne!(items[0]["colour"], items[1]["colour"]);
    let of_li = items.iter().find(|t| t["responsible"]["id"] == json!(li)).unwrap();
    let held = s
        .manager
        .get(&format!("/api/v1/customers?count=true&territory_id={}", of_li["id"].as_str().unwrap()))
        .await
        .json;
    assert_eq!((&held["total"], &held["items"][0]["territory"]["id"]), (&json!(after[1]), &of_li["id"]));

    // Both were told; the plan stays where it was, and the proposal still offers it.
    for (client, kind) in [(&s.rep, "territory.taken"), (&li_client, "territory.taken")] {
        let notices = client.get("/api/v1/notices").await.json;
        assert!(notices["items"].as_array().unwrap().iter().any(|n| n["kind"] == kind), "{notices}");
    }
    let plan = s.rep.get(&format!("/api/v1/plans?day_from={DAY}&day_to={DAY}")).await.json;
    assert_eq!(plan["items"][0]["tasks"].as_array().unwrap().len(), 5);
    assert_eq!(done.json["planned"].as_array().unwrap().len(), moved_planned);
    let history = s.manager.get("/api/v1/territory-divisions").await.json;
    assert_eq!(history["items"][0]["moves"], json!(moves.len()));
    let trail = s.company.admin.get("/api/v1/audit?limit=200").await.json;
    let actions = |a: &str| trail["items"].as_array().unwrap().iter().filter(|l| l["action"] == a).count();
    assert_eq!((actions("territory.take_over"), actions("customer.owner")), (1, moves.len()));
});

testkit::both!(what_changed_meanwhile_stops_all_of_it, |app| async move {
    let s = Scene::begin(&app).await;
    net(&s).await;
    let (li, _) = second_rep(&app, &s).await;
    let division = divide(&s.manager, question(&[s.rep_id, li], 0)).await;
    let moved = id(&division["moves"][0]["customer"]["id"]);
    let path = format!("/api/v1/customers/{moved}");
    let changed = s.company.admin.patch(&path, 1, json!({ "note": "搬走了" })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let refused = take(&s.manager, &division, "试一试").await;
    assert_eq!((refused.status, refused.code()), (409, "territory.stale"), "{}", refused.json);
    for m in division["moves"].as_array().unwrap() {
        let owner = owner_of(&s.manager, id(&m["customer"]["id"])).await;
        assert_eq!(owner, s.rep_id.to_string(), "nothing of it has happened");
    }
    assert_eq!(s.manager.get("/api/v1/territories").await.json["items"], json!([]));
    // Asked again it goes through.
    let division = divide(&s.manager, question(&[s.rep_id, li], 0)).await;
    assert_eq!(take(&s.manager, &division, "再试").await.status, 200);
});

testkit::both!(a_drawn_territory_holds_who_stands_inside, |app| async move {
    let s = Scene::begin(&app).await;
    let (li, _) = second_rep(&app, &s).await;
    // Customers stand 1 to 5 km east; the box holds those at 1 and 2 km.
    let corners = square(place(0), 1100.0);
    let new = json!({ "id": Uuid::now_v7(), "name": "城东", "responsible_id": li, "polygon": corners });
    let made = s.manager.post("/api/v1/territories", new.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(
        (&made.json["customers"], &made.json["elsewhere"], &made.json["minutes"]),
        (&json!(2), &json!(2), &json!(60))
    );
    assert_eq!(s.manager.post("/api/v1/territories", new).await.json["version"], 1, "the same again");

    // Who moves in belongs to it, who moves out does not.
    let inside = json!({ "name": "新店", "at": place(0), "owner_id": s.rep_id });
    let fresh = s.manager.post("/api/v1/customers", inside).await.json;
    assert_eq!(fresh["territory"]["name"], "城东");
    let path = format!("/api/v1/customers/{}", fresh["id"].as_str().unwrap());
    let away = s.manager.patch(&path, 1, json!({ "at": place(4) })).await.json;
    assert_eq!(away["territory"], Value::Null, "{away}");

    // As the territories are: owners follow who is responsible.
    let division = divide(&s.manager, json!({ "by": "territories", "keep": 0 })).await;
    assert_eq!((division["moves"].as_array().unwrap().len(), &division["left_out"]), (2, &json!(4)));
    assert_eq!(take(&s.manager, &division, "按区域归属").await.status, 200);
    assert_eq!(owner_of(&s.manager, s.customers[1]).await, li.to_string());
    assert_eq!(owner_of(&s.manager, s.customers[2]).await, s.rep_id.to_string());

    // Redrawn, renamed, ended.
    let path = format!("/api/v1/territories/{}", made.json["id"].as_str().unwrap());
    let wider = json!({ "name": "城东二", "responsible_id": li, "polygon": square(place(1), 1600.0) });
    let wider = s.manager.patch(&path, 1, wider).await;
    assert_eq!((wider.status, &wider.json["customers"]), (200, &json!(3)), "{}", wider.json);
    let late = s.manager.patch(&path, 1, json!({ "name": "x" })).await;
    assert_eq!(late.status, 409);
    let rule = json!({ "name": "城东每周一次", "terms": { "grades": [], "tags": [], "territories": [made.json["id"]], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 20 } });
    let rule = s.company.admin.post("/api/v1/frequency/rules", rule).await;
    assert_eq!(rule.status, 201, "{}", rule.json);
    // By the rule: 4.348 visits a month of 20 minutes.
    let list = s.manager.get("/api/v1/territories").await.json;
    assert_eq!((&list["items"][0]["minutes"], &list["items"][0]["visits"]), (&json!(3 * 87), &json!(13)));
    let ask = json!({ "from": "2026-11-23", "weeks": 1 });
    let weeks = s.manager.post("/api/v1/frequency/preview", ask).await.json;
    assert_eq!(
        (&weeks["fresh"], &weeks["without_rule"]),
        (&json!(3), &json!(3)),
        "the rule is about the territory alone"
    );
    let used = s.manager.send(s.manager.request(Method::DELETE, &path).header("if-match", "\"2\"")).await;
    assert_eq!((used.status, used.code()), (409, "territory.in_use"), "{}", used.json);
    let rule = format!("/api/v1/frequency/rules/{}", rule.json["id"].as_str().unwrap());
    let admin = &s.company.admin;
    let gone = admin.send(admin.request(Method::DELETE, &rule).header("if-match", "\"1\"")).await;
    assert!(gone.status < 300, "{} {}", gone.status, gone.json);
    let ended = s.manager.send(s.manager.request(Method::DELETE, &path).header("if-match", "\"2\"")).await;
    assert_eq!(ended.status, 204, "{}", ended.json);
    let list = s.manager.get("/api/v1/territories").await.json;
    assert_eq!((&list["items"], &list["without"]), (&json!([]), &json!(6)));
});

testkit::both!(nobody_sees_or_divides_beyond_his_reach, |app| async move {
    let s = Scene::begin(&app).await;
    net(&s).await;
    let (li, _) = second_rep(&app, &s).await;
    let division = divide(&s.manager, question(&[s.rep_id, li], 0)).await;
    let path = format!("/api/v1/territory-divisions/{}", division["id"].as_str().unwrap());
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(take(other, &division, "不是我的").await.status, 404);
        let refused = other.post("/api/v1/territory-divisions", question(&[s.rep_id, li], 0)).await;
        assert_eq!(refused.status, 422, "people out of reach: {}", refused.json);
        let of_department = json!({ "by": "territories", "department_id": s.region, "keep": 0 });
        assert_eq!(other.post("/api/v1/territory-divisions", of_department).await.status, 404);
    }
    assert_eq!(take(&s.manager, &division, "分开").await.status, 200);
    for other in [&s.sibling, &s.stranger] {
        let list = other.get("/api/v1/territories").await.json;
        assert_eq!((&list["items"], &list["without"]), (&json!([]), &json!(0)));
        assert_eq!(other.get("/api/v1/territory-divisions").await.json["items"], json!([]));
        let owners = other.get(&format!("/api/v1/customers/{}/owners", s.customers[0])).await;
        assert_eq!(owners.status, 404);
    }
    let territory = s.manager.get("/api/v1/territories").await.json["items"][0].clone();
    let path = format!("/api/v1/territories/{}", territory["id"].as_str().unwrap());
    let version = territory["version"].as_i64().unwrap();
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.patch(&path, version, json!({ "name": "我的" })).await.status, 404);
        let named = json!({ "name": "x", "customer_ids": [s.customers[0]] });
        assert_eq!(other.post("/api/v1/territories", named).await.status, 404, "customers out of reach");
        let rule = json!({ "name": "x", "terms": { "grades": [], "tags": [], "territories": [territory["id"]], "every": "week", "times": 1, "weekdays": [1], "visit_minutes": 20 } });
        let refused = s.stranger.post("/api/v1/frequency/rules", rule).await;
        assert_eq!(refused.status, 422, "{}", refused.json);
    }
    // A rep sees what he is responsible for, and changes nothing.
    let mine = s.rep.get("/api/v1/territories").await.json;
    assert_eq!(mine["items"].as_array().unwrap().len(), 1, "{mine}");
    assert_eq!(s.rep.post("/api/v1/territory-divisions", question(&[s.rep_id], 0)).await.status, 403);
});

testkit::both!(bad_questions_are_answered_helpfully, |app| async move {
    let s = Scene::begin(&app).await;
    let bad = [
        (json!({ "by": "work", "people": [], "keep": 0 }), "people"),
        (
            json!({ "by": "work", "people": [{ "employee_id": s.rep_id }, { "employee_id": s.rep_id }], "keep": 0 }),
            "people",
        ),
        (json!({ "by": "work", "people": [{ "employee_id": s.rep_id, "hours": 0 }], "keep": 0 }), "people"),
        (json!({ "by": "work", "people": [{ "employee_id": s.rep_id }], "keep": 101 }), "keep"),
    ];
    for (question, field) in bad {
        let refused = s.manager.post("/api/v1/territory-divisions", question).await;
        assert_eq!(refused.status, 422, "{}", refused.json);
        let fields = refused.json["fields"].to_string() + &refused.json["errors"].to_string();
        assert!(fields.contains(field), "{}", refused.json);
    }
    let nothing =
        s.sibling.post("/api/v1/territory-divisions", json!({ "by": "territories", "keep": 0 })).await;
    assert_eq!((nothing.status, nothing.code()), (422, "territory.nothing"), "{}", nothing.json);
    let (c, far) = (place(0), geo::destination(place(0), 0.0, 900.0));
    let crossing = json!([c, geo::destination(far, 90.0, 900.0), far, geo::destination(c, 90.0, 900.0)]);
    for corners in [json!([c, far]), crossing, json!([c, c, c])] {
        let refused =
            s.manager.post("/api/v1/territories", json!({ "name": "坏", "polygon": corners })).await;
        assert_eq!((refused.status, refused.code()), (422, "territory.shape"), "{}", refused.json);
    }
    let refused = s.manager.post("/api/v1/territories", json!({ "name": "坏", "colour": 12 })).await;
    assert_eq!(refused.status, 422);
    // One customer alone cannot be shared by two: it is said.
    let other = s.company.admin.get("/api/v1/employees?limit=50").await.json;
    let chen = other["items"].as_array().unwrap().iter().find(|e| e["name"] == "陈静").unwrap();
    let mut ask = question(&[s.rep_id, id(&chen["id"])], 0);
    ask["customer_ids"] = json!([s.customers[0]]);
    let seen = divide(&s.manager, ask).await;
    assert_eq!(seen["hindrance"]["kind"], "few_customers", "{seen}");
});

testkit::both!(by_hand_and_by_sheet_the_owner_is_kept_too, |app| async move {
    let s = Scene::begin(&app).await;
    let (li, _) = second_rep(&app, &s).await;
    let path = format!("/api/v1/customers/{}", s.customers[0]);
    let changed = s.manager.patch(&path, 1, json!({ "owner_id": li })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let renamed = s.manager.patch(&path, 2, json!({ "name": "改名" })).await;
    assert_eq!(renamed.status, 200);
    let owners = s.manager.get(&format!("{path}/owners")).await.json;
    let seen: Vec<(&str, &str)> = owners["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["owner"]["name"].as_str().unwrap(), o["cause"].as_str().unwrap()))
        .collect();
    assert_eq!(seen, [("李娜", "edited"), ("张伟", "created")]);
});

testkit::both!(planned_visits_follow_their_customers_by_a_click, |app| async move {
    let s = Scene::begin(&app).await;
    net(&s).await;
    let (li, li_client) = second_rep(&app, &s).await;
    let plan = s.plan().await;
    let locked = id(&plan["tasks"][0]["id"]);
    let lock = s.manager.post(&format!("/api/v1/tasks/{locked}/lock"), json!({ "locked": true })).await;
    assert_eq!(lock.status, 200, "{}", lock.json);
    let mut ask = question(&[li], 0);
    ask["others"] = json!(true);
    let seen = divide(&s.manager, ask).await;
    let path = format!("/api/v1/territory-divisions/{}/hand-over", seen["id"].as_str().unwrap());
    let early = s.manager.post(&path, visits(&seen, |_| true)).await;
    assert_eq!((early.status, early.code()), (409, "territory.not_taken"), "{}", early.json);
    let done = take(&s.manager, &seen, "李娜接手").await;
    assert_eq!(done.status, 200, "{}", done.json);
    let planned = done.json["planned"].as_array().unwrap();
    assert_eq!(planned.iter().filter(|p| p["stays"] == true).count(), 1, "the locked one stays: {planned:?}");
    let whole = planned.len();
    assert!(whole >= 4, "{planned:?}");

    // One was changed meanwhile: nothing moves.
    let mut stale = visits(&done.json, |p| p["stays"] == false);
    stale["tasks"][0]["version"] = json!(99);
    let refused = s.manager.post(&path, stale).await;
    assert_eq!((refused.status, refused.code()), (409, "board.stale"), "{}", refused.json);
    let forced = s.manager.post(&path, visits(&done.json, |p| p["stays"] == true)).await;
    assert_eq!((forced.status, forced.code()), (409, "territory.stale"), "{}", forced.json);
    let of = |client: &Client| {
        let client = client.clone();
        async move {
            let plans = client.get(&format!("/api/v1/plans?day_from={DAY}&day_to={DAY}")).await.json;
            plans["items"].as_array().unwrap().iter().find(|p| p["status"] == "planned").cloned()
        }
    };
    assert_eq!(of(&s.rep).await.unwrap()["tasks"].as_array().unwrap().len(), 5);
    assert!(of(&li_client).await.is_none());

    // By a click all of it, and not twice.
    let notices = |client: &Client| {
        let client = client.clone();
        async move {
            let all = client.get("/api/v1/notices").await.json["items"].as_array().unwrap().clone();
            all.into_iter().filter(|n| n["kind"].as_str().unwrap().starts_with("plan.")).count()
        }
    };
    let before = (notices(&s.rep).await, notices(&li_client).await);
    let body = visits(&done.json, |p| p["stays"] == false);
    let handed = s.manager.post(&path, body.clone()).await;
    assert_eq!(handed.status, 200, "{}", handed.json);
    assert_eq!(handed.json["planned"].as_array().unwrap().len(), 1, "only the locked one is left");
    let (his, hers) = (of(&s.rep).await.unwrap(), of(&li_client).await.unwrap());
    let count = |plan: &Value| plan["tasks"].as_array().unwrap().len();
    assert_eq!((count(&his), count(&hers)), (5 - (whole - 1), whole - 1));
    assert_eq!(id(&his["tasks"][0]["id"]), locked);
    let meters = hers["route"]["meters"].as_i64().unwrap();
    assert!(meters > 0, "{}", hers["route"]);
    assert_eq!(
        (notices(&s.rep).await, notices(&li_client).await),
        (before.0 + 1, before.1 + 1),
        "both were told"
    );
    let twice = s.manager.post(&path, body).await;
    assert_eq!((twice.status, twice.code()), (409, "territory.stale"), "{}", twice.json);
    let history = s.manager.get("/api/v1/territory-divisions").await.json;
    assert_eq!((&history["items"][0]["people"], &history["items"][0]["by"]), (&json!(1), &json!("work")));
});

/// A body that hands over what is planned and chosen.
fn visits(division: &Value, chosen: impl Fn(&Value) -> bool) -> Value {
    let planned = division["planned"].as_array().unwrap().iter().filter(|p| chosen(p));
    json!({ "tasks": planned.map(|p| json!({ "task_id": p["task_id"], "version": p["version"] })).collect::<Vec<_>>() })
}

testkit::both!(nobody_gets_a_customer_he_is_never_sent_to, |app| async move {
    let s = Scene::begin(&app).await;
    let all = net(&s).await;
    let (li, _) = second_rep(&app, &s).await;
    // Somebody whom half of the net never wants to see would get it nevertheless.
    let first = divide(&s.manager, question(&[s.rep_id, li], 50)).await;
    let won: Vec<Uuid> =
        first["moves"].as_array().unwrap().iter().map(|m| id(&m["customer"]["id"])).collect();
    let lost = *all.iter().find(|c| won.contains(c)).unwrap();
    let said = crate::board::people::say(&s.manager, lost, json!({ "barred_ids": [li] })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    let stale = take(&s.manager, &first, "先前的方案").await;
    assert_eq!((stale.status, stale.code()), (409, "territory.stale"), "{}", stale.json);
    let seen = divide(&s.manager, question(&[s.rep_id, li], 50)).await;
    let told = seen["barred"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (id(&told[0]["customer"]["id"]), &told[0]["person"]["name"], &told[0]["stays"]["name"]),
        (lost, &json!("李娜"), &json!("张伟"))
    );
    assert!(seen["moves"].as_array().unwrap().iter().all(|m| id(&m["customer"]["id"]) != lost), "{seen}");
    assert_eq!(take(&s.manager, &seen, "李娜入职").await.status, 200);
    assert_eq!(owner_of(&s.manager, lost).await, s.rep_id.to_string());
});

testkit::both!(who_is_responsible_for_a_territory_gets_nobody_he_is_never_sent_to, |app| async move {
    let s = Scene::begin(&app).await;
    let (li, _) = second_rep(&app, &s).await;
    // The box holds the first two customers, and the first never wants to see who is responsible for it.
    let new = json!({ "name": "城东", "responsible_id": li, "polygon": square(place(0), 1100.0) });
    assert_eq!(s.manager.post("/api/v1/territories", new).await.status, 201);
    let said = crate::board::people::say(&s.manager, s.customers[0], json!({ "barred_ids": [li] })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    let drawn = divide(&s.manager, json!({ "by": "territories", "keep": 0 })).await;
    let told = drawn["barred"].as_array().unwrap();
    assert_eq!((told.len(), id(&told[0]["customer"]["id"])), (1, s.customers[0]), "{drawn}");
    assert_eq!((drawn["moves"].as_array().unwrap().len(), &drawn["left_out"]), (1, &json!(3)), "{drawn}");
    assert_eq!(take(&s.manager, &drawn, "按区域归属").await.status, 200);
    assert_eq!(owner_of(&s.manager, s.customers[0]).await, s.rep_id.to_string());
    assert_eq!(owner_of(&s.manager, s.customers[1]).await, li.to_string());
});
