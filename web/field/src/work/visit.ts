/** A visit as this phone keeps it: the truth of the screens until and after the server has it. */
import type { FieldFix, Grade, OutsideReason, PhotoPurpose, PinnedForm, PinnedGuide, Point, Step, Task, Visit, VisitStep } from '@tashi/shared/api';
import type { FenceAnswer } from '../geo/fence.ts';
import type { StepAnswer } from './steps.ts';

export interface LocalPhoto {
  id: string;
  step_id: string;
  sha256: string;
  size: number;
  width: number;
  height: number;
  taken_at: string;
  /** Small picture as data URL; empty when the photo was taken on another phone. */
  thumb: string;
  /** A photo unless it says otherwise. */
  purpose?: PhotoPurpose;
}

/** A recording as this phone keeps it; its bytes lie with those of the photos. */
export interface LocalRecording {
  id: string;
  step_id: string;
  duration_ms: number;
  started_at: string;
}

/** A file a person chose as an answer: its bytes lie beside the photos and leave the phone with the record that names it. */
export interface LocalFile {
  id: string;
  /** The step whose form it answers; of what belongs to no visit there is none. */
  step_id?: string;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  /** Of a picture: a small one as data URL. */
  thumb?: string;
}

/** A form as it lies on the disk: what is in its spec concerns only whoever fills it in. */
export type KeptForm = Omit<PinnedForm, 'spec'> & { spec: object };

export interface LocalVisit {
  id: string;
  owner: string;
  task_id: string | null;
  customer: { id: string; name: string; grade: Grade | null; address: string | null; at: Point | null; radius_m: number };
  day: string;
  /** Number of the stop in the day's plan. */
  seq: number | null;
  steps: Step[];
  /** The forms the steps ask for: they stay with the visit, whatever the next snapshot brings. */
  forms?: KeptForm[];
  /** The guides of the steps, for the same reason. */
  guides?: PinnedGuide[];
  /** A visit for practice: it stays on this phone and counts nowhere. */
  practice?: { template_id: string; template: string; steps_version: number };
  min_stay_s: number;
  status: 'open' | 'done';
  check_in: { at: string; entry: string | null; fix: FieldFix | null; fence: FenceAnswer | null; outside?: OutsideReason };
  answers: Record<string, StepAnswer>;
  photos: LocalPhoto[];
  recordings?: LocalRecording[];
  /** Files chosen in its forms. */
  files?: LocalFile[];
  /** Step on the screen, so that a killed app opens there again. */
  current: string | null;
  summary: string;
  check_out_at: string | null;
  /** Last write to the disk, device time. */
  saved_at: string;
}

/** Those of the forms on the phone that steps ask for. */
export function formsOf(steps: readonly Step[], forms: readonly PinnedForm[]): KeptForm[] {
  return forms.filter((form) => steps.some((step) => step.form_id === form.id && step.form_version === form.version));
}

export function guidesOf(steps: readonly Step[], guides: readonly PinnedGuide[]): PinnedGuide[] {
  return guides.filter((guide) => steps.some((step) => step.guide_id === guide.id && step.guide_version === guide.version));
}

/** The server's open visit in the phone's shape, for a phone that does not have it (another device, new install). */
export function adopt(visit: Visit, owner: string, task: Task | undefined, forms: readonly PinnedForm[], guides: readonly PinnedGuide[]): LocalVisit {
  const reading = visit.check_in;
  const fence = reading.distance_m === null ? null : { verdict: reading.verdict, probability: reading.probability, distanceM: reading.distance_m };
  const fix = reading.at && reading.fix_time ? { at: reading.at, accuracy_m: reading.accuracy_m ?? 0, t: reading.fix_time } : null;
  return {
    id: visit.id, owner, task_id: visit.task_id, day: visit.day, seq: task?.seq ?? null,
    customer: { ...visit.customer, address: task?.customer.address ?? null, at: visit.customer_at, radius_m: reading.radius_m },
    steps: visit.steps.map((s) => s.step), forms: formsOf(visit.steps.map((s) => s.step), forms), guides: guidesOf(visit.steps.map((s) => s.step), guides), min_stay_s: task?.min_stay_s ?? 0, status: visit.status,
    check_in: { at: visit.check_in_at, entry: null, fix, fence, ...(visit.outside ? { outside: visit.outside } : {}) },
    answers: Object.fromEntries(visit.steps.map((s) => [s.step.id, {
      status: s.status, value: s.value, photo_ids: s.photos.filter((p) => (p.purpose ?? 'photo') === 'photo').map((p) => p.id), ...proofsOf(s), started_at: s.started_at, ended_at: s.ended_at, reason: s.reason, guide_opened_at: s.guide_opened_at, scan: s.scanned && s.step.point?.code ? { code: s.step.point.code, typed: s.scanned === 'typed' } : null,
    }])),
    photos: visit.steps.flatMap((s) => s.photos.map((p) => ({
      id: p.id, step_id: s.step.id, sha256: p.sha256, size: 0, width: p.width, height: p.height, taken_at: p.taken_at, thumb: '', purpose: p.purpose,
    }))),
    recordings: visit.steps.flatMap((s) => (s.audio ?? []).map((a) => ({ id: a.id, step_id: s.step.id, duration_ms: a.duration_ms, started_at: a.started_at }))),
    current: null, summary: visit.summary ?? '', check_out_at: visit.check_out_at, saved_at: visit.received_at,
  };
}

/** Proofs the server knows of, as this phone would have kept them. A step that is done again is proved again. */
function proofsOf(s: VisitStep): Pick<StepAnswer, 'proof_ids' | 'audio_ids'> {
  const of = (purpose: PhotoPurpose) => s.photos.filter((p) => (p.purpose ?? 'photo') === purpose).map((p) => p.id);
  return { audio_ids: (s.audio ?? []).map((a) => a.id), proof_ids: { photo: s.step.kind === 'photo' ? [] : of('photo'), signature: of('signature'), group_photo: of('group_photo') } };
}

/** Seconds in the shop at `now` (device ms). */
export function stayS(visit: Pick<LocalVisit, 'check_in' | 'check_out_at'>, now: number): number {
  const end = visit.check_out_at ? Date.parse(visit.check_out_at) : now;
  return Math.max(0, Math.round((end - Date.parse(visit.check_in.at)) / 1000));
}
