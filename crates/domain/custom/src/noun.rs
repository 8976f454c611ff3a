//! Which nouns of ours take fields of the company, and which fields.

use forms::FieldKind;

use crate::values::{Compared, compared};

/// A noun of ours that a company may add fields to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Customer,
    Employee,
    Task,
    Equipment,
}

impl Noun {
    pub const ALL: [Noun; 4] = [Noun::Customer, Noun::Employee, Noun::Task, Noun::Equipment];

    /// The word it is called by in the API, and the key of the form that holds its fields.
    pub fn key(self) -> &'static str {
        match self {
            Noun::Customer => "customer",
            Noun::Employee => "employee",
            Noun::Task => "task",
            Noun::Equipment => "equipment",
        }
    }

    /// Keys that formulas know as ours (`customer.grade`): a field of the company's own takes none of them.
    pub fn reserved(self) -> &'static [&'static str] {
        match self {
            Noun::Task => &["id", "title"],
            Noun::Customer | Noun::Employee | Noun::Equipment => {
                &["id", "name", "code", "grade", "class", "tags", "status", "department"]
            }
        }
    }

    pub fn from_key(key: &str) -> Option<Noun> {
        Noun::ALL.into_iter().find(|n| n.key() == key)
    }
}

/// May a noun of ours have a field of this kind? What is one value, or a list of words; pictures, places and tables are
/// proof and have homes of their own.
pub fn fits(kind: &FieldKind) -> bool {
    let reference = matches!(kind, FieldKind::Reference { .. });
    !reference && matches!(compared(kind), Some(Compared::Number | Compared::Text | Compared::Word))
}
