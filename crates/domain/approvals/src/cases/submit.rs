//! What the floors above do: hand something in, and ask how it stands.

use base::{Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use flow::{Case, Event, Status};
use forms::Surroundings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    run::{self, Step},
    sql,
};
use crate::{Text, choices, flows, staff::Staff};

/// A line of what is handed in, for lists.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Line {
    pub label: Text,
    /// By language; one value alone for what is the same in all.
    pub value: Text,
}

/// Something to be approved.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The kind of [`crate::Subjects`] it belongs to: `form`.
    pub kind: &'static str,
    /// Its definition: the form; nil for kinds there is one of.
    pub subject: Uuid,
    /// The record itself; a record has one case.
    pub record: Uuid,
    pub title: Text,
    pub requester: Uuid,
    /// Answers by field key: what formulas know as `form`. No coordinates.
    pub form: Map<String, Value>,
    pub customer: Value,
    pub task: Value,
    /// The requester's local day.
    pub today: String,
    /// The first few answers, for lists.
    pub summary: Vec<Line>,
    /// What the people asked are shown: `{ "spec": FormSpec, "answers": {…}, "names": {id: name} }`. No coordinates.
    pub content: Value,
}

/// How a record stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Standing {
    /// The case.
    pub id: Uuid,
    /// running, returned, approved, rejected or withdrawn.
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
}

/// Hands something in. The first time it begins a case when a flow is in use for it; later the acting person, who may, has
/// changed it: a case that was sent back is handed in again, a running or an approved one begins anew, a rejected or
/// withdrawn one keeps its outcome and what it was about, and notes the change. Answers the case.
///
/// # Errors
/// When the store cannot be written.
pub async fn hand_in(tx: &mut Tx, m: Matter) -> Result<Option<Uuid>> {
    begin(tx, m, None).await
}

/// The same for what must always be decided: without a flow in use the head of the requester's department decides, by a flow
/// of this name that is made when it is first needed and can be changed like any other.
///
/// # Errors
/// When the store cannot be written.
pub async fn hand_in_or_head(tx: &mut Tx, m: Matter, name: &str) -> Result<Option<Uuid>> {
    begin(tx, m, Some(name)).await
}

async fn begin(tx: &mut Tx, m: Matter, otherwise: Option<&str>) -> Result<Option<Uuid>> {
    let now = tx.now();
    if let Some(known) = sql::of_record(tx, m.kind, m.record).await? {
        let staff = Staff::read(tx, now).await?;
        if !known.is(&[Status::Rejected, Status::Withdrawn]) {
            let facts = facts(tx, &staff, &m).await?;
            let content = sql::Content {
                facts: &facts.to_string(),
                content: &m.content.to_string(),
                summary: &summary(&m)?,
                title: &json!(m.title).to_string(),
            };
            sql::set_content(tx, known.id, &content).await?;
        }
        let by = tx.scope_actor();
        let chosen = choices::taken(tx, m.record, by).await?;
        // Whom he chose while he corrected it counts as when he hands it in unchanged.
        let event = match !chosen.is_empty() && by == known.employee_id && known.is(&[Status::Returned]) {
            true => Event::Submit { chosen },
            false => Event::Change { by },
        };
        let step = Step { event, comment: None, files: vec![], version: None };
        run::step(tx, &staff, known.id, step).await?;
        return Ok(Some(known.id));
    }
    let (flow, number) = match (flows::in_force(tx, m.kind, m.subject, now).await?, otherwise) {
        (Some(found), _) => found,
        (None, Some(name)) => flows::by_the_head(tx, m.kind, m.subject, name).await?,
        (None, None) => return Ok(None),
    };
    let staff = Staff::read(tx, now).await?;
    let Some(department) = staff.department(m.requester) else { return Ok(None) };
    let id = id::new_v7();
    let facts = facts(tx, &staff, &m).await?;
    let new = sql::NewCase {
        id,
        kind: m.kind,
        subject: m.subject,
        record: m.record,
        title: &json!(m.title).to_string(),
        summary: &summary(&m)?,
        employee: m.requester,
        department,
        flow,
        number,
        status: Status::New.key(),
        state: &serde_json::to_string(&Case::new(m.requester)).map_err(Problem::internal)?,
        facts: &facts.to_string(),
        content: &m.content.to_string(),
    };
    sql::insert(tx, &new).await?;
    let chosen = choices::taken(tx, m.record, m.requester).await?;
    let event = Event::Submit { chosen };
    run::step(tx, &staff, id, Step { event, comment: None, files: vec![], version: None }).await?;
    Ok(Some(id))
}

fn summary(m: &Matter) -> Result<String> {
    serde_json::to_string(&m.summary).map_err(Problem::internal)
}

async fn facts(tx: &mut Tx, staff: &Staff, m: &Matter) -> Result<Value> {
    let post = org::by_ids(tx, &[m.requester]).await?.into_iter().next().and_then(|p| p.post);
    let user = staff.facts(m.requester, post.as_deref());
    Ok(json!({ "form": m.form, "user": user, "customer": m.customer, "task": m.task, "today": m.today }))
}

/// What formulas look at, as it was stored.
pub(super) fn stored(facts: &str) -> Result<(Map<String, Value>, Surroundings)> {
    let mut all: Map<String, Value> = serde_json::from_str(facts).map_err(Problem::internal)?;
    let mut take = |name: &str| all.remove(name).unwrap_or_default();
    let form = match take("form") {
        Value::Object(form) => form,
        _ => Map::new(),
    };
    let (customer, user, task) = (take("customer"), take("user"), take("task"));
    let today = take("today").as_str().unwrap_or_default().to_owned();
    Ok((form, Surroundings { customer, user, task, today }))
}

/// Ends what is open of a record that goes away: its case is withdrawn in the requester's name, whoever removes the record.
/// What is over, or was never handed in, stays as it is.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn close(tx: &mut Tx, kind: &str, record: Uuid) -> Result<()> {
    let open = sql::of_record(tx, kind, record).await?;
    let Some(known) = open.filter(|k| k.is(&[Status::Running, Status::Returned])) else { return Ok(()) };
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    let event = Event::Withdraw { by: known.employee_id };
    run::step(tx, &staff, known.id, Step { event, comment: None, files: vec![], version: None }).await
}

/// The acting person takes back what he handed in.
///
/// # Errors
/// `approval.not_running`, `approval.not_requester`.
pub async fn withdraw(tx: &mut Tx, kind: &str, record: Uuid) -> Result<()> {
    let known = sql::of_record(tx, kind, record).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    let event = Event::Withdraw { by: tx.scope_actor() };
    run::step(tx, &staff, known.id, Step { event, comment: None, files: vec![], version: None }).await
}

/// How a record stands; `None` when it was never handed in. The caller has checked that the reader may see the record.
///
/// # Errors
/// When the store cannot be read.
pub async fn standing(q: &mut impl Query, kind: &str, record: Uuid) -> Result<Option<Standing>> {
    let known = sql::of_record(q, kind, record).await?;
    Ok(known.map(|k| Standing { id: k.id, status: k.status, changed_at: k.changed_at }))
}

/// May the acting person correct this record and hand it in again, because it was sent back to him?
///
/// # Errors
/// When the store cannot be read.
pub async fn may_hand_in_again(q: &mut impl Query, kind: &str, record: Uuid) -> Result<bool> {
    let me = q.scope().actor();
    let known = sql::of_record(q, kind, record).await?;
    Ok(known.is_some_and(|k| k.is(&[Status::Returned]) && k.employee_id == me))
}
