//! One row of an answer, read by column name.

use base::{LocalDay, Micros, Problem};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::Result;

/// A row of either engine.
pub enum Row {
    #[doc(hidden)]
    Sqlite(SqliteRow),
    #[doc(hidden)]
    Postgres(PgRow),
}

/// A type a column can be read as.
pub trait Column: Sized {
    fn read(row: &Row, name: &str) -> std::result::Result<Self, sqlx::Error>;
}

macro_rules! native {
    ($($t:ty),*) => {$(
        impl Column for $t {
            fn read(row: &Row, name: &str) -> std::result::Result<$t, sqlx::Error> {
                match row {
                    Row::Sqlite(r) => r.try_get(name),
                    Row::Postgres(r) => r.try_get(name),
                }
            }
        }
    )*};
}
native!(
    i64,
    f64,
    String,
    Vec<u8>,
    Uuid,
    Option<i64>,
    Option<f64>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Uuid>
);

impl Column for bool {
    fn read(row: &Row, name: &str) -> std::result::Result<bool, sqlx::Error> {
        i64::read(row, name).map(|v| v != 0)
    }
}

impl Column for Option<bool> {
    fn read(row: &Row, name: &str) -> std::result::Result<Option<bool>, sqlx::Error> {
        Option::<i64>::read(row, name).map(|v| v.map(|v| v != 0))
    }
}

impl Column for Micros {
    fn read(row: &Row, name: &str) -> std::result::Result<Micros, sqlx::Error> {
        i64::read(row, name).map(Micros)
    }
}

impl Column for Option<Micros> {
    fn read(row: &Row, name: &str) -> std::result::Result<Option<Micros>, sqlx::Error> {
        Option::<i64>::read(row, name).map(|v| v.map(Micros))
    }
}

impl Column for LocalDay {
    fn read(row: &Row, name: &str) -> std::result::Result<LocalDay, sqlx::Error> {
        let n = i64::read(row, name)?;
        LocalDay::from_int(n).ok_or_else(|| sqlx::Error::Decode(format!("{n} is no day").into()))
    }
}

impl Column for Option<LocalDay> {
    fn read(row: &Row, name: &str) -> std::result::Result<Option<LocalDay>, sqlx::Error> {
        Ok(Option::<i64>::read(row, name)?.and_then(LocalDay::from_int))
    }
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// An internal problem when the column is missing or of another type: a fault in the statement.
    pub fn get<T: Column>(&self, name: &str) -> Result<T> {
        T::read(self, name).map_err(|e| Problem::internal(format!("column {name}: {e}")))
    }

    /// A column of JSON text, parsed.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T> {
        let text: String = self.get(name)?;
        serde_json::from_str(&text).map_err(|e| Problem::internal(format!("column {name}: {e}")))
    }
}

/// A struct that can be read from a row.
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

/// Declares a struct whose fields are the columns of a statement.
///
/// ```ignore
/// db::row! { pub struct Shop { id: Uuid, name: String, last_visit: Option<Micros> } }
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$m:meta])* $vis:vis struct $name:ident { $($(#[$fm:meta])* $field:ident : $t:ty),* $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        $vis struct $name { $($(#[$fm])* pub $field: $t),* }
        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> $crate::Result<Self> {
                Ok($name { $($field: row.get(stringify!($field))?),* })
            }
        }
    };
}

macro_rules! tuple {
    ($($t:ident . $i:tt),*) => {
        impl<$($t: Column),*> FromRow for ($($t,)*) {
            fn from_row(row: &Row) -> Result<Self> {
                let names = row.column_names();
                Ok(($(row.get::<$t>(names.get($i).map(String::as_str).unwrap_or(""))?,)*))
            }
        }
    };
}
tuple!(A.0);
tuple!(A.0, B.1);
tuple!(A.0, B.1, C.2);
tuple!(A.0, B.1, C.2, D.3);

impl Row {
    fn column_names(&self) -> Vec<String> {
        use sqlx::Column as _;
        match self {
            Row::Sqlite(r) => r.columns().iter().map(|c| c.name().to_owned()).collect(),
            Row::Postgres(r) => r.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }
}
