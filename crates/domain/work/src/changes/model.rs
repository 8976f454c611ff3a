//! Words of changes, as they come in and as they are shown.

use base::{LocalDay, Micros};
use customers::OutsideRule;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How far a person may go by himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PlanChangeLeave)]
pub enum Leave {
    /// At once, with a reason.
    Free,
    /// When it is approved.
    Approval,
    No,
}

impl Leave {
    pub(super) fn key(self) -> &'static str {
        match self {
            Leave::Free => "free",
            Leave::Approval => "approval",
            Leave::No => "no",
        }
    }

    pub(super) fn from_key(key: &str) -> Leave {
        match key {
            "approval" => Leave::Approval,
            "no" => Leave::No,
            _ => Leave::Free,
        }
    }
}

/// What people may change of their own day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanChangeRule)]
pub struct Rule {
    /// The order of the open stops.
    pub reorder: Leave,
    /// Leaving out a visit.
    pub skip: Leave,
    /// Checking in from outside the fence, where the customer's class says nothing else. When it is set: absent leaves it as it is.
    #[serde(default)]
    pub outside: OutsideRule,
    /// Confirming at check-in that it is they. When it is set: absent leaves it as it is.
    #[serde(default)]
    pub identity: IdentityRule,
}

/// A [`Rule`] as somebody sets it; consoles of before speak neither of the fence nor of who it is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetRule {
    pub reorder: Leave,
    pub skip: Leave,
    pub outside: Option<OutsideRule>,
    pub identity: Option<IdentityRule>,
}

/// Whether people confirm at check-in that it is they.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityRule {
    #[default]
    None,
    /// With their passkey: the lock of their own phone has looked at them.
    Passkey,
}

impl IdentityRule {
    pub(super) fn key(self) -> &'static str {
        match self {
            IdentityRule::None => "none",
            IdentityRule::Passkey => "passkey",
        }
    }

    pub(super) fn from_key(key: &str) -> IdentityRule {
        if key == "passkey" { IdentityRule::Passkey } else { IdentityRule::None }
    }
}

impl Default for Rule {
    fn default() -> Rule {
        Rule {
            reorder: Leave::Free,
            skip: Leave::Free,
            outside: OutsideRule::Reason,
            identity: IdentityRule::None,
        }
    }
}

/// Another order, as the phone sends it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reorder {
    pub plan_id: Uuid,
    /// Version of the plan that was seen.
    pub base_version: i64,
    /// Every open stop, in the order wished for.
    pub order: Vec<Uuid>,
    /// One of [`super::rules::REORDER`].
    pub code: String,
    pub words: Option<String>,
}

/// A visit left out, as the phone sends it. Phones of before know no codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub task_id: Uuid,
    /// One of [`super::rules::SKIP`].
    pub code: Option<String>,
    pub reason: Option<String>,
}

/// A rule an order breaks, by how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanChangeBroken)]
pub struct BrokenView {
    /// `late` (begins after its window), `over_shift` (ends after the shift), `promise` (begins away from what was promised;
    /// negative: before), `no_place`, `no_way` or `closed` (the customer is).
    pub rule: String,
    pub seconds: i64,
}

/// An open stop of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanChangeStop)]
pub struct StopView {
    pub task_id: Uuid,
    pub customer: String,
    pub grade: Option<String>,
    pub locked: bool,
    /// When the visit would begin, seconds after local midnight.
    pub begin_s: Option<i64>,
    pub broken: Vec<BrokenView>,
}

/// The open rest of a day in one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanChangeDay)]
pub struct DayView {
    pub stops: Vec<StopView>,
    /// Of the whole day, what is done included.
    pub meters: i64,
    pub seconds: i64,
    /// When the last visit ends, seconds after local midnight.
    pub finish_s: Option<i64>,
}

/// A change of a person's own day and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanChange {
    /// Made by the phone.
    pub id: Uuid,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// reorder or skip.
    pub kind: String,
    pub plan_id: Option<Uuid>,
    /// Of a skip.
    pub task_id: Option<Uuid>,
    pub customer: Option<String>,
    /// reorder: traffic, customer_time, urgent, shorter, other; skip: closed, absent, cancelled, no_time, too_far, other.
    /// Absent from phones that know no codes.
    pub code: Option<String>,
    pub words: Option<String>,
    pub before: Option<DayView>,
    pub after: Option<DayView>,
    /// Stops that have another place.
    pub moved: i64,
    /// applied, waiting (for its approval), returned (to be handed in again), rejected, withdrawn, unfit (approved too late to be applied).
    pub status: String,
    /// Why it was not applied: a problem code.
    pub unfit: Option<String>,
    /// The approval that decides.
    pub case_id: Option<Uuid>,
    /// By the phone's clock.
    #[schema(value_type = String, format = DateTime)]
    pub said_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Micros>,
}
