//! Going on through the tree until somebody must be asked or the end is reached.

use std::collections::BTreeSet;

use base::Micros;
use forms::{Names, Surroundings};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    case::{Ask, Case, Group, Post, Said, Slot, Status, What},
    doc::{Approve, Empty, How, Who},
    people::People,
    plan::{Next, Plan, Stop},
};

/// At most so many people are asked or told at one step. A role may hold thousands, and each of them is a row, a line of the
/// trail and a notice, all written in one transaction.
const MOST_PEOPLE: usize = 200;

/// A case on its way.
pub(crate) struct Walk<'a> {
    pub plan: &'a Plan,
    pub case: &'a mut Case,
    pub people: &'a dyn People,
    pub form: &'a Map<String, Value>,
    pub around: &'a Surroundings,
    pub now: Micros,
    pub said: Vec<Said>,
}

impl Walk<'_> {
    pub fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    /// Goes on from `next`. `just`: who approved the step before. Each turn moves forward in a finite tree, so it ends.
    pub fn go(&mut self, next: Next, just: BTreeSet<Uuid>) {
        let plan = self.plan;
        let mut todo = vec![(next, just)];
        while let Some((next, just)) = todo.pop() {
            if self.case.status != Status::Running {
                return;
            }
            match next {
                Next::End => self.end(Status::Approved, Said::new(What::Completed)),
                Next::Join(group) => {
                    let Some(known) = self.case.groups.get_mut(&group) else { continue };
                    known.left -= 1;
                    known.just.extend(just);
                    if known.left == 0 {
                        let just = self.case.groups.remove(&group).map(|g| g.just).unwrap_or_default();
                        todo.push((plan.seats[&group].next.clone(), just));
                    }
                }
                Next::At(id) => {
                    let seat = &plan.seats[&id];
                    match &seat.stop {
                        Stop::Branch(lanes) => {
                            let names = self.names();
                            let holds = |(_, (when, _)): &(usize, &(Option<forms::Formula>, Next))| {
                                when.as_ref().is_none_or(|f| f.holds(&names))
                            };
                            if let Some((k, (_, way))) = lanes.iter().enumerate().find(holds) {
                                let mut said = Said::new(What::TookLane).at(&id);
                                said.lane = Some(k);
                                self.say(said);
                                todo.push((way.clone(), just));
                            }
                        }
                        Stop::Parallel(lanes) => {
                            self.case.groups.insert(id, Group { left: lanes.len(), just: BTreeSet::new() });
                            todo.extend(lanes.iter().rev().map(|way| (way.clone(), just.clone())));
                        }
                        Stop::Copy(who) => {
                            for person in self.resolve(who, &id) {
                                self.say(Said::new(What::Copied).at(&id).of(person));
                            }
                            todo.push((seat.next.clone(), just));
                        }
                        Stop::Approve(step) => {
                            if let Some(just) = self.enter(&id, step, just) {
                                todo.push((seat.next.clone(), just));
                            }
                        }
                    }
                }
            }
        }
    }

    /// Ends the case.
    pub fn end(&mut self, status: Status, said: Said) {
        self.case.status = status;
        self.case.posts.clear();
        self.case.groups.clear();
        self.say(said);
    }

    fn names(&self) -> Names {
        let mut names = Names::default();
        names.set("form", &Value::Object(self.form.clone()));
        names.set("customer", &self.around.customer);
        names.set("user", &self.around.user);
        names.set("task", &self.around.task);
        names.set("today", &Value::String(self.around.today.clone()));
        names
    }

    /// People at work a rule names, each once.
    fn resolve(&self, who: &Who, node: &str) -> Vec<Uuid> {
        let all = match who {
            Who::Role { role } => self.people.role(*role).unwrap_or_default(),
            Who::Heads { level, up_to } => {
                let from = if *up_to { 1 } else { *level };
                (from..=*level).filter_map(|l| self.people.heads(self.case.requester, l)).flatten().collect()
            }
            Who::Named { people } => people.clone(),
            Who::Chosen { most } => {
                let chosen = self.case.chosen.get(node).cloned().unwrap_or_default();
                chosen.into_iter().take(usize::from(*most)).collect()
            }
            Who::Field { field } => {
                let id = self.form.get(field).and_then(Value::as_str).and_then(|s| s.parse().ok());
                id.into_iter().collect()
            }
        };
        let mut once = BTreeSet::new();
        all.into_iter().filter(|p| self.people.is_here(*p) && once.insert(*p)).take(MOST_PEOPLE).collect()
    }

    /// Enters a step. Answers who approved last when the step is passed at once.
    fn enter(&mut self, id: &str, step: &Approve, just: BTreeSet<Uuid>) -> Option<BTreeSet<Uuid>> {
        let requester = self.case.requester;
        let mut people = self.resolve(&step.who, id);
        let mut how = step.how;
        let mut empty = step.empty;
        // A choice the requester did not make is asked of him, whatever the step says of having nobody.
        if matches!(step.who, Who::Chosen { .. }) && people.is_empty() {
            empty = Empty::Return;
        }
        // Where the requester says who decides, he does not say himself: not to decide, and not to have the step skipped.
        let named_himself =
            matches!(step.who, Who::Chosen { .. } | Who::Field { .. }) && people.contains(&requester);
        if named_himself {
            people.retain(|p| *p != requester);
            empty = Empty::Admin;
        }
        if step.skip_own && people.contains(&requester) {
            people.retain(|p| *p != requester);
            self.say(Said::new(What::SkippedOwn).at(id).of(requester));
            if people.is_empty() {
                return Some(just);
            }
        }
        if people.is_empty() {
            match empty {
                Empty::Skip => {
                    self.say(Said::new(What::SkippedEmpty).at(id));
                    return Some(just);
                }
                // Administrators stand in for whoever is missing: one of them is enough.
                Empty::Admin => {
                    (people, how) = (self.people.admins(), How::Any);
                    if named_himself {
                        people.retain(|p| *p != requester);
                    }
                    if !people.is_empty() {
                        self.say(Said::new(What::ToAdmin).at(id));
                    }
                }
                Empty::Return => {}
            }
        }
        if people.is_empty() {
            self.end(Status::Returned, Said::new(What::ReturnedEmpty).at(id));
            return None;
        }
        let mut post = Post { node: id.to_owned(), how, slots: vec![] };
        // Whoever is left out here is part of the step by another place: a deputy is not absent himself, so of two who
        // stand in for each other both are asked, and a step never stays without a place.
        for person in &people {
            let deputy = self.deputy(*person);
            if let Some(deputy) = deputy {
                self.say(Said::new(What::StoodIn).at(id).of(*person).to(deputy));
            }
            let (asked, instead_of) = deputy.map_or((*person, None), |d| (d, Some(*person)));
            if (deputy.is_some() && people.contains(&asked)) || post.involves(asked) {
                continue;
            }
            let repeat = self.plan.once && just.contains(&asked);
            if repeat {
                self.say(Said::new(What::SkippedRepeat).at(id).of(asked));
            }
            let ask = Ask { approved: repeat, ..self.ask(asked, instead_of) };
            post.slots.push(Slot { chain: vec![ask] });
        }
        if post.is_done() {
            self.case.passed.push(id.to_owned());
            return Some(approvers(&post));
        }
        self.case.posts.push(post);
        self.call(self.case.posts.len() - 1);
        None
    }

    /// Who decides for somebody absent; never the requester, and nobody who is absent himself: then he is asked as if he
    /// were here.
    pub fn deputy(&self, person: Uuid) -> Option<Uuid> {
        let fit = |d: &Uuid| {
            let here = self.people.is_here(*d) && self.people.deputy(*d).is_none();
            *d != self.case.requester && *d != person && here
        };
        self.people.deputy(person).filter(fit)
    }

    pub fn ask(&mut self, person: Uuid, instead_of: Option<Uuid>) -> Ask {
        self.case.asks += 1;
        let id = self.case.asks;
        Ask {
            id,
            person,
            instead_of,
            approved: false,
            since: None,
            reminded: false,
            lapsed: false,
            higher: 0,
        }
    }

    /// Asks those of a step whose turn it is and who were not asked yet; for who became absent before his turn, his deputy.
    pub fn call(&mut self, post: usize) {
        for (s, k) in self.case.posts[post].asked() {
            let place = &self.case.posts[post];
            let ask = &place.slots[s].chain[k];
            if ask.since.is_some() {
                continue;
            }
            let (node, person) = (place.node.clone(), ask.person);
            let deputy = self.deputy(person).filter(|d| !place.involves(*d));
            if let Some(deputy) = deputy {
                self.say(Said::new(What::StoodIn).at(&node).of(person).to(deputy));
            }
            let now = self.now;
            let ask = &mut self.case.posts[post].slots[s].chain[k];
            if let Some(deputy) = deputy {
                (ask.person, ask.instead_of) = (deputy, Some(person));
            }
            ask.since = Some(now);
            let said = Said::new(What::Asked).at(&node).of(ask.person).instead(ask.instead_of);
            self.say(said);
        }
    }

    /// Goes on when a step has what it needs, else asks the next.
    pub fn settle(&mut self, post: usize) {
        if !self.case.posts[post].is_done() {
            return self.call(post);
        }
        let done = self.case.posts.remove(post);
        self.case.passed.push(done.node.clone());
        let next = self.plan.seats[&done.node].next.clone();
        self.go(next, approvers(&done));
    }
}

fn approvers(post: &Post) -> BTreeSet<Uuid> {
    post.slots.iter().flat_map(|s| &s.chain).filter(|a| a.approved).map(|a| a.person).collect()
}
