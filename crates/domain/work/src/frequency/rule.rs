//! Rules: whom they are about and how often.

use base::LocalDay;
use custom::Condition;
use customers::Served;
use db::{Query, Result};
use route::periodic::{Every as Engine, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sql;

/// Stretch of time a number of visits is due in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FrequencyEvery)]
pub enum Every {
    /// `times` a week.
    Week,
    /// `times` a month.
    Month,
    /// Once in `times` days, give or take a fifth.
    Days,
}

/// Whom a rule is about, and how often they are visited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FrequencyTerms)]
pub struct Terms {
    /// Of these grades; empty: of any.
    pub grades: Vec<String>,
    /// With one of these tags; empty: with any or none.
    pub tags: Vec<String>,
    /// Of one of these territories; empty: of any or none.
    #[serde(default)]
    pub territories: Vec<Uuid>,
    /// With these answers to the company's own fields of customers; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 4)]
    pub fields: Vec<Condition>,
    pub every: Every,
    #[schema(minimum = 1, maximum = 366)]
    pub times: i64,
    /// Days from one visit to the next, at least; absent: as the number of visits suggests.
    #[schema(minimum = 1, maximum = 180)]
    pub min_gap_days: Option<i64>,
    /// 1 = Monday … 7 = Sunday.
    pub weekdays: Vec<u8>,
    /// Expected length of a visit.
    #[schema(minimum = 5, maximum = 480)]
    pub visit_minutes: i64,
    /// Anybody of this department and those below it may go, whom his work leaves most room; absent: the owner of the
    /// customer, or whom the customer prefers before him.
    #[serde(default)]
    pub anybody_of: Option<Uuid>,
    /// What the visits ask of whoever makes them.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FrequencyRule {
    pub id: Uuid,
    pub name: String,
    /// Among the rules: the first that fits a customer is his.
    pub place: i64,
    pub terms: Terms,
    pub template_id: Option<Uuid>,
    pub active: bool,
    /// The day from which it holds: of a month that had begun before, its share is due.
    #[schema(value_type = String, format = Date)]
    pub since: LocalDay,
    pub version: i64,
}

impl Terms {
    /// What is wrong, by field.
    pub fn faults(&self) -> Vec<&'static str> {
        let most = match self.every {
            Every::Week => 7,
            Every::Month => 28,
            Every::Days => 366,
        };
        let mut faults = vec![];
        let mut sound = |field, holds: bool| {
            if !holds {
                faults.push(field);
            }
        };
        sound("grades", self.grades.len() <= 9);
        sound(
            "tags",
            self.tags.len() <= 20 && self.tags.iter().all(|t| (1..=20).contains(&t.trim().chars().count())),
        );
        sound("territories", self.territories.len() <= 100);
        sound("times", (1..=most).contains(&self.times));
        sound("min_gap_days", self.min_gap_days.is_none_or(|d| (1..=180).contains(&d)));
        sound("weekdays", !self.weekdays.is_empty() && self.weekdays.iter().all(|d| (1..=7).contains(d)));
        sound("visit_minutes", (5..=480).contains(&self.visit_minutes));
        sound("skills", org::sound_skills(&self.skills));
        faults
    }

    /// Does it ask for the same visits as another, whoever makes them?
    pub fn same_visits(&self, other: &Terms) -> bool {
        let bare = |t: &Terms| Terms { anybody_of: None, skills: vec![], ..t.clone() };
        bare(self) == bare(other)
    }

    pub fn fits(&self, customer: &Served) -> bool {
        let grade = customer.place.grade.as_deref();
        let graded = self.grades.is_empty() || self.grades.iter().any(|g| Some(g.as_str()) == grade);
        let placed = self.territories.is_empty()
            || customer.territory_id.is_some_and(|t| self.territories.contains(&t));
        let answered = self.fields.iter().all(|c| c.holds(&customer.custom));
        graded
            && placed
            && answered
            && (self.tags.is_empty() || self.tags.iter().any(|t| customer.tags.contains(t)))
    }

    /// As the engine takes it.
    pub fn engine(&self) -> Rule {
        let count = |most: i64| u8::try_from(self.times.clamp(1, most)).unwrap_or(1);
        let every = match self.every {
            Every::Week => Engine::Week(count(7)),
            Every::Month => Engine::Month(count(28)),
            Every::Days => Engine::Days(u16::try_from(self.times.clamp(1, 366)).unwrap_or(1)),
        };
        let mut rule = Rule::new(every);
        if let Some(gap) = self.min_gap_days {
            rule.min_gap_days = u32::try_from(gap).unwrap_or(1);
        }
        rule.weekdays = std::array::from_fn(|d| self.weekdays.iter().any(|w| usize::from(*w) == d + 1));
        rule
    }
}

/// Work a customer makes a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyWork {
    /// Visits, thousandths.
    pub visits_milli: i64,
    pub minutes: i64,
}

impl Terms {
    /// What the rule comes to in a mean month of 365.25 / 12 days.
    fn monthly(&self) -> MonthlyWork {
        let visits_milli = match self.every {
            Every::Week => self.times * 365_250 / 84,
            Every::Month => self.times * 1000,
            Every::Days => 365_250 / 12 / self.times.max(1),
        };
        MonthlyWork { visits_milli, minutes: (visits_milli * self.visit_minutes + 500) / 1000 }
    }
}

/// Work of customers a month by the rules they follow, in their order; `None` of those no rule speaks of.
///
/// # Errors
/// When the store cannot be read.
pub async fn monthly_work(q: &mut impl Query, customers: &[Served]) -> Result<Vec<Option<MonthlyWork>>> {
    let rules = sql::rules(q).await?;
    Ok(customers.iter().map(|c| rule_of(&rules, c).map(|r| r.terms.monthly())).collect())
}

/// Name of a rule that is about a territory, if there is one.
///
/// # Errors
/// When the store cannot be read.
pub async fn rule_naming(q: &mut impl Query, territory: Uuid) -> Result<Option<String>> {
    let rules = sql::rules(q).await?;
    Ok(rules.into_iter().find(|r| r.terms.territories.contains(&territory)).map(|r| r.name))
}

/// The rule a customer follows: the first active one that fits.
pub fn rule_of<'a>(rules: &'a [FrequencyRule], customer: &Served) -> Option<&'a FrequencyRule> {
    rules.iter().find(|r| r.active && r.terms.fits(customer))
}
