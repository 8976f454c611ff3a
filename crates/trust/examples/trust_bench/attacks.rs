//! Attack families of the threat model, on days of the same people. Each makes the day somebody would like to have
//! recorded; what can be found in it is for the rules to say.

use geo::{LngLat, destination, distance_m};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use trust::Fix;

use crate::world::{Day, World, deliver, stored};

/// Families of whole days.
pub const ATTACKS: [&str; 31] = [
    "static exact",
    "static with jitter",
    "constant accuracy",
    "mock route with dice",
    "joystick legs",
    "even route simulator",
    "careful route simulator",
    "replay own day",
    "replay own day, noise added",
    "replay own day, resampled",
    "replay colleague",
    "replay colleague, noise added",
    "spliced days",
    "sped-up replay",
    "slowed replay",
    "reversed replay",
    "moved recording",
    "turned recording",
    "emulator fields",
    "teleport to check-ins",
    "wifi spoof at visits",
    "second phone in the pocket",
    "colleague's phone",
    "clock ahead",
    "clock set in the day",
    "clock behind",
    "backdated records",
    "freeze and leave",
    "copied laps",
    "zigzag mileage",
    "straight gap fill",
];

/// Families of single visits on otherwise honest days.
pub const VISIT_ATTACKS: [&str; 6] = [
    "drive-past claim",
    "moved customer",
    "900 m away",
    "very short visit",
    "left early, checked out late",
    "check-in fix invented",
];

/// What an attacker has to work with.
pub struct Source<'a> {
    pub world: &'a World,
    /// The day he must show.
    pub day: &'a Day,
    /// An older day of his own.
    pub older: &'a Day,
    pub older2: &'a Day,
    /// A colleague's older day, and what the colleague did on the same day.
    pub colleague: &'a Day,
    pub same_day: &'a Day,
}

pub fn apply(kind: &str, s: &Source, rng: &mut ChaCha8Rng) -> Day {
    let mut d = s.day.clone();
    let skew = s.world.people[d.user as usize].phone.skew_s;
    match kind {
        "static exact" => {
            let at = d.fixes[rng.random_range(0..d.fixes.len())].at;
            let acc = rng.random_range(3..15) as f32;
            d.fixes.iter_mut().for_each(|f| still(f, at, Some(acc)));
        }
        "static with jitter" => {
            let at = d.visits.first().map_or(d.fixes[0].at, |v| s.world.customers[v.0].at);
            let sigma = rng.random_range(1.5..6.0);
            for f in &mut d.fixes {
                still(f, jitter(at, sigma, rng), f.acc_m.map(|_| rng.random_range(3.0..12.0)));
            }
        }
        "constant accuracy" => {
            let acc = rng.random_range(3..25) as f32;
            d.fixes.iter_mut().for_each(|f| f.acc_m = Some(acc));
        }
        "mock route with dice" => {
            let sigma = rng.random_range(2.0..6.0);
            route(&mut d, s, 0.25, rng);
            d.fixes.iter_mut().for_each(|f| f.at = jitter(f.at, sigma, rng));
        }
        "joystick legs" => joystick(&mut d, rng),
        "even route simulator" => route(&mut d, s, 0.02, rng),
        "careful route simulator" => {
            // Speeds as in traffic and drifting errors: what a good forger makes without any recording.
            route(&mut d, s, 0.35, rng);
            let mut e = (0.0f64, 0.0f64);
            for f in &mut d.fixes {
                e = (e.0 * 0.85 + rng.random_range(-2.5..2.5), e.1 * 0.85 + rng.random_range(-2.5..2.5));
                f.at = destination(destination(f.at, 90.0, e.0), 0.0, e.1);
                f.acc_m = f.acc_m.map(|_| rng.random_range(4.0..14.0));
            }
        }
        "replay own day" => retime(&mut d, s.older, 0.0, 1.0, rng.random_range(-900_000..900_000)),
        "replay own day, noise added" => {
            retime(&mut d, s.older, 0.0, 1.0, rng.random_range(-900_000..900_000));
            let sigma = rng.random_range(1.0..4.0);
            d.fixes.iter_mut().for_each(|f| f.at = jitter(f.at, sigma, rng));
        }
        "replay own day, resampled" => {
            retime(&mut d, s.older, 0.0, 1.0, rng.random_range(-900_000..900_000));
            resample(&mut d.fixes, rng.random_range(7_000..25_000));
        }
        "replay colleague" => retime(&mut d, s.colleague, 0.0, 1.0, rng.random_range(-900_000..900_000)),
        "replay colleague, noise added" => {
            retime(&mut d, s.colleague, 0.0, 1.0, rng.random_range(-900_000..900_000));
            d.fixes.iter_mut().for_each(|f| f.at = jitter(f.at, 2.5, rng));
        }
        "spliced days" => {
            let noon = d.midnight_ms + 12 * 3_600_000;
            let mut second = d.clone();
            retime(&mut d, s.older, 0.0, 1.0, 60_000);
            retime(&mut second, s.older2, 0.0, 1.0, -60_000);
            d.fixes.retain(|f| f.t_ms < noon);
            d.fixes.extend(second.fixes.into_iter().filter(|f| f.t_ms >= noon));
        }
        "sped-up replay" => retime(&mut d, s.older, 0.0, rng.random_range(1.25..1.8), 0),
        "slowed replay" => retime(&mut d, s.older, 0.0, rng.random_range(0.6..0.85), 0),
        "reversed replay" => {
            retime(&mut d, s.older, 0.0, 1.0, 0);
            let (a, b) = (d.fixes[0].t_ms, d.fixes[d.fixes.len() - 1].t_ms);
            d.fixes.iter_mut().for_each(|f| f.t_ms = a + b - f.t_ms);
            d.fixes.reverse();
            d.fixes.iter_mut().for_each(|f| f.bearing_deg = f.bearing_deg.map(|x| (x + 180.0) % 360.0));
        }
        "moved recording" | "turned recording" => {
            retime(&mut d, s.older, 0.0, 1.0, rng.random_range(-600_000..600_000));
            let origin = d.fixes[0].at;
            let turn = if kind == "turned recording" { rng.random_range(40.0..320.0) } else { 0.0 };
            let to = destination(origin, rng.random_range(0.0..360.0), rng.random_range(4_000.0..20_000.0));
            for f in &mut d.fixes {
                let (b, r) = (geo::bearing_deg(origin, f.at), distance_m(origin, f.at));
                f.at = destination(to, b + turn, r);
            }
        }
        "emulator fields" => {
            let acc = [1.0, 5.0, 10.0, 20.0][rng.random_range(0..4)];
            for f in &mut d.fixes {
                (f.speed_mps, f.bearing_deg) = (Some(0.0), Some(0.0));
                f.acc_m = Some(acc);
            }
        }
        "teleport to check-ins" => {
            // At home all day, honestly; the place is set for each visit only.
            let home = d.fixes[0].at;
            let quiet = s.day.fixes.iter().filter(|f| distance_m(f.at, home) < 80.0).count().max(1);
            let mut e = (0.0f64, 0.0f64);
            for f in &mut d.fixes {
                e = (e.0 * 0.9 + rng.random_range(-2.0..2.0), e.1 * 0.9 + rng.random_range(-2.0..2.0));
                let visit = d.visits.iter().find(|v| (v.1 - 120_000..v.2 + 60_000).contains(&f.t_ms));
                let at = visit.map_or(home, |v| s.world.customers[v.0].at);
                f.at = destination(destination(at, 90.0, e.0), 0.0, e.1);
                (f.speed_mps, f.bearing_deg) = (f.speed_mps.map(|_| 0.0), None);
            }
            let _ = quiet;
        }
        "wifi spoof at visits" => {
            for v in d.visits.clone() {
                for f in d.fixes.iter_mut().filter(|f| (v.1 - 60_000..v.2 + 60_000).contains(&f.t_ms)) {
                    still(f, s.world.customers[v.0].at, Some(35.0));
                }
            }
        }
        "second phone in the pocket" => {
            d.fixes = s.same_day.fixes.clone();
            let mut e = (0.0f64, 0.0f64);
            for f in &mut d.fixes {
                e = (e.0 * 0.9 + rng.random_range(-2.5..2.5), e.1 * 0.9 + rng.random_range(-2.5..2.5));
                f.at = destination(destination(f.at, 90.0, e.0), 0.0, e.1);
                f.t_ms += rng.random_range(-2_000..2_000);
                f.device = s.day.fixes[0].device;
            }
            d.fixes.sort_by_key(|f| f.t_ms);
        }
        "colleague's phone" => {
            let device = s.same_day.fixes.first().and_then(|f| f.device);
            d.fixes.iter_mut().for_each(|f| f.device = device);
        }
        "clock ahead" => return clocked(d, |_| rng.random_range(600.0..7_200.0)),
        "clock behind" => {
            let off = rng.random_range(900.0..10_800.0);
            return clocked(d, |_| -off);
        }
        "clock set in the day" => {
            let from = d.midnight_ms + rng.random_range(11..15) * 3_600_000;
            let off = rng.random_range(-7_200.0..-1_800.0);
            return clocked(d, |t| if t > from { off } else { 0.0 });
        }
        "backdated records" => {
            // The phone was live at home; the morning is written in the evening.
            let home = d.fixes[0].at;
            let written = d.fixes.clone();
            for f in &mut d.fixes {
                still(f, jitter(home, 0.5, rng), f.acc_m);
            }
            stored(&mut d.fixes);
            deliver(&mut d.fixes, skew, rng);
            let evening = d.midnight_ms + 19 * 3_600_000;
            d.fixes.extend(written.into_iter().enumerate().map(|(k, f)| Fix {
                t_ms: f.t_ms + 500,
                recv_ms: Some(evening + k as i64 % 3_000),
                ..f
            }));
            d.fixes.sort_by_key(|f| f.t_ms);
            return d;
        }
        "freeze and leave" => {
            for v in d.visits.clone() {
                let until = v.2 + rng.random_range(30..70) * 60_000;
                let Some(first) = d.fixes.iter().find(|f| f.t_ms >= v.1).copied() else { continue };
                for f in d.fixes.iter_mut().filter(|f| (v.1..until).contains(&f.t_ms)) {
                    still(f, first.at, first.acc_m);
                }
            }
        }
        "copied laps" => laps(&mut d, rng),
        "zigzag mileage" => {
            let mut side = 1.0;
            let (a, b) = middle(&d, 0.3, 0.55);
            let mut last = d.fixes[a].t_ms;
            for f in &mut d.fixes[a..b] {
                if f.t_ms - last > 20_000 {
                    side = -side;
                    last = f.t_ms;
                    f.at = destination(
                        f.at,
                        if side > 0.0 { 20.0 } else { 200.0 },
                        rng.random_range(250.0..420.0),
                    );
                }
            }
            let mut keep = 0;
            d.fixes.retain(|f| {
                let inside = (s.day.fixes[a].t_ms..s.day.fixes[b - 1].t_ms).contains(&f.t_ms);
                if inside && f.t_ms - keep < 20_000 {
                    return false;
                }
                keep = f.t_ms;
                true
            });
        }
        "straight gap fill" => {
            // A private errand of an hour becomes a drive along a ruler.
            let (a, b) = middle(&d, 0.35, 0.6);
            let (from, to) = (d.fixes[a], d.fixes[b - 1]);
            let to_at = if distance_m(from.at, to.at) > 3_000.0 {
                to.at
            } else {
                destination(from.at, 60.0, 9_000.0)
            };
            let span = (to.t_ms - from.t_ms) as f64;
            for f in &mut d.fixes[a..b] {
                let share = (f.t_ms - from.t_ms) as f64 / span;
                f.at = LngLat::new(
                    from.at.lng() + (to_at.lng() - from.at.lng()) * share,
                    from.at.lat() + (to_at.lat() - from.at.lat()) * share,
                )
                .unwrap();
                (f.speed_mps, f.bearing_deg) = (None, None);
            }
        }
        _ => {}
    }
    stored(&mut d.fixes);
    deliver(&mut d.fixes, skew, rng);
    d
}

fn still(f: &mut Fix, at: LngLat, acc: Option<f32>) {
    (f.at, f.acc_m) = (at, acc);
    (f.speed_mps, f.bearing_deg) = (f.speed_mps.map(|_| 0.0), None);
}

fn jitter(at: LngLat, sigma: f64, rng: &mut ChaCha8Rng) -> LngLat {
    let mut n = || (0..6).map(|_| rng.random_range(-1.0..1.0f64)).sum::<f64>() * sigma / 1.414;
    let (x, y) = (n(), n());
    destination(destination(at, 90.0, x), 0.0, y)
}

/// Another day's fixes at this day's times: `pace` times as fast, moved by `shift_ms`.
fn retime(d: &mut Day, of: &Day, from: f64, pace: f64, shift_ms: i64) {
    let first = of.fixes[(from * of.fixes.len() as f64) as usize].t_ms;
    let begin = d.midnight_ms + (first - of.midnight_ms) + shift_ms;
    d.fixes = of
        .fixes
        .iter()
        .filter(|f| f.t_ms >= first)
        .map(|f| Fix {
            t_ms: begin + ((f.t_ms - first) as f64 / pace) as i64,
            device: d.fixes[0].device,
            ..*f
        })
        .collect();
}

fn resample(fixes: &mut Vec<Fix>, every_ms: i64) {
    let mut out = vec![];
    let mut t = fixes[0].t_ms;
    for w in fixes.windows(2) {
        while t <= w[1].t_ms {
            if t >= w[0].t_ms && w[1].t_ms - w[0].t_ms < 200_000 {
                let share = (t - w[0].t_ms) as f64 / (w[1].t_ms - w[0].t_ms).max(1) as f64;
                let mid = |a: f64, b: f64| a + (b - a) * share;
                let at = LngLat::new(mid(w[0].at.lng(), w[1].at.lng()), mid(w[0].at.lat(), w[1].at.lat()))
                    .unwrap();
                out.push(Fix { t_ms: t, at, ..w[0] });
            }
            t += every_ms;
        }
    }
    *fixes = out;
}

/// A day along real streets from customer to customer, with stays, at a speed that varies by `vary`.
fn route(d: &mut Day, s: &Source, vary: f64, rng: &mut ChaCha8Rng) {
    let template = d.fixes[0];
    let every = rng.random_range(2_000..15_000);
    let constant = template.acc_m.is_some() && vary < 0.3;
    let acc = template.acc_m.map(|_| rng.random_range(3..12) as f32);
    let mut out = vec![];
    let (mut at, mut t) = (template.at, template.t_ms);
    let pace = rng.random_range(6.0..11.0);
    for v in &d.visits {
        let line = s.world.city.shortest_path(at, s.world.customers[v.0].at).line();
        let speed = pace * (1.0 + rng.random_range(-vary..=vary) * 0.3);
        t = walk_line(&line, speed, vary, every, t, &mut out, rng);
        at = s.world.customers[v.0].at;
        let stay = t + (v.2 - v.1).max(600_000);
        while t < stay {
            out.push((t, at));
            t += every;
        }
    }
    d.fixes = out
        .into_iter()
        .map(|(t_ms, at)| Fix {
            t_ms,
            at,
            acc_m: if constant { acc } else { template.acc_m.map(|_| rng.random_range(3.0..15.0)) },
            speed_mps: template.speed_mps.map(|_| pace as f32),
            bearing_deg: None,
            ..template
        })
        .collect();
}

fn walk_line(
    line: &[LngLat],
    pace: f64,
    vary: f64,
    every: i64,
    start: i64,
    out: &mut Vec<(i64, LngLat)>,
    rng: &mut ChaCha8Rng,
) -> i64 {
    let (mut t, mut k, mut on) = (start, 0, 0.0);
    while k + 1 < line.len() {
        out.push((t, destination(line[k], geo::bearing_deg(line[k], line[k + 1]), on)));
        t += every;
        on += pace * (1.0 + rng.random_range(-vary..=vary)) * every as f64 / 1000.0;
        while k + 1 < line.len() && on >= distance_m(line[k], line[k + 1]) {
            on -= distance_m(line[k], line[k + 1]);
            k += 1;
        }
    }
    t
}

fn joystick(d: &mut Day, rng: &mut ChaCha8Rng) {
    let (mut at, mut heading) = (d.fixes[0].at, 0.0);
    let speed = rng.random_range(3.0..12.0);
    let mut until = 0;
    let mut last = d.fixes[0].t_ms;
    let mut going = true;
    for f in &mut d.fixes {
        if f.t_ms > until {
            heading = f64::from(rng.random_range(0..8)) * 45.0;
            going = rng.random_bool(0.6);
            until = f.t_ms + rng.random_range(120_000..600_000);
        }
        if going {
            at = destination(at, heading, speed * (f.t_ms - last) as f64 / 1000.0);
        }
        last = f.t_ms;
        f.at = at;
        f.speed_mps = f.speed_mps.map(|_| if going { speed as f32 } else { 0.0 });
        f.bearing_deg = None;
    }
}

/// A clock that is `ahead` seconds off at a true time.
fn clocked(mut d: Day, mut ahead: impl FnMut(i64) -> f64) -> Day {
    let off = ahead(d.midnight_ms);
    let mut first = Some(off);
    for f in &mut d.fixes {
        let by = first.take().unwrap_or_else(|| ahead(f.t_ms));
        // One setting a day unless the family says otherwise.
        let by = if by > 0.0 { off } else { by };
        f.t_ms += (by * 1000.0) as i64;
    }
    d.fixes.sort_by_key(|f| f.t_ms);
    d
}

fn middle(d: &Day, from: f64, to: f64) -> (usize, usize) {
    let n = d.fixes.len() as f64;
    ((n * from) as usize, (n * to) as usize)
}

/// A drive of a quarter of an hour, driven three times more by copying.
fn laps(d: &mut Day, rng: &mut ChaCha8Rng) {
    let moving: Vec<usize> = (0..d.fixes.len() - 1)
        .filter(|&i| {
            let (a, b) = (&d.fixes[i], &d.fixes[i + 1]);
            distance_m(a.at, b.at) > 2.5 * (b.t_ms - a.t_ms) as f64 / 1000.0
        })
        .collect();
    let a = moving[moving.len() / 3];
    let t0 = d.fixes[a].t_ms;
    let lap: Vec<Fix> = d.fixes[a..].iter().take_while(|f| f.t_ms < t0 + 1_200_000).copied().collect();
    let begin = d.fixes[d.fixes.len() - 1].t_ms + 300_000;
    let sigma = rng.random_range(0.0..2.0);
    for n in 0..3 {
        for f in &lap {
            let t_ms = begin + n * 1_500_000 + (f.t_ms - t0);
            d.fixes.push(Fix { t_ms, at: jitter(f.at, sigma, rng), ..*f });
        }
    }
}
