/** Places that are watched, rounds, who was near. */
import type { Day, Id, Instant, Point, Ref } from './common';

export interface FenceShape {
  circle?: { at: Point; radius_m: number } | null;
  polygon?: Point[] | null;
}

export type FenceListener = 'person' | 'leader' | 'owner';
export interface FenceTell {
  enter: FenceListener[];
  exit: FenceListener[];
  dwell: FenceListener[];
}

export interface Fence {
  id: Id;
  name: string;
  customer: Ref | null;
  department_id: Id;
  shape: FenceShape;
  dwell_s: number;
  tell: FenceTell;
  active: boolean;
  version: number;
}

export interface FenceExpectations {
  radius_m: number;
  items: { accuracy_m: number; false_alarm: number; missed: number }[];
}

export type FenceEventKind = 'enter' | 'dwell' | 'exit' | 'pass';
export interface FenceEvent {
  id: Id;
  employee: Ref;
  day: Day;
  kind: FenceEventKind;
  fence_id: Id;
  name: string;
  customer_id: Id | null;
  at: Instant;
  until: Instant;
  known_at: Instant;
  place: Point;
  accuracy_m: number;
  /** 0..1 */
  probability: number;
  rule_version: string;
}

export type PatrolState = 'open' | 'overdue' | 'in_time' | 'early' | 'late' | 'missed';
export interface Patrol {
  id: Id;
  name: string;
  employee: Ref;
  weekdays: number[];
  points: { customer: Ref; at: Point | null; from_minute: number; to_minute: number }[];
  grace_s: number;
  active: boolean;
  version: number;
}

export interface PatrolDay {
  id: Id;
  name: string;
  employee: Ref;
  day: Day;
  points: {
    customer: Ref;
    at: Point | null;
    due_from: Instant;
    due_to: Instant;
    state: PatrolState;
    arrived_at: Instant | null;
    off_s: number;
    out_of_order: boolean;
    checked_in: boolean;
  }[];
  reached: number;
  late: number;
  missed: number;
  out_of_order: number;
}

export interface NearAnswer {
  people: {
    employee: Ref;
    day: Day;
    spans: { from: Instant; to: Instant; closest_m: number; accuracy_m: number | null; positions: number }[];
  }[];
  searched: number;
}
