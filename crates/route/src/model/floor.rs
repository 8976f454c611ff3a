//! A floor under the cost of making given visits, by whomever and in whatever order.
//!
//! Every visit is reached once and left once, every working day begins and ends once. The cheapest way to choose for
//! every place one way in and one way out, forgetting that the ways must join to days, is an assignment problem, and no
//! plan costs less. Its dual prices are kept beside the floor: any prices whose sum nowhere exceeds the cost of a leg
//! prove it, so whoever checks it has to trust nothing but the prices' sums (`check`). Ways that no clock allows
//! are no ways; rates, wishes and fixed costs are the lowest of those who may go; evenness costs at least what it
//! would if all worked equally long.

use super::score::{UNIT, seconds, wish_cost};
use super::solve::Effort;
use super::{Problem, Rep};

/// A leg that does not exist.
const NO_LEG: i64 = 1 << 50;
/// Places beyond which the prices are only estimated, and seconds an exact price takes per cubed place.
const MOST: usize = 600;
const SECONDS: f64 = 4e-9;
/// Share of the time the prices may take.
const SHARE: f64 = 0.05;

/// No plan that makes the same visits costs less, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// In 1/36 000 of a unit.
    pub cost: i64,
    /// The visits, by index.
    pub visits: Vec<usize>,
    /// Price of leaving each of them, then of each rep setting out.
    pub leaving: Vec<i64>,
    /// Price of reaching each of them, then of each rep's day ending.
    pub reaching: Vec<i64>,
    /// Least cost of evenness.
    pub even: i64,
}

/// The floor for some visits of a problem.
pub(crate) fn floor(problem: &Problem, visits: &[usize], effort: Effort) -> Floor {
    let legs = Legs::new(problem, visits);
    let size = legs.size;
    let exact = size <= MOST
        && match effort {
            Effort::Steps(_) => true,
            Effort::Clock { seconds, .. } => (size as f64).powi(3) * SECONDS < seconds * SHARE,
        };
    let (leaving, reaching) = if exact { assign(&legs) } else { estimate(&legs) };
    let even = least_evenness(problem, visits);
    let cost = leaving.iter().chain(&reaching).sum::<i64>() + even;
    Floor { cost, visits: visits.to_vec(), leaving, reaching, even }
}

/// Reps who drive alike.
struct Class<'a> {
    rep: &'a Rep,
    members: Vec<usize>,
    /// First and last moment anybody of them works.
    shift: (i64, i64),
}

/// Least cost from everywhere to everywhere.
struct Legs {
    size: usize,
    cells: Vec<i64>,
}

impl Legs {
    fn new(problem: &Problem, visits: &[usize]) -> Legs {
        let (m, k) = (visits.len(), problem.reps.len());
        let size = m + k;
        let mut cells = vec![NO_LEG; size * size];
        let promised = |v: usize| problem.reps.iter().any(|r| r.committed.contains(&v));
        let may = |r: usize, v: usize| {
            let visit = &problem.visits[v];
            let skilled = visit.skills.met_by(&problem.reps[r].skills);
            skilled && visit.allowed.as_ref().is_none_or(|a| a.contains(&r))
                || problem.reps[r].committed.contains(&v)
        };
        let able: Vec<Vec<bool>> = (0..k).map(|r| visits.iter().map(|&v| may(r, v)).collect()).collect();
        let wish: Vec<i64> = (0..m)
            .map(|j| {
                let of = (0..k).filter(|r| able[*r][j]).map(|r| wish_cost(problem, r, visits[j]));
                of.min().unwrap_or(0)
            })
            .collect();
        for class in classes(problem) {
            let open: Vec<bool> = (0..m).map(|j| class.members.iter().any(|r| able[*r][j])).collect();
            let departs: Vec<i64> = visits.iter().map(|&v| departs(problem, v, class.shift.0)).collect();
            let closes: Vec<i64> = visits
                .iter()
                .map(|&v| closes(problem, v, promised(v)).min(class.shift.1 - problem.visits[v].service_s))
                .collect();
            for (i, &v) in visits.iter().enumerate().filter(|(i, _)| open[*i]) {
                for (j, &w) in visits.iter().enumerate().filter(|(j, _)| open[*j]) {
                    let (a, b) = (problem.visits[v].location, problem.visits[w].location);
                    if i != j && departs[i] + seconds(problem, class.rep, a, b).max(0) <= closes[j] {
                        let leg = money(problem, class.rep, Some(a), Some(b));
                        let cell = &mut cells[i * size + j];
                        *cell = (*cell).min(leg.map_or(NO_LEG, |c| c + wish[j]));
                    }
                }
            }
        }
        for (r, rep) in problem.reps.iter().enumerate() {
            for (j, &v) in visits.iter().enumerate().filter(|(j, _)| able[r][*j]) {
                let place = Some(problem.visits[v].location);
                let out = money(problem, rep, rep.start, place);
                cells[(m + r) * size + j] = out.map_or(NO_LEG, |c| c + rep.rates.fixed * UNIT + wish[j]);
                cells[j * size + m + r] = money(problem, rep, place, rep.end).unwrap_or(NO_LEG);
            }
            cells[(m + r) * size + m + r] = 0;
        }
        Legs { size, cells }
    }

    fn at(&self, from: usize, to: usize) -> i64 {
        self.cells[from * self.size + to]
    }
}

fn classes(problem: &Problem) -> Vec<Class<'_>> {
    let mut all: Vec<Class> = vec![];
    for (r, rep) in problem.reps.iter().enumerate() {
        let key = |r: &Rep| (r.profile, r.rates, r.speed_percent);
        match all.iter_mut().find(|c| key(c.rep) == key(rep)) {
            Some(class) => {
                class.members.push(r);
                class.shift = (class.shift.0.min(rep.shift.0), class.shift.1.max(rep.shift.1));
            }
            None => all.push(Class { rep, members: vec![r], shift: rep.shift }),
        }
    }
    all
}

/// Earliest end of a visit.
fn departs(problem: &Problem, v: usize, from: i64) -> i64 {
    let visit = &problem.visits[v];
    let opens = visit.windows.iter().filter(|w| w.0 <= w.1).map(|w| w.0).min();
    from.max(opens.unwrap_or(from)) + visit.service_s
}

/// Latest begin of a visit, as far as its own windows go.
fn closes(problem: &Problem, v: usize, committed: bool) -> i64 {
    let visit = &problem.visits[v];
    match visit.windows.iter().map(|w| w.1).max() {
        Some(last) if !committed => last + visit.lateness_allowed_s.max(0),
        _ => i64::MAX / 8,
    }
}

/// Cost of a leg of a rep; nothing from or to an open end, `None` where there is no way.
fn money(problem: &Problem, rep: &Rep, from: Option<usize>, to: Option<usize>) -> Option<i64> {
    let (Some(a), Some(b)) = (from, to) else { return Some(0) };
    let profile = &problem.profiles[rep.profile];
    let time = seconds(problem, rep, a, b);
    if !(0..1 << 28).contains(&time) {
        return None;
    }
    Some(match &profile.costs {
        Some(costs) => costs[(a, b)] * UNIT,
        None => time * rep.rates.per_hour * 10 + profile.distances[(a, b)] * rep.rates.per_km * 36,
    })
}

/// Evenness costs least when the work of the visits is spread evenly over everybody. Hundredths of hours, as it is
/// counted, each day's rounded down.
pub(crate) fn least_evenness(problem: &Problem, visits: &[usize]) -> i64 {
    let people = problem.reps.len().max(1) as i64;
    let work: i64 = visits.iter().map(|&v| problem.visits[v].service_s).sum();
    let each = (work / 36 / people - 1).max(0);
    ((problem.weights.balance * UNIT / 16 * (each * each) / 10_000 - 1) * people).max(0)
}

/// Dual prices of the cheapest assignment (shortest augmenting paths, Jonker and Volgenant 1987).
fn assign(legs: &Legs) -> (Vec<i64>, Vec<i64>) {
    let n = legs.size;
    // Index 0 is nobody; rows and columns count from 1.
    let (mut u, mut v) = (vec![0_i64; n + 1], vec![0_i64; n + 1]);
    let (mut row_of, mut way) = (vec![0_usize; n + 1], vec![0_usize; n + 1]);
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let (mut least, mut seen) = (vec![i64::MAX / 4; n + 1], vec![false; n + 1]);
        loop {
            seen[column] = true;
            let (at, mut delta, mut next) = (row_of[column], i64::MAX / 4, 0);
            for j in 1..=n {
                if seen[j] {
                    continue;
                }
                let reduced = legs.at(at - 1, j - 1) - u[at] - v[j];
                if reduced < least[j] {
                    (least[j], way[j]) = (reduced, column);
                }
                if least[j] < delta {
                    (delta, next) = (least[j], j);
                }
            }
            for j in 0..=n {
                if seen[j] {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let before = way[column];
            row_of[column] = row_of[before];
            column = before;
        }
    }
    (u.split_off(1), v.split_off(1))
}

/// Prices that are quick to find: the cheapest way in, then what the cheapest way out costs beyond it.
fn estimate(legs: &Legs) -> (Vec<i64>, Vec<i64>) {
    let n = legs.size;
    let reaching: Vec<i64> = (0..n).map(|j| (0..n).map(|i| legs.at(i, j)).min().unwrap_or(0)).collect();
    let leaving = (0..n).map(|i| (0..n).map(|j| legs.at(i, j) - reaching[j]).min().unwrap_or(0)).collect();
    (leaving, reaching)
}
