//! Traccar Client as JSON: the nested document of version 9, and the flat objects of its SDK.

use geo::LngLat;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};
use track::ActivityHint;

use super::{Decoded, Extra, Reply, Report, Unreadable, When, osmand::Message, time::iso};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Document {
    device_id: Option<Value>,
    location: Location,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Location {
    timestamp: Option<Value>,
    coords: Option<Coords>,
    #[serde(default)]
    mock: bool,
    battery: Option<Battery>,
    activity: Option<Activity>,
    is_moving: Option<Value>,
    #[serde(default)]
    extras: Value,
    /// The same once more as a query, for servers that read nothing else.
    #[serde(rename = "_")]
    _query: Option<IgnoredAny>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Coords {
    latitude: f64,
    longitude: f64,
    accuracy: Option<f64>,
    /// m/s; negative is unknown, as in all of these.
    speed: Option<f64>,
    heading: Option<f64>,
    altitude: Option<f64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Battery {
    /// 0..1.
    level: Option<f64>,
    is_charging: Option<bool>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Activity {
    r#type: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The document of version 9.
pub(super) fn location(body: &[u8]) -> Result<Decoded, Unreadable> {
    let Document { device_id, location, rest: outside } = serde_json::from_slice(body)?;
    let when = match &location.timestamp {
        None => When::Now,
        Some(value) => instant(value).ok_or_else(|| Unreadable("timestamp must be a time".into()))?,
    };
    let mut reading = Reading { mock: location.mock, ..Reading::default() };
    let mut extra = Extra::default();
    extra.put("motion", location.is_moving.unwrap_or_default());
    extra.rest(location.rest);
    if let Some(c) = location.coords {
        reading.set_place(LngLat::new(c.longitude, c.latitude).map_err(|e| Unreadable(e.to_string()))?);
        reading.set_accuracy(c.accuracy);
        reading.set_speed(c.speed);
        reading.set_bearing(c.heading);
        reading.set_altitude(c.altitude);
        extra.rest_as("coords", c.rest);
    }
    if let Some(b) = location.battery {
        reading.set_battery(b.level.map(|l| l * 100.0));
        reading.charging = b.is_charging;
        extra.rest_as("battery", b.rest);
    }
    if let Some(a) = location.activity {
        reading.hint = a.r#type.as_deref().and_then(hint);
        extra.put("activity", a.r#type.map_or(Value::Null, Value::from));
        extra.rest_as("activity_details", a.rest);
    }
    match location.extras {
        Value::Object(extras) => extra.rest(extras),
        other => extra.put("extras", other),
    }
    extra.rest(outside);
    let (text, dropped) = extra.text();
    reading.extra = text;
    let device = device_id.and_then(identifier);
    let report = Report { when, reading, dropped, ..Report::default() };
    Ok(Decoded { device, reports: vec![report], ..Decoded::new(Reply::Empty) })
}

/// One flat object with OsmAnd's names.
pub(super) fn flat(body: &[u8]) -> Result<Decoded, Unreadable> {
    let message = message(serde_json::from_slice(body)?)?;
    let device = message.device.clone();
    Ok(Decoded { device, reports: vec![message.report()?], ..Decoded::new(Reply::Empty) })
}

/// A list of them. One entry that cannot be read must not hold up the others for ever.
pub(super) fn array(body: &[u8]) -> Result<Decoded, Unreadable> {
    let mut decoded = Decoded::new(Reply::Empty);
    for entry in serde_json::from_slice::<Vec<Value>>(body)? {
        let Value::Object(object) = entry else {
            decoded.invalid += 1;
            continue;
        };
        match message(object) {
            Ok(message) => {
                let device = message.device.clone();
                decoded.device = decoded.device.or_else(|| device.clone());
                match message.report() {
                    Ok(report) => decoded.reports.push(Report { device, ..report }),
                    Err(_) => decoded.invalid += 1,
                }
            }
            Err(_) => decoded.invalid += 1,
        }
    }
    Ok(decoded)
}

fn message(object: Map<String, Value>) -> Result<Message, Unreadable> {
    let mut message = Message::default();
    for (name, value) in object {
        message.take_json(&name, value)?;
    }
    Ok(message)
}

fn identifier(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn instant(value: &Value) -> Option<When> {
    match value {
        Value::String(text) => iso(text),
        Value::Number(n) => n.as_f64().and_then(When::number),
        _ => None,
    }
}

/// Names Android, iOS and the apps give to activities.
pub(super) fn hint(name: &str) -> Option<ActivityHint> {
    Some(match name {
        "still" | "stationary" => ActivityHint::Still,
        "walking" | "on_foot" => ActivityHint::Walking,
        "running" => ActivityHint::Running,
        "cycling" | "on_bicycle" => ActivityHint::Cycling,
        "driving" | "automotive" | "in_vehicle" => ActivityHint::Driving,
        _ => return None,
    })
}
