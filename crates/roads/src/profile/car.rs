//! The car. Speeds, surfaces, penalties and the cost of a turn follow the published default car profile of
//! OSRM (`profiles/car.lua`, BSD-2), so that times agree with what people already compare with.

use super::tags::{Tags, duration_s, metres, number};
use super::{Turn, TurnCost, WayRule, restricted_extra};
use crate::streets::{ObstacleKind, Travel};

const ACCESS: &[&str] = &["motorcar", "motor_vehicle", "vehicle", "access"];
const ALLOWED: &[&str] = &["yes", "motorcar", "motor_vehicle", "vehicle", "permissive", "designated", "hov"];
const FORBIDDEN: &[&str] = &["no", "agricultural", "forestry", "emergency", "psv"];
const RESIDENTS: &[&str] = &["private", "delivery", "destination", "customers"];
const OPEN_BARRIERS: &[&str] = &[
    "cattle_grid",
    "border_control",
    "toll_booth",
    "sally_port",
    "gate",
    "lift_gate",
    "no",
    "entrance",
    "height_restrictor",
    "arch",
];
/// What an ordinary car is, metres.
const HEIGHT: f64 = 2.0;
const WIDTH: f64 = 1.9;
/// Signs are not driven at: the share of the permitted speed that is kept on average.
const OF_PERMITTED: f64 = 0.8;
const DEFAULT_KMH: f64 = 10.0;

/// km/h by class of road.
fn class_kmh(highway: &str) -> Option<f64> {
    Some(match highway {
        "motorway" => 90.0,
        "motorway_link" => 45.0,
        "trunk" => 85.0,
        "trunk_link" => 40.0,
        "primary" => 65.0,
        "primary_link" => 30.0,
        "secondary" => 55.0,
        "secondary_link" => 25.0,
        "tertiary" => 40.0,
        "tertiary_link" => 20.0,
        "unclassified" | "residential" => 25.0,
        "living_street" => 10.0,
        "service" => 15.0,
        _ => return None,
    })
}

fn surface_kmh(surface: &str) -> Option<f64> {
    Some(match surface {
        "cement" | "compacted" | "fine_gravel" => 80.0,
        "paving_stones" | "metal" | "bricks" => 60.0,
        "grass" | "wood" | "sett" | "grass_paver" | "gravel" | "unpaved" | "ground" | "dirt"
        | "pebblestone" | "tartan" => 40.0,
        "cobblestone" | "clay" => 30.0,
        "earth" | "stone" | "rocky" | "sand" => 20.0,
        "mud" => 10.0,
        _ => return None,
    })
}

fn track_kmh(tracktype: &str) -> Option<f64> {
    Some(match tracktype {
        "grade1" => 60.0,
        "grade2" => 40.0,
        "grade3" => 30.0,
        "grade4" => 25.0,
        "grade5" => 20.0,
        _ => return None,
    })
}

fn smoothness_kmh(smoothness: &str) -> Option<f64> {
    Some(match smoothness {
        "intermediate" => 80.0,
        "bad" => 40.0,
        "very_bad" => 20.0,
        "horrible" => 10.0,
        "very_horrible" => 5.0,
        "impassable" => 0.0,
        _ => return None,
    })
}

/// km/h of a `maxspeed` value, 0 for what says nothing.
fn permitted_kmh(value: &str) -> f64 {
    if let Some(n) = number(value) {
        return if value.contains("mph") { n * 1.609 } else { n };
    }
    match value.to_ascii_lowercase().as_str() {
        "none" => 140.0,
        "de:living_street" => 7.0,
        "de:rural" => 100.0,
        "de:motorway" => 0.0,
        "cn:motorway" => 120.0,
        other => match other.split_once(':').map(|s| s.1) {
            Some("urban") => 50.0,
            Some("rural") => 90.0,
            Some("trunk") => 110.0,
            Some("motorway") => 130.0,
            _ => 0.0,
        },
    }
}

pub fn way(tags: &Tags) -> Option<WayRule> {
    let highway = tags.get("highway").unwrap_or("");
    let ferry = matches!(tags.get("route"), Some("ferry" | "shuttle_train"));
    if closed(tags, highway) || (highway.is_empty() && !ferry) {
        return None;
    }
    let (access_f, access_b) = tags.by_direction(ACCESS);
    let residents =
        |a: Option<&str>| class_kmh(highway).is_some() && a.is_some_and(|a| RESIDENTS.contains(&a));
    let barred = |a: Option<&str>| {
        a.is_some_and(|a| FORBIDDEN.contains(&a) || (RESIDENTS.contains(&a) && !residents(Some(a))))
    };
    let one_way = one_way(tags, highway);
    let mut speed = match (ferry, class_kmh(highway)) {
        (true, _) => Some(if tags.is("route", "ferry") { 5.0 } else { 10.0 }),
        (false, Some(kmh)) => Some(kmh),
        (false, None) => None,
    };
    if speed.is_none() && (access_f.is_some() || access_b.is_some()) {
        let named = |a: Option<&str>| a.is_some_and(|a| ALLOWED.contains(&a));
        speed = (named(access_f) || named(access_b)).then_some(DEFAULT_KMH);
    }
    let speed = if tags.is("bridge", "movable") { 5.0 } else { speed? };
    let (limit_f, limit_b) = tags.by_direction(&["maxspeed:advisory", "maxspeed"]);
    let both_ways = one_way == OneWay::No && !barred(access_f) && !barred(access_b);
    let burden = burden(tags, both_ways);
    let travel = |access: Option<&str>, limit: Option<&str>| {
        if barred(access) {
            return None;
        }
        let limited = limit.map(permitted_kmh).filter(|k| *k > 0.0).map(|k| k * OF_PERMITTED);
        let kmh = rough(tags, limited.unwrap_or(speed));
        (kmh > 0.0).then_some(Travel {
            speed_mps: (kmh / 3.6) as f32,
            burden,
            restricted: residents(access),
            ferry,
        })
    };
    Some(WayRule {
        forward: (one_way != OneWay::Backward).then(|| travel(access_f, limit_f)).flatten(),
        backward: (one_way != OneWay::Forward).then(|| travel(access_b, limit_b)).flatten(),
        crossing_s: ferry.then(|| tags.get("duration").and_then(duration_s)).flatten().map(|s| s as f32),
    })
}

/// Not a street at all, or not one for this vehicle.
fn closed(tags: &Tags, highway: &str) -> bool {
    let construction = tags.get("construction");
    matches!(highway, "steps" | "construction" | "proposed" | "reversible" | "impassable")
        || tags.is("area", "yes")
        || tags.is("oneway", "reversible")
        || tags.is("impassable", "yes")
        || tags.is("status", "impassable")
        || construction.is_some_and(|c| !matches!(c, "no" | "widening" | "minor"))
        || tags.get("proposed").is_some_and(|p| p != "no") && highway.is_empty()
        || tags.is("service", "emergency_access")
        || tags.first(&["maxheight:physical", "maxheight"]).and_then(metres).is_some_and(|h| h < HEIGHT)
        || tags
            .first(&["maxwidth:physical", "maxwidth", "width", "est_width"])
            .and_then(metres)
            .is_some_and(|w| w < WIDTH)
}

#[derive(PartialEq, Clone, Copy)]
enum OneWay {
    No,
    Forward,
    Backward,
}

fn one_way(tags: &Tags, highway: &str) -> OneWay {
    let own = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"];
    match tags.first(&own) {
        Some("-1") => OneWay::Backward,
        Some("yes" | "1" | "true") => OneWay::Forward,
        Some("no") => OneWay::No,
        _ if highway == "motorway" || matches!(tags.get("junction"), Some("roundabout" | "circular")) => {
            OneWay::Forward
        }
        _ => OneWay::No,
    }
}

/// The speed a bad surface leaves.
fn rough(tags: &Tags, kmh: f64) -> f64 {
    let caps = [
        tags.get("surface").and_then(surface_kmh),
        tags.get("tracktype").and_then(track_kmh),
        tags.get("smoothness").and_then(smoothness_kmh),
    ];
    caps.into_iter().flatten().fold(kmh, f64::min)
}

/// What drivers avoid although it is not slower.
fn burden(tags: &Tags, both_ways: bool) -> f32 {
    let alley = matches!(
        tags.get("service"),
        Some("alley" | "parking" | "parking_aisle" | "driveway" | "drive-through" | "drive-thru")
    );
    let narrow = tags.get("width").and_then(number).is_some_and(|w| w.floor() <= 3.0);
    let single = both_ways && tags.get("lanes").and_then(number).is_some_and(|l| l <= 1.0);
    if tags.is("oneway", "alternating") {
        2.5
    } else if alley || narrow || single {
        2.0
    } else if matches!(tags.get("side_road"), Some("yes" | "rotary")) {
        1.25
    } else {
        1.0
    }
}

pub fn blocks(tags: &Tags) -> bool {
    if let Some(access) = tags.first(ACCESS) {
        return FORBIDDEN.contains(&access);
    }
    let Some(barrier) = tags.get("barrier") else { return false };
    let low =
        barrier == "height_restrictor" && tags.get("maxheight").and_then(metres).is_some_and(|h| h < HEIGHT);
    let sinks = tags.is("bollard", "rising")
        || matches!(tags.get("kerb"), Some("lowered" | "flush"))
        || (barrier == "kerb" && tags.is("highway", "crossing"));
    low || !(OPEN_BARRIERS.contains(&barrier) || sinks)
}

/// Seconds of a full turn, and how much dearer one to the left is.
const TURN_S: f64 = 7.5;
const LEFT_BIAS: f64 = 1.075;
const U_TURN_S: f64 = 20.0;
const SIGNAL_S: f64 = 2.0;
const STOP_S: f64 = 2.0;
const GIVE_WAY_S: f64 = 1.0;

pub fn turn(turn: &Turn) -> TurnCost {
    let mut seconds = obstacles_s(turn);
    if turn.arms > 2 || turn.u_turn || turn.from.ferry != turn.to.ferry {
        let (half, bias) = (turn.angle.abs() / 180.0, LEFT_BIAS);
        let exponent =
            if turn.angle >= 0.0 { 13.0 / bias * half - 6.5 * bias } else { 13.0 * bias * half - 6.5 / bias };
        seconds += TURN_S / (1.0 + (-exponent).exp());
        if turn.u_turn {
            seconds += U_TURN_S;
        }
    }
    TurnCost::seconds(seconds, restricted_extra(turn))
}

fn obstacles_s(turn: &Turn) -> f64 {
    let each = turn.obstacles.iter().map(|o| match o {
        ObstacleKind::Signal => SIGNAL_S,
        ObstacleKind::Stop => STOP_S,
        ObstacleKind::StopMinor if turn.from.speed_mps < turn.fastest_mps => STOP_S,
        ObstacleKind::StopMinor => 0.0,
        ObstacleKind::GiveWay => GIVE_WAY_S,
    });
    each.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &'static str) -> Tags<'static> {
        text.split_whitespace().filter_map(|p| p.split_once('=')).collect()
    }

    fn kmh(t: Option<Travel>) -> Option<i32> {
        t.map(|t| (t.speed_mps * 3.6).round() as i32)
    }

    #[test]
    fn classes_limits_and_one_ways() {
        let r = way(&tags("highway=primary")).unwrap();
        assert_eq!((kmh(r.forward), kmh(r.backward)), (Some(65), Some(65)));
        let r = way(&tags("highway=primary maxspeed=50 oneway=yes")).unwrap();
        assert_eq!((kmh(r.forward), kmh(r.backward)), (Some(40), None));
        let r = way(&tags("highway=residential maxspeed:backward=30 surface=sand")).unwrap();
        assert_eq!((kmh(r.forward), kmh(r.backward)), (Some(20), Some(20)));
        let r = way(&tags("highway=secondary oneway=-1")).unwrap();
        assert!(r.forward.is_none() && r.backward.is_some());
        assert!(way(&tags("highway=secondary junction=roundabout")).unwrap().backward.is_none());
        let r = way(&tags("highway=motorway oneway=no")).unwrap();
        assert!(r.backward.is_some());
    }

    #[test]
    fn access() {
        assert!(way(&tags("highway=footway")).is_none());
        assert!(way(&tags("highway=residential access=no")).unwrap().forward.is_none());
        assert!(way(&tags("highway=residential access=no motorcar=yes")).unwrap().forward.is_some());
        assert!(way(&tags("highway=service access=private")).unwrap().forward.unwrap().restricted);
        assert!(way(&tags("highway=track motor_vehicle=yes")).unwrap().forward.is_some());
        assert!(way(&tags("highway=track")).is_none());
        assert!(way(&tags("highway=residential maxheight=1.8")).is_none());
    }

    #[test]
    fn ferries_sail_by_their_timetable() {
        let r = way(&tags("route=ferry duration=00:20")).unwrap();
        assert_eq!(r.crossing_s, Some(1200.0));
        assert!(r.forward.unwrap().ferry);
    }

    #[test]
    fn barriers() {
        assert!(blocks(&tags("barrier=bollard")));
        assert!(!blocks(&tags("barrier=bollard bollard=rising")));
        assert!(!blocks(&tags("barrier=lift_gate")));
        assert!(!blocks(&tags("barrier=bollard access=yes")));
        assert!(blocks(&tags("barrier=gate access=no")));
    }

    #[test]
    fn turns_cost_more_the_sharper_and_to_the_left() {
        let base = Turn {
            angle: 0.0,
            u_turn: false,
            dead_end: false,
            arms: 4,
            obstacles: &[],
            from: Travel::at(10.0),
            to: Travel::at(10.0),
            fastest_mps: 10.0,
        };
        let at = |angle: f64| turn(&Turn { angle, ..base.clone() }).duration_ms;
        assert!(at(0.0) < 50 && at(90.0) > 2_000 && at(-90.0) > at(90.0) && at(179.0) > 7_000);
        assert_eq!(turn(&Turn { arms: 2, angle: 90.0, ..base.clone() }).duration_ms, 0);
        let signal = turn(&Turn { obstacles: &[ObstacleKind::Signal], ..base.clone() });
        assert!((2_000..2_050).contains(&signal.duration_ms));
        let into = Turn { to: Travel { restricted: true, ..Travel::at(5.0) }, ..base };
        assert!(turn(&into).weight_ms > 3_000_000 && turn(&into).duration_ms < 50);
    }
}
