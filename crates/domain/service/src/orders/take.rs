//! Taking an order in: at the desk, from a label, or out of another order.

use api::Checks;
use base::{Problem, id, problem};
use db::{Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    moves,
    rules::{Move, OrderStatus},
    sql::{self, NewEvent, NewOrder, OrderRow},
};
use crate::{
    EQUIPMENT, RETIRED,
    clock::WorkClock,
    equipment,
    links::{self, Opens},
    types,
};

/// An order to be taken in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkOrder {
    /// Made by the client: the same again is the same order.
    pub id: Option<Uuid>,
    pub type_id: Uuid,
    pub customer_id: Uuid,
    pub equipment_id: Option<Uuid>,
    /// What is wrong.
    #[schema(max_length = 80)]
    pub title: String,
    #[schema(max_length = 1000)]
    pub detail: Option<String>,
    /// 1 normal, 2 urgent, 3 emergency.
    #[schema(minimum = 1, maximum = 3)]
    pub priority: i64,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub skills: Vec<String>,
    #[schema(max_length = 40)]
    pub contact_name: Option<String>,
    #[schema(max_length = 30)]
    pub contact_phone: Option<String>,
    /// The order it follows.
    pub from_id: Option<Uuid>,
}

/// Where an order comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Desk,
    Portal,
    Check,
    FollowUp,
    /// A maintenance plan.
    Plan,
}

impl Source {
    fn key(self) -> &'static str {
        match self {
            Source::Desk => "desk",
            Source::Portal => "portal",
            Source::Check => "check",
            Source::FollowUp => "follow_up",
            Source::Plan => "plan",
        }
    }
}

impl NewWorkOrder {
    /// # Errors
    /// `input.invalid` with every faulty field.
    pub fn check(&self) -> Result<()> {
        let mut checks = Checks::new();
        checks
            .text("title", &self.title, 80)
            .at_most("detail", self.detail.as_deref(), 1000)
            .that("priority", (1..=3).contains(&self.priority))
            .at_most("contact_name", self.contact_name.as_deref(), 40)
            .at_most("contact_phone", self.contact_phone.as_deref(), 30);
        org::check_skills(&mut checks, &self.skills);
        checks.done()
    }
}

fn tidy(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// Takes an order in; its customer is known to be the caller's to name. The same id and content again answers as before.
///
/// # Errors
/// `order.type_retired`, `order.equipment`, `sync.conflict`.
pub(crate) async fn take(tx: &mut Tx, new: NewWorkOrder, source: Source) -> Result<OrderRow> {
    new.check()?;
    let sha256 = work::content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::of_company(tx, id).await? {
        return if known.content_sha256 == sha256 { Ok(known) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let kind = types::one(tx, new.type_id).await?;
    if !kind.terms.active {
        return Err(Problem::new(RETIRED).field("type_id", RETIRED));
    }
    let customer = customers::place_of_company(tx, new.customer_id).await?;
    if let Some(piece) = new.equipment_id {
        let found = equipment::sql::of_company(tx, piece).await?;
        if found.is_none_or(|e| e.customer_id != customer.id || e.status == "scrapped") {
            return Err(Problem::new(EQUIPMENT).field("equipment_id", EQUIPMENT));
        }
    }
    let now = tx.now();
    let clock = WorkClock::of(tx).await?;
    let due = |minutes: Option<i64>| minutes.map(|m| clock.due(now, m));
    let day = now.local_day(&org::zone(tx).await?);
    let number = links::order_number(tx, day).await?;
    let (token, skills) = (links::random_word(), org::tidy_skills(&new.skills));
    let by = Some(tx.scope_actor()).filter(|id| !id.is_nil());
    let order = NewOrder {
        id,
        number: &number,
        type_id: kind.id,
        customer_id: customer.id,
        equipment_id: new.equipment_id,
        department_id: customer.department_id,
        title: new.title.trim(),
        detail: tidy(new.detail.as_deref()),
        priority: new.priority,
        skills: &skills,
        contact: (tidy(new.contact_name.as_deref()), tidy(new.contact_phone.as_deref())),
        source: source.key(),
        from_id: new.from_id,
        due: (due(kind.terms.response_minutes), due(kind.terms.finish_minutes)),
        created_by: by,
        token: &token,
        content_sha256: &sha256,
    };
    if !sql::insert(tx, &order).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    let event = NewEvent {
        order: id,
        seq: 1,
        mv: Move::Take,
        status: OrderStatus::New,
        by,
        claimed_at: None,
        at: now,
        note: None,
        task: None,
    };
    sql::insert_event(tx, &event).await?;
    links::open(tx, &token, Opens::Order, id).await?;
    let told =
        json!({ "number": number, "customer": customer.name, "title": order.title, "source": source.key() });
    tx.audit("order.take", "work_order", id, told).await?;
    let row =
        sql::of_company(tx, id).await?.ok_or_else(|| Problem::internal("an order that was just taken in"))?;
    moves::emit(tx, &row, None).await?;
    if source != Source::Desk {
        let params = json!({ "number": number, "customer": customer.name, "title": order.title });
        let kind = match source {
            Source::Portal => "order.reported",
            Source::Plan => "order.planned",
            _ => "order.followed",
        };
        moves::tell_keepers(tx, &row, kind, params).await?;
    }
    Ok(row)
}
