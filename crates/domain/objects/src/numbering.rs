//! Patterns of numbers: `CX-{yyyy}{mm}-{0000}`. Pure.

use base::LocalDay;

/// Longest pattern, in characters.
const MAX: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// yyyy, yy, mm or dd.
    Date(&'static str),
    /// Digits at least.
    Counter(usize),
}

/// A pattern that was read: texts, parts of the day, and one counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering(Vec<Part>);

impl Numbering {
    /// `None` when it is no pattern: no counter or two, an unknown word in braces, an open brace, or too long.
    pub fn read(pattern: &str) -> Option<Numbering> {
        if pattern.chars().count() > MAX || pattern.chars().any(char::is_control) {
            return None;
        }
        let mut parts = vec![];
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, behind) = after.split_once('}')?;
            push_text(&mut parts, before)?;
            parts.push(match word {
                "yyyy" => Part::Date("yyyy"),
                "yy" => Part::Date("yy"),
                "mm" => Part::Date("mm"),
                "dd" => Part::Date("dd"),
                zeros if (1..=9).contains(&zeros.len()) && zeros.bytes().all(|b| b == b'0') => {
                    Part::Counter(zeros.len())
                }
                _ => return None,
            });
            rest = behind;
        }
        push_text(&mut parts, rest)?;
        let counters = parts.iter().filter(|p| matches!(p, Part::Counter(_))).count();
        (counters == 1).then_some(Numbering(parts))
    }

    /// The number `n` of a day.
    pub fn number(&self, day: LocalDay, n: i64) -> String {
        self.written(day, |width| format!("{n:0width$}"))
    }

    /// What counts together: the number without its counter, so that it starts anew when the rest changes.
    pub fn period(&self, day: LocalDay) -> String {
        self.written(day, |_| "#".to_owned())
    }

    fn written(&self, day: LocalDay, counter: impl Fn(usize) -> String) -> String {
        let date = day.date();
        let part = |p: &Part| match p {
            Part::Text(text) => text.clone(),
            Part::Date("yyyy") => format!("{:04}", date.year()),
            Part::Date("yy") => format!("{:02}", date.year() % 100),
            Part::Date("mm") => format!("{:02}", date.month()),
            Part::Date(_) => format!("{:02}", date.day()),
            Part::Counter(width) => counter(*width),
        };
        self.0.iter().map(part).collect()
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) -> Option<()> {
    (!text.contains('}')).then_some(())?;
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned()));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_start_anew_when_their_period_changes() {
        let (november, december) =
            (LocalDay::new(2026, 11, 30).unwrap(), LocalDay::new(2026, 12, 1).unwrap());
        let monthly = Numbering::read("CX-{yyyy}{mm}-{0000}").unwrap();
        assert_eq!(monthly.number(november, 7), "CX-202611-0007");
        assert_eq!(monthly.number(november, 12_345), "CX-202611-12345");
        assert_ne!(monthly.period(november), monthly.period(december));
        let ever = Numbering::read("活动{000}号").unwrap();
        assert_eq!((ever.number(november, 1), ever.period(november)), ("活动001号".into(), "活动#号".into()));
        assert_eq!(ever.period(november), ever.period(december));
        assert_eq!(Numbering::read("{yy}{dd}{0}").unwrap().number(december, 3), "26013");
    }

    #[test]
    fn what_is_no_pattern() {
        for bad in ["", "CX", "{yyyy}", "{0}{0}", "{000", "0}", "{}{0}", "{year}{0}", "{0000000000}", "a}{0}"]
        {
            assert_eq!(Numbering::read(bad), None, "{bad}");
        }
        assert_eq!(Numbering::read(&format!("{}{{0}}", "长".repeat(40))), None);
    }
}
