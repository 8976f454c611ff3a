//! Turn restriction relations.

use crate::profile::Tags;

/// From this way through this node to that way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Restriction {
    pub from: i64,
    pub via: i64,
    pub to: i64,
    pub only: bool,
    /// Absent: all vehicles.
    pub vehicle: Option<String>,
    pub except: String,
}

pub(super) enum Found {
    Rules(Vec<Restriction>),
    /// Is a restriction, but not one that is understood here.
    LeftOut,
}

/// Reads a relation of type `restriction`; members as (role, is a node, number).
pub(super) fn restriction(tags: &Tags, members: &[(String, bool, i64)]) -> Found {
    let Some((vehicle, value)) = tags.iter().find_map(|(key, value)| match key.split_once(':') {
        None if key == "restriction" => Some((None, value)),
        Some(("restriction", vehicle)) if vehicle != "conditional" && !vehicle.contains(':') => {
            Some((Some(vehicle.to_owned()), value))
        }
        _ => None,
    }) else {
        return Found::LeftOut;
    };
    let only = value.starts_with("only_");
    if !only && !value.starts_with("no_") {
        return Found::LeftOut;
    }
    let role = |role: &str, node: bool| -> Vec<i64> {
        members.iter().filter(|m| m.0 == role && m.1 == node).map(|m| m.2).collect()
    };
    let (from, to, via) = (role("from", false), role("to", false), role("via", true));
    let [via] = via[..] else { return Found::LeftOut };
    if from.is_empty() || to.is_empty() || !role("via", false).is_empty() {
        return Found::LeftOut;
    }
    let except = tags.get("except").unwrap_or("").to_owned();
    let pairs = from.iter().flat_map(|&f| to.iter().map(move |&t| (f, t)));
    let rule =
        |(from, to)| Restriction { from, via, to, only, vehicle: vehicle.clone(), except: except.clone() };
    Found::Rules(pairs.map(rule).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Vec<(String, bool, i64)> {
        vec![("from".into(), false, 1), ("via".into(), true, 7), ("to".into(), false, 2)]
    }

    #[test]
    fn plain_excepted_and_conditional() {
        let tags: Tags =
            [("type", "restriction"), ("restriction", "no_left_turn"), ("except", "bicycle;psv")]
                .into_iter()
                .collect();
        let Found::Rules(rules) = restriction(&tags, &members()) else { panic!() };
        assert_eq!((rules[0].from, rules[0].via, rules[0].to, rules[0].only), (1, 7, 2, false));
        assert_eq!(rules[0].except, "bicycle;psv");
        let tags: Tags = [("restriction:conditional", "no_left_turn @ (Mo-Fr)")].into_iter().collect();
        assert!(matches!(restriction(&tags, &members()), Found::LeftOut));
        let tags: Tags = [("restriction:hgv", "only_straight_on")].into_iter().collect();
        let Found::Rules(rules) = restriction(&tags, &members()) else { panic!() };
        assert!(rules[0].only && rules[0].vehicle.as_deref() == Some("hgv"));
    }

    #[test]
    fn a_way_in_the_middle_is_left_out() {
        let tags: Tags = [("restriction", "no_u_turn")].into_iter().collect();
        let with_way = vec![("from".into(), false, 1), ("via".into(), false, 3), ("to".into(), false, 2)];
        assert!(matches!(restriction(&tags, &with_way), Found::LeftOut));
    }
}
