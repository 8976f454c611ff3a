//! Ground truth: recorded drives, the INS path, and synthetic city drives.

use std::{collections::HashMap, fs::File, io::Read, path::Path};

use geo::{LngLat, destination};
use track::Fix;

use crate::noise::Rng;

/// What really happened at a second.
#[derive(Debug, Clone, Copy)]
pub struct Real {
    pub t_s: i64,
    pub at: LngLat,
    pub speed: f64,
    pub bearing: f64,
    pub dist: f64,
}

/// A recorded drive: the phone's fixes beside the truth.
pub struct Drive {
    pub name: String,
    pub fixes: Vec<Fix>,
    /// Cumulative true distance at each fix, metres.
    pub dist: Vec<f64>,
}

type Rows = (Vec<String>, Vec<Vec<String>>);

pub fn rows(path: &Path, separator: char) -> std::io::Result<Rows> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(File::open(path)?).read_to_string(&mut text)?;
    let mut lines = text.lines().map(|l| l.split(separator).map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    Ok((header, lines.collect()))
}

pub fn drive(path: &Path) -> std::io::Result<Drive> {
    let (header, rows) = rows(path, ',')?;
    let at: HashMap<&str, usize> = header.iter().enumerate().map(|(i, h)| (h.as_str(), i)).collect();
    let (mut fixes, mut dist) = (Vec::new(), Vec::new());
    for row in &rows {
        let get = |name: &str| row.get(at[name]).and_then(|v| v.parse::<f64>().ok());
        let (Some(t), Some(lat), Some(lon), Some(d)) = (get("t"), get("lat"), get("lon"), get("gt_dist"))
        else {
            continue;
        };
        let Ok(place) = LngLat::new(lon, lat) else { continue };
        fixes.push(Fix {
            acc_m: get("acc").map(|v| v as f32),
            speed_mps: get("speed").map(|v| v as f32),
            bearing_deg: get("bearing").map(|v| v as f32),
            ..Fix::new((t * 1000.0).round() as i64, place)
        });
        dist.push(d);
    }
    Ok(Drive { name: path.display().to_string(), fixes, dist })
}

/// The INS path as truth for a simulation.
pub fn path(file: &Path) -> std::io::Result<Vec<Real>> {
    let drive = drive(file)?;
    Ok(drive
        .fixes
        .iter()
        .zip(&drive.dist)
        .map(|(f, d)| Real {
            t_s: f.t_ms / 1000,
            at: f.at,
            speed: f.speed_mps.map_or(0.0, f64::from),
            bearing: f.bearing_deg.map_or(0.0, f64::from),
            dist: *d,
        })
        .collect())
}

/// A synthetic drive of about `km` kilometres through a grid of streets: blocks of 80–260 m, corners of
/// 6–14 m radius, red lights, and now and then a curved road. Independent of the recorded drives.
pub fn synthetic(seed: u64, km: f64) -> Vec<Real> {
    let mut rng = Rng::new(seed);
    // 1. geometry as points a metre apart with a speed limit
    let mut limit = Vec::new();
    let mut heading = Vec::new();
    let mut dir = rng.even(0.0, 360.0);
    while (limit.len() as f64) < km * 1000.0 {
        let top = rng.even(8.0, 17.0);
        for _ in 0..rng.even(80.0, 260.0) as usize * if rng.chance(0.25) { 3 } else { 1 } {
            heading.push(dir);
            limit.push(top);
        }
        if rng.chance(0.35) {
            // red light
            let n = limit.len();
            limit[n - 1] = 0.0;
        }
        let turn = if rng.chance(0.2) {
            rng.even(-60.0, 60.0)
        } else if rng.chance(0.55) {
            if rng.chance(0.5) { 90.0 } else { -90.0 }
        } else if rng.chance(0.04) {
            180.0
        } else {
            0.0
        };
        let (radius, top) = if f64::abs(turn) < 61.0 {
            (rng.even(40.0, 200.0), 12.0)
        } else {
            (rng.even(6.0, 14.0), rng.even(4.0, 7.0))
        };
        let arc = (f64::abs(turn).to_radians() * radius) as usize;
        for _ in 0..arc {
            dir += turn / arc as f64;
            heading.push(dir);
            limit.push(top);
        }
    }
    // 2. speeds that a driver can keep: brake at 1.8, accelerate at 1.5 m/s²
    let n = limit.len();
    let mut top = limit.clone();
    for i in (0..n - 1).rev() {
        top[i] = top[i].min(f64::sqrt(top[i + 1] * top[i + 1] + 3.6));
    }
    for i in 1..n {
        top[i] = top[i].min(f64::sqrt(top[i - 1] * top[i - 1] + 3.0));
    }
    // 3. drive along it
    let Ok(start) = LngLat::new(118.78, 32.04) else { return Vec::new() };
    let mut out = Vec::new();
    let (mut t, mut at, mut next_s) = (0.0, start, 0i64);
    for i in 0..n {
        let v = top[i].max(0.7);
        let wait = if limit[i] == 0.0 { rng.even(10.0, 75.0) } else { 0.0 };
        let end = t + 1.0 / v + wait;
        while (next_s as f64) < end {
            let still = wait > 0.0 && (next_s as f64) > t + 1.0 / v;
            let speed = if still { 0.0 } else { v };
            out.push(Real {
                t_s: 1_700_000_000 + next_s,
                at,
                speed,
                bearing: heading[i].rem_euclid(360.0),
                dist: i as f64,
            });
            next_s += 1;
        }
        t = end;
        at = destination(at, heading[i], 1.0);
    }
    out
}
