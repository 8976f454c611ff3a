//! The measures of the day report over a period, by what customers are: territory, grade or tag.
//!
//! A customer with several tags counts in the row of each; the total counts every visit and every customer once. Kilometres are a
//! matter of people and days, not of customers, and do not stand here.

mod http;
mod sql;

pub(crate) use http::routes;

use std::collections::{BTreeSet, HashMap};

use base::LocalDay;
use customers::Grades;
use db::{Query, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What customers are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportGroupBy)]
pub enum By {
    Territory,
    Grade,
    Tag,
}

/// Figures of one group, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroupFigures {
    /// Active customers in reach.
    pub customers: i64,
    /// Of those, with at least one effective visit in the period.
    pub covered: i64,
    /// Tasks of the period that were not called off.
    pub planned: i64,
    pub visits: i64,
    pub effective: i64,
    /// Seconds with customers, as far as the track was inside the fence.
    pub stay_s: i64,
}

impl GroupFigures {
    fn add(&mut self, more: GroupFigures) {
        self.customers += more.customers;
        self.covered += more.covered;
        self.planned += more.planned;
        self.visits += more.visits;
        self.effective += more.effective;
        self.stay_s += more.stay_s;
    }
}

/// One group of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportGroup)]
pub struct Group {
    /// For the filter `group` of visits and tasks: `grade:A`.
    pub group: String,
    /// Absent: customers of no territory, without a grade, without a tag.
    pub name: Option<String>,
    #[serde(flatten)]
    pub figures: GroupFigures,
}

/// Customers as they are grouped, with their figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = GroupReport)]
pub struct Report {
    pub by: By,
    #[schema(value_type = String, format = Date)]
    pub day_from: LocalDay,
    #[schema(value_type = String, format = Date)]
    pub day_to: LocalDay,
    pub rows: Vec<Group>,
    pub total: GroupFigures,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    by: By,
    from: LocalDay,
    to: LocalDay,
    department: Option<Uuid>,
}

/// A customer with what he is grouped by.
struct Known {
    grade: Option<String>,
    tags: Vec<String>,
    territory: Option<(Uuid, String)>,
}

impl Known {
    /// Keys and names of the groups he belongs to.
    fn groups(&self, by: By) -> Vec<(String, Option<String>)> {
        let named = |kind: &str, name: &Option<String>| {
            (format!("{kind}:{}", name.as_deref().unwrap_or("")), name.clone())
        };
        match by {
            By::Grade => vec![named("grade", &self.grade)],
            By::Tag if self.tags.is_empty() => vec![named("tag", &None)],
            // One written twice is one.
            By::Tag => {
                let once: BTreeSet<&String> = self.tags.iter().collect();
                once.into_iter().map(|t| named("tag", &Some(t.clone()))).collect()
            }
            By::Territory => {
                let id = self.territory.as_ref().map_or(String::new(), |(id, _)| id.to_string());
                vec![(format!("territory:{id}"), self.territory.as_ref().map(|(_, name)| name.clone()))]
            }
        }
    }
}

async fn report(q: &mut impl Query, asked: Asked) -> Result<Report> {
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    let mut figures: HashMap<Uuid, GroupFigures> = HashMap::new();
    for row in sql::customers(q, asked.from, asked.to, asked.department).await? {
        let own = figures.entry(row.id).or_default();
        *own = GroupFigures { customers: i64::from(row.mine), ..GroupFigures::default() };
        known.insert(
            row.id,
            Known {
                grade: row.grade,
                tags: serde_json::from_str(&row.tags).unwrap_or_default(),
                territory: row.territory_id.zip(row.territory),
            },
        );
    }
    for row in sql::visits(q, asked.from, asked.to, asked.department).await? {
        let Some(own) = figures.get_mut(&row.customer_id) else { continue };
        (own.visits, own.effective, own.stay_s) = (row.visits, row.effective, row.stay_s);
        own.covered = own.customers * i64::from(row.effective > 0);
    }
    for row in sql::tasks(q, asked.from, asked.to, asked.department).await? {
        if let Some(own) = figures.get_mut(&row.customer_id) {
            own.planned = row.planned;
        }
    }
    let grades = customers::grades(q).await?;
    Ok(grouped(asked, &known, &figures, &grades))
}

fn grouped(
    asked: Asked,
    known: &HashMap<Uuid, Known>,
    figures: &HashMap<Uuid, GroupFigures>,
    grades: &Grades,
) -> Report {
    let mut total = GroupFigures::default();
    let mut rows: HashMap<String, Group> = HashMap::new();
    for (id, customer) in known {
        let own = figures.get(id).copied().unwrap_or_default();
        total.add(own);
        for (group, name) in customer.groups(asked.by) {
            let new = || Group { group: group.clone(), name, figures: GroupFigures::default() };
            rows.entry(group.clone()).or_insert_with(new).figures.add(own);
        }
    }
    let mut rows: Vec<Group> = rows.into_values().collect();
    // Grades in the company's order, the rest by name; those of none come last.
    rows.sort_by_key(|g| {
        let rank = match asked.by {
            By::Grade => grades.rank(g.name.as_deref()).unwrap_or(usize::MAX),
            By::Territory | By::Tag => 0,
        };
        (g.name.is_none(), rank, g.name.clone(), g.group.clone())
    });
    Report { by: asked.by, day_from: asked.from, day_to: asked.to, rows, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_of_two_tags_stands_in_both_rows_and_once_in_the_total() {
        let customer = |tags: &[&str]| Known {
            grade: None,
            tags: tags.iter().map(|t| (*t).to_owned()).collect(),
            territory: None,
        };
        let ids: Vec<Uuid> = (0..3).map(Uuid::from_u128).collect();
        let known = HashMap::from([
            (ids[0], customer(&["冷链", "连锁"])),
            (ids[1], customer(&["冷链"])),
            (ids[2], customer(&[])),
        ]);
        let one = GroupFigures { customers: 1, visits: 2, ..GroupFigures::default() };
        let figures = ids.iter().map(|id| (*id, one)).collect();
        let day = LocalDay::new(2026, 11, 20).unwrap();
        let asked = Asked { by: By::Tag, from: day, to: day, department: None };
        let report = grouped(asked, &known, &figures, &Grades::default());
        let seen: Vec<(&str, i64, i64)> =
            report.rows.iter().map(|r| (r.group.as_str(), r.figures.customers, r.figures.visits)).collect();
        assert_eq!(seen, [("tag:冷链", 2, 4), ("tag:连锁", 1, 2), ("tag:", 1, 2)]);
        assert_eq!((report.total.customers, report.total.visits), (3, 6));
        let by_grade = grouped(Asked { by: By::Grade, ..asked }, &known, &figures, &Grades::default());
        assert_eq!((by_grade.rows.len(), by_grade.rows[0].group.as_str()), (1, "grade:"));
    }
}
