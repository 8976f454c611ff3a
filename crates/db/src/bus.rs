//! News inside the process: what changed, for whom. The database keeps the ones that must survive (the
//! outbox); positions on the live map pass only through here.

use std::sync::Arc;

use tokio::sync::broadcast;
use uuid::Uuid;

/// What a use case tells the floors above.
#[derive(Debug, Clone)]
pub struct News {
    /// Dotted topic: `visit.changed`.
    pub topic: &'static str,
    /// Whose row it is about; decides who may hear of it.
    pub employee_id: Uuid,
    pub department_id: Uuid,
    /// JSON document.
    pub payload: serde_json::Value,
}

/// News with its place in the outbox.
#[derive(Debug, Clone)]
pub struct Event {
    /// Position in the outbox; `None` for news that are not kept.
    pub seq: Option<i64>,
    pub tenant: Uuid,
    pub topic: String,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub payload: Arc<serde_json::Value>,
}

/// Broadcast to everybody in this process who listens. A slow listener loses the oldest and is told so.
#[derive(Clone)]
pub struct Bus(broadcast::Sender<Event>);

impl Default for Bus {
    fn default() -> Bus {
        Bus(broadcast::channel(4096).0)
    }
}

impl Bus {
    pub fn publish(&self, event: Event) {
        // No listener is no error.
        let _ = self.0.send(event);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
