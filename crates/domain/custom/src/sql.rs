//! Statements on answers to fields of nouns of ours, and the parts that the statements of those nouns take from here.

use base::Problem;
use db::{Query, Result, Tx, args, sql};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{fields::Kept, noun::Noun};

/// The answers to a company's own fields, as a column of a statement: `answers!("c", "customer")`.
#[macro_export]
macro_rules! answers {
    ($alias:literal, $noun:literal) => {
        concat!(
            "(SELECT cr.answers FROM custom_record cr WHERE cr.tenant_id = ",
            $alias,
            ".tenant_id AND cr.noun = '",
            $noun,
            "' AND cr.record_id = ",
            $alias,
            ".id) AS custom"
        )
    };
}

/// Do the words of a company's own fields hold a text? `found!("c", "customer", "$3")`.
#[macro_export]
macro_rules! found {
    ($alias:literal, $noun:literal, $like:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM custom_record cr WHERE cr.tenant_id = $1 AND cr.noun = '",
            $noun,
            "' AND cr.record_id = ",
            $alias,
            ".id AND cr.words LIKE ",
            $like,
            ")"
        )
    };
}

/// A condition on a field: table of values, whose record (and of which noun, where the table holds several); name, not answered, words, part, numbers from and to, texts
/// from and to, as [`filter::slots`](crate::filter::slots) binds them.
#[macro_export]
macro_rules! condition {
    ($table:literal, $record:literal, $field:literal, $empty:literal, $words:literal, $part:literal, $min:literal, $max:literal, $from:literal, $to:literal) => {
        concat!(
            "AND (", $field, " IS NULL OR (", $empty, " = 1 AND NOT EXISTS (SELECT 1 FROM ", $table, " v WHERE v.tenant_id = $1 AND v.record_id = ", $record, " \
             AND v.field = ", $field, ")) OR (", $empty, " = 0 AND EXISTS (SELECT 1 FROM ", $table, " v WHERE v.tenant_id = $1 AND v.record_id = ", $record, " \
             AND v.field = ", $field, " AND (", $words, " IS NULL OR CAST(", $words, " AS TEXT) LIKE ('%|' || REPLACE(REPLACE(REPLACE(v.text, '\\', '\\\\'), '_', '\\_'), '%', '\\%') || '|%') ESCAPE '\\') \
             AND (", $part, " IS NULL OR LOWER(v.text) LIKE ", $part, ") AND (", $min, " IS NULL OR v.number >= ", $min, ") AND (", $max, " IS NULL OR v.number <= ", $max, ") \
             AND (", $from, " IS NULL OR v.text >= ", $from, ") AND (", $to, " IS NULL OR v.text <= ", $to, ")))) "
        )
    };
}

db::row! { pub(crate) struct Newest { form_id: Uuid, number: i64, spec: String } }

/// The newest version of a noun's fields, if they are in force.
pub(crate) async fn newest(q: &mut impl Query, noun: &str) -> Result<Option<Newest>> {
    q.one(
        sql!(
            "SELECT f.id AS form_id, v.number, v.spec FROM form f \
             JOIN form_version v ON v.tenant_id = f.tenant_id AND v.form_id = f.id AND v.number = f.published \
             WHERE f.tenant_id = $1 AND f.purpose = 'standard' AND f.key = $3 AND f.retired = 0"
        ),
        args![noun],
    )
    .await
}

/// Answers of one record.
///
/// # Errors
/// When the store cannot be read.
pub async fn of(q: &mut impl Query, noun: Noun, record: Uuid) -> Result<Map<String, Value>> {
    let row: Option<(String,)> = q
        .one(
            sql!(
                "SELECT c.answers FROM custom_record c WHERE c.tenant_id = $1 AND c.noun = $3 AND c.record_id = $4"
            ),
            args![noun.key(), record],
        )
        .await?;
    row.map_or_else(|| Ok(Map::new()), |r| serde_json::from_str(&r.0).map_err(Problem::internal))
}

/// Writes the answers of a record anew. Nothing is written of one that never had any.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(tx: &mut Tx, noun: Noun, record: Uuid, kept: &Kept) -> Result<()> {
    let answers = Value::Object(kept.answers.clone()).to_string();
    if kept.answers.is_empty() {
        return erase(tx, noun, record).await;
    }
    tx.exec(
        sql!(
            "INSERT INTO custom_record (tenant_id, record_id, noun, answers, words) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, noun, record_id) DO UPDATE SET answers = excluded.answers, words = excluded.words"
        ),
        args![record, noun.key(), answers, &kept.words],
    )
    .await?;
    erase_values(tx, noun, record).await?;
    for item in &kept.items {
        tx.exec(
            sql!(
                "INSERT INTO custom_value (tenant_id, record_id, field, place, text, number, noun) VALUES ($1, $3, $4, $5, $6, $7, $8)"
            ),
            args![record, &item.field, item.place, &item.text, item.number, noun.key()],
        )
        .await?;
    }
    Ok(())
}

/// Gives a record that has none the answers of another as they stand, those to withdrawn fields too.
///
/// # Errors
/// When the store cannot be written.
pub async fn copy(tx: &mut Tx, noun: Noun, from: Uuid, to: Uuid) -> Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO custom_record (tenant_id, record_id, noun, answers, words) \
             SELECT c.tenant_id, $5, c.noun, c.answers, c.words FROM custom_record c \
             WHERE c.tenant_id = $1 AND c.noun = $3 AND c.record_id = $4"
        ),
        args![noun.key(), from, to],
    )
    .await?;
    tx.exec(
        sql!(
            "INSERT INTO custom_value (tenant_id, record_id, field, place, text, number, noun) \
             SELECT v.tenant_id, $5, v.field, v.place, v.text, v.number, v.noun FROM custom_value v \
             WHERE v.tenant_id = $1 AND v.noun = $3 AND v.record_id = $4"
        ),
        args![noun.key(), from, to],
    )
    .await
    .map(drop)
}

/// Takes out all answers of a record: the company demands it, or a person does.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, noun: Noun, record: Uuid) -> Result<()> {
    erase_values(tx, noun, record).await?;
    tx.exec(
        sql!("DELETE FROM custom_record WHERE tenant_id = $1 AND noun = $3 AND record_id = $4"),
        args![noun.key(), record],
    )
    .await
    .map(drop)
}

async fn erase_values(tx: &mut Tx, noun: Noun, record: Uuid) -> Result<()> {
    tx.exec(
        sql!("DELETE FROM custom_value WHERE tenant_id = $1 AND noun = $3 AND record_id = $4"),
        args![noun.key(), record],
    )
    .await
    .map(drop)
}
