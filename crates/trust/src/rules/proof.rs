//! What a server knows of a visit beside positions: photos, device, clock, steps.

use crate::{catalogue::Code, model::Finding};

/// Facts about the records of one visit. Absent: nothing known, nothing held against anybody.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// Check-in and check-out (or the last record), Unix milliseconds.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Phone's clock minus the server's, seconds, where both are known at one moment.
    pub clock_offset_s: Option<f64>,
    /// Photos identical to photos of other visits.
    pub duplicate_photos: u32,
    /// Photos not taken by the app's own camera where the step asks for that.
    pub not_live_photos: u32,
    /// Minutes since the same device recorded for somebody else, within half a day.
    pub second_person_minutes: Option<f64>,
    /// Steps that were done, and the seconds from check-in to the last of them.
    pub steps: Option<(u32, f64)>,
    /// Photos that look like photos of other visits: how many, the best likeness (0 to 1), and whether all of those were taken
    /// at the same customer, as a series from one spot would be.
    pub like_photos: Option<(u32, f64, bool)>,
    /// Other visits proved by the same turn of the same code at a customer.
    pub code_shared: u32,
    /// Proofs of steps that were brought and do not hold.
    pub failed_proofs: u32,
    pub seals: Seals,
}

/// What the seals of a visit's records say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seals {
    /// Records that differ from what was sealed, or whose seal does not hold.
    pub broken: u32,
    /// Numbers missing before the seals of these records.
    pub missing: u32,
    pub forks: u32,
    /// Records without a seal of a person whose phone has a key.
    pub unsigned: u32,
    /// Records of a phone that waits for approval or was refused.
    pub unknown: u32,
    /// Minutes between records of this phone and of another one of the same person.
    pub parallel_minutes: Option<f64>,
    /// How far the phone's clock was moved while it was out of the server's hearing, seconds.
    pub moved_s: Option<f64>,
}

/// Findings of the records of a visit.
pub fn judge_records(r: &Records) -> Vec<Finding> {
    let window = (r.from_ms, r.to_ms.max(r.from_ms));
    let mut out = vec![];
    // What the seals say of the clock is said about the phone, not about the moment of a record: it asks, and is never red alone.
    let clocks = [(r.clock_offset_s, 0.9), (r.seals.moved_s, 0.8)];
    let worst = clocks.into_iter().filter_map(|(offset, most)| {
        let offset = offset.map(f64::abs).filter(|o| *o > 150.0)?;
        Some(((0.6 + 0.3 * ((offset - 150.0) / 1_500.0).clamp(0.0, 1.0)).min(most), offset))
    });
    if let Some((w, offset)) = worst.max_by(|a, b| a.0.total_cmp(&b.0)) {
        out.push(Finding::new(Code::ClockMoved, w, window, &[("offset_s", offset)]));
    }
    if r.duplicate_photos > 0 {
        out.push(Finding::new(
            Code::PhotoDuplicate,
            0.9,
            window,
            &[("photos", f64::from(r.duplicate_photos))],
        ));
    }
    if r.not_live_photos > 0 {
        out.push(Finding::new(Code::PhotoNotLive, 0.3, window, &[("photos", f64::from(r.not_live_photos))]));
    }
    if let Some(minutes) = r.second_person_minutes {
        let w = if minutes < 60.0 { 0.85 } else { 0.6 };
        out.push(Finding::new(Code::SecondPerson, w, window, &[("minutes", minutes.round())]));
    }
    if let Some((steps, seconds)) = r.steps {
        // Nobody reads, photographs and answers a step in less than six seconds, again and again.
        let least = 6.0 * f64::from(steps);
        if steps >= 2 && seconds < least {
            let w = 0.4 + 0.2 * (1.0 - seconds.max(0.0) / least);
            let numbers = [("steps", f64::from(steps)), ("seconds", seconds)];
            out.push(Finding::new(Code::StepsHurried, w, window, &numbers));
        }
    }
    if let Some((photos, likeness, same_customer)) = r.like_photos.filter(|p| p.0 > 0) {
        let w = if same_customer { 0.35 } else { 0.6 };
        let numbers = [("photos", f64::from(photos)), ("likeness_share", likeness)];
        out.push(Finding::new(Code::PhotoNear, w, window, &numbers));
    }
    if r.code_shared > 0 {
        out.push(Finding::new(Code::CodeShared, 0.6, window, &[("visits", f64::from(r.code_shared))]));
    }
    if r.failed_proofs > 0 {
        out.push(Finding::new(Code::ProofFailed, 0.5, window, &[("proofs", f64::from(r.failed_proofs))]));
    }
    judge_seals(&r.seals, window, &mut out);
    out
}

fn judge_seals(s: &Seals, window: (i64, i64), out: &mut Vec<Finding>) {
    let mut say = |code: Code, weight: f64, name: &str, count: u32| {
        if count > 0 {
            out.push(Finding::new(code, weight, window, &[(name, f64::from(count))]));
        }
    };
    say(Code::SealBroken, 0.8, "records", s.broken);
    say(Code::ChainGap, 0.4, "missing", s.missing);
    say(Code::ChainFork, 0.8, "forks", s.forks);
    say(Code::DeviceUnsigned, 0.3, "records", s.unsigned);
    say(Code::DeviceUnknown, 0.3, "records", s.unknown);
    if let Some(minutes) = s.parallel_minutes {
        out.push(Finding::new(Code::DeviceParallel, 0.3, window, &[("minutes", minutes.ceil().max(1.0))]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Band, assess};

    #[test]
    fn honest_records_say_nothing() {
        let honest = Records { clock_offset_s: Some(-90.0), steps: Some((3, 240.0)), ..Records::default() };
        assert!(judge_records(&honest).is_empty());
        assert!(judge_records(&Records::default()).is_empty());
    }

    #[test]
    fn each_fact_gives_its_finding_and_colour() {
        let band = |r: Records| assess(judge_records(&r), true).band;
        let r = Records::default;
        assert_eq!(band(Records { duplicate_photos: 1, ..r() }), Band::Red);
        assert_eq!(band(Records { second_person_minutes: Some(10.0), ..r() }), Band::Red);
        assert_eq!(band(Records { clock_offset_s: Some(2_400.0), ..r() }), Band::Red);
        assert_eq!(band(Records { clock_offset_s: Some(-300.0), ..r() }), Band::Amber);
        assert_eq!(band(Records { steps: Some((3, 4.0)), ..r() }), Band::Amber);
        assert_eq!(band(Records { not_live_photos: 2, ..r() }), Band::Amber);
        assert_eq!(band(Records { like_photos: Some((1, 0.99, false)), ..r() }), Band::Amber);
        assert_eq!(band(Records { code_shared: 1, ..r() }), Band::Amber);
        assert_eq!(band(Records { failed_proofs: 1, ..r() }), Band::Amber);
    }

    #[test]
    fn seals_alone_ask_and_never_make_red() {
        let band = |seals: Seals| assess(judge_records(&Records { seals, ..Records::default() }), true).band;
        let s = Seals::default;
        assert_eq!(band(s()), Band::Green);
        for seals in [
            Seals { broken: 3, ..s() },
            Seals { missing: 4, ..s() },
            Seals { forks: 1, ..s() },
            Seals { unsigned: 7, ..s() },
            Seals { unknown: 7, ..s() },
            Seals { parallel_minutes: Some(0.2), ..s() },
            Seals { moved_s: Some(-86_400.0), ..s() },
        ] {
            assert_eq!(band(seals.clone()), Band::Amber, "{seals:?}");
        }
    }
}
