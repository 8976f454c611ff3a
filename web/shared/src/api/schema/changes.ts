/** What a person changes of his own day. */
import type { Window } from './calendar';
import type { Day, Id, Instant, Ref } from './common';
import type { Grade, OutsideRule } from './customers';
import type { TravelSource } from './travel';

export type PlanChangeLeave = 'free' | 'approval' | 'no';
/** When people are reminded of visits that are due. */
export interface TaskReminderRule {
  /** Minutes before a window closes; 0: nobody is reminded. */
  soon_minutes: number;
  overdue: boolean;
  version: number;
}

export interface PlanChangeRule {
  reorder: PlanChangeLeave;
  skip: PlanChangeLeave;
  /** Where the customer's class says nothing else. */
  outside: OutsideRule;
  /** Confirming at check-in that it is they. */
  identity: 'none' | 'passkey';
}

/** The company's rule, with the version that was seen; 0 while it was never changed. */
export interface KeptPlanChangeRule extends PlanChangeRule {
  version: number;
}

export type ReorderCode = 'traffic' | 'customer_time' | 'urgent' | 'shorter' | 'other';
export type SkipCode = 'closed' | 'absent' | 'cancelled' | 'no_time' | 'too_far' | 'other';

export interface PlanChangeBroken {
  rule: 'late' | 'over_shift' | 'promise' | 'no_place' | 'no_way' | 'closed';
  seconds: number;
}
export interface PlanChangeStop {
  task_id: Id;
  customer: string;
  grade: Grade | null;
  locked: boolean;
  /** Seconds after local midnight. */
  begin_s: number | null;
  broken: PlanChangeBroken[];
}
/** The open rest of a day in one order; way and driving are of the whole day. */
export interface PlanChangeDay {
  stops: PlanChangeStop[];
  meters: number;
  seconds: number;
  finish_s: number | null;
}

export interface PlanChange {
  id: Id;
  employee: Ref;
  day: Day;
  kind: 'reorder' | 'skip';
  plan_id: Id | null;
  task_id: Id | null;
  customer: string | null;
  code: ReorderCode | SkipCode | null;
  words: string | null;
  before: PlanChangeDay | null;
  after: PlanChangeDay | null;
  moved: number;
  status: 'applied' | 'waiting' | 'returned' | 'rejected' | 'withdrawn' | 'unfit';
  /** Code of the problem that kept an approved change from being applied. */
  unfit: string | null;
  case_id: Id | null;
  said_at: Instant;
  received_at: Instant;
  ended_at: Instant | null;
}

/** Travel between the stops of a day's plan: enough to work out any order of them without a network. */
export interface PlanWays {
  plan_id: Id;
  /** The day begins at a place of its own: the first row of the table. */
  start: boolean;
  /** Tasks in the order of the rows behind it. */
  tasks: Id[];
  /** Row by row (from); -1: no way. */
  seconds: number[];
  meters: number[];
  /** From each task to where the day ends, if it ends at a place. */
  home: Record<Id, { seconds: number; meters: number }>;
  service_s: Record<Id, number>;
  promised_s: Record<Id, number>;
  window: Window;
  pauses: Window[];
  source: TravelSource;
}
