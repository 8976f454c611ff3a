//! What an answer begins with, and what is worked out.

use forms::FieldKind;

use super::{Building, Item};
use crate::{
    cel::{self, Cel},
    fault::Fault,
    names::{Kind, Scope},
    to_cel,
    xpath::{self, Expr},
};

impl Building<'_> {
    pub(super) fn calc(&mut self, item: &Item<'_>, kind: Kind, made: &mut FieldKind) -> Option<String> {
        let row = item.row;
        let fixed = matches!(row.get("read_only").to_lowercase().as_str(), "yes" | "true" | "true()");
        let source = match row.get("calculation") {
            "" if item.kind == "today" => "today()",
            "" if (fixed || item.kind == "hidden") && !row.get("default").is_empty() => {
                return self.default(item, kind);
            }
            "" if item.kind == "calculate" && !row.get("default").is_empty() => {
                return self.default(item, kind);
            }
            "" if item.kind == "calculate" || (fixed && !matches!(kind, Kind::Note)) => {
                self.refuse(item, "read_only", "read_only", &item.name);
                return None;
            }
            "" => return None,
            source => source,
        };
        if matches!(kind, Kind::Note) {
            return None;
        }
        if !matches!(
            made,
            FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::YesNo | FieldKind::Date
        ) {
            self.refuse(item, "calculation", "calc_kind", &item.kind);
            return None;
        }
        let own = row.get("tashi_type");
        if item.kind != "calculate" && item.kind != "today" && !fixed {
            self.lose(item, "calculation", "typed_over", &item.name);
        } else if own.is_empty() && !fixed {
            self.lose(item, "calculation", "calculated", &item.name);
        }
        let expr = match xpath::parse(source) {
            Ok(expr) => expr,
            Err(f) => {
                self.fault(item, "calculation", f);
                return None;
            }
        };
        if source.contains(" mod ") {
            self.lose(item, "calculation", "remainder", source);
        }
        match computed(&expr, made, self.scope(item)) {
            Ok(cel) => Some(cel::written(&cel)),
            Err(f) => {
                self.fault(item, "calculation", f);
                None
            }
        }
    }

    /// A default: a plain value, or an expression.
    pub(super) fn default(&mut self, item: &Item<'_>, kind: Kind) -> Option<String> {
        let source = item.row.get("default").to_owned();
        if source.is_empty() || matches!(kind, Kind::Note | Kind::Table) {
            return None;
        }
        let quoted = source.len() > 1 && source.starts_with(['\'', '"']) && source.ends_with(['\'', '"']);
        let called = source.ends_with(')')
            && source.find('(').is_some_and(|n| {
                n > 0 && source[..n].chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c))
            });
        if !(quoted || called || source.contains("${")) {
            let text = |t: &str| cel::quoted(t);
            return match kind {
                Kind::Number => match source.parse::<f64>() {
                    Ok(n) if n.is_finite() => Some(xpath::number(n)),
                    _ => {
                        self.refuse(item, "default", "default", source);
                        None
                    }
                },
                Kind::YesNo => Some((source == "yes").to_string()),
                Kind::Choices => {
                    let all: Vec<String> = source.split_whitespace().map(text).collect();
                    Some(format!("[{}]", all.join(", ")))
                }
                Kind::Files | Kind::Place => {
                    self.lose(item, "default", "default", source);
                    None
                }
                _ => Some(text(&source)),
            };
        }
        match xpath::parse(&source).and_then(|expr| to_cel::value(&expr, self.scope(item))) {
            Ok((cel, _)) => Some(cel::written(&cel)),
            Err(f) => {
                self.fault(item, "default", f);
                None
            }
        }
    }
}

/// The formula of a computed field, as a value of the field's kind.
fn computed(expr: &Expr, made: &FieldKind, scope: Scope<'_>) -> Result<Cel, Fault> {
    if matches!(made, FieldKind::YesNo)
        && let Some((condition, denied)) = said_yes(expr)
    {
        // without the second question the answer is never left open
        return if denied {
            to_cel::condition(condition, scope)
        } else {
            to_cel::value(condition, scope).map(|v| v.0)
        };
    }
    let (cel, kind) = to_cel::value(expr, scope)?;
    match made {
        FieldKind::Number { .. } => to_cel::number_of(cel, kind),
        FieldKind::Text { .. } => to_cel::text_of(cel, kind),
        _ => Ok(cel),
    }
}

/// `if(c, 'yes', 'no')` and `if(c, 'yes', if(d, 'no', ''))`, as a yes or no is written: c, and whether no is asked for.
fn said_yes(expr: &Expr) -> Option<(&Expr, bool)> {
    let Expr::Call(name, args) = expr else { return None };
    let [condition, yes, no] = args.as_slice() else { return None };
    let text = |e: &Expr, t: &str| *e == Expr::Text(t.into());
    let denied =
        matches!(no, Expr::Call(n, inner) if n == "if" && inner.get(1).is_some_and(|e| text(e, "no")));
    (name == "if" && text(yes, "yes") && (denied || text(no, "no"))).then_some((condition, denied))
}
