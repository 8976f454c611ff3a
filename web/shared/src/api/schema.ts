/**
 * The words the server and both apps exchange under `/api/v1`.
 * Times are RFC 3339 UTC, days `yyyy-mm-dd` in the company's zone, points `[lng, lat]` WGS-84, ids UUID strings.
 */
export type Id = string;
export type Instant = string;
export type Day = string;
export type Point = [number, number];
export type Datum = 'wgs84' | 'gcj02' | 'bd09';

export interface Ref {
  id: Id;
  name: string;
}

/** A page of a list; `next_cursor` is absent on the last page, `total` present when `count=true` was asked. */
export interface Page<T> {
  items: T[];
  next_cursor?: string;
  total?: number;
}

// ── sign-in and organisation ──

export type Permission =
  | 'company.write' | 'org.read' | 'org.write' | 'audit.read' | 'customer.read' | 'customer.write' | 'task.read'
  | 'task.write' | 'visit.read' | 'live.read' | 'track.read' | 'report.read' | 'field.work' | 'track.audit';
export type Reach = 'own' | 'departments' | 'company';

export interface Company {
  id: Id;
  name: string;
  time_zone: string;
  demo: boolean;
  goal: Goal;
  version: number;
}
export interface Me {
  employee: Employee;
  company: Company;
  permissions: string[];
  reach: Reach;
  unread: number;
  server_time: Instant;
  totp_enabled: boolean;
  must_change_password: boolean;
  lang?: string | null;
}
export interface SignedIn {
  token: string;
  me: Me;
}
export interface SetupState {
  needed: boolean;
  demo?: boolean;
}
/** An account of the demo; only a demo server lists them. */
export interface DemoAccount {
  company: string;
  department: string;
  login: string;
  name: string;
  password: string;
  role: string;
}
export type Goal = 'truth' | 'efficiency' | 'cost';
export interface Employee {
  id: Id;
  name: string;
  pinyin: string;
  /** The company's own number of the person. */
  code?: string | null;
  login: string | null;
  phone: string | null;
  department: Ref;
  post: string | null;
  role: Ref;
  calendar_id: Id | null;
  policy_id: Id | null;
  status: 'active' | 'left' | 'erased';
  start_at: Point | null;
  color_seed: number;
  version: number;
}
export interface EmployeeCreated {
  employee: Employee;
  initial_password: string | null;
}
export interface Department {
  id: Id;
  name: string;
  parent_id: Id | null;
  manager_ids: Id[];
  employee_count: number;
  version: number;
}
export interface Role {
  id: Id;
  key: string;
  name: string;
  permissions: string[];
  reach: Reach;
  built_in: boolean;
  version: number;
}
/** Minutes of the local day; 540 is 09:00. */
export interface Window {
  from_minute: number;
  to_minute: number;
}
export interface Shift extends Window {
  /** 1 = Monday … 7 = Sunday. */
  weekday: number;
}
export interface CalendarException {
  day: Day;
  name: string;
  /** Empty = a day off. */
  shifts: Window[];
}
export interface Calendar {
  id: Id;
  name: string;
  shifts: Shift[];
  exceptions: CalendarException[];
  /** Used by everybody without a calendar of their own. */
  is_default: boolean;
  version: number;
}
export type PolicyMode = 'off' | 'saving' | 'balanced' | 'precise';
export interface LocationPolicy {
  id: Id;
  name: string;
  mode: PolicyMode;
  interval_s: number;
  distance_m: number;
  heartbeat_s: number;
  /** Posts it holds for; in what is said about one person, empty. */
  posts: string[];
  version: number;
}
export interface MyPolicy {
  policy: LocationPolicy | null;
  calendar_today: Window[];
  collected: { what: string; why: string }[];
  text_version: string;
  accepted_at: Instant | null;
}
export type TrackerKind = 'traccar' | 'owntracks' | 'overland' | 'gpslogger' | 'other';
export interface Tracker {
  id: Id;
  employee: Ref;
  name: string;
  kind: TrackerKind;
  created_at: Instant;
  last_seen_at: Instant | null;
  revoked: boolean;
}
export interface TrackerCreated extends Tracker {
  secret: string;
  url: string;
  setup: { kind: string; title: string; url: string; qr_svg: string }[];
}
export interface Device {
  id: Id;
  name: string;
  kind: 'browser' | 'phone' | 'integration';
  created_at: Instant;
  last_seen_at: Instant;
  current: boolean;
}
export interface TotpEnrolment {
  secret: string;
  otpauth_url: string;
  qr_svg: string;
}
export interface LedgerEntry {
  id: Id;
  at: Instant;
  reader: Ref & { department: string };
  what: 'live' | 'playback' | 'export' | 'report' | 'visit' | 'mileage' | 'everything' | 'fence' | 'search' | 'finding' | 'positions';
  purpose: string;
  day: Day | null;
  count: number;
}
/** How a company's log stands. */
export interface LedgerState {
  origin: string;
  key: string;
  fingerprint: string;
  size: number;
  today: number;
  checkpoint: CheckpointInfo | null;
  inspection: Inspection | null;
  checkpoint_url: string;
}
export interface CheckpointInfo {
  size: number;
  at: Instant;
  /** daily, asked or export. */
  reason: string;
  note: string;
}
/** What a walk over the stored log found; `item` names the first thing that does not hold. */
export interface Inspection {
  at: Instant;
  size: number;
  checkpoints: number;
  item: string | null;
  what: string | null;
}
export interface LogLine {
  index: number;
  at: Instant;
  kind: string;
  subject_id: Id;
  employee: Ref | null;
  leaf_hash: string;
  erased: boolean;
}
/** The company's signed word that a record is entry `index` of its log. */
export interface Receipt {
  index: number;
  at: Instant;
  kind: string;
  subject_id: Id;
  leaf: string;
  salt: string | null;
  record: string | null;
  note: string;
}
export interface AuditEntry {
  id: Id;
  at: Instant;
  actor: Ref | null;
  action: string;
  object_kind: string;
  object_id: string;
  summary: string;
  /** The named job that did it when no person did. */
  job?: string | null;
}
export interface Notice {
  id: Id;
  kind: string;
  title: string;
  body: string;
  link: string | null;
  created_at: Instant;
  read_at: Instant | null;
}

// ── customers ──

export type Grade = 'A' | 'B' | 'C';
export type CustomerStatus = 'active' | 'prospect' | 'archived';
export interface CustomerClass {
  id: Id;
  name: string;
  radius_m: number;
  min_stay_s: number;
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
  status: CustomerStatus;
  contact: Contact | null;
  last_visit_day: Day | null;
  note: string | null;
  version: number;
}
export interface CustomerPoint {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point;
  owner_id: Id | null;
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

// ── work ──

export type StepKind = 'photo' | 'choice' | 'text' | 'number' | 'yes_no';
export interface Step {
  id: Id;
  title: string;
  title_en: string | null;
  kind: StepKind;
  mandatory: boolean;
  min: number | null;
  max: number | null;
  options: string[] | null;
  hint: string | null;
}
export type TemplateKind = 'visit' | 'tour' | 'inspection' | 'promotion' | 'repair' | 'sample';
export interface TaskTemplate {
  id: Id;
  name: string;
  kind: TemplateKind;
  steps: Step[];
  min_stay_s: number | null;
  active: boolean;
  version: number;
}
export type Objective = 'distance' | 'time';
export interface RouteLeg {
  from: Id | null;
  to: Id;
  meters: number;
  seconds: number;
  line: Point[];
}
export type TravelProvider = 'straight_line' | 'own_map' | 'osrm' | 'valhalla' | 'amap' | 'baidu';
/** What the company's own days taught, each figure with its number of samples. */
export interface LearnedTimes {
  on: boolean;
  stays: { grade: string | null; seconds: number; samples: number }[];
  hours: { hour: number | null; permille: number; samples: number }[];
  learned_at: string | null;
}
/** Where the company's travel times come from. */
export interface TravelSetting {
  provider: TravelProvider;
  profile: 'car' | 'ebike' | 'foot';
  detour_permille: number;
  speed_kmh: number;
  daily_quota: number;
  key_set: boolean;
  used_today: number;
  available: TravelProvider[];
  traffic: boolean;
  version: number;
}
/** Why a provider could not answer. */
export type TravelFault = 'unreachable' | 'quota' | 'busy' | 'key' | 'refused' | 'too_many' | 'no_map' | 'off_map';
/** Whose travel times these are. */
export interface TravelSource {
  provider: TravelProvider;
  instead_of?: TravelProvider;
  reason?: TravelFault;
  traffic: boolean;
  /** Seconds were multiplied by this (thousandths), learned from the company's own days. */
  learned_permille?: number;
}
/** The first rule against a stop that the order leaves out. */
export type LeftOut = 'no_location' | 'no_way' | 'window_closed' | 'shift_over' | 'no_break' | 'outbid' | 'too_many';
export interface Route {
  /** Customer ids in driving order. */
  order: Id[];
  legs: RouteLeg[];
  meters: number;
  seconds: number;
  proven_optimal: boolean;
  objective: Objective;
  /** Where the times come from; `instead_of` names a provider that could not answer. */
  source: TravelSource;
  unserved: { customer_id: Id; reason: LeftOut }[];
}
// ── frequency plans ──

export type FrequencyEvery = 'week' | 'month' | 'days';
export interface FrequencyTerms {
  /** Empty: of any grade, with any tag or none. */
  grades: string[];
  tags: string[];
  every: FrequencyEvery;
  times: number;
  min_gap_days?: number | null;
  /** 1 = Monday … 7 = Sunday. */
  weekdays: number[];
  visit_minutes: number;
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
}
export interface OutlookDay {
  day: Day;
  works: boolean;
  work_minutes: number;
  holds_minutes: number;
  visits: OutlookVisit[];
}
export interface OutlookPerson {
  employee: Ref;
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
    reason: 'no_owner' | 'no_location' | 'too_few_days' | 'away';
    from: Day | null;
    to: Day | null;
    wanted: number | null;
    possible: number | null;
  }[];
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
  suggested: Day | null;
}

export interface Plan {
  id: Id;
  employee: Ref;
  day: Day;
  window: Window;
  template: Ref | null;
  tasks: Task[];
  route: Route;
  note: string | null;
  status: 'planned' | 'cancelled';
  delivered_at: Instant | null;
  read_at: Instant | null;
  created_by: Ref;
  created_at: Instant;
  version: number;
}
export type TaskStatus = 'new' | 'accepted' | 'on_the_way' | 'on_site' | 'done' | 'skipped' | 'cancelled' | 'overdue';
export interface TaskCustomer {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point | null;
  address: string | null;
  radius_m: number;
}
export interface Task {
  id: Id;
  plan_id: Id | null;
  employee: Ref;
  customer: TaskCustomer;
  day: Day;
  seq: number;
  window: Window;
  title: string;
  note: string | null;
  steps: Step[];
  min_stay_s: number;
  status: TaskStatus;
  eta: Instant | null;
  /** Promised: not moved, not given to somebody else. */
  locked: boolean;
  visit_id: Id | null;
  reason: string | null;
  version: number;
}
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
export type IneffectiveReason = 'outside_fence' | 'too_short' | 'steps_missing' | 'not_finished' | 'finding_open';
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
}
export type StepValue = string | number | boolean | string[] | null;
export interface VisitStep {
  step: Step;
  status: 'todo' | 'done' | 'skipped';
  value: StepValue;
  photos: PhotoRef[];
  started_at: Instant | null;
  ended_at: Instant | null;
  at: Point | null;
  reason: string | null;
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

// ── live, tracks, reports ──

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
/** Sums over the days of a person's or a team's month; lengths in metres. */
export interface MileageSums {
  driven_days: number;
  counted_m: number;
  raw_m: number;
  excluded_m: number;
  estimated_m: number;
  gap_s: number;
  refused: number;
  removed: number;
  open_days: number;
  late_days: number;
}
export type MileageRow = MileageSums & { employee: Ref; department: Ref; code: string | null };
export interface MileageMonth {
  month: string;
  rows: MileageRow[];
  totals: MileageSums;
}
/** A person's mileage statement of a month: what may be paid, and all it follows from. */
export interface MileageStatement {
  format: string;
  company: string;
  person: { id: Id; name: string; code: string | null; department: string };
  month: string;
  time_zone: string;
  rule_version: string;
  input_sha256: string;
  totals: {
    duty_days: number; duty_s: number; counted_m: number; raw_m: number; excluded_m: number; estimated_m: number;
    gap_s: number; unknown_s: number; refused: number; removed: number; open_days: number;
  };
  days: MileageDay[];
}
export interface MileageDay {
  day: Day;
  open: boolean;
  duty: { from: Instant; to: Instant }[];
  duty_s: number;
  counted_m: number;
  raw_m: number;
  excluded_m: number;
  estimated_m: number;
  gap_s: number;
  unknown_s: number;
  trips: { from: Instant; to: Instant; meters: number; mode: string; counted: boolean; from_place: string | null; to_place: string | null }[];
  gaps: { from: Instant; to: Instant; kind: string; estimated_m: number }[];
  /** Times of which nothing is recorded on purpose. */
  withheld: { from: Instant; to: Instant; reason: 'off_duty' | 'leave' | 'private' }[];
  refused: Record<string, number>;
  removed: number;
  positions: number;
  input_sha256: string;
}
/** How long a company keeps positions. */
export interface Retention {
  positions_days: number | null;
  purged_before: Day | null;
}
/** Leave, overtime or a private trip. */
export interface DutyEntry {
  id: Id;
  employee_id: Id;
  kind: 'leave' | 'overtime' | 'private';
  from: Instant;
  to: Instant | null;
  note: string | null;
  created_by: Ref;
  created_at: Instant;
  revoked_at: Instant | null;
}
export interface DutyCalendar {
  days: { day: Day; working: { from: Instant; to: Instant }[]; leave: { from: Instant; to: Instant }[]; private: { from: Instant; to: Instant }[] }[];
  entries: DutyEntry[];
}
export interface Home {
  day: Day;
  out: { counts: Partial<Record<LiveState, number>>; people: LivePerson[] };
  late: LivePerson[];
  needs_me: { kind: string; title: string; count: number; link: string }[];
  team: { department: Ref; effective: number; open: number; overdue: number; todo: number }[];
}

// ── import, basemap ──

export interface ImportPreview {
  id: Id;
  kind: 'employees' | 'customers';
  filename: string;
  columns: string[];
  mapping: Record<string, string | null>;
  fields: { key: string; label: string; required: boolean }[];
  datum: Datum;
  total: number;
  ready: number;
  /** Rows with at least one error; `errors` holds only the first of them when there are many. */
  error_rows: number;
  errors: { row: number; column: string | null; value: string | null; code: string; message: string }[];
  duplicates: { row: number; matches: Ref }[];
  sample: Record<string, string>[];
  status: 'preview' | 'committed';
}
export interface ImportResult {
  created: number;
  updated: number;
  skipped: number;
}
export interface Basemap {
  kind: 'generated' | 'pmtiles' | 'raster' | 'none';
  url: string | null;
  crs: 'wgs84' | 'gcj02';
  attribution: string;
  min_zoom: number;
  max_zoom: number;
  centre: Point;
  zoom: number;
}

// ── phone ──

export interface FieldSnapshot {
  epoch: string;
  server_time: Instant;
  me: Me;
  policy: LocationPolicy | null;
  calendar_today: Window[];
  /** Private trips of today: within them nothing is recorded. */
  private_today: DutyEntry[];
  day: Day;
  plans: Plan[];
  tasks: Task[];
  customers: Customer[];
  contacts: Record<Id, Contact[]>;
  problems: Record<Id, Problem360[]>;
  visits: Record<Id, VisitRow[]>;
  open_visit: Visit | null;
  notices: Notice[];
  day_summary: DaySummary | null;
  /** Urgent tasks this person is asked to take and has not answered. */
  urgent: UrgentCall[];
  viewers_today: number;
  nonce: string;
}
export interface FieldFix {
  at: Point;
  accuracy_m: number;
  t: Instant;
  speed_mps?: number;
}
export interface SyncBodies {
  /** A private trip begins, or ends, at the moment of the item. */
  'private.start': { trip_id: Id };
  'private.end': { trip_id: Id };
  'visit.check_in': {
    visit_id: Id;
    task_id: Id | null;
    customer_id: Id;
    fix: FieldFix | null;
    offline: boolean;
    nonce?: string;
  };
  'visit.step': {
    visit_id: Id;
    step_id: Id;
    status: 'done' | 'skipped';
    value?: StepValue;
    photo_ids?: Id[];
    started_at?: Instant;
    fix?: FieldFix;
    reason?: string;
  };
  'visit.photo': {
    visit_id: Id;
    step_id: Id;
    photo_id: Id;
    sha256: string;
    size: number;
    mime: string;
    width: number;
    height: number;
    taken_at: Instant;
    fix?: FieldFix;
    live: boolean;
  };
  'visit.summary': { visit_id: Id; text: string };
  'visit.check_out': { visit_id: Id; fix: FieldFix | null };
  'task.accept': { task_id: Id };
  'task.skip': { task_id: Id; reason?: string };
  'task.on_the_way': { task_id: Id };
  'urgent.accept': { offer_id: Id };
  'urgent.refuse': { offer_id: Id; reason: string };
  'notice.read': { notice_id: Id };
  'plan.read': { plan_id: Id };
  'problem.open': { customer_id: Id; problem_id: Id; text: string };
  consent: { policy_text_version: string };
}
export type SyncKind = keyof SyncBodies;
export type SyncItem = {
  [K in SyncKind]: { id: Id; kind: K; at: Instant; mono_ms?: number; body: SyncBodies[K] };
}[SyncKind];
export interface SyncReceipt {
  id: Id;
  status: 'accepted' | 'duplicate' | 'rejected';
  code?: string;
  title?: string;
  detail?: string;
  received_at: Instant;
}
export interface SyncAnswer {
  epoch: string;
  receipts: SyncReceipt[];
}
export interface TrackFix {
  t: Instant;
  at: Point;
  accuracy_m?: number;
  speed_mps?: number;
  bearing_deg?: number;
  altitude_m?: number;
  battery?: number;
}
export interface FixesAnswer {
  accepted: number;
  duplicate: number;
  refused_off_duty: number;
  refused_invalid: number;
}
export interface UploadState {
  id: Id;
  offset: number;
  complete: boolean;
}

// ── dispatch ──

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
export interface UrgentFactors {
  eta: Instant;
  free_at: Instant | null;
  drive_s: number;
  line_m: number;
  extra_m: number;
  skills: string[];
  own_customer: boolean;
  grade: Grade | null;
  load_percent: number;
  ahead: number;
  before: number;
  lateness_s: number;
  moved: MovedVisit[];
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
export type UnableReason = 'off_duty' | 'silent' | 'skill' | 'no_way' | 'too_late' | 'shift_over';
export interface UrgentCandidates {
  at: Instant;
  source: TravelSource;
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

// ── stream ──

/** Events of `GET /stream` by name. */
export interface StreamEvents {
  hello: unknown;
  live: { people: LivePerson[] };
  visit: VisitRow;
  plan: { id: Id; employee_id: Id };
  /** A task, or how an urgent request stands now. */
  task: Task | { urgent: Id; status: UrgentStatus };
  fence: { employee_id: Id; day: Day };
  notice: { id: Id; kind: string };
  finding: { id: Id; employee_id: Id; visit_id: Id | null; code: string; status: FindingStatus };
  gone: unknown;
}

// ─────────────────────────────── fences and rounds ───────────────────────────────

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

// ── truth ──

export type TruthBand = 'grey' | 'green' | 'amber' | 'red';
export type FindingStatus = 'open' | 'answered' | 'second' | 'upheld' | 'cleared' | 'replaced';
export type FindingReason =
  | 'metro' | 'new_phone' | 'joint_visit' | 'phone_lent' | 'indoors' | 'vpn' | 'map_pin_wrong' | 'no_network' | 'drop_off' | 'other';
/** Something that needs an explanation; texts in the reader's language. */
export interface Finding {
  id: Id;
  employee: Ref;
  visit_id: Id | null;
  day: Day;
  code: string;
  title: string;
  text: string;
  causes: string[];
  /** How strong it is alone, 0 to 1. */
  weight: number;
  band: TruthBand;
  status: FindingStatus;
  numbers: { name: string; value: number }[];
  photos: { photo_id: Id; earlier_photo_id: Id; earlier_visit_id: Id; earlier_at: Instant }[];
  rule_version: string;
  false_alarm_rate: number | null;
  from: Instant;
  to: Instant;
  found_at: Instant;
  answer_by: Instant;
}
export interface FindingEvent {
  id: Id;
  finding_id: Id;
  kind: 'answered' | 'decided' | 'seconded';
  actor: Ref;
  at: Instant;
  reason_code: FindingReason | null;
  text: string;
  outcome: 'upheld' | 'cleared' | null;
  affects_pay: boolean;
  photo_ids: Id[];
}
export interface FindingDetail {
  finding: Finding;
  events: FindingEvent[];
}
/** All about one visit: the same for manager and person. */
export interface TruthCard {
  visit: VisitRow;
  band: TruthBand;
  score: number;
  grade: 'A' | 'B' | 'C' | 'D';
  speaks_for: string[];
  findings: Finding[];
  events: FindingEvent[];
  track: { at: Point; t: Instant; accuracy_m: number | null; mock: boolean }[];
  customer_at: Point | null;
  check_in_at: Point | null;
  check_in_accuracy_m: number | null;
  radius_m: number;
  taken_between: [Instant, Instant];
  rule_version: string;
}
export interface TruthStatistics {
  rules: { code: string; title: string; made: number; pending: number; decided: number; cleared: number; fallen_back: boolean; false_alarm_rate: number | null }[];
  days: { day: Day; made: number; cleared: number }[];
  rule_version: string;
}
export type TruthPolicy = 'block' | 'flag' | 'allow';
export interface TruthRules {
  mock_location: TruthPolicy;
  out_of_range: TruthPolicy;
  second_person: TruthPolicy;
  clock: TruthPolicy;
  photo_reuse: TruthPolicy;
  trusted_trackers: number[];
  shared_devices: string[];
  alert_managers: boolean;
}
export type DemoAttackKind = 'honest' | 'away' | 'clock' | 'second_person' | 'mock' | 'patient_forger';
/** What came of an attack on the demo. */
export interface DemoAttack {
  kind: DemoAttackKind;
  visit_id: Id | null;
  /** The rule that should speak; null where none can. */
  expected: string | null;
  found: { code: string; title: string }[];
  band: TruthBand;
  as_expected: boolean;
  ms: number;
}
