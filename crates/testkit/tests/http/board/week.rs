//! Several days made better together, and what is promised beyond a limit.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, MONDAY, board, ids, kinds, row, row_of, terms::say};
use crate::scene::{DAY, id};

impl Desk {
    async fn optimise_days(&self, days: Value, pool: &[Uuid]) -> testkit::Reply {
        let ask = json!({ "days": days, "pool": pool, "goal": "distance", "owners": "prefer" });
        self.s.manager.post("/api/v1/planning/optimise-days", ask).await
    }

    async fn lock(&self, task: Uuid) {
        let path = format!("/api/v1/tasks/{task}/lock");
        let locked = self.s.manager.post(&path, json!({ "locked": true })).await;
        assert_eq!(locked.status, 200, "{}", locked.json);
    }
}

fn day(day: &str, rows: Value) -> Value {
    json!({ "day": day, "rows": rows })
}

fn own(whose: Uuid, tasks: &[Uuid]) -> Value {
    json!([{ "employee_id": whose, "tasks": tasks }])
}

testkit::both!(several_days_are_made_better_together, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let zhang = d.s.rep_id;
    let said = say(&d.s.company.admin, zhang, json!({ "most_visits": 3 })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    // Five wait, and a day holds three: the others go to the next working day.
    let made = d.optimise_days(json!([day(DAY, own(zhang, &[])), day(MONDAY, own(zhang, &[]))]), &t).await;
    assert_eq!(made.status, 200, "{}", made.json);
    let made = made.json;
    let of = |k: usize| ids(&made["days"][k]["rows"][0]["tasks"]);
    assert_eq!((of(0).len().max(of(1).len()), of(0).len() + of(1).len()), (3, 5), "{made}");
    assert_eq!((made["left_out"].clone(), made["kept"].clone()), (json!([]), json!([])));
    let sums = |at: &str, k: usize| made[at][k]["visits"].clone();
    assert_eq!(
        (sums("before", 0), sums("after", 0), sums("after", 1)),
        (json!(0), json!(5), json!(5)),
        "{made}"
    );
    assert_eq!(made["after"].as_array().unwrap().len(), 2, "all together, and the one person over both days");
    assert!(made["gap_permille"].as_i64().is_some(), "{made}");

    // What was found is published at once, and stands as proposed.
    let boards = [board(&d.s.manager, DAY).await, board(&d.s.manager, MONDAY).await];
    let days: Vec<Value> = [DAY, MONDAY]
        .iter()
        .enumerate()
        .map(|(k, on)| json!({ "day": on, "rows": [row(&boards[k], zhang, &of(k))], "moved": [] }))
        .collect();
    let published = d.s.manager.post("/api/v1/planning/publish-days", json!({ "days": days })).await;
    assert_eq!(published.status, 200, "{}", published.json);
    assert_eq!(row_of(&board(&d.s.manager, MONDAY).await, zhang), of(1));

    // A promised visit keeps its day, and so do two visits at one customer.
    let (first, second) = (of(0)[0], of(0)[1]);
    d.lock(first).await;
    let twin = d.s.customers[t.iter().position(|x| *x == second).unwrap()];
    let twin = {
        let new = json!({ "employee_id": zhang, "customer_id": twin, "day": MONDAY,
            "window": { "from_minute": 540, "to_minute": 1080 } });
        id(&d.s.manager.post("/api/v1/tasks", new).await.json["id"])
    };
    say(&d.s.company.admin, zhang, json!({ "most_visits": 4 })).await;
    let rows = json!([day(DAY, own(zhang, &of(0))), day(MONDAY, own(zhang, &of(1)))]);
    let again = d.optimise_days(rows, &[twin]).await.json;
    let on = |k: usize| ids(&again["days"][k]["rows"][0]["tasks"]);
    assert!(on(0).contains(&first) && on(0).contains(&second) && on(1).contains(&twin), "{again}");
    assert_eq!(again["left_out"], json!([]), "{again}");
});

testkit::both!(what_cannot_be_asked_of_several_days_is_refused, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let zhang = d.s.rep_id;
    let refused = async |days: Value, pool: &[Uuid]| {
        let reply = d.optimise_days(days, pool).await;
        (reply.status, reply.json["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
    };
    let both = |tasks: &[Uuid]| json!([day(DAY, own(zhang, tasks)), day(MONDAY, own(zhang, &[t[0]]))]);
    let twice = json!([day(DAY, own(zhang, &[])), day(DAY, own(zhang, &[]))]);
    assert_eq!(refused(twice, &[]).await, (422, "days[1].day".into()));
    assert_eq!(refused(both(&[t[0]]), &[]).await, (422, "days[1].rows".into()));
    assert_eq!(refused(both(&[]), &[t[0]]).await, (422, "pool".into()));
    assert_eq!(refused(json!([day("2026-11-19", own(zhang, &[]))]), &[]).await, (422, "days[0].day".into()));
    assert_eq!(refused(json!([day(DAY, json!([]))]), &[]).await, (422, "days".into()));
    assert_eq!(refused(json!([]), &[]).await, (422, "days".into()));
    assert_eq!(refused(json!([day(DAY, own(Uuid::now_v7(), &[]))]), &[]).await.0, 404);
    assert_eq!(refused(json!([day(DAY, own(zhang, &[]))]), &[Uuid::now_v7()]).await.0, 404);
    let ask = json!({ "days": [day(DAY, own(zhang, &[t[0]]))], "pool": [], "goal": "time" });
    assert_eq!(d.s.rep.post("/api/v1/planning/optimise-days", ask.clone()).await.status, 403);
    assert_eq!(d.s.sibling.post("/api/v1/planning/optimise-days", ask).await.status, 404);
});

testkit::both!(what_is_promised_beyond_a_limit_is_kept_and_said, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let b = d.board().await;
    assert_eq!(d.publish(json!([row(&b, zhang, &t[..3])])).await.status, 200);
    d.lock(t[0]).await;
    d.lock(t[1]).await;
    say(&d.s.company.admin, zhang, json!({ "most_visits": 1 })).await;
    let rows = json!([{ "employee_id": zhang, "tasks": t[..3] }, { "employee_id": li, "tasks": [] }]);
    let made = d.optimise(rows, &[], "distance").await;
    let kept = ids(&made["rows"][0]["tasks"]);
    assert!(kept.contains(&t[0]) && kept.contains(&t[1]) && kept.len() == 2, "{made}");
    assert_eq!(
        ids(&made["rows"][1]["tasks"]),
        [t[2]],
        "what is not promised goes to somebody with room: {made}"
    );
    let said = made["kept"].as_array().unwrap();
    assert_eq!((said.len(), &said[0]["reason"]), (1, &json!("limit")), "{made}");
    assert_eq!((made["left_out"].clone(), made["proven_optimal"].clone()), (json!([]), json!(false)));
    // The row says it as well, and without somebody else the one not promised waits with its reason.
    let shown = d.evaluate(json!([{ "employee_id": zhang, "tasks": kept }])).await;
    assert!(kinds(&shown[0]).iter().any(|(kind, _)| kind == "most_visits"), "{shown}");
    let alone = d.optimise(json!([{ "employee_id": zhang, "tasks": t[..3] }]), &[], "distance").await;
    assert_eq!(
        (&alone["left_out"][0]["reason"], id(&alone["left_out"][0]["task_id"])),
        (&json!("limit"), t[2])
    );
});

/// Tuesday after [`DAY`].
const TUESDAY: &str = "2026-11-24";

impl Desk {
    async fn task_on(&self, on: &str, customer: Uuid, window: (i64, i64)) -> Uuid {
        let new = json!({ "employee_id": self.s.rep_id, "customer_id": customer, "day": on,
            "window": { "from_minute": window.0, "to_minute": window.1 } });
        let made = self.s.manager.post("/api/v1/tasks", new).await;
        assert_eq!(made.status, 201, "{}", made.json);
        id(&made.json["id"])
    }
}

testkit::both!(nobody_is_at_a_customer_twice_on_a_day, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, shop) = (d.s.rep_id, d.s.customers[0]);
    let all_day = (540, 1080);
    // One of Tuesday, while Friday and Monday are planned: it goes to the day without the customer.
    let later = d.task_on(TUESDAY, shop, all_day).await;
    let both = json!([day(DAY, own(zhang, &t)), day(MONDAY, own(zhang, &[]))]);
    let made = d.optimise_days(both.clone(), &[later]).await.json;
    let of = |made: &Value, k: usize| ids(&made["days"][k]["rows"][0]["tasks"]);
    assert!(of(&made, 0).contains(&t[0]) && of(&made, 1).contains(&later), "{made}");
    // Two of other days do not meet either, and a third finds no day.
    let more = d.task_on("2026-11-25", shop, all_day).await;
    let made = d.optimise_days(both.clone(), &[later, more]).await.json;
    assert_eq!(of(&made, 1).iter().filter(|x| [later, more].contains(x)).count(), 1, "{made}");
    assert_eq!(made["left_out"][0]["reason"], "twice", "{made}");
    // Nor on one day alone, unless their hours lie apart.
    let alone = d.optimise(own(zhang, &t), &[later], "distance").await;
    assert_eq!(
        (&alone["left_out"][0]["reason"], ids(&alone["rows"][0]["tasks"]).len()),
        (&json!("twice"), 5)
    );
    let narrow = json!({ "window": { "from_minute": 540, "to_minute": 720 }, "was": { "from_minute": 540, "to_minute": 1080 } });
    assert_eq!(d.s.manager.put(&format!("/api/v1/tasks/{}/window", t[0]), narrow).await.status, 200);
    let evening = d.task_on(TUESDAY, shop, (900, 1080)).await;
    let apart = d.optimise(own(zhang, &t), &[evening], "distance").await;
    assert!(ids(&apart["rows"][0]["tasks"]).contains(&evening), "{apart}");
});

testkit::both!(a_week_keeps_what_frequency_rules_ask_of_days, |app| async move {
    let d = Desk::begin(&app).await;
    let (zhang, c) = (d.s.rep_id, d.s.customers.clone());
    let all_day = (540, 1080);
    // The customer was to be visited on Friday; the next visit is on Tuesday, and Monday would save the way.
    d.task_on(DAY, c[2], all_day).await;
    let next = d.task_on(TUESDAY, c[2], all_day).await;
    let monday = [d.task_on(MONDAY, c[1], all_day).await, d.task_on(MONDAY, c[3], all_day).await];
    let days = json!([day(MONDAY, own(zhang, &monday)), day(TUESDAY, own(zhang, &[next]))]);
    let free = d.optimise_days(days.clone(), &[]).await.json;
    let used = |made: &Value| {
        let row = |k: usize| ids(&made["days"][k]["rows"][0]["tasks"]);
        (row(0), row(1))
    };
    let (on_monday, on_tuesday) = used(&free);
    assert!(on_monday.len() == 3 || on_tuesday.len() == 3, "one day is enough: {free}");
    let terms = json!({ "grades": ["A"], "tags": [], "every": "week", "times": 1, "min_gap_days": 4,
        "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30 });
    let rule = json!({ "name": "A 类每周", "terms": terms, "template_id": d.s.template["id"] });
    assert_eq!(d.s.company.admin.post("/api/v1/frequency/rules", rule).await.status, 201);
    let kept = d.optimise_days(days, &[]).await.json;
    assert!(used(&kept).1.contains(&next), "four days lie between: {kept}");
});
