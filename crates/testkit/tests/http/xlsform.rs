//! XLSForm: read into a form with what is lost, written again, read again; files made to hurt.

use std::io::Write;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Client;

use crate::scene::Scene;

/// A workbook of sheets of rows, all of them texts.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut file = std::io::Cursor::new(vec![]);
    let mut zip = zip::ZipWriter::new(&mut file);
    let mut part = |name: &str, text: String| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let (main, rels) =
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org");
    let (mut named, mut related) = (String::new(), String::new());
    for (n, (name, rows)) in (1..).zip(sheets) {
        named += &format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
        related += &format!(
            "<Relationship Id=\"rId{n}\" Type=\"{rels}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
        let mut data = String::new();
        for (row, cells) in (1..).zip(*rows) {
            data += &format!("<row r=\"{row}\">");
            for (column, cell) in (b'A'..).zip(*cells).filter(|(_, c)| !c.is_empty()) {
                let cell = cell.replace('&', "&amp;").replace('<', "&lt;");
                let at = format!("{}{row}", char::from(column));
                data += &format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>");
            }
            data += "</row>";
        }
        part(
            &format!("xl/worksheets/sheet{n}.xml"),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        );
    }
    part(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{rels}/officeDocument/2006/relationships\"><sheets>{named}</sheets></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships xmlns=\"{rels}/package/2006/relationships\">{related}</Relationships>"),
    );
    part(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"{rels}/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{rels}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    part(
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
    );
    zip.finish().unwrap();
    file.into_inner()
}

async fn read(client: &Client, bytes: Vec<u8>) -> testkit::Reply {
    let request = client.request(Method::POST, "/api/v1/forms/xlsform");
    client.send(request.header("content-type", "application/octet-stream").body(bytes)).await
}

const SURVEY: &[&[&str]] = &[
    &[
        "type",
        "name",
        "label::中文 (zh)",
        "label::English (en)",
        "required",
        "relevant",
        "constraint",
        "appearance",
    ],
    &["text", "Shop-Name", "门店", "Shop", "yes", "", "", ""],
    &["select_one yn", "open", "营业", "Open", "yes", "", "", "minimal"],
    &["begin_repeat", "goods", "商品", "Goods", "", "${open} = 'yes'", "", ""],
    &["text", "sku", "品名", "Product", "yes", "", "", ""],
    &["integer", "qty", "数量", "Quantity", "yes", "", ". >= 0 and . <= 99", ""],
    &["end_repeat", "", "", "", "", "", "", ""],
    &["note", "none", "没有商品", "No goods", "", "count(${goods}) = 0", "", ""],
];

const CHOICES: &[&[&str]] = &[
    &["list_name", "name", "label::中文 (zh)", "label::English (en)"],
    &["yn", "yes", "是", "Yes"],
    &["yn", "no", "否", "No"],
];

testkit::both!(an_xlsform_becomes_a_form_and_comes_back, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let settings: &[&[&str]] = &[&["form_title", "form_id", "style"], &["到店检查", "shop-check", "pages"]];
    let file =
        book(&[("survey", SURVEY), ("choices", CHOICES), ("settings", settings), ("Notes", &[&["x"]])]);
    let found = read(admin, file.clone()).await;
    assert_eq!(found.status, 200, "{}", found.json);
    assert_eq!(
        (&found.json["key"], &found.json["faults"]),
        (&json!("shop_check"), &json!([])),
        "{}",
        found.json
    );
    let told: Vec<(&str, i64, &str)> = found.json["losses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["sheet"].as_str().unwrap(), l["row"].as_i64().unwrap(), l["code"].as_str().unwrap()))
        .collect();
    for wanted in [
        ("Notes", 0, "sheet"),
        ("settings", 2, "setting"),
        ("survey", 2, "renamed"),
        ("survey", 3, "appearance"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} not among {told:?}");
    }
    let spec = &found.json["spec"];
    assert_eq!(spec["fields"][0]["key"], "shop_name");
    assert_eq!(spec["fields"][2]["visible"], "form.open == 'yes'");
    assert_eq!(spec["fields"][2]["fields"][1]["max"], 99.0);

    // made, published, written, and read again it is the same
    let made = admin.post("/api/v1/forms", json!({ "key": found.json["key"], "spec": spec })).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let path = format!("/api/v1/forms/{}/xlsform", made.json["id"].as_str().unwrap());
    let losses = admin.get(&path).await;
    assert_eq!((losses.status, &losses.json["losses"]), (200, &json!([])), "{}", losses.json);
    let file = admin.get(&format!("{path}.xlsx")).await;
    assert_eq!(file.status, 200);
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("shop_check.xlsx"));
    let again = read(admin, file.bytes).await;
    assert_eq!(
        (&again.json["spec"], &again.json["losses"]),
        (&made.json["draft"], &json!([])),
        "{}",
        again.json
    );

    // in the reader's language; without the right, not at all
    let english = read(&admin.clone().in_english(), book(&[("survey", SURVEY)])).await;
    assert_eq!(english.json["spec"], Value::Null, "{}", english.json);
    let first = &english.json["losses"][0];
    assert_eq!((&first["code"], &first["refused"], &first["row"]), (&json!("list"), &json!(true), &json!(3)));
    assert_eq!(first["message"], "There is no such list of choices");
    assert_eq!(read(&s.rep, book(&[("survey", SURVEY)])).await.status, 403);
});

testkit::both!(what_xlsform_cannot_say_is_refused, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let spec = json!({ "title": { "zh-CN": "表" }, "fields": [
        { "key": "a", "type": "text", "label": { "zh-CN": "甲" }, "visible": "customer.grade == 'A'" },
        { "key": "b", "type": "rating", "max": 5, "label": { "zh-CN": "乙" }, "score": "form.b * 2" }] });
    let made = admin.post("/api/v1/forms", json!({ "key": "hard", "spec": spec })).await;
    let path = format!("/api/v1/forms/{}/xlsform", made.json["id"].as_str().unwrap());
    let losses = admin.get(&path).await;
    assert_eq!(losses.json["losses"][0]["code"], "formula", "{}", losses.json);
    assert_eq!(
        (losses.json["losses"][0]["refused"] == true, &losses.json["losses"][0]["row"]),
        (true, &json!(2))
    );
    let file = admin.get(&format!("{path}.xlsx")).await;
    assert_eq!((file.status, &file.json["code"]), (422, &json!("form.xlsform_refused")), "{}", file.json);
    assert_eq!(admin.get(&format!("{path}?number=9")).await.status, 404);
});

testkit::both!(files_made_to_hurt_are_refused, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let mut bomb = std::io::Cursor::new(vec![]);
    let mut zip = zip::ZipWriter::new(&mut bomb);
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    for _ in 0..80 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap();
    let bomb = bomb.into_inner();
    assert!(bomb.len() < 1 << 20);
    for (bytes, code) in [
        (vec![], "import.unreadable"),
        (b"type,name\ntext,a\n".to_vec(), "import.unreadable"),
        (b"PK\x03\x04 nothing".to_vec(), "import.unreadable"),
        (bomb, "import.too_big"),
    ] {
        let reply = read(admin, bytes).await;
        assert_eq!((reply.status, &reply.json["code"]), (422, &json!(code)), "{}", reply.json);
    }
    assert_eq!(read(admin, vec![b'x'; 5 << 20]).await.status, 413);
    let no_survey = read(admin, book(&[("Sheet1", &[&["a"], &["b"]])])).await;
    assert_eq!((no_survey.status, &no_survey.json["spec"]), (200, &Value::Null));
    assert!(
        no_survey.json["losses"].as_array().unwrap().iter().any(|l| l["code"] == "survey"),
        "{}",
        no_survey.json
    );
});
