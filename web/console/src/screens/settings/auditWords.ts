import { defineMessages, type Translate } from '@tashi/shared/i18n';

/** What each recorded action is called. The trail stores codes; people read these. */
const auditWords = {
  'auth.sign_in': ['登录', 'Signed in'],
  'auth.sign_in_refused': ['登录未成功', 'Failed to sign in'],
  'auth.password': ['修改了自己的密码', 'Changed their password'],
  'auth.totp_on': ['启用了两步验证', 'Turned two-step sign-in on'],
  'auth.totp_off': ['停用了两步验证', 'Turned two-step sign-in off'],
  'calendar.create': ['新建工作日历', 'Created the work calendar'],
  'calendar.change': ['修改工作日历', 'Changed the work calendar'],
  'calendar.open': ['打开日历订阅', 'Opened a calendar feed'],
  'calendar.close': ['关闭日历订阅', 'Closed a calendar feed'],
  'company.create': ['建立企业', 'Set up the company'],
  'company.change': ['修改企业信息', 'Changed the company'],
  'company.basemap': ['修改地图底图', 'Changed the basemap'],
  'contact.create': ['新建联系人', 'Created the contact'],
  'contact.change': ['修改联系人', 'Changed the contact'],
  'contact.remove': ['删除联系人', 'Deleted the contact'],
  'contact.reveal': ['查看了联系人的电话', 'Saw the phone number of the contact'],
  'customer.create': ['新建客户', 'Created the customer'],
  'customer.change': ['修改客户', 'Changed the customer'],
  'customer.export': ['导出客户', 'Exported customers'],
  'customer_code.make': ['生成客户现场码', 'Made a code for the customer'],
  'customer_code.show': ['打开客户现场码', 'Opened the code of the customer'],
  'customer_code.withdraw': ['作废客户现场码', 'Withdrew the code of the customer'],
  'passkey.enrol': ['登记通行密钥', 'Made a passkey'],
  'passkey.withdraw': ['作废通行密钥', 'Withdrew a passkey'],
  'customer_class.create': ['新建客户分类', 'Created the customer class'],
  'customer_class.change': ['修改客户分类', 'Changed the customer class'],
  'department.create': ['新建部门', 'Created the department'],
  'department.change': ['修改部门', 'Changed the department'],
  'department.remove': ['删除部门', 'Deleted the department'],
  'employee.create': ['新建员工', 'Created the employee'],
  'employee.change': ['修改员工', 'Changed the employee'],
  'task.reminders': ['修改任务提醒规则', 'Changed when people are reminded'],
  'dispatch.rules': ['修改派单规则', 'Changed the rules of dispatch'],
  'employee.skills': ['修改员工技能', 'Changed the skills of the employee'],
  'employee.leave': ['办理离职', 'Deactivated the employee'],
  'employee.reset_password': ['重置员工密码', 'Reset the password of the employee'],
  'form.create': ['新建表单', 'Created the form'],
  'form.change': ['修改表单', 'Changed the form'],
  'form.publish': ['发布表单', 'Published the form'],
  'form_record.change': ['更正表单记录', 'Corrected the form record'],
  'form_record.export': ['导出表单记录', 'Exported form records'],
  'frequency.rule.create': ['新建频次规则', 'Created the frequency rule'],
  'frequency.rule.change': ['修改频次规则', 'Changed the frequency rule'],
  'frequency.rule.delete': ['删除频次规则', 'Deleted the frequency rule'],
  'frequency.generate': ['按频次规则生成拜访', 'Planned visits by the frequency rules'],
  'import.commit': ['导入', 'Imported'],
  'object.create': ['新建业务对象', 'Created the object'],
  'object.change': ['修改业务对象', 'Changed the object'],
  'shift.create': ['新建班次', 'Made the shift'],
  'shift.change': ['修改班次', 'Changed the shift'],
  'shift_rule.create': ['设置排班规则', 'Set a pattern of shifts'],
  'shift_rule.delete': ['删除排班规则', 'Deleted a pattern of shifts'],
  'roster.change': ['修改排班', 'Changed the duty table of'],
  'punch.take': ['打卡', 'Punched'],
  'punch_place.create': ['新建打卡地点', 'Made the punch place'],
  'punch_place.change': ['修改打卡地点', 'Changed the punch place'],
  'punch_rule.set': ['设置打卡规则', 'Set the punch rule'],
  'punch_rule.delete': ['删除打卡规则', 'Deleted the punch rule'],
  'leave_type.create': ['新建假别', 'Made the kind of leave'],
  'leave_type.change': ['修改假别', 'Changed the kind of leave'],
  'leave.grant': ['发放假期', 'Granted leave'],
  'attendance_request.create': ['提交考勤申请', 'Asked for'],
  'attendance.close': ['考勤关账', 'Closed the month'],
  'attendance.reopen': ['重新打开考勤月', 'Opened the month again'],
  'attendance.export': ['导出考勤月表', 'Exported the sheet of'],
  'object_record.create': ['新建业务记录', 'Created the business record'],
  'object_record.change': ['修改业务记录', 'Changed the business record'],
  'object_record.delete': ['删除业务记录', 'Deleted the business record'],
  'object_record.export': ['导出业务记录', 'Exported business records'],
  'plan.create': ['安排计划', 'Made the plan'],
  'plan.change': ['修改计划', 'Changed the plan'],
  'plan.publish': ['发布计划', 'Published the plan'],
  'plan.reorder': ['调整拜访顺序', 'Changed the order of the day'],
  'plan.reorder_wish': ['申请调整拜访顺序', 'Asked for another order of the day'],
  'plan.rule': ['修改当天计划的规则', 'Changed what people may change of their day'],
  'plan.cancel': ['取消计划', 'Cancelled the plan'],
  'policy.create': ['新建定位策略', 'Created the location policy'],
  'policy.change': ['修改定位策略', 'Changed the location policy'],
  'policy.accept': ['同意定位说明', 'Agreed to the notice on positions'],
  'problem.open': ['登记问题', 'Noted the open point'],
  'problem.close': ['办完问题', 'Closed the open point'],
  'role.create': ['新建角色', 'Created the role'],
  'role.change': ['修改角色', 'Changed the role'],
  'task.create': ['安排任务', 'Created the task'],
  'task.move': ['任务改期', 'Moved the task to another day'],
  'task.cancel': ['取消任务', 'Cancelled the task'],
  'task.window': ['修改任务时间窗', 'Changed the hours of the task'],
  'task.skills': ['修改任务需要的技能', 'Changed the skills a task asks for'],
  'task.lock': ['锁定任务', 'Locked the task'],
  'task.unlock': ['解锁任务', 'Unlocked the task'],
  'task.squeeze': ['把紧急任务排进路线', 'Put an urgent task into a day'],
  'task.follow_up': ['建立整改任务', 'Opened a follow-up task'],
  'task.skip_wish': ['申请跳过任务', 'Asked to skip the task'],
  'task.skip': ['跳过任务', 'Skipped the task'],
  'template.create': ['新建任务模板', 'Created the task template'],
  'template.change': ['修改任务模板', 'Changed the task template'],
  'territory.create': ['新建区域', 'Created the territory'],
  'territory.change': ['修改区域', 'Changed the territory'],
  'territory.delete': ['删除区域', 'Ended the territory'],
  'territory.take_over': ['接管划分方案', 'Took the division over'],
  'territory.hand_over': ['移交已排的拜访', 'Handed planned visits over'],
  'tracker.create': ['新建跟踪器', 'Created the tracker'],
  'tracker.revoke': ['撤销跟踪器', 'Revoked the tracker'],
  'travel.learn': ['重新学习时长', 'Learned times anew'],
  'travel.learned': ['开关学到的时长', 'Switched learned times'],
  'travel.change': ['修改路程来源', 'Changed where travel times come from'],
  'urgent.take': ['登记紧急请求', 'Took in the urgent request'],
  'urgent.offer': ['派出紧急任务', 'Sent the urgent task'],
  'urgent.withdraw': ['收回紧急任务', 'Took the urgent task back'],
  'urgent.expire': ['紧急任务超时退回', 'The urgent task expired'],
  'urgent.plan': ['把紧急请求排进计划', 'Planned the urgent request'],
  'urgent.cancel': ['取消紧急请求', 'Cancelled the urgent request'],
  'visit.check_in': ['签到', 'Checked in'],
  'visit.check_out': ['签退', 'Checked out'],
} as const satisfies Record<string, readonly [string, string]>;

export type AuditAction = keyof typeof auditWords;

const side = (index: 0 | 1) =>
  Object.fromEntries(Object.entries(auditWords).map(([action, words]) => [action, words[index]])) as Record<AuditAction, string>;

export const auditText = defineMessages('audit-actions', side(0), side(1));

function isAction(action: string): action is AuditAction {
  return action in auditWords;
}

/** The changes of an entry: a JSON object as text; anything else counts as none. */
export function auditChanges(summary: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(summary);
    return parsed && typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What was done, and to what: 修改定位策略 外勤 · 均衡. */
export function auditSentence(t: Translate<AuditAction>, action: string, summary: string): string {
  const changes = auditChanges(summary);
  const after = changes.after;
  const named = [changes, typeof after === 'object' && after ? (after as Record<string, unknown>) : {}];
  const name = named.map((one) => one.name ?? one.title ?? one.text).find((one) => typeof one === 'string');
  const verb = isAction(action) ? t(action) : action;
  return name ? `${verb} ${String(name)}` : verb;
}

/** One line a changed thing for the details: dots lead into nested objects. */
export function auditLines(changes: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(changes).flatMap(([key, value]): [string, string][] => {
    const path = prefix + key;
    if (value && typeof value === 'object' && !Array.isArray(value)) return auditLines(value as Record<string, unknown>, `${path}.`);
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}
