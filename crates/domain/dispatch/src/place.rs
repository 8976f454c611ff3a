//! Who accepted gets the request into his day. The order is worked out again from where he is by then; at most two of
//! his other visits move, and everybody whose visits do is told.

use base::{Micros, Problem, id, problem};
use db::{Result, Scope, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;
use work::{Squeeze, Squeezed, Task, Window};

use crate::{
    Inner,
    candidates::{Crowd, Question, USUAL_VISIT_S, crowd},
    intake::emit,
    model::{MovedVisit, Status},
    offers::{clock, tell_keeper},
    sql::{self, OfferRow, RequestRow},
};

/// Why a visit left the day of the person who goes.
const OUT: &str = "为紧急任务让出 / made room for an urgent task";
/// How often a day is worked out anew because it changed meanwhile.
const ATTEMPTS: usize = 3;

/// Puts an accepted request into the day of who accepted it.
///
/// # Errors
/// When the store cannot be read or written, or the day changes faster than it can be worked out.
pub(crate) async fn place(inner: &Inner, tenant: Uuid, row: &RequestRow, offer: &OfferRow) -> Result<()> {
    let scope = Scope::job("dispatch", tenant);
    for _ in 0..ATTEMPTS {
        let only = |p: &Person| p.id == offer.employee_id;
        // He has said that he goes: that he will be late is no reason against it any more.
        let crowd =
            crowd(inner, &scope, &Question { request: &row.wanted(), only: Some(&only), late: true }).await?;
        let Some(placed) = work_out(inner, &scope, row, offer, &crowd).await? else { continue };
        let (row, offer) = (row.clone(), offer.clone());
        let stored = inner
            .kit
            .db
            .write(&scope, move |tx| Box::pin(async move { store(tx, row, offer, placed).await }))
            .await?;
        if stored {
            return Ok(());
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

struct Placed {
    squeezed: Squeezed,
    moved: Vec<MovedVisit>,
}

async fn work_out(
    inner: &Inner,
    scope: &Scope,
    row: &RequestRow,
    offer: &OfferRow,
    crowd: &Crowd,
) -> Result<Option<Placed>> {
    let now = crowd.now;
    let zone = inner.tracking.zone(scope.tenant()).await?;
    let day = now.local_day(&zone);
    let (known, fares) = crowd.of(offer.employee_id).unzip();
    let best = fares.and_then(|f| f.as_ref().ok());
    let (order, moved) = match (known, best) {
        (Some(known), Some(best)) => (Crowd::order(known, &best.offer), crowd.factors(known, best).moved),
        // Nobody knows where he is by now, or his shift is too short: it is his next visit all the same.
        _ => {
            let mut r = inner.kit.db.read(scope).await?;
            let work = work::day(&mut r, offer.employee_id, day, now).await?;
            let rest = work.tasks.iter().filter(|t| work::tasks::waits(t.status) && t.customer.at.is_some());
            (std::iter::once(None).chain(rest.map(|t| Some(t.id))).collect(), vec![])
        }
    };
    let minute = now.local_minute(&zone);
    let free = known.map_or(now, |k| Micros(k.duty.free_at * Micros::SECOND)).max(now);
    let latest = row.latest_at.filter(|t| *t > now && t.local_day(&zone) == day);
    let last = best.map_or(minute + 120, |b| Micros(b.offer.eta * Micros::SECOND).local_minute(&zone) + 30);
    let to_minute = latest.map_or(last, |t| t.local_minute(&zone)).clamp(minute + 1, 1440);
    let ask = Squeeze {
        id: id::new_v7(),
        employee_id: offer.employee_id,
        customer_id: row.customer_id,
        day,
        window: Window { from_minute: minute.min(1439), to_minute },
        template_id: row.template_id,
        from_task: row.from_task_id,
        title: row.title.clone(),
        note: row.note.clone(),
        skills: row.skills(),
        service_s: row.service_s,
        from: known.map(|k| k.duty.at),
        free_minute: free.local_minute(&zone),
        order,
        out: moved.iter().filter(|m| m.handed_over).map(|m| m.task_id).collect(),
        out_reason: OUT,
    };
    let squeezed = work::squeeze(&inner.kit, scope, ask).await?;
    Ok(squeezed.map(|squeezed| Placed { squeezed, moved }))
}

/// False when the day has changed meanwhile.
async fn store(tx: &mut Tx, row: RequestRow, offer: OfferRow, placed: Placed) -> Result<bool> {
    // Placed by somebody else in this moment, or cancelled: there is nothing left to do.
    let fresh = sql::of_company(tx, row.id).await?;
    if fresh.kept() != Status::Accepted || fresh.task_id.is_some() {
        return Ok(true);
    }
    // What leaves the day is read before: its maker, and what it asks for.
    let mut makers = vec![];
    for visit in &placed.moved {
        makers.push(work::tasks::created_by(tx, visit.task_id).await?);
    }
    let Some(task) = placed.squeezed.store(tx).await? else { return Ok(false) };
    if !sql::set_status(tx, &fresh, Status::Accepted, Some(task.id), None).await? {
        return Err(Problem::new(problem::BUSY).retry_after(1));
    }
    for visit in placed.moved.iter().filter(|v| v.handed_over) {
        ask_again(tx, &row, visit).await?;
    }
    tell(tx, &row, &offer, &task, &placed.moved, &makers).await?;
    emit(tx, &fresh, Status::Accepted).await?;
    Ok(true)
}

/// A visit that found no room is a request of its own, so that it is not forgotten.
async fn ask_again(tx: &mut Tx, cause: &RequestRow, visit: &MovedVisit) -> Result<()> {
    let now = tx.now();
    let task = work::tasks::by_id(tx, visit.task_id, now).await?;
    let place = customers::place(tx, task.customer.id).await?;
    let zone = org::zone(tx).await?;
    let due = task.day.at_minute(task.window.to_minute, &zone);
    let request = id::new_v7();
    let new = sql::NewRequest {
        id: request,
        employee_id: cause.employee_id,
        department_id: place.department_id,
        customer_id: place.id,
        title: &task.title,
        note: task.note.as_deref(),
        priority: 1,
        skills: &task.skills,
        service_s: task.service_s.unwrap_or_else(|| USUAL_VISIT_S.max(task.min_stay_s)),
        latest_at: Some(due).filter(|t| *t > now),
        template_id: None,
        from_task_id: Some(task.id),
        content_sha256: "",
    };
    sql::insert(tx, new).await?;
    let row = sql::of_company(tx, request).await?;
    emit(tx, &row, Status::Open).await
}

/// Tells who goes, who asked, whose customer it is, and who had planned what moves.
async fn tell(
    tx: &mut Tx,
    row: &RequestRow,
    offer: &OfferRow,
    task: &Task,
    moved: &[MovedVisit],
    makers: &[Uuid],
) -> Result<()> {
    let zone = org::zone(tx).await?;
    let eta = task.eta.map_or_else(|| "—".to_owned(), |t| clock(t, &zone));
    let name = offer.name.clone().unwrap_or_default();
    let (zh, en) = words(moved);
    let params = json!({ "customer": row.customer_name, "seq": task.seq, "eta": eta, "zh": zh, "en": en, "day": task.day });
    let notice = notify::New { kind: "urgent.placed", params, link: Some("/".into()) };
    notify::send(tx, offer.employee_id, offer.department_id, notice).await?;
    let params = json!({ "name": name, "customer": row.customer_name, "eta": eta, "zh": zh, "en": en });
    tell_keeper(tx, row, "urgent.accepted", params).await?;
    let mut told = vec![offer.employee_id, row.employee_id];
    if let Some(owner) = row.owner_id.filter(|o| !told.contains(o)) {
        let params = json!({ "name": name, "customer": row.customer_name, "eta": eta, "title": row.title });
        told.push(tell_one(tx, owner, "urgent.yours", params).await?);
    }
    for (visit, maker) in
        moved.iter().zip(makers).filter(|(_, maker)| !told.contains(maker)).collect::<Vec<_>>()
    {
        let params =
            json!({ "name": name, "customer": visit.customer, "urgent": row.customer_name, "day": task.day });
        let kind = if visit.handed_over { "urgent.handed_over" } else { "urgent.moved" };
        tell_one(tx, *maker, kind, params).await?;
    }
    Ok(())
}

async fn tell_one(tx: &mut Tx, who: Uuid, kind: &'static str, params: serde_json::Value) -> Result<Uuid> {
    let found = org::by_ids(tx, &[who]).await?;
    if let Some(person) = found.into_iter().find(|p| p.status == "active") {
        let notice = notify::New { kind, params, link: Some("/dispatch".into()) };
        notify::send(tx, person.id, person.department_id, notice).await?;
    }
    Ok(who)
}

/// What moves, as a sentence.
fn words(moved: &[MovedVisit]) -> (String, String) {
    if moved.is_empty() {
        return ("其他拜访不变".into(), "your other visits stay as they are".into());
    }
    let zh = |m: &MovedVisit| {
        if m.handed_over {
            format!("{} 让给别人", m.customer)
        } else {
            format!("{} 改到之后", m.customer)
        }
    };
    let en = |m: &MovedVisit| {
        if m.handed_over {
            format!("{} goes to somebody else", m.customer)
        } else {
            format!("{} comes later", m.customer)
        }
    };
    (moved.iter().map(zh).collect::<Vec<_>>().join("，"), moved.iter().map(en).collect::<Vec<_>>().join(", "))
}
