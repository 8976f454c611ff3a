/** Opening hours of customers: what holds on a day, and what holds now. Pure. */
import type { OpeningHours, Window } from '../api/schema';
import { addDays, weekdayOf } from '../i18n';

/** Spans of a day; `null`: all day. None: closed. Phones of before carry customers without hours. */
export function openOn(hours: OpeningHours | undefined, day: string): Window[] | null {
  if (!hours) return null;
  if (hours.closed.includes(day)) return [];
  if (hours.weekly.length === 0) return null;
  const weekday = weekdayOf(day);
  return hours.weekly.filter((one) => one.weekday === weekday).map(({ from_minute, to_minute }) => ({ from_minute, to_minute }));
}

export const isAlways = (hours: OpeningHours | undefined) => !hours || (hours.weekly.length === 0 && hours.closed.length === 0);

/** Weekdays with the same spans, one line for those that follow each other. */
export function hoursLines(hours: OpeningHours): { first: number; last: number; windows: Window[] }[] {
  const lines: { first: number; last: number; windows: Window[] }[] = [];
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
    const windows = hours.weekly.filter((one) => one.weekday === weekday).map(({ from_minute, to_minute }) => ({ from_minute, to_minute }));
    if (windows.length === 0) continue;
    const before = lines.at(-1);
    if (before && before.last === weekday - 1 && JSON.stringify(before.windows) === JSON.stringify(windows)) before.last = weekday;
    else lines.push({ first: weekday, last: weekday, windows });
  }
  return lines;
}

export type OpenState = { open: true; until: number | null } | { open: false; day: string | null; from: number };

/** Open until when, or closed until when (within two weeks). */
export function openState(hours: OpeningHours | undefined, day: string, minute: number): OpenState {
  const spans = openOn(hours, day);
  if (spans === null) return { open: true, until: null };
  const now = spans.find((one) => one.from_minute <= minute && minute < one.to_minute);
  if (now) return { open: true, until: now.to_minute };
  for (let k = 0; k < 15; k += 1) {
    const then = addDays(day, k);
    const spansThen = openOn(hours, then);
    if (spansThen === null) return { open: false, day: then, from: 0 };
    const next = spansThen.find((one) => k > 0 || one.from_minute > minute);
    if (next) return { open: false, day: then, from: next.from_minute };
  }
  return { open: false, day: null, from: 0 };
}

/** When a visit begins for which somebody is ready, in seconds, and whether the door is closed then; as on the server. */
export function beginWithin(ready: number, window: [number, number], spans: readonly Window[] | null, service: number, fits: (from: number) => number): { begin: number; closed: boolean } {
  const plain = fits(Math.max(ready, window[0]));
  if (spans === null) return { begin: plain, closed: false };
  for (const span of spans) {
    const [opens, closes] = [span.from_minute * 60, span.to_minute * 60];
    const [from, to] = [Math.max(window[0], opens), Math.min(window[1], Math.max(opens, closes - service))];
    if (from > to) continue;
    const at = fits(Math.max(ready, from));
    if (at <= to) return { begin: at, closed: false };
  }
  const open = spans.some((span) => span.from_minute * 60 <= plain && (plain + service <= span.to_minute * 60 || plain === span.from_minute * 60));
  return { begin: plain, closed: !open };
}
