//! Who may call a route, checked before the handler runs.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{Problem, problem, problem::Lang};
use db::{Permission, Scope};
use uuid::Uuid;

use crate::{Failure, Kit};

/// What a route demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without signing in.
    Public,
    /// Any signed-in person; the handler serves only what is his own.
    SignedIn,
    /// Signed in with this permission.
    May(Permission),
}

impl Access {
    pub fn key(self) -> &'static str {
        match self {
            Access::Public => "public",
            Access::SignedIn => "signed_in",
            Access::May(permission) => permission.key(),
        }
    }
}

/// A verified sign-in.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: Uuid,
    pub scope: Scope,
}

/// The person behind a request. Handlers of routes that are not public take it as an argument.
#[derive(Debug, Clone)]
pub struct Caller {
    pub scope: Scope,
    pub session_id: Uuid,
    pub lang: Lang,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Failure> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::new(problem::UNAUTHENTICATED).into())
    }
}

/// Address of who asked, as the connection or a trusted proxy tells; absent inside the process.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Peer, Self::Rejection> {
        Ok(Peer(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip())))
    }
}

/// Language the reader asked for.
pub fn lang_of(headers: &axum::http::HeaderMap) -> Lang {
    let first = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if first.trim_start().to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
}

base::problems! {
    /// An unsafe request by cookie without the header that a foreign page cannot set.
    FOREIGN_PAGE = 403 "auth.foreign_page",
        zh "请求来源不可信" / "请从踏实页面内操作，或用令牌调用接口。",
        en "Untrusted origin" / "Use the Tashi pages, or call the API with a bearer token.";
}

/// Cookie of a browser's sign-in.
pub const SESSION_COOKIE: &str = "tashi_session";

/// The token of a request, and whether it came by cookie.
pub fn token_of(headers: &axum::http::HeaderMap) -> Option<(String, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()) {
        let (scheme, token) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| (token.trim().to_owned(), false));
    }
    let cookies = headers.get_all(header::COOKIE);
    let pairs = cookies.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let token = pairs.filter_map(|p| p.trim().split_once('=')).find(|(name, _)| *name == SESSION_COOKIE)?;
    Some((token.1.to_owned(), true))
}

/// Middleware put before every route by [`crate::Routes`].
pub(crate) async fn guard(
    State((kit, access)): State<(Kit, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    if access != Access::Public {
        let (parts, body) = request.into_parts();
        let verified = verify(&kit, access, &parts).await;
        request = Request::from_parts(parts, body);
        match verified {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
            }
            Err(problem) => return Failure::from(problem).into_response(),
        }
    }
    next.run(request).await
}

async fn verify(kit: &Kit, access: Access, request: &Parts) -> db::Result<Caller> {
    let unauthenticated = || Problem::new(problem::UNAUTHENTICATED);
    let (token, by_cookie) = token_of(&request.headers).ok_or_else(unauthenticated)?;
    let safe = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if by_cookie && !safe && !request.headers.contains_key("x-tashi-client") {
        return Err(Problem::new(FOREIGN_PAGE));
    }
    let session = kit.auth.authenticate(&token).await?.ok_or_else(unauthenticated)?;
    if let Access::May(permission) = access
        && !session.scope.may(permission)
    {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", permission.key()));
    }
    Ok(Caller { scope: session.scope, session_id: session.id, lang: lang_of(&request.headers) })
}
