//! The report of a round: fixed when nothing more is to come of it; the document is made of the fixed content alone.

use base::{Micros, Problem, problem::Lang};
use db::{LogEntry, Query, Result, Scope, Tx};
use jiff::{fmt::strtime, tz::TimeZone};
use paper::{RoundPoint, RoundReport};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    InspectionRound,
    rounds::{over, shown},
    rules::PointState,
    sql::{self, RoundRow},
};
use crate::{
    Inner,
    report::{DOCUMENT, code_of},
};

/// Fixes the reports of rounds that are over, and makes their documents.
///
/// # Errors
/// When the store or the files cannot be read or written.
pub(crate) async fn settle(inner: &Inner, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("inspection", tenant);
    let mut r = inner.kit.db.read(&scope).await?;
    let today = inner.kit.now().local_day(&org::zone(&mut r).await?);
    let mut ended = vec![];
    for row in sql::unfixed(&mut r).await? {
        if over(&sql::points(&mut r, row.id).await?, row.day, today) {
            ended.push(row);
        }
    }
    drop(r);
    // One that cannot be fixed or printed stops no other.
    for row in ended {
        let id = row.id;
        let fixed = inner.kit.db.write(&scope, move |tx| Box::pin(async move { fix(tx, &row).await }));
        if let Err(e) = fixed.await {
            tracing::warn!(round = %id, error = %e, "the report of a round waits");
        }
    }
    let unmade = sql::unmade(&mut inner.kit.db.read(&scope).await?).await?;
    for row in unmade {
        let id = row.id;
        if let Err(e) = document(inner, &scope, tenant, row).await {
            tracing::warn!(round = %id, error = %e, "the document of a round waits");
        }
    }
    Ok(())
}

async fn fix(tx: &mut Tx, row: &RoundRow) -> Result<()> {
    let now = tx.now();
    let round = shown(tx, row, now).await?;
    let content = with_walkers(&compose(tx, &round).await?, &round)?.to_string();
    let sha256 = hex::encode(Sha256::digest(content.as_bytes()));
    if !sql::fix(tx, row.id, &content, &sha256).await? {
        return Ok(());
    }
    // What could never be made was told of already.
    let cannot = round.points.iter().filter(|p| p.cannot).count() as i64;
    if round.missed - cannot + round.failed + round.late == 0 {
        return Ok(());
    }
    sql::set_round_told(tx, row.id).await?;
    let params = json!({ "name": round.name, "by": round.employee.name, "day": round.day, "missed": round.missed, "late": round.late,
        "failed": round.failed });
    for head in org::managers_of(tx, row.department_id).await? {
        for head in org::by_ids(tx, &[head]).await?.into_iter().filter(|p| p.status == "active") {
            let link = Some(format!("/orders/inspections?round={}", row.id));
            let notice = notify::New { kind: "inspection.over", params: params.clone(), link };
            notify::send(tx, head.id, head.department_id, notice).await?;
        }
    }
    Ok(())
}

/// The content of a report with who walked, so that an erased person is found in it.
fn with_walkers(report: &RoundReport, round: &InspectionRound) -> Result<Value> {
    let mut content = serde_json::to_value(report).map_err(Problem::internal)?;
    content["walkers"] = json!({ round.employee.id.to_string(): round.employee.name });
    for (k, p) in round.points.iter().enumerate() {
        let by = p.by.as_ref().unwrap_or(&round.employee);
        content["walkers"][by.id.to_string()] = json!(by.name);
        content["points"][k]["by"] = json!(by.id);
    }
    Ok(content)
}

/// Takes a person's name and words out of fixed reports; their documents are made anew. `name` is his from now on.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn erase(tx: &mut Tx, person: Uuid, name: &str) -> Result<()> {
    let key = person.to_string();
    for row in sql::naming(tx, person).await? {
        let mut content: Value = serde_json::from_str(&row.content).map_err(Problem::internal)?;
        let Some(old) = content["walkers"][&key].as_str().map(str::to_owned) else { continue };
        content["walkers"][&key] = json!(name);
        let people = content["person"].as_str().unwrap_or_default().split('、');
        let people: Vec<&str> = people.map(|p| if p == old { name } else { p }).collect();
        content["person"] = json!(people.join("、"));
        for point in content["points"].as_array_mut().into_iter().flatten() {
            if point["by"].as_str() != Some(&key) {
                continue;
            }
            // Only of a point that went to somebody else its place names who.
            let tail = format!(" · {old}");
            let place = point["place"].as_str().unwrap_or_default().replace(&tail, &format!(" · {name}"));
            point["place"] = json!(place);
            point["reason"] = Value::Null;
            for failure in point["failures"].as_array_mut().into_iter().flatten() {
                let label =
                    failure.as_str().and_then(|f| f.split(" · ").next()).unwrap_or_default().to_owned();
                *failure = json!(label);
            }
        }
        sql::set_content(tx, row.id, &content.to_string()).await?;
    }
    Ok(())
}

async fn compose(q: &mut impl Query, round: &InspectionRound) -> Result<RoundReport> {
    let zone = org::zone(q).await?;
    let point = |p: &super::InspectionPointResult| RoundPoint {
        seq: p.seq,
        title: p.title.clone(),
        place: place(p),
        due: window(p.due_from, p.due_to, &zone),
        done: p.done_at.map(|t| clock(t, &zone)),
        state: match p.state {
            PointState::InTime => "in_time",
            PointState::Early => "early",
            PointState::Late => "late",
            _ => "missed",
        }
        .into(),
        off_minutes: p.off_minutes,
        out_of_order: p.out_of_order,
        scanned: p.scanned.clone(),
        reason: p.reason.clone(),
        failures: p
            .failures
            .iter()
            .map(|f| {
                let texts = [Some(f.label.clone()), f.remark.clone(), f.number.clone()];
                texts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            })
            .collect(),
    };
    Ok(RoundReport {
        company: org::company(q).await?.name,
        name: round.name.clone(),
        day: round.day.to_string(),
        person: people(round),
        planned: round.planned,
        done: round.done,
        missed: round.missed,
        late: round.late,
        failed: round.failed,
        points: round.points.iter().map(point).collect(),
    })
}

/// Where a point stands; of one that went to somebody else or to another day, to whom and when.
fn place(p: &super::InspectionPointResult) -> String {
    let parts = [
        Some(p.customer.name.clone()),
        p.by.as_ref().map(|by| by.name.clone()),
        p.moved_to.map(|day| day.to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Everybody who had points of a round.
fn people(round: &InspectionRound) -> String {
    let mut names = vec![round.employee.name.as_str()];
    for by in round.points.iter().filter_map(|p| p.by.as_ref()) {
        if !names.contains(&by.name.as_str()) {
            names.push(&by.name);
        }
    }
    names.join("、")
}

fn clock(t: Micros, zone: &TimeZone) -> String {
    strtime::format("%H:%M", &t.timestamp().to_zoned(zone.clone())).unwrap_or_default()
}

fn window(from: Option<Micros>, to: Option<Micros>, zone: &TimeZone) -> String {
    let text = |t: Option<Micros>| t.map(|t| clock(t, zone)).unwrap_or_default();
    match (from, to) {
        (None, None) => String::new(),
        (from, to) => format!("{}–{}", text(from), text(to)),
    }
}

async fn document(inner: &Inner, scope: &Scope, tenant: Uuid, row: RoundRow) -> Result<()> {
    let (Some(content), Some(sha)) = (&row.content, &row.content_sha256) else { return Ok(()) };
    let report: RoundReport = serde_json::from_str(content).map_err(Problem::internal)?;
    let code = code_of(sha);
    let made = {
        let code = code.clone();
        tokio::task::spawn_blocking(move || paper::round_report(&report, &code, Lang::Zh))
    };
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let (pdf, size) = (hex::encode(Sha256::digest(&bytes)), bytes.len() as i64);
    inner.kit.files.put(tenant, row.id, DOCUMENT, bytes).await?;
    inner
        .kit
        .db
        .write(scope, move |tx| {
            Box::pin(async move {
                if !sql::set_document(tx, row.id, &pdf, size).await? {
                    return Ok(());
                }
                tx.log(LogEntry {
                    kind: "inspection.report".into(),
                    subject: row.id,
                    employee: row.employee_id,
                    department: row.department_id,
                    record: json!({ "round": row.name, "day": row.day, "code": code, "content_sha256": row.content_sha256 }),
                    files: vec![(row.id, pdf)],
                });
                Ok(())
            })
        })
        .await
}
