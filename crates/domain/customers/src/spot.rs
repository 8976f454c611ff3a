//! A place somebody has to go to that is no customer yet: kept as a prospect, so that the visit there has a place to be
//! checked against and a history.

use base::id;
use db::{Result, Tx};
use geo::LngLat;
use serde_json::json;
use uuid::Uuid;

use crate::{
    OpeningHours, Whom, area, class,
    sql::{self, Written},
};

/// A place by name and position.
#[derive(Debug)]
pub struct NewSpot<'a> {
    pub name: &'a str,
    pub address: Option<&'a str>,
    pub at: LngLat,
    pub department: Uuid,
}

/// Adds it; answers its id. The caller has checked the texts.
///
/// # Errors
/// When the store cannot be written.
pub async fn add_spot(tx: &mut Tx, spot: NewSpot<'_>) -> Result<Uuid> {
    let written = Written {
        id: id::new_v7(),
        code: None,
        name: spot.name.trim().to_owned(),
        grade: None,
        class_id: class::default_class(tx).await?,
        tags: vec![],
        address: spot.address.map(str::trim).filter(|a| !a.is_empty()).map(str::to_owned),
        at: Some(spot.at),
        radius_m: None,
        owner_id: None,
        department_id: spot.department,
        territory_id: area::drawn_at(tx, spot.department, Some(spot.at)).await?,
        status: "prospect".into(),
        note: None,
        hours: OpeningHours::default(),
        whom: Whom::default(),
        custom: custom::Kept::default(),
    };
    let now = tx.now();
    sql::insert(tx, &written, now).await?;
    tx.audit("customer.create", "customer", written.id, json!({ "name": written.name })).await?;
    Ok(written.id)
}
