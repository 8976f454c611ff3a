import { defineMessages } from '@tashi/shared/i18n';

export const remindersText = defineMessages(
  'settings.reminders',
  {
    title: '任务提醒', intro: '拜访时间快到、已过而还没动身时，谁会收到提醒。每个时间窗只提醒一次；同一人同时到点的几家合成一条。',
    soon: '提前多久提醒本人', minutes: '分钟', soonDetail: '时间窗结束前提醒，只在本人工作时间内；0 表示不提醒。', soonBounds: '请填 0 到 {{most}} 的整数。',
    overdue: '过了时间提醒安排的人', overdueDetail: '时间窗结束还没动身时，安排这项任务的人会收到一条。', save: '保存', saved: '已保存',
  },
  {
    title: 'Task reminders', intro: 'Who hears of visits that are nearly due, or past their time, and not begun. Once for each window; visits of one person that are due together make one notice.',
    soon: 'Remind the person', minutes: 'minutes before', soonDetail: 'Before the window closes, only in his working time; 0 for never.', soonBounds: 'Enter a whole number from 0 to {{most}}.',
    overdue: 'Tell whoever planned it when it is late', overdueDetail: 'One notice when the window has closed and nobody has set out.', save: 'Save', saved: 'Saved',
  },
);
