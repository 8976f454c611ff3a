//! What the seals of a visit's records come to.

use base::Micros;
use db::{Query, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{DeviceStatus, sql};

/// Two phones of one person within this time are used at once.
const AT_ONCE: i64 = 10 * Micros::MINUTE;
/// For so long a phone is looked back over for another person's records.
const SHARED: i64 = 12 * Micros::HOUR;

/// A phone that recorded a visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SealingPhone)]
pub struct Phone {
    pub id: Uuid,
    pub name: String,
    pub status: DeviceStatus,
}

/// What is known of the signatures of a visit's records.
#[derive(Debug, Clone, Default)]
pub struct VisitSeals {
    pub sealed: u32,
    pub unsigned: u32,
    pub unsealed: u32,
    pub broken: u32,
    /// Records of phones that are not accepted.
    pub unknown: u32,
    pub missing: u32,
    pub forks: u32,
    /// How far the phone's clock was certainly moved, ms.
    pub moved_ms: i64,
    pub phones: Vec<Phone>,
    /// Phones of the visit, as they name themselves, that signed for somebody else too, and when they last did.
    pub others: Vec<(String, Micros)>,
    /// Between records of this visit and of another phone of the same person, minutes.
    pub parallel_minutes: Option<f64>,
}

/// Gathers what the seals of a visit's records say. Whatever the reach: the caller has checked, or is a job.
pub async fn of_visit(q: &mut impl Query, visit: Uuid) -> Result<VisitSeals> {
    let mut all = VisitSeals::default();
    let mut newest: Option<(Uuid, Uuid, Micros)> = None;
    let mut installations: Vec<(String, String, Uuid)> = vec![];
    let mut range: Option<(Micros, Micros)> = None;
    for r in sql::records(q, visit).await? {
        match r.state.as_str() {
            "sealed" => all.sealed += 1,
            "unsealed" => all.unsealed += 1,
            "broken" | "altered" => all.broken += 1,
            _ => all.unsigned += 1,
        }
        // As the phone stood when it recorded: giving it up later says nothing about what it recorded before.
        let then = r.key_status.as_deref().map(DeviceStatus::of);
        all.unknown += u32::from(then.is_some_and(|then| then != DeviceStatus::Accepted));
        let (Some(key), Some(status), Some(name), Some(sha), Some(device)) =
            (r.key_id, r.status, r.name, r.key_sha256, r.device_id)
        else {
            continue;
        };
        let status = DeviceStatus::of(&status);
        if all.phones.iter().all(|p| p.id != key) {
            all.phones.push(Phone { id: key, name, status });
            installations.push((device, sha, r.employee_id));
        }
        if let Some(at) = r.to_at {
            // Only what is known to the minutes can be compared with another phone.
            if r.from_at.is_some_and(|from| at.0 - from.0 <= AT_ONCE) {
                newest = newest.filter(|n| n.2 >= at).or(Some((key, r.employee_id, at)));
            }
            let (from, to) = range.unwrap_or((at, at));
            range = Some((from.min(at), to.max(at)));
        }
    }
    for s in sql::seals(q, visit).await? {
        all.missing = all.missing.saturating_add(u32::try_from(s.missing).unwrap_or(u32::MAX));
        all.forks += u32::from(s.link == "fork");
        if s.moved_ms.abs() > all.moved_ms.abs() {
            all.moved_ms = s.moved_ms;
        }
    }
    if let Some((from, to)) = range {
        for (device, sha, person) in installations {
            let since = from.plus(-SHARED);
            let at = sql::signed_for_another(q, &sha, person, since, to.plus(SHARED)).await?;
            all.others.extend(at.map(|at| (device, at)));
        }
    }
    if let Some((key, person, at)) = newest {
        let other = sql::other_phone(q, person, key, at, AT_ONCE).await?;
        all.parallel_minutes = other.map(|o| (o.0 - at.0).abs() as f64 / Micros::MINUTE as f64);
    }
    Ok(all)
}
