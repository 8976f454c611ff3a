/** Sign-in, company, people, roles, notices. */
import type { Id, Instant, Point, Ref } from './common';
import type { TravelMode } from './travel';

export type Permission =
  | 'company.write' | 'org.read' | 'org.write' | 'audit.read' | 'customer.read' | 'customer.write' | 'task.read'
  | 'task.write' | 'visit.read' | 'live.read' | 'track.read' | 'report.read' | 'field.work' | 'track.audit' | 'form.write' | 'flow.write' | 'knowledge.write'
  | 'order.read' | 'order.write' | 'stock.write' | 'audio.play';

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

export type DayStart = 'home' | 'office' | 'first';
export type DayEnd = 'home' | 'office' | 'open';
export interface EmployeeDay {
  travel: TravelMode | null;
  start: DayStart | null;
  end: DayEnd | null;
  most_visits: number | null;
  most_km: number | null;
}

/** The company's rule of how days begin and end, and what they may hold. */
export interface DayPolicy {
  start: DayStart;
  end: DayEnd;
  most_visits: number | null;
  most_km: number | null;
  office: Point | null;
  /** Thousandths of the best way beyond which a day is said to be longer than it had to be. */
  detour_permille: number;
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
  /** What the person can do, in the company's own words. */
  skills: string[];
  /** What is said of the days of this person; what is absent follows the company. */
  day: EmployeeDay;
  /** Answers to the company's own fields, by key. */
  custom: Record<string, unknown>;
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

export interface Notice {
  id: Id;
  kind: string;
  title: string;
  body: string;
  link: string | null;
  created_at: Instant;
  read_at: Instant | null;
}

/** Named filters of a list; shared ones are offered to the whole company. */
export interface SavedView {
  id: Id;
  list: string;
  name: string;
  search: Record<string, string>;
  shared: boolean;
  owner: Ref;
  created_at: Instant;
  version: number;
}

/** What a company has of what its people need outside. */
export interface Readiness {
  time_zone: string;
  calendar_set: boolean;
  people: number;
  on_phones: number;
  customers: number;
  customers_placed: number;
  basemap: boolean;
  backup_at: Instant | null;
}
