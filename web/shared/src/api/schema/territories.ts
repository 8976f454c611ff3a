/** Who looks after which customers. */
import type { Day, Id, Instant, Point, Ref } from './common';

export interface Territory {
  id: Id;
  name: string;
  /** Place in the palette, 0 to 11. */
  colour: number;
  responsible: Ref | null;
  department: Ref;
  /** Corners of a drawn one. */
  polygon: Point[] | null;
  outline: Point[];
  customers: number;
  /** Of these, with another owner than who is responsible. */
  elsewhere: number;
  visits: number;
  minutes: number;
  version: number;
}

export interface Territories {
  items: Territory[];
  without: number;
}

export type DivideBy = 'work' | 'territories';

export interface DivisionQuestion {
  by: DivideBy;
  department_id?: Id | null;
  customer_ids?: Id[] | null;
  people: { employee_id: Id; hours?: number | null }[];
  /** 0 to 100. */
  keep: number;
  others: boolean;
}

export interface DivisionLoad {
  customers: number;
  visits: number;
  minutes: number;
  km: number;
}

export interface DivisionPerson {
  employee: Ref;
  before: DivisionLoad;
  after: DivisionLoad;
  share_minutes: number | null;
  gained: number;
  lost: number;
  outline: Point[];
}

/** A visit that is planned for a customer who changes hands, by who has him until then. */
export interface DivisionPlanned {
  task_id: Id;
  customer: Ref;
  day: Day;
  employee: Ref;
  to: Ref;
  /** Locked or under way: it stays with whom it is. */
  stays: boolean;
  /** Of the task. */
  version: number;
}
export interface Division {
  id: Id;
  question: DivisionQuestion;
  status: 'draft' | 'taken';
  made_by: Ref;
  made_at: Instant;
  taken_by: Ref | null;
  taken_at: Instant | null;
  reason: string | null;
  people: DivisionPerson[];
  moves: { customer: Ref; from: Ref | null; to: Ref; minutes: number }[];
  points: { customer_id: Id; at: Point; person: number; moved: boolean }[];
  planned: DivisionPlanned[];
  deviation_permille: number;
  hindrance: { kind: string; customer: Ref | null } | null;
  without_place: number;
  left_out: number;
  /** Customers never to be visited by who would have got them; they stay with whom they are. */
  barred: { customer: Ref; person: Ref; stays: Ref | null }[];
  without_rule: number;
  version: number;
}

export interface DivisionLine {
  id: Id;
  by: DivideBy;
  status: 'draft' | 'taken';
  made_by: Ref;
  made_at: Instant;
  taken_by: Ref | null;
  taken_at: Instant | null;
  reason: string | null;
  people: number;
  customers: number;
  moves: number;
  deviation_permille: number;
}

/** A stretch of time in which a customer belonged to somebody. */
export interface Ownership {
  owner: Ref | null;
  from: Instant | null;
  to: Instant | null;
  cause: 'created' | 'edited' | 'imported' | 'territory' | 'unknown';
  reason: string | null;
  division_id: Id | null;
  by: Ref | null;
}
