//! Many people, many visits, one day: the general model.
//!
//! What is sought is a vector compared from the left ([`Score`]): visits that must be made, priority,
//! number of visits, lateness, and then one cost into which driving, wages, balance, disruption and
//! compactness enter with the weights of the problem.

mod check;
mod floor;
pub(crate) mod plan;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod score;
mod single;
mod solve;
#[cfg(test)]
mod tests;

pub use crate::windows::{Break, Window};
pub use check::{Violation, check};
pub use floor::Floor;
pub use plan::{Cause, Excess, LeftOut, Plan, PlannedRoute, PlannedVisit};
pub use score::Score;
pub(crate) use solve::pace;
pub use solve::{Effort, Options, solve, solve_from};

use crate::Matrix;

/// Everything to be planned. Places are rows of the matrices.
#[derive(Debug, Clone)]
pub struct Problem {
    /// How one gets about; reps name one by index.
    pub profiles: Vec<Profile>,
    pub visits: Vec<Visit>,
    pub reps: Vec<Rep>,
    pub weights: Weights,
}

/// Travel by one means: car, e-bike, on foot.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Seconds; negative or above 2³⁰: no way.
    pub durations: Matrix<i64>,
    /// Metres.
    pub distances: Matrix<i64>,
    /// Money of a leg, when it is not to follow from time and distance.
    pub costs: Option<Matrix<i64>>,
}

/// Work at one place.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// The caller's own number; not interpreted.
    pub id: u64,
    pub location: usize,
    /// Length in seconds.
    pub service_s: i64,
    /// Seconds before the service, saved when the previous place is the same.
    pub setup_s: i64,
    /// When it may begin; empty: at any time.
    pub windows: Vec<Window>,
    /// It may begin this many seconds after a window has closed, counted as lateness.
    pub lateness_allowed_s: i64,
    /// Amounts brought to and taken from the place, one per dimension of the capacity.
    pub delivery: Vec<i64>,
    pub pickup: Vec<i64>,
    pub skills: SkillRule,
    /// More is better, 0 to 1 000 000.
    pub priority: i64,
    /// Comes before any priority.
    pub must: bool,
    /// Reps (by index) who may do it; `None`: all with the skills.
    pub allowed: Option<Vec<usize>>,
    /// Reps (by index) any of whom is as good as the other and better than the rest; empty: no wish.
    pub preferred: Vec<usize>,
    /// Who had it in the published plan, or went last time.
    pub last: Option<usize>,
}

/// Which skills a visit asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkillRule {
    pub all: Vec<u32>,
    /// At least one of them, unless empty.
    pub any: Vec<u32>,
    pub none: Vec<u32>,
}

impl SkillRule {
    pub fn met_by(&self, skills: &[u32]) -> bool {
        self.all.iter().all(|s| skills.contains(s))
            && (self.any.is_empty() || self.any.iter().any(|s| skills.contains(s)))
            && !self.none.iter().any(|s| skills.contains(s))
    }
}

/// One person's day.
#[derive(Debug, Clone)]
pub struct Rep {
    pub id: u64,
    pub profile: usize,
    /// Where he sets out, or is now; `None`: at the first visit.
    pub start: Option<usize>,
    /// Where he must be at the end; `None`: anywhere.
    pub end: Option<usize>,
    pub shift: Window,
    /// Taken in the order of their first windows, if he works at all.
    pub breaks: Vec<Break>,
    pub skills: Vec<u32>,
    pub capacity: Vec<i64>,
    pub max_tasks: Option<usize>,
    pub max_travel_s: Option<i64>,
    pub max_distance_m: Option<i64>,
    /// Visits (by index) already begun or promised, which stay first and in this order, also where they alone are beyond a
    /// limit: then the route says so, and nothing joins them.
    pub committed: Vec<usize>,
    pub rates: Rates,
    /// Speed relative to the profile in percent; 100: as the matrix says.
    pub speed_percent: u32,
}

/// What a working rep costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// For working at all.
    pub fixed: i64,
    pub per_hour: i64,
    pub per_km: i64,
    /// For an hour of setup and service.
    pub per_task_hour: i64,
}

impl Default for Rates {
    /// Cost is seconds driven.
    fn default() -> Rates {
        Rates { fixed: 0, per_hour: 3_600, per_km: 0, per_task_hour: 0 }
    }
}

impl Default for Rep {
    fn default() -> Rep {
        Rep {
            id: 0,
            profile: 0,
            start: None,
            end: None,
            shift: (0, 1 << 28),
            breaks: vec![],
            skills: vec![],
            capacity: vec![],
            max_tasks: None,
            max_travel_s: None,
            max_distance_m: None,
            committed: vec![],
            rates: Rates::default(),
            speed_percent: 100,
        }
    }
}

/// What else enters the cost, in units of cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weights {
    /// For a visit not made by its preferred rep.
    pub not_preferred: i64,
    /// For a visit that moves to another rep than its last one.
    pub moved: i64,
    /// Price of one more hour of work (driving and visits) for a rep who has 8; it grows in proportion to
    /// the hours, so that the longest days are cut first.
    pub balance: i64,
    /// For a kilometre between a visit and the start of its rep.
    pub compactness: i64,
}

/// The problem cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the matrices of a profile differ in size")]
    Matrix,
    #[error("rep {0} names a profile, place or visit that does not exist")]
    Rep(usize),
    #[error("visit {0} names a place or rep that does not exist")]
    Visit(usize),
    #[error("amounts and capacities differ in their number of dimensions")]
    Dimensions,
    #[error("the sequences to begin from name visits or reps that do not exist")]
    Start,
    #[error("visit {0} is committed twice")]
    CommittedTwice(usize),
}

impl Problem {
    /// Refuses what refers to nothing.
    pub fn validate(&self) -> Result<(), ModelError> {
        let size = self.profiles.first().map_or(0, |p| p.durations.size());
        let costs_fit = |p: &Profile| p.costs.as_ref().is_none_or(|c| c.size() == size);
        if !self
            .profiles
            .iter()
            .all(|p| p.durations.size() == size && p.distances.size() == size && costs_fit(p))
        {
            return Err(ModelError::Matrix);
        }
        let mut committed = vec![false; self.visits.len()];
        for (r, rep) in self.reps.iter().enumerate() {
            let places = rep.start.into_iter().chain(rep.end).all(|p| p < size);
            if rep.profile >= self.profiles.len() || !places || rep.speed_percent == 0 {
                return Err(ModelError::Rep(r));
            }
            for &v in &rep.committed {
                match committed.get_mut(v) {
                    None => return Err(ModelError::Rep(r)),
                    Some(true) => return Err(ModelError::CommittedTwice(v)),
                    Some(seen) => *seen = true,
                }
            }
        }
        let dimensions = self.reps.iter().map(|r| r.capacity.len()).max().unwrap_or(0);
        for (v, visit) in self.visits.iter().enumerate() {
            let reps = visit.allowed.iter().flatten().chain(&visit.preferred).chain(&visit.last);
            if visit.location >= size || reps.into_iter().any(|&r| r >= self.reps.len()) {
                return Err(ModelError::Visit(v));
            }
            if visit.delivery.len().max(visit.pickup.len()) > dimensions {
                return Err(ModelError::Dimensions);
            }
        }
        if self.reps.iter().any(|r| !r.capacity.is_empty() && r.capacity.len() != dimensions) {
            return Err(ModelError::Dimensions);
        }
        Ok(())
    }
}
