//! How long a dispatcher waits to be told who of 1,000 people could go: positions, days and rules read from the store, everybody
//! ranked, the answer written; beside a request that reads one row, over the same connection.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use uuid::Uuid;

use super::{
    Dispatch,
    load::{Wire, get, post},
    place::{Place, at, day},
};

/// Visits planned for everybody.
const VISITS: usize = 8;
/// Shops they go to.
const SHOPS: usize = 400;
/// Times it is asked.
const TIMES: usize = 30;

pub(super) async fn run(options: Dispatch) -> Result<()> {
    let folder: PathBuf =
        options.data.unwrap_or_else(|| std::env::temp_dir().join(format!("tashi-bench-{}", Uuid::now_v7())));
    ensure!(!folder.exists(), "{} is there already", folder.display());
    let engine = if options.database_url.is_some() { "PostgreSQL" } else { "SQLite" };
    let place = Place::open(folder, options.database_url).await?;
    place.clock.set(at(8.5));
    let company = place.company("bench").await?;
    let spot =
        |k: usize| [118.6 + (k * 7_919 % 3_000) as f64 / 1e4, 31.9 + (k * 104_729 % 3_000) as f64 / 1e4];
    let mut shops = vec![];
    for k in 0..SHOPS {
        let (name, grade) = (format!("店 {k}"), ["A", "B", "C"][k % 3]);
        let new = json!({ "name": name, "grade": grade, "at": spot(k) });
        let made = company.admin.post("/api/v1/customers", new).await?;
        shops.push(made["id"].clone());
    }
    let mut secrets = vec![];
    for k in 0..options.people {
        let (id, secret) = company.tracked(&format!("人 {k}")).await?;
        let own: Vec<_> = (0..VISITS).map(|n| &shops[(k * 31 + n * 53) % SHOPS]).collect();
        let plan = json!({ "employee_id": id, "day": day(), "window": { "from_minute": 540, "to_minute": 1080 },
            "customer_ids": own, "objective": "distance", "keep_order": false });
        company.admin.post("/api/v1/plans", plan).await?;
        secrets.push(secret);
    }
    place.clock.set(at(10.0));
    let mut wire = Wire::connect(&place.address).await?;
    for (k, secret) in secrets.iter().enumerate() {
        let ([lng, lat], t) = (spot(k * 3 + 1), at(9.95).0 / 1000);
        let body =
            format!("id=1&lat={lat:.6}&lon={lng:.6}&timestamp={t}&speed=0.5&accuracy=6.0&charge=false");
        let sent =
            post(&place.address, &format!("/t/{secret}"), "application/x-www-form-urlencoded", None, &body);
        let (status, _) = wire.ask(&sent).await?;
        ensure!(status == 200, "a position was answered {status}");
    }
    let new = json!({ "customer_id": shops[0], "title": "冰柜不制冷", "priority": 3, "service_minutes": 40 });
    let request = company.admin.post("/api/v1/dispatch/requests", new).await?;
    let request = request["id"].as_str().context("a request")?;
    let path = format!("/api/v1/dispatch/requests/{request}/candidates");
    let found = company.admin.get(&path).await?;
    let able = found["people"].as_array().map_or(0, Vec::len);
    ensure!(able > 0, "nobody can go: {found}");
    let token = company.admin.token();
    let one = median(&mut wire, &get(&place.address, "/api/v1/me", token)).await?;
    let (ranked, worst) = median(&mut wire, &get(&place.address, &path, token)).await?;
    println!(
        "{engine}, {} people with {VISITS} visits each, {able} shown: candidates median {ranked:.1} ms, worst {worst:.1} ms; {:.0} times a request that reads one row ({:.2} ms)",
        options.people,
        ranked / one.0,
        one.0
    );
    place.remove().await
}

/// Median and worst of the same request asked again and again, milliseconds.
async fn median(wire: &mut Wire, request: &[u8]) -> Result<(f64, f64)> {
    let mut times = vec![];
    for turn in 0..TIMES + 3 {
        let begin = Instant::now();
        let (status, _) = wire.ask(request).await?;
        ensure!(status == 200, "answered {status}");
        // The first ones find nothing in memory.
        if turn >= 3 {
            times.push(begin.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], times[times.len() - 1]))
}
