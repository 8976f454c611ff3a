//! The weeks ahead of everybody: what stands, and what the rules ask for besides.

use std::time::Duration;

use api::{Kit, TravelSource};
use base::{LocalDay, Problem, problem};
use db::{Result, Scope};
use org::Ref;
use route::{
    model::Effort,
    periodic::{Balance, Every, PeriodPlan, PeriodProblem, UnmetReason, plan_period},
};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    question::{self, Followed, Situation, Weeks},
    sql::Standing,
};
use crate::model::VisitCustomer;

/// Weeks are planned one company at a time: the search takes a core for seconds.
static TURNS: Semaphore = Semaphore::const_new(1);
/// Who has waited so long is told to come again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The same question gives the same plan.
const SEED: u64 = 1;

/// The weeks of everybody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outlook {
    #[schema(value_type = String, format = Date)]
    pub from: LocalDay,
    #[schema(value_type = String, format = Date)]
    pub to: LocalDay,
    pub people: Vec<OutlookPerson>,
    /// Rules that cannot be met, and why.
    pub unmet: Vec<OutlookUnmet>,
    /// Whom customers prefer and who is not sent, and why.
    pub passed_over: Vec<OutlookPassedOver>,
    /// Visits that would be added.
    pub fresh: i64,
    /// Visits of these days that stand already.
    pub standing: i64,
    /// Active customers that no rule speaks of.
    pub without_rule: i64,
    /// Largest minus smallest mean day of a person, over the mean, thousandths.
    pub person_range_permille: i64,
    /// Whose travel times the days were made by.
    pub source: TravelSource,
}

/// A person's weeks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlookPerson {
    pub employee: Ref,
    /// What stands of these weeks, and what it comes to with what would be added.
    pub before: OutlookLoad,
    pub after: OutlookLoad,
    /// What a day of his may hold.
    pub most_visits: Option<i64>,
    pub most_m: Option<i64>,
    pub days: Vec<OutlookDay>,
}

/// Work of somebody's weeks.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct OutlookLoad {
    /// Visits by rules.
    pub visits: i64,
    /// Visits and driving, other work included.
    pub minutes: i64,
    pub meters: i64,
}

/// One day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlookDay {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// He works that day.
    pub works: bool,
    /// Visits and driving, as expected.
    pub work_minutes: i64,
    /// What the day holds.
    pub holds_minutes: i64,
    /// Way of the day, as expected.
    pub meters: i64,
    pub visits: Vec<OutlookVisit>,
}

/// A visit, in order of driving.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlookVisit {
    pub customer: VisitCustomer,
    pub rule_id: Uuid,
    /// The task that stands; absent: would be added.
    pub task_id: Option<Uuid>,
    /// Who went before, or owns the customer, where a new visit is somebody else's.
    pub instead_of: Option<Ref>,
}

/// A rule that cannot be met.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlookUnmet {
    pub customer: VisitCustomer,
    pub rule_id: Uuid,
    /// `no_owner`, `nobody` (of the department works outside and has the skills), `skill` (the owner lacks one), `barred` (the
    /// customer is never to be visited by any of those who could),
    /// `no_location`, `too_few_days`, `away` or `full` (no day of whoever may go has room).
    pub reason: String,
    /// The week or month it is about.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<LocalDay>,
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<LocalDay>,
    /// Visits the rule asks for in it, and those that fit.
    pub wanted: Option<i64>,
    pub possible: Option<i64>,
}

/// Somebody a customer prefers and his rule does not send; others go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlookPassedOver {
    pub customer: VisitCustomer,
    pub rule_id: Uuid,
    pub person: Ref,
    /// `gone` (left the company, out of your reach, or works at a desk), `skill` (lacks one the visits ask for) or `department`
    /// (is not of the department the rule leaves it to).
    pub reason: String,
}

/// Plans the weeks, without storing anything.
pub async fn outlook(kit: &Kit, scope: &Scope, asked: Weeks) -> Result<(Outlook, Situation)> {
    let situation = question::read(kit, scope, asked).await?;
    let travel = question::travel(kit, scope, &situation).await;
    let turn = tokio::time::timeout(LONGEST_WAIT, TURNS.acquire())
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(15))?
        .map_err(Problem::internal)?;
    tokio::task::spawn_blocking(move || {
        // Held until the search ends, also when nobody waits for it any more.
        let _turn = turn;
        let problem = situation.problem(&travel);
        let before = plan_period(&standing(&problem), Balance::default(), SEED, Effort::Steps(0));
        let steps = (problem.customers.len() as u64 * 1_000).clamp(4_000, 600_000);
        let plan = plan_period(&problem, Balance::default(), SEED, Effort::Steps(steps));
        (shown(&situation, &problem, &before, &plan, travel.source()), situation)
    })
    .await
    .map_err(Problem::internal)
}

/// The question without what the rules ask for besides.
fn standing(problem: &PeriodProblem) -> PeriodProblem {
    let mut bare = problem.clone();
    bare.customers.iter_mut().for_each(|c| c.rule.every = Every::Week(0));
    bare
}

fn shown(
    s: &Situation,
    problem: &PeriodProblem,
    before: &PeriodPlan,
    plan: &PeriodPlan,
    source: TravelSource,
) -> Outlook {
    let (from, to) = (s.asked.from, s.asked.to);
    let begin = s.begin();
    let end = s.end();
    let mut unmet = unmet(s, plan);
    let mut people: Vec<OutlookPerson> =
        (0..s.people.len()).map(|k| empty(s, before, plan, k, begin, end)).collect();
    let (mut fresh, mut standing) = (0, 0);
    for visit in plan.visits.iter().filter(|v| (begin..end).contains(&v.day)) {
        let Some(Followed { served, rule, .. }) = s.followed.get(visit.customer) else { continue };
        let day = s.days[visit.day];
        let rule = &s.rules[*rule];
        let customer = VisitCustomer {
            id: served.place.id,
            name: served.place.name.clone(),
            grade: served.place.grade.clone(),
        };
        let here = |t: &&Standing| t.customer_id == customer.id && t.day == day && s.stands(t);
        let held = s.standing.iter().filter(here).find_map(|t| Some((t, s.seat(t.employee_id)?)));
        let (task, by) = held.map_or((None, visit.rep), |(task, holder)| (Some(task), holder));
        let usual = problem.customers[visit.customer].usual.filter(|u| task.is_none() && *u != by);
        let person = &mut people[by];
        let Some(slot) = person.days.get_mut(visit.day - begin) else { continue };
        if task.is_none() && (s.was_made(customer.id, day) || !slot.works) {
            if !slot.works {
                unmet.push(OutlookUnmet {
                    customer,
                    rule_id: rule.id,
                    reason: "away".into(),
                    from: Some(day),
                    to: Some(day),
                    wanted: None,
                    possible: None,
                });
            }
            continue;
        }
        person.after.visits += 1;
        if task.is_some() {
            standing += 1;
            person.before.visits += 1;
        } else {
            fresh += 1;
        }
        slot.visits.push(OutlookVisit {
            customer,
            rule_id: rule.id,
            task_id: task.map(|t| t.task_id),
            instead_of: usual.map(|u| s.people[u].as_ref()),
        });
    }
    // With somebody who is none of these people it stands too, in nobody's row.
    let elsewhere = |t: &&Standing| {
        (from..=to).contains(&t.day)
            && s.stands(t)
            && s.seat(t.employee_id).is_none()
            && s.followed.iter().any(|f| f.served.place.id == t.customer_id)
    };
    standing += s.standing.iter().filter(elsewhere).count() as i64;
    Outlook {
        from,
        to,
        people,
        unmet,
        passed_over: s
            .passed_over
            .iter()
            .map(|p| OutlookPassedOver {
                customer: p.customer.clone(),
                rule_id: s.rules[p.rule].id,
                person: p.person.clone(),
                reason: p.reason.into(),
            })
            .collect(),
        fresh,
        standing,
        without_rule: s.without_rule as i64,
        person_range_permille: (plan.person_range * 1000.0).round() as i64,
        source,
    }
}

fn empty(
    s: &Situation,
    before: &PeriodPlan,
    plan: &PeriodPlan,
    k: usize,
    begin: usize,
    end: usize,
) -> OutlookPerson {
    let end = end.min(s.days.len());
    let cell = |of: &[Vec<i64>], d: usize| of.get(k).and_then(|w| w.get(d)).copied().unwrap_or(0);
    let day = |d: usize| OutlookDay {
        day: s.days[d],
        works: s.hours[k][d].is_some(),
        work_minutes: cell(&plan.work, d) / 60,
        holds_minutes: s.hours[k][d].map_or(0, |h| h.seconds / 60),
        meters: cell(&plan.metres, d),
        visits: vec![],
    };
    let load = |plan: &PeriodPlan| OutlookLoad {
        visits: 0,
        minutes: (begin..end).map(|d| cell(&plan.work, d)).sum::<i64>() / 60,
        meters: (begin..end).map(|d| cell(&plan.metres, d)).sum(),
    };
    OutlookPerson {
        employee: s.people[k].as_ref(),
        before: load(before),
        after: load(plan),
        most_visits: s.terms[k].most_visits.and_then(|m| i64::try_from(m).ok()),
        most_m: s.terms[k].most_m,
        days: (begin..end).map(day).collect(),
    }
}

/// What no choice could meet, as far as it concerns the asked weeks.
fn unmet(s: &Situation, plan: &PeriodPlan) -> Vec<OutlookUnmet> {
    let named = |served: &customers::Served| VisitCustomer {
        id: served.place.id,
        name: served.place.name.clone(),
        grade: served.place.grade.clone(),
    };
    let bare = |served, rule: usize, reason: &str| OutlookUnmet {
        customer: named(served),
        rule_id: s.rules[rule].id,
        reason: reason.into(),
        from: None,
        to: None,
        wanted: None,
        possible: None,
    };
    let mut all: Vec<OutlookUnmet> = s.apart.iter().map(|(c, rule, why)| bare(c, *rule, why)).collect();
    for one in &plan.unmet {
        let Some(Followed { served, rule, .. }) = s.followed.get(one.customer) else { continue };
        match one.reason {
            UnmetReason::NoRep => all.push(bare(served, *rule, "nobody")),
            UnmetReason::Full { day } => {
                let day = s.days[day];
                if day >= s.asked.from && day <= s.asked.to {
                    all.push(OutlookUnmet { from: Some(day), to: Some(day), ..bare(served, *rule, "full") });
                }
            }
            UnmetReason::TooFewDays { period, wanted, possible } => {
                let Some((from, to)) = s.period(&s.rules[*rule], period) else { continue };
                if to >= s.asked.from && from <= s.asked.to {
                    all.push(OutlookUnmet {
                        from: Some(from),
                        to: Some(to),
                        wanted: Some(wanted.into()),
                        possible: Some(possible.into()),
                        ..bare(served, *rule, "too_few_days")
                    });
                }
            }
        }
    }
    all
}
