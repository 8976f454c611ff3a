//! Arguments of a statement. A missing value keeps its type, because PostgreSQL wants to know it.

use base::{LocalDay, Micros};
use uuid::Uuid;

/// One bound argument.
#[derive(Debug, Clone)]
pub enum Val {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
}

macro_rules! from {
    ($($t:ty => $variant:ident, $convert:expr;)*) => {$(
        impl From<$t> for Val {
            fn from(v: $t) -> Val {
                let convert: fn($t) -> _ = $convert;
                Val::$variant(Some(convert(v)))
            }
        }
        impl From<Option<$t>> for Val {
            fn from(v: Option<$t>) -> Val {
                let convert: fn($t) -> _ = $convert;
                Val::$variant(v.map(convert))
            }
        }
    )*};
}

from! {
    i64 => Int, |v| v;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Int, i64::from;
    Micros => Int, |v| v.0;
    LocalDay => Int, |v| v.as_int();
    f64 => Real, |v| v;
    String => Text, |v| v;
    Vec<u8> => Bytes, |v| v;
    Uuid => Uuid, |v| v;
}

impl From<&str> for Val {
    fn from(v: &str) -> Val {
        Val::Text(Some(v.to_owned()))
    }
}

impl From<&String> for Val {
    fn from(v: &String) -> Val {
        Val::Text(Some(v.clone()))
    }
}

impl From<Option<&str>> for Val {
    fn from(v: Option<&str>) -> Val {
        Val::Text(v.map(str::to_owned))
    }
}

impl From<&Option<String>> for Val {
    fn from(v: &Option<String>) -> Val {
        Val::Text(v.clone())
    }
}

impl From<&[u8]> for Val {
    fn from(v: &[u8]) -> Val {
        Val::Bytes(Some(v.to_vec()))
    }
}

/// A list of arguments: `args![name, day, limit]`.
#[macro_export]
macro_rules! args {
    ($($v:expr),* $(,)?) => { vec![$($crate::Val::from($v)),*] };
}
