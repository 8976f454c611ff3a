//! Finds places for the customers of the story: at given distances along the streets, and so that the
//! given order is the shortest one.

use geo::{LngLat, distance_m};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::City;
use crate::find::OnEdge;
use crate::path::cost;
use crate::street::StreetClass;

/// A place beside a street that is reached in a known direction.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    pub at: LngLat,
    pub place: OnEdge,
    /// One arrives from the start of the edge.
    forward: bool,
}

/// Office, five customers, and home.
pub struct Sites {
    pub office: LngLat,
    pub customers: Vec<Site>,
    pub home: Site,
}

/// A place on a street where a site could be.
#[derive(Clone, Copy)]
struct Spot {
    edge: usize,
    along_m: f64,
    forward: bool,
}

/// One of the spots, as a site; None where another street is too near.
fn pick(city: &City, spots: &[Spot], rng: &mut ChaCha8Rng) -> Option<Site> {
    let s = spots.get(rng.random_range(0..spots.len().max(1)))?;
    Site::new(city, s.edge, s.along_m, s.forward, DOOR_M)
}

/// From the centre line to the door of a story shop.
const DOOR_M: f64 = 11.5;
/// The order must be better than any other by this factor.
const MARGIN: f64 = 1.06;
/// Cut corners and lanes make a driven leg a little shorter than the centre line.
const CUT_M: f64 = 22.0;
const ROOM_M: f64 = 62.0;

impl Site {
    fn new(city: &City, edge: usize, along_m: f64, forward: bool, off_m: f64) -> Option<Site> {
        // The shop is on the right hand of who arrives.
        let (place, at) = city.beside(edge, along_m, if forward { -off_m } else { off_m })?;
        Some(Site { at, place, forward })
    }

    /// The site some metres further on (negative: nearer). None where the street ends.
    pub fn moved(&self, city: &City, by_m: f64) -> Option<Site> {
        let along = self.place.along_m + if self.forward { by_m } else { -by_m };
        let fits = along > 25.0 && along < city.edges[self.place.edge].length_m - 25.0;
        if fits { Site::new(city, self.place.edge, along, self.forward, self.place.off_m) } else { None }
    }
}

/// Tries random places until the story order is the shortest by a margin; else the best found.
pub fn find_sites(city: &City, legs_m: &[f64], home_m: f64, rng: &mut ChaCha8Rng) -> Sites {
    let mut best: Option<(f64, Sites)> = None;
    for _ in 0..600 {
        let Some(sites) = attempt(city, legs_m, home_m, rng) else { continue };
        let margin = order_margin(&sites);
        if best.as_ref().is_none_or(|b| margin > b.0) {
            best = Some((margin, sites));
        }
        if margin > MARGIN {
            break;
        }
    }
    best.map(|b| b.1).unwrap_or_else(|| Sites {
        office: city.downtown,
        customers: Vec::new(),
        home: Site { at: city.centre, place: city.snap(city.centre), forward: true },
    })
}

fn attempt(city: &City, legs_m: &[f64], home_m: f64, rng: &mut ChaCha8Rng) -> Option<Sites> {
    let office = loop {
        let edge = rng.random_range(0..city.edges.len());
        let e = &city.edges[edge];
        let far = (e.line[0] - city.heart).len();
        let fits = e.class != StreetClass::Fast && e.length_m > 100.0 && !e.bridge && far < 5_500.0;
        if fits && let Some(site) = Site::new(city, edge, e.length_m / 2.0, true, DOOR_M) {
            break site.at;
        }
    };
    let mut at = vec![office];
    let mut customers: Vec<Site> = Vec::new();
    let mut hand = 0.0;
    for &metres in legs_m {
        let here = at[at.len() - 1];
        let options = at_distance(city, here, metres);
        let before = at.len().checked_sub(2).map(|i| at[i]);
        let site = (0..14).filter_map(|_| pick(city, &options, rng)).find(|s| {
            // Round in one direction, so that the way does not cross itself.
            let turn = before.map_or(0.0, |b| turn_at(city, b, here, s.at));
            let keeps = hand == 0.0 || turn == 0.0 || turn * hand > -0.05;
            keeps && at.iter().all(|p| distance_m(*p, s.at) > 2_300.0)
        })?;
        if let (0.0, Some(b)) = (hand, before) {
            hand = turn_at(city, b, here, site.at).signum();
        }
        at.push(site.at);
        customers.push(site);
    }
    let homes = at_distance(city, at[at.len() - 1], home_m);
    let home = (0..20)
        .filter_map(|_| pick(city, &homes, rng))
        .filter(|h| city.edges[h.place.edge].class == StreetClass::Lane)
        .min_by(|a, b| distance_m(a.at, office).total_cmp(&distance_m(b.at, office)))?;
    Some(Sites { office, customers, home })
}

/// Sine of the turn at `b`, positive to the left.
fn turn_at(city: &City, a: LngLat, b: LngLat, c: LngLat) -> f64 {
    let (a, b, c) = (city.xy(a), city.xy(b), city.xy(c));
    (b - a).unit().cross((c - b).unit())
}

/// Places whose best way from here is so long.
fn at_distance(city: &City, from: LngLat, metres: f64) -> Vec<Spot> {
    let reach = city.reach(city.snap(from), None);
    let wanted = metres + CUT_M;
    let mut out = Vec::new();
    for (i, e) in city.edges.iter().enumerate() {
        let fits = e.class != StreetClass::Fast && !e.bridge && !e.one_way && e.length_m > 2.2 * ROOM_M;
        if !fits {
            continue;
        }
        for (near, far, forward) in [(e.from, e.to, true), (e.to, e.from, false)] {
            let left = wanted - reach.metres[near];
            if !(ROOM_M..e.length_m - ROOM_M).contains(&left) {
                continue;
            }
            // Still the best way when the place moves to the far end of its room.
            let this = reach.cost[near] + cost(e, left + ROOM_M);
            let other = reach.cost[far] + cost(e, e.length_m - left - ROOM_M);
            if this + 20.0 < other {
                let along = if forward { left } else { e.length_m - left };
                out.push(Spot { edge: i, along_m: along, forward });
            }
        }
    }
    out
}

/// How much longer the second best order is, for three ways to end the day: anywhere, at the office, at home.
fn order_margin(sites: &Sites) -> f64 {
    let at: Vec<LngLat> = sites.customers.iter().map(|c| c.at).collect();
    let ends = [None, Some(sites.office), Some(sites.home.at)];
    ends.into_iter().map(|end| margin_to(sites.office, &at, end)).fold(f64::INFINITY, f64::min)
}

/// Length of the best other order over the length of the given order, in straight lines.
fn margin_to(start: LngLat, at: &[LngLat], end: Option<LngLat>) -> f64 {
    let length = |order: &[usize]| {
        let mut here = start;
        let mut sum = 0.0;
        for &k in order {
            sum += distance_m(here, at[k]);
            here = at[k];
        }
        sum + end.map_or(0.0, |e| distance_m(here, e))
    };
    let given: Vec<usize> = (0..at.len()).collect();
    let own = length(&given);
    // A round trip may be driven the other way round for the same length; that is the same order.
    let back: Vec<usize> = given.iter().rev().copied().collect();
    let round = end.is_some_and(|e| distance_m(e, start) < 1.0);
    let mut best = f64::INFINITY;
    orders(&mut given.clone(), 0, &mut |order| {
        if order != given && !(round && order == back) {
            best = best.min(length(order));
        }
    });
    best / own.max(1.0)
}

fn orders(list: &mut Vec<usize>, from: usize, seen: &mut impl FnMut(&[usize])) {
    if from == list.len() {
        seen(list);
        return;
    }
    for i in from..list.len() {
        list.swap(from, i);
        orders(list, from + 1, seen);
        list.swap(from, i);
    }
}
