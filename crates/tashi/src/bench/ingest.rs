//! How many positions are taken in, one a request and in batches, each durable before it is answered.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use base::Micros;
use uuid::Uuid;

use super::{
    Ingest,
    load::{bare_server, load, post},
    place::{Company, Place, at, day},
    playback,
};
use crate::cli::explain;

/// People whose trackers report, each on a connection of his own.
const PEOPLE: usize = 1024;
/// Fixes in a batch of the phone app.
const BATCH: usize = 50;
/// People whose phones send batches.
const REPS: usize = 24;

pub(super) async fn run(options: Ingest) -> Result<()> {
    let folder = options.data.clone();
    let folder =
        folder.unwrap_or_else(|| std::env::temp_dir().join(format!("tashi-bench-{}", Uuid::now_v7())));
    ensure!(!folder.exists(), "{} is there already", folder.display());
    let engine = if options.database_url.is_some() { "PostgreSQL" } else { "SQLite" };
    let place = Place::open(folder, options.database_url.clone()).await?;
    place.clock.set(at(16.9));
    let company = place.company("bench").await?;
    println!(
        "{engine}; {} s each; the load generator runs beside the server on the same cores\n",
        options.seconds
    );
    let sync = sync_ms(place.folder())?;
    println!(
        "one fdatasync of 16 KiB on that disk: median {sync:.2} ms; {} that wait for one answer at most {:.0} a second\n",
        options.connections[0],
        options.connections[0] as f64 / sync * 1000.0
    );
    println!("{:<46} {:>11} {:>14} {:>9}", "", "connections", "a second", "of bare");
    let kept = singles(&place, &company, &options).await?;
    let kept = kept + batches(&place, &company, &options).await?;
    let stored = stored(&place, &company).await?;
    println!("\nanswered with 200 and read back from the store   {kept} and {stored}");
    ensure!(kept == stored, "not everything that was answered is stored");
    let place = playback::run(place).await?;
    place.remove().await
}

/// One fix a request, as a tracker app sends it, beside the bare server; answers how many were taken.
async fn singles(place: &Place, company: &Company, options: &Ingest) -> Result<u64> {
    let mut secrets = vec![];
    for i in 0..PEOPLE {
        secrets.push(company.tracker(&format!("人 {i}")).await?);
    }
    let (secrets, time) = (Arc::new(secrets), Duration::from_secs(options.seconds));
    let clock = Arc::new(AtomicI64::new(at(9.0).0 / 1000));
    let request = |address: String| {
        let (secrets, clock) = (secrets.clone(), clock.clone());
        move |worker: usize, _: usize| {
            let secret = &secrets[worker % secrets.len()];
            let t = clock.fetch_add(1, Ordering::Relaxed);
            let body = format!(
                "id=1&lat=32.0{:05}&lon=118.7{:05}&timestamp={t}&speed=12.5&bearing=91.0&accuracy=6.0&altitude=12.0&batt=76.0&charge=false",
                t % 99_991,
                t % 99_989
            );
            post(&address, &format!("/t/{secret}"), "application/x-www-form-urlencoded", None, &body)
        }
    };
    let bare = bare_server().await?;
    let mut kept = 0;
    for &connections in &options.connections {
        let yardstick = load(&bare, connections, time, request(bare.clone())).await?;
        line("bare hyper: reads the body, answers 200", connections, yardstick.per_second, None);
        let ours = load(&place.address, connections, time, request(place.address.clone())).await?;
        let share = ours.per_second / yardstick.per_second;
        line("one fix a request, durable before 200", connections, ours.per_second, Some(share));
        kept += ours.done;
    }
    Ok(kept)
}

/// Batches of the phone app; answers how many fixes were taken.
async fn batches(place: &Place, company: &Company, options: &Ingest) -> Result<u64> {
    let mut tokens = vec![];
    for i in 0..REPS {
        tokens.push(place.rep(company, &format!("rep{i}")).await?.1.token().to_owned());
    }
    let (tokens, clock) = (Arc::new(tokens), Arc::new(AtomicI64::new(at(9.0).0 / 1000)));
    let connections = options.connections.first().copied().unwrap_or(64);
    let host = place.address.clone();
    let request = move |worker: usize, turn: usize| {
        let token = &tokens[(worker + turn * connections) % tokens.len()];
        let t = clock.fetch_add(BATCH as i64, Ordering::Relaxed);
        let fixes: Vec<String> = (0..BATCH as i64).map(|i| fix(t + i)).collect();
        let body = format!("{{\"device_id\":\"d\",\"fixes\":[{}]}}", fixes.join(","));
        post(&host, "/api/v1/field/fixes", "application/json", Some(token), &body)
    };
    let came = load(&place.address, connections, Duration::from_secs(options.seconds), request).await?;
    let fixes = came.done * BATCH as u64;
    line("fixes in batches of 50, durable before 200", connections, came.per_second * BATCH as f64, None);
    Ok(fixes)
}

/// Median time the disk needs to make a small write durable.
fn sync_ms(folder: &std::path::Path) -> Result<f64> {
    let path = folder.join("sync-probe");
    let mut file = std::fs::File::create(&path)?;
    let mut times = vec![];
    for _ in 0..51 {
        file.write_all(&[7; 16 * 1024])?;
        let begin = Instant::now();
        file.sync_data()?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    std::fs::remove_file(path)?;
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

fn fix(t_ms: i64) -> String {
    let t = Micros(t_ms * 1000);
    format!(
        "{{\"t\":\"{t}\",\"at\":[118.7{:05},32.0{:05}],\"accuracy_m\":6.5,\"speed_mps\":12.5,\"bearing_deg\":91.0,\"battery\":76}}",
        t_ms % 99_991,
        t_ms % 99_989
    )
}

fn line(what: &str, connections: usize, per_second: f64, share: Option<f64>) {
    let share = share.map_or(String::new(), |s| format!("{:.0} %", 100.0 * s));
    println!("{what:<46} {connections:>11} {per_second:>14.0} {share:>9}");
}

/// Fixes in the store, found by reading them all.
async fn stored(place: &Place, company: &Company) -> Result<u64> {
    let mut reader = place.kit.db.read(&db::Scope::job("bench", company.id)).await.map_err(explain)?;
    tracking::count_readings(&mut reader, day()).await.map_err(explain)
}
