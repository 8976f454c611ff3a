/** Visits by frequency rules. */
import type { FieldCondition } from './custom';
import type { SkipCode } from './changes';
import type { Day, Id, Instant, Ref } from './common';
import type { Grade } from './customers';
import type { TravelSource } from './travel';

export type FrequencyEvery = 'week' | 'month' | 'days';
export interface FrequencyTerms {
  /** Empty: of any grade, with any tag or none. */
  grades: string[];
  tags: string[];
  /** Empty or absent: of any territory or none. */
  territories?: Id[];
  /** With these answers to the company's own fields of customers; all must hold. */
  fields?: FieldCondition[];
  every: FrequencyEvery;
  times: number;
  min_gap_days?: number | null;
  /** 1 = Monday … 7 = Sunday. */
  weekdays: number[];
  visit_minutes: number;
  /** Anybody of this department may go; null: the owner. */
  anybody_of?: Id | null;
  skills?: string[];
}

/** How often customers are visited; the first active rule that fits a customer is his. */
export interface FrequencyRule {
  id: Id;
  name: string;
  place: number;
  terms: FrequencyTerms;
  template_id: Id | null;
  active: boolean;
  since: Day;
  version: number;
}

export interface NewFrequencyRule {
  name: string;
  place?: number;
  terms: FrequencyTerms;
  template_id: Id | null;
  active: boolean;
}

export interface VisitedCustomer {
  id: Id;
  name: string;
  grade: Grade | null;
}

export interface OutlookVisit {
  customer: VisitedCustomer;
  rule_id: Id;
  /** The task that stands; null: would be added. */
  task_id: Id | null;
  /** Who went before, where a new visit is somebody else's. */
  instead_of: Ref | null;
}

export interface OutlookLoad {
  visits: number;
  minutes: number;
  meters: number;
}

export interface OutlookDay {
  day: Day;
  works: boolean;
  work_minutes: number;
  holds_minutes: number;
  meters: number;
  visits: OutlookVisit[];
}

export interface OutlookPerson {
  employee: Ref;
  before: OutlookLoad;
  after: OutlookLoad;
  most_visits: number | null;
  most_m: number | null;
  days: OutlookDay[];
}

/** The weeks of everybody, planned or proposed. */
export interface Outlook {
  from: Day;
  to: Day;
  people: OutlookPerson[];
  unmet: {
    customer: VisitedCustomer;
    rule_id: Id;
    reason: 'no_owner' | 'nobody' | 'skill' | 'barred' | 'no_location' | 'too_few_days' | 'away' | 'full';
    from: Day | null;
    to: Day | null;
    wanted: number | null;
    possible: number | null;
  }[];
  /** Whom customers prefer and who is not sent, and why. */
  passed_over: { customer: VisitedCustomer; rule_id: Id; person: Ref; reason: 'gone' | 'skill' | 'department' }[];
  fresh: number;
  standing: number;
  without_rule: number;
  person_range_permille: number;
  source: TravelSource;
}

export interface Generated {
  tasks: number;
  days: number;
  failed: { employee: Ref; day: Day; code: string }[];
}

/** Whether my calendar can be subscribed to. */
export interface CalendarFeed {
  open: boolean;
  since: Instant | null;
}

/** A visit that was skipped or forgotten, with nothing planned or done there since. */
export interface MissedVisit {
  task_id: Id;
  employee: Ref;
  customer: VisitedCustomer;
  day: Day;
  status: 'skipped' | 'overdue';
  reason: string | null;
  reason_code: SkipCode | null;
  suggested: Day | null;
}

/** How far ahead visits are planned by themselves; what the last run came to, and when the next one is. */
export interface FrequencyRolling {
  /** Whole weeks after the present one; 0: only when somebody asks for it. */
  weeks: number;
  /** Visits that fell through are planned anew in the same run. */
  again: boolean;
  version: number;
  last: { at: Instant; from: Day; to: Day; tasks: number; again: number; unplaced: number; failed: number } | null;
  /** null: off, or no rule is in use. */
  next: { at: Instant; from: Day; to: Day } | null;
}
