//! Figures by what customers are: territory, grade and tag; every number is the rows it opens.

use serde_json::{Value, json};
use testkit::Client;

use crate::scene::{DAY, Scene, minute, place, record};

async fn report(client: &Client, by: &str) -> Value {
    let path = format!("/api/v1/reports/groups?by={by}&day_from={DAY}&day_to={DAY}");
    let reply = client.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

/// name, customers, covered, planned, visits, effective
type Line = (String, [i64; 5]);

fn lines(report: &Value) -> Vec<Line> {
    let line = |r: &Value| {
        let n = |k: &str| r[k].as_i64().unwrap();
        (
            r["name"].as_str().unwrap_or("—").to_owned(),
            ["customers", "covered", "planned", "visits", "effective"].map(n),
        )
    };
    report["rows"].as_array().unwrap().iter().map(line).collect()
}

testkit::both!(figures_by_grade_tag_and_territory, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let change = async |k: usize, what: Value| {
        let path = format!("/api/v1/customers/{}", s.customers[k]);
        let version = admin.get(&path).await.json["version"].as_i64().unwrap();
        let done = admin.patch(&path, version, what).await;
        assert_eq!(done.status, 200, "{}", done.json);
    };
    change(0, json!({ "tags": ["冷链", "连锁"] })).await;
    change(1, json!({ "tags": ["冷链"], "grade": "B" })).await;
    change(2, json!({ "grade": null })).await;
    let square = json!({ "name": "城东", "responsible_id": s.rep_id, "polygon": [[118.78, 32.03], [118.795, 32.03], [118.795, 32.05], [118.78, 32.05]] });
    let territory = s.manager.post("/api/v1/territories", square).await;
    assert_eq!(territory.status, 201, "{}", territory.json);
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    app.clock.set(minute(8 * 60));
    // The first is effective; the second was too short.
    s.taken(&record(&tasks[0], place(0), 70, 100).items).await;
    s.taken(&record(&tasks[1], place(1), 130, 131).items).await;
    let effective =
        s.manager.get(&format!("/api/v1/visits?day_from={DAY}&day_to={DAY}&effective=true")).await.json;
    assert_eq!(effective["items"].as_array().unwrap().len(), 1, "{effective}");

    let by_grade = report(&s.manager, "grade").await;
    assert_eq!(
        lines(&by_grade),
        [("A".into(), [3, 1, 3, 1, 1]), ("B".into(), [1, 0, 1, 1, 0]), ("—".into(), [1, 0, 1, 0, 0])]
    );
    assert_eq!((&by_grade["total"]["visits"], &by_grade["total"]["customers"]), (&json!(2), &json!(5)));
    let stay: i64 = by_grade["rows"].as_array().unwrap().iter().map(|r| r["stay_s"].as_i64().unwrap()).sum();
    // The figures of an open day may be some seconds old.
    app.clock.set(minute(8 * 60 + 5));
    let mut daily = s.manager.get(&format!("/api/v1/reports/daily?day={DAY}")).await.json;
    for _ in 0..100 {
        if daily["totals"]["visits"] == 2 && daily["totals"]["effective"] == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        daily = s.manager.get(&format!("/api/v1/reports/daily?day={DAY}")).await.json;
    }
    for of in ["planned", "visits", "effective", "stay_s"] {
        assert_eq!(by_grade["total"][of], daily["totals"][of], "the same measure as the day report: {of}");
    }
    assert_eq!(daily["totals"]["stay_s"], stay);
    let by_tag = report(&s.manager, "tag").await;
    let mut seen = lines(&by_tag);
    seen.sort();
    let mut wanted: Vec<Line> = vec![
        ("冷链".into(), [2, 1, 2, 2, 1]),
        ("连锁".into(), [1, 1, 1, 1, 1]),
        ("—".into(), [3, 0, 3, 0, 0]),
    ];
    wanted.sort();
    assert_eq!(seen, wanted);
    assert_eq!(by_tag["total"], by_grade["total"], "each once");
    let by_territory = report(&s.manager, "territory").await;
    assert_eq!(by_territory["total"], by_grade["total"]);
    // The square holds the customer of the first kilometre.
    let east = lines(&by_territory).into_iter().find(|(name, _)| name == "城东").unwrap();
    assert_eq!(east.1, [1, 1, 1, 1, 1], "{by_territory}");

    // Every number is the rows it opens.
    for found in [&by_grade, &by_tag, &by_territory] {
        for row in found["rows"].as_array().unwrap() {
            let group = row["group"].as_str().unwrap();
            let count = async |path: &str| {
                let path = format!("/api/v1/{path}day_from={DAY}&day_to={DAY}&count=true&group={group}");
                let reply = s.manager.get(&path).await;
                assert_eq!(reply.status, 200, "{path} {}", reply.json);
                assert_eq!(
                    reply.json["items"].as_array().unwrap().len() as i64,
                    reply.json["total"],
                    "{path}"
                );
                reply.json["total"].clone()
            };
            assert_eq!(count("visits?").await, row["visits"], "{row}");
            assert_eq!(count("visits?effective=true&").await, row["effective"], "{row}");
            assert_eq!(count("tasks?").await, row["planned"], "{row}");
        }
    }
    for bad in ["class:A", "A", "territory:x"] {
        assert_eq!(s.manager.get(&format!("/api/v1/visits?group={bad}")).await.status, 422, "{bad}");
    }

    // The file holds the same, and a sibling sees none of it.
    let file = s.manager.get(&format!("/api/v1/reports/groups.csv?by=tag&day_from={DAY}&day_to={DAY}")).await;
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.contains("冷链,2,1,2,2,1,") && text.contains("合计"), "{text}");
    let none = report(&s.sibling, "grade").await;
    assert_eq!((&none["rows"], &none["total"]["visits"]), (&json!([]), &json!(0)), "{none}");
    assert_eq!(
        s.rep.get(&format!("/api/v1/reports/groups?by=grade&day_from={DAY}&day_to={DAY}")).await.status,
        403
    );
    let wrong = s.manager.get("/api/v1/reports/groups?by=grade&day_from=2026-11-20&day_to=2026-11-19").await;
    assert_eq!(wrong.status, 422, "{}", wrong.json);
});
