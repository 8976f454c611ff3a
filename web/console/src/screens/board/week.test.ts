import type { Board, BoardTask } from '@tashi/shared/api';
import { expect, it } from 'vitest';
import { placed, pooled } from './draft';
import { cellOf, partsOf, waitingOf, weekAsk, weekOf, weekProposed, weekPublished, weekRebased, weekToPublish, weekVersions } from './week';

const task = (id: string, day: string, employee: string, seq: number, more: Partial<BoardTask> = {}): BoardTask => ({
  id, customer: { id: `c${id}`, name: id, grade: 'A', at: [118.78, 32.04], address: null, radius_m: 150, hours: { weekly: [], closed: [] } }, employee: { id: employee, name: employee },
  custom: {}, customer_custom: {},
  place: 'planned', day, seq, window: { from_minute: 540, to_minute: 1080 }, title: '', service_s: 1800, skills: [], whom: { preferred: null, barred: [] }, status: 'new',
  locked: false, crew: [], promised_s: null, eta_s: null, reason: null, reason_code: null, due: null, urgent: null, ...more,
});
const board = (day: string, version: number, tasks: BoardTask[]): Board => ({
  day, today: '2026-11-19', truncated: false, visits: [], tasks,
  people: ['z', 'l'].map((id) => ({
    id, name: id, department: { id: 'd', name: 'd' }, working: [], leave: [], off: null, start: null, end: null, travel: null, most_visits: null, most_m: null, skills: [],
    plan: tasks.some((one) => one.employee.id === id && one.place === 'planned') ? { id: `${day}${id}`, version, objective: 'time' as const, keep_order: false, proven_optimal: false, meters: 0, seconds: 0, read_at: null, changes: [] } : null,
  })),
});
const MON = '2026-11-23';
const TUE = '2026-11-24';
const WEEK = [
  board(MON, 1, [task('2', MON, 'z', 2), task('1', MON, 'z', 1), task('0', MON, 'z', 0, { status: 'done' })]),
  board(TUE, 4, [task('3', TUE, 'l', 1), task('9', TUE, 'z', 1, { place: 'waiting' })]),
];
const BASE = weekPublished(WEEK);

it('begins as published, a row for each person and day', () => {
  expect(BASE.rows).toEqual({ [`${MON}/z`]: ['1', '2'], [`${MON}/l`]: [], [`${TUE}/z`]: [], [`${TUE}/l`]: ['3'] });
  expect(BASE.pool).toEqual(['9']);
  expect(weekOf('2026-11-26')).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29']);
  expect(partsOf(cellOf(MON, 'z'))).toEqual({ day: MON, person: 'z' });
});

it('publishes both days of a visit that goes to another day and person, each with its plan', () => {
  const moved = placed(BASE, ['1'], cellOf(TUE, 'l'), 1);
  expect(weekToPublish(WEEK, moved)).toEqual({
    days: [
      { day: MON, moved: [], rows: [{ employee_id: 'z', plan_id: `${MON}z`, version: 1, tasks: ['2'], objective: 'time', keep_order: false }] },
      { day: TUE, moved: [], rows: [{ employee_id: 'l', plan_id: `${TUE}l`, version: 4, tasks: ['3', '1'], objective: 'time', keep_order: false }] },
    ],
  });
  expect(weekToPublish(WEEK, BASE).days).toEqual([]);
});

it('lets what is taken out wait on its own day', () => {
  const tasks = new Map(WEEK.flatMap((one) => one.tasks).map((one) => [one.id, one]));
  const out = pooled(placed(BASE, ['1'], cellOf(TUE, 'l'), 0), ['1']);
  expect(waitingOf(out, tasks).get(cellOf(MON, 'z'))?.map((one) => one.id)).toEqual(['1']);
  expect(waitingOf(out, tasks).get(cellOf(TUE, 'z'))?.map((one) => one.id)).toEqual(['9']);
});

it('keeps what was drafted where nobody else has changed a plan', () => {
  const drafted = placed(placed(BASE, ['2'], cellOf(MON, 'z'), 0), ['9'], cellOf(TUE, 'z'), 0);
  const now = [WEEK[0]!, board(TUE, 5, [task('3', TUE, 'l', 1), task('4', TUE, 'l', 2), task('9', TUE, 'z', 1, { place: 'waiting' })])];
  const { draft, theirs } = weekRebased(drafted, weekVersions(WEEK), now);
  expect(theirs).toEqual([cellOf(TUE, 'l')]);
  expect(draft.rows).toEqual({ [`${MON}/z`]: ['2', '1'], [`${MON}/l`]: [], [`${TUE}/z`]: ['9'], [`${TUE}/l`]: ['3', '4'] });
});

it('asks for the days that are not over, of all or of one', () => {
  expect(weekAsk(WEEK, BASE, TUE, null)).toEqual({ days: [{ day: TUE, rows: [{ employee_id: 'z', tasks: [] }, { employee_id: 'l', tasks: ['3'] }] }], pool: ['9'] });
  expect(weekAsk(WEEK, BASE, MON, 'z')).toEqual({ days: [{ day: MON, rows: [{ employee_id: 'z', tasks: ['1', '2'] }] }, { day: TUE, rows: [{ employee_id: 'z', tasks: [] }] }], pool: [] });
});

it('takes a proposal over, and what has no place waits', () => {
  const days = [{ day: MON, rows: [{ employee_id: 'z', tasks: ['2'] }, { employee_id: 'l', tasks: [] }] }, { day: TUE, rows: [{ employee_id: 'z', tasks: ['9', '1'] }, { employee_id: 'l', tasks: [] }] }];
  const next = weekProposed(BASE, days, ['9']);
  expect(next.rows).toEqual({ [`${MON}/z`]: ['2'], [`${MON}/l`]: [], [`${TUE}/z`]: ['9', '1'], [`${TUE}/l`]: [] });
  expect(next.pool).toEqual(['3']);
});
