//! What the engine found, as a draft: rows, sums before and after, and what was left out or stands against a rule.

use api::TravelSource;
use route::model::{Cause, Plan};
use uuid::Uuid;

use super::{
    super::{
        http::DraftRow,
        timetable::{Stop, Timetable, timetable},
    },
    BoardDayRows, BoardLeftOut, BoardSum, BoardWeekProposal,
    question::{Question, Rider},
};
use crate::tasks::sql::TaskRow;

impl Question<'_> {
    pub fn answer(self, found: Plan, searched_s: f64) -> BoardWeekProposal {
        let sequences: Vec<Vec<Uuid>> = self.riders.iter().map(|r| self.sequence(r, &found)).collect();
        let before: Vec<Vec<Uuid>> = self.riders.iter().map(|r| r.row.tasks.clone()).collect();
        let placed = |task: Uuid| sequences.iter().any(|s| s.contains(&task));
        let (mut left_out, mut kept) = (vec![], vec![]);
        for one in self.refused.iter().cloned().chain(self.left_out(&found)) {
            let locked = self.task(one.task_id).is_some_and(|t| t.locked);
            if placed(one.task_id) {
                kept.push(one);
            } else if locked {
                left_out.push(BoardLeftOut { reason: "locked".into(), ..one });
            } else {
                left_out.push(one);
            }
        }
        // Nothing was proven of a row that keeps a promise the search had left out.
        let rows = || self.riders.iter().zip(&sequences);
        let kept_on: usize = rows().filter(|(r, _)| !r.over()).map(|(_, s)| s.len()).sum();
        let searched = kept_on == found.routes.iter().map(|r| r.visits.len()).sum::<usize>();
        let proven_optimal = searched && found.proven_optimal;
        let days = self.ask.sheets.iter().enumerate().map(|(day, sheet)| BoardDayRows {
            day: sheet.day,
            rows: rows()
                .filter(|(r, _)| r.day == day)
                .map(|(r, tasks)| DraftRow { employee_id: r.row.person.id, tasks: tasks.clone() })
                .collect(),
        });
        BoardWeekProposal {
            before: self.sums(&before),
            after: self.sums(&sequences),
            days: days.collect(),
            proven_optimal,
            gap_permille: if proven_optimal { Some(0) } else { found.gap_permille().filter(|_| searched) },
            left_out,
            kept,
            searched_s,
            source: self
                .tables
                .first()
                .map_or_else(|| TravelSource::of("straight_line"), |t| t.source.clone()),
        }
    }

    /// What the search left out, with the first rule against it.
    fn left_out(&self, found: &Plan) -> Vec<BoardLeftOut> {
        let of_rep = |rep: usize| self.riders.iter().find(|r| r.rep == Some(rep)).map(|r| r.row.person.id);
        let said = |left: &route::model::LeftOut| {
            let task_id = self.asked.get(left.visit).copied()?;
            let near = left.by_rep.iter().position(|c| *c == left.cause).and_then(of_rep);
            let hours = self.stop(task_id, 0).is_some_and(|s| s.open.is_some());
            let barred = self.task(task_id).is_some_and(|t| !t.whom().barred_ids.is_empty());
            let reason = match word(left.cause) {
                "window" if hours => "closed",
                "nobody" if barred => "barred",
                other => other,
            };
            Some(BoardLeftOut { task_id, reason: reason.into(), employee_id: near })
        };
        found.left_out.iter().filter_map(said).collect()
    }

    /// The row of a person's day. What is locked is never taken from anybody, also where it breaks a rule.
    fn sequence(&self, r: &Rider, found: &Plan) -> Vec<Uuid> {
        if r.over() {
            return r.row.tasks.clone();
        }
        let route = found.routes.iter().find(|x| Some(x.rep) == r.rep);
        let made = route.into_iter().flat_map(|x| &x.visits).filter_map(|v| self.asked.get(v.visit).copied());
        let mut all: Vec<Uuid> = made.collect();
        let locked = |id: &&Uuid| {
            let stuck = |t: &TaskRow| {
                if t.locked { t.employee_id == r.row.person.id } else { self.is_together(t) }
            };
            !all.contains(id) && self.task(**id).is_some_and(stuck)
        };
        let stuck: Vec<Uuid> = r.row.tasks.iter().filter(locked).copied().collect();
        all.extend(stuck);
        all
    }

    pub(super) fn worked(&self, r: &Rider, tasks: &[Uuid]) -> Timetable {
        let one = |id: &Uuid| self.stop(*id, r.day).cloned();
        let all: Vec<Stop> = r.fixed.iter().cloned().chain(tasks.iter().filter_map(one)).collect();
        timetable(&r.shift, r.start, &all, self.by(r))
    }

    /// Of all, then of each person over his days.
    fn sums(&self, sequences: &[Vec<Uuid>]) -> Vec<BoardSum> {
        let mut all = vec![BoardSum::default()];
        for (r, tasks) in self.riders.iter().zip(sequences) {
            let person = Some(r.row.person.id);
            let table = self.worked(r, tasks);
            let own = all.iter().position(|s| s.employee_id == person).unwrap_or_else(|| {
                all.push(BoardSum { employee_id: person, ..BoardSum::default() });
                all.len() - 1
            });
            for at in [0, own] {
                let sum = &mut all[at];
                sum.visits += tasks.len();
                sum.meters += table.meters;
                sum.seconds += table.seconds;
                sum.violations += table.broken.len();
            }
        }
        all
    }
}

fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Nobody | Cause::NotAllowed => "nobody",
        Cause::Skill => "skill",
        Cause::NoWay => "no_way",
        Cause::Window => "window",
        Cause::Shift => "shift",
        Cause::Travel | Cause::FullTravel | Cause::MaxTasks => "limit",
        Cause::Load | Cause::FullLoad | Cause::Outbid => "outbid",
    }
}
