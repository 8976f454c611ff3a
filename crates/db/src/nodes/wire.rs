//! A message between nodes: who says it (16 bytes), his count of messages (8 bytes, big-endian), and JSON.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Event, Note};

/// What nodes say to each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    News(Event),
    Note(Note),
    /// Every second, so that silence can be told from having nothing to say.
    Beat,
    /// The sender ends.
    Bye,
}

const HEAD: usize = 24;

pub(crate) fn seal(node: Uuid, number: u64, what: &What) -> Vec<u8> {
    let mut message = Vec::with_capacity(256);
    message.extend_from_slice(node.as_bytes());
    message.extend_from_slice(&number.to_be_bytes());
    if serde_json::to_writer(&mut message, what).is_err() {
        // Cannot be: all of it came from JSON. The others would count it as missed, which is right.
        message.truncate(HEAD);
    }
    message
}

/// Sender, number and content; the content alone may be unreadable.
pub(crate) fn open(message: &[u8]) -> Result<(Uuid, u64, Result<What, String>), String> {
    let (head, body) = message.split_first_chunk::<HEAD>().ok_or("shorter than its head")?;
    let (node, number) = head.split_first_chunk::<16>().ok_or("no sender")?;
    let number = number.first_chunk::<8>().ok_or("no number")?;
    let what = serde_json::from_slice(body).map_err(|e| e.to_string());
    Ok((Uuid::from_bytes(*node), u64::from_be_bytes(*number), what))
}

/// A shared document as itself.
pub(crate) mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub fn serialize<S: Serializer>(value: &Arc<Value>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Value>, D::Error> {
        Value::deserialize(from).map(Arc::new)
    }
}
