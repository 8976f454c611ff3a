import { expect, test } from 'vitest';
import type { Territory } from '@tashi/shared/api';
import { bodyOf, draftOf, emptyDraft, freeColour, isReady } from './draft';

const divided: Territory = {
  id: '1', name: '一区 1', colour: 3, responsible: { id: 'p', name: '张伟' }, department: { id: 'd', name: '一区' }, polygon: null,
  outline: [], customers: 4, elsewhere: 0, visits: 8, minutes: 240, version: 7,
};

test('a new one needs a name and three corners', () => {
  const draft = { ...emptyDraft(4), name: '城东' };
  expect(isReady(draft)).toBe(false);
  const drawn = { ...draft, corners: [[118, 32], [118.1, 32], [118, 32.1]] as [number, number][] };
  expect(isReady(drawn)).toBe(true);
  expect(bodyOf(drawn)).toEqual({ id: drawn.id, name: '城东', colour: 4, responsible_id: null, polygon: drawn.corners });
});

test('one that was divided keeps its customers when it is renamed', () => {
  const draft = { ...draftOf(divided), name: ' 南片 ' };
  expect(isReady(draft)).toBe(true);
  expect(bodyOf(draft)).toEqual({ name: '南片', colour: 3, responsible_id: 'p', department_id: 'd' });
});

test('a new one has the colour used least, the first of them', () => {
  expect(freeColour([], 3)).toBe(0);
  expect(freeColour([{ colour: 0 }, { colour: 2 }], 3)).toBe(1);
  expect(freeColour([{ colour: 0 }, { colour: 1 }, { colour: 2 }, { colour: 0 }], 3)).toBe(1);
});
