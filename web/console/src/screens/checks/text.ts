import { defineMessages } from '@tashi/shared/i18n';

export const checksText = defineMessages(
  'checks',
  {
    title: '检查得分', from: '从', to: '到', by: '按什么汇总', 'by.customer': '门店', 'by.territory': '区域', 'by.department': '部门', department: '部门',
    name: '名称', share: '得分率', weights: '得分', records: '检查次数', failed: '不合格项', last: '最近一次', none: '没有归属', noneDepartment: '拜访之外',
    followOrder: '看维修工单', failures: '不合格项', failuresOf: '{{name}} 的不合格项', all: '看全部', item: '检查项', store: '门店', remark: '说明', who: '检查人', day: '日期', follow: '整改', mended: '已更正为合格', noFollow: '没有建任务', due: '{{name}}，{{day}} 前', open: '看记录',
    empty: '这段时间没有检查记录', emptyDetail: '在表单里放“检查项”，外勤人员填写后，这里按门店和区域汇总得分。', emptyFailures: '没有不合格项', more: '显示更多', toForms: '去设计表单',
  },
  {
    title: 'Check scores', from: 'From', to: 'To', by: 'Summed by', 'by.customer': 'Store', 'by.territory': 'Territory', 'by.department': 'Department', department: 'Department',
    name: 'Name', share: 'Passed', weights: 'Points', records: 'Checks', failed: 'Failed items', last: 'Last', none: 'None', noneDepartment: 'Outside visits',
    followOrder: 'See the work order', failures: 'Failed items', failuresOf: 'Failed items of {{name}}', all: 'Show all', item: 'Item', store: 'Store', remark: 'Remark', who: 'Checked by', day: 'Day', follow: 'Follow-up', mended: 'corrected to pass', noFollow: 'no task was opened', due: '{{name}}, by {{day}}', open: 'See the record',
    empty: 'No checks in this time', emptyDetail: 'Put check items into a form; once it is filled in, scores are summed here by store and territory.', emptyFailures: 'Nothing failed', more: 'Show more', toForms: 'To the forms',
  },
);
