//! Readings as bytes: [`pack`] for batches as they arrive, [`segment`] for a whole day in columns.

pub mod pack;
pub mod segment;

use base::Problem;
use track::ActivityHint;

use crate::reading::Reading;

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
const BACKFILL: u32 = 1 << 12;

/// Stored numbers of the hints; append only.
const HINTS: [ActivityHint; 6] = [
    ActivityHint::Still,
    ActivityHint::Walking,
    ActivityHint::Running,
    ActivityHint::Cycling,
    ActivityHint::Driving,
    ActivityHint::Transit,
];

fn hint_number(hint: ActivityHint) -> u8 {
    HINTS.iter().position(|k| *k == hint).unwrap_or(0) as u8
}

/// Which values a reading has, and its truth values.
fn flags(r: &Reading) -> u32 {
    let on = [
        (PLACE, r.at.is_some()),
        (ACC, r.acc_dm.is_some()),
        (SPEED, r.speed_cms.is_some()),
        (BEARING, r.bearing_dd.is_some()),
        (ALT, r.alt_dm.is_some()),
        (BATTERY, r.battery.is_some()),
        (HINT, r.hint.is_some()),
        (MOCK, r.mock),
        (CHARGING, r.charging == Some(true)),
        (NOT_CHARGING, r.charging == Some(false)),
        (EXTRA, r.extra.is_some()),
        (SOURCE, r.source != 0),
        (BACKFILL, r.backfill),
    ];
    on.into_iter().filter(|(_, on)| *on).fold(0, |all, (bit, _)| all | bit)
}

/// The truth values out of the flags.
fn set_flags(r: &mut Reading, flags: u32) {
    r.mock = flags & MOCK != 0;
    r.backfill = flags & BACKFILL != 0;
    r.charging =
        if flags & CHARGING != 0 { Some(true) } else { (flags & NOT_CHARGING != 0).then_some(false) };
}

fn damaged() -> Problem {
    Problem::internal("stored readings are damaged")
}

/// Appends a number as LEB128.
fn put(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

/// The same for a signed number, zigzag.
fn put_signed(out: &mut Vec<u8>, v: i64) {
    put(out, ((v << 1) ^ (v >> 63)) as u64);
}

/// Reads what [`put`] wrote; `None` wherever the bytes end too early.
pub(crate) struct Read<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Read<'a> {
    pub fn new(bytes: &'a [u8]) -> Read<'a> {
        Read { bytes, at: 0 }
    }

    pub fn byte(&mut self) -> Option<u8> {
        let b = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(b)
    }

    pub fn number(&mut self) -> Option<u64> {
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

    pub fn small(&mut self) -> Option<u32> {
        self.number().and_then(|v| u32::try_from(v).ok())
    }

    pub fn signed(&mut self) -> Option<i64> {
        let v = self.number()?;
        Some((v >> 1) as i64 ^ -((v & 1) as i64))
    }

    /// A length and that many bytes.
    pub fn part(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let end = self.at.checked_add(len)?;
        let part = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(part)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.part()?).ok()
    }
}

#[cfg(test)]
use proptest::prelude::*;

/// Readings with any combination of values.
#[cfg(test)]
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
        any::<(bool, bool)>(),
        proptest::option::of("[a-z客户]{0,9}"),
    );
    (any::<i64>(), proptest::option::of(any::<(i32, i32)>()), values, states).prop_map(
        |(
            t_ms,
            at,
            (acc_dm, speed_cms, bearing_dd, alt_dm),
            (source, hint, battery, charging, (mock, backfill), extra),
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
            backfill,
            extra: extra.map(Into::into),
        },
    )
}
