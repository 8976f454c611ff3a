//! OsmAnd's query or form, with the names Traccar Client and GPSLogger use beside it.
//!
//! `speed` is in knots; GPSLogger's own `spd` is in m/s. Unknown names are kept.

use std::borrow::Cow;

use geo::{Gcj02, LngLat};

use super::{Decoded, Extra, Reply, Report, Unreadable, When};
use crate::reading::Reading;

/// One knot in m/s (ISO 80000-3).
pub(super) const KNOT: f64 = 0.514_444;

pub(super) fn decode(query: &str, body: &[u8]) -> Result<Decoded, Unreadable> {
    let in_query = form_urlencoded::parse(query.as_bytes());
    let in_body = form_urlencoded::parse(body);
    let mut message = Message::default();
    for (name, value) in in_query.chain(in_body) {
        message.take(&name, value)?;
    }
    if message.empty {
        // OwnTracks posts nothing at all when a friend is deleted; there is nothing to keep.
        return Ok(Decoded { device: message.device, reports: vec![], invalid: 0, reply: Reply::Empty });
    }
    let device = message.device.take();
    Ok(Decoded { device, reports: vec![message.report()?], invalid: 0, reply: Reply::Empty })
}

/// A message being read, one name and value after the other.
pub(super) struct Message {
    pub device: Option<String>,
    when: When,
    lat: Option<f64>,
    lon: Option<f64>,
    gcj02: bool,
    reading: Reading,
    extra: Extra,
    empty: bool,
}

impl Default for Message {
    fn default() -> Message {
        Message {
            device: None,
            when: When::Now,
            lat: None,
            lon: None,
            gcj02: false,
            reading: Reading::default(),
            extra: Extra::default(),
            empty: true,
        }
    }
}

impl Message {
    pub(super) fn take(&mut self, name: &str, value: Cow<str>) -> Result<(), Unreadable> {
        let number =
            || value.trim().parse::<f64>().map_err(|_| Unreadable(format!("{name} must be a number")));
        // a phone's own identifier does not make a message
        let identity = matches!(name, "id" | "deviceid" | "device_id" | "aid");
        self.empty &= identity || name.is_empty();
        match name {
            "id" | "deviceid" | "device_id" => self.device = Some(value.into_owned()),
            "aid" => self.device = self.device.take().or(Some(value.into_owned())),
            "lat" => self.lat = Some(number()?),
            "lon" => self.lon = Some(number()?),
            "location" => {
                let (lat, lon) = value.split_once(',').unwrap_or((&value, ""));
                let pair = lat.trim().parse().ok().zip(lon.trim().parse().ok());
                let (lat, lon) = pair.ok_or_else(|| Unreadable("location must be lat,lon".into()))?;
                (self.lat, self.lon) = (Some(lat), Some(lon));
            }
            "timestamp" => {
                self.when =
                    When::text(&value).ok_or_else(|| Unreadable("timestamp must be a time".into()))?;
            }
            "speed" => self.reading.set_speed(Some(number()? * KNOT)),
            "spd" => self.reading.set_speed(value.trim().parse().ok()),
            "bearing" | "heading" => self.reading.set_bearing(Some(number()?)),
            "dir" => self.reading.set_bearing(value.trim().parse().ok()),
            "altitude" => self.reading.set_altitude(Some(number()?)),
            "alt" => self.reading.set_altitude(value.trim().parse().ok()),
            "accuracy" => self.reading.set_accuracy(Some(number()?)),
            "acc" => self.reading.set_accuracy(value.trim().parse().ok()),
            "batt" => self.reading.set_battery(value.trim().parse().ok()),
            "charge" | "ischarging" => self.reading.charging = truth(&value),
            "mock" | "is_mock" | "isMock" => self.reading.mock = truth(&value) == Some(true),
            "coord" => self.gcj02 = value.eq_ignore_ascii_case("gcj02"),
            // repeatable
            "cell" | "wifi" => {
                let list = self.extra.0.entry(name.to_owned()).or_insert_with(|| serde_json::json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(value.into_owned().into());
                }
            }
            "" => {}
            _ if value.is_empty() => {}
            _ => self.extra.put(name, plain(&value)),
        }
        Ok(())
    }

    pub(super) fn report(mut self) -> Result<Report, Unreadable> {
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => {
                let place =
                    if self.gcj02 { Gcj02 { lng: lon, lat }.to_wgs84() } else { LngLat::new(lon, lat) };
                self.reading.set_place(place.map_err(|e| Unreadable(e.to_string()))?);
            }
            (None, None) => {}
            _ => return Err(Unreadable("lat and lon belong together".into())),
        }
        self.reading.extra = self.extra.text();
        Ok(Report { when: self.when, reading: self.reading })
    }
}

pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" | "TRUE" | "True" => Some(true),
        "false" | "0" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Number, truth value or text.
fn plain(text: &str) -> serde_json::Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        _ => match text.parse::<f64>() {
            Ok(v) if v.is_finite() => v.into(),
            _ => text.into(),
        },
    }
}
