//! A better draft: the route engine over the rows that are asked for and the pool, beside what the draft is now.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
    time::Instant,
};

use api::{Kit, TravelMode, TravelSource, TravelTable};
use base::{Problem, problem};
use db::{Result, Scope};
use geo::LngLat;
use route::{
    Matrix,
    model::{
        self, Break, Cause, Effort, Options, Profile, Rates, Rep, SkillRule, Visit, Weights, solve_from,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::opening;

use super::{
    PROMISE_S,
    http::DraftRow,
    sheet::{Row, Sheet, skills_of},
    timetable::{Shift, Stop, Timetable, timetable},
};

/// What a better board saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardGoal)]
pub enum Goal {
    Distance,
    Time,
    /// Least time, and the longest days are cut first.
    Balanced,
}

/// What it means that a customer has an owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardOwners)]
pub enum Owners {
    /// Anybody may go.
    Any,
    /// The owner goes, unless another saves a quarter of an hour or five kilometres.
    #[default]
    Prefer,
    /// Nobody but the owner goes.
    Only,
}

impl Owners {
    /// What it costs that another goes: seconds, or metres where ways are made short.
    fn price(self, goal: Goal) -> i64 {
        match (self, goal) {
            (Owners::Any, _) => 0,
            (_, Goal::Distance) => 5_000,
            (_, Goal::Time | Goal::Balanced) => 15 * 60,
        }
    }
}

/// Way and work of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardSum {
    pub employee_id: Option<Uuid>,
    pub visits: usize,
    pub meters: i64,
    pub seconds: i64,
    /// Rules of time that are broken.
    pub violations: usize,
}

/// A task nobody can make, and the first rule that stands against it with the person for whom it came nearest: `nobody`,
/// `skill`, `no_way`, `no_location`, `window`, `closed` (the customer is, whenever somebody could come), `shift`, `outbid`
/// (fits alone, but not beside the others), `limit` (days may hold no more visits or kilometres), `locked`, `owner` (only
/// its owner may go, and he is not on this board or does not work).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardLeftOut {
    pub task_id: Uuid,
    pub reason: String,
    /// The person it was nearest to.
    pub employee_id: Option<Uuid>,
}

/// A better draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardProposal {
    pub rows: Vec<DraftRow>,
    /// All rows together, then each.
    pub before: Vec<BoardSum>,
    pub after: Vec<BoardSum>,
    /// Nothing better exists.
    pub proven_optimal: bool,
    /// However the same visits were arranged, no more than so many thousandths of way, time and wishes together could
    /// still be saved; 0 where proven, absent where nothing is known.
    pub gap_permille: Option<i64>,
    pub left_out: Vec<BoardLeftOut>,
    /// Seconds of search.
    pub searched_s: f64,
    pub source: TravelSource,
}

/// A row as the engine sees it.
struct Rider<'a> {
    row: &'a Row,
    shift: Shift,
    start: Option<usize>,
    fixed: Vec<Stop>,
    /// Index among the reps; `None` for who does not work or whose day is over.
    rep: Option<usize>,
}

/// Longest search, seconds.
const LONGEST: f64 = 4.0;
/// A visit on a row weighs more than one of the pool, so that nothing leaves a day for something new.
const PLANNED: i64 = 20;
/// An urgent request weighs more than any other visit that waits, by its own priority (1 to 3).
const URGENT: i64 = 6;

/// What a visit weighs by the grade of its customer, where not everything fits.
fn weight(grade: Option<&str>) -> i64 {
    match grade {
        Some("A") => 5,
        Some("B") => 3,
        Some("C") => 2,
        _ => 1,
    }
}

/// One board is searched at a time on this server.
static SEARCHING: LazyLock<std::sync::Arc<Semaphore>> =
    LazyLock::new(|| std::sync::Arc::new(Semaphore::new(1)));

/// Proposes a better draft.
///
/// # Errors
/// `busy` when others wait for one.
pub(super) async fn propose(
    kit: &Kit,
    scope: &Scope,
    sheet: Sheet,
    pool: Vec<Uuid>,
    goal: Goal,
    owners: Owners,
) -> Result<BoardProposal> {
    let mut points: Vec<LngLat> = vec![];
    let now = sheet.now(kit.now());
    let mut riders = vec![];
    let mut reps = 0;
    for row in &sheet.rows {
        let start = row.terms.start.map(|p| {
            points.push(p);
            points.len() - 1
        });
        let shift = row.shift(now, &mut points);
        let fixed = sheet.stops(row.fixed.iter().copied(), &mut points);
        let works = !shift.off && shift.opens < shift.closes;
        let rep = works.then_some(reps);
        reps += usize::from(works);
        riders.push(Rider { row, shift, start, fixed, rep });
    }
    // A day that is over keeps what it has.
    let over = |r: &Rider| r.rep.is_none() && !r.shift.off;
    let ids: Vec<Uuid> =
        riders.iter().filter(|r| !over(r)).flat_map(|r| &r.row.tasks).chain(&pool).copied().collect();
    let stops: HashMap<Uuid, Stop> =
        sheet.stops(ids.iter().copied(), &mut points).into_iter().zip(&ids).map(|(s, id)| (*id, s)).collect();
    let kept: HashMap<Uuid, Stop> = {
        let ids: Vec<Uuid> = riders.iter().filter(|r| over(r)).flat_map(|r| &r.row.tasks).copied().collect();
        sheet.stops(ids.iter().copied(), &mut points).into_iter().zip(ids).map(|(s, id)| (id, s)).collect()
    };
    let minutes = riders.iter().map(|r| r.row.hours.span());
    let hours = minutes.fold((1440, 0), |(a, b), w| (a.min(w.from_minute), b.max(w.to_minute)));
    // One table for each way of getting about.
    let modes: BTreeSet<Option<TravelMode>> = riders.iter().map(|r| r.row.terms.travel).collect();
    let modes: Vec<Option<TravelMode>> = modes.into_iter().collect();
    let mut tables = vec![];
    for mode in &modes {
        let hours = Some(hours).filter(|(a, b)| a < b);
        tables.push(kit.travel.table(scope, *mode, points.clone(), hours).await);
    }
    let profile = |r: &Rider| modes.iter().position(|m| *m == r.row.terms.travel).unwrap_or(0);
    let by = |r: &Rider| {
        let table = tables.get(profile(r));
        move |a: usize, b: usize| table.and_then(|t| t.cells.get(a * t.size + b).copied().flatten())
    };

    let mut left_out = vec![];
    let mut say = |task_id: Uuid, reason: &str| {
        left_out.push(BoardLeftOut { task_id, reason: reason.into(), employee_id: None });
    };
    let (mut asked, mut visits) = (vec![], vec![]);
    let mut named: Vec<String> = vec![];
    for id in &ids {
        let (Some(task), Some(stop)) = (sheet.task(*id), stops.get(id)) else { continue };
        let Some(location) = stop.at else {
            say(*id, "no_location");
            continue;
        };
        let holder = riders.iter().find(|r| r.row.tasks.contains(id));
        let keeper = riders.iter().find(|r| r.row.person.id == task.employee_id).and_then(|r| r.rep);
        if task.locked && (keeper.is_none() || task.day != sheet.day) {
            say(*id, "locked");
            continue;
        }
        let owner = task.owner_id.map(|o| riders.iter().find(|r| r.row.person.id == o).and_then(|r| r.rep));
        // Whom a dispatcher gave it to by hand, he has his reasons for; and a rule may leave it to a department.
        let anybody = sheet.wishes.get(id).is_some_and(|w| w.anybody);
        let bound = owners == Owners::Only && holder.is_none() && !task.locked && !anybody;
        if bound && owner == Some(None) {
            say(*id, "owner");
            continue;
        }
        let skills = skills_of(task)
            .into_iter()
            .map(|s| {
                named.iter().position(|n| *n == s).unwrap_or_else(|| {
                    named.push(s);
                    named.len() - 1
                }) as u32
            })
            .collect();
        let (mut from, mut to) = stop.window;
        if to <= from.max(0) {
            // What should have begun on an earlier day has no window left: any time is late.
            (from, to) = (0, 24 * 3600);
        }
        if let Some(promised) = stop.promised {
            (from, to) = (from.max(promised - PROMISE_S), to.min(promised + PROMISE_S).max(from));
            to = to.max(from);
        }
        let mut windows = opening::begins((from, to), &stop.open, stop.service_s);
        if windows.is_empty() && !task.locked {
            say(*id, "closed");
            continue;
        }
        if windows.is_empty() {
            // What is promised is kept, whatever the door says.
            windows = vec![(from, to)];
        }
        visits.push(Visit {
            id: asked.len() as u64,
            location,
            service_s: stop.service_s,
            windows,
            skills: SkillRule { all: skills, ..SkillRule::default() },
            priority: match sheet.wishes.get(id).and_then(|w| w.urgent()) {
                _ if holder.is_some() => PLANNED + weight(task.grade.as_deref()),
                Some(urgent) => URGENT + urgent.priority,
                None => weight(task.grade.as_deref()),
            },
            must: task.locked,
            allowed: match (task.locked, owner) {
                (true, _) => Some(keeper.into_iter().collect()),
                (false, Some(owner)) if bound => Some(owner.into_iter().collect()),
                _ => None,
            },
            preferred: owner.flatten().filter(|o| holder.is_none_or(|h| h.rep == Some(*o))),
            last: holder.and_then(|h| h.rep),
            ..Visit::default()
        });
        asked.push(*id);
    }
    let rates = match goal {
        Goal::Distance => Rates { fixed: 0, per_hour: 0, per_km: 1_000, per_task_hour: 0 },
        Goal::Time | Goal::Balanced => Rates::default(),
    };
    let moved = if goal == Goal::Distance { 200 } else { 60 };
    let balance = if goal == Goal::Balanced { 2 * 3_600 } else { 0 };
    let known = |skill: &String| named.iter().position(|n| n == skill).map(|n| n as u32);
    let people: Vec<Rep> = riders
        .iter()
        .filter(|r| r.rep.is_some())
        .map(|r| Rep {
            profile: profile(r),
            end: r.shift.limits.end,
            max_tasks: r.shift.limits.most_visits.map(|most| most.saturating_sub(r.fixed.len())),
            max_distance_m: r.shift.limits.most_m.map(|most| {
                let gone: Vec<Stop> = r.fixed.clone();
                (most - timetable(&r.shift, r.start, &gone, by(r)).meters).max(0)
            }),
            start: r.fixed.iter().rev().find_map(|s| s.at).or(r.start),
            shift: (r.shift.opens, r.shift.closes),
            breaks: r
                .shift
                .pauses
                .iter()
                .filter(|(a, _)| *a > r.shift.opens)
                .map(|(a, b)| Break { service_s: b - a, windows: vec![(*a, *a)] })
                .collect(),
            skills: r.row.skills.iter().filter_map(known).collect(),
            rates,
            ..Rep::default()
        })
        .collect();
    let question = model::Problem {
        profiles: tables.iter().map(of_table).collect(),
        visits,
        reps: people,
        weights: Weights { moved, balance, not_preferred: owners.price(goal), ..Weights::default() },
    };
    let index = |id: &Uuid| asked.iter().position(|a| a == id);
    let begin: Vec<Vec<usize>> = riders
        .iter()
        .filter(|r| r.rep.is_some())
        .map(|r| r.row.tasks.iter().filter_map(index).collect())
        .collect();
    let seconds = (0.3 + asked.len() as f64 * 0.015).min(LONGEST);
    let turn = tokio::time::timeout(std::time::Duration::from_secs(15), SEARCHING.clone().acquire_owned())
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(15))?
        .map_err(Problem::internal)?;
    let (found, searched_s) = tokio::task::spawn_blocking(move || {
        // Held until the search ends, also when nobody waits for it any more.
        let _turn = turn;
        let begun = Instant::now();
        let clock = move || begun.elapsed().as_secs_f64();
        let options = Options { effort: Effort::Clock { now: &clock, seconds }, threads: 1, seed: 1 };
        let found = solve_from(&question, Some(&begin), &options);
        (found, clock())
    })
    .await
    .map_err(Problem::internal)?;
    let found = found.map_err(Problem::internal)?;

    let of_rep = |rep: usize| riders.iter().find(|r| r.rep == Some(rep)).map(|r| r.row.person.id);
    for left in &found.left_out {
        let near = left.by_rep.iter().position(|c| *c == left.cause).and_then(of_rep);
        let Some(task_id) = asked.get(left.visit).copied() else { continue };
        let locked = sheet.task(task_id).is_some_and(|t| t.locked);
        let hours = stops.get(&task_id).is_some_and(|s| s.open.is_some());
        let reason = match word(left.cause) {
            _ if locked => "locked",
            "window" if hours => "closed",
            other => other,
        };
        left_out.push(BoardLeftOut { task_id, reason: reason.into(), employee_id: near });
    }
    let sequence = |r: &Rider| -> Vec<Uuid> {
        if over(r) {
            return r.row.tasks.clone();
        }
        let route = found.routes.iter().find(|x| Some(x.rep) == r.rep);
        let made = route.into_iter().flat_map(|x| &x.visits).filter_map(|v| asked.get(v.visit).copied());
        let mut all: Vec<Uuid> = made.collect();
        // What is locked is never taken from anybody, also where it breaks a rule.
        let locked = |id: &&Uuid| {
            !all.contains(id)
                && sheet.task(**id).is_some_and(|t| t.locked && t.employee_id == r.row.person.id)
        };
        let stuck: Vec<Uuid> = r.row.tasks.iter().filter(locked).copied().collect();
        all.extend(stuck);
        all
    };
    let worked = |r: &Rider, tasks: &[Uuid]| -> Timetable {
        let one = |id: &Uuid| stops.get(id).or_else(|| kept.get(id)).cloned();
        let all: Vec<Stop> = r.fixed.iter().cloned().chain(tasks.iter().filter_map(one)).collect();
        timetable(&r.shift, r.start, &all, by(r))
    };
    let sums = |tasks: &dyn Fn(&Rider) -> Vec<Uuid>| -> Vec<BoardSum> {
        let each = riders.iter().map(|r| {
            let tasks = tasks(r);
            let table = worked(r, &tasks);
            BoardSum {
                employee_id: Some(r.row.person.id),
                visits: tasks.len(),
                meters: table.meters,
                seconds: table.seconds,
                violations: table.broken.len(),
            }
        });
        let each: Vec<BoardSum> = each.collect();
        let whole = each.iter().fold(BoardSum::default(), |all, one| BoardSum {
            employee_id: None,
            visits: all.visits + one.visits,
            meters: all.meters + one.meters,
            seconds: all.seconds + one.seconds,
            violations: all.violations + one.violations,
        });
        std::iter::once(whole).chain(each).collect()
    };
    let rows: Vec<DraftRow> =
        riders.iter().map(|r| DraftRow { employee_id: r.row.person.id, tasks: sequence(r) }).collect();
    left_out.retain(|l| rows.iter().all(|r| !r.tasks.contains(&l.task_id)));
    // Nothing was proven of a row that keeps a promise the search had left out.
    let kept_on: usize = riders.iter().filter(|r| !over(r)).map(|r| sequence(r).len()).sum();
    let searched = kept_on == found.routes.iter().map(|r| r.visits.len()).sum::<usize>();
    let proven_optimal = searched && found.proven_optimal;
    Ok(BoardProposal {
        before: sums(&|r| r.row.tasks.clone()),
        after: sums(&sequence),
        rows,
        proven_optimal,
        gap_permille: if proven_optimal { Some(0) } else { found.gap_permille().filter(|_| searched) },
        left_out,
        searched_s,
        source: tables.first().map_or_else(|| TravelSource::of("straight_line"), |t| t.source.clone()),
    })
}

/// A table as the engine takes it.
fn of_table(table: &TravelTable) -> Profile {
    let cell = |a: usize, b: usize| table.cells.get(a * table.size + b).copied().flatten();
    Profile {
        durations: Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(-1, |c| c.0)),
        distances: Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(-1, |c| c.1)),
        costs: None,
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
