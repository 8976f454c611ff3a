import type { CustomerPoint, Day, Id, Objective, Step, StepKind, StepProof, Window } from '@tashi/shared/api';
import { daysBetween, format } from '@tashi/shared/i18n';

/** A step as it is being written; the server gives it its id. */
export interface StepDraft {
  key: string;
  title: string;
  kind: StepKind;
  mandatory: boolean;
  /** Photos: at least this many. */
  min: number | null;
  /** Choices: as typed. */
  options: string;
  /** Of a form step. */
  form?: Id | null;
  /** The article that explains it. */
  guide?: Id | null;
  /** It stays locked until its guide was opened. */
  guideRequired?: boolean;
  /** What proves it, in the order asked for. */
  proofs?: readonly StepProof[];
  /** Longest recording, seconds. */
  audioMaxS?: number | null;
  /** Minutes it should take at most. */
  limitMin?: number | null;
  /** Of a step that exists: reports know it by this. */
  id?: Id;
  titleEn?: string;
  hint?: string;
  /** Most photos, longest text, largest number. */
  max?: number | null;
  /** Options as they were read: kept to the letter as long as nobody types, even those with a comma in them. */
  given?: readonly string[];
}

/** Everything of a plan that is not in the address. */
export interface Draft {
  window: Window;
  objective: Objective;
  requirement: 'template' | 'own';
  template: Id | null;
  steps: StepDraft[];
  note: string;
  /** The order was changed by hand and must be kept. */
  manual: boolean;
}

export const EMPTY_DRAFT: Draft = {
  window: { from_minute: 540, to_minute: 1020 },
  objective: 'distance',
  requirement: 'template',
  template: null,
  steps: [],
  note: '',
  manual: false,
};

/** Options as typed: separated by 、 or commas, doubles and blanks dropped. */
export function splitOptions(text: string): string[] {
  return [...new Set(text.split(/[、,，;；\n]/).map((one) => one.trim()).filter(Boolean))];
}

const joined = (options: readonly string[]) => format().names(options);

/** Steps as read, to be written on. */
export function stepDrafts(steps: readonly Step[]): StepDraft[] {
  return steps.map((step) => ({
    key: step.id, id: step.id, title: step.title, titleEn: step.title_en ?? '', hint: step.hint ?? '', kind: step.kind, mandatory: step.mandatory,
    min: step.min, max: step.max, options: joined(step.options ?? []), given: step.options ?? undefined, form: step.form_id, guide: step.guide_id, guideRequired: step.guide_required, proofs: step.proofs ?? [], audioMaxS: step.audio_max_s ?? null, limitMin: step.limit_s ? step.limit_s / 60 : null,
  }));
}

/** Another kind has limits of its own. */
export function kindChanged(kind: StepKind): Partial<StepDraft> {
  return { kind, min: kind === 'photo' ? 1 : null, max: null };
}

const LIMITED: readonly StepKind[] = ['photo', 'text', 'number'];

export function stepProblem(step: StepDraft): 'title' | 'options' | 'form' | 'limits' | 'proofs' | null {
  if (!step.title.trim()) return 'title';
  if (LIMITED.includes(step.kind) && step.min != null && step.max != null && step.min > step.max) return 'limits';
  if (step.kind === 'choice' && splitOptions(step.options).length < 2) return 'options';
  if (step.kind === 'form' && !step.form) return 'form';
  if (step.kind === 'confirm' && !step.proofs?.length) return 'proofs';
  return null;
}

/** The steps as the API takes them. */
export function stepBodies(steps: readonly StepDraft[]): (Omit<Step, 'id' | 'form_version' | 'guide_version'> & { id?: Id })[] {
  return steps.map((step) => ({
    id: step.id,
    title: step.title.trim(),
    title_en: step.titleEn?.trim() || null,
    kind: step.kind,
    mandatory: step.mandatory,
    min: step.kind === 'photo' ? step.min ?? 1 : step.kind === 'text' || step.kind === 'number' ? step.min : null,
    max: LIMITED.includes(step.kind) ? (step.max ?? null) : null,
    options: step.kind === 'choice' ? (step.given && step.options === joined(step.given) ? [...step.given] : splitOptions(step.options)) : null,
    hint: step.hint?.trim() || null,
    form_id: step.kind === 'form' ? (step.form ?? null) : null,
    guide_id: step.guide ?? null,
    guide_required: !!step.guide && !!step.guideRequired,
    ...(step.proofs?.length ? { proofs: [...step.proofs] } : {}),
    ...(step.limitMin ? { limit_s: Math.round(step.limitMin * 60) } : {}),
    ...(step.proofs?.includes('audio') && step.audioMaxS ? { audio_max_s: step.audioMaxS } : {}),
  }));
}

export type Missing = 'person' | 'customers' | 'window' | 'steps';

/** What keeps a plan from being saved. */
export function missing(draft: Draft, person: Id | undefined, customers: readonly Id[]): Missing[] {
  const gaps: Missing[] = [];
  if (!person) gaps.push('person');
  if (!customers.length) gaps.push('customers');
  if (draft.window.to_minute <= draft.window.from_minute) gaps.push('window');
  if (draft.requirement === 'template' ? !draft.template : !draft.steps.length || draft.steps.some((one) => stepProblem(one))) gaps.push('steps');
  return gaps;
}

/** Moves one element; other places keep their order. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

/** Adds and keeps the order of what is there; removing is the same with `on = false`. */
export function toggled(list: readonly Id[], ids: readonly Id[], on: boolean): Id[] {
  if (!on) return list.filter((id) => !ids.includes(id));
  return [...list, ...ids.filter((id) => !list.includes(id))];
}

/** Pool filters of the left column. */
export interface PoolFilter {
  q: string;
  grades: string[];
  /** Only customers of this person. */
  owner: Id | null;
  /** Only customers without a visit for a week. */
  due: boolean;
}
export const DUE_DAYS = 7;

/** Customers to choose from: longest unvisited first, never visited before all. */
export function filterPool(all: readonly CustomerPoint[], filter: PoolFilter, day: Day): CustomerPoint[] {
  const word = filter.q.trim().toLowerCase();
  return all
    .filter((one) => {
      if (one.status === 'archived') return false;
      if (word && !one.name.toLowerCase().includes(word)) return false;
      if (filter.grades.length && !filter.grades.includes(one.grade ?? '')) return false;
      if (filter.owner && one.owner_id !== filter.owner) return false;
      return !filter.due || !one.last_visit_day || daysBetween(one.last_visit_day, day) >= DUE_DAYS;
    })
    .sort((a, b) => (a.last_visit_day ?? '').localeCompare(b.last_visit_day ?? '') || a.name.localeCompare(b.name, 'zh-CN'));
}
