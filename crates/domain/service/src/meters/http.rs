use api::{
    Access, Answer, Caller, Checks, Created, Json, Kit, Path, Routes,
    axum::{self, Extension, extract::State},
    created, ok, routes,
};
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Meter, MeterPage,
    store::{self, NewMeter, NewMeterReading},
};
use crate::{Service, maintenance};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(add))
        .at(Access::May(Permission::OrderWrite), routes!(read))
        .at(Access::May(Permission::OrderWrite), routes!(withdraw))
}

#[derive(Serialize, ToSchema)]
struct Meters {
    items: Vec<MeterPage>,
}

/// The meters of a piece of equipment with their readings.
#[utoipa::path(get, path = "/equipment/{id}/meters", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = Meters), (status = 404, body = api::ProblemDocument)))]
async fn list(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Meters> {
    ok(Meters { items: store::pages(&mut kit.db.read(&caller.scope).await?, id).await? })
}

/// Puts a meter on a piece of equipment.
#[utoipa::path(post, path = "/equipment/{id}/meters", tag = "service", request_body = NewMeter, params(("id" = Uuid, Path)),
    responses((status = 201, body = Meter), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn add(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewMeter>,
) -> Created<Meter> {
    created(
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { store::add(tx, id, new).await })).await?,
    )
}

/// Takes a reading. One below the last is refused unless the meter was replaced; maintenance that is due by it is made an
/// order at once.
#[utoipa::path(post, path = "/meter-readings", tag = "service", request_body = NewMeterReading,
    responses((status = 201, body = Meter), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn read(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Json(new): Json<NewMeterReading>,
) -> Created<Meter> {
    let meter =
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { store::read(tx, new).await })).await?;
    maintenance::work_off(&service.0, caller.scope.tenant()).await?;
    created(meter)
}

/// Why it was wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawMeterReading {
    #[schema(max_length = 200)]
    reason: String,
}

/// Withdraws a wrong reading: it stays as a record and counts no more, and those after it are added up anew.
#[utoipa::path(post, path = "/meter-readings/{id}/withdraw", tag = "service", request_body = WithdrawMeterReading, params(("id" = Uuid, Path)),
    responses((status = 200, body = Meter), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn withdraw(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<WithdrawMeterReading>,
) -> Answer<Meter> {
    Checks::new().text("reason", &input.reason, 200).done()?;
    let meter = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::withdraw(tx, id, input.reason.trim()).await })
        })
        .await?;
    maintenance::work_off(&service.0, caller.scope.tenant()).await?;
    ok(meter)
}
