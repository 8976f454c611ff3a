//! A given order of stops as the timetable of the day.

use super::instance::{NO_WAY, drive};
use super::{BreakTaken, DayProblem, Stop};
use crate::schedule::{Schedule, Task, late_by};
use crate::windows::{owed, sorted};

#[derive(Default)]
pub(crate) struct Timetable {
    pub departure: i64,
    pub arrivals: Vec<i64>,
    pub departures: Vec<i64>,
    pub waiting: Vec<i64>,
    pub breaks: Vec<BreakTaken>,
    pub finish: i64,
    pub distance_m: i64,
    pub travel_s: i64,
    pub lateness_s: i64,
}

impl Timetable {
    /// `None` when the order cannot be kept. An empty order is an empty day.
    pub fn of(problem: &DayProblem, order: &[usize]) -> Option<Timetable> {
        let (departure, finish) = (problem.shift.0, problem.shift.0);
        let mut table = Timetable { departure, finish, ..Timetable::default() };
        if order.is_empty() {
            return Some(table);
        }
        let mut tasks = Vec::with_capacity(order.len() + 1);
        let mut here = problem.start;
        for stop in order.iter().map(|&i| Some(&problem.stops[i])).chain([None]) {
            let there = stop.map_or(problem.end, |s| Some(s.location));
            let drive = drive(problem, here, there);
            if drive >= NO_WAY {
                return None;
            }
            table.travel_s += drive;
            if let (Some(a), Some(b)) = (here, there) {
                table.distance_m += problem.distances[(a, b)].clamp(0, NO_WAY);
            }
            tasks.push(Task {
                drive,
                windows: stop.map(|s| sorted(&s.windows)).unwrap_or_default(),
                punctual: stop.and_then(Stop::punctual).into_iter().collect(),
                work: stop.map_or(0, |s| s.service_s.clamp(0, NO_WAY)),
            });
            here = there;
        }
        let schedule = Schedule::of(&tasks, &owed(&problem.breaks, problem.shift), problem.shift)?;
        table.departure = schedule.departure;
        for (k, task) in tasks.iter().enumerate().take(order.len()) {
            table.arrivals.push(schedule.arrivals[k]);
            table.waiting.push(schedule.begins[k] - schedule.arrivals[k]);
            table.departures.push(schedule.begins[k] + task.work);
            table.lateness_s += late_by(task, schedule.begins[k]);
        }
        table.finish = schedule.arrivals[order.len()];
        table.breaks =
            schedule.breaks.iter().map(|&(before, begin, end)| BreakTaken { before, begin, end }).collect();
        Some(table)
    }
}
