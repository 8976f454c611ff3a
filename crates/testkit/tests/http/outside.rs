//! Checking in from outside the fence: why, and whether at all.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    changes::put_rule,
    scene::{Scene, fix, id, item, jpeg, minute, place, record, sha256},
};

/// A check-in at the first customer from the place of the third, which lies outside its fence.
fn from_afar(s: &Scene, visit: Uuid, offline: bool, outside: Option<Value>) -> Value {
    let mut body = json!({
        "visit_id": visit, "task_id": null, "customer_id": s.customers[0], "fix": fix(place(2), 9.0, minute(70)), "offline": offline
    });
    if let Some(outside) = outside {
        body["outside"] = outside;
    }
    item("visit.check_in", minute(70), body)
}

testkit::both!(a_reason_given_outside_stays_with_the_visit, |app| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(71));
    let visit = Uuid::now_v7();
    let why = json!({ "code": "elsewhere", "words": "约在仓库见面" });
    let said = from_afar(&s, visit, false, Some(why.clone()));
    s.taken(std::slice::from_ref(&said)).await;
    assert_eq!(s.sync(std::slice::from_ref(&said)).await[0]["status"], "duplicate");
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!((&shown["verdict"], &shown["outside"]), (&json!("out"), &why), "{shown}");
    let list = s.manager.get("/api/v1/visits?verdict=out").await.json;
    assert_eq!(list["items"][0]["outside"], why);
    // The same visit with another reason is another visit.
    let other = from_afar(&s, visit, false, Some(json!({ "code": "moved" })));
    assert_eq!(s.sync(&[other]).await[0]["code"], "sync.conflict");
    for (bad, field) in [
        (json!({ "code": "other" }), "outside.words"),
        (json!({ "code": "other", "words": "  " }), "outside.words"),
        (json!({ "code": "moved", "words": "长".repeat(201) }), "outside.words"),
        (json!({ "code": "bored" }), ""),
        (json!("moved"), ""),
    ] {
        let refused = s.sync(&[from_afar(&s, Uuid::now_v7(), false, Some(bad.clone()))]).await;
        assert_eq!(refused[0]["status"], "rejected", "{bad}");
        assert!(refused[0].to_string().contains(field), "{bad}: {refused:?}");
    }
});

testkit::both!(a_phone_of_before_says_no_reason, |app| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(71));
    let visit = Uuid::now_v7();
    s.taken(&[from_afar(&s, visit, false, None)]).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!((&shown["verdict"], &shown["outside"]), (&json!("out"), &Value::Null));
});

testkit::both!(a_company_may_refuse_check_ins_from_outside, |app| async move {
    let s = Scene::begin(&app).await;
    let rule = s.company.admin.get("/api/v1/plan-changes/rule").await.json;
    assert_eq!(rule["outside"], "reason");
    // A console of before does not speak of it.
    let old = json!({ "reorder": "free", "skip": "free" });
    let version = |v: &Value| v["version"].as_i64().unwrap();
    let kept = put_rule(&s.company.admin, version(&rule), old).await;
    assert_eq!((kept.status, &kept.json["outside"]), (200, &json!("reason")), "{}", kept.json);
    let bad = json!({ "reorder": "free", "skip": "free", "outside": "sometimes" });
    assert_eq!(put_rule(&s.company.admin, version(&kept.json), bad).await.status, 422);
    let strict = json!({ "reorder": "free", "skip": "free", "outside": "no" });
    let set = put_rule(&s.company.admin, version(&kept.json), strict).await;
    assert_eq!(set.status, 200, "{}", set.json);
    assert_eq!(s.snapshot().await["plan_rule"]["outside"], "no");
    // Nor does it loosen it.
    let old = json!({ "reorder": "free", "skip": "approval" });
    let kept = put_rule(&s.company.admin, version(&set.json), old).await;
    let told = json!({ "reorder": "free", "skip": "approval", "outside": "no", "identity": "none", "version": version(&kept.json) });
    assert_eq!((kept.status, &kept.json), (200, &told));
    assert_eq!(s.company.admin.get("/api/v1/plan-changes/rule").await.json, told);

    app.clock.set(minute(71));
    let why = json!({ "code": "position" });
    let refused = s.sync(&[from_afar(&s, Uuid::now_v7(), false, Some(why.clone()))]).await;
    assert_eq!(
        (&refused[0]["status"], &refused[0]["code"]),
        (&json!("rejected"), &json!("visit.outside")),
        "{refused:?}"
    );
    // Without a network nobody could be told: it is kept for what it is.
    let visit = Uuid::now_v7();
    s.taken(&[from_afar(&s, visit, true, Some(why))]).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!((&shown["verdict"], &shown["effective"]), (&json!("out"), &Value::Null), "{shown}");
    // Nor could a phone that was in a network without internet, or asks nobody, and is heard later.
    app.clock.set(minute(73));
    let late = Uuid::now_v7();
    s.taken(&[from_afar(&s, late, false, None)]).await;
    assert_eq!(s.manager.get(&format!("/api/v1/visits/{late}")).await.json["verdict"], "out");
    // From inside nothing has changed.
    let inside = json!({ "visit_id": Uuid::now_v7(), "task_id": null, "customer_id": s.customers[1], "fix": fix(place(1), 9.0, minute(70)), "offline": false });
    s.taken(&[item("visit.check_in", minute(70), inside)]).await;
});

/// The photo of the place: that it was taken, and the step it stands for, which bears the visit's id.
fn photo_of_the_place(visit: Uuid, photo: Uuid, bytes: &[u8]) -> [Value; 2] {
    let shot = json!({
        "visit_id": visit, "step_id": visit, "photo_id": photo, "sha256": sha256(bytes), "size": bytes.len(), "mime": "image/jpeg",
        "width": 64, "height": 48, "taken_at": minute(71), "fix": fix(place(2), 9.0, minute(71)), "live": true
    });
    let done = json!({ "visit_id": visit, "step_id": visit, "status": "done", "photo_ids": [photo] });
    [item("visit.photo", minute(71), shot), item("visit.step", minute(72), done)]
}

fn photo_step(visit: &Value) -> Option<&Value> {
    visit["steps"].as_array().unwrap().iter().find(|s| s["step"]["id"] == visit["id"])
}

testkit::both!(a_photo_of_the_place_may_be_asked_for_as_well, |app| async move {
    let s = Scene::begin(&app).await;
    let photo = json!({ "reorder": "free", "skip": "free", "outside": "photo" });
    let set = put_rule(&s.company.admin, 0, photo).await;
    assert_eq!((set.status, &set.json["outside"]), (200, &json!("photo")), "{}", set.json);
    assert_eq!(s.snapshot().await["plan_rule"]["outside"], "photo");

    app.clock.set(minute(75));
    let (visit, why) = (Uuid::now_v7(), json!({ "code": "moved" }));
    let mut arrived = from_afar(&s, visit, true, Some(why.clone()));
    arrived["body"]["place_photo"] = json!(true);
    s.taken(&[arrived]).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    let step = photo_step(&shown).unwrap_or_else(|| panic!("{shown}"));
    assert_eq!((&step["step"]["kind"], &step["step"]["mandatory"]), (&json!("photo"), &json!(true)));
    // The step is a step like any other: nothing is done without the picture.
    let bytes = jpeg(64, 48, 7);
    let [shot, done] = photo_of_the_place(visit, Uuid::now_v7(), &bytes);
    let mut empty = done.clone();
    empty["body"]["photo_ids"] = json!([]);
    assert_eq!(s.sync(&[empty]).await[0]["code"], "visit.step_incomplete");
    s.taken(&[shot, done]).await;
    let leave = json!({ "visit_id": visit, "fix": fix(place(2), 9.0, minute(74)) });
    s.taken(&[item("visit.check_out", minute(74), leave)]).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    let step = photo_step(&shown).unwrap();
    assert_eq!((&step["status"], step["photos"].as_array().unwrap().len()), (&json!("done"), 1));
    assert_eq!((&shown["outside"], &shown["photo_count"]), (&why, &json!(1)));
    let reasons = shown["ineffective_reasons"].to_string();
    assert!(reasons.contains("outside_fence") && !reasons.contains("steps_missing"), "{reasons}");

    // Inside nobody is asked.
    let inside = Uuid::now_v7();
    let near = json!({ "visit_id": inside, "task_id": null, "customer_id": s.customers[1], "fix": fix(place(1), 9.0, minute(74)), "offline": true });
    s.taken(&[item("visit.check_in", minute(74), near)]).await;
    assert_eq!(photo_step(&s.manager.get(&format!("/api/v1/visits/{inside}")).await.json), None);
});

testkit::both!(a_phone_that_does_not_know_of_the_photo_goes_on_without, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let photo = json!({ "reorder": "free", "skip": "free", "outside": "photo" });
    assert_eq!(put_rule(&s.company.admin, 0, photo).await.status, 200);
    let tasks = s.snapshot().await["tasks"].clone();
    let first =
        tasks.as_array().unwrap().iter().find(|t| id(&t["customer"]["id"]) == s.customers[0]).unwrap();
    app.clock.set(minute(105));
    let from_the_third = record(first, place(2), 60, 100);
    s.taken(&from_the_third.items).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{}", from_the_third.visit)).await.json;
    assert_eq!(photo_step(&shown).unwrap()["status"], "todo", "the office sees that it is missing");
    assert!(shown["ineffective_reasons"].to_string().contains("steps_missing"), "{shown}");
});

testkit::both!(a_class_of_customers_has_its_own_rule_for_outside, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let classes = admin.get("/api/v1/customer-classes").await.json;
    let class =
        classes["items"].as_array().unwrap().iter().find(|c| c["is_default"] == true).unwrap().clone();
    assert_eq!(class["outside"], Value::Null);
    assert_eq!(s.snapshot().await["outside_by_class"], json!({}));
    let path = format!("/api/v1/customer-classes/{}", class["id"].as_str().unwrap());
    let body = |outside: Value| json!({ "name": class["name"], "radius_m": class["radius_m"], "min_stay_s": class["min_stay_s"], "outside": outside });
    assert_eq!(admin.patch(&path, 1, body(json!("never"))).await.status, 422);
    assert_eq!(s.manager.patch(&path, 1, body(json!("no"))).await.status, 403);
    let strict = admin.patch(&path, 1, body(json!("no"))).await;
    assert_eq!((strict.status, &strict.json["outside"]), (200, &json!("no")), "{}", strict.json);
    // Who does not speak of it leaves it as it is.
    let old =
        json!({ "name": class["name"], "radius_m": class["radius_m"], "min_stay_s": class["min_stay_s"] });
    assert_eq!(admin.patch(&path, 2, old).await.json["outside"], "no");
    assert_eq!(s.snapshot().await["outside_by_class"], json!({ class["id"].as_str().unwrap(): "no" }));

    app.clock.set(minute(71));
    let refused = s.sync(&[from_afar(&s, Uuid::now_v7(), false, Some(json!({ "code": "moved" })))]).await;
    assert_eq!(refused[0]["code"], "visit.outside", "{refused:?}");
    let asks = admin.patch(&path, 3, body(json!("photo"))).await;
    assert_eq!(asks.status, 200, "{}", asks.json);
    let visit = Uuid::now_v7();
    s.taken(&[from_afar(&s, visit, false, Some(json!({ "code": "moved" })))]).await;
    assert!(photo_step(&s.manager.get(&format!("/api/v1/visits/{visit}")).await.json).is_some());
    // And back to what the company says.
    assert_eq!(admin.patch(&path, 4, body(Value::Null)).await.json["outside"], Value::Null);
    // Where only the phone thought that a photo is asked for it is welcome, and no duty.
    let visit = Uuid::now_v7();
    let mut arrived = from_afar(&s, visit, false, Some(json!({ "code": "moved" })));
    arrived["body"]["place_photo"] = json!(true);
    // One visit is open at a time on a phone; the server takes what comes.
    s.taken(&[arrived]).await;
    let shown = s.manager.get(&format!("/api/v1/visits/{visit}")).await.json;
    assert_eq!(photo_step(&shown).unwrap()["step"]["mandatory"], false);
});
