//! Asking a person, and his answer.

use api::Checks;
use base::{Micros, Problem, id, problem};
use db::{Query, Result, Scope, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;
use work::tasks::NewHelper;

use crate::{
    Inner, NOT_OPEN, OVER, UNABLE, UrgentCall,
    candidates::{self, Question, crowd},
    http::NewOffer,
    intake::emit,
    model::{Factors, OfferStatus, Status},
    rules::DispatchRules,
    sql::{self, RequestRow},
};

/// The company's rules with their version; 0 before they were ever set.
pub(crate) async fn rules(q: &mut impl Query) -> Result<(DispatchRules, i64)> {
    let Some(row) = sql::rules(q).await? else { return Ok((DispatchRules::default(), 0)) };
    Ok((serde_json::from_str(&row.rules).map_err(Problem::internal)?, row.version))
}

/// A dispatcher asks a person. The same id again answers as before.
pub(crate) async fn send(inner: &Inner, scope: &Scope, request: Uuid, new: NewOffer) -> Result<()> {
    let id = new.id.unwrap_or_else(id::new_v7);
    let mut r = inner.kit.db.read(scope).await?;
    let row = sql::one(&mut r, request).await?;
    if let Some(known) = sql::offer(&mut r, id).await? {
        let same = known.request_id == request && known.employee_id == new.employee_id;
        return if same { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let person = org::person(&mut r, new.employee_id).await?;
    drop(r);
    if row.kept() != Status::Open {
        return Err(Problem::new(NOT_OPEN));
    }
    let only = |p: &Person| p.id == person.id;
    let crowd =
        crowd(inner, scope, &Question { request: &row.wanted(), only: Some(&only), late: new.late }).await?;
    inner.kit.watch.positions_shown(scope, crowd.seen()).await?;
    let why = match crowd.of(person.id) {
        Some((known, Ok(fare))) => {
            let factors = crowd.factors(known, fare);
            let ask = Ask { id, row, person, factors, auto: false };
            return inner.kit.db.write(scope, move |tx| Box::pin(async move { ask.store(tx).await })).await;
        }
        Some(_) => crowd.shown(&Default::default()).unable.first().map_or("silent", |u| word(&u.reason)),
        None => crowd.away.first().map_or("silent", |a| a.1),
    };
    let (zh, en) = candidates::words(why);
    Err(Problem::new(UNABLE).with("reason", why).with("reason_zh", zh).with("reason_en", en))
}

fn word(reason: &str) -> &'static str {
    ["off_duty", "silent", "barred", "skill", "no_way", "too_late", "shift_over"]
        .into_iter()
        .find(|w| *w == reason)
        .unwrap_or("silent")
}

/// A person to be asked.
pub(crate) struct Ask {
    pub id: Uuid,
    pub row: RequestRow,
    pub person: Person,
    pub factors: Factors,
    pub auto: bool,
}

impl Ask {
    /// # Errors
    /// `dispatch.not_open` when the request has moved on meanwhile.
    pub async fn store(self, tx: &mut Tx) -> Result<()> {
        let (rules, _) = rules(tx).await?;
        let expires_at = tx.now().plus(rules.answer_minutes * Micros::MINUTE);
        if !sql::set_status(tx, &self.row, Status::Offered, None, None).await? {
            return Err(Problem::new(NOT_OPEN));
        }
        let offer = sql::NewOffer {
            id: self.id,
            request: self.row.id,
            person: (self.person.id, self.person.department_id),
            factors: &serde_json::to_string(&self.factors).map_err(Problem::internal)?,
            expires_at,
            auto: self.auto,
        };
        sql::insert_offer(tx, offer).await?;
        let place = &self.row.customer_name;
        tx.audit(
            "urgent.offer",
            "urgent_request",
            self.row.id,
            json!({ "customer": place, "employee": self.person.name, "auto": self.auto }),
        )
        .await?;
        let zone = org::zone(tx).await?;
        let params = json!({
            "customer": place, "title": self.row.title, "until": clock(expires_at, &zone), "eta": clock(self.factors.eta, &zone),
        });
        let notice = notify::New { kind: "urgent.offered", params, link: Some("/".into()) };
        notify::send(tx, self.person.id, self.person.department_id, notice).await?;
        emit(tx, &self.row, Status::Offered).await
    }
}

/// A time of day as people read it: 14:05.
pub(crate) fn clock(t: Micros, zone: &jiff::tz::TimeZone) -> String {
    let minute = t.local_minute(zone);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Who watches over a request, if he is still there.
pub(crate) async fn keeper(q: &mut impl Query, row: &RequestRow) -> Result<Option<Person>> {
    let found = org::by_ids(q, &[row.employee_id]).await?;
    Ok(found.into_iter().find(|p| p.status == "active"))
}

/// Tells whoever watches over a request, unless he does it himself.
pub(crate) async fn tell_keeper(
    tx: &mut Tx,
    row: &RequestRow,
    kind: &'static str,
    params: serde_json::Value,
) -> Result<()> {
    if let Some(keeper) = keeper(tx, row).await?.filter(|k| k.id != tx.scope().actor()) {
        let notice = notify::New { kind, params, link: Some(format!("/dispatch?request={}", row.id)) };
        notify::send(tx, keeper.id, keeper.department_id, notice).await?;
    }
    Ok(())
}

/// The acting person's waiting offer, with its request.
async fn mine(tx: &mut Tx, id: Uuid) -> Result<(sql::OfferRow, RequestRow)> {
    let offer = sql::my_offer(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let row = sql::of_company(tx, offer.request_id).await?;
    Ok((offer, row))
}

/// The acting person goes. His day is made anew right after; see [`crate::Dispatch::settle`].
///
/// # Errors
/// `not_found`; `dispatch.over` when the time is over or the offer was taken back.
pub async fn accept(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (offer, row) = mine(tx, id).await?;
    if offer.kept() == OfferStatus::Accepted {
        return Ok(());
    }
    if offer.expires_at <= tx.now() || !sql::answer(tx, id, "accepted", None).await? {
        return Err(Problem::new(OVER));
    }
    if !sql::set_status(tx, &row, Status::Accepted, None, None).await? {
        return Err(Problem::new(OVER));
    }
    emit(tx, &row, Status::Accepted).await
}

/// The acting person does not go, and says why. The request goes back to the dispatcher.
///
/// # Errors
/// `not_found`; `dispatch.over`; `input.invalid` without a reason.
pub async fn refuse(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    Checks::new().text("reason", reason, 200).done()?;
    let (offer, row) = mine(tx, id).await?;
    if offer.kept() == OfferStatus::Refused {
        return Ok(());
    }
    let reason = reason.trim();
    if offer.expires_at <= tx.now() || !sql::answer(tx, id, "refused", Some(reason)).await? {
        return Err(Problem::new(OVER));
    }
    if !sql::set_status(tx, &row, Status::Open, None, None).await? {
        return Err(Problem::new(OVER));
    }
    let params = json!({ "name": offer.name, "customer": row.customer_name, "reason": reason });
    tell_keeper(tx, &row, "urgent.refused", params).await?;
    emit(tx, &row, Status::Open).await
}

/// The dispatcher takes a waiting offer back.
pub(crate) async fn withdraw(tx: &mut Tx, request: Uuid) -> Result<()> {
    let row = sql::one(tx, request).await?;
    if row.kept() != Status::Offered {
        return Err(Problem::new(NOT_OPEN));
    }
    take_back(tx, &row).await?;
    if !sql::set_status(tx, &row, Status::Open, None, None).await? {
        return Err(Problem::new(problem::BUSY).retry_after(1));
    }
    tx.audit("urgent.withdraw", "urgent_request", request, json!({ "customer": row.customer_name })).await?;
    emit(tx, &row, Status::Open).await
}

/// Ends the waiting offer of a request, if there is one, and tells the person.
async fn take_back(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    let offers = sql::all_offers(tx, row.id).await?;
    let Some(offer) = offers.into_iter().find(|o| o.kept() == OfferStatus::Waiting) else { return Ok(()) };
    if sql::answer(tx, offer.id, "withdrawn", None).await? {
        let params = json!({ "customer": row.customer_name });
        let notice = notify::New { kind: "urgent.withdrawn", params, link: Some("/".into()) };
        notify::send(tx, offer.employee_id, offer.department_id, notice).await?;
    }
    Ok(())
}

/// Calls a request off; a visit that came of it and has not begun is cancelled too.
pub(crate) async fn cancel(tx: &mut Tx, request: Uuid, reason: &str) -> Result<()> {
    let row = sql::one(tx, request).await?;
    match row.kept() {
        Status::Cancelled => return Ok(()),
        Status::Done => return Err(Problem::new(NOT_OPEN)),
        _ => {}
    }
    take_back(tx, &row).await?;
    if let Some(task) = row.task_id {
        work::tasks::cancel_all(tx, task, reason).await?;
    }
    if !sql::set_status(tx, &row, Status::Cancelled, row.task_id, Some(reason)).await? {
        return Err(Problem::new(problem::BUSY).retry_after(1));
    }
    tx.audit(
        "urgent.cancel",
        "urgent_request",
        request,
        json!({ "customer": row.customer_name, "reason": reason }),
    )
    .await?;
    emit(tx, &row, Status::Cancelled).await
}

/// Somebody more goes to a request that somebody goes to already. He is not asked: a dispatcher sends him along.
///
/// # Errors
/// `dispatch.not_open` while nobody goes; `dispatch.unable` when the customer never wants to see him.
pub(crate) async fn help(inner: &Inner, scope: &Scope, request: Uuid, helper: NewHelper) -> Result<()> {
    let mut r = inner.kit.db.read(scope).await?;
    let row = sql::one(&mut r, request).await?;
    let whom = customers::place_of_company(&mut r, row.customer_id).await?.whom;
    drop(r);
    let Some(task) = row.task_id.filter(|_| row.kept() == Status::Accepted) else {
        return Err(Problem::new(NOT_OPEN));
    };
    if whom.bars(helper.employee_id) {
        let (zh, en) = candidates::words("barred");
        return Err(Problem::new(UNABLE)
            .with("reason", "barred")
            .with("reason_zh", zh)
            .with("reason_en", en));
    }
    work::tasks::help(&inner.kit, scope, task, helper).await.map(drop)
}

/// Offers that wait for the acting person, for his phone.
///
/// # Errors
/// When the store cannot be read.
pub async fn calls(q: &mut impl Query, now: Micros) -> Result<Vec<UrgentCall>> {
    let mut calls = vec![];
    for offer in sql::my_offers(q, now).await? {
        let row = sql::of_company(q, offer.request_id).await?;
        let factors = offer.factors();
        calls.push(UrgentCall {
            id: offer.id,
            customer: row.place(),
            title: row.title.clone(),
            note: row.note.clone(),
            priority: row.priority,
            service_minutes: row.service_s / 60,
            latest_at: row.latest_at,
            by: row.maker.clone().filter(|_| !offer.auto),
            eta: factors.as_ref().map(|f| f.eta),
            line_m: factors.as_ref().map(|f| f.line_m),
            moved: factors.map(|f| f.moved).unwrap_or_default(),
            offered_at: offer.offered_at,
            expires_at: offer.expires_at,
        });
    }
    Ok(calls)
}
