//! A fixed sequence of tasks as a timetable: earliest times, breaks where they delay least, leaving as late
//! as costs nothing.

use crate::windows::{Break, Window, arrival, opening};

/// A drive and the work at its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Task {
    pub drive: i64,
    /// Sorted; empty means always.
    pub windows: Vec<Window>,
    /// Where beginning late is allowed: the punctual end of each window.
    pub punctual: Vec<i64>,
    /// Setup and service.
    pub work: i64,
}

/// When everything happens. `arrivals` and `begins` have one entry per task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub departure: i64,
    pub arrivals: Vec<i64>,
    pub begins: Vec<i64>,
    /// (task before whose arrival it falls, begin, end)
    pub breaks: Vec<(usize, i64, i64)>,
}

impl Schedule {
    /// `tasks` ends with the way home (no windows, no work). `None` when the rules cannot all be kept.
    pub fn of(tasks: &[Task], breaks: &[Break], shift: Window) -> Option<Schedule> {
        let (best, splits) = earliest(tasks, breaks, shift, shift.0)?;
        let mut schedule = write(tasks, breaks, shift.0, &splits);
        let late = schedule.lateness(tasks);
        // The finish never comes earlier by leaving later, so the latest departure with the same finish is
        // found by halving.
        let (mut free, mut dear) = (shift.0, shift.1 + 1);
        while dear - free > 1 {
            let middle = free + (dear - free) / 2;
            let same = earliest(tasks, breaks, shift, middle)
                .filter(|(finish, _)| *finish <= best)
                .map(|(_, splits)| write(tasks, breaks, middle, &splits))
                .filter(|s| s.lateness(tasks) <= late);
            match same {
                Some(later) => (free, schedule) = (middle, later),
                None => dear = middle,
            }
        }
        Some(schedule)
    }

    /// Seconds the tasks begin after the punctual ends of their windows.
    fn lateness(&self, tasks: &[Task]) -> i64 {
        let late = |(k, task): (usize, &Task)| late_by(task, self.begins[k]);
        tasks.iter().enumerate().map(late).sum()
    }
}

/// Seconds a begin lies after the punctual end of its window.
pub(crate) fn late_by(task: &Task, begin: i64) -> i64 {
    let window = task.windows.iter().position(|w| begin <= w.1);
    window.and_then(|k| task.punctual.get(k)).map_or(0, |closes| (begin - closes).max(0))
}

/// Earliest finish when leaving at `start`, and how many breaks have been taken on arriving at each task.
fn earliest(tasks: &[Task], breaks: &[Break], shift: Window, start: i64) -> Option<(i64, Vec<usize>)> {
    let count = breaks.len();
    let mut clocks: Vec<Option<i64>> = vec![None; count + 1];
    clocks[0] = Some(start);
    let mut origins: Vec<Vec<usize>> = Vec::with_capacity(tasks.len());
    for task in tasks {
        let mut next: Vec<Option<i64>> = vec![None; count + 1];
        let mut from = vec![0; count + 1];
        for (taken, clock) in clocks.iter().enumerate() {
            let Some(t) = *clock else { continue };
            for after in taken..=count {
                let done = arrival(t, task.drive, &breaks[taken..after])
                    .and_then(|a| opening(&task.windows, a))
                    .map(|begin| begin + task.work)
                    .filter(|&d| d <= shift.1);
                if let Some(d) = done.filter(|&d| next[after].is_none_or(|best| d < best)) {
                    next[after] = Some(d);
                    from[after] = taken;
                }
            }
        }
        clocks = next;
        origins.push(from);
    }
    let finish = clocks[count]?;
    let mut splits = vec![count; tasks.len()];
    for k in (1..tasks.len()).rev() {
        splits[k - 1] = origins[k][splits[k]];
    }
    Some((finish, splits))
}

fn write(tasks: &[Task], breaks: &[Break], start: i64, splits: &[usize]) -> Schedule {
    let mut schedule = Schedule { departure: start, ..Schedule::default() };
    let (mut now, mut taken) = (start, 0);
    for (k, task) in tasks.iter().enumerate() {
        let mut driven = 0;
        for pause in &breaks[taken..splits[k]] {
            let begin = opening(&pause.windows, now).unwrap_or(now);
            driven += (begin - now).min(task.drive - driven);
            now = begin + pause.service_s;
            schedule.breaks.push((k, begin, now));
        }
        taken = splits[k];
        now += task.drive - driven;
        let begin = opening(&task.windows, now).unwrap_or(now);
        schedule.arrivals.push(now);
        schedule.begins.push(begin);
        now = begin + task.work;
    }
    schedule
}
