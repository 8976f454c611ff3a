//! The load: connections that say as little as HTTP allows, and the server that does as little as it can.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What a load came to.
pub struct Came {
    /// Requests answered with 200.
    pub done: u64,
    pub per_second: f64,
}

/// Keeps `connections` busy for a while; `make` writes the request of a connection and turn.
///
/// # Errors
/// When a connection fails or anything but 200 is answered.
pub async fn load(
    address: &str,
    connections: usize,
    time: Duration,
    make: impl Fn(usize, usize) -> Vec<u8> + Send + Clone + 'static,
) -> Result<Came> {
    let done = Arc::new(AtomicU64::new(0));
    let mut wires = vec![];
    for _ in 0..connections {
        wires.push(Wire::connect(address).await?);
    }
    let begin = Instant::now();
    let end = begin + time;
    let mut workers = vec![];
    for (worker, mut wire) in wires.into_iter().enumerate() {
        let (make, done) = (make.clone(), done.clone());
        workers.push(tokio::spawn(async move {
            let mut turn = 0;
            while Instant::now() < end {
                let (status, _) = wire.ask(&make(worker, turn)).await?;
                ensure!(status == 200, "answered {status}");
                done.fetch_add(1, Ordering::Relaxed);
                turn += 1;
            }
            Ok(())
        }));
    }
    for worker in workers {
        worker.await??;
    }
    let done = done.load(Ordering::Relaxed);
    Ok(Came { done, per_second: done as f64 / begin.elapsed().as_secs_f64() })
}

/// A POST as bytes.
pub fn post(host: &str, path: &str, kind: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let token = token.map_or(String::new(), |t| format!("authorization: Bearer {t}\r\n"));
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {kind}\r\n{token}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// A GET of somebody signed in as bytes.
pub fn get(host: &str, path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// One connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    pub async fn connect(address: &str) -> Result<Wire> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream, buffer: Vec::with_capacity(1 << 12) })
    }

    /// Sends a request; answers status and length of the body.
    ///
    /// # Errors
    /// When the connection ends or no HTTP comes back.
    pub async fn ask(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "closed");
            let Some(head) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head])?;
            let status = text.get(9..12).context("status")?.parse()?;
            let length = length_of(text).unwrap_or(0);
            while self.buffer.len() < head + 4 + length {
                ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "closed");
            }
            return Ok((status, length));
        }
    }
}

fn length_of(head: &str) -> Option<usize> {
    let line =
        head.lines().find(|l| l.get(..15).is_some_and(|n| n.eq_ignore_ascii_case("content-length:")))?;
    line[15..].trim().parse().ok()
}

/// Starts the yardstick: hyper, which reads the body and answers 200. Answers its address.
///
/// # Errors
/// When no port is free.
pub async fn bare_server() -> Result<String> {
    async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let body = request.into_body().collect().await?.to_bytes();
        std::hint::black_box(body);
        Ok(Response::new(Full::new(Bytes::new())))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let http = hyper::server::conn::http1::Builder::new();
                let _ = http.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
            });
        }
    });
    Ok(address)
}
