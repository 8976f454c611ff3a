import type { LivePerson, LiveState } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { COUNT_KEYS, countOf, filterPeople, groupPeople, lineOffsets, linesOf, marksOf, mergePeople, statesOf, visibleLines, type CountKey } from './board';

function person(id: string, state: LiveState, more: Partial<LivePerson> = {}): LivePerson {
  return {
    employee: { id, name: id, department: { id: 'd', name: '一区' }, post: null },
    state, since: null, at: [118, 32], accuracy_m: 9, bearing_deg: 90, speed_mps: 0, fix_at: '2026-11-20T02:00:00Z', battery: 50,
    policy_mode: 'balanced', recorded_until: null, done: 0, total: 0, visit: null, next: null, late_minutes: null, counted_m: 0, stay_s: 0, stops: [],
    ...more,
  };
}

const TEAM = [
  person('a', 'visit'), person('b', 'moving'), person('c', 'late', { late_minutes: 12 }), person('d', 'late', { late_minutes: 30 }),
  person('e', 'silent', { fix_at: '2026-11-20T01:00:00Z' }), person('f', 'silent', { fix_at: '2026-11-20T00:30:00Z' }),
  person('g', 'off_duty', { at: null }), person('h', 'not_started', { at: null }), person('i', 'idle'),
];

describe('live board', () => {
  it('has counts that add up: five states to those on duty, with the other two to the team', () => {
    const sum = (keys: readonly CountKey[]) => keys.reduce((total, key) => total + countOf(TEAM, key), 0);
    expect(sum(statesOf('duty'))).toBe(countOf(TEAM, 'duty'));
    expect(sum(['duty', 'not_started', 'off_duty'])).toBe(TEAM.length);
    expect(sum(COUNT_KEYS)).toBe(TEAM.length + countOf(TEAM, 'duty'));
  });

  it('starts with who must be looked at: latest first, then silent longest', () => {
    const [first] = groupPeople(TEAM);
    expect(first?.key).toBe('attention');
    expect(first?.people.map((one) => one.employee.id)).toEqual(['d', 'c', 'f', 'e']);
  });

  it('shows everybody exactly once', () => {
    const ids = groupPeople(TEAM).flatMap((group) => group.people.map((one) => one.employee.id));
    expect([...ids].sort()).toEqual(TEAM.map((one) => one.employee.id).sort());
  });

  it('finds people by name and pinyin within the chosen count', () => {
    const known = new Map([['a', { pinyin: 'zhangwei zw', phone: '13800006210' }]]);
    expect(filterPeople(TEAM, undefined, 'ZHANG', known).map((one) => one.employee.id)).toEqual(['a']);
    expect(filterPeople(TEAM, undefined, '6210', known).map((one) => one.employee.id)).toEqual(['a']);
    expect(filterPeople(TEAM, undefined, '1380', known)).toEqual([]);
    expect(filterPeople(TEAM, 'duty', undefined, known)).toHaveLength(7);
    expect(filterPeople(TEAM, 'moving', 'zhang', known)).toEqual([]);
  });

  it('takes changes of known people only and keeps the others as they are', () => {
    const board = { at: 'x', counts: {}, people: TEAM };
    const changed = new Map([['a', person('a', 'moving')], ['stranger', person('stranger', 'moving')]]);
    const next = mergePeople(board, changed, 'y');
    expect(next.people).toHaveLength(TEAM.length);
    expect(next.people[0]?.state).toBe('moving');
    expect(next.people[1]).toBe(TEAM[1]);
    expect(mergePeople(board, new Map(), 'y')).toBe(board);
  });

  it('never puts somebody off duty on the map', () => {
    expect(marksOf([...TEAM, person('z', 'off_duty')]).map((mark) => mark.id)).not.toContain('z');
  });
});

describe('windowed list', () => {
  const lines = linesOf(groupPeople(Array.from({ length: 2000 }, (_, i) => person(`p${i}`, 'moving'))));
  const offsets = lineOffsets(lines);
  it('keeps few rows in the page, and those that are visible', () => {
    const [from, to] = visibleLines(offsets, 50_000, 800);
    expect(to - from).toBeLessThan(40);
    expect(offsets[from]!).toBeLessThanOrEqual(50_000);
    expect(offsets[to]!).toBeGreaterThanOrEqual(50_800);
  });
  it('stays inside the list at both ends', () => {
    expect(visibleLines(offsets, 0, 800)[0]).toBe(0);
    expect(visibleLines(offsets, offsets.at(-1)!, 800)[1]).toBe(lines.length);
  });
});
