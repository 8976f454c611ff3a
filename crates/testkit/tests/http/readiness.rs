//! What a company still needs before its people go out.

use serde_json::json;

use crate::scene::{Scene, start};

testkit::both!(it_is_read_from_what_is_there, |app| async move {
    let empty = app.company("空").await;
    let path = "/api/v1/readiness";
    let at_first = empty.admin.get(path).await;
    let told = json!({
        "time_zone": "Asia/Shanghai", "calendar_set": false, "people": 0, "on_phones": 0, "customers": 0, "customers_placed": 0,
        "basemap": false, "backup_at": null
    });
    assert_eq!((at_first.status, &at_first.json), (200, &told));

    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let new = json!({ "name": "没有位置的店" });
    assert_eq!(admin.post("/api/v1/customers", new).await.status, 201);
    let without_phone = json!({ "name": "还没登录", "login": "later", "role_id": s.company.roles["rep"], "department_id": s.region });
    assert_eq!(admin.post("/api/v1/employees", without_phone).await.status, 201);
    let calendars = admin.get("/api/v1/calendars").await.json;
    let calendar = &calendars["items"][0];
    let holiday = json!([{ "day": "2027-02-06", "name": "春节", "shifts": [] }]);
    let body = json!({ "name": calendar["name"], "shifts": calendar["shifts"], "exceptions": holiday });
    let changed =
        admin.patch(&format!("/api/v1/calendars/{}", calendar["id"].as_str().unwrap()), 1, body).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let ground = json!({ "kind": "raster", "url": "https://tiles.example.com/{z}/{x}/{y}.png", "crs": "wgs84", "attribution": "t", "min_zoom": 3, "max_zoom": 18, "centre": start(), "zoom": 11.0 });
    let set = admin.send(admin.request(reqwest::Method::PUT, "/api/v1/basemap").json(&ground)).await;
    assert_eq!(set.status, 200, "{}", set.json);
    let shelf = tempfile::tempdir().expect("folder");
    app.back_up(&shelf.path().join("backup")).await.expect("backup");

    let told = admin.get(path).await.json;
    assert_eq!((&told["calendar_set"], &told["basemap"]), (&json!(true), &json!(true)), "{told}");
    assert_eq!((&told["customers"], &told["customers_placed"]), (&json!(6), &json!(5)), "{told}");
    let people = |key: &str| told[key].as_i64().unwrap();
    assert_eq!(people("people"), people("on_phones") + 1, "one has no phone yet: {told}");
    assert!(told["backup_at"].is_string(), "{told}");
    // Each company its own.
    assert_eq!(empty.admin.get(path).await.json["customers"], 0);
    for who in [&s.manager, &s.rep] {
        assert_eq!(who.get(path).await.status, 403);
    }
});
