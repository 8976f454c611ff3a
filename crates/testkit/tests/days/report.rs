//! The day everything is told with: five customers, nine to five, 5 visits, 5 effective, 2.5 h, 38 km, and a
//! drive home that must not exist in the data.

use base::Micros;
use geo::{LngLat, destination};
use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::tracking::{at, rep};

/// Metres to each customer from the place before, and minutes there.
const STOPS: [(f64, i64); 5] = [(9_600.0, 32), (4_100.0, 28), (6_800.0, 31), (8_700.0, 29), (8_800.0, 30)];
const SPEED_MPS: f64 = 12.0;

/// A point of the simulated phone.
#[derive(Clone, Copy)]
pub struct Point {
    pub t: Micros,
    pub meters: f64,
    pub speed: f64,
}

fn start() -> LngLat {
    LngLat::new(118.78, 32.04).unwrap()
}

fn place(meters: f64) -> LngLat {
    destination(start(), 90.0, meters)
}

/// The day as driven: all points, and check-in and check-out of each stop.
pub fn drive() -> (Vec<Point>, Vec<(Micros, Micros)>) {
    let (mut t, mut meters) = (at(9, 0), 0.0);
    let (mut points, mut stays) = (vec![], vec![]);
    for (leg, minutes) in STOPS {
        let from = meters;
        while meters < from + leg {
            points.push(Point { t, meters, speed: SPEED_MPS });
            meters += SPEED_MPS * 10.0;
            t = t.plus(10 * Micros::SECOND);
        }
        meters = from + leg;
        let until = t.plus(minutes * Micros::MINUTE);
        stays.push((t, until));
        while t < until {
            points.push(Point { t, meters, speed: 0.0 });
            t = t.plus(30 * Micros::SECOND);
        }
    }
    while t < at(17, 0) {
        points.push(Point { t, meters, speed: 0.0 });
        t = t.plus(60 * Micros::SECOND);
    }
    // twelve kilometres home
    for _ in 0..100 {
        points.push(Point { t, meters, speed: SPEED_MPS });
        meters -= SPEED_MPS * 10.0;
        t = t.plus(10 * Micros::SECOND);
    }
    (points, stays)
}

fn fix(p: &Point) -> Value {
    json!({ "t": p.t, "at": place(p.meters), "accuracy_m": 6.0, "speed_mps": p.speed, "battery": 78.0 })
}

pub async fn send(client: &Client, points: &[Point]) -> i64 {
    let mut refused = 0;
    for part in points.chunks(400) {
        let fixes: Vec<Value> = part.iter().map(fix).collect();
        let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": fixes })).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        refused += reply.json["refused_off_duty"].as_i64().unwrap();
    }
    refused
}

pub async fn sync(client: &Client, items: Vec<Value>) {
    let reply = client.post("/api/v1/field/sync", json!({ "device_id": "d", "items": items })).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    for receipt in reply.json["receipts"].as_array().unwrap() {
        assert_eq!(receipt["status"], "accepted", "{receipt}");
    }
}

pub fn item(kind: &str, t: Micros, body: Value) -> Value {
    json!({ "id": Uuid::now_v7(), "kind": kind, "at": t, "body": body })
}

pub struct Day {
    pub points: Vec<Point>,
    pub stays: Vec<(Micros, Micros)>,
    pub customers: Vec<Value>,
    pub visits: Vec<Uuid>,
}

impl Day {
    pub fn check_in(&self, k: usize) -> Value {
        let t = self.stays[k].0;
        let customer = self.customers[k]["id"].clone();
        let task = self.customers[k]["task_id"].clone();
        let at = place(STOPS[..=k].iter().map(|s| s.0).sum());
        let fix = json!({ "at": at, "accuracy_m": 9.0, "t": t });
        item(
            "visit.check_in",
            t,
            json!({ "visit_id": self.visits[k], "task_id": task, "customer_id": customer, "fix": fix, "offline": false }),
        )
    }

    pub fn check_out(&self, k: usize) -> Vec<Value> {
        let t = self.stays[k].1;
        let visit = self.visits[k];
        vec![
            item("visit.summary", t, json!({ "visit_id": visit, "text": format!("小结 {}", k + 1) })),
            item("visit.check_out", t, json!({ "visit_id": visit, "fix": null })),
        ]
    }
}

pub async fn plan(app: &App, admin: &Client, rep_id: Uuid) -> Day {
    let (points, stays) = drive();
    let mut customers = vec![];
    let mut meters = 0.0;
    for (k, (leg, _)) in STOPS.iter().enumerate() {
        meters += leg;
        let new = json!({ "name": format!("客户 {}", k + 1), "grade": "A", "at": place(meters), "owner_id": rep_id });
        let made = admin.post("/api/v1/customers", new).await;
        assert_eq!(made.status, 201, "{}", made.json);
        customers.push(made.json);
    }
    let ids: Vec<Value> = customers.iter().map(|c| c["id"].clone()).collect();
    app.clock.set(at(8, 30));
    let new = json!({ "employee_id": rep_id, "day": "2026-11-20", "window": { "from_minute": 540, "to_minute": 1020 },
        "customer_ids": ids, "objective": "distance", "keep_order": true });
    let plan = admin.post("/api/v1/plans", new).await;
    assert_eq!(plan.status, 201, "{}", plan.json);
    for task in plan.json["tasks"].as_array().unwrap() {
        let customer = customers.iter_mut().find(|c| c["id"] == task["customer"]["id"]).unwrap();
        customer["task_id"] = task["id"].clone();
    }
    Day { points, stays, customers, visits: (0..5).map(|_| Uuid::now_v7()).collect() }
}

testkit::both!(a_day_tells_itself, |app| async move {
    let company = app.company("惠民饮品").await;
    let region = app.department(&company, "一区", company.root_department).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", region).await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", region).await;
    let day = plan(&app, &company.admin, id).await;
    let before = |t: Micros| day.points.iter().take_while(|p| p.t < t).count();

    // in the second visit: one done, the second open
    let now = day.stays[1].0.plus(14 * Micros::MINUTE);
    app.clock.set(now);
    assert_eq!(send(&client, &day.points[..before(now)]).await, 0);
    sync(&client, vec![day.check_in(0)]).await;
    sync(&client, day.check_out(0)).await;
    sync(&client, vec![day.check_in(1)]).await;
    // the map hears of a visit a moment after it is stored
    let mut live = boss.get("/api/v1/live").await.json;
    for _ in 0..40 {
        if live["counts"]["visit"] == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        live = boss.get("/api/v1/live").await.json;
    }
    let person = live["people"][0].clone();
    assert_eq!(live["counts"]["visit"], 1, "{live}");
    assert_eq!(
        (&person["state"], &person["visit"]["seq"], &person["done"], &person["total"]),
        (&json!("visit"), &json!(2), &json!(1), &json!(5))
    );
    assert_eq!(person["next"]["seq"], 3);
    let stay = person["stay_s"].as_i64().unwrap();
    assert!(((32 + 14) * 60..(32 + 15) * 60).contains(&stay), "the clock goes on meanwhile: {stay}");
    let home = boss.get("/api/v1/home").await.json;
    assert_eq!(
        (&home["team"][0]["effective"], &home["team"][0]["open"], &home["team"][0]["todo"]),
        (&json!(1), &json!(1), &json!(3)),
        "{home}"
    );
    let so_far = boss.get(&format!("/api/v1/reports/daily/{id}/2026-11-20")).await.json;
    assert_eq!((&so_far["provisional"], so_far["visits"].as_array().unwrap().len()), (&json!(true), 2));
    let meters = so_far["counted_m"].as_f64().unwrap();
    assert!((meters - 13_700.0).abs() < 140.0, "13.7 km so far: {meters}");

    // the rest, all late, after a drive home that nobody may know of
    app.clock.set(at(21, 0));
    let refused = send(&client, &day.points).await;
    assert_eq!(refused, 100);
    sync(&client, day.check_out(1)).await;
    for k in 2..5 {
        sync(&client, vec![day.check_in(k)]).await;
        sync(&client, day.check_out(k)).await;
    }
    let report = boss.get("/api/v1/reports/daily?day=2026-11-20").await;
    assert_eq!(report.status, 200);
    let row = report.json["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["employee"]["id"] == json!(id))
        .unwrap()
        .clone();
    for (figure, value) in [
        ("planned", json!(5)),
        ("visits", json!(5)),
        ("effective", json!(5)),
        ("stay_s", json!(9_000)),
        ("gap_s", json!(0)),
        ("estimated_m", json!(0)),
        ("refused_off_duty", json!(100)),
        ("stored_off_duty", json!(0)),
        ("provisional", json!(false)),
        ("first_check_in", json!(day.stays[0].0)),
        ("last_check_out", json!(day.stays[4].1)),
    ] {
        assert_eq!(row[figure], value, "{figure}: {row}");
    }
    let meters = row["counted_m"].as_f64().unwrap();
    assert!((meters - 38_000.0).abs() < 190.0, "38 km within half a per cent: {meters}");
    assert_eq!(row["summaries"].as_array().unwrap().len(), 5);
    assert!(row["plan_m"].as_i64().unwrap() > 20_000);
    assert_eq!(row["input_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(report.json["totals"]["counted_m"], row["counted_m"]);

    let played = boss.get(&format!("/api/v1/tracks/{id}/2026-11-20")).await.json;
    assert_eq!(played["summary"], row, "one set of figures everywhere");
    let points = played["points"].as_array().unwrap();
    let end = at(17, 0).0 / 1000;
    assert!(points.iter().all(|p| p[0].as_i64().unwrap() <= end), "nothing of the drive home");
    let driven: i64 = played["trips"].as_array().unwrap().iter().map(|t| t["meters"].as_i64().unwrap()).sum();
    assert!((driven - row["counted_m"].as_i64().unwrap()).abs() <= 5);
    let states = played["timeline"].as_array().unwrap();
    assert_eq!(states[0]["from"], json!(at(9, 0)));
    assert_eq!(states.last().unwrap()["to"], json!(at(17, 0)));
    assert!(states.windows(2).all(|w| w[0]["to"] == w[1]["from"]), "every minute has a state: {states:?}");
    assert_eq!(states.iter().filter(|s| s["state"] == "visit").count(), 5, "{states:?}");
    assert_eq!(
        client.get("/api/v1/me/days/2026-11-20").await.json["summary"],
        row,
        "he sees what his manager sees"
    );

    for (client, head, sum) in
        [(boss.clone(), "计入里程 km", "合计"), (boss.clone().in_english(), "Counted km", "Total")]
    {
        let file = client.get("/api/v1/reports/daily.xlsx?day=2026-11-20").await;
        assert_eq!(file.status, 200);
        let lines = testkit::sheet(&file.bytes);
        assert!(lines.iter().any(|l| l[6] == head), "{lines:?}");
        let number = |text: &str| text.parse::<f64>().unwrap();
        let kilometres = (row["counted_m"].as_f64().unwrap() / 100.0).round() / 10.0;
        for first in ["张伟", sum] {
            let line = lines.iter().find(|l| l[0] == first).unwrap();
            assert_eq!(line[2..5], ["5", "5", "5"], "{line:?}");
            assert_eq!((number(&line[5]) * 86_400.0).round() as i64, row["stay_s"].as_i64().unwrap());
            assert_eq!(number(&line[6]), kilometres);
        }
        let summaries = &lines.iter().find(|l| l[0] == "张伟").unwrap()[14];
        assert!(summaries.contains("客户 1：小结 1") && summaries.contains("客户 5：小结 5"), "{summaries}");
    }
    assert_eq!(boss.get("/api/v1/reports/daily?day=2026-13-01").await.code(), "input.invalid");
});

testkit::both!(late_fixes_make_the_day_anew, |app| async move {
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (points, _) = drive();
    // The day closes by itself some minutes after its end, also between two parts of what is sent.
    app.clock.set(at(17, 1));
    let points: Vec<Point> = points.into_iter().filter(|p| p.t < at(17, 0)).collect();
    let (morning, rest) = points.split_at(points.iter().take_while(|p| p.t < at(10, 0)).count());
    send(&client, rest).await;
    app.clock.set(at(18, 0));
    let url = format!("/api/v1/tracks/{id}/2026-11-20");
    let first = company.admin.get(&url).await.json;
    assert_eq!((&first["late_data"], &first["summary"]["provisional"]), (&json!(false), &json!(false)));
    assert!(first["summary"]["gap_s"].as_i64().unwrap() >= 3_500, "the morning is not known");
    app.clock.set(at(24 + 9, 0));
    send(&client, morning).await;
    let second = company.admin.get(&url).await.json;
    assert_eq!((&second["late_data"], &second["summary"]["gap_s"]), (&json!(true), &json!(0)));
    assert!(second["summary"]["counted_m"].as_i64() > first["summary"]["counted_m"].as_i64());
    let report = company.admin.get("/api/v1/reports/daily?day=2026-11-20").await.json;
    let row = report["rows"].as_array().unwrap().iter().find(|r| r["employee"]["id"] == json!(id)).unwrap();
    assert_eq!(*row, second["summary"]);
});
