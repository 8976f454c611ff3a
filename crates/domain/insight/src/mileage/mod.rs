//! The mileage statement of a person's month, and the months of a team.
//!
//! The statement is made from an export that holds everything it follows from, by the engine in `track`; whoever has the
//! export makes the same bytes on his own machine (`tashi track statement`).

mod http;
mod month;
mod service;
mod sql;

pub(crate) use http::routes;

use base::LocalDay;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;

/// Everybody's month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MileageMonth {
    /// `yyyy-mm`.
    pub month: String,
    pub rows: Vec<MileageRow>,
    pub totals: MileageSums,
}

/// One person's month in sums over his days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MileageRow {
    pub employee: Ref,
    pub department: Ref,
    /// Number of the person in the company's own books.
    pub code: Option<String>,
    #[serde(flatten)]
    pub sums: MileageSums,
}

/// Sums over days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MileageSums {
    /// Days with kilometres that count.
    pub driven_days: i64,
    /// Metres that may be paid.
    pub counted_m: i64,
    pub raw_m: i64,
    pub excluded_m: i64,
    pub estimated_m: i64,
    pub gap_s: i64,
    /// Positions refused and never stored.
    pub refused: i64,
    /// Positions removed because leave or a private trip was declared later.
    pub removed: i64,
    /// Days that are not over.
    pub open_days: i64,
    /// Days whose figures were made again because something came after they were closed.
    pub late_days: i64,
}

impl MileageSums {
    fn plus(self, o: &MileageSums) -> MileageSums {
        MileageSums {
            driven_days: self.driven_days + o.driven_days,
            counted_m: self.counted_m + o.counted_m,
            raw_m: self.raw_m + o.raw_m,
            excluded_m: self.excluded_m + o.excluded_m,
            estimated_m: self.estimated_m + o.estimated_m,
            gap_s: self.gap_s + o.gap_s,
            refused: self.refused + o.refused,
            removed: self.removed + o.removed,
            open_days: self.open_days + o.open_days,
            late_days: self.late_days + o.late_days,
        }
    }
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Month {
    pub first: LocalDay,
    pub last: LocalDay,
}

impl Month {
    /// `yyyy-mm`; `None` when it is no month.
    pub fn parse(text: &str) -> Option<Month> {
        let first: LocalDay = format!("{text}-01").parse().ok().filter(|_| text.len() == 7)?;
        Some(Month::of(first))
    }

    /// The month of a day.
    pub fn of(day: LocalDay) -> Month {
        let date = day.date();
        Month {
            first: LocalDay::from_date(date.first_of_month()),
            last: LocalDay::from_date(date.last_of_month()),
        }
    }

    pub fn text(self) -> String {
        self.first.to_string()[..7].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_strictly() {
        let feb = Month::parse("2028-02").unwrap();
        assert_eq!((feb.first.to_string(), feb.last.to_string()), ("2028-02-01".into(), "2028-02-29".into()));
        assert_eq!(feb.text(), "2028-02");
        for bad in ["2028-13", "2028-2", "2028", "", "2028-02-01", "９９９９-01"] {
            assert!(Month::parse(bad).is_none(), "{bad}");
        }
    }
}
