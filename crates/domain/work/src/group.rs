//! Customers of one group of a report: of a grade, with a tag, of a territory, or of none.

use std::str::FromStr;

use base::{Problem, problem};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// Whose visits and tasks are asked for: `grade:A`, `tag:冷链`, `territory:<id>`; with nothing behind the colon those of none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerGroup {
    Grade(Option<String>),
    Tag(Option<String>),
    Territory(Option<Uuid>),
}

impl FromStr for CustomerGroup {
    type Err = Problem;

    fn from_str(text: &str) -> Result<CustomerGroup, Problem> {
        let bad =
            || Problem::new(problem::INVALID).with("reason", "group").field("group", problem::BAD_VALUE);
        let (kind, name) = text.split_once(':').ok_or_else(bad)?;
        let name = Some(name).filter(|n| !n.is_empty());
        match kind {
            "grade" => Ok(CustomerGroup::Grade(name.map(str::to_owned))),
            "tag" => Ok(CustomerGroup::Tag(name.map(str::to_owned))),
            "territory" => {
                name.map(|n| n.parse().map_err(|_| bad())).transpose().map(CustomerGroup::Territory)
            }
            _ => Err(bad()),
        }
    }
}

impl<'de> Deserialize<'de> for CustomerGroup {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<CustomerGroup, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| serde::de::Error::custom("grade:…, tag:… or territory:…"))
    }
}

impl CustomerGroup {
    /// Kind, text and id for [`of_group`].
    pub(crate) fn args(group: Option<&CustomerGroup>) -> Vec<db::Val> {
        let (kind, text, id) = match group {
            None => (None, None, None),
            Some(CustomerGroup::Grade(grade)) => (Some("grade"), grade.clone(), None),
            // As it stands in the list of tags, quotes and all: exactly this one, on both engines.
            Some(CustomerGroup::Tag(tag)) => {
                let quoted = tag.as_ref().map(|t| serde_json::Value::from(t.as_str()).to_string());
                (Some("tag"), quoted, None)
            }
            Some(CustomerGroup::Territory(id)) => (Some("territory"), None, *id),
        };
        db::args![kind.map(str::to_owned), text, id]
    }
}

/// A condition on the customer of a row: kind, text and id are three parameters.
macro_rules! of_group {
    ($row:literal, $kind:literal, $text:literal, $id:literal) => {
        concat!(
            "AND (",
            $kind,
            " IS NULL OR EXISTS (SELECT 1 FROM customer g WHERE g.tenant_id = ",
            $row,
            ".tenant_id AND g.id = ",
            $row,
            ".customer_id \
             AND ((",
            $kind,
            " = 'grade' AND (g.grade = ",
            $text,
            " OR (",
            $text,
            " IS NULL AND g.grade IS NULL))) \
             OR (",
            $kind,
            " = 'tag' AND (REPLACE(g.tags, ",
            $text,
            ", '') <> g.tags OR (",
            $text,
            " IS NULL AND g.tags = '[]'))) \
             OR (",
            $kind,
            " = 'territory' AND (g.territory_id = ",
            $id,
            " OR (",
            $id,
            " IS NULL AND g.territory_id IS NULL)))))) "
        )
    };
}

pub(crate) use of_group;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_and_a_name_or_none() {
        let read = |text: &str| text.parse::<CustomerGroup>().ok();
        assert_eq!(read("grade:钻石"), Some(CustomerGroup::Grade(Some("钻石".into()))));
        assert_eq!(read("tag:a:b"), Some(CustomerGroup::Tag(Some("a:b".into()))));
        assert_eq!(read("territory:"), Some(CustomerGroup::Territory(None)));
        assert_eq!((read("territory:x"), read("class:x"), read("A")), (None, None, None));
    }
}
