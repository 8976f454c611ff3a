//! Use cases on equipment.

use std::collections::HashMap;

use api::Checks;
use base::{LocalDay, Problem, id, problem};
use custom::{Fields, Noun};
use db::{Query, Result, Tx};
use org::Ref;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Equipment, EquipmentCard, EquipmentStatus, kinds,
    sql::{self, Written},
};
use crate::{
    CODE_TAKEN, PARENT,
    links::{self, Opens},
};

/// Deepest tree.
const DEEPEST: usize = 20;
/// Orders of a piece that a phone carries along.
const CARRIED: i64 = 5;

/// Tells an absent member from one that is null.
fn said<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Option<Uuid>>, D::Error> {
    Option::<Uuid>::deserialize(from).map(Some)
}

/// A piece of equipment as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEquipment {
    /// Made by the client: the same again is the same piece.
    pub id: Option<Uuid>,
    /// Absent: the next number.
    #[schema(max_length = 40)]
    pub code: Option<String>,
    #[schema(max_length = 80)]
    pub name: String,
    #[schema(max_length = 80)]
    pub model: Option<String>,
    #[schema(max_length = 80)]
    pub serial: Option<String>,
    pub customer_id: Uuid,
    pub parent_id: Option<Uuid>,
    #[schema(max_length = 120)]
    pub place: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub installed_on: Option<LocalDay>,
    #[schema(value_type = Option<String>, format = Date)]
    pub warranty_until: Option<LocalDay>,
    /// Absent: in use.
    pub status: Option<EquipmentStatus>,
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// Of the company's own list; absent, it stays as it is, and null takes it out.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    #[schema(value_type = Option<Uuid>)]
    pub type_id: Option<Option<Uuid>>,
    /// Answers to the company's own fields, by key; what is absent stays, null takes an answer out.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

fn tidy(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

impl NewEquipment {
    /// # Errors
    /// `input.invalid` with every faulty field.
    pub fn check(&self) -> Result<()> {
        Checks::new()
            .text("name", &self.name, 80)
            .at_most("code", self.code.as_deref(), 40)
            .at_most("model", self.model.as_deref(), 80)
            .at_most("serial", self.serial.as_deref(), 80)
            .at_most("place", self.place.as_deref(), 120)
            .at_most("note", self.note.as_deref(), 500)
            .that(
                "warranty_until",
                self.installed_on.zip(self.warranty_until).is_none_or(|(from, to)| from <= to),
            )
            .done()
    }

    fn written<'a>(&'a self, id: Uuid, code: &'a str, kind: Option<Uuid>, search: &'a str) -> Written<'a> {
        Written {
            id,
            code,
            name: self.name.trim(),
            model: tidy(self.model.as_deref()),
            serial: tidy(self.serial.as_deref()),
            customer: self.customer_id,
            parent: self.parent_id,
            place: tidy(self.place.as_deref()),
            installed_on: self.installed_on,
            warranty_until: self.warranty_until,
            status: self.status.unwrap_or(EquipmentStatus::InUse).key(),
            note: tidy(self.note.as_deref()),
            kind,
            search,
        }
    }

    fn search(&self, code: &str) -> String {
        let texts = [Some(code), Some(self.name.as_str()), self.model.as_deref(), self.serial.as_deref()];
        texts.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

/// The company's day, for formulas of its own fields.
pub(super) async fn today(tx: &mut Tx) -> Result<String> {
    Ok(tx.now().local_day(&org::zone(tx).await?).to_string())
}

/// Adds a piece. The same id and content again answers as before.
///
/// # Errors
/// `service.code_taken`, `equipment.parent`, `not_found` for a customer out of reach.
pub async fn add(tx: &mut Tx, mut new: NewEquipment) -> Result<Equipment> {
    // A new piece has no type that could stay: null says what is absent says.
    let kind = new.type_id.flatten();
    new.type_id = kind.map(Some);
    let sha256 = work::content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    let customer = customers::place(tx, new.customer_id).await?;
    if let Some(known) = sql::of_company(tx, id).await? {
        let same = known.content_sha256 == sha256;
        return if same { Ok(known.into()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    check_parent(tx, id, new.customer_id, new.parent_id).await?;
    kinds::check_usable(tx, kind, None).await?;
    let fields = Fields::in_force(tx, Noun::Equipment).await?;
    let kept = fields.accept(&Map::new(), &new.custom, &today(tx).await?, true)?;
    let code = match tidy(new.code.as_deref()) {
        Some(code) => code.to_owned(),
        // Numbers that were typed or imported are passed over.
        None => loop {
            let code = links::equipment_number(tx).await?;
            if sql::with_code(tx, &code).await?.is_none() {
                break code;
            }
        },
    };
    if sql::with_code(tx, &code).await?.is_some() {
        return Err(Problem::new(CODE_TAKEN).with("code", code).field("code", problem::DUPLICATE_VALUE));
    }
    let (label, search) = (links::random_word(), new.search(&code));
    if !sql::insert(tx, &new.written(id, &code, kind, &search), &label, &sha256).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    links::open(tx, &label, Opens::Equipment, id).await?;
    custom::keep(tx, Noun::Equipment, id, &kept).await?;
    let mut told = json!({ "code": code, "name": new.name, "customer": customer.name });
    if !kept.answers.is_empty() {
        told["custom"] = Value::Object(kept.answers);
    }
    tx.audit("equipment.create", "equipment", id, told).await?;
    Ok(sql::one(tx, id).await?.into())
}

/// Changes a piece as a whole.
///
/// # Errors
/// `version.conflict`, `service.code_taken`, `equipment.parent`.
pub async fn change(tx: &mut Tx, id: Uuid, version: i64, new: NewEquipment) -> Result<Equipment> {
    let before: Equipment = sql::one(tx, id).await?.into();
    let customer = customers::place(tx, new.customer_id).await?;
    check_parent(tx, id, new.customer_id, new.parent_id).await?;
    let had = before.kind.as_ref().map(|k| k.id);
    let kind = new.type_id.unwrap_or(had);
    kinds::check_usable(tx, kind, had).await?;
    let fields = Fields::in_force(tx, Noun::Equipment).await?;
    let kept = fields.accept(&before.custom, &new.custom, &today(tx).await?, false)?;
    let code = tidy(new.code.as_deref()).unwrap_or(&before.code).to_owned();
    if sql::with_code(tx, &code).await?.is_some_and(|other| other.id != id) {
        return Err(Problem::new(CODE_TAKEN).with("code", code).field("code", problem::DUPLICATE_VALUE));
    }
    if new.customer_id != before.customer.id && !sql::children(tx, id).await?.is_empty() {
        return Err(Problem::new(PARENT).field("customer_id", PARENT));
    }
    let search = new.search(&code);
    if !sql::update(tx, &new.written(id, &code, kind, &search), version).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let mut told = json!({ "code": code, "name": [before.name, new.name.clone()], "customer": [before.customer.name, customer.name],
        "status": [before.status, new.status.unwrap_or(EquipmentStatus::InUse)] });
    if kept.answers != before.custom {
        custom::keep(tx, Noun::Equipment, id, &kept).await?;
        told["custom"] = json!([before.custom, kept.answers]);
    }
    tx.audit("equipment.change", "equipment", id, told).await?;
    Ok(sql::one(tx, id).await?.into())
}

/// A parent is at the same customer, and the way up from it never meets the piece itself.
async fn check_parent(tx: &mut Tx, id: Uuid, customer: Uuid, parent: Option<Uuid>) -> Result<()> {
    let wrong = || Problem::new(PARENT).field("parent_id", PARENT);
    let mut above = parent;
    for _ in 0..DEEPEST {
        let Some(next) = above else { return Ok(()) };
        let row = sql::of_company(tx, next).await?.filter(|r| r.customer_id == customer && r.id != id);
        above = row.ok_or_else(wrong)?.parent_id;
    }
    Err(wrong())
}

/// What a phone carries along of equipment at these customers. The caller has checked them.
///
/// # Errors
/// When the store cannot be read.
pub async fn cards(q: &mut impl Query, customers: impl Iterator<Item = Uuid>) -> Result<Vec<EquipmentCard>> {
    let mut cards = vec![];
    // Pieces of one type have the same manuals.
    let mut known: HashMap<Option<Uuid>, Vec<Ref>> = HashMap::new();
    for customer in customers {
        for row in sql::of_customer(q, customer).await? {
            let orders = sql::history(q, row.id, CARRIED).await?;
            let manuals = match known.get(&row.type_id) {
                Some(manuals) => manuals.clone(),
                None => {
                    let manuals = kinds::manuals_of(q, row.type_id).await?;
                    known.insert(row.type_id, manuals.clone());
                    manuals
                }
            };
            cards.push(EquipmentCard { equipment: row.into(), orders, manuals });
        }
    }
    Ok(cards)
}
