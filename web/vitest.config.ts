import { defineConfig } from 'vitest/config';

/** `npm test` runs the unit tests of all three packages; the phone app keeps a configuration of its own. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'shared', root: 'shared', include: ['src/**/*.test.{ts,tsx}'] } },
      { test: { name: 'console', root: 'console', include: ['src/**/*.test.{ts,tsx}'] } },
      './field/vitest.config.ts',
    ],
  },
});
