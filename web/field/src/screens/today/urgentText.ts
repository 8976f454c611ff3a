import { defineMessages } from '@tashi/shared/i18n';

export const urgentText = defineMessages('field.urgent', {
  label: '紧急任务：{{name}}', 'priority.1': '临时任务', 'priority.2': '加急任务', 'priority.3': '紧急任务', left: '还剩 {{clock}} 答复',
  line: '直线 {{distance}}', takes: '约 {{minutes}} 分钟', eta: '现在出发约 {{time}} 到', latest: '最晚 {{time}} 到',
  movesNothing: '其他拜访不变', later: '{{name}} 改到之后', handedOver: '{{name}} 让给别人', joiner: '，',
  accept: '接单', refuse: '不能去', by: '{{name}} 派单', byRule: '按公司规则自动派单',
  offline: '现在没有网络。可以先答复，{{time}} 前联网送到才算数，否则退回调度员。', sending: '正在送出…', waitsYes: '已存在手机上，还没有送到。{{time}} 前联网送到才算接单。', waitsNo: '已存在手机上，联网后送出。',
  accepted: '已接单，正在排进今天的路线', late: '答复送到时已过时限或已收回，任务退回了调度员。', over: '时限已过，已退回调度员。', overUnsent: '时限已过，答复还没有送到，任务会退回调度员。',
  refuseTitle: '为什么不能去 {{name}}？', refuseBusy: '手上的事走不开', refuseFar: '太远，来不及', refuseCar: '车辆有问题', refuseParts: '没有需要的配件', refuseOther: '其他原因', refuseWhy: '写下原因', refuseDo: '退回调度员', refused: '已退回调度员',
}, {
  label: 'Urgent task: {{name}}', 'priority.1': 'Extra task', 'priority.2': 'Urgent task', 'priority.3': 'Emergency', left: '{{clock}} left to answer',
  line: '{{distance}} as the crow flies', takes: 'about {{minutes}} min', eta: 'Leaving now you arrive about {{time}}', latest: 'at the latest {{time}}',
  movesNothing: 'Your other visits stay as they are', later: '{{name}} comes later', handedOver: '{{name}} goes to somebody else', joiner: ', ',
  accept: 'Accept', refuse: 'Cannot go', by: 'Sent by {{name}}', byRule: 'Sent by the company\'s rule',
  offline: 'No network now. You can answer; it counts if it gets through by {{time}}, else the task goes back to the dispatcher.', sending: 'Sending…', waitsYes: 'Saved on this phone, not sent yet. It counts as accepted if it gets through by {{time}}.', waitsNo: 'Saved on this phone; sent when there is a network.',
  accepted: 'Accepted; it is being put into your day', late: 'Your answer came after the time or the offer was taken back; the task went to the dispatcher.', over: 'The time is over; it went back to the dispatcher.', overUnsent: 'The time is over before your answer got through; the task goes back to the dispatcher.',
  refuseTitle: 'Why can you not go to {{name}}?', refuseBusy: 'I cannot leave here', refuseFar: 'Too far, no time', refuseCar: 'Trouble with the car', refuseParts: 'The parts are missing', refuseOther: 'Another reason', refuseWhy: 'Write the reason', refuseDo: 'Back to the dispatcher', refused: 'Back with the dispatcher',
});
