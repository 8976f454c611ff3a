//! Who was near a place at a time: a search through everybody's positions, for the rare case that something
//! happened there. It needs a right of its own and a stated reason, is written into the trail with both, and stands in
//! the ledger of every person found.

use api::{Access, Answer, Caller, Checks, Json, Kit, Routes, axum, ok, routes};
use axum::{Extension, extract::State};
use base::{LocalDay, Micros, id};
use db::Permission;
use geo::{LngLat, distance_m};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Looked, Tracking, reading::Reading, sql, store};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::TrackAudit), routes!(near))
}

/// Longest stretch of time that is searched.
const MOST_TIME: i64 = 24 * Micros::HOUR;
/// A silence longer than this ends somebody's time there, milliseconds.
const APART_MS: i64 = 10 * 60_000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NearSearch {
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    at: LngLat,
    #[schema(minimum = 20, maximum = 5000)]
    radius_m: i64,
    #[schema(value_type = String, format = DateTime)]
    from: Micros,
    /// At most 24 hours after `from`.
    #[schema(value_type = String, format = DateTime)]
    to: Micros,
    /// Why this is asked; goes into the trail.
    #[schema(min_length = 4, max_length = 200)]
    reason: String,
}

/// Somebody was there.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct NearSpan {
    #[schema(value_type = String, format = DateTime)]
    from: Micros,
    #[schema(value_type = String, format = DateTime)]
    to: Micros,
    /// How near at the nearest, metres, and how exact that position was.
    closest_m: i64,
    accuracy_m: Option<f64>,
    /// Positions within the radius.
    positions: u32,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct NearPerson {
    employee: Ref,
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    spans: Vec<NearSpan>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NearAnswer {
    people: Vec<NearPerson>,
    /// How many people's positions were looked through.
    searched: i64,
}

/// Who was near a place at a time. Only people in reach, only what was recorded on duty.
#[utoipa::path(post, path = "/tracks/near", tag = "live", request_body = NearSearch, responses((status = 200, body = NearAnswer), (status = 422, body = api::ProblemDocument)))]
async fn near(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Json(search): Json<NearSearch>,
) -> Answer<NearAnswer> {
    let length = search.to.0.saturating_sub(search.from.0);
    Checks::new()
        .that("radius_m", (20..=5000).contains(&search.radius_m))
        .that("from", search.from.is_plausible())
        .that("to", (1..=MOST_TIME).contains(&length))
        .text("reason", &search.reason, 200)
        .that("reason", search.reason.trim().chars().count() >= 4)
        .done()?;
    let NearSearch { at, radius_m, from, to, reason } = search;
    let zone = tracking.zone(caller.scope.tenant()).await?;
    let (first, last) = (from.local_day(&zone), to.local_day(&zone));
    let mut reader = kit.db.read(&caller.scope).await?;
    let mut people = vec![];
    let mut searched: Vec<Uuid> = vec![];
    for day in [Some(first), (last > first).then_some(last)].into_iter().flatten() {
        let in_reach = org::people(&mut reader).await?;
        for recorded in sql::people_with_readings(&mut reader, day).await? {
            let Some(person) = in_reach.iter().find(|p| p.id == recorded.employee_id) else { continue };
            let readings = store::readings(&mut reader, person.id, day).await?;
            searched.push(person.id);
            let spans = spans(&readings, at, radius_m as f64, from, to);
            if !spans.is_empty() {
                people.push(NearPerson { employee: person.as_ref(), day, spans });
            }
        }
    }
    drop(reader);
    searched.sort_unstable();
    searched.dedup();
    for day in [Some(first), (last > first).then_some(last)].into_iter().flatten() {
        let found: Vec<Uuid> = people.iter().filter(|p| p.day == day).map(|p| p.employee.id).collect();
        tracking.look(&caller.scope, Looked::Search, found, day).await?;
    }
    let changes = json!({
        "at": at, "radius_m": radius_m, "from": from, "to": to, "reason": reason.trim(), "found": people.len(), "searched": searched.len()
    });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { tx.audit("track.search", "track_search", id::new_v7(), changes).await })
        })
        .await?;
    ok(NearAnswer { people, searched: searched.len() as i64 })
}

/// Stretches of time within the radius, by positions whose error does not reach beyond it by more than the radius.
fn spans(readings: &[Reading], at: LngLat, radius_m: f64, from: Micros, to: Micros) -> Vec<NearSpan> {
    let mut spans: Vec<NearSpan> = vec![];
    for r in readings {
        let t = Micros(r.t_ms.saturating_mul(1000));
        let Some(place) = r.place().filter(|_| t >= from && t <= to) else { continue };
        let away = distance_m(place, at);
        let accuracy_m = r.acc_dm.map(|v| f64::from(v) / 10.0);
        // So coarse that it says nothing about a circle of this size.
        if away > radius_m || accuracy_m.is_some_and(|a| a > 2.0 * radius_m.max(100.0)) {
            continue;
        }
        let closest_m = away.round() as i64;
        match spans.last_mut() {
            Some(last) if t.0 - last.to.0 <= APART_MS * 1000 => {
                last.to = t;
                last.positions += 1;
                if closest_m < last.closest_m {
                    (last.closest_m, last.accuracy_m) = (closest_m, accuracy_m);
                }
            }
            _ => spans.push(NearSpan { from: t, to: t, closest_m, accuracy_m, positions: 1 }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_time_within_the_radius() {
        let at = LngLat::new(118.78, 32.04).unwrap();
        let reading = |second: i64, east: f64, acc: f64| {
            let mut r = Reading::at_time(second * 1000);
            r.set_place(geo::destination(at, 90.0, east));
            r.set_accuracy(Some(acc));
            r
        };
        let all = [
            reading(0, 900.0, 8.0),
            reading(60, 150.0, 8.0),
            reading(120, 40.0, 12.0),
            reading(180, 60.0, 900.0),
            reading(240, 700.0, 8.0),
            reading(3600, 10.0, 8.0),
            reading(9000, 10.0, 8.0),
        ];
        let found = spans(&all, at, 200.0, Micros(0), Micros::from_seconds(4000));
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].from, found[0].to), (Micros::from_seconds(60), Micros::from_seconds(120)));
        assert_eq!((found[0].closest_m, found[0].accuracy_m, found[0].positions), (40, Some(12.0), 2));
    }
}
