//! What a release must show. The numbers are goals set beforehand: when one is not reached, the rules change and not the gate.

use crate::{report::Figures, score::Rate};

/// Fewer honest days decide nothing about one alarm in a hundred, and nothing at all about one in five hundred.
const DAYS: usize = 2_000;
const PEOPLE: usize = 30;
/// Honest person-days that may be red, and amber or red.
const RED: f64 = 0.002;
const AMBER: f64 = 0.02;
/// Days of any nuisance that may be amber or red.
const NUISANCE: f64 = 0.03;
/// Attacks found at 1 % false alarms: mean of all families, and of those that leave plain traces.
const ALL: f64 = 0.80;
const PLAIN: f64 = 0.95;
/// Single visits found at 1 %.
const VISIT: f64 = 0.90;

const STATIC: [&str; 2] = ["static exact", "static with jitter"];
const REPLAY: [&str; 8] = [
    "replay own day",
    "replay own day, noise added",
    "replay own day, resampled",
    "replay colleague",
    "replay colleague, noise added",
    "sped-up replay",
    "slowed replay",
    "reversed replay",
];
const EMULATOR: [&str; 1] = ["emulator fields"];
const VISITS: [&str; 2] = ["drive-past claim", "moved customer"];

/// Prints each gate with its measure; answers whether all are passed.
pub fn print(figures: &Figures) -> bool {
    println!("\ngates");
    let honest = figures.amber.n;
    let mut passed = true;
    let mut gate = |name: &str, measured: String, holds: bool| {
        println!("  {} {name:62} {measured}", if holds { "pass" } else { "FAIL" });
        passed &= holds;
    };
    gate(
        &format!("at least {DAYS} honest person-days of {PEOPLE} people"),
        format!("{honest} of {}", figures.people),
        honest >= DAYS && figures.people >= PEOPLE,
    );
    gate("honest person-days red: at most 0.2 %", figures.red.to_string(), at_most(figures.red, RED));
    gate(
        "honest person-days amber or red: at most 2 %",
        figures.amber.to_string(),
        at_most(figures.amber, AMBER),
    );
    for (kind, rate) in &figures.nuisances {
        gate(&format!("{kind}: at most 3 % amber or red"), rate.to_string(), at_most(*rate, NUISANCE));
    }
    let all: Vec<&str> = figures.days.iter().map(|(kind, _)| *kind).collect();
    for (name, kinds, least) in [
        ("all families of days, mean found at 1 %: at least 80 %", &all[..], ALL),
        ("static, mean found at 1 %: at least 95 %", &STATIC, PLAIN),
        ("replay, mean found at 1 %: at least 95 %", &REPLAY, PLAIN),
        ("emulator fields, found at 1 %: at least 95 %", &EMULATOR, PLAIN),
    ] {
        let found = mean(&figures.days, kinds);
        gate(name, format!("{:5.1} %", found * 100.0), found >= least);
    }
    for kind in VISITS {
        let found = mean(&figures.visits, &[kind]);
        gate(
            &format!("visits, {kind}, found at 1 %: at least 90 %"),
            format!("{:5.1} %", found * 100.0),
            found >= VISIT,
        );
    }
    println!("{}", if passed { "all gates passed" } else { "not all gates passed" });
    passed
}

/// A measure of nothing passes nothing.
fn at_most(rate: Rate, most: f64) -> bool {
    rate.n > 0 && rate.share() <= most
}

/// Mean share over families; a family that was not measured counts as missed.
fn mean(measured: &[(&str, Rate)], kinds: &[&str]) -> f64 {
    let share = |kind: &&str| measured.iter().find(|(k, _)| k == kind).map_or(0.0, |(_, r)| r.share());
    kinds.iter().map(share).sum::<f64>() / kinds.len().max(1) as f64
}
