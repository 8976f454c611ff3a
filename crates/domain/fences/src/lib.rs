//! Watched places, and what happened at them.
//!
//! Nouns: Fence (a shape of its own, or the circle of a customer), FenceEvent (enter, dwell, exit, pass), Tell (who
//! hears of it), Patrol (a round).
//!
//! Invariants
//! * Every customer with a position is watched by the circle of its radius; a drawn fence takes its place.
//! * Events are computed from a person's whole day and never edited: what late positions change is put right.
//! * An event says where somebody was: whoever reads one, or is told of one, stands in that person's ledger first.
//! * Positions that an app supplied, or that were handed in later as a file, make no events.
//!
//! News: `fence` for the person and those who may see his track, naming the day and nothing else.

mod follow;
mod http;
mod model;
mod patrol;
mod rules;
mod sql;
mod watched;

pub use http::routes;
pub use model::{EventKind, Fence, FenceEvent, Tell};
pub use watched::day_regions;

use db::Database;
use tracking::Tracking;

/// Handle to the watching. Cheap to clone; background work ends with the last one.
#[derive(Clone)]
pub struct Fences(std::sync::Arc<Inner>);

struct Inner {
    db: Database,
    tracking: Tracking,
    watched: watched::Memory,
}

impl Fences {
    /// Starts following positions. Once a process.
    pub fn start(db: &Database, tracking: &Tracking) -> Fences {
        let inner = std::sync::Arc::new(Inner {
            db: db.clone(),
            tracking: tracking.clone(),
            watched: watched::Memory::new(db.bus()),
        });
        tokio::spawn(follow::follow(std::sync::Arc::downgrade(&inner)));
        Fences(inner)
    }

    /// Computes a person's events of a day now, as the following does by itself: for tests.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn compute(
        &self,
        tenant: uuid::Uuid,
        employee: uuid::Uuid,
        day: base::LocalDay,
    ) -> db::Result<()> {
        follow::compute(&self.0, tenant, employee, day).await
    }
}

base::problems! {
    /// Corners or a radius that cannot be watched.
    SHAPE = 422 "fence.shape",
        zh "围栏形状无效" / "半径为 20–5000 米；多边形为 3–200 个顶点，边不能相交，面积不小于 100 平方米。（{reason}）",
        en "Invalid fence" / "A radius is 20 to 5000 m; a polygon has 3 to 200 corners, no crossing edges and at least 100 m². ({reason})";
    TOO_MANY = 422 "fence.too_many",
        zh "围栏太多" / "每家企业最多 10000 个自绘围栏。",
        en "Too many fences" / "A company can have at most 10000 drawn fences.";
    /// A round that nobody can walk.
    ROUND = 422 "patrol.points",
        zh "巡检点无效" / "路线需要 1–100 个有位置的客户，每个点的时间在当天之内且先后合理。",
        en "Invalid round" / "A round needs 1 to 100 customers with a position, each with a time within the day.";
}
