import type { Field } from '@tashi/shared/forms/index.ts';
import { describe, expect, it } from 'vitest';
import { condition, recordsQuery, viewOf } from './conditions';
import { parseRecordsSearch } from './search';

const label = { en: 'x' };
const budget: Field = { key: 'budget', type: 'number', label };
const kind: Field = { key: 'kind', type: 'choice', label, options: [] };
const start: Field = { key: 'start', type: 'date', label };
const name: Field = { key: 'name', type: 'text', label };
const spot: Field = { key: 'spot', type: 'place', label };

describe('conditions of the address', () => {
  it('mean what the server understands', () => {
    expect(condition(budget, '10~20')).toEqual({ field: 'budget', from: 10, to: 20 });
    expect(condition(budget, '~0.5')).toEqual({ field: 'budget', to: 0.5 });
    expect(condition(budget, 'x~')).toBeNull();
    expect(condition(kind, 'a,b')).toEqual({ field: 'kind', one_of: ['a', 'b'] });
    expect(condition(start, '2026-11-01~')).toEqual({ field: 'start', from: '2026-11-01' });
    expect(condition(name, '秋')).toEqual({ field: 'name', contains: '秋' });
    expect(condition(spot, 'x')).toBeNull();
  });
  it('are at most four, and drawers are no filter', () => {
    const search = parseRecordsSearch({ q: '秋', 'f.kind': 'a', 'f.budget': '1~', 'F.x': '1', record: 'r', edit: '1', import: 'start', what: 'x' });
    expect(search).toEqual({ q: '秋', 'f.kind': 'a', 'f.budget': '1~', record: 'r', edit: '1', import: 'start' });
    expect(recordsQuery(search, [budget, kind, start]).filter).toBe('[{"field":"budget","from":1},{"field":"kind","one_of":["a"]}]');
    const many = Array.from({ length: 6 }, (_, k): Field => ({ ...kind, key: `k${k}` }));
    const all = Object.fromEntries(many.map((one) => [`f.${one.key}`, 'a']));
    expect(JSON.parse(String(recordsQuery(all, many).filter))).toHaveLength(4);
    expect(viewOf(search)).toEqual({ q: '秋', 'f.kind': 'a', 'f.budget': '1~' });
  });
});
