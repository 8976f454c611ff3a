//! Forms of others: an XLSForm read into a form, a form written as one. Both say what is lost before anything is made.

use api::{
    Access, Answer, Caller, Failure, Kit, Path, Query, Raw, Routes,
    axum::{
        self,
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
    ok, routes,
};
use base::{Problem, problem::Lang};
use db::{Permission, Result};
use org::sheet::{NumberedRows, read_book};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    XLSFORM_REFUSED,
    model::Purpose,
    model::{Spec, SpecFault},
    sql, store,
};

/// Largest file.
const MOST_BYTES: usize = 4 << 20;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::FormWrite), routes!(read))
        .at(Access::May(Permission::TaskRead), routes!(losses))
        .at(Access::May(Permission::TaskRead), routes!(file))
}

/// Something of a form that the other side cannot hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormLoss {
    /// survey, choices, settings, or the name of another sheet.
    sheet: String,
    /// As the spreadsheet numbers it, from 1; 0 for the sheet as a whole.
    row: u32,
    column: String,
    code: &'static str,
    /// The word it is about.
    name: String,
    /// The form would mean something else without it: nothing can be made.
    refused: bool,
    /// What happens with it, in the reader's language.
    message: &'static str,
}

fn told(losses: Vec<::xlsform::Loss>, lang: Lang) -> Vec<FormLoss> {
    let told = |loss: ::xlsform::Loss| {
        let (zh, en) = loss.sentence();
        let message = if lang == Lang::Zh { zh } else { en };
        let ::xlsform::Loss { sheet, row, column, code, name, refused } = loss;
        FormLoss { sheet, row, column, code, name, refused, message }
    };
    let mut all: Vec<FormLoss> = losses.into_iter().take(1000).map(told).collect();
    all.sort_by_key(|l| !l.refused);
    all
}

/// What a file says.
#[derive(Debug, Serialize, ToSchema)]
struct XlsformReading {
    /// The file's form id as a key.
    key: String,
    /// A FormSpec; absent when something was refused.
    #[schema(value_type = Option<Object>)]
    spec: Option<Value>,
    /// What cannot be kept, what is refused first.
    losses: Vec<FormLoss>,
    /// What would keep the form from being published.
    faults: Vec<SpecFault>,
}

/// Reads an XLSForm (.xlsx, at most 4 MiB). Stores nothing: make the form with the spec that comes back.
#[utoipa::path(post, path = "/forms/xlsform", tag = "forms", request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = XlsformReading), (status = 422, body = api::ProblemDocument)))]
async fn read(caller: Caller, Raw(bytes): Raw<MOST_BYTES>) -> Answer<XlsformReading> {
    let lang = caller.lang;
    let reading = tokio::task::spawn_blocking(move || reading(&bytes, lang));
    ok(reading.await.map_err(Problem::internal)??)
}

fn reading(bytes: &[u8], lang: Lang) -> Result<XlsformReading> {
    let mut book = ::xlsform::Book::default();
    for (name, rows) in read_book(bytes, &["survey", "choices", "settings"])? {
        let sheet = ::xlsform::Sheet { rows: rows.map(clean).unwrap_or_default() };
        match name.trim().to_lowercase().as_str() {
            "survey" => book.survey = sheet,
            "choices" => book.choices = sheet,
            "settings" => book.settings = sheet,
            _ => book.others.push(name.chars().take(60).collect()),
        }
    }
    let reading = ::xlsform::read(&book);
    let spec = reading.spec.map(|spec| serde_json::to_value(spec).map_err(Problem::internal)).transpose()?;
    // within the bounds of a draft
    let checked = spec.as_ref().map(|spec| Spec::read("spec", spec)).transpose()?;
    let faults = checked.map(|spec| spec.faults(Purpose::Step, "")).unwrap_or_default();
    Ok(XlsformReading { key: reading.key, spec, losses: told(reading.losses, lang), faults })
}

/// Cells without characters that nobody sees.
fn clean(rows: NumberedRows) -> NumberedRows {
    let visible = |c: &char| !c.is_control() || *c == '\n';
    let clean = |cell: String| cell.chars().filter(visible).collect::<String>();
    rows.into_iter().map(|(n, cells)| (n, cells.into_iter().map(clean).collect())).collect()
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WhichVersion {
    /// A published version; absent: the draft.
    number: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct XlsformLosses {
    losses: Vec<FormLoss>,
}

async fn written(
    kit: &Kit,
    caller: &Caller,
    id: Uuid,
    number: Option<i64>,
) -> Result<(String, ::xlsform::Writing)> {
    let mut r = kit.db.read(&caller.scope).await?;
    let form = sql::one(&mut r, id).await?;
    let spec = match number {
        Some(number) => store::spec_of(&mut r, id, number).await?,
        None => Spec::stored(&sql::draft(&mut r, id).await?)?,
    };
    drop(r);
    let version = number.or(form.published).unwrap_or(0).to_string();
    let key = form.key.clone();
    let writing = tokio::task::spawn_blocking(move || ::xlsform::write(&spec.0, &key, &version));
    Ok((form.key, writing.await.map_err(Problem::internal)?))
}

/// What an XLSForm of this form could not hold, or other programs will not know.
#[utoipa::path(get, path = "/forms/{id}/xlsform", tag = "forms", params(("id" = Uuid, Path), WhichVersion), responses((status = 200, body = XlsformLosses), (status = 404, body = api::ProblemDocument)))]
async fn losses(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(asked): Query<WhichVersion>,
) -> Answer<XlsformLosses> {
    let (_, writing) = written(&kit, &caller, id, asked.number).await?;
    ok(XlsformLosses { losses: told(writing.losses, caller.lang) })
}

/// The form as an XLSForm.
#[utoipa::path(get, path = "/forms/{id}/xlsform.xlsx", tag = "forms", params(("id" = Uuid, Path), WhichVersion), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn file(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(asked): Query<WhichVersion>,
) -> std::result::Result<Response, Failure> {
    let (key, writing) = written(&kit, &caller, id, asked.number).await?;
    if let Some(loss) = writing.losses.iter().find(|l| l.refused) {
        return Err(Problem::new(XLSFORM_REFUSED).with("what", &loss.name).into());
    }
    let made = tokio::task::spawn_blocking(move || workbook(&writing.book));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let name = format!("attachment; filename=\"{key}.xlsx\"");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

fn workbook(book: &::xlsform::Book) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut file = Workbook::new();
    let bold = Format::new().set_bold();
    for (name, rows) in [("survey", &book.survey), ("choices", &book.choices), ("settings", &book.settings)] {
        let sheet = file.add_worksheet();
        sheet.set_name(name)?;
        for (number, cells) in &rows.rows {
            for (column, cell) in (0_u16..).zip(cells) {
                let text: String = cell.chars().take(32_000).collect();
                match number {
                    1 => sheet.write_string_with_format(0, column, text, &bold)?,
                    // Always as text: a value that begins with = is a value.
                    n if !text.is_empty() => sheet.write_string(n - 1, column, text)?,
                    _ => continue,
                };
            }
        }
        for column in 0..rows.rows.first().map_or(0, |r| r.1.len()) as u16 {
            sheet.set_column_width(column, 22.0)?;
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    file.save_to_buffer()
}
