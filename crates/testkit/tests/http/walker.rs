//! Walks every operation of the OpenAPI document as people who must not get in: nobody, another company's
//! admin, the manager of a sibling department, a rep. A new operation is covered without a line here.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use testkit::{App, Client, Company, On};
use uuid::Uuid;

/// Every operation: method, path with placeholders, declared permission.
fn operations(document: &Value) -> Vec<(Method, String, String)> {
    let mut all = vec![];
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (verb, operation) in item.as_object().expect("item") {
            let Ok(method) = verb.to_uppercase().parse::<Method>() else { continue };
            let permission = operation["x-permission"].as_str();
            let permission = permission.unwrap_or_else(|| panic!("{verb} {path} declares no permission"));
            all.push((method, path.clone(), permission.to_owned()));
        }
    }
    all
}

/// Ids of objects that belong to the first region of a company, by the first word of the path.
async fn objects(app: &App, company: &Company) -> (Uuid, Client, HashMap<&'static str, String>) {
    let one = app.department(company, "一区", company.root_department).await;
    let two = app.department(company, "二区", company.root_department).await;
    let (wei, _) = app.person(company, "张伟", &format!("wei@{}", company.id), "rep", one).await;
    let (_, sibling) = app.person(company, "何静", &format!("he@{}", company.id), "manager", two).await;
    let customer = company
        .admin
        .post("/api/v1/customers", json!({ "name": "苏福便利 CANARY", "owner_id": wei, "at": [118.78, 32.04], "contact": { "name": "王店长 CANARY", "phone": "13812342207" } }))
        .await
        .json;
    let customer_id = customer["id"].as_str().expect("customer").to_owned();
    let problem = company
        .admin
        .post(&format!("/api/v1/customers/{customer_id}/problems"), json!({ "text": "冰柜灯不亮 CANARY" }))
        .await
        .json;
    let ids = HashMap::from([
        ("departments", one.to_string()),
        ("employees", wei.to_string()),
        ("customers", customer_id),
        ("contacts", customer["contact"]["id"].as_str().expect("contact").to_owned()),
        ("problems", problem["id"].as_str().expect("problem").to_owned()),
    ]);
    (wei, sibling, ids)
}

async fn call(client: &Client, method: Method, path: &str) -> testkit::Reply {
    let request = client.request(method.clone(), path).header("if-match", "\"1\"");
    let request =
        if matches!(method, Method::GET | Method::HEAD) { request } else { request.json(&json!({})) };
    client.send(request).await
}

testkit::both!(nobody_gets_in_without_a_token, |app| async move {
    for (method, path, permission) in operations(&app.document) {
        if permission == "public" {
            continue;
        }
        let path = path.replace("{id}", &Uuid::now_v7().to_string());
        let reply = call(&app.stranger(), method.clone(), &path).await;
        assert_eq!(reply.status, 401, "{method} {path}");
    }
});

testkit::both!(neither_strangers_nor_siblings_nor_reps_see_anything, |app| async move {
    let company = app.company("甲").await;
    let (_, sibling, ids) = objects(&app, &company).await;
    let other = app.company("乙").await;
    let two = company.admin.get("/api/v1/departments").await.json["items"]
        .as_array()
        .expect("departments")
        .iter()
        .find(|d| d["name"] == "二区")
        .and_then(|d| d["id"].as_str()?.parse().ok())
        .expect("二区");
    let (_, rep) = app.person(&company, "吴婷", "wuting", "rep", two).await;
    let mut attacked = 0;
    for (method, path, permission) in operations(&app.document) {
        let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
        for (who, client) in
            [("another company", &other.admin), ("a sibling manager", &sibling), ("a rep", &rep)]
        {
            let Some(id) = ids.get(noun).filter(|_| path.contains("{id}")) else {
                // Lists: nothing of the first region may show.
                if method == Method::GET && !path.contains('{') && !path.ends_with("/stream") {
                    let reply = call(client, method.clone(), &path).await;
                    let text = String::from_utf8_lossy(&reply.bytes);
                    assert!(!text.contains("CANARY"), "{who} reads {path}");
                    assert!(reply.status < 500, "{who} {path}: {}", reply.status);
                }
                continue;
            };
            if noun == "departments" && who != "another company" {
                continue;
            }
            let reply = call(client, method.clone(), &path.replace("{id}", id)).await;
            // 422 for a body that is read before the object is: allowed only when it names nothing of it.
            let shut = matches!(reply.status, 403 | 404 | 422 | 415);
            assert!(shut, "{who} may {method} {path} ({permission}): {} {}", reply.status, reply.json);
            assert!(
                !String::from_utf8_lossy(&reply.bytes).contains("CANARY"),
                "{who} sees through {method} {path}"
            );
            attacked += 1;
        }
    }
    assert!(attacked > 20, "{attacked} attacks");
    // Nothing was changed by any of it.
    let customer = company.admin.get(&format!("/api/v1/customers/{}", ids["customers"])).await.json;
    assert_eq!(customer["version"], 1);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_has_a_name_of_its_own() {
    let app = App::start(On::Sqlite).await;
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in app.document["paths"].as_object().expect("paths") {
        for (verb, operation) in item.as_object().expect("item") {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{verb} {path}: {name} is taken");
        }
    }
}

testkit::both!(the_document_and_the_router_agree, |app| async move {
    let company = app.company("甲").await;
    for (method, path, _) in operations(&app.document) {
        // A path that is not there is not found, whatever the method.
        let odd = Method::from_bytes(b"PROPFIND").expect("a method");
        let odd = call(&company.admin, odd, &path.replace("{id}", &Uuid::now_v7().to_string())).await;
        assert_eq!(odd.code(), "method.not_allowed", "{path} is documented but not routed");
        // One never ends, the other ends the sign-in that asks.
        if path.ends_with("/stream") || path.ends_with("/auth/logout") {
            continue;
        }
        let reply =
            call(&company.admin, method.clone(), &path.replace("{id}", &Uuid::now_v7().to_string())).await;
        assert_ne!(reply.code(), "method.not_allowed", "{method} {path} is documented but not routed");
        assert!(reply.status < 500, "{method} {path}: {} {}", reply.status, reply.json);
    }
});

/// The second lock: whoever asks PostgreSQL without naming a company gets no row of any, by every table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_forgot_the_company_finds_nothing() {
    let app = App::start(On::Postgres).await;
    let company = app.company("甲").await;
    objects(&app, &company).await;
    let mut c = PgConnection::connect(app.database_url().expect("a database")).await.expect("connection");
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.table_name::text FROM information_schema.columns c \
         JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_type = 'BASE TABLE' AND t.table_schema = 'public' \
         WHERE c.column_name = 'tenant_id' AND c.table_schema = 'public' ORDER BY 1",
    )
    .fetch_all(&mut c)
    .await
    .expect("tables");
    assert!(tables.len() > 100, "{}", tables.len());
    let mut open = vec![];
    for table in &tables {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{table}\"")))
            .fetch_one(&mut c)
            .await
            .expect("count");
        if rows > 0 {
            open.push(table.clone());
        }
    }
    // Who signs in is looked for before it is known whose he is.
    assert_eq!(open, ["credential", "session", "tenant"], "readable without a company");
}
