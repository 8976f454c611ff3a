//! What an answer must be: limits, rules, and how many rows a table has.

use forms::{Constraint, Text};

use super::{Building, Item, Limits};
use crate::{
    cel::{self, Cel},
    names::Kind,
    to_cel,
    xpath::{self, Expr, Op},
};

impl Building<'_> {
    /// The limits at the head of the constraint, as far as the sentence for them would be the standard one; and the
    /// rest of it.
    pub(super) fn constraint(
        &mut self,
        item: &Item<'_>,
        kind: Kind,
        limits: &mut Limits,
    ) -> (Option<Cel>, Text) {
        let message = self.piped(item, "constraint_message", item.row.text("constraint_message"));
        let source = item.row.get("constraint");
        if source.is_empty() {
            return (None, Text::new());
        }
        let expr = match xpath::parse(source) {
            Ok(expr) => expr,
            Err(f) => {
                self.fault(item, "constraint", f);
                return (None, Text::new());
            }
        };
        let mut rest = vec![];
        for part in expr.joined(Op::And) {
            match limit(part, kind) {
                Some((is_min, n)) => {
                    let place = if is_min { &mut limits.min } else { &mut limits.max };
                    let known = *place == Some(n);
                    if message.is_empty() || known {
                        *place = Some(n);
                    } else {
                        rest.push(part.clone());
                    }
                }
                None if phone(item) && *part == phone_pattern() => {}
                None => rest.push(part.clone()),
            }
        }
        let cel = Expr::join(Op::And, rest).map(|e| to_cel::condition(&e, self.scope(item))).transpose();
        match cel {
            Ok(cel) => (cel.clone(), if cel.is_some() { message } else { Text::new() }),
            Err(f) => {
                self.fault(item, "constraint", f);
                (None, Text::new())
            }
        }
    }

    /// `repeat_count`: as limits when it is a number, as a rule when it is computed.
    pub(super) fn repetitions(
        &mut self,
        item: &Item<'_>,
        min: &mut Option<u32>,
        max: &mut Option<u32>,
        required: &mut Option<String>,
        constraint: &mut Option<Constraint>,
    ) {
        let rule = item.row.get("tashi_rule");
        if let Some((needed, formula)) = rule.split_once(" ;; ") {
            *required = Some(needed).filter(|n| !n.is_empty()).map(str::to_owned);
            let message = item.row.text("constraint_message");
            *constraint = (!formula.is_empty()).then(|| Constraint { formula: formula.to_owned(), message });
        }
        let source = item.row.get("repeat_count");
        if source.is_empty() {
            return;
        }
        match xpath::parse(source).and_then(|expr| to_cel::value(&expr, self.scope(item))) {
            Ok((Cel::Number(n), _)) if (1.0..=200.0).contains(&n) && n.fract() == 0.0 => {
                *min = Some(n as u32);
                *max = Some(n as u32);
                required.get_or_insert_with(|| "true".into());
            }
            Ok((cel, Kind::Number)) => {
                let size = Cel::call("size", vec![Cel::Name(format!("form.{}", item.key))]);
                let same = cel::written(&Cel::two(Op::Eq, size, cel.clone()));
                let message = [
                    ("zh-CN", "行数与前面填写的数量不一致。"),
                    ("en", "The number of rows differs from the number given."),
                ];
                let message = message.into_iter().map(|(l, t)| (l.to_owned(), t.to_owned())).collect();
                *constraint = Some(Constraint { formula: same, message });
                *required = Some(cel::written(&Cel::two(Op::Gt, cel, Cel::Number(0.0))));
            }
            Ok(_) => self.refuse(item, "repeat_count", "repeat_count", source),
            Err(f) => self.fault(item, "repeat_count", f),
        }
    }
}

fn phone(item: &Item<'_>) -> bool {
    item.row.get("tashi_type").split_whitespace().any(|w| w == "phone")
}

/// What a telephone number must look like.
pub fn phone_pattern() -> Expr {
    Expr::call("regex", vec![Expr::Own, Expr::Text("^[0-9+() -]{5,24}$".into())])
}

/// `. >= 3`, `string-length(.) <= 60`, `count-selected(.) >= 1`: is it the smallest, and the number.
fn limit(expr: &Expr, kind: Kind) -> Option<(bool, f64)> {
    let Expr::Two(op, left, right) = expr else { return None };
    let Expr::Number(n) = **right else { return None };
    let of = |name: &str| **left == Expr::call(name, vec![Expr::Own]);
    let fits = match kind {
        Kind::Number => **left == Expr::Own,
        Kind::Text => of("string-length") && *op == Op::Le && n > 0.0,
        Kind::Choices => of("count-selected") && n >= 0.0,
        _ => false,
    };
    match op {
        Op::Ge if fits => Some((true, n)),
        Op::Le if fits => Some((false, n)),
        _ => None,
    }
}
