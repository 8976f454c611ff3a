import { defineMessages } from '@tashi/shared/i18n';

export const groupsText = defineMessages(
  'groups',
  {
    title: '按客户分组', from: '从', to: '到', by: '分组方式', 'by.territory': '区域', 'by.grade': '等级', 'by.tag': '标签', department: '部门',
    name: '分组', 'none.territory': '不属于任何区域', 'none.grade': '没有等级', 'none.tag': '没有标签',
    customers: '客户', covered: '已覆盖', coverage: '覆盖率', planned: '计划', visits: '拜访', effective: '有效', stay: '在店时长',
    total: '合计', totalHint: '每次拜访、每家客户只算一次', tagHint: '一家客户有几个标签就在几行里各算一次，合计不重复。', kmHint: '里程属于人和天，请看日报和里程单。',
    empty: '这段时间没有客户可分组', emptyDetail: '换一段时间或部门看看。', download: '导出', rowsOf: '{{name}}的{{what}}',
  },
  {
    title: 'By group of customers', from: 'From', to: 'To', by: 'Grouped by', 'by.territory': 'Territory', 'by.grade': 'Grade', 'by.tag': 'Tag', department: 'Department',
    name: 'Group', 'none.territory': 'No territory', 'none.grade': 'No grade', 'none.tag': 'No tag',
    customers: 'Customers', covered: 'Covered', coverage: 'Coverage', planned: 'Planned', visits: 'Visits', effective: 'Effective', stay: 'Time with customers',
    total: 'Total', totalHint: 'each visit and customer once', tagHint: 'A customer with several tags counts in the row of each; the total counts everything once.', kmHint: 'Kilometres belong to people and days: see the day report and the mileage statements.',
    empty: 'No customers in this period', emptyDetail: 'Choose other days or another department.', download: 'Export', rowsOf: '{{what}} of {{name}}',
  },
);
