//! What a day of attendance came to. Pure: the same facts give the same outcome, in whatever order they came.

use base::{LocalDay, Micros};
use jiff::tz::TimeZone;
use org::Duty;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Version of these rules, kept with closed months.
pub const VERSION: i64 = 1;

/// Coming or going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PunchKind {
    In,
    Out,
}

impl PunchKind {
    pub fn key(self) -> &'static str {
        match self {
            PunchKind::In => "in",
            PunchKind::Out => "out",
        }
    }

    pub fn from_key(key: &str) -> PunchKind {
        if key == "out" { PunchKind::Out } else { PunchKind::In }
    }
}

/// A moment somebody came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub kind: PunchKind,
    pub at: Micros,
    /// By an approved correction, which wins over punches.
    pub corrected: bool,
    /// When that was decided; the last word holds.
    pub decided: Micros,
}

/// Leave of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    pub span: Duty,
    pub leave_type: Option<Uuid>,
    /// Half a day by name, however long the halves are.
    pub half: bool,
}

/// Everything that decides about a day.
#[derive(Debug, Clone)]
pub struct Facts {
    pub now: Micros,
    /// Planned stretches in order, before leave.
    pub windows: Vec<Duty>,
    pub each_pair: bool,
    pub grace_minutes: i64,
    pub flex_minutes: i64,
    pub holiday: bool,
    /// The company did not know him yet, or he had left: nothing is due.
    pub before: bool,
    /// He has to punch: else nothing is late, missing or absent.
    pub must: bool,
    pub leave: Vec<Away>,
    pub trips: Vec<Duty>,
    pub overtime: Vec<Duty>,
    pub marks: Vec<Mark>,
    /// Marks from here to there belong to the day.
    pub from: Micros,
    pub to: Micros,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceDayKind)]
pub enum DayKind {
    Work,
    #[default]
    Rest,
    Holiday,
    /// Before he came to the company, or after he left.
    Before,
}

/// Leave of one kind on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeavePart {
    /// Absent for leave a manager declared without a kind.
    pub leave_type_id: Option<Uuid>,
    /// Thousandths of the day.
    pub milli: i64,
}

/// What a day came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = AttendanceOutcome)]
pub struct Outcome {
    pub kind: DayKind,
    pub planned_minutes: i64,
    pub worked_minutes: i64,
    pub late_minutes: i64,
    pub early_minutes: i64,
    /// Comings and goings that were due and are not there.
    pub missing_in: i64,
    pub missing_out: i64,
    /// Thousandths of the day nobody was there.
    pub absent_milli: i64,
    pub leave: Vec<LeavePart>,
    pub trip: bool,
    /// Approved overtime that was also worked.
    pub overtime_minutes: i64,
    /// Something is still to come.
    pub open: bool,
    /// The shift has begun and nobody has come.
    pub overdue: bool,
    pub corrected: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_in: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_out: Option<Micros>,
}

impl Outcome {
    /// Was everything as planned?
    pub fn is_clean(&self) -> bool {
        self.late_minutes + self.early_minutes + self.missing_in + self.missing_out + self.absent_milli == 0
    }

    /// Thousandths of a planned day that were worked: neither leave nor absence.
    pub fn attended_milli(&self) -> i64 {
        if self.planned_minutes == 0 || self.first_in.is_none() && self.last_out.is_none() && !self.trip {
            return 0;
        }
        let leave: i64 = self.leave.iter().map(|l| l.milli).sum();
        (1000 - leave - self.absent_milli).max(0)
    }
}

/// Where marks of one day end and those of the next begin: at four in the morning, or where the shifts on both sides need it.
pub fn border(day: LocalDay, ends: Option<Micros>, next_begins: Option<Micros>, zone: &TimeZone) -> Micros {
    const TWO_HOURS: i64 = 2 * Micros::HOUR;
    let mut cut = day.plus_days(1).at_minute(240, zone);
    if let Some(begins) = next_begins.filter(|b| b.plus(-TWO_HOURS) < cut) {
        cut = begins.plus(-TWO_HOURS);
    }
    match (ends, next_begins) {
        (Some(a), Some(b)) if a.plus(TWO_HOURS) > cut => a.plus((b.0 - a.0).max(0) / 2),
        (Some(a), None) if a.plus(TWO_HOURS) > cut => a.plus(3 * TWO_HOURS),
        _ => cut,
    }
}

fn minutes(micros: i64) -> i64 {
    micros.max(0).div_euclid(Micros::MINUTE)
}

pub(crate) fn length(parts: &[Duty]) -> i64 {
    parts.iter().map(|p| (p.to.0 - p.from.0).max(0)).sum()
}

fn overlap(a: &Duty, b: &Duty) -> Option<Duty> {
    let both = Duty { from: a.from.max(b.from), to: a.to.min(b.to) };
    (both.from < both.to).then_some(both)
}

fn common(parts: &[Duty], with: &[Duty]) -> i64 {
    // what several stretches of `with` cover counts once
    length(parts) - length(&without(parts, with))
}

pub(crate) fn without(parts: &[Duty], cuts: &[Duty]) -> Vec<Duty> {
    let mut rest = parts.to_vec();
    for cut in cuts {
        rest = rest
            .into_iter()
            .flat_map(|p| {
                [Duty { from: p.from, to: p.to.min(cut.from) }, Duty { from: p.from.max(cut.to), to: p.to }]
            })
            .filter(|p| p.from < p.to)
            .collect();
    }
    rest.sort_unstable_by_key(|p| p.from);
    rest
}

/// Thousandths of the planned time that a stretch takes away, never more than it does.
pub fn portion(windows: &[Duty], span: &Duty, half: bool) -> i64 {
    let (all, part) = (length(windows), common(windows, std::slice::from_ref(span)));
    match (all, part) {
        (0, _) | (_, 0) => 0,
        _ if half => 500,
        _ => (part as i128 * 1000 / all as i128) as i64,
    }
}

/// A stretch at whose ends somebody is expected.
struct Slot {
    span: Duty,
    /// Marks of the slot lie between these.
    from: Micros,
    to: Micros,
}

fn slots(f: &Facts, left: &[Duty]) -> Vec<Slot> {
    let spans: Vec<Duty> = match (f.each_pair, left.first(), left.last()) {
        (true, ..) => left.to_vec(),
        (false, Some(first), Some(last)) => vec![Duty { from: first.from, to: last.to }],
        _ => vec![],
    };
    let middle = |a: Micros, b: Micros| Micros(a.0 + (b.0 - a.0) / 2);
    (0..spans.len())
        .map(|i| Slot {
            span: spans[i],
            from: if i == 0 { f.from } else { middle(spans[i - 1].to, spans[i].from) },
            to: spans.get(i + 1).map_or(f.to, |next| middle(spans[i].to, next.from)),
        })
        .collect()
}

/// The mark that counts: the correction decided last, else the first coming or the last going.
fn counted(marks: &[Mark], kind: PunchKind, within: impl Fn(Micros) -> bool) -> Option<Mark> {
    let fitting = || marks.iter().filter(|m| m.kind == kind && within(m.at));
    let corrected = fitting().filter(|m| m.corrected).max_by_key(|m| (m.decided, m.at));
    corrected.copied().or_else(|| match kind {
        PunchKind::In => fitting().min_by_key(|m| m.at).copied(),
        PunchKind::Out => fitting().max_by_key(|m| m.at).copied(),
    })
}

/// How far the first coming moves a flexible shift.
fn moved(f: &Facts, slots: &[Slot]) -> i64 {
    let flex = f.flex_minutes * Micros::MINUTE;
    let [slot] = slots else { return 0 };
    if flex == 0 {
        return 0;
    }
    let come = counted(&f.marks, PunchKind::In, |at| slot.from <= at && at < slot.span.to.plus(flex));
    come.map_or(0, |m| (m.at.0 - slot.span.from.0).clamp(-flex, flex))
}

/// From when to when somebody is expected: planned time without leave and trips.
pub fn expected(f: &Facts) -> Option<Duty> {
    let left = without(&f.windows, &away(f));
    Some(Duty { from: left.first()?.from, to: left.last()?.to })
}

fn away(f: &Facts) -> Vec<Duty> {
    f.leave.iter().map(|l| l.span).chain(f.trips.iter().copied()).collect()
}

/// Judges a day.
pub fn judge(f: &Facts) -> Outcome {
    let left = without(&f.windows, &away(f));
    let mut slots = slots(f, &left);
    let by = moved(f, &slots);
    let shifted: Vec<Duty> = left.iter().map(|w| Duty { from: w.from.plus(by), to: w.to.plus(by) }).collect();
    for slot in &mut slots {
        slot.span = Duty { from: slot.span.from.plus(by), to: slot.span.to.plus(by) };
    }
    let mut o = Outcome {
        kind: match (f.before, f.windows.is_empty(), f.holiday) {
            (true, ..) => DayKind::Before,
            (_, false, _) => DayKind::Work,
            (_, true, true) => DayKind::Holiday,
            (_, true, false) => DayKind::Rest,
        },
        planned_minutes: minutes(length(&f.windows)),
        trip: f.trips.iter().any(|t| t.from < f.to && t.to > f.from),
        corrected: f.marks.iter().any(|m| m.corrected),
        leave: leave_of(f),
        ..Outcome::default()
    };
    let mut worked = common(&f.windows, &f.trips);
    let mut gone = 0;
    for slot in &slots {
        gone += i64::from(judge_slot(f, slot, &shifted, &mut o, &mut worked));
    }
    let nobody = !slots.is_empty() && gone == slots.len() as i64;
    if nobody {
        (o.missing_in, o.missing_out) = (0, 0);
        o.absent_milli = absent(f, &left);
    }
    let marks = || f.marks.iter().filter(|m| f.from <= m.at && m.at < f.to);
    o.first_in = o.first_in.or_else(|| marks().filter(|m| m.kind == PunchKind::In).map(|m| m.at).min());
    o.last_out = o.last_out.or_else(|| marks().filter(|m| m.kind == PunchKind::Out).map(|m| m.at).max());
    if let (Some(from), Some(to)) = (o.first_in, o.last_out) {
        // What lies within the shift, or counts as worked by a trip, is no overtime.
        let mut regular: Vec<Duty> =
            f.windows.iter().map(|w| Duty { from: w.from.plus(by), to: w.to.plus(by) }).collect();
        regular.extend(f.windows.iter().flat_map(|w| f.trips.iter().filter_map(|t| overlap(w, t))));
        o.overtime_minutes = minutes(common(&[Duty { from, to }], &without(&f.overtime, &regular)));
    }
    o.worked_minutes = minutes(worked) + o.overtime_minutes;
    if !f.must {
        (o.late_minutes, o.early_minutes, o.missing_in, o.missing_out) = (0, 0, 0, 0);
        (o.absent_milli, o.overdue) = (0, false);
    }
    o
}

/// One stretch; true when it is over and nobody came or went.
fn judge_slot(f: &Facts, slot: &Slot, windows: &[Duty], o: &mut Outcome, worked: &mut i64) -> bool {
    let span = slot.span;
    let come = counted(&f.marks, PunchKind::In, |at| slot.from <= at && at < span.to);
    let went = counted(&f.marks, PunchKind::Out, |at| span.from < at && at < slot.to.max(span.to.plus(1)));
    let went = went.filter(|w| come.is_none_or(|c| c.at < w.at));
    if let Some(c) = come {
        let late = minutes(c.at.0 - span.from.0);
        o.late_minutes += if late > f.grace_minutes { late } else { 0 };
        o.first_in = Some(o.first_in.map_or(c.at, |t| t.min(c.at)));
    }
    if let Some(w) = went {
        // What is shown as 16:59 has not reached 17:00.
        let early = minutes(span.to.0 - w.at.0 + Micros::MINUTE - 1);
        o.early_minutes += if early > f.grace_minutes { early } else { 0 };
        o.last_out = Some(o.last_out.map_or(w.at, |t| t.max(w.at)));
    }
    match (come, went) {
        (Some(c), Some(w)) => {
            let there = Duty { from: c.at, to: w.at };
            *worked +=
                windows.iter().filter_map(|x| overlap(x, &there)).map(|x| x.to.0 - x.from.0).sum::<i64>();
        }
        (Some(_), None) if f.now >= slot.to => o.missing_out += 1,
        (Some(_), None) => o.open = true,
        (None, Some(_)) => o.missing_in += 1,
        (None, None) if f.now >= span.to => {
            o.missing_in += 1;
            o.missing_out += 1;
            return true;
        }
        (None, None) => {
            o.open = true;
            o.overdue |= f.now.0 >= span.from.0 + (f.grace_minutes + f.flex_minutes + 1) * Micros::MINUTE;
        }
    }
    false
}

/// By kind; together never more than the day.
fn leave_of(f: &Facts) -> Vec<LeavePart> {
    let mut parts: Vec<LeavePart> = vec![];
    let mut rest = 1000;
    for away in &f.leave {
        let milli = portion(&f.windows, &away.span, away.half).min(rest);
        rest -= milli;
        if milli == 0 {
            continue;
        }
        match parts.iter_mut().find(|p| p.leave_type_id == away.leave_type) {
            Some(part) => part.milli += milli,
            None => parts.push(LeavePart { leave_type_id: away.leave_type, milli }),
        }
    }
    // What rounding left of a day that is all leave.
    let spans: Vec<Duty> = f.leave.iter().map(|l| l.span).collect();
    if rest < f.leave.len() as i64 && without(&f.windows, &spans).is_empty() {
        parts.iter_mut().take(1).for_each(|p| p.milli += rest);
    }
    parts
}

fn absent(f: &Facts, left: &[Duty]) -> i64 {
    let leave: i64 = leave_of(f).iter().map(|l| l.milli).sum();
    let all = length(&f.windows);
    let trips = if all == 0 { 0 } else { common(&f.windows, &f.trips) * 1000 / all };
    match (all, length(left)) {
        (0, _) | (_, 0) => 0,
        _ => (1000 - leave - trips).max(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Micros {
        LocalDay::new(2026, 11, 20).unwrap().at_minute(0, &TimeZone::UTC).plus(minute * Micros::MINUTE)
    }

    fn span(from: i64, to: i64) -> Duty {
        Duty { from: at(from), to: at(to) }
    }

    fn mark(kind: PunchKind, minute: i64) -> Mark {
        Mark { kind, at: at(minute), corrected: false, decided: Micros(0) }
    }

    use PunchKind::{In, Out};

    /// Nine to five with an hour of lunch, looked at the next noon.
    fn facts(marks: Vec<Mark>) -> Facts {
        Facts {
            now: at(2160),
            windows: vec![span(540, 720), span(780, 1020)],
            each_pair: false,
            grace_minutes: 0,
            flex_minutes: 0,
            holiday: false,
            before: false,
            must: true,
            leave: vec![],
            trips: vec![],
            overtime: vec![],
            marks,
            from: at(240),
            to: at(1680),
        }
    }

    fn leave(from: i64, to: i64) -> Away {
        Away { span: span(from, to), leave_type: None, half: false }
    }

    #[test]
    fn on_time_late_and_early() {
        let o = judge(&facts(vec![mark(In, 540), mark(Out, 1020)]));
        assert!(o.is_clean() && !o.open);
        assert_eq!((o.worked_minutes, o.planned_minutes), (420, 420));
        let o = judge(&facts(vec![mark(In, 552), mark(In, 600), mark(Out, 700), mark(Out, 1015)]));
        assert_eq!((o.late_minutes, o.early_minutes, o.worked_minutes), (12, 5, 403));
        let graced = Facts { grace_minutes: 12, ..facts(vec![mark(In, 552), mark(Out, 1007)]) };
        assert_eq!((judge(&graced).late_minutes, judge(&graced).early_minutes), (0, 13));
    }

    #[test]
    fn seconds_are_read_as_the_clock_shows_them() {
        let second = |kind, minute, s| Mark { at: at(minute).plus(s * Micros::SECOND), ..mark(kind, minute) };
        let o = judge(&facts(vec![second(In, 540, 59), second(Out, 1019, 59)]));
        assert_eq!((o.late_minutes, o.early_minutes), (0, 1));
    }

    #[test]
    fn missing_and_absent() {
        let o = judge(&facts(vec![]));
        assert_eq!((o.absent_milli, o.missing_in, o.missing_out), (1000, 0, 0));
        assert_eq!(judge(&facts(vec![mark(In, 540)])).missing_out, 1);
        assert_eq!(judge(&facts(vec![mark(Out, 1020)])).missing_in, 1);
        let now = |m| Facts { now: at(m), ..facts(vec![]) };
        assert!(judge(&now(500)).open && !judge(&now(500)).overdue);
        assert!(judge(&now(545)).overdue, "it has begun and nobody is there");
        let evening = Facts { now: at(1100), ..facts(vec![mark(In, 540)]) };
        assert!(judge(&evening).open, "he may still go");
    }

    #[test]
    fn leave_takes_what_is_due_away() {
        let morning = Facts {
            leave: vec![Away { half: true, ..leave(540, 720) }],
            ..facts(vec![mark(In, 780), mark(Out, 1020)])
        };
        let o = judge(&morning);
        assert!(o.is_clean());
        assert_eq!(o.leave, [LeavePart { leave_type_id: None, milli: 500 }]);
        assert_eq!(o.attended_milli(), 500);
        let gone = judge(&Facts { marks: vec![], ..morning });
        assert_eq!(gone.absent_milli, 500);
        let whole = judge(&Facts { leave: vec![leave(0, 1440)], ..facts(vec![]) });
        assert!(whole.is_clean() && !whole.open);
        assert_eq!(whole.leave[0].milli, 1000);
    }

    #[test]
    fn a_trip_is_presence() {
        let o = judge(&Facts { trips: vec![span(0, 1440)], ..facts(vec![]) });
        assert!(o.is_clean() && o.trip);
        assert_eq!((o.worked_minutes, o.attended_milli()), (420, 1000));
    }

    #[test]
    fn a_correction_stands_for_the_punch() {
        let corrected = Mark { corrected: true, ..mark(In, 538) };
        let o = judge(&facts(vec![mark(In, 575), corrected, mark(Out, 1020)]));
        assert!(o.is_clean() && o.corrected);
        assert_eq!(o.first_in, Some(at(538)));
    }

    #[test]
    fn the_last_word_about_a_punch_holds() {
        let said = |minute, decided| Mark { corrected: true, decided: Micros(decided), ..mark(In, minute) };
        let o = judge(&facts(vec![said(600, 1), said(540, 2), mark(Out, 1020)]));
        assert_eq!((o.first_in, o.late_minutes), (Some(at(540)), 0));
    }

    #[test]
    fn who_need_not_punch_is_never_absent() {
        let free = |marks| Facts { must: false, ..facts(marks) };
        let o = judge(&free(vec![]));
        assert!(o.is_clean() && !o.overdue);
        assert_eq!((o.attended_milli(), o.planned_minutes), (0, 420));
        assert!(judge(&free(vec![mark(In, 600), mark(Out, 700)])).is_clean());
        assert!(!judge(&Facts { now: at(600), ..free(vec![]) }).overdue);
    }

    #[test]
    fn overtime_within_the_shift_counts_once() {
        let all = Facts { overtime: vec![span(900, 1080)], ..facts(vec![mark(In, 540), mark(Out, 1080)]) };
        assert_eq!((judge(&all).overtime_minutes, judge(&all).worked_minutes), (60, 480));
        let flex = Facts {
            flex_minutes: 60,
            overtime: vec![span(1020, 1140)],
            ..facts(vec![mark(In, 600), mark(Out, 1140)])
        };
        assert_eq!((judge(&flex).overtime_minutes, judge(&flex).worked_minutes), (60, 480));
    }

    #[test]
    fn hours_of_leave_take_no_more_than_they_last() {
        let windows = facts(vec![]).windows;
        assert_eq!(portion(&windows, &span(540, 600), false), 142);
        let parts = Facts { leave: vec![leave(540, 600), leave(600, 1020)], ..facts(vec![]) };
        assert_eq!(judge(&parts).leave.iter().map(|l| l.milli).sum::<i64>(), 1000);
    }

    #[test]
    fn every_pair_is_looked_at() {
        let pairs = |marks| Facts { each_pair: true, ..facts(marks) };
        let o = judge(&pairs(vec![mark(In, 540), mark(Out, 720), mark(In, 790), mark(Out, 1020)]));
        assert_eq!((o.late_minutes, o.missing_in, o.missing_out), (10, 0, 0));
        let o = judge(&pairs(vec![mark(In, 540), mark(Out, 1020)]));
        assert_eq!((o.missing_in, o.missing_out, o.absent_milli), (1, 1, 0));
        let o = judge(&pairs(vec![mark(In, 540), mark(Out, 720)]));
        assert_eq!((o.missing_in, o.missing_out), (1, 1));
        assert_eq!(judge(&pairs(vec![])).absent_milli, 1000);
    }

    #[test]
    fn the_first_punch_moves_a_flexible_shift() {
        let flex = |marks| Facts { flex_minutes: 60, ..facts(marks) };
        assert!(judge(&flex(vec![mark(In, 580), mark(Out, 1060)])).is_clean());
        assert_eq!(judge(&flex(vec![mark(In, 580), mark(Out, 1020)])).early_minutes, 40);
        assert_eq!(judge(&flex(vec![mark(In, 610), mark(Out, 1080)])).late_minutes, 10);
        assert!(judge(&flex(vec![mark(In, 480), mark(Out, 960)])).is_clean());
    }

    #[test]
    fn overtime_counts_where_it_was_approved_and_worked() {
        let o =
            judge(&Facts { overtime: vec![span(1020, 1200)], ..facts(vec![mark(In, 540), mark(Out, 1110)]) });
        assert_eq!((o.overtime_minutes, o.worked_minutes), (90, 510));
        let none = judge(&Facts { overtime: vec![span(1020, 1200)], ..facts(vec![mark(In, 540)]) });
        assert_eq!(none.overtime_minutes, 0);
    }

    #[test]
    fn a_night_belongs_to_the_day_it_began() {
        let day = LocalDay::new(2026, 11, 20).unwrap();
        let cut = |a, b| (border(day, a, b, &TimeZone::UTC).0 - at(1440).0) / Micros::MINUTE;
        assert_eq!(cut(Some(at(1020)), Some(at(1980))), 240);
        assert_eq!(
            cut(Some(at(1800)), Some(at(2760))),
            360 + 480,
            "between the end of the night and the next one"
        );
        assert_eq!(cut(Some(at(1800)), None), 720);
        assert_eq!(cut(None, Some(at(1740))), 180, "an early shift");
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let one = (prop_oneof![Just(In), Just(Out)], 240_i64..1680, proptest::bool::weighted(0.1));
        prop::collection::vec(one.prop_map(|(kind, m, corrected)| Mark { corrected, ..mark(kind, m) }), 0..8)
    }

    fn any_facts() -> impl Strategy<Value = Facts> {
        let spans =
            || prop::collection::vec((240_i64..1600, 1_i64..500).prop_map(|(f, l)| span(f, f + l)), 0..2);
        (marks(), spans(), spans(), spans(), any::<bool>(), 0_i64..30, 0_i64..90, 300_i64..2400).prop_map(
            |(marks, away, trips, overtime, each_pair, grace_minutes, flex_minutes, now)| Facts {
                now: at(now),
                each_pair,
                grace_minutes,
                flex_minutes,
                leave: away.into_iter().map(|span| Away { span, leave_type: None, half: false }).collect(),
                trips,
                overtime,
                ..facts(marks)
            },
        )
    }

    proptest! {
        #[test]
        fn order_never_shows(f in any_facts(), seed in any::<u64>()) {
            let mut other = f.clone();
            let n = other.marks.len().max(1) as u64;
            other.marks.rotate_left((seed % n) as usize);
            other.marks.reverse();
            prop_assert_eq!(judge(&f), judge(&other));
        }

        #[test]
        fn figures_stay_within_the_day(f in any_facts()) {
            let o = judge(&f);
            let leave: i64 = o.leave.iter().map(|l| l.milli).sum();
            prop_assert!((0..=1000).contains(&leave) && (0..=1000).contains(&o.absent_milli));
            prop_assert!(o.late_minutes >= 0 && o.early_minutes >= 0 && o.overtime_minutes >= 0);
            prop_assert!(o.worked_minutes <= o.planned_minutes + o.overtime_minutes);
            prop_assert!(o.absent_milli == 0 || o.missing_in + o.missing_out == 0);
        }

        #[test]
        fn coming_on_time_is_never_late(f in any_facts()) {
            let mut f = Facts { leave: vec![], trips: vec![], each_pair: false, flex_minutes: 0, ..f };
            f.marks.retain(|m| !m.corrected);
            f.marks.push(mark(In, 540));
            prop_assert_eq!(judge(&f).late_minutes, 0);
        }

        #[test]
        fn leave_of_the_whole_day_asks_nothing(f in any_facts()) {
            let o = judge(&Facts { leave: vec![leave(0, 3000)], ..f });
            prop_assert!(o.is_clean() && !o.open && !o.overdue);
        }
    }
}
