//! VROOM's JSON, in and out, so that whoever calls VROOM today can call this.
//!
//! Understood: jobs, vehicles, matrices, breaks, skills, priorities, windows, capacities, costs, speed
//! factors and limits. Lengths by type of vehicle (`service_per_type`, `setup_per_type`) are understood where all vehicles that
//! could do a job come to the same, and refused otherwise. Shipments are refused. What VROOM lacks stands under keys of its own:
//!
//! | where | key | means |
//! |---|---|---|
//! | job | `must` | comes before any priority |
//! | job | `lateness` | may begin so many seconds late |
//! | job | `skills_any`, `skills_none` | one of them, none of them |
//! | job | `allowed_vehicles`, `preferred_vehicle`, `last_vehicle` | vehicle ids |
//! | vehicle | `committed` | job ids that stay first, in this order |
//! | top | `weights` | `not_preferred`, `moved`, `balance`, `compactness` |
//! | top | `straight_line` | `detour`, `speed_kmh`, `speeds_kmh` (by profile), for places given by coordinates only; else people walk at 5, ride at 18 and drive at 30 km/h |
//! | answer | `optimal`, `bound` | nothing better exists; no plan for the same jobs costs less |
//! | answer | `steps` | steps of the search, 0 when solved exactly |
//! | answer, unassigned | `reason`, `reasons` | first rule against the job, overall and per vehicle |

mod check;
mod input;
mod output;

pub use check::check_json;

use crate::model::{self, Options};
use base::Problem;

base::problems! {
    /// The input is not a routing problem we can read.
    ROUTE_INPUT = 422 "route.input",
        zh "路线输入有误" / "{reason}",
        en "Invalid routing input" / "{reason}";
    /// A part of VROOM's input that is not supported.
    ROUTE_UNSUPPORTED = 422 "route.unsupported",
        zh "暂不支持" / "{what} 暂不支持。",
        en "Not supported" / "{what} is not supported.";
}

/// Solves a problem in VROOM's JSON and answers in VROOM's JSON.
///
/// # Errors
/// [`ROUTE_INPUT`] when the text is not such a problem, [`ROUTE_UNSUPPORTED`] for shipments and for lengths that differ between vehicles.
pub fn solve_json(input: &str, options: &Options) -> Result<String, Problem> {
    let begin = options.effort.now();
    let read = input::read(input)?;
    let loaded = options.effort.now();
    let options = Options { effort: options.effort.less(begin), ..*options };
    let plan = model::solve_from(&read.problem, read.start.as_deref(), &options)
        .map_err(|e| Problem::new(ROUTE_INPUT).with("reason", e))?;
    let ms = |from: f64, to: f64| ((to - from).max(0.0) * 1_000.0).round() as u64;
    let times = output::Times { loading: ms(begin, loaded), solving: ms(loaded, options.effort.now()) };
    output::write(&read, &plan, times)
}

fn invalid(reason: impl std::fmt::Display) -> Problem {
    Problem::new(ROUTE_INPUT).with("reason", reason)
}
