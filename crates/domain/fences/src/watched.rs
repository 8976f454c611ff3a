//! All places of a company that are watched, with a short memory.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{Bus, Event, Listener, Query, Result, Scope};
use parking_lot::Mutex;
use tokio::sync::broadcast::error::TryRecvError;
use tracking::wire::Region;
use uuid::Uuid;

use crate::{Fences, Inner, rules::Watched, sql};

/// How long a company's places are believed, unless news of a change come.
const BELIEVED: Duration = Duration::from_secs(60);
/// Kinds of objects whose change changes what is watched.
const DECISIVE: [&str; 4] = ["customer", "customer_class", "fence", "fence_class"];

/// Places in the form the engine takes, and what is known of each, in the same order.
pub(crate) struct Places {
    pub places: Vec<Watched>,
    pub fences: Vec<fence::Fence>,
    pub index: fence::Index,
}

impl Places {
    pub fn new(places: Vec<Watched>) -> Places {
        let fence = |w: &Watched| fence::Fence { id: w.id, shape: w.shape.clone(), dwell_s: w.dwell_s };
        let fences: Vec<fence::Fence> = places.iter().map(fence).collect();
        let index = fence::Index::new(fences.iter().map(|f| &f.shape));
        Places { places, fences, index }
    }
}

/// See the module.
pub(crate) struct Memory {
    known: Mutex<HashMap<Uuid, (Instant, Arc<Places>)>>,
    news: Mutex<Listener<Event>>,
}

impl Memory {
    pub fn new(bus: &Bus) -> Memory {
        Memory { known: Mutex::default(), news: Mutex::new(bus.subscribe()) }
    }

    /// Forgets what has changed since the last call.
    fn hear(&self) {
        let mut news = self.news.lock();
        loop {
            match news.try_recv() {
                Ok(e) if e.topic == "audit" && DECISIVE.iter().any(|kind| e.payload["kind"] == *kind) => {
                    self.known.lock().remove(&e.tenant);
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => self.known.lock().clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }
}

impl Inner {
    /// What is watched in a company.
    pub(crate) async fn places(&self, tenant: Uuid) -> Result<Arc<Places>> {
        self.watched.hear();
        if let Some((at, places)) = self.watched.known.lock().get(&tenant)
            && at.elapsed() < self.db.bus().believed(BELIEVED)
        {
            return Ok(places.clone());
        }
        let mut reader = self.db.read(&Scope::job("fences", tenant)).await?;
        let all = all(&mut reader).await?;
        drop(reader);
        let places = tokio::task::spawn_blocking(move || Places::new(all)).await;
        let places = Arc::new(places.map_err(base::Problem::internal)?);
        self.watched.known.lock().insert(tenant, (Instant::now(), places.clone()));
        Ok(places)
    }
}

/// Drawn fences, and the circles of all customers that have none.
async fn all(q: &mut impl Query) -> Result<Vec<Watched>> {
    let drawn = sql::active(q).await?;
    let classes = sql::classes(q).await?;
    let mut places: Vec<Watched> = vec![];
    let customers = customers::all_places(q).await?;
    let owners: HashMap<Uuid, Option<Uuid>> = customers.iter().map(|c| (c.id, c.owner_id)).collect();
    let replaced: HashSet<Uuid> = drawn.iter().filter_map(|f| f.customer.as_ref().map(|c| c.id)).collect();
    for f in drawn {
        let Some(shape) = f.shape.shape() else { continue };
        let customer = f.customer.map(|c| c.id);
        places.push(Watched {
            id: f.id,
            name: f.name,
            customer,
            owner: customer.and_then(|c| owners.get(&c).copied().flatten()),
            drawn: true,
            shape,
            dwell_s: u32::try_from(f.dwell_s).unwrap_or(0),
            tell: f.tell,
        });
    }
    for c in customers.into_iter().filter(|c| !replaced.contains(&c.id)) {
        let Some(at) = c.at else { continue };
        places.push(Watched {
            id: c.id,
            name: c.name,
            customer: Some(c.id),
            owner: c.owner_id,
            drawn: false,
            shape: fence::Shape::Circle { at, radius_m: c.radius_m as f64 },
            dwell_s: u32::try_from(c.min_stay_s).unwrap_or(0),
            tell: classes.get(&c.class_id).cloned().unwrap_or_default(),
        });
    }
    Ok(places)
}

/// The customers of a person's day as circles, for phones that watch by themselves.
///
/// # Errors
/// When the store cannot be read.
pub async fn day_regions(
    fences: &Fences,
    tenant: Uuid,
    employee: Uuid,
    day: LocalDay,
) -> Result<Vec<Region>> {
    let db = &fences.0.db;
    let mut reader = db.read(&Scope::job("fences", tenant)).await?;
    let work = work::day(&mut reader, employee, day, db.now()).await?;
    drop(reader);
    let places = fences.0.places(tenant).await?;
    let mut regions: Vec<Region> = vec![];
    for task in work.tasks.iter().filter(|t| t.status != work::TaskStatus::Cancelled) {
        let customer = Some(task.customer.id);
        let Some(place) = places.places.iter().find(|p| p.customer == customer) else { continue };
        let Some(at) = place.shape.middle() else { continue };
        let region = Region {
            name: place.name.clone(),
            at,
            // A phone's own circle may be no smaller than what it can tell.
            radius_m: place.shape.radius_m().round().max(100.0) as i64,
            key: 1_000_000_000 + (task.customer.id.as_u128() % 900_000_000) as i64,
        };
        if regions.iter().all(|r| r.name != region.name) {
            regions.push(region);
        }
    }
    // iOS watches twenty regions at most.
    regions.truncate(20);
    Ok(regions)
}
