//! The order of a person's day: what the route engine is asked, and its answer in our words. Travel times come
//! with the question, and the answer says whose they are (`source`).

use std::collections::HashMap;

use api::{Kit, TravelMode, TravelSource, TravelTable};
use db::Scope;
use geo::LngLat;
use route::{
    DayProblem, Matrix,
    day::{Break, Limit, Objective as Engine, Reason, Stop},
    day_route,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    board::driven,
    model::Objective,
    opening::{self, Open},
};

/// What the engine takes for "no way", seconds and metres.
const NO_WAY: i64 = 1 << 40;

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
/// `window_closed`, `closed` (the customer is), `shift_over`, `no_break`, `outbid` (fits alone, but not beside the others),
/// `limit` (the day may hold no more visits or kilometres) or `too_many`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unserved {
    pub customer_id: Uuid,
    pub reason: String,
}

/// The way from the last stop to where the day ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RouteBack {
    pub meters: i64,
    pub seconds: i64,
    #[schema(value_type = Vec<Vec<f64>>)]
    pub line: Vec<LngLat>,
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
    #[serde(deserialize_with = "source_or_word")]
    pub source: TravelSource,
    pub unserved: Vec<Unserved>,
    /// The way from the last stop to where the day ends, if it ends at a place; counted in.
    #[serde(default)]
    pub back: Option<RouteBack>,
}

impl Route {
    /// Draws the legs along the streets, where the server knows them.
    pub(crate) async fn draw(&mut self, kit: &Kit, scope: &Scope, mode: Option<TravelMode>) {
        let back = self.back.as_mut().map(|b| &mut b.line);
        let mut all: Vec<&mut Vec<LngLat>> = self.legs.iter_mut().map(|l| &mut l.line).chain(back).collect();
        let Some(first) = all.first().and_then(|line| line.first()).copied() else { return };
        let ends = all.iter().filter_map(|line| line.last().copied());
        let points = std::iter::once(first).chain(ends).collect();
        let lines = kit.travel.lines(scope, mode, points).await;
        for (old, line) in all.iter_mut().zip(lines) {
            **old = line;
        }
    }
}

/// Routes stored by earlier versions name the source with one word.
fn source_or_word<'de, D: serde::Deserializer<'de>>(d: D) -> Result<TravelSource, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Word(String),
        Source(TravelSource),
    }
    Ok(match Stored::deserialize(d)? {
        Stored::Word(word) => TravelSource::of(&word),
        Stored::Source(source) => source,
    })
}

/// A day to be ordered. Times are seconds after local midnight.
#[derive(Debug, Clone)]
pub struct Day {
    /// Where it begins; absent: at the first stop.
    pub start: Option<LngLat>,
    /// Where it ends; absent: at the last stop.
    pub end: Option<LngLat>,
    /// Not before, not after.
    pub window: (i64, i64),
    /// When nobody works (lunch).
    pub pauses: Vec<(i64, i64)>,
    pub stops: Vec<DayStop>,
    /// No more visits and metres than these, what has begun counted in; a kept order may exceed them.
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
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
    /// When the customer can be visited.
    pub open: Open,
    /// Already begun or done: it stays where it is, before all others.
    pub fixed: bool,
    /// Promised: never left out, at whatever cost to the others.
    pub locked: bool,
    /// What it is worth, where not everything fits.
    pub weight: i64,
}

impl Day {
    /// When the visit at a stop may begin. What is promised is kept, whatever the door says.
    fn begins(&self, k: usize) -> Vec<(i64, i64)> {
        let stop = &self.stops[k];
        let window = stop.window.unwrap_or(self.window);
        let windows = opening::begins(window, &stop.open, stop.service_s);
        if windows.is_empty() && stop.locked { vec![window] } else { windows }
    }
}

/// The answer: indices into the stops with the expected arrival (seconds after local midnight, absent for
/// what is fixed or has no place in the day), and the way.
#[derive(Debug, Clone)]
pub struct Ordered {
    pub stops: Vec<(usize, Option<i64>)>,
    pub route: Route,
}

/// The places of a day, to be asked for travel times: its beginning, if there is one, then every stop that has
/// a place, then its end, if there is one.
pub fn places(day: &Day) -> Vec<LngLat> {
    day.start.into_iter().chain(day.stops.iter().filter_map(|s| s.at)).chain(day.end).collect()
}

/// Travel times of a day by place: the beginning, or a stop.
struct Travel<'a> {
    table: &'a TravelTable,
    /// Index into the table of each stop that has a place.
    of_stop: Vec<Option<usize>>,
    /// Of where the day ends.
    end: Option<usize>,
}

impl Travel<'_> {
    fn of<'a>(day: &Day, table: &'a TravelTable) -> Travel<'a> {
        let mut next = usize::from(day.start.is_some())..;
        let of_stop: Vec<Option<usize>> = day.stops.iter().map(|s| s.at.and_then(|_| next.next())).collect();
        let end = day.end.and_then(|_| next.next());
        Travel { table, of_stop, end }
    }

    /// Seconds and metres.
    fn between(&self, from: usize, to: usize) -> (i64, i64) {
        let cell = self.table.cells.get(from * self.table.size + to).copied().flatten();
        cell.unwrap_or((NO_WAY, NO_WAY))
    }
}

/// Orders a day by the travel times between its [`places`]. Deterministic. Up to twelve stops the order is proven; see `route::day_route` beyond.
pub fn order(day: &Day, table: &TravelTable) -> Ordered {
    let travel = Travel::of(day, table);
    let fixed = (0..day.stops.len()).filter(|&k| day.stops[k].fixed);
    let open: Vec<usize> = (0..day.stops.len()).filter(|&k| !day.stops[k].fixed).collect();
    let mut stops: Vec<(usize, Option<i64>)> = fixed.map(|k| (k, None)).collect();
    let last = stops.iter().rev().find_map(|(k, _)| travel.of_stop[*k]);
    let from = last.or(day.start.map(|_| 0));
    let best = (!day.keep_order).then(|| search(day, &travel, &open, from));
    // Where the best order has no room for what is promised, the order stays as it is and says what comes late.
    let found = best
        .filter(|b| b.unserved.iter().all(|(k, _)| !day.stops[*k].locked))
        .unwrap_or_else(|| follow(day, &travel, &open, from));
    let proven = found.proven || (day.keep_order && none_is_better(day, &travel, &open, from, &found));
    stops.extend(found.served.iter().map(|&(k, arrival)| (k, Some(arrival))));
    let served: Vec<usize> = stops.iter().map(|s| s.0).collect();
    let left = open.iter().filter(|k| !served.contains(k));
    stops.extend(left.map(|&k| (k, None)));
    let (legs, order) = legs(day, &travel, &served);
    let back = back(day, &travel, &served);
    let more = |part: fn(&RouteBack) -> i64| back.as_ref().map_or(0, part);
    let route = Route {
        meters: legs.iter().map(|l| l.meters).sum::<i64>() + more(|b| b.meters),
        seconds: legs.iter().map(|l| l.seconds).sum::<i64>() + more(|b| b.seconds),
        order,
        legs,
        proven_optimal: proven,
        objective: day.objective,
        source: table.source.clone(),
        unserved: found
            .unserved
            .into_iter()
            .map(|(k, reason)| Unserved { customer_id: day.stops[k].customer_id, reason: reason.into() })
            .collect(),
        back,
    };
    Ordered { stops, route }
}

struct Found {
    served: Vec<(usize, i64)>,
    unserved: Vec<(usize, &'static str)>,
    /// Every window and the shift are kept.
    kept: bool,
    proven: bool,
}

/// So many stops whose best order is sought only to say whether a kept one is as good.
const PROVEN_UP_TO: usize = 12;

/// Is a kept order as good as the proven best one, by what the day saves?
fn none_is_better(day: &Day, travel: &Travel, open: &[usize], from: Option<usize>, kept: &Found) -> bool {
    if !kept.kept || !kept.unserved.is_empty() || open.len() > PROVEN_UP_TO {
        return false;
    }
    let cost = |found: &Found| -> i64 {
        let places = from.into_iter().chain(found.served.iter().filter_map(|(k, _)| travel.of_stop[*k]));
        let places: Vec<usize> = places.chain(travel.end).collect();
        let of = |(seconds, meters): (i64, i64)| match day.objective {
            Objective::Distance => meters,
            Objective::Time => seconds,
        };
        places.windows(2).map(|w| of(travel.between(w[0], w[1]))).sum()
    };
    let best = search(day, travel, open, from);
    best.proven && best.unserved.is_empty() && cost(&best) == cost(kept)
}

fn search(day: &Day, travel: &Travel, open: &[usize], from: Option<usize>) -> Found {
    let somewhere = |k: &usize| travel.of_stop[*k].is_some();
    let windows: HashMap<usize, Vec<(i64, i64)>> = open.iter().map(|&k| (k, day.begins(k))).collect();
    let shut = |k: &usize| windows[k].is_empty();
    let begun: Vec<usize> = (0..day.stops.len()).filter(|&k| day.stops[k].fixed).collect();
    let most_stops = day.most_visits.map(|most| most.saturating_sub(begun.len()));
    let full = most_stops == Some(0);
    let may = |k: &usize| somewhere(k) && !shut(k);
    let placed: Vec<usize> = open.iter().copied().filter(|k| may(k) && !full).collect();
    let mut at: Vec<usize> =
        from.into_iter().chain(placed.iter().filter_map(|&k| travel.of_stop[k])).collect();
    let first = at.len() - placed.len();
    at.extend(travel.end);
    // Nothing that was promised is left out for the sake of others.
    let promised = 1 + placed.iter().map(|&k| day.stops[k].weight).sum::<i64>();
    let stops = placed.iter().enumerate().map(|(n, &k)| {
        let priority = day.stops[k].weight + if day.stops[k].locked { promised } else { 0 };
        let stop = Stop { id: k as u64, priority, ..Stop::at(first + n, day.stops[k].service_s) };
        let free = day.stops[k].window.is_none() && day.stops[k].open.is_none();
        let windows = windows[&k].iter().filter(|_| !free);
        windows.fold(stop, |stop, &(from, to)| stop.within(from, to))
    });
    let gone = || legs(day, travel, &begun).0.iter().map(|l| l.meters).sum::<i64>();
    let distances = Matrix::from_fn(at.len(), |i, j| travel.between(at[i], at[j]).1);
    let limit = day.most_m.map(|most| Limit { of: distances.clone(), most: (most - gone()).max(0) });
    let problem = DayProblem {
        durations: Matrix::from_fn(at.len(), |i, j| travel.between(at[i], at[j]).0),
        distances,
        start: from.map(|_| 0),
        end: travel.end.map(|_| at.len() - 1),
        stops: stops.collect(),
        shift: day.window,
        breaks: pauses(day).map(|(a, b)| Break { service_s: b - a, windows: vec![(a, a)] }).collect(),
        objective: match day.objective {
            Objective::Distance => Engine::LeastDistance,
            Objective::Time => Engine::LeastTime,
        },
        most_stops,
        limits: limit.into_iter().collect(),
    };
    let answer = day_route(&problem);
    let nowhere = open.iter().filter(|k| !somewhere(k)).map(|&k| (k, "no_location"));
    let closed = open.iter().filter(|k| somewhere(k) && shut(k)).map(|&k| (k, "closed"));
    let over = open.iter().filter(|k| full && may(k)).map(|&k| (k, "limit"));
    let holds = most_stops.is_some_and(|most| answer.order.len() >= most);
    // What would not even be late beside the others makes the way too long.
    let far = |why: Reason| day.most_m.is_some() && matches!(why, Reason::Outbid { late_at: None, by_s: 0 });
    let said = |k: usize, why: Reason| match reason(why) {
        "outbid" if holds || far(why) => "limit",
        "window_closed" if day.stops[k].open.is_some() => "closed",
        other => other,
    };
    Found {
        served: answer
            .order
            .iter()
            .zip(&answer.arrivals)
            .map(|(&n, &arrival)| (placed[n], arrival))
            .collect(),
        kept: true,
        unserved: answer
            .unserved
            .iter()
            .map(|u| (placed[u.stop], said(placed[u.stop], u.reason)))
            .chain(nowhere)
            .chain(closed)
            .chain(over)
            .collect(),
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

/// The given order as a timetable; nothing is left out but what has no place. Drives rest during the pauses, and a visit
/// that would run into one begins after it.
fn follow(day: &Day, travel: &Travel, open: &[usize], from: Option<usize>) -> Found {
    let (mut now, mut here) = (day.window.0, from);
    let pauses: Vec<(i64, i64)> = pauses(day).collect();
    let mut found = Found { served: vec![], unserved: vec![], kept: true, proven: false };
    for &k in open {
        let stop = &day.stops[k];
        let Some(at) = travel.of_stop[k] else {
            found.unserved.push((k, "no_location"));
            continue;
        };
        let drive = here.map_or(0, |h| travel.between(h, at).0);
        if drive >= NO_WAY {
            found.unserved.push((k, "no_way"));
            continue;
        }
        let arrive = driven(now, drive, &pauses);
        let window = stop.window.unwrap_or(day.window);
        let ready = arrive.max(stop.window.map_or(arrive, |w| w.0));
        let (begin, closed) = opening::begin(ready, window, &stop.open, stop.service_s, &pauses);
        // Nobody waits at a door through lunch: he is there when it is over.
        found.served.push((k, if begin > ready { begin } else { arrive }));
        now = begin + stop.service_s;
        found.kept &= !closed && stop.window.is_none_or(|w| begin <= w.1) && now <= day.window.1;
        here = Some(at);
    }
    found
}

/// Metres of the best way from the first place of a table over all others to the last, if it is found; at most
/// [`MOST_COMPARED`] stops between.
pub fn shortest_m(table: &TravelTable) -> Option<i64> {
    let size = table.size;
    if !(3..=MOST_COMPARED + 2).contains(&size) {
        return None;
    }
    let cell =
        |a: usize, b: usize| table.cells.get(a * size + b).copied().flatten().unwrap_or((NO_WAY, NO_WAY));
    let problem = DayProblem {
        durations: Matrix::from_fn(size, |a, b| cell(a, b).0),
        distances: Matrix::from_fn(size, |a, b| cell(a, b).1),
        start: Some(0),
        end: Some(size - 1),
        stops: (1..size - 1).map(|k| Stop::at(k, 0)).collect(),
        shift: (0, NO_WAY >> 1),
        breaks: vec![],
        objective: Engine::LeastDistance,
        most_stops: None,
        limits: vec![],
    };
    let best = day_route(&problem);
    best.unserved.is_empty().then_some(best.distance_m)
}

/// Stops of a day that was made, compared with the best order of them.
pub const MOST_COMPARED: usize = 16;

/// The way from the last stop to where the day ends; `None` where it ends there, or no street leads home.
fn back(day: &Day, travel: &Travel, served: &[usize]) -> Option<RouteBack> {
    let last = served.iter().rev().find(|k| travel.of_stop[**k].is_some())?;
    let (seconds, meters) = travel.between(travel.of_stop[*last]?, travel.end?);
    let line = vec![day.stops[*last].at?, day.end?];
    (seconds < NO_WAY).then_some(RouteBack { meters, seconds, line })
}

fn legs(day: &Day, travel: &Travel, served: &[usize]) -> (Vec<RouteLeg>, Vec<Uuid>) {
    let (mut legs, mut order) = (vec![], vec![]);
    let mut here: Option<(Option<Uuid>, LngLat, usize)> = day.start.map(|at| (None, at, 0));
    for &k in served {
        let stop = &day.stops[k];
        order.push(stop.customer_id);
        let Some((at, index)) = stop.at.zip(travel.of_stop[k]) else { continue };
        if let Some((from, place, before)) = here {
            let (seconds, meters) = travel.between(before, index);
            // What has begun stays although no street leads there; it is not driven.
            let (seconds, meters) = if seconds >= NO_WAY { (0, 0) } else { (seconds, meters) };
            legs.push(RouteLeg { from, to: stop.customer_id, meters, seconds, line: vec![place, at] });
        }
        here = Some((Some(stop.customer_id), at, index));
    }
    (legs, order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;

    /// The straight line × 1.35 at 24 km/h.
    fn order(day: &Day) -> Ordered {
        let points = places(day);
        let straight = route::straight_line_matrix(&points, 1.35, 24.0 / 3.6);
        let size = points.len();
        let cell = |k: usize| {
            let at = (k / size, k % size);
            Some((straight.durations[at], straight.distances[at]))
        };
        let cells = (0..size * size).map(cell).collect();
        super::order(day, &TravelTable { size, cells, source: TravelSource::of("straight_line") })
    }

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
            open: None,
            fixed: false,
            locked: false,
            weight: 1,
        };
        Day {
            start: Some(centre()),
            end: None,
            window: (NINE, FIVE),
            pauses: vec![],
            stops: kilometres.iter().map(stop).collect(),
            most_visits: None,
            most_m: None,
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
    fn the_best_way_over_what_was_visited() {
        let points: Vec<LngLat> =
            [0.0, 5.0, 1.0, 3.0, 0.0].iter().map(|km| destination(centre(), 90.0, km * 1000.0)).collect();
        let straight = route::straight_line_matrix(&points, 1.35, 24.0 / 3.6);
        let size = points.len();
        let cells = (0..size * size).map(|k| {
            let at = (k / size, k % size);
            Some((straight.durations[at], straight.distances[at]))
        });
        let table = TravelTable { size, cells: cells.collect(), source: TravelSource::of("straight_line") };
        let best = shortest_m(&table).unwrap();
        assert!((13_490..=13_530).contains(&best), "5 km out and back: {best}");
        let two = TravelTable { size: 2, cells: vec![Some((0, 0)); 4], source: table.source };
        assert_eq!(shortest_m(&two), None);
    }

    #[test]
    fn a_day_that_ends_at_home_counts_the_way_there() {
        let o = order(&Day { end: Some(centre()), ..day(&[5.0, 1.0, 3.0]) });
        let back = o.route.back.clone().unwrap();
        assert!(o.route.proven_optimal && (13_490..=13_530).contains(&o.route.meters), "{}", o.route.meters);
        assert_eq!(back.line.last(), Some(&centre()));
        assert_eq!(o.route.meters, o.route.legs.iter().map(|l| l.meters).sum::<i64>() + back.meters);
        assert_eq!(order(&day(&[5.0])).route.back, None);
    }

    #[test]
    fn a_kept_order_is_only_timed() {
        let o = order(&Day { keep_order: true, ..day(&[5.0, 1.0, 3.0]) });
        assert_eq!(indices(&o), [0, 1, 2]);
        assert!(!o.route.proven_optimal && o.route.meters > 14_000);
        let best = order(&Day { keep_order: true, ..day(&[1.0, 3.0, 5.0]) });
        assert!(best.route.proven_optimal, "as good as the best, it is said to be");
        let mut late = Day { keep_order: true, ..day(&[1.0, 3.0, 5.0]) };
        late.stops[2].window = Some((NINE, NINE + 60));
        assert!(!order(&late).route.proven_optimal, "one that comes late is no best order");
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
    fn what_is_locked_is_never_left_out() {
        let mut d = day(&[1.0, 2.0, 3.0, 4.0]);
        d.stops[3].locked = true;
        d.stops[3].window = Some((NINE, NINE + 60));
        let o = order(&d);
        assert_eq!(indices(&o), [0, 1, 2, 3], "four kilometres in a minute cannot be: the order stays");
        assert_eq!(o.route.unserved, []);
        d.stops[3].window = Some((NINE + 600, NINE + 900));
        assert_eq!(indices(&order(&d))[0], 3, "he goes there first, where that keeps the promise");
    }

    #[test]
    fn a_day_holds_so_many_visits_and_the_weightier_ones_are_made() {
        let mut d = Day { most_visits: Some(2), ..day(&[1.0, 4.0, 3.0]) };
        d.stops[2].weight = 5;
        let o = order(&d);
        assert_eq!(indices(&o), [0, 2, 1], "the far one is worth more, the near one lies on the way");
        let left = Unserved { customer_id: Uuid::from_u128(4000), reason: "limit".into() };
        assert_eq!((o.stops[2].1, &o.route.unserved), (None, &vec![left]));
        // What has begun counts as well; what was promised stays all the same.
        d.stops[0].fixed = true;
        assert_eq!(order(&d).route.order, [Uuid::from_u128(1000), Uuid::from_u128(3000)]);
        d.most_visits = Some(1);
        let full = order(&d).route.unserved;
        assert!(full.len() == 2 && full.iter().all(|u| u.reason == "limit"), "{full:?}");
        d.stops[1].locked = true;
        assert_eq!(order(&d).route.unserved, []);
        // An order that is kept is only timed.
        assert_eq!(
            order(&Day { keep_order: true, most_visits: Some(1), ..day(&[1.0, 2.0]) }).route.unserved,
            []
        );
    }

    #[test]
    fn a_day_holds_so_many_kilometres() {
        // There and back are 2.7, 5.4 and 8.1 km.
        let d = Day { end: Some(centre()), most_m: Some(6_000), ..day(&[1.0, 2.0, 3.0]) };
        let o = order(&d);
        let mut made = o.route.order.clone();
        made.sort_unstable();
        assert_eq!(made, [Uuid::from_u128(1000), Uuid::from_u128(2000)]);
        assert!(o.route.meters <= 6_000, "{}", o.route.meters);
        assert_eq!(
            o.route.unserved,
            [Unserved { customer_id: Uuid::from_u128(3000), reason: "limit".into() }]
        );
    }

    #[test]
    fn where_time_is_short_a_weighty_visit_is_made_before_two_others() {
        let mut d = day(&[1.0, 2.0, 3.0]);
        d.window = (NINE, NINE + 4_500);
        assert_eq!(order(&d).route.order.len(), 2);
        for k in [1, 2] {
            d.stops[k].service_s = 1_000;
        }
        d.stops[0].service_s = 4_000;
        d.stops[0].weight = 5;
        let o = order(&d);
        assert_eq!(o.route.order, [Uuid::from_u128(1000)]);
        assert!(o.route.unserved.iter().all(|u| u.reason == "outbid"), "{:?}", o.route.unserved);
    }

    #[test]
    fn lunch_is_not_worked_through() {
        let mut d = day(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        d.pauses = vec![(12 * 3600, 13 * 3600)];
        for keep_order in [false, true] {
            d.keep_order = keep_order;
            let o = order(&d);
            assert_eq!(o.route.unserved, []);
            let (noon, one) = (12 * 3600, 13 * 3600);
            // No arrival, and in a kept order no part of the half hour after it.
            let stay = if keep_order { 1800 } else { 0 };
            let during = |t: i64| t < one && t + stay > noon;
            assert!(o.stops.iter().all(|s| !during(s.1.unwrap())), "{keep_order}: {:?}", o.stops);
        }
        // A drive that meets the pause goes on after it.
        d.keep_order = true;
        d.stops.truncate(1);
        d.pauses = vec![(NINE + 60, NINE + 3660)];
        let o = order(&d);
        // 1 km × 1.35 at 24 km/h are 203 s.
        assert!((NINE + 3_800..NINE + 3_806).contains(&o.stops[0].1.unwrap()), "{:?}", o.stops);
    }

    #[test]
    fn without_start_the_day_begins_at_the_first_stop() {
        let o = order(&Day { start: None, ..day(&[5.0, 1.0, 3.0]) });
        assert_eq!(o.route.legs.len(), 2);
        assert!((5_395..=5_405).contains(&o.route.meters), "{}", o.route.meters);
    }

    #[test]
    fn where_no_street_leads_is_named() {
        let d = day(&[5.0, 1.0]);
        // From the start both ways are known; from and to the first stop none.
        let some = Some((600, 1_000));
        let cells = vec![some, None, some, None, some, None, some, None, some];
        let table = TravelTable { size: 3, cells, source: TravelSource::of("own_map") };
        for keep_order in [false, true] {
            let o = super::order(&Day { keep_order, ..d.clone() }, &table);
            assert_eq!(o.route.unserved.len(), 1, "{keep_order}");
            assert_eq!(
                (o.route.unserved[0].customer_id, o.route.unserved[0].reason.as_str()),
                (Uuid::from_u128(5000), "no_way")
            );
            assert_eq!((o.route.meters, o.route.seconds), (1_000, 600));
            assert_eq!(o.route.source.provider, "own_map");
        }
    }

    #[test]
    fn a_route_of_an_earlier_version_is_read() {
        let old = r#"{"order":[],"legs":[],"meters":0,"seconds":0,"proven_optimal":true,"objective":"time","source":"straight_line","unserved":[]}"#;
        let route: Route = serde_json::from_str(old).unwrap();
        assert_eq!(route.source, TravelSource::of("straight_line"));
    }

    #[test]
    fn nothing_is_nothing() {
        let o = order(&day(&[]));
        assert!(o.stops.is_empty() && o.route.legs.is_empty());
    }
}
