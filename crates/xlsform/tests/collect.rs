//! Forms as ODK Collect downloads them, and what it sends back.

use std::{collections::BTreeSet, fs, path::Path};

use forms::{FormSpec, Surroundings, fill, publish};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use serde_json::{Value, json};
use xlsform::{
    XForm,
    submission::{Wrong, read},
    xform,
};

fn library(name: &str) -> FormSpec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/formbook/src/library");
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect("a form's text");
    serde_json::from_str(&text).expect("a form")
}

const LIBRARY: [&str; 5] =
    ["store_check", "display_check", "equipment_check", "competitor_report", "pharma_visit"];

/// Paths of the instance, and those binds and questions name; texts that are there and texts that are asked for.
#[derive(Default)]
struct Seen {
    nodes: BTreeSet<String>,
    named: BTreeSet<String>,
    texts: BTreeSet<String>,
    asked: BTreeSet<String>,
}

fn look(xml: &str) -> Seen {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut seen = Seen::default();
    let mut path: Vec<String> = vec![];
    loop {
        let event = reader.read_event().unwrap_or_else(|e| panic!("{e}: {xml}"));
        let (tag, empty) = match event {
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Eof => return seen,
            _ => continue,
        };
        let name = tag.name().as_ref().to_owned();
        if let Some(data) = path.iter().position(|p| p == "data") {
            let inner: Vec<&str> = path[data..].iter().map(String::as_str).chain([name.as_str()]).collect();
            seen.nodes.insert(format!("/{}", inner.join("/")));
        }
        for attribute in tag.attributes() {
            let attribute = attribute.expect("an attribute");
            let value = attribute.value.to_string();
            match attribute.key.as_ref() {
                "nodeset" | "ref" if value.starts_with("/data") => drop(seen.named.insert(value)),
                "ref" | "jr:constraintMsg" if value.starts_with("jr:itext('") => {
                    seen.asked
                        .insert(value.trim_start_matches("jr:itext('").trim_end_matches("')").to_owned());
                }
                "id" if name == "text" => drop(seen.texts.insert(value)),
                _ => {}
            }
        }
        if !empty {
            path.push(name);
        }
    }
}

#[test]
fn every_reference_has_its_node_and_its_text() {
    for name in LIBRARY {
        let XForm { xml, losses, .. } = xform(&library(name), name, "3");
        assert!(losses.iter().all(|l| !l.refused), "{name}");
        let seen = look(&xml);
        let lost: Vec<_> = seen.named.difference(&seen.nodes).collect();
        assert!(lost.is_empty(), "{name}: {lost:?} are not in the instance");
        let silent: Vec<_> = seen.asked.difference(&seen.texts).collect();
        assert!(silent.is_empty() && seen.asked.len() > 5, "{name}: no text for {silent:?}");
        assert!(xml.contains(&format!("<data id=\"{name}\" version=\"3\">")));
    }
}

/// A form with a bit of everything, as it reads to Collect.
fn everything() -> FormSpec {
    serde_json::from_value(json!({
        "title": { "zh-CN": "巡检", "en": "Round & check" },
        "sections": [{ "title": { "zh-CN": "基本", "en": "Basics" }, "fields": ["name", "n", "rate", "ok", "kind", "sub"] },
            { "title": { "zh-CN": "现场", "en": "Site" }, "fields": ["many", "day", "at", "when", "spot", "front", "sign", "rows", "total"] }],
        "fields": [
            { "key": "name", "type": "text", "label": { "zh-CN": "名称", "en": "Name" }, "required": "true", "max": 20 },
            { "key": "n", "type": "number", "label": { "zh-CN": "数量" }, "min": 0, "max": 9, "default": "1",
              "constraint": { "formula": "form.n != 5", "message": { "zh-CN": "不能是“5”", "en": "Not <5>" } } },
            { "key": "rate", "type": "rating", "max": 5, "label": { "zh-CN": "评分" } },
            { "key": "ok", "type": "yes_no", "label": { "zh-CN": "合格" } },
            { "key": "kind", "type": "choice", "label": { "zh-CN": "类别" }, "options": [
                { "value": "a", "label": { "zh-CN": "甲" } }, { "value": "b", "label": { "zh-CN": "乙" } }] },
            { "key": "sub", "type": "choice", "list": "subs", "parent": "kind", "label": { "zh-CN": "小类" }, "visible": "!(form.ok == true)" },
            { "key": "many", "type": "choices", "label": { "zh-CN": "多选" }, "options": [
                { "value": "x", "label": { "zh-CN": "一" } }, { "value": "y", "label": { "zh-CN": "二" } }] },
            { "key": "day", "type": "date", "label": { "zh-CN": "日期" }, "default": "today" },
            { "key": "at", "type": "time", "label": { "zh-CN": "时间" } },
            { "key": "when", "type": "date_time", "label": { "zh-CN": "时刻" } },
            { "key": "spot", "type": "place", "label": { "zh-CN": "位置" } },
            { "key": "front", "type": "photo", "max": 3, "min": 2, "label": { "zh-CN": "照片" } },
            { "key": "sign", "type": "signature", "label": { "zh-CN": "签名" } },
            { "key": "rows", "type": "table", "label": { "zh-CN": "明细" }, "fields": [
                { "key": "sku", "type": "text", "label": { "zh-CN": "商品" } },
                { "key": "name", "type": "text", "label": { "zh-CN": "备注" } },
                { "key": "qty", "type": "number", "places": 1, "label": { "zh-CN": "数" }, "visible": "row.sku != null", "default": "form.n" }] },
            { "key": "total", "type": "number", "places": 1, "label": { "zh-CN": "合计" }, "calc": "ff.sum(form.rows.map(r, r.qty))" },
        ],
        "lists": { "subs": [{ "value": "a1", "label": { "zh-CN": "甲一" }, "under": "a" }, { "value": "b1", "label": { "zh-CN": "乙一" }, "under": "b" }] }
    }))
    .expect("a form")
}

#[test]
fn the_xml_says_what_the_form_says() {
    let XForm { xml, .. } = xform(&everything(), "round", "7");
    look(&xml);
    for part in [
        "<h:title>巡检</h:title>",
        "<translation lang=\"中文 (zh)\" default=\"true()\">",
        "<value>Not &lt;5&gt;</value>",
        "<bind nodeset=\"/data/section_1/name\" type=\"string\" required=\"true()\" constraint=\"string-length(.) &lt;= 20\"/>",
        "<n>1</n>",
        "constraint=\". &gt;= 0 and . &lt;= 9 and . != 5\" jr:constraintMsg=\"jr:itext('/data/section_1/n:jr:constraintMsg')\"",
        "<range ref=\"/data/section_1/rate\" start=\"1\" end=\"5\" step=\"1\" appearance=\"rating\">",
        "relevant=\"/data/section_1/ok != 'yes'\"",
        "<itemset nodeset=\"instance('subs')/root/item[under = /data/section_1/kind]\">",
        "<setvalue event=\"odk-instance-first-load\" ref=\"/data/section_2/day\" value=\"today()\"/>",
        "<upload mediatype=\"image/*\" ref=\"/data/section_2/front_photo_3\"",
        "<repeat nodeset=\"/data/section_2/rows\">",
        "relevant=\"../sku != ''\"",
        "<setvalue event=\"odk-instance-first-load odk-new-repeat\" ref=\"/data/section_2/rows/qty\" value=\"/data/section_1/n\"/>",
        "calculate=\"sum(/data/section_2/rows/qty)\"",
        "jr:preload=\"uid\"",
    ] {
        assert!(xml.contains(part), "{part} is not in\n{xml}");
    }
}

const SENT: &str = r#"<?xml version='1.0' ?><data id="round" version="7" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<section_1><name>张 &amp; 李 &#20320;</name><n>3</n><rate>4</rate><ok>no</ok><kind>a</kind><sub>a1</sub></section_1>
<section_2><many>x y</many><day>2026-11-20</day><at>10:05:00.000+08:00</at><when>2026-11-20T10:05:30.000+08:00</when>
<spot>32.04 118.78 12.0 4.5</spot><front>1.jpg</front><front_photo_2>2.jpg</front_photo_2><front_photo_3/><sign>s.png</sign>
<rows><sku>A-1</sku><rows_name>好</rows_name><qty>2.5</qty></rows><rows><sku>A-2</sku><rows_name/><qty>1</qty></rows><total>99</total></section_2>
<orx:meta><orx:instanceID>uuid:0b7d3a3e-7c60-4b7d-9f0e-0e6a4c0b2f11</orx:instanceID><orx:timeStart>2026-11-20T10:00:00.000+08:00</orx:timeStart>
<orx:timeEnd>2026-11-20T10:06:00.000+08:00</orx:timeEnd></orx:meta></data>"#;

#[test]
fn a_submission_becomes_answers_the_form_accepts() {
    let spec = everything();
    let XForm { names, .. } = xform(&spec, "round", "7");
    let sent = read(SENT).expect("a submission");
    assert_eq!((sent.form.as_str(), sent.version.as_str()), ("round", "7"));
    assert_eq!(sent.instance, "uuid:0b7d3a3e-7c60-4b7d-9f0e-0e6a4c0b2f11");
    assert_eq!(sent.ended.as_deref(), Some("2026-11-20T10:06:00.000+08:00"));
    let read = sent.answers(&spec, &names, &|file| format!("id of {file}")).expect("answers");
    let wanted = json!({
        "name": "张 & 李 你", "n": 3, "rate": 4, "ok": false, "kind": "a", "sub": "a1", "many": ["x", "y"], "day": "2026-11-20",
        "at": "10:05", "when": "2026-11-20T10:05", "spot": { "lng": 118.78, "lat": 32.04, "accuracy_m": 4.5 },
        "front": ["id of 1.jpg", "id of 2.jpg"], "sign": "id of s.png", "rows": [{ "sku": "A-1", "name": "好", "qty": 2.5 }, { "sku": "A-2", "qty": 1 }]
    });
    assert_eq!(Value::Object(read.answers.clone()), wanted);
    assert!(read.files.iter().map(String::as_str).eq(["1.jpg", "2.jpg", "s.png"]));
    let form = publish(spec).expect("a form without faults");
    let filled =
        fill(&form, &read.answers, &Surroundings { today: "2026-11-20".into(), ..Surroundings::default() });
    assert_eq!(filled.problems, vec![]);
    // computed here, whatever was sent
    assert_eq!(filled.answers["total"], json!(3.5));
}

#[test]
fn a_document_is_asked_for_and_taken() {
    let spec: FormSpec = serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
        { "key": "doc", "type": "file", "max": 3, "label": { "en": "Contract" } },
        { "key": "pump", "type": "reference", "to": "equipment", "label": { "en": "Pump" } } ] }))
    .expect("a form");
    let XForm { xml, names, .. } = xform(&spec, "round", "7");
    assert!(xml.contains("<upload mediatype=\"application/*\" ref=\"/data/doc\""), "{xml}");
    let sent = "<data id='round' version='7'><doc>a.pdf</doc><pump>1</pump><meta><instanceID>uuid:1</instanceID></meta></data>";
    let read =
        read(sent).expect("a submission").answers(&spec, &names, &|f| format!("id of {f}")).expect("answers");
    assert_eq!(Value::Object(read.answers), json!({ "doc": ["id of a.pdf"], "pump": "1" }));
    assert!(read.files.is_empty() && read.documents.iter().map(String::as_str).eq(["a.pdf"]));
    // As a sheet and back again it is the same form.
    let book = xlsform::write(&spec, "round", "7").book;
    let again = xlsform::read(&book).spec.expect("the same form");
    assert_eq!(again.fields[0].kind, spec.fields[0].kind);
    assert_eq!(again.fields[1].kind, spec.fields[1].kind);
}

#[test]
fn hostile_submissions_are_refused() {
    let spec = everything();
    let XForm { names, .. } = xform(&spec, "round", "7");
    let deep = format!("<data id='r' version='1'>{}", "<a>".repeat(100));
    let many = format!("<data id='r' version='1'>{}</data>", "<a/>".repeat(30_000));
    let large = format!("<data id='r' version='1'><a>{}</a></data>", "x".repeat(2 << 20));
    for xml in [
        "",
        "not xml",
        "<data id='r' version='1'>",
        "<data id='r' version='1'/>",
        "<data></data>",
        "<data id='r' version='1'><meta><instanceID></instanceID></meta></data>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><data id='r' version='1'><a>&b;</a></data>",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><data id='r' version='1'/>",
        "<data id='r' version='1'><a>&secret;</a></data>",
        "<data id='r' version='1'><a>&#0;</a></data>",
        "<data id='r' version='1'></wrong>",
        deep.as_str(),
        many.as_str(),
        large.as_str(),
    ] {
        assert!(read(xml).is_err(), "{}", xml.chars().take(60).collect::<String>());
    }
    let meta = "<meta><instanceID>uuid:1</instanceID></meta>";
    for (inner, wanted) in [
        ("<nobody>1</nobody>", Wrong::Unknown("nobody".into())),
        ("<n>many</n>", Wrong::Value("n".into())),
        ("<n>1</n><n>2</n>", Wrong::Value("n".into())),
        ("<spot>91 200 0 0</spot>", Wrong::Value("spot".into())),
        ("<ok>maybe</ok>", Wrong::Value("ok".into())),
    ] {
        let xml = format!("<data id='round' version='7'><section_1>{inner}</section_1>{meta}</data>");
        assert_eq!(
            read(&xml).expect("well-formed").answers(&spec, &names, &str::to_owned),
            Err(wanted),
            "{inner}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_refused_or_read(xml in "(<data id='r' version='1'>|</data>|<a>|</a>|<n>|</n>|&amp;|&x;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|\\PC{0,5}){0,20}") {
        let spec = everything();
        if let Ok(sent) = read(&xml) {
            let _ = sent.answers(&spec, &xform(&spec, "r", "1").names, &str::to_owned);
        }
    }
}
