import { expect, it } from 'vitest';
import { needsFirst, orderOf } from './byGoal';

const lines = ['overdue', 'skipped', 'ineffective', 'new_kind', 'cannot_tell', 'silent'].map((kind) => ({ kind }));

it('what was chosen in the wizard stands first on Home', () => {
  expect(orderOf('truth').columns[0]).toBe('needs');
  expect(orderOf('efficiency').columns[0]).toBe('out');
  expect(orderOf('cost').sums[0]).toBe('driven');
  expect(needsFirst('truth', lines)[0]?.kind).toBe('ineffective');
  expect(needsFirst('efficiency', lines)[0]?.kind).toBe('overdue');
});

it('nothing is lost by the order, whatever the goal', () => {
  for (const goal of ['truth', 'efficiency', 'cost', 'something new']) {
    expect([...orderOf(goal).columns].sort()).toEqual(['late', 'needs', 'out']);
    expect(orderOf(goal).sums).toContain('effective');
    expect(needsFirst(goal, lines).map((one) => one.kind).sort()).toEqual(lines.map((one) => one.kind).sort());
    expect(needsFirst(goal, lines).at(-1)?.kind).toBe('new_kind');
  }
});
