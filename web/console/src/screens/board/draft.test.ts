import type { Board, BoardProposal, BoardTask } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { compare } from './compare';
import { begin, changed, did, dirty, gapOf, placed, pooled, postponed, proposed, published, rebased, redone, toPublish, undone, versions } from './draft';

const task = (id: string, employee: string, seq: number, more: Partial<BoardTask> = {}): BoardTask => ({
  id, customer: { id: `c${id}`, name: id, grade: 'A', at: [118.78, 32.04], address: null, radius_m: 150, hours: { weekly: [], closed: [] } }, employee: { id: employee, name: employee },
  custom: {}, customer_custom: {},
  place: 'planned', day: '2026-11-20', seq, window: { from_minute: 540, to_minute: 1080 }, title: '', service_s: 1800, skills: [], whom: { preferred: null, barred: [] }, status: 'new',
  locked: false, crew: [], promised_s: null, eta_s: null, reason: null, reason_code: null, due: null, urgent: null, ...more,
});
const person = (id: string, version: number | null) => ({
  id, name: id, department: { id: 'd', name: 'd' }, working: [], leave: [], off: null, start: null, end: null, travel: null, most_visits: null, most_m: null, skills: [],
  plan: version === null ? null : { id: `p${id}`, version, objective: 'distance' as const, keep_order: false, proven_optimal: false, meters: 0, seconds: 0, read_at: null, changes: [] },
});
const BOARD: Board = {
  day: '2026-11-20', today: '2026-11-19', truncated: false, visits: [],
  people: [person('z', 1), person('l', null)],
  tasks: [task('2', 'z', 2), task('1', 'z', 1), task('0', 'z', 0, { status: 'done' }), task('3', 'z', 3), task('9', 'l', 1, { place: 'waiting' })],
};
const BASE = published(BOARD);

describe('gap', () => {
  const of = (...people: string[]): BoardProposal => ({
    rows: people.map((employee_id) => ({ employee_id, tasks: [] })), before: [], after: [], proven_optimal: false, gap_permille: 231, left_out: [], kept: [], searched_s: 1, source: { provider: 'straight_line' } as BoardProposal['source'],
  });
  it('of several people is told of all of them, not of one', () => {
    expect(gapOf(of('z', 'l'), null)).toBe(231);
    expect(gapOf(of('z', 'l'), 'z')).toBeNull();
    expect(gapOf(of('z'), 'z')).toBe(231);
  });
});

describe('draft', () => {
  it('begins as published, without what has begun', () => {
    expect(BASE.rows).toEqual({ z: ['1', '2', '3'], l: [] });
    expect(BASE.pool).toEqual(['9']);
  });

  it('moves within a row, between rows, to the pool and to another day', () => {
    expect(placed(BASE, ['1'], 'z', 3).rows.z).toEqual(['2', '3', '1']);
    expect(placed(BASE, ['3'], 'z', 0).rows.z).toEqual(['3', '1', '2']);
    expect(placed(BASE, ['2'], 'z', 1)).toBe(BASE);
    const two = placed(placed(BASE, ['9'], 'l', 0), ['2'], 'l', 1);
    expect(two.rows).toEqual({ z: ['1', '3'], l: ['9', '2'] });
    expect(two.pool).toEqual([]);
    expect(pooled(two, ['2']).pool).toEqual(['2']);
    expect(postponed(two, ['2'], '2026-11-21')).toMatchObject({ moved: { 2: '2026-11-21' }, rows: { l: ['9'] } });
    expect(changed(two, BASE)).toEqual(['z', 'l']);
    expect(dirty(BASE, BASE)).toBe(false);
  });

  it('leaves untouched rows the same list, so that they are not drawn again', () => {
    expect(placed(BASE, ['9'], 'l', 0).rows.z).toBe(BASE.rows.z);
  });

  it('takes a proposal over and keeps what it leaves out', () => {
    const next = proposed(BASE, [{ employee_id: 'z', tasks: ['3', '1'] }, { employee_id: 'l', tasks: ['9'] }], ['9']);
    expect(next.rows).toEqual({ z: ['3', '1'], l: ['9'] });
    expect(next.pool).toEqual(['2']);
    expect(toPublish(BOARD, next, 'time').rows).toEqual([
      { employee_id: 'z', plan_id: 'pz', version: 1, tasks: ['3', '1'], objective: 'time', keep_order: false },
      { employee_id: 'l', plan_id: null, version: null, tasks: ['9'], objective: 'time', keep_order: false },
    ]);
    const byHand = placed(next, ['1'], 'z', 0);
    expect(toPublish(BOARD, byHand, 'time').rows[0]).toMatchObject({ keep_order: true });
  });

  it('steps back and forth', () => {
    const one = placed(BASE, ['9'], 'l', 0);
    let history = did(begin(BASE), one);
    expect(did(history, one)).toBe(history);
    history = undone(history);
    expect(history.now).toBe(BASE);
    expect(redone(history).now).toBe(one);
    expect(undone(history)).toEqual(history);
    expect(did(history, one).future).toEqual([]);
  });

  it('keeps what nobody else has touched when the board has changed', () => {
    const mine = placed(placed(BASE, ['9'], 'l', 0), ['3'], 'z', 0);
    const theirs: Board = { ...BOARD, people: [person('z', 2), person('l', null)], tasks: BOARD.tasks.filter((one) => one.id !== '2') };
    const result = rebased(mine, versions(BOARD), theirs);
    expect(result.theirs).toEqual(['z']);
    expect(result.draft.rows).toEqual({ z: ['1', '3'], l: ['9'] });
    expect(result.draft.pool).toEqual([]);
  });
});

describe('plan beside what was done', () => {
  const visit = (id: string, task_id: string | null, check_in_s: number) => ({ id, employee_id: 'z', customer: { id: 'c', name: 'c', grade: null }, task_id, check_in_s, check_out_s: null });

  it('names what was missed, extra and out of order', () => {
    const board: Board = {
      ...BOARD, today: '2026-11-21',
      tasks: [task('1', 'z', 1, { status: 'done' }), task('2', 'z', 2, { status: 'done' }), task('3', 'z', 3, { status: 'done' }), task('4', 'z', 4)],
      visits: [visit('a', '3', 100), visit('b', '1', 200), visit('c', null, 300), visit('d', '2', 400)],
    };
    const found = compare(board);
    expect([...found.outcome]).toEqual([['1', 'done'], ['2', 'done'], ['3', 'done'], ['4', 'missed']]);
    expect([...found.turned]).toEqual(['3']);
    expect(found.extra.get('z')?.map((one) => one.id)).toEqual(['c']);
  });
});
