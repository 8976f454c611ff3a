//! OwnTracks over HTTP: one JSON object a request. Kept are `location`, `transition` at a region's edge, and as
//! signs of life `steps` and `beacon`, each with every member it has. Definitions of regions, cards, answers to
//! commands and the like say nothing about where the phone was: they are answered and left. An `encrypted` one
//! is refused, because nobody here can read it and a phone told otherwise would delete it.

use geo::LngLat;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Decoded, Extra, Reply, Report, Unreadable, When, traccar::hint};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "_type")]
    kind: String,
    /// Seconds.
    tst: Option<f64>,
    lat: Option<f64>,
    lon: Option<f64>,
    acc: Option<f64>,
    alt: Option<f64>,
    /// km/h.
    vel: Option<f64>,
    cog: Option<f64>,
    batt: Option<f64>,
    /// 0 unknown, 1 unplugged, 2 charging, 3 full.
    bs: Option<i64>,
    /// Everything else: trigger, connection, regions, network, time of sending…
    #[serde(flatten)]
    rest: Map<String, Value>,
}

pub(super) fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let m: Message = serde_json::from_slice(body)?;
    let named = |name: &str| m.rest.get(name).and_then(Value::as_str).map(str::to_owned);
    let device = named("topic").or_else(|| named("tid"));
    let mut decoded = Decoded { device, ..Decoded::new(Reply::List) };
    let needs_place = match m.kind.as_str() {
        "location" => true,
        "transition" | "steps" | "beacon" => false,
        "encrypted" => {
            return Err(Unreadable("encrypted payloads cannot be read; clear the encryption key".into()));
        }
        _ => return Ok(decoded),
    };
    let Some(when) = m.tst.and_then(When::seconds) else { return Err(Unreadable("tst is needed".into())) };
    let mut reading = Reading::default();
    match (m.lat, m.lon) {
        (Some(lat), Some(lon)) => {
            reading.set_place(LngLat::new(lon, lat).map_err(|e| Unreadable(e.to_string()))?);
        }
        (None, None) if !needs_place => {}
        _ => return Err(Unreadable("lat and lon are needed".into())),
    }
    // The accuracy of a beacon is that of its distance.
    if m.kind != "beacon" {
        reading.set_accuracy(m.acc);
    }
    reading.set_altitude(m.alt);
    reading.set_speed(m.vel.map(|kmh| kmh / 3.6));
    reading.set_bearing(m.cog);
    reading.set_battery(m.batt);
    reading.charging = match m.bs {
        Some(1) => Some(false),
        Some(2 | 3) => Some(true),
        _ => None,
    };
    let activities = m.rest.get("motionactivities").and_then(Value::as_array);
    reading.hint = activities.and_then(|list| list.iter().filter_map(Value::as_str).find_map(hint));
    let mut extra = Extra::default();
    if m.kind != "location" {
        extra.put("kind", m.kind);
    }
    extra.rest(m.rest);
    let (text, dropped) = extra.text();
    reading.extra = text;
    decoded.reports.push(Report { when, reading, dropped, ..Report::default() });
    Ok(decoded)
}

/// A circle a phone is to watch by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Shown on the phone; the key of the region there.
    pub name: String,
    pub at: LngLat,
    pub radius_m: i64,
    /// Seconds since 1970, the region's other key: one number a place, the same every day.
    pub key: i64,
}

/// The command that makes OwnTracks watch these regions and forget `gone` ones.
pub fn set_waypoints(regions: &[Region], gone: &[Region]) -> Value {
    let waypoint = |r: &Region, lng: f64, lat: f64| json!({ "_type": "waypoint", "desc": r.name, "lat": lat, "lon": lng, "rad": r.radius_m, "tst": r.key });
    // A place that is none deletes the region of that name.
    let deleted = gone.iter().map(|r| waypoint(r, -1_000_000.0, -1_000_000.0));
    let waypoints: Vec<Value> =
        deleted.chain(regions.iter().map(|r| waypoint(r, r.at.lng(), r.at.lat()))).collect();
    json!({
        "_type": "cmd", "action": "setWaypoints", "waypoints": { "_type": "waypoints", "waypoints": waypoints }
    })
}
