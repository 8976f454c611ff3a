import type { Playback } from '@tashi/shared/api';

/** Time to px and back along one band. */
export interface Scale {
  from: number;
  to: number;
  width: number;
  x(at: number): number;
  at(x: number): number;
}

export function makeScale(from: number, to: number, width: number): Scale {
  const span = Math.max(1, to - from);
  return {
    from,
    to,
    width,
    x: (at) => ((at - from) / span) * width,
    at: (x) => from + (Math.max(0, Math.min(width, x)) / Math.max(1, width)) * span,
  };
}

const HOUR = 3_600_000;

/** Full hours of the company's zone inside the scale, thinned so that labels stay 56 px apart. `offset` = ms from UTC. */
export function hourTicks(scale: Scale, offset: number): number[] {
  const hours = Math.max(1, (scale.to - scale.from) / HOUR);
  const every = Math.max(1, Math.ceil((56 * hours) / Math.max(1, scale.width)));
  const ticks: number[] = [];
  for (let at = Math.ceil((scale.from + offset) / HOUR) * HOUR - offset; at <= scale.to; at += HOUR) {
    if (Math.round((at + offset) / HOUR) % every === 0) ticks.push(at);
  }
  return ticks;
}

/** Distance from UTC of a zone at a moment, in ms. */
export function zoneOffset(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }).formatToParts(at).map((part) => [part.type, part.value]),
  );
  const local = Date.UTC(
    Number(parts.year), Number(parts.month) - 1, Number(parts.day), Number(parts.hour), Number(parts.minute), Number(parts.second),
  );
  return local - Math.floor(at / 1000) * 1000;
}

/** The moment of `HH:MM:SS` on a local day; null when the text is no time. */
export function momentOf(day: string, time: string, timeZone: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(time);
  if (!match) return null;
  const guess = Date.parse(`${day}T00:00:00Z`) + (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) * 1000;
  return guess - zoneOffset(guess - zoneOffset(guess, timeZone), timeZone);
}

/** Fixes further apart than this say nothing about the speed between them. */
const SPEED_UNKNOWN_MS = 300_000;

/**
 * `[x, km/h]` of the fastest point of every px, so that a day of fixes becomes a few short paths. A new one begins with every
 * segment and after a long silence (a phone that saves power at a stop).
 */
export function speedCurves(playback: Pick<Playback, 'points' | 'segments'>, scale: Scale): [number, number][][] {
  const curves: [number, number][][] = [];
  for (const { from, to } of playback.segments) {
    let curve: [number, number][] = [];
    let before: number | null = null;
    for (const point of playback.points.slice(from, to)) {
      if (before !== null && point[0] - before > SPEED_UNKNOWN_MS) {
        curves.push(curve);
        curve = [];
      }
      before = point[0];
      const x = Math.round(scale.x(point[0]));
      const kmh = point[3] * 3.6;
      const last = curve.at(-1);
      if (last && last[0] === x) last[1] = Math.max(last[1], kmh);
      else curve.push([x, kmh]);
    }
    curves.push(curve);
  }
  return curves;
}

/** Top of the speed axis: full tens above the fastest, at least 60 km/h. */
export function speedTop(curves: readonly (readonly [number, number][])[]): number {
  let top = 60;
  for (const curve of curves) for (const [, kmh] of curve) top = Math.max(top, Math.ceil(kmh / 10) * 10);
  return top;
}
