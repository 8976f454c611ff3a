//! What a request covers and takes. Pure.

use base::{LocalDay, Micros, Problem};
use jiff::tz::TimeZone;
use org::{Duty, roster::Book};
use uuid::Uuid;

use super::DayPart;
use crate::{NO_DUTY, UNIT, day::portion, load::begins, settings::LeaveUnit};

/// A stretch and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    pub span: Duty,
    /// Thousandths of a day.
    pub milli: i64,
}

/// Whole days of duty, from where the first begins to where the last ends.
pub fn days(book: &Book, person: Uuid, from: LocalDay, to: LocalDay, zone: &TimeZone) -> Duty {
    Duty { from: begins(book, person, from, zone), to: begins(book, person, to.plus_days(1), zone) }
}

/// What leave covers.
///
/// # Errors
/// `attendance.no_duty` when there is no working time in it.
pub fn leave(
    book: &Book,
    person: Uuid,
    (from, to): (LocalDay, LocalDay),
    part: DayPart,
    minutes: (i32, i32),
    zone: &TimeZone,
) -> Result<Covered, Problem> {
    let whole = days(book, person, from, to, zone);
    let windows = book.stretches(person, from, zone);
    let span = match part {
        DayPart::Day => whole,
        DayPart::Hours => Duty { from: from.at_minute(minutes.0, zone), to: from.at_minute(minutes.1, zone) },
        DayPart::Am => Duty { from: whole.from, to: half(&windows).ok_or_else(|| Problem::new(NO_DUTY))?.0 },
        DayPart::Pm => Duty { from: half(&windows).ok_or_else(|| Problem::new(NO_DUTY))?.1, to: whole.to },
    };
    let mut milli = 0;
    let mut day = from;
    while day <= to {
        milli +=
            portion(&book.stretches(person, day, zone), &span, matches!(part, DayPart::Am | DayPart::Pm));
        day = day.plus_days(1);
    }
    if milli == 0 {
        return Err(Problem::new(NO_DUTY));
    }
    Ok(Covered { span, milli })
}

/// Where the first half of a day ends and the second begins: between stretches, else in the middle of the only one.
fn half(windows: &[Duty]) -> Option<(Micros, Micros)> {
    match windows {
        [] => None,
        [one] => {
            let middle = Micros(one.from.0 + (one.to.0 - one.from.0) / 2);
            Some((middle, middle))
        }
        several => {
            let at = several.len() / 2;
            Some((several[at - 1].to, several[at].from))
        }
    }
}

/// # Errors
/// `attendance.unit` when the part is smaller than this kind of leave knows.
pub fn fits(unit: LeaveUnit, part: DayPart) -> Result<(), Problem> {
    match (unit, part) {
        (LeaveUnit::Hour, _) | (_, DayPart::Day) | (LeaveUnit::Half, DayPart::Am | DayPart::Pm) => Ok(()),
        (LeaveUnit::Half, DayPart::Hours) => Err(Problem::new(UNIT).with("unit", "½")),
        (LeaveUnit::Day, _) => Err(Problem::new(UNIT).with("unit", "1")),
    }
}

/// Thousandths of a day as people write them: 0.5, 2, 1.25.
pub fn in_days(milli: i64) -> String {
    let (whole, part) = (milli.abs() / 1000, milli.abs() % 1000);
    let sign = if milli < 0 { "-" } else { "" };
    match format!("{part:03}").trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        digits => format!("{sign}{whole}.{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_read_as_days() {
        let all: Vec<String> = [0, 500, 1000, 1250, -500, 12_000, 63].into_iter().map(in_days).collect();
        assert_eq!(all, ["0", "0.5", "1", "1.25", "-0.5", "12", "0.063"]);
    }

    #[test]
    fn a_day_has_two_halves() {
        let at = |m: i64| Micros(m * Micros::MINUTE);
        let span = |a, b| Duty { from: at(a), to: at(b) };
        assert_eq!(half(&[span(540, 720), span(780, 1020)]), Some((at(720), at(780))));
        assert_eq!(half(&[span(540, 1020)]), Some((at(780), at(780))));
        assert_eq!(half(&[]), None);
    }
}
