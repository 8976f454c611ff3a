//! Identifiers. Everything a phone may create offline carries a client-made UUIDv7; the server makes the
//! same kind for what it creates itself, so that rows sort by birth.

pub use uuid::Uuid;

/// A new time-ordered identifier (RFC 9562, version 7).
pub fn new_v7() -> Uuid {
    Uuid::now_v7()
}

/// A stable identifier derived from a parent and a name: the same input always gives the same id, so that a
/// repeated job creates nothing twice (RFC 9562, version 8 layout over FNV-1a 128).
pub fn derived(parent: Uuid, name: &str) -> Uuid {
    let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
    for byte in parent.as_bytes().iter().copied().chain(name.bytes()) {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000000001000000000000000000013B);
    }
    uuid::Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_repeat_and_differ() {
        let parent = new_v7();
        assert_eq!(derived(parent, "a"), derived(parent, "a"));
        assert_ne!(derived(parent, "a"), derived(parent, "b"));
        assert_ne!(derived(parent, "a"), derived(new_v7(), "a"));
    }
}
