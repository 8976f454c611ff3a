//! The line between the nodes of one store, over NATS.
//!
//! All nodes speak and listen on one subject that carries the name of the store, so that several installations may
//! share a NATS server. Nothing is kept there: a message that cannot be sent now is dropped, the others see by its
//! number that it is missing and ask the store (see [`db::Bus`]). The connection is made, and made again, in the
//! background for as long as the process lives.

use std::{sync::Arc, time::Duration};

use async_nats::{Client, ConnectOptions, ServerAddr, connection::State};
use db::{Bus, Line};
use futures::StreamExt;
use tokio::sync::mpsc;

/// Messages waiting to be sent; beyond it they are dropped.
const QUEUE: usize = 8192;
/// Messages waiting to be heard; beyond it the client drops them.
const UNHEARD: usize = 65_536;
/// Longest pause between two tries to connect.
const AGAIN: Duration = Duration::from_secs(2);

/// Addresses of NATS servers as they are given on the command line: `nats://user:password@host:4222`, `tls://…`,
/// several with commas between them.
///
/// # Errors
/// What is wrong with it, without the password.
pub fn servers(text: &str) -> Result<Vec<ServerAddr>, String> {
    let all: Result<Vec<ServerAddr>, _> = text.split(',').map(|one| one.trim().parse()).collect();
    let all = all.map_err(|e: std::io::Error| e.to_string())?;
    for server in &all {
        if !matches!(server.scheme(), "nats" | "tls") {
            return Err(format!("{}: nats:// or tls:// is needed", server.scheme()));
        }
        if server.host().is_empty() {
            return Err("an address without a host".to_owned());
        }
    }
    Ok(all)
}

/// Joins the bus to the other nodes on `store`. Answers at once: the connection may come later.
///
/// # Errors
/// When the client cannot be made at all.
pub async fn join(bus: &Bus, servers: Vec<ServerAddr>, store: &str) -> Result<(), String> {
    let options = credentials(ConnectOptions::new(), &servers)
        .name("tashi")
        .no_echo()
        .retry_on_initial_connect()
        .ping_interval(Duration::from_secs(5))
        .connection_timeout(Duration::from_secs(3))
        .subscription_capacity(UNHEARD)
        .reconnect_delay_callback(|tries| AGAIN.min(Duration::from_millis(50_u64 << tries.min(6))))
        .event_callback({
            let bus = bus.clone();
            move |event| {
                let bus = bus.clone();
                async move { noted(&bus, &event) }
            }
        });
    let client = options.connect(servers).await.map_err(|e| e.to_string())?;
    let subject = format!("tashi.{store}");
    let heard = client.subscribe(subject.clone()).await.map_err(|e| e.to_string())?;
    let (queue, waiting) = mpsc::channel(QUEUE);
    tokio::spawn(speak(client.clone(), subject, waiting));
    tokio::spawn(listen(bus.clone(), heard));
    bus.join(Arc::new(Nats { client, queue }));
    Ok(())
}

/// The client itself does not look for them in addresses: a name with a password, or a token alone.
fn credentials(options: ConnectOptions, servers: &[ServerAddr]) -> ConnectOptions {
    let named = servers.iter().find_map(|s| Some((s.username()?, s.password())));
    match named {
        Some((user, Some(password))) => options.user_and_password(plain(user), plain(password)),
        Some((token, None)) => options.token(plain(token)),
        None => options,
    }
}

/// Percent signs as they stand in addresses, resolved.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

struct Nats {
    client: Client,
    queue: mpsc::Sender<Vec<u8>>,
}

impl Line for Nats {
    fn send(&self, message: Vec<u8>) {
        // Full: the number of the next one tells.
        let _ = self.queue.try_send(message);
    }

    fn connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }
}

async fn speak(client: Client, subject: String, mut waiting: mpsc::Receiver<Vec<u8>>) {
    let subject = async_nats::Subject::from(subject);
    while let Some(message) = waiting.recv().await {
        // What is old by the time of a new connection is read from the store, not sent.
        if client.connection_state() != State::Connected || message.len() > client.max_payload() {
            continue;
        }
        if let Err(e) = client.publish(subject.clone(), message.into()).await {
            tracing::debug!(error = %e, "a message to the other nodes is lost");
        }
    }
}

async fn listen(bus: Bus, mut heard: async_nats::Subscriber) {
    while let Some(message) = heard.next().await {
        if let Err(e) = bus.hear(&message.payload) {
            tracing::warn!(error = e, "a message of another node cannot be read");
        }
    }
}

fn noted(bus: &Bus, event: &async_nats::Event) {
    match event {
        async_nats::Event::Connected => tracing::info!("NATS is connected"),
        async_nats::Event::Disconnected => {
            tracing::warn!("NATS is lost: news of other nodes are read from the store until it is back");
        }
        async_nats::Event::SlowConsumer(_) => {
            tracing::warn!("this node is too slow for the news of the others");
            bus.gap();
        }
        other => tracing::warn!(event = %other, "NATS"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_nonsense() {
        let all = servers("nats://a:4222, tls://user:secret@b").map(|all| all.len());
        assert_eq!(all, Ok(2));
        assert!(servers("http://a").is_err());
        assert!(servers("nats://").is_err());
        assert!(servers("").is_err());
        assert_eq!(plain("a%40b%zz%"), "a@b%zz%");
    }
}
