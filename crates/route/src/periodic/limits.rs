//! What days may hold is kept: visits beyond it go to another day or person of theirs with room, or are left out by name.

use super::patterns::{allowed, number};
use super::search::{Day, Search};
use super::{Customer, Every, PeriodProblem, Unmet, UnmetReason};

/// Takes from every day what it does not hold. What stood before is never taken.
pub(super) fn keep<'a>(mut plan: Search<'a>, problem: &PeriodProblem) -> (Search<'a>, Vec<Unmet>) {
    let mut homeless: Vec<(usize, usize)> = vec![];
    for k in 0..plan.days.len() {
        while !plan.days[k].fits() {
            let Some(customer) = dearest(&mut plan, problem, k) else { break };
            plan.change(k, customer, false);
            homeless.push((customer, k % plan.width));
        }
    }
    let mut full = vec![];
    for (customer, day) in homeless {
        match place(&mut plan, problem, customer, day) {
            Some(k) => plan.change(k, customer, true),
            None => full.push(Unmet { customer, reason: UnmetReason::Full { day } }),
        }
    }
    (plan, full)
}

/// The visit of a day that is not yet promised and without which it is shortest.
fn dearest(plan: &mut Search, problem: &PeriodProblem, k: usize) -> Option<usize> {
    let day = k % plan.width;
    let fresh = |c: &usize| !problem.customers[*c].planned.iter().any(|p| p.0 == day);
    let all: Vec<usize> = plan.days[k].sequence.iter().map(|c| *c as usize).filter(fresh).collect();
    all.into_iter().map(|c| (plan.tried(k, c, false, Day::work), c)).min().map(|(_, c)| c)
}

/// The person's day with room for a visit of the same week, month or due date that grows least by it.
fn place(plan: &mut Search, problem: &PeriodProblem, customer: usize, day: usize) -> Option<usize> {
    let c = &problem.customers[customer];
    let mine: Vec<usize> = (0..plan.days.len())
        .filter(|k| plan.days[*k].sequence.contains(&(customer as u32)))
        .map(|k| k % plan.width)
        .chain(c.others(&problem.reps))
        .collect();
    let apart = |d: usize| mine.iter().all(|m| m.abs_diff(d) >= c.rule.min_gap_days.max(1) as usize);
    let in_time = |d: usize| d as u32 + c.last_visit_ago.unwrap_or(u32::MAX / 2) >= c.rule.min_gap_days;
    let mut best: Option<(i64, usize)> = None;
    for d in (0..plan.width).filter(|d| same_period(problem, c, *d, day) && apart(*d) && in_time(*d)) {
        if !allowed(&problem.days, c, d) {
            continue;
        }
        for rep in plan.candidates(customer).filter(|r| c.open_to(*r, d, &problem.reps)) {
            let k = rep * plan.width + d;
            let before = plan.days[k].work();
            let (fits, work) = plan.tried(k, customer, true, |day| (day.fits(), day.work()));
            let more = work - before;
            if fits && best.is_none_or(|b| (more, k) < b) {
                best = Some((more, k));
            }
        }
    }
    best.map(|(_, k)| k)
}

fn same_period(problem: &PeriodProblem, c: &Customer, a: usize, b: usize) -> bool {
    match c.rule.every {
        Every::Days(n) => a.abs_diff(b) <= usize::from(n) / 5,
        _ => number(&problem.days[a], a, c) == number(&problem.days[b], b, c),
    }
}
