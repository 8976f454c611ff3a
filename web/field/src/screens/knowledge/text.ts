import { defineMessages } from '@tashi/shared/i18n';

export const knowledgeText = defineMessages('field.knowledge', {
  title: '知识库', count: '{{count}} 篇', search: '搜标题、标签、正文', searchLabel: '搜索知识库', clear: '清除', all: '全部', must: '必读', mustCount: '必读 {{count}}', kept: '已离线', list: '文章',
  empty: '还没有可读的文章', emptyText: '公司发布后会出现在这里。', firstOffline: '连上网络打开一次，以后没网也能看标题和已离线的文章。', none: '没有找到“{{q}}”', noneText: '换个词试试。没网时只能搜标题和已离线的正文。',
  mustBy: '{{day}}前必读', read: '已读', version: 'v{{n}}', pin: '离线保存', pinned: '已离线', unpin: '不再离线保存', pinning: '正在保存…', pinDone: '已存到手机，没网也能看', pinSize: '离线占 {{size}}', unpinned: '已从手机删除', keptMust: '必读文章会自动离线', pinFailed: '没有存下来，请检查网络后再试',
  gone: '这篇文章看不到了', goneText: '可能已停用，或不再对你开放。', needNet: '这篇文章不在手机里', needNetText: '连上网络后打开，点“离线保存”，以后没网也能看。', back: '返回知识库',
  markRead: '我已读完', toEnd: '读到末尾才能点“已读”', done: '已记录你读过', doneOffline: '已存本机，有网就上报', readAt: '{{at}} 已读', readWaiting: '已读，待上传',
  fileNeedsNet: '这个文件没有离线，连上网络再打开', pictureMissing: '图片没有离线', guide: '操作指南', guideBack: '看完了，回到步骤', storage: '离线文章', storageText: '{{count}} 篇，{{size}}', storageFree: '剩余 {{free}}', tags: '标签',
}, {
  title: 'Knowledge', count: { one: '{{count}} article', other: '{{count}} articles' }, search: 'Title, tags, text', searchLabel: 'Search knowledge', clear: 'Clear', all: 'All', must: 'Must read', mustCount: 'Must read {{count}}', kept: 'Offline', list: 'Articles',
  empty: 'Nothing to read yet', emptyText: 'What the company publishes appears here.', firstOffline: 'Open it once with a network; then titles and what you keep are here without one.', none: 'Nothing found for “{{q}}”', noneText: 'Try another word. Without a network only titles and kept texts are searched.',
  mustBy: 'read by {{day}}', read: 'Read', version: 'v{{n}}', pin: 'Keep offline', pinned: 'Kept offline', unpin: 'Do not keep', pinning: 'Saving…', pinDone: 'On this phone; opens without a network', pinSize: '{{size}} offline', unpinned: 'Taken off this phone', keptMust: 'What you must read is kept by itself', pinFailed: 'Not saved; check the network and try again',
  gone: 'This article is not there any more', goneText: 'It may be retired, or is no longer for you.', needNet: 'This article is not on the phone', needNetText: 'Open it with a network and press “Keep offline”.', back: 'Back to knowledge',
  markRead: 'I have read it', toEnd: 'Read to the end first', done: 'Noted that you read it', doneOffline: 'Saved on this phone; sent with a network', readAt: 'Read {{at}}', readWaiting: 'Read, to be sent',
  fileNeedsNet: 'This file is not on the phone; open it with a network', pictureMissing: 'The picture is not on the phone', guide: 'Guide', guideBack: 'Read; back to the step', storage: 'Articles offline', storageText: { one: '{{count}} article, {{size}}', other: '{{count}} articles, {{size}}' }, storageFree: '{{free}} free', tags: 'Tags',
});
