import type { CustomerPoint } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, filterPool, kindChanged, missing, moved, splitOptions, stepBodies, stepDrafts, stepProblem, toggled, type StepDraft } from './draft';

const STEP: StepDraft = { key: '1', title: '初步采购意向', kind: 'choice', mandatory: true, min: null, options: '有意向、再考虑，无意向' };

describe('plan draft', () => {
  it('says what is missing before it can be saved', () => {
    expect(missing(EMPTY_DRAFT, undefined, [])).toEqual(['person', 'customers', 'steps']);
    expect(missing({ ...EMPTY_DRAFT, template: 't' }, 'p', ['c'])).toEqual([]);
    expect(missing({ ...EMPTY_DRAFT, template: 't', window: { from_minute: 600, to_minute: 600 } }, 'p', ['c'])).toEqual(['window']);
    expect(missing({ ...EMPTY_DRAFT, requirement: 'own', steps: [{ ...STEP, options: '只有一个' }] }, 'p', ['c'])).toEqual(['steps']);
    expect(missing({ ...EMPTY_DRAFT, requirement: 'own', steps: [STEP] }, 'p', ['c'])).toEqual([]);
  });

  it('reads options however they are separated', () => {
    expect(splitOptions('有意向、再考虑，无意向, 有意向 ;')).toEqual(['有意向', '再考虑', '无意向']);
  });

  it('sends only what fits the kind of a step', () => {
    expect(stepBodies([STEP])[0]).toMatchObject({ kind: 'choice', options: ['有意向', '再考虑', '无意向'], min: null });
    expect(stepBodies([{ ...STEP, kind: 'photo', min: 2 }])[0]).toMatchObject({ kind: 'photo', options: null, min: 2 });
    expect(stepProblem({ ...STEP, title: ' ' })).toBe('title');
  });

  it('sends steps that were only read back as they were, and gives another kind no limits of the old one', () => {
    const step = { title: '陈列', title_en: 'Display', hint: '三步之外拍', mandatory: false, min: null, max: null, options: null, form_id: null, guide_id: null, guide_required: false };
    const read = [
      { ...step, id: 'a', kind: 'photo' as const, min: 2, max: 5 },
      { ...step, id: 'b', kind: 'choice' as const, options: ['大, 中', '小、无'] },
      { ...step, id: 'c', kind: 'number' as const, min: 0, max: 100 },
      { ...step, id: 'd', kind: 'form' as const, form_id: 'f' },
    ];
    const drafts = stepDrafts(read.map((one) => ({ ...one, form_version: null, guide_version: null })));
    expect(stepBodies(drafts)).toEqual(read);
    expect(stepBodies([{ ...drafts[1]!, options: '大、小' }])[0]!.options).toEqual(['大', '小']);
    expect(stepBodies([{ ...drafts[0]!, ...kindChanged('text') }])[0]).toMatchObject({ kind: 'text', min: null, max: null });
    expect(stepProblem({ ...drafts[2]!, min: 101 })).toBe('limits');
  });

  it('moves a stop and leaves the others in order', () => {
    expect(moved(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  });

  it('adds at the end, once, and removes', () => {
    expect(toggled(['a'], ['b', 'a'], true)).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], ['a'], false)).toEqual(['b']);
  });
});

describe('pool', () => {
  const point = (name: string, last: string | null, more: Partial<CustomerPoint> = {}): CustomerPoint =>
    ({ id: name, name, grade: 'A', at: [118, 32], owner_id: 'p', territory_id: null, last_visit_day: last, status: 'active', ...more });
  const all = [point('new', null), point('old', '2026-11-01'), point('fresh', '2026-11-19'), point('gone', null, { status: 'archived' }), point('other', '2026-11-01', { owner_id: 'q', grade: 'B' })];
  const names = (filter: Partial<Parameters<typeof filterPool>[1]>) =>
    filterPool(all, { q: '', grades: [], owner: null, due: false, ...filter }, '2026-11-20').map((one) => one.name);

  it('shows the longest unvisited first and never an archived one', () => {
    expect(names({})).toEqual(['new', 'old', 'other', 'fresh']);
  });

  it('narrows by owner, grade, text and due date', () => {
    expect(names({ owner: 'q' })).toEqual(['other']);
    expect(names({ grades: ['A'], due: true })).toEqual(['new', 'old']);
    expect(names({ q: 'FRE' })).toEqual(['fresh']);
  });
});
