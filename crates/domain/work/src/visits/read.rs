//! Reading visits.

use std::collections::HashMap;

use base::{LocalDay, Micros, Problem, problem};
use db::{Query, Result};
use uuid::Uuid;

use super::{
    AudioRow, PhotoRef, PlacedPhoto, ProofDetail, ProofGiven, ProofState, Visit, VisitRow, VisitStep, audio,
    sql::{self, Full, StepRow},
};
use crate::{Step, model::from_json, model::point};

/// Visits in reach that were chosen one by one, newest first; each filter names one.
pub(super) async fn chosen(q: &mut impl Query, filters: &[sql::Filter]) -> Result<Vec<VisitRow>> {
    let mut rows = vec![];
    for filter in filters {
        rows.extend(sql::list(q, filter, None, 1).await?);
    }
    let mut rows = rows.into_iter().map(sql::Light::shown).collect::<Result<Vec<VisitRow>>>()?;
    rows.sort_unstable_by_key(|v| std::cmp::Reverse((v.check_in_at, v.id)));
    rows.dedup_by_key(|v| v.id);
    Ok(rows)
}

/// A visit in reach with all its parts.
pub async fn by_id(q: &mut impl Query, id: Uuid) -> Result<Visit> {
    let visit = sql::one(q, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    whole(q, visit).await
}

async fn whole(q: &mut impl Query, visit: Full) -> Result<Visit> {
    let answers: HashMap<Uuid, StepRow> =
        sql::steps(q, visit.light.id).await?.into_iter().map(|s| (s.step_id, s)).collect();
    let photos: Vec<(Uuid, PhotoRef)> =
        sql::photos(q, visit.light.id).await?.iter().map(|p| (p.step_id, p.shown())).collect();
    let sounds = audio::of_visit(q, visit.light.id).await?;
    let steps: Vec<Step> = from_json(&visit.rest.steps)?;
    let with_answer = |step: Step| {
        let answer = answers.get(&step.id);
        let of_step = photos.iter().filter(|(id, _)| *id == step.id).map(|(_, p)| p.clone());
        Ok(VisitStep {
            status: answer.map_or("todo", |a| &a.status).to_owned(),
            value: answer.map(|a| from_json(&a.value)).transpose()?.unwrap_or_default(),
            photos: of_step.collect(),
            started_at: answer.and_then(|a| a.started_at),
            ended_at: answer.map(|a| a.ended_at),
            at: answer.and_then(|a| point(a.lng, a.lat)),
            reason: answer.and_then(|a| a.reason.clone()),
            guide_opened_at: answer.and_then(|a| a.guide_opened_at),
            scanned: answer.and_then(|a| a.scanned.clone()),
            audio: sounds.iter().filter(|a| a.step_id == step.id).map(AudioRow::shown).collect(),
            proofs: answer.and_then(|a| a.proofs.as_deref()).map(from_json).transpose()?.unwrap_or_default(),
            step,
        })
    };
    Ok(Visit {
        check_in: visit.check_in(),
        check_out: visit.check_out(),
        steps: steps.into_iter().map(with_answer).collect::<Result<_>>()?,
        photos: photos.iter().map(|(_, p)| p.clone()).collect(),
        received_at: visit.rest.received_at,
        taken_between: [visit.rest.not_before, visit.rest.not_after.unwrap_or(visit.rest.received_at)],
        customer_at: visit.customer_at(),
        version: visit.rest.version,
        row: visit.light.shown()?,
    })
}

fn rows(rows: Vec<sql::Light>) -> Result<Vec<VisitRow>> {
    rows.into_iter().map(sql::Light::shown).collect()
}

/// The visit a person is in, if he is in reach. With several (a check-out still on the phone) the last.
pub async fn open_visit(q: &mut impl Query, employee: Uuid) -> Result<Option<VisitRow>> {
    sql::open(q, employee).await?.map(|v| v.light.shown()).transpose()
}

/// The same with all parts, and with the answers of its forms: for the phone of its person, who may go on with them.
pub async fn detail_of_open(q: &mut impl Query, employee: Uuid) -> Result<Option<Visit>> {
    match sql::open(q, employee).await? {
        Some(visit) => {
            let mut visit = whole(q, visit).await?;
            for step in &mut visit.steps {
                let record = step.value["record_id"].as_str().and_then(|id| id.parse().ok());
                if let Some(answers) = formbook::answers_at(q, record).await? {
                    step.value["answers"] = answers;
                }
            }
            Ok(Some(visit))
        }
        None => Ok(None),
    }
}

/// Visits of a person in reach that overlap a stretch of time, in order.
pub async fn visits_between(
    q: &mut impl Query,
    employee: Uuid,
    from: Micros,
    to: Micros,
) -> Result<Vec<VisitRow>> {
    rows(sql::between(q, employee, from, to).await?)
}

/// Visits of a person's day in reach, in order.
pub async fn of_person_day(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<VisitRow>> {
    rows(sql::of_person_day(q, employee, day).await?)
}

/// All visits of a day in reach, person by person.
pub async fn of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<VisitRow>> {
    rows(sql::of_day(q, day).await?)
}

/// The last visits at a customer by whomever. The caller has checked that the customer is in reach.
pub async fn last_of_customer(q: &mut impl Query, customer: Uuid, limit: i64) -> Result<Vec<VisitRow>> {
    rows(sql::of_customer(q, customer, limit).await?)
}

/// The last photos at a customer that can be shown, by visit in the order they were taken.
pub async fn photos_of_customer(
    q: &mut impl Query,
    customer: Uuid,
    limit: i64,
) -> Result<HashMap<Uuid, Vec<PhotoRef>>> {
    let mut by_visit: HashMap<Uuid, Vec<PhotoRef>> = HashMap::new();
    for photo in sql::photos_of_customer(q, customer, limit).await?.iter().rev() {
        by_visit.entry(photo.visit_id).or_default().push(photo.shown());
    }
    Ok(by_visit)
}

/// The last visits at each customer the acting person owns, by customer: for his phone.
pub async fn last_of_mine(q: &mut impl Query, each: i64) -> Result<HashMap<Uuid, Vec<VisitRow>>> {
    let mut by_customer: HashMap<Uuid, Vec<VisitRow>> = HashMap::new();
    for visit in sql::of_my_customers(q, each).await? {
        by_customer.entry(visit.customer_id).or_default().push(visit.shown()?);
    }
    Ok(by_customer)
}

/// Photos of a person's day in reach, in the order they were taken.
pub async fn photos_of_day(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<PlacedPhoto>> {
    Ok(sql::photos_of_day(q, employee, day).await?.iter().map(sql::PhotoRow::placed).collect())
}

/// A step that was answered.
#[derive(Debug, Clone, Copy)]
pub struct DoneStep {
    /// Done, or skipped.
    pub done: bool,
    pub ended_at: Micros,
}

/// What a visit was recorded with, for the floor that examines it. Whatever the reach: the caller has checked, or is a job.
#[derive(Debug, Clone)]
pub struct VisitEvidence {
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub customer_id: Uuid,
    pub day: LocalDay,
    pub check_in_at: Micros,
    pub check_out_at: Option<Micros>,
    /// Check-in by the phone's own clock.
    pub said_at: Micros,
    pub received_at: Micros,
    pub not_before: Micros,
    pub customer_at: Option<geo::LngLat>,
    pub radius_m: i64,
    pub in_at: Option<geo::LngLat>,
    pub in_accuracy_m: Option<i64>,
    pub steps: Vec<DoneStep>,
    /// For each photo: was it taken live?
    pub photos: Vec<bool>,
    pub grade: Option<String>,
    /// A step was proved by the code on the customer's screen.
    pub challenge: bool,
    /// Other visits proved by the same turn of the same code.
    pub code_shared: u32,
    /// Proofs of steps that were brought and do not hold, and a check-in that nobody is known to have made himself.
    pub failed_proofs: u32,
}

/// The evidence of a visit; `None` when there is no such visit.
pub async fn evidence_of(q: &mut impl Query, id: Uuid) -> Result<Option<VisitEvidence>> {
    let Some(v) = sql::any(q, id).await? else { return Ok(None) };
    let steps = sql::steps(q, id).await?;
    let photos = sql::photos(q, id).await?;
    let reading = v.check_in();
    let (mut challenge, mut failed_proofs) = (false, 0);
    for proofs in steps.iter().filter_map(|s| s.proofs.as_deref()) {
        let given: Vec<ProofGiven> = from_json(proofs)?;
        challenge |=
            given.iter().any(|p| p.state == ProofState::Held && p.detail == Some(ProofDetail::Rotating));
        failed_proofs += given.iter().filter(|p| p.state == ProofState::Failed).count() as u32;
    }
    failed_proofs += u32::from(v.light.identity()?.is_some_and(|p| p.state == ProofState::Failed));
    let code_shared = crate::codes::sharing(q, id).await?.len() as u32;
    Ok(Some(VisitEvidence {
        employee_id: v.light.employee_id,
        department_id: v.light.department_id,
        customer_id: v.light.customer_id,
        day: v.light.day,
        check_in_at: v.light.check_in_at,
        check_out_at: v.light.check_out_at,
        said_at: v.rest.check_in_device_at,
        received_at: v.rest.received_at,
        not_before: v.rest.not_before,
        customer_at: v.customer_at(),
        radius_m: reading.radius_m,
        in_at: reading.at,
        in_accuracy_m: reading.accuracy_m,
        steps: steps.iter().map(|s| DoneStep { done: s.status == "done", ended_at: s.ended_at }).collect(),
        photos: photos.iter().map(|p| p.live).collect(),
        grade: v.light.evidence_grade.clone(),
        challenge,
        code_shared,
        failed_proofs,
    }))
}
