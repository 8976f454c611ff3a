use std::collections::{BTreeMap, HashMap};

use api::{
    Access, Answer, Caller, Checks, Kit, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, Problem, problem};
use db::{Permission, Reader, Result};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    rules::{self, Figures, Had, Made, Settled},
    sql,
};
use crate::{Step, model::from_json, templates, visits};

/// Most days of one report.
const MOST_DAYS: i32 = 400;
/// Most visits one report reads.
const MOST_VISITS: i64 = 50_000;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(report))
        .at(Access::May(Permission::TaskWrite), routes!(pattern))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SopQuery {
    template_id: Uuid,
    #[param(value_type = String, format = Date)]
    day_from: LocalDay,
    #[param(value_type = String, format = Date)]
    day_to: LocalDay,
    department_id: Option<Uuid>,
}

/// How a step went in a number of visits.
#[derive(Serialize, ToSchema)]
struct SopFigures {
    /// Visits whose steps had it.
    asked: i64,
    done: i64,
    /// Skipped by its person; what is neither done nor skipped was never touched.
    skipped: i64,
    /// Took longer than the step allows.
    over: i64,
    /// Half of them took at most so many seconds; absent where no duration is known.
    median_s: Option<i64>,
    /// Nine in ten took at most so many seconds.
    slow_s: Option<i64>,
}

/// A step of the report.
#[derive(Serialize, ToSchema)]
struct SopStep {
    step: Step,
    /// Part of the steps in force; else visits of this time still had it.
    in_force: bool,
    all: SopFigures,
    /// In visits that counted.
    effective: SopFigures,
    /// In the others.
    other: SopFigures,
}

/// A person's way of working through the template.
#[derive(Serialize, ToSchema)]
struct SopPerson {
    employee: Ref,
    visits: i64,
    effective: i64,
    /// Steps his visits had, and how many of them were not done.
    asked: i64,
    left_out: i64,
    /// By step, in the order of the report's steps.
    steps: Vec<SopFigures>,
}

/// How a template was worked through.
#[derive(Serialize, ToSchema)]
struct SopReport {
    template: Ref,
    /// Finished visits.
    visits: i64,
    effective: i64,
    steps: Vec<SopStep>,
    /// Who left out least first.
    people: Vec<SopPerson>,
}

impl From<&Figures> for SopFigures {
    fn from(f: &Figures) -> SopFigures {
        SopFigures {
            asked: f.asked,
            done: f.done,
            skipped: f.skipped,
            over: f.over,
            median_s: f.median_s(),
            slow_s: f.slow_s(),
        }
    }
}

fn period(from: LocalDay, to: LocalDay) -> Result<()> {
    Checks::new().that("day_to", from <= to && to <= from.plus_days(MOST_DAYS)).done()
}

/// The visits of a filter with what became of their steps.
struct Found {
    versions: Vec<Vec<Step>>,
    had: Vec<Vec<Had>>,
    made: Vec<Made>,
    settled: Vec<Settled>,
    names: BTreeMap<Uuid, String>,
}

async fn found(r: &mut Reader, filter: &sql::Filter) -> Result<Found> {
    let rows = sql::versions(r, filter.template_id).await?;
    let versions = rows.iter().map(|v| from_json(&v.steps)).collect::<Result<Vec<Vec<Step>>>>()?;
    let visits = sql::made(r, filter, MOST_VISITS + 1).await?;
    if visits.len() as i64 > MOST_VISITS {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "超过 50000 次拜访，请缩短时间或选择部门 / more than 50000 visits: choose fewer days or a department")
            .field("day_from", problem::BAD_VALUE));
    }
    let settled = sql::settled(r, filter).await?;
    let mut names = BTreeMap::new();
    let mut made = vec![];
    // Most visits share their steps with others: each list is read once.
    let (mut had, mut read): (Vec<Vec<Had>>, HashMap<String, usize>) = Default::default();
    for v in visits {
        let steps = match read.get(&v.steps) {
            Some(known) => *known,
            None => {
                let own: Vec<Step> = from_json(&v.steps)?;
                // The photo of the place belongs to the check-in, not to the template.
                had.push(own.iter().filter(|s| s.id != v.id).map(Had::of).collect());
                read.insert(v.steps, had.len() - 1);
                had.len() - 1
            }
        };
        names.insert(v.employee_id, v.employee_name);
        made.push(Made { visit: v.id, employee: v.employee_id, effective: v.effective, steps });
    }
    let settled = settled
        .into_iter()
        .filter(|s| s.step_id != s.visit_id)
        .map(|s| Settled {
            visit: s.visit_id,
            step: s.step_id,
            done: s.status == "done",
            started_at: s.started_at,
            ended_at: s.ended_at,
        })
        .collect();
    Ok(Found { versions, had, made, settled, names })
}

/// How long the steps of a template take, and what is left out: by step, by person, and in visits that counted or did not.
#[utoipa::path(get, path = "/sop/report", tag = "work", params(SopQuery), responses((status = 200, body = SopReport), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn report(State(kit): State<Kit>, caller: Caller, Query(q): Query<SopQuery>) -> Answer<SopReport> {
    period(q.day_from, q.day_to)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let template = templates::named(&mut r, q.template_id).await?;
    let filter = sql::Filter {
        template_id: q.template_id,
        day_from: q.day_from,
        day_to: q.day_to,
        department_id: q.department_id,
        employee_id: None,
    };
    let mut all = found(&mut r, &filter).await?;
    drop(r);
    let told = rules::report(&all.versions, &all.had, &all.made, &all.settled);
    let steps = told.steps.iter().map(|s| SopStep {
        step: s.step.clone(),
        in_force: s.in_force,
        all: (&s.all).into(),
        effective: (&s.effective).into(),
        other: (&s.other).into(),
    });
    let people = told.people.iter().map(|p| SopPerson {
        employee: Ref { id: p.employee, name: all.names.remove(&p.employee).unwrap_or_default() },
        visits: p.visits,
        effective: p.effective,
        asked: p.asked(),
        left_out: p.left_out(),
        steps: p.steps.iter().map(SopFigures::from).collect(),
    });
    ok(SopReport {
        template: Ref { id: template.id, name: template.name },
        visits: told.visits,
        effective: told.effective,
        steps: steps.collect(),
        people: people.collect(),
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PatternQuery {
    /// Whose next version it is to be; absent: that of the visit.
    template_id: Option<Uuid>,
    /// As this visit was made. Else as a person made them over some days.
    visit_id: Option<Uuid>,
    employee_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
}

/// A step as it was really done.
#[derive(Serialize, ToSchema)]
struct SopPatternStep {
    step: Step,
    /// Its place among the template's steps now, from 1; absent: the visit had it beside them.
    place: Option<i64>,
    /// Visits whose steps had it; 0: none had it yet, and it stays as it is.
    asked: i64,
    done: i64,
    median_s: Option<i64>,
    /// False: left out at least as often as done; it would not be part of the next version.
    kept: bool,
}

/// Steps as somebody works through them, to become the next version of a template.
#[derive(Serialize, ToSchema)]
struct SopPattern {
    template: Ref,
    /// Version of the template this builds on, for `If-Match`.
    version: i64,
    employee: Ref,
    visits: i64,
    /// In the order of doing; those not kept at the end.
    steps: Vec<SopPatternStep>,
}

/// The steps as a visit or a person really did them: their order, which were left out, which always done. Nothing is
/// changed; saved with `PATCH /task-templates/{id}` it is the next version. It tells how somebody works: of a visit to those who
/// may read visits, of a person to those who may read reports.
#[utoipa::path(get, path = "/sop/pattern", tag = "work", params(PatternQuery), responses((status = 200, body = SopPattern), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn pattern(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<PatternQuery>,
) -> Answer<SopPattern> {
    let needed = if q.visit_id.is_some() { Permission::VisitRead } else { Permission::ReportRead };
    if !caller.scope.may(needed) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", needed.key()).into());
    }
    let mut r = kit.db.read(&caller.scope).await?;
    let named = match (q.template_id, q.visit_id) {
        (None, Some(visit)) => sql::template_of(&mut r, visit).await?,
        (named, _) => named,
    };
    let named = named.ok_or_else(|| {
        Problem::new(problem::INVALID)
            .with("reason", "请说明是哪个模板 / say which template")
            .field("template_id", problem::BAD_VALUE)
    })?;
    let template = templates::named(&mut r, named).await?;
    let (employee, steps, all) = match (q.visit_id, q.employee_id, q.day_from, q.day_to) {
        (Some(visit), None, None, None) => of_visit(&mut r, visit, &template.steps).await?,
        (None, Some(employee), Some(day_from), Some(day_to)) => {
            period(day_from, day_to)?;
            let person = org::person(&mut r, employee).await?;
            let filter = sql::Filter {
                template_id: template.id,
                day_from,
                day_to,
                department_id: None,
                employee_id: Some(employee),
            };
            let all = found(&mut r, &filter).await?;
            (Ref { id: person.id, name: person.name }, template.steps.clone(), all)
        }
        _ => {
            let reason = "要么给一次拜访，要么给人员和起止日期 / give a visit, or a person and days";
            let wrong = Problem::new(problem::INVALID).with("reason", reason);
            return Err(wrong.field("visit_id", problem::BAD_VALUE).into());
        }
    };
    let place = |step: &Step| template.steps.iter().position(|s| s.id == step.id).map(|k| k as i64 + 1);
    let told = rules::pattern(&steps, &all.had, &all.made, &all.settled);
    ok(SopPattern {
        version: template.version,
        employee,
        visits: all.made.len() as i64,
        steps: told
            .into_iter()
            .map(|p| SopPatternStep {
                place: place(&p.step),
                step: p.step,
                asked: p.asked,
                done: p.done,
                median_s: p.median_s,
                kept: p.kept,
            })
            .collect(),
        template: Ref { id: template.id, name: template.name },
    })
}

/// One visit: the steps it had, those of the template as they are now.
async fn of_visit(r: &mut Reader, visit: Uuid, now: &[Step]) -> Result<(Ref, Vec<Step>, Found)> {
    let full = visits::sql::one(r, visit).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let mut steps: Vec<Step> = from_json(&full.rest.steps)?;
    for step in &mut steps {
        match now.iter().find(|s| s.id == step.id) {
            Some(newest) => step.clone_from(newest),
            // A template pins nothing and has no points of a round.
            None => (step.form_version, step.guide_version, step.point) = (None, None, None),
        }
    }
    let settled = visits::sql::steps(r, visit).await?.into_iter().map(|s| Settled {
        visit,
        step: s.step_id,
        done: s.status == "done",
        started_at: s.started_at,
        ended_at: s.ended_at,
    });
    let employee = Ref { id: full.light.employee_id, name: full.light.employee_name };
    let made = vec![Made { visit, employee: employee.id, effective: full.light.effective, steps: 0 }];
    let had = vec![steps.iter().map(Had::of).collect()];
    let (versions, names) = Default::default();
    let all = Found { versions, had, made, settled: settled.collect(), names };
    Ok((employee, steps, all))
}
