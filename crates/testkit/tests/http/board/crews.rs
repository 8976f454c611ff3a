//! One piece of work for several people: given at once, done by each on his own, kept together on the board.

use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;

use super::{Desk, MONDAY, ids, kinds, person, row, row_of, task_of};
use crate::scene::{DAY, id, item, minute, place, receipts};

async fn tasks_of(client: &Client) -> Vec<Value> {
    let snapshot = client.get("/api/v1/field/snapshot").await;
    assert_eq!(snapshot.status, 200, "{}", snapshot.json);
    snapshot.json["tasks"].as_array().unwrap().clone()
}

impl Desk {
    /// One task of two people; each one's.
    async fn pair(&self, customer: Uuid) -> (Uuid, Uuid) {
        let first = self.task(customer, self.s.rep_id, json!({ "with": [self.second_id] })).await;
        let made = self.s.manager.get(&format!("/api/v1/tasks/{first}")).await.json;
        (first, id(&made["crew"][0]["task_id"]))
    }

    async fn help(&self, task: Uuid, who: Uuid) -> testkit::Reply {
        let path = format!("/api/v1/tasks/{task}/helpers");
        self.s.manager.post(&path, json!({ "id": Uuid::now_v7(), "employee_id": who })).await
    }
}

testkit::both!(work_for_two_is_given_to_both_or_to_nobody, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li, shop) = (d.s.rep_id, d.second_id, d.s.customers[0]);
    let new = |with: Value| {
        json!({ "id": Uuid::now_v7(), "employee_id": zhang, "customer_id": shop, "day": DAY, "with": with,
            "window": { "from_minute": 540, "to_minute": 1080 }, "template_id": d.s.template["id"], "note": "搬货架" })
    };
    for (with, field) in [(json!([zhang]), "with[0]"), (json!([li, li]), "with[1]")] {
        let refused = d.s.manager.post("/api/v1/tasks", new(with)).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (422, &json!(field)));
    }
    let stranger = d.s.manager.post("/api/v1/tasks", new(json!([Uuid::now_v7()]))).await;
    assert_eq!(stranger.status, 404, "{}", stranger.json);
    assert!(tasks_of(&d.s.rep).await.is_empty(), "nobody got anything");

    let body = new(json!([li]));
    let made = d.s.manager.post("/api/v1/tasks", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let again = d.s.manager.post("/api/v1/tasks", body.clone()).await;
    assert_eq!((again.status, &again.json["id"]), (201, &made.json["id"]), "the same again is the same");
    let mut other = body;
    other["with"] = json!([]);
    assert_eq!(d.s.manager.post("/api/v1/tasks", other).await.status, 409);

    // Both phones have it, with the same steps, and say who comes along.
    let (own, hers) = (tasks_of(&d.s.rep).await, tasks_of(&d.second).await);
    assert_eq!((own.len(), hers.len()), (1, 1));
    assert_eq!(
        (&own[0]["crew"][0]["employee"]["name"], &hers[0]["crew"][0]["employee"]["name"]),
        (&json!("李娜"), &json!("张伟"))
    );
    assert_eq!((&own[0]["steps"], &own[0]["note"]), (&hers[0]["steps"], &hers[0]["note"]));
    let notices = d.second.get("/api/v1/notices").await.json;
    assert_eq!(notices["items"][0]["kind"], "task.together", "{notices}");
    assert!(
        notices["items"][0]["body"].as_str().unwrap_or_default().contains("张伟")
            || notices["items"][0]["text"].as_str().unwrap_or_default().contains("张伟"),
        "{notices}"
    );

    // Each checks in on his own.
    app.clock.set(minute(70));
    let visit = Uuid::now_v7();
    let fix = crate::scene::fix(place(0), 8.0, minute(69));
    let check_in = item(
        "visit.check_in",
        minute(69),
        json!({ "visit_id": visit, "customer_id": shop, "task_id": hers[0]["id"], "fix": fix, "offline": false }),
    );
    let sent =
        d.second.post("/api/v1/field/sync", json!({ "device_id": "phone-2", "items": [check_in] })).await;
    assert_eq!(receipts(sent)[0]["status"], "accepted");
    let own = tasks_of(&d.s.rep).await;
    assert_eq!(
        (&own[0]["status"], &own[0]["crew"][0]["status"]),
        (&json!("new"), &json!("on_site")),
        "{own:?}"
    );

    // Whose part is called off does not come along any more.
    let path = format!("/api/v1/tasks/{}/cancel", own[0]["id"].as_str().unwrap());
    assert_eq!(d.s.manager.post(&path, json!({ "reason": "一个人够了" })).await.status, 200);
    assert_eq!(tasks_of(&d.second).await[0]["crew"], json!([]));
});

testkit::both!(somebody_more_is_sent_to_help, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let task = d.task(d.s.customers[0], zhang, json!({ "skills": ["冷链"], "note": "带扳手" })).await;
    let body = json!({ "id": Uuid::now_v7(), "employee_id": li });
    let path = format!("/api/v1/tasks/{task}/helpers");
    let helped = d.s.manager.post(&path, body.clone()).await;
    assert_eq!(helped.status, 201, "{}", helped.json);
    assert_eq!(
        (
            &helped.json["employee"]["name"],
            &helped.json["crew"][0]["employee"]["name"],
            &helped.json["note"],
            &helped.json["skills"]
        ),
        (&json!("李娜"), &json!("张伟"), &json!("带扳手"), &json!(["冷链"]))
    );
    let again = d.s.manager.post(&path, body).await;
    assert_eq!((again.status, &again.json["id"]), (201, &helped.json["id"]), "{}", again.json);
    for who in [zhang, li] {
        let twice = d.help(task, who).await;
        assert_eq!((twice.status, twice.code()), (409, "task.crew_has"), "{}", twice.json);
    }
    assert_eq!(d.help(task, Uuid::now_v7()).await.status, 404);
    let rep = d.s.rep.post(&path, json!({ "employee_id": li })).await;
    assert_eq!(rep.code(), "auth.forbidden");
    let theirs = d.s.sibling.post(&path, json!({ "employee_id": li })).await;
    assert_eq!(theirs.status, 404, "another region's task is not there");
    assert_eq!(tasks_of(&d.s.rep).await[0]["crew"][0]["employee"]["name"], "李娜");
    // No more than five come along, and nobody to what is over.
    for k in 0..4 {
        let (more, _) =
            app.person(&d.s.company, &format!("人{k}"), &format!("ren{k}"), "rep", d.s.region).await;
        assert_eq!(d.help(task, more).await.status, 201);
    }
    let (last, _) = app.person(&d.s.company, "人九", "renjiu", "rep", d.s.region).await;
    assert_eq!(d.help(task, last).await.code(), "task.crew_full");
    let cancel = d.s.manager.post(&format!("/api/v1/tasks/{task}/cancel"), json!({ "reason": "改期" })).await;
    assert_eq!(cancel.status, 200, "{}", cancel.json);
    assert_eq!(d.help(task, last).await.code(), "task.not_open");
});

testkit::both!(the_board_keeps_those_who_work_together_at_one_time, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, li, c) = (d.s.rep_id, d.second_id, d.s.customers.clone());
    let (own, hers) = d.pair(c[4]).await;
    // 张伟 has two other visits on his way; 李娜 begins next door, sets out later and is there with him.
    let before = [d.task(c[0], zhang, json!({})).await, d.task(c[1], zhang, json!({})).await];
    let first = [before[0], before[1], own];
    let begin = |row: &Value, task: Uuid| {
        let stops = row["stops"].as_array().unwrap();
        stops.iter().find(|s| id(&s["task_id"]) == task).unwrap()["begin_s"].as_i64().unwrap()
    };
    let rows = d
        .evaluate(json!([{ "employee_id": zhang, "tasks": first }, { "employee_id": li, "tasks": [hers] }]))
        .await;
    assert_eq!(
        (kinds(&rows[0]).len(), kinds(&rows[1]).len()),
        (0, 0),
        "no customer is visited twice by it: {rows}"
    );
    let met = begin(&rows[0], own);
    assert_eq!(met, begin(&rows[1], hers));
    // With a visit before, she waits for him in the middle of her day, and that is said.
    let near = d.task(c[3], li, json!({})).await;
    let early =
        json!([{ "employee_id": zhang, "tasks": first }, { "employee_id": li, "tasks": [near, hers] }]);
    let rows = d.evaluate(early.clone()).await;
    assert_eq!((kinds(&rows[0]).len(), kinds(&rows[1])), (0, vec![("crew".to_owned(), hers)]), "{rows}");
    let said = &rows[1]["violations"][0];
    assert!(said["seconds"].as_i64().unwrap() < -900, "{rows}");
    assert_eq!(said["words"], json!(["张伟"]));
    // In one row both are one too many.
    let rows = d
        .evaluate(json!([{ "employee_id": zhang, "tasks": [own, hers] }, { "employee_id": li, "tasks": [] }]))
        .await;
    assert!(kinds(&rows[0]).contains(&("twice".to_owned(), hers)), "{rows}");

    // Made better, each keeps his part, and they meet.
    let made = d.optimise(early, &[], "distance").await;
    let of = |k: usize| ids(&made["rows"][k]["tasks"]);
    assert!(of(0).contains(&own) && of(1).contains(&hers), "{made}");
    assert_eq!(made["left_out"], json!([]), "{made}");
    let rows = d.evaluate(made["rows"].clone()).await;
    assert_eq!(begin(&rows[0], own), begin(&rows[1], hers), "{rows}");
    // In the pool nobody knows when: it is put into rows by hand.
    let pool = d
        .optimise(
            json!([{ "employee_id": zhang, "tasks": before }, { "employee_id": li, "tasks": [] }]),
            &[own, hers],
            "distance",
        )
        .await;
    let left: Vec<&Value> = pool["left_out"].as_array().unwrap().iter().map(|l| &l["reason"]).collect();
    assert_eq!(left, [&json!("crew"), &json!("crew")], "{pool}");

    // Published, both are told the same time, and the board shows the pair.
    let b = d.board().await;
    let published = d.publish(json!([row(&b, zhang, &first), row(&b, li, &[hers])])).await;
    assert_eq!(published.status, 200, "{}", published.json);
    let b = d.board().await;
    assert_eq!((row_of(&b, zhang).len(), row_of(&b, li)), (3, vec![hers]));
    let shown = |task: Uuid| task_of(&b, task).unwrap().clone();
    assert_eq!(shown(own)["crew"][0]["employee"]["name"], "李娜");
    assert_eq!((shown(own)["eta_s"].as_i64(), shown(hers)["eta_s"].as_i64()), (Some(met), Some(met)));
    // Somebody who is not on the board is expected as his plan says; on another day he does not come along.
    let alone = d.evaluate(json!([{ "employee_id": li, "tasks": [hers] }])).await;
    assert_eq!((kinds(&alone[0]).len(), begin(&alone[0], hers)), (0, met), "{alone}");
    let plan = &person(&b, li)["plan"];
    let rows = json!([{ "employee_id": li, "plan_id": plan["id"], "version": plan["version"], "tasks": [], "objective": "distance", "keep_order": true }]);
    let ask = json!({ "day": DAY, "rows": rows, "moved": [{ "task_id": hers, "day": MONDAY }] });
    let moved = d.s.manager.post("/api/v1/planning/publish", ask).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": first }])).await;
    assert_eq!(kinds(&rows[0]), [("crew".to_owned(), own)], "{rows}");
    assert_eq!(
        (&rows[0]["violations"][0]["seconds"], &rows[0]["violations"][0]["words"]),
        (&Value::Null, &json!(["李娜", MONDAY]))
    );
});

testkit::both!(whoever_shares_work_on_a_day_is_known_for_that_day, |app| async move {
    let d = Desk::begin(&app).await;
    let (first, second) = d.pair(d.s.customers[0]).await;
    d.task(d.s.customers[1], d.s.rep_id, json!({})).await;
    let mates = async |who: Uuid, day: &str| {
        let scope = db::Scope::job("test", d.s.company.id);
        let mut reader = app.kit.db.read(&scope).await.unwrap();
        ::work::tasks::crew_mates(&mut reader, who, day.parse().unwrap()).await.unwrap()
    };
    let day =
        d.s.manager.get(&format!("/api/v1/tasks/{first}")).await.json["day"].as_str().unwrap().to_owned();
    assert_eq!(mates(d.s.rep_id, &day).await, [d.second_id]);
    assert_eq!(mates(d.second_id, &day).await, [d.s.rep_id]);
    assert_eq!(mates(d.s.rep_id, "2026-12-24").await, Vec::<Uuid>::new(), "another day");
    // Called off for one, they have nothing to do together any more.
    let off = format!("/api/v1/tasks/{second}/cancel");
    let gone = d.s.manager.post(&off, json!({ "reason": "一个人够了" })).await;
    assert!(gone.status < 300, "{}", gone.json);
    assert_eq!(mates(d.s.rep_id, &day).await, Vec::<Uuid>::new());
});
