import { describe, expect, it } from 'vitest';
import type { Step, StepKind, StepValue } from '@tashi/shared/api';
import { NO_ANSWER, type StepAnswer, currentStep, lackOf, placeSteps, progressOf } from './steps.ts';

const step = (id: string, mandatory: boolean, kind: StepKind = 'text', more: Partial<Step> = {}): Step => ({
  id, title: id, title_en: null, kind, mandatory, min: null, max: null, options: null, hint: null, form_id: null, form_version: null, guide_id: null, guide_required: false, guide_version: null, ...more,
});
const done: StepAnswer = { ...NO_ANSWER, status: 'done' };
const skipped: StepAnswer = { ...NO_ANSWER, status: 'skipped', reason: 'closed' };
const sop = [step('door', true), step('note', false), step('shelf', true), step('order', false), step('count', true)];
const states = (answers: Record<string, StepAnswer>) => placeSteps(sop, answers).map((p) => p.state);

describe('step order', () => {
  it('locks everything behind the first mandatory step', () => {
    expect(states({})).toEqual(['open', 'locked', 'locked', 'locked', 'locked']);
    expect(placeSteps(sop, {})[2]?.waitsFor?.id).toBe('door');
  });
  it('opens up to the next mandatory step, and optional ones need not be done', () => {
    expect(states({ door: done })).toEqual(['done', 'open', 'open', 'locked', 'locked']);
    expect(states({ door: done, shelf: done })).toEqual(['done', 'open', 'done', 'open', 'open']);
  });
  it('a skip with reason unlocks, but is counted', () => {
    const places = placeSteps(sop, { door: skipped });
    expect(places[2]?.state).toBe('open');
    expect(progressOf(places)).toMatchObject({ settled: 1, total: 5 });
    expect(progressOf(places).skipped.map((s) => s.id)).toEqual(['door']);
    expect(progressOf(places).missing.map((s) => s.id)).toEqual(['shelf', 'count']);
  });
  it('resumes at the step the person left, unless it is locked', () => {
    const places = placeSteps(sop, { door: done });
    expect(currentStep(places, 'shelf')?.step.id).toBe('shelf');
    expect(currentStep(places, 'count')?.step.id).toBe('note');
    expect(currentStep(placeSteps([step('a', true)], { a: done }), null)).toBeNull();
  });
});

describe('what a step lacks', () => {
  const lack = (kind: StepKind, value: StepValue, more: Partial<Step> = {}, photo_ids: string[] = []) =>
    lackOf(step('s', true, kind, more), { ...NO_ANSWER, value, photo_ids })?.code ?? null;
  it('photos: at least one, and no more than allowed', () => {
    expect(lack('photo', null)).toBe('photos_min');
    expect(lack('photo', null, { min: 2 }, ['1'])).toBe('photos_min');
    expect(lack('photo', null, { max: 1 }, ['1', '2'])).toBe('photos_max');
    expect(lack('photo', null, { min: 1, max: 2 }, ['1'])).toBeNull();
  });
  it('text counts characters as people do', () => {
    expect(lack('text', '  ')).toBe('write');
    expect(lack('text', '冰柜', { min: 3 })).toBe('text_min');
    expect(lack('text', '👍👍👍', { min: 3, max: 3 })).toBeNull();
  });
  it('numbers keep their bounds, zero is a number', () => {
    expect(lack('number', null)).toBe('number');
    expect(lack('number', 0, { min: 0 })).toBeNull();
    expect(lack('number', 350, { max: 99 })).toBe('number_max');
  });
  it('no is an answer', () => {
    expect(lack('yes_no', false)).toBeNull();
    expect(lack('yes_no', null)).toBe('answer');
    expect(lack('choice', [])).toBe('choose');
  });
});

describe('a guide that must be opened', () => {
  const guided = step('pour', true, 'yes_no', { guide_id: 'g', guide_version: 2, guide_required: true });
  it('locks its step until then, and only where one is pinned', () => {
    expect(lackOf(guided, { ...NO_ANSWER, value: true })?.code).toBe('guide');
    expect(lackOf(guided, { ...NO_ANSWER, value: true, guide_opened_at: '2026-11-20T01:00:00Z' })).toBeNull();
    expect(lackOf({ ...guided, guide_version: null }, { ...NO_ANSWER, value: true })).toBeNull();
    expect(lackOf({ ...guided, guide_required: false }, { ...NO_ANSWER, value: true })).toBeNull();
  });
});
