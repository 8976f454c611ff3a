//! The sheet as a file: cell by cell what the screen shows.

use api::{
    Caller, Failure, Kit, Query,
    axum::{
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
};
use base::{Problem, problem::Lang};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use serde_json::json;

use super::{Sheet, http::SheetQuery, sheet};

/// The sheet the screen shows, as a spreadsheet. Every file stands in the trail.
#[utoipa::path(get, path = "/attendance.xlsx", tag = "attendance", params(SheetQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn file(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<SheetQuery>,
) -> std::result::Result<Response, Failure> {
    let lang = caller.lang;
    let (asked, now) = (f.read(&kit, &caller).await?, kit.now());
    let found = sheet(&mut kit.db.read(&caller.scope).await?, &asked, now, lang).await?;
    let month = asked.month.text();
    let name = format!("attachment; filename=\"tashi-attendance-{month}.xlsx\"");
    let (rows, tenant) = (found.rows.len(), caller.scope.tenant());
    let facts = json!({ "month": month, "department": asked.department, "rows": rows });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                tx.audit("attendance.export", "attendance_month", base::id::derived(tenant, &month), facts)
                    .await
            })
        })
        .await?;
    let made = tokio::task::spawn_blocking(move || workbook(&found, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn workbook(found: &Sheet, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let word = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let middle = Format::new().set_align(FormatAlign::Center);
    let page = book.add_worksheet();
    page.set_name(format!("{} {}", word("考勤", "Attendance"), found.standing.month))?;
    page.write_with_format(0, 0, word("姓名", "Name"), &bold)?;
    page.write_with_format(0, 1, word("部门", "Department"), &bold)?;
    page.set_column_width(0, 14.0)?;
    page.set_column_width(1, 16.0)?;
    let mut column = 2_u16;
    for day in &found.days {
        page.write_with_format(0, column, day.to_string(), &bold)?;
        page.set_column_width(column, 11.0)?;
        column += 1;
    }
    for total in &found.columns {
        page.write_with_format(0, column, &total.label, &bold)?;
        page.set_column_width(column, 13.0)?;
        column += 1;
    }
    for (at, row) in (1_u32..).zip(&found.rows) {
        page.write(at, 0, &row.employee.name)?;
        page.write(at, 1, &row.department.name)?;
        let mut column = 2_u16;
        for cell in &row.cells {
            page.write_with_format(at, column, &cell.label, &middle)?;
            column += 1;
        }
        for total in &row.totals {
            match total.parse::<f64>() {
                Ok(number) => page.write(at, column, number)?,
                Err(_) => page.write(at, column, total)?,
            };
            column += 1;
        }
    }
    page.set_freeze_panes(1, 2)?;
    book.save_to_buffer()
}
