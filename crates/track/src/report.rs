//! A day from a plain CSV file: what `tashi track day` prints, so that anybody can recompute a figure.

use std::io::Read;

use geo::LngLat;
use serde::{Deserialize, Serialize};

use crate::{Fix, Gap, Input, Mode, Rules, Window, day};

/// The statement of a file, without any duty restriction: `counted_m` is all movement in any mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayReport {
    pub counted_m: f64,
    pub raw_m: f64,
    pub estimated_m: f64,
    pub stays: Vec<StayRow>,
    pub trips: Vec<TripRow>,
    pub gaps: Vec<GapRow>,
    pub version: String,
    pub input_sha256: String,
}

/// A stay; times in Unix seconds, degrees WGS-84.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StayRow {
    pub start: f64,
    pub end: f64,
    pub lat: f64,
    pub lon: f64,
}

/// A trip; times in Unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TripRow {
    pub start: f64,
    pub end: f64,
    pub meters: f64,
    pub mode: Mode,
}

/// A silence; times in Unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapRow {
    pub start: f64,
    pub end: f64,
    pub kind: crate::GapKind,
    pub estimated_m: f64,
}

/// Why a file cannot be read as a track.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("the file is no CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("the header has no column {0}")]
    MissingColumn(&'static str),
    #[error("line {line}: {column} is no {wanted}: {value:?}")]
    Value { line: u64, column: &'static str, wanted: &'static str, value: String },
    #[error("the file holds more than {MAX_ROWS} rows")]
    TooLong,
}

/// More rows than a year at one a second need not be one day.
const MAX_ROWS: usize = 4_000_000;

/// Reads the fixes of a CSV file, gzipped or plain, with a header row. Columns in any order: `t` (Unix
/// seconds, also fractional) or `ts` (the same or ISO 8601), `lat`, `lon` (degrees WGS-84), and optionally
/// `acc` (m), `speed` (m/s), `bearing` (degrees), `alt` (m). Empty optional cells are unknown; rows without a
/// position are left out.
pub fn fixes_from_csv(reader: impl Read) -> Result<Vec<Fix>, CsvError> {
    let mut reader = std::io::BufReader::new(reader);
    let zipped = std::io::BufRead::fill_buf(&mut reader)?.starts_with(&[0x1f, 0x8b]);
    let plain: Box<dyn Read> =
        if zipped { Box::new(flate2::bufread::MultiGzDecoder::new(reader)) } else { Box::new(reader) };
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(plain);
    let header = csv.headers()?.clone();
    let column = |names: &[&str]| {
        header
            .iter()
            .position(|h| names.contains(&h.trim_start_matches('\u{feff}').to_ascii_lowercase().as_str()))
    };
    let time = column(&["t", "ts"]).ok_or(CsvError::MissingColumn("t"))?;
    let lat = column(&["lat"]).ok_or(CsvError::MissingColumn("lat"))?;
    let lon = column(&["lon", "lng"]).ok_or(CsvError::MissingColumn("lon"))?;
    let extra = [&["acc"], &["speed"], &["bearing"], &["alt"]].map(|names| column(names));

    let mut fixes = Vec::new();
    let mut row = csv::StringRecord::new();
    while csv.read_record(&mut row)? {
        if fixes.len() >= MAX_ROWS {
            return Err(CsvError::TooLong);
        }
        let line = row.position().map_or(0, csv::Position::line);
        let number = |at: usize, column: &'static str| -> Result<Option<f64>, CsvError> {
            match row.get(at).unwrap_or_default() {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| CsvError::Value {
                    line,
                    column,
                    wanted: "number",
                    value: text.to_owned(),
                }),
            }
        };
        let Some(t_ms) = instant_ms(row.get(time).unwrap_or_default(), line)? else { continue };
        let (Some(lat), Some(lon)) = (number(lat, "lat")?, number(lon, "lon")?) else { continue };
        let Ok(at) = LngLat::new(lon, lat) else { continue };
        let mut values = [None; 4];
        for (value, (at, name)) in values.iter_mut().zip(extra.iter().zip(["acc", "speed", "bearing", "alt"]))
        {
            if let Some(at) = at {
                *value = number(*at, name)?.map(|v| v as f32);
            }
        }
        let [acc_m, speed_mps, bearing_deg, alt_m] = values;
        fixes.push(Fix { acc_m, speed_mps, bearing_deg, alt_m, ..Fix::new(t_ms, at) });
    }
    Ok(fixes)
}

/// Unix milliseconds of a time cell; `None` when it is empty or no instant between 1970 and 2200.
fn instant_ms(text: &str, line: u64) -> Result<Option<i64>, CsvError> {
    if text.is_empty() {
        return Ok(None);
    }
    let seconds = match text.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let parsed = text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).or_else(|_| {
                // without a zone: UTC
                let civil: Result<jiff::civil::DateTime, _> = text.parse();
                civil
                    .and_then(|c| c.to_zoned(jiff::tz::TimeZone::UTC))
                    .map(|z| z.timestamp().as_millisecond())
            });
            match parsed {
                Ok(ms) => ms as f64 / 1000.0,
                Err(_) => {
                    let value = text.to_owned();
                    return Err(CsvError::Value { line, column: "t", wanted: "instant", value });
                }
            }
        }
    };
    let last = base::time::MAX_MICROS as f64 / 1e6;
    Ok((0.0..last).contains(&seconds).then_some((seconds * 1000.0).round() as i64))
}

/// The statement of a CSV file (see [`fixes_from_csv`]) under the default rules, with no duty restriction.
pub fn day_from_csv(reader: impl Read) -> Result<DayReport, CsvError> {
    Ok(day_report(&fixes_from_csv(reader)?, &Rules::default()))
}

/// The statement of fixes with no duty restriction.
pub fn day_report(fixes: &[Fix], rules: &Rules) -> DayReport {
    let from = fixes.iter().map(|f| f.t_ms).min().unwrap_or(0);
    let to = fixes.iter().map(|f| f.t_ms).max().unwrap_or(0).saturating_add(1);
    let duty = [Window::new(from, to)];
    let day = day(&Input { fixes, duty: &duty, ..Input::default() }, rules);
    let s = |ms: i64| ms as f64 / 1000.0;
    DayReport {
        counted_m: day.moved_m,
        raw_m: day.raw_m,
        estimated_m: day.estimated_m,
        stays: day
            .stays
            .iter()
            .map(|k| StayRow {
                start: s(k.from_ms),
                end: s(k.to_ms),
                lat: (k.centre.lat() * 1e7).round() / 1e7,
                lon: (k.centre.lng() * 1e7).round() / 1e7,
            })
            .collect(),
        trips: day
            .trips
            .iter()
            .map(|t| TripRow { start: s(t.from_ms), end: s(t.to_ms), meters: t.meters, mode: t.mode })
            .collect(),
        gaps: day.gaps.iter().map(row).collect(),
        version: day.version,
        input_sha256: day.input_sha256,
    }
}

fn row(gap: &Gap) -> GapRow {
    GapRow {
        start: gap.from_ms as f64 / 1000.0,
        end: gap.to_ms as f64 / 1000.0,
        kind: gap.kind,
        estimated_m: gap.estimated_m,
    }
}
