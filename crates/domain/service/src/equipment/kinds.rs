//! The company's own list of equipment types, each with the articles that are its manuals.

use std::collections::HashMap;

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{Problem, id, problem};
use db::{Permission, Query, Result, Tx};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sql::{self, KindRow};
use crate::{KIND_RETIRED, NAME_TAKEN};

/// Most types of a company.
const MOST: usize = 500;

/// What a type says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentTypeTerms {
    #[schema(max_length = 40)]
    pub name: String,
    /// Articles of the library that are its manuals, in order. Whoever may not change types is told those he may read.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub manual_ids: Vec<Uuid>,
    /// May be chosen.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl EquipmentTypeTerms {
    fn check(&self) -> Result<()> {
        let once = self.manual_ids.iter().enumerate().all(|(k, m)| !self.manual_ids[..k].contains(m));
        Checks::new()
            .text("name", &self.name, 40)
            .that("manual_ids", self.manual_ids.len() <= 10 && once)
            .done()
    }

    /// As they are kept.
    fn tidy(mut self) -> EquipmentTypeTerms {
        self.name = self.name.trim().to_owned();
        self
    }
}

/// A type of equipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EquipmentType {
    pub id: Uuid,
    #[serde(flatten)]
    pub terms: EquipmentTypeTerms,
    /// The manuals the reader may read, by title.
    pub manuals: Vec<Ref>,
    /// Pieces of it in reach that are not scrapped.
    pub pieces: i64,
    pub version: i64,
}

pub(super) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(create))
        .at(Access::May(Permission::OrderWrite), routes!(change))
}

impl KindRow {
    fn terms(&self) -> Result<EquipmentTypeTerms> {
        let manual_ids = serde_json::from_str(&self.manuals).map_err(Problem::internal)?;
        Ok(EquipmentTypeTerms { name: self.name.clone(), manual_ids, active: self.active })
    }
}

async fn titled(q: &mut impl Query, articles: &[Uuid]) -> Result<Vec<Ref>> {
    Ok(knowledge::titles(q, articles).await?.into_iter().map(|(id, name)| Ref { id, name }).collect())
}

/// A type as whoever may change it sees it.
async fn shown(q: &mut impl Query, id: Uuid) -> Result<EquipmentType> {
    let row = sql::kind(q, id).await?;
    let terms = row.terms()?;
    let manuals = titled(q, &terms.manual_ids).await?;
    let pieces = sql::pieces(q, Some(id)).await?.first().map_or(0, |(_, pieces)| *pieces);
    Ok(EquipmentType { id, terms, manuals, pieces, version: row.version })
}

/// The manuals of a type: those of its articles the acting person may read.
pub(super) async fn manuals_of(q: &mut impl Query, kind: Option<Uuid>) -> Result<Vec<Ref>> {
    let Some(kind) = kind else { return Ok(vec![]) };
    let terms = sql::kind(q, kind).await?.terms()?;
    titled(q, &terms.manual_ids).await
}

/// May equipment and plans be of this type? A retired one they were of before may stay.
///
/// # Errors
/// `equipment.type_retired`, `input.invalid`.
pub(crate) async fn check_usable(tx: &mut Tx, kind: Option<Uuid>, before: Option<Uuid>) -> Result<()> {
    let Some(kind) = kind.filter(|k| before != Some(*k)) else { return Ok(()) };
    let row = match sql::kind(tx, kind).await {
        Err(p) if p.code == problem::NOT_FOUND => {
            return Err(Problem::new(problem::INVALID)
                .with("reason", "设备类型不存在 / unknown equipment type")
                .field("type_id", db::REFERENCE));
        }
        row => row?,
    };
    if row.active { Ok(()) } else { Err(Problem::new(KIND_RETIRED).field("type_id", KIND_RETIRED)) }
}

/// Types by name, for sheets: each with its id and whether it may be chosen.
pub(super) async fn by_name(q: &mut impl Query) -> Result<HashMap<String, (Uuid, bool)>> {
    let rows = sql::kinds(q).await?;
    Ok(rows.into_iter().map(|r| (r.name, (r.id, r.active))).collect())
}

#[derive(Serialize, ToSchema)]
struct EquipmentTypes {
    items: Vec<EquipmentType>,
}

/// All types of equipment, by name, retired ones last.
#[utoipa::path(get, path = "/equipment-types", tag = "service", responses((status = 200, body = EquipmentTypes)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<EquipmentTypes> {
    let all = caller.scope.may(Permission::OrderWrite);
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::kinds(&mut r).await?;
    let kept = rows.iter().map(KindRow::terms).collect::<Result<Vec<_>>>()?;
    let articles: Vec<Uuid> = kept.iter().flat_map(|terms| terms.manual_ids.iter().copied()).collect();
    let titles: HashMap<Uuid, String> = knowledge::titles(&mut r, &articles).await?.into_iter().collect();
    let pieces: HashMap<Uuid, i64> = sql::pieces(&mut r, None).await?.into_iter().collect();
    let shown = |(row, mut terms): (KindRow, EquipmentTypeTerms)| {
        let title = |id: &Uuid| titles.get(id).map(|name| Ref { id: *id, name: name.clone() });
        let manuals = terms.manual_ids.iter().filter_map(title).collect();
        terms.manual_ids.retain(|id| all || titles.contains_key(id));
        let pieces = pieces.get(&row.id).copied().unwrap_or(0);
        EquipmentType { id: row.id, terms, manuals, pieces, version: row.version }
    };
    ok(EquipmentTypes { items: rows.into_iter().zip(kept).map(shown).collect() })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEquipmentType {
    /// Made by the client: the same again is the same type.
    id: Option<Uuid>,
    terms: EquipmentTypeTerms,
}

/// Is the name free, is there room for one more, and are the articles there that it did not have before?
async fn check(
    tx: &mut Tx,
    id: Uuid,
    terms: &EquipmentTypeTerms,
    before: Option<&EquipmentTypeTerms>,
) -> Result<()> {
    let all = sql::kinds(tx).await?;
    if all.iter().any(|k| k.id != id && k.name == terms.name) {
        return Err(Problem::new(NAME_TAKEN)
            .with("name", terms.name.as_str())
            .field("name", problem::DUPLICATE_VALUE));
    }
    Checks::new().that("name", before.is_some() || all.len() < MOST).done()?;
    let had = |article: &Uuid| before.is_some_and(|b| b.manual_ids.contains(article));
    for article in terms.manual_ids.iter().filter(|m| !had(m)) {
        if !knowledge::check_usable(tx, *article).await? {
            return Err(Problem::new(knowledge::NOT_USABLE).field("manual_ids", knowledge::NOT_USABLE));
        }
    }
    Ok(())
}

/// Adds a type of equipment.
#[utoipa::path(post, path = "/equipment-types", tag = "service", request_body = NewEquipmentType,
    responses((status = 201, body = EquipmentType), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewEquipmentType>,
) -> Created<EquipmentType> {
    new.terms.check()?;
    let id = new.id.unwrap_or_else(id::new_v7);
    created(
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { add(tx, id, new.terms).await })).await?,
    )
}

async fn add(tx: &mut Tx, id: Uuid, terms: EquipmentTypeTerms) -> Result<EquipmentType> {
    let terms = terms.tidy();
    if let Ok(row) = sql::kind(tx, id).await {
        return if row.terms()? == terms {
            shown(tx, id).await
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    check(tx, id, &terms, None).await?;
    if !sql::insert_kind(tx, id, &terms.name, &json!(terms.manual_ids).to_string(), terms.active).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    tx.audit("equipment_type.create", "equipment_type", id, json!({ "name": terms.name })).await?;
    shown(tx, id).await
}

/// Changes a type of equipment. Renamed, its equipment goes along; retired, what is of it stays.
#[utoipa::path(put, path = "/equipment-types/{id}", tag = "service", request_body = EquipmentTypeTerms, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = EquipmentType), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(terms): Json<EquipmentTypeTerms>,
) -> Answer<EquipmentType> {
    terms.check()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { put(tx, id, version, terms).await }))
        .await?)
}

async fn put(tx: &mut Tx, id: Uuid, version: i64, terms: EquipmentTypeTerms) -> Result<EquipmentType> {
    let terms = terms.tidy();
    let before = sql::kind(tx, id).await?.terms()?;
    check(tx, id, &terms, Some(&before)).await?;
    let manuals = json!(terms.manual_ids).to_string();
    if !sql::update_kind(tx, id, version, &terms.name, &manuals, terms.active).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let told = json!({ "before": before, "after": terms });
    tx.audit("equipment_type.change", "equipment_type", id, told).await?;
    shown(tx, id).await
}
