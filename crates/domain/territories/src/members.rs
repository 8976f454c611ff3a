//! Which customers a territory holds after it was drawn, named or ended.

use std::collections::HashSet;

use base::{Problem, problem};
use customers::put_in_territory;
use db::{Result, Tx};
use fence::Shape;
use geo::LngLat;
use uuid::Uuid;

use crate::sql;

/// Most corners of a drawn territory.
const MOST_CORNERS: usize = 200;

/// Can this be drawn?
///
/// # Errors
/// What is wrong, in words.
pub fn check(corners: &[LngLat]) -> std::result::Result<(), String> {
    if corners.len() > MOST_CORNERS {
        return Err("corners".into());
    }
    Shape::Polygon(corners.to_vec()).check().map_err(|e| e.to_string())
}

/// Takes in whoever of the department stands inside, and lets go of the others; those fall to another drawn one they
/// stand in.
pub async fn draw(tx: &mut Tx, territory: Uuid, department: Uuid, corners: &[LngLat]) -> Result<()> {
    let shape = Shape::Polygon(corners.to_vec());
    let others: Vec<(Uuid, Shape)> = sql::all(tx)
        .await?
        .iter()
        .rev()
        .filter(|t| t.id != territory)
        .filter_map(|t| Some((t.id, Shape::Polygon(t.corners().ok()??))))
        .collect();
    let below: HashSet<Uuid> =
        customers::served(tx, Some(department)).await?.into_iter().map(|s| s.place.id).collect();
    for served in customers::served(tx, None).await? {
        let inside = below.contains(&served.place.id) && served.place.at.is_some_and(|at| shape.contains(at));
        let mine = served.territory_id == Some(territory);
        if inside && !mine {
            put_in_territory(tx, served.place.id, Some(territory)).await?;
        } else if mine && !inside {
            let next = others.iter().find(|o| served.place.at.is_some_and(|at| o.1.contains(at)));
            put_in_territory(tx, served.place.id, next.map(|o| o.0)).await?;
        }
    }
    Ok(())
}

/// Holds exactly these customers.
///
/// # Errors
/// `not_found` when one of them is not active or out of reach.
pub async fn name(tx: &mut Tx, territory: Uuid, named: &[Uuid]) -> Result<()> {
    let named: HashSet<Uuid> = named.iter().copied().collect();
    let mut found = 0;
    for served in customers::served(tx, None).await? {
        let wanted = named.contains(&served.place.id);
        found += usize::from(wanted);
        let mine = served.territory_id == Some(territory);
        if wanted != mine {
            put_in_territory(tx, served.place.id, Some(territory).filter(|_| wanted)).await?;
        }
    }
    if found == named.len() { Ok(()) } else { Err(Problem::new(problem::NOT_FOUND)) }
}
