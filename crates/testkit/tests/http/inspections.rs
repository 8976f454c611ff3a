//! Inspection rounds: points in order, labels read, what was late, missed and failed, and the report of it.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::{
    orders::Desk,
    scene::{DAY, Scene, fix, id, item, minute, place},
};

async fn made(client: &Client, path: &str, body: Value) -> Value {
    let reply = client.post(path, body).await;
    assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.json);
    reply.json
}

/// A plan and its round of today, for other tests.
pub async fn walked(s: &Scene, _: &Desk) -> (Uuid, Uuid) {
    let terms = json!({ "name": "早巡", "active": true, "people": [], "points": [{ "customer_id": s.customers[0] }] });
    let plan = made(&s.manager, "/api/v1/inspection-plans", json!({ "terms": terms })).await;
    let start = format!("/api/v1/inspection-plans/{}/start", plan["id"].as_str().expect("id"));
    let round = made(&s.manager, &start, json!({ "employee_id": s.rep_id })).await;
    (id(&plan["id"]), id(&round["id"]))
}

fn spec(kind: &Value) -> Value {
    json!({ "title": { "zh-CN": "设备点检", "en": "Equipment check" }, "fields": [
        { "key": "noise", "type": "check", "label": { "zh-CN": "无异响", "en": "No noise" }, "required": "true",
          "follow": { "open": "work_order", "who": "owner", "kind": kind } },
    ] })
}

testkit::both!(a_round_of_twelve_points, |app: App| async move {
    let s = Scene::begin(&app).await;
    let d = crate::orders::desk(&s).await;
    app.clock.set(minute(30));
    let form = crate::forms::published(&s.company.admin, "point", spec(&d.kind["id"])).await;
    // Twelve points at two customers, five minutes each from nine: ten pieces at the first, two plain places at the other.
    let mut points = vec![];
    for k in 0..12i64 {
        let (from, to) = (540 + k * 5, 545 + k * 5);
        if k < 10 {
            let piece = made(
                &s.manager,
                "/api/v1/equipment",
                json!({ "name": format!("水泵 {}", k + 1), "customer_id": s.customers[0] }),
            )
            .await;
            points.push(json!({ "customer_id": s.customers[0], "equipment_id": piece["id"], "form_id": form["id"], "label": true, "from_minute": from, "to_minute": to }));
        } else {
            points.push(json!({ "customer_id": s.customers[1], "title": format!("门岗 {k}"), "from_minute": from, "to_minute": to }));
        }
    }
    let other =
        json!({ "customer_id": s.customers[1], "equipment_id": points[0]["equipment_id"], "label": true });
    let wrong = json!({ "terms": { "name": "早巡", "active": true, "people": [], "points": [other] } });
    let wrong = s.manager.post("/api/v1/inspection-plans", wrong).await;
    assert_eq!((wrong.status, &wrong.json["code"]), (422, &json!("order.equipment")), "{}", wrong.json);
    let people = json!([{ "employee_id": s.rep_id, "weekdays": [5] }]);
    let new = json!({ "id": Uuid::now_v7(), "terms": { "name": "早巡", "active": true, "people": people, "points": points } });
    let plan = made(&s.manager, "/api/v1/inspection-plans", new.clone()).await;
    assert_eq!(made(&s.manager, "/api/v1/inspection-plans", new).await["id"], plan["id"]);
    let list = format!("/api/v1/inspection-rounds?day_from={DAY}&day_to={DAY}");
    let rounds = s.manager.get(&list).await.json;
    assert_eq!(rounds["items"].as_array().unwrap().len(), 1, "his Friday, once: {rounds}");
    let round = rounds["items"][0].clone();
    assert_eq!((&round["planned"], &round["done"], &round["missed"]), (&json!(12), &json!(0), &json!(0)));

    // The phone has it as two tasks of its day, in order, with the words of the labels.
    let tasks: Vec<Value> = s.snapshot().await["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|t| t["title"] == "早巡")
        .cloned()
        .collect();
    assert_eq!(tasks.iter().map(|t| t["steps"].as_array().unwrap().len()).sum::<usize>(), 12);
    let task = tasks.iter().find(|t| t["customer"]["id"] == json!(s.customers[0])).unwrap();
    let last = tasks.iter().find(|t| t["customer"]["id"] == json!(s.customers[1])).unwrap();
    let steps = task["steps"].as_array().unwrap();
    assert!(
        steps[0]["point"]["code"].as_str().unwrap().len() == 20
            && steps[0]["point"]["number"].as_str().unwrap().starts_with("SB-")
    );

    let visit = Uuid::now_v7();
    let check_in = |visit: Uuid, task: &Value, k: usize, at: i64| {
        let body = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": fix(place(k), 9.0, minute(at)), "offline": true });
        item("visit.check_in", minute(at), body)
    };
    app.clock.set(minute(200));
    s.taken(&[check_in(visit, task, 0, 60)]).await;
    let answer = |k: usize, at: i64, scan: Value, result: &str| {
        let answers = json!({ "noise": { "result": result, "remark": if result == "fail" { json!("轴承响") } else { Value::Null } } });
        let mut answers = answers;
        if result == "pass" {
            answers["noise"].as_object_mut().unwrap().remove("remark");
        }
        let body = json!({ "visit_id": visit, "step_id": steps[k]["id"], "status": "done", "value": { "record_id": Uuid::now_v7(), "answers": answers }, "scan": scan });
        item("visit.step", minute(at), body)
    };
    let label = |k: usize| json!({ "code": steps[k]["point"]["code"], "typed": false });
    // Without the label, or before another one, nothing is taken; locked points stay locked.
    let missing = s.sync(&[answer(0, 61, Value::Null, "pass")]).await;
    assert_eq!(missing[0]["code"], "visit.wrong_code", "{missing:?}");
    assert_eq!(s.sync(&[answer(0, 61, label(1), "pass")]).await[0]["code"], "visit.wrong_code");
    assert_eq!(s.sync(&[answer(1, 61, label(1), "pass")]).await[0]["code"], "visit.step_locked");
    let mut items = vec![];
    for (k, step) in steps.iter().enumerate() {
        let at = 62 + k as i64 * 5;
        items.push(match k {
            // Point 5 is left out.
            4 => item("visit.step", minute(at), json!({ "visit_id": visit, "step_id": step["id"], "status": "skipped", "reason": "停机检修" })),
            // Typed instead of scanned, in small letters.
            1 => answer(k, at, json!({ "code": step["point"]["number"].as_str().unwrap().to_lowercase(), "typed": true }), "pass"),
            2 => answer(k, at, label(k), "fail"),
            // Point 7 is 20 minutes late; the rest is caught up with afterwards.
            6 => answer(k, 115, label(k), "pass"),
            k if k > 6 => answer(k, 115 + k as i64 - 6, label(k), "pass"),
            k => answer(k, at, label(k), "pass"),
        });
    }
    items.push(item(
        "visit.check_out",
        minute(125),
        json!({ "visit_id": visit, "fix": fix(place(0), 9.0, minute(125)) }),
    ));
    s.taken(&items).await;
    let half =
        s.manager.get(&format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap())).await.json;
    assert_eq!(
        (&half["done"], &half["missed"], &half["code"]),
        (&json!(9), &json!(1), &Value::Null),
        "{half}"
    );
    assert_eq!(
        (&half["points"][6]["state"], &half["points"][6]["off_minutes"]),
        (&json!("late"), &json!(20))
    );
    assert_eq!(
        (&half["points"][1]["scanned"], &half["points"][0]["scanned"]),
        (&json!("typed"), &json!("scan"))
    );
    assert_eq!(
        (&half["points"][4]["state"], &half["points"][4]["reason"]),
        (&json!("missed"), &json!("停机检修"))
    );
    // The failed item at point 3 is an order on that pump.
    let failed = &half["points"][2]["failures"][0];
    assert_eq!((&failed["label"], &failed["opened"]), (&json!("无异响"), &json!("work_order")), "{half}");
    let order =
        s.manager.get(&format!("/api/v1/orders/{}", failed["opened_id"].as_str().unwrap())).await.json;
    assert_eq!(
        (&order["order"]["equipment"]["name"], &order["order"]["source"], &order["order"]["number"]),
        (&json!("水泵 3"), &json!("check"), &failed["number"])
    );
    let listed = s.manager.get(&format!("/api/v1/checks/failures?day_from={DAY}&day_to={DAY}")).await.json;
    assert_eq!(listed["items"][0]["follow_up"]["kind"], "work_order");

    // The last two points end the round: its report is fixed and can be read by its code.
    let visit = Uuid::now_v7();
    let steps = last["steps"].as_array().unwrap();
    app.clock.set(minute(260));
    let yes = |k: usize, at: i64| {
        item(
            "visit.step",
            minute(at),
            json!({ "visit_id": visit, "step_id": steps[k]["id"], "status": "done", "value": true }),
        )
    };
    let out = item(
        "visit.check_out",
        minute(235),
        json!({ "visit_id": visit, "fix": fix(place(1), 9.0, minute(235)) }),
    );
    s.taken(&[check_in(visit, last, 1, 228), yes(0, 229), yes(1, 230), out]).await;
    let pdf = s
        .manager
        .get(&format!("/api/v1/inspection-rounds/{}/report.pdf", round["id"].as_str().unwrap()))
        .await;
    assert_eq!(pdf.status, 200);
    assert!(pdf.bytes.starts_with(b"%PDF"));
    let done =
        s.manager.get(&format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap())).await.json;
    assert_eq!(
        (&done["planned"], &done["done"], &done["missed"], &done["failed"]),
        (&json!(12), &json!(11), &json!(1), &json!(1)),
        "{done}"
    );
    assert_eq!(done["pdf_sha256"], json!(crate::scene::sha256(&pdf.bytes)));
    assert_eq!(done["code"].as_str().unwrap().len(), 19);
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(
            other.get(&format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap())).await.status,
            404
        );
        assert_eq!(other.get(&list).await.json["items"], json!([]));
    }

    // Erased, his name and words are in no report: the document is made anew of what is left.
    let person = format!("/api/v1/employees/{}", s.rep_id);
    assert_eq!(s.company.admin.post(&format!("{person}/leave"), json!({})).await.status, 204);
    let gone =
        s.company.admin.post(&format!("{person}/erase"), json!({ "name": "张伟", "photos": false })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    let path = format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap());
    let again = s.manager.get(&format!("{path}/report.pdf")).await;
    assert_eq!(again.status, 200);
    assert!(again.bytes.starts_with(b"%PDF") && again.bytes != pdf.bytes);
    let after = s.manager.get(&path).await.json;
    assert_eq!(
        (&after["code"], &after["pdf_sha256"]),
        (&done["code"], &json!(crate::scene::sha256(&again.bytes)))
    );
});

async fn put(client: &Client, path: &str, version: i64, body: Value) -> testkit::Reply {
    let request = client.request(reqwest::Method::PUT, path).header("if-match", format!("\"{version}\""));
    client.send(request.json(&body)).await
}

testkit::both!(a_point_that_cannot_be_made_stops_no_other, |app: App| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(30));
    let pump =
        made(&s.manager, "/api/v1/equipment", json!({ "name": "水泵", "customer_id": s.customers[0] })).await;
    let mut terms = json!({ "name": "早巡", "active": true, "people": [], "points": [
        { "customer_id": s.customers[0], "equipment_id": pump["id"], "label": true },
        { "customer_id": s.customers[1] },
        { "customer_id": s.customers[2] },
    ] });
    let plan = made(&s.manager, "/api/v1/inspection-plans", json!({ "terms": terms })).await;
    let path = format!("/api/v1/inspection-plans/{}", plan["id"].as_str().unwrap());
    let customer = format!("/api/v1/customers/{}", s.customers[1]);
    let version = s.company.admin.get(&customer).await.json["version"].as_i64().unwrap();
    let archived = s.company.admin.patch(&customer, version, json!({ "status": "archived" })).await;
    assert_eq!(archived.status, 200, "{}", archived.json);
    let tasks = async || {
        let all = s.snapshot().await["tasks"].as_array().unwrap().clone();
        all.into_iter().filter(|t| t["title"] == "早巡").collect::<Vec<Value>>()
    };

    // By hand: told which point, before anything is made.
    let start = s.manager.post(&format!("{path}/start"), json!({ "employee_id": s.rep_id })).await;
    assert_eq!((start.status, start.code()), (422, "inspection.cannot"), "{}", start.json);
    let detail = start.json["detail"].as_str().unwrap();
    assert!(detail.contains("客户 2") && detail.contains("归档"), "{detail}");
    assert!(tasks().await.is_empty(), "nothing half made");

    // By the plan: the others are made, the point keeps its reason, and the planner is told once.
    terms["people"] = json!([{ "employee_id": s.rep_id, "weekdays": [5, 6] }]);
    assert_eq!(put(&s.manager, &path, 1, terms.clone()).await.status, 200);
    let rounds = async |day: &str| {
        s.manager.get(&format!("/api/v1/inspection-rounds?day_from={day}&day_to={day}")).await.json
    };
    let round = rounds(DAY).await["items"][0].clone();
    assert_eq!((&round["planned"], &round["missed"]), (&json!(3), &json!(1)), "{round}");
    assert_eq!(
        (&round["points"][1]["cannot"], &round["points"][1]["state"]),
        (&json!(true), &json!("missed"))
    );
    assert!(round["points"][1]["reason"].as_str().unwrap().contains("归档"));
    let given = tasks().await;
    assert_eq!(given.len(), 2, "{given:?}");
    // The number that can be typed for the label does not stand on the step.
    let step =
        given.iter().find(|t| t["customer"]["id"] == json!(s.customers[0])).unwrap()["steps"][0].clone();
    assert_eq!(step["title"], "水泵");
    assert_eq!(round["points"][0]["title"], format!("水泵 {}", pump["code"].as_str().unwrap()));

    // Changed meanwhile, nothing conflicts and nothing comes twice.
    terms["name"] = json!("晨巡");
    assert_eq!(put(&s.manager, &path, 2, terms).await.status, 200);
    assert_eq!((rounds(DAY).await["items"].as_array().unwrap().len(), tasks().await.len()), (1, 2));
    let told = s.manager.get("/api/v1/notices").await.json;
    let told = told["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "inspection.cannot").count();
    assert_eq!(told, 1);
});

testkit::both!(a_point_the_board_moved_is_whose_it_is_now, |app: App| async move {
    let s = Scene::begin(&app).await;
    let (li, second) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    app.clock.set(minute(30));
    let terms = json!({ "name": "早巡", "active": true, "people": [], "points": [
        { "customer_id": s.customers[0] }, { "customer_id": s.customers[1], "from_minute": 540, "to_minute": 600 },
    ] });
    let plan = made(&s.manager, "/api/v1/inspection-plans", json!({ "terms": terms })).await;
    let start = format!("/api/v1/inspection-plans/{}/start", plan["id"].as_str().unwrap());
    let round = made(&s.manager, &start, json!({ "employee_id": s.rep_id })).await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    let of = |k: usize| tasks.iter().find(|t| t["customer"]["id"] == json!(s.customers[k])).unwrap().clone();
    // The first goes to 李娜, the second to Monday.
    let row = json!({ "employee_id": li, "plan_id": null, "version": null, "tasks": [of(0)["id"]], "objective": "distance", "keep_order": true });
    let moved = json!([{ "task_id": of(1)["id"], "day": "2026-11-23" }]);
    let ask = json!({ "day": DAY, "rows": [row], "moved": moved });
    let done = s.manager.post("/api/v1/planning/publish", ask).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let visit = Uuid::now_v7();
    let task = of(0);
    let step = &task["steps"][0]["id"];
    let items = [
        item(
            "visit.check_in",
            minute(60),
            json!({ "visit_id": visit, "task_id": task["id"], "customer_id": s.customers[0], "fix": fix(place(0), 9.0, minute(60)), "offline": true }),
        ),
        item(
            "visit.step",
            minute(62),
            json!({ "visit_id": visit, "step_id": step, "status": "done", "value": true }),
        ),
        item(
            "visit.check_out",
            minute(70),
            json!({ "visit_id": visit, "fix": fix(place(0), 9.0, minute(70)) }),
        ),
    ];
    app.clock.set(minute(100));
    let sent = second.post("/api/v1/field/sync", json!({ "device_id": "phone-2", "items": items })).await;
    assert_eq!(sent.json["receipts"][2]["status"], "accepted", "{}", sent.json);
    // The day after: not missed, it is Monday's.
    app.clock.set(minute(100 + 1440));
    let path = format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap());
    let now = s.manager.get(&path).await.json;
    assert_eq!((&now["done"], &now["missed"]), (&json!(1), &json!(0)), "{now}");
    assert_eq!(
        (&now["points"][0]["by"]["name"], &now["points"][0]["moved_to"]),
        (&json!("李娜"), &Value::Null)
    );
    assert_eq!(
        (&now["points"][1]["state"], &now["points"][1]["moved_to"], &now["points"][1]["due_from"]),
        (&json!("open"), &json!("2026-11-23"), &json!("2026-11-23T01:00:00Z"))
    );
});

testkit::both!(the_round_of_somebody_who_left_goes_to_another_of_the_plan, |app: App| async move {
    let s = Scene::begin(&app).await;
    let (li, _) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    app.clock.set(minute(30));
    let (gone, _) = app.person(&s.company, "赵敏", "zhaomin", "rep", s.region).await;
    let left = s.company.admin.post(&format!("/api/v1/employees/{gone}/leave"), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    let person = |id: Uuid, days: Value| json!({ "employee_id": id, "weekdays": days });
    let mut terms = json!({ "name": "晚巡", "active": true, "people": [], "points": [{ "customer_id": s.customers[0] }] });
    let plan = made(&s.manager, "/api/v1/inspection-plans", json!({ "terms": terms })).await;
    let path = format!("/api/v1/inspection-plans/{}", plan["id"].as_str().unwrap());
    // Friday is the turn of whoever left; 李娜 walks on Mondays.
    terms["people"] = json!([person(gone, json!([5])), person(li, json!([1]))]);
    let changed = put(&s.manager, &path, 1, terms.clone()).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let rounds = async || {
        let path = format!("/api/v1/inspection-rounds?day_from={DAY}&day_to={DAY}");
        s.manager.get(&path).await.json["items"].as_array().unwrap().clone()
    };
    let walked = rounds().await;
    assert_eq!((walked.len(), &walked[0]["employee"]["id"]), (1, &json!(li)), "{walked:?}");
    let told = async |kind: &str| {
        let notices = s.manager.get("/api/v1/notices").await.json;
        notices["items"].as_array().unwrap().iter().filter(|n| n["kind"] == kind).count()
    };
    assert_eq!((told("inspection.left").await, told("inspection.nobody").await), (1, 0));
    terms["name"] = json!("夜巡");
    assert_eq!(put(&s.manager, &path, 2, terms.clone()).await.status, 200);
    assert_eq!((rounds().await.len(), told("inspection.left").await), (1, 1), "once");
});

testkit::both!(a_round_goes_past_midnight, |app: App| async move {
    let s = Scene::begin(&app).await;
    let point = |title: &str, from: i64, to: i64| json!({ "customer_id": s.customers[0], "title": title, "from_minute": from, "to_minute": to });
    // Eleven at night, over midnight, half past twelve.
    let points = json!([point("东门", 1380, 1410), point("配电室", 1430, 1450), point("西门", 1470, 1500)]);
    let terms = json!({ "name": "夜巡", "active": true, "people": [], "points": points });
    let plan = made(&s.manager, "/api/v1/inspection-plans", json!({ "terms": terms })).await;
    let start = format!("/api/v1/inspection-plans/{}/start", plan["id"].as_str().unwrap());
    let round = made(&s.manager, &start, json!({ "employee_id": s.rep_id })).await;
    let path = format!("/api/v1/inspection-rounds/{}", round["id"].as_str().unwrap());
    // What is after midnight is the next day's task, with the hours of that day.
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    let told: Vec<(&str, i64, i64, usize)> = tasks
        .iter()
        .map(|t| {
            let w = &t["window"];
            (
                t["day"].as_str().unwrap(),
                w["from_minute"].as_i64().unwrap(),
                w["to_minute"].as_i64().unwrap(),
                t["steps"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(told, [(DAY, 1380, 1440, 2), ("2026-11-21", 30, 60, 1)]);
    let due =
        |p: &Value| (p["due_from"].as_str().unwrap().to_owned(), p["due_to"].as_str().unwrap().to_owned());
    let shown = s.manager.get(&path).await.json;
    assert_eq!(
        due(&shown["points"][1]),
        ("2026-11-20T15:50:00Z".into(), "2026-11-20T16:10:00Z".into()),
        "{shown}"
    );
    assert_eq!(due(&shown["points"][2]), ("2026-11-20T16:30:00Z".into(), "2026-11-20T17:00:00Z".into()));
    assert_eq!(shown["points"][2]["moved_to"], Value::Null);

    // Walked: the first two before and after midnight at one visit, the third in time, on the new day.
    let walk = async |task: &Value, at: i64, done: &[(usize, i64)], out: i64| {
        let visit = Uuid::now_v7();
        app.clock.set(minute(out + 1));
        let here = |m: i64| fix(place(0), 9.0, minute(m));
        let mut items = vec![item(
            "visit.check_in",
            minute(at),
            json!({ "visit_id": visit, "task_id": task["id"], "customer_id": s.customers[0], "fix": here(at), "offline": true }),
        )];
        for (k, m) in done {
            items.push(item("visit.step", minute(*m), json!({ "visit_id": visit, "step_id": task["steps"][*k]["id"], "status": "done", "value": true })));
        }
        items.push(item("visit.check_out", minute(out), json!({ "visit_id": visit, "fix": here(out) })));
        s.taken(&items).await;
    };
    // Minutes after eight in the morning: 905 is 23:05, 965 is five past midnight.
    walk(&tasks[0], 902, &[(0, 905), (1, 965)], 970).await;
    walk(&tasks[1], 985, &[(0, 1005)], 1010).await;
    let done = s.manager.get(&path).await.json;
    let states: Vec<&str> =
        done["points"].as_array().unwrap().iter().map(|p| p["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["in_time", "in_time", "in_time"], "{done}");
    assert_eq!((&done["done"], &done["missed"], &done["late"]), (&json!(3), &json!(0), &json!(0)));

    // Too far, and backwards.
    for (from, to) in [(2880, 2880), (1500, 1490), (0, 2881)] {
        let bad = json!({ "name": "x", "active": true, "people": [], "points": [point("x", from, to)] });
        assert_eq!(
            s.manager.post("/api/v1/inspection-plans", json!({ "terms": bad })).await.status,
            422,
            "{from} {to}"
        );
    }
});
