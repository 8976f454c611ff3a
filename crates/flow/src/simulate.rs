//! "Who would get this?": the same machine, with everybody approving.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    case::{Case, Said, Status},
    machine::{Event, World, apply},
};

/// What would happen if everybody approved.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// In order.
    pub said: Vec<Said>,
    pub status: Status,
}

/// Runs a case from handing in to its end.
pub fn simulate(world: &World<'_>, requester: Uuid, chosen: BTreeMap<String, Vec<Uuid>>) -> Foreseen {
    let mut case = Case::new(requester);
    let mut said = apply(world, &mut case, Event::Submit { chosen }).unwrap_or_default();
    // a flow has at most a hundred steps of at most a few hundred people
    for _ in 0..10_000 {
        let next = case.asked().first().map(|(_, ask)| (ask.person, ask.id));
        let Some((by, ask)) = next else { break };
        match apply(world, &mut case, Event::Approve { by, ask }) {
            Ok(more) => said.extend(more),
            Err(_) => break,
        }
    }
    Foreseen { said, status: case.status }
}
