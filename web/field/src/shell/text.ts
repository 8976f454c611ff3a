import { defineMessages } from '@tashi/shared/i18n';

/** Words of the frame round every screen. */
export const shellText = defineMessages('field.shell', {
  today: '今日', customers: '客户', add: '新建', inbox: '消息', me: '我的', tabs: '主要页面',
  synced: '已同步', online: '在线', waiting: '待传 {{count}}', sending: '上传中 {{count}}', offline: '离线', offlineCount: '离线 {{count}}', problem: '需处理 {{count}}',
  openSync: '{{state}}，打开同步中心', unread: '{{count}} 条未读', back: '返回',
  updateReady: '有新版本，现在换不会丢东西', updateNow: '更新',
  expired: '登录已过期，记录都还在这台手机里', signInAgain: '重新登录',
  diskFullTitle: '手机存不下了，这一条没有保存', diskFullText: '删掉一些照片或应用，再试一次。已经保存的都还在。', gotIt: '知道了',
  demo: '演示数据：人、店和数字都是虚构的',
  notFound: '没有这个页面', toToday: '回到今日', notOnPhone: '这台手机里没有这条记录', notOnPhoneText: '连上网络后再打开，或回到今日。',
  addTitle: '做点什么', learn: '学习', knowledge: '知识库', knowledgeText: '话术、产品资料、操作指南', mustRead: '{{count}} 篇必读还没读', practice: '练习拜访', practiceText: '用真实步骤练一遍，不计入任何统计', business: '业务', adHoc: '临时拜访', adHocText: '选一个客户，到店签到', reportProblem: '记一个客户问题', reportProblemText: '冰柜坏了、货架变了，都可以记',
  loadFailed: '这个页面还没存到手机里', loadFailedText: '连上网络打开一次，以后没网也能用。', retry: '重试',
}, {
  today: 'Today', customers: 'Customers', add: 'New', inbox: 'Inbox', me: 'Me', tabs: 'Main pages',
  synced: 'Synced', online: 'Online', waiting: '{{count}} to send', sending: 'Sending {{count}}', offline: 'Offline', offlineCount: 'Offline {{count}}', problem: '{{count}} need you',
  openSync: '{{state}}, open the sync centre', unread: '{{count}} unread', back: 'Back',
  updateReady: 'A new version is ready. Nothing gets lost.', updateNow: 'Update',
  expired: 'You were signed out. Everything is still on this phone.', signInAgain: 'Sign in',
  diskFullTitle: 'The phone is full: this was not saved', diskFullText: 'Delete some photos or apps and try again. What was saved before is still here.', gotIt: 'OK',
  demo: 'Demo data: people, shops and numbers are invented',
  notFound: 'There is no such page', toToday: 'Back to today', notOnPhone: 'This record is not on this phone', notOnPhoneText: 'Open it again with a network, or go back to today.',
  addTitle: 'What would you like to do?', learn: 'Learn', knowledge: 'Knowledge', knowledgeText: 'Scripts, product material, guides', mustRead: { one: '{{count}} article you must read', other: '{{count}} articles you must read' }, practice: 'Practice visit', practiceText: 'Go through the real steps; it counts nowhere', business: 'Business', adHoc: 'Unplanned visit', adHocText: 'Choose a customer and check in', reportProblem: 'Note a customer problem', reportProblemText: 'A broken freezer, a changed shelf: note it here',
  loadFailed: 'This page is not on the phone yet', loadFailedText: 'Open it once with a network; after that it works without.', retry: 'Try again',
});
