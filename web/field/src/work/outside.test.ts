import { expect, it } from 'vitest';
import type { PlanChangeRule } from '@tashi/shared/api';
import { outsideRule } from './outside.ts';

const plan_rule: PlanChangeRule = { reorder: 'free', skip: 'free', outside: 'photo', identity: 'none' };

it('asks the class first, then the company', () => {
  const snapshot = { plan_rule, outside_by_class: { shop: 'no' as const } };
  expect([outsideRule(snapshot, 'shop'), outsideRule(snapshot, 'depot'), outsideRule(snapshot, undefined)]).toEqual(['no', 'photo', 'photo']);
  expect(outsideRule({ plan_rule }, 'shop')).toBe('photo');
  expect(outsideRule(null, 'shop')).toBe('reason');
});
