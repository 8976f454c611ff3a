import { defineMessages } from '../i18n';

/** Words of changes people make of their own days, for both apps. */
export const planChangeText = defineMessages('planChange', {
  'why.traffic': '路上堵车', 'why.customer_time': '客户改时间', 'why.urgent': '有急事先处理', 'why.shorter': '这样走更近', 'why.closed': '店关门了', 'why.absent': '负责人不在', 'why.cancelled': '客户取消', 'why.no_time': '时间来不及', 'why.too_far': '太远', 'why.other': '其他原因',
  whyWords: '{{why}}：{{words}}', noWhy: '没有写原因',
  'status.applied': '已生效', 'status.waiting': '等待审批', 'status.returned': '已退回', 'status.rejected': '未批准', 'status.withdrawn': '已撤回', 'status.unfit': '已批准，未生效',
  reordered: '{{time}} 外勤调整了顺序', reorderWaits: '{{time}} 外勤申请调整顺序', skipped: '{{time}} 外勤跳过 {{customer}}', skipWaits: '{{time}} 外勤申请跳过 {{customer}}',
  'broken.late': '比时间窗晚 {{duration}}', 'broken.over_shift': '下班后 {{duration}} 才完', 'broken.promise': '比约好的晚 {{duration}}', 'broken.promiseEarly': '比约好的早 {{duration}}', 'broken.no_place': '没有位置，算不出路程', 'broken.no_way': '没有路可到', 'broken.closed': '那时不营业',
  before: '原计划', after: '调整后', way: '里程', driving: '驾车', finish: '完成', table: '调整前后的顺序', was: '原序', is: '新序', customer: '客户', at: '预计到店', note: '提醒', left: '跳过', fine: '没有晚点', moved: '{{count}} 站换了位置', gone: '次日', reason: '原因', case: '查看审批', title: '外勤自己的调整',
  applied: '已按批准的顺序更新今天的计划。', unfit: '已批准，但没有生效：{{why}}', 'unfit.plan.wish_stale': '这期间当天的站点有增减，或已都开始', 'unfit.plan.not_today': '当天已过去，或计划已取消', 'unfit.board.locked': '会打乱已锁定的拜访', 'unfit.task.not_open': '这次拜访已经开始或结束', 'unfit.other': '当天的计划已有变化',
}, {
  'why.traffic': 'Traffic', 'why.customer_time': 'The customer asked for another time', 'why.urgent': 'Something urgent comes first', 'why.shorter': 'This way is shorter', 'why.closed': 'Closed', 'why.absent': 'Nobody in charge there', 'why.cancelled': 'The customer called it off', 'why.no_time': 'Not enough time', 'why.too_far': 'Too far', 'why.other': 'Another reason',
  whyWords: '{{why}}: {{words}}', noWhy: 'No reason given',
  'status.applied': 'applied', 'status.waiting': 'waits for approval', 'status.returned': 'sent back', 'status.rejected': 'not approved', 'status.withdrawn': 'taken back', 'status.unfit': 'approved, not applied',
  reordered: 'Re-ordered by the rep at {{time}}', reorderWaits: 'Another order asked for at {{time}}', skipped: '{{customer}} skipped by the rep at {{time}}', skipWaits: 'Asked at {{time}} to skip {{customer}}',
  'broken.late': '{{duration}} after the window', 'broken.over_shift': 'ends {{duration}} after the shift', 'broken.promise': '{{duration}} later than promised', 'broken.promiseEarly': '{{duration}} earlier than promised', 'broken.no_place': 'no place: the way is unknown', 'broken.no_way': 'no way leads there', 'broken.closed': 'closed at that time',
  before: 'As planned', after: 'Changed', way: 'Way', driving: 'Driving', finish: 'Done by', table: 'The order before and after', was: 'Was', is: 'Now', customer: 'Customer', at: 'Expected', note: 'Mind', left: 'skipped', fine: 'nothing is late', moved: { one: '{{count}} stop moved', other: '{{count}} stops moved' }, gone: 'next day', reason: 'Reason', case: 'See the approval', title: 'Changed by the rep',
  applied: 'Today\'s plan follows the approved order.', unfit: 'Approved, but not applied: {{why}}', 'unfit.plan.wish_stale': 'stops were added or taken out meanwhile, or all had begun', 'unfit.plan.not_today': 'the day was over, or its plan was called off', 'unfit.board.locked': 'it would turn locked visits round', 'unfit.task.not_open': 'the visit had begun or was over', 'unfit.other': 'the day had changed meanwhile',
});
