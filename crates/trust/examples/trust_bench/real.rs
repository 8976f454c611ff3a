//! Real recordings as genuine days, where they are at hand: folders of `*.csv.gz` with t, lat, lon, acc, speed, bearing.
//! They are not part of the repository.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use geo::LngLat;
use trust::{Case, Fix};

pub fn cases(dir: &Path) -> Vec<Case> {
    let mut files = vec![];
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".csv.gz") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut out = vec![];
    for path in files {
        let mut text = String::new();
        if GzDecoder::new(File::open(&path).unwrap()).read_to_string(&mut text).is_err() {
            continue;
        }
        let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
        let user =
            name.bytes().take_while(|b| *b != b'/').fold(7u32, |h, b| h.wrapping_mul(31) ^ u32::from(b));
        if name.contains("goal") {
            chunks(&text, &name, &mut out);
        } else if name.contains("posmo") {
            posmo(&text, &name, &mut out);
        } else {
            let fixes = plain(&text);
            for every in [1i64, 10, 30] {
                let mut next = 0;
                let thin: Vec<Fix> = fixes
                    .iter()
                    .filter(|f| {
                        let keep = f.t_ms >= next;
                        if keep {
                            next = f.t_ms + every * 1000;
                        }
                        keep
                    })
                    .copied()
                    .collect();
                out.push(Case { id: format!("{name}@{every}s"), user, fixes: thin });
            }
        }
    }
    out
}

fn cells(line: &str, by: char) -> Vec<&str> {
    line.split(by).collect()
}

fn plain(text: &str) -> Vec<Fix> {
    let num = |s: &str| s.parse::<f32>().ok();
    text.lines()
        .skip(1)
        .filter_map(|l| {
            let c = cells(l, ',');
            let at = LngLat::new(c[2].parse().ok()?, c[1].parse().ok()?).ok()?;
            let t: f64 = c[0].parse().ok()?;
            Some(Fix {
                acc_m: num(c[3]),
                speed_mps: num(c[4]),
                bearing_deg: num(c[5]),
                ..Fix::new((t * 1000.0) as i64, at)
            })
        })
        .collect()
}

fn posmo(text: &str, name: &str, out: &mut Vec<Case>) {
    let mut days: Vec<(String, Vec<Fix>)> = vec![];
    for l in text.lines().skip(1) {
        let c = cells(l, ';');
        let Ok(t) = format!("{}Z", c[4].replace(' ', "T")).parse::<jiff::Timestamp>() else { continue };
        let at = LngLat::new(c[1].parse().unwrap(), c[2].parse().unwrap()).unwrap();
        let acc = c[3].parse::<f32>().ok().filter(|a| *a > 0.0);
        let fix = Fix { acc_m: acc, ..Fix::new(t.as_millisecond(), at) };
        let day = c[4][..10].to_owned();
        match days.last_mut() {
            Some((d, fixes)) if *d == day => fixes.push(fix),
            _ => days.push((day, vec![fix])),
        }
    }
    out.extend(days.into_iter().map(|(d, fixes)| Case { id: format!("{name} {d}"), user: 1, fixes }));
}

/// Local metres without a place on earth: put somewhere; ten chunks of six minutes make one case.
fn chunks(text: &str, name: &str, out: &mut Vec<Case>) {
    let mut chunk = String::new();
    let mut n = 0i64;
    let mut fixes: Vec<Fix> = vec![];
    for l in text.lines().skip(1) {
        let c = cells(l, ',');
        if c[0] != chunk {
            chunk = c[0].to_owned();
            n += 1;
            if n % 10 == 0 {
                out.push(Case { id: format!("{name} {n}"), user: 2, fixes: std::mem::take(&mut fixes) });
            }
        }
        let (t, x, y): (f64, f64, f64) =
            (c[1].parse().unwrap(), c[2].parse().unwrap(), c[3].parse().unwrap());
        let place = geo::LocalPlane::at(LngLat::new(100.0 + 0.2 * n as f64 / 10.0, 30.0).unwrap());
        fixes.push(Fix::new(n * 3_600_000 + (t * 1000.0) as i64, place.lng_lat(x, y)));
    }
}
