//! Records of one form as a file: a row each, a column a field; in the workbook every table of the form has a sheet of its
//! own. Columns are those of the newest version, then those only older versions had. Every export stands in the trail,
//! and whoever's places are in it has it in his ledger.

use std::collections::BTreeSet;

use api::{
    Caller, Failure, Kit, Query,
    axum::{
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
};
use base::{LocalDay, Problem, problem::Lang};
use db::{Reader, Result};
use forms::{Field, FieldKind, FormSpec};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{FormRecordRow, found, sql, tells_place};
use crate::{
    Named,
    cells::{Cell, Names, cell, columns, harmless, heading, part_cell, said, spread, write},
    files,
    model::Purpose,
    sql as form_sql, store,
};

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportQuery {
    form_id: Uuid,
    employee_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    /// Conditions on answers, as for the list.
    filter: Option<String>,
}

/// What goes into a file.
struct Collected {
    key: String,
    day: LocalDay,
    /// Newest first.
    specs: Vec<FormSpec>,
    rows: Vec<FormRecordRow>,
    names: Names,
}

/// The records in reach that the filter finds, newest first, as a spreadsheet with a sheet for each table of the form.
#[utoipa::path(get, path = "/form-records.xlsx", tag = "forms", params(ExportQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<ExportQuery>,
) -> std::result::Result<Response, Failure> {
    let found = collect(&kit, &caller, &asked, "xlsx").await?;
    let name = name(&found, "xlsx");
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || workbook(&found, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// The same as text, in UTF-8 with the mark by which Excel knows it. Of a table it has the number of rows.
#[utoipa::path(get, path = "/form-records.csv", tag = "forms", params(ExportQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<ExportQuery>,
) -> std::result::Result<Response, Failure> {
    let found = collect(&kit, &caller, &asked, "csv").await?;
    let name = name(&found, "csv");
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || table(&found, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(name, "text/csv; charset=utf-8", bytes))
}

async fn collect(kit: &Kit, caller: &Caller, asked: &ExportQuery, format: &'static str) -> Result<Collected> {
    let filter = sql::Filter {
        form_id: Some(asked.form_id),
        employee_id: asked.employee_id,
        customer_id: asked.customer_id,
        department_id: asked.department_id,
        day_from: asked.day_from,
        day_to: asked.day_to,
        ..sql::Filter::default()
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let form = form_sql::one(&mut r, asked.form_id).await?;
    let conditions = found::conditions(&mut r, filter.form_id, asked.filter.as_deref()).await?;
    let rows = found::all(&mut r, &filter, &conditions).await?;
    let mut numbers: BTreeSet<i64> = rows.iter().map(|v| v.form.number).collect();
    numbers.extend(form.published);
    let mut specs = vec![];
    for number in numbers.into_iter().rev() {
        specs.push(store::spec_of(&mut r, asked.form_id, number).await?.0);
    }
    let names = names(&mut r, &specs, &rows).await?;
    let day = kit.now().local_day(&org::zone(&mut r).await?);
    drop(r);
    let me = caller.scope.actor();
    let placed: BTreeSet<Uuid> = rows
        .iter()
        .filter(|v| tells_place(&v.answers))
        .map(|v| v.employee.id)
        .filter(|id| *id != me)
        .collect();
    if !placed.is_empty() {
        kit.watch.positions_shown(&caller.scope, placed.into_iter().collect()).await?;
    }
    let said = json!({ "form": form.key, "format": format, "rows": rows.len(), "filter": asked });
    let id = asked.form_id;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { tx.audit("form_record.export", "form", id, said).await })
        })
        .await?;
    Ok(Collected { key: form.key, day, specs, rows, names })
}

/// Names of what the answers refer to and of the files they name. Of a key the newest version says what it is.
async fn names(r: &mut Reader, specs: &[FormSpec], rows: &[FormRecordRow]) -> Result<Names> {
    let mut named = Named::default();
    let mut all = Names::new();
    for row in rows {
        for spec in specs {
            named.add(spec, &row.answers);
            let ids = files::named(spec, Purpose::Step, &row.answers);
            for file in files::of_record(r, &ids, &BTreeSet::from([row.employee.id])).await? {
                all.insert(file.id.to_string(), file.name);
            }
        }
    }
    all.extend(named.seen(r).await?);
    Ok(all)
}

fn name(found: &Collected, ending: &str) -> String {
    format!("attachment; filename=\"tashi-{}-{}.{ending}\"", found.key, found.day)
}

fn file(name: String, kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

fn own_columns(found: &Collected) -> Vec<(&FormSpec, &Field)> {
    columns(found.specs.iter().map(|s| (s, s.fields.as_slice())))
}

const HEADS: [(&str, &str); 9] = [
    ("记录编号", "Record"),
    ("日期", "Day"),
    ("填写人", "Person"),
    ("客户", "Customer"),
    ("填写时间（UTC）", "Filled in (UTC)"),
    ("表单版本", "Form version"),
    ("得分", "Score"),
    ("检查得分率 %", "Checks passed %"),
    ("不合格项", "Failed items"),
];

fn head(k: usize, lang: Lang) -> &'static str {
    if lang == Lang::Zh { HEADS[k].0 } else { HEADS[k].1 }
}

fn first_cells(row: &FormRecordRow) -> [Cell; 9] {
    let none = || Cell::Text(String::new());
    let percent =
        row.checks.filter(|c| c.applicable > 0.0).map(|c| (c.passed * 1000.0 / c.applicable).round() / 10.0);
    [
        Cell::Text(row.id.to_string()),
        Cell::Text(row.day.to_string()),
        Cell::Text(row.employee.name.clone()),
        Cell::Text(row.customer.as_ref().map(|c| c.name.clone()).unwrap_or_default()),
        Cell::Text(row.filled_at.to_string()),
        Cell::Number(row.form.number as f64),
        row.score.map_or_else(none, Cell::Number),
        percent.map_or_else(none, Cell::Number),
        row.checks.map_or_else(none, |c| Cell::Number(c.failed as f64)),
    ]
}

fn workbook(found: &Collected, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let own = own_columns(found);
    let sheet = book.add_worksheet();
    sheet.set_name(if lang == Lang::Zh { "记录" } else { "Records" })?;
    for (column, k) in (0_u16..).zip(0..HEADS.len()) {
        sheet.write_with_format(0, column, head(k, lang), &bold)?;
        sheet.set_column_width(column, 16.0)?;
    }
    let spread = spread(&own);
    for (column, (_, field, part)) in (HEADS.len() as u16..).zip(&spread) {
        sheet.write_with_format(0, column, heading(field, *part, lang), &bold)?;
        sheet.set_column_width(column, 18.0)?;
    }
    for (row, record) in (1_u32..).zip(&found.rows) {
        let answers = spread
            .iter()
            .map(|(spec, f, p)| part_cell(spec, f, *p, record.answers.get(&f.key), &found.names, lang));
        for (column, cell) in (0_u16..).zip(first_cells(record).into_iter().chain(answers)) {
            write(sheet, row, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    for (_, table) in own.iter().filter(|(_, f)| matches!(f.kind, FieldKind::Table { .. })) {
        let sheet = book.add_worksheet();
        // Keys are letters, digits and underscores: always a good name, and none twice.
        sheet.set_name(table.key.chars().take(31).collect::<String>())?;
        rows_sheet(sheet, found, &table.key, lang, &bold)?;
    }
    book.save_to_buffer()
}

/// The rows of a table, with the record they belong to.
fn rows_sheet(
    sheet: &mut Worksheet,
    found: &Collected,
    key: &str,
    lang: Lang,
    bold: &Format,
) -> std::result::Result<(), XlsxError> {
    let inner = columns(found.specs.iter().filter_map(|s| {
        let table = s.fields.iter().find(|f| f.key == key)?;
        match &table.kind {
            FieldKind::Table { fields, .. } => Some((s, fields.as_slice())),
            _ => None,
        }
    }));
    sheet.write_with_format(0, 0, head(0, lang), bold)?;
    sheet.write_with_format(0, 1, if lang == Lang::Zh { "行" } else { "Row" }, bold)?;
    for (column, (_, field)) in (2_u16..).zip(&inner) {
        sheet.write_with_format(0, column, said(&field.label, lang), bold)?;
        sheet.set_column_width(column, 18.0)?;
    }
    let mut at = 1_u32;
    for record in &found.rows {
        let rows = record.answers.get(key).and_then(Value::as_array).into_iter().flatten();
        for (n, row) in (1_u32..).zip(rows.filter_map(Value::as_object)) {
            write(sheet, at, 0, Cell::Text(record.id.to_string()))?;
            write(sheet, at, 1, Cell::Number(f64::from(n)))?;
            for (column, (spec, field)) in (2_u16..).zip(&inner) {
                write(sheet, at, column, cell(spec, field, answer(row, &field.key), &found.names, lang))?;
            }
            at += 1;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// An answer of a row; what was not answered is there as null or as an empty list.
fn answer<'a>(row: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    row.get(key).filter(|v| !v.is_null())
}

fn table(found: &Collected, lang: Lang) -> std::result::Result<Vec<u8>, csv::Error> {
    let own = own_columns(found);
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let heads = (0..HEADS.len()).map(|k| head(k, lang).to_owned());
    let spread = spread(&own);
    writer.write_record(heads.chain(spread.iter().map(|(_, f, p)| harmless(&heading(f, *p, lang)))))?;
    for record in &found.rows {
        let answers = spread
            .iter()
            .map(|(spec, f, p)| part_cell(spec, f, *p, record.answers.get(&f.key), &found.names, lang));
        let cells = first_cells(record).into_iter().chain(answers).map(|c| match c {
            Cell::Number(n) => n.to_string(),
            Cell::Text(t) => harmless(&t),
        });
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
