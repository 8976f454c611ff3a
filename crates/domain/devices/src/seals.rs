//! Taking the seals of a batch: checked before anything is written, placed in the chain, and said for each record.

use std::collections::HashMap;

use api::{Checks, Kit};
use base::{Micros, Problem};
use db::{Query, Result, Scope, Tx};
use proof::seal::{self, Head, Known, Link, Statement};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    KeyAnswer,
    sql::{self, KeyRow},
};

/// Seals of one request.
const MOST: usize = 400;

/// What a phone signed, in order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The enrolment of the phone's key.
    pub key_id: Uuid,
    /// Start of the app that sends, and its clock now that nobody can set, in milliseconds.
    #[schema(max_length = 64)]
    pub origin: String,
    pub mono_ms: i64,
    #[schema(max_items = 400)]
    pub seals: Vec<Seal>,
}

/// A signed statement about records (docs/truth.md, "Signatures of phones").
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The exact text that was signed.
    #[schema(max_length = 65536)]
    pub statement: String,
    /// ECDSA P-256 with SHA-256, r and s, base64url without padding.
    #[schema(max_length = 100)]
    pub signature: String,
}

/// What the seal of a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Sealed,
    /// A phone without a key: nothing is known, nothing held against anybody.
    Unsigned,
    /// A phone with a key, a record without a seal.
    Unsealed,
    /// Its seal does not hold.
    Broken,
    /// Other content than was sealed.
    Altered,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            State::Sealed => "sealed",
            State::Unsigned => "unsigned",
            State::Unsealed => "unsealed",
            State::Broken => "broken",
            State::Altered => "altered",
        }
    }
}

/// A record's seal, and between which moments it was made.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub state: State,
    pub key_id: Option<Uuid>,
    pub seq: Option<i64>,
    pub from: Option<Micros>,
    pub to: Option<Micros>,
}

/// A record that came without its seal, and the seal.
#[derive(Debug, Clone)]
pub struct Late {
    record: Uuid,
    visit: Uuid,
    key: Uuid,
    seq: i64,
    from: Option<Micros>,
    to: Micros,
}

/// What became of the seals of a batch.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    marks: HashMap<Uuid, Mark>,
    /// Of records that no seal names.
    rest: Option<Mark>,
    /// SHA-256 of each record's exact text.
    texts: HashMap<Uuid, String>,
    /// Records that came before their seals, to be healed ([`heal`]).
    pub late: Vec<Late>,
    /// What the phone is told; `None`: it sent no chain.
    pub answer: Option<KeyAnswer>,
}

impl Taken {
    /// What is known of a record.
    pub fn mark(&self, record: Uuid) -> Option<Mark> {
        self.marks.get(&record).copied().or(self.rest)
    }
}

/// SHA-256 of each record's exact text, in the order sent. `body` has been read as a batch already.
pub fn texts(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow, default)]
        items: Vec<&'a RawValue>,
    }
    let body: Body<'_> = serde_json::from_slice(body).unwrap_or(Body { items: vec![] });
    body.items.iter().map(|item| seal::digest(item.get().as_bytes())).collect()
}

/// A seal that holds.
struct Good {
    statement: Statement,
    text: String,
    signature: String,
    digest: String,
    heard_at: Option<i64>,
}

/// What came: the good seals in their order, the records beside them, and when.
struct Came {
    good: Vec<Good>,
    records: Vec<(Uuid, String)>,
    /// Records held without the seal they should have.
    open: Vec<sql::Unsealed>,
    origin: String,
    mono: i64,
    received: i64,
}

/// Records held without a seal that are looked through for one that comes later.
const LATE: i64 = 1_000;

/// Takes the seals of a batch. `records`: id and SHA-256 of the exact text of each record that came with them.
///
/// # Errors
/// When the store fails, or the chain is longer than a request may be; never because a seal does not hold.
pub async fn take(
    kit: &Kit,
    scope: &Scope,
    device: &str,
    chain: Option<Chain>,
    records: &[(Uuid, String)],
) -> Result<Taken> {
    let texts: HashMap<Uuid, String> = records.iter().cloned().collect();
    let lone = |state| Some(Mark { state, key_id: None, seq: None, from: None, to: None });
    let mut r = kit.db.read(scope).await?;
    let Some(chain) = chain else {
        let state = if sql::signs(&mut r, device).await? { State::Unsealed } else { State::Unsigned };
        return Ok(Taken { rest: lone(state), texts, ..Taken::default() });
    };
    Checks::new()
        .that("chain.seals", chain.seals.len() <= MOST)
        .that("chain.origin", chain.origin.chars().count() <= 64)
        .done()?;
    let Some(key) = sql::mine(&mut r, chain.key_id).await? else {
        return Ok(Taken {
            rest: lone(State::Unsigned),
            texts,
            answer: Some(KeyAnswer::UnknownKey),
            ..Taken::default()
        });
    };
    let (mut good, mut broken) = (vec![], false);
    let public = seal::public_key(&key.public_key).unwrap_or_default();
    let owner = key.employee_id.to_string();
    for Seal { statement: text, signature } in chain.seals {
        match seal::open(&text, &signature, &public, &owner) {
            Ok(statement) => {
                let heard_at = match &statement.heard {
                    Some(heard) => sql::issued_at(&mut r, &heard.nonce).await?.map(|at| at.0 / 1000),
                    None => None,
                };
                let digest = seal::digest(text.as_bytes());
                good.push(Good { statement, text, signature, digest, heard_at });
            }
            Err(_) => broken = true,
        }
    }
    good.sort_by_key(|g| g.statement.seq);
    let open = if good.is_empty() { vec![] } else { sql::unsealed(&mut r, LATE).await? };
    let came = Came {
        good,
        records: records.to_vec(),
        open,
        origin: chain.origin,
        mono: chain.mono_ms,
        received: kit.db.now().0 / 1000,
    };
    let moved = key.department_id != key.now_in;
    let mut placed = place(&mut r, &key, &came).await?;
    drop(r);
    // What is held already needs no turn at writing.
    if moved || !placed.new.is_empty() {
        placed = kit
            .db
            .write(scope, move |tx| Box::pin(async move { keep(tx, &key, &came, placed).await }))
            .await?;
    }
    let missing = if broken { State::Broken } else { State::Unsealed };
    let rest = Mark { state: missing, key_id: Some(chain.key_id), seq: None, from: None, to: None };
    Ok(Taken {
        marks: placed.marks,
        rest: Some(rest),
        texts,
        late: placed.late,
        answer: Some(KeyAnswer::Held),
    })
}

/// Where the seals of a batch belong, and what they say.
#[derive(Clone)]
struct Placed {
    /// The newest seal they were placed after.
    after: Option<Head>,
    new: Vec<New>,
    marks: HashMap<Uuid, Mark>,
    late: Vec<Late>,
}

/// A seal that is not held.
#[derive(Clone)]
struct New {
    /// Its place in the batch.
    nth: usize,
    link: &'static str,
    missing: i64,
    from: Option<Micros>,
    moved_ms: i64,
    /// It is the newest of its chain now.
    leads: bool,
}

fn head_of(key: &KeyRow) -> Option<Head> {
    key.head_seq.zip(key.head_sha256.clone()).map(|(seq, digest)| Head { seq, digest })
}

/// Finds the places of seals in the chain of their key, and the records they name.
async fn place(q: &mut impl Query, key: &KeyRow, came: &Came) -> Result<Placed> {
    let micros = |ms: i64| Micros(ms.saturating_mul(1000));
    let after = head_of(key);
    let (mut head, mut from) = (after.clone(), key.head_from);
    let content: HashMap<String, (Uuid, &str)> =
        came.records.iter().map(|(id, sha)| (id.to_string(), (*id, sha.as_str()))).collect();
    let open: HashMap<String, &sql::Unsealed> = came.open.iter().map(|r| (r.id.to_string(), r)).collect();
    let (mut new, mut marks, mut late) = (vec![], HashMap::new(), vec![]);
    for (nth, g) in came.good.iter().enumerate() {
        let s = &g.statement;
        let held = sql::held(q, key.id, s.seq).await?;
        let same = held.iter().find(|h| h.sha256 == g.digest);
        let known = same.or(held.first()).map(|h| h.sha256.as_str());
        let placed = seal::link(head.as_ref(), known, s.seq, &s.prev, &g.digest);
        // What goes on from the head was made after it; of what comes late only its own clocks tell.
        let before = match placed {
            Link::Next | Link::Gap(_) => from.map(|t| t.0 / 1000),
            Link::Again => same.and_then(|h| h.from_at).map(|t| t.0 / 1000),
            Link::Late | Link::Fork => None,
        };
        let sent = (came.origin.as_str(), came.mono);
        let known = Known { heard_at: g.heard_at, before, received: came.received, sent };
        let at = seal::sealed_between(s, &known);
        for item in &s.items {
            let made = seal::made_between(s, item, &known);
            if let Some(r) = open.get(&item.id).filter(|r| r.sha256 == item.sha256) {
                // It was here before its seal was.
                let to = micros(made.to).min(r.received_at);
                let from = made.from.map(micros).filter(|from| *from <= to);
                late.push(Late { record: r.id, visit: r.visit_id, key: key.id, seq: s.seq, from, to });
            }
            let Some((id, sha256)) = content.get(&item.id) else { continue };
            let state = if item.sha256 == **sha256 { State::Sealed } else { State::Altered };
            let (made_from, made_to) = (made.from.map(micros), Some(micros(made.to)));
            marks.insert(
                *id,
                Mark { state, key_id: Some(key.id), seq: Some(s.seq), from: made_from, to: made_to },
            );
        }
        let (link, missing) = match placed {
            Link::Again => continue,
            Link::Next => ("next", 0),
            Link::Late => ("late", 0),
            Link::Fork => ("fork", 0),
            Link::Gap(missing) => ("gap", missing),
        };
        let from_at = at.from.map(micros);
        let leads = head.as_ref().is_none_or(|h| s.seq > h.seq);
        let moved_ms = seal::moved(s, at, g.heard_at).unwrap_or(0);
        new.push(New { nth, link, missing, from: from_at, moved_ms, leads });
        if leads {
            head = Some(Head { seq: s.seq, digest: g.digest.clone() });
            from = from_at;
        }
    }
    Ok(Placed { after, new, marks, late })
}

/// Keeps the seals that are not held, each at its place.
async fn keep(tx: &mut Tx, key: &KeyRow, came: &Came, placed: Placed) -> Result<Placed> {
    sql::seen(tx, key.id).await?;
    let key = sql::mine(tx, key.id).await?.ok_or_else(|| Problem::internal("a key that was just read"))?;
    // The chain may have grown since it was read.
    let placed = if head_of(&key) == placed.after { placed } else { place(tx, &key, came).await? };
    for new in &placed.new {
        let g = &came.good[new.nth];
        let row = sql::NewSeal {
            key_id: key.id,
            seq: g.statement.seq,
            sha256: &g.digest,
            statement: &g.text,
            signature: &g.signature,
            link: new.link,
            missing: new.missing,
            from_at: new.from,
            moved_ms: new.moved_ms,
        };
        sql::insert_seal(tx, &row).await?;
        if new.leads {
            sql::set_head(tx, key.id, row.seq, &g.digest, new.from).await?;
        }
    }
    Ok(placed)
}

/// Keeps what the seal of a visit's record says, in the transaction of the record itself.
pub async fn note(tx: &mut Tx, record: Uuid, visit: Uuid, taken: &Taken) -> Result<()> {
    let Some(mark) = taken.mark(record) else { return Ok(()) };
    let row = sql::NewRecord {
        id: record,
        visit_id: visit,
        key_id: mark.key_id,
        seq: mark.seq,
        state: mark.state.key(),
        from_at: mark.from,
        to_at: mark.to,
        sha256: taken.texts.get(&record).map(String::as_str),
    };
    sql::insert_record(tx, &row).await.map(drop)
}

/// Puts records under the seals that came after them. Answers their visits: what was held against those is no longer so.
///
/// # Errors
/// When the store cannot be written.
pub async fn heal(tx: &mut Tx, late: &[Late]) -> Result<Vec<Uuid>> {
    let mut visits = std::collections::BTreeSet::new();
    for l in late {
        if sql::set_sealed(tx, l.record, l.key, l.seq, l.from, l.to).await? {
            visits.insert(l.visit);
        }
    }
    Ok(visits.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_hashed_as_it_was_written() {
        let body = br#"{"device_id":"d","items":[{"b":1.0, "a":"\u4e00"},{"b":1}]}"#;
        assert_eq!(texts(body), [seal::digest(br#"{"b":1.0, "a":"\u4e00"}"#), seal::digest(br#"{"b":1}"#)]);
        assert!(texts(b"[]").is_empty() && texts(b"{}").is_empty());
    }
}
