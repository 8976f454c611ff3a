import type { Calendar, CalendarException, Shift, Window } from '@tashi/shared/api';
import { addDays, daysBetween } from '@tashi/shared/i18n';

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The parts of one weekday in order. */
export function shiftsOf(shifts: readonly Shift[], weekday: number): Window[] {
  return shifts
    .filter((one) => one.weekday === weekday)
    .map(({ from_minute, to_minute }) => ({ from_minute, to_minute }))
    .sort((a, b) => a.from_minute - b.from_minute);
}

/** Replaces the parts of one weekday. */
export function withShifts(shifts: readonly Shift[], weekday: number, windows: readonly Window[]): Shift[] {
  const others = shifts.filter((one) => one.weekday !== weekday);
  return [...others, ...windows.map((one) => ({ weekday, ...one }))].sort((a, b) => a.weekday - b.weekday || a.from_minute - b.from_minute);
}

/** True when each part ends after it begins and none overlaps the next. */
export function windowsAreSound(windows: readonly Window[]): boolean {
  const sorted = [...windows].sort((a, b) => a.from_minute - b.from_minute);
  return sorted.every((one, index) => one.to_minute > one.from_minute && (sorted[index + 1]?.from_minute ?? 1440) >= one.to_minute);
}

/** A free part to add: the afternoon after the last one, or a usual day. */
export function nextWindow(windows: readonly Window[]): Window | null {
  const last = windows.at(-1);
  if (!last) return { from_minute: 540, to_minute: 1020 };
  const from = Math.min(last.to_minute + 60, 1380);
  return from > last.to_minute ? { from_minute: from, to_minute: Math.min(from + 240, 1440) } : null;
}

/** Minutes of a whole week. */
export function weekMinutes(shifts: readonly Shift[]): number {
  return shifts.reduce((sum, one) => sum + Math.max(0, one.to_minute - one.from_minute), 0);
}

const MOST_DAYS = 60;

/** One exception for each day from `first` to `last`; a day that is already there is replaced. */
export function withDays(exceptions: readonly CalendarException[], first: string, last: string, name: string, shifts: Window[]): CalendarException[] {
  const count = Math.min(MOST_DAYS, Math.max(0, daysBetween(first, last)) + 1);
  const days = Array.from({ length: count }, (_, index) => addDays(first, index));
  const kept = exceptions.filter((one) => !days.includes(one.day));
  return [...kept, ...days.map((day) => ({ day, name, shifts }))].sort((a, b) => a.day.localeCompare(b.day));
}

/** The first day whose times are not sound: a weekday number, a date, or nothing. */
export function firstUnsound(calendar: Pick<Calendar, 'shifts' | 'exceptions'>): number | string | null {
  for (const weekday of WEEKDAYS) if (!windowsAreSound(shiftsOf(calendar.shifts, weekday))) return weekday;
  return calendar.exceptions.find((one) => !windowsAreSound(one.shifts))?.day ?? null;
}
