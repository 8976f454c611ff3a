//! A round: points to be reached in order, each in its time.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A point of the round, in the order it is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    pub id: Uuid,
    /// Due time, Unix milliseconds: reached within it is in time.
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Somebody was at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    pub point: Uuid,
    pub at_ms: i64,
}

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatrolState {
    /// Not due yet, or due now.
    Open,
    /// Past its time and not reached so far; the round is still on.
    Overdue,
    InTime,
    Early,
    Late,
    Missed,
}

/// A point with its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatrolPoint {
    pub id: Uuid,
    pub state: PatrolState,
    pub arrived_ms: Option<i64>,
    /// How much too late (positive) or too early (negative), seconds.
    pub off_s: i64,
    /// Reached before a point that stands before it.
    pub out_of_order: bool,
}

/// The round so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatrolResult {
    pub points: Vec<PatrolPoint>,
    pub reached: usize,
    pub late: usize,
    pub missed: usize,
    pub out_of_order: usize,
}

/// Judges a round at `now_ms`. It lasts from `grace_s` before the first due time to as long after the last; an arrival
/// outside belongs to no round. Of several arrivals at a point the one nearest to its due time counts, the earlier of
/// two equal ones. Out of order are the fewest points that, left out, leave the others in order.
pub fn patrol(points: &[Checkpoint], arrivals: &[Arrival], now_ms: i64, grace_s: i64) -> PatrolResult {
    let grace = grace_s.saturating_mul(1000);
    let begin = points.iter().map(|p| p.from_ms).min().unwrap_or(0).saturating_sub(grace);
    let end = points.iter().map(|p| p.to_ms).max().unwrap_or(0).saturating_add(grace);
    let off = |p: &Checkpoint, t: i64| {
        if t > p.to_ms { t.saturating_sub(p.to_ms) } else { t.saturating_sub(p.from_ms).min(0) }
    };
    let mut judged: Vec<PatrolPoint> = points
        .iter()
        .map(|p| {
            let here = arrivals.iter().filter(|a| a.point == p.id && (begin..=end).contains(&a.at_ms));
            let best = here.map(|a| a.at_ms).min_by_key(|t| (off(p, *t).saturating_abs(), *t));
            let off_ms = best.map_or(0, |t| off(p, t));
            let state = match best {
                Some(_) if off_ms > 0 => PatrolState::Late,
                Some(_) if off_ms < 0 => PatrolState::Early,
                Some(_) => PatrolState::InTime,
                None if now_ms > end => PatrolState::Missed,
                None if now_ms > p.to_ms => PatrolState::Overdue,
                None => PatrolState::Open,
            };
            PatrolPoint { id: p.id, state, arrived_ms: best, off_s: off_ms / 1000, out_of_order: false }
        })
        .collect();
    let reached: Vec<(usize, i64)> =
        judged.iter().enumerate().filter_map(|(i, p)| Some((i, p.arrived_ms?))).collect();
    let in_order = longest_run(&reached.iter().map(|(_, t)| *t).collect::<Vec<_>>());
    for (k, (i, _)) in reached.iter().enumerate() {
        judged[*i].out_of_order = !in_order.contains(&k);
    }
    let count = |of: fn(&PatrolPoint) -> bool| judged.iter().filter(|p| of(p)).count();
    PatrolResult {
        reached: reached.len(),
        late: count(|p| p.state == PatrolState::Late),
        missed: count(|p| p.state == PatrolState::Missed),
        out_of_order: count(|p| p.out_of_order),
        points: judged,
    }
}

/// Positions of a longest run that never goes back. Rounds are short: quadratic is fine.
fn longest_run(times: &[i64]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = vec![];
    for i in 0..times.len() {
        let before =
            (0..i).filter(|j| times[*j] <= times[i]).max_by_key(|j| (best[*j].0, std::cmp::Reverse(*j)));
        best.push(before.map_or((1, None), |j| (best[j].0 + 1, Some(j))));
    }
    let mut at = (0..times.len()).max_by_key(|i| (best[*i].0, std::cmp::Reverse(*i)));
    let mut run = vec![];
    while let Some(i) = at {
        run.push(i);
        at = best[i].1;
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn round() -> Vec<Checkpoint> {
        (0..12)
            .map(|k| Checkpoint {
                id: Uuid::from_u128(k as u128),
                from_ms: k * 30 * MINUTE,
                to_ms: k * 30 * MINUTE + 10 * MINUTE,
            })
            .collect()
    }

    fn at(point: i64, minute: i64) -> Arrival {
        Arrival { point: Uuid::from_u128(point as u128), at_ms: minute * MINUTE }
    }

    /// The round of the feature list: twelve points, the fifth skipped, the seventh twenty minutes late.
    #[test]
    fn skipped_and_late() {
        let arrivals: Vec<Arrival> = (0..12)
            .filter(|k| *k != 4)
            .map(|k| if k == 6 { at(6, 6 * 30 + 10 + 20) } else { at(k, k * 30 + 5) })
            .collect();
        let r = patrol(&round(), &arrivals, 10_000 * MINUTE, 3600);
        assert_eq!((r.reached, r.late, r.missed), (11, 1, 1));
        assert_eq!(r.points[4].state, PatrolState::Missed);
        assert_eq!((r.points[6].state, r.points[6].off_s), (PatrolState::Late, 1200));
        // Twenty minutes late is still before the eighth point.
        assert_eq!(r.out_of_order, 0);
    }

    #[test]
    fn out_of_order_is_the_one_that_moved() {
        let order = [0, 1, 5, 2, 3, 4, 6];
        let arrivals: Vec<Arrival> = order.iter().enumerate().map(|(i, k)| at(*k, i as i64 * 25)).collect();
        let r = patrol(&round(), &arrivals, 60 * MINUTE, 36_000);
        let moved: Vec<usize> = (0..12).filter(|i| r.points[*i].out_of_order).collect();
        assert_eq!(moved, [5]);
        assert_eq!(r.points[7].state, PatrolState::Open);
    }

    #[test]
    fn while_it_is_on() {
        let r = patrol(&round(), &[at(0, -5), at(0, 3), at(1, 20)], 75 * MINUTE, 3600);
        let states: Vec<PatrolState> = r.points.iter().take(4).map(|p| p.state).collect();
        use PatrolState::{Early, InTime, Open, Overdue};
        assert_eq!(states, [InTime, Early, Overdue, Open]);
        assert_eq!(r.points[1].off_s, -600);
        assert_eq!(patrol(&[], &[at(0, 1)], 0, 0), PatrolResult::default());
    }
}
