//! The phone's clock against the server's. Networks only delay: what arrives early cannot be true, and a delay
//! that never varies is not a network.

use crate::{
    catalogue::Code,
    model::{Finding, Fix},
    series::{median, quantile},
};

/// Clocks of old phones are off by that much without anybody touching them, seconds.
const TOLERANCE_S: f64 = 150.0;

pub(crate) fn find(fixes: &[Fix], out: &mut Vec<Finding>) {
    let mut known: Vec<(i64, i64)> = fixes.iter().filter_map(|f| f.recv_ms.map(|r| (f.t_ms, r))).collect();
    if known.len() < 5 {
        return;
    }
    known.sort_unstable();
    let whole = (known[0].0, known[known.len() - 1].0);
    ahead(&known, whole, out);
    levels(&known, whole, out);
    late(fixes, out);
}

fn lag(p: &(i64, i64)) -> f64 {
    (p.1 - p.0) as f64 / 1000.0
}

fn ahead(known: &[(i64, i64)], whole: (i64, i64), out: &mut Vec<Finding>) {
    let early: Vec<f64> = known.iter().map(lag).filter(|l| *l < -TOLERANCE_S).collect();
    let worst = early.iter().fold(0.0, |a: f64, b| a.min(*b));
    if early.len() >= 3 {
        let w = 0.6 + 0.35 * ((-worst - TOLERANCE_S) / 900.0).clamp(0.0, 1.0);
        let numbers = [("fixes", early.len() as f64), ("ahead_s", -worst)];
        out.push(Finding::new(Code::ClockAhead, w, whole, &numbers));
    }
}

/// The least delay of every quarter of an hour of receiving: the level of the clock.
fn levels(known: &[(i64, i64)], whole: (i64, i64), out: &mut Vec<Finding>) {
    let mut by_receipt = known.to_vec();
    by_receipt.sort_unstable_by_key(|p| (p.1, p.0));
    let mut levels: Vec<f64> = vec![];
    for window in by_receipt.chunk_by(|a, b| a.1 / 900_000 == b.1 / 900_000) {
        levels.push(window.iter().map(lag).fold(f64::MAX, f64::min));
    }
    if levels.len() < 6 {
        return;
    }
    let mut all = levels.clone();
    let mid = median(&mut all);
    let spread = quantile(&mut all, 0.85) - quantile(&mut all, 0.15);
    if mid > 300.0 && spread < (mid * 0.1).clamp(20.0, 90.0) {
        let w = 0.5 + 0.35 * ((mid - 300.0) / 1_500.0).clamp(0.0, 1.0);
        let numbers = [("behind_s", mid), ("spread_s", spread)];
        out.push(Finding::new(Code::ClockBehind, w, whole, &numbers));
        return;
    }
    let mut best: Option<(f64, usize)> = None;
    for cut in 3..levels.len().saturating_sub(2) {
        let (mut a, mut b) = (levels[..cut].to_vec(), levels[cut..].to_vec());
        let steady = |x: &mut Vec<f64>| quantile(x, 0.8) - quantile(x, 0.2) < 45.0;
        if !steady(&mut a) || !steady(&mut b) {
            continue;
        }
        let step = median(&mut b) - median(&mut a);
        if step.abs() > best.map_or(240.0, |o| o.0.abs()) {
            best = Some((step, cut));
        }
    }
    if let Some((step, _)) = best {
        let w = 0.55 + 0.35 * ((step.abs() - 240.0) / 1_500.0).clamp(0.0, 1.0);
        out.push(Finding::new(Code::ClockStep, w, whole, &[("step_s", step.abs())]));
    }
}

/// Batches whose newest record is old. A phone without a network sends when it is back, and what it sends last is
/// fresh; a batch made up later is not, and may lie in a time when the phone was delivering live.
fn late(fixes: &[Fix], out: &mut Vec<Finding>) {
    let mut known: Vec<&Fix> = fixes.iter().filter(|f| f.recv_ms.is_some()).collect();
    known.sort_unstable_by_key(|f| (f.recv_ms, f.t_ms));
    let live: Vec<i64> = {
        let mut live: Vec<i64> = known
            .iter()
            .filter(|f| f.recv_ms.is_some_and(|r| (-300_000..120_000).contains(&(r - f.t_ms))))
            .map(|f| f.t_ms)
            .collect();
        live.sort_unstable();
        live
    };
    let mut worst: Option<Finding> = None;
    for batch in known.chunk_by(|a, b| {
        let gap = b.recv_ms.unwrap_or(0) - a.recv_ms.unwrap_or(0);
        gap <= 5_000
    }) {
        let recv = batch[0].recv_ms.unwrap_or(0);
        let old: Vec<i64> = batch.iter().map(|f| f.t_ms).filter(|t| recv - t > 1_200_000).collect();
        let (Some(&first), Some(&last)) = (old.iter().min(), old.iter().max()) else { continue };
        let minutes = (last - first) as f64 / 60_000.0;
        if old.len() < 10 || minutes < 15.0 {
            continue;
        }
        let newest = batch.iter().map(|f| f.t_ms).max().unwrap_or(last);
        let delay = (recv - last) as f64 / 60_000.0;
        let inside = live.partition_point(|t| *t < last) - live.partition_point(|t| *t <= first);
        let spans = (last - first) / 300_000;
        let numbers = [("fixes", old.len() as f64), ("minutes", minutes), ("delay_minutes", delay)];
        let finding = if inside as i64 >= (spans / 2).max(3) {
            // The same five minutes both live and added later.
            let share = (inside as f64 / old.len() as f64).min(1.0);
            Finding::new(Code::Backdated, 0.5 + 0.25 * share, (first, last), &numbers)
        } else if recv - newest > 1_800_000 {
            Finding::new(Code::Late, 0.12 + 0.1 * (minutes / 240.0).min(1.0), (first, last), &numbers)
        } else {
            continue;
        };
        if worst.as_ref().is_none_or(|w| w.weight < finding.weight) {
            worst = Some(finding);
        }
    }
    out.extend(worst);
}
