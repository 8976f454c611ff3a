//! A plan under search: routes, absent visits, and the way back to the state before a step.

use super::instance::Instance;
use super::route::Route;

/// Route of an absent visit.
const ABSENT: u32 = u32::MAX;

pub(crate) struct State<'a> {
    pub instance: &'a Instance<'a>,
    pub routes: Vec<Route>,
    pub route_of: Vec<u32>,
    pub absent: Vec<u32>,
    saved: Vec<Route>,
    saved_now: usize,
    touched: Vec<bool>,
    absent_before: Vec<u32>,
    /// Rep indices, those of one class together, so that only the first idle one of a class is tried.
    pub by_class: Vec<usize>,
}

/// What the annealing compares, and what decides which plan is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    pub must: i64,
    pub priority: i64,
    pub absent: i64,
    pub lateness: i64,
    pub cost: i64,
}

impl<'a> State<'a> {
    /// Only what is committed is in place.
    pub fn new(instance: &'a Instance<'a>) -> State<'a> {
        let routes: Vec<Route> = (0..instance.people.len()).map(|r| Route::new(instance, r)).collect();
        let mut route_of = vec![ABSENT; instance.visits.len()];
        for (r, route) in routes.iter().enumerate() {
            route.visits().for_each(|v| route_of[v] = r as u32);
        }
        let mut by_class: Vec<usize> = (0..instance.people.len()).collect();
        by_class.sort_by_key(|&r| (instance.people[r].class, r));
        State {
            instance,
            touched: vec![false; routes.len()],
            routes,
            route_of,
            absent: instance.free.clone(),
            saved: vec![],
            saved_now: 0,
            absent_before: vec![],
            by_class,
        }
    }

    /// Begins a step that may be taken back.
    pub fn begin(&mut self) {
        for k in 0..self.saved_now {
            self.touched[self.saved[k].rep] = false;
        }
        self.saved_now = 0;
        self.absent_before.clone_from(&self.absent);
    }

    /// Keeps a copy of a route before its first change in this step.
    pub fn touch(&mut self, r: usize) {
        if self.touched[r] {
            return;
        }
        self.touched[r] = true;
        if self.saved_now == self.saved.len() {
            self.saved.push(self.routes[r].clone());
        } else {
            self.saved[self.saved_now].copy_from(&self.routes[r]);
        }
        self.saved_now += 1;
    }

    /// Takes back everything since [`State::begin`].
    pub fn undo(&mut self) {
        for k in 0..self.saved_now {
            let r = self.saved[k].rep;
            std::mem::swap(&mut self.routes[r], &mut self.saved[k]);
            self.touched[r] = false;
        }
        std::mem::swap(&mut self.absent, &mut self.absent_before);
        for k in 0..self.saved_now {
            let r = self.saved[k].rep;
            for stop in &self.routes[r].stops[1..self.routes[r].stops.len() - 1] {
                self.route_of[stop.node as usize] = r as u32;
            }
        }
        for &v in &self.absent {
            self.route_of[v as usize] = ABSENT;
        }
        self.saved_now = 0;
    }

    pub fn route_of(&self, visit: usize) -> Option<usize> {
        let r = self.route_of[visit];
        (r != ABSENT).then_some(r as usize)
    }

    /// Takes visits out of a route and puts them among the absent.
    pub fn remove(&mut self, r: usize, gone: impl Fn(usize) -> bool) {
        self.touch(r);
        let from = self.absent.len();
        self.routes[r].remove(self.instance, &mut self.absent, gone);
        if !self.routes[r].is_valid(self.instance) {
            // Where a detour is quicker than the direct way, fewer visits can take longer.
            let first = self.routes[r].first_free(self.instance);
            self.routes[r].remove(self.instance, &mut self.absent, |k| k >= first);
        }
        for &v in &self.absent[from..] {
            self.route_of[v as usize] = ABSENT;
        }
    }

    /// Moves the visits of route `r` after its first `keep` to the idle route `other`, if both then hold.
    pub fn divide(&mut self, r: usize, keep: usize, other: usize) {
        self.touch(r);
        self.touch(other);
        let visits: Vec<usize> = self.routes[r].visits().collect();
        let (head, tail) = visits.split_at(keep);
        self.routes[r].assign(self.instance, head);
        self.routes[other].assign(self.instance, tail);
        if self.routes[r].is_valid(self.instance) && self.routes[other].is_valid(self.instance) {
            tail.iter().for_each(|&v| self.route_of[v] = other as u32);
        } else {
            self.routes[r].assign(self.instance, &visits);
            self.routes[other].assign(self.instance, &[]);
        }
    }

    /// Puts a visit (already taken from the absent) into a route.
    pub fn insert(&mut self, visit: usize, place: super::route::Place) {
        self.touch(place.route);
        self.routes[place.route].insert(self.instance, visit, place.at, place.cost);
        self.route_of[visit] = place.route as u32;
    }

    /// Cost with the price of the absent.
    pub fn price(&self) -> i64 {
        let routes: i64 = self.routes.iter().map(|r| r.cost).sum();
        routes + self.absent.iter().map(|&v| self.instance.visits[v as usize].penalty).sum::<i64>()
    }

    pub fn value(&self) -> Value {
        let visit = |v: &u32| &self.instance.visits[*v as usize];
        Value {
            must: self.absent.iter().filter(|v| visit(v).must).count() as i64,
            priority: self.absent.iter().map(|v| visit(v).priority).sum(),
            absent: self.absent.len() as i64,
            lateness: self.routes.iter().map(|r| r.lateness).sum(),
            cost: self.routes.iter().map(|r| r.cost).sum(),
        }
    }

    pub fn sequences(&self) -> Vec<Vec<usize>> {
        self.routes.iter().map(|r| r.visits().collect()).collect()
    }

    /// Takes over sequences as far as they hold: routes that break a rule, and visits that may not be where
    /// they are, are left to be planned anew.
    pub fn load(&mut self, sequences: &[Vec<usize>]) {
        let instance = self.instance;
        for (r, visits) in sequences.iter().enumerate() {
            let committed = &instance.people[r].committed;
            let mut kept = committed.clone();
            for &v in visits {
                let free = self.route_of[v] == ABSENT && !kept.contains(&v);
                if free && kept.len() < instance.people[r].max_tasks && instance.compatible(r, v) {
                    kept.push(v);
                }
            }
            self.routes[r].assign(instance, &kept);
            if !self.routes[r].is_valid(instance) || !self.routes[r].loads_hold(instance) {
                self.routes[r].assign(instance, &committed.clone());
            }
            for v in self.routes[r].visits() {
                self.route_of[v] = r as u32;
            }
        }
        self.absent =
            instance.free.iter().copied().filter(|&v| self.route_of[v as usize] == ABSENT).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::samples::rich_problem;
    use crate::random::Dice;
    use crate::search::recreate::Recreate;
    use crate::search::ruin::ruin;

    #[test]
    fn what_is_kept_up_step_by_step_equals_what_is_computed_anew() {
        let mut dice = Dice::new(11);
        for _ in 0..40 {
            let problem = rich_problem(&mut dice, 12, 5);
            problem.validate().unwrap();
            let instance = Instance::new(&problem);
            let mut state = State::new(&instance);
            let mut recreate = Recreate::new();
            for step in 0..200 {
                state.begin();
                let before = (state.price(), state.sequences());
                ruin(&mut state, &mut dice);
                recreate.run(&mut state, &mut dice);
                for route in &state.routes {
                    let mut anew = Route::new(&instance, route.rep);
                    anew.assign(&instance, &route.visits().collect::<Vec<_>>());
                    assert_eq!(route.cost, anew.cost);
                    assert_eq!(route.travel, anew.travel);
                    assert!(anew.is_valid(&instance) && anew.loads_hold(&instance), "{route:?}");
                    for (a, b) in route.stops.iter().zip(&anew.stops).skip(1) {
                        assert_eq!((a.early, a.late, a.late_here), (b.early, b.late, b.late_here));
                    }
                }
                let placed: usize = state.routes.iter().map(Route::len).sum();
                assert_eq!(placed + state.absent.len(), problem.visits.len());
                if step % 3 == 0 {
                    state.undo();
                    assert_eq!(before, (state.price(), state.sequences()));
                }
            }
        }
    }
}
