//! Records of objects.

mod export;
mod http;
mod import;
mod report;
pub(crate) mod sql;
mod store;

pub(crate) use http::routes;
pub use store::{Filled, erase, fill_in};

use std::collections::BTreeMap;

use base::Micros;
use formbook::files::FormFile;
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{MyObject, Text};

/// A record in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectRecordRow {
    pub id: Uuid,
    /// Its number, given by the server.
    pub code: String,
    /// What its naming field says, else its number.
    pub title: String,
    pub owner: Ref,
    pub department: Ref,
    /// Version of the fields.
    pub number: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub score: Option<f64>,
    /// How often it was changed.
    pub edits: i64,
    /// By field key. In lists a place shows only that there is one: `{"hidden": true}`.
    #[schema(value_type = Object)]
    pub answers: Map<String, Value>,
    /// Names of the customers, people, equipment and products the answers refer to, by id, as far as the reader may see them.
    pub names: BTreeMap<String, String>,
    /// How its approval stands; absent when it needs none.
    pub approval: Option<ObjectApproval>,
    pub version: i64,
}

/// The approval of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectApproval {
    pub id: Uuid,
    /// running, returned, approved, rejected or withdrawn.
    pub status: String,
}

/// What a record said before a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectEdit {
    /// change, owner or delete.
    pub kind: String,
    pub by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub reason: String,
    /// Whose it was.
    pub owner: Ref,
    /// Version of the fields it had.
    pub number: i64,
    #[schema(value_type = Object)]
    pub before: Map<String, Value>,
}

/// A record with its fields and its changes, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectRecord {
    #[serde(flatten)]
    pub row: ObjectRecordRow,
    pub object: MyObject,
    /// The FormSpec it was filled in with.
    #[schema(value_type = Object)]
    pub spec: Value,
    pub created_by: Ref,
    /// May the reader change it, and delete it?
    pub may_change: bool,
    pub may_delete: bool,
    /// Files and pictures the answers name, also earlier ones, as far as they are here.
    pub files: Vec<FormFile>,
    pub history: Vec<ObjectEdit>,
}

/// A record that refers to something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectLink {
    pub object_key: String,
    pub object_name: Text,
    pub icon: String,
    pub id: Uuid,
    pub code: String,
    pub title: String,
    pub owner: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
}
