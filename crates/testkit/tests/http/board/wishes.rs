//! The board beyond the tasks of a day: skills, what a rule or a request asks for, several days, promises at a cancelling.

use super::*;

testkit::both!(what_a_task_asks_for_is_said_until_it_is_made, |app| async move {
    let d = Desk::begin(&app).await;
    let zhang = d.s.rep_id;
    let task = d.task(d.s.customers[0], zhang, json!({ "skills": ["冷链"] })).await;
    let path = format!("/api/v1/tasks/{task}");
    assert_eq!(d.s.manager.get(&path).await.json["skills"], json!(["冷链"]));
    let need = |skills: Value| {
        let (client, path) = (&d.s.manager, format!("{path}/skills"));
        async move { client.put(&path, json!({ "skills": skills })).await }
    };
    let said = need(json!(["电工", " 叉车", "电工"])).await;
    assert_eq!((said.status, said.json["skills"].clone()), (200, json!(["叉车", "电工"])), "{}", said.json);
    let version = said.json["version"].clone();
    assert_eq!(
        need(json!(["叉车", "电工"])).await.json["version"],
        version,
        "the same again changes nothing"
    );
    assert_eq!(need(json!([""])).await.status, 422);
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": [task] }])).await;
    assert_eq!(rows[0]["violations"][0]["words"], json!(["叉车", "电工"]), "{}", rows[0]);
    let rep = d.s.rep.put(&format!("{path}/skills"), json!({ "skills": [] })).await;
    assert_eq!(rep.code(), "auth.forbidden");
    let cancelled = d.s.manager.post(&format!("{path}/cancel"), json!({ "reason": "改期" })).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.json);
    assert_eq!(need(json!([])).await.code(), "task.not_open");
});

/// A rule of the company: once a week from Monday to Friday, with the scene's template.
async fn once_a_week(d: &Desk) {
    let terms = json!({ "grades": ["A"], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30 });
    let rule = json!({ "name": "A 类每周", "terms": terms, "template_id": d.s.template["id"] });
    let made = d.s.company.admin.post("/api/v1/frequency/rules", rule).await;
    assert_eq!(made.status, 201, "{}", made.json);
}

fn places(board: &Value, place: &str) -> Vec<Uuid> {
    let all = board["tasks"].as_array().unwrap().iter().filter(|t| t["place"] == place);
    all.map(|t| id(&t["id"])).collect()
}

async fn publish_on(client: &Client, day: &str, rows: Value) -> testkit::Reply {
    client.post("/api/v1/planning/publish", json!({ "day": day, "rows": rows, "moved": [] })).await
}

testkit::both!(what_a_rule_asks_for_waits_in_the_pool_and_is_planned_once, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li, c) = (d.s.rep_id, d.second_id, d.s.customers.clone());
    assert!(places(&board(&d.s.manager, MONDAY).await, "due").is_empty(), "no rule, nothing due");
    once_a_week(&d).await;
    let b = board(&d.s.manager, MONDAY).await;
    let due = places(&b, "due");
    assert_eq!(due.len(), 5, "{due:?}");
    assert!(c.iter().all(|customer| due.contains(customer)), "a due visit bears its customer's id");
    let one = task_of(&b, c[0]).unwrap();
    assert_eq!(
        (&one["due"]["rule"], &one["due"]["wanted"], &one["due"]["standing"]),
        (&json!("A 类每周"), &json!(1), &json!(0))
    );
    assert_eq!((&one["due"]["until"], &one["employee"]["name"]), (&json!("2026-11-27"), &json!("张伟")));
    let own = d.s.manager.get(&format!("/api/v1/planning/board?day={MONDAY}&own=true")).await.json;
    assert_eq!(own["tasks"], json!([]), "only what is of the day itself");
    let theirs = board(&d.s.sibling, MONDAY).await;
    assert!(places(&theirs, "due").is_empty(), "another region's customers are not seen");
    let stolen = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [c[0]] }] });
    assert_eq!(d.s.sibling.post("/api/v1/planning/evaluate", stolen).await.status, 404);

    // On a row it is worked out like any task, with what it breaks.
    let ask = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [c[1], c[0], c[1]] }] });
    assert_eq!(d.s.manager.post("/api/v1/planning/evaluate", ask).await.status, 422, "not twice");
    let ask = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [c[0], c[1]] }] });
    let rows = d.s.manager.post("/api/v1/planning/evaluate", ask).await.json["rows"].clone();
    assert_eq!(
        (&rows[0]["violations"], rows[0]["stops"].as_array().unwrap().len()),
        (&json!([]), 2),
        "{rows}"
    );
    let ask = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [c[0]] }, { "employee_id": li, "tasks": [] }], "task_id": c[1] });
    let found = d.s.manager.post("/api/v1/planning/places", ask).await.json;
    assert_eq!(found["places"].as_array().unwrap().len(), 2, "{found}");
    let ask = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [c[0]] }], "pool": [c[1]], "goal": "distance" });
    let better = d.s.manager.post("/api/v1/planning/optimise", ask).await.json;
    assert_eq!(ids(&better["rows"][0]["tasks"]).len(), 2, "{better}");

    // Two desks plan the same one for two people: the first stands, the second changes nothing.
    let first = publish_on(&d.s.manager, MONDAY, json!([row(&b, zhang, &[c[0], c[1]])])).await;
    assert_eq!(first.status, 200, "{}", first.json);
    let second = publish_on(&d.s.manager, MONDAY, json!([row(&b, li, &[c[2], c[1]])])).await;
    assert_eq!((second.status, second.code()), (409, "board.gone"), "{}", second.json);
    assert!(second.json["detail"].as_str().unwrap().contains("客户 2"), "{}", second.json);
    let now = board(&d.s.manager, MONDAY).await;
    let planned = row_of(&now, zhang);
    assert_eq!((planned.len(), row_of(&now, li).len(), places(&now, "due").len()), (2, 0, 3));
    let task = d.s.manager.get(&format!("/api/v1/tasks/{}", planned[0])).await.json;
    assert_eq!((&task["title"], &task["steps"]), (&d.s.template["name"], &d.s.template["steps"]));
    assert_eq!((&task["customer"]["id"], task["plan_id"].is_string()), (&json!(c[0]), true));
    assert!(places(&board(&d.s.manager, "2026-11-25").await, "due").len() == 3, "the week has its visit");

    // At the same moment: one task, not two.
    let rows = |whose: Uuid| {
        json!([row(
            &now,
            whose,
            &if whose == zhang { vec![planned[0], planned[1], c[3]] } else { vec![c[3]] }
        )])
    };
    let (a, b) = futures::join!(
        publish_on(&d.s.manager, MONDAY, rows(zhang)),
        publish_on(&d.s.company.admin, MONDAY, rows(li))
    );
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "{} {}", a.json, b.json);
    let all =
        d.s.manager
            .get(&format!("/api/v1/tasks?day_from={MONDAY}&day_to={MONDAY}&customer_id={}", c[3]))
            .await;
    assert_eq!(all.json["items"].as_array().unwrap().len(), 1, "{}", all.json);

    // Called off it is not due on that day again, but on the next that the rule allows.
    let path = format!("/api/v1/tasks/{}/cancel", planned[1]);
    assert_eq!(d.s.manager.post(&path, json!({ "reason": "改期" })).await.status, 200);
    assert!(!places(&board(&d.s.manager, MONDAY).await, "due").contains(&c[1]));
    assert!(places(&board(&d.s.manager, "2026-11-25").await, "due").contains(&c[1]));
});

testkit::both!(who_may_go_and_what_he_must_can_is_the_rules, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li, admin) = (d.s.rep_id, d.second_id, &d.s.company.admin);
    let terms = json!({ "grades": ["A"], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30,
        "anybody_of": d.s.region, "skills": ["冷链"] });
    let rule = json!({ "name": "A 类每周", "terms": terms });
    let made = admin.post("/api/v1/frequency/rules", rule).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let new = json!({ "name": "公海客户", "grade": "A", "at": place(3), "department_id": d.s.region });
    let free = admin.post("/api/v1/customers", new).await;
    assert_eq!((free.status, &free.json["owner"]), (201, &Value::Null), "{}", free.json);
    let (free, owned) = (id(&free.json["id"]), d.s.customers[3]);

    // Nobody has the skill: what is nobody's is not offered, what is somebody's is, with what it asks for.
    let b = board(&d.s.manager, MONDAY).await;
    assert!(!places(&b, "due").contains(&free));
    assert_eq!(task_of(&b, owned).unwrap()["skills"], json!(["冷链"]));
    let skills = json!({ "skills": ["冷链"] });
    assert_eq!(admin.put(&format!("/api/v1/dispatch/skills/{li}"), skills).await.status, 200);
    let b = board(&d.s.manager, MONDAY).await;
    let shown = task_of(&b, free).expect("anybody's, so it waits");
    assert_eq!((&shown["skills"], id(&shown["employee"]["id"])), (&json!(["冷链"]), li), "{shown}");
    let ask = json!({ "day": MONDAY, "rows": [{ "employee_id": zhang, "tasks": [free, owned] }] });
    let rows = d.s.manager.post("/api/v1/planning/evaluate", ask).await.json["rows"].clone();
    assert_eq!(kinds(&rows[0]), [("skill".to_owned(), free), ("skill".to_owned(), owned)], "{rows}");

    // Not even "owners only" binds them: the rule leaves it to the department.
    let ask = json!({ "day": MONDAY, "goal": "distance", "owners": "only", "pool": [free, owned],
        "rows": [{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [] }] });
    let made = d.s.manager.post("/api/v1/planning/optimise", ask).await.json;
    assert_eq!(
        (ids(&made["rows"][0]["tasks"]).len(), ids(&made["rows"][1]["tasks"]).len()),
        (0, 2),
        "{made}"
    );
    let done = publish_on(&d.s.manager, MONDAY, json!([row(&b, li, &[free, owned])])).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let now = board(&d.s.manager, MONDAY).await;
    for task in row_of(&now, li) {
        assert_eq!(task_of(&now, task).unwrap()["skills"], json!(["冷链"]));
    }
    assert_eq!(row_of(&now, li).len(), 2);
});

testkit::both!(an_urgent_request_is_planned_on_the_board, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, c) = (d.s.rep_id, d.s.customers.clone());
    let ask = json!({ "customer_id": c[2], "title": "冰柜不制冷", "priority": 3, "skills": ["冷链"], "service_minutes": 50, "latest_at": minute(180) });
    let taken = d.s.manager.post("/api/v1/dispatch/requests", ask.clone()).await;
    assert_eq!(taken.status, 201, "{}", taken.json);
    let request = id(&taken.json["id"]);
    let b = d.board().await;
    let shown = task_of(&b, request).expect("in the pool");
    assert_eq!(
        (&shown["place"], &shown["urgent"]["priority"], &shown["service_s"]),
        (&json!("urgent"), &json!(3), &json!(3000))
    );
    assert_eq!(shown["window"]["to_minute"], 11 * 60, "until eleven");
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": [request] }])).await;
    assert_eq!(kinds(&rows[0]), [("skill".to_owned(), request)], "{rows}");
    let moved = json!({ "day": DAY, "rows": [], "moved": [{ "task_id": request, "day": MONDAY }] });
    assert_eq!(d.s.manager.post("/api/v1/planning/publish", moved).await.status, 422, "it is no task yet");

    let done = d.publish(json!([row(&b, zhang, &[request])])).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let now = d.board().await;
    assert!(task_of(&now, request).is_none());
    let planned = row_of(&now, zhang);
    let task = task_of(&now, planned[0]).unwrap();
    assert_eq!(
        (&task["skills"], &task["service_s"], &task["customer"]["id"]),
        (&json!(["冷链"]), &json!(3000), &json!(c[2]))
    );
    let one = d.s.manager.get(&format!("/api/v1/dispatch/requests/{request}")).await.json["request"].clone();
    assert_eq!(
        (&one["status"], &one["task"]["id"], &one["task"]["employee"]["id"]),
        (&json!("accepted"), &json!(planned[0]), &json!(zhang))
    );
    let again = d.publish(json!([row(&now, d.second_id, &[request])])).await;
    assert_eq!((again.status, again.code()), (409, "board.gone"), "{}", again.json);
    let trail = d.s.company.admin.get("/api/v1/audit?limit=200").await.json;
    assert_eq!(trail["items"].as_array().unwrap().iter().filter(|l| l["action"] == "urgent.plan").count(), 1);

    // It lives with its visit: cancelled, the request waits again and can be planned again.
    let path = format!("/api/v1/tasks/{}/cancel", planned[0]);
    assert_eq!(d.s.manager.post(&path, json!({ "reason": "客户不在" })).await.status, 200);
    let mut b = d.board().await;
    for _ in 0..150 {
        // Requests are moved on once a second.
        if task_of(&b, request).is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        b = d.board().await;
    }
    assert!(task_of(&b, request).is_some(), "{}", b["tasks"]);
    let done = d.publish(json!([row(&b, zhang, &[request])])).await;
    assert_eq!(done.status, 200, "{}", done.json);
});

testkit::both!(several_days_are_published_together_or_not_at_all, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let b = d.board().await;
    assert_eq!(d.publish(json!([row(&b, zhang, &[t[0], t[1], t[2]])])).await.status, 200);
    let (friday, monday) = (d.board().await, board(&d.s.manager, MONDAY).await);
    let days = |days: Value| {
        let client = &d.s.manager;
        async move { client.post("/api/v1/planning/publish-days", json!({ "days": days })).await }
    };
    let on = |day: &str, rows: Value| json!({ "day": day, "rows": rows, "moved": [] });
    for bad in [
        json!([]),
        json!([on(DAY, json!([row(&friday, zhang, &[t[0]])])), on(DAY, json!([row(&friday, li, &[t[1]])]))]),
        json!([
            on(DAY, json!([row(&friday, zhang, &[t[0]])])),
            on(MONDAY, json!([row(&monday, li, &[t[0]])]))
        ]),
        json!([on("2026-11-19", json!([row(&friday, zhang, &[t[0]])]))]),
    ] {
        assert_eq!(days(bad.clone()).await.status, 422, "{bad}");
    }
    // One visit to another day and person, one stays, one waits again.
    let both = json!([
        on(DAY, json!([row(&friday, zhang, &[t[1]])])),
        on(MONDAY, json!([row(&monday, li, &[t[0]])])),
    ]);
    let done = days(both.clone()).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let (now, then) = (d.board().await, board(&d.s.manager, MONDAY).await);
    assert_eq!((row_of(&now, zhang), row_of(&then, li)), (vec![t[1]], vec![t[0]]));
    assert!(places(&now, "waiting").contains(&t[2]), "left out, it waits on its day");
    let task = d.s.manager.get(&format!("/api/v1/tasks/{}", t[0])).await.json;
    assert_eq!((&task["day"], &task["employee"]["id"]), (&json!(MONDAY), &json!(li)));
    let again = days(both).await;
    assert_eq!((again.status, again.code()), (409, "board.stale"), "{}", again.json);
    // A lock holds over days too.
    let lock = d.s.manager.post(&format!("/api/v1/tasks/{}/lock", t[1]), json!({ "locked": true })).await;
    assert_eq!(lock.status, 200);
    let (now, then) = (d.board().await, board(&d.s.manager, MONDAY).await);
    let moved =
        json!([on(DAY, json!([row(&now, zhang, &[])])), on(MONDAY, json!([row(&then, li, &[t[0], t[1]])]))]);
    let refused = days(moved).await;
    assert_eq!((refused.status, refused.code()), (409, "board.locked"), "{}", refused.json);
    assert_eq!(row_of(&board(&d.s.manager, MONDAY).await, li), [t[0]], "nothing of it is stored");
});

testkit::both!(a_cancelled_plan_says_what_was_promised, |app| async move {
    let d = Desk::begin(&app).await;
    let plan = d.s.plan().await;
    let (path, first) =
        (format!("/api/v1/plans/{}/cancel", plan["id"].as_str().unwrap()), id(&plan["tasks"][0]["id"]));
    let lock = d.s.manager.post(&format!("/api/v1/tasks/{first}/lock"), json!({ "locked": true })).await;
    assert_eq!(lock.status, 200, "{}", lock.json);
    let asked = d.s.manager.post(&path, json!({ "reason": "台风" })).await;
    assert_eq!((asked.status, asked.code()), (409, "plan.locked_visits"), "{}", asked.json);
    let name = plan["tasks"][0]["customer"]["name"].as_str().unwrap();
    assert!(asked.json["detail"].as_str().unwrap().contains(name), "{}", asked.json);
    assert_eq!(d.s.manager.post(&path, json!({ "reason": "台风", "locked": "perhaps" })).await.status, 422);
    let done = d.s.manager.post(&path, json!({ "reason": "台风", "locked": "keep" })).await;
    assert_eq!((done.status, &done.json["status"]), (200, &json!("cancelled")), "{}", done.json);
    let task = d.s.manager.get(&format!("/api/v1/tasks/{first}")).await.json;
    assert_eq!(
        (&task["status"], &task["locked"], &task["plan_id"]),
        (&json!("new"), &json!(true), &Value::Null)
    );
    let b = d.board().await;
    let kept = task_of(&b, first).unwrap();
    assert_eq!((&kept["place"], kept["promised_s"].is_i64()), (&json!("waiting"), true), "{kept}");
    // The others are called off; planned again, the promise is kept.
    let again = d.publish(json!([row(&b, d.s.rep_id, &[first])])).await;
    assert_eq!(again.status, 200, "{}", again.json);
    let now = d.board().await;
    let second = person(&now, d.s.rep_id)["plan"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/plans/{second}/cancel");
    let done = d.s.manager.post(&path, json!({ "reason": "台风", "locked": "cancel" })).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let task = d.s.manager.get(&format!("/api/v1/tasks/{first}")).await.json;
    assert_eq!(task["status"], "cancelled");
});
