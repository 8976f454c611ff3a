//! Approvals: a company draws how something is approved, and what is handed in runs through it.
//!
//! Nouns: Flow (a draft, versions, what it is for), Case (something handed in, with the version it runs through), Ask (one
//! person asked at a step), Trail (what happened, in order), Delegation (who decides for somebody absent).
//!
//! Invariants
//! * Only a draft without faults is published; a version never changes, and a running case keeps its own.
//! * A case moves by [`flow::apply`] alone, in one transaction with its trail, its notices and the company's log.
//! * An action carries an id its client made and the version that was seen: sent twice it counts once, and a decision on
//!   what has changed meanwhile is refused.
//! * A file lies beside one thing done and is seen by whoever sees the case.
//! * A case is seen by its requester, by whoever was asked or told, and one of a form by readers of visits in reach; by
//!   nobody else.
//! * What a case is about stays as it was decided; when it is changed after it was approved, it is asked again.
//!
//! What can be approved lies above: a floor hands in a [`Matter`], asks its [`standing`], ends it with [`close`] when the
//! record goes away, and names its definitions and their fields through [`Subjects`]. Where something is to follow from an
//! outcome it registers an [`Outcome`].

mod cases;
mod choices;
mod delegations;
mod erase;
mod files;
mod flows;
mod staff;
mod subjects;
mod watch;

pub use cases::{
    Line, Matter, Outcome, Standing, close, forget, hand_in, hand_in_or_head, may_hand_in_again, note,
    standing, withdraw,
};
pub use choices::{NewChoice, StepChoice, SubjectChoice, choices, choose};
pub use erase::erase;
pub use subjects::{SubjectField, SubjectLine, SubjectOption, Subjects};

use std::sync::Arc;

use api::{Kit, Routes, axum::Extension};
use uuid::Uuid;

/// Texts by language.
pub type Text = std::collections::BTreeMap<String, String>;

/// Handle to the running part. Cheap to clone; background work ends with the last one.
#[derive(Clone)]
pub struct Approvals(Arc<Inner>);

pub(crate) struct Inner {
    kit: Kit,
    subjects: Vec<Arc<dyn Subjects>>,
}

impl Approvals {
    /// Starts looking after time limits and absences. Once a process.
    pub fn start(kit: &Kit, subjects: Vec<Arc<dyn Subjects>>) -> Approvals {
        let inner = Arc::new(Inner { kit: kit.clone(), subjects });
        tokio::spawn(watch::watch(Arc::downgrade(&inner)));
        Approvals(inner)
    }
}

/// Does what is due in a company now, as the watching does by itself.
///
/// # Errors
/// When the store cannot be read or written; the watching tries again.
pub async fn settle(kit: &Kit, tenant: Uuid) -> db::Result<()> {
    watch::settle(kit, tenant).await
}

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, approvals: &Approvals) -> Routes {
    let approvals = approvals.clone();
    let parts = Routes::new(kit)
        .merge(flows::routes(kit))
        .merge(cases::routes(kit))
        .merge(choices::routes(kit))
        .merge(files::routes(kit))
        .merge(delegations::routes(kit));
    parts.map(|r| r.layer(Extension(approvals)))
}

base::problems! {
    /// A draft that cannot be published; each fault names its node and part.
    FAULTS = 422 "flow.faults",
        zh "流程还有 {count} 处问题" / "请按标出的节点修改后再发布。",
        en "The flow has {count} faults" / "Mend the marked nodes, then publish again.";
    FAULT = 422 "flow.fault",
        zh "节点有误" / "第 {at} 个字符：{fault} {word}",
        en "Fault at a node" / "At character {at}: {fault} {word}";
    /// A flow that was never published, is retired, or is for nothing is put to use.
    NOT_USABLE = 422 "flow.not_usable",
        zh "流程不可用" / "请先选择用途并发布流程；已停用的流程不能启用。",
        en "Flow cannot be used" / "Choose what it is for and publish it first; a retired flow cannot be used.";
    /// What a flow is for does not exist.
    NO_SUBJECT = 422 "flow.no_subject",
        zh "没有这个用途" / "请选择已发布的表单。",
        en "No such subject" / "Choose a form that is published.";
    NOT_RUNNING = 409 "approval.not_running",
        zh "这条审批已结束或已退回" / "请刷新后查看最新状态。",
        en "This case is over or was sent back" / "Reload to see how it stands.";
    NOT_ASKED = 409 "approval.not_asked",
        zh "现在不需要你审批" / "已由他人处理、已转交，或还没轮到你。请刷新后查看。",
        en "You are not asked now" / "Somebody else decided, it was handed over, or it is not your turn. Reload to see.";
    NOT_REQUESTER = 403 "approval.not_requester",
        zh "只有申请人可以这样做" / "撤回、催办和重新提交由申请人操作。",
        en "Only the requester may do this" / "Taking back, urging and handing in again are up to the requester.";
    NOT_RETURNED = 409 "approval.not_returned",
        zh "这条审批没有被退回" / "只有被退回的申请可以重新提交。",
        en "The case was not sent back" / "Only what was sent back can be handed in again.";
    NO_STEP = 422 "approval.no_step",
        zh "不能退回到这一步" / "只能退回到本轮已通过、且不在其他并行分支里的步骤。",
        en "Cannot go back to this step" / "Choose a step passed in this round that is not in another parallel lane.";
    NOT_FIT = 422 "approval.not_fit",
        zh "不能由此人审批" / "请选择在职的、不是申请人本人的同事。",
        en "This person cannot decide" / "Choose a colleague who works here and is not the requester.";
    ASKED_ALREADY = 422 "approval.asked_already",
        zh "此人已在这一步" / "请选择其他同事。",
        en "Already part of this step" / "Choose somebody else.";
    TOO_OFTEN = 409 "approval.too_often",
        zh "次数太多" / "退回或加签次数已到上限，请直接通过、拒绝或撤回。",
        en "Too often" / "It was sent back or given signers too often; approve, reject or take it back.";
    TOO_SOON = 409 "approval.too_soon",
        zh "刚刚催办过" / "10 分钟内只能催办一次。",
        en "Urged a moment ago" / "You can urge once in ten minutes.";
    REASON = 422 "approval.reason",
        zh "请写明原因" / "拒绝和退回需要写明原因，申请人会看到。",
        en "Give a reason" / "Rejecting and sending back need a reason, which the requester reads.";
    /// An action names a file that its sender did not send for this case, or that another one carries.
    FILE = 422 "approval.file",
        zh "文件无效" / "这个文件不是你为这条审批上传的，或已经附在别的评论里。请重新选择文件。",
        en "Not a file of this action" / "You did not send this file for the case, or another comment carries it; choose the file again.";
    FILE_KIND = 422 "approval.file_kind",
        zh "不支持的文件" / "可以附 PDF、Office 文档（不含宏）、JPEG、PNG、WebP 图片（不超过 4000 万像素）和 MP4、WebM 视频。",
        en "Not a supported file" / "PDF, Office without macros, JPEG, PNG and WebP up to 40 million pixels, MP4 and WebM are taken.";
    FILES_MANY = 422 "approval.files_many",
        zh "文件太多" / "已上传但还没有提交的文件太多，请先提交或两天后再传。",
        en "Too many files" / "Too many files were sent that no comment carries yet; send the comment first.";
    ABSENCE = 422 "approval.absence",
        zh "代理时间有误" / "结束时间要晚于开始时间和现在，最长 180 天；代理人须是在职的其他同事。",
        en "Absence not possible" / "It must end after it begins and after now, within 180 days; the deputy must be another colleague at work.";
}
