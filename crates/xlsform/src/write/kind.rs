//! The type of a question, its limits and its rules.

use forms::{Field, FieldKind, Target};

use super::{Line, Writer};
use crate::{
    cel::{self, Cel},
    read::phone_pattern,
    xpath::{self, Expr, Op, number},
};

impl Writer<'_> {
    /// The type's word; beside it what the type says of limits, and what only we know.
    pub(super) fn kind(
        &mut self,
        field: &Field,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
        limits: &mut Vec<Expr>,
    ) -> String {
        let mut limit = |op: Op, of: Expr, n: Option<f64>| {
            limits.extend(n.map(|n| Expr::two(op, of, Expr::Number(n))));
        };
        let counted = |name: &str| Expr::call(name, vec![Expr::Own]);
        let whole = |n: &Option<u32>| n.map(f64::from);
        match &field.kind {
            FieldKind::Text { max, lines } => {
                limit(Op::Le, counted("string-length"), whole(max));
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                line.set("appearance", if *lines { "multiline" } else { "" });
                "text".into()
            }
            FieldKind::Number { places, min, max, unit } => {
                limit(Op::Ge, Expr::Own, *min);
                limit(Op::Le, Expr::Own, *max);
                line.set("tashi_min", min.map(number).unwrap_or_default());
                line.set("tashi_max", max.map(number).unwrap_or_default());
                if unit.values().any(|u| !u.is_empty()) {
                    line.texts.insert("tashi_unit", unit.clone());
                    self.lose("tashi_unit", "own", name);
                }
                if *places > 0 {
                    line.set("tashi_places", places.to_string());
                }
                if *places == 0 { "integer" } else { "decimal" }.into()
            }
            FieldKind::YesNo => {
                own.push("yes_no".into());
                self.yes_no_list();
                "select_one tashi_yes_no".into()
            }
            FieldKind::Choice { from } => {
                format!("select_one {}", self.options(from, name, table, line, own))
            }
            FieldKind::Choices { from, min, max } => {
                limit(Op::Ge, counted("count-selected"), whole(min));
                limit(Op::Le, counted("count-selected"), whole(max));
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                format!("select_multiple {}", self.options(from, name, table, line, own))
            }
            FieldKind::Rating { max } => {
                line.set("parameters", format!("start=1 end={max} step=1"));
                line.set("appearance", "rating");
                "range".into()
            }
            FieldKind::Date => "date".into(),
            FieldKind::Time => "time".into(),
            FieldKind::DateTime => "dateTime".into(),
            FieldKind::Phone => {
                own.push("phone".into());
                limits.push(phone_pattern());
                line.set("appearance", "numbers");
                "text".into()
            }
            FieldKind::Barcode => "barcode".into(),
            FieldKind::Place => "geopoint".into(),
            FieldKind::Reference { to } => {
                let to = match to {
                    Target::Customer => "customer",
                    Target::Contact => "contact",
                    Target::Employee => "employee",
                    Target::Product => "product",
                    Target::Equipment => "equipment",
                };
                own.push(format!("reference {to}"));
                self.lose("type", "reference", name);
                "text".into()
            }
            FieldKind::Photo { min, gallery, .. } => {
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("appearance", if *gallery { "" } else { "new" });
                "image".into()
            }
            FieldKind::Signature => {
                line.set("appearance", "signature");
                "image".into()
            }
            FieldKind::Audio => "audio".into(),
            FieldKind::File { max } => {
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                "file".into()
            }
            FieldKind::Note => "note".into(),
            FieldKind::Check(_) => {
                self.refuse("type", "check", name);
                "note".into()
            }
            FieldKind::Table { min, max, .. } => {
                line.set("tashi_min", min.map(|m| m.to_string()).unwrap_or_default());
                line.set("tashi_max", max.map(|m| m.to_string()).unwrap_or_default());
                self.repetitions(field, name, *min, *max, line);
                "begin_repeat".into()
            }
        }
    }

    fn repetitions(
        &mut self,
        field: &Field,
        name: &str,
        min: Option<u32>,
        max: Option<u32>,
        line: &mut Line,
    ) {
        let required = field.required.as_deref().unwrap_or_default();
        let formula = field.constraint.as_ref().map_or("", |c| c.formula.as_str());
        if let (Some(n), true, "", "true") = (min, min == max, formula, required) {
            line.set("repeat_count", n.to_string());
            return;
        }
        // as many rows as another answer says
        let counted = cel::parse(formula).ok().and_then(|cel| match cel {
            Cel::Two(Op::Eq, size, count) => {
                let own = Cel::call("size", vec![Cel::Name(format!("form.{}", field.key))]);
                let needed = cel::written(&Cel::two(Op::Gt, (*count).clone(), Cel::Number(0.0)));
                (*size == own && needed == required).then_some(*count)
            }
            _ => None,
        });
        if let Some(count) = counted
            && let Some(expr) = self.said("repeat_count", &cel::written(&count), None, None, false)
        {
            line.set("repeat_count", xpath::written(&expr));
            return;
        }
        if !required.is_empty() || !formula.is_empty() {
            line.set("tashi_rule", format!("{required} ;; {formula}"));
            if let Some(constraint) = &field.constraint {
                line.texts.insert("constraint_message", constraint.message.clone());
            }
        }
        if min.is_some() || max.is_some() || !required.is_empty() || !formula.is_empty() {
            self.lose("tashi_rule", "own", name);
        }
    }

    pub(super) fn constraint(
        &mut self,
        field: &Field,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        mut limits: Vec<Expr>,
    ) {
        if matches!(field.kind, FieldKind::Table { .. }) {
            return;
        }
        if let Some(constraint) = &field.constraint {
            if let Some(expr) = self.said("constraint", &constraint.formula, table, Some(name), true) {
                limits.push(expr);
            }
            line.texts.insert("constraint_message", constraint.message.clone());
        }
        let expr = Expr::join(Op::And, limits);
        line.set("constraint", expr.map(|e| xpath::written(&e)).unwrap_or_default());
    }

    pub(super) fn calc(
        &mut self,
        field: &Field,
        name: &str,
        calc: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
    ) {
        let word = match &field.kind {
            FieldKind::Number { .. } => "number",
            FieldKind::Date => "date",
            FieldKind::YesNo => "yes_no",
            _ => "text",
        };
        if let FieldKind::Number { places, .. } = &field.kind {
            line.set("tashi_places", places.to_string());
        }
        own.retain(|w| w != word);
        own.insert(0, word.into());
        self.lose("type", "hidden_calc", name);
        if let Some(expr) = self.said("calculation", calc, table, None, false) {
            line.set("type", "calculate");
            line.set("calculation", xpath::written(&expr));
        }
        line.cells.remove("required");
        line.cells.remove("default");
    }
}
