//! Values: numbers, texts and dates computed from answers.

use super::{total, truth};
use crate::{
    cel::{Cel, written},
    fault::Fault,
    names::{Kind, Scope},
    xpath::{Expr, Op},
};

/// What kind of value a formula brings.
pub fn kind_of(cel: &Cel, scope: Scope<'_>) -> Result<Kind, Fault> {
    Ok(match cel {
        Cel::Number(_) | Cel::Negative(_) => Kind::Number,
        Cel::Text(_) | Cel::Null => Kind::Text,
        Cel::True | Cel::False | Cel::Not(_) | Cel::In(..) | Cel::Method(..) => Kind::YesNo,
        Cel::Name(name) if name == "today" => Kind::Date,
        Cel::Name(name) => scope.named(name)?.1.kind,
        Cel::Two(op, ..) if op.compares() || matches!(op, Op::And | Op::Or) => Kind::YesNo,
        Cel::Two(Op::Add, a, _) if matches!(kind_of(a, scope)?, Kind::Text | Kind::Choice) => Kind::Text,
        Cel::Two(..) => Kind::Number,
        Cel::If(_, a, b) => match (&**a, &**b) {
            (Cel::Null, other) | (other, _) => kind_of(other, scope)?,
        },
        Cel::Index(..) => Kind::Text,
        Cel::Call(name, args) => match (name.as_str(), args.first()) {
            ("ff.coalesce", Some(first)) => kind_of(first, scope)?,
            ("ff.sub", _) if day_of(cel, scope).is_some() => Kind::Date,
            ("ff.text" | "ff.join" | "ff.sub", _) => Kind::Text,
            ("ff.empty" | "has", _) => Kind::YesNo,
            _ => Kind::Number,
        },
        Cel::List(_) | Cel::Member(..) => return Err(Fault::of("formula", written(cel))),
    })
}

/// `ff.sub(x, 0, 10)` of a date with a time: x.
fn day_of<'c>(cel: &'c Cel, scope: Scope<'_>) -> Option<&'c Cel> {
    let Cel::Call(name, args) = cel else { return None };
    let [of @ Cel::Name(path), Cel::Number(from), Cel::Number(to)] = args.as_slice() else { return None };
    let dated = scope.named(path).is_ok_and(|(_, known)| known.kind == Kind::DateTime);
    (name == "ff.sub" && *from == 0.0 && *to == 10.0 && dated).then_some(of)
}

/// `form.x` or `row.x` as `${x}`.
pub fn name_of(cel: &Cel, scope: Scope<'_>) -> Result<Expr, Fault> {
    match cel {
        Cel::Name(path) if path.contains('.') => {
            let (name, _) = scope.named(path)?;
            Ok(if scope.own == Some(name) { Expr::Own } else { Expr::Field(name.to_owned()) })
        }
        other => Err(Fault::of("formula", written(other))),
    }
}

/// That an answer, or a number read from one, is there.
pub fn filled(leaf: &Cel, scope: Scope<'_>) -> Result<Expr, Fault> {
    let nothing = Expr::Text(String::new());
    match leaf {
        Cel::Call(name, args) if name == "ff.number" && args.len() == 1 => {
            Ok(Expr::two(Op::Ne, value(&args[0], scope)?, nothing))
        }
        other => Ok(Expr::two(Op::Ne, name_of(other, scope)?, nothing)),
    }
}

/// An expression of the same value.
///
/// # Errors
/// `formula` for what XPath cannot say.
pub fn value(cel: &Cel, scope: Scope<'_>) -> Result<Expr, Fault> {
    Ok(match cel {
        Cel::Number(n) => Expr::Number(*n),
        Cel::Text(t) => Expr::Text(t.clone()),
        Cel::Null => Expr::Text(String::new()),
        Cel::Name(name) if name == "today" => Expr::call("today", vec![]),
        Cel::Name(_) => match kind_of(cel, scope)? {
            Kind::Table | Kind::Note => return Err(Fault::of("formula", written(cel))),
            _ => name_of(cel, scope)?,
        },
        // a condition as a value: yes, no, or nothing when it cannot be said
        other if !matches!(other, Cel::Name(_)) && kind_of(other, scope)? == Kind::YesNo => {
            let text = |t: &str| Expr::Text(t.into());
            let no = if total(other, &[]) {
                text("no")
            } else {
                Expr::call("if", vec![truth(other, false, scope)?, text("no"), text("")])
            };
            Expr::call("if", vec![truth(other, true, scope)?, text("yes"), no])
        }
        Cel::Negative(inner) => Expr::Negative(Box::new(value(inner, scope)?)),
        Cel::Two(Op::Add, ..) if kind_of(cel, scope)? == Kind::Text => {
            let parts = cel.joined(Op::Add).into_iter().map(|p| value(p, scope));
            Expr::Call("concat".into(), parts.collect::<Result<_, _>>()?)
        }
        Cel::Two(op, a, b) if !op.compares() && !matches!(op, Op::And | Op::Or) => {
            Expr::two(*op, value(a, scope)?, value(b, scope)?)
        }
        Cel::If(c, a, b) => {
            let (yes, other) = (truth(c, true, scope)?, value(b, scope)?);
            let other = if total(c, &[]) {
                other
            } else {
                Expr::call("if", vec![truth(c, false, scope)?, other, Expr::Text(String::new())])
            };
            Expr::call("if", vec![yes, value(a, scope)?, other])
        }
        Cel::Index(of, place) => match (kind_of(of, scope)?, &**place) {
            (Kind::Choices, Cel::Number(n)) => {
                Expr::call("selected-at", vec![name_of(of, scope)?, Expr::Number(*n)])
            }
            _ => return Err(Fault::of("formula", written(cel))),
        },
        Cel::Call(name, args) => call(cel, name, args, scope)?,
        other => return Err(Fault::of("formula", written(other))),
    })
}

/// `form.table.map(r, r.column)` or with `ff.number` around it: the column.
fn column(cel: &Cel, scope: Scope<'_>) -> Option<Expr> {
    let Cel::Method(of, method, args) = cel else { return None };
    let (Cel::Name(table), "map", [Cel::Name(walked), each]) = (&**of, method.as_str(), args.as_slice())
    else {
        return None;
    };
    let member = match each {
        Cel::Call(name, inner) if name == "ff.number" => inner.first()?,
        other => other,
    };
    match member {
        Cel::Member(row, key) if **row == Cel::Name(walked.clone()) => {
            Some(Expr::Field(scope.column(table, key).ok()?.to_owned()))
        }
        _ => None,
    }
}

/// `form.table.filter(r, !ff.empty(r.column))`: the column.
fn kept(cel: &Cel, scope: Scope<'_>) -> Option<Expr> {
    let Cel::Method(of, method, args) = cel else { return None };
    let (Cel::Name(_), "filter", [Cel::Name(walked), Cel::Not(inner)]) =
        (&**of, method.as_str(), args.as_slice())
    else {
        return None;
    };
    let Cel::Call(name, inner) = &**inner else { return None };
    let mapped = of.clone().method("map", vec![Cel::Name(walked.clone()), inner.first()?.clone()]);
    if name == "ff.empty" { column(&mapped, scope) } else { None }
}

fn call(cel: &Cel, name: &str, args: &[Cel], scope: Scope<'_>) -> Result<Expr, Fault> {
    let unsaid = || Fault::of("formula", written(cel));
    let each = |args: &[Cel]| args.iter().map(|a| value(a, scope)).collect::<Result<Vec<_>, _>>();
    Ok(match (name, args) {
        ("size" | "ff.count", [a]) => match kept(a, scope) {
            Some(column) => Expr::call("count-non-empty", vec![column]),
            None => match kind_of(a, scope)? {
                Kind::Table => Expr::call("count", vec![name_of(a, scope)?]),
                Kind::Choices => Expr::call("count-selected", vec![name_of(a, scope)?]),
                Kind::Text | Kind::Choice => Expr::call("string-length", vec![value(a, scope)?]),
                _ => return Err(unsaid()),
            },
        },
        ("ff.sum" | "ff.min" | "ff.max", [a]) => {
            let column = column(a, scope).ok_or_else(unsaid)?;
            Expr::call(&name[3..], vec![column])
        }
        ("ff.avg", [a]) => {
            let column = column(a, scope).ok_or_else(unsaid)?;
            let count = Expr::call("count-non-empty", vec![column.clone()]);
            Expr::two(Op::Div, Expr::call("sum", vec![column]), count)
        }
        ("ff.sum", [_, _, ..]) => {
            let zero = |e| Expr::call("coalesce", vec![e, Expr::Number(0.0)]);
            Expr::join(Op::Add, each(args)?.into_iter().map(zero)).ok_or_else(unsaid)?
        }
        ("ff.min" | "ff.max", [_, _, ..]) => Expr::call(&name[3..], each(args)?),
        ("ff.round", [a]) => Expr::call("round", vec![value(a, scope)?]),
        ("ff.round", [a, places @ Cel::Number(_)]) => {
            Expr::call("round", each(&[a.clone(), places.clone()])?)
        }
        ("ff.whole", [_]) => Expr::call("int", each(args)?),
        ("ff.abs", [_]) => Expr::call("abs", each(args)?),
        ("ff.number", [_]) => Expr::call("number", each(args)?),
        ("ff.text", [_]) => Expr::call("string", each(args)?),
        ("ff.sub", _) if day_of(cel, scope).is_some() => {
            Expr::call("date", vec![name_of(day_of(cel, scope).ok_or_else(unsaid)?, scope)?])
        }
        ("ff.sub", [_, _] | [_, _, _]) => Expr::call("substr", each(args)?),
        ("ff.mod", [a, b]) => Expr::two(Op::Mod, value(a, scope)?, value(b, scope)?),
        ("ff.days_between", [a, b]) if [a, b].iter().all(|c| kind_of(c, scope) == Ok(Kind::Date)) => {
            Expr::two(Op::Sub, value(b, scope)?, value(a, scope)?)
        }
        ("ff.coalesce", [_, _, ..]) => {
            let nested =
                each(args)?.into_iter().rev().reduce(|rest, e| Expr::call("coalesce", vec![e, rest]));
            nested.ok_or_else(unsaid)?
        }
        ("ff.join", [Cel::List(parts), Cel::Text(between)]) if between.is_empty() => {
            Expr::call("concat", each(parts)?)
        }
        ("ff.join", [list, Cel::Text(between)]) => match column(list, scope) {
            Some(column) => Expr::call("join", vec![Expr::Text(between.clone()), column]),
            None if between == " " && kind_of(list, scope)? == Kind::Choices => name_of(list, scope)?,
            None => return Err(unsaid()),
        },
        _ => return Err(unsaid()),
    })
}
