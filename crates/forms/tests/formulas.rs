//! The shared cases of `vectors/formulas.json`, and formulas that mean harm.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its cases should stop")]

use std::time::{Duration, Instant};

use forms::{Fields, Formula, Names};
use proptest::prelude::*;
use serde_json::Value as Json;

fn vectors() -> Json {
    serde_json::from_str(include_str!("../vectors/formulas.json")).unwrap()
}

fn fields(names: &Json) -> Fields {
    let keys = |root: &str| names[root].as_object().unwrap().keys().cloned().collect();
    Fields { form: keys("form"), row: keys("row") }
}

fn names(values: &Json) -> Names {
    let mut names = Names::default();
    for (root, value) in values.as_object().unwrap() {
        names.set(root, value);
    }
    names
}

#[test]
fn every_shared_case_holds() {
    let vectors = vectors();
    let (fields, names) = (fields(&vectors["names"]), names(&vectors["names"]));
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() >= 100, "{} cases", cases.len());
    let mut wrong = vec![];
    for case in cases {
        let source = case["formula"].as_str().unwrap();
        let got = match Formula::compile(source, &fields) {
            Ok(formula) => match formula.run(&names).unwrap_or(Json::Null) {
                // 4 and 4.0 are one number
                Json::Number(n) => serde_json::json!({"value": n.as_f64()}),
                value => serde_json::json!({ "value": value }),
            },
            Err(fault) => serde_json::json!({"fault": {"at": fault.at, "code": fault.code}}),
        };
        let wanted = match case.get("value") {
            Some(Json::Number(n)) => serde_json::json!({"value": n.as_f64()}),
            Some(value) => serde_json::json!({ "value": value }),
            None => serde_json::json!({"fault": case["fault"]}),
        };
        if got != wanted {
            wrong.push(format!("{source:?}: {got} instead of {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Formulas made to take long, go deep or grow. Each is refused, or ends, within 50 ms; the quickest of five counts, since what else
/// the machine does is not the formula's.
#[test]
fn hostile_formulas_end() {
    let vectors = vectors();
    let (fields, mut named) = (fields(&vectors["names"]), Names::default());
    let rows: Vec<Json> = (0..200).map(|n| serde_json::json!({"sku": "a".repeat(2000), "qty": n})).collect();
    named.set("form", &serde_json::json!({"items": rows, "name": "a".repeat(2000), "qty": 1}));
    let walk = "form.items.map(i, i.sku + i.sku)";
    let hostile = [
        "(".repeat(100_000),
        format!("{}1{}", "(".repeat(499), ")".repeat(499)),
        format!("{}1{}", "[".repeat(12), "]".repeat(12)),
        "-".repeat(900) + "1",
        ["form.qty"; 1000].join("+"),
        ["1"; 150].join("+"),
        ["1"; 150].join("=="),
        ["form.ok?1"; 12].join(":") + ":1",
        [walk; 28].join("+"),
        format!("ff.join({walk}, form.name) + ff.join({walk}, form.name)"),
        "form.name.matches('a+a+$b')".into(),
        "form.name.matches('(a{1,99}){1,99}$')".into(),
        "form.items.map(i, form.items.map(i, form.items))".into(),
        "form.name".to_owned() + &".a".repeat(140),
        "1".repeat(1000),
        "\u{0}\u{202e}\u{feff}".into(),
    ];
    for source in hostile {
        let once = || {
            let begun = Instant::now();
            if let Ok(formula) = Formula::compile(&source, &fields) {
                formula.run(&named);
            }
            begun.elapsed()
        };
        let took = (0..5).map(|_| once()).min().unwrap_or_default();
        assert!(
            took < Duration::from_millis(50),
            "{took:?} for {}",
            source.chars().take(60).collect::<String>()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text is refused or compiled; nothing panics, and what compiles runs.
    #[test]
    fn any_text_is_judged(source in "\\PC{0,60}|[a-z(){}\\[\\].,!?:+*/<>=&|'\" 0-9-]{0,80}") {
        let vectors = vectors();
        if let Ok(formula) = Formula::compile(&source, &fields(&vectors["names"])) {
            formula.run(&names(&vectors["names"]));
        }
    }
}
