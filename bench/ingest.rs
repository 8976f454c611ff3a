//! How fast positions are taken in, how much room they need, and how fast a day is played back: each beside
//! its yardstick, measured in the same run with the same load generator on the same machine.
//!
//! `cargo run --release -p tashi-testkit --example ingest`

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use api::axum::body::Bytes;
use base::Micros;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use testkit::{App, Client, Company, FRIDAY_EIGHT, On};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

const CONNECTIONS: usize = 64;
const SECONDS: u64 = 5;
const PEOPLE: usize = 128;
const BATCH: usize = 50;

#[tokio::main]
async fn main() -> Result<()> {
    let app = App::start(On::Sqlite).await;
    app.clock.set(at(16.9));
    let company = app.company("bench").await;
    let secrets = trackers(&company).await;
    let clock = Arc::new(AtomicI64::new(at(9.0).0 / 1000));

    let single = |address: String, secrets: Arc<Vec<String>>| {
        let clock = clock.clone();
        move |worker: usize, turn: usize| {
            let secret = &secrets[(worker + turn * CONNECTIONS) % secrets.len()];
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
    let secrets = Arc::new(secrets);
    println!(
        "{CONNECTIONS} connections, {SECONDS} s each, load generator beside the server on the same cores\n"
    );
    let yardstick = load(&bare, single(bare.clone(), secrets.clone())).await?;
    println!("bare hyper, reads the body, answers 200   {:>9.0} requests/s", yardstick);
    let ours = address(&app);
    let durable = load(&ours, single(ours.clone(), secrets.clone())).await?;
    println!(
        "one fix a request, durable before 200     {:>9.0} fixes/s     {:.0} % of bare",
        durable,
        100.0 * durable / yardstick
    );

    let reps = reps(&app, &company).await;
    let batches = {
        let (address, clock, reps) = (ours.clone(), clock.clone(), Arc::new(reps));
        move |worker: usize, turn: usize| {
            let token = &reps[(worker + turn * CONNECTIONS) % reps.len()];
            let t = clock.fetch_add(BATCH as i64, Ordering::Relaxed);
            let fixes: Vec<String> = (0..BATCH as i64).map(|i| field_fix(t + i)).collect();
            let body = format!("{{\"device_id\":\"d\",\"fixes\":[{}]}}", fixes.join(","));
            post(&address, "/api/v1/field/fixes", "application/json", Some(token), &body)
        }
    };
    let rate = load(&ours, batches).await? * BATCH as f64;
    println!("batches of {BATCH}, durable before 200         {rate:>9.0} fixes/s     goal 300000");
    println!("stored and read back after the run        {:>9}", stored(&app, &company).await?);

    room_and_playback(app).await
}

fn at(hour: f64) -> Micros {
    FRIDAY_EIGHT.plus(((hour - 8.0) * 3600e6) as i64)
}

fn address(app: &App) -> String {
    app.base.trim_start_matches("http://").to_owned()
}

fn field_fix(t_ms: i64) -> String {
    let t = Micros(t_ms * 1000);
    format!(
        "{{\"t\":\"{t}\",\"at\":[118.7{:05},32.0{:05}],\"accuracy_m\":6.5,\"speed_mps\":12.5,\"bearing_deg\":91.0,\"battery\":76}}",
        t_ms % 99_991,
        t_ms % 99_989
    )
}

fn post(host: &str, path: &str, kind: &str, token: Option<&String>, body: &str) -> Vec<u8> {
    let token = token.map_or(String::new(), |t| format!("authorization: Bearer {t}\r\n"));
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {kind}\r\n{token}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Requests answered per second.
async fn load(address: &str, make: impl Fn(usize, usize) -> Vec<u8> + Send + Clone + 'static) -> Result<f64> {
    let done = Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let end = begin + Duration::from_secs(SECONDS);
    let mut workers = vec![];
    for worker in 0..CONNECTIONS {
        let (address, make, done) = (address.to_owned(), make.clone(), done.clone());
        workers.push(tokio::spawn(async move {
            let mut wire = Wire::connect(&address).await?;
            let mut turn = 0;
            while Instant::now() < end {
                let (status, _) = wire.ask(&make(worker, turn)).await?;
                ensure!(status == 200, "answered {status}");
                done.fetch_add(1, Ordering::Relaxed);
                turn += 1;
            }
            Ok(())
        }));
    }
    for worker in workers {
        worker.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64())
}

/// A connection that says as little as HTTP allows.
struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    async fn connect(address: &str) -> Result<Wire> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream, buffer: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request; answers status and length of the body.
    async fn ask(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "closed");
            let Some(head) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head])?.to_ascii_lowercase();
            let status = text.get(9..12).context("status")?.parse()?;
            let length = text.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next());
            let length: usize = length.unwrap_or("0").parse()?;
            while self.buffer.len() < head + 4 + length {
                ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "closed");
            }
            return Ok((status, length));
        }
    }
}

async fn bare_server() -> Result<String> {
    async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let body = request.into_body().collect().await?.to_bytes();
        std::hint::black_box(body);
        Ok(Response::new(Full::new(Bytes::new())))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let http = hyper::server::conn::http1::Builder::new();
                let _ = http.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
            });
        }
    });
    Ok(address)
}

async fn employee(company: &Company, name: &str) -> Uuid {
    let new =
        json!({ "name": name, "role_id": company.roles["rep"], "department_id": company.root_department });
    let made = company.admin.post("/api/v1/employees", new).await;
    made.json["employee"]["id"].as_str().and_then(|s| s.parse().ok()).unwrap_or_default()
}

async fn trackers(company: &Company) -> Vec<String> {
    let mut secrets = vec![];
    for i in 0..PEOPLE {
        let id = employee(company, &format!("人 {i}")).await;
        let new = json!({ "employee_id": id, "name": "t", "kind": "traccar" });
        let made = company.admin.post("/api/v1/trackers", new).await;
        secrets.push(made.json["secret"].as_str().unwrap_or("").to_owned());
    }
    secrets
}

async fn reps(app: &App, company: &Company) -> Vec<String> {
    let mut tokens = vec![];
    for i in 0..24 {
        let (_, client) = app
            .person(company, &format!("外勤 {i}"), &format!("rep{i}"), "rep", company.root_department)
            .await;
        tokens.extend(client.token);
    }
    tokens
}

db::row! { struct Count { n: i64 } }

/// Readings in the store, by reading them all.
async fn stored(app: &App, company: &Company) -> Result<u64> {
    use db::Query;
    let fail = |e: base::Problem| anyhow::anyhow!("{e}");
    let mut reader = app.kit.db.read(&db::Scope::job("bench", company.id)).await.map_err(fail)?;
    let sql = db::sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM fix_batch WHERE tenant_id = $1");
    let batches: Count = reader.must(sql, vec![]).await.map_err(fail)?;
    drop(reader);
    println!("rows of the hot table                     {:>9}", batches.n);
    let mut reader = app.kit.db.read(&db::Scope::job("bench", company.id)).await.map_err(fail)?;
    let day = base::LocalDay::new(2026, 11, 20).context("day")?;
    tracking::count_readings(&mut reader, day).await.map_err(fail)
}

/// A day as a phone records it: every ten seconds, four drives and long stops, with the error of a receiver.
fn day_of(seed: u64) -> Vec<Value> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut position = (118.70 + random.random_range(0.0..0.1), 32.0 + random.random_range(0.0..0.1));
    let mut drift = (0.0, 0.0);
    let (mut heading, mut speed) = (random.random_range(0.0..360.0f64), 0.0f64);
    let mut fixes = vec![];
    for i in 0..(8 * 360) {
        let t = at(9.0).plus(i * 10 * Micros::SECOND + random.random_range(0..900_000));
        let moving = (i / 90) % 4 == 0;
        speed = if moving { (speed + random.random_range(-2.0..2.5)).clamp(0.0, 18.0) } else { 0.0 };
        heading += random.random_range(-12.0..12.0);
        let step = speed * 10.0 / 111_000.0;
        position.0 += step * heading.to_radians().sin() / 0.85;
        position.1 += step * heading.to_radians().cos();
        for d in [&mut drift.0, &mut drift.1] {
            *d = *d * 0.9 + random.random_range(-1.0..1.0) * 8e-6;
        }
        let accuracy = if moving { random.random_range(3.0..9.0f64) } else { random.random_range(8.0..22.0) };
        let mut fix = json!({ "t": t, "at": [round7(position.0 + drift.0), round7(position.1 + drift.1)],
            "accuracy_m": (accuracy * 10.0).round() / 10.0, "speed_mps": (speed * 100.0).round() / 100.0, "battery": 100 - i / 40 });
        if speed > 0.0 {
            fix["bearing_deg"] = json!((heading.rem_euclid(360.0) * 10.0).round() / 10.0);
        }
        fixes.push(fix);
    }
    fixes
}

fn round7(v: f64) -> f64 {
    (v * 1e7).round() / 1e7
}

const DAYS: usize = 24;

async fn room_and_playback(app: App) -> Result<()> {
    let company = app.company("room").await;
    let fail = |e: base::Problem| anyhow::anyhow!("{e}");
    app.clock.set(at(23.0));
    let mut people = vec![];
    for i in 0..DAYS {
        let (id, client) = app
            .person(&company, &format!("人 {i}"), &format!("room{i}"), "rep", company.root_department)
            .await;
        people.push((id, client));
    }
    let before = size(&app).await?;
    let mut fixes = 0;
    for (i, (_, client)) in people.iter().enumerate() {
        for part in day_of(i as u64).chunks(BATCH) {
            let reply = client.post("/api/v1/field/fixes", json!({ "device_id": "d", "fixes": part })).await;
            fixes += reply.json["accepted"].as_i64().unwrap_or(0);
        }
    }
    let hot = size(&app).await?;
    app.clock.set(at(24.0 + 9.0));
    let tracking = tracking::Tracking::start(&app.kit.db);
    let sealed = tracking.seal_due(company.id).await.map_err(fail)?;
    ensure!(sealed == DAYS, "{sealed} days sealed");
    let cold = size(&app).await?;
    let each = |size: u64| (size as f64 - before as f64) / fixes as f64;
    println!(
        "\nstored bytes a fix, all indices, {DAYS} days of {} fixes: {:.1} as received, {:.1} sealed (goal 9)",
        fixes / DAYS as i64,
        each(hot),
        each(cold)
    );

    // A fresh process: nothing of these days is in memory.
    let app = app.restart().await;
    let admin = Client::new(&app.base, company.admin.token.as_deref());
    let token = admin.token.clone().context("token")?;
    let host = address(&app);
    let mut wire = Wire::connect(&host).await?;
    let get = |path: String| {
        format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
    };
    for round in ["first time (day computed, ledger line written)", "again"] {
        let mut times = vec![];
        let mut bytes = 0;
        for (id, _) in &people {
            let begin = Instant::now();
            let (status, length) = wire.ask(&get(format!("/api/v1/tracks/{id}/2026-11-20"))).await?;
            ensure!(status == 200, "answered {status}");
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
            bytes += length;
        }
        times.sort_by(f64::total_cmp);
        println!(
            "playback {round}: median {:.1} ms, slowest of {DAYS} {:.1} ms, {} kB each",
            times[DAYS / 2],
            times[DAYS - 1],
            bytes / DAYS / 1000
        );
    }
    Ok(())
}

/// Size of the store as one compact file.
async fn size(app: &App) -> Result<u64> {
    let folder = tempfile::tempdir()?;
    let target = folder.path().join("copy");
    db::backup(app.data(), &target).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(std::fs::metadata(target.join("tashi.db"))?.len())
}
