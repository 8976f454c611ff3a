import { describe, expect, it } from 'vitest';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { listsOf } from './choices.ts';

describe('lists that forms ask for', () => {
  it('are found in tables too, and no others are fetched', () => {
    const spec: FormSpec = {
      title: { en: 't' },
      fields: [
        { key: 'shop', label: { en: 's' }, type: 'reference', to: 'customer' },
        { key: 'pump', label: { en: 'p' }, type: 'reference', to: 'equipment' },
        { key: 'rows', label: { en: 'r' }, type: 'table', fields: [{ key: 'sku', label: { en: 'k' }, type: 'reference', to: 'product' }] },
      ],
    };
    expect([...listsOf([spec])]).toEqual(['equipment', 'product']);
    expect([...listsOf([{ title: {}, fields: spec.fields.slice(0, 1) }])]).toEqual([]);
  });
});
