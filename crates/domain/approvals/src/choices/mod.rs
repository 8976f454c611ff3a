//! People whom a requester chooses for what he is about to hand in: named under the record's id before the record is there,
//! so that every way of handing in, also one that waits on a phone without a network, takes them along.

mod http;
pub(crate) mod sql;

pub(crate) use http::routes;

use std::collections::BTreeMap;

use api::{Checks, Kit};
use base::{Micros, Problem};
use db::{Query, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::flows;

/// People by step.
pub type Chosen = BTreeMap<String, Vec<Uuid>>;

/// A step whose people the requester chooses.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepChoice {
    pub node: String,
    /// As the company calls it; empty when it has no name.
    pub name: String,
    pub most: i64,
}

/// What can be handed in so that its requester chooses who decides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubjectChoice {
    /// form, object, leave, …
    pub kind: String,
    /// Its definition; nil for kinds there is one of.
    pub subject_id: Uuid,
    pub steps: Vec<StepChoice>,
}

/// Every subject whose flow in force leaves a step to its requester.
///
/// # Errors
/// When the store cannot be read.
pub async fn choices(q: &mut impl Query, now: Micros) -> Result<Vec<SubjectChoice>> {
    let mut all = vec![];
    for row in sql::bound(q, now).await? {
        let plan = flows::of_case(q, row.flow_id, row.number).await?;
        let step = |(node, most): (&str, u8)| StepChoice {
            node: node.to_owned(),
            name: plan.name(node).to_owned(),
            most: i64::from(most),
        };
        let steps: Vec<StepChoice> = plan.chosen().into_iter().map(step).collect();
        if !steps.is_empty() {
            all.push(SubjectChoice { kind: row.subject_kind, subject_id: row.subject_id, steps });
        }
    }
    Ok(all)
}

/// People chosen for a record, as a phone sends them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    pub record_id: Uuid,
    pub chosen: Chosen,
}

/// Keeps whom the acting person chose for a record of his that is to come. What he chose before is replaced; nothing is
/// changed once the record was handed in.
///
/// # Errors
/// `input.invalid` for too many of anything.
pub async fn choose(tx: &mut Tx, c: NewChoice) -> Result<()> {
    let few = c.chosen.len() <= 20 && c.chosen.iter().all(|(k, people)| k.len() <= 40 && people.len() <= 20);
    Checks::new().that("chosen", few).done()?;
    let text = serde_json::to_string(&c.chosen).map_err(Problem::internal)?;
    sql::put(tx, c.record_id, &text).await.map(drop)
}

/// How long a choice waits for its record: longer than a phone may be without a network.
const WAITS: i64 = 90 * Micros::DAY;

/// Forgets choices whose records never came.
pub(crate) async fn sweep(kit: &Kit, scope: &Scope) -> Result<()> {
    let before = kit.now().plus(-WAITS);
    if sql::old(&mut kit.db.read(scope).await?, before).await? == 0 {
        return Ok(());
    }
    kit.db.write(scope, move |tx| Box::pin(async move { sql::forget(tx, before).await })).await.map(drop)
}

/// Takes what a requester chose for a record: it is in the case from then on.
pub(crate) async fn taken(tx: &mut Tx, record: Uuid, requester: Uuid) -> Result<Chosen> {
    let Some(text) = sql::of(tx, record, requester).await? else { return Ok(Chosen::new()) };
    sql::remove(tx, record, requester).await?;
    serde_json::from_str(&text).map_err(Problem::internal)
}
