//! What happens without anybody deciding: time passes, people leave or are absent.

use base::Micros;
use uuid::Uuid;

use crate::{
    case::{Case, Post, Said, Status, What},
    doc::{Limit, Then},
    plan::Plan,
    walk::Walk,
};

/// An ask goes to a higher head at most so often.
const MOST_HIGHER: u8 = 3;

/// What is due for one ask.
enum Due {
    Reminder,
    Limit(Then),
}

impl Plan {
    /// When [`crate::Event::Tick`] will next change something; `None` when time changes nothing.
    pub fn next_due(&self, case: &Case) -> Option<Micros> {
        if case.status != Status::Running {
            return None;
        }
        let asked = case.asked().into_iter().filter_map(|(node, ask)| {
            let limit = self.approve(node)?.limit?;
            let since = ask.since?;
            let after = |minutes: u32| since.plus(i64::from(minutes) * Micros::MINUTE);
            let remind = limit.remind.filter(|_| !ask.reminded).map(after);
            let end = (!ask.lapsed).then(|| after(limit.minutes));
            remind.into_iter().chain(end).min()
        });
        asked.min()
    }
}

impl Walk<'_> {
    /// Does everything that is due. Each turn marks an ask or ends one, and what begins now is not due yet: it ends.
    pub(crate) fn tick(&mut self) {
        while self.case.status == Status::Running {
            let Some((place, due)) = self.due() else { return };
            let (p, s, k) = place;
            let ask = &mut self.case.posts[p].slots[s].chain[k];
            ask.reminded = true;
            match due {
                Due::Reminder => self.remind(place),
                Due::Limit(then) => {
                    ask.lapsed = true;
                    match then {
                        Then::Remind => self.remind(place),
                        Then::Approve => self.approve_at(place, What::ApprovedByTime),
                        Then::Reject => self.reject_at(place, What::RejectedByTime),
                        Then::Escalate => self.escalate(place),
                    }
                }
            }
        }
    }

    fn due(&self) -> Option<((usize, usize, usize), Due)> {
        let over = |since: Micros, minutes: u32| self.now.0 - since.0 >= i64::from(minutes) * Micros::MINUTE;
        for (p, post) in self.case.posts.iter().enumerate() {
            let Some(Limit { minutes, remind, then }) = self.plan.approve(&post.node).and_then(|a| a.limit)
            else {
                continue;
            };
            for (s, k) in post.asked() {
                let ask = &post.slots[s].chain[k];
                let Some(since) = ask.since else { continue };
                if !ask.lapsed && over(since, minutes) {
                    return Some(((p, s, k), Due::Limit(then)));
                }
                if !ask.reminded && remind.is_some_and(|r| over(since, r)) {
                    return Some(((p, s, k), Due::Reminder));
                }
            }
        }
        None
    }

    fn remind(&mut self, (p, s, k): (usize, usize, usize)) {
        let post = &self.case.posts[p];
        let person = post.slots[s].chain[k].person;
        let said = Said::new(What::Reminded).at(&post.node).to(person);
        self.say(said);
    }

    fn escalate(&mut self, place: (usize, usize, usize)) {
        let (p, s, k) = place;
        let post = &self.case.posts[p];
        let ask = &post.slots[s].chain[k];
        let higher = if ask.higher < MOST_HIGHER { self.above(ask.person, post) } else { None };
        let Some(to) = higher else { return self.remind(place) };
        let (person, count) = (ask.person, ask.higher + 1);
        let said = Said::new(What::Escalated).at(&post.node).of(person).to(to);
        self.say(said);
        self.hand_over(place, to, Some(person));
        self.case.posts[p].slots[s].chain[k].higher = count;
    }

    /// The nearest head above a person who is not part of the step, else an administrator.
    fn above(&self, person: Uuid, post: &Post) -> Option<Uuid> {
        let fit = |c: &Uuid| *c != person && *c != self.case.requester && !post.involves(*c);
        let heads = (1..=10).map_while(|level| self.people.heads(person, level)).flatten();
        heads.chain(self.people.admins()).find(fit)
    }

    /// Hands on what waits for somebody who left or is absent. One who is here without a deputy goes on being asked.
    pub(crate) fn away(&mut self, person: Uuid) {
        let here = self.people.is_here(person);
        while self.case.status == Status::Running {
            let Some(place) = self.waiting_for(person) else { return };
            let (p, s, k) = place;
            let post = &self.case.posts[p];
            let deputy = self.deputy(person);
            let Some(to) = deputy.or_else(|| if here { None } else { self.above(person, post) }) else {
                if here {
                    return;
                }
                self.drop_ask(place);
                continue;
            };
            let said = Said::new(What::StoodIn).at(&post.node).of(person).to(to);
            if post.involves(to) {
                self.drop_ask(place);
                continue;
            }
            self.say(said);
            let asked = post_asked(&self.case.posts[p], s, k);
            self.hand_over((p, s, k), to, Some(person));
            if !asked {
                self.case.posts[p].slots[s].chain[k].since = None;
            }
        }
    }

    fn waiting_for(&self, person: Uuid) -> Option<(usize, usize, usize)> {
        self.case.posts.iter().enumerate().find_map(|(p, post)| {
            post.slots.iter().enumerate().find_map(|(s, slot)| {
                slot.chain.iter().position(|a| !a.approved && a.person == person).map(|k| (p, s, k))
            })
        })
    }

    /// Takes somebody out of a step; when nobody is left in it the case goes back to its requester.
    fn drop_ask(&mut self, (p, s, k): (usize, usize, usize)) {
        let post = &mut self.case.posts[p];
        let gone = post.slots[s].chain.remove(k);
        if post.slots[s].chain.is_empty() {
            post.slots.remove(s);
        }
        let (node, empty) = (post.node.clone(), post.slots.is_empty());
        self.say(Said::new(What::Dropped).at(&node).of(gone.person));
        if empty {
            self.end(Status::Returned, Said::new(What::ReturnedEmpty).at(&node));
        } else {
            self.settle(p);
        }
    }
}

fn post_asked(post: &Post, s: usize, k: usize) -> bool {
    post.asked().contains(&(s, k))
}
