//! Why a stop was left out: the first rule that stands against it.

use super::instance::{Instance, NO_WAY, drive};
use super::{DayProblem, Reason, Unserved};
use crate::windows::{Break, arrival, opening, owed, sorted};

pub(crate) fn unserved(problem: &DayProblem, instance: &Instance, order: &[usize]) -> Vec<Unserved> {
    let breaks = owed(&problem.breaks, problem.shift);
    (0..problem.stops.len())
        .filter(|i| !order.contains(i))
        .map(|stop| {
            let reason = match alone(problem, stop, &breaks) {
                Some(reason) => reason,
                None if problem.stops[stop].locked.is_some_and(|p| p > order.len()) => {
                    Reason::Locked { position: problem.stops[stop].locked.unwrap_or_default() }
                }
                None if !instance.stops.contains(&stop) => Reason::TooMany,
                None => outbid(problem, stop, order, &breaks),
            };
            Unserved { stop, reason }
        })
        .collect()
}

/// The rule broken when this is the only stop of the day.
fn alone(problem: &DayProblem, i: usize, breaks: &[Break]) -> Option<Reason> {
    let stop = &problem.stops[i];
    let size = problem.durations.size().min(problem.distances.size());
    if [problem.start, problem.end, Some(stop.location)].into_iter().flatten().any(|p| p >= size) {
        return Some(Reason::NoWay);
    }
    let there = drive(problem, problem.start, Some(stop.location));
    let back = drive(problem, Some(stop.location), problem.end);
    if there >= NO_WAY || back >= NO_WAY {
        return Some(Reason::NoWay);
    }
    let windows = sorted(&stop.windows);
    let arrived = problem.shift.0 + there;
    let Some(begin) = opening(&windows, arrived) else {
        return Some(Reason::WindowClosed {
            arrival: arrived,
            closes: stop.windows.iter().map(|w| w.1).max().unwrap_or(arrived),
        });
    };
    let finish = begin + stop.service_s.clamp(0, NO_WAY) + back;
    if finish > problem.shift.1 {
        return Some(Reason::ShiftOver { finish, shift_end: problem.shift.1 });
    }
    let fits = (0..=breaks.len()).any(|k| {
        arrival(problem.shift.0, there, &breaks[..k])
            .and_then(|t| opening(&windows, t))
            .and_then(|t| arrival(t + stop.service_s.clamp(0, NO_WAY), back, &breaks[k..]))
            .is_some_and(|t| t <= problem.shift.1)
    });
    (!fits).then_some(Reason::NoBreak)
}

/// Puts the stop at its cheapest place in the order and sees where the day first runs late.
fn outbid(problem: &DayProblem, i: usize, order: &[usize], breaks: &[Break]) -> Reason {
    let place = |k: usize| Some(problem.stops[k].location);
    let extra = |at: usize| {
        let before = if at == 0 { problem.start } else { place(order[at - 1]) };
        let after = order.get(at).map_or(problem.end, |&k| place(k));
        drive(problem, before, place(i)) + drive(problem, place(i), after) - drive(problem, before, after)
    };
    let at = (0..=order.len()).min_by_key(|&at| extra(at)).unwrap_or(0);
    let mut longer = order.to_vec();
    longer.insert(at, i);
    let (mut now, mut here) = (problem.shift.0, problem.start);
    let mut pending = breaks.iter().peekable();
    for &k in &longer {
        let stop = &problem.stops[k];
        now += drive(problem, here, place(k));
        // A break is due once its window has opened; taking it then is the natural day.
        while let Some(pause) = pending.next_if(|b| b.windows.first().is_some_and(|w| w.0 <= now)) {
            now += pause.service_s;
        }
        match opening(&sorted(&stop.windows), now) {
            Some(begin) => now = begin + stop.service_s.clamp(0, NO_WAY),
            None => {
                let closes = stop.windows.iter().map(|w| w.1).max().unwrap_or(now);
                return Reason::Outbid { late_at: Some(k), by_s: now - closes };
            }
        }
        here = place(k);
    }
    now += drive(problem, here, problem.end) + pending.map(|b| b.service_s).sum::<i64>();
    Reason::Outbid { late_at: None, by_s: (now - problem.shift.1).max(0) }
}
