use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::TaskTemplate;
use crate::model::from_json;

db::row! { pub struct TemplateRow {
    id: Uuid, name: String, kind: String, min_stay_s: Option<i64>, active: bool, steps: String, steps_version: i64,
    content_sha256: String, version: i64
} }

impl TemplateRow {
    pub fn shown(&self) -> Result<TaskTemplate> {
        Ok(TaskTemplate {
            id: self.id,
            name: self.name.clone(),
            kind: self.kind.clone(),
            steps: from_json(&self.steps)?,
            min_stay_s: self.min_stay_s,
            active: self.active,
            version: self.version,
        })
    }
}

pub async fn all(q: &mut impl Query) -> Result<Vec<TemplateRow>> {
    q.all(
        sql!(
            "SELECT t.id, t.name, t.kind, t.min_stay_s, t.active, s.steps, t.steps_version, t.content_sha256, t.version \
             FROM task_template t JOIN template_steps s ON s.tenant_id = t.tenant_id AND s.template_id = t.id \
               AND s.steps_version = t.steps_version \
             WHERE t.tenant_id = $1 ORDER BY t.active DESC, t.name, t.id"
        ),
        vec![],
    )
    .await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<TemplateRow>> {
    q.one(
        sql!(
            "SELECT t.id, t.name, t.kind, t.min_stay_s, t.active, s.steps, t.steps_version, t.content_sha256, t.version \
             FROM task_template t JOIN template_steps s ON s.tenant_id = t.tenant_id AND s.template_id = t.id \
               AND s.steps_version = t.steps_version \
             WHERE t.tenant_id = $1 AND t.id = $3"
        ),
        args![id],
    )
    .await
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, t: &TaskTemplate, sha256: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO task_template (tenant_id, id, name, kind, min_stay_s, active, steps_version, content_sha256, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, 1, $8, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![t.id, &t.name, &t.kind, t.min_stay_s, t.active, sha256],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_steps(tx: &mut Tx, template: Uuid, steps_version: i64, steps: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO template_steps (tenant_id, template_id, steps_version, steps, created_at) VALUES ($1, $3, $4, $5, $6)"
        ),
        args![template, steps_version, steps, now],
    )
    .await?;
    Ok(())
}

/// False when the version has moved on.
pub async fn update(tx: &mut Tx, t: &TaskTemplate, steps_version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task_template SET name = $4, kind = $5, min_stay_s = $6, active = $7, steps_version = $8, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $9"
            ),
            args![t.id, &t.name, &t.kind, t.min_stay_s, t.active, steps_version, t.version],
        )
        .await?;
    Ok(rows == 1)
}
