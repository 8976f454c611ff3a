//! Genuine person-days: people who live, drive and visit in the generated city, and the phones they carry.

use city::{City, DayPlan, DriveStyle, Happening, PhoneModel, Stop, day_script, people, phone_observe};
use geo::LngLat;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trust::{Claim, Customer, Fix};

pub const DAY_MS: i64 = 86_400_000;
/// 2026-03-02 00:00 in China, a Monday.
const FIRST_MS: i64 = 1_772_380_800_000;

/// How a phone reports accuracy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Accuracy {
    Fine,
    /// Whole steps of eight metres, as older fused providers.
    Steps,
    /// Half of all fixes say 3.8 m.
    Favourite,
    /// A little over one metre, with zeros between.
    TooProud,
    /// One value all its life.
    Constant,
    Missing,
}

/// A phone with its own habits, the same on all days of its owner.
#[derive(Debug, Clone, Copy)]
pub struct Phone {
    pub interval_s: f64,
    pub still_s: f64,
    pub accuracy: Accuracy,
    pub speed: bool,
    pub wifi_indoors: bool,
    pub poor: bool,
    /// Seconds its clock is ahead.
    pub skew_s: f64,
    pub device: u32,
}

pub struct Person {
    pub user: u32,
    pub home: LngLat,
    pub phone: Phone,
    pub customers: Vec<usize>,
}

/// One day as it was received, with what truly happened.
#[derive(Clone)]
pub struct Day {
    pub user: u32,
    pub midnight_ms: i64,
    pub fixes: Vec<Fix>,
    /// Customer, check-in, check-out.
    pub visits: Vec<(usize, i64, i64)>,
}

pub struct World {
    pub city: City,
    pub people: Vec<Person>,
    pub customers: Vec<Customer>,
}

impl World {
    pub fn new(n: usize, seed: u64) -> World {
        let city = City::generate(seed, LngLat::new(118.79, 32.05).unwrap());
        let shops = city.shops(260, seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let customers = shops
            .iter()
            .map(|s| Customer { at: s.at, radius_m: [100.0, 150.0, 200.0][rng.random_range(0..3)] })
            .collect();
        let styles =
            [Accuracy::Fine, Accuracy::Steps, Accuracy::Favourite, Accuracy::TooProud, Accuracy::Missing];
        let people = people(&city, n, seed)
            .into_iter()
            .enumerate()
            .map(|(k, p)| Person {
                user: k as u32,
                home: p.home,
                phone: Phone {
                    interval_s: [5.0, 10.0, 10.0, 15.0, 20.0, 30.0, 30.0, 60.0][k % 8],
                    still_s: [10.0, 30.0, 60.0, 60.0, 120.0, 60.0, 120.0, 180.0][(k / 3) % 8],
                    // One in fifteen never varies: genuine, and not to be held against its owner.
                    accuracy: if k % 15 == 7 { Accuracy::Constant } else { styles[k % 5] },
                    speed: k % 4 != 3,
                    wifi_indoors: k % 3 == 1,
                    poor: k % 6 == 5,
                    skew_s: rng.random_range(-20.0..20.0),
                    device: 1_000 + k as u32,
                },
                customers: (0..14).map(|_| rng.random_range(0..shops.len())).collect(),
            })
            .collect();
        World { city, people, customers }
    }

    /// A working day of a person: his own customers, his own order, his own traffic.
    pub fn day(&self, person: &Person, number: i64, rng: &mut ChaCha8Rng) -> Day {
        let midnight_ms = FIRST_MS + number * DAY_MS;
        let n = rng.random_range(3..6);
        let mut chosen: Vec<usize> = vec![];
        while chosen.len() < n {
            let c = person.customers[rng.random_range(0..person.customers.len())];
            if !chosen.contains(&c) {
                chosen.push(c);
            }
        }
        let stops = chosen
            .iter()
            .map(|c| Stop::new(c.to_string(), self.customers[*c].at, rng.random_range(8..40)))
            .collect();
        let start = midnight_ms + rng.random_range(8 * 60..9 * 60 + 30) * 60_000;
        let plan = DayPlan {
            home: person.home,
            office: None,
            stops,
            duty_start_ms: start,
            duty_end_ms: midnight_ms + 18 * 3_600_000,
            lunch: Some((midnight_ms + 12 * 3_600_000, rng.random_range(20..60))),
            style: DriveStyle::CALM.in_traffic(rng.random_range(0.9..1.5)),
            roam_m: rng.random_range(3.0..15.0),
        };
        let script = day_script(&self.city, &plan, rng);
        let mut visits: Vec<(usize, i64, i64)> = vec![];
        for e in &script.events {
            match &e.what {
                Happening::CheckIn { stop } => visits.push((stop.parse().unwrap(), e.t_ms, e.t_ms)),
                Happening::CheckOut { .. } => {
                    if let Some(v) = visits.last_mut() {
                        v.2 = e.t_ms;
                    }
                }
                _ => {}
            }
        }
        visits.retain(|v| v.2 > v.1);
        let points = script.between(start, plan.duty_end_ms.min(start + 9 * 3_600_000));
        Day { user: person.user, midnight_ms, fixes: receive(points, &person.phone, rng), visits }
    }
}

/// What a phone sends of true points: its errors, its fields and its network.
pub fn receive(points: &[city::TruePoint], phone: &Phone, rng: &mut ChaCha8Rng) -> Vec<Fix> {
    let base = if phone.poor { PhoneModel::poor() } else { PhoneModel::balanced() };
    let model = PhoneModel {
        interval_s: phone.interval_s,
        still_interval_s: phone.still_s,
        gauss_markov_tau_s: rng.random_range(15.0..50.0),
        ..base
    };
    let mut out: Vec<Fix> = vec![];
    // Where Wi-Fi puts this phone in the present building, if it does.
    let mut held: Option<(LngLat, f32, i64)> = None;
    for o in phone_observe(points, &model, rng) {
        let k = points.partition_point(|p| p.t_ms <= o.t_ms).saturating_sub(1);
        let indoors = matches!(points[k].sky, city::Sky::Indoor | city::Sky::Basement);
        let mut f = Fix::new(o.t_ms, o.at);
        f.acc_m = accuracy(phone.accuracy, o.acc_m, rng);
        f.speed_mps = phone.speed.then_some(o.speed_mps as f32);
        f.bearing_deg = o.bearing_deg.filter(|_| phone.speed).map(|b| b as f32);
        if phone.wifi_indoors && indoors {
            if held.is_none_or(|h| o.t_ms > h.2) {
                let at = geo::destination(o.at, rng.random_range(0.0..360.0), rng.random_range(2.0..35.0));
                let acc = [20.0, 22.4, 31.0, 45.0][rng.random_range(0..4)];
                held = Some((at, acc, o.t_ms + rng.random_range(2..15) * 60_000));
            }
            if let Some((at, acc, _)) = held
                && rng.random_bool(0.8)
            {
                (f.at, f.speed_mps, f.bearing_deg) = (at, None, None);
                f.acc_m = (phone.accuracy != Accuracy::Missing).then_some(acc);
            }
        } else {
            held = None;
        }
        f.device = Some(phone.device);
        out.push(f);
    }
    stored(&mut out);
    deliver(&mut out, phone.skew_s, rng);
    out
}

fn accuracy(style: Accuracy, said: f64, rng: &mut ChaCha8Rng) -> Option<f32> {
    match style {
        Accuracy::Fine => Some(said as f32),
        Accuracy::Steps => Some(((said / 8.0).ceil() * 8.0) as f32),
        Accuracy::Favourite => {
            Some(if rng.random_bool(0.45) { 3.8 } else { (said * 10.0).round() as f32 / 10.0 })
        }
        Accuracy::TooProud => {
            if rng.random_bool(0.1) {
                None
            } else {
                Some((said * 0.22).clamp(1.0, 30.0) as f32)
            }
        }
        Accuracy::Constant => Some(10.0),
        Accuracy::Missing => None,
    }
}

/// As stored: seven decimals.
pub fn stored(fixes: &mut [Fix]) {
    for f in fixes {
        let (lng, lat) = f.at.e7();
        f.at = LngLat::from_e7(lng, lat).unwrap();
    }
}

/// Receipt: a second or two over the network, sometimes minutes, now and then nothing for half an hour and then all.
pub fn deliver(fixes: &mut [Fix], skew_s: f64, rng: &mut ChaCha8Rng) {
    let mut offline_until = 0;
    for f in fixes.iter_mut() {
        if f.t_ms > offline_until && rng.random_bool(0.002) {
            offline_until = f.t_ms + rng.random_range(2..30) * 60_000;
        }
        let network = rng.random_range(300..2_500)
            + if rng.random_bool(0.03) { rng.random_range(0..60_000) } else { 0 };
        let real = f.t_ms - (skew_s * 1000.0) as i64;
        f.recv_ms = Some(real.max(offline_until) + network);
    }
}

/// The claim of a visit, with the fix nearest to the check-in.
pub fn claim(id: String, case: usize, day: &Day, (customer, from, to): (usize, i64, i64)) -> Claim {
    let k = day.fixes.partition_point(|f| f.t_ms < from);
    let near = day.fixes.get(k).or(day.fixes.last()).filter(|f| (f.t_ms - from).abs() < 120_000);
    Claim {
        id,
        case: Some(case),
        user: day.user,
        customer: Some(customer),
        in_ms: from,
        out_ms: Some(to),
        at: near.map(|f| f.at),
        acc_m: near.and_then(|f| f.acc_m),
    }
}
