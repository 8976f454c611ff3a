//! Choosing a pattern and a rep per customer by annealing, with the day routes kept as real sequences.

use super::patterns::{Options, number};
use super::{Balance, FieldRep, PeriodPlan, PeriodProblem, PeriodVisit, Unmet};
use crate::model::{Effort, pace};
use crate::random::Dice;
use crate::search::anneal::Progress;

/// Steps between two looks at the budget, and between two rounds of straightening the routes.
const STRIDE: u64 = 64;
const STRAIGHTEN: u64 = 8_192;
/// Days this near to the usual, as a fraction, are even enough; what lies beyond counts so much more in the end. It grows
/// late: a plan held even from the beginning never finds its shape.
const EVEN_ENOUGH: f64 = 0.04;
const STRAYING: f64 = 20.0;
/// What it counts in seconds driven that somebody else comes than before, or on another weekday. The weekday counts more:
/// many people can be as even as they were, few weeks can, and a plan that was even is so again when it is repeated.
const OTHER_REP: u16 = 900;
const OTHER_WEEKDAY: u16 = 1_350;
/// What a visit, and a metre, too many counts in seconds of work too much.
const VISIT_TOO_MANY: f64 = 1_800.0;
const METRE_TOO_FAR: f64 = 0.125;
/// Goes where somebody comes who is none of the reps.
const NONE_OF_THEM: u32 = u32::MAX;

/// A person's day: customers in order of driving.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub sequence: Vec<u32>,
    travel: i64,
    metres: i64,
    service: i64,
    /// Seconds it holds; 0 when he is away.
    room: i64,
    most_visits: usize,
    most_m: i64,
}

impl Day {
    pub fn work(&self) -> i64 {
        self.travel + self.service
    }

    /// Within its hours and limits.
    pub fn fits(&self) -> bool {
        self.work() <= self.room && self.sequence.len() <= self.most_visits && self.metres <= self.most_m
    }

    /// What lies beyond its hours and limits, as seconds of a common day.
    fn excess(&self, common: f64) -> f64 {
        let visits = self.sequence.len().saturating_sub(self.most_visits) as f64 * VISIT_TOO_MANY;
        let way = (self.metres - self.most_m).max(0) as f64 * METRE_TOO_FAR;
        (self.share(common) - common).max(0.0) + visits + way
    }

    /// Work in hours of a common day, so that short days count fully.
    fn share(&self, common: f64) -> f64 {
        self.work() as f64 * common / self.room.max(1) as f64
    }
}

/// Pattern and rep of a customer, both as indices into the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice {
    pattern: u32,
    rep: u32,
}

pub(super) struct Search<'a> {
    problem: &'a PeriodProblem,
    options: &'a [Options],
    choices: Vec<Option<Choice>>,
    /// `[rep][day]`
    pub days: Vec<Day>,
    pub width: usize,
    /// Per customer `[choice of rep][day]`: who goes, and what it counts that it is he and that day.
    who: Vec<Vec<(u32, u16)>>,
    /// Sum of the latter.
    wishes: i64,
    /// Day length to which all are scaled, and numbers of working days, per rep and together.
    common: f64,
    open_of: Vec<f64>,
    open: f64,
    travel: i64,
    /// Sum and sum of squares of the shares, excess over full days, and shares per rep.
    sum: f64,
    squares: f64,
    over: f64,
    by_rep: Vec<f64>,
    /// The usual share, looked at now and then, and what days stray from it beyond the tolerance, squared.
    usual: f64,
    stray: f64,
    /// What straying counts by now.
    straying: f64,
    saved: Vec<(usize, Day)>,
}

pub(super) fn search<'a>(
    problem: &'a PeriodProblem,
    options: &'a [Options],
    balance: Balance,
    seed: u64,
    effort: Effort,
) -> Search<'a> {
    let mut dice = Dice::new(seed);
    let mut search = Search::new(problem, options);
    search.begin(&mut dice);
    search.anneal(balance.0.max(0.0), &mut dice, effort);
    search
}

impl<'a> Search<'a> {
    fn new(problem: &'a PeriodProblem, options: &'a [Options]) -> Search<'a> {
        let width = problem.days.len();
        let empty = |rep: &FieldRep, d: usize| Day {
            sequence: vec![],
            travel: 0,
            metres: 0,
            service: 0,
            room: if problem.days[d].working { rep.holds_s.get(d).copied().unwrap_or(0).max(0) } else { 0 },
            most_visits: rep.most_visits.unwrap_or(usize::MAX),
            most_m: rep.most_m.unwrap_or(i64::MAX),
        };
        let days: Vec<Day> =
            problem.reps.iter().flat_map(|rep| (0..width).map(move |d| empty(rep, d))).collect();
        let open: Vec<i64> = days.iter().map(|d| d.room).filter(|&r| r > 0).collect();
        Search {
            problem,
            options,
            choices: vec![None; problem.customers.len()],
            who: (0..problem.customers.len()).map(|c| who(problem, &options[c], c)).collect(),
            wishes: 0,
            width,
            common: open.iter().sum::<i64>() as f64 / open.len().max(1) as f64,
            open: open.len().max(1) as f64,
            open_of: days
                .chunks(width.max(1))
                .map(|d| d.iter().filter(|d| d.room > 0).count().max(1) as f64)
                .collect(),
            days,
            travel: 0,
            sum: 0.0,
            squares: 0.0,
            over: 0.0,
            by_rep: vec![0.0; problem.reps.len()],
            usual: 0.0,
            stray: 0.0,
            straying: 0.0,
            saved: vec![],
        }
    }

    /// Seconds and metres of a leg of a rep; none to an end that may be anywhere.
    fn leg(&self, rep: usize, a: usize, b: Option<usize>) -> (i64, i64) {
        let (ways, Some(b)) = (&self.problem.ways[self.problem.reps[rep].ways], b) else { return (0, 0) };
        let metres = ways.distances.as_ref().map_or(0, |d| d[(a, b)].clamp(0, 1 << 28));
        (ways.durations[(a, b)].clamp(0, 1 << 28), metres)
    }

    /// Takes a day out of the sums; [`Search::count`] puts it back after a change.
    fn discount(&mut self, k: usize, sign: f64) {
        let day = &self.days[k];
        if day.room == 0 {
            // Work for somebody who is away is pure excess.
            self.over += sign * day.work() as f64 * 10.0;
            return;
        }
        let share = day.share(self.common);
        self.sum += sign * share;
        self.squares += sign * share * share;
        self.over += sign * day.excess(self.common);
        self.stray += sign * strayed(share, self.usual);
        self.by_rep[k / self.width] += sign * share;
        self.travel += if sign > 0.0 { day.travel } else { -day.travel };
    }

    /// Puts a customer where a day grows least by him, or takes him out.
    pub fn change(&mut self, k: usize, customer: usize, add: bool) {
        if !self.saved.iter().any(|(s, _)| *s == k) {
            self.saved.push((k, self.days[k].clone()));
        }
        self.discount(k, -1.0);
        let rep = k / self.width;
        let here = self.problem.customers[customer].place;
        let sequence = &self.days[k].sequence;
        let stop = |i: usize| match sequence.get(i) {
            Some(v) => Some(self.problem.customers[*v as usize].place),
            None => self.problem.reps[rep].end,
        };
        let before = |i: usize| match i.checked_sub(1).and_then(|b| sequence.get(b)) {
            Some(v) => self.problem.customers[*v as usize].place,
            None => self.problem.reps[rep].home,
        };
        let by_way_of = |a: usize, b: Option<usize>, alone: bool| {
            let (there, on) = (self.leg(rep, a, Some(here)), self.leg(rep, here, b));
            let direct = if alone { (0, 0) } else { self.leg(rep, a, b) };
            (there.0 + on.0 - direct.0, there.1 + on.1 - direct.1)
        };
        if add {
            let detour = |i: usize| (by_way_of(before(i), stop(i), sequence.is_empty()), i);
            let (more, at) = (0..=sequence.len()).map(detour).min().unwrap_or_default();
            let day = &mut self.days[k];
            day.sequence.insert(at, customer as u32);
            day.travel += more.0;
            day.metres += more.1;
            day.service += self.problem.customers[customer].service_s;
        } else if let Some(i) = sequence.iter().position(|&v| v as usize == customer) {
            let less = by_way_of(before(i), stop(i + 1), sequence.len() == 1);
            let day = &mut self.days[k];
            day.sequence.remove(i);
            day.travel -= less.0;
            day.metres -= less.1;
            day.service -= self.problem.customers[customer].service_s;
        }
        self.discount(k, 1.0);
    }

    /// A day as it would be with a customer more, or less.
    pub fn tried<T>(&mut self, k: usize, customer: usize, add: bool, look: impl Fn(&Day) -> T) -> T {
        self.saved.clear();
        self.change(k, customer, add);
        let seen = look(&self.days[k]);
        for (k, day) in std::mem::take(&mut self.saved) {
            self.discount(k, -1.0);
            self.days[k] = day;
            self.discount(k, 1.0);
        }
        seen
    }

    /// Who may go to a customer.
    pub fn candidates(&self, customer: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.options[customer].stand_ins.iter().copied()
    }

    /// Gives a customer another choice (`None`: none).
    fn choose(&mut self, customer: usize, choice: Option<Choice>) {
        let old = self.choices[customer];
        for (choice, add) in [(old, false), (choice, true)] {
            let Some(c) = choice else { continue };
            let options = self.options;
            for &day in &options[customer].patterns[c.pattern as usize] {
                let (rep, wish) = self.who[customer][c.rep as usize * self.width + day];
                if rep == NONE_OF_THEM {
                    continue;
                }
                self.wishes += if add { i64::from(wish) } else { -i64::from(wish) };
                self.change(rep as usize * self.width + day, customer, add);
            }
        }
        self.choices[customer] = choice;
    }

    /// Driving, plus what uneven and overfull days cost.
    fn price(&self, balance: f64) -> f64 {
        let mean = (self.sum / self.open).max(1.0);
        let uneven = (self.squares - self.sum * self.sum / self.open).max(0.0) / mean;
        // A person's mean day off by a second weighs as much as each of his days off by it.
        let off = |(r, days): (usize, &f64)| days * (self.by_rep[r] / days - mean).powi(2);
        let between = self.open_of.iter().enumerate().map(off).sum::<f64>() / mean;
        let stray = self.stray / mean;
        let driven = (self.travel + self.wishes) as f64;
        driven + balance * (uneven + 2.0 * between + self.straying * stray) + 20.0 * self.over
    }

    /// Looks at the usual share anew.
    fn measure(&mut self) {
        self.usual = self.sum / self.open;
        let of = |d: &Day| strayed(d.share(self.common), self.usual);
        self.stray = self.days.iter().filter(|d| d.room > 0).map(of).sum();
    }

    /// A first plan: customers one after the other, the demanding first, each where it costs least.
    fn begin(&mut self, dice: &mut Dice) {
        let demand = |c: usize| {
            let options = &self.options[c];
            options.patterns.first().map_or(0, Vec::len) as i64 * self.problem.customers[c].service_s
        };
        let mut order: Vec<usize> = (0..self.problem.customers.len()).collect();
        order.sort_by_key(|&c| {
            (self.options[c].patterns.len() * self.options[c].reps.len() > 1, -demand(c), c)
        });
        for customer in order {
            let options = self.options;
            let mut best: Option<(f64, Choice)> = None;
            for rep in 0..options[customer].reps.len() as u32 {
                let count = options[customer].patterns.len();
                for _ in 0..count.min(6) {
                    let pattern = dice.below(count) as u32;
                    let choice = Choice { pattern, rep };
                    self.saved.clear();
                    self.choose(customer, Some(choice));
                    let price = self.price(1.0);
                    self.choose(customer, None);
                    if best.is_none_or(|(p, _)| price < p) {
                        best = Some((price, choice));
                    }
                }
            }
            self.choose(customer, best.map(|(_, c)| c));
        }
        self.saved.clear();
    }

    fn anneal(&mut self, balance: f64, dice: &mut Dice, effort: Effort) {
        let free: Vec<usize> = (0..self.choices.len())
            .filter(|&c| self.options[c].patterns.len() * self.options[c].reps.len() > 1)
            .collect();
        if free.is_empty() {
            self.straighten();
            return;
        }
        let near = self.near();
        let progress = pace(effort);
        let leg =
            self.travel as f64 / self.days.iter().map(|d| d.sequence.len()).sum::<usize>().max(1) as f64;
        let (mut temperature, mut weight) = (leg, balance);
        let mut price = self.price(weight);
        for step in 0_u64.. {
            if step % STRIDE == 0 {
                let done = progress.at(step);
                if done >= 1.0 {
                    break;
                }
                temperature = leg * 2.0 * 0.002_f64.powf(done);
                // Shape first, evenness more and more.
                weight = balance * 20.0_f64.powf(done);
                self.measure();
                self.straying = STRAYING * done.powi(4);
                if step % STRAIGHTEN == 0 {
                    self.straighten();
                }
                price = self.price(weight);
            }
            self.saved.clear();
            let before = (self.travel, self.wishes, self.sum, self.squares, self.over, self.stray);
            let by_rep = self.by_rep.clone();
            let changed = self.propose(&free, &near, dice);
            let next = self.price(weight);
            if next - price <= -temperature * (1.0 - dice.unit()).ln() {
                price = next;
                continue;
            }
            for (customer, old) in changed.into_iter().flatten() {
                self.choices[customer] = old;
            }
            for (k, day) in self.saved.drain(..) {
                self.days[k] = day;
            }
            (self.travel, self.wishes, self.sum, self.squares, self.over, self.stray) = before;
            self.by_rep = by_rep;
        }
        self.straighten();
    }

    /// Changes one or two customers and says what they had.
    fn propose(
        &mut self,
        free: &[usize],
        near: &[Vec<u32>],
        dice: &mut Dice,
    ) -> [Option<(usize, Option<Choice>)>; 2] {
        let customer = free[dice.below(free.len())];
        let options = &self.options[customer];
        let (patterns, reps) = (options.patterns.len(), options.reps.len());
        let old = self.choices[customer];
        let Some(now) = old else { return [None, None] };
        let kind = dice.below(10);
        if kind < 4 && !near[customer].is_empty() {
            // Swap with somebody near: reps if they differ, patterns if they can.
            let other = near[customer][dice.below(near[customer].len())] as usize;
            let theirs = self.choices[other];
            if let Some(swap) = theirs.and_then(|t| self.swapped(customer, now, other, t)) {
                self.choose(customer, Some(swap.0));
                self.choose(other, Some(swap.1));
                return [Some((customer, old)), Some((other, theirs))];
            }
        }
        let choice = if reps > 1 && (kind < 6 || patterns == 1) {
            // Preferably to the rep of a neighbour.
            let neighbour = near[customer].get(dice.below(8.min(near[customer].len()))).map(|&v| v as usize);
            let theirs =
                neighbour.and_then(|v| self.choices[v].map(|c| self.options[v].reps[c.rep as usize]));
            let rep = theirs.and_then(|r| self.options[customer].reps.iter().position(|&x| x == r));
            let rep = rep.unwrap_or_else(|| dice.below(reps)) as u32;
            let pattern = if dice.below(2) == 0 { now.pattern } else { dice.below(patterns) as u32 };
            Choice { pattern, rep }
        } else {
            Choice { pattern: dice.below(patterns) as u32, rep: now.rep }
        };
        self.choose(customer, Some(choice));
        [Some((customer, old)), None]
    }

    fn swapped(&self, a: usize, of_a: Choice, b: usize, of_b: Choice) -> Option<(Choice, Choice)> {
        let (options_a, options_b) = (&self.options[a], &self.options[b]);
        let rep_a = options_a.reps[of_a.rep as usize];
        let rep_b = options_b.reps[of_b.rep as usize];
        let take = |o: &Options, days: &[usize], rep: usize| {
            let pattern = o.patterns.iter().position(|p| p == days)? as u32;
            let rep = o.reps.iter().position(|&r| r == rep)? as u32;
            Some(Choice { pattern, rep })
        };
        let days_a = &options_a.patterns[of_a.pattern as usize];
        let days_b = &options_b.patterns[of_b.pattern as usize];
        let both = take(options_a, days_b, rep_b).zip(take(options_b, days_a, rep_a));
        if both.is_some() || rep_a == rep_b {
            return both;
        }
        take(options_a, days_a, rep_b).zip(take(options_b, days_b, rep_a))
    }

    /// Customers by driving time from each.
    fn near(&self) -> Vec<Vec<u32>> {
        let customers = &self.problem.customers;
        let seconds = |a: usize, b: usize| self.problem.ways.first().map_or(0, |w| w.durations[(a, b)]);
        (0..customers.len())
            .map(|c| {
                let mut others: Vec<(i64, u32)> = (0..customers.len())
                    .filter(|&o| o != c)
                    .map(|o| (seconds(customers[c].place, customers[o].place), o as u32))
                    .collect();
                others.sort_unstable();
                others.truncate(24);
                others.into_iter().map(|(_, o)| o).collect()
            })
            .collect()
    }

    /// Shortens every day by moving stretches of up to three customers and by turning stretches round.
    fn straighten(&mut self) {
        for k in 0..self.days.len() {
            if self.days[k].sequence.len() < 2 {
                continue;
            }
            self.discount(k, -1.0);
            let rep = k / self.width;
            let mut sequence = std::mem::take(&mut self.days[k].sequence);
            let mut length = self.length(rep, &sequence);
            while let Some((shorter, better)) = self.improve(rep, &sequence, length.0) {
                (length, sequence) = (better, shorter);
            }
            self.days[k].travel = length.0;
            self.days[k].metres = length.1;
            self.days[k].sequence = sequence;
            self.discount(k, 1.0);
        }
    }

    /// Seconds and metres of a day's way.
    fn length(&self, rep: usize, sequence: &[u32]) -> (i64, i64) {
        let (mut here, mut whole) = (self.problem.reps[rep].home, (0, 0));
        let places = sequence.iter().map(|v| Some(self.problem.customers[*v as usize].place));
        for to in places.chain([self.problem.reps[rep].end]) {
            let leg = self.leg(rep, here, to);
            whole = (whole.0 + leg.0, whole.1 + leg.1);
            here = to.unwrap_or(here);
        }
        whole
    }

    fn improve(&self, rep: usize, sequence: &[u32], length: i64) -> Option<(Vec<u32>, (i64, i64))> {
        let n = sequence.len();
        for i in 0..n {
            for j in i + 1..=n {
                let mut turned = sequence.to_vec();
                turned[i..j].reverse();
                let next = self.length(rep, &turned);
                if next.0 < length {
                    return Some((turned, next));
                }
                if j - i > 3 {
                    continue;
                }
                let piece = &sequence[i..j];
                let rest: Vec<u32> = [&sequence[..i], &sequence[j..]].concat();
                for at in (0..=rest.len()).filter(|&at| at != i) {
                    let moved = [&rest[..at], piece, &rest[at..]].concat();
                    let next = self.length(rep, &moved);
                    if next.0 < length {
                        return Some((moved, next));
                    }
                }
            }
        }
        None
    }

    /// The plan in the caller's words.
    pub fn finish(self, problem: &PeriodProblem, unmet: Vec<Unmet>) -> PeriodPlan {
        let width = self.width.max(1);
        let mut days_of: Vec<Vec<usize>> =
            problem.customers.iter().map(|c| c.others(&problem.reps).collect()).collect();
        for (k, day) in self.days.iter().enumerate() {
            day.sequence.iter().for_each(|c| days_of[*c as usize].push(k % width));
        }
        let mut visits = Vec::new();
        for (k, day) in self.days.iter().enumerate() {
            let (rep, d) = (k / width, k % width);
            for &customer in &day.sequence {
                let c = customer as usize;
                let number = |d: usize| number(&problem.days[d], d, &problem.customers[c]);
                let earlier = |e: &&usize| **e < d && number(**e) == number(d);
                let ordinal = days_of[c].iter().filter(earlier).count() as u32;
                visits.push(PeriodVisit { day: d, rep, customer: c, period: number(d), ordinal });
            }
        }
        // Stable: the order of driving stays within a person's day.
        visits.sort_by_key(|v| (v.day, v.rep));
        let of = |part: fn(&Day) -> i64| -> Vec<Vec<i64>> {
            self.days.chunks(width).map(|days| days.iter().map(part).collect()).collect()
        };
        let overfull = self
            .days
            .iter()
            .enumerate()
            .filter(|(_, d)| d.work() > d.room)
            .map(|(k, d)| (k / self.width, k % self.width, d.work() - d.room));
        let shares: Vec<f64> =
            self.days.iter().filter(|d| d.room > 0).map(|d| d.share(self.common)).collect();
        let overfull = overfull.collect();
        let mean_days: Vec<f64> = self.by_rep.iter().zip(&self.open_of).map(|(w, d)| w / d).collect();
        PeriodPlan {
            day_range: range(&shares),
            person_range: range(&mean_days),
            travel_s: self.days.iter().map(|d| d.travel).sum(),
            visits,
            work: of(Day::work),
            metres: of(|d| d.metres),
            unmet,
            overfull,
        }
    }
}

/// Who goes to a customer, `[choice of rep][day]`: whom it is planned with, else whom the customer asks for, else the chosen
/// one, else who stands in for him; and what it counts.
fn who(problem: &PeriodProblem, options: &Options, customer: usize) -> Vec<(u32, u16)> {
    let c = &problem.customers[customer];
    let reachable = c.usual.filter(|u| options.stand_ins.contains(u));
    let named = c.named.filter(|n| options.stand_ins.contains(n));
    let habit = c.usual_weekdays.contains(&true);
    // All customers of one who is away are not to fall to the first of the others.
    let stand_in = |d: usize| {
        let able: Vec<usize> =
            options.stand_ins.iter().copied().filter(|r| c.open_to(*r, d, &problem.reps)).collect();
        able.get(customer % able.len().max(1)).copied()
    };
    let of = |chosen: usize, d: usize| {
        if let Some(&(_, rep)) = c.planned.iter().find(|(day, r)| *day == d && *r < problem.reps.len()) {
            return (rep as u32, 0);
        }
        if c.others(&problem.reps).any(|day| day == d) {
            return (NONE_OF_THEM, 0);
        }
        let open = |r: &usize| c.open_to(*r, d, &problem.reps);
        let rep = named
            .filter(open)
            .or(Some(chosen).filter(open))
            .or(reachable.filter(open))
            .unwrap_or_else(|| stand_in(d).unwrap_or(chosen));
        let mut wish = 0;
        if rep != reachable.unwrap_or(chosen) {
            wish += OTHER_REP;
        }
        if habit && !c.usual_weekdays[usize::from(problem.days[d].weekday % 7)] {
            wish += OTHER_WEEKDAY;
        }
        (rep as u32, wish)
    };
    options
        .reps
        .iter()
        .flat_map(|&r| (0..problem.days.len()).map(move |d| (r, d)))
        .map(|(r, d)| of(r, d))
        .collect()
}

/// How far a share lies beyond what is even enough, squared.
fn strayed(share: f64, usual: f64) -> f64 {
    ((share - usual).abs() - EVEN_ENOUGH * usual).max(0.0).powi(2)
}

/// Largest minus smallest over the mean.
fn range(values: &[f64]) -> f64 {
    let (low, high) =
        values.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), &v| (low.min(v), high.max(v)));
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    if mean > 0.0 { (high - low) / mean } else { 0.0 }
}
