use super::*;
use crate::model::Effort;
use crate::random::Dice;

/// Four weeks from a Monday.
fn calendar(weeks: u32) -> Vec<CalendarDay> {
    (0..weeks * 7)
        .map(|d| CalendarDay { weekday: (d % 7) as u8, month: 1 + d / 28, week: d / 7, working: d % 7 < 5 })
        .collect()
}

fn customer(place: usize, rule: Rule) -> Customer {
    Customer::new(place, 1_800, rule)
}

/// Eight hours every day.
fn rep(home: usize, days: usize) -> FieldRep {
    FieldRep { id: home as u64, home, end: Some(home), holds_s: vec![8 * 3_600; days], ..FieldRep::default() }
}

fn town(customers: usize, reps: usize, seed: u64) -> PeriodProblem {
    let mut dice = Dice::new(seed);
    let points: Vec<(f64, f64)> =
        (0..customers + reps).map(|_| (dice.unit() * 20_000.0, dice.unit() * 20_000.0)).collect();
    let durations = Matrix::from_fn(points.len(), |a, b| {
        ((points[a].0 - points[b].0).hypot(points[a].1 - points[b].1) * 1.35 / 8.3) as i64
    });
    let rules = [Every::Week(2), Every::Week(1), Every::Month(2), Every::Month(1)];
    PeriodProblem {
        days: calendar(4),
        reps: (0..reps).map(|r| rep(customers + r, 28)).collect(),
        customers: (0..customers)
            .map(|c| Customer {
                service_s: 900 + 60 * (c as i64 % 20),
                ..customer(c, Rule::new(rules[[0, 1, 1, 2, 2, 3, 3][c % 7]]))
            })
            .collect(),
        ways: vec![Ways { distances: Some(durations.map(|s: i64| s * 83 / 10)), durations }],
    }
}

/// Every rule met, every gap kept, everything on working days of people present.
fn assert_rules(problem: &PeriodProblem, plan: &PeriodPlan) {
    for (k, c) in problem.customers.iter().enumerate() {
        let mut days: Vec<usize> = plan.visits.iter().filter(|v| v.customer == k).map(|v| v.day).collect();
        days.sort_unstable();
        // One customer, one rep, unless the others of his are away on some day of theirs.
        let of = |v: &&PeriodVisit| v.customer == k && !c.planned.iter().any(|p| p.0 == v.day);
        let mut reps: Vec<usize> = plan.visits.iter().filter(of).map(|v| v.rep).collect();
        let always = |r: &usize| problem.reps[*r].holds_s.iter().all(|s| *s > 0);
        let unmet = plan.unmet.iter().any(|u| u.customer == k);
        reps.sort_unstable();
        reps.dedup();
        assert!(reps.len() < 2 || unmet || !reps.iter().all(always), "one customer, one rep: {reps:?}");
        assert!(days.windows(2).all(|w| w[1] - w[0] >= c.rule.min_gap_days as usize), "{c:?} {days:?}");
        for &d in &days {
            assert!(problem.days[d].working && c.rule.weekdays[usize::from(problem.days[d].weekday)]);
        }
        if plan.unmet.iter().any(|u| u.customer == k) {
            continue;
        }
        match c.rule.every {
            Every::Week(n) => {
                for week in problem.days.chunks(7).map(|w| w[0].week) {
                    let count = days.iter().filter(|&&d| problem.days[d].week == week).count();
                    assert_eq!(count, usize::from(n), "customer {k}, week {week}");
                }
            }
            Every::Month(n) => assert_eq!(days.len(), usize::from(n)),
            Every::Days(n) => {
                let slack = usize::from(n) * 2 / 5 + 3;
                assert!(days.windows(2).all(|w| (w[1] - w[0]).abs_diff(usize::from(n)) <= slack));
            }
        }
    }
}

#[test]
fn rules_are_met_and_work_is_even() {
    let problem = town(120, 2, 4);
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(60_000));
    assert_rules(&problem, &plan);
    assert_eq!(plan.unmet, vec![]);
    assert!(plan.person_range < 0.1 && plan.day_range < 0.25, "{} {}", plan.person_range, plan.day_range);
    let unbalanced = plan_period(&problem, Balance(0.0), 1, Effort::Steps(60_000));
    assert_rules(&problem, &unbalanced);
    assert!(unbalanced.day_range > plan.day_range);
}

#[test]
fn planning_again_changes_nothing() {
    let mut problem = town(60, 2, 9);
    let first = plan_period(&problem, Balance::default(), 1, Effort::Steps(10_000));
    assert_eq!(first, plan_period(&problem, Balance::default(), 1, Effort::Steps(10_000)));
    for v in &first.visits {
        problem.customers[v.customer].planned.push((v.day, v.rep));
    }
    let again = plan_period(&problem, Balance::default(), 7, Effort::Steps(2_000));
    let names = |p: &PeriodPlan| {
        let mut names = p.visits.clone();
        names.sort();
        names
    };
    assert_eq!(names(&first), names(&again));
    // A new customer is added, the others keep their days.
    let mut extra = customer(3, Rule::new(Every::Week(1)));
    extra.id = 999;
    problem.customers.push(extra);
    let more = plan_period(&problem, Balance::default(), 7, Effort::Steps(2_000));
    assert_eq!(more.visits.len(), first.visits.len() + 4);
    assert!(first.visits.iter().all(|v| more.visits.contains(v)));
}

#[test]
fn holidays_leave_and_weekdays() {
    let mut problem = town(40, 2, 2);
    // A holiday on the second Monday; the first rep is away the third week.
    problem.days[7].working = false;
    problem.reps[0].holds_s[14..19].fill(0);
    problem.customers[0].rule.weekdays = [true, false, false, false, false, false, false];
    problem.customers[0].rule.every = Every::Week(1);
    problem.customers[1].rule = Rule::new(Every::Week(5));
    problem.customers[2].rule = Rule::new(Every::Days(10));
    problem.customers[3].rule = Rule::new(Every::Week(7));
    problem.customers[4].reps = vec![99];
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(20_000));
    assert_rules(&problem, &plan);
    let why = |c: usize| plan.unmet.iter().find(|u| u.customer == c).map(|u| u.reason);
    assert_eq!(why(0), Some(UnmetReason::TooFewDays { period: 1, wanted: 1, possible: 0 }));
    assert_eq!(why(1), Some(UnmetReason::TooFewDays { period: 1, wanted: 5, possible: 4 }));
    assert_eq!(why(2), None);
    assert_eq!(why(3), Some(UnmetReason::TooFewDays { period: 0, wanted: 7, possible: 5 }));
    assert_eq!(why(4), Some(UnmetReason::NoRep));
    assert!(plan.visits.iter().all(|v| v.customer != 4));
    let count = |c: usize| plan.visits.iter().filter(|v| v.customer == c).count();
    assert_eq!((count(0), count(1), count(3)), (3, 19, 19));
    assert!((2..=3).contains(&count(2)));
}

#[test]
fn the_last_visit_keeps_its_distance() {
    let mut problem = town(10, 1, 3);
    for c in &mut problem.customers {
        c.rule = Rule { every: Every::Month(1), min_gap_days: 14, weekdays: [true; 7] };
        c.last_visit_ago = Some(4);
    }
    let plan = plan_period(&problem, Balance(0.0), 1, Effort::Steps(5_000));
    assert_eq!(plan.visits.len(), 10);
    assert!(plan.visits.iter().all(|v| v.day >= 10));
}

#[test]
fn ten_twice_and_twenty_once_make_forty_and_no_more() {
    let mut problem = town(30, 2, 6);
    problem.days = calendar(1);
    for (k, c) in problem.customers.iter_mut().enumerate() {
        c.rule = Rule::new(Every::Week(if k < 10 { 2 } else { 1 }));
    }
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(3_000));
    assert_rules(&problem, &plan);
    assert_eq!((plan.visits.len(), plan.unmet.len()), (40, 0));
    for v in &plan.visits {
        problem.customers[v.customer].planned.push((v.day, v.rep));
    }
    let again = plan_period(&problem, Balance::default(), 2, Effort::Steps(500));
    assert_eq!(again.visits.len(), 40);
}

#[test]
fn a_rule_that_begins_within_a_month_is_due_its_share() {
    let mut problem = town(10, 1, 3);
    // Twice a month, from the third Monday: one of the two.
    for c in &mut problem.customers {
        c.rule = Rule::new(Every::Month(2));
        c.since = 14;
    }
    problem.customers[0].planned = vec![(3, 0)];
    problem.customers[1].since = 0;
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(2_000));
    let days = |k: usize| plan.visits.iter().filter(|v| v.customer == k).map(|v| v.day).collect::<Vec<_>>();
    assert_eq!(plan.unmet, []);
    assert_eq!((days(0).len(), days(0)[0]), (2, 3), "what was before counts neither for it nor against it");
    assert_eq!(days(1).len(), 2);
    assert!((2..10).all(|k| days(k).len() == 1 && days(k)[0] >= 14), "{:?}", plan.visits);
}

#[test]
fn days_gone_by_hold_what_was_done_and_take_nothing_more() {
    let mut problem = town(12, 1, 8);
    for (k, c) in problem.customers.iter_mut().enumerate() {
        c.rule = Rule::new(Every::Month(4));
        c.closed = (0..10).collect();
        c.planned = if k < 6 { vec![(1, 0), (8, 0)] } else { vec![] };
    }
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(2_000));
    for k in 0..12 {
        let days: Vec<usize> = plan.visits.iter().filter(|v| v.customer == k).map(|v| v.day).collect();
        assert_eq!(days.len(), 4, "{k}: {days:?}");
        let past: Vec<usize> = days.into_iter().filter(|d| *d < 10).collect();
        assert_eq!(past, if k < 6 { vec![1, 8] } else { vec![] });
    }
}

#[test]
fn what_others_do_counts_for_the_rule_and_fills_nobodys_day() {
    let mut problem = town(12, 1, 8);
    problem.customers.iter_mut().for_each(|c| c.rule = Rule::new(Every::Week(1)));
    problem.customers[0].planned = (0..4).map(|week| (week * 7 + 1, 1)).collect();
    problem.customers[1].planned = vec![(2, 1)];
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(2_000));
    let days = |k: usize| plan.visits.iter().filter(|v| v.customer == k).map(|v| v.day).collect::<Vec<_>>();
    assert_eq!((days(0), &plan.unmet), (vec![], &vec![]));
    assert!(days(1).len() == 3 && days(1)[0] >= 7, "{:?}", days(1));
    problem.customers.remove(0);
    let without = plan_period(&problem, Balance::default(), 1, Effort::Steps(2_000));
    let visits = |plan: &PeriodPlan| plan.visits.len();
    assert_eq!(visits(&plan), visits(&without));
}

fn shares(problem: &PeriodProblem, plan: &PeriodPlan) -> Vec<usize> {
    let of = |r: usize| plan.visits.iter().filter(|v| v.rep == r).count();
    (0..problem.reps.len()).map(of).collect()
}

/// Two people and customers visited once a week, with who went where and when in weeks before.
fn with_habits(customers: usize, seed: u64) -> PeriodProblem {
    let mut problem = town(customers, 2, seed);
    problem.customers.iter_mut().for_each(|c| c.rule = Rule::new(Every::Week(1)));
    let before = plan_period(&problem, Balance::default(), 1, Effort::Steps(20_000));
    for v in &before.visits {
        problem.customers[v.customer].usual = Some(v.rep);
        problem.customers[v.customer].usual_weekdays[v.day % 7] = true;
    }
    problem
}

#[test]
fn who_is_away_is_stood_in_for_and_keeps_his_customers() {
    let mut problem = with_habits(40, 5);
    problem.reps[0].holds_s[7..14].fill(0);
    let plan = plan_period(&problem, Balance::default(), 2, Effort::Steps(20_000));
    assert_rules(&problem, &plan);
    assert_eq!((plan.visits.len(), plan.unmet.as_slice()), (160, &[][..]));
    assert!(plan.visits.iter().all(|v| v.rep == 1 || !(7..14).contains(&v.day)));
    let own =
        |v: &&PeriodVisit| problem.customers[v.customer].usual == Some(v.rep) && !(7..14).contains(&v.day);
    let own = plan.visits.iter().filter(own).count();
    assert!(own >= 66, "{own} of 120, {:?}", shares(&problem, &plan));
}

#[test]
fn whom_a_customer_asks_for_comes_also_where_work_is_less_even() {
    let mut problem = town(40, 3, 9);
    problem.customers.iter_mut().for_each(|c| c.rule = Rule::new(Every::Week(1)));
    for (k, c) in problem.customers.iter_mut().enumerate() {
        c.usual = Some(0);
        c.named = (k % 4 == 0).then_some(2);
    }
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(20_000));
    assert_rules(&problem, &plan);
    assert!(plan.visits.iter().all(|v| v.customer % 4 != 0 || v.rep == 2));
    assert!(plan.person_range < 0.1, "{}", plan.person_range);
}

#[test]
fn another_goes_where_the_one_asked_for_has_no_room() {
    let mut problem = town(30, 2, 9);
    problem.customers.iter_mut().for_each(|c| {
        c.rule = Rule::new(Every::Week(1));
        (c.usual, c.named) = (Some(0), Some(0));
    });
    problem.reps[0].most_visits = Some(2);
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(20_000));
    assert_rules(&problem, &plan);
    assert_eq!((plan.visits.len(), plan.unmet.as_slice()), (120, &[][..]));
    assert!(plan.visits.iter().any(|v| v.rep == 0) && plan.visits.iter().any(|v| v.rep == 1));
}

#[test]
fn colleagues_share_the_customers_of_who_is_away() {
    let mut problem = town(90, 4, 15);
    problem.customers.iter_mut().for_each(|c| c.rule = Rule::new(Every::Week(1)));
    problem.customers.iter_mut().enumerate().for_each(|(k, c)| c.usual = Some(k % 4));
    problem.reps[0].holds_s[7..14].fill(0);
    let plan = plan_period(&problem, Balance::default(), 2, Effort::Steps(30_000));
    assert_rules(&problem, &plan);
    assert_eq!((plan.visits.len(), plan.unmet.as_slice()), (360, &[][..]));
    // Whose it is in the other weeks, somebody else makes in the second.
    let other = |v: &&PeriodVisit| {
        let his = |w: &PeriodVisit| w.customer == v.customer && w.rep == 0;
        (7..14).contains(&v.day) && plan.visits.iter().any(his)
    };
    let mut shares = [0; 4];
    plan.visits.iter().filter(other).for_each(|v| shares[v.rep] += 1);
    let most = shares.iter().max().copied().unwrap_or(0);
    assert!(shares[0] == 0 && shares[1..].iter().all(|s| *s > 0) && most * 2 < 90 / 3, "{shares:?}");
}

#[test]
fn who_went_before_goes_again_unless_work_is_uneven() {
    let mut problem = with_habits(60, 12);
    let plan = plan_period(&problem, Balance::default(), 2, Effort::Steps(40_000));
    let same = |v: &&PeriodVisit| problem.customers[v.customer].usual == Some(v.rep);
    let weekday = |v: &&PeriodVisit| problem.customers[v.customer].usual_weekdays[v.day % 7];
    let (reps, days) = (plan.visits.iter().filter(same).count(), plan.visits.iter().filter(weekday).count());
    assert!(reps >= 228 && days >= 216, "{reps} and {days} of 240");
    assert!(plan.person_range < 0.05, "{}", plan.person_range);
    // All were one person's: half of them change hands.
    problem.customers.iter_mut().for_each(|c| c.usual = Some(0));
    let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(40_000));
    let shares = shares(&problem, &plan);
    assert!(plan.person_range < 0.15 && shares[1] > 60, "{} {shares:?}", plan.person_range);
}

#[test]
fn what_a_day_may_hold_is_kept_and_what_is_left_is_named() {
    let mut dice = Dice::new(21);
    let (mut left, mut found_later) = (0, 0);
    for seed in 1..=6 {
        let mut problem = town(30, 2, seed);
        problem.reps[0].most_visits = Some(2 + dice.below(4));
        problem.reps[1].most_m = Some(20_000 + dice.below(30_000) as i64);
        problem.reps[1].holds_s.fill(2 * 3_600 + 600 * dice.below(8) as i64);
        problem.customers.iter_mut().for_each(|c| c.rule = Rule::new(Every::Week(2)));
        let plan = plan_period(&problem, Balance::default(), 1, Effort::Steps(6_000));
        let full = plan.unmet.iter().filter(|u| matches!(u.reason, UnmetReason::Full { .. })).count();
        assert_eq!(plan.visits.len() + full, 240);
        assert_eq!(plan.overfull, vec![]);
        for d in 0..28 {
            let count = |r: usize| plan.visits.iter().filter(|v| (v.rep, v.day) == (r, d)).count();
            assert!(count(0) <= problem.reps[0].most_visits.unwrap());
            assert!(plan.metres[1][d] <= problem.reps[1].most_m.unwrap());
            assert!(plan.work[1][d] <= problem.reps[1].holds_s[d]);
        }
        left += full;
        // What found no room finds none when asked again.
        for v in &plan.visits {
            problem.customers[v.customer].planned.push((v.day, v.rep));
        }
        let again = plan_period(&problem, Balance::default(), 3, Effort::Steps(2_000));
        found_later += again.visits.len() - plan.visits.len();
    }
    // But for a day whose way another order of the same stops made shorter.
    assert!(left > 50 && found_later * 20 <= left, "{left} left, {found_later} found later");
}

#[test]
fn each_drives_by_his_own_ways() {
    let mut problem = town(24, 2, 7);
    // The second one walks: six times as long for the same way.
    let slow = problem.ways[0].durations.map(|s| s * 6);
    problem.ways.push(Ways { distances: problem.ways[0].distances.clone(), durations: slow });
    problem.reps[1].ways = 1;
    problem.reps[1].end = None;
    let plan = plan_period(&problem, Balance(0.0), 1, Effort::Steps(20_000));
    let shares = shares(&problem, &plan);
    assert!(shares[1] * 4 < shares[0], "without balance the quick one goes: {shares:?}");
    let driven: i64 = plan.work.iter().flatten().sum::<i64>()
        - plan.visits.iter().map(|v| problem.customers[v.customer].service_s).sum::<i64>();
    assert_eq!(driven, plan.travel_s);
}
