//! The report of an inspection round on A4: its points in order, each with its time, what was missed, and what failed.

use base::problem::Lang;
use serde::{Deserialize, Serialize};

use crate::{
    PaperError,
    look::{AMBER, BOTTOM, FAINT, INK, LEFT, PAPER, RED, RIGHT, SOFT, TEAL, TOP},
    sheet::{Align, Colour, HEIGHT, Sheet},
};

/// What a report says. The document is made of nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoundReport {
    pub company: String,
    pub name: String,
    pub day: String,
    pub person: String,
    pub planned: i64,
    pub done: i64,
    pub missed: i64,
    pub late: i64,
    pub failed: i64,
    pub points: Vec<RoundPoint>,
}

/// A point of the round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoundPoint {
    pub seq: i64,
    pub title: String,
    /// The customer it stands at.
    pub place: String,
    /// `09:00–09:10`, or nothing.
    pub due: String,
    /// Absent: missed.
    pub done: Option<String>,
    /// in_time, early, late or missed.
    pub state: String,
    pub off_minutes: i64,
    pub out_of_order: bool,
    /// scan or typed.
    pub scanned: Option<String>,
    /// Why it was left out.
    pub reason: Option<String>,
    pub failures: Vec<String>,
}

/// Prints a report with the code that tells it from every other. The same report gives the same bytes.
///
/// # Errors
/// When the program's own typeface cannot be read.
pub fn round_report(report: &RoundReport, code: &str, lang: Lang) -> Result<Vec<u8>, PaperError> {
    let mut w = Writer { sheet: Sheet::new()?, y: TOP, zh: lang == Lang::Zh };
    w.head(report, code);
    w.figures(report);
    w.points(report);
    w.feet(report, code);
    let title = format!("{} {} {}", w.say("巡检报告", "Inspection report"), report.name, report.day);
    let language = w.say("zh-CN", "en");
    w.sheet.pdf(&title, code, language)
}

struct Writer {
    sheet: Sheet,
    /// Where the next line begins.
    y: f32,
    zh: bool,
}

impl Writer {
    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.zh { zh } else { en }
    }

    fn head(&mut self, r: &RoundReport, code: &str) {
        let title = self.say("巡检报告", "Inspection report").to_owned();
        self.sheet.text(LEFT, self.y + 8.0, 22.0, INK, Align::Left, &title);
        self.sheet.text(RIGHT, self.y + 2.0, 13.0, INK, Align::Right, &r.day);
        let check = format!("{} {code}", self.say("核验码", "Code"));
        self.sheet.text(RIGHT, self.y + 18.0, 8.5, TEAL, Align::Right, &check);
        let who = format!("{} · {} · {}", r.company, r.name, r.person);
        self.sheet.fitted(LEFT, self.y + 28.0, 10.0, SOFT, RIGHT - LEFT - 150.0, &who);
        self.y += 48.0;
    }

    /// The figures of the round, side by side.
    fn figures(&mut self, r: &RoundReport) {
        let cells = [
            (self.say("计划", "Planned"), r.planned, INK),
            (self.say("完成", "Done"), r.done, TEAL),
            (self.say("漏检", "Missed"), r.missed, if r.missed > 0 { RED } else { INK }),
            (self.say("迟到", "Late"), r.late, if r.late > 0 { AMBER } else { INK }),
            (self.say("不合格项", "Failed items"), r.failed, if r.failed > 0 { RED } else { INK }),
        ]
        .map(|(label, n, colour)| (label.to_owned(), n, colour));
        let width = (RIGHT - LEFT) / 5.0;
        self.sheet.rect(LEFT, self.y, RIGHT - LEFT, 50.0, PAPER);
        for (k, (label, n, colour)) in cells.into_iter().enumerate() {
            let x = LEFT + 12.0 + k as f32 * width;
            self.sheet.text(x, self.y + 18.0, 8.5, SOFT, Align::Left, &label);
            self.sheet.text(x, self.y + 39.0, 18.0, colour, Align::Left, &n.to_string());
        }
        self.y += 72.0;
    }

    fn heads(&mut self) {
        let heads = [
            (LEFT + 6.0, self.say("序", "No.")),
            (LEFT + 34.0, self.say("巡检点", "Point")),
            (LEFT + 262.0, self.say("应检", "Due")),
            (LEFT + 336.0, self.say("实检", "Done")),
            (LEFT + 384.0, self.say("结果", "Result")),
        ]
        .map(|(x, text)| (x, text.to_owned()));
        for (x, text) in heads {
            self.sheet.text(x, self.y, 8.5, SOFT, Align::Left, &text);
        }
        self.sheet.rect(LEFT, self.y + 5.0, RIGHT - LEFT, 0.6, SOFT);
        self.y += 20.0;
    }

    fn points(&mut self, r: &RoundReport) {
        self.heads();
        for p in &r.points {
            let notes = self.notes(p);
            let need = 30.0 + 13.0 * notes.len() as f32;
            if self.y + need > BOTTOM {
                self.sheet.new_page();
                self.y = TOP;
                self.heads();
            }
            self.sheet.text(LEFT + 6.0, self.y, 9.5, SOFT, Align::Left, &p.seq.to_string());
            self.sheet.fitted(LEFT + 34.0, self.y, 10.0, INK, 222.0, &p.title);
            self.sheet.text(LEFT + 262.0, self.y, 9.5, SOFT, Align::Left, &p.due);
            let done = p.done.clone().unwrap_or_else(|| "—".into());
            self.sheet.text(LEFT + 336.0, self.y, 9.5, INK, Align::Left, &done);
            let (text, colour) = self.result(p);
            self.sheet.fitted(LEFT + 384.0, self.y, 9.5, colour, RIGHT - LEFT - 388.0, &text);
            self.y += 12.5;
            let proof = match p.scanned.as_deref() {
                Some("scan") => self.say("扫码", "label scanned"),
                Some(_) => self.say("输入编号", "number typed"),
                None => "",
            };
            let place = if proof.is_empty() { p.place.clone() } else { format!("{} · {proof}", p.place) };
            self.sheet.fitted(LEFT + 34.0, self.y, 8.5, SOFT, 222.0, &place);
            for (text, colour) in notes {
                self.y += 12.5;
                self.sheet.fitted(LEFT + 34.0, self.y, 9.0, colour, RIGHT - LEFT - 40.0, &text);
            }
            self.y += 6.0;
            self.sheet.rect(LEFT, self.y, RIGHT - LEFT, 0.4, FAINT);
            self.y += 14.0;
        }
    }

    fn result(&self, p: &RoundPoint) -> (String, Colour) {
        let minutes = p.off_minutes.abs();
        match p.state.as_str() {
            "late" => (format!("{} {minutes} {}", self.say("迟到", "late"), self.say("分钟", "min")), AMBER),
            "early" => {
                (format!("{} {minutes} {}", self.say("提前", "early"), self.say("分钟", "min")), AMBER)
            }
            "in_time" => (self.say("按时", "in time").to_owned(), TEAL),
            _ => (self.say("漏检", "missed").to_owned(), RED),
        }
    }

    fn notes(&self, p: &RoundPoint) -> Vec<(String, Colour)> {
        let mut notes = vec![];
        if p.out_of_order {
            notes.push((self.say("未按顺序", "out of order").to_owned(), AMBER));
        }
        if let Some(reason) = &p.reason {
            notes.push((format!("{}：{reason}", self.say("原因", "Reason")), SOFT));
        }
        for failure in &p.failures {
            notes.push((format!("{}：{failure}", self.say("不合格", "Failed")), RED));
        }
        notes
    }

    /// What stands at the foot of every page.
    fn feet(&mut self, r: &RoundReport, code: &str) {
        let pages = self.sheet.pages();
        for page in 0..pages {
            let left = format!("{} · {} · {code}", r.company, r.name);
            let y = HEIGHT - 30.0;
            self.sheet.text_on(page, LEFT, y, 7.5, SOFT, Align::Left, &left);
            let number = format!("{} / {pages}", page + 1);
            self.sheet.text_on(page, RIGHT, y, 7.5, SOFT, Align::Right, &number);
        }
    }
}
