//! Reads on after an early answer, so that the answer arrives.
//!
//! A request can be answered before its body has come in: too long, not signed in, not allowed. A server that closes
//! there and then resets the connection under a client that still writes, and the person sees "connection broken"
//! instead of the reason (RFC 9112, section 9.6). So the rest is read and thrown away, within bounds.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use api::axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use tokio::sync::oneshot;

/// Most bytes read for nothing, and the longest that is done.
const MOST: usize = 32 << 20;
const LONGEST: Duration = Duration::from_secs(20);
/// What is shorter has come in with its head.
const SHORT: u64 = 8 << 10;

/// Middleware around everything that takes a body.
pub async fn linger(request: Request, next: Next) -> Response {
    let short = request.body().size_hint().upper().is_some_and(|length| length <= SHORT);
    // Who asks before sending has nothing under way.
    if short || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (home, mut rest) = oneshot::channel();
    let (head, body) = request.into_parts();
    let body = Body::new(Lent { body: Some(body), home: Some(home) });
    let response = next.run(Request::from_parts(head, body)).await;
    if let Ok(rest) = rest.try_recv() {
        tokio::spawn(tokio::time::timeout(LONGEST, drain(rest)));
    }
    response
}

async fn drain(mut rest: Body) {
    let mut left = MOST;
    while let Some(Ok(frame)) = rest.frame().await {
        match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
            Some(n) => left = n,
            None => return,
        }
    }
}

/// A body that goes back to where it came from when its reader lets go of it too early.
struct Lent {
    body: Option<Body>,
    home: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = api::axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(home)) = (self.body.take(), self.home.take())
            && !body.is_end_stream()
        {
            // Nobody waits any more when the connection itself has gone.
            let _ = home.send(body);
        }
    }
}
