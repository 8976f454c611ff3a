//! What a company knows: scripts by product, guides, rules of conduct.
//!
//! Nouns: Article (a draft, its audience, who must read it until when), Version (what was published, never changed),
//! Category (two levels), ArticleFile (a picture or file that a text names), Receipt (who read which version when),
//! Term (what an article is found by).
//!
//! Invariants
//! * An article is changed by those with `knowledge.write` whose reach covers its writer or his department. It is read by
//!   its audience, and by whoever leads people of the audience. To everybody else it is not there.
//! * A text is Markdown; nothing of it is ever taken as HTML. It names files as `file:<id>`.
//! * A leader changes and publishes only what is for departments he leads, and for them alone.
//! * A reading is stored once for each version. It counts when the version is at least the one that was asked for.
//! * What is found is found by equal terms alone, so both engines find the same.
//! * A guide pinned to a step is the version that was newest when the work was planned.
//!
//! A receipt says that somebody opened a text to its end and pressed "read"; it does not say that he understood it.

mod articles;
mod categories;
mod files;
mod guides;
mod markdown;
mod model;
mod readers;
mod shelf;
mod terms;

pub use guides::{PinnedGuide, check_usable, guide_file, newest, pinned, readable, titles};
pub use model::ArticleFile;
pub use readers::{Reminders, erase, settle};
pub use shelf::{ShelfLine, mark_read, stamp, unread};

/// Routes under `/api/v1`.
pub fn routes(kit: &api::Kit, reminders: &Reminders) -> api::Routes {
    let reminders = reminders.clone();
    categories::routes(kit)
        .merge(articles::routes(kit))
        .merge(files::routes(kit))
        .merge(readers::routes(kit))
        .merge(shelf::routes(kit))
        .map(|r| r.layer(api::axum::Extension(reminders)))
}

base::problems! {
    /// Nothing is published of it, it is retired, or it is not for him.
    NOT_USABLE = 422 "knowledge.not_usable",
        zh "文章不能作为指南" / "请选择一篇已发布、未停用、你能看到的文章。",
        en "Article cannot be a guide" / "Choose an article that is published, not retired, and that you may read.";
    /// Somebody who leads departments writes for others than them.
    AUDIENCE = 422 "knowledge.audience",
        zh "可见范围无效" / "请选择你管理的部门，以及本企业已有的角色。",
        en "Invalid audience" / "Choose departments you lead, and roles of this company.";
    CATEGORY = 422 "knowledge.category",
        zh "分类无效" / "分类不存在，或超过两级。",
        en "Invalid category" / "There is no such category, or it would lie deeper than two levels.";
    CATEGORY_IN_USE = 409 "knowledge.category_in_use",
        zh "分类下还有内容" / "请先移走其中的文章和下级分类。",
        en "Category in use" / "Move its articles and the categories in it first.";
    /// A text names a file that was never sent, or belongs to another article.
    FILE_UNKNOWN = 422 "knowledge.file_unknown",
        zh "正文引用的文件不存在" / "请重新上传文件 {id}，或从正文中删去它。",
        en "The text names an unknown file" / "Upload the file {id} again, or take it out of the text.";
    FILE_KIND = 422 "knowledge.file_kind",
        zh "不支持的文件" / "可以上传 JPG、PNG、WebP 图片，PDF，Word、Excel、PPT（不含宏），MP4 或 WebM 视频。",
        en "File not supported" / "Pictures (JPEG, PNG, WebP), PDF, Word, Excel and PowerPoint without macros, MP4 and WebM video are taken.";
    FILE_PIXELS = 422 "knowledge.file_pixels",
        zh "图片太大" / "图片超过 4,000 万像素，请缩小后再上传。",
        en "Picture too large" / "It has more than 40 million pixels; make it smaller.";
    FILES_MANY = 422 "knowledge.files_many",
        zh "文件太多" / "一篇文章最多 100 个图片和文件。",
        en "Too many files" / "An article has at most 100 pictures and files.";
    /// Reading is not asked for.
    NOT_ASKED = 409 "knowledge.not_asked",
        zh "这篇文章不要求阅读" / "请先发布文章并打开“必读”。",
        en "Nobody must read this" / "Publish the article and switch “must read” on first.";
}
