//! Ways that were longer than needed, and places far off the way. Hints to ask about, not verdicts: a closed road,
//! a traffic jam or lunch explain most of them.

use geo::{LngLat, distance_m};
use uuid::Uuid;

/// A point of the driven way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driven {
    pub t_ms: i64,
    pub at: LngLat,
    /// The way is not known from the point before to this one.
    pub starts: bool,
}

/// A way between two stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    pub from: Uuid,
    pub to: Uuid,
    pub from_at: LngLat,
    pub to_at: LngLat,
    /// From leaving the one to reaching the other, Unix milliseconds.
    pub from_ms: i64,
    pub to_ms: i64,
    /// The best way, metres: by road where roads are known, else the straight line times a factor.
    pub best_m: f64,
}

/// When a way is worth a hint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetourRules {
    /// Longer than the best way by this share…
    pub ratio: f64,
    /// …and by this much, metres.
    pub extra_m: f64,
    /// A place is off the way when a way over it would be longer than the best one by this share and
    /// [`Self::extra_m`].
    pub off_ratio: f64,
}

impl Default for DetourRules {
    fn default() -> DetourRules {
        DetourRules { ratio: 1.5, extra_m: 2_000.0, off_ratio: 1.5 }
    }
}

/// A way that was longer than needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetourHint {
    pub leg: Leg,
    pub driven_m: f64,
    /// Where it was furthest off, if it was.
    pub off: Option<OffRoute>,
    /// Part of the way is not known; the driven metres are then a least figure.
    pub incomplete: bool,
}

/// A place off the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OffRoute {
    pub t_ms: i64,
    pub at: LngLat,
    /// How much longer the best way over this place would be, metres.
    pub extra_m: f64,
}

/// Hints for the legs, in their order. `path` is in order of time.
pub fn detours(path: &[Driven], legs: &[Leg], rules: &DetourRules) -> Vec<DetourHint> {
    legs.iter().filter_map(|leg| hint(path, leg, rules)).collect()
}

fn hint(path: &[Driven], leg: &Leg, rules: &DetourRules) -> Option<DetourHint> {
    let from = path.partition_point(|p| p.t_ms < leg.from_ms);
    let to = path.partition_point(|p| p.t_ms <= leg.to_ms);
    let part = path.get(from..to).filter(|p| p.len() >= 2)?;
    let known = part.windows(2).filter(|w| !w[1].starts);
    let driven_m: f64 = known.map(|w| distance_m(w[0].at, w[1].at)).sum();
    let off = off_route(part, leg, rules);
    let longer = driven_m > leg.best_m * rules.ratio && driven_m > leg.best_m + rules.extra_m;
    let incomplete = part.iter().skip(1).any(|p| p.starts);
    (longer || off.is_some()).then_some(DetourHint { leg: *leg, driven_m, off, incomplete })
}

/// The place furthest off the way of a leg, if it is far enough off. Over a place the best way is at least as long as
/// the two straight lines, stretched as the leg's own best way is.
pub fn off_route(part: &[Driven], leg: &Leg, rules: &DetourRules) -> Option<OffRoute> {
    let straight = distance_m(leg.from_at, leg.to_at);
    // Of two stops at one place nothing is stretched.
    let stretch = if straight > 50.0 { (leg.best_m / straight).clamp(1.0, 3.0) } else { 1.0 };
    let over = |p: &Driven| stretch * (distance_m(leg.from_at, p.at) + distance_m(p.at, leg.to_at));
    let furthest = part.iter().max_by(|a, b| over(a).total_cmp(&over(b)).then(b.t_ms.cmp(&a.t_ms)))?;
    let far = over(furthest);
    (far > leg.best_m * rules.off_ratio && far > leg.best_m + rules.extra_m).then_some(OffRoute {
        t_ms: furthest.t_ms,
        at: furthest.at,
        extra_m: far - leg.best_m,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;

    fn a() -> LngLat {
        LngLat::new(118.78, 32.04).unwrap()
    }

    fn leg() -> Leg {
        let to_at = destination(a(), 90.0, 5_000.0);
        Leg {
            from: Uuid::nil(),
            to: Uuid::max(),
            from_at: a(),
            to_at,
            from_ms: 0,
            to_ms: 3_600_000,
            best_m: 6_500.0,
        }
    }

    /// A drive over the given places at ten metres a second.
    fn drive(over: &[LngLat]) -> Vec<Driven> {
        let mut t_ms = 0;
        let mut path = vec![];
        for w in over.windows(2) {
            let steps = (distance_m(w[0], w[1]) / 100.0).ceil() as i32;
            for i in 0..steps {
                let (x, y) = geo::LocalPlane::at(w[0]).xy(w[1]);
                let part = f64::from(i) / f64::from(steps);
                let at = geo::LocalPlane::at(w[0]).lng_lat(x * part, y * part);
                path.push(Driven { t_ms, at, starts: path.is_empty() });
                t_ms += 10_000;
            }
        }
        path
    }

    #[test]
    fn a_straight_way_is_no_detour() {
        assert_eq!(detours(&drive(&[a(), leg().to_at]), &[leg()], &DetourRules::default()), []);
    }

    #[test]
    fn home_in_between_is_seen() {
        let home = destination(a(), 0.0, 6_000.0);
        let found = detours(&drive(&[a(), home, leg().to_at]), &[leg()], &DetourRules::default());
        let off = found[0].off.unwrap();
        assert!(distance_m(off.at, home) < 200.0 && found[0].driven_m > 13_000.0, "{found:?}");
        assert!(!found[0].incomplete);
    }

    #[test]
    fn circling_near_the_way_is_a_detour_without_a_place() {
        let (b, c) = (destination(a(), 90.0, 1_000.0), destination(a(), 90.0, 3_000.0));
        let path = drive(&[a(), c, b, c, b, c, leg().to_at]);
        let found = detours(&path, &[leg()], &DetourRules::default());
        assert!(found.len() == 1 && found[0].off.is_none(), "{found:?}");
        let mut broken = path;
        broken[40].starts = true;
        assert!(detours(&broken, &[leg()], &DetourRules::default())[0].incomplete);
    }
}
