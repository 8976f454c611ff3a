//! A formula as XPath of the same meaning.
//!
//! The counterpart of [`crate::to_cel`]: a condition is asked when it holds and when it does not, because a formula
//! that cannot be said is neither, while XPath's `not` would make it hold.

use crate::{
    cel::Cel,
    fault::Fault,
    names::{Kind, Scope},
    to_cel::leaves,
    xpath::{Expr, Op},
};

mod value;

pub use value::value;
use value::{filled, kind_of, name_of};

fn empty_text() -> Expr {
    Expr::Text(String::new())
}

fn not(expr: Expr) -> Expr {
    Expr::call("not", vec![expr])
}

/// An expression that is true exactly when the formula is.
///
/// # Errors
/// `formula` for what XPath cannot say.
pub fn condition(cel: &Cel, scope: Scope<'_>) -> Result<Expr, Fault> {
    truth(cel, true, scope)
}

/// When the formula holds (`want`), or when it says that it does not.
fn truth(cel: &Cel, want: bool, scope: Scope<'_>) -> Result<Expr, Fault> {
    let sided = |expr: Expr| if want { expr } else { not(expr) };
    match cel {
        Cel::True | Cel::False => {
            let said = if (*cel == Cel::True) == want { "true" } else { "false" };
            Ok(Expr::call(said, vec![]))
        }
        Cel::Not(inner) => truth(inner, !want, scope),
        Cel::Two(op @ (Op::And | Op::Or), a, b) => {
            let by = if (*op == Op::And) == want { Op::And } else { Op::Or };
            Ok(plainer(by, truth(a, want, scope)?, truth(b, want, scope)?))
        }
        Cel::Two(op, a, b) if op.compares() => compare(*op, a, b, want, scope),
        Cel::If(c, a, b) => {
            let first = Expr::two(Op::And, truth(c, true, scope)?, truth(a, want, scope)?);
            let other = Expr::two(Op::And, truth(c, false, scope)?, truth(b, want, scope)?);
            Ok(Expr::two(Op::Or, first, other))
        }
        Cel::Name(_) if kind_of(cel, scope)? == Kind::YesNo => {
            let said = if want { "yes" } else { "no" };
            Ok(Expr::two(Op::Eq, name_of(cel, scope)?, Expr::Text(said.into())))
        }
        Cel::In(item, list) => member(item, list, want, scope),
        Cel::Call(name, args) if name == "ff.empty" && args.len() == 1 => emptiness(&args[0], want, scope),
        Cel::Method(of, name, args) if args.len() == 1 => {
            let (text, needle) = (value(of, scope)?, &args[0]);
            let found = match (name.as_str(), needle) {
                ("contains", n) => Expr::call("contains", vec![text, value(n, scope)?]),
                ("startsWith", n) => Expr::call("starts-with", vec![text, value(n, scope)?]),
                ("endsWith", n) => Expr::call("ends-with", vec![text, value(n, scope)?]),
                ("matches", Cel::Text(pattern)) => {
                    Expr::call("regex", vec![text, Expr::Text(anywhere(pattern))])
                }
                _ => return Err(Fault::of("formula", name)),
            };
            if want {
                return Ok(found);
            }
            let guards = guards(leaves(of), scope)?;
            Ok(Expr::join(Op::And, guards.into_iter().chain([not(found)])).unwrap_or_else(empty_text))
        }
        Cel::Call(name, args) if name == "has" && args.len() == 1 => {
            // every question has an answer or an empty one
            name_of(&args[0], scope).map(|_| sided(Expr::call("true", vec![])))
        }
        other => Err(Fault::of("formula", crate::cel::written(other))),
    }
}

/// Both parts joined, without what the first already says: after `x = '' or`, that x is filled; after `x != '' and`, that
/// it is.
fn plainer(by: Op, first: Expr, second: Expr) -> Expr {
    let said = first.joined(by);
    let known = |part: &&Expr| match part {
        Expr::Two(Op::Ne, a, b) if b.is_empty_text() && by == Op::Or => {
            !said.contains(&&Expr::Two(Op::Eq, a.clone(), b.clone()))
        }
        Expr::Two(Op::Ne, _, b) if b.is_empty_text() => !said.contains(part),
        _ => true,
    };
    let rest = Expr::join(Op::And, second.joined(Op::And).into_iter().filter(known).cloned());
    match rest {
        Some(rest) => Expr::two(by, first, rest),
        None if by == Op::And => first,
        // one or the other is always so
        None => Expr::call("true", vec![]),
    }
}

/// A pattern for a part of the text, as one for the whole.
fn anywhere(pattern: &str) -> String {
    let (from, to) = (pattern.starts_with('^'), pattern.ends_with('$') && !pattern.ends_with("\\$"));
    match (from, to) {
        (true, true) => pattern.to_owned(),
        _ if pattern.contains('|') => format!(".*({pattern}).*"),
        _ => format!("{}{pattern}{}", if from { "" } else { ".*" }, if to { "" } else { ".*" }),
    }
}

fn guards(leaves: Vec<Cel>, scope: Scope<'_>) -> Result<Vec<Expr>, Fault> {
    leaves.iter().map(|leaf| filled(leaf, scope)).collect()
}

fn compare(op: Op, a: &Cel, b: &Cel, want: bool, scope: Scope<'_>) -> Result<Expr, Fault> {
    let said = if want { op } else { op.opposite() };
    if *b == Cel::Null || *a == Cel::Null {
        let other = if *b == Cel::Null { a } else { b };
        let is = match said {
            Op::Eq => true,
            Op::Ne => false,
            _ => return Err(Fault::of("formula", "null")),
        };
        return emptiness(other, is, scope);
    }
    if let (Cel::True | Cel::False, true) = (b, kind_of(a, scope)? == Kind::YesNo) {
        let text = Expr::Text(if *b == Cel::True { "yes" } else { "no" }.into());
        return match a {
            Cel::Name(_) => Ok(Expr::two(said, name_of(a, scope)?, text)),
            other => truth(other, (*b == Cel::True) == (said == Op::Eq), scope),
        };
    }
    let (left_kind, right_kind) = (kind_of(a, scope)?, kind_of(b, scope)?);
    let lists = [left_kind, right_kind]
        .iter()
        .any(|k| matches!(k, Kind::Choices | Kind::Files | Kind::Table | Kind::Place | Kind::Note));
    let ordering = !matches!(op, Op::Eq | Op::Ne);
    let texts = [left_kind, right_kind].iter().any(|k| matches!(k, Kind::Text | Kind::Choice | Kind::YesNo));
    let dated = left_kind.is_time() || right_kind.is_time();
    if lists || (ordering && texts && !dated) {
        return Err(Fault::of("formula", "order"));
    }
    // a number and a text are unequal in a formula, whatever they say
    if (left_kind == Kind::Number) != (right_kind == Kind::Number) {
        return Err(Fault::of("formula", "kind"));
    }
    let expr = Expr::two(said, value(a, scope)?, value(b, scope)?);
    if ordering || said == Op::Eq {
        return Ok(expr);
    }
    // not equal, though nothing can be said when a computed side is empty
    let strict = [a, b].into_iter().filter(|c| !matches!(c, Cel::Name(_))).flat_map(leaves).collect();
    Ok(Expr::join(Op::And, guards(strict, scope)?.into_iter().chain([expr])).unwrap_or_else(empty_text))
}

fn emptiness(cel: &Cel, is: bool, scope: Scope<'_>) -> Result<Expr, Fault> {
    let op = if is { Op::Eq } else { Op::Ne };
    Ok(match (kind_of(cel, scope)?, cel) {
        (Kind::Table, _) => {
            let count = Expr::call("count", vec![name_of(cel, scope)?]);
            Expr::two(op, count, Expr::Number(0.0))
        }
        (Kind::Note, _) => return Err(Fault::of("formula", "note")),
        (_, Cel::Name(_)) => Expr::two(op, name_of(cel, scope)?, empty_text()),
        (_, other) => {
            let value = value(other, scope)?;
            Expr::two(op, Expr::call("string", vec![value]), empty_text())
        }
    })
}

fn member(item: &Cel, list: &Cel, want: bool, scope: Scope<'_>) -> Result<Expr, Fault> {
    if let Cel::List(items) = list {
        let (by, op) = if want { (Op::Or, Op::Eq) } else { (Op::And, Op::Ne) };
        let parts = items.iter().map(|i| compare(op, item, i, true, scope)).collect::<Result<Vec<_>, _>>()?;
        let nothing = Expr::call(if want { "false" } else { "true" }, vec![]);
        return Ok(Expr::join(by, parts).unwrap_or(nothing));
    }
    if kind_of(list, scope)? != Kind::Choices {
        return Err(Fault::of("formula", "in"));
    }
    let found = Expr::call("selected", vec![name_of(list, scope)?, value(item, scope)?]);
    Ok(if want { found } else { not(found) })
}

/// Can the condition always be said, given answers known to be there?
fn total(cel: &Cel, known: &[Cel]) -> bool {
    let covered = |leaves: Vec<Cel>| leaves.iter().all(|l| known.contains(l));
    match cel {
        Cel::True | Cel::False | Cel::In(..) => true,
        Cel::Not(inner) => total(inner, known),
        Cel::Two(op @ (Op::And | Op::Or), ..) => {
            let mut known = known.to_vec();
            cel.joined(*op).into_iter().all(|part| {
                let said = total(part, &known);
                // in `filled && rest` and `empty || rest` the rest is only asked of an answer that is there
                match (op, part) {
                    (Op::And, Cel::Not(inner)) => known.extend(emptied(inner).cloned()),
                    (Op::Or, part) => known.extend(emptied(part).cloned()),
                    _ => {}
                }
                said
            })
        }
        Cel::Two(Op::Eq | Op::Ne, a, b) => covered(
            [a, b].into_iter().filter(|c| !matches!(***c, Cel::Name(_))).flat_map(|c| leaves(c)).collect(),
        ),
        Cel::Two(_, a, b) => covered([leaves(a), leaves(b)].concat()),
        Cel::Method(..) => covered(leaves(cel)),
        Cel::Call(name, _) => name == "ff.empty" || name == "has",
        Cel::If(c, a, b) => [c, a, b].into_iter().all(|part| total(part, known)),
        Cel::Name(_) => known.contains(cel),
        _ => false,
    }
}

/// What a part says is empty.
fn emptied(cel: &Cel) -> Option<&Cel> {
    match cel {
        Cel::Call(name, args) if name == "ff.empty" => args.first(),
        _ => None,
    }
}
