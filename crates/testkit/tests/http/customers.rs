use serde_json::{Value, json};
use uuid::Uuid;

testkit::both!(a_customer_is_kept_once, |app| async move {
    let company = app.company("甲").await;
    let id = Uuid::now_v7();
    let new = json!({ "id": id, "name": "苏福便利（新街口店）", "grade": "A", "tags": ["冰柜"], "at": [118.78, 32.04], "datum": "gcj02",
        "contact": { "name": "王店长", "phone": "13812342207" } });
    let made = company.admin.post("/api/v1/customers", new.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(made.json["contact"]["phone_masked"], "138****2207");
    let lng = made.json["at"][0].as_f64().unwrap();
    assert!((lng - 118.78).abs() > 0.004, "stored in WGS-84: {lng}");
    assert_eq!(
        company.admin.post("/api/v1/customers", new.clone()).await.status,
        201,
        "the same again is no conflict"
    );
    let mut other = new;
    other["name"] = json!("别家");
    assert_eq!(company.admin.post("/api/v1/customers", other).await.code(), "sync.conflict");
    for q in ["苏福", "sufubianli", "sfbl", "新街口"] {
        let found = company.admin.get(&format!("/api/v1/customers?q={q}&count=true")).await.json;
        assert_eq!(found["total"], 1, "search {q}");
    }
    let inside = company.admin.get("/api/v1/customers/points?bbox=118,32,119,33").await.json;
    assert_eq!(inside["items"].as_array().unwrap().len(), 1);
    let outside = company.admin.get("/api/v1/customers/points?bbox=100,30,101,31").await.json;
    assert_eq!(outside["items"].as_array().unwrap().len(), 0);
});

testkit::both!(a_customer_is_found_by_a_telephone_number, |app| async move {
    let company = app.company("甲").await;
    let (id, rep) = app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    let new = json!({ "name": "苏福便利", "owner_id": id, "at": [118.78, 32.04], "contact": { "name": "王店长", "phone": "138 1234-2207" } });
    let made = company.admin.post("/api/v1/customers", new).await.json;
    let contacts = format!("/api/v1/customers/{}/contacts", made["id"].as_str().unwrap());
    let second = json!({ "name": "陈会计", "phone": "025-84556677" });
    assert_eq!(company.admin.post(&contacts, second).await.status, 201);
    company.admin.post("/api/v1/customers", json!({ "name": "邻家超市", "at": [118.79, 32.04] })).await;
    for (q, found) in [
        ("2207", 1),
        ("13812342207", 1),
        ("138-1234", 1),
        ("6677", 1),
        ("84556677", 1),
        ("207", 0),
        ("9999", 0),
        ("2207 王", 0),
        ("%2207", 0),
    ] {
        let q = q.replace('%', "%25").replace(' ', "%20").replace('王', "%E7%8E%8B");
        for who in [&company.admin, &rep] {
            let list = who.get(&format!("/api/v1/customers?count=true&q={q}")).await;
            assert_eq!(list.json["total"], found, "{q}: {}", list.json);
            assert!(!list.json.to_string().contains("12342207"), "numbers stay masked: {}", list.json);
        }
        let points = company.admin.get(&format!("/api/v1/customers/points?q={q}")).await.json;
        assert_eq!(points["items"].as_array().unwrap().len(), found, "{q}: {points}");
        let text = company.admin.get(&format!("/api/v1/customers.csv?q={q}")).await;
        let lines = String::from_utf8(text.bytes).unwrap().lines().count();
        assert_eq!(lines, 1 + found, "{q}");
    }
    // Only among one's own.
    let (_, other) = app.person(&company, "王强", "wangqiang", "rep", company.root_department).await;
    assert_eq!(other.get("/api/v1/customers?count=true&q=2207").await.json["total"], 0);
});

testkit::both!(pages_meet_without_gap_or_overlap, |app| async move {
    let company = app.company("甲").await;
    for i in 0..23 {
        company.admin.post("/api/v1/customers", json!({ "name": format!("店 {:02}", i / 2) })).await;
    }
    for sort in ["name", "-name", "last_visit", "-last_visit"] {
        let (mut seen, mut cursor) = (vec![], String::new());
        loop {
            let page =
                company.admin.get(&format!("/api/v1/customers?limit=5&sort={sort}{cursor}")).await.json;
            seen.extend(
                page["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (23, 23), "sort {sort}");
    }
});

testkit::both!(a_grade_and_an_owner_can_be_taken_back, |app| async move {
    let company = app.company("甲").await;
    let (rep, _) = app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    let new = json!({ "name": "苏福便利", "grade": "A", "owner_id": rep });
    let made = company.admin.post("/api/v1/customers", new).await.json;
    let path = format!("/api/v1/customers/{}", made["id"].as_str().unwrap());
    let named = company.admin.patch(&path, 1, json!({ "name": "苏福便利店" })).await.json;
    assert_eq!((&named["grade"], &named["owner"]["id"]), (&json!("A"), &json!(rep)), "absent fields stay");
    let bare = company.admin.patch(&path, 2, json!({ "grade": null, "owner_id": null })).await;
    assert_eq!(bare.status, 200, "{}", bare.json);
    assert_eq!((&bare.json["grade"], &bare.json["owner"]), (&Value::Null, &Value::Null), "{}", bare.json);
    assert_eq!(bare.json["department"], made["department"], "nobody's, and still of the department");
});

testkit::both!(names_stand_in_the_order_of_a_dictionary, |app| async move {
    let company = app.company("甲").await;
    let ordered = [
        "7-11 便利",
        "A8 店",
        "阿里小店",
        "鲁班五金",
        "绿地超市",
        "西安面馆",
        "鲜果",
        "张二食品",
        "张三食品",
        "章华便利",
    ];
    for k in [3, 8, 0, 5, 9, 1, 7, 2, 6, 4] {
        let made = company.admin.post("/api/v1/customers", json!({ "name": ordered[k] })).await;
        assert_eq!(made.status, 201, "{}", made.json);
    }
    let names = async |sort: &str| {
        let (mut seen, mut cursor) = (vec![], String::new());
        loop {
            let page = company.admin.get(&format!("/api/v1/customers?limit=3{sort}{cursor}")).await.json;
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|c| c["name"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return seen,
            }
        }
    };
    assert_eq!(names("").await, ordered);
    let mut down = names("&sort=-name").await;
    down.reverse();
    assert_eq!(down, ordered);
    // A new name stands in its new place.
    let first = company.admin.get("/api/v1/customers?limit=1").await.json["items"][0].clone();
    let path = format!("/api/v1/customers/{}", first["id"].as_str().unwrap());
    let version = first["version"].as_i64().unwrap();
    assert_eq!(company.admin.patch(&path, version, json!({ "name": "邹记" })).await.status, 200);
    assert_eq!(names("").await.last().map(String::as_str), Some("邹记"));

    // What a version without this order has written is ordered at the next start.
    let scope = db::Scope::job("test", company.id);
    let unordered = app.kit.db.write(&scope, |tx| {
        Box::pin(async move {
            tx.exec(db::sql!("UPDATE customer SET sort_key = '' WHERE tenant_id = $1"), db::args![]).await
        })
    });
    assert_eq!(unordered.await.unwrap(), 10);
    let app = app.restart().await;
    let admin = app.sign_in("admin@甲", testkit::PASSWORD).await;
    let page = admin.get("/api/v1/customers?limit=50").await.json;
    let again: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!((again.len(), again[0], again[1], again[9]), (10, "A8 店", "阿里小店", "邹记"));
});

testkit::both!(customers_are_imported_with_their_datum, |app| async move {
    let company = app.company("甲").await;
    let sheet = "客户名称,编号,等级,经度,纬度,联系人,联系电话\n苏福便利,K1,A,118.78,32.04,王店长,13812342207\n坏位置,K2,B,118.78,99,,\n";
    let preview = company
        .admin
        .post_bytes("/api/v1/imports?kind=customers&filename=a.csv", sheet.as_bytes().to_vec())
        .await;
    assert_eq!(preview.json["ready"], 1, "{}", preview.json);
    let id = preview.json["id"].as_str().unwrap();
    let patched = company.admin.patch(&format!("/api/v1/imports/{id}"), 1, json!({ "datum": "bd09" })).await;
    assert_eq!(patched.json["datum"], "bd09");
    let done =
        company.admin.post(&format!("/api/v1/imports/{id}/commit"), json!({ "skip_errors": true })).await;
    assert_eq!(done.json["created"], 1, "{}", done.json);
    let customer = company.admin.get("/api/v1/customers").await.json["items"][0].clone();
    let lng = customer["at"][0].as_f64().unwrap();
    assert!((lng - 118.7685).abs() < 0.002, "BD-09 moved to WGS-84: {lng}");
    // The same file again updates instead of doubling.
    let again = company
        .admin
        .post_bytes("/api/v1/imports?kind=customers&filename=a.csv", sheet.as_bytes().to_vec())
        .await;
    let done = company
        .admin
        .post(
            &format!("/api/v1/imports/{}/commit", again.json["id"].as_str().unwrap()),
            json!({ "skip_errors": true }),
        )
        .await;
    assert_eq!((done.json["created"].as_i64(), done.json["updated"].as_i64()), (Some(0), Some(1)));
});

testkit::both!(a_sheet_without_codes_does_not_double_customers, |app| async move {
    let company = app.company("甲").await;
    let upload = async |sheet: &str| {
        let path = "/api/v1/imports?kind=customers&filename=a.csv";
        company.admin.post_bytes(path, sheet.as_bytes().to_vec()).await.json
    };
    let commit = async |preview: &Value, how: Value| {
        let path = format!("/api/v1/imports/{}/commit", preview["id"].as_str().unwrap());
        let done = company.admin.post(&path, how).await.json;
        ["created", "updated", "skipped"].map(|of| done[of].as_i64().unwrap())
    };
    let sheet = "客户名称,客户编号,经度,纬度\n甲店,,118.78,32.04\n乙店,K2,118.79,32.04\n";
    let first = upload(sheet).await;
    assert_eq!((&first["ready"], &first["duplicate_rows"]), (&json!(2), &json!(0)), "{first}");
    assert_eq!(commit(&first, json!({ "skip_duplicates": true })).await, [2, 0, 0]);

    // Again, with one that stands beside a known one, one that is new and one with a fault that is known by name.
    let more = format!("{sheet}另一家,,118.7801,32.04\n新店,,118.9,32.04\n甲店,,118.78,99\n");
    let again = upload(&more).await;
    let counts = ["total", "ready", "error_rows", "duplicate_rows"].map(|of| again[of].as_i64().unwrap());
    assert_eq!(counts, [5, 4, 1, 2], "{again}");
    let rows: Vec<_> = again["duplicates"].as_array().unwrap().iter().map(|d| d["row"].clone()).collect();
    assert_eq!(rows, [json!(2), json!(4)], "{again}");
    // What is known by its code is brought up to date as ever.
    assert_eq!(commit(&again, json!({ "skip_errors": true, "skip_duplicates": true })).await, [1, 1, 3]);
    assert_eq!(company.admin.get("/api/v1/customers?count=true").await.json["total"], 3);

    // Who wants them takes them over all the same.
    let third = upload(sheet).await;
    assert_eq!(commit(&third, json!({})).await, [1, 1, 0]);
});

testkit::both!(opening_hours_go_out_and_come_back, |app| async move {
    let company = app.company("甲").await;
    let read = async |sheet: String| {
        company
            .admin
            .post_bytes("/api/v1/imports?kind=customers&filename=a.csv", sheet.into_bytes())
            .await
            .json
    };
    let take = async |preview: &Value| {
        let path = format!("/api/v1/imports/{}/commit", preview["id"].as_str().unwrap());
        company.admin.post(&path, json!({ "skip_errors": true })).await.json
    };
    let preview = read(
        "客户名称,客户编号,营业时间\n甲店,K1,\"周一至周五 9:00—12:00，13:30-18:00；6 10:00-16:00\"\n乙店,K2,九点到六点\n丙店,K3,\n".into(),
    )
    .await;
    assert_eq!((preview["ready"].as_i64(), preview["error_rows"].as_i64()), (Some(2), Some(1)), "{preview}");
    assert_eq!(preview["errors"][0]["code"], "customer.hours", "{preview}");
    assert_eq!(take(&preview).await["created"], 2);
    let hours = async |code: &str| {
        let list = company.admin.get("/api/v1/customers").await.json;
        let all = list["items"].as_array().unwrap().clone();
        all.into_iter().find(|c| c["code"] == code).unwrap()["hours"].clone()
    };
    let kept = hours("K1").await;
    assert_eq!(kept["weekly"].as_array().unwrap().len(), 11, "{kept}");
    assert_eq!(hours("K3").await["weekly"], json!([]));
    let file = String::from_utf8(company.admin.get("/api/v1/customers.csv").await.bytes).unwrap();
    assert!(file.contains("\"1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00\""), "{file}");
    // What went out comes back; a sheet without the column leaves them.
    let back = read(file).await;
    assert_eq!(back["error_rows"], 0, "{back}");
    assert_eq!(take(&back).await["updated"], 2);
    assert_eq!(hours("K1").await, kept);
    take(&read("客户名称,客户编号\n甲店,K1\n".into()).await).await;
    assert_eq!(hours("K1").await, kept);
});

testkit::both!(who_comes_is_imported_and_exported_by_name, |app| async move {
    let company = app.company("甲").await;
    app.person(&company, "张伟", "zhangwei", "rep", company.root_department).await;
    app.person(&company, "李娜", "lina", "rep", company.root_department).await;
    app.person(&company, "王强", "wangqiang", "rep", company.root_department).await;
    let read = async |sheet: &str| {
        let path = "/api/v1/imports?kind=customers&filename=a.csv";
        company.admin.post_bytes(path, sheet.as_bytes().to_vec()).await.json
    };
    let take = async |preview: &Value| {
        let path = format!("/api/v1/imports/{}/commit", preview["id"].as_str().unwrap());
        company.admin.post(&path, json!({ "skip_errors": true })).await.json
    };
    let preview = read(
        "客户名称,客户编号,负责人,优先人员,不派人员\n甲店,K1,张伟,李娜,王强\n乙店,K2,张伟,谁,\n丙店,K3,张伟,,李娜、王强\n丁店,K4,张伟,,张伟\n",
    )
    .await;
    assert_eq!((&preview["ready"], &preview["error_rows"]), (&json!(2), &json!(2)), "{preview}");
    let mut codes: Vec<&str> =
        preview["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["customer.barred", "customer.owner"], "{preview}");
    assert_eq!(take(&preview).await["created"], 2);
    let whom = async |code: &str| {
        let list = company.admin.get("/api/v1/customers").await.json;
        let all = list["items"].as_array().unwrap().clone();
        all.into_iter().find(|c| c["code"] == code).unwrap()["whom"].clone()
    };
    let kept = whom("K1").await;
    assert_eq!((&kept["preferred"]["name"], &kept["barred"][0]["name"]), (&json!("李娜"), &json!("王强")));
    assert_eq!(whom("K3").await["barred"].as_array().unwrap().len(), 2);
    // What went out comes back; a sheet without the columns leaves them.
    let file = String::from_utf8(company.admin.get("/api/v1/customers.csv").await.bytes).unwrap();
    assert!(file.contains("优先人员,不派人员") && file.contains("李娜,王强"), "{file}");
    let back = read(&file).await;
    assert_eq!(back["error_rows"], 0, "{back}");
    assert_eq!(take(&back).await["updated"], 2);
    take(&read("客户名称,客户编号,负责人\n甲店,K1,张伟\n").await).await;
    assert_eq!(whom("K1").await, kept);
});

testkit::both!(a_changed_owner_moves_the_customer, |app| async move {
    let company = app.company("甲").await;
    let one = app.department(&company, "一区", company.root_department).await;
    let two = app.department(&company, "二区", company.root_department).await;
    let (wei, rep_one) = app.person(&company, "张伟", "zhangwei", "rep", one).await;
    let (na, rep_two) = app.person(&company, "李娜", "lina", "rep", two).await;
    let made = company.admin.post("/api/v1/customers", json!({ "name": "店", "owner_id": wei })).await.json;
    let path = format!("/api/v1/customers/{}", made["id"].as_str().unwrap());
    assert_eq!(rep_one.get(&path).await.status, 200);
    assert_eq!(rep_two.get(&path).await.status, 404);
    assert_eq!(company.admin.patch(&path, 1, json!({ "owner_id": na })).await.status, 200);
    assert_eq!(rep_one.get(&path).await.status, 404);
    assert_eq!(rep_two.get(&path).await.status, 200);
});

testkit::both!(an_export_holds_the_reach_and_stands_in_the_trail, |app| async move {
    let company = app.company("甲").await;
    let one = app.department(&company, "一区", company.root_department).await;
    let two = app.department(&company, "二区", company.root_department).await;
    let (wei, _) = app.person(&company, "张伟", "zhangwei", "rep", one).await;
    let (na, _) = app.person(&company, "李娜", "lina", "rep", two).await;
    let (_, manager) = app.person(&company, "陈静", "chenjing", "manager", one).await;
    for (name, owner) in [("=1+1 便利", wei), ("苏福便利", wei), ("别区超市", na)] {
        let new = json!({ "name": name, "owner_id": owner, "grade": "A", "at": [118.78, 32.04], "tags": ["连锁"], "contact": { "name": "王店长", "phone": "13812342207" } });
        assert_eq!(company.admin.post("/api/v1/customers", new).await.status, 201);
    }
    let reply = manager.get("/api/v1/customers.csv?grade=A").await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    let text = String::from_utf8(reply.bytes).expect("UTF-8");
    assert!(text.starts_with("\u{feff}客户名称,客户编号,"), "{text}");
    assert!(
        text.contains("'=1+1 便利")
            && text.contains("苏福便利")
            && text.contains("118.780000,32.040000,wgs84")
    );
    assert!(text.contains("138****2207") && !text.contains("13812342207"), "numbers stay masked");
    assert!(!text.contains("别区超市"), "what is out of reach is not in it");
    let book = company.admin.get("/api/v1/customers.xlsx").await;
    assert!(book.bytes.starts_with(b"PK\x03\x04"), "{}", book.json);
    // A second sheet tells whose it is and what was asked for.
    let told = |bytes: &[u8], sheet: &str| -> Vec<Vec<String>> {
        let sheets = org::sheet::read_book(bytes, &[sheet.to_lowercase().as_str()]).expect("a workbook");
        assert_eq!((sheets.len(), sheets[1].0.as_str()), (2, sheet));
        sheets[1].1.iter().flatten().map(|(_, cells)| cells.clone()).collect()
    };
    let lines = told(&book.bytes, "说明");
    assert_eq!(lines[0], ["公司", "甲"]);
    assert_eq!((lines[4][1].as_str(), lines.len()), ("3", 6), "{lines:?}");
    let path = format!("/api/v1/customers.xlsx?grade=A&q=2207&owner_id={wei}&department_id={one}");
    let lines = told(&manager.clone().in_english().get(&path).await.bytes, "About");
    assert_eq!(lines[2], ["Exported by", "陈静"]);
    let asked: Vec<&str> = lines[6..].iter().map(|line| line[1].as_str()).collect();
    assert_eq!(asked, ["一区", "2207", "A", "张伟"], "{lines:?}");
    // The file comes back through the import: names and places are found again.
    let back = company.admin.post_bytes("/api/v1/imports?kind=customers", book.bytes).await;
    assert_eq!(
        (back.json["total"].as_i64(), back.json["error_rows"].as_i64()),
        (Some(3), Some(0)),
        "{}",
        back.json
    );
    assert_eq!(back.json["duplicates"].as_array().map(Vec::len), Some(3));
    let trail = company.admin.get("/api/v1/audit?object_kind=company").await.json;
    let exports: Vec<_> = trail["items"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|e| e["action"] == "customer.export")
        .collect();
    assert_eq!(exports.len(), 3, "{trail}");
    assert!(
        exports.iter().any(|e| e["summary"].as_str().is_some_and(|s| s.contains("\"rows\":2"))),
        "{trail}"
    );
    let rep = app.sign_in("lina", testkit::PASSWORD).await;
    let own = rep.get("/api/v1/customers.csv").await;
    let text = String::from_utf8_lossy(&own.bytes).into_owned();
    assert!(own.status == 403 || (text.contains("别区超市") && !text.contains("苏福便利")), "{text}");
});

testkit::both!(grades_are_the_companys_own_list, |app| async move {
    let s = crate::scene::Scene::begin(&app).await;
    let admin = &s.company.admin;
    let set = async |who: &testkit::Client, version: i64, items: serde_json::Value| {
        let request = who.request(reqwest::Method::PUT, "/api/v1/customer-grades");
        who.send(
            request.header("if-match", format!("\"{version}\"")).json(&serde_json::json!({ "items": items })),
        )
        .await
    };
    let list = async |who: &testkit::Client| who.get("/api/v1/customer-grades").await.json;
    assert_eq!(list(&s.rep).await, serde_json::json!({ "items": ["A", "B", "C"], "version": 0 }));
    let wanted = serde_json::json!(["钻石", "A", "普通"]);
    assert_eq!(set(&s.manager, 0, wanted.clone()).await.status, 403);
    for (bad, field) in [
        (serde_json::json!([]), "items"),
        (serde_json::json!(["A", "a"]), "items[1]"),
        (serde_json::json!(["A", "B,C"]), "items[1]"),
    ] {
        let refused = set(admin, 0, bad).await;
        assert_eq!(
            (refused.status, refused.json["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{}",
            refused.json
        );
    }
    // The scene's five customers are of grade A.
    let used = set(admin, 0, serde_json::json!(["钻石"])).await;
    assert_eq!((used.status, used.code()), (409, "customer.grade_in_use"), "{}", used.json);
    assert!(used.json["detail"].as_str().unwrap().contains("5 家"), "{}", used.json);
    let made = set(admin, 0, wanted).await;
    assert_eq!((made.status, &made.json["version"]), (200, &serde_json::json!(1)), "{}", made.json);
    assert_eq!(set(admin, 0, serde_json::json!(["A"])).await.code(), "version.conflict");
    assert_eq!(s.snapshot().await["grades"], serde_json::json!(["钻石", "A", "普通"]), "phones know them");
    assert_eq!(list(&s.stranger).await["version"], 0, "another company has its own");

    // Customers, rules and sheets take what is in the list, and nothing else.
    let new = |grade: &str| serde_json::json!({ "name": format!("店 {grade}"), "grade": grade, "at": crate::scene::place(1), "owner_id": s.rep_id });
    assert_eq!(admin.post("/api/v1/customers", new("B")).await.status, 422);
    let diamond = admin.post("/api/v1/customers", new("钻石")).await;
    assert_eq!(
        (diamond.status, &diamond.json["grade"]),
        (201, &serde_json::json!("钻石")),
        "{}",
        diamond.json
    );
    let path = format!("/api/v1/customers/{}", diamond.json["id"].as_str().unwrap());
    let change = async |version: i64, grade: &str| {
        admin.patch(&path, version, serde_json::json!({ "grade": grade })).await
    };
    let refused = change(1, "C").await;
    assert_eq!(
        (refused.status, refused.json["errors"][0]["field"].as_str()),
        (422, Some("grade")),
        "{}",
        refused.json
    );
    assert_eq!(change(1, "普通").await.status, 200);
    let found = s.manager.get("/api/v1/customers?grade=普通,钻石").await.json;
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    let rule = |grade: &str| serde_json::json!({ "name": grade, "terms": { "grades": [grade], "tags": [], "every": "week", "times": 1, "weekdays": [1, 2, 3, 4, 5], "visit_minutes": 30 } });
    assert_eq!(admin.post("/api/v1/frequency/rules", rule("B")).await.status, 422);
    assert_eq!(admin.post("/api/v1/frequency/rules", rule("普通")).await.status, 201);
    let seen = s
        .manager
        .post("/api/v1/frequency/preview", serde_json::json!({ "from": "2026-11-23", "weeks": 1 }))
        .await
        .json;
    assert_eq!(
        (&seen["fresh"], &seen["without_rule"]),
        (&serde_json::json!(1), &serde_json::json!(5)),
        "{seen}"
    );
});
