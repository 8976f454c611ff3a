//! From the store to outcomes: everything that decides about days of people, read at once and judged by [`crate::day`].

use std::collections::HashMap;

use base::{LocalDay, Micros};
use db::{Query, Result};
use jiff::tz::TimeZone;
use org::{Duty, roster::Book};
use uuid::Uuid;

use crate::{
    day::{self, Away, Facts, Mark, Outcome, PunchKind},
    punches,
    requests::{self, Forced},
    settings::{self, PunchRule},
};

/// Where the marks of a person's day begin.
pub fn begins(book: &Book, person: Uuid, day: LocalDay, zone: &TimeZone) -> Micros {
    let before = day.plus_days(-1);
    let ends = book.stretches(person, before, zone).last().map(|d| d.to);
    day::border(before, ends, book.stretches(person, day, zone).first().map(|d| d.from), zone)
}

/// The day of duty a moment belongs to.
pub fn day_at(book: &Book, person: Uuid, at: Micros, zone: &TimeZone) -> LocalDay {
    let day = at.local_day(zone);
    if at < begins(book, person, day, zone) {
        day.plus_days(-1)
    } else if at >= begins(book, person, day.plus_days(1), zone) {
        day.plus_days(1)
    } else {
        day
    }
}

/// What was declared, corrected and punched, by person.
#[derive(Default)]
struct Known {
    leave: Vec<Away>,
    trips: Vec<Duty>,
    overtime: Vec<Duty>,
    marks: Vec<Mark>,
    /// A punch was made elsewhere than expected.
    outside: Vec<Micros>,
}

/// Everything about days of one person, whatever the reach, or of everybody in reach.
pub struct Loaded {
    pub book: Book,
    pub zone: TimeZone,
    now: Micros,
    rules: Vec<PunchRule>,
    known: HashMap<Uuid, Known>,
}

impl Loaded {
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(
        q: &mut impl Query,
        person: Option<Uuid>,
        from: LocalDay,
        to: LocalDay,
        now: Micros,
    ) -> Result<Loaded> {
        let (first, last) = (from.plus_days(-1), to.plus_days(1));
        let zone = org::zone(q).await?;
        let book = Book::read(q, person, first, last).await?;
        let rules = settings::rules(q).await?;
        let mut known: HashMap<Uuid, Known> = HashMap::new();
        let forced: HashMap<Uuid, Forced> =
            requests::in_force(q, person, first, last).await?.into_iter().map(|r| (r.id, r)).collect();
        for entry in org::declared::between(q, person, first, last).await? {
            let span = Duty { from: entry.from_at, to: entry.to_at };
            let of = known.entry(entry.employee_id).or_default();
            if entry.kind == "overtime" {
                of.overtime.push(span);
            } else {
                let request = forced.get(&entry.id);
                of.leave.push(Away {
                    span,
                    leave_type: request.and_then(|r| r.leave_type_id),
                    half: request.is_some_and(|r| matches!(r.part.as_str(), "am" | "pm")),
                });
            }
        }
        for r in forced.values() {
            let of = known.entry(r.employee_id).or_default();
            match r.kind.as_str() {
                "trip" => of.trips.push(Duty { from: r.from_at, to: r.to_at }),
                "correction" => of.marks.push(Mark {
                    kind: PunchKind::from_key(r.punch_kind.as_deref().unwrap_or("in")),
                    at: r.from_at,
                    corrected: true,
                    decided: r.decided_at.unwrap_or(Micros(0)),
                }),
                _ => {}
            }
        }
        let mut punch = |person: Uuid, kind: &str, at: Micros, verdict: Option<&str>| {
            let of = known.entry(person).or_default();
            of.marks.push(Mark { kind: PunchKind::from_key(kind), at, corrected: false, decided: Micros(0) });
            if verdict == Some("out") {
                of.outside.push(at);
            }
        };
        match person {
            Some(id) => {
                for p in punches::of_person(q, id, first, last).await? {
                    punch(p.employee_id, &p.kind, p.at, p.verdict.as_deref());
                }
            }
            None => {
                for p in punches::of_days(q, first, last).await? {
                    punch(p.employee_id, &p.kind, p.at, p.verdict.as_deref());
                }
            }
        }
        Ok(Loaded { book, zone, now, rules, known })
    }

    /// Judges a day of a person.
    pub fn outcome(&self, person: Uuid, day: LocalDay) -> Outcome {
        day::judge(&self.facts(person, day))
    }

    /// When somebody is expected on a day, leave and trips left out.
    pub fn expected(&self, person: Uuid, day: LocalDay) -> Option<Duty> {
        day::expected(&self.facts(person, day))
    }

    fn facts(&self, person: Uuid, day: LocalDay) -> Facts {
        let planned = self.book.planned(person, day);
        let shift = planned.shift.and_then(|id| self.book.shift(id));
        let blank = Known::default();
        let known = self.known.get(&person).unwrap_or(&blank);
        let (from, to) = self.limits(person, day);
        let before = self.book.since(person).is_some_and(|t| day < t.local_day(&self.zone))
            || self.book.left(person).is_some_and(|t| day > t.local_day(&self.zone));
        let rule = settings::nearest(&self.rules, &self.book.departments(person));
        let must = rule.and_then(|r| r.must_from).is_some_and(|from| from <= day);
        let windows = if before { vec![] } else { self.book.stretches(person, day, &self.zone) };
        let touches = |d: &Duty| d.from < to && d.to > from;
        Facts {
            now: self.now,
            each_pair: shift.is_some_and(|s| s.each_pair),
            grace_minutes: shift.map_or(0, |s| s.grace_minutes),
            flex_minutes: shift.map_or(0, |s| s.flex_minutes),
            holiday: planned.special.is_some(),
            before,
            must,
            leave: known.leave.iter().filter(|l| touches(&l.span)).copied().collect(),
            trips: known.trips.iter().filter(|t| touches(t)).copied().collect(),
            overtime: known.overtime.iter().filter(|t| touches(t)).copied().collect(),
            marks: known.marks.iter().filter(|m| from <= m.at && m.at < to).copied().collect(),
            windows,
            from,
            to,
        }
    }

    /// Was a punch of the day made elsewhere than expected?
    pub fn outside(&self, person: Uuid, day: LocalDay) -> bool {
        let (from, to) = self.limits(person, day);
        self.known.get(&person).is_some_and(|k| k.outside.iter().any(|at| from <= *at && *at < to))
    }

    /// Marks between these belong to a person's day.
    pub fn limits(&self, person: Uuid, day: LocalDay) -> (Micros, Micros) {
        let begins = |day| begins(&self.book, person, day, &self.zone);
        (begins(day), begins(day.plus_days(1)))
    }
}
