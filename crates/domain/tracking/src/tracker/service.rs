use base::{Problem, id, problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Database, Result, Scope};
use rand::Rng;
use serde_json::json;
use uuid::Uuid;

use super::{Tracker, TrackerKind, keys, sql};

/// A tracker to be made.
pub(super) struct New {
    pub id: Option<Uuid>,
    pub employee: Uuid,
    pub name: String,
    pub kind: TrackerKind,
}

base::problems! {
    /// A person has as many trackers as readings can name.
    TOO_MANY = 422 "tracker.too_many",
        zh "追踪器太多" / "每人最多 200 个追踪器。",
        en "Too many trackers" / "A person can have at most 200 trackers.";
}

impl From<sql::TrackerRow> for Tracker {
    fn from(r: sql::TrackerRow) -> Tracker {
        Tracker {
            id: r.id,
            employee: org::Ref { id: r.employee_id, name: r.employee_name },
            name: r.name,
            kind: TrackerKind::from_key(&r.kind),
            created_at: r.created_at,
            last_seen_at: r.last_seen_at,
            revoked: r.revoked_at.is_some(),
        }
    }
}

/// Makes a tracker and its secret.
///
/// # Errors
/// `not_found` for a person outside the reach; `sync.conflict` when the id is taken: its secret cannot be
/// shown a second time.
pub(super) async fn create(db: &Database, scope: &Scope, new: New) -> Result<(Tracker, String)> {
    let secret = new_secret();
    let hash = keys::hash(&secret);
    let tracker = db
        .write(scope, move |tx| {
            Box::pin(async move {
                let person = org::person(tx, new.employee).await?;
                let tag = sql::highest_tag(tx, person.id).await? + 1;
                if tag > 200 {
                    return Err(Problem::new(TOO_MANY));
                }
                let id = new.id.unwrap_or_else(id::new_v7);
                let name = new.name.trim();
                let row = sql::Insert {
                    id,
                    employee: person.id,
                    department: person.department_id,
                    name,
                    kind: new.kind.key(),
                    tag,
                };
                if sql::insert(tx, row).await? == 0 {
                    return Err(Problem::new(problem::CONFLICT));
                }
                sql::insert_key(tx, &hash, id, person.id, tag).await?;
                let changes = json!({ "employee": person.name, "name": name, "kind": new.kind.key() });
                tx.audit("tracker.create", "tracker", id, changes).await?;
                Ok(Tracker::from(sql::one(tx, id).await?))
            })
        })
        .await?;
    Ok((tracker, secret))
}

/// Ends a tracker for good: its address answers like an unknown one.
///
/// # Errors
/// `not_found` outside the reach.
pub(super) async fn revoke(db: &Database, scope: &Scope, id: Uuid) -> Result<Tracker> {
    db.write(scope, move |tx| {
        Box::pin(async move {
            let tracker = sql::one(tx, id).await?;
            if sql::revoke(tx, id).await? > 0 {
                sql::delete_key(tx, id).await?;
                tx.audit("tracker.revoke", "tracker", id, json!({ "name": tracker.name })).await?;
            }
            Ok(Tracker::from(sql::one(tx, id).await?))
        })
    })
    .await
}

/// 192 random bits: nobody guesses an address.
fn new_secret() -> String {
    let mut bytes = [0u8; 24];
    rand::rng().fill(&mut bytes[..]);
    URL_SAFE_NO_PAD.encode(bytes)
}
