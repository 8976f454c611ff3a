//! The ways apps write an instant.

use jiff::{Timestamp, civil::DateTime, fmt::strtime, tz::TimeZone};

/// When a report was made, as far as the message says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum When {
    /// Unix milliseconds.
    At(i64),
    /// A clock reading without a zone; read in the company's.
    Local(DateTime),
    /// Not said: the time of receipt.
    #[default]
    Now,
}

impl When {
    /// Unix milliseconds in `zone`, with `now_ms` for a message without a time.
    pub fn millis(self, zone: &TimeZone, now_ms: i64) -> i64 {
        match self {
            When::At(ms) => ms,
            When::Local(civil) => {
                civil.to_zoned(zone.clone()).map_or(now_ms, |z| z.timestamp().as_millisecond())
            }
            When::Now => now_ms,
        }
    }

    /// A number: seconds when below 2³¹ − 1, else milliseconds.
    pub(super) fn number(v: f64) -> Option<When> {
        let ms = if v < f64::from(i32::MAX) { v * 1000.0 } else { v };
        (v.is_finite() && ms.abs() < 1e15).then_some(When::At(ms.round() as i64))
    }

    /// Whole or fractional seconds.
    pub(super) fn seconds(v: f64) -> Option<When> {
        let ms = v * 1000.0;
        (v.is_finite() && ms.abs() < 1e15).then_some(When::At(ms.round() as i64))
    }

    /// A number, ISO 8601 with `T`, or `yyyy-mm-dd HH:MM:SS` without a zone.
    pub(super) fn text(text: &str) -> Option<When> {
        let text = text.trim();
        if let Ok(v) = text.parse::<f64>() {
            return When::number(v);
        }
        iso(text).or_else(|| text.parse::<DateTime>().ok().map(When::Local))
    }
}

/// ISO 8601 with any zone form (`Z`, `+08:00`, `-0700`).
pub(super) fn iso(text: &str) -> Option<When> {
    let exact = text.parse::<Timestamp>().ok();
    let loose = || strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).and_then(|t| t.to_timestamp()).ok();
    exact.or_else(loose).map(|t| When::At(t.as_millisecond()))
}
