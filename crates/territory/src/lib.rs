//! Areas: customers divided among people so that work is even, every area is in one piece, and few change hands.
//! Pure: no store, no clock; the same question with the same seed gives the same answer.
//!
//! How it is done: customers are halved again and again across the longer direction, which is even from the
//! beginning; a power diagram (k-means with one additive weight an area, the weights turned until loads agree) makes
//! that compact; today's areas are another beginning when they are to be kept. Each is brought into one piece on a
//! proximity graph (a part of the Delaunay triangulation that is always connected), then customers at borders change
//! sides, one by one and in chains across several areas, as long as that makes work more even, areas more compact or
//! changes fewer. Nothing that would cut an area in two is done.
//!
//! * [`divide`] answers a [`Question`] with a [`Division`];
//! * [`check`] looks at an answer with code of its own;
//! * [`month_m`] estimates the driving of a month, [`outline`] draws an area.

mod balance;
mod check;
mod ground;
mod pieces;
mod power;
#[cfg(test)]
mod tests;
mod travel;

pub use check::{Fault, check};
pub use travel::{month_m, outline};

use geo::LngLat;

/// Largest deviation of an area's work from its share that is sought, as a fraction.
pub const TOLERANCE: f64 = 0.05;
/// Most customers and most people of one question.
pub const MOST_POINTS: usize = 20_000;
pub const MOST_SEATS: usize = 500;
/// Today's areas are no beginning when somebody has so much more, or less, than his share.
const FAR_FROM_EVEN: f64 = 0.8;
/// What stays uneven is tried again so often, while customers times people are not more than this.
const AGAIN: u64 = 3;
const MOST_FOR_AGAIN: usize = 1_200_000;

/// What is to be divided, among whom.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub points: Vec<Point>,
    pub seats: Vec<Seat>,
    /// How strongly today's areas are kept: 0 not at all, 1 whatever evenness and one piece allow.
    pub keep: f64,
}

/// A customer.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub at: LngLat,
    /// Work he makes, in any unit as long as it is the same for all: minutes a month.
    pub work: f64,
    /// Index of the seat that has him today.
    pub today: Option<usize>,
}

/// A person who gets an area.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seat {
    /// Where his days begin.
    pub start: Option<LngLat>,
    /// Work he can do, in the unit of the customers. Shares are in proportion; without one he gets what the
    /// others have on average.
    pub capacity: Option<f64>,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestion {
    #[error("nobody takes part")]
    NoSeats,
    #[error("at most 20000 customers and 500 people")]
    TooMany,
    #[error("work of customer {0} is not a finite number ≥ 0")]
    Work(usize),
    #[error("customer {0} belongs to a seat that is not there")]
    Today(usize),
    #[error("capacity of seat {0} is not a finite number > 0")]
    Capacity(usize),
    #[error("keep is between 0 and 1")]
    Keep,
}

/// Who gets whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Division {
    /// The seat of each customer.
    pub seat_of: Vec<usize>,
    /// Work of each seat, and its share of the whole.
    pub loads: Vec<f64>,
    pub shares: Vec<f64>,
    /// Largest |load − share| / share, as a fraction.
    pub deviation: f64,
    /// Customers that had a seat and have another now.
    pub moved: usize,
    /// What stands against [`TOLERANCE`] when it is not reached.
    pub hindrance: Option<Hindrance>,
}

/// Why work is less even than sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// This customer alone makes more work than the largest share allows.
    HeavyPoint(usize),
    /// There are fewer customers than people.
    FewPoints,
    /// Customers are few or uneven for so many people, or their places leave no way in one piece that was found.
    Grain,
}

/// Divides. With an empty list of customers everybody has nothing.
///
/// # Errors
/// What is wrong with the question.
pub fn divide(question: &Question, seed: u64) -> Result<Division, BadQuestion> {
    sound(question)?;
    let shares = shares(question);
    if question.points.is_empty() {
        return Ok(finished(question, vec![], shares));
    }
    let ground = ground::Ground::of(question);
    let mut best = attempt(question, &ground, &shares, seed);
    // Evenness goes before what is kept: who keeps less finds room, and other dice find other ways.
    let again = if question.points.len() * shares.len() <= MOST_FOR_AGAIN { AGAIN } else { 0 };
    let mut keep = question.keep;
    for k in 1..=again {
        if best.uneven <= TOLERANCE {
            break;
        }
        keep *= 0.5;
        let other = attempt(&Question { keep, ..question.clone() }, &ground, &shares, seed.wrapping_add(k));
        if other.uneven < best.uneven {
            best = other;
        }
    }
    Ok(finished(question, best.seat_of, shares))
}

/// The best of what grows from different first divisions.
fn attempt(question: &Question, ground: &ground::Ground, shares: &[f64], seed: u64) -> balance::Balanced {
    let better = |whole: Vec<usize>| balance::balance(question, ground, shares, whole, seed);
    let halved = power::halve(question, ground, shares);
    let compact = power::power(question, ground, shares, &halved);
    let mut best = better(pieces::in_one_piece(question, ground, compact));
    let less = |a: balance::Balanced, b: balance::Balanced| if b.score < a.score { b } else { a };
    if best.uneven > TOLERANCE {
        best = less(best, better(pieces::in_one_piece(question, ground, halved)));
    }
    if question.keep > 0.0 && question.points.iter().any(|p| p.today.is_some()) {
        let today = question.points.iter().map(|p| p.today.unwrap_or(ground::NOBODY)).collect();
        let whole = pieces::in_one_piece(question, ground, today);
        // What is far from even would have to be taken apart anyway.
        if deviation(&loads(question, &whole, shares.len()), shares) < FAR_FROM_EVEN {
            best = less(best, better(whole));
        }
    }
    best
}

fn sound(question: &Question) -> Result<(), BadQuestion> {
    let (points, seats) = (&question.points, &question.seats);
    if seats.is_empty() {
        return Err(BadQuestion::NoSeats);
    }
    if points.len() > MOST_POINTS || seats.len() > MOST_SEATS {
        return Err(BadQuestion::TooMany);
    }
    if let Some(k) = points.iter().position(|p| !p.work.is_finite() || p.work < 0.0) {
        return Err(BadQuestion::Work(k));
    }
    if let Some(k) = points.iter().position(|p| p.today.is_some_and(|s| s >= seats.len())) {
        return Err(BadQuestion::Today(k));
    }
    if let Some(k) = seats.iter().position(|s| s.capacity.is_some_and(|c| !c.is_finite() || c <= 0.0)) {
        return Err(BadQuestion::Capacity(k));
    }
    if !(0.0..=1.0).contains(&question.keep) {
        return Err(BadQuestion::Keep);
    }
    Ok(())
}

/// What each seat should have of the whole work.
fn shares(question: &Question) -> Vec<f64> {
    let named: Vec<f64> = question.seats.iter().filter_map(|s| s.capacity).collect();
    let usual = if named.is_empty() { 1.0 } else { named.iter().sum::<f64>() / named.len() as f64 };
    let parts: Vec<f64> = question.seats.iter().map(|s| s.capacity.unwrap_or(usual)).collect();
    let (whole, work) = (parts.iter().sum::<f64>(), question.points.iter().map(|p| p.work).sum::<f64>());
    parts.iter().map(|p| p / whole * work).collect()
}

fn finished(question: &Question, seat_of: Vec<usize>, shares: Vec<f64>) -> Division {
    let loads = loads(question, &seat_of, shares.len());
    let now = question.points.iter().zip(&seat_of);
    let moved = now.filter(|(p, seat)| p.today.is_some_and(|t| t != **seat)).count();
    let deviation = deviation(&loads, &shares);
    let hindrance = (deviation > TOLERANCE + 1e-9).then(|| hindrance(question, &shares));
    Division { seat_of, loads, shares, deviation, moved, hindrance }
}

/// Work of each seat.
pub(crate) fn loads(question: &Question, seat_of: &[usize], seats: usize) -> Vec<f64> {
    let mut loads = vec![0.0; seats];
    for (point, seat) in question.points.iter().zip(seat_of) {
        loads[*seat] += point.work;
    }
    loads
}

/// Largest |load − share| / share; 0 where there is no work.
pub(crate) fn deviation(loads: &[f64], shares: &[f64]) -> f64 {
    let of = |(load, share): (&f64, &f64)| if *share > 0.0 { (load - share).abs() / share } else { 0.0 };
    loads.iter().zip(shares).map(of).fold(0.0, f64::max)
}

fn hindrance(question: &Question, shares: &[f64]) -> Hindrance {
    let largest = shares.iter().copied().fold(0.0, f64::max) * (1.0 + TOLERANCE);
    let heaviest = question.points.iter().enumerate().max_by(|a, b| a.1.work.total_cmp(&b.1.work));
    match heaviest {
        _ if question.points.len() < question.seats.len() => Hindrance::FewPoints,
        Some((k, p)) if p.work > largest => Hindrance::HeavyPoint(k),
        _ => Hindrance::Grain,
    }
}
