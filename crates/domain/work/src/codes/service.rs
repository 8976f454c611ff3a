use base::{Problem, problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Query, Result, Tx};
use proof::rotating;
use rand::Rng;
use serde_json::json;
use uuid::Uuid;

use super::{CodeKind, CustomerCode, PREFIX, sql};

/// Codes of a customer in reach.
pub async fn of_customer(q: &mut impl Query, customer: Uuid) -> Result<Vec<CustomerCode>> {
    customers::place(q, customer).await?;
    Ok(sql::of_customer(q, customer).await?.into_iter().map(sql::CodeRow::shown).collect())
}

/// Makes a code for a customer in reach; the one of its kind that was in use is withdrawn. The same id again changes nothing.
pub async fn make(tx: &mut Tx, customer: Uuid, id: Uuid, kind: CodeKind) -> Result<CustomerCode> {
    customers::place(tx, customer).await?;
    let mut secret = [0u8; rotating::SECRET];
    rand::rng().fill(&mut secret[..]);
    if sql::insert(tx, id, customer, kind, &URL_SAFE_NO_PAD.encode(secret)).await? {
        let before = sql::withdraw_others(tx, customer, kind, id).await?;
        let made = json!({ "code": id, "kind": kind, "withdrawn": before });
        tx.audit("customer_code.make", "customer", customer, made).await?;
    }
    let all = sql::of_customer(tx, customer).await?;
    let made = all.into_iter().map(sql::CodeRow::shown).find(|c| c.id == id && c.kind == kind);
    made.ok_or_else(|| Problem::new(problem::CONFLICT))
}

/// A code of a customer in reach.
async fn reached(q: &mut impl Query, id: Uuid) -> Result<(sql::SecretRow, customers::Place)> {
    let code = sql::secret(q, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let place = customers::place(q, code.customer_id).await?;
    Ok((code, place))
}

/// Withdraws a code; again changes nothing.
pub async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (code, _) = reached(tx, id).await?;
    if sql::withdraw(tx, id).await? > 0 {
        tx.audit("customer_code.withdraw", "customer", code.customer_id, json!({ "code": id })).await?;
    }
    Ok(())
}

/// What is needed to show a code.
pub struct Shown {
    pub customer: String,
    pub kind: CodeKind,
    /// Of a printed one: what its sheet or tag says. Of a rotating one: what comes behind `#` in the address of its screen.
    pub text: String,
    /// Of a printed one: the word, to be typed where it cannot be scanned.
    pub word: Option<String>,
}

/// Hands a code over to be shown. Whoever has it can make codes, so it is audited.
pub async fn show(tx: &mut Tx, id: Uuid) -> Result<Shown> {
    let (code, place) = reached(tx, id).await?;
    if code.withdrawn_at.is_some() {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    tx.audit("customer_code.show", "customer", code.customer_id, json!({ "code": id, "kind": code.kind }))
        .await?;
    let printed = code.kind == CodeKind::Printed.key();
    let secret = URL_SAFE_NO_PAD.decode(&code.secret).map_err(Problem::internal)?;
    let word = printed.then(|| rotating::printed(&secret));
    Ok(Shown {
        customer: place.name,
        kind: if printed { CodeKind::Printed } else { CodeKind::Rotating },
        text: match &word {
            Some(word) => format!("{PREFIX}{id}:{word}"),
            None => format!("{id}.{}", code.secret),
        },
        word,
    })
}
