//! One row as a field.

use forms::{Constraint, Field, FieldKind, Options, Target, Text};

use super::{Item, choices::Lists, kinds};
use crate::{
    cel::{self, Cel},
    fault::Fault,
    loss::Loss,
    names::{Kind, Names, Scope},
    to_cel,
    xpath::{self, Expr, Op},
};

/// What fields are made with.
pub struct Building<'b> {
    pub names: &'b Names,
    pub lists: &'b mut Lists,
    pub losses: &'b mut Vec<Loss>,
}

/// Columns of the survey that are read, or said to be lost by name.
const KNOWN: [&str; 31] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "appearance",
    "choice_filter",
    "repeat_count",
    "read_only",
    "parameters",
    "guidance_hint",
    "image",
    "audio",
    "video",
    "big-image",
    "trigger",
    "disabled",
    "notes",
    "tashi_type",
    "tashi_places",
    "tashi_min",
    "tashi_max",
    "tashi_unit",
    "tashi_score",
    "tashi_rule",
];

/// Smallest and largest values, as a kind of answer has them.
#[derive(Clone, Copy, Debug, Default)]
struct Limits {
    min: Option<f64>,
    max: Option<f64>,
}

pub fn other_key(key: &str) -> String {
    format!("{}_other", key.chars().take(34).collect::<String>())
}

impl Building<'_> {
    fn lose(&mut self, item: &Item<'_>, column: &str, code: &'static str, name: impl ToString) {
        self.losses.push(Loss::new("survey", item.row.number, column, code, name));
    }

    fn refuse(&mut self, item: &Item<'_>, column: &str, code: &'static str, name: impl ToString) {
        self.losses.push(Loss::new("survey", item.row.number, column, code, name).refused());
    }

    fn fault(&mut self, item: &Item<'_>, column: &str, fault: Fault) {
        self.refuse(item, column, fault.code, fault.name);
    }

    fn scope<'s>(&'s self, item: &'s Item<'_>) -> Scope<'s> {
        Scope { names: self.names, table: item.table.as_deref(), own: Some(&item.name) }
    }

    /// The field of a row, and the text beside it that `or_other` adds.
    pub fn fields(&mut self, item: &Item<'_>) -> Vec<Field> {
        let Some(known) = self.names.get(&item.name) else { return vec![] };
        let kind_of_answer = known.kind;
        self.look_at_columns(item);
        let mut limits = Limits { min: own_number(item, "tashi_min"), max: own_number(item, "tashi_max") };
        let (constraint, message) = self.constraint(item, kind_of_answer, &mut limits);
        let visible = self.visible(item);
        let (mut kind, constraint) = self.kind(item, kind_of_answer, limits, constraint);
        let calc = self.calc(item, kind_of_answer, &mut kind);
        let mut required = self.required(item);
        let mut constraint =
            constraint.map(|formula| Constraint { formula: cel::written(&formula), message });
        if matches!(kind, FieldKind::Note) || calc.is_some() {
            required = None;
        }
        if let FieldKind::Table { min, max, .. } = &mut kind {
            self.repetitions(item, min, max, &mut required, &mut constraint);
        }
        let default = if calc.is_some() { None } else { self.default(item, kind_of_answer) };
        let score = Some(item.row.get("tashi_score")).filter(|s| !s.is_empty()).map(str::to_owned);
        let field = Field {
            key: item.key.clone(),
            label: self.label(item),
            hint: self.piped(item, "hint", item.row.text("hint")),
            kind,
            visible,
            required,
            constraint,
            default,
            calc,
            score,
        };
        if !item.rest.split_whitespace().any(|w| w == "or_other") {
            return vec![field];
        }
        let root = if item.table.is_some() { "row" } else { "form" };
        let chosen = match field.kind {
            FieldKind::Choices { .. } => format!("'other' in {root}.{}", field.key),
            _ => format!("{root}.{} == 'other'", field.key),
        };
        let label = field.label.iter().map(|(l, t)| {
            (
                l.clone(),
                if l == "zh-CN" {
                    format!("{t}（其他，请说明）")
                } else {
                    format!("{t} (other, please specify)")
                },
            )
        });
        let other = Field {
            key: other_key(&field.key),
            label: label.collect(),
            visible: Some(chosen),
            ..Field::default()
        };
        vec![field, other]
    }

    fn look_at_columns(&mut self, item: &Item<'_>) {
        let row = item.row;
        let mut lost: Vec<(String, &'static str, String)> = vec![];
        for (column, value) in row.cells() {
            let code = match column {
                "guidance_hint" => "guidance",
                "image" | "audio" | "video" | "big-image" => "media",
                "required_message" => "required_message",
                "appearance" if !self.known_look(item, value) => "appearance",
                other if !KNOWN.contains(&other) => "columns",
                _ => continue,
            };
            lost.push((column.to_owned(), code, value.to_owned()));
        }
        for (column, code, value) in lost {
            self.lose(item, &column, code, value);
        }
        if !row.get("trigger").is_empty() {
            self.refuse(item, "trigger", "trigger", row.get("trigger"));
        }
        for parameter in row.get("parameters").split([' ', ',', ';']).filter(|p| !p.is_empty()) {
            let name = parameter.split('=').next().unwrap_or_default();
            let code = if matches!(name, "randomize" | "seed") { "random" } else { "parameters" };
            if !(item.kind == "range" && matches!(name, "start" | "end" | "step")) {
                self.lose(item, "parameters", code, parameter);
            }
        }
    }

    fn known_look(&self, item: &Item<'_>, look: &str) -> bool {
        look.split_whitespace().all(|word| {
            matches!(
                (item.kind.as_str(), word),
                ("text" | "string", "multiline" | "numbers" | "tel")
                    | ("image" | "photo", "new" | "signature")
                    | ("range", "rating")
                    | ("begin_repeat", _)
            )
        })
    }

    /// The limits at the head of the constraint, as far as the sentence for them would be the standard one; and the
    /// rest of it.
    fn constraint(&mut self, item: &Item<'_>, kind: Kind, limits: &mut Limits) -> (Option<Cel>, Text) {
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

    fn condition(&mut self, item: &Item<'_>, column: &str, expr: &Expr) -> Option<String> {
        match to_cel::condition(expr, self.scope(item)) {
            Ok(cel) => Some(cel::written(&cel)),
            Err(f) => {
                self.fault(item, column, f);
                None
            }
        }
    }

    fn visible(&mut self, item: &Item<'_>) -> Option<String> {
        let mut parts = item.around.clone();
        let own = item.row.get("relevant");
        if !own.is_empty() && item.kind != "begin_repeat" {
            match xpath::parse(own) {
                Ok(expr) => parts.push(expr),
                Err(f) => self.fault(item, "relevant", f),
            }
        }
        let expr = Expr::join(Op::And, parts)?;
        self.condition(item, "relevant", &expr).filter(|c| c != "true")
    }

    fn required(&mut self, item: &Item<'_>) -> Option<String> {
        match item.row.get("required").to_lowercase().as_str() {
            "" | "no" | "false" | "false()" | "0" => None,
            "yes" | "true" | "true()" | "1" => Some("true".into()),
            _ => match xpath::parse(item.row.get("required")) {
                Ok(expr) => self.condition(item, "required", &expr),
                Err(f) => {
                    self.fault(item, "required", f);
                    None
                }
            },
        }
    }

    /// The kind with its limits; limits the kind has no place for go back into the constraint.
    fn kind(
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

    fn calc(&mut self, item: &Item<'_>, kind: Kind, made: &mut FieldKind) -> Option<String> {
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

    /// `repeat_count`: as limits when it is a number, as a rule when it is computed.
    fn repetitions(
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

    /// A default: a plain value, or an expression.
    fn default(&mut self, item: &Item<'_>, kind: Kind) -> Option<String> {
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

    fn label(&mut self, item: &Item<'_>) -> Text {
        let label = item.row.text("label");
        if !label.is_empty() {
            return self.piped(item, "label", label);
        }
        let silent = matches!(item.kind.as_str(), "calculate" | "hidden" | "today");
        if !silent {
            self.lose(item, "label", "label", &item.name);
        }
        Text::from([("en".to_owned(), item.name.clone())])
    }

    /// A text without references to answers.
    fn piped(&mut self, item: &Item<'_>, column: &str, text: Text) -> Text {
        if text.values().all(|t| !t.contains("${")) {
            return text;
        }
        self.lose(item, column, "piped", text.values().next().map_or("", String::as_str));
        text.into_iter()
            .map(|(language, t)| {
                let mut out = String::new();
                let mut rest = t.as_str();
                while let Some((before, after)) = rest.split_once("${") {
                    let (name, after) = after.split_once('}').unwrap_or((after, ""));
                    out.push_str(before);
                    out.push_str(&format!("[{}]", name.trim()));
                    rest = after;
                }
                out.push_str(rest);
                (language, out)
            })
            .collect()
    }
}

/// A number in one of our own columns.
fn own_number(item: &Item<'_>, column: &str) -> Option<f64> {
    item.row.get(column).parse().ok().filter(|n: &f64| n.is_finite() && n.abs() < 1e15)
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
