//! The list of an object as a file: the same filters, the same reach, all pages. Columns are those of the newest
//! version, then those only older versions had. Every export stands in the trail, and whoever's places are in it has it
//! in his ledger.

use std::collections::{BTreeMap, BTreeSet};

use api::{
    Caller, Failure, Kit, Path, Query,
    axum::{
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
};
use base::{LocalDay, Problem, problem::Lang};
use db::Result;
use formbook::{
    Purpose,
    cells::{Cell, Names, Part, columns, harmless, heading, part_cell, spread, write},
    files,
};
use forms::{Field, FormSpec};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;
use uuid::Uuid;

use super::{
    ObjectRecordRow,
    http::{RecordQuery, shown, specs},
    sql,
};
use crate::{TOO_MANY, definition};

/// Most records of one file.
const MOST: usize = 20_000;
/// Rows read at once.
const PAGE: i64 = 500;

/// What goes into a file.
struct Collected {
    key: String,
    day: LocalDay,
    specs: BTreeMap<i64, FormSpec>,
    rows: Vec<ObjectRecordRow>,
    names: Names,
}

/// The records the list shows, as a spreadsheet.
#[utoipa::path(get, path = "/objects/{key}/records.xlsx", tag = "objects", params(("key" = String, Path), RecordQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<RecordQuery>,
) -> std::result::Result<Response, Failure> {
    let found = collect(&kit, &caller, &key, &asked, "xlsx").await?;
    let name = name(&found, "xlsx");
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || workbook(&found, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// The same as text, in UTF-8 with the mark by which Excel knows it.
#[utoipa::path(get, path = "/objects/{key}/records.csv", tag = "objects", params(("key" = String, Path), RecordQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<RecordQuery>,
) -> std::result::Result<Response, Failure> {
    let found = collect(&kit, &caller, &key, &asked, "csv").await?;
    let name = name(&found, "csv");
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || table(&found, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(name, "text/csv; charset=utf-8", bytes))
}

async fn collect(
    kit: &Kit,
    caller: &Caller,
    key: &str,
    asked: &RecordQuery,
    format: &'static str,
) -> Result<Collected> {
    let mut r = kit.db.read(&caller.scope).await?;
    let used = definition::used(&mut r, key).await?;
    let newest = formbook::spec_of(&mut r, used.row.id, used.number).await?.0;
    let (filter, sort) = asked.read(&newest)?;
    let mut rows = vec![];
    let mut people = BTreeSet::new();
    loop {
        let after = rows.last().map(sql::key);
        let page = sql::list(&mut r, used.row.id, used.may.read, &filter, &sort, after, PAGE).await?;
        let more = page.len() as i64 == PAGE;
        rows.extend(page);
        if rows.len() > MOST {
            return Err(Problem::new(TOO_MANY));
        }
        if !more {
            break;
        }
    }
    let makers: BTreeMap<Uuid, [Uuid; 2]> =
        rows.iter().map(|row| (row.id, [row.employee_id, row.created_by])).collect();
    let specs = specs(&mut r, &used, &rows).await?;
    let rows = shown(&mut r, &specs, rows).await?;
    let mut names = Names::new();
    for row in &rows {
        names.extend(row.names.clone());
        if let Some(spec) = specs.get(&row.number) {
            let ids = files::named(spec, Purpose::Object, &row.answers);
            let people = makers.get(&row.id).into_iter().flatten().copied().collect();
            let known = files::of_record(&mut r, &ids, &people).await?;
            names.extend(known.into_iter().map(|f| (f.id.to_string(), f.name)));
        }
    }
    let day = kit.now().local_day(&org::zone(&mut r).await?);
    drop(r);
    for row in rows.iter().filter(|row| formbook::tells_place(&row.answers)) {
        people.extend(makers.get(&row.id).into_iter().flatten());
    }
    people.remove(&caller.scope.actor());
    if !people.is_empty() {
        kit.watch.positions_shown(&caller.scope, people.into_iter().collect()).await?;
    }
    let facts = json!({ "object": key, "format": format, "rows": rows.len(), "filter": asked });
    let id = used.row.id;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { tx.audit("object_record.export", "object", id, facts).await })
        })
        .await?;
    Ok(Collected { key: key.to_owned(), day, specs, rows, names })
}

fn name(found: &Collected, ending: &str) -> String {
    format!("attachment; filename=\"tashi-{}-{}.{ending}\"", found.key, found.day)
}

fn file(name: String, kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

const HEADS: [(&str, &str); 7] = [
    ("编号", "Number"),
    ("负责人", "Owner"),
    ("部门", "Department"),
    ("创建时间（UTC）", "Created (UTC)"),
    ("修改时间（UTC）", "Changed (UTC)"),
    ("字段版本", "Version of the fields"),
    ("审批", "Approval"),
];

fn heads(lang: Lang) -> impl Iterator<Item = &'static str> {
    HEADS.iter().map(move |(zh, en)| if lang == Lang::Zh { *zh } else { *en })
}

pub(super) fn standing(status: &str, lang: Lang) -> &'static str {
    let (zh, en) = match status {
        "running" => ("审批中", "Being decided"),
        "returned" => ("已退回", "Sent back"),
        "approved" => ("已通过", "Approved"),
        "rejected" => ("已拒绝", "Rejected"),
        _ => ("已撤回", "Taken back"),
    };
    if lang == Lang::Zh { zh } else { en }
}

fn own_columns(found: &Collected) -> Vec<(&FormSpec, &Field)> {
    columns(found.specs.values().rev().map(|s| (s, s.fields.as_slice())))
}

fn cells(
    found: &Collected,
    columns: &[(&FormSpec, &Field, Part)],
    row: &ObjectRecordRow,
    lang: Lang,
) -> Vec<Cell> {
    let mut all = vec![
        Cell::Text(row.code.clone()),
        Cell::Text(row.owner.name.clone()),
        Cell::Text(row.department.name.clone()),
        Cell::Text(row.created_at.to_string()),
        Cell::Text(row.changed_at.to_string()),
        Cell::Number(row.number as f64),
        Cell::Text(row.approval.as_ref().map_or("", |a| standing(&a.status, lang)).to_owned()),
    ];
    for (newest, field, part) in columns {
        // Its own version knows the labels it was filled in with.
        let own = found.specs.get(&row.number).unwrap_or(newest);
        let of = own.fields.iter().find(|f| f.key == field.key).map_or((*newest, *field), |f| (own, f));
        let value = row.answers.get(&field.key).filter(|v| !v.is_null());
        all.push(part_cell(of.0, of.1, *part, value, &found.names, lang));
    }
    all
}

fn workbook(found: &Collected, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let own = spread(&own_columns(found));
    let sheet = book.add_worksheet();
    sheet.set_name(if lang == Lang::Zh { "记录" } else { "Records" })?;
    let labels = heads(lang).map(str::to_owned).chain(own.iter().map(|(_, f, p)| heading(f, *p, lang)));
    for (column, label) in (0_u16..).zip(labels) {
        sheet.write_with_format(0, column, label, &bold)?;
        sheet.set_column_width(column, 18.0)?;
    }
    for (at, row) in (1_u32..).zip(&found.rows) {
        for (column, cell) in (0_u16..).zip(cells(found, &own, row, lang)) {
            write(sheet, at, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    book.save_to_buffer()
}

fn table(found: &Collected, lang: Lang) -> std::result::Result<Vec<u8>, csv::Error> {
    let own = spread(&own_columns(found));
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let labels = heads(lang).map(str::to_owned);
    writer.write_record(labels.chain(own.iter().map(|(_, f, p)| harmless(&heading(f, *p, lang)))))?;
    for row in &found.rows {
        let texts = cells(found, &own, row, lang).into_iter().map(|c| match c {
            Cell::Number(n) => n.to_string(),
            Cell::Text(t) => harmless(&t),
        });
        writer.write_record(texts)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
