import { describe, expect, it } from 'vitest';
import { type EnglishText, allMessages } from '@tashi/shared/i18n';

// Every text file of the app, so that all areas are declared.
const files = import.meta.glob(['./**/text.ts', './screens/inbox/InboxScreen.tsx'], { eager: true });
const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort().join();
const forms = (text: EnglishText) => (typeof text === 'string' ? [text] : [text.one, text.other]);

describe('texts', () => {
  const areas = allMessages().filter((m) => m.namespace.startsWith('field.'));
  it('are complete in both languages, with the same values', () => {
    expect(Object.keys(files).length).toBeGreaterThan(7);
    expect(areas.length).toBeGreaterThanOrEqual(9);
    for (const { namespace, zh, en } of areas) {
      expect(Object.keys(en).sort(), namespace).toEqual(Object.keys(zh).sort());
      for (const [key, chinese] of Object.entries(zh)) {
        expect(chinese, `${namespace}.${key}`).not.toBe('');
        for (const english of forms(en[key] ?? '')) {
          expect(english, `${namespace}.${key}`).not.toBe('');
          expect(values(english), `${namespace}.${key}`).toBe(values(chinese));
        }
      }
    }
  });
});
