import { describe, expect, it } from 'vitest';
import type { DutyEntry } from '@tashi/shared/api';
import { type PrivateNews, tripAt, tripsOf } from './private.ts';

const at = (time: string) => Date.parse(`2026-11-20T${time}:00+08:00`);
const entry = (id: string, from: string, to: string | null, more: Partial<DutyEntry> = {}): DutyEntry => ({
  id, employee_id: 'u', kind: 'private', from: new Date(at(from)).toISOString(), to: to && new Date(at(to)).toISOString(), note: null,
  created_by: { id: 'u', name: 'u' }, created_at: '', revoked_at: null, ...more,
});
const news = (kind: PrivateNews['kind'], trip_id: string, time: string): PrivateNews => ({ kind, trip_id, at: at(time) });

describe('private trips', () => {
  it('hold from the moment they are declared here, with or without a network', () => {
    const trips = tripsOf([], [news('private.start', 'a', '10:00')]);
    expect([at('09:59'), at('10:00'), at('16:00')].map((t) => tripAt(trips, t)?.id ?? null)).toEqual([null, 'a', 'a']);
    const ended = tripsOf([], [news('private.end', 'a', '10:30'), news('private.start', 'a', '10:00')]);
    expect([at('10:29'), at('10:30')].map((t) => tripAt(ended, t)?.id ?? null)).toEqual(['a', null]);
  });
  it('are told once when the server knows them already', () => {
    const trips = tripsOf([entry('a', '10:00', '10:30')], [news('private.start', 'a', '10:00'), news('private.end', 'a', '10:31')]);
    expect(trips).toEqual([{ id: 'a', from: at('10:00'), to: at('10:30') }]);
    expect(tripsOf([entry('a', '10:00', null)], [news('private.end', 'a', '10:31')])[0]?.to).toBe(at('10:31'));
  });
  it('end when the next one begins; leave and what was taken back are none', () => {
    const trips = tripsOf([entry('x', '09:00', null, { revoked_at: 'then' }), entry('y', '09:00', '12:00', { kind: 'leave' })], [
      news('private.start', 'b', '11:00'), news('private.start', 'a', '10:00'),
    ]);
    expect(trips.map((trip) => [trip.id, trip.to])).toEqual([['a', at('11:00')], ['b', null]]);
  });
});
