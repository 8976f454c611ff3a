//! Random words that open one thing without a sign-in, and numbers without gaps.

use base::LocalDay;
use db::{Global, Query, Result, Tx, args, global_sql, sql};
use rand::Rng;
use uuid::Uuid;

/// Letters that are not taken for one another, also when read aloud from a label.
const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// A word nobody guesses: 20 of 31 letters, 99 bits.
pub fn random_word() -> String {
    let mut rng = rand::rng();
    (0..20).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

/// Can this be such a word? Anything else opens nothing, and is not looked up.
pub fn is_word(text: &str) -> bool {
    text.len() == 20 && text.bytes().all(|b| LETTERS.contains(&b))
}

/// What a word opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    Equipment,
    /// The customer's page.
    Order,
    /// How an order stands, and nothing else: for whoever reported it.
    Status,
}

impl Opens {
    fn key(self) -> &'static str {
        match self {
            Opens::Equipment => "equipment",
            Opens::Order => "order",
            Opens::Status => "status",
        }
    }
}

/// Remembers what a word opens, in the transaction that makes the thing.
pub async fn open(tx: &mut Tx, word: &str, opens: Opens, subject: Uuid) -> Result<u64> {
    let tenant = tx.tenant();
    tx.global_exec(
        global_sql!("INSERT INTO service_link (token, tenant_id, kind, subject_id) VALUES ($1, $2, $3, $4)"),
        args![word, tenant, opens.key(), subject],
    )
    .await
}

db::row! { struct Opened { tenant_id: Uuid, subject_id: Uuid } }

/// Company and thing a word opens.
pub async fn opened(global: &mut Global, word: &str, opens: Opens) -> Result<Option<(Uuid, Uuid)>> {
    if !is_word(word) {
        return Ok(None);
    }
    let row: Option<Opened> = global
        .one(
            global_sql!("SELECT tenant_id, subject_id FROM service_link WHERE token = $1 AND kind = $2"),
            args![word, opens.key()],
        )
        .await?;
    Ok(row.map(|r| (r.tenant_id, r.subject_id)))
}

db::row! { struct Word { token: String } }

/// The word that tells only how an order stands; the same one however often it is asked for.
pub async fn status_word(tx: &mut Tx, order: Uuid) -> Result<String> {
    let known: Vec<Word> = tx
        .global_all(
            global_sql!(
                "SELECT token FROM service_link WHERE tenant_id = $1 AND subject_id = $2 AND kind = $3"
            ),
            args![tx.tenant(), order, Opens::Status.key()],
        )
        .await?;
    if let Some(word) = known.into_iter().next() {
        return Ok(word.token);
    }
    let word = random_word();
    open(tx, &word, Opens::Status, order).await?;
    Ok(word)
}

/// The next number of a series, given out for good when the transaction ends well.
async fn next(tx: &mut Tx, series: &str) -> Result<i64> {
    let row: (i64,) = tx
        .must(
            sql!(
                "INSERT INTO service_counter (tenant_id, series, last) VALUES ($1, $3, 1) \
                 ON CONFLICT (tenant_id, series) DO UPDATE SET last = service_counter.last + 1 RETURNING last"
            ),
            args![series],
        )
        .await?;
    Ok(row.0)
}

/// `WO-202611-0007`
pub async fn order_number(tx: &mut Tx, day: LocalDay) -> Result<String> {
    let month = day.as_int() / 100;
    let n = next(tx, &format!("order:{month}")).await?;
    Ok(format!("WO-{month}-{n:04}"))
}

/// `SB-000007`
pub async fn equipment_number(tx: &mut Tx) -> Result<String> {
    let n = next(tx, "equipment").await?;
    Ok(format!("SB-{n:06}"))
}
