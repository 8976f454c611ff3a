//! Moving a case on: load, apply, store, tell, in one transaction.

use base::{Problem, problem};
use db::{BoxFuture, LogEntry, Query, Result, Tx};
use flow::{Case, Event, Refused, Said, What, World, apply};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{sql, submit, tell};
use crate::{
    ASKED_ALREADY, FILE, NO_STEP, NOT_ASKED, NOT_FIT, NOT_REQUESTER, NOT_RETURNED, NOT_RUNNING, TOO_OFTEN,
    TOO_SOON, files::sql as files, flows, staff::Staff,
};

/// What is to happen to a case.
pub struct Step {
    pub event: Event,
    pub comment: Option<String>,
    /// Files the acting person has sent for it.
    pub files: Vec<Uuid>,
    /// The version that was seen; a decision is made on nothing else.
    pub version: Option<i64>,
}

fn problem_of(refused: Refused) -> Problem {
    Problem::new(match refused {
        Refused::NotRunning => NOT_RUNNING,
        Refused::NotAsked => NOT_ASKED,
        Refused::NotRequester => NOT_REQUESTER,
        Refused::NotReturned => NOT_RETURNED,
        Refused::NoSuchStep => NO_STEP,
        Refused::NotFit => NOT_FIT,
        Refused::AskedAlready => ASKED_ALREADY,
        Refused::TooOften => TOO_OFTEN,
        Refused::TooSoon => TOO_SOON,
    })
}

/// Applies an event.
///
/// # Errors
/// `version.conflict`, and what the flow refuses.
pub async fn step(tx: &mut Tx, staff: &Staff, id: Uuid, step: Step) -> Result<()> {
    let row = sql::state(tx, id).await?;
    if step.version.is_some_and(|v| v != row.version) {
        return Err(Problem::new(problem::VERSION));
    }
    let plan = flows::of_case(tx, row.flow_id, row.flow_number).await?;
    let (form, around) = submit::stored(&row.facts)?;
    let mut case: Case = serde_json::from_str(&row.state).map_err(Problem::internal)?;
    let before: Vec<(u64, Uuid)> = case.asked().iter().map(|(_, a)| (a.id, a.person)).collect();
    let now = tx.now();
    let world = World { plan: &plan, people: staff, form: &form, around: &around, now };
    let said = apply(&world, &mut case, step.event).map_err(problem_of)?;
    let state = serde_json::to_string(&case).map_err(Problem::internal)?;
    let ended = case.status.is_over().then_some(now);
    let due = plan.next_due(&case);
    if !sql::set_state(tx, id, row.version, case.status.key(), &state, due, ended).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let asked = case.asked();
    if before != asked.iter().map(|(_, a)| (a.id, a.person)).collect::<Vec<_>>() {
        sql::clear_asks(tx, id).await?;
        for (node, ask) in asked {
            let number = i64::try_from(ask.id).map_err(Problem::internal)?;
            sql::insert_ask(tx, id, number, node, ask.person, ask.since.unwrap_or(now)).await?;
        }
    }
    keep(tx, &row, &said, step.comment.as_deref(), &step.files).await?;
    tell::tell(tx, staff, &row, &plan, &said, &before, step.comment.as_deref()).await?;
    if case.status.key() != row.status {
        for heard in inventory::iter::<Outcome> {
            if heard.kinds.contains(&row.subject_kind.as_str()) {
                (heard.run)(tx, row.record_id, case.status.key()).await?;
            }
        }
    }
    Ok(())
}

/// Registered by upper floors: does what follows when a case of their kinds comes to stand otherwise, in the same transaction.
/// The status is running, returned, approved, rejected or withdrawn.
pub struct Outcome {
    pub kinds: &'static [&'static str],
    pub run: for<'a> fn(&'a mut Tx, Uuid, &'a str) -> BoxFuture<'a, Result<()>>,
}
inventory::collect!(Outcome);

/// Writes the trail, who has to do with the case, and the company's log. A comment and its files belong to the first thing
/// said.
async fn keep(
    tx: &mut Tx,
    row: &sql::StateRow,
    said: &[Said],
    comment: Option<&str>,
    sent: &[Uuid],
) -> Result<()> {
    let begun = sql::trail_length(tx, row.id).await?;
    for (k, (seq, s)) in (begun + 1..).zip(said).enumerate() {
        let what = s.what.key();
        let line = sql::NewTrail {
            seq,
            what: &what,
            node: s.node.as_deref(),
            person: s.person,
            instead_of: s.instead_of,
            to: s.to,
            lane: s.lane.map(i64::try_from).transpose().map_err(Problem::internal)?,
            comment: comment.filter(|_| k == 0),
        };
        sql::insert_trail(tx, row.id, &line).await?;
        let mut hashes = vec![];
        for id in sent.iter().filter(|_| k == 0) {
            hashes.push(carried(tx, *id, row.id, seq).await?);
        }
        if let Some((person, part)) = part_of(s) {
            sql::insert_part(tx, row.id, person, part).await?;
        }
        tx.log(LogEntry {
            kind: format!("approval.{what}"),
            subject: row.id,
            employee: row.employee_id,
            department: row.department_id,
            // Words of a person stay out of the log, so that they can be forgotten; their hash proves them.
            record: json!({
                "seq": seq, "node": s.node, "person": s.person, "instead_of": s.instead_of, "to": s.to, "lane": s.lane,
                "comment_sha256": line.comment.map(|c| hex::encode(Sha256::digest(c))), "files_sha256": hashes,
            }),
            files: vec![],
        });
    }
    Ok(())
}

/// Puts a file beside a line of the trail; answers its hash.
async fn carried(tx: &mut Tx, id: Uuid, case: Uuid, seq: i64) -> Result<String> {
    let none = || Problem::new(FILE).field("file_ids", FILE);
    if !files::attach(tx, id, case, seq).await? {
        return Err(none());
    }
    Ok(files::any(tx, id).await?.ok_or_else(none)?.sha256)
}

fn part_of(s: &Said) -> Option<(Uuid, &'static str)> {
    let part = match s.what {
        What::Asked => "asked",
        What::Copied => "copied",
        What::Approved | What::Rejected | What::Returned | What::ReturnedToStep => "decided",
        What::Transferred => "decided",
        _ => return None,
    };
    s.person.map(|p| (p, part))
}

/// Does what time brings.
pub(crate) async fn due(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    step(tx, &staff, id, Step { event: Event::Tick, comment: None, files: vec![], version: None }).await
}

/// Hands on what waits for somebody who is absent or has left, in one case.
pub(crate) async fn hand_on(tx: &mut Tx, id: Uuid, person: Uuid) -> Result<()> {
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    step(tx, &staff, id, Step { event: Event::Away { person }, comment: None, files: vec![], version: None })
        .await
}

/// Cases with something due now, and asks of people who left.
pub(crate) async fn waiting(q: &mut impl Query, now: base::Micros) -> Result<Vec<Uuid>> {
    sql::due(q, now).await
}

pub(crate) async fn left(q: &mut impl Query) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(sql::left(q).await?.into_iter().map(|r| (r.approval_id, r.employee_id)).collect())
}

/// Cases in which a person is asked.
pub(crate) async fn asking(q: &mut impl Query, person: Uuid) -> Result<Vec<Uuid>> {
    sql::asking(q, person).await
}
