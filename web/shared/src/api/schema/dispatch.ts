/** Urgent requests. */
import type { Window } from './calendar';
import type { Id, Instant, Point, Ref } from './common';
import type { Grade } from './customers';
import type { TravelSource } from './travel';
import type { TaskStatus, TaskMate } from './work';

export type UrgentStatus = 'open' | 'offered' | 'accepted' | 'done' | 'cancelled';
export type OfferStatus = 'waiting' | 'accepted' | 'refused' | 'expired' | 'withdrawn';
export interface UrgentPlace {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point | null;
  address: string | null;
  owner: Ref | null;
}

export interface MovedVisit {
  task_id: Id;
  customer: string;
  /** Somebody else must make it; otherwise it is made later the same day. */
  handed_over: boolean;
}

export interface Exceeded {
  is: number;
  most: number;
}

export interface UrgentFactors {
  eta: Instant;
  free_at: Instant | null;
  drive_s: number;
  line_m: number;
  extra_m: number;
  skills: string[];
  /** Tags of the customer that name a skill of the person. */
  tags: string[];
  own_customer: boolean;
  preferred: boolean;
  grade: Grade | null;
  load_percent: number;
  ahead: number;
  before: number;
  lateness_s: number;
  moved: MovedVisit[];
  /** The customer is closed when the work would begin. */
  closed: boolean;
  /** Visits of the day with this one, where they are more than it may hold. */
  too_many: Exceeded | null;
  /** Metres likewise. */
  too_far: Exceeded | null;
  /** When the person would be where the day ends, where that is after the shift. */
  home_late: Instant | null;
  points: number;
}

export interface UrgentOffer {
  id: Id;
  employee: Ref;
  status: OfferStatus;
  factors: UrgentFactors | null;
  offered_at: Instant;
  expires_at: Instant;
  answered_at: Instant | null;
  reason: string | null;
  auto: boolean;
}

export interface UrgentRequest {
  id: Id;
  customer: UrgentPlace;
  title: string;
  note: string | null;
  /** 1 normal, 2 urgent, 3 emergency. */
  priority: number;
  skills: string[];
  service_minutes: number;
  latest_at: Instant | null;
  status: UrgentStatus;
  offer: UrgentOffer | null;
  task: { id: Id; employee: Ref; status: TaskStatus; eta: Instant | null } | null;
  made_room: boolean;
  reason: string | null;
  created_by: Ref;
  created_at: Instant;
  changed_at: Instant;
  version: number;
}

export interface UrgentDetail {
  request: UrgentRequest;
  offers: UrgentOffer[];
  /** Who goes along with who accepted. */
  helpers: TaskMate[];
}

export interface NewUrgent {
  id: Id;
  customer_id?: Id;
  place?: { name: string; address?: string; at: Point };
  title: string;
  note?: string;
  priority: number;
  skills: string[];
  service_minutes: number;
  latest_at?: Instant;
  template_id?: Id;
}

export interface UrgentCandidate {
  employee: Ref;
  department: Ref;
  idle: boolean;
  at: Point;
  fix_at: Instant | null;
  factors: UrgentFactors;
  recommended: boolean;
  asked: OfferStatus | null;
}

export type UnableReason = 'off_duty' | 'silent' | 'barred' | 'skill' | 'no_way' | 'too_late' | 'shift_over';
export interface UrgentCandidates {
  at: Instant;
  source: TravelSource;
  /** Hours of the customer today; null: always. */
  open: Window[] | null;
  people: UrgentCandidate[];
  unable: { employee: Ref; reason: UnableReason; lacks: string[]; at: Instant | null }[];
}

export interface DispatchRules {
  answer_minutes: number;
  auto: boolean;
  auto_priority: number;
  auto_within_minutes: number;
  auto_tries: number;
}

export interface PersonSkills {
  employee: Ref;
  department: Ref;
  skills: string[];
}

/** An offer as the phone of the person asked has it. */
export interface UrgentCall {
  id: Id;
  customer: UrgentPlace;
  title: string;
  note: string | null;
  priority: number;
  service_minutes: number;
  latest_at: Instant | null;
  by: string | null;
  eta: Instant | null;
  line_m: number | null;
  moved: MovedVisit[];
  offered_at: Instant;
  expires_at: Instant;
}
