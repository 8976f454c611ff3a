//! The day report: everybody's figures of a day, without anybody typing.

mod http;
mod sheet;

pub(crate) use http::routes;

use base::LocalDay;
use serde::Serialize;
use utoipa::ToSchema;
use work::VisitRow;

use crate::{DayFigures, DaySummary, playback::PlaybackTrip};

/// Everybody's day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyReport {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub rows: Vec<DaySummary>,
    pub totals: DailyTotals,
}

/// Sums of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DailyTotals {
    pub people: i64,
    pub planned: i64,
    pub visits: i64,
    pub effective: i64,
    pub stay_s: i64,
    pub counted_m: i64,
}

impl DailyTotals {
    fn of(rows: &[DaySummary]) -> DailyTotals {
        rows.iter().fold(DailyTotals { people: rows.len() as i64, ..DailyTotals::default() }, |t, r| {
            DailyTotals {
                planned: t.planned + r.figures.planned,
                visits: t.visits + r.visits,
                effective: t.effective + r.figures.effective,
                stay_s: t.stay_s + r.figures.stay_s,
                counted_m: t.counted_m + r.figures.counted_m,
                ..t
            }
        })
    }
}

/// One person's day with the rows its figures sum.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayDetail {
    #[serde(flatten)]
    pub figures: DayFigures,
    pub visits: Vec<VisitRow>,
    pub trips: Vec<PlaybackTrip>,
}
