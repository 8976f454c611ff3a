//! Statements on the steps and photos of visits.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::{
    model::point,
    visits::{PhotoPurpose, PhotoRef, PlacedPhoto},
};

db::row! { pub struct StepRow {
    step_id: Uuid, status: String, value: String, reason: Option<String>, started_at: Option<Micros>, ended_at: Micros, device_at: Micros,
    lng: Option<i64>, lat: Option<i64>, guide_opened_at: Option<Micros>, scanned: Option<String>, proofs: Option<String>
} }

pub async fn steps(q: &mut impl Query, visit: Uuid) -> Result<Vec<StepRow>> {
    q.all(
        sql!(
            "SELECT step_id, status, value, reason, started_at, ended_at, device_at, lng, lat, guide_opened_at, scanned, proofs FROM visit_step \
             WHERE tenant_id = $1 AND visit_id = $3"
        ),
        args![visit],
    )
    .await
}

/// Stores how a step stands; what the phone recorded later stays.
pub async fn put_step(tx: &mut Tx, visit: Uuid, s: &StepRow) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO visit_step (tenant_id, visit_id, step_id, status, value, reason, started_at, ended_at, device_at, lng, lat, guide_opened_at, scanned, proofs) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             ON CONFLICT (tenant_id, visit_id, step_id) DO UPDATE SET status = excluded.status, value = excluded.value, \
             reason = excluded.reason, started_at = excluded.started_at, ended_at = excluded.ended_at, device_at = excluded.device_at, \
             lng = excluded.lng, lat = excluded.lat, scanned = excluded.scanned, proofs = excluded.proofs, \
             guide_opened_at = COALESCE(visit_step.guide_opened_at, excluded.guide_opened_at) WHERE visit_step.device_at <= excluded.device_at"
        ),
        args![visit, s.step_id, &s.status, &s.value, &s.reason, s.started_at, s.ended_at, s.device_at, s.lng, s.lat, s.guide_opened_at, &s.scanned, &s.proofs],
    )
    .await
}

db::row! { pub struct PhotoRow {
    id: Uuid, visit_id: Uuid, step_id: Uuid, employee_id: Uuid, department_id: Uuid, sha256: String, size: i64, mime: String, width: i64,
    height: i64, taken_at: Micros, lng: Option<i64>, lat: Option<i64>, accuracy_m: Option<i64>, live: bool, noted_at: Micros,
    stored_at: Option<Micros>, not_before: Option<Micros>, not_after: Option<Micros>, purpose: Option<String>
} }

impl PhotoRow {
    pub fn shown(&self) -> PhotoRef {
        let url = |kind: &str| format!("/api/v1/photos/{}/{kind}", self.id);
        PhotoRef {
            id: self.id,
            sha256: self.sha256.clone(),
            width: self.width,
            height: self.height,
            taken_at: self.taken_at,
            received_at: self.stored_at,
            status: if self.stored_at.is_some() { "stored" } else { "awaiting" }.into(),
            original_url: url("original"),
            stamped_url: url("stamped"),
            thumb_url: url("thumb"),
            live: self.live,
            purpose: PhotoPurpose::from_key(self.purpose.as_deref()),
            taken_between: self.not_before.zip(self.not_after).map(|(from, to)| [from, to]),
        }
    }

    pub fn placed(&self) -> PlacedPhoto {
        PlacedPhoto { photo: self.shown(), visit_id: self.visit_id, at: point(self.lng, self.lat) }
    }
}

macro_rules! photos {
    ($tail:expr) => {
        concat!(
            "SELECT f.id, f.visit_id, f.step_id, f.employee_id, f.department_id, f.sha256, f.size, f.mime, f.width, f.height, f.taken_at, \
             f.lng, f.lat, f.accuracy_m, f.live, f.noted_at, f.stored_at, f.not_before, f.not_after, f.purpose FROM visit_photo f ",
            $tail
        )
    };
}

/// Photos of a visit in the order they were taken. The caller has checked the visit.
pub async fn photos(q: &mut impl Query, visit: Uuid) -> Result<Vec<PhotoRow>> {
    q.all(sql!(photos!("WHERE f.tenant_id = $1 AND f.visit_id = $3 ORDER BY f.taken_at, f.id")), args![visit])
        .await
}

/// Photos of a person's day in reach.
pub async fn photos_of_day(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<PhotoRow>> {
    q.all(
        sql!(photos!(
            "JOIN visit v ON v.tenant_id = f.tenant_id AND v.id = f.visit_id \
             WHERE f.tenant_id = $1 AND v.employee_id = $3 AND v.day = $4 AND {reach:f} ORDER BY f.taken_at, f.id"
        )),
        args![employee, day],
    )
    .await
}

/// The last photos taken at a customer whose bytes are here, in reach, newest first.
pub async fn photos_of_customer(q: &mut impl Query, customer: Uuid, limit: i64) -> Result<Vec<PhotoRow>> {
    q.all(
        sql!(photos!(
            "JOIN visit v ON v.tenant_id = f.tenant_id AND v.id = f.visit_id \
             WHERE f.tenant_id = $1 AND v.customer_id = $3 AND f.stored_at IS NOT NULL AND {reach:f} \
             ORDER BY f.taken_at DESC, f.id LIMIT $4"
        )),
        args![customer, limit],
    )
    .await
}

/// Any photo of the company with this id.
pub async fn photo(q: &mut impl Query, id: Uuid) -> Result<Option<PhotoRow>> {
    q.one(sql!(photos!("WHERE f.tenant_id = $1 AND f.id = $3")), args![id]).await
}

/// False when the id is taken.
pub async fn insert_photo(tx: &mut Tx, p: &PhotoRow) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO visit_photo (tenant_id, id, visit_id, step_id, employee_id, department_id, sha256, size, mime, width, height, \
                 taken_at, lng, lat, accuracy_m, live, noted_at, purpose) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                p.id, p.visit_id, p.step_id, p.employee_id, p.department_id, &p.sha256, p.size, &p.mime, p.width, p.height, p.taken_at,
                p.lng, p.lat, p.accuracy_m, p.live, p.noted_at, &p.purpose
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// What is known already and lies closer stays.
pub async fn bound_photo(tx: &mut Tx, id: Uuid, from: Option<Micros>, to: Option<Micros>) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE visit_photo SET not_before = CASE WHEN not_before IS NULL OR $4 > not_before THEN $4 ELSE not_before END, \
             not_after = CASE WHEN not_after IS NULL OR $5 < not_after THEN $5 ELSE not_after END WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, from, to],
    )
    .await
}

pub async fn set_photo_stored(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE visit_photo SET stored_at = COALESCE(stored_at, $4) WHERE tenant_id = $1 AND id = $3"),
        args![id, at],
    )
    .await
}

db::row! {
    /// What the stamp of a photo says.
    pub struct StampFacts {
        sha256: String, taken_at: Micros, noted_at: Micros, lng: Option<i64>, lat: Option<i64>, accuracy_m: Option<i64>,
        person: String, department: String, customer: String, address: Option<String>
    }
}

pub async fn stamp_facts(q: &mut impl Query, photo: Uuid) -> Result<StampFacts> {
    q.must(
        sql!(
            "SELECT f.sha256, f.taken_at, f.noted_at, f.lng, f.lat, f.accuracy_m, e.name AS person, d.name AS department, c.name AS customer, \
             c.address FROM visit_photo f JOIN visit v ON v.tenant_id = f.tenant_id AND v.id = f.visit_id \
             JOIN employee e ON e.tenant_id = f.tenant_id AND e.id = f.employee_id \
             JOIN department d ON d.tenant_id = f.tenant_id AND d.id = f.department_id \
             JOIN customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id WHERE f.tenant_id = $1 AND f.id = $3"
        ),
        args![photo],
    )
    .await
}
