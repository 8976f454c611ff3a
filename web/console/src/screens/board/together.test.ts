import { expect, test } from 'vitest';
import type { BoardTask, Id } from '@tashi/shared/api';
import { matesOf, togetherOf, waitingMates } from './together';
import { twiceOf } from './twice';

const DAY = '2026-11-20';
const task = (id: Id, who: Id, mates: [Id, Id][], more: Partial<BoardTask> = {}): BoardTask => ({
  id, customer: { id: 'c', name: '客户', grade: 'A', at: null, address: null, radius_m: 150, hours: { week: null, closed: [] } as never },
  custom: {}, customer_custom: {},
  employee: { id: who, name: who }, place: 'planned', day: DAY, seq: 1, window: { from_minute: 540, to_minute: 1080 }, title: '', service_s: 1800,
  skills: [], whom: { preferred: null, barred: [] }, status: 'new', locked: false,
  crew: mates.map(([mate, person]) => ({ task_id: mate, employee: { id: person, name: person }, day: DAY, status: 'new', eta: null })),
  promised_s: null, eta_s: null, reason: null, reason_code: null, due: null, urgent: null, ...more,
});
const a = task('ta', 'a', [['tb', 'b']]);
const b = task('tb', 'b', [['ta', 'a']]);
const tasks = new Map([[a.id, a], [b.id, b]]);

test('rows of those who make something together are worked out together', () => {
  const rows = { a: ['x', 'ta'], b: ['tb', 'tc'], c: ['td'], d: ['y'] };
  const all = [a, b, task('tc', 'b', [['td', 'c']]), task('td', 'c', [['tc', 'b']]), task('x', 'a', []), task('y', 'd', [])];
  const found = togetherOf(rows, matesOf(all));
  expect(found.get('a')).toEqual(['a', 'b', 'c']);
  expect(found.get('c')).toEqual(['a', 'b', 'c']);
  expect(found.get('d')).toEqual(['d']);
  expect(togetherOf(rows, new Map()).get('a')).toEqual(['a']);
});

test('somebody whose task waits does not come along', () => {
  expect(waitingMates({ a: ['ta'], b: [] }, tasks, new Set(['tb'])).get('a')).toEqual([{ task_id: 'ta', kind: 'crew', seconds: null, words: ['b'] }]);
  expect(waitingMates({ a: ['ta'], b: ['tb'] }, tasks, new Set()).size).toBe(0);
});

test('who comes along is not there a second time, but in one row it is', () => {
  const names = new Map([['a', 'a'], ['b', 'b']]);
  expect(twiceOf({ a: ['ta'], b: ['tb'] }, tasks, [a, b], names).size).toBe(0);
  expect(twiceOf({ a: ['ta', 'tb'] }, tasks, [a, b], names).get('a')?.length).toBe(1);
  const other = task('tc', 'b', []);
  expect(twiceOf({ a: ['ta'], b: ['tb', 'tc'] }, new Map([...tasks, ['tc', other]]), [a, b, other], names).get('b')?.length).toBe(1);
});
