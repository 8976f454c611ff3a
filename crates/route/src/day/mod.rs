//! One person, one day: which order of stops, proven best.
//!
//! What is sought, one after the other: locked stops served, priority served, number of stops served, the least
//! lateness, then the least of the chosen objective. Up to about twenty stops the answer is proven; beyond that it is the
//! best found, with a lower bound beside it.

mod bound;
mod certificate;
mod exact;
mod explain;
mod instance;
mod timetable;

pub use crate::windows::{Break, Window};
pub use certificate::{Certificate, Flaw, check_certificate};

use crate::Matrix;
use instance::Instance;

/// A place to be visited once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The caller's own number; not interpreted.
    pub id: u64,
    /// Row of the matrices.
    pub location: usize,
    /// Length of the visit in seconds.
    pub service_s: i64,
    /// When the visit may begin; empty: at any time.
    pub windows: Vec<Window>,
    /// Must be the n-th stop of the day, counted from 0: he is on the way there, or promised it.
    pub locked: Option<usize>,
    /// Worth when not everything fits, 0 to 1 000 000; more is better.
    pub priority: i64,
    /// Beginning after this moment is late, as far as the window allows it at all; for stops with one window.
    pub punctual_until: Option<i64>,
    /// What serving it costs besides the way, in units of a distance or time that is to be least.
    pub toll: i64,
}

impl Stop {
    pub fn at(location: usize, service_s: i64) -> Stop {
        Stop {
            id: location as u64,
            location,
            service_s,
            windows: vec![],
            locked: None,
            priority: 0,
            punctual_until: None,
            toll: 0,
        }
    }

    /// After which beginning is late. With several windows the later of two arrivals may be the more punctual one, which
    /// no order of labels can follow.
    fn punctual(&self) -> Option<i64> {
        self.punctual_until.filter(|_| self.windows.len() == 1)
    }

    /// Adds a window.
    pub fn within(mut self, from: i64, to: i64) -> Stop {
        self.windows.push((from, to));
        self
    }
}

/// What a good order saves once everything possible is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objective {
    /// Metres driven.
    LeastDistance,
    /// Seconds driven.
    LeastTime,
    /// Seconds from the beginning of the shift to the last arrival or departure.
    EarliestFinish,
}

/// A limit of the whole way, of which a day may have two: seconds or metres, as the matrix says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub of: Matrix<i64>,
    pub most: i64,
}

/// The day to be ordered. At most 64 stops are considered; the others are returned as unserved.
#[derive(Debug, Clone)]
pub struct DayProblem {
    /// Seconds between places; negative or above 2⁴⁰: no way.
    pub durations: Matrix<i64>,
    /// Metres between places.
    pub distances: Matrix<i64>,
    /// Place where the day begins; `None`: at the first stop.
    pub start: Option<usize>,
    /// Place where it ends; `None`: at the last stop.
    pub end: Option<usize>,
    pub stops: Vec<Stop>,
    /// Nothing happens before or after these moments.
    pub shift: Window,
    /// Taken in the order of their first windows.
    pub breaks: Vec<Break>,
    pub objective: Objective,
    /// No more stops than this.
    pub most_stops: Option<usize>,
    /// At most two.
    pub limits: Vec<Limit>,
}

/// A break as it falls into the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakTaken {
    /// Before arriving at the n-th stop of the order, or after the last when equal to their number.
    pub before: usize,
    pub begin: i64,
    pub end: i64,
}

/// A stop left out, and the first rule that stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unserved {
    /// Index into the stops of the problem.
    pub stop: usize,
    pub reason: Reason,
}

/// Why a stop is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It names a place outside the matrix, or no way leads there.
    NoWay,
    /// Even as the only stop he arrives after its last window has closed.
    WindowClosed { arrival: i64, closes: i64 },
    /// Even as the only stop it lasts longer than the shift.
    ShiftOver { finish: i64, shift_end: i64 },
    /// Even as the only stop it leaves no room for a break.
    NoBreak,
    /// Locked to a position the day does not reach.
    Locked { position: usize },
    /// It fits alone, but not beside stops worth more; the cheapest place for it would be late at `late_at`
    /// (index of a stop, `None`: at the end of the shift) by `by_s` seconds.
    Outbid { late_at: Option<usize>, by_s: i64 },
    /// More than 64 stops for one person.
    TooMany,
}

/// The order found and its timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRoute {
    /// Indices into the stops of the problem.
    pub order: Vec<usize>,
    /// When he leaves the start: as late as costs nothing.
    pub departure: i64,
    /// Per stop of `order`: seconds on the axis of the problem.
    pub arrivals: Vec<i64>,
    pub departures: Vec<i64>,
    /// Seconds between arrival and begin of the visit.
    pub waiting: Vec<i64>,
    pub breaks: Vec<BreakTaken>,
    /// Arrival at the end, or departure from the last stop when the end is open.
    pub finish: i64,
    pub distance_m: i64,
    pub travel_s: i64,
    /// Seconds the stops begin after the moments they were punctual until.
    pub lateness_s: i64,
    /// Nothing better exists; `certificate` lets anybody check that.
    pub proven_optimal: bool,
    /// No route that serves as much has an objective below this (metres or seconds). Equal to the value
    /// reached when proven.
    pub bound: i64,
    pub certificate: Certificate,
    pub unserved: Vec<Unserved>,
}

impl DayRoute {
    /// The value of the objective that was asked for.
    pub fn value(&self, problem: &DayProblem) -> i64 {
        let tolls: i64 = self.order.iter().map(|&i| problem.stops[i].toll).sum();
        match problem.objective {
            Objective::LeastDistance => self.distance_m + tolls,
            Objective::LeastTime => self.travel_s + tolls,
            Objective::EarliestFinish if self.order.is_empty() => 0,
            Objective::EarliestFinish => self.finish - problem.shift.0,
        }
    }
}

/// The order alone.
pub(crate) struct Order {
    pub stops: Vec<usize>,
    pub proven: bool,
    /// Of the objective, and seconds of lateness.
    pub bound: i64,
    pub lateness_s: i64,
}

/// The order alone, examining at most `effort` labels.
pub(crate) fn day_order(problem: &DayProblem, effort: usize) -> Order {
    let instance = Instance::new(problem);
    let found = exact::solve(&instance, effort.min(exact::effort_for(instance.n)));
    Order {
        stops: found.order.iter().map(|&k| instance.stops[k]).collect(),
        proven: found.proven,
        bound: found.bound,
        lateness_s: found.lateness_s,
    }
}

/// Orders the day. Deterministic; about 0.1 ms for 8 stops, a few milliseconds for 16, below a second for
/// most days of 20.
pub fn day_route(problem: &DayProblem) -> DayRoute {
    let instance = Instance::new(problem);
    let found = exact::solve(&instance, exact::effort_for(instance.n));
    let order: Vec<usize> = found.order.iter().map(|&k| instance.stops[k]).collect();
    let table = timetable::Timetable::of(problem, &order).unwrap_or_default();
    let unserved = explain::unserved(problem, &instance, &order);
    let mut multipliers = vec![0; problem.stops.len()];
    for (&i, m) in instance.stops.iter().zip(found.multipliers) {
        multipliers[i] = m;
    }
    DayRoute {
        departure: table.departure,
        arrivals: table.arrivals,
        departures: table.departures,
        waiting: table.waiting,
        breaks: table.breaks,
        finish: table.finish,
        distance_m: table.distance_m,
        travel_s: table.travel_s,
        // A break may be better taken elsewhere for punctuality than for an early end; then nothing is claimed.
        proven_optimal: found.proven && table.lateness_s == found.lateness_s,
        lateness_s: table.lateness_s,
        bound: found.bound,
        certificate: Certificate { multipliers },
        unserved,
        order,
    }
}
