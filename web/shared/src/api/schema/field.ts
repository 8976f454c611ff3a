/** What the phone fetches and sends. */
import type { MyAttendance, NewAttendanceRequest, PunchKind } from './attendance';
import type { Window } from './calendar';
import type { SubjectChoice } from './approvals';
import type { PlanChangeRule, PlanWays, ReorderCode, SkipCode } from './changes';
import type { Day, Id, Instant, Point, Ref } from './common';
import type { Contact, Customer, OutsideRule, Problem360 } from './customers';
import type { DaySummary } from './days';
import type { UrgentCall } from './dispatch';
import type { DutyEntry, LocationPolicy } from './duty';
import type { PinnedForm } from './forms';
import type { PinnedGuide, ShelfLine } from './knowledge';
import type { FormSpec } from '../../forms/spec.ts';
import type { ObjectFace } from './objects';
import type { Me, Notice } from './people';
import type { CheckLast } from './checks';
import type { EquipmentCard, FieldOrder, Van } from './service';
import type { TravelMode } from './travel';
import type { OutsideReason, PhotoPurpose, StepValue, Visit, VisitRow } from './visits';
import type { Plan, Task } from './work';

export interface FieldSnapshot {
  epoch: string;
  server_time: Instant;
  me: Me;
  policy: LocationPolicy | null;
  calendar_today: Window[];
  /** Private trips of today: within them nothing is recorded. */
  private_today: DutyEntry[];
  day: Day;
  plans: Plan[];
  /** What this person may change of the day; absent from servers of before. */
  plan_rule: PlanChangeRule;
  /** Classes of customers with a rule of their own; absent from servers of before. */
  outside_by_class?: Record<Id, OutsideRule>;
  /** Travel between the stops of today's plan. */
  ways: PlanWays | null;
  tasks: Task[];
  /** How this person gets about; absent from servers of before. */
  travel: TravelMode;
  customers: Customer[];
  /** The company's grades of customers, the best first; absent from servers of before. */
  grades: string[];
  /** What the company asks of customers beside ours; null when nothing. */
  customer_fields: FormSpec | null;
  task_fields: FormSpec | null;
  equipment_fields: FormSpec | null;
  /** What this person can hand in so that he chooses who decides. */
  choices: SubjectChoice[];
  contacts: Record<Id, Contact[]>;
  problems: Record<Id, Problem360[]>;
  visits: Record<Id, VisitRow[]>;
  /** What the checked items of each customer brought the last time. */
  checks: CheckLast[];
  open_visit: Visit | null;
  /** The forms the tasks and the open visit ask for, in the versions pinned to them. */
  forms: PinnedForm[];
  /** The guides of the same steps. */
  guides: PinnedGuide[];
  /** Articles this person must read and has not. */
  must_reads: ShelfLine[];
  /** Changes whenever an article of the company does. */
  knowledge_stamp: string;
  /** The company's own objects this person may fill in or read. */
  objects: ObjectFace[];
  /** People of the department, when a form asks for one. */
  colleagues: Ref[];
  /** Shift, punches, requests and what is left of leave. */
  attendance: MyAttendance;
  notices: Notice[];
  day_summary: DaySummary | null;
  /** Urgent tasks this person is asked to take and has not answered. */
  urgent: UrgentCall[];
  /** Work orders of this person; those that ended a week ago at most. */
  orders: FieldOrder[];
  /** Equipment at the customers of the day, with its last orders. */
  equipment: EquipmentCard[];
  van: Van;
  viewers_today: number;
  nonce: string;
}

export interface FieldFix {
  at: Point;
  accuracy_m: number;
  t: Instant;
  speed_mps?: number;
}

/** A passkey as it was used; all but the word base64url. */
export interface PasskeyConfirmation {
  credential_id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  nonce: string;
}

/** A passkey of a person. */
export interface Passkey {
  id: Id;
  employee: Ref;
  credential_id: string;
  name: string;
  synced: boolean;
  made_at: Instant;
  used_at: Instant | null;
  withdrawn_at: Instant | null;
}
export interface MyPasskeys {
  rp_id: string;
  items: Passkey[];
}

export interface SyncBodies {
  /** A private trip begins, or ends, at the moment of the item. */
  'private.start': { trip_id: Id };
  'private.end': { trip_id: Id };
  'visit.check_in': {
    visit_id: Id;
    task_id: Id | null;
    customer_id: Id;
    fix: FieldFix | null;
    offline: boolean;
    nonce?: string;
    outside?: OutsideReason;
    /** A photo of the place is asked for: a step under the visit's own id. */
    place_photo?: boolean;
    /** Where the company asks who checks in. */
    passkey?: PasskeyConfirmation;
  };
  'visit.step': {
    visit_id: Id;
    step_id: Id;
    status: 'done' | 'skipped';
    value?: StepValue;
    photo_ids?: Id[];
    started_at?: Instant;
    fix?: FieldFix;
    reason?: string;
    guide_opened_at?: Instant;
    scan?: { code: string; typed: boolean };
    audio_ids?: Id[];
    code?: { text: string; at: Instant; typed?: boolean };
    passkey?: PasskeyConfirmation;
  };
  'visit.audio': {
    visit_id: Id;
    step_id: Id;
    audio_id: Id;
    sha256: string;
    size: number;
    mime: string;
    duration_ms: number;
    started_at: Instant;
    notice: boolean;
  };
  'visit.photo': {
    visit_id: Id;
    step_id: Id;
    photo_id: Id;
    sha256: string;
    size: number;
    mime: string;
    width: number;
    height: number;
    taken_at: Instant;
    fix?: FieldFix;
    live: boolean;
    purpose?: PhotoPurpose;
  };
  'article.read': { article_id: Id; number: number; opened_at: Instant };
  'practice.done': { practice_id: Id; template_id: Id; steps_version: number; started_at: Instant; done: number; skipped: number; total: number };
  'visit.summary': { visit_id: Id; text: string };
  'visit.check_out': { visit_id: Id; fix: FieldFix | null };
  'task.accept': { task_id: Id };
  'task.skip': { task_id: Id; code?: SkipCode; reason?: string };
  /** Every open stop of the plan, in the order wished for. */
  'plan.reorder': { plan_id: Id; base_version: number; order: Id[]; code: ReorderCode; words?: string };
  'task.on_the_way': { task_id: Id };
  'urgent.accept': { offer_id: Id };
  'urgent.refuse': { offer_id: Id; reason: string };
  'order.accept': { order_id: Id };
  'order.refuse': { order_id: Id; reason: string };
  'order.pause': { order_id: Id; reason: string };
  'order.resume': { order_id: Id };
  /** Built in out of one's own van, or put back into it. */
  'order.part': { move_id: Id; order_id: Id; part_id: Id; quantity: number; back?: boolean; price_minor?: number };
  /** What a meter said on site; `replaced`: it is another one since the reading before. */
  'order.reading': { reading_id: Id; order_id: Id; meter_id: Id; value: number; replaced?: boolean };
  'order.request': { request_id: Id; order_id: Id; part_id: Id; quantity: number; note?: string };
  'order.finish': { order_id: Id; result: string; labour_minutes: number };
  /** Strokes on a sheet of 1000 by 400. */
  'order.sign': { order_id: Id; signer: string; strokes: [number, number][][] };
  'notice.read': { notice_id: Id };
  'plan.read': { plan_id: Id };
  /** A record of one of the company's own objects. */
  'object.create': { record_id: Id; object_key: string; number: number; answers: Record<string, unknown> };
  punch: { punch_id: Id; kind: PunchKind; fix: FieldFix | null; offline: boolean; reason?: string; photo_id?: Id; nonce?: string };
  'attendance.request': NewAttendanceRequest;
  'attendance.withdraw': { request_id: Id };
  /** Whom the requester chooses for a record that follows. */
  'approval.choose': { record_id: Id; chosen: Record<string, Id[]> };
  'problem.open': { customer_id: Id; problem_id: Id; text: string };
  consent: { policy_text_version: string };
}

export type SyncKind = keyof SyncBodies;
export type SyncItem = {
  [K in SyncKind]: { id: Id; kind: K; at: Instant; mono_ms?: number; body: SyncBodies[K] };
}[SyncKind];

export interface SyncReceipt {
  id: Id;
  status: 'accepted' | 'duplicate' | 'rejected';
  code?: string;
  title?: string;
  detail?: string;
  received_at: Instant;
}

/** What the phone signed about the records of a batch. */
export interface ChainSent {
  key_id: Id;
  origin: string;
  mono_ms: number;
  seals: { statement: string; signature: string }[];
}

export interface SyncAnswer {
  epoch: string;
  receipts: SyncReceipt[];
  chain?: 'held' | 'unknown_key';
}

export interface TrackFix {
  t: Instant;
  at: Point;
  accuracy_m?: number;
  speed_mps?: number;
  bearing_deg?: number;
  altitude_m?: number;
  battery?: number;
}

export interface FixesAnswer {
  accepted: number;
  duplicate: number;
  refused_off_duty: number;
  refused_invalid: number;
}

/** Something a form may refer to; of equipment, whose it is. */
export interface FieldChoice {
  id: Id;
  name: string;
  customer_id: Id | null;
}

export interface FieldChoices {
  items: FieldChoice[];
  more: boolean;
}

export interface UploadState {
  id: Id;
  offset: number;
  complete: boolean;
}
