use base::{LocalDay, Micros, Problem};
use db::{Query, Result, Row, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{DayFigures, DaySummary, Stored};

impl db::FromRow for Stored {
    fn from_row(row: &Row) -> Result<Stored> {
        Ok(Stored {
            summary: DaySummary {
                visits: row.get("visits")?,
                figures: DayFigures {
                    employee: Ref { id: row.get("employee_id")?, name: row.get("employee_name")? },
                    department: Ref { id: row.get("department_id")?, name: row.get("department_name")? },
                    day: row.get("day")?,
                    planned: row.get("planned")?,
                    effective: row.get("effective")?,
                    stay_s: row.get("stay_s")?,
                    counted_m: row.get("counted_m")?,
                    raw_m: row.get("raw_m")?,
                    excluded_m: row.get("excluded_m")?,
                    estimated_m: row.get("estimated_m")?,
                    gap_s: row.get("gap_s")?,
                    plan_m: row.get("plan_m")?,
                    best_m: row.get("best_m")?,
                    first_check_in: row.get("first_check_in")?,
                    last_check_out: row.get("last_check_out")?,
                    duty: row.json::<Vec<(i64, i64)>>("duty")?.into_iter().map(duty).collect(),
                    refused_off_duty: row.get("refused_off_duty")?,
                    stored_off_duty: row.get("stored_off_duty")?,
                    rule_version: row.get("rule_version")?,
                    input_sha256: row.get("input_sha256")?,
                    provisional: row.get("provisional")?,
                    summaries: row.json("summaries")?,
                },
            },
            stamp: row.get("stamp")?,
            late_data: row.get("late_data")?,
            computed_at: row.get("computed_at")?,
        })
    }
}

fn duty((from, to): (i64, i64)) -> org::Duty {
    org::Duty { from: Micros(from), to: Micros(to) }
}

/// Stored figures of one person's day in reach.
pub async fn one(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Option<Stored>> {
    q.one(
        sql!(
            "SELECT s.*, e.name AS employee_name, d.name AS department_name FROM day_summary s \
             JOIN employee e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id \
             JOIN department d ON d.tenant_id = s.tenant_id AND d.id = s.department_id \
             WHERE s.tenant_id = $1 AND {reach:s} AND s.employee_id = $3 AND s.day = $4"
        ),
        args![employee, day],
    )
    .await
}

/// Stored figures of everybody in reach on a day; of one department with all below it, or of all.
pub async fn of_day(q: &mut impl Query, day: LocalDay, department: Option<Uuid>) -> Result<Vec<Stored>> {
    q.all(
        sql!(
            "SELECT s.*, e.name AS employee_name, d.name AS department_name FROM day_summary s \
             JOIN employee e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id \
             JOIN department d ON d.tenant_id = s.tenant_id AND d.id = s.department_id \
             WHERE s.tenant_id = $1 AND {reach:s} AND s.day = $3 AND ($4 IS NULL OR s.department_id IN \
               (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $4))"
        ),
        args![day, department],
    )
    .await
}

/// Keeps figures, in place of those made before.
pub async fn put(tx: &mut Tx, stored: &Stored) -> Result<u64> {
    let s = &stored.summary.figures;
    let duty: Vec<(i64, i64)> = s.duty.iter().map(|d| (d.from.0, d.to.0)).collect();
    let duty = serde_json::to_string(&duty).map_err(Problem::internal)?;
    let summaries = serde_json::to_string(&s.summaries).map_err(Problem::internal)?;
    tx.exec(
        sql!(
            "INSERT INTO day_summary (tenant_id, employee_id, department_id, day, stamp, planned, visits, effective, stay_s, \
             counted_m, raw_m, excluded_m, estimated_m, gap_s, plan_m, first_check_in, last_check_out, duty, summaries, \
             refused_off_duty, stored_off_duty, rule_version, input_sha256, provisional, late_data, computed_at, best_m) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
             $24, $25, $26, $27, $28) ON CONFLICT (tenant_id, day, employee_id) DO UPDATE SET stamp = excluded.stamp, \
             planned = excluded.planned, visits = excluded.visits, effective = excluded.effective, stay_s = excluded.stay_s, \
             counted_m = excluded.counted_m, raw_m = excluded.raw_m, excluded_m = excluded.excluded_m, \
             estimated_m = excluded.estimated_m, gap_s = excluded.gap_s, plan_m = excluded.plan_m, \
             first_check_in = excluded.first_check_in, last_check_out = excluded.last_check_out, duty = excluded.duty, \
             summaries = excluded.summaries, refused_off_duty = excluded.refused_off_duty, \
             stored_off_duty = excluded.stored_off_duty, rule_version = excluded.rule_version, \
             input_sha256 = excluded.input_sha256, provisional = excluded.provisional, late_data = excluded.late_data, \
             computed_at = excluded.computed_at, best_m = excluded.best_m"
        ),
        args![
            s.employee.id,
            s.department.id,
            s.day,
            &stored.stamp,
            s.planned,
            stored.summary.visits,
            s.effective,
            s.stay_s,
            s.counted_m,
            s.raw_m,
            s.excluded_m,
            s.estimated_m,
            s.gap_s,
            s.plan_m,
            s.first_check_in,
            s.last_check_out,
            duty,
            summaries,
            s.refused_off_duty,
            s.stored_off_duty,
            &s.rule_version,
            &s.input_sha256,
            s.provisional,
            stored.late_data,
            stored.computed_at,
            s.best_m
        ],
    )
    .await
}
