//! The months of a team, from the figures kept of each day.

use db::{Result, Scope};
use org::Ref;
use uuid::Uuid;

use super::{MileageMonth, MileageRow, MileageSums, Month, sql};
use crate::{Insight, day};

/// Figures of today may be so old, microseconds.
const MAX_AGE: i64 = 30 * base::Micros::SECOND;

/// Everybody's month in the caller's reach.
pub(super) async fn month(
    insight: &Insight,
    caller: &Scope,
    month: Month,
    department: Option<Uuid>,
) -> Result<MileageMonth> {
    let today = insight.db().now().local_day(&insight.tracking().zone(caller.tenant()).await?);
    if (month.first..=month.last).contains(&today) {
        day::of_people(insight, caller, department, today, MAX_AGE).await?;
    }
    let mut reader = insight.db().read(caller).await?;
    let rows: Vec<MileageRow> = sql::sums(&mut reader, month.first, month.last, department)
        .await?
        .into_iter()
        .map(|r| MileageRow {
            employee: Ref { id: r.employee_id, name: r.employee_name },
            department: Ref { id: r.department_id, name: r.department_name },
            code: r.code,
            sums: MileageSums {
                driven_days: r.driven_days,
                counted_m: r.counted_m,
                raw_m: r.raw_m,
                excluded_m: r.excluded_m,
                estimated_m: r.estimated_m,
                gap_s: r.gap_s,
                refused: r.refused,
                removed: r.removed,
                open_days: r.open_days,
                late_days: r.late_days,
            },
        })
        .collect();
    let totals = rows.iter().fold(MileageSums::default(), |sums, row| sums.plus(&row.sums));
    Ok(MileageMonth { month: month.text(), rows, totals })
}
