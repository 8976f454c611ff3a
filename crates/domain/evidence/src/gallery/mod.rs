//! All pictures of visits and forms in one place: whose, where, when, and the question each answers.

mod http;
mod sql;

pub(crate) use http::routes;

use base::{LocalDay, Micros};
use forms::{Field, FieldKind, FormSpec};
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A picture with what it belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GalleryPhoto {
    pub id: Uuid,
    pub employee: Ref,
    /// Absent, like the visit, for what was filled in outside visits.
    pub customer: Option<Ref>,
    pub visit_id: Option<Uuid>,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// By the phone's clock; when it was filled in, for what a camera of others took.
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
    /// The form whose question it answers.
    pub form: Option<GalleryForm>,
    /// Taken with the app's own camera at that moment.
    pub live: bool,
}

/// A question of a form that a picture answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GalleryForm {
    pub id: Uuid,
    pub record_id: Uuid,
    pub title: formbook::Text,
    /// Key of the field; `rows.pic` in a table; absent for a picture that was taken out of the answers again.
    pub field: Option<String>,
    pub label: Option<formbook::Text>,
}

/// The field whose answer names this picture.
fn field_of<'a>(spec: &'a FormSpec, answers: &Map<String, Value>, id: &str) -> Option<(String, &'a Field)> {
    at(&spec.fields, answers, id)
}

fn at<'a>(fields: &'a [Field], answers: &Map<String, Value>, id: &str) -> Option<(String, &'a Field)> {
    fields.iter().find_map(|field| {
        let value = answers.get(&field.key)?;
        let among = |v: &Value| v.as_array().is_some_and(|all| all.iter().any(|one| one == id));
        let named = match &field.kind {
            FieldKind::Photo { .. } => among(value),
            FieldKind::Check(_) => value.get("photos").is_some_and(among),
            FieldKind::Signature => value == id,
            FieldKind::Table { fields, .. } => {
                let rows = value.as_array().into_iter().flatten().filter_map(Value::as_object);
                let inner = rows.filter_map(|row| at(fields, row, id)).next();
                return inner.map(|(key, of)| (format!("{}.{key}", field.key), of));
            }
            _ => false,
        };
        named.then(|| (field.key.clone(), field))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_picture_is_found_where_it_is_named() {
        let spec: FormSpec = serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
            { "key": "front", "type": "photo", "label": { "en": "f" } },
            { "key": "floor", "type": "check", "label": { "en": "c" } },
            { "key": "sign", "type": "signature", "label": { "en": "s" } },
            { "key": "rows", "type": "table", "label": { "en": "r" }, "fields": [{ "key": "pic", "type": "photo", "label": { "en": "p" } }] },
        ] }))
        .unwrap();
        let answers = json!({ "front": ["a"], "floor": { "result": "fail", "photos": ["b"] }, "sign": "c", "rows": [{}, { "pic": ["d"] }] });
        let answers = answers.as_object().unwrap();
        let key = |id| field_of(&spec, answers, id).map(|(key, _)| key);
        assert_eq!(key("a").as_deref(), Some("front"));
        assert_eq!(key("b").as_deref(), Some("floor"));
        assert_eq!(key("c").as_deref(), Some("sign"));
        assert_eq!(key("d").as_deref(), Some("rows.pic"));
        assert_eq!(key("e"), None);
    }
}
