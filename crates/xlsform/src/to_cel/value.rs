//! Values: numbers, texts and dates computed from answers.

use super::{Sense, truth};
use crate::{
    cel::Cel,
    fault::Fault,
    names::{Kind, Scope},
    xpath::{Expr, Op, number as written},
};

/// A formula of the same value, and what kind of value it is.
///
/// # Errors
/// What a formula cannot say: see [`Fault`].
pub fn value(expr: &Expr, scope: Scope<'_>) -> Result<(Cel, Kind), Fault> {
    Ok(match expr {
        Expr::Number(n) => (Cel::Number(*n), Kind::Number),
        Expr::Text(t) => (Cel::Text(t.clone()), Kind::Text),
        Expr::Field(name) => {
            let (path, known) = scope.path(name)?;
            match known.kind {
                Kind::Table | Kind::Note => return Err(Fault::of("kind", name)),
                kind => (path, kind),
            }
        }
        Expr::Own => match scope.own {
            Some(name) => {
                let (path, known) = scope.path(name)?;
                (path, known.kind)
            }
            None => return Err(Fault::of("field", ".")),
        },
        Expr::Column(name) => return Err(Fault::of("column", name)),
        Expr::Negative(inner) => {
            let (cel, kind) = value(inner, scope)?;
            (Cel::Negative(Box::new(number_of(cel, kind)?)), Kind::Number)
        }
        Expr::Two(op, a, b) if op.compares() || matches!(op, Op::And | Op::Or) => {
            let _ = (a, b);
            (truth(expr, Sense { holds: true, total: true }, scope)?, Kind::YesNo)
        }
        Expr::Two(op, a, b) => (arithmetic(*op, a, b, scope)?, Kind::Number),
        Expr::Call(name, args) => call(expr, name, args, scope)?,
    })
}

fn arithmetic(op: Op, a: &Expr, b: &Expr, scope: Scope<'_>) -> Result<Cel, Fault> {
    if op == Op::Sub {
        // dates as numbers of days: only their difference means the same here
        let ((left, left_kind), (right, right_kind)) = (date(a, scope)?, date(b, scope)?);
        if left_kind == Kind::Date && right_kind == Kind::Date {
            return Ok(Cel::call("ff.days_between", vec![right, left]));
        }
    }
    let (left, right) = (number(a, scope)?, number(b, scope)?);
    Ok(match op {
        Op::Mod => Cel::call("ff.mod", vec![left, right]),
        op => Cel::two(op, left, right),
    })
}

fn date(expr: &Expr, scope: Scope<'_>) -> Result<(Cel, Kind), Fault> {
    match expr {
        Expr::Call(name, args) if name == "decimal-date-time" && args.len() == 1 => date(&args[0], scope),
        other => value(other, scope),
    }
}

/// # Errors
/// `kind` for what is no number.
pub fn number_of(cel: Cel, kind: Kind) -> Result<Cel, Fault> {
    match (kind, cel) {
        (Kind::Number, cel) => Ok(cel),
        (Kind::Text, Cel::Text(t)) => t.trim().parse().map(Cel::Number).map_err(|_| Fault::of("kind", t)),
        (Kind::Text | Kind::Choice, cel) => Ok(Cel::call("ff.number", vec![cel])),
        (Kind::YesNo, cel) => {
            Ok(Cel::If(Box::new(cel), Box::new(Cel::Number(1.0)), Box::new(Cel::Number(0.0))))
        }
        _ => Err(Fault::of("kind", "number")),
    }
}

/// # Errors
/// `kind` for what has no text.
pub fn text_of(cel: Cel, kind: Kind) -> Result<Cel, Fault> {
    match kind {
        Kind::Text | Kind::Choice | Kind::Date | Kind::DateTime | Kind::Time => Ok(cel),
        Kind::Number => Ok(match cel {
            Cel::Number(n) => Cel::Text(written(n)),
            other => Cel::call("ff.text", vec![other]),
        }),
        Kind::Choices => Ok(Cel::call("ff.join", vec![cel, Cel::Text(" ".into())])),
        _ => Err(Fault::of("kind", "text")),
    }
}

pub fn text(expr: &Expr, scope: Scope<'_>) -> Result<Cel, Fault> {
    let (cel, kind) = value(expr, scope)?;
    text_of(cel, kind)
}

fn number(expr: &Expr, scope: Scope<'_>) -> Result<Cel, Fault> {
    let (cel, kind) = value(expr, scope)?;
    number_of(cel, kind)
}

pub fn is_table(expr: &Expr, scope: Scope<'_>) -> bool {
    matches!(expr, Expr::Field(name) if scope.names.get(name).is_some_and(|k| k.kind == Kind::Table))
}

/// A table seen from outside it.
pub fn table(expr: &Expr, scope: Scope<'_>) -> Result<(Cel, Kind), Fault> {
    match expr {
        Expr::Field(name) if is_table(expr, scope) => {
            let (path, known) = scope.path(name)?;
            Ok((path, known.kind))
        }
        _ => Err(Fault::of("kind", "repeat")),
    }
}

/// `${column}` of a table, seen from outside it: the table, and the column's key and kind.
fn column<'a>(expr: &Expr, scope: Scope<'a>) -> Option<(Cel, &'a str, Kind)> {
    let Expr::Field(name) = expr else { return None };
    let known = scope.names.get(name)?;
    let table = known.table.as_deref().filter(|t| scope.table != Some(t))?;
    Some((Cel::Name(format!("form.{table}")), &known.key, known.kind))
}

/// Each row's answer in a column, as a list.
fn walk(table: Cel, key: &str, kind: Kind) -> Cel {
    let member = Cel::Member(Box::new(Cel::Name("r".into())), key.to_owned());
    let each = if kind == Kind::Number { member } else { Cel::call("ff.number", vec![member]) };
    table.method("map", vec![Cel::Name("r".into()), each])
}

/// Two values that may stand for each other.
fn either(a: (Cel, Kind), b: (Cel, Kind)) -> Result<(Cel, Cel, Kind), Fault> {
    let nothing = |c: &Cel| matches!(c, Cel::Text(t) if t.is_empty()) || *c == Cel::Null;
    Ok(match (a, b) {
        ((a, _), (b, kind)) if nothing(&a) && !nothing(&b) => (Cel::Null, b, kind),
        ((a, kind), (b, _)) if nothing(&b) && kind != Kind::Text => (a, Cel::Null, kind),
        ((a, k), (b, l)) if k == l => (a, b, k),
        ((a, k), (b, l)) => (text_of(a, k)?, text_of(b, l)?, Kind::Text),
    })
}

fn call(expr: &Expr, name: &str, args: &[Expr], scope: Scope<'_>) -> Result<(Cel, Kind), Fault> {
    let ff = |name: &str, args: Vec<Cel>| Cel::Call(format!("ff.{name}"), args);
    Ok(match (name, args) {
        (
            "not"
            | "true"
            | "false"
            | "selected"
            | "contains"
            | "starts-with"
            | "ends-with"
            | "regex"
            | "boolean"
            | "boolean-from-string",
            _,
        ) => (truth_call(expr, name, args, scope)?, Kind::YesNo),
        ("if", [c, a, b]) => {
            let c = truth(c, Sense { holds: true, total: true }, scope)?;
            let (a, b, kind) = either(value(a, scope)?, value(b, scope)?)?;
            (Cel::If(Box::new(c), Box::new(a), Box::new(b)), kind)
        }
        ("coalesce", [first, rest @ ..]) if !rest.is_empty() => {
            let (mut all, mut kind) = (vec![], Kind::Text);
            for (n, arg) in args.iter().enumerate() {
                let (cel, own) = value(arg, scope)?;
                match cel {
                    Cel::Call(inner, parts) if inner == "ff.coalesce" => all.extend(parts),
                    cel => all.push(cel),
                }
                if n > 0 && own != kind {
                    return Err(Fault::of("kind", "coalesce"));
                }
                kind = own;
            }
            let _ = first;
            (ff("coalesce", all), kind)
        }
        ("concat", [_, ..]) => {
            let parts = args.iter().map(|a| match value(a, scope)? {
                (cel, Kind::Number) => Ok(cel),
                (cel, kind) => text_of(cel, kind),
            });
            (
                ff("join", vec![Cel::List(parts.collect::<Result<_, _>>()?), Cel::Text(String::new())]),
                Kind::Text,
            )
        }
        ("string", [a]) => (text(a, scope)?, Kind::Text),
        ("number", [a]) => (number(a, scope)?, Kind::Number),
        ("int", [a]) => (ff("whole", vec![number(a, scope)?]), Kind::Number),
        ("abs", [a]) => (ff("abs", vec![number(a, scope)?]), Kind::Number),
        ("round", [a]) => (ff("round", vec![number(a, scope)?]), Kind::Number),
        ("round", [a, Expr::Number(places)]) if (0.0..=6.0).contains(places) => {
            (ff("round", vec![number(a, scope)?, Cel::Number(*places)]), Kind::Number)
        }
        ("pow", [a, Expr::Number(n)]) if *n == 2.0 || *n == 3.0 => {
            let a = number(a, scope)?;
            let square = Cel::two(Op::Mul, a.clone(), a.clone());
            (if *n == 2.0 { square } else { Cel::two(Op::Mul, square, a) }, Kind::Number)
        }
        ("string-length", [a]) => (Cel::call("size", vec![text(a, scope)?]), Kind::Number),
        ("substr", [a, from, rest @ ..]) if rest.len() <= 1 => {
            let mut all = vec![text(a, scope)?, number(from, scope)?];
            for to in rest {
                all.push(number(to, scope)?);
            }
            (ff("sub", all), Kind::Text)
        }
        ("count-selected", [a]) => match value(a, scope)? {
            (cel, Kind::Choices) => (Cel::call("size", vec![cel]), Kind::Number),
            (cel, Kind::Choice) => {
                let (none, one) = (Cel::Number(0.0), Cel::Number(1.0));
                (Cel::If(Box::new(cel.empty()), Box::new(none), Box::new(one)), Kind::Number)
            }
            _ => return Err(Fault::of("kind", name)),
        },
        ("selected-at", [a, Expr::Number(n)]) if *n >= 0.0 && n.fract() == 0.0 => match value(a, scope)? {
            (cel, Kind::Choices) => (Cel::Index(Box::new(cel), Box::new(Cel::Number(*n))), Kind::Text),
            _ => return Err(Fault::of("kind", name)),
        },
        ("count", [a]) if is_table(a, scope) => (Cel::call("size", vec![table(a, scope)?.0]), Kind::Number),
        ("count", [a]) => match column(a, scope) {
            Some((table, ..)) => (Cel::call("size", vec![table]), Kind::Number),
            None => return Err(Fault::of("kind", name)),
        },
        ("count-non-empty", [a]) => match column(a, scope) {
            Some((table, key, _)) => {
                let member = Cel::Member(Box::new(Cel::Name("r".into())), key.to_owned());
                let kept = table.method("filter", vec![Cel::Name("r".into()), member.filled()]);
                (Cel::call("size", vec![kept]), Kind::Number)
            }
            None => return Err(Fault::of("kind", name)),
        },
        ("join", [Expr::Text(between), a]) => match column(a, scope) {
            Some((table, key, _)) => {
                let member = Cel::Member(Box::new(Cel::Name("r".into())), key.to_owned());
                let all = table.method("map", vec![Cel::Name("r".into()), member]);
                (ff("join", vec![all, Cel::Text(between.clone())]), Kind::Text)
            }
            None => return Err(Fault::of("kind", name)),
        },
        ("sum" | "min" | "max", [a]) if column(a, scope).is_some() => {
            let (table, key, kind) = column(a, scope).ok_or_else(|| Fault::of("kind", name))?;
            (ff(name, vec![walk(table, key, kind)]), Kind::Number)
        }
        ("min" | "max", [_, _, ..]) => {
            let all = args.iter().map(|a| number(a, scope)).collect::<Result<_, _>>()?;
            (ff(name, all), Kind::Number)
        }
        ("today", []) => (Cel::Name("today".into()), Kind::Date),
        ("date", [Expr::Text(day)]) => (Cel::Text(day.clone()), Kind::Date),
        ("date", [a]) => match value(a, scope)? {
            (cel, Kind::Date) => (cel, Kind::Date),
            (cel, Kind::DateTime) => (ff("sub", vec![cel, Cel::Number(0.0), Cel::Number(10.0)]), Kind::Date),
            _ => return Err(Fault::of("kind", name)),
        },
        ("format-date" | "format-date-time", [a, Expr::Text(shape)]) => {
            (formatted(value(a, scope)?, shape)?, Kind::Text)
        }
        ("format-date" | "round" | "pow" | "selected-at" | "join" | "if" | "substr", _) => {
            return Err(Fault::of("arguments", name));
        }
        _ => return Err(Fault::of("function", name)),
    })
}

/// A call that is a condition; what is no condition after all would be asked for its value again and again.
fn truth_call(expr: &Expr, name: &str, args: &[Expr], scope: Scope<'_>) -> Result<Cel, Fault> {
    let takes = match name {
        "true" | "false" => 0,
        "not" | "boolean" | "boolean-from-string" => 1,
        _ => 2,
    };
    let literal = name != "regex" || matches!(args.get(1), Some(Expr::Text(_)));
    if args.len() != takes || !literal {
        return Err(Fault::of("arguments", name));
    }
    truth(expr, Sense { holds: true, total: true }, scope)
}

/// `%Y`, `%m`, `%d`, `%H`, `%M` and what stands between them.
fn formatted((cel, kind): (Cel, Kind), shape: &str) -> Result<Cel, Fault> {
    if !matches!(kind, Kind::Date | Kind::DateTime) {
        return Err(Fault::of("kind", "format-date"));
    }
    if shape == "%Y-%m-%d" && kind == Kind::Date {
        return Ok(cel);
    }
    let (mut parts, mut chars, mut between) = (vec![], shape.chars(), String::new());
    while let Some(c) = chars.next() {
        if c != '%' {
            between.push(c);
            continue;
        }
        let (from, to) = match chars.next() {
            Some('Y') => (0.0, 4.0),
            Some('m') => (5.0, 7.0),
            Some('d') => (8.0, 10.0),
            Some('H') if kind == Kind::DateTime => (11.0, 13.0),
            Some('M') if kind == Kind::DateTime => (14.0, 16.0),
            _ => return Err(Fault::of("arguments", "format-date")),
        };
        if !between.is_empty() {
            parts.push(Cel::Text(std::mem::take(&mut between)));
        }
        parts.push(Cel::call("ff.sub", vec![cel.clone(), Cel::Number(from), Cel::Number(to)]));
    }
    if !between.is_empty() {
        parts.push(Cel::Text(between));
    }
    Ok(match parts.len() {
        1 => parts.remove(0),
        _ => Cel::call("ff.join", vec![Cel::List(parts), Cel::Text(String::new())]),
    })
}
