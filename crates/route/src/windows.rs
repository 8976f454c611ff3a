//! Time windows and breaks: the arithmetic every schedule here shares.
//!
//! All functions of a departure are non-decreasing: leaving earlier never makes anything later, which is
//! why one earliest and one latest time per place decide feasibility.

/// A window, both ends included, in seconds.
pub type Window = (i64, i64);

/// A pause that must be taken somewhere within the shift. It may interrupt a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Length in seconds.
    pub service_s: i64,
    /// When it may begin; empty: at any time.
    pub windows: Vec<Window>,
}

/// Earliest moment not before `t` at which a window is open. Windows sorted; none at all means always.
#[inline]
pub(crate) fn opening(windows: &[Window], t: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(t);
    }
    windows.iter().find(|w| t <= w.1).map(|w| t.max(w.0))
}

/// Latest moment not after `t` at which a window is open.
#[inline]
pub(crate) fn last_opening(windows: &[Window], t: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(t);
    }
    windows.iter().rev().find(|w| w.0 <= t).map(|w| t.min(w.1))
}

/// Arrival after leaving at `t`, driving `travel` seconds and taking `breaks` in order on the way; the
/// drive continues right up to the opening of a break and resumes after it.
#[inline]
pub(crate) fn arrival(t: i64, travel: i64, breaks: &[Break]) -> Option<i64> {
    // `now` is the clock without the rest of the drive, `there` with it.
    let (mut now, mut there) = (t, t + travel);
    for pause in breaks {
        let begin = opening(&pause.windows, now)?;
        now = begin + pause.service_s;
        there = there.max(begin) + pause.service_s;
    }
    Some(there)
}

/// Latest departure that still arrives at `by`: the inverse of [`arrival`].
#[inline]
pub(crate) fn latest_departure(by: i64, travel: i64, breaks: &[Break]) -> Option<i64> {
    let (mut now, mut there) = (by, by);
    for pause in breaks.iter().rev() {
        now = last_opening(&pause.windows, now.min(there) - pause.service_s)?;
        there -= pause.service_s;
    }
    Some(now.min(there - travel))
}

/// A window that is never open.
const NEVER: Window = (i64::MAX / 4, i64::MIN / 4);

/// Sorted and merged, without the windows that end before they begin. If nothing else was asked for, the
/// result is never open; only an empty input means always.
pub(crate) fn sorted(windows: &[Window]) -> Vec<Window> {
    let mut valid: Vec<Window> = windows.iter().copied().filter(|w| w.0 <= w.1).collect();
    valid.sort_unstable();
    let mut merged: Vec<Window> = Vec::with_capacity(valid.len());
    for w in valid {
        match merged.last_mut() {
            Some(last) if w.0 <= last.1 => last.1 = last.1.max(w.1),
            _ => merged.push(w),
        }
    }
    if merged.is_empty() && !windows.is_empty() {
        merged.push(NEVER);
    }
    merged
}

/// The breaks owed within a shift, in the order they are taken. One that cannot lie within the shift is
/// not owed.
pub(crate) fn owed(breaks: &[Break], shift: Window) -> Vec<Break> {
    let mut owed: Vec<Break> = breaks
        .iter()
        .map(|b| {
            let all = if b.windows.is_empty() { vec![shift] } else { sorted(&b.windows) };
            let clip = |w: Window| (w.0.max(shift.0), w.1.min(shift.1 - b.service_s));
            Break { service_s: b.service_s, windows: sorted(&all.into_iter().map(clip).collect::<Vec<_>>()) }
        })
        .filter(|b| b.windows != [NEVER])
        .collect();
    owed.sort_by_key(|b| (b.windows.first().copied(), b.service_s));
    owed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lunch() -> Break {
        Break { service_s: 45, windows: vec![(100, 130), (200, 210)] }
    }

    #[test]
    fn a_break_interrupts_the_drive() {
        assert_eq!(arrival(50, 80, &[lunch()]), Some(175), "drive 50, pause 100-145, drive 30");
        assert_eq!(arrival(50, 20, &[lunch()]), Some(145), "arrives early, pauses there");
        assert_eq!(arrival(140, 10, &[lunch()]), Some(245), "second window");
        assert_eq!(arrival(211, 10, &[lunch()]), None);
    }

    #[test]
    fn the_inverse_is_exact() {
        let pauses = [lunch(), Break { service_s: 10, windows: vec![(150, 260)] }];
        for breaks in [&pauses[..0], &pauses[..1], &pauses[1..], &pauses[..]] {
            for travel in [0, 7, 60, 150] {
                for by in 0..420 {
                    let brute =
                        (-500..420).rev().find(|&t| arrival(t, travel, breaks).is_some_and(|a| a <= by));
                    let fast = latest_departure(by, travel, breaks).filter(|&t| t >= -500);
                    assert_eq!(fast, brute, "by {by}, travel {travel}, {} breaks", breaks.len());
                }
            }
        }
    }
}
