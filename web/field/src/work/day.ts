/** The day as one list of stops and one next action. Pure: the phone's records laid over the last snapshot. */
import type { Point, Task, TaskMate, TaskStatus, Window } from '@tashi/shared/api';
import { type FenceAnswer, fenceVerdict } from '../geo/fence.ts';
import { distanceM } from '@tashi/shared/geo/measure.ts';
import type { LocalVisit } from './visit.ts';

/** What this phone has recorded about tasks and the server may not know yet. */
export interface TaskNews {
  kind: 'task.accept' | 'task.skip' | 'task.on_the_way';
  task_id: string;
  reason?: string;
}

export interface Stop {
  task: Task;
  status: TaskStatus;
  visit: LocalVisit | null;
  /** Metres from here, null without a fix or a place. */
  distance: number | null;
  arrived: boolean;
}

export interface Here {
  at: Point;
  accuracy_m: number;
  /** Absent when the receiver does not tell. */
  speed_mps?: number;
}

/** Who comes along to a task. What was kept before there were crews names nobody. */
export function matesOf(task: Task): TaskMate[] {
  return (task as Partial<Task>).crew ?? [];
}

/** Faster than this nobody has arrived, m/s: driving through a shop's circle is a pass, here as on the server. */
const PASSING_MPS = 5;

const ORDER: readonly TaskStatus[] = ['new', 'accepted', 'on_the_way', 'on_site', 'done'];
const CLOSED: ReadonlySet<TaskStatus> = new Set(['done', 'skipped', 'cancelled']);

export function isClosed(status: TaskStatus): boolean {
  return CLOSED.has(status);
}

/** The day's stops in the plan's order, each with the newest status known anywhere. */
export function stopsOf(tasks: readonly Task[], day: string, news: readonly TaskNews[], visits: readonly LocalVisit[], here: Here | null): Stop[] {
  return tasks
    .filter((task) => task.day === day)
    .sort((a, b) => a.seq - b.seq || a.window.from_minute - b.window.from_minute)
    .map((task) => {
      const visit = visits.find((v) => v.task_id === task.id) ?? null;
      const status = statusOf(task, news.filter((n) => n.task_id === task.id), visit);
      const fence = here && task.customer.at ? fenceVerdict(here.at, here.accuracy_m, task.customer.at, task.customer.radius_m) : null;
      return { task, status, visit, distance: fence?.distanceM ?? null, arrived: fence?.verdict === 'in' && !isClosed(status) && (here?.speed_mps ?? 0) <= PASSING_MPS };
    });
}

function statusOf(task: Task, news: readonly TaskNews[], visit: LocalVisit | null): TaskStatus {
  if (task.status === 'cancelled') return 'cancelled';
  if (visit) return visit.status === 'done' ? 'done' : 'on_site';
  if (isClosed(task.status)) return task.status;
  if (news.some((n) => n.kind === 'task.skip')) return 'skipped';
  const heard = news.map((n): TaskStatus => (n.kind === 'task.accept' ? 'accepted' : 'on_the_way'));
  return heard.reduce((best, one) => (ORDER.indexOf(one) > ORDER.indexOf(best) ? one : best), task.status);
}

/** The one thing to do now. */
export type Action =
  | { is: 'resume'; visit: LocalVisit }
  | { is: 'repair_location' }
  | { is: 'start' }
  | { is: 'check_in'; stop: Stop }
  | { is: 'navigate'; stop: Stop }
  | { is: 'my_day' }
  | { is: 'ad_hoc' };

export interface Situation {
  stops: readonly Stop[];
  openVisit: LocalVisit | null;
  started: boolean;
  /** The person has said no to the browser, not merely not been asked. */
  locationDenied: boolean;
}

/** What the big button says: it follows the situation, and there is always exactly one. */
export function nextAction({ stops, openVisit, started, locationDenied }: Situation): Action {
  if (openVisit) return { is: 'resume', visit: openVisit };
  const todo = stops.filter((s) => !isClosed(s.status));
  if (stops.length === 0) return { is: 'ad_hoc' };
  if (todo.length === 0) return { is: 'my_day' };
  if (locationDenied) return { is: 'repair_location' };
  const begun = started || stops.some((s) => s.status === 'done' || s.status === 'on_the_way' || s.status === 'on_site');
  if (!begun) return { is: 'start' };
  const nearest = todo.filter((s) => s.arrived).sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0))[0];
  if (nearest) return { is: 'check_in', stop: nearest };
  const next = todo[0];
  if (!next) return { is: 'my_day' };
  // Without a place on the map there is nothing to drive to.
  return next.task.customer.at ? { is: 'navigate', stop: next } : { is: 'check_in', stop: next };
}

/** True inside one of the duty windows; minutes of the company's local day. */
export function onDuty(windows: readonly Window[], minute: number): boolean {
  return windows.some((w) => minute >= w.from_minute && minute < w.to_minute);
}

/** Minute of the local day of a moment in a zone. */
export function minuteOf(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return part('hour') * 60 + part('minute');
}

/** Nearest customers first; those without a place last. */
export function nearestFirst<T extends { at: Point | null }>(rows: readonly T[], here: Point | null): T[] {
  if (!here) return [...rows];
  const d = (row: T) => (row.at ? distanceM(here, row.at) : Number.POSITIVE_INFINITY);
  return [...rows].sort((a, b) => d(a) - d(b));
}

/** Fence for a place that may be unknown: without one nothing can be told. */
export function fenceAt(here: Here | null, centre: Point | null, radiusM: number): FenceAnswer | null {
  return here && centre ? fenceVerdict(here.at, here.accuracy_m, centre, radiusM) : null;
}
