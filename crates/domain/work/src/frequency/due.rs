//! Customers a rule asks a visit for on a day and for whom none stands. Counted customer by customer, without the search
//! that balances whole weeks: it says what may be planned that day, not what would be best.

use std::collections::HashMap;

use base::{LocalDay, Micros};
use customers::Served;
use db::{Query, Result};
use uuid::Uuid;

use super::{
    question::days_between as between,
    rule::{Every, FrequencyRule, rule_of},
    sql::{self, Standing},
};
use crate::{TaskStatus, is_open};

/// Days around the one asked about that are read for rules that count in days.
const MOST_AROUND: i64 = 62;

/// A visit that is due.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub served: Served,
    pub rule: FrequencyRule,
    pub need: Need,
}

/// What a rule still asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// Visits of the stretch, and those that stand or were made.
    pub wanted: i64,
    pub standing: i64,
    /// The last day on which the rule would still be kept.
    pub until: LocalDay,
}

/// Days of a customer's visits around a day, or several.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// Planned, under way or done.
    pub kept: Vec<LocalDay>,
    /// Called off, skipped or forgotten: that day is not taken again.
    pub closed: Vec<LocalDay>,
}

/// Customers in reach who are due on a day, of a department and all below it or of all: those whose time is up first,
/// then those not seen for longest.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn due(
    q: &mut impl Query,
    day: LocalDay,
    department: Option<Uuid>,
    now: Micros,
) -> Result<Vec<Due>> {
    let rules = sql::rules(q).await?;
    if !rules.iter().any(|r| r.active) {
        return Ok(vec![]);
    }
    let served = customers::served(q, department).await?;
    let days = read(q, &rules, (day, day), None, now).await?;
    let mut all: Vec<Due> = served.into_iter().filter_map(|s| of(&rules, s, &days, day)).collect();
    all.sort_by(|a, b| {
        let key = |d: &Due| (d.need.until, d.served.last_visit_day.map(LocalDay::as_int));
        key(a).cmp(&key(b)).then_with(|| a.served.place.name.cmp(&b.served.place.name))
    });
    Ok(all)
}

/// One customer in reach, if he is due on a day.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn due_one(
    q: &mut impl Query,
    customer: Uuid,
    day: LocalDay,
    now: Micros,
) -> Result<Option<Due>> {
    let rules = sql::rules(q).await?;
    let Some(served) = customers::served_one(q, customer).await? else { return Ok(None) };
    let days = read(q, &rules, (day, day), Some(customer), now).await?;
    Ok(of(&rules, served, &days, day))
}

fn of(rules: &[FrequencyRule], served: Served, days: &HashMap<Uuid, Days>, day: LocalDay) -> Option<Due> {
    let rule = rule_of(rules, &served)?;
    let none = Days::default();
    let open = |day: LocalDay| served.place.hours.on(day).is_none_or(|spans| !spans.is_empty());
    let need = need(rule, days.get(&served.place.id).unwrap_or(&none), served.last_visit_day, day, &open)?;
    Some(Due { need, rule: rule.clone(), served })
}

/// Tasks and unplanned visits from so long before a first day to so long after a last one as rules look, by customer.
pub(super) async fn read(
    q: &mut impl Query,
    rules: &[FrequencyRule],
    (from, to): (LocalDay, LocalDay),
    customer: Option<Uuid>,
    now: Micros,
) -> Result<HashMap<Uuid, Days>> {
    let active = || rules.iter().filter(|r| r.active);
    let around = active().map(|r| match r.terms.every {
        Every::Week => 7,
        Every::Month => 31,
        Every::Days => r.terms.times,
    });
    let gaps = active().map(|r| i64::from(r.terms.engine().min_gap_days));
    let around = around.max().unwrap_or(0).min(MOST_AROUND) + gaps.max().unwrap_or(0);
    let around = i32::try_from(around).unwrap_or(7);
    let (first, last) = (from.plus_days(-around), to.plus_days(around));
    let mut days: HashMap<Uuid, Days> = HashMap::new();
    for task in sql::tasks_of(q, first, last, customer).await? {
        let of = days.entry(task.customer_id).or_default();
        if counts(&task, now) { of.kept.push(task.day) } else { of.closed.push(task.day) }
    }
    for visit in sql::unplanned_visits_of(q, first, last, customer).await? {
        days.entry(visit.customer_id).or_default().kept.push(visit.day);
    }
    Ok(days)
}

/// Does a task count for its rule: planned, under way or done?
pub(super) fn counts(task: &Standing, now: Micros) -> bool {
    let status = TaskStatus::from_key(&task.status);
    let forgotten = is_open(status) && status != TaskStatus::OnSite && task.due_at < now;
    !forgotten && !matches!(status, TaskStatus::Skipped | TaskStatus::Cancelled)
}

/// What a rule still asks for on a day; `None` when nothing, or not on this day.
fn need(
    rule: &FrequencyRule,
    days: &Days,
    last_visit: Option<LocalDay>,
    day: LocalDay,
    open: &dyn Fn(LocalDay) -> bool,
) -> Option<Need> {
    let terms = &rule.terms;
    let gap = i64::from(terms.engine().min_gap_days).max(1);
    let kept = || days.kept.iter().copied().chain(last_visit);
    let away = |other: LocalDay| between(other, day).abs();
    let possible =
        |d: LocalDay| terms.weekdays.contains(&d.weekday()) && !days.closed.contains(&d) && open(d);
    if day < rule.since || !possible(day) || kept().any(|k| k == day || away(k) < gap) {
        return None;
    }
    let (first, last, whole) = match terms.every {
        Every::Week => {
            let monday = day.plus_days(1 - i32::from(day.weekday()));
            (monday, monday.plus_days(6), 7)
        }
        Every::Month => {
            let (first, last) = (day.date().first_of_month(), day.date().last_of_month());
            let (first, last) = (LocalDay::from_date(first), LocalDay::from_date(last));
            (first, last, between(first, last) + 1)
        }
        Every::Days => {
            // Nothing lies between the last visit and one already planned ahead.
            if kept().any(|k| k > day) {
                return None;
            }
            let fifth = i32::try_from(terms.times / 5).unwrap_or(0);
            let until = kept()
                .max()
                .map_or(day, |last| last.plus_days(i32::try_from(terms.times).unwrap_or(1) + fifth));
            return Some(Need { wanted: 1, standing: 0, until: last_possible(day, until, possible) });
        }
    };
    // A rule that began within the stretch asks for its share of it.
    let held = between(rule.since.max(first), last) + 1;
    let wanted = (terms.times * held + whole / 2) / whole;
    let mut made: Vec<LocalDay> = kept().filter(|k| (first..=last).contains(k)).collect();
    made.sort_unstable();
    made.dedup();
    let standing = made.len() as i64;
    (standing < wanted).then(|| Need { wanted, standing, until: last_possible(day, last, possible) })
}

/// The last day up to an end on which a visit could be made: the customer is open and the rule allows the weekday.
fn last_possible(day: LocalDay, end: LocalDay, possible: impl Fn(LocalDay) -> bool) -> LocalDay {
    let mut last = end;
    while last > day && !possible(last) {
        last = last.plus_days(-1);
    }
    last.max(day)
}

#[cfg(test)]
mod tests {
    use super::{super::rule::Terms, *};

    fn rule(every: Every, times: i64) -> FrequencyRule {
        FrequencyRule {
            id: Uuid::nil(),
            name: "A".into(),
            place: 1,
            terms: Terms {
                grades: vec![],
                tags: vec![],
                territories: vec![],
                fields: vec![],
                every,
                times,
                min_gap_days: None,
                weekdays: vec![1, 2, 3, 4, 5],
                visit_minutes: 30,
                anybody_of: None,
                skills: vec![],
            },
            template_id: None,
            active: true,
            since: day("2026-01-01"),
            version: 1,
        }
    }

    fn day(text: &str) -> LocalDay {
        text.parse().unwrap()
    }

    fn kept(all: &[&str]) -> Days {
        Days { kept: all.iter().map(|d| day(d)).collect(), closed: vec![] }
    }

    // 2026-11-23 is a Monday.
    #[test]
    fn twice_a_week_with_days_between() {
        let twice = rule(Every::Week, 2);
        let asked =
            |days: &Days, on| need(&twice, days, None, day(on), &|_| true).map(|n| (n.standing, n.wanted));
        assert_eq!(asked(&kept(&[]), "2026-11-23"), Some((0, 2)));
        assert_eq!(asked(&kept(&["2026-11-23"]), "2026-11-24"), None, "the day after is too near");
        assert_eq!(asked(&kept(&["2026-11-23"]), "2026-11-25"), Some((1, 2)));
        assert_eq!(asked(&kept(&["2026-11-23", "2026-11-25"]), "2026-11-27"), None, "the week has its two");
        assert_eq!(asked(&kept(&["2026-11-23"]), "2026-11-23"), None, "not twice a day");
        assert_eq!(asked(&kept(&[]), "2026-11-28"), None, "not on a Saturday");
        assert_eq!(asked(&kept(&["2026-11-27"]), "2026-11-30"), Some((0, 2)), "another week");
        let closed = Days { kept: vec![], closed: vec![day("2026-11-24")] };
        assert_eq!((asked(&closed, "2026-11-24"), asked(&closed, "2026-11-25")), (None, Some((0, 2))));
    }

    #[test]
    fn a_month_that_had_begun_asks_for_its_share() {
        let mut monthly = rule(Every::Month, 4);
        assert_eq!(
            need(&monthly, &kept(&[]), None, day("2026-11-23"), &|_| true).unwrap().until,
            day("2026-11-30")
        );
        monthly.since = day("2026-11-16");
        assert_eq!(need(&monthly, &kept(&[]), None, day("2026-11-23"), &|_| true).unwrap().wanted, 2);
        assert_eq!(need(&monthly, &kept(&[]), None, day("2026-11-13"), &|_| true), None, "before it holds");
    }

    #[test]
    fn once_in_ten_days_counts_from_the_last_visit() {
        let ten = rule(Every::Days, 10);
        let asked = |days: &Days, last: &str, on| need(&ten, days, Some(day(last)), day(on), &|_| true);
        assert_eq!(asked(&kept(&[]), "2026-11-16", "2026-11-23"), None, "seven days");
        assert_eq!(asked(&kept(&[]), "2026-11-16", "2026-11-24").unwrap().until, day("2026-11-27"));
        assert_eq!(asked(&kept(&["2026-12-20"]), "2026-11-16", "2026-11-24"), None, "one is planned ahead");
    }

    #[test]
    fn the_time_is_up_on_the_last_day_he_is_open() {
        // Closed on Fridays; the last possible day of the week is Thursday the 26th, not Sunday.
        let open = |d: LocalDay| d.weekday() != 5;
        let weekly = rule(Every::Week, 1);
        let asked = |on| need(&weekly, &kept(&[]), None, day(on), &open).map(|n| n.until);
        assert_eq!(asked("2026-11-23"), Some(day("2026-11-26")));
        assert_eq!(asked("2026-11-27"), None, "closed that day");
        let ten = rule(Every::Days, 10);
        // The twelfth day is Saturday the 28th.
        let asked = need(&ten, &kept(&[]), Some(day("2026-11-16")), day("2026-11-24"), &open);
        assert_eq!(asked.map(|n| n.until), Some(day("2026-11-26")));
    }
}
