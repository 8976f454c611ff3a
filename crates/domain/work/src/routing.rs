//! The order of a person's day: what the route engine is asked, and its answer in our words. Pure.
//!
//! Ways are straight lines times a detour factor at the average speed of a city; the answer says so (`source`).

use geo::LngLat;
use route::{
    DayProblem,
    day::{Break, Objective as Engine, Reason, Stop},
    day_route, straight_line_matrix,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::Objective;

/// Streets are this much longer than the straight line in Chinese cities.
const DETOUR: f64 = 1.35;
/// 24 km/h, in m/s.
const CITY_SPEED_MPS: f64 = 24.0 / 3.6;

/// A drive to a stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RouteLeg {
    /// Customer left behind; absent: the place where the day begins.
    pub from: Option<Uuid>,
    pub to: Uuid,
    pub meters: i64,
    pub seconds: i64,
    #[schema(value_type = Vec<Vec<f64>>)]
    pub line: Vec<LngLat>,
}

/// A customer the order leaves out, and the first rule that stands against him: `no_location`, `no_way`,
/// `window_closed`, `shift_over`, `no_break`, `outbid` (fits alone, but not beside the others) or `too_many`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unserved {
    pub customer_id: Uuid,
    pub reason: String,
}

/// The way through a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    /// Customer ids in driving order.
    pub order: Vec<Uuid>,
    pub legs: Vec<RouteLeg>,
    pub meters: i64,
    pub seconds: i64,
    /// No other order of these stops is better.
    pub proven_optimal: bool,
    pub objective: Objective,
    /// `straight_line`: lines between stops times a detour factor, not streets.
    pub source: String,
    pub unserved: Vec<Unserved>,
}

/// A day to be ordered. Times are seconds after local midnight.
#[derive(Debug, Clone)]
pub struct Day {
    /// Where it begins; absent: at the first stop.
    pub start: Option<LngLat>,
    /// Not before, not after.
    pub window: (i64, i64),
    /// When nobody works (lunch).
    pub pauses: Vec<(i64, i64)>,
    pub stops: Vec<DayStop>,
    pub objective: Objective,
    /// Take the stops as they come.
    pub keep_order: bool,
}

/// A stop of the day.
#[derive(Debug, Clone)]
pub struct DayStop {
    pub customer_id: Uuid,
    pub at: Option<LngLat>,
    /// Expected length of the visit in seconds.
    pub service_s: i64,
    /// When it may begin, if narrower than the day.
    pub window: Option<(i64, i64)>,
    /// Already begun or done: it stays where it is, before all others.
    pub fixed: bool,
}

/// The answer: indices into the stops with the expected arrival (seconds after local midnight, absent for
/// what is fixed or has no place in the day), and the way.
#[derive(Debug, Clone)]
pub struct Ordered {
    pub stops: Vec<(usize, Option<i64>)>,
    pub route: Route,
}

/// Orders a day. Deterministic. Up to twelve stops the order is proven; see `route::day_route` beyond.
pub fn order(day: &Day) -> Ordered {
    let fixed = (0..day.stops.len()).filter(|&k| day.stops[k].fixed);
    let open: Vec<usize> = (0..day.stops.len()).filter(|&k| !day.stops[k].fixed).collect();
    let mut stops: Vec<(usize, Option<i64>)> = fixed.map(|k| (k, None)).collect();
    let from = stops.iter().rev().find_map(|(k, _)| day.stops[*k].at).or(day.start);
    let found = if day.keep_order { follow(day, &open, from) } else { search(day, &open, from) };
    stops.extend(found.served.iter().map(|&(k, arrival)| (k, Some(arrival))));
    let served: Vec<usize> = stops.iter().map(|s| s.0).collect();
    let left = open.iter().filter(|k| !served.contains(k));
    stops.extend(left.map(|&k| (k, None)));
    let (legs, order) = legs(day, &served);
    let route = Route {
        meters: legs.iter().map(|l| l.meters).sum(),
        seconds: legs.iter().map(|l| l.seconds).sum(),
        order,
        legs,
        proven_optimal: found.proven,
        objective: day.objective,
        source: "straight_line".into(),
        unserved: found
            .unserved
            .into_iter()
            .map(|(k, reason)| Unserved { customer_id: day.stops[k].customer_id, reason: reason.into() })
            .collect(),
    };
    Ordered { stops, route }
}

struct Found {
    served: Vec<(usize, i64)>,
    unserved: Vec<(usize, &'static str)>,
    proven: bool,
}

fn search(day: &Day, open: &[usize], from: Option<LngLat>) -> Found {
    let placed: Vec<usize> = open.iter().copied().filter(|&k| day.stops[k].at.is_some()).collect();
    let mut points: Vec<LngLat> = from.into_iter().collect();
    points.extend(placed.iter().filter_map(|&k| day.stops[k].at));
    let first = points.len() - placed.len();
    let travel = straight_line_matrix(&points, DETOUR, CITY_SPEED_MPS);
    let stops = placed.iter().enumerate().map(|(n, &k)| {
        let stop = Stop { id: k as u64, ..Stop::at(first + n, day.stops[k].service_s) };
        match day.stops[k].window {
            Some((from, to)) => stop.within(from, to),
            None => stop,
        }
    });
    let problem = DayProblem {
        durations: travel.durations,
        distances: travel.distances,
        start: from.map(|_| 0),
        end: None,
        stops: stops.collect(),
        shift: day.window,
        breaks: pauses(day).map(|(a, b)| Break { service_s: b - a, windows: vec![(a, a)] }).collect(),
        objective: match day.objective {
            Objective::Distance => Engine::LeastDistance,
            Objective::Time => Engine::LeastTime,
        },
    };
    let answer = day_route(&problem);
    let nowhere = open.iter().filter(|&&k| day.stops[k].at.is_none()).map(|&k| (k, "no_location"));
    Found {
        served: answer
            .order
            .iter()
            .zip(&answer.arrivals)
            .map(|(&n, &arrival)| (placed[n], arrival))
            .collect(),
        unserved: answer.unserved.iter().map(|u| (placed[u.stop], reason(u.reason))).chain(nowhere).collect(),
        proven: answer.proven_optimal,
    }
}

/// The pauses within the day's window.
fn pauses(day: &Day) -> impl Iterator<Item = (i64, i64)> {
    day.pauses.iter().copied().filter(|(a, b)| day.window.0 < *a && a < b && *b < day.window.1)
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NoWay => "no_way",
        Reason::WindowClosed { .. } => "window_closed",
        Reason::ShiftOver { .. } => "shift_over",
        Reason::NoBreak => "no_break",
        Reason::Locked { .. } | Reason::Outbid { .. } => "outbid",
        Reason::TooMany => "too_many",
    }
}

/// The given order as a timetable; nothing is left out but what has no place.
fn follow(day: &Day, open: &[usize], from: Option<LngLat>) -> Found {
    let (mut now, mut here) = (day.window.0, from);
    let mut found = Found { served: vec![], unserved: vec![], proven: false };
    for &k in open {
        let stop = &day.stops[k];
        let Some(at) = stop.at else {
            found.unserved.push((k, "no_location"));
            continue;
        };
        now += here.map_or(0, |h| drive(h, at).1);
        now = pauses(day).find(|(a, b)| (*a..*b).contains(&now)).map_or(now, |(_, end)| end);
        found.served.push((k, now));
        now = now.max(stop.window.map_or(now, |w| w.0)) + stop.service_s;
        here = Some(at);
    }
    found
}

/// Metres and seconds from place to place.
fn drive(from: LngLat, to: LngLat) -> (i64, i64) {
    let travel = straight_line_matrix(&[from, to], DETOUR, CITY_SPEED_MPS);
    (travel.distances[(0, 1)], travel.durations[(0, 1)])
}

fn legs(day: &Day, served: &[usize]) -> (Vec<RouteLeg>, Vec<Uuid>) {
    let (mut legs, mut order) = (vec![], vec![]);
    let mut here: Option<(Option<Uuid>, LngLat)> = day.start.map(|at| (None, at));
    for &k in served {
        let stop = &day.stops[k];
        order.push(stop.customer_id);
        let Some(at) = stop.at else { continue };
        if let Some((from, place)) = here {
            let (meters, seconds) = drive(place, at);
            legs.push(RouteLeg { from, to: stop.customer_id, meters, seconds, line: vec![place, at] });
        }
        here = Some((Some(stop.customer_id), at));
    }
    (legs, order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;

    const NINE: i64 = 9 * 3600;
    const FIVE: i64 = 17 * 3600;

    fn centre() -> LngLat {
        LngLat::new(118.78, 32.04).unwrap()
    }

    /// Stops on a line to the east, the first named the farthest.
    fn day(kilometres: &[f64]) -> Day {
        let stop = |km: &f64| DayStop {
            customer_id: Uuid::from_u128((*km * 1000.0) as u128),
            at: Some(destination(centre(), 90.0, km * 1000.0)),
            service_s: 1800,
            window: None,
            fixed: false,
        };
        Day {
            start: Some(centre()),
            window: (NINE, FIVE),
            pauses: vec![],
            stops: kilometres.iter().map(stop).collect(),
            objective: Objective::Distance,
            keep_order: false,
        }
    }

    fn indices(o: &Ordered) -> Vec<usize> {
        o.stops.iter().map(|s| s.0).collect()
    }

    #[test]
    fn the_way_out_is_the_shortest() {
        let o = order(&day(&[5.0, 1.0, 3.0]));
        assert_eq!(indices(&o), [1, 2, 0]);
        assert!(o.route.proven_optimal);
        assert!((6_745..=6_765).contains(&o.route.meters), "5 km × 1.35: {}", o.route.meters);
        assert_eq!(o.route.legs[0].from, None);
        assert_eq!(o.route.legs[1].from, Some(o.route.order[0]));
        let arrivals: Vec<i64> = o.stops.iter().filter_map(|s| s.1).collect();
        assert!(arrivals.is_sorted() && arrivals[0] >= NINE && arrivals[2] < FIVE);
    }

    #[test]
    fn a_kept_order_is_only_timed() {
        let o = order(&Day { keep_order: true, ..day(&[5.0, 1.0, 3.0]) });
        assert_eq!(indices(&o), [0, 1, 2]);
        assert!(!o.route.proven_optimal && o.route.meters > 14_000);
        // 5 km × 1.35 at 24 km/h are 1 013 s.
        assert!((NINE + 1_012..=NINE + 1_014).contains(&o.stops[0].1.unwrap()));
    }

    #[test]
    fn what_has_begun_stays_in_front() {
        let mut d = day(&[5.0, 1.0, 3.0, 6.0]);
        d.stops[0].fixed = true;
        let o = order(&d);
        assert_eq!(indices(&o), [0, 3, 2, 1], "from the fifth kilometre out and back again");
        assert_eq!(o.stops[0].1, None);
        assert_eq!(o.route.order.len(), 4);
    }

    #[test]
    fn who_has_no_place_is_named_and_stays_last() {
        let mut d = day(&[5.0, 1.0]);
        d.stops[0].at = None;
        let o = order(&d);
        assert_eq!(indices(&o), [1, 0]);
        assert_eq!(o.stops[1].1, None);
        assert_eq!(
            o.route.unserved,
            [Unserved { customer_id: Uuid::from_u128(5000), reason: "no_location".into() }]
        );
    }

    #[test]
    fn too_much_for_the_day_is_explained() {
        let mut d = day(&[1.0, 2.0, 3.0, 4.0]);
        d.window = (NINE, NINE + 4_000);
        let o = order(&d);
        assert_eq!(o.route.order.len() + o.route.unserved.len(), 4);
        assert!(o.route.unserved.iter().all(|u| u.reason == "outbid"), "{:?}", o.route.unserved);
        assert_eq!(o.stops.len(), 4);
    }

    #[test]
    fn lunch_is_not_worked_through() {
        let mut d = day(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        d.pauses = vec![(12 * 3600, 13 * 3600)];
        for keep_order in [false, true] {
            d.keep_order = keep_order;
            let o = order(&d);
            assert_eq!(o.route.unserved, []);
            let during = |t: i64| (12 * 3600..13 * 3600).contains(&t);
            assert!(o.stops.iter().all(|s| !during(s.1.unwrap())), "{:?}", o.stops);
        }
    }

    #[test]
    fn without_start_the_day_begins_at_the_first_stop() {
        let o = order(&Day { start: None, ..day(&[5.0, 1.0, 3.0]) });
        assert_eq!(o.route.legs.len(), 2);
        assert!((5_395..=5_405).contains(&o.route.meters), "{}", o.route.meters);
    }

    #[test]
    fn nothing_is_nothing() {
        let o = order(&day(&[]));
        assert!(o.stops.is_empty() && o.route.legs.is_empty());
    }
}
