/** Templates, plans and tasks. */
import type { Window } from './calendar';
import type { PlanChange, SkipCode } from './changes';
import type { Day, Id, Instant, Point, Ref } from './common';
import type { Grade, OpeningHours } from './customers';
import type { Route } from './travel';

export type StepKind = 'photo' | 'choice' | 'text' | 'number' | 'yes_no' | 'form' | 'confirm';
/** What proves a step beside its answer. */
export type StepProof = 'place' | 'photo' | 'signature' | 'audio' | 'code' | 'group_photo' | 'passkey';
export interface Step {
  id: Id;
  title: string;
  title_en: string | null;
  kind: StepKind;
  mandatory: boolean;
  min: number | null;
  max: number | null;
  options: string[] | null;
  hint: string | null;
  /** Of a form step; the version is pinned when the plan or task is made. */
  form_id: Id | null;
  form_version: number | null;
  /** The article that explains the step, pinned like a form. */
  guide_id: Id | null;
  guide_required: boolean;
  guide_version: number | null;
  /** A point of a round: when it is due, and the label that proves somebody stood before it. */
  point?: StepPoint | null;
  /** What proves it, in the order asked for. */
  proofs?: StepProof[];
  /** Longest recording, seconds. */
  audio_max_s?: number | null;
  /** Seconds it should take at most. */
  limit_s?: number | null;
}

export interface StepPoint {
  /** Word of the label that must be read. */
  code: string | null;
  /** Number on the same label, typed where it cannot be scanned. */
  number: string | null;
  from_minute: number | null;
  to_minute: number | null;
}

export type TemplateKind = 'visit' | 'tour' | 'inspection' | 'promotion' | 'repair' | 'sample';
export interface TaskTemplate {
  id: Id;
  name: string;
  kind: TemplateKind;
  steps: Step[];
  min_stay_s: number | null;
  active: boolean;
  version: number;
}

export interface Plan {
  id: Id;
  employee: Ref;
  day: Day;
  window: Window;
  template: Ref | null;
  tasks: Task[];
  route: Route;
  note: string | null;
  /** What the person changed of it himself, or wishes to, in the order he said it. */
  changes: PlanChange[];
  status: 'planned' | 'cancelled';
  delivered_at: Instant | null;
  read_at: Instant | null;
  created_by: Ref;
  created_at: Instant;
  version: number;
}

export type TaskStatus = 'new' | 'accepted' | 'on_the_way' | 'on_site' | 'done' | 'skipped' | 'cancelled' | 'overdue';
export interface TaskCustomer {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point | null;
  address: string | null;
  radius_m: number;
  hours: OpeningHours;
}

/** Somebody who makes the same work, with a task of his own. */
export interface TaskMate {
  task_id: Id;
  employee: Ref;
  day: Day;
  status: TaskStatus;
  eta: Instant | null;
}

export interface Task {
  id: Id;
  plan_id: Id | null;
  employee: Ref;
  customer: TaskCustomer;
  day: Day;
  seq: number;
  window: Window;
  title: string;
  note: string | null;
  /** What it asks of whoever makes it. */
  skills: string[];
  steps: Step[];
  min_stay_s: number;
  /** Seconds it is expected to last, where somebody said so. */
  service_s: number | null;
  status: TaskStatus;
  eta: Instant | null;
  /** Who comes along. */
  crew: TaskMate[];
  /** Promised: not moved, not given to somebody else. */
  locked: boolean;
  visit_id: Id | null;
  reason: string | null;
  /** Why it was skipped, where one of the known reasons was chosen. */
  reason_code: SkipCode | null;
  /** Answers to the company's own fields. */
  custom: Record<string, unknown>;
  version: number;
}
