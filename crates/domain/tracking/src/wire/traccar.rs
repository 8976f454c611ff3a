//! Traccar Client as JSON: the nested document of version 9, and the flat objects of its SDK.

use geo::LngLat;
use serde::Deserialize;
use serde_json::{Map, Value};
use track::ActivityHint;

use super::{Decoded, Extra, Reply, Report, Unreadable, When, osmand::Message, time::iso};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Document {
    device_id: Option<Value>,
    location: Location,
}

#[derive(Deserialize)]
struct Location {
    timestamp: Option<Value>,
    coords: Option<Coords>,
    is_moving: Option<bool>,
    odometer: Option<f64>,
    event: Option<String>,
    #[serde(default)]
    mock: bool,
    battery: Option<Battery>,
    activity: Option<Activity>,
    alarm: Option<Value>,
    #[serde(default)]
    extras: Value,
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
}

#[derive(Deserialize)]
struct Battery {
    /// 0..1.
    level: Option<f64>,
    is_charging: Option<bool>,
}

#[derive(Deserialize)]
struct Activity {
    r#type: Option<String>,
}

/// The document of version 9.
pub(super) fn location(body: &[u8]) -> Result<Decoded, Unreadable> {
    let Document { device_id, location } = serde_json::from_slice(body)?;
    let when = match &location.timestamp {
        None => When::Now,
        Some(value) => instant(value).ok_or_else(|| Unreadable("timestamp must be a time".into()))?,
    };
    let mut reading = Reading { mock: location.mock, ..Reading::default() };
    if let Some(c) = &location.coords {
        reading.set_place(LngLat::new(c.longitude, c.latitude).map_err(|e| Unreadable(e.to_string()))?);
        reading.set_accuracy(c.accuracy);
        reading.set_speed(c.speed);
        reading.set_bearing(c.heading);
        reading.set_altitude(c.altitude);
    }
    if let Some(b) = &location.battery {
        reading.set_battery(b.level.map(|l| l * 100.0));
        reading.charging = b.is_charging;
    }
    let activity = location.activity.and_then(|a| a.r#type);
    reading.hint = activity.as_deref().and_then(hint);
    let mut extra = Extra::default();
    extra.put("event", location.event);
    extra.put("motion", location.is_moving);
    extra.put("odometer", location.odometer);
    extra.put("activity", activity);
    extra.put("alarm", location.alarm.unwrap_or_default());
    if let Value::Object(extras) = location.extras {
        extras.into_iter().for_each(|(k, v)| extra.put(&k, v));
    }
    reading.extra = extra.text();
    let reports = vec![Report { when, reading }];
    Ok(Decoded { device: device_id.and_then(identifier), reports, invalid: 0, reply: Reply::Empty })
}

/// One flat object with OsmAnd's names.
pub(super) fn flat(body: &[u8]) -> Result<Decoded, Unreadable> {
    collect(vec![serde_json::from_slice(body)?])
}

/// A list of them.
pub(super) fn array(body: &[u8]) -> Result<Decoded, Unreadable> {
    collect(serde_json::from_slice(body)?)
}

fn collect(objects: Vec<Map<String, Value>>) -> Result<Decoded, Unreadable> {
    let mut decoded = Decoded { device: None, reports: vec![], invalid: 0, reply: Reply::Empty };
    let single = objects.len() == 1;
    for object in objects {
        match message(object) {
            Ok(mut message) => {
                decoded.device = decoded.device.or(message.device.take());
                match message.report() {
                    Ok(report) => decoded.reports.push(report),
                    Err(e) if single => return Err(e),
                    Err(_) => decoded.invalid += 1,
                }
            }
            Err(e) if single => return Err(e),
            Err(_) => decoded.invalid += 1,
        }
    }
    Ok(decoded)
}

fn message(object: Map<String, Value>) -> Result<Message, Unreadable> {
    let mut message = Message::default();
    for (name, value) in object {
        match value {
            Value::String(text) => message.take(&name, text.into())?,
            Value::Number(n) => message.take(&name, n.to_string().into())?,
            Value::Bool(b) => message.take(&name, if b { "true" } else { "false" }.into())?,
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
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
