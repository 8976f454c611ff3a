//! Where one more task fits: for everybody the place in his day that breaks the fewest rules and costs the least way.

use std::collections::{BTreeMap, BTreeSet};

use api::{Kit, TravelMode, TravelTable};
use db::{Result, Scope};
use geo::LngLat;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    sheet::{Row, Sheet},
    timetable::{Shift, Stop, Timetable, timetable},
};

/// A place in somebody's day.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardPlace {
    pub employee_id: Uuid,
    /// Before which of the tasks of the row, without this one; 0: first.
    pub position: usize,
    /// More way and driving than without the task, less what is saved where it is now.
    pub meters: i64,
    pub seconds: i64,
    /// When it would begin, seconds after local midnight.
    pub begin_s: Option<i64>,
    /// Rules the row breaks with it and not without it.
    pub violations: usize,
}

struct Known<'a> {
    row: &'a Row,
    shift: Shift,
    start: Option<usize>,
    /// Those that have begun, then those of the draft without the task.
    stops: Vec<Stop>,
    fixed: usize,
    /// The row as it is in the draft.
    now: Timetable,
}

/// One place for everybody in the draft, the best first.
pub(super) async fn places(kit: &Kit, scope: &Scope, sheet: &Sheet, task: Uuid) -> Result<Vec<BoardPlace>> {
    let mut points: Vec<LngLat> = vec![];
    let one = sheet.stops(std::iter::once(task), &mut points);
    let (Some(one), Some(row)) = (one.into_iter().next(), sheet.task(task)) else { return Ok(vec![]) };
    let now = sheet.now(kit.now());
    let mut read = vec![];
    for of in &sheet.rows {
        let start = of.terms.start.map(|p| {
            points.push(p);
            points.len() - 1
        });
        let ids = of.fixed.iter().chain(&of.tasks).copied();
        let stops = sheet.stops(ids, &mut points);
        let shift = of.shift(now, &mut points);
        read.push((of, start, stops, shift));
    }
    let mut tables: BTreeMap<Option<TravelMode>, TravelTable> = BTreeMap::new();
    let modes: BTreeSet<Option<TravelMode>> = sheet.rows.iter().map(|r| r.terms.travel).collect();
    for mode in modes {
        tables.insert(mode, kit.travel.near_table(scope, mode, points.clone()).await);
    }
    let by = |mode: Option<TravelMode>| {
        let table = tables.get(&mode);
        move |a: usize, b: usize| table.and_then(|t| t.cells.get(a * t.size + b).copied().flatten())
    };
    let mut saved = (0, 0);
    let mut known = vec![];
    for (of, start, mut stops, shift) in read {
        let cell = by(of.terms.travel);
        let as_is = timetable(&shift, start, &stops, cell);
        if let Some(k) = of.tasks.iter().position(|t| *t == task) {
            stops.remove(of.fixed.len() + k);
            let without = timetable(&shift, start, &stops, cell);
            saved = (as_is.meters - without.meters, as_is.seconds - without.seconds);
            known.push(Known { row: of, shift, start, stops, fixed: of.fixed.len(), now: without });
        } else {
            known.push(Known { row: of, shift, start, stops, fixed: of.fixed.len(), now: as_is });
        }
    }
    let mut best: Vec<BoardPlace> = vec![];
    for k in &known {
        // A locked one has its place already.
        if row.locked && row.employee_id != k.row.person.id {
            continue;
        }
        let cell = by(k.row.terms.travel);
        let lacking =
            usize::from(!sheet.lacking(k.row, row).is_empty()) + usize::from(sheet.barred(k.row, row));
        let tried = (0..=k.stops.len() - k.fixed).map(|position| {
            let mut with = k.stops.clone();
            with.insert(k.fixed + position, one.clone());
            let table = timetable(&k.shift, k.start, &with, cell);
            BoardPlace {
                employee_id: k.row.person.id,
                position,
                meters: table.meters - k.now.meters - saved.0,
                seconds: table.seconds - k.now.seconds - saved.1,
                begin_s: table.times.get(k.fixed + position).copied().flatten().map(|t| t.begin),
                violations: table.broken.len().saturating_sub(k.now.broken.len()) + lacking,
            }
        });
        best.extend(tried.min_by_key(|p| (p.violations, p.meters, p.position)));
    }
    best.sort_by_key(|p| (p.violations, p.meters, p.employee_id));
    Ok(best)
}
