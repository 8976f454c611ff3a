/** Checking in when working time is over: whether overtime is to be declared, and from when to when. Pure. */
import type { AttendanceRequest, FieldSnapshot, NewAttendanceRequest } from '@tashi/shared/api';
import { minuteOf, onDuty } from './day.ts';

/** How long it may be declared for at once, minutes. */
export const OVERTIME_LENGTHS = [60, 120, 180] as const;
/** It begins on a full five minutes. */
const GRAIN = 5;

/** The minute of today it would begin at; null on duty, where today is not known, and where it was declared already. */
export function overtimeFrom(
  snapshot: Pick<FieldSnapshot, 'day' | 'calendar_today' | 'attendance' | 'me'> | null, today: string, at: number, waiting: readonly NewAttendanceRequest[],
): number | null {
  if (!snapshot || snapshot.day !== today) return null;
  const minute = minuteOf(at, snapshot.me.company.time_zone);
  if (onDuty(snapshot.calendar_today, minute)) return null;
  const stands = ({ kind, status, from, to }: AttendanceRequest) => kind === 'overtime' && (status === 'running' || status === 'approved') && Date.parse(from) <= at && at < Date.parse(to);
  const said = ({ kind, from_day, from_minute = 0, to_minute = 0 }: NewAttendanceRequest) => kind === 'overtime' && from_day === today && from_minute <= minute && minute < to_minute;
  if (snapshot.attendance.requests.some(stands) || waiting.some(said)) return null;
  return minute - (minute % GRAIN);
}
