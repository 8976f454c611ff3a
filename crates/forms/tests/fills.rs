//! The shared cases of `vectors/fills.json`, and forms that must not be published.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its cases should stop")]

use forms::{FormSpec, Surroundings, fill, publish};
use serde_json::{Value as Json, json};

fn vectors() -> Json {
    serde_json::from_str(include_str!("../vectors/fills.json")).unwrap()
}

fn spec(vectors: &Json, name: &str) -> FormSpec {
    serde_json::from_value(vectors["forms"][name].clone()).unwrap()
}

/// 4 and 4.0 are one number.
fn plain(value: &Json) -> Json {
    match value {
        Json::Number(n) => json!(n.as_f64()),
        Json::Array(items) => items.iter().map(plain).collect(),
        Json::Object(members) => members.iter().map(|(k, v)| (k.clone(), plain(v))).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_shared_case_holds() {
    let vectors = vectors();
    let around = &vectors["around"];
    let around = Surroundings {
        customer: around["customer"].clone(),
        user: around["user"].clone(),
        task: around["task"].clone(),
        today: around["today"].as_str().unwrap().to_owned(),
    };
    let mut wrong = vec![];
    for case in vectors["cases"].as_array().unwrap() {
        let form = publish(spec(&vectors, case["form"].as_str().unwrap())).unwrap();
        let got = fill(&form, case["given"].as_object().unwrap(), &around);
        let problems: Vec<Json> =
            got.problems
                .iter()
                .map(|p| {
                    if p.limit.is_empty() {
                        json!([p.path, p.code])
                    } else {
                        json!([p.path, p.code, p.limit])
                    }
                })
                .collect();
        let answers = plain(&Json::Object(got.answers));
        if json!(problems) != case["problems"]
            || case.get("answers").is_some_and(|wanted| plain(wanted) != answers)
            || case.get("checks").is_some_and(|wanted| {
                let checks = got.checks.unwrap_or_default();
                plain(wanted) != plain(&json!([checks.passed, checks.applicable, checks.failed]))
            })
            || case.get("score").is_some_and(|wanted| wanted.as_f64() != got.score)
        {
            wrong.push(format!("{}: {problems:?} {answers} {:?}", case["given"], got.score));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Changes one thing of the shelf form and tells the faults as `path part code name`.
fn faults(change: impl FnOnce(&mut Json)) -> Vec<String> {
    let mut form = vectors()["forms"]["shelf"].clone();
    change(&mut form);
    match publish(serde_json::from_value(form).unwrap()) {
        Ok(_) => vec![],
        Err(faults) => {
            let said =
                |f: forms::FormFault| format!("{} {} {} {}", f.path, f.part, f.fault.code, f.fault.name);
            faults.into_iter().map(said).collect()
        }
    }
}

#[test]
fn faults_are_found_before_publishing() {
    assert_eq!(faults(|_| {}), Vec::<String>::new());
    let cases: Vec<(Vec<String>, &str)> = vec![
        (faults(|f| f["title"] = json!({"en": " "})), " title missing "),
        (faults(|f| f["fields"] = json!([])), " fields missing "),
        (faults(|f| f["fields"][1]["key"] = json!("Shelf OK")), "Shelf OK key key Shelf OK"),
        (faults(|f| f["fields"][5]["key"] = json!("province")), "province key twice province"),
        (faults(|f| f["fields"][1]["label"] = json!({})), "shelf_ok label missing "),
        (
            faults(|f| f["fields"][2]["visible"] = json!("form.shelf == false")),
            "reason visible unknown_field shelf",
        ),
        (
            faults(|f| f["fields"][2]["required"] = json!("form.shelf_ok = false")),
            "reason required character =",
        ),
        (faults(|f| f["fields"][0]["calc"] = json!("form.big ? 1 : 2")), "total calc circle total"),
        (
            faults(|f| f["fields"][2]["visible"] = json!("form.reason != null")),
            "reason visible circle reason",
        ),
        (faults(|f| f["fields"][5]["list"] = json!("towns")), "city list unknown_list towns"),
        (faults(|f| f["fields"][5]["parent"] = json!("country")), "city parent unknown_field country"),
        (faults(|f| f["fields"][8]["min"] = json!(200)), "people min limits "),
        (faults(|f| f["fields"][7]["max"] = json!(99)), "stars max limits 10"),
        (faults(|f| f["fields"][3]["calc"] = json!("1")), "photos calc type "),
        (faults(|f| f["fields"][18]["max"] = json!(5000)), "items max limits 200"),
        (
            faults(|f| {
                f["fields"][18]["fields"] = json!([{"key": "c", "type": "check", "label": {"en": "c"}}])
            }),
            "items.c type nested_check ",
        ),
        (
            faults(
                |f| f["fields"][1] = json!({"key": "shelf_ok", "type": "check", "label": {"en": "c"}, "follow": {"who": "named"}}),
            ),
            "shelf_ok follow missing ",
        ),
        (faults(|f| f["fields"][18]["fields"] = json!([])), "items fields too_many 40"),
        (faults(|f| f["fields"][4]["options"][1]["value"] = json!("js")), "province options twice js"),
        (
            faults(|f| f["sections"] = json!([{"title": {}, "fields": ["nobody"]}])),
            "nobody section unknown_field nobody",
        ),
    ];
    for (found, wanted) in cases {
        assert!(found.iter().any(|f| f == wanted), "{wanted:?} not among {found:?}");
    }
}
