//! VROOM's JSON in and out.
#![allow(clippy::unwrap_used)]

use route::model::Options;
use route::vroom::{check_json, solve_json};
use serde_json::{Value, json};

fn answer(input: &Value) -> Value {
    let text = input.to_string();
    let output = solve_json(&text, &Options::steps(300, 1)).unwrap();
    assert_eq!(check_json(&text, &output), Vec::<String>::new(), "{output}");
    serde_json::from_str(&output).unwrap()
}

fn line(places: i64) -> Value {
    let row = |a: i64| (0..places).map(|b| (a - b).abs() * 600).collect::<Vec<_>>();
    json!({"car": {"durations": (0..places).map(row).collect::<Vec<_>>()}})
}

#[test]
fn one_vehicle_is_proven() {
    let input = json!({
        "vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "time_window": [28800, 64800],
            "breaks": [{"id": 1, "service": 2700, "time_windows": [[41400, 48600]]}]}],
        "jobs": [
            {"id": 11, "location_index": 2, "service": 1200, "setup": 60, "priority": 10},
            {"id": 12, "location_index": 1, "service": 1200, "time_windows": [[36000, 39600], [50400, 54000]]},
            {"id": 13, "location_index": 3, "service": 600, "description": "B"},
        ],
        "matrices": line(4),
    });
    let out = answer(&input);
    assert_eq!((&out["code"], &out["optimal"], &out["bound"]), (&json!(0), &json!(true), &json!(3600)));
    assert_eq!(out["summary"]["duration"], 3600);
    assert_eq!(out["summary"]["priority"], 10);
    assert_eq!(out["unassigned"], json!([]));
    let steps = out["routes"][0]["steps"].as_array().unwrap();
    let kinds: Vec<&str> = steps.iter().filter_map(|s| s["type"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "job").count(), 3);
    assert!(kinds.contains(&"break") && kinds[0] == "start" && kinds[kinds.len() - 1] == "end");
    assert!(out["summary"].get("distance").is_none(), "no distances were given");
}

#[test]
fn every_unassigned_job_has_a_reason() {
    let input = json!({
        "vehicles": [
            {"id": 1, "start_index": 0, "time_window": [0, 3600], "skills": [1], "capacity": [5], "max_tasks": 2},
            {"id": 2, "start_index": 0, "time_window": [0, 3600], "capacity": [5]},
        ],
        "jobs": [
            {"id": 1, "location_index": 1, "skills": [9]},
            {"id": 2, "location_index": 1, "skills": [1], "service": 7200},
            {"id": 3, "location_index": 2, "time_windows": [[0, 100]]},
            {"id": 4, "location_index": 2, "delivery": [6]},
            {"id": 5, "location_index": 1, "service": 2400, "priority": 50},
            {"id": 6, "location_index": 1, "service": 2400, "priority": 50},
            {"id": 7, "location_index": 1, "service": 2400, "priority": 1},
            {"id": 8, "location_index": 1, "allowed_vehicles": [1], "skills_none": [1]},
        ],
        "matrices": line(3),
    });
    let out = answer(&input);
    let left = out["unassigned"].as_array().unwrap();
    let reason = |id: u64| left.iter().find(|u| u["id"] == id).map(|u| u["reason"].as_str().unwrap());
    assert_eq!(reason(1), Some("skills"));
    assert_eq!(reason(2), Some("shift"));
    assert_eq!(reason(3), Some("time_window"));
    assert_eq!(reason(4), Some("capacity"));
    assert_eq!((reason(5), reason(6)), (None, None));
    assert_eq!(reason(7), Some("outbid"));
    assert_eq!(reason(8), Some("skills"));
    let of_8 = &left.iter().find(|u| u["id"] == 8).unwrap()["reasons"];
    assert_eq!(*of_8, json!([{"vehicle": 1, "reason": "skills"}, {"vehicle": 2, "reason": "not_allowed"}]));
}

#[test]
fn coordinates_become_straight_lines() {
    let input = json!({
        "vehicles": [{"id": 1, "start": [118.78, 32.04], "end": [118.78, 32.04]}],
        "jobs": [
            {"id": 1, "location": [118.80, 32.04]},
            {"id": 2, "location": [118.82, 32.04]},
            {"id": 3, "location": [118.84, 32.04]},
        ],
        "straight_line": {"detour": 1.2, "speed_kmh": 36.0},
    });
    let out = answer(&input);
    // 0.06° of longitude at 32° N are 5 670 m, there and back, × 1.2, at 10 m/s.
    let metres = out["summary"]["distance"].as_i64().unwrap();
    assert!((metres - 13_600).abs() < 60, "{metres}");
    assert!((out["summary"]["duration"].as_i64().unwrap() - metres / 10).abs() < 6);
    assert_eq!(out["optimal"], true);
}

#[test]
fn every_profile_has_its_own_speed() {
    let mut input = json!({
        "vehicles": [
            {"id": 1, "profile": "foot", "start": [118.78, 32.04]},
            {"id": 2, "profile": "car", "start": [118.78, 32.04]},
        ],
        "jobs": [
            {"id": 1, "location": [118.80, 32.04], "allowed_vehicles": [1]},
            {"id": 2, "location": [118.80, 32.04], "allowed_vehicles": [2]},
        ],
    });
    let durations = |input: &Value| -> Vec<i64> {
        let out = answer(input);
        let routes = out["routes"].as_array().unwrap().clone();
        routes.iter().map(|r| r["duration"].as_i64().unwrap()).collect()
    };
    let usual = durations(&input);
    assert!((usual[0] - 6 * usual[1]).abs() < 12, "5 and 30 km/h: {usual:?}");
    input["straight_line"] = json!({"speeds_kmh": {"foot": 10.0}});
    let said = durations(&input);
    assert!((said[0] - 3 * said[1]).abs() < 12, "10 and 30 km/h: {said:?}");
    input["straight_line"] = json!({"speed_kmh": 0.0});
    assert!(solve_json(&input.to_string(), &Options::steps(10, 1)).is_err());
}

#[test]
fn lengths_by_type_hold_or_are_refused() {
    let mut input = json!({
        "vehicles": [{"id": 1, "type": "van", "start_index": 0, "capacity": [10]}, {"id": 2, "type": "van", "start_index": 0, "capacity": [10]}],
        "jobs": [{"id": 1, "location_index": 1, "service": 300, "service_per_type": {"van": 900}, "setup_per_type": {"bike": 60}, "delivery": [3]}],
        "matrices": line(3),
    });
    let out = answer(&input);
    assert_eq!((&out["summary"]["service"], &out["summary"]["setup"]), (&json!(900), &json!(0)));
    assert_eq!((&out["summary"]["delivery"], &out["summary"]["pickup"]), (&json!([3]), &json!([0])));
    assert_eq!(out["summary"]["computing_times"], json!({"loading": 0, "solving": 0}));
    input["vehicles"][1]["type"] = json!("bike");
    let refused = solve_json(&input.to_string(), &Options::steps(10, 1)).unwrap_err();
    assert_eq!(refused.code.code, "route.unsupported");
    // Where only one of them could do it, it is his.
    input["jobs"][0]["allowed_vehicles"] = json!([2]);
    let out = answer(&input);
    assert_eq!((&out["summary"]["service"], &out["summary"]["setup"]), (&json!(300), &json!(60)));
}

#[test]
fn speed_costs_and_lateness() {
    let input = json!({
        "vehicles": [
            {"id": 1, "start_index": 0, "speed_factor": 2.0, "costs": {"fixed": 100, "per_hour": 36}},
            {"id": 2, "start_index": 0, "costs": {"fixed": 5000}},
        ],
        "jobs": [{"id": 1, "location_index": 2, "time_windows": [[0, 300]], "lateness": 600}],
        "matrices": line(3),
    });
    let out = answer(&input);
    assert_eq!(out["routes"][0]["vehicle"], 1);
    assert_eq!(out["summary"]["duration"], 600, "twice as fast");
    assert_eq!(out["summary"]["cost"], 106);
    assert_eq!(out["summary"]["lateness"], 300);
}

#[test]
fn committed_jobs_stay_first_and_given_steps_are_a_beginning() {
    let input = json!({
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "committed": [3, 1],
            "steps": [{"type": "start"}, {"type": "job", "id": 2}, {"type": "end"}]}],
        "jobs": [
            {"id": 1, "location_index": 1}, {"id": 2, "location_index": 2},
            {"id": 3, "location_index": 3}, {"id": 4, "location_index": 1},
        ],
        "matrices": line(4),
    });
    let out = answer(&input);
    let steps = out["routes"][0]["steps"].as_array().unwrap();
    let ids: Vec<u64> = steps.iter().filter_map(|s| s["id"].as_u64()).collect();
    assert_eq!(ids[..2], [3, 1]);
    assert_eq!(ids.len(), 4);
}

#[test]
fn committed_jobs_beyond_a_limit_are_kept_and_said() {
    let input = json!({
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "committed": [3, 1], "max_tasks": 1, "max_travel_time": 100}],
        "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}, {"id": 3, "location_index": 3}],
        "matrices": line(4),
    });
    let out = answer(&input);
    let route = &out["routes"][0];
    let ids: Vec<u64> = route["steps"].as_array().unwrap().iter().filter_map(|s| s["id"].as_u64()).collect();
    assert_eq!(ids, [3, 1]);
    assert_eq!(route["violations"], json!([{ "cause": "max_tasks" }, { "cause": "max_travel_time" }]));
    assert_eq!(out["summary"]["violations"], route["violations"]);
    assert_eq!(out["unassigned"][0]["reason"], "max_tasks");
}

#[test]
fn nonsense_is_refused_with_a_reason() {
    let refused = |input: Value| solve_json(&input.to_string(), &Options::steps(10, 1)).unwrap_err();
    let shipments = json!({"vehicles": [], "shipments": [{"amount": [1]}]});
    assert_eq!(refused(shipments).code.code, "route.unsupported");
    let outside = json!({"vehicles": [{"id": 1, "start_index": 5}], "jobs": [], "matrices": line(3)});
    assert_eq!(refused(outside).code.code, "route.input");
    let twice = json!({"vehicles": [], "jobs": [{"id": 1, "location": [1.0, 1.0]}, {"id": 1, "location": [1.0, 1.0]}]});
    assert_eq!(refused(twice).params[0].1, "job 1 is given twice");
    let nobody = json!({"vehicles": [], "jobs": [{"id": 1, "location": [1.0, 1.0]}]});
    assert_eq!(refused(nobody).params[0].1, "there is no vehicle");
    let ragged =
        json!({"vehicles": [{"id": 1, "start_index": 0}], "matrices": {"car": {"durations": [[0, 1], [2]]}}});
    assert_eq!(refused(ragged).code.code, "route.input");
    assert_eq!(solve_json("{", &Options::steps(10, 1)).unwrap_err().code.code, "route.input");
}

#[test]
fn steps_give_the_same_bytes() {
    let jobs: Vec<Value> = (1..12).map(|k| json!({ "id": k, "location_index": k, "service": 300 })).collect();
    let input = json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0 }, { "id": 2, "start_index": 11, "end_index": 0 }],
        "jobs": jobs,
        "matrices": line(12),
    })
    .to_string();
    let solve = |seed| solve_json(&input, &Options::steps(512, seed)).unwrap();
    assert_eq!(solve(7), solve(7));
    let out: Value = serde_json::from_str(&solve(7)).unwrap();
    assert_eq!((&out["steps"], &out["summary"]["computing_times"]["solving"]), (&json!(512), &json!(0)));
    assert!(out["bound"].as_i64() <= out["summary"]["cost"].as_i64());
}
