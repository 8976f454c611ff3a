//! Who works which shift on which day. A day of the duty table wins over the pattern of the person, that over the pattern of
//! the nearest department, and where nobody said anything the calendar holds. Holidays of the calendar hold for patterns too.
//!
//! [`Book`] is read once and answers for a person and a day; [`crate::declared`] makes working time from it.

mod book;
mod http;
mod sql;

pub use book::{Book, Planned, Source};
pub(crate) use http::routes;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A stretch of a shift in minutes after midnight of its day; past 1440 it lies in the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftPair {
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 2880)]
    pub to_minute: i32,
}

/// A named shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkShift {
    pub id: Uuid,
    pub name: String,
    /// One to four characters for tables.
    pub short: String,
    /// In order, without overlap.
    pub pairs: Vec<ShiftPair>,
    /// Minutes that are not counted as late or early.
    pub grace_minutes: i64,
    /// The first punch may move the whole shift so many minutes. Positions are recorded in its plain hours.
    pub flex_minutes: i64,
    /// Punches are due at both ends of every stretch, not only of the day.
    pub each_pair: bool,
    pub retired: bool,
    pub version: i64,
}

/// Do the stretches follow each other, and end before the next day's shift could begin?
pub(crate) fn sound(pairs: &[ShiftPair]) -> bool {
    let first = pairs.first().map_or(0, |p| p.from_minute);
    (1..=4).contains(&pairs.len())
        && (0..1440).contains(&first)
        && pairs.iter().all(|p| p.from_minute < p.to_minute && p.to_minute <= first + 1440)
        && pairs.windows(2).all(|w| w[0].to_minute <= w[1].from_minute)
}

base::problems! {
    SHIFT_PAIRS = 422 "shift.pairs",
        zh "班次时间有误" / "每段要先开始后结束，各段不重叠，全班不超过 24 小时，最多 4 段。",
        en "Times of the shift do not fit" / "Each stretch begins before it ends, none overlap, and all together last at most 24 hours; at most four.";
    SHIFT_RETIRED = 422 "shift.retired",
        zh "班次已停用" / "这个班次已停用，请选择其他班次。",
        en "Shift retired" / "This shift is retired; choose another.";
    ROSTER_TARGET = 422 "roster.target",
        zh "请选择部门或人员" / "排班规则只针对一个部门或一个人。",
        en "Choose a department or a person" / "A pattern is for one department or one person.";
}
