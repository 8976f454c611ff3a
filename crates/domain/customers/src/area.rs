//! To which territory a customer belongs: by the shapes drawn on the map, or because somebody put him there.

use base::Problem;
use db::{Query, Result, Tx, args, sql};
use fence::Shape;
use geo::LngLat;
use uuid::Uuid;

db::row! { struct DrawnRow { id: Uuid, shape: String } }

/// The drawn territory of a department, or of one above it, that holds a place; of several the newest.
pub(crate) async fn drawn_at(
    q: &mut impl Query,
    department: Uuid,
    at: Option<LngLat>,
) -> Result<Option<Uuid>> {
    let Some(at) = at else { return Ok(None) };
    let rows: Vec<DrawnRow> = q
        .all(
            sql!(
                "SELECT t.id, t.shape FROM territory t WHERE t.tenant_id = $1 AND t.shape IS NOT NULL AND t.department_id IN \
                 (SELECT d.ancestor_id FROM department_closure d WHERE d.tenant_id = $1 AND d.descendant_id = $3) ORDER BY t.id DESC"
            ),
            args![department],
        )
        .await?;
    for row in rows {
        let corners: Vec<LngLat> = serde_json::from_str(&row.shape).map_err(Problem::internal)?;
        if Shape::Polygon(corners).contains(at) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// The territory of a customer who was set somewhere else: what somebody put by hand stays, what a shape decided is
/// decided anew.
pub(crate) async fn after_move(
    q: &mut impl Query,
    before: Option<Uuid>,
    department: Uuid,
    at: Option<LngLat>,
) -> Result<Option<Uuid>> {
    db::row! { struct Named { id: Uuid } }
    let named: Option<Named> = match before {
        Some(id) => {
            q.one(
                sql!("SELECT id FROM territory WHERE tenant_id = $1 AND id = $3 AND shape IS NULL"),
                args![id],
            )
            .await?
        }
        None => None,
    };
    match named {
        Some(named) => Ok(Some(named.id)),
        None => drawn_at(q, department, at).await,
    }
}

/// Puts a customer into a territory, or takes him out of any.
///
/// # Errors
/// When the store cannot be written.
pub async fn put_in_territory(tx: &mut Tx, customer: Uuid, territory: Option<Uuid>) -> Result<()> {
    tx.exec(
        sql!("UPDATE customer SET territory_id = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3"),
        args![customer, territory],
    )
    .await
    .map(drop)
}

/// Takes all customers out of a territory. Answers how many.
///
/// # Errors
/// When the store cannot be written.
pub async fn empty_territory(tx: &mut Tx, territory: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE customer SET territory_id = NULL, version = version + 1 WHERE tenant_id = $1 AND territory_id = $3"
        ),
        args![territory],
    )
    .await
}

/// Is there such a territory in reach?
///
/// # Errors
/// When the store cannot be read.
pub async fn territory_exists(q: &mut impl Query, territory: Uuid) -> Result<bool> {
    db::row! { struct Found { id: Uuid } }
    let found: Option<Found> = q
        .one(
            sql!("SELECT t.id FROM territory t WHERE t.tenant_id = $1 AND t.id = $3 AND {reach:t}"),
            args![territory],
        )
        .await?;
    Ok(found.is_some_and(|f| f.id == territory))
}
