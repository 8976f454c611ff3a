//! VROOM's JSON by API: the same engine as `tashi route solve`, with the company's travel times.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use api::{
    Access, Answer, Caller, Checks, Json, Kit, Query, Routes, TravelMode,
    axum::{self, Extension, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::{Permission, Result};
use geo::LngLat;
use route::model::{Effort, Options};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::Travel;

/// Jobs and vehicles in one question.
const JOBS: usize = 1_000;
const VEHICLES: usize = 200;
const PLACES: usize = 1_000;
/// Longest search, and what it is when nothing is said, seconds.
const LONGEST: f64 = 10.0;
const USUAL: f64 = 1.0;
/// Most steps of a search that counts them; with a thousand jobs they take about as long as the longest search.
const MOST_STEPS: u64 = 100_000;

pub fn routes(kit: &Kit, travel: &Travel) -> Routes {
    let travel = travel.clone();
    Routes::new(kit)
        .at(Access::May(Permission::TaskWrite), routes!(solve))
        .map(|router| router.layer(Extension(travel)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Effortful {
    /// How long to search, at most 10; small problems are solved exactly and end sooner.
    seconds: Option<f64>,
    /// How many steps to search instead, at most 100 000: the same problem, seed and steps give the same answer.
    steps: Option<u64>,
    seed: Option<u64>,
}

/// A problem in VROOM's JSON; what else VROOM knows is taken too.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct VroomProblem {
    #[schema(value_type = Vec<Object>, max_items = 1000)]
    jobs: Vec<Value>,
    #[schema(value_type = Vec<Object>, max_items = 200)]
    vehicles: Vec<Value>,
}

/// Solves a routing problem in VROOM's JSON and answers in VROOM's JSON.
///
/// Unchanged input works, and so do the extensions of `tashi route solve`. Places given by coordinates without
/// matrices get the travel times the company has chosen; then the answer says whose they are under `source`.
/// One problem is solved at a time; who has to wait too long is told to come again.
#[utoipa::path(post, path = "/route/solve", tag = "travel", params(Effortful), request_body = VroomProblem, responses((status = 200, body = Object), (status = 422, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn solve(
    State(kit): State<Kit>,
    Extension(travel): Extension<Travel>,
    caller: Caller,
    Query(effort): Query<Effortful>,
    Json(mut input): Json<Map<String, Value>>,
) -> Answer<Value> {
    let seconds = effort.seconds.unwrap_or(USUAL);
    let count = |key: &str| input.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    Checks::new()
        .that("seconds", (0.0..=LONGEST).contains(&seconds))
        .that("steps", effort.steps.is_none_or(|s| (1..=MOST_STEPS).contains(&s)))
        .that("jobs", count("jobs") <= JOBS)
        .that("vehicles", count("vehicles") <= VEHICLES)
        .done()?;
    let source = by_streets(&kit, &caller, &mut input).await?;
    let turn = tokio::time::timeout(std::time::Duration::from_secs(15), travel.solving().acquire_owned())
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(15))?
        .map_err(Problem::internal)?;
    let (seed, steps) = (effort.seed.unwrap_or(1), effort.steps);
    let solved = tokio::task::spawn_blocking(move || {
        // Held until the search ends, also when nobody waits for it any more.
        let _turn = turn;
        let begun = Instant::now();
        let clock = move || begun.elapsed().as_secs_f64();
        let effort = steps.map_or(Effort::Clock { now: &clock, seconds }, Effort::Steps);
        let options = Options { effort, threads: 1, seed };
        route::vroom::solve_json(&Value::Object(input).to_string(), &options)
    });
    let text = solved.await.map_err(Problem::internal)??;
    let mut answer: Value = serde_json::from_str(&text).map_err(Problem::internal)?;
    if let Some(source) = source {
        answer["source"] = json!(source);
    }
    ok(answer)
}

/// Gives a problem of coordinates the company's travel times: every place an index, every profile its table. Who names no
/// profile travels as the company usually does, unless others name the car.
/// `None` when it brings its own matrices or indices, or none of its places are coordinates.
async fn by_streets(
    kit: &Kit,
    caller: &Caller,
    input: &mut Map<String, Value>,
) -> Result<Option<api::TravelSource>> {
    let own = ["matrices", "matrix", "straight_line"].iter().any(|k| input.contains_key(*k));
    let mut places: Vec<LngLat> = vec![];
    let mut profiles = BTreeMap::new();
    let mut mark = |object: &mut Map<String, Value>, place: &str, index: &str| -> bool {
        if object.contains_key(index) {
            return false;
        }
        let Some(at) = object.get(place).and_then(|v| serde_json::from_value::<LngLat>(v.clone()).ok())
        else {
            return true;
        };
        let k = places.iter().position(|p| *p == at).unwrap_or_else(|| {
            places.push(at);
            places.len() - 1
        });
        object.insert(index.into(), json!(k));
        true
    };
    let mut marked = input.clone();
    let mut plain = !own;
    for job in objects(&mut marked, "jobs") {
        plain &= mark(job, "location", "location_index");
    }
    for vehicle in objects(&mut marked, "vehicles") {
        plain &= mark(vehicle, "start", "start_index") && mark(vehicle, "end", "end_index");
        let named = vehicle.get("profile").and_then(Value::as_str);
        let mode = named.and_then(TravelMode::from_word);
        let of: &mut Option<TravelMode> = profiles.entry(named.unwrap_or("car").to_owned()).or_default();
        *of = of.or(mode);
    }
    if !plain || places.is_empty() {
        return Ok(None);
    }
    Checks::new().that("jobs", places.len() <= PLACES).done()?;
    // As the engine writes that there is no way.
    const NO_WAY: i64 = 1 << 28;
    let (mut matrices, mut source) = (Map::new(), None);
    let modes: BTreeSet<Option<TravelMode>> = profiles.values().copied().collect();
    for mode in modes {
        let table = kit.travel.table(&caller.scope, mode, places.clone(), None).await;
        let rows = |part: fn((i64, i64)) -> i64| -> Vec<Vec<i64>> {
            let cell = |c: &Option<(i64, i64)>| c.map_or(NO_WAY, part);
            table.cells.chunks(table.size).map(|row| row.iter().map(cell).collect()).collect()
        };
        let matrix = json!({ "durations": rows(|c| c.0), "distances": rows(|c| c.1) });
        for (name, _) in profiles.iter().filter(|(_, of)| **of == mode) {
            matrices.insert(name.clone(), matrix.clone());
        }
        source.get_or_insert(table.source);
    }
    marked.insert("matrices".into(), matrices.into());
    *input = marked;
    Ok(source)
}

fn objects<'a>(
    input: &'a mut Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let list = input.get_mut(key).and_then(Value::as_array_mut);
    list.into_iter().flatten().filter_map(Value::as_object_mut)
}
