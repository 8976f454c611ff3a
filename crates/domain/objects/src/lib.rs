//! Objects a company makes by itself, such as 促销活动: what a record holds, how it is listed and numbered, who may do what.
//!
//! Nouns: Object (a key, a name, columns, a pattern of numbers, grants by role; its fields are a form of the book of
//! forms), Record (answers, with a number the server gave), Edit (what a record said before), Value (one answer, for
//! filters and relations).
//!
//! Invariants
//! * An object is used as soon as its fields are published, by those whose role was granted something, and by nobody else.
//! * A record is judged by [`formbook::judge`] in the version it was filled in with; a change is judged by the newest.
//! * A record's id is made by whoever fills it in: sent twice, it is one record with one number.
//! * Numbers have no gaps: one is given in the transaction that makes the record, and goes back with it.
//! * A change or deletion keeps who, when, why and what was said before. Nothing is deleted for good, except at the
//!   demand of a person.
//!
//! What a role sees is its grant's: its own records, those of its departments, or all. `submitted` in `records/store.rs`
//! is the one place where a record has just been taken; its approval, when a flow is in use for the object, begins there.

mod approval;
mod definition;
mod grants;
mod http;
mod model;
mod numbering;
mod products;
mod records;
mod sql;

pub use approval::ObjectSubjects;
pub use definition::of_person;
pub use model::{MyObject, ObjectFace};
pub use products::products;
pub use records::{Filled, erase, fill_in};

/// Routes under `/api/v1`.
pub fn routes(kit: &api::Kit) -> api::Routes {
    http::routes(kit).merge(records::routes(kit))
}

base::problems! {
    KEY_TAKEN = 409 "object.key_taken",
        zh "标识已被使用" / "已有标识为“{key}”的对象，请换一个标识。",
        en "Key taken" / "There is an object with the key “{key}”; choose another.";
    /// The pattern has no counter, two of them, or a word in braces that is none.
    NUMBERING = 422 "object.numbering",
        zh "编号规则无效" / "请写一个流水号，如 {0000}；年月日用 {yyyy}、{yy}、{mm}、{dd}，总长不超过 40 个字符。",
        en "Invalid pattern of numbers" / "It needs one counter such as {0000}; dates are {yyyy}, {yy}, {mm}, {dd}; at most 40 characters.";
    /// New records of a retired object.
    RETIRED = 422 "object.retired",
        zh "对象已停用" / "这个业务对象已停用，不能再新建记录。",
        en "Object retired" / "This object is retired; no new records can be made.";
    /// A version of the fields that was never published.
    NO_VERSION = 422 "object.no_version",
        zh "版本不存在" / "填写时所用的版本从未发布过。",
        en "No such version" / "The version it was filled in with was never published.";
    /// A person outside the caller's reach, or none at all, is named as owner.
    OWNER = 422 "object.owner",
        zh "负责人无效" / "请选择你数据范围内的在职人员。",
        en "Invalid owner" / "Choose an active person within your scope.";
    IN_APPROVAL = 409 "object.in_approval",
        zh "记录正在审批" / "审批还没结束，不能删除。请先由申请人撤回，或等审批结束。",
        en "Record is being approved" / "It cannot be deleted while it is being decided. The requester can take it back first.";
    IMPORT_TOO_MANY = 422 "object.import_too_many",
        zh "行数太多" / "一次最多导入 5,000 条业务记录，请分成几份。",
        en "Too many rows" / "A sheet holds at most 5,000 records of an object; split it.";
    TOO_MANY = 422 "object.export_too_many",
        zh "记录太多" / "一次最多导出 20,000 条记录，请缩小筛选范围。",
        en "Too many records" / "A file holds at most 20,000 records; narrow the filter.";
}
