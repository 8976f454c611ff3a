//! Readings as bytes for the append-only hot table: small, self-describing by a version byte, and exact.
//!
//! After the version comes the count, then each reading as differences to the one before: flags, time,
//! place, and only those values that are known. Numbers are LEB128, signed ones zigzag.

use base::Problem;
use db::Result;
use track::ActivityHint;

use crate::reading::Reading;

const VERSION: u8 = 1;

const PLACE: u32 = 1;
const ACC: u32 = 1 << 1;
const SPEED: u32 = 1 << 2;
const BEARING: u32 = 1 << 3;
const ALT: u32 = 1 << 4;
const BATTERY: u32 = 1 << 5;
const HINT: u32 = 1 << 6;
const MOCK: u32 = 1 << 7;
const CHARGING: u32 = 1 << 8;
const NOT_CHARGING: u32 = 1 << 9;
const EXTRA: u32 = 1 << 10;
const SOURCE: u32 = 1 << 11;

const HINTS: [ActivityHint; 6] = [
    ActivityHint::Still,
    ActivityHint::Walking,
    ActivityHint::Running,
    ActivityHint::Cycling,
    ActivityHint::Driving,
    ActivityHint::Transit,
];

/// Packs readings in the given order.
pub fn pack(readings: &[Reading]) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 + readings.len() * 24);
    out.push(VERSION);
    put(&mut out, readings.len() as u64);
    let (mut t, mut lng, mut lat) = (0i64, 0i64, 0i64);
    for r in readings {
        put(&mut out, u64::from(flags(r)));
        put_signed(&mut out, r.t_ms.wrapping_sub(t));
        t = r.t_ms;
        if let Some((x, y)) = r.at {
            put_signed(&mut out, i64::from(x) - lng);
            put_signed(&mut out, i64::from(y) - lat);
            (lng, lat) = (x.into(), y.into());
        }
        for v in [r.acc_dm, r.speed_cms, r.bearing_dd].into_iter().flatten() {
            put(&mut out, v.into());
        }
        if let Some(v) = r.alt_dm {
            put_signed(&mut out, v.into());
        }
        out.extend(r.battery);
        out.extend(r.hint.map(|h| HINTS.iter().position(|k| *k == h).unwrap_or(0) as u8));
        if r.source != 0 {
            out.push(r.source);
        }
        if let Some(extra) = &r.extra {
            put(&mut out, extra.len() as u64);
            out.extend_from_slice(extra.as_bytes());
        }
    }
    out
}

fn flags(r: &Reading) -> u32 {
    let mut flags = 0;
    let mut set = |bit, on| {
        if on {
            flags |= bit;
        }
    };
    set(PLACE, r.at.is_some());
    set(ACC, r.acc_dm.is_some());
    set(SPEED, r.speed_cms.is_some());
    set(BEARING, r.bearing_dd.is_some());
    set(ALT, r.alt_dm.is_some());
    set(BATTERY, r.battery.is_some());
    set(HINT, r.hint.is_some());
    set(MOCK, r.mock);
    set(CHARGING, r.charging == Some(true));
    set(NOT_CHARGING, r.charging == Some(false));
    set(EXTRA, r.extra.is_some());
    set(SOURCE, r.source != 0);
    flags
}

/// Unpacks what [`pack`] made, appending to `into`.
///
/// # Errors
/// Internal, when the bytes were not made by [`pack`].
pub fn unpack(bytes: &[u8], into: &mut Vec<Reading>) -> Result<()> {
    let mut read = Read { bytes, at: 0 };
    let count = (read.byte() == Some(VERSION)).then(|| read.number()).flatten();
    let Some(count) = count.filter(|n| *n <= bytes.len() as u64) else { return Err(damaged()) };
    let mut last = (0i64, 0i64, 0i64);
    for _ in 0..count {
        into.push(read.reading(&mut last).ok_or_else(damaged)?);
    }
    Ok(())
}

fn damaged() -> Problem {
    Problem::internal("a packed batch of readings is damaged")
}

struct Read<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Read<'_> {
    fn byte(&mut self) -> Option<u8> {
        let b = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(b)
    }

    fn number(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let b = self.byte()?;
            value |= u64::from(b & 0x7f).checked_shl(shift)?;
            if b & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }

    fn small(&mut self) -> Option<u32> {
        self.number().and_then(|v| u32::try_from(v).ok())
    }

    fn signed(&mut self) -> Option<i64> {
        let v = self.number()?;
        Some((v >> 1) as i64 ^ -((v & 1) as i64))
    }

    fn reading(&mut self, (t, lng, lat): &mut (i64, i64, i64)) -> Option<Reading> {
        let flags = self.small()?;
        let has = |bit| flags & bit != 0;
        *t = t.wrapping_add(self.signed()?);
        let mut r = Reading::at_time(*t);
        if has(PLACE) {
            *lng = lng.wrapping_add(self.signed()?);
            *lat = lat.wrapping_add(self.signed()?);
            r.at = Some((i32::try_from(*lng).ok()?, i32::try_from(*lat).ok()?));
        }
        if has(ACC) {
            r.acc_dm = Some(self.small()?);
        }
        if has(SPEED) {
            r.speed_cms = Some(self.small()?);
        }
        if has(BEARING) {
            r.bearing_dd = Some(self.small()?);
        }
        if has(ALT) {
            r.alt_dm = Some(i32::try_from(self.signed()?).ok()?);
        }
        if has(BATTERY) {
            r.battery = Some(self.byte()?);
        }
        if has(HINT) {
            r.hint = Some(*HINTS.get(usize::from(self.byte()?))?);
        }
        r.mock = has(MOCK);
        r.charging = if has(CHARGING) { Some(true) } else { has(NOT_CHARGING).then_some(false) };
        if has(SOURCE) {
            r.source = self.byte()?;
        }
        if has(EXTRA) {
            let len = usize::try_from(self.number()?).ok()?;
            let end = self.at.checked_add(len)?;
            let text = std::str::from_utf8(self.bytes.get(self.at..end)?).ok()?;
            self.at = end;
            r.extra = Some(text.into());
        }
        Some(r)
    }
}

fn put(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

fn put_signed(out: &mut Vec<u8>, v: i64) {
    put(out, ((v << 1) ^ (v >> 63)) as u64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_reading() -> impl Strategy<Value = Reading> {
        let values = (
            proptest::option::of(1..1_000_000u32),
            proptest::option::of(0..100_000u32),
            proptest::option::of(0..3600u32),
            proptest::option::of(-100_000..1_000_000i32),
        );
        let states = (
            any::<u8>(),
            proptest::option::of(0..6usize),
            proptest::option::of(0..=100u8),
            proptest::option::of(any::<bool>()),
            any::<bool>(),
            proptest::option::of("[a-z客户]{0,9}"),
        );
        (any::<i64>(), proptest::option::of(any::<(i32, i32)>()), values, states).prop_map(
            |(
                t_ms,
                at,
                (acc_dm, speed_cms, bearing_dd, alt_dm),
                (source, hint, battery, charging, mock, extra),
            )| Reading {
                t_ms,
                at,
                acc_dm,
                speed_cms,
                bearing_dd,
                alt_dm,
                source,
                hint: hint.map(|h| HINTS[h]),
                battery,
                charging,
                mock,
                extra: extra.map(Into::into),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(readings in proptest::collection::vec(any_reading(), 0..40)) {
            let mut back = vec![];
            unpack(&pack(&readings), &mut back).unwrap();
            prop_assert_eq!(back, readings);
        }

        #[test]
        fn foreign_bytes_are_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes, &mut vec![]);
        }
    }

    #[test]
    fn a_moving_phone_costs_few_bytes() {
        let readings: Vec<Reading> = (0..50)
            .map(|i| Reading {
                t_ms: 1_764_000_000_000 + i * 10_000,
                at: Some((1_187_800_000 + i as i32 * 900, 320_400_000)),
                acc_dm: Some(80),
                speed_cms: Some(1_350),
                bearing_dd: Some(900),
                ..Reading::default()
            })
            .collect();
        assert!(pack(&readings).len() < 50 * 15);
    }
}
