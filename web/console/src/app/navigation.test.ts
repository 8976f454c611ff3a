import { expect, it } from 'vitest';
import { NAVIGATION } from './navigation';

it('no two pages share a shortcut', () => {
  const letters = NAVIGATION.map((one) => one.shortcut);
  expect(letters.filter((one, n) => letters.indexOf(one) !== n)).toEqual([]);
  for (const letter of letters) expect(letter).toMatch(/^[a-z]$/);
});
