//! The server's own road map: read when first asked for, and again when the file has been replaced.

use std::{fs::File, path::PathBuf, sync::Arc, time::SystemTime};

use geo::LngLat;
use parking_lot::Mutex;
use roads::{Network, Place, Profile, RoadMap, Table};

use crate::provider::{Cell, Fault};

/// Farther than this from any street a place is off the map, metres.
const REACH_M: f64 = 3_000.0;

/// The file and what was read of it.
#[derive(Default)]
pub struct OwnMap {
    file: Option<PathBuf>,
    read: Mutex<Option<(SystemTime, Arc<RoadMap>)>>,
}

impl OwnMap {
    pub fn at(file: Option<PathBuf>) -> OwnMap {
        OwnMap { file, read: Mutex::new(None) }
    }

    pub fn is_there(&self) -> bool {
        self.file.as_ref().is_some_and(|f| f.is_file())
    }

    /// The map as the file stands now. Blocks while it is read.
    fn map(&self) -> Option<Arc<RoadMap>> {
        let file = self.file.as_ref()?;
        let about = std::fs::metadata(file).ok()?;
        let changed = about.modified().ok()?;
        let mut read = self.read.lock();
        if let Some((at, map)) = read.as_ref()
            && *at == changed
        {
            return Some(map.clone());
        }
        let length = usize::try_from(about.len()).ok()?;
        match File::open(file).and_then(|f| RoadMap::read(f, length)) {
            Ok(Ok(map)) => {
                let map = Arc::new(map);
                *read = Some((changed, map.clone()));
                Some(map)
            }
            Ok(Err(e)) => {
                tracing::warn!(file = %file.display(), error = %e, "road map not usable");
                None
            }
            Err(e) => {
                tracing::warn!(file = %file.display(), error = %e, "road map cannot be read");
                None
            }
        }
    }

    fn with<T>(&self, profile: Profile, work: impl FnOnce(&Network) -> T) -> Result<T, Fault> {
        let map = self.map().ok_or(Fault::NoMap)?;
        let network = map.network(profile).ok_or(Fault::NoMap)?;
        Ok(work(&network))
    }

    /// A table between all points. Blocks; run it off the async threads.
    ///
    /// # Errors
    /// `NoMap`, or `OffMap` when a point is too far from the streets.
    pub fn table(&self, profile: Profile, points: &[LngLat]) -> Result<Vec<Cell>, Fault> {
        self.with(profile, |network| {
            let places: Vec<Place> = points.iter().filter_map(|p| network.snap(*p, REACH_M)).collect();
            if places.len() < points.len() {
                return Err(Fault::OffMap);
            }
            let table = network.table(&places, &places);
            Ok((0..places.len() * places.len()).map(|k| cell(&table, k)).collect())
        })?
    }

    /// From the first to the second of each pair; `None` also for what is off the map.
    pub fn pairs(&self, profile: Profile, pairs: &[(LngLat, LngLat)]) -> Result<Vec<Cell>, Fault> {
        self.with(profile, |network| {
            let place = |p: LngLat| network.snap(p, REACH_M);
            let places: Vec<Option<(Place, Place)>> =
                pairs.iter().map(|(a, b)| place(*a).zip(place(*b))).collect();
            let known: Vec<(Place, Place)> = places.iter().flatten().copied().collect();
            let mut found = network.pairs(&known).into_iter();
            let one = |p: Option<(Place, Place)>| p.and_then(|_| found.next().flatten()).map(whole);
            places.into_iter().map(one).collect()
        })
    }

    /// Lines from each point to the next; `None` where there is no way.
    pub fn lines(&self, profile: Profile, points: &[LngLat]) -> Result<Vec<Option<Vec<LngLat>>>, Fault> {
        self.with(profile, |network| {
            let leg = |pair: &[LngLat]| {
                let way = network.way(&network.snap(pair[0], REACH_M)?, &network.snap(pair[1], REACH_M)?)?;
                let mut line = vec![pair[0]];
                line.extend(way.line);
                line.push(pair[1]);
                line.dedup();
                Some(line)
            };
            points.windows(2).map(leg).collect()
        })
    }
}

fn cell(table: &Table, k: usize) -> Cell {
    let (ms, cm) = (table.duration_ms[k], table.distance_cm[k]);
    (ms != Table::NO_WAY).then(|| whole((ms, cm)))
}

/// Whole seconds and metres, rounded up, so that nobody is promised to arrive early.
fn whole((ms, cm): (u32, u32)) -> (i64, i64) {
    (i64::from(ms.div_ceil(1_000)), i64::from(cm.div_ceil(100)))
}
