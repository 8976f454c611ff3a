//! When work comes round. Pure.

use base::LocalDay;
use jiff::Span;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a calendar counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MaintenanceUnit)]
pub enum Unit {
    Day,
    Week,
    Month,
}

impl Unit {
    pub fn key(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        }
    }

    pub fn from_key(key: &str) -> Unit {
        match key {
            "day" => Unit::Day,
            "week" => Unit::Week,
            _ => Unit::Month,
        }
    }

    /// Most days of one.
    fn longest(self) -> i64 {
        match self {
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
        }
    }
}

/// Every so many units from a first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    pub start: LocalDay,
    pub every: i64,
    pub unit: Unit,
}

impl Cycle {
    /// The first day and `k` times the step: counted from the first day, so that the 31st comes back after a short month.
    pub fn nth(self, k: i64) -> LocalDay {
        let n = (k * self.every).clamp(0, 70_000);
        let span = match self.unit {
            Unit::Day => Span::new().days(n),
            Unit::Week => Span::new().weeks(n.min(10_000)),
            Unit::Month => Span::new().months(n.min(2_400)),
        };
        self.start
            .date()
            .checked_add(span)
            .map(LocalDay::from_date)
            .unwrap_or(LocalDay::from_date(jiff::civil::date(2199, 12, 31)))
    }

    /// The first turn after a day; without one the very first.
    pub fn after(self, day: Option<LocalDay>) -> LocalDay {
        let Some(day) = day.filter(|d| *d >= self.start) else { return self.start };
        let days = days_between(self.start, day);
        let mut k = days / (self.every * self.unit.longest()).max(1);
        while self.nth(k) <= day && k < 70_000 {
            k += 1;
        }
        self.nth(k)
    }
}

/// Days from one day to another.
pub fn days_between(from: LocalDay, to: LocalDay) -> i64 {
    from.date().until(to.date()).map_or(0, |s| i64::from(s.get_days()))
}

/// What is known of a plan and a piece.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// Newest turn by date, and by meter what it was due at.
    pub last_on: Option<LocalDay>,
    pub last_total: Option<i64>,
    /// Newest turn by date that was left out or called off, or whose order waits.
    pub left_out_on: Option<LocalDay>,
    /// The piece is there since.
    pub since: Option<LocalDay>,
    /// When it was last done.
    pub done_on: Option<LocalDay>,
    /// What the meter had counted when the plan began to count by it, and now.
    pub base: Option<i64>,
    pub total: Option<i64>,
    /// How much it counts a day, in thousandths.
    pub pace: i64,
}

/// By what a plan comes round.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub cycle: Option<Cycle>,
    pub from_done: bool,
    pub meter_every: Option<i64>,
}

/// The next turn by date.
pub fn next_on(t: &Terms, k: &Known) -> Option<LocalDay> {
    let cycle = t.cycle?;
    match (t.from_done, k.done_on.max(k.last_on.filter(|_| k.done_on.is_none()))) {
        (true, Some(done)) => {
            // Left out since: it comes round from that day. Made ahead and done, from when it was done.
            let from = k.left_out_on.map_or(done, |l| l.max(done));
            let next = Cycle { start: from, ..cycle }.nth(1);
            // Made so far ahead that this turn was done too.
            let done_too = k.last_on.filter(|last| next <= *last);
            Some(done_too.map_or(next, |last| Cycle { start: last, ..cycle }.nth(1)))
        }
        // What was due before there was the piece is no work of it.
        _ => Some(cycle.after(k.last_on.max(k.since.map(|since| since.plus_days(-1))))),
    }
}

/// What the meter says at its next turn.
pub fn next_total(t: &Terms, k: &Known) -> Option<i64> {
    let every = t.meter_every?;
    Some(k.last_total.or(k.base).unwrap_or(0).saturating_add(every))
}

/// A turn that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Date(LocalDay),
    /// The newest of those the meter has passed.
    Meter(i64),
}

/// What is due today, so many days ahead; of turns missed together the newest.
pub fn due(t: &Terms, k: &Known, today: LocalDay, lead_days: i64) -> Option<Turn> {
    let ahead = today.plus_days(i32::try_from(lead_days).unwrap_or(0));
    if let Some(on) = next_on(t, k).filter(|on| *on <= ahead) {
        let mut newest = on;
        if let Some(cycle) = t.cycle.filter(|_| !t.from_done) {
            let mut next = cycle.after(Some(newest));
            while next <= today {
                newest = next;
                next = cycle.after(Some(newest));
            }
        }
        return Some(Turn::Date(newest));
    }
    let (next, total, every) = (next_total(t, k)?, k.total?, t.meter_every?);
    (total >= next).then(|| Turn::Meter(next + (total - next) / every * every))
}

/// When a meter will have counted so much, at its pace.
pub fn expected_on(total: i64, wanted: i64, pace: i64, today: LocalDay) -> Option<LocalDay> {
    if total >= wanted {
        return Some(today);
    }
    if pace <= 0 {
        return None;
    }
    let thousandths = (wanted - total).saturating_mul(1000);
    let days = thousandths / pace + i64::from(thousandths % pace > 0);
    i32::try_from(days).ok().filter(|d| *d < 3660).map(|d| today.plus_days(d))
}

/// Turns from today until a day, at most `most` of them: by date, and by meter at its pace.
pub fn ahead(
    t: &Terms,
    k: &Known,
    today: LocalDay,
    until: LocalDay,
    most: usize,
) -> Vec<(LocalDay, Option<i64>)> {
    let mut turns = vec![];
    if let (Some(mut on), Some(cycle)) = (next_on(t, k), t.cycle) {
        let cycle = if t.from_done { Cycle { start: on, ..cycle } } else { cycle };
        while on <= until && turns.len() < most {
            turns.push((on, None));
            on = cycle.after(Some(on));
        }
    }
    if let (Some(mut wanted), Some(total), Some(every)) = (next_total(t, k), k.total, t.meter_every) {
        for _ in 0..most {
            match expected_on(total, wanted, k.pace, today) {
                Some(on) if on <= until => turns.push((on, Some(wanted))),
                _ => break,
            }
            wanted = wanted.saturating_add(every);
        }
    }
    turns.sort_unstable();
    turns.truncate(most);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> LocalDay {
        text.parse().unwrap()
    }

    fn monthly(start: &str) -> Terms {
        Terms {
            cycle: Some(Cycle { start: day(start), every: 1, unit: Unit::Month }),
            from_done: false,
            meter_every: None,
        }
    }

    #[test]
    fn the_last_of_a_month_comes_back() {
        let t = monthly("2027-01-31");
        let all = ahead(&t, &Known::default(), day("2027-01-01"), day("2027-05-31"), 60);
        let days: Vec<String> = all.into_iter().map(|(d, _)| d.to_string()).collect();
        assert_eq!(days, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]);
    }

    #[test]
    fn what_was_missed_together_is_one() {
        let t = monthly("2027-01-10");
        let k = Known { last_on: Some(day("2027-01-10")), ..Known::default() };
        assert_eq!(due(&t, &k, day("2027-02-02"), 7), None);
        assert_eq!(due(&t, &k, day("2027-02-03"), 7), Some(Turn::Date(day("2027-02-10"))), "a week ahead");
        assert_eq!(due(&t, &k, day("2027-05-20"), 0), Some(Turn::Date(day("2027-05-10"))));
    }

    #[test]
    fn from_when_it_was_done() {
        let t = Terms { from_done: true, ..monthly("2027-01-10") };
        let k =
            Known { last_on: Some(day("2027-01-10")), done_on: Some(day("2027-01-25")), ..Known::default() };
        assert_eq!(next_on(&t, &k), Some(day("2027-02-25")));
        assert_eq!(next_on(&t, &Known::default()), Some(day("2027-01-10")));
        let left_out = Known { last_on: Some(day("2027-02-25")), left_out_on: Some(day("2027-02-25")), ..k };
        assert_eq!(next_on(&t, &left_out), Some(day("2027-03-25")));
    }

    #[test]
    fn made_ahead_it_counts_from_when_it_was_done() {
        let t = Terms { from_done: true, ..monthly("2027-01-10") };
        let k =
            Known { last_on: Some(day("2027-02-10")), done_on: Some(day("2027-02-05")), ..Known::default() };
        assert_eq!(next_on(&t, &k), Some(day("2027-03-05")));
        // A week's turn made two weeks ahead and done a week ahead: not the same turn again.
        let weekly =
            Terms { cycle: Some(Cycle { start: day("2027-01-01"), every: 1, unit: Unit::Week }), ..t };
        let k =
            Known { last_on: Some(day("2027-02-15")), done_on: Some(day("2027-02-08")), ..Known::default() };
        assert_eq!(next_on(&weekly, &k), Some(day("2027-02-22")));
    }

    #[test]
    fn a_new_piece_owes_nothing_of_the_time_before_it() {
        let t = monthly("2027-01-10");
        let k = Known { since: Some(day("2027-06-11")), ..Known::default() };
        assert_eq!((next_on(&t, &k), due(&t, &k, day("2027-06-11"), 0)), (Some(day("2027-07-10")), None));
        let that_day = Known { since: Some(day("2027-06-10")), ..Known::default() };
        assert_eq!(due(&t, &that_day, day("2027-06-10"), 0), Some(Turn::Date(day("2027-06-10"))));
        let before = Known { since: Some(day("2026-06-10")), ..Known::default() };
        assert_eq!(next_on(&t, &before), Some(day("2027-01-10")));
    }

    #[test]
    fn a_meter_counts_from_where_the_plan_began() {
        let t = Terms { cycle: None, from_done: false, meter_every: Some(500) };
        let k = Known { base: Some(10_120), total: Some(10_500), pace: 8_000, ..Known::default() };
        assert_eq!((next_total(&t, &k), due(&t, &k, day("2027-01-01"), 0)), (Some(10_620), None));
        assert_eq!(expected_on(10_500, 10_620, 8_000, day("2027-01-01")), Some(day("2027-01-16")));
        let past = Known { total: Some(11_700), ..k };
        assert_eq!(
            due(&t, &past, day("2027-01-01"), 0),
            Some(Turn::Meter(11_620)),
            "those passed together are one"
        );
        assert_eq!(
            expected_on(0, 10, 0, day("2027-01-01")),
            None,
            "a meter that stands still comes to nothing"
        );
    }

    proptest! {
        /// Whatever the cycle: the next turn lies after the day, and the turn before it does not.
        #[test]
        fn the_next_turn_is_the_first_one_after(every in 1i64..60, unit in 0usize..3, gap in 0i32..4000) {
            let unit = [Unit::Day, Unit::Week, Unit::Month][unit];
            let cycle = Cycle { start: day("2027-01-31"), every, unit };
            let after = cycle.start.plus_days(gap);
            let next = cycle.after(Some(after));
            prop_assert!(next > after);
            let k = (0..70_000).find(|k| cycle.nth(*k) == next).unwrap();
            prop_assert!(k == 0 || cycle.nth(k - 1) <= after);
        }

        /// Done whenever it is due, a plan never asks twice for the same turn.
        #[test]
        fn no_turn_comes_twice(every in 1i64..40, steps in prop::collection::vec(1i32..90, 1..40)) {
            let t = Terms { cycle: Some(Cycle { start: day("2027-01-31"), every, unit: Unit::Week }), from_done: false, meter_every: None };
            let (mut k, mut today) = (Known::default(), day("2027-01-01"));
            for step in steps {
                today = today.plus_days(step);
                if let Some(Turn::Date(on)) = due(&t, &k, today, 3) {
                    prop_assert!(k.last_on.is_none_or(|l| on > l));
                    k.last_on = Some(on);
                    prop_assert_eq!(due(&t, &k, today, 0).is_some_and(|d| d == Turn::Date(on)), false);
                }
            }
        }
    }
}
