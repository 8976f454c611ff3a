//! One rep's route with earliest and latest times at every stop, so that an insertion is judged in constant
//! time.
//!
//! Breaks make the clock a small vector: one earliest and one latest time per number of breaks taken. As
//! leaving earlier never makes anything later, these numbers decide feasibility exactly, with several
//! windows too.

use super::instance::{Instance, NEVER, NO_WAY, Net};
use crate::windows::{arrival, latest_departure};

/// A stop; the first and the last of a route are its terminals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    pub node: u32,
    /// Earliest departure without any break.
    pub early: i32,
    /// Latest begin with all breaks taken, after a full setup and when coming from the same place.
    pub late: i32,
    pub late_here: i32,
    /// Leg to the next stop.
    pub cost: i32,
    pub time: i32,
}

/// Times with a number of breaks taken.
#[derive(Debug, Clone, Copy)]
struct Times {
    early: i32,
    late: i32,
    late_here: i32,
}

#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub rep: usize,
    pub stops: Vec<Stop>,
    /// `[stop][breaks taken]`; empty for a rep without breaks.
    times: Vec<Times>,
    /// Legs, fixed cost, wishes, balance, lateness.
    pub cost: i64,
    pub travel: i64,
    metres: i64,
    service: i64,
    load: Vec<i64>,
    pub lateness: i64,
    /// The clocks can be kept.
    kept: bool,
}

/// Earliest departure that does not exist.
const LATE: i32 = i32::MAX / 2;

/// Where a visit goes and what that costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub cost: i64,
    pub route: usize,
    pub at: usize,
}

/// Decides which places to overlook: one in a hundred, drawn as gaps so that most cost nothing.
pub(crate) struct Blink {
    left: u32,
}

impl Blink {
    pub fn new() -> Blink {
        Blink { left: 50 }
    }

    #[inline]
    pub fn now(&mut self, dice: &mut crate::random::Dice) -> bool {
        self.left -= 1;
        if self.left == 0 {
            self.left = 1 + (-(1.0 - dice.unit()).ln() * 100.0) as u32;
            return true;
        }
        false
    }
}

impl Route {
    /// The route that holds only what is committed.
    pub fn new(instance: &Instance, rep: usize) -> Route {
        let person = &instance.people[rep];
        let mut route = Route {
            rep,
            stops: vec![],
            times: vec![],
            cost: 0,
            travel: 0,
            metres: 0,
            service: 0,
            load: vec![0; instance.dimensions],
            lateness: 0,
            kept: true,
        };
        route.assign(instance, &person.committed.clone());
        route
    }

    /// Becomes equal to `other` without giving up its memory.
    pub fn copy_from(&mut self, other: &Route) {
        self.stops.clone_from(&other.stops);
        self.times.clone_from(&other.times);
        self.load.clone_from(&other.load);
        (self.rep, self.cost, self.travel) = (other.rep, other.cost, other.travel);
        (self.metres, self.service, self.lateness) = (other.metres, other.service, other.lateness);
        self.kept = other.kept;
    }

    /// Replaces all visits.
    pub fn assign(&mut self, instance: &Instance, visits: &[usize]) {
        let person = &instance.people[self.rep];
        let nodes = std::iter::once(person.start).chain(visits.iter().copied()).chain([person.end]);
        self.stops.clear();
        self.stops.extend(nodes.map(|node| Stop {
            node: node as u32,
            early: 0,
            late: 0,
            late_here: 0,
            cost: 0,
            time: 0,
        }));
        self.refresh(instance);
    }

    /// Number of visits.
    pub fn len(&self) -> usize {
        self.stops.len() - 2
    }

    pub fn is_idle(&self) -> bool {
        self.stops.len() == 2
    }

    pub fn visits(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.stops[1..self.stops.len() - 1].iter().map(|s| s.node as usize)
    }

    /// Index of a visit among the stops.
    pub fn position(&self, visit: usize) -> Option<usize> {
        self.stops[1..self.stops.len() - 1].iter().position(|s| s.node as usize == visit).map(|k| k + 1)
    }

    /// First index at which something may be inserted.
    pub fn first_free(&self, instance: &Instance) -> usize {
        1 + instance.people[self.rep].committed.len()
    }

    /// Recomputes everything from the sequence.
    fn refresh(&mut self, instance: &Instance) {
        let net = instance.net(self.rep);
        let last = self.stops.len() - 1;
        (self.travel, self.metres, self.service, self.lateness) = (0, 0, 0, 0);
        self.load.fill(0);
        let mut legs = 0;
        for k in 0..last {
            let (a, b) = (self.stops[k].node as usize, self.stops[k + 1].node as usize);
            let leg = net.leg(a, b);
            (self.stops[k].cost, self.stops[k].time) = (leg.cost, leg.time);
            legs += i64::from(leg.cost);
            self.travel += i64::from(leg.time);
            self.metres += i64::from(net.metres(a, b));
            if k > 0 {
                self.service += i64::from(instance.visits[a].service);
                for d in 0..instance.dimensions {
                    self.load[d] += instance.delivery[a * instance.dimensions + d]
                        + instance.pickup[a * instance.dimensions + d];
                }
            }
        }
        if self.is_idle() {
            // Nobody leaves.
            (self.travel, self.metres, legs) = (0, 0, 0);
            self.stops[0].time = self.stops[0].time.min(NO_WAY - 1);
        }
        self.kept = self.clocks(instance, 1, last - 1);
        self.price(instance, legs);
    }

    /// Whether the sequence keeps every rule. Insertions keep them by themselves.
    pub fn is_valid(&self, instance: &Instance) -> bool {
        let person = &instance.people[self.rep];
        self.kept
            && self.travel <= person.max_travel
            && (self.metres <= person.max_metres || person.max_metres == i64::MAX)
            && self.stops.iter().all(|s| s.time < NO_WAY)
    }

    fn price(&mut self, instance: &Instance, legs: i64) {
        self.cost = legs;
        if self.is_idle() {
            return;
        }
        self.cost += instance.people[self.rep].fixed + instance.balance(self.travel + self.service);
        self.cost += self.visits().map(|v| instance.wish(self.rep, v)).sum::<i64>();
        self.lateness = if instance.late { self.total_lateness(instance, None) } else { 0 };
        self.cost += self.lateness * instance.late_cost;
    }

    /// Renews earliest times from stop `from` on and latest times up to stop `to`.
    fn clocks(&mut self, instance: &Instance, from: usize, to: usize) -> bool {
        let shift = instance.people[self.rep].shift;
        let last = self.stops.len() - 1;
        self.stops[0].early = shift.0;
        self.stops[last].late = shift.1;
        self.stops[last].late_here = shift.1;
        let mut ok = self.stops[0].early <= shift.1;
        for k in from.max(1)..=last {
            let before = self.stops[k - 1];
            let arrival = before.early.saturating_add(before.time);
            let early = if k == last {
                arrival
            } else {
                let v = self.stops[k].node as usize;
                match instance.begin(v, arrival) {
                    Some(t) => t + instance.visits[v].service + instance.setup(before.node as usize, v),
                    None => {
                        ok = false;
                        arrival
                    }
                }
            };
            if k > to && early == self.stops[k].early {
                break;
            }
            self.stops[k].early = early;
        }
        ok &= self.stops[last].early <= shift.1;
        for k in (1..=to.min(last - 1)).rev() {
            let next = self.stops[k + 1];
            let v = self.stops[k].node as usize;
            let leave = self.deadline(instance, v, next) - self.stops[k].time;
            let visit = &instance.visits[v];
            let late_here = instance.last_begin(v, leave.saturating_sub(visit.service));
            let late = if visit.setup == 0 {
                late_here
            } else {
                instance.last_begin(v, leave.saturating_sub(visit.service + visit.setup))
            };
            if k < from && late == self.stops[k].late && late_here == self.stops[k].late_here {
                break;
            }
            (self.stops[k].late, self.stops[k].late_here) = (late, late_here);
        }
        if instance.people[self.rep].breaks.is_empty() { ok } else { self.break_clocks(instance) && ok }
    }

    /// Latest begin at `next` when coming from `node`.
    #[inline]
    fn deadline(&self, instance: &Instance, node: usize, next: Stop) -> i32 {
        let here = instance.setups && instance.same_place(node, next.node as usize);
        if here { next.late_here } else { next.late }
    }

    fn break_clocks(&mut self, instance: &Instance) -> bool {
        let person = &instance.people[self.rep];
        let breaks = &person.breaks;
        let wide = breaks.len() + 1;
        let last = self.stops.len() - 1;
        self.times.clear();
        self.times.resize(wide * self.stops.len(), Times { early: LATE, late: NEVER, late_here: NEVER });
        self.times[0].early = person.shift.0;
        let done = last * wide + breaks.len();
        (self.times[done].late, self.times[done].late_here) = (person.shift.1, person.shift.1);
        for k in 1..=last {
            let before = self.stops[k - 1];
            let v = self.stops[k].node as usize;
            let work = if k == last {
                0
            } else {
                instance.visits[v].service + instance.setup(before.node as usize, v)
            };
            for taken in 0..wide {
                let t = self.times[(k - 1) * wide + taken].early;
                if t >= LATE {
                    continue;
                }
                for after in taken..wide {
                    let Some(t) = arrive(t, before.time, &breaks[taken..after]) else { continue };
                    let begin = if k == last { Some(t) } else { instance.begin(v, t) };
                    let entry = &mut self.times[k * wide + after].early;
                    *entry = begin.map_or(*entry, |b| (*entry).min(b + work));
                }
            }
        }
        for k in (1..last).rev() {
            let (v, next, time) = (self.stops[k].node as usize, self.stops[k + 1], self.stops[k].time);
            let visit = &instance.visits[v];
            let here = instance.setups && instance.same_place(v, next.node as usize);
            for taken in 0..wide {
                let mut leave = NEVER;
                for after in taken..wide {
                    let times = self.times[(k + 1) * wide + after];
                    let by = if here { times.late_here } else { times.late };
                    if by > NEVER {
                        let t = latest_departure(i64::from(by), i64::from(time), &breaks[taken..after]);
                        leave = leave.max(t.map_or(NEVER, clock));
                    }
                }
                let entry = &mut self.times[k * wide + taken];
                if leave <= NEVER {
                    (entry.late, entry.late_here) = (NEVER, NEVER);
                    continue;
                }
                entry.late_here = instance.last_begin(v, leave - visit.service);
                entry.late = instance.last_begin(v, leave - visit.service - visit.setup);
            }
        }
        self.is_idle() || self.times[done].early <= person.shift.1
    }

    /// Whether the limits that do not depend on the position leave room for the visit.
    #[inline]
    pub fn takes(&self, instance: &Instance, visit: usize) -> bool {
        let person = &instance.people[self.rep];
        instance.compatible(self.rep, visit)
            && self.len() < person.max_tasks
            && (instance.dimensions == 0 || instance.mixed_load || self.load_fits(instance, visit))
    }

    fn load_fits(&self, instance: &Instance, visit: usize) -> bool {
        let person = &instance.people[self.rep];
        (0..person.capacity.len()).all(|d| {
            let k = visit * instance.dimensions + d;
            self.load[d] + instance.delivery[k] + instance.pickup[k] <= person.capacity[d]
        })
    }

    /// Whether the load never exceeds the capacity with `visit` inserted before stop `at`.
    fn mixed_load_fits(&self, instance: &Instance, visit: usize, at: usize) -> bool {
        let wide = instance.dimensions;
        let capacity = &instance.people[self.rep].capacity;
        (0..capacity.len()).all(|d| {
            let nodes = || {
                let middle = self.stops.len() - 1;
                let before = self.stops[1..at].iter().map(|s| s.node as usize);
                before.chain([visit]).chain(self.stops[at..middle].iter().map(|s| s.node as usize))
            };
            let mut load: i64 = nodes().map(|v| instance.delivery[v * wide + d]).sum();
            load <= capacity[d]
                && nodes().all(|v| {
                    load += instance.pickup[v * wide + d] - instance.delivery[v * wide + d];
                    load <= capacity[d]
                })
        })
    }

    /// Whether the loads of the sequence keep the capacity.
    pub fn loads_hold(&self, instance: &Instance) -> bool {
        let capacity = &instance.people[self.rep].capacity;
        let wide = instance.dimensions;
        (0..capacity.len()).all(|d| {
            let mut load: i64 = self.visits().map(|v| instance.delivery[v * wide + d]).sum();
            let total = self.load[d];
            let peak = self.visits().fold(load, |peak, v| {
                load += instance.pickup[v * wide + d] - instance.delivery[v * wide + d];
                peak.max(load)
            });
            if instance.mixed_load { peak <= capacity[d] } else { total <= capacity[d] }
        })
    }

    /// Cheapest place for the visit that beats `best`, which is updated.
    #[inline]
    pub fn cheapest(
        &self,
        instance: &Instance,
        visit: usize,
        index: usize,
        best: &mut Option<Place>,
        mut overlook: impl FnMut() -> bool,
    ) {
        let net = instance.net(self.rep);
        let (into, out) = (net.into(visit), net.out_of(visit));
        let v = &instance.visits[visit];
        let mut limit = best.map_or(i64::MAX, |b| b.cost);
        let entry = self.entry_cost(instance, visit);
        let ready = v.window.open.saturating_add(v.service);
        let first = self.first_free(instance);
        // Latest begins grow along the route: skip the stops that come before the visit can be done.
        let skip = self.stops[first..self.stops.len() - 1].partition_point(|s| s.late < ready);
        for at in first + skip..self.stops.len() {
            let (p, q) = (&self.stops[at - 1], &self.stops[at]);
            if p.early > v.closes {
                break;
            }
            let (to, from) = (into[p.node as usize], out[q.node as usize]);
            let saved = if self.is_idle() { 0 } else { i64::from(p.cost) };
            let mut cost = entry + i64::from(to.cost) + i64::from(from.cost) - saved;
            if cost >= limit || overlook() {
                continue;
            }
            if !self.fits(instance, net, visit, at, to.time, from.time) {
                continue;
            }
            if instance.balanced || instance.late {
                cost += self.wishes(instance, visit, at, i64::from(to.time + from.time - p.time));
                if cost >= limit {
                    continue;
                }
            }
            limit = cost;
            *best = Some(Place { cost, route: index, at });
        }
    }

    fn entry_cost(&self, instance: &Instance, visit: usize) -> i64 {
        let fixed = if self.is_idle() { instance.people[self.rep].fixed } else { 0 };
        fixed + instance.wish(self.rep, visit)
    }

    /// Balance and lateness that come with an insertion.
    #[cold]
    fn wishes(&self, instance: &Instance, visit: usize, at: usize, travel: i64) -> i64 {
        let travel = if self.is_idle() { travel + i64::from(self.stops[0].time) } else { travel };
        let work = self.travel + self.service;
        let more = work + travel + i64::from(instance.visits[visit].service);
        let now = if self.is_idle() { 0 } else { instance.balance(work) };
        let mut cost = instance.balance(more) - now;
        if instance.late {
            cost += (self.total_lateness(instance, Some((visit, at))) - self.lateness) * instance.late_cost;
        }
        cost
    }

    #[inline]
    fn fits(&self, instance: &Instance, net: &Net, visit: usize, at: usize, to: i32, from: i32) -> bool {
        to < NO_WAY
            && from < NO_WAY
            && self.in_time(instance, visit, at, to, from)
            && self.in_limits(instance, net, visit, at, to, from)
            && (!instance.mixed_load || self.mixed_load_fits(instance, visit, at))
    }

    #[inline]
    fn in_time(&self, instance: &Instance, visit: usize, at: usize, to: i32, from: i32) -> bool {
        let (p, q) = (&self.stops[at - 1], &self.stops[at]);
        let Some(begin) = instance.begin(visit, p.early + to) else { return false };
        let work = instance.visits[visit].service + instance.setup(p.node as usize, visit);
        begin + work + from <= self.deadline(instance, visit, *q)
            && (instance.people[self.rep].breaks.is_empty()
                || self.fits_breaks(instance, visit, at, to, from, work))
    }

    #[inline]
    fn in_limits(&self, instance: &Instance, net: &Net, visit: usize, at: usize, to: i32, from: i32) -> bool {
        let person = &instance.people[self.rep];
        let (p, q) = (&self.stops[at - 1], &self.stops[at]);
        let travel = if self.is_idle() { 0 } else { self.travel - i64::from(p.time) };
        if travel + i64::from(to + from) > person.max_travel {
            return false;
        }
        if person.max_metres == i64::MAX {
            return true;
        }
        let (a, b) = (p.node as usize, q.node as usize);
        let saved = if self.is_idle() { 0 } else { i64::from(net.metres(a, b)) };
        let more = i64::from(net.metres(a, visit)) + i64::from(net.metres(visit, b));
        self.metres + more - saved <= person.max_metres
    }

    /// The legs to and from a visit inserted before stop `at`.
    fn detour(&self, instance: &Instance, visit: usize, at: usize) -> (i32, i32) {
        let net = instance.net(self.rep);
        let (p, q) = (self.stops[at - 1].node as usize, self.stops[at].node as usize);
        (net.leg(p, visit).time, net.leg(visit, q).time)
    }

    /// Whether the clocks allow the visit before stop `at`.
    pub fn time_fits_at(&self, instance: &Instance, visit: usize, at: usize) -> bool {
        let (to, from) = self.detour(instance, visit, at);
        to < NO_WAY && from < NO_WAY && self.in_time(instance, visit, at, to, from)
    }

    /// Whether the limits of time and distance allow the visit before stop `at`.
    pub fn limits_fit_at(&self, instance: &Instance, visit: usize, at: usize) -> bool {
        let (to, from) = self.detour(instance, visit, at);
        self.in_limits(instance, instance.net(self.rep), visit, at, to, from)
    }

    /// Whether the load allows the visit before stop `at`.
    pub fn load_fits_at(&self, instance: &Instance, visit: usize, at: usize) -> bool {
        if instance.mixed_load {
            self.mixed_load_fits(instance, visit, at)
        } else {
            self.load_fits(instance, visit)
        }
    }

    fn fits_breaks(
        &self,
        instance: &Instance,
        visit: usize,
        at: usize,
        to: i32,
        from: i32,
        work: i32,
    ) -> bool {
        let breaks = &instance.people[self.rep].breaks;
        let wide = breaks.len() + 1;
        let here = instance.setups && instance.same_place(visit, self.stops[at].node as usize);
        for taken in 0..wide {
            let t = self.times[(at - 1) * wide + taken].early;
            if t >= LATE {
                continue;
            }
            for between in taken..wide {
                let begin = arrive(t, to, &breaks[taken..between]).and_then(|t| instance.begin(visit, t));
                let Some(begin) = begin else { continue };
                for after in between..wide {
                    let next = self.times[at * wide + after];
                    let by = if here { next.late_here } else { next.late };
                    let arrived = arrive(begin + work, from, &breaks[between..after]);
                    if arrived.is_some_and(|t| t <= by) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Seconds of lateness over the route, with a further visit if given. Breaks are taken as soon as they
    /// may, which is what a person does.
    fn total_lateness(&self, instance: &Instance, extra: Option<(usize, usize)>) -> i64 {
        let person = &instance.people[self.rep];
        let net = instance.net(self.rep);
        let last = self.stops.len() - 1;
        let (mut now, mut here, mut late, mut taken) = (person.shift.0, person.start, 0, 0);
        let tail = extra.map_or(last, |(_, at)| at);
        let nodes = self.stops[1..tail].iter().map(|s| s.node as usize);
        let nodes =
            nodes.chain(extra.map(|(v, _)| v)).chain(self.stops[tail..last].iter().map(|s| s.node as usize));
        for v in nodes {
            let time = net.leg(here, v).time;
            let due = person.breaks[taken..].iter().take_while(|b| {
                b.windows.first().is_some_and(|w| w.0 <= i64::from(now.saturating_add(time)))
            });
            let due = due.count();
            let arrived = arrive(now, time, &person.breaks[taken..taken + due]).unwrap_or(now + time);
            taken += due;
            let begin = instance.begin(v, arrived).unwrap_or(arrived);
            late += i64::from(instance.lateness(v, begin));
            now = begin + instance.visits[v].service + instance.setup(here, v);
            here = v;
        }
        late
    }

    /// Inserts before stop `at`. `cost` is what [`Route::cheapest`] said.
    pub fn insert(&mut self, instance: &Instance, visit: usize, at: usize, cost: i64) {
        let net = instance.net(self.rep);
        if self.is_idle() || instance.late || instance.balanced {
            self.stops
                .insert(at, Stop { node: visit as u32, early: 0, late: 0, late_here: 0, cost: 0, time: 0 });
            self.refresh(instance);
            return;
        }
        let (a, b) = (self.stops[at - 1].node as usize, self.stops[at].node as usize);
        let (to, from) = (net.leg(a, visit), net.leg(visit, b));
        let old = self.stops[at - 1].time;
        (self.stops[at - 1].cost, self.stops[at - 1].time) = (to.cost, to.time);
        self.stops.insert(
            at,
            Stop { node: visit as u32, early: 0, late: 0, late_here: 0, cost: from.cost, time: from.time },
        );
        self.cost += cost;
        self.travel += i64::from(to.time + from.time - old);
        self.metres += i64::from(net.metres(a, visit) + net.metres(visit, b)) - i64::from(net.metres(a, b));
        self.service += i64::from(instance.visits[visit].service);
        for d in 0..instance.dimensions {
            let k = visit * instance.dimensions + d;
            self.load[d] += instance.delivery[k] + instance.pickup[k];
        }
        self.clocks(instance, at, at);
    }

    /// Takes out the stops whose index satisfies `gone` (never a terminal) and returns their visits.
    pub fn remove(&mut self, instance: &Instance, out: &mut Vec<u32>, gone: impl Fn(usize) -> bool) {
        let last = self.stops.len() - 1;
        let mut index = 0;
        self.stops.retain(|s| {
            let keep = index == 0 || index == last || !gone(index);
            if !keep {
                out.push(s.node);
            }
            index += 1;
            keep
        });
        self.refresh(instance);
    }
}

#[inline]
fn arrive(t: i32, time: i32, breaks: &[crate::windows::Break]) -> Option<i32> {
    if breaks.is_empty() {
        return Some(t.saturating_add(time));
    }
    arrival(i64::from(t), i64::from(time), breaks).map(clock)
}

fn clock(t: i64) -> i32 {
    t.clamp(i64::from(NEVER), i64::from(LATE)) as i32
}
