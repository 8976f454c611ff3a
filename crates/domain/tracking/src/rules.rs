//! Which readings may be kept. Pure.

use track::Window;
use uuid::Uuid;

/// Why a reading is refused. It is counted under this name and nothing else of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// Outside working time.
    OffDuty,
    /// On leave.
    Leave,
    /// In a private trip the person declared.
    Private,
    /// The person's location policy is off.
    PolicyOff,
    /// The person has left the company.
    Left,
    /// Of a day whose positions have been deleted because of their age.
    Expired,
    /// A time no receiver can have seen: in the future, or before there were such phones.
    BadTime,
}

impl Refusal {
    pub fn key(self) -> &'static str {
        match self {
            Refusal::OffDuty => "off_duty",
            Refusal::Leave => "leave",
            Refusal::Private => "private",
            Refusal::PolicyOff => "policy_off",
            Refusal::Left => "left",
            Refusal::Expired => "expired",
            Refusal::BadTime => "bad_time",
        }
    }

    /// The reason with this key.
    pub fn of_key(key: &str) -> Option<Refusal> {
        use Refusal::{BadTime, Expired, Leave, Left, OffDuty, PolicyOff, Private};
        [OffDuty, Leave, Private, PolicyOff, Left, Expired, BadTime].into_iter().find(|r| r.key() == key)
    }
}

/// What holds for one person on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRule {
    /// Working time without leave, Unix milliseconds.
    pub duty: Vec<Window>,
    /// Leave, as far as it takes working time away.
    pub leave: Vec<Window>,
    /// Private trips: working time of which nothing is recorded.
    pub private: Vec<Window>,
    /// A reason that holds for the whole day.
    pub never: Option<Refusal>,
    /// The person's department now, for those who listen to his news.
    pub department_id: Uuid,
    /// Mode of the location policy: off, saving, balanced or precise.
    pub mode: String,
}

impl DayRule {
    /// The parts of working time that are recorded.
    pub fn recorded(&self) -> Vec<Window> {
        without(&self.duty, &self.private)
    }
}

/// `whole` without what lies in `cuts`, which are in order.
fn without(whole: &[Window], cuts: &[Window]) -> Vec<Window> {
    let mut parts = vec![];
    for w in whole {
        let mut from = w.from_ms;
        for cut in cuts.iter().filter_map(|c| c.overlap(*w)) {
            parts.push(Window::new(from, cut.from_ms));
            from = from.max(cut.to_ms);
        }
        parts.push(Window::new(from, w.to_ms));
    }
    parts.retain(|p| p.from_ms < p.to_ms);
    parts
}

/// How far a phone's clock may run ahead of ours, milliseconds.
pub const CLOCK_AHEAD_MS: i64 = 15 * 60_000;
/// 2000-01-01T00:00:00Z.
const FIRST_MS: i64 = 946_684_800_000;

/// Could this be the time of a fix received at `now_ms`?
///
/// # Errors
/// [`Refusal::BadTime`].
pub fn believable(t_ms: i64, now_ms: i64) -> Result<(), Refusal> {
    if (FIRST_MS..=now_ms.saturating_add(CLOCK_AHEAD_MS)).contains(&t_ms) {
        Ok(())
    } else {
        Err(Refusal::BadTime)
    }
}

/// May a reading of this instant be kept?
///
/// # Errors
/// The reason against it.
pub fn admit(rule: &DayRule, t_ms: i64) -> Result<(), Refusal> {
    let inside = |windows: &[Window]| windows.iter().any(|w| w.contains(t_ms));
    match rule.never {
        Some(reason) => Err(reason),
        None if inside(&rule.leave) => Err(Refusal::Leave),
        None if !inside(&rule.duty) => Err(Refusal::OffDuty),
        None if inside(&rule.private) => Err(Refusal::Private),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duty_is_half_open() {
        let rule = DayRule {
            duty: vec![Window::new(10, 20), Window::new(30, 40)],
            leave: vec![Window::new(42, 50)],
            private: vec![Window::new(15, 17), Window::new(19, 33)],
            never: None,
            department_id: Uuid::nil(),
            mode: "balanced".into(),
        };
        for (t, kept) in [
            (9, false),
            (10, true),
            (18, true),
            (20, false),
            (25, false),
            (33, true),
            (39, true),
            (40, false),
        ] {
            assert_eq!(admit(&rule, t).is_ok(), kept, "{t}");
        }
        let why = |t| admit(&rule, t).err();
        assert_eq!(why(15), Some(Refusal::Private));
        assert_eq!(why(25), Some(Refusal::OffDuty), "not working is the reason, whatever was declared");
        assert_eq!(why(45), Some(Refusal::Leave));
        let w = Window::new;
        assert_eq!(rule.recorded(), [w(10, 15), w(17, 19), w(33, 40)]);
        let off = DayRule { never: Some(Refusal::PolicyOff), ..rule };
        assert_eq!(admit(&off, 15), Err(Refusal::PolicyOff));
    }

    #[test]
    fn times_no_receiver_saw() {
        let now = 1_764_000_000_000;
        assert!(believable(now + CLOCK_AHEAD_MS, now).is_ok());
        assert_eq!(believable(now + CLOCK_AHEAD_MS + 1, now), Err(Refusal::BadTime));
        assert_eq!(believable(0, now), Err(Refusal::BadTime));
    }
}
