/** Customers, their contacts and open problems. */
import type { Day, Id, Instant, Point, Ref } from './common';
import type { PhotoRef, VisitRow } from './visits';

/** One of the company's own list. */
export type Grade = string;
/** Grades of customers, the best first. */
export interface CustomerGrades {
  items: Grade[];
  version: number;
}
export type CustomerStatus = 'active' | 'prospect' | 'archived';
/** Checking in from outside the fence: with a reason, with a photo of the place as well, or not at all. */
export type OutsideRule = 'reason' | 'photo' | 'no';
export interface CustomerClass {
  id: Id;
  name: string;
  radius_m: number;
  min_stay_s: number;
  /** Null: as the company says. */
  outside: OutsideRule | null;
  /** Class of customers that name none. */
  is_default: boolean;
  version: number;
}

export interface Contact {
  id: Id;
  name: string;
  title: string | null;
  phone_masked: string | null;
  primary: boolean;
}

export interface Problem360 {
  id: Id;
  text: string;
  opened_at: Instant;
  opened_by: Ref;
  closed_at: Instant | null;
}

/** A stretch of a weekday (1 Monday) in minutes after midnight. */
export interface OpenSpan {
  weekday: number;
  from_minute: number;
  to_minute: number;
}

/** When a customer can be visited. No spans: always; else a weekday without one is closed. */
export interface OpeningHours {
  weekly: OpenSpan[];
  closed: Day[];
}

/** Who is to visit a customer besides his owner, and who never. */
export interface CustomerPeople {
  preferred: Ref | null;
  barred: Ref[];
}

export interface Customer {
  id: Id;
  code: string | null;
  name: string;
  grade: Grade | null;
  class: Ref;
  tags: string[];
  address: string | null;
  at: Point | null;
  radius_m: number;
  owner: Ref | null;
  department: Ref;
  territory: Ref | null;
  status: CustomerStatus;
  contact: Contact | null;
  last_visit_day: Day | null;
  note: string | null;
  hours: OpeningHours;
  whom: CustomerPeople;
  /** Answers to the company's own fields, by key. */
  custom: Record<string, unknown>;
  version: number;
}

export interface CustomerPoint {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point;
  owner_id: Id | null;
  territory_id: Id | null;
  last_visit_day: Day | null;
  status: CustomerStatus;
}

export interface CustomerPoints {
  items: CustomerPoint[];
  truncated: boolean;
}

export interface Customer360 {
  customer: Customer;
  contacts: Contact[];
  visits: VisitRow[];
  photos: Record<Id, PhotoRef[]>;
  problems: Problem360[];
  stats: { visits_30d: number; effective_30d: number; avg_stay_s: number | null };
}
