/** Live map, tracks, days and reports. */
import type { Window } from './calendar';
import type { Day, Id, Instant, Point, Ref } from './common';
import type { PolicyMode } from './duty';
import type { PhotoRef, VisitRow } from './visits';
import type { Plan, TaskStatus } from './work';

export type LiveState = 'moving' | 'visit' | 'idle' | 'late' | 'silent' | 'not_started' | 'off_duty';
export interface LivePerson {
  employee: { id: Id; name: string; department: Ref; post: string | null };
  state: LiveState;
  since: Instant | null;
  at: Point | null;
  accuracy_m: number | null;
  bearing_deg: number | null;
  speed_mps: number | null;
  fix_at: Instant | null;
  battery: number | null;
  policy_mode: PolicyMode;
  recorded_until: Instant | null;
  done: number;
  total: number;
  visit: { id: Id; customer: Ref; seq: number; since: Instant } | null;
  next: { customer: Ref; seq: number; eta: Instant | null; window: Window; meters: number | null } | null;
  late_minutes: number | null;
  counted_m: number;
  stay_s: number;
  stops: {
    seq: number;
    customer: Ref;
    at: Point | null;
    status: TaskStatus;
    eta: Instant | null;
    arrived_at: Instant | null;
    /** The visit there, open or done. */
    visit_id: Id | null;
  }[];
}

export interface LiveBoard {
  at: Instant;
  counts: Partial<Record<LiveState, number>>;
  people: LivePerson[];
}

export type TimelineState =
  | 'moving' | 'visit' | 'stay' | 'no_permission' | 'phone_off' | 'no_signal' | 'unknown' | 'not_recorded';

export interface Trip {
  from: Instant;
  to: Instant;
  meters: number;
  mode: string;
  /** Whether it belongs to the day's kilometres. */
  counted: boolean;
}

export interface Playback {
  employee: Ref;
  day: Day;
  /** `[ms since epoch, lng, lat, speed m/s]`, cleaned; `segments` are index ranges split by gaps. */
  points: [number, number, number, number][];
  segments: { from: number; to: number }[];
  timeline: { from: Instant; to: Instant; state: TimelineState }[];
  stays: { from: Instant; to: Instant; at: Point; customer: Ref | null }[];
  trips: Trip[];
  gaps: { from: Instant; to: Instant; kind: string }[];
  /** Handed in later as a file: shown, not counted. */
  backfill: { from: Instant; to: Instant }[];
  /** Ways that were longer than needed, to ask about. */
  detours: Detour[];
  visits: VisitRow[];
  photos: (PhotoRef & { visit_id: Id; at: Point | null })[];
  plan: Plan | null;
  summary: DaySummary;
  computed_at: Instant;
  late_data: boolean;
}

export interface Detour {
  from: Ref;
  to: Ref;
  start: Instant;
  end: Instant;
  driven_m: number;
  best_m: number;
  /** The best way is an estimate from the straight line. */
  best_estimated: boolean;
  off_at: Point | null;
  off_time: Instant | null;
  /** Part of the way is not known. */
  incomplete: boolean;
}

export interface DaySummary {
  employee: Ref;
  department: Ref;
  day: Day;
  planned: number;
  visits: number;
  effective: number;
  stay_s: number;
  counted_m: number;
  raw_m: number;
  excluded_m: number;
  estimated_m: number;
  gap_s: number;
  plan_m: number | null;
  /** The best way over the stops that were made, on the company's own travel. */
  best_m: number | null;
  first_check_in: Instant | null;
  last_check_out: Instant | null;
  duty: { from: Instant; to: Instant }[];
  refused_off_duty: number;
  stored_off_duty: number;
  rule_version: string;
  input_sha256: string;
  provisional: boolean;
  summaries: { visit_id: Id; customer: Ref; text: string }[];
}

/** `GET /reports/daily/{employee_id}/{day}`: the summary, where `visits` becomes the rows it counts. */
export type PersonDayReport = Omit<DaySummary, 'visits'> & { visits: VisitRow[]; trips: Trip[] };

export interface DailyReport {
  day: Day;
  rows: DaySummary[];
  totals: { people: number; planned: number; visits: number; effective: number; stay_s: number; counted_m: number };
}

export type TrackingAdvice =
  | 'clock_wrong' | 'no_permission' | 'never_heard' | 'silent' | 'app_stopped' | 'no_consent' | 'battery_low' | 'mock';

/** How well a person's day is recorded; the person reads the same line. */
export interface TrackingHealth {
  employee: Ref;
  department: Ref;
  day: Day;
  policy_mode: PolicyMode;
  duty: { from: Instant; to: Instant }[];
  consent_at: Instant | null;
  trackers: number;
  heard_at: Instant | null;
  fix_at: Instant | null;
  battery: number | null;
  duty_s: number;
  recorded_s: number;
  missing: { no_permission_s: number; phone_off_s: number; no_signal_s: number; unknown_s: number };
  refused: { off_duty: number; policy_off: number; left: number; bad_time: number };
  advice: TrackingAdvice[];
}

/** `GET /tracking/health`: those who need help first. */
export interface TrackingHealthBoard {
  day: Day;
  at: Instant;
  people: number;
  troubled: number;
  items: TrackingHealth[];
  next_cursor?: string;
}

/** Figures of a group of customers over a period. */
export interface GroupFigures {
  /** Active customers in reach, and those of them with an effective visit. */
  customers: number;
  covered: number;
  planned: number;
  visits: number;
  effective: number;
  stay_s: number;
}
export interface ReportGroup extends GroupFigures {
  /** For the filter `group` of visits and tasks: grade:A. */
  group: string;
  /** null: of no territory, without a grade, without a tag. */
  name: string | null;
}
export interface GroupReport {
  by: 'territory' | 'grade' | 'tag';
  day_from: Day;
  day_to: Day;
  rows: ReportGroup[];
  total: GroupFigures;
}
