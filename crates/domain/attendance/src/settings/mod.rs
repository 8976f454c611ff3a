//! What a company sets about attendance: where punches are expected, how they are judged, which kinds of leave there are.

mod http;
mod sql;

use base::{LocalDay, id};
use db::{BoxFuture, Query, Result, Tx};
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use http::routes;
pub(crate) use sql::{leave_types, places, rules};

/// Where a punch is expected.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PunchPlace {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = Vec<f64>)]
    pub at: LngLat,
    pub radius_m: i64,
    /// Of this department and those below it; absent: of everybody.
    pub department: Option<Ref>,
    pub retired: bool,
    pub version: i64,
}

/// Where punches are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// Anywhere; the place is recorded.
    Anywhere,
    /// At the places of the company.
    Places,
    /// At those, or at one's own customers.
    Customers,
}

/// What happens elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// It is recorded and shown.
    Record,
    /// A reason is asked for.
    Reason,
    /// It is refused; what was recorded without a network is taken and shown.
    Refuse,
}

/// How punches are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PunchRule {
    pub id: Uuid,
    /// Absent: of the company.
    pub department: Option<Ref>,
    pub within: Within,
    pub outside: Outside,
    /// The first check-in of a day counts as its first punch.
    pub visit_counts: bool,
    /// A picture is taken with each punch of the phone.
    pub photo: bool,
    /// Minutes before and after working time in which the place and the picture of a punch are kept.
    pub window_minutes: i64,
    /// From this day on people have to punch: what is missing counts. Absent: nobody has to.
    #[schema(value_type = Option<String>, format = Date)]
    pub must_from: Option<LocalDay>,
    pub version: i64,
}

impl PunchRule {
    /// Where nobody decided anything.
    fn usual() -> PunchRule {
        PunchRule {
            id: Uuid::nil(),
            department: None,
            within: Within::Anywhere,
            outside: Outside::Record,
            visit_counts: false,
            photo: false,
            window_minutes: 60,
            must_from: None,
            version: 0,
        }
    }
}

/// Smallest part of a leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaveUnit {
    Day,
    Half,
    Hour,
}

/// A kind of leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeaveType {
    pub id: Uuid,
    pub name: String,
    pub name_en: String,
    /// Only what was granted can be taken.
    pub balanced: bool,
    pub paid: bool,
    pub unit: LeaveUnit,
    pub retired: bool,
    pub version: i64,
}

/// The rule that holds in the nearest of these departments, else the company's.
pub(crate) async fn rule_of(q: &mut impl Query, departments: &[Uuid]) -> Result<PunchRule> {
    let all = rules(q).await?;
    Ok(nearest(&all, departments).cloned().unwrap_or_else(PunchRule::usual))
}

/// Of these rules, the one of the nearest department, else the company's.
pub(crate) fn nearest<'a>(all: &'a [PunchRule], departments: &[Uuid]) -> Option<&'a PunchRule> {
    let of = |d: Option<Uuid>| all.iter().find(|r| r.department.as_ref().map(|x| x.id) == d);
    departments.iter().find_map(|d| of(Some(*d))).or_else(|| of(None))
}

/// The usual kinds of leave, for a new company.
fn defaults(tx: &mut Tx) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        for (name, name_en, balanced, paid, unit) in [
            ("年假", "Annual leave", true, true, LeaveUnit::Half),
            ("事假", "Personal leave", false, false, LeaveUnit::Hour),
            ("病假", "Sick leave", false, true, LeaveUnit::Half),
            ("调休", "Time off in lieu", true, true, LeaveUnit::Hour),
        ] {
            let new = LeaveType {
                id: id::new_v7(),
                name: name.into(),
                name_en: name_en.into(),
                balanced,
                paid,
                unit,
                retired: false,
                version: 1,
            };
            sql::insert_type(tx, &new).await?;
        }
        Ok(())
    })
}

inventory::submit! { org::CompanyHook(defaults) }
