//! Overland's batches of GeoJSON features. `current` and `trip` are not part of the batch and come again.

use geo::LngLat;
use serde::Deserialize;
use serde_json::Value;
use track::ActivityHint;

use super::{Decoded, Extra, Reply, Report, Unreadable, When, time::iso, traccar::hint};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Batch {
    locations: Vec<Value>,
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
    wifi: Option<String>,
}

pub(super) fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let batch: Batch = serde_json::from_slice(body)?;
    let mut decoded = Decoded { device: None, reports: vec![], invalid: 0, reply: Reply::ResultOk };
    decoded.reports.reserve(batch.locations.len());
    for entry in batch.locations {
        // One entry that cannot be read must not hold up the whole batch for ever.
        match serde_json::from_value(entry).ok().and_then(|f| report(f, &mut decoded.device)) {
            Some(report) => decoded.reports.push(report),
            None => decoded.invalid += 1,
        }
    }
    Ok(decoded)
}

fn report(feature: Feature, device: &mut Option<String>) -> Option<Report> {
    let p = feature.properties;
    let [lng, lat, ..] = feature.geometry.coordinates[..] else { return None };
    let mut reading = Reading::default();
    reading.set_place(LngLat::new(lng, lat).ok()?);
    let when: When = iso(&p.timestamp)?;
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
    // A list of one adds nothing to the hint.
    if p.motion.len() > 1 {
        extra.put("motion", p.motion);
    }
    extra.put("wifi", p.wifi.filter(|w| !w.is_empty()).map_or(Value::Null, Value::from));
    reading.extra = extra.text();
    *device = device.take().or(p.device_id);
    Some(Report { when, reading })
}

/// iOS may name several at once: driving wins over stationary (waiting at a light).
fn motion(names: &[String]) -> Option<ActivityHint> {
    let hints = names.iter().filter_map(|n| hint(n));
    hints.max()
}
