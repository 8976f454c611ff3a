/** Visits and what they prove. */
import type { Day, Id, Instant, Point, Ref } from './common';
import type { Grade } from './customers';
import type { Step, StepProof } from './work';

export type FenceVerdict = 'in' | 'out' | 'cannot_tell';
export interface FenceReading {
  verdict: FenceVerdict;
  probability: number;
  distance_m: number | null;
  radius_m: number;
  accuracy_m: number | null;
  at: Point | null;
  fix_time: Instant | null;
}

export type IneffectiveReason = 'outside_fence' | 'too_short' | 'steps_missing' | 'not_finished' | 'finding_open' | 'proofs_missing';
/** The usual reasons for a check-in from outside the fence. */
export const OUTSIDE_CODES = ['elsewhere', 'moved', 'position', 'no_entry', 'other'] as const;
export interface OutsideReason {
  code: (typeof OUTSIDE_CODES)[number];
  words?: string;
}

export interface VisitRow {
  id: Id;
  employee: Ref;
  customer: { id: Id; name: string; grade: Grade | null };
  task_id: Id | null;
  day: Day;
  status: 'open' | 'done';
  check_in_at: Instant;
  check_out_at: Instant | null;
  stay_s: number | null;
  /** Stay capped by presence inside the fence. */
  presence_s: number | null;
  verdict: FenceVerdict;
  distance_m: number | null;
  /** What the person said of a check-in from outside the fence; absent from phones and servers of before. */
  outside: OutsideReason | null;
  /** Whether the person confirmed at check-in that it is he; absent where the company does not ask. */
  identity: ProofGiven | null;
  effective: boolean | null;
  ineffective_reasons: IneffectiveReason[];
  photo_count: number;
  steps_done: number;
  steps_total: number;
  summary: string | null;
  offline: boolean;
  /** A to D; absent for what was brought over from elsewhere. */
  evidence_grade?: 'A' | 'B' | 'C' | 'D' | null;
  /** A red finding is open. */
  finding_open: boolean;
}

export type PhotoPurpose = 'photo' | 'signature' | 'group_photo';
export interface PhotoRef {
  id: Id;
  sha256: string;
  width: number;
  height: number;
  taken_at: Instant;
  received_at: Instant | null;
  status: 'awaiting' | 'stored';
  original_url: string;
  stamped_url: string;
  thumb_url: string;
  live: boolean;
  purpose?: PhotoPurpose;
  /** As the phone's own signatures bound it. */
  taken_between?: [Instant, Instant] | null;
}

/** A recording; its bytes are handed out only to be played. */
export interface AudioRef {
  id: Id;
  sha256: string;
  size: number;
  mime: string;
  duration_ms: number;
  started_at: Instant;
  received_at: Instant | null;
  status: 'awaiting' | 'stored' | 'erased';
  url: string;
  taken_between?: [Instant, Instant] | null;
}

export type ProofDetail = 'inside' | 'outside' | 'cannot_tell' | 'rotating' | 'printed' | 'unknown' | 'other_customer' | 'withdrawn' | 'wrong_time' | 'verified' | 'verified_offline' | 'passkey_unknown' | 'passkey_stale' | 'passkey_broken' | 'passkey_copied' | 'not_brought';
/** How a proof of a step was judged. */
export interface ProofGiven {
  proof: StepProof;
  state: 'held' | 'weak' | 'failed';
  detail?: ProofDetail | null;
}

/** A form filled in at a step: as the phone keeps and sends it; of what is sent the server remembers the record's id. */
export interface FormValue {
  record_id: Id;
  answers?: Record<string, unknown>;
}
export type StepValue = string | number | boolean | string[] | FormValue | null;
export interface VisitStep {
  step: Step;
  status: 'todo' | 'done' | 'skipped';
  value: StepValue;
  photos: PhotoRef[];
  started_at: Instant | null;
  ended_at: Instant | null;
  at: Point | null;
  reason: string | null;
  guide_opened_at: Instant | null;
  /** How the label of its point was read: scan or typed. */
  scanned: string | null;
  audio: AudioRef[];
  proofs: ProofGiven[];
}

export interface Visit extends VisitRow {
  check_in: FenceReading;
  check_out: FenceReading | null;
  steps: VisitStep[];
  photos: PhotoRef[];
  received_at: Instant;
  taken_between: [Instant, Instant];
  customer_at: Point | null;
  version: number;
}

/** A photo of a visit or a form with what it belongs to. */
export interface GalleryPhoto {
  id: Id;
  employee: Ref;
  customer: Ref | null;
  visit_id: Id | null;
  day: Day;
  taken_at: Instant;
  form: { id: Id; record_id: Id; title: Record<string, string>; field: string | null; label: Record<string, string> | null } | null;
  live: boolean;
}
