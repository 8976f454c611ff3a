//! Examining: what is known goes through the engine, what it finds is kept, people are told.

use base::{LocalDay, Micros, id};
use db::{Database, LogEntry, News, Query, Result, Scope, Tx};
use serde_json::json;
use trust::{Code, VERSION, judge, judge_records};
use uuid::Uuid;
use work::visits::VisitEvidence;

use crate::{
    BLOCKED, CompanyRules, Grade, Policy, centre, facts,
    model::PhotoPair,
    rules::{self, Proof},
    sql,
};
use base::Problem;

/// Weaker findings than this are not worth anybody's time.
const KEEP: f64 = trust::AMBER;
/// A new measurement replaces the old one when it is stronger by so much.
const STRONGER: f64 = 0.1;

/// How the records of a visit came in.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    pub device: String,
    /// The word of the server that the check-in carries.
    pub nonce: Option<String>,
    /// Check-in or check-out came: look at the positions too.
    pub track: bool,
}

/// Whose and when a finding is.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub visit_id: Option<Uuid>,
    pub day: LocalDay,
}

impl Subject {
    fn key(&self, code: &str) -> String {
        match self.visit_id {
            Some(visit) => format!("visit:{visit}:{code}"),
            None => format!("day:{}:{}:{code}", self.employee_id, self.day),
        }
    }
}

/// The company's rules; its defaults when nobody changed them.
pub(crate) async fn company_rules(q: &mut impl Query) -> Result<CompanyRules> {
    let row = sql::rules(q).await?;
    Ok(row.and_then(|r| serde_json::from_str(&r.rules).ok()).unwrap_or_default())
}

/// What is asked about a visit.
struct Asked {
    device: String,
    /// Its records carry a word of the server that was handed to the person.
    nonce: bool,
    track: bool,
}

/// Everything found about a visit as it stands now.
struct Found {
    findings: Vec<trust::Finding>,
    pairs: Pairs,
    proof: Proof,
    /// No record lacks the seal it should have.
    signed: bool,
}

/// Photos beside the earlier ones they are compared with, by rule.
#[derive(Default)]
struct Pairs {
    same: Vec<PhotoPair>,
    alike: Vec<PhotoPair>,
}

impl Pairs {
    fn of(&self, code: Code) -> &[PhotoPair] {
        match code {
            Code::PhotoDuplicate => &self.same,
            Code::PhotoNear => &self.alike,
            _ => &[],
        }
    }
}

async fn found(
    q: &mut impl Query,
    visit: Uuid,
    v: &VisitEvidence,
    asked: &Asked,
    rules: &CompanyRules,
) -> Result<Found> {
    let device = Some(asked.device.as_str()).filter(|d| !d.is_empty());
    let facts::Gathered { records, same, alike } = facts::records(q, visit, v, device, rules).await?;
    let mut all = judge_records(&records);
    let mut native = false;
    if asked.track {
        let readings = tracking::readings(q, v.employee_id, v.day).await?;
        let (from, to) = (v.check_in_at.0 / 1000 - 900_000, v.check_out_at.map_or(i64::MAX, |t| t.0 / 1000));
        native = readings.iter().any(|r| r.source != 0 && (from..=to).contains(&r.t_ms));
        let company = facts::company_of(q, visit, v, &readings, rules).await?;
        let judged = tokio::task::spawn_blocking(move || judge(&company)).await.map_err(Problem::internal)?;
        let of_visit = judged.visits.into_iter().next().map(|a| a.findings).unwrap_or_default();
        all.extend(of_visit.into_iter().filter(|f| rules::at_once(f.code)));
    }
    all.retain(|f| rules.of(f.code) != Policy::Allow);
    let proof = Proof {
        nonce: asked.nonce,
        live_photo: v.photos.iter().any(|live| *live),
        challenge: v.challenge,
        native_flags: native,
    };
    let signed = records.seals.unsigned == 0;
    Ok(Found { findings: all, pairs: Pairs { same, alike }, proof, signed })
}

/// Refuses a check-in that the company's rules block. Called in the transaction that recorded it.
///
/// # Errors
/// `truth.blocked` with the reason in both languages' words.
pub async fn gate(tx: &mut Tx, visit: Uuid, device: &str) -> Result<()> {
    let rules = company_rules(tx).await?;
    if !rules.any_blocks() {
        return Ok(());
    }
    let Some(v) = work::visits::evidence_of(tx, visit).await? else { return Ok(()) };
    let asked = Asked { device: device.to_owned(), nonce: false, track: true };
    let Found { findings, .. } = found(tx, visit, &v, &asked, &rules).await?;
    match rules::admit(&rules, &findings) {
        None => Ok(()),
        Some(f) => {
            let rule = f.code.rule();
            let zh = rule.sentence(base::problem::Lang::Zh, &f.numbers);
            let en = rule.sentence(base::problem::Lang::En, &f.numbers);
            Err(Problem::new(BLOCKED).with("found_zh", zh).with("found_en", en).with("rule", f.code.key()))
        }
    }
}

/// Asks for an examination of a visit whose records came in, in their transaction: from then on it cannot be forgotten. It is
/// made after the commit ([`examine`]), so that nobody's check-in waits for anybody's judging.
pub async fn ask(tx: &mut Tx, visit: Uuid, arrival: &Arrival) -> Result<()> {
    let nonce = match &arrival.nonce {
        Some(nonce) => sql::nonce_known(tx, nonce).await?,
        None => false,
    };
    sql::ask(tx, visit, &arrival.device, nonce, arrival.track).await.map(drop)
}

/// Examines visits that were asked for. What cannot be examined now stays asked for; the watching comes back to it.
pub async fn examine(db: &Database, tenant: Uuid, visits: &[Uuid]) {
    for visit in visits {
        if let Err(e) = one(db, tenant, *visit).await {
            tracing::warn!(%visit, error = %e, "a visit is examined later");
            // Behind the others that wait.
            let (scope, visit) = (Scope::job("truth", tenant), *visit);
            let put_off = db.write(&scope, move |tx| Box::pin(async move { sql::put_off(tx, visit).await }));
            if let Err(e) = put_off.await {
                tracing::warn!(%visit, error = %e, "a visit keeps its place");
            }
        }
    }
}

/// Judges a visit beside all writing, then keeps what was found in one short transaction.
async fn one(db: &Database, tenant: Uuid, visit: Uuid) -> Result<()> {
    let scope = Scope::job("truth", tenant);
    let mut reader = db.read(&scope).await?;
    let Some(due) = sql::due_of(&mut reader, visit).await? else { return Ok(()) };
    let Some(v) = work::visits::evidence_of(&mut reader, visit).await? else { return Ok(()) };
    let rules = company_rules(&mut reader).await?;
    let asked = Asked { device: due.device, nonce: due.nonce, track: due.track };
    let found = found(&mut reader, visit, &v, &asked, &rules).await?;
    drop(reader);
    let subject = Subject {
        employee_id: v.employee_id,
        department_id: v.department_id,
        visit_id: Some(visit),
        day: v.day,
    };
    db.write(&scope, move |tx| {
        Box::pin(async move {
            keep_with(tx, subject, &found.findings, &found.pairs, &rules).await?;
            if found.signed {
                centre::signed_later(tx, visit).await?;
            }
            settle(tx, visit, Some(rules::grade(found.proof))).await?;
            sql::done(tx, visit, due.mark).await.map(drop)
        })
    })
    .await
}

/// Working days a person has to answer.
const ANSWER_DAYS: usize = 3;

/// The end of the third working day after today, by the person's calendar; where the calendar has no such days soon, of the
/// third day.
async fn answer_by(tx: &mut Tx, person: Uuid) -> Result<Micros> {
    let zone = org::zone(tx).await?;
    let today = tx.now().local_day(&zone);
    let mut worked = 0;
    for ahead in 1..=30 {
        let day = today.plus_days(ahead);
        worked += usize::from(!org::duty_minutes(tx, person, day).await?.is_empty());
        if worked == ANSWER_DAYS {
            return Ok(day.at_minute(24 * 60, &zone));
        }
    }
    Ok(today.plus_days(3).at_minute(24 * 60, &zone))
}

/// Keeps what is new or notably stronger than what is kept, and tells people.
pub(crate) async fn keep(
    tx: &mut Tx,
    subject: Subject,
    findings: &[trust::Finding],
    rules: &CompanyRules,
) -> Result<()> {
    keep_with(tx, subject, findings, &Pairs::default(), rules).await
}

async fn keep_with(
    tx: &mut Tx,
    subject: Subject,
    findings: &[trust::Finding],
    pairs: &Pairs,
    rules: &CompanyRules,
) -> Result<()> {
    let mut new: Option<(Uuid, &trust::Finding)> = None;
    if findings.iter().all(|f| f.weight < KEEP) {
        return Ok(());
    }
    let answer_by = answer_by(tx, subject.employee_id).await?;
    for f in findings.iter().filter(|f| f.weight >= KEEP) {
        let key = subject.key(f.code.key());
        let before = sql::newest(tx, &key).await?;
        if let Some(b) = &before {
            // What was decided stays decided; what was cleared is this person's own normal.
            let decided = matches!(b.status.as_str(), "upheld" | "cleared" | "second" | "answered");
            if decided || f.weight < b.weight as f64 / 1000.0 + STRONGER {
                continue;
            }
        }
        let id = id::new_v7();
        let numbers = serde_json::to_string(&f.numbers).map_err(Problem::internal)?;
        let compared = serde_json::to_string(pairs.of(f.code)).map_err(Problem::internal)?;
        let row = sql::NewFinding {
            id,
            subject: &key,
            revision: before.as_ref().map_or(1, |b| b.revision + 1),
            employee_id: subject.employee_id,
            department_id: subject.department_id,
            visit_id: subject.visit_id,
            day: subject.day,
            code: f.code.key(),
            rule_version: VERSION,
            weight: (f.weight * 1000.0).round() as i64,
            from_at: Micros(f.from_ms.saturating_mul(1000)),
            to_at: Micros(f.to_ms.saturating_mul(1000)),
            numbers: &numbers,
            compared: &compared,
            answer_by,
        };
        if !sql::insert(tx, &row).await? {
            continue;
        }
        tx.log(LogEntry {
            kind: "finding.found".to_owned(),
            // With the visit, so that it is in the visit's bundle.
            subject: subject.visit_id.unwrap_or(id),
            employee: subject.employee_id,
            department: subject.department_id,
            record: json!({
                "finding_id": id, "visit_id": subject.visit_id, "day": subject.day, "code": f.code.key(), "rule_version": VERSION,
                "weight": row.weight, "numbers": f.numbers, "revision": row.revision,
            }),
            files: vec![],
        });
        if let Some(b) = before {
            sql::set_status(tx, b.id, "replaced").await?;
        }
        let payload = json!({ "id": id, "employee_id": subject.employee_id, "visit_id": subject.visit_id, "code": f.code.key(), "status": "open" });
        let (employee_id, department_id) = (subject.employee_id, subject.department_id);
        tx.emit(News { topic: "finding", employee_id, department_id, payload }).await?;
        if new.is_none_or(|(_, old)| old.weight < f.weight) {
            new = Some((id, f));
        }
    }
    if let Some((id, strongest)) = new {
        tell(tx, subject, id, strongest, rules).await?;
    }
    Ok(())
}

/// The person first, then the managers, in one transaction; one notice for all findings of a moment.
async fn tell(
    tx: &mut Tx,
    subject: Subject,
    finding: Uuid,
    f: &trust::Finding,
    rules: &CompanyRules,
) -> Result<()> {
    let person = org::person(tx, subject.employee_id).await?;
    let rule = f.code.rule();
    let params = json!({
        "name": person.name,
        "zh": rule.title(base::problem::Lang::Zh),
        "en": rule.title(base::problem::Lang::En),
        "day": subject.day,
    });
    let own = match subject.visit_id {
        Some(visit) => format!("/truth/{visit}"),
        None => "/truth".into(),
    };
    let to_person = notify::New { kind: "truth.found", params: params.clone(), link: Some(own) };
    notify::send(tx, subject.employee_id, subject.department_id, to_person).await?;
    if rules.alert_managers && f.weight >= trust::RED {
        for boss in org::responsible(tx, subject.department_id, subject.employee_id).await? {
            let link = Some(format!("/truth?finding={finding}"));
            let notice = notify::New { kind: "truth.alert", params: params.clone(), link };
            notify::send(tx, boss.id, boss.department_id, notice).await?;
        }
    }
    Ok(())
}

/// Works out whether a red finding keeps a visit from counting, and tells the floor of visits.
pub(crate) async fn settle(tx: &mut Tx, visit: Uuid, grade: Option<Grade>) -> Result<()> {
    let rows = sql::of_visit(tx, visit).await?;
    let fallen = fallen_rules(tx).await?;
    let rules = company_rules(tx).await?;
    let open: Vec<trust::Finding> = rows
        .iter()
        .filter(|r| r.status != "cleared")
        .filter_map(|r| engine_finding(r, &fallen))
        .filter(|f| rules.keeps_from_counting(f.code))
        .collect();
    let red = trust::assess(open, true).band == trust::Band::Red;
    if work::visits::set_truth(tx, visit, red, grade.map(Grade::key)).await? {
        work::visits::announce(tx, visit).await?;
    }
    Ok(())
}

/// Codes of rules that were wrong too often in this company.
pub(crate) async fn fallen_rules(q: &mut impl Query) -> Result<Vec<String>> {
    let counts = sql::counts(q).await?;
    Ok(counts.into_iter().filter(|c| rules::fallen(c.decided, c.cleared)).map(|c| c.code).collect())
}

/// A kept finding as the engine weighs it now.
pub(crate) fn engine_finding(r: &sql::FindingRow, fallen: &[String]) -> Option<trust::Finding> {
    Some(trust::Finding {
        code: Code::from_key(&r.code)?,
        weight: rules::counted(r.weight as f64 / 1000.0, fallen.contains(&r.code)),
        from_ms: r.from_at.0.div_euclid(1000),
        to_ms: r.to_at.0.div_euclid(1000),
        numbers: serde_json::from_str(&r.numbers).unwrap_or_default(),
    })
}
