//! A month's mileage statement on A4: the figure that is paid, a line a day, what each day is made of, and how to check it.

use base::{LocalDay, Micros, problem::Lang};
use jiff::{fmt::strtime, tz::TimeZone};
use track::statement::{Statement, StatementDay, words};

use crate::{
    PaperError,
    look::{BOTTOM, FAINT, INK, LEFT, PAPER, RIGHT, SOFT, TEAL, TOP},
    sheet::{Align, Colour, HEIGHT, Sheet},
};

/// Right edges of the columns of figures in the table of days.
const COLUMNS: [f32; 7] = [270.0, 322.0, 374.0, 422.0, 466.0, 510.0, RIGHT - 6.0];

/// Prints a statement. The same statement gives the same bytes.
///
/// # Errors
/// When the program's own typeface cannot be read.
pub fn statement(statement: &Statement, lang: Lang) -> Result<Vec<u8>, PaperError> {
    let zone = TimeZone::get(&statement.time_zone).unwrap_or(TimeZone::UTC);
    let mut writer = Writer { sheet: Sheet::new()?, y: TOP, zh: lang == Lang::Zh, lang, zone };
    writer.head(statement);
    writer.days(statement);
    for day in statement.days.iter().filter(|d| has_details(d)) {
        writer.details(day);
    }
    writer.notes(statement);
    writer.feet(statement);
    let title = format!(
        "{} · {} · {}",
        writer.say("里程单", "Mileage statement"),
        statement.person.name,
        statement.month
    );
    let subject = format!("{} {}", statement.rule_version, statement.input_sha256);
    let language = writer.say("zh-CN", "en");
    writer.sheet.pdf(&title, &subject, language)
}

fn has_details(d: &StatementDay) -> bool {
    !d.trips.is_empty() || !d.gaps.is_empty() || !d.withheld.is_empty() || d.removed > 0
}

struct Writer {
    sheet: Sheet,
    /// Where the next line begins.
    y: f32,
    zh: bool,
    lang: Lang,
    zone: TimeZone,
}

impl Writer {
    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.zh { zh } else { en }
    }

    /// Begins a new page when fewer than `need` points are left.
    fn room(&mut self, need: f32) -> bool {
        if self.y + need <= BOTTOM {
            return false;
        }
        self.sheet.new_page();
        self.y = TOP;
        true
    }

    fn head(&mut self, s: &Statement) {
        let title = self.say("里程单", "Mileage statement").to_owned();
        self.sheet.text(LEFT, self.y + 8.0, 22.0, INK, Align::Left, &title);
        self.sheet.text(RIGHT, self.y + 8.0, 15.0, INK, Align::Right, &s.month);
        let code = s.person.code.as_ref().map(|c| format!("（{c}）")).unwrap_or_default();
        let who = format!("{}{code} · {} · {}", s.person.name, s.person.department, s.company);
        self.sheet.fitted(LEFT, self.y + 28.0, 10.0, SOFT, RIGHT - LEFT, &who);
        self.y += 44.0;
        self.sheet.rect(LEFT, self.y, RIGHT - LEFT, 64.0, PAPER);
        self.sheet.rect(LEFT, self.y, 3.0, 64.0, TEAL);
        let counted = format!("{} km", km(s.totals.counted_m));
        let label = self.say("计入里程（可报销）", "Counted kilometres (payable)").to_owned();
        self.sheet.text(LEFT + 16.0, self.y + 20.0, 9.0, SOFT, Align::Left, &label);
        self.sheet.text(LEFT + 16.0, self.y + 48.0, 22.0, TEAL, Align::Left, &counted);
        let t = s.totals;
        let parts = [
            (self.say("未计入", "Not counted"), format!("{} km", km(t.excluded_m))),
            (self.say("原始（对照）", "Raw"), format!("{} km", km(t.raw_m))),
            (self.say("缺口估计（不计）", "Estimated in gaps"), format!("{} km", km(t.estimated_m))),
            (self.say("工作天数 / 时长", "Days / hours"), format!("{} / {}", t.duty_days, hours(t.duty_s))),
            (self.say("缺口时长", "Gaps"), hours(t.gap_s)),
            (self.say("拒收 / 删除的点", "Refused / removed"), format!("{} / {}", t.refused, t.removed)),
        ]
        .map(|(label, value)| (label.to_owned(), value));
        for (k, (label, value)) in parts.iter().enumerate() {
            let (x, y) = (LEFT + 196.0 + 108.0 * (k % 3) as f32, self.y + 16.0 + 28.0 * (k / 3) as f32);
            self.sheet.text(x, y, 7.5, SOFT, Align::Left, label);
            self.sheet.text(x, y + 13.0, 10.0, INK, Align::Left, value);
        }
        self.y += 84.0;
    }

    fn table_head(&mut self) {
        let heads = [
            self.say("计入 km", "Counted"),
            self.say("未计入", "Not count."),
            self.say("原始", "Raw"),
            self.say("估计", "Estimated"),
            self.say("缺口", "Gaps"),
            self.say("拒收", "Refused"),
            self.say("删除", "Removed"),
        ]
        .map(str::to_owned);
        let (day, duty) =
            (self.say("日期", "Day").to_owned(), self.say("工作时间", "Working time").to_owned());
        self.sheet.text(LEFT + 6.0, self.y, 7.5, SOFT, Align::Left, &day);
        self.sheet.text(LEFT + 82.0, self.y, 7.5, SOFT, Align::Left, &duty);
        for (x, head) in COLUMNS.iter().zip(&heads) {
            self.sheet.text(*x, self.y, 7.5, SOFT, Align::Right, head);
        }
        self.y += 5.0;
        self.sheet.rect(LEFT, self.y, RIGHT - LEFT, 0.8, SOFT);
        self.y += 13.0;
    }

    fn days(&mut self, s: &Statement) {
        self.table_head();
        for d in &s.days {
            if self.room(16.0) {
                self.table_head();
            }
            self.day(d);
        }
        let t = s.totals;
        self.room(20.0);
        self.sheet.rect(LEFT, self.y - 11.0, RIGHT - LEFT, 0.8, SOFT);
        let total = self.say("合计", "Total").to_owned();
        self.sheet.text(LEFT + 6.0, self.y + 2.0, 9.0, INK, Align::Left, &total);
        let sums = [
            km(t.counted_m),
            km(t.excluded_m),
            km(t.raw_m),
            km(t.estimated_m),
            hours(t.gap_s),
            t.refused.to_string(),
            t.removed.to_string(),
        ];
        for (k, (x, sum)) in COLUMNS.iter().zip(&sums).enumerate() {
            self.sheet.text(*x, self.y + 2.0, 9.0, if k == 0 { TEAL } else { INK }, Align::Right, sum);
        }
        self.y += 26.0;
    }

    fn day(&mut self, d: &StatementDay) {
        let name = self.day_name(d.day);
        self.sheet.text(LEFT + 6.0, self.y, 9.0, INK, Align::Left, &name);
        let spans: Vec<String> = d.duty.iter().map(|s| self.span(s.from, s.to)).collect();
        let mut duty = if spans.is_empty() { "—".to_owned() } else { spans.join(" ") };
        if d.open {
            duty += self.say("（未结束）", " (not over)");
        }
        self.sheet.fitted(LEFT + 82.0, self.y, 8.0, SOFT, COLUMNS[0] - LEFT - 122.0, &duty);
        let some = |n: i64| if n == 0 { "–".to_owned() } else { n.to_string() };
        let cells = [
            km(d.counted_m),
            km(d.excluded_m),
            km(d.raw_m),
            km(d.estimated_m),
            hours(d.gap_s),
            some(d.refused_total()),
            some(d.removed),
        ];
        for (k, (x, cell)) in COLUMNS.iter().zip(&cells).enumerate() {
            self.sheet.text(*x, self.y, 9.0, if k == 0 { TEAL } else { INK }, Align::Right, cell);
        }
        self.sheet.rect(LEFT, self.y + 4.5, RIGHT - LEFT, 0.4, FAINT);
        self.y += 15.5;
    }

    /// What a day is made of.
    fn details(&mut self, d: &StatementDay) {
        self.room(44.0);
        let name = self.day_name(d.day);
        self.sheet.rect(LEFT, self.y - 10.0, RIGHT - LEFT, 15.0, PAPER);
        self.sheet.text(LEFT + 6.0, self.y, 9.0, INK, Align::Left, &name);
        let counted = format!("{} km", km(d.counted_m));
        self.sheet.text(RIGHT - 6.0, self.y, 9.0, TEAL, Align::Right, &counted);
        self.y += 16.0;
        for t in &d.trips {
            let place = |p: &Option<String>| p.clone().unwrap_or_else(|| "…".to_owned());
            let way = match (&t.from_place, &t.to_place) {
                (None, None) => String::new(),
                (from, to) => format!(" · {} → {}", place(from), place(to)),
            };
            let what = format!("{}{way}", words::mode(t.mode, self.lang));
            let aside = if t.counted { "" } else { self.say("未计入 ", "not counted ") };
            let length = format!("{aside}{} km", km(t.meters));
            self.line(self.span(t.from, t.to), &what, &length, if t.counted { INK } else { SOFT });
        }
        for g in &d.gaps {
            let what = format!("{} · {}", self.say("缺口", "gap"), words::gap(g.kind, self.lang));
            let length = match g.estimated_m {
                0 => self.say("不计", "not counted").to_owned(),
                m => format!("{} {} km", self.say("不计，估计", "not counted, estimated"), km(m)),
            };
            self.line(self.span(g.from, g.to), &what, &length, SOFT);
        }
        for w in &d.withheld {
            let what =
                format!("{} · {}", self.say("不记录", "not recorded"), words::withheld(w.reason, self.lang));
            let length = self.say("无长度，不计", "no length, not counted").to_owned();
            self.line(self.span(w.from, w.to), &what, &length, SOFT);
        }
        let refused: Vec<String> =
            d.refused.iter().map(|(why, n)| format!("{} {n}", words::refusal(why, self.lang))).collect();
        if !refused.is_empty() {
            let what =
                format!("{}{}", self.say("拒收的定位点：", "Positions refused: "), refused.join(" · "));
            self.line(String::new(), &what, "", SOFT);
        }
        if d.removed > 0 {
            let what = self.say(
                "补报请假或私人行程后删除的定位点",
                "Positions removed after leave or a private trip was declared later",
            );
            self.line(String::new(), what, &d.removed.to_string(), SOFT);
        }
        self.y += 8.0;
    }

    fn line(&mut self, time: String, what: &str, end: &str, colour: Colour) {
        self.room(13.0);
        let wide = self.sheet.width(end, 8.5);
        self.sheet.text(LEFT + 6.0, self.y, 8.5, colour, Align::Left, &time);
        self.sheet.fitted(LEFT + 82.0, self.y, 8.5, colour, RIGHT - LEFT - 100.0 - wide, what);
        self.sheet.text(RIGHT - 6.0, self.y, 8.5, colour, Align::Right, end);
        self.y += 13.0;
    }

    fn notes(&mut self, s: &Statement) {
        let mut lines = vec![];
        for note in words::notes(self.lang) {
            lines.extend(self.sheet.lines(note, 8.0, RIGHT - LEFT));
        }
        self.room(12.0 * lines.len() as f32 + 34.0);
        self.sheet.rect(LEFT, self.y - 8.0, RIGHT - LEFT, 0.8, FAINT);
        self.y += 6.0;
        let rules = format!("{} {} · {}", self.say("规则版本", "Rules"), s.rule_version, s.time_zone);
        for text in lines.into_iter().chain([rules, format!("SHA-256 {}", s.input_sha256)]) {
            self.sheet.text(LEFT, self.y, 8.0, SOFT, Align::Left, &text);
            self.y += 12.0;
        }
    }

    /// What stands at the foot of every page.
    fn feet(&mut self, s: &Statement) {
        let pages = self.sheet.pages();
        let short = s.input_sha256.get(..16).unwrap_or_default();
        for page in 0..pages {
            let left = format!("{} · {} · {} · {short}", s.company, s.person.name, s.month);
            let y = HEIGHT - 30.0;
            self.sheet.text_on(page, LEFT, y, 7.5, SOFT, Align::Left, &left);
            let number = format!("{} / {pages}", page + 1);
            self.sheet.text_on(page, RIGHT, y, 7.5, SOFT, Align::Right, &number);
        }
    }

    fn day_name(&self, day: LocalDay) -> String {
        let k = usize::from(day.weekday().clamp(1, 7)) - 1;
        let zh = ["一", "二", "三", "四", "五", "六", "日"];
        let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let (m, d) = (day.as_int() / 100 % 100, day.as_int() % 100);
        if self.zh { format!("{m}月{d}日 周{}", zh[k]) } else { format!("{} {m:02}-{d:02}", en[k]) }
    }

    fn span(&self, from: Micros, to: Micros) -> String {
        let clock = |t: Micros| {
            strtime::format("%H:%M", &t.timestamp().to_zoned(self.zone.clone())).unwrap_or_default()
        };
        let end = clock(to);
        // the end of the day, not its beginning
        let end = if end == "00:00" && to > from { "24:00".to_owned() } else { end };
        format!("{}–{end}", clock(from))
    }
}

/// Kilometres to the metre, so that printed rows add up to printed sums.
fn km(meters: i64) -> String {
    format!("{}.{:03}", meters / 1000, (meters % 1000).abs())
}

/// Hours and minutes.
fn hours(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}
