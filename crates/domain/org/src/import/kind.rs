//! What a kind of sheet understands and does. Ours are registered by the crate that owns the noun; those of a company's
//! own have columns that are known only when they are asked for.

use std::{borrow::Cow, collections::BTreeMap};

use api::Caller;
use base::{Problem, problem};
use custom::{Fields, Noun, cells::said};
use db::{BoxFuture, Permission, Result, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Ref;

/// A column the kind understands.
pub struct Field {
    pub key: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub required: bool,
    /// Other headings it is recognised by, in lower case.
    pub also: &'static [&'static str],
    pub example: &'static str,
}

/// Slow work on rows, by row.
pub type Prepare = for<'a> fn(&'a Sheet, &'a [usize]) -> BoxFuture<'a, Result<BTreeMap<usize, String>>>;

/// A kind of sheet.
pub struct ImportKind {
    pub key: &'static str,
    pub permission: Permission,
    pub fields: &'static [Field],
    /// The noun whose fields of the company's own are columns too.
    pub own: Option<Noun>,
    /// Finds faults and duplicates without changing anything.
    pub check: for<'a> fn(&'a mut Tx, &'a Sheet) -> BoxFuture<'a, Result<Checked>>,
    /// Slow work on the rows outside the transaction (hashing passwords); its results lie in [`Sheet::prepared`].
    pub prepare: Option<Prepare>,
    /// Takes over the rows with the given indices, all in one transaction.
    pub commit: for<'a> fn(&'a mut Tx, &'a Sheet, Vec<usize>) -> BoxFuture<'a, Result<Committed>>,
}
inventory::collect!(ImportKind);

/// A column of a kind whose columns a company makes by itself.
#[derive(Debug, Clone)]
pub struct Column {
    pub key: String,
    pub zh: String,
    pub en: String,
    pub required: bool,
    /// Other headings it is recognised by, in lower case.
    pub also: Vec<String>,
    pub example: String,
}

/// Kinds whose columns a company makes by itself: `object:promotion` has the prefix `object` and the key `promotion`.
pub struct OwnImport {
    pub prefix: &'static str,
    /// The columns of a key; refuses one that the caller may not import.
    pub columns: for<'a> fn(&'a mut Tx, &'a str) -> BoxFuture<'a, Result<Vec<Column>>>,
    pub check: for<'a> fn(&'a mut Tx, &'a str, &'a Sheet) -> BoxFuture<'a, Result<Checked>>,
    pub commit: CommitOwn,
}
inventory::collect!(OwnImport);

/// Takes over rows of a sheet of that key, all in one transaction.
pub type CommitOwn =
    for<'a> fn(&'a mut Tx, &'a str, &'a Sheet, Vec<usize>) -> BoxFuture<'a, Result<Committed>>;

/// An uploaded sheet with its mapping.
pub struct Sheet {
    pub rows: Vec<Vec<String>>,
    /// Field key → column index.
    pub mapping: BTreeMap<String, Option<usize>>,
    /// wgs84, gcj02 or bd09: what positions in the sheet are in.
    pub datum: String,
    /// Row → what [`ImportKind::prepare`] made of it.
    pub prepared: BTreeMap<usize, String>,
}

impl Sheet {
    /// Text of a field in a row; empty when not mapped.
    pub fn cell(&self, row: usize, field: &str) -> &str {
        let column = self.mapping.get(field).copied().flatten();
        let cell = column.and_then(|c| self.rows.get(row)?.get(c));
        cell.map_or("", String::as_str)
    }

    /// Text of one of the company's own fields in a row.
    pub fn own(&self, row: usize, field: &str) -> Option<&str> {
        self.text(row, &own_key(field))
    }

    /// The same, `None` when empty.
    pub fn text(&self, row: usize, field: &str) -> Option<&str> {
        Some(self.cell(row, field)).filter(|t| !t.is_empty())
    }
}

/// What is wrong in a sheet.
#[derive(Default)]
pub struct Checked {
    pub errors: Vec<RowFault>,
    pub duplicates: Vec<(usize, Ref)>,
}

impl Checked {
    pub fn fault(&mut self, row: usize, field: impl Into<Cow<'static, str>>, code: &'static problem::Code) {
        self.errors.push(RowFault { row, field: field.into(), code, params: vec![] });
    }
}

impl Checked {
    /// What was refused of a row, field by field.
    pub fn refused(&mut self, row: usize, problem: Problem) {
        let told =
            |f: problem::FieldError| RowFault { row, field: f.field.into(), code: f.code, params: f.params };
        self.errors.extend(problem.fields.into_iter().map(told));
    }
}

/// One fault: row index from 0, field, what, with what its sentence names.
pub struct RowFault {
    pub row: usize,
    pub field: Cow<'static, str>,
    pub code: &'static problem::Code,
    pub params: Vec<(&'static str, String)>,
}

/// What an import did.
#[derive(Debug, Default, Clone, Serialize, ToSchema)]
pub struct Committed {
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
}

/// A kind of sheet as it is asked for: one of ours, or one a company made.
pub(super) enum Kind {
    Ours(&'static ImportKind),
    Own(&'static OwnImport, String),
}

impl Kind {
    /// The kind by key.
    ///
    /// # Errors
    /// `input.invalid`; `auth.forbidden` for one of ours that the caller may not import.
    pub(super) fn asked(key: &str, caller: &Caller) -> Result<Kind> {
        let unknown =
            || Problem::new(problem::INVALID).with("reason", "kind").field("kind", problem::BAD_VALUE);
        if let Some((prefix, key)) = key.split_once(':') {
            let own = inventory::iter::<OwnImport>.into_iter().find(|k| k.prefix == prefix);
            return own.map(|own| Kind::Own(own, key.to_owned())).ok_or_else(unknown);
        }
        let kind = inventory::iter::<ImportKind>.into_iter().find(|k| k.key == key).ok_or_else(unknown)?;
        if !caller.scope.may(kind.permission) {
            return Err(Problem::new(problem::FORBIDDEN).with("permission", kind.permission.key()));
        }
        Ok(Kind::Ours(kind))
    }

    pub(super) fn key(&self) -> String {
        match self {
            Kind::Ours(kind) => kind.key.to_owned(),
            Kind::Own(own, key) => format!("{}:{key}", own.prefix),
        }
    }

    pub(super) async fn columns(&self, tx: &mut Tx) -> Result<Vec<Column>> {
        let own = |f: &Field| Column {
            key: f.key.to_owned(),
            zh: f.zh.to_owned(),
            en: f.en.to_owned(),
            required: f.required,
            also: f.also.iter().map(|a| (*a).to_owned()).collect(),
            example: f.example.to_owned(),
        };
        match self {
            Kind::Ours(kind) => {
                let mut all: Vec<Column> = kind.fields.iter().map(own).collect();
                if let Some(noun) = kind.own {
                    all.extend(own_columns(&Fields::in_force(tx, noun).await?));
                }
                Ok(all)
            }
            Kind::Own(kind, key) => (kind.columns)(tx, key).await,
        }
    }

    pub(super) fn prepare(&self) -> Option<Prepare> {
        match self {
            Kind::Ours(kind) => kind.prepare,
            Kind::Own(..) => None,
        }
    }
}

/// How the column of a company's own field is called among ours.
fn own_key(field: &str) -> String {
    format!("custom.{field}")
}

/// Columns of the company's own fields. None is required of a sheet: a row that owes an answer is told so.
fn own_columns(fields: &Fields) -> Vec<Column> {
    let column = |f: &forms::Field| Column {
        key: own_key(&f.key),
        zh: said(&f.label, problem::Lang::Zh),
        en: said(&f.label, problem::Lang::En),
        required: false,
        also: vec![f.key.clone()],
        example: custom::sheet::example(fields.spec(), f),
    };
    fields.asked().map(column).collect()
}

/// Headings to fields: equal to a label or one of its other names.
pub(super) fn guess(fields: &[Column], columns: &[String]) -> BTreeMap<String, Option<usize>> {
    let normal = |s: &str| s.trim().trim_end_matches('*').trim().to_lowercase();
    let find = |f: &Column| {
        columns.iter().position(|c| {
            let c = normal(c);
            c == normal(&f.zh) || c == normal(&f.en) || c == f.key || f.also.contains(&c)
        })
    };
    fields.iter().map(|f| (f.key.clone(), find(f))).collect()
}
