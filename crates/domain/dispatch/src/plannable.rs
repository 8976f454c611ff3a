//! Requests that wait, for the planning board: put into a day there instead of offered to whoever is near.

use db::{BoxFuture, Reader, Result, Tx};
use org::Ref;
use serde_json::json;
use uuid::Uuid;
use work::{PlannableRequest, PlannedRequest, RequestSource};

use crate::{
    intake::emit,
    model::Status,
    offers::{clock, tell_keeper},
    sql::{self, RequestRow},
};

/// Requests offered on one board at most.
const MOST: i64 = 200;

inventory::submit! { RequestSource { waiting, one, planned } }

fn waiting(q: &mut Reader) -> BoxFuture<'_, Result<Vec<PlannableRequest>>> {
    Box::pin(async move {
        let mut rows = sql::list(q, Some(Status::Open.key().into()), None, MOST).await?;
        rows.sort_by_key(|r| (-r.priority, r.latest_at.is_none(), r.latest_at, r.created_at));
        Ok(rows.into_iter().map(shown).collect())
    })
}

fn one(q: &mut Reader, id: Uuid) -> BoxFuture<'_, Result<Option<PlannableRequest>>> {
    Box::pin(async move { Ok(known(sql::one(q, id).await)?.map(shown)) })
}

/// It is planned: whoever keeps it is told, and it lives on with its visit as if somebody had accepted it.
fn planned(tx: &mut Tx, to: PlannedRequest) -> BoxFuture<'_, Result<bool>> {
    Box::pin(async move {
        let as_seen = |r: &RequestRow| r.kept() == Status::Open && r.version == to.version;
        let Some(row) = known(sql::one(tx, to.request).await)?.filter(as_seen) else { return Ok(false) };
        if !sql::set_status(tx, &row, Status::Accepted, Some(to.task), None).await? {
            return Ok(false);
        }
        tx.audit(
            "urgent.plan",
            "urgent_request",
            row.id,
            json!({ "customer": row.customer_name, "employee": to.employee.name }),
        )
        .await?;
        let zone = org::zone(tx).await?;
        let eta = to.eta.map_or_else(|| "—".to_owned(), |t| clock(t, &zone));
        let (zh, en) = ("已排进计划", "planned on the board");
        let params = json!({ "name": to.employee.name, "customer": row.customer_name, "eta": eta, "zh": zh, "en": en });
        tell_keeper(tx, &row, "urgent.accepted", params).await?;
        emit(tx, &row, Status::Accepted).await?;
        Ok(true)
    })
}

/// A request; `None` for one that is unknown or out of reach.
fn known(found: Result<RequestRow>) -> Result<Option<RequestRow>> {
    match found {
        Ok(row) => Ok(Some(row)),
        Err(p) if p.code == base::problem::NOT_FOUND => Ok(None),
        Err(p) => Err(p),
    }
}

fn shown(row: RequestRow) -> PlannableRequest {
    let waits = row.kept() == Status::Open;
    PlannableRequest {
        id: row.id,
        customer_id: row.customer_id,
        keeper: Ref { id: row.employee_id, name: row.maker.clone().unwrap_or_default() },
        skills: row.skills(),
        title: row.title,
        note: row.note,
        template_id: row.template_id,
        from_task: row.from_task_id,
        service_s: row.service_s,
        priority: row.priority,
        latest_at: row.latest_at,
        taken_at: row.created_at,
        waits,
        version: row.version,
    }
}
