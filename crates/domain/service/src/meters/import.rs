//! Readings from a sheet, oldest first: one row is one reading of one meter.

use base::{LocalDay, Micros, id, problem};
use db::{BoxFuture, Permission, Result, Tx};
use jiff::tz::TimeZone;
use org::import::{Checked, Committed, Field, ImportKind, Sheet};

use super::{
    sql,
    store::{self, MOST, Reading},
};
use crate::{METER_HIGHER, METER_LOWER, equipment};

const FIELDS: &[Field] = &[
    Field {
        key: "code",
        zh: "设备编号",
        en: "Equipment number",
        required: true,
        also: &["编号", "code"],
        example: "SB-000001",
    },
    Field {
        key: "meter",
        zh: "仪表",
        en: "Meter",
        required: true,
        also: &["仪表名称", "计数器"],
        example: "运行小时",
    },
    Field {
        key: "value",
        zh: "读数",
        en: "Reading",
        required: true,
        also: &["数值", "value"],
        example: "12500",
    },
    Field {
        key: "day",
        zh: "抄表日期",
        en: "Read on",
        required: false,
        also: &["日期", "date"],
        example: "2026-11-20",
    },
    Field {
        key: "replaced",
        zh: "换表",
        en: "Replaced",
        required: false,
        also: &["是否换表"],
        example: "否",
    },
];

inventory::submit! { ImportKind { key: "meter-readings", permission: Permission::OrderWrite, fields: FIELDS, own: None, check, prepare: None, commit } }

fn replaced(sheet: &Sheet, row: usize) -> bool {
    matches!(sheet.cell(row, "replaced").trim().to_lowercase().as_str(), "是" | "y" | "yes" | "1" | "true")
}

fn value(sheet: &Sheet, row: usize) -> Option<i64> {
    sheet.cell(row, "value").trim().replace(',', "").parse().ok().filter(|v| (0..=MOST).contains(v))
}

/// When it was read: noon of its day, never later than now.
fn at(sheet: &Sheet, row: usize, zone: &TimeZone, now: Micros) -> Option<Micros> {
    match sheet.text(row, "day") {
        None => Some(now),
        Some(text) => {
            let day: LocalDay = text.get(..10).unwrap_or(text).replace('/', "-").parse().ok()?;
            Some(day.at_minute(720, zone)).filter(|_| day <= now.local_day(zone)).map(|at| at.min(now))
        }
    }
}

/// Rows in the order they were read.
fn in_time(sheet: &Sheet, rows: &mut [usize], zone: &TimeZone, now: Micros) {
    rows.sort_by_key(|&row| (at(sheet, row, zone, now), row));
}

fn check<'a>(tx: &'a mut Tx, sheet: &'a Sheet) -> BoxFuture<'a, Result<Checked>> {
    Box::pin(async move {
        let (zone, now) = (org::zone(tx).await?, tx.now());
        let mut checked = Checked::default();
        let mut last = std::collections::HashMap::new();
        // As the rows will be: newer than what is there of the same moment.
        let newest = id::new_v7();
        let mut rows: Vec<usize> = (0..sheet.rows.len()).collect();
        in_time(sheet, &mut rows, &zone, now);
        for row in rows {
            let Some(at) = at(sheet, row, &zone, now) else {
                checked.fault(row, "day", problem::BAD_VALUE);
                continue;
            };
            let Some(value) = value(sheet, row) else {
                checked.fault(row, "value", problem::BAD_VALUE);
                continue;
            };
            let piece = match sheet.text(row, "code") {
                Some(code) => equipment::sql::with_code(tx, code).await?,
                None => None,
            };
            let piece = match piece {
                Some(piece) => equipment::sql::one(tx, piece.id).await.ok(),
                None => None,
            };
            let Some(piece) = piece else {
                checked.fault(row, "code", db::REFERENCE);
                continue;
            };
            let Some(meter) = sql::named(tx, piece.id, sheet.cell(row, "meter").trim()).await? else {
                checked.fault(row, "meter", db::REFERENCE);
                continue;
            };
            let before = match last.get(&meter.id) {
                Some(before) => Some(*before),
                None => sql::before(tx, meter.id, at, newest).await?.map(|b| b.value),
            };
            if !replaced(sheet, row) && before.is_some_and(|b| value < b) {
                checked.fault(row, "value", METER_LOWER);
                continue;
            }
            let next = sql::after(tx, meter.id, at, newest).await?.into_iter().next();
            if next.is_some_and(|n| !n.replaced && n.value < value) {
                checked.fault(row, "value", METER_HIGHER);
                continue;
            }
            last.insert(meter.id, value);
        }
        Ok(checked)
    })
}

fn commit<'a>(tx: &'a mut Tx, sheet: &'a Sheet, mut ready: Vec<usize>) -> BoxFuture<'a, Result<Committed>> {
    Box::pin(async move {
        let (zone, now) = (org::zone(tx).await?, tx.now());
        let mut done = Committed::default();
        in_time(sheet, &mut ready, &zone, now);
        for row in ready {
            let piece = equipment::sql::with_code(tx, sheet.cell(row, "code")).await?;
            let meter = match piece {
                Some(piece) => sql::named(tx, piece.id, sheet.cell(row, "meter").trim()).await?,
                None => None,
            };
            let (Some(meter), Some(value), Some(at)) = (meter, value(sheet, row), at(sheet, row, &zone, now))
            else {
                done.skipped += 1;
                continue;
            };
            let reading = Reading {
                id: id::new_v7(),
                meter: meter.id,
                value,
                replaced: replaced(sheet, row),
                at,
                source: "import",
                order: None,
                content_sha256: "",
            };
            store::keep(tx, reading).await?;
            done.created += 1;
        }
        Ok(done)
    })
}
