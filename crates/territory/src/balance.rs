//! Customers at borders change sides: one by one while it pays, and in chains across several areas while somebody has
//! too much or too little.

use std::collections::VecDeque;

use crate::{
    Question, TOLERANCE,
    ground::{Ground, square},
    pieces::Walk,
    power::{Dice, KEPT, centres},
};

/// What evenness is worth: the square of an area's deviation, against a mean area's work times squares of a usual radius.
const EVEN: f64 = 20.0;
/// Chains go on until the largest deviation is this.
const GOAL: f64 = TOLERANCE * 0.8;
/// Rounds of single moves and chains.
const ROUNDS: usize = 4;
const PASSES: usize = 30;
/// How far chains are sought.
#[derive(Clone, Copy)]
struct Effort {
    /// Areas in a chain.
    longest: usize,
    /// Chains tried for a seat.
    tried: usize,
    /// A seat for which so many tries failed is left.
    failures: u32,
}

const FIRST: Effort = Effort { longest: 14, tried: 10, failures: 10 };
const LAST: Effort = Effort { longest: 40, tried: 40, failures: 20 };
/// Who is so near to even has no room to speak of.
const ROOM: f64 = 0.005;

/// An answer and how good it is: less is better.
pub struct Balanced {
    pub seat_of: Vec<usize>,
    /// Largest deviation.
    pub uneven: f64,
    pub score: f64,
}

/// Improves areas that are each in one piece; they stay so.
pub fn balance(
    question: &Question,
    ground: &Ground,
    shares: &[f64],
    seat_of: Vec<usize>,
    seed: u64,
) -> Balanced {
    let mut search = Search::new(question, ground, shares, seat_of, seed);
    let mut best: Option<Balanced> = None;
    for _ in 0..ROUNDS {
        search.singles();
        search.chains();
        let score = search.score();
        if best.as_ref().is_none_or(|b| score < b.score - 1e-9) {
            let uneven = crate::deviation(&search.loads, shares);
            best = Some(Balanced { seat_of: search.seat_of.clone(), uneven, score });
        } else {
            break;
        }
    }
    let mut best = best.unwrap_or(Balanced {
        score: search.score(),
        uneven: crate::deviation(&search.loads, shares),
        seat_of: search.seat_of.clone(),
    });
    if best.uneven > TOLERANCE {
        // Evenness goes before what is kept: the last of it is sought far and wide, whoever has to change hands.
        let mut search = Search::new(question, ground, shares, best.seat_of.clone(), seed);
        search.effort = LAST;
        let kept = std::mem::take(&mut search.kept);
        search.chains();
        search.kept = kept;
        let score = search.score();
        if score < best.score {
            let uneven = crate::deviation(&search.loads, shares);
            best = Balanced { seat_of: search.seat_of, uneven, score };
        }
    }
    best
}

struct Search<'a> {
    question: &'a Question,
    ground: &'a Ground,
    shares: &'a [f64],
    seat_of: Vec<usize>,
    loads: Vec<f64>,
    /// Customers of each seat, and where in that list each stands.
    members: Vec<Vec<usize>>,
    place: Vec<usize>,
    centre: Vec<(f64, f64)>,
    /// Mean square distance of a seat's customers from its middle, metres².
    spread: Vec<f64>,
    /// Work of each customer over that of a mean area; a little for those without any.
    part: Vec<f64>,
    /// Which areas border on which.
    touching: Vec<Vec<usize>>,
    /// Part of a change of hands in the cost of a customer.
    kept: f64,
    effort: Effort,
    walk: Walk,
    dice: Dice,
}

impl<'a> Search<'a> {
    fn new(
        question: &'a Question,
        ground: &'a Ground,
        shares: &'a [f64],
        seat_of: Vec<usize>,
        seed: u64,
    ) -> Search<'a> {
        let work: f64 = question.points.iter().map(|p| p.work).sum();
        let seats = shares.len() as f64;
        let little = 0.1 / question.points.len() as f64;
        let part = |w: f64| seats * if work > 0.0 { w / work * 0.9 + little } else { little * 10.0 };
        let mut loads = vec![0.0; shares.len()];
        let mut members = vec![vec![]; shares.len()];
        let mut place = vec![0; seat_of.len()];
        for (k, (point, seat)) in question.points.iter().zip(&seat_of).enumerate() {
            loads[*seat] += point.work;
            place[k] = members[*seat].len();
            members[*seat].push(k);
        }
        let nowhere: Vec<(f64, f64)> =
            ground.starts.iter().map(|s| s.or(ground.xy.first().copied()).unwrap_or((0.0, 0.0))).collect();
        let mut search = Search {
            spread: vec![],
            centre: nowhere,
            members,
            place,
            part: question.points.iter().map(|p| part(p.work)).collect(),
            touching: vec![],
            kept: KEPT * question.keep,
            effort: FIRST,
            walk: Walk::new(question.points.len()),
            dice: Dice(seed ^ 0x5EED),
            question,
            ground,
            shares,
            seat_of,
            loads,
        };
        search.settle();
        search
    }

    /// Middles and spreads as the areas are now.
    fn settle(&mut self) {
        self.centre = centres(self.question, self.ground, &self.seat_of, &self.centre);
        let spread = |(seat, own): (usize, &Vec<usize>)| {
            let sum: f64 = own.iter().map(|p| square(self.ground.xy[*p], self.centre[seat])).sum();
            (sum / own.len().max(1) as f64).max(self.ground.scale * 1e-6)
        };
        self.spread = self.members.iter().enumerate().map(spread).collect();
    }

    /// Cost of a customer in somebody's area: far from its middle, and not where he was.
    fn cost(&self, point: usize, seat: usize) -> f64 {
        let far = square(self.ground.xy[point], self.centre[seat]) / self.spread[seat];
        let changed = self.question.points[point].today.is_some_and(|t| t != seat);
        self.part[point] * (far + if changed { self.kept } else { 0.0 })
    }

    /// What changes in cost when a customer goes over, measured by the spread of both areas.
    fn farther(&self, point: usize, from: usize, to: usize) -> f64 {
        let at = self.ground.xy[point];
        let both = f64::midpoint(self.spread[from], self.spread[to]);
        let far = (square(at, self.centre[to]) - square(at, self.centre[from])) / both;
        let today = self.question.points[point].today;
        let kept = |seat: usize| if today.is_some_and(|t| t != seat) { self.kept } else { 0.0 };
        self.part[point] * (far + kept(to) - kept(from))
    }

    fn uneven(&self, seat: usize, more: f64) -> f64 {
        let share = self.shares[seat];
        if share > 0.0 { (self.loads[seat] + more - share) / share } else { 0.0 }
    }

    fn change(&self, point: usize, to: usize) -> f64 {
        let from = self.seat_of[point];
        let work = self.question.points[point].work;
        let sq = |x: f64| x * x;
        let even = sq(self.uneven(from, -work)) - sq(self.uneven(from, 0.0)) + sq(self.uneven(to, work))
            - sq(self.uneven(to, 0.0));
        self.farther(point, from, to) + EVEN * even
    }

    fn give(&mut self, point: usize, to: usize) {
        let work = self.question.points[point].work;
        let from = std::mem::replace(&mut self.seat_of[point], to);
        self.loads[from] -= work;
        self.loads[to] += work;
        let gap = self.place[point];
        self.members[from].swap_remove(gap);
        if let Some(last) = self.members[from].get(gap) {
            self.place[*last] = gap;
        }
        self.place[point] = self.members[to].len();
        self.members[to].push(point);
    }

    fn singles(&mut self) {
        let mut order: Vec<usize> = (0..self.seat_of.len()).collect();
        for _ in 0..PASSES {
            self.dice.shuffle(&mut order);
            self.settle();
            let mut moved = 0;
            for &point in &order {
                let from = self.seat_of[point];
                let mut best: Option<(f64, usize)> = None;
                for &n in &self.ground.near[point] {
                    let to = self.seat_of[n as usize];
                    if to == from || best.is_some_and(|b| b.1 == to) {
                        continue;
                    }
                    let cost = self.change(point, to);
                    if cost < -1e-9 && best.is_none_or(|b| cost < b.0) {
                        best = Some((cost, to));
                    }
                }
                let Some(best) = best else { continue };
                if self.walk.can_leave(&self.ground.near, &self.seat_of, point) {
                    self.give(point, best.1);
                    moved += 1;
                }
            }
            if moved * 1000 <= order.len() {
                break;
            }
        }
    }

    /// What lies above the goal, squared; then everything squared, as far as it goes.
    fn excess(&self) -> f64 {
        let of = |s: usize| self.uneven(s, 0.0).abs();
        let above: f64 = (0..self.shares.len()).map(|s| (of(s) - GOAL).max(0.0).powi(2)).sum();
        above + 1e-3 * (0..self.shares.len()).map(|s| of(s).powi(2)).sum::<f64>()
    }

    fn score(&self) -> f64 {
        let above: f64 = (0..self.shares.len())
            .map(|s| (self.uneven(s, 0.0).abs() - TOLERANCE).max(0.0))
            .fold(0.0, f64::max);
        let cost: f64 = (0..self.seat_of.len()).map(|p| self.cost(p, self.seat_of[p])).sum();
        1e6 * above + cost
    }

    fn chains(&mut self) {
        let seats = self.shares.len();
        if seats < 2 {
            return;
        }
        let mut failed = vec![0_u32; seats];
        // After a failure a seat waits until somebody else has moved.
        let mut waits = vec![false; seats];
        self.touching = self.touch();
        for _ in 0..seats * 20 {
            let worst = (0..seats)
                .filter(|s| !waits[*s] && failed[*s] < self.effort.failures)
                .map(|s| (self.uneven(s, 0.0).abs(), s))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((uneven, seat)) = worst else { return };
            if uneven <= GOAL {
                return;
            }
            if self.relieve(seat) {
                waits.fill(false);
                self.touching = self.touch();
            } else {
                waits[seat] = true;
                failed[seat] += 1;
            }
        }
    }

    /// Takes work off a seat that has too much, or brings some to one that has too little, along areas that touch.
    fn relieve(&mut self, seat: usize) -> bool {
        let too_much = self.uneven(seat, 0.0) > 0.0;
        let before = self.excess();
        let paths = self.paths(seat, too_much);
        // First who goes over cheaply; then whoever's work fits.
        for fitting in [5.0 * EVEN, 500.0 * EVEN] {
            for path in &paths {
                if self.pass_on(path, fitting, before) {
                    return true;
                }
            }
        }
        false
    }

    /// Moves a customer, with whom only he holds, along each hop. False, with everything as it was, when that is not possible or not better.
    fn pass_on(&mut self, path: &[usize], fitting: f64, before: f64) -> bool {
        let mut undo = vec![];
        let (first, last) = (path[0], path[path.len() - 1]);
        let mut carried = (self.loads[first] - self.shares[first])
            .min(self.shares[last] - self.loads[last])
            .max(self.shares[last] * 0.01);
        let whole = path.windows(2).all(|hop| match self.cheapest(hop[0], hop[1], carried, fitting) {
            Some(points) => {
                carried = points.iter().map(|p| self.question.points[*p].work).sum();
                for point in points {
                    undo.push((point, hop[0]));
                    self.give(point, hop[1]);
                }
                true
            }
            None => false,
        });
        if whole && self.excess() < before - 1e-12 {
            return true;
        }
        for (point, seat) in undo.into_iter().rev() {
            self.give(point, seat);
        }
        false
    }

    fn touch(&self) -> Vec<Vec<usize>> {
        let mut touching = vec![vec![]; self.shares.len()];
        for (point, seat) in self.seat_of.iter().enumerate() {
            for &n in &self.ground.near[point] {
                let other = self.seat_of[n as usize];
                if other != *seat && !touching[*seat].contains(&other) {
                    touching[*seat].push(other);
                }
            }
        }
        touching.iter_mut().for_each(|t| t.sort_unstable());
        touching
    }

    /// Shortest ways from a seat to those who stand on the other side of even, the nearest and most uneven first.
    fn paths(&self, seat: usize, too_much: bool) -> Vec<Vec<usize>> {
        let touching = &self.touching;
        let mut from = vec![None; touching.len()];
        let mut depth = vec![usize::MAX; touching.len()];
        depth[seat] = 0;
        let mut queue = VecDeque::from([seat]);
        let mut ends: Vec<(usize, f64, usize)> = vec![];
        while let Some(here) = queue.pop_front() {
            let uneven = self.uneven(here, 0.0);
            let room = if too_much { -uneven } else { uneven };
            if here != seat && room > ROOM {
                ends.push((depth[here], -room, here));
            }
            if depth[here] + 1 >= self.effort.longest {
                continue;
            }
            for &next in &touching[here] {
                if depth[next] == usize::MAX {
                    depth[next] = depth[here] + 1;
                    from[next] = Some(here);
                    queue.push_back(next);
                }
            }
        }
        ends.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let way = |end: usize| {
            let mut path = vec![end];
            while let Some(before) = from[path[path.len() - 1]] {
                path.push(before);
            }
            // From who gives to who gets.
            if too_much {
                path.reverse();
            }
            path
        };
        ends.iter().take(self.effort.tried).map(|e| way(e.2)).collect()
    }

    /// Who at the border goes over most cheaply, with about as much work as the chain is to carry.
    fn cheapest(&mut self, from: usize, to: usize, carried: f64, fitting: f64) -> Option<Vec<usize>> {
        let share = f64::midpoint(self.shares[from], self.shares[to]).max(1e-9);
        let mut offers: Vec<(f64, usize)> = vec![];
        for &point in &self.members[from] {
            let work = self.question.points[point].work;
            if work <= 0.0 || !self.ground.near[point].iter().any(|n| self.seat_of[*n as usize] == to) {
                continue;
            }
            let off = (work - carried) / share;
            offers.push((self.farther(point, from, to) + fitting * off * off, point));
        }
        offers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let near = &self.ground.near;
        if let Some(free) = offers.iter().find(|o| self.walk.can_leave(near, &self.seat_of, o.1)) {
            return Some(vec![free.1]);
        }
        // A spit of land: he goes with those whom only he holds to the rest.
        let most = (2.0 * carried).max(share * 0.03);
        offers.iter().take(5).find_map(|o| {
            let group = self.with_cut_off(from, o.1);
            let work: f64 = group.iter().map(|p| self.question.points[*p].work).sum();
            (work <= most && group.len() < self.members[from].len()).then_some(group)
        })
    }

    /// A customer with everybody of his area who is cut off from its largest part without him.
    fn with_cut_off(&self, seat: usize, point: usize) -> Vec<usize> {
        let mut seen = vec![false; self.seat_of.len()];
        seen[point] = true;
        let mut parts: Vec<Vec<usize>> = vec![];
        for &begin in &self.ground.near[point] {
            let begin = begin as usize;
            if self.seat_of[begin] != seat || seen[begin] {
                continue;
            }
            let mut part = vec![begin];
            seen[begin] = true;
            let mut next = 0;
            while let Some(&k) = part.get(next) {
                next += 1;
                for &n in &self.ground.near[k] {
                    let n = n as usize;
                    if self.seat_of[n] == seat && !seen[n] {
                        seen[n] = true;
                        part.push(n);
                    }
                }
            }
            parts.push(part);
        }
        parts.sort_by_key(|p| p.len());
        parts.pop();
        std::iter::once(point).chain(parts.into_iter().flatten()).collect()
    }
}
