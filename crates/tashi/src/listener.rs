//! The accept loop. Own, because a server on the open net needs what the ready-made one leaves out: a bound on
//! connections, on how long a client may take to say what it wants, and on how long it may say nothing.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use api::axum::{Router, body::Body};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, Sleep},
};
use tokio_rustls::TlsAcceptor;
use tower::Service;

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time to send the head of a request.
    pub head: Duration,
    /// Time without a byte in either direction. Longer than the 15 s between two comments of a live stream.
    pub silence: Duration,
    pub handshake: Duration,
    /// Connections at a time: of all, and of one address.
    pub most: usize,
    pub most_per_address: usize,
    /// Bytes of the head of a request.
    pub head_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            head: Duration::from_secs(10),
            silence: Duration::from_secs(50),
            handshake: Duration::from_secs(10),
            most: 8192,
            most_per_address: 2048,
            head_bytes: 64 * 1024,
        }
    }
}

/// Running requests may take this long to end after a stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until `stop` resolves, then lets running requests end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) {
    serve_within(Limits::default(), listener, router, tls, stop).await;
}

/// The same with other limits.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(limits.head_bytes);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .max_concurrent_streams(64)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX));
    let http = Arc::new(http);
    let places = Arc::new(Semaphore::new(limits.most));
    let by_address: Arc<std::sync::Mutex<HashMap<IpAddr, usize>>> = Arc::default();
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(pair) => pair,
            Err(e) => {
                // Out of files or memory: let some connections end before taking more.
                tracing::warn!(%e, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let Some(seat) = Seat::take(&by_address, peer.ip(), limits.most_per_address) else { continue };
        let _ = stream.set_nodelay(true);
        let (http, router, tls, watcher) = (http.clone(), router.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _held = (place, seat);
            let stream = Quiet::new(stream, limits.silence);
            let served = match tls {
                Some(acceptor) => match tokio::time::timeout(limits.handshake, acceptor.accept(stream)).await
                {
                    Ok(Ok(stream)) => connection(&http, router, peer, stream, watcher).await,
                    _ => return,
                },
                None => connection(&http, router, peer, stream, watcher).await,
            };
            if let Err(e) = served {
                tracing::trace!(%e, "connection");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were still open and are cut");
    }
}

async fn connection<S>(
    http: &Builder<TokioExecutor>,
    router: Router,
    peer: SocketAddr,
    stream: S,
    watcher: hyper_util::server::graceful::Watcher,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(api::axum::extract::ConnectInfo(peer));
        router.clone().call(request)
    });
    let serving = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    watcher.watch(serving).await
}

/// One of the connections of an address.
struct Seat {
    all: Arc<std::sync::Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Seat {
    fn take(
        all: &Arc<std::sync::Mutex<HashMap<IpAddr, usize>>>,
        address: IpAddr,
        most: usize,
    ) -> Option<Seat> {
        let mut counts = all.lock().ok()?;
        let n = counts.entry(address).or_default();
        if *n >= most {
            return None;
        }
        *n += 1;
        Some(Seat { all: all.clone(), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Ok(mut counts) = self.all.lock()
            && let Some(n) = counts.get_mut(&self.address)
        {
            *n -= 1;
            if *n == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// A stream that ends when nothing has passed through it for a while. The alarm is set anew only when it rings: to
/// set it at every piece would cost more than many a request.
struct Quiet {
    stream: TcpStream,
    silence: Duration,
    alarm: Pin<Box<Sleep>>,
    heard: Instant,
}

impl Quiet {
    fn new(stream: TcpStream, silence: Duration) -> Quiet {
        Quiet { stream, silence, alarm: Box::pin(tokio::time::sleep(silence)), heard: Instant::now() }
    }

    fn heard(&mut self) {
        self.heard = Instant::now();
    }

    fn is_silent(&mut self, cx: &mut Context<'_>) -> bool {
        while self.alarm.as_mut().poll(cx).is_ready() {
            let end = self.heard + self.silence;
            if end <= Instant::now() {
                return true;
            }
            self.alarm.as_mut().reset(end);
        }
        false
    }
}

impl AsyncRead for Quiet {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_ready() {
            self.heard();
        } else if self.is_silent(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Quiet {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_ready() {
            self.heard();
        } else if self.is_silent(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        if written.is_ready() {
            self.heard();
        } else if self.is_silent(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
