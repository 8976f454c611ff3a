import type { Visit } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { checksOf } from './checks';

const GOOD = {
  status: 'done', check_in_at: '2026-11-20T02:00:00Z', check_out_at: '2026-11-20T02:30:00Z', received_at: '2026-11-20T02:30:03Z',
  stay_s: 1800, presence_s: 1700, ineffective_reasons: [], offline: false,
  check_in: { verdict: 'in' }, check_out: { verdict: 'in' },
  steps: [{ step: { mandatory: true }, status: 'done' }, { step: { mandatory: false }, status: 'todo' }],
  photos: [{ live: true, status: 'stored' }],
} as unknown as Visit;

const keys = (visit: Visit, result: string) => checksOf(visit).filter((check) => check.result === result).map((check) => check.key);

describe('checks of a visit', () => {
  it('finds nothing wrong with a good one, and says so for every point', () => {
    expect(keys(GOOD, 'ok')).toEqual(['in', 'out', 'stay', 'steps', 'live', 'stored', 'online']);
    expect(checksOf(GOOD)).toHaveLength(7);
  });

  it('calls what cannot be told open, never wrong', () => {
    expect(keys({ ...GOOD, check_in: { verdict: 'cannot_tell' } } as unknown as Visit, 'open')).toEqual(['inUnknown']);
    expect(keys({ ...GOOD, check_in: { verdict: 'cannot_tell' } } as unknown as Visit, 'not')).toEqual([]);
  });

  it('does not hold missing steps against a visit that still runs', () => {
    const open = { ...GOOD, status: 'open', check_out: null, check_out_at: null, stay_s: null, steps: [{ step: { mandatory: true }, status: 'todo' }] } as unknown as Visit;
    expect(keys(open, 'open')).toEqual(['stepsNot']);
    expect(keys({ ...open, status: 'done' }, 'not')).toEqual(['stepsNot']);
  });

  it('names photos that are not there yet and such that were not taken on the spot', () => {
    const odd = { ...GOOD, photos: [{ live: false, status: 'awaiting' }, { live: true, status: 'stored' }] } as unknown as Visit;
    expect(keys(odd, 'not')).toEqual(['notLive']);
    expect(keys(odd, 'open')).toEqual(['waiting']);
  });

  it('counts how long after check-out an offline visit arrived', () => {
    const late = checksOf({ ...GOOD, offline: true, received_at: '2026-11-20T03:30:00Z' }).find((check) => check.key === 'offline');
    expect(late?.values.late).toBe(3600);
  });
});
