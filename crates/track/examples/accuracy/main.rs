//! Accuracy of the day engine against ground truth: `cargo run --release --example accuracy [section]`.
//!
//! Reads development tracks from `../shared/data/tracks` (or `TASHI_TRACKS`), which are not part of the
//! repository; without them only the synthetic sections run, and it says so. Prints absolute percentage
//! errors, median / 95th percentile and in brackets the median signed error, of the naive sum, a Traccar-like
//! filter and ours.

mod baseline;
mod noise;
mod score;
mod simulate;
mod truth;

use std::path::{Path, PathBuf};

use baseline::{naive, traccar_like, traccar_stops};
use noise::Rng;
use score::{StopScore, spread};
use simulate::{
    BARE, FULL, Indoors, LIVELY, NO_ACC, POSITIONS, ROUGH, SPIKES, USUAL, WANDERING, indoors, outdoors,
    sample, work_day,
};
use track::{
    Fix, Mode, Rules, day_report,
    segment::{self, Recorded},
};
use truth::Real;

const STEPS: [usize; 4] = [1, 10, 30, 60];

fn main() {
    let sections: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| sections.is_empty() || sections.iter().any(|s| s == name);
    let dir = std::env::var_os("TASHI_TRACKS")
        .map_or_else(|| PathBuf::from("../shared/data/tracks"), PathBuf::from);
    let ins = truth::path(&dir.join("gsdc_truth/mtv_2021-04-28/path.csv.gz"));
    if let Err(e) = &ins {
        println!("No development tracks at {}: {e}. Only the synthetic sections run.\n", dir.display());
    }
    if let Ok(path) = &ins {
        if wanted("real") {
            real_phones(&dir);
        }
        if wanted("city") {
            city("4b  city streets, INS path + simulated phone error", std::slice::from_ref(path), 6);
        }
        if wanted("day") {
            days("4c  simulated work day on the INS path", std::slice::from_ref(path), 6);
        }
        if wanted("bytes") {
            bytes(path);
        }
        if wanted("goal") {
            goal(&dir);
        }
        if wanted("twizy") {
            twizy(&dir);
        }
    }
    let grid: Vec<Vec<Real>> = (0..6).map(|s| truth::synthetic(100 + s, 12.0)).collect();
    if wanted("grid") {
        city("synthetic grid city", &grid, 2);
    }
    if wanted("gridday") {
        days("simulated work day on synthetic grid drives", &grid, 1);
    }
    if wanted("indoor") {
        phantom();
    }
}

fn ours(fixes: &[Fix]) -> f64 {
    day_report(fixes, &Rules::default()).counted_m
}

fn without_doppler(fixes: &[Fix]) -> Vec<Fix> {
    fixes.iter().map(|f| Fix { speed_mps: None, bearing_deg: None, ..*f }).collect()
}

/// Index ranges of consecutive pieces of at least five kilometres.
fn chunks(dist: &[f64]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for i in 0..dist.len() {
        if dist[i] - dist[from] >= 5_000.0 {
            out.push((from, i + 1));
            from = i;
        }
    }
    out
}

fn percent(measured: f64, truth: f64) -> f64 {
    (measured / truth - 1.0) * 100.0
}

/// Errors of each method over pieces of at least five kilometres.
#[derive(Default)]
struct Errors {
    naive: Vec<f64>,
    traccar: Vec<f64>,
    ours: Vec<f64>,
    bare: Vec<f64>,
}

impl Errors {
    fn add(&mut self, fixes: &[Fix], truth: f64) {
        self.naive.push(percent(naive(fixes), truth));
        self.traccar.push(percent(traccar_like(fixes), truth));
        self.ours.push(percent(ours(fixes), truth));
        self.bare.push(percent(ours(&without_doppler(fixes)), truth));
    }

    fn row(&self, label: &str) {
        println!(
            "{label:>14} | {} | {} | {} | {}",
            spread(&self.naive),
            spread(&self.traccar),
            spread(&self.ours),
            spread(&self.bare)
        );
    }
}

fn heading(title: &str) {
    println!("\n{title}");
    println!(
        "{:>14} | {:^24} | {:^24} | {:^24} | {:^24}",
        "step", "naive", "traccar-like", "ours", "ours, positions only"
    );
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = Vec::new();
    if let Ok(entries) = std::fs::read_dir(dir) {
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                out.extend(files(&path));
            } else if path.extension().is_some_and(|e| e == "gz") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

fn real_phones(dir: &Path) {
    heading("4a  real phones, INS truth");
    for step in STEPS {
        let mut errors = Errors::default();
        for (n, file) in files(&dir.join("gsdc")).iter().enumerate() {
            let Ok(drive) = truth::drive(file) else { continue };
            for phase in 0..step.min(5) as u64 {
                let mut rng = Rng::new(1000 * n as u64 + phase);
                let at = sample(drive.fixes.len(), step, &mut rng);
                let dist: Vec<f64> = at.iter().map(|&i| drive.dist[i]).collect();
                let fixes: Vec<Fix> = at.iter().map(|&i| drive.fixes[i]).collect();
                for (a, b) in chunks(&dist) {
                    errors.add(&fixes[a..b], dist[b - 1] - dist[a]);
                }
            }
        }
        errors.row(&format!("{step} s"));
    }
}

fn city(title: &str, paths: &[Vec<Real>], seeds: u64) {
    for (name, phone) in [("", FULL), (" (accuracy not reported)", NO_ACC)] {
        heading(&format!("{title}{name}"));
        for sigma in [4.0, 12.0] {
            for step in STEPS {
                let mut errors = Errors::default();
                for (n, path) in paths.iter().enumerate() {
                    for seed in 0..seeds {
                        let mut rng = Rng::new(7 + seed * 131 + n as u64 * 1009);
                        let fixes = outdoors(path, sigma, phone, &mut rng);
                        let at = sample(path.len(), step, &mut rng);
                        let dist: Vec<f64> = at.iter().map(|&i| path[i].dist).collect();
                        let fixes: Vec<Fix> = at.iter().map(|&i| fixes[i]).collect();
                        for (a, b) in chunks(&dist) {
                            errors.add(&fixes[a..b], dist[b - 1] - dist[a]);
                        }
                    }
                }
                errors.row(&format!("{step} s, {sigma} m"));
            }
        }
    }
}

/// True stops of at least 180 s: standing still according to the truth.
fn true_stops(reals: &[Real]) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    let mut from: Option<i64> = None;
    for r in reals.iter().chain(std::iter::once(&Real { speed: 9.0, t_s: i64::MAX, ..reals[0] })) {
        match (r.speed < 0.4, from) {
            (true, None) => from = Some(r.t_s),
            (false, Some(since)) => {
                let to = if r.t_s == i64::MAX { reals[reals.len() - 1].t_s } else { r.t_s };
                if to - since >= 180 {
                    out.push((since as f64, to as f64));
                }
                from = None;
            }
            _ => {}
        }
    }
    out
}

fn days(title: &str, paths: &[Vec<Real>], seeds: u64) {
    heading(title);
    let mut lines = Vec::new();
    let slow = Indoors { tau_s: 20.0, ..USUAL };
    for (name, how, phone) in [
        ("", USUAL, FULL),
        ("no acc", USUAL, NO_ACC),
        ("tau 20", slow, FULL),
        ("bare", slow, BARE),
        ("rough", ROUGH, FULL),
        ("spikes", SPIKES, FULL),
        ("wander", WANDERING, FULL),
        ("lively", LIVELY, FULL),
    ] {
        for step in STEPS {
            let mut errors = Errors::default();
            let mut stops = [StopScore::default(), StopScore::default(), StopScore::default()];
            for (n, path) in paths.iter().enumerate() {
                for seed in 0..seeds {
                    let mut rng = Rng::new(77 + seed * 31 + n as u64 * 503);
                    let (fixes, reals) = work_day(path, how, phone, &mut rng);
                    let at = sample(fixes.len(), step, &mut rng);
                    let fixes: Vec<Fix> = at.iter().map(|&i| fixes[i]).collect();
                    errors.add(&fixes, reals[at[at.len() - 1]].dist - reals[at[0]].dist);
                    let truth = true_stops(&reals);
                    let found = |fixes: &[Fix]| -> Vec<(f64, f64)> {
                        let report = day_report(fixes, &Rules::default());
                        report.stays.iter().map(|s| (s.start, s.end)).collect()
                    };
                    if std::env::var_os("TASHI_EACH").is_some() {
                        let rel = |v: &[(f64, f64)]| -> Vec<(i64, i64)> {
                            v.iter().map(|s| (s.0 as i64 - reals[0].t_s, s.1 as i64 - reals[0].t_s)).collect()
                        };
                        println!("{step} s {name} true {:?}\n  found {:?}", rel(&truth), rel(&found(&fixes)));
                    }
                    stops[0].add(&truth, &found(&fixes));
                    stops[1].add(&truth, &found(&without_doppler(&fixes)));
                    stops[2].add(&truth, &traccar_stops(&fixes));
                }
            }
            errors.row(&format!("{step} s {name}"));
            let [ours, bare, traccar] = stops.map(|s| s.line());
            lines.push(format!(
                "{step:>4} s {name:<7} ours {ours} | positions only {bare} | traccar {traccar}"
            ));
        }
    }
    println!("stops: precision/recall/F1, median (p90) error of arrival and departure");
    for line in lines {
        println!("{line}");
    }
}

/// Metres invented per hour indoors.
fn phantom() {
    println!("\nphantom metres per indoor hour: median / p95 / worst of 12 stays, naive and ours");
    let kinds =
        [("usual", USUAL), ("rough", ROUGH), ("spikes", SPIKES), ("wander", WANDERING), ("lively", LIVELY)];
    for (name, how) in kinds {
        for (kind, phone) in [("full", FULL), ("positions", POSITIONS), ("bare", BARE)] {
            for step in STEPS {
                let (mut raw, mut own) = (Vec::new(), Vec::new());
                for seed in 0..12 {
                    let mut rng = Rng::new(900 + seed);
                    let place = truth::synthetic(seed, 0.2)[0];
                    let sigma = rng.even(8.0, 22.0);
                    let hours = 2.0;
                    let fixes = indoors(&place, (hours * 3600.0) as i64, sigma, how, phone, &mut rng);
                    let at = sample(fixes.len(), step, &mut rng);
                    let fixes: Vec<Fix> = at.iter().map(|&i| fixes[i].0).collect();
                    raw.push(naive(&fixes) / hours);
                    let report = day_report(&fixes, &Rules::default());
                    if std::env::var_os("TASHI_EACH").is_some() && report.counted_m > 50.0 {
                        let t0 = place.t_s as f64;
                        println!("seed {seed} sigma {sigma:.0}");
                        for t in &report.trips {
                            println!("  trip {:.0}-{:.0} {:.0} m", t.start - t0, t.end - t0, t.meters);
                        }
                        for t in &report.stays {
                            println!("  stay {:.0}-{:.0}", t.start - t0, t.end - t0);
                        }
                    }
                    own.push(report.counted_m / hours);
                }
                println!(
                    "{name:>6} {kind:>9} {step:>3} s | {:8.0} | {:6.1} / {:6.1} / {:6.1}",
                    score::percentile(&raw, 0.5),
                    score::percentile(&own, 0.5),
                    score::percentile(&own, 0.95),
                    score::percentile(&own, 1.0)
                );
            }
        }
    }
}

/// Size and speed of the stored form: a simulated work day with every column in use.
fn bytes(path: &[Real]) {
    println!(
        "\nstored bytes a fix (all columns: time with jitter, position, accuracy, speed, bearing, altitude, battery)"
    );
    for step in [1, 10, 30] {
        let mut rng = Rng::new(3);
        let (fixes, _) = work_day(path, USUAL, FULL, &mut rng);
        let at = sample(fixes.len(), step, &mut rng);
        let mut altitude = 20.0;
        let rows: Vec<Recorded> = at
            .iter()
            .enumerate()
            .map(|(n, &i)| {
                altitude += 0.4 * rng.normal();
                let jitter = rng.even(-200.0, 200.0) as i64;
                let alt_m = Some((altitude + rng.normal()) as f32);
                let fix = Fix { t_ms: fixes[i].t_ms + jitter, alt_m, ..fixes[i] };
                Recorded { fix, battery_pct: Some(95 - (60 * n / at.len()) as u8), flags: 0 }
            })
            .collect();
        let start = std::time::Instant::now();
        let Ok(packed) = segment::encode(&rows) else { continue };
        let encoded = start.elapsed();
        let start = std::time::Instant::now();
        let unpacked = segment::decode(&packed).map(|r| r.len());
        let decoded = start.elapsed();
        let start = std::time::Instant::now();
        let fixes: Vec<Fix> = rows.iter().map(|r| r.fix).collect();
        let report = day_report(&fixes, &Rules::default());
        if std::env::var_os("TASHI_EACH").is_some() {
            for t in &report.trips {
                println!(
                    "  {:.0}-{:.0} {:?} {:.0} m",
                    t.start - path[0].t_s as f64,
                    t.end - path[0].t_s as f64,
                    t.mode,
                    t.meters
                );
            }
        }
        println!(
            "{step:>3} s: {:.2} bytes ({} fixes), encode {encoded:.1?}, decode {decoded:.1?} ({unpacked:?}), day {:.1?} ({} trips)",
            packed.len() as f64 / rows.len() as f64,
            rows.len(),
            start.elapsed(),
            report.trips.len()
        );
    }
}

/// Driving against on foot: labelled chunks of delivery agents.
fn goal(dir: &Path) {
    let Ok((_, rows)) = truth::rows(&dir.join("goal/goal.csv.gz"), ',') else { return };
    let Ok(origin) = geo::LngLat::new(-100.0, 40.0) else { return };
    let plane = geo::LocalPlane::at(origin);
    let (mut right, mut all) = (0.0, 0.0);
    let (mut tp, mut fp, mut missed) = (0.0, 0.0, 0.0);
    let (mut km, mut true_km, mut km_all) = (0.0, 0.0, 0.0);
    for chunk in rows.chunk_by(|a, b| a[0] == b[0]) {
        let mut fixes = Vec::new();
        let mut labels = Vec::new();
        for row in chunk {
            let number = |i: usize| row[i].parse::<f64>().unwrap_or(0.0);
            fixes.push(Fix::new(
                1_700_000_000_000 + (number(1) * 1000.0) as i64,
                plane.lng_lat(number(2), number(3)),
            ));
            labels.push(row[4] == "Driving");
        }
        let report = day_report(&fixes, &Rules::default());
        if std::env::var_os("TASHI_EACH").is_some() {
            for t in &report.trips {
                println!(
                    "{} {:.0}-{:.0} {:?} {:.0} m",
                    chunk[0][0],
                    t.start - 1.7e9,
                    t.end - 1.7e9,
                    t.mode,
                    t.meters
                );
            }
        }
        for (k, w) in fixes.windows(2).enumerate() {
            let mid = (w[0].t_ms + w[1].t_ms) as f64 / 2000.0;
            let dt = (w[1].t_ms - w[0].t_ms) as f64 / 1000.0;
            let driving = report.trips.iter().any(|t| {
                t.start <= mid && mid < t.end && matches!(t.mode, Mode::Driving | Mode::Ebike | Mode::Transit)
            });
            all += dt;
            match (driving, labels[k]) {
                (true, true) => tp += dt,
                (true, false) => fp += dt,
                (false, true) => missed += dt,
                _ => {}
            }
            if driving == labels[k] {
                right += dt;
            }
            let d = geo::distance_m(w[0].at, w[1].at);
            km_all += d;
            if labels[k] {
                true_km += d;
            }
        }
        km += report.trips.iter().filter(|t| t.mode != Mode::Walking).map(|t| t.meters).sum::<f64>();
    }
    println!("\ndriving against on foot (labelled delivery agents)");
    println!(
        "accuracy {:.3} precision {:.3} recall {:.3}; ridden {:.1} km, labelled {:.1} km ({:+.1} %), naive all {:.1} km",
        right / all,
        tp / (tp + fp),
        tp / (tp + missed),
        km / 1000.0,
        true_km / 1000.0,
        percent(km, true_km),
        km_all / 1000.0
    );
}

fn twizy(dir: &Path) {
    heading("4d  rsk_twizy, whole trips (robustness; truth good to 3 %)");
    for step in STEPS {
        let mut errors = Errors::default();
        for file in files(&dir.join("rsk_twizy")) {
            let Ok(drive) = truth::drive(&file) else { continue };
            let mut rng = Rng::new(5);
            let at = sample(drive.fixes.len(), step, &mut rng);
            let fixes: Vec<Fix> = at.iter().map(|&i| drive.fixes[i]).collect();
            if std::env::var_os("TASHI_EACH").is_some() {
                let r = day_report(&fixes, &Rules::default());
                println!(
                    "{} true {:.0} ours {:.0} naive {:.0} gaps {} stays {}",
                    drive.name,
                    drive.dist[at[at.len() - 1]] - drive.dist[at[0]],
                    r.counted_m,
                    naive(&fixes),
                    r.gaps.len(),
                    r.stays.len()
                );
            }
            errors.add(&fixes, drive.dist[at[at.len() - 1]] - drive.dist[at[0]]);
        }
        errors.row(&format!("{step} s"));
    }
}
