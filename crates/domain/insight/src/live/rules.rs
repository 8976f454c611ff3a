//! What somebody is doing, from what is known of him. Pure.

use base::Micros;

use super::LiveState;

/// A phone not heard for longer is silent.
pub(super) const SILENT_AFTER: i64 = 10 * Micros::MINUTE;
/// A stop reached later than this after its time is late.
pub(super) const LATE_AFTER: i64 = 15 * Micros::MINUTE;
/// Somebody seen to move so lately still moves: at a light or in a queue.
const STILL_MOVING: i64 = 3 * Micros::MINUTE;

/// What is known of somebody now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts<'a> {
    pub now: Micros,
    /// Working time of today, in order.
    pub duty: &'a [(Micros, Micros)],
    /// May positions be recorded at all?
    pub tracked: bool,
    /// Check-in of the open visit.
    pub visit_since: Option<Micros>,
    /// Last report of the phone of any kind.
    pub heard_at: Option<Micros>,
    pub moved_at: Option<Micros>,
    /// When the next open stop should have been reached.
    pub due: Option<Micros>,
}

/// State, since when as far as the facts tell, and minutes late.
pub(super) fn state(f: &Facts) -> (LiveState, Option<Micros>, Option<i64>) {
    let (Some(first), Some(last)) = (f.duty.first(), f.duty.last()) else {
        return (LiveState::OffDuty, None, None);
    };
    if f.now < first.0 {
        return (LiveState::NotStarted, None, None);
    }
    if f.now >= last.1 {
        return (LiveState::OffDuty, Some(last.1), None);
    }
    if f.visit_since.is_some() {
        return (LiveState::Visit, f.visit_since, None);
    }
    let Some(shift) = f.duty.iter().find(|d| d.0 <= f.now && f.now < d.1) else {
        // a break
        let since = f.duty.iter().map(|d| d.1).rfind(|end| *end <= f.now);
        return (LiveState::OffDuty, since, None);
    };
    let late = f.due.filter(|due| f.now.0 - due.0 > LATE_AFTER);
    let late_minutes = late.map(|due| (f.now.0 - due.0) / Micros::MINUTE);
    if f.tracked {
        // Nobody is silent before he has had the time to be heard.
        let heard = f.heard_at.filter(|t| *t >= first.0);
        let quiet_since = heard.unwrap_or(first.0).max(shift.0);
        if f.now.0 - quiet_since.0 > SILENT_AFTER {
            return (LiveState::Silent, Some(heard.unwrap_or(first.0)), late_minutes);
        }
        if heard.is_none() {
            return (LiveState::NotStarted, Some(first.0), late_minutes);
        }
    }
    if let Some(due) = late {
        return (LiveState::Late, Some(due), late_minutes);
    }
    let moving = f.tracked && f.moved_at.is_some_and(|t| f.now.0 - t.0 <= STILL_MOVING);
    if moving { (LiveState::Moving, None, None) } else { (LiveState::Idle, f.moved_at, None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64, minute: i64) -> Micros {
        Micros(hour * Micros::HOUR + minute * Micros::MINUTE)
    }

    #[test]
    fn one_day_of_states() {
        let duty = [(at(9, 0), at(12, 0)), (at(13, 0), at(17, 0))];
        let base = Facts { duty: &duty, tracked: true, ..Facts::default() };
        let say = |f: Facts| state(&f).0;
        assert_eq!(say(Facts { now: at(8, 59), ..base }), LiveState::NotStarted);
        assert_eq!(say(Facts { now: at(9, 5), ..base }), LiveState::NotStarted, "not heard yet");
        assert_eq!(say(Facts { now: at(9, 11), ..base }), LiveState::Silent);
        let heard = |now: Micros| Facts { now, heard_at: Some(Micros(now.0 - 1)), ..base };
        assert_eq!(say(heard(at(9, 20))), LiveState::Idle);
        assert_eq!(say(Facts { moved_at: Some(at(9, 19)), ..heard(at(9, 20)) }), LiveState::Moving);
        assert_eq!(say(Facts { moved_at: Some(at(9, 16)), ..heard(at(9, 20)) }), LiveState::Idle);
        let due = Facts { due: Some(at(10, 0)), moved_at: Some(at(10, 15)), ..heard(at(10, 15)) };
        assert_eq!(say(due), LiveState::Moving, "a quarter of an hour is not late");
        assert_eq!(state(&Facts { now: at(10, 30), heard_at: Some(at(10, 29)), ..due }).2, Some(30));
        assert_eq!(say(Facts { now: at(10, 30), heard_at: Some(at(10, 10)), ..due }), LiveState::Silent);
        assert_eq!(say(Facts { visit_since: Some(at(10, 0)), ..heard(at(10, 30)) }), LiveState::Visit);
        assert_eq!(state(&heard(at(12, 30))).1, Some(at(12, 0)), "a break");
        assert_eq!(
            say(Facts { now: at(13, 5), heard_at: Some(at(11, 59)), ..base }),
            LiveState::Idle,
            "back for five minutes"
        );
        assert_eq!(say(Facts { visit_since: Some(at(16, 0)), ..heard(at(17, 0)) }), LiveState::OffDuty);
        assert_eq!(
            say(Facts { now: at(9, 30), tracked: false, ..base }),
            LiveState::Idle,
            "nothing to be heard of"
        );
    }
}
