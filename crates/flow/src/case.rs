//! A running case: where it stands, who is asked, what has happened.

use std::collections::{BTreeMap, BTreeSet};

use base::Micros;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::doc::How;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not handed in yet.
    New,
    Running,
    /// Waits for the requester to hand it in again.
    Returned,
    Approved,
    Rejected,
    Withdrawn,
}

impl Status {
    pub const fn key(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Running => "running",
            Status::Returned => "returned",
            Status::Approved => "approved",
            Status::Rejected => "rejected",
            Status::Withdrawn => "withdrawn",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, Status::Approved | Status::Rejected | Status::Withdrawn)
    }
}

/// A case. Made by [`Case::new`] and changed by [`crate::apply`] alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub status: Status,
    pub requester: Uuid,
    /// How often it was handed in.
    pub round: u32,
    /// How often it was sent back, to a step or to the requester.
    pub returns: u32,
    /// Steps it stands at; several inside parallel lanes.
    pub posts: Vec<Post>,
    /// Parallel nodes whose lanes are not all through.
    pub(crate) groups: BTreeMap<String, Group>,
    /// Steps passed in this round, in order.
    pub passed: Vec<String>,
    /// People the requester chose, by step.
    pub chosen: BTreeMap<String, Vec<Uuid>>,
    pub(crate) urged_at: Option<Micros>,
    /// Number of the next ask.
    pub(crate) asks: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// Lanes that are not through.
    pub left: usize,
    /// Who approved last in those that are.
    pub just: BTreeSet<Uuid>,
}

/// A step the case stands at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub node: String,
    pub how: How,
    pub slots: Vec<Slot>,
}

/// One approval the step needs: the person, with signers added before and after him.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    pub chain: Vec<Ask>,
}

/// One person's place in a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Unique in the case.
    pub id: u64,
    pub person: Uuid,
    /// Whose place it was before a transfer, an absence or an escalation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Uuid>,
    pub approved: bool,
    /// Since when he is asked; absent while others come first.
    pub since: Option<Micros>,
    pub(crate) reminded: bool,
    /// His time is over, and what was to happen has happened.
    pub(crate) lapsed: bool,
    /// How often it went to a higher head.
    pub(crate) higher: u8,
}

impl Slot {
    pub fn is_done(&self) -> bool {
        self.chain.iter().all(|a| a.approved)
    }
}

impl Post {
    /// Has the step what it needs?
    pub fn is_done(&self) -> bool {
        match self.how {
            How::Any => self.slots.iter().any(Slot::is_done),
            How::All | How::InTurn => self.slots.iter().all(Slot::is_done),
        }
    }

    /// Places (slot, position in its chain) of those who are asked now.
    pub(crate) fn asked(&self) -> Vec<(usize, usize)> {
        let waiting = self
            .slots
            .iter()
            .enumerate()
            .filter_map(|(s, slot)| slot.chain.iter().position(|a| !a.approved).map(|k| (s, k)));
        match self.how {
            How::InTurn => waiting.take(1).collect(),
            How::All | How::Any => waiting.collect(),
        }
    }

    pub(crate) fn involves(&self, person: Uuid) -> bool {
        self.slots.iter().flat_map(|s| &s.chain).any(|a| a.person == person)
    }
}

impl Case {
    pub fn new(requester: Uuid) -> Case {
        Case {
            status: Status::New,
            requester,
            round: 0,
            returns: 0,
            posts: vec![],
            groups: BTreeMap::new(),
            passed: vec![],
            chosen: BTreeMap::new(),
            urged_at: None,
            asks: 0,
        }
    }

    /// Who is asked now, with the step.
    pub fn asked(&self) -> Vec<(&str, &Ask)> {
        let of = |p| {
            let post: &Post = p;
            post.asked().into_iter().map(move |(s, k)| (post.node.as_str(), &post.slots[s].chain[k]))
        };
        self.posts.iter().flat_map(of).collect()
    }
}

/// Something that happened, for the trail and for who is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub what: What,
    pub node: Option<String>,
    /// Who did it, or whom it is about.
    pub person: Option<Uuid>,
    /// In whose place.
    pub instead_of: Option<Uuid>,
    /// Whom it went to.
    pub to: Option<Uuid>,
    /// The lane of a branch, from 0.
    pub lane: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Submitted,
    /// What is asked for was changed. While it ran or after it was approved it begins anew.
    Changed,
    TookLane,
    Asked,
    /// An absent person's place is taken by his deputy.
    StoodIn,
    Copied,
    SkippedOwn,
    SkippedRepeat,
    SkippedEmpty,
    ToAdmin,
    Approved,
    Rejected,
    ReturnedToStep,
    Returned,
    /// Nobody could be asked, so it went back.
    ReturnedEmpty,
    Transferred,
    SignerBefore,
    SignerAfter,
    Withdrawn,
    Urged,
    Commented,
    Reminded,
    Escalated,
    ApprovedByTime,
    RejectedByTime,
    /// Somebody who left is not asked any more.
    Dropped,
    /// The case is approved as a whole.
    Completed,
}

impl What {
    /// As it is stored and shown: `approved_by_time`.
    pub fn key(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(key)) => key,
            _ => String::new(),
        }
    }
}

impl Said {
    pub(crate) fn new(what: What) -> Said {
        Said { what, node: None, person: None, instead_of: None, to: None, lane: None }
    }

    pub(crate) fn at(mut self, node: &str) -> Said {
        self.node = Some(node.to_owned());
        self
    }

    pub(crate) fn of(mut self, person: Uuid) -> Said {
        self.person = Some(person);
        self
    }

    pub(crate) fn instead(mut self, of: Option<Uuid>) -> Said {
        self.instead_of = of;
        self
    }

    pub(crate) fn to(mut self, person: Uuid) -> Said {
        self.to = Some(person);
        self
    }
}
