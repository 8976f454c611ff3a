//! Time as stored and compared: microseconds since the Unix epoch in UTC, and the calendar day in a
//! person's own zone.

use std::{fmt, str::FromStr, sync::Arc};

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Microseconds since 1970-01-01T00:00:00Z. On the wire an RFC 3339 string with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

/// Years the product accepts: [1970, 2200). Outside it is an input error, never a panic.
pub const MAX_MICROS: i64 = 7_258_118_400_000_000;

impl Micros {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    pub fn from_timestamp(t: Timestamp) -> Micros {
        Micros(t.as_microsecond())
    }

    pub fn from_seconds(seconds: i64) -> Micros {
        Micros(seconds.saturating_mul(Self::SECOND))
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Is the instant inside the years the product accepts?
    pub fn is_plausible(self) -> bool {
        (0..MAX_MICROS).contains(&self.0)
    }

    /// Calendar day at this instant in `zone`.
    pub fn local_day(self, zone: &TimeZone) -> LocalDay {
        LocalDay::from_date(self.timestamp().to_zoned(zone.clone()).date())
    }

    /// Calendar day at this instant in UTC.
    pub fn utc_day(self) -> LocalDay {
        self.local_day(&TimeZone::UTC)
    }

    /// Minutes after local midnight in `zone`, 0..1440.
    pub fn local_minute(self, zone: &TimeZone) -> i32 {
        let t = self.timestamp().to_zoned(zone.clone()).time();
        i32::from(t.hour()) * 60 + i32::from(t.minute())
    }

    pub fn plus(self, micros: i64) -> Micros {
        Micros(self.0.saturating_add(micros))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.timestamp())
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Micros, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        let micros = Timestamp::from_str(&text).map(Micros::from_timestamp).map_err(de::Error::custom)?;
        if micros.is_plausible() {
            Ok(micros)
        } else {
            Err(de::Error::custom("time must lie between 1970 and 2200"))
        }
    }
}

/// A calendar day in some person's zone, kept as the integer `yyyymmdd`. On the wire `yyyy-mm-dd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDay(i32);

impl LocalDay {
    /// `None` when there is no such day, or the year is outside 1970..2200.
    pub fn new(year: i16, month: i8, day: i8) -> Option<LocalDay> {
        (1970..2200).contains(&year).then_some(())?;
        civil::Date::new(year, month, day).ok().map(LocalDay::from_date)
    }

    pub fn from_date(d: civil::Date) -> LocalDay {
        LocalDay(i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()))
    }

    /// From the stored integer; `None` when it names no day.
    pub fn from_int(n: i64) -> Option<LocalDay> {
        let n = i32::try_from(n).ok()?;
        LocalDay::new((n / 10_000) as i16, (n / 100 % 100) as i8, (n % 100) as i8)
    }

    /// The stored form, `yyyymmdd`.
    pub fn as_int(self) -> i64 {
        i64::from(self.0)
    }

    pub fn date(self) -> civil::Date {
        civil::date((self.0 / 10_000) as i16, (self.0 / 100 % 100) as i8, (self.0 % 100) as i8)
    }

    /// The day `n` days later (earlier when negative).
    pub fn plus_days(self, n: i32) -> LocalDay {
        use jiff::ToSpan;
        self.date().checked_add(n.days()).map(LocalDay::from_date).unwrap_or(self)
    }

    /// 1 = Monday … 7 = Sunday.
    pub fn weekday(self) -> u8 {
        self.date().weekday().to_monday_one_offset() as u8
    }

    /// Instant at which this day reaches `minute` minutes after midnight in `zone`.
    pub fn at_minute(self, minute: i32, zone: &TimeZone) -> Micros {
        use jiff::ToSpan;
        let midnight = self.date().to_datetime(civil::Time::midnight());
        let at = midnight.checked_add(i64::from(minute).minutes()).unwrap_or(midnight);
        at.to_zoned(zone.clone()).map(|z| Micros::from_timestamp(z.timestamp())).unwrap_or_default()
    }

    /// First and one-past-last instant of the day in `zone`.
    pub fn bounds(self, zone: &TimeZone) -> (Micros, Micros) {
        (self.at_minute(0, zone), self.plus_days(1).at_minute(0, zone))
    }
}

impl fmt::Display for LocalDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

impl FromStr for LocalDay {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<LocalDay, Self::Err> {
        let d = civil::Date::from_str(s).map_err(|_| "expected a day as yyyy-mm-dd")?;
        LocalDay::new(d.year(), d.month(), d.day()).ok_or("day must lie between 1970 and 2200")
    }
}

impl Serialize for LocalDay {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<LocalDay, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Where "now" comes from. The server uses [`SystemClock`]; tests hand in one they can move.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Micros;
}

/// The machine's wall clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Micros {
        Micros::from_timestamp(Timestamp::now())
    }
}

/// A clock under somebody's control: it runs on from a set instant, `offset` microseconds from the wall clock.
pub struct ShiftedClock(std::sync::atomic::AtomicI64);

impl ShiftedClock {
    /// A clock that shows `now` at this moment and runs on from there.
    pub fn showing(now: Micros) -> Arc<ShiftedClock> {
        let clock = ShiftedClock(Default::default());
        clock.set(now);
        Arc::new(clock)
    }

    pub fn set(&self, now: Micros) {
        self.0.store(now.0 - SystemClock.now().0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Micros {
        SystemClock.now().plus(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_cross_zones() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let day = LocalDay::new(2026, 11, 20).unwrap();
        let nine = day.at_minute(9 * 60, &shanghai);
        assert_eq!(nine.to_string(), "2026-11-20T01:00:00Z");
        assert_eq!(nine.local_day(&shanghai), day);
        assert_eq!(nine.local_minute(&shanghai), 540);
        assert_eq!(day.weekday(), 5);
        assert_eq!(day.plus_days(11).to_string(), "2026-12-01");
    }

    #[test]
    fn impossible_days_are_refused() {
        assert!(LocalDay::from_int(20260230).is_none());
        assert!("9999-01-01".parse::<LocalDay>().is_err());
        assert!(serde_json::from_str::<Micros>("\"9999-12-31T23:59:59Z\"").is_err());
    }
}
