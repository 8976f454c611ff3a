//! Measures the engine on the public development set: `cargo run --release -p tashi-route --example route_bench -- <part>`.
//!
//! Parts: `small` (one rep, proven values), `days` (how often and how fast the proof closes), `period` (weeks by
//! frequency rules; needs no development set). Times are process CPU time of one thread.

use route::Matrix;
use route::day::{DayProblem, Objective, Stop, check_certificate, day_route};
use route::model::{self, Effort, Options, Problem, Profile, Rep, Visit};
use route::periodic::{
    Balance, CalendarDay, Customer, Every, FieldRep, PeriodProblem, Rule, Ways, plan_period,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn main() {
    let part = std::env::args().nth(1).unwrap_or_else(|| "small".into());
    if part == "period" {
        return period();
    }
    let Some(data) = data_folder() else {
        println!("development set absent (looked for ../shared/data/vrp and $VRP_DATA): nothing measured");
        return;
    };
    match part.as_str() {
        "small" => small(&data),
        "days" => days(),
        "rank" => emergency(),
        "field" => field(&data),
        "vrptw" => vrptw(&data),
        other => println!("unknown part {other}"),
    }
}

fn data_folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/vrp");
    std::env::var_os("VRP_DATA").map(PathBuf::from).into_iter().chain([beside]).find(|p| p.is_dir())
}

fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

/// The 36 days with proven values, all three questions each.
fn small(data: &Path) {
    let Ok(text) = std::fs::read_to_string(data.join("tsptw_small_dev.json")) else {
        println!("tsptw_small_dev.json absent");
        return;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let numbers = |v: &serde_json::Value| -> Vec<i64> {
        v.as_array().map(|a| a.iter().filter_map(serde_json::Value::as_i64).collect()).unwrap_or_default()
    };
    println!("{:>3} {:>6} {:>9} {:>9} {:>9}   ms per question", "n", "cases", "optimal", "proven", "checked");
    let mut sizes: Vec<u64> = cases.iter().filter_map(|c| c["n"].as_u64()).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for n in sizes {
        let (mut asked, mut optimal, mut proven, mut checked) = (0, 0, 0, 0);
        let (mut total, mut worst) = (Duration::ZERO, Duration::ZERO);
        for case in cases.iter().filter(|c| c["n"].as_u64() == Some(n)) {
            let rows: Vec<Vec<i64>> =
                case["durations"].as_array().map(|r| r.iter().map(numbers).collect()).unwrap_or_default();
            let Ok(durations) = Matrix::from_rows(&rows) else { continue };
            let service = numbers(&case["service"]);
            let windows = case["time_windows"].as_array().cloned().unwrap_or_default();
            for (field, end, objective) in [
                ("optimal_travel_closed", Some(0), Objective::LeastTime),
                ("optimal_travel_open", None, Objective::LeastTime),
                ("optimal_finish_open", None, Objective::EarliestFinish),
            ] {
                let stops = (0..service.len()).map(|k| {
                    let w = numbers(&windows[k]);
                    Stop::at(k + 1, service[k]).within(w[0], w[1])
                });
                let day = DayProblem {
                    distances: durations.clone(),
                    durations: durations.clone(),
                    start: Some(0),
                    end,
                    stops: stops.collect(),
                    shift: (0, 1 << 30),
                    breaks: vec![],
                    objective,
                    most_stops: None,
                    limits: vec![],
                };
                let before = cpu();
                let route = day_route(&day);
                let spent = cpu() - before;
                asked += 1;
                let right = route.unserved.is_empty() && Some(route.value(&day)) == case[field].as_i64();
                if !right {
                    println!("  {field}: {} against {}", route.value(&day), case[field]);
                }
                optimal += usize::from(right);
                proven += usize::from(route.proven_optimal);
                checked += usize::from(check_certificate(&day, &route).is_ok());
                total += spent;
                worst = worst.max(spent);
            }
        }
        println!(
            "{n:>3} {asked:>6} {optimal:>9} {proven:>9} {checked:>9}   mean {:.2}, worst {:.2}",
            total.as_secs_f64() * 1e3 / f64::from(asked),
            worst.as_secs_f64() * 1e3
        );
    }
}

/// Four weeks of 500 customers and 5 people in a city of 20 by 20 km at 30 km/h, visits of ten to twenty minutes: once
/// with everybody free to go anywhere, once with every customer bound to the nearest of the five who is not full.
fn period() {
    const CUSTOMERS: usize = 500;
    const REPS: usize = 5;
    // As many as the server takes for so many customers.
    const STEPS: u64 = 500_000;
    println!(
        "people    seed  visits  unmet  overfull  CPU s  people range  days range  driving over shortest"
    );
    for seed in 1..=3_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut roll = move |sides: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 11) % sides) as i64
        };
        let points: Vec<(i64, i64)> = (0..CUSTOMERS + REPS).map(|_| (roll(20_000), roll(20_000))).collect();
        let durations = Matrix::from_fn(points.len(), |i, j| {
            let (dx, dy) = (points[i].0 - points[j].0, points[i].1 - points[j].1);
            (1.35 * ((dx * dx + dy * dy) as f64).sqrt() / 8.3) as i64
        });
        let rules = [
            Every::Week(2),
            Every::Week(1),
            Every::Week(1),
            Every::Month(2),
            Every::Month(2),
            Every::Month(1),
            Every::Month(1),
        ];
        let day = |d: u32| CalendarDay { weekday: (d % 7) as u8, month: 1, week: d / 7, working: d % 7 < 5 };
        let customer = |c: usize, roll: &mut dyn FnMut(u64) -> i64| {
            Customer::new(c, 600 + 60 * roll(11), Rule::new(rules[c % rules.len()]))
        };
        let rep = |r: usize| FieldRep {
            id: r as u64,
            home: CUSTOMERS + r,
            end: Some(CUSTOMERS + r),
            holds_s: vec![8 * 3_600; 28],
            ..FieldRep::default()
        };
        let free = PeriodProblem {
            days: (0..28).map(day).collect(),
            reps: (0..REPS).map(rep).collect(),
            customers: (0..CUSTOMERS).map(|c| customer(c, &mut roll)).collect(),
            ways: vec![Ways { durations, distances: None }],
        };
        let mut bound = free.clone();
        owners(&mut bound);
        for (name, problem) in [("free", &free), ("bound", &bound)] {
            let before = cpu();
            let plan = plan_period(problem, Balance::default(), 1, Effort::Steps(STEPS));
            let spent = (cpu() - before).as_secs_f64();
            let shortest = plan_period(problem, Balance(0.0), 1, Effort::Steps(STEPS));
            println!(
                "{name:<6} {seed:>7} {:>7} {:>6} {:>9} {spent:>6.1} {:>12.1} % {:>9.1} % {:>14.1} %",
                plan.visits.len(),
                plan.unmet.len(),
                plan.overfull.len(),
                plan.person_range * 100.0,
                plan.day_range * 100.0,
                (plan.travel_s as f64 / shortest.travel_s as f64 - 1.0) * 100.0
            );
        }
    }
}

/// Binds customers to people: each to the nearest who has not got his share of the visits yet.
fn owners(problem: &mut PeriodProblem) {
    let visits = |c: &Customer| match c.rule.every {
        Every::Week(n) => 4 * i64::from(n),
        Every::Month(n) => i64::from(n),
        Every::Days(_) => 1,
    };
    let all: i64 = problem.customers.iter().map(|c| c.service_s * visits(c)).sum();
    let share = all / problem.reps.len() as i64 + 1;
    let mut taken = vec![0; problem.reps.len()];
    let ways = &problem.ways[0];
    for c in &mut problem.customers {
        let free = (0..problem.reps.len()).filter(|r| taken[*r] < share);
        let near = free.min_by_key(|r| ways.durations[(problem.reps[*r].home, c.place)]).unwrap_or(0);
        taken[near] += c.service_s * visits(c);
        c.reps = vec![near];
    }
}

/// Random days in a city of 12 by 12 km at 30 km/h; 60 % of the stops have windows of two to four hours.
fn days() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut roll = move |sides: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        ((seed >> 11) % sides) as i64
    };
    println!("{:>3} {:>7} {:>7}   ms: median, p90, worst", "n", "cases", "proven");
    for n in [8, 10, 12, 14, 16, 18, 20, 22, 25, 30] {
        let (mut times, mut proven) = (Vec::new(), 0);
        for case in 0..40 {
            let points: Vec<(i64, i64)> = (0..=n).map(|_| (roll(12_000), roll(12_000))).collect();
            let metres = Matrix::from_fn(n + 1, |i, j| {
                let (dx, dy) = (points[i].0 - points[j].0, points[i].1 - points[j].1);
                (1.35 * ((dx * dx + dy * dy) as f64).sqrt()) as i64 * (93 + roll(15)) / 100
            });
            let service = 25_000 / n as i64;
            let stops = (1..=n).map(|k| {
                let stop = Stop::at(k, service / 2 + roll(service as u64));
                let from = roll(24_000);
                if roll(100) < [0, 30, 60, 90][case % 4] {
                    stop.within(from, from + 7_200 + roll(7_200))
                } else {
                    stop
                }
            });
            let day = DayProblem {
                durations: metres.map(|m| m * 10 / 83),
                stops: stops.collect(),
                distances: metres,
                start: Some(0),
                end: (case % 8 < 4).then_some(0),
                shift: (0, 40_000),
                breaks: vec![],
                objective: Objective::LeastDistance,
                most_stops: None,
                limits: vec![],
            };
            let before = cpu();
            let route = day_route(&day);
            times.push((cpu() - before).as_secs_f64() * 1e3);
            proven += usize::from(route.proven_optimal);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("{n:>3} {:>7} {proven:>7}   {:.2}, {:.2}, {:.2}", times.len(), at(0.5), at(0.9), at(1.0));
    }
}

/// Arguments: folder, seconds, then how many instances to skip between two (0: all), then the seed.
fn vrptw(data: &Path) {
    let argument = |k: usize| std::env::args().nth(k);
    let folder = argument(2).unwrap_or_else(|| "solomon100".into());
    let seconds: f64 = argument(3).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let every: usize = argument(4).and_then(|s| s.parse().ok()).unwrap_or(1);
    let seed: u64 = argument(5).and_then(|s| s.parse().ok()).unwrap_or(1);
    let known = std::fs::read_to_string(data.join("bks.csv")).unwrap_or_default();
    let mut names: Vec<PathBuf> = std::fs::read_dir(data.join(&folder))
        .map(|d| d.flatten().map(|e| e.path()).collect())
        .unwrap_or_default();
    names.sort();
    let (mut sum, mut count, mut worst) = (0.0, 0, 0.0_f64);
    let mut gaps: Vec<(String, f64)> = vec![];
    for path in names.iter().step_by(every) {
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        if std::env::var("ONLY").is_ok_and(|only| !only.split(',').any(|o| o == name)) {
            continue;
        }
        let best = known.lines().find_map(|l| l.strip_prefix(&format!("{folder},{name},")));
        let best: Option<f64> = best.and_then(|l| l.split(',').next()).and_then(|s| s.parse().ok());
        let (Ok(text), Some(best)) = (std::fs::read_to_string(path), best) else { continue };
        let Some(problem) = solomon(&text) else { continue };
        let now = || cpu().as_secs_f64();
        let options = Options { effort: Effort::Clock { now: &now, seconds }, threads: 1, seed };
        let Ok(plan) = model::solve(&problem, &options) else { continue };
        let reached = plan.routes.iter().map(|r| r.travel_s).sum::<i64>() as f64 / 10.0;
        let gap = (reached / best - 1.0) * 100.0;
        println!(
            "{name:<9} {reached:>9.1} {best:>9.1} {gap:>6.2} % {:>3} routes, {} left out",
            plan.routes.len(),
            plan.score.left_out
        );
        gaps.push((name.to_owned(), gap));
        sum += gap;
        count += 1;
        worst = worst.max(gap);
    }
    println!(
        "{folder} {seconds} s: mean gap {:.3} %, worst {worst:.2} %, {count} instances",
        sum / f64::from(count.max(1))
    );
    beside_others(data, seconds, &gaps);
}

/// Stored results of other solvers after as much CPU time, and ours on the same instances.
fn beside_others(data: &Path, seconds: f64, ours: &[(String, f64)]) {
    let stored = std::fs::read_to_string(data.join("anchor_results.csv")).unwrap_or_default();
    // instance,solver,cpu_seconds,distance,vehicles,bks,gap_percent
    let rows = stored.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let [instance, solver, took, .., gap] = cells[..] else { return None };
        let same = took.parse::<f64>().is_ok_and(|t| (t - seconds).abs() < 1e-9);
        let own = ours.iter().find(|(name, _)| name == instance)?.1;
        same.then_some((solver, gap.parse::<f64>().ok()?, own))
    });
    let rows: Vec<(&str, f64, f64)> = rows.collect();
    let mut solvers: Vec<&str> = rows.iter().map(|r| r.0).collect();
    solvers.sort_unstable();
    solvers.dedup();
    for solver in solvers {
        let of: Vec<_> = rows.iter().filter(|r| r.0 == solver).collect();
        let mean =
            |value: fn(&(&str, f64, f64)) -> f64| of.iter().map(|r| value(r)).sum::<f64>() / of.len() as f64;
        println!(
            "  {solver}: {:.2} %, ours {:.2} %, on the same {} instances",
            mean(|r| r.1),
            mean(|r| r.2),
            of.len()
        );
    }
}

/// A Solomon file with DIMACS rounding, in tenths.
fn solomon(text: &str) -> Option<Problem> {
    let rows: Vec<Vec<i64>> =
        text.lines().map(|l| l.split_whitespace().filter_map(|w| w.parse().ok()).collect()).collect();
    let fleet = rows.iter().find(|r| r.len() == 2)?;
    let places: Vec<&Vec<i64>> = rows.iter().filter(|r| r.len() == 7).collect();
    let tenths = Matrix::from_fn(places.len(), |i, j| {
        let (dx, dy) = (places[i][1] - places[j][1], places[i][2] - places[j][2]);
        (10.0 * ((dx * dx + dy * dy) as f64).sqrt()) as i64
    });
    let visits = places.iter().enumerate().skip(1).map(|(k, r)| Visit {
        id: k as u64,
        location: k,
        service_s: r[6] * 10,
        windows: vec![(r[4] * 10, r[5] * 10)],
        delivery: vec![r[3]],
        ..Visit::default()
    });
    let depot = places.first()?;
    let rep = Rep {
        start: Some(0),
        end: Some(0),
        shift: (depot[4] * 10, depot[5] * 10),
        capacity: vec![fleet[1]],
        ..Rep::default()
    };
    Some(Problem {
        visits: visits.collect(),
        reps: vec![rep; fleet[0] as usize],
        profiles: vec![Profile { durations: tenths.clone(), distances: tenths, costs: None }],
        weights: model::Weights::default(),
    })
}

/// VROOM's JSON against what VROOM reached. Arguments: factor on VROOM's CPU time (1: as much as it took),
/// then the seed.
fn field(data: &Path) {
    let argument = |k: usize| std::env::args().nth(k);
    let factor: f64 = argument(2).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let seed: u64 = argument(3).and_then(|s| s.parse().ok()).unwrap_or(1);
    let reference = std::fs::read_to_string(data.join("field_vroom_reference.json")).unwrap_or_default();
    let reference: serde_json::Value = serde_json::from_str(&reference).unwrap_or_default();
    let entries: Vec<_> = reference.as_object().into_iter().flatten().collect();
    let (mut least, mut shorter, mut count) = (0, 0, 0);
    for (name, vroom) in entries {
        let Ok(input) = std::fs::read_to_string(data.join("field").join(name)) else { continue };
        if std::env::var("ONLY").is_ok_and(|only| !name.contains(&only)) {
            continue;
        }
        let seconds = (vroom["cpu_s"].as_f64().unwrap_or(1.0) * factor).max(0.02);
        let now = || cpu().as_secs_f64();
        let before = cpu();
        let options = Options { effort: Effort::Clock { now: &now, seconds }, threads: 1, seed };
        let output = match route::vroom::solve_json(&input, &options) {
            Ok(output) => output,
            Err(problem) => {
                println!("{name}: {problem}");
                continue;
            }
        };
        let spent = (cpu() - before).as_secs_f64();
        let flaws = route::vroom::check_json(&input, &output);
        let answer: serde_json::Value = serde_json::from_str(&output).unwrap_or_default();
        let number = |v: &serde_json::Value| v.as_i64().unwrap_or_default();
        let steps = answer["routes"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|r| r["steps"].as_array().into_iter().flatten());
        let jobs = steps.filter(|s| s["type"] == "job").count() as i64;
        let ours = (number(&answer["summary"]["priority"]), jobs, -number(&answer["summary"]["duration"]));
        let served = number(&vroom["jobs"]) - number(&vroom["unassigned"]);
        let theirs = (number(&vroom["priority_assigned"]), served, -number(&vroom["travel_s"]));
        count += 1;
        least += i32::from((ours.0, ours.1) >= (theirs.0, theirs.1));
        shorter += i32::from(ours >= theirs);
        println!(
            "{name:<32} {:>7} steps {:>5} {:>4} {:>7} | VROOM {:>5} {:>4} {:>7} | {:>6.2} % {spent:>6.2} s{}{}",
            number(&answer["steps"]),
            ours.0,
            ours.1,
            -ours.2,
            theirs.0,
            theirs.1,
            -theirs.2,
            (ours.2 as f64 / theirs.2 as f64 - 1.0) * 100.0,
            if answer["optimal"] == true { " optimal" } else { "" },
            if flaws.is_empty() { String::new() } else { format!(" FLAWS {flaws:?}") },
        );
    }
    println!("served at least as much: {least}/{count}; and no longer, or more: {shorter}/{count}");
}

/// Ranking 1 000 people with full days for urgent requests in a city of 30 by 30 km.
fn emergency() {
    use route::rank::{Leg, Person, Planned, Urgent, Weights, rank};
    let mut roll = dice(7);
    let points: Vec<(i64, i64)> = (0..12_000).map(|_| (roll(30_000), roll(30_000))).collect();
    let travel = |a: usize, b: usize| {
        let (dx, dy) = ((points[a].0 - points[b].0) as f64, (points[a].1 - points[b].1) as f64);
        let metres = (dx.hypot(dy) * 1.35) as i64;
        Some(Leg { seconds: metres * 10 / 83, metres })
    };
    let people: Vec<Person> = (0..1_000)
        .map(|k| Person {
            id: k as u64,
            place: k,
            free_at: 30_000 + roll(2_000),
            shift_end: 64_800,
            skills: (0..4).filter(|_| roll(2) == 0).collect(),
            grade: roll(4) as u8,
            remaining: (0..8)
                .map(|v| {
                    let open = 32_000 + v as i64 * 3_500 + roll(1_500);
                    let windows = if roll(2) == 0 { vec![(open, open + 5_400)] } else { vec![] };
                    Planned {
                        place: 1_000 + k * 8 + v,
                        service_s: 1_200 + roll(1_200),
                        windows,
                        begun: v == 0 && roll(5) == 0,
                        fixed: false,
                    }
                })
                .collect(),
            ..Person::default()
        })
        .collect();
    let mut times = Vec::new();
    for request in 0..20 {
        let mut urgent = Urgent {
            place: 9_500 + request,
            service_s: 3_600,
            grade: 1,
            latest: Some(30_000 + 7_200),
            ..Urgent::default()
        };
        urgent.skills.all = vec![1];
        let before = cpu();
        let ranked = rank(&urgent, &people, 30_000, &Weights::default(), travel);
        times.push((cpu() - before).as_secs_f64() * 1e3);
        if let (0, Some(Ok(offer))) = (request, ranked.first().map(|r| &r.result)) {
            let able = ranked.iter().filter(|r| r.result.is_ok()).count();
            println!("{able} of 1000 can go; the best: {offer:?}");
        }
    }
    times.sort_by(f64::total_cmp);
    println!("1000 people: median {:.1} ms, worst {:.1} ms", times[10], times[19]);
}

fn dice(seed: u64) -> impl FnMut(u64) -> i64 {
    let mut state = seed ^ 0x2545_F491_4F6C_DD1D;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 11) % sides) as i64
    }
}
