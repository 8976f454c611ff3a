//! Rounds of the day, made once for each person a plan is given to.

use api::Kit;
use base::{LocalDay, Problem, problem};
use db::{Result, Scope};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use work::{NewStep, StepKind, StepPoint, Window};

use super::{
    Point,
    sql::{self, NewPoint, PlanRow},
};
use crate::{Inner, equipment};

/// A day's hours when nobody said any.
const USUAL: (i32, i32) = (540, 1080);

/// An id that is always the same for the same parts.
fn named(what: &str, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"tashi-inspection-");
    hash.update(what.as_bytes());
    for part in parts {
        hash.update(part);
    }
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The id of a plan's round of a person and day.
pub(super) fn round_id(plan: Uuid, employee: Uuid, day: LocalDay) -> Uuid {
    named("round", &[plan.as_bytes(), employee.as_bytes(), day.to_string().as_bytes()])
}

/// Makes the rounds of today in a company. What cannot be made stops no other.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn make_due(inner: &Inner, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("inspection", tenant);
    let mut r = inner.kit.db.read(&scope).await?;
    let today = inner.kit.now().local_day(&org::zone(&mut r).await?);
    let mut todo = vec![];
    for plan in sql::working(&mut r).await? {
        for person in plan.terms()?.people {
            if !person.weekdays.contains(&today.weekday()) {
                continue;
            }
            let known =
                sql::round_of_company(&mut r, round_id(plan.id, person.employee_id, today)).await?.is_some();
            let at_work = !org::duty_minutes(&mut r, person.employee_id, today).await?.is_empty();
            if !known && at_work {
                todo.push((plan.clone(), person.employee_id));
            }
        }
    }
    drop(r);
    for (plan, person) in todo {
        if let Err(e) = make(&inner.kit, &scope, &plan, person, today).await {
            tracing::warn!(plan = %plan.name, error = %e, "a round waits");
        }
    }
    Ok(())
}

/// A point with what its step says.
struct Ready {
    point: Point,
    title: String,
    step: NewStep,
    window: (i32, i32),
}

/// Makes a round: a task for each customer on the way, its points their steps. Made already, it stays as it is.
///
/// # Errors
/// `not_found` for somebody who left, `input.invalid` for an archived customer.
pub(super) async fn make(
    kit: &Kit,
    scope: &Scope,
    plan: &PlanRow,
    person: Uuid,
    day: LocalDay,
) -> Result<Uuid> {
    let terms = plan.terms()?;
    let round = round_id(plan.id, person, day);
    let mut r = kit.db.read(scope).await?;
    if sql::round_of_company(&mut r, round).await?.is_some() {
        return Ok(round);
    }
    let who = org::by_ids(&mut r, &[person]).await?.into_iter().find(|p| p.status == "active");
    let who = who.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let shifts = org::duty_minutes(&mut r, person, day).await?;
    let hours = shifts.first().zip(shifts.last()).map_or(USUAL, |(first, last)| (first.0, last.1));
    let mut ready: Vec<Ready> = vec![];
    for (k, point) in terms.points.into_iter().enumerate() {
        let piece = match point.equipment_id {
            Some(piece) => equipment::sql::of_company(&mut r, piece).await?,
            None => None,
        };
        // Scrapped, or moved to another customer: it is not looked at here any more.
        if point.equipment_id.is_some()
            && piece.as_ref().is_none_or(|e| e.status == "scrapped" || e.customer_id != point.customer_id)
        {
            continue;
        }
        let own = point.title.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let title = match (own, &piece) {
            (Some(own), _) => own,
            (None, Some(piece)) => format!("{} {}", piece.name, piece.code).chars().take(80).collect(),
            (None, None) => {
                customers::place_of_company(&mut r, point.customer_id).await?.name.chars().take(80).collect()
            }
        };
        let label = piece.as_ref().filter(|_| point.label);
        let step = NewStep {
            id: Some(named("step", &[round.as_bytes(), &k.to_be_bytes()])),
            title: title.clone(),
            title_en: None,
            kind: if point.form_id.is_some() { StepKind::Form } else { StepKind::YesNo },
            mandatory: true,
            min: None,
            max: None,
            options: None,
            hint: piece.as_ref().and_then(|e| e.place.clone()),
            form_id: point.form_id,
            guide_id: None,
            guide_required: false,
            point: Some(StepPoint {
                code: label.map(|e| e.label.clone()),
                number: label.map(|e| e.code.clone()).filter(|c| c.chars().count() <= 40),
                from_minute: point.from_minute,
                to_minute: point.to_minute,
            }),
        };
        let window = (point.from_minute.unwrap_or(hours.0), point.to_minute.unwrap_or(hours.1));
        ready.push(Ready { point, title, step, window });
    }
    drop(r);
    if ready.is_empty() {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    let mut placed: Vec<(Ready, Uuid)> = vec![];
    let mut rest = ready.into_iter().peekable();
    let mut leg = 0usize;
    while let Some(first) = rest.next() {
        let customer = first.point.customer_id;
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|n| n.point.customer_id == customer) {
            group.push(next);
        }
        let from = group.iter().map(|g| g.window.0).min().unwrap_or(hours.0).min(1439);
        let to = group.iter().map(|g| g.window.1).max().unwrap_or(hours.1).max(from + 1);
        let task = named("task", &[round.as_bytes(), &leg.to_be_bytes()]);
        leg += 1;
        let new = work::tasks::NewTask {
            id: Some(task),
            employee_id: person,
            customer_id: customer,
            day,
            window: Window { from_minute: from, to_minute: to },
            template_id: None,
            steps: Some(group.iter().map(|g| g.step.clone()).collect()),
            note: None,
            skills: vec![],
            title: Some(plan.name.clone()),
        };
        work::tasks::give(kit, scope, new, false).await?;
        placed.extend(group.into_iter().map(|g| (g, task)));
    }
    let plan = plan.clone();
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                if !sql::insert_round(tx, round, &plan, who.id, who.department_id, day).await? {
                    return Ok(round);
                }
                for (seq, (g, task)) in (1..).zip(&placed) {
                    let new = NewPoint {
                        round,
                        seq,
                        title: &g.title,
                        customer: g.point.customer_id,
                        equipment: g.point.equipment_id,
                        from_minute: g.point.from_minute,
                        to_minute: g.point.to_minute,
                        label: g.point.label,
                        task: *task,
                        step: g.step.id.unwrap_or_default(),
                    };
                    sql::insert_point(tx, &new).await?;
                }
                let told =
                    json!({ "plan": plan.name, "employee": who.name, "day": day, "points": placed.len() });
                tx.audit("inspection.round", "inspection_round", round, told).await?;
                let params = json!({ "name": plan.name, "day": day, "count": placed.len() });
                let notice = notify::New { kind: "inspection.round", params, link: None };
                notify::send(tx, who.id, who.department_id, notice).await?;
                Ok(round)
            })
        })
        .await
}
