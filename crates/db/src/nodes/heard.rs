//! What is heard of the other nodes. Pure: time is handed in.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// A node that beats every second and was not heard for so long is not heard.
pub(crate) const SILENT: Duration = Duration::from_millis(3500);

/// See the module. Alone, nothing can be missed.
pub(crate) struct Heard {
    last: HashMap<Uuid, (u64, Instant)>,
    whole: bool,
}

impl Default for Heard {
    fn default() -> Heard {
        Heard { last: HashMap::new(), whole: true }
    }
}

impl Heard {
    /// Notes a message; true when some before it were missed.
    pub fn message(&mut self, from: Uuid, number: u64, bye: bool, now: Instant) -> bool {
        let expected = self.last.get(&from).map_or(1, |(last, _)| last + 1);
        if bye {
            self.last.remove(&from);
        } else {
            self.last.insert(from, (number, now));
        }
        number != expected
    }

    /// Judges anew: `others` are the nodes that live by what the store says, `line` whether we hear at all. Answers the
    /// new judgement when it has changed.
    pub fn judge(&mut self, others: &[Uuid], line: bool, now: Instant) -> Option<bool> {
        self.last.retain(|_, (_, at)| now.duration_since(*at) < SILENT * 20);
        let heard = |id: &Uuid| self.last.get(id).is_some_and(|(_, at)| now.duration_since(*at) < SILENT);
        let whole = others.is_empty() || (line && others.iter().all(heard));
        let changed = whole != self.whole;
        self.whole = whole;
        changed.then_some(whole)
    }
}

/// Places of the outbox that were told here lately.
#[derive(Default)]
pub(crate) struct Recent {
    order: VecDeque<i64>,
    all: HashSet<i64>,
}

impl Recent {
    const MOST: usize = 16_384;

    pub fn add(&mut self, seq: i64) {
        if self.all.insert(seq) {
            self.order.push_back(seq);
        }
        if self.order.len() > Recent::MOST
            && let Some(old) = self.order.pop_front()
        {
            self.all.remove(&old);
        }
    }

    pub fn has(&self, seq: i64) -> bool {
        self.all.contains(&seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_in_the_numbers_is_seen() {
        let (a, now) = (Uuid::from_u128(1), Instant::now());
        let mut heard = Heard::default();
        assert!(!heard.message(a, 1, false, now));
        assert!(!heard.message(a, 2, false, now));
        assert!(heard.message(a, 4, false, now), "3 is missing");
        assert!(!heard.message(a, 5, false, now));
        assert!(heard.message(Uuid::from_u128(2), 9, false, now), "what it said before was not heard");
    }

    #[test]
    fn silence_of_a_living_node_is_doubt() {
        let (a, now) = (Uuid::from_u128(1), Instant::now());
        let mut heard = Heard::default();
        assert_eq!(heard.judge(&[], false, now), None, "alone, with or without a line");
        assert_eq!(heard.judge(&[a], true, now), Some(false), "it lives and was never heard");
        heard.message(a, 1, false, now);
        assert_eq!(heard.judge(&[a], true, now), Some(true));
        assert_eq!(heard.judge(&[a], false, now), Some(false), "the line is down");
        assert_eq!(heard.judge(&[a], true, now + SILENT), None, "back, but the other is silent");
        heard.message(a, 2, false, now + SILENT);
        assert_eq!(heard.judge(&[a], true, now + SILENT), Some(true));
        assert_eq!(heard.judge(&[a], true, now + SILENT * 2), Some(false));
        assert_eq!(heard.judge(&[], true, now + SILENT * 2), Some(true), "the store says that it has ended");
    }

    #[test]
    fn lately_told_places_are_known_and_old_ones_forgotten() {
        let mut recent = Recent::default();
        (0..=Recent::MOST as i64).for_each(|seq| recent.add(seq));
        assert!(recent.has(Recent::MOST as i64) && recent.has(1) && !recent.has(0));
    }
}
