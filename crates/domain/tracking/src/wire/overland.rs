//! Overland's batches of GeoJSON features, each with every property it has. `current` and `trip` stand beside
//! the batch: the phone's position at the moment of sending, which comes again in a later batch, and the trip
//! in progress. They are kept with the last report, see [`super::Report::beside`].

use geo::LngLat;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Beside, Decoded, Extra, Reply, Report, Unreadable, extra, time::iso, traccar::hint};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Batch {
    locations: Vec<Value>,
    current: Option<Value>,
    trip: Option<Value>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Geometry,
    properties: Properties,
}

#[derive(Deserialize)]
struct Geometry {
    /// Longitude first.
    coordinates: Vec<f64>,
}

#[derive(Deserialize)]
struct Properties {
    timestamp: String,
    device_id: Option<String>,
    /// m/s, -1 unknown, as in all of these.
    speed: Option<f64>,
    course: Option<f64>,
    altitude: Option<f64>,
    horizontal_accuracy: Option<f64>,
    #[serde(default)]
    motion: Vec<String>,
    battery_state: Option<String>,
    /// 0..1.
    battery_level: Option<f64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

pub(super) fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let batch: Batch = serde_json::from_slice(body)?;
    let mut decoded = Decoded::new(Reply::ResultOk);
    decoded.reports.reserve(batch.locations.len());
    for entry in batch.locations {
        // One entry that cannot be read must not hold up the whole batch for ever.
        match serde_json::from_value(entry).ok().and_then(report) {
            Some(report) => decoded.reports.push(report),
            None => decoded.invalid += 1,
        }
    }
    decoded.device = decoded.reports.iter().find_map(|r| r.device.clone());
    if let Some(last) = decoded.reports.last_mut() {
        last.beside = beside(batch.current, batch.trip);
    }
    Ok(decoded)
}

fn report(feature: Feature) -> Option<Report> {
    let p = feature.properties;
    let [lng, lat, ..] = feature.geometry.coordinates[..] else { return None };
    let mut reading = Reading::default();
    reading.set_place(LngLat::new(lng, lat).ok()?);
    let when = iso(&p.timestamp)?;
    reading.set_speed(p.speed);
    reading.set_bearing(p.course);
    reading.set_altitude(p.altitude);
    reading.set_accuracy(p.horizontal_accuracy);
    reading.set_battery(p.battery_level.map(|l| l * 100.0));
    reading.charging = match p.battery_state.as_deref() {
        Some("charging" | "full") => Some(true),
        Some("unplugged") => Some(false),
        _ => None,
    };
    reading.hint = motion(&p.motion);
    let mut extra = Extra::default();
    // A list of one we understand adds nothing to the hint.
    if p.motion.len() > 1 || (reading.hint.is_none() && !p.motion.is_empty()) {
        extra.put("motion", p.motion);
    }
    if p.battery_state.is_some() && reading.charging.is_none() {
        extra.put("battery_state", p.battery_state);
    }
    // An empty name says that there is no network.
    extra.rest(p.rest.into_iter().filter(|(k, v)| k != "wifi" || v != "").collect());
    let (text, dropped) = extra.text();
    reading.extra = text;
    Some(Report { device: p.device_id, when, reading, dropped, beside: None })
}

/// iOS may name several at once: driving wins over stationary (waiting at a light).
fn motion(names: &[String]) -> Option<track::ActivityHint> {
    names.iter().filter_map(|n| hint(n)).max()
}

/// `current` as it came; of `trip` all but its places, which the batches hold as reports of their own.
fn beside(current: Option<Value>, trip: Option<Value>) -> Option<Beside> {
    let kept = |v: Value| Some(v.to_string()).filter(|t| t.len() <= extra::MOST).map(String::into_boxed_str);
    // A position without a time cannot be judged: it is none we may keep.
    let current = current.filter(Value::is_object).and_then(|c| {
        let when = c["properties"]["timestamp"].as_str().and_then(iso)?;
        Some((when.millis(&jiff::tz::TimeZone::UTC, 0), kept(c)?))
    });
    let trip = trip.and_then(|t| match t {
        Value::Object(mut trip) => {
            trip.retain(|_, v| !v.is_object() && !v.is_null());
            kept(trip.into())
        }
        _ => None,
    });
    (current.is_some() || trip.is_some()).then_some(Beside { current, trip })
}
