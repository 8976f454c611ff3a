//! How a task moves from state to state by what its person does. Pure. (Cancelling is one guarded statement.)

use super::TaskStatus;

/// What happens to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Accept,
    SetOut,
    CheckIn,
    CheckOut,
    Skip,
}

/// Is there still something to do?
pub fn is_open(status: TaskStatus) -> bool {
    use TaskStatus::*;
    matches!(status, New | Accepted | OnTheWay | OnSite | Overdue)
}

/// Has it not begun, and can still be?
pub fn waits(status: TaskStatus) -> bool {
    use TaskStatus::*;
    matches!(status, New | Accepted | Overdue)
}

/// State after a change: `Some` (possibly the same, when the news is old), or `None` when the change cannot be.
pub fn after(status: TaskStatus, change: Change) -> Option<TaskStatus> {
    use TaskStatus::*;
    // `Overdue` is how an open task is shown, never how it is kept.
    match (change, status) {
        (Change::Accept, New | Overdue) => Some(Accepted),
        (Change::Accept, Accepted | OnTheWay | OnSite | Done | Skipped) => Some(status),
        (Change::SetOut, New | Accepted | OnTheWay | Overdue) => Some(OnTheWay),
        (Change::SetOut, OnSite | Done) => Some(status),
        // He stood there: that wins over whatever was planned or decided in between.
        (Change::CheckIn, Done) => Some(Done),
        (Change::CheckIn, _) => Some(OnSite),
        (Change::CheckOut, _) => Some(Done),
        (Change::Skip, New | Accepted | OnTheWay | Skipped | Overdue) => Some(Skipped),
        (Change::Accept, Cancelled) | (Change::SetOut, Skipped | Cancelled) => None,
        (Change::Skip, OnSite | Done | Cancelled) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TaskStatus::*;

    #[test]
    fn a_day_as_it_should_be() {
        let way = [Change::Accept, Change::SetOut, Change::CheckIn, Change::CheckOut];
        let states: Vec<_> = way
            .iter()
            .scan(New, |s, c| {
                *s = after(*s, *c)?;
                Some(*s)
            })
            .collect();
        assert_eq!(states, [Accepted, OnTheWay, OnSite, Done]);
    }

    #[test]
    fn old_news_change_nothing() {
        assert_eq!(after(OnSite, Change::Accept), Some(OnSite));
        assert_eq!(after(Done, Change::SetOut), Some(Done));
        assert_eq!(after(Done, Change::CheckIn), Some(Done));
    }

    #[test]
    fn what_happened_wins() {
        assert_eq!(after(Cancelled, Change::CheckIn), Some(OnSite));
        assert_eq!(after(Skipped, Change::CheckIn), Some(OnSite));
    }

    #[test]
    fn what_is_done_cannot_be_undone() {
        assert_eq!(after(Done, Change::Skip), None);
        assert_eq!(after(OnSite, Change::Skip), None);
        assert_eq!(after(Cancelled, Change::Accept), None);
        assert_eq!(after(Skipped, Change::SetOut), None);
    }
}
