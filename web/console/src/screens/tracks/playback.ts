import type { Id, Playback, Point, Ref, TimelineState, Trip, VisitRow } from '@tashi/shared/api';
import { bearingDeg, distanceM, type TrackPoint } from '@tashi/shared/map';

/** Milliseconds since epoch of an instant. */
export function ms(instant: string): number {
  return Date.parse(instant);
}

export type TripMode = 'driving' | 'ebike' | 'walking' | 'transit';

/** One entry of the day: the list on the right and the bands below show the same ones. */
export type DayEvent = { id: string; from: number; to: number } & (
  | { kind: 'drive'; meters: number; mode: TripMode; counted: boolean }
  | { kind: 'visit'; seq: number; visit: VisitRow }
  | { kind: 'stay'; customer: Ref | null; at: Point | null }
  | { kind: 'gap'; state: TimelineState; straightM: number | null }
  | { kind: 'quiet' }
);

/** What happened, in order, every minute once. */
export function dayEvents(playback: Playback): DayEvent[] {
  const visits = [...playback.visits].sort((a, b) => ms(a.check_in_at) - ms(b.check_in_at));
  const all = playback.timeline.map((entry, index): DayEvent => {
    const base = { id: `${index}/${entry.from}`, from: ms(entry.from), to: ms(entry.to) };
    switch (entry.state) {
      case 'moving': {
        const trip = mainTrip(playback, base);
        return {
          ...base,
          kind: 'drive',
          meters: drivenMeters(playback, base.from, base.to),
          mode: MODES.find((mode) => mode === trip?.mode) ?? 'driving',
          counted: trip?.counted ?? true,
        };
      }
      case 'visit': {
        const at = visits.findIndex((visit) => overlap(base, span(visit, base.to)) > 0);
        const visit = visits[at];
        return visit ? { ...base, kind: 'visit', seq: at + 1, visit } : { ...base, kind: 'stay', customer: null, at: null };
      }
      case 'stay': {
        const stay = playback.stays.find((one) => overlap(base, { from: ms(one.from), to: ms(one.to) }) > 0);
        return { ...base, kind: 'stay', customer: stay?.customer ?? null, at: stay?.at ?? null };
      }
      case 'not_recorded':
        return { ...base, kind: 'quiet' };
      default:
        return { ...base, kind: 'gap', state: entry.state, straightM: straightMeters(playback.points, base.from, base.to) };
    }
  });
  return withoutBlinks(all);
}

/** Between arriving and checking in lie seconds, which the engine calls a stay; as rows they would only be noise. */
const BLINK_MS = 60_000;

/** Gives the time of such a stay to the drive beside it; every minute still stands exactly once. */
function withoutBlinks(events: readonly DayEvent[]): DayEvent[] {
  const kept: DayEvent[] = [];
  let pending: number | null = null;
  events.forEach((event, i) => {
    const from = pending ?? event.from;
    pending = null;
    if (event.kind === 'stay' && event.to - from < BLINK_MS) {
      const before = kept.at(-1);
      if (before?.kind === 'drive') {
        kept[kept.length - 1] = { ...before, to: event.to };
        return;
      }
      if (events[i + 1]?.kind === 'drive') {
        pending = from;
        return;
      }
    }
    kept.push(from === event.from ? event : { ...event, from });
  });
  return kept;
}

function span(visit: VisitRow, open: number): { from: number; to: number } {
  return { from: ms(visit.check_in_at), to: visit.check_out_at ? ms(visit.check_out_at) : open };
}

function overlap(a: { from: number; to: number }, b: { from: number; to: number }): number {
  return Math.min(a.to, b.to) - Math.max(a.from, b.from);
}

const MODES: TripMode[] = ['driving', 'ebike', 'walking', 'transit'];

/** The trip that fills most of this time. */
function mainTrip(playback: Playback, base: { from: number; to: number }): Trip | undefined {
  const share = (trip: Trip) => overlap(base, { from: ms(trip.from), to: ms(trip.to) });
  return [...playback.trips].filter((trip) => share(trip) > 0).sort((a, b) => share(b) - share(a))[0];
}

/**
 * Metres of one drive. A trip that is this very drive has the server's figure; a trip cut by a gap is shared out by the
 * length of the track on each side, so that the parts still sum to the server's figure.
 */
function drivenMeters(playback: Playback, from: number, to: number): number {
  let meters = 0;
  for (const trip of playback.trips) {
    const whole = { from: ms(trip.from), to: ms(trip.to) };
    if (overlap({ from, to }, whole) <= 0) continue;
    const length = pathLength(playback, whole.from, whole.to);
    const part = pathLength(playback, Math.max(from, whole.from), Math.min(to, whole.to));
    meters += length > 0 ? (trip.meters * part) / length : trip.meters;
  }
  return Math.round(meters);
}

function pathLength({ points, segments }: Playback, from: number, to: number): number {
  let meters = 0;
  for (const segment of segments) {
    for (let i = segment.from + 1; i < segment.to; i++) {
      const a = points[i - 1]!;
      const b = points[i]!;
      if (a[0] >= from && b[0] <= to) meters += distanceM([a[1], a[2]], [b[1], b[2]]);
    }
  }
  return meters;
}

/** Straight distance over a gap, from the last fix before it to the first after it. */
function straightMeters(points: readonly TrackPoint[], from: number, to: number): number | null {
  const ends = gapEnds(points, from, to);
  return ends ? Math.round(distanceM(ends[0], ends[1])) : null;
}

/** Where a gap begins and ends; null when one side has no fix. */
export function gapEnds(points: readonly TrackPoint[], from: number, to: number): [Point, Point] | null {
  const after = firstAtOrAfter(points, to);
  let before = firstAtOrAfter(points, from + 1) - 1;
  if (before < 0 || after >= points.length) return null;
  before = Math.min(before, after);
  const a = points[before]!;
  const b = points[after]!;
  return [[a[1], a[2]], [b[1], b[2]]];
}

/** Index of the first point at or after `at`; the length when there is none. */
export function firstAtOrAfter(points: readonly TrackPoint[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]![0] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Head {
  at: Point;
  /** Metres per second. */
  speed: number;
  bearing: number | null;
}

/** Where the person was at a moment. Inside a gap nothing is known and nothing is guessed: null. */
export function headAt({ points, segments }: Pick<Playback, 'points' | 'segments'>, at: number): Head | null {
  const next = firstAtOrAfter(points, at);
  const segment = segments.find((one) => next >= one.from && next < one.to);
  const b = points[next];
  if (!segment || !b) {
    // After the last point of a segment, but only for the moment of that point itself.
    const last = points[next - 1];
    return last && last[0] === at ? { at: [last[1], last[2]], speed: last[3], bearing: null } : null;
  }
  if (b[0] === at || next === segment.from) {
    return b[0] === at ? { at: [b[1], b[2]], speed: b[3], bearing: bearingOf(points, segment, next) } : null;
  }
  const a = points[next - 1]!;
  const share = (at - a[0]) / (b[0] - a[0]);
  return {
    at: [a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share],
    speed: a[3] + (b[3] - a[3]) * share,
    bearing: bearingOf(points, segment, next),
  };
}

function bearingOf(points: readonly TrackPoint[], segment: { from: number }, to: number): number | null {
  if (to <= segment.from) return null;
  const a = points[to - 1]!;
  const b = points[to]!;
  if (distanceM([a[1], a[2]], [b[1], b[2]]) < 3) return null;
  return bearingDeg([a[1], a[2]], [b[1], b[2]]);
}

/** The event in which a moment falls; at a border the later one. */
export function eventAt(events: readonly DayEvent[], at: number): DayEvent | null {
  let found: DayEvent | null = null;
  for (const event of events) if (event.from <= at && at <= event.to) found = event;
  return found;
}

/** Start and end of the band: duty and everything recorded, with a quarter of an hour around. */
export function dayRange(playback: Playback): [number, number] {
  const times = [
    ...playback.summary.duty.flatMap((one) => [ms(one.from), ms(one.to)]),
    ...playback.timeline.flatMap((one) => [ms(one.from), ms(one.to)]),
  ];
  const first = playback.points[0]?.[0];
  const last = playback.points.at(-1)?.[0];
  if (first !== undefined) times.push(first);
  if (last !== undefined) times.push(last);
  if (!times.length) return [0, 0];
  const around = 15 * 60_000;
  return [Math.min(...times) - around, Math.max(...times) + around];
}

/** The next moment of a playback: `step` ms on; with `skip`, standing still and gaps take no time. */
export function advance(events: readonly DayEvent[], at: number, step: number, skip: boolean): number {
  const to = at + step;
  if (!skip) return to;
  const event = events.find((one) => one.kind !== 'drive' && one.from <= to && to < one.to);
  return event ? event.to : to;
}

/** Start of the event before or after this moment, for the step buttons. */
export function neighbour(events: readonly DayEvent[], at: number, direction: 1 | -1): number | null {
  if (direction > 0) return events.find((event) => event.from > at)?.from ?? null;
  // A second press goes on instead of landing on the same start again.
  return [...events].reverse().find((event) => event.from < at - 1000)?.from ?? null;
}

/** Where a shop is: from the plan, else from the stay there. */
export function customerPlaces(playback: Playback): Map<Id, { at: Point; radiusM: number | null }> {
  const places = new Map<Id, { at: Point; radiusM: number | null }>();
  for (const stay of playback.stays) if (stay.customer) places.set(stay.customer.id, { at: stay.at, radiusM: null });
  for (const task of playback.plan?.tasks ?? []) {
    if (task.customer.at) places.set(task.customer.id, { at: task.customer.at, radiusM: task.customer.radius_m });
  }
  return places;
}
