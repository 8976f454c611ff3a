//! Standing still inside a movement: red lights, queues, a stop at the kerb.
//!
//! Two states, still and moving, decided together for the whole movement (Viterbi): the reported speed votes
//! at each fix, the displacement votes between fixes, measured against what the position error alone would
//! show. Without this every red light would add the wandering of the receiver to the distance.

use crate::obs::Obs;

/// Standard deviation of a reported speed at rest, m/s.
const SPEED_SD: f64 = 0.33;
/// Typical speed of slow movement: the alternative for a displacement, m/s.
const SLOW_MPS: f64 = 3.0;
/// Errors of positions closer in time than this are the same error, seconds.
const LAG_S: f64 = 8.0;
/// Time over which a slow walk shows, seconds.
const WALK_LAG_S: f64 = 24.0;
/// Correlation time of the position error, seconds.
const TAU_S: f64 = 20.0;
/// Cost of a change of state, in nats.
const SWITCH: f64 = 3.0;

/// For every fix: is the person standing still?
pub(crate) fn still(obs: &[Obs]) -> Vec<bool> {
    let n = obs.len();
    if n == 0 {
        return Vec::new();
    }
    // score[0] of ending still, score[1] of ending in motion
    let mut score = [at_fix(obs, 0), 0.0];
    let mut back = vec![[0usize; 2]; n];
    for (k, back) in back.iter_mut().enumerate().skip(1) {
        let still_from = [score[0] + between(obs, k), score[1] - SWITCH];
        let move_from = [score[0] - SWITCH, score[1]];
        let pick = |v: [f64; 2]| if v[0] >= v[1] { (v[0], 0) } else { (v[1], 1) };
        let (s, from_s) = pick(still_from);
        let (m, from_m) = pick(move_from);
        *back = [from_s, from_m];
        score = [s + at_fix(obs, k), m];
    }
    let mut state = if score[0] >= score[1] { 0 } else { 1 };
    let mut out = vec![false; n];
    for k in (0..n).rev() {
        out[k] = state == 0;
        state = back[k][state];
    }
    out
}

/// Evidence for "still" from the speed reported at a fix.
fn at_fix(obs: &[Obs], k: usize) -> f64 {
    let Some(v) = obs[k].v else { return 0.0 };
    let before = if k > 0 { obs[k].t - obs[k - 1].t } else { 2.0 };
    let vote = 3.0 - v * v / (2.0 * SPEED_SD * SPEED_SD);
    vote.clamp(-8.0, 3.0) * (before / 2.0).clamp(0.1, 1.0)
}

/// Evidence for "still" from the displacement around the interval that ends at fix `k`: over at least
/// [`LAG_S`] before its end and after its start, whichever moved more, so that neither the start nor the end
/// of a pause is put off.
fn between(obs: &[Obs], k: usize) -> f64 {
    let step = obs[k].t - obs[k - 1].t;
    let mut vote = at_most(obs, k, LAG_S, 0.0).min(at_most(obs, k, LAG_S, 1.0));
    if obs[k].v.is_none() {
        // a slow walk shows only over a longer time; a pause must have room for that
        let long = [0.0, 0.33, 0.67, 1.0].map(|share| at_most(obs, k, WALK_LAG_S, share));
        vote = vote.min(long.into_iter().fold(f64::NEG_INFINITY, f64::max));
    }
    vote.clamp(-8.0, 4.0) * (step / LAG_S).clamp(0.02, 1.0)
}

/// Evidence for "still" from the displacement over at least `lag` seconds that include the interval ending at
/// `k`; the share `ahead` of them lies after it.
fn at_most(obs: &[Obs], k: usize, lag: f64, ahead: f64) -> f64 {
    let from = obs[k].t - lag * (1.0 - ahead);
    let i = (k.saturating_sub(64)..k)
        .rev()
        .find(|&i| obs[i].t <= from)
        .unwrap_or(k.saturating_sub(64))
        .min(k - 1);
    let to = obs[k - 1].t + lag * ahead;
    let last = obs.len() - 1;
    let j = (k..=last.min(k + 64)).find(|&j| obs[j].t >= to).unwrap_or(last.min(k + 64));
    let (a, b) = (&obs[i], &obs[j]);
    let dt = b.t - a.t;
    let noise = (a.sigma * a.sigma + b.sigma * b.sigma) * (1.0 - (-dt / TAU_S).exp()) + 0.5;
    let moving = noise + (SLOW_MPS * dt).powi(2);
    let d2 = (a.x - b.x).powi(2) + (a.y - b.y).powi(2);
    (moving / noise).ln() - d2 / 2.0 * (1.0 / noise - 1.0 / moving)
}
