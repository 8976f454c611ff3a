//! One row as a field.

mod calc;
mod kind;
mod limits;

use forms::{Constraint, Field, FieldKind, Text};

pub(crate) use limits::phone_pattern;

use super::{Item, choices::Lists};
use crate::{
    cel,
    fault::Fault,
    loss::Loss,
    names::{Names, Scope},
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
