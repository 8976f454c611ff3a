import { defineMessages } from '@tashi/shared/i18n';

export const reorderText = defineMessages('field.reorder', {
  title: '调整顺序', 'rule.free': '保存后立即生效，安排计划的人会看到原因。', 'rule.approval': '保存后要经部门负责人审批；批准前，今天的顺序不变。', 'rule.no': '公司规定不能自行调整顺序，需要调整请联系安排计划的人。',
  list: '未完成的各站', up: '上移 {{name}}', down: '下移 {{name}}', drag: '拖动 {{name}}', place: '{{name}}，第 {{at}} 位，共 {{count}} 位', locked: '已锁定，不能移动', lockedShort: '已锁定', window: '窗口 {{window}}',
  reset: '恢复原顺序', save: '保存新的顺序', hand: '提交审批', same: '顺序没有变化', few: '未完成的不到两站，没有可调整的。', noPlan: '今天没有计划', over: '今天的计划不在手机上，联网后再试。',
  whyTitle: '为什么调整顺序？', ownWords: '写下原因', moreWords: '补充说明（可不填）', saved: '顺序已保存', savedWaits: '已提交，等待审批', late: '有 {{count}} 处会晚点，保存前请确认', turned: '已锁定的几站之间不能换顺序',
  again: '你之前的调整没有生效：{{why}}。下面按你原来的意思排在新的计划上，看过后再保存。', againLocked: '这期间有几站被锁定。下面按你原来的意思重新排，锁定的几站保持原来的先后，看过后再保存。', added: '新增：{{names}}', gone: '已取消：{{names}}', noWays: '还没有路程数据，联网后会显示里程和时间。',
}, {
  title: 'Change the order', 'rule.free': 'It holds as soon as you save; whoever planned the day sees your reason.', 'rule.approval': 'Your head decides after you save; until then today\'s order stays as it is.', 'rule.no': 'Your company does not let people change the order. Talk to whoever planned the day.',
  list: 'Open stops', up: 'Move {{name}} up', down: 'Move {{name}} down', drag: 'Drag {{name}}', place: '{{name}}, place {{at}} of {{count}}', locked: 'locked, cannot be moved', lockedShort: 'locked', window: 'window {{window}}',
  reset: 'As it was', save: 'Save the new order', hand: 'Hand in for approval', same: 'The order is the same', few: 'Fewer than two stops are open; there is nothing to order.', noPlan: 'Nothing planned today', over: 'Today\'s plan is not on this phone; try again with a network.',
  whyTitle: 'Why another order?', ownWords: 'Write the reason', moreWords: 'More about it (optional)', saved: 'Order saved', savedWaits: 'Handed in; it waits for approval', late: { one: '{{count}} stop would be late; look at it before you save', other: '{{count}} stops would be late; look at them before you save' }, turned: 'Locked stops keep their order among each other',
  again: 'Your order was not taken: {{why}}. Below it is laid over the new plan as you meant it; look at it and save again.', againLocked: 'Stops were locked meanwhile. Below is the order you meant, with the locked ones as they are; look at it and save again.', added: 'New: {{names}}', gone: 'Called off: {{names}}', noWays: 'The ways are not on this phone yet; with a network kilometres and times appear.',
});
