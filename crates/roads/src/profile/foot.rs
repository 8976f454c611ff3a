//! On foot: no one-way streets, no turn restrictions, stairs slowly.

use super::tags::{Tags, duration_s};
use super::{Turn, TurnCost, WayRule, restricted_extra};
use crate::streets::{ObstacleKind, Travel};

const ACCESS: &[&str] = &["foot", "access"];
const FORBIDDEN: &[&str] = &["no", "agricultural", "forestry", "emergency", "use_sidepath"];
const RESIDENTS: &[&str] = &["private", "delivery", "destination", "customers"];
const WALK_KMH: f64 = 4.8;
const STAIRS_KMH: f64 = 2.0;

pub fn way(tags: &Tags) -> Option<WayRule> {
    let highway = tags.get("highway").unwrap_or("");
    let ferry = tags.is("route", "ferry");
    if tags.is("area", "yes") && highway != "pedestrian" {
        return None;
    }
    let access = tags.first(ACCESS);
    if access.is_some_and(|a| FORBIDDEN.contains(&a)) {
        return None;
    }
    let pavement = matches!(tags.get("sidewalk"), Some("both" | "left" | "right" | "yes"))
        || matches!(tags.get("foot"), Some("yes" | "designated" | "permissive"));
    let kmh = match highway {
        _ if ferry => 8.0,
        "steps" => STAIRS_KMH,
        "primary" | "primary_link" | "secondary" | "secondary_link" | "tertiary" | "tertiary_link"
        | "unclassified" | "residential" | "service" | "living_street" | "pedestrian" | "footway"
        | "path" | "track" | "platform" | "corridor" => WALK_KMH,
        "trunk" | "trunk_link" | "cycleway" | "bridleway" | "busway" if pavement => WALK_KMH,
        "cycleway" if access.is_none() => WALK_KMH,
        _ => return None,
    };
    let travel = Travel {
        speed_mps: (kmh / 3.6) as f32,
        burden: 1.0,
        restricted: access.is_some_and(|a| RESIDENTS.contains(&a)),
        ferry,
    };
    Some(WayRule {
        forward: Some(travel),
        backward: (!tags.is("oneway:foot", "yes")).then_some(travel),
        crossing_s: ferry.then(|| tags.get("duration").and_then(duration_s)).flatten().map(|s| s as f32),
    })
}

pub fn blocks(tags: &Tags) -> bool {
    if let Some(access) = tags.first(ACCESS) {
        return FORBIDDEN.contains(&access);
    }
    matches!(tags.get("barrier"), Some("wall" | "fence" | "hedge"))
}

/// Mean wait at a light.
const SIGNAL_S: f64 = 10.0;

pub fn turn(turn: &Turn) -> TurnCost {
    let signals = turn.obstacles.iter().filter(|o| **o == ObstacleKind::Signal).count();
    TurnCost::seconds(signals as f64 * SIGNAL_S, restricted_extra(turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_walk_both_ways_and_climb() {
        let tags =
            |t: &'static str| -> Tags { t.split_whitespace().filter_map(|p| p.split_once('=')).collect() };
        assert!(way(&tags("highway=primary oneway=yes")).unwrap().backward.is_some());
        let stairs = way(&tags("highway=steps")).unwrap().forward.unwrap().speed_mps;
        assert!(stairs < way(&tags("highway=footway")).unwrap().forward.unwrap().speed_mps);
        assert!(way(&tags("highway=motorway")).is_none());
        assert!(way(&tags("highway=footway foot=no")).is_none());
    }
}
