//! Reading CSV and XLSX that strangers made: within bounds, in any of the usual encodings.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};

use base::Problem;
use calamine::{Data, DataRef, Reader, Xlsx};
use db::Result;

/// Most rows of one import.
pub const MAX_ROWS: usize = 50_000;
const MAX_COLUMNS: usize = 200;
const MAX_CELL: usize = 2_000;
/// Most bytes a workbook may inflate to, and most parts it may have.
const MAX_INFLATED: u64 = 64 << 20;
const MAX_PARTS: usize = 2_000;
/// Most sheets of a workbook that are looked at.
const MAX_SHEETS: usize = 30;

base::problems! {
    UNREADABLE = 422 "import.unreadable",
        zh "文件无法读取" / "请上传 .xlsx 或 .csv 文件，并确认没有加密或损坏。",
        en "Cannot read the file" / "Upload an .xlsx or .csv file that is neither encrypted nor damaged.";
    TOO_BIG = 422 "import.too_big",
        zh "文件内容太多" / "一次最多 50,000 行、200 列，解压后不超过 64 MiB。",
        en "Too much content" / "At most 50,000 rows, 200 columns and 64 MiB when unpacked.";
    EMPTY = 422 "import.empty",
        zh "文件没有数据" / "第一行应是列名，从第二行起是数据。",
        en "No data in the file" / "The first row must hold column names, data starts in the second.";
}

/// Column names and rows of text.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Reads a file by its content, not its name.
///
/// # Errors
/// `import.unreadable`, `import.too_big`, `import.empty`.
pub fn read(bytes: &[u8]) -> Result<Table> {
    let mut rows = if bytes.starts_with(b"PK\x03\x04") { read_xlsx(bytes)? } else { read_csv(bytes)? };
    for row in &mut rows {
        for cell in row.iter_mut() {
            let clean: String =
                cell.chars().filter(|c| !c.is_control() && !is_direction_mark(*c)).take(MAX_CELL).collect();
            *cell = clean.trim().to_owned();
        }
    }
    rows.retain(|r| r.iter().any(|c| !c.is_empty()));
    if rows.len() < 2 {
        return Err(Problem::new(EMPTY));
    }
    let columns = rows.remove(0);
    if rows.len() > MAX_ROWS || columns.len() > MAX_COLUMNS {
        return Err(Problem::new(TOO_BIG));
    }
    rows.iter_mut().for_each(|r| r.resize(columns.len(), String::new()));
    Ok(Table { columns, rows })
}

/// Marks that turn the reading direction and can make a name look like another.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn read_csv(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    // Excel in China writes GB 18030 unless told otherwise.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => {
            encoding_rs::UTF_16LE.decode(bytes).0.into_owned()
        }
        Err(_) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
            if broken {
                return Err(Problem::new(UNREADABLE));
            }
            text.into_owned()
        }
    };
    if text.contains('\0') {
        return Err(Problem::new(UNREADABLE));
    }
    let first = text.lines().next().unwrap_or("");
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|d| first.bytes().filter(|b| b == d).count())
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|_| Problem::new(UNREADABLE))?;
        if rows.len() > MAX_ROWS || record.len() > MAX_COLUMNS {
            return Err(Problem::new(TOO_BIG));
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    check_inflated(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Problem::new(UNREADABLE))?;
    let name = book.sheet_names().first().cloned().ok_or_else(|| Problem::new(EMPTY))?;
    let rows = cells(&mut book, &name, &mut { MAX_INFLATED })?;
    let first = rows.values().flatten().map(|(column, _)| *column).min().unwrap_or(0);
    Ok(rows.into_values().map(|cells| laid_out(cells, first)).collect())
}

/// Rows of one sheet of a workbook, each with its number as the spreadsheet shows it.
pub type NumberedRows = Vec<(u32, Vec<String>)>;

/// The sheets of a workbook, those called `wanted` with their rows, the others by name alone.
///
/// # Errors
/// `import.unreadable`, `import.too_big`.
pub fn read_book(bytes: &[u8], wanted: &[&str]) -> Result<Vec<(String, Option<NumberedRows>)>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::new(UNREADABLE));
    }
    check_inflated(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Problem::new(UNREADABLE))?;
    let (mut left, mut seen) = (MAX_INFLATED, BTreeSet::new());
    let mut sheets = vec![];
    for name in book.sheet_names().into_iter().take(MAX_SHEETS) {
        let key = name.trim().to_lowercase();
        // Of two that are called alike the first counts.
        let mut rows = match wanted.contains(&key.as_str()) && seen.insert(key) {
            true => Some(cells(&mut book, &name, &mut left)?),
            false => None,
        };
        let mut laid = vec![];
        for (n, cells) in rows.iter_mut().flat_map(std::mem::take) {
            // Empty cells before the last one take room as well.
            let room = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0) * size_of::<String>();
            left = left.checked_sub(room as u64).ok_or_else(|| Problem::new(TOO_BIG))?;
            laid.push((n + 1, laid_out(cells, 0)));
        }
        sheets.push((name, rows.map(|_| laid)));
    }
    Ok(sheets)
}

/// Reads a sheet cell by cell. A cell says itself where it stands, so one in the last corner of the sheet
/// must not make us lay out all that lies between, and a text that many cells share is many texts here.
fn cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    left: &mut u64,
) -> Result<BTreeMap<u32, Vec<(usize, String)>>> {
    let unreadable = |_| Problem::new(UNREADABLE);
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut rows: BTreeMap<u32, Vec<(usize, String)>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let text = cell_text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        *left = left.checked_sub(text.len() as u64).ok_or_else(|| Problem::new(TOO_BIG))?;
        let row = rows.entry(row).or_default();
        row.push((column as usize, text));
        if column as usize >= MAX_COLUMNS || row.len() > MAX_COLUMNS || rows.len() > MAX_ROWS + 1 {
            return Err(Problem::new(TOO_BIG));
        }
    }
    Ok(rows)
}

/// The texts of a row side by side, from column `first` on.
fn laid_out(cells: Vec<(usize, String)>, first: usize) -> Vec<String> {
    let mut row = vec![];
    for (column, text) in cells {
        let at = column - first;
        if row.len() <= at {
            row.resize(at + 1, String::new());
        }
        row[at] = text;
    }
    row
}

fn cell_text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        // Telephone numbers typed as numbers must not become 1.38E+10.
        DataRef::Float(v) if v.fract() == 0.0 && v.abs() < 1e15 => format!("{v:.0}"),
        DataRef::SharedString(text) => text.chars().take(MAX_CELL).collect(),
        other => Data::from(other.clone()).to_string(),
    }
}

/// Unpacks every part without keeping it, and stops at the limit: what the archive declares is not believed.
fn check_inflated(bytes: &[u8]) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::new(UNREADABLE))?;
    if archive.len() > MAX_PARTS {
        return Err(Problem::new(TOO_BIG));
    }
    let mut left = MAX_INFLATED;
    let mut buffer = vec![0; 1 << 16];
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(|_| Problem::new(UNREADABLE))?;
        loop {
            let n = part.read(&mut buffer).map_err(|_| Problem::new(UNREADABLE))?;
            if n == 0 {
                break;
            }
            left = left.checked_sub(n as u64).ok_or_else(|| Problem::new(TOO_BIG))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_in_utf8_and_gb18030() {
        let text = "姓名,手机\n张伟,13800000000\n\n李娜,13900000000\n";
        let utf8 = read(text.as_bytes()).unwrap();
        assert_eq!(utf8.columns, ["姓名", "手机"]);
        assert_eq!(utf8.rows, [["张伟", "13800000000"], ["李娜", "13900000000"]]);
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        assert_eq!(read(&gb).unwrap(), utf8);
    }

    #[test]
    fn a_bomb_is_stopped() {
        let mut out = Cursor::new(vec![]);
        let mut zip = zip::ZipWriter::new(&mut out);
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file("xl/workbook.xml", options).unwrap();
        let zeros = vec![0u8; 1 << 20];
        for _ in 0..80 {
            std::io::Write::write_all(&mut zip, &zeros).unwrap();
        }
        zip.finish().unwrap();
        let bytes = out.into_inner();
        assert!(bytes.len() < 1 << 20);
        assert_eq!(read(&bytes).unwrap_err().code.code, "import.too_big");
    }

    #[test]
    fn nonsense_is_unreadable() {
        assert_eq!(read(b"PK\x03\x04 not a zip").unwrap_err().code.code, "import.unreadable");
        assert_eq!(read(b"").unwrap_err().code.code, "import.empty");
        assert_eq!(read(b"only,header\n").unwrap_err().code.code, "import.empty");
    }
}
