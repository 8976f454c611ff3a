//! All about one customer: who is there, what happened, what is open. On this floor, because what happened is
//! visits.

use std::collections::HashMap;

use api::{
    Access, Answer, Caller, Kit, Path, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::Micros;
use customers::{Contact, Customer, Problem360};
use db::{Permission, Query, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PhotoRef, VisitRow, read, sql};

/// Visits shown.
const VISITS: i64 = 20;
/// Photos shown.
const PHOTOS: i64 = 60;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::CustomerRead), routes!(customer360))
}

/// Figures of the last thirty days.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerStats {
    visits_30d: i64,
    effective_30d: i64,
    /// Mean seconds of the finished ones.
    avg_stay_s: Option<i64>,
}

/// All about one customer.
#[derive(Debug, Serialize, ToSchema)]
struct Customer360 {
    customer: Customer,
    contacts: Vec<Contact>,
    /// The last twenty, newest first.
    visits: Vec<VisitRow>,
    /// The last photos that can be shown, at most sixty, by visit.
    photos: HashMap<Uuid, Vec<PhotoRef>>,
    problems: Vec<Problem360>,
    stats: CustomerStats,
}

async fn compose(q: &mut impl Query, id: Uuid, now: Micros) -> Result<Customer360> {
    let customer = customers::customer(q, id).await?;
    let stats = sql::stats_of_customer(q, id, now.plus(-30 * Micros::DAY)).await?;
    Ok(Customer360 {
        contacts: customers::contacts(q, id).await?,
        visits: read::last_of_customer(q, id, VISITS).await?,
        photos: read::photos_of_customer(q, id, PHOTOS).await?,
        problems: customers::problems(q, id).await?,
        stats: CustomerStats {
            visits_30d: stats.visits,
            effective_30d: stats.effective,
            avg_stay_s: stats.avg_stay_s,
        },
        customer,
    })
}

/// A customer with contacts, last visits, problems and figures.
#[utoipa::path(get, path = "/customers/{id}/360", tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Customer360), (status = 404, body = api::ProblemDocument)))]
async fn customer360(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Customer360> {
    ok(compose(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}
