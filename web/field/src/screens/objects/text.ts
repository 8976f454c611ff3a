import { defineMessages } from '@tashi/shared/i18n';

export const objectsText = defineMessages('field.objects', {
  gone: '这个业务已不可用', goneText: '可能已停用，或你的权限有变化。', toNew: '回到新建', new: '新建', go: '继续填写', mine: '我的记录', none: '还没有记录', noneText: '点下面的“新建”，没网也能填。', waiting: '待上传', refused: '需处理', arrived: '已送达，编号马上显示', needNet: '连上网络后显示以前的记录', toSync: '去同步中心处理', submit: '提交', left: '还有 {{count}} 处要填或要改', ready: '可以提交', saved: '已存本机', submitted: '已存本机，有网就上传',
}, {
  gone: 'This cannot be used any more', goneText: 'It may be retired, or your permissions have changed.', toNew: 'Back', new: 'New', go: 'Go on', mine: 'My records', none: 'No records yet', noneText: 'Press “New” below; it works without a network.', waiting: 'to send', refused: 'needs you', arrived: 'Arrived; its number will show soon', needNet: 'Earlier records are shown with a network', toSync: 'Open the sync centre', submit: 'Submit', left: { one: '{{count}} place to mend', other: '{{count}} places to mend' }, ready: 'Can be submitted', saved: 'Saved on this phone', submitted: 'Saved on this phone; sent with a network',
});
