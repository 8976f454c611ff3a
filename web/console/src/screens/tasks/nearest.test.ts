import type { LivePerson, LiveState, Point } from '@tashi/shared/api';
import { expect, it } from 'vitest';
import { nearestPeople } from './nearest';

const at = (id: string, state: LiveState, place: Point | null) => ({ employee: { id }, state, at: place }) as unknown as LivePerson;
const SHOP: Point = [118.78, 32.04];

it('takes the nearest people who can come, and prefers the idle one at about the same distance', () => {
  const people = [
    at('far', 'idle', [118.9, 32.04]),
    at('busy', 'visit', [118.782, 32.04]),
    at('idle', 'idle', [118.784, 32.04]),
    at('silent', 'silent', SHOP),
    at('home', 'off_duty', SHOP),
    at('nowhere', 'moving', null),
  ];
  expect(nearestPeople(people, SHOP).map((one) => one.person.employee.id)).toEqual(['idle', 'busy', 'far']);
  expect(nearestPeople(people, SHOP, 1)).toHaveLength(1);
  expect(nearestPeople([], SHOP)).toEqual([]);
});
