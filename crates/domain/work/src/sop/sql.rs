use base::{LocalDay, Micros};
use db::{Query, Result, args, sql};
use uuid::Uuid;

/// Whose visits, and when.
#[derive(Debug, Clone)]
pub struct Filter {
    pub template_id: Uuid,
    pub day_from: LocalDay,
    pub day_to: LocalDay,
    pub department_id: Option<Uuid>,
    pub employee_id: Option<Uuid>,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        args![self.template_id, self.day_from, self.day_to, self.department_id, self.employee_id]
    }
}

/// Finished visits by a template, and what belongs to them.
macro_rules! within {
    ($tail:expr) => {
        concat!(
            "WHERE v.tenant_id = $1 AND {reach:v} AND t.template_id = $3 AND v.status = 'done' AND v.day >= $4 AND v.day <= $5 \
             AND ($6 IS NULL OR v.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $6)) \
             AND ($7 IS NULL OR v.employee_id = $7) ",
            $tail
        )
    };
}

db::row! { pub struct VersionRow { steps: String } }

/// The steps of a template in all versions, oldest first.
pub async fn versions(q: &mut impl Query, template: Uuid) -> Result<Vec<VersionRow>> {
    q.all(
        sql!(
            "SELECT steps FROM template_steps WHERE tenant_id = $1 AND template_id = $3 ORDER BY steps_version"
        ),
        args![template],
    )
    .await
}

db::row! { pub struct MadeRow {
    id: Uuid, employee_id: Uuid, employee_name: String, effective: Option<bool>, steps: String
} }

/// Finished visits with the steps they had, newest first.
pub async fn made(q: &mut impl Query, f: &Filter, limit: i64) -> Result<Vec<MadeRow>> {
    let mut all = f.args();
    all.extend(args![limit]);
    q.all(
        sql!(concat!(
            "SELECT v.id, v.employee_id, e.name AS employee_name, v.effective, v.steps FROM visit v \
             JOIN task t ON t.tenant_id = v.tenant_id AND t.id = v.task_id \
             JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id ",
            within!("ORDER BY v.day DESC, v.id DESC LIMIT $8")
        )),
        all,
    )
    .await
}

db::row! { pub struct SettledRow {
    visit_id: Uuid, step_id: Uuid, status: String, started_at: Option<Micros>, ended_at: Micros
} }

/// What became of the steps of those visits.
pub async fn settled(q: &mut impl Query, f: &Filter) -> Result<Vec<SettledRow>> {
    q.all(
        sql!(concat!(
            "SELECT s.visit_id, s.step_id, s.status, s.started_at, s.ended_at FROM visit_step s \
             JOIN visit v ON v.tenant_id = s.tenant_id AND v.id = s.visit_id \
             JOIN task t ON t.tenant_id = v.tenant_id AND t.id = v.task_id ",
            within!("AND s.status IN ('done', 'skipped')")
        )),
        f.args(),
    )
    .await
}

db::row! { struct TemplateRow { template_id: Option<Uuid> } }

/// The template a visit in reach was planned from, if any.
///
/// # Errors
/// `not_found` for a visit out of reach.
pub async fn template_of(q: &mut impl Query, visit: Uuid) -> Result<Option<Uuid>> {
    let row: TemplateRow = q
        .must(
            sql!(
                "SELECT t.template_id FROM visit v LEFT JOIN task t ON t.tenant_id = v.tenant_id AND t.id = v.task_id \
                 WHERE v.tenant_id = $1 AND v.id = $3 AND {reach:v}"
            ),
            args![visit],
        )
        .await?;
    Ok(row.template_id)
}
