//! Sums of a person's month. Pure.

use base::problem::Lang;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::SheetColumn;
use crate::{
    day::{LeavePart, Outcome},
    label::{Names, hours},
    requests::in_days,
    settings::LeaveType,
};

/// What the days of a month come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AttendanceTotals)]
pub struct Totals {
    /// Days with a shift.
    pub planned_days: i64,
    /// Thousandths of days worked.
    pub attended_milli: i64,
    pub late_count: i64,
    pub late_minutes: i64,
    pub early_count: i64,
    pub early_minutes: i64,
    /// Comings and goings that are missing.
    pub missing: i64,
    pub absent_milli: i64,
    pub trip_days: i64,
    pub overtime_minutes: i64,
    pub leave: Vec<LeavePart>,
}

impl Totals {
    pub fn of<'a>(days: impl Iterator<Item = &'a Outcome>) -> Totals {
        let mut t = Totals::default();
        for o in days {
            t.planned_days += i64::from(o.planned_minutes > 0);
            t.attended_milli += o.attended_milli();
            t.late_count += i64::from(o.late_minutes > 0);
            t.late_minutes += o.late_minutes;
            t.early_count += i64::from(o.early_minutes > 0);
            t.early_minutes += o.early_minutes;
            t.missing += o.missing_in + o.missing_out;
            t.absent_milli += o.absent_milli;
            t.trip_days += i64::from(o.trip);
            t.overtime_minutes += o.overtime_minutes;
            for part in &o.leave {
                match t.leave.iter_mut().find(|p| p.leave_type_id == part.leave_type_id) {
                    Some(known) => known.milli += part.milli,
                    None => t.leave.push(part.clone()),
                }
            }
        }
        t
    }

    pub fn marked(&self) -> bool {
        self.late_count + self.early_count + self.missing + self.absent_milli > 0
    }

    pub fn leave_of(&self, kind: Option<Uuid>) -> i64 {
        self.leave.iter().filter(|p| p.leave_type_id == kind).map(|p| p.milli).sum()
    }

    /// As texts, in the order of [`columns`].
    pub fn texts(&self, kinds: &[&LeaveType]) -> Vec<String> {
        let mut all = vec![
            self.planned_days.to_string(),
            in_days(self.attended_milli),
            self.late_count.to_string(),
            self.late_minutes.to_string(),
            self.early_count.to_string(),
            self.early_minutes.to_string(),
            self.missing.to_string(),
            in_days(self.absent_milli),
            self.trip_days.to_string(),
            hours(self.overtime_minutes),
        ];
        all.extend(kinds.iter().map(|k| in_days(self.leave_of(Some(k.id)))));
        all.push(in_days(self.leave_of(None)));
        all
    }
}

const COLUMNS: [(&str, &str, &str); 10] = [
    ("planned", "应出勤（天）", "Due (days)"),
    ("attended", "实出勤（天）", "Worked (days)"),
    ("late_count", "迟到（次）", "Late (times)"),
    ("late_minutes", "迟到（分）", "Late (min)"),
    ("early_count", "早退（次）", "Early (times)"),
    ("early_minutes", "早退（分）", "Early (min)"),
    ("missing", "缺卡（次）", "Missing punches"),
    ("absent", "旷工（天）", "Absent (days)"),
    ("trip", "出差（天）", "Trips (days)"),
    ("overtime", "加班（小时）", "Overtime (h)"),
];

/// The columns of a sheet with these kinds of leave.
pub fn columns(kinds: &[&LeaveType], names: &Names, lang: Lang) -> Vec<SheetColumn> {
    let word = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let mut all: Vec<SheetColumn> = COLUMNS
        .into_iter()
        .map(|(key, zh, en)| SheetColumn { key: key.into(), label: word(zh, en) })
        .collect();
    for kind in kinds {
        let name = names.get(&kind.id).cloned().unwrap_or_default();
        let label = if lang == Lang::Zh { format!("{name}（天）") } else { format!("{name} (days)") };
        all.push(SheetColumn { key: kind.id.to_string(), label });
    }
    all.push(SheetColumn { key: "leave".into(), label: word("其他假（天）", "Other leave (days)") });
    all
}
