//! Looks at an answer with code of its own: nothing here is shared with the search but the proximity graph.

use crate::{Division, Question, ground::Ground};

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Not one seat for each customer.
    Count { points: usize, given: usize },
    /// A seat that is not there.
    UnknownSeat(usize),
    /// An area in more than one piece.
    Pieces { seat: usize, pieces: usize },
    /// Work, deviation or number of changes is not what it was said to be.
    Figures,
}

/// Every customer in exactly one area, every area in one piece, all figures as said.
pub fn check(question: &Question, division: &Division) -> Vec<Fault> {
    let (points, seats) = (&question.points, question.seats.len());
    let given = &division.seat_of;
    if given.len() != points.len() {
        return vec![Fault::Count { points: points.len(), given: given.len() }];
    }
    if let Some(k) = given.iter().position(|s| *s >= seats) {
        return vec![Fault::UnknownSeat(k)];
    }
    let mut faults = vec![];
    if !points.is_empty() {
        let mut pieces = vec![0; seats];
        let near = Ground::of(question).near;
        let mut seen = vec![false; points.len()];
        for k in 0..points.len() {
            if !seen[k] {
                pieces[given[k]] += 1;
                let mut stack = vec![k];
                while let Some(here) = stack.pop() {
                    if !std::mem::replace(&mut seen[here], true) {
                        stack
                            .extend(near[here].iter().map(|n| *n as usize).filter(|n| given[*n] == given[k]));
                    }
                }
            }
        }
        let torn = pieces.iter().enumerate().filter(|(_, n)| **n > 1);
        faults.extend(torn.map(|(seat, n)| Fault::Pieces { seat, pieces: *n }));
    }
    let mut worst: f64 = 0.0;
    let mut agree = division.loads.len() == seats && division.shares.len() == seats;
    for seat in 0..seats.min(division.loads.len()).min(division.shares.len()) {
        let load: f64 = points.iter().zip(given).filter(|(_, s)| **s == seat).map(|(p, _)| p.work).sum();
        agree &= (load - division.loads[seat]).abs() <= 1e-6 * (1.0 + load);
        if division.shares[seat] > 0.0 {
            worst = worst.max((load - division.shares[seat]).abs() / division.shares[seat]);
        }
    }
    let moved = points.iter().zip(given).filter(|(p, s)| p.today.is_some_and(|t| t != **s)).count();
    if !agree || (worst - division.deviation).abs() > 1e-6 || moved != division.moved {
        faults.push(Fault::Figures);
    }
    faults
}
