//! Visits that fell through, offered again.

use std::collections::{HashMap, hash_map::Entry};

use api::{Caller, Kit};
use base::{LocalDay, Problem, problem::Lang};
use db::{Query, Result, Scope};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{NOT_MISSED, sql};
use crate::{
    Task,
    model::{VisitCustomer, Window, from_json},
    tasks,
};

/// Days looked back.
pub(super) const DAYS: i32 = 28;
/// Days ahead among which a day is suggested.
const AHEAD: i32 = 14;

/// A visit that was skipped or forgotten, with nothing planned or done at that customer since.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MissedVisit)]
pub struct Missed {
    pub task_id: Uuid,
    pub employee: Ref,
    pub customer: VisitCustomer,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// skipped or overdue.
    pub status: String,
    pub reason: Option<String>,
    /// Of a skipped one, where one of the known reasons was chosen.
    pub reason_code: Option<String>,
    /// The next working day of this person, and of those in the next week the emptiest.
    #[schema(value_type = Option<String>, format = Date)]
    pub suggested: Option<LocalDay>,
}

/// All that wait, the oldest first.
pub async fn missed(kit: &Kit, scope: &Scope) -> Result<Vec<Missed>> {
    let mut r = kit.db.read(scope).await?;
    let (now, zone) = (kit.now(), org::zone(&mut r).await?);
    let today = now.local_day(&zone);
    let rows = sql::missed(&mut r, today.plus_days(-DAYS), now, None).await?;
    let ahead = sql::tasks(&mut r, today, today.plus_days(AHEAD)).await?;
    let mut load: HashMap<(Uuid, LocalDay), i64> = HashMap::new();
    for task in ahead.iter().filter(|t| t.status != "cancelled" && t.status != "skipped") {
        *load.entry((task.employee_id, task.day)).or_default() += 1;
    }
    let mut working: HashMap<Uuid, Vec<LocalDay>> = HashMap::new();
    let mut all = vec![];
    for row in rows {
        let days = match working.entry(row.employee_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(working_days(&mut r, row.employee_id, today).await?),
        };
        let of = |d: &LocalDay| load.get(&(row.employee_id, *d)).copied().unwrap_or(0);
        let suggested = days.iter().take(5).copied().min_by_key(|d| (of(d), *d));
        if let Some(day) = suggested {
            *load.entry((row.employee_id, day)).or_default() += 1;
        }
        all.push(Missed {
            task_id: row.id,
            employee: Ref { id: row.employee_id, name: row.employee_name },
            customer: VisitCustomer { id: row.customer_id, name: row.customer_name, grade: row.grade },
            day: row.day,
            status: if row.status == "skipped" { row.status } else { "overdue".into() },
            reason: row.reason,
            reason_code: row.reason_code,
            suggested,
        });
    }
    Ok(all)
}

/// Working days of a person from tomorrow on.
async fn working_days(q: &mut impl Query, person: Uuid, today: LocalDay) -> Result<Vec<LocalDay>> {
    let duty = org::duty_days(q, person, today.plus_days(1), today.plus_days(AHEAD)).await?;
    Ok(duty.into_iter().filter(|(_, d)| !d.working.is_empty()).map(|(day, _)| day).collect())
}

/// Plans a missed visit anew on a day.
///
/// # Errors
/// [`NOT_MISSED`] when it was not missed or something is planned since.
pub async fn again(kit: &Kit, caller: &Caller, task: Uuid, day: LocalDay) -> Result<Task> {
    let note = |planned: LocalDay| match caller.lang {
        Lang::Zh => format!("补访：原定 {planned}"),
        Lang::En => format!("Made up for: planned for {planned}"),
    };
    anew(kit, &caller.scope, task, day, note, true).await
}

/// The same without a person who asks: the note speaks both languages, and whoever goes is told of all of them at once.
pub(super) async fn by_itself(kit: &Kit, scope: &Scope, task: Uuid, day: LocalDay) -> Result<Task> {
    let note = |planned: LocalDay| format!("补访：原定 {planned} / Made up for: planned for {planned}");
    anew(kit, scope, task, day, note, false).await
}

async fn anew(
    kit: &Kit,
    scope: &Scope,
    task: Uuid,
    day: LocalDay,
    note: impl Fn(LocalDay) -> String,
    tell: bool,
) -> Result<Task> {
    let mut r = kit.db.read(scope).await?;
    // Out of reach answers as unknown.
    let before = tasks::sql::one(&mut r, task).await?;
    let (now, zone) = (kit.now(), org::zone(&mut r).await?);
    let today = now.local_day(&zone);
    let row = sql::missed(&mut r, today.plus_days(-DAYS), now, Some(task)).await?.into_iter().next();
    drop(r);
    let row = row.ok_or_else(|| Problem::new(NOT_MISSED))?;
    // Work of several people, or with steps of its own, is more than its customer and its template.
    if !tell && (before.crew_id.is_some() || before.template_id.is_none()) {
        return Err(Problem::new(NOT_MISSED));
    }
    let new = tasks::NewTask {
        id: None,
        employee_id: row.employee_id,
        with: vec![],
        customer_id: row.customer_id,
        day,
        window: Window::new(row.from_minute, row.to_minute),
        template_id: row.template_id,
        steps: None,
        note: Some(note(row.day)),
        skills: from_json(&before.skills)?,
        title: None,
        custom: Default::default(),
    };
    tasks::create_again(kit, scope, new, row.id, tell).await
}
