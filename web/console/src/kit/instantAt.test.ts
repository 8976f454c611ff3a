import { describe, expect, it } from 'vitest';
import { instantAt } from './instantAt';
import { addMonths } from './MonthField';

describe('instantAt', () => {
  it('reads a wall clock in the company\'s zone', () => {
    expect(instantAt('2026-11-20', 540, 'Asia/Shanghai')).toBe('2026-11-20T01:00:00.000Z');
    expect(instantAt('2026-11-20', 1440, 'Asia/Shanghai')).toBe('2026-11-20T16:00:00.000Z');
    expect(instantAt('2026-11-20', 0, 'America/New_York')).toBe('2026-11-20T05:00:00.000Z');
  });
  it('holds on the days clocks change', () => {
    expect(instantAt('2026-03-29', 540, 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z');
    expect(instantAt('2026-10-25', 540, 'Europe/Berlin')).toBe('2026-10-25T08:00:00.000Z');
    expect(instantAt('2026-10-25', 60, 'Europe/Berlin')).toBe('2026-10-24T23:00:00.000Z');
  });
});

describe('addMonths', () => {
  it('crosses years', () => {
    expect([addMonths('2026-01', -1), addMonths('2026-12', 1), addMonths('2026-11', -23)]).toEqual(['2025-12', '2027-01', '2024-12']);
  });
});
