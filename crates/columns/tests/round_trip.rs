//! What is written is read back by the reader of the same library, group by group.
#![expect(clippy::unwrap_used, reason = "a test that cannot read should stop")]

use columns::{Cells, Column, File, Kind};
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

const COLUMNS: &[Column] = &[
    Column { name: "id", kind: Kind::Id, optional: false },
    Column { name: "time", kind: Kind::Time, optional: false },
    Column { name: "lon", kind: Kind::Decimal { digits: 10, scale: 7 }, optional: true },
    Column { name: "speed", kind: Kind::Decimal { digits: 9, scale: 2 }, optional: true },
    Column { name: "battery", kind: Kind::Count, optional: true },
    Column { name: "mock", kind: Kind::Flag, optional: false },
    Column { name: "extra", kind: Kind::Json, optional: true },
];

fn rows(from: i64, n: i64) -> Vec<Cells> {
    let all = from..from + n;
    vec![
        Cells::Id(all.clone().map(|k| [(k % 3) as u8; 16]).collect()),
        Cells::Number(all.clone().map(|k| Some(1_700_000_000_000 + k * 1000)).collect()),
        Cells::Number(all.clone().map(|k| (k % 5 != 0).then_some(-1_799_999_999 + k)).collect()),
        Cells::Number(all.clone().map(|k| (k % 7 != 0).then_some(k)).collect()),
        Cells::Number(all.clone().map(|k| (k % 2 == 0).then_some(k % 101)).collect()),
        Cells::Flag(all.clone().map(|k| Some(k % 11 == 0)).collect()),
        Cells::Text(all.map(|k| (k % 100 == 0).then(|| format!("{{\"k\":{k}}}").into())).collect()),
    ]
}

fn written() -> Vec<u8> {
    let mut file = File::begin(COLUMNS, &[("datum", "WGS-84".to_owned())]).unwrap();
    let mut bytes = vec![];
    for from in [0, 1000] {
        file.group(rows(from, 1000)).unwrap();
        bytes.extend(file.take().unwrap());
    }
    assert!(bytes.len() > 1000, "groups are handed out before the end");
    bytes.extend(file.end().unwrap());
    bytes
}

#[test]
fn what_is_written_is_read_back() {
    let bytes = written();
    assert_eq!(bytes, written(), "the same rows, the same bytes");
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let metadata = reader.metadata();
    assert_eq!((metadata.num_row_groups(), metadata.file_metadata().num_rows()), (2, 2000));
    let notes = metadata.file_metadata().key_value_metadata().unwrap();
    assert!(notes.iter().any(|n| n.key == "datum" && n.value.as_deref() == Some("WGS-84")));
    for (k, row) in reader.get_row_iter(None).unwrap().enumerate() {
        let (k, row) = (k as i64, row.unwrap());
        let cells: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        assert_eq!(cells[1], &Field::TimestampMillis(1_700_000_000_000 + k * 1000));
        let decimal = |field: &Field| match field {
            Field::Decimal(d) => {
                let mut wide = [if d.data()[0] > 127 { 255 } else { 0 }; 8];
                wide[8 - d.data().len()..].copy_from_slice(d.data());
                Some((i64::from_be_bytes(wide), d.scale()))
            }
            _ => None,
        };
        assert_eq!(decimal(cells[2]), (k % 5 != 0).then_some((-1_799_999_999 + k, 7)));
        assert_eq!(decimal(cells[3]), (k % 7 != 0).then_some((k, 2)));
        assert_eq!(cells[4], &if k % 2 == 0 { Field::Int((k % 101) as i32) } else { Field::Null });
        assert_eq!(cells[5], &Field::Bool(k % 11 == 0));
        let text = (k % 100 == 0).then(|| format!("{{\"k\":{k}}}"));
        assert_eq!(matches!(cells[6], Field::Null), text.is_none());
        if let Some(text) = text {
            assert!(cells[6].to_string().contains(&text), "{}", cells[6]);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut file = File::begin(COLUMNS, &[]).unwrap();
    let mut cells = rows(0, 10);
    cells[5] = Cells::Flag(vec![None; 10]);
    assert!(file.group(cells).is_err(), "a cell that must be there");
    let mut file = File::begin(COLUMNS, &[]).unwrap();
    let mut cells = rows(0, 10);
    cells[4] = Cells::Number(vec![Some(i64::MAX); 10]);
    assert!(file.group(cells).is_err(), "more than 32 bits");
    let mut file = File::begin(COLUMNS, &[]).unwrap();
    let mut cells = rows(0, 10);
    cells.swap(0, 1);
    assert!(file.group(cells).is_err(), "another kind");
    let mut file = File::begin(COLUMNS, &[]).unwrap();
    let mut cells = rows(0, 10);
    cells[1] = Cells::Number(vec![Some(1); 9]);
    assert!(file.group(cells).is_err(), "a row too few");
}
