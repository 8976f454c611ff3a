//! The gap-honest time line: every millisecond of duty has exactly one state, and what is not known is said
//! to be not known.

use crate::{
    Absence, GapKind, Input, Rules, Span, State, Window,
    walk::{Kind, Leg},
};

/// A leg with the states it is made of.
#[derive(Debug)]
pub(crate) struct Known {
    pub window: Window,
    /// Cover the window in order.
    states: Vec<(Window, State)>,
}

/// How far from a customer's fence somebody checked in there may be found, metres.
const VISIT_SLACK_M: f64 = 100.0;

impl Known {
    pub(crate) fn of(leg: &Leg, input: &Input) -> Known {
        let window = Window::new(leg.from_ms, leg.to_ms);
        let base = if matches!(leg.kind, Kind::Move { .. }) { State::Moving } else { State::Stay };
        let visits: Vec<Window> = input
            .visits
            .iter()
            .filter_map(|v| Some((window.overlap(Window::new(v.from_ms, v.to_ms))?, v.place)))
            .filter(|(w, id)| {
                let place = input.places.iter().find(|p| p.id == *id);
                place.is_none_or(|p| present(leg, *w, p.at, p.radius_m + VISIT_SLACK_M))
            })
            .map(|(w, _)| w)
            .collect();
        let states = crate::canon::cut(window, &crate::canon::union(&visits))
            .into_iter()
            .map(|(w, visit)| (w, if visit { State::Visit } else { base }))
            .collect();
        Known { window, states }
    }
}

/// Was the person within `reach` metres of `at` during the whole of `w`?
fn present(leg: &Leg, w: Window, at: geo::LngLat, reach: f64) -> bool {
    match &leg.kind {
        Kind::Stay { centre, spread_m } => geo::distance_m(*centre, at) <= reach + spread_m,
        Kind::Rest { at: rest } => geo::distance_m(*rest, at) <= reach,
        Kind::Move { points } => {
            let inside = points.iter().filter(|p| w.contains(p.t_ms));
            inside.clone().next().is_some() && inside.clone().all(|p| geo::distance_m(p.at, at) <= reach)
        }
    }
}

/// A silence that counts as a gap.
#[derive(Debug)]
pub(crate) struct Silence {
    pub window: Window,
    /// The reason, when one is known.
    pub kind: Option<GapKind>,
    /// The legs before and after, on the first part of a silence between two legs.
    pub between: Option<(usize, usize)>,
}

#[derive(Debug, Default)]
pub(crate) struct Told {
    pub spans: Vec<Span>,
    pub silences: Vec<Silence>,
}

/// States of one stretch of duty; spans and silences together cover it without overlap.
pub(crate) fn tell(
    window: Window,
    private: bool,
    known: &[Known],
    absences: &[Absence],
    rules: &Rules,
) -> Told {
    let mut told = Told::default();
    if private {
        told.push(window, State::Private);
        return told;
    }
    let gap_ms = (rules.gap_s * 1000.0) as i64;
    let mut from = window.from_ms;
    let mut last_state = None;
    for (k, leg) in known.iter().enumerate() {
        let w = Window::new(leg.window.from_ms.max(from), leg.window.to_ms.min(window.to_ms));
        let silence = Window::new(from, w.from_ms);
        let first_state = leg.states.first().map(|s| s.1);
        let between = k.checked_sub(1).map(|j| (j, k));
        told.silence(silence, between, gap_ms, last_state.or(first_state), absences);
        for (part, state) in &leg.states {
            if let Some(part) = part.overlap(w) {
                told.push(part, *state);
                last_state = Some(*state);
            }
        }
        if last_state.is_none() {
            last_state = Some(State::Stay);
        }
        from = from.max(w.to_ms);
    }
    told.silence(Window::new(from, window.to_ms), None, gap_ms, last_state, absences);
    told
}

impl Told {
    fn push(&mut self, w: Window, state: State) {
        if w.from_ms >= w.to_ms {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.state == state && last.to_ms == w.from_ms => last.to_ms = w.to_ms,
            _ => self.spans.push(Span { from_ms: w.from_ms, to_ms: w.to_ms, state }),
        }
    }

    /// A short silence belongs to what surrounds it, unless a reason for it is known; a long one is a gap.
    fn silence(
        &mut self,
        w: Window,
        between: Option<(usize, usize)>,
        gap_ms: i64,
        around: Option<State>,
        absences: &[Absence],
    ) {
        if w.from_ms >= w.to_ms {
            return;
        }
        let long = w.len_ms() > gap_ms;
        let mut between = between.filter(|_| long);
        for (part, kind) in reasons(w, absences) {
            match (kind, around) {
                (None, Some(state)) if !long => self.push(part, state),
                _ => self.silences.push(Silence { window: part, kind, between: between.take() }),
            }
        }
    }
}

/// A silence cut by the reasons known for its parts; the first reason wins where two overlap.
fn reasons(w: Window, absences: &[Absence]) -> Vec<(Window, Option<GapKind>)> {
    let mut out = Vec::new();
    let mut from = w.from_ms;
    for a in absences {
        let Some(part) = a.window.overlap(Window::new(from, w.to_ms)) else { continue };
        if from < part.from_ms {
            out.push((Window::new(from, part.from_ms), None));
        }
        out.push((part, Some(a.kind)));
        from = part.to_ms;
    }
    if from < w.to_ms {
        out.push((Window::new(from, w.to_ms), None));
    }
    out
}
