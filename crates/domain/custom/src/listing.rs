//! A list as a file to be taken out: a spreadsheet, or text as spreadsheets read it.

use api::axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base::{LocalDay, Problem};
use db::Result;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    about::About,
    cells::{Cell, harmless, write},
};

/// Most lines of a file.
pub const MOST: usize = 50_000;

/// What is to be a file.
pub struct Listing {
    /// Of the sheet, in the reader's language.
    pub title: &'static str,
    /// Headings with the width of their column.
    pub heads: Vec<(String, f64)>,
    pub rows: Vec<Vec<Cell>>,
}

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Xlsx,
    Csv,
}

impl Ending {
    pub fn key(self) -> &'static str {
        match self {
            Ending::Xlsx => "xlsx",
            Ending::Csv => "csv",
        }
    }
}

impl Listing {
    /// The answer with the file, called `name` and the day. Made aside: thousands of lines take their time.
    ///
    /// # Errors
    /// Internal only.
    pub async fn answer(self, name: &str, day: LocalDay, ending: Ending) -> Result<Response> {
        self.made(None, name, day, ending).await
    }

    /// The same; a spreadsheet tells on a second sheet what it is. Text has room for the list alone.
    ///
    /// # Errors
    /// Internal only.
    pub async fn answer_about(
        self,
        about: About,
        name: &str,
        day: LocalDay,
        ending: Ending,
    ) -> Result<Response> {
        self.made(Some(about), name, day, ending).await
    }

    async fn made(self, about: Option<About>, name: &str, day: LocalDay, ending: Ending) -> Result<Response> {
        let kind = match ending {
            Ending::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Ending::Csv => "text/csv; charset=utf-8",
        };
        let called = format!("attachment; filename=\"tashi-{name}-{day}.{}\"", ending.key());
        let made = tokio::task::spawn_blocking(move || match ending {
            Ending::Xlsx => self.workbook(about.as_ref()).map_err(Problem::internal),
            Ending::Csv => Ok(self.text()),
        });
        let bytes = made.await.map_err(Problem::internal)??;
        Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, called)], bytes)
            .into_response())
    }

    fn workbook(self, about: Option<&About>) -> std::result::Result<Vec<u8>, XlsxError> {
        let count = self.rows.len();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(self.title)?;
        let bold = Format::new().set_bold();
        for (column, (head, width)) in (0..).zip(&self.heads) {
            sheet.write_with_format(0, column, head, &bold)?;
            sheet.set_column_width(column, *width)?;
        }
        for (row, cells) in (1..).zip(self.rows) {
            for (column, cell) in (0..).zip(cells) {
                write(sheet, row, column, cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let Some(about) = about {
            about.write(&mut book, self.title, count)?;
        }
        book.save_to_buffer()
    }

    /// In UTF-8 with the mark by which Excel knows it.
    fn text(self) -> Vec<u8> {
        let line =
            |cells: Vec<String>| cells.iter().map(|c| quoted(&harmless(c))).collect::<Vec<_>>().join(",");
        let plain = |cell: Cell| match cell {
            Cell::Number(n) => n.to_string(),
            Cell::Text(text) => text,
        };
        let heads = line(self.heads.into_iter().map(|(head, _)| head).collect());
        let rows = self.rows.into_iter().map(|row| line(row.into_iter().map(plain).collect()));
        let all: Vec<String> = std::iter::once(heads).chain(rows).collect();
        format!("\u{feff}{}\n", all.join("\n")).into_bytes()
    }
}

fn quoted(cell: &str) -> String {
    let plain = !cell.contains([',', '"', '\n', '\r']);
    if plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_and_disarmed() {
        let list = Listing {
            title: "x",
            heads: vec![("名称".into(), 10.0), ("数".into(), 8.0)],
            rows: vec![
                vec![Cell::Text("a,\"b\"".into()), Cell::Number(1.5)],
                vec![Cell::Text("=1+1".into()), Cell::Number(-2.0)],
            ],
        };
        let text = String::from_utf8(list.text()).unwrap();
        assert_eq!(text, "\u{feff}名称,数\n\"a,\"\"b\"\"\",1.5\n'=1+1,-2\n");
    }
}
