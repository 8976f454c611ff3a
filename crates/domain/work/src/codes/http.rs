use api::{
    Access, Answer, Caller, Failure, Json, Kit, Path, Routes,
    axum::{
        self,
        extract::State,
        http::{HeaderMap, StatusCode},
    },
    ok, routes,
};
use base::Problem;
use db::Permission;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CodeKind, CustomerCode, service};

// Planning work, not changing customers: who is visited by oneself must not hand out one's own proof.
pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskWrite), routes!(list, make))
        .at(Access::May(Permission::TaskWrite), routes!(show))
        .at(Access::May(Permission::TaskWrite), routes!(withdraw))
}

#[derive(Serialize, ToSchema)]
struct CustomerCodes {
    items: Vec<CustomerCode>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomerCode {
    id: Option<Uuid>,
    kind: CodeKind,
}

/// Codes of a customer, newest first, without their secrets.
#[utoipa::path(get, path = "/customers/{id}/codes", tag = "work", params(("id" = Uuid, Path)), responses((status = 200, body = CustomerCodes), (status = 404, body = api::ProblemDocument)))]
async fn list(State(kit): State<Kit>, caller: Caller, Path(customer): Path<Uuid>) -> Answer<CustomerCodes> {
    let items = service::of_customer(&mut kit.db.read(&caller.scope).await?, customer).await?;
    ok(CustomerCodes { items })
}

/// Makes a code; the one of its kind that was in use is withdrawn.
#[utoipa::path(post, path = "/customers/{id}/codes", tag = "work", request_body = NewCustomerCode, params(("id" = Uuid, Path)), responses((status = 200, body = CustomerCode), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn make(
    State(kit): State<Kit>,
    caller: Caller,
    Path(customer): Path<Uuid>,
    Json(new): Json<NewCustomerCode>,
) -> Answer<CustomerCode> {
    let id = new.id.unwrap_or_else(base::id::new_v7);
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::make(tx, customer, id, new.kind).await })
        })
        .await?;
    ok(made)
}

/// What is needed to set up the screen of a code or to print it.
#[derive(Serialize, ToSchema)]
struct CodeSheet {
    customer: String,
    kind: CodeKind,
    /// Of a rotating code: the address its screen opens once; of a printed one: the text of its square or tag.
    text: String,
    /// Of a printed one, to be typed where it cannot be scanned.
    word: Option<String>,
    /// `text` as a square.
    qr_svg: String,
}

/// Hands a code over to be shown or printed. Audited: whoever has it can make codes.
#[utoipa::path(post, path = "/customer-codes/{id}/sheet", tag = "work", params(("id" = Uuid, Path)), responses((status = 200, body = CodeSheet), (status = 404, body = api::ProblemDocument)))]
async fn show(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Answer<CodeSheet> {
    let shown =
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { service::show(tx, id).await })).await?;
    let text = match shown.kind {
        // Behind the #, which no browser sends to a server.
        CodeKind::Rotating => {
            format!("{}/m/code#{}.{}", kit.public_url(&headers), shown.text, escaped(&shown.customer))
        }
        CodeKind::Printed => shown.text,
    };
    let code = QrCode::with_error_correction_level(&text, EcLevel::M).map_err(Problem::internal)?;
    let qr_svg = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    ok(CodeSheet { customer: shown.customer, kind: shown.kind, text, word: shown.word, qr_svg })
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Withdraws a code: what is read from now on proves nothing.
#[utoipa::path(delete, path = "/customer-codes/{id}", tag = "work", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn withdraw(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { service::withdraw(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}
