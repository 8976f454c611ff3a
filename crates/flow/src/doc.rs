//! The document of a flow, as it is stored and drawn.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A flow: nodes from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Of this format; 1.
    #[serde(default = "first")]
    pub v: u32,
    pub nodes: Vec<Node>,
    /// Whoever approved a step is not asked again at the step right after it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

fn first() -> u32 {
    1
}

/// One node. `id` is unique in the flow and names the node in cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub id: String,
    /// As the company calls it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(flatten)]
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// People are asked.
    Approve(Approve),
    /// People are told.
    Copy { who: Who },
    /// The first lane whose formula holds is taken; the last one has none and is taken else.
    Branch { lanes: Vec<Lane> },
    /// All lanes are taken at once; what follows waits for all of them.
    Parallel { lanes: Vec<Lane> },
}

/// A lane of a branch or of parallel ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Formula over `form`, `user` (who requests: name, department, departments up to the company, post), `customer`,
    /// `task` and `today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    pub nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approve {
    pub who: Who,
    #[serde(default)]
    pub how: How,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Where the requester himself would be asked he is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_own: bool,
    /// What happens when there is nobody to ask.
    #[serde(default)]
    pub empty: Empty,
}

/// Who is asked or told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Who {
    /// Everybody with the role.
    Role {
        role: Uuid,
    },
    /// Heads of a department above the requester: 1 is his own, 2 the one above. `up_to`: of all levels from 1 on.
    Heads {
        level: u8,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        up_to: bool,
    },
    Named {
        people: Vec<Uuid>,
    },
    /// The requester chooses, at most so many; never himself. A step he chose nobody for goes back to him, whatever its
    /// [`Empty`] says.
    Chosen {
        most: u8,
    },
    /// The person a field of the form names; the administrators when it names the requester.
    Field {
        field: String,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Everybody must approve; asked at once.
    All,
    /// One is enough.
    #[default]
    Any,
    /// Everybody must approve; asked one after another.
    InTurn,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// The administrators are asked.
    #[default]
    Admin,
    /// The step is passed.
    Skip,
    /// The case goes back to the requester.
    Return,
}

/// How long somebody may take, from when he is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub minutes: u32,
    /// He is reminded after so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind: Option<u32>,
    pub then: Then,
}

/// What happens when the time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// He is reminded, and goes on being asked.
    Remind,
    /// The head above is asked in his place.
    Escalate,
    Approve,
    Reject,
}
