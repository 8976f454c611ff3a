//! A flow made ready: its faults found, its formulas compiled, and for each node what comes next.

use std::collections::{BTreeMap, HashSet};

use forms::Formula;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::Case,
    doc::{Approve, Empty, Flow, Kind, Lane, Node, Who},
    people::People,
};

/// Fields of what is approved, by key: does the field name a person?
pub type Fields = BTreeMap<String, bool>;

const MOST_NODES: usize = 100;
const MOST_LANES: usize = 8;
const MOST_DEPTH: usize = 6;
const MOST_PEOPLE: usize = 50;
const MOST_MINUTES: u32 = 60 * 24 * 90;

/// A fault of a flow, at a node (empty for the flow itself) and the part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub node: String,
    /// `nodes id name lanes when who limit`; of a lane with its number from 0: `lanes.1.when`.
    pub part: String,
    /// One of: `missing twice key too_long too_many too_deep empty no_else no_step level limits unknown_role
    /// unknown_person unknown_field not_person nobody version`, or a formula's own fault.
    pub code: String,
    /// Characters from the start of the formula.
    pub at: usize,
    /// The word at fault.
    pub word: String,
}

/// What comes after a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    At(String),
    /// The end of a lane of this parallel node.
    Join(String),
    End,
}

#[derive(Debug)]
pub(crate) enum Stop {
    Approve(Approve),
    Copy(Who),
    Branch(Vec<(Option<Formula>, Next)>),
    Parallel(Vec<Next>),
}

#[derive(Debug)]
pub(crate) struct Seat {
    pub stop: Stop,
    pub next: Next,
    /// The parallel lanes it lies in, outermost first.
    pub lanes: Vec<(String, usize)>,
}

/// A flow ready to run.
#[derive(Debug)]
pub struct Plan {
    pub(crate) seats: BTreeMap<String, Seat>,
    pub(crate) first: Next,
    pub(crate) once: bool,
    names: BTreeMap<String, String>,
}

impl Plan {
    /// Checks a flow against the fields of what is approved and, before it is published, against the people there are.
    ///
    /// # Errors
    /// Every [`Fault`] found.
    pub fn new(flow: &Flow, fields: &Fields, people: Option<&dyn People>) -> Result<Plan, Vec<Fault>> {
        let form = fields.keys().cloned().collect();
        let known = forms::Fields { form, row: HashSet::new() };
        let mut reader =
            Reader { fields, known, people, faults: vec![], seats: BTreeMap::new(), names: BTreeMap::new() };
        if flow.v != 1 {
            reader.say("", "nodes", "version", &flow.v.to_string());
        }
        if count(&flow.nodes) > MOST_NODES {
            reader.say("", "nodes", "too_many", &MOST_NODES.to_string());
        } else if depth(&flow.nodes) > MOST_DEPTH {
            reader.say("", "nodes", "too_deep", &MOST_DEPTH.to_string());
        } else {
            let first = reader.lane(&flow.nodes, Next::End, &[]);
            if !reader.seats.values().any(|s| matches!(s.stop, Stop::Approve(_))) {
                reader.say("", "nodes", "no_step", "");
            }
            if reader.faults.is_empty() {
                return Ok(Plan { seats: reader.seats, first, once: flow.once, names: reader.names });
            }
        }
        Err(reader.faults)
    }

    /// The name the company gave a node; empty when there is none.
    pub fn name(&self, node: &str) -> &str {
        self.names.get(node).map_or("", String::as_str)
    }

    /// Steps whose people the requester chooses, with the most he may.
    pub fn chosen(&self) -> Vec<(&str, u8)> {
        let steps = self.seats.iter().filter_map(|(id, seat)| match &seat.stop {
            Stop::Approve(Approve { who: Who::Chosen { most }, .. }) | Stop::Copy(Who::Chosen { most }) => {
                Some((id.as_str(), *most))
            }
            _ => None,
        });
        steps.collect()
    }

    /// Everybody the flow names and every role it asks, for reading them beforehand.
    pub fn named(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        let (mut people, mut roles) = (vec![], vec![]);
        for seat in self.seats.values() {
            let who = match &seat.stop {
                Stop::Approve(a) => &a.who,
                Stop::Copy(who) => who,
                _ => continue,
            };
            match who {
                Who::Named { people: named } => people.extend(named),
                Who::Role { role } => roles.push(*role),
                _ => {}
            }
        }
        (people, roles)
    }

    /// Steps a case may be sent back to by somebody asked at `node`, in the order they were passed.
    pub fn back_from<'a>(&self, case: &'a Case, node: &str) -> Vec<&'a str> {
        let reach = |step: &&String| self.strand_holds(step, node);
        case.passed.iter().filter(reach).map(String::as_str).collect()
    }

    /// Does `node` lie in the strand of `step`: in the same parallel lane, or deeper?
    pub(crate) fn strand_holds(&self, step: &str, node: &str) -> bool {
        match (self.seats.get(step), self.seats.get(node)) {
            (Some(step), Some(node)) => node.lanes.starts_with(&step.lanes),
            _ => false,
        }
    }

    pub(crate) fn approve(&self, node: &str) -> Option<&Approve> {
        match &self.seats.get(node)?.stop {
            Stop::Approve(a) => Some(a),
            _ => None,
        }
    }
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|n| 1 + lanes(n).iter().map(|l| count(&l.nodes)).sum::<usize>()).sum()
}

fn depth(nodes: &[Node]) -> usize {
    nodes.iter().map(|n| 1 + lanes(n).iter().map(|l| depth(&l.nodes)).max().unwrap_or(0)).max().unwrap_or(0)
}

fn lanes(node: &Node) -> &[Lane] {
    match &node.kind {
        Kind::Branch { lanes } | Kind::Parallel { lanes } => lanes,
        _ => &[],
    }
}

struct Reader<'a> {
    fields: &'a Fields,
    known: forms::Fields,
    people: Option<&'a dyn People>,
    faults: Vec<Fault>,
    seats: BTreeMap<String, Seat>,
    names: BTreeMap<String, String>,
}

impl Reader<'_> {
    fn say(&mut self, node: &str, part: &str, code: &str, word: &str) {
        self.faults.push(Fault {
            node: node.into(),
            part: part.into(),
            code: code.into(),
            at: 0,
            word: word.into(),
        });
    }

    /// Seats the nodes of one lane; answers where it begins.
    fn lane(&mut self, nodes: &[Node], after: Next, inside: &[(String, usize)]) -> Next {
        let begins = |k: usize| nodes.get(k).map_or(after.clone(), |n| Next::At(n.id.clone()));
        for (k, node) in nodes.iter().enumerate() {
            let next = begins(k + 1);
            self.node(node, next, inside);
        }
        begins(0)
    }

    fn node(&mut self, node: &Node, next: Next, inside: &[(String, usize)]) {
        let id = node.id.as_str();
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        if id.is_empty() || id.len() > 40 || !id.chars().all(good) {
            self.say(id, "id", "key", id);
        }
        if node.name.chars().count() > 40 {
            self.say(id, "name", "too_long", "40");
        }
        let stop = match &node.kind {
            Kind::Approve(step) => {
                self.step(id, step);
                Stop::Approve(step.clone())
            }
            Kind::Copy { who } => {
                self.who(id, who, Empty::Skip);
                Stop::Copy(who.clone())
            }
            Kind::Branch { lanes } => {
                self.lanes(id, lanes);
                if lanes.last().is_some_and(|l| l.when.is_some()) {
                    self.say(id, "lanes", "no_else", "");
                }
                if !lanes.is_empty() && lanes.iter().all(|l| l.nodes.is_empty()) {
                    self.say(id, "lanes", "empty", "");
                }
                let mut ways = vec![];
                for (k, lane) in lanes.iter().enumerate() {
                    let when = self.formula(id, lane, k, k + 1 == lanes.len());
                    ways.push((when, self.lane(&lane.nodes, next.clone(), inside)));
                }
                Stop::Branch(ways)
            }
            Kind::Parallel { lanes } => {
                self.lanes(id, lanes);
                let mut ways = vec![];
                for (k, lane) in lanes.iter().enumerate() {
                    if lane.nodes.is_empty() {
                        self.say(id, &format!("lanes.{k}"), "empty", "");
                    }
                    let mut inner = inside.to_vec();
                    inner.push((id.to_owned(), k));
                    ways.push(self.lane(&lane.nodes, Next::Join(id.to_owned()), &inner));
                }
                Stop::Parallel(ways)
            }
        };
        self.names.insert(id.to_owned(), node.name.clone());
        if self.seats.insert(id.to_owned(), Seat { stop, next, lanes: inside.to_vec() }).is_some() {
            self.say(id, "id", "twice", id);
        }
    }

    fn lanes(&mut self, id: &str, lanes: &[Lane]) {
        if lanes.len() < 2 {
            self.say(id, "lanes", "missing", "2");
        }
        if lanes.len() > MOST_LANES {
            self.say(id, "lanes", "too_many", &MOST_LANES.to_string());
        }
        for (k, lane) in lanes.iter().enumerate().filter(|(_, l)| l.name.chars().count() > 40) {
            self.say(id, &format!("lanes.{k}.name"), "too_long", &lane.name);
        }
    }

    fn formula(&mut self, id: &str, lane: &Lane, k: usize, last: bool) -> Option<Formula> {
        let part = format!("lanes.{k}.when");
        let Some(source) = &lane.when else {
            if !last {
                self.say(id, &part, "missing", "");
            }
            return None;
        };
        match Formula::compile(source, &self.known) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                let (code, word) = (fault.code.to_owned(), fault.name);
                self.faults.push(Fault { node: id.to_owned(), part, code, at: fault.at, word });
                None
            }
        }
    }

    fn step(&mut self, id: &str, step: &Approve) {
        self.who(id, &step.who, step.empty);
        if let Some(limit) = step.limit {
            let remind = limit.remind.is_none_or(|r| (1..limit.minutes).contains(&r));
            if !(1..=MOST_MINUTES).contains(&limit.minutes) || !remind {
                self.say(id, "limit", "limits", &MOST_MINUTES.to_string());
            }
        }
    }

    fn who(&mut self, id: &str, who: &Who, empty: Empty) {
        let nobody = empty == Empty::Return;
        match who {
            Who::Role { role } => match self.people.map(|p| p.role(*role)) {
                Some(None) => self.say(id, "who", "unknown_role", ""),
                Some(Some(people)) if people.is_empty() && nobody => self.say(id, "who", "nobody", ""),
                _ => {}
            },
            Who::Heads { level, .. } if !(1..=10).contains(level) => self.say(id, "who", "level", "10"),
            Who::Heads { .. } => {}
            Who::Named { people } => {
                let here = |p: &dyn People| people.iter().any(|one| p.is_here(*one));
                if people.is_empty() {
                    self.say(id, "who", "missing", "");
                } else if people.len() > MOST_PEOPLE {
                    self.say(id, "who", "too_many", &MOST_PEOPLE.to_string());
                } else if self.people.is_some_and(|p| !here(p)) {
                    self.say(id, "who", "nobody", "");
                }
            }
            Who::Chosen { most } if !(1..=20).contains(most) => self.say(id, "who", "limits", "20"),
            Who::Chosen { .. } => {}
            Who::Field { field } => match self.fields.get(field) {
                None => self.say(id, "who", "unknown_field", field),
                Some(false) => self.say(id, "who", "not_person", field),
                Some(true) => {}
            },
        }
    }
}
