//! From the export to the figures.

use base::Micros;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{
    Export, ExportDay, ExportError, FORMAT, Statement, StatementDay, StatementGap, StatementTrip, Stretch,
    Totals, Withheld, WithheldReason,
};
use crate::{
    Day, Fix, GapKind, Input, Place, Rules, Stay, Trip, VERSION, Window,
    canon::{cut, union},
    day,
};

/// Makes the statement of an export. The same input in any order, in any number of copies and split into any
/// number of parts gives the same statement to the last byte.
///
/// # Errors
/// [`ExportError::Zone`] when the export names a time zone this program does not know.
pub fn statement(export: Export) -> Result<Statement, ExportError> {
    let zone = export.zone()?;
    let export = export.canonical();
    let input_sha256 = export.sha256();
    let days: Vec<StatementDay> = export.days.iter().map(|d| one(d, &export.rules, &zone)).collect();
    Ok(Statement {
        format: FORMAT.to_owned(),
        company: export.company,
        person: export.person,
        month: export.month,
        time_zone: export.time_zone,
        rule_version: VERSION.to_owned(),
        input_sha256,
        totals: totals(&days),
        days,
    })
}

/// One day of a canonical export.
fn one(given: &ExportDay, rules: &Rules, zone: &TimeZone) -> StatementDay {
    let fixes: Vec<Fix> = given.positions.iter().filter_map(|p| p.fix()).collect();
    let places: Vec<Place> = given.places.iter().filter_map(|p| p.place()).collect();
    let working = without(&given.duty, &given.leave);
    let input = Input {
        fixes: &fixes,
        duty: &working,
        private: &given.private,
        absences: &given.absences,
        visits: &given.visits,
        places: &places,
    };
    let made = day(&input, rules);
    let gap_s = |keep: &dyn Fn(GapKind) -> bool| {
        made.gaps.iter().filter(|g| keep(g.kind)).map(|g| g.to_ms - g.from_ms).sum::<i64>() / 1000
    };
    let recorded = without(&working, &given.private);
    StatementDay {
        day: given.day,
        open: given.open,
        duty: given.duty.iter().map(|w| stretch(*w)).collect(),
        duty_s: recorded.iter().map(|w| w.len_ms()).sum::<i64>() / 1000,
        counted_m: meters(made.counted_m),
        raw_m: meters(made.raw_m),
        excluded_m: meters(made.excluded_m),
        estimated_m: meters(made.estimated_m),
        gap_s: gap_s(&|_| true),
        unknown_s: gap_s(&|kind| kind == GapKind::Unknown),
        trips: trips(&made, given),
        gaps: gaps(&made),
        withheld: withheld(given, zone),
        refused: given.refused.clone(),
        removed: given.removed,
        positions: made.fixes_given,
        input_sha256: made.input_sha256,
    }
}

/// Metres as they are shown and added up.
fn meters(m: f64) -> i64 {
    m.round() as i64
}

fn instant(ms: i64) -> Micros {
    Micros(ms.saturating_mul(1000))
}

fn stretch(w: Window) -> Stretch {
    Stretch { from: instant(w.from_ms), to: instant(w.to_ms) }
}

/// `whole` without what lies in `taken`; both sorted and disjoint.
fn without(whole: &[Window], taken: &[Window]) -> Vec<Window> {
    whole.iter().flat_map(|w| cut(*w, taken)).filter(|(_, inside)| !inside).map(|(w, _)| w).collect()
}

fn trips(made: &Day, given: &ExportDay) -> Vec<StatementTrip> {
    let named = |id: Option<Uuid>| {
        given.places.iter().find(|p| Some(p.id) == id).map(|p| p.name.clone()).filter(|n| !n.is_empty())
    };
    let row = |t: &Trip| StatementTrip {
        from: instant(t.from_ms),
        to: instant(t.to_ms),
        meters: meters(t.meters),
        mode: t.mode,
        counted: t.counted,
        from_place: named(before(made, t).and_then(|s| s.place)),
        to_place: named(after(made, t).and_then(|s| s.place)),
    };
    made.trips.iter().filter(|t| !t.private).map(row).collect()
}

/// The stay a trip began from: the last one before it, with no other trip in between.
fn before<'a>(made: &'a Day, trip: &Trip) -> Option<&'a Stay> {
    let stay = made.stays.iter().filter(|s| s.to_ms <= trip.from_ms).max_by_key(|s| s.to_ms)?;
    let between = |t: &Trip| t.from_ms >= stay.to_ms && t.to_ms <= trip.from_ms;
    (!made.trips.iter().any(between)).then_some(stay)
}

/// The stay a trip led to: the first one after it, with no other trip in between.
fn after<'a>(made: &'a Day, trip: &Trip) -> Option<&'a Stay> {
    let stay = made.stays.iter().filter(|s| s.from_ms >= trip.to_ms).min_by_key(|s| s.from_ms)?;
    let between = |t: &Trip| t.from_ms >= trip.to_ms && t.to_ms <= stay.from_ms;
    (!made.trips.iter().any(between)).then_some(stay)
}

fn gaps(made: &Day) -> Vec<StatementGap> {
    let row = |g: &crate::Gap| StatementGap {
        from: instant(g.from_ms),
        to: instant(g.to_ms),
        kind: g.kind,
        estimated_m: meters(g.estimated_m),
    };
    made.gaps.iter().map(row).collect()
}

/// The times of the day of which nothing is recorded on purpose, in order.
fn withheld(given: &ExportDay, zone: &TimeZone) -> Vec<Withheld> {
    use WithheldReason::{Leave, OffDuty, Private};
    let (from, to) = given.day.bounds(zone);
    let whole = Window::new(from.0.div_euclid(1000), to.0.div_euclid(1000));
    let told = union(&[given.duty.as_slice(), &given.leave].concat());
    let mut rows: Vec<(Window, WithheldReason)> = Vec::new();
    // the rest of a day that is not over is not known yet
    let end = if given.open { told.last().map_or(whole.from_ms, |w| w.to_ms) } else { whole.to_ms };
    let passed = Window::new(whole.from_ms, end);
    rows.extend(without(&[passed], &told).into_iter().map(|w| (w, OffDuty)));
    rows.extend(given.leave.iter().map(|w| (*w, Leave)));
    let private = given.private.iter().flat_map(|p| cut(*p, &without(&given.duty, &given.leave)));
    rows.extend(private.filter(|(_, on_duty)| *on_duty).map(|(w, _)| (w, Private)));
    rows.sort_unstable();
    rows.into_iter()
        .filter(|(w, _)| w.from_ms < w.to_ms)
        .map(|(w, reason)| Withheld { from: instant(w.from_ms), to: instant(w.to_ms), reason })
        .collect()
}

fn totals(days: &[StatementDay]) -> Totals {
    days.iter().fold(Totals::default(), |t, d| Totals {
        duty_days: t.duty_days + u32::from(!d.duty.is_empty()),
        duty_s: t.duty_s + d.duty_s,
        counted_m: t.counted_m + d.counted_m,
        raw_m: t.raw_m + d.raw_m,
        excluded_m: t.excluded_m + d.excluded_m,
        estimated_m: t.estimated_m + d.estimated_m,
        gap_s: t.gap_s + d.gap_s,
        unknown_s: t.unknown_s + d.unknown_s,
        refused: t.refused + d.refused_total(),
        removed: t.removed + d.removed,
        open_days: t.open_days + u32::from(d.open),
    })
}
