import { defineMessages } from '@tashi/shared/i18n';

export const receiptText = defineMessages('field.receipts', {
  title: '存证回执', head: '公司签了名，赖不掉', text: '你交的每条记录都是公司日志里的一条。回执留在这台手机里，没网也能看；谁改了日志，拿它一对就知道。', needNet: '连上网络后会取来', none: '还没有回执', noneText: '签到、拍照、小结传到公司后，这里就有。', count: '{{count}} 条', entry: '日志第 {{index}} 条', save: '下载这一天的存证包', saving: '正在生成…', saveAll: '导出全部回执', verify: '存证包可以离线核验：',
  'kind.visit.check_in': '签到', 'kind.visit.step': '步骤', 'kind.visit.photo': '拍照', 'kind.visit.summary': '小结', 'kind.visit.check_out': '签退', 'kind.photo.stored': '原图到达', 'kind.task.accept': '接收任务', 'kind.task.skip': '跳过任务', 'kind.task.on_the_way': '出发', 'kind.problem.open': '客户问题', 'kind.consent': '同意说明',
}, {
  title: 'Receipts', head: 'Signed by the company', text: 'Every record you sent is an entry of the company\'s log. The receipts stay on this phone and open without a network; if somebody changes the log, they show it.', needNet: 'Fetched with a network', none: 'No receipts yet', noneText: 'They come with your check-ins, photos and summaries.', count: '{{count}} entries', entry: 'Log entry {{index}}', save: 'Download this day\'s bundle', saving: 'Being made…', saveAll: 'Export all receipts', verify: 'Bundles can be verified offline:',
  'kind.visit.check_in': 'Check-in', 'kind.visit.step': 'Step', 'kind.visit.photo': 'Photo taken', 'kind.visit.summary': 'Summary', 'kind.visit.check_out': 'Check-out', 'kind.photo.stored': 'Original arrived', 'kind.task.accept': 'Task accepted', 'kind.task.skip': 'Task skipped', 'kind.task.on_the_way': 'On the way', 'kind.problem.open': 'Customer problem', 'kind.consent': 'Consent',
});
