//! Travel between the stops of a day: asked before the transaction that needs it, and carried along by the phone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use api::{Kit, TravelSource};
use base::{LocalDay, Micros};
use db::{Result, Scope};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{BrokenView, DayView, Leave, StopView},
    service,
};
use crate::{
    Route, RouteLeg,
    board::{Broken, Limits, Shift, Stop, Timetable, timetable},
    model::{Objective, Window, point},
    opening,
    plans::{self, MAX_STOPS, PlanRow, USUAL_VISIT_S},
    routing::RouteBack,
    tasks::{self, sql::TaskRow},
};

/// What stands for "no way" in a table.
const NO_WAY: i64 = -1;

/// Travel between the stops of a day's plan, and how long its visits last: enough to work out any order of them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanWays)]
pub struct Ways {
    pub plan_id: Uuid,
    /// The day begins at a place of its own: the first row of the table.
    pub start: bool,
    /// Tasks whose customers have a place, in the order of the rows behind it.
    pub tasks: Vec<Uuid>,
    /// Row by row (from); -1: there is no way.
    pub seconds: Vec<i64>,
    pub meters: Vec<i64>,
    /// From each task to where the day ends, if it ends at a place.
    #[serde(default)]
    pub home: BTreeMap<Uuid, Home>,
    /// Expected length of each visit in seconds, by task.
    pub service_s: BTreeMap<Uuid, i64>,
    /// When locked visits were promised, seconds after local midnight, by task.
    pub promised_s: BTreeMap<Uuid, i64>,
    /// The working day, and when nobody works in it.
    pub window: Window,
    pub pauses: Vec<Window>,
    pub source: TravelSource,
}

/// The way from a stop to where the day ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanWayHome)]
pub struct Home {
    pub seconds: i64,
    pub meters: i64,
}

/// Everything a wish needs that cannot be asked in a transaction.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub ways: Ways,
    /// Lines along the streets between stops that follow each other in a wish, by task; from `None`: from the beginning.
    lines: HashMap<(Option<Uuid>, Uuid), Vec<LngLat>>,
}

/// Travel between the stops of the acting person's plan; `None` without a plan.
///
/// # Errors
/// When the store cannot be read.
pub async fn ways(kit: &Kit, scope: &Scope, day: LocalDay) -> Result<Option<Ways>> {
    Ok(read(kit, scope, day).await?.map(|(ways, _)| ways))
}

async fn read(kit: &Kit, scope: &Scope, day: LocalDay) -> Result<Option<(Ways, Vec<LngLat>)>> {
    let me = scope.actor();
    let mut r = kit.db.read(scope).await?;
    let Some(plan) = plans::planned(&mut r, me, day).await? else { return Ok(None) };
    let rows = tasks::sql::of_plan(&mut r, plan.id).await?;
    let person = org::person(&mut r, me).await?;
    let days = org::DayRules::read(&mut r).await?;
    let shifts = org::duty_minutes(&mut r, me, day).await?;
    let zone = org::zone(&mut r).await?;
    // Whoever holds a reader must not ask for another.
    drop(r);
    let stays: HashMap<Option<String>, i64> = kit.travel.usual_stays(scope).await.into_iter().collect();
    let terms = days.of(&person);
    let mut points: Vec<LngLat> = terms.start.into_iter().collect();
    let mut placed = vec![];
    let (mut service_s, mut promised_s) = (BTreeMap::new(), BTreeMap::new());
    let midnight = plan.day.at_minute(0, &zone);
    for row in &rows {
        let usual = stays.get(&row.grade).copied().unwrap_or(USUAL_VISIT_S).max(row.min_stay_s);
        service_s.insert(row.id, row.service_s.unwrap_or(usual));
        if let Some(at) = row.promised_at.or(row.eta).filter(|_| row.locked) {
            promised_s.insert(row.id, (at.0 - midnight.0) / Micros::SECOND);
        }
        if let Some(at) = point(row.lng, row.lat) {
            points.push(at);
            placed.push(row.id);
        }
    }
    let window = plan.window();
    let minutes = Some((window.from_minute, window.to_minute));
    // Where the day ends is no stop: the phone's table stays one of stops.
    let places: Vec<LngLat> = points.iter().copied().chain(terms.end).collect();
    let table = kit.travel.table(scope, terms.travel, places, minutes).await;
    let size = points.len();
    let cell = |a: usize, b: usize| table.cells.get(a * table.size + b).copied().flatten();
    let square = |part: fn((i64, i64)) -> i64| -> Vec<i64> {
        (0..size * size).map(|k| cell(k / size, k % size).map_or(NO_WAY, part)).collect()
    };
    let home = placed.iter().enumerate().filter_map(|(k, task)| {
        terms.end?;
        let (seconds, meters) = cell(k + usize::from(terms.start.is_some()), size)?;
        Some((*task, Home { seconds, meters }))
    });
    let pauses = shifts.windows(2).map(|w| Window { from_minute: w[0].1, to_minute: w[1].0 });
    let ways = Ways {
        plan_id: plan.id,
        start: terms.start.is_some(),
        seconds: square(|c| c.0),
        meters: square(|c| c.1),
        home: home.collect(),
        tasks: placed.clone(),
        service_s,
        promised_s,
        window,
        pauses: pauses.filter(|w| w.from_minute < w.to_minute).collect(),
        source: table.source,
    };
    Ok(Some((ways, points)))
}

/// What wishes for the acting person's plan of today need, asked before their transaction; `None` without a plan.
///
/// # Errors
/// When the store cannot be read.
pub async fn prepare(kit: &Kit, scope: &Scope, wishes: &[Vec<Uuid>]) -> Result<Option<Prepared>> {
    let mut r = kit.db.read(scope).await?;
    let day = kit.now().local_day(&org::zone(&mut r).await?);
    let free = service::rule(&mut r).await?.reorder == Leave::Free;
    drop(r);
    let Some((ways, points)) = read(kit, scope, day).await? else { return Ok(None) };
    let mut r = kit.db.read(scope).await?;
    let me = org::person(&mut r, scope.actor()).await?;
    let mode = org::DayRules::read(&mut r).await?.of(&me).travel;
    drop(r);
    let mut lines = HashMap::new();
    // Lines are only for orders that are taken at once, and that can be.
    for wish in wishes.iter().filter(|w| free && sane(w)) {
        let stops = wish.iter().filter_map(|id| Some((Some(*id), *points.get(ways.row(*id)?)?)));
        let begin = points.first().filter(|_| ways.start).map(|at| (None, *at));
        let all: Vec<(Option<Uuid>, LngLat)> = begin.into_iter().chain(stops).collect();
        let drawn = kit.travel.lines(scope, mode, all.iter().map(|a| a.1).collect()).await;
        for (pair, line) in all.windows(2).zip(drawn) {
            if let Some(to) = pair[1].0 {
                lines.insert((pair[0].0, to), line);
            }
        }
    }
    Ok(Some(Prepared { ways, lines }))
}

/// Can this be an order of a day's stops at all? Asked before anything is worked out for it.
fn sane(wish: &[Uuid]) -> bool {
    wish.len() <= MAX_STOPS && wish.iter().collect::<BTreeSet<_>>().len() == wish.len()
}

impl Prepared {
    /// As it was kept with a change: without lines.
    pub(super) fn of(ways: Ways) -> Prepared {
        Prepared { ways, lines: HashMap::new() }
    }
}

impl Ways {
    /// Row of a task in the table.
    fn row(&self, task: Uuid) -> Option<usize> {
        self.tasks.iter().position(|t| *t == task).map(|k| k + usize::from(self.start))
    }

    fn size(&self) -> usize {
        self.tasks.len() + usize::from(self.start)
    }

    /// Seconds and metres.
    fn between(&self, from: usize, to: usize) -> Option<(i64, i64)> {
        let cell = from * self.size() + to;
        let (seconds, meters) = (*self.seconds.get(cell)?, *self.meters.get(cell)?);
        (seconds != NO_WAY).then_some((seconds, meters))
    }
}

/// A day at one moment: what has begun, in order, and when the rest can go on.
pub(super) struct Moment<'a> {
    pub fixed: Vec<&'a TaskRow>,
    /// Seconds after local midnight.
    pub now_s: i64,
}

impl Moment<'_> {
    fn times(&self, ways: &Ways, order: &[&TaskRow]) -> Timetable {
        let opens = i64::from(ways.window.from_minute) * 60;
        let shift = Shift {
            opens: opens.max(self.now_s),
            closes: i64::from(ways.window.to_minute) * 60,
            pauses: ways
                .pauses
                .iter()
                .map(|w| (i64::from(w.from_minute) * 60, i64::from(w.to_minute) * 60))
                .collect(),
            off: false,
            limits: Limits::default(),
        };
        let stop = |t: &TaskRow, fixed: bool| Stop {
            at: ways.row(t.id),
            service_s: ways.service_s.get(&t.id).copied().unwrap_or(USUAL_VISIT_S),
            window: (t.from_minute * 60, t.to_minute * 60),
            open: opening::open_on(&t.hours(), t.day),
            promised: ways.promised_s.get(&t.id).copied().filter(|_| t.locked),
            meet: None,
            fixed,
        };
        let fixed = self.fixed.iter().map(|t| stop(t, true));
        let stops: Vec<Stop> = fixed.chain(order.iter().map(|t| stop(t, false))).collect();
        timetable(&shift, ways.start.then_some(0), &stops, |a, b| ways.between(a, b))
    }

    /// When each of `order` would begin, in seconds after local midnight.
    pub fn begins(&self, ways: &Ways, order: &[&TaskRow]) -> Vec<Option<i64>> {
        let times = self.times(ways, order).times;
        times.into_iter().skip(self.fixed.len()).map(|t| t.map(|t| t.begin)).collect()
    }

    /// The day in this order, as it is shown.
    pub fn view(&self, ways: &Ways, order: &[&TaskRow]) -> DayView {
        let table = self.times(ways, order);
        let first = self.fixed.len();
        let broken = |k: usize| {
            let of = table.broken.iter().filter(move |(at, _)| *at == first + k);
            of.filter_map(|(_, b)| shown(*b)).collect()
        };
        let stops = order.iter().enumerate().map(|(k, t)| StopView {
            task_id: t.id,
            customer: t.customer_name.clone(),
            grade: t.grade.clone(),
            locked: t.locked,
            begin_s: table.times.get(first + k).copied().flatten().map(|t| t.begin),
            broken: broken(k),
        });
        DayView {
            stops: stops.collect(),
            meters: table.meters,
            seconds: table.seconds,
            finish_s: table.finish,
        }
    }

    /// The way of the whole day in this order. Lines between stops are those that are known, else straight.
    pub fn route(&self, p: &Prepared, plan: &PlanRow, before: &Route, order: &[&TaskRow]) -> Route {
        let all: Vec<&TaskRow> = self.fixed.iter().chain(order).copied().collect();
        let customer = |task: Uuid| all.iter().find(|t| t.id == task).map(|t| t.customer_id);
        let (mut legs, mut here) = (vec![], p.ways.start.then_some((None, 0)));
        let mut here_at: Option<LngLat> = before.legs.first().and_then(|l| l.line.first()).copied();
        for t in &all {
            let (Some(row), Some(at)) = (p.ways.row(t.id), point(t.lng, t.lat)) else { continue };
            if let Some((from, before_row)) = here {
                let (seconds, meters) = p.ways.between(before_row, row).unwrap_or((0, 0));
                let from_customer = from.and_then(customer);
                let known = before.legs.iter().find(|l| l.from == from_customer && l.to == t.customer_id);
                let line = p.lines.get(&(from, t.id)).or(known.map(|l| &l.line)).cloned();
                let straight = || here_at.into_iter().chain([at]).collect();
                legs.push(RouteLeg {
                    from: from_customer,
                    to: t.customer_id,
                    meters,
                    seconds,
                    line: line.unwrap_or_else(straight),
                });
            }
            (here, here_at) = (Some((Some(t.id), row)), Some(at));
        }
        let last = all.iter().rev().find(|t| p.ways.row(t.id).is_some());
        let end = before.back.as_ref().and_then(|b| b.line.last()).copied();
        let back = last.zip(end).and_then(|(t, end)| {
            let Home { seconds, meters } = *p.ways.home.get(&t.id)?;
            Some(RouteBack { seconds, meters, line: vec![point(t.lng, t.lat)?, end] })
        });
        let more = |part: fn(&RouteBack) -> i64| back.as_ref().map_or(0, part);
        Route {
            order: all.iter().map(|t| t.customer_id).collect(),
            meters: legs.iter().map(|l| l.meters).sum::<i64>() + more(|b| b.meters),
            seconds: legs.iter().map(|l| l.seconds).sum::<i64>() + more(|b| b.seconds),
            legs,
            proven_optimal: false,
            objective: Objective::from_key(&plan.objective),
            source: p.ways.source.clone(),
            unserved: vec![],
            back,
        }
    }
}

fn shown(broken: Broken) -> Option<BrokenView> {
    let (rule, seconds) = match broken {
        Broken::Late(s) => ("late", s),
        Broken::OverShift(s) => ("over_shift", s),
        Broken::Promise(s) => ("promise", s),
        Broken::NoPlace => ("no_place", 0),
        Broken::NoWay => ("no_way", 0),
        Broken::Closed => ("closed", 0),
        // Of the whole day or of others, and not of a stop.
        Broken::Off | Broken::EndLate(_) | Broken::TooMany(_) | Broken::TooFar(_) | Broken::Waits(_) => {
            return None;
        }
    };
    Some(BrokenView { rule: rule.into(), seconds })
}
