//! One event applied to a case.

use std::collections::BTreeMap;

use base::Micros;
use forms::Surroundings;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    case::{Case, Said, Status, What},
    people::People,
    plan::{Next, Plan},
    walk::Walk,
};

/// A case is sent back at most so often; after that it can only be decided or withdrawn.
const MOST_RETURNS: u32 = 30;
/// Most signers one person's place grows to.
const MOST_SIGNERS: usize = 10;
/// The requester may urge again after this long.
const URGE_AGAIN: i64 = 10 * Micros::MINUTE;

/// What happens to a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The requester hands it in, for the first time or after it was returned, with the people he chose by step.
    Submit {
        chosen: BTreeMap<String, Vec<Uuid>>,
    },
    Approve {
        by: Uuid,
        ask: u64,
    },
    Reject {
        by: Uuid,
        ask: u64,
    },
    /// Back to a step that was passed, or to the requester.
    Return {
        by: Uuid,
        ask: u64,
        to: Option<String>,
    },
    /// Somebody else decides.
    Transfer {
        by: Uuid,
        ask: u64,
        to: Uuid,
    },
    /// Somebody else decides too.
    AddSigner {
        by: Uuid,
        ask: u64,
        who: Uuid,
        side: Side,
    },
    Withdraw {
        by: Uuid,
    },
    Urge {
        by: Uuid,
    },
    Comment {
        by: Uuid,
    },
    /// What is asked for was changed by somebody who may. Returned it is handed in again, running or approved it begins
    /// anew, rejected or withdrawn it keeps its outcome.
    Change {
        by: Uuid,
    },
    /// Time has passed.
    Tick,
    /// Somebody left or is absent: his deputy or his head decides.
    Away {
        person: Uuid,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the case is over or waits for its requester")]
    NotRunning,
    #[error("this person is not asked")]
    NotAsked,
    #[error("only the requester may do this")]
    NotRequester,
    #[error("the case was not returned")]
    NotReturned,
    #[error("no step to go back to")]
    NoSuchStep,
    #[error("this person cannot be asked")]
    NotFit,
    #[error("asked already at this step")]
    AskedAlready,
    #[error("too often")]
    TooOften,
    #[error("too soon")]
    TooSoon,
}

/// What a case is judged by: its flow, the people, what is asked for, and the time.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub plan: &'a Plan,
    pub people: &'a dyn People,
    /// Answers of the form, by key.
    pub form: &'a Map<String, Value>,
    pub around: &'a Surroundings,
    pub now: Micros,
}

/// Applies an event; answers what happened. A refused event leaves the case as it was.
///
/// # Errors
/// [`Refused`].
pub fn apply(world: &World<'_>, case: &mut Case, event: Event) -> Result<Vec<Said>, Refused> {
    let World { plan, people, form, around, now } = *world;
    let mut walk = Walk { plan, case, people, form, around, now, said: vec![] };
    match event {
        Event::Submit { chosen } => walk.submit(chosen)?,
        Event::Approve { by, ask } => walk.approve(by, ask)?,
        Event::Reject { by, ask } => walk.reject(by, ask)?,
        Event::Return { by, ask, to: None } => walk.return_to_requester(by, ask)?,
        Event::Return { by, ask, to: Some(step) } => walk.return_to_step(by, ask, step)?,
        Event::Transfer { by, ask, to } => walk.transfer(by, ask, to)?,
        Event::AddSigner { by, ask, who, side } => walk.add_signer(by, ask, who, side)?,
        Event::Withdraw { by } => walk.withdraw(by)?,
        Event::Urge { by } => walk.urge(by)?,
        Event::Comment { by } => walk.say(Said::new(What::Commented).of(by)),
        Event::Change { by } => walk.change(by),
        Event::Tick => walk.tick(),
        Event::Away { person } => walk.away(person),
    }
    Ok(walk.said)
}

/// Where an ask is: post, slot, position in the chain.
type Place = (usize, usize, usize);

impl Walk<'_> {
    fn begin(&mut self) {
        let case = &mut *self.case;
        (case.status, case.round) = (Status::Running, case.round + 1);
        case.posts.clear();
        case.groups.clear();
        case.passed.clear();
        let first = self.plan.first.clone();
        self.go(first, Default::default());
    }

    fn submit(&mut self, chosen: BTreeMap<String, Vec<Uuid>>) -> Result<(), Refused> {
        if !matches!(self.case.status, Status::New | Status::Returned) {
            return Err(Refused::NotReturned);
        }
        self.case.chosen.extend(chosen);
        self.say(Said::new(What::Submitted).of(self.case.requester));
        self.begin();
        Ok(())
    }

    /// Decisions made on what it said before do not count for what it says now.
    fn change(&mut self, by: Uuid) {
        match self.case.status {
            Status::Returned => {
                self.say(Said::new(What::Submitted).of(by));
                self.begin();
            }
            Status::Running | Status::Approved => {
                self.say(Said::new(What::Changed).of(by));
                self.begin();
            }
            Status::New | Status::Rejected | Status::Withdrawn => self.say(Said::new(What::Changed).of(by)),
        }
    }

    /// The ask of somebody whose turn it is.
    fn mine(&self, by: Uuid, ask: u64) -> Result<Place, Refused> {
        if self.case.status != Status::Running {
            return Err(Refused::NotRunning);
        }
        let all = self.case.posts.iter().enumerate();
        let mut asked = all.flat_map(|(p, post)| post.asked().into_iter().map(move |(s, k)| (p, s, k)));
        let is_mine = |&(p, s, k): &Place| {
            let known = &self.case.posts[p].slots[s].chain[k];
            known.id == ask && known.person == by
        };
        asked.find(is_mine).ok_or(Refused::NotAsked)
    }

    /// What is told of a decision: at which step, by whom, in whose place.
    fn said_of(&self, what: What, (p, s, k): Place) -> Said {
        let post = &self.case.posts[p];
        let ask = &post.slots[s].chain[k];
        Said::new(what).at(&post.node).of(ask.person).instead(ask.instead_of)
    }

    fn approve(&mut self, by: Uuid, ask: u64) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        self.approve_at(place, What::Approved);
        Ok(())
    }

    pub(crate) fn approve_at(&mut self, place: Place, what: What) {
        self.say(self.said_of(what, place));
        let (p, s, k) = place;
        self.case.posts[p].slots[s].chain[k].approved = true;
        self.settle(p);
    }

    fn reject(&mut self, by: Uuid, ask: u64) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        self.reject_at(place, What::Rejected);
        Ok(())
    }

    pub(crate) fn reject_at(&mut self, place: Place, what: What) {
        let said = self.said_of(what, place);
        self.end(Status::Rejected, said);
    }

    fn return_to_requester(&mut self, by: Uuid, ask: u64) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        self.count_return()?;
        let said = self.said_of(What::Returned, place).to(self.case.requester);
        self.end(Status::Returned, said);
        Ok(())
    }

    fn count_return(&mut self) -> Result<(), Refused> {
        if self.case.returns >= MOST_RETURNS {
            return Err(Refused::TooOften);
        }
        self.case.returns += 1;
        Ok(())
    }

    /// Back to a step of the same strand: what runs beside it in other lanes goes on, what came out of it is undone.
    fn return_to_step(&mut self, by: Uuid, ask: u64, step: String) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        let at = self.case.passed.iter().position(|n| *n == step).ok_or(Refused::NoSuchStep)?;
        let plan = self.plan;
        let inside = |node: &str| plan.strand_holds(&step, node);
        if !inside(&self.case.posts[place.0].node) {
            return Err(Refused::NoSuchStep);
        }
        self.count_return()?;
        let said = self.said_of(What::ReturnedToStep, place).at(&step);
        let case = &mut *self.case;
        case.posts.retain(|p| !inside(&p.node));
        case.groups.retain(|node, _| !inside(node));
        let mut k = 0;
        case.passed.retain(|node| {
            k += 1;
            k <= at || !inside(node)
        });
        self.say(said);
        self.go(Next::At(step), Default::default());
        Ok(())
    }

    /// May somebody be put into a step? Answers who decides for him now.
    fn fit(&self, post: usize, person: Uuid) -> Result<(Uuid, Option<Uuid>), Refused> {
        if person == self.case.requester || !self.people.is_here(person) {
            return Err(Refused::NotFit);
        }
        let deputy = self.deputy(person);
        let (asked, instead_of) = deputy.map_or((person, None), |d| (d, Some(person)));
        if self.case.posts[post].involves(asked) {
            Err(Refused::AskedAlready)
        } else {
            Ok((asked, instead_of))
        }
    }

    fn transfer(&mut self, by: Uuid, ask: u64, to: Uuid) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        let (asked, _) = self.fit(place.0, to)?;
        self.say(self.said_of(What::Transferred, place).to(asked));
        self.hand_over(place, asked, Some(by));
        Ok(())
    }

    /// Another person takes an ask, with time of his own.
    pub(crate) fn hand_over(&mut self, (p, s, k): Place, to: Uuid, instead_of: Option<Uuid>) {
        let ask = &mut self.case.posts[p].slots[s].chain[k];
        (ask.person, ask.instead_of, ask.since) = (to, instead_of, None);
        (ask.reminded, ask.lapsed) = (false, false);
        self.call(p);
    }

    fn add_signer(&mut self, by: Uuid, ask: u64, who: Uuid, side: Side) -> Result<(), Refused> {
        let place = self.mine(by, ask)?;
        let (p, s, k) = place;
        if self.case.posts[p].slots[s].chain.len() >= MOST_SIGNERS {
            return Err(Refused::TooOften);
        }
        let (asked, instead_of) = self.fit(p, who)?;
        let (what, at) = match side {
            Side::Before => (What::SignerBefore, k),
            Side::After => (What::SignerAfter, k + 1),
        };
        self.say(self.said_of(what, place).to(asked));
        let new = self.ask(asked, instead_of);
        let chain = &mut self.case.posts[p].slots[s].chain;
        if side == Side::Before {
            chain[k].since = None;
        }
        chain.insert(at, new);
        self.call(p);
        Ok(())
    }

    fn withdraw(&mut self, by: Uuid) -> Result<(), Refused> {
        if by != self.case.requester {
            return Err(Refused::NotRequester);
        }
        if !matches!(self.case.status, Status::Running | Status::Returned) {
            return Err(Refused::NotRunning);
        }
        self.end(Status::Withdrawn, Said::new(What::Withdrawn).of(by));
        Ok(())
    }

    fn urge(&mut self, by: Uuid) -> Result<(), Refused> {
        if by != self.case.requester {
            return Err(Refused::NotRequester);
        }
        if self.case.status != Status::Running {
            return Err(Refused::NotRunning);
        }
        if self.case.urged_at.is_some_and(|at| self.now.0 - at.0 < URGE_AGAIN) {
            return Err(Refused::TooSoon);
        }
        self.case.urged_at = Some(self.now);
        let asked: Vec<(String, Uuid)> =
            self.case.asked().iter().map(|(node, ask)| ((*node).to_owned(), ask.person)).collect();
        for (node, person) in asked {
            self.say(Said::new(What::Urged).at(&node).of(by).to(person));
        }
        Ok(())
    }
}
