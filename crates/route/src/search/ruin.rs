//! Takes strings of neighbouring visits out of neighbouring routes (Christiaens & Vanden Berghe 2020, "Slack
//! Induction by String Removals").

use super::state::State;
use crate::random::Dice;

/// Visits taken out on average, longest string.
const REMOVED: f64 = 10.0;
const STRING: f64 = 10.0;
/// How often a string keeps some visits in its middle, and how often it keeps one more.
const SPLIT: f64 = 0.5;
const LONGER: f64 = 0.01;
/// How often the hole is made round an absent visit when there is one.
const ROUND_ABSENT: f64 = 0.3;
/// How often a route is first cut in two. Without it the number of routes hardly ever grows, because a rep
/// sent out for one visit never pays.
const DIVIDE: f64 = 0.3;

pub(crate) fn ruin(state: &mut State, dice: &mut Dice) {
    let instance = state.instance;
    let working: Vec<usize> = state.routes.iter().map(|r| r.len()).filter(|&l| l > 0).collect();
    if working.is_empty() || instance.free.is_empty() {
        return;
    }
    let mean = working.iter().sum::<usize>() as f64 / working.len() as f64;
    let longest = STRING.min(mean).max(1.0);
    let strings = (4.0 * REMOVED / (1.0 + longest) - 1.0).max(1.0);
    let mut strings = (dice.unit() * strings) as usize + 1;
    let absent = state.absent.len();
    let seed = if absent > 0 && dice.chance(ROUND_ABSENT) {
        state.absent[dice.below(absent)] as usize
    } else {
        instance.free[dice.below(instance.free.len())] as usize
    };
    if dice.chance(DIVIDE) {
        divide(state, seed, dice);
    }
    let mut ruined: Vec<usize> = Vec::with_capacity(strings);
    for at in 0..=instance.near[seed].len() {
        if strings == 0 {
            break;
        }
        let visit = if at == 0 { seed } else { instance.near[seed][at - 1] as usize };
        let Some(r) = state.route_of(visit).filter(|r| !ruined.contains(r)) else { continue };
        let first = state.routes[r].first_free(instance);
        let Some(position) = state.routes[r].position(visit).filter(|&p| p >= first) else { continue };
        let count = state.routes[r].len() + 1 - first;
        let most = longest.min(count as f64);
        let length = ((dice.unit() * most) as usize + 1).min(count);
        remove_string(state, r, position, first, count, length, dice);
        ruined.push(r);
        strings -= 1;
    }
}

/// Gives the end of the route of `visit` to an idle rep of the same class.
fn divide(state: &mut State, visit: usize, dice: &mut Dice) {
    let instance = state.instance;
    let Some(r) = state.route_of(visit) else { return };
    let class = instance.people[r].class;
    let idle = |&i: &usize| instance.people[i].class == class && state.routes[i].is_idle();
    let first = state.routes[r].first_free(instance);
    let count = state.routes[r].len() + 1 - first;
    if count > 1
        && let Some(other) = (0..state.routes.len()).find(idle)
    {
        state.divide(r, first + dice.below(count - 1), other);
    }
}

/// Takes `length` of the `count` free stops from `first` on, the one at `position` among them.
fn remove_string(
    state: &mut State,
    r: usize,
    position: usize,
    first: usize,
    count: usize,
    length: usize,
    dice: &mut Dice,
) {
    let mut kept = 0;
    if length > 1 && length < count && dice.chance(SPLIT) {
        kept = 1;
        while length + kept < count && !dice.chance(1.0 - LONGER) {
            kept += 1;
        }
    }
    let span = length + kept;
    let lowest = position.saturating_sub(span - 1).max(first);
    let highest = position.min(first + count - span);
    let begin = lowest + dice.below(highest - lowest + 1);
    let hole = if kept == 0 { 0 } else { begin + 1 + dice.below(length - 1) };
    state.remove(r, |k| k >= begin && k < begin + span && !(kept > 0 && k >= hole && k < hole + kept));
}
