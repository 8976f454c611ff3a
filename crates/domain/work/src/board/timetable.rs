//! What a row of a draft means: when each visit begins, the way, and every rule it breaks. Pure; times are seconds
//! after local midnight.

use super::PROMISE_S;
use crate::opening::{self, Open};

/// A person's day without its visits.
#[derive(Debug, Clone)]
pub struct Shift {
    /// Not before: the beginning of the shift, or now.
    pub opens: i64,
    pub closes: i64,
    /// Within it, when nobody works; sorted.
    pub pauses: Vec<(i64, i64)>,
    /// Nobody works on this day: free or on leave.
    pub off: bool,
    pub limits: Limits,
}

/// Where a day ends, and how much of it there may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Index into the table of travel; `None`: it ends at the last stop.
    pub end: Option<usize>,
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
}

/// A visit of the row.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Index into the table of travel; `None` where the customer has no place.
    pub at: Option<usize>,
    pub service_s: i64,
    /// When it may begin.
    pub window: (i64, i64),
    /// When the customer can be visited.
    pub open: Open,
    /// Locked: to begin about then.
    pub promised: Option<i64>,
    /// Who comes along is there then: it does not begin before.
    pub meet: Option<i64>,
    /// Begun or done: where it is, it stays.
    pub fixed: bool,
}

/// When a visit is made, and the drive to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    pub arrive: i64,
    pub begin: i64,
    pub leave: i64,
    pub drive_s: i64,
    pub drive_m: i64,
}

/// A rule that is broken, by how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Begins so many seconds after its window.
    Late(i64),
    /// Ends so many seconds after the shift.
    OverShift(i64),
    /// The person does not work on this day.
    Off,
    /// Begins so many seconds away from what was promised; negative: before.
    Promise(i64),
    NoPlace,
    NoWay,
    /// The customer is closed when it begins, or closes before it ends.
    Closed,
    /// Is where the day ends so many seconds after the shift.
    EndLate(i64),
    /// Waits so many seconds in the middle of the day for who comes along.
    Waits(i64),
    /// So many visits are more than a day may hold.
    TooMany(usize),
    /// The way is so many metres longer than a day's may be.
    TooFar(i64),
}

/// The row as a timetable. Nothing is left out; what cannot be reached has no times.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    /// One per stop; `None` for what is fixed or cannot be reached.
    pub times: Vec<Option<Times>>,
    pub broken: Vec<(usize, Broken)>,
    pub meters: i64,
    pub seconds: i64,
    /// When the last visit ends.
    pub finish: Option<i64>,
    /// When the person is where the day ends, if it ends at a place.
    pub back: Option<i64>,
}

/// Works a row out. `start`: where it begins, an index into the table; `travel` answers seconds and metres.
pub fn timetable(
    shift: &Shift,
    start: Option<usize>,
    stops: &[Stop],
    travel: impl Fn(usize, usize) -> Option<(i64, i64)>,
) -> Timetable {
    let mut found = Timetable::default();
    let (mut now, mut here) = (shift.opens, start);
    for (k, stop) in stops.iter().enumerate() {
        let Some(at) = stop.at else {
            found.times.push(None);
            if !stop.fixed {
                found.broken.push((k, Broken::NoPlace));
            }
            continue;
        };
        let Some((drive_s, drive_m)) = here.map_or(Some((0, 0)), |h| travel(h, at)) else {
            found.times.push(None);
            if stop.fixed {
                here = Some(at);
            } else {
                found.broken.push((k, Broken::NoWay));
            }
            continue;
        };
        found.meters += drive_m;
        found.seconds += drive_s;
        here = Some(at);
        if stop.fixed {
            found.times.push(None);
            continue;
        }
        let arrive = driven(now, drive_s, &shift.pauses);
        let ready = opening::begin(arrive, stop.window, &stop.open, stop.service_s, &shift.pauses);
        let (begin, closed) = match stop.meet.filter(|meet| *meet > ready.0) {
            Some(meet) => opening::begin(meet, stop.window, &stop.open, stop.service_s, &shift.pauses),
            None => ready,
        };
        // Who has nothing to do before sets out later.
        let busy = found.times.iter().any(Option::is_some) || stops[..k].iter().any(|s| s.fixed);
        if busy && begin - ready.0 > PROMISE_S {
            found.broken.push((k, Broken::Waits(begin - ready.0)));
        }
        now = begin + stop.service_s;
        found.times.push(Some(Times { arrive, begin, leave: now, drive_s, drive_m }));
        found.finish = Some(now);
        if shift.off {
            found.broken.push((k, Broken::Off));
        } else if now > shift.closes {
            found.broken.push((k, Broken::OverShift(now - shift.closes)));
        }
        if begin > stop.window.1 {
            found.broken.push((k, Broken::Late(begin - stop.window.1)));
        }
        if closed {
            found.broken.push((k, Broken::Closed));
        }
        if let Some(away) = stop.promised.map(|p| begin - p).filter(|d| d.abs() > PROMISE_S) {
            found.broken.push((k, Broken::Promise(away)));
        }
    }
    let Some(last) = stops.iter().rposition(|s| !s.fixed) else { return found };
    let way = here.zip(shift.limits.end).and_then(|(h, end)| travel(h, end));
    if let Some((drive_s, drive_m)) = way {
        found.meters += drive_m;
        found.seconds += drive_s;
        let back = driven(now, drive_s, &shift.pauses);
        found.back = Some(back);
        if !shift.off && now <= shift.closes && back > shift.closes {
            found.broken.push((last, Broken::EndLate(back - shift.closes)));
        }
    }
    if shift.limits.most_visits.is_some_and(|most| stops.len() > most) {
        found.broken.push((last, Broken::TooMany(stops.len())));
    }
    if let Some(over) = shift.limits.most_m.map(|most| found.meters - most).filter(|o| *o > 0) {
        found.broken.push((last, Broken::TooFar(over)));
    }
    found
}

/// Arrival after a drive that rests during the pauses.
pub(crate) fn driven(from: i64, drive: i64, pauses: &[(i64, i64)]) -> i64 {
    let (mut now, mut left) = (from, drive);
    for &(a, b) in pauses {
        if now >= b {
            continue;
        }
        if now + left <= a {
            break;
        }
        left -= (a - now).max(0).min(left);
        now = b;
    }
    now + left
}

/// The first moment from which a visit is not cut by a pause.
pub(crate) fn fits(from: i64, service: i64, pauses: &[(i64, i64)]) -> i64 {
    pauses.iter().fold(from, |now, &(a, b)| if now < b && now + service > a { b } else { now })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn shift() -> Shift {
        Shift {
            opens: 9 * HOUR,
            closes: 17 * HOUR,
            pauses: vec![(12 * HOUR, 13 * HOUR)],
            off: false,
            limits: Limits::default(),
        }
    }

    fn stop(at: usize) -> Stop {
        Stop {
            at: Some(at),
            service_s: 1800,
            window: (9 * HOUR, 17 * HOUR),
            open: None,
            promised: None,
            meet: None,
            fixed: false,
        }
    }

    /// Ten minutes and five kilometres a step.
    fn line(a: usize, b: usize) -> Option<(i64, i64)> {
        let steps = a.abs_diff(b) as i64;
        Some((steps * 600, steps * 5_000))
    }

    #[test]
    fn a_row_in_its_order() {
        let row = timetable(&shift(), Some(0), &[stop(1), stop(3)], line);
        assert_eq!((row.meters, row.seconds), (15_000, 1_800));
        let begins: Vec<i64> = row.times.iter().map(|t| t.unwrap().begin).collect();
        assert_eq!(begins, [9 * HOUR + 600, 9 * HOUR + 600 + 1800 + 1200]);
        assert_eq!(row.broken, []);
        assert_eq!(row.finish, Some(9 * HOUR + 600 + 1800 + 1200 + 1800));
    }

    #[test]
    fn nobody_works_through_the_pause() {
        let early = Stop { window: (11 * HOUR + 2700, 17 * HOUR), ..stop(1) };
        let row = timetable(&shift(), Some(0), &[early], line);
        assert_eq!(row.times[0].unwrap().begin, 13 * HOUR, "thirty minutes do not fit before twelve");
        let shift = Shift { opens: 12 * HOUR - 300, ..shift() };
        let row = timetable(&shift, Some(0), &[stop(1)], line);
        assert_eq!(row.times[0].unwrap().arrive, 13 * HOUR + 300, "five minutes before, five after");
    }

    #[test]
    fn what_breaks_a_rule_is_said_with_its_number() {
        let late = Stop { window: (9 * HOUR, 9 * HOUR + 300), ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[late], line).broken, [(0, Broken::Late(300))]);
        let long = Stop { service_s: 9 * HOUR, window: (13 * HOUR, 17 * HOUR), ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[long], line).broken, [(0, Broken::OverShift(5 * HOUR))]);
        let promised = Stop { promised: Some(10 * HOUR), ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[promised], line).broken, [(0, Broken::Promise(-3000))]);
        let off = Shift { off: true, ..shift() };
        assert_eq!(timetable(&off, Some(0), &[stop(1)], line).broken, [(0, Broken::Off)]);
        let nowhere = Stop { at: None, ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[nowhere], line).broken, [(0, Broken::NoPlace)]);
        assert_eq!(timetable(&shift(), Some(0), &[stop(1)], |_, _| None).broken, [(0, Broken::NoWay)]);
    }

    #[test]
    fn the_way_back_and_the_limits_of_a_day_count() {
        let limits = Limits { end: Some(0), ..Limits::default() };
        let row = timetable(&Shift { limits, ..shift() }, Some(0), &[stop(1), stop(3)], line);
        assert_eq!((row.meters, row.seconds, row.broken.len()), (30_000, 3_600, 0));
        assert_eq!(row.back, row.finish.map(|f| f + 1_800));
        let late = Shift { closes: 10 * HOUR + 1_800, limits, ..shift() };
        assert_eq!(
            timetable(&late, Some(0), &[stop(1), stop(3)], line).broken,
            [(1, Broken::EndLate(1_800))]
        );
        let few = Limits { most_visits: Some(1), most_m: Some(12_000), ..Limits::default() };
        let row = timetable(&Shift { limits: few, ..shift() }, Some(0), &[stop(1), stop(3)], line);
        assert_eq!(row.broken, [(1, Broken::TooMany(2)), (1, Broken::TooFar(3_000))]);
    }

    #[test]
    fn a_closed_door_is_waited_at_or_said() {
        let lunch = Stop { open: Some(vec![(13 * HOUR + 1800, 18 * HOUR)]), ..stop(1) };
        let row = timetable(&shift(), Some(0), &[lunch], line);
        assert_eq!((row.times[0].unwrap().begin, row.broken), (13 * HOUR + 1800, vec![]));
        let closed = Stop { open: Some(vec![]), ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[closed], line).broken, [(0, Broken::Closed)]);
    }

    #[test]
    fn who_comes_along_is_waited_for() {
        let pair = Stop { meet: Some(11 * HOUR), ..stop(2) };
        let row = timetable(&shift(), Some(0), std::slice::from_ref(&pair), line);
        assert_eq!((row.times[0].unwrap().begin, row.broken), (11 * HOUR, vec![]), "he sets out later");
        let row = timetable(&shift(), Some(0), &[stop(1), pair], line);
        // Ten minutes, half an hour, ten minutes.
        assert_eq!(row.times[1].unwrap().arrive, 9 * HOUR + 3_000);
        assert_eq!(row.broken, [(1, Broken::Waits(2 * HOUR - 3_000))]);
        let past = Stop { meet: Some(9 * HOUR), ..stop(1) };
        assert_eq!(timetable(&shift(), Some(0), &[past], line).times[0].unwrap().begin, 9 * HOUR + 600);
    }

    #[test]
    fn what_has_begun_is_driven_but_not_timed() {
        let done = Stop { fixed: true, ..stop(2) };
        let row = timetable(&shift(), Some(0), &[done, stop(3)], line);
        assert_eq!(row.times[0], None);
        assert_eq!(row.meters, 15_000);
        assert_eq!(row.times[1].unwrap().arrive, 9 * HOUR + 600);
    }
}
