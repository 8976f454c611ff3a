//! Requests as they go on: offers nobody answered go back, accepted ones get into their person's day, visits that were
//! made close theirs, and where the company wants it the first person is asked without a dispatcher.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
    time::Duration,
};

use base::{Micros, Problem, id, problem};
use db::{Event, Listener, Result, Scope, Tx};
use org::Person;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::{
    Inner,
    candidates::{Question, crowd},
    intake::emit,
    model::{OfferStatus, Status},
    offers::{self, Ask, keeper, tell_keeper},
    place::place,
    rules::DispatchRules,
    sql::{self, OfferRow, RequestRow},
};

/// How often requests are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// The rule looks again for somebody so long after it found nobody.
const AGAIN: i64 = Micros::MINUTE;

/// Runs until the last handle is dropped.
pub(crate) async fn watch(inner: Weak<Inner>, mut news: Listener<Event>) {
    // Companies with requests that are not over; all of them when news were missed.
    let (mut living, mut unknown) = (HashSet::new(), true);
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            n = news.recv() => match n {
                Ok(n) if n.topic == "task" && n.payload.get("urgent").is_some() => { living.insert(n.tenant); }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => unknown = true,
                Err(RecvError::Closed) => return,
            },
            _ = tick.tick() => {
                let Some(inner) = inner.upgrade() else { return };
                if unknown {
                    match companies(&inner).await {
                        Ok(all) => { living.extend(all); unknown = false; }
                        Err(e) => tracing::warn!(error = %e, "urgent requests wait for the store"),
                    }
                }
                for tenant in living.clone() {
                    match in_turn(&inner, tenant).await {
                        Ok(Some(0)) => { living.remove(&tenant); }
                        Ok(_) => {}
                        Err(e) => tracing::warn!(error = %e, "urgent requests are late"),
                    }
                }
            }
        }
    }
}

/// Moves a company's requests on, unless another node does.
async fn in_turn(inner: &Inner, tenant: Uuid) -> Result<Option<usize>> {
    match inner.kit.db.turn(tenant).await? {
        Some(_turn) => settle(inner, tenant).await.map(Some),
        None => Ok(None),
    }
}

async fn companies(inner: &Arc<Inner>) -> Result<Vec<Uuid>> {
    inner.kit.db.companies().await
}

/// Moves a company's requests on. Answers how many are not over.
pub(crate) async fn settle(inner: &Inner, tenant: Uuid) -> Result<usize> {
    let _turn = inner.turn.lock().await;
    let scope = Scope::job("dispatch", tenant);
    let mut r = inner.kit.db.read(&scope).await?;
    let rows = sql::living(&mut r).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let (rules, _) = offers::rules(&mut r).await?;
    drop(r);
    for row in &rows {
        // One that cannot be moved on stops no other.
        if let Err(e) = one(inner, &scope, row, &rules).await {
            tracing::warn!(request = %row.id, error = %e, "an urgent request waits");
        }
    }
    Ok(rows.len())
}

async fn one(inner: &Inner, scope: &Scope, row: &RequestRow, rules: &DispatchRules) -> Result<()> {
    let now = inner.kit.now();
    match row.kept() {
        Status::Offered => {
            let offers = sql::all_offers(&mut inner.kit.db.read(scope).await?, row.id).await?;
            let waiting = offers.into_iter().find(|o| o.kept() == OfferStatus::Waiting);
            match waiting {
                Some(offer) if offer.expires_at <= now => {
                    let row = row.clone();
                    inner
                        .kit
                        .db
                        .write(scope, move |tx| Box::pin(async move { expire(tx, row, offer).await }))
                        .await
                }
                _ => Ok(()),
            }
        }
        Status::Accepted if row.task_id.is_none() => {
            let offers = sql::all_offers(&mut inner.kit.db.read(scope).await?, row.id).await?;
            match offers.into_iter().find(|o| o.kept() == OfferStatus::Accepted) {
                Some(offer) => match place(inner, scope.tenant(), row, &offer).await {
                    // He has left, or the customer is gone from his reach: somebody else must go.
                    Err(never) if never.code.status < 500 => {
                        tracing::warn!(request = %row.id, error = %never, "an urgent task cannot be placed");
                        let row = RequestRow { task_name: offer.name, ..row.clone() };
                        let write = inner.kit.db.write(scope, move |tx| {
                            Box::pin(async move { follow(tx, row, Status::Open).await })
                        });
                        write.await
                    }
                    other => other,
                },
                None => Ok(()),
            }
        }
        Status::Accepted => {
            let next = match row.task_status.as_deref() {
                Some("done") => Status::Done,
                Some("skipped" | "cancelled") => Status::Open,
                _ => return Ok(()),
            };
            let row = row.clone();
            inner.kit.db.write(scope, move |tx| Box::pin(async move { follow(tx, row, next).await })).await
        }
        Status::Open if rules.auto && row.priority >= rules.auto_priority => {
            auto(inner, scope, row, rules).await
        }
        _ => Ok(()),
    }
}

/// Nobody answered in time: the request goes back.
async fn expire(tx: &mut Tx, row: RequestRow, offer: OfferRow) -> Result<()> {
    if !sql::answer(tx, offer.id, "expired", None).await? {
        return Ok(());
    }
    if !sql::set_status(tx, &row, Status::Open, None, None).await? {
        return Err(Problem::new(problem::BUSY).retry_after(1));
    }
    tx.audit(
        "urgent.expire",
        "urgent_request",
        row.id,
        json!({ "customer": row.customer_name, "employee": offer.name }),
    )
    .await?;
    let params = json!({ "customer": row.customer_name });
    let notice = notify::New { kind: "urgent.missed", params, link: Some("/".into()) };
    notify::send(tx, offer.employee_id, offer.department_id, notice).await?;
    let params = json!({ "name": offer.name, "customer": row.customer_name });
    tell_keeper(tx, &row, "urgent.expired", params).await?;
    emit(tx, &row, Status::Open).await
}

/// The visit was made, or will not be.
async fn follow(tx: &mut Tx, row: RequestRow, next: Status) -> Result<()> {
    let task = if next == Status::Done { row.task_id } else { None };
    if !sql::set_status(tx, &row, next, task, None).await? {
        return Ok(());
    }
    if next == Status::Open {
        let params = json!({ "name": row.task_name, "customer": row.customer_name });
        tell_keeper(tx, &row, "urgent.returned", params).await?;
    }
    emit(tx, &row, next).await
}

/// Asks the recommended person in the reach of who took the request in.
async fn auto(inner: &Inner, scope: &Scope, row: &RequestRow, rules: &DispatchRules) -> Result<()> {
    let now = inner.kit.now();
    if inner.looked.lock().get(&row.id).is_some_and(|t| now.0 - t.0 < AGAIN && *t <= now) {
        return Ok(());
    }
    let mut r = inner.kit.db.read(scope).await?;
    let offers = sql::all_offers(&mut r, row.id).await?;
    if offers.iter().filter(|o| o.auto).count() as i64 >= rules.auto_tries {
        return Ok(());
    }
    let Some(keeper) = keeper(&mut r, row).await? else { return Ok(()) };
    let covered = sql::reach_of(&mut r, keeper.id).await?;
    drop(r);
    let whole = keeper.role_reach == "company";
    let may = |p: &Person| whole || p.id == keeper.id || covered.contains(&p.department_id);
    let only = |p: &Person| may(p) && offers.iter().all(|o| o.employee_id != p.id);
    let crowd =
        crowd(inner, scope, &Question { request: &row.wanted(), only: Some(&only), late: false }).await?;
    let within = now.plus(rules.auto_within_minutes * Micros::MINUTE);
    let able = crowd.able();
    let soon = able.iter().filter(|(k, o)| k.idle && Micros(o.offer.eta * Micros::SECOND) <= within);
    let best = soon.min_by(|a, b| a.1.better(b.1));
    let Some((known, fare)) = best else {
        let mut looked = inner.looked.lock();
        looked.retain(|_, t| now.0 - t.0 < AGAIN);
        looked.insert(row.id, now);
        return Ok(());
    };
    let factors = crowd.factors(known, fare);
    let ask = Ask { id: id::new_v7(), row: row.clone(), person: known.person.clone(), factors, auto: true };
    inner.kit.db.write(scope, move |tx| Box::pin(async move { ask.store(tx).await })).await
}
