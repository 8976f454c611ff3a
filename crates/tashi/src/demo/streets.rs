//! The invented city as a road map, so that the demo's plans follow its streets.

use anyhow::{Context, Result};
use api::Kit;
use city::City;
use roads::{Junction, Obstacle, ObstacleKind, Piece, Profile, RoadMap, Streets, Travel};
use serde_json::json;

use super::{caller::Caller, city};

/// Puts the city's road map where the server looks for one, unless there is one, and lets the company plan by it.
pub async fn lay(kit: &Kit, admin: &Caller) -> Result<()> {
    let Some(file) = kit.config.roads.map.clone() else { return Ok(()) };
    if !file.exists() {
        let made = tokio::task::spawn_blocking(move || {
            let map = RoadMap::build([(Profile::Car, &streets(city()))]);
            let beside = file.with_extension("part");
            std::fs::write(&beside, map.bytes())?;
            std::fs::rename(beside, file)
        });
        made.await?.context("writing the demo's road map")?;
    }
    let choice = json!({ "provider": "own_map", "profile": "car", "detour_permille": 1350, "speed_kmh": 24, "daily_quota": 0 });
    let headers = [("if-match", "\"0\"".to_owned())];
    let body = choice.to_string().into_bytes();
    admin.send("PUT", "/api/v1/travel/setting", "application/json", &headers, body).await?;
    Ok(())
}

/// All streets of the city, driven at what one drives there on an empty road.
fn streets(city: &City) -> Streets {
    let junction = |n: &city::Node| Junction {
        obstacles: n
            .signal
            .then_some(Obstacle { kind: ObstacleKind::Signal, along: None })
            .into_iter()
            .collect(),
        ..Junction::plain(n.at)
    };
    let piece = |e: &city::Edge| {
        let travel = Travel::at(e.speed_mps as f32);
        Piece {
            from: e.from as u32,
            to: e.to as u32,
            line: city.line(e),
            forward: Some(travel),
            backward: (!e.one_way).then_some(travel),
            way: [e.street as i64; 2],
            drawn_forward: [true; 2],
        }
    };
    Streets {
        junctions: city.nodes.iter().map(junction).collect(),
        pieces: city.edges.iter().map(piece).collect(),
        bans: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shop_of_the_city_can_be_driven_to() {
        let city = city();
        let map = RoadMap::build([(Profile::Car, &streets(city))]);
        let network = map.network(Profile::Car).unwrap();
        let places: Vec<_> =
            city.shops(60, 1).iter().map(|s| network.snap(s.at, 500.0).expect("a street")).collect();
        let table = network.table(&places, &places);
        assert!(!table.duration_ms.contains(&roads::Table::NO_WAY));
        // Nobody drives less than the straight line, nor much more than streets ask for.
        for (i, a) in places.iter().enumerate() {
            for (j, b) in places.iter().enumerate().filter(|(j, _)| *j != i) {
                let (line, road) =
                    (geo::distance_m(a.at, b.at), f64::from(table.distance_cm[i * places.len() + j]) / 100.0);
                assert!(
                    road >= line - 1.0 && road < line * 4.0 + 4_000.0,
                    "{line} m apart, {road} m by road"
                );
            }
        }
    }
}
