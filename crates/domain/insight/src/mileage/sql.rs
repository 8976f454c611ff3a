use base::LocalDay;
use db::{Query, Result, args, sql};
use uuid::Uuid;

db::row! { pub struct SumRow {
    employee_id: Uuid, employee_name: String, department_id: Uuid, department_name: String, code: Option<String>,
    driven_days: i64, counted_m: i64, raw_m: i64, excluded_m: i64, estimated_m: i64, gap_s: i64, refused: i64, removed: i64,
    open_days: i64, late_days: i64
} }

/// Sums of the kept days of everybody in reach, by name; of one department with all below it, or of all. People are
/// shown with the department they are in now, also those who have left.
pub async fn sums(
    q: &mut impl Query,
    from: LocalDay,
    to: LocalDay,
    department: Option<Uuid>,
) -> Result<Vec<SumRow>> {
    q.all(
        sql!(
            "SELECT e.id AS employee_id, e.name AS employee_name, e.department_id, e.department_name, e.code, \
             s.driven_days, s.counted_m, s.raw_m, s.excluded_m, s.estimated_m, s.gap_s, s.refused, \
             CAST(COALESCE(x.removed, 0) AS BIGINT) AS removed, s.open_days, s.late_days FROM person e \
             JOIN (SELECT employee_id, \
               CAST(SUM(CASE WHEN counted_m > 0 THEN 1 ELSE 0 END) AS BIGINT) AS driven_days, \
               CAST(SUM(counted_m) AS BIGINT) AS counted_m, CAST(SUM(raw_m) AS BIGINT) AS raw_m, \
               CAST(SUM(excluded_m) AS BIGINT) AS excluded_m, CAST(SUM(estimated_m) AS BIGINT) AS estimated_m, \
               CAST(SUM(gap_s) AS BIGINT) AS gap_s, CAST(SUM(refused_off_duty) AS BIGINT) AS refused, \
               CAST(SUM(provisional) AS BIGINT) AS open_days, CAST(SUM(late_data) AS BIGINT) AS late_days \
               FROM day_summary WHERE tenant_id = $1 AND day >= $3 AND day <= $4 GROUP BY employee_id) s \
               ON s.employee_id = e.id \
             LEFT JOIN (SELECT employee_id, CAST(SUM(count) AS BIGINT) AS removed FROM fix_removed \
               WHERE tenant_id = $1 AND day >= $3 AND day <= $4 GROUP BY employee_id) x ON x.employee_id = e.id \
             WHERE e.tenant_id = $1 AND {reach:e} AND ($5 IS NULL OR e.department_id IN \
               (SELECT c.descendant_id FROM department_closure c WHERE c.tenant_id = $1 AND c.ancestor_id = $5)) \
             ORDER BY e.pinyin, e.id"
        ),
        args![from, to, department],
    )
    .await
}

db::row! { pub struct CodeRow { code: Option<String> } }

pub async fn code(q: &mut impl Query, employee: Uuid) -> Result<Option<String>> {
    let row: CodeRow =
        q.must(sql!("SELECT code FROM employee WHERE tenant_id = $1 AND id = $3"), args![employee]).await?;
    Ok(row.code)
}
