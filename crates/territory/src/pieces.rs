//! One piece an area: what lies apart from the largest piece goes to a neighbour.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    Question,
    ground::{Ground, NOBODY, square},
    power,
};

/// Pieces of one seat's customers, as lists.
pub fn pieces(near: &[Vec<u32>], seat_of: &[usize]) -> Vec<(usize, Vec<usize>)> {
    let mut seen = vec![false; seat_of.len()];
    let mut all = vec![];
    for begin in 0..seat_of.len() {
        if seen[begin] || seat_of[begin] == NOBODY {
            continue;
        }
        seen[begin] = true;
        let mut piece = vec![begin];
        let mut next = 0;
        while let Some(&k) = piece.get(next) {
            next += 1;
            for &n in &near[k] {
                let n = n as usize;
                if !seen[n] && seat_of[n] == seat_of[begin] {
                    seen[n] = true;
                    piece.push(n);
                }
            }
        }
        all.push((seat_of[begin], piece));
    }
    all
}

/// Brings every area into one piece and gives every customer to somebody. Seats without any get one to grow from, as
/// far as there are customers.
pub fn in_one_piece(question: &Question, ground: &Ground, mut seat_of: Vec<usize>) -> Vec<usize> {
    let k = question.seats.len();
    let work = |piece: &[usize]| piece.iter().map(|p| question.points[*p].work + 1e-3).sum::<f64>();
    let all = pieces(&ground.near, &seat_of);
    let mut largest: Vec<Option<(f64, usize)>> = vec![None; k];
    for (index, (seat, piece)) in all.iter().enumerate() {
        let w = work(piece);
        if largest[*seat].is_none_or(|(most, _)| w > most) {
            largest[*seat] = Some((w, index));
        }
    }
    for (index, (seat, piece)) in all.iter().enumerate() {
        if largest[*seat].is_some_and(|(_, kept)| kept != index) {
            piece.iter().for_each(|p| seat_of[*p] = NOBODY);
        }
    }
    if seat_of.iter().all(|s| *s == NOBODY) {
        seat_of[0] = 0;
    }
    grow(question, ground, &mut seat_of);
    seed_the_empty(question, ground, &mut seat_of);
    seat_of
}

/// Gives everybody who is left to the neighbouring area he is nearest to, from the borders inwards.
fn grow(question: &Question, ground: &Ground, seat_of: &mut [usize]) {
    let nowhere = vec![(0.0, 0.0); question.seats.len()];
    let centre = power::centres(question, ground, seat_of, &nowhere);
    let mut waiting: BinaryHeap<Reverse<(u64, usize, usize)>> = BinaryHeap::new();
    // Distances are not negative: their bits sort as they do.
    let cost = |p: usize, seat: usize| square(ground.xy[p], centre[seat]).to_bits();
    let offer = |waiting: &mut BinaryHeap<_>, from: usize, seat: usize, seat_of: &[usize]| {
        for &n in &ground.near[from] {
            if seat_of[n as usize] == NOBODY {
                waiting.push(Reverse((cost(n as usize, seat), n as usize, seat)));
            }
        }
    };
    for p in 0..seat_of.len() {
        if seat_of[p] != NOBODY {
            offer(&mut waiting, p, seat_of[p], seat_of);
        }
    }
    while let Some(Reverse((_, p, seat))) = waiting.pop() {
        if seat_of[p] == NOBODY {
            seat_of[p] = seat;
            offer(&mut waiting, p, seat, seat_of);
        }
    }
}

fn seed_the_empty(question: &Question, ground: &Ground, seat_of: &mut [usize]) {
    let mut walk = Walk::new(seat_of.len());
    let mut count = vec![0_usize; question.seats.len()];
    let mut load = vec![0.0; question.seats.len()];
    for (p, seat) in question.points.iter().zip(seat_of.iter()) {
        count[*seat] += 1;
        load[*seat] += p.work;
    }
    for seat in 0..count.len() {
        if count[seat] > 0 {
            continue;
        }
        // From the one with most work, of those who can spare one; near where the person starts.
        let mut givers: Vec<usize> = (0..count.len()).filter(|s| count[*s] > 1).collect();
        givers.sort_by(|a, b| load[*b].total_cmp(&load[*a]).then(a.cmp(b)));
        for giver in givers {
            let far = |p: &usize| ground.starts[seat].map_or(0.0, |s| square(ground.xy[*p], s));
            let mut own: Vec<usize> = (0..seat_of.len()).filter(|p| seat_of[*p] == giver).collect();
            own.sort_by(|a, b| far(a).total_cmp(&far(b)).then(a.cmp(b)));
            if let Some(p) = own.into_iter().find(|p| walk.can_leave(&ground.near, seat_of, *p)) {
                seat_of[p] = seat;
                (count[giver], count[seat]) = (count[giver] - 1, 1);
                load[giver] -= question.points[p].work;
                load[seat] += question.points[p].work;
                break;
            }
        }
    }
}

/// Answers whether an area stays in one piece without one of its customers.
pub struct Walk {
    seen: Vec<u32>,
    round: u32,
    queue: Vec<u32>,
}

impl Walk {
    pub fn new(points: usize) -> Walk {
        Walk { seen: vec![0; points], round: 0, queue: vec![] }
    }

    /// False also for the last one of an area.
    pub fn can_leave(&mut self, near: &[Vec<u32>], seat_of: &[usize], p: usize) -> bool {
        let seat = seat_of[p];
        let own = |n: &&u32| seat_of[**n as usize] == seat;
        let mut left = near[p].iter().filter(own).count();
        let Some(&begin) = near[p].iter().find(own) else { return false };
        if left == 1 {
            return true;
        }
        self.round += 1;
        self.seen[p] = self.round;
        self.seen[begin as usize] = self.round;
        self.queue.clear();
        self.queue.push(begin);
        left -= 1;
        let mut next = 0;
        while let Some(&k) = self.queue.get(next) {
            next += 1;
            for &n in &near[k as usize] {
                if self.seen[n as usize] == self.round || seat_of[n as usize] != seat {
                    continue;
                }
                self.seen[n as usize] = self.round;
                if near[p].contains(&n) {
                    left -= 1;
                    if left == 0 {
                        return true;
                    }
                }
                self.queue.push(n);
            }
        }
        false
    }
}
