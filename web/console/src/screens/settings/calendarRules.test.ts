import { describe, expect, it } from 'vitest';
import { firstUnsound, nextWindow, shiftsOf, weekMinutes, windowsAreSound, withDays, withShifts } from './calendarRules';

const window = (from_minute: number, to_minute: number) => ({ from_minute, to_minute });

describe('weekly shifts', () => {
  const shifts = [1, 2].flatMap((weekday) => [{ weekday, ...window(780, 1020) }, { weekday, ...window(540, 720) }]);

  it('are read in order and replaced by day', () => {
    expect(shiftsOf(shifts, 1)).toEqual([window(540, 720), window(780, 1020)]);
    const changed = withShifts(shifts, 2, [window(600, 660)]);
    expect(shiftsOf(changed, 2)).toEqual([window(600, 660)]);
    expect(shiftsOf(changed, 1)).toHaveLength(2);
    expect(weekMinutes(changed)).toBe(420 + 60);
  });

  it('may touch but not overlap or run backwards', () => {
    expect(windowsAreSound([window(540, 720), window(720, 1020)])).toBe(true);
    expect(windowsAreSound([window(540, 721), window(720, 1020)])).toBe(false);
    expect(windowsAreSound([window(720, 540)])).toBe(false);
    expect(windowsAreSound([window(540, 540)])).toBe(false);
    expect(windowsAreSound([])).toBe(true);
  });

  it('name the first day that is not sound', () => {
    expect(firstUnsound({ shifts, exceptions: [] })).toBeNull();
    expect(firstUnsound({ shifts: withShifts(shifts, 2, [window(720, 700)]), exceptions: [] })).toBe(2);
    expect(firstUnsound({ shifts, exceptions: [{ day: '2026-10-11', name: '调休', shifts: [window(600, 500)] }] })).toBe('2026-10-11');
  });

  it('offer a free part after the last one, or none when the day is full', () => {
    expect(nextWindow([])).toEqual(window(540, 1020));
    expect(nextWindow([window(540, 720)])).toEqual(window(780, 1020));
    expect(nextWindow([window(540, 1440)])).toBeNull();
    expect(windowsAreSound([window(540, 1370), nextWindow([window(540, 1370)]) ?? window(0, 0)])).toBe(true);
  });
});

describe('withDays', () => {
  it('adds one exception a day in order and replaces the same day', () => {
    const first = withDays([], '2026-10-01', '2026-10-03', '国庆节', []);
    expect(first.map((one) => one.day)).toEqual(['2026-10-01', '2026-10-02', '2026-10-03']);
    const second = withDays(first, '2026-10-02', '2026-10-02', '调休上班', [window(540, 1020)]);
    expect(second).toHaveLength(3);
    expect(second[1]).toEqual({ day: '2026-10-02', name: '调休上班', shifts: [window(540, 1020)] });
  });

  it('takes one day when the end lies before the start and stops at sixty', () => {
    expect(withDays([], '2026-10-03', '2026-10-01', 'x', [])).toHaveLength(1);
    expect(withDays([], '2026-01-01', '2030-01-01', 'x', [])).toHaveLength(60);
  });
});
