//! Rows as timetables, each with who comes along to its visits: who is there first waits for the others.

use std::collections::HashMap;

use api::{Kit, TravelSource, TravelTable};
use db::Scope;
use geo::LngLat;
use uuid::Uuid;

use super::{
    PROMISE_S,
    answer::BoardViolation,
    sheet::{Row, Sheet},
    timetable::{Shift, Stop, Timetable, timetable},
};
use crate::tasks::sql::TaskRow;

/// So often rows are worked out anew because somebody waits for somebody who waits.
const ROUNDS: usize = 6;

/// A row worked out, by whose travel times, and the places of its way.
pub(super) struct Worked {
    pub table: Timetable,
    pub source: TravelSource,
    pub points: Vec<LngLat>,
}

struct Asked {
    ids: Vec<Uuid>,
    shift: Shift,
    start: Option<usize>,
    stops: Vec<Stop>,
    travel: TravelTable,
    points: Vec<LngLat>,
}

impl Asked {
    async fn read(sheet: &Sheet, kit: &Kit, scope: &Scope, row: &Row) -> Asked {
        let mut points: Vec<LngLat> = row.terms.start.into_iter().collect();
        let start = row.terms.start.map(|_| 0);
        let ids: Vec<Uuid> = row.fixed.iter().chain(&row.tasks).copied().collect();
        let stops = sheet.stops(ids.iter().copied(), &mut points);
        let shift = row.shift(sheet.now(kit.now()), &mut points);
        let minutes = Some((i32::try_from(shift.opens / 60).unwrap_or(0), row.hours.span().to_minute));
        let travel = kit.travel.table(scope, row.terms.travel, points.clone(), minutes).await;
        Asked { ids, shift, start, stops, travel, points }
    }

    fn worked(&self) -> Timetable {
        let cell = |a: usize, b: usize| self.travel.cells.get(a * self.travel.size + b).copied().flatten();
        timetable(&self.shift, self.start, &self.stops, cell)
    }
}

impl Sheet {
    /// All rows as timetables, by the travel times of the company.
    pub async fn timetables(&self, kit: &Kit, scope: &Scope) -> Vec<Worked> {
        let mut asked = vec![];
        for row in &self.rows {
            asked.push(Asked::read(self, kit, scope, row).await);
        }
        let mut tables: Vec<Timetable> = asked.iter().map(Asked::worked).collect();
        for _ in 0..ROUNDS {
            let begins = begins(&asked, &tables);
            let mut waited = false;
            for one in &mut asked {
                for (id, stop) in one.ids.iter().zip(&mut one.stops) {
                    let Some(task) = self.task(*id).filter(|t| t.crew_id.is_some()) else { continue };
                    let others = self.mates(task).filter_map(|m| begins.get(&m.task_id).copied());
                    let meet = others.chain(self.expected(task)).max();
                    waited |= stop.meet != meet;
                    stop.meet = meet;
                }
            }
            if !waited {
                break;
            }
            tables = asked.iter().map(Asked::worked).collect();
        }
        let made = asked.into_iter().zip(tables);
        made.map(|(a, table)| Worked { table, source: a.travel.source.clone(), points: a.points }).collect()
    }

    /// When somebody who comes along and is in no row of the draft is expected by his plan, on this day.
    pub fn expected(&self, task: &TaskRow) -> Option<i64> {
        let drafted = |id: &Uuid| self.rows.iter().any(|r| r.tasks.contains(id));
        let away = self.mates(task).filter(|m| m.day == self.day && !drafted(&m.task_id));
        away.filter_map(|m| m.eta).map(|t| self.second(t)).max()
    }

    /// People who would not be there together: one is planned for another day, or begins later than somebody expects him.
    pub fn apart(&self, row: &Row, table: &Timetable) -> Vec<BoardViolation> {
        let mut found = vec![];
        for (k, task) in row.tasks.iter().filter_map(|id| self.task(*id)).enumerate() {
            let begin = table.times.get(row.fixed.len() + k).copied().flatten().map(|t| t.begin);
            for mate in self.mates(task).filter(|m| m.employee.id != row.person.id) {
                let drafted = self.rows.iter().any(|r| r.tasks.contains(&mate.task_id));
                let elsewhere = !drafted && mate.day != self.day;
                let planned = mate.eta.filter(|_| !drafted && !elsewhere).map(|t| self.second(t));
                let late = begin.zip(planned).map(|(a, b)| a - b).filter(|d| *d > PROMISE_S);
                if elsewhere || late.is_some() {
                    let mut words = vec![mate.employee.name.clone()];
                    words.extend(elsewhere.then(|| mate.day.to_string()));
                    found.push(BoardViolation {
                        task_id: task.id,
                        kind: "crew".into(),
                        seconds: late,
                        words,
                    });
                }
            }
        }
        found
    }

    /// Names of those who come along to a task.
    pub fn mate_names(&self, task: Uuid) -> Vec<String> {
        let mates = self.task(task).into_iter().flat_map(|t| self.mates(t));
        mates.map(|m| m.employee.name.clone()).collect()
    }
}

/// When visits begin, as far as they have times.
fn begins(asked: &[Asked], tables: &[Timetable]) -> HashMap<Uuid, i64> {
    let of = |(a, table): (&Asked, &Timetable)| {
        let times: Vec<Option<i64>> = table.times.iter().map(|t| t.map(|t| t.begin)).collect();
        a.ids.clone().into_iter().zip(times).filter_map(|(id, t)| Some((id, t?)))
    };
    asked.iter().zip(tables).flat_map(of).collect()
}
