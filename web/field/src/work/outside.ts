/** What a check-in from outside the fence asks for. Pure. */
import type { FieldSnapshot, OutsideRule, Step } from '@tashi/shared/api';

/** The rule at a customer of this class: the class's own, else the company's. */
export function outsideRule(snapshot: Pick<FieldSnapshot, 'plan_rule' | 'outside_by_class'> | null, classId: string | undefined): OutsideRule {
  return (classId ? snapshot?.outside_by_class?.[classId] : undefined) ?? snapshot?.plan_rule?.outside ?? 'reason';
}

/** The photo of the place as the server makes it: a step before all others, under the id of the visit. */
export function placePhotoStep(visitId: string): Step {
  return {
    id: visitId, title: '现场照片', title_en: 'Photo of the place', kind: 'photo', mandatory: true, min: 1, max: 5,
    options: null, hint: null, form_id: null, form_version: null, guide_id: null, guide_required: false, guide_version: null,
  };
}
