//! Ready sets of steps of common trades, to begin with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NewStep;

/// A ready set of steps.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadyTemplate {
    pub key: String,
    pub trade: String,
    pub trade_en: String,
    pub name: String,
    pub name_en: String,
    /// visit, tour, inspection, promotion, repair or sample.
    pub kind: String,
    pub min_stay_s: Option<i64>,
    pub steps: Vec<NewStep>,
}

const READY: [&str; 7] = [
    include_str!("library/fast_goods.json"),
    include_str!("library/drinks.json"),
    include_str!("library/pharma.json"),
    include_str!("library/building.json"),
    include_str!("library/repair.json"),
    include_str!("library/inspection.json"),
    include_str!("library/new_customer.json"),
];

/// All ready sets.
pub fn all() -> Vec<ReadyTemplate> {
    READY.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

#[cfg(test)]
mod tests {
    use api::Checks;

    use super::{
        super::{KINDS, check_stay, check_steps},
        *,
    };

    #[test]
    fn every_ready_set_can_be_saved_in_both_languages() {
        let all = all();
        assert_eq!(all.len(), READY.len(), "one of them is no set of steps");
        for ready in all {
            let mut checks = Checks::new();
            check_steps(&mut checks, "steps", &ready.steps);
            check_stay(&mut checks, ready.min_stay_s);
            assert!(checks.done().is_ok(), "{}", ready.key);
            assert!(
                KINDS.contains(&ready.kind.as_str()) && ready.name.chars().count() <= 60,
                "{}",
                ready.key
            );
            assert!(ready.steps.iter().all(|s| s.title_en.is_some() && s.form_id.is_none()), "{}", ready.key);
        }
    }
}
