/** What is recorded of people, when, and for how long. */
import type { Window } from './calendar';
import type { Day, Id, Instant, Ref } from './common';
import type { LivePerson, LiveState } from './days';

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
