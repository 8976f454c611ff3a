//! Importing a sheet: upload, look at it, map its columns, see every faulty line, then take it over as a
//! whole or not at all. What a kind of sheet means is registered by the crate that owns the noun.

mod kind;

pub use kind::{
    Checked, Column, CommitOwn, Committed, Field, ImportKind, OwnImport, Prepare, RowFault, Sheet,
};

use std::collections::BTreeMap;

use api::{Answer, Caller, Created, Json, Kit, Path, Query, Raw, Routes, axum, created, ok, routes};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{Problem, id, problem};
use db::{Query as _, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::kind::{Kind, guess};
use crate::{Ref, sheet};

base::problems! {
    HAS_ERRORS = 422 "import.has_errors",
        zh "有 {count} 行不能导入" / "请修正后重新上传，或选择跳过有误的行。",
        en "{count} rows cannot be imported" / "Correct them and upload again, or choose to skip faulty rows.";
    COMMITTED = 409 "import.committed",
        zh "已导入" / "这份文件已经导入过，请重新上传新的文件。",
        en "Already imported" / "This file was imported before; upload a new one.";
    UNMAPPED = 422 "import.unmapped",
        zh "必填列没有对应" / "请为必填字段选择表中的列。",
        en "Required column not mapped" / "Choose a column for each required field.";
}

#[derive(Serialize, ToSchema)]
struct ImportField {
    key: String,
    label: String,
    required: bool,
}

/// A faulty line. Rows are counted as in the sheet: the first line below the headings is 2.
#[derive(Serialize, ToSchema)]
struct ImportError {
    row: i64,
    column: Option<String>,
    value: Option<String>,
    code: String,
    message: String,
}

/// A line that is probably known already.
#[derive(Serialize, ToSchema)]
struct ImportDuplicate {
    row: i64,
    matches: Ref,
}

/// An uploaded sheet before it is taken over.
#[derive(Serialize, ToSchema)]
struct ImportPreview {
    id: Uuid,
    kind: String,
    filename: String,
    columns: Vec<String>,
    /// Field → column name.
    mapping: BTreeMap<String, Option<String>>,
    fields: Vec<ImportField>,
    datum: String,
    total: i64,
    /// Rows without fault.
    ready: i64,
    /// At most 500.
    errors: Vec<ImportError>,
    error_rows: i64,
    /// Of the rows without fault, at most 500.
    duplicates: Vec<ImportDuplicate>,
    /// How many rows without fault are probably known already.
    duplicate_rows: i64,
    /// First rows as they would be understood.
    sample: Vec<BTreeMap<String, String>>,
    /// preview or committed.
    status: String,
}

/// Most bytes of a sheet.
const MOST_BYTES: usize = 8 << 20;

pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(api::Access::SignedIn, routes!(upload))
        .at(api::Access::SignedIn, routes!(preview, remap))
        .at(api::Access::SignedIn, routes!(commit))
        .at(api::Access::SignedIn, routes!(template))
}

struct Stored {
    id: Uuid,
    kind: Kind,
    /// What the kind understands.
    fields: Vec<Column>,
    filename: String,
    columns: Vec<String>,
    sheet: Sheet,
    status: String,
}

db::row! { struct ImportRow {
    id: Uuid, employee_id: Uuid, kind: String, filename: String, columns: String, rows: String, mapping: String, datum: String, status: String
} }

async fn load(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<Stored> {
    // An import is its uploader's own.
    let row: ImportRow = tx
        .must(
            sql!(
                "SELECT id, employee_id, kind, filename, columns, rows, mapping, datum, status FROM import \
                 WHERE tenant_id = $1 AND id = $3 AND employee_id = $2"
            ),
            args![id],
        )
        .await?;
    let parse = |e: serde_json::Error| Problem::internal(e);
    let kind = Kind::asked(&row.kind, caller)?;
    Ok(Stored {
        id: row.id,
        fields: kind.columns(tx).await?,
        kind,
        filename: row.filename,
        columns: serde_json::from_str(&row.columns).map_err(parse)?,
        sheet: Sheet {
            rows: serde_json::from_str(&row.rows).map_err(parse)?,
            mapping: serde_json::from_str(&row.mapping).map_err(parse)?,
            datum: row.datum,
            prepared: BTreeMap::new(),
        },
        status: row.status,
    })
}

async fn checked(tx: &mut Tx, s: &Stored) -> Result<Checked> {
    let mut checked = match &s.kind {
        Kind::Ours(kind) => (kind.check)(tx, &s.sheet).await?,
        Kind::Own(own, key) => (own.check)(tx, key, &s.sheet).await?,
    };
    for field in s.fields.iter().filter(|f| f.required) {
        for row in 0..s.sheet.rows.len() {
            let told = checked.errors.iter().any(|e| e.row == row && e.field == field.key);
            if s.sheet.cell(row, &field.key).is_empty() && !told {
                checked.fault(row, field.key.clone(), problem::REQUIRED);
            }
        }
    }
    checked.errors.sort_by_key(|e| e.row);
    Ok(checked)
}

fn faulty_rows(checked: &Checked) -> Vec<usize> {
    let mut rows: Vec<_> = checked.errors.iter().map(|e| e.row).collect();
    rows.dedup();
    rows
}

/// Rows without fault that are probably known already, in order.
fn known_rows(checked: &Checked, faulty: &[usize]) -> Vec<usize> {
    let mut rows: Vec<_> = checked.duplicates.iter().map(|(row, _)| *row).collect();
    rows.retain(|row| faulty.binary_search(row).is_err());
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn shown(s: &Stored, checked: Checked, lang: problem::Lang) -> ImportPreview {
    let zh = lang == problem::Lang::Zh;
    let label = |f: &Column| if zh { &f.zh } else { &f.en }.clone();
    let faulty = faulty_rows(&checked);
    let known = known_rows(&checked, &faulty);
    let error = |e: &RowFault| ImportError {
        row: e.row as i64 + 2,
        column: s.fields.iter().find(|f| f.key == e.field).map(label),
        value: s.sheet.text(e.row, &e.field).map(str::to_owned),
        code: e.code.code.to_owned(),
        message: problem::FieldError { field: String::new(), code: e.code, params: e.params.clone() }
            .message(lang),
    };
    let column_name = |i: &Option<usize>| i.and_then(|i| s.columns.get(i).cloned());
    ImportPreview {
        id: s.id,
        kind: s.kind.key(),
        filename: s.filename.clone(),
        mapping: s.sheet.mapping.iter().map(|(k, v)| (k.clone(), column_name(v))).collect(),
        columns: s.columns.clone(),
        fields: s
            .fields
            .iter()
            .map(|f| ImportField { key: f.key.clone(), label: label(f), required: f.required })
            .collect(),
        datum: s.sheet.datum.clone(),
        total: s.sheet.rows.len() as i64,
        ready: (s.sheet.rows.len() - faulty.len()) as i64,
        errors: checked.errors.iter().take(500).map(error).collect(),
        error_rows: faulty.len() as i64,
        duplicates: checked
            .duplicates
            .into_iter()
            .filter(|(row, _)| known.binary_search(row).is_ok())
            .take(500)
            .map(|(row, matches)| ImportDuplicate { row: row as i64 + 2, matches })
            .collect(),
        duplicate_rows: known.len() as i64,
        sample: (0..s.sheet.rows.len().min(8))
            .map(|row| {
                s.fields.iter().map(|f| (f.key.clone(), s.sheet.cell(row, &f.key).to_owned())).collect()
            })
            .collect(),
        status: s.status.clone(),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    /// employees, customers, or `object:` with the key of an object.
    kind: String,
    filename: Option<String>,
}

/// Uploads a sheet (.xlsx or .csv, at most 8 MiB) and answers how it is understood. Nothing is taken over yet.
#[utoipa::path(post, path = "/imports", tag = "import", params(UploadQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = ImportPreview), (status = 422, body = api::ProblemDocument)))]
async fn upload(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<UploadQuery>,
    Raw(bytes): Raw<MOST_BYTES>,
) -> Created<ImportPreview> {
    let kind = Kind::asked(&q.kind, &caller)?;
    let table = tokio::task::spawn_blocking(move || sheet::read(&bytes)).await;
    // A file strange enough to trip its parser is a file that cannot be read.
    let table = table.map_err(|_| Problem::new(sheet::UNREADABLE))??;
    let filename: String =
        q.filename.unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
    let lang = caller.lang;
    let preview = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let fields = kind.columns(tx).await?;
                let sheet = Sheet {
                    mapping: guess(&fields, &table.columns),
                    rows: table.rows,
                    datum: "wgs84".into(),
                    prepared: BTreeMap::new(),
                };
                let (id, columns, status) = (id::new_v7(), table.columns, "preview".into());
                let stored = Stored { id, kind, fields, filename, columns, sheet, status };
                let now = tx.now();
                tx.exec(
                    sql!(
                        "INSERT INTO import (tenant_id, id, employee_id, kind, filename, columns, rows, mapping, datum, status, created_at) \
                         VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, 'preview', $10)"
                    ),
                    args![
                        stored.id, stored.kind.key(), &stored.filename, json!(stored.columns).to_string(), json!(stored.sheet.rows).to_string(),
                        json!(stored.sheet.mapping).to_string(), &stored.sheet.datum, now
                    ],
                )
                .await?;
                let checked = checked(tx, &stored).await?;
                Ok(shown(&stored, checked, lang))
            })
        })
        .await?;
    created(preview)
}

#[utoipa::path(get, path = "/imports/{id}", tag = "import", params(("id" = Uuid, Path)), responses((status = 200, body = ImportPreview), (status = 404, body = api::ProblemDocument)))]
async fn preview(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ImportPreview> {
    let scope = caller.scope.clone();
    let preview = kit
        .db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let stored = load(tx, &caller, id).await?;
                let checked = checked(tx, &stored).await?;
                Ok(shown(&stored, checked, caller.lang))
            })
        })
        .await?;
    ok(preview)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Remap {
    /// Field → column name.
    mapping: Option<BTreeMap<String, Option<String>>>,
    datum: Option<String>,
}

/// Changes which column is which, or the datum of positions, and checks again.
#[utoipa::path(patch, path = "/imports/{id}", tag = "import", request_body = Remap, params(("id" = Uuid, Path)), responses((status = 200, body = ImportPreview), (status = 422, body = api::ProblemDocument)))]
async fn remap(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<Remap>,
) -> Answer<ImportPreview> {
    if change.datum.as_deref().is_some_and(|d| !matches!(d, "wgs84" | "gcj02" | "bd09")) {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "datum")
            .field("datum", problem::BAD_VALUE)
            .into());
    }
    let scope = caller.scope.clone();
    let preview = kit
        .db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let mut stored = load(tx, &caller, id).await?;
                for (field, column) in change.mapping.unwrap_or_default() {
                    let index =
                        column.as_ref().and_then(|name| stored.columns.iter().position(|c| c == name));
                    let known =
                        stored.sheet.mapping.contains_key(&field) && index.is_some() == column.is_some();
                    if !known {
                        return Err(Problem::new(problem::INVALID)
                            .with("reason", "mapping")
                            .field(field, problem::BAD_VALUE));
                    }
                    stored.sheet.mapping.insert(field, index);
                }
                if let Some(datum) = change.datum {
                    stored.sheet.datum = datum;
                }
                tx.exec(
                    sql!("UPDATE import SET mapping = $4, datum = $5 WHERE tenant_id = $1 AND id = $3"),
                    args![id, json!(stored.sheet.mapping).to_string(), &stored.sheet.datum],
                )
                .await?;
                let checked = checked(tx, &stored).await?;
                Ok(shown(&stored, checked, caller.lang))
            })
        })
        .await?;
    ok(preview)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Commit {
    /// Leave faulty rows out instead of refusing the whole.
    #[serde(default)]
    skip_errors: bool,
    /// Leave out rows that are probably known already.
    #[serde(default)]
    skip_duplicates: bool,
}

/// Takes the sheet over in one transaction: all ready rows, or none.
#[utoipa::path(post, path = "/imports/{id}/commit", tag = "import", request_body = Commit, params(("id" = Uuid, Path)), responses((status = 200, body = Committed), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn commit(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<Commit>,
) -> Answer<Committed> {
    let scope = caller.scope.clone();
    let viewer = caller.clone();
    let (sheet, prepare) = kit
        .db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let stored = load(tx, &viewer, id).await?;
                Ok((stored.sheet, stored.kind.prepare()))
            })
        })
        .await?;
    let prepared = match prepare {
        Some(prepare) => prepare(&sheet, &(0..sheet.rows.len()).collect::<Vec<_>>()).await?,
        None => BTreeMap::new(),
    };
    let done = kit
        .db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let mut stored = load(tx, &caller, id).await?;
                stored.sheet.prepared = prepared;
                if stored.status != "preview" {
                    return Err(Problem::new(COMMITTED));
                }
                for field in stored.fields.iter().filter(|f| f.required) {
                    if stored.sheet.mapping.get(&field.key).copied().flatten().is_none() {
                        return Err(Problem::new(UNMAPPED).field(&field.key, problem::REQUIRED));
                    }
                }
                let checked = checked(tx, &stored).await?;
                let faulty = faulty_rows(&checked);
                if !faulty.is_empty() && !input.skip_errors {
                    return Err(Problem::new(HAS_ERRORS).with("count", faulty.len()));
                }
                let left_out =
                    if input.skip_duplicates { known_rows(&checked, &faulty) } else { vec![] };
                let out = |row: &usize| faulty.binary_search(row).is_ok() || left_out.binary_search(row).is_ok();
                let ready: Vec<usize> = (0..stored.sheet.rows.len()).filter(|row| !out(row)).collect();
                let mut done = match &stored.kind {
                    Kind::Ours(kind) => (kind.commit)(tx, &stored.sheet, ready).await?,
                    Kind::Own(own, key) => (own.commit)(tx, key, &stored.sheet, ready).await?,
                };
                done.skipped += (faulty.len() + left_out.len()) as i64;
                // The rows are in; the raw sheet is not kept.
                tx.exec(
                    sql!("UPDATE import SET status = 'committed', rows = '[]' WHERE tenant_id = $1 AND id = $3"),
                    args![id],
                )
                .await?;
                let facts = json!({ "kind": stored.kind.key(), "filename": stored.filename, "created": done.created, "updated": done.updated, "skipped": done.skipped });
                tx.audit("import.commit", "import", id, facts).await?;
                Ok(done)
            })
        })
        .await?;
    ok(done)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TemplateQuery {
    kind: String,
}

/// An empty sheet with the right headings and one example line.
#[utoipa::path(get, path = "/imports/template", tag = "import", params(TemplateQuery), responses((status = 200, description = "XLSX workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn template(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<TemplateQuery>,
) -> std::result::Result<Response, api::Failure> {
    let kind = Kind::asked(&q.kind, &caller)?;
    let name = kind.key().replace(':', "-");
    let columns =
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { kind.columns(tx).await })).await?;
    let zh = caller.lang == problem::Lang::Zh;
    let book = || -> std::result::Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let bold = rust_xlsxwriter::Format::new().set_bold();
        for (i, field) in columns.iter().enumerate() {
            let column = i as u16;
            let label = format!(
                "{}{}",
                if zh { &field.zh } else { &field.en },
                if field.required { " *" } else { "" }
            );
            sheet.write_string_with_format(0, column, label, &bold)?;
            sheet.write_string(1, column, &field.example)?;
            sheet.set_column_width(column, 18)?;
        }
        book.save_to_buffer()
    };
    let bytes = book().map_err(Problem::internal)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-template.xlsx\"")),
    ];
    Ok((headers, bytes).into_response())
}
