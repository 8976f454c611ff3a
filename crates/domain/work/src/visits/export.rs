//! The list of visits as a file, with how their proofs were judged.

use std::collections::HashMap;

use api::{
    Caller, Failure, Kit, Query,
    axum::{extract::State, http::HeaderMap, response::Response},
};
use base::{Micros, Problem, problem::Lang};
use custom::{
    about::About,
    cells::Cell,
    listing::{Ending, Listing, MOST},
};
use db::Result;
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

use super::{IneffectiveReason, ProofGiven, ProofState, Verdict, VisitRow, http::VisitQuery, read, sql};
use crate::{Proof, TOO_MANY_VISITS, model::from_json};

/// Read at once.
const PAGE: i64 = 500;

/// The visits in reach that the filter finds, newest first, as a spreadsheet: each kind of proof has a column with its
/// verdict, the last one leads to the record.
#[utoipa::path(get, path = "/visits.xlsx", tag = "work", params(VisitQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Query(q): Query<VisitQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &headers, &q, Ending::Xlsx).await?)
}

/// The same as text.
#[utoipa::path(get, path = "/visits.csv", tag = "work", params(VisitQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Query(q): Query<VisitQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &headers, &q, Ending::Csv).await?)
}

async fn file(
    kit: &Kit,
    caller: &Caller,
    headers: &HeaderMap,
    q: &VisitQuery,
    ending: Ending,
) -> Result<Response> {
    let (lang, base) = (caller.lang, kit.public_url(headers));
    let (filter, chosen) = (q.filter(), q.chosen()?);
    let mut r = kit.db.read(&caller.scope).await?;
    let zone = org::zone(&mut r).await?;
    let mut all: Vec<VisitRow> = match &chosen {
        Some(chosen) => read::chosen(&mut r, chosen).await?,
        None => vec![],
    };
    while chosen.is_none() {
        let after = all.last().map(|v| (v.check_in_at.0, v.id));
        let page = sql::list(&mut r, &filter, after, PAGE).await?;
        let more = page.len() as i64 == PAGE;
        for row in page {
            all.push(row.shown()?);
        }
        if all.len() > MOST {
            return Err(Problem::new(TOO_MANY_VISITS));
        }
        if !more {
            break;
        }
    }
    let mut proofs: HashMap<Uuid, Vec<ProofGiven>> = HashMap::new();
    for one in chosen.as_deref().unwrap_or(std::slice::from_ref(&filter)) {
        for row in sql::proofs(&mut r, one).await? {
            let given: Vec<ProofGiven> = from_json(&row.proofs)?;
            proofs.entry(row.visit_id).or_default().extend(given);
        }
    }
    let about = told(org::about(&mut r, caller, kit.now(), filter.department_id).await?, &filter, lang, &all);
    drop(r);
    let said = json!({
        "format": ending.key(), "rows": all.len(), "day_from": filter.day_from, "day_to": filter.day_to,
        "employee": filter.employee_id, "customer": filter.customer_id, "department": filter.department_id, "chosen": chosen.is_some(),
    });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let company = tx.tenant();
                tx.audit("visit.export", "company", company, said).await
            })
        })
        .await?;
    let heads = HEADS.iter().chain(&PROOF_HEADS).chain(&[LINK]);
    let none = vec![];
    let listing = Listing {
        title: if lang == Lang::Zh { "拜访" } else { "Visits" },
        heads: heads
            .map(|(zh, en, width)| (if lang == Lang::Zh { zh } else { en }.to_string(), *width))
            .collect(),
        rows: all
            .iter()
            .map(|v| {
                let given = proofs.get(&v.id).unwrap_or(&none);
                let link = Cell::Text(format!("{base}/visits/{}", v.id));
                line(v, lang, &zone)
                    .into_iter()
                    .chain(PROOFS.iter().map(|p| judged(*p, given, lang)))
                    .chain([link])
                    .collect()
            })
            .collect(),
    };
    listing.answer_about(about, "visits", kit.now().local_day(&zone), ending).await
}

type Head = (&'static str, &'static str, f64);

const HEADS: [Head; 14] = [
    ("日期", "Day", 12.0),
    ("人员", "Person", 12.0),
    ("客户", "Customer", 28.0),
    ("等级", "Grade", 8.0),
    ("签到", "Check-in", 10.0),
    ("签退", "Check-out", 10.0),
    ("停留 分", "Stay min", 10.0),
    ("在场 分", "Present min", 10.0),
    ("签到位置", "Place", 12.0),
    ("有效", "Effective", 10.0),
    ("原因", "Why not", 24.0),
    ("步骤", "Steps", 10.0),
    ("照片", "Photos", 8.0),
    ("小结", "Summary", 36.0),
];

const PROOFS: [Proof; 7] = [
    Proof::Place,
    Proof::Code,
    Proof::Passkey,
    Proof::Photo,
    Proof::GroupPhoto,
    Proof::Audio,
    Proof::Signature,
];

const PROOF_HEADS: [Head; 7] = [
    ("凭证·位置", "Proof: place", 12.0),
    ("凭证·客户现场码", "Proof: customer's code", 12.0),
    ("凭证·本人验证", "Proof: passkey", 12.0),
    ("凭证·照片", "Proof: photo", 12.0),
    ("凭证·合影", "Proof: group photo", 12.0),
    ("凭证·录音", "Proof: recording", 12.0),
    ("凭证·签名", "Proof: signature", 12.0),
];

const LINK: Head = ("拜访记录", "Record", 40.0);

/// The worst verdict on a kind of proof over all steps of a visit; nothing where no step asked for it.
fn judged(proof: Proof, given: &[ProofGiven], lang: Lang) -> Cell {
    let rank = |s: ProofState| match s {
        ProofState::Failed => 2,
        ProofState::Weak => 1,
        ProofState::Held => 0,
    };
    let worst = given.iter().filter(|g| g.proof == proof).map(|g| g.state).max_by_key(|s| rank(*s));
    let (zh, en) = match worst {
        None => ("", ""),
        Some(ProofState::Held) => ("成立", "holds"),
        Some(ProofState::Weak) => ("偏弱", "weak"),
        Some(ProofState::Failed) => ("不成立", "does not hold"),
    };
    Cell::Text(if lang == Lang::Zh { zh } else { en }.to_owned())
}

fn line(v: &VisitRow, lang: Lang, zone: &TimeZone) -> Vec<Cell> {
    let zh = lang == Lang::Zh;
    let word = |a: &str, b: &str| if zh { a } else { b }.to_owned();
    let clock = |at: Micros| {
        let minute = at.local_minute(zone);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    };
    let minutes = |s: Option<i64>| s.map_or(Cell::Text(String::new()), |s| Cell::Number((s / 60) as f64));
    let effective = match v.effective {
        Some(true) => word("是", "yes"),
        Some(false) => word("否", "no"),
        None => String::new(),
    };
    let reasons: Vec<String> = v.ineffective_reasons.iter().map(|r| reason(*r, zh).to_owned()).collect();
    vec![
        Cell::Text(v.day.to_string()),
        Cell::Text(v.employee.name.clone()),
        Cell::Text(v.customer.name.clone()),
        Cell::Text(v.customer.grade.clone().unwrap_or_default()),
        Cell::Text(clock(v.check_in_at)),
        Cell::Text(v.check_out_at.map(clock).unwrap_or_default()),
        minutes(v.stay_s),
        minutes(v.presence_s),
        Cell::Text(place(v.verdict, zh).to_owned()),
        Cell::Text(effective),
        Cell::Text(reasons.join(if zh { "、" } else { ", " })),
        Cell::Text(format!("{}/{}", v.steps_done, v.steps_total)),
        Cell::Number(v.photo_count as f64),
        Cell::Text(v.summary.clone().unwrap_or_default()),
    ]
}

fn place(verdict: Verdict, zh: bool) -> &'static str {
    let (a, b) = match verdict {
        Verdict::In => ("在范围内", "inside"),
        Verdict::Out => ("在范围外", "outside"),
        Verdict::CannotTell => ("无法判断", "cannot tell"),
    };
    if zh { a } else { b }
}

/// What was asked for, by the names the rows give it.
fn told(about: About, filter: &sql::Filter, lang: Lang, rows: &[VisitRow]) -> About {
    let zh = lang == Lang::Zh;
    let word = |a: &str, b: &str| if zh { a } else { b }.to_owned();
    let named = |id: Option<Uuid>, name: Option<&String>| {
        id.map(|id| name.map_or_else(|| id.to_string(), String::clone))
    };
    let status = |key: &str| match key {
        "open" => word("进行中", "open"),
        "done" => word("已完成", "done"),
        other => other.to_owned(),
    };
    let places = |keys: &String| {
        let words: Vec<&str> = keys.split(',').map(|key| place(Verdict::from_key(key), zh)).collect();
        words.join(if zh { "、" } else { ", " })
    };
    let effective = |yes| if yes { word("是", "yes") } else { word("否", "no") };
    about
        .of("日期从", "From day", filter.day_from.map(|day| day.to_string()))
        .of("日期到", "To day", filter.day_to.map(|day| day.to_string()))
        .of("人员", "Person", named(filter.employee_id, rows.first().map(|v| &v.employee.name)))
        .of("客户", "Customer", named(filter.customer_id, rows.first().map(|v| &v.customer.name)))
        .of("状态", "Status", filter.status.as_deref().map(status))
        .of("有效", "Effective", filter.effective.map(effective))
        .of("签到位置", "Place", filter.verdict.as_ref().map(places))
}

fn reason(reason: IneffectiveReason, zh: bool) -> &'static str {
    let (a, b) = match reason {
        IneffectiveReason::OutsideFence => ("不在范围内", "outside the fence"),
        IneffectiveReason::TooShort => ("停留太短", "too short"),
        IneffectiveReason::StepsMissing => ("必做步骤没做完", "steps missing"),
        IneffectiveReason::NotFinished => ("没有签退", "not finished"),
        IneffectiveReason::FindingOpen => ("疑点待说明", "a finding is open"),
        IneffectiveReason::ProofsMissing => ("凭证不成立", "a proof does not hold"),
    };
    if zh { a } else { b }
}
