use serde_json::{Value, json};
use testkit::PASSWORD;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

testkit::both!(the_wizard_works_once, |app| async move {
    let stranger = app.stranger();
    assert_eq!(stranger.get("/api/v1/setup").await.json["needed"], true);
    let wizard = json!({ "company": "惠民饮品", "time_zone": "Asia/Shanghai", "admin_name": "周敏", "login": "zhoumin", "password": PASSWORD });
    let weak = stranger.post("/api/v1/setup", json!({ "company": "x", "time_zone": "Mars/Base", "admin_name": "", "login": "zhoumin", "password": "12345678" })).await;
    assert_eq!(weak.status, 422);
    let fields: Vec<&str> =
        weak.json["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["admin_name", "time_zone", "password"]);
    let first = stranger.post("/api/v1/setup", wizard.clone()).await;
    assert_eq!(first.status, 201, "{}", first.json);
    assert_eq!(first.json["me"]["reach"], "company");
    assert_eq!(stranger.post("/api/v1/setup", wizard).await.code(), "setup.done");
    assert_eq!(stranger.get("/api/v1/setup").await.json["needed"], false);
    app.sign_in("ZhouMin", PASSWORD).await;
});

testkit::both!(wrong_passwords_rest_and_reveal_nothing, |app| async move {
    app.company("甲").await;
    let stranger = app.stranger().in_english();
    let attempt = |login: &str, password: &str| json!({ "login": login, "password": password });
    let unknown = stranger.post("/api/v1/auth/login", attempt("nobody", "whatever-1")).await;
    let wrong = stranger.post("/api/v1/auth/login", attempt("admin@甲", "whatever-1")).await;
    assert_eq!((unknown.status, wrong.status), (401, 401));
    assert_eq!(unknown.json["title"], wrong.json["title"]);
    for _ in 0..4 {
        stranger.post("/api/v1/auth/login", attempt("admin@甲", "whatever-1")).await;
    }
    let locked = stranger.post("/api/v1/auth/login", attempt("admin@甲", PASSWORD)).await;
    assert_eq!(locked.code(), "auth.locked");
    assert!(locked.headers.contains_key("retry-after"));
    app.clock.set(testkit::FRIDAY_EIGHT.plus(2 * base::Micros::MINUTE));
    app.sign_in("admin@甲", PASSWORD).await;
});

testkit::both!(a_leaver_is_out_at_once, |app| async move {
    let company = app.company("甲").await;
    let (id, rep) = app.person(&company, "张伟", "zhangwei", "rep", company.root_department).await;
    assert_eq!(rep.get("/api/v1/me").await.status, 200);
    assert_eq!(rep.get("/api/v1/employees").await.code(), "auth.forbidden");
    assert_eq!(company.admin.post(&format!("/api/v1/employees/{id}/leave"), Value::Null).await.status, 204);
    assert_eq!(rep.get("/api/v1/me").await.code(), "auth.required");
    let again =
        app.stranger().post("/api/v1/auth/login", json!({ "login": "zhangwei", "password": PASSWORD })).await;
    assert_eq!(again.status, 401);
    let me = company.admin.get("/api/v1/me").await.json;
    let own = me["employee"]["id"].as_str().unwrap();
    assert_eq!(
        company.admin.post(&format!("/api/v1/employees/{own}/leave"), Value::Null).await.code(),
        "org.last_admin"
    );
});

testkit::both!(managers_see_their_subtree, |app| async move {
    let company = app.company("甲").await;
    let one = app.department(&company, "一区", company.root_department).await;
    let team = app.department(&company, "一区一组", one).await;
    let two = app.department(&company, "二区", company.root_department).await;
    let (_, manager) = app.person(&company, "陈静", "chenjing", "manager", one).await;
    let (below, _) = app.person(&company, "张伟", "zhangwei", "rep", team).await;
    let (beside, _) = app.person(&company, "李娜", "lina", "rep", two).await;
    assert_eq!(manager.get(&format!("/api/v1/employees/{below}")).await.status, 200);
    assert_eq!(manager.get(&format!("/api/v1/employees/{beside}")).await.status, 404);
    let names: Vec<String> = manager.get("/api/v1/employees").await.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["陈静", "张伟"]);
    // Moving the team under the other region moves it out of sight.
    let team_row = company.admin.get("/api/v1/departments").await.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["name"] == "一区一组")
        .cloned()
        .unwrap();
    let moved = company
        .admin
        .patch(
            &format!("/api/v1/departments/{team}"),
            team_row["version"].as_i64().unwrap(),
            json!({ "parent_id": two }),
        )
        .await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    assert_eq!(manager.get(&format!("/api/v1/employees/{below}")).await.status, 404);
    let circle =
        company.admin.patch(&format!("/api/v1/departments/{two}"), 1, json!({ "parent_id": team })).await;
    assert_eq!(circle.code(), "org.department_circle");
});

testkit::both!(two_writers_of_one_row_do_not_overwrite_each_other, |app| async move {
    let company = app.company("甲").await;
    let calendar = company.admin.get("/api/v1/calendars").await.json["items"][0].clone();
    let path = format!("/api/v1/calendars/{}", calendar["id"].as_str().unwrap());
    let body = |name: &str| json!({ "name": name, "shifts": calendar["shifts"], "exceptions": [{ "day": "2026-10-01", "name": "国庆", "shifts": [] }] });
    assert_eq!(company.admin.patch(&path, 1, body("甲班")).await.json["version"], 2);
    assert_eq!(company.admin.patch(&path, 1, body("乙班")).await.code(), "version.conflict");
    let without =
        company.admin.send(company.admin.request(reqwest::Method::PATCH, &path).json(&body("丙班"))).await;
    assert_eq!((without.status, without.code()), (428, "version.required"));
});

testkit::both!(people_are_imported_as_a_whole_or_not_at_all, |app| async move {
    let company = app.company("甲").await;
    let sheet = "姓名,部门,编号,登录名,初始密码,手机\n张伟,甲,1,zhangwei,first-pass-1,13800000000\n李娜,乙,2,lina,,139\n,甲,3,,,\n王芳,甲,1,wangfang,,\n";
    let preview = company
        .admin
        .post_bytes("/api/v1/imports?kind=employees&filename=a.csv", sheet.as_bytes().to_vec())
        .await;
    assert_eq!(preview.status, 201, "{}", preview.json);
    assert_eq!((preview.json["total"].as_i64(), preview.json["ready"].as_i64()), (Some(4), Some(1)));
    let rows: Vec<i64> =
        preview.json["errors"].as_array().unwrap().iter().map(|e| e["row"].as_i64().unwrap()).collect();
    assert_eq!(rows, [3, 4, 5], "unknown department, no name, number twice");
    let path = format!("/api/v1/imports/{}/commit", preview.json["id"].as_str().unwrap());
    let refused = company.admin.post(&path, json!({})).await;
    assert_eq!(refused.code(), "import.has_errors");
    assert_eq!(
        company.admin.get("/api/v1/employees?q=zhangwei").await.json["items"].as_array().unwrap().len(),
        0
    );
    let done = company.admin.post(&path, json!({ "skip_errors": true })).await;
    assert_eq!(
        (done.json["created"].as_i64(), done.json["skipped"].as_i64()),
        (Some(1), Some(3)),
        "{}",
        done.json
    );
    assert_eq!(company.admin.post(&path, json!({})).await.code(), "import.committed");
    let me = app.sign_in("zhangwei", "first-pass-1").await.get("/api/v1/me").await.json;
    assert_eq!(me["must_change_password"], true);
});

testkit::both!(cookies_need_the_page_s_own_header, |app| async move {
    app.company("甲").await;
    let reply = app
        .stranger()
        .post("/api/v1/auth/login", json!({ "login": "admin@甲", "password": PASSWORD, "cookie": true }))
        .await;
    let cookie = reply.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let pair = cookie.split(';').next().unwrap();
    let stranger = app.stranger();
    let call = |header: bool| {
        let request = stranger
            .request(reqwest::Method::POST, "/api/v1/departments")
            .header("cookie", pair)
            .json(&json!({ "name": "x" }));
        if header { request.header("x-tashi-client", "1") } else { request }
    };
    assert_eq!(stranger.send(call(false)).await.code(), "auth.foreign_page");
    assert_eq!(stranger.send(call(true)).await.status, 201);
});

testkit::both!(bad_input_is_answered_not_suffered, |app| async move {
    let company = app.company("甲").await;
    let admin = &company.admin;
    let raw = |body: Vec<u8>| {
        admin
            .request(reqwest::Method::POST, "/api/v1/departments")
            .header("content-type", "application/json")
            .body(body)
    };
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let cases: Vec<(Vec<u8>, u16)> = vec![
        (b"{".to_vec(), 400),
        (b"{}".to_vec(), 422),
        (b"{\"name\": 5}".to_vec(), 422),
        (b"{\"name\": \"a\", \"tenant_id\": \"x\"}".to_vec(), 422),
        (b"{\"name\": \"a\\u0000b\"}".to_vec(), 422),
        (b"{\"name\": NaN}".to_vec(), 400),
        (format!("{{\"name\": \"{}\"}}", "长".repeat(100)).into_bytes(), 422),
        (format!("{{\"name\": \"{}\"}}", "x".repeat(4 << 20)).into_bytes(), 413),
        (deep.into_bytes(), 422),
        (b"\xff\xfe".to_vec(), 400),
    ];
    for (body, status) in cases {
        let head: String = String::from_utf8_lossy(&body).chars().take(40).collect();
        let reply = admin.send(raw(body)).await;
        assert_eq!(reply.status, status, "{head}: {}", reply.json);
        assert!(!reply.code().is_empty() && reply.json["request_id"].is_string(), "{head}");
    }
    assert_eq!(admin.get("/api/v1/employees/not-an-id").await.code(), "not_found");
    assert_eq!(admin.get("/api/v1/employees?cursor=zzz").await.status, 422);
    assert_eq!(admin.get("/api/v1/employees?unknown=1").await.status, 422);
    assert_eq!(admin.get("/api/v1/nowhere").await.code(), "not_found");
    assert_eq!(admin.put("/api/v1/departments", json!({})).await.code(), "method.not_allowed");
});

testkit::both!(the_answer_reaches_one_who_sends_before_listening, |app| async move {
    let company = app.company("甲").await;
    let token = company.admin.token.clone().unwrap();
    let body = vec![b'a'; 9 << 20];
    // Not signed in: refused before the body is looked at. Too long: refused in its middle.
    for (token, status, said) in [("nobody", "401", "auth.required"), (token.as_str(), "413", "8 MiB")] {
        let mut line = TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "POST /api/v1/imports?kind=customers HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(&body).await.expect("the server hears us out");
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(said), "{answer}");
    }
});

testkit::both!(a_login_is_changed_and_the_password_stays, |app| async move {
    let company = app.company("甲").await;
    let admin = &company.admin;
    let (wei, rep) = app.person(&company, "张伟", "zhangwei", "rep", company.root_department).await;
    app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    let path = format!("/api/v1/employees/{wei}");
    let version = admin.get(&path).await.json["version"].as_i64().expect("version");
    let taken = admin.patch(&path, version, json!({ "login": "LiNa" })).await;
    assert_eq!((taken.status, taken.json["errors"][0]["code"].as_str()), (422, Some("org.login_taken")));
    assert_eq!(admin.patch(&path, version, json!({ "login": "a b" })).await.status, 422);
    let changed = admin.patch(&path, version, json!({ "login": "Wei.Zhang" })).await;
    assert_eq!(
        (changed.status, changed.json["login"].as_str()),
        (200, Some("wei.zhang")),
        "{}",
        changed.json
    );
    app.sign_in("wei.zhang", PASSWORD).await;
    let old = json!({ "login": "zhangwei", "password": PASSWORD });
    assert_eq!(app.stranger().post("/api/v1/auth/login", old).await.code(), "auth.bad_login");
    assert_eq!(rep.get("/api/v1/me").await.status, 200, "an open sign-in goes on");

    // Somebody on record only: first a login, then a first password.
    let new =
        json!({ "name": "王强", "role_id": company.roles["rep"], "department_id": company.root_department });
    let qiang = admin.post("/api/v1/employees", new).await.json["employee"].clone();
    let path = format!("/api/v1/employees/{}", qiang["id"].as_str().expect("id"));
    assert_eq!(admin.post(&format!("{path}/password"), json!({})).await.code(), "org.no_login");
    let given =
        admin.patch(&path, qiang["version"].as_i64().expect("version"), json!({ "login": "qiang" })).await;
    assert_eq!(given.json["login"], "qiang", "{}", given.json);
    let first = admin.post(&format!("{path}/password"), json!({})).await.json["initial_password"].clone();
    app.sign_in("qiang", first.as_str().expect("a first password")).await;
});

testkit::both!(people_and_trail_are_counted, |app| async move {
    let company = app.company("甲").await;
    let admin = &company.admin;
    for k in 0..5 {
        app.person(&company, &format!("外勤{k}"), &format!("rep{k}"), "rep", company.root_department).await;
    }
    let page = admin.get("/api/v1/employees?limit=2&count=true").await.json;
    assert_eq!((page["total"].as_i64(), page["items"].as_array().map(Vec::len)), (Some(6), Some(2)));
    assert_eq!(admin.get("/api/v1/employees?q=外勤&count=true").await.json["total"], 5);
    assert!(admin.get("/api/v1/employees?limit=2").await.json["total"].is_null());
    let trail = admin.get("/api/v1/audit?limit=1&count=true&object_kind=employee").await.json;
    let all = admin.get("/api/v1/audit?limit=200&object_kind=employee").await.json;
    assert_eq!(trail["total"].as_u64(), all["items"].as_array().map(|rows| rows.len() as u64));
    assert!(trail["total"].as_i64() >= Some(10), "{trail}");
});

testkit::both!(the_map_file_of_the_data_folder_needs_no_address, |app| async move {
    let company = app.company("甲").await;
    let map = json!({ "kind": "pmtiles", "url": null, "crs": "wgs84", "attribution": "", "min_zoom": 3, "max_zoom": 18, "centre": [118.78, 32.04], "zoom": 12 });
    assert_eq!(company.admin.put("/api/v1/basemap", map.clone()).await.status, 200);
    assert_eq!(company.admin.get("/api/v1/basemap").await.json["kind"], "pmtiles");
    let mut raster = map;
    raster["kind"] = json!("raster");
    assert_eq!(company.admin.put("/api/v1/basemap", raster).await.status, 422, "tiles need an address");
    std::fs::write(app.data().join("basemap.pmtiles"), b"PMTiles and more").expect("file");
    let part = company
        .admin
        .request(reqwest::Method::GET, "/api/v1/basemap/file.pmtiles")
        .header("range", "bytes=0-6");
    let part = company.admin.send(part).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &b"PMTiles"[..]));
});

testkit::both!(the_goal_of_the_wizard_can_be_changed_later, |app| async move {
    let company = app.company("惠民饮品").await;
    let at = |v: &Value| v["version"].as_i64().unwrap();
    let first = company.admin.get("/api/v1/company").await.json;
    assert_eq!(first["goal"], "truth");
    let changed = company.admin.patch("/api/v1/company", at(&first), json!({ "goal": "cost" })).await;
    assert_eq!((changed.status, &changed.json["goal"]), (200, &json!("cost")), "{}", changed.json);
    assert_eq!(changed.json["name"], first["name"], "and nothing else");
    assert_eq!(company.admin.get("/api/v1/me").await.json["company"]["goal"], "cost");
    for bad in [json!("speed"), json!(""), json!(3)] {
        let refused = company.admin.patch("/api/v1/company", at(&changed.json), json!({ "goal": bad })).await;
        assert_eq!(refused.status, 422, "{bad}: {}", refused.json);
        assert!(refused.json.to_string().contains("goal"), "{}", refused.json);
    }
    let stale = company.admin.patch("/api/v1/company", at(&first), json!({ "goal": "truth" })).await;
    assert_eq!(stale.code(), "version.conflict");
    let (_, rep) = app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    let by_rep = rep.patch("/api/v1/company", at(&changed.json), json!({ "goal": "truth" })).await;
    assert_eq!(by_rep.status, 403);
});

testkit::both!(views_are_kept_and_shared, |app| async move {
    let company = app.company("惠民饮品").await;
    let other = app.company("乙公司").await;
    let (_, rep) = app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    let id = base::id::new_v7();
    let view = json!({ "id": id, "list": "customers", "name": " A 类 ", "search": { "grade": "A" } });
    let made = rep.post("/api/v1/views", view.clone()).await;
    assert_eq!((made.status, made.json["name"].as_str()), (201, Some("A 类")), "{}", made.json);
    assert_eq!(rep.post("/api/v1/views", view).await.status, 201, "sent twice it is kept once");
    let twisted = json!({ "id": id, "list": "customers", "name": "B 类", "search": {} });
    assert_eq!(rep.post("/api/v1/views", twisted).await.code(), "sync.conflict");

    let names = |reply: testkit::Reply| -> Vec<String> {
        reply.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = "/api/v1/views?list=customers";
    assert_eq!(names(rep.get(list).await), ["A 类"]);
    assert_eq!(names(company.admin.get(list).await), [""; 0], "not shared yet");
    let one = format!("/api/v1/views/{id}");
    assert_eq!(company.admin.delete(&one).await.status, 404, "nor to be found");

    let shared = json!({ "list": "customers", "name": "A 类", "search": { "grade": "A" }, "shared": true });
    assert_eq!(rep.patch(&one, 1, shared.clone()).await.status, 200);
    assert_eq!(rep.patch(&one, 1, shared.clone()).await.code(), "version.conflict");
    assert_eq!(names(company.admin.get(list).await), ["A 类"]);
    assert_eq!(names(other.admin.get(list).await), [""; 0], "another company never sees it");

    let (_, colleague) = app.person(&company, "王磊", "wanglei", "rep", company.root_department).await;
    assert_eq!(names(colleague.get(list).await), ["A 类"]);
    assert_eq!(colleague.delete(&one).await.status, 403);
    assert_eq!(colleague.patch(&one, 2, shared).await.status, 403);
    let taken = json!({ "list": "customers", "name": "A 类", "search": {}, "shared": false });
    assert_eq!(
        company.admin.patch(&one, 2, taken).await.status,
        422,
        "what is another's is not taken from all others"
    );
    assert_eq!(company.admin.delete(&one).await.status, 204);
    assert_eq!(names(rep.get(list).await), [""; 0]);

    let long = json!({ "list": "customers", "name": "", "search": { "q": "长".repeat(1001) } });
    let refused = rep.post("/api/v1/views", long).await;
    assert_eq!(
        (refused.status, refused.json["errors"].as_array().map(Vec::len)),
        (422, Some(2)),
        "{}",
        refused.json
    );
    for n in 0..50 {
        let one = json!({ "list": "tasks", "name": format!("视图 {n}"), "search": {} });
        assert_eq!(rep.post("/api/v1/views", one).await.status, 201);
    }
    let more = json!({ "list": "tasks", "name": "多一个", "search": {} });
    assert_eq!(rep.post("/api/v1/views", more).await.code(), "org.too_many_views");
});

testkit::both!(what_people_can_do_is_kept_with_them_and_imported, |app| async move {
    let company = app.company("甲").await;
    let admin = &company.admin;
    let new = json!({ "name": "张伟", "role_id": company.roles["rep"], "department_id": company.root_department,
        "skills": [" 叉车 ", "冷链", "叉车"] });
    let made = admin.post("/api/v1/employees", new).await;
    assert_eq!(made.json["employee"]["skills"], json!(["冷链", "叉车"]), "{}", made.json);
    let path = format!("/api/v1/employees/{}", made.json["employee"]["id"].as_str().unwrap());
    let version = made.json["employee"]["version"].as_i64().unwrap();
    // Another field leaves them alone; an empty list takes them away.
    let kept = admin.patch(&path, version, json!({ "post": "业务" })).await.json;
    assert_eq!(kept["skills"], json!(["冷链", "叉车"]));
    let one = admin.patch(&path, version + 1, json!({ "skills": ["电工"] })).await.json;
    assert_eq!((one["skills"].clone(), one["version"].as_i64()), (json!(["电工"]), Some(version + 2)));
    let stale = admin.patch(&path, version, json!({ "skills": [] })).await;
    assert_eq!((stale.status, admin.get(&path).await.json["skills"].clone()), (409, json!(["电工"])));
    for bad in [json!(["x".repeat(21)]), json!([" "]), json!(vec!["技"; 21])] {
        assert_eq!(admin.patch(&path, version + 2, json!({ "skills": bad })).await.status, 422);
    }
    let listed = admin.get("/api/v1/employees?q=张伟").await.json["items"][0]["skills"].clone();
    assert_eq!(listed, json!(["电工"]));
    let none = admin.patch(&path, version + 2, json!({ "skills": [] })).await.json;
    assert_eq!(none["skills"], json!([]));

    let long = "长".repeat(21);
    let sheet = format!("姓名,部门,编号,技能标签\n李娜,甲,7,冷链、叉车\n王芳,甲,8,\n赵强,甲,9,{long}\n");
    let preview = admin.post_bytes("/api/v1/imports?kind=employees&filename=a.csv", sheet.into_bytes()).await;
    assert_eq!(preview.json["ready"], 2, "{}", preview.json);
    assert_eq!(preview.json["errors"][0]["column"], "技能", "{}", preview.json);
    let commit = format!("/api/v1/imports/{}/commit", preview.json["id"].as_str().unwrap());
    assert_eq!(admin.post(&commit, json!({ "skip_errors": true })).await.json["created"], 2);
    let found = |q: &'static str| async move {
        admin.get(&format!("/api/v1/employees?q={q}")).await.json["items"][0]["skills"].clone()
    };
    assert_eq!((found("李娜").await, found("王芳").await), (json!(["冷链", "叉车"]), json!([])));
});
