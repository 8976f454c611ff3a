use api::{
    Access, Answer, Caller, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, Several,
    axum::{self, extract::State, http::HeaderMap},
    created, ok, routes,
};
use base::{Problem, problem};
use custom::{Fields, Noun};
use db::{Permission, Result};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Equipment, EquipmentPage, EquipmentStatus, export, kinds, sql,
    store::{self, NewEquipment},
};

use crate::links;

/// Most labels of one sheet.
const LABELS: usize = 200;
/// Orders shown of a piece.
const HISTORY: i64 = 100;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(create))
        .at(Access::May(Permission::OrderRead), routes!(one))
        .at(Access::May(Permission::OrderWrite), routes!(change))
        .at(Access::May(Permission::OrderRead), routes!(labelled))
        .at(Access::May(Permission::OrderRead), routes!(labels))
        .at(Access::May(Permission::OrderRead), routes!(export::sheet))
        .at(Access::May(Permission::OrderRead), routes!(export::text))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct EquipmentQuery {
    /// Part of a number, name, model, serial number, customer, or of what stands in the company's own fields.
    q: Option<String>,
    customer_id: Option<Uuid>,
    status: Option<EquipmentStatus>,
    /// Of the company's own list.
    type_id: Option<Uuid>,
    /// Conditions on the company's own fields, a JSON list: `[{"field":"power_kw","from":5}]`.
    custom: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

impl EquipmentQuery {
    /// # Errors
    /// `input.invalid` at `custom`.
    pub(super) fn filter(&self, fields: &Fields) -> Result<sql::Filter> {
        Ok(sql::Filter {
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            customer_id: self.customer_id,
            status: self.status.map(EquipmentStatus::key),
            type_id: self.type_id,
            custom: fields.conditions(self.custom.as_deref())?,
        })
    }
}

/// Equipment at customers in reach, by number.
#[utoipa::path(get, path = "/equipment", tag = "service", params(EquipmentQuery), responses((status = 200, body = Page<Equipment>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<EquipmentQuery>,
) -> Answer<Page<Equipment>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let filter = f.filter(&Fields::in_force(&mut r, Noun::Equipment).await?)?;
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let mut page =
        Page::from_rows(rows.into_iter().map(Equipment::from).collect(), limit, |e: &Equipment| {
            e.code.clone()
        });
    if f.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// Adds a piece of equipment.
#[utoipa::path(post, path = "/equipment", tag = "service", request_body = NewEquipment,
    responses((status = 201, body = Equipment), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewEquipment>) -> Created<Equipment> {
    new.check()?;
    created(kit.db.write(&caller.scope, move |tx| Box::pin(async move { store::add(tx, new).await })).await?)
}

/// A piece with what is below it and its orders.
#[utoipa::path(get, path = "/equipment/{id}", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = EquipmentPage), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<EquipmentPage> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::one(&mut r, id).await?;
    ok(page(&mut r, row).await?)
}

async fn page(r: &mut db::Reader, row: sql::EquipmentRow) -> Result<EquipmentPage> {
    let children = sql::children(r, row.id).await?.into_iter().map(Equipment::from).collect();
    let orders = sql::history(r, row.id, HISTORY).await?;
    let manuals = kinds::manuals_of(r, row.type_id).await?;
    Ok(EquipmentPage { equipment: row.into(), children, orders, manuals })
}

/// Changes a piece as a whole.
#[utoipa::path(put, path = "/equipment/{id}", tag = "service", request_body = NewEquipment, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Equipment), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewEquipment>,
) -> Answer<Equipment> {
    new.check()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { store::change(tx, id, version, new).await }))
        .await?)
}

/// The piece a scanned label is on.
#[utoipa::path(get, path = "/equipment/labels/{label}", tag = "service", params(("label" = String, Path)),
    responses((status = 200, body = EquipmentPage), (status = 404, body = api::ProblemDocument)))]
async fn labelled(
    State(kit): State<Kit>,
    caller: Caller,
    Path(label): Path<String>,
) -> Answer<EquipmentPage> {
    let mut r = kit.db.read(&caller.scope).await?;
    if !links::is_word(&label) {
        return Err(Problem::new(problem::NOT_FOUND).into());
    }
    let row = sql::labelled(&mut r, &label).await?;
    ok(page(&mut r, row).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LabelQuery {
    /// Pieces, several separated by commas, at most 200.
    #[param(value_type = String)]
    ids: Several<Uuid>,
}

/// A label to be printed: what it says, and the code that leads a phone to the piece.
#[derive(Serialize, ToSchema)]
struct EquipmentLabel {
    id: Uuid,
    code: String,
    name: String,
    customer: String,
    url: String,
    qr_svg: String,
}

#[derive(Serialize, ToSchema)]
struct EquipmentLabels {
    items: Vec<EquipmentLabel>,
}

/// Labels of equipment, to be printed.
#[utoipa::path(get, path = "/equipment-labels", tag = "service", params(LabelQuery), responses((status = 200, body = EquipmentLabels), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn labels(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Query(f): Query<LabelQuery>,
) -> Answer<EquipmentLabels> {
    api::Checks::new().that("ids", f.ids.0.len() <= LABELS).done()?;
    let base = kit.public_url(&headers);
    let mut r = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for id in f.ids.0 {
        let piece = sql::one(&mut r, id).await?;
        let url = format!("{base}/m/equipment/{}", piece.label);
        let code = QrCode::with_error_correction_level(&url, EcLevel::M).map_err(Problem::internal)?;
        let qr_svg = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        items.push(EquipmentLabel {
            id,
            code: piece.code,
            name: piece.name,
            customer: piece.customer_name,
            url,
            qr_svg,
        });
    }
    ok(EquipmentLabels { items })
}
