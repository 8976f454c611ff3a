import { defineMessages } from '@tashi/shared/i18n';

export const galleryText = defineMessages(
  'gallery',
  {
    title: '照片', from: '从', to: '到', customer: '客户', person: '人员', department: '部门', form: '表单', field: '题目',
    empty: '没有符合条件的照片', emptyDetail: '外勤人员在拜访步骤和表单里拍的照片会出现在这里。', clear: '清除筛选', more: '显示更多', shown: '已显示 {{count}} 张', all: '共 {{count}} 张', visitStep: '拜访照片', outside: '拜访之外', notLive: '非现场相机',
    photoOf: '{{customer}}，{{person}}，{{time}}', prev: '上一张', next: '下一张', close: '关闭', openVisit: '看拜访', openRecord: '看表单记录', download: '下载原图', hint: '← → 翻看，Esc 关闭', place: '第 {{n}} 张，共 {{count}} 张',
  },
  {
    title: 'Photos', from: 'From', to: 'To', customer: 'Customer', person: 'Person', department: 'Department', form: 'Form', field: 'Question',
    empty: 'No photos match', emptyDetail: 'Photos that field staff take at steps of visits and in forms appear here.', clear: 'Clear filters', more: 'Show more', shown: { one: '{{count}} shown', other: '{{count}} shown' }, all: { one: '{{count}} photo', other: '{{count}} photos' }, visitStep: 'Visit photo', outside: 'Outside visits', notLive: 'Not from our camera',
    photoOf: '{{customer}}, {{person}}, {{time}}', prev: 'Previous', next: 'Next', close: 'Close', openVisit: 'See the visit', openRecord: 'See the record', download: 'Original', hint: '← → to move, Esc to close', place: '{{n}} of {{count}}',
  },
);
