use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

/// The first sheet of an XLSX file, cell by cell as text; times and durations as days, the way they are stored.
pub fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("an XLSX file");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    let text = |cell: &Data| match cell {
        Data::DateTime(at) => at.as_f64().to_string(),
        other => other.to_string(),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}
