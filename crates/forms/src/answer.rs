//! One answer against the kind of its field.

use serde_json::{Map, Value as Json};

use crate::{
    formula::whole,
    functions::{parse_day, round_to},
    spec::{FieldKind, FormSpec, Item, MAX_REMARK, MAX_TEXT, Options},
};

type Refusal = (&'static str, String);

fn refuse<T>(code: &'static str, limit: impl ToString) -> Result<T, Refusal> {
    Err((code, limit.to_string()))
}

/// Nothing was answered.
pub fn is_none(given: &Json) -> bool {
    match given {
        Json::Null => true,
        Json::String(s) => s.is_empty(),
        Json::Array(a) => a.is_empty(),
        _ => false,
    }
}

/// The answer as it is kept, or why it cannot be. `values` are the answers of the same level, for choices that
/// depend on another.
pub fn accept(
    spec: &FormSpec,
    kind: &FieldKind,
    given: &Json,
    values: &Map<String, Json>,
) -> Result<Json, Refusal> {
    match kind {
        FieldKind::Text { max, .. } => text(given, max.unwrap_or(MAX_TEXT)),
        FieldKind::Number { places, min, max, .. } => number(given, *places, *min, *max),
        FieldKind::YesNo => given.as_bool().map(Json::Bool).ok_or(("type", String::new())),
        FieldKind::Rating { max } => number(given, 0, Some(1.0), Some(f64::from(*max))),
        FieldKind::Choice { from } => choice(spec, from, given, values),
        FieldKind::Choices { from, max, .. } => {
            let items = list(given, *max)?;
            for (i, item) in items.iter().enumerate() {
                choice(spec, from, item, values)?;
                if items[..i].contains(item) {
                    return refuse("choice", item.as_str().unwrap_or_default());
                }
            }
            Ok(given.clone())
        }
        FieldKind::Date => shaped(given, |s| s.len() == 10 && parse_day(s).is_some()),
        FieldKind::Time => shaped(given, is_time),
        FieldKind::DateTime => {
            shaped(given, |s| s.len() == 16 && parse_day(s).is_some() && s.get(11..).is_some_and(is_time))
        }
        FieldKind::Phone => shaped(given, |s| {
            let digits = s.bytes().filter(u8::is_ascii_digit).count();
            (5..=15).contains(&digits)
                && s.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
                && s.len() <= 24
        }),
        FieldKind::Barcode => text(given, 200),
        FieldKind::Reference { .. } => text(given, 100),
        FieldKind::Signature | FieldKind::Audio => text(given, 100),
        FieldKind::Photo { max, .. } => media(given, max.unwrap_or(9)),
        FieldKind::File { max } => media(given, max.unwrap_or(9)),
        FieldKind::Place => place(given),
        FieldKind::Check(item) => checked(item, given),
        FieldKind::Table { .. } | FieldKind::Note => refuse("type", ""),
    }
}

/// An item as it was checked: where a value was measured its limits decide, and the score follows from the result.
fn checked(item: &Item, given: &Json) -> Result<Json, Refusal> {
    const PARTS: [&str; 5] = ["result", "value", "remark", "photos", "score"];
    let Some(parts) = given.as_object().filter(|o| o.keys().all(|k| PARTS.contains(&k.as_str()))) else {
        return refuse("type", "");
    };
    let part = |name: &str| parts.get(name).filter(|v| !is_none(v));
    let mut kept = Map::new();
    let mut result = match part("result").map(|r| r.as_str()) {
        None => None,
        Some(Some(r)) if matches!(r, "pass" | "fail") || (r == "na" && !item.always) => Some(r),
        Some(r) => return refuse("choice", r.unwrap_or_default()),
    };
    match (&item.measure, part("value")) {
        (_, None) => {}
        (None, Some(_)) => return refuse("type", ""),
        (Some(measure), Some(value)) => {
            let value = number(value, measure.places, None, None)?;
            let n = value.as_f64().unwrap_or_default();
            let limited = measure.min.is_some() || measure.max.is_some();
            if limited && result != Some("na") {
                let within = measure.min.is_none_or(|min| n >= min) && measure.max.is_none_or(|max| n <= max);
                result = Some(if within { "pass" } else { "fail" });
            }
            kept.insert("value".into(), value);
        }
    }
    if let Some(remark) = part("remark") {
        kept.insert("remark".into(), text(remark, MAX_REMARK)?);
    }
    if let Some(photos) = part("photos") {
        kept.insert("photos".into(), media(photos, 9)?);
    }
    if let Some(result) = result {
        kept.insert("result".into(), Json::String(result.to_owned()));
        let score = match result {
            "pass" => Some(item.weight),
            "fail" => Some(0.0),
            _ => None,
        };
        kept.extend(score.map(|s| ("score".to_owned(), whole(s))));
    }
    Ok(if kept.is_empty() { Json::Null } else { Json::Object(kept) })
}

fn text(given: &Json, max: u32) -> Result<Json, Refusal> {
    match given.as_str() {
        None => refuse("type", ""),
        Some(s) if s.chars().count() > max as usize => refuse("too_long", max),
        Some(_) => Ok(given.clone()),
    }
}

fn number(given: &Json, places: u8, min: Option<f64>, max: Option<f64>) -> Result<Json, Refusal> {
    let Some(n) = given.as_f64().filter(|n| n.abs() < 1e15) else { return refuse("type", "") };
    if let Some(min) = min.filter(|min| n < *min) {
        return refuse("min", whole(min));
    }
    if let Some(max) = max.filter(|max| n > *max) {
        return refuse("max", whole(max));
    }
    if round_to(n, u32::from(places)) != n {
        return refuse("places", places);
    }
    Ok(whole(n))
}

fn choice(
    spec: &FormSpec,
    from: &Options,
    given: &Json,
    values: &Map<String, Json>,
) -> Result<Json, Refusal> {
    let Some(value) = given.as_str() else { return refuse("type", "") };
    let parent = from.parent.as_ref().and_then(|p| values.get(p)).and_then(Json::as_str);
    let offered = spec.choices(from).iter().any(|c| {
        c.value == value && (from.parent.is_none() || c.under.is_none() || c.under.as_deref() == parent)
    });
    if offered { Ok(given.clone()) } else { refuse("choice", value) }
}

fn list(given: &Json, max: Option<u32>) -> Result<&Vec<Json>, Refusal> {
    let Some(items) = given.as_array() else { return refuse("type", "") };
    match max {
        Some(max) if items.len() > max as usize => refuse("count", max),
        _ => Ok(items),
    }
}

/// Ids of pictures, recordings or files.
fn media(given: &Json, max: u32) -> Result<Json, Refusal> {
    let items = list(given, Some(max))?;
    let good = items.iter().all(|i| i.as_str().is_some_and(|s| !s.is_empty() && s.len() <= 100));
    if good { Ok(given.clone()) } else { refuse("type", "") }
}

fn shaped(given: &Json, good: impl Fn(&str) -> bool) -> Result<Json, Refusal> {
    if given.as_str().is_some_and(good) { Ok(given.clone()) } else { refuse("type", "") }
}

fn is_time(s: &str) -> bool {
    let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    s.split_once(':').is_some_and(|(h, m)| digits(h) && digits(m) && h < "24" && m < "60")
}

fn place(given: &Json) -> Result<Json, Refusal> {
    let part = |name: &str| given.get(name).and_then(Json::as_f64);
    match (part("lng"), part("lat")) {
        (Some(lng), Some(lat)) if geo::LngLat::new(lng, lat).is_ok() => Ok(given.clone()),
        _ => refuse("type", ""),
    }
}
