/** The planning board. */
import type { Window } from './calendar';
import type { PlanChange, SkipCode } from './changes';
import type { Day, Id, Instant, Point, Ref } from './common';
import type { CustomerPeople, Grade } from './customers';
import type { Objective, TravelMode, TravelSource } from './travel';
import type { TaskCustomer, TaskMate, TaskStatus } from './work';

export interface BoardPlan {
  id: Id;
  version: number;
  objective: Objective;
  keep_order: boolean;
  proven_optimal: boolean;
  meters: number;
  seconds: number;
  read_at: Instant | null;
  /** What the person changed of it himself, or wishes to. */
  changes: PlanChange[];
}
export interface BoardPerson {
  id: Id;
  name: string;
  department: Ref;
  working: Window[];
  leave: Window[];
  off: 'leave' | 'rest' | null;
  /** Where the day begins and ends; absent: at the first and at the last stop. */
  start: Point | null;
  end: Point | null;
  /** Absent: as the company usually travels. */
  travel: TravelMode | null;
  most_visits: number | null;
  most_m: number | null;
  skills: string[];
  plan: BoardPlan | null;
}
export interface BoardTask {
  id: Id;
  customer: TaskCustomer;
  employee: Ref;
  /** `due` and `urgent` are no tasks yet: the id is the customer's or the request's until the draft is published. */
  place: 'planned' | 'waiting' | 'missed' | 'due' | 'urgent';
  day: Day;
  seq: number;
  window: Window;
  title: string;
  service_s: number;
  skills: string[];
  /** Who is to visit the customer besides his owner, and who never. */
  whom: CustomerPeople;
  status: TaskStatus;
  locked: boolean;
  /** Who makes the same work, each with a task of his own. */
  crew: TaskMate[];
  promised_s: number | null;
  eta_s: number | null;
  reason: string | null;
  reason_code: SkipCode | null;
  due: BoardDue | null;
  urgent: BoardUrgent | null;
  /** Answers to the company's own fields on the task, and on its customer as far as he is in reach. */
  custom: Record<string, unknown>;
  customer_custom: Record<string, unknown>;
}
/** What a frequency rule asks for. */
export interface BoardDue {
  rule: string;
  wanted: number;
  standing: number;
  until: Day;
  last_visit_day: Day | null;
}
export interface BoardUrgent {
  priority: number;
  latest_at: Instant | null;
  taken_at: Instant;
}
export interface BoardVisit {
  id: Id;
  employee_id: Id;
  customer: { id: Id; name: string; grade: Grade | null };
  task_id: Id | null;
  check_in_s: number;
  check_out_s: number | null;
}
export interface Board {
  day: Day;
  today: Day;
  people: BoardPerson[];
  tasks: BoardTask[];
  visits: BoardVisit[];
  truncated: boolean;
}
export interface BoardStop {
  task_id: Id;
  fixed: boolean;
  arrive_s: number | null;
  begin_s: number | null;
  leave_s: number | null;
  drive_s: number;
  drive_m: number;
}
export type BoardRule = 'late' | 'over_shift' | 'leave' | 'rest' | 'promise' | 'locked' | 'skill' | 'barred' | 'twice' | 'crew' | 'no_location' | 'no_way' | 'closed' | 'end_late' | 'most_visits' | 'most_km';
export interface BoardViolation {
  task_id: Id;
  kind: BoardRule;
  seconds: number | null;
  words: string[];
}
export interface BoardRow {
  employee_id: Id;
  stops: BoardStop[];
  meters: number;
  seconds: number;
  finish_s: number | null;
  /** When the person is where the day ends, if it ends at a place. */
  back_s: number | null;
  violations: BoardViolation[];
  lines: Point[][];
  source: TravelSource;
}
export interface BoardPlace {
  employee_id: Id;
  position: number;
  meters: number;
  seconds: number;
  begin_s: number | null;
  violations: number;
}
export type BoardGoal = 'distance' | 'time' | 'balanced';

/** Whether customers are visited by their owners. */
export type BoardOwners = 'any' | 'prefer' | 'only';
export interface BoardDraftRow {
  employee_id: Id;
  tasks: Id[];
}
export interface BoardSum {
  employee_id: Id | null;
  visits: number;
  meters: number;
  seconds: number;
  violations: number;
}
export type BoardLeftReason = 'nobody' | 'skill' | 'no_way' | 'no_location' | 'window' | 'closed' | 'shift' | 'limit' | 'outbid' | 'locked' | 'owner' | 'barred' | 'twice' | 'spacing' | 'crew';
export interface BoardLeftOut {
  task_id: Id;
  reason: BoardLeftReason;
  employee_id: Id | null;
}
export interface BoardProposal {
  rows: BoardDraftRow[];
  before: BoardSum[];
  after: BoardSum[];
  proven_optimal: boolean;
  /** At most so much of its cost could be saved by the best plan of the same visits, thousandths. */
  gap_permille: number | null;
  left_out: BoardLeftOut[];
  /** Promised visits that stand against a rule. */
  kept: BoardLeftOut[];
  searched_s: number;
  source: TravelSource;
}
/** Of several days: sums of a person are those of all his days. */
export interface BoardWeekProposal extends Omit<BoardProposal, 'rows'> {
  days: { day: Day; rows: BoardDraftRow[] }[];
}
export interface BoardPublish {
  day: Day;
  rows: { employee_id: Id; plan_id: Id | null; version: number | null; tasks: Id[]; objective: Objective; keep_order: boolean }[];
  moved: { task_id: Id; day: Day }[];
}
