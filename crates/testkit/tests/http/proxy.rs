//! Behind a proxy: whom its headers are believed of, and what follows from them.

use api::Config;
use reqwest::Method;
use serde_json::json;
use tashi::proxy::Proxies;
use testkit::{App, Client, On, PASSWORD, Reply};

/// A server that limits tries to sign in, with the test's own address as a trusted proxy or not.
async fn server(trusted: bool) -> App {
    let blocks: &[&str] = if trusted { &["127.0.0.0/8"] } else { &["192.0.2.0/24"] };
    let proxies = Proxies::new(blocks.iter().map(|b| b.parse().expect("block")).collect());
    App::start_with(On::Sqlite, Config { rate_limit: true, ..Config::default() }, proxies).await
}

async fn try_from(client: &Client, login: &str, address: &str) -> Reply {
    let request = client
        .request(Method::POST, "/api/v1/auth/login")
        .header("x-forwarded-for", address)
        .json(&json!({ "login": login, "password": PASSWORD }));
    client.send(request).await
}

/// Most tries made; an address has forty in hand, and one more every two seconds.
const MOST: usize = 200;

/// How many tries pass before one is held up. Time goes on meanwhile, on a busy machine more of it.
async fn tries_until_held_up(client: &Client, address: impl Fn(usize) -> String) -> usize {
    for k in 0..MOST {
        if try_from(client, "nobody", &address(k)).await.status == 429 {
            return k;
        }
    }
    MOST
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_are_counted_by_the_client_a_trusted_proxy_names() {
    let app = server(true).await;
    app.company("甲").await;
    let stranger = app.stranger();
    let tries = tries_until_held_up(&stranger, |_| "203.0.113.1".into()).await;
    assert!((40..MOST).contains(&tries), "one address was held up after {tries} tries");
    assert_eq!(try_from(&stranger, "admin@甲", "203.0.113.2").await.status, 200, "others are not held up");
    // The client cannot write himself another address: only what the proxy added last counts.
    let tries = tries_until_held_up(&stranger, |k| format!("198.51.100.{k}, 203.0.113.1")).await;
    assert!(tries < 40, "claimed addresses in front change nothing: {tries}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_is_believed() {
    let app = server(false).await;
    let stranger = app.stranger();
    let tries = tries_until_held_up(&stranger, |k| format!("203.0.113.{k}")).await;
    assert!((40..MOST).contains(&tries), "claimed addresses are one: {tries}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_and_trail_say_what_the_proxy_heard() {
    for trusted in [true, false] {
        let app = server(trusted).await;
        let company = app.company("甲").await;
        let person = app.person(&company, "张伟", "zhangwei", "rep", company.root_department).await.0;
        let request = company
            .admin
            .request(Method::POST, "/api/v1/trackers")
            .header("x-forwarded-host", "evil.example, tashi.example.com")
            .header("x-forwarded-proto", "https")
            .json(&json!({ "employee_id": person, "name": "t", "kind": "traccar" }));
        let made = company.admin.send(request).await;
        let url = made.json["url"].as_str().expect("url").to_owned();
        assert_eq!(url.starts_with("https://tashi.example.com/t/"), trusted, "{url}");
        assert!(trusted || url.starts_with(&app.base), "{url}");
        try_from(&app.stranger(), "zhangwei", "203.0.113.9").await;
        let wrong = app
            .stranger()
            .request(Method::POST, "/api/v1/auth/login")
            .header("x-forwarded-for", "203.0.113.8");
        let wrong = wrong.json(&json!({ "login": "zhangwei", "password": "not-it" }));
        assert_eq!(app.stranger().send(wrong).await.status, 401);
        let trail = company.admin.get(&format!("/api/v1/audit?object_id={person}")).await.json;
        for (action, address) in [("auth.sign_in", "203.0.113.9"), ("auth.sign_in_refused", "203.0.113.8")] {
            let entries = trail["items"].as_array().expect("entries");
            let entry = entries.iter().find(|e| e["action"] == action).expect(action);
            let address = if trusted { address } else { "127.0.0.1" };
            assert!(entry["summary"].as_str().is_some_and(|s| s.contains(address)), "{entry}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_in_for_phones_says_what_the_proxy_heard() {
    let app = server(true).await;
    let request = app
        .stranger()
        .request(Method::GET, "/phone")
        .header("x-forwarded-host", "tashi.example.com")
        .header("x-forwarded-proto", "https");
    let page = app.stranger().send(request).await;
    let text = String::from_utf8_lossy(&page.bytes);
    assert!(text.contains("href=\"https://tashi.example.com/m/\""), "{text}");
    let hostile = app.stranger().request(Method::GET, "/phone").header("x-forwarded-host", "a\"><script>");
    let hostile = app.stranger().send(hostile).await;
    assert!(!String::from_utf8_lossy(&hostile.bytes).contains("<script>"));
    for path in ["/phone", "/", "/m/", "/api/v1/setup"] {
        let headers = app.stranger().get(path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
}
