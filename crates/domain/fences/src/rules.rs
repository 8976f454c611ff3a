//! Pure decisions: what is watched of whom, and which of two findings of a day are the same.

use fence::{Event, Shape};
use uuid::Uuid;

use crate::model::{Drawn, EventKind, Tell};

/// Longest time between an event and its telling, milliseconds: nobody wants to hear of this morning in the evening.
pub const FRESH_MS: i64 = 30 * 60_000;
/// Two findings of one kind at one fence within this are one, found again by more positions, milliseconds.
pub const SAME_MS: i64 = 10 * 60_000;

/// A place that is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The drawn fence, or the customer.
    pub id: Uuid,
    pub name: String,
    pub customer: Option<Uuid>,
    pub owner: Option<Uuid>,
    pub drawn: bool,
    pub shape: Shape,
    pub dwell_s: u32,
    pub tell: Tell,
}

/// Is this event kept? Whoever drives through a city passes hundreds of customers that are not his.
pub fn kept(watched: &Watched, kind: EventKind, employee: Uuid) -> bool {
    kind != EventKind::Pass || watched.drawn || watched.owner == Some(employee)
}

/// Can this be saved?
///
/// # Errors
/// What is wrong, in words.
pub fn check(drawn: &Drawn) -> Result<Shape, String> {
    let shape = drawn.shape().ok_or("circle / polygon")?;
    shape.check().map_err(|e| e.to_string())?;
    let fits = match &shape {
        Shape::Circle { radius_m, .. } => (20.0..=5000.0).contains(radius_m),
        Shape::Polygon(corners) => corners.len() <= 200,
        Shape::Corridor { .. } => false,
    };
    if fits { Ok(shape) } else { Err("size".into()) }
}

/// What is to be told of events that are new: fresh ones, and none that was told before under a slightly other time.
pub fn news<'a>(fresh: &'a [Event], before: &[(Uuid, EventKind, i64)], now_ms: i64) -> Vec<&'a Event> {
    let known = |e: &Event| {
        before.iter().any(|(fence, kind, at)| {
            *fence == e.fence && *kind == EventKind::from(e.kind) && (e.at_ms - at).abs() <= SAME_MS
        })
    };
    fresh.iter().filter(|e| now_ms - e.known_ms <= FRESH_MS && !known(e)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::LngLat;

    fn event(at_ms: i64) -> Event {
        Event {
            fence: Uuid::nil(),
            kind: fence::EventKind::Enter,
            at_ms,
            until_ms: at_ms,
            known_ms: at_ms + 90_000,
            at: LngLat::new(1.0, 2.0).unwrap(),
            acc_m: 9.0,
            probability: 0.9,
        }
    }

    #[test]
    fn nothing_is_told_twice_or_late() {
        let now = 10 * 3_600_000;
        let all = [event(now - 200_000), event(now - 2 * 3_600_000)];
        assert_eq!(news(&all, &[], now), [&all[0]]);
        assert!(news(&all, &[(Uuid::nil(), EventKind::Enter, now - 260_000)], now).is_empty());
        assert_eq!(news(&all, &[(Uuid::nil(), EventKind::Exit, now - 260_000)], now).len(), 1);
    }
}
