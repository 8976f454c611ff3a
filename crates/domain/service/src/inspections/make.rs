//! Rounds of the day, made once for each person a plan is given to.

use api::Kit;
use base::{LocalDay, Problem, problem};
use db::{Query, Result, Scope, Tx};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use work::{NewStep, StepKind, StepPoint, Window, tasks::NewTask};

use super::{
    Point, left,
    rules::nights,
    sql::{self, NewPoint, PlanRow, RoundRow},
};
use crate::{CANNOT, Inner, equipment};

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

/// Makes the rounds of today in a company, and the tasks that are still missing of others; of one plan, when somebody waits
/// for it at the desk. What cannot be made stops no other.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn make_due(inner: &Inner, tenant: Uuid, only: Option<Uuid>) -> Result<()> {
    let scope = Scope::job("inspection", tenant);
    let mut r = inner.kit.db.read(&scope).await?;
    let today = inner.kit.now().local_day(&org::zone(&mut r).await?);
    let (mut todo, mut left) = (vec![], vec![]);
    for plan in sql::working(&mut r).await?.into_iter().filter(|p| only.is_none_or(|one| p.id == one)) {
        let walk = left::walkers(&mut r, &plan, today).await?;
        todo.extend(walk.people.iter().map(|person| (plan.clone(), *person)));
        if walk.news(&plan) {
            left.push((plan, walk));
        }
    }
    let pending = if only.is_none() { sql::pending(&mut r).await? } else { vec![] };
    drop(r);
    for row in pending {
        if let Err(e) = give_rest(&inner.kit, &scope, &row, today).await {
            tracing::warn!(round = %row.id, error = %e, "tasks of a round wait");
        }
    }
    for (plan, walk) in left {
        let told =
            inner.kit.db.write(&scope, move |tx| Box::pin(async move { left::tell(tx, &plan, &walk).await }));
        if let Err(e) = told.await {
            tracing::warn!(error = %e, "who has left a round is told later");
        }
    }
    for (plan, person) in todo {
        if let Err(e) = make(&inner.kit, &scope, &plan, person, today, Asked::ByPlan).await {
            tracing::warn!(plan = %plan.name, error = %e, "a round waits");
        }
    }
    Ok(())
}

/// Who asks for a round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The plan's own day: a point that cannot be made is kept with its reason.
    ByPlan,
    /// Somebody at the desk: he is told of it before anything is made.
    ByHand,
}

/// A point with what its step says, or why there is none.
struct Looked {
    point: Point,
    title: String,
    made: std::result::Result<(NewStep, (i32, i32)), &'static str>,
}

/// Looks at all points before anything is made of one.
async fn look(q: &mut impl Query, points: Vec<Point>, round: Uuid, hours: (i32, i32)) -> Result<Vec<Looked>> {
    let mut looked = vec![];
    for (k, point) in points.into_iter().enumerate() {
        let piece = match point.equipment_id {
            Some(piece) => equipment::sql::of_company(q, piece).await?,
            None => None,
        };
        let place = match customers::place(q, point.customer_id).await {
            Ok(place) => Some(place),
            Err(p) if p.code == problem::NOT_FOUND => None,
            Err(p) => return Err(p),
        };
        let form = match point.form_id {
            Some(form) => formbook::check_usable(q, form).await?,
            None => true,
        };
        let gone =
            piece.as_ref().is_none_or(|e| e.status == "scrapped" || e.customer_id != point.customer_id);
        let cannot = match &place {
            None => Some("客户不在数据范围内 / customer out of reach"),
            Some(place) if place.status == "archived" => Some("客户已归档 / customer archived"),
            _ if point.equipment_id.is_some() && gone => {
                Some("设备已报废或已不在这家客户 / equipment scrapped or no longer there")
            }
            _ if !form => Some("检查表已停用 / form retired"),
            _ => None,
        };
        let own = point.title.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let (title, shown) = match (own, &piece) {
            (Some(own), _) => (own.clone(), own),
            // The number can be typed for the label: whoever walks reads it there, not here.
            (None, Some(piece)) => {
                let title: String = format!("{} {}", piece.name, piece.code).chars().take(80).collect();
                let shown = if point.label { piece.name.chars().take(80).collect() } else { title.clone() };
                (title, shown)
            }
            (None, None) => {
                let place = customers::place_of_company(q, point.customer_id).await?;
                let name: String = place.name.chars().take(80).collect();
                (name.clone(), name)
            }
        };
        let label = piece.as_ref().filter(|_| point.label);
        // After midnight it is the next day's work: its minutes count from there.
        let night = 1440 * nights(point.from_minute);
        let from_minute = point.from_minute.map(|m| m - night);
        let to_minute = point.to_minute.map(|m| (m - night).min(1440));
        let step = NewStep {
            id: Some(named("step", &[round.as_bytes(), &k.to_be_bytes()])),
            title: shown,
            hint: piece.as_ref().and_then(|e| e.place.clone()),
            form_id: point.form_id,
            point: Some(StepPoint {
                code: label.map(|e| e.label.clone()),
                number: label.map(|e| e.code.clone()).filter(|c| c.chars().count() <= 40),
                from_minute,
                to_minute,
            }),
            ..NewStep::plain(if point.form_id.is_some() { StepKind::Form } else { StepKind::YesNo })
        };
        let end = if night > 0 { 1440 } else { hours.1.min(1440) };
        let window = (from_minute.unwrap_or(hours.0), to_minute.unwrap_or(end));
        let made = cannot.map_or(Ok((step, window)), Err);
        looked.push(Looked { point, title, made });
    }
    Ok(looked)
}

/// Makes a round: a task for each customer on the way, its points their steps. Made already, it stays as it is.
///
/// The round is written first, with the tasks that are to be made: whatever happens then, they are made of the same.
///
/// # Errors
/// `not_found` for somebody who left; asked by hand, `inspection.cannot` naming the first point that cannot be made.
pub(super) async fn make(
    kit: &Kit,
    scope: &Scope,
    plan: &PlanRow,
    person: Uuid,
    day: LocalDay,
    asked: Asked,
) -> Result<Uuid> {
    let terms = plan.terms()?;
    let round = round_id(plan.id, person, day);
    let mut r = kit.db.read(scope).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    if sql::round_of_company(&mut r, round).await?.is_some() {
        return Ok(round);
    }
    let who = org::by_ids(&mut r, &[person]).await?.into_iter().find(|p| p.status == "active");
    let who = who.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let shifts = org::duty_minutes(&mut r, person, day).await?;
    let hours = shifts.first().zip(shifts.last()).map_or(USUAL, |(first, last)| (first.0, last.1));
    let looked = look(&mut r, terms.points, round, hours).await?;
    drop(r);
    let first = looked.iter().enumerate().find_map(|(k, l)| l.made.as_ref().err().map(|why| (k, l, *why)));
    if let (Asked::ByHand, Some((k, l, why))) = (asked, first) {
        return Err(Problem::new(CANNOT)
            .with("number", k + 1)
            .with("point", &l.title)
            .with("reason", why)
            .field(format!("points[{k}]"), CANNOT));
    }
    let tasks = tasks_of(&looked, round, &plan.name, person, day);
    let plan = plan.clone();
    let row = kit
        .db
        .write(scope, move |tx| {
            Box::pin(async move {
                let kept = serde_json::to_string(&tasks).map_err(Problem::internal)?;
                let whose = (who.id, who.department_id);
                if sql::insert_round(tx, round, &plan, whose, day, &kept).await? {
                    keep_points(tx, round, &looked, &tasks).await?;
                    let planned = looked.iter().filter(|l| l.made.is_ok()).count();
                    let told =
                        json!({ "plan": plan.name, "employee": who.name, "day": day, "points": planned });
                    tx.audit("inspection.round", "inspection_round", round, told).await?;
                    if planned > 0 {
                        let params = json!({ "name": plan.name, "day": day, "count": planned });
                        let notice = notify::New { kind: "inspection.round", params, link: None };
                        notify::send(tx, who.id, who.department_id, notice).await?;
                    }
                    tell_keepers(tx, &plan, &looked).await?;
                }
                sql::round_of_company(tx, round)
                    .await?
                    .ok_or_else(|| Problem::internal("a round that was just made"))
            })
        })
        .await?;
    give_rest(kit, scope, &row, today).await?;
    Ok(round)
}

/// The tasks of a round: one for each customer on the way.
fn tasks_of(looked: &[Looked], round: Uuid, name: &str, person: Uuid, day: LocalDay) -> Vec<NewTask> {
    let mut tasks: Vec<NewTask> = vec![];
    for l in looked {
        let Ok((step, (from, to))) = &l.made else { continue };
        let (from, to) = ((*from).min(1439), *to);
        let day = day.plus_days(nights(l.point.from_minute));
        match tasks.last_mut().filter(|t| t.customer_id == l.point.customer_id && t.day == day) {
            Some(task) => {
                let from = task.window.from_minute.min(from);
                let to = task.window.to_minute.max(to).max(from + 1);
                task.window = Window { from_minute: from, to_minute: to };
                task.steps.get_or_insert_default().push(step.clone());
            }
            None => tasks.push(NewTask {
                id: Some(named("task", &[round.as_bytes(), &tasks.len().to_be_bytes()])),
                employee_id: person,
                with: vec![],
                customer_id: l.point.customer_id,
                day,
                window: Window { from_minute: from, to_minute: to.max(from + 1) },
                template_id: None,
                steps: Some(vec![step.clone()]),
                note: None,
                skills: vec![],
                title: Some(name.to_owned()),
                custom: Default::default(),
            }),
        }
    }
    tasks
}

async fn keep_points(tx: &mut Tx, round: Uuid, looked: &[Looked], tasks: &[NewTask]) -> Result<()> {
    for (seq, l) in (1..).zip(looked) {
        let step = l.made.as_ref().ok().and_then(|(step, _)| step.id);
        let holds = |t: &&NewTask| t.steps.iter().flatten().any(|s| s.id.is_some() && s.id == step);
        let new = NewPoint {
            round,
            seq,
            title: &l.title,
            customer: l.point.customer_id,
            equipment: l.point.equipment_id,
            from_minute: l.point.from_minute,
            to_minute: l.point.to_minute,
            label: l.point.label,
            task: tasks.iter().find(holds).and_then(|t| t.id),
            step,
            cannot: l.made.as_ref().err().copied(),
        };
        sql::insert_point(tx, &new).await?;
    }
    Ok(())
}

/// Tells whoever made the plan, and his managers, of points that cannot be made: once, until they are others.
async fn tell_keepers(tx: &mut Tx, plan: &PlanRow, looked: &[Looked]) -> Result<()> {
    let faults: Vec<String> = (1..)
        .zip(looked)
        .filter_map(|(k, l)| l.made.as_ref().err().map(|why| format!("{k} {}（{why}）", l.title)))
        .collect();
    let text = Some(faults.join("；")).filter(|t| !t.is_empty());
    if !sql::set_told(tx, plan.id, text.as_deref()).await? {
        return Ok(());
    }
    match text {
        Some(points) => {
            tell_all(tx, plan, "inspection.cannot", json!({ "name": plan.name, "points": points })).await
        }
        None => Ok(()),
    }
}

/// Tells whoever made the plan, and the managers of his department.
pub(super) async fn tell_all(tx: &mut Tx, plan: &PlanRow, kind: &'static str, params: Value) -> Result<()> {
    let mut keepers = org::managers_of(tx, plan.department_id).await?;
    keepers.retain(|k| *k != plan.employee_id);
    keepers.push(plan.employee_id);
    for keeper in org::by_ids(tx, &keepers).await?.into_iter().filter(|p| p.status == "active") {
        let link = Some(format!("/orders/inspections?plan={}", plan.id));
        let notice = notify::New { kind, params: params.clone(), link };
        notify::send(tx, keeper.id, keeper.department_id, notice).await?;
    }
    Ok(())
}

/// Makes the tasks of a round that are not made yet; one that never can be is noted at its points.
async fn give_rest(kit: &Kit, scope: &Scope, row: &RoundRow, today: LocalDay) -> Result<()> {
    let Some(tasks) = &row.tasks else { return Ok(()) };
    let tasks: Vec<NewTask> = serde_json::from_str(tasks).map_err(Problem::internal)?;
    let round = row.id;
    for task in tasks {
        let Some(id) = task.id else { continue };
        let why = if row.day < today {
            "当天已过 / its day is over".to_owned()
        } else {
            match work::tasks::give(kit, scope, task, false).await {
                Ok(_) => continue,
                // The same tomorrow: nobody waits for it.
                Err(p) if matches!(p.code.status, 403 | 404 | 422) => {
                    format!("{} / {}", p.code.zh_title, p.code.en_title)
                }
                Err(p) => return Err(p),
            }
        };
        kit.db
            .write(scope, move |tx| Box::pin(async move { sql::set_cannot(tx, round, id, &why).await }))
            .await?;
    }
    kit.db.write(scope, move |tx| Box::pin(async move { sql::all_made(tx, round).await })).await.map(drop)
}
