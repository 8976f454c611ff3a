//! Answers of a company's own fields: judged, shown in cells, read from sheets, compared in filters; and such fields on
//! nouns of ours.
//!
//! Nouns: Fields (what a company asks of a [`Noun`] beside ours: a form of the book of forms in its newest version), Kept
//! (the answers of one customer, person, … as they are stored and found).
//!
//! Invariants
//! * Answers lie beside the noun under its id and are written in the transaction that changes it.
//! * A change is refused for what it makes wrong, not for what was wrong before: answers given under an older version
//!   stay until somebody gives others, and those to a field that was withdrawn come back with it.
//! * Who may see or change the noun may see or change them; they have no permission of their own.
//! * What is made in another's place, or beside it, takes its answers as they stand: [`copy`] judges nothing.
//!
//! The floors above decide when: [`Fields::accept`] judges, [`keep`] stores; `found!`, `answers!` and `condition!` are the
//! parts of their statements that look into the answers.

pub mod about;
pub mod cells;
mod fields;
pub mod filter;
mod http;
mod judge;
pub mod listing;
mod noun;
pub mod sheet;
mod sql;
pub mod values;

pub use fields::{Fields, Kept, changed};
pub use filter::Condition;
pub use http::routes;
pub use judge::{compiled, judge_by, walk};
pub use noun::{Noun, fits};
pub use sql::{copy, erase, keep, of};

/// Texts by language.
pub type Text = std::collections::BTreeMap<String, String>;

base::problems! {
    /// Answers the form does not allow; each names its field.
    ANSWERS = 422 "form.answers",
        zh "填写内容不符合表单要求" / "请按标出的字段修改后重新提交。",
        en "Answers do not fit the form" / "Mend the marked fields and send again.";
    ANSWER_REQUIRED = 422 "form.answer_required",
        zh "缺少必填项" / "此项必填。",
        en "Answer required" / "This question must be answered.";
    ANSWER_LIMIT = 422 "form.answer_limit",
        zh "超出范围" / "此项超出表单规定的范围（{limit}）。",
        en "Outside the limits" / "The answer is outside the limits of the form ({limit}).";
    ANSWER_KIND = 422 "form.answer_kind",
        zh "答案无效" / "此项的内容不是表单接受的答案（{limit}）。",
        en "Not an answer to this question" / "The form does not accept this answer ({limit}).";
    /// The form's own rule, in its own words.
    ANSWER_RULE = 422 "form.answer_rule",
        zh "不符合表单规则" / "{zh}",
        en "Against the form's rule" / "{en}";
}
