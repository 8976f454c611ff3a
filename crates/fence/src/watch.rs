//! Who entered, stayed, left or only passed, from a day's positions of known accuracy.
//!
//! One position proves little. Somebody *enters* when he has been inside for a while without driving through;
//! the time of entering is that of the first position inside. He *leaves* when he has been outside, beyond a margin,
//! for a while or far away; the time of leaving is that of the last position inside. Between the two the edge may
//! be crossed by the error of the receiver as often as it likes. Who is inside and gone again without having
//! stayed, or whose way leads across between two positions, has *passed*.
//!
//! The result depends on the set of positions alone: not on their order, nor on how often each came.

use std::collections::BTreeMap;

use geo::{LngLat, distance_m};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Index, Shape};

/// Version of these rules; kept with every event.
pub const VERSION: &str = "fence-1";

/// A watched place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fence {
    pub id: Uuid,
    pub shape: Shape,
    /// Somebody inside for this long *dwells*, seconds; 0 is never.
    pub dwell_s: u32,
}

/// A position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Unix milliseconds.
    pub t_ms: i64,
    pub at: LngLat,
    /// 68 % radius of the error, metres.
    pub acc_m: Option<f32>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Enter,
    Dwell,
    Exit,
    Pass,
}

/// One event, with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    pub fence: Uuid,
    pub kind: EventKind,
    /// When it happened, Unix milliseconds: of an exit the last time seen inside.
    pub at_ms: i64,
    /// Of a pass: the last time it was inside.
    pub until_ms: i64,
    /// Time of the position that settled it.
    pub known_ms: i64,
    /// The position at `at_ms`, its accuracy in metres, and the probability that it was inside.
    pub at: LngLat,
    pub acc_m: f64,
    pub probability: f64,
}

/// When positions amount to an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatchRules {
    /// Inside from this probability on.
    pub inside: f64,
    /// Outside below this one, if the edge is also further than half as much again as the accuracy.
    pub outside: f64,
    /// Time inside that makes an arrival, seconds…
    pub arrive_s: f64,
    /// …at no more than this speed over all of it, m/s: a way through is none.
    pub arrive_mps: f64,
    /// Margin beyond the edge as a share of the radius, at least [`Self::margin_m`].
    pub hysteresis: f64,
    pub margin_m: f64,
    /// Time beyond the margin that makes a departure, seconds.
    pub leave_s: f64,
    /// Beyond this share of the radius two positions are enough.
    pub far: f64,
    /// Between two positions further apart than this nobody knows the way, seconds.
    pub way_s: f64,
    /// Accuracy of a position that does not tell it, metres.
    pub unknown_acc_m: f64,
    /// Faster than this from both neighbours no position can be, m/s.
    pub leap_mps: f64,
}

impl Default for WatchRules {
    fn default() -> WatchRules {
        WatchRules {
            inside: 0.8,
            outside: 0.05,
            arrive_s: 90.0,
            arrive_mps: 1.5,
            hysteresis: 0.3,
            margin_m: 10.0,
            leave_s: 120.0,
            far: 2.0,
            way_s: 120.0,
            unknown_acc_m: 30.0,
            leap_mps: 60.0,
        }
    }
}

/// Events of one person's positions at all fences, in order of time. `index` is over the shapes in their order.
pub fn watch(fences: &[Fence], index: &Index, seen: &[Seen], rules: &WatchRules) -> Vec<Event> {
    let seen = clean(seen, rules);
    let mut near: BTreeMap<usize, Presence> = BTreeMap::new();
    let mut events = vec![];
    for (i, fix) in seen.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| seen[b]).filter(|b| seconds(b.t_ms, fix.t_ms) <= rules.way_s);
        let places: Vec<LngLat> = before.iter().map(|b| b.at).chain([fix.at]).collect();
        let mut touched: Vec<usize> = near.keys().copied().chain(index.near(&places, 1.0)).collect();
        touched.sort_unstable();
        touched.dedup();
        for k in touched {
            let Some(fence) = fences.get(k) else { continue };
            let presence = near.remove(&k);
            if let Some(still) = step(fence, presence, before.as_ref(), fix, rules, &mut events) {
                near.insert(k, still);
            }
        }
    }
    // Who is inside when the positions end, and has stayed too short to say, has neither entered nor passed.
    events.sort_by_key(|e: &Event| (e.at_ms, e.fence, e.kind));
    events
}

/// Somebody at a fence.
enum Presence {
    /// Inside, for too short a time to say more.
    Near {
        first: Look,
        last: Look,
        inside: Vec<(i64, LngLat)>,
    },
    Inside {
        first: Look,
        last: Look,
        dwelled: bool,
        out: Option<(i64, u32)>,
    },
}

/// One position at one fence.
#[derive(Clone, Copy)]
struct Look {
    t_ms: i64,
    at: LngLat,
    acc_m: f64,
    probability: f64,
}

#[derive(PartialEq)]
enum Side {
    In,
    Out,
    Unclear,
}

fn step(
    fence: &Fence,
    presence: Option<Presence>,
    before: Option<&Seen>,
    fix: &Seen,
    rules: &WatchRules,
    events: &mut Vec<Event>,
) -> Option<Presence> {
    let (look, edge) = look(fence, fix, rules);
    let side = side(&look, edge, rules);
    let event = |kind, of: &Look, until_ms| Event {
        fence: fence.id,
        kind,
        at_ms: of.t_ms,
        until_ms,
        known_ms: look.t_ms,
        at: of.at,
        acc_m: of.acc_m,
        probability: of.probability,
    };
    match (presence, side) {
        (None, Side::In) => {
            Some(Presence::Near { first: look, last: look, inside: vec![(look.t_ms, look.at)] })
        }
        (None, Side::Out) => {
            let before = before?;
            let (from, edge) = self::look(fence, before, rules);
            // Both ends clearly outside, the way between them not.
            if self::side(&from, edge, rules) == Side::Out && fence.shape.crosses(before.at, fix.at) {
                events.push(Event { probability: 0.0, ..event(EventKind::Pass, &from, look.t_ms) });
            }
            None
        }
        (None, Side::Unclear) => None,
        (Some(Presence::Near { first, mut inside, .. }), Side::In) => {
            inside.push((look.t_ms, look.at));
            if !arrived(&inside, rules) {
                return Some(Presence::Near { first, last: look, inside });
            }
            events.push(event(EventKind::Enter, &first, first.t_ms));
            let mut dwelled = false;
            dwell(fence, &first, &look, &mut dwelled, events);
            Some(Presence::Inside { first, last: look, dwelled, out: None })
        }
        (Some(Presence::Near { first, last, .. }), Side::Out) => {
            events.push(event(EventKind::Pass, &first, last.t_ms));
            None
        }
        (Some(Presence::Inside { first, mut dwelled, .. }), Side::In) => {
            dwell(fence, &first, &look, &mut dwelled, events);
            Some(Presence::Inside { first, last: look, dwelled, out: None })
        }
        (Some(Presence::Inside { first, last, dwelled, out }), Side::Out) => {
            let radius = fence.shape.radius_m();
            if edge < (radius * rules.hysteresis).max(rules.margin_m) {
                return Some(Presence::Inside { first, last, dwelled, out });
            }
            let (since, count) = out.map_or((look.t_ms, 1), |(since, count)| (since, count + 1));
            let long = seconds(since, look.t_ms) >= rules.leave_s;
            let far = edge > rules.far * radius.max(100.0) + 2.0 * look.acc_m;
            if count >= 2 && (long || far) {
                events.push(event(EventKind::Exit, &last, last.t_ms));
                return None;
            }
            Some(Presence::Inside { first, last, dwelled, out: Some((since, count)) })
        }
        (still, Side::Unclear) => still,
    }
}

fn look(fence: &Fence, fix: &Seen, rules: &WatchRules) -> (Look, f64) {
    let acc_m = accuracy(fix, rules);
    let probability = fence.shape.probability(fix.at, acc_m);
    (Look { t_ms: fix.t_ms, at: fix.at, acc_m, probability }, fence.shape.edge_m(fix.at))
}

fn side(look: &Look, edge: f64, rules: &WatchRules) -> Side {
    if look.probability >= rules.inside {
        Side::In
    } else if look.probability < rules.outside && edge > 1.5 * look.acc_m {
        Side::Out
    } else {
        Side::Unclear
    }
}

/// Has somebody come, and not only come through? There is a stretch of positions inside, long enough, over which he
/// hardly got on.
fn arrived(inside: &[(i64, LngLat)], rules: &WatchRules) -> bool {
    let Some((t, at)) = inside.last() else { return false };
    inside
        .iter()
        .rev()
        .find(|(from, _)| seconds(*from, *t) >= rules.arrive_s)
        .is_some_and(|(from, there)| distance_m(*there, *at) <= rules.arrive_mps * seconds(*from, *t))
}

fn dwell(fence: &Fence, first: &Look, now: &Look, dwelled: &mut bool, events: &mut Vec<Event>) {
    let due = first.t_ms + i64::from(fence.dwell_s) * 1000;
    if fence.dwell_s > 0 && !*dwelled && now.t_ms >= due {
        *dwelled = true;
        events.push(Event {
            fence: fence.id,
            kind: EventKind::Dwell,
            at_ms: due,
            until_ms: due,
            known_ms: now.t_ms,
            at: now.at,
            acc_m: now.acc_m,
            probability: now.probability,
        });
    }
}

fn seconds(from_ms: i64, to_ms: i64) -> f64 {
    to_ms.saturating_sub(from_ms) as f64 / 1000.0
}

fn accuracy(fix: &Seen, rules: &WatchRules) -> f64 {
    fix.acc_m.map(f64::from).filter(|a| a.is_finite() && *a > 0.0).unwrap_or(rules.unknown_acc_m)
}

/// In order, one position a millisecond (the more accurate one), without single leaps.
fn clean(seen: &[Seen], rules: &WatchRules) -> Vec<Seen> {
    let mut all = seen.to_vec();
    let rank = |s: &Seen| {
        let (x, y) = s.at.e7();
        (s.t_ms, (accuracy(s, rules) * 10.0) as i64, x, y)
    };
    all.sort_by_key(rank);
    all.dedup_by_key(|s| s.t_ms);
    let leap = |a: &Seen, b: &Seen| {
        distance_m(a.at, b.at) - accuracy(a, rules) - accuracy(b, rules)
            > rules.leap_mps * seconds(a.t_ms, b.t_ms).max(0.5)
    };
    let kept = |i: usize| {
        let before = i.checked_sub(1).map(|b| leap(&all[b], &all[i]));
        let after = all.get(i + 1).map(|next| leap(&all[i], next));
        // At the ends there is one neighbour to judge by; it may be the wrong one of the two.
        !(before.unwrap_or(false) && after.unwrap_or(false))
    };
    (0..all.len()).filter(|i| kept(*i)).map(|i| all[i]).collect()
}
