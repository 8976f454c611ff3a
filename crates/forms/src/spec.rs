//! What a form asks. The meaning of the words follows XLSForm (<https://xlsform.org>) where it has one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text in the languages it was written in: `{"zh-CN": "数量", "en": "Quantity"}`.
pub type Text = BTreeMap<String, String>;

/// A form: fields in order, the pages they are shown on, and lists of choices shared by several fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSpec {
    pub title: Text,
    pub fields: Vec<Field>,
    /// Without sections all fields are shown on one page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<Choice>>,
}

/// A page or group with a heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub title: Text,
    pub fields: Vec<String>,
}

/// One question or computed value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Name in formulas, exports and the API; never changes once published.
    pub key: String,
    pub label: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub hint: Text,
    #[serde(flatten)]
    pub kind: FieldKind,
    /// Formula: shown when it holds. Without one: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible: Option<String>,
    /// Formula: an answer is needed when it holds. `true` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// What an answer must satisfy, with the sentence said when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Constraint>,
    /// Formula for the answer a new form starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Formula for the value; such a field is never typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calc: Option<String>,
    /// Formula for the points this field brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    pub formula: String,
    pub message: Text,
}

/// One choice of a list; `under` names the choice of the parent field it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
}

/// Kinds of answer and their limits.
///
/// Answers in JSON: text kinds, dates, choices and references are strings; numbers are numbers; `yes_no` is a
/// boolean; `choices`, pictures, recordings and files are lists of strings; a place is `{"lng","lat","accuracy_m"}`;
/// a table is a list of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    Text {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lines: bool,
    },
    /// `places` decimals are kept; 0 for whole numbers.
    Number {
        #[serde(default)]
        places: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        #[serde(default, skip_serializing_if = "Text::is_empty")]
        unit: Text,
    },
    YesNo,
    Choice {
        #[serde(flatten)]
        from: Options,
    },
    Choices {
        #[serde(flatten)]
        from: Options,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    /// 1 to `max` stars.
    Rating {
        max: u8,
    },
    /// `2027-11-19`
    Date,
    /// `10:05`
    Time,
    /// `2027-11-19T10:05`, the person's own clock.
    DateTime,
    Phone,
    Barcode,
    Place,
    /// The id of something kept elsewhere.
    Reference {
        to: Target,
    },
    Photo {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
        /// Pictures already on the phone are accepted, with a lower grade.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gallery: bool,
    },
    Audio,
    Signature,
    File {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    Table {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
        fields: Vec<Field>,
    },
    /// Words between the questions.
    Note,
}

impl Default for FieldKind {
    fn default() -> Self {
        FieldKind::Text { max: None, lines: false }
    }
}

/// Where choices come from: written here, or a list of the form; `parent` narrows them by another field's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Options {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Customer,
    Contact,
    Employee,
    Product,
    Equipment,
}

/// Most rows of a table when it names no limit.
pub const MAX_ROWS: u32 = 200;
/// Longest text when a field names no limit, in characters.
pub const MAX_TEXT: u32 = 2000;

impl FormSpec {
    pub fn choices<'a>(&'a self, from: &'a Options) -> &'a [Choice] {
        match &from.list {
            Some(name) => self.lists.get(name).map_or(&[], Vec::as_slice),
            None => &from.options,
        }
    }
}
