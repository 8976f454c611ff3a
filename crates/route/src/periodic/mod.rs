//! Frequency plans: which customer is visited on which days of the coming weeks, and by whom.
//!
//! Every customer has a rule (twice a week, three a month, every ten days) with spacing and allowed
//! weekdays. The rules give each customer a list of possible sets of days; the search chooses one set and one
//! rep per customer so that driving is short and work is even over people and days. While that rep is away one of the
//! others who may go stands in for him. Who went before and on which weekdays is kept unless it costs more than it is
//! worth. Rules are never broken for balance: a count that cannot be met is reported with its reason, and so is a
//! visit that no day has room for.
//!
//! Not done: a fixed weekday that falls on a holiday is reported, not moved out of its week or month; and when
//! nothing else is possible a first visit may come sooner after the last one than the gap, without a report.

mod limits;
mod patterns;
mod search;
#[cfg(test)]
mod tests;

use crate::Matrix;
use crate::model::Effort;

/// The weeks to be planned.
#[derive(Debug, Clone)]
pub struct PeriodProblem {
    /// Consecutive calendar days, holidays and weekends included.
    pub days: Vec<CalendarDay>,
    pub reps: Vec<FieldRep>,
    pub customers: Vec<Customer>,
    /// How people get about; each names one by its index.
    pub ways: Vec<Ways>,
}

/// Travel between places by one means.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Seconds.
    pub durations: Matrix<i64>,
    /// Metres; `None` where nobody's way is limited.
    pub distances: Option<Matrix<i64>>,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarDay {
    /// 0 = Monday … 6 = Sunday.
    pub weekday: u8,
    /// Any number that is the same for the days of one month, and of one week, and grows with time.
    pub month: u32,
    pub week: u32,
    /// False on holidays and days off for everybody.
    pub working: bool,
}

/// A person over the weeks.
#[derive(Debug, Clone, Default)]
pub struct FieldRep {
    /// The caller's own number; not interpreted.
    pub id: u64,
    /// Where each day begins.
    pub home: usize,
    /// Where it ends; `None`: at the last visit.
    pub end: Option<usize>,
    /// Index of his ways.
    pub ways: usize,
    /// Seconds of work and driving each day holds; 0 when he is away.
    pub holds_s: Vec<i64>,
    /// Most visits and metres of a day.
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
}

/// A customer and how often he is to be visited.
#[derive(Debug, Clone)]
pub struct Customer {
    pub id: u64,
    pub place: usize,
    pub service_s: i64,
    pub rule: Rule,
    /// Reps (by index) who may go; empty: everybody. For who is away the usual one stands in, else each of the others for his
    /// share of the customers.
    pub reps: Vec<usize>,
    /// Days (rep, day) on which he is closed while this rep works.
    pub shut: Vec<(usize, usize)>,
    /// Who went before.
    pub usual: Option<usize>,
    /// Whom he asks for: counts much more than who went before.
    pub named: Option<usize>,
    /// Weekdays (Monday first) on which he was visited before; none: never.
    pub usual_weekdays: [bool; 7],
    /// Days between his last visit and the first day of the plan.
    pub last_visit_ago: Option<u32>,
    /// Visits already planned or made (day, rep): they stay, with whom they are. With somebody who is none of the reps (an
    /// index beyond theirs) they count for the rule and fill nobody's day.
    pub planned: Vec<(usize, usize)>,
    /// The day from which the rule holds. Of a week or month that had begun before, its share is due; a rule in
    /// days goes on from the last visit before it. 0 for a rule that held all the time.
    pub since: usize,
    /// Days on which nobody can visit him although somebody works: one was called off, say.
    pub closed: Vec<usize>,
}

/// How often, how far apart, and on which weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub every: Every,
    /// Days from one visit to the next, at least.
    pub min_gap_days: u32,
    /// Monday first.
    pub weekdays: [bool; 7],
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Times a week.
    Week(u8),
    /// Times a month.
    Month(u8),
    /// Every so many days, give or take a fifth.
    Days(u16),
}

impl Rule {
    /// Monday to Friday, at least a day between.
    pub fn new(every: Every) -> Rule {
        let min_gap_days = match every {
            Every::Week(n) => {
                if n > 2 {
                    1
                } else {
                    2
                }
            }
            Every::Month(n) => (14 / u32::from(n.max(1))).clamp(1, 7),
            Every::Days(n) => (u32::from(n) * 4 / 5).max(1),
        };
        Rule { every, min_gap_days, weekdays: [true, true, true, true, true, false, false] }
    }
}

/// A visit of the plan. `(customer, period, ordinal)` names it for good: planning again gives the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeriodVisit {
    pub day: usize,
    pub rep: usize,
    pub customer: usize,
    /// Week or month as the calendar numbers it; the day itself for rules in days.
    pub period: u32,
    /// First, second … visit of the period, from 0.
    pub ordinal: u32,
}

/// A rule that cannot be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmet {
    pub customer: usize,
    pub reason: UnmetReason,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnmetReason {
    /// In this period there are fewer fitting working days than visits.
    TooFewDays { period: u32, wanted: u32, possible: u32 },
    /// Nobody may go.
    NoRep,
    /// It was to be on this day, and neither it nor another has room for it within the hours, visits and way a day of
    /// those may hold who may go.
    Full { day: usize },
}

/// The plan of the weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodPlan {
    /// Sorted by day, rep, and the order of driving.
    pub visits: Vec<PeriodVisit>,
    /// Seconds of visits and driving, `[rep][day]`.
    pub work: Vec<Vec<i64>>,
    pub travel_s: i64,
    pub unmet: Vec<Unmet>,
    /// Metres, `[rep][day]`; 0 where no distances are known.
    pub metres: Vec<Vec<i64>>,
    /// Days with more work than they hold, by what stood already (rep, day, seconds above).
    pub overfull: Vec<(usize, usize, i64)>,
    /// Largest minus smallest work of a working day, and of a person's mean day, over their means.
    pub day_range: f64,
    pub person_range: f64,
}

/// How strongly evenness is sought: 0 drives shortest, 1 is the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance(pub f64);

impl Default for Balance {
    fn default() -> Balance {
        Balance(1.0)
    }
}

/// Plans the weeks. The same input gives the same plan when the effort is in steps, and a plan given back as
/// `planned` comes out unchanged. About 500 000 steps suit 500 customers.
pub fn plan_period(problem: &PeriodProblem, balance: Balance, seed: u64, effort: Effort) -> PeriodPlan {
    let plan = attempt(problem, balance, seed, effort);
    // Whom a customer asks for has no room: better somebody else than nobody.
    let short = plan.unmet.iter().map(|u| u.customer).filter(|c| problem.customers[*c].named.is_some());
    let short: Vec<usize> = short.collect();
    if short.is_empty() {
        return plan;
    }
    let mut eased = problem.clone();
    short.into_iter().for_each(|c| eased.customers[c].named = None);
    attempt(&eased, balance, seed, effort)
}

fn attempt(problem: &PeriodProblem, balance: Balance, seed: u64, effort: Effort) -> PeriodPlan {
    let (options, mut unmet) = patterns::options(problem);
    let plan = search::search(problem, &options, balance, seed, effort);
    let (plan, full) = limits::keep(plan, problem);
    unmet.extend(full);
    plan.finish(problem, unmet)
}

impl FieldRep {
    /// Works on a day.
    fn works(&self, day: usize) -> bool {
        self.holds_s.get(day).is_some_and(|s| *s > 0)
    }
}

impl Customer {
    /// One every so often, never planned before, whom anybody may visit.
    pub fn new(place: usize, service_s: i64, rule: Rule) -> Customer {
        Customer {
            id: place as u64,
            place,
            service_s,
            rule,
            reps: vec![],
            shut: vec![],
            usual: None,
            named: None,
            usual_weekdays: [false; 7],
            last_visit_ago: None,
            planned: vec![],
            since: 0,
            closed: vec![],
        }
    }

    /// Days on which somebody comes who is none of the reps.
    fn others<'a>(&'a self, reps: &'a [FieldRep]) -> impl Iterator<Item = usize> + use<'a> {
        self.planned.iter().filter(move |p| p.1 >= reps.len()).map(|p| p.0)
    }

    /// Could this rep come on this day?
    fn open_to(&self, rep: usize, day: usize, reps: &[FieldRep]) -> bool {
        reps.get(rep).is_some_and(|r| r.works(day)) && !self.shut.contains(&(rep, day))
    }
}
