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
  'visit.export': ['导出拜访', 'Exported visits'],
  'task.custom': ['修改任务的公司字段', 'Changed own fields of the task'],
  'task.export': ['导出任务', 'Exported tasks'],
  'task.skills': ['修改任务需要的技能', 'Changed the skills a task asks for'],
  'task.help': ['加派同行人员', 'Sent somebody along'],
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
  'article.create': ['新建文章', 'Created the article'],
  'article.change': ['修改文章', 'Changed the article'],
  'article.publish': ['发布文章', 'Published the article'],
  'article.file': ['上传文章附件', 'Added a file to the article'],
  'article.remind': ['提醒阅读文章', 'Reminded people to read the article'],
  'article.readers_export': ['导出文章阅读情况', 'Exported who has read the article'],
  'article_category.create': ['新建文章分类', 'Created the article category'],
  'article_category.change': ['修改文章分类', 'Changed the article category'],
  'article_category.delete': ['删除文章分类', 'Deleted the article category'],
  'company.day': ['修改一天从几点算起', 'Changed when a day begins'],
  'company.retention': ['修改定位保存期限', 'Changed how long positions are kept'],
  'customer.owner': ['变更客户负责人', 'Changed the owner of the customer'],
  'delegation.create': ['设置审批代理', 'Let somebody approve in their place'],
  'delegation.end': ['结束审批代理', 'Ended approving in their place'],
  'device.enrolled': ['登记手机', 'Enrolled the phone'],
  'device.decided': ['审核手机', 'Decided on the phone'],
  'device.revoked': ['停用手机', 'Revoked the phone'],
  'duty.declare': ['申报工作时间', 'Declared duty time'],
  'duty.end': ['结束申报的工作时间', 'Ended declared duty time'],
  'duty.revoke': ['撤回申报的工作时间', 'Took declared duty time back'],
  'equipment.export': ['导出设备', 'Exported equipment'],
  'equipment_type.create': ['新增设备类型', 'Added the equipment type'],
  'equipment_type.change': ['修改设备类型', 'Changed the equipment type'],
  'equipment.create': ['新建设备', 'Created the equipment'],
  'equipment.change': ['修改设备', 'Changed the equipment'],
  'fence.create': ['新建围栏', 'Created the fence'],
  'fence.change': ['修改围栏', 'Changed the fence'],
  'fence_class.change': ['修改围栏类别的提醒', 'Changed who hears of a class of fences'],
  'finding.change': ['处理疑点', 'Dealt with the finding'],
  'truth.rules': ['修改真实性规则', 'Changed the rules of truth'],
  'flow.create': ['新建审批流程', 'Created the approval flow'],
  'flow.change': ['修改审批流程', 'Changed the approval flow'],
  'flow.publish': ['发布审批流程', 'Published the approval flow'],
  'flow.bind': ['启用或停用审批流程', 'Switched the approval flow'],
  'inspection.create': ['新建巡检计划', 'Created the inspection plan'],
  'inspection.change': ['修改巡检计划', 'Changed the inspection plan'],
  'inspection.round': ['安排一轮巡检', 'Planned an inspection round'],
  'maintenance.create': ['新建保养计划', 'Created the maintenance plan'],
  'maintenance.change': ['修改保养计划', 'Changed the maintenance plan'],
  'maintenance.order': ['按保养计划开工单', 'Opened a work order for maintenance'],
  'maintenance.skip': ['跳过一次保养', 'Skipped one maintenance'],
  'meter.create': ['新建计量表', 'Created the meter'],
  'meter.read': ['抄表', 'Read the meter'],
  'meter.withdraw': ['撤回抄表读数', 'Took a meter reading back'],
  'order.take': ['登记工单', 'Took in the work order'],
  'order.assign': ['指派工单', 'Assigned the work order'],
  'order.accept': ['接受工单', 'Accepted the work order'],
  'order.refuse': ['拒接工单', 'Refused the work order'],
  'order.photo': ['报修人附上照片', 'Took a picture of the fault in'],
  'order.expire': ['工单超时未接', 'Nobody accepted in time the work order'],
  'order.return': ['退回工单', 'Gave back the work order'],
  'order.set_out': ['出发前往工单', 'Set out for the work order'],
  'order.arrive': ['到达工单现场', 'Arrived for the work order'],
  'order.pause': ['暂停工单', 'Paused the work order'],
  'order.resume': ['继续工单', 'Resumed the work order'],
  'order.finish': ['完成工单', 'Finished the work order'],
  'order.sign': ['客户签字确认工单', 'Had the customer sign the work order'],
  'order.close': ['关闭工单', 'Closed the work order'],
  'order.cancel': ['取消工单', 'Cancelled the work order'],
  'order.rate': ['客户评价工单', 'Had the customer rate the work order'],
  'order_type.create': ['新建工单类型', 'Created the order type'],
  'order_type.change': ['修改工单类型', 'Changed the order type'],
  'part.create': ['新建备件', 'Created the part'],
  'part.change': ['修改备件', 'Changed the part'],
  'stock.open': ['新建仓库', 'Opened the stock'],
  'stock.receive': ['备件入库', 'Received parts'],
  'stock.transfer': ['调拨备件', 'Moved parts to another stock'],
  'stock.use': ['领用备件', 'Used parts'],
  'stock.return': ['退回备件', 'Returned parts'],
  'stock.adjust': ['盘点调整备件', 'Adjusted parts after a count'],
  'stock.reserve': ['预留备件', 'Reserved parts'],
  'stock.release': ['解除备件预留', 'Released reserved parts'],
  'stock.request': ['申请备件', 'Asked for a part'],
  'stock.request_cancel': ['取消备件申请', 'Took back a request for a part'],
  'patrol.create': ['新建巡线', 'Created the patrol'],
  'patrol.change': ['修改巡线', 'Changed the patrol'],
  'person.erase': ['抹去离职人员的姓名', 'Erased the name of a person who left'],
  'person.erased': ['抹去离职人员的个人数据', 'Erased the data of a person who left'],
  'positions.exported': ['导出定位数据', 'Exported positions'],
  'track.search': ['按地点查找到过的人', 'Searched who was near a place'],
  'retention.begin': ['开始清除过期定位', 'Began to delete expired positions'],
  'retention.purge': ['清除过期定位', 'Deleted expired positions'],
  'practice.delete': ['删除练习记录', 'Deleted a practice run'],
  'view.create': ['保存视图', 'Saved the view'],
  'view.change': ['修改视图', 'Changed the view'],
  'view.delete': ['删除视图', 'Deleted the view'],
} as const satisfies Record<string, readonly [string, string]>;

export type AuditAction = keyof typeof auditWords;

/** What each kind of thing in the trail is called: what the filter offers, in this order. */
const kindWords = {
  passkey: ['通行密钥', 'Passkey'],
  customer: ['客户', 'Customer'],
  employee: ['员工', 'Employee'],
  department: ['部门', 'Department'],
  role: ['角色', 'Role'],
  company: ['企业设置', 'Company settings'],
  location_policy: ['定位策略', 'Location policy'],
  device: ['手机', 'Phone'],
  tracker: ['跟踪器', 'Tracker'],
  calendar: ['工作日历', 'Work calendar'],
  work_shift: ['班次', 'Shift'],
  roster: ['排班', 'Duty table'],
  duty_entry: ['申报的工作时间', 'Declared duty time'],
  plan: ['计划', 'Plan'],
  task: ['任务', 'Task'],
  task_template: ['任务模板', 'Task template'],
  visit: ['拜访', 'Visit'],
  practice: ['练习', 'Practice run'],
  finding: ['疑点', 'Finding'],
  urgent_request: ['紧急请求', 'Urgent request'],
  frequency_rule: ['频次规则', 'Frequency rule'],
  customer_class: ['客户分类', 'Customer class'],
  territory: ['区域', 'Territory'],
  territory_division: ['区域划分方案', 'Division of territories'],
  fence: ['围栏', 'Fence'],
  fence_class: ['围栏类别', 'Class of fences'],
  patrol: ['巡线', 'Patrol'],
  track_search: ['按地点查找', 'Search by place'],
  punch: ['打卡', 'Punch'],
  punch_place: ['打卡地点', 'Punch place'],
  punch_rule: ['打卡规则', 'Punch rule'],
  attendance_request: ['考勤申请', 'Attendance request'],
  attendance_month: ['考勤月', 'Attendance month'],
  leave_type: ['假别', 'Kind of leave'],
  leave_grant: ['假期额度', 'Granted leave'],
  work_order: ['工单', 'Work order'],
  order_type: ['工单类型', 'Order type'],
  equipment: ['设备', 'Equipment'],
  equipment_type: ['设备类型', 'Equipment type'],
  maintenance_plan: ['保养计划', 'Maintenance plan'],
  inspection_plan: ['巡检计划', 'Inspection plan'],
  inspection_round: ['巡检', 'Inspection round'],
  meter: ['计量表', 'Meter'],
  part: ['备件', 'Part'],
  part_request: ['备件申请', 'Request for a part'],
  stock: ['仓库', 'Stock'],
  stock_move: ['备件出入库', 'Stock move'],
  form: ['表单', 'Form'],
  form_record: ['表单记录', 'Form record'],
  flow: ['审批流程', 'Approval flow'],
  object: ['业务对象', 'Business object'],
  object_record: ['业务记录', 'Business record'],
  article: ['文章', 'Article'],
  article_category: ['文章分类', 'Article category'],
  view: ['视图', 'View'],
  import: ['导入', 'Import'],
} as const satisfies Record<string, readonly [string, string]>;

export type AuditKind = keyof typeof kindWords;

type Words = Record<string, readonly [string, string]>;

const side = <K extends string>(words: Words, index: 0 | 1) =>
  Object.fromEntries(Object.entries(words).map(([key, both]) => [key, both[index]])) as Record<K, string>;

export const auditText = defineMessages('audit-actions', side<AuditAction>(auditWords, 0), side<AuditAction>(auditWords, 1));
export const auditKindText = defineMessages('audit-kinds', side<AuditKind>(kindWords, 0), side<AuditKind>(kindWords, 1));

export const AUDIT_KINDS = Object.keys(kindWords) as AuditKind[];

export function isAuditKind(kind: string): kind is AuditKind {
  return kind in kindWords;
}

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
  // A changed name stands there as [before, now].
  const name = named
    .flatMap((one) => [one.name, one.title, one.text, one.number])
    .map((one) => (Array.isArray(one) ? one.at(-1) : one))
    .find((one) => typeof one === 'string');
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
