import { describe, expect, it } from 'vitest';
import type { MyAttendance, Punch } from '@tashi/shared/api';
import { inDays, nextKind, punchesOf, whereabouts } from './attendance.ts';

const punch = (id: string, kind: 'in' | 'out', at: string): Punch => ({
  id, kind, at, said_at: at, received_at: at, offline: false, source: 'phone', verdict: 'in', place_name: '办公室', distance_m: 5, radius_m: 100, accuracy_m: 8, position: null, place: 'kept', reason: null,
});
const mine = (more: Partial<MyAttendance> = {}): MyAttendance => ({
  day: '2026-11-20', shift: null, hours: [], special: null, within: 'places', outside: 'reason', window_minutes: 60,
  spots: [{ name: '办公室', at: [118.78, 32.04], radius_m: 100 }], punches: [], outcome: {} as MyAttendance['outcome'], leave_types: [], balances: [], requests: [], reminders: true, ...more,
});
const entry = (id: string, kind: 'in' | 'out', at: string, status = 'queued') => ({ at, status, refusal: null, body: { punch_id: id, kind, fix: null, offline: true } });

describe('punches of today', () => {
  it('shows each once, also what the server does not know yet', () => {
    const held = mine({ punches: [punch('a', 'in', '2026-11-20T01:12:00Z')] });
    const all = punchesOf(held, '2026-11-20', [entry('a', 'in', '2026-11-20T01:12:00Z', 'receipted'), entry('b', 'out', '2026-11-20T09:00:00Z')]);
    expect(all.map((one) => [one.id, one.state])).toEqual([['a', 'sent'], ['b', 'waiting']]);
    expect(nextKind(all)).toBe('out');
  });
  it('asks for coming again when that was refused', () => {
    expect(nextKind(punchesOf(mine(), '2026-11-20', [entry('a', 'in', '2026-11-20T01:12:00Z', 'refused')]))).toBe('in');
    expect(punchesOf(mine({ punches: [punch('a', 'in', 'x')] }), '2026-11-21', [])).toEqual([]);
  });
});

describe('whereabouts', () => {
  it('tells in, out and elsewhere', () => {
    const at = (lng: number) => whereabouts(mine(), [], { at: [lng, 32.04], accuracy_m: 8 });
    expect(at(118.78)).toMatchObject({ verdict: 'in', name: '办公室' });
    expect(at(118.8).verdict).toBe('out');
    expect(whereabouts(mine({ within: 'anywhere' }), [], { at: [0, 0], accuracy_m: 8 }).verdict).toBe('anywhere');
    expect(whereabouts(mine(), [], null).verdict).toBe('searching');
  });
  it('counts own customers where the rule does', () => {
    const shop = { name: '门店', at: [118.8, 32.04] as [number, number], radius_m: 100 };
    expect(whereabouts(mine({ within: 'customers' }), [shop], { at: [118.8, 32.04], accuracy_m: 8 })).toMatchObject({ verdict: 'in', name: '门店' });
  });
});

it('writes days', () => {
  expect([500, 1000, 1250].map(inDays)).toEqual(['0.5', '1', '1.25']);
});
