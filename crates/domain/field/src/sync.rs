//! Taking what a phone brings. A batch whose items are all good is one transaction; when one is refused, each
//! is taken in a transaction of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use api::{Checks, Kit};
use base::{Micros, Problem, problem, problem::Lang};
use db::{LogEntry, Query, Result, Scope, Tx};
use devices::{KeyAnswer, Mark, State};
use org::{DutyKind, declared::NewEntry};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use uuid::Uuid;
use work::{
    changes,
    visits::{self, When},
};

use crate::{SyncInput, SyncItem, SyncReceipt, UNKNOWN_KIND, rules, sql};

/// Most items of one request.
const MAX_ITEMS: usize = 100;

/// How an item was decided.
type Decision = std::result::Result<SyncReceipt, Problem>;

/// Receipts in the order sent, what became of the chain, and the visits that are to be examined.
type Taken = (Vec<SyncReceipt>, Option<KeyAnswer>, Vec<Uuid>);

/// Takes a batch. `texts`: SHA-256 of each item as it was written.
pub async fn take(kit: &Kit, scope: &Scope, input: SyncInput, texts: &[String], lang: Lang) -> Result<Taken> {
    Checks::new()
        .text("device_id", &input.device_id, 80)
        .that("items", input.items.len() <= MAX_ITEMS)
        .that("items", input.items.iter().all(|i| i.kind.chars().count() <= 40))
        .done()?;
    let items = input.items;
    let records: Vec<(Uuid, String)> =
        items.iter().zip(texts).map(|(item, sha256)| (item.id, sha256.clone())).collect();
    // Before the records and by themselves: a record is taken whatever its seal says.
    let seals = devices::take(kit, scope, &input.device_id, input.chain, &records).await?;
    let chain = seals.answer;
    let healed = healed(kit, scope, seals.late.clone()).await?;
    let from = Arc::new(From { device: input.device_id, seals, day: prepared(kit, scope, &items).await? });
    let order = rules::order(&items);
    let (all, its_from) = (items.clone(), from.clone());
    let sequence = order.clone();
    let together = kit
        .db
        .write(scope, move |tx| {
            Box::pin(async move {
                let (mut taken, mut touched) = (Vec::with_capacity(sequence.len()), BTreeMap::new());
                for k in sequence {
                    let (receipt, visit) = one(tx, &its_from, &all[k]).await?;
                    taken.push((k, receipt));
                    note_arrival(&mut touched, visit, &its_from.device, &all[k]);
                }
                let visits = ask(tx, touched).await?;
                Ok((taken, visits))
            })
        })
        .await;
    let mut decided: Vec<Option<Decision>> = items.iter().map(|_| None).collect();
    let mut touched = match together {
        Ok((taken, touched)) => {
            taken.into_iter().for_each(|(k, receipt)| decided[k] = Some(Ok(receipt)));
            touched
        }
        Err(problem) if problem.code == problem::BUSY => return Err(problem),
        Err(_) => each(kit, scope, &from, &items, order, &mut decided).await?,
    };
    touched.extend(healed);
    let now = kit.now();
    let answer = |(item, decision): (&SyncItem, Option<Decision>)| match decision {
        Some(Ok(receipt)) => receipt,
        Some(Err(problem)) => refused(item.id, &problem, lang, now),
        None => refused(item.id, &Problem::new(problem::INTERNAL), lang, now),
    };
    Ok((items.iter().zip(decided).map(answer).collect(), chain, touched))
}

/// Puts records under seals that came after them, and asks for their visits to be looked at again.
async fn healed(kit: &Kit, scope: &Scope, late: Vec<devices::Late>) -> Result<Vec<Uuid>> {
    if late.is_empty() {
        return Ok(vec![]);
    }
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let visits = devices::heal(tx, &late).await?;
                for visit in &visits {
                    truth::ask(tx, *visit, &truth::Arrival::default()).await?;
                }
                Ok(visits)
            })
        })
        .await
}

/// What all items of a batch have in common.
struct From {
    device: String,
    seals: devices::Taken,
    /// Travel for changes of the day.
    day: Option<Arc<changes::Prepared>>,
}

/// Travel for changes of the day: it is asked here, since nothing outside may be asked in a transaction.
async fn prepared(kit: &Kit, scope: &Scope, items: &[SyncItem]) -> Result<Option<Arc<changes::Prepared>>> {
    let changed = |i: &&SyncItem| matches!(i.kind.as_str(), "plan.reorder" | "task.skip");
    let wishes: Vec<Vec<Uuid>> = items
        .iter()
        .filter(changed)
        .map(|i| body::<changes::Reorder>(i).map(|wish| wish.order).unwrap_or_default())
        .collect();
    if wishes.is_empty() {
        return Ok(None);
    }
    Ok(changes::prepare(kit, scope, &wishes).await?.map(Arc::new))
}

/// Takes the items one by one, and those that waited for another of them again. Answers the visits that are to be examined.
async fn each(
    kit: &Kit,
    scope: &Scope,
    from: &Arc<From>,
    items: &[SyncItem],
    order: Vec<usize>,
    decided: &mut [Option<Decision>],
) -> Result<Vec<Uuid>> {
    let mut touched = BTreeSet::new();
    let mut waiting = order;
    loop {
        let before = waiting.len();
        let mut still = vec![];
        for k in waiting {
            let (from, item) = (from.clone(), items[k].clone());
            let decision =
                kit.db.write(scope, move |tx| Box::pin(async move { alone(tx, &from, &item).await })).await;
            match &decision {
                Ok((_, visits)) => touched.extend(visits),
                // What is taken so far is durable; the phone offers everything again and hears of duplicates.
                Err(problem) if problem.code == problem::BUSY => return Err(problem.clone()),
                Err(problem) if problem.code.status >= 500 => {
                    tracing::error!(item = %items[k].id, kind = %items[k].kind, error = %problem, "an item cannot be taken");
                }
                Err(problem) if rules::may_pass_later(problem) => still.push(k),
                Err(_) => {}
            }
            decided[k] = Some(decision.map(|(receipt, _)| receipt));
        }
        if still.is_empty() || still.len() == before {
            return Ok(touched.into_iter().collect());
        }
        waiting = still;
    }
}

fn refused(id: Uuid, problem: &Problem, lang: Lang, received_at: Micros) -> SyncReceipt {
    SyncReceipt {
        id,
        status: "rejected",
        code: Some(problem.code.code.to_owned()),
        title: Some(problem.title(lang)),
        detail: Some(detail(problem, lang)),
        received_at,
    }
}

/// The problem's own sentence and the fields it names: a receipt has no list of its own for them.
fn detail(problem: &Problem, lang: Lang) -> String {
    let fields: Vec<String> =
        problem.fields.iter().map(|f| format!("{}: {}", f.field, f.message(lang))).collect();
    if fields.is_empty() { problem.detail(lang) } else { fields.join("; ") }
}

/// Gathers, for each visit a batch changes, how its records came in.
fn note_arrival(
    touched: &mut BTreeMap<Uuid, truth::Arrival>,
    visit: Option<Uuid>,
    device: &str,
    item: &SyncItem,
) {
    let Some(visit) = visit else { return };
    let arrival = touched.entry(visit).or_default();
    device.clone_into(&mut arrival.device);
    if let Some(nonce) = item.body.get("nonce").and_then(|n| n.as_str()) {
        arrival.nonce = Some(nonce.to_owned());
    }
    arrival.track |= matches!(item.kind.as_str(), "visit.check_in" | "visit.check_out");
}

/// Asks for the visits to be examined, and for those proved with the same code of a customer: it takes two to see that.
/// Answers all of them.
async fn ask(tx: &mut Tx, touched: BTreeMap<Uuid, truth::Arrival>) -> Result<Vec<Uuid>> {
    let mut all: BTreeSet<Uuid> = touched.keys().copied().collect();
    for (visit, arrival) in touched {
        truth::ask(tx, visit, &arrival).await?;
        visits::announce(tx, visit).await?;
        for other in work::codes::sharing(tx, visit).await? {
            if all.insert(other) {
                truth::ask(tx, other, &truth::Arrival::default()).await?;
            }
        }
    }
    Ok(all.into_iter().collect())
}

/// Takes an item in a transaction of its own.
async fn alone(tx: &mut Tx, from: &From, item: &SyncItem) -> Result<(SyncReceipt, Vec<Uuid>)> {
    let (receipt, visit) = one(tx, from, item).await?;
    let mut touched = BTreeMap::new();
    note_arrival(&mut touched, visit, &from.device, item);
    Ok((receipt, ask(tx, touched).await?))
}

/// Takes one item, once; answers the visit it changed beside the receipt.
async fn one(tx: &mut Tx, from: &From, item: &SyncItem) -> Result<(SyncReceipt, Option<Uuid>)> {
    let me = tx.scope().actor();
    let sha256 = work::content_sha256(&json!({ "by": me, "item": item }))?;
    let taken = |status, received_at| SyncReceipt {
        id: item.id,
        status,
        code: None,
        title: None,
        detail: None,
        received_at,
    };
    if !sql::insert_receipt(tx, item.id, &from.device, &item.kind, &sha256).await? {
        return match sql::receipt(tx, item.id).await? {
            Some(old) if old.sha256 == sha256 => Ok((taken("duplicate", old.received_at), None)),
            _ => Err(Problem::new(problem::CONFLICT)),
        };
    }
    let mark = from.seals.mark(item.id);
    let visit = apply(tx, item, mark, from.day.as_deref()).await?;
    log(tx, &from.device, mark, item, visit).await?;
    if let Some(visit) = visit {
        devices::note(tx, item.id, visit, &from.seals).await?;
    }
    if let ("visit.check_in", Some(visit)) = (item.kind.as_str(), visit) {
        truth::gate(tx, visit, &from.device).await?;
    }
    Ok((taken("accepted", tx.now()), visit))
}

/// Puts a taken item into the company's log, as the phone sent it. Marks of reading prove nothing and stay out.
async fn log(
    tx: &mut Tx,
    device: &str,
    mark: Option<Mark>,
    item: &SyncItem,
    visit: Option<Uuid>,
) -> Result<()> {
    if matches!(item.kind.as_str(), "notice.read" | "plan.read" | "practice.done") {
        return Ok(());
    }
    let me = tx.scope().actor();
    let department = org::person(tx, me).await?.department_id;
    let files = match (item.kind.as_str(), item.body["photo_id"].as_str(), item.body["sha256"].as_str()) {
        ("visit.photo", Some(id), Some(sha256)) => {
            id.parse().map(|id: Uuid| vec![(id, sha256.to_owned())]).unwrap_or_default()
        }
        _ => vec![],
    };
    let item = &logged(tx, item).await?;
    let mut record = json!({ "item": item, "device": device });
    if let Some(key) = mark.and_then(|m| m.key_id) {
        let (state, seq) = mark.map(|m| (m.state.key(), m.seq)).unzip();
        record["seal"] = json!({ "key": key, "seq": seq.flatten(), "state": state });
    }
    // What is said of an order lies with it.
    let order = item.body["order_id"].as_str().and_then(|id| id.parse().ok());
    tx.log(LogEntry {
        kind: item.kind.clone(),
        subject: visit.or(order).unwrap_or(item.id),
        employee: me,
        department,
        record,
        files,
    });
    Ok(())
}

/// What the log keeps of an item: a punch without its position, unless that one may be kept.
async fn logged(tx: &mut Tx, item: &SyncItem) -> Result<SyncItem> {
    let mut item = item.clone();
    if item.kind == "punch" {
        let id = item.body["punch_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(item.id);
        if !attendance::keeps_position(tx, id).await?
            && let Some(body) = item.body.as_object_mut()
        {
            body.remove("fix");
        }
    }
    Ok(item)
}

fn body<T: DeserializeOwned>(item: &SyncItem) -> Result<T> {
    T::deserialize(&item.body).map_err(|e| {
        let reason: String = e.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
        Problem::new(problem::INVALID).with("reason", reason)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTask {
    task_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfOffer {
    offer_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedOffer {
    offer_id: Uuid,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfNotice {
    notice_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPlan {
    plan_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenedProblem {
    customer_id: Uuid,
    problem_id: Uuid,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilledObject {
    record_id: Uuid,
    object_key: String,
    number: i64,
    answers: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfRequest {
    request_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadArticle {
    article_id: Uuid,
    number: i64,
    opened_at: Micros,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTrip {
    trip_id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    policy_text_version: String,
}

/// Does what an item says; answers the visit it changed.
async fn apply(
    tx: &mut Tx,
    item: &SyncItem,
    mark: Option<Mark>,
    day: Option<&changes::Prepared>,
) -> Result<Option<Uuid>> {
    let said_at = item.at;
    // What a seal that holds says of when it was made.
    let sealed = mark.filter(|m| m.state == State::Sealed);
    // A mark of reading is no proof of anything; it is only never in the future.
    let seen_at = said_at.min(tx.now());
    match item.kind.as_str() {
        "visit.check_in" => {
            let input: visits::CheckIn = body(item)?;
            let issued = match &input.nonce {
                Some(nonce) => sql::issued_at(tx, nonce).await?,
                None => None,
            };
            let offline = item.body["offline"] == true;
            let when = When {
                said_at,
                not_before: issued.max(sealed.and_then(|m| m.from)),
                not_after: sealed.and_then(|m| m.to),
                received: None,
            };
            let visit = visits::check_in(tx, input, when).await?;
            let at = visits::by_id(tx, visit).await?.row.check_in_at;
            attendance::visit_check_in(tx, visit, said_at, at, offline).await?;
            service::phone::checked_in(tx, visit, &item.body, said_at).await?;
            Ok(Some(visit))
        }
        "visit.step" => {
            let (not_before, not_after) = sealed.map_or((None, None), |m| (m.from, m.to));
            let when = When { said_at, not_before, not_after, received: None };
            let visit = visits::step(tx, body(item)?, when).await?;
            service::phone::step_done(tx, visit, &item.body).await?;
            Ok(Some(visit))
        }
        "visit.photo" => {
            let input: visits::PhotoRecord = body(item)?;
            let photo = input.photo_id;
            let visit = visits::photo(tx, input, said_at).await?;
            if let Some(mark) = sealed {
                visits::bound_photo(tx, photo, mark.from, mark.to).await?;
            }
            evidence::link(tx, photo).await?;
            Ok(Some(visit))
        }
        "visit.audio" => {
            let input: visits::AudioRecord = body(item)?;
            let recording = input.audio_id;
            let visit = visits::audio(tx, input, said_at).await?;
            if let Some(mark) = sealed {
                visits::bound_audio(tx, recording, mark.from, mark.to).await?;
            }
            evidence::link(tx, recording).await?;
            Ok(Some(visit))
        }
        "visit.summary" => visits::summary(tx, body(item)?, said_at).await.map(Some),
        "visit.check_out" => {
            let when = When { said_at, not_before: None, not_after: None, received: None };
            let visit = visits::check_out(tx, body(item)?, when).await?;
            service::phone::checked_out(tx, visit, said_at).await?;
            Ok(Some(visit))
        }
        _ => apply_beside(tx, item, seen_at, day).await.map(|()| None),
    }
}

/// The kinds about work orders.
async fn apply_to_order(tx: &mut Tx, item: &SyncItem) -> Result<()> {
    use service::phone;
    match item.kind.as_str() {
        "order.accept" => phone::accept(tx, body::<phone::OfOrder>(item)?.order_id, item.at).await,
        "order.refuse" => phone::refuse(tx, body(item)?, item.at).await,
        "order.pause" => phone::pause(tx, body(item)?, item.at).await,
        "order.resume" => phone::resume(tx, body::<phone::OfOrder>(item)?.order_id, item.at).await,
        "order.part" => service::use_part(tx, body(item)?, item.at).await,
        "order.reading" => service::read_on_site(tx, body(item)?, item.at).await,
        "order.request" => service::request_part(tx, body(item)?).await,
        "order.finish" => phone::finish(tx, body(item)?, item.at).await,
        "order.sign" => phone::sign(tx, body(item)?, item.at).await,
        _ => Err(Problem::new(UNKNOWN_KIND).with("kind", &item.kind)),
    }
}

/// The kinds that change no visit.
async fn apply_beside(
    tx: &mut Tx,
    item: &SyncItem,
    seen_at: Micros,
    day: Option<&changes::Prepared>,
) -> Result<()> {
    match item.kind.as_str() {
        "task.accept" => {
            let task = body::<OfTask>(item)?.task_id;
            work::tasks::accept(tx, task).await?;
            service::phone::task_accepted(tx, task, item.at).await
        }
        "task.on_the_way" => {
            let task = body::<OfTask>(item)?.task_id;
            work::tasks::set_out(tx, task).await?;
            service::phone::set_out(tx, task, item.at).await
        }
        "task.skip" => changes::skip(tx, item.id, body(item)?, item.at, day).await,
        "plan.reorder" => changes::reorder(tx, item.id, body(item)?, item.at, day).await,
        "urgent.accept" => dispatch::accept(tx, body::<OfOffer>(item)?.offer_id).await,
        "urgent.refuse" => {
            let input: RefusedOffer = body(item)?;
            dispatch::refuse(tx, input.offer_id, &input.reason).await
        }
        kind if kind.starts_with("order.") => apply_to_order(tx, item).await,
        "notice.read" => notify::mark_read(tx, body::<OfNotice>(item)?.notice_id, seen_at).await.map(drop),
        "plan.read" => work::mark_plan_read(tx, body::<OfPlan>(item)?.plan_id, seen_at).await,
        "problem.open" => {
            let input: OpenedProblem = body(item)?;
            if !work::tasks::has_customer(tx, input.customer_id).await? {
                customers::place(tx, input.customer_id).await?;
            }
            customers::open_problem(tx, input.customer_id, input.problem_id, &input.text).await
        }
        "punch" => {
            let input: attendance::NewPunch = body(item)?;
            let not_before = match &input.nonce {
                Some(nonce) => sql::issued_at(tx, nonce).await?,
                None => None,
            };
            attendance::punch(tx, input, attendance::PunchWhen { said_at: item.at, not_before }).await
        }
        "attendance.request" => attendance::hand_in(tx, body(item)?).await.map(drop),
        "approval.choose" => approvals::choose(tx, body(item)?).await,
        "attendance.withdraw" => attendance::withdraw(tx, body::<OfRequest>(item)?.request_id).await,
        "object.create" => {
            let input: FilledObject = body(item)?;
            let filled = objects::Filled {
                id: Some(input.record_id),
                key: input.object_key,
                number: Some(input.number),
                answers: input.answers,
                owner: None,
                filled_at: seen_at,
            };
            objects::fill_in(tx, filled).await.map(drop)
        }
        "article.read" => {
            let input: ReadArticle = body(item)?;
            knowledge::mark_read(tx, input.article_id, input.number, input.opened_at, seen_at).await
        }
        "practice.done" => work::practice::record(tx, &body(item)?, seen_at).await,
        // A trip may have been declared while there was no network: it holds from the moment it was.
        "private.start" => {
            let new = NewEntry {
                id: Some(body::<OfTrip>(item)?.trip_id),
                employee: tx.scope_actor(),
                kind: DutyKind::Private,
                from: seen_at,
                to: None,
                note: None,
            };
            org::declared::declare(tx, new).await.map(drop)
        }
        "private.end" => {
            org::declared::end_private(tx, body::<OfTrip>(item)?.trip_id, seen_at).await.map(drop)
        }
        "consent" => {
            let input: Consent = body(item)?;
            Checks::new().text("policy_text_version", &input.policy_text_version, 32).done()?;
            org::auth::accept_policy(tx, &input.policy_text_version).await
        }
        _ => Err(Problem::new(UNKNOWN_KIND).with("kind", &item.kind)),
    }
}
