//! Stock ODK Collect, by the requests OpenRosa describes: list, form, submission with pictures in pieces, sent twice.

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, PASSWORD, Reply};

use crate::scene::{Scene, id, jpeg, minute};

const FORM_LIST: &str = "/api/v1/openrosa/formList";
const SUBMISSION: &str = "/api/v1/openrosa/submission";
const INSTANCE: &str = "uuid:0b7d3a3e-7c60-4b7d-9f0e-0e6a4c0b2f11";

/// Collect: OpenRosa's headers, and a login with every request.
struct Collect {
    client: Client,
    login: Option<(&'static str, &'static str)>,
}

impl Collect {
    fn new(app: &App, login: &'static str) -> Collect {
        Collect { client: app.stranger(), login: Some((login, PASSWORD)) }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, path).header("x-openrosa-version", "1.0");
        match self.login {
            Some((login, password)) => {
                let token = STANDARD.encode(format!("{login}:{password}"));
                request.header("authorization", format!("Basic {token}"))
            }
            None => request,
        }
    }

    async fn get(&self, path: &str) -> (u16, String, Reply) {
        told(self.client.send(self.request(Method::GET, path)).await)
    }

    /// Sends the XML and files in the parts Collect makes of them.
    async fn submit(&self, xml: &str, files: &[(&str, &[u8])]) -> (u16, String, Reply) {
        let mark = "xYzZY-collect";
        let mut body = vec![];
        let mut part = |name: &str, file: &str, kind: &str, bytes: &[u8]| {
            let head = format!(
                "--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        part("xml_submission_file", "round_2026-11-20_10-06-00.xml", "text/xml", xml.as_bytes());
        for (file, bytes) in files {
            part(file, file, "image/jpeg", bytes);
        }
        body.extend_from_slice(format!("--{mark}--\r\n").as_bytes());
        let request = self.request(Method::POST, SUBMISSION);
        let request = request.header("content-type", format!("multipart/form-data; boundary={mark}"));
        told(self.client.send(request.body(body)).await)
    }
}

fn told(reply: Reply) -> (u16, String, Reply) {
    (reply.status, String::from_utf8_lossy(&reply.bytes).into_owned(), reply)
}

fn spec() -> Value {
    json!({ "title": { "zh-CN": "道路巡查", "en": "Road round" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "路段", "en": "Road" }, "required": "true" },
        { "key": "n", "type": "number", "label": { "zh-CN": "坑数", "en": "Holes" }, "min": 0, "max": 9, "score": "form.n * 2",
          "constraint": { "formula": "form.n != 5", "message": { "zh-CN": "不能是 5", "en": "Not five" } } },
        { "key": "spot", "type": "place", "label": { "zh-CN": "位置", "en": "Place" } },
        { "key": "front", "type": "photo", "max": 3, "label": { "zh-CN": "照片", "en": "Pictures" } },
        { "key": "rows", "type": "table", "label": { "zh-CN": "明细", "en": "Rows" }, "fields": [
            { "key": "kind", "type": "choice", "label": { "zh-CN": "类别", "en": "Kind" }, "options": [
                { "value": "a", "label": { "zh-CN": "甲", "en": "A" } }, { "value": "b", "label": { "zh-CN": "乙", "en": "B" } }] }] },
    ] })
}

/// What Collect sends for it, done at `ended`.
fn sent(instance: &str, n: &str, ended: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"round\" version=\"1\" xmlns:jr=\"http://openrosa.org/javarosa\" \
         xmlns:orx=\"http://openrosa.org/xforms\"><name>中山路</name><n>{n}</n><spot>32.04 118.78 0.0 5.0</spot><front>1.jpg</front>\
         <front_photo_2>2.jpg</front_photo_2><front_photo_3>3.jpg</front_photo_3><rows><kind>b</kind></rows><rows><kind>a</kind></rows>\
         <orx:meta><orx:instanceID>{instance}</orx:instanceID><orx:timeStart>{ended}</orx:timeStart><orx:timeEnd>{ended}</orx:timeEnd></orx:meta></data>"
    )
}

async fn change(client: &Client, form: &Value, body: Value) -> Value {
    let path = format!("/api/v1/forms/{}", form["id"].as_str().unwrap());
    let done = client.patch(&path, form["version"].as_i64().unwrap(), body).await;
    assert_eq!(done.status, 200, "{}", done.json);
    done.json
}

/// A published form that is offered.
async fn offered(s: &Scene) -> Value {
    let admin = &s.company.admin;
    let made = admin.post("/api/v1/forms", json!({ "key": "round", "spec": spec() })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let path = format!("/api/v1/forms/{}/publish", made.json["id"].as_str().unwrap());
    let request =
        admin.request(Method::POST, &path).header("if-match", format!("\"{}\"", made.json["version"]));
    let published = admin.send(request.json(&json!({ "note": null }))).await;
    assert_eq!(published.status, 200, "{}", published.json);
    change(admin, &published.json, json!({ "collect": true })).await
}

async fn records(s: &Scene, form: &Value) -> Vec<Value> {
    let path = format!("/api/v1/form-records?form_id={}", form["id"].as_str().unwrap());
    s.manager.get(&path).await.json["items"].as_array().cloned().unwrap()
}

testkit::both!(collect_lists_downloads_and_submits_once, |app| async move {
    let s = Scene::begin(&app).await;
    let form = offered(&s).await;
    app.clock.set(minute(180));
    let phone = Collect::new(&app, "zhangwei");

    // the list, then the form it names, whose hash is that of the form
    let (status, list, reply) = phone.get(FORM_LIST).await;
    assert_eq!(status, 200, "{list}");
    assert_eq!(reply.headers["x-openrosa-version"], "1.0");
    assert!(
        reply.headers.contains_key("date") && reply.headers.contains_key("x-openrosa-accept-content-length")
    );
    assert!(list.contains("<formID>round</formID><name>道路巡查</name><version>1</version>"), "{list}");
    let between =
        |from: &str, to: &str| list.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
    let (hash, url) = (between("<hash>md5:", "</hash>"), between("<downloadUrl>", "</downloadUrl>"));
    assert_eq!(hash.len(), 32);
    let path = &url[url.find("/api/").unwrap()..];
    let (status, xml, _) = phone.get(path).await;
    assert_eq!(status, 200);
    assert!(
        xml.contains("<data id=\"round\" version=\"1\">") && xml.contains("<h:title>道路巡查</h:title>"),
        "{xml}"
    );
    let (status, manifest, _) = phone.get(&format!("{path}/manifest")).await;
    assert!(status == 200 && manifest.contains("xformsManifest"), "{manifest}");

    // asked before sending
    let head = phone.client.send(phone.request(Method::HEAD, SUBMISSION)).await;
    assert_eq!(head.status, 204);
    assert!(head.headers["location"].to_str().unwrap().ends_with(SUBMISSION));

    // two pictures first, then the third, then all of it once more: one record
    let pictures = [jpeg(64, 48, 1), jpeg(64, 48, 2), jpeg(64, 48, 3)];
    let xml = sent(INSTANCE, "3", "2026-11-20T10:06:00.000+08:00");
    let (status, told, _) = phone.submit(&xml, &[("1.jpg", &pictures[0]), ("2.jpg", &pictures[1])]).await;
    assert_eq!(status, 201, "{told}");
    assert!(told.contains("http://openrosa.org/http/response") && told.contains("已收到"), "{told}");
    let (status, told, _) = phone.submit(&xml, &[("3.jpg", &pictures[2])]).await;
    assert_eq!((status, told.contains("此前已收到")), (201, true), "{told}");
    let all: Vec<(&str, &[u8])> =
        ["1.jpg", "2.jpg", "3.jpg"].into_iter().zip(pictures.iter().map(Vec::as_slice)).collect();
    assert_eq!(phone.submit(&xml, &all).await.0, 201);
    let kept = records(&s, &form).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    let record = &kept[0];
    assert_eq!((&record["customer"], &record["visit_id"]), (&Value::Null, &Value::Null));
    assert_eq!((&record["employee"]["name"], &record["form"]["number"]), (&json!("张伟"), &json!(1)));
    assert_eq!((&record["score"], &record["day"]), (&json!(6.0), &json!("2026-11-20")));
    assert_eq!(record["filled_at"], "2026-11-20T02:06:00Z");

    // with its answers, its place and its pictures, in reach alone
    let path = format!("/api/v1/form-records/{}", record["id"].as_str().unwrap());
    let whole = s.manager.get(&path).await.json;
    let answers = &whole["answers"];
    assert_eq!((&answers["name"], &answers["n"]), (&json!("中山路"), &json!(3)));
    assert_eq!(answers["rows"], json!([{ "kind": "b" }, { "kind": "a" }]));
    assert_eq!(answers["spot"]["lng"], 118.78);
    let ids = answers["front"].as_array().unwrap();
    assert_eq!(ids.len(), 3);
    for (n, picture) in ids.iter().enumerate() {
        let photo = format!("/api/v1/photos/{}", picture.as_str().unwrap());
        let original = s.manager.get(&format!("{photo}/original")).await;
        assert_eq!((original.status, original.bytes.as_slice()), (200, pictures[n].as_slice()));
        assert_eq!(s.manager.get(&format!("{photo}/stamped")).await.status, 200);
        assert_eq!(s.sibling.get(&format!("{photo}/original")).await.status, 404);
    }
    assert_eq!(s.sibling.get(&path).await.status, 404);
    // whose place was looked at can see it
    let ledger = s.rep.get("/api/v1/me/ledger").await;
    assert!(String::from_utf8_lossy(&ledger.bytes).contains("陈静"), "{}", ledger.json);
    // in the file, and corrected with a reason
    let file =
        s.manager.get(&format!("/api/v1/form-records.csv?form_id={}", form["id"].as_str().unwrap())).await;
    assert!(String::from_utf8_lossy(&file.bytes).contains("中山路"));
    let mut better = answers.clone();
    better["n"] = json!(4);
    let version = whole["version"].as_i64().unwrap();
    let done = s.manager.patch(&path, version, json!({ "answers": better, "reason": "数错了" })).await;
    assert_eq!((done.status, &done.json["answers"]["n"]), (200, &json!(4)), "{}", done.json);
    // what comes again does not undo the correction
    assert_eq!(phone.submit(&xml, &all).await.0, 201);
    assert_eq!(s.manager.get(&path).await.json["answers"]["n"], 4);
});

testkit::both!(collect_is_told_why_something_is_refused, |app| async move {
    let s = Scene::begin(&app).await;
    let form = offered(&s).await;
    app.clock.set(minute(180));
    let phone = Collect::new(&app, "zhangwei");
    let ended = "2026-11-20T10:06:00.000+08:00";

    // against the form's rule: told in its words, nothing kept, and taken once mended
    let (status, told, _) = phone.submit(&sent(INSTANCE, "5", ended), &[]).await;
    assert_eq!(status, 422);
    assert!(told.contains("不能是 5") && told.contains("OpenRosaResponse"), "{told}");
    let (status, told, _) = phone.submit(&sent(INSTANCE, "many", ended), &[]).await;
    assert!(status == 422 && told.contains("答案仍保存在手机上"), "{told}");
    // a version nobody published, a form nobody made, no XML, a document type, a text that is no picture
    let other = sent(INSTANCE, "3", ended).replace("version=\"1\"", "version=\"9\"");
    assert_eq!(phone.submit(&other, &[]).await.0, 404);
    let other = sent(INSTANCE, "3", ended).replace("id=\"round\"", "id=\"nothing\"");
    assert_eq!(phone.submit(&other, &[]).await.0, 404);
    assert_eq!(phone.submit("not xml", &[]).await.0, 422);
    let evil =
        format!("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{}", sent(INSTANCE, "&x;", ended));
    assert_eq!(phone.submit(&evil, &[]).await.0, 422);
    assert_eq!(phone.submit(&sent(INSTANCE, "3", ended), &[("1.jpg", b"no picture")]).await.0, 422);
    assert_eq!(records(&s, &form).await, Vec::<Value>::new());
    let request =
        phone.request(Method::POST, SUBMISSION).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(phone.client.send(request.body("--x\r\nrubbish")).await.status, 422);
    assert_eq!(phone.client.send(phone.request(Method::POST, SUBMISSION).body("x")).await.status, 422);

    // two people with the same instance id have a record each
    assert_eq!(phone.submit(&sent(INSTANCE, "3", ended), &[]).await.0, 201);
    let (_, _) = app.person(&s.company, "李娜", "lina", "rep", s.region).await;
    assert_eq!(Collect::new(&app, "lina").submit(&sent(INSTANCE, "3", ended), &[]).await.0, 201);
    assert_eq!(records(&s, &form).await.len(), 2);

    // a place outside working time is not kept; a clock that runs ahead is held to now
    let late = sent("uuid:late", "3", "2026-11-20T06:00:00.000+08:00");
    assert_eq!(phone.submit(&late, &[]).await.0, 201);
    let ahead = sent("uuid:ahead", "3", "2031-01-01T06:00:00.000+08:00");
    assert_eq!(phone.submit(&ahead, &[]).await.0, 201);
    for record in records(&s, &form).await {
        let path = format!("/api/v1/form-records/{}", record["id"].as_str().unwrap());
        let whole = s.manager.get(&path).await.json;
        let early = whole["filled_at"] == "2026-11-19T22:00:00Z";
        let hidden = whole["answers"]["spot"] == json!({ "hidden": true });
        assert_eq!(early, hidden, "{whole}");
        assert!(whole["filled_at"].as_str().unwrap() < "2026-11-20T03:30", "{whole}");
    }

    // taken back: not offered any more, but what was filled in before still comes in
    let form = s.company.admin.get(&format!("/api/v1/forms/{}", id(&form["id"]))).await.json;
    change(&s.company.admin, &form, json!({ "collect": false })).await;
    assert!(!phone.get(FORM_LIST).await.1.contains("round"));
    assert_eq!(phone.submit(&sent("uuid:after", "3", ended), &[]).await.0, 201);
});

testkit::both!(collect_signs_in_as_people_do, |app| async move {
    let s = Scene::begin(&app).await;
    offered(&s).await;
    let nobody = Collect { login: None, ..Collect::new(&app, "") };
    let (status, told, reply) = nobody.get(FORM_LIST).await;
    assert_eq!(status, 401);
    assert!(reply.headers["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    assert!(told.contains("<message>"), "{told}");
    // without the header of OpenRosa, as everywhere
    assert_eq!(app.stranger().get(FORM_LIST).await.code(), "openrosa.sign_in");
    // who does not work in the field
    assert_eq!(Collect::new(&app, "zhangwei").get(FORM_LIST).await.0, 200);
    // another company sees its own forms alone
    let other = app.company("丙").await;
    app.person(&other, "赵敏", "zhaomin", "rep", other.root_department).await;
    let (status, list, _) = Collect::new(&app, "zhaomin").get(FORM_LIST).await;
    assert!(status == 200 && !list.contains("round"), "{list}");
    let (status, ..) = Collect::new(&app, "zhaomin").get("/api/v1/openrosa/forms/round/1").await;
    assert_eq!(status, 404);
    // wrong passwords lock the login, for the ordinary sign-in too
    let wrong = Collect { login: Some(("zhangwei", "wrong")), ..Collect::new(&app, "") };
    let mut last = 0;
    for _ in 0..7 {
        last = wrong.get(FORM_LIST).await.0;
    }
    assert_eq!(last, 429);
    let body = json!({ "login": "zhangwei", "password": PASSWORD });
    assert_eq!(app.stranger().post("/api/v1/auth/login", body).await.code(), "auth.locked");
    assert_eq!(Collect::new(&app, "zhangwei").get(FORM_LIST).await.0, 429);
});

testkit::both!(only_what_collect_can_ask_is_offered, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let hard = json!({ "title": { "en": "Hard" }, "fields": [
        { "key": "a", "type": "reference", "to": "customer", "label": { "en": "Which" } }] });
    let made = admin.post("/api/v1/forms", json!({ "key": "hard", "spec": hard })).await.json;
    let made = change(admin, &made, json!({ "collect": true })).await;
    let path = format!("/api/v1/forms/{}/publish", made["id"].as_str().unwrap());
    let publish = admin.request(Method::POST, &path).header("if-match", format!("\"{}\"", made["version"]));
    assert_eq!(admin.send(publish.json(&json!({}))).await.code(), "form.not_collectable");
    let made = change(admin, &made, json!({ "collect": false })).await;
    let publish = admin.request(Method::POST, &path).header("if-match", format!("\"{}\"", made["version"]));
    let published = admin.send(publish.json(&json!({}))).await;
    assert_eq!(published.status, 200, "{}", published.json);
    let path = format!("/api/v1/forms/{}", made["id"].as_str().unwrap());
    let marked =
        admin.patch(&path, published.json["version"].as_i64().unwrap(), json!({ "collect": true })).await;
    assert_eq!(marked.code(), "form.not_collectable");
    let setup = admin.get("/api/v1/openrosa/setup").await;
    assert_eq!(setup.status, 200);
    assert!(setup.json["url"].as_str().unwrap().ends_with("/api/v1/openrosa"));
    assert!(setup.json["qr_svg"].as_str().unwrap().contains("<svg"));
});
