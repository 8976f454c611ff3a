//! Composing people for the live map from the newest positions, the day's work and its figures.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base::{LocalDay, Micros};
use db::{Result, Scope};
use geo::LngLat;
use org::{Person, Ref};
use parking_lot::Mutex;
use tracking::{DayRule, Latest, Refusal};
use uuid::Uuid;
use work::{DayWork, Task, TaskStatus};

use super::{LiveEmployee, LiveNext, LivePerson, LiveState, LiveStop, LiveVisit, rules};
use crate::{Insight, day};

type Remembered = HashMap<(Uuid, Uuid), (Instant, LocalDay, DayWork)>;

/// Today's work of people, remembered until news of it comes.
#[derive(Default)]
pub(crate) struct Works(Mutex<Remembered>);

/// News may be lost when a listener falls behind; after this long work is read again anyway.
const BELIEVED: Duration = Duration::from_secs(60);

impl Works {
    pub fn forget(&self, tenant: Uuid, person: Uuid) {
        self.0.lock().remove(&(tenant, person));
    }

    pub fn forget_all(&self) {
        self.0.lock().clear();
    }

    /// Today's work of these people. Many unknown ones are read at once.
    async fn of(
        &self,
        insight: &Insight,
        tenant: Uuid,
        people: &[Person],
        day: LocalDay,
    ) -> Result<HashMap<Uuid, DayWork>> {
        let mut found = HashMap::with_capacity(people.len());
        let mut missing = vec![];
        let believed = insight.db().bus().believed(BELIEVED);
        {
            let known = self.0.lock();
            for p in people {
                match known.get(&(tenant, p.id)) {
                    Some((at, of, work)) if at.elapsed() < believed && *of == day => {
                        found.insert(p.id, work.clone());
                    }
                    _ => missing.push(p.id),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let now = insight.db().now();
        let mut reader = insight.db().read(&Scope::job("live", tenant)).await?;
        let mut fresh = HashMap::with_capacity(missing.len());
        if missing.len() > 8 {
            let mut all = work::day_of_all(&mut reader, day, now).await?;
            fresh.extend(missing.iter().map(|id| (*id, all.remove(id).unwrap_or_default())));
        } else {
            for id in missing {
                fresh.insert(id, work::day(&mut reader, id, day, now).await?);
            }
        }
        let mut known = self.0.lock();
        for (id, work) in fresh {
            known.insert((tenant, id), (Instant::now(), day, work.clone()));
            found.insert(id, work);
        }
        Ok(found)
    }
}

/// People for the live map, in the order given. Those who are not tracked and have no work today are left out.
pub(crate) async fn compose(insight: &Insight, tenant: Uuid, people: &[Person]) -> Result<Vec<LivePerson>> {
    let now = insight.db().now();
    let today = now.local_day(&insight.tracking().zone(tenant).await?);
    let latest = insight.tracking().latest(tenant, today).await?;
    let mut works = insight.works().of(insight, tenant, people, today).await?;
    let driven = insight.figures().counted(insight, tenant, today).await?;
    let scope = Scope::job("live", tenant);
    let days = org::DayRules::read(&mut insight.db().read(&scope).await?).await?;
    let mut composed = Vec::with_capacity(people.len());
    let mut ahead = vec![];
    for person in people {
        let rule = insight.tracking().rule(tenant, person.id, today).await?;
        let work = works.remove(&person.id).unwrap_or_default();
        if rule.mode == "off" && work.tasks.is_empty() && work.visits.is_empty() {
            continue;
        }
        let latest = latest.get(&person.id);
        let counted_m = driven.get(&person.id).copied().unwrap_or(0);
        let shown = one(now, person, &rule, &work, latest, counted_m);
        if let Some(next) = &shown.next
            && let Some((from, to)) = shown.at.zip(place_of(&work, next))
        {
            ahead.push((composed.len(), (from, to, days.of(person).travel)));
        }
        composed.push(shown);
    }
    let rides = ahead.iter().map(|(_, ride)| *ride).collect();
    let drives = insight.travel().at_once(&scope, rides).await;
    for ((k, _), drive) in ahead.into_iter().zip(drives) {
        if let Some((seconds, meters)) = drive {
            forecast(&mut composed[k], now.plus(seconds * Micros::SECOND), meters);
        }
    }
    Ok(composed)
}

fn one(
    now: Micros,
    person: &Person,
    rule: &DayRule,
    work: &DayWork,
    latest: Option<&Latest>,
    counted_m: i64,
) -> LivePerson {
    let micros = |ms: i64| Micros(ms.saturating_mul(1000));
    // a private trip shows as a break
    let duty: Vec<_> = rule.recorded().iter().map(|w| (micros(w.from_ms), micros(w.to_ms))).collect();
    let tracked = !matches!(rule.never, Some(Refusal::PolicyOff | Refusal::Left));
    let today = latest.filter(|l| duty.first().is_some_and(|d| l.heard_at >= d.0));
    let open_visit = work.visits.iter().rev().find(|v| v.status == "open");
    let next =
        work.tasks.iter().find(|t| is_ahead(t.status) && open_visit.is_none_or(|v| v.task_id != Some(t.id)));
    let (state, since, late_minutes) = rules::state(&rules::Facts {
        now,
        duty: &duty,
        tracked,
        visit_since: open_visit.map(|v| v.check_in_at),
        heard_at: today.map(|l| l.heard_at),
        moved_at: today.and_then(|l| l.moved_at),
        due: next.and_then(|t| t.eta),
    });
    let working = !matches!(state, LiveState::OffDuty | LiveState::NotStarted);
    let in_break = duty.first().is_some_and(|d| d.0 <= now) && duty.last().is_some_and(|d| now < d.1);
    let shown = today.filter(|_| tracked && (working || in_break));
    let at = shown.and_then(|l| l.at);
    let seq_of = |task: Option<Uuid>| work.tasks.iter().find(|t| Some(t.id) == task).map(|t| t.seq);
    LivePerson {
        employee: LiveEmployee {
            id: person.id,
            name: person.name.clone(),
            department: person.department(),
            post: person.post.clone(),
        },
        state,
        since: if state == LiveState::Idle {
            since.or(work.visits.last().and_then(|v| v.check_out_at))
        } else {
            since
        },
        at,
        accuracy_m: shown.and_then(|l| l.accuracy_m),
        bearing_deg: shown.and_then(|l| l.bearing_deg),
        speed_mps: shown.and_then(|l| l.speed_mps),
        fix_at: shown.and_then(|l| l.fix_at),
        battery: shown.and_then(|l| l.battery),
        policy_mode: rule.mode.clone(),
        recorded_until: duty.last().map(|d| d.1).filter(|_| tracked),
        done: work.tasks.iter().filter(|t| t.status == TaskStatus::Done).count() as i64,
        total: work.tasks.iter().filter(|t| t.status != TaskStatus::Cancelled).count() as i64,
        visit: open_visit.filter(|_| working).map(|v| LiveVisit {
            id: v.id,
            customer: Ref { id: v.customer.id, name: v.customer.name.clone() },
            seq: seq_of(v.task_id).unwrap_or(work.visits.len() as i64),
            since: Some(v.check_in_at),
        }),
        next: next.map(|t| next_stop(t, now)),
        late_minutes,
        counted_m,
        stay_s: stay_s(work, now, working),
        stops: work
            .tasks
            .iter()
            .filter(|t| t.status != TaskStatus::Cancelled)
            .map(|t| stop(t, work))
            .collect(),
    }
}

fn is_ahead(status: TaskStatus) -> bool {
    !matches!(status, TaskStatus::Done | TaskStatus::Skipped | TaskStatus::Cancelled | TaskStatus::OnSite)
}

/// Finished visits, and the open one as far as it has gone.
fn stay_s(work: &DayWork, now: Micros, working: bool) -> i64 {
    let open = |since: Micros| if working { (now.0 - since.0).max(0) / Micros::SECOND } else { 0 };
    work.visits.iter().map(|v| if v.status == "open" { open(v.check_in_at) } else { day::stay_s(v) }).sum()
}

fn next_stop(t: &Task, now: Micros) -> LiveNext {
    LiveNext {
        customer: Ref { id: t.customer.id, name: t.customer.name.clone() },
        seq: t.seq,
        // What was planned is no forecast once its hour has passed.
        eta: t.eta.filter(|eta| *eta >= now),
        window: t.window,
        meters: None,
    }
}

fn place_of(work: &DayWork, next: &LiveNext) -> Option<LngLat> {
    work.tasks
        .iter()
        .find(|t| t.seq == next.seq && t.customer.id == next.customer.id)
        .and_then(|t| t.customer.at)
}

/// Who is on the way arrives when the way says; who is not, when it was planned, if that still can be.
fn forecast(person: &mut LivePerson, by_way: Micros, meters: i64) {
    let moving = person.state == LiveState::Moving;
    if let Some(next) = &mut person.next {
        next.meters = Some(meters);
        next.eta = if moving { Some(by_way) } else { next.eta.or(Some(by_way)) };
    }
}

fn stop(t: &Task, work: &DayWork) -> LiveStop {
    let visit = work.visits.iter().find(|v| v.task_id == Some(t.id) || t.visit_id == Some(v.id));
    LiveStop {
        seq: t.seq,
        customer: Ref { id: t.customer.id, name: t.customer.name.clone() },
        at: t.customer.at,
        status: t.status,
        eta: t.eta,
        arrived_at: visit.map(|v| v.check_in_at),
        visit_id: visit.map(|v| v.id),
    }
}
