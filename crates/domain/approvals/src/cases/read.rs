//! Cases read: lists and one page.

use std::collections::BTreeMap;

use base::Problem;
use db::{Permission, Query, Reader, Result};
use flow::Case;
use org::Ref;
use serde_json::Value;
use uuid::Uuid;

use super::{
    model::{ApprovalPage, ApprovalRow, BackStep, ChosenStep, OwnAsk, TrailLine},
    sql,
};
use crate::{files::sql as files, flows};

pub async fn rows(r: &mut Reader, of: sql::Inbox, filter: &sql::Filter) -> Result<Vec<ApprovalRow>> {
    let mut all = vec![];
    for row in sql::list(r, of, filter).await? {
        all.push(shown(r, row).await?);
    }
    Ok(all)
}

async fn shown(r: &mut Reader, row: sql::CaseRow) -> Result<ApprovalRow> {
    let me = r.scope().actor();
    let asks = sql::asks(r, row.id).await?;
    let own = asks.iter().filter(|a| a.employee_id == me);
    Ok(ApprovalRow {
        asks: own.map(|a| OwnAsk { ask: a.ask, node: a.node.clone(), since: a.since }).collect(),
        asked: people(asks),
        id: row.id,
        kind: row.subject_kind,
        subject_id: row.subject_id,
        record_id: row.record_id,
        title: serde_json::from_str(&row.title).map_err(Problem::internal)?,
        summary: serde_json::from_str(&row.summary).map_err(Problem::internal)?,
        employee: Ref { id: row.employee_id, name: row.employee_name },
        department: Ref { id: row.department_id, name: row.department_name },
        status: row.status,
        started_at: row.started_at,
        changed_at: row.changed_at,
        ended_at: row.ended_at,
        version: row.version,
    })
}

/// Each person once.
fn people(asks: Vec<sql::AskRow>) -> Vec<Ref> {
    let mut all: Vec<Ref> = vec![];
    for ask in asks {
        if all.iter().all(|p| p.id != ask.employee_id) {
            all.push(Ref { id: ask.employee_id, name: ask.name });
        }
    }
    all
}

/// A case the reader may see.
///
/// # Errors
/// `not_found`.
pub async fn page(r: &mut Reader, id: Uuid) -> Result<ApprovalPage> {
    let reads = r.scope().may(Permission::VisitRead);
    let row = sql::seen(r, id, reads).await?;
    let (flow, number) = (row.flow_id, row.flow_number);
    let row = shown(r, row).await?;
    let body = sql::body(r, id).await?;
    let case: Case = serde_json::from_str(&body.state).map_err(Problem::internal)?;
    let plan = flows::of_case(r, flow, number).await?;
    let back = row.asks.iter().flat_map(|own| {
        let steps = plan.back_from(&case, &own.node).into_iter();
        steps.map(|node| BackStep { ask: own.ask, node: node.to_owned() }).collect::<Vec<_>>()
    });
    let mut chosen = vec![];
    for (node, most) in plan.chosen() {
        let ids = case.chosen.get(node).cloned().unwrap_or_default();
        let people =
            org::by_ids(r, &ids).await?.into_iter().map(|p| Ref { id: p.id, name: p.name }).collect();
        chosen.push(ChosenStep { node: node.to_owned(), most: i64::from(most), people });
    }
    let mut trail: Vec<TrailLine> = sql::trail(r, id).await?.into_iter().map(line).collect();
    for file in files::of_case(r, id).await? {
        if let Some(line) = trail.iter_mut().find(|l| Some(l.seq) == file.seq) {
            line.files.push(file.shown());
        }
    }
    let (name, doc) = flows::told(r, flow, number).await?;
    Ok(ApprovalPage {
        back: back.collect(),
        chosen,
        nodes: names(&doc),
        content: serde_json::from_str(&body.content).map_err(Problem::internal)?,
        flow: Ref { id: flow, name },
        flow_number: number,
        doc,
        trail,
        mine: row.employee.id == r.scope().actor(),
        row,
    })
}

/// Names of all nodes of a document that have one.
fn names(doc: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut todo = vec![doc];
    while let Some(value) = todo.pop() {
        match value {
            Value::Array(items) => todo.extend(items),
            Value::Object(members) => {
                let text = |name: &str| members.get(name).and_then(Value::as_str);
                if let (Some(id), Some(name)) = (text("id"), text("name")) {
                    all.insert(id.to_owned(), name.to_owned());
                }
                todo.extend(["nodes", "lanes"].iter().filter_map(|part| members.get(*part)));
            }
            _ => {}
        }
    }
    all
}

fn line(t: sql::TrailRow) -> TrailLine {
    let of = |id: Option<Uuid>, name: Option<String>| id.zip(name).map(|(id, name)| Ref { id, name });
    TrailLine {
        seq: t.seq,
        at: t.at,
        what: t.what,
        node: t.node,
        person: of(t.employee_id, t.name),
        instead_of: of(t.instead_of, t.instead_name),
        to: of(t.to_id, t.to_name),
        lane: t.lane,
        comment: t.comment,
        files: vec![],
    }
}
