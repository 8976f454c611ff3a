//! Answering and deciding.

use api::Checks;
use base::Problem;
use db::{LogEntry, News, Result, Tx};
use serde_json::json;
use trust::Code;
use uuid::Uuid;

use crate::{CLOSED, NOT_IMPARTIAL, Policy, TOO_EARLY, card::Payload, examine, rules::REASONS, sql};

/// What the person concerned says.
pub(crate) struct Answer {
    pub reason_code: String,
    pub text: String,
    pub photo_ids: Vec<Uuid>,
}

/// The person's own explanation. May be given again until something is decided.
pub(crate) async fn answer(tx: &mut Tx, finding: Uuid, a: Answer) -> Result<()> {
    Checks::new()
        .that("reason_code", REASONS.contains(&a.reason_code.as_str()))
        .that("text", a.text.chars().count() <= 1_000)
        .that("photo_ids", a.photo_ids.len() <= 9)
        .that("text", a.reason_code != "other" || !a.text.trim().is_empty())
        .done()?;
    let f = sql::one(tx, finding).await?;
    if f.employee_id != tx.scope_actor() {
        return Err(Problem::new(base::problem::NOT_FOUND));
    }
    if !matches!(f.status.as_str(), "open" | "answered") {
        return Err(Problem::new(CLOSED));
    }
    let payload = Payload {
        reason_code: Some(a.reason_code.clone()),
        text: a.text.trim().to_owned(),
        photo_ids: a.photo_ids,
        ..Payload::default()
    };
    append(tx, &f, "answered", &payload, "answered").await?;
    let person = org::person(tx, f.employee_id).await?;
    for boss in org::responsible(tx, f.department_id, f.employee_id).await? {
        let params = json!({ "name": person.name, "day": f.day });
        let notice =
            notify::New { kind: "truth.answered", params, link: Some(format!("/truth?finding={}", f.id)) };
        notify::send(tx, boss.id, boss.department_id, notice).await?;
    }
    Ok(())
}

/// A decision about a finding.
pub(crate) struct Decision {
    /// upheld or cleared.
    pub outcome: String,
    pub reason: String,
    pub affects_pay: bool,
}

/// The first decision. One that upholds and touches pay waits for a second person.
pub(crate) async fn decide(tx: &mut Tx, finding: Uuid, d: Decision) -> Result<()> {
    let f = impartial(tx, finding).await?;
    if !matches!(f.status.as_str(), "open" | "answered") {
        return Err(Problem::new(CLOSED));
    }
    checked(&d)?;
    if f.status == "open" && d.outcome == "upheld" && tx.now() < f.answer_by {
        let zone = org::zone(tx).await?;
        let until = f.answer_by.plus(-1).local_day(&zone);
        return Err(Problem::new(TOO_EARLY).with("until", until));
    }
    let status =
        if d.affects_pay && d.outcome == "upheld" { "second" } else { d.outcome.as_str() }.to_owned();
    append(tx, &f, "decided", &d.payload(), &status).await?;
    finish(tx, &f, &status).await
}

/// The second opinion: whoever gives it is neither the first decider nor the person concerned. It ends the matter; where
/// the two disagree the finding is cleared.
pub(crate) async fn second(tx: &mut Tx, finding: Uuid, d: Decision) -> Result<()> {
    let f = impartial(tx, finding).await?;
    if f.status != "second" {
        return Err(Problem::new(CLOSED));
    }
    checked(&d)?;
    let me = tx.scope_actor();
    let first = sql::events(tx, finding).await?.into_iter().rfind(|e| e.kind == "decided");
    if first.is_none_or(|e| e.actor_id == me) {
        return Err(Problem::new(NOT_IMPARTIAL));
    }
    let status = d.outcome.clone();
    append(tx, &f, "seconded", &d.payload(), &status).await?;
    finish(tx, &f, &status).await
}

impl Decision {
    fn payload(&self) -> Payload {
        Payload {
            text: self.reason.trim().to_owned(),
            outcome: Some(self.outcome.clone()),
            affects_pay: self.affects_pay,
            ..Payload::default()
        }
    }
}

fn checked(d: &Decision) -> Result<()> {
    Checks::new()
        .that("outcome", matches!(d.outcome.as_str(), "upheld" | "cleared"))
        .text("reason", &d.reason, 1_000)
        .done()
}

/// The finding, if the acting person is somebody else than it is about.
async fn impartial(tx: &mut Tx, finding: Uuid) -> Result<sql::FindingRow> {
    let f = sql::one(tx, finding).await?;
    if f.employee_id == tx.scope_actor() { Err(Problem::new(NOT_IMPARTIAL)) } else { Ok(f) }
}

/// What was held against visits because their phone was not approved is cleared with the phone, by whoever approved it.
pub(crate) async fn phone_accepted(tx: &mut Tx, key: Uuid, reason: &str) -> Result<()> {
    let strictly = examine::company_rules(tx).await?.unknown_device == Policy::Block;
    for visit in devices::visits_of(tx, key).await? {
        let Some(f) = pending(tx, visit, Code::DeviceUnknown).await? else { continue };
        let seals = devices::of_visit(tx, visit).await?;
        if seals.unknown > 0 || strictly && seals.unsigned > 0 {
            continue;
        }
        // The person hears of his phone, not of every visit.
        append(tx, &f, "decided", &cleared("phone_approved", reason), "cleared").await?;
        examine::settle(tx, visit, None).await?;
        work::visits::announce(tx, visit).await?;
    }
    Ok(())
}

/// The seals that a visit's records lacked have come: nothing is held against it for that any more.
pub(crate) async fn signed_later(tx: &mut Tx, visit: Uuid) -> Result<()> {
    let Some(f) = pending(tx, visit, Code::DeviceUnsigned).await? else { return Ok(()) };
    append(tx, &f, "decided", &cleared("signed_later", ""), "cleared").await?;
    finish(tx, &f, "cleared").await
}

/// A visit's finding that waits for a word or a decision.
async fn pending(tx: &mut Tx, visit: Uuid, code: Code) -> Result<Option<sql::FindingRow>> {
    let rows = sql::of_visit(tx, visit).await?;
    let waits =
        |f: &sql::FindingRow| f.code == code.key() && matches!(f.status.as_str(), "open" | "answered");
    Ok(rows.into_iter().find(waits))
}

fn cleared(reason_code: &str, text: &str) -> Payload {
    Payload {
        reason_code: Some(reason_code.to_owned()),
        text: text.trim().to_owned(),
        outcome: Some("cleared".to_owned()),
        ..Payload::default()
    }
}

async fn append(tx: &mut Tx, f: &sql::FindingRow, kind: &str, payload: &Payload, status: &str) -> Result<()> {
    let text = serde_json::to_string(payload).map_err(Problem::internal)?;
    sql::add_event(tx, f, kind, &text).await?;
    sql::set_status(tx, f.id, status).await?;
    tx.log(LogEntry {
        kind: format!("finding.{kind}"),
        subject: f.visit_id.unwrap_or(f.id),
        employee: f.employee_id,
        department: f.department_id,
        record: json!({ "finding_id": f.id, "said": payload, "status": status }),
        files: vec![],
    });
    // What was said stands in the log under the name of the person concerned; the trail of the company says who acted.
    if kind != "answered" {
        tx.audit("finding.change", "finding", f.id, json!({ "kind": kind, "status": status })).await?;
    }
    let payload = json!({ "id": f.id, "employee_id": f.employee_id, "visit_id": f.visit_id, "code": f.code, "status": status });
    let (employee_id, department_id) = (f.employee_id, f.department_id);
    tx.emit(News { topic: "finding", employee_id, department_id, payload }).await
}

/// What follows from a decision: the person hears of it, and the visit counts or not.
async fn finish(tx: &mut Tx, f: &sql::FindingRow, status: &str) -> Result<()> {
    let kind = match status {
        "cleared" => "truth.cleared",
        "upheld" => "truth.upheld",
        _ => "truth.second",
    };
    let link = f.visit_id.map(|v| format!("/truth/{v}"));
    let notice = notify::New { kind, params: json!({ "day": f.day }), link };
    notify::send(tx, f.employee_id, f.department_id, notice).await?;
    match f.visit_id {
        Some(visit) => {
            examine::settle(tx, visit, None).await?;
            work::visits::announce(tx, visit).await
        }
        None => Ok(()),
    }
}
