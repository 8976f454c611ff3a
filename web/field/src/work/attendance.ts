/** What the phone knows of today's attendance: the snapshot's words, and what still waits to be sent. Pure. */
import type { AttendanceRequest, Customer, DayPart, MyAttendance, NewAttendanceRequest, Punch, PunchKind, PunchSpot, SyncBodies } from '@tashi/shared/api';
import { distanceM } from '@tashi/shared/geo/measure.ts';
import { fenceVerdict } from '../geo/fence.ts';

/** A punch as today's list shows it. */
export interface ShownPunch {
  id: string;
  kind: PunchKind;
  at: string;
  offline: boolean;
  verdict: string | null;
  place: string | null;
  /** kept, none, off_duty, private or policy_off; absent while the server has not said. */
  kept: string | null;
  reason: string | null;
  source: string;
  /** Waits to be sent, or was refused. */
  state: 'sent' | 'waiting' | 'refused';
  refusal: string | null;
}

/** An entry of the outbox that is a punch. */
export interface PunchEntry {
  at: string;
  body: SyncBodies['punch'];
  status: string;
  refusal: { title: string } | null;
}

/** Longest between coming and going of one duty. */
const LONGEST = 12 * 3_600_000;

/** What is known of the duty of this moment: that of the snapshot until its day ends, later only what this phone recorded since. */
export function dutyNow<E extends { at: string; day: string }>(mine: MyAttendance, today: string, now: number, entries: readonly E[]): { over: boolean; day: string; entries: E[] } {
  const ends = Date.parse(mine.ends);
  // A snapshot of an older version does not say when its day ends.
  const over = Number.isNaN(ends) ? today > mine.day : now >= ends;
  if (!over) return { over, day: mine.day, entries: entries.filter((one) => one.day >= mine.day) };
  const of = (one: E) => {
    const at = Date.parse(one.at);
    return (Number.isNaN(ends) || at >= ends) && (one.day >= today || now - at < LONGEST);
  };
  return { over, day: today, entries: entries.filter(of) };
}

/** Today's punches in order: those the server holds, then those of this phone it does not know yet. */
export function punchesOf(held: readonly Punch[], entries: readonly PunchEntry[]): ShownPunch[] {
  const known = new Set(held.map((one) => one.id));
  const all: ShownPunch[] = held.map((one) => ({
    id: one.id, kind: one.kind, at: one.at, offline: one.offline, verdict: one.verdict, place: one.place_name, kept: one.place, reason: one.reason,
    source: one.source, state: 'sent', refusal: null,
  }));
  for (const { at, body, status, refusal } of entries) {
    if (known.has(body.punch_id)) continue;
    all.push({
      id: body.punch_id, kind: body.kind, at, offline: body.offline, verdict: null, place: null, kept: null, reason: body.reason ?? null, source: 'phone',
      state: status === 'refused' ? 'refused' : status === 'receipted' ? 'sent' : 'waiting', refusal: refusal?.title ?? null,
    });
  }
  return all.sort((a, b) => a.at.localeCompare(b.at));
}

/** Coming first, then going. */
export function nextKind(punches: readonly ShownPunch[]): PunchKind {
  return punches.some((one) => one.kind === 'in' && one.state !== 'refused') ? 'out' : 'in';
}

/** Where a punch now would be, as far as the position can tell; `anywhere` where no place is asked for. */
export interface Whereabouts {
  verdict: 'in' | 'out' | 'cannot_tell' | 'anywhere' | 'searching';
  name: string | null;
  distance: number | null;
}

const ORDER = { in: 0, cannot_tell: 1, out: 2 } as const;

export function whereabouts(mine: MyAttendance | null, customers: readonly Pick<Customer, 'name' | 'at' | 'radius_m'>[], here: { at: [number, number]; accuracy_m: number } | null): Whereabouts {
  if (!here) return { verdict: 'searching', name: null, distance: null };
  if (!mine || mine.within === 'anywhere') return { verdict: 'anywhere', name: null, distance: null };
  const own: PunchSpot[] = mine.within === 'customers' ? customers.flatMap(({ name, at, radius_m }) => (at ? [{ name, at, radius_m }] : [])) : [];
  const spots = [...mine.spots, ...own];
  let best: Whereabouts = { verdict: 'cannot_tell', name: null, distance: null };
  let rank = Infinity;
  for (const spot of spots) {
    const { verdict } = fenceVerdict(here.at, here.accuracy_m, spot.at, spot.radius_m);
    const distance = distanceM(here.at, spot.at);
    const of = ORDER[verdict] * 1e9 + Math.max(0, distance - spot.radius_m);
    if (of < rank) {
      rank = of;
      best = { verdict, name: spot.name, distance };
    }
  }
  return best;
}

/** What a request said, to be asked anew. */
export function draftOf(one: AttendanceRequest): Partial<NewAttendanceRequest> {
  const midnight = Date.parse(`${one.from_day}T00:00:00`);
  const minute = (at: string) => Math.round((Date.parse(at) - midnight) / 60_000);
  const timed = one.kind === 'overtime' || one.kind === 'correction' || one.part === 'hours';
  return {
    from_day: one.from_day, to_day: one.to_day, reason: one.reason,
    ...(one.kind === 'leave' ? { part: one.part as DayPart, ...(one.leave_type ? { leave_type_id: one.leave_type.id } : {}) } : {}),
    ...(timed ? { from_minute: minute(one.from) } : {}),
    ...(timed && one.kind !== 'correction' ? { to_minute: minute(one.to) } : {}),
    ...(one.place ? { place: one.place } : {}),
    ...(one.punch_kind ? { punch_kind: one.punch_kind } : {}),
  };
}

/** Thousandths of a day as people write them: 0.5, 2. */
export function inDays(milli: number): string {
  return String(Math.round(milli) / 1000);
}
