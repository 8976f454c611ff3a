//! How people's days begin and end, how they get about, and what a day may hold.

use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;

use super::{Desk, MONDAY, ids, kinds, person, row};
use crate::scene::{DAY, id, minute, place, record, start};

/// What is said of a person's days.
pub(super) async fn say(admin: &Client, whose: Uuid, day: Value) -> testkit::Reply {
    let path = format!("/api/v1/employees/{whose}");
    let version = admin.get(&path).await.json["version"].as_i64().unwrap();
    admin.patch(&path, version, json!({ "day": day })).await
}

testkit::both!(everybody_travels_in_his_own_way, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, admin) = (d.s.rep_id, &d.s.company.admin);
    let rows = json!([{ "employee_id": zhang, "tasks": [t[0]] }]);
    let by_car = d.evaluate(rows.clone()).await;
    // 1 km × 1.35 at 24 km/h.
    assert_eq!(by_car[0]["seconds"], 203, "{by_car}");
    let said = say(admin, zhang, json!({ "travel": "foot" })).await;
    assert_eq!((said.status, &said.json["day"]["travel"]), (200, &json!("foot")), "{}", said.json);
    assert_eq!(person(&d.board().await, zhang)["travel"], "foot");
    let on_foot = d.evaluate(rows).await;
    assert_eq!(on_foot[0]["seconds"], 973, "at 5 km/h: {on_foot}");
    assert_eq!(on_foot[0]["meters"], by_car[0]["meters"]);
    // Whoever drives is sent, although whoever walks begins nearer.
    let both = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": d.second_id, "tasks": [] }]);
    let made = d.optimise(both, &[t[1]], "time").await;
    assert_eq!(ids(&made["rows"][1]["tasks"]), [t[1]], "{made}");
    let places = json!({ "day": DAY, "task_id": t[1],
        "rows": [{ "employee_id": zhang, "tasks": [] }, { "employee_id": d.second_id, "tasks": [] }] });
    let places = d.s.manager.post("/api/v1/planning/places", places).await.json["places"].clone();
    let seconds = |whose: Uuid| {
        let all = places.as_array().unwrap().iter();
        all.clone().find(|p| id(&p["employee_id"]) == whose).unwrap()["seconds"].as_i64().unwrap()
    };
    assert!(seconds(zhang) > 1_900 && seconds(d.second_id) < 700, "{places}");
    // His phone opens the map app in that way.
    assert_eq!(d.s.snapshot().await["travel"], "foot");
    assert_eq!(d.second.get("/api/v1/field/snapshot").await.json["travel"], "car");
    assert_eq!(d.s.rep.get("/api/v1/me").await.json["employee"]["day"]["travel"], "foot");
    // A table can be asked for in any way, and vehicles have their own.
    let points = json!([start(), crate::scene::place(0)]);
    let table = async |mode: Value| {
        let ask = json!({ "points": points, "mode": mode });
        d.s.manager.post("/api/v1/travel/table", ask).await.json["durations"][0][1].clone()
    };
    assert_eq!((table(Value::Null).await, table(json!("foot")).await), (json!(203), json!(972)));
    let ask = json!({
        "vehicles": [{ "id": 1, "profile": "foot", "start": start() }, { "id": 2, "profile": "car", "start": start() }],
        "jobs": [{ "id": 1, "location": crate::scene::place(0), "allowed_vehicles": [1] }, { "id": 2, "location": crate::scene::place(0), "allowed_vehicles": [2] }],
    });
    let solved = d.s.manager.post("/api/v1/route/solve?seconds=0.2", ask).await;
    let duration = |k: usize| solved.json["routes"][k]["duration"].clone();
    assert_eq!((duration(0), duration(1)), (json!(972), json!(203)), "{}", solved.json);
    // An unknown way is refused; what is not named any more follows the company again.
    assert_eq!(say(admin, zhang, json!({ "travel": "boat" })).await.status, 422);
    assert_eq!(say(admin, zhang, json!({})).await.json["day"]["travel"], Value::Null);
});

testkit::both!(days_end_at_home_and_hold_so_much, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, admin) = (d.s.rep_id, &d.s.company.admin);
    let usual = d.s.rep.get("/api/v1/company/day").await.json;
    assert_eq!(
        (&usual["start"], &usual["end"], &usual["office"]),
        (&json!("home"), &json!("open"), &Value::Null)
    );
    let rows = json!([{ "employee_id": zhang, "tasks": [t[0], t[1], t[4]] }]);
    let open = d.evaluate(rows.clone()).await;
    assert_eq!((&open[0]["back_s"], open[0]["meters"].as_i64().unwrap() / 100), (&Value::Null, 67));

    assert_eq!(
        say(admin, zhang, json!({ "end": "home", "most_visits": 2, "most_km": 10 })).await.status,
        200
    );
    let shown = d.board().await;
    let (of, at) = (person(&shown, zhang), json!(start()));
    assert_eq!((&of["end"], &of["most_visits"], &of["most_m"]), (&at, &json!(2), &json!(10_000)));
    let home = d.evaluate(rows).await;
    assert_eq!(home[0]["meters"].as_i64().unwrap() / 100, 135, "there and back: {home}");
    assert!(home[0]["back_s"].as_i64() > home[0]["finish_s"].as_i64());
    assert_eq!(kinds(&home[0]), [("most_visits".to_owned(), t[4]), ("most_km".to_owned(), t[4])]);
    assert_eq!(home[0]["violations"][0]["words"], json!(["3", "2"]));
    assert_eq!(home[0]["violations"][1]["words"], json!(["13.5", "10"]));

    let made = d.optimise(json!([{ "employee_id": zhang, "tasks": [] }]), &t, "distance").await;
    assert_eq!(ids(&made["rows"][0]["tasks"]).len(), 2, "{made}");
    let left = made["left_out"].as_array().unwrap();
    assert!(left.len() == 3 && left.iter().all(|l| l["reason"] == "limit"), "{}", made["left_out"]);
    assert_eq!(kinds(&d.evaluate(json!([made["rows"][0]])).await[0]), []);
    // The planner of one day holds no more either; an order that is kept is only timed.
    let mut ask = json!({ "employee_id": zhang, "day": DAY, "customer_ids": [d.s.customers[4], d.s.customers[0]],
        "window": { "from_minute": 540, "to_minute": 1020 }, "objective": "distance" });
    let route = d.s.manager.post("/api/v1/routes/preview", ask.clone()).await.json;
    assert_eq!(route["order"], json!([d.s.customers[0]]), "{route}");
    assert_eq!(
        route["unserved"],
        json!([{ "customer_id": d.s.customers[4], "reason": "limit" }]),
        "13.5 of 10 km"
    );
    ask["keep_order"] = json!(true);
    let route = d.s.manager.post("/api/v1/routes/preview", ask).await.json;
    assert!(route["back"]["meters"].as_i64().unwrap() > 1_300, "{route}");
    assert_eq!(route["meters"].as_i64().unwrap() / 100, 135);

    // The company's rule holds for everybody of whom nothing else is said.
    let office =
        json!({ "start": "office", "end": "office", "most_visits": 8, "most_km": null, "office": null });
    let bad = admin.put("/api/v1/company/day", office.clone()).await;
    assert_eq!((bad.status, &bad.json["errors"][0]["code"]), (422, &json!("org.no_office")), "{}", bad.json);
    assert_eq!(say(admin, zhang, json!({ "start": "office" })).await.json["errors"][0]["field"], "day.start");
    let mut office = office;
    office["office"] = json!([118.79, 32.04]);
    assert_eq!(d.s.manager.put("/api/v1/company/day", office.clone()).await.status, 403);
    assert_eq!(admin.put("/api/v1/company/day", office.clone()).await.status, 200);
    let shown = d.board().await;
    let (zhang_now, li_now) = (person(&shown, zhang), person(&shown, d.second_id));
    assert_eq!((&li_now["start"], &li_now["most_visits"]), (&office["office"], &json!(8)));
    assert_eq!((&zhang_now["end"], &zhang_now["most_visits"]), (&at, &json!(2)));
    for bad in [
        json!({ "most_visits": 0 }),
        json!({ "most_km": 3_000 }),
        json!({ "start": "moon" }),
        json!({ "x": 1 }),
    ] {
        assert_eq!(say(admin, zhang, bad).await.status, 422);
    }
    // What was published counts the way home too.
    let board = d.board().await;
    let draft = row(&board, zhang, &[t[0], t[1]]);
    assert_eq!(d.publish(json!([draft])).await.status, 200);
    let plan =
        d.s.rep.get(&format!("/api/v1/plans?day_from={DAY}&day_to={DAY}")).await.json["items"][0].clone();
    assert!(plan["route"]["back"]["meters"].as_i64().unwrap() > 2_600, "{}", plan["route"]);
});

testkit::both!(the_rest_of_today_begins_where_he_is, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let zhang = d.s.rep_id;
    let rows = json!([{ "employee_id": zhang, "tasks": [t[0], t[4]] }]);
    let ask = async |rows: &Value, day: &str, start: Value| {
        let ask = json!({ "day": day, "rows": rows, "pool": [], "goal": "distance", "start": start });
        d.s.manager.post("/api/v1/planning/optimise", ask).await
    };
    let usual = ask(&rows, DAY, Value::Null).await;
    assert_eq!(ids(&usual.json["rows"][0]["tasks"]), [t[0], t[4]], "{}", usual.json);
    assert_eq!((&usual.json["proven_optimal"], &usual.json["gap_permille"]), (&json!(true), &json!(0)));
    // Four kilometres out, the far one comes first: one kilometre and four back, × 1.35.
    let now = ask(&rows, DAY, json!(crate::scene::place(3))).await;
    assert_eq!(ids(&now.json["rows"][0]["tasks"]), [t[4], t[0]], "{}", now.json);
    assert_eq!(now.json["after"][0]["meters"].as_i64().unwrap() / 100, 67, "{}", now.json);
    // Only of one person, and of today.
    let two = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": d.second_id, "tasks": [] }]);
    for reply in [ask(&two, DAY, json!(start())).await, ask(&rows, MONDAY, json!(start())).await] {
        assert_eq!(
            (reply.status, &reply.json["errors"][0]["field"]),
            (422, &json!("start")),
            "{}",
            reply.json
        );
    }
    // Several people have a bound, which no plan is below.
    let both = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": d.second_id, "tasks": [] }]);
    let made = d.optimise(both, &t, "distance").await;
    assert!((0..1_000).contains(&made["gap_permille"].as_i64().unwrap()), "{made}");

    // One person can be looked at alone.
    let one = d.s.manager.get(&format!("/api/v1/live?employee_id={zhang}")).await;
    let people = one.json["people"].as_array().unwrap();
    assert_eq!((people.len(), id(&people[0]["employee"]["id"])), (1, zhang));
    assert_eq!(d.s.sibling.get(&format!("/api/v1/live?employee_id={zhang}")).await.status, 404);
});

testkit::both!(what_is_made_already_counts_among_what_the_day_holds, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, admin) = (d.s.rep_id, &d.s.company.admin);
    let plan = d.s.plan().await;
    let t: Vec<Uuid> = plan["tasks"].as_array().unwrap().iter().map(|t| id(&t["id"])).collect();
    assert_eq!(say(admin, zhang, json!({ "most_km": 3 })).await.status, 200);
    app.clock.set(minute(120));
    d.s.taken(&record(&plan["tasks"][0], place(0), 75, 110).items).await;
    // 1.35 km are driven; 1.35 more fit into three, not 2.7.
    let rows = json!([{ "employee_id": zhang, "tasks": t[1..3] }]);
    let ask = json!({ "day": DAY, "rows": rows, "pool": [], "goal": "distance", "start": place(0) });
    let made = d.s.manager.post("/api/v1/planning/optimise", ask).await.json;
    assert_eq!(ids(&made["rows"][0]["tasks"]), [t[1]], "{made}");
    assert_eq!(made["left_out"][0]["reason"], "limit", "{made}");
});

testkit::both!(nothing_is_proven_of_a_row_that_keeps_what_breaks_a_rule, |app| async move {
    let d = Desk::begin(&app).await;
    let zhang = d.s.rep_id;
    let promised = d.task(d.s.customers[0], zhang, json!({ "skills": ["冷链"] })).await;
    let other = d.task(d.s.customers[1], zhang, json!({})).await;
    let rows = json!([{ "employee_id": zhang, "tasks": [promised, other] }]);
    let free = d.optimise(rows.clone(), &[], "distance").await;
    assert_eq!(
        (ids(&free["rows"][0]["tasks"]), &free["proven_optimal"]),
        (vec![other], &json!(true)),
        "{free}"
    );
    let path = format!("/api/v1/tasks/{promised}/lock");
    assert_eq!(d.s.manager.post(&path, json!({ "locked": true })).await.status, 200);
    let kept = d.optimise(rows, &[], "distance").await;
    assert_eq!(ids(&kept["rows"][0]["tasks"]), [other, promised], "{kept}");
    assert_eq!((&kept["proven_optimal"], &kept["gap_permille"]), (&json!(false), &Value::Null), "{kept}");
});
