//! What the day amounts to: figures, live map, playback, reports. Everything here is computed from the
//! floors below and can be computed again.
//!
//! Nouns: DaySummary (figures of a person's day), Playback, LivePerson, DailyReport, Home, TrackingHealth.
//!
//! Invariants
//! * A figure names the version of its rules and the hash of its input; figures are made anew, never edited.
//! * A closed day keeps the working time it was closed with.
//! * Whoever is shown a position or a figure made of positions stands in the ledger of its person first.
//!
//! News: `live` (a LivePerson) for every person who moved or changed state, at most once a second, not kept.

mod closer;
mod day;
mod figures;
mod groups;
mod health;
mod home;
mod http;
mod live;
mod mileage;
mod playback;
mod readiness;
mod report;
mod rights;

pub use day::{DayFigures, DaySummary, VisitSummary};
pub use health::{Advice, TrackingHealth, TrackingHealthBoard};
pub use home::{Home, NeedsMe, TeamRow};
pub use http::routes;
pub use live::{LiveBoard, LiveCounts, LivePerson, LiveState};
pub use mileage::{MileageMonth, MileageRow, MileageSums};
pub use playback::Playback;
pub use report::{DailyReport, DayDetail};

use std::sync::Arc;

use api::TravelTimes;
use db::Database;
use tracking::Tracking;

/// Handle to the live map and the days. Cheap to clone; background work ends with the last one.
#[derive(Clone)]
pub struct Insight(Arc<Inner>);

struct Inner {
    db: Database,
    tracking: Tracking,
    travel: Arc<dyn TravelTimes>,
    works: live::Works,
    figures: figures::Figures,
}

impl Insight {
    /// Starts following positions and closing days. Once a process.
    pub fn start(db: &Database, tracking: &Tracking, travel: Arc<dyn TravelTimes>) -> Insight {
        let inner = Arc::new(Inner {
            db: db.clone(),
            tracking: tracking.clone(),
            travel,
            works: live::Works::default(),
            figures: figures::Figures::default(),
        });
        tokio::spawn(live::follow(Arc::downgrade(&inner)));
        tokio::spawn(figures::keep(Arc::downgrade(&inner)));
        tokio::spawn(closer::run(Arc::downgrade(&inner)));
        Insight(inner)
    }

    fn db(&self) -> &Database {
        &self.0.db
    }

    fn tracking(&self) -> &Tracking {
        &self.0.tracking
    }

    fn travel(&self) -> &dyn TravelTimes {
        &*self.0.travel
    }

    fn works(&self) -> &live::Works {
        &self.0.works
    }

    fn figures(&self) -> &figures::Figures {
        &self.0.figures
    }
}

/// The figures of the caller's own day, for his phone; absent when there is nothing to tell.
///
/// # Errors
/// When the store cannot be read.
pub async fn own_day(insight: &Insight, scope: &db::Scope, day: base::LocalDay) -> db::Result<DaySummary> {
    let person = org::person(&mut insight.db().read(&scope.own()).await?, scope.actor()).await?;
    Ok(day::compute(insight, scope.tenant(), &person, day).await?.stored.summary)
}
