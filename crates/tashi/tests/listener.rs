//! The limits of the accept loop: each ends what it is for, in its time, and others are served meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene should stop")]

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use api::axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use tashi::listener::{Limits, serve_within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};

/// So long that it cannot be what ended a connection of these tests.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(600);
/// What is to end has ended by then, on a busy machine too.
const SOON: Duration = Duration::from_secs(10);
const LOOSE: Limits = Limits {
    head: LONG,
    silence: LONG,
    handshake: LONG,
    most: 100,
    most_per_address: 100,
    head_bytes: 64 * 1024,
};

/// A server of two routes with these limits; it ends with its handle.
struct Server {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn server(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router =
        Router::new().route("/", get(async || "here")).route("/echo", post(async |body: Bytes| body));
    tokio::spawn(serve_within(limits, listener, router, None, async move {
        let _ = stopped.await;
    }));
    Server { address, _stop: stop }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn connect_from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// Somebody who asks as one does is answered.
    async fn serves(&self) {
        assert!(asks(self.connect().await).await.starts_with("HTTP/1.1 200"), "others are served");
    }
}

/// What a plain request is answered on this connection; empty when it was closed.
async fn asks(mut stream: TcpStream) -> String {
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    ended(&mut stream).await.0
}

/// All that comes until the other side closes, and how long that took.
async fn ended(stream: &mut TcpStream) -> (String, Duration) {
    let (began, mut all, mut part) = (Instant::now(), vec![], [0; 4096]);
    let whole = async {
        while let Ok(n @ 1..) = stream.read(&mut part).await {
            all.extend_from_slice(part.get(..n).unwrap_or_default());
        }
    };
    timeout(SOON, whole).await.expect("the connection stays open");
    (String::from_utf8_lossy(&all).into_owned(), began.elapsed())
}

#[tokio::test]
async fn a_head_that_dribbles_is_cut_though_it_is_never_silent() {
    let server = server(Limits { head: SHORT, ..LOOSE }).await;
    let slow = server.connect().await;
    let (mut reading, mut writing) = slow.into_split();
    let began = Instant::now();
    writing.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.unwrap();
    let dribble = tokio::spawn(async move {
        while writing.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    server.serves().await;
    let mut said = vec![];
    // Closed, or reset while it was still writing: over in either case.
    let _ = timeout(SOON, reading.read_to_end(&mut said)).await.expect("it may go on for ever");
    assert!(began.elapsed() >= SHORT, "not before its time: {:?}", began.elapsed());
    assert!(!String::from_utf8_lossy(&said).contains(" 200 "));
    dribble.abort();
    server.serves().await;
}

#[tokio::test]
async fn silence_ends_a_connection_before_and_amid_a_request() {
    let server = server(Limits { silence: SHORT, ..LOOSE }).await;
    let mut idle = server.connect().await;
    let mut half = server.connect().await;
    half.write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345").await.unwrap();
    server.serves().await;
    for stream in [&mut idle, &mut half] {
        let (said, _) = ended(stream).await;
        assert!(!said.contains(" 200 "), "{said}");
    }
    // Whoever keeps saying something within the time is heard to the end.
    let mut slow = server.connect().await;
    slow.write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 8\r\n\r\n")
        .await
        .unwrap();
    for _ in 0..8 {
        sleep(SHORT / 4).await;
        slow.write_all(b"z").await.unwrap();
    }
    let (said, _) = ended(&mut slow).await;
    assert!(said.starts_with("HTTP/1.1 200") && said.ends_with("zzzzzzzz"), "{said}");
}

#[tokio::test]
async fn more_connections_than_there_are_places_are_turned_away_until_one_is_free() {
    let server = server(Limits { most: 3, ..LOOSE }).await;
    // A first answer says that the connection has its place.
    let mut held = vec![];
    for _ in 0..3 {
        held.push(kept(server.connect().await).await);
    }
    for _ in 0..5 {
        assert_eq!(asks(server.connect().await).await, "", "turned away without a word");
    }
    // Those who have a place are served all the while.
    let mut last = held.pop().unwrap();
    last.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(ended(&mut last).await.0.starts_with("HTTP/1.1 200"));
    drop(last);
    free(&server).await;
}

#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let server = server(Limits { most_per_address: 2, ..LOOSE }).await;
    let greedy = [
        kept(server.connect_from("127.0.0.9").await).await,
        kept(server.connect_from("127.0.0.9").await).await,
    ];
    assert_eq!(asks(server.connect_from("127.0.0.9").await).await, "");
    server.serves().await;
    drop(greedy);
    let began = Instant::now();
    while asks(server.connect_from("127.0.0.9").await).await.is_empty() {
        assert!(began.elapsed() < SOON, "its places are never free again");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_by_name() {
    let server = server(Limits { head_bytes: 16 * 1024, ..LOOSE }).await;
    let mut large = server.connect().await;
    let _ = large.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-large: ").await;
    let _ = large.write_all(&[b'a'; 32 * 1024]).await;
    server.serves().await;
    let (said, _) = ended(&mut large).await;
    assert!(said.starts_with("HTTP/1.1 431"), "{said}");
    let fits =
        format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-fits: {}\r\n\r\n", "a".repeat(8 * 1024));
    let mut stream = server.connect().await;
    stream.write_all(fits.as_bytes()).await.unwrap();
    assert!(ended(&mut stream).await.0.starts_with("HTTP/1.1 200"));
}

/// A connection that was served once and stays.
async fn kept(mut stream: TcpStream) -> TcpStream {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let (mut said, mut part) = (vec![], [0; 512]);
    while !said.ends_with(b"here") {
        let n = timeout(SOON, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(n > 0, "turned away: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(part.get(..n).unwrap());
    }
    stream
}

/// A place is free again soon after a connection has ended.
async fn free(server: &Server) {
    let began = Instant::now();
    while asks(server.connect().await).await.is_empty() {
        assert!(began.elapsed() < SOON, "the place is never free again");
        sleep(Duration::from_millis(20)).await;
    }
}
