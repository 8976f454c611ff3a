import { expect, test } from 'vitest';
import { BURST_MS, bursting, startBurst } from './burst.ts';

test('a burst lasts 45 seconds from the last press', () => {
  expect(bursting(1_000)).toBe(false);
  startBurst(1_000);
  expect(bursting(1_000 + BURST_MS - 1)).toBe(true);
  expect(bursting(1_000 + BURST_MS)).toBe(false);
  startBurst(50_000);
  expect(bursting(94_999)).toBe(true);
});
