//! All days and visits of a company judged together.

use std::collections::HashMap;

use crate::{
    area,
    catalogue::Code,
    model::{Assessment, Claim, Company, Finding, Fix},
    replay,
    rules::{clock, device, fields, jumps, motion, noise, visit},
    score::assess,
    series::Series,
};

/// Assessments in the order of [`Company::cases`] and [`Company::claims`].
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub days: Vec<Assessment>,
    pub visits: Vec<Assessment>,
}

/// Doubts about visits say little about the day as such: they never lift it above "nothing to explain" alone.
const FROM_VISITS: f64 = 0.28;

/// Judges everything. The order of fixes, cases and claims does not matter to any single result.
pub fn judge(company: &Company) -> Judged {
    let series: Vec<Series> = company.cases.iter().map(|c| Series::of(&c.fixes)).collect();
    let mut found: Vec<Vec<Finding>> = vec![vec![]; series.len()];
    let mut leaps = vec![vec![]; series.len()];
    for (k, s) in series.iter().enumerate() {
        native(&company.cases[k].fixes, &mut found[k]);
        fields::find(s, &mut found[k]);
        noise::find(s, &mut found[k]);
        motion::find(s, &mut found[k]);
        leaps[k] = jumps::find(s, &mut found[k]);
        clock::find(&company.cases[k].fixes, &mut found[k]);
    }
    device::find(company, &series, &mut found);
    area::find(company, &series, &mut found);
    replay::find(company, &series, &mut found);
    habits(company, &mut found);

    let mut from_visits = vec![0.0f64; series.len()];
    let visits: Vec<Assessment> = company
        .claims
        .iter()
        .map(|claim| {
            let day = claim.case.map(|k| (&series[k], leaps[k].as_slice()));
            let mut own = visit::find(company, claim, day);
            if let Some(k) = claim.case {
                own.extend(visit::inherit(&found[k], claim));
            }
            let assessed = assess(own, known_visit(day.map(|d| d.0), claim));
            if let Some(k) = claim.case {
                let own_part = assessed.findings.iter().filter(|f| f.code.about_visit());
                let most = own_part.map(|f| f.weight).fold(0.0, f64::max);
                from_visits[k] = from_visits[k].max(most);
            }
            assessed
        })
        .collect();
    let days = found
        .into_iter()
        .enumerate()
        .map(|(k, findings)| {
            let mut day = assess(findings, series[k].fixes.len() >= 20);
            let extra = (from_visits[k] * 0.35).min(FROM_VISITS);
            if day.score < extra {
                day.score = extra;
            }
            day
        })
        .collect();
    Judged { days, visits }
}

/// Mock flags as sent by a tracker. Two may slip in when somebody tries a phone out; three are no accident.
fn native(fixes: &[Fix], out: &mut Vec<Finding>) {
    let flagged: Vec<i64> = fixes.iter().filter(|f| f.mock).map(|f| f.t_ms).collect();
    if let (Some(&from), Some(&to)) = (flagged.iter().min(), flagged.iter().max()) {
        let w = if flagged.len() >= 3 { 0.95 } else { 0.5 };
        out.push(Finding::new(Code::Mock, w, (from, to), &[("fixes", flagged.len() as f64)]));
    }
}

/// A phone that does something on most days does it by nature. What fires on four and more days and on more than
/// half of a person's days is a property of the receiver, and no longer news.
fn habits(company: &Company, found: &mut [Vec<Finding>]) {
    const OF_RECEIVER: [Code; 10] = [
        Code::AccConst,
        Code::AccConstMoving,
        Code::AccImpossible,
        Code::FieldSpeed,
        Code::FieldBearing,
        Code::SpeedRatio,
        Code::WhiteNoise,
        Code::WhiteMoving,
        Code::ClockBehind,
        Code::Late,
    ];
    let mut days: HashMap<u32, usize> = HashMap::new();
    let mut fired: HashMap<(u32, Code), usize> = HashMap::new();
    for (k, case) in company.cases.iter().enumerate() {
        *days.entry(case.user).or_default() += 1;
        for f in &found[k] {
            *fired.entry((case.user, f.code)).or_default() += 1;
        }
    }
    for (k, case) in company.cases.iter().enumerate() {
        let all = days[&case.user];
        for f in &mut found[k] {
            let n = fired[&(case.user, f.code)];
            if OF_RECEIVER.contains(&f.code) && n >= 4 && n * 2 > all {
                f.weight = (f.weight * 0.3).min(0.25);
                f.numbers.push(("habit_days".into(), n as f64));
            }
        }
    }
}

/// Is there a track during the visit, or a fix of its own?
fn known_visit(series: Option<&Series>, claim: &Claim) -> bool {
    let tracked =
        series.is_some_and(|s| s.during(claim.in_ms, claim.out_ms.unwrap_or(claim.in_ms)).len() >= 2);
    tracked || claim.at.is_some()
}
