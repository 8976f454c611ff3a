//! Dispatch: an urgent request is taken in at the desk, offered to who can be there first, and put into his day.
//!
//! Nouns: Request (what is wanted, where, until when), Candidate (a person who could go, with the reasons in numbers),
//! Offer (one person asked, and what he said), Rules (how long people have to answer; whether the first is asked
//! without a dispatcher).
//!
//! Invariants
//! * A request has at most one waiting offer. An offer is answered once, inside its time; what comes later is refused
//!   with the reason, and the request has gone back to the dispatcher by then.
//! * Only people in the dispatcher's reach are candidates; whoever is ranked by where he is stands in his ledger first.
//! * Who accepts gets the request into his day with at most two other visits moved. What has begun, is locked, or
//!   belongs to a prescribed order is not moved. A visit that finds no room any more is a request itself: nothing is
//!   forgotten.
//! * A request that waits may also be planned on the board: it is accepted from then on, and lives with that visit.
//! * A request lives until its visit is done, or somebody cancels it with a reason.
//!
//! Events: `task` `{urgent, status}`; notices `urgent.*` to the person asked, the dispatcher, and those whose visits move.

mod candidates;
mod erase;
mod http;
mod intake;
mod model;
mod offers;
mod place;
mod plannable;
pub mod ranking;
mod rules;
mod skills;
mod sql;
mod watch;

pub use candidates::Wanted;
pub use erase::erase;
pub use http::routes;
pub use model::{Candidates, Factors, Offer, UrgentCall, UrgentRequest};
pub use offers::{accept, calls, refuse};
pub use rules::DispatchRules;

use std::sync::Arc;

use api::Kit;
use base::Micros;
use parking_lot::Mutex;
use tracking::Tracking;
use uuid::Uuid;

/// Handle to the running part. Cheap to clone; background work ends with the last one.
#[derive(Clone)]
pub struct Dispatch(Arc<Inner>);

pub(crate) struct Inner {
    kit: Kit,
    tracking: Tracking,
    /// Requests are moved on by one at a time in this process; between processes their version decides.
    turn: tokio::sync::Mutex<()>,
    /// When the rule last looked for somebody, by request.
    looked: Mutex<std::collections::HashMap<Uuid, Micros>>,
}

impl Dispatch {
    /// Starts watching offers. Once a process.
    pub fn start(kit: &Kit, tracking: &Tracking) -> Dispatch {
        let inner = Arc::new(Inner {
            kit: kit.clone(),
            tracking: tracking.clone(),
            turn: tokio::sync::Mutex::new(()),
            looked: Mutex::default(),
        });
        tokio::spawn(watch::watch(Arc::downgrade(&inner), kit.db.bus().subscribe()));
        Dispatch(inner)
    }

    /// Who could go now for something else than an urgent request, such as a work order. Everybody whose position is used
    /// stands in his ledger first.
    ///
    /// # Errors
    /// `dispatch.no_place`; when the store cannot be read.
    pub async fn candidates(&self, scope: &db::Scope, wanted: &Wanted) -> db::Result<Candidates> {
        let question = candidates::Question { request: wanted, only: None, late: false };
        let crowd = candidates::crowd(&self.0, scope, &question).await?;
        self.0.kit.watch.positions_shown(scope, crowd.seen()).await?;
        Ok(crowd.shown(&Default::default()))
    }

    /// Moves a company's requests on now, as the watching does by itself every second: offers whose time is over go
    /// back, accepted ones get into their person's day, visits that were made close theirs.
    ///
    /// # Errors
    /// When the store cannot be read or written; the watching tries again.
    pub async fn settle(&self, tenant: Uuid) -> db::Result<()> {
        watch::settle(&self.0, tenant).await.map(drop)
    }
}

base::problems! {
    /// The request is offered, accepted, done or cancelled already.
    NOT_OPEN = 409 "dispatch.not_open",
        zh "请求已不在待派状态" / "这条紧急请求已派出、已接单或已结束，请刷新后查看。",
        en "The request is not waiting" / "This urgent request is offered, accepted or over already; reload to see how it stands.";
    /// The person chosen cannot go any more.
    UNABLE = 409 "dispatch.unable",
        zh "此人现在去不了" / "情况有变：{reason_zh}。请重新选择。",
        en "This person cannot go now" / "Things have changed: {reason_en}. Choose again.";
    /// The time to answer is over, or the dispatcher took the offer back.
    OVER = 409 "dispatch.over",
        zh "接单时限已过" / "这条紧急任务已收回或超时，已退回调度员，不会排进你的路线。",
        en "The time to answer is over" / "This urgent task was taken back or has expired; it went back to the dispatcher and is not in your day.";
    /// The request names neither a customer nor a place that can be driven to.
    NO_PLACE = 422 "dispatch.no_place",
        zh "没有位置" / "请选择有位置的客户，或在地图上点出地点。",
        en "No place" / "Choose a customer with a position, or point at the place on the map.";
}
