//! Putting the content of a report together, once.

use base::{Problem, id};
use db::{Query, Result, Tx};
use jiff::{fmt::strtime, tz::TimeZone};
use paper::{ReportLine, ReportPart, ReportStep, ServiceReport};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Signature, sql};
use crate::{
    equipment,
    orders::{self, rules::Move, sql::OrderRow},
    parts,
};

/// Fixes the report of an order that is over; without a signature it says so.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn fix(tx: &mut Tx, row: &OrderRow, signature: Option<Signature>) -> Result<()> {
    let content =
        serde_json::to_string(&compose(tx, row, signature.as_ref()).await?).map_err(Problem::internal)?;
    let sha256 = hex::encode(Sha256::digest(content.as_bytes()));
    let signer = signature.as_ref().map(|s| s.signer.as_str());
    let at = row.closed_at.unwrap_or(tx.now());
    sql::insert(tx, id::new_v7(), row.id, &content, &sha256, signer, at).await.map(drop)
}

async fn compose(q: &mut impl Query, row: &OrderRow, signature: Option<&Signature>) -> Result<ServiceReport> {
    let company = org::company(q).await?;
    let zone = org::zone(q).await?;
    let piece = match row.equipment_id {
        Some(id) => equipment::sql::of_company(q, id).await?,
        None => None,
    };
    let parts = parts::of_order(q, row.id).await?;
    let total = parts.iter().map(|p| p.minor).sum();
    let part = |p: parts::OrderPart| ReportPart {
        code: p.code,
        name: p.part.name,
        unit: p.unit,
        quantity: p.quantity,
        price_minor: p.price_minor,
        minor: p.minor,
    };
    let events = orders::sql::events(q, row.id).await?;
    let line = |e: &orders::OrderEvent| ReportLine {
        at: clock(e.at, &zone),
        what: spoken(e.mv).into(),
        // Who signed is the customer, on the engineer's phone.
        who: match e.mv {
            Move::Sign => e.note.clone().unwrap_or_default(),
            _ => e.by.as_ref().map(|b| b.name.clone()).unwrap_or_default(),
        },
    };
    let steps = match row.visit_id {
        // The visit belongs to who is signing, or to somebody the desk sees.
        Some(visit) => match work::visits::by_id(q, visit).await {
            Ok(visit) => visit.steps.iter().map(step).collect(),
            Err(p) if p.code == base::problem::NOT_FOUND => vec![],
            Err(p) => return Err(p),
        },
        None => vec![],
    };
    Ok(ServiceReport {
        company: company.name,
        number: row.number.clone(),
        kind: row.type_name.clone(),
        customer: row.customer_name.clone(),
        address: row.address.clone(),
        contact: row.contact_name.clone(),
        equipment: piece.map(|e| {
            let texts = [Some(e.code), Some(e.name), e.model, e.serial];
            texts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }),
        fault: row.title.clone(),
        detail: row.detail.clone(),
        engineer: row.employee_name.clone().unwrap_or_default(),
        result: row.result.clone().unwrap_or_default(),
        labour_minutes: row.labour_minutes.unwrap_or_default(),
        lines: events.iter().filter(|e| e.mv != Move::Expire).map(line).collect(),
        steps,
        parts: parts.into_iter().map(part).collect(),
        total_minor: total,
        signer: signature.map(|s| s.signer.clone()),
        signed_at: clock(row.closed_at.unwrap_or(row.moved_at), &zone),
        strokes: signature.map(|s| s.strokes.clone()).unwrap_or_default(),
    })
}

fn step(s: &work::VisitStep) -> ReportStep {
    let said = match (&s.value, s.status.as_str()) {
        (_, "skipped") => s.reason.clone().unwrap_or_default(),
        (Value::String(text), _) => text.clone(),
        (Value::Number(n), _) => n.to_string(),
        (Value::Bool(yes), _) => if *yes { "是" } else { "否" }.into(),
        (Value::Array(all), _) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"),
        _ if !s.photos.is_empty() => format!("照片 {} 张", s.photos.len()),
        _ => String::new(),
    };
    ReportStep { title: s.step.title.clone(), status: s.status.clone(), said }
}

fn clock(t: base::Micros, zone: &TimeZone) -> String {
    strtime::format("%Y-%m-%d %H:%M", &t.timestamp().to_zoned(zone.clone())).unwrap_or_default()
}

/// What a move is called on paper.
fn spoken(mv: Move) -> &'static str {
    match mv {
        Move::Take => "登记",
        Move::Assign => "派工",
        Move::Accept => "接单",
        Move::Refuse => "拒单",
        Move::Expire => "超时退回",
        Move::Return => "退回",
        Move::SetOut => "出发",
        Move::Arrive => "到场",
        Move::Pause => "暂停",
        Move::Resume => "继续",
        Move::Finish => "完工",
        Move::Sign => "客户签字",
        Move::Close => "关闭",
        Move::Cancel => "取消",
    }
}
