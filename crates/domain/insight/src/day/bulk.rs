//! The figures of many people's day: kept ones where nothing has changed, the rest made anew.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{LocalDay, Micros};
use db::{Result, Scope};
use futures::{StreamExt, TryStreamExt};
use uuid::Uuid;
use work::DayWork;

use super::{Stored, service, sql};
use crate::Insight;

/// How many days are made at the same time: as many as a small machine has cores.
const AT_ONCE: usize = 2;

/// Figures of everybody in the caller's reach who works in the field, in the order of names. Provisional
/// ones may be `max_age` old.
pub(crate) async fn of_people(
    insight: &Insight,
    caller: &Scope,
    department: Option<Uuid>,
    day: LocalDay,
    max_age: i64,
) -> Result<Vec<Stored>> {
    let mut reader = insight.db().read(caller).await?;
    let mut people = org::people_of_department(&mut reader, department).await?;
    let mut kept: HashMap<Uuid, Stored> = sql::of_day(&mut reader, day, department)
        .await?
        .into_iter()
        .map(|s| (s.summary.figures.employee.id, s))
        .collect();
    // Somebody who has left since still has his days.
    let known: HashSet<Uuid> = people.iter().map(|p| p.id).collect();
    let gone: Vec<Uuid> = kept.keys().filter(|id| !known.contains(id)).copied().collect();
    people.extend(org::by_ids(&mut reader, &gone).await?);
    drop(reader);

    let facts = Facts::of(insight, caller.tenant(), day).await?;
    let mut rows: Vec<Option<Stored>> = Vec::with_capacity(people.len());
    let mut to_make = vec![];
    for (i, person) in people.iter().enumerate() {
        let stored = kept.remove(&person.id);
        let row = match stored {
            Some(stored) if person.status == "erased" || facts.holds(&stored, max_age) => Some(stored),
            Some(_) => {
                to_make.push(i);
                None
            }
            None => {
                if facts.concerns(insight, caller.tenant(), person.id).await? {
                    to_make.push(i);
                }
                None
            }
        };
        rows.push(row);
    }
    let (people, tenant) = (&people, caller.tenant());
    let made: Vec<(usize, Stored)> = futures::stream::iter(to_make)
        .map(|i| async move {
            Ok::<_, base::Problem>((i, service::compute(insight, tenant, &people[i], day).await?.stored))
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    for (i, stored) in made {
        rows[i] = Some(stored);
    }
    Ok(rows.into_iter().flatten().collect())
}

/// What is known of everybody's day without computing it.
struct Facts {
    day: LocalDay,
    today: LocalDay,
    now: Micros,
    work: HashMap<Uuid, DayWork>,
    marks: HashMap<Uuid, tracking::Mark>,
    refused: HashMap<Uuid, i64>,
    /// Latest change of leave, overtime and private trips.
    declared: BTreeMap<Uuid, Micros>,
    /// The positions of the day have been deleted because of their age: figures stay as they are.
    expired: bool,
}

impl Facts {
    async fn of(insight: &Insight, tenant: Uuid, day: LocalDay) -> Result<Facts> {
        let now = insight.db().now();
        let today = now.local_day(&insight.tracking().zone(tenant).await?);
        let mut reader = insight.db().read(&Scope::job("day", tenant)).await?;
        Ok(Facts {
            day,
            today,
            now,
            work: work::day_of_all(&mut reader, day, now).await?,
            marks: tracking::marks(&mut reader, day).await?,
            refused: tracking::refused(&mut reader, day).await?,
            declared: org::declared::declared_changes(&mut reader, day).await?,
            expired: org::retention(&mut reader).await?.purged_before.is_some_and(|b| day < b),
        })
    }

    /// Are kept figures still what would be made now?
    fn holds(&self, stored: &Stored, max_age: i64) -> bool {
        let s = &stored.summary.figures;
        if self.expired {
            return true;
        }
        if s.provisional {
            let over = s.duty.last().map_or(self.day < self.today, |last| self.now >= last.to);
            return !over && (0..max_age).contains(&(self.now.0 - stored.computed_at.0));
        }
        let mark = self.marks.get(&s.employee.id).copied().unwrap_or_default();
        let refused = self.refused.get(&s.employee.id).copied().unwrap_or(0);
        let nothing = DayWork::default();
        let work = self.work.get(&s.employee.id).unwrap_or(&nothing);
        let declared = self.declared.get(&s.employee.id).copied();
        service::is_closed(stored, declared) && stored.stamp == service::stamp(mark, work, refused, declared)
    }

    /// Is there anything to tell of a person without figures?
    async fn concerns(&self, insight: &Insight, tenant: Uuid, person: Uuid) -> Result<bool> {
        if self.work.contains_key(&person)
            || self.marks.contains_key(&person)
            || self.refused.contains_key(&person)
        {
            return Ok(true);
        }
        if self.day > self.today {
            return Ok(false);
        }
        let rule = insight.tracking().rule(tenant, person, self.day).await?;
        Ok(rule.mode != "off" && !rule.duty.is_empty())
    }
}
