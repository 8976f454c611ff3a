//! Making a day's figures.

use std::{collections::BTreeSet, sync::Arc};

use base::{LocalDay, Micros};
use db::{Result, Scope};
use geo::LngLat;
use sha2::{Digest, Sha256};
use track::{Place, VisitSpan};
use tracking::{Anchors, DayTrack, Mark};
use uuid::Uuid;
use work::{DayWork, TaskStatus, VisitRow};

use super::{DayFigures, DaySummary, Stored, VisitSummary, presence, sql};
use crate::Insight;

/// A day with everything it was made of.
pub(crate) struct Computed {
    pub stored: Stored,
    pub track: Arc<DayTrack>,
    pub work: DayWork,
}

/// Provisional figures are written down again after this long.
const REWRITE: i64 = 30 * Micros::SECOND;

/// Computes a person's day from what is stored now, writes the figures down and, where the track shows it,
/// how long each visit was inside its fence. Whoever asks has checked that he may see the person.
pub(crate) async fn compute(
    insight: &Insight,
    tenant: Uuid,
    person: &org::Person,
    day: LocalDay,
) -> Result<Computed> {
    let scope = Scope::job("day", tenant);
    let db = insight.db();
    let now = db.now();
    let today = now.local_day(&insight.tracking().zone(tenant).await?);
    let mut reader = db.read(&scope).await?;
    let told = org::duty_day(&mut reader, person.id, day).await?;
    let Given { before, duty, over, mut work, anchors, .. } =
        given(&mut reader, person.id, day, &told, now, today).await?;
    let closed = before.as_ref().filter(|s| is_closed(s, told.changed_at));
    // Figures outlive the positions they were made from.
    let expired = person.status == "erased"
        || org::retention(&mut reader).await?.purged_before.is_some_and(|b| day < b);
    let fences: Vec<Place> = anchors.places.clone();
    let track = insight.tracking().day(&mut reader, person.id, day, anchors).await?;
    let mark = tracking::mark(&mut reader, person.id, day).await?;
    let refused = tracking::refused(&mut reader, day).await?.get(&person.id).copied().unwrap_or(0);
    let mode = org::DayRules::read(&mut reader).await?.of(person).travel;
    drop(reader);

    let found = if expired { vec![] } else { presences(&track, &work.visits, &fences) };
    if !found.is_empty() {
        store_presence(insight, &scope, found).await?;
        work = work::day(&mut db.read(&scope).await?, person.id, day, now).await?;
    }
    let stamp = stamp(mark, &work, refused, told.changed_at);
    let kept = if expired { before.as_ref() } else { closed.filter(|s| s.stamp == stamp) };
    if let Some(stored) = kept {
        // Nothing has changed since, or the positions have been deleted because of their age: the figures stay with the
        // version of the rules they were made by.
        return Ok(Computed { stored: stored.clone(), track, work });
    }
    let late_data =
        closed.is_some_and(|s| s.late_data || s.summary.figures.input_sha256 != track.day.input_sha256);
    let best_m = if expired { None } else { best_m(insight, &scope, mode, &track, &work, &fences).await };
    let figures = DayFigures {
        best_m,
        duty,
        refused_off_duty: refused,
        provisional: !over,
        ..figures(&track, &work, person, day)
    };
    let summary = DaySummary { figures, visits: work.visits.len() as i64 };
    let stored = Stored { summary, stamp, late_data, computed_at: now };
    if day == today {
        insight.figures().note(insight.db().bus(), tenant, person.id, day, stored.summary.figures.counted_m);
    }
    let written_lately = before.as_ref().is_some_and(|b| now.0 - b.computed_at.0 < REWRITE);
    if over || !written_lately {
        let row = stored.clone();
        db.write(&scope, move |tx| Box::pin(async move { sql::put(tx, &row).await })).await?;
    }
    Ok(Computed { stored, track, work })
}

/// Metres of the best way over the stops that were made. Nobody on the network is asked.
async fn best_m(
    insight: &Insight,
    scope: &Scope,
    mode: Option<api::TravelMode>,
    track: &DayTrack,
    work: &DayWork,
    fences: &[Place],
) -> Option<i64> {
    let made: BTreeSet<Uuid> = work.visits.iter().map(|v| v.customer.id).collect();
    let stops: Vec<LngLat> = fences.iter().filter(|p| made.contains(&p.id)).map(|p| p.at).collect();
    if stops.is_empty() || stops.len() > work::MOST_COMPARED {
        return None;
    }
    let (first, last) = (track.day.path.first()?.at, track.day.path.last()?.at);
    let points = std::iter::once(first).chain(stops).chain([last]).collect();
    let table = insight.travel().near_table(scope, mode, points).await;
    tokio::task::spawn_blocking(move || work::shortest_m(&table)).await.ok().flatten()
}

/// What a day is computed from beside its readings.
pub(crate) struct Given {
    /// Figures kept before.
    pub before: Option<Stored>,
    pub duty: Vec<org::Duty>,
    /// The working day is over.
    pub over: bool,
    pub work: DayWork,
    pub anchors: Anchors,
    /// The customers the day may have been at.
    pub places: Vec<customers::Place>,
}

/// Are these figures final, as far as working time is concerned? They are not any more when leave, overtime or a private
/// trip was declared since.
pub(super) fn is_closed(stored: &Stored, changed_at: Option<Micros>) -> bool {
    !stored.summary.figures.provisional && changed_at.is_none_or(|changed| changed < stored.computed_at)
}

/// Gathers what a person's day is computed from.
pub(crate) async fn given(
    q: &mut impl db::Query,
    employee: Uuid,
    day: LocalDay,
    told: &org::DutyDay,
    now: Micros,
    today: LocalDay,
) -> Result<Given> {
    let before = sql::one(q, employee, day).await?;
    let work = work::day(q, employee, day, now).await?;
    // A closed day keeps the working time it was closed with, whatever the calendar says later.
    let duty = match before.as_ref().filter(|s| is_closed(s, told.changed_at)) {
        Some(stored) => stored.summary.figures.duty.clone(),
        None => told.working.clone(),
    };
    let over = duty.last().map_or(day < today, |last| now >= last.to);
    let places = places(q, &work).await?;
    let until_ms = (!over).then(|| soon(now));
    let visits = spans(&work.visits, until_ms.unwrap_or(i64::MAX), &duty);
    let anchors = Anchors {
        duty: tracking::windows(&duty),
        private: tracking::windows(&told.private),
        until_ms,
        visits,
        places: places.iter().filter_map(place).collect(),
    };
    Ok(Given { before, duty, over, work, anchors, places })
}

fn place(p: &customers::Place) -> Option<Place> {
    Some(Place { id: p.id, at: p.at?, radius_m: p.radius_m as f64 })
}

/// Half a minute on, so that two who look within it see the same day.
fn soon(now: Micros) -> i64 {
    (now.0.div_euclid(30 * Micros::SECOND) + 1) * 30_000
}

/// Visits as anchors of the track. One that is still open lasts to the end of what has passed.
fn spans(visits: &[VisitRow], until_ms: i64, duty: &[org::Duty]) -> Vec<VisitSpan> {
    let ms = |t: Micros| t.0.div_euclid(1000);
    let end = duty.last().map_or(until_ms, |d| ms(d.to).min(until_ms));
    visits
        .iter()
        .map(|v| VisitSpan {
            place: v.customer.id,
            from_ms: ms(v.check_in_at),
            to_ms: v.check_out_at.map_or(end, ms),
        })
        .collect()
}

/// The customers of the day's tasks and visits that have a position.
async fn places(q: &mut impl db::Query, work: &DayWork) -> Result<Vec<customers::Place>> {
    let planned = work.tasks.iter().map(|t| t.customer.id);
    let ids: BTreeSet<Uuid> = planned.chain(work.visits.iter().map(|v| v.customer.id)).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    customers::places(q, &ids).await
}

/// Seconds inside the fence of each finished visit for which the track says other than what is kept.
fn presences(track: &DayTrack, visits: &[VisitRow], fences: &[Place]) -> Vec<(Uuid, i64)> {
    let inside = |v: &VisitRow| -> Option<(Uuid, i64)> {
        let fence: (LngLat, f64) =
            fences.iter().find(|p| p.id == v.customer.id).map(|p| (p.at, p.radius_m))?;
        let (from, to) = (v.check_in_at.0.div_euclid(1000), v.check_out_at?.0.div_euclid(1000));
        let seconds = presence::inside_ms(&track.day.path, from, to, fence)? / 1000;
        let seconds = v.stay_s.map_or(seconds, |stay| seconds.min(stay));
        (v.presence_s != Some(seconds)).then_some((v.id, seconds))
    };
    visits.iter().filter_map(inside).collect()
}

async fn store_presence(insight: &Insight, scope: &Scope, found: Vec<(Uuid, i64)>) -> Result<()> {
    insight
        .db()
        .write(scope, move |tx| {
            Box::pin(async move {
                for (visit, seconds) in found {
                    work::visits::set_presence(tx, visit, seconds).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Seconds with the customer: the presence the track shows, else check-in to check-out.
pub(crate) fn stay_s(visit: &VisitRow) -> i64 {
    visit.presence_s.or(visit.stay_s).unwrap_or(0)
}

fn figures(track: &DayTrack, work: &DayWork, person: &org::Person, day: LocalDay) -> DayFigures {
    let visits = &work.visits;
    let meters = |m: f64| m.round() as i64;
    let gaps = track.day.gaps.iter().map(|g| g.to_ms - g.from_ms).sum::<i64>();
    let text = |v: &VisitRow| {
        let text = v.summary.clone()?;
        let customer = org::Ref { id: v.customer.id, name: v.customer.name.clone() };
        Some(VisitSummary { visit_id: v.id, customer, text })
    };
    DayFigures {
        employee: person.as_ref(),
        department: person.department(),
        day,
        planned: work.tasks.iter().filter(|t| t.status != TaskStatus::Cancelled).count() as i64,
        effective: visits.iter().filter(|v| v.effective == Some(true)).count() as i64,
        stay_s: visits.iter().map(stay_s).sum(),
        counted_m: meters(track.day.counted_m),
        raw_m: meters(track.day.raw_m),
        excluded_m: meters(track.day.excluded_m),
        estimated_m: meters(track.day.estimated_m),
        gap_s: gaps / 1000,
        plan_m: work.plan.as_ref().map(|p| p.route.meters),
        best_m: None,
        first_check_in: visits.iter().map(|v| v.check_in_at).min(),
        last_check_out: visits.iter().filter_map(|v| v.check_out_at).max(),
        duty: vec![],
        refused_off_duty: 0,
        stored_off_duty: i64::from(track.stored_off_duty),
        rule_version: track.day.version.clone(),
        input_sha256: track.day.input_sha256.clone(),
        provisional: true,
        summaries: visits.iter().filter_map(text).collect(),
    }
}

/// Short mark of everything a day's figures are made of: another mark means they are to be made again.
pub(super) fn stamp(mark: Mark, work: &DayWork, refused: i64, declared_at: Option<Micros>) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{mark} {refused}"));
    if let Some(at) = declared_at {
        hash.update(format!(" {}", at.0));
    }
    for t in &work.tasks {
        hash.update(format!("|{} {}", t.id, t.status.key()));
    }
    for v in &work.visits {
        hash.update(format!(
            "|{} {} {:?} {:?} {:?} {:?}",
            v.id, v.check_in_at.0, v.check_out_at, v.presence_s, v.effective, v.summary
        ));
    }
    hex::encode(&hash.finalize()[..12])
}
