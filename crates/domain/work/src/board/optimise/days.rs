//! On which of the days asked about a visit may be made: nobody is at a customer twice on one day, unless the hours in which
//! the two are to begin lie apart, and what the customer's rule asks of days is kept.

use base::LocalDay;

use super::question::Question;
use crate::{TaskStatus, tasks::sql::TaskRow};

/// Could two visits begin at the same time?
fn meet(a: &TaskRow, b: &TaskRow) -> bool {
    a.from_minute < b.to_minute && b.from_minute < a.to_minute
}

impl Question<'_> {
    /// Days on which a task may be made. One that is promised or made by several people together stays on its day, and so
    /// does each of several at one customer; one of another day takes a day that has none.
    ///
    /// # Errors
    /// `twice` when the customer is visited on each of the days; `spacing` when his rule leaves none.
    pub(super) fn days_of(&self, task: &TaskRow) -> Result<Vec<usize>, &'static str> {
        let sheets = &self.ask.sheets;
        let at = |day: LocalDay| sheets.iter().position(|s| s.day == day);
        let all = 0..sheets.len();
        let own_day = if task.locked { task.day } else { self.day_in_draft(task) };
        let own = at(own_day);
        if task.locked || self.is_together(task) {
            return Ok(own.map_or(all.collect(), |own| vec![own]));
        }
        if let (Some(own), 1) = (own, sheets.len()) {
            return Ok(vec![own]);
        }
        let here = |t: &&TaskRow| {
            let open = !matches!(t.kept(), TaskStatus::Cancelled | TaskStatus::Skipped);
            self.is_named(t.id) || (open && at(t.day).is_some())
        };
        let others: Vec<&TaskRow> = sheets[0]
            .tasks
            .values()
            .filter(|t| t.id != task.id && t.customer_id == task.customer_id)
            .filter(here)
            .collect();
        let beside = || others.iter().filter(|t| meet(t, task));
        if let Some(own) = own.filter(|_| beside().next().is_some()) {
            return Ok(vec![own]);
        }
        let taken: Vec<usize> = beside().filter_map(|t| at(self.day_in_draft(t))).collect();
        let free: Vec<usize> = all.filter(|d| !taken.contains(d)).collect();
        if free.is_empty() {
            return Err("twice");
        }
        // What the store knows of the days of the draft is told by the draft.
        let drafted = |day: &LocalDay| {
            sheets[0].tasks.values().any(|t| t.customer_id == task.customer_id && t.day == *day)
        };
        let kept = self.spacing.kept(task.customer_id).iter().copied().filter(|d| !drafted(d));
        let around: Vec<LocalDay> = kept.chain(others.iter().map(|t| self.day_in_draft(t))).collect();
        let own_day = own.map(|_| own_day);
        let mut may: Vec<usize> = free
            .into_iter()
            .filter(|d| self.spacing.allows(task.customer_id, own_day, &around, sheets[*d].day))
            .collect();
        if own.is_none() {
            // Several of other days share the days that are left.
            let loose = || beside().filter(|t| at(self.day_in_draft(t)).is_none());
            let (turn, of) = (loose().filter(|t| t.id < task.id).count(), loose().count() + 1);
            let before = may.len();
            may = may.into_iter().enumerate().filter(|(k, _)| k % of == turn).map(|(_, d)| d).collect();
            if may.is_empty() {
                return Err(if before > 0 { "twice" } else { "spacing" });
            }
        }
        Ok(may)
    }

    /// The day a task has in the draft: of the row that holds it, or else its own.
    pub(super) fn day_in_draft(&self, task: &TaskRow) -> LocalDay {
        let holder = self.riders.iter().find(|r| r.row.tasks.contains(&task.id));
        holder.map_or(task.day, |r| self.ask.sheets[r.day].day)
    }
}
