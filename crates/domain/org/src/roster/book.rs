use std::collections::HashMap;

use base::{LocalDay, Micros};
use db::{Query, Result};
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{WorkShift, sql};
use crate::{Calendar, Duty, calendar};

/// Departments are followed upwards so far.
const MOST_LEVELS: usize = 20;

/// Who said what holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The duty table.
    Roster,
    /// The person's own pattern.
    Person,
    /// That of a department.
    Department,
    Calendar,
}

/// What is planned for a person's day, before leave and overtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Minutes after midnight of the day, in order; past 1440 in the next.
    pub minutes: Vec<(i32, i32)>,
    pub shift: Option<Uuid>,
    pub source: Source,
    /// Name of the day in the calendar: a holiday or a make-up day.
    pub special: Option<String>,
}

/// A weekly pattern from a day on.
pub(super) struct Pattern {
    pub employee: Option<Uuid>,
    pub department: Option<Uuid>,
    pub from: LocalDay,
    /// Monday first; `None`: the calendar holds again.
    pub week: Option<Vec<Option<Uuid>>>,
}

/// Somebody's place in the company.
pub(super) struct Post {
    pub department: Uuid,
    pub calendar: Option<Uuid>,
    pub since: Micros,
    pub left: Option<Micros>,
}

/// Everything that says who works when, for some people and days. Pure once it is read.
#[derive(Default)]
pub struct Book {
    pub(super) shifts: HashMap<Uuid, WorkShift>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) days: HashMap<(Uuid, LocalDay), Option<Uuid>>,
    pub(super) parents: HashMap<Uuid, Option<Uuid>>,
    pub(super) calendars: Vec<Calendar>,
    pub(super) posts: HashMap<Uuid, Post>,
}

impl Book {
    /// Of one person, or of everybody, for days of a range and the day before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(
        q: &mut impl Query,
        person: Option<Uuid>,
        from: LocalDay,
        to: LocalDay,
    ) -> Result<Book> {
        let mut book = Book { posts: sql::posts(q, person).await?, ..Book::default() };
        book.calendars = calendar::calendars(q).await?;
        book.parents = sql::parents(q).await?;
        book.days = sql::days(q, person, from.plus_days(-1), to).await?;
        book.shifts = sql::shifts(q).await?.into_iter().map(|s| (s.id, s)).collect();
        // Patterns are made of shifts.
        if !book.shifts.is_empty() {
            book.patterns = sql::patterns(q).await?;
        }
        Ok(book)
    }

    pub fn shift(&self, id: Uuid) -> Option<&WorkShift> {
        self.shifts.get(&id)
    }

    /// Since when the company knows a person.
    pub fn since(&self, person: Uuid) -> Option<Micros> {
        self.posts.get(&person).map(|p| p.since)
    }

    /// When a person left the company.
    pub fn left(&self, person: Uuid) -> Option<Micros> {
        self.posts.get(&person).and_then(|p| p.left)
    }

    /// The department of a person and those above it, nearest first.
    pub fn departments(&self, person: Uuid) -> Vec<Uuid> {
        let first = self.posts.get(&person).map(|p| p.department);
        std::iter::successors(first, |d| self.parents.get(d).copied().flatten()).take(MOST_LEVELS).collect()
    }

    fn calendar(&self, person: Uuid) -> Option<&Calendar> {
        let own = self.posts.get(&person)?.calendar;
        match own {
            Some(id) => self.calendars.iter().find(|c| c.id == id),
            None => self.calendars.iter().find(|c| c.is_default),
        }
    }

    /// The pattern that holds: the person's, else the nearest department's; of each the latest begun.
    fn pattern(&self, person: Uuid, day: LocalDay) -> Option<(&Pattern, Source)> {
        let latest = |of: &dyn Fn(&Pattern) -> bool| {
            self.patterns.iter().filter(|p| of(p) && p.from <= day).max_by_key(|p| p.from)
        };
        if let Some(own) = latest(&|p| p.employee == Some(person)) {
            return Some((own, Source::Person));
        }
        let mut chain = self.departments(person).into_iter();
        chain.find_map(|d| latest(&|p| p.department == Some(d))).map(|p| (p, Source::Department))
    }

    /// What is planned for a day.
    pub fn planned(&self, person: Uuid, day: LocalDay) -> Planned {
        let calendar = self.calendar(person);
        let exception = calendar.and_then(|c| c.exceptions.iter().find(|e| e.day == day));
        let special = exception.map(|e| e.name.clone());
        let by = |shift: Option<Uuid>, source| Planned {
            minutes: shift.and_then(|id| self.shifts.get(&id)).map(minutes).unwrap_or_default(),
            shift,
            source,
            special: special.clone(),
        };
        if let Some(shift) = self.days.get(&(person, day)) {
            return by(*shift, Source::Roster);
        }
        if let Some((Pattern { week: Some(week), .. }, source)) = self.pattern(person, day) {
            let shift = week.get(usize::from(day.weekday()) - 1).copied().flatten();
            match exception {
                // A holiday is one for those with shifts too.
                Some(e) if e.shifts.is_empty() => return by(None, source),
                Some(_) if shift.is_none() => {}
                _ => return by(shift, source),
            }
        }
        Planned {
            minutes: calendar.map(|c| c.minutes(day)).unwrap_or_default(),
            shift: None,
            source: Source::Calendar,
            special,
        }
    }

    /// The planned stretches of a day as instants, also where they reach into the next.
    pub fn stretches(&self, person: Uuid, day: LocalDay, zone: &TimeZone) -> Vec<Duty> {
        let at = |minute| day.at_minute(minute, zone);
        let planned = self.planned(person, day);
        planned.minutes.into_iter().map(|(from, to)| Duty { from: at(from), to: at(to) }).collect()
    }

    /// Planned time that lies between the midnights of a day, whichever day's shift it belongs to.
    pub fn within(&self, person: Uuid, day: LocalDay, zone: &TimeZone) -> Vec<Duty> {
        let (begin, end) = day.bounds(zone);
        let mut all = self.stretches(person, day.plus_days(-1), zone);
        all.extend(self.stretches(person, day, zone));
        all.into_iter()
            .map(|d| Duty { from: d.from.max(begin), to: d.to.min(end) })
            .filter(|d| d.from < d.to)
            .collect()
    }
}

fn minutes(shift: &WorkShift) -> Vec<(i32, i32)> {
    shift.pairs.iter().map(|p| (p.from_minute, p.to_minute)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::ShiftPair;

    fn shift(n: u128, pairs: &[(i32, i32)]) -> WorkShift {
        WorkShift {
            id: Uuid::from_u128(n),
            name: String::new(),
            short: String::new(),
            pairs: pairs
                .iter()
                .map(|&(from_minute, to_minute)| ShiftPair { from_minute, to_minute })
                .collect(),
            grace_minutes: 0,
            flex_minutes: 0,
            each_pair: false,
            retired: false,
            version: 1,
        }
    }

    fn day(d: i8) -> LocalDay {
        LocalDay::new(2026, 11, d).unwrap()
    }

    const ME: Uuid = Uuid::from_u128(7);
    const TEAM: Uuid = Uuid::from_u128(8);
    const TOP: Uuid = Uuid::from_u128(9);

    fn book() -> Book {
        let calendar = Calendar {
            id: Uuid::from_u128(1),
            name: String::new(),
            shifts: (1..=5)
                .map(|weekday| crate::Shift { weekday, from_minute: 540, to_minute: 1020 })
                .collect(),
            exceptions: vec![crate::Exception { day: day(25), name: "厂庆".into(), shifts: vec![] }],
            is_default: true,
            version: 1,
        };
        let shifts = [shift(1, &[(540, 720), (780, 1020)]), shift(2, &[(1320, 1800)])];
        Book {
            shifts: shifts.into_iter().map(|s| (s.id, s)).collect(),
            parents: HashMap::from([(TEAM, Some(TOP)), (TOP, None)]),
            calendars: vec![calendar],
            posts: HashMap::from([(
                ME,
                Post { department: TEAM, calendar: None, since: Micros(0), left: None },
            )]),
            ..Book::default()
        }
    }

    fn weekly(employee: Option<Uuid>, department: Option<Uuid>, from: i8, n: Option<u128>) -> Pattern {
        let week = n.map(|n| vec![Some(Uuid::from_u128(n)); 7]);
        Pattern { employee, department, from: day(from), week }
    }

    #[test]
    fn the_nearest_word_holds() {
        let mut b = book();
        assert_eq!(b.planned(ME, day(20)).source, Source::Calendar);
        b.patterns.push(weekly(None, Some(TOP), 1, Some(1)));
        assert_eq!(b.planned(ME, day(21)).minutes, [(540, 720), (780, 1020)], "a Saturday with a shift");
        b.patterns.push(weekly(None, Some(TEAM), 10, Some(2)));
        assert_eq!(b.planned(ME, day(9)).shift, Some(Uuid::from_u128(1)));
        assert_eq!(b.planned(ME, day(10)).shift, Some(Uuid::from_u128(2)));
        b.patterns.push(weekly(Some(ME), None, 12, None));
        assert_eq!(b.planned(ME, day(12)).source, Source::Calendar, "back to the calendar");
        b.days.insert((ME, day(12)), None);
        assert_eq!(
            b.planned(ME, day(12)),
            Planned { minutes: vec![], shift: None, source: Source::Roster, special: None }
        );
    }

    #[test]
    fn a_holiday_of_the_calendar_holds_for_patterns_and_not_for_the_table() {
        let mut b = book();
        b.patterns.push(weekly(Some(ME), None, 1, Some(1)));
        assert_eq!(
            (b.planned(ME, day(25)).minutes, b.planned(ME, day(25)).special),
            (vec![], Some("厂庆".into()))
        );
        b.days.insert((ME, day(25)), Some(Uuid::from_u128(1)));
        assert_eq!(b.planned(ME, day(25)).minutes.len(), 2);
    }

    #[test]
    fn a_night_is_cut_at_midnight_for_duty_and_whole_for_its_day() {
        let mut b = book();
        b.days.insert((ME, day(20)), Some(Uuid::from_u128(2)));
        b.days.insert((ME, day(21)), None);
        let utc = TimeZone::UTC;
        let minute = |t: base::Micros, d: i8| (t.0 - day(d).at_minute(0, &utc).0) / base::Micros::MINUTE;
        let of = |d: i8| -> Vec<(i64, i64)> {
            b.within(ME, day(d), &utc).iter().map(|p| (minute(p.from, d), minute(p.to, d))).collect()
        };
        assert_eq!((of(20), of(21)), (vec![(1320, 1440)], vec![(0, 360)]));
        assert_eq!(b.stretches(ME, day(20), &utc).len(), 1);
    }
}
