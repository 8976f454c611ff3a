import { translate } from '@tashi/shared/i18n';
import { expect, it } from 'vitest';
import { auditChanges, auditLines, auditSentence, auditText } from './auditWords';

const zh = translate(auditText, 'zh');
const en = translate(auditText, 'en');

it('says what was done to what', () => {
  expect(auditSentence(zh, 'policy.change', '{"mode":"balanced","name":"外勤"}')).toBe('修改定位策略 外勤');
  expect(auditSentence(en, 'calendar.change', '{"after":{"name":"Standard"},"before":{"name":"Old"}}')).toBe('Changed the work calendar Standard');
  expect(auditSentence(zh, 'auth.sign_in', '{}')).toBe('登录');
});

it('shows the code of an action it does not know and survives a summary that is no object', () => {
  expect(auditSentence(zh, 'moon.land', 'not json')).toBe('moon.land');
  expect(auditChanges('[1,2]')).toEqual({});
  expect(auditChanges('null')).toEqual({});
});

it('lists nested changes as lines', () => {
  expect(auditLines({ after: { name: 'A', shifts: [1] }, phone: false, none: null })).toEqual([
    ['after.name', 'A'], ['after.shifts', '[1]'], ['phone', 'false'], ['none', 'null'],
  ]);
});
