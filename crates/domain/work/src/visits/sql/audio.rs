//! Statements on recordings of sound.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct AudioRow {
    id: Uuid, visit_id: Uuid, step_id: Uuid, employee_id: Uuid, department_id: Uuid, sha256: String, size: i64, mime: String,
    duration_ms: i64, started_at: Micros, noted_at: Micros, stored_at: Option<Micros>, not_before: Option<Micros>,
    not_after: Option<Micros>, erased_at: Option<Micros>
} }

macro_rules! recordings {
    ($tail:expr) => {
        concat!(
            "SELECT a.id, a.visit_id, a.step_id, a.employee_id, a.department_id, a.sha256, a.size, a.mime, a.duration_ms, a.started_at, \
             a.noted_at, a.stored_at, a.not_before, a.not_after, a.erased_at FROM visit_audio a ",
            $tail
        )
    };
}

/// Of a visit in the order they were made.
pub async fn audio_of_visit(q: &mut impl Query, visit: Uuid) -> Result<Vec<AudioRow>> {
    q.all(
        sql!(recordings!("WHERE a.tenant_id = $1 AND a.visit_id = $3 ORDER BY a.started_at, a.id")),
        args![visit],
    )
    .await
}

/// Whatever the reach.
pub async fn audio(q: &mut impl Query, id: Uuid) -> Result<Option<AudioRow>> {
    q.one(sql!(recordings!("WHERE a.tenant_id = $1 AND a.id = $3")), args![id]).await
}

/// In reach, whose bytes are here.
pub async fn audio_in_reach(q: &mut impl Query, id: Uuid) -> Result<AudioRow> {
    q.must(
        sql!(recordings!(
            "WHERE a.tenant_id = $1 AND a.id = $3 AND a.stored_at IS NOT NULL AND a.erased_at IS NULL AND {reach:a}"
        )),
        args![id],
    )
    .await
}

/// False when the id is taken.
pub async fn insert_audio(tx: &mut Tx, a: &AudioRow) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO visit_audio (tenant_id, id, visit_id, step_id, employee_id, department_id, sha256, size, mime, duration_ms, \
                 started_at, noted_at) VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                a.id, a.visit_id, a.step_id, a.employee_id, a.department_id, &a.sha256, a.size, &a.mime, a.duration_ms, a.started_at,
                a.noted_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// What is known already and lies closer stays.
pub async fn bound_audio(tx: &mut Tx, id: Uuid, from: Option<Micros>, to: Option<Micros>) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE visit_audio SET not_before = CASE WHEN not_before IS NULL OR $4 > not_before THEN $4 ELSE not_before END, \
             not_after = CASE WHEN not_after IS NULL OR $5 < not_after THEN $5 ELSE not_after END WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, from, to],
    )
    .await
    .map(drop)
}

pub async fn audio_stored(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(sql!("UPDATE visit_audio SET stored_at = $4 WHERE tenant_id = $1 AND id = $3"), args![id, at])
        .await
}

/// Notes that a person's are gone; answers which.
pub async fn erase_audio(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    let now = tx.now();
    let rows: Vec<(Uuid,)> = tx
        .all(
            sql!(
                "UPDATE visit_audio SET erased_at = $4 WHERE tenant_id = $1 AND employee_id = $3 AND erased_at IS NULL RETURNING id"
            ),
            args![person, now],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
