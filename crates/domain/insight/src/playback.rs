//! A day played back: what is drawn and what is told, minute by minute.

use base::{LocalDay, Micros};
use db::{Query, Result};
use geo::LngLat;
use org::{Duty, Ref};
use serde::Serialize;
use track::{GapKind, Mode, State};
use tracking::Refusal;
use utoipa::ToSchema;
use uuid::Uuid;
use work::{PhotoRef, Plan, VisitRow};

use crate::{
    Insight,
    day::{self, Computed, DaySummary},
};

/// A person's day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Playback {
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Cleaned points `[Unix milliseconds, longitude, latitude, m/s]`.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub points: Vec<(i64, f64, f64, f64)>,
    /// Unbroken parts of the line; between two of them nothing may be drawn.
    pub segments: Vec<Segment>,
    pub timeline: Vec<TimelineSpan>,
    pub stays: Vec<PlaybackStay>,
    pub trips: Vec<PlaybackTrip>,
    pub gaps: Vec<PlaybackGap>,
    /// Stretches that were handed in later as a file: shown, and not counted.
    pub backfill: Vec<PlaybackSpan>,
    /// Ways between visits that were longer than needed: to ask about, no verdict.
    pub detours: Vec<Detour>,
    pub visits: Vec<VisitRow>,
    pub photos: Vec<PlaybackPhoto>,
    pub plan: Option<Plan>,
    pub summary: DaySummary,
    #[schema(value_type = String, format = DateTime)]
    pub computed_at: Micros,
    /// The day was computed again because something came after it was closed.
    pub late_data: bool,
}

/// Range of points, `to` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Segment {
    pub from: usize,
    pub to: usize,
}

/// What a stretch of the day was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineState {
    Moving,
    Visit,
    Stay,
    NoPermission,
    PhoneOff,
    NoSignal,
    Unknown,
    /// Not recorded on purpose: a break, private time, or the policy is off.
    NotRecorded,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineSpan {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    pub state: TimelineState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaybackSpan {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
}

/// A way between two visits that was longer than needed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Detour {
    pub from: Ref,
    pub to: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub start: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub end: Micros,
    pub driven_m: i64,
    pub best_m: i64,
    /// The best way is the straight line times a factor, not a way by road.
    pub best_estimated: bool,
    /// The place furthest off the way, if one was.
    #[schema(value_type = Option<Vec<f64>>)]
    pub off_at: Option<LngLat>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub off_time: Option<Micros>,
    /// Part of the way is not known; the driven metres are a least figure.
    pub incomplete: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybackStay {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    pub customer: Option<Ref>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaybackTrip {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    pub meters: i64,
    /// driving, ebike, walking or transit.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// Do these metres enter the counted figure?
    pub counted: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybackGap {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    /// no_permission, phone_off, no_signal or unknown.
    #[schema(value_type = String)]
    pub kind: GapKind,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybackPhoto {
    #[serde(flatten)]
    pub photo: PhotoRef,
    pub visit_id: Uuid,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
}

/// Composes a person's day. Whoever asks has checked that the reader may see the person, and has written
/// the ledger.
pub(crate) async fn playback(
    insight: &Insight,
    tenant: Uuid,
    person: &org::Person,
    day: LocalDay,
) -> Result<Playback> {
    let computed = day::compute(insight, tenant, person, day).await?;
    let rule = insight.tracking().rule(tenant, person.id, day).await?;
    let mut reader = insight.db().read(&db::Scope::job("day", tenant)).await?;
    let photos = photos(&mut reader, person.id, day).await?;
    drop(reader);
    let Computed { stored, track, work } = computed;
    let day_track = &track.day;
    let name_of = |id: Uuid| {
        let of_task = work.tasks.iter().map(|t| (t.customer.id, &t.customer.name));
        let of_visit = work.visits.iter().map(|v| (v.customer.id, &v.customer.name));
        of_task.chain(of_visit).find(|(c, _)| *c == id).map(|(id, name)| Ref { id, name: name.clone() })
    };
    let points = day_track.path.iter();
    let points: Vec<_> =
        points.map(|p| (p.t_ms, e7(p.at.lng()), e7(p.at.lat()), cents(p.speed_mps))).collect();
    let off = rule.never == Some(Refusal::PolicyOff) && track.stored == 0;
    let stays = day_track.stays.iter().map(|s| PlaybackStay {
        from: at(s.from_ms),
        to: at(s.to_ms),
        at: s.centre,
        customer: s.place.and_then(name_of),
    });
    Ok(Playback {
        employee: person.as_ref(),
        day,
        points,
        segments: segments(day_track),
        timeline: timeline(day_track, &stored.summary.figures.duty, off),
        stays: stays.collect(),
        trips: trips(day_track),
        gaps: day_track
            .gaps
            .iter()
            .map(|g| PlaybackGap { from: at(g.from_ms), to: at(g.to_ms), kind: g.kind })
            .collect(),
        backfill: track
            .backfill
            .iter()
            .map(|w| PlaybackSpan { from: at(w.from_ms), to: at(w.to_ms) })
            .collect(),
        detours: detours(day_track, &work.visits),
        visits: work.visits,
        photos,
        plan: work.plan,
        computed_at: stored.computed_at,
        late_data: stored.late_data,
        summary: stored.summary,
    })
}

/// How much longer than the straight line a way by road usually is.
const BY_ROAD: f64 = 1.35;

/// Hints for the ways between one visit's end and the next one's begin.
fn detours(day: &track::Day, visits: &[VisitRow]) -> Vec<Detour> {
    let ms = |t: Micros| t.0.div_euclid(1000);
    let path: Vec<fence::Driven> =
        day.path.iter().map(|p| fence::Driven { t_ms: p.t_ms, at: p.at, starts: p.starts }).collect();
    let at = |t_ms: i64| {
        let i = path.partition_point(|p| p.t_ms < t_ms).min(path.len().saturating_sub(1));
        path.get(i).map(|p| p.at)
    };
    let legs: Vec<fence::Leg> = visits
        .windows(2)
        .filter_map(|w| {
            let (from_ms, to_ms) = (ms(w[0].check_out_at?), ms(w[1].check_in_at));
            let (from_at, to_at) = (at(from_ms)?, at(to_ms)?);
            let best_m = geo::distance_m(from_at, to_at) * BY_ROAD;
            Some(fence::Leg { from: w[0].id, to: w[1].id, from_at, to_at, from_ms, to_ms, best_m })
        })
        .collect();
    let customer = |visit: Uuid| {
        let found = visits.iter().find(|v| v.id == visit);
        found.map(|v| Ref { id: v.customer.id, name: v.customer.name.clone() })
    };
    fence::detours(&path, &legs, &fence::DetourRules::default())
        .into_iter()
        .filter_map(|h| {
            Some(Detour {
                from: customer(h.leg.from)?,
                to: customer(h.leg.to)?,
                start: self::at(h.leg.from_ms),
                end: self::at(h.leg.to_ms),
                driven_m: h.driven_m.round() as i64,
                best_m: h.leg.best_m.round() as i64,
                best_estimated: true,
                off_at: h.off.map(|o| o.at),
                off_time: h.off.map(|o| self::at(o.t_ms)),
                incomplete: h.incomplete,
            })
        })
        .collect()
}

async fn photos(q: &mut impl Query, person: Uuid, day: LocalDay) -> Result<Vec<PlaybackPhoto>> {
    let photos = work::visits::photos_of_day(q, person, day).await?;
    Ok(photos.into_iter().map(|p| PlaybackPhoto { photo: p.photo, visit_id: p.visit_id, at: p.at }).collect())
}

pub(crate) fn trips(day: &track::Day) -> Vec<PlaybackTrip> {
    let shown = day.trips.iter().filter(|t| !t.private);
    shown
        .map(|t| PlaybackTrip {
            from: at(t.from_ms),
            to: at(t.to_ms),
            meters: t.meters.round() as i64,
            mode: t.mode,
            counted: t.counted,
        })
        .collect()
}

fn at(ms: i64) -> Micros {
    Micros(ms.saturating_mul(1000))
}

/// As precise as it is stored, without the tail of the binary fraction.
fn e7(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

fn cents(mps: f32) -> f64 {
    (f64::from(mps) * 100.0).round() / 100.0
}

fn segments(day: &track::Day) -> Vec<Segment> {
    let starts: Vec<usize> =
        day.path.iter().enumerate().filter(|(i, p)| *i == 0 || p.starts).map(|(i, _)| i).collect();
    let ends = starts.iter().skip(1).copied().chain([day.path.len()]);
    starts.iter().zip(ends).map(|(from, to)| Segment { from: *from, to }).collect()
}

/// The engine's time line of duty, with what lies between two stretches of duty shown as not recorded.
fn timeline(day: &track::Day, duty: &[Duty], off: bool) -> Vec<TimelineSpan> {
    let state = |s: State| match s {
        _ if off => TimelineState::NotRecorded,
        State::Moving => TimelineState::Moving,
        State::Visit => TimelineState::Visit,
        State::Stay => TimelineState::Stay,
        State::Private => TimelineState::NotRecorded,
        State::NoPermission => TimelineState::NoPermission,
        State::PhoneOff => TimelineState::PhoneOff,
        State::NoSignal => TimelineState::NoSignal,
        State::Unknown => TimelineState::Unknown,
    };
    let told = day.timeline.iter().map(|s| TimelineSpan {
        from: at(s.from_ms),
        to: at(s.to_ms),
        state: state(s.state),
    });
    let mut spans: Vec<TimelineSpan> = told.collect();
    let until = spans.last().map(|s| s.to);
    for pair in duty.windows(2).filter(|p| until.is_some_and(|end| p[1].from <= end)) {
        spans.push(TimelineSpan { from: pair[0].to, to: pair[1].from, state: TimelineState::NotRecorded });
    }
    spans.sort_by_key(|s| s.from);
    spans
}
