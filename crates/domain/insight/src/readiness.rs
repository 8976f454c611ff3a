//! What a company needs before its people go out: from what is there, not from what somebody has ticked.

use api::{Access, Answer, Caller, Kit, Routes, axum, ok, routes};
use axum::extract::State;
use base::Micros;
use db::Permission;
use serde::Serialize;
use utoipa::ToSchema;

/// How far a company is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    pub time_zone: String,
    /// Somebody has changed the working hours of the start, or entered days off.
    pub calendar_set: bool,
    /// Who works outside.
    pub people: i64,
    /// Of them, those whose phone is signed in.
    pub on_phones: i64,
    /// Customers that are not archived.
    pub customers: i64,
    /// Of them, those with a position.
    pub customers_placed: i64,
    pub basemap: bool,
    /// When the store was backed up last by this program.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub backup_at: Option<Micros>,
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::CompanyWrite), routes!(readiness))
}

/// What is still missing before people go out.
#[utoipa::path(get, path = "/readiness", tag = "company", responses((status = 200, body = Readiness)))]
async fn readiness(State(kit): State<Kit>, caller: Caller) -> Answer<Readiness> {
    let signed_in = org::auth::on_phones(&kit.db, caller.scope.tenant()).await?;
    let backup_at = kit.db.last_backup().await?;
    let mut r = kit.db.read(&caller.scope).await?;
    let people = org::field_workers(&mut r).await?;
    let places = customers::places_known(&mut r).await?;
    let calendar = org::company_calendar(&mut r).await?;
    ok(Readiness {
        time_zone: org::company(&mut r).await?.time_zone,
        calendar_set: calendar.is_some_and(|c| c.version > 1 || !c.exceptions.is_empty()),
        people: people.len() as i64,
        on_phones: people.intersection(&signed_in).count() as i64,
        customers: places.total,
        customers_placed: places.placed,
        basemap: org::has_basemap(&mut r).await?,
        backup_at,
    })
}
