//! How a template is worked through: figures of steps and people, and the way of one as its next version.

use serde_json::{Value, json};
use testkit::{App, Client};

use crate::scene::{DAY, Recorded, Scene, item, minute, place, record};

async fn report(client: &Client, s: &Scene) -> Value {
    let template = s.template["id"].as_str().unwrap();
    let path = format!("/api/v1/sop/report?template_id={template}&day_from={DAY}&day_to={DAY}");
    let reply = client.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

/// Two visits: a good one, and one that asked the question first and left out the photo.
async fn walked(app: &App) -> (Scene, Recorded, Recorded) {
    let s = Scene::begin(app).await;
    s.plan().await;
    let tasks = s.snapshot().await["tasks"].as_array().unwrap().clone();
    let of = |k: usize| tasks.iter().find(|t| t["customer"]["id"] == json!(s.customers[k])).unwrap().clone();
    let first = record(&of(0), place(0), 65, 95);
    let mut second = record(&of(1), place(1), 105, 130);
    app.clock.set(minute(135));
    s.taken(&first.items).await;
    let step = |k: usize| of(1)["steps"][k]["id"].clone();
    // The note is made first, the photo skipped with a reason, the question last.
    second.items.splice(
        1..4,
        [
            item("visit.step", minute(107), json!({ "visit_id": second.visit, "step_id": step(2), "status": "done", "value": "店主不在", "started_at": minute(106) })),
            item("visit.step", minute(108), json!({ "visit_id": second.visit, "step_id": step(0), "status": "skipped", "reason": "店主不让拍" })),
            item("visit.step", minute(112), json!({ "visit_id": second.visit, "step_id": step(1), "status": "done", "value": "低", "started_at": minute(108) })),
        ],
    );
    s.taken(&second.items).await;
    (s, first, second)
}

testkit::both!(steps_are_counted_by_outcome_and_by_person, |app| async move {
    let (s, ..) = walked(&app).await;
    let told = report(&s.manager, &s).await;
    assert_eq!((&told["visits"], &told["effective"]), (&json!(2), &json!(1)), "{told}");
    let row = |k: usize| told["steps"][k].clone();
    // The photo: two minutes once, skipped once, in the visit that did not count.
    let photo = row(0);
    assert_eq!(
        photo["all"],
        json!({ "asked": 2, "done": 1, "skipped": 1, "over": 0, "median_s": 120, "slow_s": 120 })
    );
    assert_eq!((&photo["effective"]["done"], &photo["other"]["skipped"]), (&json!(1), &json!(1)));
    // The question has a duration where it was begun by hand.
    assert_eq!(row(1)["all"]["median_s"], 240);
    // The note is nobody's duty; the good visit never touched it.
    assert_eq!(
        (&row(2)["all"]["asked"], &row(2)["all"]["done"], &row(2)["all"]["skipped"]),
        (&json!(2), &json!(1), &json!(0))
    );
    let person = &told["people"][0];
    assert_eq!(person["employee"]["name"], "张伟");
    assert_eq!((&person["asked"], &person["left_out"]), (&json!(6), &json!(2)), "{person}");
    assert_eq!(person["steps"].as_array().unwrap().len(), 3);

    // A sibling department sees none of it, another company not even the template; a rep may not read reports.
    assert_eq!(report(&s.sibling, &s).await["visits"], 0);
    let template = s.template["id"].as_str().unwrap();
    let path = format!("/api/v1/sop/report?template_id={template}&day_from={DAY}&day_to={DAY}");
    assert_eq!(s.stranger.get(&path).await.status, 404);
    assert_eq!(s.rep.get(&path).await.status, 403);
    let backwards = format!("/api/v1/sop/report?template_id={template}&day_from={DAY}&day_to=2026-11-01");
    let refused = s.manager.get(&backwards).await;
    assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (422, &json!("day_to")));
});

testkit::both!(a_way_of_working_becomes_the_next_version, |app| async move {
    let (s, _, second) = walked(&app).await;
    let template = s.template["id"].as_str().unwrap();
    let of_visit = format!("/api/v1/sop/pattern?visit_id={}", second.visit);
    let told = s.manager.get(&of_visit).await.json;
    assert_eq!((&told["template"]["id"], &told["visits"]), (&s.template["id"], &json!(1)), "{told}");
    let titles: Vec<(&str, bool, i64)> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["step"]["title"].as_str().unwrap(), p["kept"] == true, p["place"].as_i64().unwrap()))
        .collect();
    assert_eq!(titles, [("备注", true, 3), ("采购意向", true, 2), ("门头照", false, 1)]);
    // Over both visits the question is always asked, the rest half the time: not kept.
    let of_person = format!(
        "/api/v1/sop/pattern?template_id={template}&employee_id={}&day_from={DAY}&day_to={DAY}",
        s.rep_id
    );
    let person = s.manager.get(&of_person).await.json;
    assert_eq!(
        (&person["visits"], &person["steps"][0]["step"]["title"]),
        (&json!(2), &json!("采购意向")),
        "{person}"
    );
    assert_eq!(person["steps"].as_array().unwrap().iter().filter(|p| p["kept"] == true).count(), 1);

    // Saved, it is the next version: new plans have it, what is planned keeps its own.
    let steps: Vec<Value> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["kept"] == true)
        .map(|p| {
            let mut step = p["step"].clone();
            step["limit_s"] = json!(60);
            step
        })
        .collect();
    let path = format!("/api/v1/task-templates/{template}");
    let saved = s.manager.patch(&path, told["version"].as_i64().unwrap(), json!({ "steps": steps })).await;
    assert_eq!(saved.status, 200, "{}", saved.json);
    let kept = s.snapshot().await["tasks"][2]["steps"].as_array().unwrap().len();
    assert_eq!(kept, 3, "planned before");
    // The withdrawn photo is still told for the visits that had it; the limit counts from now on.
    let after = report(&s.manager, &s).await;
    let shown: Vec<(&str, bool)> = after["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["step"]["title"].as_str().unwrap(), r["in_force"] == true))
        .collect();
    assert_eq!(shown, [("备注", true), ("采购意向", true), ("门头照", false)]);
    assert_eq!(after["steps"][1]["all"]["over"], 0, "the limit is younger than the visits");

    // Out of reach, without a template, or neither visit nor person.
    assert_eq!(s.sibling.get(&of_visit).await.status, 404);
    assert_eq!(s.stranger.get(&of_visit).await.status, 404);
    assert_eq!(s.sibling.get(&of_person).await.status, 404);
    assert_eq!(s.rep.get(&of_visit).await.status, 403);
    // How somebody works is told to those who may see it, not to whoever writes templates.
    let role = json!({ "name": "写模板", "permissions": ["customer.read", "task.read", "task.write"], "reach": "company" });
    let role = s.company.admin.post("/api/v1/roles", role).await.json["id"].clone();
    let new = json!({ "name": "周写", "login": "zhouxie", "password": testkit::PASSWORD, "role_id": role, "department_id": s.region });
    assert_eq!(s.company.admin.post("/api/v1/employees", new).await.status, 201);
    let writer = app.sign_in("zhouxie", testkit::PASSWORD).await;
    for (path, permission) in [(&of_visit, "visit.read"), (&of_person, "report.read")] {
        let refused = writer.get(path).await;
        assert_eq!(refused.code(), "auth.forbidden", "{permission}: {}", refused.json);
    }
    let nothing = s.manager.get(&format!("/api/v1/sop/pattern?template_id={template}")).await;
    assert_eq!((nothing.status, &nothing.json["errors"][0]["field"]), (422, &json!("visit_id")));
    let both = format!("{of_visit}&employee_id={}", s.rep_id);
    assert_eq!(s.manager.get(&both).await.status, 422);
});

testkit::both!(ready_sets_of_steps_can_be_saved, |app| async move {
    let s = Scene::begin(&app).await;
    let ready =
        s.manager.get("/api/v1/task-templates/library").await.json["items"].as_array().unwrap().clone();
    assert!(ready.len() >= 6);
    for one in ready {
        let new = json!({ "name": one["name"], "kind": one["kind"], "min_stay_s": one["min_stay_s"], "steps": one["steps"] });
        let made = s.manager.post("/api/v1/task-templates", new).await;
        assert_eq!(made.status, 201, "{} {}", one["key"], made.json);
        assert_eq!(made.json["steps"].as_array().unwrap().len(), one["steps"].as_array().unwrap().len());
    }
    let hurried =
        json!({ "name": "x", "kind": "visit", "steps": [{ "title": "快", "kind": "yes_no", "limit_s": 1 }] });
    let refused = s.manager.post("/api/v1/task-templates", hurried).await;
    assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (422, &json!("steps[0].limit_s")));
});

testkit::both!(visits_go_out_with_their_proofs, |app| async move {
    let (s, first, _) = walked(&app).await;
    let path = format!("/api/v1/visits.csv?day_from={DAY}&day_to={DAY}");
    let file = String::from_utf8(s.manager.get(&path).await.bytes).unwrap();
    assert!(file.lines().next().unwrap().ends_with("凭证·签名,拜访记录"), "{file}");
    assert_eq!(file.lines().count(), 3, "{file}");
    let line = file.lines().find(|l| l.contains(&first.visit.to_string())).unwrap();
    assert!(
        line.contains("客户 1")
            && line.contains("首单意向 20 箱")
            && line.ends_with(&format!("/visits/{}", first.visit)),
        "{line}"
    );
    let asked =
        format!("/api/v1/visits.xlsx?day_from={DAY}&employee_id={}&verdict=in,out,cannot_tell", s.rep_id);
    let book = s.manager.get(&asked).await;
    let sheets = org::sheet::read_book(&book.bytes, &["说明"]).expect("a workbook");
    let about: Vec<&str> = sheets[1].1.iter().flatten().map(|(_, line)| line[1].as_str()).collect();
    assert_eq!(about[..2], ["甲", "拜访"], "{about:?}");
    assert_eq!(about[6..], [DAY, "张伟", "在范围内、在范围外、无法判断"], "{about:?}");
    // Chosen one by one: what is there of them, in reach, and no more.
    let ids = format!("ids={},{},{}", first.visit, first.visit, uuid::Uuid::now_v7());
    let chosen = String::from_utf8(s.manager.get(&format!("/api/v1/visits.csv?{ids}")).await.bytes).unwrap();
    assert!(chosen.lines().count() == 2 && chosen.contains(&first.visit.to_string()), "{chosen}");
    let listed = s.manager.get(&format!("/api/v1/visits?{ids}&count=true")).await.json;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(first.visit)), "{listed}");
    let other = s.manager.get(&format!("/api/v1/visits?{ids}&verdict=out")).await.json;
    assert_eq!(other["items"], json!([]), "what else is asked holds too");
    assert_eq!(s.sibling.get(&format!("/api/v1/visits?{ids}")).await.json["items"], json!([]));
    let many = vec![first.visit.to_string(); 101].join(",");
    for bad in [many.as_str(), "x", ""] {
        assert_eq!(s.manager.get(&format!("/api/v1/visits.csv?ids={bad}")).await.status, 422, "{bad:.20}");
    }
    // Nothing of it for a sibling; a rep has his own.
    let theirs = String::from_utf8(s.sibling.get(&path).await.bytes).unwrap();
    assert_eq!(theirs.lines().count(), 1, "{theirs}");
    let trail = s.company.admin.get("/api/v1/audit?limit=50").await.json.to_string();
    assert!(trail.contains("visit.export"), "{trail}");
});
