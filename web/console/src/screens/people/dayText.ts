import { defineMessages } from '@tashi/shared/i18n';

/** Words of how days begin and end, for a person and for the company. */
export const dayText = defineMessages(
  'people.day',
  {
    travel: '出行方式', travelHint: '排路线、估到达时间、手机导航都按它算。', 'travel.car': '汽车', 'travel.ebike': '电动车、摩托车', 'travel.foot': '步行',
    start: '一天从哪里开始', 'start.home': '本人的出发地点', 'start.office': '办公室', 'start.first': '第一家客户', end: '一天到哪里结束', 'end.home': '回本人的出发地点', 'end.office': '回办公室', 'end.open': '最后一家客户',
    mostVisits: '每天最多拜访', visitsUnit: '家', mostKm: '每天最多行程', asCompany: '按公司规定', asCompanyIs: '按公司规定（{{value}}）', noLimit: '按公司规定（不限）',
    title: '一天的安排', intro: '没有单独规定的人，计划按这里的规则排。优化时遵守；手工排的超出时写明，不拦着发布。', office: '办公室位置', officeHint: '从办公室出发或回办公室时用。', unlimited: '不限', detour: '绕行提示', detourHint: '当天计入里程超过这些客户最短路的多少倍时，在轨迹和日报里并排写明两个数。', saved: '已保存', save: '保存', readOnly: '只有能管理企业的人可以修改。',
  },
  {
    travel: 'Travels by', travelHint: 'Routes, arrival times and the phone\u2019s navigation go by it.', 'travel.car': 'car', 'travel.ebike': 'e-bike or motorcycle', 'travel.foot': 'on foot',
    start: 'The day begins', 'start.home': 'at the person\u2019s own place', 'start.office': 'at the office', 'start.first': 'at the first customer', end: 'The day ends', 'end.home': 'at the person\u2019s own place', 'end.office': 'at the office', 'end.open': 'at the last customer',
    mostVisits: 'Most visits a day', visitsUnit: 'visits', mostKm: 'Longest way a day', asCompany: 'as the company says', asCompanyIs: 'as the company says ({{value}})', noLimit: 'as the company says (no limit)',
    title: 'The working day', intro: 'Days are planned by these rules where nothing else is said of a person. Optimising keeps them; what is put together by hand is told where it passes them, and can still be published.', office: 'The office', officeHint: 'For days that begin or end there.', unlimited: 'no limit', detour: 'Mention a longer way from', detourHint: 'Times the best way over the same customers; tracks and day reports then show both numbers.', saved: 'Saved', save: 'Save', readOnly: 'Only who runs the company can change this.',
  },
);
