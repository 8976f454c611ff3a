//! Whether a wish fits the day as it is now, and how much it moves. Pure.

use std::collections::BTreeSet;

use uuid::Uuid;

/// Why people change the order.
pub const REORDER: &[&str] = &["traffic", "customer_time", "urgent", "shorter", "other"];
/// Why people leave a visit out.
pub const SKIP: &[&str] = &["closed", "absent", "cancelled", "no_time", "too_far", "other"];

/// A reason in words, Chinese and English.
pub fn words(code: &str) -> (&'static str, &'static str) {
    match code {
        "traffic" => ("路上堵车", "Traffic"),
        "customer_time" => ("客户改时间", "The customer asked for another time"),
        "urgent" => ("有急事先处理", "Something urgent comes first"),
        "shorter" => ("这样走更近", "This way is shorter"),
        "closed" => ("店关门了", "Closed"),
        "absent" => ("负责人不在", "Nobody in charge there"),
        "cancelled" => ("客户取消", "The customer called it off"),
        "no_time" => ("时间来不及", "Not enough time"),
        "too_far" => ("太远", "Too far"),
        _ => ("其他原因", "Another reason"),
    }
}

/// An open stop as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub id: Uuid,
    pub locked: bool,
}

/// Why a wish does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// Somebody else has added or taken out stops, or nothing is left to order.
    Changed,
    /// This locked stop would change its place among the locked ones.
    Locked(Uuid),
}

/// The wish laid over the day as it is now: `open` in the present order, `begun` what was begun, done or skipped. What was
/// begun since drops out; otherwise both must hold the same stops.
pub fn merge(wish: &[Uuid], open: &[Open], begun: &BTreeSet<Uuid>) -> Result<Vec<Uuid>, Misfit> {
    let order: Vec<Uuid> = wish.iter().copied().filter(|id| !begun.contains(id)).collect();
    let wished: BTreeSet<Uuid> = order.iter().copied().collect();
    let same = order.len() == wished.len() && wished == open.iter().map(|o| o.id).collect();
    if order.is_empty() || !same {
        return Err(Misfit::Changed);
    }
    let locked: Vec<Uuid> = open.iter().filter(|o| o.locked).map(|o| o.id).collect();
    let kept = order.iter().filter(|id| locked.contains(id));
    match locked.iter().zip(kept).find(|(now, then)| now != then) {
        Some((_, turned)) => Err(Misfit::Locked(*turned)),
        None => Ok(order),
    }
}

/// How many stops have to be taken up and put elsewhere to make one order of the other: those beside the longest part that
/// keeps its sequence. Stops that are only in one of them do not count.
pub fn moved(before: &[Uuid], after: &[Uuid]) -> usize {
    let places: Vec<usize> = after.iter().filter_map(|id| before.iter().position(|b| b == id)).collect();
    let mut longest: Vec<usize> = vec![];
    for (k, place) in places.iter().enumerate() {
        let best = (0..k).filter(|&j| places[j] < *place).map(|j| longest[j]).max().unwrap_or(0);
        longest.push(best + 1);
    }
    places.len() - longest.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn ids(all: &[u128]) -> Vec<Uuid> {
        all.iter().map(|n| id(*n)).collect()
    }

    fn open(all: &[(u128, bool)]) -> Vec<Open> {
        all.iter().map(|(n, locked)| Open { id: id(*n), locked: *locked }).collect()
    }

    #[test]
    fn the_same_stops_in_another_order() {
        let now = open(&[(1, false), (2, false), (3, false)]);
        assert_eq!(merge(&ids(&[3, 1, 2]), &now, &BTreeSet::new()), Ok(ids(&[3, 1, 2])));
        assert_eq!(merge(&ids(&[3, 1]), &now, &BTreeSet::new()), Err(Misfit::Changed), "one was added");
        assert_eq!(merge(&ids(&[3, 1, 2, 4]), &now, &BTreeSet::new()), Err(Misfit::Changed), "one is gone");
        assert_eq!(
            merge(&ids(&[3, 1, 1]), &now, &BTreeSet::new()),
            Err(Misfit::Changed),
            "one is named twice"
        );
    }

    #[test]
    fn what_was_begun_since_drops_out() {
        let now = open(&[(1, false), (2, false)]);
        let begun = BTreeSet::from([id(3)]);
        assert_eq!(merge(&ids(&[3, 2, 1]), &now, &begun), Ok(ids(&[2, 1])));
        assert_eq!(merge(&ids(&[3]), &[], &begun), Err(Misfit::Changed), "nothing is left");
    }

    #[test]
    fn locked_ones_keep_their_order_and_others_pass_them() {
        let now = open(&[(1, true), (2, false), (3, true)]);
        assert_eq!(merge(&ids(&[2, 1, 3]), &now, &BTreeSet::new()), Ok(ids(&[2, 1, 3])));
        assert_eq!(merge(&ids(&[3, 2, 1]), &now, &BTreeSet::new()), Err(Misfit::Locked(id(3))));
    }

    #[test]
    fn what_moves_is_counted() {
        assert_eq!(moved(&ids(&[1, 2, 3, 4]), &ids(&[1, 2, 3, 4])), 0);
        assert_eq!(moved(&ids(&[1, 2, 3, 4]), &ids(&[4, 1, 2, 3])), 1);
        assert_eq!(moved(&ids(&[1, 2, 3, 4]), &ids(&[4, 3, 2, 1])), 3);
        assert_eq!(moved(&ids(&[1, 2, 3]), &ids(&[3, 1])), 1);
    }

    #[test]
    fn every_reason_has_words() {
        for code in REORDER.iter().chain(SKIP) {
            let (zh, en) = words(code);
            assert_eq!(*code == "other", (zh, en) == words("?"), "{code}");
        }
    }
}
