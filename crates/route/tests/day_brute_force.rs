//! Small random days against plain enumeration of every order of every subset and every place for the breaks.

use route::Matrix;
use route::day::{Break, DayProblem, DayRoute, Limit, Objective, Reason, Stop, check_certificate, day_route};

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % sides) as i64
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent as i64
    }
}

fn random_day(dice: &mut Dice) -> DayProblem {
    let n = 1 + dice.roll(6) as usize;
    let size = n + 2;
    // Not metric on purpose: detours may be quicker than the direct way.
    let durations = Matrix::from_fn(size, |_, _| 60 + dice.roll(3_000));
    let distances = Matrix::from_fn(size, |_, _| 100 + dice.roll(20_000));
    let length = 6_000 + dice.roll(20_000);
    let tight = dice.roll(100) as u64;
    let stops = (0..n)
        .map(|k| {
            let mut stop = Stop::at(k, 100 + dice.roll(1_500));
            for _ in 0..dice.roll(3) {
                if dice.chance(tight) {
                    let from = dice.roll(length as u64);
                    stop = stop.within(from, from + dice.roll(6_000));
                }
            }
            stop.priority = if dice.chance(40) { dice.roll(3) * 40 } else { 0 };
            stop.locked = if dice.chance(6) { Some(dice.roll(3) as usize) } else { None };
            stop.toll = if dice.chance(30) { dice.roll(3_000) } else { 0 };
            if let ([(from, to)], true) = (stop.windows.as_slice(), dice.chance(40)) {
                stop.punctual_until = Some(from + dice.roll((to - from + 1) as u64));
            }
            stop
        })
        .collect();
    let breaks = (0..dice.roll(3))
        .map(|_| {
            let from = dice.roll(length as u64);
            let windows = if dice.chance(20) { vec![] } else { vec![(from, from + dice.roll(4_000))] };
            Break { service_s: 300 + dice.roll(1_500), windows }
        })
        .collect();
    let objective =
        [Objective::LeastDistance, Objective::LeastTime, Objective::EarliestFinish][dice.roll(3) as usize];
    let most_stops = dice.chance(15).then(|| dice.roll(n as u64 + 1) as usize);
    let mut limits = vec![];
    if dice.chance(15) {
        limits.push(Limit { of: durations.clone(), most: dice.roll(9_000) });
    }
    if dice.chance(15) {
        limits.push(Limit { of: distances.clone(), most: dice.roll(60_000) });
    }
    DayProblem {
        most_stops,
        limits,
        durations,
        distances,
        start: dice.chance(80).then_some(n),
        end: dice.chance(50).then_some(n + 1),
        stops,
        shift: (0, length),
        breaks,
        objective,
    }
}

/// Locked, priority, count (more is better), then lateness and the objective negated.
type Score = (i64, i64, i64, i64, i64);

/// What a day has come to on its way.
#[derive(Clone, Copy, Default)]
struct Sums {
    metres: i64,
    seconds: i64,
    tolls: i64,
    late: i64,
    used: [i64; 2],
}

struct Brute<'a> {
    day: &'a DayProblem,
    breaks: Vec<Break>,
    best: Score,
}

impl Brute<'_> {
    fn leg(&self, t: i64, drive: i64, breaks: &[Break]) -> Option<i64> {
        // Second by second would be too slow, so: drive until the break opens, rest, drive on.
        let (mut now, mut left) = (t, drive);
        for pause in breaks {
            let begin = if pause.windows.is_empty() {
                now
            } else {
                let mut windows = pause.windows.clone();
                windows.sort();
                windows.iter().filter(|w| w.1 >= now).map(|w| w.0.max(now)).min()?
            };
            left -= (begin - now).min(left);
            now = begin + pause.service_s;
        }
        Some(now + left)
    }

    fn walk(&mut self, order: &mut Vec<usize>, here: Option<usize>, t: i64, taken: usize, sums: Sums) {
        let day = self.day;
        let between =
            |m: &Matrix<i64>, a: Option<usize>, b: Option<usize>| a.zip(b).map_or(0, |(a, b)| m[(a, b)]);
        let used = |mut used: [i64; 2], to: Option<usize>| {
            used.iter_mut().zip(&day.limits).for_each(|(u, l)| *u += between(&l.of, here, to));
            let within = used.iter().zip(&day.limits).all(|(u, l)| *u <= l.most);
            within.then_some(used)
        };
        if !order.is_empty() && used(sums.used, day.end).is_some() {
            let back = between(&day.durations, here, day.end);
            let finish = self.leg(t, back, &self.breaks[taken..]).filter(|f| *f <= day.shift.1);
            if let Some(finish) = finish {
                let cost = match day.objective {
                    Objective::LeastDistance => {
                        sums.metres + sums.tolls + between(&day.distances, here, day.end)
                    }
                    Objective::LeastTime => sums.seconds + sums.tolls + back,
                    Objective::EarliestFinish => finish - day.shift.0,
                };
                let locked = order.iter().filter(|&&i| day.stops[i].locked.is_some()).count() as i64;
                let priority = order.iter().map(|&i| day.stops[i].priority).sum();
                self.best = self.best.max((locked, priority, order.len() as i64, -sums.late, -cost));
            }
        }
        for i in 0..day.stops.len() {
            let stop = &day.stops[i];
            let most = day.most_stops.unwrap_or(usize::MAX);
            if order.contains(&i) || stop.locked.is_some_and(|p| p != order.len()) || order.len() >= most {
                continue;
            }
            let Some(used) = used(sums.used, Some(stop.location)) else { continue };
            let there = Some(stop.location);
            let drive = between(&day.durations, here, there);
            for after in taken..=self.breaks.len() {
                let Some(arrived) = self.leg(t, drive, &self.breaks[taken..after]) else { continue };
                let begin = if stop.windows.is_empty() {
                    Some(arrived)
                } else {
                    stop.windows
                        .iter()
                        .filter(|w| w.1 >= arrived && w.0 <= w.1)
                        .map(|w| w.0.max(arrived))
                        .min()
                };
                let Some(left) = begin.map(|b| b + stop.service_s).filter(|l| *l <= day.shift.1) else {
                    continue;
                };
                order.push(i);
                let late = stop.punctual_until.map_or(0, |p| (left - stop.service_s - p).max(0));
                let sums = Sums {
                    metres: sums.metres + between(&day.distances, here, there),
                    seconds: sums.seconds + drive,
                    tolls: sums.tolls + stop.toll,
                    late: sums.late + late,
                    used,
                };
                self.walk(order, there, left, after, sums);
                order.pop();
            }
        }
    }
}

fn brute(day: &DayProblem) -> Score {
    let mut breaks: Vec<Break> = day
        .breaks
        .iter()
        .filter_map(|b| {
            let all = if b.windows.is_empty() { vec![day.shift] } else { b.windows.clone() };
            let clipped: Vec<_> = all
                .iter()
                .map(|w| (w.0.max(day.shift.0), w.1.min(day.shift.1 - b.service_s)))
                .filter(|w| w.0 <= w.1)
                .collect();
            (!clipped.is_empty()).then_some(Break { service_s: b.service_s, windows: clipped })
        })
        .collect();
    breaks.sort_by_key(|b| (b.windows[0], b.service_s));
    let mut search = Brute { day, breaks, best: (0, 0, 0, 0, 0) };
    search.walk(&mut vec![], day.start, day.shift.0, 0, Sums::default());
    search.best
}

fn score(day: &DayProblem, route: &DayRoute) -> Score {
    let locked = route.order.iter().filter(|&&i| day.stops[i].locked.is_some()).count() as i64;
    let priority = route.order.iter().map(|&i| day.stops[i].priority).sum();
    (locked, priority, route.order.len() as i64, -route.lateness_s, -route.value(day))
}

#[test]
fn a_thousand_days_equal_enumeration() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut complete, mut partial, mut late, mut unproven) = (0, 0, 0, 0);
    for case in 0..1_000 {
        let day = random_day(&mut dice);
        let route = day_route(&day);
        let best = brute(&day);
        if route.proven_optimal {
            assert_eq!(score(&day, &route), best, "case {case}: {day:?}\n{route:?}");
        } else {
            // Taking a break elsewhere would be more punctual, but end later.
            assert!(route.lateness_s > 0 && score(&day, &route) <= best, "case {case}: {day:?}\n{route:?}");
            unproven += 1;
        }
        late += usize::from(route.lateness_s > 0);
        assert_eq!(check_certificate(&day, &route), Ok(()), "case {case}: {day:?}\n{route:?}");
        if route.unserved.is_empty() { complete += 1 } else { partial += 1 }
    }
    assert!(complete > 200 && partial > 200, "the cases cover both: {complete}, {partial}");
    assert!(late > 20 && unproven <= 5, "{late} late, {unproven} unproven");
}

#[test]
fn the_checker_refuses_wrong_answers() {
    let mut dice = Dice(77);
    let (mut late, mut longer) = (0, 0);
    for _ in 0..300 {
        let day = random_day(&mut dice);
        let good = day_route(&day);
        if good.order.is_empty() {
            continue;
        }
        let mut early = good.clone();
        early.arrivals[0] = early.departure - 1;
        assert!(check_certificate(&day, &early).is_err());
        let mut shorter = good.clone();
        shorter.travel_s -= 1;
        assert!(check_certificate(&day, &shorter).is_err());
        let mut forgotten = good.clone();
        forgotten.unserved.clear();
        forgotten.order.pop();
        assert!(check_certificate(&day, &forgotten).is_err());
        late += 1;
        // The best day without one stop is a valid timetable, but no longer the best for the whole problem.
        let dropped = good.order[0];
        let mut fewer = day.clone();
        fewer.stops.remove(dropped);
        if good.order.len() < 2
            || fewer.stops.iter().any(|s| s.locked.is_some())
            || day.stops[dropped].locked.is_some()
        {
            continue;
        }
        let mut worse = day_route(&fewer);
        let back = |i: usize| if i >= dropped { i + 1 } else { i };
        worse.order.iter_mut().for_each(|i| *i = back(*i));
        worse.unserved.iter_mut().for_each(|u| u.stop = back(u.stop));
        worse
            .unserved
            .push(route::day::Unserved { stop: dropped, reason: Reason::Outbid { late_at: None, by_s: 0 } });
        worse.certificate = good.certificate.clone();
        if score(&day, &worse) < score(&day, &good) {
            assert!(check_certificate(&day, &worse).is_err(), "{day:?}\n{worse:?}");
            longer += 1;
        }
    }
    assert!(late > 100 && longer > 100);
}
