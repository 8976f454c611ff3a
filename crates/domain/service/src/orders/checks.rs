//! A failed item of an inspection becomes an order of its own, once, however often the step is sent.

use base::problem::Lang;
use db::{Result, Tx};
use forms::FieldKind;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use work::StepKind;

use super::{
    sql::OrderRow,
    take::{self, NewWorkOrder, Source},
};
use crate::equipment;

/// Looks for answers of a step that its order's type calls a failure.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn follow(tx: &mut Tx, row: &OrderRow, visit: Uuid, body: &Value) -> Result<()> {
    let fails: Vec<String> = serde_json::from_str(&row.fails).unwrap_or_default();
    if fails.is_empty() || body["status"] != "done" {
        return Ok(());
    }
    let Some(step) = body["step_id"].as_str().and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(()) };
    let visit_now = work::visits::by_id(tx, visit).await?;
    let Some(done) = visit_now.steps.into_iter().find(|s| s.step.id == step) else { return Ok(()) };
    let mut failed: Vec<(String, String, String)> = vec![];
    let is_failure = |text: &str| text.split('、').any(|one| fails.iter().any(|f| f == one.trim()));
    match done.step.kind {
        StepKind::Choice | StepKind::Text => {
            let chosen = match &body["value"] {
                Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"),
                one => one.as_str().unwrap_or_default().to_owned(),
            };
            if is_failure(&chosen) {
                failed.push((step.to_string(), done.step.title.clone(), chosen));
            }
        }
        StepKind::Form => {
            let Some((form, number)) = done.step.form_id.zip(done.step.form_version) else { return Ok(()) };
            let spec = formbook::spec_of(tx, form, number).await?.0;
            for field in &spec.fields {
                if !matches!(
                    field.kind,
                    FieldKind::Choice { .. } | FieldKind::Choices { .. } | FieldKind::Text { .. }
                ) {
                    continue;
                }
                let answer = body["value"]["answers"].get(&field.key);
                if let formbook::cells::Cell::Text(text) =
                    formbook::cells::cell(&spec, field, answer, &Default::default(), Lang::Zh)
                    && is_failure(&text)
                {
                    failed.push((field.key.clone(), formbook::cells::said(&field.label, Lang::Zh), text));
                }
            }
        }
        _ => {}
    }
    // Scrapped meanwhile, or moved to another customer: what failed is reported without it.
    let fitting = match row.equipment_id {
        Some(piece) if !failed.is_empty() => equipment::sql::of_company(tx, piece)
            .await?
            .filter(|e| e.customer_id == row.customer_id && e.status != "scrapped")
            .map(|e| e.id),
        _ => None,
    };
    for (key, label, answer) in failed {
        let title: String = format!("{label}：{answer}").chars().take(80).collect();
        let new = NewWorkOrder {
            id: Some(named(visit, step, &key)),
            type_id: row.type_id,
            customer_id: row.customer_id,
            equipment_id: fitting,
            title,
            detail: Some(format!("{} · {}", row.number, done.step.title)),
            priority: row.priority,
            skills: row.skills(),
            contact_name: row.contact_name.clone(),
            contact_phone: row.contact_phone.clone(),
            from_id: Some(row.id),
        };
        match take::take(tx, new, Source::Check).await {
            // Answered anew with other words: the order that is there stays.
            Err(p) if p.code == base::problem::CONFLICT || p.code == crate::RETIRED => {}
            other => drop(other?),
        }
    }
    Ok(())
}

/// The id of the order a failed item makes: always the same one.
fn named(visit: Uuid, step: Uuid, key: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"tashi-failed-item");
    hash.update(visit.as_bytes());
    hash.update(step.as_bytes());
    hash.update(key.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
