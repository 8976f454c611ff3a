import { defineMessages } from '@tashi/shared/i18n';

export const matchesText = defineMessages(
  'visits.matches',
  {
    title: '与 {{count}} 张更早的照片相同或相似',
    this: '这一张',
    earlier: '更早的一张',
    hidden: '不在你的数据范围内',
    'how.same_file': '同一个文件',
    'how.same': '同一画面',
    'how.mirrored': '左右翻转后是同一画面',
    'how.cut': '其中一张是另一张裁剪出来的',
    exact: '字节完全相同（SHA-256 一致）',
    difference: '可比的位置里有 {{percent}} 不同',
    innocent: '也可能没有问题：同一机位反复拍同一货架、同一张海报会很像。请对照两张图再判断。',
  },
  {
    title: { one: 'Like {{count}} earlier photo', other: 'Like {{count}} earlier photos' },
    this: 'This one',
    earlier: 'The earlier one',
    hidden: 'Outside of your data',
    'how.same_file': 'The same file',
    'how.same': 'The same picture',
    'how.mirrored': 'The same picture, mirrored',
    'how.cut': 'One is cut out of the other',
    exact: 'Byte for byte the same (SHA-256)',
    difference: '{{percent}} of the comparable places differ',
    innocent: 'It may be harmless: the same shelf from the same spot, or the same poster, look alike. Compare the two pictures first.',
  },
);
