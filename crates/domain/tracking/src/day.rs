//! A person's day from what is stored: readings through the day engine, with the visits as anchors.

use std::{collections::HashMap, sync::Arc};

use base::{LocalDay, Problem};
use db::{Query, Result};
use parking_lot::Mutex;
use track::{Day, Input, Place, Rules, VisitSpan, Window};
use uuid::Uuid;

use crate::{reading, rules::Refusal, sql, store};

/// What a day is computed with beside its readings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Anchors {
    /// Working time of the whole day.
    pub duty: Vec<Window>,
    /// Declared private trips.
    pub private: Vec<Window>,
    /// For a day that is not over: how far it has gone, Unix milliseconds.
    pub until_ms: Option<i64>,
    pub visits: Vec<VisitSpan>,
    /// The customers of those visits and of the plan.
    pub places: Vec<Place>,
}

/// A computed day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayTrack {
    pub day: Day,
    /// Readings stored.
    pub stored: u32,
    /// Of them, outside the working time or in a private trip: by the gate's work always none, and counted each time to show it.
    pub stored_off_duty: u32,
    /// Readings the phone itself marked as coming from an app, Unix milliseconds.
    pub mocked: Vec<i64>,
    /// Stretches of readings that were handed in later as a file.
    pub backfill: Vec<Window>,
}

/// What is stored of a day, as numbers that change whenever the readings do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Mark {
    revision: i64,
    batches: i64,
    last: i64,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.revision, self.batches, self.last)
    }
}

/// The marks of everybody on a day.
pub async fn marks(q: &mut impl Query, day: LocalDay) -> Result<HashMap<Uuid, Mark>> {
    let rows = sql::marks(q, day, None).await?;
    Ok(rows.into_iter().map(|r| (r.employee_id, Mark::from(r))).collect())
}

/// The mark of one person's day.
pub async fn mark(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Mark> {
    let rows = sql::marks(q, day, Some(employee)).await?;
    Ok(rows.into_iter().next().map(Mark::from).unwrap_or_default())
}

impl From<sql::MarkRow> for Mark {
    fn from(r: sql::MarkRow) -> Mark {
        Mark { revision: r.revision, batches: r.batches, last: r.last }
    }
}

/// Refused readings of everybody on a day.
pub async fn refused(q: &mut impl Query, day: LocalDay) -> Result<HashMap<Uuid, i64>> {
    Ok(sql::refused_on(q, day).await?.into_iter().map(|r| (r.employee_id, r.count)).collect())
}

/// Refused readings of a day by person and reason.
pub async fn refused_by_reason(q: &mut impl Query, day: LocalDay) -> Result<Vec<(Uuid, Refusal, i64)>> {
    let rows = sql::refused_by_reason(q, day).await?;
    Ok(rows.into_iter().filter_map(|r| Some((r.employee_id, Refusal::of_key(&r.reason)?, r.count))).collect())
}

/// Computed days kept in memory.
const KEPT: usize = 128;

type Key = (Uuid, Uuid, LocalDay);

struct Kept {
    mark: Mark,
    anchors: Anchors,
    track: Arc<DayTrack>,
    used: u64,
}

/// Days computed lately, by what they were computed from.
#[derive(Default)]
pub(crate) struct Days {
    kept: Mutex<(u64, HashMap<Key, Kept>)>,
}

impl Days {
    /// Computes a day, or gives the one computed from the same before.
    pub async fn day(
        &self,
        q: &mut impl Query,
        employee: Uuid,
        day: LocalDay,
        anchors: Anchors,
    ) -> Result<Arc<DayTrack>> {
        let key = (q.scope().tenant(), employee, day);
        let mark = mark(q, employee, day).await?;
        if let Some(track) = self.find(&key, mark, &anchors) {
            return Ok(track);
        }
        let readings = store::readings(q, employee, day).await?;
        let given = anchors.clone();
        let computed = tokio::task::spawn_blocking(move || compute(&readings, &given)).await;
        let track = Arc::new(computed.map_err(Problem::internal)?);
        self.keep(key, mark, anchors, track.clone());
        Ok(track)
    }

    fn find(&self, key: &Key, mark: Mark, anchors: &Anchors) -> Option<Arc<DayTrack>> {
        let mut kept = self.kept.lock();
        kept.0 += 1;
        let now = kept.0;
        let day = kept.1.get_mut(key).filter(|d| d.mark == mark && d.anchors == *anchors)?;
        day.used = now;
        Some(day.track.clone())
    }

    fn keep(&self, key: Key, mark: Mark, anchors: Anchors, track: Arc<DayTrack>) {
        let mut kept = self.kept.lock();
        kept.0 += 1;
        let used = kept.0;
        if kept.1.len() >= KEPT
            && let Some(oldest) = kept.1.iter().min_by_key(|(_, d)| d.used).map(|(k, _)| *k)
        {
            kept.1.remove(&oldest);
        }
        kept.1.insert(key, Kept { mark, anchors, track, used });
    }
}

/// Working time as far as the day has gone.
fn passed(anchors: &Anchors) -> Vec<Window> {
    let until = anchors.until_ms.unwrap_or(i64::MAX);
    let cut = |w: &Window| Window::new(w.from_ms, w.to_ms.min(until));
    anchors.duty.iter().map(cut).filter(|w| w.from_ms < w.to_ms).collect()
}

fn compute(readings: &[reading::Reading], anchors: &Anchors) -> DayTrack {
    let fixes = reading::fixes(readings);
    let duty = passed(anchors);
    let input = Input {
        fixes: &fixes,
        duty: &duty,
        private: &anchors.private,
        visits: &anchors.visits,
        places: &anchors.places,
        ..Input::default()
    };
    let inside = |windows: &[Window], t_ms| windows.iter().any(|w| w.contains(t_ms));
    let kept = |t_ms| inside(&anchors.duty, t_ms) && !inside(&anchors.private, t_ms);
    let off = readings.iter().filter(|r| !kept(r.t_ms)).count();
    let backfill = backfill(readings);
    let mut day = track::day(&input, &Rules::default());
    leave_out(&mut day, &backfill);
    DayTrack {
        day,
        stored: readings.len() as u32,
        stored_off_duty: off as u32,
        mocked: readings.iter().filter(|r| r.mock).map(|r| r.t_ms).collect(),
        backfill,
    }
}

/// Trips made of back-fill are shown, and not counted: nobody can tell how the file came to be.
fn leave_out(day: &mut track::Day, backfill: &[Window]) {
    for trip in day.trips.iter_mut().filter(|t| t.counted) {
        let span = Window::new(trip.from_ms, trip.to_ms);
        if backfill.iter().any(|w| w.overlap(span).is_some()) {
            trip.counted = false;
            day.counted_m -= trip.meters;
            day.excluded_m += trip.meters;
        }
    }
}

/// A pause longer than this ends a stretch of back-fill.
const APART_MS: i64 = 10 * 60_000;

/// Stretches of readings that were handed in later, ends included.
fn backfill(readings: &[reading::Reading]) -> Vec<Window> {
    let mut all: Vec<Window> = vec![];
    for t in readings.iter().filter(|r| r.backfill).map(|r| r.t_ms) {
        match all.last_mut() {
            Some(last) if t - last.to_ms <= APART_MS => last.to_ms = t + 1,
            _ => all.push(Window::new(t, t + 1)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::LngLat;

    /// A drive of ten minutes, twelve metres a second, then half an hour of rest.
    fn drive(from_ms: i64, backfill: bool) -> Vec<reading::Reading> {
        let at = |i: i64| LngLat::new(118.70 + 0.00127 * i.min(60) as f64, 32.04).unwrap();
        (0..240)
            .map(|i| {
                let mut r = reading::Reading { backfill, ..reading::Reading::at_time(from_ms + i * 10_000) };
                r.set_place(at(i));
                r.set_accuracy(Some(6.0));
                r
            })
            .collect()
    }

    #[test]
    fn back_fill_is_shown_and_not_counted() {
        let t = 1_795_136_400_000;
        let anchors = Anchors { duty: vec![Window::new(t, t + 8 * 3_600_000)], ..Anchors::default() };
        let live = compute(&drive(t, false), &anchors);
        let later = compute(&drive(t, true), &anchors);
        assert!(live.day.counted_m > 6_000.0 && live.backfill.is_empty(), "{}", live.day.counted_m);
        assert_eq!(later.day.counted_m.round(), 0.0);
        assert!((later.day.excluded_m - live.day.counted_m - live.day.excluded_m).abs() < 0.001);
        assert_eq!((later.day.path.len(), later.backfill.len()), (live.day.path.len(), 1));
    }
}
