//! Compact areas with nearly even work: a power diagram whose weights are turned until loads agree.

use crate::{
    Question,
    ground::{Ground, square},
};

/// Rounds in which centres move, and in which only weights turn.
const MOVING: usize = 20;
const TURNING: usize = 60;
/// How far a centre is drawn towards where the person's days begin.
pub const ANCHOR: f64 = 0.2;
/// What a change of hands is worth, in squares of a usual radius, when today is kept as strongly as can be.
pub const KEPT: f64 = 4.0;

/// Numbers that only look random. SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for k in (1..all.len()).rev() {
            all.swap(k, self.below(k + 1));
        }
    }
}

/// Weighted middle of each seat's customers, drawn towards its start; where it was when it has none.
pub fn centres(
    question: &Question,
    ground: &Ground,
    seat_of: &[usize],
    before: &[(f64, f64)],
) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0, 0.0); before.len()];
    for ((point, seat), xy) in question.points.iter().zip(seat_of).zip(&ground.xy) {
        if let Some(sum) = sums.get_mut(*seat) {
            // A customer without work still stands somewhere.
            let w = point.work + 1e-3;
            *sum = (sum.0 + w * xy.0, sum.1 + w * xy.1, sum.2 + w);
        }
    }
    let place = |k: usize| {
        let (x, y, w) = sums[k];
        if w <= 0.0 {
            return before[k];
        }
        let own = (x / w, y / w);
        ground.starts[k].map_or(own, |s| (own.0 + ANCHOR * (s.0 - own.0), own.1 + ANCHOR * (s.1 - own.1)))
    };
    (0..before.len()).map(place).collect()
}

/// Halves the customers again and again, each time across the longer direction and so that both sides have the work
/// their people should have: even from the beginning, however thick or thin customers stand.
pub fn halve(question: &Question, ground: &Ground, shares: &[f64]) -> Vec<usize> {
    let today: Vec<usize> = question.points.iter().map(|p| p.today.unwrap_or(usize::MAX)).collect();
    let nowhere = vec![(f64::NAN, f64::NAN); shares.len()];
    // Sides are given out by where people are today, or where their days begin.
    let mut anchor = centres(question, ground, &today, &nowhere);
    for (a, start) in anchor.iter_mut().zip(&ground.starts) {
        if a.0.is_nan() {
            *a = start.unwrap_or(*a);
        }
    }
    let mut seat_of = vec![0; question.points.len()];
    let mut points: Vec<usize> = (0..seat_of.len()).collect();
    let mut seats: Vec<usize> = (0..shares.len()).collect();
    Halving { question, ground, shares, anchor }.split(&mut points, &mut seats, &mut seat_of);
    seat_of
}

struct Halving<'a> {
    question: &'a Question,
    ground: &'a Ground,
    shares: &'a [f64],
    anchor: Vec<(f64, f64)>,
}

impl Halving<'_> {
    fn split(&self, points: &mut [usize], seats: &mut [usize], seat_of: &mut [usize]) {
        if points.is_empty() || seats.len() < 2 {
            for p in points {
                seat_of[*p] = seats[0];
            }
            return;
        }
        let (middle, turn) = self.direction(points);
        let along = |(x, y): (f64, f64)| (x - middle.0) * turn.0 + (y - middle.1) * turn.1;
        points.sort_by(|a, b| along(self.ground.xy[*a]).total_cmp(&along(self.ground.xy[*b])).then(a.cmp(b)));
        let place = |s: usize| if self.anchor[s].0.is_nan() { 0.0 } else { along(self.anchor[s]) };
        seats.sort_by(|a, b| place(*a).total_cmp(&place(*b)).then(a.cmp(b)));
        let half = seats.len() / 2;
        let share = |seats: &[usize]| seats.iter().map(|s| self.shares[*s]).sum::<f64>();
        let work = |points: &[usize]| points.iter().map(|p| self.question.points[*p].work).sum::<f64>();
        let whole = share(seats);
        let part = if whole > 0.0 { share(&seats[..half]) / whole } else { half as f64 / seats.len() as f64 };
        let (wanted, mut sum, mut cut) = (work(points) * part, 0.0, 0);
        for p in points.iter() {
            let w = self.question.points[*p].work;
            if sum + w / 2.0 > wanted {
                break;
            }
            sum += w;
            cut += 1;
        }
        // Nobody goes without while there are enough for all.
        let (n, rest) = (points.len(), seats.len() - half);
        let cut = cut.max(half.min(n.saturating_sub(rest))).min(n - rest.min(n.saturating_sub(half.min(n))));
        let (left, right) = points.split_at_mut(cut);
        let (west, east) = seats.split_at_mut(half);
        self.split(left, west, seat_of);
        self.split(right, east, seat_of);
    }

    /// Middle of customers, and the direction in which they lie farthest apart.
    fn direction(&self, points: &[usize]) -> ((f64, f64), (f64, f64)) {
        let n = points.len() as f64;
        let (sx, sy) =
            points.iter().fold((0.0, 0.0), |s, p| (s.0 + self.ground.xy[*p].0, s.1 + self.ground.xy[*p].1));
        let middle = (sx / n, sy / n);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for p in points {
            let (x, y) = (self.ground.xy[*p].0 - middle.0, self.ground.xy[*p].1 - middle.1);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        (middle, (angle.cos(), angle.sin()))
    }
}

/// The seat of each customer by a power diagram that begins with given areas; the last even one, or the most even.
pub fn power(question: &Question, ground: &Ground, shares: &[f64], begin: &[usize]) -> Vec<usize> {
    let mut centre = centres(question, ground, begin, &vec![(0.0, 0.0); shares.len()]);
    let mut weight = vec![0.0; centre.len()];
    let mut best: (f64, Vec<usize>) = (f64::INFINITY, begin.to_vec());
    for round in 0..MOVING + TURNING {
        // Towns are thick and the land between thin: each weight is turned by the distances around it.
        let reach = reaches(&centre);
        let kept = KEPT * question.keep;
        let seat_of = nearest(question, ground, &centre, &weight, |seat| kept * reach[seat] / 4.0);
        let mut loads = vec![0.0; shares.len()];
        for (point, seat) in question.points.iter().zip(&seat_of) {
            loads[*seat] += point.work;
        }
        let uneven = crate::deviation(&loads, shares);
        if uneven < best.0.max(crate::TOLERANCE) {
            best = (uneven, seat_of.clone());
        }
        if round < MOVING {
            centre = centres(question, ground, &seat_of, &centre);
        } else if uneven < crate::TOLERANCE {
            break;
        }
        let step = if round < MOVING { 0.2 } else { 0.2 / (1.0 + (round - MOVING) as f64 / 20.0) };
        for seat in 0..weight.len() {
            if shares[seat] > 0.0 {
                let missing = ((shares[seat] - loads[seat]) / shares[seat]).clamp(-1.0, 1.0);
                weight[seat] += step * reach[seat] * missing;
            }
        }
    }
    best.1
}

/// Square of the distance to the nearest other centre.
fn reaches(centre: &[(f64, f64)]) -> Vec<f64> {
    let of = |k: usize| {
        let others = centre.iter().enumerate().filter(|(o, _)| *o != k);
        let near = others.map(|(_, c)| square(*c, centre[k])).fold(f64::INFINITY, f64::min);
        if near.is_finite() { near.max(1e-6) } else { 1.0 }
    };
    (0..centre.len()).map(of).collect()
}

fn nearest(
    question: &Question,
    ground: &Ground,
    centre: &[(f64, f64)],
    weight: &[f64],
    kept: impl Fn(usize) -> f64,
) -> Vec<usize> {
    let of = |(k, xy): (usize, &(f64, f64))| {
        let mut best = (f64::INFINITY, 0);
        for (seat, (c, w)) in centre.iter().zip(weight).enumerate() {
            let cost = square(*c, *xy) - w;
            if cost < best.0 {
                best = (cost, seat);
            }
        }
        match question.points[k].today {
            Some(today) if square(centre[today], *xy) - weight[today] - kept(today) <= best.0 => today,
            _ => best.1,
        }
    };
    ground.xy.iter().enumerate().map(of).collect()
}
