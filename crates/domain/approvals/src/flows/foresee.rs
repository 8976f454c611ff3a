//! "Who would get this?": a draft tried with a person and values before it is published.

use std::collections::BTreeMap;

use base::Problem;
use db::{Reader, Result};
use flow::{Plan, Said, World};
use forms::Surroundings;
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Doc, FlowFault},
    store::refused,
};
use crate::{SubjectField, staff::Staff};

/// One thing that would happen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForeseenStep {
    /// asked, took_lane, copied, stood_in, skipped_own, skipped_repeat, skipped_empty, to_admin, returned_empty, completed.
    pub what: String,
    pub node: Option<String>,
    pub person: Option<Ref>,
    pub instead_of: Option<Ref>,
    pub to: Option<Ref>,
    /// The lane taken, from 0.
    pub lane: Option<i64>,
}

/// The way a case would take if everybody approved.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Foreseen {
    /// approved, or returned when nobody could be asked.
    pub status: String,
    pub steps: Vec<ForeseenStep>,
}

pub struct Question {
    pub doc: Doc,
    pub fields: Vec<SubjectField>,
    pub requester: Uuid,
    pub values: Map<String, Value>,
    pub chosen: BTreeMap<String, Vec<Uuid>>,
}

/// # Errors
/// `flow.faults`; `not_found` for a requester out of reach.
pub async fn foresee(
    r: &mut Reader,
    now: base::Micros,
    today: String,
    question: Question,
) -> Result<Foreseen> {
    let Question { doc, fields, requester, values, chosen } = question;
    let person = org::person(r, requester).await?;
    let staff = Staff::read(r, now).await?;
    let known = super::model::fields_of(&fields);
    let plan = Plan::new(&doc.0, &known, Some(&staff))
        .map_err(|faults| refused(&faults.into_iter().map(FlowFault::from).collect::<Vec<_>>()))?;
    // Formulas know every field, answered or not.
    let mut form: Map<String, Value> = known.keys().map(|k| (k.clone(), Value::Null)).collect();
    form.extend(values.into_iter().filter(|(k, _)| known.contains_key(k)));
    let user = staff.facts(requester, person.post.as_deref());
    let around = Surroundings { user, today, ..Surroundings::default() };
    let world = World { plan: &plan, people: &staff, form: &form, around: &around, now };
    let foreseen = flow::simulate(&world, requester, chosen);
    let mut names = BTreeMap::new();
    let ids: Vec<Uuid> = foreseen.said.iter().flat_map(people).collect();
    for person in org::by_ids(r, &unique(ids)).await? {
        names.insert(person.id, person.name);
    }
    let shown =
        foreseen.said.into_iter().filter(|s| !matches!(s.what, flow::What::Approved | flow::What::Submitted));
    let steps = shown.map(|s| step(s, &names)).collect::<Result<_>>()?;
    Ok(Foreseen { status: foreseen.status.key().into(), steps })
}

fn people(s: &Said) -> impl Iterator<Item = Uuid> {
    [s.person, s.instead_of, s.to].into_iter().flatten()
}

fn unique(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort();
    ids.dedup();
    ids
}

fn step(s: Said, names: &BTreeMap<Uuid, String>) -> Result<ForeseenStep> {
    let of = |id: Option<Uuid>| id.map(|id| Ref { id, name: names.get(&id).cloned().unwrap_or_default() });
    Ok(ForeseenStep {
        what: s.what.key(),
        node: s.node,
        person: of(s.person),
        instead_of: of(s.instead_of),
        to: of(s.to),
        lane: s.lane.map(i64::try_from).transpose().map_err(Problem::internal)?,
    })
}
