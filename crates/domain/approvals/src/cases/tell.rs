//! Who hears of what: the inbox, after the transaction is durable.

use base::Problem;
use db::{Result, Tx};
use flow::{Plan, Said, What};
use serde_json::{Value, json};
use uuid::Uuid;

use super::sql::StateRow;
use crate::{Text, staff::Staff};

/// Tells everybody concerned.
pub async fn tell(
    tx: &mut Tx,
    staff: &Staff,
    row: &StateRow,
    plan: &Plan,
    said: &[Said],
    before: &[(u64, Uuid)],
    comment: Option<&str>,
) -> Result<()> {
    let title: Text = serde_json::from_str(&row.title).map_err(Problem::internal)?;
    let in_language =
        |lang: &str| title.get(lang).or_else(|| title.values().next()).cloned().unwrap_or_default();
    let name =
        org::by_ids(tx, &[row.employee_id]).await?.into_iter().next().map(|p| p.name).unwrap_or_default();
    for s in said {
        let by = match s.person {
            Some(person) => {
                org::by_ids(tx, &[person]).await?.into_iter().next().map(|p| p.name).unwrap_or_default()
            }
            None => String::new(),
        };
        let node = s.node.as_deref().map(|n| plan.name(n)).filter(|n| !n.is_empty());
        let params = json!({
            "zh": in_language("zh-CN"), "en": in_language("en"), "name": name, "by": by,
            "node": node.unwrap_or("-"), "reason": comment.unwrap_or("-"),
        });
        for (to, kind) in heard(s, row.employee_id, before) {
            // A person who acts knows what he did.
            if to == tx.scope_actor() && kind != "approval.asked" {
                continue;
            }
            send(tx, staff, row, to, kind, params.clone()).await?;
        }
    }
    Ok(())
}

/// Who hears of something, as which kind of notice.
fn heard(s: &Said, requester: Uuid, before: &[(u64, Uuid)]) -> Vec<(Uuid, &'static str)> {
    let person = |kind| s.person.map(|p| (p, kind)).into_iter().collect();
    let to = |kind| s.to.map(|p| (p, kind)).into_iter().collect();
    let all_asked = |kind| before.iter().map(|(_, p)| (*p, kind)).collect();
    match s.what {
        What::Asked => person("approval.asked"),
        What::Copied => person("approval.copied"),
        What::Reminded => to("approval.reminded"),
        What::Urged => to("approval.urged"),
        What::Escalated => person("approval.escalated"),
        What::Completed => vec![(requester, "approval.approved")],
        What::Rejected => vec![(requester, "approval.rejected")],
        What::RejectedByTime => vec![(requester, "approval.lapsed")],
        What::Returned => vec![(requester, "approval.returned")],
        What::ReturnedEmpty => vec![(requester, "approval.nobody")],
        What::Withdrawn => all_asked("approval.withdrawn"),
        What::Commented => {
            let mut all: Vec<(Uuid, &'static str)> = all_asked("approval.commented");
            all.push((requester, "approval.commented"));
            all
        }
        _ => vec![],
    }
}

async fn send(
    tx: &mut Tx,
    staff: &Staff,
    row: &StateRow,
    to: Uuid,
    kind: &'static str,
    params: Value,
) -> Result<()> {
    // Who has left is not told.
    let Some(department) = staff.department(to) else { return Ok(()) };
    let notice = notify::New { kind, params, link: Some(format!("/approvals/{}", row.id)) };
    notify::send(tx, to, department, notice).await.map(drop)
}
