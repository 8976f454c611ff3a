//! Ready forms of common trades, to begin with.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A ready form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LibraryForm {
    pub key: &'static str,
    /// A FormSpec.
    #[schema(value_type = Object)]
    pub spec: Value,
}

const FORMS: [(&str, &str); 6] = [
    ("store_check", include_str!("library/store_check.json")),
    ("standards_check", include_str!("library/standards_check.json")),
    ("display_check", include_str!("library/display_check.json")),
    ("equipment_check", include_str!("library/equipment_check.json")),
    ("competitor_report", include_str!("library/competitor_report.json")),
    ("pharma_visit", include_str!("library/pharma_visit.json")),
];

/// All ready forms.
pub fn all() -> Vec<LibraryForm> {
    FORMS
        .iter()
        .filter_map(|(key, text)| Some(LibraryForm { key, spec: serde_json::from_str(text).ok()? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom::walk;

    use crate::model::{Spec, is_key};

    #[test]
    fn every_ready_form_can_be_published_in_both_languages() {
        let forms = all();
        assert_eq!(forms.len(), FORMS.len(), "one of them is no JSON");
        for form in forms {
            let spec = Spec::read("spec", &form.spec).unwrap();
            assert_eq!(spec.faults(crate::model::Purpose::Step, ""), vec![], "{}", form.key);
            assert!(is_key(form.key));
            for (path, field) in walk(&spec.0.fields) {
                assert!(
                    ["zh-CN", "en"].iter().all(|l| field.label.contains_key(*l)),
                    "{}: {path} lacks a language",
                    form.key
                );
            }
        }
    }
}
