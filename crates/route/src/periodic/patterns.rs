//! The sets of days on which a rule can be met.

use super::{CalendarDay, Customer, Every, PeriodProblem, Unmet, UnmetReason};

/// A set of days, ascending.
pub(super) type Pattern = Vec<usize>;

/// What the search may choose for a customer.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub patterns: Vec<Pattern>,
    pub reps: Vec<usize>,
    /// Who may go while the chosen rep is away.
    pub stand_ins: Vec<usize>,
}

/// Most patterns kept per customer.
const MOST: usize = 60;

/// Options of every customer, and what no choice can meet.
pub(super) fn options(problem: &PeriodProblem) -> (Vec<Options>, Vec<Unmet>) {
    let mut unmet = Vec::new();
    let options = problem
        .customers
        .iter()
        .enumerate()
        .map(|(customer, c)| {
            let mut reps: Vec<usize> =
                if c.reps.is_empty() { (0..problem.reps.len()).collect() } else { c.reps.clone() };
            reps.retain(|r| *r < problem.reps.len());
            if reps.is_empty() {
                // Whoever has it already keeps it.
                reps.extend(c.planned.iter().map(|p| p.1).find(|r| *r < problem.reps.len()));
            }
            if reps.is_empty() {
                unmet.push(Unmet { customer, reason: UnmetReason::NoRep });
                return Options::default();
            }
            // Who has some of the visits ahead has them all; the others stand in for him.
            let ahead = c.planned.iter().filter(|(d, _)| problem.days.get(*d).is_some_and(|d| d.working));
            let holder = ahead.map(|p| p.1).find(|r| reps.contains(r));
            let stand_ins = reps.clone();
            if let Some(holder) = holder {
                reps = vec![holder];
            }
            let patterns = patterns(problem, &stand_ins, c, customer, &mut unmet);
            Options { patterns, reps, stand_ins }
        })
        .collect();
    (options, unmet)
}

/// A stretch of the calendar in which a number of visits is due.
struct Period {
    number: u32,
    wanted: u32,
    /// Working days on allowed weekdays.
    days: Vec<usize>,
}

fn patterns(
    problem: &PeriodProblem,
    reps: &[usize],
    c: &Customer,
    customer: usize,
    unmet: &mut Vec<Unmet>,
) -> Vec<Pattern> {
    let days = &problem.days;
    let open_to_some: Vec<bool> =
        (0..days.len()).map(|d| reps.iter().any(|r| c.open_to(*r, d, &problem.reps))).collect();
    let periods = periods(days, c, &open_to_some);
    let planned: Vec<usize> = c.planned.iter().map(|p| p.0).filter(|&d| d < days.len()).collect();
    let enough = |p: &Period| {
        planned.iter().filter(|&&d| number(&days[d], d, c) == p.number).count() as u32 >= p.wanted
    };
    if !planned.is_empty() && periods.iter().all(enough) {
        let mut pattern = planned;
        pattern.sort_unstable();
        pattern.dedup();
        return vec![pattern];
    }
    let mut periods = periods;
    for p in &mut periods {
        let possible = most_spaced(&p.days, c.rule.min_gap_days);
        if possible < p.wanted {
            let reason = UnmetReason::TooFewDays { period: p.number, wanted: p.wanted, possible };
            unmet.push(Unmet { customer, reason });
            p.wanted = possible;
        }
    }
    let choices: Vec<Vec<Pattern>> = periods.iter().map(|p| spread(p, days, &planned, c)).collect();
    let mut whole = combine(days, &choices, c);
    whole.retain(|p| planned.iter().all(|d| p.contains(d)));
    if whole.is_empty() {
        let pattern = fill(&periods, &planned, c, days);
        for p in &periods {
            let possible = count_in(&pattern, p, c, days);
            if possible < p.wanted {
                let reason = UnmetReason::TooFewDays { period: p.number, wanted: p.wanted, possible };
                unmet.push(Unmet { customer, reason });
            }
        }
        whole.push(pattern);
    }
    // Too soon after the last visit only if nothing else is possible.
    if let Some(ago) = c.last_visit_ago {
        let in_time = |p: &Pattern| p.first().is_none_or(|&d| d as u32 + ago >= c.rule.min_gap_days);
        if whole.iter().any(in_time) {
            whole.retain(in_time);
        }
    }
    thin(whole)
}

/// May a new visit be on this day, as far as the rule and the calendar go?
pub(super) fn allowed(days: &[CalendarDay], c: &Customer, d: usize) -> bool {
    d >= c.since
        && days[d].working
        && c.rule.weekdays[usize::from(days[d].weekday % 7)]
        && !c.closed.contains(&d)
}

/// Number of the period a day belongs to.
pub(super) fn number(day: &CalendarDay, index: usize, c: &Customer) -> u32 {
    match c.rule.every {
        Every::Week(_) => day.week,
        Every::Month(_) => day.month,
        Every::Days(_) => index as u32,
    }
}

fn periods(days: &[CalendarDay], c: &Customer, open_to_some: &[bool]) -> Vec<Period> {
    let planned = |d: usize| c.planned.iter().any(|p| p.0 == d);
    let open = |d: usize| open_to_some[d] && allowed(days, c, d);
    // What is planned fits by being there.
    let fitting = |d: usize| planned(d) || open(d);
    if let Every::Days(n) = c.rule.every {
        let before = c.planned.iter().map(|p| p.0).filter(|d| *d < c.since).max();
        let last = before.map(|d| d as i64).or(c.last_visit_ago.map(|ago| -i64::from(ago)));
        return every_days(days.len(), usize::from(n.max(1)), c.since, last, &fitting);
    }
    let mut periods: Vec<Period> = Vec::new();
    for (d, day) in days.iter().enumerate() {
        let number = number(day, d, c);
        if periods.last().is_none_or(|p| p.number != number) {
            periods.push(Period { number, wanted: 0, days: vec![] });
        }
        if let (Some(period), true) = (periods.last_mut(), fitting(d)) {
            period.days.push(d);
        }
    }
    for p in &mut periods {
        let of_period = |d: &usize| number(&days[*d], *d, c) == p.number;
        let length = (c.since..days.len()).filter(of_period).count() as u32;
        // Made before the rule held: they count neither for it nor against it.
        let before = (0..c.since.min(days.len())).filter(|d| planned(*d)).filter(of_period).count() as u32;
        let (times, full) = match c.rule.every {
            Every::Week(n) => (u32::from(n), 7),
            Every::Month(n) => (u32::from(n), 28),
            Every::Days(_) => (0, 1),
        };
        // A week or month cut by the edge of the plan gets its share, rounded down.
        p.wanted = before + if length >= full { times } else { times * length / full };
    }
    periods
}

/// Due dates every `n` days from `since` on, counted from the last visit before it, each with the days a fifth
/// earlier or later.
fn every_days(
    total: usize,
    n: usize,
    since: usize,
    last: Option<i64>,
    fitting: &dyn Fn(usize) -> bool,
) -> Vec<Period> {
    let slack = n / 5;
    let first = last.map_or(since + n / 2, |l| usize::try_from(l + n as i64).unwrap_or(0).max(since));
    (0..)
        .map(|k| first + k * n)
        .take_while(|&due| due < total)
        .map(|due| {
            let near = due.saturating_sub(slack)..=(due + slack).min(total - 1);
            let mut days: Vec<usize> = near.filter(|&d| fitting(d)).collect();
            if days.is_empty() {
                // A holiday: the nearest working day.
                days =
                    (0..total).filter(|&d| fitting(d)).min_by_key(|d| d.abs_diff(due)).into_iter().collect();
            }
            Period { number: due as u32, wanted: 1, days }
        })
        .collect()
}

/// Most visits a period can hold with the spacing.
fn most_spaced(days: &[usize], gap: u32) -> u32 {
    let mut count = 0;
    let mut last: Option<usize> = None;
    for &d in days {
        if last.is_none_or(|l| d - l >= gap as usize) {
            count += 1;
            last = Some(d);
        }
    }
    count
}

/// Ways to place the wanted visits within one period, keyed so that the same way repeats period by period.
fn spread(period: &Period, days: &[CalendarDay], planned: &[usize], c: &Customer) -> Vec<Pattern> {
    let (k, n) = (period.wanted as usize, period.days.len());
    if k == 0 || n == 0 {
        return vec![vec![]];
    }
    let gap = c.rule.min_gap_days as usize;
    let standing: Vec<usize> = planned.iter().copied().filter(|d| period.days.contains(d)).collect();
    let keeps = |p: &Pattern| standing.iter().all(|d| p.contains(d));
    let mut found: Vec<Pattern> = Vec::new();
    if let Every::Month(_) = c.rule.every {
        // Evenly through the month, beginning on each of its first days.
        for offset in 0..n.div_ceil(k) {
            let even: Pattern = (0..k)
                .map(|i| offset + (i * n + k / 2) / k)
                .filter(|&x| x < n)
                .map(|x| period.days[x])
                .collect();
            if even.len() == k && spaced(&even, gap) && keeps(&even) {
                found.push(even);
            }
        }
    }
    if found.is_empty() {
        choose(&period.days, k, gap, &standing, &mut vec![], &mut found);
        // The most even first.
        let unevenness = |p: &Pattern| {
            let first_of_next = p[0] + period_days(c, days);
            let ends = p.iter().copied().skip(1).chain([first_of_next]);
            p.iter().zip(ends).map(|(a, b)| b.abs_diff(*a).pow(2)).sum::<usize>()
        };
        found.sort_by_key(|p| (unevenness(p), p.clone()));
        found.truncate(MOST);
    }
    found
}

fn period_days(c: &Customer, days: &[CalendarDay]) -> usize {
    match c.rule.every {
        Every::Week(_) => 7,
        Every::Month(_) => 28,
        Every::Days(n) => usize::from(n),
    }
    .min(days.len().max(1))
}

fn spaced(days: &[usize], gap: usize) -> bool {
    days.windows(2).all(|w| w[1] - w[0] >= gap)
}

/// All ways to choose `k` spaced days with the standing ones among them, at most 500.
fn choose(
    days: &[usize],
    k: usize,
    gap: usize,
    standing: &[usize],
    taken: &mut Vec<usize>,
    found: &mut Vec<Pattern>,
) {
    if k == 0 {
        if standing.iter().all(|d| taken.contains(d)) {
            found.push(taken.clone());
        }
        return;
    }
    for (i, &d) in days.iter().enumerate() {
        if found.len() >= 500 || days.len() - i < k {
            return;
        }
        if taken.last().is_none_or(|&l| d - l >= gap) {
            taken.push(d);
            choose(&days[i + 1..], k - 1, gap, standing, taken, found);
            taken.pop();
        }
        // Nothing that stands may be passed over.
        if standing.contains(&d) {
            return;
        }
    }
}

/// Whole plans of a customer: the same way in every period where possible, moved where a holiday or the
/// spacing across the boundary asks for it.
fn combine(days: &[CalendarDay], choices: &[Vec<Pattern>], c: &Customer) -> Vec<Pattern> {
    let gap = c.rule.min_gap_days as usize;
    let Some(model) = choices.iter().max_by_key(|c| (c.first().map_or(0, Vec::len), c.len())) else {
        return vec![vec![]];
    };
    let shape = |p: &Pattern| -> Vec<usize> {
        match c.rule.every {
            Every::Week(_) => p.iter().map(|&d| usize::from(days[d].weekday)).collect(),
            Every::Month(_) => p.iter().map(|&d| d - month_start(days, d)).collect(),
            Every::Days(_) => vec![],
        }
    };
    let mut whole: Vec<Pattern> = Vec::new();
    for way in model {
        let wanted = shape(way);
        let mut pattern: Pattern = Vec::new();
        let mut complete = true;
        for period in choices {
            let distance = |p: &&Pattern| {
                let own = shape(p);
                let apart = own.iter().zip(&wanted).map(|(a, b)| a.abs_diff(*b)).sum::<usize>();
                (apart, (*p).clone())
            };
            let joins = |p: &&Pattern| match (pattern.last(), p.first()) {
                (Some(&last), Some(&first)) => first >= last + gap,
                _ => true,
            };
            match period.iter().filter(joins).min_by_key(distance) {
                Some(best) => pattern.extend(best),
                None => complete = false,
            }
        }
        if complete {
            whole.push(pattern);
        }
    }
    if let Every::Days(_) = c.rule.every {
        whole.extend(shifted(choices, gap));
    }
    whole.sort();
    whole.dedup();
    whole
}

/// For rules in days: every due date as early or as late as it may be, alike along the plan.
fn shifted(choices: &[Vec<Pattern>], gap: usize) -> Vec<Pattern> {
    let most = choices.iter().map(Vec::len).max().unwrap_or(0);
    (0..most)
        .map(|k| {
            choices
                .iter()
                .filter_map(|c| {
                    let mut sorted = c.clone();
                    sorted.sort();
                    sorted.get(k.min(sorted.len().saturating_sub(1))).cloned()
                })
                .flatten()
                .collect::<Pattern>()
        })
        .filter(|p| spaced(p, gap))
        .collect()
}

fn month_start(days: &[CalendarDay], d: usize) -> usize {
    (0..=d).rev().take_while(|&e| days[e].month == days[d].month).last().unwrap_or(d)
}

/// Visits of a pattern that fall into a period.
fn count_in(pattern: &Pattern, period: &Period, c: &Customer, days: &[CalendarDay]) -> u32 {
    let inside = |&&d: &&usize| period.days.contains(&d) || number(&days[d], d, c) == period.number;
    pattern.iter().filter(inside).count() as u32
}

/// What is planned, completed period by period with the days farthest from other visits.
fn fill(periods: &[Period], planned: &[usize], c: &Customer, days: &[CalendarDay]) -> Pattern {
    let mut pattern: Pattern = planned.to_vec();
    let gap = c.rule.min_gap_days as usize;
    for p in periods {
        while count_in(&pattern, p, c, days) < p.wanted {
            let apart = |d: usize| pattern.iter().map(|&e| e.abs_diff(d)).min().unwrap_or(usize::MAX);
            let best =
                p.days.iter().copied().filter(|&d| apart(d) >= gap.max(1)).max_by_key(|&d| (apart(d), d));
            match best {
                Some(d) => pattern.push(d),
                None => break,
            }
        }
    }
    pattern.sort_unstable();
    pattern
}

/// At most [`MOST`], evenly chosen.
fn thin(patterns: Vec<Pattern>) -> Vec<Pattern> {
    let n = patterns.len();
    if n <= MOST {
        return patterns;
    }
    (0..MOST).map(|k| patterns[k * n / MOST].clone()).collect()
}
