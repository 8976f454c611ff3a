use base::LocalDay;
use geo::LngLat;
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Contact, CustomerPeople, OpeningHours, Whom};

/// A customer (or prospect) as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Customer {
    pub id: Uuid,
    /// Number in the company's own books, unique.
    pub code: Option<String>,
    pub name: String,
    /// A, B or C.
    pub grade: Option<String>,
    pub class: Ref,
    pub tags: Vec<String>,
    pub address: Option<String>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    /// Fence radius in metres: the customer's own, else its class's.
    pub radius_m: i64,
    pub owner: Option<Ref>,
    pub department: Ref,
    pub territory: Option<Ref>,
    /// active, prospect or archived.
    pub status: String,
    pub contact: Option<Contact>,
    #[schema(value_type = Option<String>, format = Date)]
    pub last_visit_day: Option<LocalDay>,
    pub note: Option<String>,
    pub hours: OpeningHours,
    /// Who is to visit him besides his owner, and who never.
    pub whom: CustomerPeople,
    /// Answers to the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
}

/// A customer as planning and fences need it.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: Uuid,
    pub name: String,
    pub grade: Option<String>,
    pub at: Option<LngLat>,
    pub radius_m: i64,
    /// Shortest stay of an effective visit, seconds.
    pub min_stay_s: i64,
    pub address: Option<String>,
    pub class_id: Uuid,
    pub owner_id: Option<Uuid>,
    pub department_id: Uuid,
    pub status: String,
    pub hours: OpeningHours,
    pub whom: Whom,
}

/// An active customer as frequency plans and territories need it.
#[derive(Debug, Clone)]
pub struct Served {
    pub place: Place,
    pub tags: Vec<String>,
    pub last_visit_day: Option<LocalDay>,
    pub territory_id: Option<Uuid>,
    /// Answers to the company's own fields.
    pub custom: serde_json::Map<String, serde_json::Value>,
    pub version: i64,
}

/// What a search may be of a telephone number: its digits, when it is nothing else and has at least four.
pub(crate) fn phone_part(q: &str) -> Option<String> {
    let others = |c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '+');
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 4 && !q.contains(others)).then_some(digits)
}

/// A telephone number with its middle hidden: 138****2207.
pub fn masked(phone: &str) -> String {
    let digits = phone.chars().count();
    if digits < 7 {
        return "*".repeat(digits);
    }
    let mask = |(i, c)| if i >= 3 && i + 4 < digits { '*' } else { c };
    phone.chars().enumerate().map(mask).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(super::masked("13812342207"), "138****2207");
        assert_eq!(super::masked("12345"), "*****");
    }

    #[test]
    fn four_digits_are_part_of_a_number() {
        assert_eq!(super::phone_part(" 138-1234 ").as_deref(), Some("1381234"));
        assert_eq!(super::phone_part("2207").as_deref(), Some("2207"));
        for q in ["207", "珠江路 8888", "K-0001", "%2207", ""] {
            assert_eq!(super::phone_part(q), None, "{q}");
        }
    }
}
