//! What can be approved, as the floors above tell it.

use db::{BoxFuture, Reader, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Text;

/// A definition by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubjectLine {
    /// form, leave, …
    pub kind: String,
    /// Nil for kinds there is one of.
    pub id: Uuid,
    pub title: Text,
}

/// A field formulas may look at as `form.<key>`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubjectField {
    pub key: String,
    pub label: Text,
    /// text, number, yes_no, choice, date, employee, … as in forms.
    #[serde(rename = "type")]
    pub kind: String,
    /// What a choice can be, as far as that is known.
    pub options: Vec<SubjectOption>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubjectOption {
    pub value: String,
    pub label: Text,
}

/// Tells the definitions of one kind. Implemented by the floor that has them; the composition hands it down.
pub trait Subjects: Send + Sync + 'static {
    /// `form`, `leave`, …: stable, as stored with cases.
    fn kind(&self) -> &'static str;

    /// Definitions that can be used now.
    fn all<'a>(&'a self, r: &'a mut Reader) -> BoxFuture<'a, Result<Vec<SubjectLine>>>;

    /// Fields of one; `None` when there is no such definition.
    fn fields<'a>(&'a self, r: &'a mut Reader, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<SubjectField>>>>;
}
