//! The loop: ruin, recreate, accept or take back, cooling as the budget is used up.

use super::instance::Instance;
use super::recreate::Recreate;
use super::ruin::ruin;
use super::state::{State, Value};
use crate::random::Dice;

/// Temperatures at the beginning and the end, in mean legs.
const HOT: f64 = 10.0;
const COLD: f64 = 0.03;

/// Steps between two looks at the budget.
const STRIDE: u64 = 64;

/// How far a run has come, from 0 to 1.
pub(crate) trait Progress {
    fn at(&self, steps: u64) -> f64;
}

/// The best plan found and what it is worth.
pub(crate) struct Best {
    pub value: Value,
    pub sequences: Vec<Vec<usize>>,
    pub steps: u64,
}

pub(crate) fn anneal(
    instance: &Instance,
    seed: u64,
    progress: &dyn Progress,
    start: Option<&[Vec<usize>]>,
) -> Best {
    let mut dice = Dice::new(seed);
    let mut state = State::new(instance);
    let mut recreate = Recreate::new();
    if let Some(sequences) = start {
        state.load(sequences);
    }
    state.begin();
    recreate.run(&mut state, &mut dice);
    let mut price = state.price();
    let mut best = Best { value: state.value(), sequences: state.sequences(), steps: 0 };
    let mut temperature = HOT * instance.leg_scale;
    let mut steps = 0;
    loop {
        if steps % STRIDE == 0 {
            let done = progress.at(steps);
            if done >= 1.0 {
                break;
            }
            temperature = instance.leg_scale * HOT * (COLD / HOT).powf(done);
        }
        steps += 1;
        state.begin();
        ruin(&mut state, &mut dice);
        recreate.run(&mut state, &mut dice);
        let next = state.price();
        let slack = -temperature * (1.0 - dice.unit()).ln();
        if (next - price) as f64 >= slack {
            state.undo();
            continue;
        }
        price = next;
        let value = state.value();
        if value < best.value {
            best.value = value;
            best.sequences = state.sequences();
        }
    }
    best.steps = steps;
    best
}
