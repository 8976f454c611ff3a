import { describe, expect, it } from 'vitest';
import type { Step } from '@tashi/shared/api';
import { answersOf, pinnedForm, putPhoto, usedPhotos } from './forms.ts';

const step = { id: 's', kind: 'form', form_id: 'f', form_version: 2 } as Step;
const spec = { title: {}, fields: [] };

describe('forms at steps', () => {
  it('keeps the version the step was planned with, first from the visit itself', () => {
    const old = { id: 'f', version: 1, spec };
    const pinned = { id: 'f', version: 2, spec };
    expect(pinnedForm(step, { forms: [old] }, [])).toBeNull();
    expect(pinnedForm(step, { forms: [old] }, [pinned])).toBe(pinned);
    expect(pinnedForm(step, { forms: [pinned] }, [])).toBe(pinned);
  });

  it('puts a picture where the field is, also in a row', () => {
    const value = { record_id: 'r', answers: { rows: [{ sku: 'a' }, { pic: ['x'] }] } };
    expect(answersOf(putPhoto(value, 'front', 'p1'))).toEqual({ ...value.answers, front: ['p1'] });
    expect(answersOf(putPhoto(value, 'rows.1.pic', 'p2'))).toEqual({ rows: [{ sku: 'a' }, { pic: ['x', 'p2'] }] });
    expect(answersOf(putPhoto({ record_id: 'r', answers: { floor: { result: 'fail', photos: ['a'] } } }, 'floor.photos', 'p3'))).toEqual({ floor: { result: 'fail', photos: ['a', 'p3'] } });
    expect(putPhoto('text', 'front', 'p1')).toBe('text');
  });

  it('sends only the pictures that are still answers', () => {
    expect(usedPhotos({ record_id: 'r', answers: { front: ['a'], rows: [{ pic: ['c'] }] } }, ['a', 'b', 'c'])).toEqual(['a', 'c']);
    expect(usedPhotos(null, ['a'])).toEqual([]);
  });
});
