//! Objects as they are shown.

use base::Micros;
use formbook::FormPage;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::grants::{Grants, ObjectGrant};

/// Texts by language.
pub type Text = std::collections::BTreeMap<String, String>;

/// An object in the list of those who design them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectLine {
    /// Also the id of the form that holds its fields.
    pub id: Uuid,
    /// Name in addresses and the API.
    pub key: String,
    pub name: Text,
    pub icon: String,
    /// Newest published version of its fields; absent while there is none.
    pub published: Option<i64>,
    pub retired: bool,
    /// Records of the company, whoever sees them.
    pub records: i64,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub version: i64,
}

/// An object as it is designed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectDefinition {
    #[serde(flatten)]
    pub line: ObjectLine,
    /// Key of the field that names a record; absent: its number does.
    pub title_field: Option<String>,
    /// Keys of the fields the list shows.
    pub columns: Vec<String>,
    /// Pattern of the numbers: `CX-{yyyy}{mm}-{0000}`.
    pub numbering: String,
    /// The number a record made now would get.
    pub next_code: String,
    /// By key of the role. Administrators may everything.
    #[schema(value_type = std::collections::BTreeMap<String, ObjectGrant>)]
    pub grants: Grants,
    /// Its fields, to be changed and published as every form.
    pub form: FormPage,
}

/// An object the acting person may use.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyObject {
    pub id: Uuid,
    pub key: String,
    pub name: Text,
    pub icon: String,
    /// Version of its fields that new records are filled in with.
    pub number: i64,
    /// No new records; the known ones stay.
    pub retired: bool,
    /// What his role may.
    pub may: ObjectGrant,
}

/// The same with its fields.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectFace {
    #[serde(flatten)]
    pub object: MyObject,
    pub title_field: Option<String>,
    pub columns: Vec<String>,
    /// A FormSpec.
    #[schema(value_type = Object)]
    pub spec: Value,
}
