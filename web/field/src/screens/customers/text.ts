import { defineMessages } from '@tashi/shared/i18n';

export const customersText = defineMessages('field.customers', {
  lastCheck: '{{day}} 检查得分率 {{percent}}', lastFailed: '{{count}} 项不合格', lastFine: '全部合格',
  title: '客户', count: '{{count}} 家', search: '名称、拼音首字母、电话尾号', searchLabel: '搜索客户', clear: '清除搜索', near: '按距离排', list: '客户列表', choose: '选一个客户来拜访', chooseProblem: '是哪个客户的问题', newVisit: '临时拜访', newProblem: '记客户问题',
  emptyTitle: '还没有客户', emptyText: '公司把客户分给你后，会自己出现在这里。', noneTitle: '没有找到“{{q}}”', noneText: '试试名称里的一个字，或拼音首字母。',
  lastVisit: '上次 {{day}}', neverVisited: '还没拜访过', problems: '{{count}} 个问题',
  call: '打电话', callOffline: '没网时看不到完整电话', navigate: '导航', checkIn: '到店签到', more: '客户 360',
  visits30: '近 30 天拜访', effective30: '其中有效', avgStay: '平均在店', times: '次', minutes: '分', fromPhone: '按这台手机里最近 {{count}} 次拜访算', lastFive: '最近拜访', openProblems: '没解决的问题', addProblem: '记一个问题', problemLabel: '什么问题', problemSave: '记下', problemSaved: '已记下，会报给公司', problemHint: '冰柜灯不亮、货架被占、价签不对……', openedAt: '{{day}} {{name}}', contacts: '联系人', noContact: '没有联系人', primary: '主要', facts: '资料', address: '地址', noAddress: '没有地址', className: '类型', radius: '围栏', owner: '负责人', code: '编号', note: '备注', noVisits: '这台手机里还没有拜访记录', noProblems: '没有没解决的问题', yes: '是', no: '否',
  visitFacts: '{{stay}} 分·{{photos}} 照', gone: '这个客户不在手机里', goneText: '可能不再由你负责，或还没取到。', toCustomers: '看客户列表', unsynced: '还没上传',
}, {
  lastCheck: '{{percent}} passed on {{day}}', lastFailed: { one: '{{count}} item failed', other: '{{count}} items failed' }, lastFine: 'nothing failed',
  title: 'Customers', count: '{{count}}', search: 'Name, pinyin initials, phone ending', searchLabel: 'Search customers', clear: 'Clear search', near: 'Nearest first', list: 'Customers', choose: 'Choose a customer to visit', chooseProblem: 'Which customer has the problem?', newVisit: 'Unplanned visit', newProblem: 'Note a problem',
  emptyTitle: 'No customers yet', emptyText: 'They appear here once the company assigns them to you.', noneTitle: 'Nothing found for "{{q}}"', noneText: 'Try one word of the name, or pinyin initials.',
  lastVisit: 'last visit {{day}}', neverVisited: 'not visited yet', problems: { one: '{{count}} problem', other: '{{count}} problems' },
  call: 'Call', callOffline: 'The full number needs a network', navigate: 'Navigate', checkIn: 'Check in', more: 'Customer 360',
  visits30: 'Visits, 30 days', effective30: 'effective', avgStay: 'Average stay', times: '\u00a0', minutes: 'min', fromPhone: { one: 'From the last {{count}} visit on this phone', other: 'From the last {{count}} visits on this phone' }, lastFive: 'Last visits', openProblems: 'Open problems', addProblem: 'Note a problem', problemLabel: 'What is wrong?', problemSave: 'Save', problemSaved: 'Noted, it will be reported', problemHint: 'Freezer light broken, shelf taken, wrong price tag…', openedAt: '{{day}} {{name}}', contacts: 'Contacts', noContact: 'No contact', primary: 'main', facts: 'Facts', address: 'Address', noAddress: 'no address', className: 'Class', radius: 'Fence', owner: 'Owner', code: 'Code', note: 'Note', noVisits: 'No visits on this phone yet', noProblems: 'No open problems', yes: 'yes', no: 'no',
  visitFacts: '{{stay}} min · {{photos}} photos', gone: 'This customer is not on the phone', goneText: 'It may belong to somebody else now, or was not fetched yet.', toCustomers: 'Customer list', unsynced: 'not sent yet',
});
