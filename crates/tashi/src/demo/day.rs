//! A simulated phone: one rep's day as calls to the API, each at its time.

use anyhow::Result;
use api::axum::Router;
use base::{LocalDay, Micros, id};
use city::{
    DayPlan, DayScript, DriveStyle, Happening, Observed, PhoneModel, Stop, day_script, phone_observe,
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Caller, Company, Rep, city, company::Customer};

/// How closely a day is lived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A fix every half minute, sent now and then, no photos.
    Past,
    /// The same, sent as it is made: the part of today before the phones go on by themselves.
    Today,
    /// As a phone does it, with photos.
    Live,
}

/// Reps whose days are prepared at the same time.
const AT_ONCE: usize = 8;
/// Stops a day is moved on by in a territory.
const STOPS: usize = 7;
/// Stops of today: enough that at any hour of the shift somebody is on the way or in a shop.
const STOPS_TODAY: usize = 11;

/// A phone with what it is going to send, in order of time.
pub struct Phone {
    caller: Caller,
    calls: std::collections::VecDeque<Call>,
}

struct Call {
    /// Unix milliseconds.
    at: i64,
    what: What,
}

enum What {
    Post(&'static str, Value),
    Photo(Box<Shot>),
}

/// A picture to be taken when its time has come.
struct Shot {
    id: Uuid,
    shop: city::Shop,
    seed: u64,
    device: Uuid,
    /// Body of the record, without what only the picture tells.
    facts: Value,
    at: i64,
}

const FIXES: &str = "/api/v1/field/fixes";
const RECORDS: &str = "/api/v1/field/sync";

impl What {
    /// The list a body carries, and how much of it a phone sends at once.
    fn list(&mut self) -> Option<(&mut Vec<Value>, usize)> {
        let What::Post(path, body) = self else { return None };
        let (key, most) = if *path == FIXES { ("fixes", 400) } else { ("items", 50) };
        Some((body[key].as_array_mut()?, most))
    }

    fn is_fixes(&self) -> bool {
        matches!(self, What::Post(FIXES, _))
    }

    /// Takes in what a phone that sends both now would send together with it; otherwise gives it back.
    fn join(&mut self, mut next: What) -> Option<What> {
        if self.is_fixes() != next.is_fixes() {
            return Some(next);
        }
        match (self.list(), next.list()) {
            (Some((list, most)), Some((more, _))) if list.len() + more.len() <= most => {
                list.append(more);
                None
            }
            _ => Some(next),
        }
    }
}

impl Phone {
    pub fn is_due(&self, now: i64) -> bool {
        self.calls.front().is_some_and(|c| c.at <= now)
    }

    /// Sends what is due. A call that is refused is logged and not repeated: the demo goes on.
    async fn act_until(&mut self, now: i64) {
        let due = self.calls.iter().take_while(|c| c.at <= now).count();
        // Where it was is sent before what was done there.
        let (fixes, records): (Vec<What>, Vec<What>) =
            self.calls.drain(..due).map(|call| call.what).partition(What::is_fixes);
        let mut sent: Vec<What> = vec![];
        for what in fixes.into_iter().chain(records) {
            let left = match sent.last_mut() {
                Some(last) => last.join(what),
                None => Some(what),
            };
            sent.extend(left);
        }
        for what in sent {
            if let Err(e) = self.send(what).await {
                tracing::warn!(error = %e, "simulated phone");
            }
        }
    }

    pub fn skip_until(&mut self, now: i64) {
        while self.is_due(now) {
            self.calls.pop_front();
        }
    }

    async fn send(&self, what: What) -> Result<()> {
        match what {
            What::Post(path, body) => {
                let answer = self.caller.post(path, body).await?;
                let receipts = answer["receipts"].as_array().into_iter().flatten();
                for refused in receipts.filter(|r| r["status"] == "rejected") {
                    tracing::warn!(%refused, "simulated phone");
                }
            }
            What::Photo(shot) => {
                let Shot { id, shop, seed, device, mut facts, at } = *shot;
                let taken = tokio::task::spawn_blocking(move || {
                    city::shop_front_jpeg(&shop, &mut ChaCha8Rng::seed_from_u64(seed), 1280, 960)
                });
                let bytes = taken.await?;
                let sha256 = hex(&Sha256::digest(&bytes));
                (facts["sha256"], facts["size"]) = (json!(sha256), json!(bytes.len()));
                let record =
                    json!({ "id": Uuid::now_v7(), "kind": "visit.photo", "at": iso(at), "body": facts });
                self.caller.post(RECORDS, json!({ "device_id": device, "items": [record] })).await?;
                let begin = json!({ "id": id, "size": bytes.len(), "sha256": sha256, "mime": "image/jpeg" });
                self.caller.post("/api/v1/uploads", begin).await?;
                let path = format!("/api/v1/uploads/{id}");
                for (n, piece) in bytes.chunks(256 << 10).enumerate() {
                    let offset = [("upload-offset", (n * (256 << 10)).to_string())];
                    self.caller
                        .send("PATCH", &path, "application/octet-stream", &offset, piece.to_vec())
                        .await?;
                }
            }
        }
        Ok(())
    }
}

/// Lets all phones act up to an instant, each by itself: what the server does for them is spread over its threads.
///
/// # Errors
/// When a phone's task broke.
pub async fn act_until(phones: Vec<Phone>, now: i64) -> Result<Vec<Phone>> {
    let acting = phones.into_iter().map(|mut phone| {
        tokio::spawn(async move {
            phone.act_until(now).await;
            phone
        })
    });
    Ok(futures::future::try_join_all(acting).await?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn iso(ms: i64) -> Micros {
    Micros(ms * 1000)
}

/// Plans the day for everybody (unless it is planned already) and answers their phones.
pub async fn phones(
    router: &Router,
    company: &Company,
    day: LocalDay,
    zone: &TimeZone,
    detail: Detail,
) -> Result<Vec<Phone>> {
    let planned = company.manager.get(&format!("/api/v1/plans?day_from={day}&day_to={day}")).await?;
    let planned: Vec<Value> = planned["items"].as_array().cloned().unwrap_or_default();
    let prepare = async |(n, rep): (usize, &Rep)| -> Result<Option<Phone>> {
        let mut rng = ChaCha8Rng::seed_from_u64(day.as_int().unsigned_abs() * 1000 + n as u64);
        // One in fifteen is on leave.
        let on_leave = rng.random_ratio(1, 15);
        let plan = match planned.iter().find(|p| p["employee"]["id"] == json!(rep.id)) {
            Some(plan) => plan.clone(),
            None if on_leave => return Ok(None),
            None => make_plan(company, rep, day, detail).await?,
        };
        let caller = rep.phone(router).await?;
        // The phone fetches its day, so that the manager sees it delivered and read.
        caller.get("/api/v1/field/snapshot").await?;
        let script = {
            let (home, stops) = (rep.home, stops(rep, &plan));
            let (zone, shift) = (zone.clone(), rep.shift);
            let seed = rng.random();
            tokio::task::spawn_blocking(move || live(home, &stops, day, &zone, shift, seed)).await?
        };
        let minute = |m: i32| day.at_minute(m, zone).0 / 1000;
        let duty = (minute(rep.shift.0), minute(rep.shift.1));
        Ok(Some(Phone { caller, calls: calls(rep, &plan, &script, duty, detail, &mut rng).into() }))
    };
    let phones: Vec<Option<Phone>> =
        stream::iter(company.reps.iter().enumerate()).map(prepare).buffered(AT_ONCE).try_collect().await?;
    Ok(phones.into_iter().flatten().collect())
}

/// Seven neighbouring shops in their best order.
///
/// # Errors
/// When the API refuses.
pub async fn make_plan(company: &Company, rep: &Rep, day: LocalDay, detail: Detail) -> Result<Value> {
    // The rounds go through the territory: seven neighbouring shops a day, all twenty in three days; more of them today.
    let turn = day.date().day_of_year() as usize * STOPS;
    let round = rep.customers.iter().cycle().skip(turn % rep.customers.len().max(1));
    let stops = if detail == Detail::Past { STOPS } else { STOPS_TODAY };
    let customers: Vec<Uuid> = round.take(stops.min(rep.customers.len())).map(|c| c.id).collect();
    let window = json!({ "from_minute": rep.shift.0, "to_minute": rep.shift.1 });
    // Every twelfth past day of each is for the fridges.
    let looks_at_fridges = (turn / STOPS + rep.id.as_u128() as usize % 12).is_multiple_of(12);
    let template = match detail {
        Detail::Past => company.audit.filter(|_| looks_at_fridges).unwrap_or(company.everyday),
        _ => company.check,
    };
    let body = json!({
        "employee_id": rep.id, "day": day, "window": window, "template_id": template, "customer_ids": customers, "objective": "distance",
    });
    company.manager.post("/api/v1/plans", body).await
}

fn customer(rep: &Rep, id: &str) -> Option<Customer> {
    rep.customers.iter().find(|c| c.id.to_string() == id).cloned()
}

fn stops(rep: &Rep, plan: &Value) -> Vec<Stop> {
    let tasks = plan["tasks"].as_array().into_iter().flatten();
    let ids = tasks.filter(|t| t["status"] != "cancelled").filter_map(|t| t["customer"]["id"].as_str());
    ids.filter_map(|id| Some((id, customer(rep, id)?)))
        .enumerate()
        .map(|(n, (id, c))| Stop {
            steps: 3,
            ..Stop::new(id, c.at, 24 + (n as u32 * 7 + c.id.as_u128() as u32) % 16)
        })
        .collect()
}

/// The day's movements.
fn live(
    home: geo::LngLat,
    stops: &[Stop],
    day: LocalDay,
    zone: &TimeZone,
    (from, to): (i32, i32),
    seed: u64,
) -> DayScript {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let minute = |m: i32| day.at_minute(m, zone).0 / 1000;
    let plan = DayPlan {
        home,
        office: None,
        stops: stops.to_vec(),
        duty_start_ms: minute(from),
        duty_end_ms: minute(to),
        lunch: Some((minute(from + 200), 40)),
        style: DriveStyle::CALM,
        roam_m: 6.0,
    };
    day_script(city(), &plan, &mut rng)
}

/// Everything the phone will say.
fn calls(
    rep: &Rep,
    plan: &Value,
    script: &DayScript,
    duty: (i64, i64),
    detail: Detail,
    rng: &mut ChaCha8Rng,
) -> Vec<Call> {
    let device = id::derived(rep.id, "phone");
    let mut model = PhoneModel::balanced();
    if detail != Detail::Live {
        (model.interval_s, model.still_interval_s) = (30.0, 120.0);
    }
    let fixes = phone_observe(&script.points, &model, rng);
    let mut calls: Vec<Call> = vec![];
    let batch_ms = if detail == Detail::Past { 1_200_000 } else { 20_000 };
    for batch in fixes.chunk_by(|a, b| a.t_ms / batch_ms == b.t_ms / batch_ms) {
        for part in batch.chunks(400) {
            let list: Vec<Value> = part.iter().map(fix_of).collect();
            let at = part.last().map_or(0, |f| f.t_ms) + 1000;
            calls.push(Call { at, what: What::Post(FIXES, json!({ "device_id": device, "fixes": list })) });
        }
    }
    let sync = |items: Vec<Value>| What::Post(RECORDS, json!({ "device_id": device, "items": items }));
    let item = |at: i64, kind: &str, body: Value| json!({ "id": Uuid::now_v7(), "kind": kind, "at": iso(at), "body": body });
    if let Some(first) = script.points.first() {
        calls.push(Call {
            at: first.t_ms,
            what: sync(vec![item(first.t_ms, "plan.read", json!({ "plan_id": plan["id"] }))]),
        });
    }
    for (kind, at, place) in punches(script, duty) {
        let fix = json!({ "at": place, "accuracy_m": 12, "t": iso(at) });
        let body = json!({ "punch_id": Uuid::now_v7(), "kind": kind, "fix": fix });
        calls.push(Call { at, what: sync(vec![item(at, "punch", body)]) });
    }
    let mut visit = Uuid::nil();
    for event in &script.events {
        let at = event.t_ms;
        let (Happening::CheckIn { stop } | Happening::StepDone { stop, .. } | Happening::CheckOut { stop }) =
            &event.what
        else {
            continue;
        };
        let tasks = plan["tasks"].as_array().into_iter().flatten();
        let Some(task) = tasks.into_iter().find(|t| t["customer"]["id"] == json!(stop)) else { continue };
        let Some(customer) = customer(rep, stop) else { continue };
        let here = json!({ "at": event.at, "accuracy_m": rng.random_range(6..18), "t": iso(at) });
        match &event.what {
            Happening::CheckIn { .. } => {
                visit = id::derived(rep.id, &format!("{}-{}", plan["id"], stop));
                let body = json!({ "visit_id": visit, "task_id": task["id"], "customer_id": customer.id, "fix": here, "offline": false });
                calls.push(Call { at, what: sync(vec![item(at, "visit.check_in", body)]) });
            }
            Happening::StepDone { step, .. } if *step == 0 => {
                let steps: Vec<Value> = task["steps"].as_array().cloned().unwrap_or_default();
                for (n, step) in steps.iter().enumerate() {
                    let at = at + n as i64 * 150_000;
                    step_calls(&mut calls, at, step, visit, device, &customer, &here, rng, &sync, &item);
                }
            }
            Happening::CheckOut { .. } => {
                let text = SUMMARIES[rng.random_range(0..SUMMARIES.len())];
                let items = vec![
                    item(at - 30_000, "visit.summary", json!({ "visit_id": visit, "text": text })),
                    item(at, "visit.check_out", json!({ "visit_id": visit, "fix": here })),
                ];
                calls.push(Call { at, what: sync(items) });
            }
            _ => {}
        }
    }
    calls.sort_by_key(|c| c.at);
    calls
}

/// Coming and going: mostly in time, now and then late, now and then forgotten.
fn punches(script: &DayScript, (from, to): (i64, i64)) -> Vec<(&'static str, i64, geo::LngLat)> {
    const MINUTE: i64 = 60_000;
    let place = |t: i64| script.between(t, i64::MAX).first().or(script.points.last()).map(|p| p.at);
    let Some(home) = place(from) else { return vec![] };
    let mut rng = ChaCha8Rng::seed_from_u64(from.unsigned_abs() ^ home.lng().to_bits());
    let came = if rng.random_ratio(1, 12) { rng.random_range(6..35) } else { -rng.random_range(2..12) };
    let went = (!rng.random_ratio(1, 25)).then(|| to + rng.random_range(1..20) * MINUTE);
    let all = [("in", Some(from + came * MINUTE)), ("out", went)];
    all.into_iter().filter_map(|(kind, at)| Some((kind, at?, place(at?)?))).collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one step of a simulated visit; a struct would only rename them"
)]
fn step_calls(
    calls: &mut Vec<Call>,
    at: i64,
    step: &Value,
    visit: Uuid,
    device: Uuid,
    customer: &Customer,
    here: &Value,
    rng: &mut ChaCha8Rng,
    sync: &impl Fn(Vec<Value>) -> What,
    item: &impl Fn(i64, &str, Value) -> Value,
) {
    let mut body = json!({ "visit_id": visit, "step_id": step["id"], "status": "done", "started_at": iso(at - 60_000), "fix": here });
    match step["kind"].as_str() {
        Some("photo") => {
            let Some(shop) = &customer.shop else { return };
            let photo = Uuid::now_v7();
            let facts = json!({
                "visit_id": visit, "step_id": step["id"], "photo_id": photo, "mime": "image/jpeg", "width": 1280, "height": 960,
                "taken_at": iso(at - 5_000), "fix": here, "live": true,
            });
            body["photo_ids"] = json!([photo]);
            let shot =
                Shot { id: photo, shop: shop.clone(), seed: rng.random(), device, facts, at: at - 5_000 };
            calls.push(Call { at: at - 2_000, what: What::Photo(Box::new(shot)) });
        }
        Some("choice") => {
            let options = step["options"].as_array().cloned().unwrap_or_default();
            // The first answers are the more frequent ones.
            let n = rng.random_range(0..options.len().max(1)).min(rng.random_range(0..options.len().max(1)));
            body["value"] = options.get(n).cloned().unwrap_or_default();
        }
        Some("number") => body["value"] = json!(rng.random_range(2..60)),
        Some("form") => body["value"] = json!({ "record_id": Uuid::now_v7(), "answers": fridge(rng) }),
        _ => body["value"] = json!("已处理"),
    }
    calls.push(Call { at, what: sync(vec![item(at, "visit.step", body)]) });
}

/// Answers of the monthly look at a fridge: mostly all is well.
fn fridge(rng: &mut ChaCha8Rng) -> Value {
    let mut item = |faults: [&str; 2]| match rng.random_range(0..14) {
        0 => json!({ "result": "fail", "remark": faults[rng.random_range(0..2)] }),
        _ => json!({ "result": "pass" }),
    };
    let (clean, own) = (item(["有积水", "结霜太厚"]), item(["放了别家的水", "下层是店主的菜"]));
    let lamp = item(["左侧灯管不亮", "灯罩裂了"]);
    let degrees = f64::from(rng.random_range(25..=75)) / 10.0;
    let cold = if rng.random_ratio(1, 16) {
        json!({ "value": 9.5, "remark": "门封条老化，关不严" })
    } else {
        json!({ "value": degrees })
    };
    json!({ "cold": cold, "clean": clean, "own": own, "lamp": lamp })
}

fn fix_of(f: &Observed) -> Value {
    let round = |v: f64| (v * 10.0).round() / 10.0;
    json!({
        "t": iso(f.t_ms), "at": f.at, "accuracy_m": round(f.acc_m), "speed_mps": round(f.speed_mps.max(0.0)), "bearing_deg": f.bearing_deg.map(round),
        "altitude_m": round(f.alt_m), "battery": 100 - (f.t_ms / 600_000 % 70),
    })
}

const SUMMARIES: [&str; 8] = [
    "陈列整齐，补了两排椰汁，店长同意下周加一个堆头。",
    "库存偏少，已下单 10 箱，周三送到。",
    "店长不在，和店员核对了库存，约周五再谈促销。",
    "竞品在做第二件半价，我们的排面被压到第三层，已拍照。",
    "冰柜温度正常，换了两张价签。",
    "新品试饮反响不错，先进 3 箱试卖。",
    "旧货还有 20 箱，建议先做买赠再补货。",
    "门头灯箱换新，招牌清晰，陈列达标。",
];
