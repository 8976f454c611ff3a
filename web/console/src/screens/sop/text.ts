import { defineMessages } from '@tashi/shared/i18n';

export const sopText = defineMessages(
  'sop',
  {
    title: '步骤分析', template: '模板', from: '从', to: '到', department: '部门', steps: '每一步', people: '每个人',
    step: '步骤', made: '完成率', left: '漏做', took: '用时中位', slow: '九成在', over: '超时', effective: '有效时漏做', other: '无效时漏做', theirs: '{{name}}漏做', theirTime: '{{name}}用时',
    person: '人员', visits: '拜访', good: '有效', leftOut: '漏做率', withdrawn: '已从模板去掉', limit: '限时 {{duration}}', none: '没有',
    summary: '{{visits}} 次拜访，{{effective}} 次有效', pattern: '照他的做法出新版本', patternOf: '照 {{name}} 的做法出新版本', chooseOne: '点一个人，看他每一步的漏做和用时',
    empty: '这段时间没有按这份模板完成的拜访', emptyDetail: '拜访签出后，这里统计每一步用了多久、谁漏做了什么。', noTemplates: '还没有模板', toTemplates: '去写模板', more: '人员和步骤',
    fromPerson: '根据 {{name}} 的 {{count}} 次拜访排好：顺序是他实际完成的先后，十次里做九次以上的设为必做。看过、改好再保存，保存后就是新版本；已排好的计划不变。',
    fromVisit: '根据 {{name}} 的这次拜访排好：顺序是实际完成的先后，没做的步骤没有放进来。看过、改好再保存，保存后就是新版本；已排好的计划不变。',
    dropped: '没有放进来', droppedOne: '{{title}}（{{asked}} 次里做了 {{done}} 次）', putBack: '放回“{{title}}”', noVisits: '这段时间他没有完成过这份模板的拜访',
  },
  {
    title: 'Steps', template: 'Template', from: 'From', to: 'To', department: 'Department', steps: 'By step', people: 'By person',
    step: 'Step', made: 'Done', left: 'Left out', took: 'Median', slow: '9 in 10', over: 'Over', effective: 'Left, counted', other: 'Left, others', theirs: 'Left out by {{name}}', theirTime: 'Taken by {{name}}',
    person: 'Person', visits: 'Visits', good: 'Effective', leftOut: 'Left out', withdrawn: 'taken out of the template', limit: 'at most {{duration}}', none: 'none',
    summary: { one: '{{visits}} visit, {{effective}} effective', other: '{{visits}} visits, {{effective}} effective' }, pattern: 'Next version from this way of working', patternOf: 'Next version as {{name}} works', chooseOne: 'Choose a person to see what he leaves out and how long he takes',
    empty: 'No visit by this template was finished in this time', emptyDetail: 'Once visits are checked out, this shows how long each step takes and who leaves out what.', noTemplates: 'No templates yet', toTemplates: 'To the templates', more: 'People and steps',
    fromPerson: { one: 'Arranged as {{name}} made {{count}} visit: in the order of finishing, mandatory what was done nine times in ten. Look at it, change it and save; that makes the next version. What is planned stays.', other: 'Arranged as {{name}} made {{count}} visits: in the order of finishing, mandatory what was done nine times in ten. Look at it, change it and save; that makes the next version. What is planned stays.' },
    fromVisit: 'Arranged as {{name}} made this visit: in the order of finishing, without what was left out. Look at it, change it and save; that makes the next version. What is planned stays.',
    dropped: 'Not taken in', droppedOne: '{{title}} (done {{done}} of {{asked}} times)', putBack: 'Put “{{title}}” back', noVisits: 'This person finished no visit by this template in this time',
  },
);
