//! From what is known of a phone to what would mend it. Pure.

use base::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What would mend the record of a day, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrackingAdvice)]
pub enum Advice {
    /// Reports came with impossible times: set the phone's clock to automatic.
    ClockWrong,
    /// The permission was missing for a while.
    NoPermission,
    /// Nothing has been heard in this working time.
    NeverHeard,
    /// Heard before, but not for a while.
    Silent,
    /// The app was stopped for a while, or not opened: mostly the phone's battery saver.
    AppStopped,
    /// The person has not agreed yet.
    NoConsent,
    BatteryLow,
    /// The phone says that an app supplies the position.
    Mock,
}

/// A phone that is not heard for longer needs a look (the same as on the live map).
pub(super) const SILENT_AFTER: i64 = 10 * Micros::MINUTE;
/// Shorter silences are tunnels and lifts.
const STOPPED_S: i64 = 30 * 60;
const LOW_PERCENT: u8 = 20;

/// What is known without computing the day.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub now: Micros,
    /// Is positions' recording allowed at all?
    pub tracked: bool,
    pub consent: bool,
    pub bad_time: i64,
    /// Begin of the first stretch of working time, if it has begun.
    pub began: Option<Micros>,
    /// Begin of the stretch of working time that holds now.
    pub shift: Option<Micros>,
    /// Last report within the day's working time.
    pub heard_at: Option<Micros>,
    pub battery: Option<u8>,
    pub mock: bool,
    pub no_permission_s: i64,
    /// Seconds without a sign of life, whatever the phone can tell of them.
    pub stopped_s: i64,
}

/// See [`Advice`].
pub(super) fn advice(f: &Facts) -> Vec<Advice> {
    let mut found = vec![];
    let mut when = |holds: bool, advice| holds.then(|| found.push(advice));
    when(f.bad_time > 0, Advice::ClockWrong);
    if f.tracked {
        when(f.no_permission_s > 0, Advice::NoPermission);
        // Nobody is silent before he has had the time to be heard.
        let quiet_since = f.shift.map(|shift| f.heard_at.map_or(shift, |heard| heard.max(shift)));
        let quiet = quiet_since.is_some_and(|since| f.now.0 - since.0 > SILENT_AFTER);
        let over = f.began.is_some() && f.shift.is_none();
        when((quiet || over) && f.heard_at.is_none(), Advice::NeverHeard);
        when(quiet && f.heard_at.is_some(), Advice::Silent);
        when(f.heard_at.is_some() && f.stopped_s > STOPPED_S, Advice::AppStopped);
        when(!f.consent, Advice::NoConsent);
        when(f.shift.is_some() && f.battery.is_some_and(|b| b <= LOW_PERCENT), Advice::BatteryLow);
        when(f.mock, Advice::Mock);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64, minute: i64) -> Micros {
        Micros(hour * Micros::HOUR + minute * Micros::MINUTE)
    }

    #[test]
    fn each_fact_has_its_advice_and_a_good_day_has_none() {
        let good = Facts {
            now: at(10, 0),
            tracked: true,
            consent: true,
            began: Some(at(9, 0)),
            shift: Some(at(9, 0)),
            heard_at: Some(at(9, 55)),
            battery: Some(80),
            ..Facts::default()
        };
        assert_eq!(advice(&good), []);
        let says = |f: Facts| advice(&f);
        assert_eq!(says(Facts { bad_time: 1, ..good }), [Advice::ClockWrong]);
        assert_eq!(says(Facts { heard_at: Some(at(9, 49)), ..good }), [Advice::Silent]);
        assert_eq!(says(Facts { heard_at: None, ..good }), [Advice::NeverHeard]);
        assert_eq!(says(Facts { heard_at: None, now: at(9, 10), ..good }), [], "ten minutes to be heard");
        assert_eq!(says(Facts { heard_at: None, shift: None, now: at(18, 0), ..good }), [Advice::NeverHeard]);
        assert_eq!(says(Facts { shift: None, now: at(12, 30), ..good }), [], "a break is not silence");
        assert_eq!(says(Facts { stopped_s: 1801, ..good }), [Advice::AppStopped]);
        assert_eq!(says(Facts { no_permission_s: 60, ..good }), [Advice::NoPermission]);
        assert_eq!(
            says(Facts { consent: false, battery: Some(20), mock: true, ..good }),
            [Advice::NoConsent, Advice::BatteryLow, Advice::Mock]
        );
        let off = Facts { tracked: false, consent: false, heard_at: None, ..good };
        assert_eq!(says(off), [], "whoever is not tracked needs no help");
    }
}
