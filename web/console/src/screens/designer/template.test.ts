import type { TaskTemplate } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { differs, draftOf, gapsOf, stepFaults, templateBody } from './template';

const TEMPLATE: TaskTemplate = {
  id: 't', name: '陈列巡查', kind: 'inspection', min_stay_s: 450, active: true, version: 3,
  steps: [{ id: 'a', title: '陈列检查', title_en: null, kind: 'form', mandatory: true, min: null, max: null, options: null, hint: null, form_id: 'f', form_version: null, guide_id: null, guide_required: false, guide_version: null }],
};

describe('visit template', () => {
  it('is sent back as it was read, to the second', () => {
    const { form_version, guide_version, ...step } = TEMPLATE.steps[0]!;
    expect(templateBody(draftOf(TEMPLATE))).toEqual({ name: '陈列巡查', kind: 'inspection', min_stay_s: 450, steps: [step] });
    expect([form_version, guide_version]).toEqual([null, null]);
  });

  it('knows whether leaving would lose something', () => {
    const start = draftOf(TEMPLATE);
    expect(differs({ ...start, name: ' 陈列巡查 ' }, start)).toBe(false);
    expect(differs({ ...start, stay: null }, start)).toBe(true);
    expect(differs({ ...start, steps: [] }, start)).toBe(true);
  });

  it('says what is missing', () => {
    expect(gapsOf(draftOf(null))).toEqual(['name', 'steps']);
    const start = draftOf(TEMPLATE);
    expect(gapsOf(start)).toEqual([]);
    expect(gapsOf({ ...start, steps: [{ ...start.steps[0]!, form: null }] })).toEqual(['faults']);
  });

  it('puts what the server refused at its step', () => {
    const { steps } = draftOf(TEMPLATE);
    const fields = [{ field: 'steps[0].form_id', message: '表单不可用' }, { field: 'steps[7].title', message: '?' }, { field: 'name', message: '?' }];
    expect(stepFaults(fields, steps)).toEqual({ a: '表单不可用' });
  });
});
