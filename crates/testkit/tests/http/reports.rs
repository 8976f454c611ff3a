//! Records of an object summed up: counted and summed by group, within the reader's reach, on the screen and as a file.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Client;

use crate::scene::Scene;

async fn report(client: &Client, query: &[(&str, &str)]) -> Value {
    let request = client.request(Method::GET, "/api/v1/objects/promo/report").query(query);
    let reply = client.send(request).await;
    assert_eq!(reply.status, 200, "{query:?} {}", reply.json);
    reply.json
}

fn told(report: &Value) -> Vec<(String, i64, Option<f64>)> {
    let group = |g: &Value| {
        (g["label"].as_str().unwrap().to_owned(), g["count"].as_i64().unwrap(), g["sum"].as_f64())
    };
    report["groups"].as_array().unwrap().iter().map(group).collect()
}

testkit::both!(records_are_summed_up_by_group, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let spec = json!({ "title": { "zh-CN": "促销活动" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "名称" } },
        { "key": "budget", "type": "number", "places": 2, "label": { "zh-CN": "预算" } },
        { "key": "kind", "type": "choice", "label": { "zh-CN": "形式" }, "options": [
            { "value": "a", "label": { "zh-CN": "堆头" } }, { "value": "b", "label": { "zh-CN": "海报" } }] },
        { "key": "shop", "type": "reference", "to": "customer", "label": { "zh-CN": "门店" } } ] });
    crate::objects::published(admin, "promo", spec).await;
    for (client, answers) in [
        (&s.rep, json!({ "name": "一", "budget": 800.5, "kind": "a", "shop": s.customers[0] })),
        (&s.rep, json!({ "name": "二", "budget": 100, "kind": "a" })),
        (&s.rep, json!({ "name": "=三", "kind": "b", "shop": s.customers[0] })),
        (admin, json!({ "name": "四" })),
    ] {
        let made = client.post("/api/v1/objects/promo/records", json!({ "answers": answers })).await;
        assert_eq!(made.status, 201, "{}", made.json);
    }
    let by_kind = report(admin, &[("group", "kind"), ("sum", "budget")]).await;
    let word = |w: &str, n: i64, sum: Option<f64>| (w.to_owned(), n, sum);
    let mut groups = told(&by_kind);
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(groups, [word("堆头", 2, Some(900.5)), word("未填写", 1, None), word("海报", 1, None)]);
    assert_eq!(by_kind["records"], 4);
    assert_eq!(told(&report(admin, &[("group", "month")]).await), [word("2026-11", 4, None)]);
    assert_eq!(told(&report(&s.rep, &[("group", "shop")]).await)[0], word("客户 1", 2, None));
    assert_eq!(told(&report(&s.rep, &[("group", "owner")]).await), [word("张伟", 3, None)], "his own only");
    let few = report(admin, &[("group", "owner"), ("filter", r#"[{"field":"kind","one_of":["b"]}]"#)]).await;
    assert_eq!((told(&few), &few["records"]), (vec![word("张伟", 1, None)], &json!(1)));
    assert_eq!(report(&s.sibling, &[("group", "kind")]).await["records"], 0);
    assert_eq!(s.stranger.get("/api/v1/objects/promo/report?group=kind").await.status, 404);
    for bad in ["group=budget", "group=nope", "group=kind&sum=name", "group=kind&sum=nope"] {
        assert_eq!(admin.get(&format!("/api/v1/objects/promo/report?{bad}")).await.status, 422, "{bad}");
    }
    let file = admin.get("/api/v1/objects/promo/report.csv?group=name&sum=budget").await;
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.contains("名称,记录数,合计,平均") && text.contains("一,1,800.5,800.5"), "{text}");
    assert!(text.contains("'=三,1,,"), "no formula: {text}");
    assert!(admin.get("/api/v1/audit?limit=20").await.json.to_string().contains("object_record.export"));
});
