//! Visits within the opening hours of customers. Pure; times are seconds after local midnight.

use base::LocalDay;
use customers::OpeningHours;

use crate::board::fits;

/// When a customer is open on a day; `None`: always.
pub(crate) type Open = Option<Vec<(i64, i64)>>;

/// The hours of a day.
pub(crate) fn open_on(hours: &OpeningHours, day: LocalDay) -> Open {
    let spans = hours.on(day)?;
    Some(spans.into_iter().map(|(a, b)| (i64::from(a) * 60, i64::from(b) * 60)).collect())
}

/// When a visit may begin: its own window within the hours, and so that it ends before they do. What lasts longer than
/// a span begins with it. Empty: never.
pub(crate) fn begins(window: (i64, i64), open: &Open, service_s: i64) -> Vec<(i64, i64)> {
    let Some(open) = open else { return vec![window] };
    let of = |&(opens, closes): &(i64, i64)| {
        let last = (closes - service_s).max(opens);
        let (from, to) = (window.0.max(opens), window.1.min(last));
        (from <= to).then_some((from, to))
    };
    open.iter().filter_map(of).collect()
}

/// When a visit begins for which somebody is ready at `ready`, and whether the customer is closed then. He waits for
/// the hours where the window of the visit leaves time for that.
pub(crate) fn begin(
    ready: i64,
    window: (i64, i64),
    open: &Open,
    service_s: i64,
    pauses: &[(i64, i64)],
) -> (i64, bool) {
    let plain = fits(ready.max(window.0), service_s, pauses);
    let Some(spans) = open else { return (plain, false) };
    let found = begins(window, open, service_s).into_iter().find_map(|(from, to)| {
        let at = fits(ready.max(from), service_s, pauses);
        (at <= to).then_some(at)
    });
    let open_then = |at: i64| spans.iter().any(|&(a, b)| a <= at && (at + service_s <= b || at == a));
    found.map_or((plain, !open_then(plain)), |at| (at, false))
}

/// The hours in words, `13:30-18:00` each; none: closed all day.
pub(crate) fn words(open: &Open) -> Vec<String> {
    let minute = |s: i64| i32::try_from(s / 60).unwrap_or(0);
    open.iter().flatten().map(|(a, b)| customers::span_text((minute(*a), minute(*b)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i64 = 3600;

    fn open() -> Open {
        Some(vec![(9 * H, 12 * H), (13 * H + 1800, 18 * H)])
    }

    #[test]
    fn a_visit_ends_before_the_door_is_closed() {
        assert_eq!(
            begins((0, 24 * H), &open(), 1800),
            [(9 * H, 12 * H - 1800), (13 * H + 1800, 18 * H - 1800)]
        );
        assert_eq!(begins((10 * H, 11 * H), &open(), 1800), [(10 * H, 11 * H)]);
        assert_eq!(begins((12 * H, 13 * H), &open(), 1800), []);
        assert_eq!(begins((0, 24 * H), &open(), 4 * H), [(9 * H, 9 * H), (13 * H + 1800, 14 * H)]);
        assert_eq!(begins((10 * H, 11 * H), &None, 1800), [(10 * H, 11 * H)]);
    }

    #[test]
    fn who_comes_too_early_waits_and_who_comes_too_late_is_told() {
        let whole = (0, 24 * H);
        assert_eq!(begin(8 * H, whole, &open(), 1800, &[]), (9 * H, false));
        assert_eq!(begin(12 * H - 60, whole, &open(), 1800, &[]), (13 * H + 1800, false));
        assert_eq!(begin(18 * H, whole, &open(), 1800, &[]), (18 * H, true));
        assert_eq!(
            begin(12 * H, (9 * H, 12 * H + 1800), &open(), 1800, &[]),
            (12 * H, true),
            "no time to wait"
        );
        assert_eq!(begin(16 * H, (9 * H, 10 * H), &open(), 1800, &[]), (16 * H, false), "late, and open");
        assert_eq!(begin(10 * H, whole, &Some(vec![]), 1800, &[]), (10 * H, true));
        assert_eq!(begin(13 * H, whole, &open(), 1800, &[(13 * H + 1800, 14 * H)]), (14 * H, false));
    }
}
