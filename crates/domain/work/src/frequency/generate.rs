//! Making plans of what the rules ask for: one day of a person after the other, each as if made by hand.

use std::collections::{BTreeMap, HashSet};

use api::Kit;
use base::{LocalDay, Problem};
use db::{Query, Result, Scope};
use org::{Person, Ref};
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    RUNNING,
    outlook::{Outlook, outlook},
    question::{Situation, Weeks},
};
use crate::{
    Objective,
    model::Window,
    plans::{self, ATTEMPTS, NewPlan, PatchPlan, actor_name},
    tasks,
};

/// What a run has made.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Generated {
    /// Tasks added.
    pub tasks: i64,
    /// Days that got a plan, or more in theirs.
    pub days: i64,
    /// Days that could not be planned.
    pub failed: Vec<FailedDay>,
}

/// A day of somebody that could not be planned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FailedDay {
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Code of the problem.
    pub code: String,
}

/// Companies with a run under way.
static UNDER_WAY: Mutex<Option<HashSet<Uuid>>> = Mutex::new(None);

/// One run of a company at a time; over when dropped.
struct Run(Uuid);

impl Run {
    fn begin(tenant: Uuid) -> Result<Run> {
        let mut all = UNDER_WAY.lock();
        if all.get_or_insert_default().insert(tenant) { Ok(Run(tenant)) } else { Err(Problem::new(RUNNING)) }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some(all) = UNDER_WAY.lock().as_mut() {
            all.remove(&self.0);
        }
    }
}

/// Plans the weeks and makes what is missing. Run again it finds all of it standing and adds nothing.
pub async fn generate(kit: &Kit, scope: &Scope, asked: Weeks) -> Result<Generated> {
    Ok(make(kit, scope, asked).await?.0)
}

/// The same, with the weeks as they were made from.
pub(super) async fn make(kit: &Kit, scope: &Scope, asked: Weeks) -> Result<(Generated, Outlook, Situation)> {
    let _run = Run::begin(scope.tenant())?;
    let (outlook, situation) = outlook(kit, scope, asked).await?;
    let mut done = Generated::default();
    for (k, person) in outlook.people.iter().enumerate() {
        let mut added = 0;
        for (d, day) in person.days.iter().enumerate() {
            let fresh = day.visits.iter().filter(|v| v.task_id.is_none());
            let mut by_template: BTreeMap<Work, Vec<Uuid>> = BTreeMap::new();
            for visit in fresh {
                let rule = situation.rules.iter().find(|r| r.id == visit.rule_id);
                let work = rule.map(|r| (r.template_id, r.terms.skills.clone())).unwrap_or_default();
                by_template.entry(work).or_default().push(visit.customer.id);
            }
            let Some(hours) = situation.hours[k][situation.begin() + d] else { continue };
            if by_template.is_empty() {
                continue;
            }
            let whole = PersonDay { person: &situation.people[k], day: day.day, window: hours.window };
            let (tasks, problem) = fill(kit, scope, &whole, by_template).await;
            added += tasks;
            done.days += i64::from(tasks > 0);
            done.failed.extend(problem.map(|p| FailedDay {
                employee: person.employee.clone(),
                day: day.day,
                code: p.code.code.into(),
            }));
        }
        done.tasks += added;
        if added > 0 {
            tell(kit, scope, &situation, &situation.people[k], added).await?;
        }
    }
    let (tenant, changes) = (
        scope.tenant(),
        json!({ "from": outlook.from, "to": outlook.to, "tasks": done.tasks, "failed": done.failed.len() }),
    );
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move { tx.audit("frequency.generate", "company", tenant, changes).await })
        })
        .await?;
    Ok((done, outlook, situation))
}

/// Template of visits, and the skills they ask for.
type Work = (Option<Uuid>, Vec<String>);

struct PersonDay<'a> {
    person: &'a Person,
    day: LocalDay,
    window: Window,
}

/// Adds customers to a person's day: to its plan, or as a new one. Answers how many tasks, and what stood against
/// more of them.
async fn fill(
    kit: &Kit,
    scope: &Scope,
    whole: &PersonDay<'_>,
    by_template: BTreeMap<Work, Vec<Uuid>>,
) -> (i64, Option<Problem>) {
    let mut added = 0;
    for (work, customers) in by_template {
        let mut tries = 0;
        loop {
            tries += 1;
            match join(kit, scope, whole, &work, &customers).await {
                Ok(tasks) => {
                    added += tasks;
                    break;
                }
                // Somebody else changed the day meanwhile.
                Err(p) if tries < ATTEMPTS && p.code.status == 409 => {}
                Err(p) => return (added, Some(p)),
            }
        }
    }
    (added, None)
}

/// Adds customers whose rules ask for the same work, which their tasks say from the beginning. Answers how many tasks.
async fn join(
    kit: &Kit,
    scope: &Scope,
    whole: &PersonDay<'_>,
    (template_id, skills): &Work,
    customers: &[Uuid],
) -> Result<i64> {
    let (template_id, skills) = (*template_id, skills.clone());
    let mut r = kit.db.read(scope).await?;
    let plan = plans::planned(&mut r, whole.person.id, whole.day).await?;
    let standing = match &plan {
        Some(plan) => tasks::sql::of_plan(&mut r, plan.id).await?,
        None => vec![],
    };
    drop(r);
    let Some(plan) = plan else {
        let new = NewPlan {
            id: None,
            employee_id: whole.person.id,
            day: whole.day,
            window: whole.window,
            template_id,
            steps: None,
            customer_ids: customers.to_vec(),
            objective: Objective::Distance,
            keep_order: None,
            note: None,
            skills,
        };
        plans::create(kit, scope, new, false).await?;
        return Ok(customers.len() as i64);
    };
    let there = |c: &Uuid| standing.iter().any(|t| t.customer_id == *c && plans::Stop::of(t).is_some());
    let missing: Vec<Uuid> = customers.iter().copied().filter(|c| !there(c)).collect();
    let added = missing.len() as i64;
    if missing.is_empty() {
        return Ok(0);
    }
    if plan.template_id == template_id {
        let mut all: Vec<Uuid> =
            standing.iter().filter(|t| plans::Stop::of(t).is_some()).map(|t| t.customer_id).collect();
        all.extend(missing);
        let patch = PatchPlan { customer_ids: Some(all), keep_order: None, window: None, note: None, skills };
        plans::change(kit, scope, plan.id, plan.version, patch, false).await?;
        return Ok(added);
    }
    // The plan's steps are of another template: these join it as tasks of their own.
    for customer_id in missing {
        let task = tasks::NewTask {
            id: None,
            employee_id: whole.person.id,
            with: vec![],
            customer_id,
            day: whole.day,
            window: plan.window(),
            template_id,
            steps: None,
            note: None,
            skills: skills.clone(),
            title: None,
            custom: Default::default(),
        };
        tasks::create(kit, scope, task, false).await?;
    }
    Ok(added)
}

/// One notice for all the days.
async fn tell(kit: &Kit, scope: &Scope, s: &Situation, person: &Person, count: i64) -> Result<()> {
    let (id, department, from, to) = (person.id, person.department_id, s.asked.from, s.asked.to);
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                if tx.scope().actor() == id {
                    return Ok(());
                }
                let params = json!({ "by": actor_name(tx).await?, "count": count, "from": from, "to": to });
                let by_itself = tx.scope().job_name().is_some();
                let kind = if by_itself { "frequency.rolled" } else { "frequency.generated" };
                let notice = notify::New { kind, params, link: None };
                notify::send(tx, id, department, notice).await.map(drop)
            })
        })
        .await
}
