//! Is this where the person usually is? Weak alone: business trips. It helps others along.

use std::collections::{HashMap, HashSet};

use crate::{
    catalogue::Code,
    model::{Company, Finding},
    series::Series,
};

/// Squares of about 3 km.
fn square(f: &crate::model::Fix) -> (i32, i32) {
    ((f.at.lng() * 32.0).floor() as i32, (f.at.lat() * 36.0).floor() as i32)
}

pub(crate) fn find(company: &Company, series: &[Series], out: &mut [Vec<Finding>]) {
    let mut days: HashMap<u32, HashMap<(i32, i32), usize>> = HashMap::new();
    let mut count: HashMap<u32, usize> = HashMap::new();
    let own: Vec<HashSet<(i32, i32)>> = series.iter().map(|s| s.fixes.iter().map(square).collect()).collect();
    for (k, case) in company.cases.iter().enumerate() {
        *count.entry(case.user).or_default() += 1;
        for cell in &own[k] {
            *days.entry(case.user).or_default().entry(*cell).or_default() += 1;
        }
    }
    for (k, case) in company.cases.iter().enumerate() {
        if count[&case.user] < 6 || own[k].is_empty() {
            continue;
        }
        let known = &days[&case.user];
        let elsewhere = own[k].iter().all(|(x, y)| {
            let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
            near.into_iter().all(|c| known.get(&c).copied().unwrap_or(0) <= usize::from(own[k].contains(&c)))
        });
        if elsewhere {
            let numbers = [("distance_m", 3_000.0), ("days", count[&case.user] as f64)];
            out[k].push(Finding::new(Code::Elsewhere, 0.12, series[k].whole(), &numbers));
        }
    }
}
