//! Room of a day on disk, and how fast it is played back.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::json;

use super::{
    day,
    load::Wire,
    place::{self, Company, Place, at},
};
use crate::cli::explain;

/// People with a day each.
const DAYS: usize = 24;
/// How often each day is asked for again.
const AGAIN: usize = 20;

pub(super) async fn run(place: Place) -> Result<Place> {
    let company = place.company("room").await?;
    place.clock.set(at(23.0));
    let mut people = vec![];
    for i in 0..DAYS {
        people.push(place.rep(&company, &format!("room{i}")).await?);
    }
    let before = place.size().await?;
    let mut fixes = 0;
    for (i, (_, phone)) in people.iter().enumerate() {
        for part in day::fixes(i as u64).chunks(50) {
            let answer =
                phone.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": part })).await?;
            fixes += answer["accepted"].as_i64().unwrap_or(0);
        }
    }
    let people: Vec<_> = people.into_iter().map(|(id, _)| id).collect();
    let hot = place.size().await?;
    place.clock.set(at(24.0 + 9.0));
    let sealed = tracking::Tracking::start(&place.kit.db).seal_due(company.id).await.map_err(explain)?;
    ensure!(sealed == DAYS, "{sealed} days sealed");
    if let (Some(before), Some(hot), Some(cold)) = (before, hot, place.size().await?) {
        let each = |size: u64| (size as f64 - before as f64) / fixes as f64;
        let (hot, cold) = (each(hot), each(cold));
        println!(
            "\nbytes a fix, all indices, {DAYS} days of {} fixes   {hot:.1} as received, {cold:.1} sealed",
            fixes / DAYS as i64
        );
    }
    let place = place.anew().await?;
    play(&place, &company, &people).await?;
    Ok(place)
}

/// Asks for each day: first from the store alone, then again and again.
async fn play(place: &Place, company: &Company, people: &[uuid::Uuid]) -> Result<()> {
    let (host, token) = (&place.address, company.admin.token());
    let day = place::day();
    let mut wire = Wire::connect(host).await?;
    for (what, rounds) in [("first time, day computed", 1), ("again", AGAIN)] {
        let (mut times, mut bytes) = (vec![], 0);
        for id in (0..rounds).flat_map(|_| people) {
            let request = format!(
                "GET /api/v1/tracks/{id}/{day} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n"
            );
            let begin = Instant::now();
            let (status, length) = wire.ask(request.as_bytes()).await?;
            ensure!(status == 200, "answered {status}");
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
            bytes += length;
        }
        times.sort_by(f64::total_cmp);
        let (n, kb) = (times.len(), bytes / times.len() / 1000);
        let p99 = times[(n * 99).div_ceil(100).clamp(1, n) - 1];
        println!(
            "playback of a day, {what:<26} median {:.1} ms, p99 {p99:.1} ms, slowest of {n} {:.1} ms, {kb} kB each",
            times[n / 2],
            times[n - 1]
        );
    }
    Ok(())
}
