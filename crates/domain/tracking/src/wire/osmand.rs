//! OsmAnd's query or form, with the names Traccar Client and GPSLogger use beside it.
//!
//! `speed` is in knots; GPSLogger's own `spd` is in m/s. Unknown names are kept. A `coord` names the datum;
//! one we do not know is refused, because the place would be stored hundreds of metres off.

use std::borrow::Cow;

use geo::{Bd09, Gcj02, LngLat};
use serde_json::Value;

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
        return Ok(Decoded { device: message.device, ..Decoded::new(Reply::Empty) });
    }
    let device = message.device.take();
    Ok(Decoded { device, reports: vec![message.report()?], ..Decoded::new(Reply::Empty) })
}

/// A message being read, one name and value after the other.
pub(super) struct Message {
    pub device: Option<String>,
    when: When,
    lat: Option<f64>,
    lon: Option<f64>,
    datum: Datum,
    reading: Reading,
    extra: Extra,
    empty: bool,
}

#[derive(Clone, Copy)]
enum Datum {
    Wgs84,
    Gcj02,
    Bd09,
}

impl Default for Message {
    fn default() -> Message {
        Message {
            device: None,
            when: When::Now,
            lat: None,
            lon: None,
            datum: Datum::Wgs84,
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
            "coord" => self.set_datum(&value)?,
            // GPSLogger's own name; beside a timestamp it says the same once more.
            "time" if self.when == When::Now && When::text(&value).is_some() => {
                self.when = When::text(&value).unwrap_or_default();
                self.extra.put(name, value.as_ref());
            }
            // repeatable
            "cell" | "wifi" => self.extra.list(name, value.as_ref()),
            "" => {}
            _ if value.is_empty() => {}
            _ => self.extra.put(name, plain(&value)),
        }
        Ok(())
    }

    /// A member of a flat JSON object: the same names with values of JSON.
    pub(super) fn take_json(&mut self, name: &str, value: Value) -> Result<(), Unreadable> {
        match value {
            Value::String(text) => self.take(name, text.into()),
            Value::Number(n) => self.take(name, n.to_string().into()),
            Value::Bool(b) => self.take(name, if b { "true" } else { "false" }.into()),
            Value::Null => Ok(()),
            Value::Array(list) if matches!(name, "cell" | "wifi") => {
                self.empty = false;
                list.into_iter().for_each(|v| self.extra.list(name, v));
                Ok(())
            }
            other => {
                self.empty = false;
                self.extra.put(name, other);
                Ok(())
            }
        }
    }

    fn set_datum(&mut self, name: &str) -> Result<(), Unreadable> {
        self.datum = match name.trim().to_ascii_lowercase().replace('-', "").as_str() {
            "wgs84" | "" => Datum::Wgs84,
            "gcj02" => Datum::Gcj02,
            "bd09" | "bd09ll" => Datum::Bd09,
            _ => return Err(Unreadable("coord must be wgs84, gcj02 or bd09".into())),
        };
        // What was received was in another datum than what is stored.
        if !matches!(self.datum, Datum::Wgs84) {
            self.extra.put("coord", name);
        }
        Ok(())
    }

    pub(super) fn report(mut self) -> Result<Report, Unreadable> {
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => {
                let place = match self.datum {
                    Datum::Wgs84 => LngLat::new(lon, lat),
                    Datum::Gcj02 => Gcj02 { lng: lon, lat }.to_wgs84(),
                    Datum::Bd09 => Bd09 { lng: lon, lat }.to_wgs84(),
                };
                self.reading.set_place(place.map_err(|e| Unreadable(e.to_string()))?);
            }
            (None, None) => {}
            _ => return Err(Unreadable("lat and lon belong together".into())),
        }
        let (extra, dropped) = self.extra.text();
        self.reading.extra = extra;
        Ok(Report { when: self.when, reading: self.reading, dropped, ..Report::default() })
    }
}

pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" | "TRUE" | "True" => Some(true),
        "false" | "0" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Number, truth value or text. A number only where it can be written back as it came: `0012` is a name.
fn plain(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        _ => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(n) if text.len() <= 15 || n.to_string() == text => n.into(),
            _ => text.into(),
        },
    }
}
