import { describe, expect, it } from 'vitest';
import type { PlanWays, Task, TaskStatus } from '@tashi/shared/api';
import { lateStops, merge, moved, skipHolds, turnsLocked, withWish, workOut } from './reorder.ts';

const task = (id: string, seq: number, more: Partial<Task> = {}): Task => ({
  id, plan_id: 'p', employee: { id: 'u', name: 'U' }, day: '2026-11-20', seq, window: { from_minute: 540, to_minute: 1020 }, title: id, note: null, skills: [], crew: [], custom: {}, locked: false,
  customer: { id: `c${id}`, name: id, grade: 'A', at: [118.78 + seq * 0.01, 32.04], address: null, radius_m: 150, hours: { weekly: [], closed: [] } },
  steps: [], min_stay_s: 300, service_s: null, status: 'new' as TaskStatus, eta: null, visit_id: null, reason: null, reason_code: null, version: 1, ...more,
});

/** Ten minutes and five kilometres a step on a line: the start, then a, b, c. */
const ways = (more: Partial<PlanWays> = {}): PlanWays => {
  const at = [0, 1, 2, 3];
  return {
    plan_id: 'p', start: true, tasks: ['a', 'b', 'c'], seconds: at.flatMap((x) => at.map((y) => Math.abs(x - y) * 600)), meters: at.flatMap((x) => at.map((y) => Math.abs(x - y) * 5000)),
    home: {}, service_s: { a: 1800, b: 1800, c: 1800 }, promised_s: {}, window: { from_minute: 540, to_minute: 1020 }, pauses: [{ from_minute: 720, to_minute: 780 }],
    source: { provider: 'straight_line', instead_of: null, reason: null, traffic: false, learned_permille: null } as unknown as PlanWays['source'], ...more,
  };
};
const [a, b, c] = [task('a', 1), task('b', 2), task('c', 3)];

describe('a wish over a day that changed', () => {
  it('keeps the order wished for when the stops are the same', () => {
    expect(merge(['c', 'a', 'b'], ['a', 'b', 'c'], new Set())).toEqual({ order: ['c', 'a', 'b'], added: [], gone: [] });
  });
  it('drops what was begun since', () => {
    expect(merge(['c', 'a', 'b'], ['a', 'b'], new Set(['c']))).toEqual({ order: ['a', 'b'], added: [], gone: [] });
  });
  it('says what came in and what is gone, and puts the new behind what it follows', () => {
    expect(merge(['c', 'b', 'a'], ['a', 'n', 'c'], new Set())).toEqual({ order: ['c', 'a', 'n'], added: ['n'], gone: ['b'] });
    expect(merge(['b', 'a'], ['n', 'a', 'b'], new Set()).order).toEqual(['n', 'b', 'a']);
  });
  it('leaves stops that were locked meanwhile in their order, so that it can be sent again', () => {
    const locked = new Set(['a', 'b']);
    const { order } = merge(['c', 'b', 'a'], ['a', 'b', 'c'], new Set(), locked);
    expect(order).toEqual(['c', 'a', 'b']);
    expect(turnsLocked(['a', 'b', 'c'], order, locked)).toBe(false);
  });
  it('moves one place at a time and stops at both ends', () => {
    expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
    expect(turnsLocked(['a', 'b', 'c'], ['c', 'a', 'b'], new Set(['a', 'b']))).toBe(false);
    expect(turnsLocked(['a', 'b', 'c'], ['b', 'a', 'c'], new Set(['a', 'b']))).toBe(true);
  });
});

describe('the list of today', () => {
  const plan = { id: 'p', changes: [] };
  const wish = { id: 'w', plan_id: 'p', order: ['c', 'a', 'b'] };
  const ids = (found: ReturnType<typeof withWish>) => [...found.tasks].sort((x, y) => x.seq - y.seq).map((t) => t.id);
  it('follows what this phone has recorded until the server has it', () => {
    expect(ids(withWish([a, b, c], plan, wish))).toEqual(['c', 'a', 'b']);
    expect(withWish([a, b, c], { id: 'p', changes: [{ id: 'w' }] }, wish).pending).toBe(false);
    expect(withWish([a, b, c], { id: 'other' }, wish).pending).toBe(false);
  });
  it('leaves what is done in its place, and a plan with other stops as it is', () => {
    expect(ids(withWish([task('a', 1, { status: 'done' }), b, c], plan, wish))).toEqual(['a', 'c', 'b']);
    expect(withWish([a, b], plan, wish).pending).toBe(false);
  });
});

describe('a skip on this phone', () => {
  it('holds by what the server has of it, and by the rule before', () => {
    expect(skipHolds('s', [], 'free')).toBe(true);
    expect(skipHolds('s', [], 'approval')).toBe(false);
    expect(skipHolds('s', [{ id: 's', status: 'waiting' }], 'free')).toBe(false);
    expect(skipHolds('s', [{ id: 's', status: 'rejected' }], 'free')).toBe(false);
    expect(skipHolds('s', [{ id: 's', status: 'applied' }], 'approval')).toBe(true);
  });
});

describe('what an order means', () => {
  it('counts stops that are late, and each once', () => {
    const stop = (...rules: [string, number][]) => ({ broken: rules.map(([rule, seconds]) => ({ rule, seconds })) });
    const stops = [stop(['late', 60], ['over_shift', 60]), stop(['promise', -60]), stop(['no_place', 0]), stop(['promise', 60])];
    expect(lateStops({ stops } as unknown as Parameters<typeof lateStops>[0])).toBe(2);
  });
  it('counts the way and the times', () => {
    const day = workOut(ways(), [], [a, b, c], 0);
    expect([day.meters, day.seconds]).toEqual([15_000, 1800]);
    expect(day.stops.map((s) => s.begin_s)).toEqual([33_000, 35_400, 37_800]);
    expect(day.finish_s).toBe(39_600);
    expect(workOut(ways(), [], [c, a, b], 0).meters).toBe(30_000);
  });
  it('goes on from what is done, not before now, and not through lunch', () => {
    const day = workOut(ways(), [a], [c], 11 * 3600 + 2000);
    expect([day.meters, day.stops[0]?.begin_s]).toEqual([15_000, 13 * 3600]);
  });
  it('says every broken rule with its number', () => {
    expect(workOut(ways(), [], [task('a', 1, { window: { from_minute: 540, to_minute: 545 } })], 0).stops[0]?.broken).toEqual([{ rule: 'late', seconds: 300 }]);
    expect(workOut(ways({ service_s: { a: 9 * 3600 }, pauses: [] }), [], [a], 0).stops[0]?.broken).toEqual([{ rule: 'over_shift', seconds: 4200 }]);
    expect(workOut(ways({ promised_s: { a: 10 * 3600 } }), [], [task('a', 1, { locked: true })], 0).stops[0]?.broken).toEqual([{ rule: 'promise', seconds: -3000 }]);
    expect(workOut(ways(), [], [task('x', 1)], 0).stops[0]?.broken).toEqual([{ rule: 'no_place', seconds: 0 }]);
  });
});
