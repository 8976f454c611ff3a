//! `make bench-trust`: how often honest days raise a finding, and how many attacks are found, family by family; then gate by gate whether
//! that is enough ([`gates`]). Ends with 1 when a gate is not passed.
//!
//! `cargo run --release -p tashi-trust --example trust_bench [-- --people N] [--days N] [--seed N] [--tracks DIR] [--rules] [--show FAMILY]`
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

mod attacks;
mod gates;
mod nuisances;
mod real;
mod report;
mod score;
mod world;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::Instant};

use attacks::{ATTACKS, Source, VISIT_ATTACKS};
use nuisances::NUISANCES;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use score::Rate;
use trust::{Band, Case, Claim, Company, Edit, Fix, Judged, judge};
use world::{DAY_MS, Day, World, claim};

/// What a case is, by the generator.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Honest,
    Nuisance(&'static str),
    Attack(&'static str),
    /// An honest day on which one visit is not.
    Visit(&'static str),
    /// Takes part in somebody else's attack: neither hit nor alarm.
    Aside,
}

struct Bench {
    world: World,
    company: Company,
    days: Vec<Kind>,
    visits: Vec<Kind>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned();
    let days: i64 = value("--days").and_then(|v| v.parse().ok()).unwrap_or(50);
    let seed: u64 = value("--seed").and_then(|v| v.parse().ok()).unwrap_or(20);
    let begin = Instant::now();
    let people: usize = value("--people").and_then(|v| v.parse().ok()).unwrap_or(40);
    let mut bench = Bench::honest(people, days, seed);
    bench.nuisances(seed);
    bench.attacks(seed);
    let fixes: usize = bench.company.cases.iter().map(|c| c.fixes.len()).sum();
    println!(
        "generated: {} person-days of {} people, {} visits, {fixes} positions in {:.0} s (seed {seed})",
        bench.company.cases.len(),
        bench.world.people.len(),
        bench.company.claims.len(),
        begin.elapsed().as_secs_f64()
    );
    let begin = Instant::now();
    let judged = judge(&bench.company);
    let s = begin.elapsed().as_secs_f64();
    println!("judged in {s:.1} s, {:.0} positions/s", fixes as f64 / s);
    let figures = report::print(&bench, &judged);
    if args.iter().any(|a| a == "--rules") {
        rules(&bench, &judged);
    }
    for family in value("--show").unwrap_or_default().split(',').filter(|f| !f.is_empty()) {
        println!("\n{family}");
        show(&bench, &judged, family);
    }
    if let Some(dir) = value("--dump") {
        dump(&bench, &PathBuf::from(dir));
    }
    match value("--tracks").map(PathBuf::from) {
        Some(dir) if dir.exists() => real_days(&dir),
        _ => println!("\nreal recordings: absent (--tracks DIR), so nothing is said about them"),
    }
    if gates::print(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Bench {
    fn honest(people: usize, days: i64, seed: u64) -> Bench {
        let world = World::new(people, seed);
        let mut bench = Bench { world, company: Company::default(), days: vec![], visits: vec![] };
        bench.company.customers = bench.world.customers.clone();
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 1);
        for k in 0..people {
            for n in 0..days {
                let day = bench.world.day(&bench.world.people[k], n, &mut rng);
                if day.fixes.len() >= 20 {
                    bench.add(&day, Kind::Honest);
                }
            }
        }
        bench
    }

    fn add(&mut self, day: &Day, kind: Kind) {
        let case = self.company.cases.len();
        self.company.cases.push(Case { id: format!("c{case}"), user: day.user, fixes: day.fixes.clone() });
        for v in &day.visits {
            let id = format!("v{}", self.company.claims.len());
            self.company.claims.push(claim(id, case, day, *v));
            self.visits.push(kind.clone());
        }
        self.days.push(kind);
    }

    fn nuisances(&mut self, seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 2);
        for (n, kind) in NUISANCES.iter().enumerate() {
            for k in 0..self.world.people.len() {
                let number = 60 + n as i64;
                let day = self.world.day(&self.world.people[k], number, &mut rng);
                if day.fixes.len() < 20 {
                    continue;
                }
                match *kind {
                    "shared car" if k % 2 == 0 => {
                        // Trainer and trainee in one car, each with his own phone.
                        let other = &self.world.people[(k + 1) % self.world.people.len()];
                        let mut second = day.clone();
                        second.user = other.user;
                        let mut e = (0.0f64, 0.0f64);
                        for f in &mut second.fixes {
                            e = (
                                e.0 * 0.93 + rng.random_range(-2.5..2.5),
                                e.1 * 0.93 + rng.random_range(-2.5..2.5),
                            );
                            f.at = geo::destination(geo::destination(f.at, 90.0, e.0), 0.0, e.1);
                            f.t_ms += rng.random_range(-4_000..4_000);
                            f.device = Some(other.phone.device);
                        }
                        second.fixes.sort_by_key(|f| f.t_ms);
                        world::stored(&mut second.fixes);
                        world::deliver(&mut second.fixes, 0.0, &mut rng);
                        self.add(&day, Kind::Nuisance(kind));
                        self.add(&second, Kind::Nuisance(kind));
                    }
                    "shared car" => {}
                    "new phone" => {
                        for later in 0..4 {
                            let day = self.world.day(&self.world.people[k], number + 20 + later, &mut rng);
                            let day = nuisances::apply(kind, &self.world, &day, &mut rng);
                            self.add(&day, Kind::Nuisance(kind));
                        }
                    }
                    "practised walk" => {
                        for later in 0..3 {
                            let day = self.world.day(&self.world.people[k], number + 30 + later, &mut rng);
                            let day = nuisances::apply(kind, &self.world, &day, &mut rng);
                            self.add(&day, Kind::Nuisance(kind));
                        }
                    }
                    _ => {
                        let day = nuisances::apply(kind, &self.world, &day, &mut rng);
                        self.add(&day, Kind::Nuisance(kind));
                    }
                }
            }
        }
    }

    /// A genuine recorded day of a person from the honest ones.
    fn recorded(&self, user: u32, rng: &mut ChaCha8Rng) -> Day {
        let own: Vec<usize> = (0..self.days.len())
            .filter(|&k| self.days[k] == Kind::Honest && self.company.cases[k].user == user)
            .collect();
        let k = own[rng.random_range(0..own.len())];
        let fixes = self.company.cases[k].fixes.clone();
        let eight = 8 * 3_600_000;
        let midnight_ms = (fixes[0].t_ms + eight).div_euclid(DAY_MS) * DAY_MS - eight;
        Day { user, midnight_ms, fixes, visits: vec![] }
    }

    fn attacks(&mut self, seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 3);
        let people = self.world.people.len() as u32;
        for (n, kind) in ATTACKS.iter().enumerate() {
            for user in 0..people {
                let person = &self.world.people[user as usize];
                let day = self.world.day(person, 200 + n as i64, &mut rng);
                if day.fixes.len() < 60 || day.visits.is_empty() {
                    continue;
                }
                let mate = (user + 1 + rng.random_range(0..people - 1)) % people;
                // Only two families need to know what the colleague did on that very day.
                let same_day = match *kind {
                    "second phone in the pocket" | "colleague's phone" => {
                        self.world.day(&self.world.people[mate as usize], 200 + n as i64, &mut rng)
                    }
                    _ => day.clone(),
                };
                let source = Source {
                    world: &self.world,
                    day: &day,
                    older: &self.recorded(user, &mut rng),
                    older2: &self.recorded(user, &mut rng),
                    colleague: &self.recorded(mate, &mut rng),
                    same_day: &same_day,
                };
                let made = attacks::apply(kind, &source, &mut rng);
                let carrier = source.same_day.clone();
                if *kind == "second phone in the pocket" {
                    self.add(&carrier, Kind::Aside);
                }
                // Claims of whole-day attacks are scored as days.
                self.add(&Day { visits: vec![], ..made }, Kind::Attack(kind));
            }
        }
        for (n, kind) in VISIT_ATTACKS.iter().enumerate() {
            for user in 0..people {
                let day = self.world.day(&self.world.people[user as usize], 250 + n as i64, &mut rng);
                self.visit_attack(kind, day, &mut rng);
            }
        }
    }

    fn visit_attack(&mut self, kind: &'static str, day: Day, rng: &mut ChaCha8Rng) {
        let Some(&(customer, from, to)) = day.visits.first() else { return };
        let case = self.company.cases.len();
        let honest = Day { visits: vec![], ..day.clone() };
        self.add(&honest, Kind::Visit(kind));
        let mut c = claim(format!("v{}", self.company.claims.len()), case, &day, (customer, from, to));
        match kind {
            "drive-past claim" => {
                // Checked in from the moving car at a place on the way; the claim lasts, the car does not.
                let moving: Vec<&Fix> = day
                    .fixes
                    .windows(2)
                    .filter(|w| {
                        let dt = (w[1].t_ms - w[0].t_ms) as f64 / 1000.0;
                        dt < 70.0 && geo::distance_m(w[0].at, w[1].at) > 4.0 * dt
                    })
                    .map(|w| &w[0])
                    .collect();
                let Some(f) = moving.get(moving.len() / 2).copied() else { return };
                let at = geo::destination(f.at, rng.random_range(0.0..360.0), rng.random_range(5.0..60.0));
                self.company.customers.push(trust::Customer { at, radius_m: 150.0 });
                c.customer = Some(self.company.customers.len() - 1);
                (c.in_ms, c.out_ms) = (f.t_ms, Some(f.t_ms + rng.random_range(8..40) * 60_000));
                (c.at, c.acc_m) = (Some(f.at), f.acc_m);
            }
            "moved customer" => {
                let own = self.company.customers[customer];
                self.company.customers.push(own);
                let new = self.company.customers.len() - 1;
                c.customer = Some(new);
                let t_ms = from - rng.random_range(1..120) * 3_600_000;
                self.company.edits.push(Edit { t_ms, user: day.user, customer: new, to: Some(own.at) });
            }
            "900 m away" => {
                let there =
                    geo::destination(self.world.customers[customer].at, rng.random_range(0.0..360.0), 900.0);
                self.company.customers.push(trust::Customer { at: there, radius_m: 150.0 });
                c.customer = Some(self.company.customers.len() - 1);
            }
            "very short visit" => c.out_ms = Some(from + rng.random_range(20..100) * 1000),
            "left early, checked out late" => c.out_ms = Some(to + rng.random_range(60..120) * 60_000),
            "check-in fix invented" => {
                // The fix of the check-in is right at the customer; the tracker was elsewhere.
                let far = (0..self.world.customers.len()).find(|&k| {
                    geo::distance_m(self.world.customers[k].at, self.world.customers[customer].at) > 2_000.0
                });
                let Some(far) = far else { return };
                c.customer = Some(far);
                (c.at, c.acc_m) = (Some(self.world.customers[far].at), Some(8.0));
            }
            _ => return,
        }
        self.company.claims.push(Claim { case: Some(case), ..c });
        self.visits.push(Kind::Visit(kind));
    }
}

/// How often each rule fires on honest days and visits: the false-alarm rate of the rule.
fn rules(bench: &Bench, judged: &Judged) {
    let mut count: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let (mut days, mut visits) = (0, 0);
    for (k, a) in bench.days.iter().zip(&judged.days) {
        let honest = matches!(k, Kind::Honest);
        days += usize::from(honest);
        for f in a.findings.iter().filter(|f| f.weight >= 0.3) {
            let e = count.entry(f.code.key()).or_default();
            e.0 += usize::from(honest);
            e.2 += usize::from(matches!(k, Kind::Attack(_)));
        }
    }
    for (k, a) in bench.visits.iter().zip(&judged.visits) {
        let honest = matches!(k, Kind::Honest);
        visits += usize::from(honest);
        for f in a.findings.iter().filter(|f| f.weight >= 0.3 && f.code.about_visit() && honest) {
            count.entry(f.code.key()).or_default().1 += 1;
        }
    }
    println!("\nrule: fires with 0.3 or more on {days} honest days, {visits} honest visits; on attack days");
    for (code, (d, v, a)) in count {
        println!("{code:22} {d:6} {v:6} {a:6}");
    }
}

fn show(bench: &Bench, judged: &Judged, family: &str) {
    let named = |k: &Kind| match k {
        Kind::Honest => "honest" == family,
        Kind::Nuisance(n) | Kind::Attack(n) | Kind::Visit(n) => *n == family,
        Kind::Aside => false,
    };
    let line = |id: &str, a: &trust::Assessment| {
        let f: Vec<String> =
            a.findings.iter().map(|f| format!("{}:{:.2}{:?}", f.code.key(), f.weight, f.numbers)).collect();
        println!("{id} {:.2} {}", a.score, f.join(" "));
    };
    for (k, case) in bench.company.cases.iter().enumerate().filter(|(k, _)| named(&bench.days[*k])) {
        if family != "honest" || judged.days[k].score > 0.2 {
            line(
                &format!("{} phone {:?}", case.id, bench.world.people[case.user as usize].phone),
                &judged.days[k],
            );
        }
    }
    for (k, c) in bench.company.claims.iter().enumerate().filter(|(k, _)| named(&bench.visits[*k])) {
        if judged.visits[k].score > 0.2 || matches!(bench.visits[k], Kind::Visit(_)) {
            line(&c.id, &judged.visits[k]);
        }
    }
}

/// The tables of the command line, to try it out.
fn dump(bench: &Bench, dir: &std::path::Path) {
    std::fs::create_dir_all(dir).unwrap();
    let mut points = csv::Writer::from_path(dir.join("points.csv")).unwrap();
    points
        .write_record(["case", "user", "ts", "recv_ts", "lat", "lon", "acc", "speed", "bearing", "device"])
        .unwrap();
    let text = |v: Option<f32>| v.map_or(String::new(), |v| v.to_string());
    for c in &bench.company.cases {
        for f in &c.fixes {
            points
                .write_record([
                    &c.id,
                    &format!("u{}", c.user),
                    &format!("{:.3}", f.t_ms as f64 / 1000.0),
                    &f.recv_ms.map_or(String::new(), |r| format!("{:.3}", r as f64 / 1000.0)),
                    &format!("{:.7}", f.at.lat()),
                    &format!("{:.7}", f.at.lng()),
                    &text(f.acc_m),
                    &text(f.speed_mps),
                    &text(f.bearing_deg),
                    &f.device.map_or(String::new(), |d| d.to_string()),
                ])
                .unwrap();
        }
    }
    points.flush().unwrap();
}

fn real_days(dir: &std::path::Path) {
    let cases = real::cases(dir);
    let company = Company { cases, ..Company::default() };
    let judged = judge(&company);
    let amber = Rate::of(judged.days.iter().map(|a| a.band >= Band::Amber));
    let red = Rate::of(judged.days.iter().map(|a| a.band == Band::Red));
    println!("\nreal recordings: {} cases; amber or red {amber}, red {red}", company.cases.len());
    for (c, a) in company.cases.iter().zip(&judged.days).filter(|(_, a)| a.score > 0.1) {
        let f: Vec<String> =
            a.findings.iter().map(|f| format!("{}:{:.2}{:?}", f.code.key(), f.weight, f.numbers)).collect();
        println!("  {} ({} fixes): {:.2} {}", c.id, c.fixes.len(), a.score, f.join(" "));
    }
}
