import type { TaskTemplate, TemplateKind } from '@tashi/shared/api';
import { stepBodies, stepDrafts, stepProblem, type StepDraft } from '../planning/draft';

export const TEMPLATE_KINDS: readonly TemplateKind[] = ['visit', 'tour', 'inspection', 'promotion', 'repair', 'sample'];
/** Most steps a template holds. */
export const MAX_STEPS = 40;
/** Longest minimum stay: a day. */
export const MAX_STAY_MIN = 1440;

/** A template as it is being written. */
export interface TemplateDraft {
  name: string;
  kind: TemplateKind;
  /** Minutes a visit must last; none: what the customer's class says. */
  stay: number | null;
  steps: StepDraft[];
}

export function draftOf(template: TaskTemplate | null): TemplateDraft {
  if (!template) return { name: '', kind: 'visit', stay: null, steps: [] };
  return { name: template.name, kind: template.kind, stay: template.min_stay_s === null ? null : template.min_stay_s / 60, steps: stepDrafts(template.steps) };
}

/** The template as the API takes it. */
export function templateBody(draft: TemplateDraft) {
  return { name: draft.name.trim(), kind: draft.kind, min_stay_s: draft.stay === null ? null : Math.round(draft.stay * 60), steps: stepBodies(draft.steps) };
}
export type TemplateBody = ReturnType<typeof templateBody>;

/** Would saving change anything? */
export function differs(draft: TemplateDraft, start: TemplateDraft): boolean {
  return JSON.stringify(templateBody(draft)) !== JSON.stringify(templateBody(start));
}

export type TemplateGap = 'name' | 'steps' | 'faults';

/** What keeps a template from being saved. */
export function gapsOf(draft: TemplateDraft): TemplateGap[] {
  const gaps: TemplateGap[] = [];
  if (!draft.name.trim()) gaps.push('name');
  if (!draft.steps.length) gaps.push('steps');
  if (draft.steps.some((one) => stepProblem(one))) gaps.push('faults');
  return gaps;
}

const STEP_FAULT = /^steps\[(\d+)\]/;

/** Refused fields that belong to a step, by the key of the step. */
export function stepFaults(fields: readonly { field: string; message: string }[], steps: readonly StepDraft[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const one of fields) {
    const step = steps[Number(STEP_FAULT.exec(one.field)?.[1] ?? NaN)];
    if (step) found[step.key] ??= one.message;
  }
  return found;
}
