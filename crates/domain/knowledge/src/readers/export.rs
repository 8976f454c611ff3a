//! Readers as a spreadsheet.

use api::axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base::{LocalDay, problem::Lang};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::http::ArticleReaders;

pub(super) fn file(day: LocalDay, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"tashi-readers-{day}.xlsx\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

pub(super) fn workbook(
    title: &str,
    readers: &ArticleReaders,
    zone: &TimeZone,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let word = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(word("阅读情况", "Readers"))?;
    sheet.write_with_format(0, 0, title, &bold)?;
    let heads = [
        word("姓名", "Name"),
        word("部门", "Department"),
        word("状态", "State"),
        word("已读版本", "Version read"),
        word("阅读时间", "Read at"),
    ];
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_with_format(1, column, head, &bold)?;
        sheet.set_column_width(column, 20.0)?;
    }
    for (row, reader) in (2_u32..).zip(&readers.items) {
        sheet.write(row, 0, &reader.person.name)?;
        sheet.write(row, 1, &reader.department.name)?;
        sheet.write(row, 2, if reader.done { word("已读", "Read") } else { word("未读", "Not read") })?;
        if let Some(number) = reader.number {
            sheet.write(row, 3, number as f64)?;
        }
        if let Some(at) = reader.read_at {
            let minute = at.local_minute(zone);
            let text = format!("{} {:02}:{:02}", at.local_day(zone), minute / 60, minute % 60);
            sheet.write(row, 4, text)?;
        }
    }
    sheet.set_freeze_panes(2, 1)?;
    book.save_to_buffer()
}
