//! From the plan to JSON.

use super::input::{BreakIn, Read};
use crate::model::{Cause, Excess, Plan, PlannedRoute, score::UNIT};
use base::Problem;
use geo::LngLat;
use serde::Serialize;

#[derive(Serialize)]
struct Output<'a> {
    code: u8,
    optimal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<i64>,
    steps: u64,
    summary: Summary,
    unassigned: Vec<Unassigned<'a>>,
    routes: Vec<RouteOut<'a>>,
}

/// Milliseconds of work; 0 where the search counts steps and no clock.
#[derive(Serialize, Default, Clone, Copy)]
pub(super) struct Times {
    pub loading: u64,
    pub solving: u64,
}

#[derive(Serialize, Default)]
struct Summary {
    cost: i64,
    routes: usize,
    unassigned: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    delivery: Vec<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pickup: Vec<i64>,
    setup: i64,
    service: i64,
    duration: i64,
    waiting_time: i64,
    priority: i64,
    lateness: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: Vec<Broken>,
    computing_times: Times,
}

#[derive(Serialize)]
struct Unassigned<'a> {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LngLat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<usize>,
    reason: &'static str,
    reasons: Vec<VehicleReason>,
}

#[derive(Serialize)]
struct VehicleReason {
    vehicle: u64,
    reason: &'static str,
}

#[derive(Serialize)]
struct RouteOut<'a> {
    vehicle: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    profile: &'a str,
    cost: i64,
    setup: i64,
    service: i64,
    duration: i64,
    waiting_time: i64,
    priority: i64,
    lateness: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    delivery: Vec<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pickup: Vec<i64>,
    steps: Vec<Step<'a>>,
    violations: Vec<Broken>,
}

/// A limit that committed jobs exceed by themselves, in the words of VROOM.
#[derive(Serialize, Clone, Copy)]
struct Broken {
    cause: &'static str,
}

impl Broken {
    fn of(excess: &Excess) -> Broken {
        let cause = match excess {
            Excess::Tasks => "max_tasks",
            Excess::Travel => "max_travel_time",
            Excess::Distance => "max_distance",
        };
        Broken { cause }
    }
}

#[derive(Serialize, Default)]
struct Step<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LngLat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<usize>,
    setup: i64,
    service: i64,
    waiting_time: i64,
    arrival: i64,
    duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    load: Vec<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    lateness: i64,
    violations: [u8; 0],
}

fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// Stable codes of the reasons.
fn code(cause: Cause) -> &'static str {
    match cause {
        Cause::Nobody => "no_vehicle",
        Cause::NotAllowed => "not_allowed",
        Cause::Skill => "skills",
        Cause::NoWay => "no_way",
        Cause::Load => "capacity",
        Cause::Window => "time_window",
        Cause::Shift => "shift",
        Cause::Travel => "travel_limit",
        Cause::MaxTasks => "max_tasks",
        Cause::FullLoad => "capacity_used",
        Cause::FullTravel => "travel_limit_used",
        Cause::Outbid => "outbid",
    }
}

pub(super) fn write(read: &Read, plan: &Plan, times: Times) -> Result<String, Problem> {
    let mut summary = Summary {
        routes: plan.routes.len(),
        unassigned: plan.left_out.len(),
        distance: read.distances.then_some(0),
        computing_times: times,
        ..Summary::default()
    };
    let routes: Vec<RouteOut> = plan.routes.iter().map(|r| route(read, r)).collect();
    for r in &routes {
        summary.cost += r.cost;
        add(&mut summary.delivery, &r.delivery);
        add(&mut summary.pickup, &r.pickup);
        summary.setup += r.setup;
        summary.service += r.service;
        summary.duration += r.duration;
        summary.waiting_time += r.waiting_time;
        summary.priority += r.priority;
        summary.lateness += r.lateness;
        summary.violations.extend(&r.violations);
        summary.distance = summary.distance.zip(r.distance).map(|(a, b)| a + b);
    }
    let unassigned = plan.left_out.iter().map(|left| {
        let job = &read.jobs[left.visit];
        let by_vehicle = read.vehicles.iter().zip(&left.by_rep);
        Unassigned {
            id: job.id,
            kind: "job",
            description: job.description.as_deref(),
            location: job.location,
            location_index: job.location_index,
            reason: code(left.cause),
            reasons: by_vehicle.map(|(v, &c)| VehicleReason { vehicle: v.id, reason: code(c) }).collect(),
        }
    });
    let output = Output {
        code: 0,
        optimal: plan.proven_optimal,
        bound: plan.bound.map(|b| b.div_euclid(UNIT)),
        steps: plan.steps,
        summary,
        unassigned: unassigned.collect(),
        routes,
    };
    serde_json::to_string(&output).map_err(Problem::internal)
}

/// Adds amounts, dimension by dimension.
fn add(sum: &mut Vec<i64>, amounts: &[i64]) {
    sum.resize(sum.len().max(amounts.len()), 0);
    for (all, one) in sum.iter_mut().zip(amounts) {
        *all += one;
    }
}

fn route<'a>(read: &'a Read, planned: &PlannedRoute) -> RouteOut<'a> {
    let vehicle = &read.vehicles[planned.rep];
    let visits = || planned.visits.iter().map(|v| &read.problem.visits[v.visit]);
    let dimensions = read.problem.reps[planned.rep].capacity.len();
    let amount = |a: &[i64], d: usize| a.get(d).copied().unwrap_or(0);
    let delivery: Vec<i64> =
        (0..dimensions).map(|d| visits().map(|v| amount(&v.delivery, d)).sum()).collect();
    let pickup: Vec<i64> = (0..dimensions).map(|d| visits().map(|v| amount(&v.pickup, d)).sum()).collect();
    let steps = steps(read, planned, &delivery);
    let served = || planned.visits.iter();
    RouteOut {
        vehicle: vehicle.id,
        description: vehicle.description.as_deref(),
        profile: &vehicle.profile,
        cost: planned.cost.div_euclid(UNIT),
        setup: served().map(|v| v.setup_s).sum(),
        service: visits().map(|v| v.service_s).sum::<i64>()
            + planned.breaks.iter().map(|b| b.2 - b.1).sum::<i64>(),
        duration: planned.travel_s,
        waiting_time: steps.iter().map(|s| s.waiting_time).sum(),
        priority: visits().map(|v| v.priority).sum(),
        lateness: served().map(|v| v.late_s).sum(),
        distance: read.distances.then_some(planned.distance_m),
        delivery,
        pickup,
        steps,
        violations: planned.over.iter().map(Broken::of).collect(),
    }
}

fn steps<'a>(read: &'a Read, planned: &PlannedRoute, delivery: &[i64]) -> Vec<Step<'a>> {
    let vehicle = &read.vehicles[planned.rep];
    let rep = &read.problem.reps[planned.rep];
    let profile = &read.problem.profiles[rep.profile];
    let mut steps = Vec::new();
    let (mut now, mut here) = (planned.departure, rep.start);
    let (mut duration, mut metres) = (0, 0);
    let mut load = delivery.to_vec();
    let mut breaks = break_names(&vehicle.breaks, planned).into_iter();
    let distance = |metres: i64| read.distances.then_some(metres);
    if rep.start.is_some() {
        steps.push(Step {
            kind: "start",
            location: vehicle.start,
            location_index: vehicle.start_index,
            arrival: now,
            distance: distance(0),
            load: load.clone(),
            ..Step::default()
        });
    }
    for k in 0..=planned.visits.len() {
        let visit = planned.visits.get(k);
        let there = visit.map_or(rep.end, |v| Some(read.problem.visits[v.visit].location));
        let leg = here.zip(there);
        let drive = leg.map_or(0, |(a, b)| crate::model::score::seconds(&read.problem, rep, a, b));
        let mut driven = 0;
        for &(_, begin, end) in planned.breaks.iter().filter(|b| b.0 == k) {
            let share = (begin - now).min(drive - driven).max(0);
            driven += share;
            let named = breaks.next().flatten();
            steps.push(Step {
                kind: "break",
                id: named.map(|b| b.id),
                description: named.and_then(|b| b.description.as_deref()),
                service: end - begin,
                waiting_time: begin - now - share,
                arrival: now + share,
                duration: duration + driven,
                load: load.clone(),
                ..Step::default()
            });
            now = end;
        }
        duration += drive;
        metres += leg.map_or(0, |(a, b)| profile.distances[(a, b)]);
        here = there;
        let Some(visit) = visit else { break };
        let (job, asked) = (&read.jobs[visit.visit], &read.problem.visits[visit.visit]);
        for (d, carried) in load.iter_mut().enumerate() {
            *carried +=
                asked.pickup.get(d).copied().unwrap_or(0) - asked.delivery.get(d).copied().unwrap_or(0);
        }
        steps.push(Step {
            kind: "job",
            id: Some(job.id),
            description: job.description.as_deref(),
            location: job.location,
            location_index: job.location_index,
            setup: visit.setup_s,
            service: asked.service_s,
            waiting_time: visit.begin - visit.arrival,
            arrival: visit.arrival,
            duration,
            distance: distance(metres),
            load: load.clone(),
            lateness: visit.late_s,
            ..Step::default()
        });
        now = visit.departure;
    }
    if rep.end.is_some() {
        steps.push(Step {
            kind: "end",
            location: vehicle.end,
            location_index: vehicle.end_index,
            arrival: planned.finish,
            duration,
            distance: distance(metres),
            load,
            ..Step::default()
        });
    }
    steps
}

/// Which of the vehicle's breaks was taken when: a break fits where its length and a window do.
fn break_names<'a>(breaks: &'a [BreakIn], planned: &PlannedRoute) -> Vec<Option<&'a BreakIn>> {
    let mut open: Vec<&BreakIn> = breaks.iter().collect();
    open.sort_by_key(|b| b.time_windows.iter().map(|w| w.1).max().unwrap_or(i64::MAX));
    let mut name = |&(_, begin, end): &(usize, i64, i64)| {
        let fits = |b: &&BreakIn| {
            b.service == end - begin
                && (b.time_windows.is_empty() || b.time_windows.iter().any(|w| w.0 <= begin && begin <= w.1))
        };
        open.iter().position(fits).map(|k| open.remove(k))
    };
    planned.breaks.iter().map(&mut name).collect()
}
