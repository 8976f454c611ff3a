//! `tashi route solve` as a script sees it: what stands on standard output, and the exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene should stop")]

use std::{path::Path, process::Command};

use serde_json::{Value, json};

/// Exit code and what stands on standard output.
fn solve(file: &Path, more: &[&str]) -> (i32, Value) {
    let tashi = env!("CARGO_BIN_EXE_tashi");
    let done = Command::new(tashi).args(["route", "solve"]).arg(file).args(more).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let answer = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    (done.status.code().unwrap(), answer)
}

fn solved(input: &str) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.json");
    std::fs::write(&file, input).unwrap();
    solve(&file, &["--steps", "200"])
}

fn problem() -> Value {
    json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0 }],
        "jobs": [{ "id": 7, "location_index": 1, "service": 60 }, { "id": 8, "location_index": 2 }],
        "matrices": { "car": { "durations": [[0, 100, 300], [100, 0, 150], [300, 150, 0]] } },
    })
}

#[test]
fn an_answer_is_vrooms_with_code_zero() {
    let (code, answer) = solved(&problem().to_string());
    assert_eq!((code, &answer["code"], &answer["optimal"]), (0, &json!(0), &json!(true)), "{answer}");
    assert_eq!((&answer["summary"]["duration"], &answer["unassigned"]), (&json!(550), &json!([])));
    let kinds: Vec<&str> = answer["routes"][0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["start", "job", "job", "end"]);
}

/// Nothing but the two keys VROOM writes; the exit code is the same code.
fn refused(input: &str, word: &str) {
    let (code, answer) = solved(input);
    let object = answer.as_object().unwrap();
    assert_eq!((code, &answer["code"]), (2, &json!(2)), "{answer}");
    assert_eq!(object.keys().collect::<Vec<_>>(), ["code", "error"]);
    assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
}

#[test]
fn what_is_wrong_with_the_input_is_said_with_code_two() {
    refused("{", "EOF");
    refused("{}", "vehicles");
    refused(&json!({ "vehicles": [], "jobs": [] }).to_string(), "no vehicle");
    let mut twice = problem();
    twice["jobs"][1]["id"] = json!(7);
    refused(&twice.to_string(), "job 7 is given twice");
    let mut away = problem();
    away["jobs"][0].as_object_mut().unwrap().remove("location_index");
    refused(&away.to_string(), "job 7");
    let mut shipments = problem();
    shipments["shipments"] = json!([{ "pickup": {}, "delivery": {} }]);
    refused(&shipments.to_string(), "shipments is not supported");
}

#[test]
fn a_file_that_is_not_there_is_the_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let (code, answer) = solve(&folder.path().join("nowhere.json"), &[]);
    assert_eq!((code, &answer["code"]), (2, &json!(2)), "{answer}");
    assert!(answer["error"].as_str().unwrap().contains("nowhere.json"), "{answer}");
}
