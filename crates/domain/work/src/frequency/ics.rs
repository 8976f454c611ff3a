//! A calendar as text: RFC 5545.

use base::Micros;

/// Half an hour before.
const REMINDED: &str = "TRIGGER:-PT30M";

/// An entry.
#[derive(Clone)]
pub struct Entry {
    /// Never changes for one piece of work.
    pub id: String,
    /// Grows with every change of it.
    pub sequence: i64,
    pub from: Micros,
    pub to: Micros,
    pub title: String,
    pub text: String,
    pub address: Option<String>,
    pub cancelled: bool,
}

/// The whole calendar. `now` stamps the entries.
pub fn calendar(name: &str, entries: &[Entry], now: Micros) -> String {
    let mut out = String::new();
    let mut line = |text: String| fold(&mut out, &text);
    for head in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tashi//Visits//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        line(head.into());
    }
    line(format!("X-WR-CALNAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT1H".into());
    for e in entries {
        line("BEGIN:VEVENT".into());
        line(format!("UID:{}", e.id));
        line(format!("SEQUENCE:{}", e.sequence));
        line(format!("DTSTAMP:{}", stamp(now)));
        line(format!("DTSTART:{}", stamp(e.from)));
        line(format!("DTEND:{}", stamp(e.to)));
        line(format!("SUMMARY:{}", escaped(&e.title)));
        if !e.text.is_empty() {
            line(format!("DESCRIPTION:{}", escaped(&e.text)));
        }
        if let Some(address) = &e.address {
            line(format!("LOCATION:{}", escaped(address)));
        }
        line(format!("STATUS:{}", if e.cancelled { "CANCELLED" } else { "CONFIRMED" }));
        if !e.cancelled {
            for part in ["BEGIN:VALARM", "ACTION:DISPLAY", REMINDED] {
                line(part.into());
            }
            line(format!("DESCRIPTION:{}", escaped(&e.title)));
            line("END:VALARM".into());
        }
        line("END:VEVENT".into());
    }
    line("END:VCALENDAR".into());
    out
}

/// `20261120T010000Z`
fn stamp(at: Micros) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Lines of at most 75 octets; a longer one goes on after a line break and a space, never within a character.
fn fold(out: &mut String, line: &str) {
    let mut room = 75;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_folded() {
        let at = Micros(1_795_136_400_000_000);
        let entry = Entry {
            id: "1@tashi".into(),
            sequence: 2,
            from: at,
            to: at.plus(30 * Micros::MINUTE),
            title: "苏福便利, 中山路店;\\".into(),
            text: format!("第一行\n{}", "很长".repeat(40)),
            address: Some("中山路 88 号".into()),
            cancelled: false,
        };
        let called_off = Entry { cancelled: true, ..entry.clone() };
        assert!(
            !calendar("张伟", &[called_off], at).contains("VALARM"),
            "of what is called off nobody is reminded"
        );
        let text = calendar("张伟", &[entry], at);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.contains("SUMMARY:苏福便利\\, 中山路店\\;\\\\\r\n"), "{text}");
        assert!(text.contains("DTSTART:20261120T010000Z\r\n"), "{text}");
        assert!(text.split("\r\n").all(|l| l.len() <= 75), "no line longer than 75 octets");
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(&format!("DESCRIPTION:第一行\\n{}", "很长".repeat(40))));
        assert!(!text.replace("\r\n", "").contains('\n'));
        assert!(
            text.contains("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT30M\r\nDESCRIPTION:苏福便利"),
            "{text}"
        );
    }
}
