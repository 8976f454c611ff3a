import { describe, expect, it } from 'vitest';
import { beginWithin, hoursLines, openOn, openState } from './hours';

const span = (weekday: number, from_minute: number, to_minute: number) => ({ weekday, from_minute, to_minute });
// Mondays to Fridays with a pause; 2026-11-20 is a Friday.
const hours = { weekly: [1, 2, 3, 4, 5].flatMap((day) => [span(day, 540, 720), span(day, 810, 1080)]), closed: ['2026-11-24'] };

describe('opening hours', () => {
  it('hold on a day', () => {
    expect(openOn(hours, '2026-11-20')).toEqual([{ from_minute: 540, to_minute: 720 }, { from_minute: 810, to_minute: 1080 }]);
    expect([openOn(hours, '2026-11-21'), openOn(hours, '2026-11-24'), openOn({ weekly: [], closed: [] }, '2026-11-24'), openOn(undefined, '2026-11-24')]).toEqual([[], [], null, null]);
  });
  it('are said in as few lines as they allow', () => {
    expect(hoursLines({ weekly: [...hours.weekly, span(7, 600, 960)], closed: [] }).map((line) => [line.first, line.last])).toEqual([[1, 5], [7, 7]]);
  });
  it('tell until when, and from when', () => {
    expect(openState(hours, '2026-11-20', 600)).toEqual({ open: true, until: 720 });
    expect(openState(hours, '2026-11-20', 720)).toEqual({ open: false, day: '2026-11-20', from: 810 });
    expect(openState(hours, '2026-11-20', 1100)).toEqual({ open: false, day: '2026-11-23', from: 540 });
    expect(openState(hours, '2026-11-23', 1100)).toEqual({ open: false, day: '2026-11-25', from: 540 });
    expect(openState({ weekly: [], closed: [] }, '2026-11-20', 0)).toEqual({ open: true, until: null });
  });
  it('are waited for where the window allows', () => {
    const spans = openOn(hours, '2026-11-20');
    const at = (ready: number, window: [number, number] = [0, 86_400]) => beginWithin(ready, window, spans, 1800, (from) => from);
    expect(at(8 * 3600)).toEqual({ begin: 9 * 3600, closed: false });
    expect(at(12 * 3600 - 60)).toEqual({ begin: 13.5 * 3600, closed: false });
    expect(at(18 * 3600)).toEqual({ begin: 18 * 3600, closed: true });
    expect(at(12 * 3600, [9 * 3600, 12.5 * 3600])).toEqual({ begin: 12 * 3600, closed: true });
    expect(at(16 * 3600, [9 * 3600, 10 * 3600])).toEqual({ begin: 16 * 3600, closed: false });
  });
});
