//! How often one address may try to sign in. The lock of a single login is `org`'s; this one stops an address
//! that walks through many logins. The address is the client's also behind a trusted proxy (see `proxy`).

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
    time::Instant,
};

use api::{
    Failure,
    axum::{
        extract::{ConnectInfo, Request, State},
        http::{Method, header::AUTHORIZATION},
        middleware::Next,
        response::{IntoResponse, Response},
    },
};
use base::{Problem, problem};

/// Tries an address has in hand at first.
const BURST: f64 = 40.0;
/// Tries it regains per second.
const REGAIN: f64 = 0.5;
/// Most addresses remembered; beyond it those that are rested are forgotten.
const ADDRESSES: usize = 50_000;

/// Tries left, by address.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<IpAddr, (f64, Instant)>>);

impl Tries {
    fn take(&self, address: IpAddr, now: Instant) -> bool {
        let Ok(mut all) = self.0.lock() else { return true };
        if all.len() > ADDRESSES {
            all.retain(|_, (left, at)| *left + now.duration_since(*at).as_secs_f64() * REGAIN < BURST);
        }
        let (left, at) = all.entry(address).or_insert((BURST, now));
        *left = (*left + now.duration_since(*at).as_secs_f64() * REGAIN).min(BURST);
        *at = now;
        let some = *left >= 1.0;
        if some {
            *left -= 1.0;
        }
        some
    }

    /// Is there a try left? Takes none.
    fn some_left(&self, address: IpAddr, now: Instant) -> bool {
        let Ok(all) = self.0.lock() else { return true };
        all.get(&address)
            .is_none_or(|(left, at)| *left + now.duration_since(*at).as_secs_f64() * REGAIN >= 1.0)
    }
}

/// Middleware in front of everything; counts only tries to get in.
pub async fn tries(State(tries): State<std::sync::Arc<Tries>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let try_to_enter =
        request.method() == Method::POST && matches!(path, "/api/v1/auth/login" | "/api/v1/setup");
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    // ODK Collect sends login and password with every request: only those that were refused are tries to get in.
    let basic = path.starts_with("/api/v1/openrosa/") && request.headers().contains_key(AUTHORIZATION);
    let Some(address) = address else { return next.run(request).await };
    let now = Instant::now();
    if (try_to_enter && !tries.take(address, now)) || (basic && !tries.some_left(address, now)) {
        return Failure::from(Problem::new(problem::RATE_LIMITED).retry_after(10)).into_response();
    }
    let answer = next.run(request).await;
    if basic && matches!(answer.status().as_u16(), 401 | 429) {
        tries.take(address, now);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_address_runs_out_and_recovers() {
        let tries = Tries::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = Instant::now();
        assert_eq!((0..100).filter(|_| tries.take(one, now)).count(), 40);
        assert!(tries.take(other, now), "others are not held up");
        assert!(tries.some_left(other, now) && !tries.some_left(one, now));
        assert!(!tries.take(one, now + Duration::from_secs(1)));
        assert!(tries.take(one, now + Duration::from_secs(4)));
    }
}
