//! How an order moves. Pure.
//!
//! ```text
//! new ─assign→ assigned ─accept→ accepted ─set out→ on_the_way ─arrive→ on_site ─finish→ finished ─sign/close→ closed
//!  ↑─refuse, expire, return──┘         └──return──────┘            pause ⇅ resume        any before finished ─cancel→ cancelled
//! ```
//! A visit that really happened wins: who arrives has accepted, whatever was said before, also when the order went back to the
//! desk while he was on his way without a network.

use base::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    New,
    Assigned,
    Accepted,
    OnTheWay,
    OnSite,
    Paused,
    Finished,
    Closed,
    Cancelled,
}

/// What happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderMove)]
pub enum Move {
    Take,
    Assign,
    Accept,
    Refuse,
    /// Nobody answered in time.
    Expire,
    /// Back to the desk, whoever wanted it.
    Return,
    SetOut,
    Arrive,
    Pause,
    Resume,
    Finish,
    Sign,
    /// Ended without a signature.
    Close,
    Cancel,
}

macro_rules! keys {
    ($name:ident { $($variant:ident = $key:literal),* } else $other:ident) => {
        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),*];
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }
            pub fn from_key(key: &str) -> $name {
                match key { $($key => $name::$variant,)* _ => $name::$other }
            }
        }
    };
}
keys!(OrderStatus {
    New = "new", Assigned = "assigned", Accepted = "accepted", OnTheWay = "on_the_way", OnSite = "on_site", Paused = "paused",
    Finished = "finished", Closed = "closed", Cancelled = "cancelled"
} else New);
keys!(Move {
    Take = "take", Assign = "assign", Accept = "accept", Refuse = "refuse", Expire = "expire", Return = "return", SetOut = "set_out",
    Arrive = "arrive", Pause = "pause", Resume = "resume", Finish = "finish", Sign = "sign", Close = "close", Cancel = "cancel"
} else Take);

impl OrderStatus {
    /// Is there still something to do?
    pub fn is_open(self) -> bool {
        !matches!(self, OrderStatus::Finished | OrderStatus::Closed | OrderStatus::Cancelled)
    }

    /// Is it somebody's?
    pub fn has_person(self) -> bool {
        !matches!(self, OrderStatus::New | OrderStatus::Cancelled)
    }
}

/// State after a move; `None` when it cannot be.
pub fn after(status: OrderStatus, mv: Move) -> Option<OrderStatus> {
    use OrderStatus::*;
    Some(match (mv, status) {
        (Move::Assign, New) => Assigned,
        (Move::Accept, Assigned) => Accepted,
        (Move::Refuse | Move::Expire, Assigned) => New,
        (Move::Return, Assigned | Accepted | OnTheWay | Paused) => New,
        (Move::SetOut, Assigned | Accepted) => OnTheWay,
        (Move::Arrive, New | Assigned | Accepted | OnTheWay | Paused) => OnSite,
        (Move::Pause, OnSite) => Paused,
        (Move::Resume, Paused) => OnSite,
        // Who has checked out finishes afterwards too: his visit ended, the work was done.
        (Move::Finish, OnSite | Paused) => Finished,
        (Move::Sign | Move::Close, Finished) => Closed,
        (Move::Cancel, status) if status.is_open() => Cancelled,
        _ => return None,
    })
}

/// The time that counts of a move: as the phone says, but never before the move before it, nor after the receipt.
pub fn held(claimed: Option<Micros>, before: Micros, received: Micros) -> Micros {
    Micros(claimed.unwrap_or(received).0.clamp(before.0.min(received.0), received.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_way_of_an_order() {
        let way = [
            Move::Assign,
            Move::Accept,
            Move::SetOut,
            Move::Arrive,
            Move::Pause,
            Move::Resume,
            Move::Finish,
            Move::Sign,
        ];
        let end = way.iter().try_fold(OrderStatus::New, |status, mv| after(status, *mv));
        assert_eq!(end, Some(OrderStatus::Closed));
        assert_eq!(after(OrderStatus::Assigned, Move::Refuse), Some(OrderStatus::New));
        assert_eq!(after(OrderStatus::Assigned, Move::Arrive), Some(OrderStatus::OnSite), "he stood there");
        assert_eq!(after(OrderStatus::New, Move::Arrive), Some(OrderStatus::OnSite), "taken back too late");
        assert_eq!(after(OrderStatus::New, Move::Finish), None);
    }

    #[test]
    fn keys_come_back() {
        assert!(OrderStatus::ALL.iter().all(|s| OrderStatus::from_key(s.key()) == *s));
        assert!(Move::ALL.iter().all(|m| Move::from_key(m.key()) == *m));
    }

    proptest! {
        /// Whatever is tried in whatever order: only a visit leads to the end, and the end is the end.
        #[test]
        fn nothing_is_closed_that_nobody_worked_on(tries in prop::collection::vec(0..Move::ALL.len(), 0..60)) {
            let (mut status, mut arrived, mut finished) = (OrderStatus::New, false, false);
            for mv in tries.into_iter().map(|k| Move::ALL[k]) {
                let Some(next) = after(status, mv) else { continue };
                prop_assert!(!matches!(status, OrderStatus::Closed | OrderStatus::Cancelled), "moved after its end");
                arrived |= mv == Move::Arrive;
                finished |= mv == Move::Finish;
                if next == OrderStatus::Finished { prop_assert!(arrived); }
                if next == OrderStatus::Closed { prop_assert!(finished); }
                status = next;
            }
        }

        /// No phone clock makes a move earlier than the one before it or later than its receipt.
        #[test]
        fn nothing_is_back_dated(claims in prop::collection::vec(prop::option::of(-10_000i64..10_000), 1..30)) {
            let mut before = Micros(0);
            for (k, claim) in claims.into_iter().enumerate() {
                let received = Micros(k as i64 * 100);
                let at = held(claim.map(Micros), before, received);
                prop_assert!(before <= at && at <= received);
                before = at;
            }
        }
    }
}
