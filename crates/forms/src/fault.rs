//! What is wrong with a formula or a form, said so that the designer can point at it.

use serde::Serialize;

/// A fault at one place. The screens translate `code` and put `name` into the sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code} {name:?} at {at}")]
pub struct Fault {
    /// Where, in characters from the start of the formula.
    pub at: usize,
    /// One of: `empty too_long too_deep character number escape text_open syntax unknown_name unknown_field
    /// unknown_function nested_list pattern bracket`.
    pub code: &'static str,
    /// The word at fault.
    pub name: String,
}

impl Fault {
    pub fn new(at: usize, code: &'static str, name: impl Into<String>) -> Fault {
        Fault { at, code, name: name.into() }
    }
}
