//! Texts of notices, by kind. `{name}` stands for a parameter.

use base::problem::Lang;
use serde_json::Value;

/// kind, zh title, zh body, en title, en body
const TEXTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "plan.assigned",
        "{day} 的拜访计划",
        "{by} 安排了 {count} 家客户，约 {km} km",
        "Visit plan for {day}",
        "{by} planned {count} customers, about {km} km",
    ),
    (
        "plan.changed",
        "{day} 的计划有调整",
        "{by} 调整了计划：{count} 家客户，约 {km} km",
        "Plan for {day} changed",
        "{by} changed the plan: {count} customers, about {km} km",
    ),
    (
        "plan.cancelled",
        "{day} 的计划已取消",
        "{by} 取消了计划：{reason}",
        "Plan for {day} cancelled",
        "{by} cancelled the plan: {reason}",
    ),
    (
        "frequency.generated",
        "{from} 到 {to} 的拜访已排好",
        "{by} 按频次规则安排了 {count} 次拜访",
        "Visits from {from} to {to} are planned",
        "{by} planned {count} visits by the frequency rules",
    ),
    (
        "territory.taken",
        "客户归属有调整",
        "{by} 调整了区域：新增 {gained} 家，移交 {lost} 家；你的计划里还有 {planned} 次移交客户的拜访，未自动改动",
        "Your customers have changed",
        "{by} changed the territories: {gained} customers new, {lost} handed over; {planned} visits to those handed over are still in your plans and were not moved",
    ),
    (
        "task.assigned",
        "新任务：{customer}",
        "{by} 安排在 {day}，已加入路线",
        "New task: {customer}",
        "{by} set it for {day}; it joined your route",
    ),
    (
        "task.follow_up",
        "待整改：{customer}",
        "{by} 检查发现“{item}”不合格，请在 {day} 前处理",
        "To put right: {customer}",
        "{by} found that “{item}” fails; put it right by {day}",
    ),
    (
        "task.cancelled",
        "任务取消：{customer}",
        "{by} 取消了 {day} 的任务：{reason}",
        "Task cancelled: {customer}",
        "{by} cancelled the task on {day}: {reason}",
    ),
    (
        "task.soon",
        "{count} 家客户的时间快到了",
        "{at} 前要到：{zh}",
        "Visits due soon: {count}",
        "To be begun before {at}: {en}",
    ),
    (
        "task.overdue",
        "{by}：{count} 家客户过了时间还没去",
        "应在 {at} 前到：{zh}",
        "{by}: visits not begun in time: {count}",
        "Due before {at}: {en}",
    ),
    (
        "task.skipped",
        "{by} 跳过了 {customer}",
        "{day}，原因：{reason}",
        "{by} skipped {customer}",
        "{day}, reason: {reason}",
    ),
    (
        "plan.reordered",
        "{by} 调整了 {day} 的拜访顺序",
        "原因：{reason}；里程 {km} km",
        "{by} changed the order of {day}",
        "Reason: {reason}; way {km} km",
    ),
    (
        "plan.change_unfit",
        "已批准，但没有生效：{what}",
        "{reason}。今天的计划保持不变",
        "Approved, but not applied: {what}",
        "{reason}. Today's plan stays as it is",
    ),
    (
        "knowledge.asked",
        "请阅读：{title}",
        "{by} 发布，读完后请点“已读”",
        "Please read: {title}",
        "Published by {by}; press “Read” when you have",
    ),
    (
        "knowledge.asked_until",
        "请在 {day} 前阅读：{title}",
        "{by} 发布，读完后请点“已读”",
        "Please read by {day}: {title}",
        "Published by {by}; press “Read” when you have",
    ),
    (
        "knowledge.reminded",
        "还没读：{title}",
        "{by} 提醒你阅读",
        "Not read yet: {title}",
        "{by} reminds you to read it",
    ),
    (
        "knowledge.reminded_until",
        "还没读：{title}",
        "{by} 提醒你在 {day} 前读完",
        "Not read yet: {title}",
        "{by} reminds you to read it by {day}",
    ),
    (
        "urgent.offered",
        "紧急任务：{customer}",
        "{title}。请在 {until} 前接单或拒绝",
        "Urgent: {customer}",
        "{title}. Accept or refuse by {until}",
    ),
    (
        "urgent.withdrawn",
        "紧急任务已收回：{customer}",
        "调度员已收回，不用再答复",
        "Urgent task taken back: {customer}",
        "The dispatcher took it back; no answer is needed",
    ),
    (
        "urgent.missed",
        "紧急任务已超时：{customer}",
        "没有在时限内答复，已退回调度员",
        "Urgent task expired: {customer}",
        "It was not answered in time and went back to the dispatcher",
    ),
    (
        "urgent.placed",
        "{customer} 已排进今天的路线",
        "第 {seq} 站，约 {eta} 到；{zh}",
        "{customer} is in your day",
        "Stop {seq}, about {eta}; {en}",
    ),
    (
        "urgent.accepted",
        "{name} 去 {customer}",
        "已接单，约 {eta} 到；{zh}",
        "{name} goes to {customer}",
        "Accepted, about {eta}; {en}",
    ),
    (
        "urgent.refused",
        "{name} 不能去 {customer}",
        "原因：{reason}，请另派他人",
        "{name} cannot go to {customer}",
        "Reason: {reason}; choose somebody else",
    ),
    (
        "urgent.expired",
        "{name} 没有答复：{customer}",
        "接单时限已过，请另派他人",
        "{name} did not answer: {customer}",
        "The time to answer is over; choose somebody else",
    ),
    (
        "urgent.returned",
        "{customer} 又待派",
        "{name} 的紧急任务被跳过或取消，请另派他人",
        "{customer} waits again",
        "The urgent task of {name} was skipped or cancelled; choose somebody else",
    ),
    (
        "urgent.yours",
        "你的客户 {customer} 有紧急任务",
        "{title}，{name} 去，约 {eta} 到",
        "Urgent task at your customer {customer}",
        "{title}; {name} goes, about {eta}",
    ),
    (
        "urgent.moved",
        "{customer} 的拜访改到之后",
        "{day}，{name} 先去 {urgent} 处理紧急任务",
        "The visit at {customer} comes later",
        "{day}: {name} goes to {urgent} first for an urgent task",
    ),
    (
        "urgent.handed_over",
        "{customer} 的拜访需要另派",
        "{day}，{name} 去 {urgent} 处理紧急任务，这次拜访已转到派单",
        "The visit at {customer} needs somebody else",
        "{day}: {name} goes to {urgent} for an urgent task; this visit waits in dispatch",
    ),
    (
        "order.assigned",
        "{number}：{customer}",
        "{title}。请在 {until} 前接单或拒绝",
        "{number}: {customer}",
        "{title}. Accept or refuse by {until}",
    ),
    (
        "order.returned",
        "工单已收回：{customer}",
        "{number} 已退回派单员，不用再去",
        "Order taken back: {customer}",
        "{number} went back to the desk; no need to go",
    ),
    (
        "order.cancelled",
        "工单已取消：{customer}",
        "{number}：{reason}",
        "Order cancelled: {customer}",
        "{number}: {reason}",
    ),
    ("order.accepted", "{name} 已接单：{customer}", "{number}", "{name} accepted: {customer}", "{number}"),
    (
        "order.refused",
        "{name} 不能去：{customer}",
        "{number}，原因：{reason}，请另派他人",
        "{name} cannot go: {customer}",
        "{number}, reason: {reason}; choose somebody else",
    ),
    (
        "order.expired",
        "{name} 没有答复：{customer}",
        "{number} 的接单时限已过，请另派他人",
        "{name} did not answer: {customer}",
        "The time to answer {number} is over; choose somebody else",
    ),
    (
        "order.paused",
        "工单暂停：{customer}",
        "{number}，{name}：{reason}",
        "Order paused: {customer}",
        "{number}, {name}: {reason}",
    ),
    (
        "order.late",
        "工单超时：{customer}",
        "{number} {title}，已超过承诺时间",
        "Order is late: {customer}",
        "{number} {title} has missed its target",
    ),
    (
        "order.reported",
        "客户报修：{customer}",
        "{number} {title}，待派工",
        "Fault reported: {customer}",
        "{number} {title}, waiting to be assigned",
    ),
    (
        "order.followed",
        "新的后续工单：{customer}",
        "{number} {title}，待派工",
        "Follow-up order: {customer}",
        "{number} {title}, waiting to be assigned",
    ),
    (
        "order.planned",
        "计划保养：{customer}",
        "{number} {title}，待派工",
        "Planned maintenance: {customer}",
        "{number} {title}, waiting to be assigned",
    ),
    (
        "inspection.round",
        "巡检：{name}",
        "{day}，共 {count} 个点，按顺序检查",
        "Inspection round: {name}",
        "{day}, {count} points, in order",
    ),
    (
        "inspection.cannot",
        "巡检有做不了的点：{name}",
        "{points}。请修改巡检计划",
        "Points of a round cannot be made: {name}",
        "{points}. Change the inspection plan",
    ),
    (
        "inspection.over",
        "巡检有异常：{name}",
        "{by} {day}：漏检 {missed}，迟到 {late}，不合格 {failed}",
        "Inspection round with faults: {name}",
        "{by} {day}: {missed} missed, {late} late, {failed} failed",
    ),
    (
        "order.short",
        "缺件：{part}",
        "{number}，{name} 用了库存里没有的 {short} {unit}，请补货",
        "Short of {part}",
        "{number}: {name} used {short} {unit} the stock did not hold",
    ),
    (
        "order.requested",
        "备件申请：{part}",
        "{number}，{name} 需要 {quantity} {unit}",
        "Part requested: {part}",
        "{number}: {name} needs {quantity} {unit}",
    ),
    (
        "order.supplied",
        "备件已调拨：{part}",
        "{quantity} {unit} 已放到你的车上（{number}）",
        "Part supplied: {part}",
        "{quantity} {unit} are in your van ({number})",
    ),
    (
        "order.rated",
        "客户评价 {stars} 星：{customer}",
        "{number}：{words}",
        "Rated {stars} stars: {customer}",
        "{number}: {words}",
    ),
    (
        "fence.enter",
        "{person} 到达 {place}",
        "按定位判断的到达，非签到",
        "{person} reached {place}",
        "By position, not by check-in",
    ),
    (
        "fence.exit",
        "{person} 离开 {place}",
        "按定位判断的离开，非签出",
        "{person} left {place}",
        "By position, not by check-out",
    ),
    (
        "fence.dwell",
        "{person} 在 {place} 已停留 {minutes} 分钟",
        "按定位判断的停留",
        "{person} has been at {place} for {minutes} min",
        "By position",
    ),
    (
        "device.waiting",
        "{name} 换了手机，请确认",
        "新手机：{device}。确认前它的记录照常接收，会标明来自未获准的手机。",
        "{name} uses another phone",
        "New phone: {device}. Its records are taken meanwhile and marked as from a phone not approved yet.",
    ),
    (
        "device.accepted",
        "你的手机“{device}”已获准",
        "从现在起，它签名的记录算你本人的。",
        "Your phone “{device}” is approved",
        "What it signs from now on counts as yours.",
    ),
    (
        "device.refused",
        "你的手机“{device}”没有获准",
        "{reason}。如果是你的手机，请联系主管。",
        "Your phone “{device}” was not approved",
        "{reason}. If it is your phone, talk to your manager.",
    ),
    (
        "truth.found",
        "{day} 的记录需要说明",
        "{zh}。请先看证据，再选择原因或补充说明；3 个工作日内回复，系统不会自动作决定。",
        "A record of {day} needs an explanation",
        "{en}. See the evidence first, then choose a reason or add a word; you have three working days, and nothing is decided by the system.",
    ),
    (
        "truth.alert",
        "{name}：{zh}",
        "{day}，证据已保存，本人已同时收到通知。",
        "{name}: {en}",
        "{day}; the evidence is kept and the person has been told.",
    ),
    (
        "truth.answered",
        "{name} 对疑点作了说明",
        "{day}，请查看说明后给出结论。",
        "{name} explained a finding",
        "{day}; read the explanation and decide.",
    ),
    (
        "truth.cleared",
        "{day} 的疑点已排除",
        "说明已采纳，拜访恢复计入。",
        "The finding of {day} is cleared",
        "Your explanation was accepted; the visit counts again.",
    ),
    (
        "truth.upheld",
        "{day} 的疑点已确认",
        "理由写在证据卡里。",
        "The finding of {day} is upheld",
        "The reason is on the card.",
    ),
    (
        "truth.second",
        "{day} 的疑点等待复核",
        "涉及薪酬，需由第二人复核。",
        "The finding of {day} waits for a second person",
        "It touches pay, so a second person must agree.",
    ),
    (
        "approval.asked",
        "待审批：{zh}",
        "{name} 提交，等你审批",
        "To approve: {en}",
        "Handed in by {name}; you are asked to decide",
    ),
    (
        "approval.copied",
        "抄送：{zh}",
        "{name} 提交的申请，抄送给你",
        "For your information: {en}",
        "Handed in by {name}",
    ),
    (
        "approval.reminded",
        "审批提醒：{zh}",
        "{name} 的申请还在等你审批",
        "Reminder: {en}",
        "{name} still waits for your decision",
    ),
    (
        "approval.urged",
        "{name} 催办：{zh}",
        "请尽快审批",
        "{name} asks for a decision: {en}",
        "Please decide soon",
    ),
    (
        "approval.escalated",
        "已转上级：{zh}",
        "时限已过，已转由上级审批",
        "Gone to the head above: {en}",
        "Your time is over; the head above decides now",
    ),
    ("approval.approved", "已通过：{zh}", "所有步骤均已通过", "Approved: {en}", "All steps are passed"),
    (
        "approval.rejected",
        "未通过：{zh}",
        "{by} 拒绝了申请：{reason}",
        "Rejected: {en}",
        "{by} rejected it: {reason}",
    ),
    (
        "approval.lapsed",
        "未通过：{zh}",
        "时限内没有审批，按流程自动拒绝",
        "Rejected: {en}",
        "Nobody decided in time; the flow rejects it then",
    ),
    (
        "approval.returned",
        "已退回：{zh}",
        "{by}：{reason}。修改后可重新提交",
        "Sent back: {en}",
        "{by}: {reason}. Correct it and hand it in again",
    ),
    (
        "approval.nobody",
        "已退回：{zh}",
        "这一步没有可审批的人，请联系管理员后重新提交",
        "Sent back: {en}",
        "Nobody can decide this step; talk to the administrator and hand it in again",
    ),
    (
        "approval.withdrawn",
        "已撤回：{zh}",
        "{name} 撤回了申请，不用再审批",
        "Taken back: {en}",
        "{name} took it back; no decision is needed",
    ),
    (
        "attendance.come",
        "还没打上班卡",
        "{time} 上班，别忘了打卡",
        "No punch in yet",
        "Your shift begins at {time}",
    ),
    (
        "attendance.go",
        "还没打下班卡",
        "{time} 已下班，别忘了打卡",
        "No punch out yet",
        "Your shift ended at {time}",
    ),
    (
        "attendance.overdue",
        "{count} 人还没到岗",
        "{names}。已过上班时间，没有打卡",
        "{count} people have not come",
        "{names}: the shift has begun and there is no punch",
    ),
    ("approval.commented", "{by} 评论了 {zh}", "{reason}", "{by} commented on {en}", "{reason}"),
];

/// Title and body in a language. An unknown kind (sent by a newer version) shows its key.
pub fn render(kind: &str, params: &str, lang: Lang) -> (String, String) {
    let values: Value = serde_json::from_str(params).unwrap_or_default();
    let fill = |text: &str| {
        let mut out = text.to_owned();
        for (name, value) in values.as_object().into_iter().flatten() {
            // Words of the program itself come in both languages.
            let value = match (lang, &value["zh"], &value["en"]) {
                (Lang::Zh, Value::String(zh), _) => zh.clone(),
                (Lang::En, _, Value::String(en)) => en.clone(),
                _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            };
            out = out.replace(&format!("{{{name}}}"), &value);
        }
        out
    };
    match TEXTS.iter().find(|t| t.0 == kind) {
        Some((_, zt, zb, et, eb)) => match lang {
            Lang::Zh => (fill(zt), fill(zb)),
            Lang::En => (fill(et), fill(eb)),
        },
        None => (kind.to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled() {
        let params = r#"{"day":"2026-11-20","by":"陈静","count":5,"km":"38"}"#;
        assert_eq!(render("plan.assigned", params, Lang::Zh).1, "陈静 安排了 5 家客户，约 38 km");
        assert_eq!(render("plan.assigned", params, Lang::En).0, "Visit plan for 2026-11-20");
    }
}
