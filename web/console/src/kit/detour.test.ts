import { describe, expect, it } from 'vitest';
import { isDetour } from './detour';

describe('a day that was longer than it had to be', () => {
  it('is one beyond the share and by a way worth a word', () => {
    expect([isDetour(38_000, 25_000, 1350), isDetour(33_000, 25_000, 1350), isDetour(3_000, 1_500, 1350), isDetour(38_000, null, 1350)]).toEqual([true, false, false, false]);
  });
});
