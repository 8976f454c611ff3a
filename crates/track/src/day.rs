//! One person's day, from fixes to the statement.

use geo::LngLat;

use crate::{
    Day, Fix, Gap, GapKind, Input, Mode, PathPoint, Place, Rules, Stay, Trip, VERSION, VisitSpan, Window,
    canon::{canonical, cut},
    mode,
    timeline::{self, Known},
    walk::{Kind, Leg, Walked, Waypoint, walk},
};

/// Computes a day. Never fails: fixes that make no sense are left out and counted, and the same fixes in any
/// order and any number of copies give the same day to the last bit.
pub fn day(input: &Input, rules: &Rules) -> Day {
    let canon = canonical(input, rules);
    let mut day = Day {
        version: VERSION.to_owned(),
        input_sha256: canon.sha256.clone(),
        duty_ms: canon.duty.iter().map(|w| w.len_ms()).sum(),
        counted_m: 0.0,
        moved_m: 0.0,
        raw_m: 0.0,
        excluded_m: 0.0,
        private_m: 0.0,
        estimated_m: 0.0,
        stays: Vec::new(),
        trips: Vec::new(),
        gaps: Vec::new(),
        timeline: Vec::new(),
        path: Vec::new(),
        fixes_given: canon.given,
        fixes_used: 0,
        fixes_dropped: canon.dropped,
        breaks: 0,
    };
    let mut stretches = Vec::new();
    for duty in &canon.duty {
        day.raw_m += raw(within(&canon.fixes, *duty));
        for (window, private) in cut(*duty, &canon.private) {
            let walked = walk(within(&canon.fixes, window), rules, &mut day.fixes_dropped);
            day.fixes_used += walked.used;
            day.breaks += walked.leaps;
            stretches.push(Stretch { window, private, walked });
        }
    }
    let brisk = day_brisk(&stretches);
    for stretch in &stretches {
        add(&mut day, stretch, brisk, input, rules);
    }
    total(&mut day);
    day
}

/// A part of duty time that is private throughout or not at all.
struct Stretch {
    window: Window,
    private: bool,
    walked: Walked,
}

fn within(fixes: &[Fix], w: Window) -> &[Fix] {
    let from = fixes.partition_point(|f| f.t_ms < w.from_ms);
    let to = fixes.partition_point(|f| f.t_ms < w.to_ms);
    &fixes[from..to.max(from)]
}

fn raw(fixes: &[Fix]) -> f64 {
    fixes.windows(2).map(|p| geo::distance_m(p[0].at, p[1].at)).sum()
}

/// The briskest ride of the day, weighted towards real trips, m/s.
fn day_brisk(stretches: &[Stretch]) -> f64 {
    let mut brisk = 0.0f64;
    for leg in stretches.iter().flat_map(|s| &s.walked.legs) {
        let Kind::Move { points } = &leg.kind else { continue };
        for part in mode::parts(points).into_iter().filter(|p| p.mode == Mode::Driving) {
            brisk = brisk.max(mode::brisk_mps(points, part));
        }
    }
    brisk
}

fn add(day: &mut Day, stretch: &Stretch, brisk: f64, input: &Input, rules: &Rules) {
    let mut known = Vec::with_capacity(stretch.walked.legs.len());
    let mut line = Line { last_ms: None, broken: true };
    for leg in &stretch.walked.legs {
        match &leg.kind {
            Kind::Stay { centre, spread_m } => {
                if !stretch.private {
                    let stay = Stay {
                        from_ms: leg.from_ms,
                        to_ms: leg.to_ms,
                        centre: *centre,
                        spread_m: cm(*spread_m),
                        place: attribute(leg, *centre, *spread_m, input.places, input.visits),
                    };
                    line.draw(day, leg.from_ms, *centre, 0.0, rules);
                    line.draw(day, leg.to_ms, *centre, 0.0, rules);
                    day.stays.push(stay);
                }
            }
            Kind::Rest { .. } => {}
            Kind::Move { points } => {
                add_trips(day, &mut line, points, stretch.private, brisk, rules);
            }
        }
        known.push(Known::of(leg, input));
    }
    let told = timeline::tell(stretch.window, stretch.private, &known, &canon_absences(input), rules);
    for silence in &told.silences {
        let kind = silence.kind.unwrap_or_else(|| {
            let alive = stretch.walked.coarse.iter().any(|c| silence.window.contains(c.t_ms));
            if alive { GapKind::NoSignal } else { GapKind::Unknown }
        });
        let estimated_m = silence.between.map_or(0.0, |(a, b)| crossing(a, b, &stretch.walked.legs, rules));
        let w = silence.window;
        day.gaps.push(Gap { from_ms: w.from_ms, to_ms: w.to_ms, kind, estimated_m });
        day.timeline.push(crate::Span { from_ms: w.from_ms, to_ms: w.to_ms, state: kind.into() });
    }
    day.timeline.extend(told.spans);
}

fn canon_absences(input: &Input) -> Vec<crate::Absence> {
    let mut absences = input.absences.to_vec();
    absences.sort_unstable();
    absences
}

/// Estimated way through a silence between two legs, metres.
fn crossing(a: usize, b: usize, legs: &[Leg], rules: &Rules) -> f64 {
    let (Some(from), Some(to)) = (legs[a].last(), legs[b].first()) else { return 0.0 };
    let chord = geo::distance_m(from, to);
    if chord < 2.0 * rules.trip_min_m { 0.0 } else { cm(chord * rules.detour) }
}

/// The drawn line under construction.
struct Line {
    last_ms: Option<i64>,
    broken: bool,
}

impl Line {
    fn draw(&mut self, day: &mut Day, t_ms: i64, at: LngLat, speed_mps: f64, rules: &Rules) {
        let silent = self.last_ms.is_none_or(|last| (t_ms - last) as f64 > rules.break_s * 1000.0);
        // a stay is one dot twice: its length is no silence
        let same = day.path.last().is_some_and(|p| p.at == at);
        let starts = self.broken || (silent && !same);
        day.path.push(PathPoint { t_ms, at, speed_mps: (speed_mps * 100.0).round() as f32 / 100.0, starts });
        self.last_ms = Some(t_ms);
        self.broken = false;
    }
}

fn add_trips(day: &mut Day, line: &mut Line, points: &[Waypoint], private: bool, brisk: f64, rules: &Rules) {
    line.broken |= day.path.last().is_none_or(|p| points.first().is_some_and(|q| q.t_ms < p.t_ms));
    let first = day.trips.len();
    // metres crept forward in a wait; they belong to the ride around it
    let mut crept = 0.0;
    for part in mode::parts(points) {
        let meters: f64 = points[part.a + 1..=part.b].iter().map(|p| p.meters).sum();
        let mode = match part.mode {
            Mode::Driving => mode::vehicle(mode::brisk_mps(points, part), meters, brisk),
            other => other,
        };
        let path_from = day.path.len();
        if !private {
            for p in &points[part.a..=part.b] {
                line.draw(day, p.t_ms, p.at, p.speed_mps, rules);
            }
        }
        if mode == Mode::Walking && meters < rules.trip_min_m / 2.0 {
            match day.trips[first..].last_mut() {
                Some(before) => before.meters = cm(before.meters + meters),
                None => crept += meters,
            }
            continue;
        }
        day.trips.push(Trip {
            from_ms: points[part.a].t_ms,
            to_ms: points[part.b].t_ms,
            meters: cm(meters + crept),
            mode,
            counted: !private && rules.counted_modes.contains(&mode),
            private,
            path_from,
            path_to: day.path.len(),
        });
        crept = 0.0;
    }
}

/// The customer a stay belongs to: the visit that covers most of it, otherwise the nearest place in reach.
fn attribute(
    leg: &Leg,
    centre: LngLat,
    spread_m: f64,
    places: &[Place],
    visits: &[VisitSpan],
) -> Option<uuid::Uuid> {
    let stay = Window::new(leg.from_ms, leg.to_ms);
    let near = |place: &Place, slack: f64| {
        let d = geo::distance_m(place.at, centre);
        (d <= place.radius_m + slack).then_some(d - place.radius_m)
    };
    let visited = visits
        .iter()
        .filter_map(|v| Some((stay.overlap(Window::new(v.from_ms, v.to_ms))?.len_ms(), v.place)))
        .filter(|(_, id)| places.iter().find(|p| p.id == *id).is_none_or(|p| near(p, 150.0).is_some()))
        .max();
    if let Some((_, id)) = visited {
        return Some(id);
    }
    places
        .iter()
        .filter_map(|p| Some((near(p, spread_m.min(50.0))?, p.id)))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, id)| id)
}

fn total(day: &mut Day) {
    day.timeline.sort_by_key(|s| s.from_ms);
    let sum = |keep: &dyn Fn(&Trip) -> bool| -> f64 {
        cm(day.trips.iter().filter(|t| keep(t)).map(|t| t.meters).sum())
    };
    let (counted, moved) = (sum(&|t| t.counted), sum(&|t| !t.private));
    let (excluded, private) = (sum(&|t| !t.counted), sum(&|t| t.private));
    (day.counted_m, day.moved_m, day.excluded_m, day.private_m) = (counted, moved, excluded, private);
    day.estimated_m = cm(day.gaps.iter().map(|g| g.estimated_m).sum());
    day.raw_m = cm(day.raw_m);
}

/// Rounded to whole centimetres, so that the last bits of a processor's mathematics never show. Nothing is `0`,
/// never `-0`: the sum of no numbers at all carries that sign.
pub(crate) fn cm(meters: f64) -> f64 {
    (meters * 100.0).round() / 100.0 + 0.0
}
