//! Workbooks and tables made to hurt. (Pictures made to hurt: `evidence`.)

use std::io::{Cursor, Write};

use reqwest::Method;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{attack::Attack, complaint, send};
use crate::scene::Scene;

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;

fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = Cursor::new(vec![]);
    let mut zip = ZipWriter::new(&mut out);
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("part");
        zip.write_all(bytes).expect("part");
    }
    zip.finish().expect("archive");
    out.into_inner()
}

/// A workbook of one sheet with this XML between `<sheetData>` and its end.
fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    book(sheet)
}

fn book(sheet: String) -> Vec<u8> {
    archive(&[
        ("[Content_Types].xml", TYPES.into()),
        ("_rels/.rels", PACKAGE.into()),
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

fn text_cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// Headings and one row, as a sound workbook has them.
fn sound() -> String {
    format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}</row>",
        text_cell("A1", "客户名称"),
        text_cell("A2", "苏福便利")
    )
}

/// A few hundred kilobytes that would be three gigabytes when every cell had its own copy.
fn shared_text() -> Vec<u8> {
    let texts = format!(
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>"#,
        "x".repeat(32_000)
    );
    let cells: String =
        (1..=100_000).map(|i| format!(r#"<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>"#)).collect();
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    );
    let relations = RELATIONS.replace("</Relationships>", r#"<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#);
    archive(&[
        ("[Content_Types].xml", TYPES.into()),
        ("_rels/.rels", PACKAGE.into()),
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", relations.into_bytes()),
        ("xl/sharedStrings.xml", texts.into_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let good = workbook(&sound());
    let mut lying = good.clone();
    // Declared sizes stand in the local and the central header; ours are believed nowhere.
    for at in 0..lying.len().saturating_sub(30) {
        if lying[at..].starts_with(b"PK\x03\x04") {
            lying[at + 22..at + 26].copy_from_slice(&u32::MAX.to_le_bytes());
        }
        if lying[at..].starts_with(b"PK\x01\x02") {
            lying[at + 24..at + 28].copy_from_slice(&7u32.to_le_bytes());
        }
    }
    let zeros = vec![0u8; 80 << 20];
    let names: Vec<String> = (0..2_500).map(|i| format!("xl/p{i}.xml")).collect();
    let many: Vec<(&str, Vec<u8>)> = names.iter().map(|n| (n.as_str(), vec![])).collect();
    let far = |at: &str| workbook(&format!("{}<row>{}</row>", sound(), text_cell(at, "x")));
    let laughs = {
        let mut entities = String::from("<!ENTITY a0 \"ha\">");
        for i in 1..40 {
            entities += &format!("<!ENTITY a{i} \"&a{};&a{};\">", i - 1, i - 1);
        }
        format!(
            "<!DOCTYPE x [{entities}]><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">{}</row></sheetData></worksheet>",
            text_cell("A1", "&a39;")
        )
    };
    let outside = sound().replace("苏福便利", "&x;");
    let outside = format!(
        "<!DOCTYPE x [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{outside}</sheetData></worksheet>"
    );
    let backwards = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"B9:A1\"/><sheetData>{}</sheetData></worksheet>",
        sound()
    );
    let wide: String = (0..300).map(|i| format!("c{i},")).collect();
    vec![
        ("a bomb", archive(&[("xl/workbook.xml", zeros)])),
        ("lying sizes", lying),
        ("too many parts", archive(&many)),
        ("a cut archive", good[..good.len() / 2].to_vec()),
        ("only a signature", b"PK\x03\x04".to_vec()),
        ("an empty archive", archive(&[])),
        ("names that climb", archive(&[("../../etc/passwd", vec![1]), ("C:\\x", vec![2])])),
        ("a cell in the last corner", far("XFD1048576")),
        ("a cell beyond all corners", far("ZZZZZZ99999999999")),
        ("a cell nowhere", far("")),
        ("bounds the wrong way round", book(backwards)),
        ("one long text a hundred thousand times", shared_text()),
        ("entities that grow", book(laughs)),
        ("a file from outside", book(outside)),
        ("deep tags", book(format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000)))),
        (
            "a shared text that is not there",
            workbook(r#"<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>"#),
        ),
        ("no number", workbook(r#"<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c></row>"#)),
        (
            "a time of no calendar",
            workbook(r#"<row r="1"><c r="A1" t="d"><v>9999-99-99T99:99:99</v></c></row>"#),
        ),
        ("a table with NUL", b"a,b\n\0,\0\n".to_vec()),
        ("neither UTF-8 nor GB 18030", b"a,b\n\xff\xff\xff,\x80\n".to_vec()),
        ("half of UTF-16", b"\xff\xfea\0,\0b".to_vec()),
        ("an open quote", format!("a,b\n\"{}", "x\n".repeat(100_000)).into_bytes()),
        ("too many columns", format!("{wide}\n{wide}\n").into_bytes()),
        ("too many rows", format!("客户名称\n{}", "a\n".repeat(60_000)).into_bytes()),
        ("one row for ever", ",".repeat(7 << 20).into_bytes()),
        ("above the limit", vec![b'a'; 9 << 20]),
    ]
}

testkit::both!(hostile_sheets_do_no_harm, |app| async move {
    let s = Scene::begin(&app).await;
    let admin = &s.company.admin;
    let good = admin.post_bytes("/api/v1/imports?kind=customers", workbook(&sound())).await;
    assert_eq!(good.status, 201, "the sound workbook is taken: {}", good.json);
    assert_eq!(good.json["total"], 1);
    for (what, bytes) in hostile() {
        for kind in ["customers", "employees"] {
            let attack = Attack {
                body: Some(bytes.clone()),
                ..Attack::plain(Method::POST, format!("/api/v1/imports?kind={kind}&filename=x.xlsx"))
            };
            let reply = send(admin, &attack).await;
            assert_eq!(complaint(&reply), None, "{what} as {kind}");
            let reply = reply.expect("an answer");
            assert!(!String::from_utf8_lossy(&reply.bytes).contains("root:"), "{what} shows a file of ours");
            // What could be read as a table must also be refused or taken whole.
            if let Some(id) = reply.json["id"].as_str() {
                let commit = admin.post(&format!("/api/v1/imports/{id}/commit"), serde_json::json!({})).await;
                assert!(commit.status < 500, "{what} as {kind}: {}", commit.json);
            }
        }
    }
    let list = admin.get("/api/v1/customers?limit=200").await;
    assert_eq!(list.status, 200, "{}", list.json);
});
