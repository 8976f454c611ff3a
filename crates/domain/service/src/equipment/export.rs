//! The register of equipment as a file that can be read back.

use api::{
    Caller, Failure, Kit, Query,
    axum::{extract::State, response::Response},
};
use base::{Problem, problem::Lang};
use custom::{
    Fields, Noun,
    about::About,
    cells::Cell,
    listing::{Ending, Listing, MOST},
};
use db::Result;
use serde_json::json;
use uuid::Uuid;

use super::{Equipment, EquipmentStatus, http::EquipmentQuery, sql};
use crate::TOO_MANY;

/// Read at once.
const PAGE: i64 = 500;

/// Equipment in reach that the filter finds, by number, as a spreadsheet whose headings an import knows.
#[utoipa::path(get, path = "/equipment.xlsx", tag = "service", params(EquipmentQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<EquipmentQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Xlsx).await?)
}

/// The same as text.
#[utoipa::path(get, path = "/equipment.csv", tag = "service", params(EquipmentQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<EquipmentQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Csv).await?)
}

async fn file(kit: &Kit, caller: &Caller, q: &EquipmentQuery, ending: Ending) -> Result<Response> {
    let lang = caller.lang;
    let mut r = kit.db.read(&caller.scope).await?;
    let fields = Fields::in_force(&mut r, Noun::Equipment).await?;
    let filter = q.filter(&fields)?;
    let day = kit.now().local_day(&org::zone(&mut r).await?);
    let mut all: Vec<Equipment> = vec![];
    loop {
        let after = all.last().map(|e| e.code.clone());
        let page = sql::list(&mut r, &filter, after, PAGE).await?;
        let more = page.len() as i64 == PAGE;
        all.extend(page.into_iter().map(Equipment::from));
        if all.len() > MOST {
            return Err(Problem::new(TOO_MANY));
        }
        if !more {
            break;
        }
    }
    let about = told(org::about(&mut r, caller, kit.now(), None).await?, &filter, &fields, lang, &all);
    drop(r);
    let said =
        json!({ "format": ending.key(), "rows": all.len(), "q": filter.q, "customer": filter.customer_id });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let company = tx.tenant();
                tx.audit("equipment.export", "company", company, said).await
            })
        })
        .await?;
    let heads =
        HEADS.iter().map(|(zh, en, width)| (if lang == Lang::Zh { zh } else { en }.to_string(), *width));
    let listing = Listing {
        title: if lang == Lang::Zh { "设备" } else { "Equipment" },
        heads: heads.chain(fields.heads(lang).map(|head| (head, 16.0))).collect(),
        rows: all
            .iter()
            .map(|e| line(e, lang).into_iter().chain(fields.cells(&e.custom, lang)).collect())
            .collect(),
    };
    listing.answer_about(about, "equipment", day, ending).await
}

const HEADS: [(&str, &str, f64); 12] = [
    ("设备编号", "Number", 14.0),
    ("设备名称", "Equipment", 20.0),
    ("设备类型", "Type", 14.0),
    ("客户", "Customer", 28.0),
    ("型号", "Model", 14.0),
    ("序列号", "Serial number", 18.0),
    ("安装位置", "Place", 18.0),
    ("安装日期", "Installed on", 12.0),
    ("保修到期", "Warranty until", 12.0),
    ("状态", "Status", 10.0),
    ("未完工单", "Open orders", 10.0),
    ("备注", "Note", 28.0),
];

fn word(status: EquipmentStatus, lang: Lang) -> &'static str {
    let (zh, en) = match status {
        EquipmentStatus::InUse => ("在用", "in use"),
        EquipmentStatus::Stopped => ("停用", "stopped"),
        EquipmentStatus::Scrapped => ("报废", "scrapped"),
    };
    if lang == Lang::Zh { zh } else { en }
}

/// What was asked for, by the names the rows give it.
fn told(about: About, filter: &sql::Filter, fields: &Fields, lang: Lang, rows: &[Equipment]) -> About {
    let first = rows.first();
    let named = |id: Option<Uuid>, name: Option<&String>| {
        id.map(|id| name.map_or_else(|| id.to_string(), String::clone))
    };
    let status = |key: &str| first.map_or(key, |e| word(e.status, lang)).to_owned();
    about
        .of("搜索", "Search", filter.q.clone())
        .of("客户", "Customer", named(filter.customer_id, first.map(|e| &e.customer.name)))
        .of("设备类型", "Type", named(filter.type_id, first.and_then(|e| e.kind.as_ref()).map(|k| &k.name)))
        .of("状态", "Status", filter.status.map(status))
        .of_own(fields, &filter.custom)
}

fn line(e: &Equipment, lang: Lang) -> Vec<Cell> {
    let text = |t: &Option<String>| Cell::Text(t.clone().unwrap_or_default());
    let day = |d: Option<base::LocalDay>| Cell::Text(d.map(|d| d.to_string()).unwrap_or_default());
    vec![
        Cell::Text(e.code.clone()),
        Cell::Text(e.name.clone()),
        Cell::Text(e.kind.as_ref().map(|k| k.name.clone()).unwrap_or_default()),
        Cell::Text(e.customer.name.clone()),
        text(&e.model),
        text(&e.serial),
        text(&e.place),
        day(e.installed_on),
        day(e.warranty_until),
        Cell::Text(word(e.status, lang).to_owned()),
        Cell::Number(e.open_orders as f64),
        text(&e.note),
    ]
}
