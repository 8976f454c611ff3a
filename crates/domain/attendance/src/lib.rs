//! Attendance: who came and went when, what that makes of a day, and what was asked and granted about it.
//!
//! Nouns: Punch (coming or going, by phone or by a visit), Outcome (a day by the rules: on time, late, missing, away), Request
//! (leave, overtime, a trip, a correction), LeaveType and Balance, Sheet (a month of people), ClosedMonth.
//!
//! Invariants
//! * A punch is never changed. A correction stands beside it and says so.
//! * The place of a punch is kept only in working time or the window around it; else the time alone, and the punch says so.
//! * A day is computed from shifts, declarations, punches and approved requests whenever it is read ([`day`]); nothing is patched.
//!   Only a closed month is kept as it was, until somebody opens it again and says why.
//! * Leave and overtime hold by their declaration in [`org::declared`]: planning, positions and attendance ask the same thing.
//!   A request that is approved declares, one that is cancelled revokes, in the transaction of the decision.
//! * Nobody decides about himself: every request runs through a flow of [`approvals`]; without one in use the head decides.

mod approval;
mod balances;
pub mod day;
mod erase;
mod label;
mod load;
mod months;
mod own;
mod place;
mod punches;
mod reminders;
mod requests;
mod settings;
mod sheet;

pub use approval::RequestSubjects;
pub use erase::erase;
pub use own::{MyAttendance, of_person};
pub use punches::{NewPunch, PunchWhen, keeps_position, punch, visit_check_in};
pub use reminders::{Reminders, settle};
pub use requests::{NewRequest, hand_in, withdraw};

/// Routes under `/api/v1`.
pub fn routes(kit: &api::Kit, reminders: &Reminders) -> api::Routes {
    let reminders = reminders.clone();
    let parts = api::Routes::new(kit)
        .merge(settings::routes(kit))
        .merge(balances::routes(kit))
        .merge(requests::routes(kit))
        .merge(own::routes(kit))
        .merge(sheet::routes(kit))
        .merge(months::routes(kit))
        .merge(reminders::routes(kit));
    // The reminding goes on as long as there is somebody to ask.
    parts.map(|r| r.layer(api::axum::Extension(reminders)))
}

base::problems! {
    /// A punch away from every place where it is expected, where the rule refuses that.
    OUTSIDE = 422 "attendance.outside",
        zh "不在打卡范围内" / "离“{place}”{distance} 米。请到范围内再打卡，或提交补卡申请。",
        en "Not where punches are expected" / "It is {distance} m to “{place}”. Punch there, or ask for a correction.";
    REASON_NEEDED = 422 "attendance.reason_needed",
        zh "请填写原因" / "不在打卡范围内，需要写明原因。",
        en "Give a reason" / "You are not where punches are expected; a reason is needed.";
    /// The rule asks for a picture.
    PHOTO_NEEDED = 422 "attendance.photo_needed",
        zh "请拍照打卡" / "公司要求打卡时拍一张照片，请拍照后再打卡。",
        en "A picture is needed" / "Your company asks for a picture with each punch; take one and punch again.";
    /// The picture of a punch made outside working time.
    PHOTO_DROPPED = 422 "attendance.photo_dropped",
        zh "照片未保存" / "这次打卡不在工作时间内，打卡已记录，照片按规定不保存，不用重新发送。",
        en "The picture is not kept" / "You punched outside your working time: the punch is taken, its picture is not kept. Do not send it again.";
    NO_DUTY = 422 "attendance.no_duty",
        zh "这段时间没有班" / "所选时间内没有工作安排，不用请假。",
        en "No working time then" / "There is no working time in what you chose; no leave is needed.";
    OVERLAPS = 409 "attendance.overlaps",
        zh "与已有申请重叠" / "{from} 至 {to} 已有一条未结束或已通过的申请，请先撤回或改期。",
        en "Overlaps another request" / "There is one from {from} to {to} that is open or approved; take it back first or choose other days.";
    NO_BALANCE = 422 "attendance.no_balance",
        zh "余额不足" / "“{name}”还剩 {left} 天，本次需要 {wanted} 天。",
        en "Not enough left" / "Of “{name}” {left} days are left; this takes {wanted}.";
    ACROSS_YEARS = 422 "attendance.across_years",
        zh "跨年请假请分两次申请" / "这种假按年度计算余额，请以 12 月 31 日为界分成两次申请。",
        en "The leave reaches into another year" / "This leave is counted by the year; ask once up to 31 December and once from 1 January.";
    IN_SHIFT = 422 "attendance.in_shift",
        zh "加班时间都在班内" / "所选时间已在工作安排内，不算加班，请改成班外的时间。",
        en "All of it is working time" / "The time you chose lies within working hours; overtime is what lies outside them.";
    UNIT = 422 "attendance.unit",
        zh "请假单位不符" / "这种假最小单位是{unit}。",
        en "Too small a part" / "The smallest part of this leave is: {unit}.";
    MONTH_CLOSED = 409 "attendance.month_closed",
        zh "{month} 的考勤已关账" / "关账后不能再申请或更改，请联系管理员重新打开该月。",
        en "The month {month} is closed" / "Nothing of it can be asked or changed; ask the administrator to open it again.";
    MONTH_WAITS = 409 "attendance.month_waits",
        zh "还有 {count} 条申请没有结果" / "请先处理完 {month} 的申请，再关账。",
        en "Requests are not decided: {count}" / "Decide the requests of {month} first, then close it.";
    MONTH_OPEN = 409 "attendance.month_open",
        zh "这个月没有关账" / "请刷新后查看。",
        en "The month is not closed" / "Reload to see how it stands.";
    MONTH_RUNS = 422 "attendance.month_runs",
        zh "这个月还没结束" / "到下个月才能关账。",
        en "The month is not over" / "It can be closed when the next one has begun.";
    NOT_OPEN = 409 "attendance.not_open",
        zh "这条申请已有结果" / "已通过的申请请提交“销假”，不能直接撤回。",
        en "The request is decided" / "What was approved is cancelled by a request of its own.";
    NOT_APPROVED = 409 "attendance.not_approved",
        zh "只有已通过的申请可以取消" / "还没通过的申请请直接撤回。",
        en "Only what was approved can be cancelled" / "Take back what is not decided yet.";
    AHEAD = 422 "attendance.ahead",
        zh "补卡时间在将来" / "只能补过去的卡。",
        en "A correction lies in the future" / "Only punches that should have been made can be corrected.";
    TOO_LATE = 422 "attendance.too_late",
        zh "时间太久" / "最多可以申请 60 天以内的。",
        en "Too long ago" / "Requests reach at most 60 days back.";
}
