//! Does an answer in VROOM's JSON keep the rules of its input? Reads nothing but the two texts, so it judges
//! any program that answers in this form.

use serde_json::Value;
use std::collections::BTreeSet;

/// Every rule the answer breaks, in words; empty when it keeps them all.
pub fn check_json(input: &str, output: &str) -> Vec<String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text);
    let (Ok(input), Ok(output)) = (parse(input), parse(output)) else {
        return vec!["input or output is not JSON".into()];
    };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut used = BTreeSet::new();
    for route in list(&output, "routes") {
        let vehicle = list(&input, "vehicles").iter().find(|v| v["id"] == route["vehicle"]);
        let Some(vehicle) = vehicle else {
            found.push(format!("unknown vehicle {}", route["vehicle"]));
            continue;
        };
        if !used.insert(route["vehicle"].as_u64()) {
            found.push(format!("vehicle {} has two routes", route["vehicle"]));
        }
        check_route(&input, vehicle, route, &mut seen, &mut found);
    }
    for left in list(&output, "unassigned") {
        if !seen.insert(left["id"].as_u64()) {
            found.push(format!("job {} is served and unassigned, or twice unassigned", left["id"]));
        }
    }
    for job in list(&input, "jobs") {
        if !seen.contains(&job["id"].as_u64()) {
            found.push(format!("job {} is missing", job["id"]));
        }
    }
    found
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value, key: &str) -> i64 {
    value[key].as_i64().unwrap_or(0)
}

fn in_windows(value: &Value, t: i64, late: i64) -> bool {
    let windows = list(value, "time_windows");
    let inside =
        |w: &Value| w[0].as_i64().is_some_and(|a| a <= t) && w[1].as_i64().is_some_and(|b| t <= b + late);
    windows.is_empty() || windows.iter().any(inside)
}

fn check_route(
    input: &Value,
    vehicle: &Value,
    route: &Value,
    seen: &mut BTreeSet<Option<u64>>,
    found: &mut Vec<String>,
) {
    let name = format!("vehicle {}", vehicle["id"]);
    let profile = vehicle["profile"].as_str().unwrap_or("car");
    let factor = vehicle["speed_factor"].as_f64().unwrap_or(1.0);
    let matrix = |kind: &str, a: Option<usize>, b: Option<usize>| -> i64 {
        a.zip(b).and_then(|(a, b)| input["matrices"][profile][kind][a][b].as_i64()).unwrap_or(0)
    };
    let row = |v: &Value, key: &str| v[key].as_u64().map(|k| k as usize);
    let mut here = row(vehicle, "start_index");
    let (mut free, mut paused) = (number(&list(route, "steps")[0], "arrival"), 0);
    let (mut left, mut travel, mut metres, mut tasks) = (free, 0, 0, 0);
    let shift = (vehicle["time_window"][0].as_i64(), vehicle["time_window"][1].as_i64());
    let mut owed: Vec<&Value> = list(vehicle, "breaks").iter().collect();
    let mut jobs_done: Vec<&Value> = Vec::new();
    for step in list(route, "steps") {
        let arrival = number(step, "arrival");
        let begin = arrival + number(step, "waiting_time");
        if number(step, "waiting_time") < 0 || arrival < free {
            found.push(format!("{name}: time runs backwards at {arrival}"));
        }
        let end = begin + number(step, "setup") + number(step, "service");
        if shift.0.is_some_and(|s| arrival < s) || shift.1.is_some_and(|s| end > s) {
            found.push(format!("{name}: works outside the shift at {arrival}"));
        }
        match step["type"].as_str() {
            Some("break") => {
                let taken = owed.iter().position(|b| {
                    b["id"] == step["id"] && number(b, "service") == end - begin && in_windows(b, begin, 0)
                });
                match taken {
                    Some(k) => drop(owed.remove(k)),
                    None => found.push(format!("{name}: break {} at {begin}", step["id"])),
                }
                paused += end - begin;
                free = end;
                continue;
            }
            Some("start") => {
                (free, left) = (end, end);
                continue;
            }
            _ => {}
        }
        let job = list(input, "jobs").iter().find(|j| j["id"] == step["id"]);
        let there = if step["type"] == "end" {
            row(vehicle, "end_index")
        } else {
            job.and_then(|j| row(j, "location_index"))
        };
        let drive = (matrix("durations", here, there) as f64 / factor).floor() as i64;
        if arrival < left + drive + paused {
            found.push(format!(
                "{name}: arrives at {arrival}, {} s too early",
                left + drive + paused - arrival
            ));
        }
        travel += drive;
        metres += matrix("distances", here, there);
        if step["type"] == "job" {
            let Some(job) = job else {
                found.push(format!("unknown job {}", step["id"]));
                continue;
            };
            tasks += 1;
            if !seen.insert(job["id"].as_u64()) {
                found.push(format!("job {} is served twice", job["id"]));
            }
            let length = |key: &str, per_type: &str| {
                let of_type = vehicle["type"].as_str().and_then(|t| job[per_type][t].as_i64());
                of_type.unwrap_or_else(|| number(job, key))
            };
            let setup = if here.is_some() && here == there { 0 } else { length("setup", "setup_per_type") };
            if end - begin != setup + length("service", "service_per_type") {
                found.push(format!("job {}: wrong length", job["id"]));
            }
            if !in_windows(job, begin, number(job, "lateness")) {
                found.push(format!("job {}: begins at {begin}, outside its windows", job["id"]));
            }
            if !list(job, "skills").iter().all(|s| list(vehicle, "skills").contains(s)) {
                found.push(format!("job {}: {name} lacks a skill", job["id"]));
            }
            jobs_done.push(job);
        }
        (here, free, left, paused) = (there, end, end, 0);
    }
    if !owed.is_empty() {
        found.push(format!("{name}: {} breaks not taken", owed.len()));
    }
    let over = |key: &str, value: i64| vehicle[key].as_i64().is_some_and(|most| value > most);
    // Committed jobs stand whatever limit they exceed, with nothing besides them, and the route says so.
    let said = |cause: &str| list(route, "violations").iter().any(|v| v["cause"] == cause);
    let committed = list(vehicle, "committed");
    let promised =
        jobs_done.len() <= committed.len() && jobs_done.iter().zip(committed).all(|(j, c)| j["id"] == *c);
    let over = |key: &str, value: i64| over(key, value) && !(promised && said(key));
    if over("max_tasks", tasks) || over("max_travel_time", travel) || over("max_distance", metres) {
        found.push(format!("{name}: a limit is exceeded"));
    }
    let known = input["matrices"].is_object();
    if known && travel != number(route, "duration") {
        found.push(format!("{name}: states {} s of travel, drives {travel}", route["duration"]));
    }
    for (d, most) in list(vehicle, "capacity").iter().enumerate() {
        let amount = |job: &Value, key: &str| job[key][d].as_i64().unwrap_or(0);
        let mut load: i64 = jobs_done.iter().map(|j| amount(j, "delivery")).sum();
        let mut peak = load;
        for job in &jobs_done {
            load += amount(job, "pickup") - amount(job, "delivery");
            peak = peak.max(load);
        }
        if most.as_i64().is_some_and(|most| peak > most) {
            found.push(format!("{name}: carries {peak}"));
        }
    }
}
