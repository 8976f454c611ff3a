//! Answers as cells of a spreadsheet: labels instead of values, and no text that is taken for a formula.

use std::collections::BTreeMap;

use base::problem::Lang;
use forms::{Field, FieldKind, FormSpec};
use rust_xlsxwriter::{Worksheet, XlsxError};
use serde_json::Value;

use crate::Text;

/// A text in the reader's language, else in any.
pub fn said(text: &Text, lang: Lang) -> String {
    let own = if lang == Lang::Zh { "zh-CN" } else { "en" };
    text.get(own).or_else(|| text.values().next()).cloned().unwrap_or_default()
}

/// The fields of all versions, those of the newest first; of a key that several have, the newest.
pub fn columns<'a>(
    levels: impl Iterator<Item = (&'a FormSpec, &'a [Field])>,
) -> Vec<(&'a FormSpec, &'a Field)> {
    let mut all: Vec<(&FormSpec, &Field)> = vec![];
    for (spec, fields) in levels {
        for field in fields.iter().filter(|f| !matches!(f.kind, FieldKind::Note)) {
            if all.iter().all(|(_, known)| known.key != field.key) {
                all.push((spec, field));
            }
        }
    }
    all
}

/// Names of what answers refer to and of files, by id.
pub type Names = BTreeMap<String, String>;

/// A column of a field: a checked item has several, and so has what refers to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Whole,
    Result,
    Value,
    Score,
    Remark,
    /// Of what is referred to, beside its name.
    Id,
}

/// The columns of a field.
pub fn parts(field: &Field) -> &'static [Part] {
    match &field.kind {
        FieldKind::Check(item) if item.measure.is_some() => {
            &[Part::Result, Part::Value, Part::Score, Part::Remark]
        }
        FieldKind::Check(_) => &[Part::Result, Part::Score, Part::Remark],
        FieldKind::Reference { .. } => &[Part::Whole, Part::Id],
        _ => &[Part::Whole],
    }
}

/// The heading of a column.
pub fn heading(field: &Field, part: Part, lang: Lang) -> String {
    let label = said(&field.label, lang);
    let (zh, en) = match part {
        Part::Whole => return label,
        Part::Result => ("结果", "result"),
        Part::Value => ("数值", "value"),
        Part::Score => ("得分", "score"),
        Part::Remark => ("说明", "remark"),
        Part::Id => ("ID", "id"),
    };
    if lang == Lang::Zh { format!("{label}·{zh}") } else { format!("{label} · {en}") }
}

/// Every column of these fields.
pub fn spread<'a>(own: &[(&'a FormSpec, &'a Field)]) -> Vec<(&'a FormSpec, &'a Field, Part)> {
    own.iter().flat_map(|(spec, f)| parts(f).iter().map(|p| (*spec, *f, *p))).collect()
}

/// The answer to a field as it stands in one of its columns.
pub fn part_cell(
    spec: &FormSpec,
    field: &Field,
    part: Part,
    value: Option<&Value>,
    names: &Names,
    lang: Lang,
) -> Cell {
    let name = match part {
        Part::Whole => return cell(spec, field, value, names, lang),
        Part::Id => return Cell::Text(value.and_then(Value::as_str).unwrap_or_default().to_owned()),
        Part::Result => "result",
        Part::Value => "value",
        Part::Score => "score",
        Part::Remark => "remark",
    };
    let Some(own) = value.and_then(|v| v.get(name)) else { return Cell::Text(String::new()) };
    let word = |zh: &str, en: &str| Cell::Text(if lang == Lang::Zh { zh } else { en }.to_owned());
    match (part, own.as_str()) {
        (Part::Result, Some("pass")) => word("合格", "pass"),
        (Part::Result, Some("fail")) => word("不合格", "fail"),
        (Part::Result, Some(_)) => word("不适用", "does not apply"),
        (_, Some(text)) => Cell::Text(text.to_owned()),
        _ => own.as_f64().map_or(Cell::Text(String::new()), Cell::Number),
    }
}

/// A cell of the workbook or the text.
pub enum Cell {
    Number(f64),
    Text(String),
}

/// The answer to a field as it stands in a file.
pub fn cell(spec: &FormSpec, field: &Field, value: Option<&Value>, names: &Names, lang: Lang) -> Cell {
    let called = |id: &Value| {
        let id = id.as_str().unwrap_or_default();
        names.get(id).map_or_else(|| id.to_owned(), Clone::clone)
    };
    let Some(value) = value else { return Cell::Text(String::new()) };
    let label = |from: &forms::Options, v: &Value| {
        let v = v.as_str().unwrap_or_default();
        let known = spec.choices(from).iter().find(|c| c.value == v);
        known.map_or_else(|| v.to_owned(), |c| said(&c.label, lang))
    };
    let text = match (&field.kind, value) {
        (_, Value::Number(n)) => return Cell::Number(n.as_f64().unwrap_or_default()),
        (_, Value::Bool(yes)) => match (lang, yes) {
            (Lang::Zh, true) => "是".into(),
            (Lang::Zh, false) => "否".into(),
            (Lang::En, yes) => if *yes { "yes" } else { "no" }.into(),
        },
        (FieldKind::Choice { from }, v) => label(from, v),
        (FieldKind::Choices { from, .. }, Value::Array(all)) => {
            all.iter().map(|v| label(from, v)).collect::<Vec<_>>().join("、")
        }
        (FieldKind::Table { .. }, Value::Array(rows)) => return Cell::Number(rows.len() as f64),
        (FieldKind::Place, Value::Object(at)) => match (at.get("lng"), at.get("lat")) {
            (Some(lng), Some(lat)) => format!("{lng},{lat}"),
            _ => String::new(),
        },
        (FieldKind::Reference { .. }, v) => called(v),
        (FieldKind::File { .. }, Value::Array(all)) => all.iter().map(called).collect::<Vec<_>>().join("、"),
        (_, Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        (_, v) => v.as_str().map_or_else(|| v.to_string(), str::to_owned),
    };
    Cell::Text(text)
}

/// # Errors
/// When the sheet has no such place.
pub fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Number(n) => sheet.write_number(row, column, n)?,
        // Always as text: an answer that begins with = is an answer.
        Cell::Text(t) => sheet.write_string(row, column, t.chars().take(32_000).collect::<String>())?,
    };
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
pub fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_disarmed_and_numbers_stay() {
        for (cell, written) in [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("+1", "'+1"),
            ("-1+2", "'-1+2"),
            ("@x", "'@x"),
            ("-70.123456", "-70.123456"),
            ("苏福便利", "苏福便利"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), written);
        }
    }
}
