//! Who uses which device, over all days that are judged together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo::distance_m;

use crate::{
    catalogue::Code,
    model::{Company, Finding},
    series::Series,
};

/// Findings about devices by case.
pub(crate) fn find(company: &Company, series: &[Series], out: &mut [Vec<Finding>]) {
    // Device → user → days it was the device of; a device counts for a day when it sent most of it.
    let mut days: BTreeMap<u32, BTreeMap<u32, Vec<i64>>> = BTreeMap::new();
    let mut main: Vec<Option<(u32, f64)>> = vec![None; company.cases.len()];
    for (k, case) in company.cases.iter().enumerate() {
        let mut count: HashMap<u32, usize> = HashMap::new();
        for f in &case.fixes {
            if let Some(d) = f.device {
                *count.entry(d).or_default() += 1;
            }
        }
        let total: usize = count.values().sum();
        let Some((&device, &n)) = count.iter().max_by_key(|(d, n)| (**n, **d)) else { continue };
        main[k] = Some((device, n as f64 / total as f64));
        days.entry(device).or_default().entry(case.user).or_default().push(series[k].whole().0);
    }
    // A column of phone models or of shift phones: a device that many people use says nothing about one.
    let shared = |device: u32| days.get(&device).is_some_and(|users| users.len() >= 4);
    let mut own: HashMap<u32, BTreeMap<u32, usize>> = HashMap::new();
    for (k, case) in company.cases.iter().enumerate() {
        if let Some((d, _)) = main[k] {
            *own.entry(case.user).or_default().entry(d).or_default() += 1;
        }
    }
    for (k, case) in company.cases.iter().enumerate() {
        two_places(&series[k], &mut out[k]);
        let seen: BTreeSet<u32> = case.fixes.iter().filter_map(|f| f.device).collect();
        let Some(usual) = own.get(&case.user) else { continue };
        for device in seen {
            let mine = usual.get(&device).copied().unwrap_or(0);
            let Some((&best, &usual_days)) = usual.iter().max_by_key(|(d, n)| (**n, **d)) else { continue };
            if shared(device) || best == device || usual_days < 3 {
                continue;
            }
            let today = series[k].whole();
            let owner = days.get(&device).and_then(|users| {
                users.iter().filter(|(u, _)| **u != case.user).max_by_key(|(u, d)| (d.len(), **u))
            });
            match owner {
                Some((_, dates)) if dates.len() >= 2 && dates.len() > mine => {
                    let near = dates.iter().map(|d| (d - today.0).abs()).min().unwrap_or(i64::MAX);
                    let w = if near < 3 * 86_400_000 { 0.75 } else { 0.4 };
                    let numbers = [("owner_days", dates.len() as f64), ("usual_days", usual_days as f64)];
                    out[k].push(Finding::new(Code::DeviceShared, w, today, &numbers));
                }
                _ => {
                    // A new phone stays; one that appears for a day does not.
                    let w = if mine > 2 { 0.0 } else { 0.15 };
                    if w > 0.0 {
                        let numbers = [("usual_days", usual_days as f64), ("own_days", mine as f64)];
                        out[k].push(Finding::new(Code::DeviceNew, w, today, &numbers));
                    }
                }
            }
        }
    }
}

/// Two devices of one person report from two places within the same minutes, again and again.
fn two_places(s: &Series, out: &mut Vec<Finding>) {
    let mut apart = vec![];
    for st in &s.steps {
        let (a, b) = (&s.fixes[st.i], &s.fixes[st.i + 1]);
        if a.device.is_some() && b.device.is_some() && a.device != b.device && st.dt <= 120.0 {
            apart.push((st.i, distance_m(a.at, b.at)));
        }
    }
    let far: Vec<&(usize, f64)> = apart.iter().filter(|x| x.1 > 1_000.0).collect();
    if far.len() >= 6 && far.len() * 2 > apart.len() {
        let mut d: Vec<f64> = far.iter().map(|x| x.1).collect();
        let numbers = [("distance_m", crate::series::median(&mut d)), ("times", far.len() as f64)];
        out.push(Finding::new(Code::DeviceTwo, 0.6, s.between(far[0].0, far[far.len() - 1].0), &numbers));
    }
}
