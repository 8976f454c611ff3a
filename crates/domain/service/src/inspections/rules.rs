//! What became of the points of a round. Pure.

use base::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InspectionPointState)]
pub enum PointState {
    /// Not yet.
    Open,
    /// Its time has passed and the round is still on.
    Overdue,
    InTime,
    Early,
    Late,
    /// Left out, or not done by the end of the round.
    Missed,
}

/// How many midnights after its round's day a point begins: who walks has it on that day then.
pub fn nights(from_minute: Option<i32>) -> i32 {
    from_minute.map_or(0, |m| m.div_euclid(1440))
}

/// What is known of a point.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub from: Option<Micros>,
    pub to: Option<Micros>,
    pub done_at: Option<Micros>,
    pub left_out: bool,
}

/// A point judged: state, minutes off, out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedPoint {
    pub state: PointState,
    pub off_minutes: i64,
    pub out_of_order: bool,
}

/// Judges the points of a round in order. `over`: nothing more is expected.
pub fn judge(points: &[Seen], over: bool, now: Micros) -> Vec<JudgedPoint> {
    points
        .iter()
        .enumerate()
        .map(|(k, p)| {
            let Some(at) = p.done_at else {
                let past = p.to.is_some_and(|to| now > to);
                let state = match (p.left_out || over, past) {
                    (true, _) => PointState::Missed,
                    (false, true) => PointState::Overdue,
                    (false, false) => PointState::Open,
                };
                return JudgedPoint { state, off_minutes: 0, out_of_order: false };
            };
            let early = p.from.filter(|from| at < *from).map(|from| at.0 - from.0);
            let late = p.to.filter(|to| at.0 - to.0 >= Micros::MINUTE).map(|to| at.0 - to.0);
            let state = match (early, late) {
                (Some(_), _) => PointState::Early,
                (_, Some(_)) => PointState::Late,
                _ => PointState::InTime,
            };
            let off = early.or(late).unwrap_or(0).div_euclid(Micros::MINUTE);
            let out_of_order = points[k + 1..].iter().any(|after| after.done_at.is_some_and(|t| t < at));
            JudgedPoint { state, off_minutes: off, out_of_order }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Micros {
        Micros(1_800_000_000_000_000).plus(minute * Micros::MINUTE)
    }

    fn point(from: i64, done: Option<i64>) -> Seen {
        Seen { from: Some(at(from)), to: Some(at(from + 10)), done_at: done.map(at), left_out: false }
    }

    #[test]
    fn late_missed_early_and_out_of_order() {
        let points = [
            point(0, Some(5)),
            point(10, Some(40)),
            point(20, Some(15)),
            Seen { left_out: true, ..point(30, None) },
            point(40, None),
        ];
        let states: Vec<(PointState, i64, bool)> = judge(&points, false, at(55))
            .into_iter()
            .map(|j| (j.state, j.off_minutes, j.out_of_order))
            .collect();
        use PointState::*;
        let wanted = [
            (InTime, 0, false),
            (Late, 20, true),
            (Early, -5, false),
            (Missed, 0, false),
            (Overdue, 0, false),
        ];
        assert_eq!(states, wanted);
        assert_eq!(judge(&points, true, at(55))[4].state, Missed);
        assert_eq!(judge(&points, false, at(45))[4].state, Open);
    }

    #[test]
    fn a_point_after_midnight_belongs_to_the_next_day() {
        let all = [None, Some(0), Some(1439), Some(1440), Some(1530), Some(2879)];
        assert_eq!(all.map(nights), [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn seconds_after_the_minute_are_in_time() {
        let just = Seen { done_at: Some(at(10).plus(30 * Micros::SECOND)), ..point(0, None) };
        assert_eq!(judge(&[just], true, at(60))[0].state, PointState::InTime);
    }
}
