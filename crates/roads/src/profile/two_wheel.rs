//! E-bikes and light motorcycles as reps in Chinese cities ride them: the law's 25 km/h, cycle tracks where
//! there are some, the side of every road but motorways, pushed through nothing.

use super::tags::{Tags, duration_s};
use super::{Turn, TurnCost, WayRule, restricted_extra};
use crate::streets::{ObstacleKind, Travel};

const ACCESS: &[&str] = &["electric_bicycle", "moped", "bicycle", "vehicle", "access"];
const FORBIDDEN: &[&str] =
    &["no", "agricultural", "forestry", "emergency", "psv", "use_sidepath", "dismount"];
const RESIDENTS: &[&str] = &["private", "delivery", "destination", "customers"];

/// km/h by class of road, lights and crossings counted elsewhere.
fn class_kmh(highway: &str, tags: &Tags) -> Option<f64> {
    let meant = matches!(tags.get("bicycle"), Some("yes" | "designated" | "permissive"));
    Some(match highway {
        "trunk" | "trunk_link" if !tags.is("motorroad", "yes") => 22.0,
        "primary" | "primary_link" | "secondary" | "secondary_link" => 22.0,
        "tertiary" | "tertiary_link" | "unclassified" => 21.0,
        "residential" | "cycleway" => 19.0,
        "busway" if meant => 20.0,
        "service" => 14.0,
        "living_street" | "track" => 12.0,
        "pedestrian" | "footway" | "path" if meant => 10.0,
        _ => return None,
    })
}

pub fn way(tags: &Tags) -> Option<WayRule> {
    let highway = tags.get("highway").unwrap_or("");
    let ferry = tags.is("route", "ferry");
    if tags.is("area", "yes") || tags.is("impassable", "yes") || tags.is("status", "impassable") {
        return None;
    }
    let access = tags.first(ACCESS);
    if access.is_some_and(|a| FORBIDDEN.contains(&a)) {
        return None;
    }
    let kmh = if ferry { 8.0 } else { class_kmh(highway, tags)? };
    let rough = match tags.get("surface") {
        Some("sand" | "mud" | "rocky" | "stone") => 8.0,
        Some("gravel" | "ground" | "dirt" | "grass" | "earth" | "cobblestone" | "unpaved") => 12.0,
        _ => f64::INFINITY,
    };
    let travel = Travel {
        speed_mps: (kmh.min(rough) / 3.6) as f32,
        // Beside fast traffic nobody likes to ride where a smaller street leads there too.
        burden: if matches!(highway, "trunk" | "trunk_link") { 1.3 } else { 1.0 },
        restricted: access.is_some_and(|a| RESIDENTS.contains(&a)),
        ferry,
    };
    let keys = ["oneway:electric_bicycle", "oneway:bicycle", "oneway"];
    let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
    let contraflow = ["cycleway", "cycleway:left", "cycleway:both"]
        .iter()
        .any(|k| tags.get(k).is_some_and(|v| v.starts_with("opposite")));
    let (forward, backward) = match tags.first(&keys) {
        Some("-1") => (contraflow, true),
        Some("yes" | "1" | "true") => (true, contraflow),
        Some("no") => (true, true),
        _ => (true, !round),
    };
    Some(WayRule {
        forward: forward.then_some(travel),
        backward: backward.then_some(travel),
        crossing_s: ferry.then(|| tags.get("duration").and_then(duration_s)).flatten().map(|s| s as f32),
    })
}

pub fn blocks(tags: &Tags) -> bool {
    if let Some(access) = tags.first(ACCESS) {
        return FORBIDDEN.contains(&access);
    }
    matches!(
        tags.get("barrier"),
        Some("wall" | "fence" | "turnstile" | "stile" | "full-height_turnstile" | "debris")
    )
}

/// Across the junction twice for a turn to the left, as the law asks of e-bikes.
const LEFT_S: f64 = 8.0;
const RIGHT_S: f64 = 2.0;
const U_TURN_S: f64 = 10.0;
const SIGNAL_S: f64 = 6.0;

pub fn turn(turn: &Turn) -> TurnCost {
    let signals = turn.obstacles.iter().filter(|o| **o == ObstacleKind::Signal).count();
    let mut seconds = signals as f64 * SIGNAL_S;
    if turn.arms > 2 {
        let bend = (turn.angle.abs() / 90.0).min(1.0);
        seconds += bend * bend * if turn.angle < 0.0 { LEFT_S } else { RIGHT_S };
    }
    if turn.u_turn {
        seconds += U_TURN_S;
    }
    TurnCost::seconds(seconds, restricted_extra(turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &'static str) -> Tags<'static> {
        text.split_whitespace().filter_map(|p| p.split_once('=')).collect()
    }

    #[test]
    fn cycle_tracks_but_no_motorways() {
        assert!(way(&tags("highway=motorway")).is_none());
        assert!(way(&tags("highway=trunk motorroad=yes")).is_none());
        assert!(way(&tags("highway=cycleway")).is_some());
        assert!(way(&tags("highway=footway")).is_none());
        assert!(way(&tags("highway=footway bicycle=yes")).is_some());
        assert!(way(&tags("highway=residential bicycle=no")).is_none());
        assert!(way(&tags("highway=residential oneway=yes oneway:bicycle=no")).unwrap().backward.is_some());
        assert!(way(&tags("highway=residential oneway=yes")).unwrap().backward.is_none());
    }
}
