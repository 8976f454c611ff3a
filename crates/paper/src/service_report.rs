//! A service report on A4: who had what repaired, what was done when, with which parts, and the signature under it.

use base::problem::Lang;
use serde::{Deserialize, Serialize};

use crate::{
    PaperError,
    look::{BOTTOM, FAINT, INK, LEFT, PAPER, RIGHT, SOFT, TEAL, TOP},
    sheet::{Align, HEIGHT, Sheet},
};

/// What a report says. The document is made of nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ServiceReport {
    pub company: String,
    pub number: String,
    pub kind: String,
    pub customer: String,
    pub address: Option<String>,
    pub contact: Option<String>,
    pub equipment: Option<String>,
    pub fault: String,
    pub detail: Option<String>,
    pub engineer: String,
    pub result: String,
    pub labour_minutes: i64,
    pub lines: Vec<ReportLine>,
    pub steps: Vec<ReportStep>,
    pub parts: Vec<ReportPart>,
    /// In the currency's minor unit.
    pub total_minor: i64,
    /// Absent: nobody signed.
    pub signer: Option<String>,
    pub signed_at: String,
    /// On a sheet of 1000 by 400.
    pub strokes: Vec<Vec<[i32; 2]>>,
}

/// A move of the order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportLine {
    pub at: String,
    pub what: String,
    pub who: String,
}

/// A step on site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportStep {
    pub title: String,
    /// todo, done or skipped.
    pub status: String,
    pub said: String,
}

/// A part built in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportPart {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub quantity: i64,
    pub price_minor: i64,
    pub minor: i64,
}

/// Prints a report with the code that tells it from every other. The same report gives the same bytes.
///
/// # Errors
/// When the program's own typeface cannot be read.
pub fn service_report(report: &ServiceReport, code: &str, lang: Lang) -> Result<Vec<u8>, PaperError> {
    let mut w = Writer { sheet: Sheet::new()?, y: TOP, zh: lang == Lang::Zh };
    w.head(report, code);
    w.facts(report);
    w.moves(report);
    w.steps(report);
    w.parts(report);
    w.signature(report);
    w.feet(report, code);
    let title = format!("{} {}", w.say("服务报告", "Service report"), report.number);
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

    /// Begins a new page when fewer than `need` points are left.
    fn room(&mut self, need: f32) {
        if self.y + need > BOTTOM {
            self.sheet.new_page();
            self.y = TOP;
        }
    }

    fn head(&mut self, r: &ServiceReport, code: &str) {
        let title = self.say("服务报告", "Service report").to_owned();
        self.sheet.text(LEFT, self.y + 8.0, 22.0, INK, Align::Left, &title);
        self.sheet.text(RIGHT, self.y + 2.0, 13.0, INK, Align::Right, &r.number);
        let check = format!("{} {code}", self.say("核验码", "Code"));
        self.sheet.text(RIGHT, self.y + 18.0, 8.5, TEAL, Align::Right, &check);
        let who = format!("{} · {}", r.company, r.kind);
        self.sheet.fitted(LEFT, self.y + 28.0, 10.0, SOFT, RIGHT - LEFT, &who);
        self.y += 46.0;
    }

    fn heading(&mut self, zh: &str, en: &str) {
        self.room(46.0);
        let text = self.say(zh, en).to_owned();
        self.y += 10.0;
        self.sheet.rect(LEFT, self.y - 9.0, 3.0, 11.0, TEAL);
        self.sheet.text(LEFT + 9.0, self.y, 11.0, INK, Align::Left, &text);
        self.y += 17.0;
    }

    /// A label and a text of as many lines as it needs.
    fn fact(&mut self, zh: &str, en: &str, text: &str) {
        let label = self.say(zh, en).to_owned();
        for (k, line) in text
            .lines()
            .flat_map(|l| self.sheet.lines(l, 10.0, RIGHT - LEFT - 92.0))
            .collect::<Vec<_>>()
            .into_iter()
            .enumerate()
        {
            self.room(16.0);
            if k == 0 {
                self.sheet.text(LEFT + 9.0, self.y, 9.0, SOFT, Align::Left, &label);
            }
            self.sheet.text(LEFT + 84.0, self.y, 10.0, INK, Align::Left, &line);
            self.y += 15.5;
        }
    }

    fn facts(&mut self, r: &ServiceReport) {
        self.sheet.rect(LEFT, self.y - 4.0, RIGHT - LEFT, 0.8, FAINT);
        self.y += 13.0;
        let place = [Some(r.customer.clone()), r.address.clone(), r.contact.clone()];
        let place = place.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.fact("客户", "Customer", &place);
        if let Some(equipment) = &r.equipment {
            self.fact("设备", "Equipment", equipment);
        }
        let fault = match &r.detail {
            Some(detail) if detail != &r.fault => format!("{}\n{detail}", r.fault),
            _ => r.fault.clone(),
        };
        self.fact("故障", "Fault", &fault);
        self.fact("处理结果", "Result", if r.result.is_empty() { "—" } else { &r.result });
        let hours = format!("{}:{:02} h", r.labour_minutes / 60, r.labour_minutes % 60);
        self.fact("工程师", "Engineer", &format!("{} · {} {hours}", r.engineer, self.say("工时", "work")));
    }

    fn moves(&mut self, r: &ServiceReport) {
        self.heading("时间线", "Time line");
        for line in &r.lines {
            self.room(16.0);
            self.sheet.text(LEFT + 9.0, self.y, 9.0, SOFT, Align::Left, &line.at);
            self.sheet.text(LEFT + 112.0, self.y, 9.5, INK, Align::Left, &line.what);
            self.sheet.fitted(LEFT + 200.0, self.y, 9.5, SOFT, RIGHT - LEFT - 206.0, &line.who);
            self.y += 14.5;
        }
    }

    fn steps(&mut self, r: &ServiceReport) {
        if r.steps.is_empty() {
            return;
        }
        self.heading("现场步骤", "Steps on site");
        for step in &r.steps {
            self.room(16.0);
            let status = match step.status.as_str() {
                "done" => self.say("完成", "done"),
                "skipped" => self.say("跳过", "skipped"),
                _ => self.say("未做", "not done"),
            }
            .to_owned();
            self.sheet.fitted(LEFT + 9.0, self.y, 9.5, INK, 220.0, &step.title);
            self.sheet.text(LEFT + 240.0, self.y, 9.5, SOFT, Align::Left, &status);
            self.sheet.fitted(LEFT + 290.0, self.y, 9.5, INK, RIGHT - LEFT - 296.0, &step.said);
            self.y += 14.5;
        }
    }

    fn parts(&mut self, r: &ServiceReport) {
        if r.parts.is_empty() {
            return;
        }
        self.heading("备件", "Parts");
        let heads = [self.say("数量", "Quantity"), self.say("单价", "Price"), self.say("金额", "Amount")]
            .map(str::to_owned);
        let columns = [RIGHT - 150.0, RIGHT - 76.0, RIGHT - 6.0];
        for (x, head) in columns.iter().zip(&heads) {
            self.sheet.text(*x, self.y, 8.0, SOFT, Align::Right, head);
        }
        self.y += 5.0;
        self.sheet.rect(LEFT, self.y, RIGHT - LEFT, 0.6, SOFT);
        self.y += 13.0;
        for part in &r.parts {
            self.room(16.0);
            let name = format!("{} {}", part.code, part.name);
            self.sheet.fitted(LEFT + 9.0, self.y, 9.5, INK, columns[0] - LEFT - 70.0, &name);
            let cells =
                [format!("{} {}", part.quantity, part.unit), money(part.price_minor), money(part.minor)];
            for (x, cell) in columns.iter().zip(&cells) {
                self.sheet.text(*x, self.y, 9.5, INK, Align::Right, cell);
            }
            self.sheet.rect(LEFT, self.y + 4.5, RIGHT - LEFT, 0.4, FAINT);
            self.y += 15.5;
        }
        self.room(18.0);
        let total = self.say("合计", "Total").to_owned();
        self.sheet.text(LEFT + 9.0, self.y + 2.0, 10.0, INK, Align::Left, &total);
        self.sheet.text(columns[2], self.y + 2.0, 10.0, TEAL, Align::Right, &money(r.total_minor));
        self.y += 20.0;
    }

    /// The signature in its box, with name and time under it.
    fn signature(&mut self, r: &ServiceReport) {
        const W: f32 = 230.0;
        const H: f32 = 92.0;
        self.heading("客户确认", "Confirmed by the customer");
        self.room(H + 34.0);
        let Some(signer) = &r.signer else {
            let none = self.say("未签字，由派单员关闭。", "Closed without a signature.").to_owned();
            self.sheet.text(LEFT + 9.0, self.y + 2.0, 10.0, SOFT, Align::Left, &none);
            self.y += 20.0;
            return;
        };
        let (x, y) = (LEFT + 9.0, self.y - 6.0);
        self.sheet.rect(x, y, W, H, PAPER);
        for stroke in &r.strokes {
            let points =
                stroke.iter().map(|[px, py]| (x + *px as f32 * W / 1000.0, y + *py as f32 * H / 400.0));
            self.sheet.line(points.collect(), 1.5, INK);
        }
        self.sheet.rect(x, y + H, W, 0.8, SOFT);
        let label = self.say("签字人", "Signed by").to_owned();
        self.sheet.text(x + W + 24.0, y + 20.0, 8.5, SOFT, Align::Left, &label);
        self.sheet.fitted(x + W + 24.0, y + 37.0, 13.0, INK, RIGHT - x - W - 30.0, signer);
        self.sheet.text(x + W + 24.0, y + 56.0, 9.5, SOFT, Align::Left, &r.signed_at);
        self.y += H + 24.0;
    }

    /// What stands at the foot of every page.
    fn feet(&mut self, r: &ServiceReport, code: &str) {
        let pages = self.sheet.pages();
        for page in 0..pages {
            let left = format!("{} · {} · {code}", r.company, r.number);
            let y = HEIGHT - 30.0;
            self.sheet.text_on(page, LEFT, y, 7.5, SOFT, Align::Left, &left);
            let number = format!("{} / {pages}", page + 1);
            self.sheet.text_on(page, RIGHT, y, 7.5, SOFT, Align::Right, &number);
        }
    }
}

/// `1,234.50` without a currency: the company's own.
fn money(minor: i64) -> String {
    let whole = (minor / 100).abs().to_string();
    let mut grouped = String::new();
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}.{:02}", if minor < 0 { "-" } else { "" }, (minor % 100).abs())
}
