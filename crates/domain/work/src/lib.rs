//! Work: what is to be done at which customer, in which order, and what was done.
//!
//! Nouns: TaskTemplate (steps in versions), Plan (a person's day in order, with the way), Task (one piece of
//! work), Visit (check-in, steps, photos, summary, check-out), CustomerCode (what is shown at a customer to whoever stands there), FrequencyRule (how often customers are visited),
//! PlanChange (what a person changed of his own day).
//!
//! Invariants
//! * A person has at most one plan a day; a task carries its own copy of the steps it was planned with.
//! * Every task ends as done, skipped (with a reason) or cancelled (with a reason); an open one is overdue after
//!   its window. A visit that really happened wins over any of it.
//! * A visit belongs to the person who recorded it. Nothing here deletes or rewrites one; pieces may come twice
//!   and in any order of arrival.
//! * Whether a visit counts follows from its parts by one versioned rule ([`visits::rules::effective`]), with reasons.
//!
//! Events: `plan` `{id, employee_id, day}`, `task` (the task), `visit` (the visit's row).

mod board;
pub mod changes;
mod checks;
pub mod codes;
mod day;
mod frequency;
mod group;
mod learned;
mod model;
mod opening;
mod plans;
pub mod practice;
mod reminders;
pub mod routing;
mod sop;
pub mod tasks;
mod templates;
pub mod visits;

pub use board::{
    Handed, Occasion, Planned as PlannedRequest, Request as PlannableRequest, RequestSource, hand_over,
};
pub use checks::{CheckLast, last_of as last_checks};
pub use day::{DayWork, ahead, day, day_of_all};
pub use frequency::{MonthlyWork, Rolling, forget_feed, monthly_work, roll, rule_naming};
pub use group::CustomerGroup;
pub use learned::Learning;
pub use model::{Objective, VisitCustomer, Window, content_sha256};
pub use plans::{
    Plan, Squeeze, Squeezed, any_undelivered, delivered, kept_orders, mark_read as mark_plan_read, squeeze,
};
pub use reminders::{Reminders, remind};
pub use routing::{MOST_COMPARED, Route, RouteBack, RouteLeg, Unserved, shortest_m};
pub use tasks::{PlannedTask, Task, TaskCustomer, TaskStatus, is_open, planned_from};
pub use templates::{
    NewStep, Proof, Step, StepKind, StepPoint, TaskTemplate, check_usable as template_exists,
};
pub use visits::{
    FenceReading, IneffectiveReason, PhotoRef, Verdict, Visit, VisitRow, VisitStep, open_visit,
    visits_between,
};

use api::{Checks, Kit, Routes};
use serde::Deserialize;
use utoipa::ToSchema;

/// All routes of this floor.
pub fn routes(kit: &Kit, reminders: &Reminders, learning: &Learning, rolling: &Rolling) -> Routes {
    Routes::new(kit)
        .merge(templates::routes(kit))
        .merge(plans::routes(kit))
        .merge(tasks::routes(kit))
        .merge(visits::routes(kit))
        .merge(learned::routes(kit, learning))
        .merge(frequency::routes(kit, rolling))
        .merge(board::routes(kit))
        .merge(changes::routes(kit))
        .merge(reminders::routes(kit, reminders))
        .merge(checks::routes(kit))
        .merge(sop::routes(kit))
        .merge(codes::routes(kit))
        .merge(practice::routes(kit))
}

/// Why something is called off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CancelReason)]
pub(crate) struct Reason {
    #[schema(max_length = 200)]
    reason: String,
}

impl Reason {
    fn checked(self) -> db::Result<String> {
        Checks::new().text("reason", &self.reason, 200).done()?;
        Ok(self.reason.trim().to_owned())
    }
}

base::problems! {
    /// A check-in from outside the fence, where the company does not let people do so.
    OUTSIDE = 422 "visit.outside",
        zh "在围栏外不能签到" / "离客户 {distance_m} 米，围栏 {radius_m} 米，公司规定围栏外不能签到。请走近后刷新定位再签到；店的位置不对时，请报给公司。",
        en "Outside the fence" / "You are {distance_m} m from the customer and the fence is {radius_m} m; your company does not allow check-ins from outside. Go closer and check in again, or report that the customer's place is wrong.";
    /// The person has a plan for that day already.
    DAY_TAKEN = 409 "plan.day_taken",
        zh "当天已有计划" / "此人这一天已有计划，请在原计划里增减客户。",
        en "Day already planned" / "This person already has a plan for that day; add or remove customers there.";
    /// A cancelled plan is changed.
    NOT_PLANNED = 409 "plan.cancelled",
        zh "计划已取消" / "已取消的计划不能再改，请新建计划。",
        en "Plan cancelled" / "A cancelled plan cannot be changed; make a new one.";
    /// A task that has begun is taken out of a plan.
    STARTED = 409 "plan.task_started",
        zh "拜访已开始" / "{customer} 的拜访已经开始或完成，不能从计划里移除。",
        en "Visit already begun" / "The visit at {customer} has begun or is done and cannot be removed from the plan.";
    /// A plan with locked visits is cancelled, and nobody said what becomes of them.
    LOCKED_VISITS = 409 "plan.locked_visits",
        zh "计划里有已锁定的拜访" / "{customers} 已锁定（共 {count} 家），是答应过客户的。请选择保留它们，还是一起取消。",
        en "The plan holds locked visits" / "{customers} ({count} in all) were promised to their customers. Say whether they stay or are cancelled too.";
    /// Somebody else has changed a plan of the draft meanwhile; nothing was stored.
    BOARD_STALE = 409 "board.stale",
        zh "计划已被他人改动" / "{who} 的计划在您排班期间已被改动，本次没有发布任何内容。请载入最新计划后再发布。",
        en "Changed by somebody else" / "The plan of {who} was changed while you were planning; nothing was published. Load the latest plans and publish again.";
    /// A locked visit would change its person, its day or its order.
    BOARD_LOCKED = 409 "board.locked",
        zh "任务已锁定" / "{customer} 已锁定：人员、日期和先后顺序不能改，请先解锁。",
        en "Visit is locked" / "{customer} is locked: its person, day and order stay as they are; unlock it first.";
    /// A due visit or a request of the draft was planned, made or called off meanwhile; nothing was stored.
    BOARD_GONE = 409 "board.gone",
        zh "待排内容已有变化" / "{customer} 已被他人安排、完成或撤销，本次没有发布任何内容。请载入最新内容后再发布。",
        en "No longer waiting" / "{customer} was planned, made or called off by somebody else; nothing was published. Load the latest and publish again.";
    /// A change of one's own day that the company does not leave to its people.
    REORDER_NOT_ALLOWED = 403 "plan.reorder_not_allowed",
        zh "不能自行调整顺序" / "公司规定当天的拜访顺序不能自行调整，请联系安排计划的人。",
        en "The order is not yours to change" / "Your company does not let people change the order of their day; talk to whoever planned it.";
    SKIP_NOT_ALLOWED = 403 "plan.skip_not_allowed",
        zh "不能自行跳过拜访" / "公司规定不能自行跳过拜访，请联系安排计划的人。",
        en "Visits are not yours to skip" / "Your company does not let people skip visits; talk to whoever planned it.";
    /// A change of a day that is not today's, or of a plan that was called off.
    NOT_TODAY = 409 "plan.not_today",
        zh "只能调整今天的计划" / "这一天已经过去或还没到，或者计划已取消，调整没有生效。",
        en "Only today's plan can be changed" / "That day is over or has not come, or its plan was called off; nothing was changed.";
    OFF_DUTY = 409 "plan.off_duty",
        zh "今天的工作时间已结束" / "下班后不能再调整今天的计划。",
        en "The working day is over" / "Today's plan can be changed until the working day ends.";
    /// The stops of the plan are others than those the person saw; the phone shows the new plan and what he wished.
    WISH_STALE = 409 "plan.wish_stale",
        zh "计划已被调整，你的顺序没有生效" / "你调整之后，计划里增加或减少了客户。请看过新的计划后再调整一次。",
        en "The plan was changed; your order was not taken" / "Customers were added to the plan or taken out of it meanwhile. Look at the new plan and order it again.";
    /// The state of a task does not allow the change.
    NOT_OPEN = 409 "task.not_open",
        zh "任务状态不允许" / "任务已经开始、结束或取消，请刷新后查看。",
        en "Not possible in this state" / "The task has begun, ended or been cancelled; reload to see how it stands.";
    /// Somebody is sent along who goes already.
    CREW_HAS = 409 "task.crew_has",
        zh "此人已经在同行人员里" / "{name} 已经要去这次任务，不用再派。",
        en "Goes already" / "{name} goes to this task already.";
    /// One of several who go together cannot go on another day alone.
    CREW_TIED = 409 "task.crew_tied",
        zh "有同行人员，不能单独改期" / "这个任务有人同行，大家要在同一天去。请在排程板上一起改期，或先取消同行人员的任务。",
        en "People go together" / "Several people go to this task on one day. Move it on the board, or cancel the others' tasks first.";
    /// More people than may make one piece of work together.
    CREW_FULL = 409 "task.crew_full",
        zh "同行人员已满" / "一个任务最多 {most} 人同行，请先取消其中一人的任务。",
        en "Enough people go" / "At most {most} people come along to one task; cancel the task of one of them first.";
    /// A file of more lines than one may have.
    TOO_MANY = 422 "task.too_many",
        zh "任务太多" / "一次最多导出 5 万条任务，请缩短日期或加上筛选条件。",
        en "Too many tasks" / "A file holds at most 50,000 tasks; choose fewer days or add filters.";
    TOO_MANY_VISITS = 422 "visit.too_many",
        zh "拜访太多" / "一次最多导出 5 万次拜访，请缩短日期或加上筛选条件。",
        en "Too many visits" / "A file holds at most 50,000 visits; choose fewer days or add filters.";
    /// What a record builds on has not arrived; the phone keeps it and sends it again.
    PREREQUISITE = 409 "sync.prerequisite",
        zh "等待前一条记录" / "这条记录依赖的内容还没有到达，手机会自动重发。",
        en "Waiting for an earlier record" / "What this record builds on has not arrived yet; the phone sends it again by itself.";
    /// Recorded after the check-out of its visit.
    CLOSED = 409 "visit.closed",
        zh "拜访已结束" / "这次拜访已签出，不能再补记录。",
        en "Visit closed" / "This visit was checked out; nothing can be added to it.";
    STEP_LOCKED = 409 "visit.step_locked",
        zh "步骤未解锁" / "请先完成必做步骤“{step}”。",
        en "Step locked" / "Finish the mandatory step “{step}” first.";
    STEP_INCOMPLETE = 422 "visit.step_incomplete",
        zh "步骤未完成" / "步骤“{step}”还没有达到要求，请检查照片数量或填写内容。",
        en "Step incomplete" / "The step “{step}” does not meet its requirement; check its photos or answer.";
    /// A point of a round whose label was not read, or another one was.
    WRONG_CODE = 422 "visit.wrong_code",
        zh "不是这个巡检点的标签" / "请在“{step}”现场扫描设备标签，或输入标签上的编号。",
        en "Not the label of this point" / "Scan the label at “{step}”, or type the number on it.";
    /// A proof the step asks for was not brought.
    PROOF_MISSING = 422 "visit.proof_missing",
        zh "缺少凭证" / "步骤“{step}”还缺{proof_zh}，请补上后再完成。",
        en "Proof missing" / "The step “{step}” still needs {proof_en}.";
    /// The company asks who checks in, and it was not said.
    IDENTITY_MISSING = 422 "visit.identity_missing",
        zh "签到前请验证本人" / "公司要求签到时用通行密钥（指纹、面容或锁屏密码）确认是本人。请刷新后再签到；还没有通行密钥时，先在“我的设备”里登记。",
        en "Confirm that it is you" / "Your company asks for your passkey (fingerprint, face or screen lock) at check-in. Refresh and check in again; make one under My devices if you have none.";
    /// Its guide must be opened first.
    GUIDE_UNOPENED = 422 "visit.guide_unopened",
        zh "请先打开指南" / "步骤“{step}”要求先看指南，打开指南后才能完成。",
        en "Open the guide first" / "The step “{step}” can be done once its guide was opened.";
    REASON_REQUIRED = 422 "visit.reason_required",
        zh "请说明原因" / "跳过必做步骤“{step}”需要填写原因。",
        en "Reason required" / "Give a reason for skipping the mandatory step “{step}”.";
    UNKNOWN_STEP = 422 "visit.unknown_step",
        zh "步骤不存在" / "这次拜访里没有这个步骤。",
        en "Unknown step" / "This visit has no such step.";
}
