//! Attendance: who works when, punches taken once, requests decided, days judged, months closed.

use serde_json::{Value, json};
use testkit::{App, Client};
use uuid::Uuid;

use crate::scene::{DAY, Scene, fix, id, item, minute, place, start};

/// The scene with 陈静 as head of the region.
async fn desk(app: &App) -> Scene {
    let s = Scene::begin(app).await;
    let head = id(&s.manager.get("/api/v1/me").await.json["employee"]["id"]);
    let all = s.company.admin.get("/api/v1/departments").await.json;
    let row = all["items"].as_array().unwrap().iter().find(|d| id(&d["id"]) == s.region).unwrap().clone();
    let body = json!({ "manager_ids": [head] });
    let path = format!("/api/v1/departments/{}", s.region);
    let done = s.company.admin.patch(&path, row["version"].as_i64().unwrap(), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
    must_punch(&s, json!("2026-11-01")).await;
    s
}

async fn id_of(client: &Client) -> Uuid {
    id(&client.get("/api/v1/me").await.json["employee"]["id"])
}

/// From which day on the company has to punch.
async fn must_punch(s: &Scene, from: Value) {
    let rule = json!({ "within": "anywhere", "outside": "record", "visit_counts": false, "window_minutes": 60, "must_from": from });
    let done = s.company.admin.put("/api/v1/punch-rules", rule).await;
    assert_eq!(done.status, 200, "{}", done.json);
}

async fn made(client: &Client, path: &str, body: Value) -> Value {
    let reply = client.post(path, body).await;
    assert_eq!(reply.status, 201, "{path} {}", reply.json);
    reply.json
}

fn shift(name: &str, pairs: &[(i64, i64)]) -> Value {
    let pairs: Vec<Value> =
        pairs.iter().map(|(from, to)| json!({ "from_minute": from, "to_minute": to })).collect();
    json!({ "name": name, "short": name.chars().take(2).collect::<String>(), "pairs": pairs, "grace_minutes": 0, "flex_minutes": 0, "each_pair": false })
}

fn punch(kind: &str, m: i64, more: Value) -> Value {
    let mut body = json!({ "punch_id": Uuid::now_v7(), "kind": kind, "fix": fix(start(), 9.0, minute(m)), "offline": false });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item("punch", minute(m), body)
}

/// Leave of one day; answers the request.
async fn leave(s: &Scene, kind: &Value, day: &str, more: Value) -> testkit::Reply {
    let mut body = json!({ "id": Uuid::now_v7(), "kind": "leave", "from_day": day, "leave_type_id": kind["id"], "reason": "家里有事" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    s.rep.post("/api/v1/me/attendance-requests", body).await
}

/// What 陈静 decides about a request.
async fn decide(client: &Client, request: &Value, action: &str) {
    let path = format!("/api/v1/approvals/{}", request["approval_id"].as_str().unwrap());
    let page = client.get(&path).await.json;
    let body = json!({ "id": Uuid::now_v7(), "action": action, "version": page["version"], "ask": page["asks"][0]["ask"], "comment": "看过" });
    let done = client.post(&format!("{path}/actions"), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
}

async fn kind_named(s: &Scene, name: &str) -> Value {
    let all = s.company.admin.get("/api/v1/leave-types").await.json;
    all["items"].as_array().unwrap().iter().find(|t| t["name"] == name).unwrap().clone()
}

async fn grant(s: &Scene, kind: &Value, milli: i64) {
    let body = json!({ "id": Uuid::now_v7(), "employee_ids": [s.rep_id], "leave_type_id": kind["id"], "year": 2026, "milli": milli, "reason": "年度" });
    made(&s.company.admin, "/api/v1/leave-grants", body).await;
}

/// The rep's cell of a day in the sheet of `client`.
async fn cell(client: &Client, s: &Scene, day: &str) -> Value {
    let sheet = client.get(&format!("/api/v1/attendance?month={}", &day[..7])).await.json;
    let rows = sheet["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r["employee"]["id"] == s.rep_id.to_string());
    let row = row.unwrap_or_else(|| panic!("{sheet}"));
    row["cells"].as_array().unwrap().iter().find(|c| c["day"] == day).unwrap()["label"].clone()
}

async fn duty(s: &Scene, day: &str) -> Vec<(String, String)> {
    let found = s.company.admin.get(&format!("/api/v1/employees/{}/duty?from={day}", s.rep_id)).await.json;
    let part = |d: &Value| (d["from"].as_str().unwrap().to_owned(), d["to"].as_str().unwrap().to_owned());
    found["days"][0]["working"].as_array().unwrap().iter().map(part).collect()
}

testkit::both!(duty_follows_the_shifts, |app| async move {
    let s = desk(&app).await;
    let admin = &s.company.admin;
    assert_eq!(duty(&s, DAY).await, [("2026-11-20T01:00:00Z".into(), "2026-11-20T09:00:00Z".into())]);
    let day = made(admin, "/api/v1/shifts", shift("白班", &[(540, 720), (780, 1020)])).await;
    let night = made(admin, "/api/v1/shifts", shift("夜班", &[(1320, 1800)])).await;
    let bad = admin.post("/api/v1/shifts", shift("坏", &[(540, 720), (700, 800)])).await;
    assert_eq!((bad.status, bad.code()), (422, "shift.pairs"));
    assert_eq!(s.rep.post("/api/v1/shifts", shift("x", &[(0, 60)])).await.status, 403);

    // A pattern of the region, then a night of one person.
    let week = json!([day["id"], day["id"], day["id"], day["id"], day["id"], null, null]);
    let both =
        json!({ "employee_id": s.rep_id, "department_id": s.region, "from": "2026-11-01", "week": week });
    assert_eq!(admin.post("/api/v1/shift-patterns", both).await.code(), "roster.target");
    made(
        admin,
        "/api/v1/shift-patterns",
        json!({ "department_id": s.region, "from": "2026-11-01", "week": week }),
    )
    .await;
    assert_eq!(duty(&s, DAY).await.len(), 2);
    let cells = json!({ "cells": [
        { "employee_id": s.rep_id, "day": DAY, "shift_id": night["id"] }, { "employee_id": s.rep_id, "day": "2026-11-21", "shift_id": null } ] });
    assert_eq!(s.sibling.put("/api/v1/roster", cells.clone()).await.status, 404);
    let painted = s.manager.put("/api/v1/roster", cells).await;
    assert_eq!((painted.status, &painted.json["changed"]), (200, &json!(2)), "{}", painted.json);
    assert_eq!(duty(&s, DAY).await, [("2026-11-20T14:00:00Z".into(), "2026-11-20T16:00:00Z".into())]);
    assert_eq!(
        duty(&s, "2026-11-21").await,
        [("2026-11-20T16:00:00Z".into(), "2026-11-20T22:00:00Z".into())]
    );
    let table = s.manager.get("/api/v1/roster?from=2026-11-20&to=2026-11-21").await.json;
    let row = table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["employee"]["id"] == s.rep_id.to_string())
        .unwrap();
    assert_eq!((&row["cells"][0]["shift_id"], &row["cells"][1]["source"]), (&night["id"], &json!("roster")));
    let others = s.sibling.get("/api/v1/roster?from=2026-11-20&to=2026-11-21").await;
    assert!(!others.json.to_string().contains(&s.rep_id.to_string()));
    let clear =
        json!({ "cells": [{ "employee_id": s.rep_id, "day": DAY, "shift_id": null, "clear": true }] });
    assert_eq!(s.manager.put("/api/v1/roster", clear).await.status, 200);
    assert_eq!(duty(&s, DAY).await.len(), 2, "the pattern holds again");
});

testkit::both!(punches_are_taken_once_and_judged, |app| async move {
    let s = desk(&app).await;
    app.clock.set(minute(100));
    // Late and without a network, sent twice.
    let late = punch("in", 72, json!({ "offline": true }));
    s.taken(std::slice::from_ref(&late)).await;
    assert_eq!(s.sync(std::slice::from_ref(&late)).await[0]["status"], "duplicate");
    let mut other = late.clone();
    other["id"] = json!(Uuid::now_v7());
    other["at"] = json!(minute(60));
    assert_eq!(s.sync(&[other]).await[0]["code"], "sync.conflict");
    assert_eq!(cell(&s.manager, &s, DAY).await, "迟12");
    app.clock.set(minute(545));
    s.taken(&[punch("out", 540, json!({}))]).await;
    let mine = s.snapshot().await["attendance"].clone();
    assert_eq!(mine["punches"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&mine["outcome"]["late_minutes"], &mine["outcome"]["early_minutes"]),
        (&json!(12), &json!(0))
    );
    assert_eq!(
        (&mine["punches"][0]["offline"], &mine["punches"][0]["place"]),
        (&json!(true), &json!("kept"))
    );

    // Far outside working time: the time without the place.
    app.clock.set(minute(700));
    s.taken(&[punch("out", 700, json!({}))]).await;
    let path = format!("/api/v1/attendance/{}/{DAY}", s.rep_id);
    let day = s.manager.get(&path).await.json;
    let last = day["punches"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["place"], &last["position"], &last["accuracy_m"]),
        (&json!("off_duty"), &Value::Null, &Value::Null)
    );
    assert_eq!(day["punches"][0]["position"], json!(start()));
    let ledger = s.rep.get("/api/v1/me/ledger").await.json;
    assert!(ledger["items"].as_array().unwrap().iter().any(|l| l["what"] == "attendance"), "{ledger}");
    assert_eq!(s.sibling.get(&path).await.status, 404);
    assert_eq!(s.stranger.get(&path).await.status, 404);
    assert_eq!(s.rep.get(&path).await.status, 403);

    // Places: in, elsewhere with a reason, refused; without a network it is taken and says so.
    let admin = &s.company.admin;
    made(admin, "/api/v1/punch-places", json!({ "name": "办公室", "at": place(3), "radius_m": 100 })).await;
    let rule = |outside: &str| json!({ "department_id": s.region, "within": "places", "outside": outside, "visit_counts": false, "window_minutes": 60, "must_from": "2026-11-01" });
    assert_eq!(admin.put("/api/v1/punch-rules", rule("reason")).await.status, 200);
    // What comes in later than it was made counts as made without a network.
    app.clock.set(minute(4320 + 61));
    let at = |m: i64, more: Value| punch("in", 4320 + m, more);
    assert_eq!(s.sync(&[at(60, json!({}))]).await[0]["code"], "attendance.reason_needed");
    s.taken(&[at(60, json!({ "reason": "先去客户" }))]).await;
    assert_eq!(admin.put("/api/v1/punch-rules", rule("refuse")).await.status, 200);
    assert_eq!(s.sync(&[at(61, json!({}))]).await[0]["code"], "attendance.outside");
    app.clock.set(minute(4320 + 65));
    s.taken(&[at(62, json!({ "offline": true }))]).await;
    let inside = fix(place(3), 9.0, minute(4320 + 63));
    s.taken(&[at(63, json!({ "fix": inside }))]).await;
    s.taken(&[at(64, json!({ "fix": null }))]).await;
    let monday = s.manager.get(&format!("/api/v1/attendance/{}/2026-11-23", s.rep_id)).await.json;
    let verdicts: Vec<&Value> = monday["punches"].as_array().unwrap().iter().map(|p| &p["verdict"]).collect();
    assert_eq!(verdicts, [&json!("out"), &json!("out"), &json!("in"), &json!("cannot_tell")]);
    let today = s.manager.get("/api/v1/attendance/today?day=2026-11-23").await.json;
    let mine = |r: &&Value| r["employee"]["id"] == s.rep_id.to_string();
    let row = today["rows"].as_array().unwrap().iter().find(mine);
    assert_eq!(row.unwrap()["outside"], true, "{today}");
    assert_eq!((&today["due"], &today["here"], &today["overdue"]), (&json!(2), &json!(1), &json!(1)));
});

testkit::both!(leave_is_asked_decided_and_holds, |app| async move {
    let s = desk(&app).await;
    let kind = kind_named(&s, "年假").await;
    let short = leave(&s, &kind, "2026-11-24", json!({})).await;
    assert_eq!((short.status, short.code()), (422, "attendance.no_balance"), "{}", short.json);
    grant(&s, &kind, 5000).await;
    for (day, more, code) in [
        ("2026-11-21", json!({}), "attendance.no_duty"),
        ("2026-11-24", json!({ "part": "hours", "from_minute": 540, "to_minute": 600 }), "attendance.unit"),
        ("2026-08-03", json!({}), "attendance.too_late"),
        ("2026-11-24", json!({ "reason": " " }), "input.invalid"),
    ] {
        let reply = leave(&s, &kind, day, more).await;
        assert_eq!((reply.status, reply.code()), (422, code), "{}", reply.json);
    }
    let new = json!({ "id": Uuid::now_v7(), "kind": "leave", "from_day": "2026-11-24", "leave_type_id": kind["id"], "reason": "家里有事" });
    // By the phone, exactly once.
    let sent = item("attendance.request", minute(1), new.clone());
    s.taken(std::slice::from_ref(&sent)).await;
    assert_eq!(s.sync(std::slice::from_ref(&sent)).await[0]["status"], "duplicate");
    let again = s.rep.post("/api/v1/me/attendance-requests", new.clone()).await;
    assert_eq!(again.status, 201, "{}", again.json);
    let mut other = new;
    other["reason"] = json!("别的");
    assert_eq!(s.rep.post("/api/v1/me/attendance-requests", other).await.code(), "sync.conflict");
    let request = s.rep.get("/api/v1/me/attendance-requests").await.json["items"][0].clone();
    assert_eq!((&request["status"], &request["amount"]), (&json!("running"), &json!(1000)));
    assert_eq!(leave(&s, &kind, "2026-11-24", json!({ "part": "am" })).await.code(), "attendance.overlaps");
    let left = |mine: &Value| {
        mine["balances"].as_array().unwrap().iter().find(|b| b["leave_type"]["id"] == kind["id"]).unwrap()["left"].clone()
    };
    assert_eq!(left(&s.snapshot().await["attendance"]), 4000);

    // The head is asked, with what he needs to know; nobody else.
    let todo = s.manager.get("/api/v1/approvals").await.json["items"].clone();
    assert_eq!((&todo[0]["kind"], todo.as_array().unwrap().len()), (&json!("leave"), 1));
    assert_eq!(todo[0]["title"]["zh-CN"], "请假 · 2026-11-24");
    assert_eq!(s.sibling.get("/api/v1/approvals").await.json["items"], json!([]));
    decide(&s.manager, &request, "approve").await;
    assert_eq!(duty(&s, "2026-11-24").await, []);
    assert_eq!(duty(&s, "2026-11-25").await.len(), 1);
    assert_eq!(cell(&s.manager, &s, "2026-11-24").await, "年假");
    let balances = s.manager.get("/api/v1/leave-balances?year=2026").await.json;
    let row = balances["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["employee"]["id"] == s.rep_id.to_string())
        .unwrap();
    let annual =
        row["balances"].as_array().unwrap().iter().find(|b| b["leave_type"]["id"] == kind["id"]).unwrap();
    assert_eq!(
        (&annual["granted"], &annual["taken"], &annual["left"]),
        (&json!(5000), &json!(1000), &json!(4000))
    );
    assert!(
        !s.sibling
            .get("/api/v1/leave-balances?year=2026")
            .await
            .json
            .to_string()
            .contains(&s.rep_id.to_string())
    );
    assert!(!s.sibling.get("/api/v1/attendance-requests").await.json.to_string().contains("家里有事"));

    // Ended by a request of its own.
    let own = format!("/api/v1/me/attendance-requests/{}", request["id"].as_str().unwrap());
    assert_eq!(s.rep.post(&format!("{own}/withdraw"), json!({})).await.code(), "attendance.not_open");
    let end = json!({ "id": Uuid::now_v7(), "kind": "leave", "from_day": "2026-11-24", "reason": "不去了", "cancels_id": request["id"] });
    let end = made(&s.rep, "/api/v1/me/attendance-requests", end).await;
    decide(&s.manager, &end, "approve").await;
    assert_eq!(duty(&s, "2026-11-24").await.len(), 1);
    assert_eq!(left(&s.snapshot().await["attendance"]), 5000);

    // Half a day, rejected; another one, taken back.
    let half = leave(&s, &kind, "2026-11-26", json!({ "part": "pm" })).await.json;
    assert_eq!(half["amount"], 500);
    decide(&s.manager, &half, "reject").await;
    assert_eq!(left(&s.snapshot().await["attendance"]), 5000);
    let gone = leave(&s, &kind, "2026-11-26", json!({})).await.json;
    let withdrawn = item("attendance.withdraw", minute(2), json!({ "request_id": gone["id"] }));
    s.taken(&[withdrawn]).await;
    let list = s.manager.get("/api/v1/attendance-requests?kind=leave").await.json;
    let stands: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|r| &r["status"]).collect();
    assert_eq!(stands, ["withdrawn", "rejected", "approved", "cancelled"]);
});

testkit::both!(overtime_trips_and_corrections, |app| async move {
    let s = desk(&app).await;
    app.clock.set(minute(660));
    s.taken(&[punch("in", 72, json!({})), punch("out", 640, json!({}))]).await;
    let ask = async |body: Value| {
        let mut body = body;
        body["id"] = json!(Uuid::now_v7());
        body["reason"] = json!("说明");
        s.rep.post("/api/v1/me/attendance-requests", body).await
    };
    // Coming at five to nine was forgotten.
    let ahead = ask(
        json!({ "kind": "correction", "from_day": "2026-11-23", "from_minute": 540, "punch_kind": "in" }),
    )
    .await;
    assert_eq!(ahead.code(), "attendance.ahead");
    let correction =
        ask(json!({ "kind": "correction", "from_day": DAY, "from_minute": 535, "punch_kind": "in" }))
            .await
            .json;
    assert_eq!(cell(&s.manager, &s, DAY).await, "迟12");
    decide(&s.manager, &correction, "approve").await;
    assert_eq!(cell(&s.manager, &s, DAY).await, "✓ *");
    let day = s.manager.get(&format!("/api/v1/attendance/{}/{DAY}", s.rep_id)).await.json;
    assert_eq!(
        (day["punches"].as_array().unwrap().len(), &day["requests"][0]["status"]),
        (2, &json!("approved")),
        "the punch stays"
    );

    let overtime =
        ask(json!({ "kind": "overtime", "from_day": DAY, "from_minute": 1020, "to_minute": 1140 }))
            .await
            .json;
    assert_eq!(overtime["amount"], 120);
    decide(&s.manager, &overtime, "approve").await;
    assert_eq!(duty(&s, DAY).await, [("2026-11-20T01:00:00Z".into(), "2026-11-20T11:00:00Z".into())]);
    assert_eq!(cell(&s.manager, &s, DAY).await, "加1.7 *");
    let trip =
        ask(json!({ "kind": "trip", "from_day": "2026-11-23", "to_day": "2026-11-24", "place": "合肥" }))
            .await
            .json;
    decide(&s.manager, &trip, "approve").await;
    app.clock.set(minute(5 * 1440));
    assert_eq!(cell(&s.manager, &s, "2026-11-24").await, "差");
    assert_eq!(cell(&s.manager, &s, "2026-11-21").await, "休");
    assert_eq!(cell(&s.manager, &s, "2026-11-19").await, "", "he was not here yet");
});

testkit::both!(a_closed_month_stays_and_the_file_is_the_sheet, |app| async move {
    let s = desk(&app).await;
    let admin = &s.company.admin;
    app.clock.set(minute(600));
    s.taken(&[punch("in", 72, json!({})), punch("out", 545, json!({}))]).await;
    let close = "/api/v1/attendance/months/2026-11/close";
    assert_eq!(admin.post(close, json!({})).await.code(), "attendance.month_runs");
    let sheet = s.manager.get("/api/v1/attendance?month=2026-11").await.json;
    let file = s.manager.get("/api/v1/attendance.xlsx?month=2026-11").await;
    assert_eq!(file.status, 200);
    let cells = testkit::sheet(&file.bytes);
    assert_eq!(cells.len(), 1 + sheet["rows"].as_array().unwrap().len());
    for (line, row) in cells[1..].iter().zip(sheet["rows"].as_array().unwrap()) {
        let shown = row["cells"].as_array().unwrap().iter().map(|c| c["label"].as_str().unwrap());
        let sums = row["totals"].as_array().unwrap().iter().map(|t| t.as_str().unwrap());
        let screen: Vec<&str> =
            [row["employee"]["name"].as_str().unwrap(), row["department"]["name"].as_str().unwrap()]
                .into_iter()
                .chain(shown)
                .chain(sums)
                .collect();
        assert_eq!(line, &screen);
    }
    assert_eq!(
        s.manager.get("/api/v1/attendance?month=2026-11&marked=true").await.json["rows"]
            .as_array()
            .unwrap()
            .len(),
        sheet["rows"].as_array().unwrap().len()
    );

    app.clock.set(minute(12 * 1440));
    assert_eq!(s.manager.post(close, json!({})).await.status, 403);
    let closed = admin.post(close, json!({})).await;
    assert_eq!((closed.status, &closed.json["closed"]), (200, &json!(true)), "{}", closed.json);
    assert_eq!(admin.post(close, json!({})).await.code(), "attendance.month_closed");
    let kind = kind_named(&s, "事假").await;
    assert_eq!(leave(&s, &kind, "2026-11-26", json!({})).await.code(), "attendance.month_closed");
    // What comes later changes nothing of it.
    s.taken(&[punch("in", 55, json!({ "offline": true }))]).await;
    assert_eq!(cell(&s.manager, &s, DAY).await, "迟12");
    let reopen = "/api/v1/attendance/months/2026-11/reopen";
    assert_eq!(admin.post(reopen, json!({ "reason": "" })).await.status, 422);
    let open = admin.post(reopen, json!({ "reason": "补录" })).await.json;
    assert_eq!((&open["closed"], &open["reason"]), (&json!(false), &json!("补录")));
    assert_eq!(cell(&s.manager, &s, DAY).await, "✓");
    assert_eq!(admin.post(reopen, json!({ "reason": "补录" })).await.code(), "attendance.month_open");
    let trail = admin.get("/api/v1/audit?limit=200").await.json.to_string();
    assert!(trail.contains("attendance.close") && trail.contains("attendance.reopen"));
});

/// The records the company's log holds of the rep.
async fn logged(s: &Scene) -> String {
    let receipts = s.rep.get("/api/v1/me/receipts").await.json["items"].clone();
    receipts.as_array().unwrap().iter().map(|r| r["record"].as_str().unwrap()).collect()
}

testkit::both!(the_log_holds_no_place_that_is_not_kept, |app| async move {
    let s = desk(&app).await;
    app.clock.set(minute(700));
    let off = json!({ "fix": fix(place(5), 9.0, minute(690)) });
    s.taken(&[punch("in", 72, json!({})), punch("out", 690, off)]).await;
    let log = logged(&s).await;
    let fixes = |log: &str| log.matches("\"accuracy_m\"").count();
    assert_eq!((log.matches("\"punch_id\"").count(), fixes(&log)), (2, 1), "{log}");
    let lng = |at: geo::LngLat| json!(at)[0].to_string();
    assert!(log.contains(&lng(start())) && !log.contains(&lng(place(5))), "{log}");
});

testkit::both!(nothing_is_due_before_people_have_to_punch, |app| async move {
    let s = desk(&app).await;
    must_punch(&s, Value::Null).await;
    app.clock.set(minute(5 * 1440));
    assert_eq!(cell(&s.manager, &s, DAY).await, "");
    must_punch(&s, json!("2026-11-23")).await;
    assert_eq!(cell(&s.manager, &s, DAY).await, "");
    assert_eq!(cell(&s.manager, &s, "2026-11-23").await, "旷");
});

testkit::both!(who_left_stays_in_his_months, |app| async move {
    let s = desk(&app).await;
    app.clock.set(minute(3 * 1440 + 600));
    let path = format!("/api/v1/employees/{}", s.rep_id);
    let left = s.company.admin.post(&format!("{path}/leave"), json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json);
    app.clock.set(minute(12 * 1440));
    assert_eq!(cell(&s.manager, &s, DAY).await, "旷");
    assert_eq!(cell(&s.manager, &s, "2026-11-24").await, "", "nothing is due after he left");
    let december = s.manager.get("/api/v1/attendance?month=2026-12").await.json;
    assert!(!december.to_string().contains(&s.rep_id.to_string()));
    let closed = s.company.admin.post("/api/v1/attendance/months/2026-11/close", json!({})).await;
    assert_eq!(closed.status, 200, "{}", closed.json);
    assert_eq!(cell(&s.manager, &s, DAY).await, "旷");
});

testkit::both!(wrong_requests_are_refused_or_put_right, |app| async move {
    let s = desk(&app).await;
    app.clock.set(minute(660));
    s.taken(&[punch("in", 72, json!({})), punch("out", 545, json!({}))]).await;
    let ask = async |mut body: Value| {
        body["id"] = json!(Uuid::now_v7());
        body["reason"] = json!("说明");
        s.rep.post("/api/v1/me/attendance-requests", body).await
    };
    let correction =
        |m: i64| json!({ "kind": "correction", "from_day": DAY, "from_minute": m, "punch_kind": "in" });
    // Wrong first, then right, though earlier; then the right one is ended again.
    for (now, m, shown) in [(661, 600, "迟60 *"), (662, 535, "✓ *")] {
        let asked = ask(correction(m)).await.json;
        app.clock.set(minute(now));
        decide(&s.manager, &asked, "approve").await;
        assert_eq!(cell(&s.manager, &s, DAY).await, shown);
    }
    let last = s.rep.get("/api/v1/me/attendance-requests").await.json["items"][0].clone();
    let end = json!({ "kind": "correction", "from_day": DAY, "cancels_id": last["id"] });
    let end = ask(end).await.json;
    assert_eq!(end["punch_kind"], "in", "{end}");
    decide(&s.manager, &end, "approve").await;
    assert_eq!(cell(&s.manager, &s, DAY).await, "迟60 *");

    let overtime = |from: i64, to: i64| json!({ "kind": "overtime", "from_day": DAY, "from_minute": from, "to_minute": to });
    assert_eq!(ask(overtime(900, 1000)).await.code(), "attendance.in_shift");
    let kind = kind_named(&s, "年假").await;
    grant(&s, &kind, 9000).await;
    let across = leave(&s, &kind, "2026-12-31", json!({ "to_day": "2027-01-01" })).await;
    assert_eq!((across.status, across.code()), (422, "attendance.across_years"), "{}", across.json);

    // A month is not closed over what is not decided.
    let waits = ask(overtime(1000, 1080)).await.json;
    assert_eq!(waits["amount"], 60);
    app.clock.set(minute(12 * 1440));
    let close = "/api/v1/attendance/months/2026-11/close";
    let refused = s.company.admin.post(close, json!({})).await;
    assert_eq!((refused.status, refused.code()), (409, "attendance.month_waits"), "{}", refused.json);
    decide(&s.manager, &waits, "reject").await;
    assert_eq!(s.company.admin.post(close, json!({})).await.status, 200);
});

testkit::both!(patterns_stay_within_reach, |app| async move {
    let s = desk(&app).await;
    let admin = &s.company.admin;
    let day = made(admin, "/api/v1/shifts", shift("白班", &[(540, 1020)])).await;
    let week = vec![day["id"].clone(); 7];
    let pattern = Uuid::now_v7();
    made(
        admin,
        "/api/v1/shift-patterns",
        json!({ "id": pattern, "employee_id": s.rep_id, "from": "2027-01-01", "week": week }),
    )
    .await;
    let role = json!({ "name": "排班", "permissions": ["org.read", "org.write"], "reach": "departments" });
    let role = made(admin, "/api/v1/roles", role).await;
    let other = id_of(&s.sibling).await;
    let path = format!("/api/v1/employees/{other}");
    let version = admin.get(&path).await.json["version"].as_i64().unwrap();
    let changed = admin.patch(&path, version, json!({ "role_id": role["id"] })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let sibling = app.sign_in("hejing", testkit::PASSWORD).await;
    assert_eq!(sibling.delete(&format!("/api/v1/shift-patterns/{pattern}")).await.status, 404);
    let own = json!({ "employee_id": other, "from": "2027-01-01", "week": week });
    let seen = made(&sibling, "/api/v1/shift-patterns", own).await;
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "{seen}");
    let left = admin.delete(&format!("/api/v1/shift-patterns/{pattern}")).await;
    assert_eq!((left.status, left.json["items"].as_array().unwrap().len()), (200, 1));
});

/// One of everything, for tests that walk all operations: shift, pattern, place, rule, kind of leave, request.
pub async fn furnished(s: &Scene) -> Vec<(String, Uuid)> {
    let admin = &s.company.admin;
    let day = made(admin, "/api/v1/shifts", shift("白班", &[(540, 1020)])).await;
    let week = vec![day["id"].clone(); 7];
    let pattern =
        json!({ "id": Uuid::now_v7(), "employee_id": s.rep_id, "from": "2027-01-01", "week": week });
    made(admin, "/api/v1/shift-patterns", pattern.clone()).await;
    let spot =
        made(admin, "/api/v1/punch-places", json!({ "name": "办公室", "at": place(3), "radius_m": 100 }))
            .await;
    let rule =
        json!({ "within": "anywhere", "outside": "record", "visit_counts": false, "window_minutes": 60 });
    let rules = admin.put("/api/v1/punch-rules", rule).await.json;
    let kind = kind_named(s, "事假").await;
    vec![
        ("shifts".into(), id(&day["id"])),
        ("shift-patterns".into(), id(&pattern["id"])),
        ("punch-places".into(), id(&spot["id"])),
        ("punch-rules".into(), id(&rules["items"][0]["id"])),
        ("leave-types".into(), id(&kind["id"])),
    ]
}

testkit::both!(a_punch_brings_a_picture_where_the_rule_asks_for_one, |app| async move {
    let s = Scene::begin(&app).await;
    let rule = json!({ "within": "anywhere", "outside": "record", "visit_counts": false, "photo": true, "window_minutes": 60 });
    let set = s
        .company
        .admin
        .send(s.company.admin.request(reqwest::Method::PUT, "/api/v1/punch-rules").json(&rule))
        .await;
    assert_eq!((set.status, &set.json["items"][0]["photo"]), (200, &json!(true)), "{}", set.json);
    assert_eq!(s.snapshot().await["attendance"]["photo"], true);
    app.clock.set(minute(62));
    let punch = |photo: Option<Uuid>, offline: bool, at: i64| {
        let mut body = json!({ "punch_id": Uuid::now_v7(), "kind": "in", "fix": fix(place(0), 9.0, minute(at)), "offline": offline });
        if let Some(photo) = photo {
            body["photo_id"] = json!(photo);
        }
        item("punch", minute(at), body)
    };
    let bare = s.sync(&[punch(None, false, 61)]).await;
    assert_eq!(
        (&bare[0]["status"], &bare[0]["code"]),
        (&json!("rejected"), &json!("attendance.photo_needed")),
        "{bare:?}"
    );
    // Without a network nothing is lost, and the picture is missing where it is shown.
    s.taken(&[punch(None, true, 61)]).await;
    let (photo, theirs) = (Uuid::now_v7(), Uuid::now_v7());
    let given = punch(Some(photo), false, 62);
    s.taken(std::slice::from_ref(&given)).await;
    let bytes = crate::scene::jpeg(64, 48, 5);
    let sent = s.rep.post_bytes(&format!("/api/v1/form-files?id={photo}&name=a.jpg"), bytes.clone()).await;
    assert_eq!(sent.status, 201, "{}", sent.json);
    let day = s.manager.get(&format!("/api/v1/attendance/{}/{}", s.rep_id, crate::scene::DAY)).await.json;
    let photos: Vec<&Value> = day["punches"].as_array().unwrap().iter().map(|p| &p["photo_id"]).collect();
    assert_eq!(photos, [&Value::Null, &json!(photo)], "{day}");
    let path = format!("/api/v1/punches/{}/photo", given["body"]["punch_id"].as_str().unwrap());
    assert_eq!(s.manager.get(&path).await.status, 200);
    assert_eq!(s.rep.get(&path).await.status, 200);
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&path).await.status, 404);
    }
    // A file of somebody else under a punch's id is not shown.
    assert_eq!(
        s.manager.post_bytes(&format!("/api/v1/form-files?id={theirs}&name=a.jpg"), bytes).await.status,
        201
    );
    let stolen = punch(Some(theirs), false, 62);
    s.taken(std::slice::from_ref(&stolen)).await;
    let path = format!("/api/v1/punches/{}/photo", stolen["body"]["punch_id"].as_str().unwrap());
    assert_eq!(s.rep.get(&path).await.status, 404);
});

testkit::both!(a_picture_of_a_punch_outside_working_time_is_nobodys, |app| async move {
    let s = Scene::begin(&app).await;
    let rule = json!({ "within": "anywhere", "outside": "record", "visit_counts": false, "photo": true, "window_minutes": 60 });
    let request = s.company.admin.request(reqwest::Method::PUT, "/api/v1/punch-rules").json(&rule);
    assert_eq!(s.company.admin.send(request).await.status, 200);
    // Ten at night: the punch is taken, its picture is not.
    app.clock.set(minute(14 * 60));
    let (punch, photo) = (Uuid::now_v7(), Uuid::now_v7());
    let body = json!({ "punch_id": punch, "kind": "out", "fix": fix(place(0), 9.0, minute(14 * 60)), "offline": false, "photo_id": photo });
    s.taken(&[item("punch", minute(14 * 60), body)]).await;
    let bytes = crate::scene::jpeg(64, 48, 6);
    let sent = s.rep.post_bytes(&format!("/api/v1/form-files?id={photo}&name=a.jpg"), bytes).await;
    assert_eq!((sent.status, sent.code()), (422, "attendance.photo_dropped"), "{}", sent.json);
    let day = s.manager.get(&format!("/api/v1/attendance/{}/{}", s.rep_id, crate::scene::DAY)).await.json;
    assert_eq!(day["punches"][0]["photo_id"], Value::Null, "{day}");
    for who in [&s.rep, &s.manager] {
        assert_eq!(who.get(&format!("/api/v1/punches/{punch}/photo")).await.status, 404);
    }
});
