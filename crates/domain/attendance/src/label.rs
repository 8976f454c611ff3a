//! A day in a few characters, the same on the screen and in the file.

use std::collections::HashMap;

use base::problem::Lang;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    day::{DayKind, Outcome},
    requests::in_days,
};

/// What a cell is coloured by: the gravest thing it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceTone)]
pub enum Tone {
    Fine,
    Late,
    Problem,
    Leave,
    Trip,
    Overtime,
    Rest,
    /// Not over yet.
    Open,
}

/// Names of kinds of leave by id, in one language.
pub type Names = HashMap<Uuid, String>;

fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::Zh { zh } else { en }
}

/// Hours with at most one digit behind the point.
pub fn hours(minutes: i64) -> String {
    let tenths = (minutes * 10 + 30) / 60;
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// The label of a day.
pub fn label(o: &Outcome, names: &Names, lang: Lang) -> (String, Tone) {
    let mut parts: Vec<String> = vec![];
    let mut tone = None;
    let mut say = |text: String, of: Tone, grave: bool| {
        parts.push(text);
        if grave || tone.is_none() {
            tone = Some(of);
        }
    };
    for part in &o.leave {
        let named = part.leave_type_id.and_then(|id| names.get(&id)).map(String::as_str);
        let name = named.unwrap_or(word(lang, "假", "Leave"));
        let much = if part.milli == 1000 { String::new() } else { in_days(part.milli) };
        say(format!("{name}{much}"), Tone::Leave, false);
    }
    if o.trip {
        say(word(lang, "差", "Trip").into(), Tone::Trip, false);
    }
    if o.late_minutes > 0 {
        say(format!("{}{}", word(lang, "迟", "L"), o.late_minutes), Tone::Late, true);
    }
    if o.early_minutes > 0 {
        say(format!("{}{}", word(lang, "退", "E"), o.early_minutes), Tone::Late, true);
    }
    if o.missing_in > 0 {
        say(word(lang, "缺上", "No in").into(), Tone::Problem, true);
    }
    if o.missing_out > 0 {
        say(word(lang, "缺下", "No out").into(), Tone::Problem, true);
    }
    if o.absent_milli > 0 {
        let much = if o.absent_milli == 1000 { String::new() } else { in_days(o.absent_milli) };
        say(format!("{}{much}", word(lang, "旷", "A")), Tone::Problem, true);
    }
    if o.overtime_minutes > 0 {
        say(format!("{}{}", word(lang, "加", "OT"), hours(o.overtime_minutes)), Tone::Overtime, false);
    }
    if parts.is_empty() {
        return match (o.kind, o.open, o.first_in) {
            (DayKind::Rest, ..) => (word(lang, "休", "·").into(), Tone::Rest),
            (DayKind::Holiday, ..) => (word(lang, "节", "H").into(), Tone::Rest),
            (DayKind::Before, ..) => (String::new(), Tone::Open),
            (DayKind::Work, true, None) => (String::new(), Tone::Open),
            (DayKind::Work, true, Some(_)) => ("…".into(), Tone::Open),
            // Nobody asked him to punch, and he did not: it says nothing.
            (DayKind::Work, false, None) if o.last_out.is_none() => (String::new(), Tone::Open),
            (DayKind::Work, false, _) => (if o.corrected { "✓ *" } else { "✓" }.into(), Tone::Fine),
        };
    }
    if o.corrected {
        parts.push("*".into());
    }
    (parts.join(" "), tone.unwrap_or(Tone::Fine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_thing_colours() {
        let leave = Uuid::from_u128(1);
        let names = Names::from([(leave, "年假".to_owned())]);
        let half = crate::day::LeavePart { leave_type_id: Some(leave), milli: 500 };
        let o = Outcome {
            kind: DayKind::Work,
            late_minutes: 12,
            leave: vec![half],
            overtime_minutes: 90,
            ..Outcome::default()
        };
        assert_eq!(label(&o, &names, Lang::Zh), ("年假0.5 迟12 加1.5".into(), Tone::Late));
        assert_eq!(label(&Outcome::default(), &names, Lang::Zh), ("休".into(), Tone::Rest));
        let clean = Outcome { kind: DayKind::Work, first_in: Some(base::Micros(0)), ..Outcome::default() };
        assert_eq!(label(&clean, &names, Lang::En), ("✓".into(), Tone::Fine));
    }
}
