//! How well days are recorded: the person and the manager read the same line.

use base::Micros;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::tracking::{at, rep};

fn line(board: &Value, id: Uuid) -> &Value {
    let items = board["items"].as_array().unwrap();
    items.iter().find(|l| l["employee"]["id"] == json!(id)).unwrap_or_else(|| panic!("{board}"))
}

testkit::both!(both_sides_see_what_is_missing_and_what_mends_it, |app| async move {
    let company = app.company("甲").await;
    let north = app.department(&company, "一区", company.root_department).await;
    let south = app.department(&company, "二区", company.root_department).await;
    let (zhang, phone) = rep(&app, &company, "张伟", "zhangwei", north).await;
    let (li, other) = app.person(&company, "李娜", "lina", "rep", north).await;
    let (_, boss) = app.person(&company, "陈静", "chenjing", "manager", north).await;
    let (_, sibling) = app.person(&company, "周强", "zhouqiang", "manager", south).await;
    let stranger = app.company("乙").await;
    app.clock.set(at(10, 30));
    // A drive of an hour; then the same phone with a clock that runs an hour ahead.
    let fix = |t: Micros, i: i64| json!({ "t": t, "at": [118.70 + 0.001 * i as f64, 32.04], "accuracy_m": 6.0, "battery": 15 });
    let drive: Vec<Value> = (0..91).map(|i| fix(at(9, 0).plus(i * Micros::MINUTE), i)).collect();
    let sent = phone.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": drive })).await;
    assert_eq!(sent.json["accepted"], 91, "{}", sent.json);
    let ahead = [fix(at(10, 46), 91), fix(at(11, 30), 92)];
    let sent = phone.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": ahead })).await;
    assert_eq!(sent.json["refused_invalid"], 2, "{}", sent.json);

    let board = boss.get("/api/v1/tracking/health").await;
    assert_eq!(board.status, 200, "{}", board.json);
    let one = line(&board.json, zhang);
    assert_eq!(one["advice"], json!(["clock_wrong", "battery_low"]), "{one}");
    assert_eq!(one["refused"]["bad_time"], 2);
    assert_eq!(one["battery"], 15);
    // The clock of the test goes on while it runs.
    assert!((90 * 60..95 * 60).contains(&one["duty_s"].as_i64().unwrap()), "{one}");
    assert!(one["recorded_s"].as_i64().unwrap() >= 88 * 60, "{one}");
    assert_eq!(one["heard_at"], json!(at(10, 30)));
    assert!(one["consent_at"].is_string());
    let two = line(&board.json, li);
    assert_eq!(two["advice"], json!(["never_heard", "no_consent"]), "{two}");
    assert_eq!(two["recorded_s"], 0);
    let gaps: i64 = ["no_permission_s", "phone_off_s", "no_signal_s", "unknown_s"]
        .iter()
        .map(|k| two["missing"][k].as_i64().unwrap())
        .sum();
    assert_eq!(gaps, two["duty_s"].as_i64().unwrap(), "every minute of the shift is accounted for: {two}");
    // Most urgent first, page by page, each person once.
    let first = boss.get("/api/v1/tracking/health?limit=1").await.json;
    assert_eq!(first["items"][0]["employee"]["id"], json!(zhang));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = boss.get(&format!("/api/v1/tracking/health?limit=1&cursor={cursor}")).await.json;
    assert_eq!(second["items"][0]["employee"]["id"], json!(li));

    for (client, id) in [(&phone, zhang), (&other, li)] {
        let own = client.get("/api/v1/me/tracking-health").await;
        assert_eq!(own.status, 200, "{}", own.json);
        let board = boss.get("/api/v1/tracking/health").await.json;
        for same in [
            "employee",
            "advice",
            "heard_at",
            "fix_at",
            "battery",
            "refused",
            "consent_at",
            "trackers",
            "duty",
        ] {
            assert_eq!(own.json[same], line(&board, id)[same], "{same}");
        }
        assert_eq!(client.get("/api/v1/tracking/health").await.status, 403);
    }
    for outside in [&sibling, &stranger.admin] {
        let text = outside.get("/api/v1/tracking/health").await.json.to_string();
        assert!(!text.contains(&zhang.to_string()), "{text}");
    }
    let ledger = phone.get("/api/v1/me/ledger").await.json;
    assert_eq!(
        (&ledger["items"][0]["what"], &ledger["items"][0]["reader"]["name"]),
        (&json!("report"), &json!("陈静")),
        "{ledger}"
    );
    for bad in ["?day=yesterday", "?cursor=nonsense"] {
        assert_eq!(boss.get(&format!("/api/v1/tracking/health{bad}")).await.status, 422, "{bad}");
    }
    // The day after, the day before still tells what was missing.
    app.clock.set(at(24 + 9, 30));
    let past = boss.get("/api/v1/tracking/health?day=2026-11-20").await.json;
    assert_eq!(line(&past, zhang)["duty_s"], 8 * 3600);
    assert_eq!(line(&past, zhang)["heard_at"], json!(at(10, 30)));
});
