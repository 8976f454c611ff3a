//! What is kept and shown of rounds.

use api::Checks;
use base::{LocalDay, Micros};
use db::Result;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::PointState;

/// Most points of a plan: as many as a task has steps.
pub const MOST_POINTS: usize = 40;
/// Most people a plan is given to.
pub const MOST_PEOPLE: usize = 50;

/// A point as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionPoint)]
pub struct Point {
    pub customer_id: Uuid,
    /// What is looked at; absent: the place itself.
    pub equipment_id: Option<Uuid>,
    /// The list that is checked; absent: only whether all is well.
    pub form_id: Option<Uuid>,
    /// Absent: the name of the equipment, or of the customer.
    #[schema(max_length = 80)]
    pub title: Option<String>,
    /// Due between these minutes after midnight of the round's day; past 1440 in the next day.
    #[schema(minimum = 0, maximum = 2880)]
    pub from_minute: Option<i32>,
    #[schema(minimum = 0, maximum = 2880)]
    pub to_minute: Option<i32>,
    /// The label of the equipment must be read; else the check-in at the customer is the proof.
    #[serde(default)]
    pub label: bool,
}

/// Who walks it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionPerson {
    pub employee_id: Uuid,
    /// 1 Monday to 7 Sunday; on days off nobody walks.
    #[schema(min_items = 1, max_items = 7)]
    pub weekdays: Vec<u8>,
}

/// A plan as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionTerms {
    #[schema(max_length = 60)]
    pub name: String,
    /// In the order they are walked.
    #[schema(min_items = 1, max_items = 40)]
    pub points: Vec<Point>,
    #[schema(max_items = 50)]
    pub people: Vec<InspectionPerson>,
    pub active: bool,
}

impl InspectionTerms {
    /// # Errors
    /// `input.invalid` with every faulty field.
    pub fn check(&self) -> Result<()> {
        let mut checks = Checks::new();
        checks
            .text("name", &self.name, 60)
            .that("points", (1..=MOST_POINTS).contains(&self.points.len()))
            .that("people", self.people.len() <= MOST_PEOPLE);
        for (k, p) in self.points.iter().enumerate().take(MOST_POINTS) {
            let minute = |m: Option<i32>, most: i32| m.is_none_or(|m| (0..=most).contains(&m));
            let ordered = p.from_minute.zip(p.to_minute).is_none_or(|(from, to)| from <= to);
            checks
                .at_most(&format!("points[{k}].title"), p.title.as_deref(), 80)
                .that(&format!("points[{k}].from_minute"), minute(p.from_minute, 2879))
                .that(&format!("points[{k}].to_minute"), minute(p.to_minute, 2880) && ordered)
                .that(&format!("points[{k}].label"), !p.label || p.equipment_id.is_some());
        }
        for (k, p) in self.people.iter().enumerate().take(MOST_PEOPLE) {
            let sound = (1..=7).contains(&p.weekdays.len()) && p.weekdays.iter().all(|d| (1..=7).contains(d));
            let twice = self.people[..k].iter().any(|o| o.employee_id == p.employee_id);
            checks
                .that(&format!("people[{k}].weekdays"), sound)
                .that(&format!("people[{k}].employee_id"), !twice);
        }
        checks.done()
    }
}

/// A plan with the names of what it names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionPlan {
    pub id: Uuid,
    #[serde(flatten)]
    pub terms: InspectionTerms,
    /// Names of customers, equipment and people, in the order of the terms.
    pub names: InspectionNames,
    pub version: i64,
}

/// Names for the ids of a plan.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct InspectionNames {
    pub customers: Vec<String>,
    pub equipment: Vec<Option<String>>,
    pub people: Vec<String>,
}

/// What a point came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionPointResult {
    pub seq: i64,
    pub title: String,
    pub customer: Ref,
    pub equipment: Option<Ref>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_from: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_to: Option<Micros>,
    pub state: PointState,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Micros>,
    /// Minutes too late (positive) or too early (negative).
    pub off_minutes: i64,
    /// Done before a point that stands before it.
    pub out_of_order: bool,
    /// The label must be read, and how it was: scan or typed.
    pub label: bool,
    pub scanned: Option<String>,
    /// It could not be made at all; the reason says why.
    pub cannot: bool,
    /// Why it was left out.
    pub reason: Option<String>,
    /// Who has it or did it, when that is somebody else by now.
    pub by: Option<Ref>,
    /// Its day, when that is another one by now.
    #[schema(value_type = Option<String>, format = Date)]
    pub moved_to: Option<LocalDay>,
    pub visit_id: Option<Uuid>,
    /// The filled form.
    pub record_id: Option<Uuid>,
    pub failures: Vec<InspectionFailure>,
}

/// An item that failed, with what was opened for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionFailure {
    pub label: String,
    pub remark: Option<String>,
    /// task or work_order.
    pub opened: Option<String>,
    pub opened_id: Option<Uuid>,
    /// Number of the order.
    pub number: Option<String>,
}

/// A round.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionRound {
    pub id: Uuid,
    pub plan_id: Uuid,
    pub name: String,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub planned: i64,
    pub done: i64,
    pub missed: i64,
    pub late: i64,
    pub out_of_order: i64,
    pub failed: i64,
    pub points: Vec<InspectionPointResult>,
    /// Code of its report, once the round is over.
    pub code: Option<String>,
    pub pdf_sha256: Option<String>,
}
