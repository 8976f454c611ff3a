import { defineMessages } from '@tashi/shared/i18n';

export const practiceText = defineMessages('field.practice', {
  title: '练习拜访', intro: '选一份模板，像真的一样走一遍：不签到、不定位、不进公司的任何统计，照片也只在这台手机里。做完后经理会看到你练过。', choose: '选一份模板', steps: '{{count}} 步', begun: '练过的', goOn: '接着练', done: '已完成', drop: '删除这次练习', dropped: '已删除', customer: '练习客户',
  none: '还没有可练习的模板', noneText: '请经理先建一份拜访模板。', needNet: '连上网络打开一次，以后没网也能练。', doneOf: '{{done}} / {{total}} 步',
}, {
  title: 'Practice visit', intro: 'Choose a template and go through it as if it were real: no check-in, no position, no company figures; photos stay on this phone. When you are done, your manager sees that you practised.', choose: 'Choose a template', steps: { one: '{{count}} step', other: '{{count}} steps' }, begun: 'Practised', goOn: 'Go on', done: 'Done', drop: 'Delete this practice', dropped: 'Deleted', customer: 'Practice customer',
  none: 'No templates to practise', noneText: 'Ask your manager to make one.', needNet: 'Open it once with a network; then it works without.', doneOf: '{{done}} of {{total}} steps',
});
