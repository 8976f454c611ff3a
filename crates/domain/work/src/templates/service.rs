use std::collections::BTreeMap;

use api::Checks;
use base::{Problem, id, problem};
use db::{BoxFuture, Query, Result, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{
    NewStep, Step, StepKind, TaskTemplate,
    http::{NewTemplate, PatchTemplate},
    sql, with_ids,
};
use crate::{
    model::{content_sha256, to_json},
    practice::PracticeTemplate,
};

fn not_found() -> Problem {
    Problem::new(problem::NOT_FOUND)
}

pub async fn all(q: &mut impl Query) -> Result<Vec<TaskTemplate>> {
    sql::all(q).await?.iter().map(sql::TemplateRow::shown).collect()
}

/// The template a plan or task is made from, with the version of its steps. Retired ones cannot be used.
pub(crate) async fn for_use(q: &mut impl Query, template: Uuid) -> Result<(TaskTemplate, i64)> {
    let row = sql::one(q, template).await?.filter(|t| t.active).ok_or_else(|| {
        Problem::new(problem::INVALID)
            .with("reason", "模板不存在或已停用 / unknown or retired template")
            .field("template_id", problem::BAD_VALUE)
    })?;
    let mut template = row.shown()?;
    pin(q, &mut template.steps).await?;
    Ok((template, row.steps_version))
}

/// A template of the company, retired or not, with its steps in force.
///
/// # Errors
/// `not_found`.
pub(crate) async fn named(q: &mut impl Query, template: Uuid) -> Result<TaskTemplate> {
    sql::one(q, template).await?.ok_or_else(not_found)?.shown()
}

/// Active templates with their steps as work planned now would have them. One whose form was never published cannot be
/// planned, and is left out. A guide travels with work; who only practises has those he may read anyway.
pub(crate) async fn practised(q: &mut impl Query) -> Result<Vec<PracticeTemplate>> {
    let mut all = vec![];
    let mut readable: BTreeMap<Uuid, bool> = BTreeMap::new();
    for row in sql::all(q).await?.iter().filter(|row| row.active) {
        let TaskTemplate { id, name, mut steps, min_stay_s, .. } = row.shown()?;
        for step in &mut steps {
            let Some(guide) = step.guide_id else { continue };
            let may = match readable.get(&guide) {
                Some(may) => *may,
                None => knowledge::readable(q, guide).await?,
            };
            readable.insert(guide, may);
            if !may {
                (step.guide_id, step.guide_required) = (None, false);
            }
        }
        if pin(q, &mut steps).await.is_ok() {
            all.push(PracticeTemplate { id, name, steps_version: row.steps_version, steps, min_stay_s });
        }
    }
    Ok(all)
}

/// Pins the newest version of its form to each form step, and of its guide to each step, that has none yet.
///
/// # Errors
/// `form.not_usable` when a form was never published, `knowledge.not_usable` when a guide never was.
pub(crate) async fn pin(q: &mut impl Query, steps: &mut [Step]) -> Result<()> {
    for step in steps.iter_mut().filter(|s| s.kind == StepKind::Form && s.form_version.is_none()) {
        let newest = match step.form_id {
            Some(form) => formbook::newest(q, form).await?,
            None => None,
        };
        step.form_version = Some(newest.ok_or_else(|| Problem::new(formbook::NOT_USABLE))?);
    }
    for step in steps.iter_mut().filter(|s| s.guide_version.is_none()) {
        if let Some(guide) = step.guide_id {
            let newest = knowledge::newest(q, guide).await?;
            step.guide_version = Some(newest.ok_or_else(|| Problem::new(knowledge::NOT_USABLE))?);
        }
    }
    Ok(())
}

/// Are the forms and guides of new steps published and not retired? Those the template had before may stay.
pub(crate) async fn check_named(q: &mut impl Query, steps: &[NewStep], before: &[Step]) -> Result<()> {
    let mut checks = Checks::new();
    for (k, form) in steps.iter().enumerate().filter_map(|(k, s)| Some((k, s.form_id?))) {
        let known = before.iter().any(|s| s.form_id == Some(form));
        if !known && !formbook::check_usable(q, form).await? {
            checks.fault(&format!("steps[{k}].form_id"), formbook::NOT_USABLE);
        }
    }
    for (k, guide) in steps.iter().enumerate().filter_map(|(k, s)| Some((k, s.guide_id?))) {
        let known = before.iter().any(|s| s.guide_id == Some(guide));
        if !known && !knowledge::check_usable(q, guide).await? {
            checks.fault(&format!("steps[{k}].guide_id"), knowledge::NOT_USABLE);
        }
    }
    checks.done()
}

/// Can tasks be made from this template?
///
/// # Errors
/// `input.invalid` when it is unknown or retired.
pub async fn check_usable(q: &mut impl Query, template: Uuid) -> Result<()> {
    for_use(q, template).await.map(drop)
}

pub async fn create(tx: &mut Tx, new: NewTemplate) -> Result<TaskTemplate> {
    let sha256 = content_sha256(&new)?;
    check_named(tx, &new.steps, &[]).await?;
    let template = TaskTemplate {
        id: new.id.unwrap_or_else(id::new_v7),
        name: new.name.trim().to_owned(),
        kind: new.kind,
        steps: with_ids(&new.steps),
        min_stay_s: new.min_stay_s,
        active: new.active.unwrap_or(true),
        version: 1,
    };
    if !sql::insert(tx, &template, &sha256).await? {
        let row = sql::one(tx, template.id).await?.filter(|r| r.content_sha256 == sha256);
        return row.ok_or_else(|| Problem::new(problem::CONFLICT))?.shown();
    }
    sql::insert_steps(tx, template.id, 1, &to_json(&template.steps)?).await?;
    tx.audit(
        "template.create",
        "task_template",
        template.id,
        json!({ "name": template.name, "steps": template.steps.len() }),
    )
    .await?;
    Ok(template)
}

pub async fn change(tx: &mut Tx, id: Uuid, version: i64, patch: PatchTemplate) -> Result<TaskTemplate> {
    let row = sql::one(tx, id).await?.ok_or_else(not_found)?;
    let before = row.shown()?;
    check_named(tx, patch.steps.as_deref().unwrap_or(&[]), &before.steps).await?;
    let steps = patch.steps.as_deref().map(with_ids);
    let new_steps = steps.filter(|s| *s != before.steps);
    let steps_version = row.steps_version + i64::from(new_steps.is_some());
    let after = TaskTemplate {
        id,
        name: patch.name.map_or(before.name, |n| n.trim().to_owned()),
        kind: patch.kind.unwrap_or(before.kind),
        steps: new_steps.clone().unwrap_or(before.steps),
        min_stay_s: patch.min_stay_s.unwrap_or(before.min_stay_s),
        active: patch.active.unwrap_or(before.active),
        version,
    };
    if let Some(steps) = &new_steps {
        // Written first: the foreign key of the new version must hold whatever happens to the row after it.
        if row.version != version {
            return Err(Problem::new(problem::VERSION));
        }
        sql::insert_steps(tx, id, steps_version, &to_json(steps)?).await?;
    }
    if !sql::update(tx, &after, steps_version).await? {
        return Err(Problem::new(problem::VERSION));
    }
    tx.audit(
        "template.change",
        "task_template",
        id,
        json!({ "name": after.name, "active": after.active, "steps_version": steps_version }),
    )
    .await?;
    Ok(TaskTemplate { version: version + 1, ..after })
}

/// The template a new company begins with.
async fn first(tx: &mut Tx) -> Result<()> {
    let step = |title: &str, title_en: &str, kind, mandatory| NewStep {
        title: title.into(),
        title_en: Some(title_en.into()),
        mandatory,
        ..NewStep::plain(kind)
    };
    let intent = ["高", "中", "低", "暂无"].map(str::to_owned).to_vec();
    let steps = vec![
        NewStep {
            min: Some(1),
            max: Some(3),
            hint: Some("招牌和门都放进框里".into()),
            ..step("门头照", "Shop front", StepKind::Photo, true)
        },
        NewStep { options: Some(intent), ..step("采购意向", "Purchase intent", StepKind::Choice, true) },
        NewStep { max: Some(500), ..step("备注", "Remarks", StepKind::Text, false) },
    ];
    let new = NewTemplate {
        id: None,
        name: "门店拜访".into(),
        kind: "visit".into(),
        steps,
        min_stay_s: None,
        active: None,
    };
    create(tx, new).await.map(drop)
}

fn defaults(tx: &mut Tx) -> BoxFuture<'_, Result<()>> {
    Box::pin(first(tx))
}

inventory::submit! { org::CompanyHook(defaults) }
