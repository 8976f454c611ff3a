//! Work that several people make together: each of them keeps his task, and they are brought to one moment.

use uuid::Uuid;

use super::question::Question;
use crate::tasks::{TaskMate, sql::TaskRow};

impl Question<'_> {
    fn mates<'b>(&'b self, task: &'b TaskRow) -> impl Iterator<Item = &'b TaskMate> {
        let of = self.ask.sheets.iter().find(|s| s.mates(task).next().is_some());
        of.into_iter().flat_map(move |s| s.mates(task))
    }

    /// Does somebody else still make the same work?
    pub(super) fn is_together(&self, task: &TaskRow) -> bool {
        self.mates(task).next().is_some()
    }

    /// When they meet, seconds of the day: the latest of the moments their rows, or the plans of those who are on none, have for
    /// it.
    pub(super) fn meeting(&self, task: &TaskRow) -> Option<i64> {
        let day = self.day_in_draft(task);
        let own = self.begin(task.id);
        let others = self.mates(task).filter_map(|mate| {
            let sheet = self.ask.sheets.iter().find(|s| s.day == day)?;
            let planned = mate.eta.filter(|_| mate.day == day && !self.is_named(mate.task_id));
            self.begin(mate.task_id).or(planned.map(|t| sheet.second(t)))
        });
        own.into_iter().chain(others).max()
    }

    /// When a task on a row begins in the draft.
    fn begin(&self, task: Uuid) -> Option<i64> {
        let rider = self.riders.iter().find(|r| r.row.tasks.contains(&task))?;
        let place = rider.row.tasks.iter().position(|t| *t == task)?;
        let table = self.worked(rider, &rider.row.tasks);
        table.times.get(rider.fixed.len() + place).copied().flatten().map(|t| t.begin)
    }
}
