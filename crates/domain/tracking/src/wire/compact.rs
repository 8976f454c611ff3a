//! Our own batch in bytes, described in `docs/compact-batch.md`: what the phone app sends, a tenth of the JSON.
//!
//! After the magic come the identifier of the device, the count, and each fix as differences to the one before:
//! flags, time, place, and only those values that are known. Numbers are LEB128, signed ones zigzag.

use geo::LngLat;
use track::ActivityHint;

use super::{Decoded, Reply, Report, Unreadable, When};
use crate::{codec::Read, reading::Reading};

/// First bytes of a batch: name and version.
pub const MAGIC: &[u8] = b"TSF\x01";
/// Media type of a batch.
pub const MEDIA_TYPE: &str = "application/vnd.tashi.fixes";
/// Most fixes of a batch.
pub const MOST: u64 = 5_000;

const PLACE: u32 = 1;
const ACCURACY: u32 = 1 << 1;
const SPEED: u32 = 1 << 2;
const BEARING: u32 = 1 << 3;
const ALTITUDE: u32 = 1 << 4;
const BATTERY: u32 = 1 << 5;
const CHARGING: u32 = 1 << 6;
const NOT_CHARGING: u32 = 1 << 7;
const MOCK: u32 = 1 << 8;
const ACTIVITY: u32 = 1 << 9;
const KNOWN: u32 = (1 << 10) - 1;

/// Activities by their number on the wire.
const ACTIVITIES: [ActivityHint; 6] = [
    ActivityHint::Still,
    ActivityHint::Walking,
    ActivityHint::Running,
    ActivityHint::Cycling,
    ActivityHint::Driving,
    ActivityHint::Transit,
];

/// Reads a batch.
///
/// # Errors
/// [`Unreadable`] when the bytes end early, go on after the last fix, or use a flag this version does not know.
/// A fix that says no place on earth is counted as invalid, like one in any other dialect.
pub fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let broken = || Unreadable("a compact batch ends early or is damaged".into());
    let rest = body.strip_prefix(MAGIC).ok_or_else(broken)?;
    let mut read = Read::new(rest);
    let device = read.text().filter(|d| d.chars().count() <= 64).ok_or_else(broken)?;
    let count = read.number().filter(|n| *n <= MOST.min(rest.len() as u64)).ok_or_else(broken)?;
    let device = Some(device.to_owned()).filter(|d| !d.is_empty());
    let mut decoded = Decoded { device, ..Decoded::new(Reply::Empty) };
    let mut last = (0, 0, 0);
    for _ in 0..count {
        match fix(&mut read, &mut last).ok_or_else(broken)? {
            Some(report) => decoded.reports.push(report),
            None => decoded.invalid += 1,
        }
    }
    if read.at < rest.len() { Err(broken()) } else { Ok(decoded) }
}

/// The next fix: `None` for bytes that are none, `Some(None)` for a fix of no place on earth.
fn fix(read: &mut Read, (t, lng, lat): &mut (i64, i64, i64)) -> Option<Option<Report>> {
    let flags = read.small().filter(|f| f & !KNOWN == 0)?;
    let has = |bit| flags & bit != 0;
    *t = t.checked_add(read.signed()?)?;
    let mut r = Reading { mock: has(MOCK), ..Reading::default() };
    let mut valid = true;
    if has(PLACE) {
        *lng = lng.checked_add(read.signed()?)?;
        *lat = lat.checked_add(read.signed()?)?;
        match LngLat::from_e7(*lng, *lat) {
            Ok(at) => r.set_place(at),
            Err(_) => valid = false,
        }
    }
    let mut scaled =
        |bit, unit: f64| if has(bit) { read.small().map(|v| Some(f64::from(v) / unit)) } else { Some(None) };
    r.set_accuracy(scaled(ACCURACY, 10.0)?);
    r.set_speed(scaled(SPEED, 100.0)?);
    r.set_bearing(scaled(BEARING, 10.0)?);
    if has(ALTITUDE) {
        r.set_altitude(Some(read.signed()? as f64 / 10.0));
    }
    if has(BATTERY) {
        r.set_battery(Some(read.byte()?.into()));
    }
    if has(ACTIVITY) {
        r.hint = Some(*ACTIVITIES.get(usize::from(read.byte()?))?);
    }
    r.charging = if has(CHARGING) { Some(true) } else { has(NOT_CHARGING).then_some(false) };
    let report = Report { when: When::At(*t), reading: r, ..Report::default() };
    Some(valid.then_some(report))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of `docs/compact-batch.md`; the phone app's encoder makes the same bytes.
    const EXAMPLE: &str =
        "545346010570686f6e65027f80a0bfe9d666808fe3ec0880aac7b1025ac60a8407f6014e03a09c01d08c01632d";

    #[test]
    fn the_example_is_read() {
        let decoded = decode(&hex::decode(EXAMPLE).unwrap()).unwrap();
        assert_eq!(
            (decoded.device.as_deref(), decoded.reports.len(), decoded.invalid),
            (Some("phone"), 2, 0)
        );
        let [one, two] = &decoded.reports[..] else { panic!("{decoded:?}") };
        assert_eq!(one.when, When::At(1_764_000_000_000));
        let full = Reading {
            at: Some((1_187_800_000, 320_400_000)),
            acc_dm: Some(90),
            speed_cms: Some(1_350),
            bearing_dd: Some(900),
            alt_dm: Some(123),
            battery: Some(78),
            charging: Some(true),
            ..Reading::default()
        };
        assert_eq!(one.reading, full);
        assert_eq!(two.when, When::At(1_764_000_010_000));
        assert_eq!((two.reading.at, two.reading.acc_dm), (Some((1_187_809_000, 320_399_950)), Some(45)));
    }

    #[test]
    fn damaged_batches_are_refused_whole() {
        let good = hex::decode(EXAMPLE).unwrap();
        for cut in 0..good.len() {
            assert!(decode(&good[..cut]).is_err(), "{cut} bytes");
        }
        assert!(decode(&[&good[..], b"x"].concat()).is_err(), "bytes after the last fix");
        assert!(decode(b"TSF\x02\x00\x00").is_err(), "another version");
        assert!(decode(b"TSF\x01\x00\xff\xff\xff\xff\x0f").is_err(), "more fixes than bytes");
        assert!(decode(b"TSF\x01\x00\x01\x80\x08\x00").is_err(), "a flag of a later version");
    }

    #[test]
    fn no_place_on_earth_is_counted() {
        let mut batch = b"TSF\x01\x00\x01\x01\x00".to_vec();
        batch.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0x07, 0]);
        assert_eq!(decode(&batch).unwrap().invalid, 1);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&[MAGIC, &bytes].concat());
        }
    }
}
