import type { Field } from '@tashi/shared/forms/index.ts';
import { describe, expect, it } from 'vitest';
import { condition, holds, recordsQuery, viewOf } from './conditions';
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

describe('a condition', () => {
  const answers = { fridge: true, kinds: ['a', 'b'], metres: 3.5, until: '2027-03-08T09:00', who: '钱塘江', gone: null };
  it.each([
    [{ field: 'fridge', one_of: ['true'] }, true],
    [{ field: 'fridge', one_of: ['false'] }, false],
    [{ field: 'kinds', one_of: ['b', 'c'] }, true],
    [{ field: 'kinds', one_of: ['c'] }, false],
    [{ field: 'metres', from: 3, to: 4 }, true],
    [{ field: 'metres', from: 4 }, false],
    [{ field: 'until', to: '2027-03-08' }, true],
    [{ field: 'until', from: '2027-03-09' }, false],
    [{ field: 'who', contains: '塘' }, true],
    [{ field: 'gone', one_of: ['x'] }, false],
    [{ field: 'nothing', from: 1 }, false],
  ])('%j holds as the server finds: %s', (one, wanted) => {
    expect(holds(one, answers)).toBe(wanted);
  });
});
