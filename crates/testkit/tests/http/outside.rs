//! Checking in from outside the fence: why, and whether at all.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    changes::put_rule,
    scene::{Scene, fix, item, minute, place},
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
