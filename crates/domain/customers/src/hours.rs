//! When a customer can be visited: hours by weekday, and days on which he is closed all the same.
//!
//! Kept, imported and exported as one text, which people can write by hand:
//! `1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00; closed 2026-02-17`. Monday is 1. Who states no hours is open always.

use std::collections::BTreeMap;

use base::LocalDay;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Spans of one weekday.
const SPANS: usize = 3;
/// Days named as closed.
const CLOSED: usize = 60;
/// A day in minutes.
const DAY: i32 = 1440;

/// A stretch of a weekday in minutes after local midnight of the company's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSpan {
    /// 1 Monday to 7 Sunday.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: u8,
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: i32,
}

/// When a customer can be visited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// Empty: always. Otherwise a weekday without a span is closed. At most three a weekday, none over midnight.
    #[serde(default)]
    #[schema(max_items = 21)]
    pub weekly: Vec<OpenSpan>,
    /// Days closed whatever the weekday.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 60)]
    pub closed: Vec<LocalDay>,
}

impl OpeningHours {
    /// Does nothing stand against any time?
    pub fn is_always(&self) -> bool {
        self.weekly.is_empty() && self.closed.is_empty()
    }

    /// Spans of a day in minutes after midnight, in order; `None`: all day. An empty list: closed.
    pub fn on(&self, day: LocalDay) -> Option<Vec<(i32, i32)>> {
        if self.closed.contains(&day) {
            return Some(vec![]);
        }
        let of_day = self.weekly.iter().filter(|s| s.weekday == day.weekday());
        (!self.weekly.is_empty()).then(|| of_day.map(|s| (s.from_minute, s.to_minute)).collect())
    }

    /// In order and without what is said twice; `None` when a span or the number of them is impossible.
    pub fn tidy(mut self) -> Option<OpeningHours> {
        self.weekly.sort_unstable();
        self.weekly.dedup();
        self.closed.sort_unstable();
        self.closed.dedup();
        let sound = |s: &OpenSpan| {
            (1..=7).contains(&s.weekday)
                && 0 <= s.from_minute
                && s.from_minute < s.to_minute
                && s.to_minute <= DAY
        };
        let apart = |w: &[OpenSpan]| w[0].weekday != w[1].weekday || w[0].to_minute <= w[1].from_minute;
        let few = (1..=7).all(|d| self.weekly.iter().filter(|s| s.weekday == d).count() <= SPANS);
        let fine = self.weekly.iter().all(sound) && self.weekly.windows(2).all(apart) && few;
        (fine && self.closed.len() <= CLOSED).then_some(self)
    }

    /// Reads what people write; `None` when it cannot be read.
    pub fn read(text: &str) -> Option<OpeningHours> {
        let mut hours = OpeningHours::default();
        for part in text.split([';', '；', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let (days, rest) = part.split_once(char::is_whitespace)?;
            let listed = |list: &str| -> Vec<String> {
                list.split([',', '，', '、']).map(|t| t.trim().to_owned()).collect()
            };
            if matches!(days, "closed" | "休" | "休息") {
                for date in listed(rest) {
                    hours.closed.push(date.parse().ok()?);
                }
                continue;
            }
            let spans: Vec<(i32, i32)> = listed(rest).iter().map(|s| span(s)).collect::<Option<_>>()?;
            for range in listed(days) {
                let (first, last) = match pair(&range) {
                    Some((a, b)) => (weekday(&a)?, weekday(&b)?),
                    None => (weekday(&range)?, weekday(&range)?),
                };
                if first > last {
                    return None;
                }
                for weekday in first..=last {
                    let of = |&(from_minute, to_minute)| OpenSpan { weekday, from_minute, to_minute };
                    hours.weekly.extend(spans.iter().map(of));
                }
            }
        }
        hours.tidy()
    }

    /// The text that [`read`](Self::read) takes; empty: always.
    pub fn text(&self) -> String {
        let mut by_day: BTreeMap<u8, Vec<String>> = BTreeMap::new();
        for s in &self.weekly {
            by_day.entry(s.weekday).or_default().push(span_text((s.from_minute, s.to_minute)));
        }
        // First and last of days that follow each other with the same spans.
        let mut parts: Vec<(u8, u8, String)> = vec![];
        for (day, spans) in by_day {
            let spans = spans.join(",");
            match parts.last_mut() {
                Some((_, last, same)) if *last + 1 == day && *same == spans => *last = day,
                _ => parts.push((day, day, spans)),
            }
        }
        let one = |(first, last, spans): &(u8, u8, String)| {
            let days = if first == last { first.to_string() } else { format!("{first}-{last}") };
            format!("{days} {spans}")
        };
        let mut all: Vec<String> = parts.iter().map(one).collect();
        if !self.closed.is_empty() {
            let dates: Vec<String> = self.closed.iter().map(ToString::to_string).collect();
            all.push(format!("closed {}", dates.join(",")));
        }
        all.join("; ")
    }

    /// As kept.
    pub(crate) fn kept(&self) -> Option<String> {
        (!self.is_always()).then(|| self.text())
    }

    /// From what is kept.
    pub fn of_kept(text: Option<&str>) -> OpeningHours {
        text.and_then(OpeningHours::read).unwrap_or_default()
    }
}

/// `09:00-12:00`.
pub fn span_text((from, to): (i32, i32)) -> String {
    let clock = |m: i32| format!("{:02}:{:02}", m / 60, m % 60);
    format!("{}-{}", clock(from), clock(to))
}

fn pair(text: &str) -> Option<(String, String)> {
    let (a, b) = text.split_once(['-', '–', '—', '~', '～', '至', '到'])?;
    Some((a.trim().to_owned(), b.trim().to_owned()))
}

fn weekday(text: &str) -> Option<u8> {
    const NAMES: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let bare = text.strip_prefix("周").or_else(|| text.strip_prefix("星期")).unwrap_or(text);
    if let Some(k) = NAMES.iter().position(|n| *n == bare) {
        return u8::try_from(k + 1).ok();
    }
    bare.parse().ok().filter(|d| (1..=7).contains(d))
}

fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let digits = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    let (hour, minute): (i32, i32) = if digits(hour) && digits(minute) {
        (hour.parse().ok()?, minute.parse().ok()?)
    } else {
        return None;
    };
    let all = hour * 60 + minute;
    (minute < 60 && all <= DAY).then_some(all)
}

fn span(text: &str) -> Option<(i32, i32)> {
    let (from, to) = pair(text)?;
    Some((minute(&from)?, minute(&to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDay {
        text.parse().unwrap()
    }

    #[test]
    fn what_people_write_comes_back_in_one_form() {
        for (written, kept) in [
            ("1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00", "1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00"),
            (
                "周一至周五 9:00—12:00，13:30～18:00；周六 10：00-16：00",
                "1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00",
            ),
            ("3 08:00-24:00", "3 08:00-24:00"),
            ("1,2,4 8:00-9:00", "1-2 08:00-09:00; 4 08:00-09:00"),
            ("休 2026-02-18,2026-02-17", "closed 2026-02-17,2026-02-18"),
            ("1 13:00-15:00,09:00-12:00", "1 09:00-12:00,13:00-15:00"),
            ("", ""),
        ] {
            let hours = OpeningHours::read(written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(hours.text(), kept);
            assert_eq!(OpeningHours::read(kept), Some(hours));
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in [
            "9:00-18:00",
            "1-5",
            "8 09:00-12:00",
            "5-1 09:00-12:00",
            "1 12:00-09:00",
            "1 09:00-12:00,11:00-14:00",
            "1 09:00-25:00",
            "1 09:61-12:00",
            "1 8:00-9:00,10:00-11:00,12:00-13:00,14:00-15:00",
            "closed 2026-13-01",
            "1 +9:00-12:00",
            "1 ,",
        ] {
            assert_eq!(OpeningHours::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_of_a_day() {
        let hours = OpeningHours::read("1-5 09:00-12:00,13:30-18:00; closed 2026-12-01").unwrap();
        assert_eq!(hours.on(day("2026-11-30")), Some(vec![(540, 720), (810, 1080)]));
        assert_eq!(hours.on(day("2026-12-01")), Some(vec![]), "a Tuesday named as closed");
        assert_eq!(hours.on(day("2026-12-05")), Some(vec![]), "no hours on Saturdays");
        assert_eq!(OpeningHours::default().on(day("2026-12-05")), None);
        let closed_only = OpeningHours::read("closed 2026-12-01").unwrap();
        assert_eq!(
            (closed_only.on(day("2026-12-01")), closed_only.on(day("2026-12-02"))),
            (Some(vec![]), None)
        );
    }
}
