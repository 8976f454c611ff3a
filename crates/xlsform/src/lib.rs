//! Forms of others.
//!
//! [`read`] makes a [`forms::FormSpec`] of an XLSForm (<https://xlsform.org/en/ref-table/>) and lists, by sheet, row and
//! column, what it could not keep; what would change the meaning of the form is refused instead. [`write`] is the way
//! back. [`xform`] makes the XML that ODK Collect downloads, and [`submission`] reads what it sends. Expressions go
//! through a parser in either direction ([`to_cel`], [`to_xpath`]). Pure: spreadsheets come in as texts, and go out so.

mod book;
mod cel;
mod fault;
mod loss;
mod names;
mod read;
pub mod submission;
mod to_cel;
mod to_xpath;
mod write;
mod xform;
mod xpath;

pub use book::{Book, Sheet};
pub use fault::Fault;
pub use loss::Loss;
pub use names::{Kind, Known, Names};
pub use read::{Reading, read};
pub use write::{Writing, write};
pub use xform::{XForm, xform};

/// An expression of XLSForm as a formula: a condition, or a value.
///
/// `own` is the name of the question for `.`, `table` the key of the table whose row it stands in.
///
/// # Errors
/// The first [`Fault`].
pub fn formula(
    source: &str,
    names: &Names,
    table: Option<&str>,
    own: Option<&str>,
    condition: bool,
) -> Result<String, Fault> {
    let scope = names::Scope { names, table, own };
    let expr = xpath::parse(source)?;
    let cel = if condition { to_cel::condition(&expr, scope)? } else { to_cel::value(&expr, scope)?.0 };
    Ok(cel::written(&cel))
}

/// A formula as an expression of XLSForm.
///
/// # Errors
/// The first [`Fault`].
pub fn expression(
    source: &str,
    names: &Names,
    table: Option<&str>,
    own: Option<&str>,
    condition: bool,
) -> Result<String, Fault> {
    let scope = names::Scope { names, table, own };
    let cel = cel::parse(source)?;
    let expr = if condition { to_xpath::condition(&cel, scope)? } else { to_xpath::value(&cel, scope)? };
    Ok(xpath::written(&expr))
}
