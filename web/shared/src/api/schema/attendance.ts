/** Shifts and who works them, punches, requests, balances, the monthly sheet. */
import type { Day, Id, Instant, Point, Ref } from './common';

/** Minutes after midnight of the day; past 1440 in the next. */
export interface ShiftPair {
  from_minute: number;
  to_minute: number;
}

export interface WorkShift {
  id: Id;
  name: string;
  short: string;
  pairs: ShiftPair[];
  grace_minutes: number;
  flex_minutes: number;
  each_pair: boolean;
  retired: boolean;
  version: number;
}

/** Seven shifts or rests (null), Monday first; no week: the calendar holds again. */
export interface ShiftPattern {
  id: Id;
  employee: Ref | null;
  department: Ref | null;
  from: Day;
  week: (Id | null)[] | null;
}

export type RosterSource = 'roster' | 'person' | 'department' | 'calendar';

export interface RosterCell {
  day: Day;
  shift_id: Id | null;
  hours: ShiftPair[];
  source: RosterSource;
  special: string | null;
}

export interface RosterRow {
  employee: Ref;
  department: Ref;
  cells: RosterCell[];
}

export interface Roster {
  shifts: WorkShift[];
  rows: RosterRow[];
}

export interface RosterChange {
  employee_id: Id;
  day: Day;
  shift_id: Id | null;
  clear: boolean;
}

export interface PunchPlace {
  id: Id;
  name: string;
  at: Point;
  radius_m: number;
  department: Ref | null;
  retired: boolean;
  version: number;
}

export type PunchWithin = 'anywhere' | 'places' | 'customers';
export type PunchOutside = 'record' | 'reason' | 'refuse';

export interface PunchRule {
  id: Id;
  department: Ref | null;
  within: PunchWithin;
  outside: PunchOutside;
  visit_counts: boolean;
  /** A picture is taken with each punch. */
  photo: boolean;
  window_minutes: number;
  /** From this day on people have to punch; null: nobody has to. */
  must_from: Day | null;
  version: number;
}

export type LeaveUnit = 'day' | 'half' | 'hour';

export interface LeaveType {
  id: Id;
  name: string;
  name_en: string;
  balanced: boolean;
  paid: boolean;
  unit: LeaveUnit;
  retired: boolean;
  version: number;
}

export type PunchKind = 'in' | 'out';
export type AttendanceRequestKind = 'leave' | 'overtime' | 'trip' | 'correction';
export type DayPart = 'day' | 'am' | 'pm' | 'hours';
export type AttendanceTone = 'fine' | 'late' | 'problem' | 'leave' | 'trip' | 'overtime' | 'rest' | 'open';

export interface Punch {
  id: Id;
  kind: PunchKind;
  at: Instant;
  said_at: Instant;
  received_at: Instant;
  offline: boolean;
  source: string;
  verdict: string | null;
  place_name: string | null;
  distance_m: number | null;
  radius_m: number | null;
  accuracy_m: number | null;
  position: Point | null;
  /** kept, none, off_duty, private or policy_off. */
  place: string;
  reason: string | null;
  photo_id: Id | null;
}

export interface LeavePart {
  leave_type_id: Id | null;
  milli: number;
}

export interface AttendanceOutcome {
  kind: 'work' | 'rest' | 'holiday' | 'before';
  planned_minutes: number;
  worked_minutes: number;
  late_minutes: number;
  early_minutes: number;
  missing_in: number;
  missing_out: number;
  absent_milli: number;
  leave: LeavePart[];
  trip: boolean;
  overtime_minutes: number;
  open: boolean;
  overdue: boolean;
  corrected: boolean;
  first_in: Instant | null;
  last_out: Instant | null;
}

export interface LeaveBalance {
  leave_type: Ref;
  name_en: string;
  balanced: boolean;
  granted: number;
  taken: number;
  waiting: number;
  left: number;
}

export type AttendanceRequestStatus = 'running' | 'returned' | 'approved' | 'rejected' | 'withdrawn' | 'cancelled';

export interface AttendanceRequest {
  id: Id;
  kind: AttendanceRequestKind;
  employee: Ref;
  department: Ref;
  from: Instant;
  to: Instant;
  from_day: Day;
  to_day: Day;
  part: DayPart;
  leave_type: Ref | null;
  /** Leave and trips: thousandths of a day. Overtime: minutes. */
  amount: number;
  place: string | null;
  punch_kind: PunchKind | null;
  reason: string;
  cancels_id: Id | null;
  status: AttendanceRequestStatus;
  approval_id: Id | null;
  created_at: Instant;
  decided_at: Instant | null;
}

export interface NewAttendanceRequest {
  id: Id;
  kind: AttendanceRequestKind;
  from_day: Day;
  to_day?: Day;
  part?: DayPart;
  from_minute?: number;
  to_minute?: number;
  leave_type_id?: Id;
  place?: string;
  punch_kind?: PunchKind;
  reason: string;
  cancels_id?: Id;
}

export interface PunchSpot {
  name: string;
  at: Point;
  radius_m: number;
}

/** Attendance as the phone carries it along. */
export interface MyAttendance {
  day: Day;
  /** When this day of duty is over: punches from then on belong to the next. */
  ends: Instant;
  shift: string | null;
  hours: ShiftPair[];
  special: string | null;
  within: PunchWithin;
  outside: PunchOutside;
  photo: boolean;
  window_minutes: number;
  spots: PunchSpot[];
  punches: Punch[];
  outcome: AttendanceOutcome;
  leave_types: LeaveType[];
  balances: LeaveBalance[];
  requests: AttendanceRequest[];
  reminders: boolean;
}

export interface MyAttendanceDay {
  day: Day;
  hours: ShiftPair[];
  shift: string | null;
  special: string | null;
  outcome: AttendanceOutcome;
  label: string;
  tone: AttendanceTone;
}

export interface AttendanceTotals {
  planned_days: number;
  attended_milli: number;
  late_count: number;
  late_minutes: number;
  early_count: number;
  early_minutes: number;
  missing: number;
  absent_milli: number;
  trip_days: number;
  overtime_minutes: number;
  leave: LeavePart[];
}

export interface MyAttendanceMonth {
  month: string;
  closed: boolean;
  days: MyAttendanceDay[];
  totals: AttendanceTotals;
}

export interface AttendanceMonth {
  month: string;
  closed: boolean;
  closed_by: Ref | null;
  closed_at: Instant | null;
  reopened_by: Ref | null;
  reopened_at: Instant | null;
  reason: string | null;
}

export interface SheetCell {
  day: Day;
  label: string;
  tone: AttendanceTone;
}

export interface SheetRow {
  employee: Ref;
  department: Ref;
  cells: SheetCell[];
  totals: string[];
  marked: boolean;
}

export interface SheetColumn {
  key: string;
  label: string;
}

export interface AttendanceSheet {
  standing: AttendanceMonth;
  days: Day[];
  columns: SheetColumn[];
  rows: SheetRow[];
}

export interface TodayRow {
  employee: Ref;
  department: Ref;
  label: string;
  tone: AttendanceTone;
  outcome: AttendanceOutcome;
  outside: boolean;
}

export interface AttendanceToday {
  day: Day;
  due: number;
  here: number;
  late: number;
  overdue: number;
  away: number;
  rows: TodayRow[];
}

export interface AttendanceDay {
  employee: Ref;
  day: Day;
  shift: Ref | null;
  source: RosterSource;
  hours: ShiftPair[];
  special: string | null;
  outcome: AttendanceOutcome;
  label: string;
  tone: AttendanceTone;
  closed: boolean;
  punches: Punch[];
  requests: AttendanceRequest[];
}

export interface BalanceRow {
  employee: Ref;
  department: Ref;
  balances: LeaveBalance[];
}

export interface Balances {
  year: number;
  types: LeaveType[];
  rows: BalanceRow[];
}
