//! The tables.

use trust::{AMBER, Band, Judged};

use crate::{
    Bench, Kind,
    attacks::{ATTACKS, VISIT_ATTACKS},
    nuisances::NUISANCES,
    score::{Rate, threshold},
};

/// What the gates ask.
pub struct Figures {
    pub people: usize,
    /// Honest person-days with a finding.
    pub amber: Rate,
    pub red: Rate,
    /// Days of each nuisance with a finding.
    pub nuisances: Vec<(&'static str, Rate)>,
    /// Found of each family at 1 % false alarms.
    pub days: Vec<(&'static str, Rate)>,
    pub visits: Vec<(&'static str, Rate)>,
}

fn scores(kinds: &[Kind], of: &[trust::Assessment], wanted: impl Fn(&Kind) -> bool) -> Vec<f64> {
    kinds.iter().zip(of).filter(|(k, _)| wanted(k)).map(|(_, a)| a.score).collect()
}

/// Prints the tables; answers what the gates ask.
pub fn print(bench: &Bench, judged: &Judged) -> Figures {
    let honest = scores(&bench.days, &judged.days, |k| *k == Kind::Honest);
    println!("\nhonest person-days: {}", honest.len());
    let reach = |band| {
        let days = bench.days.iter().zip(&judged.days).filter(|(k, _)| **k == Kind::Honest);
        Rate::of(days.map(|(_, a)| a.band >= band))
    };
    let (amber, red) = (reach(Band::Amber), reach(Band::Red));
    println!("  amber or red   {amber}\n  red            {red}");
    let mut figures = Figures {
        people: bench.world.people.len(),
        amber,
        red,
        nuisances: vec![],
        days: vec![],
        visits: vec![],
    };
    let at: Vec<f64> = [0.002, 0.01, 0.02].iter().map(|r| threshold(&honest, *r)).collect();
    println!("thresholds at 0.2 / 1 / 2 % false alarms a person-day: {at:.3?}");

    println!("\n{:34} {:>24} {:>24}", "nuisance: share with a finding", "amber or red", "red");
    for kind in NUISANCES {
        let these: Vec<&trust::Assessment> = bench
            .days
            .iter()
            .zip(&judged.days)
            .filter(|(k, _)| **k == Kind::Nuisance(kind))
            .map(|(_, a)| a)
            .collect();
        let amber = Rate::of(these.iter().map(|a| a.band >= Band::Amber));
        let red = Rate::of(these.iter().map(|a| a.band == Band::Red));
        println!("{kind:34} {:>24} {:>24}", amber.to_string(), red.to_string());
        figures.nuisances.push((kind, amber));
    }
    println!("\n{:34} {:>24} {:>24} {:>24}", "attack: share found at", "0.2 %", "1 %", "2 %");
    let mut macro_rate = [0.0; 3];
    for kind in ATTACKS {
        let s = scores(&bench.days, &judged.days, |k| *k == Kind::Attack(kind));
        let rates: Vec<Rate> = at.iter().map(|t| Rate::of(s.iter().map(|x| x > t))).collect();
        for (sum, r) in macro_rate.iter_mut().zip(&rates) {
            *sum += r.share() / ATTACKS.len() as f64;
        }
        println!(
            "{kind:34} {:>24} {:>24} {:>24}",
            rates[0].to_string(),
            rates[1].to_string(),
            rates[2].to_string()
        );
        figures.days.push((kind, rates[1]));
    }
    println!(
        "{:34} {:>24.3} {:>24.3} {:>24.3}",
        "macro average", macro_rate[0], macro_rate[1], macro_rate[2]
    );

    let genuine = |k: &Kind| matches!(k, Kind::Honest | Kind::Nuisance(_));
    let honest = scores(&bench.visits, &judged.visits, genuine);
    let at: Vec<f64> = [0.002, 0.01, 0.02].iter().map(|r| threshold(&honest, *r)).collect();
    println!("\nvisits: {} genuine (nuisances included), thresholds {at:.3?}", honest.len());
    let amber = Rate::of(honest.iter().map(|s| *s >= AMBER));
    println!("  genuine amber or red {amber}");
    for kind in VISIT_ATTACKS {
        let s = scores(&bench.visits, &judged.visits, |k| *k == Kind::Visit(kind));
        let rates: Vec<Rate> = at.iter().map(|t| Rate::of(s.iter().map(|x| x > t))).collect();
        println!(
            "{kind:34} {:>24} {:>24} {:>24}",
            rates[0].to_string(),
            rates[1].to_string(),
            rates[2].to_string()
        );
        figures.visits.push((kind, rates[1]));
    }
    figures
}
