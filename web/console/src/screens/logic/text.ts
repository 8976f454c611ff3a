import { defineMessages } from '@tashi/shared/i18n';

/** Conditions in sentences. */
export const logicText = defineMessages(
  'logic',
  {
    add: '加条件', and: '{{a}}，并且{{b}}', or: '{{a}}，或者{{b}}', joined: '几个条件之间', all: '全部满足', any: '满足任意一个', remove: '去掉条件 {{n}}',
    subject: '条件 {{n}} 看什么', op: '条件 {{n}} 怎么比', with: '条件 {{n}} 和什么比', value: '条件 {{n}} 的值', own: '填一个值', today: '今天', gone: '“{{name}}”已经没有选项“{{value}}”', goneOption: '（已没有）{{value}}',
    byFormula: '改写公式', bySentence: '改用条件', beyond: '这个公式不能写成条件', none: '没有条件', groupFields: '本表的题', groupRow: '这一行', groupElse: '其他',
    'op.is': '是', 'op.is_not': '不是', 'op.more': '大于', 'op.at_least': '不小于', 'op.less': '小于', 'op.at_most': '不大于', 'op.has': '选了', 'op.lacks': '没选', 'op.contains': '含有', 'op.answered': '已填', 'op.empty': '没填',
    'day.more': '晚于', 'day.at_least': '不早于', 'day.less': '早于', 'day.at_most': '不晚于',
    'say.is': '“{{name}}”是 {{value}}', 'say.is_not': '“{{name}}”不是 {{value}}', 'say.more': '“{{name}}”大于 {{value}}', 'say.at_least': '“{{name}}”不小于 {{value}}', 'say.less': '“{{name}}”小于 {{value}}', 'say.at_most': '“{{name}}”不大于 {{value}}',
    'sayDay.more': '“{{name}}”晚于 {{value}}', 'sayDay.at_least': '“{{name}}”不早于 {{value}}', 'sayDay.less': '“{{name}}”早于 {{value}}', 'sayDay.at_most': '“{{name}}”不晚于 {{value}}',
    'say.has': '“{{name}}”选了 {{value}}', 'say.lacks': '“{{name}}”没选 {{value}}', 'say.contains': '“{{name}}”含有 {{value}}', 'say.yes': '“{{name}}”答“是”', 'say.no': '“{{name}}”答“否”', 'say.answered': '“{{name}}”已填', 'say.empty': '“{{name}}”没填',
    quoted: '“{{text}}”', yes: '是', no: '否', pass: '合格', fail: '不合格', na: '不适用', measured: '测得的数', score: '得分',
    'customer.name': '客户名称', 'customer.grade': '客户等级', 'customer.class': '客户分类', 'customer.code': '客户编号', 'customer.tags': '客户标签', 'task.title': '任务名称',
    'user.name': '填写人姓名', 'user.department': '填写人部门', 'requester.name': '申请人姓名', 'requester.department': '申请人部门', 'requester.departments': '申请人部门及上级', 'requester.post': '申请人岗位',
  },
  {
    add: 'Add a condition', and: '{{a}}, and {{b}}', or: '{{a}}, or {{b}}', joined: 'Of several conditions', all: 'all must hold', any: 'one is enough', remove: 'Remove condition {{n}}',
    subject: 'What condition {{n}} looks at', op: 'How condition {{n}} compares', with: 'What condition {{n}} compares with', value: 'Value of condition {{n}}', own: 'a value', today: 'today', gone: '“{{name}}” no longer has the option “{{value}}”', goneOption: '(gone) {{value}}',
    byFormula: 'Write a formula', bySentence: 'Use conditions', beyond: 'This formula cannot be said in conditions', none: 'No condition', groupFields: 'Questions of this form', groupRow: 'This row', groupElse: 'Other',
    'op.is': 'is', 'op.is_not': 'is not', 'op.more': 'is more than', 'op.at_least': 'is at least', 'op.less': 'is less than', 'op.at_most': 'is at most', 'op.has': 'includes', 'op.lacks': 'does not include', 'op.contains': 'contains', 'op.answered': 'is answered', 'op.empty': 'is not answered',
    'day.more': 'is after', 'day.at_least': 'is not before', 'day.less': 'is before', 'day.at_most': 'is not after',
    'say.is': '“{{name}}” is {{value}}', 'say.is_not': '“{{name}}” is not {{value}}', 'say.more': '“{{name}}” is more than {{value}}', 'say.at_least': '“{{name}}” is at least {{value}}', 'say.less': '“{{name}}” is less than {{value}}', 'say.at_most': '“{{name}}” is at most {{value}}',
    'sayDay.more': '“{{name}}” is after {{value}}', 'sayDay.at_least': '“{{name}}” is not before {{value}}', 'sayDay.less': '“{{name}}” is before {{value}}', 'sayDay.at_most': '“{{name}}” is not after {{value}}',
    'say.has': '“{{name}}” includes {{value}}', 'say.lacks': '“{{name}}” does not include {{value}}', 'say.contains': '“{{name}}” contains {{value}}', 'say.yes': '“{{name}}” is yes', 'say.no': '“{{name}}” is no', 'say.answered': '“{{name}}” is answered', 'say.empty': '“{{name}}” is not answered',
    quoted: '“{{text}}”', yes: 'yes', no: 'no', pass: 'Pass', fail: 'Fail', na: 'N/A', measured: 'measured value', score: 'score',
    'customer.name': 'Name of the customer', 'customer.grade': 'Grade of the customer', 'customer.class': 'Class of the customer', 'customer.code': 'Code of the customer', 'customer.tags': 'Tags of the customer', 'task.title': 'Name of the task',
    'user.name': 'Name of the person', 'user.department': 'Department of the person', 'requester.name': 'Name of the requester', 'requester.department': 'Department of the requester', 'requester.departments': 'Departments of the requester, with those above', 'requester.post': 'Post of the requester',
  },
);
