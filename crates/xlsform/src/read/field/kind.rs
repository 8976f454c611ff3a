//! The kind of a question.

use forms::{FieldKind, Options, Target};

use super::{Building, Item, Limits, own_number};
use crate::{
    cel::Cel,
    names::{Kind, Scope},
    read::kinds,
    xpath::Op,
};

impl Building<'_> {
    /// The kind with its limits; limits the kind has no place for go back into the constraint.
    pub(super) fn kind(
        &mut self,
        item: &Item<'_>,
        kind: Kind,
        limits: Limits,
        mut constraint: Option<Cel>,
    ) -> (FieldKind, Option<Cel>) {
        let own = item.row.get("tashi_type");
        let is = |word: &str| own.split_whitespace().any(|w| w == word);
        let count = |n: Option<f64>| n.filter(|n| *n >= 0.0).map(|n| n as u32);
        let made = match item.kind.as_str() {
            "text" | "string" if is("phone") => FieldKind::Phone,
            "text" | "string" if own.starts_with("reference") => FieldKind::Reference { to: target(own) },
            "text" | "string" | "hidden" => FieldKind::Text {
                max: count(limits.max),
                lines: item.row.get("appearance").split_whitespace().any(|w| w == "multiline"),
            },
            "barcode" => FieldKind::Barcode,
            "integer" | "int" | "decimal" => {
                let places = own_number(item, "tashi_places").map(|n| n as u8);
                if item.kind == "decimal" && places.is_none() {
                    self.lose(item, "type", "places", &item.name);
                }
                let unit = item.row.text("tashi_unit");
                let places = if item.kind == "decimal" { places.unwrap_or(6) } else { 0 };
                FieldKind::Number { places, min: limits.min, max: limits.max, unit }
            }
            "range" | "rating" => self.range(item, &mut constraint),
            "select_one" if is("yes_no") => FieldKind::YesNo,
            "select_one" => FieldKind::Choice { from: self.options(item) },
            "select_multiple" => FieldKind::Choices {
                from: self.options(item),
                min: count(limits.min),
                max: count(limits.max),
            },
            "acknowledge" | "trigger" => {
                let label = [("zh-CN", "确认"), ("en", "OK")];
                let label = label.into_iter().map(|(l, t)| (l.to_owned(), t.to_owned())).collect();
                let ok = forms::Choice { value: "OK".into(), label, under: None };
                FieldKind::Choice { from: Options { options: vec![ok], ..Options::default() } }
            }
            "date" | "today" => FieldKind::Date,
            "datetime" | "date_time" => FieldKind::DateTime,
            "time" => FieldKind::Time,
            "geopoint" | "location" => FieldKind::Place,
            "image" | "photo" if kinds::signed(item) => FieldKind::Signature,
            "image" | "photo" => FieldKind::Photo {
                min: count(limits.min),
                max: Some(1),
                gallery: !item.row.get("appearance").split_whitespace().any(|w| w == "new"),
            },
            "audio" => FieldKind::Audio,
            // A file of others asks for one.
            "file" => FieldKind::File { max: count(limits.max).or(Some(1)) },
            "note" => FieldKind::Note,
            "begin_repeat" => {
                FieldKind::Table { min: count(limits.min), max: count(limits.max), fields: vec![] }
            }
            _ => match kind {
                Kind::Number => FieldKind::Number {
                    places: own_number(item, "tashi_places").map_or(6, |n| n as u8),
                    min: limits.min,
                    max: limits.max,
                    unit: item.row.text("tashi_unit"),
                },
                Kind::Date => FieldKind::Date,
                Kind::YesNo => FieldKind::YesNo,
                _ => FieldKind::Text { max: count(limits.max), lines: false },
            },
        };
        (made, constraint)
    }

    fn options(&mut self, item: &Item<'_>) -> Options {
        let scope = Scope { names: self.names, table: item.table.as_deref(), own: Some(&item.name) };
        self.lists.options(item, scope, self.losses)
    }

    /// A scale from `start` to `end` by `step`; stars when it looks so.
    fn range(&mut self, item: &Item<'_>, constraint: &mut Option<Cel>) -> FieldKind {
        let parameter = |name: &str| {
            let given = item.row.get("parameters").split([' ', ',', ';']).find_map(|p| {
                let (key, value) = p.split_once('=')?;
                (key.trim() == name).then(|| value.trim().parse::<f64>().ok())?
            });
            given.filter(|n| n.is_finite())
        };
        let start = parameter("start").unwrap_or(1.0);
        let (end, step) = (parameter("end").unwrap_or(10.0), parameter("step").unwrap_or(1.0));
        let stars = item.row.get("appearance").split_whitespace().any(|w| w == "rating");
        if stars && start == 1.0 && step == 1.0 && (2.0..=10.0).contains(&end) && end.fract() == 0.0 {
            return FieldKind::Rating { max: end as u8 };
        }
        let (start, end) = if start > end { (end, start) } else { (start, end) };
        let mut places = 0_u8;
        while places < 6 && (step * 10_f64.powi(places.into())).fract().abs() > 1e-9 {
            places += 1;
        }
        let unit = 10_f64.powi(-i32::from(places));
        if (step - unit).abs() > 1e-9 && step > 0.0 {
            // only every so manieth value is offered
            let path = self.scope(item).path(&item.name).map(|p| p.0);
            if let Ok(path) = path {
                let from = Cel::two(Op::Sub, path, Cel::Number(start));
                let steps = Cel::two(Op::Div, from, Cel::Number(step));
                let rounded = Cel::call("ff.round", vec![steps.clone(), Cel::Number(6.0)]);
                let whole = Cel::call("ff.round", vec![steps]);
                let on = Cel::two(Op::Eq, rounded, whole);
                *constraint = Cel::join(Op::And, [Some(on), constraint.take()].into_iter().flatten());
            }
        }
        FieldKind::Number { places, min: Some(start), max: Some(end), unit: item.row.text("tashi_unit") }
    }
}

fn target(own: &str) -> Target {
    match own.split_whitespace().nth(1) {
        Some("contact") => Target::Contact,
        Some("employee") => Target::Employee,
        Some("product") => Target::Product,
        Some("equipment") => Target::Equipment,
        _ => Target::Customer,
    }
}
