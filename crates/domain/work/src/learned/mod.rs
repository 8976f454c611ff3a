//! Learning from the company's own days: samples out of finished visits and of the tracks between them, kept by `travel`.
//! Nobody is shown a position by it: what remains of tracks are medians of areas. It takes a while for a large company, so it is
//! done beside all requests, once for each company, when somebody asked or what is used has grown old.

mod http;
mod sql;
mod watch;

pub(crate) use http::routes;
pub use watch::Learning;

use std::collections::HashMap;

use api::Kit;
use base::{LocalDay, Micros, Problem};
use db::{Query, Result, Scope};
use geo::LngLat;
use track::{Input, Mode, Rules, Window};
use travel::learned::{self, Drive, Stay, Way};
use uuid::Uuid;

use crate::model::point;
use sql::VisitRow;

/// Days looked back, and visits taken at most (the newest).
const DAYS: i32 = 60;
const VISITS: i64 = 20_000;
/// People's days whose tracks are measured, the newest first.
const TRACKS: usize = 200;
/// A drive may begin before the check-out is written, or end after the check-in, by this much.
const AROUND_MS: i64 = 3 * 60 * 1000;
/// A silence that hides a part of the way.
const SILENCE_MS: i64 = 2 * 60 * 1000;

/// Learns anew and keeps the result.
async fn learn(kit: &Kit, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("learn", tenant);
    let mut r = kit.db.read(&scope).await?;
    let zone = org::zone(&mut r).await?;
    let rows = sql::visits(&mut r, kit.now().local_day(&zone).plus_days(-DAYS)).await?;
    let driven = driven(&mut r, &rows).await?;
    drop(r);
    let stays: Vec<Stay> = rows
        .iter()
        .map(|v| Stay {
            grade: v.grade.clone(),
            seconds: v.stay_s.unwrap_or((v.check_out_at.0 - v.check_in_at.0) / Micros::SECOND),
        })
        .collect();
    let (pairs, ways) = ways(&rows);
    let rides = pairs.into_iter().map(|(from, to)| (from, to, None)).collect();
    let expected = kit.travel.at_once(&scope, rides).await;
    let drives: Vec<Drive> = ways
        .into_iter()
        .zip(expected)
        .filter_map(|((left, arrived), way)| {
            Some(Drive {
                hour: i64::from(left.local_minute(&zone)) / 60,
                taken_s: (arrived.0 - left.0) / Micros::SECOND,
                expected_s: way?.0,
            })
        })
        .collect();
    let found = learned::learn(&stays, &drives, &driven);
    kit.db.write(&scope, move |tx| Box::pin(async move { learned::store(tx, &found).await })).await.map(drop)
}

type Ways = (Vec<(LngLat, LngLat)>, Vec<(Micros, Micros)>);

/// From each visit to the next of the same person and day: the places, and when it began and ended.
fn ways(rows: &[VisitRow]) -> Ways {
    let mut days: HashMap<(Uuid, LocalDay), Vec<&VisitRow>> = HashMap::new();
    for row in rows {
        days.entry((row.employee_id, row.day)).or_default().push(row);
    }
    let (mut pairs, mut times) = (vec![], vec![]);
    for mut day in days.into_values() {
        day.sort_by_key(|v| v.check_in_at);
        for two in day.windows(2) {
            let places = point(two[0].lng, two[0].lat).zip(point(two[1].lng, two[1].lat));
            let Some(pair) = places.filter(|_| two[0].check_out_at < two[1].check_in_at) else { continue };
            pairs.push(pair);
            times.push((two[0].check_out_at, two[1].check_in_at));
        }
    }
    (pairs, times)
}

/// Ways between visits as their tracks measure them.
async fn driven(q: &mut impl Query, rows: &[VisitRow]) -> Result<Vec<Way>> {
    let mut days: HashMap<(Uuid, LocalDay), Vec<&VisitRow>> = HashMap::new();
    for row in rows {
        days.entry((row.employee_id, row.day)).or_default().push(row);
    }
    let mut days: Vec<((Uuid, LocalDay), Vec<&VisitRow>)> =
        days.into_iter().filter(|d| d.1.len() > 1).collect();
    days.sort_by_key(|((person, day), _)| (std::cmp::Reverse(day.as_int()), *person));
    days.truncate(TRACKS);
    let mut all = vec![];
    for ((person, day), mut visits) in days {
        visits.sort_by_key(|v| v.check_in_at);
        let legs: Vec<(Way, i64, i64)> = visits.windows(2).filter_map(|two| leg(two[0], two[1])).collect();
        let readings = tracking::readings(q, person, day).await?;
        let measured =
            tokio::task::spawn_blocking(move || measured(&tracking::reading::fixes(&readings), legs));
        all.extend(measured.await.map_err(Problem::internal)?);
    }
    Ok(all)
}

/// From one visit to the next, not yet measured, with its time in milliseconds.
fn leg(from: &VisitRow, to: &VisitRow) -> Option<(Way, i64, i64)> {
    let (left, arrived) = (from.check_out_at.0 / 1000, to.check_in_at.0 / 1000);
    let (a, b) = point(from.lng, from.lat).zip(point(to.lng, to.lat))?;
    (left < arrived).then(|| (Way { from: a, to: b, driven_m: 0, near: to.name.clone() }, left, arrived))
}

/// Those that were driven from end to end without a silence, with their metres.
fn measured(fixes: &[track::Fix], legs: Vec<(Way, i64, i64)>) -> Vec<Way> {
    let (Some(first), Some(last)) = (legs.first().map(|l| l.1), legs.last().map(|l| l.2)) else {
        return vec![];
    };
    let duty = [Window::new(first - AROUND_MS, last + AROUND_MS)];
    let day = track::day(&Input { fixes, duty: &duty, ..Input::default() }, &Rules::default());
    let of = |(way, left, arrived): (Way, i64, i64)| {
        let (from, to) = (left - AROUND_MS, arrived + AROUND_MS);
        let hidden = day.gaps.iter().any(|g| g.to_ms.min(arrived) - g.from_ms.max(left) > SILENCE_MS);
        let trips = || day.trips.iter().filter(|t| from <= t.from_ms && t.to_ms <= to);
        let driven = trips().all(|t| matches!(t.mode, Mode::Driving | Mode::Ebike));
        let metres: f64 = trips().map(|t| t.meters).sum();
        (!hidden && driven && metres > 0.0).then(|| Way { driven_m: metres.round() as i64, ..way })
    };
    legs.into_iter().filter_map(of).collect()
}
