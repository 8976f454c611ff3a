//! VROOM's JSON, in and out, so that whoever calls VROOM today can call this.
//!
//! Understood: jobs, vehicles, matrices, breaks, skills, priorities, windows, capacities, costs, speed
//! factors and limits. Shipments are refused. What VROOM lacks stands under keys of its own:
//!
//! | where | key | means |
//! |---|---|---|
//! | job | `must` | comes before any priority |
//! | job | `lateness` | may begin so many seconds late |
//! | job | `skills_any`, `skills_none` | one of them, none of them |
//! | job | `allowed_vehicles`, `preferred_vehicle`, `last_vehicle` | vehicle ids |
//! | vehicle | `committed` | job ids that stay first, in this order |
//! | top | `weights` | `not_preferred`, `moved`, `balance`, `compactness` |
//! | top | `straight_line` | `detour`, `speed_kmh`, for places given by coordinates only |
//! | answer | `optimal`, `bound` | nothing better exists; no plan serving as much costs less |
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
/// [`ROUTE_INPUT`] when the text is not such a problem, [`ROUTE_UNSUPPORTED`] for shipments.
pub fn solve_json(input: &str, options: &Options) -> Result<String, Problem> {
    let begin = options.effort.now();
    let read = input::read(input)?;
    let options = Options { effort: options.effort.less(begin), ..*options };
    let plan = model::solve_from(&read.problem, read.start.as_deref(), &options)
        .map_err(|e| Problem::new(ROUTE_INPUT).with("reason", e))?;
    output::write(&read, &plan)
}

fn invalid(reason: impl std::fmt::Display) -> Problem {
    Problem::new(ROUTE_INPUT).with("reason", reason)
}
