import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gather } from './gather';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('the first news is answered at once, a burst with one more call after it', () => {
  const calls: string[] = [];
  const { ask } = gather((key) => calls.push(key), 1000);
  ask('visits');
  expect(calls).toEqual(['visits']);
  for (let i = 0; i < 50; i++) ask('visits');
  expect(calls).toEqual(['visits']);
  // Another list does not wait for the first.
  ask('plans');
  expect(calls).toEqual(['visits', 'plans']);
  vi.advanceTimersByTime(1000);
  expect(calls).toEqual(['visits', 'plans', 'visits']);
  // And then it is quiet: no more calls, and the next news is at once again.
  vi.advanceTimersByTime(5000);
  expect(calls).toHaveLength(3);
  ask('visits');
  expect(calls).toHaveLength(4);
});

it('an unending burst is one call a second', () => {
  let calls = 0;
  const { ask } = gather(() => calls++, 1000);
  for (let ms = 0; ms < 10_000; ms += 50) {
    ask('visits');
    vi.advanceTimersByTime(50);
  }
  expect(calls).toBeGreaterThanOrEqual(10);
  expect(calls).toBeLessThanOrEqual(11);
});

it('nothing is called after the page has gone', () => {
  let calls = 0;
  const { ask, stop } = gather(() => calls++, 1000);
  ask('visits');
  ask('visits');
  stop();
  vi.advanceTimersByTime(5000);
  expect(calls).toBe(1);
});
