import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { describe, expect, it } from 'vitest';
import { begun, changeField, fieldAt, groupsOf, insertField, insertSection, moveTo, newField, nudge, redone, removeField, removeSection, renameKey, stepped, undone, withPart } from './spec';

const SPEC: FormSpec = {
  title: { en: 'T' },
  fields: [
    { key: 'a', type: 'yes_no', label: { en: 'A' } },
    { key: 'b', type: 'text', label: { en: 'B' }, visible: 'form.a == true && form.ab == 1' },
    { key: 'ab', type: 'number', label: { en: 'AB' } },
    { key: 'rows', type: 'table', label: { en: 'R' }, fields: [{ key: 'n', type: 'number', label: { en: 'N' } }, { key: 'm', type: 'number', label: { en: 'M' }, calc: 'row.n * 2' }] },
  ],
};
const keys = (spec: FormSpec) => spec.fields.map((f) => f.key);

describe('editing a form', () => {
  it('puts a new field behind the chosen one, under a free key', () => {
    const field = newField('text', { en: 'Text' }, new Set(['text']));
    expect(field.key).toBe('text_2');
    expect(keys(insertField(SPEC, field, 'a'))).toEqual(['a', 'text_2', 'b', 'ab', 'rows']);
    expect(keys(insertField(SPEC, field, null)).at(-1)).toBe('text_2');
  });

  it('keeps fields in the order of their groups', () => {
    const two = insertSection(SPEC, { en: 'Second' }, 'b');
    expect(groupsOf(two).map((g) => g.fields)).toEqual([['a', 'b'], ['ab', 'rows']]);
    const moved = moveTo(two, 'rows', 'a');
    expect([keys(moved), groupsOf(moved)[0]!.fields]).toEqual([['rows', 'a', 'b', 'ab'], ['rows', 'a', 'b']]);
    expect(groupsOf(nudge(two, 'b', 1)).map((g) => g.fields)).toEqual([['a'], ['b', 'ab', 'rows']]);
    expect(groupsOf(removeSection(two, 1))).toHaveLength(1);
    expect(keys(moveTo(SPEC, 'a', 'ab'))).toEqual(['b', 'ab', 'a', 'rows']);
  });

  it('renames a key wherever it is read, and nothing that only looks like it', () => {
    const spec = renameKey(insertSection(SPEC, { en: 'S' }, 'b'), 'a', 'open');
    expect(fieldAt(spec, 'b')?.visible).toBe('form.open == true && form.ab == 1');
    expect(groupsOf(spec)[0]!.fields).toEqual(['open', 'b']);
    expect(fieldAt(renameKey(SPEC, 'rows.n', 'qty'), 'rows.m')?.calc).toBe('row.qty * 2');
  });

  it('changes, nudges and removes columns of a table', () => {
    expect(fieldAt(changeField(SPEC, 'rows.n', (f) => ({ ...f, label: { en: 'x' } })), 'rows.n')?.label).toEqual({ en: 'x' });
    const table = fieldAt(nudge(SPEC, 'rows.n', 1), 'rows');
    expect(table?.type === 'table' && table.fields.map((f) => f.key)).toEqual(['m', 'n']);
    expect(fieldAt(removeField(SPEC, 'rows.m'), 'rows.m')).toBeUndefined();
    expect(withPart({ key: 'a', type: 'text', label: {}, hint: { en: 'x' } }, 'hint', { en: '' })).toEqual({ key: 'a', type: 'text', label: {} });
  });

  it('undoes and redoes, typing into one place being one step', () => {
    const one = { ...SPEC, title: { en: 'U' } };
    const two = { ...SPEC, title: { en: 'UV' } };
    const history = stepped(stepped(begun(SPEC), one, 'title'), two, 'title');
    expect(undone(history).now).toBe(SPEC);
    expect(redone(undone(history)).now).toBe(two);
    expect(undone(undone(history)).now).toBe(SPEC);
  });
});
