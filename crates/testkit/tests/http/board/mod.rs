//! The planning board: its content and reach, what a draft means, better drafts, and publishing.

mod crews;
mod hours;
pub(crate) mod people;
mod terms;
mod week;
mod wishes;

use geo::LngLat;
use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::{
    custom::published,
    scene::{DAY, Scene, id, minute, place, record},
};

/// Monday after [`DAY`].
const MONDAY: &str = "2026-11-23";

/// A scene with a second person in the region, who begins five kilometres east.
struct Desk {
    s: Scene,
    second_id: Uuid,
    second: Client,
}

impl Desk {
    async fn begin(app: &App) -> Desk {
        let s = Scene::begin(app).await;
        let (second_id, second) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
        set_start(&s, second_id, place(4)).await;
        Desk { s, second_id, second }
    }

    async fn board(&self) -> Value {
        board(&self.s.manager, DAY).await
    }

    /// A task of the day without a plan.
    async fn task(&self, customer: Uuid, employee: Uuid, more: Value) -> Uuid {
        let mut new = json!({ "employee_id": employee, "customer_id": customer, "day": DAY,
            "window": { "from_minute": 540, "to_minute": 1080 } });
        for (key, value) in more.as_object().unwrap() {
            new[key] = value.clone();
        }
        let made = self.s.manager.post("/api/v1/tasks", new).await;
        assert_eq!(made.status, 201, "{}", made.json);
        id(&made.json["id"])
    }

    /// One waiting task at each customer, of the first person.
    async fn tasks(&self) -> Vec<Uuid> {
        let mut all = vec![];
        for customer in &self.s.customers {
            all.push(self.task(*customer, self.s.rep_id, json!({})).await);
        }
        all
    }

    async fn evaluate(&self, rows: Value) -> Value {
        let reply =
            self.s.manager.post("/api/v1/planning/evaluate", json!({ "day": DAY, "rows": rows })).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json["rows"].clone()
    }

    /// Whoever owns the customers.
    async fn optimise(&self, rows: Value, pool: &[Uuid], goal: &str) -> Value {
        self.optimise_by(rows, pool, goal, "any").await
    }

    async fn optimise_by(&self, rows: Value, pool: &[Uuid], goal: &str, owners: &str) -> Value {
        let ask = json!({ "day": DAY, "rows": rows, "pool": pool, "goal": goal, "owners": owners });
        let reply = self.s.manager.post("/api/v1/planning/optimise", ask).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json
    }

    async fn publish(&self, rows: Value) -> testkit::Reply {
        self.s
            .manager
            .post("/api/v1/planning/publish", json!({ "day": DAY, "rows": rows, "moved": [] }))
            .await
    }
}

async fn set_start(s: &Scene, person: Uuid, at: LngLat) {
    let path = format!("/api/v1/employees/{person}");
    let version = s.company.admin.get(&path).await.json["version"].as_i64().unwrap();
    let placed = s.company.admin.patch(&path, version, json!({ "start_at": at })).await;
    assert_eq!(placed.status, 200, "{}", placed.json);
}

async fn board(client: &Client, day: &str) -> Value {
    let reply = client.get(&format!("/api/v1/planning/board?day={day}")).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

fn person(board: &Value, person: Uuid) -> &Value {
    let all = board["people"].as_array().unwrap();
    all.iter().find(|p| id(&p["id"]) == person).unwrap_or_else(|| panic!("{person} is not on the board"))
}

fn task_of(board: &Value, task: Uuid) -> Option<&Value> {
    board["tasks"].as_array().unwrap().iter().find(|t| id(&t["id"]) == task)
}

/// The tasks of a person's plan that have not begun, in order.
fn row_of(board: &Value, person: Uuid) -> Vec<Uuid> {
    let own = |t: &&Value| t["place"] == "planned" && id(&t["employee"]["id"]) == person;
    let mut all: Vec<&Value> = board["tasks"].as_array().unwrap().iter().filter(own).collect();
    all.sort_by_key(|t| t["seq"].as_i64());
    all.iter().map(|t| id(&t["id"])).collect()
}

/// A row to be published on what the board shows.
fn row(board: &Value, whose: Uuid, tasks: &[Uuid]) -> Value {
    let plan = &person(board, whose)["plan"];
    json!({ "employee_id": whose, "plan_id": plan["id"], "version": plan["version"], "tasks": tasks,
        "objective": "distance", "keep_order": true })
}

fn kinds(row: &Value) -> Vec<(String, Uuid)> {
    let all = row["violations"].as_array().unwrap().iter();
    all.map(|v| (v["kind"].as_str().unwrap().to_owned(), id(&v["task_id"]))).collect()
}

fn ids(v: &Value) -> Vec<Uuid> {
    v.as_array().unwrap().iter().map(id).collect()
}

testkit::both!(the_board_shows_people_plans_and_what_waits, |app| async move {
    let d = Desk::begin(&app).await;
    let plan = d.s.plan().await;
    let waiting = d.task(d.s.customers[1], d.second_id, json!({ "skills": ["冷链"] })).await;
    let b = d.board().await;
    assert_eq!(b["people"].as_array().unwrap().len(), 2, "who does field work: {}", b["people"]);
    let zhang = person(&b, d.s.rep_id);
    assert_eq!(zhang["working"], json!([{ "from_minute": 540, "to_minute": 1020 }]), "{zhang}");
    assert_eq!((zhang["off"].clone(), id(&zhang["plan"]["id"])), (Value::Null, id(&plan["id"])));
    assert_eq!(zhang["plan"]["proven_optimal"], true);
    assert_eq!(row_of(&b, d.s.rep_id).len(), 5);
    let loose = task_of(&b, waiting).unwrap();
    assert_eq!((loose["place"].as_str(), loose["skills"].clone()), (Some("waiting"), json!(["冷链"])));
    // Nine o'clock and 203 s.
    let first = task_of(&b, row_of(&b, d.s.rep_id)[0]).unwrap();
    assert_eq!(first["eta_s"], 9 * 3600 + 203);

    let other = board(&d.s.sibling, DAY).await;
    assert_eq!((other["people"].clone(), other["tasks"].clone()), (json!([]), json!([])), "another region");
    assert_eq!(board(&d.s.stranger, DAY).await["tasks"], json!([]), "another company");
    let mine = board(&d.second, DAY).await;
    assert_eq!(mine["people"].as_array().unwrap().len(), 1, "a rep sees himself: {}", mine["people"]);
    let of = format!("/api/v1/planning/board?day={DAY}&department_id={}", d.s.company.root_department);
    assert_eq!(d.s.manager.get(&of).await.json["people"].as_array().unwrap().len(), 2);
    assert_eq!(d.s.manager.get("/api/v1/planning/board?day=heute").await.status, 422);

    // What was done, and what fell through and is offered from the next day on.
    app.clock.set(minute(200));
    let visit = record(&plan["tasks"][0], place(0), 75, 110);
    d.s.taken(&visit.items[..1]).await;
    let b = d.board().await;
    assert_eq!(b["visits"][0]["check_in_s"], 9 * 3600 + 900, "{}", b["visits"]);
    assert_eq!(b["visits"][0]["task_id"], plan["tasks"][0]["id"]);
    app.clock.set(minute(24 * 60));
    let monday = board(&d.s.manager, MONDAY).await;
    let missed = task_of(&monday, id(&plan["tasks"][3]["id"])).expect("missed");
    assert_eq!((missed["place"].as_str(), missed["day"].as_str()), (Some("missed"), Some(DAY)));
    assert!(task_of(&monday, id(&plan["tasks"][0]["id"])).is_none(), "what was begun was not missed");
});

testkit::both!(a_draft_is_worked_out_with_every_rule_it_breaks, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let rows = d
        .evaluate(
            json!([{ "employee_id": zhang, "tasks": [t[0], t[1]] }, { "employee_id": li, "tasks": [] }]),
        )
        .await;
    assert_eq!(rows[0]["violations"], json!([]));
    assert!(
        (2_690..2_710).contains(&rows[0]["meters"].as_i64().unwrap()),
        "2 km × 1.35: {}",
        rows[0]["meters"]
    );
    assert_eq!(rows[0]["stops"][0]["begin_s"], 9 * 3600 + 203);
    assert_eq!((rows[1]["meters"].clone(), rows[1]["finish_s"].clone()), (json!(0), Value::Null));
    let drawn = json!({ "day": DAY, "rows": [{ "employee_id": zhang, "tasks": [t[0]] }], "lines": true });
    let drawn = d.s.manager.post("/api/v1/planning/evaluate", drawn).await.json;
    assert_eq!(drawn["rows"][0]["lines"][0].as_array().unwrap().len(), 2, "{drawn}");

    // late, skill, a customer twice, no place
    let early = json!({ "window": { "from_minute": 540, "to_minute": 545 }, "skills": ["冷链", "电工"] });
    let narrow = d.task(d.s.customers[2], zhang, early).await;
    let nowhere =
        d.s.company.admin.post("/api/v1/customers", json!({ "name": "无坐标", "owner_id": zhang })).await;
    assert_eq!(nowhere.status, 201, "{}", nowhere.json);
    let lost = d.task(id(&nowhere.json["id"]), zhang, json!({})).await;
    let skills = json!({ "skills": ["电工"] });
    assert_eq!(d.s.company.admin.put(&format!("/api/v1/dispatch/skills/{zhang}"), skills).await.status, 200);
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": [t[1], narrow, lost] }, { "employee_id": li, "tasks": [t[2]] }])).await;
    let found = kinds(&rows[0]);
    for want in [("late", narrow), ("skill", narrow), ("twice", narrow), ("no_location", lost)] {
        assert!(found.contains(&(want.0.to_owned(), want.1)), "{want:?} in {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
    let skill = rows[0]["violations"].as_array().unwrap().iter().find(|v| v["kind"] == "skill").unwrap();
    assert_eq!(skill["words"], json!(["冷链"]), "the one he has not");
    assert_eq!(kinds(&rows[1]), [("twice".to_owned(), t[2])]);

    // past the shift: eighteen visits of half an hour do not fit into eight hours
    let mut many = vec![];
    for _ in 0..18 {
        many.push(d.task(d.s.customers[0], zhang, json!({})).await);
    }
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": many }])).await;
    let found = kinds(&rows[0]);
    assert!(found.contains(&("over_shift".into(), many[17])), "{found:?}");
    assert!(!found.contains(&("over_shift".into(), many[14])), "{found:?}");

    // leave
    let leave = json!({ "kind": "leave", "from": minute(0), "to": minute(16 * 60), "note": "年假" });
    let entry = d.s.manager.post(&format!("/api/v1/employees/{li}/duty-entries"), leave).await;
    assert_eq!(entry.status, 201, "{}", entry.json);
    let rows = d.evaluate(json!([{ "employee_id": li, "tasks": [t[0]] }])).await;
    assert_eq!(kinds(&rows[0]), [("leave".to_owned(), t[0])]);
    assert_eq!(person(&d.board().await, li)["off"], "leave");
    // a free day
    let sunday = json!({ "day": "2026-11-22", "rows": [{ "employee_id": zhang, "tasks": [t[0]] }] });
    let rows = d.s.manager.post("/api/v1/planning/evaluate", sunday).await.json["rows"].clone();
    assert_eq!(kinds(&rows[0]), [("rest".to_owned(), t[0])]);
});

testkit::both!(locks_hold, |app| async move {
    let d = Desk::begin(&app).await;
    let plan = d.s.plan().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let t: Vec<Uuid> = plan["tasks"].as_array().unwrap().iter().map(|t| id(&t["id"])).collect();
    for k in [1, 3] {
        let path = format!("/api/v1/tasks/{}/lock", t[k]);
        assert_eq!(d.s.manager.post(&path, json!({ "locked": true })).await.status, 200);
    }
    let b = d.board().await;
    assert_eq!(task_of(&b, t[3]).unwrap()["promised_s"], task_of(&b, t[3]).unwrap()["eta_s"]);
    // For somebody else, turned around, at another time.
    let rows = d
        .evaluate(
            json!([{ "employee_id": li, "tasks": [t[1]] }, { "employee_id": zhang, "tasks": [t[3], t[0]] }]),
        )
        .await;
    let found = kinds(&rows[0]);
    assert!(found.contains(&("locked".into(), t[1])), "{found:?}");
    assert_eq!(kinds(&rows[1]), [("promise".to_owned(), t[3])]);
    let away = rows[1]["violations"][0]["seconds"].as_i64().unwrap();
    assert!(away < -3600, "an hour early: {away}");
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": [t[3], t[1]] }])).await;
    assert!(kinds(&rows[0]).contains(&("locked".into(), t[1])), "{}", rows[0]["violations"]);

    // The best order is another without the locks; with them both begin when they were promised.
    let free = d
        .optimise(json!([{ "employee_id": zhang, "tasks": [t[4], t[3], t[2], t[1], t[0]] }]), &[], "distance")
        .await;
    let order = ids(&free["rows"][0]["tasks"]);
    let rows = d.evaluate(json!([{ "employee_id": zhang, "tasks": order }])).await;
    assert_eq!(kinds(&rows[0]), [], "{order:?} of {t:?}");
    let two = json!([{ "employee_id": zhang, "tasks": t }, { "employee_id": li, "tasks": [] }]);
    let shared = d.optimise(two, &[], "balanced").await;
    let own = ids(&shared["rows"][0]["tasks"]);
    assert!(own.contains(&t[1]) && own.contains(&t[3]), "{shared}");
    assert!(!ids(&shared["rows"][1]["tasks"]).is_empty(), "the rest is shared out: {shared}");

    // Publishing refuses every way around a lock, and stores nothing of it.
    let around = [
        json!([row(&b, zhang, &[t[0], t[2], t[3], t[4]]), row(&b, li, &[t[1]])]),
        json!([row(&b, zhang, &[t[0], t[2], t[3], t[4]])]),
        json!([row(&b, zhang, &[t[0], t[3], t[2], t[1], t[4]])]),
    ];
    for rows in around {
        let refused = d.publish(rows).await;
        assert_eq!((refused.status, refused.code()), (409, "board.locked"), "{}", refused.json);
    }
    let moved = json!({ "day": DAY, "rows": [row(&b, zhang, &[t[0], t[2], t[3], t[4]])], "moved": [{ "task_id": t[1], "day": MONDAY }] });
    assert_eq!(d.s.manager.post("/api/v1/planning/publish", moved).await.code(), "board.locked");
    assert_eq!(row_of(&d.board().await, zhang), t);
    let ok = d.publish(json!([row(&b, zhang, &[t[2], t[1], t[0], t[3]])])).await;
    assert_eq!(ok.status, 200, "others may move: {}", ok.json);
    // The plan's own editor does not throw a locked one out either.
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let less = d.s.manager.patch(&path, 2, json!({ "customer_ids": [d.s.customers[0]] })).await;
    assert_eq!(less.code(), "board.locked", "{}", less.json);
    // One more task joins, and the promise stands.
    let one =
        d.task(d.s.customers[4], zhang, json!({ "window": { "from_minute": 540, "to_minute": 560 } })).await;
    let b = d.board().await;
    let promised = task_of(&b, t[1]).unwrap();
    let off = (promised["eta_s"].as_i64().unwrap() - promised["promised_s"].as_i64().unwrap()).abs();
    assert!(off <= 900, "{one}: {promised}");
});

testkit::both!(owners_go_to_their_customers_and_better_grades_come_first, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let two = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [] }]);
    // All five are 张伟's; 李娜 begins beside the last one, which saves less than a quarter of an hour.
    let any = d.optimise_by(two.clone(), &t, "time", "any").await;
    assert!(ids(&any["rows"][1]["tasks"]).contains(&t[4]), "{any}");
    let preferred = d.optimise_by(two.clone(), &t, "time", "prefer").await;
    assert_eq!(preferred["rows"][0]["tasks"].as_array().unwrap().len(), 5, "{preferred}");
    let usual = json!({ "day": DAY, "rows": two, "pool": t, "goal": "time" });
    let usual = d.s.manager.post("/api/v1/planning/optimise", usual).await.json;
    assert_eq!(usual["rows"], preferred["rows"], "as delivered owners come first");
    // Who was given a visit by hand keeps it.
    let by_hand = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [t[4]] }]);
    let kept = d.optimise_by(by_hand, &t[..4], "time", "only").await;
    assert_eq!(ids(&kept["rows"][1]["tasks"]), [t[4]], "{kept}");
    // Only owners, and the owner is not on the board.
    let alone = json!([{ "employee_id": li, "tasks": [] }]);
    let left = d.optimise_by(alone, &t, "time", "only").await;
    assert_eq!(left["rows"][0]["tasks"], json!([]), "{left}");
    let reasons = left["left_out"].as_array().unwrap();
    assert!(reasons.len() == 5 && reasons.iter().all(|l| l["reason"] == "owner"), "{left}");
    // More than fits: those of the lower grade wait.
    let small = json!({ "name": "小店", "grade": "C", "at": place(0), "owner_id": zhang });
    let small = id(&d.s.company.admin.post("/api/v1/customers", small).await.json["id"]);
    let mut pool = vec![];
    for _ in 0..18 {
        pool.push(d.task(small, zhang, json!({})).await);
    }
    pool.extend(&t);
    let full = d.optimise(json!([{ "employee_id": zhang, "tasks": [] }]), &pool, "distance").await;
    let made = ids(&full["rows"][0]["tasks"]);
    assert!(t.iter().all(|a| made.contains(a)), "all of grade A: {full}");
    assert!(!full["left_out"].as_array().unwrap().is_empty(), "{full}");
});

testkit::both!(a_better_draft_keeps_the_rules_and_says_what_is_left_out, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    // One person: the order is proven, and never worse than before.
    let one = d
        .optimise(json!([{ "employee_id": zhang, "tasks": [t[4], t[0], t[3], t[1], t[2]] }]), &[], "distance")
        .await;
    assert_eq!(ids(&one["rows"][0]["tasks"]), t, "from the nearest to the farthest: {one}");
    assert_eq!(one["proven_optimal"], true);
    assert!(one["after"][0]["meters"].as_i64() < one["before"][0]["meters"].as_i64(), "{one}");
    assert_eq!(
        (one["before"][1]["employee_id"].clone(), one["before"][1]["visits"].clone()),
        (json!(zhang), json!(5))
    );
    // Two people: who begins at the far end takes the far end.
    let two = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [] }]);
    let shared = d.optimise(two.clone(), &t, "time").await;
    assert!(ids(&shared["rows"][1]["tasks"]).contains(&t[4]), "{shared}");
    assert!(ids(&shared["rows"][0]["tasks"]).contains(&t[0]), "{shared}");
    assert_eq!(shared["left_out"], json!([]));
    // A skill only 李娜 has, a window nobody keeps, a place nobody knows.
    assert_eq!(
        d.s.company
            .admin
            .put(&format!("/api/v1/dispatch/skills/{li}"), json!({ "skills": ["冷链"] }))
            .await
            .status,
        200
    );
    let cold = d.task(d.s.customers[0], zhang, json!({ "skills": ["冷链"] })).await;
    let weld = d.task(d.s.customers[1], zhang, json!({ "skills": ["电焊"] })).await;
    let night =
        d.task(d.s.customers[2], zhang, json!({ "window": { "from_minute": 60, "to_minute": 120 } })).await;
    let nowhere =
        d.s.company.admin.post("/api/v1/customers", json!({ "name": "无坐标", "owner_id": zhang })).await;
    let lost = d.task(id(&nowhere.json["id"]), zhang, json!({})).await;
    let asked = d.optimise(two, &[cold, weld, night, lost], "distance").await;
    assert_eq!(ids(&asked["rows"][1]["tasks"]), [cold], "{asked}");
    let reason = |task: Uuid| {
        let all = asked["left_out"].as_array().unwrap();
        all.iter().find(|l| id(&l["task_id"]) == task).map(|l| l["reason"].as_str().unwrap().to_owned())
    };
    assert_eq!(reason(weld).as_deref(), Some("skill"));
    assert_eq!(reason(night).as_deref(), Some("window"));
    assert_eq!(reason(lost).as_deref(), Some("no_location"));
    // Nobody on leave is given anything; what he had goes to the others.
    let leave = json!({ "kind": "leave", "from": minute(0), "to": minute(16 * 60), "note": "年假" });
    d.s.manager.post(&format!("/api/v1/employees/{li}/duty-entries"), leave).await;
    let rows = json!([{ "employee_id": zhang, "tasks": [] }, { "employee_id": li, "tasks": [t[3]] }]);
    let off = d.optimise(rows, &[t[4]], "balanced").await;
    assert_eq!(off["rows"][1]["tasks"], json!([]), "{off}");
    assert_eq!(off["rows"][0]["tasks"].as_array().unwrap().len(), 2);
    // More than fits: what is on a row already stays.
    let mut many = vec![];
    for _ in 0..18 {
        many.push(d.task(d.s.customers[0], zhang, json!({})).await);
    }
    let full = d.optimise(json!([{ "employee_id": zhang, "tasks": [t[4]] }]), &many, "distance").await;
    assert!(ids(&full["rows"][0]["tasks"]).contains(&t[4]), "{full}");
    let left = full["left_out"].as_array().unwrap();
    assert!(!left.is_empty() && left.iter().all(|l| l["reason"] == "outbid"), "{}", full["left_out"]);
    let rows = d.evaluate(json!([full["rows"][0]])).await;
    assert!(
        kinds(&rows[0]).iter().all(|(kind, _)| kind == "twice"),
        "the shift holds: {}",
        rows[0]["violations"]
    );
});

testkit::both!(a_task_is_offered_its_best_places, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let rows = json!([{ "employee_id": d.s.rep_id, "tasks": [t[0], t[1]] }, { "employee_id": d.second_id, "tasks": [] }]);
    let ask = json!({ "day": DAY, "rows": rows, "task_id": t[4] });
    let places = d.s.manager.post("/api/v1/planning/places", ask).await.json["places"].clone();
    assert_eq!(places.as_array().unwrap().len(), 2, "{places}");
    assert_eq!(
        (id(&places[0]["employee_id"]), places[0]["meters"].clone()),
        (d.second_id, json!(0)),
        "she is there"
    );
    assert_eq!((places[1]["position"].clone(), places[1]["violations"].clone()), (json!(2), json!(0)));
    // Moved away from him, her way costs less than it saves.
    let rows = json!([{ "employee_id": d.s.rep_id, "tasks": [t[4], t[0]] }, { "employee_id": d.second_id, "tasks": [] }]);
    let ask = json!({ "day": DAY, "rows": rows, "task_id": t[4] });
    let places = d.s.manager.post("/api/v1/planning/places", ask).await.json["places"].clone();
    let saved = places[0]["meters"].as_i64().unwrap();
    assert!((-10_900..-10_700).contains(&saved), "5 km out, 4 back, instead of 1: {places}");
});

testkit::both!(a_draft_is_published_whole_or_not_at_all, |app| async move {
    let d = Desk::begin(&app).await;
    let plan = d.s.plan().await;
    let (zhang, li) = (d.s.rep_id, d.second_id);
    let t: Vec<Uuid> = plan["tasks"].as_array().unwrap().iter().map(|t| id(&t["id"])).collect();
    let loose = d.task(d.s.customers[3], li, json!({})).await;
    let b = d.board().await;
    // Two go to 李娜, whose plan it begins; one goes back to the pool, one to Monday.
    let rows = json!([row(&b, zhang, &[t[2], t[0]]), row(&b, li, &[t[4], loose])]);
    let ask = json!({ "day": DAY, "rows": rows, "moved": [{ "task_id": t[1], "day": MONDAY }] });
    let done = d.s.manager.post("/api/v1/planning/publish", ask.clone()).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(ids(&done.json["people"]), [zhang, li]);
    let now = d.board().await;
    assert_eq!(row_of(&now, zhang), [t[2], t[0]]);
    assert_eq!(row_of(&now, li), [t[4], loose]);
    assert_eq!(task_of(&now, t[3]).unwrap()["place"], "waiting");
    assert!(task_of(&now, t[1]).is_none());
    let monday = board(&d.s.manager, MONDAY).await;
    assert_eq!(task_of(&monday, t[1]).unwrap()["place"], "waiting");
    let worked = d.evaluate(json!([{ "employee_id": li, "tasks": [t[4], loose] }])).await;
    assert_eq!(task_of(&now, loose).unwrap()["eta_s"], worked[0]["stops"][1]["begin_s"]);
    assert_eq!(person(&now, li)["plan"]["meters"], worked[0]["meters"]);
    // Both are told, and her phone has the day.
    let notices = |page: Value| page["items"][0]["kind"].as_str().unwrap().to_owned();
    assert_eq!(notices(d.s.rep.get("/api/v1/notices").await.json), "plan.changed");
    assert_eq!(notices(d.second.get("/api/v1/notices").await.json), "plan.assigned");
    let phone = d.second.get("/api/v1/field/snapshot").await.json;
    let names: Vec<&str> =
        phone["tasks"].as_array().unwrap().iter().map(|t| t["customer"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["客户 5", "客户 4"], "{}", phone["tasks"]);
    // A second desk still has the old board: nothing of its draft is stored, not even the row that would do.
    let stale = d.s.manager.post("/api/v1/planning/publish", ask).await;
    assert_eq!((stale.status, stale.code()), (409, "board.stale"), "{}", stale.json);
    assert!(stale.json["detail"].as_str().unwrap().contains("张伟、李娜"), "{}", stale.json);
    let half = json!([row(&now, zhang, &[t[0]]), row(&b, li, &[t[4]])]);
    assert_eq!(d.publish(half).await.code(), "board.stale");
    assert_eq!(row_of(&d.board().await, zhang), [t[2], t[0]]);
    // Nor is anything taken out of a plan the draft does not name.
    let stolen = d.publish(json!([row(&now, zhang, &[t[2], t[0], loose])])).await;
    assert_eq!(stolen.code(), "board.stale", "{}", stolen.json);
    // The same again changes nobody's day.
    let same = d.publish(json!([row(&now, zhang, &[t[2], t[0]])])).await;
    assert_eq!((same.status, same.json["people"].clone()), (200, json!([])));
    // Everything to him: her plan is called off.
    let all = d.publish(json!([row(&now, zhang, &[t[2], t[0], t[4], loose]), row(&now, li, &[])])).await;
    assert_eq!(all.status, 200, "{}", all.json);
    let now = d.board().await;
    assert_eq!(person(&now, li)["plan"], Value::Null);
    assert_eq!(notices(d.second.get("/api/v1/notices").await.json), "plan.cancelled");
    // What he has begun stays in front, whatever is drafted, and cannot be given away.
    app.clock.set(minute(90));
    let first = task_of(&now, t[2]).unwrap().clone();
    let begun = record(&d.s.manager.get(&format!("/api/v1/tasks/{}", t[2])).await.json, place(2), 75, 85);
    d.s.taken(&begun.items[..1]).await;
    let now = d.board().await;
    assert_eq!(d.publish(json!([row(&now, li, &[t[2]])])).await.code(), "plan.task_started", "{first}");
    let done = d.publish(json!([row(&now, zhang, &[loose, t[0]])])).await;
    assert_eq!(done.status, 200, "{}", done.json);
    assert_eq!(row_of(&d.board().await, zhang), [t[2], loose, t[0]]);
});

testkit::both!(what_was_missed_is_made_anew, |app| async move {
    let d = Desk::begin(&app).await;
    let plan = d.s.plan().await;
    let t = id(&plan["tasks"][0]["id"]);
    let fields = json!({ "title": { "zh-CN": "任务" }, "fields": [{ "key": "contract_no", "type": "text", "label": { "zh-CN": "合同号" } }] });
    published(&d.s.company.admin, "task", fields).await;
    let own = json!({ "contract_no": "HT-2026" });
    let said = d.s.manager.put(&format!("/api/v1/tasks/{t}/custom"), json!({ "custom": own })).await;
    assert_eq!(said.status, 200, "{}", said.json);
    app.clock.set(minute(72 * 60));
    let b = board(&d.s.manager, MONDAY).await;
    assert_eq!(task_of(&b, t).unwrap()["place"], "missed");
    let mut first = row(&b, d.second_id, &[t]);
    first["keep_order"] = json!(false);
    let ask = json!({ "day": MONDAY, "rows": [first], "moved": [] });
    let done = d.s.manager.post("/api/v1/planning/publish", ask).await;
    assert_eq!(done.status, 200, "{}", done.json);
    let b = board(&d.s.manager, MONDAY).await;
    let made = row_of(&b, d.second_id);
    assert!(made.len() == 1 && made[0] != t, "{made:?}");
    let anew = d.s.manager.get(&format!("/api/v1/tasks/{}", made[0])).await.json;
    assert_eq!(anew["steps"], plan["tasks"][0]["steps"]);
    assert_eq!(anew["customer"]["name"], "客户 1");
    assert_eq!(anew["custom"], own, "with what was answered");
    assert_eq!(d.s.manager.get("/api/v1/tasks?q=HT-2026&count=true").await.json["total"], 2);
    let old = d.s.manager.get(&format!("/api/v1/tasks/{t}")).await.json;
    assert_eq!(
        (old["status"].as_str(), old["day"].as_str()),
        (Some("overdue"), Some(DAY)),
        "it stays as it was"
    );
    assert!(task_of(&b, t).is_none(), "and is offered no more");
});

testkit::both!(a_board_has_its_reach, |app| async move {
    let d = Desk::begin(&app).await;
    let t = d.tasks().await;
    let rows = json!([{ "employee_id": d.s.rep_id, "tasks": [t[0]] }]);
    let draft = json!({ "day": DAY, "rows": rows });
    let publish = json!({ "day": DAY, "moved": [], "rows": [{ "employee_id": d.s.rep_id, "tasks": [t[0]], "objective": "time", "keep_order": false }] });
    let mut better = draft.clone();
    (better["pool"], better["goal"]) = (json!([]), json!("time"));
    let mut placed = draft.clone();
    placed["task_id"] = json!(t[1]);
    for who in [&d.s.sibling, &d.s.stranger] {
        for (path, body) in
            [("evaluate", &draft), ("optimise", &better), ("places", &placed), ("publish", &publish)]
        {
            let reply = who.post(&format!("/api/v1/planning/{path}"), body.clone()).await;
            assert_eq!(reply.status, 404, "{path}: {}", reply.json);
        }
    }
    // A rep may look at his own day and write none.
    assert_eq!(d.s.rep.post("/api/v1/planning/evaluate", draft.clone()).await.status, 200);
    assert_eq!(d.s.rep.post("/api/v1/planning/publish", publish.clone()).await.status, 403);
    assert_eq!(d.second.post("/api/v1/planning/evaluate", draft).await.status, 404);
    assert_eq!(row_of(&d.board().await, d.s.rep_id), Vec::<Uuid>::new());

    let bad = [
        ("evaluate", json!({ "day": DAY })),
        ("evaluate", json!({ "day": DAY, "rows": [{ "employee_id": d.s.rep_id, "tasks": [t[0], t[0]] }] })),
        (
            "evaluate",
            json!({ "day": DAY, "rows": [{ "employee_id": d.s.rep_id, "tasks": [] }, { "employee_id": d.s.rep_id, "tasks": [] }] }),
        ),
        (
            "evaluate",
            json!({ "day": DAY, "rows": [{ "employee_id": d.s.rep_id, "tasks": (0..41).map(|_| Uuid::now_v7()).collect::<Vec<_>>() }] }),
        ),
        ("optimise", json!({ "day": DAY, "rows": [], "pool": [], "goal": "time" })),
        ("optimise", json!({ "day": DAY, "rows": rows, "pool": [t[0]], "goal": "time" })),
        ("optimise", json!({ "day": DAY, "rows": rows, "pool": [], "goal": "beauty" })),
        ("publish", json!({ "day": "2026-11-19", "rows": publish["rows"], "moved": [] })),
        ("publish", json!({ "day": DAY, "rows": [], "moved": [] })),
        ("publish", json!({ "day": DAY, "rows": [], "moved": [{ "task_id": t[0], "day": DAY }] })),
        (
            "publish",
            json!({ "day": DAY, "moved": [], "rows": [{ "employee_id": d.s.rep_id, "version": 3, "tasks": [], "objective": "time", "keep_order": false }] }),
        ),
    ];
    for (path, body) in bad {
        let reply = d.s.manager.post(&format!("/api/v1/planning/{path}"), body.clone()).await;
        assert_eq!(reply.status, 422, "{path} {body}: {}", reply.json);
    }
    let gone = json!({ "day": DAY, "rows": [{ "employee_id": d.s.rep_id, "tasks": [Uuid::now_v7()] }] });
    assert_eq!(d.s.manager.post("/api/v1/planning/evaluate", gone).await.status, 404);
    d.s.manager.post(&format!("/api/v1/tasks/{}/cancel", t[2]), json!({ "reason": "x" })).await;
    let over = json!({ "day": DAY, "rows": [{ "employee_id": d.s.rep_id, "tasks": [t[2]] }] });
    assert_eq!(d.s.manager.post("/api/v1/planning/evaluate", over).await.code(), "task.not_open");
});
