//! From a person's day to the question for the route engine. The answer is computed outside every transaction
//! and off the async threads.

use api::{Kit, TravelMode};
use base::{LocalDay, Micros, Problem};
use customers::{Grades, OpeningHours};
use db::{Query, Result, Scope};
use geo::LngLat;
use jiff::tz::TimeZone;
use org::{DayRules, Person};
use uuid::Uuid;

use crate::{
    TaskStatus,
    board::{PLANNED, PROMISE_S, weight},
    is_open,
    model::{Objective, Window, point},
    opening,
    routing::{self, DayStop, Ordered},
    tasks::sql::TaskRow,
};

/// A visit is expected to last this long when nothing says more.
pub(crate) const USUAL_VISIT_S: i64 = 30 * 60;

/// What the order of a day depends on besides its stops.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub day: LocalDay,
    pub zone: TimeZone,
    pub start: Option<LngLat>,
    /// Absent: it ends at the last stop.
    pub end: Option<LngLat>,
    /// How the person gets about; absent: as the company usually does.
    pub travel: Option<TravelMode>,
    pub window: Window,
    /// Minutes between shifts, when nobody works.
    pub pauses: Vec<(i32, i32)>,
    /// No more visits and metres than these.
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
    pub objective: Objective,
    pub keep_order: bool,
    /// What the grades of customers weigh.
    pub grades: Grades,
    pub now: Micros,
}

impl Day {
    pub async fn of(
        q: &mut impl Query,
        person: &Person,
        day: LocalDay,
        window: Window,
        objective: Objective,
        keep_order: bool,
        now: Micros,
    ) -> Result<Day> {
        let shifts = org::duty_minutes(q, person.id, day).await?;
        let terms = DayRules::read(q).await?.of(person);
        let pauses = shifts.windows(2).map(|w| (w[0].1, w[1].0)).collect();
        Ok(Day {
            day,
            zone: org::zone(q).await?,
            start: terms.start,
            end: terms.end,
            travel: terms.travel,
            window,
            pauses,
            most_visits: terms.most_visits,
            most_m: terms.most_m,
            objective,
            keep_order,
            grades: customers::grades(q).await?,
            now,
        })
    }

    /// Instant of a second after midnight.
    pub fn instant(&self, second: i64) -> Micros {
        let minute = i32::try_from(second / 60).unwrap_or(0);
        self.day.at_minute(minute, &self.zone).plus(second % 60 * Micros::SECOND)
    }

    /// Today nobody can begin before now; a window that is over is taken as it stands.
    fn opening_second(&self) -> i64 {
        let opens = i64::from(self.window.from_minute) * 60;
        let today = self.now.local_day(&self.zone) == self.day;
        let now = i64::from(self.now.local_minute(&self.zone)) * 60;
        if today && now < i64::from(self.window.to_minute) * 60 { opens.max(now) } else { opens }
    }
}

/// A stop to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub customer_id: Uuid,
    pub grade: Option<String>,
    pub at: Option<LngLat>,
    pub min_stay_s: i64,
    pub window: Window,
    /// When the customer can be visited.
    pub hours: OpeningHours,
    pub fixed: bool,
    /// A task already: it does not leave the day for something new.
    pub held: bool,
    /// Expected length in seconds, when somebody said so.
    pub service_s: Option<i64>,
    /// Nobody and no rule moves it.
    pub locked: bool,
    /// When a locked one was promised.
    pub promised_at: Option<Micros>,
}

impl Stop {
    /// `None` for a task that is no longer part of the day.
    pub fn of(task: &TaskRow) -> Option<Stop> {
        let status = task.kept();
        let done = status == TaskStatus::Done;
        (is_open(status) || done).then(|| Stop {
            customer_id: task.customer_id,
            grade: task.grade.clone(),
            at: point(task.lng, task.lat),
            min_stay_s: task.min_stay_s,
            window: Window::new(task.from_minute, task.to_minute),
            hours: task.hours(),
            fixed: done || matches!(status, TaskStatus::OnSite | TaskStatus::OnTheWay),
            held: true,
            service_s: task.service_s,
            locked: task.locked,
            promised_at: task.promised_at.filter(|_| task.locked),
        })
    }
}

/// Orders stops. Indices of the answer are those of `stops`.
pub(crate) async fn arrange(kit: &Kit, scope: &Scope, day: &Day, stops: &[Stop]) -> Result<Ordered> {
    let (from, to) = (day.opening_second(), i64::from(day.window.to_minute) * 60);
    let narrower =
        |w: Window| (w != day.window).then(|| (i64::from(w.from_minute) * 60, i64::from(w.to_minute) * 60));
    let stays = kit.travel.usual_stays(scope).await;
    let usual = |s: &Stop| stays.iter().find(|u| u.0 == s.grade).map_or(USUAL_VISIT_S, |u| u.1);
    let midnight = day.day.at_minute(0, &day.zone);
    // What is locked begins about when it was promised.
    let kept = |s: &Stop| {
        let (opens, closes) = narrower(s.window).unwrap_or((from, to));
        let about = s.promised_at.map(|at| (at.0 - midnight.0) / Micros::SECOND)?;
        let opens = opens.max(about - PROMISE_S);
        Some((opens, closes.min(about + PROMISE_S).max(opens)))
    };
    let stop = |s: &Stop| DayStop {
        customer_id: s.customer_id,
        at: s.at,
        service_s: s.service_s.unwrap_or_else(|| usual(s).max(s.min_stay_s)),
        window: kept(s).or_else(|| narrower(s.window)),
        open: opening::open_on(&s.hours, day.day),
        fixed: s.fixed,
        locked: s.locked,
        weight: weight(day.grades.rank(s.grade.as_deref())) + if s.held { PLANNED } else { 0 },
    };
    let question = routing::Day {
        start: day.start,
        end: day.end,
        window: (from, to),
        pauses: day.pauses.iter().map(|(a, b)| (i64::from(*a) * 60, i64::from(*b) * 60)).collect(),
        stops: stops.iter().map(stop).collect(),
        most_visits: day.most_visits,
        most_m: day.most_m,
        objective: day.objective,
        keep_order: day.keep_order,
    };
    let minutes = (i32::try_from(from / 60).unwrap_or(0), day.window.to_minute);
    let table = kit.travel.table(scope, day.travel, routing::places(&question), Some(minutes)).await;
    let mut ordered = tokio::task::spawn_blocking(move || routing::order(&question, &table))
        .await
        .map_err(Problem::internal)?;
    ordered.route.draw(kit, scope, day.travel).await;
    Ok(ordered)
}

/// Who does it, for notices; jobs are the system.
pub(crate) async fn actor_name(q: &mut impl Query) -> Result<String> {
    let actor = q.scope().actor();
    let found = org::by_ids(q, &[actor]).await?;
    Ok(found.into_iter().next().map_or_else(|| "系统".to_owned(), |p| p.name))
}

/// Kilometres for a notice.
pub(crate) fn km(meters: i64) -> String {
    format!("{:.1}", meters as f64 / 1000.0)
}
