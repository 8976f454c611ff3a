//! From JSON to the model.

use super::{ROUTE_UNSUPPORTED, invalid};
use crate::model::{self, Break, Profile, Rates, Rep, SkillRule, Visit, Weights, Window};
use crate::{Matrix, straight_line_matrix};
use base::Problem;
use geo::LngLat;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    jobs: Vec<Job>,
    #[serde(default)]
    shipments: Vec<serde_json::Value>,
    vehicles: Vec<Vehicle>,
    #[serde(default)]
    matrices: BTreeMap<String, Matrices>,
    /// VROOM's older form of one matrix of durations.
    matrix: Option<Vec<Vec<i64>>>,
    #[serde(default)]
    weights: WeightsIn,
    #[serde(default)]
    straight_line: StraightLine,
}

#[derive(Deserialize)]
struct Matrices {
    durations: Option<Vec<Vec<i64>>>,
    distances: Option<Vec<Vec<i64>>>,
    costs: Option<Vec<Vec<i64>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WeightsIn {
    not_preferred: i64,
    moved: i64,
    balance: i64,
    compactness: i64,
}

#[derive(Deserialize)]
#[serde(default)]
struct StraightLine {
    detour: f64,
    /// Of everybody whose profile has no speed of its own.
    speed_kmh: Option<f64>,
    /// By profile.
    speeds_kmh: BTreeMap<String, f64>,
}

impl Default for StraightLine {
    fn default() -> StraightLine {
        StraightLine { detour: 1.35, speed_kmh: None, speeds_kmh: BTreeMap::new() }
    }
}

impl StraightLine {
    /// Metres a second: as said of the profile or of all, else as people walk, ride and drive.
    fn speed_mps(&self, profile: &str) -> f64 {
        let usual = match profile {
            "foot" | "walking" | "walk" | "pedestrian" => 5.0,
            "ebike" | "bike" | "bicycle" | "cycling" | "motorcycle" | "motorbike" | "scooter" => 18.0,
            _ => 30.0,
        };
        self.speeds_kmh.get(profile).copied().or(self.speed_kmh).unwrap_or(usual) / 3.6
    }
}

/// A job as it came.
#[derive(Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<LngLat>,
    pub location_index: Option<usize>,
    #[serde(default)]
    pub setup: i64,
    #[serde(default)]
    pub service: i64,
    #[serde(default)]
    setup_per_type: BTreeMap<String, i64>,
    #[serde(default)]
    service_per_type: BTreeMap<String, i64>,
    #[serde(default)]
    delivery: Vec<i64>,
    #[serde(default)]
    pickup: Vec<i64>,
    /// VROOM's older name of `delivery`.
    #[serde(default)]
    amount: Vec<i64>,
    #[serde(default)]
    skills: Vec<u32>,
    #[serde(default)]
    pub priority: i64,
    #[serde(default)]
    time_windows: Vec<Window>,
    #[serde(default)]
    must: bool,
    #[serde(default)]
    lateness: i64,
    #[serde(default)]
    skills_any: Vec<u32>,
    #[serde(default)]
    skills_none: Vec<u32>,
    allowed_vehicles: Option<Vec<u64>>,
    preferred_vehicle: Option<u64>,
    last_vehicle: Option<u64>,
}

/// A vehicle as it came.
#[derive(Deserialize)]
pub(super) struct Vehicle {
    pub id: u64,
    #[serde(default = "car")]
    pub profile: String,
    pub description: Option<String>,
    /// For `service_per_type` and `setup_per_type`.
    #[serde(rename = "type")]
    kind: Option<String>,
    pub start: Option<LngLat>,
    pub start_index: Option<usize>,
    pub end: Option<LngLat>,
    pub end_index: Option<usize>,
    #[serde(default)]
    capacity: Vec<i64>,
    #[serde(default)]
    skills: Vec<u32>,
    time_window: Option<Window>,
    #[serde(default)]
    pub breaks: Vec<BreakIn>,
    costs: Option<Costs>,
    #[serde(default = "one")]
    speed_factor: f64,
    max_tasks: Option<usize>,
    max_travel_time: Option<i64>,
    max_distance: Option<i64>,
    #[serde(default)]
    steps: Vec<StepIn>,
    #[serde(default)]
    committed: Vec<u64>,
}

#[derive(Deserialize, Clone)]
pub(super) struct BreakIn {
    pub id: u64,
    pub description: Option<String>,
    #[serde(default)]
    pub service: i64,
    #[serde(default)]
    pub time_windows: Vec<Window>,
    max_load: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(default)]
struct Costs {
    fixed: i64,
    per_hour: i64,
    per_km: i64,
    per_task_hour: i64,
}

impl Default for Costs {
    fn default() -> Costs {
        let rates = Rates::default();
        Costs {
            fixed: rates.fixed,
            per_hour: rates.per_hour,
            per_km: rates.per_km,
            per_task_hour: rates.per_task_hour,
        }
    }
}

/// A step of a plan to begin from.
#[derive(Deserialize)]
struct StepIn {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
}

fn car() -> String {
    "car".into()
}

fn one() -> f64 {
    1.0
}

/// The model with what is needed to answer in the caller's words.
pub(super) struct Read {
    pub problem: model::Problem,
    pub start: Option<Vec<Vec<usize>>>,
    pub jobs: Vec<Job>,
    pub vehicles: Vec<Vehicle>,
    /// Distances are known.
    pub distances: bool,
}

pub(super) fn read(text: &str) -> Result<Read, Problem> {
    let input: Input = serde_json::from_str(text).map_err(invalid)?;
    if !input.shipments.is_empty() {
        return Err(Problem::new(ROUTE_UNSUPPORTED).with("what", "shipments"));
    }
    if input.vehicles.iter().flat_map(|v| &v.breaks).any(|b| b.max_load.is_some()) {
        return Err(Problem::new(ROUTE_UNSUPPORTED).with("what", "breaks[].max_load"));
    }
    let job_index = index(input.jobs.iter().map(|j| j.id), "job")?;
    let vehicle_index = index(input.vehicles.iter().map(|v| v.id), "vehicle")?;
    // As VROOM does.
    if input.vehicles.is_empty() {
        return Err(invalid("there is no vehicle"));
    }
    let mut places = Places::new(&input)?;
    let names: Vec<String> = profile_names(&input.vehicles);
    let mut reps = Vec::with_capacity(input.vehicles.len());
    for v in &input.vehicles {
        let start = places.optional(v.start, v.start_index, || format!("start of vehicle {}", v.id))?;
        let end = places.optional(v.end, v.end_index, || format!("end of vehicle {}", v.id))?;
        let profile = names.iter().position(|n| *n == v.profile).unwrap_or_default();
        reps.push(rep(v, profile, (start, end), &job_index)?);
    }
    let mut visits = Vec::with_capacity(input.jobs.len());
    for job in &input.jobs {
        let location = places
            .optional(job.location, job.location_index, || format!("job {}", job.id))?
            .ok_or_else(|| invalid(format!("job {} has neither location nor location_index", job.id)))?;
        visits.push(visit(job, location, &vehicle_index, &input.vehicles)?);
    }
    let distances = places.by_coordinates || input.matrices.values().any(|m| m.distances.is_some());
    let metres_needed = input
        .vehicles
        .iter()
        .any(|v| v.max_distance.is_some() || v.costs.as_ref().is_some_and(|c| c.per_km != 0));
    if metres_needed && !distances {
        return Err(invalid("max_distance and per_km need a matrix of distances"));
    }
    let profiles = places.profiles(&input, &names)?;
    let start = start_sequences(&input.vehicles, &job_index)?;
    let w = &input.weights;
    let weights = Weights {
        not_preferred: w.not_preferred,
        moved: w.moved,
        balance: w.balance,
        compactness: w.compactness,
    };
    let problem = model::Problem { profiles, visits, reps, weights };
    Ok(Read { problem, start, jobs: input.jobs, vehicles: input.vehicles, distances })
}

fn index(ids: impl Iterator<Item = u64>, what: &str) -> Result<BTreeMap<u64, usize>, Problem> {
    let mut index = BTreeMap::new();
    for (k, id) in ids.enumerate() {
        if index.insert(id, k).is_some() {
            return Err(invalid(format!("{what} {id} is given twice")));
        }
    }
    Ok(index)
}

fn lookup(index: &BTreeMap<u64, usize>, id: u64, what: &str) -> Result<usize, Problem> {
    index.get(&id).copied().ok_or_else(|| invalid(format!("there is no {what} {id}")))
}

fn profile_names(vehicles: &[Vehicle]) -> Vec<String> {
    let mut names: Vec<String> = vehicles.iter().map(|v| v.profile.clone()).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        names.push(car());
    }
    names
}

fn rep(
    v: &Vehicle,
    profile: usize,
    (start, end): (Option<usize>, Option<usize>),
    jobs: &BTreeMap<u64, usize>,
) -> Result<Rep, Problem> {
    let speed = (v.speed_factor * 100.0).round();
    if !(1.0..=10_000.0).contains(&speed) {
        return Err(invalid(format!("speed_factor of vehicle {} must lie between 0.01 and 100", v.id)));
    }
    let costs = v.costs.as_ref();
    let rates = costs.map_or_else(Rates::default, |c| Rates {
        fixed: c.fixed,
        per_hour: c.per_hour,
        per_km: c.per_km,
        per_task_hour: c.per_task_hour,
    });
    if [rates.fixed, rates.per_hour, rates.per_km, rates.per_task_hour]
        .iter()
        .any(|c| !(0..1 << 32).contains(c))
    {
        return Err(invalid(format!("costs of vehicle {} must lie between 0 and 2^32", v.id)));
    }
    let committed = v.committed.iter().map(|&id| lookup(jobs, id, "job")).collect::<Result<_, _>>()?;
    Ok(Rep {
        id: v.id,
        profile,
        start,
        end,
        shift: v.time_window.unwrap_or(Rep::default().shift),
        breaks: v
            .breaks
            .iter()
            .map(|b| Break { service_s: b.service.max(0), windows: b.time_windows.clone() })
            .collect(),
        skills: v.skills.clone(),
        capacity: v.capacity.clone(),
        max_tasks: v.max_tasks,
        max_travel_s: v.max_travel_time,
        max_distance_m: v.max_distance,
        committed,
        rates,
        speed_percent: speed as u32,
    })
}

/// A length that is the same for every vehicle. The engine knows one length of a job: where types of vehicles that could
/// do it differ, the problem is refused instead of solved as another one.
fn length(
    usual: i64,
    per_type: &BTreeMap<String, i64>,
    vehicles: &[&Vehicle],
    what: &str,
) -> Result<i64, Problem> {
    let of = |v: &Vehicle| v.kind.as_ref().and_then(|k| per_type.get(k)).copied().unwrap_or(usual);
    let mut all: Vec<i64> = vehicles.iter().map(|v| of(v)).collect();
    all.dedup();
    match all[..] {
        [] => Ok(usual),
        [one] => Ok(one),
        _ => Err(Problem::new(ROUTE_UNSUPPORTED).with("what", what)),
    }
}

fn visit(
    job: &Job,
    location: usize,
    index: &BTreeMap<u64, usize>,
    vehicles: &[Vehicle],
) -> Result<Visit, Problem> {
    let vehicle = |id: u64| lookup(index, id, "vehicle");
    let could = |v: &Vehicle| {
        let named = job.allowed_vehicles.as_ref().is_none_or(|all| all.contains(&v.id));
        named && job.skills.iter().all(|s| v.skills.contains(s))
    };
    let able: Vec<&Vehicle> = vehicles.iter().filter(|v| could(v)).collect();
    let service_s = length(
        job.service,
        &job.service_per_type,
        &able,
        "jobs[].service_per_type (vehicles of several types)",
    )?;
    let setup_s =
        length(job.setup, &job.setup_per_type, &able, "jobs[].setup_per_type (vehicles of several types)")?;
    let allowed = match &job.allowed_vehicles {
        Some(ids) => Some(ids.iter().map(|&id| vehicle(id)).collect::<Result<Vec<_>, _>>()?),
        None => None,
    };
    if service_s < 0 || setup_s < 0 || job.lateness < 0 || job.priority < 0 {
        return Err(invalid(format!("job {} has a negative duration or priority", job.id)));
    }
    Ok(Visit {
        id: job.id,
        location,
        service_s,
        setup_s,
        windows: job.time_windows.clone(),
        lateness_allowed_s: job.lateness,
        delivery: if job.delivery.is_empty() { job.amount.clone() } else { job.delivery.clone() },
        pickup: job.pickup.clone(),
        skills: SkillRule {
            all: job.skills.clone(),
            any: job.skills_any.clone(),
            none: job.skills_none.clone(),
        },
        priority: job.priority,
        must: job.must,
        allowed,
        preferred: job.preferred_vehicle.map(vehicle).transpose()?.into_iter().collect(),
        last: job.last_vehicle.map(vehicle).transpose()?,
    })
}

fn start_sequences(
    vehicles: &[Vehicle],
    jobs: &BTreeMap<u64, usize>,
) -> Result<Option<Vec<Vec<usize>>>, Problem> {
    if vehicles.iter().all(|v| v.steps.is_empty()) {
        return Ok(None);
    }
    let sequence = |v: &Vehicle| {
        let jobs_only = v.steps.iter().filter(|s| s.kind == "job");
        jobs_only.filter_map(|s| s.id).map(|id| lookup(jobs, id, "job")).collect::<Result<Vec<_>, _>>()
    };
    vehicles.iter().map(sequence).collect::<Result<Vec<_>, _>>().map(Some)
}

/// Numbers of places: rows of given matrices, or coordinates collected on the way.
struct Places {
    by_coordinates: bool,
    size: usize,
    points: Vec<LngLat>,
    known: BTreeMap<(i64, i64), usize>,
}

impl Places {
    fn new(input: &Input) -> Result<Places, Problem> {
        let mut sizes = input.matrices.values().filter_map(|m| m.durations.as_ref()).map(Vec::len);
        let size = sizes.next().or(input.matrix.as_ref().map(Vec::len));
        Ok(Places {
            by_coordinates: size.is_none(),
            size: size.unwrap_or(0),
            points: vec![],
            known: BTreeMap::new(),
        })
    }

    fn optional(
        &mut self,
        point: Option<LngLat>,
        row: Option<usize>,
        what: impl Fn() -> String,
    ) -> Result<Option<usize>, Problem> {
        if !self.by_coordinates {
            return match (row, point) {
                (Some(row), _) if row < self.size => Ok(Some(row)),
                (Some(row), _) => Err(invalid(format!("{}: the matrix has no row {row}", what()))),
                (None, Some(_)) => Err(invalid(format!("{}: with matrices an index is needed", what()))),
                (None, None) => Ok(None),
            };
        }
        let Some(point) = point else {
            return match row {
                Some(_) => Err(invalid(format!("{}: an index needs matrices", what()))),
                None => Ok(None),
            };
        };
        let next = self.points.len();
        let row = *self.known.entry(point.e7()).or_insert(next);
        if row == next {
            self.points.push(point);
        }
        Ok(Some(row))
    }

    fn profiles(&self, input: &Input, names: &[String]) -> Result<Vec<Profile>, Problem> {
        if self.by_coordinates {
            let line = &input.straight_line;
            let sound = |kmh: &f64| kmh.is_finite() && *kmh > 0.0;
            if !line.speed_kmh.iter().chain(line.speeds_kmh.values()).all(sound) {
                return Err(invalid("speeds of straight_line must be above 0"));
            }
            let profile = |name: &String| {
                let travel = straight_line_matrix(&self.points, line.detour, line.speed_mps(name));
                Profile { durations: travel.durations, distances: travel.distances, costs: None }
            };
            return Ok(names.iter().map(profile).collect());
        }
        names.iter().map(|name| self.profile(input, name)).collect()
    }

    fn profile(&self, input: &Input, name: &str) -> Result<Profile, Problem> {
        let square = |rows: &Vec<Vec<i64>>| Matrix::from_rows(rows).map_err(invalid);
        let given = input.matrices.get(name);
        let durations = given.and_then(|m| m.durations.as_ref()).or(input.matrix.as_ref());
        let durations =
            durations.ok_or_else(|| invalid(format!("no matrix of durations for profile {name}")))?;
        let durations = square(durations)?;
        let distances = given.and_then(|m| m.distances.as_ref()).map(square).transpose()?;
        let costs = given.and_then(|m| m.costs.as_ref()).map(square).transpose()?;
        let distances = distances.unwrap_or_else(|| durations.map(|_| 0));
        Ok(Profile { durations, distances, costs })
    }
}
