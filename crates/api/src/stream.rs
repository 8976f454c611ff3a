//! The live stream: one per client, carrying every topic its person may hear (server-sent events).
//!
//! * `hello` first, with the server's time and the last position in the outbox;
//! * kept news (`visit`, `finding`, `plan`, `task`, `notice`) with their outbox position as id, so that a client that
//!   reconnects with `Last-Event-ID` misses nothing;
//! * `live`: positions, gathered for a second and sent as one list; each handing-over goes to the ledger of
//!   the people shown;
//! * `gone` when the sign-in has ended; the stream closes.

use std::{collections::HashMap, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event as SseEvent, KeepAlive, Sse},
};
use db::{Event, Listener, Permission, Query, Reach, Scope};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use uuid::Uuid;

use crate::{Access, Caller, Failure, Kit, Routes, access::token_of, routes};

/// How long positions are gathered.
const GATHER: Duration = Duration::from_millis(1000);
/// How often the sign-in behind an open stream, its rights and its departments are looked at again.
const RECHECK: Duration = Duration::from_secs(4);
/// Most kept news replayed to a returning client; beyond it the client reloads.
const REPLAY: i64 = 500;

pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(stream))
}

db::row! { struct Kept { seq: i64, topic: String, employee_id: Uuid, department_id: Uuid, payload: String } }
db::row! { struct Covered { department_id: Uuid } }
db::row! { struct Last { seq: Option<i64> } }

/// Live news of everything in reach, as server-sent events.
#[utoipa::path(get, path = "/stream", tag = "live", responses((status = 200, description = "text/event-stream", content_type = "text/event-stream")))]
async fn stream(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<([(&'static str, &'static str); 1], Sse<KeepAliveStream>), Failure> {
    let token = token_of(&headers).map(|t| t.0).unwrap_or_default();
    let since =
        headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let (send, receive) = mpsc::channel(64);
    // Subscribe before reading the outbox, so that nothing falls between the two.
    let news = kit.db.bus().subscribe();
    let watching = kit.db.bus().watch(caller.scope.tenant());
    let mut reader = kit.db.read(&caller.scope).await?;
    let last: Option<Last> =
        reader.one(db::sql!("SELECT MAX(seq) AS seq FROM outbox WHERE tenant_id = $1"), vec![]).await?;
    let departments = covered(&mut reader).await?;
    let kept: Vec<Kept> = match since {
        Some(seq) => {
            reader
                .all(
                    db::sql!(
                        "SELECT seq, topic, employee_id, department_id, payload FROM outbox \
                         WHERE tenant_id = $1 AND seq > $3 ORDER BY seq LIMIT $4"
                    ),
                    db::args![seq, REPLAY],
                )
                .await?
        }
        None => vec![],
    };
    drop(reader);
    let seq = last.and_then(|l| l.seq).unwrap_or(0);
    let hello =
        serde_json::json!({ "server_time": kit.now(), "seq": seq, "reload": kept.len() as i64 == REPLAY });
    let audience = Audience { scope: caller.scope, departments };
    tokio::spawn(async move {
        let first = SseEvent::default().event("hello").id(seq.to_string()).data(hello.to_string());
        if send.send(Ok(first)).await.is_err() {
            return;
        }
        for k in kept.into_iter().filter(|k| audience.hears(&k.topic, k.employee_id, k.department_id)) {
            let event = SseEvent::default().event(k.topic).id(k.seq.to_string()).data(k.payload);
            if send.send(Ok(event)).await.is_err() {
                return;
            }
        }
        pump(kit, audience, token, news, send).await;
        drop(watching);
    });
    // KeepAlive sends a comment while nothing happens, which also finds dead connections.
    let keep = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(([("x-accel-buffering", "no")], Sse::new(ReceiverStream::new(receive)).keep_alive(keep)))
}

type KeepAliveStream = axum::response::sse::KeepAliveStream<ReceiverStream<Result<SseEvent, Infallible>>>;

/// Departments whose people are in reach.
async fn covered(reader: &mut db::Reader) -> db::Result<Vec<Uuid>> {
    let rows: Vec<Covered> = reader
        .all(
            db::sql!("SELECT department_id FROM department_reach WHERE tenant_id = $1 AND employee_id = $2"),
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(|c| c.department_id).collect())
}

struct Audience {
    scope: Scope,
    departments: Vec<Uuid>,
}

impl Audience {
    /// Who listens, as it is now: roles and departments change while a page is open.
    async fn again(&mut self, kit: &Kit, scope: Scope) -> db::Result<()> {
        if scope.reach() == Reach::Departments {
            self.departments = covered(&mut kit.db.read(&scope).await?).await?;
        }
        self.scope = scope;
        Ok(())
    }

    fn hears(&self, topic: &str, employee: Uuid, department: Uuid) -> bool {
        let own = employee == self.scope.actor();
        let permission = match topic {
            "live" => Permission::LiveRead,
            "visit" | "finding" => Permission::VisitRead,
            "plan" | "task" => Permission::TaskRead,
            // Names a day of a person and nothing else; what happened is read, and written down, apart.
            "fence" => Permission::TrackRead,
            // Everything else is for the person alone.
            _ => return own,
        };
        if own && topic != "live" {
            return true;
        }
        self.scope.may(permission)
            && match self.scope.reach() {
                Reach::Own => own,
                Reach::Departments => own || self.departments.contains(&department),
                Reach::Company => true,
            }
    }
}

async fn pump(
    kit: Kit,
    mut audience: Audience,
    token: String,
    mut news: Listener<Event>,
    send: mpsc::Sender<Result<SseEvent, Infallible>>,
) {
    let mut positions: HashMap<Uuid, Event> = HashMap::new();
    let mut gather = tokio::time::interval(GATHER);
    let mut recheck = tokio::time::interval(RECHECK);
    let bus = kit.db.bus().clone();
    let ended = bus.ended();
    tokio::pin!(ended);
    loop {
        let out = tokio::select! {
            event = news.recv() => match event {
                Ok(e) if e.tenant != audience.scope.tenant() => continue,
                Ok(e) if !audience.hears(&e.topic, e.employee_id, e.department_id) => continue,
                Ok(e) if e.topic == "live" => {
                    positions.insert(e.employee_id, e);
                    continue;
                }
                Ok(e) => {
                    let event = SseEvent::default().event(&e.topic).data(e.payload.to_string());
                    match e.seq { Some(seq) => event.id(seq.to_string()), None => event }
                }
                // Fell behind: the client reloads what it shows.
                Err(RecvError::Lagged(_)) => SseEvent::default().event("hello").data(r#"{"reload":true}"#),
                Err(RecvError::Closed) => return,
            },
            _ = gather.tick() => {
                if positions.is_empty() { continue }
                let people: Vec<Uuid> = positions.keys().copied().collect();
                if let Err(e) = kit.watch.positions_shown(&audience.scope, people).await {
                    // No ledger line, no position.
                    tracing::warn!(error = %e, "live positions withheld");
                    continue;
                }
                let people: Vec<_> = positions.drain().map(|(_, shown)| (*shown.payload).clone()).collect();
                SseEvent::default().event("live").data(serde_json::json!({ "people": people }).to_string())
            }
            _ = recheck.tick() => match kit.auth.authenticate(&token).await {
                Ok(Some(session)) => {
                    if let Err(e) = audience.again(&kit, session.scope).await {
                        tracing::warn!(error = %e, "the rights behind a live stream could not be read; it is closed");
                        return;
                    }
                    positions.retain(|_, shown| audience.hears("live", shown.employee_id, shown.department_id));
                    continue;
                }
                Err(_) => continue,
                Ok(None) => {
                    let _ = send.send(Ok(SseEvent::default().event("gone").data("{}"))).await;
                    return;
                }
            },
            _ = send.closed() => return,
            // A stream never ends by itself; the server would wait for it.
            () = &mut ended => return,
        };
        if send.send(Ok(out)).await.is_err() {
            return;
        }
    }
}
