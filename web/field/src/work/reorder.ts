/** Another order of today's open stops: whether it fits, and what it means. Pure; the same rules as on the server. */
import type { Id, PlanChange, PlanChangeBroken, PlanChangeDay, PlanChangeLeave, PlanWays, Task } from '@tashi/shared/api';
import { beginWithin, openOn } from '@tashi/shared/plan/hours.ts';
import { type Stop, isClosed, minuteOf } from './day.ts';

/** A promise is kept when the visit begins this much before or after it, seconds. */
const PROMISE_S = 15 * 60;
const USUAL_VISIT_S = 30 * 60;

/** Another order this phone has recorded. */
export interface Wish {
  id: Id;
  plan_id: Id;
  order: readonly Id[];
}

/** Has not begun and is not over: may be put elsewhere. */
export function waits(stop: Stop): boolean {
  return stop.status === 'new' || stop.status === 'accepted' || stop.status === 'overdue';
}

/**
 * A wish laid over the day as it is now: those of it that are still open in the order wished for, and those that came in
 * meanwhile behind the stop they follow now. Locked stops keep their present order among each other. `added` and `gone` are
 * what somebody else changed.
 */
export function merge(wish: readonly Id[], open: readonly Id[], begun: ReadonlySet<Id>, locked: ReadonlySet<Id> = new Set()): { order: Id[]; added: Id[]; gone: Id[] } {
  const wished = wish.filter((id) => !begun.has(id));
  const order = wished.filter((id) => open.includes(id));
  const added = open.filter((id) => !wished.includes(id));
  for (const id of added) {
    const before = open.slice(0, open.indexOf(id)).reverse().find((one) => order.includes(one));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  const kept = open.filter((id) => locked.has(id));
  const laid = order.map((id) => (locked.has(id) ? (kept.shift() ?? id) : id));
  return { order: laid, added, gone: wished.filter((id) => !open.includes(id)) };
}

/** Does a skip this phone recorded hold on the screen? What the server has of it decides; before that, the rule. */
export function skipHolds(id: Id, changes: readonly Pick<PlanChange, 'id' | 'status'>[], rule: PlanChangeLeave): boolean {
  const known = changes.find((one) => one.id === id);
  return known ? known.status === 'applied' : rule !== 'approval';
}

/** How many stops of a day would begin or end after they should. */
export function lateStops(day: Pick<PlanChangeDay, 'stops'>): number {
  return day.stops.filter((stop) => stop.broken.some(({ rule, seconds }) => rule === 'late' || rule === 'over_shift' || (rule === 'promise' && seconds > 0))).length;
}

/** Moves a stop one place; what is locked is not moved. */
export function moved(order: readonly Id[], id: Id, by: -1 | 1): Id[] {
  const at = order.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return [...order];
  const next = [...order];
  next.splice(at, 1);
  next.splice(to, 0, id);
  return next;
}

/** True when locked stops would change their order among each other. */
export function turnsLocked(before: readonly Id[], after: readonly Id[], locked: ReadonlySet<Id>): boolean {
  const kept = (all: readonly Id[]) => all.filter((id) => locked.has(id)).join();
  return kept(before) !== kept(after);
}

/** The day's tasks as this phone knows them: its own wish is laid over the server's order until the server has it. */
export function withWish(tasks: readonly Task[], plan: { id: Id; changes?: readonly Pick<PlanChange, 'id'>[] } | null, wish: Wish | null): { tasks: readonly Task[]; pending: boolean } {
  if (!plan || !wish || wish.plan_id !== plan.id || plan.changes?.some((one) => one.id === wish.id)) return { tasks, pending: false };
  const own = tasks.filter((task) => task.plan_id === plan.id).sort((a, b) => a.seq - b.seq);
  const open = own.filter((task) => task.status === 'new' || task.status === 'accepted' || task.status === 'overdue');
  const begun = new Set(own.filter((task) => !open.includes(task) && task.status !== 'cancelled').map((task) => task.id));
  const { order, added, gone } = merge(wish.order, open.map((task) => task.id), begun);
  // The server will refuse it; until then the order stays as it is.
  if (added.length > 0 || gone.length > 0) return { tasks, pending: false };
  const places = open.map((task) => task.seq);
  const seq = new Map(order.map((id, k) => [id, places[k] ?? k + 1]));
  return { tasks: tasks.map((task) => (seq.has(task.id) ? { ...task, seq: seq.get(task.id) ?? task.seq, eta: null } : task)), pending: true };
}

/** Arrival after a drive that rests during the pauses. */
function driven(from: number, drive: number, pauses: readonly [number, number][]): number {
  let [now, left] = [from, drive];
  for (const [a, b] of pauses) {
    if (now >= b) continue;
    if (now + left <= a) break;
    left -= Math.min(left, Math.max(0, a - now));
    now = b;
  }
  return now + left;
}

/** The first moment from which a visit is not cut by a pause. */
const fits = (from: number, service: number, pauses: readonly [number, number][]) => pauses.reduce((now, [a, b]) => (now < b && now + service > a ? b : now), from);

/** The day in this order: way, times, and every rule it breaks. `nowS`: seconds after local midnight. */
export function workOut(ways: PlanWays, begun: readonly Task[], order: readonly Task[], nowS: number): PlanChangeDay {
  const size = ways.tasks.length + (ways.start ? 1 : 0);
  const rowOf = (id: Id) => {
    const k = ways.tasks.indexOf(id);
    return k < 0 ? null : k + (ways.start ? 1 : 0);
  };
  const pauses = ways.pauses.map((w): [number, number] => [w.from_minute * 60, w.to_minute * 60]);
  const closes = ways.window.to_minute * 60;
  let now = Math.max(nowS, ways.window.from_minute * 60);
  let here: number | null = ways.start ? 0 : null;
  let [meters, seconds] = [0, 0];
  let finish: number | null = null;
  const drive = (to: number): [number, number] | null => {
    if (here === null) return [0, 0];
    const [s, m] = [ways.seconds[here * size + to] ?? -1, ways.meters[here * size + to] ?? -1];
    return s < 0 ? null : [s, m];
  };
  for (const task of begun) {
    const row = rowOf(task.id);
    if (row === null) continue;
    const leg = drive(row);
    if (leg) [seconds, meters] = [seconds + leg[0], meters + leg[1]];
    here = row;
  }
  const stops = order.map((task) => {
    const broken: PlanChangeBroken[] = [];
    const stop = { task_id: task.id, customer: task.customer.name, grade: task.customer.grade, locked: task.locked, begin_s: null as number | null, broken };
    const row = rowOf(task.id);
    const leg = row === null ? null : drive(row);
    if (row === null || !leg) {
      broken.push({ rule: row === null ? 'no_place' : 'no_way', seconds: 0 });
      return stop;
    }
    [seconds, meters, here] = [seconds + leg[0], meters + leg[1], row];
    const service = ways.service_s[task.id] ?? USUAL_VISIT_S;
    const window: [number, number] = [task.window.from_minute * 60, task.window.to_minute * 60];
    const { begin, closed } = beginWithin(driven(now, leg[0], pauses), window, openOn(task.customer.hours, task.day), service, (from) => fits(from, service, pauses));
    now = begin + service;
    finish = now;
    stop.begin_s = begin;
    if (now > closes) broken.push({ rule: 'over_shift', seconds: now - closes });
    if (begin > task.window.to_minute * 60) broken.push({ rule: 'late', seconds: begin - task.window.to_minute * 60 });
    if (closed) broken.push({ rule: 'closed', seconds: 0 });
    const promised = task.locked ? ways.promised_s[task.id] : undefined;
    if (promised !== undefined && Math.abs(begin - promised) > PROMISE_S) broken.push({ rule: 'promise', seconds: begin - promised });
    return stop;
  });
  const last = [...begun, ...order].findLast((task) => rowOf(task.id) !== null);
  const home = last ? ways.home?.[last.id] : undefined;
  if (home) [seconds, meters] = [seconds + home.seconds, meters + home.meters];
  return { stops, meters, seconds, finish_s: finish };
}

/** Tasks of a plan with the times their order on this phone gives; `now` in ms. */
export function timed(tasks: readonly Task[], planId: Id, ways: PlanWays, now: number, timeZone: string): Task[] {
  const own = tasks.filter((task) => task.plan_id === planId && task.status !== 'cancelled' && task.status !== 'skipped').sort((a, b) => a.seq - b.seq);
  const open = own.filter((task) => task.status === 'new' || task.status === 'accepted' || task.status === 'overdue');
  const nowS = minuteOf(now, timeZone) * 60;
  const day = workOut(ways, own.filter((task) => !open.includes(task)), open, nowS);
  const minute = Math.floor(now / 60_000) * 60_000;
  const eta = new Map(day.stops.map((stop) => [stop.task_id, stop.begin_s === null ? null : new Date(minute + (stop.begin_s - nowS) * 1000).toISOString()]));
  return tasks.map((task) => (eta.has(task.id) ? { ...task, eta: eta.get(task.id) ?? null } : task));
}

/** Stops of a plan that have begun or are done, in their order: the way leads through them first. */
export function begunOf(stops: readonly Stop[]): Task[] {
  return stops.filter((stop) => !waits(stop) && (stop.status === 'done' || !isClosed(stop.status))).map((stop) => stop.task);
}
