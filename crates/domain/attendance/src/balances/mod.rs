//! How much leave is left: granted for a year, taken, waiting.

mod http;
mod sql;

use base::LocalDay;
use db::{Query, Result};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use http::routes;

use crate::{
    requests::{self, year_of},
    settings::{self, LeaveType},
};

/// Leave of one kind in a year, in thousandths of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeaveBalance {
    pub leave_type: Ref,
    pub name_en: String,
    /// Only what was granted can be taken.
    pub balanced: bool,
    pub granted: i64,
    pub taken: i64,
    /// Asked for and not decided.
    pub waiting: i64,
    pub left: i64,
}

/// What is left of a kind in the year of a day; `None` for leave without a limit.
pub(crate) async fn left(
    q: &mut impl Query,
    person: Uuid,
    kind: &LeaveType,
    day: LocalDay,
) -> Result<Option<i64>> {
    if !kind.balanced {
        return Ok(None);
    }
    let all = of_person(q, person, year_of(day)).await?;
    Ok(Some(all.into_iter().find(|b| b.leave_type.id == kind.id).map_or(0, |b| b.left)))
}

/// Balances of a person, whatever the reach: the caller has checked.
pub(crate) async fn of_person(q: &mut impl Query, person: Uuid, year: i64) -> Result<Vec<LeaveBalance>> {
    let kinds = settings::leave_types(q).await?;
    let granted = sql::granted(q, Some(person), year).await?;
    let used = requests::used(q, Some(person), year).await?;
    Ok(balances(&kinds, person, &granted, &used))
}

/// One line a kind that is in use, or of which something was granted or taken.
fn balances(
    kinds: &[LeaveType],
    person: Uuid,
    granted: &[sql::Granted],
    used: &[requests::Used],
) -> Vec<LeaveBalance> {
    let of = |kind: &LeaveType| {
        let given = granted.iter().find(|g| g.employee_id == person && g.leave_type_id == kind.id);
        let gone = used.iter().find(|u| u.employee_id == person && u.leave_type_id == kind.id);
        let (taken, waiting) = gone.map_or((0, 0), |u| (u.taken, u.waiting));
        let granted = given.map_or(0, |g| g.milli);
        LeaveBalance {
            leave_type: Ref { id: kind.id, name: kind.name.clone() },
            name_en: kind.name_en.clone(),
            balanced: kind.balanced,
            granted,
            taken,
            waiting,
            left: granted - taken - waiting,
        }
    };
    let known = |b: &LeaveBalance| b.granted != 0 || b.taken != 0 || b.waiting != 0;
    kinds
        .iter()
        .map(|k| (k.retired, of(k)))
        .filter(|(retired, b)| !retired || known(b))
        .map(|(_, b)| b)
        .collect()
}
