import { defineMessages } from '@tashi/shared/i18n';

export const customText = defineMessages(
  'custom',
  {
    title: '自定义字段', intro: '给系统自带的客户、人员、任务和设备加上公司自己的字段，比如货架米数、合同到期日。发布后马上出现在表单、列表、筛选、导入导出、接口和手机里，公式和审批条件也能用。',
    'noun.customer': '客户', 'noun.employee': '人员', 'noun.task': '任务', 'noun.equipment': '设备', 'hint.customer': '客户档案、列表和手机上的客户页；公式里写 customer.标识', 'hint.employee': '人员档案、列表、导入导出', 'hint.task': '新建任务、任务列表、导出和手机上的任务；公式里写 task.标识', 'hint.equipment': '设备档案、列表、导入导出和手机上的设备页',
    changeOwn: '修改公司字段', saved: '已保存',
    condition: '{{name}} {{what}}', none: '还没有字段', fields: '{{count}} 个字段', published: 'v{{n}}', back: '全部自定义字段', 'tab.fields': '字段', 'tab.versions': '版本',
    publishInfo: '发布后马上生效。已经填过的内容不变：改了规则的字段，旧值留着，直到有人重新填；撤掉的字段，旧值还在，字段放回来就能看到。',
    section: '公司字段', yes: '是', no: '否', left: '公司字段还有 {{count}} 处要填或要改',
  },
  {
    title: 'Own fields', intro: 'Add fields of your own to customers, people, tasks and equipment, such as shelf metres or the end of a contract. Once published they are in forms, lists, filters, import and export, the API and on phones at once, and formulas and approval conditions can use them.',
    'noun.customer': 'Customers', 'noun.employee': 'People', 'noun.task': 'Tasks', 'noun.equipment': 'Equipment', 'hint.customer': 'Customer records, the list and the customer page on phones; in formulas customer.key', 'hint.employee': 'Records of people, the list, import and export', 'hint.task': 'New tasks, the list, export and tasks on phones; in formulas task.key', 'hint.equipment': 'The register, import, export and the equipment page on phones',
    changeOwn: 'Change own fields', saved: 'Saved',
    condition: '{{name}} {{what}}', none: 'No fields yet', fields: { one: '{{count}} field', other: '{{count}} fields' }, published: 'v{{n}}', back: 'All own fields', 'tab.fields': 'Fields', 'tab.versions': 'Versions',
    publishInfo: 'Takes effect at once. What was filled in stays: values of a field whose rules changed are kept until somebody gives others, and those of a withdrawn field come back with it.',
    section: 'Own fields', yes: 'yes', no: 'no', left: { one: '{{count}} own field to mend', other: '{{count}} own fields to mend' },
  },
);
