//! On which days a visit may be made instead of its own without its customer's rule being broken: on the weekdays the rule
//! names, so far from the customer's other visits as it asks, and in the week or month the visit counts for.

use std::collections::{BTreeSet, HashMap};

use base::{LocalDay, Micros};
use db::{Query, Result};
use uuid::Uuid;

use super::{
    due::{self, Days},
    question::days_between as between,
    rule::{Every, FrequencyRule, rule_of},
    sql,
};

/// Rules of customers, and the days of their visits around the days asked about.
#[derive(Debug, Default)]
pub(crate) struct Spacing {
    rules: HashMap<Uuid, FrequencyRule>,
    days: HashMap<Uuid, Days>,
}

/// Reads the rules of these customers, as far as they are in reach, and their visits around some days.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn spacing(
    q: &mut impl Query,
    customers: &BTreeSet<Uuid>,
    days: (LocalDay, LocalDay),
    now: Micros,
) -> Result<Spacing> {
    let rules = sql::rules(q).await?;
    if !rules.iter().any(|r| r.active) {
        return Ok(Spacing::default());
    }
    let served = customers::served(q, None).await?;
    let of = served.iter().filter(|s| customers.contains(&s.place.id));
    let of = of.filter_map(|s| Some((s.place.id, rule_of(&rules, s)?.clone()))).collect();
    Ok(Spacing { rules: of, days: due::read(q, &rules, days, None, now).await? })
}

impl Spacing {
    /// Days of a customer's visits that stand or were made, as far as a rule asks about them.
    pub fn kept(&self, customer: Uuid) -> &[LocalDay] {
        let kept = self.rules.get(&customer).and_then(|_| self.days.get(&customer));
        kept.map_or(&[], |days| &days.kept)
    }

    /// May a visit be made on a day? `own`: the day it has, where it may always stay; `others`: days of the customer's other
    /// visits.
    pub fn allows(&self, customer: Uuid, own: Option<LocalDay>, others: &[LocalDay], day: LocalDay) -> bool {
        let Some(rule) = self.rules.get(&customer).filter(|_| own != Some(day)) else { return true };
        let closed = self.days.get(&customer).is_some_and(|d| d.closed.contains(&day));
        !closed && keeps(rule, own, others, day)
    }
}

fn keeps(rule: &FrequencyRule, own: Option<LocalDay>, others: &[LocalDay], day: LocalDay) -> bool {
    let terms = &rule.terms;
    let gap = i64::from(terms.engine().min_gap_days).max(1);
    let monday = |d: LocalDay| d.plus_days(1 - i32::from(d.weekday()));
    let month = |d: LocalDay| (d.date().year(), d.date().month());
    let same = own.is_none_or(|own| match terms.every {
        Every::Week => monday(own) == monday(day),
        Every::Month => month(own) == month(day),
        Every::Days => between(own, day).abs() <= (terms.times / 5).max(1),
    });
    same && terms.weekdays.contains(&day.weekday()) && others.iter().all(|o| between(*o, day).abs() >= gap)
}

#[cfg(test)]
mod tests {
    use super::{super::rule::Terms, *};

    fn rule(every: Every, times: i64, gap: i64) -> FrequencyRule {
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
                min_gap_days: Some(gap),
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

    // 2026-11-23 is a Monday.
    #[test]
    fn a_weekly_visit_stays_in_its_week_on_a_weekday_of_its_rule_and_away_from_the_others() {
        let weekly = rule(Every::Week, 1, 4);
        let may = |others: &[&str], on| {
            let others: Vec<LocalDay> = others.iter().map(|o| day(o)).collect();
            keeps(&weekly, Some(day("2026-11-24")), &others, day(on))
        };
        assert!(may(&[], "2026-11-23") && may(&[], "2026-11-27"));
        assert!(!may(&[], "2026-11-28"), "a Saturday");
        assert!(!may(&[], "2026-11-30") && !may(&[], "2026-11-20"), "another week");
        assert!(!may(&["2026-11-20"], "2026-11-23") && may(&["2026-11-19"], "2026-11-23"));
        assert!(!may(&["2026-11-30"], "2026-11-27") && may(&["2026-11-30"], "2026-11-26"));
    }

    #[test]
    fn what_is_due_every_so_many_days_moves_by_a_fifth() {
        let ten = rule(Every::Days, 10, 7);
        let may = |on| keeps(&ten, Some(day("2026-11-24")), &[day("2026-11-13")], day(on));
        assert!(may("2026-11-26") && !may("2026-11-27") && may("2026-11-23"));
        let monthly = rule(Every::Month, 1, 20);
        assert!(!keeps(&monthly, Some(day("2026-11-30")), &[], day("2026-12-01")), "another month");
        assert!(keeps(&monthly, None, &[], day("2026-12-01")), "what had no day here may have any");
    }
}
