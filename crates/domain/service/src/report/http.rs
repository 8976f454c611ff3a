use api::{
    Access, Caller, Failure, Kit, Path, Routes,
    axum::{
        self, Extension,
        extract::State,
        http::{HeaderName, header},
        response::{IntoResponse, Response},
    },
    routes,
};
use base::{Problem, problem};
use db::{Permission, Result};
use uuid::Uuid;

use super::{DOCUMENT, make_documents, sql};
use crate::{Service, orders};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(document))
}

/// The document of an order's report, as it was fixed.
#[utoipa::path(get, path = "/orders/{id}/report.pdf", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Document", content_type = "application/pdf"), (status = 404, body = api::ProblemDocument)))]
async fn document(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<Response, Failure> {
    // Without `order.read` one still sees one's own.
    let scope =
        if caller.scope.may(Permission::OrderRead) { caller.scope.clone() } else { caller.scope.own() };
    let row = orders::sql::one(&mut kit.db.read(&scope).await?, id).await?;
    Ok(sent(&kit, &service, scope.tenant(), row.id).await?)
}

/// The bytes of an order's report; made now when they are asked for before their turn.
pub(crate) async fn sent(kit: &Kit, service: &Service, tenant: Uuid, order: Uuid) -> Result<Response> {
    let scope = db::Scope::job("service", tenant);
    let missing = || Problem::new(problem::NOT_FOUND);
    let mut row = sql::row_of_order(&mut kit.db.read(&scope).await?, order).await?.ok_or_else(missing)?;
    if row.pdf_sha256.is_none() {
        make_documents(&service.0, tenant).await?;
        row = sql::row_of_order(&mut kit.db.read(&scope).await?, order).await?.ok_or_else(missing)?;
    }
    let bytes = kit.files.get(tenant, row.id, DOCUMENT).await?.ok_or_else(missing)?;
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, "application/pdf".into()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", row.number)),
        (header::CACHE_CONTROL, "private, no-cache".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    Ok((headers, bytes).into_response())
}
