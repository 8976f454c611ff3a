//! The stored form of one person's day: a column segment.
//!
//! Layout, little endian: magic `TSEG`, version (1 byte), CRC-32 of all that follows (4), number of fixes (4),
//! first and last time (8 + 8, Unix ms), west, south, east, north (4 × 4, degrees × 10⁷), then the columns time,
//! latitude, longitude, accuracy, speed, bearing, altitude, battery, tags. A column is a kind byte and either
//! one value for all fixes (8 bytes) or a length (4) and pco data.
//!
//! Values are kept as [`crate::day`] sees them (1e-7°, ms, 0.01 m/s, 0.5°; accuracy
//! 0.1 m, altitude 0.5 m), so a day computed from a
//! segment equals the day computed from what was received. Fixes are stored in order, each once: the same
//! fixes give the same bytes.

use geo::LngLat;
use pco::{ChunkConfig, data_types::Number, standalone};

use crate::{ActivityHint, Fix, canon::Quantised};

/// A fix with what is stored beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recorded {
    pub fix: Fix,
    /// Charge of the phone, percent.
    pub battery_pct: Option<u8>,
    /// Bits the caller gives a meaning to (mock provider, charging, …).
    pub flags: u16,
}

impl From<Fix> for Recorded {
    fn from(fix: Fix) -> Recorded {
        Recorded { fix, battery_pct: None, flags: 0 }
    }
}

/// What can be known of a segment without decoding its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    pub version: u8,
    pub count: u32,
    /// Times of the first and the last fix, Unix milliseconds; 0 when there is none.
    pub from_ms: i64,
    pub to_ms: i64,
    /// West, south, east, north in degrees × 10⁷. Across the antimeridian it spans the whole width.
    pub bbox_e7: [i32; 4],
}

/// Why bytes are no segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    #[error("these bytes are no track segment")]
    NotASegment,
    #[error("track segment of version {0}, which this program does not know")]
    Version(u8),
    #[error("the track segment is damaged: {0}")]
    Damaged(&'static str),
    #[error("more than {MAX_FIXES} fixes do not fit one segment")]
    TooLong,
}

/// Ten fixes a second for a day, and some.
pub const MAX_FIXES: usize = 1_000_000;

const MAGIC: &[u8; 4] = b"TSEG";
const VERSION: u8 = 1;
const CHECKED_FROM: usize = 9;
const HEADER_LEN: usize = CHECKED_FROM + 4 + 16 + 16;
const LEVEL: usize = 8;

/// Encodes fixes in any order; the same fix twice is stored once.
pub fn encode(fixes: &[Recorded]) -> Result<Vec<u8>, SegmentError> {
    let mut rows: Vec<(Quantised, u8, u16)> = fixes
        .iter()
        .map(|r| (Quantised::of(&r.fix), r.battery_pct.map_or(0, |b| b.min(100) + 1), r.flags))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    if rows.len() > MAX_FIXES {
        return Err(SegmentError::TooLong);
    }
    let time: Vec<i64> = rows.iter().map(|r| r.0.t_ms).collect();
    let lat: Vec<i32> = rows.iter().map(|r| r.0.lat as i32).collect();
    let lng: Vec<i32> = rows.iter().map(|r| r.0.lng as i32).collect();
    let known = |v: Option<i32>| v.map_or(0, |v| v + 1);
    let extent = |v: &[i32]| (v.iter().copied().min().unwrap_or(0), v.iter().copied().max().unwrap_or(0));
    let ((south, north), (west, east)) = (extent(&lat), extent(&lng));

    let mut out = Vec::with_capacity(HEADER_LEN + rows.len() * 9);
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    out.extend_from_slice(&time.first().copied().unwrap_or(0).to_le_bytes());
    out.extend_from_slice(&time.last().copied().unwrap_or(0).to_le_bytes());
    for edge in [west, south, east, north] {
        out.extend_from_slice(&edge.to_le_bytes());
    }
    put(&mut out, &time)?;
    put(&mut out, &lat)?;
    put(&mut out, &lng)?;
    put(&mut out, &rows.iter().map(|r| known(r.0.acc)).collect::<Vec<i32>>())?;
    put(&mut out, &rows.iter().map(|r| known(r.0.speed)).collect::<Vec<i32>>())?;
    put(&mut out, &rows.iter().map(|r| known(r.0.bearing)).collect::<Vec<i32>>())?;
    put(&mut out, &rows.iter().map(|r| r.0.alt.unwrap_or(NO_ALTITUDE)).collect::<Vec<i32>>())?;
    put(&mut out, &rows.iter().map(|r| i32::from(r.1)).collect::<Vec<i32>>())?;
    put(&mut out, &rows.iter().map(tags).collect::<Vec<i64>>())?;
    let crc = checksum(&out[CHECKED_FROM..]);
    out[5..9].copy_from_slice(&crc.to_le_bytes());
    Ok(out)
}

/// Altitude column where none was reported; below anything [`Quantised`] lets pass.
const NO_ALTITUDE: i32 = i32::MIN;

fn tags(row: &(Quantised, u8, u16)) -> i64 {
    let hint = row.0.hint.map_or(0, |h| h as i64 + 1);
    i64::from(row.2) << 16 | hint << 8 | i64::from(row.0.source)
}

/// Reads the header; the checksum is not verified.
pub fn header(bytes: &[u8]) -> Result<SegmentHeader, SegmentError> {
    let mut reader = Reader { bytes };
    if reader.take(4)? != MAGIC {
        return Err(SegmentError::NotASegment);
    }
    let [version] = reader.array()?;
    if version != VERSION {
        return Err(SegmentError::Version(version));
    }
    reader.take(4)?;
    Ok(SegmentHeader {
        version,
        count: u32::from_le_bytes(reader.array()?),
        from_ms: i64::from_le_bytes(reader.array()?),
        to_ms: i64::from_le_bytes(reader.array()?),
        bbox_e7: [
            i32::from_le_bytes(reader.array()?),
            i32::from_le_bytes(reader.array()?),
            i32::from_le_bytes(reader.array()?),
            i32::from_le_bytes(reader.array()?),
        ],
    })
}

/// Decodes a segment, in order of time. Any damage is an error.
pub fn decode(bytes: &[u8]) -> Result<Vec<Recorded>, SegmentError> {
    let head = header(bytes)?;
    let (checked, stored) = (bytes.get(CHECKED_FROM..), bytes.get(5..9));
    let (Some(checked), Some(stored)) = (checked, stored) else { return Err(SegmentError::NotASegment) };
    if checksum(checked).to_le_bytes() != stored {
        return Err(SegmentError::Damaged("its checksum does not match"));
    }
    let n = head.count as usize;
    if n > MAX_FIXES {
        return Err(SegmentError::TooLong);
    }
    let mut reader = Reader { bytes: &bytes[HEADER_LEN..] };
    let time: Vec<i64> = reader.column(n)?;
    let [lat, lng, acc, speed, bearing, alt, battery] = {
        let mut columns: [Vec<i32>; 7] = Default::default();
        for column in &mut columns {
            *column = reader.column(n)?;
        }
        columns
    };
    let tags: Vec<i64> = reader.column(n)?;
    if !reader.bytes.is_empty() {
        return Err(SegmentError::Damaged("it is longer than its columns"));
    }
    let known = |v: i32, unit: f32| (v > 0).then(|| (v - 1) as f32 / unit);
    (0..n)
        .map(|i| {
            let at = LngLat::from_e7(i64::from(lng[i]), i64::from(lat[i]))
                .map_err(|_| SegmentError::Damaged("a position is not on earth"))?;
            let hint = match tags[i] >> 8 & 0xff {
                0 => None,
                1 => Some(ActivityHint::Still),
                2 => Some(ActivityHint::Walking),
                3 => Some(ActivityHint::Running),
                4 => Some(ActivityHint::Cycling),
                5 => Some(ActivityHint::Driving),
                6 => Some(ActivityHint::Transit),
                _ => return Err(SegmentError::Damaged("an activity is unknown")),
            };
            let fix = Fix {
                t_ms: time[i],
                at,
                acc_m: known(acc[i], 10.0),
                speed_mps: known(speed[i], 100.0),
                bearing_deg: known(bearing[i], 2.0),
                alt_m: (alt[i] != NO_ALTITUDE).then(|| alt[i] as f32 / 2.0),
                source: (tags[i] & 0xff) as u8,
                hint,
            };
            let battery_pct = u8::try_from(battery[i]).ok().and_then(|b| b.checked_sub(1));
            Ok(Recorded { fix, battery_pct, flags: (tags[i] >> 16 & 0xffff) as u16 })
        })
        .collect()
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

const CONSTANT: u8 = 0;
const PACKED: u8 = 1;

fn put<T: Number + Into<i64>>(out: &mut Vec<u8>, values: &[T]) -> Result<(), SegmentError> {
    let first = values.first().map_or(0i64, |v| (*v).into());
    if values.iter().all(|v| (*v).into() == first) {
        out.push(CONSTANT);
        out.extend_from_slice(&first.to_le_bytes());
        return Ok(());
    }
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let packed = standalone::simple_compress(values, &config)
        .map_err(|_| SegmentError::Damaged("a column cannot be packed"))?;
    out.push(PACKED);
    out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    out.extend_from_slice(&packed);
    Ok(())
}

/// The bytes not read yet.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], SegmentError> {
        let (head, rest) = self.bytes.split_at_checked(n).ok_or(SegmentError::NotASegment)?;
        self.bytes = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SegmentError> {
        self.take(N)?.try_into().map_err(|_| SegmentError::NotASegment)
    }

    fn column<T: Number + TryFrom<i64>>(&mut self, n: usize) -> Result<Vec<T>, SegmentError> {
        let damaged = SegmentError::Damaged("a column does not unpack");
        let [kind] = self.array()?;
        match kind {
            CONSTANT => {
                let value = T::try_from(i64::from_le_bytes(self.array()?)).map_err(|_| damaged)?;
                Ok(vec![value; n])
            }
            PACKED => {
                let length = u32::from_le_bytes(self.array()?) as usize;
                let packed = self.take(length)?;
                let zero = T::try_from(0).map_err(|_| damaged.clone())?;
                let mut values = vec![zero; n];
                let progress =
                    standalone::simple_decompress_into(packed, &mut values).map_err(|_| damaged.clone())?;
                if progress.n_processed == n && progress.finished { Ok(values) } else { Err(damaged) }
            }
            _ => Err(damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Rules, Window, day};
    use proptest::prelude::*;

    fn drive(n: i64, step_ms: i64) -> Vec<Recorded> {
        let mut at = LngLat::new(118.78, 32.04).unwrap();
        let mut wobble = 1u32;
        let mut noise = || {
            wobble = wobble.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(wobble >> 16) / 65_536.0 - 0.5
        };
        (0..n)
            .map(|i| {
                let v = 9.0 + 6.0 * (i as f64 / 9.0).sin() + noise();
                let bearing = 90.0 + 60.0 * (i as f64 / 40.0).sin() + 4.0 * noise();
                at = geo::destination(at, bearing, v * step_ms as f64 / 1000.0);
                let seen = geo::destination(at, 360.0 * (noise() + 0.5), 4.0 * (noise() + 0.5));
                let fix = Fix {
                    t_ms: 1_764_000_000_000 + i * step_ms + (noise() * 400.0) as i64,
                    at: seen,
                    acc_m: Some((5.0 + 4.0 * noise()) as f32),
                    speed_mps: Some(v as f32),
                    bearing_deg: Some(bearing.rem_euclid(360.0) as f32),
                    alt_m: Some((20.0 + 3.0 * (i as f64 / 30.0).sin() + 2.0 * noise()) as f32),
                    source: 2,
                    hint: Some(ActivityHint::Driving),
                };
                Recorded { fix, battery_pct: Some((95 - i / 100) as u8), flags: 0 }
            })
            .collect()
    }

    #[test]
    fn a_day_at_ten_seconds_takes_less_than_nine_bytes_a_fix() {
        let bytes = encode(&drive(2_880, 10_000)).unwrap();
        let each = bytes.len() as f64 / 2_880.0;
        assert!(each <= 9.0, "{each:.2} bytes a fix");
    }

    #[test]
    fn the_day_from_a_segment_is_the_day_from_the_phone() {
        let rows = drive(500, 10_000);
        let stored = decode(&encode(&rows).unwrap()).unwrap();
        let duty = [Window::new(0, 2_000_000_000_000)];
        let of = |rows: &[Recorded]| {
            let fixes: Vec<Fix> = rows.iter().map(|r| r.fix).collect();
            day(&Input { fixes: &fixes, duty: &duty, ..Input::default() }, &Rules::default())
        };
        assert_eq!(of(&rows), of(&stored));
    }

    #[test]
    fn the_header_tells_where_and_when() {
        let rows = drive(100, 10_000);
        let head = header(&encode(&rows).unwrap()).unwrap();
        assert_eq!((head.version, head.count), (1, 100));
        assert_eq!((head.from_ms, head.to_ms), (rows[0].fix.t_ms, rows[99].fix.t_ms));
        assert!(rows.iter().all(|r| {
            let (lng, lat) = r.fix.at.e7();
            (i64::from(head.bbox_e7[0])..=i64::from(head.bbox_e7[2])).contains(&lng)
                && (i64::from(head.bbox_e7[1])..=i64::from(head.bbox_e7[3])).contains(&lat)
        }));
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let bytes = encode(&drive(60, 10_000)).unwrap();
        for i in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[i] ^= 0x41;
            assert!(decode(&damaged).is_err(), "byte {i}");
            assert!(decode(&bytes[..i]).is_err(), "cut at {i}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(decode(&longer).is_err());
        assert_eq!(
            decode(b"not a segment at all, but long enough to hold a header"),
            Err(SegmentError::NotASegment)
        );
    }

    #[test]
    fn an_empty_day_is_a_segment_too() {
        assert_eq!(decode(&encode(&[]).unwrap()), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            rows in prop::collection::vec(
                (any::<i64>(), -180.0..=180.0f64, -90.0..=90.0f64, any::<Option<f32>>(), any::<Option<u8>>(), any::<u16>(), 0u8..7),
                0..80,
            ),
        ) {
            let hints = [
                None, Some(ActivityHint::Still), Some(ActivityHint::Walking), Some(ActivityHint::Running),
                Some(ActivityHint::Cycling), Some(ActivityHint::Driving), Some(ActivityHint::Transit),
            ];
            let rows: Vec<Recorded> = rows
                .into_iter()
                .map(|(t_ms, lng, lat, x, battery_pct, flags, hint)| Recorded {
                    fix: Fix {
                        acc_m: x, speed_mps: x, bearing_deg: x, alt_m: x, source: flags as u8,
                        hint: hints[hint as usize], ..Fix::new(t_ms, LngLat::new(lng, lat).unwrap())
                    },
                    battery_pct: battery_pct.map(|b| b % 101),
                    flags,
                })
                .collect();
            let bytes = encode(&rows).unwrap();
            let back = decode(&bytes).unwrap();
            // the stored form is stable, whatever order and copies the fixes come in
            let mut again = back.clone();
            again.extend(back.iter().rev());
            prop_assert_eq!(&encode(&again).unwrap(), &bytes);
            let key = |r: &Recorded| (Quantised::of(&r.fix), r.battery_pct, r.flags);
            let (mut given, mut got): (Vec<_>, Vec<_>) = (rows.iter().map(key).collect(), back.iter().map(key).collect());
            given.sort_unstable();
            given.dedup();
            got.sort_unstable();
            prop_assert_eq!(given, got);
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut framed = b"TSEG\x01".to_vec();
            framed.extend_from_slice(&bytes);
            prop_assert!(decode(&bytes).is_err());
            let _ = decode(&framed);
        }
    }
}
