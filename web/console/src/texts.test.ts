import { allMessages } from '@tashi/shared/i18n';
import { parityFaults } from '@tashi/shared/i18n/parity.ts';
import { expect, it } from 'vitest';

// Every area declares its texts in a file named text.ts beside its screens.
const areas = import.meta.glob('./**/text.ts', { eager: true });

it('all texts of the console exist in both languages with the same placeholders', () => {
  expect(Object.keys(areas).length).toBeGreaterThan(8);
  expect(parityFaults(allMessages())).toEqual([]);
});

it('no two areas share a name', () => {
  const names = Object.values(areas).flatMap((area) =>
    Object.values(area as Record<string, unknown>).flatMap((one) =>
      one && typeof one === 'object' && 'namespace' in one ? [String(one.namespace)] : [],
    ),
  );
  expect(new Set(names).size).toBe(names.length);
});
