//! Employees.

mod erase;
mod http;
mod import;
mod responsible;
mod service;
pub(crate) mod sql;

pub use erase::erase_person;
pub(crate) use http::routes;
pub use responsible::{Boss, responsible};
pub(crate) use service::insert;
pub use service::{add, check};
pub(crate) use sql::rebuild_reach;
pub use sql::{by_ids, colleagues, field_workers, people, people_of_department, people_since, person};

use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{EmployeeDay, Ref};

/// An employee as upper floors need him.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub department_id: Uuid,
    pub department_name: String,
    pub post: Option<String>,
    /// active, left or erased.
    pub status: String,
    pub phone: Option<String>,
    pub role_key: String,
    pub role_reach: String,
    pub calendar_id: Option<Uuid>,
    pub policy_id: Option<Uuid>,
    /// Where his day starts: home or office.
    pub start_at: Option<LngLat>,
}

impl Person {
    pub fn as_ref(&self) -> Ref {
        Ref { id: self.id, name: self.name.clone() }
    }

    pub fn department(&self) -> Ref {
        Ref { id: self.department_id, name: self.department_name.clone() }
    }
}

/// An employee as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Employee {
    pub id: Uuid,
    pub name: String,
    /// Full pinyin and initials, for search.
    pub pinyin: String,
    pub code: Option<String>,
    pub login: Option<String>,
    pub phone: Option<String>,
    pub department: Ref,
    pub post: Option<String>,
    pub role: Ref,
    pub calendar_id: Option<Uuid>,
    pub policy_id: Option<Uuid>,
    /// active or left.
    pub status: String,
    #[schema(value_type = Option<Vec<f64>>)]
    pub start_at: Option<LngLat>,
    /// What he can do, in the company's own words.
    pub skills: Vec<String>,
    /// What is said of his days; what is absent follows the company.
    pub day: EmployeeDay,
    /// Answers to the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    /// Stable number to colour the initial with.
    pub color_seed: i64,
    pub version: i64,
}

/// A person to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEmployee {
    pub id: Option<Uuid>,
    #[schema(max_length = 40)]
    pub name: String,
    /// With a login he can sign in; without he is only on record.
    #[schema(max_length = 64)]
    pub login: Option<String>,
    /// Left out, one is made and shown once.
    pub password: Option<String>,
    #[schema(max_length = 32)]
    pub phone: Option<String>,
    /// Number in the company's own books, unique.
    #[schema(max_length = 40)]
    pub code: Option<String>,
    pub department_id: Uuid,
    pub role_id: Uuid,
    #[schema(max_length = 40)]
    pub post: Option<String>,
    pub calendar_id: Option<Uuid>,
    pub policy_id: Option<Uuid>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub start_at: Option<LngLat>,
    /// What he can do, in the company's own words.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub day: EmployeeDay,
    /// Answers to the company's own fields (`/custom-fields`), by key.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

/// Search text of a Chinese name: full pinyin, a space, initials (`zhangwei zw`).
pub fn pinyin_of(name: &str) -> String {
    use pinyin::ToPinyin;
    let (mut full, mut initials) = (String::new(), String::new());
    for c in name.chars() {
        match c.to_pinyin() {
            Some(p) => {
                full.push_str(p.plain());
                initials.push_str(p.first_letter());
            }
            None if c.is_alphanumeric() => {
                full.extend(c.to_lowercase());
                initials.extend(c.to_lowercase());
            }
            None => {}
        }
    }
    format!("{full} {initials}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_found_by_pinyin_and_initials() {
        assert_eq!(super::pinyin_of("张伟"), "zhangwei zw");
        assert_eq!(super::pinyin_of("李Anna"), "lianna lanna");
    }
}
