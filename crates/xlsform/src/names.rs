//! What expressions may name: the questions of a form, with what their answers are.

use std::collections::BTreeMap;

use crate::{cel::Cel, fault::Fault};

/// What an answer or a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// Answered `yes` or `no` in XLSForm, true or false here.
    YesNo,
    Choice,
    Choices,
    Date,
    DateTime,
    Time,
    Place,
    /// Pictures, recordings, files.
    Files,
    Table,
    Note,
}

impl Kind {
    /// Kept as a text whose order is the order of what it means.
    pub fn is_time(self) -> bool {
        matches!(self, Kind::Date | Kind::DateTime | Kind::Time)
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Known {
    pub key: String,
    pub kind: Kind,
    /// Key of the table it is a column of.
    pub table: Option<String>,
    /// Values of its choices.
    pub options: Vec<String>,
}

/// All questions by their name in the sheet.
pub type Names = BTreeMap<String, Known>;

/// Where an expression stands: in a table's row or not, and at which question.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub names: &'a Names,
    pub table: Option<&'a str>,
    /// The sheet's name of the question, for `.`.
    pub own: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// # Errors
    /// `field` for an unknown name.
    pub fn known(&self, name: &str) -> Result<&'a Known, Fault> {
        self.names.get(name).ok_or_else(|| Fault::of("field", name))
    }

    /// How a formula names the question from here.
    ///
    /// # Errors
    /// `field`; `other_row` for a column of a table seen from outside it.
    pub fn path(&self, name: &str) -> Result<(Cel, &'a Known), Fault> {
        let known = self.known(name)?;
        let root = match &known.table {
            None => "form",
            Some(table) if self.table == Some(table) => "row",
            Some(_) => return Err(Fault::of("other_row", name)),
        };
        Ok((Cel::Name(format!("{root}.{}", known.key)), known))
    }

    /// The sheet's name of what a formula calls `form.key` or `row.key`.
    ///
    /// # Errors
    /// `field` when there is none.
    pub fn named(&self, path: &str) -> Result<(&'a str, &'a Known), Fault> {
        let (root, key) = path.split_once('.').ok_or_else(|| Fault::of("field", path))?;
        let table = if root == "row" { self.table } else { None };
        let found = self.names.iter().find(|(_, k)| k.key == key && k.table.as_deref() == table);
        found.map(|(name, known)| (name.as_str(), known)).ok_or_else(|| Fault::of("field", path))
    }

    /// The sheet's name of a column of the table a formula calls `form.table`.
    ///
    /// # Errors
    /// `field` when there is none.
    pub fn column(&self, table: &str, key: &str) -> Result<&'a str, Fault> {
        let table = table.strip_prefix("form.").unwrap_or(table);
        let found = self.names.iter().find(|(_, k)| k.key == key && k.table.as_deref() == Some(table));
        found.map(|(name, _)| name.as_str()).ok_or_else(|| Fault::of("field", key))
    }
}
