//! Gathering what the engine judges: positions, claims, edits, photos, devices.

use base::{LocalDay, Micros};
use db::{Query, Result};
use geo::LngLat;
use serde_json::Value;
use tracking::reading::Reading;
use trust::{Case, Claim, Company, Customer, Edit, Fix, Records, Seals};
use uuid::Uuid;
use work::visits::VisitEvidence;

use crate::{CompanyRules, Policy, model::PhotoPair, sql};

/// The acting person and others by small numbers, as the engine wants them.
const ME: u32 = 0;

fn ms(t: Micros) -> i64 {
    t.0.div_euclid(1000)
}

/// Readings as the engine sees them. What a trusted tracker flags as mock is not.
pub fn fixes(readings: &[Reading], rules: &CompanyRules) -> Vec<Fix> {
    readings
        .iter()
        .filter_map(|r| {
            let at = r.place()?;
            Some(Fix {
                acc_m: r.acc_dm.map(|v| v as f32 / 10.0),
                speed_mps: r.speed_cms.map(|v| v as f32 / 100.0),
                bearing_deg: r.bearing_dd.map(|v| v as f32 / 10.0),
                mock: r.mock && !rules.trusted_trackers.contains(&i64::from(r.source)),
                ..Fix::new(r.t_ms, at)
            })
        })
        .collect()
}

/// A visit with the day around it.
pub async fn company_of(
    q: &mut impl Query,
    id: Uuid,
    v: &VisitEvidence,
    readings: &[Reading],
    rules: &CompanyRules,
) -> Result<Company> {
    let place = |at: LngLat| Customer { at, radius_m: v.radius_m as f64 };
    let customers: Vec<Customer> = v.customer_at.map(place).into_iter().collect();
    let mut claims = vec![claim(id, v)];
    let mut edits = vec![];
    if !customers.is_empty() {
        let since = v.check_in_at.plus(-7 * Micros::DAY);
        for e in sql::edits(q, v.customer_id, v.employee_id, since).await? {
            if let Some(to) = moved_to(&e.changes) {
                edits.push(Edit { t_ms: ms(e.at), user: ME, customer: 0, to: Some(to) });
            }
        }
        if !edits.is_empty() {
            for e in sql::earlier_check_ins(q, v.customer_id, v.check_in_at).await? {
                let at = e.lng.zip(e.lat).and_then(|(lng, lat)| LngLat::from_e7(lng, lat).ok());
                claims.push(Claim { user: 1, customer: Some(0), in_ms: ms(e.at), at, ..Claim::default() });
            }
        }
    }
    let cases = vec![Case { id: v.day.to_string(), user: ME, fixes: fixes(readings, rules) }];
    Ok(Company { cases, claims, customers, edits, crews: vec![] })
}

fn claim(id: Uuid, v: &VisitEvidence) -> Claim {
    Claim {
        id: id.to_string(),
        case: Some(0),
        user: ME,
        customer: v.customer_at.map(|_| 0),
        in_ms: ms(v.check_in_at),
        out_ms: v.check_out_at.map(ms),
        at: v.in_at,
        acc_m: v.in_accuracy_m.map(|a| a as f32),
    }
}

/// The new place, if a change of a customer moved it by more than a correction.
fn moved_to(changes: &str) -> Option<LngLat> {
    let v: Value = serde_json::from_str(changes).ok()?;
    let point = |side: &str| -> Option<LngLat> { serde_json::from_value(v[side]["at"].clone()).ok() };
    let to = point("after")?;
    let far = point("before").is_none_or(|from| geo::distance_m(from, to) > 50.0);
    far.then_some(to)
}

/// What the records of a visit say beside positions, and the photos they are compared with.
pub struct Gathered {
    pub records: Records,
    pub same: Vec<PhotoPair>,
    pub alike: Vec<PhotoPair>,
}

pub async fn records(
    q: &mut impl Query,
    id: Uuid,
    v: &VisitEvidence,
    device: Option<&str>,
    rules: &CompanyRules,
) -> Result<Gathered> {
    let same: Vec<PhotoPair> = sql::duplicates(q, id).await?.into_iter().map(PhotoPair::from).collect();
    let mut near = evidence::alike(q, id).await?;
    // What is the same to the last byte is said already.
    near.retain(|p| same.iter().all(|s| s.photo_id != p.photo_id));
    let same_customer = near.iter().all(|p| p.earlier_customer == v.customer_id);
    let best = near.iter().map(|p| p.likeness).fold(0.0, f64::max);
    let alike: Vec<PhotoPair> = near.into_iter().map(PhotoPair::from).collect();
    let to = v.check_out_at.or(v.steps.iter().map(|s| s.ended_at).max()).unwrap_or(v.check_in_at);
    let seals = devices::of_visit(q, id).await?;
    let may_be_shared = device.is_none_or(|d| !rules.shared_devices.iter().any(|s| s == d));
    let by_name = match device {
        Some(d) => sql::used_by_another(q, d, v.employee_id, v.received_at.plus(-12 * Micros::HOUR)).await?,
        None => None,
    };
    // By the name the phone gives itself, or by its key, which it cannot lend.
    let by_key = seals.others.iter().filter(|(phone, _)| !rules.shared_devices.contains(phone));
    let second = by_name.max(by_key.map(|(_, at)| *at).max()).filter(|_| may_be_shared);
    let done: Vec<Micros> = v.steps.iter().filter(|s| s.done).map(|s| s.ended_at).collect();
    let steps = done
        .iter()
        .max()
        .map(|last| (done.len() as u32, (last.0 - v.check_in_at.0).max(0) as f64 / Micros::SECOND as f64));
    let strictly = rules.unknown_device == Policy::Block;
    let records = Records {
        from_ms: ms(v.check_in_at),
        to_ms: ms(to),
        clock_offset_s: clock_offset(v),
        duplicate_photos: different(&same),
        not_live_photos: v.photos.iter().filter(|live| !**live).count() as u32,
        second_person_minutes: second.map(|t| (v.received_at.0 - t.0).abs() as f64 / Micros::MINUTE as f64),
        steps: steps.filter(|_| v.check_out_at.is_some()),
        like_photos: (!alike.is_empty()).then(|| (different(&alike), best, same_customer)),
        code_shared: v.code_shared,
        failed_proofs: v.failed_proofs,
        seals: Seals {
            broken: seals.broken,
            missing: seals.missing,
            forks: seals.forks,
            unsigned: seals.unsealed,
            // Where only approved phones may record, a phone without a key is none.
            unknown: seals.unknown + if strictly { seals.unsigned } else { 0 },
            parallel_minutes: seals.parallel_minutes,
            moved_s: (seals.moved_ms != 0).then(|| seals.moved_ms as f64 / 1000.0),
        },
    };
    Ok(Gathered { records, same, alike })
}

/// How many photos of the visit are among the pairs.
fn different(pairs: &[PhotoPair]) -> u32 {
    let mut photos: Vec<Uuid> = pairs.iter().map(|p| p.photo_id).collect();
    photos.sort_unstable();
    photos.dedup();
    photos.len() as u32
}

/// How far the phone's clock is off, where that is certain: a record cannot be received before it was made, nor be made
/// before the random word it carries was issued. Lateness alone proves nothing.
fn clock_offset(v: &VisitEvidence) -> Option<f64> {
    let seconds = |a: Micros, b: Micros| (a.0 - b.0) as f64 / Micros::SECOND as f64;
    if v.said_at > v.received_at {
        Some(seconds(v.said_at, v.received_at))
    } else if v.said_at < v.not_before {
        Some(seconds(v.said_at, v.not_before))
    } else {
        None
    }
}

/// A person's day with his own last days and his colleagues of that day: what shows copies.
pub async fn day_company(
    q: &mut impl Query,
    person: Uuid,
    colleagues: &[Uuid],
    day: LocalDay,
    rules: &CompanyRules,
) -> Result<Company> {
    /// Days of the person's own to compare with.
    const BACK: i32 = 14;
    let mut company = Company::default();
    let mut add = |user: u32, day: LocalDay, readings: &[Reading]| {
        if readings.is_empty() {
            return None;
        }
        company.cases.push(Case { id: day.to_string(), user, fixes: fixes(readings, rules) });
        Some(company.cases.len() - 1)
    };
    let today = tracking::readings(q, person, day).await?;
    let own = add(ME, day, &today);
    for back in 1..=BACK {
        add(ME, day.plus_days(-back), &tracking::readings(q, person, day.plus_days(-back)).await?);
    }
    let mates = work::tasks::crew_mates(q, person, day).await?;
    let mut crews = vec![];
    for (k, other) in colleagues.iter().enumerate() {
        let case = add(1 + k as u32, day, &tracking::readings(q, *other, day).await?);
        if mates.contains(other) {
            crews.extend(own.zip(case).map(|(own, case)| vec![own, case]));
        }
    }
    company.crews = crews;
    Ok(company)
}
