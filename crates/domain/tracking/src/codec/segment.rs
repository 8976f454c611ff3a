//! A person's day in columns, each compressed by pco: six to eight bytes a reading instead of twenty and more.
//!
//! Layout: version, count, then the columns with their lengths (flags, time, longitude, latitude, accuracy,
//! speed, bearing, altitude, battery, hint, source; each holds only the known values), then the extra
//! attributes deflated (an attribute object is written when it differs from the one before), then a CRC-32.

use std::io::{Read as _, Write as _};

use base::Problem;
use db::Result;
use flate2::{Compression, Crc, read::DeflateDecoder, write::DeflateEncoder};
use pco::{ChunkConfig, data_types::Number, standalone};

use super::{
    ACC, ALT, BATTERY, BEARING, EXTRA, HINT, HINTS, PLACE, Read, SOURCE, SPEED, damaged, flags, hint_number,
    put, set_flags,
};
use crate::reading::Reading;

const VERSION: u8 = 1;
/// Where more effort stops making days smaller (measured on recorded days).
const LEVEL: usize = 8;
/// More than a day of readings ten times a second is no day.
const MOST: u64 = 1_000_000;

/// Encodes readings that are in order.
///
/// # Errors
/// Internal, when a column cannot be compressed.
pub fn encode(readings: &[Reading]) -> Result<Vec<u8>> {
    let mut out = vec![VERSION];
    put(&mut out, readings.len() as u64);
    column(&mut out, readings.iter().map(flags))?;
    column(&mut out, readings.iter().map(|r| r.t_ms))?;
    column(&mut out, readings.iter().filter_map(|r| Some(r.at?.0)))?;
    column(&mut out, readings.iter().filter_map(|r| Some(r.at?.1)))?;
    column(&mut out, readings.iter().filter_map(|r| r.acc_dm))?;
    column(&mut out, readings.iter().filter_map(|r| r.speed_cms))?;
    column(&mut out, readings.iter().filter_map(|r| r.bearing_dd))?;
    column(&mut out, readings.iter().filter_map(|r| r.alt_dm))?;
    column(&mut out, readings.iter().filter_map(|r| r.battery.map(u32::from)))?;
    column(&mut out, readings.iter().filter_map(|r| r.hint.map(|h| u32::from(hint_number(h)))))?;
    column(&mut out, readings.iter().filter(|r| r.source != 0).map(|r| u32::from(r.source)))?;
    let extras = extras(readings)?;
    put(&mut out, extras.len() as u64);
    out.extend_from_slice(&extras);
    let mut crc = Crc::new();
    crc.update(&out);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    Ok(out)
}

fn column<T: Number>(out: &mut Vec<u8>, values: impl Iterator<Item = T>) -> Result<()> {
    let values: Vec<T> = values.collect();
    if values.is_empty() {
        put(out, 0);
        return Ok(());
    }
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let packed = standalone::simple_compress(&values, &config).map_err(Problem::internal)?;
    put(out, packed.len() as u64);
    out.extend_from_slice(&packed);
    Ok(())
}

fn extras(readings: &[Reading]) -> Result<Vec<u8>> {
    let mut texts = Vec::new();
    let mut last: Option<&str> = None;
    for text in readings.iter().filter_map(|r| r.extra.as_deref()) {
        // 0 says "as before"
        if last == Some(text) {
            put(&mut texts, 0);
        } else {
            put(&mut texts, text.len() as u64 + 1);
            texts.extend_from_slice(text.as_bytes());
            last = Some(text);
        }
    }
    if texts.is_empty() {
        return Ok(texts);
    }
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(&texts).map_err(Problem::internal)?;
    deflate.finish().map_err(Problem::internal)
}

/// Decodes what [`encode`] made.
///
/// # Errors
/// Internal, when the bytes are not what was written.
pub fn decode(bytes: &[u8]) -> Result<Vec<Reading>> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
    let mut crc = Crc::new();
    crc.update(body);
    if crc.sum() != u32::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let mut read = Read::new(body);
    let count = (read.byte() == Some(VERSION)).then(|| read.number()).flatten();
    let count = count.filter(|n| *n <= MOST).ok_or_else(damaged)? as usize;
    let flags: Vec<u32> = values(&mut read)?;
    let times: Vec<i64> = values(&mut read)?;
    if flags.len() != count || times.len() != count {
        return Err(damaged());
    }
    let mut columns = Columns {
        lng: values(&mut read)?.into_iter(),
        lat: values(&mut read)?.into_iter(),
        acc: values(&mut read)?.into_iter(),
        speed: values(&mut read)?.into_iter(),
        bearing: values(&mut read)?.into_iter(),
        alt: values(&mut read)?.into_iter(),
        battery: values(&mut read)?.into_iter(),
        hint: values(&mut read)?.into_iter(),
        source: values(&mut read)?.into_iter(),
        extra: texts(read.part().ok_or_else(damaged)?)?.into_iter(),
    };
    times.into_iter().zip(flags).map(|(t, flags)| columns.next(t, flags).ok_or_else(damaged)).collect()
}

fn values<T: Number>(read: &mut Read) -> Result<Vec<T>> {
    match read.part() {
        None => Err(damaged()),
        Some([]) => Ok(vec![]),
        Some(packed) => standalone::simple_decompress(packed).map_err(Problem::internal),
    }
}

fn texts(deflated: &[u8]) -> Result<Vec<Box<str>>> {
    let mut plain = Vec::new();
    if !deflated.is_empty() {
        DeflateDecoder::new(deflated).read_to_end(&mut plain).map_err(Problem::internal)?;
    }
    let mut read = Read::new(&plain);
    let mut all: Vec<Box<str>> = Vec::new();
    while read.at < plain.len() {
        let text = match read.number().ok_or_else(damaged)? {
            0 => all.last().cloned(),
            n => {
                let end = read.at.saturating_add(n as usize - 1);
                let text = plain.get(read.at..end).and_then(|b| std::str::from_utf8(b).ok()).map(Into::into);
                read.at = end;
                text
            }
        };
        all.push(text.ok_or_else(damaged)?);
    }
    Ok(all)
}

type Iter<T> = std::vec::IntoIter<T>;

/// The known values, handed out reading by reading.
struct Columns {
    lng: Iter<i32>,
    lat: Iter<i32>,
    acc: Iter<u32>,
    speed: Iter<u32>,
    bearing: Iter<u32>,
    alt: Iter<i32>,
    battery: Iter<u32>,
    hint: Iter<u32>,
    source: Iter<u32>,
    extra: Iter<Box<str>>,
}

impl Columns {
    fn next(&mut self, t_ms: i64, flags: u32) -> Option<Reading> {
        fn take<T>(known: bool, values: &mut Iter<T>) -> Option<Option<T>> {
            if known { values.next().map(Some) } else { Some(None) }
        }
        let has = |bit| flags & bit != 0;
        let lng = take(has(PLACE), &mut self.lng)?;
        let lat = take(has(PLACE), &mut self.lat)?;
        let mut reading = Reading {
            at: lng.zip(lat),
            acc_dm: take(has(ACC), &mut self.acc)?,
            speed_cms: take(has(SPEED), &mut self.speed)?,
            bearing_dd: take(has(BEARING), &mut self.bearing)?,
            alt_dm: take(has(ALT), &mut self.alt)?,
            battery: take(has(BATTERY), &mut self.battery)?.and_then(|v| u8::try_from(v).ok()),
            hint: take(has(HINT), &mut self.hint)?.and_then(|v| HINTS.get(v as usize).copied()),
            source: take(has(SOURCE), &mut self.source)?.map_or(Some(0), |v| u8::try_from(v).ok())?,
            extra: take(has(EXTRA), &mut self.extra)?,
            ..Reading::at_time(t_ms)
        };
        set_flags(&mut reading, flags);
        Some(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::any_reading;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_encoded_comes_back(readings in proptest::collection::vec(any_reading(), 0..60)) {
            prop_assert_eq!(decode(&encode(&readings).unwrap()).unwrap(), readings);
        }

        #[test]
        fn a_flipped_bit_is_noticed(at in 0usize..200, bit in 0u8..8) {
            let readings: Vec<Reading> = (0..40).map(|i| Reading { at: Some((i, -i)), ..Reading::at_time(i.into()) }).collect();
            let mut bytes = encode(&readings).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(decode(&bytes).is_err());
        }
    }
}
