//! Items that are checked: judged on both sides, scored, followed up once, reported and exported.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, jpeg, minute, place, sha256};

fn spec() -> Value {
    json!({ "title": { "zh-CN": "门店检查", "en": "Store check" }, "fields": [
        { "key": "floor", "type": "check", "label": { "zh-CN": "地面干净", "en": "Floor" }, "required": "true", "weight": 2, "photos": 1,
          "follow": { "who": "owner", "days": 2, "title": { "zh-CN": "清洁地面" } } },
        { "key": "fridge", "type": "check", "label": { "zh-CN": "冷柜温度", "en": "Fridge" }, "measure": { "places": 1, "min": 2, "max": 8 }, "weight": 3,
          "follow": { "who": "head" } },
        { "key": "lamp", "type": "check", "label": { "zh-CN": "灯箱", "en": "Lamp" }, "remark": false },
    ] })
}

/// A rep who stands at his first customer with the form as his step.
struct Shop {
    s: Scene,
    form: Value,
    visit: Uuid,
    step: Value,
}

async fn begin(app: &App) -> Shop {
    let s = Scene::begin(app).await;
    let form = crate::forms::published(&s.company.admin, "store", spec()).await;
    let new = json!({
        "employee_id": s.rep_id, "customer_id": s.customers[0], "day": DAY, "window": { "from_minute": 540, "to_minute": 1020 },
        "steps": [{ "title": "检查", "kind": "form", "form_id": form["id"] }],
    });
    let task = s.manager.post("/api/v1/tasks", new).await;
    assert_eq!(task.status, 201, "{}", task.json);
    app.clock.set(minute(100));
    let visit = Uuid::now_v7();
    let here = fix(place(0), 9.0, minute(70));
    let body = json!({ "visit_id": visit, "task_id": task.json["id"], "customer_id": s.customers[0], "fix": here, "offline": true });
    s.taken(&[item("visit.check_in", minute(70), body)]).await;
    let step = task.json["steps"][0].clone();
    Shop { s, form, visit, step }
}

impl Shop {
    async fn photo(&self) -> Uuid {
        let (photo, bytes) = (Uuid::now_v7(), jpeg(64, 48, 7));
        let body = json!({
            "visit_id": self.visit, "step_id": self.step["id"], "photo_id": photo, "sha256": sha256(&bytes), "size": bytes.len(), "mime": "image/jpeg",
            "width": 64, "height": 48, "taken_at": minute(72), "live": true
        });
        self.s.taken(&[item("visit.photo", minute(72), body)]).await;
        photo
    }

    fn filled(&self, record: Uuid, at: i64, answers: &Value, photos: &[Uuid]) -> Value {
        let value = json!({ "record_id": record, "answers": answers });
        item(
            "visit.step",
            minute(at),
            json!({ "visit_id": self.visit, "step_id": self.step["id"], "status": "done", "photo_ids": photos, "value": value }),
        )
    }

    async fn failures(&self, client: &Client) -> Vec<Value> {
        let reply = client.get(&format!("/api/v1/checks/failures?day_from={DAY}&day_to={DAY}")).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json["items"].as_array().unwrap().clone()
    }

    async fn tasks(&self) -> Vec<Value> {
        let all = self.s.manager.get("/api/v1/tasks?limit=100").await.json;
        let follow = |t: &&Value| t["steps"] == json!([]);
        all["items"].as_array().unwrap().iter().filter(follow).cloned().collect()
    }
}

testkit::both!(a_failed_item_is_proved_scored_and_followed_up_once, |app| async move {
    let d = begin(&app).await;
    let photo = d.photo().await;
    let record = Uuid::now_v7();
    // Without remark and picture it is refused, and every lack is named.
    let bare = json!({ "floor": { "result": "fail" }, "fridge": { "value": 4.5 } });
    let refused = d.s.sync(&[d.filled(record, 74, &bare, &[photo])]).await;
    assert_eq!(refused[0]["code"], "form.answers");
    let detail = refused[0]["detail"].as_str().unwrap();
    assert!(detail.contains("floor.remark") && detail.contains("floor.photos"), "{detail}");
    // A picture of somebody else's is no proof.
    let strange = json!({ "floor": { "result": "fail", "remark": "油污", "photos": [Uuid::now_v7()] }, "fridge": { "value": 4.5 } });
    assert_eq!(d.s.sync(&[d.filled(record, 74, &strange, &[photo])]).await[0]["code"], "form.picture");
    let answers = json!({ "floor": { "result": "fail", "remark": "油污", "photos": [photo] }, "fridge": { "result": "pass", "value": 9.5, "remark": "太热" }, "lamp": { "result": "na" } });
    d.s.taken(&[d.filled(record, 75, &answers, &[photo])]).await;
    let row = d.s.manager.get(&format!("/api/v1/form-records/{record}")).await.json;
    assert_eq!(row["checks"], json!({ "passed": 0.0, "applicable": 5.0, "failed": 2 }), "{row}");
    assert_eq!(row["answers"]["fridge"]["result"], "fail", "the limits decide, whatever the phone said");
    let failures = d.failures(&d.s.manager).await;
    assert_eq!(failures.len(), 2);
    let tasks = d.tasks().await;
    let titles: Vec<&str> = tasks.iter().map(|t| t["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"清洁地面") && titles.contains(&"整改：冷柜温度"), "{titles:?}");
    let floor = tasks.iter().find(|t| t["title"] == "清洁地面").unwrap();
    assert_eq!(
        (floor["day"].as_str(), id(&floor["employee"]["id"]), floor["note"].as_str()),
        (Some("2026-11-22"), d.s.rep_id, Some("地面干净：油污")),
        "the owner, in two days"
    );
    assert_eq!(failures[0]["follow_up"]["status"], "new");
    // Answered again, and corrected by the office: nothing is opened twice.
    let again = json!({ "floor": { "result": "fail", "remark": "还有油污", "photos": [photo] }, "fridge": { "value": 5 }, "lamp": { "result": "pass" } });
    d.s.taken(&[d.filled(record, 80, &again, &[photo])]).await;
    assert_eq!(d.tasks().await.len(), 2);
    let failures = d.failures(&d.s.manager).await;
    let stands = |f: &str| failures.iter().find(|x| x["field"] == f).unwrap()["stands"].clone();
    assert_eq!((stands("floor"), stands("fridge")), (json!(true), json!(false)));
    let row = d.s.manager.get(&format!("/api/v1/form-records/{record}")).await.json;
    assert_eq!(row["checks"], json!({ "passed": 4.0, "applicable": 6.0, "failed": 1 }));
    // Scores by store and area, seen in reach and by nobody else.
    for (by, name) in [("customer", "客户 1"), ("department", "一区")] {
        let path = format!("/api/v1/checks/scores?by={by}&day_from={DAY}&day_to={DAY}");
        let score = d.s.manager.get(&path).await.json["items"][0].clone();
        assert_eq!(
            (score["name"].as_str(), &score["passed"], &score["applicable"]),
            (Some(name), &json!(4.0), &json!(6.0)),
            "{score}"
        );
        for other in [&d.s.sibling, &d.s.stranger] {
            assert_eq!(other.get(&path).await.json["items"], json!([]));
        }
    }
    let path = format!("/api/v1/checks/scores?by=territory&day_from={DAY}&day_to={DAY}");
    assert_eq!(d.s.manager.get(&path).await.json["items"][0]["id"], Value::Null, "a store of no territory");
    assert_eq!(d.failures(&d.s.sibling).await, Vec::<Value>::new());
    assert_eq!(
        d.s.manager
            .get(&format!("/api/v1/checks/scores?by=weather&day_from={DAY}&day_to={DAY}"))
            .await
            .status,
        422
    );
    let snapshot = d.s.snapshot().await;
    let last = &snapshot["checks"][0];
    assert_eq!((id(&last["customer_id"]), &last["failed"]), (d.s.customers[0], &json!(1)), "{last}");
    // The file has a column for each part.
    let path = format!("/api/v1/form-records.csv?form_id={}", d.form["id"].as_str().unwrap());
    let text = String::from_utf8(d.s.manager.get(&path).await.bytes.to_vec()).unwrap();
    assert!(
        text.contains("冷柜温度·数值") && text.contains("地面干净·说明") && text.contains("还有油污"),
        "{text}"
    );
});

testkit::both!(a_form_with_faulty_items_is_not_published, |app| async move {
    let s = Scene::begin(&app).await;
    let mut spec = spec();
    spec["fields"][0]["follow"] = json!({ "who": "named" });
    spec["fields"][1]["measure"] = json!({ "min": 9, "max": 2 });
    let made = s.company.admin.post("/api/v1/forms", json!({ "key": "store", "spec": spec })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let faults: Vec<String> = made.json["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            format!(
                "{} {} {}",
                f["path"].as_str().unwrap(),
                f["part"].as_str().unwrap(),
                f["code"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(faults, ["floor follow missing", "fridge min limits"]);
    // No other program has such items: the file is refused, and it is said why.
    let path = format!("/api/v1/forms/{}/xlsform", made.json["id"].as_str().unwrap());
    let losses = s.company.admin.get(&path).await;
    assert_eq!(losses.status, 200, "{}", losses.json);
    assert!(losses.json.to_string().contains("检查项"), "{}", losses.json);
    let file = s.company.admin.get(&format!("{path}.xlsx")).await;
    assert_eq!(file.status, 422, "{}", file.json);
});
