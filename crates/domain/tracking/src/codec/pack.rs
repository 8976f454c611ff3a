//! Readings as bytes for the append-only hot table: small, self-describing by a version byte, and exact.
//!
//! After the version comes the count, then each reading as differences to the one before: flags, time,
//! place, and only those values that are known. Numbers are LEB128, signed ones zigzag.

use db::Result;

use super::{
    ACC, ALT, BATTERY, BEARING, EXTRA, HINT, HINTS, PLACE, Read, SOURCE, SPEED, damaged, flags, hint_number,
    put, put_signed, set_flags,
};
use crate::reading::Reading;

const VERSION: u8 = 1;

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
        out.extend(r.hint.map(hint_number));
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

/// Unpacks what [`pack`] made, appending to `into`.
///
/// # Errors
/// Internal, when the bytes were not made by [`pack`].
pub fn unpack(bytes: &[u8], into: &mut Vec<Reading>) -> Result<()> {
    let mut read = Read::new(bytes);
    let count = (read.byte() == Some(VERSION)).then(|| read.number()).flatten();
    let Some(count) = count.filter(|n| *n <= bytes.len() as u64) else { return Err(damaged()) };
    let mut last = (0i64, 0i64, 0i64);
    for _ in 0..count {
        into.push(reading(&mut read, &mut last).ok_or_else(damaged)?);
    }
    Ok(())
}

fn reading(read: &mut Read, (t, lng, lat): &mut (i64, i64, i64)) -> Option<Reading> {
    let flags = read.small()?;
    let has = |bit| flags & bit != 0;
    *t = t.wrapping_add(read.signed()?);
    let mut r = Reading::at_time(*t);
    if has(PLACE) {
        *lng = lng.wrapping_add(read.signed()?);
        *lat = lat.wrapping_add(read.signed()?);
        r.at = Some((i32::try_from(*lng).ok()?, i32::try_from(*lat).ok()?));
    }
    if has(ACC) {
        r.acc_dm = Some(read.small()?);
    }
    if has(SPEED) {
        r.speed_cms = Some(read.small()?);
    }
    if has(BEARING) {
        r.bearing_dd = Some(read.small()?);
    }
    if has(ALT) {
        r.alt_dm = Some(i32::try_from(read.signed()?).ok()?);
    }
    if has(BATTERY) {
        r.battery = Some(read.byte()?);
    }
    if has(HINT) {
        r.hint = Some(*HINTS.get(usize::from(read.byte()?))?);
    }
    set_flags(&mut r, flags);
    if has(SOURCE) {
        r.source = read.byte()?;
    }
    if has(EXTRA) {
        r.extra = Some(read.text()?.into());
    }
    Some(r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::any_reading;
    use proptest::prelude::*;

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
