import type { Id, UrgentCandidate } from '@tashi/shared/api';
import type { DispatchSearch } from './search';

/** The people a filter of the map leaves: idle or busy, of a department, with a skill. */
export function shownPeople(people: readonly UrgentCandidate[], filter: Pick<DispatchSearch, 'who' | 'skill' | 'team'>, skills: ReadonlyMap<Id, readonly string[]>): UrgentCandidate[] {
  return people.filter((one) =>
    (!filter.who || one.idle === (filter.who === 'idle'))
    && (!filter.team || one.department.id === filter.team)
    && (!filter.skill || !!skills.get(one.employee.id)?.includes(filter.skill)));
}
