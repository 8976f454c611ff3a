//! Rows as a Parquet file, for DuckDB, ClickHouse, Spark and whatever else reads it.
//!
//! Written a group at a time: no more than one group is in memory, and what is finished can be handed out at once
//! ([`File::take`]). Whole numbers are stored as differences and decimals as whole numbers with their scale, so that
//! nothing is rounded on the way; everything is packed by zstd. The same rows give the same bytes.
//!
//! Pure: what becomes of the bytes is the caller's business.

use std::sync::Arc;

use parquet::{
    basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    data_type::{
        BoolType, ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
    },
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties, WriterVersion},
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{ColumnPath, Type},
};

pub use parquet::errors::ParquetError as Error;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Cells::Id`].
    Id,
    /// Milliseconds since 1970 in UTC, [`Cells::Number`].
    Time,
    /// A decimal number as a whole one: 12.3 at scale 1 is 123. At most 9 digits in 32 bits, 18 in 64. [`Cells::Number`].
    Decimal { digits: u8, scale: u8 },
    /// A whole number of 32 bits, [`Cells::Number`].
    Count,
    /// [`Cells::Flag`].
    Flag,
    /// One of a few words, or any text, [`Cells::Text`].
    Text,
    /// JSON as text, [`Cells::Text`].
    Json,
}

/// A column of the file.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// May a cell be absent?
    pub optional: bool,
}

/// The cells of one column in one group, one a row.
#[derive(Debug, Clone)]
pub enum Cells {
    Id(Vec<[u8; 16]>),
    Number(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
    Text(Vec<Option<Box<str>>>),
}

/// A file in the making.
pub struct File {
    columns: Vec<Column>,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl File {
    /// Begins a file; `notes` are kept in it under their names.
    ///
    /// # Errors
    /// When two columns share a name or a decimal does not fit.
    pub fn begin(columns: &[Column], notes: &[(&str, String)]) -> Result<File, Error> {
        let fields: Result<Vec<_>, Error> = columns.iter().map(|c| field(c).map(Arc::new)).collect();
        let schema = Type::group_type_builder("rows").with_fields(fields?).build()?;
        let note = |(key, value): &(&str, String)| KeyValue::new((*key).to_owned(), value.clone());
        let mut properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_created_by("tashi".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_dictionary_enabled(false)
            .set_key_value_metadata(Some(notes.iter().map(note).collect()));
        for c in columns {
            let path = ColumnPath::from(c.name);
            properties = match c.kind {
                Kind::Time | Kind::Decimal { .. } | Kind::Count => {
                    properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
                }
                Kind::Id | Kind::Text | Kind::Json => properties.set_column_dictionary_enabled(path, true),
                Kind::Flag => properties,
            };
        }
        let writer = SerializedFileWriter::new(vec![], Arc::new(schema), Arc::new(properties.build()))?;
        Ok(File { columns: columns.to_vec(), writer })
    }

    /// Adds a group of rows: the cells of every column, in the order of the columns.
    ///
    /// # Errors
    /// When columns differ in length or kind from what was declared, or one that is not optional lacks a cell.
    pub fn group(&mut self, cells: Vec<Cells>) -> Result<(), Error> {
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.columns.iter().zip(cells);
        while let Some(writer) = group.next_column()? {
            let (column, cells) = columns.next().ok_or_else(|| wrong("fewer columns than declared"))?;
            write(writer, column, cells)?;
        }
        group.close().map(drop)
    }

    /// What was finished since the last call.
    ///
    /// # Errors
    /// None in practice: the bytes lie in memory.
    pub fn take(&mut self) -> Result<Vec<u8>, Error> {
        self.writer.flush()?;
        Ok(std::mem::take(self.writer.inner_mut()))
    }

    /// The rest of the file.
    ///
    /// # Errors
    /// When its end cannot be made.
    pub fn end(self) -> Result<Vec<u8>, Error> {
        self.writer.into_inner()
    }
}

fn wrong(what: &str) -> Error {
    Error::General(what.to_owned())
}

fn field(c: &Column) -> Result<Type, Error> {
    let repetition = if c.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let physical = match c.kind {
        Kind::Id => Physical::FIXED_LEN_BYTE_ARRAY,
        Kind::Time => Physical::INT64,
        Kind::Decimal { digits, .. } if digits > 9 => Physical::INT64,
        Kind::Decimal { .. } | Kind::Count => Physical::INT32,
        Kind::Flag => Physical::BOOLEAN,
        Kind::Text | Kind::Json => Physical::BYTE_ARRAY,
    };
    let field = Type::primitive_type_builder(c.name, physical).with_repetition(repetition);
    match c.kind {
        Kind::Id => field.with_length(16).with_logical_type(Some(LogicalType::Uuid)),
        Kind::Time => field.with_logical_type(Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Decimal { digits, scale } => field
            .with_logical_type(Some(LogicalType::decimal(scale.into(), digits.into())))
            .with_precision(digits.into())
            .with_scale(scale.into()),
        Kind::Count | Kind::Flag => field,
        Kind::Text => field.with_logical_type(Some(LogicalType::String)),
        Kind::Json => field.with_logical_type(Some(LogicalType::Json)),
    }
    .build()
}

/// What is there of a column, and which rows have it. Optional columns only need the second.
fn parted<T, U>(
    cells: Vec<Option<T>>,
    optional: bool,
    of: impl Fn(T) -> Result<U, Error>,
) -> Result<(Vec<U>, Option<Vec<i16>>), Error> {
    let levels: Vec<i16> = cells.iter().map(|c| i16::from(c.is_some())).collect();
    if !optional && levels.contains(&0) {
        return Err(wrong("a cell is absent that must be there"));
    }
    let values: Result<Vec<U>, Error> = cells.into_iter().flatten().map(of).collect();
    Ok((values?, optional.then_some(levels)))
}

fn write(mut to: SerializedColumnWriter<'_>, column: &Column, cells: Cells) -> Result<(), Error> {
    let optional = column.optional;
    match (column.kind, cells) {
        (Kind::Id, Cells::Id(ids)) => {
            let ids = ids.into_iter().map(|id| Some(ByteArray::from(id.to_vec()))).collect();
            let (values, levels) = parted(ids, optional, |id| Ok(FixedLenByteArray::from(id)))?;
            to.typed::<FixedLenByteArrayType>().write_batch(&values, levels.as_deref(), None)?;
        }
        (Kind::Time, Cells::Number(all)) => {
            let (values, levels) = parted(all, optional, Ok)?;
            to.typed::<Int64Type>().write_batch(&values, levels.as_deref(), None)?;
        }
        (Kind::Decimal { digits, .. }, Cells::Number(all)) if digits > 9 => {
            let (values, levels) = parted(all, optional, Ok)?;
            to.typed::<Int64Type>().write_batch(&values, levels.as_deref(), None)?;
        }
        (Kind::Decimal { .. } | Kind::Count, Cells::Number(all)) => {
            let small = |v| i32::try_from(v).map_err(|_| wrong("a number of more than 32 bits"));
            let (values, levels) = parted(all, optional, small)?;
            to.typed::<Int32Type>().write_batch(&values, levels.as_deref(), None)?;
        }
        (Kind::Flag, Cells::Flag(all)) => {
            let (values, levels) = parted(all, optional, Ok)?;
            to.typed::<BoolType>().write_batch(&values, levels.as_deref(), None)?;
        }
        (Kind::Text | Kind::Json, Cells::Text(all)) => {
            let (values, levels) =
                parted(all, optional, |text| Ok(ByteArray::from(text.as_bytes().to_vec())))?;
            to.typed::<ByteArrayType>().write_batch(&values, levels.as_deref(), None)?;
        }
        _ => return Err(wrong("cells of another kind than declared")),
    }
    to.close()
}
