//! A person's day as the floors above see it: what was planned and what was done.

use std::collections::HashMap;

use base::{LocalDay, Micros};
use db::{Query, Result};
use uuid::Uuid;

use crate::{Plan, Task, VisitRow, plans, tasks, visits};

/// Plan, tasks and visits of one person's day.
#[derive(Debug, Clone, Default)]
pub struct DayWork {
    pub plan: Option<Plan>,
    /// All tasks of the day in order, with a plan or without.
    pub tasks: Vec<Task>,
    /// In order of check-in.
    pub visits: Vec<VisitRow>,
}

/// A person's day in reach. `now` decides what is overdue.
pub async fn day(q: &mut impl Query, employee: Uuid, day: LocalDay, now: Micros) -> Result<DayWork> {
    let mut plans = plans::of_person(q, employee, day, day, now).await?;
    let tasks = tasks::sql::of_person(q, employee, day, day).await?;
    Ok(DayWork {
        plan: plans.pop(),
        tasks: tasks::crew::shown(q, &tasks, now).await?,
        visits: visits::of_person_day(q, employee, day).await?,
    })
}

/// Tasks and visits of everybody in reach, in two statements; plans are left out.
pub async fn day_of_all(q: &mut impl Query, day: LocalDay, now: Micros) -> Result<HashMap<Uuid, DayWork>> {
    let mut days: HashMap<Uuid, DayWork> = HashMap::new();
    for row in tasks::sql::of_day(q, day).await? {
        days.entry(row.employee_id).or_default().tasks.push(row.shown(now)?);
    }
    for visit in visits::of_day(q, day).await? {
        days.entry(visit.employee.id).or_default().visits.push(visit);
    }
    Ok(days)
}

/// Plans and tasks of a person's days in reach, for his phone.
pub async fn ahead(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
    now: Micros,
) -> Result<(Vec<Plan>, Vec<Task>)> {
    let plans = plans::of_person(q, employee, from, to, now).await?;
    let tasks = tasks::sql::of_person(q, employee, from, to).await?;
    Ok((plans, tasks::crew::shown(q, &tasks, now).await?))
}
