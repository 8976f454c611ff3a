import type { UrgentCandidate } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { shownPeople } from './shown';

const one = (id: string, idle: boolean, team: string) => ({ employee: { id, name: id }, department: { id: team, name: team }, idle }) as UrgentCandidate;
const PEOPLE = [one('a', true, 'north'), one('b', false, 'north'), one('c', true, 'south')];
const SKILLS = new Map([['a', ['冷链']], ['b', ['冷链', '电工']]]);
const ids = (filter: Parameters<typeof shownPeople>[1]) => shownPeople(PEOPLE, filter, SKILLS).map((p) => p.employee.id).join();

describe('filters of the dispatch map', () => {
  it('leave whom all of them fit', () => {
    expect(ids({})).toBe('a,b,c');
    expect(ids({ who: 'idle' })).toBe('a,c');
    expect(ids({ who: 'busy' })).toBe('b');
    expect(ids({ team: 'north', skill: '冷链' })).toBe('a,b');
    expect(ids({ skill: '电工', who: 'idle' })).toBe('');
  });
});
