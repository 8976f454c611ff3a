//! One canonical form of the input, whatever order, repetition or float noise it arrived with, and its hash.
//!
//! Values are quantised to what the segment codec stores (coordinates 1e-7°, accuracy 0.1 m, altitude 0.5 m,
//! speed 0.01 m/s, bearing 0.5°), so that a day computed from storage equals the day computed on arrival.

use geo::LngLat;
use sha2::{Digest, Sha256};

use crate::{ActivityHint, Dropped, Fix, Input, Rules, VERSION, Window};

/// One fix is used for so long, milliseconds. No phone's receiver is faster, and the searches of the day look at each fix beside
/// those of the minutes around it: whoever sends a thousand a second shall not make his day a thousand times as slow.
const SLOT_MS: i64 = 500;

/// A quantised fix that can be sorted and hashed. Units: ms, 1e-7°, dm, cm/s, 0.5°, 0.5 m.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantised {
    pub t_ms: i64,
    pub lng: i64,
    pub lat: i64,
    pub acc: Option<i32>,
    pub speed: Option<i32>,
    pub bearing: Option<i32>,
    pub alt: Option<i32>,
    pub source: u8,
    pub hint: Option<ActivityHint>,
}

impl Quantised {
    pub(crate) fn of(fix: &Fix) -> Quantised {
        let (lng, lat) = fix.at.e7();
        Quantised {
            t_ms: fix.t_ms,
            // the same meridian has two names
            lng: if lng == 1_800_000_000 { -1_800_000_000 } else { lng },
            lat,
            acc: quantise(fix.acc_m, 10.0, 1..=1_000_000),
            speed: quantise(fix.speed_mps, 100.0, 0..=100_000),
            bearing: quantise(fix.bearing_deg, 2.0, 0..=720).map(|b| b % 720),
            alt: quantise(fix.alt_m, 2.0, -20_000..=200_000),
            source: fix.source,
            hint: fix.hint,
        }
    }

    pub(crate) fn fix(&self) -> Option<Fix> {
        let scaled = |v: Option<i32>, unit: f32| v.map(|v| v as f32 / unit);
        Some(Fix {
            t_ms: self.t_ms,
            at: LngLat::from_e7(self.lng, self.lat).ok()?,
            acc_m: scaled(self.acc, 10.0),
            speed_mps: scaled(self.speed, 100.0),
            bearing_deg: scaled(self.bearing, 2.0),
            alt_m: scaled(self.alt, 2.0),
            source: self.source,
            hint: self.hint,
        })
    }

    /// Order of preference among fixes of one slot: accurate first, then the more complete.
    fn preference(&self) -> (i32, bool, bool, Quantised) {
        (self.acc.unwrap_or(i32::MAX), self.speed.is_none(), self.bearing.is_none(), *self)
    }

    fn feed(&self, hash: &mut Sha256) {
        hash.update(self.t_ms.to_be_bytes());
        hash.update(self.lng.to_be_bytes());
        hash.update(self.lat.to_be_bytes());
        for v in [self.acc, self.speed, self.bearing, self.alt] {
            hash.update(v.unwrap_or(i32::MIN).to_be_bytes());
        }
        hash.update([self.source, self.hint.map_or(255, |h| h as u8)]);
    }
}

/// Rounded to whole units, `None` when unknown, not finite or outside the meaningful range.
fn quantise(value: Option<f32>, unit: f32, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
    let v = value?;
    if !v.is_finite() {
        return None;
    }
    let scaled = (f64::from(v) * f64::from(unit)).round();
    let v = if scaled.abs() < f64::from(i32::MAX) { scaled as i32 } else { return None };
    range.contains(&v).then_some(v)
}

/// The canonical input.
pub(crate) struct Canonical {
    /// On duty, in order of time, one fix a slot.
    pub fixes: Vec<Fix>,
    pub duty: Vec<Window>,
    pub private: Vec<Window>,
    pub sha256: String,
    pub given: u32,
    pub dropped: Dropped,
}

pub(crate) fn canonical(input: &Input, rules: &Rules) -> Canonical {
    let duty = union(input.duty);
    let private = union(input.private);
    let mut all: Vec<Quantised> = input.fixes.iter().map(Quantised::of).collect();
    all.sort_unstable();
    all.dedup();
    let given = all.len() as u32;
    let mut dropped = Dropped::default();

    all.retain(|q| inside(&duty, q.t_ms));
    dropped.off_duty = given - all.len() as u32;
    let sha256 = hash(&all, &duty, &private, input, rules);

    let before = all.len();
    all.retain(|q| q.lng.abs() > 10_000 || q.lat.abs() > 10_000);
    dropped.null_island = (before - all.len()) as u32;

    let mut fixes = Vec::with_capacity(all.len());
    let slot = |q: &Quantised| q.t_ms.div_euclid(SLOT_MS);
    for same in all.chunk_by(|a, b| slot(a) == slot(b)) {
        dropped.same_time += same.len() as u32 - 1;
        fixes.extend(same.iter().min_by_key(|q| q.preference()).and_then(Quantised::fix));
    }
    Canonical { fixes, duty, private, sha256, given, dropped }
}

fn hash(fixes: &[Quantised], duty: &[Window], private: &[Window], input: &Input, rules: &Rules) -> String {
    let mut hash = Sha256::new();
    let mut text = |part: &str, json: Result<String, serde_json::Error>| {
        // plain numbers and names always serialise; an error would only make the hash less specific
        let json = json.unwrap_or_default();
        hash.update((json.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
        hash.update(json.as_bytes());
    };
    let mut absences = input.absences.to_vec();
    absences.sort_unstable();
    absences.dedup();
    let mut visits = input.visits.to_vec();
    visits.sort_unstable();
    visits.dedup();
    let mut places = input.places.to_vec();
    places.sort_by_key(|p| p.id);
    places.dedup();
    text("version", serde_json::to_string(VERSION));
    text("rules", serde_json::to_string(rules));
    text("duty", serde_json::to_string(duty));
    text("private", serde_json::to_string(private));
    text("absences", serde_json::to_string(&absences));
    text("visits", serde_json::to_string(&visits));
    text("places", serde_json::to_string(&places));
    for fix in fixes {
        fix.feed(&mut hash);
    }
    hex::encode(hash.finalize())
}

/// Sorted, clipped to the years the product accepts, without empty ones, touching and overlapping ones joined.
pub(crate) fn union(windows: &[Window]) -> Vec<Window> {
    let years = Window::new(0, base::time::MAX_MICROS / 1000);
    let mut sorted: Vec<Window> =
        windows.iter().filter(|w| w.from_ms < w.to_ms).filter_map(|w| w.overlap(years)).collect();
    sorted.sort_unstable();
    let mut out: Vec<Window> = Vec::with_capacity(sorted.len());
    for w in sorted {
        match out.last_mut() {
            Some(last) if w.from_ms <= last.to_ms => last.to_ms = last.to_ms.max(w.to_ms),
            _ => out.push(w),
        }
    }
    out
}

/// Is the instant in one of the sorted, disjoint windows?
pub(crate) fn inside(windows: &[Window], t_ms: i64) -> bool {
    let i = windows.partition_point(|w| w.to_ms <= t_ms);
    windows.get(i).is_some_and(|w| w.contains(t_ms))
}

/// `whole` cut at the edges of the sorted, disjoint `cuts`; the flag tells whether the part lies in a cut.
pub(crate) fn cut(whole: Window, cuts: &[Window]) -> Vec<(Window, bool)> {
    let mut out = Vec::new();
    let mut from = whole.from_ms;
    for w in cuts.iter().filter_map(|c| c.overlap(whole)) {
        if from < w.from_ms {
            out.push((Window::new(from, w.from_ms), false));
        }
        out.push((w, true));
        from = w.to_ms;
    }
    if from < whole.to_ms {
        out.push((Window::new(from, whole.to_ms), false));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentinels_become_unknown() {
        let at = LngLat::new(180.0, 10.0).unwrap();
        let fix = Fix {
            acc_m: Some(-1.0),
            speed_mps: Some(f32::NAN),
            bearing_deg: Some(-1.0),
            alt_m: Some(f32::INFINITY),
            ..Fix::new(5, at)
        };
        let q = Quantised::of(&fix).fix().unwrap();
        assert_eq!((q.acc_m, q.speed_mps, q.bearing_deg, q.alt_m), (None, None, None, None));
        assert_eq!(q.at.lng(), -180.0, "both names of the antimeridian are one");
    }

    #[test]
    fn windows_join_and_cut() {
        let w = Window::new;
        assert_eq!(union(&[w(5, 9), w(1, 3), w(3, 4), w(8, 7)]), [w(1, 4), w(5, 9)]);
        assert_eq!(union(&[w(i64::MIN, 5)]), [w(0, 5)]);
        assert_eq!(
            cut(w(0, 10), &[w(-5, 2), w(4, 6)]),
            [(w(0, 2), true), (w(2, 4), false), (w(4, 6), true), (w(6, 10), false)]
        );
        assert!(inside(&[w(1, 4), w(5, 9)], 5) && !inside(&[w(1, 4), w(5, 9)], 4));
    }
}
