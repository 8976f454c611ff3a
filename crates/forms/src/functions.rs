//! The functions of formulas, `ff.sum(…)` and the rest, the same in the browser (`web/shared/src/forms/functions.ts`).
//!
//! An empty answer is `null`; sums and averages pass over it. A date is text, `2027-11-19`.

use std::sync::Arc;

use base::LocalDay;
use cel::{
    Context, ExecutionError, Value,
    extractors::{Arguments, This},
    objects::Key,
};

type Outcome = Result<Value, ExecutionError>;

fn refuse(function: &str, message: &str) -> ExecutionError {
    ExecutionError::FunctionError { function: function.to_owned(), message: message.to_owned() }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(n) => Some(*n),
        Value::Int(n) => Some(*n as f64),
        _ => None,
    }
}

fn finite(n: f64, function: &str) -> Outcome {
    if n.is_finite() { Ok(Value::Float(n + 0.0)) } else { Err(refuse(function, "no number")) }
}

/// The numbers of a list or of the arguments, empty answers left out.
fn numbers(args: &[Value], function: &str) -> Result<Vec<f64>, ExecutionError> {
    let items: &[Value] = match args {
        [Value::List(list)] => list,
        _ => args,
    };
    let filled = items.iter().filter(|v| !matches!(v, Value::Null));
    filled.map(|v| number(v).ok_or_else(|| refuse(function, "not a number"))).collect()
}

fn sum(Arguments(args): Arguments) -> Outcome {
    finite(numbers(&args, "sum")?.iter().sum(), "sum")
}

fn avg(Arguments(args): Arguments) -> Outcome {
    let all = numbers(&args, "avg")?;
    if all.is_empty() { Ok(Value::Null) } else { finite(all.iter().sum::<f64>() / all.len() as f64, "avg") }
}

fn smallest(Arguments(args): Arguments) -> Outcome {
    Ok(numbers(&args, "min")?.into_iter().reduce(f64::min).map_or(Value::Null, Value::Float))
}

fn greatest(Arguments(args): Arguments) -> Outcome {
    Ok(numbers(&args, "max")?.into_iter().reduce(f64::max).map_or(Value::Null, Value::Float))
}

/// Items of a list, or characters (code points) of a text.
fn count(Arguments(args): Arguments) -> Outcome {
    match args.as_slice() {
        [Value::List(list)] => Ok(Value::Float(list.len() as f64)),
        [Value::String(text)] => Ok(Value::Float(text.chars().count() as f64)),
        [Value::Null] => Ok(Value::Float(0.0)),
        _ => Err(refuse("count", "a list or a text")),
    }
}

fn one(args: &[Value], function: &str) -> Result<f64, ExecutionError> {
    args.first().and_then(number).ok_or_else(|| refuse(function, "not a number"))
}

/// Rounds half away from zero to `places` (0 to 6) as a person would on paper: 2.675 to 2 places is 2.68, though
/// the nearest double lies a little below.
pub fn round_to(n: f64, places: u32) -> f64 {
    let scale = 10_f64.powi(places as i32);
    let scaled = n.abs() * scale;
    let nudged = scaled + scaled * 4.0 * f64::EPSILON;
    let rounded = (nudged + 0.5).floor() / scale;
    if n < 0.0 { -rounded + 0.0 } else { rounded }
}

fn round(Arguments(args): Arguments) -> Outcome {
    let n = one(&args, "round")?;
    let places = args.get(1).map_or(Some(0.0), number).ok_or_else(|| refuse("round", "places"))?;
    if !(0.0..=6.0).contains(&places) || places.fract() != 0.0 || args.len() > 2 {
        return Err(refuse("round", "places from 0 to 6"));
    }
    finite(round_to(n, places as u32), "round")
}

/// Remainder with the sign of the divisor's world: `ff.mod(-1, 7)` is 6.
fn modulo(Arguments(args): Arguments) -> Outcome {
    let [a, b] = args.as_slice() else { return Err(refuse("mod", "two numbers")) };
    match (number(a), number(b)) {
        (Some(a), Some(b)) if b > 0.0 => finite(a - b * (a / b).floor(), "mod"),
        _ => Err(refuse("mod", "a number and a positive number")),
    }
}

fn abs(Arguments(args): Arguments) -> Outcome {
    finite(one(&args, "abs")?.abs(), "abs")
}

fn day(value: Option<&Value>, function: &str) -> Result<LocalDay, ExecutionError> {
    let bad = || refuse(function, "a date");
    let Some(Value::String(text)) = value else { return Err(bad()) };
    parse_day(text).ok_or_else(bad)
}

/// `2027-11-19`, also at the head of `2027-11-19T10:05`.
pub fn parse_day(text: &str) -> Option<LocalDay> {
    let date = text.get(..10)?;
    if !(text.len() == 10 || text.as_bytes().get(10) == Some(&b'T')) {
        return None;
    }
    let mut parts = date.split('-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    if !(digits(y, 4) && digits(m, 2) && digits(d, 2)) {
        return None;
    }
    LocalDay::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// Days from the first date to the second.
fn days_between(Arguments(args): Arguments) -> Outcome {
    let (from, to) = (day(args.first(), "days_between")?, day(args.get(1), "days_between")?);
    let span = from.date().until(to.date()).map_err(|_| refuse("days_between", "a date"))?;
    Ok(Value::Float(f64::from(span.get_days())))
}

/// 1 on Monday to 7 on Sunday.
fn weekday(Arguments(args): Arguments) -> Outcome {
    Ok(Value::Float(f64::from(day(args.first(), "weekday")?.date().weekday().to_monday_one_offset())))
}

/// The first argument that is answered.
fn coalesce(Arguments(args): Arguments) -> Outcome {
    Ok(args.iter().find(|v| !is_empty(v)).cloned().unwrap_or(Value::Null))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(list) => list.is_empty(),
        _ => false,
    }
}

fn empty(Arguments(args): Arguments) -> Outcome {
    args.first().map(|v| Value::Bool(is_empty(v))).ok_or_else(|| refuse("empty", "a value"))
}

/// A number as people write it: no trailing zeros, at most 6 places.
pub fn shown(n: f64) -> String {
    let mut text = format!("{:.6}", round_to(n, 6));
    while text.ends_with('0') {
        text.pop();
    }
    text.trim_end_matches('.').to_owned()
}

fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_string(),
        Value::Bool(b) => b.to_string(),
        other => shown(number(other)?),
    })
}

fn text(Arguments(args): Arguments) -> Outcome {
    let written = args.first().and_then(written).ok_or_else(|| refuse("text", "a text, number or yes/no"))?;
    Ok(Value::String(Arc::new(written)))
}

fn join(Arguments(args): Arguments) -> Outcome {
    let [Value::List(list), Value::String(between)] = args.as_slice() else {
        return Err(refuse("join", "a list and a text"));
    };
    let parts: Option<Vec<String>> = list.iter().filter(|v| !is_empty(v)).map(written).collect();
    let parts = parts.ok_or_else(|| refuse("join", "texts and numbers"))?;
    Ok(Value::String(Arc::new(parts.join(between))))
}

fn place(value: Option<&Value>) -> Option<geo::LngLat> {
    let Some(Value::Map(map)) = value else { return None };
    let part = |name: &str| map.map.get(&Key::from(name)).and_then(number);
    geo::LngLat::new(part("lng")?, part("lat")?).ok()
}

/// The number a text says: `'12.5'`; nothing when it says none.
fn number_in(Arguments(args): Arguments) -> Outcome {
    match args.first() {
        Some(Value::String(text)) => Ok(parse_number(text.trim()).map_or(Value::Null, Value::Float)),
        Some(Value::Null) => Ok(Value::Null),
        Some(other) => number(other).map(Value::Float).ok_or_else(|| refuse("number", "a text or a number")),
        None => Err(refuse("number", "a text or a number")),
    }
}

/// Digits with at most one sign before and one point between or after them.
fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.starts_with(|c: char| c.is_ascii_digit());
    if plain && text.len() <= 20 { text.parse().ok() } else { None }
}

/// The whole part of a number: 2 of 2.7, -2 of -2.7.
fn whole_part(Arguments(args): Arguments) -> Outcome {
    finite(one(&args, "whole")?.trunc(), "whole")
}

/// The characters (code points) of a text from one place, counted from 0, up to before another or to its end.
fn part(Arguments(args): Arguments) -> Outcome {
    let Some(Value::String(text)) = args.first() else { return Err(refuse("sub", "a text")) };
    let place = |n: usize| -> Result<Option<usize>, ExecutionError> {
        let Some(value) = args.get(n) else { return Ok(None) };
        let place = number(value).filter(|p| *p >= 0.0 && p.fract() == 0.0 && *p <= 10_000.0);
        place.map(|p| Some(p as usize)).ok_or_else(|| refuse("sub", "a place in the text"))
    };
    let from = place(1)?.ok_or_else(|| refuse("sub", "a place in the text"))?;
    let to = place(2)?.unwrap_or(usize::MAX);
    let cut: String = text.chars().skip(from).take(to.saturating_sub(from)).collect();
    Ok(Value::String(Arc::new(cut)))
}

/// Metres between two places, whole.
fn distance_m(Arguments(args): Arguments) -> Outcome {
    match (place(args.first()), place(args.get(1))) {
        (Some(a), Some(b)) => Ok(Value::Float(geo::distance_m(a, b).round())),
        _ => Err(refuse("distance_m", "two places")),
    }
}

/// `x.matches('…')`; the pattern was checked before.
fn like(This(text): This<Arc<String>>, pattern: Arc<String>) -> Result<bool, ExecutionError> {
    if text.chars().count() > crate::pattern::MAX_TEXT {
        return Err(refuse("matches", "a shorter text"));
    }
    regex::Regex::new(&pattern).map(|p| p.is_match(&text)).map_err(|_| refuse("matches", "pattern"))
}

/// A context with the functions and no names.
pub fn context() -> Context<'static, 'static> {
    let mut context = Context::default();
    macro_rules! add {
        ($($name:literal => $function:expr),* $(,)?) => {
            // a name can only clash with CEL's own; ours carry a prefix it does not use
            $(let added = context.add_function($name, $function); debug_assert!(added.is_ok(), $name);)*
        };
    }
    add! {
        "ff.sum" => sum, "ff.avg" => avg, "ff.min" => smallest, "ff.max" => greatest, "ff.count" => count,
        "ff.round" => round, "ff.mod" => modulo, "ff.abs" => abs, "ff.days_between" => days_between,
        "ff.weekday" => weekday, "ff.coalesce" => coalesce, "ff.empty" => empty, "ff.text" => text,
        "ff.join" => join, "ff.distance_m" => distance_m, "ff.number" => number_in, "ff.whole" => whole_part, "ff.sub" => part,
        "like" => like,
    }
    context
}
