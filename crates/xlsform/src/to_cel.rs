//! XPath as a formula of the same meaning.
//!
//! XPath knows two truths: an empty answer compares as no, and `not` of that is yes. In a formula what cannot be said
//! is neither. So a condition is asked for in one of two senses, *when does it hold* and *when does it not*, and `not`
//! is carried down to the comparisons, where an empty answer is named. Where a value must come out in any case (the
//! condition of `if`), comparisons are guarded.

use crate::{
    cel::Cel,
    fault::Fault,
    names::{Kind, Scope},
    xpath::{Expr, Op, number},
};

/// Which questions a truth answers.
#[derive(Clone, Copy)]
struct Sense {
    /// When it holds, or when it does not.
    holds: bool,
    /// It must never be without an answer.
    total: bool,
}

/// A formula that is true exactly when the expression is.
///
/// # Errors
/// What a formula cannot say: see [`Fault`].
pub fn condition(expr: &Expr, scope: Scope<'_>) -> Result<Cel, Fault> {
    truth(expr, Sense { holds: true, total: false }, scope)
}

fn truth(expr: &Expr, sense: Sense, scope: Scope<'_>) -> Result<Cel, Fault> {
    let plain = |cel: Cel| if sense.holds { cel } else { negated(cel) };
    match expr {
        Expr::Two(op @ (Op::And | Op::Or), a, b) => {
            let by = if (*op == Op::And) == sense.holds { Op::And } else { Op::Or };
            Ok(join(by, vec![truth(a, sense, scope)?, truth(b, sense, scope)?]))
        }
        Expr::Two(op, a, b) if op.compares() => compare(*op, a, b, sense, scope),
        Expr::Call(name, args) => match (name.as_str(), args.as_slice()) {
            ("not", [inner]) => truth(inner, Sense { holds: !sense.holds, ..sense }, scope),
            ("true", []) => Ok(if sense.holds { Cel::True } else { Cel::False }),
            ("false", []) => Ok(if sense.holds { Cel::False } else { Cel::True }),
            ("boolean", [inner]) => truth(inner, sense, scope),
            ("boolean-from-string", [inner]) => {
                let (cel, kind) = value(inner, scope)?;
                let list = Cel::List(vec![Cel::Text("true".into()), Cel::Text("1".into())]);
                Ok(plain(text_of(cel, kind)?.within(list)))
            }
            ("if", [c, a, b]) => {
                let no = Sense { holds: false, ..sense };
                let yes = Sense { holds: true, ..sense };
                let first = join(Op::And, vec![truth(c, yes, scope)?, truth(a, sense, scope)?]);
                let other = join(Op::And, vec![truth(c, no, scope)?, truth(b, sense, scope)?]);
                Ok(join(Op::Or, vec![first, other]))
            }
            ("selected", [field, item]) => selected(field, item, sense, scope),
            ("contains" | "starts-with" | "ends-with", [a, b]) => {
                let method = match name.as_str() {
                    "contains" => "contains",
                    "starts-with" => "startsWith",
                    _ => "endsWith",
                };
                let (a, b) = (text(a, scope)?, text(b, scope)?);
                let guards = leaves_of(&[&a, &b]);
                Ok(guarded(a.method(method, vec![b]), guards, false, sense))
            }
            ("regex", [a, Expr::Text(pattern)]) => {
                let a = text(a, scope)?;
                let guards = leaves_of(&[&a]);
                let held = a.method("matches", vec![Cel::Text(whole_text(pattern))]);
                Ok(guarded(held, guards, false, sense))
            }
            _ => truthy(expr, sense, scope),
        },
        _ => truthy(expr, sense, scope),
    }
}

/// A value taken as a condition: a number that is not 0, a text that is not empty.
fn truthy(expr: &Expr, sense: Sense, scope: Scope<'_>) -> Result<Cel, Fault> {
    let (cel, kind) = value(expr, scope)?;
    Ok(match (kind, sense.holds) {
        (Kind::YesNo, holds) => {
            let filled = Cel::two(Op::Eq, cel, Cel::True);
            if holds { filled } else { negated(filled) }
        }
        (Kind::Number, holds) => {
            let guards = leaves_of(&[&cel]);
            let zero = Cel::two(Op::Ne, cel.clone(), Cel::Number(0.0));
            guarded_any(if holds { zero } else { negated(zero) }, [vec![cel], guards].concat(), !holds, true)
        }
        (_, true) => cel.filled(),
        (_, false) => cel.empty(),
    })
}

fn selected(field: &Expr, item: &Expr, sense: Sense, scope: Scope<'_>) -> Result<Cel, Fault> {
    let (path, kind) = match field {
        Expr::Field(_) | Expr::Own => value(field, scope)?,
        _ => return Err(Fault::of("arguments", "selected")),
    };
    match kind {
        Kind::Choices => {
            let item = item_text(item, scope)?;
            let held = item.within(path);
            Ok(if sense.holds { held } else { negated(held) })
        }
        Kind::Choice | Kind::YesNo | Kind::Text => compare(Op::Eq, field, item, sense, scope),
        _ => Err(Fault::of("kind", "selected")),
    }
}

/// The value of a choice: a number in an expression is the text of it in the list.
fn item_text(item: &Expr, scope: Scope<'_>) -> Result<Cel, Fault> {
    match item {
        Expr::Number(n) => Ok(Cel::Text(number(*n))),
        other => text(other, scope),
    }
}

/// Adds what must be said about empty answers. `on_empty`: what XPath makes of the comparison when one is empty.
fn guarded(held: Cel, guards: Vec<Cel>, on_empty: bool, sense: Sense) -> Cel {
    let cel = if sense.holds { held } else { negated(held) };
    guarded_any(cel, guards, on_empty == sense.holds, sense.total)
}

fn guarded_any(cel: Cel, guards: Vec<Cel>, true_when_empty: bool, total: bool) -> Cel {
    let mut parts: Vec<Cel> = vec![];
    if true_when_empty {
        parts.extend(guards.into_iter().map(Cel::empty));
        parts.push(cel);
        join(Op::Or, parts)
    } else {
        if total {
            parts.extend(guards.into_iter().map(Cel::filled));
        }
        parts.push(cel);
        join(Op::And, parts)
    }
}

fn compare(op: Op, a: &Expr, b: &Expr, sense: Sense, scope: Scope<'_>) -> Result<Cel, Fault> {
    let (a, op, b) = match (a, b) {
        // the literal stands on the right
        (Expr::Text(_) | Expr::Number(_), Expr::Field(_) | Expr::Own | Expr::Call(..)) => (b, turned(op), a),
        _ => (a, op, b),
    };
    let positive = (op == Op::Eq) == sense.holds;
    if matches!(op, Op::Eq | Op::Ne) && b.is_empty_text() {
        let (cel, _) = if is_table(a, scope) { table(a, scope)? } else { value(a, scope)? };
        return Ok(if positive { cel.empty() } else { cel.filled() });
    }
    let (left, left_kind) = value(a, scope)?;
    if matches!(op, Op::Eq | Op::Ne) {
        if left_kind == Kind::YesNo {
            let said = yes_no(b).ok_or_else(|| Fault::of("kind", "yes_no"))?;
            let said = if said { Cel::True } else { Cel::False };
            return Ok(Cel::two(if positive { Op::Eq } else { Op::Ne }, left, said));
        }
        if left_kind == Kind::Choices {
            // the only one chosen
            let item = item_text(b, scope)?;
            let one = Cel::two(Op::Eq, Cel::call("size", vec![left.clone()]), Cel::Number(1.0));
            let only = join(Op::And, vec![one, item.within(left)]);
            return Ok(if positive { only } else { negated(only) });
        }
    }
    let (left, right, nulls_differ) = alike(op, a, (left, left_kind), b, scope)?;
    let guards = if nulls_differ {
        // equality of plain answers can always be said
        [&left, &right].into_iter().filter(|c| !matches!(c, Cel::Name(_))).flat_map(leaves).collect()
    } else {
        leaves_of(&[&left, &right])
    };
    let said = if sense.holds { op } else { op.opposite() };
    let cel = Cel::two(said, left, right);
    Ok(guarded_any(cel, unique(guards), (op == Op::Ne) == sense.holds, sense.total))
}

fn turned(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        other => other,
    }
}

fn yes_no(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Text(t) if matches!(t.as_str(), "yes" | "true" | "1") => Some(true),
        Expr::Text(t) if matches!(t.as_str(), "no" | "false" | "0") => Some(false),
        Expr::Call(name, args) if args.is_empty() && name == "true" => Some(true),
        Expr::Call(name, args) if args.is_empty() && name == "false" => Some(false),
        Expr::Number(n) if *n == 1.0 => Some(true),
        Expr::Number(n) if *n == 0.0 => Some(false),
        _ => None,
    }
}

/// Both sides as values of one kind, and whether empty answers are simply unequal to others.
fn alike(
    op: Op,
    a: &Expr,
    (left, left_kind): (Cel, Kind),
    b: &Expr,
    scope: Scope<'_>,
) -> Result<(Cel, Cel, bool), Fault> {
    let equality = matches!(op, Op::Eq | Op::Ne);
    let (right, right_kind) = value(b, scope)?;
    if left_kind == right_kind && left_kind.is_time() {
        return Ok((left, right, equality));
    }
    for (kind, other) in [(left_kind, b), (right_kind, a)] {
        if kind.is_time() && !matches!(other, Expr::Text(_)) {
            return Err(Fault::of("kind", "date"));
        }
    }
    if left_kind.is_time() || right_kind.is_time() {
        return Ok((left, right, equality));
    }
    if let (Kind::Choice, Expr::Number(n), true) = (left_kind, b, equality) {
        let options = own_options(a, scope);
        let same = |o: &&String| o.parse() == Ok(*n);
        let matching: Vec<&String> = options.iter().filter(same).collect();
        if let [only] = matching.as_slice() {
            return Ok((left, Cel::Text((*only).clone()), true));
        }
    }
    let numeric = !equality || left_kind == Kind::Number || right_kind == Kind::Number;
    if numeric {
        return Ok((number_of(left, left_kind)?, number_of(right, right_kind)?, equality));
    }
    Ok((text_of(left, left_kind)?, text_of(right, right_kind)?, equality))
}

fn own_options<'a>(expr: &Expr, scope: Scope<'a>) -> &'a [String] {
    let name = match expr {
        Expr::Field(name) => Some(name.as_str()),
        Expr::Own => scope.own,
        _ => None,
    };
    name.and_then(|n| scope.names.get(n)).map_or(&[], |k| &k.options)
}

/// A pattern that must hold for the whole text, as `regex` means it.
fn whole_text(pattern: &str) -> String {
    let anchored = pattern.starts_with('^') && pattern.ends_with('$') && !pattern.ends_with("\\$");
    if anchored && !pattern.contains('|') {
        return pattern.to_owned();
    }
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = if inner.ends_with("\\$") { inner } else { inner.strip_suffix('$').unwrap_or(inner) };
    let bracketed = inner.starts_with('(')
        && inner.ends_with(')')
        && inner.matches('(').count() == 1
        && inner.matches(')').count() == 1;
    if inner.contains('|') && !bracketed { format!("^({inner})$") } else { format!("^{inner}$") }
}

pub(crate) fn negated(cel: Cel) -> Cel {
    match cel {
        Cel::Not(inner) => *inner,
        Cel::Two(op @ (Op::Eq | Op::Ne), a, b) => Cel::Two(op.opposite(), a, b),
        Cel::True => Cel::False,
        Cel::False => Cel::True,
        other => Cel::Not(Box::new(other)),
    }
}

fn unique(all: Vec<Cel>) -> Vec<Cel> {
    let mut kept: Vec<Cel> = vec![];
    for cel in all {
        if !kept.contains(&cel) {
            kept.push(cel);
        }
    }
    kept
}

/// Parts joined, none twice; equalities of one answer become a list.
fn join(by: Op, parts: Vec<Cel>) -> Cel {
    let flat = parts.iter().flat_map(|p| p.joined(by)).cloned().collect();
    let mut kept: Vec<Cel> = vec![];
    for part in unique(flat) {
        let merged = by == Op::Or && kept.last_mut().is_some_and(|last| merge(last, &part));
        if !merged {
            kept.push(part);
        }
    }
    let (neutral, absorbing) = if by == Op::And { (Cel::True, Cel::False) } else { (Cel::False, Cel::True) };
    if kept.contains(&absorbing) {
        return absorbing;
    }
    kept.retain(|k| *k != neutral);
    Cel::join(by, kept).unwrap_or(neutral)
}

/// `x == 'a'` or `x in […]`, followed by `y == 'b'` of the same x.
fn merge(last: &mut Cel, next: &Cel) -> bool {
    let Cel::Two(Op::Eq, x, item) = next else { return false };
    if !matches!((&**x, &**item), (Cel::Name(_), Cel::Text(_))) {
        return false;
    }
    match last {
        Cel::Two(Op::Eq, y, first) if y == x && matches!(**first, Cel::Text(_)) => {
            *last = Cel::In(y.clone(), Box::new(Cel::List(vec![*first.clone(), *item.clone()])));
            true
        }
        Cel::In(y, list) if y == x => match &mut **list {
            Cel::List(items) => {
                items.push(*item.clone());
                true
            }
            _ => false,
        },
        _ => false,
    }
}

fn leaves_of(all: &[&Cel]) -> Vec<Cel> {
    unique(all.iter().flat_map(|c| leaves(c)).collect())
}

/// What may be empty and would then leave the whole without a value.
pub(crate) fn leaves(cel: &Cel) -> Vec<Cel> {
    match cel {
        Cel::Name(name) if name.starts_with("form.") || name.starts_with("row.") => vec![cel.clone()],
        Cel::Call(name, args) => match name.as_str() {
            "ff.number" => vec![cel.clone()],
            "ff.whole" | "ff.round" | "ff.abs" | "ff.mod" | "ff.days_between" | "ff.sub" | "ff.weekday" => {
                args.iter().flat_map(leaves).collect()
            }
            _ => vec![],
        },
        Cel::Method(of, _, args) => {
            let mut all = leaves(of);
            all.extend(args.iter().flat_map(leaves));
            all
        }
        Cel::Negative(inner) => leaves(inner),
        Cel::Two(op, a, b) if !op.compares() && !matches!(op, Op::And | Op::Or) => {
            let mut all = leaves(a);
            all.extend(leaves(b));
            all
        }
        Cel::If(_, a, b) => {
            let mut all = leaves(a);
            all.extend(leaves(b));
            all
        }
        _ => vec![],
    }
}

mod value;

pub use value::value;
use value::{is_table, table, text};
pub use value::{number_of, text_of};
