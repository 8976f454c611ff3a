//! Pure decisions: the company's rules, grades, and when a rule has been wrong too often.

use serde::{Deserialize, Serialize};
use trust::Code;
use utoipa::ToSchema;

use crate::model::Grade;

/// What happens with a check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, Default)]
#[serde(rename_all = "snake_case")]
#[schema(as = TruthPolicy)]
pub enum Policy {
    /// The record is refused, with the reason.
    Block,
    /// Recorded, and a finding is made.
    #[default]
    Flag,
    /// Nothing is said.
    Allow,
}

/// The company's own rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TruthRules)]
pub struct CompanyRules {
    /// The phone's system marks positions as mock.
    pub mock_location: Policy,
    /// The check-in lies outside the fence.
    pub out_of_range: Policy,
    /// The phone recorded for somebody else shortly before.
    pub second_person: Policy,
    /// The phone's clock disagrees with the server's.
    pub clock: Policy,
    /// A photo was used before.
    pub photo_reuse: Policy,
    /// The record comes from a phone that is not approved, or lacks that phone's signature.
    #[serde(default)]
    pub unknown_device: Policy,
    /// Trackers whose mock flag is known to be innocent (external receivers).
    #[schema(max_items = 500)]
    pub trusted_trackers: Vec<i64>,
    /// Phones that several people share.
    #[schema(max_items = 500)]
    pub shared_devices: Vec<String>,
    /// Tell the managers as soon as a red finding is made.
    pub alert_managers: bool,
}

impl Default for CompanyRules {
    fn default() -> CompanyRules {
        CompanyRules {
            mock_location: Policy::Flag,
            out_of_range: Policy::Flag,
            second_person: Policy::Flag,
            clock: Policy::Flag,
            photo_reuse: Policy::Flag,
            unknown_device: Policy::Flag,
            trusted_trackers: vec![],
            shared_devices: vec![],
            alert_managers: true,
        }
    }
}

impl CompanyRules {
    /// What the company wants done about a code.
    pub fn of(&self, code: Code) -> Policy {
        match code {
            Code::Mock => self.mock_location,
            Code::OutOfRange => self.out_of_range,
            Code::SecondPerson | Code::DeviceShared => self.second_person,
            Code::ClockMoved | Code::ClockAhead | Code::ClockBehind | Code::ClockStep => self.clock,
            Code::PhotoDuplicate | Code::PhotoNear => self.photo_reuse,
            Code::DeviceUnknown | Code::DeviceUnsigned => self.unknown_device,
            _ => Policy::Flag,
        }
    }

    /// Is there anything this company does not let be recorded?
    pub fn any_blocks(&self) -> bool {
        [self.mock_location, self.out_of_range, self.second_person, self.clock, self.unknown_device]
            .contains(&Policy::Block)
    }

    /// May an open red finding of this code keep a visit from counting? A phone that two people used says who held it, not
    /// that nobody was there: that counts against a visit only where the company blocks such check-ins.
    pub fn keeps_from_counting(&self, code: Code) -> bool {
        !matches!(code, Code::SecondPerson | Code::DeviceShared) || self.of(code) == Policy::Block
    }
}

/// The finding that the company's rules block a check-in for, if any: the strongest of those that would need an explanation.
pub fn admit<'a>(rules: &CompanyRules, findings: &'a [trust::Finding]) -> Option<&'a trust::Finding> {
    findings
        .iter()
        .filter(|f| f.weight >= trust::AMBER && rules.of(f.code) == Policy::Block)
        .max_by(|a, b| a.weight.total_cmp(&b.weight))
}

/// Is a finding said at once, of a visit or of a day that goes on? The rest is judged when the day is over, beside the person's
/// own last days: one day alone cannot tell a habit of his phone from news.
pub fn at_once(code: Code) -> bool {
    code.about_visit() || matches!(code, Code::Mock | Code::Hop | Code::FreezeJump | Code::StaticExact)
}

/// What is known of how a visit was recorded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proof {
    /// The record carries a word of the server.
    pub nonce: bool,
    /// A photo was taken by the app's own camera.
    pub live_photo: bool,
    /// The code on the customer's screen was read: a challenge by something that stands there.
    pub challenge: bool,
    /// A tracker app on the phone, which sends the system's flags, reported during the visit.
    pub native_flags: bool,
}

/// Grade of evidence. A needs a key in hardware, which no client of today has.
pub fn grade(p: Proof) -> Grade {
    match p {
        Proof { native_flags: true, .. } => Grade::B,
        Proof { nonce: true, .. } | Proof { live_photo: true, .. } | Proof { challenge: true, .. } => {
            Grade::C
        }
        _ => Grade::D,
    }
}

/// Decisions before a rule's record says anything.
const DECISIONS: i64 = 20;
/// Share of cleared findings from which a rule falls back.
const OVERTURNED: f64 = 0.05;
/// Then it weighs at most so much: below red alone, and not an independent group.
const FALLEN: f64 = 0.39;

/// Has a rule been wrong too often here to be able to make red?
pub fn fallen(decided: i64, cleared: i64) -> bool {
    decided >= DECISIONS && cleared as f64 > OVERTURNED * decided as f64
}

/// The weight a finding counts with.
pub fn counted(weight: f64, fallen: bool) -> f64 {
    if fallen { weight.min(FALLEN) } else { weight }
}

/// Reasons a person may choose from.
pub const REASONS: [&str; 10] = [
    "metro",
    "new_phone",
    "joint_visit",
    "phone_lent",
    "indoors",
    "vpn",
    "map_pin_wrong",
    "no_network",
    "drop_off",
    "other",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_is_wrong_too_often_falls_back() {
        assert!(!fallen(19, 19), "too few to say");
        assert!(!fallen(20, 1));
        assert!(fallen(20, 2));
        assert_eq!(counted(0.95, true), 0.39);
        assert_eq!(counted(0.95, false), 0.95);
    }

    #[test]
    fn what_may_be_the_phone_s_own_habit_waits_for_the_end_of_the_day() {
        assert!(at_once(Code::OutOfRange) && at_once(Code::Mock));
        assert!(!at_once(Code::AccConst) && !at_once(Code::WhiteNoise) && !at_once(Code::Replay));
    }

    #[test]
    fn grades_say_what_was_really_checked() {
        let p = Proof::default;
        assert_eq!(grade(p()), Grade::D);
        assert_eq!(grade(Proof { nonce: true, ..p() }), Grade::C);
        assert_eq!(grade(Proof { native_flags: true, live_photo: true, ..p() }), Grade::B);
    }

    #[test]
    fn a_shared_phone_alone_takes_no_visit_away() {
        let flag = CompanyRules::default();
        assert!(!flag.keeps_from_counting(Code::SecondPerson) && flag.keeps_from_counting(Code::Mock));
        let strict = CompanyRules { second_person: Policy::Block, ..flag };
        assert!(strict.keeps_from_counting(Code::SecondPerson));
    }

    #[test]
    fn blocking_needs_a_finding_and_the_company_s_will() {
        let records = trust::Records { second_person_minutes: Some(5.0), ..Default::default() };
        let found = trust::judge_records(&records);
        assert!(admit(&CompanyRules::default(), &found).is_none());
        let strict = CompanyRules { second_person: Policy::Block, ..CompanyRules::default() };
        assert_eq!(admit(&strict, &found).map(|f| f.code), Some(Code::SecondPerson));
    }
}
