//! Places a phone is to watch by itself: OwnTracks takes them as the answer to its reports. Each tracker is told
//! when the set changes, and again now and then, because an answer may be lost.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{BoxFuture, Result};
use parking_lot::Mutex;
use serde_json::Value;
use uuid::Uuid;

use super::Known;
use crate::wire::{Region, set_waypoints};

/// What a person's phone is to watch on a day; comes from a floor that knows plans.
pub trait DayRegions: Send + Sync {
    fn of_day<'a>(
        &'a self,
        tenant: Uuid,
        employee: Uuid,
        day: LocalDay,
    ) -> BoxFuture<'a, Result<Vec<Region>>>;
}

/// A set believed for so long before it is asked again.
const BELIEVED: Duration = Duration::from_secs(60);
/// An unchanged set is told again after so long.
const AGAIN: Duration = Duration::from_secs(6 * 3600);
const MOST: usize = 200_000;

#[derive(Default)]
struct Told {
    asked: Option<Instant>,
    told: Option<Instant>,
    regions: Vec<Region>,
}

/// See the module.
pub(crate) struct Regions {
    source: Arc<dyn DayRegions>,
    told: Mutex<HashMap<Uuid, Told>>,
}

impl Regions {
    pub fn new(source: Arc<dyn DayRegions>) -> Regions {
        Regions { source, told: Mutex::default() }
    }

    /// Commands for a tracker that has just reported; mostly none.
    pub async fn commands(&self, known: Known, day: LocalDay) -> Result<Vec<Value>> {
        {
            let mut all = self.told.lock();
            if all.len() > MOST {
                all.clear();
            }
            let told = all.entry(known.tracker()).or_default();
            if told.asked.is_some_and(|at| at.elapsed() < BELIEVED) {
                return Ok(vec![]);
            }
            told.asked = Some(Instant::now());
        }
        let regions = self.source.of_day(known.owner.tenant, known.owner.employee, day).await?;
        let mut all = self.told.lock();
        let told = all.entry(known.tracker()).or_default();
        let current = told.told.is_some_and(|at| at.elapsed() < AGAIN);
        if (current && told.regions == regions) || (regions.is_empty() && told.regions.is_empty()) {
            return Ok(vec![]);
        }
        let kept = |r: &Region| regions.iter().any(|n| n.name == r.name);
        let gone: Vec<Region> = told.regions.iter().filter(|r| !kept(r)).cloned().collect();
        let command = set_waypoints(&regions, &gone);
        (told.told, told.regions) = (Some(Instant::now()), regions);
        Ok(vec![command])
    }
}
