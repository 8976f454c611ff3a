//! Which headers of a proxy are believed: those of a peer that was named as one. What anybody else claims by
//! them is taken off at the door, so that nothing further in can believe it.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use api::axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::Response,
};

const FOR: &str = "x-forwarded-for";
const HOST: &str = "x-forwarded-host";
const PROTO: &str = "x-forwarded-proto";
/// Names by which a proxy says what it heard. Only the first three are read.
const CLAIMS: [&str; 6] = [FOR, HOST, PROTO, "x-forwarded-port", "x-real-ip", "forwarded"];

/// A block of addresses, as `10.0.0.0/8`, `fd00::/8` or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("{text}: expected an address or a block like 10.0.0.0/8");
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong())?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most { Err(wrong()) } else { Ok(Network { address, bits }) }
    }
}

impl Network {
    fn contains(&self, other: IpAddr) -> bool {
        // An IPv4 peer of an IPv6 socket is the IPv4 peer.
        match (self.address.to_canonical(), other.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32, self.bits),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

/// Do two numbers of `width` bits begin with the same `bits`?
fn same(a: u128, b: u128, width: u32, bits: u32) -> bool {
    (a ^ b).checked_shr(width.saturating_sub(bits)).unwrap_or(0) == 0
}

/// The proxies in front of this server.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[Network]>);

impl Proxies {
    pub fn new(networks: Vec<Network>) -> Proxies {
        Proxies(networks.into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|n| n.contains(address))
    }

    /// Who asked, when a trusted `peer` handed the request on: the last of the named addresses that is not itself a
    /// trusted proxy. What stands before it was written by somebody nobody vouches for.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let named: Vec<&str> =
            headers.get_all(FOR).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
        for text in named.into_iter().rev() {
            let Some(address) = address_of(text.trim()) else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// An address, perhaps with a port or in brackets.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip()))
}

/// Outermost middleware: puts the client's address in place of a trusted proxy's, and takes every claim of others off.
pub async fn door(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    match peer.filter(|p| proxies.trusts(p.ip())) {
        Some(peer) => {
            let client = proxies.client(peer.ip(), request.headers());
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
            let headers = request.headers_mut();
            keep_last(headers, PROTO, |text| matches!(text, "http" | "https"));
            keep_last(headers, HOST, is_host);
        }
        None => {
            for name in CLAIMS {
                request.headers_mut().remove(name);
            }
        }
    }
    next.run(request).await
}

/// Keeps the value the nearest proxy set, if it is one.
fn keep_last(headers: &mut HeaderMap, name: &'static str, fits: impl Fn(&str) -> bool) {
    let last = headers.get_all(name).iter().next_back().and_then(|v| v.to_str().ok());
    let last = last.and_then(|v| v.rsplit(',').next()).map(|v| v.trim().to_ascii_lowercase());
    headers.remove(name);
    if let Some(value) = last.filter(|v| fits(v)).and_then(|v| HeaderValue::from_str(&v).ok()) {
        headers.insert(name, value);
    }
}

/// Nothing but a name or an address, and perhaps a port.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn proxies(blocks: &[&str]) -> Proxies {
        Proxies::new(blocks.iter().map(|b| b.parse().unwrap()).collect())
    }

    #[test]
    fn blocks_hold_what_begins_like_them() {
        let p = proxies(&["10.1.0.0/16", "192.0.2.7", "fd00::/8", "0.0.0.0/0"][..3]);
        for inside in ["10.1.0.0", "10.1.255.255", "192.0.2.7", "::ffff:10.1.2.3", "fd12::1"] {
            assert!(p.trusts(ip(inside)), "{inside}");
        }
        for outside in ["10.2.0.0", "192.0.2.8", "fe80::1", "::1", "::ffff:192.0.2.8"] {
            assert!(!p.trusts(ip(outside)), "{outside}");
        }
        assert!(proxies(&["0.0.0.0/0"]).trusts(ip("8.8.8.8")) && !proxies(&["0.0.0.0/0"]).trusts(ip("::1")));
        assert!(!Proxies::default().trusts(ip("127.0.0.1")));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "x", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/8/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_last_address_nobody_vouches_for_is_the_client() {
        let p = proxies(&["10.0.0.0/8"]);
        let client = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for v in values {
                headers.append(FOR, v.parse().unwrap());
            }
            p.client(ip("10.0.0.1"), &headers)
        };
        assert_eq!(client(&[]), ip("10.0.0.1"));
        assert_eq!(client(&["203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(client(&["1.1.1.1, 203.0.113.9, 10.0.0.2"]), ip("203.0.113.9"), "1.1.1.1 is a claim");
        assert_eq!(client(&["1.1.1.1", "203.0.113.9"]), ip("203.0.113.9"), "two headers are one list");
        assert_eq!(client(&["203.0.113.9, nonsense"]), ip("10.0.0.1"));
        assert_eq!(client(&["10.0.0.3, 10.0.0.2"]), ip("10.0.0.3"), "somebody on the inside");
        assert_eq!(client(&["203.0.113.9:4711"]), ip("203.0.113.9"));
        assert_eq!(client(&["[2001:db8::1]:443"]), ip("2001:db8::1"));
        assert_eq!(client(&["[2001:db8::1]"]), ip("2001:db8::1"));
    }

    #[test]
    fn hosts_are_names() {
        assert!(is_host("tashi.example.com:8443") && is_host("[2001:db8::1]:443"));
        for wrong in ["", "a/b", "a@b", "a b", "a?b", "\"", "例子"] {
            assert!(!is_host(wrong), "{wrong}");
        }
    }
}
