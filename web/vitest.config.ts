import { defineConfig } from 'vitest/config';

/** Milliseconds: a busy machine is no failure. */
const testTimeout = 30_000;

/** `npm test` runs the unit tests of all three packages; the phone app keeps a configuration of its own. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'shared', root: 'shared', include: ['src/**/*.test.{ts,tsx}'], testTimeout } },
      { test: { name: 'console', root: 'console', include: ['src/**/*.test.{ts,tsx}'], testTimeout } },
      './field/vitest.config.ts',
    ],
  },
});
