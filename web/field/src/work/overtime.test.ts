import { describe, expect, it } from 'vitest';
import type { AttendanceRequest, MyAttendance, NewAttendanceRequest } from '@tashi/shared/api';
import { overtimeFrom } from './overtime.ts';

const DAY = '2026-11-20';
const at = (clock: string) => Date.parse(`${DAY}T${clock}:00+08:00`);
const snapshot = (requests: Partial<AttendanceRequest>[] = []) => ({
  day: DAY, calendar_today: [{ from_minute: 540, to_minute: 1020 }], attendance: { requests } as MyAttendance,
  me: { company: { time_zone: 'Asia/Shanghai' } } as never,
});
const evening = { kind: 'overtime' as const, from: `${DAY}T18:00:00+08:00`, to: `${DAY}T20:00:00+08:00` };

describe('overtime at a late check-in', () => {
  it('is asked for outside working time, from a full five minutes on', () => {
    expect(overtimeFrom(snapshot(), DAY, at('18:23'), [])).toBe(18 * 60 + 20);
    expect(overtimeFrom(snapshot(), DAY, at('07:00'), [])).toBe(420);
    expect(overtimeFrom(snapshot(), DAY, at('10:00'), [])).toBeNull();
  });
  it('is not asked for where nobody knows today', () => {
    expect(overtimeFrom(null, DAY, at('18:23'), [])).toBeNull();
    expect(overtimeFrom(snapshot(), '2026-11-21', at('18:23'), [])).toBeNull();
  });
  it('is asked for once', () => {
    expect(overtimeFrom(snapshot([{ ...evening, status: 'running' }]), DAY, at('18:23'), [])).toBeNull();
    expect(overtimeFrom(snapshot([{ ...evening, status: 'rejected' }]), DAY, at('18:23'), [])).not.toBeNull();
    expect(overtimeFrom(snapshot([{ ...evening, status: 'approved' }]), DAY, at('20:10'), [])).not.toBeNull();
    const waiting: NewAttendanceRequest = { id: 'a', kind: 'overtime', from_day: DAY, from_minute: 1080, to_minute: 1140, reason: 'x' };
    expect(overtimeFrom(snapshot(), DAY, at('18:23'), [waiting])).toBeNull();
    expect(overtimeFrom(snapshot(), DAY, at('19:05'), [waiting])).not.toBeNull();
  });
});
