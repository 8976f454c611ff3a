//! Crews: one piece of work for several people. Each has a task of his own, in his own day, and checks in on his own; the tasks
//! know each other by their crew. Whoever sees one of them is told who else comes and how it stands with him, and no more.

mod help;
mod sql;

pub use help::help;
pub(crate) use help::joined;
pub use sql::mates_of_day as crew_mates;

use std::collections::HashMap;

use api::Checks;
use base::{LocalDay, Micros, problem};
use db::{News, Query, Result, Tx};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Task, TaskStatus, sql::TaskRow};

/// Most people who come along with the first.
pub const MOST: usize = 5;

/// Somebody who comes along, with his own task of the same work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskMate {
    pub task_id: Uuid,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub status: TaskStatus,
    /// When he is expected by his plan.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
}

/// Refuses a crew that is too large or names somebody twice.
pub(crate) fn check(checks: &mut Checks, first: Uuid, with: &[Uuid]) {
    if with.len() > MOST {
        checks.fault("with", problem::TOO_LONG);
    }
    for (k, one) in with.iter().enumerate() {
        if *one == first || with[..k].contains(one) {
            checks.fault(&format!("with[{k}]"), problem::DUPLICATE_VALUE);
        }
    }
}

/// Everybody of a crew, each with his newest task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crew(Vec<TaskMate>);

impl Crew {
    /// The others than whose task this is.
    pub fn beside(&self, employee: Uuid) -> impl Iterator<Item = &TaskMate> {
        self.0.iter().filter(move |m| m.employee.id != employee)
    }

    pub fn holds(&self, employee: Uuid) -> bool {
        self.0.iter().any(|m| m.employee.id == employee)
    }
}

/// A crew as it stands.
pub(crate) async fn crew(q: &mut impl Query, id: Uuid) -> Result<Crew> {
    let mut all: Vec<TaskMate> = vec![];
    for row in sql::mates(q, id).await? {
        // What was forgotten and made anew on a later day counts once.
        if all.iter().any(|m| m.employee.id == row.employee_id) {
            continue;
        }
        all.push(TaskMate {
            task_id: row.task_id,
            employee: Ref { id: row.employee_id, name: row.employee_name },
            day: row.day,
            status: TaskStatus::from_key(&row.status),
            eta: row.eta,
        });
    }
    all.sort_by(|a, b| a.employee.name.cmp(&b.employee.name));
    Ok(Crew(all))
}

/// The crews of tasks, each read once.
pub(crate) async fn crews<'a>(
    q: &mut impl Query,
    rows: impl Iterator<Item = &'a TaskRow>,
) -> Result<HashMap<Uuid, Crew>> {
    let mut all = HashMap::new();
    for id in rows.filter_map(|t| t.crew_id) {
        if let std::collections::hash_map::Entry::Vacant(free) = all.entry(id) {
            free.insert(crew(q, id).await?);
        }
    }
    Ok(all)
}

/// Tasks as they are shown, with who comes along.
pub(crate) async fn shown(q: &mut impl Query, rows: &[TaskRow], now: Micros) -> Result<Vec<Task>> {
    let crews = crews(q, rows.iter()).await?;
    let one = |row: &TaskRow| {
        let crew = row.crew_id.and_then(|id| crews.get(&id));
        let crew = crew.map(|c| c.beside(row.employee_id).cloned().collect()).unwrap_or_default();
        Ok(Task { crew, ..row.shown(now)? })
    };
    rows.iter().map(one).collect()
}

/// One task as it is shown, with who comes along.
pub(crate) async fn shown_one(q: &mut impl Query, row: &TaskRow, now: Micros) -> Result<Task> {
    let crew = match row.crew_id {
        Some(id) => crew(q, id).await?.beside(row.employee_id).cloned().collect(),
        None => vec![],
    };
    Ok(Task { crew, ..row.shown(now)? })
}

/// Tells the phones and consoles of those who come along that a task of their crew has changed.
pub(crate) async fn tell_mates(tx: &mut Tx, row: &TaskRow) -> Result<()> {
    let Some(id) = row.crew_id else { return Ok(()) };
    for mate in sql::mates(tx, id).await?.into_iter().filter(|m| m.employee_id != row.employee_id) {
        let payload = serde_json::json!({ "id": mate.task_id, "crew": id });
        let (employee_id, department_id) = (mate.employee_id, mate.department_id);
        tx.emit(News { topic: "task", employee_id, department_id, payload }).await?;
    }
    Ok(())
}
