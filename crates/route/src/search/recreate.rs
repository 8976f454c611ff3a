//! Puts absent visits back one after the other, each at its cheapest place, overlooking a place now and then.

use super::route::{Blink, Place};
use super::state::State;
use crate::random::Dice;

/// How often an idle rep may be sent out although a working one could take the visit.
const SEND_OUT: f64 = 0.25;

pub(crate) struct Recreate {
    blink: Blink,
    order: Vec<(i64, u32)>,
}

impl Recreate {
    pub fn new() -> Recreate {
        Recreate { blink: Blink::new(), order: vec![] }
    }

    pub fn run(&mut self, state: &mut State, dice: &mut Dice) {
        self.sort(state, dice);
        state.absent.clear();
        let send_out = dice.chance(SEND_OUT);
        for k in 0..self.order.len() {
            let visit = self.order[k].1 as usize;
            match self.cheapest(state, visit, send_out, dice) {
                Some(place) => state.insert(visit, place),
                None => state.absent.push(visit as u32),
            }
        }
    }

    fn cheapest(&mut self, state: &State, visit: usize, send_out: bool, dice: &mut Dice) -> Option<Place> {
        let instance = state.instance;
        let mut best = None;
        for r in 0..state.routes.len() {
            let route = &state.routes[r];
            if !route.is_idle() && route.takes(instance, visit) {
                route.cheapest(instance, visit, r, &mut best, || self.blink.now(dice));
            }
        }
        if send_out || best.is_none() {
            let mut tried = usize::MAX;
            for &r in &state.by_class {
                let class = instance.people[r].class;
                if class != tried && state.routes[r].is_idle() {
                    tried = class;
                    if state.routes[r].takes(instance, visit) {
                        state.routes[r].cheapest(instance, visit, r, &mut best, || false);
                    }
                }
            }
        }
        best
    }

    /// One of several orders, each of which finds what the others miss.
    fn sort(&mut self, state: &State, dice: &mut Dice) {
        let instance = state.instance;
        let ranks =
            if state.absent.iter().any(|&v| instance.visits[v as usize].priority > 0) { 20 } else { 17 };
        let rule = dice.below(ranks);
        let depot = |v: usize| {
            // Nobody at all: any order will do.
            let Some((net, person)) = instance.nets.first().zip(instance.people.first()) else { return 0 };
            i64::from(net.leg(person.start, v).cost) + i64::from(net.leg(v, person.end).cost)
        };
        self.order.clear();
        for &visit in &state.absent {
            let v = &instance.visits[visit as usize];
            let key = match rule {
                0..=3 => (dice.next() >> 2) as i64,
                4..=7 => -v.load,
                8..=9 => -depot(visit as usize),
                10 => depot(visit as usize),
                11..=12 => i64::from(v.closes) - i64::from(v.window.open),
                13..=14 => i64::from(v.window.open),
                15..=16 => -i64::from(v.closes),
                _ => -v.penalty,
            };
            self.order.push((key, visit));
        }
        self.order.sort_by_key(|&(key, _)| key);
    }
}
