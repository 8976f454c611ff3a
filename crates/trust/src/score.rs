//! From findings to a score and a colour. Additive and by rules on purpose: every step can be explained.

use std::collections::BTreeMap;

use crate::{
    catalogue::Group,
    model::{Assessment, Band, Finding},
};

/// Below this, nothing needs to be said.
pub const AMBER: f64 = 0.3;
pub const RED: f64 = 0.7;
/// A single rule this strong may make red alone.
const STRONG: f64 = 0.85;
/// An independent group counts towards red from this weight.
const INDEPENDENT: f64 = 0.4;

/// Combines findings: of each group of correlated rules only the strongest counts, groups combine as
/// independent doubts, 1 − ∏(1 − w). Red needs one strong rule or two independent groups. `known` says
/// whether there was enough data to call it green.
pub fn assess(mut findings: Vec<Finding>, known: bool) -> Assessment {
    findings.sort_by(|a, b| {
        b.weight.total_cmp(&a.weight).then(a.code.cmp(&b.code)).then(a.from_ms.cmp(&b.from_ms))
    });
    let mut strongest: BTreeMap<Group, f64> = BTreeMap::new();
    for f in &findings {
        let w = strongest.entry(f.group()).or_insert(0.0);
        *w = w.max(f.weight);
    }
    let score = 1.0 - strongest.values().map(|w| 1.0 - w).product::<f64>();
    let strong = strongest.values().any(|w| *w >= STRONG)
        || strongest.values().filter(|w| **w >= INDEPENDENT).count() >= 2;
    let band = if score >= RED && strong {
        Band::Red
    } else if score >= AMBER {
        Band::Amber
    } else if known {
        Band::Green
    } else {
        Band::Grey
    };
    Assessment { score: (score * 1e4).round() / 1e4, band, findings }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Code;

    fn found(code: Code, weight: f64) -> Finding {
        Finding::new(code, weight, (0, 1), &[])
    }

    #[test]
    fn correlated_rules_count_once() {
        let a = assess(vec![found(Code::AccConst, 0.5), found(Code::StaticExact, 0.6)], true);
        assert_eq!((a.score, a.band), (0.6, Band::Amber));
    }

    #[test]
    fn red_needs_strong_or_independent_evidence() {
        let lone = assess(vec![found(Code::Hop, 0.8)], true);
        assert_eq!(lone.band, Band::Amber);
        let two = assess(vec![found(Code::Hop, 0.6), found(Code::ClockStep, 0.5)], true);
        assert_eq!((two.band, two.score), (Band::Red, 0.8));
        assert_eq!(assess(vec![found(Code::Mock, 0.95)], true).band, Band::Red);
    }

    #[test]
    fn weak_rules_never_make_red_and_the_unknown_is_grey() {
        let weak = [Code::NetOnlyAtVisit, Code::Together, Code::Elsewhere, Code::Late, Code::DeviceNew];
        let all = assess(weak.iter().map(|c| found(*c, 1.0)).collect(), true);
        assert!(all.band <= Band::Amber, "{all:?}");
        assert_eq!(assess(vec![], false).band, Band::Grey);
        assert_eq!(assess(vec![], true).band, Band::Green);
    }
}
