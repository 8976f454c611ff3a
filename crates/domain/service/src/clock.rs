//! The clock of targets: working minutes of the company's calendar. Pure, once the calendar is read.

use base::Micros;
use db::{Query, Result};
use jiff::tz::TimeZone;
use org::Calendar;

/// Days looked ahead; a calendar without work in them counts by the wall.
const AHEAD: usize = 400;

/// A company's working time.
pub struct WorkClock {
    calendar: Option<Calendar>,
    zone: TimeZone,
}

impl WorkClock {
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(q: &mut impl Query) -> Result<WorkClock> {
        Ok(WorkClock { calendar: org::company_calendar(q).await?, zone: org::zone(q).await? })
    }

    /// When so many working minutes after `from` are over.
    pub fn due(&self, from: Micros, minutes: i64) -> Micros {
        let mut left = minutes * Micros::MINUTE;
        let mut day = from.local_day(&self.zone);
        let Some(calendar) = &self.calendar else { return from.plus(left) };
        for _ in 0..AHEAD {
            for duty in calendar.duty(day, &self.zone) {
                let begin = duty.from.max(from);
                let length = duty.to.0 - begin.0;
                if length <= 0 {
                    continue;
                }
                if left <= length {
                    return begin.plus(left);
                }
                left -= length;
            }
            day = day.plus_days(1);
        }
        from.plus(minutes * Micros::MINUTE)
    }

    /// Working minutes between two instants, whole ones.
    pub fn between(&self, from: Micros, to: Micros) -> i64 {
        let Some(calendar) = &self.calendar else { return (to.0 - from.0).max(0) / Micros::MINUTE };
        let (mut day, last, mut sum) = (from.local_day(&self.zone), to.local_day(&self.zone), 0);
        for _ in 0..AHEAD {
            if day > last {
                break;
            }
            for duty in calendar.duty(day, &self.zone) {
                sum += (duty.to.min(to).0 - duty.from.max(from).0).max(0);
            }
            day = day.plus_days(1);
        }
        sum / Micros::MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::LocalDay;
    use org::Shift;
    use proptest::prelude::*;

    fn clock() -> WorkClock {
        let shifts = (1..=5).map(|weekday| Shift { weekday, from_minute: 540, to_minute: 1020 }).collect();
        let calendar = Calendar {
            id: uuid::Uuid::nil(),
            name: String::new(),
            shifts,
            exceptions: vec![],
            is_default: true,
            version: 1,
        };
        WorkClock { calendar: Some(calendar), zone: TimeZone::get("Asia/Shanghai").unwrap() }
    }

    fn at(day: i8, minute: i32) -> Micros {
        LocalDay::new(2026, 11, day).unwrap().at_minute(minute, &clock().zone)
    }

    #[test]
    fn the_night_and_the_weekend_do_not_count() {
        let c = clock();
        // Friday half past four, an hour: half an hour is left on Monday.
        assert_eq!(c.due(at(20, 990), 60), at(23, 570));
        assert_eq!(c.due(at(21, 600), 30), at(23, 570), "from a Saturday");
        assert_eq!(c.between(at(20, 990), at(23, 570)), 60);
        assert_eq!(c.between(at(21, 0), at(22, 1400)), 0);
    }

    proptest! {
        #[test]
        fn what_is_due_lies_that_many_minutes_ahead(from in 0i64..20_000, minutes in 1i64..5_000) {
            let c = clock();
            let from = at(2, 0).plus(from * Micros::MINUTE);
            prop_assert_eq!(c.between(from, c.due(from, minutes)), minutes);
        }
    }
}
