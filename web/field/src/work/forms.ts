/** Forms at steps of visits: what formulas may look at, and pictures as answers. Pure. */
import type { Customer, FormValue, PinnedForm, Step, StepValue } from '@tashi/shared/api';
import type { Answers, Surroundings, Value } from '@tashi/shared/forms/index.ts';
import { formValue } from './steps.ts';
import type { KeptForm, LocalVisit } from './visit.ts';

/** The form of a step, in the version pinned to it; null when it has not reached the phone. */
export function pinnedForm(step: Step, visit: Pick<LocalVisit, 'forms'>, snapshot: readonly PinnedForm[]): PinnedForm | null {
  const same = (form: KeptForm) => form.id === step.form_id && form.version === step.form_version;
  return (visit.forms?.find(same) as PinnedForm | undefined) ?? snapshot.find(same) ?? null;
}

/** The same as the server makes of its own rows (`crates/domain/formbook/src/records/judge.rs`), so that both judge alike. */
export function surroundings(visit: LocalVisit, customer: Customer | null, user: { id: string; name: string; department: string }, task: { title: string; custom?: Record<string, unknown> } | null): Surroundings {
  const { id, name, grade } = visit.customer;
  return {
    customer: customer
      ? { ...(customer.custom as Answers), id: customer.id, name: customer.name, code: customer.code, grade: customer.grade, class: customer.class.name, tags: customer.tags, status: customer.status }
      : { id, name, grade, code: null, class: null, tags: [], status: 'active' },
    user,
    task: task === null ? null : { ...(task.custom as Answers | undefined), title: task.title },
    today: visit.day,
  };
}

export const answersOf = (value: StepValue): Answers => (formValue(value)?.answers ?? {}) as Answers;

/** Puts a picture into the answers at `front`, `rows.0.pic` or `item.photos`: into the list of a photo field or a checked item. */
export function putPhoto(value: StepValue, field: string, photo: string): StepValue {
  const form = formValue(value);
  if (!form) return value;
  return { ...form, answers: put((form.answers ?? {}) as Answers, field.split('.'), photo) };
}

function put(answers: Answers, [key = '', row, ...rest]: string[], photo: string): Answers {
  const known = answers[key];
  const list: Value[] = Array.isArray(known) ? known : [];
  if (row === undefined) return { ...answers, [key]: [...list, photo] };
  // The pictures of an item that is checked.
  if (row === 'photos') {
    const item = known !== null && typeof known === 'object' && !Array.isArray(known) ? known : {};
    return { ...answers, [key]: { ...item, photos: [...(Array.isArray(item.photos) ? item.photos : []), photo] } };
  }
  const rows = list.map((one, n) => (n === Number(row) && one !== null && typeof one === 'object' && !Array.isArray(one) ? put(one, rest, photo) : one));
  return { ...answers, [key]: rows };
}

/** Which of the step's pictures are answers now. */
export function usedPhotos(form: FormValue | null, taken: readonly string[]): string[] {
  const text = JSON.stringify(form?.answers ?? {});
  return taken.filter((id) => text.includes(id));
}
