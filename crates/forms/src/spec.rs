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
    /// An item that is checked: it passes, fails, or does not apply.
    Check(Item),
    /// Words between the questions.
    Note,
}

impl Default for FieldKind {
    fn default() -> Self {
        FieldKind::Text { max: None, lines: false }
    }
}

/// What is asked of an item that is checked.
///
/// Its answer: `{"result": "pass" | "fail" | "na", "value", "remark", "photos", "score"}`. With a measured value inside limits
/// the value decides; the score is worked out: the weight where it passes, 0 where it fails, none where it does not apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// So many pictures are needed when it fails.
    #[serde(skip_serializing_if = "is_zero")]
    pub photos: u32,
    /// A failed item needs a remark.
    #[serde(skip_serializing_if = "is_true")]
    pub remark: bool,
    /// Points it brings when it passes.
    #[serde(skip_serializing_if = "is_one")]
    pub weight: f64,
    /// "Does not apply" is no answer to it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
    /// What is opened when it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow: Option<Follow>,
}

impl Default for Item {
    fn default() -> Item {
        Item { measure: None, photos: 0, remark: true, weight: 1.0, always: false, follow: None }
    }
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

fn is_true(yes: &bool) -> bool {
    *yes
}

fn is_one(n: &f64) -> bool {
    *n == 1.0
}

/// A number that is measured at an item; it passes from `min` to `max`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    #[serde(default)]
    pub places: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub unit: Text,
}

/// What a failed item opens, once for each record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    #[serde(default)]
    pub open: Opens,
    /// What is to be done; without one the item itself says it.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    pub who: Whom,
    /// Of `named`: his id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Days until it is due; 0: the same day.
    #[serde(default)]
    pub days: u32,
    /// Of a work order: its type by id; without one the first that is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Kinds of work a failed item can open; the floor that has them opens them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    #[default]
    Task,
    /// Repaired by whoever the desk sends: nobody is named.
    WorkOrder,
}

/// Who is to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Whoever looks after the customer.
    Owner,
    /// Whoever filled the form in.
    Author,
    /// The head of his department.
    Head,
    Named,
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
/// Longest remark on an item that is checked.
pub const MAX_REMARK: u32 = 500;

impl FormSpec {
    pub fn choices<'a>(&'a self, from: &'a Options) -> &'a [Choice] {
        match &from.list {
            Some(name) => self.lists.get(name).map_or(&[], Vec::as_slice),
            None => &from.options,
        }
    }
}
