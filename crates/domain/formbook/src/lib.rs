//! The forms a company makes by itself, and what is filled in with them.
//!
//! Nouns: Form (a key, a draft, versions), Version (a published spec, never changed), Record (answers given at a step of
//! a visit, with the version they were given to), Edit (what a record said before it was changed).
//!
//! Invariants
//! * Only a draft without faults is published; a version never changes, and a record keeps its own.
//! * A record is judged by [`forms::fill`] of its version on the phone and again here; answers to hidden questions are
//!   not kept. What does not hold is refused with a sentence for each field, and nothing of it is stored.
//! * A step of a visit has one record. Answering again, or correcting it later, keeps who, when, why and what it said.
//! * What is recorded is handed in for approval when a flow is in use for the form; sent back, its author corrects it.
//! * A file that an answer names is its author's; who may see the record may have the file, and nobody else.
//! * A form is never deleted. A retired one is not offered for new use; where it is used it stays.
//!
//! A form has a [`Purpose`]: a step of visits, the fields of an object, whose records the floor above keeps, or the fields
//! added to a noun of ours. Only the first are listed and bound to steps.
//!
//! Forms belong to the company; records to who filled them in, and are seen with his visits.

mod approval;
mod difference;
mod erase;
pub mod files;
mod http;
mod library;
mod model;
mod names;
mod records;
mod sql;
mod standard;
mod store;
mod xlsform;

pub use approval::{FilledIn, FormSubjects, hand_in, subject_fields};
pub use custom::cells;
pub use erase::erase;
pub use model::{FormPage, PinnedForm, Purpose, Spec, Text, asks_for_people, is_key};
pub use names::{NameHook, Named, Names, of_record as names_of_record};
pub use records::{
    Collected, Failed, FollowHook, Offered, Submission, TaskFacts, answers_at, check_collected, collect,
    judge, judge_again, levels, offered, submit, tells_place, version as collected_version, without_places,
};
pub use store::{check_usable, create, newest, page, pinned, set_retired, spec_of};

/// Routes under `/api/v1`.
pub fn routes(kit: &api::Kit) -> api::Routes {
    (http::routes(kit).merge(records::routes(kit)).merge(files::routes(kit)).merge(xlsform::routes(kit)))
        .merge(standard::routes(kit))
}

base::problems! {
    /// A draft that cannot be published; each fault names its field and place.
    FAULTS = 422 "form.faults",
        zh "表单还有 {count} 处问题" / "请按标出的位置修改后再发布。",
        en "The form has {count} faults" / "Mend the marked places, then publish again.";
    /// One fault of a draft.
    FAULT = 422 "form.fault",
        zh "表单有误" / "第 {at} 个字符：{fault} {word}",
        en "Fault in the form" / "At character {at}: {fault} {word}";
    /// A picture is named that does not belong to the step.
    PICTURE = 422 "form.picture",
        zh "照片不属于本步骤" / "答案里的照片不在这一步拍摄的照片中。",
        en "Picture of another step" / "An answer names a picture that was not taken at this step.";
    /// A file is named that somebody else has sent.
    FILE = 422 "form.file",
        zh "文件无效" / "答案里的文件不是填写人上传的，请重新选择文件。",
        en "Not a file of this answer" / "An answer names a file that its author did not send; choose the file again.";
    FILE_KIND = 422 "form.file_kind",
        zh "不支持的文件" / "可以上传 PDF、Office 文档（不含宏）、文本、CSV、JPEG、PNG、WebP 图片和 MP4、WebM 视频。",
        en "Not a supported file" / "PDF, Office without macros, text, CSV, JPEG, PNG, WebP, MP4 and WebM are taken.";
    FILE_PIXELS = 422 "form.file_pixels",
        zh "图片尺寸过大" / "图片不能超过 4000 万像素，请缩小后再上传。",
        en "Picture too large" / "A picture may have at most 40 million pixels; make it smaller.";
    FILES_MANY = 429 "form.files_many",
        zh "今天上传的文件太多" / "每人 24 小时内最多上传 1 GiB，请稍后再传。",
        en "Too many files today" / "A person may send 1 GiB in 24 hours; try again later.";
    KEY_TAKEN = 409 "form.key_taken",
        zh "标识已被使用" / "已有标识为“{key}”的表单，请换一个标识。",
        en "Key taken" / "There is a form with the key “{key}”; choose another.";
    /// A form that has never been published, or is retired, is bound to something new.
    NOT_USABLE = 422 "form.not_usable",
        zh "表单不可用" / "请选择已发布且未停用的表单。",
        en "Form cannot be used" / "Choose a form that is published and not retired.";
    /// A formula or a kind of question that XLSForm has no word for.
    XLSFORM_REFUSED = 422 "form.xlsform_refused",
        zh "无法写成 XLSForm" / "{what} 用 XLSForm 无法表达，写出去意思就变了。请先修改表单。",
        en "Cannot be written as XLSForm" / "{what} cannot be said in XLSForm, and the file would mean something else. Change the form first.";
    /// A form with a formula or a question that ODK Collect cannot ask is to be filled in with it.
    NOT_COLLECTABLE = 422 "form.not_collectable",
        zh "不能用 ODK Collect 填写" / "ODK Collect 不支持：{what}。请先修改表单，或取消“可用 ODK Collect 填写”。",
        en "Cannot be filled in with ODK Collect" / "ODK Collect cannot ask this: {what}. Change the form, or do not offer it to ODK Collect.";
    TOO_MANY = 422 "form.export_too_many",
        zh "记录太多" / "一次最多导出 20,000 条记录，请缩小筛选范围。",
        en "Too many records" / "A file holds at most 20,000 records; narrow the filter.";
}
