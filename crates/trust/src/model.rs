//! What is judged and what comes out.

use geo::LngLat;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Code, Group};

/// One position as it was received. Unknown values are `None`; an accuracy of 0 is unknown too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// When the receiver says it made the fix, Unix milliseconds.
    pub t_ms: i64,
    /// When the server got it.
    pub recv_ms: Option<i64>,
    pub at: LngLat,
    /// Radius of 68 %, metres.
    pub acc_m: Option<f32>,
    /// Receiver's own ground speed, m/s.
    pub speed_mps: Option<f32>,
    /// Course over ground, degrees.
    pub bearing_deg: Option<f32>,
    /// Which device sent it: a number of the caller.
    pub device: Option<u32>,
    /// The operating system's flag of a mock provider, where a tracker sends it.
    pub mock: bool,
}

impl Fix {
    /// A bare position without anything else.
    pub fn new(t_ms: i64, at: LngLat) -> Fix {
        Fix {
            t_ms,
            recv_ms: None,
            at,
            acc_m: None,
            speed_mps: None,
            bearing_deg: None,
            device: None,
            mock: false,
        }
    }
}

/// A person's day of positions.
#[derive(Debug, Clone, Default)]
pub struct Case {
    pub id: String,
    pub user: u32,
    /// In any order; sorted before use.
    pub fixes: Vec<Fix>,
}

/// A visit somebody says he made.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    pub id: String,
    /// Place of the day in [`Company::cases`].
    pub case: Option<usize>,
    pub user: u32,
    /// Place of the customer in [`Company::customers`].
    pub customer: Option<usize>,
    pub in_ms: i64,
    /// `None`: still open.
    pub out_ms: Option<i64>,
    /// The fix of the check-in itself.
    pub at: Option<LngLat>,
    pub acc_m: Option<f32>,
}

/// A customer with its fence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customer {
    pub at: LngLat,
    pub radius_m: f64,
}

/// Somebody moved a customer's place on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edit {
    pub t_ms: i64,
    pub user: u32,
    pub customer: usize,
    pub to: Option<LngLat>,
}

/// Everything that is judged together. Days are compared with each other, so more of them see more.
#[derive(Debug, Clone, Default)]
pub struct Company {
    pub cases: Vec<Case>,
    pub claims: Vec<Claim>,
    pub customers: Vec<Customer>,
    pub edits: Vec<Edit>,
    /// Days of people who had work to do together, as places in [`Company::cases`]: that they move together is no question.
    pub crews: Vec<Vec<usize>>,
}

impl Company {
    /// Were these two days spent on the same work?
    pub(crate) fn one_crew(&self, case: usize, other: usize) -> bool {
        self.crews.iter().any(|crew| crew.contains(&case) && crew.contains(&other))
    }
}

/// Something that needs an explanation, with its numbers. Never a verdict about a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub code: Code,
    /// How strong it is alone, 0 to 1.
    pub weight: f64,
    /// The stretch of time it is about, Unix milliseconds.
    pub from_ms: i64,
    pub to_ms: i64,
    /// What was measured, by name; metres, seconds, shares and counts as the name ends.
    pub numbers: Vec<(String, f64)>,
}

impl Finding {
    pub(crate) fn new(
        code: Code,
        weight: f64,
        (from_ms, to_ms): (i64, i64),
        numbers: &[(&str, f64)],
    ) -> Finding {
        let weight = weight.clamp(0.0, code.rule().limit);
        let numbers = numbers.iter().map(|(k, v)| ((*k).to_owned(), round(*v))).collect();
        Finding { code, weight, from_ms, to_ms, numbers }
    }

    pub fn group(&self) -> Group {
        self.code.rule().group
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|(k, _)| k == name).map(|(_, v)| *v)
    }
}

/// Three significant places are enough for a reader and stable for a test.
fn round(v: f64) -> f64 {
    (v * 1000.0).round() / 1000.0
}

/// Colour of an assessment. Grey is "not enough known", never a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Grey,
    Green,
    Amber,
    Red,
}

/// What is known about one day or one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// 0: nothing to explain; towards 1: much and strong.
    pub score: f64,
    pub band: Band,
    /// Strongest first.
    pub findings: Vec<Finding>,
}
