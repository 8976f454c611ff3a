//! A Parquet file as rows, read by the reader of its own library.

use bytes::Bytes;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use serde_json::{Map, Value, json};

/// Rows of a file as JSON: decimals as text with all their digits, ids in hex; and its notes.
pub fn parquet_rows(bytes: &[u8]) -> (Vec<Value>, Map<String, Value>) {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).expect("a whole Parquet file");
    let notes = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let notes = notes.into_iter().map(|n| (n.key, json!(n.value))).collect();
    let rows = reader.get_row_iter(None).expect("rows").map(|row| {
        let row = row.expect("a row");
        Value::Object(row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect())
    });
    (rows.collect(), notes)
}

fn cell(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(v) => json!(v),
        Field::Int(v) => json!(v),
        Field::Long(v) | Field::TimestampMillis(v) => json!(v),
        Field::Str(v) => json!(v),
        Field::Bytes(v) => json!(hex::encode(v.data())),
        Field::Decimal(v) => {
            let negative = v.data().first().is_some_and(|b| *b > 127);
            let start = if negative { -1_i64 } else { 0 };
            let whole = v.data().iter().fold(start, |n, b| n << 8 | i64::from(*b));
            let unit = 10_u64.pow(v.scale() as u32);
            let (size, width) = (whole.unsigned_abs(), v.scale() as usize);
            json!(format!("{}{}.{:0width$}", if negative { "-" } else { "" }, size / unit, size % unit))
        }
        other => panic!("a field of another kind: {other:?}"),
    }
}
