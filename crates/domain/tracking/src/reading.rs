//! What a phone or tracker says at one instant, in whole units, so that the same report always has the same
//! bytes: milliseconds, 1e-7 degrees, 0.1 m, 0.01 m/s, 0.1 degrees.

use geo::LngLat;
use track::{ActivityHint, Fix};

/// One report. Without `at` it is a sign of life only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// When the receiver made the fix, Unix milliseconds.
    pub t_ms: i64,
    /// Longitude and latitude × 10⁷, WGS-84.
    pub at: Option<(i32, i32)>,
    /// Horizontal accuracy, decimetres.
    pub acc_dm: Option<u32>,
    /// Ground speed, cm/s.
    pub speed_cms: Option<u32>,
    /// Course, tenths of a degree clockwise from north, [0, 3600).
    pub bearing_dd: Option<u32>,
    /// Altitude, decimetres.
    pub alt_dm: Option<i32>,
    /// Which of the person's trackers sent it; 0 is the phone app.
    pub source: u8,
    pub hint: Option<ActivityHint>,
    /// Charge of the phone, percent.
    pub battery: Option<u8>,
    pub charging: Option<bool>,
    /// The phone says that an app supplied the position.
    pub mock: bool,
    /// Handed in later as a file: nobody can tell how it came to be.
    pub backfill: bool,
    /// Everything else the client sent, as a JSON object.
    pub extra: Option<Box<str>>,
}

/// A sign of life gets this accuracy when it stands in for a fix: too coarse for geometry (see
/// [`track::Rules::coarse_m`]), enough to tell "no signal" from "phone off".
const LIFE_ACC_M: f32 = 10_000.0;

impl Reading {
    /// A report at an instant, with nothing known yet.
    pub fn at_time(t_ms: i64) -> Reading {
        Reading { t_ms, ..Reading::default() }
    }

    pub fn place(&self) -> Option<LngLat> {
        let (lng, lat) = self.at?;
        LngLat::from_e7(lng.into(), lat.into()).ok()
    }

    pub fn set_place(&mut self, at: LngLat) {
        let (lng, lat) = at.e7();
        // ±180° × 10⁷ fits into 32 bits
        self.at = i32::try_from(lng).ok().zip(i32::try_from(lat).ok());
    }

    /// Accuracy in metres; zero and sentinels are unknown.
    pub fn set_accuracy(&mut self, meters: Option<f64>) {
        self.acc_dm = whole(meters, 10.0, 1.0, 1e6).map(|v| v as u32);
    }

    /// Speed in m/s; negative is unknown.
    pub fn set_speed(&mut self, mps: Option<f64>) {
        self.speed_cms = whole(mps, 100.0, 0.0, 1e5).map(|v| v as u32);
    }

    /// Course in degrees; negative is unknown.
    pub fn set_bearing(&mut self, degrees: Option<f64>) {
        self.bearing_dd = whole(degrees, 10.0, 0.0, 3600.0).map(|v| v as u32 % 3600);
    }

    pub fn set_altitude(&mut self, meters: Option<f64>) {
        self.alt_dm = whole(meters, 10.0, -1e5, 1e6).map(|v| v as i32);
    }

    /// Battery in percent; outside 0..=100 is unknown.
    pub fn set_battery(&mut self, percent: Option<f64>) {
        self.battery = whole(percent, 1.0, 0.0, 100.0).map(|v| v as u8);
    }

    /// Short mark of the content: a report sent again has the same, another report of the same millisecond
    /// has (but for one in four billion) another.
    pub fn fingerprint(&self) -> u32 {
        let mut hash = Fnv(0x811c_9dc5);
        let (lng, lat) = self.at.unwrap_or((i32::MIN, i32::MIN));
        hash.add(&lng.to_le_bytes());
        hash.add(&lat.to_le_bytes());
        for v in [self.acc_dm, self.speed_cms, self.bearing_dd] {
            hash.add(&v.unwrap_or(u32::MAX).to_le_bytes());
        }
        hash.add(&self.alt_dm.unwrap_or(i32::MIN).to_le_bytes());
        let flags = [
            self.source,
            self.hint.map_or(255, |h| h as u8),
            self.battery.unwrap_or(255),
            self.charging.map_or(2, u8::from),
            u8::from(self.mock),
        ];
        hash.add(&flags);
        if self.backfill {
            hash.add(&[1]);
        }
        hash.add(without_beside(self.extra.as_deref().unwrap_or("")).as_bytes());
        hash.0
    }

    /// Keeps what stood beside the batch this report was the last of. It plays no part in the fingerprint.
    pub fn set_beside(&mut self, members: &[(&str, &str)]) {
        if members.is_empty() {
            return;
        }
        let members: Vec<String> = members.iter().map(|(name, json)| format!("\"{name}\":{json}")).collect();
        let told = self.extra.as_deref().and_then(|e| e.strip_suffix('}')).unwrap_or("{");
        let comma = if told.len() > 1 { "," } else { "" };
        self.extra = Some(format!("{told}{comma}{BESIDE}{{{}}}}}", members.join(",")).into());
    }
}

/// Begins what stood beside a batch, as the last member of `extra`.
const BESIDE: &str = "\"_batch\":";

/// The part of `extra` that the report itself said. Without its closing bracket, which tells nothing.
fn without_beside(extra: &str) -> &str {
    let told = match extra.find(BESIDE) {
        Some(at) => extra[..at].trim_end_matches(','),
        None => extra.strip_suffix('}').unwrap_or(extra),
    };
    if told == "{" { "" } else { told }
}

struct Fnv(u32);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u32::from(*b)).wrapping_mul(0x0100_0193);
        }
    }
}

/// Rounded to whole units; `None` when absent, not finite or outside `[min, max]` units.
fn whole(value: Option<f64>, unit: f64, min: f64, max: f64) -> Option<i64> {
    let v = (value? * unit).round();
    (v.is_finite() && (min..=max).contains(&v)).then_some(v as i64)
}

/// Fixes for the day engine, in order of time. A sign of life stands at the last place known before it; one
/// before any place says nothing.
pub fn fixes(readings: &[Reading]) -> Vec<Fix> {
    let mut last = None;
    let mut sorted: Vec<&Reading> = readings.iter().collect();
    sorted.sort_by_key(|r| (r.t_ms, r.source, r.fingerprint()));
    sorted
        .into_iter()
        .filter_map(|r| {
            let place = r.place();
            last = place.or(last);
            Some(Fix {
                t_ms: r.t_ms,
                at: last?,
                acc_m: if place.is_some() { r.acc_dm.map(|v| v as f32 / 10.0) } else { Some(LIFE_ACC_M) },
                speed_mps: r.speed_cms.map(|v| v as f32 / 100.0),
                bearing_deg: r.bearing_dd.map(|v| v as f32 / 10.0),
                alt_m: r.alt_dm.map(|v| v as f32 / 10.0),
                source: r.source,
                hint: r.hint,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_are_none() {
        let mut r = Reading::at_time(1);
        r.set_speed(Some(-1.0));
        r.set_bearing(Some(-1.0));
        r.set_accuracy(Some(f64::NAN));
        r.set_battery(Some(-100.0));
        assert_eq!(r, Reading::at_time(1));
        r.set_bearing(Some(360.0));
        assert_eq!(r.bearing_dd, Some(0));
    }

    #[test]
    fn what_stands_beside_a_batch_makes_no_other_report() {
        for extra in [None, Some(r#"{"a":1}"#)] {
            let alone = Reading { extra: extra.map(Into::into), ..Reading::at_time(1) };
            let mut with = alone.clone();
            with.set_beside(&[("trip", r#"{"mode":"car"}"#), ("current", "{}")]);
            assert_eq!(with.fingerprint(), alone.fingerprint());
            let json: serde_json::Value = serde_json::from_str(with.extra.as_deref().unwrap()).unwrap();
            assert_eq!(json["_batch"]["trip"]["mode"], "car");
        }
        let (a, b) =
            (Reading { extra: Some(r#"{"a":1}"#.into()), ..Reading::at_time(1) }, Reading::at_time(1));
        assert_ne!(a.fingerprint(), b.fingerprint());
    }

    #[test]
    fn a_sign_of_life_stands_at_the_last_place_in_any_order() {
        let at = LngLat::new(118.78, 32.04).unwrap();
        let mut fix = Reading::at_time(1000);
        fix.set_place(at);
        let life = Reading::at_time(2000);
        let forward = fixes(&[fix.clone(), life.clone()]);
        assert_eq!(forward, fixes(&[life.clone(), fix]));
        assert_eq!((forward[1].at, forward[1].acc_m), (at, Some(LIFE_ACC_M)));
        assert!(fixes(&[life]).is_empty());
    }
}
