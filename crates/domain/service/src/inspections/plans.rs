//! Plans of rounds.

use base::{Problem, id, problem};
use db::{Query, Result, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{
    InspectionNames, InspectionPlan, InspectionTerms,
    sql::{self, PlanRow},
};
use crate::{EQUIPMENT, equipment};

/// Checks what a plan names: customers and people in reach, equipment of its customer, forms that can be filled in.
async fn check_named(tx: &mut Tx, t: &InspectionTerms) -> Result<()> {
    for (k, p) in t.points.iter().enumerate() {
        customers::place(tx, p.customer_id).await?;
        if let Some(piece) = p.equipment_id {
            let found = equipment::sql::of_company(tx, piece).await?;
            if found.is_none_or(|e| e.customer_id != p.customer_id || e.status == "scrapped") {
                return Err(Problem::new(EQUIPMENT).field(format!("points[{k}].equipment_id"), EQUIPMENT));
            }
        }
        if let Some(form) = p.form_id
            && !formbook::check_usable(tx, form).await?
        {
            return Err(Problem::new(formbook::NOT_USABLE)
                .field(format!("points[{k}].form_id"), formbook::NOT_USABLE));
        }
    }
    for p in &t.people {
        org::person(tx, p.employee_id).await?;
    }
    Ok(())
}

/// Makes a plan. The same id and content again answers as before.
///
/// # Errors
/// `order.equipment`, `form.not_usable`, `not_found`, `sync.conflict`.
pub(super) async fn add(tx: &mut Tx, id: Option<Uuid>, t: InspectionTerms) -> Result<InspectionPlan> {
    let sha256 = work::content_sha256(&t)?;
    let id = id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::plan_of_company(tx, id).await? {
        if known.content_sha256 != sha256 {
            return Err(Problem::new(problem::CONFLICT));
        }
        let row = sql::plan(tx, id).await?;
        return shown(tx, row).await;
    }
    check_named(tx, &t).await?;
    let me = tx.scope_actor();
    let department = org::person(tx, me).await?.department_id;
    if !sql::insert_plan(tx, id, &t, department, &sha256).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    tx.audit("inspection.create", "inspection_plan", id, json!({ "name": t.name, "points": t.points.len() }))
        .await?;
    let row = sql::plan(tx, id).await?;
    shown(tx, row).await
}

/// Changes a plan as a whole. Rounds that are there keep their points.
///
/// # Errors
/// `version.conflict` and those of [`add`].
pub(super) async fn change(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    t: InspectionTerms,
) -> Result<InspectionPlan> {
    let before = sql::plan(tx, id).await?.terms()?;
    check_named(tx, &t).await?;
    if !sql::update_plan(tx, id, version, &t).await? {
        return Err(Problem::new(problem::VERSION));
    }
    tx.audit("inspection.change", "inspection_plan", id, json!({ "before": before, "after": t })).await?;
    let row = sql::plan(tx, id).await?;
    shown(tx, row).await
}

pub(super) async fn shown(q: &mut impl Query, row: PlanRow) -> Result<InspectionPlan> {
    let terms = row.terms()?;
    let mut names = InspectionNames::default();
    for p in &terms.points {
        names.customers.push(customers::place_of_company(q, p.customer_id).await?.name);
        names.equipment.push(match p.equipment_id {
            Some(piece) => {
                equipment::sql::of_company(q, piece).await?.map(|e| format!("{} {}", e.name, e.code))
            }
            None => None,
        });
    }
    let ids: Vec<Uuid> = terms.people.iter().map(|p| p.employee_id).collect();
    let people = org::by_ids(q, &ids).await?;
    let name = |id: &Uuid| people.iter().find(|p| p.id == *id).map(|p| p.name.clone()).unwrap_or_default();
    names.people = ids.iter().map(name).collect();
    Ok(InspectionPlan { id: row.id, terms, names, version: row.version })
}
