//! OwnTracks over HTTP: one JSON object a request. Positions (`location`, and `transition` at a region's
//! edge) are kept; everything else is answered and left.

use geo::LngLat;
use serde::Deserialize;
use serde_json::Value;

use super::{Decoded, Extra, Reply, Report, Unreadable, When, traccar::hint};
use crate::reading::Reading;

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "_type")]
    kind: String,
    topic: Option<String>,
    tid: Option<String>,
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
    #[serde(default)]
    motionactivities: Vec<String>,
    /// Trigger, connection, mode, event, region and network, kept as they are.
    t: Option<Value>,
    conn: Option<Value>,
    m: Option<Value>,
    event: Option<Value>,
    desc: Option<Value>,
    inregions: Option<Value>,
    don: Option<Value>,
    #[serde(rename = "SSID")]
    ssid: Option<Value>,
}

pub(super) fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let m: Message = serde_json::from_slice(body)?;
    let device = m.topic.clone().or(m.tid.clone());
    let mut decoded = Decoded { device, reports: vec![], invalid: 0, reply: Reply::List };
    if !matches!(m.kind.as_str(), "location" | "transition") {
        return Ok(decoded);
    }
    let (Some(when), Some(lat), Some(lon)) = (m.tst.and_then(When::seconds), m.lat, m.lon) else {
        return Err(Unreadable("tst, lat and lon are needed".into()));
    };
    let mut reading = Reading::default();
    reading.set_place(LngLat::new(lon, lat).map_err(|e| Unreadable(e.to_string()))?);
    reading.set_accuracy(m.acc);
    reading.set_altitude(m.alt);
    reading.set_speed(m.vel.map(|kmh| kmh / 3.6));
    reading.set_bearing(m.cog);
    reading.set_battery(m.batt);
    reading.charging = match m.bs {
        Some(1) => Some(false),
        Some(2 | 3) => Some(true),
        _ => None,
    };
    reading.hint = m.motionactivities.iter().find_map(|name| hint(name));
    let mut extra = Extra::default();
    if m.kind == "transition" {
        extra.put("kind", m.kind);
    }
    let kept = [
        ("t", m.t),
        ("conn", m.conn),
        ("m", m.m),
        ("event", m.event),
        ("desc", m.desc),
        ("inregions", m.inregions),
        ("don", m.don),
        ("SSID", m.ssid),
    ];
    kept.into_iter().for_each(|(key, value)| extra.put(key, value.unwrap_or_default()));
    reading.extra = extra.text();
    decoded.reports.push(Report { when, reading });
    Ok(decoded)
}
