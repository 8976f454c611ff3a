/** The order of a visit: what is done, what is open, what is locked and by what. Pure. */
import type { FieldFix, FormValue, PasskeyConfirmation, Step, StepProof, StepValue } from '@tashi/shared/api';

/** What the person has answered so far; saved on every key. */
export interface StepAnswer {
  status: 'todo' | 'done' | 'skipped';
  value: StepValue;
  photo_ids: string[];
  started_at: string | null;
  ended_at: string | null;
  reason: string | null;
  /** When the guide of the step was opened; absent until then. */
  guide_opened_at?: string | null;
  /** The label of its point, as it was read; absent until then. */
  scan?: { code: string; typed: boolean } | null;
  /** Pictures taken as proofs, apart from those the step itself asks for. */
  proof_ids?: Partial<Record<PictureProof, string[]>>;
  /** Recordings made at the step. */
  audio_ids?: string[];
  /** Where the person was when he proved it. */
  place?: FieldFix | null;
  /** The customer's code, as it was read. */
  code?: { text: string; at: string; typed?: boolean } | null;
  /** The person's passkey, used for this step. */
  passkey?: PasskeyConfirmation | null;
}

/** Proofs that are pictures. */
export type PictureProof = Extract<StepProof, 'photo' | 'signature' | 'group_photo'>;

export const NO_ANSWER: StepAnswer = { status: 'todo', value: null, photo_ids: [], started_at: null, ended_at: null, reason: null };

export interface StepPlace {
  step: Step;
  answer: StepAnswer;
  state: 'done' | 'skipped' | 'open' | 'locked';
  /** The mandatory step that must be done or skipped first. */
  waitsFor: Step | null;
}

/** A step is locked until every mandatory step before it is done, or skipped with a reason. */
export function placeSteps(steps: readonly Step[], answers: Readonly<Record<string, StepAnswer>>): StepPlace[] {
  let waitsFor: Step | null = null;
  return steps.map((step): StepPlace => {
    const answer = answers[step.id] ?? NO_ANSWER;
    if (answer.status !== 'todo') return { step, answer, state: answer.status, waitsFor: null };
    const place: StepPlace = { step, answer, state: waitsFor ? 'locked' : 'open', waitsFor };
    if (step.mandatory) waitsFor ??= step;
    return place;
  });
}

/** Where to stand: the wanted step if it is open, else the first open one; null when nothing is open. */
export function currentStep(places: readonly StepPlace[], wanted: string | null): StepPlace | null {
  return places.find((p) => p.step.id === wanted && p.state === 'open') ?? places.find((p) => p.state === 'open') ?? null;
}

export interface Lack {
  code: 'photos_min' | 'photos_max' | 'choose' | 'write' | 'text_min' | 'text_max' | 'number' | 'number_min' | 'number_max' | 'answer' | 'form' | 'guide' | 'scan' | 'proof';
  /** The bound that is not met. */
  bound: number;
  proof?: StepProof;
}

/** Must the guide of this step be opened before it can be done? */
export function guideLocks(step: Step, answer: StepAnswer): boolean {
  return !!step.guide_required && step.guide_version != null && !answer.guide_opened_at;
}

/** Must the label of this point be read before anything else can be done? */
export function scanLocks(step: Step, answer: StepAnswer): boolean {
  return !!step.point?.code && !answer.scan;
}

/** Is this proof of the step there? */
export function hasProof(step: Step, answer: StepAnswer, proof: StepProof): boolean {
  switch (proof) {
    case 'place': return !!answer.place;
    case 'code': return !!answer.code;
    case 'passkey': return !!answer.passkey;
    case 'audio': return (answer.audio_ids?.length ?? 0) > 0;
    // A photo step proves itself.
    case 'photo': return step.kind === 'photo' || (answer.proof_ids?.photo?.length ?? 0) > 0;
    default: return (answer.proof_ids?.[proof]?.length ?? 0) > 0;
  }
}

/** The first proof that is still to be brought: those after it, and the step itself, stay locked until then. */
export function proofLocks(step: Step, answer: StepAnswer): StepProof | null {
  return step.proofs?.find((proof) => !hasProof(step, answer, proof)) ?? null;
}

/** A code as a screen or a sheet at a customer says it, scanned or typed; null for anything else. */
export function codeOf(said: string): string | null {
  const text = said.trim();
  if (/^tashi-code:[0-9a-f-]{36}:[0-9a-z]{8,16}$/i.test(text)) return text;
  const plain = text.replace(/[\s-]/g, '');
  return /^(\d{8}|[0-9a-f]{16})$/i.test(plain) ? plain : null;
}

/** What was read, when it belongs to the point: the word of its label, also inside the address the label holds, or the number on it. */
export function labelOf(step: Step, said: string): string | null {
  const word = said.trim().replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').at(-1) ?? '';
  const known = [step.point?.code, step.point?.number].find((one) => one && one.trim().toLowerCase() === word.toLowerCase());
  return known ?? null;
}

/** The form filled in at a step; null while there is none. */
export function formValue(value: StepValue): FormValue | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
}

/** What still keeps a step from being done; null when nothing does. */
export function lackOf(step: Step, answer: StepAnswer): Lack | null {
  const { value } = answer;
  if (scanLocks(step, answer)) return { code: 'scan', bound: 0 };
  if (guideLocks(step, answer)) return { code: 'guide', bound: 0 };
  const proof = proofLocks(step, answer);
  if (proof) return { code: 'proof', bound: 0, proof };
  switch (step.kind) {
    case 'photo': {
      const min = step.min ?? 1;
      if (answer.photo_ids.length < min) return { code: 'photos_min', bound: min };
      if (step.max !== null && answer.photo_ids.length > step.max) return { code: 'photos_max', bound: step.max };
      return null;
    }
    case 'choice': {
      const chosen = Array.isArray(value) ? value.length : typeof value === 'string' && value !== '' ? 1 : 0;
      return chosen === 0 ? { code: 'choose', bound: 1 } : null;
    }
    case 'text': {
      const length = typeof value === 'string' ? [...value.trim()].length : 0;
      if (length === 0) return { code: 'write', bound: 1 };
      if (step.min !== null && length < step.min) return { code: 'text_min', bound: step.min };
      if (step.max !== null && length > step.max) return { code: 'text_max', bound: step.max };
      return null;
    }
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return { code: 'number', bound: 0 };
      if (step.min !== null && value < step.min) return { code: 'number_min', bound: step.min };
      if (step.max !== null && value > step.max) return { code: 'number_max', bound: step.max };
      return null;
    }
    case 'yes_no':
      return typeof value === 'boolean' ? null : { code: 'answer', bound: 0 };
    case 'form':
      // Whether its answers hold is judged where the form is; see `finishStep`.
      return formValue(value) ? null : { code: 'form', bound: 0 };
    case 'confirm':
      return null;
  }
}

export interface Progress {
  settled: number;
  total: number;
  /** Mandatory steps neither done nor skipped. */
  missing: Step[];
  /** Mandatory steps skipped with a reason: the visit will not count as effective. */
  skipped: Step[];
}

export function progressOf(places: readonly StepPlace[]): Progress {
  const mandatory = places.filter((p) => p.step.mandatory);
  return {
    settled: places.filter((p) => p.state === 'done' || p.state === 'skipped').length,
    total: places.length,
    missing: mandatory.filter((p) => p.answer.status === 'todo').map((p) => p.step),
    skipped: mandatory.filter((p) => p.answer.status === 'skipped').map((p) => p.step),
  };
}
