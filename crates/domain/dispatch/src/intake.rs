//! Taking a request in.

use api::{Checks, Kit};
use base::{Micros, Problem, id, problem};
use customers::NewSpot;
use db::{News, Query, Result, Scope, Tx};
use geo::{Bd09, Gcj02, LngLat};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    NO_PLACE,
    model::{Status, UrgentRequest},
    sql::{self, RequestRow},
};

/// A place that is no customer yet. It becomes one, a prospect, so that the visit has a place to be checked against.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreePlace {
    #[schema(max_length = 80)]
    pub name: String,
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// `[lng, lat]` in `datum`.
    pub at: [f64; 2],
    /// wgs84 (default), gcj02 or bd09.
    pub datum: Option<String>,
}

/// An urgent request to be taken in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUrgent {
    /// Made by the client: the same again is the same request.
    pub id: Option<Uuid>,
    /// A customer with a position, or else `place`.
    pub customer_id: Option<Uuid>,
    pub place: Option<FreePlace>,
    /// What is wanted.
    #[schema(max_length = 80)]
    pub title: String,
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// 1 normal, 2 urgent, 3 emergency.
    #[schema(minimum = 1, maximum = 3)]
    pub priority: i64,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub skills: Vec<String>,
    /// How long it will take.
    #[schema(minimum = 5, maximum = 480)]
    pub service_minutes: i64,
    /// Somebody must have begun by then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub latest_at: Option<Micros>,
    /// Steps to be done there.
    pub template_id: Option<Uuid>,
}

fn to_wgs84(place: &FreePlace) -> Option<LngLat> {
    let [lng, lat] = place.at;
    match place.datum.as_deref().unwrap_or("wgs84") {
        "wgs84" => LngLat::new(lng, lat).ok(),
        "gcj02" => Gcj02 { lng, lat }.to_wgs84().ok(),
        "bd09" => Bd09 { lng, lat }.to_wgs84().ok(),
        _ => None,
    }
}

fn check(new: &NewUrgent, now: Micros) -> Result<()> {
    let mut checks = Checks::new();
    checks
        .text("title", &new.title, 80)
        .at_most("note", new.note.as_deref(), 500)
        .that("priority", (1..=3).contains(&new.priority))
        .that("service_minutes", (5..=480).contains(&new.service_minutes))
        .that("latest_at", new.latest_at.is_none_or(|t| now < t && t.0 - now.0 <= 24 * Micros::HOUR));
    org::check_skills(&mut checks, &new.skills);
    if let Some(place) = &new.place {
        checks
            .text("place.name", &place.name, 80)
            .at_most("place.address", place.address.as_deref(), 200)
            .that("place.at", to_wgs84(place).is_some());
    }
    checks.done()?;
    if new.customer_id.is_some() == new.place.is_some() {
        return Err(Problem::new(NO_PLACE).field("customer_id", problem::REQUIRED));
    }
    Ok(())
}

/// Takes a request in. The same id and content again answers as before.
pub(crate) async fn take(kit: &Kit, scope: &Scope, new: NewUrgent) -> Result<UrgentRequest> {
    let sha256 = work::content_sha256(&new)?;
    let request = new.id.unwrap_or_else(id::new_v7);
    let mut reader = kit.db.read(scope).await?;
    // Asked again after its latest time it is still the same request.
    if let Ok(known) = sql::one(&mut reader, request).await {
        return if known.content_sha256 == sha256 {
            Ok(known.shown(None))
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    drop(reader);
    check(&new, kit.now())?;
    kit.db.write(scope, move |tx| Box::pin(async move { store(tx, request, new, &sha256).await })).await
}

async fn store(tx: &mut Tx, request: Uuid, new: NewUrgent, sha256: &str) -> Result<UrgentRequest> {
    let me = org::person(tx, tx.scope().actor()).await?;
    let (customer, department) = match (new.customer_id, &new.place) {
        (Some(customer), _) => {
            let place = customers::place(tx, customer).await?;
            if place.at.is_none() || place.status == "archived" {
                return Err(Problem::new(NO_PLACE).field("customer_id", problem::BAD_VALUE));
            }
            (customer, place.department_id)
        }
        (None, Some(place)) => {
            let at = to_wgs84(place)
                .ok_or_else(|| Problem::new(NO_PLACE).field("place.at", problem::BAD_VALUE))?;
            let spot = NewSpot {
                name: &place.name,
                address: place.address.as_deref(),
                at,
                department: me.department_id,
            };
            (customers::add_spot(tx, spot).await?, me.department_id)
        }
        (None, None) => return Err(Problem::new(NO_PLACE).field("customer_id", problem::REQUIRED)),
    };
    if let Some(template) = new.template_id {
        work::template_exists(tx, template).await?;
    }
    let skills = org::tidy_skills(&new.skills);
    let row = sql::NewRequest {
        id: request,
        employee_id: me.id,
        department_id: department,
        customer_id: customer,
        title: new.title.trim(),
        note: new.note.as_deref().map(str::trim).filter(|n| !n.is_empty()),
        priority: new.priority,
        skills: &skills,
        service_s: new.service_minutes * 60,
        latest_at: new.latest_at,
        template_id: new.template_id,
        from_task_id: None,
        content_sha256: sha256,
    };
    if !sql::insert(tx, row).await? {
        // Taken in by somebody whose requests are out of reach, or in this very moment.
        return Err(Problem::new(problem::CONFLICT));
    }
    let row = sql::of_company(tx, request).await?;
    tx.audit(
        "urgent.take",
        "urgent_request",
        request,
        json!({ "customer": row.customer_name, "title": row.title, "priority": row.priority }),
    )
    .await?;
    emit(tx, &row, Status::Open).await?;
    Ok(row.shown(None))
}

/// Tells the consoles how a request stands now.
pub(crate) async fn emit(tx: &mut Tx, row: &RequestRow, status: Status) -> Result<()> {
    let payload = json!({ "urgent": row.id, "status": status });
    tx.emit(News { topic: "task", employee_id: row.employee_id, department_id: row.department_id, payload })
        .await
}
