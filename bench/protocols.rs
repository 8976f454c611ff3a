//! Replays the request samples of real tracker apps against the decoders and compares what they expect.
//!   cargo run -p tashi-tracking --example protocols [FOLDER]     default ../shared/data/protocols
//!
//! The samples are test data and do not ship; without them this says so and ends well.
#![expect(clippy::unwrap_used, reason = "a broken sample should stop the run")]

use std::{fs, path::Path};

use serde_json::Value;
use tracking::{
    reading::Reading,
    wire::{self, Decoded, Reply, Report},
};

const FILES: [&str; 7] = [
    "osmand_query",
    "osmand_form",
    "traccar_client_json",
    "traccar_client_sdk",
    "owntracks_http",
    "overland_batch",
    "gpslogger_customurl",
];
/// The receiver's clock of the replay, Unix milliseconds.
const NOW: i64 = 1_764_000_000_000;

fn main() {
    let folder = std::env::args().nth(1);
    let folder = folder
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/protocols").into());
    if !Path::new(&folder).is_dir() {
        println!("no request samples at {folder}: nothing replayed");
        return;
    }
    let (mut replayed, mut values, mut faults) = (0, 0, vec![]);
    for file in FILES {
        let text = fs::read_to_string(format!("{folder}/{file}.jsonl")).unwrap();
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            let sample: Value = serde_json::from_str(line).unwrap();
            let mut check = Check { id: sample["id"].as_str().unwrap(), values: 0, faults: &mut faults };
            check.sample(&sample);
            replayed += 1;
            values += check.values;
        }
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    println!("{replayed} requests replayed, {values} values compared, {} differ", faults.len());
    if !faults.is_empty() {
        std::process::exit(1);
    }
}

/// One sample under comparison.
struct Check<'a> {
    id: &'a str,
    values: usize,
    faults: &'a mut Vec<String>,
}

impl Check<'_> {
    fn that(&mut self, what: &str, holds: bool, seen: impl std::fmt::Debug) {
        self.values += 1;
        if !holds {
            self.faults.push(format!("{}: {what}, seen {seen:?}", self.id));
        }
    }

    fn sample(&mut self, sample: &Value) {
        let query = sample["uri"].as_str().unwrap().split_once('?').map_or("", |(_, q)| q);
        let body = sample["body"].as_str().unwrap_or("");
        let expect = &sample["expect"];
        let decoded = wire::decode(query, body.as_bytes());
        if expect["status"] == 400 {
            // Readable, but nobody's: the address answers 400 for a report without an identifier.
            let refused = decoded.as_ref().map_or(true, |d| d.device.is_none());
            return self.that("status 400", refused, &decoded);
        }
        let Ok(decoded) = decoded else { return self.that("status 200", false, decoded) };
        match &expect["body"] {
            Value::String(_) => self.that("a list", decoded.reply == Reply::List, decoded.reply),
            Value::Object(_) => self.that("result ok", decoded.reply == Reply::ResultOk, decoded.reply),
            _ => {}
        }
        match &expect["points"] {
            Value::Array(points) => {
                self.that("as many points", decoded.reports.len() == points.len(), decoded.reports.len());
                for (report, point) in decoded.reports.iter().zip(points) {
                    self.point(&decoded, report, point);
                }
            }
            _ if expect["stored"] == false => {
                self.that("nothing stored", decoded.reports.is_empty(), &decoded.reports);
            }
            // Definitions of places on the phone say nothing about where it was.
            _ if expect["stored"] == "may be ignored" => {}
            _ => match &decoded.reports[..] {
                [report] => self.point(&decoded, report, expect),
                other => self.that("one point", false, other),
            },
        }
    }

    fn point(&mut self, decoded: &Decoded, report: &Report, expect: &Value) {
        let r = &report.reading;
        let extra: Value = serde_json::from_str(r.extra.as_deref().unwrap_or("{}")).unwrap();
        for (name, value) in expect.as_object().unwrap() {
            let number = value.as_f64();
            let near =
                |seen: Option<f64>, by: f64| seen.zip(number).is_some_and(|(a, b)| (a - b).abs() <= by);
            let kept = |key: &str| same(&extra[key], value);
            let (holds, seen): (bool, Value) = match name.as_str() {
                "status" | "stored" | "body" | "note" | "note_time" | "points" => continue,
                "device" => {
                    let device = report.device.as_ref().or(decoded.device.as_ref());
                    (device.map(String::as_str) == value.as_str(), device.cloned().into())
                }
                "time_ms" => {
                    let t = report.when.millis(&jiff::tz::TimeZone::UTC, NOW);
                    (Some(t) == value.as_i64(), t.into())
                }
                "time" => {
                    let t = report.when.millis(&jiff::tz::TimeZone::UTC, NOW);
                    (t == NOW, t.into())
                }
                "time_local" => {
                    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
                    let t = jiff::Timestamp::from_millisecond(report.when.millis(&zone, NOW)).unwrap();
                    let shown = t.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
                    (Some(shown.as_str()) == value.as_str(), shown.into())
                }
                "lat" => (near(place(r, false), 1e-7), place(r, false).into()),
                "lon" => (near(place(r, true), 1e-7), place(r, true).into()),
                "position" => (r.at.is_none(), format!("{:?}", r.at).into()),
                // Unknown is null in the expectation, and stored with 1 cm/s.
                "speed_mps" if value.is_null() => (r.speed_cms.is_none(), r.speed_cms.into()),
                "speed_mps" => (near(r.speed_cms.map(|v| f64::from(v) / 100.0), 0.0051), r.speed_cms.into()),
                "bearing_deg" => {
                    (near(r.bearing_dd.map(|v| f64::from(v) / 10.0), 0.051), r.bearing_dd.into())
                }
                "altitude_m" => (near(r.alt_dm.map(|v| f64::from(v) / 10.0), 0.051), r.alt_dm.into()),
                "accuracy_m" => (near(r.acc_dm.map(|v| f64::from(v) / 10.0), 0.051), r.acc_dm.into()),
                "battery_pct" => (near(r.battery.map(f64::from), 0.5), r.battery.into()),
                "charging" => (r.charging == value.as_bool(), r.charging.into()),
                "mock" => (Some(r.mock) == value.as_bool(), r.mock.into()),
                // Only what is not a plain position says its kind.
                "kind" if value == "location" => (extra["kind"].is_null(), extra["kind"].clone()),
                "motion" if value.is_array() => {
                    // One activity we know is told by the hint.
                    let one = value.as_array().unwrap().len() == 1 && r.hint.is_some();
                    (one || kept("motion"), extra["motion"].clone())
                }
                "ignition" => {
                    (same(&extra["ignition"], value) || extra["don"].is_number(), extra["don"].clone())
                }
                "wifi" | "cell" => {
                    (networks(&extra[name.as_str()]) == networks(value), extra[name.as_str()].clone())
                }
                "attributes" => {
                    let all = value.as_object().unwrap();
                    (all.iter().all(|(k, v)| same(&extra[k], v)), extra.clone())
                }
                name => {
                    let key = match name {
                        "odometer_m" => "odometer",
                        "trigger" => "t",
                        "connection" => "conn",
                        "monitoring_mode" => "m",
                        "region" => "desc",
                        "satellites" => "sat",
                        other => other,
                    };
                    (kept(key), extra[key].clone())
                }
            };
            self.that(&format!("{name} {value}"), holds, seen);
        }
    }
}

fn place(r: &Reading, lng: bool) -> Option<f64> {
    r.at.map(|(x, y)| f64::from(if lng { x } else { y }) / 1e7)
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * b.abs())
}

/// Traccar writes colons where the app wrote dashes; we keep what came.
fn networks(list: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().unwrap_or("").replace('-', ":");
    list.as_array().map(|l| l.iter().map(text).collect()).unwrap_or_default()
}
