//! Files, pictures and references as answers: sent in pieces or whole, named by records, read by those who may see these.

use serde_json::{Value, json};
use testkit::{Client, Reply};
use uuid::Uuid;

use crate::{
    evidence::piece,
    forms::{arrive, filled_in, published, task},
    objects,
    scene::{Scene, fix, id, item, jpeg, minute, place, sha256},
};

const PDF: &[u8] = b"%PDF-1.7 the contract of the shop, page by page";

/// Opens an upload of a file.
async fn open(client: &Client, id: Uuid, name: &str, bytes: &[u8]) -> Reply {
    let new = json!({ "id": id, "size": bytes.len(), "sha256": sha256(bytes), "mime": "application/octet-stream", "name": name });
    client.post("/api/v1/uploads", new).await
}

async fn whole(client: &Client, id: Uuid, name: &str, bytes: &[u8]) -> Reply {
    client.post_bytes(&format!("/api/v1/form-files?id={id}&name={name}"), bytes.to_vec()).await
}

/// A file of the administrator, for tests that need one.
pub async fn sent(s: &Scene) -> Uuid {
    let file = Uuid::now_v7();
    let reply = whole(&s.company.admin, file, "a.pdf", PDF).await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    file
}

fn spec() -> Value {
    json!({ "title": { "zh-CN": "合同检查", "en": "Contract check" }, "fields": [
        { "key": "doc", "type": "file", "max": 2, "label": { "zh-CN": "合同", "en": "Contract" }, "required": "true" },
        { "key": "pump", "type": "reference", "to": "equipment", "label": { "zh-CN": "设备", "en": "Equipment" } },
        { "key": "shop", "type": "reference", "to": "customer", "label": { "zh-CN": "门店", "en": "Shop" } },
        { "key": "rows", "type": "table", "label": { "zh-CN": "明细", "en": "Rows" }, "fields": [
            { "key": "sku", "type": "reference", "to": "product", "label": { "zh-CN": "商品", "en": "Product" } }] },
        { "key": "same", "type": "yes_no", "label": { "zh-CN": "同一台", "en": "Same" }, "calc": "form.pump != null && size(form.doc) == 1" },
    ] })
}

testkit::both!(a_file_of_a_form_is_sent_in_pieces_and_read_with_its_record, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let products = objects::make(admin, "product", objects::small_spec()).await;
    objects::publish(admin, &products).await;
    let path = format!("/api/v1/object-definitions/{}", products["id"].as_str().unwrap());
    let version = admin.get(&path).await.json["version"].as_i64().unwrap();
    let grants = json!({ "rep": { "create": false, "read": "company", "change": "none", "delete": "none" }, "manager": { "create": false, "read": "company", "change": "none", "delete": "none" } });
    let granted = admin.patch(&path, version, json!({ "grants": grants, "title_field": "name" })).await;
    assert_eq!(granted.status, 200, "{}", granted.json);
    let cola =
        admin.post("/api/v1/objects/product/records", json!({ "answers": { "name": "可乐 330" } })).await;
    assert_eq!(cola.status, 201, "{}", cola.json);
    let new = json!({ "name": "立式冰柜", "customer_id": s.customers[0] });
    let pump = s.manager.post("/api/v1/equipment", new).await.json;
    let form = published(admin, "contract", spec()).await;
    let task = task(&s, &form, 0).await;

    // What the phone carries along to choose from.
    let listed = s.rep.get("/api/v1/field/choices?to=equipment").await.json;
    assert_eq!(
        (&listed["items"][0]["id"], &listed["items"][0]["customer_id"], &listed["more"]),
        (&pump["id"], &json!(s.customers[0]), &json!(false)),
        "{listed}"
    );
    let goods = s.rep.get("/api/v1/field/choices?to=product").await.json;
    assert!(goods["items"][0]["name"].as_str().unwrap().ends_with("可乐 330"), "{goods}");
    assert_eq!(s.rep.get("/api/v1/field/choices?to=people").await.status, 422);
    for nobody in [&s.stranger, &s.sibling] {
        assert_eq!(nobody.get("/api/v1/field/choices?to=equipment").await.json["items"], json!([]));
    }

    // In pieces, resumed, whole at the end; told by its bytes, whatever it is called.
    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let (file, record) = (Uuid::now_v7(), Uuid::now_v7());
    let opened = open(&s.rep, file, "../采购合同.exe", PDF).await;
    assert_eq!((opened.status, &opened.json["offset"]), (200, &json!(0)), "{}", opened.json);
    assert_eq!(piece(&s.rep, file, 0, &PDF[..20]).await.json["offset"], 20);
    // The record is here before the rest of its file.
    let answers = json!({ "doc": [file], "pump": pump["id"], "shop": s.customers[0], "rows": [{ "sku": cola.json["id"] }] });
    s.taken(&[filled_in(&v, record, 75, answers.clone(), &[])]).await;
    let path = format!("/api/v1/form-records/{record}");
    let one = s.manager.get(&path).await.json;
    assert_eq!((&one["files"], &one["answers"]["same"]), (&json!([]), &json!(true)), "{one}");
    let bytes = format!("{path}/files/{file}");
    assert_eq!(s.manager.get(&bytes).await.status, 404);
    let done = piece(&s.rep, file, 20, &PDF[20..]).await;
    assert_eq!((done.status, &done.json["complete"]), (200, &json!(true)), "{}", done.json);
    let again = open(&s.rep, file, "../采购合同.exe", PDF).await;
    assert_eq!(again.json["complete"], true, "{}", again.json);
    let one = s.manager.get(&path).await.json;
    assert_eq!(
        (&one["files"][0]["name"], &one["files"][0]["mime"], &one["files"][0]["size"]),
        (&json!("采购合同.pdf"), &json!("application/pdf"), &json!(PDF.len())),
        "{one}"
    );
    let name = |id: &Value| one["names"][id.as_str().unwrap()].clone();
    assert_eq!(name(&pump["id"]), json!(format!("{} 立式冰柜", pump["code"].as_str().unwrap())));
    assert!(name(&cola.json["id"]).as_str().unwrap().ends_with("可乐 330"), "{one}");
    assert!(name(&json!(s.customers[0])).is_string(), "{one}");
    let got = s.manager.get(&bytes).await;
    let header = |name: &str| got.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((got.status, got.bytes.as_ref()), (200, PDF));
    assert!(header("content-disposition").starts_with("attachment;"), "{}", header("content-disposition"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(s.rep.get(&format!("/api/v1/form-files/{file}")).await.status, 200);
    for nobody in [&s.sibling, &s.stranger] {
        assert_eq!(nobody.get(&bytes).await.status, 404);
        assert_eq!(nobody.get(&format!("/api/v1/form-files/{file}")).await.status, 404);
    }
    assert_eq!(s.manager.get(&format!("{path}/files/{}", Uuid::now_v7())).await.status, 404);

    // In the file: name and id beside each other.
    let asked = format!("form_id={}", form["id"].as_str().unwrap());
    let text =
        String::from_utf8(s.manager.get(&format!("/api/v1/form-records.csv?{asked}")).await.bytes).unwrap();
    let pair = format!("{} 立式冰柜,{}", pump["code"].as_str().unwrap(), pump["id"].as_str().unwrap());
    assert!(text.contains(&pair) && text.contains("采购合同.pdf") && text.contains("设备·ID"), "{text}");

    // Erased with his photos, his files are gone.
    let person = format!("/api/v1/employees/{}", s.rep_id);
    assert_eq!(admin.post(&format!("{person}/leave"), json!({})).await.status, 204);
    let gone = admin.post(&format!("{person}/erase"), json!({ "name": "张伟", "photos": true })).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    assert_eq!(admin.get(&bytes).await.status, 404);
});

testkit::both!(nobody_names_the_file_of_another_nor_sends_what_is_none, |app| async move {
    let s = Scene::begin(&app).await;
    let form = published(&s.company.admin, "contract", spec()).await;
    let task = task(&s, &form, 0).await;
    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let theirs = sent(&s).await;
    let said = s.sync(&[filled_in(&v, Uuid::now_v7(), 72, json!({ "doc": [theirs] }), &[])]).await;
    assert_eq!((&said[0]["status"], &said[0]["code"]), (&json!("rejected"), &json!("form.file")), "{said:?}");
    let said = s.sync(&[filled_in(&v, Uuid::now_v7(), 72, json!({ "doc": ["../x"] }), &[])]).await;
    assert_eq!(said[0]["code"], "form.file", "{said:?}");
    let many: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
    let said = s.sync(&[filled_in(&v, Uuid::now_v7(), 72, json!({ "doc": many }), &[])]).await;
    assert_eq!(said[0]["code"], "form.answers", "{said:?}");

    // A file that is named before it is here stays his who named it: another cannot put his own in its place.
    let (file, record) = (Uuid::now_v7(), Uuid::now_v7());
    s.taken(&[filled_in(&v, record, 73, json!({ "doc": [file] }), &[])]).await;
    assert_eq!(whole(&s.sibling, file, "b.pdf", PDF).await.status, 201);
    let path = format!("/api/v1/form-records/{record}");
    assert_eq!(s.manager.get(&path).await.json["files"], json!([]));
    assert_eq!(s.manager.get(&format!("{path}/files/{file}")).await.status, 404);
    assert_eq!(open(&s.rep, file, "a.pdf", PDF).await.status, 200);
    let last = piece(&s.rep, file, 0, PDF).await;
    assert_eq!((last.status, last.code()), (409, "sync.conflict"), "{}", last.json);

    for (name, bytes) in [
        ("a.pdf", b"MZ\x90\0 a program".as_slice()),
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.docm", b"PK\x03\x04 [Content_Types].xml word/document.xml word/vbaProject.bin"),
        ("a.txt", b"with a \0 inside"),
        ("a.jpg", &[0xFF, 0xD8, 0xFF, 0xE0, 0, 1]),
        ("a.txt", b""),
    ] {
        let reply = whole(&s.rep, Uuid::now_v7(), name, bytes).await;
        assert_eq!((reply.status, reply.code()), (422, "form.file_kind"), "{name}: {}", reply.json);
    }
    // Sent in pieces it is forgotten, and the phone hears why.
    let (bad, bytes) = (Uuid::now_v7(), b"MZ\x90\0 a program");
    open(&s.rep, bad, "a.pdf", bytes).await;
    let last = piece(&s.rep, bad, 0, bytes).await;
    assert_eq!((last.status, last.code()), (422, "form.file_kind"), "{}", last.json);
    assert_eq!(s.rep.get(&format!("/api/v1/uploads/{bad}")).await.status, 404);
    assert_eq!(whole(&s.rep, Uuid::now_v7(), "", PDF).await.status, 422);
    let twice = Uuid::now_v7();
    assert_eq!(whole(&s.rep, twice, "a.pdf", PDF).await.status, 201);
    assert_eq!(whole(&s.rep, twice, "a.pdf", PDF).await.status, 201, "the same again");
    assert_eq!(whole(&s.rep, twice, "a.pdf", b"%PDF-1.4 other").await.code(), "sync.conflict");
    let large = vec![b' '; (20 << 20) + 1];
    assert_eq!(whole(&s.rep, Uuid::now_v7(), "a.txt", &large).await.status, 413);
    // A document is no photo of a visit.
    let (photo, here) = (Uuid::now_v7(), fix(place(0), 9.0, minute(74)));
    open(&s.rep, photo, "a.pdf", PDF).await;
    piece(&s.rep, photo, 0, PDF).await;
    let shot = json!({ "visit_id": v.visit, "step_id": task["steps"][0]["id"], "photo_id": photo, "sha256": sha256(PDF), "size": PDF.len(), "mime": "image/jpeg",
        "width": 64, "height": 48, "taken_at": minute(74), "fix": here, "live": true });
    let said = s.sync(&[item("visit.photo", minute(74), shot)]).await;
    assert_eq!(said[0]["code"], "sync.conflict", "{said:?}");
});

testkit::both!(an_object_holds_pictures_files_and_a_signature, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let spec = json!({ "title": { "zh-CN": "促销", "en": "Promotion" }, "fields": [
        { "key": "name", "type": "text", "label": { "zh-CN": "名称", "en": "Name" }, "required": "true" },
        { "key": "pics", "type": "photo", "required": "true", "min": 1, "max": 3, "label": { "zh-CN": "照片", "en": "Pictures" } },
        { "key": "doc", "type": "file", "label": { "zh-CN": "合同", "en": "Contract" } },
        { "key": "sign", "type": "signature", "label": { "zh-CN": "签名", "en": "Signature" } } ] });
    let object = objects::make(admin, "promo", spec).await;
    assert_eq!(object["form"]["faults"], json!([]), "{object}");
    objects::publish(admin, &object).await;
    app.clock.set(minute(100));
    let (pic, sign, doc, record) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let bytes = jpeg(64, 48, 3);
    // From the phone: the record first, then its files.
    let answers = json!({ "name": "中秋", "pics": [pic], "doc": [doc], "sign": sign });
    let body = json!({ "record_id": record, "object_key": "promo", "number": 1, "answers": answers });
    s.taken(&[item("object.create", minute(99), body)]).await;
    for (id, name, bytes) in
        [(pic, "photo.jpg", bytes.as_slice()), (sign, "sign.jpg", &jpeg(32, 32, 1)), (doc, "a.pdf", PDF)]
    {
        open(&s.rep, id, name, bytes).await;
        assert_eq!(piece(&s.rep, id, 0, bytes).await.json["complete"], true);
    }
    let path = format!("/api/v1/objects/promo/records/{record}");
    let one = s.manager.get(&path).await.json;
    assert_eq!(one["files"].as_array().unwrap().len(), 3, "{one}");
    let got = s.manager.get(&format!("{path}/files/{pic}")).await;
    assert_eq!((got.status, got.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("inline;"));
    // As far as the grant reaches.
    for nobody in [&s.sibling, &s.stranger] {
        assert_eq!(nobody.get(&format!("{path}/files/{pic}")).await.status, 404);
    }
    // At the desk another picture is put in; what it replaces is read with the history.
    let mine = Uuid::now_v7();
    assert_eq!(whole(&s.manager, mine, "b.png", &png()).await.status, 201);
    let mut answers = one["answers"].clone();
    answers["pics"] = json!([mine]);
    let changed = s
        .manager
        .patch(&path, one["version"].as_i64().unwrap(), json!({ "answers": answers, "reason": "换图" }))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    assert_eq!(changed.json["files"].as_array().unwrap().len(), 4, "{}", changed.json);
    assert_eq!(s.rep.get(&format!("{path}/files/{mine}")).await.status, 200);
    assert_eq!(s.rep.get(&format!("{path}/files/{pic}")).await.status, 200);
    let theirs = sent(&s).await;
    answers["doc"] = json!([theirs]);
    let stolen = s
        .rep
        .patch(&path, changed.json["version"].as_i64().unwrap(), json!({ "answers": answers, "reason": "x" }))
        .await;
    assert_eq!((stolen.status, stolen.code()), (422, "form.file"), "{}", stolen.json);
    let text = String::from_utf8(s.manager.get("/api/v1/objects/promo/records.csv").await.bytes).unwrap();
    assert!(text.contains("a.pdf"), "{text}");
    let none = json!({ "answers": { "name": "无照片", "pics": [] } });
    assert_eq!(s.rep.post("/api/v1/objects/promo/records", none).await.status, 422);
});

fn png() -> Vec<u8> {
    let mut out = std::io::Cursor::new(vec![]);
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([9, 90, 9]));
    picture.write_to(&mut out, image::ImageFormat::Png).expect("png");
    out.into_inner()
}

testkit::both!(all_pictures_are_on_one_page, |app| async move {
    let s = Scene::begin(&app).await;
    let spec = json!({ "title": { "zh-CN": "陈列", "en": "Display" }, "fields": [
        { "key": "front", "type": "photo", "max": 3, "label": { "zh-CN": "正面", "en": "Front" } },
        { "key": "rows", "type": "table", "label": { "zh-CN": "明细", "en": "Rows" }, "fields": [{ "key": "pic", "type": "photo", "label": { "zh-CN": "货架", "en": "Shelf" } }] } ] });
    let form = published(&s.company.admin, "display", spec).await;
    let task = task(&s, &form, 0).await;
    app.clock.set(minute(100));
    let v = arrive(&s, &task, 0, 70).await;
    let mut pictures = vec![];
    for k in 0..3_i64 {
        let (photo, bytes) = (Uuid::now_v7(), jpeg(64, 48, k as u8));
        let shot = json!({ "visit_id": v.visit, "step_id": task["steps"][0]["id"], "photo_id": photo, "sha256": sha256(&bytes), "size": bytes.len(), "mime": "image/jpeg",
            "width": 64, "height": 48, "taken_at": minute(72 + k), "fix": fix(place(0), 9.0, minute(72 + k)), "live": true });
        s.taken(&[item("visit.photo", minute(72 + k), shot)]).await;
        let new = json!({ "id": photo, "size": bytes.len(), "sha256": sha256(&bytes), "mime": "image/jpeg" });
        s.rep.post("/api/v1/uploads", new).await;
        assert_eq!(piece(&s.rep, photo, 0, &bytes).await.json["complete"], true);
        pictures.push(photo);
    }
    let record = Uuid::now_v7();
    let answers = json!({ "front": [pictures[0], pictures[1]], "rows": [{}, { "pic": [pictures[2]] }] });
    s.taken(&[filled_in(&v, record, 76, answers, &pictures)]).await;
    let looks = async || {
        let page = s.rep.get("/api/v1/me/ledger?limit=200").await.json;
        page["items"].as_array().unwrap().iter().map(|l| l["count"].as_i64().unwrap()).sum::<i64>()
    };
    let before = looks().await;
    let all = s.manager.get("/api/v1/gallery").await.json;
    let ids =
        |page: &Value| page["items"].as_array().unwrap().iter().map(|p| id(&p["id"])).collect::<Vec<_>>();
    assert_eq!(ids(&all), [pictures[2], pictures[1], pictures[0]], "{all}");
    assert!(looks().await > before, "stamps show where somebody was");
    let newest = &all["items"][0];
    assert_eq!(
        (
            &newest["form"]["field"],
            &newest["form"]["label"]["en"],
            &newest["form"]["record_id"],
            &newest["customer"]["id"]
        ),
        (&json!("rows.pic"), &json!("Shelf"), &json!(record), &json!(s.customers[0])),
        "{newest}"
    );
    // One question, page by page.
    let asked = format!("/api/v1/gallery?form_id={}&field=front&limit=1", form["id"].as_str().unwrap());
    let first = s.manager.get(&asked).await.json;
    assert_eq!(ids(&first), [pictures[1]], "{first}");
    let second =
        s.manager.get(&format!("{asked}&cursor={}", first["next_cursor"].as_str().unwrap())).await.json;
    assert_eq!((ids(&second), &second["next_cursor"]), (vec![pictures[0]], &Value::Null), "{second}");
    for narrowed in [
        format!("customer_id={}", s.customers[1]),
        format!("employee_id={}", Uuid::now_v7()),
        "day_to=2026-11-01".into(),
    ] {
        assert_eq!(
            ids(&s.manager.get(&format!("/api/v1/gallery?{narrowed}")).await.json).len(),
            0,
            "{narrowed}"
        );
    }
    assert_eq!(s.manager.get("/api/v1/gallery?field=front").await.status, 422);
    for nobody in [&s.sibling, &s.stranger] {
        assert_eq!(ids(&nobody.get("/api/v1/gallery").await.json).len(), 0);
    }
    assert_eq!(s.rep.get("/api/v1/gallery").await.json["items"].as_array().unwrap().len(), 3);
});
