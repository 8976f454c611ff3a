import type { LivePerson, Point } from '@tashi/shared/api';
import { distanceM } from '@tashi/shared/map';

/** A candidate for a task at a place. */
export interface Candidate {
  person: LivePerson;
  meters: number;
}

/** States in which somebody can take another stop. A silent person may be anywhere by now. */
const FREE: LivePerson['state'][] = ['idle', 'moving', 'visit', 'late'];

/** Up to `count` people on duty, nearest first in a straight line; idle ones before others at about the same distance. */
export function nearestPeople(people: readonly LivePerson[], to: Point, count = 5): Candidate[] {
  return people
    .flatMap((person) => (person.at && FREE.includes(person.state) ? [{ person, meters: distanceM(person.at, to) }] : []))
    .sort((a, b) => cost(a) - cost(b))
    .slice(0, count);
}

/** Somebody busy counts as 500 m further away. */
function cost({ person, meters }: Candidate): number {
  return meters + (person.state === 'idle' ? 0 : 500);
}
