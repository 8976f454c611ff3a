//! The day report as a spreadsheet in the reader's language. Durations and distances are numbers with a
//! format, so that they can be summed.

use base::{Micros, Problem, problem::Lang};
use db::Result;
use jiff::{fmt::strtime, tz::TimeZone};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::DailyReport;
use crate::DaySummary;

/// What stands above the table.
pub(super) struct Head {
    pub company: String,
    pub department: Option<String>,
    pub author: String,
    pub at: Micros,
    pub zone: TimeZone,
}

/// Column heads in both languages, with their widths.
const COLUMNS: [(&str, &str, f64); 15] = [
    ("姓名", "Name", 12.0),
    ("部门", "Department", 16.0),
    ("计划", "Planned", 8.0),
    ("拜访", "Visits", 8.0),
    ("有效", "Effective", 9.0),
    ("在店时长", "Time with customers", 12.0),
    ("计入里程 km", "Counted km", 12.0),
    ("未计入 km", "Excluded km", 12.0),
    ("缺口时长", "Gaps", 10.0),
    ("缺口估计 km", "Estimated in gaps km", 12.0),
    ("计划里程 km", "Planned km", 12.0),
    ("首次签到", "First check-in", 11.0),
    ("最后签退", "Last check-out", 11.0),
    ("状态", "State", 9.0),
    ("拜访小结", "Summaries", 60.0),
];

/// The row the table begins in.
const TOP: u32 = 4;

/// # Errors
/// Internal, when the file cannot be composed.
pub(super) fn workbook(report: &DailyReport, head: &Head, lang: Lang) -> Result<Vec<u8>> {
    compose(report, head, lang).map_err(Problem::internal)
}

fn compose(report: &DailyReport, head: &Head, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let zh = lang == Lang::Zh;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(if zh { "日报" } else { "Daily report" })?;
    let bold = Format::new().set_bold();
    let title = Format::new().set_bold().set_font_size(14);
    let made = clock(head.at, &head.zone, "%Y-%m-%d %H:%M");
    let everybody = if zh { "本人数据范围内全部人员" } else { "everybody in the author's scope" };
    let filter = head.department.as_deref().unwrap_or(everybody);
    if zh {
        sheet.write_with_format(0, 0, format!("{} · 外勤日报", head.company), &title)?;
        sheet.write(1, 0, format!("日期 {} · 范围：{filter}", report.day))?;
        sheet.write(2, 0, format!("导出人 {} · 导出时间 {made}", head.author))?;
    } else {
        sheet.write_with_format(0, 0, format!("{} · Daily field report", head.company), &title)?;
        sheet.write(1, 0, format!("Day {} · Scope: {filter}", report.day))?;
        sheet.write(2, 0, format!("Exported by {} at {made}", head.author))?;
    }
    for (i, (zh_head, en_head, width)) in COLUMNS.iter().enumerate() {
        let column = i as u16;
        sheet.write_with_format(TOP, column, if zh { *zh_head } else { *en_head }, &bold)?;
        sheet.set_column_width(column, *width)?;
    }
    let formats = Formats::new();
    for (i, row) in report.rows.iter().enumerate() {
        write_row(sheet, TOP + 1 + i as u32, row, head, zh, &formats)?;
    }
    let last = TOP + 1 + report.rows.len() as u32;
    let t = report.totals;
    sheet.write_with_format(last, 0, if zh { "合计" } else { "Total" }, &bold)?;
    for (column, value) in [(2, t.planned), (3, t.visits), (4, t.effective)] {
        sheet.write_with_format(last, column, value as f64, &bold)?;
    }
    sheet.write_with_format(last, 5, days(t.stay_s), &formats.duration_total)?;
    sheet.write_with_format(last, 6, km(t.counted_m), &formats.km_total)?;
    sheet.set_freeze_panes(TOP + 1, 1)?;
    sheet.autofilter(TOP, 0, last.saturating_sub(1).max(TOP), COLUMNS.len() as u16 - 1)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    book.save_to_buffer()
}

struct Formats {
    km: Format,
    duration: Format,
    km_total: Format,
    duration_total: Format,
    wrapped: Format,
}

impl Formats {
    fn new() -> Formats {
        let km = Format::new().set_num_format("0.0");
        let duration = Format::new().set_num_format("[h]:mm");
        Formats {
            km_total: km.clone().set_bold(),
            duration_total: duration.clone().set_bold(),
            km,
            duration,
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &DaySummary,
    head: &Head,
    zh: bool,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    let DaySummary { figures: r, visits } = row;
    let visits = *visits;
    sheet.write(line, 0, &r.employee.name)?;
    sheet.write(line, 1, &r.department.name)?;
    for (column, value) in [(2, r.planned), (3, visits), (4, r.effective)] {
        sheet.write(line, column, value as f64)?;
    }
    sheet.write_with_format(line, 5, days(r.stay_s), &formats.duration)?;
    sheet.write_with_format(line, 6, km(r.counted_m), &formats.km)?;
    sheet.write_with_format(line, 7, km(r.excluded_m), &formats.km)?;
    sheet.write_with_format(line, 8, days(r.gap_s), &formats.duration)?;
    sheet.write_with_format(line, 9, km(r.estimated_m), &formats.km)?;
    if let Some(plan_m) = r.plan_m {
        sheet.write_with_format(line, 10, km(plan_m), &formats.km)?;
    }
    for (column, at) in [(11, r.first_check_in), (12, r.last_check_out)] {
        if let Some(at) = at {
            sheet.write(line, column, clock(at, &head.zone, "%H:%M"))?;
        }
    }
    let state = match (r.provisional, zh) {
        (true, true) => "暂计",
        (true, false) => "provisional",
        (false, true) => "已日结",
        (false, false) => "closed",
    };
    sheet.write(line, 13, state)?;
    let texts: Vec<String> = r.summaries.iter().map(|s| format!("{}：{}", s.customer.name, s.text)).collect();
    sheet.write_with_format(line, 14, texts.join("\n"), &formats.wrapped)?;
    Ok(())
}

fn km(meters: i64) -> f64 {
    (meters as f64 / 100.0).round() / 10.0
}

/// Seconds as a spreadsheet counts time.
fn days(seconds: i64) -> f64 {
    seconds as f64 / 86_400.0
}

fn clock(at: Micros, zone: &TimeZone, format: &str) -> String {
    strtime::format(format, &at.timestamp().to_zoned(zone.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::DailyTotals;

    #[test]
    fn a_sheet_of_nobody_is_still_a_sheet() {
        let report = DailyReport {
            day: base::LocalDay::new(2026, 11, 20).unwrap(),
            rows: vec![],
            totals: DailyTotals::default(),
        };
        let head = Head {
            company: "惠民饮品".into(),
            department: None,
            author: "陈静".into(),
            at: Micros(1_795_132_800_000_000),
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
        };
        for lang in [Lang::Zh, Lang::En] {
            assert!(workbook(&report, &head, lang).unwrap().starts_with(b"PK"));
        }
        assert_eq!(clock(head.at, &head.zone, "%Y-%m-%d %H:%M"), "2026-11-20 08:00");
        assert_eq!((km(38_040), days(9_000)), (38.0, 9_000.0 / 86_400.0));
    }
}
