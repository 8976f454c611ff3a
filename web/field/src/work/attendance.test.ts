import { describe, expect, it } from 'vitest';
import type { AttendanceRequest, MyAttendance, Punch } from '@tashi/shared/api';
import { draftOf, dutyNow, inDays, nextKind, punchesOf, whereabouts } from './attendance.ts';

const punch = (id: string, kind: 'in' | 'out', at: string): Punch => ({
  id, kind, at, said_at: at, received_at: at, offline: false, source: 'phone', verdict: 'in', place_name: '办公室', distance_m: 5, radius_m: 100, accuracy_m: 8, position: null, place: 'kept', reason: null, photo_id: null,
});
const mine = (more: Partial<MyAttendance> = {}): MyAttendance => ({
  day: '2026-11-20', ends: '2026-11-20T20:00:00Z', shift: null, hours: [], special: null, within: 'places', outside: 'reason', photo: false, window_minutes: 60,
  spots: [{ name: '办公室', at: [118.78, 32.04], radius_m: 100 }], punches: [], outcome: {} as MyAttendance['outcome'], leave_types: [], balances: [], requests: [], reminders: true, ...more,
});
const entry = (id: string, kind: 'in' | 'out', at: string, status = 'queued') => ({ at, status, refusal: null, body: { punch_id: id, kind, fix: null, offline: true } });

describe('punches of today', () => {
  it('shows each once, also what the server does not know yet', () => {
    const held = mine({ punches: [punch('a', 'in', '2026-11-20T01:12:00Z')] });
    const all = punchesOf(held.punches, [entry('a', 'in', '2026-11-20T01:12:00Z', 'receipted'), entry('b', 'out', '2026-11-20T09:00:00Z')]);
    expect(all.map((one) => [one.id, one.state])).toEqual([['a', 'sent'], ['b', 'waiting']]);
    expect(nextKind(all)).toBe('out');
  });
  it('asks for coming again when that was refused', () => {
    expect(nextKind(punchesOf([], [entry('a', 'in', '2026-11-20T01:12:00Z', 'refused')]))).toBe('in');
  });
});

describe('the duty of this moment', () => {
  const row = (day: string, kind: 'in' | 'out', at: string) => ({ ...entry(at, kind, at), day });
  const next = (m: MyAttendance, today: string, now: string, rows: ReturnType<typeof row>[]) => {
    const duty = dutyNow(m, today, Date.parse(now), rows);
    return [duty.day, nextKind(punchesOf(duty.over ? [] : m.punches, duty.entries))];
  };
  const yesterday = mine({ punches: [punch('a', 'in', '2026-11-20T01:00:00Z')] });
  it('is a new one when the snapshot is of yesterday', () => {
    const old = row('2026-11-20', 'out', '2026-11-20T09:00:00Z');
    expect(next(yesterday, '2026-11-21', '2026-11-21T01:00:00Z', [old])).toEqual(['2026-11-21', 'in']);
    expect(next(yesterday, '2026-11-21', '2026-11-21T02:00:00Z', [old, row('2026-11-21', 'in', '2026-11-21T01:00:00Z')])).toEqual(['2026-11-21', 'out']);
    expect(next(yesterday, '2026-11-20', '2026-11-20T09:00:00Z', [])).toEqual(['2026-11-20', 'out']);
  });
  it('goes on past midnight', () => {
    // Two in the morning in Shanghai; the night began at ten.
    const came = row('2026-11-20', 'in', '2026-11-20T14:00:00Z');
    expect(next(mine({ ends: '2026-11-21T04:00:00Z' }), '2026-11-21', '2026-11-20T18:00:00Z', [came])).toEqual(['2026-11-20', 'out']);
    expect(next(mine({ day: '2026-11-19', ends: '2026-11-20T04:00:00Z' }), '2026-11-21', '2026-11-20T18:00:00Z', [came])).toEqual(['2026-11-21', 'out']);
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

it('asks anew with what was said', () => {
  const at = (minute: number) => new Date(Date.parse('2026-11-20T00:00:00') + minute * 60_000).toISOString();
  const said = (more: Partial<AttendanceRequest>) => draftOf({ kind: 'leave', from: at(240), to: at(1680), from_day: '2026-11-20', to_day: '2026-11-20', part: 'day', leave_type: { id: 't', name: '年假' }, place: null, punch_kind: null, reason: '家里有事', ...more } as AttendanceRequest);
  expect(said({})).toEqual({ from_day: '2026-11-20', to_day: '2026-11-20', reason: '家里有事', part: 'day', leave_type_id: 't' });
  expect(said({ kind: 'overtime', part: 'hours', leave_type: null, from: at(1320), to: at(1500) })).toMatchObject({ from_minute: 1320, to_minute: 1500 });
  expect(said({ kind: 'correction', part: 'hours', leave_type: null, punch_kind: 'out', from: at(1020), to: at(1020) })).toEqual({ from_day: '2026-11-20', to_day: '2026-11-20', reason: '家里有事', from_minute: 1020, punch_kind: 'out' });
});

it('writes days', () => {
  expect([500, 1000, 1250].map(inDays)).toEqual(['0.5', '1', '1.25']);
});
