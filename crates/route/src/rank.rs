//! Who should go to an urgent request: everybody ranked by when he could begin and what that costs, with the
//! reasons in numbers.
//!
//! Each person keeps the order of his day. The request is put where it serves best; when that makes later
//! visits late, up to two of them may be moved: to a later place in the same day, or handed to somebody else.

use crate::model::SkillRule;
use crate::windows::{Break, Window, arrival, opening, sorted};

/// Seconds and metres between two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leg {
    pub seconds: i64,
    pub metres: i64,
}

/// The request. Places are numbers the caller's travel function understands.
#[derive(Debug, Clone, Default)]
pub struct Urgent {
    pub place: usize,
    pub service_s: i64,
    pub skills: SkillRule,
    /// Least grade of the person, 0: any.
    pub grade: u8,
    /// Must begin by then, if given.
    pub latest: Option<i64>,
}

/// A person on duty and what is left of his day.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The caller's own number; not interpreted.
    pub id: u64,
    /// Where he is, or will be when free.
    pub place: usize,
    /// When he is free: now, or when the visit he is at ends.
    pub free_at: i64,
    pub shift_end: i64,
    /// Where he must be at the end; `None`: anywhere.
    pub end: Option<usize>,
    pub skills: Vec<u32>,
    pub grade: u8,
    /// What is still planned, in order.
    pub remaining: Vec<Planned>,
    /// Breaks still owed.
    pub breaks: Vec<Break>,
    /// Seconds of driving he may be further away and still be as good: the customer is his.
    pub preferred_s: i64,
    /// Never sent to this customer.
    pub barred: bool,
}

/// A visit still planned.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    pub place: usize,
    pub service_s: i64,
    pub windows: Vec<Window>,
    /// May not be moved: promised to the customer.
    pub fixed: bool,
    /// He is on the way there: nothing is put before it, and it is not moved. Only the first of the visits can be.
    pub begun: bool,
}

/// How the factors add up to points; fewer points are better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Per second until the work begins.
    pub eta: f64,
    /// Per additional metre.
    pub metre: f64,
    /// Per second of lateness caused at other visits.
    pub late: f64,
    /// Per visit moved within the day, and per visit handed over.
    pub moved: f64,
    pub handed_over: f64,
    /// For a day that is full with work; a half-full one counts half.
    pub load: f64,
    /// Per grade above what is asked: the best people are kept free.
    pub overqualified: f64,
}

impl Default for Weights {
    /// A second is a point: 1 km weighs 2 min, a moved visit 10 min, one handed over 30 min, a full day 20 min.
    fn default() -> Weights {
        Weights {
            eta: 1.0,
            metre: 0.12,
            late: 1.5,
            moved: 600.0,
            handed_over: 1_800.0,
            load: 1_200.0,
            overqualified: 120.0,
        }
    }
}

/// What happens to a visit that makes room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Made later the same day. Index into `remaining`.
    Later(usize),
    /// Somebody else must make it. Index into `remaining`.
    HandOver(usize),
}

/// Why a person cannot go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unable {
    /// Never sent to this customer.
    Barred,
    Skill,
    Grade,
    NoWay,
    /// He would begin at this moment, after the latest.
    TooLate {
        begin: i64,
    },
    /// The shift ends before the work does.
    ShiftOver {
        finish: i64,
    },
}

/// The best way for a person to take the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Before which of the remaining visits, counted without those that are moved.
    pub position: usize,
    /// When the work begins.
    pub eta: i64,
    /// When the last of the day is done, and the way until then.
    pub finish: i64,
    pub metres: i64,
    pub extra_m: i64,
    /// Seconds of lateness the request causes at other visits.
    pub lateness_s: i64,
    /// Work and driving still planned over the time left, in percent, before the request.
    pub load_percent: i64,
    /// Grades above what is asked.
    pub grade_above: u8,
    pub moved: Vec<Moved>,
    /// The day with the request: places in `remaining`, `None` for the request itself. Visits handed over are missing.
    pub order: Vec<Option<usize>>,
    pub points: f64,
}

/// A person with his offer, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Index into the people.
    pub person: usize,
    pub result: Result<Offer, Unable>,
}

/// People whose days are opened up to make room.
const MAKE_ROOM_FOR: usize = 24;

/// Ranks all people, the best offer first, those who cannot go at the end. Times on one axis; `now` is when
/// the request came.
pub fn rank(
    urgent: &Urgent,
    people: &[Person],
    now: i64,
    weights: &Weights,
    travel: impl Fn(usize, usize) -> Option<Leg>,
) -> Vec<Ranked> {
    let days: Vec<Day<_>> = people.iter().map(|p| Day::new(urgent, p, now, weights, &travel)).collect();
    let plain = |(person, day): (usize, &Day<_>)| Ranked { person, result: day.offer(false) };
    let mut ranked: Vec<Ranked> = days.iter().enumerate().map(plain).collect();
    // Moving visits is tried where it could lead to the top of the list.
    let hope = |r: &Ranked| match &r.result {
        Ok(o) => o.points - weights.late * o.lateness_s as f64,
        Err(Unable::ShiftOver { .. } | Unable::TooLate { .. }) => f64::MAX,
        Err(_) => f64::INFINITY,
    };
    let mut hopeful: Vec<(f64, usize)> =
        ranked.iter().map(|r| (hope(r), r.person)).filter(|(h, _)| h.is_finite()).collect();
    hopeful.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for &(_, person) in hopeful.iter().take(MAKE_ROOM_FOR) {
        ranked[person].result = days[person].offer(true);
    }
    let key = |r: &Ranked| r.result.as_ref().map_or(f64::INFINITY, |o| o.points);
    ranked.sort_by(|a, b| key(a).total_cmp(&key(b)).then(a.person.cmp(&b.person)));
    ranked
}

/// A stop of a day being judged: the request, or one of the remaining visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Urgent,
    Visit(usize),
}

/// How a sequence turns out.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    begin: i64,
    finish: i64,
    metres: i64,
    lateness: i64,
    overtime: i64,
}

struct Day<'a, F> {
    urgent: &'a Urgent,
    person: &'a Person,
    windows: Vec<Vec<Window>>,
    now: i64,
    weights: &'a Weights,
    travel: &'a F,
}

impl<'a, F: Fn(usize, usize) -> Option<Leg>> Day<'a, F> {
    fn new(urgent: &'a Urgent, person: &'a Person, now: i64, weights: &'a Weights, travel: &'a F) -> Self {
        let windows = person.remaining.iter().map(|v| sorted(&v.windows)).collect();
        Day { urgent, person, windows, now, weights, travel }
    }

    /// The best offer, moving visits only if `make_room`.
    fn offer(&self, make_room: bool) -> Result<Offer, Unable> {
        if self.person.barred {
            return Err(Unable::Barred);
        }
        if !self.urgent.skills.met_by(&self.person.skills) {
            return Err(Unable::Skill);
        }
        if self.person.grade < self.urgent.grade {
            return Err(Unable::Grade);
        }
        let visits: Vec<Item> = (0..self.person.remaining.len()).map(Item::Visit).collect();
        let before = self.walk(&visits).ok_or(Unable::NoWay)?;
        let first = self.person.remaining.iter().take_while(|v| v.begun).count();
        let mut best: Option<Offer> = None;
        let mut why = Unable::NoWay;
        for position in first..=visits.len() {
            let mut items = visits.clone();
            items.insert(position, Item::Urgent);
            let Some(outcome) = self.walk(&items) else { continue };
            if self.urgent.latest.is_some_and(|l| outcome.begin > l) {
                if position == first {
                    why = Unable::TooLate { begin: outcome.begin };
                }
                break;
            }
            if position == first {
                why = Unable::ShiftOver { finish: outcome.finish };
            }
            self.consider(&mut best, &items, &[], &before);
            // Moving visits can only help when the request disturbs the day.
            let disturbs = outcome.lateness > before.lateness || outcome.overtime > before.overtime;
            if disturbs && make_room {
                self.make_room(&mut best, &items, position, &before);
            }
        }
        best.ok_or(why)
    }

    /// Tries moving one or two visits that come after the request.
    fn make_room(&self, best: &mut Option<Offer>, items: &[Item], position: usize, before: &Outcome) {
        let movable: Vec<usize> = items[position + 1..]
            .iter()
            .filter_map(|i| if let Item::Visit(k) = i { Some(*k) } else { None })
            .filter(|&k| !self.person.remaining[k].fixed && !self.person.remaining[k].begun)
            .collect();
        for (n, &a) in movable.iter().enumerate() {
            self.move_out(best, items, &[a], before);
            for &b in &movable[n + 1..] {
                self.move_out(best, items, &[a, b], before);
            }
        }
    }

    fn move_out(&self, best: &mut Option<Offer>, items: &[Item], out: &[usize], before: &Outcome) {
        let is_out = |i: &Item| matches!(i, Item::Visit(k) if out.contains(k));
        let mut kept: Vec<Item> = items.iter().copied().filter(|i| !is_out(i)).collect();
        let at = kept.iter().position(|i| *i == Item::Urgent).unwrap_or(0);
        let mut moved = Vec::with_capacity(out.len());
        // The last visit of the day first, so that each finds its best later place.
        for &k in out {
            let tries = (at + 1..=kept.len()).filter_map(|place| {
                let mut longer = kept.clone();
                longer.insert(place, Item::Visit(k));
                self.walk(&longer).map(|o| ((o.lateness + o.overtime, o.metres), longer))
            });
            let later = tries.min_by_key(|(cost, _)| *cost);
            let allowed = before.lateness + before.overtime;
            match later.filter(|((late, _), _)| *late <= allowed) {
                Some((_, longer)) => {
                    kept = longer;
                    moved.push(Moved::Later(k));
                }
                None => moved.push(Moved::HandOver(k)),
            }
        }
        self.consider(best, &kept, &moved, before);
    }

    fn consider(&self, best: &mut Option<Offer>, items: &[Item], moved: &[Moved], before: &Outcome) {
        let Some(outcome) = self.walk(items) else { return };
        let late = self.urgent.latest.is_some_and(|l| outcome.begin > l);
        // Working (longer) past the end of the shift is no offer; lateness at other visits is, at a price.
        if late || outcome.overtime > before.overtime {
            return;
        }
        let person = self.person;
        let lateness_s = (outcome.lateness - before.lateness).max(0);
        let length = (person.shift_end - person.free_at).max(1);
        let load_percent = (before.finish - person.free_at).max(0) * 100 / length;
        let grade_above = person.grade - self.urgent.grade;
        let over = moved.iter().filter(|m| matches!(m, Moved::HandOver(_))).count();
        let w = self.weights;
        let extra_m = outcome.metres - before.metres;
        let points = w.eta * (outcome.begin - self.now) as f64
            + w.metre * extra_m as f64
            + w.late * lateness_s as f64
            + w.moved * (moved.len() - over) as f64
            + w.handed_over * over as f64
            + w.load * load_percent as f64 / 100.0
            + w.overqualified * f64::from(grade_above)
            - w.eta * person.preferred_s as f64;
        if best.as_ref().is_none_or(|b| points < b.points) {
            *best = Some(Offer {
                position: items.iter().position(|i| *i == Item::Urgent).unwrap_or(0),
                eta: outcome.begin,
                finish: outcome.finish,
                metres: outcome.metres,
                extra_m,
                lateness_s,
                load_percent,
                grade_above,
                moved: moved.to_vec(),
                order: items.iter().map(|i| if let Item::Visit(k) = i { Some(*k) } else { None }).collect(),
                points,
            });
        }
    }

    /// Drives through a sequence, taking each break as soon as its window is open.
    fn walk(&self, items: &[Item]) -> Option<Outcome> {
        let person = self.person;
        let mut outcome = Outcome { begin: 0, finish: 0, metres: 0, lateness: 0, overtime: 0 };
        let (mut now, mut here, mut taken) = (person.free_at.max(self.now), person.place, 0);
        let stops = items.iter().map(|i| match i {
            Item::Urgent => (self.urgent.place, Some(*i)),
            Item::Visit(k) => (person.remaining[*k].place, Some(*i)),
        });
        for (place, item) in stops.chain(person.end.map(|p| (p, None))) {
            let leg = if here == place { Leg::default() } else { (self.travel)(here, place)? };
            outcome.metres += leg.metres;
            let due = person.breaks[taken..].iter().take_while(|b| {
                b.windows.iter().map(|w| w.0).min().is_none_or(|open| open <= now + leg.seconds)
            });
            let due = due.count();
            now = arrival(now, leg.seconds, &person.breaks[taken..taken + due]).unwrap_or(now + leg.seconds);
            taken += due;
            here = place;
            match item {
                Some(Item::Urgent) => {
                    outcome.begin = now;
                    now += self.urgent.service_s;
                }
                Some(Item::Visit(k)) => {
                    let begin = opening(&self.windows[k], now).unwrap_or(now);
                    let closes = self.windows[k].last().map_or(begin, |w| w.1);
                    outcome.lateness += (begin - closes).max(0);
                    now = begin + person.remaining[k].service_s;
                }
                None => {}
            }
        }
        now += person.breaks[taken..].iter().map(|b| b.service_s).sum::<i64>();
        outcome.finish = now;
        outcome.overtime = (now - person.shift_end).max(0);
        Some(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places on a line, 100 s and 1 km apart.
    fn line(a: usize, b: usize) -> Option<Leg> {
        let steps = a.abs_diff(b) as i64;
        (a < 1_000 && b < 1_000).then_some(Leg { seconds: steps * 100, metres: steps * 1_000 })
    }

    fn person(id: u64, place: usize) -> Person {
        Person { id, place, shift_end: 20_000, grade: 2, skills: vec![1], ..Person::default() }
    }

    fn visit(place: usize, window: Window) -> Planned {
        Planned { place, service_s: 1_000, windows: vec![window], ..Planned::default() }
    }

    fn request() -> Urgent {
        Urgent { place: 10, service_s: 2_000, grade: 1, ..Urgent::default() }
    }

    #[test]
    fn nearer_is_better_and_reasons_are_given() {
        let mut asked = request();
        asked.skills.all = vec![1];
        asked.latest = Some(5_000);
        let mut people =
            vec![person(0, 30), person(1, 12), person(2, 10), person(3, 90), person(4, 10), person(5, 2_000)];
        people[2].skills.clear();
        people[4].grade = 0;
        people[5].remaining = vec![visit(1, (0, 1))];
        let ranked = rank(&asked, &people, 0, &Weights::default(), line);
        let order: Vec<usize> = ranked.iter().map(|r| r.person).collect();
        assert_eq!(order[..2], [1, 0]);
        let best = ranked[0].result.as_ref().unwrap();
        assert_eq!((best.eta, best.extra_m, best.lateness_s, best.grade_above), (200, 2_000, 0, 1));
        assert_eq!((best.finish, best.metres), (2_200, 2_000));
        let why = |p: usize| ranked.iter().find(|r| r.person == p).unwrap().result.clone().unwrap_err();
        assert_eq!(why(2), Unable::Skill);
        assert_eq!(why(3), Unable::TooLate { begin: 8_000 });
        assert_eq!(why(4), Unable::Grade);
        assert_eq!(why(5), Unable::NoWay);
    }

    #[test]
    fn a_promised_visit_is_not_made_late_when_another_can_wait() {
        let mut busy = person(0, 10);
        busy.remaining = vec![visit(11, (0, 20_000)), visit(12, (0, 3_400))];
        let asked = Urgent { latest: Some(100), ..request() };
        let ranked = rank(&asked, &[busy.clone()], 0, &Weights::default(), line);
        let offer = ranked[0].result.as_ref().unwrap();
        // Going at once and then keeping the order would reach place 12 at 3 200 s; it fits as it is.
        assert_eq!((offer.eta, offer.lateness_s, offer.moved.len()), (0, 0, 0));
        busy.remaining[1].windows = vec![(0, 2_500)];
        let ranked = rank(&asked, &[busy.clone()], 0, &Weights::default(), line);
        let offer = ranked[0].result.as_ref().unwrap();
        assert_eq!(offer.moved, vec![Moved::Later(0)]);
        assert_eq!((offer.eta, offer.lateness_s), (0, 0));
        busy.remaining[1].windows = vec![(0, 1_500)];
        let offer = rank(&asked, &[busy.clone()], 0, &Weights::default(), line)[0].result.clone().unwrap();
        assert!(offer.lateness_s > 0 || offer.moved.contains(&Moved::HandOver(1)), "{offer:?}");
        busy.shift_end = 1_900;
        busy.remaining.clear();
        let why = rank(&asked, &[busy], 0, &Weights::default(), line)[0].result.clone().unwrap_err();
        assert!(matches!(why, Unable::ShiftOver { .. }), "{why:?}");
    }

    #[test]
    fn what_is_begun_comes_first_and_what_is_promised_stays() {
        let mut busy = person(0, 10);
        busy.remaining = vec![visit(30, (0, 20_000)), visit(12, (0, 3_400))];
        busy.remaining[0].begun = true;
        let offer =
            rank(&request(), &[busy.clone()], 0, &Weights::default(), line)[0].result.clone().unwrap();
        assert!(offer.position >= 1 && offer.order[0] == Some(0), "he is on the way to the first: {offer:?}");
        busy.remaining[0].begun = false;
        busy.remaining[0].fixed = true;
        let offer = rank(&request(), &[busy], 0, &Weights::default(), line)[0].result.clone().unwrap();
        assert_eq!((offer.position, offer.eta), (0, 0), "a promised visit may come after the request");
        assert!(!offer.moved.iter().any(|m| matches!(m, Moved::Later(0) | Moved::HandOver(0))), "{offer:?}");
    }

    #[test]
    fn whose_customer_it_is_may_be_a_little_further_away() {
        let (near, mut own) = (person(0, 10), person(1, 13));
        let asked = request();
        let first =
            |own: &Person| rank(&asked, &[near.clone(), own.clone()], 0, &Weights::default(), line)[0].person;
        assert_eq!(first(&own), 0);
        own.preferred_s = 900;
        assert_eq!(first(&own), 1);
    }

    #[test]
    fn who_is_barred_is_never_sent_however_near() {
        let (mut near, far) = (person(0, 10), person(1, 40));
        near.barred = true;
        near.preferred_s = 900;
        let ranked = rank(&request(), &[near, far], 0, &Weights::default(), line);
        assert_eq!((ranked[0].person, &ranked[1].result), (1, &Err(Unable::Barred)));
    }

    #[test]
    fn a_shift_too_short_for_all_hands_a_visit_over() {
        let mut busy = person(0, 10);
        busy.shift_end = 6_000;
        busy.remaining = (0..4).map(|k| visit(10 + k, (0, 6_000))).collect();
        let offer = rank(&request(), &[busy], 0, &Weights::default(), line)[0].result.clone().unwrap();
        assert_eq!(offer.moved.len(), 1, "{offer:?}");
        assert!(matches!(offer.moved[0], Moved::HandOver(_)) && offer.order.len() == 4, "{offer:?}");
    }

    #[test]
    fn at_most_two_visits_move() {
        let mut busy = person(0, 10);
        busy.shift_end = 9_000;
        busy.remaining = (0..7).map(|k| visit(11 + k, (0, 1_500 + 1_100 * k as i64))).collect();
        let ranked = rank(&request(), &[busy], 0, &Weights::default(), line);
        assert!(ranked[0].result.as_ref().is_ok_and(|o| o.moved.len() <= 2), "{ranked:?}");
    }
}
