//! The statement as a table: one line for the month, and below it days with what they are made of.

use base::{LocalDay, Micros, problem::Lang};
use jiff::{fmt::strtime, tz::TimeZone};

use super::{Statement, StatementDay, words};

/// Heads of the columns.
const HEAD: [(&str, &str); 12] = [
    ("日期", "day"),
    ("类别", "kind"),
    ("开始", "from"),
    ("结束", "to"),
    ("说明", "what"),
    ("计入 m", "counted m"),
    ("未计入 m", "not counted m"),
    ("原始 m", "raw m"),
    ("估计 m", "estimated m"),
    ("时长 s", "seconds"),
    ("定位点", "positions"),
    ("输入哈希", "input sha256"),
];

/// The table as UTF-8 text with a byte order mark, so that spreadsheet programs read it right. Times are
/// those of the statement's zone.
pub fn csv(statement: &Statement, lang: Lang) -> Vec<u8> {
    let zone = TimeZone::get(&statement.time_zone).unwrap_or(TimeZone::UTC);
    let zh = lang == Lang::Zh;
    let mut table = Table { lines: ::csv::Writer::from_writer("\u{feff}".as_bytes().to_vec()), zone, lang };
    table.line(HEAD.map(|(in_zh, in_en)| if zh { in_zh } else { in_en }.to_owned()));
    table.month(statement);
    for day in &statement.days {
        table.day(day);
    }
    for note in words::notes(lang) {
        table.row(Row { kind: ("说明", "note"), what: note.to_owned(), ..Row::default() });
    }
    // writing to memory does not fail
    table.lines.into_inner().unwrap_or_default()
}

struct Table {
    lines: ::csv::Writer<Vec<u8>>,
    zone: TimeZone,
    lang: Lang,
}

/// A line before it is written; what is left out stays empty.
#[derive(Default)]
struct Row<'a> {
    day: Option<LocalDay>,
    kind: (&'a str, &'a str),
    span: Option<(Micros, Micros)>,
    what: String,
    counted_m: Option<i64>,
    excluded_m: Option<i64>,
    raw_m: Option<i64>,
    estimated_m: Option<i64>,
    seconds: Option<i64>,
    positions: Option<i64>,
    sha256: &'a str,
}

impl Table {
    fn line(&mut self, cells: [String; 12]) {
        // writing to memory does not fail
        let _ = self.lines.write_record(cells.map(|c| harmless(&c)));
    }

    fn row(&mut self, row: Row<'_>) {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let (from, to) = row.span.unzip();
        let time = |t: Option<Micros>| {
            let local = t.map(|t| t.timestamp().to_zoned(self.zone.clone()));
            local.and_then(|z| strtime::format("%Y-%m-%d %H:%M:%S", &z).ok()).unwrap_or_default()
        };
        let kind = if self.lang == Lang::Zh { row.kind.0 } else { row.kind.1 };
        let (from, to) = (time(from), time(to));
        self.line([
            row.day.map(|d| d.to_string()).unwrap_or_default(),
            kind.to_owned(),
            from,
            to,
            row.what,
            number(row.counted_m),
            number(row.excluded_m),
            number(row.raw_m),
            number(row.estimated_m),
            number(row.seconds),
            number(row.positions),
            row.sha256.to_owned(),
        ]);
    }

    fn month(&mut self, s: &Statement) {
        let t = s.totals;
        let code = s.person.code.as_ref().map(|c| format!(" {c}")).unwrap_or_default();
        let head = [s.company.as_str(), &format!("{}{code}", s.person.name), &s.person.department, &s.month];
        self.row(Row {
            kind: ("月合计", "month"),
            what: format!("{} · {}", head.join(" · "), s.rule_version),
            counted_m: Some(t.counted_m),
            excluded_m: Some(t.excluded_m),
            raw_m: Some(t.raw_m),
            estimated_m: Some(t.estimated_m),
            seconds: Some(t.duty_s),
            positions: Some(s.days.iter().map(|d| i64::from(d.positions)).sum()),
            sha256: &s.input_sha256,
            ..Row::default()
        });
    }

    fn day(&mut self, d: &StatementDay) {
        let open = if self.lang == Lang::Zh { "当天未结束" } else { "not over" };
        self.row(Row {
            day: Some(d.day),
            kind: ("当天", "day"),
            what: if d.open { open.to_owned() } else { String::new() },
            counted_m: Some(d.counted_m),
            excluded_m: Some(d.excluded_m),
            raw_m: Some(d.raw_m),
            estimated_m: Some(d.estimated_m),
            seconds: Some(d.duty_s),
            positions: Some(i64::from(d.positions)),
            sha256: &d.input_sha256,
            ..Row::default()
        });
        let lang = self.lang;
        for t in &d.trips {
            let place = |p: &Option<String>| p.clone().unwrap_or_else(|| "…".to_owned());
            let way = match (&t.from_place, &t.to_place) {
                (None, None) => String::new(),
                (from, to) => format!(" · {} → {}", place(from), place(to)),
            };
            self.row(Row {
                day: Some(d.day),
                kind: ("行程", "trip"),
                span: Some((t.from, t.to)),
                what: format!("{}{way}", words::mode(t.mode, lang)),
                counted_m: Some(if t.counted { t.meters } else { 0 }),
                excluded_m: Some(if t.counted { 0 } else { t.meters }),
                seconds: Some(seconds(t.from, t.to)),
                ..Row::default()
            });
        }
        for g in &d.gaps {
            self.row(Row {
                day: Some(d.day),
                kind: ("缺口", "gap"),
                span: Some((g.from, g.to)),
                what: words::gap(g.kind, lang).to_owned(),
                estimated_m: Some(g.estimated_m),
                seconds: Some(seconds(g.from, g.to)),
                ..Row::default()
            });
        }
        for w in &d.withheld {
            self.row(Row {
                day: Some(d.day),
                kind: ("不记录", "not recorded"),
                span: Some((w.from, w.to)),
                what: words::withheld(w.reason, lang).to_owned(),
                seconds: Some(seconds(w.from, w.to)),
                ..Row::default()
            });
        }
        for (reason, count) in &d.refused {
            self.row(Row {
                day: Some(d.day),
                kind: ("拒收", "refused"),
                what: words::refusal(reason, lang).to_owned(),
                positions: Some(*count),
                ..Row::default()
            });
        }
        if d.removed > 0 {
            self.row(Row {
                day: Some(d.day),
                kind: ("补报后删除", "removed later"),
                positions: Some(d.removed),
                ..Row::default()
            });
        }
    }
}

fn seconds(from: Micros, to: Micros) -> i64 {
    (to.0 - from.0) / Micros::SECOND
}

/// A name of somebody's choosing that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || cell.starts_with('-') && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}
